"""The limits of a video request, and the agency that lives under them.

The figures are DESIGN section 2 (Ring Request for Assistance policy, and what its critics asked for).
An agency may tighten a limit; `tightened` refuses to loosen one.
"""

from __future__ import annotations

from datetime import timedelta

import msgspec

from console.domain.members import Ori
from console.domain.places import M2_PER_SQ_MI, Point


class Limits(msgspec.Struct, frozen=True):
    """The policy figures; areas in square metres, times in whole minutes, hours or days as named."""

    area_min_m2: float = 0.025 * M2_PER_SQ_MI
    area_max_m2: float = 0.5 * M2_PER_SQ_MI
    block_homes_min: int = 20
    homes_min: int = 50
    homes_confirm_above: int = 1_500
    anchor_max_m: float = 250.0
    window_min_minutes: int = 15
    window_max_minutes: int = 12 * 60
    look_back_days: int = 45
    requests_per_case: int = 2
    second_after_hours: int = 24
    open_days: int = 14
    open_days_max: int = 30
    text_min: int = 30
    text_max: int = 2_000
    title_min: int = 8
    title_max: int = 120
    fresh_sign_in_minutes: int = 5

    @property
    def window_min(self) -> timedelta:
        """The shortest window."""
        return timedelta(minutes=self.window_min_minutes)

    @property
    def window_max(self) -> timedelta:
        """The longest window."""
        return timedelta(minutes=self.window_max_minutes)


DEFAULT_LIMITS = Limits()

# Which way each figure may move when an agency tightens it: +1 up, -1 down.
_TIGHTER = {
    "area_min_m2": +1,
    "area_max_m2": -1,
    "block_homes_min": +1,
    "homes_min": +1,
    "homes_confirm_above": -1,
    "anchor_max_m": -1,
    "window_min_minutes": +1,
    "window_max_minutes": -1,
    "look_back_days": -1,
    "requests_per_case": -1,
    "second_after_hours": +1,
    "open_days": -1,
    "open_days_max": -1,
    "text_min": +1,
    "text_max": -1,
    "title_min": +1,
    "title_max": -1,
    "fresh_sign_in_minutes": -1,
}


def loosened_limits(limits: Limits, base: Limits = DEFAULT_LIMITS) -> tuple[str, ...]:
    """The names of the figures in which `limits` is looser than `base`; empty where it may be used."""
    return tuple(
        name for name, direction in _TIGHTER.items() if (getattr(limits, name) - getattr(base, name)) * direction < 0
    )


class CaseMask(msgspec.Struct, frozen=True):
    r"""A form of case number.

    Y is a digit of the year, P of the precinct, N any digit, A a letter; `\N` and the rest stand for themselves.
    """

    mask: str
    kind: str = "case"  # "case" or "incident": an incident number alone does not carry a request
    precincts: tuple[str, ...] = ()


class ReadingHours(msgspec.Struct, frozen=True):
    """When the agency reads posts, in its own time zone: 24 h local times such as "08:00"."""

    opens: str = "08:00"
    closes: str = "18:00"


class Agency(msgspec.Struct, frozen=True):
    """A local or county department, known by its ORI (9 characters)."""

    ori: Ori
    name: str
    time_zone: str
    atlas_version: str
    station: Point
    case_masks: tuple[CaseMask, ...]
    mail_domains: tuple[str, ...]
    telephones: tuple[str, ...]
    reading_hours: ReadingHours = ReadingHours()
    limits: Limits = DEFAULT_LIMITS
    joined_on: str = ""
    comment_edit_seconds: int = 60  # how long a member's comment can be changed before it is public
    records_url: str = ""  # the agency's own records system, asked for case numbers; set by IT
    alert_needs_second: bool = False  # every alert waits for a second member; an officer's always does
