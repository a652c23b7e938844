"""The scheme `porchlight:`: all that a map page may load, served from memory and from two places on disk.

Promises: only GET, only for our own page, only files that were in the assets folder when it was opened, only
tiles of the given street maps, only layers that a pane offers. Never: a path from a request that reaches the file
system.
Source: qutebrowser's own scheme with an initiator check; Qt's notes on QWebEngineUrlScheme.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import shiboken6
from PySide6.QtCore import QBuffer, QByteArray, QCoreApplication, QFile, QIODevice, QObject, Qt
from PySide6.QtWebEngineCore import (
    QWebEngineUrlRequestJob,
    QWebEngineUrlScheme,
    QWebEngineUrlSchemeHandler,
)

from console.maps.origin import CONSOLE_ORIGIN
from console.maps.outlines import ZOOM_MAX, Outlines, TileBox
from console.maps.points import WORDS_MAX, Points
from console.maps.tiles import BasemapError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from console.desktop.map.streets import StreetMap

SCHEME: Final = b"porchlight"
HOST: Final = "map"
_MEDIA_TYPES: Final = {
    ".js": b"text/javascript; charset=utf-8",
    ".css": b"text/css; charset=utf-8",
    ".png": b"image/png",
    ".svg": b"image/svg+xml",
    ".woff2": b"font/woff2",
}
_TILE: Final = re.compile(r"/tiles/([0-9a-f]{8})/(\d{1,2})/(\d{1,8})/(\d{1,8})")
_LAYER: Final = re.compile(
    r"/layers/([0-9a-f]{16})/([a-z]{1,20})/(\d{1,10})/(points|labels|words/[\d,]{1,3600}|lines/[\d/]{1,60})"
)
_LINES_NUMBERS: Final = 6
Layer = Points | Outlines
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

    def __init__(self, assets: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._documents: dict[str, Callable[[], str]] = {}
        self._layers: dict[tuple[str, str], tuple[int, Layer]] = {}
        self._streets: dict[str, StreetMap] = {}
        # The list is made once: a request can only name what is in it.
        self._assets = {
            f"/assets/{path.relative_to(assets).as_posix()}": path
            for path in sorted(assets.rglob("*"))
            if path.is_file() and not path.is_symlink() and path.suffix in _MEDIA_TYPES
        }
        self._read_asset = lru_cache(maxsize=64)(_read_file)
        self._tile = lru_cache(maxsize=128)(self._tile_of)

    def has_parts(self) -> bool:
        """Whether the map page was built into the assets folder."""
        return "/assets/map.js" in self._assets

    def offer(self, document_id: str, write: Callable[[], str]) -> None:
        """Serve a document, written anew each time it is asked for."""
        self._documents[document_id] = write

    def withdraw(self, document_id: str) -> None:
        """Serve a document and its layers no longer."""
        self._documents.pop(document_id, None)
        for key in [key for key in self._layers if key[0] == document_id]:
            del self._layers[key]

    def offer_layer(self, document_id: str, name: str, version: int, layer: Layer) -> None:
        """Serve a layer to one document, in place of an older one of that name."""
        self._layers[document_id, name] = (version, layer)

    def offer_streets(self, streets: StreetMap) -> None:
        """Serve a street map's tiles by its key."""
        self._streets[streets.key] = streets

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
            self._answer_tile(job, tile[1], (int(tile[2]), int(tile[3]), int(tile[4])))
        elif layer := _LAYER.fullmatch(path):
            self._answer_layer(job, (layer[1], layer[2]), int(layer[3]), layer[4])
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

    def _answer_layer(self, job: QWebEngineUrlRequestJob, key: tuple[str, str], version: int, part: str) -> None:
        kept_version, layer = self._layers.get(key, (-1, None))
        content = None if kept_version != version else _part_of(layer, part)
        if content is None:
            job.fail(QWebEngineUrlRequestJob.Error.UrlNotFound)
            return
        _reply(job, b"application/octet-stream" if part == "points" else b"application/json", content)

    def _answer_tile(self, job: QWebEngineUrlRequestJob, key: str, place: tuple[int, int, int]) -> None:
        streets = self._streets.get(key)
        if streets is None:
            job.fail(QWebEngineUrlRequestJob.Error.UrlNotFound)
        elif streets.fetch is None:
            # Nothing drawn there is an empty tile, not an error.
            _reply(job, b"application/octet-stream", self._tile(key, *place))
        else:
            answering = _Answering(job)
            answering.stop = streets.fetch(place, answering)

    def _tile_of(self, key: str, z: int, x: int, y: int) -> bytes:
        basemap = self._streets[key].basemap
        if basemap is None:
            return b""
        try:
            return basemap.tile(z, x, y) or b""
        except BasemapError:
            return b""


class _Answering:
    """Answers a job later, unless the page has lost interest meanwhile."""

    def __init__(self, job: QWebEngineUrlRequestJob) -> None:
        self._job: QWebEngineUrlRequestJob | None = job
        self.stop: Callable[[], object] | None = None
        job.destroyed.connect(self._forget)

    def _forget(self) -> None:
        """The page wants it no longer: what it is fetched with may go on to what is in view."""
        self._job = None
        if self.stop is not None:
            self.stop()

    def __call__(self, picture: bytes | None, media_type: str) -> None:
        """Give the picture; None where there is none."""
        job, self._job = self._job, None
        if job is None or not shiboken6.isValid(job):
            return
        if picture is None:
            job.fail(QWebEngineUrlRequestJob.Error.UrlNotFound)
            return
        _reply(job, media_type.encode(), picture)


def _part_of(layer: Layer | None, part: str) -> bytes | None:
    """A part of a layer by its path; None where it has no such part."""
    if isinstance(layer, Points):
        if part == "points":
            return layer.encode()
        if part.startswith("words/"):
            rows = [int(n) for n in part.removeprefix("words/").split(",") if n]
            return layer.words(rows[:WORDS_MAX])
    if isinstance(layer, Outlines):
        if part == "labels":
            return layer.labels()
        numbers = [int(n) for n in part.removeprefix("lines/").split("/") if n] if part.startswith("lines/") else []
        if len(numbers) == _LINES_NUMBERS:
            zoom, box = numbers[0], TileBox(*numbers[1:])
            if zoom <= ZOOM_MAX and box.is_possible():
                return layer.lines(box, zoom)
    return None


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
