"""The morning summary: what came since the member was last here, instead of a message for each post.

Promises: counts of what the agency may read anyway; nothing about who reads, shares or declines.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from console.domain.desk_work import OPEN_STATES, DeskItem, View, is_in
from console.domain.feed import CATEGORY_NAMES, Category

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from zoneinfo import ZoneInfo

    from console.domain.feed import Post

WAITS_LONG = timedelta(hours=24)


class Digest(msgspec.Struct, frozen=True):
    """What came: posts by category, how many wait for longer than a day, the member's own, answers to the agency."""

    since: datetime
    posts: int
    by_category: tuple[tuple[Category, int], ...]
    waiting_long: int
    mine: int
    replies: int

    def is_empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self.posts or self.waiting_long or self.mine or self.replies)


def digest(
    posts: Sequence[Post], item_of: Callable[[str], DeskItem], me: str, since: datetime, now: datetime
) -> Digest:
    """The summary as of `now` for the member `me`, of posts that are newer than `since`."""
    fresh = [post for post in posts if post.at > since and post.category is not Category.ALERT]
    counts = [(c, sum(post.category is c for post in fresh)) for c in Category]
    waiting = mine = replies = 0
    for post in posts:
        if post.category is Category.ALERT:
            continue
        item = item_of(post.id)
        waiting += item.state in OPEN_STATES and now - post.at > WAITS_LONG
        mine += is_in(View.MINE, item, me)
        spoke = [comment for comment in post.comments if comment.official]
        if spoke:
            replies += sum(c.at > max(since, spoke[0].at) for c in post.comments if not c.official)
    return Digest(since, len(fresh), tuple(one for one in counts if one[1]), waiting, mine, replies)


def is_due(last: datetime | None, now: datetime, zone: ZoneInfo, opens: str) -> bool:
    """Whether the morning's summary is to be shown: once a day, from when the agency begins to read."""
    here = now.astimezone(zone)
    try:
        hours, minutes = (int(part) for part in opens.split(":"))
    except ValueError:
        hours, minutes = 0, 0
    begins = here.replace(hour=hours % 24, minute=minutes % 60, second=0, microsecond=0)
    if here < begins:
        begins -= timedelta(days=1)
    return last is None or last < begins


def words(told: Digest, since_words: str) -> tuple[str, ...]:
    """The summary in sentences; `since_words` is the time it begins at, in the agency's own."""
    kinds = ", ".join(f"{count} {CATEGORY_NAMES[category].lower()}" for category, count in told.by_category)
    lines = [f"{_count(told.posts, 'new post')} since {since_words}" + (f": {kinds}." if kinds else ".")]
    if told.replies:
        lines.append(f"{_count(told.replies, 'comment')} after an answer of your agency.")
    if told.mine:
        lines.append(f"{_count(told.mine, 'post')} in your hands.")
    if told.waiting_long:
        lines.append(f"{_count(told.waiting_long, 'post')} unanswered for more than a day.")
    return tuple(lines)


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
