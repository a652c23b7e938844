"""An agency that wants to find out where one neighbour lives, and is clever about it.

The neighbour answers every request that reaches them, which the attacker sees. Each series fabricates cases, windows and
incident places at will and chooses its next area by what the earlier ones told, so as to split what is left. All areas
go through the real check. What is left is never a smaller set than a block.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import h3
import msgspec

from console.domain.areas import Area, Circle, Picked, Polygon
from console.domain.checks import check
from console.domain.drafts import Draft, DraftId
from console.domain.findings import blocking
from console.domain.fitting import middle_of
from console.domain.ground import Ground
from console.domain.places import Point
from console.domain.policy import Agency

NOW = datetime(2026, 6, 10, 20, 0, tzinfo=UTC)
TRIES_A_SERIES = 24
METRE_LAT = 1 / 111_195


class Result(NamedTuple):
    """Of one series: how many homes are left, and how many of its requests the rules let through."""

    homes_left: int
    passed: int
    refused: int
    forged_passed: int


class Attacker:
    """Plays series on one ground."""

    def __init__(self, ground: Ground, agency: Agency, seed: int) -> None:
        self.ground = ground
        self.agency = agency
        self.chance = random.Random(seed)
        self.cells = sorted({*ground.index.block_of_cell, *ground.index.atlas.stray_cells})
        self.known = frozenset(self.cells)
        self.blocks = [b.id for b in ground.index.atlas.blocks]
        self.homes = {b.id: b.homes for b in ground.index.atlas.blocks}

    def series(self) -> Result:
        """Narrow down one neighbour as far as the rules let it."""
        cell = self.chance.choice(self.cells)  # where the neighbour lives: also a cell that fills no block
        home = self.ground.index.home_block(cell)
        nearby = {self.ground.index.home_block(c) for c in h3.grid_disk(cell, 9) if c in self.known}
        left = self._cells_of(nearby)  # to begin with, a precinct's worth of blocks
        passed = refused = forged = 0
        for number in range(TRIES_A_SERIES):
            area, drawing, place = self._next_area(left)
            draft = self._draft(number, area, drawing, place)
            if self._is_let_through(draft):
                passed += 1
                assert draft.area is not None
                # The neighbour's page asks by the block of the cell, as the service does.
                asked = set(draft.area.blocks)
                answered = home in asked
                left = {c for c in left if (self.ground.index.home_block(c) in asked) is answered}
            else:
                refused += 1
            forged += sum(
                self._is_let_through(self._draft(number, f, drawing, place))
                for f in self._forged(area, home)
                if f != area
            )
        # Only what is left whole counts: a block of which a cell could be told apart would not.
        whole = [
            b for b in {self.ground.index.home_block(c) for c in left} if set(self.ground.index.block(b).cells) <= left
        ]
        return Result(sum(self.homes[b] for b in whole), passed, refused, forged)

    def _cells_of(self, blocks: set[str]) -> set[str]:
        found = {cell for block in blocks for cell in self.ground.index.block(block).cells}
        return found | {cell for cell, block in self.ground.index.atlas.stray_cells.items() if block in blocks}

    def _is_let_through(self, draft: Draft) -> bool:
        return not blocking(check(draft, self.agency, self.ground, (), NOW))

    def _draft(self, number: int, area: Area, drawing: object, place: Point) -> Draft:
        length = timedelta(minutes=self.chance.randint(15, 12 * 60))
        begins = NOW - length - timedelta(minutes=self.chance.randint(0, 43 * 24 * 60))
        return Draft(
            DraftId("series"),
            case_number=f"2026-018-{number:06}",
            offence="220",
            occurred_at=begins,
            place=place,
            begins=begins,
            ends=begins + length,
            drawing=drawing if isinstance(drawing, Circle | Polygon | Picked) else None,
            area=area,
            anchor_reason="The way to the place leads along here.",
            title="Were your cameras on that day?",
            text="A home was broken into. Recordings of the street may help. Sharing is your choice.",
            contact="one@lakeside.example.org",
        )

    def _next_area(self, cells_left: set[str]) -> tuple[Area, Circle | Polygon | Picked, Point]:
        """An area that splits what is left, as a circle, a polygon, or block by block."""
        left = {self.ground.index.home_block(c) for c in cells_left}
        anchor = self.chance.choice(sorted(left))
        middle = self._somewhere_in(anchor)
        kind = self.chance.randrange(4)
        if kind == 0:
            drawing: Circle | Polygon | Picked = Circle(middle, self.chance.uniform(60, 640))
        elif kind == 1:
            drawing = self._sliver(middle)
        else:
            # Half of what is left beside the anchor, and blocks that are ruled out already to reach the limits.
            ordered = sorted(
                left, key=lambda b: h3.great_circle_distance(h3.cell_to_latlng(b), (middle.lat, middle.lon))
            )
            picked = set(ordered[: max(1, len(ordered) // 2)]) if kind == 2 else {anchor}
            for filler in self._around(anchor, 5):
                area = self.ground.snap(Picked(tuple(sorted(picked))))
                if (
                    self.ground.area_m2(area) >= self.agency.limits.area_min_m2
                    and self.ground.homes(area) >= self.agency.limits.homes_min
                ):
                    break
                if filler not in left:
                    picked.add(filler)
            drawing = Picked(tuple(sorted(picked)))
        area = self.ground.snap(drawing)
        place = middle if area.is_empty else self._place_for(area, middle)
        return area, drawing, place

    def _place_for(self, area: Area, middle: Point) -> Point:
        if self.ground.distance_m(area, middle) <= self.agency.limits.anchor_max_m:
            return middle
        return middle_of(self.ground, area) or middle

    def _sliver(self, middle: Point) -> Polygon:
        """A long thin shape, as thin as it takes to cut between homes."""
        along, across = self.chance.uniform(100, 1_500), self.chance.uniform(5, 300)
        half_lat, half_lon = across * METRE_LAT / 2, along * METRE_LAT / 1.5
        if self.chance.random() < 0.5:
            half_lat, half_lon = half_lon, half_lat
        corners = ((-1, -1), (1, -1), (1, 1), (-1, 1))
        return Polygon(tuple((middle.lon + half_lon * x, middle.lat + half_lat * y) for x, y in corners))

    def _forged(self, area: Area, home: str) -> list[Area]:
        """What no wizard makes: single cells as blocks or as open cells, another version, a block twice."""
        cells = self.ground.index.block(home).cells
        away = self.chance.choice(self.ground.index.atlas.open_cells or ("8a0000000000fff",))
        forged = [
            msgspec.structs.replace(area, open_cells=tuple(sorted({*area.open_cells, away}))),
            msgspec.structs.replace(area, blocks=tuple(sorted({*area.blocks, self.chance.choice(self.blocks)}))),
            msgspec.structs.replace(area, atlas_version="another"),
            msgspec.structs.replace(area, open_cells=(*area.open_cells, cells[-1])),
            msgspec.structs.replace(area, blocks=(*area.blocks, home, home)),
        ]
        if len(cells) > 1:
            forged.append(msgspec.structs.replace(area, blocks=(*area.blocks, cells[-1])))
        return forged

    def _somewhere_in(self, block: str) -> Point:
        lat, lon = h3.cell_to_latlng(self.chance.choice(self.ground.index.block(block).cells))
        jitter = 60 * METRE_LAT
        return Point(lat=lat + self.chance.uniform(-jitter, jitter), lon=lon + self.chance.uniform(-jitter, jitter))

    def _around(self, block: str, rings: int) -> list[str]:
        found: dict[str, None] = {}
        for ring in range(rings + 1):
            for cell in sorted(h3.grid_ring(block, ring)):
                near = self.ground.index.block_of_cell.get(cell)
                if near is not None:
                    found[near] = None
        return list(found)
