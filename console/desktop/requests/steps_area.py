"""The third page: where neighbours are asked. What is drawn snaps to whole blocks, and the snapped area is shown."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import h3
from PySide6.QtWidgets import QLineEdit, QPushButton, QSpinBox, QWidget

from console.desktop.geojson import collection, feature
from console.desktop.requests.step import Findings, Note, StepPage, field_label, show_place
from console.desktop.widgets import button, column, named, row, text_label
from console.domain import areas
from console.domain.areas import homes_band
from console.domain.checks import sq_mi
from console.domain.findings import Field
from console.domain.places import Point, distance_m, radius_of_same_circle_m
from console.maps import messages

if TYPE_CHECKING:
    from collections.abc import Callable

    from console.desktop.context import Context
    from console.desktop.map.view import MapPane
    from console.domain.areas import Area, Drawing, Ground
    from console.domain.drafts import Draft

_TOOLS: tuple[tuple[messages.Tool, str], ...] = (
    ("circle", "\u25ef Circle"),
    ("rectangle", "\u25ad Rectangle"),
    ("polygon", "\u2b20 Polygon"),
    ("blocks", "\u2b21 Pick blocks"),
)
_PICK_WITHIN_M = 1_500.0
_WIDEST_M = 3_000.0
_FITS_FOR = frozenset({"area_missing", "homes_too_few", "area_too_small"})
WORDS_CROSSED = "\u2715 The line crosses itself or holds no area. Draw it again."
WORDS_NO_CIRCLE = "\u2715 No circle here holds enough homes within the limit. Draw towards where people live."
WORDS_FAR_TOO_LARGE = "\u2715 This is far larger than may be asked. Draw a smaller area."


def area_words(area: Area, ground: Ground) -> str:
    """An area's size, homes as a band: "0.11 sq mi · like a circle of 301 m · 19 blocks · 150 to 300 homes"."""
    size_m2 = ground.area_m2(area)
    parts = (
        f"{sq_mi(size_m2)} sq mi",
        f"like a circle of {radius_of_same_circle_m(size_m2):.0f} m",
        f"{len(area.blocks)} blocks",
        homes_band(ground.homes(area)),
    )
    return " \u00b7 ".join(parts)


