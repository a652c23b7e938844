"""Areas: from what a person drew to the blocks that are asked.

The drawn shape is snapped to a union of whole blocks and of cells without homes that the drawing covers (DESIGN 2);
the snapped area is what counts and what is shown. Nobody can narrow a request below a block, with any client:
only block ids and open cells travel, and the service measures them itself.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, cast

import h3
import msgspec
import shapely
from shapely.geometry import mapping
from shapely.geometry import shape as shape_of

from console.domain.places import EARTH_RADIUS_M, Geometry, Latitude, Longitude, Point, distance_m

if TYPE_CHECKING:
    from collections.abc import Iterable

    from console.domain.atlas import AtlasIndex

RESOLUTION = 10
COVER_SHARE = 0.5
CIRCLE_CORNERS = 48
SHAPES_KEPT = 256
HOMES_BANDS = (0, 20, 50, 100, 150, 300, 500, 750, 1_000, 1_500, 2_500, 5_000)


class Circle(msgspec.Struct, frozen=True, tag="circle", forbid_unknown_fields=True):
    """A drawn circle; the radius in metres on the ground."""

    centre: Point
    radius_m: float


class Polygon(msgspec.Struct, frozen=True, tag="polygon", forbid_unknown_fields=True):
    """A drawn ring without holes, closed or not; positions are (longitude, latitude)."""

    ring: tuple[tuple[Longitude, Latitude], ...]


class Picked(msgspec.Struct, frozen=True, tag="picked", forbid_unknown_fields=True):
    """Blocks picked one by one."""

    blocks: tuple[str, ...]


Drawing = Circle | Polygon | Picked


class Area(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is asked: whole blocks and open cells of one atlas version. Sorted, without repeats."""

    atlas_version: str
    blocks: tuple[str, ...]
    open_cells: tuple[str, ...] = ()


def outline(drawing: Circle | Polygon) -> shapely.Polygon | None:
    """The drawing as a shape in degrees; None where it has no area (too few corners, crosses itself, no radius)."""
    if isinstance(drawing, Circle):
        if not (math.isfinite(drawing.radius_m) and 0 < drawing.radius_m <= 20_000):  # noqa: PLR2004 - 20 km
            return None
        lat_step = math.degrees(drawing.radius_m / EARTH_RADIUS_M)
        lon_step = lat_step / max(0.01, math.cos(math.radians(drawing.centre.lat)))
        return shapely.Polygon(
            (
                drawing.centre.lon + lon_step * math.cos(2 * math.pi * k / CIRCLE_CORNERS),
                drawing.centre.lat + lat_step * math.sin(2 * math.pi * k / CIRCLE_CORNERS),
            )
            for k in range(CIRCLE_CORNERS)
        )
    if len(set(drawing.ring)) < 3:  # noqa: PLR2004 - a triangle
        return None
    polygon = shapely.Polygon(drawing.ring)
    return polygon if polygon.is_valid and polygon.area > 0 else None


