"""Small parts of the alerts room: findings under a field, a chosen word among some, an alert as people will read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QComboBox, QPlainTextEdit, QWidget

from console.desktop.alerts.thumbs import PictureStrip
from console.desktop.widgets import card, chip, column, named, row, text_label
from console.domain.alert_words import KINDS, LEVELS, MESSAGES, finding_line
from console.domain.alerts import AlertDraft, AlertState, Level, MessageKind
from console.domain.findings import Field, Finding, Severity
from console.domain.times import clock_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtWidgets import QLabel

    from console.desktop.alerts.thumbs import Thumbs
    from console.desktop.context import Context

TONES: dict[Level, str] = {Level.EXTREME: "stop", Level.SEVERE: "stop", Level.MODERATE: "waiting"}
STATE_TONES: dict[AlertState, str] = {
    AlertState.PUBLISHED: "good",
    AlertState.PENDING: "waiting",
    AlertState.RETURNED: "waiting",
    AlertState.HELD: "waiting",
    AlertState.REFUSED: "stop",
}
_MARKS = {Severity.BLOCKS: "\u2715", Severity.CONFIRM: "!", Severity.ADVICE: "\u24d8"}


class FieldNote(QWidget):
    """What stands against a field, under the field; that nothing was entered yet only once it was tried."""

    def __init__(self, name: str, *fields: Field) -> None:
        super().__init__()
        self._fields = frozenset(fields)
        self.stops = text_label("", "error", name=f"{name}_stops")
        self.advice = text_label("", "help", name=f"{name}_advice")
        layout = column(self, margins=0, spacing=2)
        layout.addWidget(self.stops)
        layout.addWidget(self.advice)
        self.show_findings((), tried=False)

    def show_findings(self, findings: tuple[Finding, ...], *, tried: bool) -> None:
        """Say what the check says of the field now."""
        mine = [f for f in findings if f.field in self._fields and (tried or _is_told_at_once(f))]
        for label, wanted in ((self.stops, True), (self.advice, False)):
            lines = [
                f"{_MARKS[f.severity]} {finding_line(f)}" for f in mine if (f.severity is Severity.BLOCKS) is wanted
            ]
            label.setText("\n".join(dict.fromkeys(lines)))
            label.setVisible(bool(lines))
        self.setVisible(bool(mine))


def _is_told_at_once(finding: Finding) -> bool:
    return finding.severity is Severity.ADVICE or not finding.code.endswith("_missing")


def choice(name: str, accessible: str, words: Mapping[Any, str]) -> QComboBox:
    """A box to choose one of some words; its data are the keys' values."""
    made = QComboBox()
    for key, text in words.items():
        made.addItem(text, key.value)
    named(made, name, accessible)
    return made


class TextBox(QPlainTextEdit):
    """A text of several lines; Tab leaves it."""

    def __init__(self, name: str, accessible: str, height: int) -> None:
        super().__init__()
        self.setTabChangesFocus(True)
        self.setFixedHeight(height)
        named(self, name, accessible)


def times_words(draft: AlertDraft, context: Context) -> str:
    """From when until when, on the agency's clock."""
    begins = "From when it is sent" if draft.begins is None else f"From {clock_words(draft.begins, context.zone())}"
    ends = "without an end yet" if draft.ends is None else f"until {clock_words(draft.ends, context.zone())}"
    return f"{begins} {ends}"


class AlertCard(QWidget):
    """An alert as people will read it: every word as it was typed, never as markup."""

    def __init__(self, thumbs: Thumbs) -> None:
        super().__init__()
        frame, layout = card()
        column(self, margins=0).addWidget(frame)
        self._kind, self._level = chip(""), chip("")
        layout.addLayout(row(self._kind, self._level, None))
        self.title = self._label("section", "alerts.card_title")
        self.by = self._label("small", "alerts.card_by")
        self.when = self._label("small", "alerts.card_when")
        self.text = self._label("", "alerts.card_text")
        self.spanish_title = self._label("strong", "alerts.card_title_es")
        self.spanish = self._label("", "alerts.card_text_es")
        for label in (self.title, self.by, self.when, self.text, self.spanish_title, self.spanish):
            layout.addWidget(label)
        self.pictures = PictureStrip(thumbs)
        layout.addWidget(self.pictures)

    @staticmethod
    def _label(kind: str, name: str) -> QLabel:
        return text_label("", kind, name=name)

    def show_draft(self, draft: AlertDraft, author: str, context: Context, place_name: str = "") -> None:
        """Show a draft, or what was made of one."""
        is_clear = draft.message is MessageKind.CANCEL
        self._kind.setText(KINDS[draft.kind] if draft.message is MessageKind.ALERT else MESSAGES[draft.message])
        self._level.setText("Over" if is_clear else LEVELS[draft.level][0])
        self._level.setProperty("tone", "good" if is_clear else TONES.get(draft.level, ""))
        self._level.style().unpolish(self._level)
        self._level.style().polish(self._level)
        self.title.setText(draft.title.strip() or "No title yet")
        self.by.setText(author)
        place = place_name or draft.place_name.strip() or "The place is named by its nearest street"
        self.when.setText(place if is_clear else f"{place}. {times_words(draft, context)}.")
        self.text.setText(draft.text.strip() or "No text yet")
        self.spanish_title.setText(draft.title_es.strip())
        self.spanish.setText(draft.text_es.strip())
        for label in (self.spanish_title, self.spanish):
            label.setVisible(bool(label.text()))
        self.pictures.show_pictures(draft.pictures)
