"""Fitting: the smallest area that passes, around a place or around what was drawn.

Promises: what it offers keeps the limits of area and homes by the same measures as the check; where even the largest
area that may be asked does not hold enough homes it offers nothing, and an alert is the way to go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import h3

from console.domain.areas import Area, Circle, Drawing, Picked
from console.domain.findings import Field, Finding, Severity
from console.domain.places import M2_PER_SQ_MI, Point, distance_m

if TYPE_CHECKING:
    from console.domain.drafts import Draft
    from console.domain.ground import Ground
    from console.domain.policy import Limits

NEEDS_MORE = frozenset({"homes_too_few", "area_too_small"})
RADII_M = tuple(range(100, 760, 20))
# Blocks are taken from this many cells around an area before the search is given up (r10: about 1.3 km).
REACH_CELLS = 12


def passes(ground: Ground, area: Area, limits: Limits) -> bool:
    """Whether an area keeps the limits of size and homes."""
    if area.is_empty or ground.unknown(area):
        return False
    if any(ground.index.block(b).homes < limits.block_homes_min for b in area.blocks):
        return False
    return ground.homes(area) >= limits.homes_min and (limits.area_min_m2 <= ground.area_m2(area) <= limits.area_max_m2)


def fitted_circle(ground: Ground, place: Point, limits: Limits) -> Circle | None:
    """The smallest circle around a place, in steps of 20 m, whose snapped area holds the place and passes."""
    for radius_m in RADII_M:
        circle = Circle(place, float(radius_m))
        area = ground.snap(circle)
        if ground.area_m2(area) > limits.area_max_m2:
            return None
        if passes(ground, area, limits) and ground.distance_m(area, place) == 0:
            return circle
    return None


def enlarged(
    ground: Ground, drawing: Drawing | None, area: Area, limits: Limits, place: Point | None = None
) -> Drawing | None:
    """The smallest enlargement of an area that passes, as a drawing; None where none does.

    A circle grows around its own centre; to any area the nearest blocks are added one by one. The smaller wins. With
    the incident's place, only what lies near enough to it is offered.
    """
    offers: list[Drawing | None] = [_with_more_blocks(ground, area, limits)]
    if isinstance(drawing, Circle):
        offers.append(_wider(ground, drawing, area, limits))
    found = [
        offer
        for offer in offers
        if offer is not None
        and (place is None or ground.distance_m(ground.snap(offer), place) <= limits.anchor_max_m)
        and ground.is_one_piece(ground.snap(offer))
    ]
    return min(found, key=lambda offer: ground.area_m2(ground.snap(offer)), default=None)


def remedy(ground: Ground, draft: Draft, limits: Limits, findings: tuple[Finding, ...]) -> Finding | None:
    """What to do about too few homes: the smallest enlargement as advice, or that an alert is the way to go."""
    if not any(f.code in NEEDS_MORE for f in findings) or draft.area is None:
        return None
    offer = enlarged(ground, draft.drawing, draft.area, limits, draft.place)
    if offer is None:
        limit = f"{limits.area_max_m2 / M2_PER_SQ_MI:g}"
        return Finding("homes_nowhere", Severity.ADVICE, Field.AREA, {"limit": limit})
    grown = ground.snap(offer)
    how = f"a circle of {offer.radius_m:.0f} m" if isinstance(offer, Circle) else f"{len(grown.blocks)} blocks"
    size = f"{ground.area_m2(grown) / M2_PER_SQ_MI:.3f}"
    return Finding("area_enlarge", Severity.ADVICE, Field.AREA, {"how": how, "size": size})


def _wider(ground: Ground, circle: Circle, area: Area, limits: Limits) -> Circle | None:
    held = set(area.blocks)
    for radius_m in RADII_M:
        if radius_m <= circle.radius_m:
            continue
        wider = Circle(circle.centre, float(radius_m))
        grown = ground.snap(wider)
        if ground.area_m2(grown) > limits.area_max_m2:
            return None
        if held <= set(grown.blocks) and passes(ground, grown, limits):
            return wider
    return None


def _with_more_blocks(ground: Ground, area: Area, limits: Limits) -> Picked | None:
    """Blocks only: each time the block nearest to what is held, and of these the one with most homes for its size."""
    cells = set(ground.cells(area))
    blocks = set(area.blocks)
    if not cells:
        return None
    while True:
        grown = ground.made(blocks)
        if ground.area_m2(grown) > limits.area_max_m2:
            return None
        if passes(ground, grown, limits):
            return Picked(grown.blocks)
        joined = _nearest_block(ground, cells, blocks)
        if joined is None:
            return None
        blocks.add(joined)
        cells.update(ground.index.block(joined).cells)


def _nearest_block(ground: Ground, cells: set[str], blocks: set[str]) -> str | None:
    edge, seen = cells, set(cells)
    for _ in range(REACH_CELLS):
        edge = {near for cell in edge for near in h3.grid_ring(cell, 1)} - seen
        seen |= edge
        found = {ground.index.block_of_cell[c] for c in edge if c in ground.index.block_of_cell} - blocks
        if found:
            return max(found, key=lambda b: (ground.index.block(b).homes / max(1.0, ground.block_m2(b)), b))
    return None


def middle_of(ground: Ground, area: Area) -> Point | None:
    """A place in the middle of an area; None for an empty one."""
    cells = ground.cells(area)
    if not cells:
        return None
    centres = [h3.cell_to_latlng(cell) for cell in cells]
    lat = sum(c[0] for c in centres) / len(centres)
    lon = sum(c[1] for c in centres) / len(centres)
    nearest = min(centres, key=lambda c: distance_m(Point(lat=lat, lon=lon), Point(lat=c[0], lon=c[1])))
    return Point(lat=nearest[0], lon=nearest[1])
