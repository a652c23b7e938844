"""The replica: what the service last said about requests, posts and clips.

Promises: it changes only by what the service answers, so the service always wins; what is marked stale is loaded
again, once however often it was marked, and tried until the service answers. It loads only what the member's role may.
"""

from __future__ import annotations

import asyncio
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec
import structlog

from console.client.gateway import Unreachable
from console.client.outbox import first_of
from console.client.vault import DESK_CURSOR
from console.contract.alerts import Alerts
from console.contract.desk_work import DeskItems
from console.contract.endpoints import (
    LIST_ALERTS,
    LIST_CLIPS,
    LIST_DESK_ITEMS,
    LIST_QUEUE,
    LIST_REQUESTS,
    READ_FEED,
    SHOW_AGENCY,
    SHOW_REQUEST,
)
from console.contract.moderation import Queue, QueueItem
from console.contract.payloads import AgencyProfile, Clips, FeedPage, Requests
from console.contract.problems import Problem
from console.domain.requests import Request

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from console.client.gateway import Gateway
    from console.client.vault import Vault
    from console.domain.alerts import Alert
    from console.domain.desk_work import DeskItem
    from console.domain.evidence import Clip
    from console.domain.feed import Post
    from console.domain.members import Role

PAUSE_FIRST_S = 0.2
PAUSE_LAST_S = 10.0
PAGE_POSTS = 50
PAGES_AT_ONCE = 4
KEPT_POSTS_SHOWN = PAGE_POSTS * PAGES_AT_ONCE

_NOT_SIGNED_IN = 401
_NOT_FOUND = 404
_FAULTS_FROM = 500

_log = structlog.get_logger(__name__)

_Answer = Requests | Request | Clips | FeedPage | AgencyProfile | Alerts | DeskItems | Queue


class Part(StrEnum):
    """What can be stale."""

    REQUESTS = "requests"
    REQUEST = "request"
    POSTS = "posts"
    CLIPS = "clips"
    AGENCY = "agency"
    DESK = "desk"
    MODERATION = "moderation"
    ALERTS = "alerts"


class Stale(msgspec.Struct, frozen=True):
    """A part to load again; `id` is the request, or a post that must be among those loaded."""

    part: Part
    id: str = ""


class _SignInEnded(Exception):  # noqa: N818 - says what happened
    """The service no longer knows the sign-in."""


