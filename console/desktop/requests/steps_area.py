"""The third page: where neighbours are asked. What is drawn snaps to whole blocks, and the snapped area is shown."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QLineEdit, QPushButton, QSpinBox, QVBoxLayout, QWidget

from console.desktop.geojson import collection, feature
from console.desktop.map.drawn import as_drawing, as_shape
from console.desktop.requests.area_parts import (
    WORDS_ALERT,
    AdjustPad,
    OfferBar,
    PasteRow,
    area_words,
    blocks_near,
    drawing_words,
    short_words,
)
from console.desktop.requests.step import Findings, Note, SideBySide, StepPage, field_label, show_place
from console.desktop.widgets import button, column, named, row, text_label
from console.domain import areas, fitting
from console.domain.areas import box_of
from console.domain.checks import sq_mi
from console.domain.findings import Field
from console.domain.places import Point
from console.domain.wizard_shapes import moved, resized
from console.domain.wizard_undo import Undo
from console.maps import messages

if TYPE_CHECKING:
    from collections.abc import Callable

    from console.desktop.context import Context
    from console.desktop.map.view import MapPane
    from console.domain.areas import Area, Drawing
    from console.domain.drafts import Draft

_TOOLS: tuple[tuple[messages.Tool, str], ...] = (
    ("circle", "Circle"),
    ("rectangle", "Rectangle"),
    ("polygon", "Polygon"),
    ("blocks", "Pick blocks"),
)
OFFER_AFTER_MS = 150
_ONE_ROW = 720
_FITS_FOR = frozenset({"area_missing", "area_nothing", "homes_too_few", "area_too_small"})
_ENLARGE_FOR = frozenset({"homes_too_few", "area_too_small"})


class AreaStep(StepPage):
    """A map with drawing tools, and ways to do it without drawing."""

    def __init__(self, context: Context, change: Callable[..., None]) -> None:
        super().__init__(context, change)
        self._pane: MapPane | None = None
        self._undo: Undo[tuple[Drawing | None, Area | None]] = Undo()
        self._is_drawing = False
        self._offered: Drawing | None = None
        self._offer_on_map: Drawing | None = None
        self._findings: Findings = ()
        self._offer_timer = QTimer(self)
        self._offer_timer.setSingleShot(True)
        self._offer_timer.setInterval(OFFER_AFTER_MS)
        self._offer_timer.timeout.connect(self._look_for_offer)
        layout = column(self, margins=0, spacing=0)
        top = QWidget()
        bar = column(top, margins=12, spacing=8)
        bar.setContentsMargins(24, 12, 24, 12)
        self._add_tools(bar)
        layout.addWidget(top)
        self._map = column(margins=0)
        layout.addLayout(self._map, 1)
        bottom = QWidget()
        below = column(bottom, margins=12, spacing=4)
        below.setContentsMargins(24, 12, 24, 12)
        self._readout = text_label("", "strong", name="wizard.readout")
        self._trouble = text_label("", "error", name="wizard.drawing_trouble")
        self._trouble.hide()
        self._note = Note(Field.AREA)
        self._offer = OfferBar(self._take_offer)
        self._anchor = QLineEdit()
        self._anchor.setMaxLength(500)
        named(self._anchor, "wizard.anchor_reason", "Reason for an area beside the incident")
        self._anchor.textChanged.connect(self._anchor_typed)
        self._anchor_label = field_label("Why beside the incident?", self._anchor)
        self._anchor_note = Note(Field.ANCHOR_REASON)
        shown = (self._readout, self._trouble, self._note, self._offer)
        for widget in (*shown, self._anchor_label, self._anchor, self._anchor_note):
            below.addWidget(widget)
        layout.addWidget(bottom)
        self.first_field = self._radius.lineEdit()
        for keys, act in (
            ("Ctrl+Z", self._take_back),
            ("Ctrl+Shift+Z", self._bring_back),
            ("Ctrl+Y", self._bring_back),
        ):
            QShortcut(QKeySequence(keys), self, act, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def _add_tools(self, bar: QVBoxLayout) -> None:
        self._tools: dict[messages.Tool, QPushButton] = {}
        for tool, words in _TOOLS:
            made = button(words, f"wizard.tool_{tool}", partial(self._use_tool, tool))
            made.setCheckable(True)
            made.setAccessibleName("Pick blocks one by one" if tool == "blocks" else f"Draw a {tool}")
            self._tools[tool] = made
        self._undo_button = button("Undo", "wizard.undo", self._take_back)
        self._undo_button.setToolTip("Ctrl+Z")
        self._redo_button = button("Redo", "wizard.redo", self._bring_back)
        self._redo_button.setToolTip("Ctrl+Shift+Z")
        self._adjust = AdjustPad()
        self._adjust.nudged.connect(self._nudge)
        self._adjust.sized.connect(self._resize)
        self._rows = (SideBySide(spacing=8, narrow=_ONE_ROW), SideBySide(spacing=8, narrow=_ONE_ROW))
        self._rows[0].addLayout(row(*self._tools.values()))
        self._rows[0].addLayout(row(self._undo_button, self._redo_button, self._adjust, None), 1)
        bar.addLayout(self._rows[0])
        self._radius = QSpinBox()
        self._radius.setRange(100, 1_000)
        self._radius.setSingleStep(20)
        self._radius.setValue(300)
        self._radius.setSuffix(" m")
        self._radius.lineEdit().setTextMargins(8, 0, 0, 0)  # a style sheet does not reach it
        named(self._radius, "wizard.radius", "Radius in metres")
        self._use_radius = button("Circle around the incident", "wizard.use_radius", self._circle_by_radius)
        self._fit = button("Use a fitting circle", "wizard.fit", self._fitting_circle, "primary")
        label = field_label("Radius", self._radius)
        self._rows[1].addLayout(row(label, self._radius, self._use_radius))
        self._rows[1].addLayout(row(self._fit, None), 1)
        bar.addLayout(self._rows[1])
        self._paste = PasteRow(self.context.ground, lambda: float(self._radius.value()))
        self._paste.taken.connect(self.take_by_hand)
        self._paste.refused.connect(self._say_trouble)
        bar.addWidget(self._paste)

    # -- the keyboard ------------------------------------------------------------------------------------

    def fields(self) -> tuple[QWidget, ...]:
        """Where Enter leads."""
        return (self._radius, self._use_radius, self._fit, self._paste.field, self._anchor)

    def stops(self) -> tuple[QWidget, ...]:
        """Where Tab stops."""
        first = (*self._tools.values(), self._undo_button, self._redo_button, self._adjust)
        second = (self._radius, self._use_radius, self._fit, self._paste.field, self._paste.use)
        pane = () if self._pane is None else (self._pane,)
        return (*first, *second, *pane, self._offer.take, self._anchor)

    def field_of(self, field: Field) -> QWidget | None:
        """Where a field is entered."""
        if field is Field.ANCHOR_REASON:
            return self._anchor
        return self._fit if self._fit.isVisible() else self._radius

    def accept(self, focus: QWidget | None) -> bool:
        """Enter in the radius draws the circle, Enter in what was pasted takes it; then Enter goes on."""
        before = self._draft
        if focus is self._paste.field and self._paste.field.text().strip():
            self._paste.read()
            return True
        if focus is not None and (focus is self._radius or self._radius.isAncestorOf(focus)):
            self._circle_by_radius()
        return self._draft != before

    def escape(self) -> bool:
        """Esc ends a drawing that is under way."""
        if not self._is_drawing or self._draft is None:
            return False
        self._is_drawing = False
        self._hold(self._draft)
        self._show_on_map(self._draft)
        self._say_area(self._draft)
        return True

    # -- what the wizard asks ----------------------------------------------------------------------------

    def fill(self, draft: Draft) -> None:
        """Set the widgets."""
        self._undo.clear()
        self._is_drawing = False
        self._say_trouble("")
        self._paste.field.clear()
        self._anchor.setText(draft.anchor_reason)
        if isinstance(draft.drawing, areas.Circle):
            self._radius.setValue(round(draft.drawing.radius_m))
        if self._pane is not None:
            self._hold(draft)
            self._show_on_map(draft)
            self._look(draft)

    def _hold(self, draft: Draft | None) -> None:
        """Put the draft's shape on the map, to be moved and resized there; picked blocks have none."""
        if self._pane is None:
            return
        drawing = None if draft is None else draft.drawing
        if isinstance(drawing, areas.Circle | areas.Polygon):
            self._pane.set_drawing(as_shape(drawing))
        else:
            self._pane.clear_drawing()

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
            self._hold(draft)
        if draft is not None:
            self._show_on_map(draft)
            self._look(draft)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, a row becomes two."""
        for part in self._rows:
            part.fit(self.width())
        super().resizeEvent(event)

    def retheme(self) -> None:
        """The theme changed."""
        if self._pane is not None:
            self._pane.set_theme(self.context.theme())

    def show_state(self, draft: Draft, findings: Findings, *, tried: bool) -> None:
        """After each change."""
        before = self._draft
        super().show_state(draft, findings, tried=tried)
        self._findings = findings
        has_area = draft.area is not None and not draft.area.is_empty
        self._say_area(draft)
        self._use_radius.setEnabled(draft.place is not None)
        self._fit.setVisible(draft.place is not None and any(f.code in _FITS_FOR for f in findings))
        self._undo_button.setEnabled(self._undo.can_undo)
        self._redo_button.setEnabled(self._undo.can_redo)
        self._adjust.setEnabled(isinstance(draft.drawing, areas.Circle | areas.Polygon))
        self._note.show_findings(findings, tried=tried or has_area)
        asked = bool(draft.anchor_reason) or any(f.field is Field.ANCHOR_REASON for f in findings)
        for widget in (self._anchor, self._anchor_label):
            widget.setVisible(asked)
        self._anchor_note.show_findings(findings, tried=True)
        if before is None or (before.area, before.place) != (draft.area, draft.place):
            self._show_on_map(draft)
        self._offer_timer.start()

    def _known_area(self, draft: Draft) -> Area | None:
        area = draft.area
        return None if area is None or area.is_empty or self.context.ground.unknown(area) else area

    def _say_area(self, draft: Draft) -> None:
        area = self._known_area(draft)
        self._readout.setText("No area yet" if area is None else area_words(area, self.context.ground))

    def _say_trouble(self, words: str) -> None:
        self._trouble.setText(words)
        self._trouble.setVisible(bool(words))

    def _show_on_map(self, draft: Draft) -> None:
        if self._pane is None:
            return
        show_place(self._pane, draft.place)
        area = self._known_area(draft)
        if area is None:
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
        area = self._known_area(draft)
        if area is not None and area.blocks:
            self._pane.fit(box_of(self.context.ground.shape(area)))
        elif draft.place is not None:
            self._pane.fly_to(draft.place.lat, draft.place.lon, 15.0)

    # -- what is offered ---------------------------------------------------------------------------------

    def _look_for_offer(self) -> None:
        """After a moment's rest: the smallest enlargement that passes, drawn on the map."""
        draft, limits, ground = self._draft, self.context.agency.limits, self.context.ground
        area = None if draft is None else self._known_area(draft)
        self._offered = None
        if draft is None or area is None or not any(f.code in _ENLARGE_FOR for f in self._findings):
            self._offer.hide()
        else:
            self._offered = fitting.enlarged(ground, draft.drawing, area, limits, draft.place)
            if self._offered is None:
                self._offer.show_none(sq_mi(limits.area_max_m2), str(limits.homes_min))
            else:
                self._offer.show_offer(short_words(ground.snap(self._offered), ground))
        if self._pane is not None and self._offered != self._offer_on_map:
            self._offer_on_map = self._offered
            if self._offered is None:
                self._pane.clear_layer("offer")
            else:
                geometry = ground.geometry(ground.snap(self._offered))
                self._pane.set_layer("offer", collection([feature("offer", geometry)]))

    def _take_offer(self) -> None:
        if self._offered is not None:
            self.take_by_hand(self._offered)

    def take_by_hand(self, drawing: Drawing) -> None:
        """Take an area that was not drawn with the pointer, and look at it."""
        self._take(drawing)
        self._hold(self._draft)
        if self._draft is not None:
            self._look(self._draft)
        if self.isVisible() and self._adjust.isEnabled():
            self._adjust.setFocus(Qt.FocusReason.OtherFocusReason)  # what was pressed may be gone now

    # -- what the officer does ---------------------------------------------------------------------------

    def _use_tool(self, tool: messages.Tool, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - Qt's signature
        for name, made in self._tools.items():
            made.setChecked(name == tool)
        if self._pane is not None:
            self._pane.clear_drawing()  # the tool draws afresh; the area stays until something is drawn
            self._pane.set_tool(tool)
            if tool == "blocks":
                self._pane.set_layer("blocks", collection(blocks_near(self.context.ground, self._middle())))
            self._pane.show_layer("blocks", tool == "blocks")

    def _middle(self) -> Point:
        """The incident's place, or the station where none was entered."""
        draft = self._draft
        return draft.place if draft is not None and draft.place is not None else self.context.agency.station

    def _picked(self, layer: str, block_id: str) -> None:
        """Take a block in, or out again."""
        if layer != "blocks" or self._draft is None or not self.context.ground.knows_block(block_id):
            return
        area = self._known_area(self._draft)
        known = set(area.blocks) if area is not None else set()
        self._enter(areas.Picked(tuple(sorted(known ^ {block_id}))))

    def _drawn(self, geometry: object, final: bool) -> None:  # noqa: FBT001 - the map's signal
        if not isinstance(geometry, messages.Circle | messages.Polygon):
            return
        drawing = as_drawing(geometry)
        self._is_drawing = not final
        if final:
            self._take(drawing)
        elif not drawing_words(drawing):
            self._preview(drawing)

    def _preview(self, drawing: areas.Circle | areas.Polygon) -> None:
        """While it is drawn: the blocks and the figures, without touching the draft."""
        ground = self.context.ground
        area = ground.snap(drawing)
        if self._pane is None or area.is_empty:
            return
        self._readout.setText(area_words(area, ground))
        self._paint(self._pane, area)

    def _take(self, drawing: Drawing) -> None:
        trouble = drawing_words(drawing)
        self._say_trouble(trouble)
        if trouble or self._draft is None:
            if self._pane is not None:
                self._pane.clear_drawing()
            return
        if isinstance(drawing, areas.Circle):
            self._radius.setValue(round(drawing.radius_m))
        self._enter(drawing)

    def _enter(self, drawing: Drawing) -> None:
        draft = self._draft
        if draft is None or drawing == draft.drawing:
            return
        self._undo.changed_from((draft.drawing, draft.area))
        self.entered_value(drawing=drawing, area=self.context.ground.snap(drawing))

    def _take_back(self) -> None:
        if self._draft is not None and self._undo.can_undo:
            self._restore(*self._undo.undo((self._draft.drawing, self._draft.area)))

    def _bring_back(self) -> None:
        if self._draft is not None and self._undo.can_redo:
            self._restore(*self._undo.redo((self._draft.drawing, self._draft.area)))

    def _restore(self, drawing: Drawing | None, area: Area | None) -> None:
        self._say_trouble("")
        self.entered_value(drawing=drawing, area=area)
        self._hold(self._draft)

    def _nudge(self, north_m: float, east_m: float) -> None:
        self._adjusted(moved(self._draft.drawing, north_m, east_m) if self._draft is not None else None)

    def _resize(self, by_m: float) -> None:
        self._adjusted(resized(self._draft.drawing, by_m) if self._draft is not None else None)

    def _adjusted(self, drawing: Drawing | None) -> None:
        if drawing is not None:
            self._take(drawing)
            self._hold(self._draft)

    def _circle_by_radius(self) -> None:
        if self._draft is not None and self._draft.place is not None:
            self.take_by_hand(areas.Circle(self._draft.place, float(self._radius.value())))

    def _fitting_circle(self) -> None:
        draft, limits = self._draft, self.context.agency.limits
        if draft is None or draft.place is None:
            return
        circle = fitting.fitted_circle(self.context.ground, draft.place, limits)
        if circle is None:
            words = WORDS_ALERT.format(limit=sq_mi(limits.area_max_m2), homes=limits.homes_min)
            self._say_trouble(f"\u2715 {words}")
            return
        self.take_by_hand(circle)

    def _anchor_typed(self, text: str) -> None:
        self.entered_value(anchor_reason=text)
