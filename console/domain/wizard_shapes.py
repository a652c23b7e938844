"""Shapes without a mouse: pasted ones are read, drawn ones are moved and resized by steps.

Promises: a pasted shape is judged by the same check as a drawn one; nothing is guessed but which of two numbers is the
latitude, which the jurisdiction tells.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

import msgspec

from console.domain.areas import Circle, Drawing, Polygon, drawing_trouble
from console.domain.places import EARTH_RADIUS_M, Point

if TYPE_CHECKING:
    from console.domain.ground import Ground

CORNERS_MIN, CORNERS_MAX = 3, 1_000
TEXT_MAX = 60_000
RADIUS_MIN_M, RADIUS_MAX_M = 100.0, 1_000.0
_NUMBER = r"[+-]?\d{1,3}(?:\.\d+)?"
_PAIR = re.compile(rf"({_NUMBER})[\s,]+({_NUMBER})")
_PAIRS = re.compile(rf"{_NUMBER}[\s,]+{_NUMBER}(?:\s*[;|\n]\s*{_NUMBER}[\s,]+{_NUMBER})+")
_WKT = re.compile(r"(?:SRID=\d+;)?\s*POLYGON\s*\(\s*\(([^()]*)\)\s*(,\s*\(.*)?\)", re.IGNORECASE | re.DOTALL)


class ShapeTrouble(msgspec.Struct, frozen=True):
    """Why a pasted shape is not taken: a code, and words that name the way out."""

    code: str
    words: str


WORDS: dict[str, str] = {
    "shape_unreadable": "This is no shape. Paste corners as in \u201c41.85,-87.67; 41.86,-87.67; 41.86,-87.66\u201d, a "
    "GeoJSON Polygon or a WKT POLYGON.",
    "shape_few_corners": "A shape needs at least 3 corners. Add the missing ones.",
    "shape_many_corners": "A shape may have at most 1,000 corners. Paste a simpler one.",
    "shape_holes": "A shape with holes cannot be asked. Paste its outer line only.",
    "shape_outside": "These corners lie outside your jurisdiction. Check which number is the latitude.",
    "area_crossed": "The line crosses itself. Paste the corners in their order along the line.",
    "area_flat": "This shape has no area. Check its corners.",
}


def looks_like_shape(text: str) -> bool:
    """Whether a text is meant as a shape, and not as a place."""
    text = text.strip()
    return text.startswith("{") or "POLYGON" in text.upper() or _PAIRS.fullmatch(text.strip("; \n")) is not None


def read_shape(untrusted_text: str, ground: Ground) -> Polygon | ShapeTrouble:
    """The polygon that a text describes, or why there is none."""
    if len(untrusted_text) > TEXT_MAX:
        return _no("shape_many_corners")
    text = untrusted_text.strip().replace("\u2212", "-")
    read = _geojson(text) if text.startswith("{") else _wkt(text) or _pairs(text)
    if isinstance(read, ShapeTrouble):
        return read
    ring, lat_first = read
    if len(ring) > 1 and ring[0] == ring[-1]:
        ring = ring[:-1]
    if len(set(ring)) < CORNERS_MIN:
        return _no("shape_few_corners")
    if len(ring) > CORNERS_MAX:
        return _no("shape_many_corners")
    positions = _on_the_ground(ring, lat_first=lat_first, ground=ground)
    if positions is None:
        return _no("shape_outside")
    polygon = Polygon(positions)
    trouble = drawing_trouble(polygon)
    return _no(trouble) if trouble else polygon


def _no(code: str) -> ShapeTrouble:
    return ShapeTrouble(code, WORDS[code])


_Read = tuple[list[tuple[float, float]], bool]


def _pairs(text: str) -> _Read | ShapeTrouble:
    text = text.strip("; \n")
    if _PAIR.fullmatch(text):
        return _no("shape_few_corners")
    if not _PAIRS.fullmatch(text):
        return _no("shape_unreadable")
    return [(float(a), float(b)) for a, b in _PAIR.findall(text)], True


def _wkt(text: str) -> _Read | ShapeTrouble | None:
    match = _WKT.fullmatch(text)
    if match is None:
        return _no("shape_unreadable") if text.upper().startswith(("POLYGON", "MULTIPOLYGON", "SRID")) else None
    if match[2]:
        return _no("shape_holes")
    ring = []
    for corner in match[1].split(","):
        pair = re.fullmatch(rf"\s*({_NUMBER})\s+({_NUMBER})(?:\s+{_NUMBER})?\s*", corner)
        if pair is None:
            return _no("shape_unreadable")
        ring.append((float(pair[1]), float(pair[2])))
    return ring, False


def _geojson(text: str) -> _Read | ShapeTrouble:  # noqa: PLR0911 - one fault a line
    try:
        found: Any = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return _no("shape_unreadable")
    if isinstance(found, dict) and isinstance(features := found.get("features"), list) and len(features) == 1:
        found = features[0]
    if isinstance(found, dict) and isinstance(found.get("geometry"), dict):
        found = found["geometry"]
    if not isinstance(found, dict):
        return _no("shape_unreadable")
    rings = found.get("coordinates")
    if found.get("type") == "MultiPolygon" and isinstance(rings, list) and len(rings) == 1:
        rings = rings[0]
    elif found.get("type") != "Polygon":
        return _no("shape_unreadable")
    try:
        read = msgspec.convert(rings, list[list[list[float]]])
    except msgspec.ValidationError:
        return _no("shape_unreadable")
    if len(read) > 1:
        return _no("shape_holes")
    if not read or any(len(corner) < 2 for corner in read[0]):  # noqa: PLR2004 - longitude and latitude
        return _no("shape_unreadable")
    return [(corner[0], corner[1]) for corner in read[0]], False


def _on_the_ground(
    ring: list[tuple[float, float]], *, lat_first: bool, ground: Ground
) -> tuple[tuple[float, float], ...] | None:
    """The ring as (longitude, latitude), read the way in which most of it lies in the jurisdiction."""
    as_written = [(lon, lat) for lat, lon in ring] if lat_first else ring
    other_way = [(lat, lon) for lon, lat in as_written]
    inside = [_inside(corners, ground) for corners in (as_written, other_way)]
    if not any(inside):
        return None
    return tuple(as_written if inside[0] >= inside[1] else other_way)


def _inside(corners: list[tuple[float, float]], ground: Ground) -> int:
    if any(abs(lat) > 90 or abs(lon) > 180 for lon, lat in corners):  # noqa: PLR2004 - the globe
        return 0
    return sum(ground.index.contains(Point(lat=lat, lon=lon)) for lon, lat in corners)


def moved(drawing: Drawing | None, north_m: float, east_m: float) -> Drawing | None:
    """A drawing some metres away; None for what has no place of its own."""
    if isinstance(drawing, Circle):
        ((lon, lat),) = _shifted(((drawing.centre.lon, drawing.centre.lat),), north_m, east_m)
        return Circle(Point(lat=lat, lon=lon), drawing.radius_m)
    if isinstance(drawing, Polygon):
        return Polygon(_shifted(drawing.ring, north_m, east_m))
    return None


def resized(drawing: Drawing | None, by_m: float) -> Drawing | None:
    """A circle with a longer or shorter radius, or a polygon grown or shrunk around its middle; else None."""
    if isinstance(drawing, Circle):
        return Circle(drawing.centre, min(RADIUS_MAX_M, max(RADIUS_MIN_M, drawing.radius_m + by_m)))
    if isinstance(drawing, Polygon):
        lon = sum(x for x, _ in drawing.ring) / len(drawing.ring)
        lat = sum(y for _, y in drawing.ring) / len(drawing.ring)
        squeeze = max(0.01, math.cos(math.radians(lat)))
        far_m = math.radians(max(math.hypot((x - lon) * squeeze, y - lat) for x, y in drawing.ring)) * EARTH_RADIUS_M
        if far_m <= 0 or not RADIUS_MIN_M / 2 <= far_m + by_m <= 2 * RADIUS_MAX_M:
            return drawing
        share = (far_m + by_m) / far_m
        return Polygon(tuple((lon + (x - lon) * share, lat + (y - lat) * share) for x, y in drawing.ring))
    return None


def _shifted(ring: tuple[tuple[float, float], ...], north_m: float, east_m: float) -> tuple[tuple[float, float], ...]:
    lat_step = math.degrees(north_m / EARTH_RADIUS_M)
    lon_step = math.degrees(east_m / EARTH_RADIUS_M) / max(0.01, math.cos(math.radians(ring[0][1])))
    return tuple((lon + lon_step, lat + lat_step) for lon, lat in ring)
