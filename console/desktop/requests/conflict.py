"""The bar that says that another window changed the same draft. Nothing is lost: the officer chooses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPushButton, QWidget

from console.desktop.widgets import button, card, column, row, text_label

if TYPE_CHECKING:
    from collections.abc import Callable

WORDS = (
    "This draft was changed in another window. What you see here is yours and is not saved over the other. Keep yours "
    "as a copy, or go on with the other one; yours is then kept as a copy, too."
)
WORDS_GONE = (
    "This draft was deleted or sent in another window. What you see here is yours. Keep it as a copy, or leave it."
)


class ConflictBar(QWidget):
    """What happened, and two ways on."""

    def __init__(self, keep: Callable[[], None], open_other: Callable[[], None]) -> None:
        super().__init__()
        frame, layout = card("notice")
        self._words = text_label("", "strong", name="wizard.conflict")
        self._keep = button("Keep mine as a copy", "wizard.keep_copy", keep, "primary")
        self._open = button("Open the other", "wizard.open_other", open_other)
        layout.addWidget(self._words)
        layout.addLayout(row(self._keep, self._open, None))
        outer = column(self, margins=0)
        outer.setContentsMargins(24, 12, 24, 12)
        outer.addWidget(frame)
        self.hide()

    def stops(self) -> tuple[QPushButton, ...]:
        """Where Tab stops."""
        return (self._keep, self._open)

    def say(self, *, other_is_there: bool) -> None:
        """Say what happened."""
        self._words.setText(WORDS if other_is_there else WORDS_GONE)
        self._open.setVisible(other_is_there)
        self.show()
