"""What is chosen on the map: a time, categories, states, only mine; and the same for the feed beside it.

Promises: one selection answers for every list, layer and export; nothing here knows the clock. A selection that holds
everything back can be told from an empty city (`is_everything`).
"""

from __future__ import annotations

import functools
import math
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec
import shapely
from shapely.geometry import shape as shape_of

from console.domain.areas import Circle, Polygon, outline
from console.domain.feed import Category, Post
from console.domain.requests import Request, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


HALF_DAY = timedelta(hours=12)


class Shown(StrEnum):
    """How a request is drawn: its states in three groups."""

    PENDING = "pending"
    PUBLISHED = "published"
    CLOSED = "closed"


SHOWN_NAMES: dict[Shown, str] = {
    Shown.PENDING: "Pending requests",
    Shown.PUBLISHED: "Published requests",
    Shown.CLOSED: "Closed requests",
}
SHOWN_STATES: dict[State, Shown] = {
    State.PENDING: Shown.PENDING,
    State.ENDORSED: Shown.PENDING,
    State.RETURNED: Shown.PENDING,
    State.APPROVED: Shown.PENDING,
    State.PUBLISHED: Shown.PUBLISHED,
    State.EXPIRED: Shown.CLOSED,
    State.RESOLVED: Shown.CLOSED,
}
"""What a state is drawn as; withdrawn and rejected requests are not on the map."""


class Span(msgspec.Struct, frozen=True):
    """A stretch of time, from `since` to `until`, both included; None is open."""

    since: datetime | None = None
    until: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Whether a time lies in it."""
        return (self.since is None or at >= self.since) and (self.until is None or at <= self.until)


class Selection(msgspec.Struct, frozen=True):
    """What is looked at. No categories or states means all of them."""

    span: Span = Span()
    categories: frozenset[Category] = frozenset()
    states: frozenset[Shown] = frozenset()
    mine: bool = False
    area: Circle | Polygon | None = None
    """What was drawn by hand; None is everywhere."""

    def is_everything(self) -> bool:
        """Whether nothing is held back."""
        return self == Selection()


class Viewer(msgspec.Struct, frozen=True):
    """Whose "mine" it is: the member's id, and the name under which they comment."""

    member_id: str
    speaks_as: str


def kept_posts(selection: Selection, posts: Sequence[Post], viewer: Viewer) -> tuple[Post, ...]:
    """The posts that are in the selection, in their order; "mine" are those that the member has answered."""
    found = [post for post in posts if _keeps(selection, post, viewer)]
    shape = None if selection.area is None else _outline(selection.area)
    if shape is None or not found:
        return tuple(found)
    inside = shapely.intersects_xy(shape, [post.place.lon for post in found], [post.place.lat for post in found])
    return tuple(post for post, is_inside in zip(found, inside, strict=True) if is_inside)


def _keeps(selection: Selection, post: Post, viewer: Viewer) -> bool:
    """Whether a post is in the selection, its place aside."""
    if not selection.span.holds(post.at):
        return False
    if selection.categories and post.category not in selection.categories:
        return False
    return not selection.mine or any(c.official and c.author.startswith(viewer.speaks_as) for c in post.comments)


def keeps_request(selection: Selection, request: Request, viewer: Viewer) -> bool:
    """Whether a request is on the map and in the selection; "mine" are those that the member wrote."""
    shown = SHOWN_STATES.get(request.state)
    if shown is None or (selection.states and shown not in selection.states):
        return False
    if not selection.span.holds(request_time(request)):
        return False
    if selection.area is not None and not (request.outline and _reaches(selection.area, shape_of(request.outline))):
        return False
    return not selection.mine or request.author.id == viewer.member_id


def _reaches(area: Circle | Polygon, place: shapely.Geometry) -> bool:
    """Whether something is in an area, or touches it; a drawing that cannot be measured holds nothing back."""
    shape = _outline(area)
    return shape is None or bool(shape.intersects(place))


@functools.lru_cache(maxsize=8)
def _outline(area: Circle | Polygon) -> shapely.Geometry | None:
    """The outline of what was drawn, made ready: it is asked again with each change of the feed."""
    shape = outline(area)
    if shape is not None:
        shapely.prepare(shape)
    return shape


def request_time(request: Request) -> datetime:
    """The time by which a request stands on the time bar: its publication, else when it was handed in."""
    return request.published_at or request.submitted_at


def histogram(times: Iterable[datetime], span: Span, bins: int) -> list[int]:
    """How many times fall into each of `bins` equal parts of a closed span; ValueError for an open or empty one."""
    if span.since is None or span.until is None or span.until <= span.since or bins < 1:
        raise ValueError("a histogram needs a span with a beginning and an end")
    counts = [0] * bins
    width = (span.until - span.since) / bins
    for at in times:
        if span.holds(at):
            counts[min(bins - 1, int((at - span.since) / width))] += 1
    return counts


def bars_extent(since: datetime, now: datetime, bars: int, zone: tzinfo) -> Span:
    """The span of a histogram from `since` to `now`: bars of whole half days that end at midnight and noon in `zone`.

    So an edge stays where it is while the clock goes on, and a bar is a stretch that has a name.
    """
    half_days = max(1, math.ceil((now - since) / HALF_DAY / bars))
    local = now.astimezone(zone)
    noon = local.replace(hour=12, minute=0, second=0, microsecond=0)
    end = noon if local < noon else (noon + timedelta(days=1)).replace(hour=0)
    until = end.astimezone(UTC)
    return Span(until - half_days * HALF_DAY * bars, until)


class Preset(StrEnum):
    """The usual stretches of time."""

    DAY = "24 h"
    WEEK = "7 d"
    MONTH = "30 d"
    ALL = "All"


PRESET_LENGTHS: dict[Preset, timedelta | None] = {
    Preset.DAY: timedelta(hours=24),
    Preset.WEEK: timedelta(days=7),
    Preset.MONTH: timedelta(days=30),
    Preset.ALL: None,
}


def preset_span(preset: Preset, now: datetime) -> Span:
    """A preset's span as of now; its end is open, so that what comes in is shown."""
    length = PRESET_LENGTHS[preset]
    return Span() if length is None else Span(since=now - length)
