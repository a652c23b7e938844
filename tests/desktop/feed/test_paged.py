"""The feed as a long list: pages on demand, the newest question wins, what is read stays where it is, nothing resets."""

from __future__ import annotations

import asyncio
import random
from array import array
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import msgspec
import pytest
from PySide6.QtCore import QPersistentModelIndex
from PySide6.QtTest import QAbstractItemModelTester

from console.client.vault import open_vault
from console.desktop.feed import row_steps
from console.desktop.feed.delegate import CardDelegate, post_card
from console.desktop.feed.model import ID_ROLE, THING_ROLE
from console.desktop.feed.paged import FIRST_ROWS, KEPT_POSTS, PagedPosts
from console.desktop.feed.still_list import StillList
from console.domain.feed import Visibility
from console.domain.feed_filter import FeedFilter, Sort
from console.domain.feed_query import FeedQuery, read_query
from tests.client.client_fakes import NOW, MemorySecrets, make_post

ZONE = ZoneInfo("America/Chicago")
ANY, EVERYTHING = FeedQuery(), FeedFilter()


class Desk:
    """A vault with posts, and a loop on which what was started goes on."""

    def __init__(self, folder: Path) -> None:
        self.vault = open_vault(folder, "m", MemorySecrets())
        self.copy = self.vault.feed()
        self.loop = asyncio.new_event_loop()
        self.tasks: list[asyncio.Task[None]] = []
        self.models: list[PagedPosts] = []

    def start(self, work) -> None:
        self.tasks.append(self.loop.create_task(work))

    def settle(self) -> None:
        """Let all that was started come to its end."""
        while self.tasks:
            self.loop.run_until_complete(asyncio.gather(*self.tasks))
            self.tasks = [task for task in self.tasks if not task.done()]

    def model(self) -> PagedPosts:
        made = PagedPosts(self.copy.another(), self.start)
        made.tester = QAbstractItemModelTester(made, QAbstractItemModelTester.FailureReportingMode.Fatal)
        made.modelReset.connect(lambda: pytest.fail("the list was reset"))
        self.models.append(made)
        return made

    def put(self, *posts) -> None:
        numbers = self.copy.take(posts, (), None)
        for model in self.models:
            model.take(numbers)
        self.settle()

    def ask(self, model: PagedPosts, text: str = "", chosen: FeedFilter = EVERYTHING) -> None:
        model.ask(read_query(text, ZONE), chosen)
        self.settle()


@pytest.fixture
def desk(qapp, tmp_path):
    made = Desk(tmp_path)
    yield made
    for model in made.models:
        model.close()
    made.settle()
    made.vault.close()
    made.loop.close()


def fetch_all(desk: Desk, model: PagedPosts) -> list[str]:
    while model.canFetchMore(model.index(-1)):
        model.fetchMore(model.index(-1))
        desk.settle()
    return [model.index(row).data(ID_ROLE) for row in range(model.rowCount())]


def ids(numbers) -> list[str]:
    return [f"post-{n:04}" for n in numbers]


def test_a_view_shows_the_first_page_of_what_is_typed(desk, qtbot):
    """The example: a list with cards, a typed filter, its first page."""
    desk.copy.take([make_post(n, "a bike" if n % 3 else "a dog") for n in range(300)], (), None)
    model, view = desk.model(), StillList()
    context = SimpleNamespace(ago=lambda _at: "1 h", desk=SimpleNamespace(is_unread=lambda _id: True))
    view.setModel(model)
    view.setItemDelegate(CardDelegate(lambda: "day", post_card(context, lambda: model.query)))
    view.resize(360, 600)
    qtbot.addWidget(view)
    view.show()
    said = []
    model.answered.connect(lambda: said.append("answered"))
    model.counted.connect(said.append)
    desk.ask(model, "bik -dog")
    assert model.rowCount() >= FIRST_ROWS
    assert said == ["answered", 200]
    top = view.indexAt(view.viewport().rect().topLeft())
    assert top.data(THING_ROLE) == make_post(299, "a bike")
    assert not view.grab().toImage().isNull()


