"""What CAP 1.2 asks of a message and its XML schema cannot say; each rule names the standard's section.

`troubles` is pure and total: it never raises, whatever the message holds. A message without troubles can be written and
read back as it was. Two rules are ours: a link is http or https (a page shows it), and a text is what XML can carry.
"""

from __future__ import annotations

import math
import re
from datetime import timedelta
from typing import TYPE_CHECKING

from console.domain.cap import CapMessageType, CapScope, CapTrouble, is_xml_text
from console.domain.places import GLOBE_DEG

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from console.domain.cap import CapArea, CapInfo, CapMessage, CapResource, CapValue
    from console.domain.places import Point

POLYGON_POINTS_MIN = 4
RADIUS_KM_MAX = 20_038.0
"""Half the way around the earth."""
OFFSET_MAX = timedelta(hours=14)
FIRST_YEAR, LAST_YEAR = 1900, 9998
_REFUSED_IN_IDS = re.compile(r"[\s,<&]")
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]*", re.ASCII)
_SHA1 = re.compile(r"[0-9A-Fa-f]{40}", re.ASCII)
_LINK = re.compile(r"https?://[A-Za-z0-9._~%!$&'()*+,;=:@\[\]-]+(?:[/?#][A-Za-z0-9._~%!$&'()*+,;=:@/?#\[\]-]*)?")
# BCP 47 (RFC 5646, 2.1): language, script, region, variants, extensions, private use. No language of 4 letters or more
# is registered.
_LANGUAGE = re.compile(
    r"[a-z]{2,3}(?:-[a-z]{3}){0,3}(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?"
    r"(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(?:-[a-wy-z0-9](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?"
    r"|x(?:-[a-z0-9]{1,8})+",
    re.ASCII | re.IGNORECASE,
)


def troubles(message: CapMessage) -> tuple[CapTrouble, ...]:
    """Everything that is wrong with a message, in the order of its elements; empty where it may be sent."""
    return (*_of_alert(message), *(t for n, info in enumerate(message.infos, 1) for t in _of_info(message, info, n)))


def _of_alert(message: CapMessage) -> Iterator[CapTrouble]:
    for where, given in (("identifier", message.identifier), ("sender", message.sender)):
        yield from _identifying(given, where)
    yield from _time(message.sent, "sent")
    yield from _texts((("source", message.source), ("restriction", message.restriction), ("note", message.note)))
    if message.scope is CapScope.RESTRICTED and not message.restriction.strip():
        yield CapTrouble("cap_restriction_missing", "restriction")
    if message.scope is CapScope.PRIVATE and not message.addresses:
        yield CapTrouble("cap_addresses_missing", "addresses")
    for where, entries in (("addresses", message.addresses), ("incidents", message.incidents)):
        for entry in entries:
            yield from _entry(entry, where)
            if '"' in entry:
                yield CapTrouble("cap_quote", where)
    for entry in message.codes:
        yield from _entry(entry, "code")
    yield from _references(message)


def _references(message: CapMessage) -> Iterator[CapTrouble]:
    if message.message_type is not CapMessageType.ALERT and not message.references:
        yield CapTrouble("cap_references_missing", "references", {"kind": message.message_type.value})
    seen: set[tuple[str, str]] = set()
    for reference in message.references:
        yield from _identifying(reference.sender, "references")
        yield from _identifying(reference.identifier, "references")
        yield from _time(reference.sent, "references")
        pair = (reference.sender, reference.identifier)
        if pair == (message.sender, message.identifier):
            yield CapTrouble("cap_reference_itself", "references")
        elif reference.sent > message.sent:
            yield CapTrouble("cap_reference_later", "references")
        if pair in seen:
            yield CapTrouble("cap_reference_twice", "references")
        seen.add(pair)


def _of_info(message: CapMessage, info: CapInfo, number: int) -> Iterator[CapTrouble]:
    here = f"info[{number}]"
    if not _LANGUAGE.fullmatch(info.language) or any(len(part) > 8 for part in info.language.split("-")):  # noqa: PLR2004 - xs:language
        yield CapTrouble("cap_language", f"{here}/language")
    if not info.categories:
        yield CapTrouble("cap_category_missing", f"{here}/category")
    if not info.event.strip():
        yield CapTrouble("cap_event_missing", f"{here}/event")
    yield from _texts(
        (f"{here}/{name}", text)
        for name, text in (
            ("event", info.event),
            ("audience", info.audience),
            ("senderName", info.sender_name),
            ("headline", info.headline),
            ("description", info.description),
            ("instruction", info.instruction),
            ("contact", info.contact),
        )
    )
    yield from _times_of(message, info, here)
    if info.web and not _LINK.fullmatch(info.web):
        yield CapTrouble("cap_link", f"{here}/web")
    yield from _values(info.event_codes, f"{here}/eventCode")
    yield from _values(info.parameters, f"{here}/parameter")
    for n, resource in enumerate(info.resources, 1):
        yield from _of_resource(resource, f"{here}/resource[{n}]")
    for n, area in enumerate(info.areas, 1):
        yield from _of_area(area, f"{here}/area[{n}]")


