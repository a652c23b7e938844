"""Assemblies from a table (CSV) whose first line names its columns, in the words that spreadsheets use for them.

A line that cannot be used costs that line alone; what is said of it says what would be right.
"""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, TypeVar

from console.client.calendar_places import point_of
from console.client.calendar_reading import (
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
    from collections.abc import Callable, Mapping
    from zoneinfo import ZoneInfo

    from console.domain.ground import Ground
    from console.domain.places import Point

AROUND_MAX_M = 5_000.0

_COLUMNS = {
    "name": ("name", "title", "summary", "subject", "event"),
    "begins": ("begins", "start", "from", "begin", "starts", "startdatetime", "datetime"),
    "begin_date": ("startdate", "begindate", "date", "day"),
    "begin_time": ("starttime", "begintime", "time", "fromtime"),
    "ends": ("ends", "end", "to", "until", "enddatetime", "finish"),
    "end_date": ("enddate", "todate"),
    "end_time": ("endtime", "totime", "untiltime"),
    "lat": ("lat", "latitude"),
    "lon": ("lon", "longitude", "lng", "long"),
    "place": ("place", "location", "where", "address"),
    "around": ("radius", "radiusm", "aroundm", "around"),
}
_ISO = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T\s]+(.+))?", re.IGNORECASE)
_US = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})(?:[,\s]+(.+))?")
_CLOCK = re.compile(
    r"(\d{1,2})(?::(\d{2})(?::(\d{2})(?:\.\d+)?)?)?\s*([ap])?\.?(?:m\.?)?\s*(Z|[+-]\d{2}:?\d{2})?", re.IGNORECASE
)


class _Wrong(Exception):  # noqa: N818 - says what happened
    """A field that cannot be read; its text says what would be right."""