def test_rows_come_as_they_are_scrolled_to_and_few_posts_are_held(desk):
    desk.copy.take([make_post(n) for n in range(5_000)], (), None)
    model = desk.model()
    desk.ask(model)
    assert model.rowCount() < 100
    assert fetch_all(desk, model) == ids(reversed(range(5_000)))
    assert len(model._posts) <= KEPT_POSTS


def test_only_the_newest_question_is_answered(desk):
    desk.copy.take([make_post(n, f"word{n % 5}") for n in range(100)], (), None)
    model = desk.model()
    answered = []
    model.answered.connect(lambda: answered.append(model.rowCount()))
    for typed in ("word1", "word2", "word3"):
        model.ask(read_query(typed, ZONE), EVERYTHING)
    desk.settle()
    assert answered == [20]
    assert {model.thing(row).text for row in range(20)} == {"word3"}


def test_what_is_current_stays_current_in_another_question_that_finds_it(desk):
    desk.copy.take([make_post(n, "both" if n % 10 == 0 else "one") for n in range(40)], (), None)
    model = desk.model()
    desk.ask(model)
    kept, gone = (QPersistentModelIndex(model.index(model.row_of(i))) for i in ("post-0020", "post-0021"))
    desk.ask(model, "both")
    assert kept.isValid()
    assert kept.data(ID_ROLE) == "post-0020"
    assert not gone.isValid()


def test_new_posts_wait_while_somebody_reads_and_change_nothing_below(desk):
    desk.copy.take([make_post(n) for n in range(30)], (), None)
    model = desk.model()
    desk.ask(model)
    fetch_all(desk, model)
    held = []
    model.held_changed.connect(held.append)
    model.is_reading = True
    desk.put(*(make_post(n) for n in range(30, 34)))
    assert (model.held, held, model.rowCount()) == (4, [4], 30)
    model.is_reading = False
    desk.put(make_post(34))
    assert model.held == 5, "what waits is not overtaken"
    desk.copy.take((), ["post-0031"], None)
    model.show_held()
    assert [model.index(row).data(ID_ROLE) for row in range(3)] == ids((34, 33, 32))
    assert model.held == held[-1] == 0
    desk.put(make_post(35))
    assert model.index(0).data(ID_ROLE) == "post-0035", "nobody reads: it is shown at once"


def test_a_post_changes_in_its_row_and_goes_from_its_row(desk):
    desk.copy.take([make_post(n, "bike") for n in range(20)], (), None)
    model = desk.model()
    desk.ask(model, "bike")
    changed = []
    model.dataChanged.connect(lambda first, last: changed.append((first.row(), last.row())))
    desk.put(msgspec.structs.replace(make_post(15, "bike found"), changed=1))
    assert changed == [(4, 4)]
    assert model.thing(4).text == "bike found"
    desk.put(msgspec.structs.replace(make_post(14, "no longer"), changed=2))
    assert model.row_of("post-0014") == -1, "it no longer fits what was typed"
    desk.put(msgspec.structs.replace(make_post(13, ""), changed=3, visibility=Visibility.REMOVED))
    assert model.rowCount() == 18
    assert model.thing(5).id == "post-0012"


def test_a_late_post_comes_where_it_belongs(desk):
    desk.copy.take([make_post(n) for n in range(0, 40, 2)], (), None)
    model = desk.model()
    desk.ask(model)
    desk.put(make_post(21), make_post(5))
    assert [model.index(row).data(ID_ROLE) for row in range(model.rowCount())] == ids(
        sorted([*range(0, 40, 2), 21, 5], reverse=True)
    )


