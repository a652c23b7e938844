"""`porchlight-service check`: what the wizard would say of a request in a file, by the same pure check.

For IT and for tests: it needs an atlas and no service. A part that cannot be read becomes a finding with the code
`malformed` and the field, so that the rest is still judged.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import shapely
from shapely.geometry import shape as shape_of

from console.domain import requests, times
from console.domain.areas import Area, Circle, Drawing, Picked, Polygon, on_the_globe
from console.domain.checks import check
from console.domain.drafts import Draft, DraftId
from console.domain.findings import Field, Finding, Severity, blocking
from console.domain.fitting import remedy
from console.domain.members import MemberId, Ori
from console.domain.places import Point
from console.domain.policy import Agency, CaseMask
from console.domain.wording import closed, words_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from zoneinfo import ZoneInfo

    from console.domain.assemblies import Gathering
    from console.domain.ground import Ground

# Mailboxes that anybody can open: without an agency's own domain these are surely not official.
PRIVATE_MAIL = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "yahoo.com",
        "ymail.com",
        "hotmail.com",
        "outlook.com",
        "live.com",
        "msn.com",
        "icloud.com",
        "me.com",
        "aol.com",
        "proton.me",
        "protonmail.com",
        "gmx.com",
        "gmx.net",
        "mail.com",
        "zoho.com",
        "yandex.com",
        "fastmail.com",
        "comcast.net",
        "verizon.net",
    ]
)
_MASK = CaseMask("YYYY-PPP-NNNNNN")


class Unreadable(Exception):  # noqa: N818 - says what happened
    """A part of the request is not what it should be; the message says what was expected."""


class Answer(NamedTuple):
    """The findings in the wizard's order, and whether the request may be sent."""

    findings: tuple[Finding, ...]
    may_be_sent: bool

    def as_json(self) -> list[dict[str, str]]:
        """Each finding with its words."""
        return [
            {"code": f.code, "severity": f.severity.value, "field": f.field.value, "text": text_of(f)}
            for f in self.findings
        ]


def text_of(finding: Finding) -> str:
    """A finding in words: what, why, and what to do."""
    said = words_for(finding.code, finding.figures)
    return f"{closed(said.title)} {said.reason} {said.next_step}"


def agency_for(ground: Ground, contact: str) -> Agency:
    """An agency to judge by where none was given: policy defaults, a usual case mask, any contact but a private one."""
    atlas = ground.index.atlas
    domain = contact.strip().rpartition("@")[2].lower()
    middle = shape_of(atlas.jurisdiction).representative_point()
    return Agency(
        ori=Ori("ZZ0000000"),
        name=atlas.name,
        time_zone=atlas.time_zone,
        atlas_version=atlas.version,
        station=Point(lat=middle.y, lon=middle.x),
        case_masks=(_MASK,),
        mail_domains=() if domain in PRIVATE_MAIL else (domain,),
        telephones=(contact,) if "@" not in contact else (),
    )


def judge(
    untrusted: dict[str, Any],
    agency: Agency,
    ground: Ground,
    now: datetime,
    earlier: tuple[requests.EarlierRequest, ...] = (),
    gatherings: tuple[Gathering, ...] = (),
) -> Answer:
    """Judge a request as it stands in a file (see `porchlight-service check --help` for its parts)."""
    draft, troubles = read_draft(untrusted, agency, ground)
    unread = {f.field for f in troubles}
    found = [f for f in check(draft, agency, ground, earlier, now, gatherings) if f.field not in unread]
    offer = remedy(ground, draft, agency.limits, tuple(found))
    findings = (*troubles, *found, *(() if offer is None else (offer,)))
    return Answer(findings, may_be_sent=not blocking(findings))


