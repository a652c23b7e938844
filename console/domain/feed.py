"""The neighbourhood feed: posts by neighbours, alerts by the agency, comments on both.

A neighbour is "Neighbor #n" in one thread only; n is drawn at random and cannot be matched across threads.
A post's place is coarse: the centre of its block, never a point of a home.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import NewType

import msgspec

from console.domain.places import Point

PostId = NewType("PostId", str)


class Category(StrEnum):
    """What a post is about."""

    CRIME = "crime"
    SAFETY = "safety"
    LOST_AND_FOUND = "lost_and_found"
    MOMENT = "moment"
    ALERT = "alert"


CATEGORY_NAMES: dict[Category, str] = {
    Category.CRIME: "Crime",
    Category.SAFETY: "Safety",
    Category.LOST_AND_FOUND: "Lost and found",
    Category.MOMENT: "Neighborly moment",
    Category.ALERT: "Alert",
}


class Visibility(StrEnum):
    """What the neutral moderators let be seen of a post or a comment; no agency sets it."""

    PUBLIC = "public"
    LIMITED = "limited"
    REMOVED = "removed"


class Comment(msgspec.Struct, frozen=True):
    """A comment: by "Neighbor #n", or by a member as an identified public safety user.

    Until `public_at` only the agency sees its own comment and may still change it; None: it is public. `corrects` is
    the id of an earlier comment of the agency that this one puts right. The text of what was removed is not sent.
    """

    id: str
    author: str
    official: bool
    text: str
    at: datetime
    visibility: Visibility = Visibility.PUBLIC
    public_at: datetime | None = None
    corrects: str = ""


class Post(msgspec.Struct, frozen=True):
    """A post as the agency sees it."""

    id: PostId
    category: Category
    title: str
    text: str
    author: str
    block: str
    place: Point
    place_name: str
    at: datetime
    comments: tuple[Comment, ...] = ()
    answered: bool = False
    visibility: Visibility = Visibility.PUBLIC
    comments_closed: str = ""
    """The public reason for which the agency closed the comments on its own alert; empty: they are open."""
    alert: str = ""
    """The id of the alert that this is the post of."""
    changed: int = 0
    """The number of the event by which it last changed: what is newer has a higher one."""