class Replica:
    """Requests (newest first), posts (newest first, those pages that were loaded) and clips of one sign-in.

    `changed` is called after a part has changed; `reached` after the service answered (True) or did not (False);
    `numbered` with the event number that a list of requests stands for; `signed_out` when the sign-in has ended.
    """

    def __init__(  # noqa: PLR0913 - given by the desk
        self,
        gateway: Gateway,
        role: Role,
        vault: Vault,
        clock: Callable[[], datetime],
        *,
        changed: Callable[[Part], None],
        reached: Callable[[bool], None],
        numbered: Callable[[int], None],
        signed_out: Callable[[], None],
        pause: Callable[[float], Awaitable[None]],
    ) -> None:
        self.requests: tuple[Request, ...] = ()
        self.posts: tuple[Post, ...] = vault.posts(KEPT_POSTS_SHOWN)
        self.clips: tuple[Clip, ...] = ()
        self._vault = vault
        self._as_of: int | None = None
        self.desk_items: dict[str, DeskItem] = vault.desk_items()
        self.queue: tuple[QueueItem, ...] = ()
        self.alerts: tuple[Alert, ...] = ()
        self.profile: AgencyProfile | None = None
        self.refreshed_at: datetime | None = None
        self._gateway = gateway
        self._role = role
        self._clock = clock
        self._changed = changed
        self._reached = reached
        self._numbered = numbered
        self._signed_out = signed_out
        self._pause = pause
        self._stale: dict[Stale, None] = {}
        self._woken = asyncio.Event()
        self._older_posts: str | None = None
        self._posts_loaded = False

    def mark(self, part: Part, id_: str = "") -> None:
        """Note that a part has to be loaded again."""
        self._stale[Stale(part, id_)] = None
        self._woken.set()

    def mark_all(self) -> None:
        """Note that everything has to be loaded again."""
        for part in (Part.REQUESTS, Part.CLIPS, Part.ALERTS, Part.DESK, Part.POSTS, Part.MODERATION):
            self.mark(part)

    def request(self, request_id: str) -> Request | None:
        """A request by its id, where the service has shown one."""
        return next((known for known in self.requests if known.id == request_id), None)

    async def run(self) -> None:
        """Load what is stale, until cancelled or the sign-in has ended."""
        pause_s = PAUSE_FIRST_S
        while True:
            self._woken.clear()
            try:
                await self.load_stale()
            except _SignInEnded:
                self._signed_out()
                return
            except Unreachable as fault:
                _log.info("not_loaded", kind=type(fault).__name__)
                self._reached(False)
                await first_of(self._woken.wait(), self._pause(pause_s))
                pause_s = min(pause_s * 2, PAUSE_LAST_S)
                continue
            pause_s = PAUSE_FIRST_S
            await self._woken.wait()

    async def load_stale(self) -> None:
        """Load each stale part once; what failed stays stale. Unreachable."""
        while self._stale:
            stale = next(iter(self._stale))
            del self._stale[stale]  # before loading: a mark that comes meanwhile counts
            try:
                await self._load(stale)
            except BaseException:
                self._stale[stale] = None
                raise
            self.refreshed_at = self._clock()
            self._reached(True)

    async def load_older_posts(self) -> bool:
        """Load one more page of the feed; False where there is none. Unreachable."""
        if self._role not in READ_FEED.who or (self._posts_loaded and self._older_posts is None):
            return False
        try:
            page = await self._feed_page(self._older_posts)
        except _SignInEnded:
            self._signed_out()
            return False
        if page is None:
            return False
        self._posts_loaded, self._older_posts = True, page.before
        fresh = {post.id for post in page.posts}
        self._show_posts((*(post for post in self.posts if post.id not in fresh), *page.posts))
        return page.before is not None

    async def _load(self, stale: Stale) -> None:
        match stale.part:
            case Part.REQUESTS if self._role in LIST_REQUESTS.who:
                await self._load_requests()
            case Part.REQUEST if self._role in SHOW_REQUEST.who:
                await self._load_request(stale.id)
            case Part.POSTS if self._role in READ_FEED.who:
                await self._load_posts(stale.id)
            case Part.CLIPS if self._role in LIST_CLIPS.who:
                await self._load_clips()
            case Part.DESK if self._role in LIST_DESK_ITEMS.who:
                await self._load_desk()
            case Part.AGENCY:
                await self._load_agency()
            case Part.MODERATION:
                await self._load_moderation()
            case Part.ALERTS if self._role in LIST_ALERTS.who:
                await self._load_alerts()
            case _:
                pass

    async def _load_requests(self) -> None:
        answer = _judged(await self._gateway.call(LIST_REQUESTS))
        if isinstance(answer, Requests):
            self.requests = _newest_first(answer.requests)
            self._as_of = answer.as_of_event
            self._numbered(answer.as_of_event)
            self._changed(Part.REQUESTS)

    async def _load_request(self, request_id: str) -> None:
        answer = _judged(await self._gateway.call(SHOW_REQUEST, path={"request_id": request_id}))
        others = tuple(known for known in self.requests if known.id != request_id)
        if isinstance(answer, Request):
            self.requests = _newest_first((*others, answer))
        elif isinstance(answer, Problem) and answer.status == _NOT_FOUND:
            self.requests = others
            self.mark(Part.REQUESTS)
        self._changed(Part.REQUESTS)

    async def _load_clips(self) -> None:
        answer = _judged(await self._gateway.call(LIST_CLIPS))
        if isinstance(answer, Clips):
            self.clips = answer.clips
            self._changed(Part.CLIPS)

    async def _load_desk(self) -> None:
        """What changed at the agency's desk since it was last asked, page by page."""
        has_changed = self._forget_a_later_desk()
        while True:
            after = self._vault.get_setting(DESK_CURSOR) or ""
            answer = _judged(await self._gateway.call(LIST_DESK_ITEMS, query={"after": after} if after else {}))
            if not isinstance(answer, DeskItems) or answer.after in {None, after}:
                break
            self._vault.keep_desk_items(answer.items, answer.after)
            self.desk_items.update((item.post, item) for item in answer.items)
            has_changed = True
        if has_changed:
            self._changed(Part.DESK)

    def _forget_a_later_desk(self) -> bool:
        """A service that was restored to an earlier day counts from an earlier number: what is kept is of no use."""
        number = (self._vault.get_setting(DESK_CURSOR) or "0").partition(".")[0]
        if self._as_of is None or not number.isdigit() or int(number) <= self._as_of:
            return False
        self._vault.forget_desk_items()
        self.desk_items.clear()
        return True

    async def _load_alerts(self) -> None:
        answer = _judged(await self._gateway.call(LIST_ALERTS))
        if isinstance(answer, Alerts):
            self.alerts = answer.alerts
            self._changed(Part.ALERTS)

    async def _load_agency(self) -> None:
        answer = _judged(await self._gateway.call(SHOW_AGENCY))
        if isinstance(answer, AgencyProfile):
            self.profile = answer
            self._changed(Part.AGENCY)

    async def _load_moderation(self) -> None:
        """The queue, for a neutral moderator; others ask for their own flags when they look at them."""
        if self._role in LIST_QUEUE.who:
            answer = _judged(await self._gateway.call(LIST_QUEUE))
            if not isinstance(answer, Queue):
                return
            self.queue = answer.items
            self._numbered(answer.as_of_event)
        self._changed(Part.MODERATION)

    async def _load_posts(self, post_id: str) -> None:
        """Load pages from the newest until they meet what is known and `post_id` was seen."""
        known = {post.id for post in self.posts}
        wanted = {post_id} & known
        fresh: list[Post] = []
        before: str | None = None
        for _ in range(PAGES_AT_ONCE):
            page = await self._feed_page(before)
            if page is None:
                return
            fresh.extend(page.posts)
            before = page.before
            seen = {post.id for post in fresh}
            if before is None or (known & seen and wanted <= seen):
                break
        seen = {post.id for post in fresh}
        older: tuple[Post, ...] = ()
        if before is not None and known & seen:  # else there would be a gap between the two
            oldest = min(_age(post) for post in fresh)
            older = tuple(post for post in self.posts if post.id not in seen and _age(post) < oldest)
        if not older or not self._posts_loaded:
            self._older_posts = before
        self._posts_loaded = True
        self._show_posts((*fresh, *older))

    async def _feed_page(self, before: str | None) -> FeedPage | None:
        query = {"limit": str(PAGE_POSTS)} | ({} if before is None else {"before": before})
        answer = _judged(await self._gateway.call(READ_FEED, query=query))
        return answer if isinstance(answer, FeedPage) else None

    def _show_posts(self, posts: tuple[Post, ...]) -> None:
        self.posts = tuple(sorted(posts, key=_age, reverse=True))
        self._changed(Part.POSTS)


def _judged(
    answer: object,
) -> Requests | Request | Clips | FeedPage | AgencyProfile | Alerts | DeskItems | Queue | Problem:
    """An answer worth looking at; _SignInEnded or Unreachable for a problem that is not about what was asked."""
    if isinstance(answer, Problem):
        if answer.status == _NOT_SIGNED_IN:
            raise _SignInEnded
        if answer.status >= _FAULTS_FROM:
            raise Unreachable
        _log.info("not_loaded", code=answer.code)
        return answer
    if isinstance(answer, _Answer):
        return answer
    raise TypeError(type(answer).__name__)


def _age(post: Post) -> tuple[datetime, str]:
    return post.at, post.id


def _newest_first(requests: tuple[Request, ...]) -> tuple[Request, ...]:
    return tuple(sorted(requests, key=lambda request: (request.submitted_at, request.id), reverse=True))
