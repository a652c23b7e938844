"""CAP 1.2 messages as XML: written in the schema's order, read from strangers.

Promises: what is written validates against the OASIS schema and reads back as it was. What is read may be hostile: it
is bounded in size, depth and number of elements; a document type, an entity or another encoding trick ends the reading
at once; no file and no address is opened, whatever the message names. Elements of other namespaces (extensions, XML
signatures) and all attributes are passed over: a signature is neither checked nor kept, so it proves nothing here.
Source: OASIS CAP 1.2, sections 3.2 to 3.3; the schema with its notice stands in `resources/cap`.
"""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder
from xml.sax.saxutils import escape

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from console.domain import cap as c
from console.domain.cap_rules import troubles
from console.domain.places import Point

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from xmlschema import XMLSchema10

SIZE_MAX = 512 * 1024
DEPTH_MAX = 12
ELEMENTS_MAX = 20_000
# Beside the package, in the source tree as in a bundle.
SCHEMA = Path(__file__).parents[2] / "resources" / "cap" / "CAP-v1.2.xsd"
QUOTED_MAX = 60
_IN = f"{{{c.NAMESPACE}}}"
_OTHER_VERSION = re.compile(r"\{(?:urn:oasis:names:tc:emergency:cap:|http://www\.incident\.com/cap/)([\d.]+)\}alert")
_NUMBER = r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
_PAIR = re.compile(rf"({_NUMBER}),({_NUMBER})", re.ASCII)
_CIRCLE = re.compile(rf"({_NUMBER}),({_NUMBER})\s+({_NUMBER})", re.ASCII)
_GROUPED = re.compile(r'"([^"]*)"|(\S+)')
_TIMES = frozenset({"sent", "effective", "onset", "expires"})


class _Refused(Exception):  # noqa: N818 - an expected "no" on its way out of a parser's callbacks
    def __init__(self, code: str, where: str = "", **figures: str) -> None:
        super().__init__(code)
        self.trouble = c.CapTrouble(code, where, {k: _short(v) for k, v in figures.items()})


def _short(text: str) -> str:
    tidy = " ".join(text.split())
    return tidy if len(tidy) <= QUOTED_MAX else f"{tidy[:QUOTED_MAX]}\u2026"


# -- writing -------------------------------------------------------------------------------------------------------


def write_cap(message: c.CapMessage) -> bytes:
    """A message as UTF-8 XML; ValueError for one that has troubles, which its maker must ask for first."""
    if found := troubles(message):
        raise ValueError(f"not a CAP message: {found[0].code} at {found[0].where}")
    head = ('<?xml version="1.0" encoding="UTF-8"?>', f'<alert xmlns="{c.NAMESPACE}">')
    return "\n".join((*head, *_alert(message), "</alert>", "")).encode()


def _element(name: str, text: str) -> str:
    # A bare carriage return would be read back as a line feed (XML 1.0, 2.11).
    return f"<{name}>{escape(text, {chr(13): '&#13;'})}</{name}>"


def _given(*pairs: tuple[str, str]) -> Iterator[str]:
    return (_element(name, text) for name, text in pairs if text)


def _each(name: str, texts: Iterable[str]) -> Iterator[str]:
    return (_element(name, text) for text in texts)


def _block(name: str, inner: Iterable[str]) -> str:
    return f"<{name}>{''.join(inner)}</{name}>"


def _alert(m: c.CapMessage) -> Iterator[str]:
    yield from _given(("identifier", m.identifier), ("sender", m.sender), ("sent", _time(m.sent)))
    yield from _given(("status", m.status), ("msgType", m.message_type), ("source", m.source), ("scope", m.scope))
    yield from _given(("restriction", m.restriction), ("addresses", _group(m.addresses)))
    yield from _each("code", m.codes)
    references = " ".join(f"{r.sender},{r.identifier},{_time(r.sent)}" for r in m.references)
    yield from _given(("note", m.note), ("references", references), ("incidents", _group(m.incidents)))
    for info in m.infos:
        yield _block("info", _info(info))


