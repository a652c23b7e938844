"""The request's page: what was asked before, what changed, what it would ask, what was found, what happened."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QLabel

from console.client.desk import Changed
from console.desktop.review.changes import Piece, word_diff
from console.desktop.review.sections import meter_rows
from console.desktop.widgets import find
from console.domain.findings import Field, Finding, Severity
from console.domain.meter import Meter
from console.domain.requests import FieldComment, State
from tests.desktop.review import review_fakes
from tests.desktop.review.review_fakes import FakeDesk, blocks, make
from tests.request_fakes import AUTHOR, NOW, OTHER, draft, request, step


class NoGround:
    """A ground of another atlas: nothing is measured."""

    version = "other"


def words_of(widget):
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if not label.isHidden())


@pytest.fixture
def page(qtbot):
    read = request(1, asks=draft(1, area=blocks("a", "b", "c")))
    same = request(3, State.PUBLISHED, asks=draft(3, area=blocks("b", "c", "x"), case_number="2026-018-000431"))
    near = request(
        4, State.REJECTED, asks=draft(4, area=blocks("c"), begins=NOW - timedelta(days=9), ends=NOW - timedelta(days=8))
    )
    far = request(
        5,
        State.EXPIRED,
        asks=draft(5, area=blocks("z"), begins=NOW - timedelta(days=30), ends=NOW - timedelta(days=29)),
    )
    later = msgspec.structs.replace(request(6, asks=draft(6, area=blocks("a"))), submitted_at=NOW)
    made = make(qtbot, FakeDesk([read, same, near, far, later]), ground=NoGround())
    made.show_id("r1")
    return made


def test_the_earlier_requests_that_overlap_are_on_map_line_and_list(page):
    listed = find(page, "review.earlier")
    assert [m.id for m in page.reading._earlier.model.rows()] == ["r3", "r4"]
    assert "2 earlier requests overlap" in find(page, "review.earlier_words").text()
    said = listed.model().index(0, 0).data()
    assert "Same case · 2 shared blocks · 30 min of shared time" in said or "Same case · 2 shared blocks" in said
    assert [f["id"] for f in page.pane.layer("area")] == ["r1"]
    assert {f["id"]: f["properties"]["state"] for f in page.pane.layer("requests")} == {
        "r3": "published",
        "r4": "closed",
    }
    assert "Blue area: this request" in find(page, "review.legend").text()
    lanes = find(page, "review.lanes")
    assert "This request" in lanes.accessibleDescription()
    assert "R-3" in lanes.accessibleDescription()


def test_an_earlier_request_is_opened_from_list_line_and_map(qtbot, page):
    listed, lanes = find(page, "review.earlier"), find(page, "review.lanes")
    listed.setCurrentIndex(listed.model().index(1, 0))
    assert page.pane.calls[-1] == ("highlight", "requests", "r4")
    qtbot.keyClick(listed, Qt.Key.Key_Return)
    assert page.opened == ["r4"]
    qtbot.mouseClick(lanes, Qt.MouseButton.LeftButton, pos=QPoint(200, 22 + 24 + 8))
    assert page.opened == ["r4", "r3"]
    qtbot.mouseClick(lanes, Qt.MouseButton.LeftButton, pos=QPoint(200, 30))  # the one that is read
    assert len(page.opened) == 2
    page.pane.picked.emit("requests", "r3")
    assert listed.currentIndex().row() == 0
    assert len(page.opened) == 2


def test_what_lies_days_away_is_said_at_the_edge_of_the_line(page):
    lanes = find(page, "review.lanes")
    assert [lanes.is_near(lane) for lane in lanes._lanes] == [True, True, False]
    read = lanes._lanes[0]
    assert lanes.x_of(read.ends) - lanes.x_of(read.begins) > 20
    assert not lanes.grab().isNull()


def test_changes_stand_beside_the_comments_that_asked_for_them(qtbot):
    comments = (FieldComment("title", "Say when."), FieldComment("contact", "Use the desk's."))
    steps = (
        step("submit", "", "pending", 1, AUTHOR),
        step("return", "pending", "returned", 2, OTHER, comments=comments),
        step("resubmit", "returned", "pending", 3, AUTHOR),
    )
    now = draft(1, title="<b>Burglary</b> this afternoon")
    read = request(
        1, asks=now, before=draft(1, title="<b>Burglary</b> lately", offence="23D"), history=steps, version=3
    )
    page = make(qtbot, FakeDesk([read]))
    title = find(page, "review.change_title")
    assert title.toPlainText().split() == ["<b>Burglary</b>", "lately", "this", "afternoon"]
    cursor = title.textCursor()
    cursor.setPosition(title.toPlainText().index("lately") + 2)
    assert cursor.charFormat().fontStrikeOut()
    cursor.setPosition(title.toPlainText().index("afternoon") + 2)
    assert cursor.charFormat().fontUnderline()
    assert title.isReadOnly()
    assert find(page, "review.change_offence").toPlainText() == "23D\n220"
    said = words_of(find(page, "review.changes"))
    assert "You asked: Say when." in said
    assert "Contact: not changed" in said
    assert "returned once" in find(page, "review.by").text()


def test_a_new_request_shows_no_changes(qtbot):
    page = make(qtbot, FakeDesk([request(1)]))
    assert not find(page, "review.changes").isVisible()
    assert find(page, "review.earlier_words").text() == "No earlier request overlaps in place, time or case."


def test_all_findings_are_told_with_their_reasons_also_of_a_newer_service(qtbot):
    desk = FakeDesk([request(1)])
    desk.found = [
        Finding("contact_missing", Severity.BLOCKS, Field.CONTACT, {"domain": "a.b"}),
        Finding("asked_before", Severity.ADVICE, Field.AREA, {"count": "3", "days": "90"}),
        Finding("from_the_future", Severity.ADVICE, Field.AREA),
    ]
    page = make(qtbot, desk)
    said = words_of(find(page, "review.findings"))
    for part in ("Stands against it", "No contact yet", "To weigh", "asked before: 3 in 90 days", "from_the_future"):
        assert part in said


def test_the_case_check_stands_beside_the_case_number(qtbot):
    page = make(qtbot, FakeDesk([request(1, case_check="not_known")]))
    assert "✕ Not in your agency" in words_of(find(page, "review.facts"))


def test_the_meter_is_read_in_words():
    since = timedelta(hours=5)
    rows = dict(meter_rows(Meter("150 to 300 homes", (300, 600), 0.012, ("Vigil",), since)))
    assert rows["Recordings"] == "300 to 600 h, if every home had one camera"
    assert rows["Share"] == "1.2 % of the jurisdiction"
    assert rows["Assemblies"] == "Vigil"
    assert rows["Since the incident"] == "5 h"
    rows = dict(meter_rows(Meter("more than 5,000 homes", (5_000, None), 0.0001, (), timedelta(days=3))))
    assert rows["Recordings"].startswith("more than 5,000 h")
    assert rows["Share"].startswith("less than 0.1 %")
    assert rows["Since the incident"] == "3 days"
    assert meter_rows(Meter()) == ()


def test_the_history_is_live(qtbot):
    desk = FakeDesk([request(1, history=(step("submit", "", "pending", 1, AUTHOR),))])
    page = make(qtbot, desk)
    assert "Submitted by Officer Example One" in words_of(find(page, "history"))
    desk.requests = (review_fakes.endorsed(1),)
    page.refresh(Changed.REQUESTS)
    qtbot.wait(10)
    assert "Approved first by Lt. Example Three, a second approval is needed" in words_of(find(page, "history"))


@pytest.mark.parametrize("size", [(888, 694), (1294, 694), (1848, 1006)])
def test_it_fits_at_every_size(qtbot, page, size):
    page.resize(*size)
    qtbot.wait(60)
    reading = page.reading
    assert reading._left_scroll.isVisible() is (size[0] > 1_800)
    for area in (reading._left_scroll, reading._right_scroll):
        inside = area.widget()
        if area.isVisible():
            assert inside.width() <= area.viewport().width()
            assert inside.height() >= inside.layout().totalHeightForWidth(inside.width())


texts = st.text(alphabet="ab \n", max_size=40)


@given(texts, texts)
def test_kept_and_added_words_say_what_it_is_now_kept_and_removed_what_it_was(before, now):
    pieces = word_diff(before, now)
    assert "".join(t for p, t in pieces if p is not Piece.REMOVED).split() == now.split()
    assert "".join(t for p, t in pieces if p is not Piece.ADDED).split() == before.split()
