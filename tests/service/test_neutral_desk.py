"""The neutral desk: of no agency, in no public list, and out of reach of every agency's role."""

from __future__ import annotations

import asyncio

import msgspec
import pytest
import sqlalchemy as sa

from console.contract import endpoints as e
from console.domain.members import NEUTRAL_DESK, Member, MemberId, Ori, Role
from console.service import store as t
from console.training.members import ORI
from tests.service import moderation_world as w
from tests.service.conftest import PASSWORD, World, run


def test_the_desk_is_in_no_public_list_page_or_map(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            listed = (await world.call(e.LIST_AGENCIES)).json()["agencies"]
            assert {agency["ori"] for agency in listed} == {"ZZ0000001", "ZZ0000002"}
            counts = (await world.call(e.MODERATION_COUNTS)).json()["agencies"]
            assert {agency["ori"] for agency in counts} == {"ZZ0000001", "ZZ0000002"}
            for path in ("/", "/map"):
                page = await world.client.get(path, headers={"Accept": "text/html"})
                assert NEUTRAL_DESK not in page.text
                assert "neutral moderators" not in page.text.lower().replace("porchlight’s neutral moderators", "")
            for row in (e.AGENCY_PAGE, e.LIST_PUBLISHED):
                assert (await world.call(row, ori=NEUTRAL_DESK)).status_code == 404

    run(go())


def test_a_neutral_moderator_sees_the_desk_and_nothing_of_any_agency(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            profile = (await world.call(e.SHOW_AGENCY, "neutral")).json()
            assert profile["agency"]["ori"] == NEUTRAL_DESK
            assert (profile["supervisors"], profile["colleagues"]) == ([], [])
            for row in (e.READ_FEED, e.LIST_REQUESTS, e.LIST_CLIPS, e.READ_AUDIT, e.LIST_FLAGS):
                assert (await world.call(row, "neutral")).status_code == 403, row.name

    run(go())


@pytest.mark.parametrize(("agency", "role"), [(ORI, Role.NEUTRAL_MODERATOR), (NEUTRAL_DESK, Role.SUPERVISOR)])
def test_nobody_is_both_of_an_agency_and_neutral(sqlite_world: World, agency: Ori, role: Role) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            member = Member(MemberId("both"), agency, "Example Nine", "Sergeant", "", role)
            username = "officer" if agency == ORI else "neutral"
            headers = await world.sign_in(username)
            known = sa.and_(t.members.c.agency == agency, t.members.c.username == username)
            async with world.parts.store.writing() as connection:
                body = msgspec.json.encode(member).decode()
                await connection.execute(sa.update(t.members).where(known).values(body=body))
            for row in (e.LIST_QUEUE, e.SHOW_AGENCY):
                answer = await world.client.get(row.path, headers=headers)
                assert (answer.status_code, answer.json()["code"]) == (403, "wrong_desk")
            signing = {"agency": agency, "username": username, "password": PASSWORD}
            answer = await world.client.post(e.SIGN_IN.path, json=signing)
            assert (answer.status_code, answer.json()["code"]) == (403, "wrong_desk")

    run(go())


def test_the_desks_console_follows_its_own_events(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            post_id = await w.write(await w.neighbour(world, 0))
            follow = world.parts.live.follow(world.parts.store, NEUTRAL_DESK, None, _always)
            assert b"welcome" in await anext(follow)
            waiting = asyncio.ensure_future(anext(follow))
            await w.flag(world, post_id)
            assert b"moderation_changed" in await asyncio.wait_for(waiting, 5)
            await follow.aclose()
            listed = await world.call(e.LIST_QUEUE, "neutral")
            assert listed.json()["as_of_event"] > 0

    run(go())


async def _always() -> bool:
    return True
