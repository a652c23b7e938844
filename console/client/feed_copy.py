"""The feed's copy on this workstation, as a screen asks it: pages, counts, what is unread. Encrypted as the vault is.

Promises: every answer comes from the vault, so that it is the same with the network down; paging is by key, so that a
page far down costs what the first one costs; nothing is ever loaded whole. It may be asked from any thread. Questions
have a connection of their own, so that nobody who reads waits for what is being written (SQLite's WAL).

    slice = copy.page(read_query("bike", zone), FeedFilter(), None, 50)
    more = copy.page(read_query("bike", zone), FeedFilter(), slice.cursor, 50)
"""

from __future__ import annotations

import json
import threading
from array import array
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import shapely
from sqlcipher3 import dbapi2 as sqlcipher

from console.client import feed_tables
from console.client.feed_sql import choose, columns_of, go_on, order_of
from console.domain.feed import Post
from console.domain.feed_filter import FeedFilter, micros, outline_of
from console.domain.feed_query import FeedQuery

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from console.domain.areas import Circle, Polygon

    Opened = tuple[Any, threading.RLock]

COUNTED_MAX = 10_000
AGE_MAX = timedelta(days=400)
POSTS_MAX = 1_000_000
BYTES_MAX = 2 * 1024**3
MARKED_AT_ONCE = 5_000
DROPPED_AT_ONCE = 40


class Interrupted(Exception):  # noqa: N818 - says what happened
    """A newer question was asked: this one was given up."""


class FeedCursor(msgspec.Struct, frozen=True):
    """Where a page ended: the count of comments and the number of its last post."""

    comments: int
    number: int


class FeedSlice(msgspec.Struct, frozen=True):
    """A page of posts with their numbers, in the order asked for; `cursor` goes on, None at the end."""

    posts: tuple[Post, ...]
    numbers: tuple[int, ...]
    cursor: FeedCursor | None


class FeedKeys(msgspec.Struct, frozen=True):
    """As a slice, the numbers alone: eight bytes a post."""

    numbers: array[int]
    cursor: FeedCursor | None


class FeedLimits(msgspec.Struct, frozen=True):
    """How much the copy may hold; the oldest go first."""

    age: timedelta = AGE_MAX
    posts: int = POSTS_MAX
    bytes: int = BYTES_MAX


class SyncState(msgspec.Struct, frozen=True):
    """How far the copy is in step: after which change, and where its first filling stands (None: not begun).

    `before` is the service's own cursor of the page to fill next; empty when the filling is done.
    """

    changed: int = 0
    id: str = ""
    before: str | None = None
    is_filled: bool = False
    total: int = 0
    limits: FeedLimits = FeedLimits()