@pytest.mark.parametrize("sort", list(Sort))
def test_every_order_is_shown_to_its_end(desk, sort):
    from console.domain.feed import Comment

    posts = [
        msgspec.structs.replace(
            make_post(n), comments=tuple(Comment(f"c{k}", "Neighbor #1", False, "x", NOW) for k in range(n % 4))
        )
        for n in range(120)
    ]
    desk.copy.take(posts, (), None)
    model = desk.model()
    desk.ask(model, "", FeedFilter(sort=sort))
    order = {
        Sort.NEWEST: range(119, -1, -1), Sort.OLDEST: range(120),
        Sort.MOST_COMMENTS: sorted(range(120), key=lambda n: (n % 4, n), reverse=True),
    }[sort]  # fmt: skip
    assert fetch_all(desk, model) == ids(order)
    desk.put(make_post(500))
    if sort is Sort.MOST_COMMENTS:
        assert model.held == 1
        model.show_held()
        desk.settle()
        assert model.held == 0
    assert "post-0500" in fetch_all(desk, model)


def test_all_marked_read_keeps_the_place_of_who_reads(desk):
    desk.copy.take([make_post(n) for n in range(400)], (), None)
    model = desk.model()
    desk.ask(model)
    fetch_all(desk, model)
    here = QPersistentModelIndex(model.index(300))
    desk.copy.mark_all_read(ANY, EVERYTHING)
    model.take(frozenset())
    desk.settle()
    assert (here.row(), here.data(ID_ROLE), model.rowCount()) == (300, "post-0099", 400)


@contextmanager
def shown(desk, qtbot):
    model, view = desk.model(), StillList()
    context = SimpleNamespace(ago=lambda _at: "1 h", desk=SimpleNamespace(is_unread=lambda _id: True))
    view.setModel(model)
    view.setItemDelegate(CardDelegate(lambda: "day", post_card(context, lambda: model.query)))
    view.resize(360, 600)
    qtbot.addWidget(view)
    view.show()
    desk.ask(model)
    fetch_all(desk, model)
    yield model, view


def test_what_is_read_does_not_move_when_rows_come_and_go_above_it(desk, qtbot):
    desk.copy.take([make_post(n) for n in range(0, 400, 2)], (), None)
    with shown(desk, qtbot) as (_model, view):
        view.doItemsLayout()
        view.verticalScrollBar().setValue(view.verticalScrollBar().maximum() // 2)

        def seen():
            top = view.indexAt(view.viewport().rect().topLeft())
            return top.data(ID_ROLE), view.visualRect(top).top()

        before = seen()
        desk.put(*(make_post(n) for n in (399, 397, 395, 391)))
        assert seen() == before
        desk.put(*(msgspec.structs.replace(make_post(n), visibility=Visibility.REMOVED, changed=1) for n in (398, 396)))
        assert seen() == before


@pytest.mark.parametrize("seed", range(6))
def test_after_any_changes_the_rows_are_those_of_a_fresh_question(desk, seed):
    chance = random.Random(seed)
    model = desk.model()
    chosen = FeedFilter(sort=chance.choice([Sort.NEWEST, Sort.OLDEST]))
    desk.ask(model, "bike", chosen)
    for changed in range(1, 26):
        model.is_reading = chance.random() < 0.3
        desk.put(
            *(
                msgspec.structs.replace(
                    make_post(n, chance.choice(["bike", "dog"])),
                    changed=changed,
                    visibility=chance.choice([Visibility.PUBLIC] * 4 + [Visibility.REMOVED]),
                )
                for n in chance.sample(range(300), 12)
            )
        )
        if chance.random() < 0.2:
            model.show_held()
    model.show_held()
    assert list(model._rows) == list(desk.copy.keys(read_query("bike", ZONE), chosen, None, 1_000).numbers)


def test_a_closed_model_begins_nothing(desk):
    model = desk.model()
    model.close()
    desk.ask(model)
    assert model.rowCount() == 0


def test_steps_are_said_from_the_end():
    rows = array("q", [9, 7, 5, 3, 1])
    assert row_steps.to_remove(rows, {7, 1}, Sort.NEWEST) == [(2, 3), (0, 0)]
    assert row_steps.to_remove(rows, set(), Sort.NEWEST) == [(0, 4)]
    assert row_steps.to_place(rows, [8, 10, 11, 0], Sort.NEWEST) == [(5, [0]), (1, [8]), (0, [11, 10])]
    assert list(row_steps.to_insert([9, 8, 7, 6, 5], {9, 6})) == [(1, [8, 7]), (4, [5])]
