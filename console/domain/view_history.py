"""Back and forward through the views of a map, as a browser does it. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from console.domain.map_link import MapView

VIEWS_KEPT = 100
# A map comes to rest on whole pixels and steps of zoom: within this many of them a view is the same.
_SAME_PX = 12.0
_SAME_ZOOM = 0.13


class ViewHistory:
    """Views in the order in which they were looked at; going somewhere new forgets what lay ahead."""

    def __init__(self) -> None:
        self._views: list[MapView] = []
        self._at = -1

    def went_to(self, view: MapView) -> None:
        """A view came to rest. The one that is current already is not a new one."""
        if self._at >= 0 and _is_same(self._views[self._at], view):
            return
        self._views = [*self._views[: self._at + 1], view][-VIEWS_KEPT:]
        self._at = len(self._views) - 1

    @property
    def can_go_back(self) -> bool:
        """Whether there is a view before this one."""
        return self._at > 0

    @property
    def can_go_forward(self) -> bool:
        """Whether there is a view after this one."""
        return self._at + 1 < len(self._views)

    def back(self) -> MapView | None:
        """Go to the view before; None where there is none."""
        return self._step(-1) if self.can_go_back else None

    def forward(self) -> MapView | None:
        """Go to the view after; None where there is none."""
        return self._step(1) if self.can_go_forward else None

    def _step(self, by: int) -> MapView:
        self._at += by
        return self._views[self._at]


def _is_same(one: MapView, other: MapView) -> bool:
    degrees = _SAME_PX * 360.0 / (256.0 * 2.0**one.zoom)
    return (
        abs(one.lat - other.lat) < degrees
        and abs(one.lon - other.lon) < degrees
        and abs(one.zoom - other.zoom) < _SAME_ZOOM
    )
