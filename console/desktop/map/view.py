"""The map as a widget: values in, intents out.

Promises: the web engine starts when a map is first shown, never before; what is asked of a map that is not
ready is kept and done when it is; a page that dies is drawn again with the same layers; `shutdown` takes the
view, the page and the profile down in the order that does not crash.
Never: a network request, a link followed, a message from the page believed before it was parsed.
"""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING, Final, Literal, assert_never

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QColor, QShowEvent
from PySide6.QtWidgets import QLabel, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from console.desktop.geojson import collection
from console.desktop.map.streets import StreetMap
from console.domain.map_link import view_of
from console.maps.messages import (
    Bounds,
    BridgeProblem,
    Circle,
    ClearDrawing,
    ConsoleMessage,
    Drawing,
    Drawn,
    FeatureCollection,
    FeaturesName,
    Fit,
    FlyTo,
    Highlight,
    Light,
    OutlinesName,
    Picked,
    PlacePicked,
    PointsName,
    PointsPicked,
    Polygon,
    Ready,
    SelectPoints,
    SetDrawing,
    SetLayer,
    SetOutlines,
    SetPoints,
    SetPrinting,
    SetReadout,
    SetTheme,
    SetTool,
    ShowLayer,
    Switched,
    SwitchName,
    Tool,
    ViewChanged,
    decode_page_message,
    encode_console_message,
)
from console.maps.origin import CONSOLE_ASSETS, CONSOLE_LAYERS, CONSOLE_ORIGIN
from console.maps.points import Points, mask
from console.maps.style import STREETS, TOKENS, Theme
from console.maps.wanted import Wanted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from PySide6.QtGui import QImage
    from PySide6.QtWebChannel import QWebChannel
    from PySide6.QtWebEngineCore import QWebEnginePage
    from PySide6.QtWebEngineWidgets import QWebEngineView

    from console.desktop.map.profile import MapProfile, MapWebPage
    from console.maps.outlines import Outlines

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

    def __init__(self, assets: Path, streets: StreetMap | None = None) -> None:
        self.assets = assets
        self.streets = streets or StreetMap()
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

            self._profile = MapProfile(self.assets)
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
    places_picked = Signal(str, object, int)
    """A layer of places, the ids that were chosen (a tuple of text), and how many there are at that spot in all."""
    place_picked = Signal(float, float)
    switched = Signal(str, bool)
    """The legend was used: what, and whether it is shown from now on."""
    again = Signal()
    """The page died and is drawn again, with the view and the layers that it had."""
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
        self._streets = engine.streets
        self._wanted = Wanted()
        self._wanted.remember(SetTheme(theme))
        self._served: dict[PointsName | OutlinesName, tuple[int, Points | Outlines]] = {}
        self._version = 0
        self._picture_wanted: Callable[[QImage], None] | None = None
        self._is_ready = False
        self._is_shut = False
        self._is_again = False
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

    def set_layer(self, name: FeaturesName | OutlinesName, geojson: FeatureCollection) -> None:
        """Replace what a layer of few features shows."""
        self._tell(SetLayer(name, geojson))

    def set_outlines(self, name: OutlinesName, outlines: Outlines) -> None:
        """Replace long outlines; the page fetches what its zoom and view need."""
        self._tell(SetOutlines(name, self._serve(name, outlines)))

    def set_points(self, name: PointsName, points: Points, rows: Iterable[int] | None = None) -> None:
        """Replace many places; `rows` are those that are shown, None shows all."""
        chosen = None if rows is None else mask(rows, len(points))
        self._tell(SetPoints(name, self._serve(name, points), points.kinds, chosen))

    def select_points(self, name: PointsName, rows: Iterable[int] | None) -> None:
        """Show only some rows of the places that were set; None shows all."""
        version, points = self._served.get(name, (0, None))
        if isinstance(points, Points):
            self._tell(SelectPoints(name, version, None if rows is None else mask(rows, len(points))))

    def clear_layer(self, name: FeaturesName | OutlinesName) -> None:
        """Empty a layer."""
        self.set_layer(name, collection([]))

    def show_layer(self, name: FeaturesName | SwitchName, visible: bool) -> None:  # noqa: FBT001 - as the signal does
        """Show or hide a layer."""
        self._tell(ShowLayer(name, visible))

    def is_shown(self, name: FeaturesName | SwitchName) -> bool:
        """Whether a layer is shown; blocks are not until they are asked for."""
        return self._wanted.shows(name, unasked=name != "blocks")

    def change_city(self, bounds: Bounds, streets: StreetMap) -> None:
        """Show another city: its box and its street map; the layers are set by whoever knows it."""
        self._bounds = bounds
        self._streets = streets
        self._wanted.forget_place()
        if self._view is not None:
            self._engine.profile().parts.offer_streets(streets)
            self._say(WORDS_DRAWING)
            self._load()

    def light(self, lat: float | None, lon: float | None) -> None:
        """Light a place, whatever lies there; None puts the light out."""
        self._tell(Light(lat, lon))

    def take_picture(self, taken: Callable[[QImage], None]) -> bool:
        """Give a picture of the map as it is, without what is for the hand only; False where no map is seen."""
        if self._view is None or not self._is_ready or self.cover_words() or self._picture_wanted is not None:
            return False
        self._picture_wanted = taken
        # Paper is light: a picture is taken by day, also at night.
        self._send(SetTheme("day"))
        self._send(SetPrinting(on=True))
        return True

    def set_theme(self, theme: Theme) -> None:
        """Day or night."""
        self._theme = theme
        self._paint_cover()
        if self._page is not None:
            self._page.setBackgroundColor(QColor(STREETS[theme]["ground"]))
        self._tell(SetTheme(theme))

    def fly_to(self, lat: float, lon: float, zoom: float = 16.0) -> None:
        """Bring a place to the middle."""
        self._tell(FlyTo(lat, lon, zoom))

    def fit(self, bounds: Bounds) -> None:
        """Bring a box (south, west, north, east) into view."""
        self._tell(Fit(bounds))

    def set_tool(self, tool: Tool) -> None:
        """Say what a click does from now on. A drawing tool draws afresh after `clear_drawing`."""
        self._tell(SetTool(tool))

    def set_readout(self, text: str) -> None:
        """Say something in the box at the top left; the part before " · " is strong. Empty hides it."""
        self._tell(SetReadout(text))

    def set_drawing(self, shape: Circle | Polygon) -> None:
        """Put a shape on the map that was made without the pointer, to be moved and resized there."""
        self._tell(SetDrawing(geometry=shape))

    def clear_drawing(self) -> None:
        """Take away the drawn shape."""
        self._tell(ClearDrawing())

    def highlight(self, layer: FeaturesName | Literal["districts"], feature_id: str | None) -> None:
        """Mark one feature of a layer, or none."""
        self._tell(Highlight(layer, feature_id))

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
        profile.parts.offer_streets(self._streets)
        for name, (version, layer) in self._served.items():
            profile.parts.offer_layer(self._document_id, name, version, layer)
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
        # folium takes a third of a second to import: not before a map is asked for.
        from console.maps.document import MapView, map_document  # noqa: PLC0415

        streets = self._streets
        return map_document(
            MapView(
                title=self._title,
                asset_base=CONSOLE_ASSETS,
                layers_url=f"{CONSOLE_LAYERS}/{self._document_id}",
                bounds=self._bounds,
                nonce=secrets.token_urlsafe(24),
                tile_url=streets.tile_url,
                schema=streets.schema,
                min_data_zoom=streets.min_zoom,
                max_data_zoom=streets.max_zoom,
                attribution=streets.attribution,
                note=streets.note,
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
        self._is_again = True
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

    def _tell(self, message: ConsoleMessage) -> None:
        """Remember what is wanted, and tell the page if it listens; else it is told when it does."""
        self._wanted.remember(message)
        self._send(message)

    def _send(self, message: ConsoleMessage) -> None:
        if self._is_ready and self._bridge is not None:
            self._bridge.sent.emit(encode_console_message(message))

    def _replay(self) -> None:
        """Bring a fresh page to where the console wants it."""
        for message in self._wanted.replay():
            self._send(message)

    def _serve(self, name: PointsName | OutlinesName, layer: Points | Outlines) -> int:
        """Have a layer fetched by the page under a new version, which is answered."""
        self._version += 1
        self._served[name] = (self._version, layer)
        if self._view is not None:
            self._engine.profile().parts.offer_layer(self._document_id, name, self._version, layer)
        return self._version

    def _tell_picked(self, message: PointsPicked) -> None:
        version, points = self._served.get(message.layer, (-1, None))
        if not isinstance(points, Points) or version != message.version:
            return  # of places that were replaced meanwhile
        ids = tuple(points.rows[row].id for row in message.rows if row < len(points))
        if ids:
            self.places_picked.emit(message.layer, ids, message.total)

    def _give_picture(self) -> None:
        taken, self._picture_wanted = self._picture_wanted, None
        if taken is None or self._view is None:
            return
        picture = self._view.grab().toImage()
        self._send(SetPrinting(on=False))
        self._send(SetTheme(self._theme))
        taken(picture)

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
                self._uncover(paths)
            case Picked(layer=layer, feature_id=feature_id):
                self.picked.emit(layer, feature_id)
            case PointsPicked():
                self._tell_picked(message)
            case PlacePicked(lat=lat, lon=lon):
                self.place_picked.emit(lat, lon)
            case Drawing(geometry=geometry, final=final):
                if final:
                    self._wanted.remember(SetDrawing(geometry=geometry))
                self.drawing.emit(geometry, final)
            case Switched() | ViewChanged():
                self._follow(message)
            case _:
                assert_never(message)

    def _uncover(self, paths: int) -> None:
        if self._view is not None:
            self._stack.setCurrentWidget(self._view)
            self._cover.setVisible(False)
        if self._picture_wanted is not None:
            self._give_picture()
        if self._is_again:
            self._is_again = False
            self.again.emit()
        self.drawn.emit(paths)

    def _follow(self, message: Switched | ViewChanged) -> None:
        """What a person did on the page stays so when it is drawn again."""
        if isinstance(message, Switched):
            self._wanted.remember(ShowLayer(message.what, message.visible))
            self.switched.emit(message.what, message.visible)
            return
        middle = view_of((message.south, message.west, message.north, message.east), message.zoom)
        self._wanted.remember(FlyTo(middle.lat, middle.lon, middle.zoom))
        self.view_changed.emit(message)
