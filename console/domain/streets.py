"""The streets of an atlas: those that a text can mean, where two of them cross, and a whole one as a route.

Promises: nothing is looked up anywhere but in the atlas, and no text makes it raise. What it keeps between calls is
derived from the atlas and never changes an answer.
"""

from __future__ import annotations

import difflib
import math
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import shapely

from console.domain.comparing import fold
from console.domain.places import Point, distance_m

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from console.domain.atlas import AtlasIndex, Street

CROSSING_M = 80.0
ROUTE_POINTS_MAX = 200
# Points of one street that are farther apart than this do not belong to one piece of it.
_JOINED_M = 250.0
# A piece goes on for this long after its last point: an atlas tells none at a street's very end.
_ONWARD_M = 100.0
_ALIKE = 0.72  # of 1: "halstd" is 0.92 of "halsted"
_STRAIGHT_DEG = 0.0002  # about 20 m: a route needs no points where it goes straight on
_SHORT = {
    "street": "st", "avenue": "ave", "av": "ave", "boulevard": "blvd", "road": "rd", "drive": "dr", "place": "pl",
    "parkway": "pkwy", "court": "ct", "lane": "ln", "terrace": "ter", "square": "sq", "highway": "hwy",
    "expressway": "expy", "plaza": "plz", "circle": "cir", "north": "n", "south": "s", "east": "e", "west": "w",
}  # fmt: skip
_SIDES = frozenset("nsew")
_KINDS = frozenset(_SHORT.values()) - _SIDES | {"way", "row", "walk", "trail"}
# Of two streets with one name a "St" is meant before a "Pl".
_USUAL = ("st", "ave", "blvd", "rd", "dr", "pkwy", "pl", "ct", "ter", "ln", "way")
_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(
    r"\s*\d{1,6}(?:\s*-\s*\d{1,6})?(?:\s+block)?(?:\s+of)?\s+(?!(?:st|nd|rd|th)\s)(?=\S)", re.IGNORECASE
)


class StreetName(NamedTuple):
    """A street's name in its parts, each as it is compared: "West 18th Street" is w, 18th and st."""

    side: str
    base: str
    kind: str


class Crossing(NamedTuple):
    """Where two streets cross, and the two as the atlas calls them there.

    `is_as_asked` is false where only another side of a street crosses: "S Halsted" was asked, N Halsted is there.
    """

    place: Point
    one: Street
    other: Street
    is_as_asked: bool


def street_name(text: str) -> StreetName:
    """Any text as the name of a street; without a base where it holds no word."""
    words = [_SHORT.get(word, word) for word in _WORD.findall(re.sub("['\u2019]", "", fold(text)))]
    side = kind = ""
    # The kind goes first: in "North Ave" the north is the name, not the side.
    if len(words) > 1 and words[-1] in _KINDS:
        kind = words.pop()
    if len(words) > 1 and words[0] in _SIDES:
        side = words.pop(0)
    elif len(words) > 1 and words[-1] in _SIDES and (len(words), words[0] in _KINDS) != (2, True):  # but "Avenue N"
        side = words.pop()
        if len(words) > 1 and words[-1] in _KINDS:
            kind = words.pop()
    return StreetName(side, " ".join(words), kind)


def without_number(text: str) -> str:
    """A text without the house number or block that it begins with; as it is where it begins with none."""
    number = _NUMBER.match(text)
    return text if number is None else text[number.end() :]


def without_side(name: str) -> str:
    """A street's name without the side that it begins or ends with: "State St" of "N State St"."""
    side, words = street_name(name).side, name.split()
    if not side:
        return name
    return " ".join(words[1:] if street_name(f"{words[0]} x").side == side else words[:-1])


