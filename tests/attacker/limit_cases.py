"""Requests one unit inside and one unit outside each limit, sent to the service and approved; what is published is
measured again here, by other means than the check's.
"""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa
from shapely.geometry import shape as shape_of

from console.contract import endpoints as e
from console.domain.policy import Agency
from console.domain.requests import Request, State
from console.service import store as t
from console.training.members import ORI
from tests.service.conftest import World

UNIT = timedelta(microseconds=1)
TEXT = "Recordings of the street may help us with a burglary. Sharing is your choice. "


class Count(NamedTuple):
    """What came of the cases."""

    cases: int
    published: int
    refused: int
    out_of_policy: int
    refused_inside: int


async def set_limits(world: World, **limits: float) -> None:
    """Tighten the agency's limits to just where a case wants them."""
    async with world.parts.store.writing() as connection:
        body = await connection.scalar(sa.select(t.agencies.c.body).where(t.agencies.c.ori == ORI))
        agency = msgspec.json.decode(body, type=Agency)
        tight = msgspec.structs.replace(agency, limits=_limits(agency, limits))
        await connection.execute(
            sa.update(t.agencies).where(t.agencies.c.ori == ORI).values(body=msgspec.json.encode(tight).decode())
        )


def _limits(agency: Agency, limits: dict[str, float]) -> Any:
    return msgspec.structs.replace(type(agency.limits)(), **limits)


def a_case(  # noqa: PLR0911 - one case a line
    world: World, chance: random.Random
) -> tuple[dict[str, Any], dict[str, float], bool]:
    """A draft's changes, the agency's limits, and whether it is inside them."""
    draft, now = world.draft(), world.now
    assert draft.area is not None
    size_m2, homes = world.ground.area_m2(draft.area), world.ground.homes(draft.area)
    inside = chance.random() < 0.5
    by = 0 if inside else 1
    match chance.randrange(10):
        case 0:
            begins = now - timedelta(days=20)
            return (
                {"begins": begins, "ends": begins + timedelta(hours=12) + by * UNIT, "occurred_at": begins},
                {},
                inside,
            )
        case 1:
            begins = now - timedelta(days=20)
            return {"begins": begins, "ends": begins + timedelta(minutes=15) - by * UNIT}, {}, inside
        case 2:
            begins = now - timedelta(days=45) - by * UNIT
            return {"begins": begins, "ends": begins + timedelta(hours=2), "occurred_at": begins}, {}, inside
        case 3:
            return {"ends": now + by * UNIT, "begins": now - timedelta(hours=2)}, {}, inside
        case 4:
            return {}, {"area_min_m2": size_m2 + by * 0.001}, inside
        case 5:
            return {}, {"area_max_m2": size_m2 - by * 0.001}, inside
        case 6:
            return {}, {"homes_min": homes + by}, inside
        case 7:
            long = (TEXT * 30)[: 2_000 + by]
            return {"text": long.rstrip() + "x" * (len(long) - len(long.rstrip()))}, {}, inside
        case 8:
            return {"text": "A burglary. Any recordings? It"[: 30 - by]}, {}, inside
        case _:
            return {"title": "T" * (120 + by)}, {}, inside


def is_out_of_policy(request: Request, now: Any, limits: Any) -> bool:
    """Measured from the published request itself: geodesic area of its outline, its own times and words."""
    from pyproj import Geod

    draft = request.draft
    assert draft.begins is not None
    assert draft.ends is not None
    area_m2 = abs(Geod(ellps="WGS84").geometry_area_perimeter(shape_of(request.outline))[0])
    length = draft.ends - draft.begins
    return not (
        # The sphere of the cells and the ellipsoid differ by up to half a per cent.
        limits.area_min_m2 * 0.99 <= area_m2 <= limits.area_max_m2 * 1.01
        and timedelta(minutes=15) <= length <= timedelta(hours=12)
        and now - timedelta(days=45) <= draft.begins
        and draft.ends <= now
        and 30 <= len(draft.text.strip()) <= 2_000
        and 8 <= len(draft.title.strip()) <= 120
    )


async def run_cases(world: World, count: int, seed: int) -> Count:
    """Send, approve, look."""
    chance = random.Random(seed)
    published = refused = out = refused_inside = 0
    for number in range(count):
        changes, limits, inside = a_case(world, chance)
        await set_limits(world, **limits)
        sealed = world.sealed(case_number=f"2026-025-{number:06}", **changes)
        sent = await world.call(e.SUBMIT_REQUEST, "officer", sealed)
        if sent.status_code != 200:
            assert sent.status_code == 422, sent.text
            refused += 1
            refused_inside += inside
            continue
        request_id = sent.json()["subject"]
        body = {"version": 1, "because": "no_other_means"}
        approved = await world.call(e.APPROVE_REQUEST, "supervisor", body, request_id=request_id)
        assert approved.status_code == 200, approved.text
        shown = await world.call(e.SHOW_REQUEST, "officer", request_id=request_id)
        request = msgspec.json.decode(shown.content, type=Request)
        assert request.state is State.PUBLISHED
        published += 1
        agency = msgspec.json.decode((await world.call(e.SHOW_AGENCY, "officer")).content, type=dict[str, Any])
        tight = msgspec.convert(agency["agency"], type=Agency).limits
        out += (not inside) or is_out_of_policy(request, world.now, tight)
    return Count(count, published, refused, out, refused_inside)
