"""Street maps as panes use them: a file of vector tiles, an agency's own pictures, or none and why.

Promises: a street map that cannot be read never keeps the map from being drawn: outlines are shown and the reason is
said. Never: a request of its own; pictures come through the `fetch` that the root hands over.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from console.maps.origin import CONSOLE_ORIGIN
from console.maps.tiles import Basemap, BasemapError, BasemapMissing, Schema

if TYPE_CHECKING:
    from pathlib import Path

Answer = Callable[[bytes | None, str], None]
"""Takes a picture (None: there is none) and its media type."""
Fetch = Callable[[tuple[int, int, int], Answer], Callable[[], object]]
"""Fetches the picture at zoom, column and row, gives it to the answer, now or later, and tells how to stop that."""

KEY_BYTES: Final = 4


@dataclass(frozen=True)
class StreetMap:
    """A street map, or the reason why there is none (`note`). `fetch` is set for pictures only."""

    basemap: Basemap | None = None
    schema: Schema | None = None
    min_zoom: int = 0
    max_zoom: int = 0
    attribution: str = ""
    note: str = ""
    fetch: Fetch | None = None
    key: str = field(default_factory=lambda: secrets.token_hex(KEY_BYTES))

    @property
    def tile_url(self) -> str | None:
        """Where the page asks for its tiles; None without a street map."""
        return None if self.schema is None else f"{CONSOLE_ORIGIN}/tiles/{self.key}/{{z}}/{{x}}/{{y}}"


def street_map_of(path: Path | None) -> StreetMap:
    """Open a PMTiles file; one that is missing, damaged or foreign becomes a note."""
    if path is None:
        return StreetMap(note=BasemapMissing().advice)
    try:
        basemap = Basemap(path)
    except BasemapError as error:
        return StreetMap(note=error.advice)
    return StreetMap(
        basemap=basemap,
        schema=basemap.schema,
        min_zoom=basemap.min_zoom,
        max_zoom=basemap.max_zoom,
        attribution=basemap.attribution,
    )
