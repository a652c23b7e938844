"""Lists of homes: read as they come, with every row that is not used counted and told."""

from __future__ import annotations

import gzip
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import pyproj
import pytest
import shapely

from console.service.homes import Columns, HomesRead, read_homes

TO_FEET = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:2263", always_xy=True)


def saved(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def told(read: HomesRead) -> dict[str, str]:
    return {problem.code: problem.text for problem in read.problems}


@pytest.mark.parametrize(
    "heading", ["lat,lon,units", "LATITUDE,Longitude,UnitsRes", "y,x,homes", "Lat,LNG,Units_Res", "lat,long,dwellings"]
)
def test_the_usual_names_are_recognised(tmp_path: Path, heading: str) -> None:
    read = read_homes(saved(tmp_path / "a.csv", f"{heading}\n40.71,-74.01,3\n40.72,-74.0,2.0\n"))
    assert read.usable
    assert (read.lat.tolist(), read.lon.tolist(), read.units.tolist()) == ([40.71, 40.72], [-74.01, -74.0], [3, 2])
    assert (read.homes, read.rows, read.problems) == (5, 2, ())


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_any_usual_delimiter_and_encoding_is_read(tmp_path: Path, delimiter: str, encoding: str) -> None:
    rows = [
        ["straße", "lat", "lon", "units"],
        ["Königsweg", "\u00a040.71 ", "-74.01", "1,200"],
        ["x", "40.72", "-74", ""],
    ]
    text = "".join(delimiter.join(f'"{value}"' for value in row) + "\r\n" for row in rows)
    read = read_homes(saved(tmp_path / "a.txt", text, encoding))
    assert read.units.tolist() == [1200]
    assert "1 row (number 3) whose number of homes is not a number" in told(read)["bad_units"]


def test_a_gzipped_list_is_read_and_a_cut_one_refused(tmp_path: Path) -> None:
    packed = gzip.compress(b"lat,lon,units\n" + b"40.71,-74.01,3\n" * 1000)
    path = tmp_path / "a.csv.gz"
    path.write_bytes(packed)
    assert read_homes(path).homes == 3000
    path.write_bytes(packed[:-20])
    assert list(told(read_homes(path))) == ["not_readable"]


def test_without_a_column_of_units_each_row_is_a_home_and_that_is_told(tmp_path: Path) -> None:
    read = read_homes(saved(tmp_path / "a.csv", "id,lat,lon\n7,40.71,-74.01\n8,40.71,-74.01\n"))
    assert read.homes == 2
    assert "each row counts as one home" in told(read)["no_units_column"]


def test_rows_that_cannot_be_used_are_counted_and_told(tmp_path: Path) -> None:
    rows = ["40.7,-74,2", ",,3", "40.7,,3", "north,-74,3", "0,0,4", "40.7,-74,0", "40.7,-74,-1", "40.7,-74,many"]
    rows += ["40.7,-74,6000", "40.7,-74,999999", "95,-74,1", "40.7", "40.7,-74,0.5"]
    read = read_homes(saved(tmp_path / "a.csv", "lat,lon,units\n" + "\n".join(rows) + "\n"))
    assert read.units.tolist() == [2, 6000, 0.5]
    assert set(told(read)) == {"no_position", "null_island", "no_units", "bad_units", "absurd_units", "many_units"}
    texts = [problem.text for problem in read.problems]
    assert any(text.startswith("4 rows (the first is number 3) without a position") for text in texts)
    assert any(text.startswith("1 row (number 6) at 0, 0") for text in texts)
    assert any(
        text.startswith("Not on the globe, beyond 180 or 90 degrees: 1 rows (number 12 is the first)") for text in texts
    )
    assert read.usable


def test_columns_and_a_reference_system_can_be_named(tmp_path: Path) -> None:
    x, y = TO_FEET.transform(-74.0, 40.71)
    path = saved(tmp_path / "a.csv", f"lat,lon,n,e,flats\n1,2,{y},{x},9\n")
    read = read_homes(path, Columns(lat="N", lon="e", units="flats", crs="EPSG:2263"))
    assert (read.lat[0], read.lon[0], read.homes) == (pytest.approx(40.71), pytest.approx(-74.0), 9)
    assert "lat, lon, n, e, flats" in told(read_homes(path, Columns(lat="north")))["no_column"]
    unknown = read_homes(path, Columns(lat="n", lon="e", crs="EPSG:999999"))
    assert "crs_unknown" in told(unknown)
    assert not unknown.usable


def test_feet_that_nobody_named_are_refused_with_the_evidence(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.csv", "y,x,units\n198000,981000,3\n198100,981100,3\n")
    read = read_homes(path)
    assert not read.usable
    assert "981,000" in told(read)["crs_contradicts"]
    assert "--homes-crs" in told(read)["crs_contradicts"]


def test_swapped_columns_are_refused(tmp_path: Path) -> None:
    read = read_homes(saved(tmp_path / "a.csv", "lat,lon\n-74,40.7\n-74.1,40.8\n"))
    assert next(iter(told(read))) == "axes_swapped"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "not_readable"),
        ("<!DOCTYPE html><html>", "not_readable"),
        ("a,b\n1,2\n", "no_column"),
        ("lat,lon,units\n", "no_homes"),
        ("lat,lon,units\n40,-74,0\n", "no_homes"),
        ('lat,lon\n40,"-74', "no_position"),
        ("PK\x03\x04zip", "not_readable"),
        ("\x00\x00\x00", "not_readable"),
    ],
)
def test_what_is_no_list_of_homes_is_refused_with_words(tmp_path: Path, text: str, code: str) -> None:
    read = read_homes(saved(tmp_path / "a.csv", text))
    assert code in told(read) or read.usable
    assert code == "no_position" or not read.usable


