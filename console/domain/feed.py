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


class Comment(msgspec.Struct, frozen=True):
    """A comment: by "Neighbor #n", or by a member as an identified public safety user."""

    id: str
    author: str
    official: bool
    text: str
    at: datetime


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
