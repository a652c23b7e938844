"""Where rows of a long list stand, and which come and go: steps over an array of numbers, for a model to say.

Numbers go down (newest first) or up (oldest first), and are looked for by halving; sorted otherwise, one by one.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from console.domain.feed_filter import Sort

if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterable, Iterator, Sequence
    from collections.abc import Set as AbstractSet


def place_of(rows: array[int], number: int, sort: Sort) -> int:
    """The row at which a number stands, or would; the end for an order that is not the numbers' own."""
    if sort is Sort.NEWEST:
        return bisect_left(rows, -number, key=lambda n: -n)
    return bisect_left(rows, number) if sort is Sort.OLDEST else len(rows)


def row_of(rows: array[int], number: int, sort: Sort) -> int:
    """The row of a number; -1 where it is not there."""
    if sort is Sort.MOST_COMMENTS:
        try:
            return rows.index(number)
        except ValueError:
            return -1
    row = place_of(rows, number, sort)
    return row if row < len(rows) and rows[row] == number else -1


def to_remove(rows: array[int], kept: AbstractSet[int], sort: Sort) -> list[tuple[int, int]]:
    """The first and last row of each stretch without what is kept; from the end, to be removed one by one."""
    stay = sorted(row_of(rows, number, sort) for number in kept)
    stretches, first = [], 0
    for row in (*stay, len(rows)):
        if row > first:
            stretches.append((first, row - 1))
        first = row + 1
    return stretches[::-1]


def to_place(rows: array[int], fresh: Iterable[int], sort: Sort) -> list[tuple[int, list[int]]]:
    """Where new numbers come, those for one place together; from the end, to be inserted one by one."""
    together: dict[int, list[int]] = {}
    for number in sorted(fresh, reverse=sort is not Sort.OLDEST):
        together.setdefault(place_of(rows, number, sort), []).append(number)
    return sorted(together.items(), reverse=True)


def to_insert(wanted: Sequence[int], kept: AbstractSet[int]) -> Iterator[tuple[int, list[int]]]:
    """Where stretches of new numbers come among those kept, from the front."""
    at = 0
    while at < len(wanted):
        if wanted[at] in kept:
            at += 1
            continue
        end = at
        while end < len(wanted) and wanted[end] not in kept:
            end += 1
        yield at, list(wanted[at:end])
        at = end
