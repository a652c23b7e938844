"""Opening a boundary file: what a city's open-data page or GIS office hands out, as a layer of rows.

Promises: a file is known by its content, not by its name; archives are unpacked into a folder of their own
that is removed again, never outside it and never beyond `MAX_BYTES`; only polygons' own file formats are
opened, so no file can make the reader fetch another. Says what a file states about its reference system
and settles nothing.

Refused
  no_file, not_readable, too_large, several_layers, no_layer
"""

from __future__ import annotations

import contextlib
import csv
import gzip
import io
import re
import sqlite3
import tempfile
import warnings
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any, cast

import pyogrio
import pyogrio.errors
import pyogrio.raw
import shapely

from console.service.atlas_problems import MAX_BYTES, Refused, listed
from console.service.boundary_crs import parsed
from console.service.boundary_json import Layer, read_json, tabular

if TYPE_CHECKING:
    from collections.abc import Sequence

_CHUNK = 1 << 20
_MAX_ENTRIES = 10_000
# A gzip of a zip is seen; an archive that holds itself must not be opened for ever.
_MOST_WRAPPINGS = 3
# Text is taken into memory whole.
_MAX_TEXT_BYTES = 2**28
_PROLOGUE = re.compile(r"<\?.*?\?>|<!--.*?-->|<!doctype[^>\[]*>", re.DOTALL)
_KML_ROOT = re.compile(r"<(\w+:)?kml\b")
_GZIP, _ZIP, _SQLITE, _SHAPEFILE = b"\x1f\x8b", b"PK", b"SQLite format 3\x00", b"\x00\x00\x27\x0a"
_KNOWN = "GeoJSON, a zipped shapefile, GeoPackage, KML, a file geodatabase, or CSV with its geometry as WKT"
_SIDE_FILES = {".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx"}
_INSIDE = (".shp", ".gpkg", ".geojson", ".json", ".kml", ".csv")


def read_layer(path: Path, layer: str = "") -> Layer:
    """Read the one layer of areas of a file or a file geodatabase; `layer` picks one where there are several."""
    try:
        if not path.exists():
            raise Refused("no_file", f"There is no file {path}. Check its name and folder.")
        with tempfile.TemporaryDirectory(prefix="porchlight-boundary-") as folder:
            return _read(path, layer, Path(folder), _MOST_WRAPPINGS)
    except OSError as error:
        raise Refused(
            "not_readable", f"{path} cannot be read ({error.strerror or error}). Check who may read it."
        ) from error


