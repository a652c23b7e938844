"""What an agency keeps for its own work: its calendar of assemblies, its templates, and who decides for whom."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec
import sqlalchemy as sa
from litestar.params import FromPath, JSONBody

from console.contract import endpoints as e
from console.contract import payloads as p
from console.contract.events import AgencyChanged
from console.domain.assemblies import POINTS_MAX, ROUTE_MAX_M, Gathering, route_m
from console.domain.members import Member, Role
from console.domain.templates import Template
from console.service import store as t
from console.service.parts import refuse
from console.service.requests import Call, Key, parts_of, signed_in
from console.service.routing import serves
from console.service.writes import Effect, Transaction, write

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

CALENDAR_REACH = timedelta(days=3_650)
LENT_AT_MOST = timedelta(days=30)
CALENDAR_BODY_MAX = 2 * 1024 * 1024
_BORROWERS = frozenset({Role.OFFICER, Role.SUPERVISOR})


async def templates_of(connection: AsyncConnection, agency: str) -> tuple[Template, ...]:
    """The agency's templates by name."""
    bodies = await connection.scalars(sa.select(t.templates.c.body).where(t.templates.c.agency == agency))
    found = [msgspec.json.decode(body, type=Template) for body in bodies]
    return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.id)))


async def delegations_of(
    connection: AsyncConnection, agency: str, people: dict[str, Member], now: datetime
) -> tuple[p.Delegation, ...]:
    """Who has lent deciding to whom, and it still holds."""
    query = sa.select(t.delegations).where(t.delegations.c.agency == agency, t.delegations.c.until > now)
    rows = (await connection.execute(query)).all()
    found = [
        p.Delegation(people[row.delegator], people[row.delegate], row.until)
        for row in rows
        if row.delegator in people and row.delegate in people and people[row.delegator].role is Role.SUPERVISOR
    ]
    return tuple(sorted(found, key=lambda d: (d.delegator.name, d.delegate.name)))


def _is_sound(gathering: Gathering, now: datetime) -> bool:
    if not (1 <= len(gathering.points) <= POINTS_MAX and route_m(gathering.points) <= ROUTE_MAX_M):
        return False
    return now - CALENDAR_REACH < gathering.begins < gathering.ends < now + CALENDAR_REACH


async def take_away(tx: Transaction, table: sa.Table, mine: sa.ColumnElement[bool], subject: str) -> Effect:
    """Remove what an agency keeps, and tell its consoles. not_found."""
    gone = await tx.connection.execute(sa.delete(table).where(mine))
    if not gone.rowcount:
        raise refuse("not_found")
    await tx.tell(AgencyChanged())
    return Effect(subject)


@serves(e.SAVE_GATHERINGS, request_max_body_size=CALENDAR_BODY_MAX)
async def save_gatherings(request: Call, data: JSONBody[p.Gatherings], key: Key = None) -> p.Receipt:
    """Kept by their ids: what was imported before is replaced, not doubled."""
    member = signed_in(request).member

    async def effect(tx: Transaction) -> Effect:
        kept = {g.id: g for g in data.gatherings if _is_sound(g, tx.now)}
        if len(kept) != len(data.gatherings):
            raise refuse(
                "malformed", title="An assembly has no place or too long a route, comes twice, or its time is wrong."
            )
        calendar = t.gatherings.c
        gone = sa.delete(t.gatherings).where(calendar.agency == tx.agency, calendar.id.in_(list(kept)))
        replaced = (await tx.connection.execute(gone)).rowcount
        # What was replaced by what can be proved by the hash of what was sent.
        content = hashlib.sha256(msgspec.json.encode(data.gatherings)).hexdigest()
        subject = f"{len(kept)} kept, {replaced} of them replaced, sha256 {content}"
        await tx.audit(member.id, "calendar_changed", subject)
        rows = [
            {"agency": tx.agency, "id": g.id, "ends": g.ends, "body": msgspec.json.encode(g).decode()}
            for g in kept.values()
        ]
        await tx.connection.execute(sa.insert(t.gatherings), rows)
        await tx.tell(AgencyChanged())
        return Effect("calendar")

    return await write(parts_of(request), member, e.SAVE_GATHERINGS, key, data, "", effect)


