"""A desk and a map without a service and a web engine, on a round city of 91 blocks, for the alerts room."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import msgspec

from console.client.desk import Connection
from console.client.outbox import OutboxState
from console.desktop.alerts.page import AlertsPage
from console.desktop.context import Context
from console.desktop.widgets import find
from console.domain.alert_checks import alert_shape
from console.domain.alerts import Alert, AlertDraft, AlertMessage, AlertState, AlertStep, MessageKind, Spot
from console.domain.members import Member, Role
from tests.client.client_fakes import AGENCY, CENTRE, make_ground
from tests.desktop.window_fakes import StubPane

NOW = datetime(2026, 6, 10, 20, 0, tzinfo=UTC)
GROUND = make_ground()
OUTLINE = alert_shape(Spot(CENTRE), GROUND).__geo_interface__
OFFICER = Member("m1", AGENCY.ori, "Example One", "Officer", "0001", Role.OFFICER)
SERGEANT = Member("m2", AGENCY.ori, "Example Two", "Sergeant", "0002", Role.SUPERVISOR)
PRESS = Member("m4", AGENCY.ori, "Example Four", "Press Officer", "0004", Role.MODERATOR)


def good(ident="d1", **fields) -> AlertDraft:
    draft = AlertDraft(
        ident,
        title="Gas leak on Lake Street",
        text="Firefighters are working on a gas leak. Please stay inside and keep the windows closed.",
        title_es="Fuga de gas en Lake Street",
        text_es="Los bomberos trabajan en una fuga de gas. Quédese en casa con las ventanas cerradas.",
        where=Spot(CENTRE),
        ends=NOW + timedelta(hours=3),
    )
    return msgspec.structs.replace(draft, **fields)


def alert(ident="a1", state=AlertState.PUBLISHED, author=SERGEANT, **fields) -> Alert:
    draft = fields.pop("draft", good(f"d-{ident}"))
    out = state in {AlertState.PUBLISHED, AlertState.CANCELLED}
    said = AlertMessage(
        f"x-{ident}", "x@example.org", NOW, MessageKind.ALERT, (), ident, ident, AGENCY.ori, AGENCY.name, "Sergeant",
        draft.kind, draft.level, draft.urgency, draft.certainty, draft.title, draft.text, draft.title_es, draft.text_es,
        "Near Lake Street", {}, NOW, draft.ends,
    )  # fmt: skip
    made = {
        "history": (AlertStep("submit", "draft", state.value, 1, f"{author.title} {author.name}", NOW),),
        "messages": (said,) if out else (), "published_at": NOW if out else None, "post": "p1" if out else "",
    }  # fmt: skip
    version = fields.pop("version", 2)
    return Alert(
        ident, f"PL-{ident}", version, state, AGENCY.ori, author, draft, OUTLINE, NOW, draft.ends, **{**made, **fields}
    )


class FakeDesk:
    """Keeps what was wished; answers as it is told."""

    def __init__(self, alerts=(), member=SERGEANT):
        self.alerts = tuple(alerts)
        self.session = SimpleNamespace(member=member)
        self.connection = Connection.CONNECTED
        self.settings = {}
        self.outbox = ()
        self.wishes = []
        self.confirmed = []
        self.confirm_answer = None
        self.outcome = SimpleNamespace(
            state=OutboxState.SENT,
            receipt=SimpleNamespace(number="RC-1", state="published", subject="a9"),
            problem=None,
            last_error="",
        )

    def setting(self, name):
        return self.settings.get(name)

    def keep_setting(self, name, value):
        self.settings[name] = value

    def keep(self, wish):
        self.wishes.append(wish)
        return SimpleNamespace(key="k")

    async def wait_for(self, key):
        return self.outcome

    async def confirm(self, password):
        self.confirmed.append(password)
        return self.confirm_answer


def make(qtbot, desk, *, now=NOW, size=(1290, 700), theme="day", agency=AGENCY) -> AlertsPage:
    panes, said = [], []

    def new_pane(title):
        panes.append(StubPane(title))
        return panes[-1]

    context = Context(
        desk=desk, ground=GROUND, agency=agency, clock=lambda: now, theme=lambda: theme, start=asyncio.run,
        new_pane=new_pane, open_wizard=lambda _d: None, open_request=lambda _i: None, say=said.append,
        training=(SimpleNamespace(username="x", password="lamp", member=desk.session.member, says=""),),
        evidence_folder=Path("/tmp"),
    )  # fmt: skip
    page = AlertsPage(context)
    page.panes, page.said = panes, said
    qtbot.addWidget(page)
    page.resize(*size)
    page.show()
    page.entered()
    page.grab()
    return page


def send(page):
    """Press "Send now"; what goes to everybody as something grave is asked once more."""
    find(page, "alerts.send").click()
    if find(page, "alerts.said").text().startswith("This goes to everybody at once"):
        find(page, "alerts.send").click()
