"""The map page: one selection for feed, list and map; finding, going, saving; a place starts a request there."""

from __future__ import annotations

import json
from datetime import timedelta

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication

from console.client.desk import Changed, Connection
from console.desktop.context import Context
from console.desktop.overview.page import MapPage
from console.desktop.widgets import find
from console.domain.feed import Category
from console.domain.lookup import Found, FoundKind
from console.domain.members import Role
from console.domain.overview import Preset, Selection, Shown
from console.domain.places import Point
from console.domain.requests import State
from console.maps import messages
from console.maps.messages import ViewChanged
from tests.desktop.window_fakes import NOW, FakeDesk, StubPane, member, post
from tests.request_fakes import request


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
    assert pane.ids("posts") == ["p1"]
    assert pane.ids("alerts") == ["p2"]


def test_a_post_is_drawn_where_the_service_put_it_and_nowhere_finer(made):
    page, seen = made(posts=[post("p1")])
    page.entered()
    (row,) = seen["panes"][0].last("set_points", "posts").rows
    assert (row.lat, row.lon) == (41.85, -87.66), "the middle of its block, as the service tells it"


def test_the_filter_is_the_same_for_feed_and_map(made):
    page, seen = made(posts=[post("p1"), post("p2", Category.SAFETY), post("p3", Category.ALERT)])
    page.entered()
    find(page, "map.filter").changed.emit(Selection(categories=frozenset({Category.SAFETY})))
    pane = seen["panes"][0]
    assert [p.id for p in page.feed.model.rows()] == ["p2"]
    assert (pane.ids("posts"), pane.ids("alerts")) == (["p2"], [])
    assert find(page, "map.filter").text() == "Filter \u00b7 1"
    assert [e.id for e in page.seen.entries()] == ["p2"]


def test_the_filter_panel_ticks_and_clears(made):
    page, seen = made(posts=[post("p1"), post("p2", Category.SAFETY)])
    page.show()
    page.entered()
    panel = find(page, "map.filter")
    find(page, "filter.crime").setChecked(False)
    assert seen["panes"][0].ids("posts") == ["p2"]
    find(page, "filter.mine").setChecked(True)
    assert seen["panes"][0].ids("posts") == []
    assert "No post is in this selection" in find(page, "feed.empty").text()
    find(page, "filter.clear").click()
    assert seen["panes"][0].ids("posts") == ["p1", "p2"]
    assert panel.text() == "Filter"
    assert find(page, "filter.crime").isChecked()


def test_words_typed_in_the_feed_choose_on_the_map_too(made):
    page, seen = made(posts=[post("p1"), post("p2")])
    page.entered()
    find(page, "feed.search").setText("of p2")
    page.feed.show_now()
    assert seen["panes"][0].ids("posts") == ["p2"]


def test_what_was_typed_is_looked_up_once_for_feed_map_and_time_bar(made):
    page, _ = made(posts=[post("p1"), post("p2")])
    page.entered()
    desk, asked = page.context.desk, []
    find_posts = desk.find_posts
    desk.find_posts = lambda query: asked.append(query.words) or find_posts(query)
    find(page, "feed.search").setText("of p2")
    page.feed.show_now()
    assert asked == [("of", "p2")]


def test_a_live_post_comes_to_the_map(made):
    page, seen = made(posts=[post("p1")])
    page.entered()
    page.context.desk.posts = (post("p9"), post("p1"))
    page.refresh(Changed.POSTS)
    assert seen["panes"][0].ids("posts") == ["p9", "p1"]


def test_a_time_that_is_brushed_chooses_for_both(made):
    old = msgspec.structs.replace(post("old"), at=NOW - timedelta(days=3))
    page, seen = made(posts=[post("p1"), old])
    page.entered()
    find(page, "time.day").click()
    assert seen["panes"][0].ids("posts") == ["p1"]
    assert find(page, "time.words").text() == "Last 24 h"
    find(page, "time.histogram").brushed.emit(50, 55)
    assert seen["panes"][0].ids("posts") == ["old"]
    find(page, "time.histogram").brushed.emit(-1, -1)
    assert seen["panes"][0].ids("posts") == ["p1", "old"]