class Ground:
    """An atlas made ready for measuring: every cell's piece inside the jurisdiction, made once and kept."""

    def __init__(self, index: AtlasIndex) -> None:
        self.index = index
        self._jurisdiction = shape_of(index.atlas.jurisdiction)
        shapely.prepare(self._jurisdiction)
        self._pieces: dict[str, tuple[shapely.Geometry, float]] = {}
        self._open = frozenset(index.atlas.open_cells)
        self._shapes: dict[Area, shapely.Geometry] = {}

    @property
    def version(self) -> str:
        """The atlas version that areas are made of."""
        return self.index.atlas.version

    def piece(self, cell: str) -> tuple[shapely.Geometry, float]:
        """The part of a cell inside the jurisdiction, and its area in square metres."""
        known = self._pieces.get(cell)
        if known is None:
            hexagon = shapely.Polygon([(lon, lat) for lat, lon in h3.cell_to_boundary(cell)])
            whole_m2 = float(h3.cell_area(cell, unit="m^2"))
            if self._jurisdiction.contains_properly(hexagon):
                known = (hexagon, whole_m2)
            else:
                cut = hexagon.intersection(self._jurisdiction)
                known = (cut, whole_m2 * (cut.area / hexagon.area))
            self._pieces[cell] = known
        return known

    def cells(self, area: Area) -> tuple[str, ...]:
        """Every cell of an area whose blocks and cells this atlas knows."""
        found = [cell for block_id in area.blocks for cell in self.index.block(block_id).cells]
        found.extend(area.open_cells)
        return tuple(found)

    def unknown(self, area: Area) -> tuple[str, ...]:
        """The ids of an area that are no block or no open cell of this atlas, or that repeat."""
        strange = [b for b in area.blocks if not self.knows_block(b)]
        strange.extend(c for c in area.open_cells if c not in self._open)
        if len(set(area.blocks)) != len(area.blocks) or len(set(area.open_cells)) != len(area.open_cells):
            strange.append("repeated")
        return tuple(strange)

    def knows_block(self, block_id: str) -> bool:
        """Whether this is a block of the atlas."""
        try:
            self.index.block(block_id)
        except KeyError:
            return False
        return True

    def area_m2(self, area: Area) -> float:
        """The area on the ground inside the jurisdiction, in square metres."""
        return math.fsum(self.piece(cell)[1] for cell in self.cells(area))

    def homes(self, area: Area) -> int:
        """The homes of the area, from public data. For judging and bands; never shown as a figure."""
        return sum(self.index.block(block_id).homes for block_id in area.blocks)

    def shape(self, area: Area) -> shapely.Geometry:
        """The area's outline, in degrees."""
        known = self._shapes.get(area)
        if known is None:
            if len(self._shapes) >= SHAPES_KEPT:
                self._shapes.clear()
            known = shapely.union_all([self.piece(cell)[0] for cell in self.cells(area)])
            self._shapes[area] = known
        return known

    def geometry(self, area: Area) -> Geometry:
        """The area's outline as a GeoJSON geometry."""
        return cast("Geometry", mapping(self.shape(area)))

    def blocks_geometry(self, area: Area) -> Geometry:
        """A FeatureCollection with a feature a block (`id`), and one for the open cells."""
        features = [
            {
                "type": "Feature",
                "id": block_id,
                "properties": {"id": block_id},
                "geometry": self.block_geometry(block_id),
            }
            for block_id in area.blocks
        ]
        if area.open_cells:
            shape = shapely.union_all([self.piece(cell)[0] for cell in area.open_cells])
            features.append({"type": "Feature", "id": "open", "properties": {"id": "open"}, "geometry": mapping(shape)})
        return {"type": "FeatureCollection", "features": features}

    def block_geometry(self, block_id: str) -> Geometry:
        """One block's outline as a GeoJSON geometry."""
        pieces = [self.piece(cell)[0] for cell in self.index.block(block_id).cells]
        return cast("Geometry", mapping(shapely.union_all(pieces)))

    def distance_m(self, area: Area, place: Point) -> float:
        """From a place to the area: 0 inside, else metres to its nearest edge."""
        shape = self.shape(area)
        spot = shapely.Point(place.lon, place.lat)
        if shape.is_empty:
            return math.inf
        if shape.covers(spot):
            return 0.0
        squeeze = math.cos(math.radians(place.lat))  # degrees of longitude are shorter: stretch to compare
        flat = shapely.transform(shape, lambda xy: xy * (squeeze, 1.0))
        near = shapely.shortest_line(shapely.Point(place.lon * squeeze, place.lat), flat)
        lon, lat = shapely.get_coordinates(near)[-1]
        return distance_m(place, Point(lat=float(lat), lon=float(lon) / squeeze))

    def snap(self, drawing: Drawing) -> Area:
        """The blocks of which the drawing covers at least half, and the open cells whose centre it covers."""
        if isinstance(drawing, Picked):
            return self._made(b for b in drawing.blocks if self.knows_block(b))
        shape = outline(drawing)
        if shape is None:
            return self._made(())
        shapely.prepare(shape)
        touched: dict[str, int] = {}
        open_cells: list[str] = []
        for cell in h3.h3shape_to_cells_experimental(h3.geo_to_h3shape(mapping(shape)), RESOLUTION, contain="center"):
            block_id = self.index.block_of_cell.get(cell)
            if block_id is not None:
                touched[block_id] = touched.get(block_id, 0) + 1
            elif cell in self._open:
                open_cells.append(cell)
        return self._made(
            (b for b, count in touched.items() if count >= COVER_SHARE * len(self.index.block(b).cells)), open_cells
        )

    def _made(self, blocks: Iterable[str], open_cells: Iterable[str] = ()) -> Area:
        return Area(self.version, tuple(sorted(set(blocks))), tuple(sorted(set(open_cells))))

    def fitted_circle(self, place: Point, homes_min: int, area_min_m2: float, area_max_m2: float) -> Circle | None:
        """The smallest circle around a place, in steps of 20 m, whose snapped area passes; None where none does."""
        for radius_m in range(140, 660, 20):
            area = self.snap(Circle(place, float(radius_m)))
            size = self.area_m2(area)
            if size > area_max_m2:
                return None
            if size >= area_min_m2 and self.homes(area) >= homes_min and self.distance_m(area, place) == 0:
                return Circle(place, float(radius_m))
        return None


def homes_band(homes: int) -> str:
    """Homes as a band, since a count would be false precision: "150 to 300 homes"."""
    for low, high in pairwise(HOMES_BANDS):
        if low <= homes < high:
            return f"fewer than {high} homes" if low == 0 else f"{low:,} to {high:,} homes"
    return f"more than {HOMES_BANDS[-1]:,} homes"
