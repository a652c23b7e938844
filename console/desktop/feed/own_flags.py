"""What became of the agency's own flags, and of its own comments that others flagged: with the way to appeal.

It says nothing of who else flagged, which no agency learns.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from console.client.desk import NotSignedIn
from console.client.gateway import Unreachable
from console.client.moderation import appeal_wish, own_flags
from console.contract import endpoints as e
from console.contract.problems import Problem
from console.desktop.widgets import button, card, chip, clear, column, named, row, scrolling, text_label
from console.domain.moderation import FlagOutcome
from console.domain.moderation_words import FLAG_REASONS, KINDS, OUTCOMES, told_to_author

if TYPE_CHECKING:
    from console.contract.moderation import DecisionOnYours, OwnFlag, OwnFlags
    from console.desktop.context import Context

_TONES = {FlagOutcome.WAITING: "waiting", FlagOutcome.REMOVED: "stop", FlagOutcome.LIMITED: "stop"}
NONE = "Your agency has flagged nothing yet. Press F on a post that needs a neutral moderator."
_SHOWN_MOST = 100
_APPEAL_MAX = 2_000


class FlagsPage(QWidget):
    """The page. `open_wanted` carries the id of a post to be opened."""

    open_wanted = Signal(str)
    loaded = Signal(object)
    """What became of each flagged post or of something in its thread, in words, by post."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._shown: OwnFlags | None = None
        self._typed: dict[str, str] = {}
        body = QWidget()
        layout = column(body, margins=24)
        layout.addWidget(text_label("What your agency flagged", "section"))
        layout.addWidget(text_label("The neutral moderators decide; your agency can hide or remove nothing.", "help"))
        self._said = text_label("", "help", name="flags.said")
        layout.addWidget(self._said)
        self._rows: QVBoxLayout = column(margins=0)
        layout.addLayout(self._rows)
        layout.addStretch(1)
        column(self, margins=0).addWidget(scrolling(body))

    def load(self) -> None:
        """Ask the service."""
        self._said.setText("Asking the service\u2026")
        self._said.show()
        self._context.start(self._load())

    async def _load(self) -> None:
        try:
            found = await own_flags(self._context.desk)
        except Unreachable as fault:
            self._said.setText(f"{fault} Flags are shown when it can be reached again.")
            return
        if isinstance(found, Problem):
            self._said.setText(f"{found.title} {found.advice}".strip())
            return
        self.show_flags(found)
        # The newest flag of a post counts.
        self.loaded.emit({flag.post: OUTCOMES[flag.outcome].lower() for flag in reversed(found.flags)})

    def show_flags(self, found: OwnFlags) -> None:
        """Show them, decisions on the agency's own comments first; what is being written stays."""
        if found == self._shown:
            self._said.setText("" if found.flags or found.decisions else NONE)
            self._said.setVisible(bool(self._said.text()))
            return
        self._shown = found
        clear(self._rows)
        self._said.setText("" if found.flags or found.decisions else NONE)
        self._said.setVisible(bool(self._said.text()))
        for decision in found.decisions:
            self._rows.addWidget(self._decision(decision))
        for flag in found.flags[:_SHOWN_MOST]:
            self._rows.addWidget(self._flag(flag))

    def _flag(self, flag: OwnFlag) -> QWidget:
        frame, layout = card()
        what = f"{KINDS[flag.kind]} \u00b7 {FLAG_REASONS[flag.reason].name}"
        head = row(
            chip(OUTCOMES[flag.outcome], _TONES.get(flag.outcome, "")), text_label(what, "strong", wrap=False), None
        )
        layout.addLayout(head)
        decided = "" if flag.decided_at is None else f", decided {self._context.local(flag.decided_at)}"
        layout.addWidget(text_label(f"By {flag.by}, {self._context.local(flag.at)}{decided}", "small"))
        if flag.words:
            layout.addWidget(text_label(flag.words))
        if flag.outcome is not FlagOutcome.REMOVED:
            layout.addLayout(
                row(button("Open the post", "flags.open", partial(self.open_wanted.emit, flag.post), "plain"), None)
            )
        return frame

    def _decision(self, decision: DecisionOnYours) -> QWidget:
        frame, layout = card("notice")
        until = self._context.local(decision.appeal_until, "%d %b %H:%M")
        told = told_to_author(
            decision.kind, decision.act, decision.reason, decision.words, until, may_appeal=decision.can_appeal
        )
        layout.addWidget(text_label("A comment of your agency", "strong"))
        layout.addWidget(text_label(told, name="flags.told"))
        said = {
            "open": "Your agency appealed; another moderator looks at it.",
            "upheld": "The appeal was decided: the decision stands.",
            "overturned": "The appeal was decided: the comment is shown again.",
        }.get(decision.appeal, "")
        if said:
            layout.addWidget(text_label(f"{said} {decision.appeal_answer}".strip()))
        session = self._context.desk.session
        if decision.can_appeal and session is not None and session.member.role in e.APPEAL_AS_AGENCY.who:
            box = QPlainTextEdit()
            box.setTabChangesFocus(True)
            box.setFixedHeight(60)
            box.setPlaceholderText("Why it should be shown")
            named(box, "flags.appeal_words", "Why it should be shown")
            box.setPlainText(self._typed.get(decision.id, ""))
            box.textChanged.connect(partial(self._note_typed, decision.id, box))
            layout.addWidget(box)
            layout.addLayout(row(button("Appeal", "flags.appeal", partial(self._appeal, decision, box)), None))
        return frame

    def _note_typed(self, decision_id: str, box: QPlainTextEdit) -> None:
        self._typed[decision_id] = box.toPlainText()

    def _appeal(self, decision: DecisionOnYours, box: QPlainTextEdit) -> None:
        words = box.toPlainText().strip()
        if not 3 <= len(words) <= _APPEAL_MAX:  # noqa: PLR2004 - as the service asks
            self._said.setText(f"Say why in at least three characters, and at most {_APPEAL_MAX:,}.")
            self._said.show()
            return
        try:
            kept = self._context.desk.keep(appeal_wish(decision.id, words))
        except NotSignedIn as fault:
            self._said.setText(str(fault))
            self._said.show()
            return
        self._context.start(self._follow(kept.key))

    async def _follow(self, key: str) -> None:
        outcome = await self._context.desk.wait_for(key)
        if outcome.problem is not None:
            self._said.setText(f"Not sent. {outcome.problem.title} {outcome.problem.advice}".strip())
            self._said.show()
            return
        await self._load()