def read_draft(untrusted: dict[str, Any], agency: Agency, ground: Ground) -> tuple[Draft, tuple[Finding, ...]]:
    """The draft of a file's request, and a finding for each part that could not be read."""
    zone = times.zone_of(agency.time_zone)
    fields: dict[str, Any] = {}
    troubles: list[Finding] = []

    def take(field: Field, read: Callable[[], dict[str, Any]]) -> None:
        try:
            fields.update(read())
        except Unreadable as trouble:
            troubles.append(Finding("malformed", Severity.BLOCKS, field, {"why": str(trouble)}))

    def text(name: str, field: Field) -> None:
        take(field, lambda: {name: _text(untrusted.get(name))})

    incident = _part(untrusted, "incident")
    window = _part(untrusted, "window")
    text("case_number", Field.CASE_NUMBER)
    text("offence", Field.OFFENCE)
    take(Field.OCCURRED_AT, lambda: {"occurred_at": _time(incident.get("at"), zone)})
    take(Field.PLACE, lambda: {"place": _place(incident.get("place"))})
    take(Field.WINDOW, lambda: {"begins": _time(window.get("begins"), zone), "ends": _time(window.get("ends"), zone)})
    take(Field.AREA, lambda: _area(untrusted.get("area"), ground))
    text("title", Field.TITLE)
    text("text", Field.TEXT)
    text("contact", Field.CONTACT)
    text("repeat_reason", Field.REPEAT_REASON)
    text("anchor_reason", Field.ANCHOR_REASON)
    return Draft(DraftId("file"), **fields), tuple(troubles)


def read_earlier(untrusted: list[Any], zone: ZoneInfo) -> tuple[requests.EarlierRequest, ...]:
    """Earlier requests of the agency from a list of {"case_number", "submitted_at"}; Unreadable."""
    found = []
    for number, line in enumerate(untrusted):
        at = _time(line.get("submitted_at") if isinstance(line, dict) else None, zone)
        if at is None:
            raise Unreadable(f"line {number + 1} of the earlier requests has no submitted_at")
        case = _text(line.get("case_number"))
        found.append(requests.EarlierRequest(str(number), case, requests.State.PUBLISHED, at, MemberId("")))
    return tuple(found)


def _part(untrusted: dict[str, Any], name: str) -> dict[str, Any]:
    part = untrusted.get(name)
    return part if isinstance(part, dict) else {} if part is None else {"at": part, "place": part, "begins": part}


def _text(untrusted: Any) -> str:
    if untrusted is None:
        return ""
    if isinstance(untrusted, str | int) and not isinstance(untrusted, bool):
        return str(untrusted)
    raise Unreadable("a text is expected here")


def _time(untrusted: Any, zone: ZoneInfo) -> datetime | None:
    if untrusted is None or untrusted == "":
        return None
    if not isinstance(untrusted, str):
        raise Unreadable('a time is expected, as "2026-06-10T15:00" (the agency\'s own clock) or with its offset')
    try:
        at = datetime.fromisoformat(untrusted.strip())
    except ValueError:
        raise Unreadable(
            f'"{untrusted[:40]}" is no time; write it as "2026-06-10T15:00" or "2026-06-10T15:00-05:00"'
        ) from None
    if at.tzinfo is not None:
        try:
            return at.astimezone(UTC)
        except OverflowError:
            raise Unreadable(f'"{untrusted[:40]}" is out of any calendar') from None
    if not times.is_usable(at):
        raise Unreadable(f'"{untrusted[:40]}" is out of any calendar')
    if not times.exists(at, zone):
        raise Unreadable(f"{at:%H:%M} was skipped that day: clocks went forward in {zone.key}")
    return times.to_utc(at, zone)


def _number(untrusted: float) -> float:
    try:
        return float(untrusted)
    except OverflowError:
        raise Unreadable("this number is far too large") from None


def _place(untrusted: Any) -> Point | None:
    if untrusted is None:
        return None
    return Point(lat=_position(untrusted)[1], lon=_position(untrusted)[0])


def _position(untrusted: Any) -> tuple[float, float]:
    is_pair = isinstance(untrusted, list | tuple) and len(untrusted) >= 2  # noqa: PLR2004 - longitude, latitude
    if not is_pair or not all(isinstance(n, int | float) and not isinstance(n, bool) for n in untrusted[:2]):
        raise Unreadable("a position is [longitude, latitude] in degrees")
    lon, lat = _number(untrusted[0]), _number(untrusted[1])
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):  # noqa: PLR2004 - the globe; NaN fails too
        raise Unreadable(f"[{lon:g}, {lat:g}] is not on the globe: a position is [longitude, latitude] in degrees")
    return lon, lat


