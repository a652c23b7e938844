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

from console.domain.places import GLOBE_DEG

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from console.maps.messages import KindWords

MAGIC: Final = 0x504C5031
ROWS_MAX: Final = 2_000_000
KINDS_MAX: Final = 16
WORDS_MAX: Final = 400
TITLE_CHARS: Final = 120


class PointRow(msgspec.Struct, frozen=True):
    """One place: its id and title stay in the console until they are asked for."""

    id: str
    lat: float | None
    lon: float | None
    kind: int
    title: str = ""


class Points:
    """Rows in columns, written once. `kinds` name the numbers of `PointRow.kind`."""

    def __init__(self, rows: Iterable[PointRow], kinds: Sequence[KindWords]) -> None:
        self.kinds = tuple(kinds)
        self.rows = tuple(rows)
        if len(self.kinds) > KINDS_MAX or len(self.rows) > ROWS_MAX:
            raise ValueError(f"at most {KINDS_MAX} kinds and {ROWS_MAX} rows")
        if not {row.kind for row in self.rows} <= set(range(len(self.kinds))):
            raise ValueError("a row is of a kind that was not named")

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def _places(self) -> Any:
        """Longitudes and latitudes in two rows; NaN where one is missing."""
        flat = [(math.nan if r.lon is None else r.lon, math.nan if r.lat is None else r.lat) for r in self.rows]
        return np.array(flat, dtype="<f8").reshape(-1, 2).T

    @cached_property
    def _placed(self) -> Any:
        """Which rows `places.is_placeable`, all at once."""
        lon, lat = self._places
        return (np.abs(lat) <= GLOBE_DEG[0]) & (np.abs(lon) <= GLOBE_DEG[1]) & ((lat != 0.0) | (lon != 0.0))

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
