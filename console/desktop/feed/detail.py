"""One post beside the map: its thread, and the box with which a member answers."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from console.client.desk import NotSignedIn
from console.client.desk_work import said_in
from console.contract import endpoints as e
from console.desktop.feed.answering import Answering
from console.desktop.feed.thread import Thread
from console.desktop.widgets import button, column, line, row, scrolling

if TYPE_CHECKING:
    from console.client.outbox import OutboxRow
    from console.desktop.context import Context
    from console.domain.feed import Post


class PostDetail(QWidget):
    """A post in full. What was typed is kept per post. `work_on` asks for the feed desk, with all its acts."""

    back = Signal()
    ask_near = Signal(object)
    work_on = Signal(object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._post: Post | None = None
        outer = column(self, margins=0, spacing=0)
        head = column(margins=8)
        head.addLayout(
            row(
                button("\u2190 Feed", "feed.back", self.back.emit, "plain"),
                None,
                button("Open at the desk", "feed.work_on", self._work_on, "plain"),
            )
        )
        outer.addLayout(head)
        body = QWidget()
        inside = column(body, margins=16)
        self._thread = Thread(context, with_acts=False)
        inside.addWidget(self._thread)
        inside.addStretch(1)
        outer.addWidget(scrolling(body), 1)
        outer.addWidget(line())
        foot = QWidget()
        layout = column(foot)
        self._ask = button("Ask for video near here", "feed.ask", self._ask_near)
        self._answering = Answering(context)
        self._thread.put_back.connect(self._put_back)
        self._thread.let_go.connect(self._let_go)
        layout.addWidget(self._ask)
        layout.addWidget(self._answering)
        outer.addWidget(foot)

    @property
    def post(self) -> Post | None:
        """The post that is shown."""
        return self._post

    def show_post(self, post: Post) -> None:
        """Show a post; what is typed for it stays."""
        self._post = post
        self._thread.show_post(post)
        self._answering.show_post(post)
        self.show_outbox()
        session = self._context.desk.session
        member = None if session is None else session.member
        self._ask.setVisible(member is not None and member.role in e.SUBMIT_REQUEST.who)

    def show_outbox(self) -> None:
        """What the member said here and what is not sent."""
        self._thread.show_outbox(self._context.desk.outbox)

    def _put_back(self, row_: OutboxRow) -> None:
        self._answering.put_back(said_in(row_))
        self._let_go(row_)

    def _let_go(self, row_: OutboxRow) -> None:
        with suppress(NotSignedIn):
            self._context.desk.dismiss(row_.key)

    def keep(self) -> None:
        """Keep what is typed on the disk."""
        self._answering.keep()

    def _ask_near(self) -> None:
        if self._post is not None:
            self.ask_near.emit(self._post)

    def _work_on(self) -> None:
        if self._post is not None:
            self.work_on.emit(self._post)
