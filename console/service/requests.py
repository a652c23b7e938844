"""Video requests: judged again by the service's own policy, records and clock, moved along the one table.

What is costly to measure is measured before the store is locked; what depends on other requests is judged inside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import sqlalchemy as sa
from litestar import Request as HttpRequest
from litestar.params import FromPath, HeaderParameter, JSONBody

from console.contract import endpoints as e
from console.contract import payloads as p
from console.contract.events import RequestChanged
from console.domain import requests as r
from console.domain import wording
from console.domain.case_numbers import tidy
from console.domain.checks import added_words
from console.domain.drafts import Draft
from console.domain.findings import Field, Finding, Severity, blocking
from console.domain.members import Member
from console.domain.moderation import ItemKind
from console.domain.offences import BY_CODE
from console.domain.policy import DEFAULT_LIMITS
from console.service import store as t
from console.service.access import SignedIn, agency_of
from console.service.holding import lift
from console.service.parts import Parts, mint_id, mint_number, refuse
from console.service.records import look_up
from console.service.request_rows import (
    judge,
    line_of,
    load,
    load_one,
    measures,
    move,
    note_step,
    noted_assemblies,
    step,
)
from console.service.routing import serves
from console.service.writes import Effect, Transaction, add_audit, write

if TYPE_CHECKING:
    from console.domain.ground import Ground

Key = Annotated[str | None, HeaderParameter(name="Idempotency-Key", max_length=100)]
Call = HttpRequest[Any, Any, Any]


def parts_of(request: Call) -> Parts:
    """The service's parts."""
    parts: Parts = request.app.state.parts
    return parts


def signed_in(request: Call) -> SignedIn:
    """The member that the guard let in."""
    caller: SignedIn = request.state.caller
    return caller


class Prepared(msgspec.Struct, frozen=True):
    """What is known of a draft before the store is locked: its measures and what the records system said."""

    version: str
    row: dict[str, Any]
    case_check: str


async def prepare(parts: Parts, ori: str, draft: Draft) -> Prepared:
    """Measure a draft and look its case up; a draft that cannot be measured is left to the check."""
    async with parts.store.reading() as connection:
        agency = await agency_of(connection, ori)
    ground = parts.ground(agency.atlas_version)
    row = measures(ground, draft) if _is_measurable(ground, draft) else {}
    return Prepared(ground.version, row, await look_up(parts.records, agency, tidy(draft.case_number)))


def _is_measurable(ground: Ground, draft: Draft) -> bool:
    """Not what the check refuses anyway: a huge area would hold up everybody else while it is outlined."""
    area = draft.area
    if area is None or area.atlas_version != ground.version or ground.unknown(area):
        return False
    return ground.area_m2(area) <= DEFAULT_LIMITS.area_max_m2


async def _judged(tx: Transaction, draft: Draft, prepared: Prepared, without: str = "") -> dict[str, Any]:
    """Refuse a draft that breaks a limit or that the records do not know; else what is kept beside it.

    A resubmission (of the request `without`) still meets the assemblies that it met before, whatever became of them.
    """
    agency = await agency_of(tx.connection, tx.agency)
    noted = await noted_assemblies(tx, without) if without else ()
    judged = await judge(tx, draft, agency, tx.parts.ground(agency.atlas_version), without=without, noted=noted)
    stops = blocking(judged.findings)
    if prepared.case_check == r.CaseCheck.NOT_KNOWN:
        figures = {"given": tidy(draft.case_number)}
        stops += (Finding("case_not_known", Severity.BLOCKS, Field.CASE_NUMBER, figures),)
    if stops:
        raise refuse("refused", findings=stops)
    if agency.atlas_version != prepared.version or not prepared.row:
        raise refuse("busy")  # the atlas was exchanged in this very moment
    assemblies = msgspec.json.encode(judged.met).decode()
    return {**prepared.row, "case_check": prepared.case_check, "assemblies": assemblies}


async def _ask_blocks(tx: Transaction, request_id: str, draft: Draft) -> None:
    if draft.area is not None and draft.area.blocks:
        await tx.connection.execute(
            sa.insert(t.request_blocks), [{"request": request_id, "block": b} for b in draft.area.blocks]
        )


async def submit(tx: Transaction, author: Member, data: p.SealedRequest, request_id: str, prepared: Prepared) -> Effect:
    """Judge a sealed draft and keep it as pending."""
    draft = data.draft
    kept = await _judged(tx, draft, prepared)
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
            **kept,
        )
    )
    await _ask_blocks(tx, request_id, draft)
    name = f"{author.title} {author.name}"
    pending = r.State.PENDING.value
    await note_step(tx, request_id, r.Transition("submit", "draft", pending, 1, name, tx.now, actor_id=author.id))
    await tx.tell(RequestChanged(request_id, 1, pending))
    return Effect(request_id, pending, 1, number)


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
            await move(tx, found[0], line_of(found[0], r.Action.EXPIRE, r.State.EXPIRED, now, None))
            await add_audit(connection, tx.agency, "service", "expire_request", request_id, now)
        parts.live.tell(tx.agency, tx.told)
    return len(ids)


