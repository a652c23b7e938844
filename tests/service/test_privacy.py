"""Two worlds that differ only in what neighbours are and do must look the same to a console, byte for byte."""

from __future__ import annotations

import re
from pathlib import Path

from console.contract import endpoints as e
from console.contract.endpoints import ENDPOINTS, Kind
from console.domain.ground import Ground
from console.domain.members import Role
from console.service import parts as service_parts
from console.service import requests as service_requests
from console.service import writes as service_writes
from tests.service.conftest import World, run

USERS = ("officer", "supervisor", "moderator", "auditor", "admin", "neutral")


def _numbered(monkeypatch) -> None:
    """The same ids and numbers in both worlds, so that bytes can be compared."""
    counter = {"n": 0}

    def mint() -> str:
        counter["n"] += 1
        return f"{counter['n']:024d}"

    for module in (service_parts, service_requests, service_writes):
        monkeypatch.setattr(module, "mint_number", lambda: f"PL-{mint()[-8:]}")
    monkeypatch.setattr(service_requests, "mint_id", mint)


async def _seen_by_the_agency(world: World, *, neighbours: int, act: bool) -> list[tuple[str, str, int, bytes]]:
    """Every answer that any member can get, after neighbours did what they did."""
    async with world:
        draft = world.draft()
        assert draft.area is not None
        browsers = [await world.neighbour(draft.area.blocks[n % len(draft.area.blocks)]) for n in range(neighbours)]
        answer = await world.call(e.SUBMIT_REQUEST, "officer", world.sealed(id="draft-1"), key="k" * 32)
        request_id = answer.json()["subject"]
        await world.call(e.APPROVE_REQUEST, "supervisor", {"version": 1}, key="a" * 32, request_id=request_id)
        if act:
            for number, browser in enumerate(browsers):
                html = await browser.get("/n", headers={"Accept": "text/html"})
                assert request_id in html.text
                if number % 3 == 0:
                    path = e.DECLINE.path.replace("{request_id:str}", request_id)
                    assert (await browser.post(path, json={})).status_code == 200
                elif number % 3 == 1:
                    assert (await browser.put(e.SET_OPT_OUT.path, json={"opted_out": True})).status_code == 200
        answers = []
        for row in ENDPOINTS:
            if row.method != "GET" or row.kind is not Kind.JSON:
                continue
            for user in USERS if any(isinstance(w, Role) for w in row.who) else (None,):
                path = {"request_id": request_id} if "{request_id:str}" in row.path else {}
                if "{ori:str}" in row.path:
                    path["ori"] = "ZZ0000001"
                if "{clip_id:str}" in row.path:
                    path["clip_id"] = "none"
                reply = await world.call(row, user, **path)
                content = re.sub(rb'"hash":"[0-9a-f]+"', b"", reply.content)
                answers.append((row.name, user or "", reply.status_code, content))
        return answers


def test_an_agency_cannot_tell_declined_ignored_opted_out_and_nobody_apart(
    tmp_path: Path, chicago_pack: Path, ground: Ground, password_hash: str, monkeypatch
) -> None:
    def world(name: str) -> World:
        folder = tmp_path / name
        folder.mkdir()
        return World(folder, f"sqlite+aiosqlite:///{folder / 's.sqlite'}", chicago_pack, ground, password_hash)

    seen = []
    for name, neighbours, act in (("empty", 0, False), ("silent", 9, False), ("busy", 12, True)):
        _numbered(monkeypatch)
        seen.append(run(_seen_by_the_agency(world(name), neighbours=neighbours, act=act)))
    assert any(status == 200 and name == "show_request" for name, _, status, _ in seen[0])
    for other in seen[1:]:
        for mine, theirs in zip(seen[0], other, strict=True):
            assert mine == theirs
