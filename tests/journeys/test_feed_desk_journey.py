"""The feed desk the whole way, with a real service process: two desks on one post, and a service that goes away."""

from __future__ import annotations

import asyncio
import secrets
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import psutil
import pytest

from console.client import desk_work as wishes
from console.client.desk import Connection, Desk
from console.client.gateway import Gateway
from console.client.outbox import OutboxState
from console.client.vault import open_vault
from console.contract import endpoints as e
from console.contract.payloads import Session
from console.domain.atlas import AtlasIndex
from console.domain.desk_work import (
    AddNote,
    Assign,
    CloseReason,
    DeskState,
    JudgeFine,
    LinkCase,
    PostClaim,
    SetState,
)
from console.domain.feed_filter import FeedFilter
from console.domain.feed_query import read_query
from console.domain.ground import Ground
from console.domain.members import MemberId
from console.service.app import now_utc
from console.service.atlas import read_pack
from console.training import process
from console.training.keys import password_of, resident_link
from console.training.members import ORI
from tests.client.client_fakes import MemorySecrets
from tests.journeys.test_limits_journey import sent, until
from tests.journeys.test_outbox_and_service import COMMAND, _order

pytestmark = pytest.mark.journey
HTML = {"Accept": "text/html"}
NAMES = ("officer", "moderator")
ZONE = ZoneInfo("America/Chicago")
CLOSE = SetState(DeskState.CLOSED, CloseReason.NO_ACTION)


def _browser(url: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=url, headers={"Origin": url}, follow_redirects=True, timeout=30)


@asynccontextmanager
async def desks_of(
    folder: Path, running: process.Running, ground: Ground, keys: MemorySecrets
) -> AsyncIterator[dict[str, Desk]]:
    """A desk of each member, signed in and following, with a vault on the disk."""
    made: dict[str, Desk] = {}
    gateways, runs = [], []
    for name in NAMES:
        gateway = Gateway(running.base_url)
        desk = Desk(
            gateway,
            lambda vault, name=name: open_vault(folder / name, vault, keys),
            ground,
            now_utc,
            lambda: secrets.token_hex(16),
        )
        answer = await desk.sign_in(ORI, name, password_of(running.secret, name))
        assert isinstance(answer, Session), answer
        made[name] = desk
        gateways.append(gateway)
        runs.append(asyncio.create_task(desk.run()))
    try:
        yield made
    finally:
        for desk in made.values():
            await desk.sign_out()
        await asyncio.wait(runs, timeout=10)
        for desk, gateway in zip(made.values(), gateways, strict=True):
            desk.close()
            await gateway.aclose()


