"""Keeps the vault's copy of the feed in step with the service: newest first, then the rest, then by what changes.

Promises: how far it got is kept in the same transaction as what came, so that a killed console goes on where it was;
the first page is there at once, the rest comes at a polite pace in the background; a change that comes while it fills
is taken first; nothing is asked again that is already here. All writing is done in threads, a few posts at a time, so
that neither the screen nor a draft that is being saved waits for it. A service that was restored to an earlier day is
noticed, and the copy made anew.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
import structlog

from console.client.feed_copy import AGE_MAX, FeedLimits, SyncState
from console.client.gateway import Unreachable
from console.client.outbox import first_of
from console.contract.endpoints import READ_CHANGES, READ_FEED
from console.contract.feed import FeedChanges
from console.contract.payloads import FeedPage
from console.contract.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from console.client.feed_copy import FeedCopy
    from console.client.gateway import Gateway
    from console.domain.feed import Post

DAYS_SETTING = "feed.kept_days"
MEMORY_POSTS_MAX = 5_000
PAGE_POSTS = 500
POSTS_AT_ONCE = 20
PAGES_IN_HASTE = 2
PAUSE_FILLING_S = 0.3
PAUSE_CHANGES_S = 0.25
PAUSE_FIRST_S = 0.2
PAUSE_LAST_S = 30.0
TRIM_EVERY = timedelta(minutes=10)
TRIM_PAGES = 10
_END = 2**62
_NOT_SIGNED_IN = 401
_FAULTS_FROM = 500

_log = structlog.get_logger(__name__)
T = TypeVar("T")


class _SignInEnded(Exception):  # noqa: N818 - says what happened
    """The service no longer knows the sign-in."""


class _Refused(Exception):  # noqa: N818 - says what happened
    """The service does not give this member the feed."""


def limits_of(setting: str | None, *, durable: bool) -> FeedLimits:
    """What the copy may hold, by the member's setting of days; less where it only lives in memory."""
    days = int(setting) if setting is not None and setting.isascii() and setting.isdigit() else 0
    age = timedelta(days=min(days, 36_500)) if days else AGE_MAX
    return FeedLimits(age) if durable else FeedLimits(age, MEMORY_POSTS_MAX)


