"""`make bench`: S1 to S4, M1 to M3, R1 to R4, F1 to F5, L1, L2 of the goals, each beside a limit of this very run; B1 where a bundle is there."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx
import msgspec
import psutil

from console.client.desk import Changed, Desk
from console.client.gateway import Gateway
from console.client.outbox import OutboxState
from console.client.vault import open_vault
from console.contract import endpoints as e
from console.contract.payloads import SealedRequest
from console.domain.atlas import AtlasIndex
from console.domain.ground import Ground
from console.domain.places import Point
from console.service.app import now_utc
from console.service.atlas import read_pack
from console.service.log import configure
from console.training import process
from console.training.keys import password_of
from console.training.members import ORI
from tests.bench import limits, maps

PROJECT = Path(__file__).parents[2]
PACK = PROJECT / "build" / "atlas" / "chicago"
RUNS = int(os.environ.get("BENCH_RUNS", "5"))
SUBMITS = int(os.environ.get("BENCH_SUBMITS", "60"))


def report(name: str, values: list[float], limit: list[float], unit: str, goal: float | None = None) -> None:
    """One line: n, median and p95 of the measure, the limit's median, their ratio, the goal and whether it was met."""
    median, floor = statistics.median(values), statistics.median(limit)
    ratio = median / floor if floor else float("nan")
    line: dict[str, Any] = {
        "name": name,
        "n": len(values),
        "unit": unit,
        "median": round(median, 3),
        "p95": round(sorted(values)[max(0, round(0.95 * len(values)) - 1)], 3),
        "limit": round(floor, 3),
        "ratio": round(ratio, 3),
    }
    if goal is not None:
        line |= {"goal": goal, "met": ratio >= goal if name.startswith("R2") else ratio <= goal}
    print(json.dumps(line), flush=True)


def pss_mib(process_: psutil.Process) -> float:
    """Proportional set size of a process and its children, MiB."""
    total = 0
    for one in [process_, *process_.children(recursive=True)]:
        try:
            total += one.memory_full_info().pss
        except psutil.Error:
            continue
    return total / 2**20


class Display:
    """An Xvfb of this run."""

    def __enter__(self) -> dict[str, str]:
        reading, writing = os.pipe()
        self._x = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1366x768x24", "-nolisten", "tcp"],
            pass_fds=(writing,),
            stderr=subprocess.DEVNULL,
        )
        os.close(writing)
        with os.fdopen(reading) as pipe:
            number = pipe.readline().strip()
        return {**os.environ, "DISPLAY": f":{number}", "QTWEBENGINE_DISABLE_SANDBOX": "1", "PYTHONPATH": str(PROJECT)}

    def __exit__(self, *_: object) -> None:
        self._x.terminate()
        self._x.wait(20)


def started(module: str, marks: tuple[str, ...], environment: dict[str, str], *arguments: str) -> dict[str, float]:
    """Start a program and note when it prints each mark, in ms, and its memory some seconds after the last."""
    begun = time.perf_counter()
    program = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=environment,
        cwd=PROJECT,
    )
    found: dict[str, float] = {}
    assert program.stdout is not None
    for line in program.stdout:
        word = line.split()[0] if line.strip() else ""
        if word in marks and word not in found:
            found[word] = (time.perf_counter() - begun) * 1_000
            if len(found) == len(marks):
                break
    time.sleep(3)
    found["pss"] = pss_mib(psutil.Process(program.pid))
    program.kill()
    program.wait(20)
    program.stdout.close()
    return found


def screens() -> None:
    """S1, S2, S3: the console against a bare window with a list, and a bare page with the same outlines on Leaflet."""
    with Display() as environment, tempfile.TemporaryDirectory() as home:
        ours, list_window, page = [], [], []
        started("tests.bench.watched_console", ("USABLE", "DRAWN"), environment, home)  # fills the city, warms the disk
        for _ in range(RUNS):
            list_window.append(started("tests.bench.bare_list", ("USABLE",), environment))
            page.append(started("tests.bench.bare_map", ("DRAWN",), environment))
            ours.append(started("tests.bench.watched_console", ("USABLE", "DRAWN"), environment, home))
    report("S1 start to window usable", [o["USABLE"] for o in ours], [b["USABLE"] for b in list_window], "ms", 2.0)
    report("S2 start to map drawn", [o["DRAWN"] for o in ours], [b["DRAWN"] for b in page], "ms", 1.4)
    report("S3 memory of the console with map", [o["pss"] for o in ours], [b["pss"] for b in page], "MiB", 1.25)


def map_layers() -> None:
    """M1 to M3."""
    with Display() as environment:
        maps.run(report, environment, RUNS)


async def wire() -> None:
    """S4, R1, R2 against a real service process."""
    ground = Ground(AtlasIndex(read_pack(PACK).atlas))
    with tempfile.TemporaryDirectory() as folder:
        home, secret = Path(folder), secrets.token_hex(16)
        order = process.Order(str(home), str(PROJECT / "resources"), str(PACK), secret, (), process.Pace(3_600.0))
        command = [sys.executable, "-m", "console", "training-service"]
        running = await process.start(order, command, lambda _text, _share: None)
        keeping = asyncio.create_task(process.keep_alive(home))
        service = next(
            p
            for p in psutil.process_iter(["cmdline"])
            if "training-service" in (p.info["cmdline"] or []) and p.ppid() == os.getpid()
        )
        await asyncio.sleep(3)
        report("S4 memory of the service at rest", [pss_mib(service)], [110.0], "MiB", 1.0)
        await submit_to_pending(running, secret, ground, home)
        await throughput(running, secret, ground, home)
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        service.kill()


