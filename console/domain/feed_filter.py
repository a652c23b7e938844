"""Which posts of the feed a screen shows beside what was typed: kinds, time, place, state of reading and answering.

Promises: one filter answers for every list, count and mark; `keeps` is the definition, which every store must agree
with. Nothing here knows the clock.
"""

from __future__ import annotations

import functools
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

import h3
import msgspec
import shapely

from console.domain.areas import Circle, Polygon, outline
from console.domain.feed import Category, Visibility
from console.domain.feed_query import is_answered
from console.domain.feed_query import keeps as fits_query
from console.domain.feed_words import has_words

if TYPE_CHECKING:
    from console.domain.feed import Post
    from console.domain.feed_query import FeedQuery
    from console.domain.places import Point

CELLS_RESOLUTION = 8
CELLS_MAX = 120
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Sort(StrEnum):
    """In which order posts are shown."""

    NEWEST = "newest"
    OLDEST = "oldest"
    MOST_COMMENTS = "most_comments"


class Box(msgspec.Struct, frozen=True):
    """A stretch of the map in degrees; `west` above `east` reaches across the 180th meridian. Edges are inside."""

    south: float
    west: float
    north: float
    east: float

    def holds(self, lat: float, lon: float) -> bool:
        """Whether a place lies in it."""
        if not self.south <= lat <= self.north:
            return False
        if self.west <= self.east:
            return self.west <= lon <= self.east
        return lon >= self.west or lon <= self.east


class FeedFilter(msgspec.Struct, frozen=True):
    """What is looked at. Nothing set is everything; `until` is not included.

    `ids` are the only posts that may be shown, `without_ids` those that may not: the desk's own states. `mine` is the
    name under which the member comments; empty is everybody.
    """

    categories: frozenset[Category] = frozenset()
    since: datetime | None = None
    until: datetime | None = None
    area: Circle | Polygon | None = None
    box: Box | None = None
    answered: bool | None = None
    unread: bool | None = None
    ids: frozenset[str] | None = None
    without_ids: frozenset[str] = frozenset()
    mine: str = ""
    sort: Sort = Sort.NEWEST

    def is_everything(self) -> bool:
        """Whether nothing is held back, in whatever order."""
        return msgspec.structs.replace(self, sort=Sort.NEWEST) == FeedFilter()


def keeps(chosen: FeedFilter, post: Post, *, is_unread: bool) -> bool:
    """Whether a filter shows a post."""
    return (
        post.visibility is not Visibility.REMOVED
        and (not chosen.categories or post.category in chosen.categories)
        and (chosen.since is None or post.at >= chosen.since)
        and (chosen.until is None or post.at < chosen.until)
        and (chosen.box is None or chosen.box.holds(post.place.lat, post.place.lon))
        and (chosen.area is None or in_area(chosen.area, post.place))
        and (chosen.answered is None or is_answered(post) is chosen.answered)
        and (chosen.unread is None or is_unread is chosen.unread)
        and (chosen.ids is None or post.id in chosen.ids)
        and post.id not in chosen.without_ids
        and (not chosen.mine or any(c.official and c.author.startswith(chosen.mine) for c in post.comments))
    )


def is_found(query: FeedQuery, chosen: FeedFilter, post: Post, *, is_unread: bool) -> bool:
    """Whether a query finds a post that a filter shows."""
    if not keeps(chosen, post, is_unread=is_unread) or not fits_query(query, post, is_unread=is_unread):
        return False
    return not query.has_words() or has_words(query, post)


def in_area(area: Circle | Polygon, place: Point) -> bool:
    """Whether a place lies in what was drawn, its edge included; what cannot be measured holds nothing back."""
    shape = outline_of(area)
    return shape is None or bool(shapely.intersects_xy(shape, place.lon, place.lat))


@functools.lru_cache(maxsize=8)
def outline_of(area: Circle | Polygon) -> shapely.Geometry | None:
    """The outline of what was drawn, made ready to be asked often; None where it cannot be measured."""
    shape = outline(area)
    if shape is not None:
        shapely.prepare(shape)
    return shape


def box_around(area: Circle | Polygon) -> Box | None:
    """The box around what was drawn; None where it cannot be measured."""
    shape = outline_of(area)
    if shape is None:
        return None
    west, south, east, north = shape.bounds
    return Box(south, west, north, east)


def cell_of(lat: float, lon: float) -> int:
    """The cell by which a store finds places of a small area, as a whole number."""
    return int(h3.str_to_int(h3.latlng_to_cell(lat, lon, CELLS_RESOLUTION)))


@functools.lru_cache(maxsize=8)
def cells_over(area: Circle | Polygon) -> tuple[int, ...]:
    """The cells that a small area touches; none where it is too large for that, or cannot be measured."""
    shape = outline_of(area)
    if shape is None or shape.geom_type != "Polygon":
        return ()
    size = h3.average_hexagon_area(CELLS_RESOLUTION, "m^2")
    west, south, east, north = shape.bounds
    across_m2 = 111_320.0**2 * (north - south) * (east - west)
    if across_m2 > 4 * size * CELLS_MAX:
        return ()
    ring = [(lat, lon) for lon, lat in shape.exterior.coords]
    cells = h3.h3shape_to_cells_experimental(h3.LatLngPoly(ring), CELLS_RESOLUTION, contain="overlap")
    return tuple(sorted(h3.str_to_int(cell) for cell in cells)) if len(cells) <= CELLS_MAX else ()


def micros(at: datetime) -> int:
    """A time as whole microseconds since 1970; ValueError for a time without a zone."""
    if at.tzinfo is None:
        raise ValueError("a time without a zone")
    return (at - _EPOCH) // _MICROSECOND
