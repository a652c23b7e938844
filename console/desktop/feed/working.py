"""Deeds at the desk from the screen: each goes into the outbox at once, and can be undone for ten seconds.

Promises: what is shown is what the service said; a refusal is told in its own words and the list shows how things
stand; a deed on several posts is done on all or on none.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from console.client import desk_work as wishes
from console.client.desk import NotSignedIn
from console.client.gateway import Unreachable
from console.client.outbox import OutboxState
from console.contract.problems import Problem
from console.domain.desk_work import AT_ONCE_MAX, Deed, DeskState, PostClaim, See

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from console.client.wishes import Wish
    from console.desktop.context import Context
    from console.domain.desk_work import DeskItem

UNDO_MS = 10_000
SAID_MS = 12_000
_RENEW_MS = 120_000


class Working(QObject):
    """Does deeds and undoes the last. `said` is a sentence for the bar below the list; empty takes it away."""

    said = Signal(str, bool)
    """The sentence, and whether Undo is offered with it."""

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._last: tuple[str, str] | None = None
        self._undo_ends = QTimer(self)
        self._undo_ends.setSingleShot(True)
        self._undo_ends.setInterval(UNDO_MS)
        self._undo_ends.timeout.connect(self._forget)
        self._said_ends = QTimer(self)
        self._said_ends.setSingleShot(True)
        self._said_ends.setInterval(SAID_MS)
        self._said_ends.timeout.connect(partial(self.said.emit, "", False))
        self.said.connect(self._note_said)

    def do(self, items: Sequence[DeskItem], deed: Deed, said: str, refused: Callable[[], None] | None = None) -> bool:
        """Do a deed on posts; `said` is what was done, for people: "Closed". Answers whether it is on its way.

        `refused` is called where the service does not do it after all.
        """
        if not items:
            self.said.emit("Choose a post first: J and K go up and down the list.", False)
            return False
        if len(items) > AT_ONCE_MAX:
            self.said.emit(f"At most {AT_ONCE_MAX} posts at once; choose fewer.", False)
            return False
        words = said if len(items) == 1 else f"{said}: {len(items)} posts"
        key = self._put_out(wishes.do(items, deed, words), refused)
        if key:
            self._last = key, words
            self._undo_ends.start()
            self.said.emit(f"{words}.", True)
        return bool(key)

    def undo(self) -> None:
        """Take the last deed back, within ten seconds."""
        last, self._last = self._last, None
        if last is None:
            self.said.emit("Nothing to undo. Older steps are taken back in a post's history.", False)
            return
        key, words = last
        self._undo_ends.stop()
        if self._put_out(wishes.undo(key, words)):
            self.said.emit(f"Undone: {words[0].lower()}{words[1:]}.", False)

    def keep(self, wish: Wish, said: str) -> None:
        """Put another wish out and say so."""
        if self._put_out(wish):
            self.said.emit(said, False)

    def see(self, item: DeskItem) -> None:
        """A post was opened: the desk knows it as seen. Nothing is kept for it where the service is away."""
        if item.state is DeskState.NEW:
            self._context.start(self._see(item))

    async def _see(self, item: DeskItem) -> None:
        try:
            await self._context.desk.tell(wishes.do([item], See(), "Seen"))
        except Unreachable:
            return

    def _put_out(self, wish: Wish, refused: Callable[[], None] | None = None) -> str:
        try:
            row = self._context.desk.keep(wish)
        except NotSignedIn as fault:
            self.said.emit(str(fault) or "You are not signed in. Sign in again; nothing is lost.", False)
            return ""
        self._context.start(self._follow(row.key, refused))
        return row.key

    async def _follow(self, key: str, refused: Callable[[], None] | None) -> None:
        outcome = await self._context.desk.wait_for(key)
        if outcome.state is not OutboxState.REFUSED:
            return
        if refused is not None:
            refused()
        if self._last is not None and self._last[0] == key:
            self._forget()
        refusal = outcome.problem
        words = outcome.last_error if refusal is None else f"{refusal.title} {refusal.advice}".strip()
        self.said.emit(f"Not done. {words}", False)

    def _note_said(self, words: str, can_undo: bool) -> None:  # noqa: FBT001 - the signal's
        if words and not can_undo:
            self._said_ends.start()
        else:
            self._said_ends.stop()

    def _forget(self) -> None:
        self._last = None
        self.said.emit("", False)


class PostClaims(QObject):
    """Holds at most one claim: on the post that is being answered or worked on."""

    changed = Signal()

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._held = self._wanted = ""
        self._stays = False
        self.trouble = ""
        self._renew = QTimer(self)
        self._renew.setInterval(_RENEW_MS)
        self._renew.timeout.connect(self._again)

    def is_mine(self, post_id: str) -> bool:
        """Whether the member holds this one."""
        return self._held == post_id

    def other(self, item: DeskItem) -> PostClaim | None:
        """Somebody else's claim on a post, while it holds."""
        session = self._context.desk.session
        held = item.claim_at(self._context.clock())
        return None if held is None or session is None or held.member == session.member.id else held

    def take(self, post_id: str, *, take_over: bool = False, stays: bool = False) -> None:
        """Claim a post; another that was held is given back. One that `stays` is kept while others are looked at."""
        if self._wanted == post_id and not take_over:  # held, or on its way: asked for once
            self._stays = self._stays or stays
            return
        self.leave()
        self._wanted, self._stays = post_id, stays
        self._context.start(self._claim(post_id, take_over=take_over))

    def look_away(self) -> None:
        """Another post is looked at: what was only being answered is given back."""
        if not self._stays:
            self.leave()

    def leave(self) -> None:
        """Give back what is held."""
        self._stays = False
        held, self._held, self._wanted, self.trouble = self._held, "", "", ""
        self._renew.stop()
        if held:
            self._context.start(self._release(held))
            self.changed.emit()

    def _again(self) -> None:
        if self._held:
            self._context.start(self._claim(self._held, take_over=False))

    async def _claim(self, post_id: str, *, take_over: bool) -> None:
        try:
            answer = await wishes.claim(self._context.desk, post_id, take_over=take_over)
        except Unreachable:
            self.trouble = "The service cannot be reached: colleagues do not see that you work on this."
            self.changed.emit()
            return
        if self._wanted != post_id:  # left while the answer was on its way
            if not isinstance(answer, Problem):
                await self._release(post_id)
            return
        if isinstance(answer, Problem):
            self._held, self.trouble = "", f"{answer.title} {answer.advice}".strip()
            self._renew.stop()
        else:
            self._held, self.trouble = post_id, ""
            self._renew.start()
        self.changed.emit()

    async def _release(self, post_id: str) -> None:
        try:
            await wishes.release(self._context.desk, post_id)
        except Unreachable:  # it ends by itself
            return
