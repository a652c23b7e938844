"""A desk that keeps what it is told, on the real streets of Chicago."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import msgspec
import pytest

from console.client.desk import Connection
from console.client.outbox import OutboxRow, OutboxState
from console.contract.payloads import AgencyProfile, Delegation, Receipt
from console.contract.problems import problem
from console.desktop.agency.page import AgencyPage
from console.desktop.context import Context
from console.domain.assemblies import Gathering
from console.domain.atlas import AtlasIndex
from console.domain.ground import Ground
from console.domain.members import Member, Role
from console.domain.places import Point
from console.domain.policy import Agency, CaseMask
from console.domain.templates import Template
from console.service.atlas import read_pack

NOW = datetime(2026, 10, 20, 20, 0, tzinfo=UTC)
HERE = Point(lat=41.88203, lon=-87.6278)


def member(ident="m1", role=Role.SUPERVISOR, name="Example One"):
    return Member(id=ident, agency="ILCPD0000", name=name, title="Sgt.", badge="0001", role=role)


def gathering(ident="g1", name="Vigil", days=3, **fields):
    begins = NOW + timedelta(days=days)
    return Gathering(ident, name, fields.pop("points", (HERE,)), begins, begins + timedelta(hours=2), **fields)


class FakeDesk:
    """Keeps wishes; `settle` says how each ends: "sent", a problem's code, or nothing while the service is away."""

    def __init__(self, agency):
        self.session = SimpleNamespace(member=member())
        self.profile = AgencyProfile(agency, (), (member("m2", Role.OFFICER, "Example Two"), member()))
        self.connection = Connection.CONNECTED
        self.outbox = ()
        self.kept = []
        self.settle = "sent"

    def keep(self, wish):
        self.kept.append(wish)
        body = b"" if wish.body is None else msgspec.json.encode(wish.body)
        row = OutboxRow(
            f"k{len(self.kept)}",
            wish.endpoint.name,
            dict(wish.path),
            body,
            wish.title,
            "agency",
            NOW,
            OutboxState.WAITING,
        )
        self.outbox = (*self.outbox, row)
        return row

    def dismiss(self, key):
        self.outbox = tuple(row for row in self.outbox if row.key != key)

    async def wait_for(self, key):
        row = next(row for row in self.outbox if row.key == key)
        if self.settle == "sent":
            receipt = Receipt("PL-7", key, row.endpoint, "calendar", NOW, "", "")
            row = msgspec.structs.replace(row, state=OutboxState.SENT, receipt=receipt)
        else:
            said = problem(self.settle)
            row = msgspec.structs.replace(row, state=OutboxState.REFUSED, problem=said, last_error=said.title)
        self.outbox = tuple(row if one.key == key else one for one in self.outbox)
        return row


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
        case_masks=(CaseMask("YYYY-PPP-NNNNNN"),),
        mail_domains=("lakeside.example",),
        telephones=(),
    )


@pytest.fixture
def desk(agency):
    return FakeDesk(agency)


@pytest.fixture
def context(desk, agency, ground, tmp_path):
    coroutines = []
    made = Context(
        desk=desk, ground=ground, agency=agency, clock=lambda: NOW, theme=lambda: "day", start=coroutines.append,
        new_pane=None, open_wizard=None, open_request=None, say=lambda _text: None, training=(), evidence_folder=tmp_path,
    )  # fmt: skip
    object.__setattr__(made, "coroutines", coroutines)
    yield made
    for coroutine in coroutines:
        coroutine.close()


@pytest.fixture
def page(context, qtbot):
    made = AgencyPage(context)
    qtbot.addWidget(made)
    made.resize(1294, 692)
    made.show()
    made.entered()
    yield made
    made.hide()


def know(desk, *, gatherings=(), templates=(), delegations=()):
    desk.profile = msgspec.structs.replace(
        desk.profile, gatherings=tuple(gatherings), templates=tuple(templates), delegations=tuple(delegations)
    )


def lent(days=3):
    return Delegation(member(), member("m2", Role.OFFICER, "Example Two"), NOW + timedelta(days=days))


def template(ident="t1", **fields):
    return Template(ident, fields.pop("name", "Porch theft"), **fields)
