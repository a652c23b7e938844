"""The morning summary, shown once a day when the feed desk is opened, in place of a message for each post."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.client.desk import NotSignedIn
from console.client.feed_copy import Interrupted
from console.desktop.widgets import button, card, clear, column, row, text_label
from console.domain.desk_work import View
from console.domain.digest import Digest, digest, is_due, words
from console.domain.feed_filter import FeedFilter
from console.domain.feed_query import FeedQuery

if TYPE_CHECKING:
    from console.client.feed_copy import FeedCopy
    from console.desktop.context import Context
    from console.domain.feed import Post

_SEEN = "feed.summary_seen"
_BACK = timedelta(days=7)
_POSTS_MAX = 2_000


class Summary(QWidget):
    """The summary's card; hidden where it is not due or there is nothing to tell."""

    view_wanted = Signal(object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._is_made = False
        self._made_at: datetime | None = None
        layout = column(self, margins=0)
        self._frame, inside = card()
        layout.addWidget(self._frame)
        inside.addWidget(text_label("Since you were last here", "section"))
        self._lines: QVBoxLayout = column(margins=0, spacing=4)
        inside.addLayout(self._lines)
        inside.addLayout(
            row(
                button("To look at", "summary.inbox", partial(self.view_wanted.emit, View.INBOX), "primary"),
                button("Mine", "summary.mine", partial(self.view_wanted.emit, View.MINE)),
                button("Got it", "summary.done", self.put_away, "plain"),
                None,
            )
        )
        self._frame.hide()

    def enter(self) -> None:
        """The feed desk is on the screen: make the summary where it is due."""
        last, now = self._last(), self._context.clock()
        hours = self._context.agency.reading_hours
        if self._is_made or not is_due(last, now, self._context.zone(), hours.opens):
            return
        with suppress(NotSignedIn):
            if not self._context.desk.feed.state().is_filled:
                return  # half a copy would tell half of it; asked again when more has come
            self._is_made = True
            self._context.start(self._make(last))

    def put_away(self) -> None:
        """It was read; the next comes tomorrow."""
        self._frame.hide()
        with suppress(NotSignedIn):
            self._context.desk.keep_setting(_SEEN, (self._made_at or self._context.clock()).isoformat())

    def _last(self) -> datetime | None:
        with suppress(NotSignedIn, ValueError):
            kept = self._context.desk.setting(_SEEN)
            return None if kept is None else datetime.fromisoformat(kept)
        return None

    async def _make(self, last: datetime | None) -> None:
        desk, now = self._context.desk, self._context.clock()
        session = desk.session
        if session is None:
            return
        since = max(last or now - timedelta(days=1), now - _BACK)
        copy = desk.feed.another()
        try:
            posts = await asyncio.to_thread(_newest, copy, now - _BACK)
        except Interrupted:  # the sign-in ended meanwhile
            return
        finally:
            copy.close()
        self._made_at = now
        self.show_digest(digest(posts, desk.desk_item, session.member.id, since, now))

    def show_digest(self, told: Digest) -> None:
        """Show it; nothing where there is nothing to tell."""
        clear(self._lines)
        for said in words(told, self._context.local(told.since)):
            self._lines.addWidget(text_label(said, name="summary.line"))
        self._frame.setVisible(not told.is_empty())


def _newest(copy: FeedCopy, since: datetime) -> tuple[Post, ...]:
    return copy.page(FeedQuery(), FeedFilter(since=since), None, _POSTS_MAX).posts
