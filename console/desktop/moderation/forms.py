"""The form of a neutral moderator's decision: the coded reason, words for the author, and what the author is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QPlainTextEdit, QRadioButton, QWidget

from console.desktop.widgets import bind_keys, button, card, column, named, row, text_label
from console.domain.moderation import REASONS_OF, WORDS_MAX, Act, Reason
from console.domain.moderation_words import ACTS, REASONS, UNTOLD, WHAT_IT_DOES, told_to_author

if TYPE_CHECKING:
    from console.domain.moderation import ItemKind

TOO_LONG = f"At most {WORDS_MAX} characters."


def bounded_box(name: str, accessible: str, placeholder: str) -> QPlainTextEdit:
    """A box for some words."""
    made = QPlainTextEdit()
    made.setTabChangesFocus(True)
    made.setFixedHeight(72)
    made.setPlaceholderText(placeholder)
    named(made, name, accessible)
    return made


class DecisionForm(QWidget):
    """`confirmed` carries the act, the reason and the words for the author."""

    confirmed = Signal(object, object, str)
    cancelled = Signal()

    def __init__(self, kind: ItemKind, act: Act, words: str = "") -> None:
        super().__init__()
        self._kind, self.act = kind, act
        layout = column(self, margins=0)
        layout.addWidget(text_label(ACTS[act], "strong"))
        layout.addWidget(text_label(WHAT_IT_DOES[act], "help"))
        self._group = QButtonGroup(self)
        self._choices: dict[Reason, QRadioButton] = {}
        reasons = REASONS_OF[act]
        for reason in reasons:
            made = QRadioButton(REASONS[reason].name)
            named(made, f"moderation.reason_{reason.value}", REASONS[reason].name)
            made.setToolTip(f"Because {REASONS[reason].explains}.")
            made.setChecked(len(reasons) == 1)
            self._group.addButton(made)
            self._choices[reason] = made
            layout.addWidget(made)
        self._group.buttonToggled.connect(self._judge)
        is_told = told_to_author(kind, act, reasons[0]) != UNTOLD
        self._words = bounded_box("moderation.words", "More for the author", "More, if the author needs it")
        self._words.setPlainText(words)
        self._words.textChanged.connect(self._judge)
        self._words.setVisible(is_told)
        layout.addWidget(self._words)
        frame, inner = card("notice" if is_told else "surface")
        inner.setContentsMargins(12, 8, 12, 8)
        if is_told:
            inner.addWidget(text_label("The author is told", "small"))
        self._told = text_label("", "" if is_told else "help", name="moderation.told")
        inner.addWidget(self._told)
        layout.addWidget(frame)
        self._too_long = text_label(TOO_LONG, "error", name="moderation.too_long")
        layout.addWidget(self._too_long)
        kind_of = "stop" if act in {Act.REMOVE, Act.REFUSE} else "primary"
        self._go = button(ACTS[act], "moderation.confirm", self._confirm, kind_of)
        self._go.setToolTip("Ctrl+Enter")
        layout.addLayout(row(self._go, button("Cancel", "moderation.cancel", self.cancelled.emit, "plain"), None))
        bind_keys(self, {"Ctrl+Return": self._confirm, "Esc": self.cancelled.emit})
        self._judge()

    @property
    def reason(self) -> Reason | None:
        """The chosen reason."""
        return next((reason for reason, made in self._choices.items() if made.isChecked()), None)

    @property
    def words(self) -> str:
        """What is typed for the author."""
        return self._words.toPlainText().strip()

    def focus_first(self) -> None:
        """The first choice, or the only one."""
        if len(self._choices) > 1:
            next(iter(self._choices.values())).setFocus()
        else:
            self._go.setFocus()

    def _judge(self, *_: object) -> None:
        reason, is_too_long = self.reason, len(self.words) > WORDS_MAX
        self._too_long.setVisible(is_too_long)
        self._go.setEnabled(reason is not None and not is_too_long)
        told = "Choose the reason first." if reason is None else ""
        self._told.setText(told or told_to_author(self._kind, self.act, reason or Reason.STANDS, self.words))

    def _confirm(self) -> None:
        reason = self.reason
        if reason is not None and self._go.isEnabled():
            self.confirmed.emit(self.act, reason, self.words)
