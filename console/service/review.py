"""Review: approve, return, reject, and who is deciding now.

Promises: the author never decides, not after a role change, not by a second account with the same badge, not by a
member to whom the author lent deciding; where an assembly is met two others must approve; whoever holds the claim
decides, until it expires or is taken over.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec
import sqlalchemy as sa
from litestar.params import FromPath, JSONBody

from console.contract import endpoints as e
from console.contract import payloads as p
from console.contract.events import RequestClaimed
from console.domain import requests as r
from console.domain import wording
from console.domain.findings import Severity
from console.domain.members import Member, Role
from console.domain.moderation import ItemKind
from console.service import store as t
from console.service.access import SignedIn, agency_of, lenders_of
from console.service.holding import hold
from console.service.parts import refuse
from console.service.publication import judge_standing, notes_of, publish
from console.service.request_rows import REFUSALS, line_of, load_one, move, settled
from console.service.requests import Call, Key, parts_of, signed_in
from console.service.routing import serves
from console.service.writes import Effect, Transaction, write

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

CLAIM_LENGTH = timedelta(minutes=5)


def is_authors(caller: SignedIn, request: r.Request) -> bool:
    """Whether the caller is the author, or decides by the author's leave."""
    return any(r.is_same_person(request.author, person) for person in _people(caller))


def _people(caller: SignedIn) -> tuple[Member, ...]:
    """The caller, and those in whose place the caller decides."""
    return (caller.member, *caller.acting_for)


def _may(caller: SignedIn, request: r.Request, action: r.Action, first: tuple[Member, ...]) -> r.State | r.Refusal:
    """The state an action leads to; `first` are the people of the first of two approvals."""
    return r.after(
        request.state,
        action,
        Role.SUPERVISOR if caller.acting_for else caller.member.role,
        is_author=is_authors(caller, request),
        approved_first=any(r.is_same_person(one, other) for one in first for other in _people(caller)),
    )


async def _first(connection: AsyncConnection, request: r.Request) -> tuple[Member, ...]:
    ids = request.approved_first_ids
    if not ids:
        return ()
    bodies = await connection.scalars(sa.select(t.members.c.body).where(t.members.c.id.in_(ids)))
    return tuple(msgspec.json.decode(body, type=Member) for body in bodies)


async def _as_it_stands(tx: Transaction, caller: SignedIn) -> SignedIn:
    """The caller with role and lenders as they are now, the store being locked: either may have ended meanwhile."""
    body = await tx.connection.scalar(sa.select(t.members.c.body).where(t.members.c.id == caller.member.id))
    member = caller.member if body is None else msgspec.json.decode(body, type=Member)
    lenders = await lenders_of(tx.connection, member, {Role.SUPERVISOR}, tx.now)
    if member.role is not Role.SUPERVISOR and not lenders:
        raise refuse("forbidden")
    return replace(caller, member=member, acting_for=lenders)


async def _unclaimed(tx: Transaction, caller: SignedIn, request: r.Request) -> None:
    if request.claim is not None and request.claim.member != caller.member.id:
        title = f"{request.claim.name} is deciding on this request."
        raise refuse("claimed", title=title)
    await tx.connection.execute(sa.delete(t.claims).where(t.claims.c.request == request.id))


async def decide(
    tx: Transaction,
    caller: SignedIn,
    request_id: str,
    seen: int,
    action: r.Action,
    *,
    reason: str = "",
    comments: tuple[r.FieldComment, ...] = (),
) -> Effect:
    """Return or reject."""
    caller = await _as_it_stands(tx, caller)
    request = await load_one(tx.connection, tx.agency, request_id, tx.now)
    after = settled(_may(caller, request, action, ()), request, seen)
    await _unclaimed(tx, caller, request)
    line = line_of(
        request,
        action,
        after,
        tx.now,
        caller.member,
        reason=reason,
        comments=comments,
        acting_for=_acting_for(caller),
    )
    return await move(tx, request, line)


def _acting_for(caller: SignedIn) -> tuple[Member, ...]:
    return () if caller.member.role is Role.SUPERVISOR else caller.acting_for


