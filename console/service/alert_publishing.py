"""How an alert goes out, and how it ends: the single ways, for members, for the neutral moderators and for the clock.

Promises: what is published is kept as one message that nobody edits (`alert_messages`), with references to the
earlier ones; the feed's post, the thread's comment and the states of all messages of an alert change in the same
transaction. What is due is found in the store, so a restart loses nothing. An alert whose end came first is not sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import sqlalchemy as sa
import structlog

from console.contract.alerts import PublishedAlert
from console.contract.events import PostPublished
from console.domain import alerts as a
from console.domain.alert_checks import block_at
from console.domain.alert_words import CALLED_OFF, ENDED_NOTE, KINDS, LEVELS, MESSAGES, NEVER_SENT, thread_note
from console.domain.areas import point_inside
from console.domain.feed import Category
from console.domain.members import identified
from console.domain.moderation import ItemKind
from console.domain.times import clock_words, zone_of
from console.service import store as t
from console.service.access import agency_of
from console.service.alert_rows import by_service, load_alert, load_alerts, move, step_of
from console.service.feed import add_comment, touch
from console.service.holding import lift
from console.service.parts import ProblemRaised, mint_id, refuse
from console.service.publication import HeldThing
from console.service.writes import Effect, Transaction, add_audit

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from console.domain.policy import Agency
    from console.service.parts import Parts

log = structlog.get_logger("porchlight.service")
PAST_SHOWN = 100
_WAITING = (a.AlertState.PENDING, a.AlertState.RETURNED, a.AlertState.HELD, a.AlertState.SCHEDULED)


async def agency_of_alert(connection: AsyncConnection, alert_id: str) -> str:
    """The ORI of the agency whose alert this is, for who is of no agency; `not_found` where there is none."""
    found = await connection.scalar(sa.select(t.alerts.c.agency).where(t.alerts.c.id == alert_id))
    if found is None:
        raise refuse("not_found")
    return str(found)


async def publish_alert(tx: Transaction, alert_id: str) -> Effect:
    """Let a held or scheduled message go out, now or at its time: the only way in.

    `tx` must be of the alert's own agency (`agency_of_alert`). What is answered says how it stands then: `published`,
    `scheduled` where its time has not come, `ended` where its end came first or what it refers to is over.
    """
    alert = await load_alert(tx.connection, tx.agency, alert_id)
    if alert.state is a.AlertState.HELD:
        released = by_service(alert, a.AlertAction.RELEASE)
        await move(tx, alert, step_of(alert, a.AlertAction.RELEASE, released, tx.now, None))
        alert = await load_alert(tx.connection, tx.agency, alert_id)
    by_service(alert, a.AlertAction.PUBLISH)  # refused where it is in no state to go out
    send_at = alert.draft.send_at
    if alert.ends_at <= tx.now:
        return await _never_sent(tx, alert, NEVER_SENT)
    if send_at is not None and send_at > tx.now:
        return Effect(alert.id, alert.state.value, alert.version, alert.number)
    return await _go_out(tx, alert)


async def refuse_alert(tx: Transaction, alert_id: str, reason: str) -> Effect:
    """The neutral moderators refuse a held message for a reason that its agency reads. `tx` as in `publish_alert`."""
    alert = await load_alert(tx.connection, tx.agency, alert_id)
    refused = by_service(alert, a.AlertAction.REFUSE)
    return await move(tx, alert, step_of(alert, a.AlertAction.REFUSE, refused, tx.now, None, reason))


async def show_held_alert(connection: AsyncConnection, agency_ori: str, alert_id: str) -> HeldThing:
    """A held message with the facts that a neutral moderator judges by."""
    agency = await agency_of(connection, agency_ori)
    alert = await load_alert(connection, agency_ori, alert_id)
    draft, zone = alert.draft, zone_of(agency.time_zone)
    place = await connection.scalar(sa.select(t.alerts.c.place_name).where(t.alerts.c.id == alert_id))
    facts = (
        ("Alert", alert.number),
        ("What it is", MESSAGES[draft.message]),
        ("Kind", KINDS[draft.kind]),
        ("Severity", LEVELS[draft.level][0]),
        ("Title in Spanish", draft.title_es),
        ("Text in Spanish", draft.text_es),
        ("Begins", "" if draft.begins is None else clock_words(draft.begins, zone)),
        ("Ends", clock_words(alert.ends_at, zone)),
        ("Goes out", "at once" if draft.send_at is None else clock_words(draft.send_at, zone)),
        ("Approved by", "" if alert.approver is None else f"{alert.approver.title} {alert.approver.name}"),
    )
    return HeldThing(
        draft.title,
        draft.text,
        identified(alert.author, agency.name),
        alert.submitted_at,
        place or "",
        tuple((name, value) for name, value in facts if value),
    )


# Going out


async def _go_out(tx: Transaction, alert: a.Alert) -> Effect:
    agency = await agency_of(tx.connection, tx.agency)
    first = alert if alert.is_first else await load_alert(tx.connection, tx.agency, alert.draft.refers_to)
    if not alert.is_first and first.state is not a.AlertState.PUBLISHED:
        return await _never_sent(tx, alert, CALLED_OFF)
    row = (await tx.connection.execute(sa.select(t.alerts.c.place_name).where(t.alerts.c.id == alert.id))).one()
    message = message_of(alert, first, agency, row.place_name, tx)
    await tx.connection.execute(
        sa.insert(t.alert_messages).values(
            alert=first.id,
            place=len(first.messages),
            identifier=message.identifier,
            record=alert.id,
            body=msgspec.json.encode(message).decode(),
        )
    )
    after = by_service(alert, a.AlertAction.PUBLISH)
    changes: dict[str, object] = {"published_at": tx.now}
    if alert.is_first:
        changes["post"] = await _write_post(tx, alert, agency, message)
    done = await move(tx, alert, step_of(alert, a.AlertAction.PUBLISH, after, tx.now, None), changes)
    if alert.is_first:
        return done
    is_update = alert.draft.message is a.MessageKind.UPDATE
    note = thread_note(message)
    await add_comment(tx, first.post, message.author, note, official=True, member=alert.author.id, of_alert=True)
    if is_update:
        step = step_of(first, a.AlertAction.UPDATE, by_service(first, a.AlertAction.UPDATE), tx.now, None)
        await move(tx, first, step, {"ends_at": alert.ends_at})
        return done
    await _close(tx, first, a.AlertAction.CANCEL)
    now = await load_alert(tx.connection, tx.agency, alert.id)
    return Effect(now.id, now.state.value, now.version, now.number)


def message_of(alert: a.Alert, first: a.Alert, agency: Agency, place_name: str, tx: Transaction) -> a.AlertMessage:
    """The message as it is published now, with references to all before it."""
    draft, sent = alert.draft, tx.now.replace(microsecond=0)
    domain = agency.mail_domains[0] if agency.mail_domains else "alerts.invalid"
    return a.AlertMessage(
        identifier=f"porchlight-{agency.ori}-{alert.number}",
        sender=f"{agency.ori}@{domain}",
        sent=sent,
        message=draft.message,
        references=tuple(a.MessageReference(m.sender, m.identifier, m.sent) for m in first.messages),
        alert=first.id,
        record=alert.id,
        agency=agency.ori,
        agency_name=agency.name,
        author=identified(alert.author, agency.name),
        kind=first.draft.kind,
        level=draft.level,
        urgency=draft.urgency,
        certainty=draft.certainty,
        title=draft.title.strip(),
        text=draft.text.strip(),
        title_es=draft.title_es.strip(),
        text_es=draft.text_es.strip(),
        place_name=place_name,
        outline=alert.outline,
        begins=draft.begins or sent,
        ends=alert.ends_at,
        pictures=draft.pictures,
    )


async def _write_post(tx: Transaction, alert: a.Alert, agency: Agency, message: a.AlertMessage) -> str:
    """The post by which feed, map and neighbours see an alert, at the middle of its area or of its place's block."""
    from shapely.geometry import shape  # noqa: PLC0415 - only where an alert is sent

    at, post_id = point_inside(shape(alert.outline)), mint_id()
    block = block_at(at, tx.parts.ground(agency.atlas_version))
    await tx.connection.execute(
        sa.insert(t.posts).values(
            id=post_id,
            agency=tx.agency,
            category=Category.ALERT.value,
            author=message.author,
            block=block,
            title=message.title,
            text=message.text,
            place_name=message.place_name,
            lat=at.lat,
            lon=at.lon,
            at=tx.now,
            answered=False,
            alert=alert.id,
        )
    )
    await touch(tx, post_id, PostPublished(post_id))
    return post_id


