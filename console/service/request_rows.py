"""Requests as rows: read whole, measured once, moved along the one table."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import sqlalchemy as sa

from console.contract.events import RequestChanged
from console.domain import requests as r
from console.domain.areas import homes_band
from console.domain.assemblies import Gathering, met_by
from console.domain.case_numbers import tidy
from console.domain.checks import check
from console.domain.drafts import Draft
from console.domain.findings import Finding
from console.domain.members import Member
from console.domain.places import Geometry, radius_of_same_circle_m
from console.domain.times import is_usable
from console.service import store as t
from console.service.parts import refuse
from console.service.writes import Effect, Transaction

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from console.domain.ground import Ground
    from console.domain.policy import Agency

REFUSALS = {
    r.Refusal.WRONG_STATE: "wrong_state",
    r.Refusal.WRONG_ROLE: "forbidden",
    r.Refusal.OWN_REQUEST: "own_request",
    r.Refusal.SECOND_NEEDED: "second_needed",
    r.Refusal.NOT_YOURS: "not_yours",
}
SERVICE = "Porchlight service"


async def load(
    connection: AsyncConnection, where: sa.ColumnElement[bool], now: datetime | None = None
) -> tuple[r.Request, ...]:
    """The requests that fit, newest first, with author, history and addenda; with `now`, also who is deciding."""
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
    claimed = {} if now is None else await claims_on(connection, ids, now)
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
            before=None if row.before_draft is None else msgspec.json.decode(row.before_draft, type=Draft),
            claim=claimed.get(row.id),
            case_check=row.case_check,
            public_notes=msgspec.json.decode(row.public_notes, type=tuple[str, ...]),
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


async def claims_on(connection: AsyncConnection, ids: Sequence[str], now: datetime) -> dict[str, r.Claim]:
    """Who is deciding on which of these requests now."""
    if not ids:
        return {}
    query = sa.select(t.claims).where(t.claims.c.request.in_(ids), t.claims.c.until > now)
    return {row.request: r.Claim(row.member, row.name, row.until) for row in await connection.execute(query)}


async def load_one(connection: AsyncConnection, agency: str, request_id: str, now: datetime | None = None) -> r.Request:
    """One request of the agency; another agency's is as unknown as one that does not exist."""
    found = await load(connection, sa.and_(t.requests.c.id == request_id, t.requests.c.agency == agency), now)
    if not found:
        raise refuse("not_found")
    return found[0]


# Judging


async def calendar_of(connection: AsyncConnection, agency: str, since: datetime) -> tuple[Gathering, ...]:
    """The agency's assemblies that were not over at a time, the first first."""
    query = sa.select(t.gatherings.c.body).where(t.gatherings.c.agency == agency, t.gatherings.c.ends > since)
    found = [msgspec.json.decode(body, type=Gathering) for body in await connection.scalars(query)]
    return tuple(sorted(found, key=lambda g: (g.begins, g.id)))


class Judged(NamedTuple):
    """What the check says, and the assemblies of the calendar that area and window meet."""

    findings: tuple[Finding, ...]
    met: tuple[Gathering, ...]


async def judge(
    tx: Transaction,
    draft: Draft,
    agency: Agency,
    ground: Ground,
    *,
    without: str = "",
    noted: tuple[Gathering, ...] = (),
    approving: bool = False,
) -> Judged:
    """Judge a draft by the service's own policy, atlas, records and clock.

    `without` is the request itself; `noted` are assemblies that it met when it was submitted, whatever became of the
    calendar since. At an approval only published requests of the case count against it.
    """
    since = draft.begins if draft.begins is not None and is_usable(draft.begins) else tx.now
    calendar = tuple({g.id: g for g in (*noted, *await calendar_of(tx.connection, tx.agency, since))}.values())
    case = t.requests.c.case_number == tidy(draft.case_number)
    mine = sa.and_(t.requests.c.agency == tx.agency, t.requests.c.id != without)
    query = sa.select(
        t.requests.c.id,
        t.requests.c.case_number,
        t.requests.c.state,
        t.requests.c.submitted_at,
        t.requests.c.author,
        t.requests.c.published_at,
    ).where(mine, case, t.requests.c.published_at.is_not(None) if approving else sa.true())
    earlier = tuple(
        r.EarlierRequest(
            row.id, row.case_number, r.State(row.state), row.submitted_at, row.author, published_at=row.published_at
        )
        for row in await tx.connection.execute(query)
    )
    findings = check(draft, agency, ground, earlier, tx.now, calendar)
    area, begins, ends = draft.area, draft.begins, draft.ends
    if area is None or begins is None or ends is None or area.atlas_version != ground.version or ground.unknown(area):
        return Judged(findings, noted)
    if not (is_usable(begins) and is_usable(ends)):
        return Judged(findings, noted)
    return Judged(findings, met_by(calendar, ground, area, begins, ends))