@serves(e.REMOVE_GATHERING)
async def remove_gathering(request: Call, gathering_id: FromPath[str], key: Key = None) -> p.Receipt:
    """A request that met it when it was submitted goes on to need two approvals."""
    member = signed_in(request).member

    async def effect(tx: Transaction) -> Effect:
        mine = sa.and_(t.gatherings.c.agency == tx.agency, t.gatherings.c.id == gathering_id)
        return await take_away(tx, t.gatherings, mine, gathering_id)

    return await write(parts_of(request), member, e.REMOVE_GATHERING, key, None, gathering_id, effect)


@serves(e.SAVE_TEMPLATE)
async def save_template(request: Call, data: JSONBody[Template], key: Key = None) -> p.Receipt:
    """A new template, or a known one in its place."""
    member = signed_in(request).member

    async def effect(tx: Transaction) -> Effect:
        mine = sa.and_(t.templates.c.agency == tx.agency, t.templates.c.id == data.id)
        await tx.connection.execute(sa.delete(t.templates).where(mine))
        body = msgspec.json.encode(data).decode()
        await tx.connection.execute(sa.insert(t.templates).values(agency=tx.agency, id=data.id, body=body))
        await tx.tell(AgencyChanged())
        return Effect(data.id)

    return await write(parts_of(request), member, e.SAVE_TEMPLATE, key, data, data.id, effect)


@serves(e.REMOVE_TEMPLATE)
async def remove_template(request: Call, template_id: FromPath[str], key: Key = None) -> p.Receipt:
    """Drafts that were begun from it stay as they are."""
    member = signed_in(request).member

    async def effect(tx: Transaction) -> Effect:
        mine = sa.and_(t.templates.c.agency == tx.agency, t.templates.c.id == template_id)
        return await take_away(tx, t.templates, mine, template_id)

    return await write(parts_of(request), member, e.REMOVE_TEMPLATE, key, None, template_id, effect)


@serves(e.LEND_DECIDING)
async def lend_deciding(request: Call, data: JSONBody[p.NewDelegation], key: Key = None) -> p.Receipt:
    """To an officer or supervisor of the same agency, for a time; never on the lender's own requests."""
    caller = signed_in(request)
    member = caller.member

    async def effect(tx: Transaction) -> Effect:
        if "\0" in data.delegate:
            raise refuse("not_a_colleague")
        body = await tx.connection.scalar(
            sa.select(t.members.c.body).where(t.members.c.id == data.delegate, t.members.c.agency == tx.agency)
        )
        other = None if body is None else msgspec.json.decode(body, type=Member)
        fits = other is not None and other.id != member.id and other.role in _BORROWERS
        if not fits or not tx.now < data.until <= tx.now + LENT_AT_MOST:
            raise refuse("not_a_colleague")
        mine = sa.and_(t.delegations.c.delegator == member.id, t.delegations.c.delegate == data.delegate)
        await tx.connection.execute(sa.delete(t.delegations).where(mine))
        await tx.connection.execute(
            sa.insert(t.delegations).values(
                delegator=member.id, delegate=data.delegate, agency=tx.agency, until=data.until
            )
        )
        await tx.tell(AgencyChanged())
        return Effect(data.delegate)

    return await write(parts_of(request), member, e.LEND_DECIDING, key, data, "", effect)


@serves(e.END_LENDING)
async def end_lending(request: Call, member_id: FromPath[str], key: Key = None) -> p.Receipt:
    """From now on."""
    member = signed_in(request).member

    async def effect(tx: Transaction) -> Effect:
        mine = sa.and_(t.delegations.c.delegator == member.id, t.delegations.c.delegate == member_id)
        return await take_away(tx, t.delegations, mine, member_id)

    return await write(parts_of(request), member, e.END_LENDING, key, None, member_id, effect)


HANDLERS = (
    save_gatherings,
    remove_gathering,
    save_template,
    remove_template,
    lend_deciding,
    end_lending,
)
