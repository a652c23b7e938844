"""What was asked before, in the same place or time or for the same case: lanes of time, and a list to open them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QListView, QWidget

from console.desktop.feed.delegate import Card, CardDelegate
from console.desktop.feed.model import THING_ROLE, RowsModel
from console.desktop.review.lanes import LANES_MAX, Lane, Lanes
from console.desktop.review.sections import STATE_TONES
from console.desktop.review.waiting import title_of
from console.desktop.widgets import column, keep_ages, named, text_label
from console.domain import history, wording
from console.domain.history import Overlap
from console.domain.requests import Request
from console.domain.times import span_words

if TYPE_CHECKING:
    from console.desktop.context import Context

_ROWS_SHOWN = 6
_ONE_LINE_FROM = 500


class Met(msgspec.Struct, frozen=True):
    """An earlier request and how it meets the one that is read."""

    request: Request
    overlap: Overlap

    @property
    def id(self) -> str:
        """The earlier request's id."""
        return str(self.request.id)


def met_before(request: Request, others: tuple[Request, ...]) -> tuple[Met, ...]:
    """The requests sent before this one that overlap it, the nearest in kind first."""
    earlier = {str(r.id): r for r in others if (r.submitted_at, r.id) < (request.submitted_at, request.id)}
    return tuple(Met(earlier[o.id], o) for o in history.overlaps(request, tuple(earlier.values())))


def overlap_words(overlap: Overlap) -> str:
    """How two requests meet: "Same case · 4 shared blocks · 2 h of shared time"."""
    blocks = f"{overlap.blocks} shared {'block' if overlap.blocks == 1 else 'blocks'}" if overlap.blocks else ""
    span = f"{span_words(overlap.span)} of shared time" if overlap.span else ""
    parts = ("same case" if overlap.same_case else "", blocks, span, "same author" if overlap.same_author else "")
    words = " · ".join(part for part in parts if part)
    return words[:1].upper() + words[1:]


def lanes_of(request: Request, met: tuple[Met, ...]) -> tuple[Lane, ...]:
    """The windows as lanes, this request's first; none where it has no window."""
    draft = request.draft
    if draft.begins is None or draft.ends is None:
        return ()
    lanes = [Lane(str(request.id), "This request", draft.begins, draft.ends, "accent")]
    for one in met:
        begins, ends = one.request.draft.begins, one.request.draft.ends
        if begins is not None and ends is not None:
            state = wording.STATES[one.request.state]
            tone = STATE_TONES.get(one.request.state, "muted")
            says = f"{state}. {overlap_words(one.overlap)}"
            lanes.append(Lane(one.id, one.request.number, begins, ends, tone, says))
    return tuple(lanes)


class MetModel(RowsModel):
    """The earlier requests."""

    def name_of(self, thing: Met) -> str:
        """Number, state, title and how it meets the one that is read."""
        one = thing.request
        return f"{one.number}, {wording.STATES[one.state]}, {title_of(one)}. {overlap_words(thing.overlap)}"


class EarlierView(QWidget):
    """`opened` carries the id of an earlier request, `pointed` that on which the list stands."""

    opened = Signal(str)
    pointed = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._lines = 2
        layout = column(self, margins=0)
        layout.addWidget(text_label("Asked before", "section"))
        self._words = text_label("", "help", name="review.earlier_words")
        layout.addWidget(self._words)
        self.lanes = Lanes(context)
        self.lanes.opened.connect(self.opened)
        layout.addWidget(self.lanes)
        self.model = MetModel()
        self.list = QListView()
        named(self.list, "review.earlier", "Earlier requests that overlap; Enter opens one")
        self.list.setModel(self.model)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setSizeAdjustPolicy(QAbstractScrollArea.SizeAdjustPolicy.AdjustIgnored)
        self._delegate = CardDelegate(context.theme, self._card)
        self.list.setItemDelegate(self._delegate)
        self.list.clicked.connect(self._open)
        self.list.activated.connect(self._open)
        self.list.selectionModel().currentChanged.connect(self._point)
        keep_ages(self.list)
        layout.addWidget(self.list)

    def show_request(self, request: Request, met: tuple[Met, ...]) -> None:
        """Show a request's window and those before it."""
        self.lanes.show_lanes(lanes_of(request, met), request.draft.occurred_at)
        self.lanes.setVisible(request.draft.begins is not None)
        self.model.show_rows(met)
        many = f"{len(met)} earlier {'request overlaps' if len(met) == 1 else 'requests overlap'} in place or time."
        more = f" The line shows the nearest {LANES_MAX - 1}." if len(met) >= LANES_MAX else ""
        self._words.setText(many + more if met else "No earlier request overlaps in place, time or case.")
        self.list.setVisible(bool(met))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """How the requests meet needs two lines where it is narrow."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        lines = 1 if self.width() >= _ONE_LINE_FROM else 2
        if lines != self._lines:
            self._lines = lines
            self.list.scheduleDelayedItemsLayout()
        heights = [self.list.sizeHintForRow(n) for n in range(min(_ROWS_SHOWN, self.model.rowCount()))]
        self.list.setFixedHeight(sum(heights) + 4)

    def paint_anew(self) -> None:
        """The theme changed."""
        self.lanes.update()
        self.list.viewport().update()

    def point_at(self, request_id: str) -> None:
        """Stand on an earlier request, for a click on the map."""
        at = self.model.row_of(request_id)
        if at >= 0:
            self.list.setCurrentIndex(self.model.index(at))

    def _card(self, met: Met) -> Card:
        one = met.request
        return Card(
            title=title_of(one),
            chip=wording.STATES[one.state],
            tone=STATE_TONES.get(one.state, ""),
            meta=one.number,
            age=self._context.ago(one.submitted_at),
            text=overlap_words(met.overlap),
            lines=self._lines,
        )

    def _open(self, index: QModelIndex) -> None:
        met: Met | None = index.data(THING_ROLE) if index.isValid() else None
        if met is not None:
            self.opened.emit(met.id)

    def _point(self, current: QModelIndex, _before: QModelIndex) -> None:
        met: Met | None = current.data(THING_ROLE) if current.isValid() else None
        self.lanes.mark("" if met is None else met.id)
        self.pointed.emit("" if met is None else met.id)
