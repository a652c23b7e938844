"""The map as a widget: values in, intents out.

Promises: the web engine starts when a map is first shown, never before; what is asked of a map that is not
ready is kept and done when it is; a page that dies is drawn again with the same layers; `shutdown` takes the
view, the page and the profile down in the order that does not crash.
Never: a network request, a link followed, a message from the page believed before it was parsed.
"""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING, Final, assert_never

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QColor, QShowEvent
from PySide6.QtWidgets import QLabel, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from console.maps.document import CONSOLE_ASSETS, CONSOLE_ORIGIN, CONSOLE_TILES, MapView, map_document
from console.maps.messages import (
    Bounds,
    BridgeProblem,
    Circle,
    ClearDrawing,
    ConsoleMessage,
    Drawing,
    Drawn,
    FeatureCollection,
    Fit,
    FlyTo,
    Highlight,
    LayerName,
    Picked,
    PlacePicked,
    Polygon,
    Ready,
    SetDrawing,
    SetLayer,
    SetReadout,
    SetTheme,
    SetTool,
    ShowLayer,
    Tool,
    ViewChanged,
    decode_page_message,
    encode_console_message,
)
from console.maps.style import STREETS, TOKENS, Theme

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWebChannel import QWebChannel
    from PySide6.QtWebEngineCore import QWebEnginePage
    from PySide6.QtWebEngineWidgets import QWebEngineView

    from console.desktop.map.profile import MapProfile, MapWebPage
    from console.maps.tiles import Basemap

WORDS_DRAWING: Final = "Drawing the map…"
WORDS_AGAIN: Final = "The map stopped. Drawing it again…"
WORDS_STOPPED: Final = "The map cannot be drawn on this workstation. Everything else works without it."
WORDS_NOT_INSTALLED: Final = "The map's parts are not installed. Install Porchlight again."
WORDS_TRY_AGAIN: Final = "Try again"

_MAX_CRASHES: Final = 3
_CRASH_WINDOW_S: Final = 60.0
_RELOAD_AFTER_MS: Final = 400


class _Bridge(QObject):
    """The one object that the page can see: it takes text and gives text."""

    sent = Signal(str)
    heard = Signal(str)

    @Slot(str)
    def receive(self, untrusted_text: str) -> None:
        """Take one message; the page calls this."""
        self.heard.emit(untrusted_text)


class MapEngine:
    """Makes map panes that share one web profile. Made by the root; costs nothing until a map is shown."""

    def __init__(self, assets: Path, basemap: Basemap | None) -> None:
        self.assets = assets
        self.basemap = basemap
        self._profile: MapProfile | None = None
        self._panes: list[MapPane] = []

    def pane(self, *, title: str, bounds: Bounds, theme: Theme = "day", parent: QWidget | None = None) -> MapPane:
        """Make a map of a box (south, west, north, east), titled for screen readers."""
        pane = MapPane(self, title=title, bounds=bounds, theme=theme, parent=parent)
        self._panes.append(pane)
        return pane

    def profile(self) -> MapProfile:
        """Give the shared profile; the web engine starts here."""
        if self._profile is None:
            from console.desktop.map.profile import MapProfile  # noqa: PLC0415 - the engine loads on first show

            self._profile = MapProfile(self.assets, self.basemap)
        return self._profile

    def shutdown(self) -> None:
        """Take down all panes' pages, then the profile. Call after the loop's last work, before the exit."""
        for pane in self._panes:
            if shiboken6.isValid(pane):
                pane.shutdown()
        self._panes.clear()
        if self._profile is not None and shiboken6.isValid(self._profile):
            shiboken6.delete(self._profile)
        self._profile = None


