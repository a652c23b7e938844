"""A list of rows of one height that holds still: what is read stays where it is when rows come or go above it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, Qt
from PySide6.QtWidgets import QAbstractItemView, QListView

from console.desktop.lists import QuietList

if TYPE_CHECKING:
    from PySide6.QtCore import QAbstractItemModel


class StillList(QuietList):
    """The list. Give it its model once."""

    def __init__(self) -> None:
        super().__init__()
        self._anchor: QPersistentModelIndex | None = None
        self._offset = 0
        self.setUniformItemSizes(True)
        self.setLayoutMode(QListView.LayoutMode.SinglePass)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def setModel(self, model: QAbstractItemModel | None) -> None:
        """Show a model, and hold on to what is on top of the view while its rows come and go."""
        if model is not None:  # before the view itself hears of it, and forgets where its rows are
            model.rowsAboutToBeInserted.connect(self._note)
            model.rowsAboutToBeRemoved.connect(self._note)
        super().setModel(model)
        if model is not None:
            model.rowsInserted.connect(self._hold_on)
            model.rowsRemoved.connect(self._hold_on)

    def _note(self, _parent: QModelIndex, first: int, _last: int) -> None:
        self._anchor = None
        if self.verticalScrollBar().value() == 0:
            return
        top = self.indexAt(QPoint(self.viewport().width() // 2, 0))
        if top.isValid() and first <= top.row():
            self._anchor, self._offset = QPersistentModelIndex(top), self.visualRect(top).top()

    def _hold_on(self) -> None:
        if self._anchor is None or not self._anchor.isValid():
            return
        here = self.model().index(self._anchor.row(), 0)
        self.doItemsLayout()
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + self.visualRect(here).top() - self._offset)
        self._anchor = None
