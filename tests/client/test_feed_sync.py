"""The copy in step: newest first, resumed after a kill, then by changes; removed posts go; a restored service is seen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import httpx
import msgspec

from console.client.feed_copy import FeedCopy, FeedLimits
from console.client.feed_sync import PAGE_POSTS, FeedSync, limits_of
from console.client.gateway import Gateway
from console.client.vault import open_vault
from console.contract import endpoints as e
from console.domain.feed import Post, Visibility
from console.domain.feed_filter import FeedFilter
from console.domain.feed_query import FeedQuery
from tests.client.client_fakes import NOW, TOKEN, URL, FakeService, MemorySecrets, make_post

NAME = "IL0000000 m-1"


def kept(copy: FeedCopy) -> int:
    return copy.count(FeedQuery(), FeedFilter(), 1_000_000)


def newest(copy: FeedCopy) -> Post:
    return copy.page(FeedQuery(), FeedFilter(), None, 1).posts[0]


class Running:
    """A copy that is kept in step with a fake service, until it is killed."""

    def __init__(self, folder: Path, secrets: MemorySecrets, service: FakeService, limits: FeedLimits) -> None:
        self.vault = open_vault(folder, NAME, secrets)
        self.copy = self.vault.feed()
        self.gateway = Gateway(URL, transport=service.transport())
        self.gateway.token = TOKEN
        self.changed: list[frozenset[int]] = []
        self.ended = False
        self.sync = FeedSync(
            self.gateway, self.copy, lambda: NOW, limits,
            changed=self.changed.append, signed_out=self._end, pause=lambda _s: asyncio.sleep(0),
        )  # fmt: skip

    def _end(self) -> None:
        self.ended = True

    async def until(self, reached: Callable[[], bool]) -> None:
        work = asyncio.create_task(self.sync.run())
        try:
            async with asyncio.timeout(20):
                while not reached() and not work.done():
                    await asyncio.sleep(0)
            assert reached()
        finally:
            work.cancel()
            with suppress(asyncio.CancelledError):
                await work

    async def close(self) -> None:
        self.vault.close()
        await self.gateway.aclose()


def story(tmp_path: Path, posts: list[Post], tell: Callable[..., object], limits: FeedLimits | None = None) -> None:
    async def go() -> None:
        secrets, service = MemorySecrets(), FakeService()
        service.posts = posts

        async def start(other: FeedLimits | None = None) -> Running:
            return Running(tmp_path / "vaults", secrets, service, other or limits or FeedLimits())

        await tell(service, start)  # type: ignore[misc]

    asyncio.run(go())


def test_the_newest_come_first_and_a_kill_in_the_middle_costs_nothing_twice(tmp_path: Path) -> None:
    posts = [make_post(n) for n in range(4 * PAGE_POSTS)]

    async def tell(service: FakeService, start: Callable[..., object]) -> None:
        first = await start()  # type: ignore[misc]
        await first.until(lambda: kept(first.copy) >= PAGE_POSTS + 100)
        assert newest(first.copy) == posts[-1]
        assert not first.sync.state.is_filled
        await first.close()
        asked = len(service.calls(e.READ_FEED))
        again = await start()  # type: ignore[misc]
        assert again.copy.state().before, "where the filling stands is kept with what came"
        await again.until(lambda: again.sync.state.is_filled)
        assert kept(again.copy) == len(posts)
        assert len(service.calls(e.READ_FEED)) - asked <= 4, "no page is asked for again but the one that was cut"
        await again.close()

    story(tmp_path, posts, tell)


def test_changes_come_by_their_numbers_and_what_was_removed_goes(tmp_path: Path) -> None:
    posts = [make_post(n) for n in range(600)]

    async def tell(service: FakeService, start: Callable[..., object]) -> None:
        here = await start()  # type: ignore[misc]
        await here.until(lambda: here.sync.state.is_filled)
        service.posts[3] = msgspec.structs.replace(make_post(3, "changed"), changed=11)
        service.posts[4] = msgspec.structs.replace(make_post(4, ""), changed=12, visibility=Visibility.REMOVED)
        service.posts.append(msgspec.structs.replace(make_post(900, "new"), changed=13))
        before = len(service.calls(e.READ_FEED))
        here.sync.mark()
        await here.until(lambda: here.sync.state.changed == 13)
        assert newest(here.copy).id == "post-0900"
        assert here.copy.post("post-0003").text == "changed"
        assert here.copy.post("post-0004") is None
        assert kept(here.copy) == 600
        assert len(service.calls(e.READ_FEED)) == before, "what is here is not asked for again"
        assert frozenset().union(*here.changed) >= {here.copy.number_of("post-0003"), here.copy.number_of("post-0900")}
        await here.close()

    story(tmp_path, posts, tell)


def test_a_post_that_is_removed_while_it_fills_does_not_come_back(tmp_path: Path) -> None:
    posts = [make_post(n) for n in range(3 * PAGE_POSTS)]

    async def tell(service: FakeService, start: Callable[..., object]) -> None:
        here = await start()  # type: ignore[misc]
        await here.until(lambda: kept(here.copy) >= PAGE_POSTS)
        gone = service.posts[0]
        service.posts[0] = msgspec.structs.replace(gone, changed=5, visibility=Visibility.REMOVED)
        here.sync.mark()
        await here.until(lambda: here.sync.state.is_filled and here.sync.state.changed == 5)
        assert here.copy.post(gone.id) is None
        await here.close()

    story(tmp_path, posts, tell)


def test_the_filling_ends_at_the_limits_and_goes_on_when_they_are_widened(tmp_path: Path) -> None:
    posts = [make_post(n) for n in range(1_200)]

    async def tell(service: FakeService, start: Callable[..., object]) -> None:
        age = NOW - make_post(400).at
        here = await start(FeedLimits(age=age))  # type: ignore[misc]
        await here.until(lambda: here.sync.state.is_filled)
        assert kept(here.copy) == 800
        await here.close()
        wide = await start(FeedLimits())  # type: ignore[misc]
        await wide.until(lambda: kept(wide.copy) == 1_200)
        await wide.close()

    story(tmp_path, posts, tell)


def test_a_service_that_was_restored_is_noticed_and_what_was_read_stays_read(tmp_path: Path) -> None:
    posts = [msgspec.structs.replace(make_post(n), changed=n) for n in range(300)]

    async def tell(service: FakeService, start: Callable[..., object]) -> None:
        here = await start()  # type: ignore[misc]
        await here.until(lambda: here.sync.state.is_filled)
        here.vault.mark_read(["post-0007"], NOW)
        service.posts = posts[:200]
        here.sync.mark()
        await here.until(lambda: kept(here.copy) == 200 and here.sync.state.is_filled)
        assert here.vault.is_read("post-0007")
        assert not here.vault.is_read("post-0008")
        await here.close()

    story(tmp_path, posts, tell)


def test_an_absent_service_is_tried_again_and_an_ended_sign_in_ends_it(tmp_path: Path) -> None:
    async def tell(service: FakeService, start: Callable[..., object]) -> None:
        here = await start()  # type: ignore[misc]
        service.away = True
        await here.until(lambda: len(service.log) > 2)
        service.away = False
        await here.until(lambda: here.sync.state.is_filled)
        service.signed_in = False
        here.sync.mark()
        await here.until(lambda: here.ended)
        await here.close()

    story(tmp_path, [make_post(1)], tell)


def test_a_page_that_breaks_off_is_kept_as_far_as_it_came(tmp_path: Path) -> None:
    async def tell(service: FakeService, start: Callable[..., object]) -> None:
        here = await start()  # type: ignore[misc]
        failing = [True]

        def fail(request: httpx.Request) -> None:
            if "before" in request.url.params and failing[0]:
                failing[0] = False
                raise httpx.ReadError("cut")

        service.before_answer = fail
        await here.until(lambda: here.sync.state.is_filled)
        assert kept(here.copy) == 2 * PAGE_POSTS
        await here.close()

    story(tmp_path, [make_post(n) for n in range(2 * PAGE_POSTS)], tell)


def test_the_setting_of_days_is_read_as_a_number_or_not_at_all() -> None:
    assert limits_of("30", durable=True).age == timedelta(days=30)
    for other in (None, "", "-3", "many", "0"):
        assert limits_of(other, durable=True) == FeedLimits()
    assert limits_of(None, durable=False).posts < FeedLimits().posts
