"""The ground: an atlas made ready for snapping and measuring areas.

Promises: answers from public facts only (boundary, blocks, counts of homes); the same area is measured the same
everywhere. What it keeps between calls is derived from the atlas and never changes an answer.
"""

from __future__ import annotations

import functools
import math
from typing import TYPE_CHECKING, NamedTuple, cast

import h3
import numpy as np
import shapely
from shapely.geometry import mapping
from shapely.geometry import shape as shape_of

from console.domain.areas import Area, Drawing, Picked, on_the_globe, outline
from console.domain.places import Geometry, Point, distance_m
from console.domain.streets import Streets

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    from console.domain.atlas import AtlasIndex

RESOLUTION = 10
COVER_SHARE = 0.5
SHAPES_KEPT = 256
# An area within this many rings of cells around a place is measured by these cells only; what lies beyond the rings is
# farther than NEAR_M (r10 cells are at least 100 m from centre to centre).
NEAR_RINGS = 5
# Two parts of an area with a river or a railway between them are still one piece (about 350 m).
GAP_RINGS = 3
NEAR_M = 350.0
_TURN = 360.0


class _Cells(NamedTuple):
    """Every cell of the atlas, west to east: its centre, and its block as a number (-1: an open cell)."""

    ids: list[str]
    lon: Any
    lat: Any
    block: Any
    blocks: list[str]
    half_of: Any


