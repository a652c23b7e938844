"""The tile servers of this workstation, as IT wrote them down, wired to the maps.

Promises: an atlas with a street map of its own never asks a server; every tile that a page asks for is answered, and
one that it no longer wants is not fetched any more.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from console.client.pictures import Pictures
from console.desktop.map.streets import StreetMap, street_map_of
from console.maps.pictures import TilesFileUnusable, read_tiles_file

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable
    from pathlib import Path

    from console.desktop.map.streets import Answer


class TileServers:
    """Makes street maps of packs; TilesFileUnusable where the file of servers cannot be used."""

    def __init__(self, file: Path | None, folder: Path, trusted: ssl.SSLContext | None = None) -> None:
        self._folder = folder
        self._trusted = trusted
        self._pictures: list[Pictures] = []
        self._running: set[asyncio.Task[None]] = set()
        try:
            self._file = None if file is None else read_tiles_file(file.read_bytes())
        except OSError as error:
            raise TilesFileUnusable(f"{file} cannot be read ({error.strerror}).") from error

    def street_map(self, atlas_name: str, basemap: Path | None) -> StreetMap:
        """An atlas's own street map; where it has none, its server's pictures; else the reason why there is none."""
        server = self._file.atlases.get(atlas_name) if self._file is not None else None
        if basemap is not None or server is None or self._file is None:
            return street_map_of(basemap)
        pictures = Pictures(server, self._file.allowed_hosts, self._folder, ssl_context=self._trusted)
        self._pictures.append(pictures)
        return StreetMap(
            schema="raster",
            min_zoom=server.min_zoom,
            max_zoom=server.max_zoom,
            attribution=server.attribution,
            fetch=partial(self._fetch, pictures),
        )

    def _fetch(self, pictures: Pictures, place: tuple[int, int, int], answer: Answer) -> Callable[[], object]:
        task = asyncio.ensure_future(_give(pictures, place, answer))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task.cancel

    async def aclose(self) -> None:
        """Stop fetching."""
        for task in tuple(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        for pictures in self._pictures:
            await pictures.aclose()


async def _give(pictures: Pictures, place: tuple[int, int, int], answer: Answer) -> None:
    found = None
    try:
        found = await pictures.picture(*place)
    finally:
        answer(*(found or (None, "")))
