"""The search box over the map: what is typed is looked up in the atlas, the requests and the posts; arrows choose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListView, QWidget

from console.desktop.feed.delegate import Card, CardDelegate
from console.desktop.feed.model import THING_ROLE, RowsModel
from console.desktop.widgets import column, named, text_label
from console.domain.lookup import FOUND_NAMES, Found, LookedUp
from console.domain.map_link import LENGTH_MAX

if TYPE_CHECKING:
    from collections.abc import Callable

    from console.desktop.theme import Theme

_AFTER_MS = 120
_WIDTH, _MOST = 420, 7


class _FoundModel(RowsModel):
    """What was found."""

    def name_of(self, thing: Any) -> str:
        """The kind, the name and what else is known."""
        return ", ".join(part for part in (FOUND_NAMES[thing.kind], thing.title, thing.detail) if part)

    def show_found(self, found: tuple[Found, ...]) -> None:
        """Become these; another text is another list."""
        self.beginResetModel()
        self._rows = list(found)
        self.endResetModel()


def _card(found: Found) -> Card:
    return Card(title=found.title, chip=FOUND_NAMES[found.kind], meta=found.detail)


class Finder(QLineEdit):
    """The box and its list. `chosen` carries a `Found`."""

    chosen = Signal(object)

    def __init__(self, page: QWidget, theme: Callable[[], Theme], look_up: Callable[[str], LookedUp]) -> None:
        super().__init__()
        self._page = page
        self._look_up = look_up
        self.setPlaceholderText("Find a street, crossing, case, post\u2026 (Ctrl+K)")
        self.setClearButtonEnabled(True)
        self.setMaxLength(LENGTH_MAX)
        named(self, "map.find", "Find on the map")
        self._panel = QFrame(page)
        self._panel.setObjectName("popup")
        layout = column(self._panel, margins=6, spacing=4)
        self._said = text_label("", "help", name="map.find_said")
        self._said.setContentsMargins(8, 4, 8, 4)
        self._model = _FoundModel()
        self._list = QListView()
        named(self._list, "map.found", "What was found")
        self._list.setModel(self._model)
        self._delegate = CardDelegate(theme, _card)
        self._list.setItemDelegate(self._delegate)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.clicked.connect(self._choose)
        layout.addWidget(self._said)
        layout.addWidget(self._list, 1)
        self._panel.hide()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_AFTER_MS)
        self._soon.timeout.connect(self.find_now)
        self.textEdited.connect(self._soon.start)
        self.textChanged.connect(self._end_when_empty)
        self.installEventFilter(self)

    def find_now(self) -> None:
        """Look up what is typed."""
        self._soon.stop()
        text = self.text().strip()
        if not text:
            self.close_list()
            return
        answer = self._look_up(text)
        count = len(answer.found)
        self._model.show_found(answer.found)
        self._said.setText(answer.trouble or ("Type two letters or more." if not count else ""))
        self._said.setVisible(not count)
        self._list.setVisible(bool(count))
        if count:
            self._list.setCurrentIndex(self._model.index(0))
        self.setAccessibleDescription(
            f"{count} found. Down and Up choose, Enter goes there." if count else answer.trouble
        )
        self._place(count)

    def _place(self, count: int) -> None:
        width = min(max(self.width(), _WIDTH), self._page.width() - 16)
        height = 16 + (min(count, _MOST) * self._list.sizeHintForRow(0) if count else 48)
        at = self.mapTo(self._page, QPoint(0, self.height() + 4))
        self._panel.setGeometry(at.x(), at.y(), width, min(height, self._page.height() - at.y() - 8))
        self._panel.show()
        self._panel.raise_()

    def close_list(self) -> None:
        """Put the list away, also one that was on its way; what is typed stays."""
        self._soon.stop()
        self._panel.hide()

    def is_open(self) -> bool:
        """Whether the list is seen."""
        return not self._panel.isHidden()

    def _end_when_empty(self, text: str) -> None:
        if not text:
            self.close_list()

    def _choose(self, index: QModelIndex) -> None:
        found = index.data(THING_ROLE)
        if found is not None:
            self.close_list()
            self.chosen.emit(found)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Down, Up, Enter and Escape go to the list; leaving the box puts it away."""
        if watched is self and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._key(Qt.Key(event.key()))
        if watched is self and event.type() == QEvent.Type.FocusOut:
            self.close_list()
        return False

    def _key(self, key: Qt.Key) -> bool:
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if self._soon.isActive() or not self.is_open():
                self.find_now()
            self._choose(self._list.currentIndex())
            return True
        if key == Qt.Key.Key_Escape and self.is_open():
            self.close_list()
            return True
        if key in {Qt.Key.Key_Down, Qt.Key.Key_Up} and self.is_open() and self._model.rowCount():
            step = 1 if key == Qt.Key.Key_Down else -1
            at = (self._list.currentIndex().row() + step) % self._model.rowCount()
            self._list.setCurrentIndex(self._model.index(at))
            self.setAccessibleDescription(self._model.name_of(self._model.thing(at)))
            return True
        return False
