"""Places on the ground, in WGS 84.

Promises: a `Point` that was decoded is finite and on the globe; nothing here knows a time or a person.
"""

from __future__ import annotations

import math
from typing import Annotated, Any

import msgspec

Latitude = Annotated[float, msgspec.Meta(ge=-90.0, le=90.0)]
Longitude = Annotated[float, msgspec.Meta(ge=-180.0, le=180.0)]

M2_PER_SQ_MI = 2_589_988.110336
EARTH_RADIUS_M = 6_371_008.8
GLOBE_DEG = (90.0, 180.0)
"""The farthest latitude and longitude, in degrees."""

# A GeoJSON geometry (RFC 7946): positions are [longitude, latitude].
Geometry = dict[str, Any]


class Point(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A place: degrees north and east, WGS 84."""

    lat: Latitude
    lon: Longitude


def is_placeable(lat: float | None, lon: float | None) -> bool:
    """Whether a place can be drawn: finite, on the globe, and not the null island that means "unknown"."""
    if lat is None or lon is None or not math.isfinite(lat) or not math.isfinite(lon):
        return False
    return abs(lat) <= GLOBE_DEG[0] and abs(lon) <= GLOBE_DEG[1] and not (lat == 0.0 and lon == 0.0)


def distance_m(a: Point, b: Point) -> float:
    """The great-circle distance between two points, in metres (haversine, mean radius)."""
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    half_lat = math.sin((lat_b - lat_a) / 2)
    half_lon = math.sin(math.radians(b.lon - a.lon) / 2)
    h = half_lat * half_lat + math.cos(lat_a) * math.cos(lat_b) * half_lon * half_lon
    return 2 * EARTH_RADIUS_M * math.asin(min(1.0, math.sqrt(h)))


def radius_of_same_circle_m(area_m2: float) -> float:
    """The radius of the circle that has this area, in metres."""
    return math.sqrt(max(area_m2, 0.0) / math.pi)
