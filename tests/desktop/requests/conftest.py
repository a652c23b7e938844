"""A desk without a service and a map without a web engine, on the real blocks of Chicago."""

from __future__ import annotations

import asyncio
import os
from datetime import UTC, datetime
from types import SimpleNamespace

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from console.client.outbox import OutboxRow, OutboxState
from console.client.vault import DraftChangedElsewhere, KeptDraft
from console.contract.payloads import CaseAnswer
from console.desktop.context import Context
from console.domain.atlas import AtlasIndex
from console.domain.checks import check
from console.domain.drafts import Draft, DraftId
from console.domain.findings import blocking
from console.domain.ground import Ground
from console.domain.members import Member, Role
from console.domain.places import Point
from console.domain.policy import Agency, CaseMask
from console.service.atlas import read_pack

NOW = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
HERE = Point(lat=41.8525, lon=-87.6745)


class StubPane(QWidget):
    """Signals and methods of a map."""

    place_picked = Signal(float, float)
    drawing = Signal(object, bool)
    picked = Signal(str, str)

    def __init__(self, title):
        super().__init__()
        self.title = title
        self.said = []

    def __getattr__(self, name):
        if name in {
            "set_layer",
            "clear_layer",
            "set_tool",
            "set_readout",
            "show_layer",
            "clear_drawing",
            "set_drawing",
            "fit",
            "fly_to",
            "set_theme",
        }:
            return lambda *args: self.said.append((name, *args))
        raise AttributeError(name)

    def layer(self, name):
        return next(said[2] for said in reversed(self.said) if said[:2] == ("set_layer", name))


def member(ident="m1", role=Role.OFFICER, name="Example One"):
    return Member(id=ident, agency="ILCPD0000", name=name, title="Ofc.", badge=f"000{ident[-1]}", role=role)


class FakeDesk:
    """Checks with the real check; keeps, sends and settles in memory."""

    def __init__(self, agency, ground):
        self.agency, self.ground = agency, ground
        self.session = SimpleNamespace(member=member())
        self.profile = SimpleNamespace(
            agency=agency,
            supervisors=(member("m2", Role.SUPERVISOR, "Two"), member("m1", Role.SUPERVISOR, "Own Self")),
            gatherings=(),
            templates=(),
        )
        self.durable = True
        self.drafts, self.outbox, self.requests = (), (), ()
        self.saved, self.calls = [], []
        self.settle = {}
        self.elsewhere = {}
        self.minted = 0
        self.case_answers = {}

    def new_draft(self, **fields):
        self.minted += 1
        return Draft(id=DraftId(f"d{self.minted}"), **fields)

    def findings(self, draft):
        return check(draft, self.profile.agency, self.ground, (), NOW, self.profile.gatherings)

    def save_draft(self, draft, seen=None):
        self.read_drafts()
        kept = next((k.revision for k in self.drafts if k.draft.id == draft.id), 0)
        if seen is not None and seen != kept:
            raise DraftChangedElsewhere
        self.saved.append(draft)
        self._keep(KeptDraft(draft, NOW, kept + 1))
        return kept + 1

    def _keep(self, kept):
        self.drafts = (*(k for k in self.drafts if k.draft.id != kept.draft.id), kept)

    def read_drafts(self):
        """What another window saved is seen from now on."""
        for kept in self.elsewhere.values():
            self._keep(kept)
        self.elsewhere = {}

    def saved_elsewhere(self, draft):
        kept = next((k.revision for k in self.drafts if k.draft.id == draft.id), 0)
        self.elsewhere[draft.id] = KeptDraft(draft, NOW, kept + 1)

    async def check_case(self, number):
        self.calls.append(("check_case", number))
        answer = self.case_answers[number]
        if isinstance(answer, Exception):
            raise answer
        return CaseAnswer(answer)

    def delete_draft(self, draft_id):
        self.drafts = tuple(k for k in self.drafts if k.draft.id != draft_id)

    def submit(self, draft):
        assert not blocking(self.findings(draft))
        return self._row("submit_request", "Submit")

    def __getattr__(self, name):
        if name in {"withdraw", "add_addendum", "resolve", "resubmit"}:
            return lambda *args: (self.calls.append((name, *args)), self._row(name, name))[1]
        raise AttributeError(name)

    def _row(self, endpoint, title):
        row = OutboxRow(f"key{len(self.outbox)}", endpoint, {}, b"{}", title, "", NOW, OutboxState.WAITING)
        self.outbox = (*self.outbox, row)
        return row

    async def wait_for(self, key):
        return self.settle[key]


@pytest.fixture(scope="session")
def ground(chicago_pack):
    return Ground(AtlasIndex(read_pack(chicago_pack).atlas))


@pytest.fixture
def agency(ground):
    return Agency(
        ori="ILCPD0000",
        name="Lakeside Police",
        time_zone="America/Chicago",
        atlas_version=ground.version,
        station=HERE,
        case_masks=(CaseMask("YYYY-PPP-NNNNNN", precincts=("018",)),),
        mail_domains=("lakeside.example",),
        telephones=("+1 312 555 0100",),
    )


@pytest.fixture
def desk(agency, ground):
    return FakeDesk(agency, ground)


@pytest.fixture
def context(desk, agency, ground, tmp_path):
    panes, opened, coroutines, said = [], [], [], []

    def new_pane(title):
        panes.append(StubPane(title))
        return panes[-1]

    made = Context(
        desk=desk,
        ground=ground,
        agency=agency,
        clock=lambda: NOW,
        theme=lambda: "day",
        start=coroutines.append,
        new_pane=new_pane,
        open_wizard=opened.append,
        open_request=opened.append,
        say=said.append,
        training=(),
        evidence_folder=tmp_path,
    )
    object.__setattr__(made, "panes", panes)
    object.__setattr__(made, "opened", opened)
    object.__setattr__(made, "said", said)
    object.__setattr__(made, "coroutines", coroutines)
    yield made
    for coroutine in coroutines:
        coroutine.close()


def run(coroutine):
    asyncio.run(coroutine)
