"""The feed: posts by neighbours and comments on them. A neighbour is "Neighbor #n" in one thread only."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import TYPE_CHECKING

import h3
import sqlalchemy as sa
from litestar.params import FromPath, JSONBody

from console.contract import endpoints as e
from console.contract import payloads as p
from console.contract.events import PostChanged, PostPublished
from console.domain.feed import Post, Visibility
from console.domain.places import Point
from console.service import store as t
from console.service.access import Neighbour, agency_of
from console.service.desk_rows import neighbour_spoke
from console.service.feed_index import index_posts
from console.service.feed_rows import posts_of_rows
from console.service.parts import Parts, mint_id, refuse
from console.service.requests import Call, parts_of
from console.service.routing import serves
from console.service.writes import Transaction

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

ALIAS_MAX = 999


async def alias(connection: AsyncConnection, thread: str, neighbour: str) -> int:
    """The number of a neighbour in one thread or request: drawn at random, never used for another there."""
    known = await connection.scalar(
        sa.select(t.aliases.c.number).where(t.aliases.c.thread == thread, t.aliases.c.neighbour == neighbour)
    )
    if known is not None:
        return int(known)
    taken = set(await connection.scalars(sa.select(t.aliases.c.number).where(t.aliases.c.thread == thread)))
    top = max(ALIAS_MAX, 4 * len(taken))
    number = secrets.choice([n for n in range(1, top + 1) if n not in taken])
    await connection.execute(sa.insert(t.aliases).values(thread=thread, neighbour=neighbour, number=number))
    return number


async def load_posts(
    connection: AsyncConnection, agency: str, *, limit: int = 50, public_at: datetime | None = None
) -> tuple[Post, ...]:
    """The newest posts of the agency's jurisdiction; with `public_at` as neighbours see them at that time."""
    query = (
        sa.select(t.posts)
        .where(t.posts.c.agency == agency)
        .order_by(t.posts.c.at.desc(), t.posts.c.id.desc())
        .limit(limit)
    )
    return await posts_of_rows(connection, (await connection.execute(query)).all(), public_at)


async def posts_by_id(
    connection: AsyncConnection, agency: str, ids: list[str], public_at: datetime | None = None
) -> tuple[Post, ...]:
    """Posts of the agency's jurisdiction by their ids, in no order; `public_at` as `load_posts`."""
    query = sa.select(t.posts).where(t.posts.c.agency == agency, t.posts.c.id.in_(ids))
    return await posts_of_rows(connection, (await connection.execute(query)).all(), public_at)


async def touch(tx: Transaction, post_id: str, event: PostPublished | PostChanged) -> None:
    """Tell that a post is new or has changed, and keep by which event: copies of the feed are kept in step by it.

    Every change to what is seen of a post or of its thread goes through here.
    """
    await tx.tell(event)
    number = tx.told[-1].number
    await tx.connection.execute(sa.update(t.posts).where(t.posts.c.id == post_id).values(changed=number))
    await index_posts(tx.connection, (post_id,))


async def write_post(parts: Parts, neighbour: Neighbour, data: p.NewPost, at: datetime | None = None) -> str:
    """Keep a neighbour's post at the centre of the neighbour's block, and tell the agency's consoles."""
    async with parts.store.writing() as connection:
        agency = await agency_of(connection, neighbour.agency)
        tx = Transaction(parts, connection, neighbour.agency, at or parts.clock())
        index = parts.ground(agency.atlas_version).index
        block = index.block(index.home_block(neighbour.block))
        lat, lon = h3.cell_to_latlng(block.cells[len(block.cells) // 2])
        street = index.nearest_street(Point(lat, lon))
        post_id = mint_id()
        number = await alias(connection, f"post:{post_id}", neighbour.id)
        await connection.execute(
            sa.insert(t.posts).values(
                id=post_id,
                agency=neighbour.agency,
                category=data.category.value,
                author=f"Neighbor #{number}",
                neighbour=neighbour.id,
                block=block.id,
                title=data.title,
                text=data.text,
                place_name=f"Near {street.name}" if street else "In this block",
                lat=lat,
                lon=lon,
                at=tx.now,
                answered=False,
            )
        )
        await touch(tx, post_id, PostPublished(post_id))
    parts.live.tell(neighbour.agency, tx.told)
    return post_id


async def add_comment(  # noqa: PLR0913 - the columns of a comment
    tx: Transaction,
    post_id: str,
    author: str,
    text: str,
    *,
    official: bool,
    member: str = "",
    neighbour: str = "",
    public_at: datetime | None = None,
    corrects: str = "",
    of_alert: bool = False,
) -> str:
    """Keep a comment on a post of this agency's jurisdiction.

    Where the agency closed the comments on its alert they are closed for all, itself included; only what the alert
    itself says further (`of_alert`) is added.
    """
    query = sa.select(t.posts.c.visibility, t.posts.c.comments_closed)
    found = (await tx.connection.execute(query.where(t.posts.c.id == post_id, t.posts.c.agency == tx.agency))).first()
    if found is None:
        raise refuse("not_found")
    if found.visibility == Visibility.REMOVED.value:
        raise refuse("removed")
    if found.visibility == Visibility.LIMITED.value and not official:
        raise refuse("limited")
    if found.comments_closed and not of_alert:
        title = f"The agency has closed the comments on this alert: {found.comments_closed}"
        raise refuse("comments_closed", title=title)
    comment_id = mint_id()
    await tx.connection.execute(
        sa.insert(t.comments).values(
            id=comment_id,
            post=post_id,
            author=author,
            official=official,
            text=text,
            at=tx.now,
            member=member,
            neighbour=neighbour,
            public_at=public_at,
            corrects=corrects,
        )
    )
    if official:
        await tx.connection.execute(sa.update(t.posts).where(t.posts.c.id == post_id).values(answered=True))
    await touch(tx, post_id, PostChanged(post_id))
    return comment_id


@serves(e.WRITE_POST)
async def post_as_neighbour(request: Call, data: JSONBody[p.NewPost]) -> p.Posted:
    """Its place is the neighbour's block."""
    return p.Posted(await write_post(parts_of(request), request.state.caller, data))


@serves(e.COMMENT_AS_NEIGHBOUR)
async def comment_as_neighbour(request: Call, post_id: FromPath[str], data: JSONBody[p.NewComment]) -> p.Posted:
    """As "Neighbor #n" of this thread."""
    neighbour: Neighbour = request.state.caller
    return p.Posted(await comment(parts_of(request), neighbour, post_id, data.text))


async def comment(parts: Parts, neighbour: Neighbour, post_id: str, text: str) -> str:
    """Keep a neighbour's comment."""
    async with parts.store.writing() as connection:
        tx = Transaction(parts, connection, neighbour.agency, parts.clock())
        number = await alias(connection, f"post:{post_id}", neighbour.id)
        author = f"Neighbor #{number}"
        comment_id = await add_comment(tx, post_id, author, text, official=False, neighbour=neighbour.id)
        for post in await posts_by_id(connection, neighbour.agency, [post_id]):
            await neighbour_spoke(tx, post)
    parts.live.tell(neighbour.agency, tx.told)
    return comment_id


HANDLERS = (post_as_neighbour, comment_as_neighbour)
