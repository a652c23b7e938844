"""Saved filters: a search and a list of the desk under a name, with what a member wants to be told of it.

Promises: nothing is announced that the member did not choose; in quiet hours nothing is; several new posts of one
filter are one notification. Kept in the member's vault.
"""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

import msgspec

from console.domain.areas import Circle, Polygon
from console.domain.desk_work import View
from console.domain.feed import Category
from console.domain.overview import Preset

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from console.domain.feed import Post

FILTERS_MAX = 20
NAME_MAX = 40


class SavedFilter(msgspec.Struct, frozen=True):
    """A search under a name: words as they are typed, a list, kinds, a stretch of time up to now, and a place."""

    name: str
    words: str = ""
    view: View = View.ALL
    notify: bool = False
    categories: frozenset[Category] = frozenset()
    time: Preset = Preset.ALL
    place: str = ""
    area: Circle | Polygon | None = None


class Saved(msgspec.Struct, frozen=True):
    """All that a member has saved."""

    filters: tuple[SavedFilter, ...] = ()


def read(text: str | None) -> tuple[SavedFilter, ...]:
    """What was saved; nothing where it cannot be read, which a newer program may have written."""
    try:
        return msgspec.json.decode(text or "{}", type=Saved).filters[:FILTERS_MAX]
    except msgspec.MsgspecError:
        return ()


def write(filters: Iterable[SavedFilter]) -> str:
    """As it is kept."""
    return msgspec.json.encode(Saved(tuple(filters))).decode()


def name_trouble(name: str, known: Iterable[SavedFilter]) -> str:
    """What is wrong with a name for a new filter; empty where nothing is."""
    tidy = name.strip()
    taken = {one.name.casefold() for one in known}
    if not tidy:
        return "Give it a name."
    if len(tidy) > NAME_MAX:
        return f"A name has at most {NAME_MAX} characters."
    if tidy.casefold() in taken:
        return "There is a filter of this name already. Choose another, or remove that one first."
    if len(taken) >= FILTERS_MAX:
        return f"{FILTERS_MAX} filters are kept at most. Remove one first."
    return ""


class QuietHours(msgspec.Struct, frozen=True):
    """When nothing is announced, in the agency's own time; the same time twice: never quiet."""

    begins: str = "18:00"
    ends: str = "08:00"

    def hold(self, now: datetime, zone: ZoneInfo) -> bool:
        """Whether it is quiet now; a stretch over midnight is one stretch."""
        try:
            begins, ends = time.fromisoformat(self.begins), time.fromisoformat(self.ends)
        except ValueError:
            return False
        here = now.astimezone(zone).time()
        if begins == ends:
            return False
        return begins <= here < ends if begins < ends else here >= begins or here < ends


class Notice(msgspec.Struct, frozen=True):
    """One notification: the name of a filter and how many posts, never a neighbour's words.

    The desktop's own notifications may read markup, stay on a locked screen, and are kept in its history.
    """

    title: str
    text: str


def notices(found: Sequence[tuple[SavedFilter, Sequence[Post]]]) -> tuple[Notice, ...]:
    """What to announce: one notification a filter, however many posts are new in it; a post once."""
    told: set[str] = set()
    made = []
    for chosen, posts in found:
        fresh = {post.id for post in posts} - told
        told |= fresh
        if fresh:
            count = "1 new post" if len(fresh) == 1 else f"{len(fresh)} new posts"
            made.append(Notice(f"{_plain(chosen.name)}: {count}", "Open the feed desk to read."))
    return tuple(made)


def _plain(name: str) -> str:
    return "".join(c if c.isprintable() and c not in "<>&" else " " for c in name)
