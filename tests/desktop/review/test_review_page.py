"""Review: who may decide, and what each decision needs."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtWidgets import QWidget

from console.client.desk import Changed, Connection
from console.client.outbox import OutboxState
from console.contract.problems import problem
from console.desktop.context import Context
from console.desktop.review import decision
from console.desktop.review.page import ReviewPage
from console.desktop.widgets import find
from console.domain.drafts import Draft
from console.domain.findings import Field, Finding, Severity
from console.domain.members import Member, Role
from console.domain.places import Point
from console.domain.requests import Request, State, Transition

NOW = datetime(2026, 5, 4, 15, 0, tzinfo=UTC)
AUTHOR = Member("m1", "IL0160000", "Example One", "Officer", "0001", Role.SUPERVISOR)
OTHER = Member("m2", "IL0160000", "Example Two", "Sergeant", "0002", Role.SUPERVISOR)
SQUARE = {"type": "Polygon", "coordinates": [[[-87.7, 41.8], [-87.6, 41.8], [-87.6, 41.9], [-87.7, 41.8]]]}


def request(n: int, state=State.PENDING, **fields) -> Request:
    draft = Draft(
        id=f"d{n}", case_number="2026-018-000431", offence="220", begins=NOW - timedelta(hours=3),
        ends=NOW - timedelta(hours=1), place=Point(41.85, -87.65), title=f"Burglary {n}", text="Words", contact="a@b.c",
    )  # fmt: skip
    return Request(
        id=f"r{n}", number=f"R-{n}", version=1, state=state, agency="IL0160000", author=AUTHOR, draft=draft,
        area_m2=300_000.0, radius_m=300.0, homes="100 to 199", outline=SQUARE,
        submitted_at=NOW - timedelta(minutes=n), **fields,
    )  # fmt: skip


class Pane(QWidget):
    def __init__(self):
        super().__init__()
        self.calls = []

    def __getattr__(self, name):
        if name in {"set_layer", "clear_layer", "fit", "set_theme"}:
            return lambda *args: self.calls.append((name, *args))
        raise AttributeError(name)


class FakeDesk:
    def __init__(self, requests, member=OTHER):
        self.requests = tuple(requests)
        self.session = SimpleNamespace(member=member)
        self.connection = Connection.CONNECTED
        self.done = []
        self.confirm_answer = None
        self.outcome = SimpleNamespace(
            state=OutboxState.SENT, receipt=SimpleNamespace(number="RC-1"), problem=None, last_error=""
        )

    def earlier_requests(self, without=""):
        return ()

    async def confirm(self, password):
        self.done.append(("confirm", password))
        return self.confirm_answer

    def approve(self, request, proportionate=False):
        self.done.append(("approve", request.id, proportionate))
        return SimpleNamespace(key="k")

    def return_(self, request, comments):
        self.done.append(("return", request.id, comments))
        return SimpleNamespace(key="k")

    def reject(self, request, reason, text):
        self.done.append(("reject", request.id, reason, text))
        return SimpleNamespace(key="k")

    async def wait_for(self, key):
        return self.outcome


@pytest.fixture(autouse=True)
def found(monkeypatch):
    findings: list[Finding] = []
    monkeypatch.setattr(decision.checks, "check", lambda *_: tuple(findings))
    monkeypatch.setattr(decision.checks, "panel", lambda *_: (decision.checks.Verdict("contact", True, "contact_met"),))
    return findings


def make(qtbot, desk) -> ReviewPage:
    context = Context(
        desk=desk, ground=None, agency=SimpleNamespace(name="Lakeside", time_zone="America/Chicago"), clock=lambda: NOW,
        theme=lambda: "day", start=asyncio.run, new_pane=lambda _t: Pane(), open_wizard=lambda _d: None,
        open_request=lambda _i: None, say=lambda _t: None,
        training=(SimpleNamespace(username="two", password="lamp", member=OTHER, says=""),), evidence_folder=Path("/tmp"),
    )  # fmt: skip
    page = ReviewPage(context)
    qtbot.addWidget(page)
    page.resize(1290, 700)
    page.show()
    page.grab()
    return page


def test_the_oldest_comes_first_and_is_on_the_map(qtbot):
    page = make(qtbot, FakeDesk([request(1), request(5), request(9, State.PUBLISHED)]))
    assert [r.id for r in page.model.rows()] == ["r5", "r1"]
    assert page.waiting_count() == 2
    assert find(page, "review.title").text() == "Burglary 5"
    assert {call[1] for call in page._pane.calls if call[0] == "set_layer"} == {"requests", "incident"}
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
    assert desk.done == [("confirm", "lamp"), ("approve", "r1", False)]
    said = find(page, "review.result").text()
    assert said == "Approved. It is now public and asked of the neighbors. Receipt RC-1."
    desk.requests = (request(1, State.PUBLISHED), request(2))
    page.refresh(Changed.REQUESTS)
    assert find(page, "review.title").text() == "Burglary 1"
    assert find(page, "review.result").text() == said
    assert not find(page, "review.approve").isVisible()


def test_a_wrong_password_decides_nothing(qtbot):
    desk = FakeDesk([request(1)])
    desk.confirm_answer = problem("wrong_credentials")
    page = make(qtbot, desk)
    find(page, "review.approve").click()
    find(page, "review.confirm_approve").click()
    assert desk.done == [("confirm", "lamp")]
    assert "not right" in find(page, "review.error").text()
    assert find(page, "review.confirm_approve").isEnabled()


def test_many_homes_need_a_confirmation(qtbot, found):
    found.append(Finding("homes_many", Severity.CONFIRM, Field.AREA, {"limit": "1,500", "given": "2,000"}))
    desk = FakeDesk([request(1)])
    page = make(qtbot, desk)
    find(page, "review.approve").click()
    go = find(page, "review.confirm_approve")
    assert not go.isEnabled()
    find(page, "review.proportionate").setChecked(True)
    go.click()
    assert desk.done[-1] == ("approve", "r1", True)


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
