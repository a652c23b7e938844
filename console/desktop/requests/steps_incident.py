"""The first page: which case, which offence, when and where."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget

from console.desktop.requests.incident_fields import CaseEdit, CaseRecords, OffenceField, PlaceEdit
from console.desktop.requests.step import Findings, Note, SideBySide, StepPage, add_field, field_label, show_place
from console.desktop.requests.timefield import TimeField
from console.desktop.widgets import button, column, named, row, text_label
from console.domain.case_numbers import example_of
from console.domain.findings import Field
from console.domain.places import Point
from console.domain.wizard_place import PlaceFound, find_place

if TYPE_CHECKING:
    from collections.abc import Callable

    from console.desktop.context import Context
    from console.desktop.map.view import MapPane
    from console.domain.drafts import Draft

_MAP_HEIGHT = 240
_NO_TEMPLATE = "No template"


class IncidentStep(StepPage):
    """Case number, offence, time and place."""

    def __init__(self, context: Context, change: Callable[..., None]) -> None:
        super().__init__(context, change)
        self._pane: MapPane | None = None
        self._streets = {s.name.casefold(): s for s in reversed(context.ground.index.atlas.streets)}
        self._sides = SideBySide(self)
        self._sides.setContentsMargins(24, 16, 24, 16)
        layout, right = column(margins=0, spacing=4), column(margins=0, spacing=4)
        self._sides.addLayout(layout, 1)
        self._sides.addLayout(right, 1)
        self._notes: list[Note] = []

        self._add_template(layout)
        self.first_field = self._case = CaseEdit()
        self._case.typed.connect(self._case_typed)
        self._case.editingFinished.connect(self._case_left)
        self._records = CaseRecords(context)
        add_field(
            layout,
            "Case number",
            self._case,
            text_label(self._case_help(), "help"),
            self._records,
            self._note(Field.CASE_NUMBER),
        )
        self._repeat = QLineEdit()
        self._repeat.setMaxLength(500)
        named(self._repeat, "wizard.repeat_reason", "Reason for a second request")
        self._repeat.textChanged.connect(self._repeat_typed)
        self._repeat_label = field_label("Why a second request for this case?", self._repeat)
        layout.addWidget(self._repeat_label)
        layout.addWidget(self._repeat)
        layout.addWidget(self._note(Field.REPEAT_REASON))

        self._offence = OffenceField()
        self._offence.chosen.connect(self._offence_chosen)
        add_field(layout, "Offense (NIBRS)", self._offence, self._note(Field.OFFENCE))
        self._add_when(layout)
        layout.addStretch(1)
        self._add_where(right)

    def _add_template(self, layout: QVBoxLayout) -> None:
        self._template = QComboBox()
        named(self._template, "wizard.template", "Begin with a template of your agency")
        self._template.activated.connect(self._template_chosen)
        self._template_label = field_label("Template", self._template)
        layout.addLayout(row(self._template_label, self._template, None))
        self._show_templates("")

    def _add_when(self, layout: QVBoxLayout) -> None:
        self._when = TimeField("wizard.occurred_at", "When it happened", self.context.zone())
        self._when.entered.connect(self._time_entered)
        self._use_time = button("Use this time", "wizard.use_time", self._time_entered)
        layout.addWidget(field_label("When", self._when.edit))
        line = row(self._when, self._use_time, None)
        line.setAlignment(self._use_time, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(line)
        self._when_help = text_label("An estimate will do. Change the time, or take this one with Enter.", "help")
        layout.addWidget(self._when_help)
        layout.addWidget(self._note(Field.OCCURRED_AT))
        layout.addSpacing(8)

    def _add_where(self, layout: QVBoxLayout) -> None:
        self._street = PlaceEdit(s.name for s in self.context.ground.index.atlas.streets)
        self._street.textChanged.connect(self._street_typed)
        self._street.asked.connect(self._place_asked)
        self._where = text_label("", "strong", name="wizard.place")
        self._place_note = text_label("", "help", name="wizard.place_note")
        self._place_trouble = text_label("", "error", name="wizard.place_trouble")
        for label in (self._place_note, self._place_trouble):
            label.hide()
        add_field(
            layout, "Where", self._street, self._where, self._place_note, self._place_trouble, self._note(Field.PLACE)
        )
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

    # -- the keyboard ------------------------------------------------------------------------------------

    def fields(self) -> tuple[QWidget, ...]:
        """Where Enter leads."""
        return (self._template, self._case, self._repeat, self._offence, self._when, self._street)

    def stops(self) -> tuple[QWidget, ...]:
        """Where Tab stops."""
        stops = (
            self._template,
            self._case,
            self._repeat,
            self._offence.search,
            self._offence.list,
            self._when.edit,
            self._when.which,
            self._use_time,
            self._street,
        )
        return stops if self._pane is None else (*stops, self._pane)

    def field_of(self, field: Field) -> QWidget | None:
        """Where a field is entered."""
        return {
            Field.CASE_NUMBER: self._case,
            Field.REPEAT_REASON: self._repeat,
            Field.OFFENCE: self._offence.search,
            Field.OCCURRED_AT: self._when.edit,
            Field.PLACE: self._street,
        }.get(field, self._case)

    def accept(self, focus: QWidget | None) -> bool:
        """Enter takes the first offence that fits, and the time that is shown."""
        if focus is self._offence.search:
            self._offence.pick_first()
        elif focus is not None and self._when.isAncestorOf(focus):
            self._time_entered()
        return False

    def escape(self) -> bool:
        """Esc closes the list of streets first."""
        return self._street.close_list()

    # -- what the wizard asks ----------------------------------------------------------------------------

    def fill(self, draft: Draft) -> None:
        """Set the widgets."""
        self._case.setText(draft.case_number)
        self._records.forget(draft.case_number)
        self._repeat.setText(draft.repeat_reason)
        self._offence.reset(draft.offence)
        self._street.empty()
        self._say_of_place()
        self._when.show_time(draft.occurred_at or self.context.clock() - timedelta(hours=1))
        self._show_on_map(draft, fly=True)

    def show_state(self, draft: Draft, findings: Findings, *, tried: bool) -> None:
        """After each change."""
        moved = self._draft is None or self._draft.place != draft.place
        super().show_state(draft, findings, tried=tried)
        self._offence.show_code(draft.offence)
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

    def show_template(self, template_id: str) -> None:
        """Show which template is on the draft; the agency's list may have changed."""
        self._show_templates(template_id)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, the place comes below."""
        self._sides.fit(self.width())
        super().resizeEvent(event)

    def retheme(self) -> None:
        """The theme changed."""
        if self._pane is not None:
            self._pane.set_theme(self.context.theme())

    def _show_templates(self, chosen: str) -> None:
        profile = self.context.desk.profile
        known = profile.templates if profile is not None else ()
        self._template.clear()
        self._template.addItem(_NO_TEMPLATE, "")
        for template in known:
            self._template.addItem(template.name, str(template.id))
            if template.id == chosen:
                self._template.setCurrentIndex(self._template.count() - 1)
        for widget in (self._template, self._template_label):
            widget.setVisible(bool(known))

    def _show_on_map(self, draft: Draft, *, fly: bool) -> None:
        if self._pane is None:
            return
        show_place(self._pane, draft.place)
        if fly and draft.place is not None:
            self._pane.fly_to(draft.place.lat, draft.place.lon, 15.0)

    def _say_of_place(self, note: str = "", trouble: str = "") -> None:
        self._place_note.setText(note)
        self._place_note.setVisible(bool(note))
        self._place_trouble.setText(f"\u2715 {trouble}" if trouble else "")
        self._place_trouble.setVisible(bool(trouble))

    # -- what the officer enters -------------------------------------------------------------------------

    def _template_chosen(self, _index: int) -> None:
        self.refill_wanted.emit({"template": str(self._template.currentData() or "")})

    def _case_typed(self, text: str) -> None:
        self._records.forget(text)
        self.entered_value(case_number=text)

    def _case_left(self) -> None:
        if self._draft is not None:
            self._records.ask(self._case.text())

    def _repeat_typed(self, text: str) -> None:
        self.entered_value(repeat_reason=text)

    def _offence_chosen(self, code: str) -> None:
        self.entered_value(offence=code)

    def _time_entered(self) -> None:
        self.entered_value(occurred_at=self._when.value())

    def _place_picked(self, lat: float, lon: float) -> None:
        place = Point(lat=lat, lon=lon)
        street = self.context.ground.index.nearest_street(place)
        self._street.empty()
        self._say_of_place()
        self.entered_value(place=place, place_name=f"Near {street.name}" if street is not None else "")

    def _street_typed(self, text: str) -> None:
        """A street's whole name is taken while it is typed; everything else waits for Enter."""
        self._street.forget()
        self._say_of_place()
        street = self._streets.get(text.strip().casefold())
        if street is None or not street.points or self._loading:
            return
        self._take_place(street.points[len(street.points) // 2], f"Near {street.name}")

    def _place_asked(self, text: str) -> None:
        found = find_place(text, self.context.ground)
        if not isinstance(found, PlaceFound):
            self._say_of_place(trouble=found.words)
            self._street.forget()
            return
        self._say_of_place(note=found.note)
        self._take_place(found.place, found.name)

    def _take_place(self, place: Point, name: str) -> None:
        self.entered_value(place=place, place_name=name)
        if self._pane is not None:
            self._pane.fly_to(place.lat, place.lon, 16.0)
