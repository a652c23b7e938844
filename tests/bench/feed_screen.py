"""F1, F2, F3 and F5 in one process without a window system: `python -m tests.bench.feed_screen [F1] [F2] [F3] [F5]`.

F1's limit is a repaint and the raw full-text page of the same words on the same file; beside it the same words in a
QSortFilterProxyModel. F5 follows the service's own event-and-changes way at 1,000 posts a minute.
"""

from __future__ import annotations

import asyncio
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import msgspec
import psutil
import qasync
from PySide6.QtCore import QSortFilterProxyModel, QStringListModel, Qt, QTimer
from PySide6.QtWidgets import QApplication, QListView

from console.client.feed_copy import FeedLimits, SyncState
from console.client.feed_sync import FeedSync
from console.client.gateway import Gateway
from console.client.vault import Vault, open_vault
from console.desktop.feed.delegate import CardDelegate, post_card
from console.desktop.feed.model import ID_ROLE, PostModel
from console.desktop.feed.paged import PagedPosts
from console.desktop.feed.still_list import StillList
from console.domain.feed_filter import FeedFilter
from console.domain.feed_query import read_query
from console.domain.feed_words import fts5_match
from tests.bench import feed_data, feed_vaults
from tests.bench.__main__ import report
from tests.client.client_fakes import TOKEN, URL, FakeService

RUNS = int(os.environ.get("BENCH_RUNS", "5"))
LIVE_S = float(os.environ.get("BENCH_LIVE_S", "20"))
ZONE = ZoneInfo("America/Chicago")
# As they are typed: common and rare words, half words, phrases, places, exclusions.
TYPED = ("b", "bi", "bik", "bike", "porch", "street", "alley", '"back porch"', "camera -alley", "at:halsted", "glue lock",
         "zebra", "kind:crime bike")  # fmt: skip
FRAMES = 400
LIVE_PER_MINUTE = 1_000


