"""R3's load: a service in a process of its own, and 16 connections that ask for page after page over real HTTP."""

from __future__ import annotations

import asyncio
import os
import random
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
import uvicorn

from console.domain.feed import Category, Comment, Post, PostId, Visibility
from console.domain.places import Point
from tests.bench import feed_data, feed_stores

PROJECT = Path(__file__).parents[2]
CONNECTIONS = 16
SECONDS = float(os.environ.get("BENCH_LOAD_S", "2"))
PAGE = ("SELECT id, category, title, text, author, block, place_name, lat, lon, at, answered, n FROM posts "
        "WHERE agency = {} AND n < {} AND visibility <> 'removed' ORDER BY n DESC LIMIT 50")  # fmt: skip


SAID = "SELECT post, id, author, official, text, at, visibility FROM comments WHERE post {} ORDER BY at"


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class _Page(msgspec.Struct):
    posts: list[Post]
    total: int
    before: str


def _encoded(rows: Sequence[Any], said: Sequence[Any]) -> bytes:
    spoken: dict[str, list[Comment]] = {}
    for c in said:
        line = Comment(c[1], c[2], bool(c[3]), c[4], _EPOCH + timedelta(microseconds=c[5]), Visibility(c[6]))
        spoken.setdefault(c[0], []).append(line)
    posts = [
        Post(
            PostId(r[0]),
            Category(r[1]),
            r[2],
            r[3],
            r[4],
            r[5],
            Point(r[7], r[8]),
            r[6],
            _EPOCH + timedelta(microseconds=r[9]) if spoken else feed_data.END,
            tuple(spoken.get(r[0], ())),
            answered=bool(r[10]),
        )
        for r in rows
    ]
    return msgspec.json.encode(_Page(posts, len(posts), f"{rows[-1][11]}." if rows else ""))


def raw_app(url: str, *, threads: bool) -> Any:
    """The bare application: one statement a page, and one more with `threads`; threads for SQLite, a pool for the other."""
    local, pool = threading.local(), ThreadPoolExecutor(CONNECTIONS)
    path = url.partition(":///")[2]
    state: dict[str, Any] = {}
    once = asyncio.Lock()

    def sqlite_page(before: int) -> bytes:
        if not hasattr(local, "connection"):
            local.connection = sqlite3.connect(path)
        rows = local.connection.execute(PAGE.format("?", "?"), (feed_stores.AGENCY, before)).fetchall()
        if not threads:
            return _encoded(rows, ())
        marks = f"IN ({','.join('?' * len(rows))})"
        return _encoded(rows, local.connection.execute(SAID.format(marks), [r[0] for r in rows]).fetchall())

    async def postgres_page(before: int) -> bytes:
        async with once:
            if "pool" not in state:
                state["pool"] = await asyncpg.create_pool(url, min_size=CONNECTIONS, max_size=CONNECTIONS)
        async with state["pool"].acquire() as connection:
            rows = await connection.fetch(PAGE.format("$1", "$2"), feed_stores.AGENCY, before)
            said = await connection.fetch(SAID.format("= ANY($1)"), [r[0] for r in rows]) if threads else ()
            return _encoded(rows, said)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        del receive
        if scope["type"] != "http":
            return
        before = int(scope["query_string"].partition(b"before=")[2].partition(b".")[0] or 2**62)
        if url.startswith("sqlite"):
            body = await asyncio.get_running_loop().run_in_executor(pool, sqlite_page, before)
        else:
            body = await postgres_page(before)
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return app


def serve(which: str, url: str, port: int) -> None:
    """Serve until killed."""
    if which.startswith("raw"):
        app = raw_app(url, threads=which == "raw with threads")
    else:
        from console.service.app import Settings, build

        app = build(Settings(Path(tempfile.mkdtemp()), PROJECT / "resources", (), url))
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="error", access_log=False)


async def _asks(port: int, until: float, took: list[float], dice: random.Random) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    low = int((feed_data.END - feed_data.YEAR / 2).timestamp() * 1_000_000)
    top = int(feed_data.END.timestamp() * 1_000_000)
    while time.perf_counter() < until:
        before = dice.randrange(low, top)
        begun = time.perf_counter()
        writer.write(
            f"GET /v1/feed?limit=50&before={before}.x HTTP/1.1\r\nHost: bench\r\n"
            f"Authorization: Bearer {feed_stores.TOKEN}\r\n\r\n".encode()
        )
        head = await reader.readuntil(b"\r\n\r\n")
        if b"content-length" not in head.lower():
            raise RuntimeError(head.decode())
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        body = await reader.readexactly(length)
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(body[:300].decode())
        took.append((time.perf_counter() - begun) * 1_000)
    writer.close()


ROUNDS = int(os.environ.get("BENCH_LOAD_ROUNDS", "5"))


def rates(url: str, *which: str) -> dict[str, dict[str, Any]]:
    """Pages a second, p50 and p99 in ms of each, in rounds by turns: others on the machine slow all alike."""
    ports = {name: _free_port() for name in which}
    services = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.bench.feed_load", name, url, str(port)],
            cwd=PROJECT, env={**os.environ, "PYTHONPATH": str(PROJECT)},
        )
        for name, port in ports.items()
    ]  # fmt: skip
    try:
        return asyncio.run(_by_turns(ports))
    finally:
        for service in services:
            service.terminate()
        for service in services:
            service.wait(20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _by_turns(ports: dict[str, int]) -> dict[str, dict[str, Any]]:
    rounds: dict[str, list[dict[str, Any]]] = {name: [] for name in ports}
    for port in ports.values():
        await _answers(port)
        await _round(port, 1)
    for _ in range(ROUNDS):
        for name, port in ports.items():
            rounds[name].append(await _round(port, SECONDS))
    return {
        name: {"n": sum(r["n"] for r in made)} | {k: statistics.median(r[k] for r in made) for k in ("rate", "p50", "p99")}
        for name, made in rounds.items()
    }  # fmt: skip


async def _answers(port: int) -> None:
    for _ in range(400):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return
    raise RuntimeError("the service did not start")


async def _round(port: int, seconds: float) -> dict[str, Any]:
    took: list[float] = []
    begun = time.perf_counter()
    await asyncio.gather(*(_asks(port, begun + seconds, took, random.Random(k)) for k in range(CONNECTIONS)))
    spent = time.perf_counter() - begun
    took.sort()
    return {
        "n": len(took),
        "rate": len(took) / spent,
        "p50": took[len(took) // 2],
        "p99": took[int(0.99 * len(took))],
    }


if __name__ == "__main__":
    serve(sys.argv[1], sys.argv[2], int(sys.argv[3]))
