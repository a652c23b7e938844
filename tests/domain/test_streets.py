"""Streets are found by any spelling of their name, cross where they meet, and become routes along them."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.client.calendars import Places
from console.domain.atlas import AtlasIndex, Street
from console.domain.ground import Ground
from console.domain.places import Point, distance_m
from console.domain.streets import StreetName, Streets, street_name, without_number, without_side
from console.domain.wizard_place import find_place
from console.service.atlas import read_pack

STATE_MADISON = Point(lat=41.88203, lon=-87.6278)
HALSTED_18TH = Point(lat=41.8577, lon=-87.6467)


@pytest.fixture(scope="module")
def ground(chicago_pack):
    return Ground(AtlasIndex(read_pack(chicago_pack).atlas))


@pytest.fixture(scope="module")
def streets(ground):
    return ground.streets


@pytest.fixture(scope="module")
def made(ground):
    """Streets of our own on Chicago's ground."""

    def make(*named):
        atlas = msgspec.structs.replace(ground.index.atlas, streets=tuple(Street(n, tuple(p)) for n, p in named))
        return Ground(AtlasIndex(atlas))

    return make


def along(lat, lon, d_lat, d_lon, number=5):
    return [Point(lat=lat + k * d_lat, lon=lon + k * d_lon) for k in range(number)]


def names(found):
    return [street.name for street in found]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("W 18th St", ("w", "18th", "st")),
        ("west 18TH  street", ("w", "18th", "st")),
        ("18th St. W", ("w", "18th", "st")),
        ("N. St. Louis Ave.", ("n", "st louis", "ave")),
        ("North Ave", ("", "n", "ave")),
        ("W North Avenue", ("w", "n", "ave")),
        ("Avenue N", ("", "ave n", "")),
        ("S Avenue N", ("s", "ave n", "")),
        ("Broadway", ("", "broadway", "")),
        ("St", ("", "st", "")),
        ("O\u2019Brien Pl", ("", "obrien", "pl")),
        ("Pe\u00f1a Blvd", ("", "pena", "blvd")),
        (" &. ", ("", "", "")),
    ],
)
def test_a_name_is_read_in_its_parts_however_it_is_written(text, parts):
    assert street_name(text) == StreetName(*parts)


def test_a_number_and_a_side_are_taken_off():
    assert [without_number(t) for t in ("50 W Lake St", "1200-20 block of W 18th St", "1234 18th St", "18th St")] == [
        "W Lake St",
        "W 18th St",
        "18th St",
        "18th St",
    ]
    assert [without_side(t) for t in ("N. State St", "Pine St N", "W North Ave", "Broadway", "Nova St")] == [
        "State St",
        "Pine St",
        "North Ave",
        "Broadway",
        "Nova St",
    ]


def test_every_street_is_found_by_its_own_name(streets, ground):
    for street in ground.index.atlas.streets:
        assert street in streets.called(street.name)


def test_the_sides_of_a_street_are_told_apart_only_where_a_side_is_named(streets):
    assert names(streets.called("n state street")) == ["N State St"]
    assert sorted(names(streets.called("State St."))) == ["N State St", "S State St"]
    assert names(streets.called("N 18th St")) == ["W 18th St"]  # there is no other


def test_what_two_streets_are_called_means_both(streets, ground):
    assert {street_name(name).kind for name in names(streets.called("18th"))} == {"st", "pl"}
    assert names(streets.called("18th Pl")) == ["W 18th Pl"]
    assert set(names(streets.called("Morgan"))) == {"Morgan Dr", "S Morgan St", "N Morgan St"} & {
        street.name for street in ground.index.atlas.streets
    }
    assert streets.called("Nowhere") == streets.called("") == streets.called("&") == []


@pytest.mark.parametrize(
    ("one", "other", "there"),
    [
        ("State", "Madison", STATE_MADISON),
        ("Madison Street", "state st", STATE_MADISON),
        ("S State St", "W Madison St", STATE_MADISON),
        ("Halsted", "18th", HALSTED_18TH),
        ("w 18th st", "South Halsted", HALSTED_18TH),
    ],
)
def test_two_streets_cross_where_they_meet(streets, one, other, there):
    first = streets.crossings(one, other)[0]
    assert distance_m(first.place, there) < 40
    assert first.is_as_asked
    for text, street in ((one, first.one), (other, first.other)):
        asked, found = street_name(text), street_name(street.name)
        assert found.base == asked.base
        assert asked.side in {"", found.side}


