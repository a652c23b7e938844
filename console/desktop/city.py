"""A city as the map shows it: its atlas, its street map, and its outlines made ready once for all maps."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from shapely.geometry import shape

from console.domain.areas import box_of
from console.maps.outlines import Outlines

if TYPE_CHECKING:
    from console.desktop.map.streets import StreetMap
    from console.domain.ground import Ground
    from console.maps.messages import Bounds


@dataclass(frozen=True)
class City:
    """An atlas that can be looked at. `streets` is None where the engine's own street map is meant."""

    ground: Ground
    streets: StreetMap | None = None

    @property
    def name(self) -> str:
        """The atlas's own name."""
        return self.ground.index.atlas.name

    @cached_property
    def bounds(self) -> Bounds:
        """The box around the jurisdiction: south, west, north, east."""
        return box_of(shape(self.ground.index.atlas.jurisdiction))

    @cached_property
    def jurisdiction(self) -> Outlines:
        """The boundary."""
        return Outlines({"jurisdiction": self.ground.index.atlas.jurisdiction})

    @cached_property
    def districts(self) -> Outlines:
        """The districts with their names."""
        districts = self.ground.index.atlas.districts
        return Outlines({d.name: d.geometry for d in districts}, names={d.name: d.name for d in districts})
