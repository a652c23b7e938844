"""The room of requests shows drafts and requests, and offers only what the member may do."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import msgspec
import pytest
from PySide6.QtCore import Qt

from console.client.desk import Changed
from console.client.vault import KeptDraft
from console.desktop.requests.list import RequestsPage
from console.desktop.widgets import find
from console.domain import areas
from console.domain.drafts import Draft
from console.domain.members import Member, Role
from console.domain.places import Point
from console.domain.requests import FieldComment, Outcome, Request, State, Transition, WithdrawReason
from console.domain.templates import Template


def member(ident="m1", role=Role.OFFICER):
    return Member(id=ident, agency="ILCPD0000", name="Example One", title="Ofc.", badge=f"000{ident[-1]}", role=role)


@pytest.fixture
def request_(desk, context):
    area = desk.ground.snap(areas.Circle(Point(41.8525, -87.6745), 300.0))
    at = context.clock() - timedelta(hours=1)
    comments = (FieldComment("title", "Say where"),)
    return Request(
        id="r1",
        number="2026-0001",
        version=2,
        state=State.RETURNED,
        agency="ILCPD0000",
        author=member(),
        draft=Draft(id="d9", title="<i>Parcel</i> taken", text="Text", area=area, place=Point(41.8525, -87.6745)),
        area_m2=desk.ground.area_m2(area),
        radius_m=300.0,
        homes="150 to 300 homes",
        outline=desk.ground.geometry(area),
        submitted_at=at,
        history=(
            Transition("submit", "", "pending", 1, "m1", at),
            Transition("return", "pending", "returned", 2, "m2", at, comments=comments),
        ),
    )


@pytest.fixture
def page(qtbot, context):
    made = RequestsPage(context)
    qtbot.addWidget(made)
    made.resize(1290, 690)
    made.show()
    return made


def click(qtbot, page, name):
    qtbot.mouseClick(find(page, name), Qt.MouseButton.LeftButton)


def words_of(page):
    from PySide6.QtWidgets import QLabel

    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def test_it_is_empty_and_says_how_to_begin(qtbot, page, context):
    assert find(page, "requests.empty").text().startswith("No requests yet.")
    click(qtbot, page, "requests.new")
    assert context.opened[0].id == "d1"


def test_only_authors_begin(qtbot, page, desk, context):
    desk.session = SimpleNamespace(member=member(role=Role.AUDITOR))
    page.entered()
    assert not find(page, "requests.new").isVisible()
    qtbot.keyClick(page, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert context.opened == []


def test_a_draft_is_gone_on_with(qtbot, page, desk, context):
    desk.drafts = (KeptDraft(Draft(id="d5", title="Half done"), context.clock() - timedelta(hours=2)),)
    page.refresh(Changed.DRAFTS)
    items = find(page, "requests.list")
    assert "Half done" in items.item(1).text()
    assert "2 h" in items.item(1).text()
    items.setCurrentRow(1)
    click(qtbot, page, "requests.continue")
    assert context.opened[0].id == "d5"
    click(qtbot, page, "requests.delete_draft")
    assert desk.drafts == ()


def test_a_returned_request_is_mended(qtbot, page, desk, context, request_):
    desk.requests = (request_,)
    page.show_request("r1")
    assert find(page, "request.title").text() == "<i>Parcel</i> taken"
    assert "Title: Say where" in words_of(page)
    click(qtbot, page, "request.mend")
    assert context.opened[0].id == "d9"
    click(qtbot, page, "request.withdraw")
    assert desk.calls == []  # not without a coded reason
    assert context.said == ["Choose first why it is withdrawn."]
    find(page, "request.withdraw_because").setCurrentIndex(1)
    find(page, "request.withdraw_reason").setText("Found at a friend's")
    click(qtbot, page, "request.withdraw")
    assert desk.calls == [("withdraw", request_, WithdrawReason.SOLVED, "Found at a friend's")]


def test_a_published_request_is_added_to_and_resolved(qtbot, page, desk, request_):
    published = msgspec.structs.replace(request_, state=State.PUBLISHED, author=member("m3"))
    desk.requests = (published,)
    page.show_request("r1")
    with pytest.raises(LookupError):
        find(page, "request.withdraw")
    find(page, "request.addendum").setPlainText("The parcel was blue.")
    desk.requests = (msgspec.structs.replace(published, version=3),)
    page.refresh(Changed.REQUESTS)
    qtbot.wait(10)
    click(qtbot, page, "request.add_addendum")
    assert desk.calls[0][2] == "The parcel was blue."
    find(page, "request.outcome").setCurrentIndex(1)
    click(qtbot, page, "request.resolve")
    assert desk.calls[1][2] is Outcome.ARREST


def test_a_request_that_is_not_loaded_is_awaited(qtbot, page, desk, request_):
    page.show_request("r1")
    qtbot.wait(10)
    assert "Loading the request" in words_of(page)
    desk.requests = (request_,)
    page.refresh(Changed.REQUESTS)
    assert find(page, "request.number").text() == "2026-0001"


def test_the_history_names_actor_reason_version_and_whom_a_delegate_stood_in_for(qtbot, page, desk, request_):
    at = request_.submitted_at
    steps = (
        Transition("submit", "", "pending", 1, "m1", at),
        Transition(
            "reject", "pending", "rejected", 2, "Lt. Three", at, "too_wide", actor_id="m3", acting_for="Cpt. Four"
        ),
    )
    desk.requests = (msgspec.structs.replace(request_, state=State.REJECTED, history=steps),)
    page.show_request("r1")
    words = words_of(page)
    assert "Submitted by Ofc. Example One" in words  # older rows hold an id
    assert "Rejected by Lt. Three for Cpt. Four: Wider or longer than the case needs" in words
    assert "version 2" in words


def test_the_author_is_reminded_of_what_soon_ends(qtbot, page, desk, context, request_):
    ends = context.clock() + timedelta(hours=30)
    published = msgspec.structs.replace(
        request_,
        state=State.PUBLISHED,
        expires_at=ends,
        public_notes=("A lawful assembly was there.",),
        case_check="verified",
    )
    desk.requests = (published,)
    page.show_request("r1")
    assert "in 30 h" in find(page, "request.reminder").text()
    assert find(page, "request.public_note").text() == "A lawful assembly was there."
    assert "Found in your agency" in words_of(page)
    other = msgspec.structs.replace(member("m3"), badge="0003")
    for fields in ({"author": other}, {"expires_at": ends + timedelta(days=3)}):
        desk.requests = (msgspec.structs.replace(published, **fields),)
        page.refresh(Changed.REQUESTS)
        qtbot.wait(10)
        with pytest.raises(LookupError):
            find(page, "request.reminder")


def test_drafts_are_listed_with_age_and_what_is_missing(page, desk, context):
    desk.drafts = (KeptDraft(Draft(id="d5", case_number="2026-018-000431"), context.clock() - timedelta(hours=2)),)
    page.refresh(Changed.DRAFTS)
    words = find(page, "requests.list").item(1).text()
    assert "2 h ago" in words
    assert "to do: No offence yet" in words.replace("offense", "offence")


def test_what_another_window_saved_is_listed_on_entering(page, desk):
    desk.saved_elsewhere(Draft(id="d7", title="From elsewhere"))
    page.entered()
    assert "From elsewhere" in find(page, "requests.list").item(1).text()


def test_a_new_request_begins_with_a_template(qtbot, page, desk, context):
    assert not find(page, "requests.template").isVisible()
    desk.profile.templates = (Template(id="t1", name="Parcel theft", offence="23D", title="Parcel near {place}"),)
    page.refresh(Changed.AGENCY)
    combo = find(page, "requests.template")
    assert combo.isVisible()
    combo.setCurrentIndex(1)
    click(qtbot, page, "requests.new")
    assert (context.opened[0].offence, context.opened[0].title) == ("23D", "Parcel near {place}")


def test_a_new_request_begins_like_an_earlier_one(qtbot, page, desk, context, request_):
    desk.requests = (request_,)
    page.show_request("r1")
    click(qtbot, page, "requests.again")
    draft = context.opened[0]
    assert draft.id != request_.draft.id
    assert (draft.title, draft.area, draft.begins) == (request_.draft.title, request_.draft.area, None)


def test_own_requests_that_end_soon_are_recalled(qtbot, page, desk, context, request_):
    soon = context.clock() + timedelta(hours=26)
    published = msgspec.structs.replace(request_, state=State.PUBLISHED, expires_at=soon)
    others = msgspec.structs.replace(published, id="r2", author=member("m3"))
    later = msgspec.structs.replace(published, id="r3", expires_at=soon + timedelta(days=3))
    desk.requests = (published, others, later)
    page.refresh(Changed.REQUESTS)
    assert find(page, "requests.ends.r1").text() == "Ends in 1 d: <i>Parcel</i> taken"
    for other in ("r2", "r3"):
        with pytest.raises(LookupError):
            find(page, f"requests.ends.{other}")
    click(qtbot, page, "requests.open.r1")
    assert context.opened == ["r1"]