def test_two_members_share_a_desk_and_neither_loses_a_word(tmp_path: Path, chicago_pack: Path) -> None:
    ground = Ground(AtlasIndex(read_pack(chicago_pack).atlas))

    async def work(running: process.Running, desks: dict[str, Desk]) -> None:
        officer, press = desks["officer"], desks["moderator"]
        async with _browser(running.base_url) as neighbour:
            await neighbour.get(resident_link(running.base_url, running.secret, ground.index.atlas.blocks[0].id))
            words = {"category": "crime", "title": "Zebrafinch stolen", "text": "The cage is empty since Tuesday."}
            post_id = (await neighbour.post(e.WRITE_POST.path, json=words)).json()["id"]
            # Live in both copies, and found by words and operators.
            query = read_query('zebrafin "cage is empty" kind:crime', ZONE)
            for desk in desks.values():
                await until(lambda desk=desk: desk.feed.page(query, FeedFilter(), None, 10).posts)
            # The officer works on it: the press officer sees who, and is stopped from answering as well.
            claim = await wishes.claim(officer, post_id)
            assert isinstance(claim, PostClaim)
            await until(lambda: press.desk_item(post_id).claim_at(now_utc()) is not None)
            late = await press.wait_for(press.comment(post_id, "Please call the station.").key)
            assert late.state is OutboxState.REFUSED
            assert late.problem is not None
            assert (late.problem.code, late.problem.title) == (
                "claimed",
                "Officer Example One is working on this post.",
            )
            assert b"Please call the station." in late.body, "the words are still there"
            # Both act on what they saw; of each pair one is done, the other is told, and notes of both are kept.
            await wishes.release(officer, post_id)
            await until(lambda: press.desk_item(post_id).claim is None)
            for deed in (
                Assign(MemberId(f"{ORI}-officer")),
                LinkCase(f"{now_utc().year}-012-000431"),
                JudgeFine(),
                CLOSE,
            ):
                seen = press.desk_item(post_id)
                assert seen == officer.desk_item(post_id)
                rows = [officer.keep(wishes.do([seen], deed, "First")), press.keep(wishes.do([seen], deed, "Second"))]
                ends = [await officer.wait_for(rows[0].key), await press.wait_for(rows[1].key)]
                states = sorted(end.state.value for end in ends)
                assert states == ["refused", "sent"], (deed, [end.problem for end in ends])
                refused = next(end for end in ends if end.problem is not None)
                assert refused.problem.code == "moved_on"
                await until(
                    lambda seen=seen: (
                        officer.desk_item(post_id).version == seen.version + 1
                        and press.desk_item(post_id) == officer.desk_item(post_id)
                    )
                )
            seen = press.desk_item(post_id)
            for desk, text in ((officer, "Called her at noon."), (press, "Same cage as in May?")):
                await sent(desk, desk.keep(wishes.do([seen], AddNote(text), "Note")))
            item = await until(lambda: (i := officer.desk_item(post_id)) and len(i.notes) == 2 and i)
            assert {note.text for note in item.notes} == {"Called her at noon.", "Same cage as in May?"}
            # The press officer answers: the neighbour sees nothing of it within the minute, and nothing of the desk ever.
            await sent(press, press.comment(post_id, "We look into it."))
            await until(lambda: officer.desk_item(post_id).state is DeskState.ANSWERED)
            page = (await neighbour.get(e.NEIGHBOUR_PAGE.path, headers=HTML)).text
            assert "Zebrafinch stolen" in page
            for hidden in ("We look into it.", "Called her at noon.", "000431", "Same cage"):
                assert hidden not in page
            told = await wishes.lines(officer, post_id)
            assert isinstance(told, tuple)
            assert [line.deed for line in told][:3] == ["answer", "add_note", "add_note"]

    async def go() -> None:
        running = await process.start(_order(tmp_path, chicago_pack), COMMAND, lambda _text, _share: None)
        alive = asyncio.create_task(process.keep_alive(tmp_path))
        try:
            async with desks_of(tmp_path, running, ground, MemorySecrets()) as desks:
                await work(running, desks)
        finally:
            alive.cancel()
            await asyncio.gather(alive, return_exceptions=True)

    asyncio.run(go())


def _kill(base_url: str) -> None:
    """End the service's process at once, as a power cut would."""
    port = int(base_url.rpartition(":")[2])
    found = [c.pid for c in psutil.net_connections("tcp") if c.status == psutil.CONN_LISTEN and c.laddr.port == port]
    assert found
    assert found[0] is not None
    process_ = psutil.Process(found[0])
    process_.send_signal(signal.SIGKILL)
    psutil.wait_procs([process_], timeout=10)


def test_with_the_service_gone_the_feed_is_read_and_searched_and_what_is_done_goes_out_later(
    tmp_path: Path, chicago_pack: Path
) -> None:
    ground = Ground(AtlasIndex(read_pack(chicago_pack).atlas))
    query, keys = read_query("kind:crime", ZONE), MemorySecrets()

    async def go() -> None:
        order = _order(tmp_path, chicago_pack)
        running = await process.start(order, COMMAND, lambda _text, _share: None)
        alive = asyncio.create_task(process.keep_alive(tmp_path))
        try:
            async with desks_of(tmp_path, running, ground, keys) as desks:
                press = desks["moderator"]
                await until(lambda: press.feed.state().is_filled)
                found = press.feed.page(query, FeedFilter(), None, 5).posts
                assert found
                await asyncio.to_thread(_kill, running.base_url)
                await until(lambda: press.connection is not Connection.CONNECTED)
                assert press.feed.page(query, FeedFilter(), None, 5).posts == found, "read and searched as before"
                post_id = found[0].id
                press.comment(post_id, "We have seen this.")
                press.keep(wishes.do([press.desk_item(post_id)], JudgeFine(), "Judged fine"))
                assert [row.state for row in press.outbox] == [OutboxState.WAITING] * 2
            again = await process.start(order, COMMAND, lambda _text, _share: None)
            async with desks_of(tmp_path, again, ground, keys) as desks:
                press = desks["moderator"]
                assert len(press.outbox) == 2, "what was decided has outlived both programs"
                for row in press.outbox:
                    settled = await press.wait_for(row.key)
                    assert settled.state is OutboxState.SENT, settled.problem
                item = await until(lambda: (i := press.desk_item(post_id)) and i.fine and i)
                assert item.state is DeskState.ANSWERED
        finally:
            alive.cancel()
            await asyncio.gather(alive, return_exceptions=True)

    asyncio.run(go())
