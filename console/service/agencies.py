"""Sign-in, the agency's profile, the audit log, and what the public may list."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import sqlalchemy as sa
from litestar.params import FromPath, JSONBody

from console import __version__
from console.contract import endpoints as e
from console.contract import payloads as p
from console.domain.case_numbers import tidy
from console.domain.members import NEUTRAL_DESK, Member, Role
from console.domain.offences import BY_CODE
from console.domain.policy import Agency
from console.domain.requests import Request, State
from console.service import store as t
from console.service.access import agency_of, count_attempt, open_session, password_fits
from console.service.agency_settings import delegations_of, templates_of
from console.service.parts import Parts, refuse
from console.service.replies import replies_of
from console.service.request_rows import calendar_of, load
from console.service.requests import Call, parts_of, signed_in
from console.service.routing import serves
from console.service.writes import add_audit

PUBLIC_STATES = (State.PUBLISHED.value, State.EXPIRED.value, State.RESOLVED.value)
AUDIT_PAGE = 200


@serves(e.HEALTH)
async def health() -> p.Health:
    """The service is up."""
    return p.Health(ok=True, version=__version__)


@serves(e.SIGN_IN)
async def sign_in(request: Call, data: JSONBody[p.Credentials]) -> p.Session:
    """A token for a member, kept in the console's memory only."""
    parts = parts_of(request)
    count_attempt(parts, f"{data.agency}/{data.username}")
    async with parts.store.reading() as connection:
        row = (
            await connection.execute(
                sa.select(t.members).where(t.members.c.agency == data.agency, t.members.c.username == data.username)
            )
        ).first()
    if not await password_fits(row.password_hash if row else None, data.password) or row is None:
        raise refuse("wrong_credentials")
    member = msgspec.json.decode(row.body, type=Member)
    if not member.is_at_home:
        raise refuse("wrong_desk")
    async with parts.store.writing() as connection:
        token, opened = await open_session(parts, connection, member)
        await add_audit(connection, member.agency, member.id, e.SIGN_IN.name, member.id, opened.signed_in_at)
    parts.attempts.pop(f"{data.agency}/{data.username}", None)
    return p.Session(token, member, opened.signed_in_at, opened.expires_at, parts.signer.public_key)


@serves(e.CONFIRM_SIGN_IN)
async def confirm_sign_in(request: Call, data: JSONBody[p.Confirmation]) -> p.Confirmed:
    """The member shows again that it is them."""
    parts, caller = parts_of(request), signed_in(request)
    count_attempt(parts, caller.member.id)
    async with parts.store.reading() as connection:
        kept = await connection.scalar(sa.select(t.members.c.password_hash).where(t.members.c.id == caller.member.id))
    if not await password_fits(kept, data.password):
        raise refuse("wrong_credentials")
    now = parts.clock()
    async with parts.store.writing() as connection:
        await connection.execute(
            sa.update(t.sessions).where(t.sessions.c.token_hash == caller.token_hash).values(signed_in_at=now)
        )
        await add_audit(
            connection, caller.member.agency, caller.member.id, e.CONFIRM_SIGN_IN.name, caller.member.id, now
        )
    parts.attempts.pop(caller.member.id, None)
    return p.Confirmed(now)


@serves(e.SIGN_OUT)
async def sign_out(request: Call) -> p.Accepted:
    """The token is worth nothing from here on."""
    parts, caller = parts_of(request), signed_in(request)
    async with parts.store.writing() as connection:
        await connection.execute(sa.delete(t.sessions).where(t.sessions.c.token_hash == caller.token_hash))
        await add_audit(
            connection, caller.member.agency, caller.member.id, e.SIGN_OUT.name, caller.member.id, parts.clock()
        )
    return p.Accepted()