# Ending


async def _never_sent(tx: Transaction, alert: a.Alert, why: str) -> Effect:
    await lift(tx, ItemKind.ALERT, alert.id)
    after = by_service(alert, a.AlertAction.END)
    return await move(tx, alert, step_of(alert, a.AlertAction.END, after, tx.now, None, why))


async def _close(tx: Transaction, first: a.Alert, action: a.AlertAction) -> None:
    """End an alert, or call it off, with everything that refers to it; what waits to be sent to it is not sent."""
    await move(tx, first, step_of(first, action, by_service(first, action), tx.now, None))
    for later in await load_alerts(tx.connection, t.alerts.c.refers_to == first.id):
        if later.state is a.AlertState.PUBLISHED:
            await move(tx, later, step_of(later, action, by_service(later, action), tx.now, None))
        elif later.state in _WAITING:
            await _never_sent(tx, later, CALLED_OFF)


async def end_alert(tx: Transaction, alert_id: str) -> Effect:
    """End a message whose end has come: what was published says so in its thread; what was not is never sent."""
    alert = await load_alert(tx.connection, tx.agency, alert_id)
    if alert.state is not a.AlertState.PUBLISHED:
        return await _never_sent(tx, alert, NEVER_SENT)
    agency = await agency_of(tx.connection, tx.agency)
    note = ENDED_NOTE.format(at=clock_words(alert.ends_at, zone_of(agency.time_zone)))
    await _close(tx, alert, a.AlertAction.END)
    if alert.post:
        await add_comment(tx, alert.post, agency.name, note, official=True, of_alert=True)
    return Effect(alert.id, a.AlertState.ENDED.value, alert.version + 1, alert.number)


