"""What the agency notes about a post, which no resident sees: state, who has it, case, notes, history; and the acts."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QMenu, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from console.client import desk_work as wishes
from console.client.desk import NotSignedIn
from console.client.gateway import Unreachable
from console.contract import endpoints as e
from console.contract.problems import Problem
from console.desktop.flow import FlowLayout
from console.desktop.widgets import button, card, chip, clear, column, named, row, text_label
from console.domain.case_numbers import example_of
from console.domain.desk_work import (
    CLOSE_REASONS,
    NOTE_MAX,
    STATE_NAMES,
    AddNote,
    Assign,
    CloseReason,
    DeskItem,
    DeskLine,
    DeskState,
    JudgeFine,
    LinkCase,
    SetState,
    is_judged_fine,
    line_words,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from console.desktop.context import Context
    from console.desktop.feed.working import PostClaims, Working
    from console.domain.desk_work import Deed
    from console.domain.feed import Post

_NOTE = "note."
STATE_TONES = {DeskState.NEW: "stop", DeskState.IN_WORK: "waiting", DeskState.ANSWERED: "good"}


def state_words(item: DeskItem) -> str:
    """Where a post stands, with why it was closed."""
    because = "" if item.closed_for is None else f": {CLOSE_REASONS[item.closed_for].lower()}"
    return STATE_NAMES[item.state] + because


class DeskBar(QWidget):
    """The acts on what is chosen, one post or several. `flag_wanted` asks for the form with which a post is flagged."""

    flag_wanted = Signal()
    closed = Signal()

    def __init__(self, context: Context, working: Working, claims: PostClaims) -> None:
        super().__init__()
        self._context, self._working, self._claims = context, working, claims
        self._items: tuple[DeskItem, ...] = ()
        self._post: Post | None = None
        self._flagged: Mapping[str, str] = {}
        self._people: object = None
        layout = column(self, margins=0, spacing=6)
        self._state = chip("")
        self._who = text_label("", "small", name="desk.who")
        head = row(self._state, self._who)
        head.setStretch(1, 1)
        layout.addLayout(head)
        self._claim = button("Work on it", "desk.claim", self.claim)
        self._claim.setToolTip("Colleagues see that you work on this post, until you stop or for five minutes")
        self._close = self._menu("Close", "desk.close")
        for reason, words in CLOSE_REASONS.items():
            self._close.menu().addAction(words, partial(self.close_for, reason))
        self._assign = self._menu("Give to", "desk.assign")
        self._set = self._menu("State", "desk.state")
        for state in (DeskState.NEW, DeskState.SEEN, DeskState.IN_WORK, DeskState.ANSWERED):
            self._set.menu().addAction(STATE_NAMES[state], partial(self.set_state, state))
        self._fine = button("Judge fine", "desk.fine", self.judge_fine)
        self._flag = button("Flag", "desk.flag", self.flag_wanted.emit)
        self._buttons = (self._claim, self._close, self._assign, self._set, self._fine, self._flag)
        layout.addLayout(FlowLayout(spacing=6, widgets=self._buttons))
        self._claimed, inner = card("notice")
        self._claimed_words = text_label("", name="desk.claimed")
        self._over = button("Take over", "desk.take_over", self._take_over)
        said = row(self._claimed_words, self._over)
        said.setStretch(0, 1)
        inner.addLayout(said)
        layout.addWidget(self._claimed)
        claims.changed.connect(self._tell_claim)

    def _menu(self, words: str, name: str) -> QPushButton:
        made = QPushButton(words)
        made.setAutoDefault(False)
        named(made, name, words)
        made.setMenu(QMenu(made))
        return made

    def note_flags(self, flagged: Mapping[str, str]) -> None:
        """What became of the agency's own flags, by post."""
        self._flagged = flagged
        self._tell_claim()

    def show_items(self, items: tuple[DeskItem, ...], post: Post | None) -> None:
        """Act on these; `post` is the one that is open."""
        self._items, self._post = items, post
        session = self._context.desk.session
        may = session is not None and session.member.role in e.DO_DESK_WORK.who
        for made in self._buttons:
            made.setVisible(may)
        one = items[0] if len(items) == 1 else None
        self._state.setVisible(one is not None)
        if one is not None:
            self._state.setText(STATE_NAMES[one.state])
            self._state.setProperty("tone", STATE_TONES.get(one.state, ""))
            self._state.style().polish(self._state)
        self._who.setText(self._told(one))
        self._flag.setEnabled(one is not None)
        self._fill_assign()
        self._tell_claim()

    def _fill_assign(self) -> None:
        session, profile = self._context.desk.session, self._context.desk.profile
        people = (session, () if profile is None else profile.desk)
        if people == self._people:
            return
        self._people = people
        menu = self._assign.menu()
        menu.clear()
        if session is not None:
            menu.addAction("Me", partial(self.assign_to_me))
        for member in () if profile is None else profile.desk:
            if session is None or member.id != session.member.id:
                menu.addAction(f"{member.title} {member.name}", partial(self._give, member.id, member.name))
        menu.addSeparator()
        menu.addAction("Nobody", partial(self._give, None, "nobody"))

    def _told(self, one: DeskItem | None) -> str:
        if one is None:
            return f"{len(self._items)} posts chosen" if self._items else ""
        parts = [CLOSE_REASONS[one.closed_for]] if one.closed_for is not None else []
        parts.append(f"Given to {one.assignee.name}" if one.assignee is not None else "Given to nobody")
        if self._claims.is_mine(one.post):
            parts.append("you are working on it, and colleagues see that")
        if one.case_number:
            parts.append(f"Case {one.case_number}")
        if one.post in self._flagged:
            parts.append(f"flagged by your agency: {self._flagged[one.post]}")
        if self._post is not None and is_judged_fine(one, self._post) and one.fine is not None:
            parts.append(f"judged fine by {one.fine.by.name}, {self._context.local(one.fine.at, '%d %b')}")
        return " \u00b7 ".join(parts)

    def _tell_claim(self) -> None:
        item = self._items[0] if len(self._items) == 1 else None
        other = None if item is None else self._claims.other(item)
        mine = item is not None and self._claims.is_mine(item.post)
        words = self._claims.trouble
        if other is not None:
            words = f"{other.name} is working on this, until {self._context.local(other.until, '%H:%M')}."
        self._claimed_words.setText(words)
        self._over.setVisible(other is not None)
        self._claimed.setVisible(bool(words))
        self._claim.setText("Stop working" if mine else "Work on it")
        self._who.setText(self._told(item))
        self._claim.setEnabled(item is not None and other is None)

    # The acts, also by keys

    def claim(self) -> None:
        """Say that one works on the post that is open, or no longer."""
        if len(self._items) != 1 or self._claims.other(self._items[0]) is not None:
            return
        if self._claims.is_mine(self._items[0].post):
            self._claims.leave()
        else:
            self._claims.take(self._items[0].post, stays=True)

    def _take_over(self) -> None:
        if len(self._items) == 1:
            self._claims.take(self._items[0].post, take_over=True, stays=True)

    def ask_close(self) -> None:
        """Offer the reasons."""
        if self._items:
            self._close.showMenu()

    def close_for(self, reason: CloseReason) -> None:
        """Close what is chosen."""
        is_one = len(self._items) == 1
        self._do(SetState(DeskState.CLOSED, reason), "Closed")
        if is_one:
            self.closed.emit()

    def set_state(self, state: DeskState) -> None:
        """Put what is chosen somewhere else."""
        self._do(SetState(state), f"Set to {STATE_NAMES[state].lower()}")

    def assign_to_me(self) -> None:
        """It is the member's."""
        session = self._context.desk.session
        if session is not None:
            self._do(Assign(session.member.id), "Given to you")

    def _give(self, member_id: str | None, name: str) -> None:
        self._do(Assign(member_id), f"Given to {name}")  # type: ignore[arg-type]

    def judge_fine(self) -> None:
        """The words are fine, so that the post does not come back; once more takes it back."""
        is_fine = bool(self._items) and all(item.fine is not None for item in self._items)
        self._do(JudgeFine(not is_fine), "No longer judged fine" if is_fine else "Judged fine")

    def _do(self, deed: Deed, said: str) -> None:
        self._working.do(self._items, deed, said)


