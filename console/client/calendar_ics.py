"""Assemblies from iCalendar (RFC 5545), as Google, Outlook and Apple write it, with every repetition written out.

An event that cannot be used costs that event alone, and no rule of repetition keeps the reading from coming to its end.
"""

from __future__ import annotations

import re
import warnings
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import icalendar
from dateutil.rrule import rrulestr

from console.client.calendar_places import read_point
from console.client.calendar_reading import (
    AHEAD,
    USUAL_LENGTH,
    CalendarRead,
    Reading,
    clean,
    decoded,
    fault_of,
    identified,
    refused,
)
from console.domain.assemblies import AROUND_M, Gathering
from console.domain.times import to_utc

if TYPE_CHECKING:
    from collections.abc import Iterator
    from zoneinfo import ZoneInfo

    from console.domain.ground import Ground
    from console.domain.places import Point

_STEPS_MAX = 200_000
_STEPS_OF_AN_EMPTY_RULE = 20_000
_CYCLE_YEARS = 400  # after which the Gregorian calendar repeats, weekdays too
_LINE = re.compile(r"^[A-Za-z0-9-]+[;:]")
_FREQUENCIES = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})


class _Unusable(Exception):  # noqa: N818 - says what happened
    """An event that cannot be used; its text says why."""


class _When(NamedTuple):
    """A beginning as written (a date, or a wall-clock time), its zone, and how long."""

    local: datetime
    zone: Any
    days: int
    length: timedelta

    def span(self, reading: Reading, where: str, local: datetime) -> tuple[datetime, datetime]:
        begins = self.utc(reading, where, local)
        if self.days:
            return begins, to_utc(local + timedelta(days=self.days), reading.zone)
        return begins, begins + self.length

    def utc(self, reading: Reading, where: str, local: datetime) -> datetime:
        if self.zone is None:
            return to_utc(local, reading.zone) if self.days else reading.utc(where, local)
        return local.replace(tzinfo=self.zone).astimezone(UTC)


def read_icalendar(untrusted: bytes, ground: Ground, zone: ZoneInfo, now: datetime) -> CalendarRead:
    """Read an iCalendar file, as Google, Outlook and Apple write them."""
    fault = fault_of(untrusted)
    if fault:
        return refused(fault)
    reading = Reading(ground, zone, now)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library warns where it guesses a zone; an unknown one is said below
        try:
            events = [event for whole in _calendars(decoded(untrusted)) for event in whole.walk("VEVENT")]
        except Exception:  # noqa: BLE001 - whatever a stranger's file makes the library raise
            return refused("This is not a readable iCalendar file. Export it again, or save it as CSV.")
        steps = _Steps()
        moved = {key for event in events if (key := _moved(event, reading)) is not None}
        for number, event in enumerate(events, 1):
            if reading.is_at_end:
                break
            reading.begin()
            where = clean(str(event.get("UID", "")))[0] or f"Event {number}"
            try:
                _read_event(reading, event, where, moved, steps)
            except _Unusable as fault_:
                reading.say(where, str(fault_), left_out=True)
            except Exception:  # noqa: BLE001 - as above, one event
                reading.say(where, "This event is broken and was left out. Enter it by hand", left_out=True)
    return reading.answer()


def _calendars(text: str) -> list[Any]:
    try:
        return cast("list[Any]", icalendar.Calendar.from_ical(text, multiple=True))
    except ValueError:  # one line that is none spoils the whole: once more without such lines
        lines = re.sub(r"\r?\n[ \t]", "", text).splitlines()
        return cast("list[Any]", icalendar.Calendar.from_ical("\r\n".join(filter(_LINE.match, lines)), multiple=True))


class _Steps:
    """How many repetitions may still be looked at, for a whole file."""

    def __init__(self) -> None:
        self.left = _STEPS_MAX


def _uid(event: Any) -> str:
    return str(event.get("UID", "")) or f"{event.get('SUMMARY', '')} {_raw(event, 'DTSTART')}"


def _raw(event: Any, name: str) -> str:
    value = event.get(name)
    return "" if value is None else _written(value)


