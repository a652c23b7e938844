"""The feed: posts by neighbours and comments on them. A neighbour is "Neighbor #n" in one thread only."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import h3
import sqlalchemy as sa
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from console.contract import endpoints as e
from console.contract import payloads as p
from console.contract.events import PostChanged, PostPublished
from console.domain.feed import Category, Comment, Post, PostId, Visibility
from console.domain.places import Point
from console.service import store as t
from console.service.access import Neighbour, agency_of
from console.service.parts import Parts, mint_id, refuse
from console.service.requests import Call, Key, parts_of, signed_in
from console.service.routing import serves
from console.service.writes import Effect, Transaction, write

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

PAGE_MAX = 200
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
    connection: AsyncConnection,
    agency: str,
    *,
    text: str = "",
    category: Category | None = None,
    before: tuple[datetime, str] | None = None,
    limit: int = 50,
    only: tuple[str, ...] | None = None,
) -> tuple[Post, ...]:
    """Posts of the agency's jurisdiction, newest first, strictly older than `before`; `only` those with these ids."""
    where = [t.posts.c.agency == agency]
    if only is not None:
        where.append(t.posts.c.id.in_(only))
    for word in text.split():
        like = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        where.append(
            sa.or_(*(c.ilike(like, escape="\\") for c in (t.posts.c.title, t.posts.c.text, t.posts.c.place_name)))
        )
    if category is not None:
        where.append(t.posts.c.category == category.value)
    if before is not None:
        where.append(
            sa.tuple_(t.posts.c.at, t.posts.c.id) < sa.tuple_(sa.literal(before[0], t.Moment), sa.literal(before[1]))
        )
    query = sa.select(t.posts).where(*where).order_by(t.posts.c.at.desc(), t.posts.c.id.desc()).limit(limit)
    rows = (await connection.execute(query)).all()
    spoken: dict[str, list[Comment]] = {}
    if rows:
        said = sa.select(t.comments).where(t.comments.c.post.in_([r.id for r in rows])).order_by(t.comments.c.at)
        for row in await connection.execute(said):
            spoken.setdefault(row.post, []).append(_comment(row))
    return tuple(
        Post(
            id=PostId(row.id),
            category=Category(row.category),
            title=row.title,
            text=row.text,
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


def _comment(row: sa.Row[Any]) -> Comment:
    return Comment(
        row.id,
        row.author,
        row.official,
        row.text,
        row.at,
        Visibility(row.visibility),
        row.public_at,
        row.corrects,
    )


async def touch(tx: Transaction, post_id: str, event: PostPublished | PostChanged) -> None:
    """Tell that a post is new or has changed, and keep by which event: copies of the feed are kept in step by it.

    Every change to what is seen of a post or of its thread goes through here.
    """
    await tx.tell(event)
    number = tx.told[-1].number
    await tx.connection.execute(sa.update(t.posts).where(t.posts.c.id == post_id).values(changed=number))


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


async def add_comment(
    tx: Transaction,
    post_id: str,
    author: str,
    text: str,
    *,
    official: bool,
    member: str = "",
    neighbour: str = "",
    of_alert: bool = False,
) -> str:
    """Keep a comment on a post of this agency's jurisdiction.

    Where the agency closed the comments on its alert they are closed for all, itself included; only what the alert
    itself says further (`of_alert`) is added.
    """
    closed = await tx.connection.scalar(
        sa.select(t.posts.c.comments_closed).where(t.posts.c.id == post_id, t.posts.c.agency == tx.agency)
    )
    if closed is None:
        raise refuse("not_found")
    if closed and not of_alert:
        raise refuse("comments_closed", title=f"The agency has closed the comments on this alert: {closed}")
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
        )
    )
    if official:
        await tx.connection.execute(sa.update(t.posts).where(t.posts.c.id == post_id).values(answered=True))
    await touch(tx, post_id, PostChanged(post_id))
    return comment_id


def _cursor(post: Post) -> str:
    return f"{int(post.at.timestamp() * 1_000_000)}.{post.id}"


def _at_cursor(untrusted: str | None) -> tuple[datetime, str] | None:
    if untrusted is None:
        return None
    micros, _, post_id = untrusted.partition(".")
    if not (micros.isascii() and micros.isdigit() and len(micros) <= 17):  # noqa: PLR2004 - up to the year 5138
        raise refuse("malformed")
    at = datetime.fromtimestamp(int(micros) // 1_000_000, UTC).replace(microsecond=int(micros) % 1_000_000)
    return at, post_id


@serves(e.READ_FEED)
async def read_feed(
    request: Call,
    text: Annotated[str, QueryParameter(max_length=200)] = "",
    category: FromQuery[Category | None] = None,
    before: Annotated[str | None, QueryParameter(max_length=100)] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=PAGE_MAX)] = 50,
) -> p.FeedPage:
    """A page of the feed, newest first."""
    agency = signed_in(request).member.agency
    place = _at_cursor(before)
    async with parts_of(request).store.reading() as connection:
        posts = await load_posts(connection, agency, text=text, category=category, before=place, limit=limit)
        total = await connection.scalar(sa.select(sa.func.count()).where(t.posts.c.agency == agency))
    return p.FeedPage(posts, int(total or 0), _cursor(posts[-1]) if len(posts) == limit else None)


@serves(e.COMMENT_ON_POST)
async def comment_on_post(
    request: Call, post_id: FromPath[str], data: JSONBody[p.NewComment], key: Key = None
) -> p.Receipt:
    """As an identified public safety user: name, title and agency are shown with it."""
    member = signed_in(request).member

    async def effect(tx: Transaction) -> Effect:
        agency = await agency_of(tx.connection, tx.agency)
        author = f"{member.title} {member.name}, {agency.name}"
        comment_id = await add_comment(tx, post_id, author, data.text, official=True, member=member.id)
        return Effect(comment_id, "published")

    return await write(parts_of(request), member, e.COMMENT_ON_POST, key, data, post_id, effect)


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
    parts.live.tell(neighbour.agency, tx.told)
    return comment_id


HANDLERS = (read_feed, comment_on_post, post_as_neighbour, comment_as_neighbour)