async def noted_assemblies(tx: Transaction, request_id: str) -> tuple[Gathering, ...]:
    """The assemblies that a request met when it was sent."""
    body = await tx.connection.scalar(sa.select(t.requests.c.assemblies).where(t.requests.c.id == request_id))
    return msgspec.json.decode(body or "[]", type=tuple[Gathering, ...])


def measures(ground: Ground, draft: Draft) -> dict[str, Any]:
    """What is kept of a draft beside itself: measured by the service, whatever the client said."""
    if draft.area is None:
        raise refuse("refused")
    return {
        "case_number": tidy(draft.case_number),
        "draft": msgspec.json.encode(draft).decode(),
        "area_m2": ground.area_m2(draft.area),
        "homes": ground.homes(draft.area),
        "outline": msgspec.json.encode(ground.geometry(draft.area)).decode(),
    }


# Moving


async def note_step(tx: Transaction, request_id: str, step: r.Transition) -> None:
    """Keep one line of a request's own history."""
    await tx.connection.execute(
        sa.insert(t.transitions).values(request=request_id, step=step.version, body=msgspec.json.encode(step).decode())
    )


async def move(
    tx: Transaction, request: r.Request, line: r.Transition, changes: dict[str, Any] | None = None
) -> Effect:
    """Bring a request to the state and version of a line of its history; `moved_on` where somebody was quicker."""
    result = await tx.connection.execute(
        sa.update(t.requests)
        .where(t.requests.c.id == request.id, t.requests.c.version == request.version)
        .values(state=line.after, version=line.version, **(changes or {}))
    )
    if result.rowcount != 1:
        raise refuse("moved_on")
    await note_step(tx, request.id, line)
    await tx.tell(RequestChanged(request.id, line.version, line.after))
    return Effect(request.id, line.after, line.version, request.number)


def line_of(
    request: r.Request,
    action: r.Action,
    after: r.State,
    now: datetime,
    by: Member | None,
    *,
    reason: str = "",
    comments: tuple[r.FieldComment, ...] = (),
    acting_for: tuple[Member, ...] = (),
) -> r.Transition:
    """The next line of a request's history; `by` None is the service itself."""
    return r.Transition(
        action=action.value,
        before=request.state.value,
        after=after.value,
        version=request.version + 1,
        actor=SERVICE if by is None else f"{by.title} {by.name}",
        at=now,
        reason=reason,
        comments=comments,
        actor_id="" if by is None else by.id,
        acting_for=", ".join(f"{m.title} {m.name}" for m in acting_for),
        acting_for_ids=tuple(m.id for m in acting_for),
    )


async def step(
    tx: Transaction,
    member: Member,
    request_id: str,
    seen: int,
    action: r.Action,
    *,
    reason: str = "",
    changes: dict[str, Any] | None = None,
) -> Effect:
    """Take one step of an author or of any author; `seen` is the version the member looked at."""
    request = await load_one(tx.connection, tx.agency, request_id)
    after = r.after(request.state, action, member.role, is_author=r.is_same_person(request.author, member))
    after = settled(after, request, seen)
    return await move(tx, request, line_of(request, action, after, tx.now, member, reason=reason), changes)


def settled(after: r.State | r.Refusal, request: r.Request, seen: int) -> r.State:
    """The state to go to, or the refusal: `moved_on` where the member looked at an older version."""
    if after is r.Refusal.WRONG_STATE and request.version != seen:
        raise refuse("moved_on")
    if isinstance(after, r.Refusal):
        raise refuse(REFUSALS[after])
    if request.version != seen:
        raise refuse("moved_on")
    return after
