"""Whether an agency reads posts now is judged on its own clock, also over midnight and where the clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.hours import hour_words, hours_words, opens_next, reads_now
from console.domain.policy import ReadingHours

CHICAGO = ZoneInfo("America/Chicago")
DAY = ReadingHours("08:00", "18:00")


def at(day: int, hour: int, minute: int = 0, month: int = 6) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=CHICAGO).astimezone(UTC)


@pytest.mark.parametrize(
    ("hours", "now", "reads"),
    [
        (DAY, at(10, 8), True),
        (DAY, at(10, 7, 59), False),
        (DAY, at(10, 17, 59), True),
        (DAY, at(10, 18), False),
        (ReadingHours("20:00", "04:00"), at(10, 2), True),
        (ReadingHours("20:00", "04:00"), at(10, 12), False),
        (ReadingHours("00:00", "24:00"), at(10, 23, 59), True),
        (ReadingHours("00:00", "00:00"), at(10, 3), True),
        (ReadingHours("eight", "18:00"), at(10, 12), False),
        (ReadingHours("08:00", "24:30"), at(10, 12), False),
    ],
)
def test_it_reads_within_its_hours_only(hours: ReadingHours, now: datetime, reads: bool) -> None:
    assert reads_now(hours, CHICAGO, now) is reads


def test_it_opens_next_on_its_own_clock_also_in_the_night_the_clocks_change() -> None:
    assert opens_next(DAY, CHICAGO, at(10, 19)) == at(11, 8)
    assert opens_next(DAY, CHICAGO, at(10, 3)) == at(10, 8)
    assert opens_next(DAY, CHICAGO, at(10, 9)) == at(10, 9)
    # On 8 March 2026 the clocks go forward: eight in the morning is 13 hours after six in the evening, not 14.
    assert opens_next(DAY, CHICAGO, at(7, 18, month=3)) - at(7, 18, month=3) == timedelta(hours=13)
    assert opens_next(ReadingHours("never", "18:00"), CHICAGO, at(10, 3)) is None


@given(
    opens=st.integers(0, 24 * 60 - 1),
    closes=st.integers(0, 24 * 60 - 1),
    now=st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)),
)
def test_when_it_opens_next_it_reads(opens: int, closes: int, now: datetime) -> None:
    hours = ReadingHours(f"{opens // 60:02d}:{opens % 60:02d}", f"{closes // 60:02d}:{closes % 60:02d}")
    when = now.replace(tzinfo=UTC)
    found = opens_next(hours, CHICAGO, when)
    assert found is not None
    assert found >= when
    assert found - when <= timedelta(hours=26)
    local = found.astimezone(CHICAGO)
    skipped = local.hour * 60 + local.minute != opens and found != when
    assert skipped or reads_now(hours, CHICAGO, found)


def test_hours_are_said_as_people_say_them() -> None:
    assert hours_words(DAY) == "8:00 AM to 6:00 PM"
    assert [hour_words(t) for t in ("00:00", "12:30", "24:00", "soon")] == ["12:00 AM", "12:30 PM", "12:00 AM", "soon"]
