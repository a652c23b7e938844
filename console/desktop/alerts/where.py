"""Where an alert is about: a place, a drawn area or the whole city, on the map or typed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCompleter, QLineEdit, QWidget

from console.client.calendars import Places
from console.desktop.geojson import collection, feature
from console.desktop.map.drawn import as_drawing, as_shape
from console.desktop.requests.step import show_place
from console.desktop.widgets import button, column, named, row, text_label
from console.domain.alert_checks import alert_shape, check_alert
from console.domain.alerts import AlertDraft, Everywhere, Spot
from console.domain.areas import Circle, Polygon, box_of
from console.domain.places import Point
from console.maps import messages

if TYPE_CHECKING:
    from console.desktop.context import Context
    from console.desktop.map.view import MapPane
    from console.domain.alerts import Where

_TOOLS: tuple[tuple[messages.Tool, str], ...] = (("place", "Place"), ("circle", "Circle"), ("polygon", "Area"))
_BAD_WHERE = frozenset({"alert_where_missing", "alert_outside", "alert_shape"})
WORDS = {
    "none": "No place yet. Click the map, draw an area, type a place, or choose the whole city.",
    "spot": "A place. Neighbors see its block, not the point.",
    "drawn": "A drawn area.",
    "everywhere": "The whole city that your agency serves.",
}


class WhereField(QWidget):
    """The tools; the map is made on first sight and given to `map_made`. `chosen` carries a `Where`."""

    chosen = Signal(object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._where: Where | None = None
        self._places = Places(context.ground)
        self.pane: MapPane | None = None
        layout = column(self, margins=0, spacing=6)
        self._tools = {
            tool: button(words, f"alerts.tool_{tool}", partial(self.use_tool, tool)) for tool, words in _TOOLS
        }
        for made in self._tools.values():
            made.setCheckable(True)
        self.everywhere = button("Whole city", "alerts.everywhere", partial(self.chosen.emit, Everywhere()))
        layout.addLayout(row(*self._tools.values(), self.everywhere, None))
        self.typed = QLineEdit()
        self.typed.setMaxLength(200)
        self.typed.setPlaceholderText("Or type a crossing, a street or 41.88, -87.63")
        named(self.typed, "alerts.place_typed", "Place: a crossing, a street or coordinates")
        streets = sorted({street.name for street in context.ground.index.atlas.streets})
        completer = QCompleter(streets, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.typed.setCompleter(completer)
        self.typed.returnPressed.connect(self.take_typed)
        layout.addLayout(row(self.typed, button("Use", "alerts.place_use", self.take_typed)))
        self.said = text_label("", "help", name="alerts.where_said")
        layout.addWidget(self.said)

    def make_map(self) -> MapPane:
        """The map, made once; its owner puts it where there is room."""
        if self.pane is None:
            self.pane = self._context.new_pane("Alert")
            self.pane.place_picked.connect(self._picked)
            self.pane.drawing.connect(self._drawn)
            self.use_tool("place")
        return self.pane

    def show_where(self, draft: AlertDraft, *, fly: bool = False) -> None:
        """Show a draft's place on the map and in words."""
        self._where = where = draft.where
        kind = {Spot: "spot", Circle: "drawn", Polygon: "drawn", Everywhere: "everywhere"}
        self.said.setText(WORDS["none"] if where is None else WORDS[kind[type(where)]])
        pane = self.pane
        if pane is None:
            return
        show_place(pane, where.at if isinstance(where, Spot) else None)
        if fly and isinstance(where, Circle | Polygon):
            pane.set_drawing(as_shape(where))
        elif fly:
            pane.clear_drawing()
        ground, agency = self._context.ground, self._context.agency
        codes = {found.code for found in check_alert(draft, agency, ground, self._context.clock())}
        if where is None or isinstance(where, Everywhere) or codes & _BAD_WHERE:
            pane.clear_layer("area")
            return
        shape = alert_shape(where, ground)
        pane.set_layer("area", collection([feature("area", shape.__geo_interface__)]))
        if fly:
            pane.fit(box_of(shape))

    def use_tool(self, tool: messages.Tool) -> None:
        """What a click on the map does from now on."""
        for name, made in self._tools.items():
            made.setChecked(name == tool)
        if self.pane is not None:
            self.pane.clear_drawing()
            self.pane.set_tool(tool)

    def take_typed(self) -> None:
        """Take what is typed as the place."""
        text = self.typed.text().strip()
        found = self._places.find(text) if text else None
        if found is None:
            self.said.setText("No such place on this map. Write a crossing as State & Madison, or coordinates.")
            return
        self.chosen.emit(Spot(found.points[len(found.points) // 2]))

    def _picked(self, lat: float, lon: float) -> None:
        self.chosen.emit(Spot(Point(lat=lat, lon=lon)))

    def _drawn(self, geometry: object, final: bool) -> None:  # noqa: FBT001 - the map's signal
        if final and isinstance(geometry, messages.Circle | messages.Polygon):
            self.chosen.emit(as_drawing(geometry))
