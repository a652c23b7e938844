"""The fourth page: what neighbours read, with what a rule objects to underlined, and the card beside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from console.desktop.requests.marked import MarkedLine, MarkedText
from console.desktop.requests.neighbour_card import NeighbourCard
from console.desktop.requests.step import Findings, Note, SideBySide, StepPage, add_field
from console.desktop.theme import colour
from console.desktop.widgets import column, named, text_label
from console.domain.drafts import TEXT_LENGTH_MAX, TITLE_LENGTH_MAX
from console.domain.findings import Field
from console.domain.wizard_text import marks

if TYPE_CHECKING:
    from collections.abc import Callable

    from console.desktop.context import Context
    from console.domain.drafts import Draft


class WordsStep(StepPage):
    """Title, text and contact."""

    def __init__(self, context: Context, change: Callable[..., None]) -> None:
        super().__init__(context, change)
        limits = context.agency.limits
        self._sides = outer = SideBySide(self)
        outer.setContentsMargins(24, 16, 24, 16)
        fields = column(margins=0, spacing=4)
        self.first_field = self._title = MarkedLine()
        self._title.setMaxLength(TITLE_LENGTH_MAX)
        named(self._title, "wizard.title", "Title")
        self._title.textChanged.connect(self._title_typed)
        self._title_count = text_label("", "small")
        self._title_note = Note(Field.TITLE, in_full=True)
        add_field(fields, "Title", self._title, self._title_count, self._title_note)
        self._text = MarkedText()
        self._text.setTabChangesFocus(True)
        self._text.setMinimumHeight(160)
        named(self._text, "wizard.text", "Text")
        self._text.textChanged.connect(self._text_typed)
        self._text_count = text_label("", "small")
        self._text_note = Note(Field.TEXT, in_full=True)
        add_field(fields, "Text", self._text, self._text_count, self._text_note)
        self._contact = QLineEdit()
        self._contact.setMaxLength(200)
        named(self._contact, "wizard.contact", "Contact")
        self._contact.textChanged.connect(self._contact_typed)
        self._contact_note = Note(Field.CONTACT)
        domains = " or ".join(f"name@{domain}" for domain in context.agency.mail_domains)
        ways = ", ".join(part for part in (domains, *context.agency.telephones) if part)
        add_field(fields, "Contact", self._contact, text_label(f"Official only: {ways}.", "help"), self._contact_note)
        fields.addStretch(1)
        outer.addLayout(fields, 3)
        self._limits = (limits.title_min, limits.title_max, limits.text_min, limits.text_max)
        side = column(margins=0)
        self._seen = NeighbourCard(context, "wizard.preview")
        side.addWidget(self._seen)
        side.addStretch(1)
        outer.addLayout(side, 2)

    def fields(self) -> tuple[QWidget, ...]:
        """Where Enter and Tab lead."""
        return (self._title, self._text, self._contact)

    def field_of(self, field: Field) -> QWidget | None:
        """Where a field is entered."""
        return {Field.TEXT: self._text, Field.CONTACT: self._contact}.get(field, self._title)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, the card comes below."""
        self._sides.fit(self.width())
        super().resizeEvent(event)

    def fill(self, draft: Draft) -> None:
        """Set the widgets."""
        self._title.setText(draft.title)
        self._text.setPlainText(draft.text)
        self._contact.setText(draft.contact)

    def show_state(self, draft: Draft, findings: Findings, *, tried: bool) -> None:
        """After each change."""
        super().show_state(draft, findings, tried=tried)
        title_min, title_max, text_min, text_max = self._limits
        self._title_count.setText(f"{len(draft.title.strip())} of {title_min} to {title_max} characters")
        self._text_count.setText(f"{len(draft.text.strip()):,} of {text_min} to {text_max:,} characters")
        for note in (self._title_note, self._text_note, self._contact_note):
            note.show_findings(findings, tried=tried)
        wave = colour(self.context.theme(), "stop")
        self._title.show_marks(marks(draft.title, Field.TITLE, findings), wave)
        self._text.show_marks(marks(draft.text, Field.TEXT, findings), wave)
        self._seen.show_draft(draft)

    def _title_typed(self, text: str) -> None:
        self.entered_value(title=text)

    def _text_typed(self) -> None:
        self.entered_value(text=self._text.toPlainText()[:TEXT_LENGTH_MAX])

    def _contact_typed(self, text: str) -> None:
        self.entered_value(contact=text)
