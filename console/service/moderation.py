"""The neutral moderators' desk: the queue, an item with its context, and decisions on it.

Promises: a decision carries the version that was seen, and whoever was slower is told what was decided; a flag that
came while somebody was deciding is not settled by it; who decided never decides the appeal; no agency takes part.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
import sqlalchemy as sa
from litestar.params import FromPath, JSONBody

from console.contract import endpoints as e
from console.contract import moderation as m
from console.contract import payloads as p
from console.contract.events import ModerationChanged, PostChanged
from console.domain.feed import Visibility
from console.domain.members import NEUTRAL_DESK, Member
from console.domain.moderation import (
    APPEALABLE,
    REASONS_OF,
    RESTORABLE_FOR,
    VISIBLE_AS,
    WAITING,
    Act,
    By,
    FlagReason,
    ItemKind,
    ItemState,
    Refusal,
    Standing,
    after,
    comes_back,
    judged_with,
)
from console.domain.moderation_words import DONE
from console.domain.requests import Claim
from console.service import alert_publishing, publication
from console.service import store as t
from console.service.appeals import REFUSALS
from console.service.feed import touch
from console.service.moderation_rows import (
    DECIDED_SHOWN,
    Item,
    Written,
    item_of,
    last_decision,
    load_item,
    note_decision,
    queue_items,
    standing_of,
    written_comments,
    written_posts,
)
from console.service.parts import Parts, mint_id, refuse
from console.service.request_rows import claims_on
from console.service.requests import Call, Key, parts_of, signed_in
from console.service.review import CLAIM_LENGTH
from console.service.routing import serves
from console.service.writes import Effect, Transaction, write

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

DECISIONS = frozenset({Act.KEEP, Act.LIMIT, Act.REMOVE, Act.PUBLISH, Act.REFUSE})
RESTORATIONS = frozenset({Act.RESTORE, Act.REOPEN})
APPEAL_DECISIONS = frozenset({Act.UPHOLD, Act.OVERTURN})

# What is held, by kind: how it is published, and how it goes back to its author with the words of the refusal. Both
# are called with the transaction of the agency that wrote it.
PUBLISH: dict[ItemKind, Callable[[Transaction, str], Awaitable[Effect]]] = {
    ItemKind.REQUEST: publication.publish_held,
    ItemKind.ALERT: alert_publishing.publish_alert,
}
REFUSE: dict[ItemKind, Callable[[Transaction, str, str], Awaitable[Effect]]] = {
    ItemKind.REQUEST: publication.refuse_held,
    ItemKind.ALERT: alert_publishing.refuse_alert,
}


# Deciding


async def decide(tx: Transaction, who: Member, item_id: str, data: m.Deciding, allowed: frozenset[Act]) -> Effect:
    """Take one step on an item; `moved_on` says what was decided since, and by whom."""
    if data.act not in allowed:
        raise refuse("malformed")
    if data.reason not in REASONS_OF[data.act]:
        raise refuse("wrong_reason")
    item = await load_item(tx.connection, item_id)
    if item.version != data.version:
        raise await _moved_on(tx.connection, item)
    standing = await standing_of(tx.connection, item, By.MODERATOR, tx.now, who)
    found = after(item.state, data.act, standing)
    if found is Refusal.WRONG_STATE:
        raise await _moved_on(tx.connection, item)
    if isinstance(found, Refusal):
        raise refuse(REFUSALS[found])
    await _unclaimed(tx, who, item)
    decision_id = mint_id()
    before = await last_decision(tx.connection, item.id)
    await note_decision(tx.connection, item.id, decision_id, data.act, data.reason, data.words.strip(), who, tx.now)
    if item.kind in PUBLISH or data.act in {Act.PUBLISH, Act.REFUSE}:
        await _settle_held(tx, item, data, found)
    else:
        if data.act is Act.REOPEN and before is not None:
            await tx.connection.execute(sa.update(t.flags).where(t.flags.c.decision == before.id).values(decision=""))
        found = await _settle_written(tx, item, data, found, decision_id)
    await tx.at(NEUTRAL_DESK).tell(ModerationChanged(item.id))
    return Effect(item.id, found.value, item.version + 1)


async def _moved_on(connection: AsyncConnection, item: Item) -> Exception:
    last = await last_decision(connection, item.id)
    if item.state in WAITING or last is None:
        return refuse("moved_on", title="This has changed since you started.")
    return refuse("moved_on", title=f"Decided since you started: {DONE[Act(last.act)].lower()} by {last.name}.")


async def _unclaimed(tx: Transaction, who: Member, item: Item) -> None:
    claim = (await claims_on(tx.connection, [str(item.id)], tx.now)).get(item.id)
    if claim is not None and claim.member != who.id:
        raise refuse("claimed", title=f"{claim.name} is deciding on this.")
    await tx.connection.execute(sa.delete(t.claims).where(t.claims.c.request == item.id))


async def _settle_held(tx: Transaction, item: Item, data: m.Deciding, found: ItemState) -> None:
    await _keep_state(tx, item, found, standing="")
    there = tx.at(item.agency)
    if data.act is Act.PUBLISH:
        await PUBLISH[item.kind](there, item.subject)
    else:
        await REFUSE[item.kind](there, item.subject, publication.refusal_words(data.reason, data.words))


async def _settle_written(
    tx: Transaction, item: Item, data: m.Deciding, found: ItemState, decision_id: str
) -> ItemState:
    """Settle the flags that were seen, show what the state says, and bring back what came meanwhile; the state then."""
    written = await _written(tx.connection, item)
    flags = (
        await tx.connection.execute(sa.select(t.flags).where(t.flags.c.item == item.id).order_by(t.flags.c.number))
    ).all()
    opened = [flag for flag in flags if not flag.decision]
    judged = item.judged
    if data.act is not Act.REOPEN:
        is_gone = found is ItemState.REMOVED  # then there is nothing left that a flag could be about
        settled = [flag for flag in opened if is_gone or flag.number <= data.flags_seen]
        # What is shown again was looked at as a whole: no reason that was given before brings it back.
        looked_at_whole = data.act in RESTORATIONS | APPEAL_DECISIONS
        known = [flag for flag in flags if flag.decision] if looked_at_whole else []
        reasons = frozenset(FlagReason(flag.reason) for flag in (*settled, *known))
        judged = judged_with(judged, reasons, written.fingerprint)
        for flag in opened:
            if flag not in settled and comes_back(found, judged, FlagReason(flag.reason), flag.text):
                again = after(found, Act.FLAG, Standing(By.ANYBODY, tx.now))
                assert isinstance(again, ItemState)  # noqa: S101 - the table lets anybody flag what comes back
                found = again
        still_open = {flag.number for flag in opened} - {flag.number for flag in settled} if found in WAITING else set()
        await tx.connection.execute(
            sa.update(t.flags)
            .where(t.flags.c.item == item.id, t.flags.c.decision == "", t.flags.c.number.not_in(still_open))
            .values(decision=decision_id)
        )
    standing = item.standing
    if data.act in APPEALABLE:
        standing = decision_id
    elif found in {ItemState.KEPT, ItemState.FLAGGED}:
        standing = ""
    if data.act in APPEAL_DECISIONS:
        outcome = "upheld" if data.act is Act.UPHOLD else "overturned"
        await tx.connection.execute(
            sa.update(t.appeals)
            .where(t.appeals.c.decision == item.standing)
            .values(outcome=outcome, answer=data.words.strip(), decided_at=tx.now)
        )
    await _keep_state(tx, item, found, standing=standing, judged=msgspec.json.encode(judged).decode())
    await _show(tx, item, written, VISIBLE_AS[found])
    for agency in {flag.agency for flag in flags if flag.agency}:
        await tx.at(agency).tell(ModerationChanged())
    return found


async def _keep_state(tx: Transaction, item: Item, state: ItemState, **values: str) -> None:
    table = t.moderation_items
    result = await tx.connection.execute(
        sa.update(table)
        .where(table.c.id == item.id, table.c.version == item.version)
        .values(state=state.value, version=item.version + 1, since=tx.now, **values)
    )
    if result.rowcount != 1:
        raise await _moved_on(tx.connection, item)


async def _written(connection: AsyncConnection, item: Item) -> Written:
    read = written_comments if item.kind is ItemKind.COMMENT else written_posts
    found = (await read(connection, [item.subject])).get(item.subject)
    if found is None:
        raise refuse("not_found")
    return found


async def _show(tx: Transaction, item: Item, written: Written, visibility: Visibility) -> None:
    """Let be seen what the state says; the agency is told only where that is something else than before."""
    if written.visibility == visibility.value:
        return
    table = t.comments if item.kind is ItemKind.COMMENT else t.posts
    await tx.connection.execute(sa.update(table).where(table.c.id == item.subject).values(visibility=visibility.value))
    await touch(tx.at(item.agency), item.post, PostChanged(item.post))


async def erase_due(parts: Parts) -> int:
    """Erase the words of what was removed 30 days ago, and of its flags and decisions; returns how many."""
    now, items, decisions = parts.clock(), t.moderation_items, t.moderation_decisions
    due = (
        sa.select(items)
        .join(decisions, decisions.c.id == items.c.standing)
        .where(items.c.state == ItemState.REMOVED.value, decisions.c.at < now - RESTORABLE_FOR)
    )
    async with parts.store.reading() as connection:
        waiting = [item_of(row) for row in await connection.execute(due)]
    erased = 0
    for seen in waiting:
        async with parts.store.writing() as connection:
            tx = Transaction(parts, connection, NEUTRAL_DESK, now)
            item = await load_item(connection, seen.id)
            standing = await standing_of(connection, item, By.SERVICE, now, None)
            found = after(item.state, Act.ERASE, standing)
            if isinstance(found, Refusal):
                continue  # restored or appealed in this very moment
            await _erase_words(connection, item)
            await _keep_state(tx, item, found)
            await tx.audit("service", "erase_removed", item.id)
            await tx.tell(ModerationChanged(item.id))
            erased += 1
        tx.tell_committed()
    return erased


async def _erase_words(connection: AsyncConnection, item: Item) -> None:
    if item.kind is ItemKind.COMMENT:
        await connection.execute(sa.update(t.comments).where(t.comments.c.id == item.subject).values(text=""))
    else:
        await connection.execute(sa.update(t.posts).where(t.posts.c.id == item.subject).values(title="", text=""))
    for table in (t.flags, t.moderation_decisions, t.appeals):
        await connection.execute(sa.update(table).where(table.c.item == item.id).values(words=""))
    await connection.execute(sa.update(t.appeals).where(t.appeals.c.item == item.id).values(answer=""))


# The desk's endpoints


@serves(e.LIST_QUEUE)
async def list_queue(request: Call) -> m.Queue:
    """What waits, for all agencies, and what was decided in the last 30 days."""
    parts = parts_of(request)
    now, table = parts.clock(), t.moderation_items
    waits = table.c.state.in_([state.value for state in WAITING])
    async with parts.store.reading() as connection:
        newest = await connection.scalar(
            sa.select(sa.func.max(t.events.c.number)).where(t.events.c.agency == NEUTRAL_DESK)
        )
        items = await queue_items(connection, sa.or_(waits, table.c.since > now - DECIDED_SHOWN), now)
    return m.Queue(items, int(newest or 0))


async def _may_decide(connection: AsyncConnection, item_id: str, who: Member, now: datetime) -> Item:
    item = await load_item(connection, item_id)
    standing = await standing_of(connection, item, By.MODERATOR, now, who)
    if not any(isinstance(after(item.state, act, standing), ItemState) for act in REASONS_OF):
        raise refuse("wrong_state" if item.state not in WAITING else "own_decision")
    return item


@serves(e.CLAIM_ITEM)
async def claim_item(request: Call, item_id: FromPath[str], data: JSONBody[p.Claiming]) -> Claim:
    """Begin or go on to decide; another's claim stands until it expires or is taken over."""
    parts, who = parts_of(request), signed_in(request).member
    now = parts.clock()
    async with parts.store.writing() as connection:
        tx = Transaction(parts, connection, NEUTRAL_DESK, now)
        await _may_decide(connection, item_id, who, now)
        held = (await claims_on(connection, [item_id], now)).get(item_id)
        if held is not None and held.member != who.id and not data.take_over:
            raise refuse("claimed", title=f"{held.name} is deciding on this.")
        claim = Claim(who.id, f"{who.title} {who.name}", now + CLAIM_LENGTH)
        await connection.execute(sa.delete(t.claims).where(t.claims.c.request == item_id))
        await connection.execute(
            sa.insert(t.claims).values(request=item_id, member=who.id, name=claim.name, until=claim.until)
        )
        if held is None or held.member != who.id:
            await tx.audit(who.id, e.CLAIM_ITEM.name, item_id)
            await tx.tell(ModerationChanged(item_id))
    tx.tell_committed()
    return claim


