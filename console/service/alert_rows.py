"""Alerts as rows: read whole, moved along the one table, with what was published of them kept as it was said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import sqlalchemy as sa

from console.contract.events import AlertChanged
from console.domain import alerts as a
from console.domain.alert_checks import alert_shape, check_alert
from console.domain.areas import point_inside
from console.domain.findings import blocking
from console.domain.members import Member
from console.domain.places import Geometry
from console.service import store as t
from console.service.access import agency_of
from console.service.alert_pictures import picture_stops
from console.service.parts import mint_number, refuse
from console.service.writes import Effect

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from console.domain.ground import Ground
    from console.domain.policy import Agency
    from console.service.parts import Parts
    from console.service.writes import Transaction

SERVICE = "Porchlight service"
REFUSALS = {
    a.AlertRefusal.WRONG_STATE: "alert_moved",
    a.AlertRefusal.WRONG_ROLE: "forbidden",
    a.AlertRefusal.OWN_ALERT: "own_alert",
    a.AlertRefusal.NOT_YOURS: "not_your_alert",
}


async def load_alerts(
    connection: AsyncConnection, where: sa.ColumnElement[bool], limit: int | None = None
) -> tuple[a.Alert, ...]:
    """The messages that fit, newest first, with author, history and what was published of them."""
    query = (
        sa.select(t.alerts, t.posts.c.comments_closed)
        .outerjoin(t.posts, t.posts.c.id == t.alerts.c.post)
        .where(where)
        .order_by(t.alerts.c.submitted_at.desc(), t.alerts.c.id)
        .limit(limit)
    )
    rows = (await connection.execute(query)).all()
    ids = [row.id for row in rows]
    people = await _members(connection, {name for row in rows for name in (row.author, row.approver) if name})
    steps = await _bodies(connection, t.alert_steps, "step", ids)
    said = await _bodies(connection, t.alert_messages, "place", ids)
    return tuple(
        a.Alert(
            id=a.AlertId(row.id),
            number=row.number,
            version=row.version,
            state=a.AlertState(row.state),
            agency=row.agency,
            author=people[row.author],
            draft=msgspec.json.decode(row.draft, type=a.AlertDraft),
            outline=msgspec.json.decode(row.outline, type=Geometry),
            submitted_at=row.submitted_at,
            ends_at=row.ends_at,
            published_at=row.published_at,
            approver=people.get(row.approver),
            history=tuple(msgspec.json.decode(body, type=a.AlertStep) for body in steps.get(row.id, ())),
            messages=tuple(msgspec.json.decode(body, type=a.AlertMessage) for body in said.get(row.id, ())),
            post=row.post,
            comments_closed=row.comments_closed or "",
        )
        for row in rows
    )


async def _members(connection: AsyncConnection, ids: set[str]) -> dict[str, Member]:
    if not ids:
        return {}
    bodies = await connection.scalars(sa.select(t.members.c.body).where(t.members.c.id.in_(ids)))
    return {member.id: member for member in (msgspec.json.decode(body, type=Member) for body in bodies)}


async def _bodies(connection: AsyncConnection, table: sa.Table, order: str, ids: Sequence[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    if ids:
        query = sa.select(table.c.alert, table.c.body).where(table.c.alert.in_(ids)).order_by(table.c[order])
        for row in await connection.execute(query):
            found.setdefault(row.alert, []).append(row.body)
    return found


async def load_alert(connection: AsyncConnection, agency: str, alert_id: str) -> a.Alert:
    """One message of the agency; another agency's is as unknown as one that does not exist."""
    found = await load_alerts(connection, sa.and_(t.alerts.c.id == alert_id, t.alerts.c.agency == agency))
    if not found:
        raise refuse("not_found")
    return found[0]


# What is kept of a draft


class Measured(msgspec.Struct, frozen=True):
    """What is known of a draft before the store is locked: its atlas, area and place's name. Empty: not measurable."""

    version: str
    outline: str = ""
    place_name: str = ""


async def measure(parts: Parts, ori: str, draft: a.AlertDraft, now: datetime) -> Measured:
    """Outline a draft's area, and name its place where its author did not; what the check refuses is left to it."""
    async with parts.store.reading() as connection:
        agency = await agency_of(connection, ori)
    ground = parts.ground(agency.atlas_version)
    return measured(draft, agency, ground, now)


def measured(draft: a.AlertDraft, agency: Agency, ground: Ground, now: datetime) -> Measured:
    """As `measure`, with agency and ground in hand."""
    codes = {found.code for found in blocking(check_alert(draft, agency, ground, now))}
    if draft.where is None or codes & {"alert_where_missing", "alert_outside", "alert_shape"}:
        return Measured(ground.version)
    shape = alert_shape(draft.where, ground)
    name = draft.place_name.strip() or _name_of(draft.where, agency, ground, shape)
    return Measured(ground.version, msgspec.json.encode(shape.__geo_interface__).decode(), name)


