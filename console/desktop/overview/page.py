"""The map with the feed beside it: the first thing an officer sees, kept open all day.

Promises: the feed, the list beside and the map show the same selection; what is found, filtered or brushed is said in
words; nothing here knows a place finer than a block.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QMenu,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from console.client.desk import Changed, Connection
from console.contract import endpoints as e
from console.desktop.context import Context, Page
from console.desktop.feed.panel import FeedPanel
from console.desktop.map.drawn import as_drawing, as_shape
from console.desktop.map.streets import StreetMap
from console.desktop.overview.chosen import Chosen
from console.desktop.overview.filters import FilterButton, mark_active
from console.desktop.overview.finder import Finder
from console.desktop.overview.going import STREET_ZOOM, Going
from console.desktop.overview.listing import LISTED_MAX, OnMapList
from console.desktop.overview.marks import Marks
from console.desktop.overview.saving import Saving
from console.desktop.overview.seen import Seen
from console.desktop.overview.timebar import TimeBar
from console.desktop.widgets import button, named, row
from console.domain.feed_query import read_query
from console.domain.lookup import Found, FoundKind, LookedUp, look_up
from console.domain.map_link import MapLink
from console.domain.overview import Selection
from console.domain.places import Point, is_placeable
from console.domain.sheet import Entry
from console.domain.templates import from_post

if TYPE_CHECKING:
    from console.desktop.map.view import MapPane
    from console.domain.areas import Circle, Polygon
    from console.domain.feed import Post
    from console.maps.messages import Tool, ViewChanged

AREA_TOOLS: tuple[tuple[str, Tool], ...] = (
    ("Only inside a circle I draw", "circle"),
    ("Only inside a rectangle I draw", "rectangle"),
    ("Only inside a polygon I draw", "polygon"),
)
_HOW_TO_DRAW: dict[str, str] = {
    "circle": "Draw a circle \u00b7 press at its middle, drag, let go; Escape leaves it",
    "rectangle": "Draw a rectangle \u00b7 press at a corner, drag, let go; Escape leaves it",
    "polygon": "Draw a polygon \u00b7 click its corners, double-click the last; Escape leaves it",
}


class MapPage(Page):
    """Jurisdiction, districts, blocks on demand, posts and requests by state; search, time and lists around it."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._pane: MapPane | None = None
        self._marks: Marks | None = None
        self._is_loading = False
        self._is_from_list = False
        self._cities = context.cities
        self._city = 0
        self.feed = FeedPanel(context)
        self.listing = OnMapList(context)
        self.chosen = Chosen(context)
        self._saving = Saving(self, context, self._described)
        self.going = Going(self, context)
        self.going.rested.connect(self._list_view)
        self.seen = Seen(context, self.chosen, self.going, self.feed)
        self._make_layout()
        self.feed.selected.connect(self._fly_to)
        self.feed.hovered.connect(self._light)
        self.feed.ask_near.connect(self._ask_near)
        self.feed.shown_changed.connect(self._show_chosen)
        self.feed.left_post.connect(self._back_from_post)
        self.listing.chosen.connect(self._light_entry)
        self.listing.opened.connect(self._open_entry)
        for keys, slot in {
            "Ctrl+K": self._find,
            "Alt+Left": self.going.go_back,
            "Alt+Right": self.going.go_forward,
            "Alt+A": self.going.go_to_my_area,
            "Alt+Home": self._go_to_all,
        }.items():
            QShortcut(QKeySequence(keys), self, slot, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self._leave = QShortcut(
            QKeySequence("Escape"),
            self,
            partial(self._take_area, None),
            context=Qt.ShortcutContext.WidgetWithChildrenShortcut,
        )
        self._leave.setEnabled(False)
        self._select(Selection())

    # -- the page's parts ----------------------------------------------------------------------------------

    def _make_layout(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self._split = QSplitter()
        self._split.setHandleWidth(1)
        self._split.setChildrenCollapsible(False)
        self._left = QWidget()
        self._left_layout = QVBoxLayout(self._left)
        self._left_layout.setContentsMargins(0, 0, 0, 0)
        self._left_layout.setSpacing(0)
        self._left_layout.addWidget(self._make_tools())
        self._map_space = QVBoxLayout()
        self._left_layout.addLayout(self._map_space, 1)
        self._time = TimeBar(self.context.theme)
        self._time.wanted.connect(self._want_time)
        self._left_layout.addWidget(self._time)
        self._split.addWidget(self._left)
        self._split.addWidget(self._make_side())
        self._split.setStretchFactor(0, 1)
        self._split.setStretchFactor(1, 0)
        self._split.setSizes([900, 392])
        layout.addWidget(self._split)

    def _make_tools(self) -> QWidget:
        bar = QWidget()
        bar.setObjectName("toolbar")
        bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.finder = Finder(self, self.context.theme, self._look_up)
        self.finder.setMinimumWidth(150)
        self.finder.chosen.connect(self._go_to_found)
        self.finder.textChanged.connect(self._forget_found)
        self._filter = FilterButton()
        self._filter.changed.connect(self._select)
        self._area = self._menu_button("Area", "map.area")
        for words, tool in AREA_TOOLS:
            self._area.menu().addAction(words, partial(self._draw_area, tool))
        self._area.menu().addSeparator()
        self._at_desk = self._area.menu().addAction("Open the posts of the area at the feed desk", self._open_area)
        self._at_desk.setEnabled(False)
        self._everywhere = self._area.menu().addAction("Everywhere again", partial(self._take_area, None))
        self._go = self._menu_button("Go to", "map.go")
        self._save = self._menu_button("Save", "map.save")
        self._saving.fill(self._save.menu(), self._copy_link)
        self._fill_go()
        tools = row(
            self.finder,
            self.going.back_button,
            self.going.forward_button,
            self._filter,
            self._area,
            self._go,
            self._save,
            spacing=6,
        )
        tools.setStretch(0, 1)
        tools.setContentsMargins(12, 7, 12, 7)
        bar.setLayout(tools)
        return bar

    def _menu_button(self, words: str, name: str) -> QPushButton:
        made = QPushButton(words)
        made.setAutoDefault(False)
        named(made, name, words)
        menu = QMenu(made)
        menu.setToolTipsVisible(True)
        made.setMenu(menu)
        return made

    def _fill_go(self) -> None:
        menu = self._go.menu()
        menu.clear()
        menu.addAction("My area\tAlt+A", self.going.go_to_my_area)
        menu.addAction("The whole jurisdiction\tAlt+Home", self._go_to_all)
        menu.addAction("The station", self.going.go_to_station)
        menu.addSeparator()
        menu.addAction("Make this view my area", self.going.make_my_area)
        if len(self._cities) > 1:
            menu.addSection("Map of")
            for number, city in enumerate(self._cities):
                action = menu.addAction(city.name, partial(self._change_city, number))
                action.setCheckable(True)
                action.setChecked(number == self._city)

    def _make_side(self) -> QWidget:
        side = QWidget()
        side.setObjectName("sidepanel")
        side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        side.setMinimumWidth(300)
        side.setMaximumWidth(420)
        layout = QVBoxLayout(side)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self._side = QStackedWidget()
        self._side.addWidget(self.feed)
        self._side.addWidget(self.listing)
        group = QButtonGroup(self)
        tabs = []
        for number, (words, name) in enumerate((("Feed", "map.side_feed"), ("On the map", "map.side_list"))):
            tab = button(words, name, partial(self._turn_side, number), "segment")
            tab.setCheckable(True)
            group.addButton(tab)
            tabs.append(tab)
        tabs[0].setChecked(True)
        self._tabs = tabs
        head = row(*tabs, None, spacing=2)
        head.setContentsMargins(16, 7, 12, 0)
        layout.addLayout(head)
        layout.addWidget(self._side, 1)
        return side

    def _turn_side(self, number: int) -> None:
        self._side.setCurrentIndex(number)
        if number:
            self._list_view()
            self.listing.focus_list()
        else:
            self.feed.entered()

    @property
    def pane(self) -> MapPane | None:
        """The map, once it was shown."""
        return self._pane

    # -- the page's life -----------------------------------------------------------------------------------

    def entered(self) -> None:
        """Make the map on its first show."""
        if self._pane is None:
            self._pane = self.context.new_pane("Jurisdiction")
            self._map_space.addWidget(self._pane, 1)
            self._pane.place_picked.connect(self._start_at)
            self._pane.picked.connect(self._open_picked)
            self._pane.places_picked.connect(self._list_places)
            self._pane.view_changed.connect(self._view_is)
            self.going.follow(self._pane)
            self.seen.follow(self._pane)
            self._marks = Marks(self._pane)
            self._pane.drawing.connect(self._drawn)
            self._pane.switched.connect(self._switched)
            self._pane.again.connect(partial(self.context.say, "The map had stopped and was drawn again, as it was."))
            self._pane.show_layer("blocks", False)  # offered in the legend
            self._show_posts()
            self._show_requests()
            self._want_the_month()
        self.feed.entered()

    def left(self) -> None:
        """Another page is shown: what was typed is kept."""
        self.feed.left()

    def refresh(self, changed: Changed) -> None:
        """Show what changed."""
        self.feed.refresh(changed)
        if changed is Changed.POSTS:
            self._show_posts()
        if changed in {Changed.POSTS, Changed.REQUESTS}:
            self._show_chosen()
        if changed is Changed.REQUESTS:
            self._show_requests()
        if changed in {Changed.POSTS, Changed.CONNECTION}:
            self._want_the_month()

    def retheme(self) -> None:
        """Follow the theme."""
        if self._pane is not None:
            self._pane.set_theme(self.context.theme())
        self.feed.retheme()
        self.listing.retheme()
        self._time.retheme()

    def _want_the_month(self) -> None:
        """Once the service has answered, and again after each cut line."""
        desk = self.context.desk
        is_there = desk.connection is Connection.CONNECTED and desk.refreshed_at is not None
        if self._marks is not None and is_there and not self._is_loading and self.chosen.wants_older():
            self._is_loading = True
            self.context.start(self._load_the_month())

    async def _load_the_month(self) -> None:
        """Read as far back as the time bar goes, so that it does not show a quiet month that was not."""
        try:
            while self.chosen.wants_older() and await self.context.desk.load_older_posts():
                pass
        finally:
            self._is_loading = False

    # -- what is chosen ------------------------------------------------------------------------------------

    def _select(self, selection: Selection) -> None:
        self.chosen.selection = selection
        self._filter.show_selection(selection)
        self._everywhere.setEnabled(selection.area is not None)
        self._at_desk.setEnabled(selection.area is not None)
        self._area.setText("Area" if selection.area is None else "Area \u00b7 1")
        mark_active(self._area, active=selection.area is not None)
        self.feed.set_selection(self.chosen.posts)
        self._show_requests()

    def _want_time(self, wanted: Any) -> None:
        """A preset, or a span that was brushed."""
        self.chosen.want_time(wanted)
        self._select(msgspec.structs.replace(self.chosen.selection, span=self.chosen.span))

    # -- an area drawn by hand -----------------------------------------------------------------------------

    def _draw_area(self, tool: Tool) -> None:
        if self._pane is not None:
            self._take_area(None)
            self._pane.set_tool(tool)
            self._pane.set_readout(_HOW_TO_DRAW[tool])
            self._pane.setFocus()
            self._everywhere.setEnabled(True)
            self._leave.setEnabled(True)

    def _drawn(self, shape: Any, final: bool) -> None:  # noqa: FBT001 - the signal's
        if final and self._pane is not None:
            self._leave.setEnabled(False)
            self._pane.set_tool("none")
            self._pane.set_readout("")
            self._take_area(as_drawing(shape))

    def _open_area(self) -> None:
        area = self.chosen.selection.area
        if area is not None:
            self.context.open_feed_at("Drawn on the map", area)

    def _take_area(self, area: Circle | Polygon | None) -> None:
        """Choose what lies inside; the shape stays on the map, to be moved and resized."""
        if area is None and self._pane is not None:
            self._leave.setEnabled(False)
            self._pane.set_tool("none")
            self._pane.set_readout("")
            self._pane.clear_drawing()
        self._select(msgspec.structs.replace(self.chosen.selection, area=area))

    def _show_chosen(self) -> None:
        """The map and the time bar follow the feed."""
        ids = {post.id for post in self.feed.fitting()}
        if self._marks is not None:
            if not self._marks.knows(ids):
                self._show_posts()
            self._marks.select(ids)
        counts, extent = self.chosen.histogram(self.feed.searched())
        self._time.show_times(counts, extent, self.chosen.selection.span, self.chosen.preset, self._say_time)
        self._list_view()

    def _say_time(self, at: Any) -> str:
        return self.context.local(at, "%a %d %b %H:%M")

    def _show_posts(self) -> None:
        """Put every post that is known on the map, also older ones that a search has found."""
        if self._marks is not None:
            self._marks.show_posts((*self.context.desk.posts, *self.feed.fitting()))

    def _show_requests(self) -> None:
        if self._marks is not None:
            self._marks.show_requests(self.chosen.requests())

    # -- lists beside the map ------------------------------------------------------------------------------

    def _list_view(self) -> None:
        if self._side.currentIndex() == 1:
            self.listing.show_entries(*self.seen.nearest(LISTED_MAX))

    def _list_places(self, _layer: str, ids: tuple[str, ...], total: int) -> None:
        """A place on the map was clicked: one opens, several are listed."""
        self._turn_to_feed()
        if total == 1:
            self.feed.select(ids[0])
            return
        words = f"{total:,} at this place" if total == len(ids) else f"{len(ids):,} of {total:,} at this place"
        self.feed.show_only(ids, words)

    def _back_from_post(self) -> None:
        """Back to where the post was opened from."""
        if self._is_from_list:
            self._tabs[1].setChecked(True)
            self._turn_side(1)
        self._is_from_list = False

    def _turn_to_feed(self) -> None:
        self._is_from_list = False
        self._tabs[0].setChecked(True)
        self._side.setCurrentIndex(0)

    def _light_entry(self, entry: Entry) -> None:
        # It is in view already: going there would take the others out of view, and so off the list.
        if self._pane is not None and entry.place is not None:
            self._pane.light(entry.place.lat, entry.place.lon)

    def _open_entry(self, entry: Entry) -> None:
        if entry.is_request:
            self.context.open_request(entry.id)
        else:
            self._turn_to_feed()
            self.feed.select(entry.id)
            self._is_from_list = True

    # -- finding and going ---------------------------------------------------------------------------------

    def _find(self) -> None:
        self.finder.setFocus()
        self.finder.selectAll()

    def _look_up(self, text: str) -> LookedUp:
        query = read_query(text, self.context.zone())
        is_asked = self.context.desk.session is not None and query.has_words()
        posts = self.context.desk.find_posts(query) if is_asked else ()
        return look_up(text, self._cities[self._city].ground, self.context.desk.requests, posts)

    def _forget_found(self, text: str) -> None:
        """An empty box has found nothing: no light, no district marked."""
        if not text and self._pane is not None:
            self._pane.light(None, None)
            self._pane.highlight("districts", None)
            self._pane.highlight("requests", None)

    def _go_to_found(self, found: Found) -> None:
        pane = self._pane
        if pane is None:
            return
        pane.highlight("districts", found.id if found.kind is FoundKind.DISTRICT else None)
        pane.highlight("requests", found.id if found.kind is FoundKind.REQUEST else None)
        is_drawn = found.place is not None and is_placeable(found.place.lat, found.place.lon)
        if found.link is not None:
            self.open_link(found.link)
        elif found.bounds is not None:
            pane.fit(found.bounds)
        elif found.place is not None and is_drawn:
            pane.fly_to(found.place.lat, found.place.lon, STREET_ZOOM)
        if found.place is not None and is_drawn and found.kind not in {FoundKind.DISTRICT, FoundKind.LINK}:
            pane.light(found.place.lat, found.place.lon)
        if found.kind is FoundKind.POST:
            self._turn_to_feed()
            self.feed.select(found.id)

    def open_link(self, link: MapLink) -> None:
        """Go to a view with what was chosen there."""
        self.chosen.want_time(link.selection.span)
        self._select(link.selection)
        if self._pane is not None:
            if link.selection.area is None:
                self._pane.clear_drawing()
            else:
                self._pane.set_drawing(as_shape(link.selection.area))
            self._pane.fly_to(link.view.lat, link.view.lon, link.view.zoom)

    def _copy_link(self) -> None:
        self.going.copy_link(self.chosen.selection)

    def _view_is(self, view: ViewChanged) -> None:
        if self._pane is not None and self._marks is not None and self._pane.is_shown("blocks"):
            self._marks.show_blocks(self._cities[self._city].ground, view)

    def _switched(self, what: str, on: bool) -> None:  # noqa: FBT001 - the signal's
        self._list_view()
        if what != "blocks" or self._marks is None:
            return
        if not on:
            self._marks.hide_blocks()
        elif self.going.view is not None:
            self._marks.show_blocks(self._cities[self._city].ground, self.going.view)

    def _go_to_all(self) -> None:
        if self._pane is not None:
            self._pane.fit(self._cities[self._city].bounds)

    def _change_city(self, number: int) -> None:
        """Another atlas: its boundary, districts and street map; requests and posts stay where they are."""
        self._city = number
        city = self._cities[number]
        if self._pane is not None:
            self._pane.change_city(city.bounds, city.streets or StreetMap())
            self._pane.set_outlines("jurisdiction", city.jurisdiction)
            self._pane.set_outlines("districts", city.districts)
            self._pane.clear_layer("blocks")
        self._fill_go()

    # -- from the map to the work --------------------------------------------------------------------------

    def _fly_to(self, post: Post | None) -> None:
        """Light a post's place; where it is out of view the map goes there, no nearer and no farther."""
        self._light(post)
        if self._pane is None or post is None or not is_placeable(post.place.lat, post.place.lon):
            return
        if not self.seen.is_in_view(post.place):
            zoom = self.going.view.zoom if self.going.view is not None else STREET_ZOOM
            self._pane.fly_to(post.place.lat, post.place.lon, zoom)

    def _light(self, post: Post | None) -> None:
        """Light a post's place; without one, that of the post which was chosen last."""
        shown = post or self.feed.current()
        if self._pane is None:
            return
        if shown is None or not is_placeable(shown.place.lat, shown.place.lon):
            self._pane.light(None, None)
        else:
            self._pane.light(shown.place.lat, shown.place.lon)

    def _may_ask(self) -> bool:
        session = self.context.desk.session
        return session is not None and session.member.role in e.SUBMIT_REQUEST.who

    def _start_at(self, lat: float, lon: float) -> None:
        place = Point(lat, lon)
        if not self._may_ask():
            self.context.say("Only officers and supervisors ask for video.")
            return
        if not self.context.ground.index.contains(place):
            self.context.say("This place is outside your jurisdiction. Choose one inside the blue line.")
            return
        street = self.context.ground.index.nearest_street(place)
        name = f"Near {street.name}" if street else ""
        self.context.open_wizard(self.context.desk.new_draft(place=place, place_name=name))

    def _ask_near(self, post: Post) -> None:
        if self._may_ask():
            self.context.open_wizard(from_post(post, self.context.desk.new_draft()))

    def _open_picked(self, layer: str, feature_id: str) -> None:
        if layer == "requests":
            self.context.open_request(feature_id)

    def _described(self) -> tuple[str, str]:
        """The title of a sheet, and the line below: what, when and how much."""
        chosen = self.chosen.words(self._say_time)
        count = len(self.feed.fitting())
        city = self._cities[self._city].name
        words = self.feed.search_words()
        if words:
            chosen = f"{chosen} \u00b7 with \u201c{words[:60]}\u201d"
        seen = sum(self.seen.is_seen(post) for post in self.feed.fitting())
        much = f"{seen:,} of {count:,} posts and alerts in this view"
        agency = self.context.agency.name
        return agency if city == agency else f"{agency}: {city}", f"{chosen} \u00b7 {much}"