class AreaStep(StepPage):
    """A map with drawing tools, and ways to do it without drawing."""

    def __init__(self, context: Context, change: Callable[..., None]) -> None:
        super().__init__(context, change)
        self._pane: MapPane | None = None
        self._undo: list[tuple[Drawing | None, Area | None]] = []
        layout = column(self, margins=0, spacing=0)
        top = QWidget()
        bar = column(top, margins=12, spacing=8)
        bar.setContentsMargins(24, 12, 24, 12)
        self._tools: dict[messages.Tool, QPushButton] = {}
        for tool, words in _TOOLS:
            made = button(words, f"wizard.tool_{tool}", partial(self._use_tool, tool))
            made.setCheckable(True)
            made.setAccessibleName("Pick blocks one by one" if tool == "blocks" else f"Draw a {tool}")
            self._tools[tool] = made
        self._undo_button = button("\u21b6 Undo", "wizard.undo", self._take_back)
        bar.addLayout(row(*self._tools.values(), self._undo_button, None))
        self._radius = QSpinBox()
        self._radius.setRange(100, 1_000)
        self._radius.setSingleStep(20)
        self._radius.setValue(300)
        self._radius.setSuffix(" m")
        self._radius.lineEdit().setTextMargins(8, 0, 0, 0)  # a style sheet does not reach it
        named(self._radius, "wizard.radius", "Radius in metres")
        self._use_radius = button("Circle around the incident", "wizard.use_radius", self._circle_by_radius)
        self._fit = button("Use a fitting circle", "wizard.fit", self._fitting_circle, "primary")
        bar.addLayout(row(field_label("Radius", self._radius), self._radius, self._use_radius, None))
        bar.addLayout(row(self._fit, None))
        layout.addWidget(top)
        self._map = column(margins=0)
        layout.addLayout(self._map, 1)
        bottom = QWidget()
        below = column(bottom, margins=12, spacing=4)
        below.setContentsMargins(24, 12, 24, 12)
        self._readout = text_label("", "strong", name="wizard.readout")
        self._trouble = text_label("", "error", name="wizard.drawing_trouble")
        self._note = Note(Field.AREA)
        self._anchor = QLineEdit()
        self._anchor.setMaxLength(500)
        named(self._anchor, "wizard.anchor_reason", "Reason for an area beside the incident")
        self._anchor.textChanged.connect(self._anchor_typed)
        self._anchor_label = field_label("Why beside the incident?", self._anchor)
        self._anchor_note = Note(Field.ANCHOR_REASON)
        for widget in (self._readout, self._trouble, self._note, self._anchor_label, self._anchor, self._anchor_note):
            below.addWidget(widget)
        layout.addWidget(bottom)

    # -- what the wizard asks ----------------------------------------------------------------------------

    def fill(self, draft: Draft) -> None:
        """Set the widgets."""
        self._undo.clear()
        self._trouble.hide()
        self._anchor.setText(draft.anchor_reason)
        if isinstance(draft.drawing, areas.Circle):
            self._radius.setValue(round(draft.drawing.radius_m))
        if self._pane is not None:
            self._pane.clear_drawing()
            self._show_on_map(draft)
            self._look(draft)

    def shown(self) -> None:
        """Make the map when it is first seen."""
        draft = self._draft
        if self._pane is None:
            self._pane = self.context.new_pane("Area")
            self._pane.setMinimumHeight(220)
            self._pane.drawing.connect(self._drawn)
            self._pane.picked.connect(self._picked)
            self._map.addWidget(self._pane)
            self._use_tool("circle")
        if draft is not None:
            self._show_on_map(draft)
            self._look(draft)

    def retheme(self) -> None:
        """The theme changed."""
        if self._pane is not None:
            self._pane.set_theme(self.context.theme())

    def show_state(self, draft: Draft, findings: Findings, *, tried: bool) -> None:
        """After each change."""
        before = self._draft
        super().show_state(draft, findings, tried=tried)
        has_area = draft.area is not None and bool(draft.area.blocks or draft.area.open_cells)
        known = has_area and draft.area is not None and not self.context.ground.unknown(draft.area)
        words = area_words(draft.area, self.context.ground) if known and draft.area is not None else "No area yet"
        self._readout.setText(words)
        self._use_radius.setEnabled(draft.place is not None)
        self._fit.setVisible(draft.place is not None and any(f.code in _FITS_FOR for f in findings))
        self._undo_button.setEnabled(bool(self._undo))
        self._note.show_findings(findings, tried=tried or has_area)
        asked = bool(draft.anchor_reason) or any(f.field is Field.ANCHOR_REASON for f in findings)
        for widget in (self._anchor, self._anchor_label):
            widget.setVisible(asked)
        self._anchor_note.show_findings(findings, tried=True)
        if before is None or (before.area, before.place) != (draft.area, draft.place):
            self._show_on_map(draft)

    def _show_on_map(self, draft: Draft) -> None:
        if self._pane is None:
            return
        show_place(self._pane, draft.place)
        ground, area = self.context.ground, draft.area
        if area is None or not (area.blocks or area.open_cells) or ground.unknown(area):
            self._pane.clear_layer("area")
            self._pane.set_readout("")
            return
        self._paint(self._pane, area)

    def _paint(self, pane: MapPane, area: Area) -> None:
        pane.set_layer("area", collection([feature("area", self.context.ground.geometry(area))]))
        pane.set_readout(area_words(area, self.context.ground))

    def _look(self, draft: Draft) -> None:
        if self._pane is None:
            return
        if draft.area is not None and draft.area.blocks and not self.context.ground.unknown(draft.area):
            west, south, east, north = self.context.ground.shape(draft.area).bounds
            self._pane.fit((south, west, north, east))
        elif draft.place is not None:
            self._pane.fly_to(draft.place.lat, draft.place.lon, 15.0)

    # -- what the officer does ---------------------------------------------------------------------------

    def _use_tool(self, tool: messages.Tool, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - Qt's signature
        for name, made in self._tools.items():
            made.setChecked(name == tool)
        if self._pane is not None:
            self._pane.set_tool(tool)
            if tool == "blocks":
                self._pane.clear_drawing()
                self._pane.set_layer("blocks", collection(self._blocks_near()))
            self._pane.show_layer("blocks", tool == "blocks")

    def _blocks_near(self) -> list[dict[str, Any]]:
        """The blocks around the incident, or around the station where no place was entered."""
        draft, ground = self._draft, self.context.ground
        middle = draft.place if draft is not None and draft.place is not None else self.context.agency.station
        return [
            feature(block.id, ground.block_geometry(block.id))
            for block in ground.index.atlas.blocks
            if distance_m(middle, _point(*h3.cell_to_latlng(block.id))) <= _PICK_WITHIN_M
        ]

    def _picked(self, layer: str, block_id: str) -> None:
        """Take a block in, or out again."""
        if layer != "blocks" or self._draft is None or not self.context.ground.knows_block(block_id):
            return
        area = self._draft.area
        known = set(area.blocks) if area is not None and not self.context.ground.unknown(area) else set()
        self._undo.append((self._draft.drawing, area))
        drawing = areas.Picked(tuple(sorted(known ^ {block_id})))
        self.entered_value(drawing=drawing, area=self.context.ground.snap(drawing))

    def _drawn(self, geometry: object, final: bool) -> None:  # noqa: FBT001 - the map's signal
        drawing: areas.Circle | areas.Polygon
        if isinstance(geometry, messages.Circle):
            drawing = areas.Circle(Point(lat=geometry.lat, lon=geometry.lon), geometry.radius_m)
        elif isinstance(geometry, messages.Polygon):
            drawing = areas.Polygon(geometry.ring)
        else:
            return
        if final:
            self._take(drawing)
        elif not _trouble(drawing):
            self._preview(drawing)

    def _preview(self, drawing: areas.Circle | areas.Polygon) -> None:
        """While it is drawn: the blocks and the figures, without touching the draft."""
        ground = self.context.ground
        area = ground.snap(drawing)
        if self._pane is None or not (area.blocks or area.open_cells):
            return
        self._readout.setText(area_words(area, ground))
        self._paint(self._pane, area)

    def _take(self, drawing: areas.Circle | areas.Polygon) -> None:
        trouble = _trouble(drawing)
        self._trouble.setText(trouble)
        self._trouble.setVisible(bool(trouble))
        if trouble or self._draft is None:
            if self._pane is not None:
                self._pane.clear_drawing()
            return
        self._undo.append((self._draft.drawing, self._draft.area))
        if isinstance(drawing, areas.Circle):
            self._radius.setValue(round(drawing.radius_m))
        self.entered_value(drawing=drawing, area=self.context.ground.snap(drawing))

    def _take_back(self) -> None:
        if self._undo:
            drawing, area = self._undo.pop()
            if self._pane is not None:
                self._pane.clear_drawing()
            self.entered_value(drawing=drawing, area=area)

    def _circle_by_radius(self) -> None:
        if self._draft is not None and self._draft.place is not None:
            self._by_hand(areas.Circle(self._draft.place, float(self._radius.value())))

    def _fitting_circle(self) -> None:
        draft, limits = self._draft, self.context.agency.limits
        if draft is None or draft.place is None:
            return
        ground = self.context.ground
        circle = ground.fitted_circle(draft.place, limits.homes_min, limits.area_min_m2, limits.area_max_m2)
        if circle is None:
            self._trouble.setText(WORDS_NO_CIRCLE)
            self._trouble.show()
            return
        self._by_hand(circle)

    def _by_hand(self, circle: areas.Circle) -> None:
        if self._pane is not None:
            self._pane.clear_drawing()
        self._take(circle)
        if self._draft is not None:
            self._look(self._draft)

    def _anchor_typed(self, text: str) -> None:
        self.entered_value(anchor_reason=text)


def _trouble(drawing: areas.Circle | areas.Polygon) -> str:
    """Why a drawing is not measured at all; empty where it is."""
    if isinstance(drawing, areas.Circle):
        return WORDS_FAR_TOO_LARGE if drawing.radius_m > _WIDEST_M else ""
    shape = areas.outline(drawing)
    if shape is None:
        return WORDS_CROSSED
    west, south, east, north = shape.bounds
    across_m = distance_m(_point(south, west), _point(north, east))
    return WORDS_FAR_TOO_LARGE if across_m > 2 * _WIDEST_M else ""


def _point(lat: float, lon: float) -> Point:
    return Point(lat=lat, lon=lon)
