"""A view of the map as a line of text that a colleague can paste: place, zoom and what is chosen.

Promises: what was written reads back the same; any other text is None, never an exception. A link carries no text of a
post, no name and no case: only places, times, categories and states.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlencode

import msgspec

from console.domain.feed import Category
from console.domain.overview import Selection, Shown, Span

PREFIX = "porchlight:map?"
LENGTH_MAX = 600
_ZOOM_MAX = 24.0
_POSITION_PARTS = 3


class MapView(msgspec.Struct, frozen=True):
    """The middle of a view in degrees, and its zoom."""

    lat: float
    lon: float
    zoom: float


class MapLink(msgspec.Struct, frozen=True):
    """A view and what is chosen in it."""

    view: MapView
    selection: Selection = Selection()


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
    return PREFIX + urlencode(parts, safe=",:")


def read_link(untrusted_text: str) -> MapLink | None:
    """The link that a text is; None where it is anything else."""
    text = untrusted_text.strip()
    if not text.startswith(PREFIX) or len(text) > LENGTH_MAX:
        return None
    try:
        parts = dict(parse_qsl(text.removeprefix(PREFIX), strict_parsing=True, max_num_fields=8))
        numbers = [float(part) for part in parts.pop("at").split(",")]
        since, until = (_time(parts.pop(name, "")) for name in ("since", "until"))
        kinds = frozenset(Category(kind) for kind in parts.pop("kinds", "").split(",") if kind)
        states = frozenset(Shown(state) for state in parts.pop("states", "").split(",") if state)
        mine = parts.pop("mine", "0") == "1"
    except (ValueError, KeyError, OverflowError):
        return None
    if parts or len(numbers) != _POSITION_PARTS or not all(math.isfinite(n) for n in numbers):
        return None
    lat, lon, zoom = numbers
    if not (abs(lat) <= 90 and abs(lon) <= 180 and 0 <= zoom <= _ZOOM_MAX):  # noqa: PLR2004 - the globe
        return None
    return MapLink(MapView(lat, lon, zoom), Selection(Span(since, until), kinds, states, mine))


def _stamp(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _time(text: str) -> datetime | None:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC) if text else None
