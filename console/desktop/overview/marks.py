"""What the map page puts on its map: posts and alerts as places, requests as areas, blocks on demand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import h3

from console.desktop.geojson import collection, feature
from console.domain.feed import Category
from console.domain.overview import SHOWN_STATES
from console.maps.messages import KindWords
from console.maps.points import PointRow, Points

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from console.desktop.map.view import MapPane
    from console.domain.feed import Post
    from console.domain.ground import Ground
    from console.domain.requests import Request
    from console.maps.messages import Bounds, PointsName, ViewChanged

KINDS: dict[Category, KindWords] = {
    Category.CRIME: KindWords("Crime", "crime", "stop"),
    Category.SAFETY: KindWords("Safety", "safety", "waiting"),
    Category.LOST_AND_FOUND: KindWords("Lost and found", "lost and found", "muted"),
    Category.MOMENT: KindWords("Neighborly moment", "neighborly moments", "good"),
}
ALERT_KINDS = (KindWords("Alert", "alerts", "stop"),)
_BLOCKS_FROM_ZOOM = 13.0
_BLOCKS_HINT = "Blocks \u00b7 the smallest areas that can be asked; zoom in to see them"
_NUMBER_OF = {category: number for number, category in enumerate(KINDS)} | {Category.ALERT: 0}


def blocks_in(ground: Ground, box: Bounds) -> list[dict[str, Any]]:
    """The blocks whose middle lies in a box, as features."""
    south, west, north, east = box
    found = []
    for block in ground.index.atlas.blocks:
        lat, lon = h3.cell_to_latlng(block.id)
        if south <= lat <= north and west <= lon <= east:
            found.append(feature(block.id, ground.block_geometry(block.id)))
    return found


class Marks:
    """The layers of one pane. Places are sent when there are others, a filter only says which of them are shown."""

    def __init__(self, pane: MapPane) -> None:
        self._pane = pane
        self._points: dict[PointsName, tuple[tuple[Post, ...], Points]] = {}

    def show_posts(self, posts: Iterable[Post]) -> None:
        """Put posts and alerts on the map, each id once."""
        once = {post.id: post for post in posts}.values()
        self._show("posts", tuple(p for p in once if p.category is not Category.ALERT), tuple(KINDS.values()))
        self._show("alerts", tuple(p for p in once if p.category is Category.ALERT), ALERT_KINDS)

    def knows(self, ids: Collection[str]) -> bool:
        """Whether all of these are on the map."""
        known = {post.id for posts, _ in self._points.values() for post in posts}
        return known.issuperset(ids)

    def select(self, ids: Collection[str]) -> None:
        """Show only these posts and alerts."""
        for name, (posts, _) in self._points.items():
            rows = [n for n, post in enumerate(posts) if post.id in ids]
            self._pane.select_points(name, None if len(rows) == len(posts) else rows)

    def show_requests(self, requests: Iterable[Request]) -> None:
        """Put requests on the map by their areas; those of a state that is not drawn are left out."""
        made = [
            feature(r.id, r.outline, state=SHOWN_STATES[r.state].value, title=r.draft.title)
            for r in requests
            if r.state in SHOWN_STATES
        ]
        self._pane.set_layer("requests", collection(made))

    def show_blocks(self, ground: Ground, view: ViewChanged) -> None:
        """Put the blocks in view on the map, or say that they show from nearer."""
        near = view.zoom >= _BLOCKS_FROM_ZOOM
        self._pane.set_readout("" if near else _BLOCKS_HINT)
        box = (view.south, view.west, view.north, view.east)
        self._pane.set_layer("blocks", collection(blocks_in(ground, box) if near else []))

    def hide_blocks(self) -> None:
        """Say no more about blocks."""
        self._pane.set_readout("")

    def _show(self, name: PointsName, posts: tuple[Post, ...], kinds: tuple[KindWords, ...]) -> None:
        if name in self._points and self._points[name][0] == posts:
            return
        rows = (PointRow(p.id, p.place.lat, p.place.lon, _NUMBER_OF[p.category], p.title) for p in posts)
        points = Points(rows, kinds)
        self._points[name] = (posts, points)
        self._pane.set_points(name, points)
