"""The map page: made on first show, a place starts a request there, a post on the map opens in the feed."""

from __future__ import annotations

import pytest

from console.client.desk import Changed
from console.desktop.context import Context
from console.desktop.shell.map_page import MapPage
from console.desktop.widgets import find
from console.domain.feed import Category
from console.domain.members import Role
from console.domain.places import Point

from .conftest import NOW, FakeDesk, StubPane, member, post


class _Session:
    def __init__(self, role):
        self.member = member(role)


@pytest.fixture
def made(qtbot, agency, ground, tmp_path):
    def build(role=Role.OFFICER, posts=()):
        desk = FakeDesk(agency, role)
        desk.session, desk.posts = _Session(role), tuple(posts)
        seen = {"panes": [], "drafts": [], "requests": [], "said": []}

        def new_pane(title):
            seen["panes"].append(StubPane(title))
            return seen["panes"][-1]

        context = Context(
            desk=desk, ground=ground, agency=agency, clock=lambda: NOW, theme=lambda: "day", start=lambda c: c.close(),
            new_pane=new_pane, open_wizard=seen["drafts"].append, open_request=seen["requests"].append,
            say=seen["said"].append, training=(), evidence_folder=tmp_path,
        )  # fmt: skip
        page = MapPage(context)
        qtbot.addWidget(page)
        page.resize(1000, 600)
        return page, seen

    return build


def test_the_map_is_made_when_it_is_first_shown_and_once(made):
    page, seen = made()
    page.refresh(Changed.POSTS)
    assert seen["panes"] == []
    page.entered()
    page.entered()
    assert len(seen["panes"]) == 1


def test_posts_and_alerts_have_their_layers(made):
    page, seen = made(posts=[post("p1"), post("p2", Category.ALERT)])
    page.entered()
    pane = seen["panes"][0]
    assert [f["id"] for f in pane.layer("posts")["features"]] == ["p1"]
    assert [f["id"] for f in pane.layer("alerts")["features"]] == ["p2"]


def test_a_place_starts_a_request_there(made):
    page, seen = made()
    page.entered()
    seen["panes"][0].place_picked.emit(41.5, -87.5)
    assert seen["drafts"][0].place == Point(41.5, -87.5)
    assert seen["drafts"][0].place_name == "Near W 18th St"


def test_a_place_outside_says_what_to_do(made):
    page, seen = made()
    page.entered()
    seen["panes"][0].place_picked.emit(50.0, -87.5)
    assert seen["drafts"] == []
    assert "inside the blue line" in seen["said"][0]


def test_who_may_not_ask_starts_nothing(made):
    page, seen = made(Role.AUDITOR, [post("p1")])
    page.entered()
    seen["panes"][0].place_picked.emit(41.5, -87.5)
    page.feed.ask_near.emit(post("p1"))
    assert seen["drafts"] == []


def test_a_post_clicked_on_the_map_opens_and_flies_there(made):
    page, seen = made(posts=[post("p1")])
    page.show()
    page.entered()
    pane = seen["panes"][0]
    pane.picked.emit("posts", "p1")
    assert ("fly_to", 41.85, -87.66) in pane.told
    assert ("highlight", "posts", "p1") in pane.told
    assert find(page, "feed.text").text() == "Words."


def test_a_request_clicked_on_the_map_opens(made):
    page, seen = made()
    page.entered()
    seen["panes"][0].picked.emit("requests", "r1")
    assert seen["requests"] == ["r1"]


def test_asking_near_a_post_brings_its_place_and_time(made):
    page, seen = made()
    page.entered()
    page.feed.ask_near.emit(post("p1"))
    draft = seen["drafts"][0]
    assert (draft.from_post, draft.place, draft.occurred_at) == ("p1", Point(41.85, -87.66), NOW)


def test_blocks_are_shown_on_demand(made):
    page, seen = made()
    page.entered()
    find(page, "map.blocks").setChecked(True)
    assert ("show_layer", "blocks", True) in seen["panes"][0].told
    find(page, "map.blocks").setChecked(False)
    assert seen["panes"][0].told[-1] == ("show_layer", "blocks", False)
