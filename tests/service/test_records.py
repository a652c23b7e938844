"""The look-up of case numbers at the agency's own records system, over real HTTP on this machine."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar

import msgspec
import pytest
import sqlalchemy as sa

from console.contract import endpoints as e
from console.domain.requests import CaseCheck
from console.service import store as t
from console.service.records import Records
from console.training.members import ORI
from tests.service.conftest import World, run

KNOWN = "2026-012-000431"


class _System(BaseHTTPRequestHandler):
    asked: ClassVar[list[tuple[str, str]]] = []

    def do_GET(self) -> None:
        type(self).asked.append((self.path, self.headers.get("Authorization", "")))
        if self.path.startswith("/moved"):
            self.send_response(302)
            self.send_header("Location", "/cases?case_number=" + KNOWN)
            self.end_headers()
            return
        body = b'{"known": true}' if KNOWN in self.path else b'{"known": false}'
        if self.path.startswith("/broken"):
            body = b"<html>sign in</html>"
        if self.path.startswith("/endless"):
            body = b" " * 200_000
        self.send_response(500 if self.path.startswith("/down") else 404 if self.path.startswith("/none") else 200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def system() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _System)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    _System.asked.clear()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_known_not_known_and_whatever_else_is_not_verified(system: str) -> None:
    async def go() -> None:
        records = Records({"ZZ0000001": "secret token"})
        assert await records.ask(f"{system}/cases", KNOWN, "ZZ0000001") is CaseCheck.VERIFIED
        assert _System.asked == [(f"/cases?case_number={KNOWN}", "Bearer secret token")]
        assert await records.ask(f"{system}/cases", "2026-012-000999") is CaseCheck.NOT_KNOWN
        assert await records.ask(f"{system}/none", KNOWN) is CaseCheck.NOT_KNOWN
        for path in ("/moved", "/broken", "/endless", "/down"):
            assert await records.ask(f"{system}{path}", KNOWN) is CaseCheck.NOT_VERIFIED, path
        assert await records.ask("http://127.0.0.1:9/cases", KNOWN) is CaseCheck.NOT_VERIFIED
        assert await records.ask("not an address", KNOWN) is CaseCheck.NOT_VERIFIED

    run(go())


async def connect(world: World, url: str) -> None:
    async with world.parts.store.writing() as connection:
        body = await connection.scalar(sa.select(t.agencies.c.body).where(t.agencies.c.ori == ORI))
        raw = msgspec.json.decode(body) | {"records_url": url}
        await connection.execute(
            sa.update(t.agencies).where(t.agencies.c.ori == ORI).values(body=msgspec.json.encode(raw).decode())
        )


def test_a_case_that_the_records_do_not_know_is_refused_and_an_unreachable_system_stops_nobody(
    sqlite_world: World, system: str
) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            await connect(world, f"{system}/cases")
            unknown = await world.call(e.SUBMIT_REQUEST, "officer", world.sealed(case_number="2026-012-000999"))
            assert [f["code"] for f in unknown.json()["findings"]] == ["case_not_known"]
            request_id = await world.submit()
            shown = (await world.call(e.SHOW_REQUEST, "supervisor", request_id=request_id)).json()
            assert shown["case_check"] == "verified"
            asked = await world.call(e.CHECK_CASE, "officer", {"case_number": " 2026\u2011012\u2011000431 "})
            assert asked.json() == {"result": "verified"}
            await connect(world, f"{system}/down")
            other = await world.submit(case_number="2026-012-000555")
            shown = (await world.call(e.SHOW_REQUEST, "supervisor", request_id=other)).json()
            assert shown["case_check"] == "not_verified"

    run(go())
