"""The queue at the left: a chip for each lane with its count, and what is in it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QListView, QSizePolicy, QWidget

from console.desktop.feed.delegate import Card, CardDelegate
from console.desktop.feed.model import THING_ROLE, RowsModel
from console.desktop.flow import FlowLayout
from console.desktop.lists import QuietList
from console.desktop.moderation.lanes import TONES, by_whom, chip_of, kind_words, of_lane, waiting_count, why_words
from console.desktop.widgets import button, column, keep_ages, named, row, text_label
from console.domain.moderation import Lane
from console.domain.moderation_words import LANES

if TYPE_CHECKING:
    from console.contract.moderation import QueueItem
    from console.desktop.context import Context

_CHIPS = """
QPushButton { padding: 2px 8px; min-height: 16px; font-size: 11px; border-radius: 11px; }
QPushButton:focus { padding: 1px 7px; }
"""
ALL = "All that waits"


class ItemsModel(RowsModel):
    """The rows of the queue."""

    def name_of(self, thing: QueueItem) -> str:
        """Lane and title."""
        return f"{LANES[thing.lane]}: {thing.title}"


class LaneQueue(QWidget):
    """`chosen` carries a row that the moderator turned to."""

    chosen = Signal(object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.lane: Lane | None = None
        self.model = ItemsModel()
        self.setObjectName("side")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        layout = column(self, margins=0, spacing=0)
        layout.setContentsMargins(0, 0, 1, 0)  # the hairline
        layout.addWidget(self._make_head())
        self.none_here = text_label("Nothing is in this lane.", "help", name="moderation.none_here")
        self.none_here.setContentsMargins(16, 0, 16, 8)
        layout.addWidget(self.none_here)
        self.list = QuietList()
        named(self.list, "moderation.list", "What is flagged or held")
        self.list.setModel(self.model)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setSelectionMode(QListView.SelectionMode.SingleSelection)
        self._delegate = CardDelegate(context.theme, self._card)
        self.list.setItemDelegate(self._delegate)
        self.list.selectionModel().currentChanged.connect(self._current_changed)
        self.list.clicked.connect(self._clicked)
        keep_ages(self.list)
        layout.addWidget(self.list, 1)

    def _make_head(self) -> QWidget:
        head = QWidget()
        layout = column(head)
        self._count = text_label("", "help", name="moderation.count", wrap=False)
        layout.addLayout(row(text_label("Queue", "section", wrap=False), None, self._count))
        chips = QWidget()
        chips.setStyleSheet(_CHIPS)
        chips.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._flow = FlowLayout(chips)
        group = QButtonGroup(self)
        self.chips = {}
        for lane in (None, *Lane):
            name = "all" if lane is None else lane.value
            made = button("", f"moderation.lane_{name}", partial(self.choose_lane, lane))
            made.setCheckable(True)
            made.setChecked(lane is self.lane)
            group.addButton(made)
            self._flow.addWidget(made)
            self.chips[lane] = made
        layout.addWidget(chips)
        return head

    def choose_lane(self, lane: Lane | None) -> None:
        """Show one lane, or all that waits."""
        self.lane = lane
        self.chips[lane].setChecked(True)
        self.show_queue()

    def show_queue(self) -> None:
        """Show what is in the queue now; what is read changes by hand only."""
        items = self._context.desk.queue
        for lane, chip in self.chips.items():
            number = len(of_lane(items, lane))
            name = ALL if lane is None else LANES[lane]
            chip.setText(f"{name} {number}")
            chip.setAccessibleName(f"{name}, {number}")
        self._flow.invalidate()
        shown = of_lane(items, self.lane)
        with self.list.quietly():
            self.model.show_rows(shown)
        waits = waiting_count(items)
        self._count.setText("Nothing waits" if not waits else f"{waits} waiting")
        self.none_here.setVisible(not shown)

    def mark(self, item_id: str) -> None:
        """Mark the row that is read; none where it is not in the list."""
        selection = self.list.selectionModel()
        at = self.model.row_of(item_id)
        with self.list.quietly():
            if at >= 0:
                selection.setCurrentIndex(self.model.index(at), QItemSelectionModel.SelectionFlag.ClearAndSelect)
            else:
                selection.clear()

    def beside(self, step: int) -> QueueItem | None:
        """The row so many further; the first where none is marked."""
        now = self.list.currentIndex()
        target = max(0, min(self.model.rowCount() - 1, now.row() + step)) if now.isValid() else 0
        found: QueueItem | None = self.model.thing(target)
        if found is not None:
            self.list.scrollTo(self.model.index(target))
        return found

    def focus_list(self) -> None:
        """Let the keys work."""
        self.list.setFocus()

    def paint_anew(self) -> None:
        """The theme, an age or a claim is another."""
        self.list.viewport().update()

    def _card(self, item: QueueItem) -> Card:
        session = self._context.desk.session
        mine = "" if session is None else session.member.id
        claim = item.claim
        held = "" if claim is None or claim.member == mine else f"{claim.name} is deciding"
        parts = (why_words(item), by_whom(item))
        return Card(
            title=item.title,
            chip=chip_of(item),
            tone=TONES[item.lane],
            meta=held or kind_words(item),
            age=self._context.ago(item.since),
            text=" · ".join(part for part in parts if part),
            lines=2,
        )

    def _current_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        if not self.list.is_quiet:
            self._clicked(current)

    def _clicked(self, index: QModelIndex) -> None:
        item = index.data(THING_ROLE) if index.isValid() else None
        if item is not None:
            self.chosen.emit(item)
