"""Alerts for the tests of the service: drafts that pass, and sending them through the real application."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

import msgspec
import sqlalchemy as sa

from console.contract import alerts as c
from console.contract import endpoints as e
from console.domain.alerts import Alert, AlertDraft, AlertState, MessageKind, Spot, newest
from console.domain.policy import Agency
from console.service import store as t
from console.training.members import ORI
from tests.service.conftest import World


def draft(world: World, **changes: Any) -> AlertDraft:
    made = AlertDraft(
        secrets.token_hex(8),
        title="Gas leak near the park",
        text="Firefighters are working on a gas leak. Please stay inside and keep the windows closed.",
        title_es="Fuga de gas cerca del parque",
        text_es="Los bomberos trabajan en una fuga de gas. Quédese en casa con las ventanas cerradas.",
        where=Spot(world.place()),
        ends=world.now + timedelta(hours=3),
    )
    return msgspec.structs.replace(made, **changes)


async def send(world: World, as_: str = "supervisor", **changes: Any) -> str:
    answer = await world.call(e.SUBMIT_ALERT, as_, c.SealedAlert(draft(world, **changes), world.now))
    assert answer.status_code == 200, answer.text
    return str(answer.json()["subject"])


async def show(world: World, alert_id: str) -> Alert:
    answer = await world.call(e.SHOW_ALERT, "officer", alert_id=alert_id)
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=Alert)


def follow(alert: Alert, message: MessageKind, **changes: Any) -> AlertDraft:
    return msgspec.structs.replace(newest(alert), id=secrets.token_hex(8), message=message, **changes)


async def follow_up(
    world: World, alert_id: str, message: MessageKind = MessageKind.UPDATE, as_: str = "supervisor", **changes: Any
) -> str:
    alert = await show(world, alert_id)
    words = {"title": "The leak is smaller now", "text": "You can open the windows again. Please keep off the street."}
    made = follow(alert, message, **{**words, **changes})
    endpoint = e.UPDATE_ALERT if message is MessageKind.UPDATE else e.CANCEL_ALERT
    answer = await world.call(endpoint, as_, c.FollowUp(alert.version, made, world.now), alert_id=alert_id)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["subject"])


async def change_agency(world: World, **fields: Any) -> None:
    async with world.parts.store.writing() as connection:
        body = await connection.scalar(sa.select(t.agencies.c.body).where(t.agencies.c.ori == ORI))
        agency = msgspec.structs.replace(msgspec.json.decode(body, type=Agency), **fields)
        await connection.execute(
            sa.update(t.agencies).where(t.agencies.c.ori == ORI).values(body=msgspec.json.encode(agency).decode())
        )


async def state(world: World, alert_id: str) -> AlertState:
    return (await show(world, alert_id)).state


def later(world: World, passed: timedelta) -> None:
    """Time passes, and whoever was signed in has to sign in again."""
    world.now += passed
    world._tokens.clear()
