"""Alerts of an agency: judged again by the service's own policy and clock, moved along the one table.

Promises: the author never approves; nothing published is edited; of two who act on what they saw, the second is told
that it moved on. How an alert goes out and ends is in `alert_publishing`.
"""

from __future__ import annotations

from datetime import timedelta

import msgspec
import sqlalchemy as sa
from litestar.params import FromPath, JSONBody

from console.contract import alerts as c
from console.contract import endpoints as e
from console.contract import payloads as p
from console.contract.events import PostChanged
from console.domain import alerts as a
from console.domain.alert_checks import closing_findings
from console.domain.members import Member
from console.domain.moderation import ItemKind
from console.domain.requests import is_same_person
from console.service import store as t
from console.service.access import SignedIn, agency_of
from console.service.alert_publishing import public_form, publish_alert, published_alerts
from console.service.alert_rows import (
    Measured,
    insert,
    judged,
    kept_of,
    load_alert,
    load_alerts,
    measure,
    move,
    settled,
    step_of,
)
from console.service.feed import touch
from console.service.holding import hold, lift
from console.service.parts import mint_id, refuse
from console.service.requests import Call, Key, parts_of, signed_in
from console.service.routing import serves
from console.service.writes import Effect, Transaction, write

LISTED_MAX = 200


def _may(alert: a.Alert, member: Member, action: a.AlertAction) -> a.AlertState | a.AlertRefusal:
    return a.alert_after(alert.state, action, member.role, is_author=is_same_person(alert.author, member))


async def _as_it_stands(tx: Transaction, member: Member) -> Member:
    """The member with the role of this moment, the store being locked: it may have changed meanwhile."""
    body = await tx.connection.scalar(sa.select(t.members.c.body).where(t.members.c.id == member.id))
    return member if body is None else msgspec.json.decode(body, type=Member)


async def _go_on(tx: Transaction, alert: a.Alert) -> Effect:
    """A message that nobody of the agency has to look at any more: it goes out if its time has come."""
    if alert.state is a.AlertState.SCHEDULED:
        return await publish_alert(tx, alert.id)
    if alert.state is a.AlertState.HELD:
        await hold(tx, ItemKind.ALERT, alert.id, tx.agency)
    return Effect(alert.id, alert.state.value, alert.version, alert.number)


def _when_allowed(tx: Transaction, message: a.MessageKind) -> a.AlertState:
    return a.state_when_allowed(message, holds=ItemKind.ALERT in tx.parts.holds)


async def keep_alert(
    tx: Transaction, member: Member, draft: a.AlertDraft, alert_id: str, known: Measured, first: a.Alert | None
) -> Effect:
    """Judge a draft and keep it: as waiting for a second member, or on its way out."""
    if member.role not in a.WRITERS:
        raise refuse("forbidden")
    agency = await judged(tx, draft, known, first)
    state = a.AlertState.PENDING if a.needs_second(member.role, agency) else _when_allowed(tx, draft.message)
    ends_at = draft.ends if first is None or draft.message is a.MessageKind.UPDATE else first.ends_at
    assert ends_at is not None  # noqa: S101 - judged just now
    alert = await insert(tx, member, alert_id, state, kept_of(draft, known, ends_at))
    return await _go_on(tx, alert)


async def _follow_up(
    tx: Transaction, member: Member, data: c.FollowUp, first_id: str, alert_id: str, known: Measured
) -> Effect:
    """Keep a message that refers to a published alert, as it stands: one that is over takes none."""
    first = await load_alert(tx.connection, tx.agency, first_id)
    if not first.is_first:
        raise refuse("not_found")
    member = await _as_it_stands(tx, member)
    after = settled(_may(first, member, a.AlertAction.FOLLOW_UP), first, data.version)
    # Its version moves, so that of two who write at once the second sees the first one's words before sending.
    await move(tx, first, step_of(first, a.AlertAction.FOLLOW_UP, after, tx.now, member))
    first = await load_alert(tx.connection, tx.agency, first_id)
    draft = msgspec.structs.replace(data.draft, kind=first.draft.kind)
    return await keep_alert(tx, member, draft, alert_id, known, first)


@serves(e.LIST_ALERTS)
async def list_alerts(request: Call) -> c.Alerts:
    """All in which something can still happen, and the newest others."""
    ori, columns = signed_in(request).member.agency, t.alerts.c
    is_open = columns.state.in_([state.value for state in a.OPEN_STATES])
    async with parts_of(request).store.reading() as connection:
        still = await load_alerts(connection, sa.and_(columns.agency == ori, is_open))
        over = await load_alerts(connection, sa.and_(columns.agency == ori, sa.not_(is_open)), LISTED_MAX)
    return c.Alerts(tuple(sorted((*still, *over), key=lambda one: (one.submitted_at, one.id), reverse=True)))