def _area(untrusted: Any, ground: Ground) -> dict[str, Any]:
    if untrusted is None:
        return {}
    if not isinstance(untrusted, dict):
        raise Unreadable('an area is a GeoJSON polygon or {"center": [longitude, latitude], "radius_m": metres}')
    if "center" in untrusted or "radius_m" in untrusted:
        radius = untrusted.get("radius_m")
        if not isinstance(radius, int | float) or isinstance(radius, bool):
            raise Unreadable("radius_m is a number of metres")
        lon, lat = _position(untrusted.get("center"))
        return _drawn(Circle(Point(lat=lat, lon=lon), _number(radius)), ground)
    if "blocks" in untrusted:
        area = _picked(untrusted, ground)
        return {"drawing": Picked(area.blocks), "area": area}
    rings = _rings(untrusted)
    if len(rings) == 1 and len(rings[0]) == 1:
        return _drawn(Polygon(tuple(rings[0][0])), ground)
    blocks = _several(rings, ground).blocks  # of an area in several parts only whole blocks count
    return _drawn(Picked(blocks), ground)


def _picked(untrusted: dict[str, Any], ground: Ground) -> Area:
    try:
        blocks = msgspec.convert(untrusted["blocks"], tuple[str, ...])
        open_cells = msgspec.convert(untrusted.get("open_cells", []), tuple[str, ...])
    except msgspec.ValidationError:
        raise Unreadable("blocks and open_cells are lists of ids") from None
    return Area(ground.version, tuple(sorted(blocks)), tuple(sorted(open_cells)))


def _drawn(drawing: Drawing, ground: Ground) -> dict[str, Any]:
    return {"drawing": drawing, "area": ground.snap(drawing)}


def _rings(untrusted: dict[str, Any]) -> list[list[list[tuple[float, float]]]]:
    """Polygons, each a list of rings, from a geometry, a feature or a collection."""
    kind = untrusted.get("type")
    if kind == "FeatureCollection" and isinstance(untrusted.get("features"), list):
        return [
            polygon for feature in untrusted["features"] if isinstance(feature, dict) for polygon in _rings(feature)
        ]
    if kind == "Feature" and isinstance(untrusted.get("geometry"), dict):
        return _rings(untrusted["geometry"])
    coordinates = untrusted.get("coordinates")
    if kind not in {"Polygon", "MultiPolygon"} or not isinstance(coordinates, list):
        raise Unreadable("the area's GeoJSON must be a Polygon or a MultiPolygon")
    polygons = [coordinates] if kind == "Polygon" else coordinates
    try:
        return [[[_position(position) for position in ring] for ring in polygon] for polygon in polygons]
    except TypeError:
        raise Unreadable("the polygon's coordinates are lists of rings of [longitude, latitude]") from None


def _several(rings: list[list[list[tuple[float, float]]]], ground: Ground) -> Area:
    try:
        polygons = [shapely.Polygon(polygon[0], polygon[1:]) for polygon in rings if polygon]
    except (ValueError, shapely.errors.GEOSException):
        raise Unreadable("a ring of the polygon has fewer than three corners") from None
    if not polygons or not all(p.is_valid for p in polygons):
        raise Unreadable("a ring of the polygon crosses itself or has no area; draw it without crossing")
    return ground.snap_shape(on_the_globe(shapely.union_all(polygons)))


def print_answer(answer: Answer, *, as_json: bool) -> str:
    """What the command prints."""
    if as_json:
        return json.dumps(answer.as_json(), ensure_ascii=False, indent=2)
    lines = [f"{f.severity.value:8} {f.field.value:14} {text_of(f)}" for f in answer.findings]
    lines.append("It may be sent for review." if answer.may_be_sent else "It may not be sent.")
    return "\n".join(lines)
