"""What an agency keeps under names, a list and one of them in its form: templates of requests, canned replies.

Promises: what was typed and not saved stays when the list changes or another is looked at; nothing is removed without
a question.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QWidget

from console.desktop.agency.keeping import Asking, Section
from console.desktop.widgets import button, card, column, named, row, scrolling, text_label

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import SignalInstance

    from console.client.wishes import Wish
    from console.desktop.agency.keeping import Outcomes
    from console.desktop.context import Context

_NARROW, _LIST_WIDTHS = 900, (216, 320)


class Form(Protocol):
    """The entries of one thing."""

    changed: SignalInstance

    def show_kept(self, kept: Any) -> None:
        """Put a thing into the entries."""

    def entered(self, ident: Any) -> Any:
        """What was entered."""

    def stops(self) -> str:
        """What is to be mended before it can be saved; empty where nothing is."""
        ...

    def focus_first(self) -> None:
        """Type the name."""


class KeptSection(Section):
    """The list at the left, the form at the right. A subclass says what is kept."""

    noun = ""
    """Also the middle of its test names: "template", "reply"."""
    title = ""
    words = ""
    empty = ""

    def __init__(
        self, context: Context, outcomes: Outcomes, mint: Callable[[], str] = lambda: uuid.uuid4().hex
    ) -> None:
        super().__init__(context, outcomes)
        self._mint = mint
        self._ident = self._new_ident = mint()
        self._loaded = self.blank(self._ident)
        self._typed: dict[str, Any] = {}  # what was typed into one and not saved yet
        layout = column(self, margins=24)
        layout.addWidget(text_label(self.title, "title"))
        layout.addWidget(text_label(self.words, "help"))
        layout.addSpacing(8)
        sides = QHBoxLayout()
        sides.setSpacing(24)
        layout.addLayout(sides, 1)
        self._left = QWidget()
        left = column(self._left, margins=0)
        self._empty = text_label(self.empty, "help", name=f"agency.{self.noun}s_empty")
        left.addWidget(self._empty)
        self._list = QListWidget()
        self._list.setMinimumHeight(160)
        named(self._list, f"agency.{self.noun}_list", self.title)
        self._list.currentItemChanged.connect(self._choose)
        left.addWidget(self._list, 1)
        self._room = QWidget()  # keeps the words at the top while there is no list
        left.addWidget(self._room, 1)
        left.addLayout(row(button(f"New {self.noun}", f"agency.{self.noun}_new", self._begin_new), None))
        sides.addWidget(self._left)
        frame, inner = card()
        self._heading = text_label(f"New {self.noun}", "section", name=f"agency.{self.noun}_heading")
        inner.addWidget(self._heading)
        self._form = self.make_form()
        self._form.changed.connect(self._judge)
        inner.addWidget(scrolling(self._form), 1)  # type: ignore[arg-type]
        self._trouble = text_label("", "help", name=f"agency.{self.noun}_trouble")
        inner.addWidget(self._trouble)
        self._save_button = button(f"Save {self.noun}", f"agency.{self.noun}_save", self._save, "primary")
        self._remove = Asking(f"Remove {self.noun}", f"agency.{self.noun}_remove", self._save_button)
        self._remove.confirmed.connect(self._remove_it)
        inner.addWidget(self._remove)
        sides.addWidget(frame, 1)
        self.show_now()

    # What is kept

    def make_form(self) -> Form:
        """Its form."""
        raise NotImplementedError

    def blank(self, ident: str) -> Any:
        """A new one."""
        raise NotImplementedError

    def known(self) -> tuple[Any, ...]:
        """Those that the agency keeps."""
        raise NotImplementedError

    def about(self, kept: Any) -> str:
        """The line below its name."""
        raise NotImplementedError

    def save_wish(self, kept: Any) -> Wish:
        """How it is saved."""
        raise NotImplementedError

    def remove_wish(self, kept: Any) -> Wish:
        """How it is removed."""
        raise NotImplementedError

    def if_removed(self, kept: Any) -> str:
        """What removing it asks."""
        raise NotImplementedError

    # The section

    def focus_first(self) -> None:
        """Type the name."""
        self._form.focus_first()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the list gives way."""
        super().resizeEvent(event)
        self._left.setFixedWidth(_LIST_WIDTHS[self.width() >= _NARROW])

    def show_now(self) -> None:
        """The list anew; the form keeps what was typed."""
        known, current = self.known(), self._current()
        if current is not None and current != self._loaded and self._form.entered(self._ident) == self._loaded:
            self._form.show_kept(current)
        self._loaded = current or self._loaded
        blocked = self._list.blockSignals(True)
        self._list.clear()
        for kept in known:
            item = QListWidgetItem(f"{kept.name}\n{self.about(kept)}")
            item.setData(Qt.ItemDataRole.UserRole, kept.id)
            item.setSizeHint(QSize(0, 54))
            self._list.addItem(item)
            if kept.id == self._ident:
                self._list.setCurrentItem(item)
        self._list.blockSignals(blocked)
        self._empty.setVisible(not known)
        self._list.setVisible(bool(known))
        self._room.setVisible(not known)
        self._judge()

    def _current(self) -> Any | None:
        return next((one for one in self.known() if one.id == self._ident), None)

    def _choose(self, item: QListWidgetItem | None, _before: QListWidgetItem | None = None) -> None:
        found = None if item is None else item.data(Qt.ItemDataRole.UserRole)
        kept = next((one for one in self.known() if one.id == found), None)
        if kept is not None and kept.id != self._ident:
            self._turn_to(kept)

    def _begin_new(self) -> None:
        if any(one.id == self._new_ident for one in self.known()):
            self._new_ident = self._mint()
        self._list.setCurrentRow(-1)
        self._turn_to(self.blank(self._new_ident))
        self._form.focus_first()

    def _turn_to(self, kept: Any) -> None:
        entered = self._form.entered(self._ident)
        if entered != self._loaded:
            self._typed[self._ident] = entered
        self._ident, self._loaded = kept.id, kept
        self._form.show_kept(self._typed.pop(kept.id, kept))

    def _judge(self) -> None:
        current, entered = self._current(), self._form.entered(self._ident)
        said = self._form.stops()
        if not entered.name:
            said = "Give it a name to save it."
        elif not said and entered == current:
            said = "Nothing has been changed."
        self._trouble.setText(said)
        self._trouble.setVisible(bool(said))
        self._save_button.setEnabled(not said)
        self._heading.setText(f"New {self.noun}" if current is None else current.name)
        self._remove.ask_about("" if current is None else self.if_removed(current))
        self._remove.first.setVisible(current is not None and not self._remove.is_asking)

    def _save(self) -> None:
        entered = self._form.entered(self._ident)
        self._form.focus_first()  # the button is about to be disabled, and would hand the keyboard to the rail
        self.outcomes.keep(self.save_wish(entered))

    def _remove_it(self) -> None:
        current = self._current()
        if current is not None:
            self.outcomes.keep(self.remove_wish(current))
