"""The lists of the desk and the member's saved filters, each with how many posts are in it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QMenu, QPushButton, QToolButton, QVBoxLayout, QWidget

from console.desktop.widgets import button, clear, column, named, row, scrolling, text_label
from console.domain.desk_work import VIEW_NAMES, View
from console.domain.saved_filters import NAME_MAX

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
    named_filter = Signal(str)
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
        self._asking = QWidget()
        asking = column(self._asking, margins=4, spacing=4)
        self._name = QLineEdit()
        self._name.setMaxLength(NAME_MAX)
        named(self._name, "feed.filter_name", "A name for this search")
        self._name.returnPressed.connect(self._give_name)
        self._name_trouble = text_label("", "error", name="feed.filter_trouble")
        asking.addWidget(text_label("A name for this search", "small"))
        for widget in (self._name, self._name_trouble):
            asking.addWidget(widget)
        keep = button("Save", "feed.filter_keep", self._give_name, "primary")
        asking.addLayout(row(keep, button("Cancel", "feed.filter_cancel", self._asking.hide, "plain"), None))
        self._asking.hide()
        layout.addWidget(self._asking)
        layout.addWidget(button("Save this search\u2026", "feed.save_filter", self.save_wanted.emit, "plain"))
        self._filters: dict[str, _Entry] = {}
        self._saved: tuple[SavedFilter, ...] = ()

    def ask_name(self, suggested: str, trouble: str = "") -> None:
        """Ask for the name under which to save; `trouble` is what was wrong with the last one."""
        self._name.setText(suggested)
        self._name_trouble.setText(trouble)
        self._name_trouble.setVisible(bool(trouble))
        self._asking.show()
        self._name.setFocus()
        self._name.selectAll()

    def _give_name(self) -> None:
        self._asking.hide()
        self.named_filter.emit(self._name.text())

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

    def _entry(self, saved: SavedFilter) -> QWidget:
        entry = _Entry(saved.name, f"feed.saved.{saved.name}")
        entry.setToolTip(saved.name)
        entry.clicked.connect(partial(self.filter_chosen.emit, saved))
        self._filters[saved.name] = entry
        more = QToolButton()
        more.setObjectName("more")
        more.setText("\u266a" if saved.notify else "\u22ef")
        told = "You are told of new posts in it." if saved.notify else "Be told of new posts in it, or remove it."
        more.setToolTip(told)
        named(more, f"feed.more.{saved.name}", f"{saved.name}: {told}")
        more.clicked.connect(partial(self._offer, saved, more))
        both, layout = QWidget(), row(entry, more, spacing=0)
        layout.setStretch(0, 1)
        both.setLayout(layout)
        return both

    def _offer(self, saved: SavedFilter, beside: QWidget) -> None:
        menu = QMenu(beside)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        tell = menu.addAction("Tell me of new posts", partial(self.notify_turned.emit, saved))
        tell.setCheckable(True)
        tell.setChecked(saved.notify)
        menu.addAction("Remove this filter", partial(self.removed.emit, saved))
        menu.popup(beside.mapToGlobal(beside.rect().bottomLeft()))