@serves(e.SHOW_AGENCY)
async def show_agency(request: Call) -> p.AgencyProfile:
    """Policy, masks, hours, and who may approve."""
    parts, ori = parts_of(request), signed_in(request).member.agency
    now = parts.clock()
    async with parts.store.reading() as connection:
        agency = await agency_of(connection, ori)
        bodies = await connection.scalars(sa.select(t.members.c.body).where(t.members.c.agency == ori))
        people = sorted((msgspec.json.decode(body, type=Member) for body in bodies), key=lambda m: m.name)
        if signed_in(request).member.role is Role.NEUTRAL_MODERATOR:
            return p.AgencyProfile(agency, ())  # of no agency: its people and its calendar are none of theirs
        since = now - timedelta(days=agency.limits.look_back_days)
        return p.AgencyProfile(
            agency=agency,
            supervisors=tuple(m for m in people if m.role is Role.SUPERVISOR),
            desk=tuple(m for m in people if m.role in e.DO_DESK_WORK.who),
            colleagues=tuple(m for m in people if m.role in {Role.OFFICER, Role.SUPERVISOR}),
            gatherings=await calendar_of(connection, ori, since),
            templates=await templates_of(connection, ori),
            replies=await replies_of(connection, ori),
            delegations=await delegations_of(connection, ori, {m.id: m for m in people}, now),
        )


@serves(e.READ_AUDIT)
async def read_audit(request: Call) -> p.AuditPage:
    """The newest lines of the agency's own audit log."""
    ori = signed_in(request).member.agency
    query = sa.select(t.audit).where(t.audit.c.agency == ori).order_by(t.audit.c.number.desc()).limit(AUDIT_PAGE)
    async with parts_of(request).store.reading() as connection:
        rows = await connection.execute(query)
        return p.AuditPage(tuple(p.AuditEntry(r.number, r.actor, r.action, r.subject, r.at, r.hash) for r in rows))


async def cards(parts: Parts) -> tuple[p.AgencyCard, ...]:
    """The active agencies, by name."""
    async with parts.store.reading() as connection:
        bodies = await connection.scalars(sa.select(t.agencies.c.body).where(t.agencies.c.ori != NEUTRAL_DESK))
        found = [msgspec.json.decode(body, type=Agency) for body in bodies]
    return tuple(card(agency) for agency in sorted(found, key=lambda a: a.name))


def card(agency: Agency) -> p.AgencyCard:
    """What the public sees of an agency."""
    hours = agency.reading_hours
    return p.AgencyCard(agency.ori, agency.name, agency.station, agency.joined_on, hours.opens, hours.closes)


def publish(request: Request, agency: Agency) -> p.PublishedRequest:
    """A request as neighbours and the public see it; a sensitive offence (11x) does not say near what."""
    draft = request.draft
    offence = BY_CODE[draft.offence]
    assert request.published_at is not None  # noqa: S101 - the caller asked for published states only
    assert request.expires_at is not None  # noqa: S101
    assert draft.begins is not None  # noqa: S101 - judged before it was stored
    assert draft.ends is not None  # noqa: S101
    return p.PublishedRequest(
        id=request.id,
        number=request.number,
        state=request.state.value,
        agency_name=agency.name,
        asked_by=f"{request.author.title} {request.author.name}",
        offence=offence.name,
        title=draft.title,
        text=draft.text,
        contact=draft.contact,
        case_number=tidy(draft.case_number),
        begins=draft.begins,
        ends=draft.ends,
        near="" if offence.sensitive else draft.place_name,
        outline=request.outline,
        published_at=request.published_at,
        expires_at=request.expires_at,
        addenda=tuple(line.text for line in request.addenda),
        outcome=request.outcome,
        notes=request.public_notes,
    )


async def published(parts: Parts, ori: str) -> tuple[Agency, tuple[p.PublishedRequest, ...]]:
    """An agency and its published requests, newest first; the neutral desk is no agency."""
    if ori == NEUTRAL_DESK:
        raise refuse("not_found")
    async with parts.store.reading() as connection:
        agency = await agency_of(connection, ori)
        found = await load(connection, sa.and_(t.requests.c.agency == ori, t.requests.c.state.in_(PUBLIC_STATES)))
    return agency, tuple(publish(request, agency) for request in found)


@serves(e.LIST_AGENCIES)
async def list_agencies(request: Call) -> p.Agencies:
    """For everybody."""
    return p.Agencies(await cards(parts_of(request)))


@serves(e.LIST_PUBLISHED)
async def list_published(request: Call, ori: FromPath[str]) -> p.PublishedRequests:
    """For everybody, in full."""
    _, found = await published(parts_of(request), ori)
    return p.PublishedRequests(found)


HANDLERS = (
    health,
    sign_in,
    confirm_sign_in,
    sign_out,
    show_agency,
    read_audit,
    list_agencies,
    list_published,
)
