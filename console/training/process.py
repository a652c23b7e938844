"""The training service as a process of its own: started by the first console, found by the next, ended with the last.

`running.json` (readable by its owner only) tells the next console where the service listens and the secret of this
start. Consoles touch a file every two seconds; when all of them have been silent for a while, the service ends.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import msgspec

from console.contract import endpoints as e

if TYPE_CHECKING:
    from collections.abc import Callable

    import uvicorn

    from console.domain.ground import Ground
    from console.training.city import Seeded

BEAT_S = 2.0
SILENT_S = 15.0
START_S = 120.0


class Pace(msgspec.Struct, frozen=True):
    """How lively the played neighbours are; seconds between their acts, and what a hundred of them do."""

    seconds: float = 45.0
    share_percent: int = 12
    decline_percent: int = 30
    opt_out_percent: int = 1


class Running(msgspec.Struct, frozen=True):
    """Where a training service listens, and its secret."""

    base_url: str
    secret: str
    pack: str


class Order(msgspec.Struct, frozen=True):
    """What a console tells the process that it starts, on its standard input: nothing secret in a command line."""

    folder: str
    resources: str
    pack: str
    secret: str
    clips: tuple[str, ...] = ()
    pace: Pace = Pace()
    holds: tuple[str, ...] = ()  # what a neutral moderator looks at before it is published: requests, alerts


class Step(msgspec.Struct, frozen=True):
    """What the starting process says of its progress; `base_url` when it listens."""

    text: str
    share: float
    base_url: str = ""


class TrainingFailed(Exception):  # noqa: N818 - the docstring is the message
    """The training city did not start. Close other copies of Porchlight and try again."""


def _running_file(folder: Path) -> Path:
    return folder / "running.json"


def _beats(folder: Path) -> Path:
    return folder / "consoles"


async def find(folder: Path) -> Running | None:
    """The training service that already runs on this folder, if it answers."""
    try:
        running = msgspec.json.decode(_running_file(folder).read_bytes(), type=Running)
        async with httpx.AsyncClient(timeout=3) as client:
            (await client.get(running.base_url + e.HEALTH.path)).raise_for_status()
    except (OSError, msgspec.MsgspecError, httpx.HTTPError):
        return None
    return running


async def start(order: Order, command: list[str], progress: Callable[[str, float], None]) -> Running:
    """Start the training service in its own process and wait until it listens."""
    # Not asyncio's own subprocess: closing its transport would kill a child that is meant to outlive this console.
    process = await asyncio.to_thread(_launch, command)
    assert process.stdin is not None  # noqa: S101 - asked for in `_launch`
    assert process.stdout is not None  # noqa: S101
    try:
        with process.stdin as orders, process.stdout as told:
            orders.write(msgspec.json.encode(order) + b"\n")
            orders.flush()
            async with asyncio.timeout(START_S):
                while line := await asyncio.to_thread(told.readline):
                    step = msgspec.json.decode(line, type=Step)
                    progress(step.text, step.share)
                    if step.base_url:
                        process.returncode = 0  # it goes on without us: nobody here waits for its end
                        return Running(step.base_url, order.secret, order.pack)
    except (TimeoutError, OSError, msgspec.MsgspecError) as error:
        process.kill()
        raise TrainingFailed from error
    process.wait(5)
    raise TrainingFailed


def _launch(command: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own program
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    )


async def keep_alive(folder: Path) -> None:
    """Until cancelled: tell the training service that this console is still open."""
    beat = _beats(folder) / str(os.getpid())
    beat.parent.mkdir(parents=True, exist_ok=True)
    try:
        while True:
            beat.touch()
            await asyncio.sleep(BEAT_S)
    finally:
        beat.unlink(missing_ok=True)


def _say(text: str, share: float, base_url: str = "") -> None:
    sys.stdout.buffer.write(msgspec.json.encode(Step(text, share, base_url)) + b"\n")
    sys.stdout.flush()


def main() -> int:
    """The process: read the order from standard input, fill the city, serve it on loopback until nobody is left."""
    from console.service.log import configure

    configure()
    order = msgspec.json.decode(sys.stdin.buffer.readline(), type=Order)
    (Path(order.folder) / "service").mkdir(parents=True, exist_ok=True, mode=0o700)
    with contextlib.suppress(KeyboardInterrupt, asyncio.CancelledError):
        asyncio.run(_serve(order))
    return 0


async def _serve(order: Order) -> None:
    # The service is imported by its own process only: a console that starts or finds it must not wait for that.
    # ruff: noqa: PLC0415
    import uvicorn

    from console.domain.atlas import AtlasIndex
    from console.domain.ground import Ground
    from console.service.app import Settings, build
    from console.service.atlas import read_pack
    from console.service.holding import HOLDS
    from console.service.migrate import migrate
    from console.service.store import open_store
    from console.training.alerts import send_alerts
    from console.training.city import fill

    folder = Path(order.folder)
    _say("Reading the city's streets", 0.1)
    holds = frozenset(HOLDS[name] for name in order.holds)
    settings = Settings(folder / "service", Path(order.resources), (Path(order.pack),), holds=holds)
    ground = Ground(AtlasIndex(read_pack(Path(order.pack)).atlas))
    store = open_store(settings.database_url)
    _say("Preparing the service's store", 0.3)
    await migrate(store)
    _say("Neighbors are moving in", 0.5)
    seeded = await fill(store, ground, order.secret, datetime.now(UTC))
    await store.close()
    app = build(settings)
    await send_alerts(app.state.parts, datetime.now(UTC))
    # The protocol is named: asyncio turns Nagle's delay off only on sockets that say they are TCP (40 ms an answer).
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        base_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        server = uvicorn.Server(
            uvicorn.Config(
                app,
                log_level="error",
                access_log=False,
                server_header=False,
                lifespan="on",
                timeout_graceful_shutdown=2,
            )
        )
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started:
            if serving.done():
                await serving
                return
            await asyncio.sleep(0.01)
        running = Running(base_url, order.secret, order.pack)
        file = _running_file(folder)
        file.touch(mode=0o600)
        file.write_bytes(msgspec.json.encode(running))
        _say("The training city is ready", 1.0, base_url)
        with contextlib.suppress(Exception):
            sys.stdout.close()
        sys.stdout = sys.stderr  # the reader is gone from here on
        await _play(order, seeded, ground, base_url, folder, server, serving)
        file.unlink(missing_ok=True)


async def _play(
    order: Order,
    seeded: Seeded,
    ground: Ground,
    base_url: str,
    folder: Path,
    server: uvicorn.Server,
    serving: asyncio.Task[None],
) -> None:
    from console.training.city import Neighbourhood
    from console.training.recordings import make_recordings

    clips = [Path(c) for c in order.clips] or list(await asyncio.to_thread(make_recordings, folder / "recordings"))
    playing = asyncio.create_task(Neighbourhood(base_url, seeded, ground, order.secret, order.pace, clips).live())
    started = time.monotonic()
    while not serving.done():
        await asyncio.sleep(BEAT_S)
        if time.monotonic() - started > SILENT_S and not _somebody_is_here(_beats(folder)):
            break
    playing.cancel()
    await asyncio.gather(playing, return_exceptions=True)
    server.should_exit = True
    await serving


def _somebody_is_here(beats: Path) -> bool:
    now = time.time()
    with contextlib.suppress(OSError):
        for beat in beats.iterdir():
            with contextlib.suppress(OSError):
                if now - beat.stat().st_mtime < SILENT_S:
                    return True
    return False
