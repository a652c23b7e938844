"""Live events: one stream from the service, resumed where it broke off (WHATWG server-sent events).

Promises: after a break it asks for what came since the last number seen (Last-Event-ID); it comes back by itself,
0.2 to 10 s later, the longer the more often it failed. An event that this console does not know is passed over.
"""

from __future__ import annotations

import asyncio
import random
from contextlib import aclosing
from enum import StrEnum
from typing import TYPE_CHECKING

import httpx
import msgspec
import structlog
from httpx_sse import EventSource, SSEError

from console.client.gateway import ProblemRaised, Unreachable
from console.contract.endpoints import FOLLOW_EVENTS
from console.contract.events import Event, NumberedEvent

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

    from httpx_sse import ServerSentEvent

    from console.client.gateway import Gateway

PAUSE_FIRST_S = 0.2
PAUSE_LAST_S = 10.0
SILENCE_MAX_S = 60.0
STEADY_AFTER_S = 10.0

_NOT_SIGNED_IN = 401
_log = structlog.get_logger(__name__)


class ConnectionState(StrEnum):
    """How the console stands with the service."""

    CONNECTED = "connected"
    CONNECTING = "connecting"
    OFFLINE = "offline"


class Live:
    """The stream of one sign-in. `last` is the number of the last event seen; it may be set while following."""

    def __init__(
        self,
        gateway: Gateway,
        last: int,
        *,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        spread: Callable[[], float] = random.random,
    ) -> None:
        self.last = last
        self._gateway = gateway
        self._pause = pause
        self._spread = spread

    async def follow(self) -> AsyncGenerator[NumberedEvent | ConnectionState, None]:
        """Events and changes of the connection, without end; ProblemRaised when the sign-in has ended."""
        yield ConnectionState.CONNECTING
        pause_s = PAUSE_FIRST_S
        loop = asyncio.get_running_loop()
        while True:
            opened_at = None
            try:
                async with self._gateway.stream(
                    FOLLOW_EVENTS,
                    headers={
                        "Accept": "text/event-stream",
                        "Cache-Control": "no-store",
                        "Last-Event-ID": str(self.last),
                    },
                    read_timeout_s=SILENCE_MAX_S,
                ) as untrusted_response:
                    opened_at = loop.time()
                    yield ConnectionState.CONNECTED
                    async with aclosing(EventSource(untrusted_response).aiter_sse()) as untrusted_events:
                        async for untrusted_event in untrusted_events:
                            event = self._numbered(untrusted_event)
                            if event is not None:
                                pause_s = PAUSE_FIRST_S
                                yield event
            except ProblemRaised as fault:
                if fault.problem.status == _NOT_SIGNED_IN:
                    raise
                _log.info("live_refused", code=fault.problem.code)
            except (Unreachable, httpx.HTTPError, SSEError) as fault:
                _log.info("live_lost", kind=type(fault).__name__)
            if opened_at is not None and loop.time() - opened_at >= STEADY_AFTER_S:
                pause_s = PAUSE_FIRST_S
            # A stream that just ended is an ordinary thing; only one that cannot be opened is offline.
            yield ConnectionState.OFFLINE if opened_at is None else ConnectionState.CONNECTING
            await self._pause(pause_s * (0.75 + 0.5 * self._spread()))
            pause_s = min(pause_s * 2, PAUSE_LAST_S)

    def _numbered(self, untrusted_event: ServerSentEvent) -> NumberedEvent | None:
        if not untrusted_event.data:  # httpx-sse hands on keep-alives once an id was seen
            return None
        if untrusted_event.id.isascii() and untrusted_event.id.isdigit():
            self.last = int(untrusted_event.id[:18])
        try:
            event: Event = msgspec.json.decode(untrusted_event.data, type=Event)
        except msgspec.MsgspecError:
            _log.info("live_unknown_event")
            return None
        return NumberedEvent(self.last, event)