class DeskNotes(QWidget):
    """Case, notes and history of one post."""

    def __init__(self, context: Context, working: Working) -> None:
        super().__init__()
        self._context, self._working = context, working
        self._item: DeskItem | None = None
        self._shown: DeskItem | None = None
        frame, layout = card()
        column(self, margins=0).addWidget(frame)
        layout.addWidget(text_label("At your agency's desk", "strong"))
        layout.addWidget(text_label("Residents and the public never see this.", "help"))
        self._case = QLineEdit()
        self._case.setMaxLength(60)
        named(self._case, "desk.case", "Case number")
        self._case.returnPressed.connect(self._link)
        self._link_button = button("Link", "desk.link", self._link)
        self._case_row = QWidget()
        self._case_row.setLayout(row(text_label("Case", "small", wrap=False), self._case, self._link_button))
        layout.addWidget(self._case_row)
        self._notes: QVBoxLayout = column(margins=0, spacing=4)
        layout.addLayout(self._notes)
        self._note = QPlainTextEdit()
        self._note.setPlaceholderText("A note for colleagues")
        self._note.setTabChangesFocus(True)
        self._note.setFixedHeight(44)
        named(self._note, "desk.note", "A note for colleagues")
        self._add = button("Add note", "desk.add_note", self._add_note)
        layout.addWidget(self._note)
        layout.addLayout(row(self._add, None))
        self._history_button = button("Show history", "desk.history", self._load, "plain")
        layout.addLayout(row(self._history_button, None))
        self._history: QVBoxLayout = column(margins=0, spacing=2)
        layout.addLayout(self._history)

    def show_item(self, item: DeskItem) -> None:
        """Show what is noted about a post."""
        is_other = self._item is None or self._item.post != item.post
        if is_other:
            self.keep()
        self._item = item
        if is_other:
            self._note.setPlainText(self._kept(item.post))
            clear(self._history)
            self._history_button.setText("Show history")
            agency = self._context.agency
            masks = [m for m in agency.case_masks if m.kind == "case"]
            year = self._context.clock().year
            self._case.setPlaceholderText(f"such as {example_of(masks[0], year)}" if masks else "")
        if is_other or self._shown is None or item.case_number != self._shown.case_number:
            self._case.setText(item.case_number)
        if is_other or self._shown is None or item.notes != self._shown.notes:
            self._fill_notes(item)
        self._shown = item
        session = self._context.desk.session
        may = session is not None and session.member.role in e.DO_DESK_WORK.who
        for widget in (self._note, self._add, self._link_button):
            widget.setVisible(may)
        self._case.setReadOnly(not may)

    def _fill_notes(self, item: DeskItem) -> None:
        clear(self._notes)
        for note in item.notes:
            self._notes.addWidget(text_label(f"{note.by.name}, {self._context.local(note.at)}", "small"))
            self._notes.addWidget(text_label(note.text, name="desk.noted"))

    def focus_note(self) -> None:
        """Let somebody write a note."""
        self._note.setFocus()

    def _add_note(self) -> None:
        text = self._note.toPlainText().strip()
        if self._item is None or not text:
            return
        if len(text) > NOTE_MAX:
            self._working.said.emit(f"This note is {len(text) - NOTE_MAX:,} characters too long.", False)
            return
        item = self._item
        if self._working.do([item], AddNote(text), "Note added", partial(self._give_back, item.post, text)):
            self._note.setPlainText("")
            self.keep()

    def _give_back(self, post_id: str, text: str) -> None:
        """A note that the service refused: its words are in the box again, or kept with the post."""
        if self._item is not None and self._item.post == post_id and not self._note.toPlainText().strip():
            self._note.setPlainText(text)
            self.keep()
        else:
            with suppress(NotSignedIn):
                known = self._kept(post_id)
                self._context.desk.keep_setting(_NOTE + post_id, f"{known}\n{text}".strip())

    def keep(self) -> None:
        """Keep what is typed and not added, with its post."""
        if self._item is not None and self._note.toPlainText() != self._kept(self._item.post):
            with suppress(NotSignedIn):
                self._context.desk.keep_setting(_NOTE + self._item.post, self._note.toPlainText())

    def _kept(self, post_id: str) -> str:
        with suppress(NotSignedIn):
            return self._context.desk.setting(_NOTE + post_id) or ""
        return ""

    def _link(self) -> None:
        if self._item is not None and self._case.text().strip() != self._item.case_number:
            number = self._case.text().strip()
            self._working.do([self._item], LinkCase(number), f"Linked to {number}" if number else "Unlinked")

    def _load(self) -> None:
        if self._item is not None:
            self._history_button.setText("Loading the history\u2026")
            self._context.start(self._show_history(self._item.post))

    async def _show_history(self, post_id: str) -> None:
        try:
            found = await wishes.lines(self._context.desk, post_id)
        except Unreachable as fault:
            self._history_button.setText("Show history")
            self._working.said.emit(str(fault), False)
            return
        if self._item is None or self._item.post != post_id:
            return
        clear(self._history)
        self._history_button.setText("Load the history again")
        if isinstance(found, Problem):
            self._history.addWidget(text_label(f"{found.title} {found.advice}", "error"))
            return
        if not found:
            self._history.addWidget(text_label("Nobody has done anything about this post yet.", "help"))
        for line in found:
            self._history.addLayout(self._line(line))

    def _line(self, line: DeskLine) -> QVBoxLayout:
        layout = column(margins=0, spacing=0)
        words = text_label(line_words(line), "small", name="desk.line")
        at = text_label(self._context.local(line.at), "small", wrap=False)
        made = row(at, words)
        made.setStretch(1, 1)
        session = self._context.desk.session
        may = session is not None and session.member.role in e.REVERT_DESK_WORK.who
        if may and line.before and not line.reverted_by and line.deed not in {"revert", "spoken_to"}:
            made.addWidget(button("Take back", "desk.revert", partial(self._take_back, line), "plain"))
        elif line.reverted_by:
            made.addWidget(text_label("taken back", "small", wrap=False))
        layout.addLayout(made)
        return layout

    def _take_back(self, line: DeskLine) -> None:
        self._working.keep(wishes.take_back(line), "Taking that step back.")
        self._load()
