"""The training city's pack: real ground, synthetic homes that match the census, no block under 20."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import h3
import mapbox_vector_tile
import msgspec
import pmtiles.reader
import pytest
import shapely

from console.domain.atlas import Atlas, AtlasIndex, District
from console.domain.blocks import MINIMUM_HOMES, make_blocks
from console.service.atlas import Pack, read_manifest, read_pack
from console.training import chicago, npm
from console.training.chicago import Area, Ground, RecipeError


@pytest.fixture(scope="module")
def pack(chicago_pack: Path) -> Pack:
    return read_pack(chicago_pack)


@pytest.fixture(scope="module")
def atlas(pack: Pack) -> Atlas:
    return pack.atlas


@pytest.fixture(scope="module")
def archive(pack: Pack) -> Any:
    assert pack.basemap is not None
    reader: Any = pmtiles.reader  # pmtiles is only partly typed
    return reader.Reader(reader.MemorySource(pack.basemap.read_bytes()))


@pytest.fixture(scope="module")
def ground(archive: Any) -> Ground:
    return chicago.read_ground({(x, y): archive.get(chicago.ZOOM, x, y) for x, y in chicago.TILES})


def area_of(district: District) -> Area:
    numbers = {name: number for number, (name, _) in chicago.read_populations().items()}
    outline = shapely.from_geojson(msgspec.json.encode(district.geometry))
    return Area(
        number=numbers[district.name],
        name=district.name,
        population=district.population,
        shape=shapely.transform(outline, chicago.metres),
        outline=outline,
    )


def outline_of(cell: str) -> Any:
    return shapely.Polygon([(lon, lat) for lat, lon in h3.cell_to_boundary(cell)])


def test_every_block_holds_at_least_twenty_homes(atlas: Atlas) -> None:
    assert len(atlas.blocks) > 1000
    assert min(block.homes for block in atlas.blocks) >= MINIMUM_HOMES


def test_every_block_lies_in_the_jurisdiction(atlas: Atlas) -> None:
    jurisdiction = AtlasIndex(atlas).jurisdiction_shape
    cells = [outline_of(cell) for block in atlas.blocks for cell in block.cells]
    assert shapely.intersects(jurisdiction, cells).all()


def test_open_cells_are_inside_and_in_no_block(atlas: Atlas) -> None:
    index = AtlasIndex(atlas)
    centres = [shapely.Point(h3.cell_to_latlng(cell)[::-1]) for cell in atlas.open_cells]
    assert shapely.intersects(index.jurisdiction_shape, centres).all()
    assert index.block_of_cell.keys().isdisjoint(atlas.open_cells)


def test_a_district_s_homes_match_its_people_and_a_second_placement_is_the_same(atlas: Atlas, ground: Ground) -> None:
    homes_by_cell: Counter[str] = Counter()
    for district in atlas.districts:
        placed = chicago.place_homes(area_of(district), ground)
        people = sum(placed.values()) * chicago.PEOPLE_PER_HOME
        assert people == pytest.approx(district.population, rel=0.02), district.name
        homes_by_cell.update(placed)
    # The pack is reproduced from nothing but its own tiles and districts.
    blocks, left_over = make_blocks(homes_by_cell)
    assert blocks == atlas.blocks
    assert set(left_over) == set(atlas.stray_cells)


def test_another_seed_places_homes_elsewhere(atlas: Atlas, ground: Ground) -> None:
    area = area_of(atlas.districts[0])
    assert chicago.place_homes(area, ground, seed=1) != chicago.place_homes(area, ground, seed=2)


def test_an_area_without_streets_is_refused_with_words(atlas: Atlas, ground: Ground) -> None:
    area = area_of(atlas.districts[0])
    nowhere = msgspec.structs.replace(area, shape=shapely.box(0, 0, 100, 100))
    with pytest.raises(RecipeError, match="no streets"):
        chicago.place_homes(nowhere, ground)


def test_the_districts_make_up_the_jurisdiction(atlas: Atlas) -> None:
    outlines = [area_of(district).outline for district in atlas.districts]
    jurisdiction = AtlasIndex(atlas).jurisdiction_shape
    assert jurisdiction.is_valid
    assert all(outline.is_valid for outline in outlines)
    assert sum(outline.area for outline in outlines) == pytest.approx(jurisdiction.area, rel=1e-4)
    assert shapely.box(*chicago.tiled_bounds()).buffer(1e-5).covers(jurisdiction)


def test_streets_have_names_and_lie_inside(atlas: Atlas) -> None:
    index = AtlasIndex(atlas)
    names = [street.name for street in atlas.streets]
    assert len(names) > 500
    assert len(names) == len(set(names))
    points = [point for street in atlas.streets for point in street.points]
    inside = shapely.dwithin(index.jurisdiction_shape, shapely.points([(p.lon, p.lat) for p in points]), 1e-5)
    assert inside.all()
    assert {"N Clark St", "W Madison St"} <= set(names)


def test_every_tile_of_the_basemap_can_be_read_and_decoded(archive: Any) -> None:
    for x, y in chicago.TILES:
        layers = mapbox_vector_tile.decode(archive.get(chicago.ZOOM, x, y))
        assert layers
    assert archive.get(chicago.ZOOM, 0, 0) is None


def test_the_basemap_says_where_it_is_and_whose_it_is(archive: Any) -> None:
    header = archive.header()
    west, south, east, north = chicago.tiled_bounds()
    assert (header["min_zoom"], header["max_zoom"], header["center_zoom"]) == (13, 13, 13)
    assert header["min_lon_e7"] == round(west * 1e7)
    assert header["max_lat_e7"] == round(north * 1e7)
    assert header["min_lat_e7"] < header["center_lat_e7"] < header["max_lat_e7"]
    assert header["min_lon_e7"] < header["center_lon_e7"] < header["max_lon_e7"] == round(east * 1e7)
    metadata = archive.metadata()
    assert metadata["attribution"] == chicago.ATTRIBUTION == "© OpenStreetMap contributors (ODbL)"
    assert {"road", "road_label", "water", "landuse"} <= {layer["id"] for layer in metadata["vector_layers"]}
    assert south < north


def test_the_pack_says_that_its_homes_are_synthetic_and_names_its_sources(atlas: Atlas, chicago_pack: Path) -> None:
    assert "synthetic" in atlas.homes_note
    assert atlas.time_zone == "America/Chicago"
    licences = {source.name: source.licence for source in read_manifest(chicago_pack).sources}
    assert "ODbL-1.0" in licences["@mapbox/mvt-fixtures"]
    assert all(licences.values())


def test_no_home_s_position_is_in_the_pack(atlas: Atlas) -> None:
    assert set(msgspec.to_builtins(atlas.blocks[0])) == {"id", "cells", "homes"}


def test_a_pack_of_this_very_recipe_is_left_as_it_is(chicago_pack: Path, tmp_path: Path) -> None:
    said: list[tuple[str, float]] = []
    before = (chicago_pack / "manifest.json").stat().st_mtime_ns
    chicago.build(tmp_path / "no-downloads", chicago_pack, lambda step, done: said.append((step, done)))
    assert said == [("the atlas pack is up to date", 1.0)]
    assert (chicago_pack / "manifest.json").stat().st_mtime_ns == before
    assert not (tmp_path / "no-downloads").exists()


def test_the_lock_files_name_no_registry_and_pin_every_package() -> None:
    lock = msgspec.json.decode((chicago.RESOURCES / "package-lock.json").read_bytes())
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())
    assert not any("resolved" in entry for entry in packages.values())
    pins = (chicago.RESOURCES / "requirements.lock").read_text("utf-8")
    assert "--hash=sha256:" in pins
    assert "://" not in pins


def test_a_missing_npm_is_refused_with_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(npm.NpmMissing, match="npm was not found"):
        npm.npm_command()
