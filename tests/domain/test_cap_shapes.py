"""Shapes from the map to CAP and back: the order of numbers, closed rings, circles of the right size."""

from __future__ import annotations

import pytest

from console.domain.cap import CapArea, CapCircle
from console.domain.cap_rules import troubles
from console.domain.cap_shapes import geometry_of, rings_of
from console.domain.places import Point, distance_m
from tests.domain.test_cap import _area

SQUARE = [[-87.7, 41.9], [-87.6, 41.9], [-87.6, 41.8], [-87.7, 41.8], [-87.7, 41.9]]
HOLE = [[-87.68, 41.88], [-87.62, 41.88], [-87.62, 41.82], [-87.68, 41.88]]


def test_longitude_first_becomes_latitude_first_and_holes_are_filled() -> None:
    (ring,) = rings_of({"type": "Polygon", "coordinates": [SQUARE, HOLE]})
    assert ring[:2] == (Point(41.9, -87.7), Point(41.9, -87.6))
    assert ring[0] == ring[-1]
    assert troubles(_area(polygons=(ring,))) == ()


def test_open_rings_are_closed_doubles_dropped_and_specks_left_out() -> None:
    speck = [[-87.7, 41.9], [-87.700_000_01, 41.9], [-87.7, 41.9]]
    doubled = [SQUARE[0], *SQUARE[:-1]]
    rings = rings_of({"type": "MultiPolygon", "coordinates": [[doubled], [speck]]})
    assert rings == rings_of({"type": "Polygon", "coordinates": [SQUARE]})


@pytest.mark.parametrize(
    "geometry", [{}, {"type": "Point", "coordinates": [1, 2]}, {"type": "Polygon", "coordinates": []}]
)
def test_what_is_no_area_has_no_rings(geometry) -> None:
    assert rings_of(geometry) == ()


def test_there_and_back_is_the_same() -> None:
    area = CapArea("x", rings_of({"type": "Polygon", "coordinates": [SQUARE]}))
    assert geometry_of(area) == {"type": "MultiPolygon", "coordinates": [[SQUARE]]}
    assert geometry_of(CapArea("no shape")) is None
    assert geometry_of(CapArea("a point", (), (CapCircle(Point(41, -87), 0.0),))) is None


@pytest.mark.parametrize("radius_km", [0.1, 1.5, 80.0])
def test_a_circle_keeps_its_radius(radius_km: float) -> None:
    centre = Point(41.88, -87.63)
    made = geometry_of(CapArea("x", (), (CapCircle(centre, radius_km),)))
    assert made is not None
    ((ring,),) = made["coordinates"]
    assert ring[0] == ring[-1]
    for lon, lat in ring:
        assert distance_m(centre, Point(lat, lon)) == pytest.approx(radius_km * 1_000, rel=0.01)
