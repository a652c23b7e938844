"""Boundaries in JSON: GeoJSON, Socrata's rows.json and the lists its SODA interface answers.

Promises: what the file says about its reference system is handed on as it stands, never guessed; nothing is
dropped here, a row without a geometry keeps its place as None; rings too short to be rings are handed on with
no area. Never touches a file.

Refused
  the text is not JSON, or is JSON of another kind
"""

from __future__ import annotations

import math
import re
from typing import Any

import msgspec
import shapely

from console.service.atlas_problems import Refused

GEOMETRY_COLUMNS = ("the_geom", "geometry", "geom", "wkt", "wkt_geom", "multipolygon", "polygon", "shape")
_RING_POINTS = 4
_NO_AREA = shapely.Point()
_SRID = re.compile(r"^\s*SRID\s*=\s*(\d+)\s*;\s*", re.IGNORECASE)


class Layer(msgspec.Struct, frozen=True):
    """Rows as a file holds them: columns of values, shapes in the file's own coordinates (None: no geometry).

    `crs` is what the file says, empty when it says nothing, None when it says that nothing may be assumed.
    `assumed` is the reference system the format's rules give it when it says nothing; empty when they give none.
    """

    crs: str | None
    assumed: str
    columns: dict[str, list[Any]]
    shapes: list[Any]


def read_json(text: str) -> Layer:
    """Read GeoJSON or Socrata rows, whichever the text turns out to be."""
    try:
        whole = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Refused(
            "not_readable", f"The file is not whole JSON ({error}): it is damaged or cut short. Download it again."
        ) from error
    if isinstance(whole, list):
        return _records(whole)
    if isinstance(whole, dict):
        if isinstance(whole.get("meta"), dict) and isinstance(whole.get("data"), list):
            return _socrata(whole)
        if whole.get("type") in {"FeatureCollection", "Feature", *_SHAPED}:
            return _geojson(whole)
        kind = "TopoJSON" if whole.get("type") == "Topology" else "Esri JSON" if "geometryType" in whole else "JSON"
        raise Refused(
            "not_readable", f"The file is {kind} without GeoJSON features. Download the boundary as GeoJSON instead."
        )
    raise Refused("not_readable", "The file is JSON, but holds no features. Download the boundary as GeoJSON.")


def shape_of_text(text: str) -> tuple[Any, str]:
    """A shape from WKT, with the reference system an `SRID=...;` before it names (else empty).

    A point without coordinates where the text is not WKT.
    """
    srid = _SRID.match(text)
    shape = shapely.from_wkt(text[srid.end() :] if srid else text, on_invalid="ignore")
    if shape is None:
        # Rings that are open or too short are closed, and lose their place later, with a word.
        try:
            shape = shapely.from_wkt(text[srid.end() :] if srid else text, on_invalid="fix")
        except (shapely.errors.GEOSException, ValueError, TypeError):
            shape = None
    return (_NO_AREA if shape is None else shape), (f"EPSG:{srid[1]}" if srid else "")


# GeoJSON ----------------------------------------------------------------------------------------------------


def _geojson(whole: dict[str, Any]) -> Layer:
    match whole.get("type"):
        case "FeatureCollection":
            features = whole.get("features")
            if not isinstance(features, list):
                raise Refused("not_readable", "The GeoJSON has no list of features: it is damaged. Download it again.")
        case "Feature":
            features = [whole]
        case _:
            features = [{"properties": {}, "geometry": whole}]
    rows = [feature if isinstance(feature, dict) else {} for feature in features]
    given = [row.get("properties") for row in rows]
    properties: list[dict[str, Any]] = [values if isinstance(values, dict) else {} for values in given]
    stated = _stated(whole["crs"]) if "crs" in whole else ""
    return Layer(stated, "EPSG:4326", _columns(properties), [_shape(row.get("geometry")) for row in rows])


def _stated(member: Any) -> str | None:
    if member is None:
        return None
    if isinstance(member, str):
        return member
    inner = member.get("properties") if isinstance(member, dict) else None
    inner = inner if isinstance(inner, dict) else {}
    if "code" in inner:
        return f"EPSG:{inner['code']}"
    return str(inner.get("name") or inner.get("href") or "a crs member without a name")


