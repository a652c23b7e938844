"""The proportionality meter: how much a request would ask of a neighbourhood, from public facts only.

It never counts devices, cameras or enrolled neighbours: homes are dwelling units of public data, and the hours are what
would come if every home had one recording.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from console.domain import assemblies
from console.domain.areas import Circle, homes_band, homes_bounds
from console.domain.fitting import fitted_circle

if TYPE_CHECKING:
    from console.domain.assemblies import Gathering
    from console.domain.drafts import Draft
    from console.domain.ground import Ground
    from console.domain.policy import Agency, Limits


# A window that begins at the very edge of the look-back is too old once it is sent.
_TIME_TO_SEND = timedelta(hours=1)


class Meter(msgspec.Struct, frozen=True):
    """What a draft would ask. None and empty where its area or window is not yet known."""

    homes: str = ""
    footage_hours: tuple[int, int | None] | None = None
    share: float | None = None
    gatherings: tuple[str, ...] = ()
    since_incident: timedelta | None = None


class Smallest(msgspec.Struct, frozen=True):
    """The smallest area and window that still hold the incident and keep the limits; None where there is none."""

    circle: Circle | None
    area_m2: float
    homes: str
    window: tuple[datetime, datetime] | None


def measure(draft: Draft, ground: Ground, gatherings: tuple[Gathering, ...], now: datetime) -> Meter:
    """The meter of a draft; `footage_hours` is a range, `share` of the jurisdiction's area from 0 to 1."""
    since = None if draft.occurred_at is None else max(timedelta(), now - draft.occurred_at)
    area, begins, ends = draft.area, draft.begins, draft.ends
    if area is None or area.is_empty or area.atlas_version != ground.version or ground.unknown(area):
        return Meter(since_incident=since)
    homes = ground.homes(area)
    share = ground.area_m2(area) / ground.whole_m2
    if begins is None or ends is None or ends <= begins:
        return Meter(homes_band(homes), None, share, (), since)
    hours = (ends - begins) / timedelta(hours=1)
    low, high = homes_bounds(homes)
    return Meter(
        homes=homes_band(homes),
        footage_hours=(round(low * hours), None if high is None else round(high * hours)),
        share=share,
        gatherings=tuple(g.name for g in assemblies.met_by(gatherings, ground, area, begins, ends)),
        since_incident=since,
    )


def smallest(draft: Draft, agency: Agency, ground: Ground, now: datetime) -> Smallest:
    """The least that would still hold the incident. Slower than `measure`: it tries circles."""
    circle = None if draft.place is None else fitted_circle(ground, draft.place, agency.limits)
    area = None if circle is None else ground.snap(circle)
    return Smallest(
        circle=circle,
        area_m2=0.0 if area is None else ground.area_m2(area),
        homes="" if area is None else homes_band(ground.homes(area)),
        window=smallest_window(draft.occurred_at, agency.limits, now),
    )


def smallest_window(at: datetime | None, limits: Limits, now: datetime) -> tuple[datetime, datetime] | None:
    """The shortest window around an incident, in whole minutes, not in the future; None where none holds it."""
    if at is None or at > now:
        return None
    half = limits.window_min / 2
    begins = (at - half).replace(second=0, microsecond=0)
    if begins + limits.window_min > now:
        begins = now - limits.window_min
    ends = begins + limits.window_min
    oldest = now - timedelta(days=limits.look_back_days) + _TIME_TO_SEND
    if begins < oldest:
        begins, ends = oldest, oldest + limits.window_min
    return (begins, ends) if begins <= at <= ends else None
