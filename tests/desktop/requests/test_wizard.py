"""The wizard keeps what is entered, says what is missing at once, and sends only when it is meant."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from console.client.outbox import OutboxState
from console.contract.payloads import Receipt
from console.contract.problems import Problem
from console.desktop.requests.wizard import WizardPage
from console.desktop.widgets import find
from console.domain import areas
from console.domain.findings import Field, Finding, Severity
from console.domain.fitting import fitted_circle
from console.domain.places import Point
from console.maps import messages

HERE = Point(lat=41.8525, lon=-87.6745)
TEXT = "A parcel was taken from a porch near here. Recordings of the street from that hour may help."


def full(desk, now, **fields):
    limits = desk.agency.limits
    circle = fitted_circle(desk.ground, HERE, limits)
    values = {
        "case_number": "2026-018-000431",
        "offence": "23D",
        "occurred_at": now - timedelta(hours=3),
        "place": HERE,
        "place_name": "Near W 18th St",
        "begins": now - timedelta(hours=4),
        "ends": now - timedelta(hours=2),
        "drawing": circle,
        "area": desk.ground.snap(circle),
        "title": "Parcel taken from a porch",
        "text": TEXT,
        "contact": "one@lakeside.example",
    }
    return desk.new_draft(**{**values, **fields})


@pytest.fixture
def now(context):
    return context.clock()


@pytest.fixture
def wizard(qtbot, context):
    page = WizardPage(context)
    qtbot.addWidget(page)
    page.resize(1290, 690)
    page.show()
    return page


def click(qtbot, page, name):
    qtbot.mouseClick(find(page, name), Qt.MouseButton.LeftButton)


def test_entries_survive_back_and_next(qtbot, wizard, desk):
    wizard.open(desk.new_draft())
    find(wizard, "wizard.case_number").setText("2026-018-000431")
    find(wizard, "wizard.offence_search").setText("porch")
    find(wizard, "wizard.offence").setCurrentRow(0)
    click(qtbot, wizard, "wizard.use_time")
    find(wizard, "wizard.street").setText(desk.ground.index.atlas.streets[0].name)
    click(qtbot, wizard, "wizard.next")
    click(qtbot, wizard, "wizard.preset_2h_before")
    before = wizard.draft
    assert before.ends - before.begins == timedelta(hours=2)
    click(qtbot, wizard, "wizard.back")
    assert find(wizard, "wizard.case_number").text() == "2026-018-000431"
    assert wizard.draft == before
    assert wizard.draft.offence == "23D"
    assert wizard.draft.place_name.startswith("Near ")


def test_the_window_starts_at_an_hour_before_and_after(qtbot, wizard, desk, now):
    wizard.open(desk.new_draft(occurred_at=now - timedelta(hours=3)))
    click(qtbot, wizard, "wizard.next")
    assert (wizard.draft.begins, wizard.draft.ends) == (now - timedelta(hours=4), now - timedelta(hours=2))
    line = find(wizard, "wizard.timeline")
    qtbot.keyClick(line, Qt.Key.Key_Left)
    qtbot.keyClick(line, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert wizard.draft.ends - wizard.draft.begins == timedelta(hours=2, minutes=10)
    x = int(line.x_of(wizard.draft.begins))
    qtbot.mousePress(line, Qt.MouseButton.LeftButton, pos=line.rect().center().__class__(x, 40))
    qtbot.mouseRelease(line, Qt.MouseButton.LeftButton, pos=line.rect().center().__class__(x, 40))
    assert abs(wizard.draft.begins - (now - timedelta(hours=4, minutes=5))) <= timedelta(minutes=5)


def test_the_panel_follows_each_key(qtbot, wizard, desk):
    wizard.open(desk.new_draft())
    field, detail = find(wizard, "wizard.case_number"), find(wizard, "limits.case_number")
    assert detail.text() == "No case number yet"
    qtbot.keyClicks(field, "2026-018-00043")
    assert "Not met" in detail.text()
    qtbot.keyClicks(field, "1")
    assert detail.text().startswith("Met: 2026-018-000431")


def test_it_is_saved_soon_after_a_key_and_when_left(qtbot, wizard, desk):
    wizard.open(desk.new_draft())
    wizard.left()
    assert desk.saved == []
    qtbot.keyClicks(find(wizard, "wizard.case_number"), "2026")
    qtbot.waitUntil(lambda: len(desk.saved) == 1, timeout=3000)
    assert find(wizard, "wizard.saved").text().startswith("Draft saved 14:00:00")
    qtbot.keyClicks(find(wizard, "wizard.case_number"), "-")
    wizard.left()
    assert desk.saved[-1].case_number == "2026-"


def test_without_a_keyring_it_says_so(wizard, desk):
    desk.durable = False
    wizard.open(desk.new_draft())
    assert "this session only" in find(wizard, "wizard.saved").text()


def test_enter_never_sends_and_ctrl_enter_does(qtbot, wizard, desk, now, context):
    wizard.open(full(desk, now))
    send = find(wizard, "wizard.send")
    assert send.isVisible()
    send.setFocus()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        qtbot.keyClick(send, key)
        qtbot.keyClick(wizard, key)
    assert desk.outbox == ()
    qtbot.keyClick(wizard, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    (row,) = desk.outbox
    assert find(wizard, "wizard.waiting").text() == "Waiting to be sent\u2026"
    receipt = Receipt("R-17", row.endpoint, row.key, "r1", "pending", 1, now)
    desk.settle[row.key] = msgspec.structs.replace(row, state=OutboxState.SENT, receipt=receipt)
    asyncio.run(context.coroutines.pop())
    assert find(wizard, "wizard.receipt").text() == "Receipt R-17"
    saved = len(desk.saved)
    wizard.left()
    assert len(desk.saved) == saved


def test_a_refusal_leads_back(qtbot, wizard, desk, now, context):
    wizard.open(full(desk, now))
    click(qtbot, wizard, "wizard.send")
    (row,) = desk.outbox
    problem = Problem("refused", 422, "Refused", "Mend it", (Finding("link", Severity.BLOCKS, Field.TEXT),))
    desk.settle[row.key] = msgspec.structs.replace(row, state=OutboxState.REFUSED, problem=problem)
    asyncio.run(context.coroutines.pop())
    assert "Not sent" in find(wizard, "wizard.refusal").text()
    click(qtbot, wizard, "wizard.go.link")
    find(wizard, "wizard.title").setText("Parcel taken, mended")
    assert wizard.draft.title == "Parcel taken, mended"


def test_an_unfinished_draft_is_not_sent(qtbot, wizard, desk, now):
    wizard.open(full(desk, now, title=""))
    click(qtbot, wizard, "wizard.step_send")
    qtbot.keyClick(wizard, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert desk.outbox == ()
    click(qtbot, wizard, "wizard.go.title_missing")
    assert find(wizard, "wizard.title").isVisible()


def test_what_is_drawn_snaps_and_undo_takes_it_back(qtbot, wizard, desk, now, context):
    wizard.open(full(desk, now, drawing=None, area=None))
    pane = next(p for p in context.panes if p.title == "Area")
    click(qtbot, wizard, "wizard.fit")
    fitted = wizard.draft
    assert fitted.area.blocks
    assert len(pane.layer("area")["features"]) == 1
    pane.drawing.emit(messages.Circle(HERE.lat, HERE.lon, 400.0), True)
    assert wizard.draft.drawing == areas.Circle(HERE, 400.0)
    assert wizard.draft.area == desk.ground.snap(areas.Circle(HERE, 400.0))
    assert "like a circle of" in find(wizard, "wizard.readout").text()
    click(qtbot, wizard, "wizard.undo")
    assert wizard.draft.area == fitted.area
    find(wizard, "wizard.radius").setValue(420)
    click(qtbot, wizard, "wizard.use_radius")
    assert wizard.draft.drawing == areas.Circle(HERE, 420.0)
    pane.drawing.emit(messages.Polygon(((-88.0, 41.0), (-87.0, 42.0), (-88.0, 42.0))), True)
    assert wizard.draft.drawing == areas.Circle(HERE, 420.0)
    assert "far larger" in find(wizard, "wizard.drawing_trouble").text()


def test_a_place_is_picked_on_the_map(wizard, desk, context):
    wizard.open(desk.new_draft())
    context.panes[0].place_picked.emit(HERE.lat, HERE.lon)
    assert wizard.draft.place == HERE
    assert wizard.draft.place_name.startswith("Near ")


def test_hostile_text_stays_plain(wizard, desk, now):
    hostile = "<b>Free</b> <img src='http://x.example/a.png'> &amp; \u202ereversed"
    wizard.open(full(desk, now, title=hostile, text=hostile * 3))
    assert find(wizard, "wizard.preview_title").text() == hostile
    assert {label.textFormat() for label in wizard.findChildren(QLabel)} == {Qt.TextFormat.PlainText}


def test_the_author_is_not_named_as_approver(wizard, desk, now):
    wizard.open(full(desk, now))
    words = find(wizard, "wizard.approvers").text()
    assert "Two" in words
    assert "Own Self" not in words


def test_blocks_are_picked_one_by_one_and_taken_out_again(qtbot, wizard, desk, now, context):
    wizard.open(full(desk, now, drawing=None, area=None))
    pane = next(p for p in context.panes if p.title == "Area")
    click(qtbot, wizard, "wizard.tool_blocks")
    assert pane.said[-1] == ("show_layer", "blocks", True)
    one, other = (f["id"] for f in pane.layer("blocks")["features"][:2])
    for block in (one, other, "not a block"):
        pane.picked.emit("blocks", block)
    assert wizard.draft.area.blocks == tuple(sorted((one, other)))
    pane.picked.emit("blocks", other)
    assert wizard.draft.drawing == areas.Picked((one,))
    click(qtbot, wizard, "wizard.undo")
    assert wizard.draft.area.blocks == tuple(sorted((one, other)))
    click(qtbot, wizard, "wizard.tool_circle")
    assert pane.said[-1] == ("show_layer", "blocks", False)
