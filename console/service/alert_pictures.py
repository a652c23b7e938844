"""Alerts and their pictures: which may be seen by everybody, which are still needed, which an alert may name.

Promises: a picture is public once, and only once, an alert of its own agency that names it is published; an alert
cannot name another agency's picture, nor one that is gone; what no alert needs is removed after seven days.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec
import sqlalchemy as sa

from console.domain.alerts import OPEN_STATES, AlertDraft
from console.domain.findings import Field, Finding, Severity
from console.service import store as t
from console.service.pictures import sweep

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from console.service.parts import Parts

UNUSED_KEPT = timedelta(days=7)
"""How long a picture waits for its alert: a draft on a workstation may name it."""


async def is_in_published(connection: AsyncConnection, picture_id: str) -> bool:
    """Whether an alert of the picture's agency that names it has been published, in force or over."""
    return await _is_named(connection, picture_id, t.alerts.c.published_at.is_not(None))


async def is_needed(connection: AsyncConnection, picture_id: str) -> bool:
    """Whether an alert names it that is out or may still go out."""
    c = t.alerts.c
    still = c.state.in_([state.value for state in OPEN_STATES])
    return await _is_named(connection, picture_id, sa.or_(c.published_at.is_not(None), still))


async def _is_named(connection: AsyncConnection, picture_id: str, which: sa.ColumnElement[bool]) -> bool:
    # Only among its own agency's alerts: few, whoever asks.
    c = t.alerts.c
    query = (
        sa.select(c.draft)
        .select_from(t.pictures.join(t.alerts, c.agency == t.pictures.c.agency))
        .where(t.pictures.c.id == picture_id, which, c.draft.contains(f'"{picture_id}"', autoescape=True))
    )
    drafts = await connection.scalars(query)
    return any(picture_id in msgspec.json.decode(draft, type=AlertDraft).pictures for draft in drafts)


async def picture_stops(connection: AsyncConnection, agency: str, draft: AlertDraft) -> tuple[Finding, ...]:
    """What stands against a draft's pictures: one that is gone, or was never this agency's."""
    wanted = set(draft.pictures)
    if not wanted:
        return ()
    c = t.pictures.c
    known = await connection.scalars(sa.select(c.id).where(c.agency == agency, c.id.in_(wanted)))
    gone = wanted - set(known)
    figures = {"given": str(len(gone))}
    return (Finding("alert_picture_gone", Severity.BLOCKS, Field.PICTURES, figures),) if gone else ()


async def sweep_unused(parts: Parts) -> int:
    """Remove the pictures that no alert needs any more; returns how many."""
    return await sweep(parts, parts.clock() - UNUSED_KEPT, is_needed)
