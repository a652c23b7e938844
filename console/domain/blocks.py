"""Blocks: the smallest areas that can be asked.

Promises: no block holds fewer homes than the minimum; every cell with homes is in exactly one block or is
named as left over; the same homes give the same blocks, in whatever order they come. A block is never split,
so two requests can only differ by whole blocks (see DESIGN, "The limits"). Cells that were asked together
before can be kept together, so that a new atlas does not cut through the blocks of the one before.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

import h3
import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

MINIMUM_HOMES = 20
CELL_RESOLUTION = 10
# A park or a yard may lie between two sparse groups: look this many cells across before giving up.
REACH_CELLS = 3


class Block(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Cells that are only ever asked together; its id is its lowest cell."""

    id: str
    cells: tuple[str, ...]
    homes: int


def make_blocks(
    homes_by_cell: Mapping[str, int], minimum: int = MINIMUM_HOMES, *, together: Iterable[Iterable[str]] = ()
) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    """Merge cells with fewer than `minimum` homes into blocks that hold at least as many.

    Keys are H3 cells of one resolution as hex strings; cells with no homes are ignored. The sparsest group
    joins the neighbouring group that has fewest homes, ties going to the lower cell, until none is sparse.
    The cells of a group in `together` start as one (those without homes are ignored, groups that share a cell
    are one group): they end in one block, or are left over together.
    Answers the blocks by id, and the sorted cells that have no neighbour to join.
    """
    cells_of = {cell: [cell] for cell, homes in homes_by_cell.items() if homes > 0}
    homes_of = {cell: homes_by_cell[cell] for cell in cells_of}
    group_of = {cell: cell for cell in cells_of}
    for cells in together:
        groups = {group_of[cell] for cell in cells if cell in group_of}
        for group in sorted(groups)[1:]:
            _join(min(groups), group, cells_of, homes_of, group_of)
    sparse = [(homes, group) for group, homes in homes_of.items() if homes < minimum]
    heapq.heapify(sparse)
    left_over: list[str] = []
    while sparse:
        homes, group = heapq.heappop(sparse)
        if homes_of.get(group) != homes:
            continue  # it has been merged since it was queued
        neighbour = _sparsest_neighbour(group, cells_of[group], group_of, homes_of)
        if neighbour is None:
            left_over += cells_of.pop(group)
            del homes_of[group]
            continue
        kept, joined = min(group, neighbour), max(group, neighbour)
        _join(kept, joined, cells_of, homes_of, group_of)
        if homes_of[kept] < minimum:
            heapq.heappush(sparse, (homes_of[kept], kept))
    blocks = tuple(
        Block(id=group, cells=tuple(sorted(cells_of[group])), homes=homes_of[group]) for group in sorted(cells_of)
    )
    return blocks, tuple(sorted(left_over))


def _join(
    kept: str, joined: str, cells_of: dict[str, list[str]], homes_of: dict[str, int], group_of: dict[str, str]
) -> None:
    for cell in cells_of[joined]:
        group_of[cell] = kept
    cells_of[kept] += cells_of.pop(joined)
    homes_of[kept] += homes_of.pop(joined)


def _sparsest_neighbour(
    group: str, cells: list[str], group_of: Mapping[str, str], homes_of: Mapping[str, int]
) -> str | None:
    for reach in range(1, REACH_CELLS + 1):
        found = set(_groups_at(cells, reach, group_of)) - {group}
        if found:
            return min(found, key=lambda other: (homes_of[other], other))
    return None


def _groups_at(cells: list[str], reach: int, group_of: Mapping[str, str]) -> Iterator[str]:
    for cell in cells:
        for near in h3.grid_ring(cell, reach):
            if near in group_of:
                yield group_of[near]
