"""What was kept and where it stands: waiting, saved with its receipt, or refused with what to do."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from console.client.agency import AGENCY_ENDPOINTS
from console.client.desk import Connection, NotSignedIn
from console.client.outbox import OutboxState
from console.desktop.widgets import button, card, clear, column, named, row, text_label

if TYPE_CHECKING:
    from collections.abc import Callable

    from console.client.outbox import OutboxRow
    from console.client.wishes import Wish
    from console.desktop.context import Context

_SHOWN_MOST = 4
_LABEL_WIDTH = 56


class Outcomes(QWidget):
    """The agency's writes that are on their way or were refused, and the last that arrived."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._saved: OutboxRow | None = None
        self._layout = column(self, margins=0)
        self._layout.setContentsMargins(24, 16, 24, 0)
        self.show_now()

    def keep(self, wish: Wish, when_saved: Callable[[], None] | None = None) -> bool:
        """Put a wish on its way; `when_saved` is called once the service has it. False while signed out."""
        try:
            sent = self._context.desk.keep(wish)
        except NotSignedIn as fault:
            self._context.say(type(fault).__doc__ or "")
            return False
        self._saved = None
        self.show_now()
        self._context.start(self._follow(sent.key, when_saved))
        return True

    async def _follow(self, key: str, when_saved: Callable[[], None] | None) -> None:
        settled = await self._context.desk.wait_for(key)
        if settled.state is OutboxState.SENT:
            self._saved = settled
            if when_saved is not None:
                when_saved()
        self.show_now()

    def show_now(self) -> None:
        """Read the outbox again."""
        clear(self._layout)
        desk = self._context.desk
        mine = [sent for sent in desk.outbox if sent.endpoint in AGENCY_ENDPOINTS]
        shown = 0
        if desk.connection is Connection.OFFLINE:
            self._say(
                "The service cannot be reached. What you save waits here and goes out by itself.", "agency.offline"
            )
            shown += 1
        for sent in [one for one in mine if one.state is OutboxState.REFUSED][-_SHOWN_MOST:]:
            self._show_refused(sent)
            shown += 1
        waiting = [one for one in mine if one.state is OutboxState.WAITING]
        if waiting:
            more = f", and {len(waiting) - 1} more" if len(waiting) > 1 else ""
            self._say(f"\u231b {waiting[-1].title}{more}: waiting to be sent.", "agency.waiting")
            shown += 1
        if self._saved is not None and not waiting:
            receipt = "" if self._saved.receipt is None else f" Receipt {self._saved.receipt.number}"
            frame, inner = card()
            inner.addWidget(
                text_label(f"\u2713 Saved.{receipt} \u00b7 {self._saved.title}", "good", name="agency.saved")
            )
            self._layout.addWidget(frame)
            shown += 1
        self.setVisible(bool(shown))

    def _say(self, text: str, name: str) -> None:
        frame, inner = card("notice")
        inner.addWidget(text_label(text, name=name))
        self._layout.addWidget(frame)

    def _show_refused(self, sent: OutboxRow) -> None:
        frame, inner = card("stop")
        inner.addWidget(text_label(f"\u2715 {sent.title}: refused", "strong"))
        why = sent.last_error if sent.problem is None else f"{sent.problem.title} {sent.problem.advice}"
        inner.addWidget(text_label(why, name="agency.refused"))
        inner.addLayout(row(button("Take off the list", "agency.dismiss", partial(self._dismiss, sent.key)), None))
        self._layout.addWidget(frame)

    def _dismiss(self, key: str) -> None:
        try:
            self._context.desk.dismiss(key)
        except NotSignedIn as fault:
            self._context.say(type(fault).__doc__ or "")
        self.show_now()


class Section(QWidget):
    """One of the page's parts; it keeps what was typed when it is shown anew."""

    scrolls = False
    """Whether the page has to scroll it as a whole."""

    def __init__(self, context: Context, outcomes: Outcomes) -> None:
        super().__init__()
        self.context, self.outcomes = context, outcomes

    def show_now(self) -> None:
        """Show what the desk now knows; leave the forms alone."""

    def focus_first(self) -> None:
        """Put the keyboard where work begins."""


class Asking(QWidget):
    """A question in its place, instead of a dialog: a button (after `others`), which then asks for a second one."""

    confirmed = Signal()

    def __init__(self, verb: str, name: str, *others: QWidget) -> None:
        super().__init__()
        self._verb = verb
        layout = column(self, margins=0)
        self.first = button(verb, name, self._ask, "stop")
        self._question = text_label("", name=f"{name}_question")
        self._yes = button(verb, f"{name}_yes", self._confirm, "stop")
        self._no = button("Keep it", f"{name}_no", self.calm)
        layout.addWidget(self._question)
        layout.addLayout(row(*others, self.first, self._yes, self._no, None))
        self.ask_about("")
        self.calm()

    def ask_about(self, question: str) -> None:
        """What is asked; an empty text disables the button."""
        if question != self._question.text():
            self._question.setText(question)
            self.calm()
        self.first.setEnabled(bool(question))

    @property
    def is_asking(self) -> bool:
        """Whether the question stands there."""
        return not self._yes.isHidden()

    def calm(self) -> None:
        """As before the question."""
        for widget in (self._question, self._yes, self._no):
            widget.hide()
        self.first.show()

    def _ask(self) -> None:
        for widget in (self._question, self._yes, self._no):
            widget.show()
        self.first.hide()
        self._no.setFocus()

    def _confirm(self) -> None:
        self.calm()
        self.confirmed.emit()


def label_for(text: str, buddy: QWidget) -> QLabel:
    """The label of a field."""
    made = text_label(text, "strong", wrap=False)
    made.setBuddy(buddy)
    return made


def beside(text: str, field: QWidget) -> QHBoxLayout:
    """A field with its label at its left."""
    label = label_for(text, field)
    label.setFixedWidth(_LABEL_WIDTH)
    return row(label, field, None)


def figure(name: str, title: str, most: int, suffix: str, step: int) -> QSpinBox:
    """A field for a whole number from nought."""
    made = QSpinBox()
    made.setRange(0, most)
    made.setSingleStep(step)
    made.setSuffix(suffix)
    made.setMinimumWidth(144)
    made.lineEdit().setTextMargins(6, 0, 0, 0)
    named(made, name, title)
    return made


def add_field(layout: QVBoxLayout, title: str, field: QWidget, *below: QWidget) -> None:
    """A label, its field, and what stands below."""
    layout.addWidget(label_for(title, field))
    layout.addWidget(field)
    for widget in below:
        layout.addWidget(widget)
