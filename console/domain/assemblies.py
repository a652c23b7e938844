"""Assemblies: lawful gatherings on the agency's calendar, and whether a request would ask about one.

A request whose blocks and window meet a gathering needs a second approver and leaves a public note (DESIGN 2; EFF on
LAPD 2020). A gathering is a place or a route, with a distance around it, and a time.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, NewType

import h3
import msgspec

from console.domain.places import Point
from console.domain.times import Aware

if TYPE_CHECKING:
    from datetime import datetime

    from console.domain.areas import Area
    from console.domain.ground import Ground

GatheringId = NewType("GatheringId", str)
AROUND_M = 250.0
POINTS_MAX = 200
_STEP_M = 50.0


class Gathering(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A lawful assembly: a place, or a route as points in their order, and when (aware UTC)."""

    id: GatheringId
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    points: tuple[Point, ...]  # 1 to POINTS_MAX
    begins: Aware
    ends: Aware
    around_m: Annotated[float, msgspec.Meta(ge=0, le=5_000)] = AROUND_M


def met_by(
    gatherings: tuple[Gathering, ...], ground: Ground, area: Area, begins: datetime, ends: datetime
) -> tuple[Gathering, ...]:
    """The gatherings whose place and time an area and a window meet, in the order of their beginning."""
    found = [g for g in gatherings if g.begins < ends and begins < g.ends and _meets(g, ground, area)]
    return tuple(sorted(found, key=lambda g: (g.begins, g.id)))


def _meets(gathering: Gathering, ground: Ground, area: Area) -> bool:
    return any(ground.distance_m(area, point) <= gathering.around_m for point in _along(gathering.points))


def _along(points: tuple[Point, ...]) -> list[Point]:
    """The points of a route, close enough together that no area slips between two."""
    found = list(points[:1])
    for before, after in pairwise(points):
        far_m = h3.great_circle_distance((before.lat, before.lon), (after.lat, after.lon), unit="m")
        steps = max(1, min(1_000, round(far_m / _STEP_M)))
        found += [
            Point(
                lat=before.lat + (after.lat - before.lat) * k / steps,
                lon=before.lon + (after.lon - before.lon) * k / steps,
            )
            for k in range(1, steps + 1)
        ]
    return found
