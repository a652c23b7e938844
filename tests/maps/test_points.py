"""Many places as columns: only places and kinds leave, rows keep their numbers."""

from __future__ import annotations

import base64
import json
import math
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.places import is_placeable
from console.maps.messages import KindWords
from console.maps.points import (
    KINDS_MAX,
    MAGIC,
    TITLE_CHARS,
    WORDS_MAX,
    PointRow,
    Points,
    mask,
)

KINDS = (KindWords("Crime", "crime", "stop"), KindWords("Safety", "safety", "waiting"))


def read(content: bytes) -> tuple[list[float], list[float], list[int]]:
    magic, count = struct.unpack_from("<II", content)
    assert magic == MAGIC
    lons = struct.unpack_from(f"<{count}d", content, 8)
    lats = struct.unpack_from(f"<{count}d", content, 8 + 8 * count)
    return list(lons), list(lats), list(content[8 + 16 * count :])


def test_columns_carry_places_and_kinds_and_nothing_else():
    rows = [PointRow("secret-id", 41.5, -87.5, 1, "A secret title"), PointRow("b", 41.6, -87.6, 0, "B")]
    content = Points(rows, KINDS).encode()
    assert read(content) == ([-87.5, -87.6], [41.5, 41.6], [1, 0])
    assert b"secret" not in content


@pytest.mark.parametrize(
    "place", [(None, 1.0), (1.0, None), (0.0, 0.0), (math.nan, 1.0), (1.0, math.inf), (91.0, 1.0), (1.0, 181.0)]
)
def test_what_cannot_be_drawn_keeps_its_row(place):
    points = Points([PointRow("a", *place, 0), PointRow("b", 41.0, -87.0, 0)], KINDS)
    lons, lats, _ = read(points.encode())
    assert math.isnan(lons[0])
    assert math.isnan(lats[0])
    assert (lons[1], lats[1]) == (-87.0, 41.0)
    assert sum(not math.isnan(lon) for lon in lons) == 1


@given(st.none() | st.floats(), st.none() | st.floats())
def test_what_is_placeable_is_finite_and_on_the_globe(lat, lon):
    if is_placeable(lat, lon):
        assert abs(lat) <= 90
        assert abs(lon) <= 180


def test_titles_leave_for_asked_rows_only_and_are_cut():
    points = Points([PointRow("a", 1.0, 1.0, 0, "x" * 10_000), PointRow("b", 1.0, 1.0, 0, "\u202e<b>")], KINDS)
    assert json.loads(points.words([1, 0, 7, -1])) == ["\u202e<b>", "x" * TITLE_CHARS, "", ""]
    assert len(json.loads(points.words([0] * (WORDS_MAX + 50)))) == WORDS_MAX


def test_a_kind_that_was_not_named_is_refused():
    with pytest.raises(ValueError, match="kind"):
        Points([PointRow("a", 1.0, 1.0, 2)], KINDS)
    with pytest.raises(ValueError, match="kinds"):
        Points([], KINDS * KINDS_MAX)


@given(st.sets(st.integers(0, 199)))
def test_a_mask_has_a_bit_for_each_row(rows):
    bits = base64.b64decode(mask(rows, 200))
    assert {n for n in range(200) if bits[n >> 3] >> (n & 7) & 1} == rows
