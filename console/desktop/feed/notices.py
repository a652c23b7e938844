"""Tells a member of new posts in filters of their choice: grouped, not in quiet hours, never in a neighbour's words.

What came in quiet hours stands in the morning's summary.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, QTimer

from console.client.desk import NotSignedIn
from console.client.feed_copy import Interrupted
from console.desktop.feed.listing import SAVED_SETTING, chosen_by, list_ids
from console.domain import saved_filters
from console.domain.feed_filter import FeedFilter
from console.domain.feed_query import read_query
from console.domain.saved_filters import QuietHours, notices

if TYPE_CHECKING:
    from collections.abc import Callable

    from console.client.feed_copy import FeedCopy
    from console.desktop.context import Context
    from console.domain.feed import Post
    from console.domain.feed_query import FeedQuery
    from console.domain.saved_filters import Notice, SavedFilter

QUIET_SETTING = "feed.quiet"
GROUPED_MS = 60_000
SLACK = timedelta(minutes=5)
"""By how much the service's clock and this one may differ; a post is told once all the same."""
NUMBERS_MAX = 2_000


def quiet_hours(context: Context) -> QuietHours:
    """The member's own; without any, when the agency does not read."""
    with suppress(NotSignedIn, msgspec.MsgspecError):
        kept = context.desk.setting(QUIET_SETTING)
        if kept:
            return msgspec.json.decode(kept, type=QuietHours)
    hours = context.agency.reading_hours
    return QuietHours(hours.closes, hours.opens)


class Notices(QObject):
    """Collects what comes into the copy and tells it once a minute by `tell`, from the moment it was made."""

    def __init__(self, context: Context, tell: Callable[[Notice], None]) -> None:
        super().__init__()
        self._context, self._tell = context, tell
        self._since = context.clock() - SLACK
        self._told: set[str] = set()
        self._numbers: set[int] = set()
        self._copy: FeedCopy = context.desk.feed.another()
        self._stop = context.desk.listen_to_feed(self._take)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(GROUPED_MS)
        self._soon.timeout.connect(self.look)

    def shut(self) -> None:
        """The sign-in ends."""
        self._soon.stop()
        self._stop()
        self._copy.close()

    def _take(self, numbers: frozenset[int]) -> None:
        if len(self._numbers) < NUMBERS_MAX and any(one.notify for one in self._saved()):
            self._numbers |= numbers
            if self._numbers and not self._soon.isActive():
                self._soon.start()

    def _saved(self) -> tuple[SavedFilter, ...]:
        with suppress(NotSignedIn):
            return saved_filters.read(self._context.desk.setting(SAVED_SETTING))
        return ()

    def look(self) -> None:
        """Tell what has come since the last time; in quiet hours the morning's summary does."""
        numbers, self._numbers = sorted(self._numbers), set()
        now = self._context.clock()
        if numbers and not quiet_hours(self._context).hold(now, self._context.zone()):
            zone = self._context.zone()
            chosen = [
                (one, read_query(one.words, zone), chosen_by(one, list_ids(self._context, one.view), now))
                for one in self._saved()
                if one.notify
            ]
            self._context.start(self._say(chosen, numbers))

    async def _say(self, chosen: list[tuple[SavedFilter, FeedQuery, FeedFilter]], numbers: list[int]) -> None:
        try:
            found = await asyncio.to_thread(
                _found, self._copy, [(query, filter_) for _, query, filter_ in chosen], numbers
            )
        except Interrupted:
            return
        fresh = [tuple(p for p in posts if p.at > self._since and p.id not in self._told) for posts in found]
        self._told |= {post.id for posts in fresh for post in posts}
        for notice in notices([(one, posts) for (one, _, _), posts in zip(chosen, fresh, strict=True)]):
            self._tell(notice)


def _found(copy: FeedCopy, questions: list[tuple[FeedQuery, FeedFilter]], numbers: list[int]) -> list[tuple[Post, ...]]:
    """For each question the posts among these numbers that it finds."""
    return [tuple(copy.rows(sorted(copy.among(*question, numbers))).values()) for question in questions]