class FeedCopy:
    """The feed in one member's vault. See the module."""

    def __init__(self, open_beside: Callable[[], Opened], one_writer: threading.RLock, *, is_shared: bool) -> None:
        self._open_beside = open_beside
        self._one_writer = one_writer
        self._is_shared = is_shared
        self._asking = _Beside(open_beside)
        self._showing = _Beside(open_beside)
        self._writing = _Beside(open_beside)
        self._area: Circle | Polygon | None = None
        self._inside: dict[tuple[float, float], bool] = {}
        self._others: list[FeedCopy] = []

    def __repr__(self) -> str:
        return "FeedCopy()"

    def close(self) -> None:
        """Close its connections; in memory there are none of its own."""
        for other in self._others:
            other.close()
        if not self._is_shared:
            self.interrupt()
        for beside in (self._asking, self._showing, self._writing):
            beside.close(shared=self._is_shared)

    def another(self) -> FeedCopy:
        """The same copy with connections of its own, for who gives up questions; closed with this one."""
        made = FeedCopy(self._open_beside, self._one_writer, is_shared=self._is_shared)
        self._others.append(made)
        return made

    # What the screen asks

    def page(self, query: FeedQuery, chosen: FeedFilter, after: FeedCursor | None, limit: int) -> FeedSlice:
        """The first posts that are found, or those after a cursor. Interrupted."""
        with self._question(chosen) as ask:
            found = _find(ask, query, chosen, after, limit)
            bodies = self._bodies(ask, [row[0] for row in found])
        posts = feed_tables.posts_of(bodies[row[0]] for row in found)
        return FeedSlice(posts, tuple(row[0] for row in found), _cursor(found, limit))

    def keys(self, query: FeedQuery, chosen: FeedFilter, after: FeedCursor | None, limit: int) -> FeedKeys:
        """As `page`, the numbers alone. Interrupted."""
        with self._question(chosen) as ask:
            found = _find(ask, query, chosen, after, limit)
        return FeedKeys(array("q", (row[0] for row in found)), _cursor(found, limit))

    def among(self, query: FeedQuery, chosen: FeedFilter, numbers: Sequence[int]) -> frozenset[int]:
        """Which of some posts are found: after a change, whether they still belong to a list. Interrupted."""
        with self._question(chosen) as ask:
            few = list(numbers)
            if chosen.ids is not None:
                ids = json.dumps(sorted(chosen.ids))
                kept = ask("SELECT n FROM feed_posts WHERE id IN (SELECT value FROM json_each(?))", (ids,))
                few = sorted(set(few) & {row[0] for row in kept})
            made = choose(query, chosen, ask, few)
            return frozenset(row[0] for row in ask(made.sql(made.number), tuple(made.values)))

    def count(self, query: FeedQuery, chosen: FeedFilter, most: int = COUNTED_MAX) -> int:
        """How many are found, counted no further than `most` + 1, which stands for "more than that". Interrupted."""
        with self._question(chosen) as ask:
            made = choose(query, chosen, ask)
            inner = made.sql("1", " LIMIT ?")
            found = ask(f"SELECT count(*) FROM ({inner})", (*made.values, most + 1))  # noqa: S608 - our own words
        return int(found[0][0])

    def unread(self, query: FeedQuery, chosen: FeedFilter, most: int = COUNTED_MAX) -> int:
        """How many of those that are found were not opened, counted as by `count`. Interrupted."""
        if chosen.unread is False:
            return 0
        return self.count(query, msgspec.structs.replace(chosen, unread=True), most)

    def interrupt(self) -> None:
        """Give up the question that is being answered: who asked it gets Interrupted."""
        if not self._is_shared:
            self._asking.interrupt()

    def rows(self, numbers: Iterable[int]) -> dict[int, Post]:
        """Posts by their numbers; one that went meanwhile is left out. Quick: by key, for a screen that paints."""
        with self._showing.used() as do:
            bodies = self._bodies(lambda sql, values: do(sql, values).fetchall(), list(numbers))
        return {n: msgspec.json.decode(body, type=Post) for n, body in bodies.items()}

    def post(self, post_id: str) -> Post | None:
        """One post by its id; None where it is not kept."""
        with self._showing.used() as do:
            row = do(
                "SELECT body FROM feed_bodies WHERE n = (SELECT n FROM feed_posts WHERE id = ?)", (post_id,)
            ).fetchone()
        return None if row is None else msgspec.json.decode(row[0], type=Post)

    def number_of(self, post_id: str) -> int | None:
        """The number of a post; None where it is not kept."""
        with self._showing.used() as do:
            row = do("SELECT n FROM feed_posts WHERE id = ?", (post_id,)).fetchone()
        return None if row is None else int(row[0])

    def is_read(self, number: int) -> bool:
        """Whether the member has opened the post with this number."""
        with self._showing.used() as do:
            return do("SELECT 1 FROM feed_unread WHERE n = ?", (number,)).fetchone() is None

    # Marks

    def mark_all_read(self, query: FeedQuery, chosen: FeedFilter) -> int:
        """Note of all that are found that they were opened; answers of how many. Not for the screen's own thread."""
        only = msgspec.structs.replace(chosen, unread=True)
        marked = 0
        while True:
            with self._question(only) as ask:
                made = choose(query, only, ask)
                rows = ask(made.sql(made.number, " LIMIT ?"), (*made.values, MARKED_AT_ONCE))
            numbers = json.dumps([row[0] for row in rows])
            with self._write() as do:
                do("DELETE FROM feed_unread WHERE n IN (SELECT value FROM json_each(?))", (numbers,))
            marked += len(rows)
            if len(rows) < MARKED_AT_ONCE:
                return marked

    # Keeping in step: for `feed_sync`

    def state(self) -> SyncState:
        """How far the copy is in step."""
        with self._showing.used() as do:
            found = feed_tables.get_state(do, "sync")
        return msgspec.json.decode(found, type=SyncState) if found else SyncState()

    def take(self, posts: Sequence[Post], gone: Sequence[str], state: SyncState | None) -> frozenset[int]:
        """Keep some posts, forget others and note how far that is, all or nothing; answers the numbers that changed."""
        with self._write() as do:
            changed = [feed_tables.keep_post(do, post) for post in posts]
            changed += [feed_tables.drop_post(do, post_id) for post_id in gone]
            if state is not None:
                feed_tables.set_state(do, "sync", msgspec.json.encode(state).decode())
        return frozenset(n for n in changed if n is not None)

    def drop_beyond(self, limits: FeedLimits, now: datetime) -> frozenset[int]:
        """Forget the oldest posts beyond the limits, a few at once; answers their numbers, none at the end."""
        with self._showing.used() as read:
            before = micros(now.astimezone(UTC) - limits.age)
            row = read("SELECT n FROM feed_posts ORDER BY n DESC LIMIT 1 OFFSET ?", (limits.posts - 1,)).fetchone()
            if row is not None:
                before = max(before, int(row[0]))
            oldest = read("SELECT min(n) FROM feed_posts").fetchone()[0]
            pages, free, size = (
                int(read(f"PRAGMA {name}").fetchone()[0]) for name in ("page_count", "freelist_count", "page_size")
            )
        if (pages - free) * size > limits.bytes:
            before = 2**62
        if oldest is None or oldest >= before:
            return frozenset()
        with self._write() as do:
            return frozenset(feed_tables.drop_oldest(do, before, DROPPED_AT_ONCE))

    def clear(self) -> None:
        """Forget all posts, for a filling from the beginning; what was opened last stays known."""
        with self._write() as do:
            feed_tables.clear(do)

    # Inside

    @contextmanager
    def _question(self, chosen: FeedFilter) -> Iterator[Callable[[str, tuple[object, ...]], list[Any]]]:
        with self._asking.used() as do:
            if chosen.area != self._area:
                self._area = chosen.area
                self._inside.clear()
            if chosen.area is not None:
                self._asking.teach("in_area", self._in_area)
            try:
                yield lambda sql, values: do(sql, values).fetchall()
            except sqlcipher.OperationalError as fault:
                if "interrupted" in str(fault):
                    raise Interrupted from None
                raise

    def _in_area(self, lat: float, lon: float) -> bool:
        """Asked by SQLite for each post of a box; posts stand at few places, and those are remembered."""
        known = self._inside.get((lat, lon))
        if known is None:
            shape = None if self._area is None else outline_of(self._area)
            known = shape is None or bool(shapely.intersects_xy(shape, lon, lat))
            if len(self._inside) >= COUNTED_MAX:
                self._inside.clear()
            self._inside[lat, lon] = known
        return known

    @staticmethod
    def _bodies(ask: Callable[[str, tuple[object, ...]], list[Any]], numbers: list[int]) -> dict[int, Any]:
        if not numbers:
            return {}
        select = "SELECT n, body FROM feed_bodies WHERE n IN (SELECT value FROM json_each(?))"
        return {int(n): body for n, body in ask(select, (json.dumps(numbers),))}

    @contextmanager
    def _write(self) -> Iterator[Callable[..., Any]]:
        with self._one_writer, self._writing.used() as do:
            do("BEGIN IMMEDIATE")
            try:
                yield do
                do("COMMIT")
            except BaseException:
                if self._writing.in_transaction:
                    do("ROLLBACK")
                raise


