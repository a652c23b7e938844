"""Review: what waits for a supervisor's decision, oldest first, with all that the decision needs on one page."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from console.client.desk import Changed, Connection
from console.desktop.context import Page
from console.desktop.review.claims import ClaimBar, Claims
from console.desktop.review.decision import DecisionPanel
from console.desktop.review.queue import Queue
from console.desktop.review.reading import Reading
from console.desktop.review.waiting import waiting
from console.desktop.widgets import bind_keys, column, text_label

if TYPE_CHECKING:
    from collections.abc import Callable

    from console.desktop.context import Context
    from console.domain.requests import Request

# From this width of the page on: the queue's width, the decision's width.
_SIDES = ((1_700, 340, 380), (1_040, 280, 300), (0, 212, 244))
_WATCHED = frozenset({Changed.REQUESTS, Changed.SIGNED_OUT, Changed.CONNECTION, Changed.AGENCY})


class ReviewPage(Page):
    """The review of requests."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._request: Request | None = None
        self.claims = Claims(context, self)
        self.queue = Queue(context)
        self.model = self.queue.model
        self.reading = Reading(context, ClaimBar(context, self.claims))
        self.decision = DecisionPanel(context, self.claims)
        self._filled = QWidget()
        whole = QHBoxLayout(self._filled)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.queue)
        whole.addWidget(self.reading, 1)
        whole.addWidget(self.decision)
        self._empty = text_label("", "help", name="review.empty")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._filled)
        column(self, margins=0, spacing=0).addWidget(self._stack)
        self.queue.chosen.connect(self._choose)
        self.claims.changed.connect(self.queue.paint_anew)
        keys = {"J": self.go_down, "K": self.go_up, "/": self.queue.focus_field}
        decisions = {"A": self.decision.open_approve, "R": self.decision.open_return, "X": self.decision.open_reject}
        bind_keys(self, {key: partial(self._unless_typing, act) for key, act in {**keys, **decisions}.items()})
        self._reload()

    # What is shown

    def waiting_count(self) -> int:
        """How many requests wait for a decision, for the badge."""
        return len(waiting(self.context.desk.requests))

    def refresh(self, changed: Changed) -> None:
        """Show what waits now; the request being read stays."""
        if changed in _WATCHED:
            self._reload()

    def entered(self) -> None:
        """Look again and let the keys work."""
        self._reload()
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
        self.reading.retheme()
        self.decision.retheme()
        self.queue.paint_anew()

    def _reload(self) -> None:
        requests, shown = self.context.desk.requests, self._request
        self.queue.show_queue()
        fresh = None
        if shown is not None and self.context.desk.session is not None:
            fresh = next((r for r in requests if r.id == shown.id), shown)
        if fresh is None:
            fresh = next(iter(waiting(requests)), None)
        self._show(fresh)
        self._say_empty()

    def _say_empty(self) -> None:
        if self._request is not None:
            self._stack.setCurrentIndex(1)
            return
        if self.context.desk.connection is Connection.OFFLINE:
            words = "The service cannot be reached. What waits for review appears here when it can be again."
        else:
            words = "Nothing waits for review. A request that an officer sends appears here by itself."
        self._empty.setText(words)
        self._stack.setCurrentIndex(0)

    def _show(self, request: Request | None) -> None:
        self._request = request
        self.claims.watch(request if self.isVisible() else None)
        self.decision.show_request(request)
        self.queue.mark(request)
        if request is not None:
            self.reading.show_request(request)

    # Moving

    def show_id(self, request_id: str) -> None:
        """Show a request by its id, for the search and the map."""
        found = next((r for r in self.context.desk.requests if r.id == request_id), None)
        if found is not None and not self.decision.busy:
            self._show(found)
            self._say_empty()

    def _unless_typing(self, act: Callable[[], None]) -> None:
        if not self.decision.is_typing:
            act()

    def go_down(self) -> None:
        """The next request."""
        self._go(1)

    def go_up(self) -> None:
        """The request before."""
        self._go(-1)

    def _go(self, step: int) -> None:
        thing = None if self.decision.busy else self.queue.beside(step)
        if thing is not None:
            self._show(thing)

    def _choose(self, request: Request) -> None:
        if self._request is not None and self.decision.busy:
            self.queue.mark(self._request)
        elif self._request is None or request.id != self._request.id:
            self._show(request)
