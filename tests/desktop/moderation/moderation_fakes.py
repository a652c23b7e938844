"""A desk of a neutral moderator without a service: a queue, items, claims, and decisions that are kept."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

from msgspec.structs import replace

from console.client.desk import Connection
from console.client.outbox import OutboxState
from console.contract import endpoints as e
from console.contract import moderation as m
from console.contract.payloads import Accepted
from console.contract.problems import problem
from console.desktop.context import Context
from console.desktop.moderation.page import ModerationPage
from console.domain.feed import Category, Visibility
from console.domain.members import NEUTRAL_DESK, Member, Role
from console.domain.moderation import Act, By, FlagReason, ItemKind, ItemState, Lane, Reason, Standing, acts_open_to
from console.domain.requests import Claim
from tests.request_fakes import NOW

ME = Member("n1", NEUTRAL_DESK, "Example Seven", "Moderator", "", Role.NEUTRAL_MODERATOR)
OTHER = Member("n2", NEUTRAL_DESK, "Example Eight", "Moderator", "", Role.NEUTRAL_MODERATOR)


def item(n: int, state=ItemState.FLAGGED, lane=Lane.FLAGS, **fields) -> m.QueueItem:
    made = {
        "id": f"i{n}", "kind": ItemKind.POST, "state": state, "lane": lane, "version": 1, "agency": "IL0160000",
        "agency_name": "Lakeside Police", "time_zone": "America/Chicago", "title": f"Post {n}",
        "reasons": (FlagReason.SPAM,), "agencies": ("Lakeside Police",), "neighbours": 2,
        "since": NOW - timedelta(minutes=n),
    }  # fmt: skip
    return m.QueueItem(**{**made, **fields})


def view(row: m.QueueItem, **fields) -> m.ItemView:
    standing = Standing(By.MODERATOR, NOW, NOW - timedelta(days=1))
    made = {
        "item": row, "title": row.title, "text": f"The words of {row.title}.", "author": "Neighbor #4", "at": NOW,
        "place_name": "Near W 18th St", "category": Category.CRIME, "visibility": Visibility.PUBLIC,
        "post_title": row.title, "post_text": "", "thread": (), "flags": (), "flags_seen": 7, "history": (),
        "by_author": (), "acts": acts_open_to(row.state, standing),
    }  # fmt: skip
    return m.ItemView(**{**made, **fields})


def line(act: Act, by: Member = OTHER, reason=Reason.THREAT) -> m.DecisionLine:
    return m.DecisionLine(act, reason, "", f"{by.title} {by.name}", NOW)


class FakeDesk:
    def __init__(self, *rows: m.QueueItem, views=()):
        self.queue = tuple(rows)
        self.views = {row.id: view(row) for row in rows} | {one.item.id: one for one in views}
        self.session = SimpleNamespace(member=ME)
        self.connection = Connection.CONNECTED
        self.asked, self.kept = [], []
        self.claim_answer = None
        self.outcome = SimpleNamespace(
            state=OutboxState.SENT, receipt=SimpleNamespace(number="PL-1", state="kept"), problem=None, last_error=""
        )

    def change(self, row: m.QueueItem, **fields) -> None:
        """The service says something else of an item."""
        self.queue = tuple(row if known.id == row.id else known for known in self.queue)
        self.views[row.id] = view(row, **fields)

    async def ask(self, endpoint, **parts):
        self.asked.append((endpoint.name, parts.get("path", {}).get("item_id")))
        match endpoint:
            case e.SHOW_ITEM:
                return self.views.get(parts["path"]["item_id"]) or problem("not_found")
            case e.CLAIM_ITEM:
                name = f"{ME.title} {ME.name}"
                return self.claim_answer or Claim(ME.id, name, NOW + timedelta(minutes=5))
            case e.RELEASE_ITEM:
                return Accepted()
        raise AssertionError(endpoint.name)

    def keep(self, wish):
        self.kept.append(wish)
        return SimpleNamespace(key="k")

    async def wait_for(self, key):
        return self.outcome


class Starts:
    """Runs what a room starts, one after the other: what is started by what runs comes after it."""

    def __init__(self):
        self._waiting, self._is_running = [], False

    def __call__(self, work):
        self._waiting.append(work)
        if self._is_running:
            return
        self._is_running = True
        try:
            while self._waiting:
                asyncio.run(self._waiting.pop(0))
        finally:
            self._is_running = False


def context_of(desk, theme="day", said=None) -> Context:
    return Context(
        desk=desk, ground=None, agency=SimpleNamespace(name="Porchlight", time_zone="UTC"), clock=lambda: NOW,
        theme=lambda: theme, start=Starts(), new_pane=None, open_wizard=lambda _d: None,
        open_request=lambda _i: None, say=(said if said is not None else []).append, training=(),
        evidence_folder=Path("/tmp"),
    )  # fmt: skip


def make(qtbot, desk, *, size=(1290, 700), theme="day") -> ModerationPage:
    page = ModerationPage(context_of(desk, theme))
    qtbot.addWidget(page)
    page.resize(*size)
    page.show()
    page.entered()
    page.grab()
    return page


def claimed(row: m.QueueItem, by: Member = OTHER) -> m.QueueItem:
    return replace(row, claim=Claim(by.id, f"{by.title} {by.name}", NOW + timedelta(minutes=3)))
