"""The queue: oldest first, sorted and counted, found by words, worked with keys."""

from __future__ import annotations

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from console.client.desk import Changed
from console.desktop.review.waiting import Sort, has_words
from console.desktop.widgets import find
from console.domain.requests import State
from tests.desktop.review.review_fakes import FakeDesk, endorsed, make
from tests.request_fakes import AUTHOR, OTHER, request, step


def again(n):
    return request(n, history=(step("resubmit", "returned", "pending", 3, AUTHOR),), version=3)


def mine(n):
    return msgspec.structs.replace(request(n), author=OTHER)


@pytest.fixture
def page(qtbot):
    made = make(qtbot, FakeDesk([request(9), again(5), endorsed(7), mine(3), request(2, State.PUBLISHED)]))
    QAbstractItemModelTester(made.model, made)
    return made


def ids(page):
    return [r.id for r in page.model.rows()]


def test_pending_and_endorsed_wait_oldest_first(page):
    assert ids(page) == ["r9", "r7", "r5", "r3"]
    assert page.waiting_count() == 4
    assert find(page, "review.count").text() == "4, oldest 9 min"


@pytest.mark.parametrize(
    ("sort", "shown"),
    [
        (Sort.NEW, ["r9", "r3"]),
        (Sort.RESUBMITTED, ["r5"]),
        (Sort.SECOND, ["r7"]),
        (Sort.MINE, ["r9", "r7", "r5"]),
        (Sort.ALL, ["r9", "r7", "r5", "r3"]),
    ],
)
def test_each_sort_shows_its_own_with_a_count(page, sort, shown):
    chip = find(page, f"review.sort_{sort.value}")
    chip.click()
    assert ids(page) == shown
    assert chip.text().endswith(f" {len(shown)}")
    assert find(page, "review.title").text() == "Burglary 9"  # what is read stays


def test_words_find_number_case_title_and_author(page):
    field = find(page, "review.filter")
    for words, shown in (
        ("R-7", ["r7"]),
        ("2026-018-000435", ["r5"]),
        ("burglary r-3", ["r3"]),
        ("sergeant two", ["r3"]),
        ("nothing like it", []),
    ):
        field.setText(words)
        assert ids(page) == shown
    assert find(page, "review.none_here").isVisible()
    field.clear()
    assert len(ids(page)) == 4
    assert not find(page, "review.none_here").isVisible()
    assert has_words(request(1), "  ")


def test_keys_move_decide_and_find(qtbot, page):
    listed, field = find(page, "review.list"), find(page, "review.filter")
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    listed.setFocus()
    qtbot.keyClick(listed, Qt.Key.Key_J)
    assert find(page, "review.title").text() == "Burglary 7"
    qtbot.keyClick(listed, Qt.Key.Key_K)
    assert find(page, "review.title").text() == "Burglary 9"
    qtbot.keyClick(listed, Qt.Key.Key_Slash)
    assert field.hasFocus()
    qtbot.keyClicks(field, "jkarx")
    assert field.text() == "jkarx"
    assert find(page, "review.title").text() == "Burglary 9"
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""
    assert listed.hasFocus()
    for key, name in ((Qt.Key.Key_A, "password"), (Qt.Key.Key_R, "comment_window"), (Qt.Key.Key_X, "reason")):
        qtbot.keyClick(listed, key)
        assert find(page, f"review.{name}").hasFocus() or name == "comment_window"
        find(page, "review.cancel").click()
        QApplication.processEvents()
        listed.setFocus()


def test_what_comes_and_goes_leaves_the_reader_alone(page):
    page.go_down()
    page.context.desk.requests = (request(9), endorsed(7), request(20))
    page.refresh(Changed.REQUESTS)
    assert ids(page) == ["r20", "r9", "r7"]
    assert find(page, "review.title").text() == "Burglary 7"
    assert find(page, "review.list").currentIndex().row() == 2
