"""Two members act on what they both saw: the first is done, the second is told, and nothing is lost or half done."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from console.contract import alerts as c
from console.contract import endpoints as e
from console.domain.alerts import Alert, MessageKind
from tests.service.alert_help import follow, send, show
from tests.service.conftest import World, run

REASON = "The search is over; please call the desk."


def act(world: World, name: str, alert: Alert) -> tuple[e.Endpoint, str, Any]:
    """An act by its name: the row, who does it, and the body with the version that was seen."""
    seen = alert.version
    update = follow(alert, MessageKind.UPDATE, title=f"Something new by {name}")
    clear = follow(alert, MessageKind.CANCEL, title="All clear", text="The leak is closed. Thank you all.")
    return {
        "approve": (e.APPROVE_ALERT, "supervisor", {"version": seen}),
        "approve too": (e.APPROVE_ALERT, "moderator", {"version": seen}),
        "return": (e.RETURN_ALERT, "moderator", {"version": seen, "comment": "Say which park."}),
        "withdraw": (e.WITHDRAW_ALERT, "officer", {"version": seen}),
        "update": (e.UPDATE_ALERT, "supervisor", c.FollowUp(seen, update, world.now)),
        "update too": (e.UPDATE_ALERT, "moderator", c.FollowUp(seen, update, world.now)),
        "clear": (e.CANCEL_ALERT, "supervisor", c.FollowUp(seen, clear, world.now)),
        "clear too": (e.CANCEL_ALERT, "moderator", c.FollowUp(seen, clear, world.now)),
        "close": (e.CLOSE_COMMENTS, "moderator", {"version": seen, "reason": REASON}),
        "close too": (e.CLOSE_COMMENTS, "supervisor", {"version": seen, "reason": REASON}),
        "open": (e.OPEN_COMMENTS, "supervisor", {"version": seen}),
    }[name]


WAITING = [("approve", "approve too"), ("approve", "return"), ("approve", "withdraw"), ("return", "withdraw")]
OUT = [("update", "update too"), ("update", "clear too"), ("clear", "clear too"), ("clear", "close"), ("update", "close"),
       ("close", "close too"), ("close", "open")]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), WAITING + OUT, ids=lambda name: name)
def test_of_two_at_once_one_is_done_and_the_other_is_told(world: World, one: str, other: str) -> None:
    async def go() -> None:
        async with world:
            alert_id = await send(world, "officer" if (one, other) in WAITING else "supervisor")
            before = await show(world, alert_id)
            acts = [act(world, name, before) for name in (one, other)]
            for _, who, _ in acts:
                await world.sign_in(who)
            answers = await asyncio.gather(*(world.call(row, who, body, alert_id=alert_id) for row, who, body in acts))
            assert sorted(answer.status_code for answer in answers) == [200, 409], [a.text for a in answers]
            refused = next(answer for answer in answers if answer.status_code == 409)
            assert refused.json()["code"] == "moved_on"
            assert refused.json()["advice"]
            after = await show(world, alert_id)
            done = acts[answers.index(next(a for a in answers if a.status_code == 200))][0]
            lines = (await world.call(e.READ_AUDIT, "auditor")).json()["entries"]
            acted = {row.name for row, _, _ in acts}
            assert [line["action"] for line in lines if line["action"] in acted] == [done.name]
            assert len(after.messages) == len(before.messages) + (
                1 if done in {e.UPDATE_ALERT, e.CANCEL_ALERT} or done is e.APPROVE_ALERT else 0
            )
            assert [step.version for step in after.history] == list(range(1, after.version + 1))

    run(go())
