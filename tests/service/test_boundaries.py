"""Boundary files as cities hand them out: read whole and true, or refused with the evidence."""

from __future__ import annotations

import gzip
import json
import warnings
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from console.service import atlas_problems, boundary_files
from console.service.boundaries import BoundaryRead, area_m2, read_boundary

# Two precincts side by side in Manhattan, longitude first, and the same in state-plane feet.
WEST = [[-74.01, 40.71], [-74.0, 40.71], [-74.0, 40.72], [-74.01, 40.72], [-74.01, 40.71]]
EAST = [[-74.0, 40.71], [-73.99, 40.71], [-73.99, 40.72], [-74.0, 40.72], [-74.0, 40.71]]
HOLE = [[-74.006, 40.713], [-74.004, 40.713], [-74.004, 40.717], [-74.006, 40.717], [-74.006, 40.713]]
TO_FEET = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:2263", always_xy=True)


def feet(ring: list[list[float]]) -> list[list[float]]:
    return [list(TO_FEET.transform(x, y)) for x, y in ring]


def polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def collection(*geometries: Any, crs: Any = "", names: list[Any] | None = None) -> dict[str, Any]:
    features = [
        {"type": "Feature", "properties": {"name": names[i] if names else f"P{i + 1}"}, "geometry": geometry}
        for i, geometry in enumerate(geometries)
    ]
    member = {} if crs == "" else {"crs": {"type": "name", "properties": {"name": crs}} if crs else None}
    return {"type": "FeatureCollection", **member, "features": features}


def saved(path: Path, content: Any) -> Path:
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def codes(read: BoundaryRead) -> list[str]:
    return [problem.code for problem in read.problems]


def refused(read: BoundaryRead, code: str) -> str:
    assert not read.usable
    assert read.problems[0].blocks
    assert read.problems[0].code == code, read.problems[0]
    return read.problems[0].text


def write_gdal(path: Path, crs: str | None, shapes: list[Any], names: list[str], **options: Any) -> Path:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pyogrio.raw.write(
            path,
            geometry=shapely.to_wkb(np.array(shapes, dtype=object)),
            field_data=[np.array(names, dtype=object)],
            fields=["PRECINCT"],
            geometry_type=options.pop("geometry_type", "Polygon"),
            crs=crs,
            **options,
        )
    return path


SHAPES = [shapely.Polygon(WEST, [HOLE]), shapely.Polygon(EAST)]
FEET = [shapely.transform(shape, lambda p: np.array(feet(p.tolist()))) for shape in SHAPES]


def zipped(folder: Path, target: Path, under: str = "") -> Path:
    with zipfile.ZipFile(target, "w") as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, under + str(path.relative_to(folder)))
    return target


# Formats ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "crs", "driver"),
    [
        ("a.gpkg", "EPSG:2263", "GPKG"),
        ("a.shp", "EPSG:2263", "ESRI Shapefile"),
        ("a.kml", "EPSG:4326", "KML"),
        ("a.gdb", "EPSG:2263", "OpenFileGDB"),
    ],
)
def test_a_gis_office_s_file_is_read_in_its_own_system(tmp_path: Path, name: str, crs: str, driver: str) -> None:
    shapes = SHAPES if crs == "EPSG:4326" else FEET
    kind = "MultiPolygon" if driver == "OpenFileGDB" else "Polygon"
    shapes = [shapely.MultiPolygon([shape]) for shape in shapes] if kind == "MultiPolygon" else shapes
    path = write_gdal(tmp_path / name, crs, shapes, ["1", "5"], driver=driver, geometry_type=kind)
    read = read_boundary(path)
    assert read.usable, read.problems
    assert read.crs == crs
    assert [feature.name for feature in read.features] == ["1", "5"]
    assert [(feature.parts, feature.holes) for feature in read.features] == [(1, 1), (1, 0)]
    assert read.features[0].bounds == pytest.approx((-74.01, 40.71, -74.0, 40.72), abs=1e-6)
    assert read.features[0].area_m2 == pytest.approx(area_m2(SHAPES[0]), rel=1e-3)


