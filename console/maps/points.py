"""Many places as columns: what the map's worker clusters.

Promises: the bytes carry a place and a kind for each row and nothing else; a title leaves only for the rows that are
asked for. A row without a usable place (missing, off the globe, or the null island 0, 0) stays in its column as NaN, so
that rows keep their numbers; the page skips it and the console's lists still show it.
Source: the layout is read by resources/web/src/columns.ts.
"""

from __future__ import annotations

import base64
import math
import struct
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import msgspec
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MAGIC: Final = 0x504C5031
ROWS_MAX: Final = 2_000_000
KINDS_MAX: Final = 16
WORDS_MAX: Final = 400
TITLE_CHARS: Final = 120
_GLOBE: Final = (90.0, 180.0)


class PointKind(msgspec.Struct, frozen=True):
    """A kind of place: its words in the singular and the plural, and the colour token it is drawn in."""

    one: str
    many: str
    token: str


class PointRow(msgspec.Struct, frozen=True):
    """One place: its id and title stay in the console until they are asked for."""

    id: str
    lat: float | None
    lon: float | None
    kind: int
    title: str = ""


def is_placeable(lat: float | None, lon: float | None) -> bool:
    """Whether a place can be drawn: finite, on the globe, and not the null island that means "unknown"."""
    if lat is None or lon is None or not math.isfinite(lat) or not math.isfinite(lon):
        return False
    return abs(lat) <= _GLOBE[0] and abs(lon) <= _GLOBE[1] and not (lat == 0.0 and lon == 0.0)


class Points:
    """Rows in columns, written once. `kinds` name the numbers of `PointRow.kind`."""

    def __init__(self, rows: Iterable[PointRow], kinds: Sequence[PointKind]) -> None:
        self.kinds = tuple(kinds)
        self.rows = tuple(rows)
        if len(self.kinds) > KINDS_MAX or len(self.rows) > ROWS_MAX:
            raise ValueError(f"at most {KINDS_MAX} kinds and {ROWS_MAX} rows")
        if not {row.kind for row in self.rows} <= set(range(len(self.kinds))):
            raise ValueError("a row is of a kind that was not named")

    def __len__(self) -> int:
        return len(self.rows)

    def placed(self) -> int:
        """How many rows can be drawn."""
        return int(np.count_nonzero(self._placed))

    @cached_property
    def _places(self) -> Any:
        """Longitudes and latitudes in two rows; NaN where one is missing."""
        flat = [(math.nan if r.lon is None else r.lon, math.nan if r.lat is None else r.lat) for r in self.rows]
        return np.array(flat, dtype="<f8").reshape(-1, 2).T

    @cached_property
    def _placed(self) -> Any:
        """Which rows `is_placeable`, all at once."""
        lon, lat = self._places
        return (np.abs(lat) <= _GLOBE[0]) & (np.abs(lon) <= _GLOBE[1]) & ((lat != 0.0) | (lon != 0.0))

    def encode(self) -> bytes:
        """The columns, little-endian: magic and count (u32), longitudes and latitudes (f64), kinds (u8)."""
        places = np.where(self._placed, self._places, math.nan)
        kinds = bytes(row.kind for row in self.rows)
        return struct.pack("<II", MAGIC, len(self.rows)) + places.astype("<f8").tobytes() + kinds

    def words(self, rows: Sequence[int]) -> bytes:
        """The titles of some rows as a JSON list of text; rows that do not exist have none."""
        titles = [self.rows[n].title[:TITLE_CHARS] if 0 <= n < len(self.rows) else "" for n in rows[:WORDS_MAX]]
        return msgspec.json.encode(titles)


def mask(rows: Iterable[int], count: int) -> str:
    """Some of `count` rows as bits, lowest first, in base64: what a filter sends instead of the rows again."""
    shown = np.zeros(count, dtype=bool)
    shown[np.fromiter(rows, dtype=np.int64)] = True
    return base64.b64encode(np.packbits(shown, bitorder="little").tobytes()).decode()
