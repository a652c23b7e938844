"""The three forms of a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QWidget

from console.desktop.widgets import button, card, column, named, row, text_label
from console.domain.findings import Field
from console.domain.requests import FieldComment, ProportionateReason, RejectReason
from console.domain.wording import PROPORTIONATE_REASONS, REJECT_REASONS

if TYPE_CHECKING:
    from collections.abc import Mapping

COMMENT_FIELDS: dict[Field, str] = {
    Field.CASE_NUMBER: "Case",
    Field.OFFENCE: "Offense",
    Field.WINDOW: "Window",
    Field.AREA: "Area",
    Field.TITLE: "Title",
    Field.TEXT: "Text",
}


def _box(name: str, accessible: str, height: int = 48) -> QPlainTextEdit:
    made = QPlainTextEdit()
    made.setTabChangesFocus(True)
    made.setFixedHeight(height)
    named(made, name, accessible)
    return made


def reasons(words: Mapping[Any, str], name: str, accessible: str, first: str) -> QComboBox:
    """A choice of coded reasons; none is chosen yet."""
    made = QComboBox()
    made.addItem(first, "")
    for reason, text in words.items():
        made.addItem(text, reason.value)
    made.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    named(made, name, accessible)
    made.currentIndexChanged.connect(lambda _at: made.setToolTip(made.currentText()))
    return made


class ApproveForm(QWidget):
    """The password again; above the homes limit a coded reason; of two approvals, which one it is."""

    confirmed = Signal(str, object)
    """The password, and a `ProportionateReason` or None."""
    cancelled = Signal()

    def __init__(self, known_password: str, many_homes: str = "", assembly: str = "") -> None:
        super().__init__()
        layout = column(self, margins=0)
        layout.addWidget(text_label("Approve" if assembly else "Approve and publish", "strong"))
        if assembly:
            frame, inside = card("notice")
            inside.addWidget(text_label(assembly, name="review.assembly"))
            layout.addWidget(frame)
        else:
            layout.addWidget(text_label("The request becomes public and cannot be edited afterwards.", "help"))
        self._because: QComboBox | None = None
        if many_homes:
            layout.addWidget(text_label(f"{many_homes}. Why is it proportionate?", "small"))
            self._because = reasons(
                PROPORTIONATE_REASONS, "review.because", "Why it is proportionate", "Choose the reason"
            )
            self._because.currentIndexChanged.connect(self._judge)
            layout.addWidget(self._because)
        self._password = QLineEdit(known_password)
        self._password.setEchoMode(QLineEdit.EchoMode.Password)
        self._password.setPlaceholderText("Your password")
        named(self._password, "review.password", "Your password")
        self._password.textChanged.connect(self._judge)
        self._password.returnPressed.connect(self._confirm)
        layout.addWidget(text_label("Your password, to show that it is you", "small"))
        layout.addWidget(self._password)
        if known_password:
            layout.addWidget(text_label("Training: the password is filled in for you.", "small"))
        self._go = button("Approve", "review.confirm_approve", self._confirm, "primary")
        cancel = button("Cancel", "review.cancel", self.cancelled.emit, "plain")
        layout.addLayout(row(self._go, cancel, None))
        self._judge()

    def focus_first(self) -> None:
        """Type the password at once."""
        (self._because or self._password).setFocus()

    def because(self) -> ProportionateReason | None:
        """The chosen reason; None where none is chosen or needed."""
        chosen = "" if self._because is None else self._because.currentData()
        return ProportionateReason(chosen) if chosen else None

    def _judge(self) -> None:
        needs_more = self._because is not None and self.because() is None
        self._go.setEnabled(bool(self._password.text()) and not needs_more)

    def _confirm(self) -> None:
        if self._go.isEnabled():
            self.confirmed.emit(self._password.text(), self.because())


class ReturnForm(QWidget):
    """A comment on at least one field; `kept` are those typed before the request was left."""

    confirmed = Signal(object)
    cancelled = Signal()

    def __init__(self, kept: tuple[FieldComment, ...] = ()) -> None:
        super().__init__()
        layout = column(self, margins=0)
        layout.addWidget(text_label("Return with comments", "strong"))
        layout.addWidget(text_label("Say at least one thing; the author sees it at the entry it is about.", "help"))
        self._boxes: dict[Field, QPlainTextEdit] = {}
        for field, label in COMMENT_FIELDS.items():
            made = _box(f"review.comment_{field.value}", f"Comment on {label}")
            made.setPlainText(next((c.text for c in kept if c.field == field), ""))
            made.textChanged.connect(self._judge)
            self._boxes[field] = made
            layout.addWidget(text_label(label, "small"))
            layout.addWidget(made)
        self._go = button("Return", "review.confirm_return", self._confirm, "primary")
        cancel = button("Cancel", "review.cancel", self.cancelled.emit, "plain")
        layout.addLayout(row(self._go, cancel, None))
        self._judge()

    def focus_first(self) -> None:
        """Type the first comment at once."""
        self._boxes[Field.CASE_NUMBER].setFocus()

    def comments(self) -> tuple[FieldComment, ...]:
        """What was entered."""
        entered = ((field, box.toPlainText().strip()) for field, box in self._boxes.items())
        return tuple(FieldComment(field.value, text) for field, text in entered if text)

    def _judge(self) -> None:
        self._go.setEnabled(bool(self.comments()))

    def _confirm(self) -> None:
        comments = self.comments()
        if comments:
            self.confirmed.emit(comments)


class RejectForm(QWidget):
    """A coded reason and, if wanted, words."""

    confirmed = Signal(object, str)
    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        layout = column(self, margins=0)
        layout.addWidget(text_label("Reject", "strong"))
        layout.addWidget(text_label("A rejected request ends here. To have it mended, return it.", "help"))
        self._reason = reasons(REJECT_REASONS, "review.reason", "Reason", "Choose the reason")
        self._reason.currentIndexChanged.connect(self._judge)
        self._text = _box("review.reason_text", "More about the reason", 72)
        self._text.setPlaceholderText("More, if the author needs it")
        layout.addWidget(self._reason)
        layout.addWidget(self._text)
        self._go = button("Reject", "review.confirm_reject", self._confirm, "stop")
        cancel = button("Cancel", "review.cancel", self.cancelled.emit, "plain")
        layout.addLayout(row(self._go, cancel, None))
        self._judge()

    def focus_first(self) -> None:
        """Choose the reason at once."""
        self._reason.setFocus()

    def _judge(self) -> None:
        self._go.setEnabled(bool(self._reason.currentData()))

    def _confirm(self) -> None:
        chosen = self._reason.currentData()
        if chosen:
            self.confirmed.emit(RejectReason(chosen), self._text.toPlainText().strip())
