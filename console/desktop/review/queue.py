"""The queue at the left: filters with their counts, a field to look for words, and what waits, oldest first."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QLineEdit, QListView, QSizePolicy, QWidget

from console.desktop.feed.delegate import Card, CardDelegate
from console.desktop.feed.model import THING_ROLE, RowsModel
from console.desktop.flow import FlowLayout
from console.desktop.review.rights import claim_of_other, may_approve
from console.desktop.review.waiting import SORTS, Sort, belongs, counts, has_words, sort_words, title_of, waiting
from console.desktop.widgets import button, column, keep_ages, named, row, text_label
from console.domain.checks import sq_mi
from console.domain.times import span_words

if TYPE_CHECKING:
    from console.desktop.context import Context
    from console.domain.requests import Request

# Chips are lower than buttons; colours and edges stay those of the style sheet.
_CHIPS = """
QPushButton { padding: 2px 8px; min-height: 16px; font-size: 11px; border-radius: 11px; }
QPushButton:focus { padding: 1px 7px; }
"""


class RequestsModel(RowsModel):
    """The requests that wait."""

    def name_of(self, thing: Request) -> str:
        """The title and the number."""
        return f"{title_of(thing)}, {thing.number}"


class FilterField(QLineEdit):
    """Looks for words; Esc leaves it."""

    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc clears, then leaves."""
        if event.key() == Qt.Key.Key_Escape:
            if self.text():
                self.clear()
            self.left.emit()
            return
        super().keyPressEvent(event)


class Queue(QWidget):
    """`chosen` carries a request that the reader turned to."""

    chosen = Signal(object)
    sorted_anew = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._is_quiet = False
        self.sort = Sort.ALL
        self.model = RequestsModel()
        self.setObjectName("side")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        layout = column(self, margins=0, spacing=0)
        layout.setContentsMargins(0, 0, 1, 0)  # the hairline
        layout.addWidget(self._make_head())
        self.none_here = text_label("Nothing that waits is like this.", "help", name="review.none_here")
        self.none_here.setContentsMargins(16, 0, 16, 8)
        layout.addWidget(self.none_here)
        self.list = QListView()
        named(self.list, "review.list", "Requests that wait")
        self.list.setModel(self.model)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._delegate = CardDelegate(context.theme, self._card)
        self.list.setItemDelegate(self._delegate)
        self.list.selectionModel().currentChanged.connect(self._current_changed)
        self.list.clicked.connect(self._clicked)
        keep_ages(self.list)
        layout.addWidget(self.list, 1)

    def _make_head(self) -> QWidget:
        head = QWidget()
        layout = column(head)
        self._count = text_label("", "help", name="review.count", wrap=False)
        layout.addLayout(row(text_label("Waiting", "section", wrap=False), None, self._count))
        self.field = FilterField()
        self.field.setPlaceholderText("Number, case, title, author   /")
        self.field.setClearButtonEnabled(True)
        named(self.field, "review.filter", "Find among what waits: number, case, title or author")
        self.field.textChanged.connect(self.show_queue)
        self.field.left.connect(self.focus_list)
        layout.addWidget(self.field)
        chips = QWidget()
        chips.setStyleSheet(_CHIPS)
        chips.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._flow = FlowLayout(chips)
        group = QButtonGroup(self)
        self.chips = {}
        for sort in Sort:
            made = button(SORTS[sort], f"review.sort_{sort.value}", partial(self.choose_sort, sort))
            made.setCheckable(True)
            made.setChecked(sort is self.sort)
            group.addButton(made)
            self._flow.addWidget(made)
            self.chips[sort] = made
        layout.addWidget(chips)
        return head

    # What is shown

    def choose_sort(self, sort: Sort) -> None:
        """Show one sort only."""
        self.sort = sort
        self.chips[sort].setChecked(True)
        self.show_queue()
        self.sorted_anew.emit()

    def show_queue(self) -> None:
        """Show what waits now, in the filter and with the words."""
        queue = waiting(self._context.desk.requests)
        open_to_me = {r.id for r in queue if may_approve(self._context, r)}
        how_many = counts(queue, lambda r: r.id in open_to_me)
        for sort, chip in self.chips.items():
            chip.setText(f"{SORTS[sort]} {how_many[sort]}")
            chip.setAccessibleName(f"{SORTS[sort]}, {how_many[sort]}")
        self._flow.invalidate()
        words = self.field.text()
        shown = [r for r in queue if belongs(r, self.sort, lambda one: one.id in open_to_me) and has_words(r, words)]
        self._is_quiet = True  # what is read changes by hand only
        self.model.show_rows(shown)
        self._is_quiet = False
        oldest = f", oldest {self._context.ago(queue[0].submitted_at)}" if queue else ""
        self._count.setText(f"{len(queue)}{oldest}")
        self.none_here.setVisible(bool(queue) and not shown)

    def mark(self, request: Request | None) -> None:
        """Mark the request that is read; nothing where it is not in the list."""
        selection = self.list.selectionModel()
        at = -1 if request is None else self.model.row_of(request.id)
        self._is_quiet = True
        if at >= 0:
            selection.setCurrentIndex(self.model.index(at), QItemSelectionModel.SelectionFlag.ClearAndSelect)
        else:
            selection.clear()
        self._is_quiet = False

    def beside(self, step: int) -> Request | None:
        """The request so many rows further; the first where none is marked."""
        now = self.list.currentIndex()
        target = max(0, min(self.model.rowCount() - 1, now.row() + step)) if now.isValid() else 0
        found: Request | None = self.model.thing(target)
        if found is not None:
            self.list.scrollTo(self.model.index(target))
        return found

    def focus_list(self) -> None:
        """Let the keys work."""
        self.list.setFocus()

    def focus_field(self) -> None:
        """Type what to look for."""
        self.field.setFocus()
        self.field.selectAll()

    def paint_anew(self) -> None:
        """The theme, an age or a claim is another."""
        self.list.viewport().update()

    def _card(self, request: Request) -> Card:
        draft, (words, tone) = request.draft, sort_words(request)
        length = "" if draft.begins is None or draft.ends is None else span_words(draft.ends - draft.begins)
        parts = (draft.case_number, length, f"{sq_mi(request.area_m2)} sq mi")
        claim = claim_of_other(self._context, request)
        return Card(
            title=title_of(request),
            chip=words,
            tone=tone,
            meta="" if claim is None else claim.name,
            age=self._context.ago(request.submitted_at),
            text=" · ".join(part for part in parts if part),
            lines=1,
        )

    def _current_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        if not self._is_quiet:
            self._clicked(current)

    def _clicked(self, index: QModelIndex) -> None:
        request = index.data(THING_ROLE) if index.isValid() else None
        if request is not None:
            self.chosen.emit(request)
