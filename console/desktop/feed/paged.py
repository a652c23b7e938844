"""The feed as a list that never holds the feed: numbers of the rows that were scrolled to, and the posts in view.

Promises: what is asked is looked up on a thread of its own, and only the newest question is answered on the screen; a
post is loaded when its row is painted, by its key; new posts on top wait while somebody reads (`held`), what changes
does so in its row, what goes takes its row along; the list is never reset, so that what is current stays current where
it is still found. Memory is bounded: eight bytes a row and some hundred posts.

    model = PagedPosts(desk.feed.another(), context.start)
    stop = desk.listen_to_feed(model.take)
    view = StillList()
    view.setModel(model)
    view.setItemDelegate(CardDelegate(context.theme, post_card(context, lambda: model.query)))
    model.ask(read_query("bike", zone), FeedFilter())
"""

from __future__ import annotations

import asyncio
from array import array
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from console.client.feed_copy import COUNTED_MAX, FeedCursor, Interrupted
from console.desktop.feed import row_steps
from console.desktop.feed.model import ID_ROLE, THING_ROLE
from console.domain.feed_filter import FeedFilter, Sort
from console.domain.feed_query import FeedQuery

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterable, Sequence

    from console.client.feed_copy import FeedCopy, FeedKeys, FeedSlice
    from console.domain.feed import Post

FIRST_ROWS = 24
MORE_ROWS = 2_000
KEPT_POSTS = 400
AROUND = 10
JUDGED_MAX = 2_000
AGAIN_ROWS = 5_000
Index = QModelIndex | QPersistentModelIndex
T = TypeVar("T")
_NOWHERE = QModelIndex()


