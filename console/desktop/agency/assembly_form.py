"""The form of one assembly: its name, its place as people say it, when, and how far around."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCompleter, QLineEdit, QWidget

from console.client.calendars import NAME_LENGTH_MAX, USUAL_LENGTH, Places, clean
from console.desktop.agency.keeping import add_field, beside, figure
from console.desktop.requests.timefield import TimeField, rounded
from console.desktop.widgets import button, column, named, row, text_label
from console.domain.assemblies import AROUND_M, Gathering, GatheringId

if TYPE_CHECKING:
    from collections.abc import Callable

    from console.desktop.context import Context
    from console.domain.places import Point

_AROUND_MAX_M = 5_000


class AssemblyForm(QWidget):
    """Enter an assembly by hand, or change one."""

    wanted = Signal(object)
    """A Gathering to keep."""

    def __init__(self, context: Context, places: Places, mint: Callable[[], str] = lambda: uuid.uuid4().hex) -> None:
        super().__init__()
        self._context, self._places, self._mint = context, places, mint
        self._ident = GatheringId(mint())
        self._known_place: tuple[str, tuple[Point, ...]] = ("", ())
        layout = column(self, margins=0)
        self._heading = text_label("Add an assembly", "section")
        layout.addWidget(self._heading)
        self._name = QLineEdit()
        self._name.setMaxLength(NAME_LENGTH_MAX)
        self._name.setPlaceholderText("As its permit or its flyer names it")
        named(self._name, "agency.assembly_name", "Name")
        self._name.textChanged.connect(self._judge)
        add_field(layout, "Name", self._name)
        self._place = QLineEdit()
        self._place.setMaxLength(300)
        self._place.setPlaceholderText("State & Madison, W 18th St, or 41.88, -87.63")
        named(self._place, "agency.assembly_place", "Place")
        completer = QCompleter(sorted({s.name for s in context.ground.index.atlas.streets}), self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self._place.setCompleter(completer)
        self._place.textChanged.connect(self._judge)
        self._found = text_label("", "help", name="agency.assembly_found")
        add_field(layout, "Place", self._place, self._found)
        zone = context.zone()
        self._begins = TimeField("agency.assembly_begins", "Begins", zone)
        self._ends = TimeField("agency.assembly_ends", "Ends", zone)
        self._begins.entered.connect(self._judge)
        self._ends.entered.connect(self._judge)
        layout.addLayout(beside("Begins", self._begins))
        layout.addLayout(beside("Ends", self._ends))
        self._around = figure("agency.assembly_around", "Meters around the place", _AROUND_MAX_M, " m", 50)
        layout.addLayout(beside("Around", self._around))
        self._trouble = text_label("", "help", name="agency.assembly_trouble")
        layout.addWidget(self._trouble)
        self._save = button("Save assembly", "agency.assembly_save", self._want, "primary")
        self._leave = button("Stop changing it", "agency.assembly_leave", self.begin_new, "plain")
        layout.addLayout(row(self._save, self._leave, None))
        self.begin_new()

    def begin_new(self) -> None:
        """An empty form."""
        self._ident = GatheringId(self._mint())
        self._known_place = ("", ())
        self._heading.setText("Add an assembly")
        self._leave.hide()
        self._name.clear()
        self._place.clear()
        tomorrow = self._context.clock().astimezone(self._context.zone()) + timedelta(days=1)
        begins = tomorrow.replace(hour=12, minute=0, second=0, microsecond=0)
        self._begins.show_time(begins)
        self._ends.show_time(begins + USUAL_LENGTH)
        self._around.setValue(round(AROUND_M))
        self._judge()

    def change(self, gathering: Gathering, place: str) -> None:
        """Put a known assembly into the form; saving replaces it."""
        self._ident = gathering.id
        self._known_place = (place, gathering.points)
        self._heading.setText("Change an assembly")
        self._leave.show()
        self._name.setText(gathering.name)
        self._place.setText(place)
        self._begins.show_time(rounded(gathering.begins))
        self._ends.show_time(rounded(gathering.ends))
        self._around.setValue(round(gathering.around_m))
        self._judge()
        self._name.setFocus()

    def saved(self, gathering: Gathering) -> None:
        """The service has it: begin anew, unless something else was typed meanwhile."""
        if self._entered() == gathering:
            self.begin_new()

    def focus_first(self) -> None:
        """Type the name."""
        self._name.setFocus()

    def _points(self) -> tuple[Point, ...]:
        text = self._place.text().strip()
        if text and text == self._known_place[0]:
            return self._known_place[1]
        found = self._places.find(text) if text else None
        return () if found is None else found.points

    def _entered(self) -> Gathering | None:
        name, points = clean(self._name.text())[0], self._points()
        begins, ends = self._begins.value(), self._ends.value()
        around_m = float(self._around.value())
        if not name or not points or begins is None or ends is None or ends <= begins:
            return None
        if self._places.is_outside(points, around_m):
            return None
        return Gathering(self._ident, name, points, begins, ends, around_m)

    def _judge(self) -> None:
        text = self._place.text().strip()
        self._show_found(text)
        begins, ends, now = self._begins.value(), self._ends.value(), self._context.clock()
        name = clean(self._name.text())[0]
        if not name and not text:
            said = ""
        elif not name:
            said = "Give it a name to save it."
        elif not text:
            said = "Say where it is to save it."
        elif not self._points() or begins is None or ends is None:
            said = "Mend what is said above to save it."
        elif ends <= begins:
            said = "\u2715 It ends before it begins. Mend one of the two times."
        elif self._places.is_outside(self._points(), float(self._around.value())):
            said = "\u2715 This place is outside your jurisdiction. West of Greenwich a longitude is negative."
        elif ends <= now:
            said = "\u24d8 It is over. It is still kept, for requests about that time."
        else:
            said = ""
        self._trouble.setText(said)
        self._trouble.setVisible(bool(said))
        self._save.setEnabled(self._entered() is not None)

    def _show_found(self, text: str) -> None:
        if not text:
            said = "A crossing, a street (all of it), or coordinates."
        elif text == self._known_place[0]:
            said = "As it is on the calendar now."
        else:
            found = self._places.find(text)
            said = (
                "\u2715 No such place on this map. Write a crossing as State & Madison, or coordinates."
                if found is None
                else f"\u2713 {found.name[:1].upper()}{found.name[1:]}"
            )
        self._found.setText(said)

    def _want(self) -> None:
        entered = self._entered()
        if entered is not None:
            self.wanted.emit(entered)
