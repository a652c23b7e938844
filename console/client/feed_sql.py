"""A query and a filter as SQL over the feed's tables: walked in the screen's order, or begun with the few that fit.

FINDINGS: no single index wins. A walk through the index of words, of what is unread or of time, in the order in which
the screen shows it, ends as soon as a page is full; where a place or a set of ids leaves few, it begins with those.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, assert_never

from console.domain.feed_filter import Box, Sort, box_around, cells_over, micros
from console.domain.feed_words import fts5_match

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from console.domain.feed_filter import FeedFilter
    from console.domain.feed_query import FeedQuery

FEW = 1_000
"""Up to so many posts of a place or a set are looked at one by one."""
# How far a number may lie above its post's time, where many bear the same.
_SLACK = 10_000_000


@dataclass
class Chosen:
    """Which posts: tables in the order in which they are to be read, conditions, and their values."""

    tables: str
    number: str
    posts: str = ""
    """The table of posts, joined where something of it is asked."""
    where: list[str] = field(default_factory=list)
    values: list[object] = field(default_factory=list)

    def add(self, condition: str, *values: object) -> None:
        """One more condition."""
        if "p." in condition:
            self.need_posts()
        self.where.append(condition)
        self.values.extend(values)

    def need_posts(self) -> None:
        """Something of the posts is asked."""
        self.tables, self.posts = self.tables + self.posts, ""

    def sql(self, columns: str, order: str = "") -> str:
        """The whole statement, without its limit."""
        where = f" WHERE {' AND '.join(self.where)}" if self.where else ""
        return f"SELECT {columns} FROM {self.tables}{where}{order}"  # noqa: S608 - our own words, values bound


def choose(
    query: FeedQuery,
    chosen: FeedFilter,
    rows: Callable[[str, tuple[object, ...]], list[Sequence[Any]]],
    only: Sequence[int] | None = None,
) -> Chosen:
    """How to look for what a query and a filter ask; `rows` answers a small question, `only` are numbers to look among.

    A place is checked exactly by the function `in_area(lat, lon)`, which the connection must know where an area is set.
    """
    match = fts5_match(query)
    unread = True if query.unread else chosen.unread
    few = list(only) if only is not None else _few(chosen, rows)
    if few is not None:
        made = Chosen("feed_posts p", "p.n")
        made.add("p.n IN (SELECT value FROM json_each(?))", json.dumps(few))
        if match:
            inner = "SELECT rowid FROM feed_words WHERE feed_words MATCH ? AND rowid >= ? AND rowid <= ?"
            made.add(f"p.n IN ({inner})", match, min(few, default=0), max(few, default=0))
    elif match and chosen.sort is not Sort.MOST_COMMENTS:
        # CROSS JOIN keeps the order of the tables: the planner would begin with the posts.
        made = Chosen("feed_words w", "w.rowid", " CROSS JOIN feed_posts p ON p.n = w.rowid")
        made.add("w.feed_words MATCH ?", match)
    elif match:
        made = Chosen("feed_posts p", "p.n")
        made.add("p.n IN (SELECT rowid FROM feed_words WHERE feed_words MATCH ?)", match)
    elif unread and chosen.sort is not Sort.MOST_COMMENTS:
        made = Chosen("feed_unread u", "u.n", " CROSS JOIN feed_posts p ON p.n = u.n")
        unread = None
    else:
        made = Chosen("feed_posts p", "p.n")
    if unread is not None:
        sign = "EXISTS" if unread else "NOT EXISTS"
        made.add(f"{sign} (SELECT 1 FROM feed_unread r WHERE r.n = p.n)")  # noqa: S608 - our own words
    if query.unread and chosen.unread is False:
        made.add("0")  # what was opened and was not: nothing
    _conditions(made, query, chosen)
    return made


def columns_of(made: Chosen, sort: Sort) -> str:
    """What to read of each: its number, and its count of comments where they are sorted by it."""
    return f"{made.number}, p.comments" if sort is Sort.MOST_COMMENTS else f"{made.number}, 0"


def order_of(made: Chosen, sort: Sort) -> str:
    """The order of the screen."""
    match sort:
        case Sort.NEWEST:
            return f" ORDER BY {made.number} DESC"
        case Sort.OLDEST:
            return f" ORDER BY {made.number}"
        case Sort.MOST_COMMENTS:
            return " ORDER BY p.comments DESC, p.n DESC"
        case _:
            assert_never(sort)


def go_on(made: Chosen, sort: Sort, after: tuple[int, int]) -> None:
    """Only what comes after a post in the order of the screen: its count of comments and its number."""
    match sort:
        case Sort.NEWEST:
            made.add(f"{made.number} < ?", after[1])
        case Sort.OLDEST:
            made.add(f"{made.number} > ?", after[1])
        case Sort.MOST_COMMENTS:
            made.add("(p.comments, p.n) < (?, ?)", *after)
        case _:
            assert_never(sort)


def _few(chosen: FeedFilter, rows: Callable[[str, tuple[object, ...]], list[Sequence[Any]]]) -> list[int] | None:
    """The numbers of the posts of a small place or set, where they are few; None where they are many or not known."""
    found: list[Sequence[Any]]
    if chosen.ids is not None:
        ids = json.dumps(sorted(chosen.ids))
        found = rows("SELECT n FROM feed_posts WHERE id IN (SELECT value FROM json_each(?))", (ids,))
        return [row[0] for row in found]
    cells = () if chosen.area is None else cells_over(chosen.area)
    if not cells:
        return None
    since = 0 if chosen.since is None else micros(chosen.since)
    until = 2**62 if chosen.until is None else micros(chosen.until) + _SLACK
    numbers: list[int] = []
    for cell in cells:
        found = rows(
            "SELECT n FROM feed_posts WHERE cell = ? AND n >= ? AND n < ? LIMIT ?",
            (cell, since, until, FEW + 1 - len(numbers)),
        )
        numbers.extend(row[0] for row in found)
        if len(numbers) > FEW:
            return None
    return numbers


def _conditions(made: Chosen, query: FeedQuery, chosen: FeedFilter) -> None:
    for asked in (query, chosen):
        if asked.since is not None:
            made.add(f"{made.number} >= ? AND p.at >= ?", micros(asked.since), micros(asked.since))
        if asked.until is not None:
            made.add(f"{made.number} < ? AND p.at < ?", micros(asked.until) + _SLACK, micros(asked.until))
        if len(asked.categories) == 1:
            made.add("p.category = ?", next(iter(asked.categories)).value)
        elif asked.categories:  # with a plus the planner walks by time, and does not sort all of several kinds
            marks = ", ".join("?" * len(asked.categories))
            made.add(f"+p.category IN ({marks})", *sorted(c.value for c in asked.categories))
        if asked.answered is not None:
            made.add("p.answered = ?", int(asked.answered))
    _place(made, chosen)
    if chosen.without_ids:
        made.add("p.id NOT IN (SELECT value FROM json_each(?))", json.dumps(sorted(chosen.without_ids)))
    if chosen.mine:
        made.add("instr(p.speakers, ?) > 0", f"\n{chosen.mine}")


def _place(made: Chosen, chosen: FeedFilter) -> None:
    if chosen.box is not None:
        _in_box(made, chosen.box)
    if chosen.area is not None and (box := box_around(chosen.area)) is not None:
        _in_box(made, box)
        made.add("in_area(p.lat, p.lon)")


def _in_box(made: Chosen, box: Box) -> None:
    made.add("p.lat BETWEEN ? AND ?", box.south, box.north)
    if box.west <= box.east:
        made.add("p.lon BETWEEN ? AND ?", box.west, box.east)
    else:
        made.add("(p.lon >= ? OR p.lon <= ?)", box.west, box.east)