def test_a_zipped_shapefile_in_a_sub_folder_beside_a_mac_s_rubbish_is_read(tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "Precincts 2024").mkdir(parents=True)
    write_gdal(source / "Precincts 2024" / "pct.shp", "EPSG:2263", FEET, ["1", "5"])
    (source / "__MACOSX").mkdir()
    (source / "__MACOSX" / "._pct.shp").write_bytes(b"junk")
    read = read_boundary(zipped(source, tmp_path / "p.zip", under="nyc/"))
    assert (read.crs, len(read.features)) == ("EPSG:2263", 2)
    assert not list(Path(tmp_path).glob("porchlight-*"))


@pytest.mark.parametrize(("name", "driver"), [("a.gdb", "OpenFileGDB"), ("a.geojson", "GeoJSON")])
def test_other_formats_in_a_zip_are_read(tmp_path: Path, name: str, driver: str) -> None:
    source = tmp_path / "source"
    source.mkdir()
    shapes = [shapely.MultiPolygon([shape]) for shape in SHAPES]
    write_gdal(source / name, "EPSG:4326", shapes, ["1", "5"], driver=driver, geometry_type="MultiPolygon")
    assert [f.name for f in read_boundary(zipped(source, tmp_path / "p.zip")).features] == ["1", "5"]


def test_a_kmz_and_a_gzipped_file_are_read(tmp_path: Path) -> None:
    kml = write_gdal(tmp_path / "doc.kml", "EPSG:4326", SHAPES, ["1", "5"], driver="KML")
    with zipfile.ZipFile(tmp_path / "a.kmz", "w") as archive:
        archive.write(kml, "doc.kml")
    packed = tmp_path / "a.geojson.gz"
    packed.write_bytes(gzip.compress(json.dumps(collection(polygon(WEST))).encode()))
    assert len(read_boundary(tmp_path / "a.kmz").features) == 2
    assert len(read_boundary(packed).features) == 1


