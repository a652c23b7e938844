"""Shapes between the map (GeoJSON: longitude first, holes) and CAP (latitude first, rings and circles, no holes).

A CAP polygon has no holes: an area with one is told with it filled, so that nobody inside is left unwarned.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from console.domain.cap_rules import POLYGON_POINTS_MIN
from console.domain.places import EARTH_RADIUS_M, GLOBE_DEG, Geometry, Point

if TYPE_CHECKING:
    from console.domain.cap import CapArea, CapCircle

DIGITS = 6
"""Decimals of a degree: about a tenth of a metre."""
CORNERS = 48
"""Corners of the polygon that stands for a circle."""


def rings_of(geometry: Geometry) -> tuple[tuple[Point, ...], ...]:
    """The outer rings of a Polygon or MultiPolygon, closed, in tenths of a metre; of a collection those of its parts.

    None for another geometry. A collection comes of a drawing that touches the jurisdiction's edge along a line.
    """
    if geometry.get("type") == "GeometryCollection":
        return tuple(ring for part in geometry.get("geometries") or () for ring in rings_of(part))
    parts = {"Polygon": [geometry.get("coordinates")], "MultiPolygon": geometry.get("coordinates")}
    polygons = parts.get(geometry.get("type", "")) or []
    rings = (_ring(polygon[0]) for polygon in polygons if polygon)
    return tuple(ring for ring in rings if len(ring) >= POLYGON_POINTS_MIN)


def geometry_of(area: CapArea) -> Geometry | None:
    """A CAP area's polygons and circles as a MultiPolygon; None where it has no shape on the ground.

    Circles become polygons of 48 corners on their edge, true to a hundredth up to 80 km. What overlaps stays so.
    """
    rings = [[[point.lon, point.lat] for point in ring] for ring in area.polygons]
    rings += [_round(circle) for circle in area.circles if circle.radius_km > 0]
    return {"type": "MultiPolygon", "coordinates": [[ring] for ring in rings]} if rings else None


def _ring(positions: list[list[float]]) -> tuple[Point, ...]:
    points: list[Point] = []
    for lon, lat, *_ in positions:
        point = Point(round(lat, DIGITS), round(lon, DIGITS))
        if not points or points[-1] != point:
            points.append(point)
    if points and points[0] != points[-1]:
        points.append(points[0])
    return tuple(points)


def _round(circle: CapCircle) -> list[list[float]]:
    up = math.degrees(circle.radius_km * 1_000 / EARTH_RADIUS_M)
    across = up / max(math.cos(math.radians(circle.centre.lat)), 0.01)
    corners = [
        [
            _within(circle.centre.lon + across * math.cos(math.tau * n / CORNERS), GLOBE_DEG[1]),
            _within(circle.centre.lat + up * math.sin(math.tau * n / CORNERS), GLOBE_DEG[0]),
        ]
        for n in range(CORNERS)
    ]
    return [*corners, corners[0]]


def _within(degrees: float, most: float) -> float:
    return max(-most, min(most, degrees))
