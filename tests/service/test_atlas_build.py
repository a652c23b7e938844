"""An atlas from a boundary and homes: no block under 20, every home accounted for, the same bytes again."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import h3
import msgspec
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from console.domain.atlas import Atlas, AtlasIndex, atlas_faults
from console.domain.blocks import MINIMUM_HOMES
from console.service.atlas import Source, read_pack, write_pack
from console.service.atlas_build import Report, Words, build_atlas, cells_within, geojson, homes_by_cell, slug
from console.service.boundaries import BoundaryRead, Feature, area_m2, read_boundary
from console.service.homes import HomesRead, read_homes

WORDS = Words(name="Test Police", time_zone="America/New_York")
WEST, EAST = shapely.box(-74.02, 40.70, -74.00, 40.72), shapely.box(-74.00, 40.70, -73.98, 40.72)


def feature(name: str, shape: Any) -> Feature:
    parts = shapely.get_parts(shape)
    holes = int(shapely.get_num_interior_rings(parts).sum())
    return Feature(name, shape, len(parts), holes, area_m2(shape), shape.bounds)


def boundary(*shapes: Any) -> BoundaryRead:
    return BoundaryRead("EPSG:4326", tuple(feature(str(i + 1), shape) for i, shape in enumerate(shapes)), ())


def homes(rows: list[tuple[float, float, float]]) -> HomesRead:
    lat, lon, units = np.array(rows, dtype=float).reshape(-1, 3).T
    return HomesRead(lat, lon, units, len(rows), "lat, lon, units", ())


def spread(count: int, seed: int = 1, units: int = 2) -> list[tuple[float, float, float]]:
    place = random.Random(seed)
    return [(place.uniform(40.701, 40.719), place.uniform(-74.019, -73.981), units) for _ in range(count)]


def built(
    read: BoundaryRead, found: HomesRead, words: Words = WORDS, previous: Atlas | None = None
) -> tuple[Atlas, Report]:
    atlas, report = build_atlas(read, found, words, previous)
    assert atlas is not None, report.problems
    return atlas, report


def told(report: Report) -> dict[str, str]:
    return {problem.code: problem.text for problem in report.problems}


def test_the_same_boundary_and_homes_give_the_same_bytes_in_whatever_order() -> None:
    rows = spread(400)
    first, _ = built(boundary(WEST, EAST), homes(rows))
    random.Random(2).shuffle(rows)
    again = BoundaryRead("EPSG:2263", tuple(reversed(boundary(WEST, EAST).features)), ())
    second, _ = built(again, homes(rows))
    assert msgspec.json.encode(first) == msgspec.json.encode(second)
    assert first.version.startswith("test-police-")
    assert len(first.version) == len("test-police-") + 12


def test_a_changed_boundary_or_home_is_another_version() -> None:
    rows = spread(400)
    one, _ = built(boundary(shapely.union(WEST, EAST)), homes(rows))
    two, _ = built(boundary(WEST, EAST), homes(rows))
    more, _ = built(boundary(WEST, EAST), homes([*rows, (40.71, -74.0, 1)]))
    assert len({one.version, two.version, more.version}) == 3
    assert [len(atlas.districts) for atlas in (one, two)] == [1, 2]


@settings(max_examples=25)
@given(st.integers(60, 400), st.integers(0, 1000), st.integers(1, 30), st.booleans())
def test_open_block_and_stray_cells_share_out_the_jurisdiction(count: int, seed: int, units: int, hole: bool) -> None:
    west = shapely.difference(WEST, shapely.box(-74.015, 40.705, -74.005, 40.715)) if hole else WEST
    rows = [*spread(count, seed, units), (40.702, -74.0, 40)]
    atlas, report = built(boundary(west, EAST), homes(rows))
    blocks = [cell for block in atlas.blocks for cell in block.cells]
    shares = (set(atlas.open_cells), set(blocks), set(atlas.stray_cells))
    assert sum(map(len, shares)) == len(set.union(*shares))
    within = cells_within(shapely.union(west, EAST))
    assert within <= set.union(*shares)
    assert set(atlas.open_cells) <= within
    assert atlas_faults(atlas) == ()
    assert len(blocks) == len(set(blocks))
    assert all(block.homes >= MINIMUM_HOMES for block in atlas.blocks)
    assert sum(block.homes for block in atlas.blocks) + report.homes_left_over == report.homes_inside
    assert report.homes_inside + report.homes_outside == count * units + 40
    assert set(atlas.stray_cells.values()) <= {block.id for block in atlas.blocks}


@pytest.mark.parametrize(
    "shape", [WEST, shapely.box(-74.0, 40.7, -73.9999, 40.7001), WEST.buffer(0.01).boundary.buffer(0.002)]
)
def test_cells_within_are_those_h3_itself_names(shape: Any) -> None:
    assert cells_within(shape) == {str(cell) for cell in h3.geo_to_cells(geojson(shape), 10)}


def test_places_at_the_180th_meridian_and_near_a_pole_do_not_crash() -> None:
    for shape in (
        shapely.box(179.9, 52, 180, 52.1),
        shapely.box(-180, 52, -179.9, 52.1),
        shapely.box(10, 83.8, 10.3, 83.9),
    ):
        rows = [(shape.centroid.y, shape.centroid.x, 50.0)]
        atlas, _ = built(boundary(shape), homes(rows))
        assert len(atlas.blocks) == 1
        assert atlas.open_cells


def test_homes_outside_are_counted_and_told() -> None:
    atlas, report = built(boundary(WEST), homes([(40.71, -74.01, 30), (40.71, -73.9, 7), (40.9, -74.01, 5)]))
    assert (report.rows_outside, report.homes_outside, report.homes_inside) == (2, 12, 30)
    assert told(report)["outside"].startswith("2 of 3 places (66.7%), with 12 homes, lie outside the boundary")
    assert sum(block.homes for block in atlas.blocks) == 30


def test_a_district_without_homes_is_told() -> None:
    _, report = built(boundary(WEST, EAST), homes([(40.71, -74.01, 30)]))
    assert "1 of 2 areas hold no homes at all: 2." in told(report)["feature_without_homes"]


def test_nothing_to_make_an_atlas_of_is_refused_with_the_evidence() -> None:
    atlas, report = build_atlas(boundary(WEST), homes([(47.6, -122.3, 30)]), WORDS)
    assert atlas is None
    assert "the homes from latitude 47.600" in told(report)["no_homes_inside"]
    atlas, report = build_atlas(boundary(WEST), homes([(40.71, -74.01, 19)]), WORDS)
    assert atlas is None
    assert "holds 19 homes, nowhere 20 near each other" in told(report)["no_blocks"]


def test_the_time_zone_is_given_or_derived_and_told() -> None:
    rows = [(40.71, -74.01, 30.0)]
    atlas, report = built(boundary(WEST), homes(rows), Words(name="x"))
    assert atlas.time_zone == "America/New_York"
    assert "time_zone_derived" in told(report)
    assert told(built(boundary(WEST), homes(rows))[1]) == {}
    nothing, report = build_atlas(boundary(WEST), homes(rows), Words(name="x", time_zone="Mars/Base"))
    assert nothing is None
    assert "'Mars/Base' is no time zone" in told(report)["time_zone"]


def test_flats_that_share_a_building_s_homes_add_up() -> None:
    cell = h3.latlng_to_cell(40.71, -74.01, 10)
    lat, lon = np.full(30, 40.71), np.full(30, -74.01)
    assert homes_by_cell(lat, lon, np.full(30, 1 / 3)) == {cell: 10}
    assert homes_by_cell(lat[:1], lon[:1], np.array([0.25])) == {cell: 1}


def test_slits_between_districts_are_closed_and_enclaves_stay_open() -> None:
    slit = shapely.box(-74.0001, 40.705, -74.0, 40.7051)
    enclave = shapely.box(-74.015, 40.705, -74.005, 40.715)
    read = boundary(shapely.difference(WEST, shapely.union(slit, enclave)), EAST)
    atlas, _ = built(read, homes(spread(200)))
    index = AtlasIndex(atlas)
    assert shapely.get_num_interior_rings(shapely.get_parts(index.jurisdiction_shape)).tolist() == [1]
    assert not any(
        index.jurisdiction_shape.contains(shapely.Point(h3.cell_to_latlng(c)[::-1])) is False for c in atlas.open_cells
    )


def test_features_of_the_same_name_become_one_district_and_nine_comes_before_ten() -> None:
    parts = [shapely.box(-74.02 + i / 100, 40.70, -74.01 + i / 100, 40.72) for i in range(4)]
    features = tuple(feature(name, part) for name, part in zip(("10", "9", "10", "A1"), parts, strict=True))
    words = msgspec.structs.replace(WORDS, populations={"10": 1234})
    atlas, _ = built(BoundaryRead("EPSG:4326", features, ()), homes(spread(200)), words)
    assert [(d.name, d.population) for d in atlas.districts] == [("9", 0), ("10", 1234), ("A1", 0)]
    assert len(atlas.districts[1].geometry["coordinates"]) == 2


def test_an_atlas_says_where_its_homes_are_from_and_that_it_has_no_streets() -> None:
    words = Words(name="x", time_zone="UTC", homes_source="a survey", attribution="© me")
    atlas, _ = built(boundary(WEST), homes([(40.71, -74.01, 30)]), words)
    assert atlas.homes_note.startswith("Homes are counted from a survey. No streets:")
    assert (atlas.streets, atlas.attribution) == ((), "© me")


@settings(max_examples=25)
@given(st.integers(0, 1000), st.integers(0, 1000), st.integers(0, 300))
def test_blocks_of_the_atlas_before_are_not_cut(seed: int, other: int, gone: int) -> None:
    before = spread(400, seed, 3)
    old, _ = built(boundary(WEST, EAST), homes(before))
    after = before[gone:] + spread(50, other, 4)
    new, report = built(boundary(WEST, EAST), homes(after), previous=old)
    place = {cell: block.id for block in new.blocks for cell in block.cells}
    assert all(block.homes >= MINIMUM_HOMES for block in new.blocks)
    for block in old.blocks:
        still = [cell for cell in block.cells if cell in place]
        assert len({place[cell] for cell in still}) <= 1
    assert report.kept_blocks <= len(old.blocks)
    same, report = built(boundary(WEST, EAST), homes(before), previous=old)
    assert same.blocks == old.blocks
    assert report.kept_blocks == len(old.blocks)


def test_names_become_versions_that_can_be_file_names() -> None:
    assert slug("Police de Saint-Étienne (42)") == "police-de-saint-etienne-42"
    assert slug("警察") == "atlas"
    assert len(slug("x" * 200)) == 40


def test_two_real_precincts_make_a_pack(shared_data: Path, tmp_path: Path) -> None:
    read = read_boundary(shared_data / "boundaries" / "nypd_precincts_77_wgs84_derived.geojson.gz")
    found = read_homes(shared_data / "density" / "nyc_residential_lots_pct_9_114.csv.gz")
    two = BoundaryRead(read.crs, tuple(f for f in read.features if f.name in {"9", "114"}), ())
    atlas, report = built(two, found)
    assert report.rows_outside <= 20
    assert report.homes_left_over <= 5
    assert 700 <= len(atlas.blocks) <= 760
    write_pack(tmp_path / "two", atlas, None, [Source("a", "1", "MIT", "b")])
    assert read_pack(tmp_path / "two").atlas == atlas
    # The 77 become 76: another version, whose blocks are those of before where nothing changed.
    one = BoundaryRead(read.crs, tuple(f for f in two.features if f.name == "114"), ())
    less, report = built(one, found, previous=atlas)
    assert less.version != atlas.version
    assert report.kept_blocks >= len(less.blocks) - 2  # a cell or two lie in both precincts
