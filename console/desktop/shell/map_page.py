"""The map with the feed beside it: the first thing an officer sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import h3
from PySide6.QtWidgets import QCheckBox, QSplitter, QVBoxLayout, QWidget

from console.client.desk import Changed
from console.contract import endpoints as e
from console.desktop.context import Context, Page
from console.desktop.feed.panel import FeedPanel
from console.desktop.geojson import collection, feature
from console.desktop.widgets import named, row
from console.domain.feed import Category, Post
from console.domain.places import Point
from console.domain.requests import State
from console.domain.templates import from_post

if TYPE_CHECKING:
    from console.desktop.map.view import MapPane

SHOWN_STATES = {
    State.PENDING: "pending",
    State.ENDORSED: "pending",
    State.RETURNED: "pending",
    State.APPROVED: "pending",
    State.PUBLISHED: "published",
    State.EXPIRED: "closed",
    State.RESOLVED: "closed",
}


class MapPage(Page):
    """Jurisdiction, districts, blocks on demand, posts and requests by state; the feed beside it."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._pane: MapPane | None = None
        self._bounds: tuple[float, float, float, float] | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self._split = QSplitter()
        self._split.setHandleWidth(1)
        self._left = QWidget()
        self._left_layout = QVBoxLayout(self._left)
        self._left_layout.setContentsMargins(0, 0, 0, 0)
        self.feed = FeedPanel(context)
        self._split.addWidget(self._left)
        self._split.addWidget(self.feed)
        self._split.setStretchFactor(0, 1)
        self._split.setStretchFactor(1, 0)
        self._split.setSizes([900, 392])
        layout.addWidget(self._split)
        self._blocks = QCheckBox("Show blocks (the smallest areas that can be asked; zoom in)")
        named(self._blocks, "map.blocks", "Show blocks")
        self._blocks.toggled.connect(self._show_blocks)
        self.feed.selected.connect(self._fly_to)
        self.feed.ask_near.connect(self._ask_near)

    @property
    def pane(self) -> MapPane | None:
        """The map, once it was shown."""
        return self._pane

    def entered(self) -> None:
        """Make the map on its first show."""
        if self._pane is None:
            self._pane = self.context.new_pane("Jurisdiction")
            self._left_layout.addWidget(self._pane, 1)
            below = row(self._blocks, None)
            below.setContentsMargins(16, 6, 16, 6)
            self._left_layout.addLayout(below)
            self._pane.place_picked.connect(self._start_at)
            self._pane.picked.connect(self._open_picked)
            self._pane.view_changed.connect(self._view_is)
            self._show_posts()
            self._show_requests()
        self.feed.entered()

    def refresh(self, changed: Changed) -> None:
        """Show what changed."""
        self.feed.refresh(changed)
        if changed is Changed.POSTS:
            self._show_posts()
        elif changed is Changed.REQUESTS:
            self._show_requests()

    def retheme(self) -> None:
        """Follow the theme."""
        if self._pane is not None:
            self._pane.set_theme(self.context.theme())
        self.feed.retheme()

    def _show_posts(self) -> None:
        if self._pane is None:
            return
        features: list[dict[str, Any]] = []
        alerts: list[dict[str, Any]] = []
        for post in self.context.desk.posts:
            made = feature(
                post.id,
                {"type": "Point", "coordinates": [post.place.lon, post.place.lat]},
                category=post.category.value,
                title=post.title,
            )
            (alerts if post.category is Category.ALERT else features).append(made)
        self._pane.set_layer("posts", collection(features))
        self._pane.set_layer("alerts", collection(alerts))

    def _show_requests(self) -> None:
        if self._pane is None:
            return
        made = [
            feature(r.id, r.outline, state=SHOWN_STATES[r.state], title=r.draft.title)
            for r in self.context.desk.requests
            if r.state in SHOWN_STATES
        ]
        self._pane.set_layer("requests", collection(made))

    def _view_is(self, view: Any) -> None:
        self._bounds = (view.south, view.west, view.north, view.east)
        if self._blocks.isChecked():
            self._show_blocks(on=True)

    def _show_blocks(self, on: bool) -> None:  # noqa: FBT001 - Qt's signature
        if self._pane is None:
            return
        self._pane.show_layer("blocks", on)
        if not on:
            return
        ground, bounds = self.context.ground, self._bounds
        made = []
        for block in ground.index.atlas.blocks:
            lat, lon = h3.cell_to_latlng(block.id)
            if bounds is None or (bounds[0] <= lat <= bounds[2] and bounds[1] <= lon <= bounds[3]):
                made.append(feature(block.id, ground.block_geometry(block.id)))
        self._pane.set_layer("blocks", collection(made))

    def _fly_to(self, post: Post | None) -> None:
        if self._pane is None:
            return
        if post is None:
            self._pane.highlight("posts", None)
            return
        self._pane.fly_to(post.place.lat, post.place.lon)
        self._pane.highlight("posts", post.id)

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
        elif layer in {"posts", "alerts"}:
            self.feed.select(feature_id)
