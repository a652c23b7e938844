"""What authors are told of decisions on what they wrote, and their appeals.

The words that were limited or removed are in none of it: an author knows them, and nobody else is to.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from litestar.params import FromPath, JSONBody

from console.contract import endpoints as e
from console.contract import moderation as m
from console.contract import payloads as p
from console.contract.events import ModerationChanged
from console.domain.feed import Category
from console.domain.members import NEUTRAL_DESK
from console.domain.moderation import (
    APPEAL_WITHIN,
    APPEALABLE,
    Act,
    By,
    ItemKind,
    ItemState,
    Reason,
    Refusal,
    after,
)
from console.service import store as t
from console.service.access import Neighbour
from console.service.moderation_rows import (
    agencys_key,
    item_of,
    neighbours_key,
    standing_of,
    written_comments,
    written_posts,
)
from console.service.parts import refuse
from console.service.requests import Call, Key, parts_of, signed_in
from console.service.routing import serves
from console.service.writes import Effect, Transaction, write

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

TOLD_FOR = timedelta(days=90)
TOLD_MAX = 20
REFUSALS = {
    Refusal.WRONG_STATE: "moved_on",
    Refusal.WRONG_REASON: "wrong_reason",
    Refusal.NOT_THEIRS: "forbidden",
    Refusal.OWN_DECISION: "own_decision",
    Refusal.APPEALED_BEFORE: "appealed_before",
    Refusal.TOO_LATE: "appeal_too_late",
    Refusal.FINAL: "appeal_decided",
}


async def decisions_on_ones_own(
    connection: AsyncConnection, author: str, now: datetime
) -> tuple[m.DecisionOnYours, ...]:
    """The limits and removals of what an author wrote, the newest first, with what became of appeals."""
    if not author:
        return ()
    items, decisions, appeals = t.moderation_items, t.moderation_decisions, t.appeals
    query = (
        sa.select(
            decisions,
            items.c.kind,
            items.c.subject,
            items.c.post,
            items.c.state,
            items.c.standing,
            appeals.c.at.label("appealed_at"),
            appeals.c.outcome,
            appeals.c.answer,
        )
        .join(items, items.c.id == decisions.c.item)
        .outerjoin(appeals, appeals.c.decision == decisions.c.id)
        .where(items.c.author == author, decisions.c.act.in_([act.value for act in APPEALABLE]))
        .where(decisions.c.at > now - TOLD_FOR)
        .order_by(decisions.c.number.desc())
        .limit(TOLD_MAX)
    )
    rows = (await connection.execute(query)).all()
    written = await written_posts(connection, {row.subject for row in rows if row.kind == ItemKind.POST.value})
    written |= await written_comments(connection, {row.subject for row in rows if row.kind == ItemKind.COMMENT.value})
    told = []
    for row in rows:
        about, is_in_force = written[row.subject], row.standing == row.id
        may = is_in_force and row.appealed_at is None and now <= row.at + APPEAL_WITHIN
        told.append(
            m.DecisionOnYours(
                id=row.id,
                kind=ItemKind(row.kind),
                post=row.post,
                comment="" if row.kind == ItemKind.POST.value else row.subject,
                act=Act(row.act),
                reason=Reason(row.reason),
                words=row.words,
                written_at=about.at,
                place_name=about.place_name,
                category=Category(about.category),
                decided_at=row.at,
                appeal_until=row.at + APPEAL_WITHIN,
                can_appeal=may and row.state != ItemState.ERASED.value,
                is_in_force=is_in_force,
                appeal="" if row.appealed_at is None else (row.outcome or "open"),
                appeal_answer=row.answer or "",
            )
        )
    return tuple(told)


async def appeal(tx: Transaction, decision_id: str, author: str, words: str) -> Effect:
    """Ask another moderator to look at a decision on what the author wrote: once, within 20 days."""
    items, decisions = t.moderation_items, t.moderation_decisions
    mine = (
        sa.select(items)
        .join(decisions, decisions.c.item == items.c.id)
        .where(decisions.c.id == decision_id, items.c.author == author, items.c.agency == tx.agency)
        .where(decisions.c.act.in_([act.value for act in APPEALABLE]))
    )
    row = (await tx.connection.execute(mine)).first()
    if row is None or not author:
        raise refuse("not_found")
    item = item_of(row)
    if await tx.connection.scalar(sa.select(t.appeals.c.decision).where(t.appeals.c.decision == decision_id)):
        raise refuse("appealed_before")
    if item.standing != decision_id:
        raise refuse("moved_on")
    found = after(item.state, Act.APPEAL, await standing_of(tx.connection, item, By.AUTHOR, tx.now, None))
    if isinstance(found, Refusal):
        raise refuse(REFUSALS[found])
    await tx.connection.execute(
        sa.insert(t.appeals).values(
            decision=decision_id, item=item.id, words=words.strip(), at=tx.now, outcome="", answer=""
        )
    )
    await tx.connection.execute(
        sa.update(items).where(items.c.id == item.id).values(state=found.value, version=item.version + 1, since=tx.now)
    )
    await tx.at(NEUTRAL_DESK).tell(ModerationChanged(item.id))
    return Effect(decision_id, "appealed")


@serves(e.APPEAL_AS_AGENCY)
async def appeal_as_agency(
    request: Call, decision_id: FromPath[str], data: JSONBody[m.NewAppeal], key: Key = None
) -> p.Receipt:
    """A decision on an official comment of the member's agency."""
    member = signed_in(request).member
    return await write(
        parts_of(request),
        member,
        e.APPEAL_AS_AGENCY,
        key,
        data,
        decision_id,
        lambda tx: appeal(tx, decision_id, agencys_key(tx.agency), data.words),
    )


@serves(e.APPEAL_AS_NEIGHBOUR)
async def appeal_as_neighbour(request: Call, decision_id: FromPath[str], data: JSONBody[m.NewAppeal]) -> p.Accepted:
    """A decision on what the neighbour wrote; another's is as unknown as one that does not exist."""
    parts = parts_of(request)
    neighbour: Neighbour = request.state.caller
    async with parts.store.writing() as connection:
        tx = Transaction(parts, connection, neighbour.agency, parts.clock())
        await appeal(tx, decision_id, neighbours_key(neighbour.id), data.words)
    tx.tell_committed()
    return p.Accepted()


HANDLERS = (appeal_as_agency, appeal_as_neighbour)
