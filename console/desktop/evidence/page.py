"""Evidence: the clips that neighbors shared, newest first, and one in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QListView, QStackedWidget, QWidget

from console.client.desk import Changed, Connection
from console.desktop.context import Page
from console.desktop.evidence.details import ClipDetails, length_words, size_words
from console.desktop.feed.delegate import Card, CardDelegate
from console.desktop.feed.model import THING_ROLE, RowsModel
from console.desktop.widgets import bind_keys, column, keep_ages, named, row, scrolling, text_label

if TYPE_CHECKING:
    from console.desktop.context import Context
    from console.domain.evidence import Clip

_LIST_WIDTH = 300


class ClipsModel(RowsModel):
    """The clips."""

    def name_of(self, thing: Clip) -> str:
        """From whom, and for which request."""
        return f"{thing.from_whom}, {thing.request_number}"


class EvidencePage(Page):
    """The evidence."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.model = ClipsModel()
        self._details = ClipDetails(context)
        self._empty = text_label("", "help", name="evidence.empty")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        filled = QWidget()
        whole = row(spacing=0)
        filled.setLayout(whole)
        whole.addWidget(self._make_list())
        whole.addWidget(scrolling(self._details), 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(filled)
        column(self, margins=0, spacing=0).addWidget(self._stack)
        bind_keys(self, {"J": self.go_down, "K": self.go_up})
        keep_ages(self._list)
        self._reload()

    def _make_list(self) -> QWidget:
        side = QWidget()
        side.setObjectName("steps")
        side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        side.setFixedWidth(_LIST_WIDTH)
        layout = column(side, margins=0, spacing=0)
        head = column(margins=16)
        self._count = text_label("", "help", name="evidence.count", wrap=False)
        head.addLayout(row(text_label("Evidence", "section"), None, self._count))
        layout.addLayout(head)
        self._list = QListView()
        named(self._list, "evidence.list", "Clips")
        self._list.setModel(self.model)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._delegate = CardDelegate(self.context.theme, self._card)
        self._list.setItemDelegate(self._delegate)
        self._list.selectionModel().currentChanged.connect(self._current_changed)
        layout.addWidget(self._list, 1)
        return side

    def _card(self, clip: Clip) -> Card:
        return Card(
            title=clip.from_whom,
            meta=clip.request_number,
            age=self.context.ago(clip.received_at),
            text=f"{length_words(clip.seconds)} · {size_words(clip.size)}",
            lines=1,
        )

    def refresh(self, changed: Changed) -> None:
        """Show new clips; what is open stays."""
        if changed is Changed.SIGNED_OUT:
            self._details.forget()
        if changed in {Changed.CLIPS, Changed.CONNECTION, Changed.SIGNED_OUT}:
            self._reload()
        if changed is Changed.CLIPS and self._details.clip is not None:
            self._show_id(self._details.clip.id)

    def entered(self) -> None:
        """Let the keys work."""
        self._list.setFocus()

    def left(self) -> None:
        """Stop what plays; its file is deleted."""
        self._details.forget_files()

    def retheme(self) -> None:
        """Paint in the theme."""
        self._list.viewport().update()

    def shut(self) -> None:
        """Stop what plays and delete its file, before the program ends."""
        self._details.forget_files()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Delete what was fetched."""
        self.shut()
        super().closeEvent(event)

    def _reload(self) -> None:
        clips = tuple(sorted(self.context.desk.clips, key=lambda c: c.received_at, reverse=True))
        self.model.show_rows(clips)
        self._count.setText(f"{len(clips)} clip{'' if len(clips) == 1 else 's'}")
        if clips:
            self._stack.setCurrentIndex(1)
            if not self._list.currentIndex().isValid():
                self._make_current(0)
            return
        if self.context.desk.connection is Connection.OFFLINE:
            words = "The service cannot be reached. Clips appear here when it can be again."
        else:
            words = (
                "No clips yet. When a neighbor shares a recording for one of your requests, it appears here by itself."
            )
        self._empty.setText(words)
        self._stack.setCurrentIndex(0)

    def show_id(self, clip_id: str) -> None:
        """Show a clip by its id."""
        at = self.model.row_of(clip_id)
        if at >= 0:
            self._make_current(at)

    def _show_id(self, clip_id: str) -> None:
        clip = self.model.thing(self.model.row_of(clip_id))
        if clip is not None:
            self._details.show_clip(clip)

    def _make_current(self, row_number: int) -> None:
        index = self.model.index(row_number)
        self._list.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self._list.scrollTo(index)

    def go_down(self) -> None:
        """The next clip."""
        self._go(1)

    def go_up(self) -> None:
        """The clip before."""
        self._go(-1)

    def _go(self, step: int) -> None:
        now = self._list.currentIndex()
        if self.model.rowCount():
            self._make_current(max(0, min(self.model.rowCount() - 1, now.row() + step)) if now.isValid() else 0)

    def _current_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        clip = current.data(THING_ROLE) if current.isValid() else None
        if clip is not None:
            self._details.show_clip(clip)
