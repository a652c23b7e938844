"""The check at its edges, on the real blocks of the training city."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from console.domain import case_numbers
from console.domain.areas import Area, Circle, Polygon, homes_band, outline
from console.domain.atlas import AtlasIndex
from console.domain.checks import check
from console.domain.drafts import (
    STEPS,
    Draft,
    DraftId,
    Step,
    first_open_step,
    missing,
    next_step,
    previous_step,
    step_of,
)
from console.domain.findings import Field, Severity, blocking
from console.domain.fitting import fitted_circle
from console.domain.ground import Ground
from console.domain.panel import panel
from console.domain.places import Point, distance_m
from console.domain.policy import Agency, CaseMask, Limits, loosened_limits
from console.domain.requests import EarlierRequest, State
from console.domain.times import span_words
from console.service.atlas import read_pack
from console.training.members import training_agency

NOW = datetime(2026, 6, 10, 20, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
MICRO = timedelta(microseconds=1)


@pytest.fixture(scope="module")
def ground(chicago_pack: Path) -> Ground:
    return Ground(AtlasIndex(read_pack(chicago_pack).atlas))


@pytest.fixture(scope="module")
def agency(ground: Ground) -> Agency:
    return training_agency(ground.index.atlas, "2026-01-05")


@pytest.fixture(scope="module")
def good(ground: Ground) -> Draft:
    block = max(ground.index.atlas.blocks, key=lambda b: (b.homes, b.id))
    lon, lat = ground.block_geometry(block.id)["coordinates"][0][0]
    place = Point(lat, lon)
    circle = fitted_circle(ground, place, Limits(area_min_m2=80_000))
    assert circle is not None
    return Draft(
        DraftId("d"),
        case_number="2026-012-000431",
        offence="220",
        occurred_at=NOW - timedelta(hours=3),
        place=place,
        begins=NOW - timedelta(hours=4),
        ends=NOW - timedelta(hours=2),
        drawing=circle,
        area=ground.snap(circle),
        title="Were your cameras on?",
        text="A home was broken into this afternoon. Recordings of the street may help us.",
        contact="one@lakeside.example.org",
    )


def codes(draft: Draft, agency: Agency, ground: Ground, *history: EarlierRequest, now: datetime = NOW) -> set[str]:
    return {f.code for f in blocking(check(draft, agency, ground, history, now))}


def test_a_lawful_draft_passes_and_its_panel_is_all_met(good: Draft, agency: Agency, ground: Ground) -> None:
    findings = check(good, agency, ground, (), NOW)
    assert blocking(findings) == ()
    assert all(v.met for v in panel(good, agency, ground, findings))


@pytest.mark.parametrize(
    ("begins", "ends", "code"),
    [
        (timedelta(hours=4), timedelta(hours=4) - 15 * MINUTE, None),
        (timedelta(hours=4), timedelta(hours=4) - 15 * MINUTE + MICRO, "window_too_short"),
        (timedelta(hours=13), timedelta(hours=1), None),
        (timedelta(hours=13) + MICRO, timedelta(hours=1), "window_too_long"),
        (timedelta(hours=2), timedelta(0), None),
        (timedelta(hours=2), -MICRO, "window_in_future"),
        (timedelta(days=45), timedelta(days=44, hours=20), None),
        (timedelta(days=45) + MICRO, timedelta(days=44, hours=20), "window_too_old"),
        (timedelta(hours=2), timedelta(hours=2), "window_reversed"),
        (timedelta(hours=2), timedelta(hours=3), "window_reversed"),
    ],
)
def test_the_window_is_judged_to_the_microsecond(
    good: Draft, agency: Agency, ground: Ground, begins: timedelta, ends: timedelta, code: str | None
) -> None:
    draft = msgspec.structs.replace(good, begins=NOW - begins, ends=NOW - ends, occurred_at=NOW - timedelta(days=50))
    found = {c for c in codes(draft, agency, ground) if c.startswith("window")}
    assert found == ({code} if code else set())


def test_the_area_is_judged_by_its_own_measure(good: Draft, agency: Agency, ground: Ground) -> None:
    assert good.area is not None
    size = ground.area_m2(good.area)
    for changes, code in (
        ({"area_min_m2": size}, None),
        ({"area_min_m2": size + 0.001}, "area_too_small"),
        ({"area_max_m2": size}, None),
        ({"area_max_m2": size - 0.001}, "area_too_large"),
        ({"homes_min": ground.homes(good.area)}, None),
        ({"homes_min": ground.homes(good.area) + 1}, "homes_too_few"),
    ):
        tighter = msgspec.structs.replace(agency, limits=msgspec.structs.replace(agency.limits, **changes))
        assert codes(good, tighter, ground) == ({code} if code else set())


def test_above_the_homes_limit_the_approver_confirms(good: Draft, agency: Agency, ground: Ground) -> None:
    low = msgspec.structs.replace(agency, limits=msgspec.structs.replace(agency.limits, homes_confirm_above=51))
    findings = check(good, low, ground, (), NOW)
    assert [f.severity for f in findings if f.code == "homes_many"] == [Severity.CONFIRM]


def test_an_area_away_from_the_incident_needs_a_reason_and_250_m_are_the_end(
    good: Draft, agency: Agency, ground: Ground
) -> None:
    assert good.area is not None
    west, south, _, _ = ground.shape(good.area).bounds
    near = Point(south - 0.0005, west)
    far = Point(south - 0.02, west - 0.02)
    beside = msgspec.structs.replace(good, place=near)
    if ground.index.contains(near) and 0 < ground.distance_m(good.area, near) <= 250:
        assert "anchor_reason_missing" in codes(beside, agency, ground)
        told = msgspec.structs.replace(beside, anchor_reason="The way out leads through there.")
        assert "anchor_reason_missing" not in codes(told, agency, ground)
    assert "anchor_far" in codes(msgspec.structs.replace(good, place=far), agency, ground)


def test_a_case_asks_twice_at_most_and_not_within_a_day(good: Draft, agency: Agency, ground: Ground) -> None:
    def earlier(hours: float, state: State = State.PUBLISHED) -> EarlierRequest:
        return EarlierRequest("r", " 2026-012-000431", state, NOW - timedelta(hours=hours), "m")

    reasoned = msgspec.structs.replace(good, repeat_reason="A witness came forward.")
    assert codes(reasoned, agency, ground, earlier(24)) == set()
    assert codes(reasoned, agency, ground, earlier(23.99)) == {"case_too_soon"}
    assert codes(good, agency, ground, earlier(24)) == {"repeat_reason_missing"}
    assert codes(reasoned, agency, ground, earlier(24), earlier(90)) == {"case_used_up"}
    assert codes(good, agency, ground, earlier(1, State.REJECTED), earlier(2, State.WITHDRAWN)) == set()


def test_only_whole_blocks_of_the_atlas_can_be_asked(good: Draft, agency: Agency, ground: Ground) -> None:
    assert good.area is not None
    a = good.area
    for strange in (
        Area(a.atlas_version, ("nonsense",)),
        Area(a.atlas_version, a.blocks + a.blocks[:1]),
        Area(a.atlas_version, a.blocks, ("8a0000000000fff",)),
    ):
        assert codes(msgspec.structs.replace(good, area=strange), agency, ground) == {"area_not_blocks"}
    other = Area("another version", a.blocks)
    assert codes(msgspec.structs.replace(good, area=other), agency, ground) == {"atlas_changed"}


def test_drawings_without_an_area_snap_to_nothing(ground: Ground) -> None:
    place = Point(41.85, -87.66)
    for drawing in (
        Circle(place, 0.0),
        Circle(place, -5.0),
        Circle(place, float("nan")),
        Polygon(((-87.66, 41.85), (-87.65, 41.85))),
        Polygon(((-87.66, 41.85), (-87.65, 41.86), (-87.65, 41.85), (-87.66, 41.86))),
        Polygon(((-87.66, 41.85),) * 5),
    ):
        assert outline(drawing) is None
        assert ground.snap(drawing) == Area(ground.version, ())


def test_a_larger_circle_never_asks_less(ground: Ground, good: Draft) -> None:
    assert good.place is not None
    before: set[str] = set()
    for radius in range(100, 640, 60):
        blocks = set(ground.snap(Circle(good.place, float(radius))).blocks)
        assert len(blocks) >= len(before)
        before = blocks


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (" 2026-012-000431\u00a0", None),
        ("2026\u2013012\u2013000431", None),
        ("", "case_number_missing"),
        ("2026-012-00043", "case_number_shape"),
        ("2027-012-000431", "case_number_year"),
        ("1969-012-000431", "case_number_year"),
        ("2026-999-000431", "case_number_precinct"),
        ("INC-2026-0000001", "case_number_is_incident"),
        ("２０２６-012-000431", None),
        ("2026-012\u2010000431\u200b", None),
    ],
)
def test_case_numbers_against_the_agencys_masks(agency: Agency, given: str, code: str | None) -> None:
    found = case_numbers.judge(given, agency.case_masks, 2026)
    assert (found[0] if found else None) == code


def test_an_example_fits_its_own_mask() -> None:
    for mask in ("YYYY-PPP-NNNNNN", "YY-NNNNN", "AA-YYYY-NNNN", "PNNNNNNN"):
        made = CaseMask(mask, precincts=("018",))
        assert case_numbers.pattern_of(made).fullmatch(case_numbers.example_of(made, 2026)), mask


def test_an_agency_may_only_tighten() -> None:
    assert loosened_limits(Limits()) == ()
    assert loosened_limits(Limits(homes_min=60, area_max_m2=500_000, window_max_minutes=120)) == ()
    assert set(loosened_limits(Limits(homes_min=49, look_back_days=46))) == {"homes_min", "look_back_days"}


def test_the_wizards_steps_are_functions_of_the_draft(agency: Agency, ground: Ground, good: Draft) -> None:
    empty: Any = check(Draft(DraftId("e")), agency, ground, (), NOW)
    assert first_open_step(empty) is Step.INCIDENT
    assert {f.code for f in missing(Step.WINDOW, empty)} == {"window_missing"}
    assert first_open_step(check(good, agency, ground, (), NOW)) is Step.SEND
    assert [next_step(s) for s in STEPS] == [*STEPS[1:], None]
    assert [previous_step(s) for s in STEPS] == [None, *STEPS[:-1]]
    for field in Field:
        assert step_of(field) in STEPS


def test_bands_and_spans_read_well() -> None:
    assert homes_band(0) == "fewer than 20 homes"
    assert homes_band(1_499) == "1,000 to 1,500 homes"
    assert homes_band(9_999) == "more than 5,000 homes"
    assert span_words(timedelta(minutes=150)) == "2 h 30 min"
    assert span_words(timedelta(0)) == "0 min"


def test_distance_is_in_metres() -> None:
    assert distance_m(Point(41.0, -87.0), Point(42.0, -87.0)) == pytest.approx(111_195, rel=0.001)