async def approve(tx: Transaction, caller: SignedIn, request_id: str, data: p.Approval) -> Effect:
    """Approve: never the author, freshly signed in, judged once more; then published in the same transaction.

    Where the request meets an assembly the first approval endorses, and a second member approves. Where the service
    holds requests, what is approved waits for a neutral moderator.
    """
    agency = await agency_of(tx.connection, tx.agency)
    caller = await _as_it_stands(tx, caller)
    request = await load_one(tx.connection, tx.agency, request_id, tx.now)
    first = await _first(tx.connection, request)
    allowed = _may(caller, request, r.Action.APPROVE, first)
    if isinstance(allowed, r.Refusal) and allowed is not r.Refusal.WRONG_STATE:
        raise refuse(REFUSALS[allowed])
    if tx.now - caller.signed_in_at > timedelta(minutes=agency.limits.fresh_sign_in_minutes):
        raise refuse("fresh_sign_in_needed")
    settled(allowed, request, data.version)
    await _unclaimed(tx, caller, request)
    judged = await judge_standing(tx, agency, request)
    many = tuple(f for f in judged.findings if f.severity is Severity.CONFIRM and f.code == "homes_many")
    if many and data.because is None:
        raise refuse("refused", findings=many, title="Say why the request is proportionate.")
    reason = _words_of(data)
    if judged.met and request.state is r.State.PENDING:
        after = settled(_may(caller, request, r.Action.ENDORSE, first), request, data.version)
        line = line_of(
            request, r.Action.ENDORSE, after, tx.now, caller.member, reason=reason, acting_for=_acting_for(caller)
        )
        return await move(tx, request, line)
    line = line_of(
        request,
        r.Action.APPROVE,
        r.State.APPROVED,
        tx.now,
        caller.member,
        reason=reason,
        acting_for=_acting_for(caller),
    )
    done = await move(tx, request, line, {"public_notes": notes_of(judged.met, agency)})
    if ItemKind.REQUEST in tx.parts.holds:
        await hold(tx, ItemKind.REQUEST, request_id, tx.agency)
        return done
    return await publish(tx, await load_one(tx.connection, tx.agency, request_id), agency)


def _words_of(data: p.Approval) -> str:
    because = "" if data.because is None else wording.PROPORTIONATE_REASONS[data.because]
    return ". ".join(part for part in (because, data.reason.strip()) if part)


# Who is deciding now


@serves(e.CLAIM_REQUEST)
async def claim_request(request: Call, request_id: FromPath[str], data: JSONBody[p.Claiming]) -> r.Claim:
    """Begin or go on to decide; another's claim stands until it expires or is taken over."""
    parts, caller = parts_of(request), signed_in(request)
    now = parts.clock()
    async with parts.store.writing() as connection:
        tx = Transaction(parts, connection, caller.member.agency, now)
        known = await load_one(connection, caller.member.agency, request_id, now)
        allowed = _may(caller, known, r.Action.RETURN, ())
        if isinstance(allowed, r.Refusal):
            raise refuse(REFUSALS[allowed])
        held = known.claim
        if held is not None and held.member != caller.member.id and not data.take_over:
            raise refuse("claimed", title=f"{held.name} is deciding on this request.")
        name = f"{caller.member.title} {caller.member.name}"
        claim = r.Claim(caller.member.id, name, now + CLAIM_LENGTH)
        await connection.execute(sa.delete(t.claims).where(t.claims.c.request == request_id))
        await connection.execute(
            sa.insert(t.claims).values(request=request_id, member=claim.member, name=name, until=claim.until)
        )
        if held is None or held.member != caller.member.id:
            await tx.audit(caller.member.id, e.CLAIM_REQUEST.name, request_id)
            await tx.tell(RequestClaimed(request_id, name))
    parts.live.tell(caller.member.agency, tx.told)
    return claim


@serves(e.RELEASE_REQUEST)
async def release_request(request: Call, request_id: FromPath[str]) -> p.Accepted:
    """Stop deciding; nothing happens where one did not."""
    parts, caller = parts_of(request), signed_in(request)
    async with parts.store.writing() as connection:
        tx = Transaction(parts, connection, caller.member.agency, parts.clock())
        mine = sa.and_(t.claims.c.request == request_id, t.claims.c.member == caller.member.id)
        gone = await connection.execute(sa.delete(t.claims).where(mine))
        if gone.rowcount:
            await tx.tell(RequestClaimed(request_id, ""))
    parts.live.tell(caller.member.agency, tx.told)
    return p.Accepted()


# The decisions


@serves(e.APPROVE_REQUEST)
async def approve_request(
    request: Call, request_id: FromPath[str], data: JSONBody[p.Approval], key: Key = None
) -> p.Receipt:
    """By another than the author, freshly signed in."""
    caller = signed_in(request)
    return await write(
        parts_of(request),
        caller.member,
        e.APPROVE_REQUEST,
        key,
        data,
        request_id,
        lambda tx: approve(tx, caller, request_id, data),
    )


@serves(e.RETURN_REQUEST)
async def return_request(
    request: Call, request_id: FromPath[str], data: JSONBody[p.Return], key: Key = None
) -> p.Receipt:
    """With a comment on at least one field."""
    caller = signed_in(request)
    return await write(
        parts_of(request),
        caller.member,
        e.RETURN_REQUEST,
        key,
        data,
        request_id,
        lambda tx: decide(tx, caller, request_id, data.version, r.Action.RETURN, comments=data.comments),
    )


@serves(e.REJECT_REQUEST)
async def reject_request(
    request: Call, request_id: FromPath[str], data: JSONBody[p.Rejection], key: Key = None
) -> p.Receipt:
    """For a coded reason."""
    caller = signed_in(request)
    words = ". ".join(part for part in (wording.REJECT_REASONS[data.reason], data.text.strip()) if part)
    return await write(
        parts_of(request),
        caller.member,
        e.REJECT_REQUEST,
        key,
        data,
        request_id,
        lambda tx: decide(tx, caller, request_id, data.version, r.Action.REJECT, reason=words),
    )


HANDLERS = (claim_request, release_request, approve_request, return_request, reject_request)
