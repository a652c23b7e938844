"""Posts of every kind for the feed's copy: texts that people write, and such as nobody should have to read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
from hypothesis import strategies as st

from console.domain.areas import Circle, Polygon
from console.domain.feed import Category, Comment, Post, PostId, Visibility
from console.domain.feed_filter import Box, FeedFilter, Sort
from console.domain.places import Point

NOW = datetime(2026, 6, 10, 15, 0, tzinfo=UTC)
CENTRE = Point(41.88, -87.70)
WORDS = (
    "bike", "Bikes", "café", "CAFE", "Straße", "back", "porch", "dog", "hot-dog", "Ünïcödé", "naïve", "AND", "OR", "NOT",
    "NEAR(", '"quoted"', "a*", "^b", "col:x", "{x}", "'", "--", ";", "\\", "%", "_", "x_y", "½", "⑴", "ﬁne", "東京", "שלום",
    "\u202eevil", "🚲", "e\u0301te\u0301", "\u200bhidden", "\0", "İstanbul", "ŉ", "words", "10:30",
)  # fmt: skip
texts = st.lists(st.one_of(st.sampled_from(WORDS), st.text(max_size=12)), max_size=12).map(" ".join)
places = st.builds(Point, st.floats(41.80, 41.96), st.floats(-87.80, -87.60))
times = st.integers(0, 40 * 86_400_000_000).map(lambda us: NOW - timedelta(microseconds=us))
comments = st.builds(
    Comment,
    id=st.just("c"),
    author=st.sampled_from(
        ("Neighbor #1", "Officer Example One, Lakeside Police", "Officer Example Two, Lakeside Police")
    ),
    official=st.booleans(),
    text=texts,
    at=times,
    visibility=st.sampled_from(tuple(Visibility)),
)
posts = st.builds(
    Post,
    id=st.just(PostId("")),
    category=st.sampled_from(tuple(Category)),
    title=texts,
    text=texts,
    author=st.just("Neighbor #2"),
    block=st.just("b"),
    place=places,
    place_name=st.one_of(texts, st.just("Near S Halsted St")),
    at=times,
    comments=st.lists(comments, max_size=3).map(tuple),
    answered=st.booleans(),
    visibility=st.sampled_from((Visibility.PUBLIC, Visibility.PUBLIC, Visibility.LIMITED, Visibility.REMOVED)),
)
feeds = st.lists(posts, max_size=12).map(
    lambda made: [msgspec.structs.replace(post, id=PostId(f"p{n}")) for n, post in enumerate(made)]
)
typed = st.one_of(
    texts,
    st.lists(
        st.sampled_from(
            ("bik", '"back porch"', "-dog", '-"back porch"', "at:hal", "kind:crime", "is:unread", "is:unanswered", "caf",
             "after:2026-05-20", "before:2026-06-01", "strasse", "fine", "et", "東", "-bike", "-zzz", '"', "-", ":", '"AND"')
        ),
        max_size=4,
    ).map(" ".join),
)  # fmt: skip
areas = st.one_of(
    st.builds(Circle, places, st.floats(10, 15_000)),
    st.lists(places, min_size=3, max_size=5).map(lambda ps: Polygon(tuple((p.lon, p.lat) for p in ps))),
)
filters = st.builds(
    FeedFilter,
    categories=st.frozensets(st.sampled_from(tuple(Category)), max_size=3),
    since=st.one_of(st.none(), times),
    until=st.one_of(st.none(), times),
    area=st.one_of(st.none(), areas),
    box=st.one_of(st.none(), st.builds(Box, st.just(41.83), st.just(-87.75), st.just(41.93), st.just(-87.65)),
                  st.just(Box(41.0, -87.70, 42.0, -88.0))),
    answered=st.sampled_from((None, None, True, False)),
    unread=st.sampled_from((None, None, True, False)),
    ids=st.one_of(st.none(), st.frozensets(st.sampled_from([f"p{n}" for n in range(12)]))),
    without_ids=st.frozensets(st.sampled_from([f"p{n}" for n in range(12)]), max_size=3),
    mine=st.sampled_from(("", "", "Officer Example One,")),
    sort=st.sampled_from(tuple(Sort)),
)  # fmt: skip
