"""The alerts room: what is written is kept, what is sent is said, and only who may decides."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import msgspec
import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QLabel, QPushButton

from console.client.desk import Changed
from console.client.outbox import OutboxRow, OutboxState
from console.contract import endpoints as e
from console.contract.alerts import SealedAlert
from console.contract.problems import problem
from console.desktop.widgets import find
from console.domain.alerts import AlertKind, AlertState, AlertStep, Everywhere, Level, MessageKind, Spot
from console.domain.areas import Circle
from console.domain.findings import Field, Finding, Severity
from console.maps import messages
from tests.client.client_fakes import AGENCY, CENTRE
from tests.desktop.alerts.alert_fakes import NOW, OFFICER, PRESS, FakeDesk, alert, good, make, send

HOSTILE = (
    "<img src='file:///etc/passwd'><script>alert(1)</script>",
    "\u202egnp.exe",
    "zero\u200bwidth\x1b[31m",
    "=SUM(A1:A9) {0} %s and some more words",
    "x" * 100_000,
)


def offered(page) -> set[str]:
    QCoreApplication.processEvents()  # what was just added is shown by the loop
    names = (b.property("testName") or "" for b in page.reading.findChildren(QPushButton) if b.isVisible())
    return {name.removeprefix("alerts.act_") for name in names if name.startswith("alerts.act_")}


def test_an_empty_room_says_what_to_do_next(qtbot):
    page = make(qtbot, FakeDesk())
    assert "write a new one" in find(page, "alerts.empty").text()
    assert "Write the first" in find(page, "alerts.none_here").text()


def test_a_new_alert_has_an_end_and_every_key_is_in_the_vault_at_once(qtbot):
    desk = FakeDesk()
    page = make(qtbot, desk)
    find(page, "alerts.new").click()
    assert page.composer.draft.ends == NOW + timedelta(hours=12)
    qtbot.keyClicks(page.composer.title, "Gas leak")
    again = make(qtbot, desk)  # the program was killed and started anew
    (draft,) = again.drafts.all()
    assert (draft.title, draft.ends) == ("Gas leak", NOW + timedelta(hours=12))
    assert [again.listing.model.name_of(t) for t in again.listing.model.rows()] == ["Drafts: Gas leak"]
    again.show_thing(draft)
    assert again.composer.title.text() == "Gas leak"


def test_what_stands_against_it_is_said_at_its_field_and_it_is_not_sent(qtbot):
    desk = FakeDesk()
    page = make(qtbot, desk)
    page.begin()
    assert not find(page, "alerts.title_stops").isVisible(), "nothing is scolded before it was tried"
    page.composer.text.setPlainText("We look for a black male near the park tonight.")
    assert "race alone" in find(page, "alerts.text_stops").text()
    send(page)
    assert desk.wishes == []
    assert "stand against it" in find(page, "alerts.said").text()
    assert "No title yet" in find(page, "alerts.title_stops").text()
    assert "No place yet" in find(page, "alerts.place_stops").text()


def test_a_good_alert_is_sent_once_and_its_receipt_is_shown(qtbot):
    desk = FakeDesk()
    page = make(qtbot, desk)
    page._begin(good())
    assert find(page, "alerts.send").text() == "Send now"
    find(page, "alerts.send").click()
    assert desk.wishes == [], "something grave is asked once more"
    assert "everybody at once" in find(page, "alerts.said").text()
    find(page, "alerts.send").click()
    (wish,) = desk.wishes
    assert (wish.endpoint, wish.body.draft) == (e.SUBMIT_ALERT, good())
    assert page.drafts.all() == ()
    assert "Receipt RC-1" in find(page, "alerts.empty").text()
    desk.alerts = (alert("a9"),)
    page.refresh(Changed.ALERTS)
    assert find(page, "alerts.list").model().rowCount() == 1


def test_a_draft_that_waits_in_the_outbox_is_not_sent_twice_nor_changed(qtbot):
    desk = FakeDesk()
    page = make(qtbot, desk)
    page._keep(good())
    body = msgspec.json.encode(SealedAlert(good(), NOW))
    row = OutboxRow("k", e.SUBMIT_ALERT.name, {}, body, "Alert", "alert d1", NOW, OutboxState.WAITING)
    desk.outbox = (row,)
    page.show_thing(good())
    assert "On its way" in find(page, "alerts.said").text()
    assert not find(page, "alerts.send").isEnabled()
    assert not page.composer.title.isEnabled()
    page._send(good())
    assert desk.wishes == []
    desk.outbox = (msgspec.structs.replace(row, state=OutboxState.SENT),)
    page.show_thing(good())
    assert find(page, "alerts.send").isEnabled()


def test_a_refusal_keeps_the_draft_and_says_why(qtbot):
    desk = FakeDesk()
    stops = (Finding("alert_end_past", Severity.BLOCKS, Field.ENDS, {"at": "Wed"}),)
    desk.outcome = SimpleNamespace(
        state=OutboxState.REFUSED, receipt=None, problem=problem("alert_refused", findings=stops), last_error=""
    )
    page = make(qtbot, desk)
    page._begin(good())
    send(page)
    assert "Wed is over." in find(page, "alerts.said").text()
    assert page.drafts.all() == (good(),)


def test_the_button_says_what_it_does(qtbot):
    page = make(qtbot, FakeDesk(member=OFFICER))
    page._begin(good())
    assert find(page, "alerts.send").text() == "Send for approval"
    page = make(qtbot, FakeDesk())
    page._begin(good(send_at=NOW + timedelta(hours=1)))
    assert find(page, "alerts.send").text() == "Schedule"
    strict = msgspec.structs.replace(AGENCY, alert_needs_second=True)
    page = make(qtbot, FakeDesk(), agency=strict)
    page._begin(good())
    assert find(page, "alerts.send").text() == "Send for approval"


def test_a_kind_brings_its_severity_and_what_it_means(qtbot):
    page = make(qtbot, FakeDesk())
    page.begin()
    kind = page.composer.kind
    kind.setCurrentIndex(kind.findData(AlertKind.MOMENT.value))
    assert page.composer.draft.level is Level.MINOR
    assert find(page, "alerts.level_says").text().startswith("Little or no threat")


def test_place_area_and_city_come_from_the_map_and_the_keyboard(qtbot):
    page = make(qtbot, FakeDesk())
    page.begin()
    page.composer.shown()
    (pane,) = page.panes
    pane.place_picked.emit(CENTRE.lat, CENTRE.lon)
    assert page.composer.draft.where == Spot(CENTRE)
    block = pane.layer("area")["features"][0]["geometry"]
    assert block["type"] in {"Polygon", "MultiPolygon"}
    page.composer.where.use_tool("circle")
    pane.drawing.emit(messages.Circle(lat=CENTRE.lat, lon=CENTRE.lon, radius_m=200), False)
    assert page.composer.draft.where == Spot(CENTRE), "not while it is being drawn"
    pane.drawing.emit(messages.Circle(lat=CENTRE.lat, lon=CENTRE.lon, radius_m=200), True)
    assert page.composer.draft.where == Circle(CENTRE, 200)
    pane.drawing.emit(messages.Circle(lat=CENTRE.lat, lon=CENTRE.lon, radius_m=9_000), True)
    assert "outside your jurisdiction" in find(page, "alerts.place_stops").text()
    find(page, "alerts.everywhere").click()
    assert page.composer.draft.where == Everywhere()
    typed = find(page, "alerts.place_typed")
    typed.setText(f"{CENTRE.lat}, {CENTRE.lon}")
    qtbot.keyClick(typed, Qt.Key.Key_Return)
    assert page.composer.draft.where == Spot(CENTRE)
    typed.setText("Nowhere Street")
    find(page, "alerts.place_use").click()
    assert "No such place" in find(page, "alerts.where_said").text()


def test_times_are_set_by_presets_fields_and_boxes(qtbot):
    page = make(qtbot, FakeDesk())
    page._begin(good())
    find(page, "alerts.length_72").click()
    assert page.composer.draft.ends == NOW + timedelta(days=3)
    find(page, "alerts.send_later").click()
    assert page.composer.draft.send_at == NOW + timedelta(hours=1)
    find(page, "alerts.length_2").click()
    assert page.composer.draft.ends == NOW + timedelta(hours=3), "it lasts from when it is sent"
    page.composer.begins_now.setChecked(False)
    assert page.composer.draft.begins == NOW


def test_the_preview_shows_both_languages_and_who_speaks(qtbot):
    page = make(qtbot, FakeDesk())
    page._begin(good())
    card = page.composer.card
    assert card.title.text() == good().title
    assert card.spanish.text() == good().text_es
    assert card.by.text() == "Sergeant Example Two, badge 0002, Faketown Police"
    assert "Above the posts" in find(page, "alerts.seen_as").text()
    find(page, "alerts.as_public").click()
    assert "On the agency's page" in find(page, "alerts.seen_as").text()


def test_after_hours_the_composer_says_that_nobody_reads_answers(qtbot):
    page = make(qtbot, FakeDesk(), now=NOW + timedelta(hours=6))
    page.begin()
    said = find(page, "alerts.after_hours")
    assert said.isVisible()
    assert "nobody reads answers now" in said.text()
    assert "8:00 AM to 6:00 PM" in said.text()
    page = make(qtbot, FakeDesk())
    page.begin()
    assert not find(page, "alerts.after_hours").isVisible()


def test_an_approver_sees_who_wrote_it_and_approves_with_a_password(qtbot):
    desk = FakeDesk([alert(state=AlertState.PENDING, author=OFFICER)], member=PRESS)
    page = make(qtbot, desk)
    page.show_thing(desk.alerts[0])
    assert "Officer Example One" in find(page, "alerts.who").text()
    assert offered(page) == {"approve", "return"}
    assert page.panes[0].layer("area")["features"][0]["geometry"] == desk.alerts[0].outline
    find(page, "alerts.act_approve").click()
    assert find(page, "alerts.password").text() == "lamp"
    find(page, "alerts.confirm_approve").click()
    assert desk.confirmed == ["lamp"]
    assert [w.endpoint for w in desk.wishes] == [e.APPROVE_ALERT]
    assert desk.wishes[0].body.version == 2
    assert "Approved. Published." in find(page, "alerts.result").text()


def test_a_wrong_password_approves_nothing(qtbot):
    desk = FakeDesk([alert(state=AlertState.PENDING, author=OFFICER)], member=PRESS)
    desk.confirm_answer = problem("wrong_credentials")
    page = make(qtbot, desk)
    page.show_thing(desk.alerts[0])
    find(page, "alerts.act_approve").click()
    find(page, "alerts.confirm_approve").click()
    assert desk.wishes == []
    assert "not right" in find(page, "alerts.result").text()


def test_the_author_may_only_take_back_what_waits(qtbot):
    desk = FakeDesk([alert(state=AlertState.PENDING)])
    page = make(qtbot, desk)
    page.show_thing(desk.alerts[0])
    assert offered(page) == {"withdraw"}
    assert "another member approves it" in find(page, "alerts.who").text()


def test_a_comment_returns_it_and_its_author_mends_it(qtbot):
    desk = FakeDesk([alert(state=AlertState.PENDING, author=OFFICER)])
    page = make(qtbot, desk)
    page.show_thing(desk.alerts[0])
    find(page, "alerts.act_return").click()
    find(page, "alerts.confirm").click()
    assert desk.wishes == [], "not without a comment"
    find(page, "alerts.words").setPlainText("Say which park.")
    find(page, "alerts.confirm").click()
    assert (desk.wishes[0].endpoint, desk.wishes[0].body.comment) == (e.RETURN_ALERT, "Say which park.")
    steps = (AlertStep("return", "pending", "returned", 2, "Sergeant Example Two", NOW, "Say which park."),)
    back = FakeDesk([alert(state=AlertState.RETURNED, author=OFFICER, history=steps)], member=OFFICER)
    page = make(qtbot, back)
    page.show_thing(back.alerts[0])
    find(page, "alerts.act_resubmit").click()
    assert "Say which park." in find(page, "alerts.said").text()
    page.composer.title.setText("Gas leak near Lake Park")
    send(page)
    assert back.wishes[0].endpoint is e.RESUBMIT_ALERT
    assert back.wishes[0].body.draft.title == "Gas leak near Lake Park"


def test_an_update_and_an_all_clear_refer_to_the_first_and_leave_it(qtbot):
    desk = FakeDesk([alert()])
    page = make(qtbot, desk)
    page.show_thing(desk.alerts[0])
    assert offered(page) == {"follow_up", "cancel", "close_comments"}
    find(page, "alerts.act_follow_up").click()
    assert find(page, "alerts.head").text() == "Update"
    assert "stays as it was said" in find(page, "alerts.about").text()
    page.composer.text.setPlainText("You can open the windows again. Please keep off the street.")
    send(page)
    wish = desk.wishes[0]
    assert (wish.endpoint, wish.path, wish.body.version) == (e.UPDATE_ALERT, {"alert_id": "a1"}, 2)
    assert wish.body.draft.refers_to == "a1"
    page.show_thing(desk.alerts[0])
    find(page, "alerts.act_cancel").click()
    assert page.composer.draft.message is MessageKind.CANCEL
    page.composer.text.setPlainText("The leak is closed. Thank you all.")
    send(page)
    assert desk.wishes[1].endpoint is e.CANCEL_ALERT


def test_comments_are_closed_for_a_reason_and_opened_again(qtbot):
    desk = FakeDesk([alert()])
    page = make(qtbot, desk)
    page.show_thing(desk.alerts[0])
    find(page, "alerts.act_close_comments").click()
    find(page, "alerts.words").setPlainText("The search is over; call the desk.")
    find(page, "alerts.confirm").click()
    assert desk.wishes[0].endpoint is e.CLOSE_COMMENTS
    desk.alerts = (alert(comments_closed="The search is over; call the desk.", version=3),)
    page.refresh(Changed.ALERTS)
    assert "The search is over" in find(page, "alerts.closed").text()
    assert "open_comments" in offered(page)
    assert "close_comments" not in offered(page)


def test_lanes_count_and_filter_and_keys_move(qtbot):
    things = [alert("a1"), alert("a2", AlertState.PENDING, OFFICER), alert("a3", AlertState.SCHEDULED)]
    page = make(qtbot, FakeDesk(things))
    page._keep(good())
    texts = [chip.text() for chip in page.listing.chips.values()]
    assert texts == ["All 4", "Drafts 1", "Waiting 1", "Scheduled 1", "In force 1", "Over 0"]
    find(page, "alerts.lane_over").click()
    assert "Nothing is over yet" in find(page, "alerts.none_here").text()
    find(page, "alerts.lane_waiting").click()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.listing.list.setFocus()
    qtbot.keyClick(page.listing.list, "j")
    assert page.reading.alert.id == "a2"
    qtbot.keyClick(page.listing.list, "a")
    assert find(page, "alerts.password").text() == "lamp"


def test_what_the_service_holds_is_no_longer_a_draft(qtbot):
    desk = FakeDesk()
    page = make(qtbot, desk)
    page._keep(good())
    desk.alerts = (alert("a1", draft=good()),)
    page.refresh(Changed.ALERTS)
    assert page.drafts.all() == ()


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_it_is_and_never_as_markup(qtbot, text):
    draft = good(title=text[:2_000], text=text, title_es=text[:2_000], text_es=text, place_name=text[:500])
    desk = FakeDesk([alert(draft=draft, comments_closed=text[:300])])
    page = make(qtbot, desk)
    page.show_thing(desk.alerts[0])
    page.grab()
    page._begin(msgspec.structs.replace(draft, id="d7"))
    page.grab()
    for label in page.findChildren(QLabel):
        assert label.textFormat() is Qt.TextFormat.PlainText, label.text()[:60]
    assert page.composer.card.text.text() == text.strip()
    send(page)
    is_sent = text in {HOSTILE[0], HOSTILE[3]}
    assert bool(desk.wishes) is is_sent, "marks are plain text; what cannot be seen is refused"
