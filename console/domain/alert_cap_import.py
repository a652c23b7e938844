"""A CAP message of an agency's own alerting system as a draft: the inverse of `alert_cap`, where it can be.

Promises: nothing is sent by it, and every check of an alert applies to the draft as to any other; what is not taken
over, or only roughly, is said in a note; a shape outside the jurisdiction is taken as it is, for the check to say so.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

import msgspec
import shapely

from console.domain import cap as c
from console.domain.alert_cap import AREA
from console.domain.alert_words import KINDS
from console.domain.alert_words_es import AREA_ES, KINDS_ES
from console.domain.alerts import (
    AlertDraft,
    AlertKind,
    AlertState,
    Certainty,
    Level,
    MessageKind,
    Spot,
    Urgency,
    newest,
)
from console.domain.areas import Circle, Polygon
from console.domain.cap_shapes import geometry_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from console.domain.alerts import Alert, Where
    from console.domain.places import Point

M_PER_KM = 1_000
NAMED_MAX = 80
_KIND_OF = {
    **{name.casefold(): kind for kind, name in KINDS.items()},
    **{name.casefold(): kind for kind, name in KINDS_ES.items()},
}
_MESSAGES = {
    c.CapMessageType.ALERT: MessageKind.ALERT,
    c.CapMessageType.UPDATE: MessageKind.UPDATE,
    c.CapMessageType.CANCEL: MessageKind.CANCEL,
}
_STATUSES = frozenset({c.CapStatus.ACTUAL, c.CapStatus.EXERCISE, c.CapStatus.TEST})
_MISSING = ("missing", "amber", "silver alert", "endangered", "desaparecid")


class CapImport(msgspec.Struct, frozen=True):
    """The draft, how its message was to be handled, and what its author has to know of it."""

    draft: AlertDraft
    status: c.CapStatus
    notes: tuple[c.CapTrouble, ...] = ()


def import_troubles(message: c.CapMessage, firsts: tuple[Alert, ...]) -> tuple[c.CapTrouble, ...]:
    """Why a message without troubles of its own cannot become a draft; `firsts` are the agency's alerts it names."""
    return (*_of_message(message, firsts), *_of_words(message))


def _of_message(message: c.CapMessage, firsts: tuple[Alert, ...]) -> Iterator[c.CapTrouble]:
    if message.status not in _STATUSES:
        yield c.CapTrouble("import_status", "status", {"given": message.status.value})
    if message.scope is not c.CapScope.PUBLIC:
        yield c.CapTrouble("import_scope", "scope", {"given": message.scope.value})
    kind = _MESSAGES.get(message.message_type)
    if kind is None:
        yield c.CapTrouble("import_kind", "msgType", {"given": message.message_type.value})
    if kind in {None, MessageKind.ALERT}:
        return
    if not firsts:
        yield c.CapTrouble("import_reference_unknown", "references")
    elif len(firsts) > 1:
        yield c.CapTrouble("import_reference_many", "references", {"given": str(len(firsts))})
    elif firsts[0].state is not AlertState.PUBLISHED:
        yield c.CapTrouble("import_reference_over", "references", {"given": _short(firsts[0].draft.title)})


def _of_words(message: c.CapMessage) -> Iterator[c.CapTrouble]:
    if not message.infos:
        if message.message_type is not c.CapMessageType.CANCEL:
            yield c.CapTrouble("import_no_info", "info")
    elif _info(message, "en") is None and _info(message, "es") is None:
        yield c.CapTrouble("import_language", "info/language", {"given": _languages(message.infos)})


def from_cap(message: c.CapMessage, draft_id: str, first: Alert | None = None, last: Alert | None = None) -> CapImport:
    """The draft that a message asks for, once `import_troubles` has none.

    `first` is the alert that an update or an all-clear is about, `last` the record of its last message: what the
    message leaves open stays as they say.
    """
    kind = _MESSAGES[message.message_type]
    draft = AlertDraft(draft_id) if first is None else newest(first, last)
    draft = msgspec.structs.replace(draft, id=draft_id, message=kind)
    if kind is MessageKind.CANCEL and first is not None:
        draft = msgspec.structs.replace(
            draft, title=f"All clear: {draft.title}", text=message.note.strip(), title_es="", text_es=""
        )
    notes = list(_status_notes(message))
    english, spanish = _info(message, "en"), _info(message, "es")
    told = english or spanish
    if told is None:
        return CapImport(draft, message.status, tuple(notes))
    alert_kind = first.draft.kind if first is not None else _kind_of(told)
    where, where_notes = _where_of(_areas(message, told))
    draft = msgspec.structs.replace(
        draft,
        kind=alert_kind,
        level=Level(told.severity.value.lower()),
        urgency=Urgency(told.urgency.value.lower()),
        certainty=Certainty(told.certainty.value.lower()),
        title=_title(english),
        text=_text(english),
        title_es=_title(spanish),
        text_es=_text(spanish),
        where=where or draft.where,
        place_name=_place_name(_areas(message, told)) or draft.place_name,
        begins=draft.begins if told.onset is None else _begins(told.onset, message.sent),
    )
    if told.expires is not None and kind is not MessageKind.CANCEL:
        draft = msgspec.structs.replace(draft, ends=told.expires.astimezone(UTC))
    notes += where_notes
    notes += _left_out(message, told, english, spanish)
    if first is None and told.event.strip().casefold() not in _KIND_OF:
        figures = {"given": _short(told.event), "kind": KINDS[alert_kind]}
        notes.append(c.CapTrouble("import_event", "info/event", figures))
    return CapImport(draft, message.status, tuple(notes))