def _info(i: c.CapInfo) -> Iterator[str]:
    yield _element("language", i.language)
    yield from _each("category", i.categories)
    yield _element("event", i.event)
    yield from _each("responseType", i.responses)
    yield from _given(("urgency", i.urgency), ("severity", i.severity), ("certainty", i.certainty))
    yield from _given(("audience", i.audience))
    yield from _named("eventCode", i.event_codes)
    for name, at in (("effective", i.effective), ("onset", i.onset), ("expires", i.expires)):
        if at is not None:
            yield _element(name, _time(at))
    yield from _given(("senderName", i.sender_name), ("headline", i.headline), ("description", i.description))
    yield from _given(("instruction", i.instruction), ("web", i.web), ("contact", i.contact))
    yield from _named("parameter", i.parameters)
    yield from (_block("resource", _resource(resource)) for resource in i.resources)
    yield from (_block("area", _area(area)) for area in i.areas)


def _resource(r: c.CapResource) -> Iterator[str]:
    yield _element("resourceDesc", r.description)
    yield _element("mimeType", r.media_type)
    if r.size is not None:
        yield _element("size", str(r.size))
    yield from _given(("uri", r.uri), ("derefUri", r.inline), ("digest", r.digest))


def _area(a: c.CapArea) -> Iterator[str]:
    yield _element("areaDesc", a.description)
    yield from _each("polygon", (" ".join(_pair(point) for point in ring) for ring in a.polygons))
    yield from _each("circle", (f"{_pair(circle.centre)} {_decimal(circle.radius_km)}" for circle in a.circles))
    yield from _named("geocode", a.geocodes)
    for name, height in (("altitude", a.altitude_ft), ("ceiling", a.ceiling_ft)):
        if height is not None:
            yield _element(name, _decimal(height))


def _named(name: str, values: Iterable[c.CapValue]) -> Iterator[str]:
    return (_block(name, (_element("valueName", v.name), _element("value", v.value))) for v in values)


def _pair(point: Point) -> str:
    return f"{_decimal(point.lat)},{_decimal(point.lon)}"


def _decimal(number: float) -> str:
    # xs:decimal knows no exponent.
    return format(Decimal(repr(float(number))), "f")


def _time(at: datetime) -> str:
    text = at.isoformat(timespec="seconds")
    return f"{text[:-6]}-00:00" if text.endswith("+00:00") else text


def _group(entries: Iterable[str]) -> str:
    return " ".join(f'"{entry}"' if re.search(r"\s", entry) else entry for entry in entries)


# -- reading -------------------------------------------------------------------------------------------------------


def read_cap(untrusted: bytes) -> c.CapMessage | c.CapTrouble:
    """The message in a file of UTF-8 or UTF-16 XML, or what is wrong with it; its rules are `troubles`' own matter.

    Costs up to some hundred milliseconds at the size limit: not for an event loop.
    """
    try:
        root = _parsed(untrusted)
        _validate(root)
        return _message(root)
    except _Refused as refused:
        return refused.trouble