class Ground:
    """An atlas made ready for measuring: every cell's piece inside the jurisdiction, made once and kept."""

    def __init__(self, index: AtlasIndex) -> None:
        self.index = index
        self._jurisdiction = shape_of(index.atlas.jurisdiction)
        shapely.prepare(self._jurisdiction)
        self._pieces: dict[str, tuple[shapely.Geometry, float]] = {}
        self._open = frozenset(index.atlas.open_cells)
        self._shapes: dict[Area, shapely.Geometry] = {}
        self._block_m2: dict[str, float] = {}
        self._snapped: dict[Drawing, Area] = {}
        self._rings: dict[str, tuple[str, ...]] = {}
        self._block_shapes: dict[str, shapely.Geometry] = {}

    @property
    def version(self) -> str:
        """The atlas version that areas are made of."""
        return self.index.atlas.version

    @functools.cached_property
    def streets(self) -> Streets:
        """The atlas's streets by their names."""
        return Streets(self.index)

    # Cells and blocks

    def piece(self, cell: str) -> tuple[shapely.Geometry, float]:
        """The part of a cell inside the jurisdiction, and its area in square metres."""
        known = self._pieces.get(cell)
        if known is None:
            corners = [(lon, lat) for lat, lon in h3.cell_to_boundary(cell)]
            if max(lon for lon, _ in corners) - min(lon for lon, _ in corners) > _TURN / 2:
                corners = [(lon % _TURN, lat) for lon, lat in corners]  # across the 180th meridian
            hexagon = on_the_globe(shapely.Polygon(corners))
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
        return self.index.has_block(block_id)

    def block_m2(self, block_id: str) -> float:
        """A block's area inside the jurisdiction, in square metres."""
        known = self._block_m2.get(block_id)
        if known is None:
            known = math.fsum(self.piece(cell)[1] for cell in self.index.block(block_id).cells)
            self._block_m2[block_id] = known
        return known

    # Measuring

    def area_m2(self, area: Area) -> float:
        """The area on the ground inside the jurisdiction, in square metres."""
        return math.fsum(self.block_m2(b) for b in area.blocks) + math.fsum(self.piece(c)[1] for c in area.open_cells)

    @functools.cached_property
    def whole_m2(self) -> float:
        """The whole jurisdiction's area: all blocks and open cells, in square metres."""
        atlas = self.index.atlas
        return math.fsum(self.block_m2(b.id) for b in atlas.blocks) + math.fsum(
            self.piece(c)[1] for c in atlas.open_cells
        )

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
        known = self._block_shapes.get(block_id)
        if known is None:
            known = shapely.union_all([self.piece(cell)[0] for cell in self.index.block(block_id).cells])
            self._block_shapes[block_id] = known
        return cast("Geometry", mapping(known))

    def distance_m(self, area: Area, place: Point) -> float:
        """From a place to the area: 0 inside, else metres to its nearest edge; infinite for an empty area."""
        if area.is_empty:
            return math.inf
        cells = frozenset(self.cells(area))
        middle = h3.latlng_to_cell(place.lat, place.lon, RESOLUTION)
        if middle in cells and self.piece(middle)[0].covers(shapely.Point(place.lon, place.lat)):
            return 0.0
        near = [cell for cell in h3.grid_disk(middle, NEAR_RINGS) if cell in cells]
        if near:
            away_m = _to_shape_m(shapely.union_all([self.piece(cell)[0] for cell in near]), place)
            if away_m < NEAR_M:  # then no cell that was left out can be nearer
                return away_m
        return _to_shape_m(self.shape(area), place)

    def is_one_piece(self, area: Area) -> bool:
        """Whether an area hangs together, gaps of a street or a river aside."""
        left = set(self.cells(area))
        of_block = {cell: self.index.block(b).cells for b in area.blocks for cell in self.index.block(b).cells}
        edge = [left.pop()] if left else []
        seen: list[str] = []
        while edge:
            cell = edge.pop()
            seen.append(cell)
            for near in (*self._ring(cell), *of_block.get(cell, ())):
                if near in left:
                    left.discard(near)
                    edge.append(near)
            if not edge and left:
                across = {near for one in seen for near in h3.grid_disk(one, GAP_RINGS)} & left
                left -= across
                edge.extend(across)
        return not left

    def _ring(self, cell: str) -> tuple[str, ...]:
        known = self._rings.get(cell)
        if known is None:
            known = tuple(h3.grid_ring(cell, 1))
            self._rings[cell] = known
        return known

    def nearest_block_m(self, area: Area, place: Point) -> float:
        """From a place to the nearest block of an area, its open cells aside; infinite where it has none."""
        return self.distance_m(Area(area.atlas_version, area.blocks), place)

    # Snapping

    def snap(self, drawing: Drawing) -> Area:
        """The blocks of which the drawing covers at least half, and the open cells whose centre it covers."""
        if isinstance(drawing, Picked):
            return self.made(b for b in drawing.blocks if self.knows_block(b))
        known = self._snapped.get(drawing)
        if known is None:
            shape = outline(drawing)
            known = self.made(()) if shape is None else self.snap_shape(shape)
            if len(self._snapped) >= SHAPES_KEPT:
                self._snapped.clear()
            self._snapped[drawing] = known
        return known

    def snap_shape(self, shape: shapely.Geometry) -> Area:
        """As `snap`, for a valid (multi)polygon in degrees."""
        cells = self._cells
        open_cells: list[str] = []
        touched = np.zeros(len(cells.blocks), dtype=np.int32)
        for part in shapely.get_parts(shape):
            west, south, east, north = part.bounds
            first, last = np.searchsorted(cells.lon, (west, east))
            rows = first + np.flatnonzero((cells.lat[first:last] >= south) & (cells.lat[first:last] <= north))
            shapely.prepare(part)
            rows = rows[shapely.contains_xy(part, cells.lon[rows], cells.lat[rows])]
            of_block = cells.block[rows]
            open_cells.extend(cells.ids[row] for row in rows[of_block < 0])
            np.add.at(touched, of_block[of_block >= 0], 1)
        covered = np.flatnonzero((touched > 0) & (touched >= cells.half_of))
        return self.made((cells.blocks[number] for number in covered), open_cells)

    def made(self, blocks: Iterable[str], open_cells: Iterable[str] = ()) -> Area:
        """An area of this atlas: sorted, without repeats."""
        return Area(self.version, tuple(sorted(set(blocks))), tuple(sorted(set(open_cells))))

    @functools.cached_property
    def _cells(self) -> _Cells:
        atlas = self.index.atlas
        numbered = [(cell, number) for number, block in enumerate(atlas.blocks) for cell in block.cells]
        numbered += [(cell, -1) for cell in atlas.open_cells]
        centres = np.array([h3.cell_to_latlng(cell) for cell, _ in numbered], dtype=float).reshape(-1, 2)
        order = np.argsort(centres[:, 1], kind="stable")
        return _Cells(
            ids=[numbered[row][0] for row in order],
            lon=np.ascontiguousarray(centres[order, 1]),
            lat=np.ascontiguousarray(centres[order, 0]),
            block=np.array([numbered[row][1] for row in order], dtype=np.int64),
            blocks=[block.id for block in atlas.blocks],
            half_of=np.array([COVER_SHARE * len(block.cells) for block in atlas.blocks]),
        )


def _to_shape_m(shape: shapely.Geometry, place: Point) -> float:
    """Metres from a place to a shape, whichever way round the globe is shorter."""
    if shape.is_empty:
        return math.inf
    if shape.covers(shapely.Point(place.lon, place.lat)):
        return 0.0
    squeeze = max(0.01, math.cos(math.radians(place.lat)))  # degrees of longitude are shorter: stretch to compare
    flat = shapely.transform(shape, lambda xy: xy * (squeeze, 1.0))
    found = []
    for turn in (-_TURN, 0.0, _TURN) if abs(place.lon) > _TURN / 4 else (0.0,):
        near = shapely.shortest_line(shapely.Point((place.lon + turn) * squeeze, place.lat), flat)
        lon, lat = shapely.get_coordinates(near)[-1]
        found.append(distance_m(place, Point(lat=float(lat), lon=float(lon) / squeeze)))
    return min(found)
