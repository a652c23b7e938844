"""What changed in the feed since a console last asked: the way by which copies of the feed are kept in step.

Promises: each change of a post comes once more after the number at which a console stands, in the order of the changes,
so that a console that asks on until there is no more has everything; what was removed comes as an id alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import sqlalchemy as sa
from litestar.params import QueryParameter

from console.contract import endpoints as e
from console.contract.feed import FeedChanges
from console.domain.feed import PostId, Visibility
from console.service import store as t
from console.service.feed_index import total_of
from console.service.feed_rows import posts_of_rows
from console.service.parts import refuse
from console.service.requests import Call, parts_of, signed_in
from console.service.routing import serves

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

CHANGES_MAX = 500
_NUMBER_MAX = 2**62


@serves(e.READ_CHANGES)
async def read_changes(
    request: Call,
    after: Annotated[int, QueryParameter(ge=0, le=_NUMBER_MAX)] = 0,
    after_id: Annotated[str, QueryParameter(name="id", max_length=64)] = "",
    limit: Annotated[int, QueryParameter(ge=1, le=CHANGES_MAX)] = CHANGES_MAX,
) -> FeedChanges:
    """Posts that changed after a number, and after a post with that very number."""
    if "\0" in after_id:
        raise refuse("malformed")  # PostgreSQL takes none
    agency = signed_in(request).member.agency
    async with parts_of(request).store.reading() as connection:
        return await changes_since(connection, agency, after, after_id, limit)


async def changes_since(connection: AsyncConnection, agency: str, after: int, after_id: str, limit: int) -> FeedChanges:
    """The changes of an agency's posts after a place in their order."""
    here = sa.tuple_(t.posts.c.changed, t.posts.c.id)
    there = sa.tuple_(sa.literal(after, sa.BigInteger), sa.literal(after_id, sa.Text))
    query = (
        sa.select(t.posts)
        .where(t.posts.c.agency == agency, t.posts.c.changed >= after, here > there)
        .order_by(t.posts.c.changed, t.posts.c.id)
        .limit(limit + 1)
    )
    rows = (await connection.execute(query)).all()
    more, rows = len(rows) > limit, rows[:limit]
    seen = [row for row in rows if row.visibility != Visibility.REMOVED.value]
    latest = await connection.scalar(sa.select(sa.func.max(t.posts.c.changed)).where(t.posts.c.agency == agency))
    return FeedChanges(
        posts=await posts_of_rows(connection, seen),
        removed=tuple(PostId(row.id) for row in rows if row.visibility == Visibility.REMOVED.value),
        after=rows[-1].changed if rows else after,
        id=rows[-1].id if rows else after_id,
        more=more,
        latest=int(latest or 0),
        total=await total_of(connection, agency),
    )


HANDLERS = (read_changes,)
