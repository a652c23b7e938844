"""Where an assembly is: coordinates, a crossing or a whole street, found in a text that somebody wrote.

Streets and crossings are those of the atlas at hand. No text makes it raise; one that names no place is None.
"""

from __future__ import annotations

import math
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import shapely

from console.domain.places import Point, distance_m

if TYPE_CHECKING:
    from console.domain.atlas import Street
    from console.domain.ground import Ground

ROUTE_POINTS_MAX = 200
CROSSING_M = 80.0

_NUMBER = r"([+-]?\d{1,3}(?:\.\d{1,20})?)"
_COORDINATES = re.compile(rf"{_NUMBER}\s*\u00b0?\s*([NS]?)\s*[,;/\s]\s*{_NUMBER}\s*\u00b0?\s*([EW]?)", re.IGNORECASE)
_WITHIN = re.compile(r"(?<![\d.])([+-]?\d{1,2}\.\d{3,20})\s*[,;]\s*([+-]?\d{1,3}\.\d{3,20})(?![\d.])")
_CROSSED = re.compile(r"\s*(?:&|@|/|\+|\band\b|\bat\b|\bx\b)\s*", re.IGNORECASE)
_CORNER = re.compile(r"\b(?:the )?(?:corner|intersection|crossing) of\b|\b(?:near|outside)\b", re.IGNORECASE)
_APART = re.compile(r"[,;\n()|]+")
_WORD = re.compile(r"[a-z0-9]+")
_JOINED_M, _ONWARD_M = 250.0, 100.0
_FOUND_KEPT = 500
_WORDS_MAX = 6
_STRAIGHT_DEG = 0.0002  # about 20 m: a route needs no points where it goes straight on
_SHORT = {
    "street": "st", "avenue": "ave", "av": "ave", "boulevard": "blvd", "road": "rd", "drive": "dr", "place": "pl",
    "parkway": "pkwy", "court": "ct", "lane": "ln", "terrace": "ter", "square": "sq", "highway": "hwy",
    "expressway": "expy", "plaza": "plz", "circle": "cir", "north": "n", "south": "s", "east": "e", "west": "w",
}  # fmt: skip
_SIDES = frozenset({"n", "s", "e", "w"})
_KINDS = frozenset(_SHORT.values()) - _SIDES | {"way", "row", "walk", "trail"}


class FoundPlace(msgspec.Struct, frozen=True):
    """A place or a route, and what it is called here."""

    points: tuple[Point, ...]
    name: str


class _Named(NamedTuple):
    side: str
    base: tuple[str, ...]
    kind: str


def _named(text: str) -> _Named:
    words = [_SHORT.get(word, word) for word in _WORD.findall(text.casefold().replace("'", "").replace("\u2019", ""))]
    side = words.pop(0) if len(words) > 1 and words[0] in _SIDES else ""
    kind = words.pop() if len(words) > 1 and words[-1] in _KINDS else ""
    return _Named(side, tuple(words), kind)


