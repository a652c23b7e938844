"""Writes: idempotency key, effect, audit entry, live event and stored answer in one transaction.

A repeated key with the same body gets the stored answer; with another body it is refused. A refusal keeps nothing.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec
import sqlalchemy as sa

from console.contract.payloads import Receipt
from console.service import store as t
from console.service.parts import Parts, mint_number, refuse

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from console.contract.endpoints import Endpoint
    from console.contract.events import Event, NumberedEvent
    from console.domain.members import Member

_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}", re.ASCII)


@dataclass
class Transaction:
    """What an effect works with: its connection, the one time of this write, and the events to tell after it."""

    parts: Parts
    connection: AsyncConnection
    agency: str
    now: datetime
    told: list[NumberedEvent] = field(default_factory=list)
    elsewhere: dict[str, Transaction] = field(default_factory=dict)

    def at(self, agency: str) -> Transaction:
        """The same transaction for another agency: what is told through it is told to that agency's consoles."""
        if agency == self.agency:
            return self
        if agency not in self.elsewhere:
            self.elsewhere[agency] = Transaction(self.parts, self.connection, agency, self.now)
        return self.elsewhere[agency]

    def tell_committed(self) -> None:
        """Tell what this write told, here and elsewhere; only after the commit."""
        self.parts.live.tell(self.agency, self.told)
        for other in self.elsewhere.values():
            other.tell_committed()

    async def tell(self, event: Event) -> None:
        """Keep a live event now, tell it once committed."""
        self.told.append(await self.parts.live.note(self.connection, self.agency, event))

    async def audit(self, actor: str, action: str, subject: str) -> None:
        """Add a line to the agency's chained audit log."""
        await add_audit(self.connection, self.agency, actor, action, subject, self.now)


class Effect(msgspec.Struct, frozen=True):
    """What a write did, for its receipt."""

    subject: str
    state: str = ""
    version: int = 0
    number: str = ""


async def add_audit(
    connection: AsyncConnection, agency: str, actor: str, action: str, subject: str, now: datetime
) -> None:
    """One line whose hash covers the line before; free text never goes in."""
    before = await connection.scalar(
        sa.select(t.audit.c.hash).where(t.audit.c.agency == agency).order_by(t.audit.c.number.desc()).limit(1)
    )
    line = msgspec.json.encode((before or "", agency, actor, action, subject, now))
    await connection.execute(
        sa.insert(t.audit).values(
            agency=agency, actor=actor, action=action, subject=subject, at=now, hash=hashlib.sha256(line).hexdigest()
        )
    )


async def write(
    parts: Parts,
    member: Member,
    endpoint: Endpoint,
    untrusted_key: str | None,
    body: Any,
    subject: str,
    effect: Callable[[Transaction], Awaitable[Effect]],
) -> Receipt:
    """Do a member's write once, and answer with its signed receipt."""
    if untrusted_key is None or not _KEY.fullmatch(untrusted_key):
        raise refuse("key_missing")
    key = untrusted_key
    body_hash = hashlib.sha256(msgspec.json.encode((endpoint.name, subject, body))).hexdigest()
    async with parts.store.writing() as connection:
        known = (
            await connection.execute(
                sa.select(t.idempotency).where(t.idempotency.c.actor == member.id, t.idempotency.c.key == key)
            )
        ).first()
        if known is not None:
            if known.body_hash != body_hash:
                raise refuse("key_reused")
            return msgspec.json.decode(known.answer, type=Receipt)
        now = parts.clock()
        transaction = Transaction(parts, connection, member.agency, now)
        done = await effect(transaction)
        await transaction.audit(member.id, endpoint.name, done.subject)
        receipt = parts.signer.sign(
            Receipt(done.number or mint_number(), endpoint.name, key, done.subject, done.state, done.version, now)
        )
        await connection.execute(
            sa.insert(t.idempotency).values(
                actor=member.id,
                key=key,
                endpoint=endpoint.name,
                body_hash=body_hash,
                answer=msgspec.json.encode(receipt).decode(),
                at=now,
            )
        )
    transaction.tell_committed()
    return receipt