def test_several_layers_are_told_and_one_can_be_picked(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    write_gdal(path, "EPSG:4326", SHAPES, ["1", "5"], layer="beats", driver="GPKG")
    write_gdal(path, "EPSG:4326", SHAPES[:1], ["all"], layer="city", driver="GPKG", append=True)
    assert "beats, city" in refused(read_boundary(path), "several_layers")
    assert [f.name for f in read_boundary(path, layer="city").features] == ["all"]
    assert "beats, city" in refused(read_boundary(path, layer="wards"), "no_layer")
    source = tmp_path / "source"
    source.mkdir()
    for name in ("beats", "city"):
        write_gdal(source / f"{name}.shp", "EPSG:4326", SHAPES, ["1", "5"])
    both = zipped(source, tmp_path / "both.zip")
    assert "--layer" in refused(read_boundary(both), "several_layers")
    assert len(read_boundary(both, layer="city").features) == 2
    assert "beats.shp" in refused(read_boundary(both, layer="wards"), "no_layer")


WKT = "MULTIPOLYGON (((-74.01 40.71, -74.0 40.71, -74.0 40.72, -74.01 40.72, -74.01 40.71)))"
VIEW = {
    "columns": [
        {"fieldName": ":sid", "name": "sid", "dataTypeName": "meta_data"},
        {"fieldName": "the_geom", "name": "the_geom", "dataTypeName": "multipolygon"},
        {"fieldName": "precinct", "name": "Precinct", "dataTypeName": "number"},
    ]
}
LATER = {"type": "MultiPolygon", "coordinates": [[[[str(x), str(y)] for x, y in EAST]]]}


@pytest.mark.parametrize(
    "content",
    [
        {"meta": {"view": VIEW}, "data": [["row-a", WKT, "1.0"], ["row-b", json.dumps(LATER), 5]]},
        [
            {"precinct": "1", "the_geom": {"type": "Polygon", "coordinates": [WEST]}},
            {"precinct": "5", "the_geom": LATER},
        ],
        f'the_geom,Precinct,shape_area\n"{WKT}",1,99.5\n"SRID=4326;{WKT}",5,98.5\n',
    ],
)
@pytest.mark.parametrize("name", ["rows.json", "Police.geojson", "export"])
def test_socrata_rows_are_recognised_whatever_the_file_is_called(tmp_path: Path, content: Any, name: str) -> None:
    read = read_boundary(saved(tmp_path / name, content))
    assert read.usable, read.problems
    assert [feature.name for feature in read.features] == ["1", "5"]
    assert read.crs == "EPSG:4326"


def test_bytes_that_old_programs_write_are_read(tmp_path: Path) -> None:
    text = json.dumps(collection(polygon(WEST), names=["Peña Blanca"]), ensure_ascii=False)
    for encoding in ("utf-8-sig", "utf-16", "cp1252"):
        path = tmp_path / f"{encoding}.geojson"
        path.write_bytes(text.encode(encoding))
        assert [f.name for f in read_boundary(path).features] == ["Peña Blanca"]


# Reference systems ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("crs", ["EPSG:2263", "urn:ogc:def:crs:EPSG::2263"])
def test_a_crs_member_is_believed_where_it_fits(tmp_path: Path, crs: str) -> None:
    read = read_boundary(saved(tmp_path / "a.geojson", collection(polygon(feet(WEST)), crs=crs)))
    assert read.crs == "EPSG:2263"
    assert read.features[0].bounds == pytest.approx((-74.01, 40.71, -74.0, 40.72), abs=1e-6)


@pytest.mark.parametrize("crs", ["", "urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::4326"])
def test_degrees_are_wgs_84(tmp_path: Path, crs: str) -> None:
    read = read_boundary(saved(tmp_path / "a.geojson", collection(polygon(WEST), crs=crs)))
    assert (read.crs, codes(read)) == ("EPSG:4326", [])


def swapped(ring: list[list[float]]) -> list[list[float]]:
    return [[y, x] for x, y in ring]


@pytest.mark.parametrize(
    ("ring", "crs", "code", "words"),
    [
        (feet(WEST), "", "crs_contradicts", "coordinates reach 98.,... to .*: feet?"),
        (feet(WEST), "EPSG:4326", "crs_contradicts", "the file says EPSG:4326, but coordinates reach .*: feet?"),
        (feet(WEST), "EPSG:999999", "crs_unknown", "'EPSG:999999', which does not exist"),
        (feet(WEST), "Manhattan", "crs_unknown", "'Manhattan', which does not exist"),
        (feet(WEST), None, "crs_missing", "feet?"),
        (WEST, "EPSG:2263", "crs_contradicts", "-74.01 to -74 .*: degrees?"),
        (WEST, None, "crs_missing", "--crs EPSG:4326"),
        (feet(WEST), "EPSG:32618", "crs_contradicts", "far from the area it is made for"),
        (feet(WEST), "EPSG:26910", "crs_contradicts", "far from the area it is made for"),
        (swapped(WEST), "", "axes_swapped", "-74.01 is no latitude"),
        (swapped([[-122.3, 47.6], [-122.2, 47.6], [-122.2, 47.7], [-122.3, 47.6]]), "", "axes_swapped", "-122"),
        (swapped(feet(WEST)), "EPSG:2263", "axes_swapped", "East and north are swapped"),
        ([[0, 0], [-74.0, 40.71], [-74.0, 40.72], [0, 0]], "", "null_island", "at 0, 0"),
        ([[-74.01, 40.71], [-74.0, 340.71], [-74.0, 40.72], [-74.01, 40.71]], "", "crs_contradicts", "340.71"),
    ],
)
def test_a_missing_or_contradicting_system_is_refused_with_the_evidence(
    tmp_path: Path, ring: Any, crs: str | None, code: str, words: str
) -> None:
    import re

    text = refused(read_boundary(saved(tmp_path / "a.geojson", collection(polygon(ring), crs=crs))), code)
    assert re.search(words.replace("?", r"\?"), text, re.IGNORECASE), text


def test_a_shapefile_without_its_prj_is_refused_and_can_be_told(tmp_path: Path) -> None:
    for name, shapes, words in (("feet", FEET, "feet?"), ("deg", SHAPES, "degrees? If so, pass --crs EPSG:4326")):
        path = write_gdal(tmp_path / f"{name}.shp", None, shapes, ["1", "5"])
        assert not path.with_suffix(".prj").exists()
        assert words in refused(read_boundary(path), "crs_missing")
        read = read_boundary(path, crs="EPSG:2263" if name == "feet" else "EPSG:4326")
        assert [problem.code for problem in read.problems] == ["crs_overridden"]
        assert read.features[0].bounds == pytest.approx((-74.01, 40.71, -74.0, 40.72), abs=1e-6)


def test_a_shapefile_that_lost_a_part_is_refused_or_read_without_names(tmp_path: Path) -> None:
    path = write_gdal(tmp_path / "a.shp", "EPSG:2263", FEET, ["1", "5"])
    path.with_suffix(".dbf").unlink()
    assert [f.name for f in read_boundary(path).features] == ["Area 1", "Area 2"]
    path.with_suffix(".shx").unlink()
    assert "a.shp has no a.shx beside it" in refused(read_boundary(path), "not_readable")


def test_a_broken_prj_is_unknown_not_missing(tmp_path: Path) -> None:
    path = write_gdal(tmp_path / "a.shp", "EPSG:2263", FEET, ["1", "5"])
    saved(path.with_suffix(".prj"), "PROJCS[nonsense")
    refused(read_boundary(path), "crs_unknown")


def test_archives_within_archives_come_to_an_end(tmp_path: Path) -> None:
    content = json.dumps(collection(polygon(WEST))).encode()
    for depth in range(1, 6):
        content = gzip.compress(content)
        path = tmp_path / f"{depth}.gz"
        path.write_bytes(content)
        read = read_boundary(path)
        assert read.usable == (depth <= 3)
    assert "too many archives" in refused(read, "not_readable")


def test_what_it_says_wins_and_is_told_and_is_checked_too(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.geojson", collection(polygon(feet(WEST)), crs="EPSG:999999"))
    read = read_boundary(path, crs="EPSG:2263")
    assert (read.crs, codes(read)) == ("EPSG:2263", ["crs_overridden"])
    refused(read_boundary(path, crs="EPSG:4326"), "crs_contradicts")
    refused(read_boundary(path, crs="EPSG:0"), "crs_unknown")
    right = saved(tmp_path / "b.geojson", collection(polygon(feet(WEST)), crs="EPSG:2263"))
    assert codes(read_boundary(right, crs="EPSG:2263")) == []


# Shapes -----------------------------------------------------------------------------------------------------


def test_holes_islands_and_enclaves_are_kept(tmp_path: Path) -> None:
    island = [[-74.03, 40.71], [-74.02, 40.71], [-74.02, 40.72], [-74.03, 40.71]]
    ring = {"type": "MultiPolygon", "coordinates": [[WEST, HOLE], [island]]}
    read = read_boundary(saved(tmp_path / "a.geojson", collection(ring, polygon(HOLE), names=["ring", "enclave"])))
    assert [(f.name, f.parts, f.holes) for f in read.features] == [("ring", 2, 1), ("enclave", 1, 0)]
    assert codes(read) == []
    whole = shapely.union_all([f.geometry for f in read.features])
    assert sum(f.area_m2 for f in read.features) == pytest.approx(area_m2(whole), rel=1e-6)


def test_a_bow_tie_is_mended_and_told(tmp_path: Path) -> None:
    bow_tie = [[-74.01, 40.71], [-74.0, 40.72], [-74.0, 40.71], [-74.01, 40.72], [-74.01, 40.71]]
    read = read_boundary(saved(tmp_path / "a.geojson", collection(polygon(bow_tie), names=["Bow"])))
    assert read.usable
    assert [(p.code, p.feature) for p in read.problems] == [("ring_mended", "Bow")]
    assert "Self-intersection" in read.problems[0].text
    assert read.features[0].geometry.is_valid
    assert read.features[0].parts == 2


@pytest.mark.parametrize("short", [[[-74.1, 40.7], [-74.09, 40.7]], [[-74.1, 40.7]] * 4, [[-74.1, 40.7]], []])
def test_a_ring_of_too_few_points_is_dropped_and_told(tmp_path: Path, short: Any) -> None:
    ring = {"type": "MultiPolygon", "coordinates": [[WEST], [short]]}
    read = read_boundary(saved(tmp_path / "a.geojson", collection(ring)))
    assert read.features[0].parts == 1
    assert codes(read) == (["ring_dropped"] if short else [])
    alone = read_boundary(saved(tmp_path / "b.geojson", collection(polygon(short), polygon(WEST))))
    assert [f.name for f in alone.features] == ["P2"]
    assert "feature_empty" in codes(alone)
    only = read_boundary(saved(tmp_path / "c.geojson", collection(polygon(short))))
    refused(only, "no_area")


def test_what_is_no_area_is_left_out_and_told(tmp_path: Path) -> None:
    others = [{"type": "Point", "coordinates": [-74, 40.7]}, None, {"type": "LineString", "coordinates": WEST}, {}]
    mixed = {"type": "GeometryCollection", "geometries": [others[0], polygon(EAST)]}
    read = read_boundary(saved(tmp_path / "a.geojson", collection(polygon(WEST), *others, mixed)))
    assert [f.name for f in read.features] == ["P1", "P6"]
    assert sorted(codes(read)) == ["no_geometry", "no_geometry", "not_area", "not_area", "not_area"]
    assert read.usable
    refused(read_boundary(saved(tmp_path / "b.geojson", collection(*others))), "no_area")
    refused(read_boundary(saved(tmp_path / "c.geojson", collection())), "no_area")


def test_overlaps_are_told_and_slivers_are_not(tmp_path: Path) -> None:
    shifted = [[x - 0.005, y] for x, y in EAST]
    read = read_boundary(saved(tmp_path / "a.geojson", collection(polygon(WEST), polygon(shifted))))
    assert codes(read) == ["overlap"]
    assert "P1 and P2 overlap by 4" in read.problems[0].text
    sliver = [[x - 1e-6, y] for x, y in EAST]
    assert codes(read_boundary(saved(tmp_path / "b.geojson", collection(polygon(WEST), polygon(sliver))))) == []


def test_the_180th_meridian_and_the_poles_do_not_crash(tmp_path: Path) -> None:
    around = [[-179.9, 52], [179.9, 52], [179.9, 53], [-179.9, 53], [-179.9, 52]]
    assert "180th meridian" in refused(
        read_boundary(saved(tmp_path / "a.geojson", collection(polygon(around)))), "too_wide"
    )
    split = [
        [[[179.9, 52], [180, 52], [180, 52.1], [179.9, 52]]],
        [[[-180, 52], [-179.9, 52], [-180, 52.1], [-180, 52]]],
    ]
    read = read_boundary(saved(tmp_path / "b.geojson", collection({"type": "MultiPolygon", "coordinates": split})))
    assert read.usable
    assert read.features[0].area_m2 == pytest.approx(76.4e6, rel=0.02)
    refused(
        read_boundary(saved(tmp_path / "c.geojson", collection(polygon([[0.5, 89], [90, 90], [90, 89], [0.5, 89]])))),
        "axes_swapped",
    )
    country = [[-100, 30], [-90, 30], [-90, 40], [-100, 40], [-100, 30]]
    refused(read_boundary(saved(tmp_path / "d.geojson", collection(polygon(country)))), "area_too_large")


@given(
    st.floats(-120, 150), st.floats(-50, 60), st.floats(0.001, 0.3), st.floats(0.001, 0.3), st.booleans(), st.booleans()
)
def test_areas_are_those_of_the_ellipsoid(
    lon: float, lat: float, wide: float, high: float, back: bool, hole: bool
) -> None:
    whole = shapely.box(lon, lat, lon + wide, lat + high, ccw=back)
    inner = shapely.box(lon + wide / 4, lat + high / 4, lon + wide / 2, lat + high / 2, ccw=back)
    shape = shapely.Polygon(whole.exterior, [inner.exterior] if hole else [])
    equal_area = f"+proj=laea +lat_0={lat + high / 2} +lon_0={lon + wide / 2} +datum=WGS84"
    project = pyproj.Transformer.from_crs("EPSG:4326", equal_area, always_xy=True)
    flat = shapely.transform(
        shapely.segmentize(shape, 0.01), lambda p: np.column_stack(project.transform(p[:, 0], p[:, 1]))
    )
    assert area_m2(shape) == pytest.approx(flat.area, rel=1e-3)


# Names ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("columns", "names"),
    [
        ({"OBJECTID": [7, 8], "Shape_Area": [1.5, 2.5], "PRECINCT": [1.0, 5.0]}, ["1", "5"]),
        ({"DISTRICT": ["1", "1"], "BEAT_NUM": ["0111", "0112"]}, ["0111", "0112"]),
        ({"name": ["North\u00a0 Side", None]}, ["North Side", "Area 1"]),
        ({"name": ["Area 1", ""]}, ["Area 1", "Area 2"]),
        ({"code": ["x", "x"]}, ["Area 1", "Area 2"]),
        ({"agency": ["PD", "PD"], "label": ["a", "b"]}, ["a", "b"]),
        ({"NAME": ["City", "City"], "sector": ["K", "L"]}, ["K", "L"]),
        ({"edited_date": ["2020", "2021"], "oid": [1, 2], "hq": ["Elm St", "Oak St"]}, ["Elm St", "Oak St"]),
    ],
)
def test_features_are_named_by_the_column_that_tells_them_apart(
    tmp_path: Path, columns: dict[str, list[Any]], names: list[str]
) -> None:
    whole = collection(polygon(WEST), polygon(EAST))
    for index, feature in enumerate(whole["features"]):
        feature["properties"] = {name: values[index] for name, values in columns.items()}
    read = read_boundary(saved(tmp_path / "a.geojson", whole))
    assert [feature.name for feature in read.features] == names
    assert codes(read).count("named") == sum(name.startswith("Area ") for name in names) - (
        "Area 1" in columns.get("name", [])
    )


def test_a_name_column_can_be_chosen_and_the_same_name_twice_is_told(tmp_path: Path) -> None:
    whole = collection(polygon(WEST), polygon(EAST))
    for feature in whole["features"]:
        feature["properties"]["Borough"] = "Manhattan"
    path = saved(tmp_path / "a.geojson", whole)
    assert codes(read_boundary(path, name_column="borough")) == ["duplicate_name"]
    assert "name, Borough" in refused(read_boundary(path, name_column="ward"), "no_column")


# Files that are no boundary -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.geojson", "<!DOCTYPE html><html><body>Sign in</body></html>", "a web page"),
        ("a.geojson", "", "is empty"),
        ("a.geojson", '{"type": "FeatureCollection", "features": [{"ty', "cut short"),
        ("a.json", '{"type": "Topology"}', "TopoJSON"),
        ("a.json", '{"geometryType": "esriGeometryPolygon", "features": []}', "Esri JSON"),
        ("a.json", '{"a": 1}', "without GeoJSON"),
        ("a.json", "[1, 2]", "no column with areas"),
        ("a.json", '{"meta": {"view": {}}, "data": []}', "what their columns are"),
        ("a.json", "[" * 100_000, "not whole JSON"),
        ("a.csv", "name,size\n1,2\n", "no column with areas"),
        ("a.txt", "hello", "no table with rows"),
        ("a.prj", "PROJCS[]", "part of a shapefile"),
        ("a.kml", '<?xml version="1.0"?><!DOCTYPE k [<!ENTITY a "b">]><kml>&a;</kml>', "entities"),
        ("a.kml", "<kml><Document><Placemark>", "cannot be read|no area|is damaged"),
        ("a.kml", "<!-- <kml> --><gml:FeatureCollection/>", "not KML"),
        ("a.vrt", "<OGRVRTDataSource><kml/></OGRVRTDataSource>", "not KML"),
    ],
)
def test_what_is_no_boundary_is_refused_with_words(tmp_path: Path, name: str, content: str, words: str) -> None:
    import re

    read = read_boundary(saved(tmp_path / name, content))
    assert not read.usable
    assert re.search(words, read.problems[0].text), read.problems