def _written(value: Any) -> str:
    """A value of the library's as it stands in a file."""
    raw = value.to_ical() if hasattr(value, "to_ical") else value
    return raw.decode("utf-8", "replace") if isinstance(raw, bytes) else str(raw)


def _instant(value: date | datetime, zone: ZoneInfo) -> datetime:
    if isinstance(value, datetime):
        return to_utc(value, zone) if value.tzinfo is None else value.astimezone(UTC)
    return to_utc(datetime.combine(value, time()), zone)


def _moved(event: Any, reading: Reading) -> tuple[str, datetime] | None:
    """Which occurrence of a series an event stands for."""
    try:
        at = event.get("RECURRENCE-ID")
        return None if at is None else (_uid(event), _instant(at.dt, reading.zone))
    except Exception:  # noqa: BLE001 - a broken value
        return None


def _read_event(reading: Reading, event: Any, where: str, moved: set[tuple[str, datetime]], steps: _Steps) -> None:
    name = reading.name(where, str(event.get("SUMMARY", "")))
    if str(event.get("STATUS", "")).strip().upper() == "CANCELLED":
        raise _Unusable(f"{name} is cancelled")
    when = _when(reading, event, where, name)
    points = _event_points(reading, event, where, name)
    if not points or not reading.in_place(where, name, points, AROUND_M):
        return
    uid, itself = _uid(event), _moved(event, reading)
    if itself is not None:
        begins, ends = when.span(reading, where, when.local)
        ident = identified(uid, itself[1].isoformat())
        reading.take(where, Gathering(ident, name, points, begins, ends))
        return
    repeats = "RRULE" in event or "RDATE" in event
    found = False
    for local in _repetitions(reading, event, when, name, where, steps):
        begins, ends = when.span(reading, where, local)
        if (uid, begins) not in moved:
            ident = identified(uid, begins.isoformat())
            found |= reading.take(where, Gathering(ident, name, points, begins, ends), repeats=repeats)
        if reading.is_full:
            break
    if repeats and not found:
        reading.say(where, f"{name} does not take place within the next {AHEAD.days} days", left_out=True)


