"""What is typed into the feed's search: words, phrases, operators; what was not understood is said."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.feed import Category, Comment
from console.domain.feed_query import (
    FeedQuery,
    highlights,
    keeps,
    read_query,
)
from console.domain.feed_words import fts5_match, tsquery
from tests.domain.test_overview import NOW, post

ZONE = ZoneInfo("America/Chicago")


def read(text: str) -> FeedQuery:
    return read_query(text, ZONE)


def test_words_phrases_and_words_to_leave_out():
    query = read('Bike "back  porch" -dog -"loud party"')
    assert query.words == ("bike",)
    assert query.phrases == (("back", "porch"),)
    assert query.without == (("dog",), ("loud", "party"))
    assert query.trouble == ""


def test_operators_are_read():
    query = read("kind:crime kind:lost at:halsted after:2026-05-01 before:2026-05-04 is:unanswered is:unread x")
    assert query.categories == {Category.CRIME, Category.LOST_AND_FOUND}
    assert query.places == ("halsted",)
    assert query.since == datetime(2026, 5, 1, 5, tzinfo=UTC), "a day begins at midnight in the agency's zone"
    assert query.until == datetime(2026, 5, 4, 5, tzinfo=UTC)
    assert (query.answered, query.unread, query.words) == (False, True, ("x",))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("kind:robbery", "try crime"),
        ("after:yesterday", "no day"),
        ("before:2026-13-01", "no day"),
        ("is:mine", "try unanswered"),
        ("at:", ""),
    ],
)
def test_what_is_not_understood_is_said_and_filters_nothing(text, said):
    query = read(text)
    assert said in query.trouble
    assert not query.categories
    assert query.since is query.until is query.answered is None


@pytest.mark.parametrize("text", ["10:30", "note: dog", "http://x.example/y", "a:b:c"])
def test_a_colon_alone_is_no_operator(text):
    query = read(text)
    assert query.words
    assert query.trouble == ""


def test_answered_and_unanswered_together_ask_for_both():
    assert read("is:answered is:unanswered").answered is None


def test_operators_choose():
    mine = post(1, comments=(Comment("c", "Officer One", official=True, text="t", at=NOW),))
    assert keeps(read("is:answered"), mine, is_unread=False)
    assert not keeps(read("is:unanswered"), mine, is_unread=False)
    assert not keeps(read("kind:safety"), mine, is_unread=False)
    assert not keeps(read("is:unread"), mine, is_unread=False)
    assert keeps(read("is:unread"), mine, is_unread=True)
    day = (NOW - timedelta(hours=1)).astimezone(ZONE).date()
    assert keeps(read(f"after:{day}"), mine, is_unread=False)
    assert not keeps(read(f"before:{day}"), mine, is_unread=False)


@pytest.mark.parametrize(
    ("query", "text", "marked"),
    [
        ("bik", "My bike, a BIKE and a motorbike", ["bik", "BIK"]),
        ('"back porch"', "On the back porch; the porch back there", ["back porch"]),
        ('"bike"', "bike bikes", ["bike"]),
        ("cafe", "At the Café", ["Café"]),
        ("at:halsted", "Near S Halsted St", []),
        ("-dog", "a dog", []),
    ],
)
def test_what_fits_is_marked(query, text, marked):
    assert [text[a:b] for a, b in highlights(read(query), text)] == marked


@given(st.text(max_size=200), st.text(max_size=200))
def test_no_text_makes_it_raise_and_marks_are_in_order(query_text, text):
    query = read(query_text)
    spans = highlights(query, text)
    assert all(0 <= a < b <= len(text) for a, b in spans)
    assert all(b <= c for (_, b), (c, _) in pairwise(spans))
    fts5_match(query)
    tsquery(query)


def test_an_empty_query_asks_for_nothing():
    assert read("").is_empty()
    assert read("   ").is_empty()
    assert not read("x").is_empty()
    assert not read("kind:crime").has_words()
