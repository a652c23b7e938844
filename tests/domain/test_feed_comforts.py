"""Replies, saved filters, quiet hours and the morning summary: what is told, and what is not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain import saved_filters
from console.domain.desk_work import DeskItem, DeskState, Person, View
from console.domain.digest import digest, is_due, words
from console.domain.feed import Category, Comment, Post, PostId
from console.domain.members import Member, MemberId, Ori, Role
from console.domain.places import Point
from console.domain.policy import Agency
from console.domain.replies import Language, Reply, ReplyId, fill, unfilled, unknown
from console.domain.saved_filters import QuietHours, SavedFilter, name_trouble, notices

ZONE = ZoneInfo("America/Chicago")
NOW = datetime(2026, 5, 4, 15, 0, tzinfo=UTC)  # 10:00 in Chicago
OFFICER = Member(MemberId("m1"), Ori("ZZ0000001"), "Example One", "Officer", "0001", Role.OFFICER)
AGENCY = Agency(
    Ori("ZZ0000001"), "Lakeside Police", "America/Chicago", "1", Point(41.8, -87.6), (), (), ("+1 312 555 0100",)
)


def post(n: int, hours: float = 1, category: Category = Category.CRIME, **more) -> Post:
    return Post(
        PostId(f"p{n}"), category, f"Title {n}", "Text.", "Neighbor #4", "b", Point(41.8, -87.6), "Near W 18th St",
        NOW - timedelta(hours=hours), **more,
    )  # fmt: skip


def test_a_reply_is_filled_with_what_is_known_and_nothing_of_the_neighbor_but_the_number() -> None:
    words_ = "Hello {neighbor}, from {agency}: {name}, {telephone}, near {place}, {opens} to {closes}."
    assert fill(words_, post(1), AGENCY, OFFICER) == (
        "Hello Neighbor #4, from Lakeside Police: Officer Example One, +1 312 555 0100, near W 18th St, 08:00 to 18:00."
    )
    alert = post(2, category=Category.ALERT)
    assert "{neighbor}" in fill("{neighbor}", Post(**{**_fields(alert), "author": "Lakeside Police"}), AGENCY, OFFICER)


def _fields(one: Post) -> dict:
    return {name: getattr(one, name) for name in one.__struct_fields__}


@given(st.text(max_size=200))
def test_no_text_makes_filling_fail_and_what_is_left_is_said(text: str) -> None:
    filled = fill(text, post(1), AGENCY, OFFICER)
    assert not set(unfilled(filled)) - set(unfilled(text))
    assert not set(unknown(text)) & set(unfilled(text))


def test_a_language_without_words_is_not_offered() -> None:
    assert Reply(ReplyId("r"), "n", "Hello", " ").languages() == (Language.ENGLISH,)


def test_one_notification_a_filter_a_post_once_and_never_a_neighbors_words() -> None:
    bikes, all_ = SavedFilter("Bikes <b>", notify=True), SavedFilter("All", notify=True)
    hostile = Post(**{**_fields(post(1)), "title": "<img src='file:///etc/passwd'>"})
    made = notices([(bikes, [hostile, post(2)]), (all_, [hostile, post(2), post(3)]), (all_, [])])
    assert [notice.title for notice in made] == ["Bikes  b : 2 new posts", "All: 1 new post"]
    assert not any("<" in notice.title + notice.text or "Title" in notice.text for notice in made)


@pytest.mark.parametrize(
    ("begins", "ends", "hour", "quiet"),
    [
        ("18:00", "08:00", 10, False),
        ("18:00", "08:00", 19, True),
        ("18:00", "08:00", 3, True),
        ("18:00", "08:00", 8, False),
        ("12:00", "13:00", 12, True),
        ("12:00", "13:00", 13, False),
        ("08:00", "08:00", 8, False),
        ("nonsense", "08:00", 3, False),
    ],
)
def test_quiet_hours_are_the_agencys_own_and_reach_over_midnight(begins, ends, hour, quiet) -> None:
    at = datetime(2026, 5, 4, hour, 0, tzinfo=ZONE)
    assert QuietHours(begins, ends).hold(at.astimezone(UTC), ZONE) is quiet


def test_filters_are_kept_as_they_are_and_what_cannot_be_read_is_none() -> None:
    some = (SavedFilter("Bikes", "bike kind:crime", View.UNANSWERED, notify=True),)
    assert saved_filters.read(saved_filters.write(some)) == some
    assert saved_filters.read(None) == saved_filters.read("[1]") == saved_filters.read("nonsense") == ()
    assert name_trouble(" ", some)
    assert "already" in name_trouble("bikes", some)
    assert name_trouble("x" * 41, some)
    assert name_trouble("Cats", some) == ""
    assert "at most" in name_trouble("Cats", [SavedFilter(str(n)) for n in range(20)])


def test_the_summary_tells_what_came_and_what_waits() -> None:
    said = Comment("c1", "Officer Example One, badge 0001, Lakeside Police", True, "Yes.", NOW - timedelta(hours=5))
    reply = Comment("c2", "Neighbor #9", False, "Thanks.", NOW - timedelta(hours=2))
    posts = [
        post(1), post(2, 3, Category.SAFETY), post(3, 30), post(4, 40, comments=(said, reply)),
        post(5, 2, Category.ALERT),
    ]  # fmt: skip
    items = {
        "p4": DeskItem(PostId("p4"), 1, DeskState.ANSWERED),
        "p2": DeskItem(PostId("p2"), 1, DeskState.IN_WORK, assignee=Person(MemberId("m1"), "Officer Example One")),
    }
    told = digest(posts, lambda i: items.get(i, DeskItem(PostId(i))), "m1", NOW - timedelta(hours=10), NOW)
    assert (told.posts, told.waiting_long, told.mine, told.replies) == (2, 1, 1, 1)
    assert words(told, "Mon 04 May 00:00") == (
        "2 new posts since Mon 04 May 00:00: 1 crime, 1 safety.",
        "1 comment after an answer of your agency.",
        "1 post in your hands.",
        "1 post unanswered for more than a day.",
    )
    assert digest([], lambda i: DeskItem(PostId(i)), "m1", NOW, NOW).is_empty()


@pytest.mark.parametrize(
    ("last", "due"),
    [(None, True), (timedelta(days=1), True), (timedelta(hours=1), False), (timedelta(hours=3), True)],
)
def test_the_summary_is_due_once_a_day_from_when_the_agency_begins_to_read(last, due) -> None:
    assert is_due(None if last is None else NOW - last, NOW, ZONE, "08:00") is due
    early = datetime(2026, 5, 4, 6, 0, tzinfo=ZONE)
    assert not is_due(early - timedelta(hours=12), early, ZONE, "08:00"), "before opening yesterday's still holds"
