"""An atlas: what a city's pack says about the ground.

Promises: holds counts of homes, never a home's position; an `Atlas` is a value, and an `AtlasIndex` answers
from it without changing it. Says nothing about who is enrolled or has a camera.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import h3
import msgspec
import shapely

from console.domain.blocks import MINIMUM_HOMES, Block
from console.domain.places import Geometry, Point

if TYPE_CHECKING:
    from collections.abc import Mapping

# Rings of cells that are searched before every cell of the atlas is measured (r10: about 2.5 km).
_NEAR_RINGS = 20


class District(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A named part of the jurisdiction, with the people who live in that part."""

    name: str
    population: int
    geometry: Geometry


class Street(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A named street, as points along the part of it that lies inside the jurisdiction."""

    name: str
    points: tuple[Point, ...]


class Atlas(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One version of a city: its boundary, its blocks and its streets.

    `jurisdiction` is a MultiPolygon. `open_cells` are the H3 cells with their centre in the jurisdiction and
    no homes. `stray_cells` maps a cell whose homes fill no block to the id of the nearest block.
    """

    version: str
    name: str
    time_zone: str
    attribution: str
    homes_note: str
    jurisdiction: Geometry
    districts: tuple[District, ...]
    blocks: tuple[Block, ...]
    open_cells: tuple[str, ...]
    streets: tuple[Street, ...]
    stray_cells: dict[str, str]


def atlas_faults(atlas: Atlas) -> tuple[str, ...]:
    """Say what in an atlas breaks a promise about blocks; an empty tuple when nothing does."""
    faults: list[str] = []
    sparse = [block.id for block in atlas.blocks if block.homes < MINIMUM_HOMES]
    if sparse:
        faults.append(f"{len(sparse)} blocks hold fewer than {MINIMUM_HOMES} homes, the first is {sparse[0]}")
    cells = [cell for block in atlas.blocks for cell in block.cells]
    if len(cells) != len(set(cells)):
        faults.append("a cell is in two blocks")
    misnamed = [block.id for block in atlas.blocks if not block.cells or block.id != min(block.cells)]
    if misnamed:
        faults.append(f"{len(misnamed)} blocks are not named by their lowest cell, the first is {misnamed[0]}")
    wrong = sorted(cell for cell in set(cells) | set(atlas.stray_cells) if not h3.is_valid_cell(cell))
    if wrong:
        faults.append(f"{wrong[0]!r} is not an H3 cell")
    ids = {block.id for block in atlas.blocks}
    if not set(atlas.stray_cells.values()) <= ids:
        faults.append("a stray cell belongs to a block that is not in the atlas")
    return tuple(faults)


def nearest_block(cell: str, block_of_cell: Mapping[str, str]) -> str:
    """The id of the block whose cell centre is nearest to this cell's, ties going to the lower id.

    LookupError when there are no blocks; ValueError when `cell` is not an H3 cell.
    """
    if not h3.is_valid_cell(cell):
        raise ValueError(f"not an H3 cell: {cell!r}")
    if not block_of_cell:
        raise LookupError("the atlas has no blocks")
    here = h3.cell_to_latlng(cell)

    def distance(other: str) -> tuple[float, str]:
        return h3.great_circle_distance(here, h3.cell_to_latlng(other)), block_of_cell[other]

    found: list[str] = []
    for ring in range(_NEAR_RINGS + 1):
        # The ring after the first hit is searched too: hexagons make ring distance only nearly a distance.
        seen = bool(found)
        found += [other for other in h3.grid_ring(cell, ring) if other in block_of_cell]
        if seen:
            break
    return block_of_cell[min(found or block_of_cell, key=distance)]


class AtlasIndex:
    """Answers questions about one atlas quickly; built once, never changed."""

    def __init__(self, atlas: Atlas) -> None:
        """Index an atlas whose jurisdiction is a valid (multi)polygon."""
        self.atlas = atlas
        self.jurisdiction_shape: Any = shapely.from_geojson(msgspec.json.encode(atlas.jurisdiction))
        shapely.prepare(self.jurisdiction_shape)
        self._settled = {cell: block.id for block in atlas.blocks for cell in block.cells}
        self.block_of_cell: dict[str, str] = {**atlas.stray_cells, **self._settled}
        self._blocks = {block.id: block for block in atlas.blocks}
        # Degrees of longitude are shortened, so that "nearest" is nearest on the ground.
        self._lon_scale = math.cos(math.radians(self.jurisdiction_shape.centroid.y))
        self._street_of_point = [street for street in atlas.streets for _ in street.points]
        self._street_points: Any = shapely.STRtree(
            [shapely.Point(p.lon * self._lon_scale, p.lat) for street in atlas.streets for p in street.points]
        )

    def block(self, block_id: str) -> Block:
        """The block with this id; KeyError when the atlas has none."""
        return self._blocks[block_id]

    def has_block(self, block_id: str) -> bool:
        """Whether this is a block of the atlas."""
        return block_id in self._blocks

    def block_there(self, cell: str) -> str | None:
        """The block that a home in this cell belongs to; None where the cell lies outside the jurisdiction."""
        found = self.block_of_cell.get(cell)
        if found is not None or not h3.is_valid_cell(cell):
            return found
        lat, lon = h3.cell_to_latlng(cell)
        return self.home_block(cell) if self._settled and self.contains(Point(lat=lat, lon=lon)) else None

    def contains(self, point: Point) -> bool:
        """Whether a place lies in the jurisdiction, its edge included."""
        return bool(shapely.intersects_xy(self.jurisdiction_shape, point.lon, point.lat))

    def nearest_street(self, point: Point) -> Street | None:
        """The named street with a point nearest to this place; None when the atlas knows no streets."""
        nearest = self._street_points.nearest(shapely.Point(point.lon * self._lon_scale, point.lat))
        return None if nearest is None else self._street_of_point[int(nearest)]

    def home_block(self, cell: str) -> str:
        """The id of the block a home in this cell belongs to: its own, or else the nearest one.

        ValueError when `cell` is not an H3 cell, LookupError when the atlas has no blocks.
        """
        found = self.block_of_cell.get(cell)
        return nearest_block(cell, self._settled) if found is None else found