def _times_of(message: CapMessage, info: CapInfo, here: str) -> Iterator[CapTrouble]:
    for name, at in (("effective", info.effective), ("onset", info.onset), ("expires", info.expires)):
        if at is not None:
            yield from _time(at, f"{here}/{name}")
    if info.expires is None:
        return
    if info.expires <= message.sent:
        yield CapTrouble("cap_expires_before_sent", f"{here}/expires")
    elif any(at is not None and info.expires <= at for at in (info.effective, info.onset)):
        yield CapTrouble("cap_expires_before_begin", f"{here}/expires")


def _of_resource(resource: CapResource, here: str) -> Iterator[CapTrouble]:
    yield from _entry(resource.description, f"{here}/resourceDesc")
    yield from _texts([(f"{here}/derefUri", resource.inline)])
    if not _MEDIA_TYPE.fullmatch(resource.media_type):
        yield CapTrouble("cap_media_type", f"{here}/mimeType")
    if resource.size is not None and resource.size < 0:
        yield CapTrouble("cap_size", f"{here}/size")
    if resource.uri and not _LINK.fullmatch(resource.uri):
        yield CapTrouble("cap_link", f"{here}/uri")
    if resource.digest and not _SHA1.fullmatch(resource.digest):
        yield CapTrouble("cap_digest", f"{here}/digest")


def _of_area(area: CapArea, here: str) -> Iterator[CapTrouble]:
    yield from _entry(area.description, f"{here}/areaDesc")
    for n, ring in enumerate(area.polygons, 1):
        yield from _of_ring(ring, f"{here}/polygon[{n}]")
    for n, circle in enumerate(area.circles, 1):
        where = f"{here}/circle[{n}]"
        if not _on_globe(circle.centre):
            yield CapTrouble("cap_place", where)
        if not 0.0 <= circle.radius_km <= RADIUS_KM_MAX:  # also not a number
            yield CapTrouble("cap_radius", where)
    yield from _values(area.geocodes, f"{here}/geocode")
    for name, height in (("altitude", area.altitude_ft), ("ceiling", area.ceiling_ft)):
        if height is not None and not math.isfinite(height):
            yield CapTrouble("cap_height", f"{here}/{name}")
    if area.ceiling_ft is not None and (area.altitude_ft is None or area.ceiling_ft < area.altitude_ft):
        yield CapTrouble("cap_ceiling", f"{here}/ceiling")


def _of_ring(ring: tuple[Point, ...], where: str) -> Iterator[CapTrouble]:
    if any(not _on_globe(point) for point in ring):
        yield CapTrouble("cap_place", where)
    if len(ring) < POLYGON_POINTS_MIN:
        figures = {"given": str(len(ring)), "limit": str(POLYGON_POINTS_MIN)}
        yield CapTrouble("cap_polygon_short", where, figures)
    elif ring[0] != ring[-1]:
        yield CapTrouble("cap_polygon_open", where)


def _on_globe(point: Point) -> bool:
    return abs(point.lat) <= GLOBE_DEG[0] and abs(point.lon) <= GLOBE_DEG[1]  # NaN is neither


def _time(at: datetime, where: str) -> Iterator[CapTrouble]:
    offset = at.utcoffset()
    if offset is None or offset % timedelta(minutes=1) or abs(offset) > OFFSET_MAX:
        yield CapTrouble("cap_time_offset", where)
    if at.microsecond:
        yield CapTrouble("cap_time_fraction", where)
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        yield CapTrouble("cap_time_year", where)


def _identifying(given: str, where: str) -> Iterator[CapTrouble]:
    if not given:
        yield CapTrouble("cap_id_missing", where)
    elif _REFUSED_IN_IDS.search(given) or not is_xml_text(given):
        yield CapTrouble("cap_id_characters", where)


def _entry(given: str, where: str) -> Iterator[CapTrouble]:
    if not given.strip():
        yield CapTrouble("cap_entry_empty", where)
    elif not is_xml_text(given):
        yield CapTrouble("cap_character", where)


def _texts(given: Iterable[tuple[str, str]]) -> Iterator[CapTrouble]:
    for where, text in given:
        if not is_xml_text(text):
            yield CapTrouble("cap_character", where)


def _values(given: tuple[CapValue, ...], where: str) -> Iterator[CapTrouble]:
    for value in given:
        yield from _entry(value.name, where)
        yield from _texts([(where, value.value)])


def codes() -> frozenset[str]:
    """Every code that `troubles` or the reader of messages can give."""
    return frozenset(RULES) | frozenset(READING)


RULES = (
    "cap_id_missing",
    "cap_id_characters",
    "cap_time_offset",
    "cap_time_fraction",
    "cap_time_year",
    "cap_character",
    "cap_restriction_missing",
    "cap_addresses_missing",
    "cap_entry_empty",
    "cap_quote",
    "cap_references_missing",
    "cap_reference_itself",
    "cap_reference_later",
    "cap_reference_twice",
    "cap_language",
    "cap_category_missing",
    "cap_event_missing",
    "cap_expires_before_sent",
    "cap_expires_before_begin",
    "cap_link",
    "cap_media_type",
    "cap_size",
    "cap_digest",
    "cap_place",
    "cap_radius",
    "cap_height",
    "cap_ceiling",
    "cap_polygon_short",
    "cap_polygon_open",
)
READING = (
    "cap_empty",
    "cap_too_large",
    "cap_too_deep",
    "cap_doctype",
    "cap_not_xml",
    "cap_other_version",
    "cap_not_cap",
    "cap_schema",
    "cap_value",
    "cap_code_unknown",
    "cap_time_shape",
    "cap_shape",
    "cap_reference_shape",
)
