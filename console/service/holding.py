"""Holding before publication: where the service's policy says so, a neutral moderator looks at a request or an alert.

The policy is the service's (`Settings.holds`), not the agency's. What is held is not public and asks nobody.
"""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from console.contract.events import ModerationChanged
from console.domain.members import NEUTRAL_DESK
from console.domain.moderation import Act, By, ItemKind, ItemState, Judged, Standing, after
from console.service import store as t
from console.service.moderation_rows import agencys_key, item_about
from console.service.parts import mint_id, refuse
from console.service.writes import Transaction

# What `porchlight-service serve --hold` takes.
HOLDS = {"requests": ItemKind.REQUEST, "alerts": ItemKind.ALERT}


async def hold(tx: Transaction, kind: ItemKind, item_id: str, agency: str) -> None:
    """Put a request or an alert of an agency into the neutral moderators' queue, before it is published."""
    known = await item_about(tx.connection, kind, item_id)
    if known is None:
        queued = mint_id()
        await tx.connection.execute(
            sa.insert(t.moderation_items).values(
                id=queued,
                kind=kind.value,
                subject=item_id,
                post="",
                agency=agency,
                author=agencys_key(agency),
                state=ItemState.HELD.value,
                version=1,
                since=tx.now,
                judged=msgspec.json.encode(Judged()).decode(),
                standing="",
            )
        )
    else:
        queued = str(known.id)
        await _bring(tx, kind, item_id, Act.HOLD)
    await tx.at(NEUTRAL_DESK).tell(ModerationChanged(queued))


async def lift(tx: Transaction, kind: ItemKind, item_id: str) -> None:
    """Take something out of the queue that its author has withdrawn; nothing happens where it is not held."""
    known = await item_about(tx.connection, kind, item_id)
    if known is not None and known.state is ItemState.HELD:
        await _bring(tx, kind, item_id, Act.LIFT)
        await tx.at(NEUTRAL_DESK).tell(ModerationChanged(known.id))


async def _bring(tx: Transaction, kind: ItemKind, item_id: str, act: Act) -> None:
    known = await item_about(tx.connection, kind, item_id)
    found = None if known is None else after(known.state, act, Standing(By.SERVICE, tx.now))
    if known is None or not isinstance(found, ItemState):
        raise refuse("wrong_state")
    await tx.connection.execute(
        sa.update(t.moderation_items)
        .where(t.moderation_items.c.id == known.id)
        .values(state=found.value, version=known.version + 1, since=tx.now)
    )
