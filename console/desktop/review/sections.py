"""Parts of a request's page: its facts, what it would ask of the neighborhood, and all findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from console.desktop.widgets import chip, clear, column, named, row, text_label
from console.domain import history, offences, wording
from console.domain.checks import sq_mi
from console.domain.findings import Finding, Severity
from console.domain.requests import CaseCheck, State
from console.domain.times import span_words

if TYPE_CHECKING:
    from datetime import timedelta

    from console.desktop.context import Context
    from console.domain.meter import Meter
    from console.domain.requests import Request

STATE_TONES = {
    State.PENDING: "waiting",
    State.ENDORSED: "waiting",
    State.RETURNED: "waiting",
    State.APPROVED: "good",
    State.PUBLISHED: "good",
    State.REJECTED: "stop",
}
"""The tone of a state's chip; a state that is not here has none."""

_SEVERITIES = {
    Severity.BLOCKS: ("Stands against it", "stop"),
    Severity.CONFIRM: ("To confirm", "waiting"),
    Severity.ADVICE: ("To weigh", ""),
}
_DAYS_FROM_H = 48
_LEAST_SHARE = 0.0005


def case_check_words(case_check: str) -> str:
    """What the records system said of the case number; a code of a newer service as it is."""
    known = {c.value: words for c, words in wording.CASE_CHECKS.items()}
    return known.get(case_check, case_check)


def since_words(span: timedelta) -> str:
    """A longer time in words: days from two days on."""
    hours = int(span.total_seconds() // 3_600)
    return f"{hours // 24} days" if hours >= _DAYS_FROM_H else span_words(span)


def meter_rows(meter: Meter) -> tuple[tuple[str, str], ...]:
    """The meter in words, name and reading; what is not known is left out."""
    rows = [("Homes", meter.homes)] if meter.homes else []
    if meter.footage_hours is not None:
        low, high = meter.footage_hours
        hours = f"more than {low:,} h" if high is None else f"{low:,} to {high:,} h"
        rows.append(("Recordings", f"{hours}, if every home had one camera"))
    if meter.share is not None:
        share = "less than 0.1 %" if meter.share < _LEAST_SHARE else f"{meter.share * 100:.1f} %"
        rows.append(("Share", f"{share} of the jurisdiction"))
        rows.append(("Assemblies", ", ".join(meter.gatherings) or "None on the calendar here at that time"))
    if meter.since_incident is not None:
        rows.append(("Since the incident", since_words(meter.since_incident)))
    return tuple(rows)


class Grid(QWidget):
    """Names above their words, in as many columns as there is room for."""

    def __init__(self, title: str, name: str, column_px: int = 180) -> None:
        super().__init__()
        named(self, name, title or name)
        outer = column(self, margins=0)
        if title:
            outer.addWidget(text_label(title, "section"))
        self._place = QVBoxLayout()
        outer.addLayout(self._place)
        self._column_px = column_px
        self._rows: tuple[tuple[str, str], ...] = ()
        self._columns = 0

    def show_rows(self, rows: tuple[tuple[str, str], ...], width: int) -> None:
        """Show names and words at a width."""
        columns = max(1, min(4, width // self._column_px))
        if (rows, columns) == (self._rows, self._columns):
            return
        self._rows, self._columns = rows, columns
        clear(self._place)
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(8)
        for n, (label, words) in enumerate(rows):
            cell = column(margins=0, spacing=0)
            cell.addWidget(text_label(label, "small"))
            cell.addWidget(text_label(words))
            cell.addStretch(1)
            grid.addLayout(cell, n // columns, n % columns)
        for n in range(columns):
            grid.setColumnStretch(n, 1)
            grid.setColumnMinimumWidth(n, 1)
        self._place.addWidget(holder)

    def refit(self, width: int) -> None:
        """The width is another."""
        self.show_rows(self._rows, width)


def fact_rows(context: Context, request: Request) -> tuple[tuple[str, str], ...]:
    """What is asked, as name and words."""
    draft, local = request.draft, context.local
    offence = offences.BY_CODE.get(draft.offence)
    window = "–"
    if draft.begins is not None and draft.ends is not None:
        zone = context.zone()
        is_one_day = draft.begins.astimezone(zone).date() == draft.ends.astimezone(zone).date()
        ends = local(draft.ends, "%H:%M") if is_one_day else local(draft.ends)
        window = f"{local(draft.begins)}–{ends} ({span_words(draft.ends - draft.begins)})"
    case = draft.case_number
    if request.case_check:
        mark = {CaseCheck.VERIFIED: "✓", CaseCheck.NOT_KNOWN: "✕"}.get(request.case_check, "○")  # type: ignore[call-overload]
        case = f"{case}\n{mark} {case_check_words(request.case_check)}"
    return (
        ("Case", case),
        ("Offense", f"{draft.offence} {offence.name if offence else ''}".strip() or "–"),
        ("Incident", f"{local(draft.occurred_at)} {draft.place_name}".strip()),
        ("Window", window),
        ("Area", f"{sq_mi(request.area_m2)} sq mi, like a circle of {request.radius_m:.0f} m"),
        ("Homes", request.homes),
        ("Sent", local(request.submitted_at)),
        ("By this officer", _by_the_author(context, request)),
    )


def _by_the_author(context: Context, request: Request) -> str:
    """How often this author asked lately, the request itself among them."""
    since = context.clock() - history.LOOK_BACK
    sent = history.of_author(context.desk.earlier_requests(), request.author.id, since)
    return f"{len(sent)} request{'' if len(sent) == 1 else 's'} in {history.LOOK_BACK.days} days"


class FindingsView(QWidget):
    """Every finding with its reason; says so where there is none."""

    def __init__(self) -> None:
        super().__init__()
        self._found: QVBoxLayout = column(self, margins=0)
        named(self, "review.findings", "Findings")

    def show_findings(self, findings: tuple[Finding, ...]) -> None:
        """Show them, blocking ones first."""
        clear(self._found)
        self._found.addWidget(text_label("Findings", "section"))
        if not findings:
            self._found.addWidget(text_label("✓ The check finds nothing now.", "good"))
        for finding in findings:
            words, tone = _SEVERITIES[finding.severity]
            try:
                said = wording.words_for(finding.code, finding.figures)
            except KeyError:  # a code of a newer service
                said = wording.Words(finding.code, "", "")
            title = text_label(said.title, "strong")
            head = row(chip(words, tone), title)
            head.setStretch(1, 1)
            self._found.addLayout(head)
            if said.reason:
                self._found.addWidget(text_label(said.reason, "help"))
