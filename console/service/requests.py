"""Video requests: judged again by the service's own policy and clock, moved along the one table."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import sqlalchemy as sa
from litestar import Request as HttpRequest
from litestar.params import FromPath, HeaderParameter, JSONBody

from console.contract import endpoints as e
from console.contract import payloads as p
from console.contract.events import RequestChanged
from console.domain import requests as r
from console.domain.areas import homes_band
from console.domain.case_numbers import tidy
from console.domain.checks import check
from console.domain.drafts import Draft
from console.domain.findings import Severity, blocking
from console.domain.members import Member
from console.domain.places import Geometry, radius_of_same_circle_m
from console.service import store as t
from console.service.access import SignedIn, agency_of
from console.service.parts import Parts, mint_id, mint_number, refuse
from console.service.routing import serves
from console.service.writes import Effect, Transaction, add_audit, write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

Key = Annotated[str | None, HeaderParameter(name="Idempotency-Key", max_length=100)]
Call = HttpRequest[Any, Any, Any]

_REFUSALS = {
    r.Refusal.WRONG_STATE: "wrong_state",
    r.Refusal.WRONG_ROLE: "forbidden",
    r.Refusal.OWN_REQUEST: "own_request",
    r.Refusal.NOT_YOURS: "not_yours",
}


def parts_of(request: Call) -> Parts:
    """The service's parts."""
    parts: Parts = request.app.state.parts
    return parts


def signed_in(request: Call) -> SignedIn:
    """The member that the guard let in."""
    caller: SignedIn = request.state.caller
    return caller


async def load(connection: AsyncConnection, where: sa.ColumnElement[bool]) -> tuple[r.Request, ...]:
    """The requests that fit, newest first, with author, history and addenda."""
    query = (
        sa.select(t.requests, t.members.c.body.label("member"))
        .join(t.members, t.members.c.id == t.requests.c.author)
        .where(where)
        .order_by(t.requests.c.submitted_at.desc(), t.requests.c.id)
    )
    rows = (await connection.execute(query)).all()
    ids = [row.id for row in rows]
    history = await _steps(connection, t.transitions, ids)
    added = await _steps(connection, t.addenda, ids)
    return tuple(
        r.Request(
            id=r.RequestId(row.id),
            number=row.number,
            version=row.version,
            state=r.State(row.state),
            agency=row.agency,
            author=msgspec.json.decode(row.member, type=Member),
            draft=msgspec.json.decode(row.draft, type=Draft),
            area_m2=row.area_m2,
            radius_m=radius_of_same_circle_m(row.area_m2),
            homes=homes_band(row.homes),
            outline=msgspec.json.decode(row.outline, type=Geometry),
            submitted_at=row.submitted_at,
            published_at=row.published_at,
            expires_at=row.expires_at,
            history=tuple(msgspec.json.decode(body, type=r.Transition) for body in history.get(row.id, ())),
            addenda=tuple(msgspec.json.decode(body, type=r.Addendum) for body in added.get(row.id, ())),
            outcome=row.outcome,
        )
        for row in rows
    )


