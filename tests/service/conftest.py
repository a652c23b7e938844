"""A whole service in this process, on SQLite or on a real PostgreSQL, with a clock that tests move."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import msgspec
import pytest
import sqlalchemy as sa

from console.contract import endpoints as e
from console.contract.payloads import SealedRequest
from console.domain.atlas import AtlasIndex
from console.domain.drafts import Draft, DraftId
from console.domain.fitting import fitted_circle
from console.domain.ground import Ground
from console.domain.members import NEUTRAL_DESK, MemberId
from console.domain.places import Point
from console.domain.policy import Limits
from console.service import store as t
from console.service.access import hash_password
from console.service.app import Settings, build
from console.service.atlas import read_pack
from console.service.migrate import migrate
from console.service.neighbours import NewNeighbour, enrol
from console.training.members import MEMBERS, NEUTRAL_MEMBERS, ORI, OTHER_ORI, training_agency

PASSWORD = "a password for tests"
NEUTRAL = frozenset(m.username for m in NEUTRAL_MEMBERS)
NOW = datetime(2026, 6, 10, 20, 0, tzinfo=UTC)
RESOURCES = Path(__file__).parents[2] / "resources"


def run(work):
    """Run a coroutine on a loop of its own."""
    return asyncio.run(work)


@pytest.fixture(scope="session")
def ground(chicago_pack: Path) -> Ground:
    return Ground(AtlasIndex(read_pack(chicago_pack).atlas))


@pytest.fixture(scope="session")
def password_hash() -> str:
    return asyncio.run(hash_password(PASSWORD))


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL server of this run, on a socket of its own."""
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not binaries:
        pytest.skip("PostgreSQL is not installed: the store is tried on SQLite only")
    folder = Path("/tmp") / f"porchlight-pg-{secrets.token_hex(4)}"
    folder.mkdir(mode=0o755)
    as_user: list[str] = []
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
        as_user = ["runuser", "-u", "postgres", "--"]
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    subprocess.run(
        [*as_user, binaries[-1] / "initdb", "-D", folder / "data", "-U", "tests", "-A", "trust", "-E", "UTF8"],
        check=True,
        capture_output=True,
        cwd="/",
    )
    options = ["-c", "listen_addresses=127.0.0.1", "-p", str(port), "-k", str(folder), "-c", "max_connections=200"]
    server = subprocess.Popen(
        [*as_user, binaries[-1] / "postgres", "-D", folder / "data", *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
    )
    url = f"postgresql://tests@127.0.0.1:{port}"
    try:
        _wait_for_postgres(url)
        yield url
    finally:
        server.terminate()
        server.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for_postgres(url: str) -> None:
    async def answers() -> bool:
        with contextlib.suppress(OSError, asyncpg.PostgresError):
            connection = await asyncpg.connect(f"{url}/postgres")
            await connection.close()
            return True
        return False

    until = time.monotonic() + 30
    while not asyncio.run(answers()):
        assert time.monotonic() < until, "PostgreSQL did not start"
        time.sleep(0.1)


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A store's URL, on each engine."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'store.sqlite'}"
    server = request.getfixturevalue("postgres")
    name = f"t{secrets.token_hex(6)}"

    async def create() -> None:
        connection = await asyncpg.connect(f"{server}/postgres")
        await connection.execute(f"CREATE DATABASE {name}")
        await connection.close()

    asyncio.run(create())
    return f"{server}/{name}"


class World:
    """A service with two agencies, their members, and neighbours; calls go through the real application."""

    def __init__(self, folder: Path, database: str, pack: Path, ground: Ground, password_hash: str) -> None:
        self.now = NOW
        self.ground = ground
        self.settings = Settings(folder, RESOURCES, (pack,), database)
        self.app = build(self.settings, lambda: self.now)
        self.parts = self.app.state.parts
        self.parts.grounds.clear()
        self.parts.grounds[ground.version] = ground
        self._password_hash = password_hash
        self._tokens: dict[tuple[str, str], str] = {}
        self._browsers: list[httpx.AsyncClient] = []
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app, raise_app_exceptions=False), base_url="http://service.test"
        )

    async def fill(self) -> None:
        await migrate(self.parts.store)
        agency = training_agency(self.ground.index.atlas, "2026-01-05")
        other = msgspec.structs.replace(agency, ori=OTHER_ORI, name="Riverside Police")
        people = [(m.username, m.member) for m in MEMBERS]
        people += [
            (name, msgspec.structs.replace(m, id=MemberId(f"{OTHER_ORI}-{name}"), agency=OTHER_ORI))
            for name, m in people
        ]
        people += [(m.username, m.member) for m in NEUTRAL_MEMBERS]
        async with self.parts.store.writing() as connection:
            await connection.execute(
                sa.insert(t.agencies),
                [{"ori": a.ori, "body": msgspec.json.encode(a).decode()} for a in (agency, other)],
            )
            await connection.execute(
                sa.insert(t.members),
                [
                    {
                        "id": member.id,
                        "agency": member.agency,
                        "username": name,
                        "password_hash": self._password_hash,
                        "body": msgspec.json.encode(member).decode(),
                    }
                    for name, member in people
                ],
            )

    async def __aenter__(self) -> World:
        await self.fill()
        self._running = self.app.lifespan()
        await self._running.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        for browser in self._browsers:
            await browser.aclose()
        await self.client.aclose()
        await self._running.__aexit__(None, None, None)

    async def sign_in(self, username: str, agency: str = ORI) -> dict[str, str]:
        if username in NEUTRAL:
            agency = NEUTRAL_DESK
        if (username, agency) not in self._tokens:
            body = {"agency": agency, "username": username, "password": PASSWORD}
            answer = await self.client.post(e.SIGN_IN.path, json=body)
            assert answer.status_code == 200, answer.text
            self._tokens[username, agency] = answer.json()["token"]
        return {"Authorization": f"Bearer {self._tokens[username, agency]}"}

    def forget_sign_ins(self) -> None:
        """After a jump of the clock everybody signs in anew."""
        self._tokens.clear()

    async def call(
        self,
        endpoint: e.Endpoint,
        as_: str | None = None,
        body: Any = None,
        *,
        agency: str = ORI,
        key: str = "",
        **path: str,
    ) -> httpx.Response:
        url = endpoint.path
        for name, value in path.items():
            url = url.replace(f"{{{name}:str}}", value)
        headers = await self.sign_in(as_, agency) if as_ else {}
        if endpoint.writes:
            headers["Idempotency-Key"] = key or secrets.token_hex(16)
        content = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            content = body if isinstance(body, bytes) else msgspec.json.encode(body)
        return await self.client.request(endpoint.method, url, headers=headers, content=content)

    def draft(self, **changes: Any) -> Draft:
        place = self.place()
        circle = fitted_circle(self.ground, place, Limits(area_min_m2=80_000))
        assert circle is not None
        draft = Draft(
            DraftId(secrets.token_hex(8)),
            case_number=f"{self.now.year}-012-000431",
            offence="220",
            occurred_at=self.now - timedelta(hours=3),
            place=place,
            place_name="Near W 18th St",
            begins=self.now - timedelta(hours=4),
            ends=self.now - timedelta(hours=2),
            drawing=circle,
            area=self.ground.snap(circle),
            title="Were your cameras on this afternoon?",
            text="A home was broken into between 3 and 5 pm. Recordings of the street may help. Sharing is your choice.",
            contact="officer.one@lakeside.example.org",
        )
        return msgspec.structs.replace(draft, **changes)

    def place(self) -> Point:
        block = max(self.ground.index.atlas.blocks, key=lambda b: (b.homes, b.id))
        shape = self.ground.block_geometry(block.id)
        lon, lat = shape["coordinates"][0][0]
        return Point(lat, lon)

    def sealed(self, **changes: Any) -> SealedRequest:
        return SealedRequest(self.draft(**changes), self.now)

    async def submit(self, **changes: Any) -> str:
        answer = await self.call(e.SUBMIT_REQUEST, "officer", self.sealed(**changes))
        assert answer.status_code == 200, answer.text
        return str(answer.json()["subject"])

    async def publish(self, **changes: Any) -> str:
        request_id = await self.submit(**changes)
        answer = await self.call(e.APPROVE_REQUEST, "supervisor", {"version": 1}, request_id=request_id)
        assert answer.status_code == 200, answer.text
        return request_id

    async def neighbour(self, block: str, agency: str = ORI) -> httpx.AsyncClient:
        """A neighbour's browser, signed in by a link."""
        token = secrets.token_hex(16)
        async with self.parts.store.writing() as connection:
            await enrol(connection, [NewNeighbour(f"n-{token}", agency, block, token)])
        browser = httpx.AsyncClient(
            transport=httpx.ASGITransport(self.app, raise_app_exceptions=False),
            base_url="http://service.test",
            headers={"Origin": "http://service.test"},
            follow_redirects=True,
        )
        self._browsers.append(browser)
        answer = await browser.get(e.OPEN_LINK.path.replace("{token:str}", token), headers={"Accept": "text/html"})
        assert answer.status_code == 200, answer.text
        return browser


@pytest.fixture
def world(tmp_path: Path, database: str, chicago_pack: Path, ground: Ground, password_hash: str) -> World:
    """A world on each engine."""
    return World(tmp_path / "service", database, chicago_pack, ground, password_hash)


@pytest.fixture
def sqlite_world(tmp_path: Path, chicago_pack: Path, ground: Ground, password_hash: str) -> World:
    """A world on SQLite, for what does not touch the store's dialect."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'store.sqlite'}"
    return World(tmp_path / "service", url, chicago_pack, ground, password_hash)