def test_a_street_is_meant_before_a_place(streets):
    found = streets.crossings("Halsted", "38th")
    assert [crossing.other.name for crossing in found] == ["W 38th St", "W 38th Pl"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("W 18th St", "W 24th Pl"), ("State", "State"), ("N State St", "S State St"), ("Halsted", "Nowhere"), ("", "")],
)
def test_what_does_not_cross_does_not_cross(streets, one, other):
    assert streets.crossings(one, other) == []


def test_another_side_that_crosses_is_said_to_be_another(streets, ground):
    (crossing,) = streets.crossings("S Halsted St", "W North Ave")
    assert (crossing.one.name, crossing.is_as_asked) == ("N Halsted St", False)
    found = find_place("S Halsted St & W North Ave", ground)
    assert (found.place, found.name) == (crossing.place, "N Halsted St at W North Ave")
    assert "Found only N Halsted St at W North Ave" in found.note
    assert find_place("N Halsted St & W North Ave", ground).note == ""
    (gap,) = streets.crossings("N State St", "W Madison St")  # the atlas has no point of N State St near there
    assert (gap.one.name, gap.is_as_asked) == ("S State St", False)
    assert distance_m(gap.place, STATE_MADISON) < 40
    assert Places(ground).find("S Halsted St & W North Ave").points == (crossing.place,)


def test_the_wizard_and_the_calendars_find_the_same_crossings(ground):
    places = Places(ground)
    for text in ("State & Madison", "Halsted & 18th", "38th & Halsted", "N Halsted & W North Ave"):
        assert places.find(text).points == (find_place(text, ground).place,)


def test_a_crossing_between_the_last_points_of_both_sides_or_a_little_beyond_is_found(made):
    north, south = along(41.8822, -87.65, 0.001, 0), along(41.8778, -87.65, 0.001, 0, 4)
    across = along(41.8815, -87.651, 0, 0.0005)
    found = made(("N Zero St", north), ("S Zero St", south), ("W Line St", across)).streets
    assert distance_m(found.crossings("Zero", "Line")[0].place, Point(lat=41.8815, lon=-87.65)) < 2
    for asked in ("N Zero", "S Zero"):
        (crossing,) = found.crossings(asked, "W Line")
        assert (crossing.one.name, crossing.is_as_asked) == (f"{asked} St", True)
    short = made(("N Zero St", north), ("W Line St", across)).streets  # 78 m beyond its southernmost point
    assert distance_m(short.crossings("Zero", "Line")[0].place, Point(lat=41.8815, lon=-87.65)) < 2
    far = made(("N Zero St", along(41.8840, -87.65, 0.001, 0)), ("W Line St", across)).streets
    assert far.crossings("Zero", "Line") == []


def test_points_in_no_order_and_pieces_far_apart_make_no_line_between(made):
    first, second = along(41.88, -87.65, 0.001, 0), along(41.90, -87.65, 0.001, 0)
    mixed = [point for pair in zip(second, first, strict=True) for point in pair]
    ground = made(
        ("N Gap St", mixed), ("W There St", along(41.8825, -87.652, 0, 0.001)), ("W Gone St", along(41.892, -87.652, 0, 0.001))
    )  # fmt: skip
    assert len(ground.streets.crossings("Gap", "There")) == 1
    assert ground.streets.crossings("Gap", "Gone") == []


def test_a_route_goes_from_end_to_end_in_200_points_at_most(made):
    crooked = [Point(lat=41.85 + (k % 2) * 0.0006, lon=-87.75 + k * 0.0002) for k in range(500)]
    street = Street("W Crooked St", tuple(reversed(crooked)))
    route = made((street.name, street.points)).streets.route([street])
    assert (len(route), route[0], route[-1]) == (200, crooked[0], crooked[-1])
    straight = Street("W Even St", tuple(along(41.85, -87.75, 0, 0.001, 50)))
    assert len(made().streets.route([straight])) == 2
    assert made().streets.route([]) == ()


def test_an_atlas_without_streets_finds_none(made):
    ground = made()
    assert ground.streets.called("State") == ground.streets.crossings("State", "Madison") == []
    assert find_place("State & Madison", ground).code == "place_unknown"
    assert Places(ground).find("State & Madison") is None
    unusable = made(("N Empty St", ()), ("&", along(41.88, -87.65, 0.001, 0)))
    assert unusable.streets.called("Empty") == unusable.streets.called("&") == []


def test_the_streets_are_indexed_once(ground):
    assert ground.streets is ground.streets
    assert isinstance(ground.streets, Streets)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(one=st.text(max_size=60), other=st.text(max_size=60))
def test_any_text_is_answered(streets, one, other):
    assert all(street.points for street in streets.called(one))
    assert isinstance(streets.crossings(one, other), list)
    assert isinstance(without_side(without_number(one)), str)
