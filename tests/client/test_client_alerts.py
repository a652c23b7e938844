"""Alerts on the workstation: wishes that go to the right row, drafts that survive, and a list in step with events."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import msgspec
import pytest

from console.client import alerts as wishes
from console.client.desk import Changed, Desk
from console.client.gateway import Gateway
from console.client.outbox import OutboxState
from console.client.vault import open_vault
from console.contract import alerts as c
from console.contract import endpoints as e
from console.contract import events
from console.domain.alert_lanes import LANES, Lane, lane_of, listed, send_words, sent_words, waiting_for
from console.domain.alerts import Alert, AlertDraft, AlertState, MessageKind, Spot, newest
from console.domain.members import Member, Role
from tests.client.client_fakes import (
    AGENCY,
    CENTRE,
    NOW,
    PASSWORD,
    URL,
    FakeService,
    MemorySecrets,
    Minted,
    make_ground,
)

AUTHOR = Member("m2", AGENCY.ori, "Example Two", "Sergeant", "0002", Role.SUPERVISOR)
DRAFT = AlertDraft(
    "d1", title="Gas leak", text="Please stay inside.", where=Spot(CENTRE), ends=NOW + timedelta(hours=3)
)


def made(state: AlertState = AlertState.PUBLISHED, **fields) -> Alert:
    alert = Alert(
        "a1", "PL-1", 4, state, AGENCY.ori, AUTHOR, DRAFT, {}, NOW, NOW + timedelta(hours=3),
        published_at=NOW if state is AlertState.PUBLISHED else None,
    )  # fmt: skip
    return msgspec.structs.replace(alert, **fields)


class Kept:
    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    def drafts(self) -> wishes.AlertDrafts:
        return wishes.AlertDrafts(self.values.get, self.values.__setitem__)


def test_each_wish_goes_to_its_row_with_the_version_that_was_seen() -> None:
    alert, update = made(), newest(made())
    clear = msgspec.structs.replace(update, message=MessageKind.CANCEL)
    rows = [
        (wishes.send_alert(DRAFT, NOW), e.SUBMIT_ALERT),
        (wishes.send_alert(update, NOW, alert), e.UPDATE_ALERT),
        (wishes.send_alert(clear, NOW, alert), e.CANCEL_ALERT),
        (wishes.send_again(alert, DRAFT, NOW), e.RESUBMIT_ALERT),
        (wishes.approve(alert), e.APPROVE_ALERT),
        (wishes.return_(alert, "Why?"), e.RETURN_ALERT),
        (wishes.withdraw(alert), e.WITHDRAW_ALERT),
        (wishes.close_comments(alert, "Because it is over."), e.CLOSE_COMMENTS),
        (wishes.open_comments(alert), e.OPEN_COMMENTS),
    ]
    assert {row.name for _, row in rows} == wishes.ALERT_ENDPOINTS
    for wish, row in rows:
        assert wish.endpoint is row
        assert isinstance(wish.body, row.body)
        if row is not e.SUBMIT_ALERT:
            assert wish.path == {"alert_id": "a1"}
            assert wish.body.version == 4


def test_drafts_outlive_the_program_and_go_when_the_service_holds_them() -> None:
    kept = Kept()
    kept.drafts().keep(DRAFT)
    other = msgspec.structs.replace(DRAFT, id="d2")
    kept.drafts().keep(other)
    kept.drafts().keep(msgspec.structs.replace(DRAFT, title="Gas leak on Lake"))
    assert [(d.id, d.title) for d in kept.drafts().all()] == [("d1", "Gas leak on Lake"), ("d2", "Gas leak")]
    kept.drafts().forget_sent((made(AlertState.RETURNED),))
    assert len(kept.drafts().all()) == 2, "one that came back is still being mended"
    kept.drafts().forget_sent((made(),))
    assert [d.id for d in kept.drafts().all()] == ["d2"]
    kept.drafts().forget("d2")
    kept.drafts().forget("d2")
    assert kept.drafts().all() == ()
    kept.values["alert_drafts"] = '[{"of": "a newer Porchlight"}]'
    assert kept.drafts().all() == ()


def test_the_list_is_loaded_kept_in_step_and_read_again_after_a_write(tmp_path) -> None:
    async def go() -> None:
        service = FakeService()
        service.alerts = (made(AlertState.PENDING),)
        told: list[Changed] = []
        changed = asyncio.Event()

        async def until(holds) -> None:
            async with asyncio.timeout(5):
                while not holds():
                    changed.clear()
                    await changed.wait()

        def note(what: Changed) -> None:
            told.append(what)
            changed.set()

        desk = Desk(
            Gateway(URL, transport=service.transport()), lambda name: open_vault(tmp_path, name, MemorySecrets()),
            make_ground(), lambda: NOW, Minted(),
        )  # fmt: skip
        desk.on_changed = note
        await desk.sign_in(AGENCY.ori, "one", PASSWORD)
        running = asyncio.create_task(desk.run())
        await until(lambda: desk.alerts)
        assert Changed.ALERTS in told
        service.alerts = (made(),)
        await service.tell(events.AlertChanged("a1"))
        await until(lambda: desk.alerts[0].state is AlertState.PUBLISHED)
        service.alerts = (made(AlertState.ENDED),)
        row = await desk.wait_for(desk.keep(wishes.close_comments(made(), "The search is over.")).key)
        assert row.state is OutboxState.SENT
        assert msgspec.json.decode(row.body, type=c.CommentsClosing).reason == "The search is over."
        await until(lambda: desk.alerts[0].state is AlertState.ENDED)
        await desk.sign_out()
        await running
        desk.close()

    asyncio.run(go())


def test_the_list_has_lanes_and_shows_what_is_out_once() -> None:
    update = newest(made())
    alerts = (
        made(),
        made(AlertState.PUBLISHED, id="a2", draft=update),
        made(AlertState.PENDING, id="a3", draft=msgspec.structs.replace(update, id="d3")),
    )
    things = listed((msgspec.structs.replace(DRAFT, id="d9"), DRAFT), alerts)
    assert [(lane_of(thing), thing.id) for thing in things] == [
        (Lane.DRAFTS, "d9"),
        (Lane.WAITING, "a3"),
        (Lane.IN_FORCE, "a1"),
    ]
    assert waiting_for(alerts) == 1
    assert set(LANES) == set(Lane)
    assert {lane_of(made(state)) for state in AlertState} == set(Lane) - {Lane.DRAFTS}


@pytest.mark.parametrize(
    ("fields", "role", "words"),
    [
        ({}, Role.OFFICER, "Send for approval"),
        ({}, Role.MODERATOR, "Send now"),
        ({"send_at": NOW + timedelta(hours=1)}, Role.MODERATOR, "Schedule"),
        ({"message": MessageKind.UPDATE}, Role.SUPERVISOR, "Send the update"),
        ({"message": MessageKind.CANCEL}, Role.SUPERVISOR, "Send the all-clear"),
    ],
)
def test_the_button_says_what_sending_does(fields, role, words) -> None:
    assert send_words(msgspec.structs.replace(DRAFT, **fields), role, AGENCY, NOW) == words
    assert all(sent_words(state.value).endswith(".") for state in AlertState)
