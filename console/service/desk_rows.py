"""Rows of the agency's desk: a post's item, its history, and who works on it just now."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec
import sqlalchemy as sa

from console.contract.events import DeskChanged
from console.domain.desk_work import AddNote, DeskItem, DeskLine, Person, See, changed_fields, spoken_to, tag_of
from console.domain.feed import PostId
from console.service import store as t
from console.service.parts import refuse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy.ext.asyncio import AsyncConnection

    from console.domain.feed import Post
    from console.domain.members import Member
    from console.service.writes import Transaction


def person(member: Member) -> Person:
    """A member as colleagues read them."""
    return Person(member.id, f"{member.title} {member.name}")


async def items_of(connection: AsyncConnection, agency: str, posts: Iterable[str]) -> dict[str, DeskItem]:
    """The desk items of posts of the agency's jurisdiction; one that nobody touched is new. not_found."""
    wanted = list(dict.fromkeys(posts))
    mine = sa.and_(t.posts.c.agency == agency, t.posts.c.id.in_(wanted))
    found = set(await connection.scalars(sa.select(t.posts.c.id).where(mine)))
    if len(found) != len(wanted):
        raise refuse("not_found")
    known = sa.and_(t.desk_items.c.agency == agency, t.desk_items.c.post.in_(wanted))
    bodies = await connection.scalars(sa.select(t.desk_items.c.body).where(known))
    items = {item.post: item for item in (msgspec.json.decode(body, type=DeskItem) for body in bodies)}
    return {post: items.get(PostId(post), DeskItem(PostId(post))) for post in wanted}


async def keep_items(tx: Transaction, items: Iterable[DeskItem]) -> None:
    """Keep items in place of their earlier forms, and tell the agency's consoles once."""
    await tx.tell(DeskChanged())
    number = tx.told[-1].number
    kept = [msgspec.structs.replace(item, changed=number) for item in items]
    table = t.desk_items.c
    gone = sa.delete(t.desk_items).where(table.agency == tx.agency, table.post.in_([item.post for item in kept]))
    await tx.connection.execute(gone)
    await tx.connection.execute(
        sa.insert(t.desk_items),
        [
            {"agency": tx.agency, "post": i.post, "changed": number, "body": msgspec.json.encode(i).decode()}
            for i in kept
        ],
    )


async def note_line(
    tx: Transaction,
    before: DeskItem,
    after: DeskItem,
    deed: str,
    by: Person | None,
    *,
    key: str = "",
    reverts: int = 0,
) -> int:
    """Add a line to a post's history at the desk; its number."""
    was, now = changed_fields(before, after)
    line = DeskLine(0, after.post, deed, by, tx.now, was, now, reverts)
    result = await tx.connection.execute(
        sa.insert(t.desk_lines).values(
            agency=tx.agency,
            post=after.post,
            member="" if by is None else by.id,
            key=key,
            deed=deed,
            version=after.version,
            body=msgspec.json.encode(line).decode(),
        )
    )
    found = result.inserted_primary_key
    return int(found[0]) if found else 0


async def worked_on_since(connection: AsyncConnection, agency: str, seen: Mapping[str, int], member: str) -> set[str]:
    """The posts on which somebody else has worked since these versions; opening one and adding a note are no such work.

    What the member did meanwhile is no reason to refuse what the member does next: it may have waited in the outbox.
    """
    lines = t.desk_lines.c
    query = sa.select(lines.post, sa.func.max(lines.version).label("version")).where(
        lines.agency == agency,
        lines.post.in_(list(seen)),
        lines.member != member,
        lines.deed.not_in([tag_of(See), tag_of(AddNote)]),
    )
    rows = await connection.execute(query.group_by(lines.post))
    return {row.post for row in rows if row.version > seen[row.post]}


async def lines_where(connection: AsyncConnection, where: sa.ColumnElement[bool], limit: int) -> tuple[DeskLine, ...]:
    """Lines of the history, newest first."""
    query = sa.select(t.desk_lines).where(where).order_by(t.desk_lines.c.number.desc()).limit(limit)
    return tuple(_line(row) for row in await connection.execute(query))


def _line(row: sa.Row[Any]) -> DeskLine:
    line = msgspec.json.decode(row.body, type=DeskLine)
    return msgspec.structs.replace(line, number=row.number, reverted_by=row.reverted_by)


async def neighbour_spoke(tx: Transaction, post: Post) -> None:
    """A neighbour commented: what was answered or closed comes back to the desk, unless it was judged fine."""
    known = (await items_of(tx.connection, tx.agency, [post.id]))[post.id]
    after = spoken_to(known, post)
    if after is not None:
        await note_line(tx, known, after, "spoken_to", None)
        await keep_items(tx, [after])


def unclaimed(items: Mapping[str, DeskItem], member: Member, now: datetime) -> None:
    """Refuse where somebody else works on one of them just now."""
    for item in items.values():
        claim = item.claim_at(now)
        if claim is not None and claim.member != member.id:
            raise refuse("claimed", title=f"{claim.name} is working on this post.")
