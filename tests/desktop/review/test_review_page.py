"""Review: who may decide, and what each decision needs."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from console.client.desk import Changed
from console.client.outbox import OutboxState
from console.contract.problems import problem
from console.desktop.review import decision
from console.desktop.widgets import find
from console.domain.findings import Field, Finding, Severity
from console.domain.requests import ProportionateReason, State, Transition
from tests.desktop.review.review_fakes import FakeDesk, endorsed, make
from tests.request_fakes import AUTHOR, NOW, OTHER, THIRD, request

MANY = Finding("homes_many", Severity.CONFIRM, Field.AREA, {"limit": "1,500", "given": "2,000"})
ASSEMBLY = Finding(
    "assembly_overlap", Severity.CONFIRM, Field.WINDOW, {"name": "Vigil", "begins": "18:00", "ends": "20:00"}
)


def test_the_oldest_comes_first_and_is_on_the_map(qtbot):
    page = make(qtbot, FakeDesk([request(1), request(5), request(9, State.PUBLISHED)]))
    assert [r.id for r in page.model.rows()] == ["r5", "r1"]
    assert page.waiting_count() == 2
    assert find(page, "review.title").text() == "Burglary 5"
    assert {call[1] for call in page.pane.calls if call[0] == "set_layer"} == {"area", "requests", "incident"}
    page.go_down()
    assert find(page, "review.title").text() == "Burglary 1"


def test_the_author_has_no_buttons(qtbot):
    page = make(qtbot, FakeDesk([request(1)], member=AUTHOR))
    assert find(page, "review.who").text() == "You wrote this; another supervisor decides."
    assert not find(page, "review.approve").isVisible()
    page.decision.open_approve()
    with pytest.raises(LookupError):
        find(page, "review.password")


def test_approve_asks_for_the_password_and_gives_the_receipt(qtbot):
    desk = FakeDesk([request(1)])
    page = make(qtbot, desk)
    find(page, "review.approve").click()
    assert find(page, "review.password").text() == "lamp"
    find(page, "review.confirm_approve").click()
    assert desk.done == [("confirm", "lamp"), ("approve", "r1", None)]
    said = find(page, "review.result").text()
    assert said == "Approved. It is now public and asked of the neighbors. Receipt RC-1."
    desk.requests = (request(1, State.PUBLISHED), request(2))
    page.refresh(Changed.REQUESTS)
    assert find(page, "review.title").text() == "Burglary 1"
    assert find(page, "review.result").text() == said
    assert not find(page, "review.approve").isVisible()


def test_where_the_service_holds_requests_an_approval_says_so(qtbot):
    desk = FakeDesk([request(1)])
    desk.outcome.receipt.state = "approved"
    page = make(qtbot, desk)
    find(page, "review.approve").click()
    find(page, "review.confirm_approve").click()
    said = find(page, "review.result").text()
    assert said.startswith("Approved. The service’s neutral moderators look at it before it is published.")


def test_a_wrong_password_decides_nothing(qtbot):
    desk = FakeDesk([request(1)])
    desk.confirm_answer = problem("wrong_credentials")
    page = make(qtbot, desk)
    find(page, "review.approve").click()
    find(page, "review.confirm_approve").click()
    assert desk.done == [("confirm", "lamp")]
    assert "not right" in find(page, "review.error").text()
    assert find(page, "review.confirm_approve").isEnabled()


def test_many_homes_need_a_coded_reason(qtbot):
    desk = FakeDesk([request(1)])
    desk.found.append(MANY)
    page = make(qtbot, desk)
    find(page, "review.approve").click()
    go, because = find(page, "review.confirm_approve"), find(page, "review.because")
    assert not go.isEnabled()
    because.setCurrentIndex(because.findData(ProportionateReason.SERIOUS_HARM.value))
    go.click()
    assert desk.done[-1] == ("approve", "r1", ProportionateReason.SERIOUS_HARM)


def test_with_an_assembly_the_first_approval_says_that_it_is_the_first_of_two(qtbot):
    desk = FakeDesk([request(1)])
    desk.found.append(ASSEMBLY)
    page = make(qtbot, desk)
    find(page, "review.approve").click()
    said = find(page, "review.assembly").text()
    assert "Vigil" in said
    assert "first of two approvals" in said
    assert "public page" in said
    find(page, "review.confirm_approve").click()
    assert find(page, "review.result").text().startswith("Approved first. Another supervisor has to approve")


def test_the_second_approval_is_anothers_and_says_who_gave_the_first(qtbot):
    page = make(qtbot, FakeDesk([endorsed(1, THIRD)]))
    assert "Lt. Example Three approved first" in find(page, "review.who").text()
    assert "approved first by Lt. Example Three" in find(page, "review.by").text()
    find(page, "review.approve").click()
    assert "second of two approvals" in find(page, "review.assembly").text()
    find(page, "review.confirm_approve").click()
    assert page.context.desk.done[-1] == ("approve", "r1", None)
    assert find(page, "review.result").text().startswith("Approved. It is now public")


def test_who_approved_first_sees_why_they_cannot_approve_again(qtbot):
    page = make(qtbot, FakeDesk([endorsed(1, OTHER)]))
    assert find(page, "review.who").text() == "You approved first; another supervisor has to approve."
    assert not find(page, "review.approve").isEnabled()
    assert find(page, "review.return").isEnabled()
    page.decision.open_approve()
    with pytest.raises(LookupError):
        find(page, "review.password")


def test_a_delegate_does_not_decide_on_what_their_delegator_wrote(qtbot):
    desk = FakeDesk([request(1)])
    desk.profile.delegations = (SimpleNamespace(delegator=AUTHOR, delegate=OTHER, until=NOW),)
    page = make(qtbot, desk)
    assert find(page, "review.who").text() == "You decide for its author; another supervisor decides."
    assert not find(page, "review.approve").isVisible()


def test_return_needs_one_comment(qtbot):
    desk = FakeDesk([request(1)])
    page = make(qtbot, desk)
    find(page, "review.return").click()
    go = find(page, "review.confirm_return")
    assert not go.isEnabled()
    find(page, "review.comment_window").setPlainText("Narrow it.")
    go.click()
    (done,) = desk.done
    assert [(c.field, c.text) for c in done[2]] == [("window", "Narrow it.")]


def test_what_is_typed_stays_when_others_change_something(qtbot):
    desk = FakeDesk([request(1)])
    page = make(qtbot, desk)
    find(page, "review.return").click()
    find(page, "review.comment_area").setPlainText("Too wide.")
    desk.requests = (request(1), request(3))
    page.refresh(Changed.REQUESTS)
    assert find(page, "review.comment_area").toPlainText() == "Too wide."
    assert find(page, "review.title").text() == "Burglary 1"


def test_comments_are_there_again_when_the_reader_comes_back(qtbot):
    page = make(qtbot, FakeDesk([request(5), request(1)]))
    find(page, "review.return").click()
    find(page, "review.comment_area").setPlainText("Too wide.")
    page.go_down()
    qtbot.wait(10)
    find(page, "review.return").click()
    assert find(page, "review.comment_area").toPlainText() == ""
    page.go_up()
    qtbot.wait(10)
    find(page, "review.return").click()
    assert find(page, "review.comment_area").toPlainText() == "Too wide."


def test_a_letter_in_a_form_is_no_decision(qtbot):
    page = make(qtbot, FakeDesk([request(5), request(1)]))
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    find(page, "review.reject").click()
    reason = find(page, "review.reason")
    assert reason.hasFocus()
    for key in (Qt.Key.Key_J, Qt.Key.Key_A):
        qtbot.keyClick(reason, key)
    assert find(page, "review.reason") is reason
    assert find(page, "review.title").text() == "Burglary 5"


def test_what_is_to_be_confirmed_is_not_marked_as_broken(qtbot, monkeypatch):
    verdict = decision.panel.Verdict("window", False, "assembly_overlap", ASSEMBLY.figures)
    monkeypatch.setattr(decision.panel, "panel", lambda *_: (verdict,))
    desk = FakeDesk([request(1)])
    desk.found.append(ASSEMBLY)
    page = make(qtbot, desk)
    assert "Time window: to confirm" in {w.accessibleName() for w in page.decision.findChildren(QLabel)}


def test_reject_needs_a_reason_and_moved_on_says_what_happened(qtbot):
    desk = FakeDesk([request(1)])
    page = make(qtbot, desk)
    find(page, "review.reject").click()
    go = find(page, "review.confirm_reject")
    assert not go.isEnabled()
    find(page, "review.reason").setCurrentIndex(1)
    step = Transition("approve", "pending", "approved", 2, "Sgt. Example Three", NOW)
    desk.requests = (request(1, State.APPROVED, history=(step,)),)
    desk.outcome = SimpleNamespace(state=OutboxState.REFUSED, receipt=None, problem=problem("moved_on"), last_error="")
    go.click()
    assert "Approved by Sgt. Example Three" in find(page, "review.error").text()


def test_nothing_waits(qtbot):
    page = make(qtbot, FakeDesk([]))
    assert find(page, "review.empty").text().startswith("Nothing waits for review.")
