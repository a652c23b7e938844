"""What is on the map as rows: for the list beside it, for a file, for a reader of screens.

Promises: a post's place is its block's middle and nothing finer; a request is told by its area and case. A text that a
spreadsheet would run is told as text. Never: a name of a neighbour beyond "Neighbor #n".
"""

from __future__ import annotations

import csv
import io
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, Any

import msgspec
import shapely

from console.domain.areas import point_inside
from console.domain.bearings import from_station
from console.domain.feed import CATEGORY_NAMES, Post
from console.domain.overview import SHOWN_STATES, request_time
from console.domain.places import Point, distance_m, is_placeable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from console.domain.requests import Request

_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")
COLUMNS = ("kind", "title", "place", "from the station", "time", "latitude", "longitude", "case", "state")


class Entry(msgspec.Struct, frozen=True):
    """One thing on the map. `place` is None where it has none that can be drawn."""

    id: str
    kind: str
    title: str
    place_name: str
    away: str
    away_m: float
    at: datetime
    place: Point | None
    geometry: Any
    is_request: bool = False
    case_number: str = ""
    state: str = ""

    @property
    def spoken(self) -> str:
        """What a screen reader says of it."""
        return ", ".join(part for part in (self.kind, self.title, self.place_name, self.away) if part)


def entry_of_post(post: Post, station: Point) -> Entry:
    """A post or an alert."""
    place = post.place if is_placeable(post.place.lat, post.place.lon) else None
    return Entry(
        id=post.id,
        kind=CATEGORY_NAMES[post.category],
        title=post.title,
        place_name=post.place_name,
        away=from_station(station, place) if place else "place not known",
        away_m=distance_m(station, place) if place else float("inf"),
        at=post.at,
        place=place,
        geometry={"type": "Point", "coordinates": [place.lon, place.lat]} if place else None,
    )


def entry_of_request(request: Request, station: Point) -> Entry:
    """A request that is drawn: by its area."""
    shape = shapely.geometry.shape(request.outline) if request.outline else shapely.Point()
    place = None if shape.is_empty else point_inside(shape)
    shown = SHOWN_STATES.get(request.state)
    state = shown.value if shown else request.state.value
    return Entry(
        id=request.id,
        kind=f"{state.capitalize()} request",
        title=request.draft.title or request.number,
        place_name=request.draft.place_name,
        away=from_station(station, place) if place else "place not known",
        away_m=distance_m(station, place) if place else float("inf"),
        at=request_time(request),
        place=place,
        geometry=request.outline or None,
        is_request=True,
        case_number=request.draft.case_number,
        state=request.state.value,
    )


def as_csv(entries: Iterable[Entry], zone: tzinfo) -> str:
    """The rows as CSV (RFC 4180, UTF-8 when written with its mark), times in the agency's zone."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for entry in entries:
        lat, lon = (f"{entry.place.lat:.5f}", f"{entry.place.lon:.5f}") if entry.place else ("", "")
        at = entry.at.astimezone(zone).isoformat(timespec="minutes")
        texts = (entry.kind, entry.title, entry.place_name, entry.away, at)
        # Numbers are our own: a longitude's minus is no formula.
        writer.writerow([*map(_inert, texts), lat, lon, _inert(entry.case_number), entry.state])
    return out.getvalue()


def as_geojson(entries: Iterable[Entry], zone: tzinfo) -> bytes:
    """The rows as a GeoJSON FeatureCollection (RFC 7946); what has no place has a null geometry."""
    features = [
        {
            "type": "Feature",
            "id": entry.id,
            "geometry": entry.geometry,
            "properties": {
                "kind": entry.kind,
                "title": entry.title,
                "place": entry.place_name,
                "from_station": entry.away,
                "time": entry.at.astimezone(zone).isoformat(timespec="seconds"),
                **({"case_number": entry.case_number, "state": entry.state} if entry.is_request else {}),
            },
        }
        for entry in entries
    ]
    return msgspec.json.format(msgspec.json.encode({"type": "FeatureCollection", "features": features}), indent=1)


def _inert(text: str) -> str:
    """A cell that no spreadsheet runs, on one line (OWASP: CSV injection)."""
    one_line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return f"'{one_line}" if text.startswith(_RUNS) or one_line.startswith(_RUNS) else one_line
