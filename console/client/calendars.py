"""Calendars of assemblies, read from what other programs export: iCalendar (RFC 5545) and CSV.

Bytes in, values out: nothing is fetched, kept or sent, and no bytes make it raise. What cannot be used is left out,
what had to be guessed is kept; either is said with what to do about it. The same file read twice gives the same ids.
Repetitions are written out between 60 days ago and 400 days from now, 2,000 assemblies at most.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.client.calendar_csv import read_csv
from console.client.calendar_ics import read_icalendar
from console.client.calendar_places import Places, read_point
from console.client.calendar_reading import (
    FILE_BYTES_MAX,
    NAME_LENGTH_MAX,
    USUAL_LENGTH,
    CalendarProblem,
    CalendarRead,
    clean,
    decoded,
)

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from console.domain.ground import Ground

__all__ = [
    "FILE_BYTES_MAX",
    "NAME_LENGTH_MAX",
    "USUAL_LENGTH",
    "CalendarProblem",
    "CalendarRead",
    "Places",
    "clean",
    "read_calendar",
    "read_csv",
    "read_icalendar",
    "read_point",
]


def read_calendar(name: str, untrusted: bytes, ground: Ground, zone: ZoneInfo, now: datetime) -> CalendarRead:
    """Read a file by what it holds; its name counts only where that says nothing."""
    begin = decoded(untrusted[:4_096]).lstrip("\ufeff \t\r\n").upper()
    is_icalendar = begin.startswith("BEGIN:VCALENDAR") or name.lower().endswith((".ics", ".ical", ".ifb"))
    return (read_icalendar if is_icalendar else read_csv)(untrusted, ground, zone, now)
