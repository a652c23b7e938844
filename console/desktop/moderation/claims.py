"""Who is deciding on an item: others see it for as long as it is on the screen.

Promises: an item that is decided on is claimed; one that is only looked at, after two seconds; the claim is renewed and
given back when the item is left. The service keeps the claims; nothing here decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from console.client.gateway import Unreachable
from console.client.moderation import claim_item, release_item
from console.contract.problems import Problem
from console.domain.moderation import Lane

if TYPE_CHECKING:
    from console.contract.moderation import ItemView
    from console.desktop.context import Context
    from console.domain.requests import Claim

DWELL_MS = 2_000
RENEW_MS = 120_000


class ItemClaims(QObject):
    """Holds at most one claim: that on the item on the screen."""

    changed = Signal()
    """What `other`, `mine` or `trouble` say has changed."""

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._view: ItemView | None = None
        self.mine: Claim | None = None
        self.trouble = ""
        self._dwell, self._renew = QTimer(self), QTimer(self)
        self._dwell.setSingleShot(True)
        self._dwell.setInterval(DWELL_MS)
        self._dwell.timeout.connect(self.take)
        self._renew.setInterval(RENEW_MS)
        self._renew.timeout.connect(self._claim_again)

    @property
    def other(self) -> Claim | None:
        """Somebody else's claim on what is shown, while it lasts."""
        claim = None if self._view is None else self._view.item.claim
        session = self._context.desk.session
        if claim is None or session is None or claim.member == session.member.id:
            return None
        return claim if claim.until > self._context.clock() else None

    def watch(self, view: ItemView | None) -> None:
        """An item is on the screen, or is there in a newer form, or none is."""
        if view is None or self._view is None or view.item.id != self._view.item.id:
            self.leave()
        self._view = view
        if self.other is not None:
            self._forget()
        elif view is not None and view.acts and self.mine is None:
            if view.item.lane is not Lane.DECIDED:  # what was decided is mostly only looked at
                self._dwell.start()
        elif view is None or not view.acts:
            self.leave_claim()
        self.changed.emit()

    def take(self, *, take_over: bool = False) -> None:
        """Claim what is shown, unless somebody else decides and is not to be overruled."""
        self._dwell.stop()
        view = self._view
        if view is None or not view.acts or (not take_over and (self.mine is not None or self.other is not None)):
            return
        self._context.start(self._claim(str(view.item.id), take_over=take_over))

    def _claim_again(self) -> None:
        if self._view is not None and self.mine is not None:
            self._context.start(self._claim(str(self._view.item.id), take_over=False))

    def leave_claim(self) -> None:
        """Give the claim back."""
        held = self.mine is not None and self._view is not None
        item_id = "" if self._view is None else str(self._view.item.id)
        self._forget()
        if held:
            self._context.start(release_item(self._context.desk, item_id))

    def leave(self) -> None:
        """What was shown is left."""
        self._dwell.stop()
        self.leave_claim()
        self._view, self.trouble = None, ""

    def decided(self) -> None:
        """The decision was taken: the service has ended the claim with it."""
        self._forget()
        self.changed.emit()

    def _forget(self) -> None:
        self._dwell.stop()
        self._renew.stop()
        self.mine = None

    async def _claim(self, item_id: str, *, take_over: bool) -> None:
        try:
            answer = await claim_item(self._context.desk, item_id, take_over=take_over)
        except Unreachable:
            self.trouble = "The service cannot be reached: others do not see that you are deciding."
            self.changed.emit()
            return
        if self._view is None or str(self._view.item.id) != item_id:
            if not isinstance(answer, Problem):  # left while the answer was on its way
                await release_item(self._context.desk, item_id)
            return
        if isinstance(answer, Problem):
            self._forget()
            self.trouble = answer.title
        else:
            self.mine, self.trouble = answer, ""
            self._renew.start()
        self.changed.emit()
