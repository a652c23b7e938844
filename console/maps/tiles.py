"""The street map of an atlas pack, read from one PMTiles file (version 3).

Promises: a tile comes back decompressed, or as None where the file holds none; a file that is missing, cut
short or damaged raises a `BasemapError` whose docstring is what the user reads. Never: a write, a network.

    BasemapError
    +-- BasemapMissing
    +-- BasemapDamaged
    +-- BasemapForeign
    +-- BasemapOtherSchema

Source: PMTiles specification version 3.
"""

from __future__ import annotations

import contextlib
import gzip
import html
import io
import mmap
import re
import struct
import zlib
from typing import TYPE_CHECKING, Any, Final, Literal, Self

from pmtiles.reader import Reader
from pmtiles.tile import Compression, MagicNumberNotFound, SpecVersionUnsupported, TileType

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

Schema = Literal["streets", "protomaps", "raster"]
"""What the tiles hold: Mapbox Streets v7 layers, Protomaps basemap layers, or pictures."""
# A file of either schema has at least these layers.
_SCHEMAS: Final[dict[Schema, frozenset[str]]] = {
    "protomaps": frozenset({"roads", "water"}),
    "streets": frozenset({"road", "water"}),
}
MAX_TILE_BYTES: Final = 16 * 1024 * 1024
_HEADER_BYTES: Final = 127
_MAX_ZOOM: Final = 24
_ATTRIBUTION_LENGTH: Final = 300


class BasemapError(Exception):
    """The street map could not be read. Outlines are shown instead; install the city's pack again."""

    @property
    def advice(self) -> str:
        """What the user reads: what happened and what to do now."""
        return (type(self).__doc__ or "").strip()


class BasemapMissing(BasemapError):  # noqa: N818 - says what is wrong
    """This city's pack has no street map. Outlines are shown instead."""


class BasemapDamaged(BasemapError):  # noqa: N818 - says what is wrong
    """The street map is damaged or was not copied completely. Outlines are shown instead; install the city's pack again."""  # noqa: E501 - the docstring is the message


class BasemapOtherSchema(BasemapError):  # noqa: N818 - says what is wrong
    """The street map's tiles hold other layers than Porchlight draws. Outlines are shown instead; extract a map in the Protomaps schema."""  # noqa: E501 - the docstring is the message


class BasemapForeign(BasemapError):  # noqa: N818 - says what is wrong
    """The street map is of a kind that Porchlight does not read. Outlines are shown instead; install the city's pack again."""  # noqa: E501 - the docstring is the message


# What a damaged file makes the reader raise, deep inside: translated once, here.
_READ_FAILURES: Final = (
    EOFError,
    IndexError,
    KeyError,
    MemoryError,
    OSError,
    OverflowError,
    TypeError,
    UnicodeDecodeError,
    ValueError,
    struct.error,
    zlib.error,
)


class Basemap:
    """Street tiles of one file. Reads on demand; close it, or use it as a context."""

    def __init__(self, path: Path) -> None:
        """Open and check the header; raises a `BasemapError`."""
        self.path = path
        self._open_files = contextlib.ExitStack()
        try:
            self._bytes = self._open(path)
            header = self._checked_header()
            untrusted_metadata = self._read_metadata()
            self.attribution = _plain_credit(untrusted_metadata)
            self.schema: Schema = _schema_of(untrusted_metadata)
        except BaseException:
            self._open_files.close()
            raise
        self.min_zoom: int = header["min_zoom"]
        self.max_zoom: int = header["max_zoom"]
        self.bounds: tuple[float, float, float, float] = (
            header["min_lat_e7"] / 1e7,
            header["min_lon_e7"] / 1e7,
            header["max_lat_e7"] / 1e7,
            header["max_lon_e7"] / 1e7,
        )
        """South, west, north, east, in degrees."""
        self._compression: Compression = header["tile_compression"]

    def _open(self, path: Path) -> mmap.mmap:
        try:
            file = self._open_files.enter_context(path.open("rb"))
            return self._open_files.enter_context(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        except FileNotFoundError as e:
            raise BasemapMissing from e
        except (OSError, ValueError) as e:  # ValueError: an empty file cannot be mapped
            raise BasemapDamaged from e

    def _checked_header(self) -> dict[str, Any]:
        if len(self._bytes) < _HEADER_BYTES:
            raise BasemapDamaged
        new_reader: Any = Reader  # pmtiles carries no types
        self._reader: Any = new_reader(self._slice)
        try:
            header: dict[str, Any] = self._reader.header()
        except (MagicNumberNotFound, SpecVersionUnsupported) as e:
            raise BasemapForeign from e
        except _READ_FAILURES as e:
            raise BasemapDamaged from e
        if header["tile_type"] is not TileType.MVT or header["tile_compression"] not in (
            Compression.NONE,
            Compression.GZIP,
        ):
            raise BasemapForeign
        for part in ("root", "metadata", "leaf_directory", "tile_data"):
            if header[f"{part}_offset"] + header[f"{part}_length"] > len(self._bytes):
                raise BasemapDamaged
        south, north = header["min_lat_e7"], header["max_lat_e7"]
        west, east = header["min_lon_e7"], header["max_lon_e7"]
        zooms_fit = header["min_zoom"] <= header["max_zoom"] <= _MAX_ZOOM
        if not zooms_fit or not -90e7 <= south <= north <= 90e7 or not -180e7 <= west <= east <= 180e7:  # noqa: PLR2004 - the globe
            raise BasemapDamaged
        return header

    def _slice(self, offset: int, length: int) -> bytes:
        part = self._bytes[offset : offset + length]
        if len(part) != length:
            raise EOFError
        return part

    def _read_metadata(self) -> dict[str, Any]:
        try:
            untrusted = self._reader.metadata()
        except _READ_FAILURES as e:
            raise BasemapDamaged from e
        if not isinstance(untrusted, dict):
            raise BasemapDamaged
        return untrusted

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """The vector tile, decompressed; None where the file has none. Raises `BasemapDamaged`."""
        if not self.min_zoom <= z <= self.max_zoom or not 0 <= x < 1 << z or not 0 <= y < 1 << z:
            return None
        try:
            packed: bytes | None = self._reader.get(z, x, y)
            if packed is None:
                return None
            if self._compression is Compression.NONE:
                return packed
            with gzip.GzipFile(fileobj=io.BytesIO(packed)) as unpacking:
                tile = unpacking.read(MAX_TILE_BYTES + 1)
        except _READ_FAILURES as e:
            raise BasemapDamaged from e
        if len(tile) > MAX_TILE_BYTES:
            raise BasemapDamaged
        return tile

    def close(self) -> None:
        """Let go of the file."""
        self._open_files.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _plain_credit(untrusted_metadata: dict[str, Any]) -> str:
    """The map makers' credit as plain words; the file may hold HTML, which is not trusted."""
    untrusted = str(untrusted_metadata.get("attribution", ""))
    plain = html.unescape(re.sub(r"<[^>]*>", " ", untrusted))
    return " ".join(plain.replace("<", " ").replace(">", " ").split())[:_ATTRIBUTION_LENGTH]


def _schema_of(untrusted_metadata: dict[str, Any]) -> Schema:
    """The schema that a file's own list of layers tells; BasemapOtherSchema where it is neither."""
    untrusted_layers = untrusted_metadata.get("vector_layers")
    listed = untrusted_layers if isinstance(untrusted_layers, list) else []
    names = {str(one.get("id")) for one in listed if isinstance(one, dict)}
    for schema, needed in _SCHEMAS.items():
        if needed <= names:
            return schema
    raise BasemapOtherSchema
