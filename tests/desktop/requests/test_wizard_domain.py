"""The wizard's small pure parts: shapes, spans, words of the meter, undo, what the list says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain import areas
from console.domain.drafts import Draft, DraftId
from console.domain.findings import Field, Finding, Severity
from console.domain.meter import Meter
from console.domain.places import Point, distance_m
from console.domain.wizard_list import left_words, missing_words
from console.domain.wizard_meter import footage_words, gatherings_words, share_words, since_words
from console.domain.wizard_shapes import WORDS, ShapeTrouble, looks_like_shape, moved, read_shape, resized
from console.domain.wizard_text import grouped, utf16, why, window_words
from console.domain.wizard_undo import Undo

HERE = Point(lat=41.8525, lon=-87.6745)
SQUARE = areas.Polygon(((-87.679, 41.856), (-87.67, 41.856), (-87.67, 41.849), (-87.679, 41.849)))


@given(st.text(max_size=40), st.data())
def test_a_span_in_utf16_units_cuts_the_same_words(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    at, length = utf16(text, (start, end))
    units = text.encode("utf-16-le", "surrogatepass")
    assert units[2 * at : 2 * (at + length)].decode("utf-16-le", "surrogatepass") == text[start:end]


def test_latitude_and_longitude_are_told_apart_by_the_jurisdiction(ground):
    corners = ((41.856, -87.679), (41.856, -87.67), (41.849, -87.67), (41.849, -87.679))
    one_way = "; ".join(f"{lat},{lon}" for lat, lon in corners)
    other_way = "; ".join(f"{lon},{lat}" for lat, lon in corners)
    assert looks_like_shape(one_way)
    assert read_shape(one_way, ground) == read_shape(other_way, ground) == SQUARE


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1,2", "shape_few_corners"),
        ("hello", "shape_unreadable"),
        ("{", "shape_unreadable"),
        ('{"type":"Polygon","coordinates":[[[1]]]}', "shape_unreadable"),
        ('{"type":"Polygon","coordinates":"x"}', "shape_unreadable"),
        ("POLYGON((1 2, 3", "shape_unreadable"),
        ("POLYGON((0 0,1 0,1 1,0 0),(0 0,1 0,1 1,0 0))", "shape_holes"),
        ("10,10; 11,10; 11,11", "shape_outside"),
        ("41.856,-87.679; 41.849,-87.67; 41.856,-87.67; 41.849,-87.679", "area_crossed"),
        ("x" * 70_000, "shape_many_corners"),
    ],
)
def test_a_shape_that_is_not_taken_names_the_way_out(text, code, ground):
    trouble = read_shape(text, ground)
    assert isinstance(trouble, ShapeTrouble)
    assert (trouble.code, trouble.words) == (code, WORDS[code])


@given(st.text(max_size=60))
def test_any_text_is_answered(text):
    looks_like_shape(text)


def test_a_drawing_moves_and_grows():
    circle = areas.Circle(HERE, 300.0)
    north = moved(circle, 100.0, 0.0)
    assert 99 < distance_m(HERE, north.centre) < 101
    east = moved(circle, 0.0, 100.0)
    assert 99 < distance_m(HERE, east.centre) < 101
    assert resized(circle, 20.0).radius_m == 320.0
    assert resized(circle, -5_000.0).radius_m == 100.0
    assert moved(SQUARE, 0.0, 0.0) == SQUARE
    grown = resized(SQUARE, 50.0)
    assert grown.ring[0][1] > SQUARE.ring[0][1]
    assert resized(SQUARE, -5_000.0) == SQUARE
    assert moved(areas.Picked(("x",)), 1.0, 1.0) is None
    assert resized(None, 1.0) is None


def test_undo_and_redo():
    undo = Undo()
    for state in ("a", "b"):
        undo.changed_from(state)
    assert undo.undo("c") == "b"
    assert undo.redo("b") == "c"
    assert undo.undo("c") == "b"
    assert undo.undo("b") == "a"
    assert not undo.can_undo
    undo.changed_from("a")
    assert not undo.can_redo
    undo.clear()
    assert not undo.can_undo


def test_a_window_is_read_with_its_zone(agency):
    begins = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    draft = Draft(DraftId("d"), begins=begins, ends=begins + timedelta(hours=2))
    assert window_words(draft, agency) == "Sun 01 Nov 00:30 CDT to Sun 01 Nov 01:30 CST (2 h)"
    assert window_words(Draft(DraftId("d")), agency) == ""


def test_the_meter_in_words():
    assert footage_words(Meter()) == "Needs an area and a time window"
    assert footage_words(Meter(footage_hours=(0, 40))).startswith("up to 40 h")
    assert footage_words(Meter(footage_hours=(5_000, None))).startswith("more than 5,000 h")
    assert share_words(Meter(share=0.0123)) == "1.2 % of the jurisdiction"
    assert since_words(timedelta(days=3)) == "3 days ago; many cameras keep less"
    assert since_words(None) == share_words(Meter()) == "\u2013"
    assert "second approver" in gatherings_words(Meter(gatherings=("March",)))


def test_findings_in_words():
    link = Finding("link", Severity.BLOCKS, Field.TEXT, {"words": "x.com"}, (4, 9))
    unknown = Finding("of_the_future", Severity.ADVICE, Field.TEXT)
    assert why(unknown) == "of_the_future"
    assert "can be forged" in why(link)
    assert [heading for heading, _ in grouped((unknown, link))] == [
        "Must be mended before it can be sent",
        "Good to know",
    ]
    assert missing_words(()) == "ready to send"
    assert missing_words((link, unknown)) == "2 to do: A link: \u201cx.com\u201d"
    assert missing_words((unknown,)) == "1 to do: of_the_future"
    assert [left_words(timedelta(minutes=m)) for m in (0, 59, 61, 26 * 60)] == ["1 min", "59 min", "1 h", "1 d"]