def _draft(ground: Ground, number: int) -> Any:
    from tests.service.conftest import World

    class _World:
        def __init__(self) -> None:
            self.ground, self.now = ground, now_utc()

        place = World.place

    draft = World.draft(_World(), case_number=f"{now_utc().year}-012-{number:06d}")  # type: ignore[arg-type]
    assert isinstance(draft.place, Point)
    return draft


async def submit_to_pending(running: process.Running, secret: str, ground: Ground, home: Path) -> None:
    """R1: from `submit` on one desk to pending on another's; the limit is a commit, a round trip and a delivery."""
    gateways = [Gateway(running.base_url), Gateway(running.base_url)]
    desks = []
    for gateway, name in zip(gateways, ("officer", "supervisor"), strict=True):
        desk = Desk(
            gateway, lambda v, n=name: open_vault(home / n, v, None), ground, now_utc, lambda: secrets.token_hex(16)
        )
        await desk.sign_in(ORI, name, password_of(secret, name))
        desks.append(desk)
    officer, supervisor = desks
    runs = [asyncio.create_task(d.run()) for d in desks]
    arrived = asyncio.Event()
    supervisor.on_changed = lambda what: arrived.set() if what is Changed.REQUESTS else None
    await asyncio.sleep(1)
    base = _draft(ground, 1)
    times = []
    for number in range(SUBMITS):
        draft = msgspec.structs.replace(base, id=secrets.token_hex(8), case_number=f"{now_utc().year}-012-{number:06d}")
        seen = len(supervisor.requests)
        begun = time.perf_counter()
        row = officer.submit(draft)
        while len(supervisor.requests) == seen:
            arrived.clear()
            await asyncio.wait_for(arrived.wait(), 10)
        times.append((time.perf_counter() - begun) * 1_000)
        assert (await officer.wait_for(row.key)).state is OutboxState.SENT
    trip = []
    async with httpx.AsyncClient(base_url=running.base_url) as client:
        for _ in range(100):
            begun = time.perf_counter()
            await client.get(e.HEALTH.path)
            trip.append((time.perf_counter() - begun) * 1_000)
    commits = [1_000 / raw_commits(home / "raw.sqlite", 300)]
    # A delivery over an open stream costs half a round trip at least; taken as a whole one here.
    limit = statistics.median(trip) * 2 + commits[0]
    report("R1 submit to pending elsewhere", times, [limit], "ms", 3.0)
    for desk, gateway in zip(desks, gateways, strict=True):
        await desk.sign_out()
        desk.close()
        await gateway.aclose()
    await asyncio.wait(runs, timeout=5)


def raw_commits(path: Path, count: int) -> float:
    """Transactions a second of the same rows as a submit writes, straight on SQLite with synchronous FULL."""
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE rows (number INTEGER PRIMARY KEY, kind TEXT, body TEXT)")
    body = "x" * 2_500
    begun = time.perf_counter()
    for _ in range(count):
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO rows (kind, body) VALUES ('request', ?)", (body,))
        connection.executemany("INSERT INTO rows (kind, body) VALUES ('block', ?)", [("8a2664c88a8ffff",)] * 12)
        for kind in ("transition", "event", "audit", "key"):
            connection.execute("INSERT INTO rows (kind, body) VALUES (?, ?)", (kind, "y" * 300))
        connection.execute("COMMIT")
    rate = count / (time.perf_counter() - begun)
    connection.close()
    return rate


async def throughput(running: process.Running, secret: str, ground: Ground, home: Path) -> None:
    """R2: submits a second over HTTP, 8 at a time, over raw transactions of the same rows."""
    base = _draft(ground, 0)
    rates = []
    async with httpx.AsyncClient(base_url=running.base_url, timeout=30) as client:
        body = {"agency": ORI, "username": "officer", "password": password_of(secret, "officer")}
        token = (await client.post(e.SIGN_IN.path, json=body)).json()["token"]
        numbers = iter(range(10_000, 999_999))

        async def one() -> None:
            draft = msgspec.structs.replace(
                base, id=secrets.token_hex(8), case_number=f"{now_utc().year}-012-{next(numbers):06d}"
            )
            headers = {
                "Authorization": f"Bearer {token}",
                "Idempotency-Key": secrets.token_hex(16),
                "Content-Type": "application/json",
            }
            content = msgspec.json.encode(SealedRequest(draft, now_utc()))
            answer = await client.post(e.SUBMIT_REQUEST.path, content=content, headers=headers)
            assert answer.status_code == 200, answer.text

        for _ in range(3):
            begun = time.perf_counter()
            for _ in range(10):
                await asyncio.gather(*(one() for _ in range(8)))
            rates.append(80 / (time.perf_counter() - begun))
    report("R2 submits a second", rates, [raw_commits(home / "raw2.sqlite", 500) for _ in range(3)], "1/s", 0.6)


def bundle() -> None:
    """B1: the size of a bundle that was made."""
    made = PROJECT / "dist" / "porchlight"
    if made.exists():
        size = sum(f.stat().st_size for f in made.rglob("*") if f.is_file() and not f.is_symlink()) / 2**20
        report("B1 onedir bundle", [size], [560.0], "MiB", 1.0)


def feed() -> None:
    """F1 to F5 and R3, each part in a process of its own; `BENCH_FEED_SIZES=10000` for a quick run."""
    for module in ("tests.bench.feed_screen", "tests.bench.feed_service"):
        subprocess.run(
            [sys.executable, "-m", module], cwd=PROJECT, check=False, env={**os.environ, "PYTHONPATH": str(PROJECT)}
        )


if __name__ == "__main__":
    configure()
    screens()
    map_layers()
    asyncio.run(wire())
    limits.run(report)
    feed()
    bundle()
