"""Reading a list of homes: where they are and how many stand at each place, in memory only.

Promises: a row that is not used is counted and told, with the first such row's number; nothing is guessed about
positions that are not degrees. Positions never leave memory: an atlas keeps counts per cell. Reads one file
and never reaches the network.
"""

from __future__ import annotations

import csv
import operator
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pyogrio
import pyogrio.errors
import pyogrio.raw
import shapely

from console.service.atlas_problems import MAX_BYTES, Problem, Refused, blocking, listed
from console.service.boundary_crs import compare, parsed, reach, settle, to_degrees
from console.service.boundary_files import text_of, unpack_gzip

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LAT_COLUMNS = ("latitude", "lat", "y", "y_coord", "ycoord", "point_y", "northing")
LON_COLUMNS = ("longitude", "lon", "lng", "long", "x", "x_coord", "xcoord", "point_x", "easting")
UNITS_COLUMNS = (
    *("unitsres", "units_res", "residential_units", "res_units", "dwelling_units", "dwellings", "homes"),
    *("households", "housing_units", "num_units", "units"),
)
# Large estates count some thousands and are told; beyond the second number it is no count of homes.
MANY_UNITS, MOST_UNITS = 5_000, 50_000
_LONGEST_HEADING = 100_000
_GZIP, _SQLITE = b"\x1f\x8b", b"SQLite format 3\x00"


class Columns(msgspec.Struct, frozen=True):
    """What IT says about a homes file; empty where the usual names are to be recognised."""

    lat: str = ""
    lon: str = ""
    units: str = ""
    crs: str = ""
    layer: str = ""


class HomesRead(msgspec.Struct, frozen=True):
    """Homes by place: equally long arrays of degrees north, degrees east and homes; and what was amiss.

    Homes may be fractions: the flats of a condominium share what its building counts.
    `rows` is how many rows the file has; `columns` says which columns were read, for IT.
    """

    lat: Any
    lon: Any
    units: Any
    rows: int
    columns: str
    problems: tuple[Problem, ...]

    @property
    def usable(self) -> bool:
        """Whether an atlas can be made from it."""
        return not blocking(self.problems)

    @property
    def homes(self) -> int:
        """How many homes were read."""
        return round(float(self.units.sum()))


class _Table(msgspec.Struct, frozen=True):
    x: Any
    y: Any
    units: Any  # None: there is no such column
    numbers: Any  # the number of each row in the file
    crs: str
    columns: str


def read_homes(path: Path, columns: Columns = Columns()) -> HomesRead:  # noqa: B008 - it is frozen
    """Read homes from CSV (also gzipped, with any usual delimiter) or points from a GeoPackage.

    Positions are degrees, unless `columns.crs` or the GeoPackage names another reference system.
    """
    told: list[Problem] = []
    try:
        table = _read(path, columns)
        return _homes(table, columns.crs, told)
    except Refused as refused:
        problem = refused.problem
    except OSError as error:
        text = f"{path} cannot be read ({error.strerror or error}). Check who may read it."
        problem = Problem("not_readable", "", text, blocks=True)
    nothing = np.empty(0)
    return HomesRead(nothing, nothing, nothing, 0, "", (problem, *told))


# Files ------------------------------------------------------------------------------------------------------


def _read(path: Path, columns: Columns) -> _Table:
    if not path.exists():
        raise Refused("no_file", f"There is no file {path}. Check its name and folder.")
    if path.is_dir():
        raise Refused("not_readable", f"{path} is a folder. Name the CSV or the GeoPackage in it.")
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(_GZIP):
        with tempfile.TemporaryDirectory(prefix="porchlight-homes-") as folder:
            target = Path(folder) / path.stem
            unpack_gzip(path, target)
            return _read(target, columns)
    if path.stat().st_size > MAX_BYTES:
        raise Refused("too_large", f"{path.name} is larger than {MAX_BYTES:,} bytes. Give only the agency's own homes.")
    if head.startswith(_SQLITE):
        return _read_geopackage(path, columns)
    start = text_of(head).strip()
    if not start:
        raise Refused("not_readable", f"{path.name} is empty. Export it again.")
    if start.startswith(("<", "{", "PK\x03\x04")) or "\x00" in start:
        what = "a web page" if "<html" in start.lower() else "no table of text"
        raise Refused("not_readable", f"{path.name} is {what}. Give the homes as CSV or as a GeoPackage of points.")
    return _read_csv(path, columns, head)


