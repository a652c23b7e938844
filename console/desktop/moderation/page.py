"""Moderation: what is flagged or held for all agencies, for the service's neutral moderators and nobody else."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from console.client.desk import Changed, Connection
from console.client.gateway import Unreachable
from console.client.moderation import read_item
from console.contract.problems import Problem
from console.desktop.context import Page
from console.desktop.moderation.claims import ItemClaims
from console.desktop.moderation.decision import KEYS, DecisionSide
from console.desktop.moderation.lanes import of_lane
from console.desktop.moderation.queue import LaneQueue
from console.desktop.moderation.reading import ItemReading
from console.desktop.widgets import bind_keys, button, column, row, text_label
from console.domain.moderation import Lane

if TYPE_CHECKING:
    from collections.abc import Callable

    from console.contract.moderation import ItemView, QueueItem
    from console.desktop.context import Context

# From this width of the page on: the queue's width, the decision's width.
_SIDES = ((1_700, 380, 400), (1_040, 320, 330), (0, 250, 270))
_WATCHED = frozenset({Changed.MODERATION, Changed.SIGNED_OUT, Changed.CONNECTION})
_NOTHING = "Nothing waits for a decision. What agencies and neighbors flag appears here by itself."
_OFFLINE = "The service cannot be reached. What is flagged appears here when it can be again."


class ModerationPage(Page):
    """The room: queue, item, decision."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._view: ItemView | None = None
        self._wanted = ""
        self.claims = ItemClaims(context, self)
        self.queue = LaneQueue(context)
        self.reading = ItemReading(context)
        self.decision = DecisionSide(context, self.claims)
        self._filled = QWidget()
        whole = QHBoxLayout(self._filled)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.queue)
        whole.addWidget(self.reading, 1)
        whole.addWidget(self.decision)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._make_empty())
        self._stack.addWidget(self._filled)
        column(self, margins=0, spacing=0).addWidget(self._stack)
        self.queue.chosen.connect(self._choose)
        self.claims.changed.connect(self.queue.paint_anew)
        self.decision.decided.connect(self._look_again)
        self.decision.form_left.connect(self.queue.focus_list)
        keys: dict[str, Callable[[], object]] = {"J": self.go_down, "K": self.go_up}
        keys |= {key: partial(self.decision.press, key) for key in sorted(set(KEYS.values()))}
        bind_keys(self, {key: partial(self._unless_typing, act) for key, act in keys.items()})
        self._reload()

    def _make_empty(self) -> QWidget:
        empty = QWidget()
        layout = column(empty)
        layout.addStretch(1)
        self._empty = text_label("", "help", name="moderation.empty")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout.addWidget(self._empty)
        self._show_decided = button("Look at what was decided", "moderation.show_decided", self._open_decided)
        layout.addLayout(row(None, self._show_decided, None))
        layout.addStretch(1)
        return empty

    # What is shown

    def refresh(self, changed: Changed) -> None:
        """Show what waits now; what is being read stays."""
        if changed in _WATCHED:
            self._reload()

    def entered(self) -> None:
        """Look again and let the keys work."""
        self._reload()
        self.claims.watch(self._view)
        self.queue.focus_list()

    def left(self) -> None:
        """Another page is shown: nobody is deciding here; what was typed stays."""
        self.claims.leave()

    def shut(self) -> None:
        """The sign-in ends."""
        self.claims.leave()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the sides give way."""
        super().resizeEvent(event)
        listed, decision = next((q, d) for least, q, d in _SIDES if self.width() >= least)
        self.queue.setFixedWidth(listed)
        self.decision.setFixedWidth(decision)

    def retheme(self) -> None:
        """Paint in the theme."""
        self.queue.paint_anew()
        self.decision.retheme()

    def _reload(self) -> None:
        self.queue.show_queue()
        if self.context.desk.session is None:
            return
        items = self.context.desk.queue
        shown = next((item for item in items if item.id == self._wanted), None)
        if shown is None and not self.decision.busy:
            shown = next(iter(of_lane(items, self.queue.lane)), None)
        if shown is not None:
            self._open(shown)
        self._say_empty()

    def _say_empty(self) -> None:
        if self._wanted or self.queue.model.rowCount():
            self._stack.setCurrentIndex(1)
            return
        is_offline = self.context.desk.connection is Connection.OFFLINE
        self._empty.setText(_OFFLINE if is_offline else _NOTHING)
        self._show_decided.setVisible(bool(of_lane(self.context.desk.queue, Lane.DECIDED)))
        self._stack.setCurrentIndex(0)

    def _open_decided(self) -> None:
        self.queue.choose_lane(Lane.DECIDED)
        self._reload()
        self.queue.focus_list()

    def _open(self, item: QueueItem) -> None:
        """Turn to an item; it is read anew where the queue knows more than is on the screen."""
        self._wanted = item.id
        self.queue.mark(item.id)
        if self._view is None or self._view.item != item:
            self.context.start(self._read(item.id))

    def _look_again(self, item_id: str) -> None:
        if item_id == self._wanted:
            self.context.start(self._read(item_id))

    async def _read(self, item_id: str) -> None:
        try:
            answer = await read_item(self.context.desk, item_id)
        except Unreachable as fault:
            if self._wanted == item_id and self._view is None:
                self.reading.show_trouble(str(fault))
            return
        if self._wanted != item_id:
            return  # the moderator went on meanwhile
        if isinstance(answer, Problem):
            self._show(None)
            self.reading.show_trouble(f"{answer.title} {answer.advice}".strip())
            return
        self._show(answer)

    def _show(self, view: ItemView | None) -> None:
        self._view = view
        self.decision.show_view(view)
        if view is not None:
            self.reading.show_view(view)
        self.claims.watch(view if self.isVisible() else None)

    # Moving

    def _unless_typing(self, act: Callable[[], object]) -> None:
        if not self.decision.is_typing:
            act()

    def go_down(self) -> None:
        """The next in the list."""
        self._go(1)

    def go_up(self) -> None:
        """The one before."""
        self._go(-1)

    def _go(self, step: int) -> None:
        item = None if self.decision.busy else self.queue.beside(step)
        if item is not None:
            self._choose(item)

    def _choose(self, item: QueueItem) -> None:
        if self.decision.busy:
            self.queue.mark(self._wanted)
        elif item.id != self._wanted:
            self._show(None)  # no key may decide on what was on the screen before
            self._open(item)
