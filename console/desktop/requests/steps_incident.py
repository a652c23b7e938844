"""The first page: which case, which offence, when and where."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QCompleter, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout

from console.desktop.requests.step import (
    Findings,
    Note,
    StepPage,
    add_field,
    field_label,
    set_time,
    show_place,
    time_edit,
    time_of,
)
from console.desktop.widgets import button, column, named, row, text_label
from console.domain import offences
from console.domain.case_numbers import example_of
from console.domain.findings import Field
from console.domain.places import Point

if TYPE_CHECKING:
    from collections.abc import Callable

    from console.desktop.context import Context
    from console.desktop.map.view import MapPane
    from console.domain.drafts import Draft

_MAP_HEIGHT = 240
_TWO_SIDES = 620


class IncidentStep(StepPage):
    """Case number, offence, time and place."""

    def __init__(self, context: Context, change: Callable[..., None]) -> None:
        super().__init__(context, change)
        self._pane: MapPane | None = None
        self._streets = {s.name.casefold(): s for s in reversed(context.ground.index.atlas.streets)}
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._sides.setContentsMargins(24, 16, 24, 16)
        self._sides.setSpacing(24)
        layout, right = column(margins=0, spacing=4), column(margins=0, spacing=4)
        self._sides.addLayout(layout, 1)
        self._sides.addLayout(right, 1)
        self._notes: list[Note] = []

        self._case = QLineEdit()
        self._case.setMaxLength(60)
        named(self._case, "wizard.case_number", "Case number")
        self._case.textChanged.connect(self._case_typed)
        add_field(
            layout, "Case number", self._case, text_label(self._case_help(), "help"), self._note(Field.CASE_NUMBER)
        )

        self._repeat = QLineEdit()
        self._repeat.setMaxLength(500)
        named(self._repeat, "wizard.repeat_reason", "Reason for a second request")
        self._repeat.textChanged.connect(self._repeat_typed)
        self._repeat_label = field_label("Why a second request for this case?", self._repeat)
        layout.addWidget(self._repeat_label)
        layout.addWidget(self._repeat)
        layout.addWidget(self._note(Field.REPEAT_REASON))

        self._add_offence(layout)
        self._add_when(layout)
        layout.addStretch(1)
        self._add_where(right)
        self.first_field = self._case
        self._fill_offences("")

    def _add_offence(self, layout: QVBoxLayout) -> None:
        self._search = QLineEdit()
        self._search.setPlaceholderText("Search by code or words, such as porch")
        named(self._search, "wizard.offence_search", "Search offences")
        self._search.textChanged.connect(self._fill_offences)
        self._offences = QListWidget()
        self._offences.setFixedHeight(132)
        self._offences.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        named(self._offences, "wizard.offence", "Offence")
        self._offences.currentItemChanged.connect(self._offence_chosen)
        self._chosen = text_label("", "strong", name="wizard.offence_chosen")
        add_field(layout, "Offence (NIBRS)", self._search, self._offences, self._chosen, self._note(Field.OFFENCE))

    def _add_when(self, layout: QVBoxLayout) -> None:
        self._when = time_edit("wizard.occurred_at", "When it happened")
        self._when.dateTimeChanged.connect(self._time_entered)
        self._use_time = button("Use this time", "wizard.use_time", self._time_entered)
        layout.addWidget(field_label(f"When ({self.context.agency.time_zone} time)", self._when))
        layout.addLayout(row(self._when, self._use_time, None))
        self._when_help = text_label("An estimate will do. Not entered yet: change the time or take this one.", "help")
        layout.addWidget(self._when_help)
        layout.addWidget(self._note(Field.OCCURRED_AT))
        layout.addSpacing(8)

    def _add_where(self, layout: QVBoxLayout) -> None:
        self._street = QLineEdit()
        self._street.setPlaceholderText("Type a street, or click the place on the map")
        named(self._street, "wizard.street", "Street")
        completer = QCompleter(sorted({s.name for s in self.context.ground.index.atlas.streets}), self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self._street.setCompleter(completer)
        self._street.textChanged.connect(self._street_typed)
        self._where = text_label("", "strong", name="wizard.place")
        add_field(layout, "Where", self._street, self._where, self._note(Field.PLACE))
        self._map = column(margins=0)
        layout.addLayout(self._map, 1)

    def _note(self, field: Field) -> Note:
        note = Note(field)
        self._notes.append(note)
        return note

    def _case_help(self) -> str:
        year = self.context.clock().astimezone(self.context.zone()).year
        masks = [m for m in self.context.agency.case_masks if m.kind == "case"] or self.context.agency.case_masks
        examples = " or ".join(example_of(mask, year) for mask in masks)
        return f"As in {examples}. An incident number is not enough." if examples else "The number of the case."

    # -- what the wizard asks ----------------------------------------------------------------------------

    def fill(self, draft: Draft) -> None:
        """Set the widgets."""
        self._case.setText(draft.case_number)
        self._repeat.setText(draft.repeat_reason)
        self._search.clear()
        self._fill_offences("")
        self._street.clear()
        set_time(self._when, draft.occurred_at or self.context.clock() - timedelta(hours=1), self.context.zone())
        self._show_on_map(draft, fly=True)

    def show_state(self, draft: Draft, findings: Findings, *, tried: bool) -> None:
        """After each change."""
        moved = self._draft is None or self._draft.place != draft.place
        super().show_state(draft, findings, tried=tried)
        offence = offences.BY_CODE.get(draft.offence)
        self._chosen.setText(f"Chosen: {offence.code} {offence.name}" if offence else "None chosen yet")
        self._use_time.setVisible(draft.occurred_at is None)
        self._when_help.setVisible(draft.occurred_at is None)
        where = draft.place_name or "On the map"
        self._where.setText(
            f"{where} ({draft.place.lat:.5f}, {draft.place.lon:.5f})" if draft.place else "No place yet"
        )
        asked = bool(draft.repeat_reason) or any(f.field is Field.REPEAT_REASON for f in findings)
        self._repeat.setVisible(asked)
        self._repeat_label.setVisible(asked)
        for note in self._notes:
            note.show_findings(findings, tried=tried)
        if moved:
            self._show_on_map(draft, fly=False)

    def shown(self) -> None:
        """Make the map when it is first seen."""
        if self._pane is None:
            self._pane = self.context.new_pane("Where it happened")
            self._pane.setMinimumHeight(_MAP_HEIGHT)
            self._pane.place_picked.connect(self._place_picked)
            self._pane.set_tool("place")
            self._map.addWidget(self._pane)
            if self._draft is not None:
                self._show_on_map(self._draft, fly=True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, the place comes below."""
        ways = QBoxLayout.Direction
        self._sides.setDirection(ways.LeftToRight if self.width() >= _TWO_SIDES else ways.TopToBottom)
        super().resizeEvent(event)

    def retheme(self) -> None:
        """The theme changed."""
        if self._pane is not None:
            self._pane.set_theme(self.context.theme())

    def _show_on_map(self, draft: Draft, *, fly: bool) -> None:
        if self._pane is None:
            return
        show_place(self._pane, draft.place)
        if fly and draft.place is not None:
            self._pane.fly_to(draft.place.lat, draft.place.lon, 15.0)

    # -- what the officer enters -------------------------------------------------------------------------

    def _case_typed(self, text: str) -> None:
        self.entered_value(case_number=text)

    def _repeat_typed(self, text: str) -> None:
        self.entered_value(repeat_reason=text)

    def _fill_offences(self, text: str) -> None:
        blocked = self._offences.blockSignals(True)
        self._offences.clear()
        chosen = self._draft.offence if self._draft is not None else ""
        for offence in offences.search(text):
            item = QListWidgetItem(f"{offence.code}  {offence.name}")
            item.setData(Qt.ItemDataRole.UserRole, offence.code)
            self._offences.addItem(item)
            if offence.code == chosen:
                self._offences.setCurrentItem(item)
        self._offences.blockSignals(blocked)

    def _offence_chosen(self, item: QListWidgetItem | None, _before: QListWidgetItem | None) -> None:
        if item is not None:
            self.entered_value(offence=str(item.data(Qt.ItemDataRole.UserRole)))

    def _time_entered(self) -> None:
        self.entered_value(occurred_at=time_of(self._when, self.context.zone()))

    def _place_picked(self, lat: float, lon: float) -> None:
        place = Point(lat=lat, lon=lon)
        street = self.context.ground.index.nearest_street(place)
        self._street.blockSignals(True)
        self._street.clear()
        self._street.blockSignals(False)
        self.entered_value(place=place, place_name=f"Near {street.name}" if street is not None else "")

    def _street_typed(self, text: str) -> None:
        street = self._streets.get(text.strip().casefold())
        if street is None or not street.points or self._loading:
            return
        place = street.points[len(street.points) // 2]
        self.entered_value(place=place, place_name=f"Near {street.name}")
        if self._pane is not None:
            self._pane.fly_to(place.lat, place.lon, 15.0)
