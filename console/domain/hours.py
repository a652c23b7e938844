"""When an agency reads posts, on its own clock: whether it does now, and when it does again.

Promises: pure; the hours are wall-clock times of the agency's zone, so a change of the clocks moves them as it moves
the people who read. Hours that end before they begin go over midnight; equal ones are the whole day. Hours that are
no times of a day (a hand-made file) count as never, so that nobody is promised a reader.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from console.domain.times import to_utc

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from console.domain.policy import ReadingHours

_CLOCK = re.compile(r"([01]\d|2[0-4]):([0-5]\d)")
_DAY = 24 * 60
_DAYS_AHEAD = 3


def reads_now(hours: ReadingHours, zone: ZoneInfo, now: datetime) -> bool:
    """Whether somebody of the agency reads posts at `now` (aware)."""
    opens, closes = _minutes(hours.opens), _minutes(hours.closes)
    if opens is None or closes is None:
        return False
    local = now.astimezone(zone)
    at = local.hour * 60 + local.minute
    if opens % _DAY == closes % _DAY:
        return True
    return opens <= at < closes if opens < closes else at >= opens or at < closes


def opens_next(hours: ReadingHours, zone: ZoneInfo, now: datetime) -> datetime | None:
    """When it begins to read again (aware UTC), later than `now`; `now` itself where it reads, None where never."""
    if reads_now(hours, zone, now):
        return now
    opens = _minutes(hours.opens)
    if opens is None or _minutes(hours.closes) is None:
        return None
    midnight = now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    for day in range(_DAYS_AHEAD):
        at = to_utc(midnight + timedelta(days=day, minutes=opens), zone)
        if at > now:
            return at.astimezone(UTC)
    return None


def hour_words(text: str) -> str:
    """A 24-hour local time such as 08:00 as 8:00 AM; what is no time stays as it is."""
    at = _minutes(text)
    if at is None:
        return text
    hour, minute = at // 60 % 24, at % 60
    return f"{hour % 12 or 12}:{minute:02d} {'AM' if hour < 12 else 'PM'}"  # noqa: PLR2004 - noon


def hours_words(hours: ReadingHours) -> str:
    """The hours as people say them: "8:00 AM to 6:00 PM"."""
    return f"{hour_words(hours.opens)} to {hour_words(hours.closes)}"


def _minutes(text: str) -> int | None:
    found = _CLOCK.fullmatch(text)
    minutes = None if found is None else int(found[1]) * 60 + int(found[2])
    return None if minutes is not None and minutes > _DAY else minutes