def test_the_brush_goes_by_keys_and_says_its_time(made, qtbot):
    page, _ = made(posts=[post("p1")])
    page.show()
    page.entered()
    bars = find(page, "time.histogram")
    qtbot.keyClick(bars, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert page.chosen.preset is None
    assert page.chosen.span.until is None, "the last bar goes on, so that what comes in is shown"
    assert "Left and Right" in bars.accessibleName()
    qtbot.keyClick(bars, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert page.chosen.span.until is not None
    qtbot.keyClick(bars, Qt.Key.Key_Escape)
    assert page.chosen.preset is Preset.ALL


def test_the_brush_goes_by_mouse(made, qtbot):
    page, _ = made(posts=[post("p1")])
    page.show()
    page.entered()
    bars = find(page, "time.histogram")
    middle = bars.height() // 2
    qtbot.mousePress(bars, Qt.MouseButton.LeftButton, pos=QPoint(bars.width() // 4, middle))
    qtbot.mouseMove(bars, QPoint(bars.width() // 2, middle))
    qtbot.mouseRelease(bars, Qt.MouseButton.LeftButton, pos=QPoint(bars.width() // 2, middle))
    assert page.chosen.span.since is not None
    assert page.chosen.span.until is not None
    assert "\u2013" in find(page, "time.words").text()


def test_a_brush_stays_where_it_was_put_while_the_clock_goes_on(made, qtbot):
    page, _ = made(posts=[post("p1")])
    page.show()
    page.entered()
    bars = find(page, "time.histogram")
    bars.brushed.emit(30, 40)
    object.__setattr__(page.context, "clock", lambda: NOW + timedelta(seconds=20))
    for expected in ((31, 41), (32, 42), (33, 43)):
        page.refresh(Changed.POSTS)
        qtbot.keyClick(bars, Qt.Key.Key_Right)
        assert (bars._first, bars._last) == expected


def test_a_search_without_hits_leaves_the_time_bar_empty(made):
    page, _ = made(posts=[post("p1"), post("p2")])
    page.entered()
    find(page, "feed.search").setText("nothing like that")
    page.feed.show_now()
    assert sum(find(page, "time.histogram")._counts) == 0
    find(page, "feed.search").setText("of p2")
    page.feed.show_now()
    find(page, "time.histogram").brushed.emit(0, 10)
    assert page.feed.fitting() == ()
    assert sum(find(page, "time.histogram")._counts) == 1, "the bars tell of all times"


def test_older_posts_are_read_once_the_service_is_there_and_again_after_a_cut_line(made):
    page, _ = made(posts=[post("p1")])
    started = []
    object.__setattr__(page.context, "start", lambda work: (started.append(work), work.close()))
    page.context.desk.connection = Connection.OFFLINE
    page.entered()
    page.refresh(Changed.CONNECTION)
    assert started == []
    page.context.desk.connection, page.context.desk.refreshed_at = Connection.CONNECTED, NOW
    page.refresh(Changed.CONNECTION)
    page.refresh(Changed.POSTS)
    assert len(started) == 1, "not twice at once"
    page._is_loading = False
    page.refresh(Changed.CONNECTION)
    assert len(started) == 2


def test_a_post_at_null_island_is_listed_and_nobody_is_flown_there(made):
    lost = msgspec.structs.replace(post("p1"), place=Point(0.0, 0.0))
    page, seen = made(posts=[lost])
    page.show()
    page.entered()
    page.feed.go_down()
    page.feed.hovered.emit(lost)
    page._go_to_found(Found(FoundKind.POST, "p1", "Title", place=lost.place))
    pane = seen["panes"][0]
    assert not any(said[0] == "fly_to" for said in pane.told)
    assert all(said[1:] == (None, None) for said in pane.told if said[0] == "light")
    assert page.seen.entries()[0].away == "place not known"


def test_the_light_stays_on_the_chosen_post_when_the_pointer_goes(made):
    page, seen = made(posts=[post("p1"), msgspec.structs.replace(post("p2"), place=Point(41.5, -87.5))])
    page.show()
    page.entered()
    page.feed.go_down()
    page.feed.hovered.emit(page.context.desk.posts[1])
    assert seen["panes"][0].told[-1] == ("light", 41.5, -87.5)
    page.feed.hovered.emit(None)
    assert seen["panes"][0].told[-1] == ("light", 41.85, -87.66)


def test_going_back_twice_quickly_keeps_the_way_forward(made):
    page, _ = made()
    page.entered()
    views = [ViewChanged(lat - 0.1, -88.0, lat + 0.1, -87.0, 12.0) for lat in (41.2, 41.4, 41.6)]
    for view in views:
        page._pane.view_changed.emit(view)
        page.going.come_to_rest()
    page.going.go_back()
    page._pane.view_changed.emit(views[1])
    page.going.go_back()
    assert not page.going._rest.isActive(), "the view that was left does not come to rest"
    page._pane.view_changed.emit(views[0])
    page.going.come_to_rest()
    assert page.going.forward_button.isEnabled()
    assert not page.going.back_button.isEnabled()


def test_a_drawing_tool_can_be_left_without_drawing(made, qtbot):
    page, seen = made(posts=[post("p1")])
    page.show()
    page.entered()
    page._draw_area("circle")
    assert page._everywhere.isEnabled()
    assert page._leave.isEnabled()
    page._leave.activated.emit()
    assert seen["panes"][0].told[-1][0] != "set_readout" or seen["panes"][0].told[-1][1] == ""
    tools = [said[1] for said in seen["panes"][0].told if said[0] == "set_tool"]
    assert tools[-1] == "none"
    assert not page._leave.isEnabled()


def test_a_second_drawing_takes_the_first_ones_filter_away(made):
    page, seen = made(posts=[post("p1")])
    page.entered()
    pane = seen["panes"][0]
    pane.drawing.emit(messages.Circle(41.2, -87.2, 500.0), True)
    assert pane.ids("posts") == []
    page._draw_area("polygon")
    assert pane.ids("posts") == ["p1"]


def test_an_area_drawn_by_hand_chooses_too(made):
    far = msgspec.structs.replace(post("far"), place=Point(41.2, -87.2))
    page, seen = made(posts=[post("p1"), far])
    page.context.desk.requests = (request(1),)
    page.entered()
    pane = seen["panes"][0]
    page._draw_area("circle")
    assert ("set_tool", "circle") in pane.told
    assert "press at its middle" in pane.told[-1][1]
    pane.drawing.emit(messages.Circle(41.85, -87.66, 900.0), False)
    assert pane.ids("posts") == ["p1", "far"]
    pane.drawing.emit(messages.Circle(41.85, -87.66, 900.0), True)
    assert ("set_tool", "none") in pane.told
    assert pane.ids("posts") == ["p1"]
    assert find(page, "map.area").text() == "Area \u00b7 1"
    assert "inside the drawn area" in page._described()[1]
    find(page, "filter.clear").click()
    assert pane.ids("posts") == ["p1"], "the filter's panel does not know the area"
    page._take_area(None)
    assert pane.ids("posts") == ["p1", "far"]
    assert ("clear_drawing",) in pane.told


def test_requests_are_drawn_by_state_and_filtered(made):
    page, seen = made()
    page.context.desk.requests = (request(1), request(2, State.PUBLISHED), request(3, State.REJECTED))
    page.entered()
    pane = seen["panes"][0]
    assert [f["properties"]["state"] for f in pane.layer("requests")["features"]] == ["pending", "published"]
    find(page, "map.filter").changed.emit(Selection(states=frozenset({Shown.PUBLISHED})))
    assert [f["id"] for f in pane.layer("requests")["features"]] == ["r2"]


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


def test_a_post_clicked_on_the_map_opens_and_is_lit(made):
    page, seen = made(posts=[post("p1")])
    page.show()
    page.entered()
    pane = seen["panes"][0]
    pane.places_picked.emit("posts", ("p1",), 1)
    assert ("light", 41.85, -87.66) in pane.told
    assert find(page, "feed.text").text() == "Words."


def test_a_cluster_clicked_lists_its_posts_and_the_map_stays(made):
    page, seen = made(posts=[post("p1"), post("p2"), post("p3")])
    page.show()
    page.entered()
    pane = seen["panes"][0]
    pane.places_picked.emit("posts", ("p1", "p3"), 2)
    assert [p.id for p in page.feed.model.rows()] == ["p1", "p3"]
    assert find(page, "feed.only").text() == "2 at this place"
    assert not any(said[0] in {"fly_to", "fit"} for said in pane.told)
    assert pane.ids("posts") == ["p1", "p2", "p3"]
    find(page, "feed.only_end").click()
    assert len(page.feed.model.rows()) == 3
    pane.places_picked.emit("posts", ("p1", "p3"), 90)
    assert find(page, "feed.only").text() == "2 of 90 at this place"


def test_a_post_under_the_pointer_is_lit_and_the_focus_alone_chooses_none(made):
    page, seen = made(posts=[post("p1"), post("p2")])
    page.show()
    page.entered()
    pane = seen["panes"][0]
    page.feed.entered()
    assert not any(said[0] == "fly_to" for said in pane.told)
    page.feed.hovered.emit(post("p1"))
    assert pane.told[-1] == ("light", 41.85, -87.66)
    page.feed.hovered.emit(None)
    assert pane.told[-1] == ("light", None, None)


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


def test_blocks_are_offered_and_said_when_too_far(made):
    page, seen = made()
    page.entered()
    pane = seen["panes"][0]
    assert ("show_layer", "blocks", False) in pane.told
    page._pane.view_changed.emit(ViewChanged(41.0, -88.0, 42.0, -87.0, 10.0))
    pane.switched.emit("blocks", True)
    assert "zoom in" in pane.told[-2][1]
    assert pane.told[-1][:2] == ("set_layer", "blocks")
    pane.switched.emit("blocks", False)
    assert pane.told[-1] == ("set_readout", "")


def test_everything_in_view_is_in_the_list_beside_with_distance_and_bearing(made):
    page, _ = made(posts=[post("p1"), post("p2", Category.ALERT)])
    page.context.desk.requests = (request(1),)
    page.show()
    page.entered()
    page._pane.view_changed.emit(ViewChanged(41.0, -88.0, 42.0, -87.0, 12.0))
    find(page, "map.side_list").click()
    said = [page.listing.model.name_of(entry) for entry in page.listing.model.rows()]
    assert said[0] == "Crime, Title of p1, Near W 18th St, at the station, now"
    assert len(said) == 3
    assert any(line.startswith("Pending request, Burglary 1") and "of the station" in line for line in said)
    page._pane.view_changed.emit(ViewChanged(10.0, 10.0, 11.0, 11.0, 12.0))
    page.going.come_to_rest()
    assert page.listing.model.rowCount() == 0
    assert "Zoom out" in find(page, "onmap.note").text()


def test_the_list_beside_lights_and_opens(made, qtbot):
    page, seen = made(posts=[post("p1")])
    page.context.desk.requests = (request(1),)
    page.show()
    page.entered()
    page._pane.view_changed.emit(ViewChanged(41.0, -88.0, 42.0, -87.0, 12.0))
    find(page, "map.side_list").click()
    rows = find(page, "onmap.list")
    qtbot.keyClick(rows, Qt.Key.Key_Down)
    assert seen["panes"][0].told[-1][0] == "light"
    assert not any(said[0] == "fly_to" for said in seen["panes"][0].told)
    page.listing.opened.emit(next(e for e in page.listing.model.rows() if e.is_request))
    assert seen["requests"] == ["r1"]


def test_back_and_forward_through_views(made):
    page, seen = made()
    page.entered()
    pane = seen["panes"][0]
    for lat in (41.2, 41.4):
        page._pane.view_changed.emit(ViewChanged(lat - 0.1, -88.0, lat + 0.1, -87.0, 12.0))
        page.going.come_to_rest()
    find(page, "map.back").click()
    assert pane.told[-1] == ("fly_to", pytest.approx(41.2, abs=1e-3), -87.5, 12.0)
    assert not find(page, "map.back").isEnabled()
    find(page, "map.forward").click()
    assert pane.told[-1] == ("fly_to", pytest.approx(41.4, abs=1e-3), -87.5, 12.0)


def test_my_area_is_kept_for_the_next_sign_in(made):
    page, seen = made()
    page.entered()
    page.going.go_to_my_area()
    assert "You have no area yet" in seen["said"][-1]
    page._pane.view_changed.emit(ViewChanged(41.1, -88.0, 41.3, -87.5, 12.0))
    page.going.make_my_area()
    page.going.go_to_my_area()
    assert seen["panes"][0].told[-1] == ("fly_to", pytest.approx(41.2, abs=1e-3), -87.75, 12.0)
    assert '"zoom":12.0' in page.context.desk.settings["map.my_area"]


def test_a_link_is_copied_and_pasted(made, qtbot):
    page, seen = made(posts=[post("p1"), post("p2", Category.SAFETY)])
    page.show()
    page.entered()
    page._pane.view_changed.emit(ViewChanged(41.1, -88.0, 41.3, -87.5, 12.5))
    find(page, "map.filter").changed.emit(Selection(categories=frozenset({Category.SAFETY})))
    page._copy_link()
    link = QApplication.clipboard().text()
    assert "Title" not in link
    find(page, "filter.clear").click()
    box = find(page, "map.find")
    box.setText(link)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert seen["panes"][0].ids("posts") == ["p2"]
    assert ("fly_to", pytest.approx(41.2, abs=1e-3), pytest.approx(-87.75), 12.5) in seen["panes"][0].told


def test_finding_goes_by_keys(made, qtbot):
    page, _ = made(posts=[post("p1"), post("p2")])
    page.show()
    page.entered()
    box = find(page, "map.find")
    qtbot.keyClicks(box, "title of")
    box.find_now()
    assert box.is_open()
    qtbot.keyClick(box, Qt.Key.Key_Down)
    assert "Title of p2" in box.accessibleDescription()
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert not box.is_open()
    assert page.feed._detail.post.id == "p2"
    box.setText("nowhere at all")
    box.find_now()
    assert find(page, "map.find_said").text()
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert not box.is_open()
    assert box.text() == "nowhere at all"


def test_what_is_chosen_is_saved_as_a_table_and_as_geojson(made, tmp_path):
    page, seen = made(posts=[post("p1"), post("p2", Category.SAFETY)])
    page.entered()
    find(page, "map.filter").changed.emit(Selection(categories=frozenset({Category.SAFETY})))
    page._saving.save("csv", tmp_path / "a.csv")
    page._saving.save("geojson", tmp_path / "a.geojson")
    assert (tmp_path / "a.csv").read_text("utf-8-sig").count("Title of") == 1
    assert [f["id"] for f in json.loads((tmp_path / "a.geojson").read_bytes())["features"]] == ["p2"]
    assert "saved as a.geojson" in seen["said"][-1]


def test_a_picture_and_a_page_have_title_time_and_credit(made, tmp_path):
    page, seen = made(posts=[post("p1")])
    page.entered()
    picture = QImage(600, 400, QImage.Format.Format_RGB32)
    picture.fill(QColor("#336699"))
    seen["panes"][0].picture = picture
    page._saving.save("png", tmp_path / "a.png")
    saved = QImage(str(tmp_path / "a.png"))
    assert (saved.width(), saved.height()) == (600, 488)
    assert saved.pixelColor(300, 200) == QColor("#336699")
    page._saving.save("pdf", tmp_path / "a.pdf")
    content = (tmp_path / "a.pdf").read_bytes()
    assert content.startswith(b"%PDF-")
    assert content.rstrip().endswith(b"%%EOF")
    title, line = page._described()
    assert title == "Lakeside Police: Lakeside"
    assert "All time" in line
    assert line.endswith("0 of 1 posts and alerts in this view")


def test_a_sheet_names_the_words_that_were_searched_for(made):
    page, _ = made(posts=[post("p1"), post("p2")])
    page.entered()
    find(page, "feed.search").setText("of p2")
    page.feed.show_now()
    assert "with \u201cof p2\u201d" in page._described()[1]


def test_only_one_category_is_one_click(made):
    page, _ = made(posts=[post("p1"), post("p2", Category.SAFETY), post("p3", Category.ALERT)])
    page.show()
    page.entered()
    find(page, "filter.only_safety").click()
    assert [p.id for p in page.feed.model.rows()] == ["p2"]
    assert not find(page, "filter.crime").isChecked()


def test_a_layer_that_the_legend_hides_leaves_the_list_beside(made):
    page, seen = made(posts=[post("p1"), post("p2", Category.ALERT)])
    page.context.desk.requests = (request(1),)
    page.show()
    page.entered()
    pane = seen["panes"][0]
    pane.view_changed.emit(ViewChanged(41.0, -88.0, 42.0, -87.0, 12.0))
    find(page, "map.side_list").click()
    assert page.listing.model.rowCount() == 3
    for name in ("posts", "requests:pending"):
        pane.told.append(("show_layer", name, False))
        pane.switched.emit(name, False)
    assert [e.id for e in page.listing.model.rows()] == ["p2"]


def test_a_long_list_tells_the_nearest_and_how_many_there_are(made):
    posts = [msgspec.structs.replace(post(f"p{n:04}"), place=Point(41.85 + n / 10_000, -87.66)) for n in range(700)]
    page, seen = made(posts=posts[::-1])
    page.show()
    page.entered()
    seen["panes"][0].view_changed.emit(ViewChanged(41.0, -88.0, 42.0, -87.0, 12.0))
    find(page, "map.side_list").click()
    assert [e.id for e in page.listing.model.rows()] == [p.id for p in posts[:500]]
    assert find(page, "onmap.count").text() == "700"
    assert "The nearest 500 are listed" in find(page, "onmap.note").text()


def test_back_from_a_post_leads_to_where_it_was_opened_from(made, qtbot):
    page, seen = made(posts=[post("p1"), post("p2")])
    page.show()
    page.entered()
    seen["panes"][0].view_changed.emit(ViewChanged(41.0, -88.0, 42.0, -87.0, 12.0))
    find(page, "map.side_list").click()
    page.listing.opened.emit(page.listing.model.rows()[0])
    assert page._side.currentIndex() == 0
    page.feed._escape.activated.emit()
    assert page._side.currentIndex() == 1
    find(page, "map.side_feed").click()
    page.feed.select("p1")
    assert page.feed._escape.isEnabled()
    page.feed._escape.activated.emit()
    assert page._side.currentIndex() == 0
    assert not page.feed._escape.isEnabled()


def test_a_post_in_view_is_lit_and_one_out_of_view_is_gone_to_no_nearer(made):
    page, seen = made(posts=[post("p1"), msgspec.structs.replace(post("p2"), place=Point(41.3, -87.3))])
    page.show()
    page.entered()
    pane = seen["panes"][0]
    pane.view_changed.emit(ViewChanged(41.8, -87.7, 41.9, -87.6, 12.5))
    page.feed.go_down()
    assert not any(said[0] == "fly_to" for said in pane.told)
    page.feed.go_down()
    assert ("fly_to", 41.3, -87.3, 12.5) in pane.told


def test_a_file_that_cannot_be_written_is_said(made, tmp_path):
    page, seen = made(posts=[post("p1")])
    page.entered()
    page._saving.save("csv", tmp_path / "missing" / "a.csv")
    assert "Not saved" in seen["said"][-1]
    assert "Choose another folder" in seen["said"][-1]
