"""Assemblies: lawful gatherings on the agency's calendar, and whether a request would ask about one.

A request whose blocks and window meet a gathering needs a second approver and leaves a public note (DESIGN 2; EFF on
LAPD 2020). A gathering is a place or a route, with a distance around it, and a time.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, NewType

import msgspec

from console.domain.places import Point, distance_m
from console.domain.times import Aware

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from console.domain.areas import Area
    from console.domain.ground import Ground

GatheringId = NewType("GatheringId", str)
AROUND_M = 250.0
POINTS_MAX = 200
STEP_M = 50.0
ROUTE_MAX_M = 50_000.0
_METRES_A_DEGREE = 111_000.0


# Ids come from other programs' files and go into addresses.
GatheringKey = Annotated[GatheringId, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_@:.-]{0,99}$")]


class Gathering(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A lawful assembly: a place, or a route of at most ROUTE_MAX_M as points in their order, and when (aware UTC)."""

    id: GatheringKey
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    points: tuple[Point, ...]  # 1 to POINTS_MAX
    begins: Aware
    ends: Aware
    around_m: Annotated[float, msgspec.Meta(ge=0, le=5_000)] = AROUND_M


def route_m(points: tuple[Point, ...]) -> float:
    """The length of a route, in metres."""
    return sum(distance_m(before, after) for before, after in pairwise(points))


def met_by(
    gatherings: tuple[Gathering, ...], ground: Ground, area: Area, begins: datetime, ends: datetime
) -> tuple[Gathering, ...]:
    """The gatherings whose place and time an area and a window meet, in the order of their beginning."""
    found = [g for g in gatherings if g.begins < ends and begins < g.ends and _meets(g, ground, area)]
    return tuple(sorted(found, key=lambda g: (g.begins, g.id)))


def _meets(gathering: Gathering, ground: Ground, area: Area) -> bool:
    if area.is_empty:
        return False
    west, south, east, north = ground.shape(area).bounds
    lat_margin = (gathering.around_m + STEP_M) / _METRES_A_DEGREE
    lon_margin = lat_margin / max(0.01, math.cos(math.radians((south + north) / 2)))
    for point in _along(gathering.points):
        near_lat = south - lat_margin <= point.lat <= north + lat_margin
        # An area across the 180th meridian has bounds from one edge of the world to the other.
        near = near_lat and west - lon_margin <= point.lon <= east + lon_margin
        if near and ground.distance_m(area, point) <= gathering.around_m:
            return True
    return False


def _along(points: tuple[Point, ...]) -> Iterator[Point]:
    """The points of a route, close enough together that no area slips between two."""
    yield from points[:1]
    for before, after in pairwise(points):
        east = (after.lon - before.lon + 180) % 360 - 180  # the short way round
        steps = max(1, math.ceil(distance_m(before, after) / STEP_M))
        for k in range(1, steps + 1):
            lon = before.lon + east * k / steps
            yield Point(lat=before.lat + (after.lat - before.lat) * k / steps, lon=(lon + 180) % 360 - 180)
