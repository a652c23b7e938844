"""What is chosen on the map page: the selection, the time that the brush means, and both in words."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from console.desktop.overview.timebar import BARS, time_words
from console.domain.feed import CATEGORY_NAMES
from console.domain.overview import (
    SHOWN_NAMES,
    Preset,
    Selection,
    Span,
    Viewer,
    bars_extent,
    histogram,
    keeps_request,
    kept_posts,
    preset_span,
    request_time,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from console.desktop.context import Context
    from console.domain.feed import Post
    from console.domain.requests import Request

MONTH = timedelta(days=30)
POSTS_MOST = 5_000


class Chosen:
    """The selection of one map page. A preset moves on with the clock, a brushed span stays."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.preset: Preset | None = Preset.ALL
        self._selection = Selection()

    @property
    def selection(self) -> Selection:
        """What is chosen now."""
        return msgspec.structs.replace(self._selection, span=self.span)

    @selection.setter
    def selection(self, selection: Selection) -> None:
        self._selection = selection

    @property
    def span(self) -> Span:
        """The time that is chosen now."""
        return self._selection.span if self.preset is None else preset_span(self.preset, self._context.clock())

    def want_time(self, wanted: Preset | Span) -> None:
        """Choose a preset, or a span of its own."""
        if isinstance(wanted, Preset):
            self.preset = wanted
        else:
            self.preset = Preset.ALL if wanted == Span() else None
            self._selection = msgspec.structs.replace(self._selection, span=wanted)

    def viewer(self) -> Viewer:
        """Whose "mine" is meant."""
        session = self._context.desk.session
        if session is None:
            return Viewer("", "\0")
        member = session.member
        return Viewer(member.id, f"{member.title} {member.name},")

    def posts(self, posts: Sequence[Post]) -> tuple[Post, ...]:
        """Those posts that are chosen."""
        return kept_posts(self.selection, posts, self.viewer())

    def requests(self) -> list[Request]:
        """Those requests that are chosen and drawn at all."""
        selection, viewer = self.selection, self.viewer()
        return [r for r in self._context.desk.requests if keeps_request(selection, r, viewer)]

    def histogram(self, posts: Sequence[Post]) -> tuple[list[int], Span]:
        """What there is when, of these posts and of the requests, whatever the time that is chosen."""
        anytime = msgspec.structs.replace(self._selection, span=Span())
        viewer = self.viewer()
        times = [p.at for p in kept_posts(anytime, posts, viewer)]
        times += [request_time(r) for r in self._context.desk.requests if keeps_request(anytime, r, viewer)]
        now = self._context.clock()
        since = now - MONTH
        earlier = self._selection.span.since
        if self.preset is None and earlier is not None and earlier < since:
            since = earlier
        if self.preset is Preset.ALL:
            since = min([since, *times])
        extent = bars_extent(since, now, BARS, self._context.zone())
        return histogram(times, extent, BARS), extent

    def wants_older(self) -> bool:
        """Whether older posts should be read for the time bar's month to be true."""
        posts = self._context.desk.posts
        return len(posts) < POSTS_MOST and (not posts or posts[-1].at > self._context.clock() - MONTH)

    def words(self, say: Callable[[datetime], str]) -> str:
        """The selection in words, for a sheet's head."""
        chosen = self.selection
        time = time_words(self.preset, chosen.span, say)
        kinds = ", ".join(CATEGORY_NAMES[c] for c in sorted(chosen.categories)) or "all categories"
        states = ", ".join(SHOWN_NAMES[s].lower() for s in sorted(chosen.states)) or "all requests"
        mine = " \u00b7 only mine" if chosen.mine else ""
        mine += " \u00b7 inside the drawn area" if chosen.area is not None else ""
        return f"{time} \u00b7 {kinds} \u00b7 {states}{mine} \u00b7 as of {say(self._context.clock())}"
