"""Blocks: every home is asked with at least nineteen others, and the same homes give the same blocks."""

from __future__ import annotations

import random

import h3
from hypothesis import given
from hypothesis import strategies as st

from console.domain.blocks import MINIMUM_HOMES, Block, make_blocks

CENTRE = h3.latlng_to_cell(41.88, -87.63, 10)
GROUND = sorted(h3.grid_disk(CENTRE, 7))
FAR = h3.latlng_to_cell(41.95, -87.70, 10)

homes_by_cell = st.dictionaries(st.sampled_from([*GROUND, FAR]), st.integers(0, 60), max_size=60)


@given(homes_by_cell)
def test_every_home_is_in_exactly_one_block_or_left_over(homes: dict[str, int]) -> None:
    blocks, left_over = make_blocks(homes)
    placed = [cell for block in blocks for cell in block.cells] + list(left_over)
    assert sorted(placed) == sorted(cell for cell, count in homes.items() if count > 0)
    assert all(block.homes == sum(homes[cell] for cell in block.cells) for block in blocks)


@given(homes_by_cell, st.integers(1, 100))
def test_no_block_holds_fewer_homes_than_the_minimum(homes: dict[str, int], minimum: int) -> None:
    blocks, left_over = make_blocks(homes, minimum)
    assert all(block.homes >= minimum for block in blocks)
    assert sum(homes[cell] for cell in left_over) < minimum * max(1, len(left_over))


@given(homes_by_cell, st.randoms(use_true_random=False))
def test_blocks_do_not_depend_on_the_order_of_the_homes(homes: dict[str, int], shuffler: random.Random) -> None:
    shuffled = list(homes.items())
    shuffler.shuffle(shuffled)
    assert make_blocks(dict(shuffled)) == make_blocks(homes)


@given(homes_by_cell)
def test_a_block_is_named_by_its_lowest_cell_and_blocks_come_in_order(homes: dict[str, int]) -> None:
    blocks, left_over = make_blocks(homes)
    assert all(block.id == block.cells[0] and list(block.cells) == sorted(block.cells) for block in blocks)
    assert [block.id for block in blocks] == sorted(block.id for block in blocks)
    assert list(left_over) == sorted(left_over)


@given(homes_by_cell)
def test_what_is_left_over_has_no_block_within_reach(homes: dict[str, int]) -> None:
    blocks, left_over = make_blocks(homes)
    settled = {cell for block in blocks for cell in block.cells}
    for cell in left_over:
        assert settled.isdisjoint(h3.grid_disk(cell, 3))


def test_a_cell_with_enough_homes_is_a_block_of_its_own() -> None:
    assert make_blocks({CENTRE: MINIMUM_HOMES}) == ((Block(CENTRE, (CENTRE,), MINIMUM_HOMES),), ())


def test_a_sparse_cell_joins_the_neighbour_with_fewest_homes() -> None:
    ring = h3.grid_ring(CENTRE, 1)
    crowded, quiet = ring[0], ring[3]
    blocks, _ = make_blocks({CENTRE: 5, crowded: 90, quiet: 30})
    assert {block.cells: block.homes for block in blocks} == {
        (crowded,): 90,
        tuple(sorted((CENTRE, quiet))): 35,
    }


def test_sparse_cells_merge_across_a_gap_of_empty_cells() -> None:
    across = h3.grid_ring(CENTRE, 3)[0]
    blocks, left_over = make_blocks({CENTRE: 10, across: 10})
    assert [block.homes for block in blocks] == [20]
    assert left_over == ()


def test_an_isolated_sparse_cell_is_left_over() -> None:
    blocks, left_over = make_blocks({CENTRE: 50, FAR: MINIMUM_HOMES - 1})
    assert [block.id for block in blocks] == [CENTRE]
    assert left_over == (FAR,)


def test_no_homes_make_no_blocks() -> None:
    assert make_blocks({}) == ((), ())
    assert make_blocks({CENTRE: 0}) == ((), ())


groups_of_cells = st.lists(st.lists(st.sampled_from([*GROUND, FAR]), max_size=12), max_size=5)


@given(homes_by_cell, groups_of_cells)
def test_cells_that_belong_together_are_never_parted(homes: dict[str, int], together: list[list[str]]) -> None:
    blocks, left_over = make_blocks(homes, together=together)
    place = {cell: block.id for block in blocks for cell in block.cells} | dict.fromkeys(left_over, "left over")
    assert sorted(place) == sorted(cell for cell, count in homes.items() if count > 0)
    assert all(block.homes >= MINIMUM_HOMES and block.id == block.cells[0] for block in blocks)
    for group in together:
        assert len({place[cell] for cell in group if cell in place}) <= 1


@given(homes_by_cell, groups_of_cells, st.randoms(use_true_random=False))
def test_blocks_do_not_depend_on_the_order_of_what_belongs_together(
    homes: dict[str, int], together: list[list[str]], shuffler: random.Random
) -> None:
    shuffled = [shuffler.sample(group, len(group)) for group in together]
    shuffler.shuffle(shuffled)
    assert make_blocks(homes, together=shuffled) == make_blocks(homes, together=together)


@given(homes_by_cell)
def test_blocks_that_belong_together_already_come_out_again(homes: dict[str, int]) -> None:
    blocks, left_over = make_blocks(homes)
    assert make_blocks(homes, together=[block.cells for block in blocks]) == (blocks, left_over)


def test_a_group_with_enough_homes_in_every_cell_is_still_one_block() -> None:
    beside, behind = h3.grid_ring(CENTRE, 1)[0], h3.grid_ring(CENTRE, 2)[5]
    homes = {CENTRE: 40, beside: 40, behind: 40}
    blocks, _ = make_blocks(homes, together=[[CENTRE, beside], [behind, "not a cell with homes"]])
    assert {block.cells for block in blocks} == {tuple(sorted((CENTRE, beside))), (behind,)}
    # Groups that share a cell are one group.
    assert len(make_blocks(homes, together=[[CENTRE, beside], [beside, behind]])[0]) == 1
