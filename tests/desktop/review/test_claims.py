"""The claim lock: others see who decides, it is renewed, taken over, given back, and it expires."""

from __future__ import annotations

from datetime import timedelta

from console.client.desk import Changed
from console.client.gateway import Unreachable
from console.contract.problems import problem
from console.desktop.review import claims as claims_module
from console.desktop.widgets import find
from console.domain.requests import Claim, State
from tests.desktop.review.review_fakes import Clock, FakeDesk, make
from tests.request_fakes import AUTHOR, NOW, request

THEIRS = Claim("m3", "Lt. Example Three", NOW + timedelta(minutes=5))


def test_a_form_claims_at_once_and_says_that_others_see_it(qtbot):
    desk = FakeDesk([request(1)])
    page = make(qtbot, desk)
    assert desk.claims == []
    find(page, "review.return").click()
    assert desk.claims == [("claim", "r1", False)]
    assert find(page, "review.claim_mine").text() == "Others see that you are deciding, until 10:05."
    find(page, "review.cancel").click()
    find(page, "review.reject").click()
    assert len(desk.claims) == 1  # it is held already


def test_a_request_that_is_stayed_on_is_claimed_renewed_and_given_back(qtbot, monkeypatch):
    monkeypatch.setattr(claims_module, "DWELL_MS", 20)
    monkeypatch.setattr(claims_module, "RENEW_MS", 40)
    desk = FakeDesk([request(5), request(1)])
    page = make(qtbot, desk)
    qtbot.waitUntil(lambda: desk.claims.count(("claim", "r5", False)) >= 2)
    page.go_down()
    assert ("release", "r5") in desk.claims
    qtbot.waitUntil(lambda: ("claim", "r1", False) in desk.claims)
    page.left()
    assert desk.claims[-1] == ("release", "r1")


def test_what_cannot_be_decided_is_not_claimed(qtbot, monkeypatch):
    monkeypatch.setattr(claims_module, "DWELL_MS", 5)
    desk = FakeDesk([request(1)], member=AUTHOR)
    make(qtbot, desk)
    qtbot.wait(40)
    assert desk.claims == []


def test_anothers_claim_is_said_and_nothing_can_be_decided(qtbot):
    desk = FakeDesk([request(1, claim=THEIRS)])
    page = make(qtbot, desk)
    assert find(page, "review.claim").text() == "Lt. Example Three is deciding on this, until 10:05."
    for name in ("review.approve", "review.return", "review.reject"):
        assert not find(page, name).isEnabled()
    page.decision.open_return()
    assert desk.claims == []
    assert page.queue._card(page.model.thing(0)).meta == "Lt. Example Three"


def test_a_claim_is_taken_over(qtbot):
    desk = FakeDesk([request(1, claim=THEIRS)])
    page = make(qtbot, desk)
    find(page, "review.take_over").click()
    assert desk.claims == [("claim", "r1", True)]
    assert find(page, "review.approve").isEnabled()
    assert not find(page, "review.claim").isVisible()
    mine = Claim("m2", "Sergeant Example Two", NOW + timedelta(minutes=5))
    desk.requests = (request(1, claim=mine),)
    page.refresh(Changed.REQUESTS)
    assert find(page, "review.approve").isEnabled()
    assert page.queue._card(page.model.thing(0)).meta == ""


def test_a_claim_expires_by_itself(qtbot):
    clock = Clock()
    soon = Claim("m3", "Lt. Example Three", NOW + timedelta(milliseconds=50))
    page = make(qtbot, FakeDesk([request(1, claim=soon)]), clock=clock)
    assert not find(page, "review.approve").isEnabled()
    clock.now = NOW + timedelta(seconds=1)
    qtbot.waitUntil(lambda: find(page, "review.approve").isEnabled())
    assert not find(page, "review.claim").isVisible()


def test_who_is_overtaken_keeps_what_was_typed(qtbot):
    desk = FakeDesk([request(1)])
    page = make(qtbot, desk)
    find(page, "review.return").click()
    find(page, "review.comment_area").setPlainText("Too wide.")
    desk.requests = (request(1, claim=THEIRS),)
    page.refresh(Changed.REQUESTS)
    assert find(page, "review.comment_area").toPlainText() == "Too wide."
    assert not find(page, "review.confirm_return").isEnabled()
    find(page, "review.take_over").click()
    assert find(page, "review.confirm_return").isEnabled()


def test_a_claim_that_the_service_refuses_is_said_and_may_be_taken_over(qtbot):
    desk = FakeDesk([request(1)])
    desk.claim_answer = problem("claimed", title="Lt. Example Three is deciding on this request.")
    page = make(qtbot, desk)
    find(page, "review.approve").click()
    assert find(page, "review.claim").text().startswith("Lt. Example Three is deciding on this request.")
    assert not find(page, "review.confirm_approve").isEnabled()
    desk.claim_answer = None
    find(page, "review.take_over").click()
    assert find(page, "review.confirm_approve").isEnabled()


def test_a_service_that_is_away_is_said_and_does_not_lock_the_page(qtbot):
    desk = FakeDesk([request(1)])
    desk.claim_answer = Unreachable()
    page = make(qtbot, desk)
    find(page, "review.approve").click()
    assert find(page, "review.claim").text().startswith("The service cannot be reached")
    assert not find(page, "review.take_over").isVisible()
    assert find(page, "review.confirm_approve").isEnabled()


def test_a_decision_ends_the_claim_without_another_word(qtbot):
    desk = FakeDesk([request(1)])
    page = make(qtbot, desk)
    find(page, "review.reject").click()
    find(page, "review.reason").setCurrentIndex(1)
    find(page, "review.confirm_reject").click()
    desk.requests = (request(1, State.REJECTED),)
    page.refresh(Changed.REQUESTS)
    page.left()
    assert desk.claims == [("claim", "r1", False)]
