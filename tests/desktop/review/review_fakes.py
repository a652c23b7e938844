"""A desk and a map without a service and a web engine, for the tests of the review."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from console.client.desk import Connection
from console.client.outbox import OutboxState
from console.desktop.context import Context
from console.desktop.review.page import ReviewPage
from console.domain.areas import Area
from console.domain.history import earlier_of
from console.domain.members import Member
from console.domain.requests import Claim, Request, State, is_same_person
from tests.request_fakes import AUTHOR, NOW, OTHER, THIRD, request, step


def endorsed(n: int, by: Member = THIRD, **fields) -> Request:
    steps = (step("submit", "", "pending", 1, AUTHOR), step("endorse", "pending", "endorsed", 2, by))
    return request(n, State.ENDORSED, history=steps, version=2, **fields)


def blocks(*names: str) -> Area:
    return Area("v1", tuple(sorted(names)))


class Pane(QWidget):
    picked = Signal(str, str)

    def __init__(self):
        super().__init__()
        self.calls = []

    def __getattr__(self, name):
        if name in {"set_layer", "clear_layer", "fit", "set_theme", "highlight"}:
            return lambda *args: self.calls.append((name, *args))
        raise AttributeError(name)

    def layer(self, name):
        return next(c[2]["features"] for c in reversed(self.calls) if c[:2] == ("set_layer", name))


class FakeDesk:
    def __init__(self, requests, member=OTHER):
        self.requests = tuple(requests)
        self.session = SimpleNamespace(member=member)
        self.profile = SimpleNamespace(supervisors=(AUTHOR, OTHER, THIRD), gatherings=(), delegations=())
        self.connection = Connection.CONNECTED
        self.found = []
        self.done = []
        self.claims = []
        self.claim_answer = None
        self.confirm_answer = None
        self.outcome = SimpleNamespace(
            state=OutboxState.SENT,
            receipt=SimpleNamespace(number="RC-1", state="published"),
            problem=None,
            last_error="",
        )

    def earlier_requests(self, without=""):
        return tuple(earlier_of(r) for r in self.requests if r.id != without)

    def findings(self, _draft):
        return tuple(self.found)

    def deciding_role(self):
        return self.session.member.role

    def lenders(self):
        mine = self.session.member.id
        return tuple(d.delegator for d in self.profile.delegations if d.delegate.id == mine)

    def is_authors(self, one):
        return any(is_same_person(one.author, person) for person in (self.session.member, *self.lenders()))

    async def claim(self, one, *, take_over=False):
        self.claims.append(("claim", one.id, take_over))
        if isinstance(self.claim_answer, Exception):
            raise self.claim_answer
        member = self.session.member
        return self.claim_answer or Claim(member.id, f"{member.title} {member.name}", NOW + timedelta(minutes=5))

    async def release(self, request_id):
        self.claims.append(("release", request_id))

    async def confirm(self, password):
        self.done.append(("confirm", password))
        return self.confirm_answer

    def approve(self, one, because=None):
        self.done.append(("approve", one.id, because))
        return SimpleNamespace(key="k")

    def return_(self, one, comments):
        self.done.append(("return", one.id, comments))
        return SimpleNamespace(key="k")

    def reject(self, one, reason, text):
        self.done.append(("reject", one.id, reason, text))
        return SimpleNamespace(key="k")

    async def wait_for(self, key):
        return self.outcome


class Clock:
    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


def make(qtbot, desk, *, clock=None, ground=None, size=(1290, 700), theme="day") -> ReviewPage:
    opened, panes = [], []
    agency = SimpleNamespace(name="Lakeside", time_zone="America/Chicago")

    def new_pane(_title):
        panes.append(Pane())
        return panes[-1]

    context = Context(
        desk=desk, ground=ground, agency=agency, clock=clock or (lambda: NOW), theme=lambda: theme, start=asyncio.run,
        new_pane=new_pane, open_wizard=lambda _d: None, open_request=opened.append, say=lambda _t: None,
        training=(SimpleNamespace(username="two", password="lamp", member=OTHER, says=""),), evidence_folder=Path("/tmp"),
    )  # fmt: skip
    page = ReviewPage(context)
    page.opened, page.pane = opened, panes[0]
    qtbot.addWidget(page)
    page.resize(*size)
    page.show()
    page.entered()
    page.grab()
    return page
