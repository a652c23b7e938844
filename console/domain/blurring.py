"""Covering faces and number plates: rectangles over a picture, and the flat cells that replace what is inside them.

Promises: pure; what is under a cover is replaced before a picture leaves the workstation, by at most 4 x 4 flat cells,
each the rounded average of its pixels: no blur that could be undone, no noise that could be taken away. What is outside
stays as it is, to the bit. Places and sizes are in the picture's own pixels.
"""

from __future__ import annotations

from itertools import pairwise

import msgspec

CELLS_MAX = 4
"""Cells along a cover's longer side, at most."""
SHADE_STEP = 24
"""Shades are rounded to steps of this size, of 256."""
SIDE_MIN = 12
CHANNELS = 3
NONE_CHOSEN = -1


class Cover(msgspec.Struct, frozen=True):
    """One rectangle, in pixels from the left and the top."""

    left: int
    top: int
    width: int
    height: int

    def holds(self, x: int, y: int) -> bool:
        """Whether a pixel is under it."""
        return self.left <= x < self.left + self.width and self.top <= y < self.top + self.height


class Covering(msgspec.Struct, frozen=True):
    """All covers of a picture of a size, and which of them the keys move."""

    width: int
    height: int
    covers: tuple[Cover, ...] = ()
    chosen: int = NONE_CHOSEN

    @property
    def cover(self) -> Cover | None:
        """The chosen cover."""
        return self.covers[self.chosen] if 0 <= self.chosen < len(self.covers) else None

    def added(self, x: int, y: int, to_x: int, to_y: int) -> Covering:
        """With a cover between two corners, chosen; as it was where that is too small to be meant."""
        left, right = sorted((max(0, min(x, self.width)), max(0, min(to_x, self.width))))
        top, bottom = sorted((max(0, min(y, self.height)), max(0, min(to_y, self.height))))
        if right - left < min(SIDE_MIN, self.width) or bottom - top < min(SIDE_MIN, self.height):
            return self
        covers = (*self.covers, Cover(left, top, right - left, bottom - top))
        return msgspec.structs.replace(self, covers=covers, chosen=len(covers) - 1)

    def added_in_the_middle(self) -> Covering:
        """With a cover of a quarter of the picture's sides in its middle, for whoever has no mouse."""
        across, down = max(SIDE_MIN, self.width // 4), max(SIDE_MIN, self.height // 4)
        left, top = (self.width - across) // 2, (self.height - down) // 2
        return self.added(left, top, left + across, top + down)

    def moved(self, right: int, down: int) -> Covering:
        """With the chosen cover moved, within the picture."""
        cover = self.cover
        if cover is None:
            return self
        left = max(0, min(cover.left + right, self.width - cover.width))
        top = max(0, min(cover.top + down, self.height - cover.height))
        return self._with(msgspec.structs.replace(cover, left=left, top=top))

    def resized(self, wider: int, higher: int) -> Covering:
        """With the chosen cover's right and lower edge moved, within the picture."""
        cover = self.cover
        if cover is None:
            return self
        width = max(min(SIDE_MIN, self.width), min(cover.width + wider, self.width - cover.left))
        height = max(min(SIDE_MIN, self.height), min(cover.height + higher, self.height - cover.top))
        return self._with(msgspec.structs.replace(cover, width=width, height=height))

    def removed(self) -> Covering:
        """Without the chosen cover; the one before it is chosen."""
        if self.cover is None:
            return self
        covers = self.covers[: self.chosen] + self.covers[self.chosen + 1 :]
        chosen = min(max(self.chosen - 1, 0), len(covers) - 1)
        return msgspec.structs.replace(self, covers=covers, chosen=chosen)

    def next_chosen(self, step: int) -> Covering | None:
        """With the next (or, by -1, the one before) chosen; None past the last, where the focus goes on."""
        chosen = self.chosen + step if self.cover is not None else (0 if step > 0 else len(self.covers) - 1)
        if not 0 <= chosen < len(self.covers):
            return None
        return msgspec.structs.replace(self, chosen=chosen)

    def chosen_at(self, x: int, y: int) -> Covering | None:
        """With the topmost cover at a place chosen; None where there is none."""
        found = [n for n, cover in enumerate(self.covers) if cover.holds(x, y)]
        return msgspec.structs.replace(self, chosen=found[-1]) if found else None

    def _with(self, cover: Cover) -> Covering:
        covers = (*self.covers[: self.chosen], cover, *self.covers[self.chosen + 1 :])
        return msgspec.structs.replace(self, covers=covers)


class Cell(msgspec.Struct, frozen=True):
    """One flat cell of a cover: where it is, and its colour (red, green, blue)."""

    place: Cover
    shade: tuple[int, int, int]


def cells(pixels: bytes | bytearray, width: int, cover: Cover) -> tuple[Cell, ...]:
    """The flat cells of a cover over a picture of RGB bytes, row by row without padding."""
    longer = max(cover.width, cover.height)
    across = max(1, round(CELLS_MAX * cover.width / longer))
    down = max(1, round(CELLS_MAX * cover.height / longer))
    lefts = [cover.left + cover.width * n // across for n in range(across + 1)]
    tops = [cover.top + cover.height * n // down for n in range(down + 1)]
    places = [
        Cover(left, top, right - left, bottom - top)
        for top, bottom in pairwise(tops)
        for left, right in pairwise(lefts)
        if right > left and bottom > top
    ]
    return tuple(Cell(place, _shade(pixels, width, place)) for place in places)


def mosaic(pixels: bytes, width: int, covers: tuple[Cover, ...]) -> bytes:
    """A picture's RGB bytes with flat cells in place of what its covers hide."""
    made = bytearray(pixels)
    for cover in covers:
        for cell in cells(made, width, cover):
            line = bytes(cell.shade) * cell.place.width
            for row in range(cell.place.top, cell.place.top + cell.place.height):
                at = (row * width + cell.place.left) * CHANNELS
                made[at : at + len(line)] = line
    return bytes(made)


def _shade(pixels: bytes | bytearray, width: int, place: Cover) -> tuple[int, int, int]:
    sums = [0, 0, 0]
    for row in range(place.top, place.top + place.height):
        at = (row * width + place.left) * CHANNELS
        line = pixels[at : at + place.width * CHANNELS]
        for channel in range(CHANNELS):
            sums[channel] += sum(line[channel::CHANNELS])
    count = place.width * place.height
    red, green, blue = (min(255, round(total / count / SHADE_STEP) * SHADE_STEP) for total in sums)
    return red, green, blue
