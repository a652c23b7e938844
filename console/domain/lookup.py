"""Finding anything on the map from one line of text: places, districts, cases, posts, and links to a view.

Promises: answers come from the atlas, the agency's own requests and the posts that were read already; no text makes it
raise. What is likelier meant stands first: a link, coordinates or a crossing before streets, cases before posts.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec
import shapely

from console.domain.areas import box_of, point_inside
from console.domain.comparing import fold
from console.domain.map_link import MapLink, read_link
from console.domain.overview import SHOWN_STATES
from console.domain.places import Point
from console.domain.wizard_place import PlaceFound, PlaceKind, PlaceTrouble, find_place

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from console.domain.atlas import Street
    from console.domain.feed import Post
    from console.domain.ground import Ground
    from console.domain.requests import Request

OF_A_KIND = 6
TEXT_MAX = 200
_MIN_LETTERS = 2
_ALIKE_MOST = 3


class FoundKind(StrEnum):
    """What was found."""

    LINK = "link"
    COORDINATES = "coordinates"
    CROSSING = "crossing"
    STREET = "street"
    DISTRICT = "district"
    REQUEST = "request"
    POST = "post"


FOUND_NAMES: dict[FoundKind, str] = {
    FoundKind.LINK: "View",
    FoundKind.COORDINATES: "Coordinates",
    FoundKind.CROSSING: "Crossing",
    FoundKind.STREET: "Street",
    FoundKind.DISTRICT: "District",
    FoundKind.REQUEST: "Case",
    FoundKind.POST: "Post",
}


class Found(msgspec.Struct, frozen=True):
    """One thing that was found: where it is, or the box (south, west, north, east) that shows it whole."""

    kind: FoundKind
    id: str
    title: str
    detail: str = ""
    place: Point | None = None
    bounds: tuple[float, float, float, float] | None = None
    link: MapLink | None = None


class LookedUp(msgspec.Struct, frozen=True):
    """What was found; where nothing was, `trouble` says what to do."""

    found: tuple[Found, ...]
    trouble: str = ""


def look_up(untrusted_text: str, ground: Ground, requests: Iterable[Request], posts: Sequence[Post]) -> LookedUp:
    """Everything that a text can mean; `posts` are those that its words found."""
    text = " ".join(untrusted_text[:TEXT_MAX].split())
    link = read_link(untrusted_text)
    if link is not None:
        place = Point(link.view.lat, link.view.lon)
        return LookedUp((Found(FoundKind.LINK, "link", "The view of this link", place=place, link=link),))
    if len(text) < _MIN_LETTERS:
        return LookedUp(())
    place_found = find_place(text, ground)
    found: list[Found] = []
    if isinstance(place_found, PlaceFound) and place_found.kind in {PlaceKind.COORDINATES, PlaceKind.CROSSING}:
        kind = FoundKind(place_found.kind.value)
        name = place_found.name or text
        found.append(Found(kind, text, name, place_found.note, place=place_found.place))
    found += _streets(text, ground)
    if not found and isinstance(place_found, PlaceFound):
        found.append(Found(FoundKind.STREET, text, place_found.name, place_found.note, place=place_found.place))
    found += _districts(text, ground)
    found += _cases(text, requests)
    found += [Found(FoundKind.POST, p.id, p.title, p.place_name, place=p.place) for p in posts[:OF_A_KIND]]
    if not found:
        found += [_street(street, "did you mean this?") for street in ground.streets.sounding_like(text, _ALIKE_MOST)]
    if found:
        return LookedUp(tuple(found))
    trouble = place_found.words if isinstance(place_found, PlaceTrouble) else ""
    if isinstance(place_found, PlaceTrouble) and place_found.code == "place_unknown":
        trouble = (
            f"Nothing is called \u201c{text[:60]}\u201d: no street, crossing, district, case or post. "
            "Check the spelling, or type fewer letters."
        )
    return LookedUp((), trouble)


def _streets(text: str, ground: Ground) -> list[Found]:
    return [_street(street, "whole street") for street in ground.streets.beginning(text, OF_A_KIND)]


def _street(street: Street, detail: str) -> Found:
    middle = street.points[len(street.points) // 2]
    return Found(FoundKind.STREET, street.name, street.name, detail, place=middle, bounds=_box(street.points))


def _box(points: Sequence[Point]) -> tuple[float, float, float, float]:
    lats, lons = [p.lat for p in points], [p.lon for p in points]
    return min(lats), min(lons), max(lats), max(lons)


def _districts(text: str, ground: Ground) -> list[Found]:
    asked = _plain(text).removeprefix("the ").removeprefix("district ").removeprefix("precinct ").strip()
    found = []
    for district in ground.index.atlas.districts:
        name = _plain(district.name)
        if asked and (name.startswith(asked) or f" {asked}" in f" {name}"):
            shape = shapely.geometry.shape(district.geometry)
            place, bounds = point_inside(shape), box_of(shape)
            rank = (name != asked, not name.startswith(asked), name)
            found.append((rank, Found(FoundKind.DISTRICT, district.name, district.name, place=place, bounds=bounds)))
    return [one for _, one in sorted(found, key=lambda pair: pair[0])[:OF_A_KIND]]


def _cases(text: str, requests: Iterable[Request]) -> list[Found]:
    asked = _bare(text)
    words = _plain(text)
    found = []
    for request in requests:
        draft = request.draft
        numbers = [_bare(draft.case_number), _bare(request.number)]
        is_number = len(asked) >= 3 and any(asked in number for number in numbers)  # noqa: PLR2004 - fewer fit all
        if not is_number and (len(words) < 3 or words not in _plain(draft.title)):  # noqa: PLR2004
            continue
        made = shapely.geometry.shape(request.outline) if request.outline else None
        bounds = None if made is None or made.is_empty else box_of(made)
        state = SHOWN_STATES.get(request.state)
        detail = f"{draft.case_number} \u00b7 {state.value if state else request.state.value}"
        found.append(
            Found(FoundKind.REQUEST, request.id, draft.title or request.number, detail, draft.place, bounds=bounds)
        )
    return found[:OF_A_KIND]


def _plain(text: str) -> str:
    return " ".join(fold(text).split())


def _bare(text: str) -> str:
    return re.sub(r"[^0-9a-z]", "", _plain(text))