class Places:
    """Finds the places that people write down: coordinates, a crossing, or a street as a route."""

    def __init__(self, ground: Ground) -> None:
        self._index = ground.index
        shape = self._index.jurisdiction_shape if ground.index.atlas.streets else None
        self._squeeze = 1.0 if shape is None else math.cos(math.radians(shape.centroid.y))
        self._streets: dict[tuple[str, ...], list[tuple[_Named, Street]]] = {}
        self._found: dict[str, FoundPlace | None] = {}
        for street in ground.index.atlas.streets:
            if street.points:
                told = _named(street.name)
                self._streets.setdefault(told.base, []).append((told, street))

    def find(self, untrusted_text: str) -> FoundPlace | None:
        """The place that a text names; None where there is none on this map."""
        text = _CORNER.sub(" ", untrusted_text[:1_000].replace("\u00a0", " ")).strip()
        if text not in self._found:
            if len(self._found) >= _FOUND_KEPT:
                self._found.clear()
            self._found[text] = self._find(text)
        return self._found[text]

    def _find(self, text: str) -> FoundPlace | None:
        point = read_point(text)
        if point is None:
            within = _WITHIN.search(text)
            point = None if within is None else point_of(within[1], within[2])
        if point is not None:
            return FoundPlace((point,), f"{point.lat:.5f}, {point.lon:.5f}")
        parts = [part.strip() for part in _APART.split(text)[:12] if part.strip()]
        for part in parts:
            crossed = [one for one in _CROSSED.split(part)[:6] if one]
            for one, other in pairwise(crossed):
                found = self._crossing(one, other)
                if found is not None:
                    return found
        return next((found for found in map(self._street, parts) if found is not None), None)

    def is_outside(self, points: tuple[Point, ...], around_m: float) -> bool:
        """Whether no point is within `around_m` of the jurisdiction."""
        return all(not self._index.contains(point) and self._away_m(point) > around_m for point in points)

    def _away_m(self, point: Point) -> float:
        squeeze = max(0.01, math.cos(math.radians(point.lat)))
        flat = shapely.transform(self._index.jurisdiction_shape, lambda xy: xy * (squeeze, 1.0))
        near = shapely.shortest_line(shapely.Point(point.lon * squeeze, point.lat), flat)
        lon, lat = shapely.get_coordinates(near)[-1]
        return distance_m(point, Point(lat=float(lat), lon=float(lon) / squeeze))

    def _known(self, text: str, *, any_side: bool = False) -> list[tuple[_Named, Street]]:
        told = _named(text)
        found = [
            (name, street)
            for name, street in self._streets.get(told.base, [])
            if (any_side or told.side in {"", name.side}) and told.kind in {"", name.kind}
        ]
        exact = [pair for pair in found if pair[0].kind == told.kind]
        return exact or found

    def _whole(self, text: str) -> dict[str, list[Point]]:
        """The streets with a name, both sides of the city's zero together: a crossing often lies just between."""
        found: dict[str, list[Point]] = {}
        for named, street in self._known(_without_number(text), any_side=True):
            name = street.name.split(" ", 1)[1] if named.side else street.name
            found.setdefault(name, []).extend(street.points)
        return found

    def _crossing(self, one: str, other: str) -> FoundPlace | None:
        best: tuple[float, FoundPlace] | None = None
        first, last = one.split()[-_WORDS_MAX:], other.split()[:_WORDS_MAX]
        ways = [
            [" ".join(first[k:]) for k in range(len(first))],
            [" ".join(last[: k + 1]) for k in range(len(last))][::-1],
        ]
        known = [next((found for text in way if (found := self._whole(text))), {}) for way in ways]
        lines = [{name: self._line(points) for name, points in found.items()} for found in known]
        for street, line in lines[0].items():
            for across, other_line in lines[1].items():
                if street == across:
                    continue
                a, b = shapely.get_coordinates(shapely.shortest_line(line, other_line))
                here, there = (Point(lat=float(y), lon=float(x) / self._squeeze) for x, y in (a, b))
                away_m = distance_m(here, there)
                middle = Point(lat=round((here.lat + there.lat) / 2, 6), lon=round((here.lon + there.lon) / 2, 6))
                if away_m <= CROSSING_M and (best is None or away_m < best[0]):
                    best = away_m, FoundPlace((middle,), f"{street} & {across}")
        return None if best is None else best[1]

    def _street(self, text: str) -> FoundPlace | None:
        told = _named(_without_number(text))
        found = self._known(_without_number(text))
        if not told.kind:  # "Lincoln" may be a school: a street alone needs its full name
            found = [pair for pair in found if not pair[0].kind]
        if not found:
            return None
        points = self._ordered([point for _, street in found for point in street.points])
        if len(points) > 1:
            bent = shapely.LineString([(p.lon, p.lat) for p in points]).simplify(_STRAIGHT_DEG)
            points = [Point(lat=float(lat), lon=float(lon)) for lon, lat in bent.coords]
        step = max(1.0, len(points) / ROUTE_POINTS_MAX)
        route = tuple(points[int(k * step)] for k in range(min(len(points), ROUTE_POINTS_MAX)))
        return FoundPlace(route, f"all of {' and '.join(street.name for _, street in found[:3])}")

    def _line(self, unordered: list[Point]) -> Any:
        """A street as pieces, each a little longer than its points: an atlas tells none at a street's very end."""
        points = self._ordered(unordered)
        runs = [points[:1]]
        for before, point in pairwise(points):
            if distance_m(before, point) > _JOINED_M:
                runs.append([])
            runs[-1].append(point)
        pieces = [shapely.MultiPoint([(p.lon * self._squeeze, p.lat) for p in points])]
        for run in (run for run in runs if len(run) > 1):
            longer = [self._onward(run[::-1]), *run, self._onward(run)]
            pieces.append(shapely.LineString([(p.lon * self._squeeze, p.lat) for p in longer]))
        return shapely.union_all(pieces)

    def _onward(self, run: list[Point]) -> Point:
        """The place that comes after the last of some points, straight on."""
        end = run[-1]
        back = next((p for p in reversed(run) if distance_m(p, end) >= _ONWARD_M), end)
        share = _ONWARD_M / max(distance_m(back, end), _ONWARD_M)
        return Point(lat=end.lat + (end.lat - back.lat) * share, lon=end.lon + (end.lon - back.lon) * share)

    def _ordered(self, points: list[Point]) -> list[Point]:
        """By the longer way: an atlas tells the points of a street in no order along it."""
        lats, lons = [p.lat for p in points], [p.lon * self._squeeze for p in points]
        northward = max(lats) - min(lats) > max(lons) - min(lons)
        return sorted(set(points), key=lambda p: (p.lat, p.lon) if northward else (p.lon, p.lat))


def read_point(untrusted_text: str) -> Point | None:
    """A text that is nothing but coordinates, "41.88, -87.63", "41.88;-87.63" or "geo:41.88,-87.63"."""
    text = re.sub(r"^\s*geo:", "", untrusted_text[:200], flags=re.IGNORECASE).split("?")[0].strip(" ()[]\t\r\n")
    found = _COORDINATES.fullmatch(text)
    if found is None:
        return None
    lat, south, lon, west = found.groups()
    return point_of(f"-{lat}" if south in {"S", "s"} else lat, f"-{lon}" if west in {"W", "w"} else lon)


def point_of(untrusted_lat: object, untrusted_lon: object) -> Point | None:
    """Two numbers, or texts of such, as a place; None where that is nowhere on the globe."""
    try:
        lat, lon = float(str(untrusted_lat)), float(str(untrusted_lon))
    except ValueError:
        return None
    return Point(lat=lat, lon=lon) if abs(lat) <= 90 and abs(lon) <= 180 else None  # noqa: PLR2004 - the globe


def _without_number(text: str) -> str:
    return re.sub(r"^\s*\d+(?:-\d+)?\s+(?=[^\W\d])(?!(?:st|nd|rd|th)\b)", "", text)
