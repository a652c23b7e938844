"""Outlines for a zoom: never moved by more than half a pixel, cut to the view, holes and islands kept."""

from __future__ import annotations

import gzip
import json
import math
from pathlib import Path

import msgspec
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from console.maps.outlines import TILES_MAX, Outlines, TileBox, simplified

PRECINCTS = Path(__file__).parents[3] / "shared" / "data" / "boundaries" / "nypd_precincts_77_wgs84_derived.geojson.gz"


def tile(lat: float, lon: float, zoom: int) -> tuple[int, int]:
    y = math.degrees(math.asinh(math.tan(math.radians(lat))))
    return int((lon + 180) / 360 * 2**zoom), int((180 - y) / 360 * 2**zoom)


def box_around(lat: float, lon: float, zoom: int, tiles: int = 2) -> TileBox:
    x, y = tile(lat, lon, zoom)
    last = 2**zoom - 1
    return TileBox(zoom, max(0, x - tiles), max(0, y - tiles), min(last, x + tiles), min(last, y + tiles))


def read(steps: list[int]) -> np.ndarray:
    return np.cumsum(np.array(steps).reshape(-1, 2), axis=0) / 1e6


def pixels(lonlat: np.ndarray, zoom: int) -> np.ndarray:
    y = np.degrees(np.arcsinh(np.tan(np.radians(lonlat[:, 1]))))
    return np.column_stack([lonlat[:, 0], y]) * (256 * 2**zoom / 360)


def wavy(corners: int, size: float = 0.05) -> dict:
    turn = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    radius = size * (1 + 0.1 * np.sin(40 * turn) + 0.02 * np.sin(701 * turn))
    ring = np.column_stack([-87.66 + radius * np.cos(turn), 41.85 + radius * np.sin(turn)])
    hole = np.column_stack([-87.66 + size / 5 * np.cos(-turn), 41.85 + size / 5 * np.sin(-turn)])
    island = [[-87.5, 41.9], [-87.49, 41.9], [-87.49, 41.91], [-87.5, 41.91], [-87.5, 41.9]]
    rings = [[*r.tolist(), r[0].tolist()] for r in (ring, hole)]
    return {"type": "MultiPolygon", "coordinates": [rings, [island]]}


@settings(deadline=None, max_examples=25)
@given(zoom=st.integers(8, 17))
def test_no_line_is_moved_by_more_than_a_pixel(zoom):
    whole = wavy(4_000)
    outlines = Outlines({"a": whole})
    told = msgspec.json.decode(outlines.lines(box_around(41.85, -87.66, max(zoom - 1, 0), 6), zoom))
    truth = shapely.MultiLineString([pixels(np.array(ring), zoom) for poly in whole["coordinates"] for ring in poly])
    for _, runs in told["lines"]:
        for run in runs:
            drawn = shapely.LineString(pixels(read(run), zoom))
            away = shapely.distance(shapely.points(shapely.get_coordinates(shapely.segmentize(drawn, 4))), truth)
            assert float(np.max(away)) <= 1.0


def test_where_the_boundary_goes_a_line_goes_too():
    zoom, whole = 14, wavy(4_000)
    told = msgspec.json.decode(Outlines({"a": whole}).lines(box_around(41.85, -87.66, 12, 4), zoom))
    drawn = shapely.MultiLineString([pixels(read(run), zoom) for _, runs in told["lines"] for run in runs])
    corners = np.vstack([np.array(ring) for ring in whole["coordinates"][0]])
    assert float(np.max(shapely.distance(shapely.points(pixels(corners, zoom)), drawn))) <= 1.0


def test_holes_and_islands_stay_and_the_ground_is_told_for_the_dimming():
    told = msgspec.json.decode(Outlines({"a": wavy(400)}).lines(box_around(41.85, -87.6, 10, 4), 11))
    assert len(told["ground"]) == 3, "outer ring, hole, island"
    assert len(told["lines"][0][1]) == 3


def test_what_is_outside_the_box_is_not_sent():
    outlines = Outlines({"a": wavy(100_000)})
    near = outlines.lines(box_around(41.85, -87.60, 16, 2), 17)
    assert len(near) < 20_000
    assert msgspec.json.decode(outlines.lines(box_around(10.0, 10.0, 10), 11)) == {"lines": [], "ground": []}


@pytest.mark.parametrize(
    "geometry",
    [
        None,
        {},
        {"type": "Polygon", "coordinates": []},
        {"type": "MultiPolygon", "coordinates": []},
        {"type": "Point", "coordinates": [0, 0]},
    ],
)
def test_a_boundary_of_nothing_is_nothing(geometry):
    outlines = Outlines({"a": geometry, "b": wavy(40)})
    assert outlines.ids() == ("b",)
    assert [label["id"] for label in json.loads(outlines.labels())] == ["b"]


def test_a_tangled_boundary_is_drawn_all_the_same():
    bow = {
        "type": "Polygon",
        "coordinates": [[[-87.7, 41.8], [-87.6, 41.9], [-87.6, 41.8], [-87.7, 41.9], [-87.7, 41.8]]],
    }
    told = msgspec.json.decode(Outlines({"a": bow}).lines(box_around(41.85, -87.65, 10), 12))
    assert told["lines"]


@pytest.mark.parametrize(
    "box",
    [(3, 0, 0, 8, 0), (3, 4, 0, 3, 0), (-1, 0, 0, 0, 0), (21, 0, 0, 0, 0), (10, 0, 0, TILES_MAX, 0), (10, 0, 5, 0, 4)],
)
def test_an_impossible_box_is_known(box):
    assert not TileBox(*box).is_possible()


def test_a_name_stands_in_the_widest_part():
    ell = {"type": "Polygon", "coordinates": [[[0, 40], [10, 40], [10, 41], [4, 41], [4, 44], [0, 44], [0, 40]]]}
    (label,) = json.loads(Outlines({"x": ell}, names={"x": "Elbow"}).labels())
    assert label["name"] == "Elbow"
    assert 1 < label["lon"] < 3
    assert label["radius_deg"] == pytest.approx(2.0, abs=0.2)


def test_a_public_page_gets_fewer_corners_and_a_valid_shape():
    whole = wavy(20_000)
    less = simplified(whole, 12)
    made = shapely.geometry.shape(less)
    assert shapely.get_num_coordinates(made) < 3_000
    assert shapely.hausdorff_distance(made, shapely.geometry.shape(whole)) < 0.0004


@pytest.mark.skipif(not PRECINCTS.exists(), reason="the shared boundaries are not here")
def test_new_yorks_99369_corners_become_few():
    features = json.loads(gzip.decompress(PRECINCTS.read_bytes()))["features"]
    outlines = Outlines({str(f["properties"]["precinct"]): f["geometry"] for f in features})
    city = outlines.lines(box_around(40.72, -73.95, 9, 3), 10)
    street = outlines.lines(box_around(40.72, -73.99, 16, 3), 17)
    assert len(json.loads(city)["lines"]) == 77
    assert len(city) < 150_000
    assert len(street) < 40_000
