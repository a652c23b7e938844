"""The training city's alerts are real ones: in force, over, called off, scheduled and waiting, all past the check."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import msgspec

from console.contract import endpoints as e
from console.contract.alerts import Alerts
from console.domain.alerts import AlertState, MessageKind
from console.service.alert_publishing import run_due
from console.training.alerts import PLANS, send_alerts
from console.training.stories import ALERT_STORIES
from tests.service.conftest import World, ground, password_hash, run, sqlite_world

__all__ = ["ground", "password_hash", "sqlite_world"]


def test_every_story_is_told_once_and_in_every_state(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            block = world.ground.index.atlas.blocks[0].id
            await world.neighbour(block)
            assert await send_alerts(world.parts, world.now) == len(PLANS) == len(ALERT_STORIES)
            assert await send_alerts(world.parts, world.now) == 0
            answer = await world.call(e.LIST_ALERTS, "officer")
            alerts = msgspec.json.decode(answer.content, type=Alerts).alerts
            first = [alert for alert in alerts if alert.is_first]
            assert len(first) == len(PLANS)
            states = Counter(alert.state for alert in first)
            assert states[AlertState.PENDING] == states[AlertState.SCHEDULED] == 1
            assert states[AlertState.CANCELLED] == 3
            assert states[AlertState.ENDED] >= 1
            assert states[AlertState.PUBLISHED] >= 4
            kinds = Counter(message.message for alert in first for message in alert.messages)
            assert kinds[MessageKind.UPDATE] == kinds[MessageKind.CANCEL] == 3
            assert any(message.text_es for alert in first for message in alert.messages)
            assert not any(
                "{" in message.title + message.text + message.text_es for a in first for message in a.messages
            )
            world.now += timedelta(hours=31)
            assert await run_due(world.parts) >= 1

    run(go())
