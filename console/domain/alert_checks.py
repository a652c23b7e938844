"""The check of an alert: one pure function that says what is wrong with a message before it goes out.

The composer calls it on every change, the service again with its own policy and clock, and once more at the approval.
It knows public facts only. Source: DESIGN 2 (words), CAP 1.2 (an area and an end), Nextdoor (race alone).
"""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, assert_never

import shapely

from console.domain import words
from console.domain.alerts import (
    LENGTH_MAX,
    PICTURES_MAX,
    PLACE_NAME_MAX,
    REASON_MAX,
    REASON_MIN,
    TEXT_MAX,
    TEXT_MIN,
    TITLE_MAX,
    TITLE_MIN,
    AlertKind,
    Everywhere,
    Level,
    MessageKind,
    Spot,
)
from console.domain.areas import Circle, Polygon, drawing_trouble, outline
from console.domain.checks import hidden
from console.domain.findings import Field, Finding, Severity
from console.domain.times import clock_words, is_usable, zone_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from console.domain.alerts import Alert, AlertDraft, Where
    from console.domain.ground import Ground
    from console.domain.policy import Agency

# A member's clock may be some minutes behind the service's.
LATE = timedelta(minutes=10)
# So little of a drawing may lie outside: what is left of a circle that touches the edge of the city.
OUTSIDE_SHARE = 0.005
# Longer texts are refused for their length; no rule reads them.
READ_MAX = 10_000
# Near these sizes a whole city's edge is drawn: enough for a page and for a message.
EDGE_DEG = 0.0005
_WEIGHT = {Severity.BLOCKS: 0, Severity.CONFIRM: 1, Severity.ADVICE: 2}
_BLOCKING = ("race_alone", "victim_pii", "minor_pii", "pressure", "link", "immigration", "reproductive_health")


def check_alert(
    draft: AlertDraft,
    agency: Agency,
    ground: Ground,
    now: datetime,
    *,
    first: Alert | None = None,
    sending: bool = True,
) -> tuple[Finding, ...]:
    """Everything that stands against a message at `now` (aware), blocking first, then in the composer's order.

    `first` is the alert that an update or an all-clear refers to. `sending` is False at an approval: a time to send
    that has come meanwhile is no fault then.
    """
    found = [
        *_level(draft),
        *_words(draft, first),
        *_where(draft, ground),
        *_times(draft, agency, now, first, sending=sending),
    ]
    if len(draft.pictures) > PICTURES_MAX:
        found.append(_no("alert_pictures_many", Field.PICTURES, limit=str(PICTURES_MAX)))
    return tuple(sorted(found, key=lambda f: _WEIGHT[f.severity]))


def closing_findings(reason: str) -> tuple[Finding, ...]:
    """What stands against the public reason for which comments are closed."""
    text = reason.strip()
    if len(text) < REASON_MIN:
        return (_no("alert_reason_short", Field.TEXT, limit=str(REASON_MIN)),)
    if len(text) > REASON_MAX:
        return (_no("alert_reason_long", Field.TEXT, limit=str(REASON_MAX)),)
    return (*_ruled(Field.TEXT, text, None), *_unseen(Field.TEXT, text))


def _no(code: str, field: Field, **figures: str) -> Finding:
    return Finding(code, Severity.BLOCKS, field, figures)


def _level(draft: AlertDraft) -> Iterator[Finding]:
    if draft.message is MessageKind.CANCEL:
        return
    if draft.level is Level.EXTREME:
        yield Finding("alert_extreme", Severity.ADVICE, Field.LEVEL)
    if draft.kind is AlertKind.MOMENT and draft.level in {Level.EXTREME, Level.SEVERE, Level.MODERATE}:
        yield Finding("alert_moment_severe", Severity.ADVICE, Field.LEVEL)


# Words