def test_missing_files_and_folders_are_refused(tmp_path: Path) -> None:
    assert "Check its name" in refused(read_boundary(tmp_path / "nothing"), "no_file")
    assert "no boundary file" in refused(read_boundary(tmp_path), "not_readable")


@pytest.mark.parametrize("driver", ["GPKG", "ESRI Shapefile", "GeoJSON", "zip", "gzip", "gdb"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_file_that_was_cut_short_is_refused_or_read_never_a_crash(tmp_path: Path, driver: str, share: float) -> None:
    folder = tmp_path / "source"
    folder.mkdir()
    shapes = [shapely.MultiPolygon([shape]) for shape in SHAPES] * 50
    names = [str(number) for number in range(100)]
    match driver:
        case "zip":
            write_gdal(folder / "a.shp", "EPSG:4326", shapes, names, geometry_type="MultiPolygon")
            path = cut = zipped(folder, tmp_path / "a.zip")
        case "gzip":
            path = cut = tmp_path / "a.geojson.gz"
            path.write_bytes(gzip.compress(json.dumps(collection(polygon(WEST))).encode()))
        case "gdb":
            path = write_gdal(
                folder / "a.gdb", "EPSG:4326", shapes, names, driver="OpenFileGDB", geometry_type="MultiPolygon"
            )
            cut = max(path.glob("*.gdbtable"), key=lambda file: file.stat().st_size)
        case _:
            path = cut = write_gdal(
                folder / "a", "EPSG:4326", shapes, names, driver=driver, geometry_type="MultiPolygon"
            )
            if path.is_dir():
                path = cut = path / "a.shp"
    cut.write_bytes(cut.read_bytes()[: int(cut.stat().st_size * share)])
    read = read_boundary(path)
    assert read.usable or read.problems[0].text


def test_an_archive_cannot_write_outside_its_folder_nor_fill_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("../../escaped.geojson", "/tmp/escaped.geojson", "..\\escaped.geojson", "C:/escaped.geojson"):
            archive.writestr(name, json.dumps(collection(polygon(WEST))))
    refused(read_boundary(path), "not_readable")
    monkeypatch.setattr(boundary_files, "MAX_BYTES", 1000)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.geojson", "0" * 1_000_000)
    refused(read_boundary(path), "too_large")
    packed = tmp_path / "a.gz"
    packed.write_bytes(gzip.compress(b"0" * 1_000_000))
    refused(read_boundary(packed), "too_large")
    refused(read_boundary(saved(tmp_path / "b.geojson", " " * 2000)), "too_large")
    assert atlas_problems.MAX_BYTES == 2**30


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=8) | st.integers(),
        lambda inner: st.lists(inner, max_size=4),
        max_leaves=20,
    )
)
def test_no_coordinates_however_odd_make_it_crash(coordinates: Any) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.geojson"
        for kind in ("Polygon", "MultiPolygon"):
            text = json.dumps(collection({"type": kind, "coordinates": coordinates}, polygon(WEST)))
            path.write_text(text.replace("NaN", "null").replace("-Infinity", "null").replace("Infinity", "null"))
            read_boundary(path)


