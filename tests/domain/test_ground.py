"""Measuring and snapping: multi-part jurisdictions, enclaves, islands, the 180th meridian, drawings of no use."""

from __future__ import annotations

import math

import h3
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry import mapping

from console.domain.areas import Area, Circle, Drawing, Picked, Polygon, drawing_trouble, outline
from console.domain.atlas import Atlas, AtlasIndex, nearest_block
from console.domain.blocks import make_blocks
from console.domain.fitting import enlarged, fitted_circle, middle_of, passes
from console.domain.ground import Ground
from console.domain.places import Point, distance_m
from console.domain.policy import Limits

LIMITS = Limits()


def made_ground(shape: shapely.Geometry, homes_of=lambda _cell: 9) -> Ground:
    """A ground whose every cell inside `shape` has homes."""
    parts = [shape] if shape.geom_type == "Polygon" else list(shape.geoms)
    cells: set[str] = set()
    for part in parts:
        cells |= set(h3.geo_to_cells(mapping(part), 10))
    homes = {c: homes_of(c) for c in cells if homes_of(c) > 0}
    blocks, left = make_blocks(homes)
    settled = {cell: block.id for block in blocks for cell in block.cells}
    atlas = Atlas(
        version="made",
        name="Made",
        time_zone="UTC",
        attribution="",
        homes_note="",
        jurisdiction=mapping(shape),
        districts=(),
        blocks=blocks,
        open_cells=tuple(sorted(cells - set(homes))),
        streets=(),
        stray_cells={cell: nearest_block(cell, settled) for cell in left},
    )
    return Ground(AtlasIndex(atlas))


def square(lon: float, lat: float, half: float) -> shapely.Polygon:
    return shapely.box(lon - half, lat - half, lon + half, lat + half)


ENCLAVE = square(-87.65, 41.88, 0.02) - square(-87.65, 41.88, 0.004)
ISLANDS = shapely.MultiPolygon([square(-87.65, 41.88, 0.01), square(-87.60, 41.88, 0.01)])


def test_an_area_over_an_enclave_measures_only_what_is_inside_the_jurisdiction() -> None:
    ground = made_ground(ENCLAVE)
    area = ground.snap(Circle(Point(lat=41.88, lon=-87.65), 600.0))
    assert not ground.index.contains(Point(lat=41.88, lon=-87.65))
    shape = ground.shape(area)
    assert not shape.covers(shapely.Point(-87.65, 41.88))
    geodesic = abs(Geod(ellps="WGS84").geometry_area_perimeter(shape)[0])
    assert ground.area_m2(area) == pytest.approx(geodesic, rel=0.006)  # the cells' sphere, the earth's ellipsoid


def test_an_area_across_two_islands_is_one_area_of_both() -> None:
    ground = made_ground(ISLANDS)
    area = ground.snap(Polygon(((-87.645, 41.875), (-87.605, 41.875), (-87.605, 41.885), (-87.645, 41.885))))
    assert ground.shape(area).geom_type == "MultiPolygon"
    assert ground.distance_m(area, Point(lat=41.88, lon=-87.6425)) == 0
    assert ground.distance_m(area, Point(lat=41.88, lon=-87.625)) > 900


def test_the_whole_is_the_sum_of_its_parts() -> None:
    ground = made_ground(ISLANDS)
    geodesic = abs(Geod(ellps="WGS84").geometry_area_perimeter(ISLANDS)[0])
    assert ground.whole_m2 == pytest.approx(geodesic, rel=0.05)  # cells with their centre outside are left out


@pytest.mark.parametrize("lon", [180.0, -180.0, 179.999, -179.999])
def test_on_the_180th_meridian_all_is_as_elsewhere(lon: float) -> None:
    here = shapely.MultiPolygon([shapely.box(179.98, 51.86, 180.0, 51.90), shapely.box(-180.0, 51.86, -179.98, 51.90)])
    ground = made_ground(here)
    middle = Point(lat=51.88, lon=lon)
    area = ground.snap(Circle(middle, 400.0))
    assert 0.9 < ground.area_m2(area) / (math.pi * 400.0**2) < 1.4
    assert ground.distance_m(area, middle) == 0
    west, east = Point(lat=51.88, lon=179.985), Point(lat=51.88, lon=-179.985)
    for away in (west, east):
        assert ground.distance_m(area, away) == pytest.approx(distance_m(away, middle) - 400, abs=200)
    ring = ((179.996, 51.877), (-179.996, 51.877), (-179.996, 51.883), (179.996, 51.883))
    drawn = ground.snap(Polygon(ring))
    assert set(drawn.blocks) & set(area.blocks)
    assert ground.area_m2(drawn) < 1_000_000, "not the long way round the globe"