class PagedPosts(QAbstractListModel):
    """The posts that a query and a filter find.

    `answered` is said when the first page of a new question is shown, `counted` how many are found (10,001 stands for
    more than 10,000), `held_changed` how many new posts wait to be shown. Set `is_reading` while nothing may move.
    """

    answered = Signal()
    counted = Signal(int)
    held_changed = Signal(int)

    def __init__(self, copy: FeedCopy, start: Callable[[Coroutine[Any, Any, None]], None]) -> None:
        super().__init__()
        self.is_reading = False
        self.query = FeedQuery()
        self.chosen = FeedFilter()
        self._copy = copy
        self._start = start
        self._reader = ThreadPoolExecutor(1, "feed")
        self._question = 0
        self._rows: array[int] = array("q")
        self._sort = Sort.NEWEST
        self._cursor: FeedCursor | None = None
        self._is_loading = False
        self._posts: OrderedDict[int, Post | None] = OrderedDict()
        self._held: set[int] = set()
        self._changed: set[int] = set()
        self._is_judging = False
        self._is_closed = False

    def close(self) -> None:
        """Give up what is being looked up, and end the thread. The copy is the caller's."""
        self._is_closed = True
        self._question += 1
        self._copy.interrupt()
        self._reader.shutdown(wait=True, cancel_futures=True)

    # What a view asks

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """How many rows were scrolled to; there may be more (`canFetchMore`)."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A row by role: the post itself, its id, or its title and place. None for a post that just went."""
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        if role not in {THING_ROLE, ID_ROLE, Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return None
        post = self.thing(index.row())
        if post is None:
            return None
        if role == THING_ROLE:
            return post
        return str(post.id) if role == ID_ROLE else f"{post.title}, {post.place_name}"

    def canFetchMore(self, parent: Index) -> bool:
        """Whether there are more rows than were scrolled to."""
        return not parent.isValid() and self._cursor is not None and not self._is_loading

    def fetchMore(self, parent: Index) -> None:
        """Look up more rows; they come a moment later."""
        if self.canFetchMore(parent):
            self._is_loading = True
            self._begin(self._more(self._question))

    def thing(self, row: int) -> Post | None:
        """The post in a row; None outside, or where it just went."""
        if self._is_closed or not 0 <= row < len(self._rows):
            return None
        number = self._rows[row]
        if number not in self._posts:
            around = [n for n in self._rows[max(0, row - AROUND) : row + 2 * AROUND] if n not in self._posts]
            found = self._copy.rows(around)
            self._keep({n: found.get(n) for n in around})
        self._posts.move_to_end(number)
        return self._posts[number]

    def number(self, row: int) -> int | None:
        """The number in the copy of the post in a row; None outside."""
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def row_of(self, post_id: str) -> int:
        """The row of a post; -1 where it is not among the rows that were scrolled to."""
        number = None if self._is_closed else self._copy.number_of(post_id)
        return -1 if number is None else row_steps.row_of(self._rows, number, self._sort)

    @property
    def held(self) -> int:
        """How many new posts wait to be shown."""
        return len(self._held)

    # What a room asks

    def ask(self, query: FeedQuery, chosen: FeedFilter) -> None:
        """Show what another query and filter find; an answer to an older question is dropped."""
        self.query, self.chosen = query, chosen
        self._question += 1
        self._copy.interrupt()
        self._begin(self._first(self._question))

    def show_held(self) -> None:
        """Show the new posts that waited, on top."""
        if not self._held:
            return
        if self.chosen.sort is not Sort.NEWEST:
            self.ask(self.query, self.chosen)
            return
        fresh, self._held = self._held, set()
        self._place(fresh)
        self.held_changed.emit(0)

    def take(self, numbers: frozenset[int]) -> None:
        """Follow the copy: posts with these numbers came, changed or went; none of them: look at all again."""
        if not numbers or len(numbers) + len(self._changed) > JUDGED_MAX:
            self._posts.clear()
            self._changed.clear()
            self._question += 1
            self._begin(self._first(self._question, min(len(self._rows), AGAIN_ROWS)))
            return
        self._changed |= numbers
        if not self._is_judging:
            self._is_judging = True
            self._begin(self._judge())

    # Inside: looking up

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        if self._is_closed:
            work.close()
        else:
            self._start(work)

    async def look(self, work: Callable[[], T]) -> T:
        """Do some reading of the copy on the model's own thread. Interrupted where the list was closed."""
        if self._is_closed:
            raise Interrupted
        return await asyncio.get_running_loop().run_in_executor(self._reader, work)

    async def _first(self, question: int, rows: int = 0) -> None:
        """The first page of a question, or as many rows as there were: what was scrolled to stays."""
        query, chosen = self.query, self.chosen
        try:
            if question != self._question:
                return
            posts: dict[int, Post] = {}
            found: FeedSlice | FeedKeys
            if rows > FIRST_ROWS:
                found = await self.look(partial(self._copy.keys, query, chosen, None, rows))
            else:
                found = page = await self.look(partial(self._copy.page, query, chosen, None, FIRST_ROWS))
                posts = dict(zip(page.numbers, page.posts, strict=True))
            if question != self._question:
                return
            self._show(found.numbers, posts, chosen.sort)
            self._cursor, self._is_loading = found.cursor, False
            self.answered.emit()
            count = len(found.numbers)
            if found.cursor is not None:
                count = await self.look(partial(self._copy.count, query, chosen, COUNTED_MAX))
            if question == self._question:
                self.counted.emit(count)
        except Interrupted:
            return

    async def _more(self, question: int) -> None:
        try:
            found = await self.look(partial(self._copy.keys, self.query, self.chosen, self._cursor, MORE_ROWS))
        except Interrupted:
            self._is_loading = False
            return
        if question != self._question:
            return
        last = len(self._rows)
        if found.numbers:
            self._insert(last, found.numbers)
        self._cursor, self._is_loading = found.cursor, False

    async def _judge(self) -> None:
        try:
            while self._changed and not self._is_closed:
                question, numbers = self._question, sorted(self._changed)
                self._changed.clear()
                try:
                    belong = await self.look(partial(self._copy.among, self.query, self.chosen, numbers))
                except Interrupted:
                    self._changed.update(numbers)
                    continue
                if question == self._question:
                    self._follow(numbers, belong)
                else:
                    self._changed.update(numbers)
        finally:
            self._is_judging = False

    # Inside: rows

    def _show(self, numbers: Sequence[int], posts: dict[int, Post], sort: Sort) -> None:
        """Become the first rows of a question: those that were there already stay what they are."""
        both: set[int] = set()
        if sort is self._sort and sort is not Sort.MOST_COMMENTS:
            both = {n for n in numbers if row_steps.row_of(self._rows, n, sort) >= 0}
        for first, last in row_steps.to_remove(self._rows, both, self._sort):
            self.beginRemoveRows(_NOWHERE, first, last)
            del self._rows[first : last + 1]
            self.endRemoveRows()
        self._sort = sort
        self._keep(posts)
        for at, fresh in row_steps.to_insert(numbers, both):
            self._insert(at, fresh)
        if both:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))
        self._hold(set())

    def _follow(self, numbers: Iterable[int], belong: frozenset[int]) -> None:
        fresh: list[int] = []
        for number in numbers:
            self._posts.pop(number, None)
            row = row_steps.row_of(self._rows, number, self._sort)
            if row >= 0 and number in belong:
                self.dataChanged.emit(self.index(row), self.index(row))
            elif row >= 0:
                self.beginRemoveRows(_NOWHERE, row, row)
                del self._rows[row]
                self.endRemoveRows()
            elif number in belong:
                fresh.append(number)
        wait = self._held - (set(numbers) - belong) | {number for number in fresh if self._waits(number)}
        self._place([number for number in fresh if number not in wait])
        self._hold(wait)

    def _waits(self, number: int) -> bool:
        """Whether a new post has to wait: on top, while somebody reads or others wait already."""
        if self._sort is Sort.MOST_COMMENTS:
            return True
        is_on_top = self._sort is Sort.NEWEST and bool(self._rows) and number > self._rows[0]
        return is_on_top and (self.is_reading or bool(self._held))

    def _place(self, fresh: Iterable[int]) -> None:
        """New rows where they belong; what lies beyond what was scrolled to comes with the rest."""
        end = len(self._rows)
        for row, numbers in row_steps.to_place(self._rows, fresh, self._sort):
            if row < end or self._cursor is None:
                self._insert(row, numbers)

    def _hold(self, held: set[int]) -> None:
        if held != self._held:
            self._held = held
            self.held_changed.emit(len(held))

    def _insert(self, at: int, numbers: array[int] | list[int]) -> None:
        self.beginInsertRows(_NOWHERE, at, at + len(numbers) - 1)
        self._rows[at:at] = numbers if isinstance(numbers, array) else array("q", numbers)
        self.endInsertRows()

    def _keep(self, posts: dict[int, Any]) -> None:
        self._posts.update(posts)
        while len(self._posts) > KEPT_POSTS:
            self._posts.popitem(last=False)
