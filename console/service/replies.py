"""Canned replies that an agency keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import sqlalchemy as sa
from litestar.params import FromPath, JSONBody

from console.contract import endpoints as e
from console.contract import payloads as p
from console.contract.events import AgencyChanged
from console.domain.replies import Reply, unknown
from console.service import store as t
from console.service.agency_settings import take_away
from console.service.parts import refuse
from console.service.requests import Call, Key, parts_of, signed_in
from console.service.routing import serves
from console.service.writes import Effect, Transaction, write

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection


async def replies_of(connection: AsyncConnection, agency: str) -> tuple[Reply, ...]:
    """The agency's replies by name."""
    bodies = await connection.scalars(sa.select(t.replies.c.body).where(t.replies.c.agency == agency))
    found = [msgspec.json.decode(body, type=Reply) for body in bodies]
    return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.id)))


@serves(e.SAVE_REPLY)
async def save_reply(request: Call, data: JSONBody[Reply], key: Key = None) -> p.Receipt:
    """A new reply, or a known one in its place."""
    member = signed_in(request).member

    async def effect(tx: Transaction) -> Effect:
        if not data.languages():
            raise refuse("malformed", title="A reply needs words in English or in Spanish.")
        strange = unknown(data.english + data.spanish)
        if strange:
            raise refuse("malformed", title=f"{{{strange[0]}}} is no placeholder.")
        mine = sa.and_(t.replies.c.agency == tx.agency, t.replies.c.id == data.id)
        await tx.connection.execute(sa.delete(t.replies).where(mine))
        body = msgspec.json.encode(data).decode()
        await tx.connection.execute(sa.insert(t.replies).values(agency=tx.agency, id=data.id, body=body))
        await tx.tell(AgencyChanged())
        return Effect(data.id)

    return await write(parts_of(request), member, e.SAVE_REPLY, key, data, data.id, effect)


@serves(e.REMOVE_REPLY)
async def remove_reply(request: Call, reply_id: FromPath[str], key: Key = None) -> p.Receipt:
    """Answers that were begun from it stay as they are."""
    member = signed_in(request).member

    async def effect(tx: Transaction) -> Effect:
        mine = sa.and_(t.replies.c.agency == tx.agency, t.replies.c.id == reply_id)
        return await take_away(tx, t.replies, mine, reply_id)

    return await write(parts_of(request), member, e.REMOVE_REPLY, key, None, reply_id, effect)


HANDLERS = (save_reply, remove_reply)
