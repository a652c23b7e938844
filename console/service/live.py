"""Live events: kept in the store, told through channels, resumed by number.

A console that was away asks with Last-Event-ID and misses nothing: the subscription is opened first, then what is in
the store is sent, then what came since; an event is never sent twice.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

import msgspec
import sqlalchemy as sa

from console.contract.events import Event, NumberedEvent
from console.service import store as t

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from litestar.channels import ChannelsPlugin
    from sqlalchemy.ext.asyncio import AsyncConnection

    from console.service.store import Store

KEEP_ALIVE_S = 15.0


class Live:
    """Tells the consoles of an agency what changed."""

    def __init__(self, channels: ChannelsPlugin) -> None:
        self._channels = channels

    async def note(self, connection: AsyncConnection, agency: str, event: Event) -> NumberedEvent:
        """Keep an event in the caller's transaction; `tell` it after the commit."""
        result = await connection.execute(
            sa.insert(t.events).values(agency=agency, body=msgspec.json.encode(event).decode())
        )
        key = result.inserted_primary_key
        return NumberedEvent(int(key[0]) if key else 0, event)

    def tell(self, agency: str, events: list[NumberedEvent]) -> None:
        """Tell events that were committed."""
        for event in events:
            self._channels.publish(msgspec.json.encode(event).decode(), [f"agency:{agency}"])

    async def follow(
        self, store: Store, agency: str, last: int | None, still_welcome: Callable[[], Awaitable[bool]]
    ) -> AsyncIterator[bytes]:
        """The stream of one console, as server-sent events; ends when its sign-in does."""
        waiting: asyncio.Queue[bytes] = asyncio.Queue(maxsize=1_000)

        async def take(data: bytes) -> None:
            await waiting.put(data)

        subscriber = await self._channels.subscribe([f"agency:{agency}"])
        try:
            async with subscriber.run_in_background(take):
                sent = last if last is not None else await latest(store, agency)
                yield b"retry: 500\n\n: welcome\n\n"
                for event in await since(store, agency, sent):
                    sent = event.number
                    yield _frame(event)
                while True:
                    try:
                        data = await asyncio.wait_for(waiting.get(), KEEP_ALIVE_S)
                    except TimeoutError:
                        if not await still_welcome():
                            return
                        yield b": still here\n\n"
                        continue
                    event = msgspec.json.decode(data, type=NumberedEvent)
                    if event.number > sent:
                        if not await still_welcome():
                            return
                        sent = event.number
                        yield _frame(event)
        finally:
            with contextlib.suppress(Exception):
                await self._channels.unsubscribe(subscriber)


def _frame(event: NumberedEvent) -> bytes:
    return b"id: %d\ndata: %s\n\n" % (event.number, msgspec.json.encode(event.event))


async def latest(store: Store, agency: str) -> int:
    """The number of the agency's newest event; 0 where there is none."""
    async with store.reading() as connection:
        found = await connection.scalar(sa.select(sa.func.max(t.events.c.number)).where(t.events.c.agency == agency))
    return int(found or 0)


async def since(store: Store, agency: str, number: int) -> list[NumberedEvent]:
    """The agency's events after a number, in order."""
    query = (
        sa.select(t.events.c.number, t.events.c.body)
        .where(t.events.c.agency == agency, t.events.c.number > number)
        .order_by(t.events.c.number)
    )
    async with store.reading() as connection:
        rows = await connection.execute(query)
        return [NumberedEvent(row.number, msgspec.json.decode(row.body, type=Event)) for row in rows]
