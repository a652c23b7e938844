"""The request that is read: map, facts, meter, findings, what was asked before, what changed, words, history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import shapely.geometry
from PySide6.QtCore import QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from console.desktop.geojson import collection, feature
from console.desktop.review.changes import ChangesView
from console.desktop.review.earlier import EarlierView, Met, met_before
from console.desktop.review.history_view import HistoryView
from console.desktop.review.rights import first_approver
from console.desktop.review.sections import STATE_TONES, FindingsView, Grid, fact_rows, meter_rows
from console.desktop.review.waiting import title_of
from console.desktop.widgets import card, chip, column, line, scrolling, text_label
from console.domain import meter, wording
from console.domain.overview import SHOWN_STATES, Shown
from console.domain.requests import Action, State

if TYPE_CHECKING:
    from console.desktop.context import Context
    from console.desktop.review.claims import ClaimBar
    from console.domain.requests import Request

TWO_COLUMNS_FROM = 920
_MARGIN_DEG = 0.0015
_PAD = 16


def _map_state(request: Request) -> str:
    """The map knows three; what is on no map (withdrawn, rejected) is drawn as ended here."""
    return SHOWN_STATES.get(request.state, Shown.CLOSED).value


class Reading(QWidget):
    """Shows one request. In a wide window map and facts stand at the left, words and history at the right."""

    def __init__(self, context: Context, bar: ClaimBar) -> None:
        super().__init__()
        self._context = context
        self._request: Request | None = None
        self._shown: tuple[object, ...] = ()
        self._mapped: tuple[str, int] | None = None
        self._is_wide: bool | None = None
        outer = column(self, margins=0, spacing=0)
        outer.addWidget(self._make_head(bar))
        outer.addWidget(line())
        self._pane = context.new_pane("Request")
        if hasattr(self._pane, "picked"):
            self._pane.picked.connect(self._map_picked)
        self._legend = text_label("", "small", name="review.legend")
        self._legend.setContentsMargins(_PAD, 4, _PAD, 4)
        self._make_sections()
        self._left = QWidget()
        left = column(self._left, margins=0, spacing=0)
        left.addWidget(self._pane, 1)
        left.addWidget(self._legend)
        left.addWidget(line())
        self._left_scroll, self._left_sections = _scroll()
        left.addWidget(self._left_scroll, 1)
        self._right_scroll, self._right_sections = _scroll()
        self._columns = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._columns.setSpacing(0)
        self._columns.addWidget(self._left)
        self._columns.addWidget(self._right_scroll, 1)
        outer.addLayout(self._columns, 1)
        self._refit = QTimer(self)
        self._refit.setSingleShot(True)
        self._refit.setInterval(0)
        self._refit.timeout.connect(self._fit_facts)
        self._arrange(is_wide=False)

    def _make_head(self, bar: ClaimBar) -> QWidget:
        head = QWidget()
        layout = column(head)
        self._title = text_label("", "section", name="review.title")
        self._chip = chip("", "waiting")
        top = QHBoxLayout()
        top.addWidget(self._title, 1)
        top.addWidget(self._chip)
        layout.addLayout(top)
        self._by = text_label("", "help", name="review.by")
        layout.addWidget(self._by)
        layout.addWidget(bar)
        return head

    def _make_sections(self) -> None:
        context = self._context
        self._facts = Grid("", "review.facts")
        self._meter = Grid("What it would ask of the neighborhood", "review.meter")
        self._findings = FindingsView()
        self._earlier = EarlierView(context)
        self._earlier.opened.connect(context.open_request)
        self._earlier.pointed.connect(self._point)
        self._changes = ChangesView(context)
        self._history = HistoryView(context)
        self._words = QWidget()
        words = column(self._words, margins=0)
        words.addWidget(text_label("What neighbors will read", "section"))
        frame, inner = card()
        self._read_title = text_label("", "strong", name="review.read_title")
        self._read_text = text_label("", name="review.read_text")
        self._read_contact = text_label("", "small")
        for widget in (self._read_title, self._read_text, self._read_contact):
            inner.addWidget(widget)
        words.addWidget(frame)
        self._reasons = text_label("", "help", name="review.reasons")
        words.addWidget(self._reasons)

    # What is shown

    def show_request(self, request: Request) -> None:
        """Show a request; what has not changed is left alone."""
        desk = self._context.desk
        met = met_before(request, desk.requests)
        gatherings = () if desk.profile is None else desk.profile.gatherings
        findings = () if desk.session is None or desk.profile is None else desk.findings(request.draft)
        read = meter.measure(request.draft, self._context.ground, gatherings, self._context.clock())
        is_other = self._request is None or self._request.id != request.id
        self._request = request
        self._show_head(request)
        width = self._facts_width()
        self._facts.show_rows(fact_rows(self._context, request), width)
        self._meter.show_rows(meter_rows(read), width)
        shown = (request, met, findings, self._context.theme())
        if shown != self._shown:
            self._shown = shown
            self._findings.show_findings(findings)
            self._earlier.show_request(request, met)
            self._changes.show_request(request)
            self._show_words(request)
            self._history.show_request(request)
            self._show_map(request, met)
        if is_other:
            for area in (self._left_scroll, self._right_scroll):
                area.verticalScrollBar().setValue(0)
        self._refit.start()

    def _show_head(self, request: Request) -> None:
        returned = sum(1 for step in request.history if step.action == Action.RETURN)
        times = {0: "", 1: ", returned once"}.get(returned, f", returned {returned} times")
        first = f", approved first by {first_approver(request)}" if request.state is State.ENDORSED else ""
        self._title.setText(title_of(request))
        self._chip.setText(wording.STATES[request.state])
        self._chip.setProperty("tone", STATE_TONES.get(request.state, ""))
        self._chip.style().polish(self._chip)
        author = f"{request.author.title} {request.author.name}"
        self._by.setText(f"{request.number}, version {request.version}, by {author}{times}{first}")

    def _show_words(self, request: Request) -> None:
        draft = request.draft
        self._read_title.setText(draft.title)
        self._read_text.setText(draft.text)
        self._read_contact.setText(f"Contact: {draft.contact}")
        reasons = [("Why not at the incident", draft.anchor_reason), ("Why a second request", draft.repeat_reason)]
        self._reasons.setText("\n".join(f"{label}: {text}" for label, text in reasons if text))
        self._reasons.setVisible(bool(self._reasons.text()))

    def retheme(self) -> None:
        """Paint in the theme."""
        self._pane.set_theme(self._context.theme())
        self._earlier.paint_anew()
        if self._request is not None:
            self.show_request(self._request)

    # The map

    def _show_map(self, request: Request, met: tuple[Met, ...]) -> None:
        area = feature(str(request.id), request.outline, state=_map_state(request), title=title_of(request))
        self._pane.set_layer("area", collection([area]))
        outlines = [
            feature(
                m.id, m.request.outline, state=_map_state(m.request), title=f"{m.request.number}: {title_of(m.request)}"
            )
            for m in met
        ]
        self._pane.set_layer("requests", collection(outlines))
        place = request.draft.place
        points: list[dict[str, Any]] = []
        if place is not None:
            points = [feature("incident", {"type": "Point", "coordinates": [place.lon, place.lat]})]
        self._pane.set_layer("incident", collection(points))
        self._legend.setText(_legend(has_place=place is not None, met=met))
        mapped = (str(request.id), request.version)
        if mapped != self._mapped:
            self._mapped = mapped
            west, south, east, north = shapely.geometry.shape(request.outline).bounds
            self._pane.fit((south - _MARGIN_DEG, west - _MARGIN_DEG, north + _MARGIN_DEG, east + _MARGIN_DEG))

    def _map_picked(self, layer: str, feature_id: str) -> None:
        if layer == "requests":
            self._earlier.point_at(feature_id)

    def _point(self, request_id: str) -> None:
        self._pane.highlight("requests", request_id or None)

    # Room

    def resizeEvent(self, event: QResizeEvent) -> None:
        """One column or two; the map takes its share."""
        super().resizeEvent(event)
        self._arrange(is_wide=self.width() >= TWO_COLUMNS_FROM)
        self._refit.start()

    def _arrange(self, *, is_wide: bool) -> None:
        if is_wide:
            self._left.setFixedWidth(round(self.width() * 0.5))
            self._left.setMinimumHeight(0)
            self._left.setMaximumHeight(16_777_215)
        else:
            self._left.setMinimumWidth(0)
            self._left.setMaximumWidth(16_777_215)
            self._left.setFixedHeight(max(170, round(self.height() * 0.36)))
        if is_wide == self._is_wide:
            return
        self._is_wide = is_wide
        way = QBoxLayout.Direction
        self._columns.setDirection(way.LeftToRight if is_wide else way.TopToBottom)
        self._left_scroll.setVisible(is_wide)
        asked = (self._facts, self._meter, self._findings)
        told = (self._changes, self._words, self._earlier, self._history)
        for layout in (self._left_sections, self._right_sections):
            for section in (*asked, *told):
                layout.removeWidget(section)
        if is_wide:
            _fill(self._left_sections, asked)
            _fill(self._right_sections, told)
        else:
            in_turn = (self._facts, self._changes, self._words, self._meter, self._findings)
            _fill(self._right_sections, (*in_turn, self._earlier, self._history))

    def _facts_width(self) -> int:
        scroll = self._left_scroll if self._is_wide else self._right_scroll
        return scroll.viewport().width() - 2 * _PAD

    def _fit_facts(self) -> None:
        for grid in (self._facts, self._meter):
            grid.refit(self._facts_width())


def _legend(*, has_place: bool, met: tuple[Met, ...]) -> str:
    states = {_map_state(m.request) for m in met}
    words = {"pending": "dashed: waits", "published": "thick line: published", "closed": "thin gray line: ended"}
    kinds = ", ".join(words[state] for state in words if state in states)
    parts = (
        "Blue area: this request",
        "dot: the incident" if has_place else "",
        f"outlines: asked before ({kinds})" if met else "",
    )
    return " · ".join(part for part in parts if part)


def _scroll() -> tuple[QScrollArea, QVBoxLayout]:
    inside = QWidget()
    layout = column(inside, margins=_PAD, spacing=16)
    layout.addStretch(1)
    return scrolling(inside), layout


def _fill(layout: QVBoxLayout, sections: tuple[QWidget, ...]) -> None:
    for n, section in enumerate(sections):
        layout.insertWidget(n, section)