@pytest.mark.parametrize(
    ("drawing", "trouble"),
    [
        (Circle(Point(41.0, -87.0), 0.0), "area_flat"),
        (Circle(Point(41.0, -87.0), math.nan), "area_flat"),
        (Circle(Point(41.0, -87.0), math.inf), "area_flat"),
        (Circle(Point(41.0, -87.0), -5.0), "area_flat"),
        (Polygon(()), "area_flat"),
        (Polygon(((-87.0, 41.0), (-87.0, 41.0), (-87.0, 41.0))), "area_flat"),
        (Polygon(((-87.0, 41.0), (-87.01, 41.0), (-87.02, 41.0))), "area_flat"),
        (Polygon(((-87.0, 41.0), (-87.01, 41.01), (-87.01, 41.0), (-87.0, 41.01))), "area_crossed"),
        (Polygon(((-87.0, 41.0), (-87.01, 41.0), (-87.0, 41.01))), ""),
        (Picked(()), ""),
    ],
)
def test_a_drawing_that_cannot_be_measured_says_why(drawing: Drawing, trouble: str) -> None:
    assert drawing_trouble(drawing) == trouble
    if trouble and not isinstance(drawing, Picked):
        assert outline(drawing) is None


@settings(max_examples=150, deadline=None)
@given(
    lon=st.floats(-87.68, -87.62),
    lat=st.floats(41.86, 41.90),
    radius_m=st.floats(1, 900),
    dlon=st.floats(-0.004, 0.004),
    dlat=st.floats(-0.004, 0.004),
)
def test_a_snapped_area_is_whole_blocks_and_its_distance_is_never_negative(
    lon: float, lat: float, radius_m: float, dlon: float, dlat: float
) -> None:
    ground = _shared()
    area = ground.snap(Circle(Point(lat=lat, lon=lon), radius_m))
    assert ground.unknown(area) == ()
    assert list(area.blocks) == sorted(set(area.blocks))
    place = Point(lat=lat + dlat, lon=lon + dlon)
    away_m = ground.distance_m(area, place)
    if area.is_empty:
        assert away_m == math.inf
        return
    assert away_m >= 0
    assert (away_m == 0) == ground.shape(area).covers(shapely.Point(place.lon, place.lat))
    # Snapping what was snapped changes nothing: a union of blocks stays what it is.
    assert ground.snap(Picked(area.blocks)).blocks == area.blocks


_made: list[Ground] = []


def _shared() -> Ground:
    if not _made:
        _made.append(made_ground(ENCLAVE, homes_of=lambda cell: int(cell, 16) // 65536 % 40))
    return _made[0]


def test_the_distance_beside_an_area_agrees_with_its_whole_outline() -> None:
    ground = _shared()
    area = ground.snap(Circle(Point(lat=41.89, lon=-87.66), 250.0))
    for step in range(1, 30):
        place = Point(lat=41.89 + step * 0.0003, lon=-87.66)
        whole = ground.shape(area).distance(shapely.Point(place.lon, place.lat)) * 111_195
        assert ground.distance_m(area, place) <= whole + 1.0


def test_a_sparse_area_is_enlarged_to_the_smallest_that_passes() -> None:
    ground = made_ground(square(-87.65, 41.88, 0.02), homes_of=lambda _c: 3)
    drawing = Circle(Point(lat=41.88, lon=-87.65), 150.0)
    area = ground.snap(drawing)
    assert not passes(ground, area, LIMITS)
    offer = enlarged(ground, drawing, area, LIMITS)
    assert offer is not None
    grown = ground.snap(offer)
    assert passes(ground, grown, LIMITS)
    assert set(area.blocks) <= set(grown.blocks)
    assert ground.area_m2(grown) < LIMITS.area_max_m2


def test_where_even_the_largest_area_holds_too_few_nothing_is_offered() -> None:
    lonely = "".join(h3.latlng_to_cell(41.88, -87.65, 10))
    ground = made_ground(square(-87.65, 41.88, 0.02), homes_of=lambda c: 25 if c == lonely else 0)
    drawing = Circle(Point(lat=41.88, lon=-87.65), 300.0)
    assert enlarged(ground, drawing, ground.snap(drawing), LIMITS) is None
    assert fitted_circle(ground, Point(lat=41.88, lon=-87.65), LIMITS) is None


def test_the_middle_of_an_area_is_inside_it_and_of_nothing_there_is_none() -> None:
    ground = _shared()
    area = ground.snap(Circle(Point(lat=41.888, lon=-87.66), 350.0))
    middle = middle_of(ground, area)
    assert middle is not None
    assert ground.distance_m(area, middle) == 0
    assert middle_of(ground, Area("made", ())) is None
