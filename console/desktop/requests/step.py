"""What the wizard's five pages have in common: they show a draft and say what was entered; they decide nothing."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QDate, QDateTime, Qt, QTime, QTimeZone
from PySide6.QtWidgets import QDateTimeEdit, QLabel, QVBoxLayout, QWidget

from console.desktop.widgets import named, text_label
from console.domain import wording
from console.domain.findings import Finding, Severity

if TYPE_CHECKING:
    from collections.abc import Callable
    from zoneinfo import ZoneInfo

    from console.desktop.context import Context
    from console.desktop.map.view import MapPane
    from console.domain.drafts import Draft
    from console.domain.findings import Field
    from console.domain.places import Point

Findings = tuple[Finding, ...]


class StepPage(QWidget):
    """One page. `change(**fields)` is the wizard's; it is silent while a draft is being put into the widgets."""

    def __init__(self, context: Context, change: Callable[..., None]) -> None:
        super().__init__()
        self.context = context
        self._change_draft = change
        self._loading = False
        self._draft: Draft | None = None
        self.first_field: QWidget | None = None

    def load(self, draft: Draft) -> None:
        """Put a draft that was opened into the widgets."""
        self._draft = draft
        self._loading = True
        try:
            self.fill(draft)
        finally:
            self._loading = False

    def fill(self, draft: Draft) -> None:
        """Set the widgets; what they emit meanwhile is not an entry."""

    def show_state(self, draft: Draft, findings: Findings, *, tried: bool) -> None:  # noqa: ARG002 - for the pages
        """After each change. `tried` is True once the officer wanted to go on from this page."""
        self._draft = draft

    def shown(self) -> None:
        """The page is the one that is seen."""

    def retheme(self) -> None:
        """The theme changed."""

    def entered_value(self, **fields: Any) -> None:
        """Hand an entry to the wizard."""
        if not self._loading and self._draft is not None:
            self._change_draft(**fields)


class Note(QLabel):
    """The findings of a field, under the field."""

    def __init__(self, *fields: Field) -> None:
        super().__init__()
        self._fields = frozenset(fields)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setObjectName("error")
        self.hide()

    def show_findings(self, findings: Findings, *, tried: bool) -> None:
        """Say what stands against the field; that nothing was entered yet only once it was `tried`."""
        mine = [f for f in findings if f.field in self._fields and (tried or not f.code.endswith("_missing"))]
        self.setText("\n".join(finding_text(f) for f in mine))
        self.setVisible(bool(mine))


def finding_text(finding: Finding) -> str:
    """A finding in a line, with its mark; a code of a newer service is shown as it is."""
    mark = {Severity.BLOCKS: "\u2715", Severity.CONFIRM: "!", Severity.ADVICE: "\u24d8"}[finding.severity]
    try:
        words = wording.words_for(finding.code, finding.figures)
    except KeyError:
        return f"{mark} {finding.code}"
    stop = "" if words.title.endswith("?") else "."
    return f"{mark} {words.title}{stop} {words.next_step}"


def field_label(text: str, buddy: QWidget) -> QLabel:
    """The label of a field."""
    label = text_label(text, "strong", wrap=False)
    label.setBuddy(buddy)
    return label


def add_field(layout: QVBoxLayout, title: str, field: QWidget, *below: QWidget) -> None:
    """A label, its field, and help or findings below."""
    layout.addWidget(field_label(title, field))
    layout.addWidget(field)
    for widget in below:
        layout.addWidget(widget)
    layout.addSpacing(8)


_UTC = QTimeZone(QTimeZone.Initialization.UTC)


def time_edit(name: str, title: str) -> QDateTimeEdit:
    """A field for date and time; its clock is the agency's, whatever the workstation's zone."""
    edit = QDateTimeEdit()
    edit.setTimeZone(_UTC)  # so that no hour of the agency's is skipped by the workstation's own clock change
    edit.setDisplayFormat("yyyy-MM-dd HH:mm")
    edit.setCalendarPopup(True)
    named(edit, name, title)
    return edit


def set_time(edit: QDateTimeEdit, at: datetime, zone: ZoneInfo) -> None:
    """Show an aware time in the agency's zone, without saying that it was entered."""
    local = at.astimezone(zone)
    blocked = edit.blockSignals(True)
    date, clock = QDate(local.year, local.month, local.day), QTime(local.hour, local.minute)
    edit.setDateTime(QDateTime(date, clock, _UTC))
    edit.blockSignals(blocked)


def time_of(edit: QDateTimeEdit, zone: ZoneInfo) -> datetime:
    """The entered time, aware UTC."""
    date, clock = edit.date(), edit.time()
    local = datetime(date.year(), date.month(), date.day(), clock.hour(), clock.minute(), tzinfo=zone)
    return local.astimezone(UTC)


def show_place(pane: MapPane, place: Point | None) -> None:
    """Mark the incident on a map."""
    features = []
    if place is not None:
        geometry = {"type": "Point", "coordinates": [place.lon, place.lat]}
        features.append({"type": "Feature", "id": "incident", "properties": {"id": "incident"}, "geometry": geometry})
    pane.set_layer("incident", {"type": "FeatureCollection", "features": features})
