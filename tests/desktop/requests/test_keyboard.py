"""Every page of the wizard by keyboard alone: Enter goes on, Esc ends what is half done, Tab follows the eye."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from console.client.outbox import OutboxState
from console.contract.payloads import Receipt
from console.desktop.requests.wizard import WizardPage
from console.desktop.widgets import find
from console.domain import areas
from console.domain.drafts import Step
from console.maps import messages
from tests.desktop.requests.test_wizard import HERE, TEXT, full

# What the off-screen platform says of every window, and of a list that opens under a field.
OPENS_A_LIST = pytest.mark.qt_log_ignore(
    "This plugin does not support propagateSizeHints",
    "This plugin does not support grabbing the keyboard",
    "This plugin does not support raise",
)
KEY = Qt.Key
CTRL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)


@pytest.fixture
def now(context):
    return context.clock()


@pytest.fixture
def wizard(qtbot, context):
    page = WizardPage(context)
    qtbot.addWidget(page)
    page.resize(1290, 690)
    with qtbot.waitActive(page):
        page.show()
    return page


def at(name):
    focus = QApplication.focusWidget()
    while focus is not None and not focus.property("testName"):
        focus = focus.parentWidget()
    found = focus.property("testName") if focus is not None else None
    assert found == name, f"the focus is at {found}, not at {name}"


def keys(qtbot, *wanted, modifier=Qt.KeyboardModifier.NoModifier):
    for key in wanted:
        if isinstance(key, str):
            qtbot.keyClicks(QApplication.focusWidget(), key)
        else:
            qtbot.keyClick(QApplication.focusWidget(), key, modifier)


@OPENS_A_LIST
def test_a_whole_request_with_the_keyboard_alone(qtbot, wizard, desk, context):
    wizard.open(desk.new_draft())
    wizard.entered()
    at("wizard.case_number")
    QApplication.clipboard().setText("  2026-018-000431 \n")
    keys(qtbot, KEY.Key_V, modifier=CTRL)
    assert wizard.draft.case_number == "2026-018-000431"
    keys(qtbot, KEY.Key_Return)
    at("wizard.offence_search")
    keys(qtbot, "porch", KEY.Key_Return)
    assert wizard.draft.offence == "23D"
    at("wizard.occurred_at")
    keys(qtbot, KEY.Key_Return)
    assert wizard.draft.occurred_at == context.clock() - timedelta(hours=1)
    at("wizard.street")
    keys(qtbot, "Halsted & 18th", KEY.Key_Return)
    assert wizard.draft.place_name == "S Halsted St at W 18th St"
    at("wizard.street")  # the place is shown first
    keys(qtbot, KEY.Key_Return)
    at("wizard.timeline")
    keys(qtbot, KEY.Key_Return)
    at("wizard.radius")
    keys(qtbot, KEY.Key_Return)
    assert wizard.draft.drawing == areas.Circle(wizard.draft.place, 300.0)
    at("wizard.adjust")
    keys(qtbot, KEY.Key_Return, modifier=CTRL)
    at("wizard.title")
    keys(qtbot, "Parcel taken from a porch", KEY.Key_Return)
    at("wizard.text")
    keys(qtbot, TEXT, KEY.Key_Tab)
    at("wizard.contact")
    keys(qtbot, "one@lakeside.example", KEY.Key_Return)
    assert find(wizard, "wizard.send").isEnabled()
    keys(qtbot, KEY.Key_Return, KEY.Key_Enter)
    assert desk.outbox == ()
    qtbot.keyClick(wizard, KEY.Key_Return, CTRL)
    (sent,) = desk.outbox
    receipt = Receipt("R-17", sent.endpoint, sent.key, "r1", "pending", 1, context.clock())
    desk.settle[sent.key] = msgspec.structs.replace(sent, state=OutboxState.SENT, receipt=receipt)
    asyncio.run(context.coroutines.pop())
    at("wizard.show_request")
    assert not find(wizard, "meter.take_window").isEnabled()


def test_up_and_down_choose_an_offence_while_the_focus_stays(qtbot, wizard, desk):
    wizard.open(desk.new_draft())
    search = find(wizard, "wizard.offence_search")
    search.setFocus()
    keys(qtbot, "theft", KEY.Key_Down, KEY.Key_Down, KEY.Key_Up)
    at("wizard.offence_search")
    assert wizard.draft.offence == find(wizard, "wizard.offence").item(0).data(Qt.ItemDataRole.UserRole)
    search.clear()
    keys(qtbot, "nothing has these words", KEY.Key_Down, KEY.Key_Return)
    assert wizard.draft.offence


def test_tab_over_the_list_of_offences_chooses_none(qtbot, wizard, desk):
    wizard.open(desk.new_draft())
    find(wizard, "wizard.offence_search").setFocus()
    keys(qtbot, KEY.Key_Tab)
    at("wizard.offence")
    assert wizard.draft.offence == ""
    keys(qtbot, KEY.Key_Down)
    assert wizard.draft.offence


@OPENS_A_LIST
def test_a_place_that_is_not_found_says_what_to_type(qtbot, wizard, desk):
    wizard.open(desk.new_draft())
    find(wizard, "wizard.street").setFocus()
    keys(qtbot, "Nowhere Street", KEY.Key_Return)
    at("wizard.street")
    assert "Check the spelling" in find(wizard, "wizard.place_trouble").text()
    assert wizard.draft.place is None
    find(wizard, "wizard.street").setText("41.8525 N 87.6745 W")
    keys(qtbot, KEY.Key_Tab)
    assert wizard.draft.place == HERE
    assert not find(wizard, "wizard.place_trouble").isVisible()


@OPENS_A_LIST
def test_enter_closes_the_list_of_streets(qtbot, wizard, desk):
    wizard.open(desk.new_draft())
    street = find(wizard, "wizard.street")
    street.setFocus()
    keys(qtbot, "W 18th St")
    assert street.completer().popup().isVisible()
    qtbot.keyClick(street.completer().popup(), KEY.Key_Return)
    assert not street.completer().popup().isVisible()
    assert wizard.draft.place_name == "Near W 18th St"
    at("wizard.street")


@OPENS_A_LIST
def test_a_house_number_says_that_it_is_only_the_street(qtbot, wizard, desk):
    wizard.open(desk.new_draft())
    find(wizard, "wizard.street").setFocus()
    keys(qtbot, "1234 W 18th St", KEY.Key_Return)
    assert "House numbers are not on this map" in find(wizard, "wizard.place_note").text()


def test_enter_at_the_end_of_an_unfinished_page_leads_to_what_is_missing(qtbot, wizard, desk):
    wizard.open(desk.new_draft(offence="23D"))
    find(wizard, "wizard.street").setFocus()
    keys(qtbot, KEY.Key_Return)
    at("wizard.case_number")
    qtbot.keyClick(wizard, KEY.Key_Return, CTRL)
    at("wizard.timeline")
    qtbot.keyClick(wizard, KEY.Key_Left, ALT)
    at("wizard.case_number")


def test_a_page_that_was_left_opens_at_what_is_missing(qtbot, wizard, desk, now):
    wizard.open(full(desk, now, contact=""))
    at("wizard.title")
    qtbot.keyClick(wizard, KEY.Key_Return, CTRL)
    qtbot.keyClick(wizard, KEY.Key_Left, ALT)
    at("wizard.contact")


def test_esc_ends_a_drawing_first_and_then_leaves_with_the_draft_kept(qtbot, wizard, desk, now, context):
    wizard.open(full(desk, now, title=""))
    wizard._turn_to(Step.AREA)
    pane = next(p for p in context.panes if p.title == "Area")
    pane.drawing.emit(messages.Circle(HERE.lat, HERE.lon, 500.0), False)
    left = []
    wizard.closed.connect(lambda: left.append(True))
    before = find(wizard, "wizard.readout").text()
    qtbot.keyClick(wizard, KEY.Key_Escape)
    assert left == []
    assert ("clear_drawing",) in pane.said
    assert find(wizard, "wizard.readout").text() != before
    find(wizard, "wizard.anchor_reason").setText("Because")
    qtbot.keyClick(wizard, KEY.Key_Escape)
    assert left == [True]
    assert desk.saved[-1].anchor_reason == "Because"


def test_a_drawing_is_moved_and_resized_by_keys_and_taken_back(qtbot, wizard, desk, now):
    wizard.open(full(desk, now, drawing=areas.Circle(HERE, 300.0), title=""))
    wizard._turn_to(Step.AREA)
    find(wizard, "wizard.adjust").setFocus()
    keys(qtbot, KEY.Key_Up, KEY.Key_Plus)
    moved = wizard.draft.drawing
    assert moved.radius_m == 320.0
    assert 19 < (moved.centre.lat - HERE.lat) * 111_195 < 21
    keys(qtbot, KEY.Key_Z, KEY.Key_Z, modifier=CTRL)
    assert wizard.draft.drawing == areas.Circle(HERE, 300.0)
    keys(qtbot, KEY.Key_Z, KEY.Key_Z, modifier=CTRL | SHIFT)
    assert wizard.draft.drawing == moved
    assert not find(wizard, "wizard.redo").isEnabled()


@pytest.mark.parametrize("size", [(1290, 690), (1000, 640)])
@pytest.mark.parametrize("step", list(Step))
def test_tab_follows_the_eye(qtbot, wizard, desk, now, step, size):
    wizard.resize(*size)
    wizard.open(full(desk, now, case_number="x", occurred_at=now - timedelta(hours=3), area=None, drawing=None))
    wizard._turn_to(step)
    qtbot.wait(20)
    start = wizard._step_buttons[Step.INCIDENT]
    start.setFocus()
    seen = []
    for _ in range(60):
        focus = QApplication.focusWidget()
        if focus in seen[:-1]:
            break
        if focus not in seen:  # date and time have several parts
            seen.append(focus)
        qtbot.keyClick(focus, KEY.Key_Tab)
    page = wizard._pages[step]
    on_page = [w for w in seen if page.isAncestorOf(w)]
    stops = [w for w in page.stops() if w.isVisible() and w.isEnabled() and w.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert len(on_page) >= len(stops)
    places = [_place(page, w) for w in on_page]
    assert places == sorted(places), [w.property("testName") for w in on_page]
    bar = [w.property("testName") for w in seen if w.property("testName") in {"wizard.back", "wizard.next"}]
    wanted = [n for n in ("wizard.back", "wizard.next") if find(wizard, n).isVisible() and find(wizard, n).isEnabled()]
    assert bar == wanted
    if on_page and bar:
        assert seen.index(on_page[-1]) < seen.index(find(wizard, bar[0]))


@pytest.mark.parametrize("step", list(Step))
def test_nothing_is_cut_off_in_a_narrow_window(qtbot, wizard, desk, now, step):
    wizard.resize(888, 640)  # a window of 960 px less the rail
    wizard.open(full(desk, now, case_number="x", area=None, drawing=None))
    wizard._turn_to(step)
    qtbot.wait(20)
    assert wizard.width() == 888
    page = wizard._pages[step]
    room = wizard._frames[step].viewport().width()
    for widget in (w for w in page.stops() if w.isVisible()):
        assert widget.mapTo(page, QPoint(0, 0)).x() + widget.width() <= room, widget.property("testName")


def _place(page, widget):
    """Column, line, place in the line."""
    corner = widget.mapTo(page, QPoint(0, 0))
    column = 0 if page.width() < 620 or page.objectName() else int(corner.x() > page.width() / 2 - 40)
    if type(page).__name__ != "IncidentStep":
        column = 0
    return column, (corner.y() + widget.height() // 2) // 12, corner.x()
