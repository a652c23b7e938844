"""The public count of flags and decisions, by reason and by agency: how the service's moderation is held to account.

Flags by neighbours are not counted in it: with few of them, a count would tell an agency that somebody flagged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from console.contract import endpoints as e
from console.contract import moderation as m
from console.domain.moderation import Act, FlagOutcome, FlagReason, ItemState, Reason, outcome_of
from console.service import store as t
from console.service.moderation_rows import agencies_by_ori
from console.service.requests import Call, parts_of
from console.service.routing import serves

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

# What changes nothing for anybody is not counted: it would tell that something was flagged.
COUNTED = (Act.LIMIT, Act.REMOVE, Act.RESTORE, Act.UPHOLD, Act.OVERTURN, Act.REFUSE)


async def count(connection: AsyncConnection, only: str = "") -> tuple[m.AgencyCount, ...]:
    """The counts of all agencies by name, or of one."""
    agencies = await agencies_by_ori(connection)
    items, flags, decisions = t.moderation_items, t.flags, t.moderation_decisions
    by_agency: dict[str, tuple[dict[FlagReason, int], dict[FlagOutcome, int], dict[Act, dict[Reason, int]]]]
    by_agency = {ori: ({}, {}, {}) for ori in agencies if only in {"", ori}}
    settled = flags.c.decision != sa.literal_column("''")
    flagged = sa.select(flags.c.agency, flags.c.reason, settled, items.c.state, sa.func.count())
    flagged = flagged.join(items, items.c.id == flags.c.item).where(flags.c.agency.in_(by_agency))
    grouped = flagged.group_by(flags.c.agency, flags.c.reason, settled, items.c.state)
    for ori, reason, is_settled, state, number in await connection.execute(grouped):
        reasons, outcomes, _ = by_agency[ori]
        outcome = outcome_of(ItemState(state), is_settled=bool(is_settled))
        reasons[FlagReason(reason)] = reasons.get(FlagReason(reason), 0) + number
        outcomes[outcome] = outcomes.get(outcome, 0) + number
    taken = sa.select(items.c.agency, decisions.c.act, decisions.c.reason, sa.func.count())
    taken = taken.join(items, items.c.id == decisions.c.item).where(items.c.agency.in_(by_agency))
    taken = taken.where(decisions.c.act.in_([act.value for act in COUNTED]))
    for ori, act, reason, number in await connection.execute(
        taken.group_by(items.c.agency, decisions.c.act, decisions.c.reason)
    ):
        by_agency[ori][2].setdefault(Act(act), {})[Reason(reason)] = number
    ordered = sorted(by_agency, key=lambda ori: (agencies[ori].name.casefold(), ori))
    return tuple(m.AgencyCount(ori, agencies[ori].name, *by_agency[ori]) for ori in ordered)


@serves(e.MODERATION_COUNTS)
async def moderation_counts(request: Call) -> m.ModerationCounts:
    """For everybody."""
    async with parts_of(request).store.reading() as connection:
        return m.ModerationCounts(await count(connection))


HANDLERS = (moderation_counts,)