# Real ones ------------------------------------------------------------------------------------------------------


def test_the_77_precincts_of_new_york(shared_data: Path) -> None:
    read = read_boundary(shared_data / "boundaries" / "nypd_precincts_77_wgs84_derived.geojson.gz")
    assert read.usable
    assert (read.crs, len(read.features), sum(f.holes for f in read.features)) == ("EPSG:4326", 77, 1)
    # Rounding to 1e-7 degrees has pinched one of the 234 parts of the original in two.
    assert sum(f.parts for f in read.features) == 235
    assert {f.name for f in read.features} >= {"1", "123"}
    assert sum(f.area_m2 for f in read.features) == pytest.approx(782.5e6, rel=1e-3)


def test_the_277_beats_of_chicago(shared_data: Path) -> None:
    read = read_boundary(shared_data / "boundaries" / "chicago_police_beats_277_simplified.geojson")
    assert (len(read.features), sum(f.holes for f in read.features)) == (277, 2)
    assert read.features[0].name == "1713"
    assert len({f.name for f in read.features}) == 275


def test_the_51_beats_of_seattle(shared_data: Path) -> None:
    read = read_boundary(shared_data / "boundaries" / "seattle_police_beats_51.geojson")
    assert (len(read.features), read.features[0].name) == (51, "B1")
    assert read.usable
