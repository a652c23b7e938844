"""Local times: what an officer types, as an aware UTC time, and the two hours a year when that is not obvious.

Source: PEP 495 (fold). Times are judged and shown in the agency's own zone, kept and sent in UTC (DESIGN 2).
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import msgspec

if TYPE_CHECKING:
    from datetime import timedelta

FIRST_YEAR, LAST_YEAR = 1970, 9998
# A time without a zone would be somebody's local time: it is refused where it is decoded.
Aware = Annotated[datetime, msgspec.Meta(tz=True)]


@lru_cache(maxsize=64)
def zone_of(name: str) -> ZoneInfo:
    """A time zone by its IANA name; ZoneInfoNotFoundError where there is none."""
    return ZoneInfo(name)


def exists(local: datetime, zone: ZoneInfo) -> bool:
    """Whether a wall-clock time (naive) is on that zone's clocks; False in the hour that spring skips."""
    there = local.replace(tzinfo=zone)
    return there.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == local


def is_twice(local: datetime, zone: ZoneInfo) -> bool:
    """Whether a wall-clock time (naive) comes twice, as in the hour that autumn repeats."""
    first, second = local.replace(tzinfo=zone, fold=0), local.replace(tzinfo=zone, fold=1)
    return exists(local, zone) and first.utcoffset() != second.utcoffset()


def to_utc(local: datetime, zone: ZoneInfo, *, second: bool = False) -> datetime:
    """A wall-clock time as UTC; of two, the first unless `second`; one that was skipped, as if the clock ran on."""
    return local.replace(tzinfo=zone, fold=1 if second else 0).astimezone(UTC)


def is_usable(at: datetime) -> bool:
    """Whether a time can be converted, kept and shown in any zone: an aware one of the years 1971 to 9997."""
    return FIRST_YEAR < at.year < LAST_YEAR


def clock_words(at: datetime, zone: ZoneInfo) -> str:
    """A time as people of the zone say it, with the zone's name: "Wed 10 Jun 15:00 CDT"."""
    if not is_usable(at):
        return at.isoformat()
    return at.astimezone(zone).strftime("%a %d %b %H:%M %Z")


def span_words(length: timedelta) -> str:
    """A length of time as people say it: "2 h 30 min"."""
    minutes = int(length.total_seconds() // 60)
    hours, rest = divmod(minutes, 60)
    return " ".join(
        part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest or not hours else "") if part
    )
