"""What surrounds the check: assemblies, history, the meter, templates, diffs, local times, offences."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest

from console.domain import diffs, history, meter, offences, templates, times
from console.domain.areas import Circle
from console.domain.assemblies import Gathering, met_by
from console.domain.atlas import AtlasIndex
from console.domain.checks import check
from console.domain.drafts import Draft, DraftId
from console.domain.feed import Category, Post
from console.domain.findings import Field, Severity
from console.domain.fitting import fitted_circle
from console.domain.ground import Ground
from console.domain.members import Member, Role
from console.domain.places import Point
from console.domain.policy import Agency, Limits
from console.domain.requests import EarlierRequest, Request, State
from console.service.atlas import read_pack
from console.training.members import training_agency

NOW = datetime(2026, 6, 10, 20, 0, tzinfo=UTC)
CHICAGO = ZoneInfo("America/Chicago")
HOUR = timedelta(hours=1)
HERE = Point(lat=41.8525, lon=-87.6745)


@pytest.fixture(scope="module")
def ground(chicago_pack: Path) -> Ground:
    return Ground(AtlasIndex(read_pack(chicago_pack).atlas))


@pytest.fixture(scope="module")
def agency(ground: Ground) -> Agency:
    return training_agency(ground.index.atlas, "2026-01-05")


@pytest.fixture(scope="module")
def draft(ground: Ground) -> Draft:
    circle = fitted_circle(ground, HERE, Limits())
    assert circle is not None
    return Draft(
        DraftId("d"),
        case_number="2026-012-000431",
        offence="220",
        occurred_at=NOW - 3 * HOUR,
        place=HERE,
        place_name="Near W 18th St",
        begins=NOW - 4 * HOUR,
        ends=NOW - 2 * HOUR,
        drawing=circle,
        area=ground.snap(circle),
        title="Were your cameras on?",
        text="A home was broken into this afternoon. Recordings of the street may help us.",
        contact="one@lakeside.example.org",
    )


def gathering(*points: Point, begins: float = 4, ends: float = 2, around_m: float = 250.0) -> Gathering:
    return Gathering("g", "March", points or (HERE,), NOW - begins * HOUR, NOW - ends * HOUR, around_m)


def meets(ground: Ground, draft: Draft, *found: Gathering) -> bool:
    assert draft.area is not None
    assert draft.begins is not None
    assert draft.ends is not None
    return bool(met_by(found, ground, draft.area, draft.begins, draft.ends))


def test_an_assembly_is_met_in_place_and_time_only(ground: Ground, draft: Draft) -> None:
    far, north = Point(HERE.lat + 0.05, HERE.lon), Point(HERE.lat - 0.05, HERE.lon)
    assert meets(ground, draft, gathering())
    assert not meets(ground, draft, gathering(begins=8, ends=4)), "it ended as the window began"
    assert meets(ground, draft, gathering(begins=8, ends=3.999))
    assert not meets(ground, draft, gathering(begins=2, ends=1)), "it began as the window ended"
    assert not meets(ground, draft, gathering(far))
    assert meets(ground, draft, gathering(far, north)), "its route leads through"
    assert meets(ground, draft, gathering(far, around_m=6_000.0))


def test_the_check_asks_for_a_second_approver_and_does_not_block(ground: Ground, agency: Agency, draft: Draft) -> None:
    found = check(draft, agency, ground, (), NOW, (gathering(),))
    assert [(f.code, f.severity) for f in found] == [("assembly_overlap", Severity.CONFIRM)]
    assert found[0].figures["begins"].endswith("CDT")


def test_earlier_requests_in_the_same_blocks_are_told_to_the_approver(
    ground: Ground, agency: Agency, draft: Draft
) -> None:
    assert draft.area is not None

    def before(days: float, *blocks: str, state: State = State.PUBLISHED) -> EarlierRequest:
        at = NOW - timedelta(days=days)
        published = at if state is State.PUBLISHED else None
        return EarlierRequest("e", "2026-012-000001", state, at, "m", blocks, published_at=published)

    mine = draft.area.blocks[0]
    cases = [
        ((before(10, mine),), True),
        ((before(91, mine),), False),
        ((before(10, mine, state=State.WITHDRAWN),), False),
        ((before(10, mine, state=State.PENDING),), False),
        ((before(10, "elsewhere"),), False),
    ]
    for earlier, told in cases:
        found = {f.code for f in check(draft, agency, ground, earlier, NOW)}
        assert ("asked_before" in found) == told, earlier
    assert len(history.of_author((before(1, mine), before(100, mine)), "m", NOW - timedelta(days=30))) == 1


def request_of(draft: Draft, ident: str, **changes: object) -> Request:
    author = Member("m", "ZZ0000001", "Example One", "Officer", "0001", Role.OFFICER)
    made = Request(ident, f"PL-{ident}", 1, State.PUBLISHED, "ZZ0000001", author, draft, 1.0, 1.0, "", {}, NOW)
    return msgspec.structs.replace(made, **changes)


def test_overlaps_are_in_place_time_or_case_and_sorted_by_kind(draft: Draft) -> None:
    assert draft.area is not None
    here = request_of(draft, "here")
    later = {"begins": NOW - HOUR, "ends": NOW}
    elsewhere = msgspec.structs.replace(draft.area, blocks=("x",))
    replace = msgspec.structs.replace
    same_case = request_of(replace(draft, area=elsewhere, **later), "case")
    same_place = request_of(replace(draft, case_number="2026-012-000002", **later), "place")
    same_time = request_of(replace(draft, case_number="2026-012-000003", area=elsewhere), "time")
    nothing = request_of(replace(draft, case_number="2026-012-000004", area=elsewhere, **later), "none")
    found = history.overlaps(here, (nothing, same_time, same_place, same_case, here))
    assert [o.id for o in found] == ["case", "place", "time"]
    assert (found[1].blocks, found[1].span) == (len(draft.area.blocks), timedelta())
    assert found[2].span == 2 * HOUR


def test_the_meter_tells_bands_and_ranges_never_counts(ground: Ground, draft: Draft) -> None:
    found = meter.measure(draft, ground, (gathering(),), NOW)
    assert found.footage_hours is not None
    low, high = found.footage_hours
    assert high is not None
    band = [int(part.replace(",", "")) for part in found.homes.split() if part[0].isdigit()]
    assert [low, high] == [band[0] * 2, band[1] * 2], "two hours a home"
    assert 0 < (found.share or 0) < 0.01
    assert found.gatherings == ("March",)
    assert found.since_incident == 3 * HOUR
    assert meter.measure(Draft(DraftId("d")), ground, (), NOW) == meter.Meter()


def test_the_smallest_area_and_window_hold_the_incident_and_pass(ground: Ground, agency: Agency, draft: Draft) -> None:
    least = meter.smallest(draft, agency, ground, NOW)
    assert least.circle is not None
    assert least.window is not None
    begins, ends = least.window
    assert draft.occurred_at is not None
    assert begins <= draft.occurred_at <= ends
    assert ends - begins == timedelta(minutes=15)
    narrow = msgspec.structs.replace(draft, begins=begins, ends=ends, area=ground.snap(least.circle))
    assert check(narrow, agency, ground, (), NOW) == ()


@pytest.mark.parametrize(
    ("ago", "holds"),
    [(timedelta(0), True), (timedelta(minutes=1), True), (timedelta(days=44), True), (timedelta(days=46), False)],
)
def test_the_smallest_window_is_never_in_the_future_nor_too_old(ago: timedelta, holds: bool) -> None:
    found = meter.smallest_window(NOW - ago, Limits(), NOW)
    assert (found is not None) == holds
    if found is not None:
        assert found[0] >= NOW - timedelta(days=45)
        assert found[1] <= NOW
    assert meter.smallest_window(NOW + HOUR, Limits(), NOW) is None
    assert meter.smallest_window(None, Limits(), NOW) is None


TEMPLATE = templates.Template(
    id="t",
    name="Porch theft",
    offence="23H",
    title="Parcel taken near {place}",
    text="On {date} a parcel was taken between {begins} and {ends}. {unknown}",
    minutes_before=30,
    minutes_after=120,
    radius_m=300.0,
)


def test_a_template_fills_what_is_empty_and_nothing_else(ground: Ground) -> None:
    draft = Draft(DraftId("d"), occurred_at=NOW - HOUR, place=HERE, place_name="Near W 18th St", offence="220")
    filled = templates.apply(TEMPLATE, draft, ground, CHICAGO, NOW)
    assert filled.offence == "220"
    assert (filled.begins, filled.ends) == (NOW - 1.5 * HOUR, NOW), "not into the future"
    assert filled.area == ground.snap(Circle(HERE, 300.0))
    assert filled.title == "Parcel taken near W 18th St"
    assert filled.text == "On Wednesday, June 10 a parcel was taken between 13:30 and 15:00. {unknown}"
    assert templates.apply(TEMPLATE, filled, ground, CHICAGO, NOW) == filled
    bare = templates.apply(TEMPLATE, Draft(DraftId("d")), ground, CHICAGO, NOW)
    assert bare.title == "Parcel taken near {place}"
    assert bare.begins is None


def test_a_blank_that_was_left_is_found(ground: Ground, agency: Agency, draft: Draft) -> None:
    found = check(msgspec.structs.replace(draft, title="Parcel taken near {place}"), agency, ground, (), NOW)
    assert [(f.code, f.span) for f in found] == [("placeholder_left", (18, 25))]


def test_a_draft_from_a_post_takes_neither_words_nor_author_and_one_from_a_request_no_times(draft: Draft) -> None:
    post = Post("p", Category.CRIME, "Title", "Text", "Neighbor #4", "b", HERE, "Near W 18th St", NOW)
    begun = templates.from_post(post, Draft(DraftId("n")))
    assert (begun.title, begun.text, begun.place, begun.occurred_at) == ("", "", HERE, NOW)
    again = templates.from_request(request_of(draft, "r"), Draft(DraftId("n")))
    assert (again.case_number, again.begins, again.occurred_at) == (draft.case_number, None, None)


def test_a_diff_names_what_changed_in_words(draft: Draft) -> None:
    assert draft.area is not None
    changed = msgspec.structs.replace(
        draft,
        title="Another title",
        ends=NOW - HOUR,
        area=msgspec.structs.replace(draft.area, blocks=draft.area.blocks[1:]),
    )
    found = diffs.changes(draft, changed, CHICAGO)
    assert [c.field for c in found] == [Field.WINDOW, Field.AREA, Field.TITLE]
    assert found[0].now == "Wed 10 Jun 11:00 CDT to Wed 10 Jun 14:00 CDT (3 h)"
    assert diffs.changes(draft, draft, CHICAGO) == ()


def test_local_times_that_come_twice_or_never_are_known() -> None:
    twice, never = datetime(2026, 11, 1, 1, 30), datetime(2026, 3, 8, 2, 30)
    assert times.is_twice(twice, CHICAGO)
    assert times.to_utc(twice, CHICAGO, second=True) - times.to_utc(twice, CHICAGO) == HOUR
    assert not times.exists(never, CHICAGO)
    assert times.exists(twice, CHICAGO)
    assert not times.is_twice(never, CHICAGO)
    assert times.clock_words(times.to_utc(twice, CHICAGO), CHICAGO) == "Sun 01 Nov 01:30 CDT"


def test_a_window_across_the_autumn_hour_is_as_long_as_clocks_ran(ground: Ground, agency: Agency, draft: Draft) -> None:
    now = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
    begins = times.to_utc(datetime(2026, 10, 31, 20, 0), CHICAGO)
    ends = times.to_utc(datetime(2026, 11, 1, 7, 0), CHICAGO)  # 11 hours on the wall, 12 in the world
    fits = msgspec.structs.replace(draft, begins=begins, ends=ends, occurred_at=begins)
    assert check(fits, agency, ground, (), now) == ()
    longer = msgspec.structs.replace(fits, ends=ends + timedelta(microseconds=1))
    assert [f.code for f in check(longer, agency, ground, (), now)] == ["window_too_long"]


def test_the_year_of_a_case_turns_with_the_agencys_own_clock(ground: Ground, agency: Agency, draft: Draft) -> None:
    case = msgspec.structs.replace(draft, case_number="2027-012-000001")

    def codes(now: datetime) -> set[str]:
        return {f.code for f in check(case, agency, ground, (), now)}

    assert "case_number_year" in codes(datetime(2027, 1, 1, 5, 59, tzinfo=UTC)), "still last year in Chicago"
    assert "case_number_year" not in codes(datetime(2027, 1, 1, 6, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("porch", "23D"),
        ("hit and run", "09B"),
        ("11a", "11A"),
        ("burgl", "220"),
        ("catalytic", "23G"),
        ("trespass", "90J"),
    ],
)
def test_offences_are_found_by_words(words: str, first: str) -> None:
    assert first in {o.code for o in offences.search(words)}


def test_offences_are_single_and_the_forbidden_are_not_among_them(ground: Ground, agency: Agency, draft: Draft) -> None:
    assert len({o.code for o in offences.OFFENCES}) == len(offences.OFFENCES)
    assert offences.FORBIDDEN.isdisjoint(offences.BY_CODE)
    assert offences.search("investigation") == ()
    found = check(msgspec.structs.replace(draft, offence="30D"), agency, ground, (), NOW)
    assert [f.code for f in found] == ["offence_forbidden"]


@pytest.mark.parametrize(
    ("text", "revealed"),
    [
        ("Somebody was hurt at 1432 W 18th Street on Friday night.", True),
        ("Somebody was hurt in the 1400 block of Ashland on Friday.", True),
        ("Somebody was hurt near 41.85250, -87.67450 on Friday night.", True),
        ("Somebody was hurt near the park between 9 and 11 pm on Friday, 12 June.", False),
        ("It was between 3 and 5 pm. Recordings of the street may help.", False),
        ("Two cars and 3 people were seen along the avenue on 12 June, in the street.", False),
    ],
)
def test_a_sensitive_offence_does_not_name_its_place(
    ground: Ground, agency: Agency, draft: Draft, text: str, revealed: bool
) -> None:
    said = msgspec.structs.replace(draft, offence="11A", text=text)
    assert ("place_revealed" in {f.code for f in check(said, agency, ground, (), NOW)}) == revealed


@pytest.mark.parametrize("letter", ["\u202e", "\u200b", "\u2066", "\x00", "\x1b", "\ue000"])
def test_hidden_characters_are_refused(ground: Ground, agency: Agency, draft: Draft, letter: str) -> None:
    said = msgspec.structs.replace(draft, title=f"Were your{letter} cameras on?")
    found = [f for f in check(said, agency, ground, (), NOW) if f.code == "hidden_characters"]
    assert [f.span for f in found] == [(9, 10)]
