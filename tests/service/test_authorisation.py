"""Who may call what: generated from the table of endpoints, so that no row goes untried."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from console.contract import endpoints as e
from console.contract.endpoints import ENDPOINTS, Endpoint, Party
from console.domain.members import Role
from console.service.app import HANDLERS
from console.service.routing import unmatched
from console.training.members import OTHER_ORI
from tests.service.conftest import World, run

USERS = {
    Role.OFFICER: "officer",
    Role.SUPERVISOR: "supervisor",
    Role.MODERATOR: "moderator",
    Role.AUDITOR: "auditor",
    Role.ADMIN: "admin",
    Role.NEUTRAL_MODERATOR: "neutral",
}
FOR_MEMBERS = [row for row in ENDPOINTS if any(isinstance(w, Role) for w in row.who)]
FOR_NEIGHBOURS = [row for row in ENDPOINTS if Party.NEIGHBOUR in row.who]
PATHS = {
    "gathering_id": "no-such-gathering",
    "template_id": "no-such-template",
    "member_id": "no-such-member",
    "request_id": "no-such-request",
    "post_id": "no-such-post",
    "clip_id": "no-such-clip",
    "comment_id": "no-such-comment",
    "reply_id": "no-such-reply",
    "picture_id": "no-such-picture",
    "item_id": "no-such-item",
    "decision_id": "no-such-decision",
    "alert_id": "no-such-alert",
    "identifier": "no-such-message",
}
# The stream does not end by itself; who may open it is tried in its own test.
STREAMS = {"follow_events"}


def _named(row: Endpoint) -> dict[str, str]:
    return {name: value for name, value in PATHS.items() if f"{{{name}:str}}" in row.path}


def test_every_row_has_a_handler_and_every_handler_a_row() -> None:
    assert unmatched(HANDLERS) == (set(), set())
    assert len({row.name for row in ENDPOINTS}) == len(ENDPOINTS)
    assert len({(row.method, row.path) for row in ENDPOINTS}) == len(ENDPOINTS)
    missing, _ = unmatched(HANDLERS[1:])
    assert missing, "the check itself must be able to fail"


def test_a_role_outside_the_row_is_refused_and_one_inside_gets_past_the_door(sqlite_world: World) -> None:
    def cells() -> Iterator[tuple[Endpoint, Role]]:
        for row in FOR_MEMBERS:
            if row.name in STREAMS | {"sign_out"}:
                continue
            for role in Role:
                yield row, role

    async def go() -> None:
        async with sqlite_world as world:
            for row, role in cells():
                answer = await world.call(row, USERS[role], b"{}" if row.body else None, **_named(row))
                where = f"{role} at {row.name}: {answer.status_code} {answer.text[:120]}"
                if role in row.who:
                    assert answer.status_code not in {401, 403, 500}, where
                else:
                    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden"), where

    run(go())


def test_without_a_sign_in_nothing_of_members_or_neighbours_answers(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            for row in FOR_MEMBERS + FOR_NEIGHBOURS:
                answer = await world.call(row, None, b"{}" if row.body else None, **_named(row))
                assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in"), row.name

    run(go())


def test_another_agencys_things_are_as_unknown_as_what_does_not_exist(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            request_id = await world.submit()
            bodies = {
                "approve_request": {"version": 1},
                "withdraw_request": {"version": 1, "reason": "mistake"},
                "claim_request": {},
                "return_request": {"version": 1, "comments": [{"field": "text", "text": "x"}]},
                "reject_request": {"version": 1, "reason": "policy"},
                "add_addendum": {"version": 1, "text": "x"},
                "resolve_request": {"version": 1, "outcome": "lead"},
                "show_request": None,
            }
            for row in ENDPOINTS:
                if row.name not in bodies:
                    continue
                role = "supervisor" if Role.SUPERVISOR in row.who else "officer"
                theirs = await world.call(row, role, bodies[row.name], agency=OTHER_ORI, request_id=request_id)
                nobodys = await world.call(row, role, bodies[row.name], agency=OTHER_ORI, request_id="nothing")
                assert theirs.status_code == 404, (row.name, theirs.text)
                assert theirs.content == nobodys.content, row.name
            assert (await world.call(e.LIST_REQUESTS, "officer", agency=OTHER_ORI)).json()["requests"] == []

    run(go())


def test_a_token_ends_with_sign_out_and_with_disuse(sqlite_world: World) -> None:
    from datetime import timedelta

    async def go() -> None:
        async with sqlite_world as world:
            assert (await world.call(e.SIGN_OUT, "officer")).status_code == 200
            assert (await world.call(e.LIST_REQUESTS, "officer")).status_code == 401
            await world.sign_in("supervisor")
            world.now += timedelta(minutes=31)
            assert (await world.call(e.LIST_REQUESTS, "supervisor")).status_code == 401

    run(go())


def test_passwords_cannot_be_tried_forever(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            body = {"agency": "ZZ0000001", "username": "officer", "password": "wrong"}
            codes = [(await world.call(e.SIGN_IN, None, body)).json()["code"] for _ in range(7)]
            assert codes == ["wrong_credentials"] * 6 + ["too_many_attempts"]

    run(go())


@pytest.mark.parametrize("origin", ["", "http://evil.example.org", "null"])
def test_another_sites_page_cannot_act_for_a_neighbour(sqlite_world: World, origin: str) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            browser = await world.neighbour(world.ground.index.atlas.blocks[0].id)
            answer = await browser.put(e.SET_OPT_OUT.path, json={"opted_out": True}, headers={"Origin": origin})
            assert (answer.status_code, answer.json()["code"]) == (403, "wrong_origin")

    run(go())