class FeedSync:
    """Keeps one copy in step.

    `changed` is called on the loop with the numbers of posts that came, changed or went; `progressed` when the filling
    went on or ended; `signed_out` when the service no longer knows the sign-in.
    """

    def __init__(
        self,
        gateway: Gateway,
        copy: FeedCopy,
        clock: Callable[[], datetime],
        limits: FeedLimits,
        *,
        changed: Callable[[frozenset[int]], None],
        signed_out: Callable[[], None],
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.state = SyncState()
        self._gateway = gateway
        self._copy = copy
        self._clock = clock
        self._limits = limits
        self._changed = changed
        self._signed_out = signed_out
        self._pause = pause
        self._woken = asyncio.Event()
        self._trimmed_at: datetime | None = None
        self._is_trimming = False
        self._pages = 0

    def mark(self) -> None:
        """Note that something changed in the feed."""
        self._woken.set()

    async def run(self) -> None:
        """Keep the copy in step until cancelled, or the sign-in has ended."""
        pause_s = PAUSE_FIRST_S
        self.state = await _in_thread(self._copy.state)
        self._woken.set()
        while True:
            try:
                await self._go_on()
            except _SignInEnded:
                self._signed_out()
                return
            except _Refused:
                return
            except Unreachable as fault:
                _log.info("feed_not_loaded", kind=type(fault).__name__)
                await first_of(self._woken.wait(), self._pause(pause_s))
                pause_s = min(pause_s * 2, PAUSE_LAST_S)
                self._woken.set()
                continue
            pause_s = PAUSE_FIRST_S
            if self.state.is_filled:
                await self._pause(PAUSE_CHANGES_S)  # what comes in a burst is asked for once
                if not self._is_trimming:
                    await self._woken.wait()

    async def _go_on(self) -> None:
        """Take what changed, then one page of what is still missing."""
        state = self.state
        if state.before is None or _is_wider(self._limits, state.limits):
            latest = await self._changes(SyncState(changed=_END), 1)
            changed = state.changed if state.before is not None else latest.latest + 1
            await self._note(SyncState(changed, state.id, "", total=latest.total, limits=self._limits))
        if self._woken.is_set():
            self._woken.clear()
            await self._take_changes()
        if not self.state.is_filled:
            await self._fill()
        await self._trim()

    async def _take_changes(self) -> None:
        more = True
        while more:
            answer = await self._changes(self.state, PAGE_POSTS)
            if answer.latest + 1 < self.state.changed:
                _log.warning("feed_restored")
                await _in_thread(self._copy.clear)
                self.state = SyncState()
                self._woken.set()
                self._changed(frozenset())
                return
            state = msgspec.structs.replace(
                self.state, changed=answer.after, id=answer.id, total=answer.total, limits=self._limits
            )
            await self._keep(answer.posts, answer.removed, state)
            more = answer.more

    async def _fill(self) -> None:
        """One page, older than those that are here."""
        query = {"limit": str(PAGE_POSTS)} | ({"before": self.state.before} if self.state.before else {})
        page = _judged(await self._gateway.call(READ_FEED, query=query), FeedPage)
        too_old = self._clock() - self._limits.age
        fresh = [post for post in page.posts if post.at >= too_old]
        is_done = page.before is None or len(fresh) < len(page.posts)
        state = msgspec.structs.replace(
            self.state, before="" if is_done else page.before, is_filled=is_done, total=page.total
        )
        await self._keep(fresh, (), state)
        self._pages += 1
        if self._pages > PAGES_IN_HASTE and not is_done:
            await first_of(self._woken.wait(), self._pause(PAUSE_FILLING_S))

    async def _trim(self) -> None:
        """A few posts beyond the limits; what changed meanwhile comes before the next few."""
        now = self._clock()
        is_due = self._is_trimming or self._trimmed_at is None or now - self._trimmed_at >= TRIM_EVERY
        if not is_due and not (self._pages and self._pages % TRIM_PAGES == 0 and not self.state.is_filled):
            return
        gone = await _in_thread(lambda: self._copy.drop_beyond(self._limits, now))
        self._is_trimming = bool(gone)
        if not gone:
            self._trimmed_at = now
            return
        self._changed(gone)
        if not self.state.is_filled:  # it is full: what is older would only go again
            await self._note(msgspec.structs.replace(self.state, before="", is_filled=True))

    async def _keep(self, posts: Sequence[Post], gone: Sequence[str], state: SyncState) -> None:
        """Keep a page a few posts at a time; how far it is goes with the last of them."""
        for at in range(0, max(1, len(posts)), POSTS_AT_ONCE):
            some, is_last = posts[at : at + POSTS_AT_ONCE], at + POSTS_AT_ONCE >= len(posts)
            changed = await _in_thread(
                lambda some=some, is_last=is_last: self._copy.take(  # type: ignore[misc]
                    some, gone if is_last else (), state if is_last else None
                )
            )
            if is_last:
                self.state = state
            if changed:
                self._changed(changed)

    async def _note(self, state: SyncState) -> None:
        await _in_thread(lambda: self._copy.take((), (), state))
        self.state = state

    async def _changes(self, state: SyncState, limit: int) -> FeedChanges:
        query = {"after": str(state.changed), "id": state.id, "limit": str(limit)}
        return _judged(await self._gateway.call(READ_CHANGES, query=query), FeedChanges)


def _is_wider(a: FeedLimits, b: FeedLimits) -> bool:
    return a.age > b.age or a.posts > b.posts or a.bytes > b.bytes


def _judged(answer: Any, wanted: type[T]) -> T:
    if isinstance(answer, wanted):
        return answer
    if isinstance(answer, Problem):
        if answer.status == _NOT_SIGNED_IN:
            raise _SignInEnded
        if answer.status >= _FAULTS_FROM:
            raise Unreachable
        _log.warning("feed_refused", code=answer.code)
        raise _Refused
    raise TypeError(type(answer).__name__)


async def _in_thread(work: Callable[[], T]) -> T:
    """Do a short piece of work in a thread; a cancelled one is waited for, so that none outlives its vault."""
    done = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(done)
    except asyncio.CancelledError:
        await asyncio.wait([done])
        raise