def _name_of(where: a.Where, agency: Agency, ground: Ground, shape: Any) -> str:
    if isinstance(where, a.Everywhere):
        return f"Everywhere {agency.name} serves"
    street = ground.index.nearest_street(where.at if isinstance(where, a.Spot) else point_inside(shape))
    if street is None:
        return "In the area on the map"
    return f"Near {street.name}" if isinstance(where, a.Spot) else f"Around {street.name}"


async def judged(
    tx: Transaction, draft: a.AlertDraft, known: Measured, first: a.Alert | None, *, sending: bool = True
) -> Agency:
    """Refuse a draft that the check blocks by the service's own policy and clock; else the agency."""
    agency = await agency_of(tx.connection, tx.agency)
    ground = tx.parts.ground(agency.atlas_version)
    stops = blocking(check_alert(draft, agency, ground, tx.now, first=first, sending=sending))
    stops += await picture_stops(tx.connection, tx.agency, draft)
    if stops:
        raise refuse("alert_refused", findings=stops)
    if sending and (known.version != ground.version or not known.outline):
        raise refuse("busy")  # the atlas was exchanged in this very moment
    return agency


def kept_of(draft: a.AlertDraft, known: Measured, ends_at: datetime) -> dict[str, Any]:
    """The columns that a draft fills."""
    return {
        "message": draft.message.value,
        "refers_to": draft.refers_to,
        "draft": msgspec.json.encode(draft).decode(),
        "outline": known.outline,
        "place_name": known.place_name,
        "send_at": draft.send_at,
        "ends_at": ends_at,
    }


# Moving


def step_of(
    alert: a.Alert, action: str, after: a.AlertState, now: datetime, by: Member | None, reason: str = ""
) -> a.AlertStep:
    """The next line of a message's history; `by` None is the service itself."""
    return a.AlertStep(
        action=action,
        before=alert.state.value,
        after=after.value,
        version=alert.version + 1,
        actor=SERVICE if by is None else f"{by.title} {by.name}",
        at=now,
        reason=reason,
        actor_id="" if by is None else by.id,
    )


async def note_step(tx: Transaction, alert_id: str, step: a.AlertStep) -> None:
    """Keep one line of a message's history."""
    await tx.connection.execute(
        sa.insert(t.alert_steps).values(alert=alert_id, step=step.version, body=msgspec.json.encode(step).decode())
    )


async def move(tx: Transaction, alert: a.Alert, step: a.AlertStep, changes: dict[str, Any] | None = None) -> Effect:
    """Bring a message to the state and version of a step; `moved_on` where somebody was quicker."""
    result = await tx.connection.execute(
        sa.update(t.alerts)
        .where(t.alerts.c.id == alert.id, t.alerts.c.version == alert.version)
        .values(state=step.after, version=step.version, **(changes or {}))
    )
    if result.rowcount != 1:
        raise refuse("moved_on")
    await note_step(tx, alert.id, step)
    await tx.tell(AlertChanged(alert.id))
    return Effect(alert.id, step.after, step.version, alert.number)


def settled(after: a.AlertState | a.AlertRefusal, alert: a.Alert, seen: int) -> a.AlertState:
    """The state to go to, or the refusal: `moved_on` where the member looked at an older version."""
    if after is a.AlertRefusal.WRONG_STATE and alert.version != seen:
        raise refuse("moved_on")
    if isinstance(after, a.AlertRefusal):
        raise refuse(REFUSALS[after])
    if alert.version != seen:
        raise refuse("moved_on")
    return after


def by_service(alert: a.Alert, action: a.AlertAction) -> a.AlertState:
    """The state that the service itself leads a message to; refused where the table has no such step."""
    return settled(a.alert_after(alert.state, action, None, is_author=False), alert, alert.version)


async def insert(tx: Transaction, member: Member, alert_id: str, state: a.AlertState, kept: dict[str, Any]) -> a.Alert:
    """Keep a new message with the first line of its history."""
    await tx.connection.execute(
        sa.insert(t.alerts).values(
            id=alert_id,
            number=mint_number(),
            agency=tx.agency,
            author=member.id,
            state=state.value,
            version=1,
            submitted_at=tx.now,
            **kept,
        )
    )
    name = f"{member.title} {member.name}"
    await note_step(tx, alert_id, a.AlertStep("submit", "draft", state.value, 1, name, tx.now, actor_id=member.id))
    await tx.tell(AlertChanged(alert_id))
    return await load_alert(tx.connection, tx.agency, alert_id)
