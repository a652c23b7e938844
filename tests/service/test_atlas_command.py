"""`porchlight-service atlas` as IT types it: build, check, show; exit status 0, 1 or 2, and never a traceback."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pmtiles.tile
import pmtiles.writer
import pytest

from console.cli import service_main
from console.service.atlas import read_manifest, read_pack

WEST = [[-74.02, 40.70], [-74.0, 40.70], [-74.0, 40.72], [-74.02, 40.72], [-74.02, 40.70]]
EAST = [[-74.0, 40.70], [-73.98, 40.70], [-73.98, 40.72], [-74.0, 40.72], [-74.0, 40.70]]


def boundary(path: Path, *rings: Any, crs: str = "") -> Path:
    features = [
        {"type": "Feature", "properties": {"pct": i + 1}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
        for i, ring in enumerate(rings)
    ]
    member = {"crs": {"type": "name", "properties": {"name": crs}}} if crs else {}
    path.write_text(json.dumps({"type": "FeatureCollection", **member, "features": features}))
    return path


@pytest.fixture
def city(tmp_path: Path) -> Path:
    """A folder with a boundary and homes."""
    boundary(tmp_path / "districts.geojson", WEST, EAST)
    place = random.Random(4)
    rows = [f"{place.uniform(40.701, 40.719)},{place.uniform(-74.019, -73.981)},5" for _ in range(300)]
    (tmp_path / "homes.csv").write_text("lat,lon,units\n" + "\n".join(rows) + "\n")
    return tmp_path


def build(city: Path, *more: str, out: str = "city", districts: str = "districts.geojson") -> int:
    given = ["--boundary", str(city / districts), "--homes", str(city / "homes.csv")]
    return service_main(["atlas", "build", str(city / out), *given, *more])


def answer(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def problem_codes(found: Any) -> set[str]:
    return {problem["code"] for problem in found["problems"]}


def basemap(path: Path, west: float, south: float, east: float, north: float) -> Path:
    with path.open("wb") as file:
        writer: Any = pmtiles.writer.Writer(file)
        writer.write_tile(pmtiles.tile.zxy_to_tileid(0, 0, 0), b"tile")
        degrees = {
            "min_lon": west,
            "min_lat": south,
            "max_lon": east,
            "max_lat": north,
            "center_lon": west,
            "center_lat": south,
        }
        header: dict[str, Any] = {f"{name}_e7": round(value * 1e7) for name, value in degrees.items()}
        header |= {
            "tile_type": pmtiles.tile.TileType.MVT,
            "tile_compression": pmtiles.tile.Compression.NONE,
            "center_zoom": 0,
        }
        layers = [{"id": "roads"}, {"id": "water"}]
        writer.finalize(header, {"attribution": "© the map's makers", "vector_layers": layers})
    return path


def test_a_pack_is_built_and_shown(city: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert build(city, "--name", "Two Precincts Police", "--attribution", "City Hall", "--licence", "CC0-1.0") == 0
    said = capsys.readouterr()
    assert "Two Precincts Police" in said.out
    assert "reading the boundary districts.geojson" in said.err
    assert "(time_zone_derived): The time zone is America/New_York" in said.err
    pack = read_pack(city / "city")
    assert [district.name for district in pack.atlas.districts] == ["1", "2"]
    assert sum(block.homes for block in pack.atlas.blocks) > 1400
    sources = read_manifest(city / "city").sources
    assert [(source.name, source.licence) for source in sources] == [
        ("districts.geojson", "CC0-1.0"),
        ("homes.csv", "CC0-1.0"),
    ]
    assert service_main(["atlas", "show", str(city / "city")]) == 0
    shown = capsys.readouterr().out
    assert "0: no streets, outlines only" in shown
    assert "America/New_York" in shown
    assert service_main(["atlas", "show", str(city / "city"), "--json"]) == 0
    facts = answer(capsys)
    assert facts["version"] == pack.atlas.version
    assert (facts["districts"], facts["streets"], facts["basemap"]) == (2, 0, False)
    assert facts["homes_per_block"]["min"] >= 20
    assert facts["blocks"] == len(pack.atlas.blocks)
    assert len(facts["sources"]) == 2


def test_the_same_files_build_the_same_bytes(city: Path) -> None:
    assert build(city, "--name", "x", out="one") == build(city, "--name", "x", out="two") == 0
    assert (city / "one" / "atlas.json").read_bytes() == (city / "two" / "atlas.json").read_bytes()
    assert (city / "one" / "manifest.json").read_bytes() == (city / "two" / "manifest.json").read_bytes()


def test_a_changed_boundary_is_another_version_and_the_one_before_is_kept(
    city: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert build(city, "--json") == 0
    before = answer(capsys)
    third = [[-73.98, 40.70], [-73.97, 40.70], [-73.97, 40.72], [-73.98, 40.72], [-73.98, 40.70]]
    boundary(city / "more.geojson", WEST, EAST, third)
    assert build(city, "--json", "--previous", str(city / "city"), districts="more.geojson") == 0
    after = answer(capsys)
    assert after["version"] != before["version"]
    assert (before["districts"], after["districts"]) == (2, 3)
    assert after["blocks_as_before"] == before["blocks"]
    assert "replaced" in problem_codes(after)
    kept = city / f"city-{before['version']}"
    assert read_pack(kept).atlas.version == before["version"]
    assert read_pack(city / "city").atlas.version == after["version"]
    # Building what stands there already keeps nothing aside.
    assert build(city, "--json", "--previous", str(kept), districts="more.geojson") == 0
    assert "replaced" not in problem_codes(answer(capsys))
    assert len(list(city.glob("city-*"))) == 1


def test_a_folder_with_other_things_is_never_replaced(city: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (city / "letters").mkdir()
    (city / "letters" / "mine.txt").write_text("mine")
    assert build(city, "--json", out="letters") == 1
    assert problem_codes(answer(capsys)) == {"out_taken"}
    assert (city / "letters" / "mine.txt").read_text() == "mine"
    assert build(city, out="homes.csv") == 1
    assert "holds other things" in capsys.readouterr().err
    (city / "empty").mkdir()
    assert build(city, out="empty") == 0


def test_a_street_map_goes_into_the_pack_with_its_makers_credit(city: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = basemap(city / "city.pmtiles", -74.1, 40.6, -73.9, 40.8)
    assert build(city, "--basemap", str(path), "--attribution", "City Hall", "--json") == 0
    found = answer(capsys)
    assert found["basemap"] is True
    assert problem_codes(found) == {"time_zone_derived"}
    pack = read_pack(city / "city")
    assert pack.basemap is not None
    assert pack.basemap.read_bytes() == path.read_bytes()
    assert pack.atlas.attribution == "City Hall; © the map's makers"


@pytest.mark.parametrize(
    ("bounds", "code"), [((0.0, 10.0, 1.0, 11.0), "basemap_elsewhere"), ((-74.1, 40.6, -74.0, 40.8), "basemap_partial")]
)
def test_a_street_map_of_another_place_is_told(
    city: Path, capsys: pytest.CaptureFixture[str], bounds: tuple[float, float, float, float], code: str
) -> None:
    assert build(city, "--basemap", str(basemap(city / "a.pmtiles", *bounds)), "--json") == 0
    assert code in problem_codes(answer(capsys))


@pytest.mark.parametrize("content", [None, b"", b"PMTiles\x03 and no more", b"<html>", b"PMTiles\x02" + b"\x00" * 200])
def test_a_street_map_that_is_none_is_refused(
    city: Path, capsys: pytest.CaptureFixture[str], content: bytes | None
) -> None:
    path = city / "a.pmtiles"
    if content is not None:
        path.write_bytes(content)
    assert build(city, "--basemap", str(path), "--json") == 1
    assert problem_codes(answer(capsys)) & {"basemap", "no_file"}
    assert not (city / "city").exists()


def test_a_cut_street_map_is_refused(city: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = basemap(city / "a.pmtiles", -74.1, 40.6, -73.9, 40.8)
    path.write_bytes(path.read_bytes()[:-2])
    assert build(city, "--basemap", str(path)) == 1
    assert "damaged or incomplete PMTiles file" in capsys.readouterr().err


def test_what_cannot_be_used_is_refused_with_its_reasons(city: Path, capsys: pytest.CaptureFixture[str]) -> None:
    boundary(city / "feet.geojson", [[x * 10_000 + 1_000_000, y * 3_000] for x, y in WEST])
    assert build(city, districts="feet.geojson") == 1
    said = capsys.readouterr()
    assert "refused (crs_contradicts): The file says nothing, which means EPSG:4326, but coordinates reach" in said.err
    assert "No atlas was made." in said.err
    assert said.out == ""
    assert build(city, "--units-column", "flats", "--json") == 1
    assert problem_codes(answer(capsys)) == {"no_column"}
    assert build(city, "--previous", str(city / "nothing"), "--json") == 1
    assert problem_codes(answer(capsys)) == {"pack"}
    assert not (city / "city").exists()


def test_check_prints_what_was_read(city: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(city / "districts.geojson")
    assert service_main(["atlas", "check", path, "--json"]) == 0
    found = answer(capsys)
    assert list(found) == ["crs", "features", "problems"]
    assert found["crs"] == "EPSG:4326"
    first = found["features"][0]
    assert list(first) == ["name", "parts", "holes", "area_m2", "bounds"]
    assert (first["name"], first["parts"], first["holes"]) == ("1", 1, 0)
    assert first["area_m2"] == pytest.approx(3.7536e6, rel=1e-3)
    assert first["bounds"] == [-74.02, 40.7, -74.0, 40.72]
    assert found["problems"] == []
    assert service_main(["atlas", "check", path]) == 0
    assert "It can be used: 2 areas, 2.9 sq mi (7.5 km²)." in capsys.readouterr().out


def test_check_refuses_with_status_1_and_still_prints_json(city: Path, capsys: pytest.CaptureFixture[str]) -> None:
    boundary(city / "wrong.geojson", WEST, crs="EPSG:999999")
    assert service_main(["atlas", "check", str(city / "wrong.geojson"), "--json"]) == 1
    found = answer(capsys)
    assert found["features"] == []
    assert [list(problem) for problem in found["problems"]] == [["code", "feature", "text"]]
    assert service_main(["atlas", "check", str(city / "wrong.geojson")]) == 1
    assert "wrong.geojson cannot be used" in capsys.readouterr().err
    assert service_main(["atlas", "check", str(city / "wrong.geojson"), "--crs", "EPSG:4326"]) == 0
    assert "crs_overridden" in capsys.readouterr().err


def test_show_writes_blocks_without_their_counts(city: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert build(city) == 0
    target = city / "blocks.geojson"
    assert service_main(["atlas", "show", str(city / "city"), "--geojson", str(target)]) == 0
    blocks = json.loads(target.read_text())["features"]
    assert len(blocks) == len(read_pack(city / "city").atlas.blocks)
    assert {name for block in blocks for name in block["properties"]} == {"id", "homes", "cells"}
    assert {block["properties"]["homes"] for block in blocks} <= {"20 to 49", "50 to 99", "100 to 249", "250 or more"}
    assert service_main(["atlas", "show", str(city), "--json"]) == 1
    capsys.readouterr()
    assert service_main(["atlas", "show", str(city / "city"), "--geojson", str(city / "no" / "where.geojson")]) == 1
    assert "cannot be written" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["atlas"], ["atlas", "build", "out"], ["atlas", "check"], ["atlas", "mend"]])
def test_a_wrong_command_line_is_status_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        service_main(arguments)
    assert stopped.value.code == 2
    capsys.readouterr()