def _read_csv(path: Path, columns: Columns, head: bytes) -> _Table:
    encodings = ("utf-16",) if head.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            return _read_rows(path, columns, encoding)
        except UnicodeDecodeError:
            continue
        except (csv.Error, StopIteration) as error:
            why = str(error) or "it has no heading"
            raise Refused("not_readable", f"{path.name} is no whole table ({why}). Export it as CSV again.") from error
    raise Refused("not_readable", f"{path.name} is not text in any usual encoding. Export it as CSV in UTF-8.")


def _read_rows(path: Path, columns: Columns, encoding: str) -> _Table:
    with path.open(encoding=encoding, newline="") as file:
        header = file.readline(_LONGEST_HEADING)
        file.seek(0)
        reader = csv.reader(file, delimiter=max(",;\t|", key=header.count))
        names = [name.replace("\xa0", " ").strip() for name in next(row for row in reader if row)]
        lat, lon = _needed(names, columns.lat, LAT_COLUMNS), _needed(names, columns.lon, LON_COLUMNS)
        units = _column(names, columns.units, UNITS_COLUMNS)
        wanted = [lat, lon] if units is None else [lat, lon, units]
        pick, most, empty = operator.itemgetter(*wanted), max(wanted), ("",) * len(wanted)
        rows = [pick(row) if len(row) > most else empty for row in reader if row]
    if not rows:
        raise Refused("no_homes", f"{path.name} has a heading but no rows. Export it again.")
    y, x, *counts = (_numbers([row[index] for row in rows]) for index in range(len(wanted)))
    return _Table(
        x=x,
        y=y,
        units=counts[0] if counts else None,
        numbers=np.arange(2, len(rows) + 2),
        crs="",
        columns=listed(names[index] for index in wanted),
    )


def _needed(names: Sequence[str], wanted: str, usual: Sequence[str]) -> int:
    found = _column(names, wanted, usual)
    if found is None:
        raise Refused(
            "no_column",
            f"No column is called {listed(usual[:3])}. Name the columns of positions with --lat-column and "
            f"--lon-column; the file has: {listed(names, 30)}.",
        )
    return found


def _column(names: Sequence[str], wanted: str, usual: Iterable[str]) -> int | None:
    by_name = {name.lower(): index for index, name in reversed(list(enumerate(names)))}
    if not wanted:
        return next((by_name[name] for name in usual if name in by_name), None)
    if wanted.strip().lower() not in by_name:
        raise Refused("no_column", f"There is no column {wanted!r}. The file has: {listed(names, 30)}.")
    return by_name[wanted.strip().lower()]


def _numbers(values: list[Any]) -> Any:
    try:
        return np.fromiter(map(float, values), np.float64, len(values))
    except (ValueError, TypeError):
        return np.fromiter(map(_number, values), np.float64, len(values))


def _number(value: Any) -> float:
    text = str(value).replace("\xa0", "").strip()
    try:
        return float(text)
    except ValueError:
        pass
    try:
        return float(text.replace(",", "")) if text.count(".") <= 1 and text[:1] != "," else float("nan")
    except ValueError:
        return float("nan")


def _read_geopackage(path: Path, columns: Columns) -> _Table:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            layers = [str(name) for name, kind in pyogrio.list_layers(path) if kind and str(kind) != "None"]
            if columns.layer and columns.layer not in layers:
                raise Refused("no_layer", f"{path.name} has no layer {columns.layer!r}: it has {listed(layers)}.")
            if not columns.layer and len(layers) != 1:
                raise Refused(
                    "several_layers",
                    f"{path.name} has {len(layers)} layers with geometry ({listed(layers)}). "
                    "Pick one with --homes-layer NAME.",
                )
            layer = columns.layer or layers[0]
            names = [str(name) for name in pyogrio.read_info(path, layer=layer)["fields"]]
            units = _column(names, columns.units, UNITS_COLUMNS)
            wanted = [] if units is None else [names[units]]
            meta, _, geometries, values = pyogrio.raw.read(path, layer=layer, columns=wanted)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError, RuntimeError) as error:
        raise Refused("not_readable", f"{path.name} is damaged ({error}). Export it again.") from error
    shapes = shapely.from_wkb(geometries, on_invalid="ignore")
    kinds = shapely.get_type_id(shapes)
    if not len(shapes) or not (kinds <= 0).all():
        what = "no rows" if not len(shapes) else "shapes that are not single points"
        raise Refused("no_homes", f"Layer {layer} of {path.name} has {what}. Give one point a row.")
    return _Table(
        x=shapely.get_x(shapes),
        y=shapely.get_y(shapes),
        units=None if units is None else _numbers(values[0].tolist()),
        numbers=np.arange(1, len(shapes) + 1),
        crs=str(meta["crs"] or "a system that is not named"),
        columns=f"points of layer {layer}{'' if units is None else f', {names[units]}'}",
    )


