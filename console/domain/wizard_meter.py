"""The meter in words: what a draft would ask of a neighbourhood. Never a count of devices or of people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.domain.times import span_words

if TYPE_CHECKING:
    from datetime import timedelta

    from console.domain.meter import Meter

_DAYS_FROM_HOURS = 48
UNKNOWN = "\u2013"


def homes_words(meter: Meter) -> str:
    """How many homes are reached, as a band."""
    return meter.homes or "No area yet"


def footage_words(meter: Meter) -> str:
    """How many hours could come, were each home to share the whole window."""
    if meter.footage_hours is None:
        return "Needs an area and a time window"
    low, high = meter.footage_hours
    hours = f"more than {low:,} h" if high is None else f"{low:,} to {high:,} h" if low else f"up to {high:,} h"
    return f"{hours} could come, if every home shared one recording"


def share_words(meter: Meter) -> str:
    """The part of the jurisdiction."""
    if meter.share is None:
        return UNKNOWN
    percent = meter.share * 100
    return "less than 0.1 % of the jurisdiction" if percent < 0.1 else f"{percent:.1f} % of the jurisdiction"  # noqa: PLR2004


def since_words(since: timedelta | None) -> str:
    """How long ago the incident was."""
    if since is None:
        return UNKNOWN
    hours = since.total_seconds() / 3600
    if hours >= _DAYS_FROM_HOURS:
        return f"{int(hours // 24)} days ago; many cameras keep less"
    return f"{span_words(since)} ago"


def gatherings_words(meter: Meter) -> str:
    """The assemblies that are met, and what follows; empty where none is."""
    if not meter.gatherings:
        return ""
    return f"Meets {', '.join(meter.gatherings)}: a second approver will be needed, and a public note says so."