class Screen:
    """A list with cards on a vault, as the feed's room has it."""

    def __init__(self, vault: Vault) -> None:
        self.vault = vault
        self.model = PagedPosts(vault.feed().another(), self._start)
        self.view = StillList()
        self.view.setModel(self.model)
        read = SimpleNamespace(is_unread=lambda _id: True)
        card = post_card(SimpleNamespace(ago=lambda _at: "3 d", desk=read), lambda: self.model.query)  # type: ignore[arg-type]
        self.delegate = CardDelegate(lambda: "day", card)
        self.view.setItemDelegate(self.delegate)
        self.view.resize(400, 720)
        self.view.show()
        self._tasks: set[asyncio.Task[None]] = set()

    def _start(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def ask(self, text: str) -> float:
        """Milliseconds from a typed filter to its first page painted."""
        answered = asyncio.get_running_loop().create_future()

        def paint() -> None:
            self.view.viewport().repaint()
            if not answered.done():
                answered.set_result((time.perf_counter() - begun) * 1_000)

        connection = self.model.answered.connect(paint)
        begun = time.perf_counter()
        self.model.ask(read_query(text, ZONE), FeedFilter())
        took: float = await answered
        self.model.answered.disconnect(connection)
        await self.rest()
        return took

    async def rest(self) -> None:
        """Until nothing is being looked up, and what was to be painted is: nobody types a letter each millisecond."""
        while self._tasks:
            await asyncio.gather(*self._tasks)
        await asyncio.sleep(0.02)

    async def scroll_to(self, rows: int) -> None:
        """Have so many rows."""
        while self.model.rowCount() < rows and self.model.canFetchMore(self.model.index(-1)):
            self.model.fetchMore(self.model.index(-1))
            await self.rest()
        self.view.doItemsLayout()

    async def close(self) -> None:
        self.model.close()
        await self.rest()
        self.view.setModel(None)
        self.view.close()
        self.view.deleteLater()
        self.vault.close()


def raw_page(vault: Vault, text: str) -> float:
    """Milliseconds of the raw page: the newest 50 bodies of the same words."""
    match = fts5_match(read_query(text, ZONE))
    begun = time.perf_counter()
    vault._connection.execute(
        "SELECT b.body FROM feed_words w CROSS JOIN feed_bodies b ON b.n = w.rowid WHERE feed_words MATCH ? "
        "ORDER BY w.rowid DESC LIMIT 50",
        (match,),
    ).fetchall()
    return (time.perf_counter() - begun) * 1_000


async def typed_to_painted() -> None:
    """F1."""
    medians = []
    for size in feed_data.SIZES:
        screen = Screen(feed_vaults.vault(size))
        for text in TYPED:  # warm
            await screen.ask(text)
            raw_page(screen.vault, text)
        ours, limit = [], []
        for _ in range(RUNS):
            for text in TYPED:
                ours.append(await screen.ask(text))
                begun = time.perf_counter()
                screen.view.viewport().repaint()
                limit.append((time.perf_counter() - begun) * 1_000 + raw_page(screen.vault, text))
        report(f"F1 typed filter to first page painted, {size:,} posts", ours, limit, "ms", 2.0)
        worst = max(TYPED, key=lambda text: statistics.median(ours[TYPED.index(text) :: len(TYPED)]))
        slow = ours[TYPED.index(worst) :: len(TYPED)]
        report(f"F1 its slowest filter ({worst}), {size:,} posts", slow, limit[TYPED.index(worst) :: len(TYPED)], "ms")
        medians.append(statistics.median(ours))
        await screen.close()
        proxy = proxied(size)
        report(f"F1 against a proxy model, {size:,} posts", ours, proxy, "ms", 1 / 30 if size >= 1_000_000 else None)
    if len(medians) > 1:
        report("F1 flat in n: the largest size against the smallest", [medians[-1]], [medians[0]], "ms", 2.0)


def proxied(size: int) -> list[float]:
    """Milliseconds of the same filters in a proxy model over all texts."""
    source = QStringListModel([f"{p.title} {p.text} {p.place_name}" for p in feed_data.posts(size)])
    proxy, view = QSortFilterProxyModel(), QListView()
    proxy.setSourceModel(source)
    proxy.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    view.setUniformItemSizes(True)
    view.setModel(proxy)
    view.resize(400, 720)
    view.show()
    took = []
    for text in ("bik", "bike", "porch", "street", "alley", "back porch", "zebra"):
        begun = time.perf_counter()
        proxy.setFilterFixedString(text)
        view.doItemsLayout()
        view.viewport().repaint()
        took.append((time.perf_counter() - begun) * 1_000)
    view.setModel(None)
    view.close()
    return took


async def scroll_frames() -> None:
    """F2: frames of a list that was scrolled far, in steps and in jumps."""
    size = max(feed_data.SIZES)
    screen = Screen(feed_vaults.vault(size))
    await screen.ask("")
    await screen.scroll_to(min(size, 50_000))
    bar, dice, took = screen.view.verticalScrollBar(), random.Random(1), []
    for frame in range(FRAMES):
        value = bar.value() + 90 if frame % 20 else dice.randrange(bar.maximum())
        begun = time.perf_counter()
        bar.setValue(value)
        screen.view.viewport().repaint()
        took.append((time.perf_counter() - begun) * 1_000)
        await asyncio.sleep(0)
    naive = in_memory(screen)
    await screen.close()
    p95 = sorted(took)[round(0.95 * len(took)) - 1]
    report(f"F2 scroll frame p95, {size:,} posts", [p95], [5.0], "ms", 1.0)
    report(f"F2 scroll frames against a list in memory, {size:,} posts", took, naive, "ms")
    p95_naive = sorted(naive)[round(0.95 * len(naive)) - 1]
    report(f"F2 the same, p95 against p95, {size:,} posts", [p95], [p95_naive], "ms", 2.0)


def in_memory(screen: Screen) -> list[float]:
    """Milliseconds of the same frames in a list that holds 2,000 posts whole."""
    model, view = PostModel(), StillList()
    model.show_posts(tuple(feed_data.post(n, 2_000) for n in range(2_000, 0, -1)))
    view.setModel(model)
    view.setItemDelegate(screen.delegate)
    view.resize(400, 720)
    view.show()
    view.doItemsLayout()
    for _ in range(3):  # a list that was never on the screen paints nothing, and would be no limit
        QApplication.processEvents()
    bar, dice, took = view.verticalScrollBar(), random.Random(1), []
    for frame in range(FRAMES):
        value = bar.value() + 90 if frame % 20 else dice.randrange(bar.maximum())
        begun = time.perf_counter()
        bar.setValue(value)
        view.viewport().repaint()
        took.append((time.perf_counter() - begun) * 1_000)
    view.setModel(None)
    view.close()
    return took


async def memory() -> None:
    """F3: what the feed adds at its largest size, searched and scrolled, over a window with an empty feed."""
    size, me = max(feed_data.SIZES), psutil.Process()
    with tempfile.TemporaryDirectory() as folder:
        empty = Screen(open_vault(Path(folder), feed_vaults.NAME, feed_vaults.OneKey()))
        await empty.ask("bike")
        before = me.memory_full_info().uss
        await empty.close()
    screen = Screen(feed_vaults.vault(size))
    for text in (*TYPED, ""):
        await screen.ask(text)
    await screen.scroll_to(min(size, 50_000))
    for row in range(0, screen.model.rowCount(), 500):
        screen.view.scrollTo(screen.model.index(row))
        screen.view.viewport().repaint()
    added = (me.memory_full_info().uss - before) / 2**20
    report(f"F3 memory the feed adds, {size:,} posts", [added], [20.0], "MiB", 1.0)
    await screen.close()


async def live_burst() -> None:
    """F5: 1,000 posts a minute while somebody reads: the longest stall of the screen, and whether what is read moves."""
    size = max(feed_data.SIZES)
    feed_vaults.vault(size).close()
    with tempfile.TemporaryDirectory(dir=feed_data.FOLDER) as folder:
        shutil.copytree(feed_data.FOLDER / f"vault-{size}", folder, dirs_exist_ok=True)
        screen = Screen(open_vault(Path(folder), feed_vaults.NAME, feed_vaults.OneKey()))
        copy = screen.vault.feed()
        copy.take((), (), SyncState(changed=1, before="", is_filled=True))
        service = FakeService()
        gateway = Gateway(URL, transport=service.transport())
        gateway.token = TOKEN
        sync = FeedSync(
            gateway, copy, lambda: feed_data.END, FeedLimits(bytes=2**40), changed=screen.model.take, signed_out=lambda: None
        )  # fmt: skip
        running = asyncio.create_task(sync.run())
        await screen.ask("")
        await screen.scroll_to(2_000)
        screen.view.verticalScrollBar().setValue(9_000)
        screen.model.is_reading = True

        def seen() -> tuple[Any, int]:
            top = screen.view.indexAt(screen.view.viewport().rect().topLeft())
            return top.data(ID_ROLE), screen.view.visualRect(top).top()

        await asyncio.sleep(2)
        gaps: list[float] = []
        for is_live in (False, True):
            gap = await _watched(screen, service, sync, is_live=is_live)
            gaps.append(gap)
            if not is_live:
                before = seen()
        report("F5 longest stall of the screen, 1,000 posts a minute", [gaps[1]], [50.0], "ms", 1.0)
        report("F5 the same without live posts", [gaps[0]], [50.0], "ms")
        moved = 0.0 if seen() == before else 1.0
        report("F5 what is read moved (0: it did not)", [moved], [1.0], "", 0.0)
        report("F5 posts that wait to be shown", [float(screen.model.held)], [LIVE_PER_MINUTE / 60 * LIVE_S], "posts")
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await gateway.aclose()
        await screen.close()


async def _watched(screen: Screen, service: FakeService, sync: FeedSync, *, is_live: bool) -> float:
    """The longest time in which the screen's loop did nothing else, beyond its timer's own 5 ms."""
    longest, last = 0.0, time.perf_counter()

    def beat() -> None:
        nonlocal longest, last
        now = time.perf_counter()
        longest, last = max(longest, (now - last) * 1_000 - 5), now

    timer = QTimer()
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(beat)
    timer.start(5)
    until, n = time.perf_counter() + LIVE_S, 0
    while time.perf_counter() < until:
        if is_live:
            n += 1
            fresh = feed_data.post(10_000_000 + n, 1_000_000, changed=n + 1)
            service.posts.append(msgspec.structs.replace(fresh, at=feed_data.END + timedelta(seconds=n)))
            sync.mark()
        screen.view.viewport().update()
        await asyncio.sleep(60 / LIVE_PER_MINUTE)
    timer.stop()
    return longest


MEASURES: dict[str, Callable[[], Awaitable[None]]] = {
    "F1": typed_to_painted,
    "F2": scroll_frames,
    "F3": memory,
    "F5": live_burst,
}


def main(names: list[str]) -> None:
    """Run the measures that are named; all of them without a name."""
    app = QApplication.instance() or QApplication([])

    def loop() -> asyncio.AbstractEventLoop:
        made: asyncio.AbstractEventLoop = qasync.QEventLoop(app)
        made.set_default_executor(ThreadPoolExecutor(4))
        return made

    for name in names or list(MEASURES):
        with asyncio.Runner(loop_factory=loop) as runner:
            runner.run(MEASURES[name]())


if __name__ == "__main__":
    main(sys.argv[1:])
