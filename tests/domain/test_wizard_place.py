"""A place is found as officers type it, and an unreadable text names the way out."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.domain.atlas import AtlasIndex
from console.domain.ground import Ground
from console.domain.places import Point, distance_m
from console.domain.wizard_place import WORDS, PlaceFound, PlaceKind, PlaceTrouble, find_place
from console.service.atlas import read_pack

HERE = Point(lat=41.8525, lon=-87.6745)
HALSTED_18TH = Point(lat=41.8577, lon=-87.6467)


@pytest.fixture(scope="module")
def ground(chicago_pack):
    return Ground(AtlasIndex(read_pack(chicago_pack).atlas))


@pytest.mark.parametrize(
    "text",
    [
        "41.8525, -87.6745",
        "41.8525 -87.6745",
        "  41.8525,-87.6745 ",
        "41.8525; -87.6745",
        "41.8525 N 87.6745 W",
        "N41.8525 W87.6745",
        "87.6745 W, 41.8525 N",
        "41\u00b051'09\"N 87\u00b040'28.2\"W",
        "41\u00b0 51\u2032 09\u2033 N, 87\u00b0 40\u2032 28.2\u2033 W",
        "41 51 09 N 87 40 28.2 W",
        "-87.6745,41.8525",
        "41.8525, 87.6745",
        "41.8525, \u221287.6745",
    ],
)
def test_coordinates_are_read_in_usual_notations(text, ground):
    found = find_place(text, ground)
    assert isinstance(found, PlaceFound)
    assert found.kind is PlaceKind.COORDINATES
    assert distance_m(found.place, HERE) < 10
    assert found.name.startswith("Near ")


def test_a_guess_is_said(ground):
    assert "other way round" in find_place("-87.6745,41.8525", ground).note
    assert "minus" in find_place("41.8525, 87.6745", ground).note
    assert find_place("41.8525, -87.6745", ground).note == ""


@pytest.mark.parametrize(
    "text",
    [
        "Halsted & 18th",
        "Halsted at 18th",
        "18th and Halsted",
        "S Halsted St / W 18th St",
        "halsted street @ 18th street",
    ],
)
def test_a_crossing_is_where_the_streets_meet(text, ground):
    found = find_place(text, ground)
    assert found.kind is PlaceKind.CROSSING
    assert distance_m(found.place, HALSTED_18TH) < 120
    assert {"S Halsted St", "W 18th St"} == set(found.name.split(" at "))


def test_a_street_and_a_house_number_are_only_the_streets_middle(ground):
    street, number = find_place("w 18th street", ground), find_place("1234 W 18th St", ground)
    assert (street.name, street.kind) == ("Near W 18th St", PlaceKind.STREET)
    assert (number.name, number.kind) == ("Near W 18th St", PlaceKind.NUMBER)
    assert number.place == street.place
    assert "House numbers are not on this map" in number.note
    assert find_place("1200 block of W 18th St", ground).place == street.place


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "place_empty"),
        (" , ", "place_empty"),
        ("Nowhere Street", "place_unknown"),
        ("12 Nowhere Street", "place_unknown"),
        ("Halsted & Nowhere", "place_unknown"),
        ("18th", "place_ambiguous"),
        ("40.7, -74.0", "place_outside"),
        ("41.8525, -87.6745, 12.5", "place_unreadable"),
        ("41\u00b0 75' N, 87\u00b0 W", "place_unreadable"),
    ],
)
def test_what_is_not_found_has_a_code_and_a_way_out(text, code, ground):
    trouble = find_place(text, ground)
    assert isinstance(trouble, PlaceTrouble)
    assert trouble.code == code
    assert code in WORDS
    assert "{" not in trouble.words


def test_streets_that_do_not_meet_do_not_cross(ground):
    trouble = find_place("W 18th St & W 24th Pl", ground)
    assert trouble.code == "place_no_crossing"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=80))
def test_any_text_is_answered(text, ground):
    found = find_place(text, ground)
    assert isinstance(found, PlaceTrouble) or ground.index.contains(found.place)