@serves(e.LIST_REQUESTS)
async def list_requests(request: Call) -> p.Requests:
    """The agency's requests."""
    parts, agency = parts_of(request), signed_in(request).member.agency
    async with parts.store.reading() as connection:
        number = await connection.scalar(sa.select(sa.func.max(t.events.c.number)).where(t.events.c.agency == agency))
        return p.Requests(await load(connection, t.requests.c.agency == agency, parts.clock()), int(number or 0))


@serves(e.SHOW_REQUEST)
async def show_request(request: Call, request_id: FromPath[str]) -> r.Request:
    """One request."""
    parts = parts_of(request)
    async with parts.store.reading() as connection:
        return await load_one(connection, signed_in(request).member.agency, request_id, parts.clock())


@serves(e.CHECK_CASE)
async def check_case(request: Call, data: JSONBody[p.CaseQuestion]) -> p.CaseAnswer:
    """What the agency's own records system says of a case number."""
    parts, member = parts_of(request), signed_in(request).member
    case = tidy(data.case_number)
    async with parts.store.writing() as connection:
        agency = await agency_of(connection, member.agency)
        await add_audit(connection, member.agency, member.id, e.CHECK_CASE.name, case[:60], parts.clock())
    return p.CaseAnswer(await look_up(parts.records, agency, case))


@serves(e.SUBMIT_REQUEST)
async def submit_request(request: Call, data: JSONBody[p.SealedRequest], key: Key = None) -> p.Receipt:
    """Judge, store, audit and answer in one transaction."""
    member, parts = signed_in(request).member, parts_of(request)
    new_id, prepared = mint_id(), await prepare(parts, member.agency, data.draft)
    return await write(
        parts, member, e.SUBMIT_REQUEST, key, data, "", lambda tx: submit(tx, member, data, new_id, prepared)
    )


@serves(e.RESUBMIT_REQUEST)
async def resubmit_request(
    request: Call, request_id: FromPath[str], data: JSONBody[p.Resubmission], key: Key = None
) -> p.Receipt:
    """A returned request, mended; what was returned is kept beside it for the diff."""
    member, parts = signed_in(request).member, parts_of(request)
    prepared = await prepare(parts, member.agency, data.draft)

    async def effect(tx: Transaction) -> Effect:
        kept = await _judged(tx, data.draft, prepared, without=request_id)
        before = await load_one(tx.connection, tx.agency, request_id)
        changes = {**kept, "before_draft": msgspec.json.encode(before.draft).decode()}
        if tidy(before.draft.case_number) != kept["case_number"]:
            changes["submitted_at"] = tx.now  # for the other case it asks from now on
        done = await step(tx, member, request_id, data.version, r.Action.RESUBMIT, changes=changes)
        await tx.connection.execute(sa.delete(t.request_blocks).where(t.request_blocks.c.request == request_id))
        await _ask_blocks(tx, request_id, data.draft)
        return done

    return await write(parts, member, e.RESUBMIT_REQUEST, key, data, request_id, effect)


@serves(e.WITHDRAW_REQUEST)
async def withdraw_request(
    request: Call, request_id: FromPath[str], data: JSONBody[p.Withdrawal], key: Key = None
) -> p.Receipt:
    """By its author, for a coded reason."""
    member = signed_in(request).member
    words = ". ".join(part for part in (wording.WITHDRAW_REASONS[data.reason], data.text.strip()) if part)

    async def effect(tx: Transaction) -> Effect:
        done = await step(tx, member, request_id, data.version, r.Action.WITHDRAW, reason=words)
        await lift(tx, ItemKind.REQUEST, request_id)
        return done

    return await write(parts_of(request), member, e.WITHDRAW_REQUEST, key, data, request_id, effect)


@serves(e.ADD_ADDENDUM)
async def add_addendum(
    request: Call, request_id: FromPath[str], data: JSONBody[p.NewAddendum], key: Key = None
) -> p.Receipt:
    """Words beside a published request, which is never edited."""
    member = signed_in(request).member

    async def effect(tx: Transaction) -> Effect:
        known = await load_one(tx.connection, tx.agency, request_id)
        offence = BY_CODE.get(known.draft.offence)
        stops = added_words(data.text, sensitive=offence is not None and offence.sensitive)
        if stops:
            raise refuse("refused", findings=stops)
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
            reason=wording.OUTCOMES[data.outcome],
            changes={"outcome": data.outcome.value},
        ),
    )


HANDLERS = (
    list_requests,
    show_request,
    check_case,
    submit_request,
    resubmit_request,
    withdraw_request,
    add_addendum,
    resolve_request,
)