def read_csv(untrusted: bytes, ground: Ground, zone: ZoneInfo, now: datetime) -> CalendarRead:
    """Read a table with a line of column names: name, begins, ends, and a place or lat and lon."""
    fault = fault_of(untrusted)
    if fault:
        return refused(fault)
    text = decoded(untrusted).replace("\u00a0", " ")
    delimiter = max(",;\t|", key=text[:4_096].split("\n", 1)[0].count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    reading = Reading(ground, zone, now)
    columns: dict[str, int] = {}
    try:
        for untrusted_row in lines:
            if not any(field.strip() for field in untrusted_row):
                continue
            if not columns:
                columns = _columns(untrusted_row)
                if "name" not in columns or not columns.keys() & {"begins", "begin_date"}:
                    return refused(
                        "The first line does not name the columns. Begin with name,begins,ends,lat,lon (or place)."
                    )
                continue
            if reading.is_at_end:
                break
            _read_row(reading, _Row(columns, untrusted_row), f"Line {lines.line_num}")
    except csv.Error:
        reading.say(
            f"Line {lines.line_num}",
            "The file cannot be read on from here. Look for a quotation mark that is not closed",
            left_out=True,
        )
    if not columns and not reading.problems:
        return refused("This is not a calendar. Choose an iCalendar (.ics) or CSV file.")
    return reading.answer()


def _columns(untrusted_head: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for number, title in enumerate(untrusted_head):
        plain = re.sub(r"[^a-z]", "", title.casefold())
        for column, names in _COLUMNS.items():
            if plain in names and column not in found:
                found[column] = number
    return found


_Read = TypeVar("_Read")


class _Row:
    """The fields of a line by the names of their columns."""

    def __init__(self, columns: Mapping[str, int], untrusted_row: list[str]) -> None:
        self._columns, self._fields = columns, untrusted_row

    def __getitem__(self, name: str) -> str:
        number = self._columns.get(name)
        return "" if number is None or number >= len(self._fields) else self._fields[number].strip()


def _read_row(reading: Reading, untrusted_row: _Row, where: str) -> None:
    reading.begin()
    name = reading.name(where, untrusted_row["name"])
    try:
        begins, ends = _row_span(reading, untrusted_row, where)
        around_m = _field(_around, untrusted_row["around"], "radius")
    except (_Wrong, OverflowError) as fault:
        reading.say(where, str(fault) or "begins: this time is out of reach", left_out=True)
        return
    points = _row_points(reading, untrusted_row, where, name)
    if points and reading.in_place(where, name, points, around_m):
        place = " ".join(f"{p.lat:.5f},{p.lon:.5f}" for p in points[:1])
        ident = identified("csv", name, begins.isoformat(), place)
        reading.take(where, Gathering(ident, name, points, begins, ends, around_m))


def _row_points(reading: Reading, untrusted_row: _Row, where: str, name: str) -> tuple[Point, ...]:
    lat, lon = untrusted_row["lat"], untrusted_row["lon"]
    if lat or lon:
        point = point_of(lat.replace(",", "."), lon.replace(",", "."))
        if point is not None:
            return (point,)
        has_place = bool(untrusted_row["place"])
        reading.say(where, "lat, lon: write degrees, as in 41.88 and -87.63", left_out=not has_place)
        if not has_place:
            return ()
    return reading.place(where, name, [untrusted_row["place"]])


def _row_span(reading: Reading, untrusted_row: _Row, where: str) -> tuple[datetime, datetime]:
    day, clock, zoned = _moment(untrusted_row, "begins", "begin_date", "begin_time")
    if day is None:
        raise _Wrong("begins: this field is empty. Write it as 2026-11-28 18:00")
    end_day, end_clock, end_zoned = _moment(untrusted_row, "ends", "end_date", "end_time")
    if clock is None and end_clock is None:  # all day
        last = end_day or day
        if last < day:
            raise _Wrong("ends: it ends before it begins. Mend the later of the two")
        midnight = datetime.combine(last, time()) + timedelta(days=1)
        return to_utc(datetime.combine(day, time()), reading.zone), to_utc(midnight, reading.zone)
    begins = _at(reading, where, day, clock or time(), zoned)
    if end_day is None and end_clock is None:
        reading.say(where, f"ends: it has no end; {int(USUAL_LENGTH.total_seconds() // 3_600)} hours are assumed")
        return begins, begins + USUAL_LENGTH
    if end_clock is None and end_day is not None:
        return begins, _later(begins, to_utc(datetime.combine(end_day, time()) + timedelta(days=1), reading.zone))
    ends = _at(reading, where, end_day or day, end_clock or time(), end_zoned)
    if ends <= begins and end_day is None:
        ends = _at(reading, where, day + timedelta(days=1), end_clock or time(), end_zoned)
    return begins, _later(begins, ends)


def _later(begins: datetime, ends: datetime) -> datetime:
    if ends <= begins:
        raise _Wrong("ends: it ends before it begins. Mend the later of the two")
    return ends


def _at(reading: Reading, where: str, day: date, clock: time, zoned: timedelta | None) -> datetime:
    local = datetime.combine(day, clock)
    return reading.utc(where, local) if zoned is None else (local - zoned).replace(tzinfo=UTC)


def _moment(untrusted_row: _Row, whole: str, day: str, clock: str) -> tuple[date | None, time | None, timedelta | None]:
    """A day, a time of day where one is given, and its distance from UTC where that is."""
    title = "begins" if whole == "begins" else "ends"
    first, at = untrusted_row[day] or untrusted_row[whole], untrusted_row[clock]
    if untrusted_row[day] and not at and _CLOCK.fullmatch(untrusted_row[whole]):
        at = untrusted_row[whole]  # "date, start, end" with times of day
    if not first and not at:
        return None, None, None
    if not at and _CLOCK.fullmatch(first) and whole == "ends":
        first, at = "", first
    found, rest = _field(_day, first, title) if first else (None, "")
    parts = _field(_clock, at or rest, title) if at or rest else (None, None)
    return found, parts[0], parts[1]


def _field(read: Callable[[str], _Read], text: str, title: str) -> _Read:
    try:
        return read(text)
    except ValueError as fault:
        said = f"\u201c{clean(text)[0][:40]}\u201d {fault}"
        raise _Wrong(f"{title}: {said}") from fault


def _day(text: str) -> tuple[date, str]:
    iso, us = _ISO.fullmatch(text), _US.fullmatch(text)
    wanted = "is no date. Write it as 2026-11-28 or 11/28/2026"
    if iso is not None:
        year, month, day, rest = iso.groups()
    elif us is not None:
        month, day, year, rest = us.groups()
        if int(month) > 12:  # noqa: PLR2004 - months
            raise ValueError("has no such month: the month comes first, as in 11/28/2026")
        year = year if len(year) > 2 else f"20{year}"  # noqa: PLR2004 - "26"
    else:
        raise ValueError(wanted)
    try:
        return date(int(year), int(month), int(day)), rest or ""
    except ValueError as fault:
        raise ValueError(wanted) from fault


def _clock(text: str) -> tuple[time, timedelta | None]:
    found = _CLOCK.fullmatch(text.strip())
    wanted = ValueError("is no time of day. Write it as 18:00 or 6:00 PM")
    if found is None or (found[2] is None and found[4] is None):
        raise wanted
    hour, half = int(found[1]), (found[4] or "").lower()
    if half and not 1 <= hour <= 12:  # noqa: PLR2004 - a clock with halves
        raise wanted
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    try:
        at = time(hour, int(found[2] or 0), int(found[3] or 0))
    except ValueError as fault:
        raise wanted from fault
    if found[5] is None:
        return at, None
    if found[5] in {"Z", "z"}:
        return at, timedelta()
    digits = found[5][1:].replace(":", "")
    away = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return at, -away if found[5][0] == "-" else away


def _around(text: str) -> float:
    if not text:
        return AROUND_M
    try:
        around_m = float(re.sub(r"\s*m(?:et(?:er|re)s?)?$", "", text.replace(",", ""), flags=re.IGNORECASE))
    except ValueError as fault:
        raise ValueError("is no number of meters. Write it as 250") from fault
    if not 0 <= around_m <= AROUND_MAX_M:
        raise ValueError("is too large. Write between 0 and 5000 meters")
    return around_m
