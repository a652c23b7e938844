"""Flag, decision, appeal and publication the whole way, with a real service process and a console of each side."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import msgspec
import pytest

from console.client.desk import Desk
from console.client.gateway import Gateway
from console.client.moderation import decide_wish, flag_wish, own_flags, read_item
from console.client.vault import open_vault
from console.contract import endpoints as e
from console.contract.moderation import ItemView, OwnFlags
from console.contract.payloads import Session
from console.domain.atlas import AtlasIndex
from console.domain.feed import Post, Visibility
from console.domain.ground import Ground
from console.domain.members import NEUTRAL_DESK
from console.domain.moderation import Act, FlagOutcome, FlagReason, Lane, Reason
from console.domain.requests import State
from console.service.app import now_utc
from console.service.atlas import read_pack
from console.training import process
from console.training.keys import password_of, resident_link
from console.training.members import ORI
from tests.journeys.test_limits_journey import sent, until
from tests.journeys.test_outbox_and_service import COMMAND, _Now, _order
from tests.service.conftest import World
from tests.service.moderation_world import at

pytestmark = pytest.mark.journey
HTML = {"Accept": "text/html"}
HOMES = {"officer": ORI, "supervisor": ORI, "neutral": NEUTRAL_DESK, "neutral2": NEUTRAL_DESK}


@asynccontextmanager
async def city(folder: Path, pack: Path, ground: Ground) -> AsyncIterator[tuple[process.Running, dict[str, Desk]]]:
    """A training service that holds requests, in its own process, and a desk of each side, signed in and following."""
    order = msgspec.structs.replace(_order(folder, pack), holds=("requests",))
    running = await process.start(order, COMMAND, lambda _text, _share: None)
    alive = asyncio.create_task(process.keep_alive(folder))
    desks: dict[str, Desk] = {}
    gateways, runs = [], []
    for name, agency in HOMES.items():
        gateway = Gateway(running.base_url)
        desk = Desk(
            gateway,
            lambda vault, name=name: open_vault(folder / name, vault, None),
            ground,
            now_utc,
            lambda: secrets.token_hex(16),
        )
        answer = await desk.sign_in(agency, name, password_of(running.secret, name))
        assert isinstance(answer, Session), answer
        desks[name] = desk
        gateways.append(gateway)
        runs.append(asyncio.create_task(desk.run()))
    try:
        yield running, desks
    finally:
        for desk in desks.values():
            await desk.sign_out()
        await asyncio.wait(runs, timeout=10)
        for desk, gateway in zip(desks.values(), gateways, strict=True):
            desk.close()
            await gateway.aclose()
        alive.cancel()
        await asyncio.gather(alive, return_exceptions=True)


def _browser(url: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=url, headers={"Origin": url}, follow_redirects=True, timeout=30)


def _post(desk: Desk, post_id: str) -> Post | None:
    return next((post for post in desk.posts if post.id == post_id), None)


async def _item(desk: Desk, title: str) -> ItemView:
    row = await until(lambda: next((i for i in desk.queue if i.title == title and i.lane is not Lane.DECIDED), None))
    view = await read_item(desk, row.id)
    assert isinstance(view, ItemView)
    return view


def test_a_flag_a_removal_an_appeal_and_a_held_request_go_the_whole_way(tmp_path: Path, chicago_pack: Path) -> None:
    ground = Ground(AtlasIndex(read_pack(chicago_pack).atlas))

    async def flagged(running: process.Running, desks: dict[str, Desk]) -> None:
        officer, neutral, second = desks["officer"], desks["neutral"], desks["neutral2"]
        assert await until(lambda: neutral.queue), "the training city seeds a few flags"
        async with _browser(running.base_url) as author:
            await author.get(resident_link(running.base_url, running.secret, ground.index.atlas.blocks[0].id))
            words = {"category": "crime", "title": "Zebrafinch seen", "text": "Call 555 0147."}
            post_id = (await author.post(e.WRITE_POST.path, json=words)).json()["id"]
            await until(lambda: _post(officer, post_id))
            await sent(officer, officer.keep(flag_wish(post_id, "", FlagReason.PERSONAL_DATA, "A number.")))
            seen, slow = await _item(neutral, "Zebrafinch seen"), await _item(second, "Zebrafinch seen")
            assert seen.flags[0].agencies[0].agency_name == "Lakeside Police"
            await sent(neutral, neutral.keep(decide_wish(seen, Act.REMOVE, Reason.PERSONAL_DATA, "Leave it out.")))
            late = await second.wait_for(second.keep(decide_wish(slow, Act.KEEP, Reason.WITHIN_RULES)).key)
            assert late.problem is not None
            assert late.problem.title == "Decided since you started: removed by Moderator Example Seven."
            await until(lambda: _post(officer, post_id) is None and officer.feed.post(post_id) is None)
            flags = await own_flags(officer)
            assert isinstance(flags, OwnFlags)
            assert (flags.flags[0].post, flags.flags[0].outcome) == (post_id, FlagOutcome.REMOVED)
            page = (await author.get(e.NEIGHBOUR_PAGE.path, headers=HTML)).text
            assert "removed your post" in page
            assert "Zebrafinch" not in page
            decision = re.search(r'class="decision" data-id="(\w+)"', page)
            assert decision is not None
            path = at(e.APPEAL_AS_NEIGHBOUR, decision_id=decision[1])
            assert (await author.post(path, json={"words": "It is my own number."})).json() == {"ok": True}
            await until(lambda: next((i for i in second.queue if i.lane is Lane.APPEALS), None))
            assert (await _item(neutral, "Zebrafinch seen")).acts == (), "who removed it does not decide the appeal"
            appealed = await _item(second, "Zebrafinch seen")
            await sent(second, second.keep(decide_wish(appealed, Act.OVERTURN, Reason.MISTAKE)))
            back = await until(lambda: (p := _post(officer, post_id)) and p.visibility is Visibility.PUBLIC and p)
            assert back.text == "Call 555 0147."
            page = (await author.get(e.NEIGHBOUR_PAGE.path, headers=HTML)).text
            assert "what you wrote is shown again" in page
            public = (await author.get(at(e.AGENCY_PAGE, ori=ORI), headers=HTML)).text
            assert "Flags by this agency" in public

    async def held(running: process.Running, desks: dict[str, Desk]) -> None:
        officer, supervisor, neutral = desks["officer"], desks["supervisor"], desks["neutral"]
        draft = World.draft(_Now(ground), id="held")  # type: ignore[arg-type]
        await sent(officer, officer.submit(draft))
        request = await until(lambda: next((r for r in supervisor.requests if r.draft.id == "held"), None))
        approved = await sent(supervisor, supervisor.approve(request))
        assert approved.receipt is not None
        assert approved.receipt.state == State.APPROVED
        assert draft.area is not None
        async with _browser(running.base_url) as asked:
            await asked.get(resident_link(running.base_url, running.secret, draft.area.blocks[0]))
            assert draft.title not in (await asked.get(e.NEIGHBOUR_PAGE.path, headers=HTML)).text
            view = await _item(neutral, draft.title)
            assert view.item.lane is Lane.PUBLICATION
            await sent(neutral, neutral.keep(decide_wish(view, Act.PUBLISH, Reason.WITHIN_RULES)))
            assert draft.title in (await asked.get(e.NEIGHBOUR_PAGE.path, headers=HTML)).text
        await until(lambda: next((r for r in officer.requests if r.state is State.PUBLISHED), None))

    async def go() -> None:
        async with city(tmp_path, chicago_pack, ground) as (running, desks):
            await flagged(running, desks)
            await held(running, desks)

    asyncio.run(go())
