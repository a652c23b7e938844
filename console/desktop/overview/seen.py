"""What is seen on the map as rows: for the list beside it, for files, and for the head of a sheet."""

from __future__ import annotations

import heapq
import math
from typing import TYPE_CHECKING

from console.domain.feed import Category
from console.domain.overview import SHOWN_STATES
from console.domain.places import is_placeable
from console.domain.requests import State
from console.domain.sheet import Entry, entry_of_post, entry_of_request

if TYPE_CHECKING:
    from console.desktop.context import Context
    from console.desktop.feed.panel import FeedPanel
    from console.desktop.map.view import MapPane
    from console.desktop.overview.chosen import Chosen
    from console.desktop.overview.going import Going
    from console.domain.feed import Post
    from console.domain.places import Point
    from console.maps.messages import SwitchName

_REQUESTS: dict[str, SwitchName] = {
    "pending": "requests:pending",
    "published": "requests:published",
    "closed": "requests:closed",
}


class Seen:
    """What is chosen, and of that what lies in view on a layer that the legend does not hide."""

    def __init__(self, context: Context, chosen: Chosen, going: Going, feed: FeedPanel) -> None:
        self._station = context.agency.station
        self._chosen = chosen
        self._going = going
        self._feed = feed
        self._pane: MapPane | None = None

    def follow(self, pane: MapPane) -> None:
        """Look at this map."""
        self._pane = pane

    def entries(self) -> list[Entry]:
        """All that is chosen, nearest to the station first."""
        made = [entry_of_post(p, self._station) for p in self._feed.fitting()]
        made += [entry_of_request(r, self._station) for r in self._chosen.requests()]
        return sorted(made, key=lambda entry: (entry.away_m, entry.id))

    def nearest(self, most: int) -> tuple[list[Entry], int]:
        """What is seen, the nearest `most` to the station, nearest first; and how much there is in all."""
        posts = [post for post in self._feed.fitting() if self.is_seen(post)]
        requests = [
            e for r in self._chosen.requests() if self._is_seen_request(e := entry_of_request(r, self._station))
        ]
        # Words are made for what is listed only: in a city's view there are thousands.
        squeeze = math.cos(math.radians(self._station.lat))

        def roughly(post: Post) -> float:
            return math.hypot((post.place.lon - self._station.lon) * squeeze, post.place.lat - self._station.lat)

        made = [entry_of_post(post, self._station) for post in heapq.nsmallest(most, posts, key=roughly)]
        made = sorted([*made, *requests], key=lambda entry: (entry.away_m, entry.id))
        return made[:most], len(posts) + len(requests)

    def is_seen(self, post: Post) -> bool:
        """Whether a post is on the map in view, on a layer that is shown."""
        return self._shows("alerts" if post.category is Category.ALERT else "posts") and self.is_in_view(post.place)

    def is_in_view(self, place: Point) -> bool:
        """Whether a place lies in the view."""
        view = self._going.view
        if view is None or not is_placeable(place.lat, place.lon):
            return False
        return view.south <= place.lat <= view.north and view.west <= place.lon <= view.east

    def _is_seen_request(self, entry: Entry) -> bool:
        shown = SHOWN_STATES.get(State(entry.state))
        return (
            shown is not None
            and self._shows(_REQUESTS[shown])
            and entry.place is not None
            and self.is_in_view(entry.place)
        )

    def _shows(self, layer: SwitchName) -> bool:
        return self._pane is not None and self._pane.is_shown(layer)
