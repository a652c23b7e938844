"""Posts with their threads from the rows of the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from console.domain.feed import Category, Comment, Post, PostId, Visibility
from console.domain.places import Point
from console.service import store as t

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection


async def posts_of_rows(
    connection: AsyncConnection, rows: Sequence[sa.Row[Any]], public_at: datetime | None = None
) -> tuple[Post, ...]:
    """Posts with their threads, in the order of their rows. The words of what was removed stay in the service.

    With `public_at` as neighbours see them at that time: without what the agency may still change.
    """
    spoken: dict[str, list[Comment]] = {}
    if rows:
        said = sa.select(t.comments).where(t.comments.c.post.in_([r.id for r in rows])).order_by(t.comments.c.at)
        if public_at is not None:
            said = said.where(sa.or_(t.comments.c.public_at.is_(None), t.comments.c.public_at <= public_at))
        for row in await connection.execute(said):
            spoken.setdefault(row.post, []).append(_comment(row))
    return tuple(
        Post(
            id=PostId(row.id),
            category=Category(row.category),
            title=_seen(row, row.title),
            text=_seen(row, row.text),
            author=row.author,
            block=row.block,
            place=Point(row.lat, row.lon),
            place_name=row.place_name,
            at=row.at,
            comments=tuple(spoken.get(row.id, ())),
            answered=row.answered,
            visibility=Visibility(row.visibility),
            comments_closed=row.comments_closed,
            alert=row.alert,
            changed=row.changed,
        )
        for row in rows
    )


def _seen(row: sa.Row[Any], words: str) -> str:
    """The words of a post or comment; none of what the neutral moderators removed."""
    return "" if row.visibility == Visibility.REMOVED.value else words


def _comment(row: sa.Row[Any]) -> Comment:
    return Comment(
        row.id,
        row.author,
        row.official,
        _seen(row, row.text),
        row.at,
        Visibility(row.visibility),
        row.public_at,
        row.corrects,
    )
