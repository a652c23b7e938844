"""What is shown, by category, state and "only mine": a button with a panel that stays open while it is used."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QPushButton

from console.desktop.widgets import button, column, line, named, row, text_label
from console.domain.feed import CATEGORY_NAMES, Category
from console.domain.overview import SHOWN_NAMES, Selection, Shown

if TYPE_CHECKING:
    from PySide6.QtWidgets import QVBoxLayout


class FilterButton(QPushButton):
    """The button and its panel. `changed` carries the selection with its categories, states and "mine" replaced."""

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__("Filter")
        self._selection = Selection()
        self.setAutoDefault(False)
        self.setMinimumWidth(84)  # also with a count: what stands beside must not move
        named(self, "map.filter", "Filter what is shown")
        self._panel = QFrame(self, Qt.WindowType.Popup)
        self._panel.setObjectName("popup")
        layout = column(self._panel, margins=14, spacing=4)
        layout.addWidget(text_label("Posts", "strong", wrap=False))
        self._categories = {
            c: _box(
                layout,
                f"filter.{c.value}",
                "Alerts" if c is Category.ALERT else CATEGORY_NAMES[c],
                self._only_button(c),
            )
            for c in Category
        }
        layout.addSpacing(4)
        layout.addWidget(line())
        layout.addWidget(text_label("Requests", "strong", wrap=False))
        self._states = {s: _box(layout, f"filter.{s.value}", SHOWN_NAMES[s].split()[0]) for s in Shown}
        layout.addSpacing(4)
        layout.addWidget(line())
        self._mine = _box(layout, "filter.mine", "Only mine: my requests, posts I answered")
        layout.addSpacing(6)
        self._clear = button("Show everything", "filter.clear", self._show_everything)
        layout.addLayout(row(self._clear, None))
        for one in (*self._categories.values(), *self._states.values(), self._mine):
            one.toggled.connect(self._tell)
        self.clicked.connect(self._open)
        self._is_showing = False

    def _only_button(self, category: Category) -> QPushButton:
        made = button("Only", f"filter.only_{category.value}", partial(self._show_only, category), "plain")
        made.setAccessibleName(f"Only {CATEGORY_NAMES[category]}")
        return made

    def _show_only(self, category: Category) -> None:
        self.changed.emit(msgspec.structs.replace(self._selection, categories=frozenset({category})))

    def show_selection(self, selection: Selection) -> None:
        """Show what is chosen; nothing chosen means all of a kind."""
        self._selection = selection
        self._is_showing = True
        for category, one in self._categories.items():
            one.setChecked(not selection.categories or category in selection.categories)
        for state, one in self._states.items():
            one.setChecked(not selection.states or state in selection.states)
        self._mine.setChecked(selection.mine)
        self._is_showing = False
        count = self.active(selection)
        self.setText(f"Filter \u00b7 {count}" if count else "Filter")
        self.setAccessibleName(f"Filter what is shown, {count} active" if count else "Filter what is shown")
        mark_active(self, active=bool(count))
        self._clear.setEnabled(bool(count))

    @staticmethod
    def active(selection: Selection) -> int:
        """How many of the three are at work."""
        return bool(selection.categories) + bool(selection.states) + selection.mine

    def _open(self) -> None:
        self._panel.adjustSize()
        self._panel.move(self.mapToGlobal(QPoint(0, self.height() + 4)))
        self._panel.show()
        next(iter(self._categories.values())).setFocus()

    def _tell(self) -> None:
        if self._is_showing:
            return
        # All ticked means no filter, and so does none: nobody asks for an empty map.
        categories = frozenset(c for c, one in self._categories.items() if one.isChecked())
        states = frozenset(s for s, one in self._states.items() if one.isChecked())
        chosen = msgspec.structs.replace(
            self._selection,
            categories=frozenset() if len(categories) in {0, len(Category)} else categories,
            states=frozenset() if len(states) in {0, len(Shown)} else states,
            mine=self._mine.isChecked(),
        )
        self.changed.emit(chosen)

    def _show_everything(self) -> None:
        self.changed.emit(Selection(span=self._selection.span, area=self._selection.area))


def mark_active(button: QPushButton, *, active: bool) -> None:
    """Show that a button holds something back."""
    button.setProperty("active", active)
    button.style().unpolish(button)
    button.style().polish(button)


def _box(layout: QVBoxLayout, name: str, words: str, only: QPushButton | None = None) -> QCheckBox:
    box = QCheckBox(words)
    named(box, name, words)
    layout.addLayout(row(box, None, *([only] if only is not None else [])))
    return box
