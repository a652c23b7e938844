"""Areas: from what a person drew to the blocks that are asked.

The drawn shape is snapped to a union of whole blocks and of cells without homes that the drawing covers (DESIGN 2);
the snapped area is what counts and what is shown. Nobody can narrow a request below a block, with any client:
only block ids and open cells travel, and the service measures them itself (`ground.Ground`).
"""

from __future__ import annotations

import math
from itertools import pairwise

import msgspec
import shapely

from console.domain.places import EARTH_RADIUS_M, Latitude, Longitude, Point

CIRCLE_CORNERS = 48
RADIUS_MAX_M = 20_000
CORNERS_MAX = 500
HOMES_BANDS = (0, 20, 50, 100, 150, 300, 500, 750, 1_000, 1_500, 2_500, 5_000)
_HALF_TURN, _TURN = 180.0, 360.0


class Circle(msgspec.Struct, frozen=True, tag="circle", forbid_unknown_fields=True):
    """A drawn circle; the radius in metres on the ground."""

    centre: Point
    radius_m: float


class Polygon(msgspec.Struct, frozen=True, tag="polygon", forbid_unknown_fields=True):
    """A drawn ring without holes, closed or not; positions are (longitude, latitude)."""

    ring: tuple[tuple[Longitude, Latitude], ...]


class Picked(msgspec.Struct, frozen=True, tag="picked", forbid_unknown_fields=True):
    """Blocks picked one by one."""

    blocks: tuple[str, ...]


Drawing = Circle | Polygon | Picked


class Area(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is asked: whole blocks and open cells of one atlas version. Sorted, without repeats."""

    atlas_version: str
    blocks: tuple[str, ...]
    open_cells: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked."""
        return not (self.blocks or self.open_cells)


def box_of(shape: shapely.Geometry) -> tuple[float, float, float, float]:
    """The box around a shape that is not empty, as maps take it: south, west, north, east."""
    west, south, east, north = shape.bounds
    return south, west, north, east


def point_inside(shape: shapely.Geometry) -> Point:
    """A place inside a shape that is not empty."""
    inside = shapely.point_on_surface(shape)
    return Point(lat=inside.y, lon=inside.x)


def drawing_trouble(drawing: Drawing) -> str:
    """Why a drawing cannot be measured: `area_flat`, `area_crossed`, `area_too_detailed`; empty where it can."""
    if isinstance(drawing, Picked):
        return ""
    if isinstance(drawing, Circle):
        return "" if math.isfinite(drawing.radius_m) and 0 < drawing.radius_m <= RADIUS_MAX_M else "area_flat"
    ring = _unwrapped(drawing.ring)
    if len(set(ring)) < 3:  # noqa: PLR2004 - a triangle
        return "area_flat"
    if len(ring) > CORNERS_MAX:
        return "area_too_detailed"
    polygon = shapely.Polygon(ring)
    if polygon.convex_hull.area == 0:
        return "area_flat"
    return "" if polygon.is_valid and polygon.area > 0 else "area_crossed"


def outline(drawing: Circle | Polygon) -> shapely.Geometry | None:
    """The drawing as a (multi)polygon in degrees, split at the 180th meridian; None where it cannot be measured."""
    if drawing_trouble(drawing):
        return None
    if isinstance(drawing, Circle):
        lat_step = math.degrees(drawing.radius_m / EARTH_RADIUS_M)
        lon_step = lat_step / max(0.01, math.cos(math.radians(drawing.centre.lat)))
        ring = [
            (
                drawing.centre.lon + lon_step * math.cos(2 * math.pi * k / CIRCLE_CORNERS),
                drawing.centre.lat + lat_step * math.sin(2 * math.pi * k / CIRCLE_CORNERS),
            )
            for k in range(CIRCLE_CORNERS)
        ]
    else:
        ring = _unwrapped(drawing.ring)
    return on_the_globe(shapely.Polygon(ring))


def _unwrapped(ring: tuple[tuple[float, float], ...]) -> list[tuple[float, float]]:
    """A ring whose steps are the short way round: across the 180th meridian longitudes go on beyond it."""
    made: list[tuple[float, float]] = []
    for lon, lat in ring:
        before = made[-1][0] if made else lon
        turns = round((before - lon) / _TURN)
        made.append((lon + turns * _TURN, lat))
    return made


def on_the_globe(shape: shapely.Geometry) -> shapely.Geometry:
    """A shape that may reach beyond 180 degrees, cut there and brought back to -180 to 180."""
    west, _, east, _ = shape.bounds
    if west >= -_HALF_TURN and east <= _HALF_TURN:
        return shape
    parts = []
    for turn in (-1, 0, 1):
        band = shapely.box(-_HALF_TURN + turn * _TURN, -90, _HALF_TURN + turn * _TURN, 90)
        part = shape.intersection(band)
        if not part.is_empty:
            parts.append(shapely.transform(part, lambda xy, by=turn: xy - (by * _TURN, 0.0)))
    return shapely.union_all(parts)


def homes_band(homes: int) -> str:
    """Homes as a band, since a count would be false precision: "150 to 300 homes"."""
    for low, high in pairwise(HOMES_BANDS):
        if low <= homes < high:
            return f"fewer than {high} homes" if low == 0 else f"{low:,} to {high:,} homes"
    return f"more than {HOMES_BANDS[-1]:,} homes"


def homes_bounds(homes: int) -> tuple[int, int | None]:
    """The band of `homes_band` as figures; None where it has no upper end."""
    for low, high in pairwise(HOMES_BANDS):
        if low <= homes < high:
            return low, high
    return HOMES_BANDS[-1], None
