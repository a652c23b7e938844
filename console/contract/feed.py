"""What crosses the network about the feed at scale: what changed since a console last asked."""

from __future__ import annotations

import msgspec

from console.domain.feed import Post, PostId


class FeedChanges(msgspec.Struct, frozen=True):
    """Posts in the order of their changes, whole with their threads, and the ids of those that were removed.

    Ask again after (`after`, `id`) while there is `more`. `latest` is the number of the agency's newest change, `total`
    how many posts it has. A `latest` below what was seen before means that the service was restored to an earlier day.
    """

    posts: tuple[Post, ...]
    removed: tuple[PostId, ...]
    after: int
    id: str
    more: bool
    latest: int
    total: int
