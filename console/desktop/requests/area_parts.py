"""Parts of the area's page: its words, the control that moves a drawing by keys, the bar that offers an area."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import h3
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QPushButton, QWidget

from console.desktop.geojson import feature
from console.desktop.widgets import button, card, column, named, row, text_label
from console.domain import areas
from console.domain.areas import homes_band
from console.domain.checks import sq_mi
from console.domain.places import Point, distance_m, radius_of_same_circle_m
from console.domain.wizard_place import PlaceFound, find_place
from console.domain.wizard_shapes import TEXT_MAX, ShapeTrouble, looks_like_shape, read_shape

if TYPE_CHECKING:
    from collections.abc import Callable

    from console.domain.areas import Area, Drawing
    from console.domain.ground import Ground

STEP_M = 20.0
_WIDEST_M = 3_000.0
_PICK_WITHIN_M = 1_500.0
WORDS_CROSSED = "\u2715 The line crosses itself or holds no area. Draw it again."
WORDS_FAR_TOO_LARGE = "\u2715 This is far larger than may be asked. Draw a smaller area."
_FAR = 5
_WAYS = {
    Qt.Key.Key_Up: (1.0, 0.0),
    Qt.Key.Key_Down: (-1.0, 0.0),
    Qt.Key.Key_Left: (0.0, -1.0),
    Qt.Key.Key_Right: (0.0, 1.0),
}
_SIZES = {Qt.Key.Key_Plus: 1.0, Qt.Key.Key_Equal: 1.0, Qt.Key.Key_Minus: -1.0, Qt.Key.Key_Underscore: -1.0}
WORDS_ADJUST = "Arrow keys move the shape by 20 m, with Shift by 100 m; + and \u2212 change its size."
WORDS_ALERT = (
    "No area of up to {limit} sq mi here holds {homes} homes: a clip could be traced to a single home, so it cannot be "
    "asked for. Publish an alert instead: it asks everybody to look out, and nobody in particular."
)


class AdjustPad(QPushButton):
    """While it has the focus, arrow keys move the drawing and plus and minus change its size."""

    nudged = Signal(float, float)
    """Metres to the north and to the east."""
    sized = Signal(float)
    """Metres by which the radius grows."""

    def __init__(self) -> None:
        super().__init__("Adjust with keys")
        self.setAutoDefault(False)
        self.setProperty("testName", "wizard.adjust")
        self.setAccessibleName(f"Adjust the drawn area. {WORDS_ADJUST}")
        self.setToolTip(WORDS_ADJUST)
        self.clicked.connect(self.setFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys, plus and minus."""
        key, held = Qt.Key(event.key()), event.modifiers()
        if held & (Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ControlModifier):
            event.ignore()
        elif key in _WAYS:
            step_m = STEP_M * (_FAR if held & Qt.KeyboardModifier.ShiftModifier else 1)
            north, east = _WAYS[key]
            self.nudged.emit(north * step_m, east * step_m)
        elif key in _SIZES:
            self.sized.emit(_SIZES[key] * STEP_M)
        else:
            super().keyPressEvent(event)


class OfferBar(QWidget):
    """The smallest enlargement that passes, with a button that takes it; or why there is none."""

    def __init__(self, take: Callable[[], None]) -> None:
        super().__init__()
        frame, layout = card("notice")
        self._words = text_label("", name="wizard.offer")
        self.take = button("Take it", "wizard.take_offer", take)
        line = row(self._words, self.take)
        line.setStretch(0, 1)
        layout.addLayout(line)
        column(self, margins=0).addWidget(frame)
        self.hide()

    def show_offer(self, words: str) -> None:
        """Offer an area."""
        self._words.setText(f"The smallest enlargement that passes is dashed on the map: {words}")
        self.take.show()
        self.show()

    def show_none(self, limit: str, homes: str) -> None:
        """Say why nothing is offered, and what to do instead."""
        self._words.setText(WORDS_ALERT.format(limit=limit, homes=homes))
        self.take.hide()
        self.show()


class PasteRow(QWidget):
    """A shape that is pasted, or a place in words for a circle of the radius that is set."""

    taken = Signal(object)
    """A drawing."""
    refused = Signal(str)
    """Why there is none, with the way out."""

    def __init__(self, ground: Ground, radius_m: Callable[[], float]) -> None:
        super().__init__()
        self._ground = ground
        self._radius_m = radius_m
        self.field = QLineEdit()
        self.field.setMaxLength(TEXT_MAX)
        self.field.setPlaceholderText("Or paste corners, GeoJSON or WKT; or type a street or coordinates for a circle")
        named(self.field, "wizard.paste", "Paste a shape, or type a place for a circle of the radius above")
        self.use = button("Use it", "wizard.use_paste", self.read)
        outer = column(self, margins=0)
        outer.addLayout(row(self.field, self.use))

    def read(self) -> None:
        """Read what was pasted or typed."""
        text = self.field.text()
        if not text.strip():
            return
        if looks_like_shape(text):
            shape = read_shape(text, self._ground)
            if isinstance(shape, ShapeTrouble):
                self.refused.emit(f"\u2715 {shape.words}")
                return
            self.field.clear()
            self.taken.emit(shape)
            return
        found = find_place(text, self._ground)
        if isinstance(found, PlaceFound):
            self.field.clear()
            self.taken.emit(areas.Circle(found.place, self._radius_m()))
        else:
            self.refused.emit(f"\u2715 {found.words}")


def area_words(area: Area, ground: Ground) -> str:
    """An area's size, homes as a band: "0.11 sq mi · like a circle of 301 m · 19 blocks · 150 to 300 homes"."""
    size_m2 = ground.area_m2(area)
    blocks = len(area.blocks)
    parts = (
        f"{sq_mi(size_m2)} sq mi",
        f"like a circle of {radius_of_same_circle_m(size_m2):.0f} m",
        "1 block" if blocks == 1 else f"{blocks} blocks",
        homes_band(ground.homes(area)),
    )
    return " \u00b7 ".join(parts)


def short_words(area: Area, ground: Ground) -> str:
    """An area's size and homes, for an offer: "0.11 sq mi, 150 to 300 homes"."""
    return f"{sq_mi(ground.area_m2(area))} sq mi, {homes_band(ground.homes(area))}"


def drawing_words(drawing: Drawing) -> str:
    """Why a drawing is not measured at all; empty where it is."""
    if isinstance(drawing, areas.Picked):
        return ""
    if isinstance(drawing, areas.Circle):
        return WORDS_FAR_TOO_LARGE if drawing.radius_m > _WIDEST_M else ""
    shape = areas.outline(drawing)
    if shape is None:
        return WORDS_CROSSED
    west, south, east, north = shape.bounds
    across_m = distance_m(Point(lat=south, lon=west), Point(lat=north, lon=east))
    return WORDS_FAR_TOO_LARGE if across_m > 2 * _WIDEST_M else ""


def blocks_near(ground: Ground, middle: Point) -> list[dict[str, Any]]:
    """The blocks around a place that can be picked one by one, as features."""
    found = []
    for block in ground.index.atlas.blocks:
        lat, lon = h3.cell_to_latlng(block.id)
        if distance_m(middle, Point(lat=lat, lon=lon)) <= _PICK_WITHIN_M:
            found.append(feature(block.id, ground.block_geometry(block.id)))
    return found
