"""Where an assembly is: coordinates, a crossing or a whole street, found in a text that somebody wrote.

Streets and crossings are those of the atlas at hand. No text makes it raise; one that names no place is None.
"""

from __future__ import annotations

import math
import re
from itertools import pairwise
from typing import TYPE_CHECKING

import msgspec
import shapely

from console.domain.places import Point, distance_m
from console.domain.streets import street_name, without_number, without_side
from console.domain.wizard_place import read_coordinates

if TYPE_CHECKING:
    from console.domain.ground import Ground

_WITHIN = re.compile(r"(?<![\d.])([+-]?\d{1,2}\.\d{3,20})\s*[,;]\s*([+-]?\d{1,3}\.\d{3,20})(?![\d.])")
_CROSSED = re.compile(r"\s*(?:&|@|/|\+|\band\b|\bat\b|\bx\b)\s*", re.IGNORECASE)
_CORNER = re.compile(r"\b(?:the )?(?:corner|intersection|crossing) of\b|\b(?:near|outside)\b", re.IGNORECASE)
_APART = re.compile(r"[,;\n()|]+")
_FOUND_KEPT = 500
_WORDS_MAX = 6


class FoundPlace(msgspec.Struct, frozen=True):
    """A place or a route, and what it is called here."""

    points: tuple[Point, ...]
    name: str


class Places:
    """Finds the places that people write down: coordinates, a crossing, or a street as a route."""

    def __init__(self, ground: Ground) -> None:
        self._index = ground.index
        self._streets = ground.streets
        self._found: dict[str, FoundPlace | None] = {}

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

    def _crossing(self, one: str, other: str) -> FoundPlace | None:
        """Of two texts, the first ends and the other begins with a street's name: the longest that is one."""
        first, last = one.split()[-_WORDS_MAX:], other.split()[:_WORDS_MAX]
        before = self._first_called([" ".join(first[k:]) for k in range(len(first))])
        after = self._first_called([" ".join(last[:k]) for k in range(len(last), 0, -1)])
        for crossing in self._streets.crossings(before, after):
            name = " & ".join(without_side(street.name) for street in (crossing.one, crossing.other))
            return FoundPlace((crossing.place,), name)
        return None

    def _first_called(self, texts: list[str]) -> str:
        both = (text for long in texts for text in (long, without_number(long)))
        return next((text for text in both if self._streets.called(text)), "")

    def _street(self, text: str) -> FoundPlace | None:
        asked = self._first_called([text])
        side, _, kind = street_name(asked)
        found = []
        for street in self._streets.called(asked):
            name = street_name(street.name)
            # "Lincoln" may be a school: a street alone needs its full name.
            if name.kind == kind and side in {"", name.side}:
                found.append(street)
        if not found:
            return None
        return FoundPlace(self._streets.route(found), f"all of {' and '.join(street.name for street in found[:3])}")


def read_point(untrusted_text: str) -> Point | None:
    """A text that is nothing but coordinates, "41.88, -87.63", "41.88;-87.63" or "geo:41.88,-87.63"."""
    text = re.sub(r"^\s*geo:", "", untrusted_text[:200], flags=re.IGNORECASE).split("?")[0].strip(" ()[]\t\r\n")
    pair = read_coordinates(text.replace("/", ", "))
    return None if pair is None else point_of(*pair)


def point_of(untrusted_lat: object, untrusted_lon: object) -> Point | None:
    """Two numbers, or texts of such, as a place; None where that is nowhere on the globe."""
    try:
        lat, lon = float(str(untrusted_lat)), float(str(untrusted_lon))
    except ValueError:
        return None
    return Point(lat=lat, lon=lon) if abs(lat) <= 90 and abs(lon) <= 180 else None  # noqa: PLR2004 - the globe