class Streets:
    """The streets of one atlas by their names; built once, never changed."""

    def __init__(self, index: AtlasIndex) -> None:
        streets = [street for street in index.atlas.streets if street.points]
        # Degrees of longitude are shortened, so that "nearest" is nearest on the ground.
        self._squeeze = math.cos(math.radians(index.jurisdiction_shape.centroid.y)) if streets else 1.0
        self._by_base: dict[str, list[tuple[StreetName, Street]]] = {}
        for street in streets:
            name = street_name(street.name)
            if name.base:
                self._by_base.setdefault(name.base, []).append((name, street))
        self._lines: dict[StreetName, Any] = {}

    def called(self, text: str) -> list[Street]:
        """The streets that a text can mean; those on the side that it names, where there are any."""
        side = street_name(text).side
        fitting = self._fitting(text)
        same_side = [street for name, street in fitting if side and name.side == side]
        return same_side or [street for _, street in fitting]

    def beginning(self, text: str, limit: int) -> list[Street]:
        """Streets with a word that begins with a text; those whose name begins with it stand first."""
        asked = street_name(text)
        if not asked.base:
            return []
        found: dict[str, tuple[tuple[bool, bool, int, str], Street]] = {}
        for base, named in self._by_base.items():
            at = f" {base}".find(f" {asked.base}")
            if at < 0:
                continue
            for name, street in named:
                if asked.kind in {"", name.kind} and asked.side in {"", name.side}:
                    rank = (at > 0, base != asked.base, _unusual(name), street.name)
                    found.setdefault(street.name, (rank, street))
        return [street for _, street in sorted(found.values(), key=lambda one: one[0])[:limit]]

    def sounding_like(self, text: str, limit: int) -> list[Street]:
        """Streets whose name is spelled nearly as a text, for "did you mean"; the likeliest first."""
        asked = street_name(text)
        near = difflib.get_close_matches(asked.base, self._by_base, n=limit, cutoff=_ALIKE) if asked.base else []
        found = [min(self._by_base[base], key=lambda pair: (_unusual(pair[0]), pair[1].name))[1] for base in near]
        return found[:limit]

    def crossings(self, one: str, other: str) -> list[Crossing]:
        """Where the streets that two texts can mean cross: as asked, else on any side; the likeliest first."""
        ones, others = self._meant(one), self._meant(other)
        found = self._crossed(ones, others)
        is_one_sided = any(name.side for name in (*ones, *others))
        return found or (self._crossed(ones, others, any_side=True) if is_one_sided else [])

    def route(self, streets: Iterable[Street]) -> tuple[Point, ...]:
        """Streets from one end to the other, `ROUTE_POINTS_MAX` points at most."""
        points = self._ordered([point for street in streets for point in street.points])
        if len(points) > 1:
            bent = shapely.LineString([(p.lon, p.lat) for p in points]).simplify(_STRAIGHT_DEG)
            points = [Point(lat=float(lat), lon=float(lon)) for lon, lat in bent.coords]
        if len(points) > ROUTE_POINTS_MAX:
            step = (len(points) - 1) / (ROUTE_POINTS_MAX - 1)
            points = [points[round(k * step)] for k in range(ROUTE_POINTS_MAX)]
        return tuple(points)

    # Names

    def _fitting(self, text: str) -> list[tuple[StreetName, Street]]:
        """The streets of a text's base and kind, on any side; of no kind before all kinds where it names none."""
        asked = street_name(text)
        found = [pair for pair in self._by_base.get(asked.base, []) if asked.kind in {"", pair[0].kind}]
        return [pair for pair in found if pair[0].kind == asked.kind] or found

    def _meant(self, text: str) -> list[StreetName]:
        """The streets that a text can mean, both sides of the city's zero as one; of one side where it names one."""
        side = street_name(text).side
        fitting = self._fitting(text)
        if not any(name.side == side for name, _ in fitting):
            side = ""
        return list(dict.fromkeys(name._replace(side=side) for name, _ in fitting if side in {"", name.side}))

    def _of(self, meant: StreetName) -> list[tuple[StreetName, Street]]:
        return [
            (name, street)
            for name, street in self._by_base[meant.base]
            if name.kind == meant.kind and meant.side in {"", name.side}
        ]

    # Crossings

    def _crossed(self, ones: list[StreetName], others: list[StreetName], *, any_side: bool = False) -> list[Crossing]:
        found: list[tuple[int, float, Crossing]] = []
        for a in ones:
            for b in others:
                if a[1:] == b[1:]:
                    continue
                wholes = [name._replace(side="") if any_side else name for name in (a, b)]
                here, there = self._nearest(*map(self._line, wholes))
                away_m = distance_m(here, there)
                if away_m > CROSSING_M:
                    continue
                place = Point(lat=round((here.lat + there.lat) / 2, 6), lon=round((here.lon + there.lon) / 2, 6))
                is_as_asked = all(self._reaches(name, place) for name in (a, b))
                one, other = (self._at(name, place) for name in ((a, b) if is_as_asked else wholes))
                crossing = Crossing(place, one, other, is_as_asked)
                found.append((_unusual(a) + _unusual(b), away_m, crossing))
        return [crossing for _, _, crossing in sorted(found, key=lambda one: one[:2])]

    def _nearest(self, shape: Any, other: Any) -> tuple[Point, Point]:
        ends = shapely.get_coordinates(shapely.shortest_line(shape, other))
        here, there = (Point(lat=float(y), lon=float(x) / self._squeeze) for x, y in ends)
        return here, there

    def _reaches(self, meant: StreetName, place: Point) -> bool:
        """Whether a street can be said to go to a place: at the city's zero either side can."""
        here = shapely.Point(place.lon * self._squeeze, place.lat)
        return distance_m(*self._nearest(here, self._line(meant))) <= _JOINED_M

    def _at(self, meant: StreetName, place: Point) -> Street:
        """The side of a street that lies at a place."""
        sides = [street for _, street in self._of(meant)]
        here = shapely.Point(place.lon * self._squeeze, place.lat)
        return min(sides, key=lambda street: here.distance(self._pieces(street.points))) if sides[1:] else sides[0]

    def _line(self, meant: StreetName) -> Any:
        """A street's pieces; what runs north and south is ordered apart from what runs east and west."""
        known = self._lines.get(meant)
        if known is None:
            streets = self._of(meant)
            ways = [[p for name, street in streets if name.side in way for p in street.points] for way in ("ns", "ew")]
            known = shapely.union_all([self._pieces(points) for points in ways if points])
            self._lines[meant] = known
        return known

    def _pieces(self, unordered: Sequence[Point]) -> Any:
        points = self._ordered(unordered)
        runs = [points[:1]]
        for before, point in pairwise(points):
            if distance_m(before, point) > _JOINED_M:
                runs.append([])
            runs[-1].append(point)
        pieces = [shapely.MultiPoint([(p.lon * self._squeeze, p.lat) for p in points])]
        for run in (run for run in runs if len(run) > 1):
            longer = [_onward(run[::-1]), *run, _onward(run)]
            pieces.append(shapely.LineString([(p.lon * self._squeeze, p.lat) for p in longer]))
        return shapely.union_all(pieces)

    def _ordered(self, points: Sequence[Point]) -> list[Point]:
        """By the longer way: an atlas tells the points of a street in no order along it."""
        if not points:
            return []
        lats, lons = [p.lat for p in points], [p.lon * self._squeeze for p in points]
        northward = max(lats) - min(lats) > max(lons) - min(lons)
        return sorted(set(points), key=lambda p: (p.lat, p.lon) if northward else (p.lon, p.lat))


def _onward(run: list[Point]) -> Point:
    """The place that comes after the last of some points, straight on."""
    end = run[-1]
    back = next((p for p in reversed(run) if distance_m(p, end) >= _ONWARD_M), end)
    share = _ONWARD_M / max(distance_m(back, end), _ONWARD_M)
    return Point(lat=end.lat + (end.lat - back.lat) * share, lon=end.lon + (end.lon - back.lon) * share)


def _unusual(name: StreetName) -> int:
    return _USUAL.index(name.kind) if name.kind in _USUAL else len(_USUAL)
