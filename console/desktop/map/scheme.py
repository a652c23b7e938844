"""The scheme `porchlight:`: all that a map page may load, served from memory and from two places on disk.

Promises: only GET, only for our own page, only files that were in the assets folder when it was opened, only
tiles of the given basemap. Never: a path from a request that reaches the file system.
Source: qutebrowser's own scheme with an initiator check; Qt's notes on QWebEngineUrlScheme.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QBuffer, QByteArray, QCoreApplication, QFile, QIODevice, QObject, Qt
from PySide6.QtWebEngineCore import (
    QWebEngineUrlRequestJob,
    QWebEngineUrlScheme,
    QWebEngineUrlSchemeHandler,
)

from console.maps.document import CONSOLE_ORIGIN
from console.maps.tiles import Basemap, BasemapError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SCHEME: Final = b"porchlight"
HOST: Final = "map"
_MEDIA_TYPES: Final = {
    ".js": b"text/javascript; charset=utf-8",
    ".css": b"text/css; charset=utf-8",
    ".png": b"image/png",
    ".svg": b"image/svg+xml",
    ".woff2": b"font/woff2",
}
_TILE: Final = re.compile(r"/tiles/(\d{1,2})/(\d{1,8})/(\d{1,8})\.mvt")
_DOCUMENT: Final = re.compile(r"/pane/([0-9a-f]{16})")


def register_scheme() -> None:
    """Make the scheme known. Call once, before the QApplication is made."""
    if not QWebEngineUrlScheme.schemeByName(SCHEME).name().isEmpty():
        return
    if QCoreApplication.instance() is not None:
        raise RuntimeError("the map's scheme must be registered before the application starts")
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    scheme = QWebEngineUrlScheme(SCHEME)
    scheme.setSyntax(QWebEngineUrlScheme.Syntax.Host)
    scheme.setFlags(
        QWebEngineUrlScheme.Flag.SecureScheme
        | QWebEngineUrlScheme.Flag.CorsEnabled
        | QWebEngineUrlScheme.Flag.FetchApiAllowed
        | QWebEngineUrlScheme.Flag.LocalScheme
    )
    QWebEngineUrlScheme.registerScheme(scheme)


class MapSchemeHandler(QWebEngineUrlSchemeHandler):
    """Answers the page: its document, our assets, the channel's script, street tiles."""

    def __init__(self, assets: Path, basemap: Basemap | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._documents: dict[str, Callable[[], str]] = {}
        # The list is made once: a request can only name what is in it.
        self._assets = {
            f"/assets/{path.relative_to(assets).as_posix()}": path
            for path in sorted(assets.rglob("*"))
            if path.is_file() and not path.is_symlink() and path.suffix in _MEDIA_TYPES
        }
        self._basemap = basemap
        self._read_asset = lru_cache(maxsize=64)(_read_file)
        self._tile = lru_cache(maxsize=64)(self._tile_of_basemap)

    def has_parts(self) -> bool:
        """Whether the map page was built into the assets folder."""
        return "/assets/map.js" in self._assets

    def offer(self, document_id: str, write: Callable[[], str]) -> None:
        """Serve a document, written anew each time it is asked for."""
        self._documents[document_id] = write

    def withdraw(self, document_id: str) -> None:
        """Serve a document no longer."""
        self._documents.pop(document_id, None)

    def requestStarted(self, job: QWebEngineUrlRequestJob) -> None:
        """Answer or refuse one request."""
        untrusted_url = job.requestUrl()
        path = untrusted_url.path()
        if bytes(job.requestMethod().data()) != b"GET" or untrusted_url.host() != HOST:
            job.fail(QWebEngineUrlRequestJob.Error.RequestDenied)
            return
        if (document := _DOCUMENT.fullmatch(path)) and document[1] in self._documents:
            # Opened by the pane itself: no page may ask for a document.
            if not job.initiator().isEmpty():
                job.fail(QWebEngineUrlRequestJob.Error.RequestDenied)
                return
            _reply(job, b"text/html; charset=utf-8", self._documents[document[1]]().encode())
            return
        if job.initiator().toString() != CONSOLE_ORIGIN:
            job.fail(QWebEngineUrlRequestJob.Error.RequestDenied)
            return
        self._answer_part(job, path)

    def _answer_part(self, job: QWebEngineUrlRequestJob, path: str) -> None:
        if tile := _TILE.fullmatch(path):
            # Nothing drawn there is an empty tile, not an error.
            _reply(job, b"application/octet-stream", self._tile(int(tile[1]), int(tile[2]), int(tile[3])))
        elif path == "/qwebchannel.js":
            _reply(job, _MEDIA_TYPES[".js"], _channel_script())
        elif (asset := self._assets.get(path)) is not None:
            try:
                content = self._read_asset(asset)
            except OSError:
                job.fail(QWebEngineUrlRequestJob.Error.RequestFailed)
                return
            _reply(job, _MEDIA_TYPES[asset.suffix], content)
        else:
            job.fail(QWebEngineUrlRequestJob.Error.UrlNotFound)

    def _tile_of_basemap(self, z: int, x: int, y: int) -> bytes:
        if self._basemap is None:
            return b""
        try:
            return self._basemap.tile(z, x, y) or b""
        except BasemapError:
            return b""


def _read_file(path: Path) -> bytes:
    return path.read_bytes()


@lru_cache(maxsize=1)
def _channel_script() -> bytes:
    file = QFile(":/qtwebchannel/qwebchannel.js")
    if not file.open(QIODevice.OpenModeFlag.ReadOnly):
        raise RuntimeError("Qt was built without its web channel")
    return bytes(file.readAll().data())


def _reply(job: QWebEngineUrlRequestJob, media_type: bytes, content: bytes) -> None:
    buffer = QBuffer(job)
    buffer.setData(QByteArray(content))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    job.setAdditionalResponseHeaders(
        {QByteArray(b"X-Content-Type-Options"): [QByteArray(b"nosniff")]}  # type: ignore[dict-item]
    )
    job.reply(QByteArray(media_type), buffer)
