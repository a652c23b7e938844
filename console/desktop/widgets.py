"""Small widgets that every room uses. Untrusted text goes through `text_label`, which never reads it as markup."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


AGES_EVERY_MS = 30_000
_UNBROKEN = re.compile(r"\S{24}(?=\S)")


class _TextLabel(QLabel):
    """A label that also breaks a word of any length, which would else push its page out of the window."""

    def __init__(self) -> None:
        super().__init__()
        self._said = ""

    def setText(self, text: str) -> None:
        """Show a text, with a zero-width space after every 24 characters without a break; what is copied has none."""
        self._said = text
        is_copied = bool(self.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse)
        super().setText(text if is_copied else _UNBROKEN.sub("\\g<0>\u200b", text))

    def text(self) -> str:
        """The text as it was set."""
        return self._said


def text_label(text: str = "", kind: str = "", *, name: str = "", wrap: bool = True) -> QLabel:
    """A label that shows text as it is, in a style: title, section, strong, small, muted, help, error, mono, chip."""
    label = _TextLabel() if wrap and kind != "mono" else QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(text)
    label.setWordWrap(wrap)
    label.setObjectName(kind)
    if name:
        label.setProperty("testName", name)
        label.setAccessibleName(name)
    return label


def lamp() -> QLabel:
    """Porchlight's mark."""
    made = QLabel("P")
    made.setObjectName("lamp")
    made.setFixedSize(36, 36)
    made.setAlignment(Qt.AlignmentFlag.AlignCenter)
    made.setAccessibleName("Porchlight")
    return made


def chip(text: str, tone: str = "") -> QLabel:
    """A short state word on its ground: good, waiting, stop or plain."""
    label = text_label(text, "chip", wrap=False)
    label.setProperty("tone", tone)
    label.setSizePolicy(label.sizePolicy().horizontalPolicy().Maximum, label.sizePolicy().verticalPolicy().Fixed)
    return label


def button(text: str, name: str, on_click: Callable[[], None], kind: str = "") -> QPushButton:
    """A button with the name by which tests and the tour find it (property `testName`)."""
    made = QPushButton(text)
    made.setObjectName(kind)
    made.setProperty("testName", name)
    made.setAccessibleName(text)
    made.clicked.connect(on_click)
    made.setAutoDefault(False)
    return made


def named(widget: QWidget, name: str, accessible: str) -> QWidget:
    """Give a widget its test name and the name that a screen reader says."""
    widget.setProperty("testName", name)
    widget.setAccessibleName(accessible)
    return widget


def line() -> QFrame:
    """A hairline."""
    made = QFrame()
    made.setObjectName("line")
    made.setFixedHeight(1)
    return made


def card(kind: str = "card") -> tuple[QFrame, QVBoxLayout]:
    """A frame ("card", "notice" or "stop") and its layout."""
    frame = QFrame()
    frame.setObjectName(kind)
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(16, 12, 16, 12)
    layout.setSpacing(8)
    return frame, layout


def column(parent: QWidget | None = None, *, margins: int = 16, spacing: int = 8) -> QVBoxLayout:
    """A vertical layout on the 8 px grid."""
    layout = QVBoxLayout(parent) if parent is not None else QVBoxLayout()
    layout.setContentsMargins(margins, margins, margins, margins)
    layout.setSpacing(spacing)
    return layout


def row(*items: QWidget | None, spacing: int = 8) -> QHBoxLayout:
    """A horizontal layout; None is a stretch."""
    layout = QHBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(spacing)
    for item in items:
        if item is None:
            layout.addStretch(1)
        else:
            layout.addWidget(item)
    return layout


def scrolling(content: QWidget) -> QScrollArea:
    """A vertical scroll area around a widget."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(content)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area


def clear(layout: QLayout) -> None:
    """Remove and delete everything in a layout."""
    while layout.count():
        item = layout.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        inner = item.layout() if item is not None else None
        if inner is not None:
            clear(inner)


def find(root: QWidget, name: str) -> QWidget:
    """The widget with a test name below `root`; LookupError where there is none."""
    for widget in root.findChildren(QWidget):
        if widget.property("testName") == name:
            return widget
    raise LookupError(name)


def bind_keys(page: QWidget, slots: Mapping[str, Callable[[], object]]) -> None:
    """Single keys of a page, heard wherever in it the focus is."""
    for key, slot in slots.items():
        QShortcut(QKeySequence(key), page, slot, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)


def keep_ages(view: QAbstractItemView) -> None:
    """Paint a list anew now and then, so that "5 min" does not stay "5 min"."""
    timer = QTimer(view)
    timer.setInterval(AGES_EVERY_MS)
    timer.timeout.connect(view.viewport().update)
    timer.start()