def _status_notes(message: c.CapMessage) -> Iterator[c.CapTrouble]:
    if message.status is not c.CapStatus.ACTUAL:
        yield c.CapTrouble(f"import_{message.status.value.lower()}", "status")


def _info(message: c.CapMessage, language: str) -> c.CapInfo | None:
    return next((info for info in message.infos if _is_in(info, language)), None)


def _is_in(info: c.CapInfo, language: str) -> bool:
    return info.language.casefold().split("-")[0] == language


def _languages(infos: tuple[c.CapInfo, ...]) -> str:
    return _short(", ".join(dict.fromkeys(info.language for info in infos)))


def _short(text: str) -> str:
    tidy = " ".join(text.split())
    return tidy if len(tidy) <= NAMED_MAX else f"{tidy[:NAMED_MAX]}\u2026"


def _kind_of(info: c.CapInfo) -> AlertKind:
    event = info.event.strip().casefold()
    if event in _KIND_OF:
        return _KIND_OF[event]
    if any(word in event for word in _MISSING):
        return AlertKind.MISSING_PERSON
    if c.CapCategory.SECURITY in info.categories:
        return AlertKind.CRIME
    return AlertKind.COMMUNITY if set(info.categories) == {c.CapCategory.OTHER} else AlertKind.SAFETY


def _title(info: c.CapInfo | None) -> str:
    return "" if info is None else info.headline.strip() or info.event.strip()


def _text(info: c.CapInfo | None) -> str:
    """What happened and what to do: CAP has them apart."""
    if info is None:
        return ""
    return "\n\n".join(text for text in (info.description.strip(), info.instruction.strip()) if text)


def _begins(onset: datetime, sent: datetime) -> datetime | None:
    """When it begins; None is "from when it goes out"."""
    return None if onset == sent else onset.astimezone(UTC)


# Where


def _areas(message: c.CapMessage, told: c.CapInfo) -> tuple[c.CapArea, ...]:
    """The areas of what was read, else those of another language: they are the same alert."""
    return told.areas or next((info.areas for info in message.infos if info.areas), ())


def _place_name(areas: tuple[c.CapArea, ...]) -> str:
    names = dict.fromkeys(area.description.strip() for area in areas)
    return "; ".join(name for name in names if name not in {"", AREA, AREA_ES})


def _where_of(areas: tuple[c.CapArea, ...]) -> tuple[Where | None, list[c.CapTrouble]]:
    rings = list(dict.fromkeys(ring for area in areas for ring in area.polygons))
    circles = list(dict.fromkeys(circle for area in areas for circle in area.circles))
    if not rings and not circles:
        codes = _short(", ".join(f"{code.name} {code.value}" for area in areas for code in area.geocodes))
        return None, [c.CapTrouble("import_area_by_code", "area", {"given": codes})] if codes else []
    if len(rings) + len(circles) == 1:
        if rings:
            return Polygon(tuple((point.lon, point.lat) for point in rings[0])), []
        circle = circles[0]
        is_point = circle.radius_km == 0
        return (Spot(circle.centre) if is_point else Circle(circle.centre, circle.radius_km * M_PER_KM)), []
    return _joined(rings, circles)


def _joined(rings: list[tuple[Point, ...]], circles: list[c.CapCircle]) -> tuple[Where | None, list[c.CapTrouble]]:
    """An alert has one area: shapes that touch are joined; else the outline around all of them, and it is said."""
    geometry = geometry_of(c.CapArea("", tuple(rings), tuple(circles)))
    if geometry is None:  # points without an extent
        corners = shapely.MultiPoint([(circle.centre.lon, circle.centre.lat) for circle in circles])
        parts = [corners]
    else:
        parts = [shapely.Polygon(polygon[0]) for polygon in geometry["coordinates"]]
    whole = shapely.union_all(parts) if all(part.is_valid for part in parts) else shapely.GeometryCollection(parts)
    notes: list[c.CapTrouble] = []
    if whole.geom_type != "Polygon":
        whole = shapely.convex_hull(whole)
        notes.append(c.CapTrouble("import_area_joined", "area", {"given": str(len(rings) + len(circles))}))
    if whole.geom_type != "Polygon":
        return None, notes
    return Polygon(tuple((lon, lat) for lon, lat in whole.exterior.coords)), notes


# What is not taken over


def _left_out(
    message: c.CapMessage, told: c.CapInfo, english: c.CapInfo | None, spanish: c.CapInfo | None
) -> Iterator[c.CapTrouble]:
    others = tuple(info for info in message.infos if not _is_in(info, "en") and not _is_in(info, "es"))
    if others:
        yield c.CapTrouble("import_languages", "info/language", {"given": _languages(others)})
    if len(message.infos) - len(others) > (english is not None) + (spanish is not None):
        yield c.CapTrouble("import_more_infos", "info")
    if told.resources:
        yield c.CapTrouble("import_resources", "info/resource", {"given": str(len(told.resources))})
    left = [name for name, text in (("contact", told.contact), ("audience", told.audience)) if text.strip()]
    if left:
        yield c.CapTrouble("import_left_out", "info", {"given": ", ".join(left)})