# Rows -------------------------------------------------------------------------------------------------------


def _homes(table: _Table, crs: str, told: list[Problem]) -> HomesRead:
    x, y, numbers = table.x, table.y, table.numbers
    units = table.units
    if units is None:
        text = "No column says how many homes a row has: each row counts as one home. Name it with --units-column."
        told.append(Problem("no_units_column", "", text))
        units = np.ones(len(x))
    keep = np.ones(len(x), dtype=bool)

    def leave_out(bad: Any, code: str, what: str, advice: str) -> None:
        nonlocal keep
        bad &= keep
        count = int(bad.sum())
        if count:
            first = int(numbers[int(np.argmax(bad))])
            rows = f"1 row (number {first:,})" if count == 1 else f"{count:,} rows (the first is number {first:,})"
            told.append(Problem(code, "", f"{rows} {what}: left out. {advice}"))
            keep &= ~bad

    with np.errstate(invalid="ignore"):
        leave_out(
            ~(np.isfinite(x) & np.isfinite(y)), "no_position", "without a position", "Geocode them if they count."
        )
        leave_out((abs(x) < 1e-6) & (abs(y) < 1e-6), "null_island", "at 0, 0", "Their positions are missing.")  # noqa: PLR2004 - 10 cm
        leave_out(~np.isfinite(units), "bad_units", "whose number of homes is not a number", "Correct them.")
        leave_out(
            units <= 0, "no_units", "with no homes", "That is right for shops and offices; otherwise check the column."
        )
        leave_out(
            units > MOST_UNITS,
            "absurd_units",
            f"with more than {MOST_UNITS:,} homes at one place",
            "Is it a count of homes? Correct them, or split them by building.",
        )
    many = int((units[keep] > MANY_UNITS).sum())
    if many:
        rows = "1 row has" if many == 1 else f"{many:,} rows have"
        text = f"{rows} more than {MANY_UNITS:,} homes at one place: kept. Check that these are large estates."
        told.append(Problem("many_units", "", text))
    points = np.column_stack([x[keep], y[keep]])
    if not len(points):
        raise Refused("no_homes", f"None of the {len(x):,} rows is a home with a position. Check --units-column.")
    lonlat = _positions(points, table.crs, crs, numbers[keep], told)
    inside = np.isfinite(lonlat).all(axis=1)
    return HomesRead(
        lat=lonlat[inside, 1],
        lon=lonlat[inside, 0],
        units=units[keep][inside],
        rows=len(x),
        columns=table.columns,
        problems=tuple(told),
    )


def _positions(points: Any, stated: str, override: str, numbers: Any, told: list[Problem]) -> Any:
    if stated or override:
        system = parsed(override or stated, "--homes-crs" if override else "The homes file")
        if system.is_projected:
            return to_degrees(system, points)
    off = (abs(points[:, 0]) > 180) | (abs(points[:, 1]) > 90)  # noqa: PLR2004 - the globe
    share, first = off.mean(), int(numbers[int(np.argmax(off))])
    if share > 0.5 or not off.any():  # noqa: PLR2004 - most of them: then it is the system that is wrong
        try:
            compare(settle(override or stated or "EPSG:4326", "", None, points), points)
        except Refused as refused:
            text = (
                f"The homes' {reach(points)}. {refused.problem.text} For homes that is --homes-crs, or other columns."
            )
            raise Refused(refused.problem.code, text) from refused
        return points
    text = f"Not on the globe, beyond 180 or 90 degrees: {int(off.sum()):,} rows (number {first:,} is the first)"
    told.append(Problem("no_position", "", f"{text}. Left out; correct their positions."))
    return np.where(off[:, None], np.nan, points)