class _Beside:
    """A connection that is opened when it is first used, and the lock under which it is."""

    def __init__(self, open_beside: Callable[[], Opened]) -> None:
        self._open = open_beside
        self._once = threading.Lock()
        self._opened: Opened | None = None
        self._is_closed = False

    @contextmanager
    def used(self) -> Iterator[Callable[..., Any]]:
        """Use it; nobody else does meanwhile."""
        with self._once:
            if self._is_closed:
                raise sqlcipher.ProgrammingError("the vault is closed")
            if self._opened is None:
                self._opened = self._open()
            connection, lock = self._opened
        with lock:
            yield connection.execute

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return self._opened is not None and bool(self._opened[0].in_transaction)

    def teach(self, name: str, function: Callable[[float, float], bool]) -> None:
        """Have its SQL know a function of two numbers."""
        if self._opened is not None:
            self._opened[0].create_function(name, 2, function)

    def interrupt(self) -> None:
        """Give up what it is doing."""
        if self._opened is not None and not self._is_closed:
            self._opened[0].interrupt()

    def close(self, *, shared: bool) -> None:
        """Close it, where it is not shared; it is not used again."""
        with self._once:
            self._is_closed = True
            if self._opened is not None and not shared:
                connection, lock = self._opened
                with lock:
                    connection.close()


def _find(
    ask: Callable[[str, tuple[object, ...]], list[Any]],
    query: FeedQuery,
    chosen: FeedFilter,
    after: FeedCursor | None,
    limit: int,
) -> list[Any]:
    made = choose(query, chosen, ask)
    if after is not None:
        go_on(made, chosen.sort, (after.comments, after.number))
    select = made.sql(columns_of(made, chosen.sort), order_of(made, chosen.sort) + " LIMIT ?")
    return ask(select, (*made.values, limit))


def _cursor(found: list[Any], limit: int) -> FeedCursor | None:
    return FeedCursor(comments=found[-1][1], number=found[-1][0]) if found and len(found) == limit else None
