"""A view of the map as a line of text that a colleague can paste: place, zoom and what is chosen.

Promises: what was written reads back the same, to the second and the metre; a ring of more than `RING_MAX` corners is
left out. Any other text is None, never an exception. A link carries no text of a post, no name and no case: only
places, times, categories, states and what was drawn.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode

import msgspec

from console.domain.areas import Circle, Polygon, drawing_trouble
from console.domain.feed import Category
from console.domain.overview import Selection, Shown, Span
from console.domain.places import Point

PREFIX = "porchlight:map?"
LENGTH_MAX = 6_000
RING_MAX = 200
_ZOOM_MAX = 24.0
_POSITION_PARTS = 3
_YEARS = range(2000, 2101)


class MapView(msgspec.Struct, frozen=True):
    """The middle of a view in degrees, and its zoom."""

    lat: float
    lon: float
    zoom: float


class MapLink(msgspec.Struct, frozen=True):
    """A view and what is chosen in it."""

    view: MapView
    selection: Selection = Selection()


def view_of(bounds: tuple[float, float, float, float], zoom: float) -> MapView:
    """The view that shows a box (south, west, north, east): its middle on the map, which is not the middle latitude."""
    south, west, north, east = bounds
    low, high = (math.asinh(math.tan(math.radians(max(-85.0, min(85.0, lat))))) for lat in (south, north))
    return MapView(math.degrees(math.atan(math.sinh((low + high) / 2))), (west + east) / 2, zoom)


def write_link(link: MapLink) -> str:
    """The link as text."""
    view, chosen = link.view, link.selection
    parts = [("at", f"{view.lat:.5f},{view.lon:.5f},{view.zoom:.2f}")]
    if chosen.span.since is not None:
        parts.append(("since", _stamp(chosen.span.since)))
    if chosen.span.until is not None:
        parts.append(("until", _stamp(chosen.span.until)))
    if chosen.categories:
        parts.append(("kinds", ",".join(sorted(chosen.categories))))
    if chosen.states:
        parts.append(("states", ",".join(sorted(chosen.states))))
    if chosen.mine:
        parts.append(("mine", "1"))
    if isinstance(chosen.area, Circle):
        centre = chosen.area.centre
        parts.append(("circle", f"{centre.lat:.5f},{centre.lon:.5f},{chosen.area.radius_m:.0f}"))
    elif chosen.area is not None and len(chosen.area.ring) <= RING_MAX:
        parts.append(("ring", ",".join(f"{lat:.5f},{lon:.5f}" for lon, lat in chosen.area.ring)))
    return PREFIX + urlencode(parts, safe=",:")


def read_link(untrusted_text: str) -> MapLink | None:
    """The link that a text is; None where it is anything else."""
    text = untrusted_text.strip()
    if not text.startswith(PREFIX) or len(text) > LENGTH_MAX:
        return None
    try:
        parts = dict(parse_qsl(text.removeprefix(PREFIX), strict_parsing=True, max_num_fields=10))
        numbers = [float(part) for part in parts.pop("at").split(",")]
        since, until = (_time(parts.pop(name, "")) for name in ("since", "until"))
        kinds = frozenset(Category(kind) for kind in parts.pop("kinds", "").split(",") if kind)
        states = frozenset(Shown(state) for state in parts.pop("states", "").split(",") if state)
        mine = parts.pop("mine", "0") == "1"
        area = _area(parts.pop("circle", ""), parts.pop("ring", ""))
    except (ValueError, KeyError, OverflowError):
        return None
    if parts or len(numbers) != _POSITION_PARTS or not all(math.isfinite(n) for n in numbers):
        return None
    lat, lon, zoom = numbers
    if not (abs(lat) <= 90 and abs(lon) <= 180 and 0 <= zoom <= _ZOOM_MAX):  # noqa: PLR2004 - the globe
        return None
    return MapLink(MapView(lat, lon, zoom), Selection(Span(since, until), kinds, states, mine, area))


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _time(text: str) -> datetime | None:
    if not text:
        return None
    at = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    if at.year not in _YEARS:
        raise ValueError("a time that no feed has")
    return at


def _area(circle: str, ring: str) -> Circle | Polygon | None:
    """What was drawn; ValueError where it cannot be measured."""
    numbers = [float(part) for part in (circle or ring).split(",") if part]
    if not numbers:
        return None
    if circle:
        lat, lon, radius_m = numbers
        made: Circle | Polygon = Circle(Point(lat=lat, lon=lon), radius_m)
    else:
        made = Polygon(tuple(zip(numbers[1::2], numbers[0::2], strict=True)))
    places = numbers[:2] if circle else numbers
    if any(abs(lat) > 90 for lat in places[0::2]) or any(abs(lon) > 180 for lon in places[1::2]):  # noqa: PLR2004
        raise ValueError("off the globe")
    if drawing_trouble(made):
        raise ValueError("not an area")
    return made