class _BoundedTree(TreeBuilder):
    """Builds CAP's own elements, without attributes; passes over what is of other namespaces."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0
        self._seen = 0
        self._foreign = 0

    def start(self, tag: str, attrs: dict[Any, Any], /) -> Element:
        del attrs
        self._depth += 1
        self._seen += 1
        if self._depth == 1:
            _check_root(tag)
        if self._depth > DEPTH_MAX:
            raise _Refused("cap_too_deep", limit=str(DEPTH_MAX))
        if self._seen > ELEMENTS_MAX:
            raise _Refused("cap_too_large", given=f"more than {ELEMENTS_MAX:,} elements", limit=f"{ELEMENTS_MAX:,}")
        if self._foreign or not tag.startswith(_IN):
            self._foreign += 1
            return Element(tag)
        return super().start(tag, {})

    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        if self._foreign:
            self._foreign -= 1
            return Element(tag)
        return super().end(tag)

    def data(self, data: str, /) -> None:
        if not self._foreign:
            super().data(data)


def _check_root(tag: str) -> None:
    if tag == f"{_IN}alert":
        return
    if older := _OTHER_VERSION.fullmatch(tag):
        raise _Refused("cap_other_version", given=older[1])
    raise _Refused("cap_not_cap", given=tag.rpartition("}")[2])


def _parsed(untrusted: bytes) -> Element:
    if not untrusted.strip():
        raise _Refused("cap_empty")
    if len(untrusted) > SIZE_MAX:
        kib = f"{len(untrusted) // 1024:,} KiB"
        raise _Refused("cap_too_large", given=kib, limit=f"{SIZE_MAX // 1024} KiB")
    parser = DefusedXMLParser(target=_BoundedTree(), forbid_dtd=True, forbid_entities=True, forbid_external=True)
    try:
        parser.feed(untrusted)
        root: Element = parser.close()
    except DefusedXmlException as error:
        raise _Refused("cap_doctype") from error
    except ParseError as error:
        raise _Refused("cap_not_xml", line=str(error.position[0])) from error
    except (ValueError, LookupError) as error:  # an encoding that is none, or that reads each byte as several
        raise _Refused("cap_not_xml", line="1") from error
    return root


@cache
def _schema() -> XMLSchema10:
    # On first use: it costs 0.4 s and 25 MiB, which a service that reads no CAP need not pay.
    from xmlschema import XMLSchema10  # noqa: PLC0415

    return XMLSchema10(SCHEMA.read_text(encoding="ascii"), allow="none", defuse="always", use_fallback=False)


def _validate(root: Element) -> None:
    from xmlschema import XMLSchemaChildrenValidationError  # noqa: PLC0415 - as above

    for error in _schema().iter_errors(root, use_location_hints=False):
        element = error.elem
        path = re.sub(r"(?:\w+:|\{[^}]*\})", "", error.path or "").removeprefix("/alert").removeprefix("/")
        name = "" if element is None else element.tag.removeprefix(_IN)
        text = "" if element is None else element.text or ""
        if name in _TIMES:
            raise _Refused("cap_time_shape", path, given=text)
        if getattr(error.validator, "enumeration", None) or type(error.validator).__name__ == "XsdEnumerationFacets":
            raise _Refused("cap_code_unknown", path, given=text)
        if isinstance(error, XMLSchemaChildrenValidationError):
            expected = [found.local_name for found in error.expected or () if found.local_name]
            raise _Refused("cap_schema", path, expected=", ".join(expected) or "nothing more")
        raise _Refused("cap_value", path, given=text)


def _message(root: Element) -> c.CapMessage:
    return c.CapMessage(
        identifier=_text(root, "identifier").strip(),
        sender=_text(root, "sender").strip(),
        sent=_read_time(_text(root, "sent"), "sent"),
        status=c.CapStatus(_text(root, "status")),
        message_type=c.CapMessageType(_text(root, "msgType")),
        scope=c.CapScope(_text(root, "scope")),
        source=_text(root, "source"),
        restriction=_text(root, "restriction"),
        addresses=_ungroup(_text(root, "addresses")),
        codes=_texts(root, "code"),
        note=_text(root, "note"),
        references=tuple(_read_reference(given) for given in _text(root, "references").split()),
        incidents=_ungroup(_text(root, "incidents")),
        infos=tuple(_read_info(node, f"info[{n}]") for n, node in enumerate(root.findall(f"{_IN}info"), 1)),
    )


def _read_info(node: Element, here: str) -> c.CapInfo:
    return c.CapInfo(
        language=_text(node, "language").strip() or c.DEFAULT_LANGUAGE,
        categories=tuple(c.CapCategory(text) for text in _texts(node, "category")),
        event=_text(node, "event"),
        responses=tuple(c.CapResponseType(text) for text in _texts(node, "responseType")),
        urgency=c.CapUrgency(_text(node, "urgency")),
        severity=c.CapSeverity(_text(node, "severity")),
        certainty=c.CapCertainty(_text(node, "certainty")),
        audience=_text(node, "audience"),
        event_codes=_values(node, "eventCode"),
        effective=_maybe_time(node, "effective", here),
        onset=_maybe_time(node, "onset", here),
        expires=_maybe_time(node, "expires", here),
        sender_name=_text(node, "senderName"),
        headline=_text(node, "headline"),
        description=_text(node, "description"),
        instruction=_text(node, "instruction"),
        web=_text(node, "web").strip(),
        contact=_text(node, "contact"),
        parameters=_values(node, "parameter"),
        resources=tuple(_read_resource(r, here) for r in node.findall(f"{_IN}resource")),
        areas=tuple(_read_area(a, f"{here}/area[{n}]") for n, a in enumerate(node.findall(f"{_IN}area"), 1)),
    )


def _read_resource(node: Element, here: str) -> c.CapResource:
    size = _text(node, "size").strip()
    try:
        count = int(size) if size else None
    except ValueError as error:  # more digits than Python reads
        raise _Refused("cap_value", f"{here}/resource/size", given=size) from error
    return c.CapResource(
        description=_text(node, "resourceDesc"),
        media_type=_text(node, "mimeType").strip(),
        size=count,
        uri=_text(node, "uri").strip(),
        inline=_text(node, "derefUri"),
        digest=_text(node, "digest").strip(),
    )


def _read_area(node: Element, here: str) -> c.CapArea:
    return c.CapArea(
        description=_text(node, "areaDesc"),
        polygons=tuple(_read_ring(text, f"{here}/polygon") for text in _texts(node, "polygon")),
        circles=tuple(_read_circle(text, f"{here}/circle") for text in _texts(node, "circle")),
        geocodes=_values(node, "geocode"),
        altitude_ft=_height(node, "altitude"),
        ceiling_ft=_height(node, "ceiling"),
    )


def _read_ring(text: str, where: str) -> tuple[Point, ...]:
    points = []
    for pair in text.split():
        found = _PAIR.fullmatch(pair)
        if found is None:
            raise _Refused("cap_shape", where, given=pair)
        points.append(Point(float(found[1]), float(found[2])))
    return tuple(points)


def _read_circle(text: str, where: str) -> c.CapCircle:
    found = _CIRCLE.fullmatch(text.strip())
    if found is None:
        raise _Refused("cap_shape", where, given=text)
    return c.CapCircle(Point(float(found[1]), float(found[2])), float(found[3]))


def _read_reference(given: str) -> c.CapReference:
    parts = given.split(",")
    if len(parts) != 3:  # noqa: PLR2004 - sender, identifier, sent
        raise _Refused("cap_reference_shape", "references", given=given)
    return c.CapReference(parts[0], parts[1], _read_time(parts[2], "references"))


def _read_time(text: str, where: str) -> datetime:
    tidy = text.strip()
    try:
        at = datetime.fromisoformat(f"{tidy[:-6]}+00:00" if tidy.endswith("-00:00") else tidy)
    except ValueError as error:
        raise _Refused("cap_time_shape", where, given=tidy) from error
    if at.tzinfo is None:
        raise _Refused("cap_time_shape", where, given=tidy)
    return at


def _maybe_time(node: Element, name: str, here: str) -> datetime | None:
    text = _text(node, name)
    return _read_time(text, f"{here}/{name}") if text else None


def _height(node: Element, name: str) -> float | None:
    text = _text(node, name).strip()
    return float(text) if text else None


def _values(node: Element, name: str) -> tuple[c.CapValue, ...]:
    return tuple(c.CapValue(_text(v, "valueName"), _text(v, "value")) for v in node.findall(f"{_IN}{name}"))


def _ungroup(text: str) -> tuple[str, ...]:
    return tuple(found[1] if found[1] is not None else found[2] for found in _GROUPED.finditer(text))


def _texts(node: Element, name: str) -> tuple[str, ...]:
    return tuple(found.text or "" for found in node.findall(f"{_IN}{name}"))


def _text(node: Element, name: str) -> str:
    return node.findtext(f"{_IN}{name}") or ""
