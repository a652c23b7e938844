"""The card that a neighbour sees, beside the words and on the last page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.desktop.widgets import card, column, text_label
from console.domain.wizard_text import window_words

if TYPE_CHECKING:
    from console.desktop.context import Context
    from console.domain.drafts import Draft

DASH = "\u2013"
VOLUNTARY = "Sharing is your choice. Nobody is told whether you saw this or chose not to share."


class NeighbourCard(QWidget):
    """Who asks, what for, which time, and that sharing is free."""

    def __init__(self, context: Context, name: str) -> None:
        super().__init__()
        self._context = context
        frame, layout = card()
        self._from = text_label("", "small")
        self._title = text_label("", "strong", name=f"{name}_title")
        self._text = text_label("", name=f"{name}_text")
        self._facts = text_label("", "help", name=f"{name}_facts")
        self._contact = text_label("", "help")
        for label in (self._from, self._title, self._text, self._facts, self._contact, text_label(VOLUNTARY, "small")):
            layout.addWidget(label)
        outer: QVBoxLayout = column(self, margins=0)
        outer.addWidget(text_label("What a neighbor will see", "section"))
        outer.addWidget(frame)

    def show_draft(self, draft: Draft) -> None:
        """Show a draft as a neighbour will see it."""
        agency = self._context.agency
        self._from.setText(f"{author_words(self._context)}, {agency.name}".lstrip(", "))
        self._title.setText(draft.title or "No title yet")
        self._text.setText(draft.text or "No text yet")
        window = window_words(draft, agency) or DASH
        self._facts.setText(f"Recordings from {window}\nCase {draft.case_number or DASH}")
        self._contact.setText(f"Contact: {draft.contact or DASH}")


def author_words(context: Context) -> str:
    """The member's title and name, as others see them."""
    session = context.desk.session
    return f"{session.member.title} {session.member.name}".strip() if session is not None else ""
