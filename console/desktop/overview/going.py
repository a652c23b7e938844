"""Going about on the map: back and forward through views, the member's own area, the station, a link to a view."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

from console.desktop.widgets import button
from console.domain.map_link import MapLink, MapView, view_of, write_link
from console.domain.view_history import ViewHistory

if TYPE_CHECKING:
    from console.desktop.context import Context
    from console.desktop.map.view import MapPane
    from console.domain.overview import Selection
    from console.maps.messages import ViewChanged

MY_AREA = "map.my_area"
STREET_ZOOM = 16.0
_REST_MS = 900


class Going(QObject):
    """Where the map of one page is, was, and can go. `rested` is told when it came to rest somewhere."""

    rested = Signal()

    def __init__(self, page: QWidget, context: Context) -> None:
        super().__init__(page)
        self._context = context
        self._pane: MapPane | None = None
        self._history = ViewHistory()
        self.view: ViewChanged | None = None
        self.back_button = button("\u2039", "map.back", self.go_back, "tool")
        self.back_button.setAccessibleName("View before")
        self.back_button.setToolTip("The view before (Alt+Left)")
        self.forward_button = button("\u203a", "map.forward", self.go_forward, "tool")
        self.forward_button.setAccessibleName("View after")
        self.forward_button.setToolTip("The view after (Alt+Right)")
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self.come_to_rest)
        self._judge()

    def follow(self, pane: MapPane) -> None:
        """Go about on this map."""
        self._pane = pane
        pane.view_changed.connect(self.see)

    def see(self, view: ViewChanged) -> None:
        """The map shows this now."""
        self.view = view
        self._rest.start()

    def come_to_rest(self) -> None:
        """It stays there: a view to come back to."""
        self._rest.stop()
        middle = self.middle()
        if middle is not None:
            self._history.went_to(middle)
        self._judge()
        self.rested.emit()

    def middle(self) -> MapView | None:
        """The view as its middle and zoom; None before the map is drawn."""
        view = self.view
        return None if view is None else view_of((view.south, view.west, view.north, view.east), view.zoom)

    def near_zoom(self) -> float:
        """The zoom of a street, or nearer where the map is nearer."""
        return max(STREET_ZOOM, self.view.zoom if self.view is not None else 0.0)

    def go_back(self) -> None:
        """To the view before."""
        self._go(self._history.back())

    def go_forward(self) -> None:
        """To the view after."""
        self._go(self._history.forward())

    def go_to_station(self) -> None:
        """To the agency's own house."""
        station = self._context.agency.station
        if self._pane is not None:
            self._pane.fly_to(station.lat, station.lon, STREET_ZOOM)
            self._pane.light(station.lat, station.lon)

    def go_to_my_area(self) -> None:
        """To the area that the member has made their own."""
        kept = self._context.desk.setting(MY_AREA)
        if kept is None:
            self._context.say("You have no area yet. Bring it into view, then choose Go to > Make this view my area.")
        else:
            self._fly(msgspec.json.decode(kept, type=MapView))

    def make_my_area(self) -> None:
        """Keep this view as the member's own, for the next sign-in too."""
        middle = self.middle()
        if middle is None:
            return
        self._context.desk.keep_setting(MY_AREA, msgspec.json.encode(middle).decode())
        self._context.say("This view is your area now. Alt+A goes there.")

    def copy_link(self, selection: Selection) -> None:
        """Put a link to this view and what is chosen in it on the clipboard."""
        middle = self.middle()
        if middle is None:
            self._context.say("The map is not drawn yet. Try again when it is.")
            return
        QApplication.clipboard().setText(write_link(MapLink(middle, selection)))
        self._context.say("The link to this view is copied. A colleague pastes it into the search box.")

    def _go(self, view: MapView | None) -> None:
        # The view that is left must not come to rest after the one that is gone to.
        self._rest.stop()
        if view is not None:
            self._fly(view)
        self._judge()

    def _fly(self, view: MapView) -> None:
        if self._pane is not None:
            self._pane.fly_to(view.lat, view.lon, view.zoom)

    def _judge(self) -> None:
        self.back_button.setEnabled(self._history.can_go_back)
        self.forward_button.setEnabled(self._history.can_go_forward)
