"""Holding before publication: nothing is public or asked before a neutral moderator has looked, where policy says so."""

from __future__ import annotations

from datetime import timedelta

import msgspec

from console.contract import endpoints as e
from console.domain.moderation import Act, ItemKind, ItemState, Lane, Reason
from console.domain.requests import Request, State
from tests.service import moderation_world as w
from tests.service.conftest import World, run


def _holding(world: World, *kinds: ItemKind) -> World:
    object.__setattr__(world.parts, "holds", frozenset(kinds or (ItemKind.REQUEST,)))
    return world


async def _request(world: World, request_id: str) -> Request:
    answer = await world.call(e.SHOW_REQUEST, "officer", request_id=request_id)
    return msgspec.json.decode(answer.content, type=Request)


async def _published(world: World) -> list:
    return (await world.call(e.LIST_PUBLISHED, ori="ZZ0000001")).json()["requests"]


def test_without_the_policy_an_approval_publishes_at_once(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            request_id = await world.publish()
            assert (await _request(world, request_id)).state is State.PUBLISHED
            assert await w.queue(world) == ()

    run(go())


def test_what_is_held_is_public_only_after_a_moderator_published_it(world: World) -> None:
    async def go() -> None:
        async with _holding(world):
            request_id = await world.publish()
            held = await _request(world, request_id)
            assert (held.state, held.published_at) == (State.APPROVED, None)
            assert await _published(world) == []
            assert held.draft.area is not None
            browser = await world.neighbour(held.draft.area.blocks[0])
            assert request_id not in (await browser.get("/n", headers={"Accept": "text/html"})).text
            seen = await w.view(world)
            assert (seen.item.lane, seen.item.kind) == (Lane.PUBLICATION, ItemKind.REQUEST)
            assert (seen.title, seen.author) == (held.draft.title, "Officer Example One, Lakeside Police")
            assert dict(seen.facts)["Approved by"] == "Sergeant Example Two"
            world.now += timedelta(minutes=20)
            done = await w.decide(world, seen, Act.PUBLISH)
            assert done.status_code == 200, done.text
            published = await _request(world, request_id)
            assert (published.state, published.published_at) == (State.PUBLISHED, world.now)
            assert [line["id"] for line in await _published(world)] == [request_id]
            assert request_id in (await browser.get("/n", headers={"Accept": "text/html"})).text
            assert "Example Seven" not in msgspec.json.encode(published).decode()

    run(go())


def test_a_refusal_goes_back_to_the_author_with_the_reason_and_can_be_sent_again(world: World) -> None:
    async def go() -> None:
        async with _holding(world):
            request_id = await world.publish()
            await w.decided(world, Act.REFUSE, reason=Reason.WORDING, words="Say what happened.")
            back = await _request(world, request_id)
            assert back.state is State.RETURNED
            assert (back.history[-1].action, back.history[-1].reason) == ("refuse", "The words. Say what happened.")
            assert back.history[-1].actor == "Porchlight service"
            body = {"version": back.version, "draft": world.draft(id="again"), "sealed_at": world.now}
            again = await world.call(e.RESUBMIT_REQUEST, "officer", body, request_id=request_id)
            assert again.status_code == 200, again.text
            version = again.json()["version"]
            approved = await world.call(e.APPROVE_REQUEST, "supervisor", {"version": version}, request_id=request_id)
            assert approved.json()["state"] == "approved"
            (item,) = await w.queue(world)
            assert (item.state, item.lane) == (ItemState.HELD, Lane.PUBLICATION)
            await w.decided(world, Act.PUBLISH)
            assert (await _request(world, request_id)).state is State.PUBLISHED

    run(go())


def test_the_author_can_withdraw_what_is_held_and_it_leaves_the_queue(world: World) -> None:
    async def go() -> None:
        async with _holding(world):
            request_id = await world.publish()
            seen = await w.view(world)
            version = (await _request(world, request_id)).version
            body = {"version": version, "reason": "solved"}
            assert (await world.call(e.WITHDRAW_REQUEST, "officer", body, request_id=request_id)).status_code == 200
            late = await w.decide(world, seen, Act.PUBLISH)
            assert late.json()["code"] == "moved_on"
            assert (await w.view(world, seen.item.id)).item.lane is Lane.DECIDED
            assert (await _request(world, request_id)).state is State.WITHDRAWN

    run(go())


def test_the_limits_are_judged_again_at_publication_however_long_it_was_held(sqlite_world: World) -> None:
    async def go() -> None:
        async with _holding(sqlite_world) as world:
            request_id = await world.publish()
            world.now += timedelta(days=46)
            world.forget_sign_ins()
            refused = await w.decide(world, await w.view(world), Act.PUBLISH)
            assert (refused.status_code, refused.json()["code"]) == (422, "refused")
            assert "window_too_old" in {finding["code"] for finding in refused.json()["findings"]}
            assert (await _request(world, request_id)).state is State.APPROVED
            assert (await w.view(world)).item.state is ItemState.HELD, "nothing is kept of a refused act"

    run(go())


def test_no_agency_publishes_or_refuses_what_is_held(sqlite_world: World) -> None:
    async def go() -> None:
        async with _holding(sqlite_world) as world:
            request_id = await world.publish()
            item_id = (await w.queue(world))[0].id
            body = {"version": 1, "act": "publish", "reason": "within_rules"}
            for user in ("officer", "supervisor", "moderator", "admin"):
                assert (await world.call(e.DECIDE_ITEM, user, body, item_id=item_id)).status_code == 403
            again = await world.call(e.APPROVE_REQUEST, "supervisor2", {"version": 3}, request_id=request_id)
            assert again.status_code == 409
            assert (await _request(world, request_id)).state is State.APPROVED

    run(go())
