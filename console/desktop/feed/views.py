"""The lists of the desk and the member's saved filters, each with how many posts are in it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget

from console.desktop.widgets import button, clear, column, named, scrolling, text_label
from console.domain.desk_work import VIEW_NAMES, View

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from console.domain.saved_filters import SavedFilter

WIDTH_PX = 188


class _Entry(QPushButton):
    """A list by name, its count at the right."""

    def __init__(self, words: str, name: str) -> None:
        super().__init__()
        self.setObjectName("view")
        self.setCheckable(True)
        self.setAutoDefault(False)
        self._words = words
        named(self, name, words)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 0, 10, 0)
        shown = text_label(words, "view_name", wrap=False)
        self._count: QLabel = text_label("", "small", wrap=False)
        for label in (shown, self._count):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        layout.addWidget(shown, 1)
        layout.addWidget(self._count)
        self.setMinimumHeight(32)

    def show_count(self, count: str) -> None:
        """How many there are, in words for a screen reader too."""
        self._count.setText(count)
        self.setAccessibleName(f"{self._words}, {count or 'none'}")


class Views(QWidget):
    """`view_chosen` carries a View, `filter_chosen`, `notify_turned` and `removed` a SavedFilter."""

    view_chosen = Signal(object)
    filter_chosen = Signal(object)
    save_wanted = Signal()
    flags_wanted = Signal()
    notify_turned = Signal(object)
    removed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("sidepanel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(WIDTH_PX)
        layout = column(self, margins=8, spacing=2)
        self._views: dict[View, _Entry] = {}
        for view in View:
            entry = _Entry(VIEW_NAMES[view], f"feed.view.{view.value}")
            entry.clicked.connect(partial(self.view_chosen.emit, view))
            self._views[view] = entry
            layout.addWidget(entry)
        self._flags = _Entry("Our flags", "feed.flags")
        self._flags.clicked.connect(self.flags_wanted)
        layout.addWidget(self._flags)
        layout.addSpacing(12)
        heading = text_label("Saved filters", "small", wrap=False)
        heading.setContentsMargins(10, 0, 0, 0)
        layout.addWidget(heading)
        inside = QWidget()
        self._saved_layout: QVBoxLayout = column(inside, margins=0, spacing=2)
        layout.addWidget(scrolling(inside), 1)
        layout.addWidget(button("Save this search\u2026", "feed.save_filter", self.save_wanted.emit, "plain"))
        self._filters: dict[str, _Entry] = {}
        self._saved: tuple[SavedFilter, ...] = ()

    def mark(self, view: View | None, saved: str = "") -> None:
        """Which list or filter is shown."""
        self._flags.setChecked(False)
        for one, entry in self._views.items():
            entry.setChecked(one is view and not saved)
        for name, entry in self._filters.items():
            entry.setChecked(name == saved)

    def show_counts(self, counts: Mapping[View, str]) -> None:
        """How many posts are in each list."""
        for view, entry in self._views.items():
            entry.show_count(counts.get(view, ""))

    def show_filters(self, filters: tuple[SavedFilter, ...], count_of: Callable[[SavedFilter], str]) -> None:
        """The saved filters with their counts."""
        if filters != self._saved or not self._filters:
            self._saved = filters
            clear(self._saved_layout)
            self._filters.clear()
            for saved in filters:
                self._saved_layout.addWidget(self._entry(saved))
            if not filters:
                words = "Search, then save it here. You can be told of new posts in it."
                empty = text_label(words, "help")
                empty.setContentsMargins(10, 0, 4, 0)
                self._saved_layout.addWidget(empty)
            self._saved_layout.addStretch(1)
        for saved in filters:
            self._filters[saved.name].show_count(count_of(saved))

    def _entry(self, saved: SavedFilter) -> _Entry:
        bell = " \u266a" if saved.notify else ""
        entry = _Entry(saved.name + bell, f"feed.saved.{saved.name}")
        told = "You are told of new posts in it." if saved.notify else "Right-click to be told of new posts in it."
        entry.setToolTip(told)
        entry.clicked.connect(partial(self.filter_chosen.emit, saved))
        entry.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        entry.customContextMenuRequested.connect(partial(self._offer, saved, entry))
        self._filters[saved.name] = entry
        return entry

    def _offer(self, saved: SavedFilter, entry: _Entry, at: QPoint) -> None:
        menu = QMenu(entry)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        tell = menu.addAction("Tell me of new posts", partial(self.notify_turned.emit, saved))
        tell.setCheckable(True)
        tell.setChecked(saved.notify)
        menu.addAction("Remove this filter", partial(self.removed.emit, saved))
        menu.popup(entry.mapToGlobal(at))
