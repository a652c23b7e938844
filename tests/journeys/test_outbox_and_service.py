"""A desk against a real service process over loopback: killed, restarted, attached to twice."""

from __future__ import annotations

import asyncio
import secrets
import sys
from pathlib import Path

import httpx
import pytest

from console.client.desk import Desk
from console.client.gateway import Gateway
from console.client.outbox import OutboxState
from console.client.vault import open_vault
from console.contract import endpoints as e
from console.domain.atlas import AtlasIndex
from console.domain.ground import Ground
from console.service.app import now_utc
from console.service.atlas import read_pack
from console.training import process
from console.training.keys import password_of, resident_link
from console.training.members import ORI
from tests.service.conftest import RESOURCES, World

pytestmark = pytest.mark.journey
COMMAND = [sys.executable, "-m", "console", "training-service"]


def _order(folder: Path, pack: Path) -> process.Order:
    return process.Order(str(folder), str(RESOURCES), str(pack), secrets.token_hex(16), (), process.Pace(3_600.0))


async def _ended(base_url: str) -> None:
    async with httpx.AsyncClient() as client:
        for _ in range(300):
            try:
                await client.get(base_url + e.HEALTH.path)
            except httpx.HTTPError:
                return
            await asyncio.sleep(0.1)
    raise AssertionError("the training service did not end after its last console")


def test_two_consoles_share_one_city_and_a_request_goes_from_one_to_the_other(
    tmp_path: Path, chicago_pack: Path
) -> None:
    async def go() -> None:
        ground = Ground(AtlasIndex(read_pack(chicago_pack).atlas))
        steps: list[tuple[str, float]] = []
        order = _order(tmp_path, chicago_pack)
        running = await process.start(order, COMMAND, lambda text, share: steps.append((text, share)))
        assert [share for _, share in steps] == sorted(share for _, share in steps)
        assert (tmp_path / "running.json").stat().st_mode & 0o077 == 0
        assert await process.find(tmp_path) == running
        keeping = asyncio.create_task(process.keep_alive(tmp_path))

        gateways = [Gateway(running.base_url), Gateway(running.base_url)]

        def desk(gateway: Gateway, name: str) -> Desk:
            return Desk(gateway, lambda v: open_vault(tmp_path / name, v, None), ground, now_utc, secrets.token_hex)

        officer, supervisor = desk(gateways[0], "one"), desk(gateways[1], "two")
        for one, name in ((officer, "officer"), (supervisor, "supervisor")):
            answer = await one.sign_in(ORI, name, password_of(running.secret, name))
            assert not hasattr(answer, "code"), answer
        runs = [asyncio.create_task(officer.run()), asyncio.create_task(supervisor.run())]
        draft = World.draft(_Now(ground), id="journey")  # type: ignore[arg-type]
        row = await officer.wait_for(officer.submit(draft).key)
        assert row.state is OutboxState.SENT, row
        async with asyncio.timeout(10):
            while not supervisor.requests:
                await asyncio.sleep(0.01)
        request = supervisor.requests[0]
        decided = await supervisor.wait_for(supervisor.approve(request).key)
        assert decided.state is OutboxState.SENT, decided
        assert request.draft.area is not None
        async with httpx.AsyncClient(follow_redirects=True) as browser:
            link = resident_link(running.base_url, running.secret, request.draft.area.blocks[0])
            page = await browser.get(link, headers={"Accept": "text/html"})
            assert request.draft.title in page.text
        for one in (officer, supervisor):
            await one.sign_out()
        await asyncio.wait(runs, timeout=10)
        for one, gateway in ((officer, gateways[0]), (supervisor, gateways[1])):
            one.close()
            await gateway.aclose()
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        await _ended(running.base_url)

    asyncio.run(go())


class _Now:
    """What `World.draft` needs of a world, with today's clock."""

    def __init__(self, ground: Ground) -> None:
        self.ground, self.now = ground, now_utc()

    place = World.place
