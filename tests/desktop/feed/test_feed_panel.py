"""The feed: rows that change in place, hostile text that stays text, the answering box."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QLabel

from console.client.desk import Changed, Connection
from console.desktop.context import Context
from console.desktop.feed.model import ID_ROLE, PostModel
from console.desktop.feed.panel import FeedPanel
from console.desktop.widgets import find
from console.domain.feed import Category, Comment, Post
from console.domain.members import Member, Role
from console.domain.places import Point
from tests.desktop.window_fakes import FakeShelf, lakeside

NOW = datetime(2026, 5, 4, 15, 0, tzinfo=UTC)
HOSTILE = "<b>x</b><img src='file:///etc/passwd'>\u202e & <script>alert(1)</script>"


def post(n: int, title: str = "", **fields) -> Post:
    return Post(
        id=f"p{n}",
        category=fields.pop("category", Category.CRIME),
        title=title or f"Title {n}",
        text=fields.pop("text", "Words " * 40),
        author="Neighbor #4",
        block="b",
        place=fields.pop("place", Point(41.85, -87.66)),
        place_name="Near W 18th St",
        at=NOW - timedelta(minutes=1000 - n),
        **fields,
    )


class FakeDesk(FakeShelf):
    def __init__(self, posts=(), role=Role.OFFICER):
        super().__init__()
        self.posts = tuple(posts)
        member = Member("m1", "IL0160000", "Example One", "Officer", "0001", role)
        self.session = SimpleNamespace(member=member)
        self.connection = Connection.CONNECTED
        self.refreshed_at = NOW
        self.sent = []
        self.profile = None

    def comment(self, post_id, text, corrects=""):
        assert not corrects
        self.sent.append((post_id, text))
        return SimpleNamespace(key="k")

    async def wait_for(self, key):
        raise AssertionError


def make_context(desk) -> Context:
    agency = lakeside()
    return Context(
        desk=desk, ground=None, agency=agency, clock=lambda: NOW, theme=lambda: "day", start=lambda work: work.close(),
        new_pane=lambda _title: None, open_wizard=lambda _d: None, open_request=lambda _i: None, say=lambda _t: None,
        training=(), evidence_folder=Path("/tmp"),
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(8))
def test_rows_change_in_place_and_keep_the_selection(qtbot, seed):
    chance = random.Random(seed)
    model = PostModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    resets = []
    model.modelReset.connect(lambda: resets.append(1))
    model.show_posts(tuple(post(n) for n in range(20, 0, -1)))
    selection = QItemSelectionModel(model)
    selection.setCurrentIndex(model.index(model.row_of("p7")), QItemSelectionModel.SelectionFlag.ClearAndSelect)
    for turn in range(30):
        ids = set(chance.sample(range(1, 40), chance.randrange(1, 30))) | {7}
        wanted = [post(n, f"Title {n} {chance.randrange(2)}") for n in sorted(ids, reverse=True)]
        if turn % 3 == 0:
            chance.shuffle(wanted)
        model.show_posts(tuple(wanted))
        assert model.rows() == tuple(wanted)
        assert selection.currentIndex().data(ID_ROLE) == "p7"
    assert not resets


def test_hostile_text_is_shown_as_text(qtbot):
    comment = Comment("c1", HOSTILE, False, HOSTILE, NOW)
    panel = FeedPanel(make_context(FakeDesk([post(1, HOSTILE, text=HOSTILE, comments=(comment,))])))
    qtbot.addWidget(panel)
    panel.resize(360, 600)
    panel.show()
    panel.grab()
    panel.select("p1")
    assert find(panel, "feed.text").text() == HOSTILE
    labels = panel.findChildren(QLabel)
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in labels)


def test_new_posts_wait_while_somebody_reads(qtbot):
    desk = FakeDesk(post(n) for n in range(60, 0, -1))
    panel = FeedPanel(make_context(desk))
    qtbot.addWidget(panel)
    panel.resize(360, 600)
    panel.show()
    bar = find(panel, "feed.list").verticalScrollBar()
    bar.setValue(400)
    desk.posts = tuple(post(n) for n in range(64, 0, -1))
    panel.refresh(Changed.POSTS)
    new = find(panel, "feed.new")
    assert not new.isHidden()
    assert new.text() == "4 new"
    assert panel.model.rowCount() == 60
    assert bar.value() == 400
    new.click()
    assert panel.model.rowCount() == 64
    assert bar.value() == 0
    assert new.isHidden()


def test_keys_search_and_category(qtbot):
    desk = FakeDesk([post(3), post(2, "Lost cat", category=Category.LOST_AND_FOUND), post(1)])
    panel = FeedPanel(make_context(desk))
    qtbot.addWidget(panel)
    seen = []
    panel.selected.connect(lambda p: seen.append(p and p.id))
    panel.go_down()
    panel.go_down()
    panel.go_up()
    assert seen == ["p3", "p2", "p3"]
    find(panel, "feed.search").setText("cat")
    qtbot.waitUntil(lambda: panel.model.rowCount() == 1, timeout=2000)
    find(panel, "feed.search").setText("zebra")
    qtbot.waitUntil(lambda: panel.model.rowCount() == 0, timeout=2000)
    assert "No post fits" in find(panel, "feed.empty").text()


def test_the_answer_says_who_answers_and_is_sent(qtbot):
    desk = FakeDesk([post(1), post(2)])
    panel = FeedPanel(make_context(desk))
    qtbot.addWidget(panel)
    panel.select("p1")
    assert (
        find(panel, "feed.answer_as")
        .text()
        .startswith("You answer as Officer Example One, badge 0001, Lakeside Police.")
    )
    answer, send = find(panel, "feed.answer"), find(panel, "feed.send")
    assert not send.isEnabled()
    answer.setPlainText("We look into it.")
    panel.select("p2")
    assert answer.toPlainText() == ""
    panel.select("p1")
    send.click()
    assert desk.sent == [("p1", "We look into it.")]
    asked = []
    panel.ask_near.connect(lambda p: asked.append(p.id))
    find(panel, "feed.ask").click()
    assert asked == ["p1"]


def test_an_auditor_reads_only(qtbot):
    panel = FeedPanel(make_context(FakeDesk([post(1)], role=Role.AUDITOR)))
    qtbot.addWidget(panel)
    panel.select("p1")
    assert not any(find(panel, name).isVisibleTo(panel) for name in ("feed.answer", "feed.send", "feed.ask"))


def test_offline_is_said(qtbot):
    desk = FakeDesk([post(1)])
    panel = FeedPanel(make_context(desk))
    qtbot.addWidget(panel)
    desk.connection = Connection.OFFLINE
    panel.refresh(Changed.CONNECTION)
    assert "cannot be reached" in find(panel, "feed.offline").text()
    assert not find(panel, "feed.offline").isHidden()


def test_what_is_not_understood_in_the_search_is_said(qtbot):
    panel = FeedPanel(make_context(FakeDesk([post(1)])))
    qtbot.addWidget(panel)
    panel.show()
    find(panel, "feed.search").setText("kind:robbery")
    panel.show_now()
    assert "try crime" in find(panel, "feed.trouble").text()
    assert find(panel, "feed.trouble").isVisible()
    find(panel, "feed.search").setText("")
    panel.show_now()
    assert not find(panel, "feed.trouble").isVisible()


def test_opening_a_post_is_to_have_read_it_and_u_takes_it_back(qtbot):
    desk = FakeDesk([post(1), post(2)])
    panel = FeedPanel(make_context(desk))
    qtbot.addWidget(panel)
    panel.show()
    assert find(panel, "feed.count").text() == "2 \u00b7 2 unread"
    panel.go_down()
    assert desk.read == set(), "looking through the list is not reading"
    panel.select("p1")
    assert desk.read == {"p1"}
    assert find(panel, "feed.count").text() == "2 \u00b7 1 unread"
    panel.turn_unread()
    assert desk.read == set()
    find(panel, "feed.all_read").click()
    assert desk.read == {"p1", "p2"}
    assert find(panel, "feed.count").text() == "2"
    assert not find(panel, "feed.all_read").isEnabled()


def test_what_a_search_found_is_marked_in_the_list(qtbot):
    desk = FakeDesk([post(1, "Bike \U0001f6b2 taken, b\u00efke found", text="A green bike.")])
    panel = FeedPanel(make_context(desk))
    qtbot.addWidget(panel)
    panel.resize(380, 300)
    panel.show()

    def lamp() -> int:
        picture = find(panel, "feed.list").viewport().grab().toImage()
        pixels = (picture.pixelColor(x, y) for x in range(picture.width()) for y in range(min(110, picture.height())))
        return sum(c.red() > 225 and 170 < c.green() < 225 and c.blue() < 170 for c in pixels)

    plain = lamp()
    find(panel, "feed.search").setText("bike")
    panel.show_now()
    assert lamp() > plain + 300


RACE = "A black male was walking down the alley. Be careful."


def test_a_description_by_race_alone_is_said_before_an_answer_goes_out(qtbot):
    desk = FakeDesk([post(1, "Stranger", text=RACE), post(2, "Street light out", text="Third night in a row.")])
    panel = FeedPanel(make_context(desk))
    qtbot.addWidget(panel)
    panel.show()
    panel.select("p1")
    answer = find(panel, "feed.answer")
    answer.setPlainText("Thank you for telling us.")
    find(panel, "feed.send").click()
    assert desk.sent == []
    assert "by race alone" in find(panel, "feed.warning").text()
    assert find(panel, "feed.send").text() == "Send all the same"
    answer.setPlainText("Thank you. What did he do?")
    assert not find(panel, "feed.warning").isVisible(), "another answer is judged anew"
    find(panel, "feed.send").click()
    find(panel, "feed.send").click()
    assert desk.sent == [("p1", "Thank you. What did he do?")]
    panel.select("p2")
    answer.setPlainText("We told the city.")
    find(panel, "feed.send").click()
    assert desk.sent[-1] == ("p2", "We told the city."), "an ordinary answer goes at once"


def test_what_is_wrong_with_the_answer_itself_is_said_too(qtbot):
    desk = FakeDesk([post(1, "Street light out", text="Third night in a row.")])
    panel = FeedPanel(make_context(desk))
    qtbot.addWidget(panel)
    panel.show()
    panel.select("p1")
    find(panel, "feed.answer").setPlainText("Read more at https://forged.example/x now.")
    find(panel, "feed.send").click()
    assert desk.sent == []
    assert "A link" in find(panel, "feed.warning").text()


def test_a_typed_answer_outlives_the_program(qtbot):
    desk = FakeDesk([post(1), post(2)])
    panel = FeedPanel(make_context(desk))
    qtbot.addWidget(panel)
    panel.show()
    panel.select("p1")
    find(panel, "feed.answer").setPlainText("Half an ans")
    panel.left()
    assert desk.settings == {"answer.p1": "Half an ans"}
    again = FeedPanel(make_context(desk))
    qtbot.addWidget(again)
    again.show()
    again.select("p2")
    assert find(again, "feed.answer").toPlainText() == ""
    again.select("p1")
    assert find(again, "feed.answer").toPlainText() == "Half an ans"
    find(again, "feed.send").click()
    assert desk.settings["answer.p1"] == ""