@serves(e.RELEASE_ITEM)
async def release_item(request: Call, item_id: FromPath[str]) -> p.Accepted:
    """Stop deciding; nothing happens where one did not."""
    parts, who = parts_of(request), signed_in(request).member
    async with parts.store.writing() as connection:
        tx = Transaction(parts, connection, NEUTRAL_DESK, parts.clock())
        mine = sa.and_(t.claims.c.request == item_id, t.claims.c.member == who.id)
        gone = await connection.execute(sa.delete(t.claims).where(mine))
        if gone.rowcount:
            await tx.tell(ModerationChanged(item_id))
    tx.tell_committed()
    return p.Accepted()


async def _step(
    request: Call, endpoint: e.Endpoint, item_id: str, data: m.Deciding, key: str | None, allowed: frozenset[Act]
) -> p.Receipt:
    who = signed_in(request).member
    return await write(
        parts_of(request), who, endpoint, key, data, item_id, lambda tx: decide(tx, who, item_id, data, allowed)
    )


@serves(e.DECIDE_ITEM)
async def decide_item(request: Call, item_id: FromPath[str], data: JSONBody[m.Deciding], key: Key = None) -> p.Receipt:
    """Keep, limit, remove; publish or refuse what is held."""
    return await _step(request, e.DECIDE_ITEM, item_id, data, key, DECISIONS)


@serves(e.RESTORE_ITEM)
async def restore_item(request: Call, item_id: FromPath[str], data: JSONBody[m.Deciding], key: Key = None) -> p.Receipt:
    """Show again what was limited or removed, or open again what was kept."""
    return await _step(request, e.RESTORE_ITEM, item_id, data, key, RESTORATIONS)


@serves(e.DECIDE_APPEAL)
async def decide_appeal(
    request: Call, item_id: FromPath[str], data: JSONBody[m.Deciding], key: Key = None
) -> p.Receipt:
    """By another moderator than the one whose decision is appealed."""
    return await _step(request, e.DECIDE_APPEAL, item_id, data, key, APPEAL_DECISIONS)


HANDLERS = (list_queue, claim_item, release_item, decide_item, restore_item, decide_appeal)