@serves(e.SHOW_ALERT)
async def show_alert(request: Call, alert_id: FromPath[str]) -> a.Alert:
    """One message."""
    async with parts_of(request).store.reading() as connection:
        return await load_alert(connection, signed_in(request).member.agency, alert_id)


@serves(e.SUBMIT_ALERT)
async def submit_alert(request: Call, data: JSONBody[c.SealedAlert], key: Key = None) -> p.Receipt:
    """Judge, keep, and let go out where nobody else has to look at it."""
    member, parts, draft = signed_in(request).member, parts_of(request), data.draft
    if draft.message is not a.MessageKind.ALERT or draft.refers_to:
        raise refuse("malformed", title="An update or an all-clear is sent to the alert that it refers to.")
    new_id, known = mint_id(), await measure(parts, member.agency, draft, parts.clock())

    async def effect(tx: Transaction) -> Effect:
        return await keep_alert(tx, await _as_it_stands(tx, member), draft, new_id, known, None)

    return await write(parts, member, e.SUBMIT_ALERT, key, data, "", effect)


async def _send_follow_up(
    request: Call, endpoint: e.Endpoint, first_id: str, data: c.FollowUp, key: str | None, message: a.MessageKind
) -> p.Receipt:
    member, parts, draft = signed_in(request).member, parts_of(request), data.draft
    if draft.message is not message or draft.refers_to != first_id:
        raise refuse("malformed", title="This message does not refer to the alert that it was sent to.")
    new_id, known = mint_id(), await measure(parts, member.agency, draft, parts.clock())
    return await write(
        parts,
        member,
        endpoint,
        key,
        data,
        first_id,
        lambda tx: _follow_up(tx, member, data, first_id, new_id, known),
    )


@serves(e.UPDATE_ALERT)
async def update_alert(
    request: Call, alert_id: FromPath[str], data: JSONBody[c.FollowUp], key: Key = None
) -> p.Receipt:
    """A new message; what was said before stays."""
    return await _send_follow_up(request, e.UPDATE_ALERT, alert_id, data, key, a.MessageKind.UPDATE)


@serves(e.CANCEL_ALERT)
async def cancel_alert(
    request: Call, alert_id: FromPath[str], data: JSONBody[c.FollowUp], key: Key = None
) -> p.Receipt:
    """An all-clear, in words of its own; what was said before stays."""
    return await _send_follow_up(request, e.CANCEL_ALERT, alert_id, data, key, a.MessageKind.CANCEL)


@serves(e.RESUBMIT_ALERT)
async def resubmit_alert(
    request: Call, alert_id: FromPath[str], data: JSONBody[c.AlertResubmission], key: Key = None
) -> p.Receipt:
    """By its author; it waits for a second member again."""
    member, parts = signed_in(request).member, parts_of(request)
    known = await measure(parts, member.agency, data.draft, parts.clock())

    async def effect(tx: Transaction) -> Effect:
        alert = await load_alert(tx.connection, tx.agency, alert_id)
        after = settled(_may(alert, member, a.AlertAction.RESUBMIT), alert, data.version)
        draft = msgspec.structs.replace(data.draft, message=alert.draft.message, refers_to=alert.draft.refers_to)
        first = None if alert.is_first else await load_alert(tx.connection, tx.agency, draft.refers_to)
        await judged(tx, draft, known, first)
        ends_at = draft.ends if first is None or draft.message is a.MessageKind.UPDATE else first.ends_at
        assert ends_at is not None  # noqa: S101 - judged just now
        return await move(
            tx, alert, step_of(alert, a.AlertAction.RESUBMIT, after, tx.now, member), kept_of(draft, known, ends_at)
        )

    return await write(parts, member, e.RESUBMIT_ALERT, key, data, alert_id, effect)


@serves(e.WITHDRAW_ALERT)
async def withdraw_alert(
    request: Call, alert_id: FromPath[str], data: JSONBody[c.AlertWithdrawal], key: Key = None
) -> p.Receipt:
    """While it is not out; what is out is called off with an all-clear."""
    member = signed_in(request).member

    async def effect(tx: Transaction) -> Effect:
        alert = await load_alert(tx.connection, tx.agency, alert_id)
        after = settled(_may(alert, member, a.AlertAction.WITHDRAW), alert, data.version)
        await lift(tx, ItemKind.ALERT, alert_id)
        return await move(tx, alert, step_of(alert, a.AlertAction.WITHDRAW, after, tx.now, member, data.reason.strip()))

    return await write(parts_of(request), member, e.WITHDRAW_ALERT, key, data, alert_id, effect)