def _columns(rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    names = dict.fromkeys(name for row in rows for name in row)
    return {name: [row.get(name) for row in rows] for name in names}


def _shape(geometry: Any) -> Any:
    """The shape of a GeoJSON geometry; None for none, a point without coordinates for what is no area."""
    if not isinstance(geometry, dict) or not geometry:
        return None
    build = _SHAPED.get(str(geometry.get("type")))
    try:
        return build(geometry) if build else _NO_AREA
    except (ValueError, TypeError, LookupError, RecursionError, AttributeError):
        return _NO_AREA


def _polygons(coordinates: Any) -> list[Any]:
    made = []
    for rings in coordinates:
        shell, *holes = [_ring(ring) for ring in rings] or [[]]
        if shell:
            made.append(shapely.Polygon(shell, [hole for hole in holes if hole]))
    return made


def _ring(points: Any) -> list[tuple[float, float]]:
    ring = [(float(point[0]), float(point[1])) for point in points]
    if ring and not all(math.isfinite(value) for point in ring for value in point):
        ring = []
    if ring and ring[0] != ring[-1]:
        ring.append(ring[0])
    return ring + ring[-1:] * (_RING_POINTS - len(ring))


def _collection(geometry: dict[str, Any]) -> Any:
    shapes = [_shape(part) for part in geometry["geometries"]]
    return shapely.GeometryCollection([shape for shape in shapes if shape is not None])


_SHAPED: dict[str, Any] = {
    "Polygon": lambda geometry: shapely.MultiPolygon(_polygons([geometry["coordinates"]])),
    "MultiPolygon": lambda geometry: shapely.MultiPolygon(_polygons(geometry["coordinates"])),
    "GeometryCollection": _collection,
    "Point": lambda _: _NO_AREA,
    "MultiPoint": lambda _: _NO_AREA,
    "LineString": lambda _: _NO_AREA,
    "MultiLineString": lambda _: _NO_AREA,
}


# Socrata ----------------------------------------------------------------------------------------------------


def _socrata(whole: dict[str, Any]) -> Layer:
    view = whole["meta"].get("view")
    described = view.get("columns") if isinstance(view, dict) else None
    if not isinstance(described, list):
        raise Refused("not_readable", "The Socrata rows do not say what their columns are. Download GeoJSON instead.")
    names = [str(_part(column, "fieldName") or _part(column, "name")) for column in described]
    # Socrata's own bookkeeping (":sid", ":id") is about the row, not about the place.
    columns = {
        name: [row[index] if isinstance(row, list) and index < len(row) else None for row in whole["data"]]
        for index, name in enumerate(names)
        if not name.startswith(":")
    }
    kinds = {name: str(_part(column, "dataTypeName")) for name, column in zip(names, described, strict=True)}
    return tabular(columns, [name for name in columns if "polygon" in kinds[name]])


def _part(column: Any, name: str) -> Any:
    return column.get(name, "") if isinstance(column, dict) else ""


def _records(rows: list[Any]) -> Layer:
    return tabular(_columns([row if isinstance(row, dict) else {} for row in rows]))


def tabular(columns: dict[str, list[Any]], preferred: list[str] | None = None) -> Layer:
    """A layer of rows whose geometry stands in a column, as WKT or as GeoJSON."""
    by_usual_name = {name.strip().lower(): name for name in columns}
    usual = [by_usual_name[name] for name in GEOMETRY_COLUMNS if name in by_usual_name]
    found = next((name for name in [*(preferred or []), *usual] if any(map(_is_shape, columns[name]))), None)
    if found is None:
        found = next((name for name, values in columns.items() if any(map(_is_shape, values))), None)
    if found is None:
        raise Refused(
            "not_readable",
            f"The rows have no column with areas (looked for {', '.join(GEOMETRY_COLUMNS[:4])}). "
            "Export the boundary as GeoJSON, or with its geometry as WKT.",
        )
    shapes, stated = [], ""
    for value in columns[found]:
        shape, srid = _tabular_shape(value)
        shapes.append(shape)
        stated = stated or srid
    return Layer(stated, "EPSG:4326", {name: values for name, values in columns.items() if name != found}, shapes)


def _is_shape(value: Any) -> bool:
    if isinstance(value, dict):
        return str(value.get("type")) in _SHAPED
    text = _SRID.sub("", value).lstrip().upper() if isinstance(value, str) else ""
    return text.startswith(("POLYGON", "MULTIPOLYGON", "GEOMETRYCOLLECTION", '{"TYPE"', '{ "TYPE"', '{"COORDINATES"'))


def _tabular_shape(value: Any) -> tuple[Any, str]:
    if isinstance(value, dict):
        return _shape(value), ""
    if not isinstance(value, str) or not value.strip():
        return None, ""
    if value.lstrip().startswith("{"):
        try:
            return _shape(msgspec.json.decode(value)), ""
        except (msgspec.DecodeError, RecursionError):
            return _NO_AREA, ""
    return shape_of_text(value)