class MapPane(QWidget):
    """One map."""

    ready = Signal()
    drawn = Signal(int)
    picked = Signal(str, str)
    place_picked = Signal(float, float)
    drawing = Signal(object, bool)
    view_changed = Signal(object)
    problem = Signal(object)
    """A message of the page that was refused (`BridgeProblem`)."""

    def __init__(
        self, engine: MapEngine, *, title: str, bounds: Bounds, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._title = title
        self._bounds = bounds
        self._theme: Theme = theme
        self._document_id = secrets.token_hex(8)
        self._layers: dict[LayerName, FeatureCollection] = {}
        self._shown: dict[LayerName, bool] = {}
        self._place: FlyTo | Fit | None = None
        self._tool: Tool = "none"
        self._readout = ""
        self._shape: Circle | Polygon | None = None
        self._highlight: Highlight | None = None
        self._is_ready = False
        self._is_shut = False
        self._crashes: list[float] = []
        self._view: QWebEngineView | None = None
        self._page: MapWebPage | None = None
        self._channel: QWebChannel | None = None
        self._bridge: _Bridge | None = None

        self.setAccessibleName(title)
        self._words = QLabel(WORDS_DRAWING)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._words.setWordWrap(True)
        self._again = QPushButton(WORDS_TRY_AGAIN)
        self._again.setVisible(False)
        self._again.clicked.connect(self._try_again)
        self._cover = QWidget()
        self._cover.setObjectName("mapCover")
        column = QVBoxLayout(self._cover)
        column.addStretch()
        column.addWidget(self._words)
        column.addWidget(self._again, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addStretch()
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.setStackingMode(QStackedLayout.StackingMode.StackAll)
        self._stack.addWidget(self._cover)
        self._reload_timer = QTimer(self)
        self._reload_timer.setSingleShot(True)
        self._reload_timer.setInterval(_RELOAD_AFTER_MS)
        self._reload_timer.timeout.connect(self._load)
        self._paint_cover()

    # -- what the console asks of the map ----------------------------------------------------------------

    def set_layer(self, name: LayerName, geojson: FeatureCollection) -> None:
        """Replace what a layer shows."""
        self._layers[name] = geojson
        self._send(SetLayer(name, geojson))

    def clear_layer(self, name: LayerName) -> None:
        """Empty a layer."""
        self.set_layer(name, {"type": "FeatureCollection", "features": []})

    def show_layer(self, name: LayerName, visible: bool) -> None:  # noqa: FBT001 - reads as the signal does
        """Show or hide a layer."""
        self._shown[name] = visible
        self._send(ShowLayer(name, visible))

    def set_theme(self, theme: Theme) -> None:
        """Day or night."""
        self._theme = theme
        self._paint_cover()
        if self._page is not None:
            self._page.setBackgroundColor(QColor(STREETS[theme]["ground"]))
        self._send(SetTheme(theme))

    def fly_to(self, lat: float, lon: float, zoom: float = 16.0) -> None:
        """Bring a place to the middle."""
        self._go(FlyTo(lat, lon, zoom))

    def fit(self, bounds: Bounds) -> None:
        """Bring a box (south, west, north, east) into view."""
        self._go(Fit(bounds))

    def set_tool(self, tool: Tool) -> None:
        """Say what a click does from now on. A drawing tool draws afresh after `clear_drawing`."""
        self._tool = tool
        self._send(SetTool(tool))

    def set_readout(self, text: str) -> None:
        """Say something in the box at the bottom left; the part before " · " is strong. Empty hides it."""
        self._readout = text
        self._send(SetReadout(text))

    def set_drawing(self, shape: Circle | Polygon) -> None:
        """Put a shape on the map that was made without the pointer, to be moved and resized there."""
        self._shape = shape
        self._send(SetDrawing(geometry=shape))

    def clear_drawing(self) -> None:
        """Take away the drawn shape."""
        self._shape = None
        self._send(ClearDrawing())

    def highlight(self, layer: LayerName, feature_id: str | None) -> None:
        """Mark one feature of a layer, or none."""
        self._highlight = Highlight(layer, feature_id)
        self._send(self._highlight)

    def cover_words(self) -> str:
        """Say what lies over the map instead of it; empty when the map is seen."""
        return self._words.text() if not self._cover.isHidden() else ""

    def shutdown(self) -> None:
        """Delete the view and the page now; the profile is the engine's and goes after them."""
        # WORKAROUND(Qt 6.11): deleteLater of pages and profiles at exit ends in a crash (exit status 139).
        if self._is_shut:
            return
        self._is_shut = True
        self._is_ready = False
        self._reload_timer.stop()
        if self._view is None:
            return
        self._engine.profile().parts.withdraw(self._document_id)
        for part in (self._view, self._page, self._channel, self._bridge):
            if part is not None and shiboken6.isValid(part):
                shiboken6.delete(part)
        self._view = self._page = self._channel = self._bridge = None

    # -- the page's life ---------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        """Start the web engine on first show."""
        super().showEvent(event)
        if self._view is None and not self._is_shut:
            self._start()

    def _start(self) -> None:
        from PySide6.QtWebChannel import QWebChannel  # noqa: PLC0415 - on first show, never before the window
        from PySide6.QtWebEngineWidgets import QWebEngineView  # noqa: PLC0415

        from console.desktop.map.profile import MapWebPage  # noqa: PLC0415

        profile = self._engine.profile()
        if not profile.parts.has_parts():
            self._say(WORDS_NOT_INSTALLED)
            return
        profile.parts.offer(self._document_id, self._write)
        self._bridge = _Bridge()
        self._bridge.heard.connect(self._hear)
        self._channel = QWebChannel()
        self._channel.registerObject("bridge", self._bridge)
        self._view = QWebEngineView(self)
        self._view.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self._view.setAcceptDrops(False)
        self._view.setAccessibleName(self._title)
        self._page = MapWebPage(profile, self._home(), self._view)
        self._page.setBackgroundColor(QColor(STREETS[self._theme]["ground"]))
        self._page.setWebChannel(self._channel)
        self._page.renderProcessTerminated.connect(self._mend)
        self._page.loadFinished.connect(self._check_loaded)
        self._view.setPage(self._page)
        self._stack.addWidget(self._view)
        self._stack.setCurrentWidget(self._cover)
        self.setFocusProxy(self._view)
        self._load()

    def _home(self) -> QUrl:
        return QUrl(f"{CONSOLE_ORIGIN}/pane/{self._document_id}")

    def _write(self) -> str:
        basemap = self._engine.basemap
        return map_document(
            MapView(
                title=self._title,
                asset_base=CONSOLE_ASSETS,
                bounds=self._bounds,
                nonce=secrets.token_urlsafe(24),
                tile_url=CONSOLE_TILES if basemap else None,
                min_data_zoom=basemap.min_zoom if basemap else 0,
                max_data_zoom=basemap.max_zoom if basemap else 0,
                attribution=basemap.attribution if basemap else "",
                theme=self._theme,
                bridge=True,
            )
        )

    def _load(self) -> None:
        self._is_ready = False
        if self._page is not None:
            self._page.setUrl(self._home())

    @Slot(bool)
    def _check_loaded(self, loaded: bool) -> None:  # noqa: FBT001 - Qt's signature
        if not loaded and not self._is_shut:
            self._stop_here()

    def _mend(self, status: QWebEnginePage.RenderProcessTerminationStatus, _exit_code: int) -> None:
        from PySide6.QtWebEngineCore import QWebEnginePage  # noqa: PLC0415 - it runs already

        self._is_ready = False
        if self._is_shut or status == QWebEnginePage.RenderProcessTerminationStatus.NormalTerminationStatus:
            return
        now = time.monotonic()
        self._crashes = [at for at in self._crashes if now - at < _CRASH_WINDOW_S] + [now]
        if len(self._crashes) > _MAX_CRASHES:
            self._stop_here()
            return
        self._say(WORDS_AGAIN)
        self._reload_timer.start()

    def _stop_here(self) -> None:
        self._say(WORDS_STOPPED)
        self._again.setVisible(True)

    @Slot()
    def _try_again(self) -> None:
        self._crashes.clear()
        self._say(WORDS_DRAWING)
        self._load()

    # -- words over the map ------------------------------------------------------------------------------

    def _say(self, words: str) -> None:
        self._again.setVisible(False)
        self._words.setText(words)
        self._cover.setVisible(True)
        self._stack.setCurrentWidget(self._cover)

    def _paint_cover(self) -> None:
        ground, text = STREETS[self._theme]["ground"], TOKENS[self._theme]["muted"]
        self._cover.setStyleSheet(f"#mapCover {{ background: {ground}; }} QLabel {{ color: {text}; }}")

    # -- the two directions ------------------------------------------------------------------------------

    def _go(self, message: FlyTo | Fit) -> None:
        self._place = message
        self._send(message)

    def _send(self, message: ConsoleMessage) -> None:
        if self._is_ready and self._bridge is not None:
            self._bridge.sent.emit(encode_console_message(message))

    def _replay(self) -> None:
        """Bring a fresh page to where the console wants it."""
        self._send(SetTheme(self._theme))
        if self._place is not None:
            self._send(self._place)
        for name, visible in self._shown.items():
            self._send(ShowLayer(name, visible))
        for name, geojson in self._layers.items():
            self._send(SetLayer(name, geojson))
        if self._highlight is not None:
            self._send(self._highlight)
        self._send(SetReadout(self._readout))
        self._send(SetTool(self._tool))
        if self._shape is not None:
            self._send(SetDrawing(geometry=self._shape))

    @Slot(str)
    def _hear(self, untrusted_text: str) -> None:
        message = decode_page_message(untrusted_text)
        match message:
            case BridgeProblem():
                self.problem.emit(message)
            case Ready():
                self._is_ready = True
                self._replay()
                self.ready.emit()
            case Drawn(paths=paths):
                if self._view is not None:
                    self._stack.setCurrentWidget(self._view)
                    self._cover.setVisible(False)
                self.drawn.emit(paths)
            case Picked(layer=layer, feature_id=feature_id):
                self.picked.emit(layer, feature_id)
            case PlacePicked(lat=lat, lon=lon):
                self.place_picked.emit(lat, lon)
            case Drawing(geometry=geometry, final=final):
                self._shape = geometry if final else self._shape
                self.drawing.emit(geometry, final)
            case ViewChanged():
                # A page that is drawn again comes back to where the officer was looking.
                self._place = Fit((message.south, message.west, message.north, message.east))
                self.view_changed.emit(message)
            case _:
                assert_never(message)