def _when(reading: Reading, event: Any, where: str, name: str) -> _When:
    try:
        start = event["DTSTART"].dt
    except Exception as fault:
        raise _Unusable(f"{name} has no readable begin (DTSTART). Enter it by hand") from fault
    try:
        end = event["DTEND"].dt if "DTEND" in event else None
        length = event["DURATION"].dt if "DURATION" in event and end is None else None
    except Exception as fault:
        raise _Unusable(f"{name} has no readable end (DTEND or DURATION). Enter it by hand") from fault
    if not isinstance(start, datetime):
        days = 1 if end is None else (end - start).days if not isinstance(end, datetime) else (end.date() - start).days
        days = max(1, length.days) if length is not None else days
        if days < 0:
            raise _Unusable(f"{name} ends before it begins. Mend DTEND")
        return _When(datetime.combine(start, time()), None, max(1, days), timedelta())
    zone_name = str(event["DTSTART"].params.get("TZID", ""))
    if start.tzinfo is None and zone_name:
        reading.say(where, f"The time zone {clean(zone_name)[0][:40]} is not known; {name} is read in your own")
    if end is not None and not isinstance(end, datetime):
        end = datetime.combine(end, time(), start.tzinfo)
    begins = _instant(start, reading.zone)
    length = _instant(end, reading.zone) - begins if end is not None else length
    if length is not None and length < timedelta():
        raise _Unusable(f"{name} ends before it begins. Mend DTEND")
    if not length:
        hours = int(USUAL_LENGTH.total_seconds() // 3_600)
        reading.say(where, f"{name} has no end; {hours} hours are assumed. Add DTEND to be exact")
        length = USUAL_LENGTH
    return _When(start.replace(tzinfo=None), start.tzinfo, 0, length)


def _event_points(reading: Reading, event: Any, where: str, name: str) -> tuple[Point, ...]:
    geo = event.get("GEO")
    if geo is not None:
        point = read_point(_raw(event, "GEO"))
        if point is not None:
            return (point,)
        reading.say(where, f"The GEO of {name} is not latitude;longitude, as in GEO:41.88;-87.63")
    texts = (str(event.get(key, "")) for key in ("X-APPLE-STRUCTURED-LOCATION", "LOCATION"))
    return reading.place(where, name, [text for text in texts if text])


def _repetitions(reading: Reading, event: Any, when: _When, name: str, where: str, steps: _Steps) -> Iterator[datetime]:
    """The beginnings of an event in its own wall-clock time: DTSTART, RRULE and RDATE without EXDATE, in the window."""
    left_out = set(_dates(event, "EXDATE", when))
    days_out = {d.date() for d in left_out if _is_date_list(event)}
    first, last = (_local(at, when, reading.zone) for at in (reading.first, reading.last))
    begun_before = timedelta(days=when.days) + when.length
    seen = set()
    for local in (*_ruled(reading, event, when, name, where, last, steps), *_dates(event, "RDATE", when)):
        if local in seen or local in left_out or local.date() in days_out:
            continue
        seen.add(local)
        if "RRULE" not in event or first - begun_before <= local <= last:
            yield local


def _ruled(
    reading: Reading, event: Any, when: _When, name: str, where: str, last: datetime, steps: _Steps
) -> Iterator[datetime]:
    rules = event.get("RRULE")
    if rules is None:
        yield when.local
        return
    for rule in (rules if isinstance(rules, list) else [rules])[:4]:
        parts = {str(key).upper(): value for key, value in rule.items()}
        is_known = str(parts.get("FREQ", [""])[0]).upper() in _FREQUENCIES
        if not is_known or int(parts.get("INTERVAL", [1])[0]) < 1:
            reading.say(where, f"{name} repeats in a way that is not read; only its first time is kept")
            yield when.local
            continue
        count = int(parts.pop("COUNT", [steps.left])[0])
        until = parts.pop("UNTIL", [last])[0]
        until = min(last, _local(until, when, reading.zone))
        # An impossible rule (February 30) is looked for up to the year 9999: the search begins whole cycles later.
        shift = (9_999 - max(until.year, when.local.year)) // _CYCLE_YEARS * _CYCLE_YEARS
        text = ";".join(
            f"{key}={','.join(map(_written, value if isinstance(value, list) else [value]))}"
            for key, value in parts.items()
        )
        taken = 0
        for later in rrulestr(text, dtstart=when.local.replace(year=when.local.year + shift)):
            local = later.replace(year=later.year - shift)
            taken += 1
            if local > until or taken > count:
                break
            yield local
            if taken >= steps.left:
                reading.say("File", "It repeats too often to be read whole. Export a shorter stretch of time")
                break
        steps.left = max(0, steps.left - (taken or _STEPS_OF_AN_EMPTY_RULE))
        if not steps.left:
            return


def _local(value: date | datetime, when: _When, zone: ZoneInfo) -> datetime:
    """A moment on the wall clock by which an event is written."""
    if not isinstance(value, datetime):
        return datetime.combine(value, time(23, 59, 59))
    return value if value.tzinfo is None else value.astimezone(when.zone or zone).replace(tzinfo=None)


def _lists(event: Any, name: str) -> list[Any]:
    value = event.get(name)
    return [] if value is None else value if isinstance(value, list) else [value]


def _is_date_list(event: Any) -> bool:
    return any(not isinstance(d.dt, datetime | tuple) for one in _lists(event, "EXDATE") for d in one.dts)


def _dates(event: Any, name: str, when: _When) -> list[datetime]:
    found = []
    for one in _lists(event, name):
        for entry in one.dts:
            value = entry.dt[0] if isinstance(entry.dt, tuple) else entry.dt
            if not isinstance(value, datetime):
                value = datetime.combine(value, when.local.time() if name == "RDATE" else time())
            elif value.tzinfo is not None and when.zone is not None:
                value = value.astimezone(when.zone)
            found.append(value.replace(tzinfo=None))
    return found
