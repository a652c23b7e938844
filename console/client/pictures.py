"""Fetches the pictures of an agency's tile server and keeps them on disk, so that a cut line leaves a map.

Promises: only addresses that `maps.pictures.is_allowed` allows, redirects included; nothing but a PNG, JPEG or WebP of
bounded size is taken; the folder never holds more than its limit for long; a failure is no picture, never an exception.
Never: a cookie, a referrer, a name of who looks.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import secrets
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import httpx
import structlog

from console.maps.pictures import is_allowed

if TYPE_CHECKING:
    import ssl
    from pathlib import Path

    from console.maps.pictures import PictureServer

PICTURE_BYTES_MAX: Final = 2 * 1024 * 1024
FOLDER_BYTES_MAX: Final = 200 * 1024 * 1024
REDIRECTS_MAX: Final = 2
AT_ONCE: Final = 6
WHOLE_S: Final = 15.0
KEPT_S: Final = 30 * 86_400
_SWEEP_EVERY: Final = 64
_KINDS: Final = ((b"\x89PNG\r\n\x1a\n", "image/png"), (b"\xff\xd8\xff", "image/jpeg"))
_WEBP: Final = (b"RIFF", b"WEBP")
_TIMES: Final = httpx.Timeout(connect=5.0, read=10.0, write=5.0, pool=20.0)
_OK: Final = 200

_log = structlog.get_logger(__name__)


def kind_of(untrusted_picture: bytes) -> str | None:
    """The media type that the first bytes tell; None where it is no picture that a map shows."""
    for mark, media_type in _KINDS:
        if untrusted_picture.startswith(mark):
            return media_type
    if untrusted_picture[:4] == _WEBP[0] and untrusted_picture[8:12] == _WEBP[1]:
        return "image/webp"
    return None


class Pictures:
    """The pictures of one tile server."""

    def __init__(
        self,
        server: PictureServer,
        allowed_hosts: tuple[str, ...],
        folder: Path,
        *,
        ssl_context: ssl.SSLContext | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        folder_bytes_max: int = FOLDER_BYTES_MAX,
    ) -> None:
        self.server = server
        self._allowed = allowed_hosts
        self._all = folder
        self._folder = folder / hashlib.sha256(server.url.encode()).hexdigest()[:16]
        self._most = folder_bytes_max
        self._kept_since_sweep = _SWEEP_EVERY
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._client = httpx.AsyncClient(
            verify=True if ssl_context is None else ssl_context,
            transport=transport,
            timeout=_TIMES,
            follow_redirects=False,
            trust_env=False,
            headers={
                "User-Agent": "Porchlight",
                "Accept": "image/png, image/jpeg, image/webp",
                "Accept-Encoding": "identity",
            },
        )

    async def picture(self, zoom: int, column: int, row: int) -> tuple[bytes, str] | None:
        """A picture and its media type, from the disk or the server; None where there is none."""
        side = 1 << zoom if 0 <= zoom <= self.server.max_zoom else 0
        if zoom < self.server.min_zoom or not 0 <= column < side or not 0 <= row < side:
            return None
        path = self._folder / f"{zoom}-{column}-{row}"
        kept, is_fresh = await asyncio.to_thread(_read, path)
        if kept is not None and is_fresh:
            return kept
        fetched = None
        with suppress(TimeoutError):
            async with self._turn, asyncio.timeout(WHOLE_S):
                fetched = await self._fetch(self.server.address(zoom, column, row))
        if fetched is None:
            return kept
        await asyncio.to_thread(self._keep, path, fetched[0])
        return fetched

    async def aclose(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    async def _fetch(self, address: str) -> tuple[bytes, str] | None:
        for _ in range(REDIRECTS_MAX + 1):
            if not is_allowed(address, self._allowed):
                _log.warning("tile_refused", why="not_allowed")
                return None
            try:
                async with self._client.stream("GET", address) as answer:
                    if answer.is_redirect:
                        address = str(answer.url.join(answer.headers["location"]))
                        continue
                    return await _taken(answer)
            except (httpx.HTTPError, httpx.InvalidURL, KeyError, ValueError) as fault:
                _log.info("tile_not_fetched", kind=type(fault).__name__)
                return None
        return None

    def _keep(self, path: Path, content: bytes) -> None:
        """Keep a picture; a full or read-only disk is no reason not to show it."""
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            unfinished = path.with_name(f".{secrets.token_hex(6)}")
            unfinished.write_bytes(content)
            unfinished.replace(path)
            self._kept_since_sweep += 1
            if self._kept_since_sweep >= _SWEEP_EVERY:
                self._kept_since_sweep = 0
                self._sweep()

    def _sweep(self) -> None:
        """Delete what is old, of all servers; then what was looked at longest ago, to four fifths of the limit."""
        files: list[tuple[float, int, Path]] = []  # when it was looked at, its size
        for file in self._all.rglob("*"):
            with suppress(OSError):
                stat = file.stat()
                if file.is_file():
                    files.append((stat.st_atime, stat.st_size, file))
        oldest = time.time() - KEPT_S
        total = sum(size for _, size, _ in files)
        wanted = self._most if total <= self._most else self._most * 4 // 5
        for looked_at, size, file in sorted(files, key=lambda one: one[0]):
            if looked_at > oldest and total <= wanted:
                return
            with suppress(OSError):
                file.unlink()
                total -= size


async def _taken(answer: httpx.Response) -> tuple[bytes, str] | None:
    """The picture of an answer; None where it is another thing, or too large."""
    # A few packed bytes could unpack to any size.
    if answer.status_code != _OK or answer.headers.get("content-encoding", "identity") != "identity":
        return None
    untrusted = bytearray()
    async for chunk in answer.aiter_bytes(64 * 1024):
        untrusted += chunk
        if len(untrusted) > PICTURE_BYTES_MAX:
            return None
    media_type = kind_of(bytes(untrusted))
    return None if media_type is None else (bytes(untrusted), media_type)


def _read(path: Path) -> tuple[tuple[bytes, str] | None, bool]:
    """A kept picture, and whether it is young enough not to be asked for again."""
    try:
        content, fetched_at = path.read_bytes(), path.stat().st_mtime
    except OSError:
        return None, False
    media_type = kind_of(content)
    if media_type is None:
        return None, False
    now = time.time()
    with suppress(OSError):
        os.utime(path, (now, fetched_at))  # looked at now: the last to be swept
    return (content, media_type), now - fetched_at < KEPT_S
