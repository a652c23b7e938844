"""Requests and people for tests of every room; no screen is needed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from console.domain.drafts import Draft
from console.domain.members import Member, Role
from console.domain.places import Point
from console.domain.requests import Request, State, Transition

NOW = datetime(2026, 5, 4, 15, 0, tzinfo=UTC)
AUTHOR = Member("m1", "IL0160000", "Example One", "Officer", "0001", Role.SUPERVISOR)
OTHER = Member("m2", "IL0160000", "Example Two", "Sergeant", "0002", Role.SUPERVISOR)
THIRD = Member("m3", "IL0160000", "Example Three", "Lt.", "0003", Role.SUPERVISOR)
SQUARE = {"type": "Polygon", "coordinates": [[[-87.7, 41.8], [-87.6, 41.8], [-87.6, 41.9], [-87.7, 41.8]]]}


def draft(n: int, **fields) -> Draft:
    made = {
        "id": f"d{n}", "case_number": f"2026-018-00043{n}", "offence": "220", "begins": NOW - timedelta(hours=3 + n),
        "ends": NOW - timedelta(hours=1 + n), "place": Point(41.85, -87.65), "title": f"Burglary {n}", "text": "Words",
        "contact": "a@b.c", "occurred_at": NOW - timedelta(hours=2 + n),
    }  # fmt: skip
    return Draft(**{**made, **fields})


def request(n: int, state=State.PENDING, *, asks=None, **fields) -> Request:
    made = {
        "id": f"r{n}", "number": f"R-{n}", "version": 1, "state": state, "agency": "IL0160000", "author": AUTHOR,
        "draft": asks or draft(n), "area_m2": 300_000.0, "radius_m": 300.0, "homes": "100 to 150 homes",
        "outline": SQUARE, "submitted_at": NOW - timedelta(minutes=n),
    }  # fmt: skip
    return Request(**{**made, **fields})


def step(action, before, after, version, who=THIRD, **fields) -> Transition:
    at = NOW - timedelta(minutes=30 - version)
    return Transition(action, before, after, version, f"{who.title} {who.name}", at, actor_id=who.id, **fields)
