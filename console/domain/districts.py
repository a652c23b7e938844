"""Districts as what can be asked of the feed: one ring each, as simple as the feed's coarse places need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shapely.geometry import shape

from console.domain.areas import CORNERS_MAX, Polygon

if TYPE_CHECKING:
    from collections.abc import Iterable

    from console.domain.atlas import District

_STEPS_DEG = (0.0, 0.00002, 0.0001, 0.0005, 0.002)


def drawn_districts(districts: Iterable[District]) -> tuple[tuple[str, Polygon], ...]:
    """Each district by name with its outer ring: posts are placed by block, so some metres do not matter.

    Of a district of several parts it is the largest; a ring of more than 500 corners is simplified.
    """
    made = []
    for district in districts:
        whole = shape(district.geometry)
        parts = [part for part in getattr(whole, "geoms", (whole,)) if part.geom_type == "Polygon"]
        largest = max(parts, key=lambda part: part.area, default=None)
        if largest is None:
            continue
        for step in _STEPS_DEG:
            ring = largest.simplify(step).exterior.coords[:-1] if step else largest.exterior.coords[:-1]
            if len(ring) <= CORNERS_MAX:
                made.append((district.name, Polygon(tuple((lon, lat) for lon, lat in ring))))
                break
    return tuple(sorted(made, key=lambda one: one[0]))
