"""Covers: what is under them is gone, what is outside stays, and they never leave the picture."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from console.domain.blurring import CELLS_MAX, CHANNELS, SHADE_STEP, SIDE_MIN, Cover, Covering, cells, mosaic

WIDTH, HEIGHT = 60, 40
NOISE = random.Random(3).randbytes(WIDTH * HEIGHT * CHANNELS)
FACE = Cover(12, 8, 24, 18)


def _pixel(pixels: bytes, x: int, y: int) -> bytes:
    at = (y * WIDTH + x) * CHANNELS
    return pixels[at : at + CHANNELS]


def _with_face(fill) -> bytes:
    """The same picture with another face: `fill(x, y)` gives its shades."""
    made = bytearray(NOISE)
    for y in range(FACE.top, FACE.top + FACE.height):
        for x in range(FACE.left, FACE.left + FACE.width):
            at = (y * WIDTH + x) * CHANNELS
            made[at : at + CHANNELS] = bytes(fill(x, y))
    return bytes(made)


def test_what_is_outside_stays_to_the_bit() -> None:
    made = mosaic(NOISE, WIDTH, (FACE,))
    assert len(made) == len(NOISE)
    for y in range(HEIGHT):
        for x in range(WIDTH):
            if not FACE.holds(x, y):
                assert _pixel(made, x, y) == _pixel(NOISE, x, y)
    assert mosaic(NOISE, WIDTH, ()) == NOISE


def test_two_faces_of_the_same_averages_become_the_same_picture() -> None:
    one = _with_face(lambda x, y: (200, 100, 40) if (x + y) % 2 else (100, 50, 20))
    other = _with_face(lambda x, y: (200, 100, 40) if y % 2 else (100, 50, 20))
    third = _with_face(lambda x, y: (150, 75, 30))
    assert one != other != third
    assert mosaic(one, WIDTH, (FACE,)) == mosaic(other, WIDTH, (FACE,)) == mosaic(third, WIDTH, (FACE,))


def test_hundreds_of_different_faces_differ_by_their_averages_only() -> None:
    chance = random.Random(11)
    for _ in range(50):
        noise = _with_face(lambda x, y: chance.randbytes(3))
        averages = [cell.shade for cell in cells(noise, WIDTH, FACE)]
        made = mosaic(noise, WIDTH, (FACE,))
        seen = {_pixel(made, x, y) for y in range(HEIGHT) for x in range(WIDTH) if FACE.holds(x, y)}
        assert seen == {bytes(shade) for shade in averages}
        assert all(channel % SHADE_STEP == 0 or channel == 255 for shade in averages for channel in shade)


def test_a_cover_becomes_few_cells_however_large_it_is() -> None:
    for cover in (FACE, Cover(0, 0, WIDTH, HEIGHT), Cover(0, 0, WIDTH, SIDE_MIN), Cover(5, 5, 1, 1)):
        made = cells(NOISE, WIDTH, cover)
        assert 1 <= len(made) <= CELLS_MAX**2
        assert sum(cell.place.width * cell.place.height for cell in made) == cover.width * cover.height


ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("added"), *([st.integers(-100, 200)] * 4)),
        st.tuples(st.sampled_from(["moved", "resized"]), st.integers(-300, 300), st.integers(-300, 300)),
        st.tuples(st.sampled_from(["removed", "added_in_the_middle"])),
        st.tuples(st.just("next_chosen"), st.sampled_from([1, -1])),
        st.tuples(st.just("chosen_at"), st.integers(-5, 90), st.integers(-5, 90)),
    ),
    max_size=12,
)


@given(st.integers(1, 90), st.integers(1, 90), ACTS)
def test_no_cover_ever_leaves_the_picture(width: int, height: int, acts: list[tuple]) -> None:
    covering = Covering(width, height)
    for name, *numbers in acts:
        covering = getattr(covering, name)(*numbers) or covering
        for cover in covering.covers:
            assert cover.left >= 0
            assert cover.top >= 0
            assert cover.left + cover.width <= width
            assert cover.top + cover.height <= height
            assert cover.width >= min(SIDE_MIN, width)
            assert cover.height >= min(SIDE_MIN, height)
        assert -1 <= covering.chosen < max(1, len(covering.covers))
    mosaic(bytes(width * height * CHANNELS), width, covering.covers)


def test_a_slip_of_the_mouse_is_no_cover() -> None:
    assert Covering(100, 100).added(5, 5, 9, 90).covers == ()


def test_keys_go_from_cover_to_cover_and_on_after_the_last() -> None:
    covering = Covering(100, 100).added(0, 0, 20, 20).added(30, 30, 60, 60)
    assert covering.next_chosen(1) is None
    first = covering.next_chosen(-1)
    assert first is not None
    assert first.cover == Cover(0, 0, 20, 20)
    assert first.next_chosen(-1) is None
    assert Covering(100, 100).next_chosen(1) is None