async def _approve(tx: Transaction, caller: SignedIn, alert_id: str, seen: int) -> Effect:
    agency = await agency_of(tx.connection, tx.agency)
    member = await _as_it_stands(tx, caller.member)
    alert = await load_alert(tx.connection, tx.agency, alert_id)
    allowed = _may(alert, member, a.AlertAction.APPROVE)
    if isinstance(allowed, a.AlertState) and tx.now - caller.signed_in_at > timedelta(
        minutes=agency.limits.fresh_sign_in_minutes
    ):
        raise refuse("fresh_sign_in_needed")
    settled(allowed, alert, seen)
    first = None if alert.is_first else await load_alert(tx.connection, tx.agency, alert.draft.refers_to)
    await judged(tx, alert.draft, Measured(""), first, sending=False)
    after = _when_allowed(tx, alert.draft.message)
    step = step_of(alert, a.AlertAction.APPROVE, after, tx.now, member)
    await move(tx, alert, step, {"approver": member.id})
    return await _go_on(tx, await load_alert(tx.connection, tx.agency, alert_id))


@serves(e.APPROVE_ALERT)
async def approve_alert(
    request: Call, alert_id: FromPath[str], data: JSONBody[c.AlertApproval], key: Key = None
) -> p.Receipt:
    """By another than the author, freshly signed in; judged once more."""
    caller = signed_in(request)
    return await write(
        parts_of(request),
        caller.member,
        e.APPROVE_ALERT,
        key,
        data,
        alert_id,
        lambda tx: _approve(tx, caller, alert_id, data.version),
    )


@serves(e.RETURN_ALERT)
async def return_alert(
    request: Call, alert_id: FromPath[str], data: JSONBody[c.AlertReturn], key: Key = None
) -> p.Receipt:
    """With a comment for its author."""
    member = signed_in(request).member

    async def effect(tx: Transaction) -> Effect:
        alert = await load_alert(tx.connection, tx.agency, alert_id)
        after = settled(_may(alert, member, a.AlertAction.RETURN), alert, data.version)
        return await move(tx, alert, step_of(alert, a.AlertAction.RETURN, after, tx.now, member, data.comment.strip()))

    return await write(parts_of(request), member, e.RETURN_ALERT, key, data, alert_id, effect)


async def _turn_comments(
    tx: Transaction, member: Member, alert_id: str, seen: int, action: a.AlertAction, reason: str
) -> Effect:
    alert = await load_alert(tx.connection, tx.agency, alert_id)
    if not alert.post:
        raise refuse("alert_moved")
    after = settled(_may(alert, member, action), alert, seen)
    stops = closing_findings(reason) if action is a.AlertAction.CLOSE_COMMENTS else ()
    if stops:
        raise refuse("alert_refused", findings=stops, title="This reason cannot be shown as it is.")
    await tx.connection.execute(
        sa.update(t.posts).where(t.posts.c.id == alert.post).values(comments_closed=reason.strip())
    )
    await touch(tx, alert.post, PostChanged(alert.post))
    return await move(tx, alert, step_of(alert, action, after, tx.now, member, reason.strip()))


@serves(e.CLOSE_COMMENTS)
async def close_comments(
    request: Call, alert_id: FromPath[str], data: JSONBody[c.CommentsClosing], key: Key = None
) -> p.Receipt:
    """On the agency's own alert only, for all, for a reason that everybody reads; what was said stays."""
    member = signed_in(request).member
    return await write(
        parts_of(request),
        member,
        e.CLOSE_COMMENTS,
        key,
        data,
        alert_id,
        lambda tx: _turn_comments(tx, member, alert_id, data.version, a.AlertAction.CLOSE_COMMENTS, data.reason),
    )


@serves(e.OPEN_COMMENTS)
async def open_comments(
    request: Call, alert_id: FromPath[str], data: JSONBody[c.CommentsOpening], key: Key = None
) -> p.Receipt:
    """For all, again."""
    member = signed_in(request).member
    return await write(
        parts_of(request),
        member,
        e.OPEN_COMMENTS,
        key,
        data,
        alert_id,
        lambda tx: _turn_comments(tx, member, alert_id, data.version, a.AlertAction.OPEN_COMMENTS, ""),
    )


@serves(e.LIST_PUBLISHED_ALERTS)
async def list_published_alerts(request: Call, ori: FromPath[str]) -> c.PublishedAlerts:
    """For everybody, in full."""
    async with parts_of(request).store.reading() as connection:
        await agency_of(connection, ori)
        found = await published_alerts(connection, ori)
    return c.PublishedAlerts(tuple(public_form(alert) for alert in found))


HANDLERS = (
    list_alerts,
    show_alert,
    submit_alert,
    update_alert,
    cancel_alert,
    resubmit_alert,
    withdraw_alert,
    approve_alert,
    return_alert,
    close_comments,
    open_comments,
    list_published_alerts,
)
