"""What is wanted of a map: a page made anew is brought to where it was, with no more words than that takes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from console.maps.messages import (
    Circle,
    ClearDrawing,
    ClearLayer,
    Fit,
    FlyTo,
    Highlight,
    Light,
    SelectPoints,
    SetDrawing,
    SetLayer,
    SetOutlines,
    SetPoints,
    SetPrinting,
    SetReadout,
    SetTheme,
    SetTool,
    ShowLayer,
)
from console.maps.wanted import Wanted

EMPTY = {"type": "FeatureCollection", "features": []}
MESSAGES = st.one_of(
    st.builds(SetTheme, theme=st.sampled_from(["day", "night"])),
    st.builds(FlyTo, lat=st.just(1.0), lon=st.just(2.0), zoom=st.floats(0, 19)),
    st.builds(Fit, bounds=st.just((1.0, 2.0, 3.0, 4.0))),
    st.builds(ShowLayer, name=st.sampled_from(["blocks", "posts"]), visible=st.booleans()),
    st.builds(SetLayer, name=st.sampled_from(["area", "districts"]), geojson=st.just(EMPTY)),
    st.builds(SetOutlines, name=st.just("districts"), version=st.integers(1, 9)),
    st.builds(SetPoints, name=st.just("posts"), version=st.integers(1, 3), kinds=st.just(())),
    st.builds(SelectPoints, name=st.just("posts"), version=st.integers(1, 3), rows=st.sampled_from([None, "Aw=="])),
    st.builds(ClearLayer, name=st.sampled_from(["posts", "area", "districts"])),
    st.builds(SetReadout, text=st.just("x")),
    st.builds(SetTool, tool=st.just("circle")),
    st.builds(SetDrawing, geometry=st.just(Circle(1.0, 2.0, 3.0))),
    st.just(ClearDrawing()),
    st.builds(Highlight, layer=st.just("requests"), feature_id=st.none()),
    st.builds(Light, lat=st.none(), lon=st.none()),
    st.builds(SetPrinting, on=st.booleans()),
)


def remembered(messages):
    wanted = Wanted()
    for message in messages:
        wanted.remember(message)
    return wanted


@given(st.lists(MESSAGES, max_size=40))
def test_replaying_what_was_replayed_changes_nothing(messages):
    once = remembered(messages).replay()
    assert remembered(once).replay() == once
    assert len({(type(m), getattr(m, "name", "")) for m in once}) == len(once), "each is said once"


def test_a_filter_is_replayed_with_its_places_and_only_of_their_version():
    wanted = remembered([SetPoints(name="posts", version=2, kinds=()), SelectPoints("posts", 1, "Aw==")])
    assert wanted.replay() == (SetPoints(name="posts", version=2, kinds=(), rows=None),)
    wanted.remember(SelectPoints("posts", 2, "Aw=="))
    assert wanted.replay() == (SetPoints(name="posts", version=2, kinds=(), rows="Aw=="),)


def test_the_last_of_two_ways_to_tell_outlines_counts():
    wanted = remembered([SetOutlines("districts", 1), SetLayer("districts", EMPTY)])
    assert wanted.replay() == (SetLayer("districts", EMPTY),)
    wanted.remember(SetOutlines("districts", 2))
    assert wanted.replay() == (SetOutlines("districts", 2),)


def test_the_order_makes_sense():
    wanted = remembered(
        [SetDrawing(geometry=Circle(1.0, 2.0, 3.0)), SetTool("circle"), FlyTo(1.0, 2.0, 3.0), SetTheme("night")]
    )
    assert [type(m) for m in wanted.replay()] == [SetTheme, FlyTo, SetTool, SetDrawing]


def test_whether_a_layer_is_shown_is_known():
    wanted = remembered([ShowLayer("blocks", visible=True)])
    assert wanted.shows("blocks", unasked=False)
    assert wanted.shows("posts", unasked=True)
    wanted.remember(FlyTo(1.0, 2.0, 3.0))
    wanted.forget_place()
    assert not any(isinstance(m, FlyTo) for m in wanted.replay())