async def run_due(parts: Parts) -> int:
    """Publish what is due and end what is over, by the service's clock; returns how many messages were moved."""
    now, c = parts.clock(), t.alerts.c
    due = sa.and_(c.state == a.AlertState.SCHEDULED.value, sa.or_(c.send_at.is_(None), c.send_at <= now))
    # A published update ends with the alert that it is about.
    over = sa.and_(
        c.ends_at <= now,
        sa.or_(
            c.state.in_([state.value for state in _WAITING]),
            sa.and_(c.state == a.AlertState.PUBLISHED.value, c.refers_to == ""),
        ),
    )
    async with parts.store.reading() as connection:
        rows = (await connection.execute(sa.select(c.id, c.agency, over.label("over")).where(sa.or_(due, over)))).all()
    done = 0
    for row in rows:
        try:
            done += await _run_one(parts, row.id, row.agency, now, over if row.over else due, is_over=row.over)
        except ProblemRaised as refused:
            # Nothing of it was kept; it is tried again at the next turn, and the others go out all the same.
            log.warning("alert_not_moved", code=refused.problem.code)
    return done


async def _run_one(
    parts: Parts, alert_id: str, agency: str, now: datetime, still: sa.ColumnElement[bool], *, is_over: bool
) -> int:
    async with parts.store.writing() as connection:
        if await connection.scalar(sa.select(t.alerts.c.id).where(t.alerts.c.id == alert_id, still)) is None:
            return 0  # somebody was quicker
        tx = Transaction(parts, connection, agency, now)
        await (end_alert if is_over else publish_alert)(tx, alert_id)
        await add_audit(connection, agency, "service", "end_alert" if is_over else "publish_alert", alert_id, now)
    parts.live.tell(agency, tx.told)
    return 1


# What everybody sees


async def published_alerts(connection: AsyncConnection, ori: str, *, in_force: bool = False) -> tuple[a.Alert, ...]:
    """An agency's published alerts with their messages, newest first: all in force, and the newest of those over."""
    c = t.alerts.c
    mine = sa.and_(c.agency == ori, c.refers_to == "", c.published_at.is_not(None))
    now = await load_alerts(connection, sa.and_(mine, c.state == a.AlertState.PUBLISHED.value))
    if in_force:
        return now
    over = sa.and_(mine, c.state.in_([a.AlertState.ENDED.value, a.AlertState.CANCELLED.value]))
    return (*now, *await load_alerts(connection, over, PAST_SHOWN))


def public_form(alert: a.Alert) -> PublishedAlert:
    """An alert as everybody sees it."""
    assert alert.published_at is not None  # noqa: S101 - the caller asked for published ones only
    return PublishedAlert(
        id=alert.id,
        number=alert.number,
        state=alert.state.value,
        published_at=alert.published_at,
        ends_at=alert.ends_at,
        messages=alert.messages,
        comments_closed=alert.comments_closed,
    )
