"""Finding on the map: places, districts, cases, posts and links, from one line; any text is harmless."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.domain.atlas import AtlasIndex
from console.domain.ground import Ground
from console.domain.lookup import FoundKind, look_up
from console.domain.map_link import MapLink, MapView, write_link
from console.service.atlas import read_pack
from tests.domain.test_overview import post
from tests.request_fakes import draft, request

PACK = Path(__file__).parents[2] / "build" / "atlas" / "chicago"


@pytest.fixture(scope="module")
def ground() -> Ground:
    if not PACK.exists():
        pytest.skip("the Chicago pack is not built: make pack")
    return Ground(AtlasIndex(read_pack(PACK).atlas))


def kinds(answer):
    return [found.kind for found in answer.found]


@pytest.mark.parametrize("text", ["Halsted & 18th", "halsted and 18th st", "S HALSTED @ W 18TH"])
def test_a_crossing_stands_first(ground, text):
    first = look_up(text, ground, (), ()).found[0]
    assert (first.kind, first.title) == (FoundKind.CROSSING, "S Halsted St at W 18th St")
    assert first.place.lat == pytest.approx(41.857, abs=0.003)


def test_streets_are_listed_while_typing(ground):
    found = [f for f in look_up("halst", ground, (), ()).found if f.kind is FoundKind.STREET]
    assert {f.title for f in found} >= {"S Halsted St"}
    south, west, north, east = found[0].bounds
    assert south <= found[0].place.lat <= north
    assert west <= found[0].place.lon <= east


@pytest.mark.parametrize("text", ["41.8525, -87.6745", "41\u00b051'09\"N 87\u00b040'28\"W", "-87.6745 41.8525"])
def test_coordinates_in_usual_notations(ground, text):
    first = look_up(text, ground, (), ()).found[0]
    assert first.kind is FoundKind.COORDINATES
    assert (first.place.lat, first.place.lon) == pytest.approx((41.8525, -87.6745), abs=0.001)


@pytest.mark.parametrize(("text", "name"), [("18th", "W 18th St"), ("madison", "W Madison St")])
def test_the_usual_street_stands_before_a_place_or_a_park_of_its_name(ground, text, name):
    streets = [f.title for f in look_up(text, ground, (), ()).found if f.kind is FoundKind.STREET]
    assert streets[0].removeprefix("E ").removeprefix("W ") == name.removeprefix("W ")


def test_a_district_with_its_article_is_found(ground):
    assert any(f.title == "Loop" for f in look_up("the loop", ground, (), ()).found)


def test_a_district_is_found_by_a_part_of_its_name(ground):
    found = look_up("near west", ground, (), ()).found
    assert [f.title for f in found if f.kind is FoundKind.DISTRICT] == ["Near West Side"]
    assert look_up("loop", ground, (), ()).found[-1].kind is FoundKind.DISTRICT


@pytest.mark.parametrize("text", ["2026-018-000431", "018000431", "pl-r-1", "burglary 1"])
def test_a_case_is_found_by_its_number_or_title(ground, text):
    requests = (request(1, number="PL-R-1"), request(2, number="PL-R-2", asks=draft(2, title="Arson")))
    found = [f for f in look_up(text, ground, requests, ()).found if f.kind is FoundKind.REQUEST]
    assert [f.id for f in found] == ["r1"]
    assert "2026-018-000431" in found[0].detail


def test_posts_stand_last_with_their_place(ground):
    answer = look_up("title", ground, (), (post(1), post(2)))
    assert kinds(answer)[-2:] == [FoundKind.POST, FoundKind.POST]
    assert answer.found[-1].place == post(2).place


def test_a_link_leads_to_its_view_alone(ground):
    link = MapLink(MapView(41.9, -87.65, 15.0))
    answer = look_up(write_link(link), ground, (request(1),), (post(1),))
    assert kinds(answer) == [FoundKind.LINK]
    assert answer.found[0].link == link


@pytest.mark.parametrize(
    ("text", "base"), [("halstd", "Halsted"), ("ashlnd ave", "Ashland"), ("milwakee", "Milwaukee")]
)
def test_a_slip_of_the_fingers_is_understood(ground, text, base):
    found = look_up(text, ground, (), ()).found
    assert base in found[0].title
    assert found[0].detail == "did you mean this?"


def test_nothing_found_says_what_to_do(ground):
    answer = look_up("Zzyzx Road", ground, (), ())
    assert answer.found == ()
    assert "Check the spelling" in answer.trouble
    assert "outside your jurisdiction" in look_up("10.0, 10.0", ground, (), ()).trouble


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(text=st.text(max_size=300))
def test_no_text_makes_it_raise(ground, text):
    look_up(text, ground, (request(1),), (post(1),))