def _words(draft: AlertDraft, first: Alert | None) -> Iterator[Finding]:
    for field, text, low, high, name in (
        (Field.TITLE, draft.title.strip(), TITLE_MIN, TITLE_MAX, "title"),
        (Field.TEXT, draft.text.strip(), TEXT_MIN, TEXT_MAX, "text"),
    ):
        if not text:
            yield _no(f"alert_{name}_missing", field)
        elif len(text) < low:
            yield _no(f"alert_{name}_short", field, given=str(len(text)), limit=str(low))
        elif len(text) > high:
            yield _no(f"alert_{name}_long", field, given=f"{len(text):,}", limit=f"{high:,}")
    yield from _spanish(draft)
    if first is not None and draft.message is MessageKind.UPDATE and _says_nothing_new(draft, first):
        yield _no("alert_update_same", Field.TEXT)
    for field, text in ((Field.TITLE, draft.title), (Field.TEXT, draft.text)):
        yield from _ruled(field, text, draft)
        yield from _unseen(field, text)
    for field, text in (
        (Field.TITLE_ES, draft.title_es),
        (Field.TEXT_ES, draft.text_es),
        (Field.PLACE, draft.place_name),
    ):
        # The rules of words are English; a link and a hidden character are the same in every language.
        yield from (f for f in _ruled(field, text, draft) if f.code == "alert_link")
        yield from _unseen(field, text)
    if len(draft.place_name) > PLACE_NAME_MAX:
        yield _no("alert_place_name_long", Field.PLACE, limit=str(PLACE_NAME_MAX))


def _spanish(draft: AlertDraft) -> Iterator[Finding]:
    title, text = draft.title_es.strip(), draft.text_es.strip()
    if not title and not text:
        yield Finding("alert_spanish_missing", Severity.ADVICE, Field.TEXT_ES)
    elif not title:
        yield _no("alert_spanish_half", Field.TITLE_ES)
    elif not text:
        yield _no("alert_spanish_half", Field.TEXT_ES)
    for field, said, high in ((Field.TITLE_ES, title, TITLE_MAX), (Field.TEXT_ES, text, TEXT_MAX)):
        if len(said) > high:
            yield _no("alert_spanish_long", field, given=f"{len(said):,}", limit=f"{high:,}")


def _says_nothing_new(draft: AlertDraft, first: Alert) -> bool:
    said = first.messages[-1] if first.messages else None
    if said is None:
        return False
    same_words = (draft.title, draft.text, draft.title_es, draft.text_es) == (
        said.title,
        said.text,
        said.title_es,
        said.text_es,
    )
    return same_words and draft.level is said.level and draft.ends == first.ends_at and draft.where == first.draft.where


def _ruled(field: Field, text: str, draft: AlertDraft | None) -> Iterator[Finding]:
    """What the rules of words object to; who is missing may be named, and a danger may be spoken of plainly."""
    for found in _linted(text):
        code, severity = f"alert_{found.code}", Severity.BLOCKS
        if draft is not None and draft.kind is AlertKind.MISSING_PERSON and found.code in {"victim_pii", "minor_pii"}:
            code, severity = "alert_missing_named", Severity.ADVICE
        elif found.code == "protest" or (
            found.code == "pressure" and draft is not None and draft.kind is AlertKind.SAFETY
        ):
            severity = Severity.ADVICE
        elif found.code not in _BLOCKING:
            continue
        yield Finding(code, severity, field, {"words": text[found.start : found.end][:80]}, (found.start, found.end))


@lru_cache(maxsize=32)
def _linted(text: str) -> tuple[words.WordsFinding, ...]:
    return words.lint(text) if len(text) <= READ_MAX else ()


def _unseen(field: Field, text: str) -> Iterator[Finding]:
    for found in hidden(field, text):
        yield Finding("alert_hidden", found.severity, field, found.figures, found.span)


# Where


def _where(draft: AlertDraft, ground: Ground) -> Iterator[Finding]:
    where = draft.where
    match where:
        case None:
            yield _no("alert_where_missing", Field.PLACE)
        case Spot(at):
            if not ground.index.contains(at):
                yield _no("alert_outside", Field.PLACE)
        case Circle() | Polygon():
            trouble = drawing_trouble(where)
            if trouble:
                yield _no("alert_shape", Field.AREA)
            elif not lies_inside(where, ground):
                yield _no("alert_outside", Field.AREA)
        case Everywhere():
            pass
        case _:
            assert_never(where)


