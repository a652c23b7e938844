"""Everything on the map as a list beside it: what it is, where from the station, when. For eyes and for ears."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QListView, QWidget

from console.desktop.feed.delegate import TONES, Card, CardDelegate
from console.desktop.feed.model import THING_ROLE, RowsModel
from console.desktop.lists import QuietList
from console.desktop.widgets import bind_keys, column, keep_ages, named, row, text_label
from console.domain.feed import CATEGORY_NAMES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from console.desktop.context import Context
    from console.domain.sheet import Entry

LISTED_MAX = 500
_TONE_OF_NAME = {CATEGORY_NAMES[category]: tone for category, tone in TONES.items()} | {
    "Pending request": "waiting",
    "Published request": "good",
}


class _EntryModel(RowsModel):
    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context

    def name_of(self, thing: Any) -> str:
        """As a screen reader says it, with its age."""
        entry: Entry = thing
        return f"{entry.spoken}, {self._context.ago(entry.at)}"


class OnMapList(QWidget):
    """The list. `chosen` carries the `Entry` to go to, `opened` the one to open."""

    chosen = Signal(object)
    opened = Signal(object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.model = _EntryModel(context)
        layout = column(self, margins=0, spacing=0)
        head = column(margins=16)
        self._count = text_label("", "help", name="onmap.count", wrap=False)
        head.addLayout(row(text_label("Nearest to the station first", "section", wrap=False), None, self._count))
        self._note = text_label("", "help", name="onmap.note")
        head.addWidget(self._note)
        layout.addLayout(head)
        self._list = QuietList()
        named(self._list, "onmap.list", "On the map, nearest to the station first")
        self._list.setModel(self.model)
        self._delegate = CardDelegate(
            context.theme,
            lambda entry: Card(
                title=entry.title,
                chip=entry.kind,
                tone=_TONE_OF_NAME.get(entry.kind, ""),
                meta=entry.place_name,
                age=context.ago(entry.at),
                text=entry.away,
                lines=1,
            ),
        )
        self._list.setItemDelegate(self._delegate)
        self._list.setUniformItemSizes(True)
        self._list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.selectionModel().currentChanged.connect(self._choose)
        self._list.activated.connect(self._open)
        layout.addWidget(self._list, 1)
        layout.addStretch(0)
        keep_ages(self._list)
        bind_keys(self, {"J": lambda: self._go(1), "K": lambda: self._go(-1)})

    def show_entries(self, entries: Sequence[Entry], total: int) -> None:
        """Show what is in view, nearest first, at most `LISTED_MAX` of `total`."""
        with self._list.quietly():
            self.model.show_rows(entries)
        self._count.setText(f"{total:,}")
        note = ""
        if not entries:
            note = "Nothing that is chosen lies in this part of the map. Zoom out, or choose a longer time."
        elif total > len(entries):
            note = f"The nearest {len(entries):,} are listed. Zoom in, or filter, to list the others."
        self._note.setText(note)
        self._note.setVisible(bool(note))
        self._list.setVisible(bool(entries))

    def focus_list(self) -> None:
        """Let the keys work."""
        self._list.setFocus()

    def retheme(self) -> None:
        """Paint again in the theme."""
        self._list.viewport().update()

    def _go(self, step: int) -> None:
        count = self.model.rowCount()
        if count:
            at = self._list.currentIndex()
            self._list.setCurrentIndex(self.model.index(max(0, min(count - 1, at.row() + step)) if at.isValid() else 0))

    def _choose(self, current: QModelIndex, _before: QModelIndex) -> None:
        entry = current.data(THING_ROLE)
        if entry is not None and not self._list.is_quiet:
            self.chosen.emit(entry)

    def _open(self, index: QModelIndex) -> None:
        entry = index.data(THING_ROLE)
        if entry is not None:
            self.opened.emit(entry)
