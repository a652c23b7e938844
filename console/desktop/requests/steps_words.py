"""The fourth page: what neighbours read, with what a rule objects to under each field and the card beside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout

from console.desktop.requests.step import Findings, Note, StepPage, add_field
from console.desktop.widgets import card, column, named, text_label
from console.domain.drafts import TEXT_LENGTH_MAX, TITLE_LENGTH_MAX
from console.domain.findings import Field

if TYPE_CHECKING:
    from collections.abc import Callable

    from console.desktop.context import Context
    from console.domain.drafts import Draft
DASH = "\u2013"
VOLUNTARY = "Sharing is your choice. Nobody is told whether you saw this or chose not to share."


class WordsStep(StepPage):
    """Title, text and contact."""

    def __init__(self, context: Context, change: Callable[..., None]) -> None:
        super().__init__(context, change)
        limits = context.agency.limits
        outer = QHBoxLayout(self)
        outer.setContentsMargins(24, 16, 24, 16)
        outer.setSpacing(24)
        fields = column(margins=0, spacing=4)
        self.first_field = self._title = QLineEdit()
        self._title.setMaxLength(TITLE_LENGTH_MAX)
        named(self._title, "wizard.title", "Title")
        self._title.textChanged.connect(self._title_typed)
        self._title_count = text_label("", "small")
        self._title_note = Note(Field.TITLE)
        add_field(fields, "Title", self._title, self._title_count, self._title_note)
        self._text = QPlainTextEdit()
        self._text.setTabChangesFocus(True)
        self._text.setMinimumHeight(160)
        named(self._text, "wizard.text", "Text")
        self._text.textChanged.connect(self._text_typed)
        self._text_count = text_label("", "small")
        self._text_note = Note(Field.TEXT)
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
        outer.addLayout(self._make_preview(), 2)

    def _make_preview(self) -> QVBoxLayout:
        side = column(margins=0)
        side.addWidget(text_label("What a neighbor will see", "section"))
        frame, layout = card()
        self._seen_from = text_label("", "small")
        self._seen_title = text_label("", "strong", name="wizard.preview_title")
        self._seen_text = text_label("", name="wizard.preview_text")
        self._seen_facts = text_label("", "help", name="wizard.preview_facts")
        self._seen_contact = text_label("", "help")
        voluntary = text_label(
            "Sharing is your choice. Nobody is told whether you saw this or chose not to share.", "small"
        )
        for label in (
            self._seen_from,
            self._seen_title,
            self._seen_text,
            self._seen_facts,
            self._seen_contact,
            voluntary,
        ):
            layout.addWidget(label)
        side.addWidget(frame)
        side.addStretch(1)
        return side

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
        member = self.context.desk.session.member if self.context.desk.session is not None else None
        name = f"{member.title} {member.name}, " if member is not None else ""
        self._seen_from.setText(f"{name}{self.context.agency.name}")
        self._seen_title.setText(draft.title or "No title yet")
        self._seen_text.setText(draft.text or "No text yet")
        until = self.context.local(draft.ends, "%H:%M")
        self._seen_facts.setText(
            f"Recordings from {self.context.local(draft.begins)} to {until}, case {draft.case_number or DASH}"
        )
        self._seen_contact.setText(f"Contact: {draft.contact or DASH}")

    def _title_typed(self, text: str) -> None:
        self.entered_value(title=text)

    def _text_typed(self) -> None:
        self.entered_value(text=self._text.toPlainText()[:TEXT_LENGTH_MAX])

    def _contact_typed(self, text: str) -> None:
        self.entered_value(contact=text)