def text_of(content: bytes) -> str:
    """The text of a file's bytes: UTF-8 or UTF-16 by its mark, else Windows-1252, as old spreadsheets write."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def unpack_gzip(path: Path, target: Path) -> None:
    """Unpack a gzip file into `target`; Refused when it is damaged or larger than `MAX_BYTES`."""
    try:
        with gzip.open(path, "rb") as source:
            _copy(cast("IO[bytes]", source), target, MAX_BYTES, path.name)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise Refused(
            "not_readable", f"{path.name} is a damaged or cut short gzip file ({error}). Download it again."
        ) from error


def _read(path: Path, layer: str, folder: Path, wrappings: int) -> Layer:
    if path.is_dir():
        return _read_folder(path, layer, folder, wrappings)
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith((_GZIP, _ZIP)) and not wrappings:
        raise Refused("not_readable", f"{path.name} is packed in too many archives. Unpack it first.")
    if head.startswith(_GZIP):
        target = folder / (path.stem or "unpacked")
        unpack_gzip(path, target)
        inner = folder / "inner"
        inner.mkdir()
        return _read(target, layer, inner, wrappings - 1)
    if head.startswith(_ZIP):
        return _read_zip(path, layer, folder, wrappings - 1)
    if path.stat().st_size > MAX_BYTES:
        raise Refused("too_large", f"{path.name} is larger than {MAX_BYTES:,} bytes. Give only the boundary layer.")
    if head.startswith((_SQLITE, _SHAPEFILE)):
        return _read_gdal(path, layer)
    if path.suffix.lower() in _SIDE_FILES:
        raise Refused("not_readable", f"{path.name} is a part of a shapefile. Name the .shp or the .zip instead.")
    return _read_text(path, layer, head)


def _read_text(path: Path, layer: str, head: bytes) -> Layer:
    start = text_of(head).lstrip("\ufeff \t\r\n\xa0").lower()
    if not start:
        raise Refused("not_readable", f"{path.name} is empty. Download it again.")
    if path.stat().st_size > _MAX_TEXT_BYTES:
        raise Refused("too_large", f"{path.name} is text of more than {_MAX_TEXT_BYTES:,} bytes. Give a GeoPackage.")
    if start.startswith(("{", "[")):
        return read_json(text_of(path.read_bytes()).lstrip("\ufeff\xa0"))
    if start.startswith("<"):
        if b"<!entity" in path.read_bytes().lower():
            raise Refused("not_readable", f"{path.name} defines XML entities, which no KML needs. Export it again.")
        # By its root, so that no other XML format's reader is tried, which might follow links.
        if not _KML_ROOT.match(_PROLOGUE.sub("", start).lstrip()):
            what = "a web page, perhaps a sign-in page" if "<html" in start else "XML, but not KML"
            raise Refused("not_readable", f"{path.name} is {what}, not a boundary. Give {_KNOWN}.")
        return _read_gdal(path, layer)
    if b"\x00" not in head:
        return _read_csv(path)
    raise Refused("not_readable", f"{path.name} is not a boundary file that can be read. Give {_KNOWN}.")


def _read_csv(path: Path) -> Layer:
    text = text_of(path.read_bytes())
    header = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(",;\t|", key=header.count)
    csv.field_size_limit(MAX_BYTES)  # one outline with many points is one field
    try:
        first, *rows = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if row]
    except (csv.Error, ValueError) as error:
        raise Refused("not_readable", f"{path.name} is not a table ({error}). Give {_KNOWN}.") from error
    names = [name.replace("\xa0", " ").strip() for name in first]
    if not rows:
        raise Refused("not_readable", f"{path.name} is text, but no table with rows. Give {_KNOWN}.")
    return tabular({name: [row[i] if i < len(row) else None for row in rows] for i, name in enumerate(names)})


# Archives and folders ---------------------------------------------------------------------------------------


def _read_zip(path: Path, layer: str, folder: Path, wrappings: int) -> Layer:
    unpacked = folder / "zip"
    left = MAX_BYTES
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > _MAX_ENTRIES:
                raise Refused("too_large", f"{path.name} holds {len(entries):,} files. Zip only the boundary.")
            for entry in entries:
                parts = PurePosixPath(entry.filename.replace("\\", "/")).parts
                unsafe = any(part in {"..", "/"} or ":" in part for part in parts)
                if entry.is_dir() or unsafe or not parts or "__MACOSX" in parts or parts[-1].startswith("."):
                    continue
                target = unpacked.joinpath(*parts)
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(entry) as source:
                    left -= _copy(source, target, left, path.name)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, ValueError) as error:
        raise Refused(
            "not_readable",
            f"{path.name} cannot be unpacked ({error}): it is damaged, cut short or has a password. Download it again.",
        ) from error
    inner = folder / "inner"
    inner.mkdir()
    found = _candidates(sorted(unpacked.rglob("*")))
    return _read(_one_of(found, layer, unpacked, path.name), layer if len(found) == 1 else "", inner, wrappings)


def _read_folder(path: Path, layer: str, folder: Path, wrappings: int) -> Layer:
    if any(path.glob("*.gdbtable")):
        return _read_gdal(path, layer)
    found = _candidates(sorted(path.iterdir()))
    return _read(_one_of(found, layer, path, path.name), layer if len(found) == 1 else "", folder, wrappings)


def _candidates(paths: Sequence[Path]) -> list[Path]:
    databases = {path.parent for path in paths if path.suffix.lower() == ".gdbtable"}
    databases |= {path for path in paths if path.is_dir() and any(path.glob("*.gdbtable"))}
    files = [path for path in paths if path.is_file() and path.suffix.lower() in _INSIDE]
    found = sorted(databases) + [path for path in files if path.parent not in databases]
    # A table or a note may lie beside a shapefile: the first kind of file that is there counts.
    best = next((s for s in _INSIDE[:2] if any(path.suffix.lower() == s for path in files)), None)
    if databases or best is None:
        return sorted(databases) or found
    return [path for path in found if path.suffix.lower() == best]


def _one_of(found: list[Path], layer: str, root: Path, name: str) -> Path:
    if not found:
        raise Refused("not_readable", f"{name} holds no boundary file. Give {_KNOWN}.")
    if len(found) == 1:
        return found[0]
    chosen = [path for path in found if layer and layer in {path.stem, path.name, str(path.relative_to(root))}]
    if len(chosen) == 1:
        return chosen[0]
    names = listed(path.relative_to(root) for path in found)
    if layer:
        raise Refused("no_layer", f"{name} holds no single layer {layer!r}. Give --layer one of: {names}.")
    raise Refused("several_layers", f"{name} holds several boundary files: {names}. Pick one with --layer NAME.")


def _copy(source: IO[bytes], target: Path, most: int, name: str) -> int:
    size = 0
    with target.open("wb") as file:
        while chunk := source.read(_CHUNK):
            size += len(chunk)
            if size > most:
                raise Refused("too_large", f"{name} unpacks to more than {MAX_BYTES:,} bytes. Give only the boundary.")
            file.write(chunk)
    return size


# Formats that GDAL reads ------------------------------------------------------------------------------------


def _read_gdal(path: Path, layer: str) -> Layer:
    if path.suffix.lower() == ".shp" and not any(path.with_suffix(end).is_file() for end in (".shx", ".SHX")):
        text = f"{path.name} has no {path.stem}.shx beside it: a shapefile is several files. Give the whole .zip."
        raise Refused("not_readable", text)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what GDAL mutters about is looked at below, feature by feature
            chosen = _gdal_layer(path, layer)
            meta, _, geometries, values = pyogrio.raw.read(path, layer=chosen, datetime_as_string=True)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FeatureError) as error:
        _refuse_broken_prj(path)
        why = str(error).replace(f"{path.parent}/", "")
        text = f"{path.name} cannot be read ({why}). Are all its parts there? Download it again."
        raise Refused("not_readable", text) from error
    except (sqlite3.Error, UnicodeDecodeError, ValueError, RuntimeError) as error:
        raise Refused("not_readable", f"{path.name} is damaged ({error}). Download it again.") from error
    if geometries is None:
        raise Refused("not_readable", f"{path.name} has rows but no geometry. Export it with its geometry.")
    columns = {
        str(name): [_plain(value) for value in column] for name, column in zip(meta["fields"], values, strict=True)
    }
    return Layer(_stated(meta["crs"], path), "", columns, [_from_wkb(shape) for shape in geometries])


def _refuse_broken_prj(path: Path) -> None:
    beside = path.with_suffix(".prj")
    if beside.is_file():
        with contextlib.suppress(Refused):
            parsed(beside.read_bytes()[:_CHUNK].decode("utf-8", "replace"), beside.name)
            return
        text = f"{beside.name} names no reference system: it is damaged. Remove it and pass --crs, as EPSG:2263."
        raise Refused("crs_unknown", text)


def _stated(crs: str | None, path: Path) -> str:
    if crs:
        return crs
    beside = path.with_suffix(".prj")  # there, but GDAL made nothing of it: say so, rather than "missing"
    return beside.read_bytes()[:_CHUNK].decode("utf-8", "replace") if beside.is_file() else ""


def _gdal_layer(path: Path, layer: str) -> str:
    layers = [(str(name), str(kind)) for name, kind in pyogrio.list_layers(path)]
    names = [name for name, _ in layers]
    if layer:
        if layer not in names:
            raise Refused("no_layer", f"{path.name} has no layer {layer!r}. Give --layer one of: {listed(names)}.")
        return layer
    areas = [
        name
        for name, kind in layers
        if kind != "None" and not kind.removeprefix("Multi").startswith(("Point", "LineString", "Curve "))
    ]
    if len(areas) > 1:
        areas = [name for name in areas if pyogrio.read_info(path, layer=name, force_feature_count=True)["features"]]
    if len(areas) > 1:
        raise Refused(
            "several_layers", f"{path.name} holds several layers: {listed(areas)}. Pick one with --layer NAME."
        )
    found = areas or names
    if not found:
        raise Refused("not_readable", f"{path.name} holds no layer. Export the boundary again.")
    return found[0]


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value


def _from_wkb(content: Any) -> Any:
    if content is None:
        return None
    shape = shapely.from_wkb(content, on_invalid="ignore")
    if shape is None:
        try:
            shape = shapely.from_wkb(content, on_invalid="fix")
        except (shapely.errors.GEOSException, ValueError, TypeError):
            shape = None
    return shapely.Point() if shape is None else shape