async def _steps(connection: AsyncConnection, table: sa.Table, ids: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    if ids:
        query = sa.select(table.c.request, table.c.body).where(table.c.request.in_(ids)).order_by(table.c.step)
        for row in await connection.execute(query):
            found.setdefault(row.request, []).append(row.body)
    return found


async def load_one(connection: AsyncConnection, agency: str, request_id: str) -> r.Request:
    """One request of the agency; another agency's is as unknown as one that does not exist."""
    found = await load(connection, sa.and_(t.requests.c.id == request_id, t.requests.c.agency == agency))
    if not found:
        raise refuse("not_found")
    return found[0]


async def _judge(tx: Transaction, draft: Draft, without: str = "") -> Draft:
    """Refuse a draft that breaks a limit, by the service's own policy, atlas and clock."""
    agency = await agency_of(tx.connection, tx.agency)
    ground = tx.parts.ground(agency.atlas_version)
    rows = await tx.connection.execute(
        sa.select(
            t.requests.c.id,
            t.requests.c.case_number,
            t.requests.c.state,
            t.requests.c.submitted_at,
            t.requests.c.author,
        ).where(
            t.requests.c.agency == tx.agency,
            t.requests.c.id != without,
            t.requests.c.case_number == tidy(draft.case_number),
        )
    )
    earlier = tuple(
        r.EarlierRequest(row.id, row.case_number, r.State(row.state), row.submitted_at, row.author) for row in rows
    )
    stops = blocking(check(draft, agency, ground, earlier, tx.now))
    if stops:
        raise refuse("refused", findings=stops)
    return draft


def _measures(tx: Transaction, draft: Draft, version: str) -> dict[str, Any]:
    ground = tx.parts.ground(version)
    if draft.area is None:
        raise refuse("refused")
    return {
        "case_number": tidy(draft.case_number),
        "draft": msgspec.json.encode(draft).decode(),
        "area_m2": ground.area_m2(draft.area),
        "homes": ground.homes(draft.area),
        "outline": msgspec.json.encode(ground.geometry(draft.area)).decode(),
    }


async def _ask_blocks(tx: Transaction, request_id: str, draft: Draft) -> None:
    await tx.connection.execute(sa.delete(t.request_blocks).where(t.request_blocks.c.request == request_id))
    if draft.area is not None and draft.area.blocks:
        await tx.connection.execute(
            sa.insert(t.request_blocks), [{"request": request_id, "block": b} for b in draft.area.blocks]
        )


async def _note_step(tx: Transaction, request_id: str, step: r.Transition) -> None:
    await tx.connection.execute(
        sa.insert(t.transitions).values(request=request_id, step=step.version, body=msgspec.json.encode(step).decode())
    )


async def submit(tx: Transaction, author: Member, data: p.SealedRequest, request_id: str) -> Effect:
    """Judge a sealed draft and keep it as pending."""
    draft = await _judge(tx, data.draft)
    agency = await agency_of(tx.connection, tx.agency)
    number = mint_number()
    await tx.connection.execute(
        sa.insert(t.requests).values(
            id=request_id,
            number=number,
            agency=tx.agency,
            author=author.id,
            state=r.State.PENDING.value,
            version=1,
            submitted_at=tx.now,
            outcome="",
            **_measures(tx, draft, agency.atlas_version),
        )
    )
    await _ask_blocks(tx, request_id, draft)
    await _note_step(tx, request_id, r.Transition("submit", "draft", r.State.PENDING.value, 1, author.name, tx.now))
    await tx.tell(RequestChanged(request_id, 1, r.State.PENDING.value))
    return Effect(request_id, r.State.PENDING.value, 1, number)


async def step(
    tx: Transaction,
    member: Member,
    request_id: str,
    seen: int,
    action: r.Action,
    *,
    reason: str = "",
    comments: tuple[r.FieldComment, ...] = (),
    changes: dict[str, Any] | None = None,
) -> Effect:
    """Take one step of the table, or refuse it with the reason; `seen` is the version the member looked at."""
    request = await load_one(tx.connection, tx.agency, request_id)
    after = r.after(request.state, action, member.role, is_author=request.author.id == member.id)
    if after is r.Refusal.WRONG_STATE and request.version != seen:
        raise refuse("moved_on")
    if isinstance(after, r.Refusal):
        raise refuse(_REFUSALS[after])
    if request.version != seen:
        raise refuse("moved_on")
    return await _move(tx, request, action, after, member.name, reason, comments, changes or {})


async def _move(
    tx: Transaction,
    request: r.Request,
    action: r.Action,
    after: r.State,
    actor: str,
    reason: str = "",
    comments: tuple[r.FieldComment, ...] = (),
    changes: dict[str, Any] | None = None,
) -> Effect:
    version = request.version + 1
    result = await tx.connection.execute(
        sa.update(t.requests)
        .where(t.requests.c.id == request.id, t.requests.c.version == request.version)
        .values(state=after.value, version=version, **(changes or {}))
    )
    if result.rowcount != 1:
        raise refuse("moved_on")
    line = r.Transition(action.value, request.state.value, after.value, version, actor, tx.now, reason, comments)
    await _note_step(tx, request.id, line)
    await tx.tell(RequestChanged(request.id, version, after.value))
    return Effect(request.id, after.value, version, request.number)


async def approve(tx: Transaction, caller: SignedIn, request_id: str, data: p.Approval) -> Effect:
    """Approve: never the author, freshly signed in, judged once more; then published in the same transaction."""
    agency = await agency_of(tx.connection, tx.agency)
    request = await load_one(tx.connection, tx.agency, request_id)
    allowed = r.after(
        request.state, r.Action.APPROVE, caller.member.role, is_author=request.author.id == caller.member.id
    )
    if isinstance(allowed, r.Refusal) and allowed is not r.Refusal.WRONG_STATE:
        raise refuse(_REFUSALS[allowed])
    if tx.now - caller.signed_in_at > timedelta(minutes=agency.limits.fresh_sign_in_minutes):
        raise refuse("fresh_sign_in_needed")
    if isinstance(allowed, r.Refusal):
        raise refuse("moved_on" if request.version != data.version else "wrong_state")
    await _judge_standing(tx, request, proportionate=data.proportionate)
    await step(tx, caller.member, request_id, data.version, r.Action.APPROVE, reason=data.reason)
    approved = await load_one(tx.connection, tx.agency, request_id)
    return await _move(
        tx,
        approved,
        r.Action.PUBLISH,
        r.State.PUBLISHED,
        "Porchlight service",
        changes={"published_at": tx.now, "expires_at": tx.now + timedelta(days=agency.limits.open_days)},
    )


async def _judge_standing(tx: Transaction, request: r.Request, *, proportionate: bool) -> None:
    """The limits at the moment of approval; those about the case's earlier requests were judged at submission."""
    agency = await agency_of(tx.connection, tx.agency)
    findings = check(request.draft, agency, tx.parts.ground(agency.atlas_version), (), tx.now)
    stops = blocking(findings)
    if stops:
        raise refuse("refused", findings=stops)
    confirm = tuple(f for f in findings if f.severity is Severity.CONFIRM)
    if confirm and not proportionate:
        raise refuse("refused", findings=confirm, title="Confirm that the request is proportionate.")


async def expire_due(parts: Parts) -> int:
    """End what is over, by the service's clock; returns how many."""
    now = parts.clock()
    due = sa.and_(t.requests.c.state == r.State.PUBLISHED.value, t.requests.c.expires_at <= now)
    async with parts.store.reading() as connection:
        ids = list(await connection.scalars(sa.select(t.requests.c.id).where(due)))
    for request_id in ids:
        async with parts.store.writing() as connection:
            found = await load(connection, sa.and_(t.requests.c.id == request_id, due))
            if not found:
                continue
            tx = Transaction(parts, connection, found[0].agency, now)
            await _move(tx, found[0], r.Action.EXPIRE, r.State.EXPIRED, "Porchlight service")
            await add_audit(connection, tx.agency, "service", "expire_request", request_id, now)
        parts.live.tell(tx.agency, tx.told)
    return len(ids)


@serves(e.LIST_REQUESTS)
async def list_requests(request: Call) -> p.Requests:
    """The agency's requests."""
    parts, agency = parts_of(request), signed_in(request).member.agency
    async with parts.store.reading() as connection:
        number = await connection.scalar(sa.select(sa.func.max(t.events.c.number)).where(t.events.c.agency == agency))
        return p.Requests(await load(connection, t.requests.c.agency == agency), int(number or 0))


@serves(e.SHOW_REQUEST)
async def show_request(request: Call, request_id: FromPath[str]) -> r.Request:
    """One request."""
    async with parts_of(request).store.reading() as connection:
        return await load_one(connection, signed_in(request).member.agency, request_id)


@serves(e.SUBMIT_REQUEST)
async def submit_request(request: Call, data: JSONBody[p.SealedRequest], key: Key = None) -> p.Receipt:
    """Judge, store, audit and answer in one transaction."""
    member, parts = signed_in(request).member, parts_of(request)
    new_id = mint_id()
    return await write(parts, member, e.SUBMIT_REQUEST, key, data, "", lambda tx: submit(tx, member, data, new_id))


@serves(e.RESUBMIT_REQUEST)
async def resubmit_request(
    request: Call, request_id: FromPath[str], data: JSONBody[p.Resubmission], key: Key = None
) -> p.Receipt:
    """A returned request, mended."""
    member = signed_in(request).member

    async def effect(tx: Transaction) -> Effect:
        draft = await _judge(tx, data.draft, without=request_id)
        agency = await agency_of(tx.connection, tx.agency)
        changes = _measures(tx, draft, agency.atlas_version)
        done = await step(tx, member, request_id, data.version, r.Action.RESUBMIT, changes=changes)
        await _ask_blocks(tx, request_id, draft)
        return done

    return await write(parts_of(request), member, e.RESUBMIT_REQUEST, key, data, request_id, effect)


@serves(e.WITHDRAW_REQUEST)
async def withdraw_request(
    request: Call, request_id: FromPath[str], data: JSONBody[p.Decision], key: Key = None
) -> p.Receipt:
    """By its author."""
    member = signed_in(request).member
    return await write(
        parts_of(request),
        member,
        e.WITHDRAW_REQUEST,
        key,
        data,
        request_id,
        lambda tx: step(tx, member, request_id, data.version, r.Action.WITHDRAW, reason=data.reason),
    )


@serves(e.APPROVE_REQUEST)
async def approve_request(
    request: Call, request_id: FromPath[str], data: JSONBody[p.Approval], key: Key = None
) -> p.Receipt:
    """By a supervisor, not the author."""
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
    """With comments on fields."""
    member = signed_in(request).member
    return await write(
        parts_of(request),
        member,
        e.RETURN_REQUEST,
        key,
        data,
        request_id,
        lambda tx: step(tx, member, request_id, data.version, r.Action.RETURN, comments=data.comments),
    )


@serves(e.REJECT_REQUEST)
async def reject_request(
    request: Call, request_id: FromPath[str], data: JSONBody[p.Rejection], key: Key = None
) -> p.Receipt:
    """With a coded reason."""
    member = signed_in(request).member
    reason = f"{data.reason.value}: {data.text}" if data.text else data.reason.value
    return await write(
        parts_of(request),
        member,
        e.REJECT_REQUEST,
        key,
        data,
        request_id,
        lambda tx: step(tx, member, request_id, data.version, r.Action.REJECT, reason=reason),
    )


@serves(e.ADD_ADDENDUM)
async def add_addendum(
    request: Call, request_id: FromPath[str], data: JSONBody[p.NewAddendum], key: Key = None
) -> p.Receipt:
    """Words beside a published request, which is never edited."""
    member = signed_in(request).member

    async def effect(tx: Transaction) -> Effect:
        done = await step(tx, member, request_id, data.version, r.Action.ADD_ADDENDUM)
        line = r.Addendum(data.text, f"{member.title} {member.name}", tx.now)
        await tx.connection.execute(
            sa.insert(t.addenda).values(request=request_id, step=done.version, body=msgspec.json.encode(line).decode())
        )
        return done

    return await write(parts_of(request), member, e.ADD_ADDENDUM, key, data, request_id, effect)


@serves(e.RESOLVE_REQUEST)
async def resolve_request(
    request: Call, request_id: FromPath[str], data: JSONBody[p.Resolution], key: Key = None
) -> p.Receipt:
    """With a coded outcome."""
    member = signed_in(request).member
    return await write(
        parts_of(request),
        member,
        e.RESOLVE_REQUEST,
        key,
        data,
        request_id,
        lambda tx: step(
            tx,
            member,
            request_id,
            data.version,
            r.Action.RESOLVE,
            reason=data.outcome.value,
            changes={"outcome": data.outcome.value},
        ),
    )


HANDLERS = (
    list_requests,
    show_request,
    submit_request,
    resubmit_request,
    withdraw_request,
    approve_request,
    return_request,
    reject_request,
    add_addendum,
    resolve_request,
)