@lru_cache(maxsize=64)
def _outside_share(drawing: Circle | Polygon, ground: Ground) -> float:
    shape = outline(drawing)
    if shape is None or shape.area == 0:
        return 1.0
    whole = ground.index.jurisdiction_shape
    if whole.covers(shape):
        return 0.0
    return float(shape.difference(whole).area / shape.area)


def lies_inside(drawing: Circle | Polygon, ground: Ground) -> bool:
    """Whether a drawing lies in the jurisdiction, but for what the pointer's width leaves over."""
    return _outside_share(drawing, ground) <= OUTSIDE_SHARE


def alert_shape(where: Where, ground: Ground) -> Any:
    """What the public sees as the area: a drawing cut to the jurisdiction, a place's block, or all of it; in degrees.

    Only for a `where` that the check has let through.
    """
    whole = ground.index.jurisdiction_shape
    match where:
        case Spot(at):
            return shapely.geometry.shape(ground.block_geometry(block_at(at, ground)))
        case Circle() | Polygon():
            shape = outline(where)
            return whole if shape is None else shape.intersection(whole)
        case Everywhere():
            return whole.simplify(EDGE_DEG)
        case _:
            assert_never(where)


def block_at(at: Any, ground: Ground) -> str:
    """The block of a place in the jurisdiction."""
    import h3  # noqa: PLC0415 - only where an alert is written

    return ground.index.home_block(h3.latlng_to_cell(at.lat, at.lon, 10))


# Times


def _times(
    draft: AlertDraft, agency: Agency, now: datetime, first: Alert | None, *, sending: bool
) -> Iterator[Finding]:
    given = [
        (field, at)
        for field, at in ((Field.WINDOW, draft.begins), (Field.ENDS, draft.ends), (Field.SEND_AT, draft.send_at))
        if at is not None
    ]
    strange = [field for field, at in given if not is_usable(at)]
    if strange:
        yield _no("alert_time_strange", strange[0])
        return
    yield from _sending(draft, agency, now, sending=sending)
    if draft.message is MessageKind.CANCEL:
        return  # it ends what it refers to, from the moment it goes out
    if draft.ends is None:
        yield _no("alert_end_missing", Field.ENDS)
        return
    out_at = max(now, draft.send_at or now)
    if draft.ends <= now:
        yield _no("alert_end_past", Field.ENDS, at=_clock(draft.ends, agency))
    elif draft.ends <= (draft.begins or now):
        yield _no("alert_end_first", Field.ENDS)
    since = out_at if first is None or first.published_at is None else first.published_at
    if draft.ends > since + LENGTH_MAX:
        latest = since + LENGTH_MAX
        yield _no("alert_end_far", Field.ENDS, days=str(LENGTH_MAX.days), at=_clock(latest, agency))
    if draft.begins is not None and draft.begins < now - LENGTH_MAX:
        yield _no("alert_begin_past", Field.WINDOW, days=str(LENGTH_MAX.days))


def _sending(draft: AlertDraft, agency: Agency, now: datetime, *, sending: bool) -> Iterator[Finding]:
    if draft.send_at is None:
        return
    if sending and draft.send_at < now - LATE:
        yield _no("alert_send_past", Field.SEND_AT, at=_clock(draft.send_at, agency))
    if draft.send_at > now + LENGTH_MAX:
        yield _no("alert_send_far", Field.SEND_AT, days=str(LENGTH_MAX.days))
    if draft.ends is not None and draft.message is not MessageKind.CANCEL and draft.send_at >= draft.ends:
        yield _no("alert_send_after_end", Field.SEND_AT, at=_clock(draft.ends, agency))


def _clock(at: datetime, agency: Agency) -> str:
    return clock_words(at, zone_of(agency.time_zone))