def test_missing_files_and_folders_are_refused(tmp_path: Path) -> None:
    assert list(told(read_homes(tmp_path / "nothing"))) == ["no_file"]
    assert list(told(read_homes(tmp_path))) == ["not_readable"]


def points(path: Path, layer: str, shapes: list[Any], units: list[int], crs: str | None, **options: Any) -> Path:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pyogrio.raw.write(
            path,
            geometry=shapely.to_wkb(np.array(shapes, dtype=object)),
            field_data=[np.array(units)],
            fields=["UnitsRes"],
            geometry_type=shapes[0].geom_type,
            crs=crs,
            layer=layer,
            driver="GPKG",
            **options,
        )
    return path


def test_points_of_a_geopackage_are_read_in_their_system(tmp_path: Path) -> None:
    shapes = [shapely.Point(*TO_FEET.transform(-74.0, 40.71)), shapely.Point(*TO_FEET.transform(-74.01, 40.72))]
    path = points(tmp_path / "a.gpkg", "lots", shapes, [3, 0], "EPSG:2263")
    read = read_homes(path)
    assert (read.lat[0], read.lon[0], read.homes) == (pytest.approx(40.71), pytest.approx(-74.0), 3)
    points(path, "other", shapes, [1, 1], "EPSG:2263", append=True)
    assert "lots, other" in told(read_homes(path))["several_layers"]
    assert read_homes(path, Columns(layer="other")).homes == 2
    assert "no_layer" in told(read_homes(path, Columns(layer="third")))
    lines = points(tmp_path / "b.gpkg", "lots", [shapely.LineString([(0, 1), (1, 1)])], [1], "EPSG:4326")
    assert "not single points" in told(read_homes(lines))["no_homes"]
    path.write_bytes(path.read_bytes()[:3000])
    assert "not_readable" in told(read_homes(path))


def test_the_lots_of_two_precincts_of_new_york(shared_data: Path) -> None:
    read = read_homes(shared_data / "density" / "nyc_residential_lots_pct_9_114.csv.gz")
    assert (read.rows, len(read.lat), read.homes) == (18_906, 18_806, 148_153)
    assert set(told(read)) == {"no_units", "many_units"}
