"""Flags: an agency's members and neighbours point the neutral moderators at a post or a comment.

Flags are merged per item. Who flagged is told to nobody but the moderators, and of neighbours they learn only how many.
A flag changes nothing of what is seen.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
import sqlalchemy as sa
from litestar.params import FromPath, JSONBody

from console.contract import endpoints as e
from console.contract import moderation as m
from console.contract import payloads as p
from console.contract.events import ModerationChanged
from console.domain.members import NEUTRAL_DESK, Member
from console.domain.moderation import (
    WAITING,
    Act,
    By,
    FlagReason,
    ItemId,
    ItemKind,
    ItemState,
    Judged,
    Standing,
    after,
    comes_back,
    outcome_of,
)
from console.service import store as t
from console.service.access import Neighbour
from console.service.appeals import decisions_on_ones_own
from console.service.moderation_rows import (
    Item,
    Written,
    agencys_key,
    item_about,
    item_of,
    last_decision,
    written_comments,
    written_posts,
)
from console.service.parts import Parts, mint_id, refuse
from console.service.requests import Call, Key, parts_of, signed_in
from console.service.routing import serves
from console.service.writes import Effect, Transaction, write

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

FLAGS_SHOWN = 500


class About(msgspec.Struct, frozen=True):
    """What a flag is about: a post, or with a comment's id that comment in its thread."""

    post: str
    comment: str = ""

    @property
    def kind(self) -> ItemKind:
        """A post or a comment."""
        return ItemKind.COMMENT if self.comment else ItemKind.POST

    @property
    def subject(self) -> str:
        """The id of it."""
        return self.comment or self.post


class Flagger(msgspec.Struct, frozen=True):
    """Who flags: a member of an agency, or a neighbour."""

    agency: str = ""
    member: str = ""
    neighbour: str = ""


async def _written(connection: AsyncConnection, agency: str, about: About, now: datetime, *, public: bool) -> Written:
    """What is flagged, in the agency's jurisdiction; what the flagger cannot see does not exist."""
    where = sa.and_(t.posts.c.id == about.post, t.posts.c.agency == agency)
    if await connection.scalar(sa.select(t.posts.c.id).where(where)) is None:
        raise refuse("not_found")
    if not about.comment:
        return (await written_posts(connection, [about.post]))[about.post]
    in_thread = sa.and_(t.comments.c.id == about.comment, t.comments.c.post == about.post)
    row = (await connection.execute(sa.select(t.comments.c.public_at).where(in_thread))).first()
    if row is None or (public and row.public_at is not None and row.public_at > now):
        raise refuse("not_found")
    return (await written_comments(connection, [about.comment]))[about.comment]


async def keep_flag(
    connection: AsyncConnection,
    agency: str,
    about: About,
    flag: m.NewFlag,
    who: Flagger,
    now: datetime,
) -> ItemId | None:
    """Merge a flag into its item; the item's id where it now waits for what it did not wait for, else None.

    Somebody's second flag with the same reason, before the first was judged, adds nothing.
    """
    written = await _written(connection, agency, about, now, public=bool(who.neighbour))
    text, reason = written.fingerprint, flag.reason
    item = await item_about(connection, about.kind, about.subject)
    if item is None:
        item = Item(
            ItemId(mint_id()),
            about.kind,
            about.subject,
            about.post,
            agency,
            written.author_key,
            ItemState.FLAGGED,
            1,
            now,
            Judged(),
            "",
        )
        await _keep_item(connection, item)
    elif comes_back(item.state, item.judged, reason, text):
        to = after(item.state, Act.FLAG, Standing(By.ANYBODY, now))
        assert isinstance(to, ItemState)  # noqa: S101 - the table lets anybody flag what comes back
        await connection.execute(
            sa.update(t.moderation_items)
            .where(t.moderation_items.c.id == item.id)
            .values(state=to.value, version=item.version + 1, since=now)
        )
        item = msgspec.structs.replace(item, state=to)
    waits = item.state in WAITING
    flags = t.flags
    same = sa.and_(
        flags.c.item == item.id,
        flags.c.reason == reason.value,
        flags.c.member == who.member,
        flags.c.neighbour == who.neighbour,
        flags.c.text == text,
    )
    if await connection.scalar(sa.select(flags.c.id).where(same).limit(1)) is not None:
        return None
    last = None if waits else await last_decision(connection, item.id)
    await connection.execute(
        sa.insert(flags).values(
            id=mint_id(),
            item=item.id,
            reason=reason.value,
            words=flag.words.strip(),
            agency=who.agency,
            member=who.member,
            neighbour=who.neighbour,
            text=text,
            at=now,
            decision="" if last is None else last.id,
        )
    )
    return item.id if waits else None


async def _keep_item(connection: AsyncConnection, item: Item) -> None:
    row = msgspec.structs.asdict(item)
    row["judged"] = msgspec.json.encode(item.judged).decode()
    await connection.execute(sa.insert(t.moderation_items).values(**row))


async def flag(tx: Transaction, about: About, new: m.NewFlag, who: Flagger) -> None:
    """Keep a flag and tell the neutral moderators, where there is something for them to do."""
    item_id = await keep_flag(tx.connection, tx.agency, about, new, who, tx.now)
    if item_id is not None:
        await tx.at(NEUTRAL_DESK).tell(ModerationChanged(item_id))


async def _flag_as_member(
    parts: Parts, member: Member, endpoint: e.Endpoint, key: str | None, data: m.NewFlag, about: About
) -> p.Receipt:
    async def effect(tx: Transaction) -> Effect:
        await flag(tx, about, data, Flagger(tx.agency, member.id))
        return Effect(about.subject, "flagged")

    return await write(parts, member, endpoint, key, data, about.subject, effect)


async def _flag_as_neighbour(parts: Parts, neighbour: Neighbour, data: m.NewFlag, about: About) -> p.Accepted:
    async with parts.store.writing() as connection:
        tx = Transaction(parts, connection, neighbour.agency, parts.clock())
        await flag(tx, about, data, Flagger(neighbour=neighbour.id))
    tx.tell_committed()
    return p.Accepted()


@serves(e.FLAG_POST)
async def flag_post(request: Call, post_id: FromPath[str], data: JSONBody[m.NewFlag], key: Key = None) -> p.Receipt:
    """Of the member's own jurisdiction."""
    member = signed_in(request).member
    return await _flag_as_member(parts_of(request), member, e.FLAG_POST, key, data, About(post_id))


@serves(e.FLAG_COMMENT)
async def flag_comment(
    request: Call, post_id: FromPath[str], comment_id: FromPath[str], data: JSONBody[m.NewFlag], key: Key = None
) -> p.Receipt:
    """Of the member's own jurisdiction."""
    member, about = signed_in(request).member, About(post_id, comment_id)
    return await _flag_as_member(parts_of(request), member, e.FLAG_COMMENT, key, data, about)


@serves(e.FLAG_POST_AS_NEIGHBOUR)
async def flag_post_as_neighbour(request: Call, post_id: FromPath[str], data: JSONBody[m.NewFlag]) -> p.Accepted:
    """The same answer whatever becomes of it."""
    return await _flag_as_neighbour(parts_of(request), request.state.caller, data, About(post_id))


@serves(e.FLAG_COMMENT_AS_NEIGHBOUR)
async def flag_comment_as_neighbour(
    request: Call, post_id: FromPath[str], comment_id: FromPath[str], data: JSONBody[m.NewFlag]
) -> p.Accepted:
    """The same answer whatever becomes of it."""
    return await _flag_as_neighbour(parts_of(request), request.state.caller, data, About(post_id, comment_id))


@serves(e.LIST_FLAGS)
async def list_flags(request: Call) -> m.OwnFlags:
    """What the agency's own members flagged, and what became of it; decisions on its own comments."""
    parts, agency = parts_of(request), signed_in(request).member.agency
    query = (
        sa.select(t.flags, t.moderation_items.c.id.label("about"))
        .join(t.moderation_items, t.moderation_items.c.id == t.flags.c.item)
        .where(t.flags.c.agency == agency)
        .order_by(t.flags.c.number.desc())
        .limit(FLAGS_SHOWN)
    )
    async with parts.store.reading() as connection:
        rows = (await connection.execute(query)).all()
        found = await connection.execute(
            sa.select(t.moderation_items).where(t.moderation_items.c.id.in_({row.item for row in rows}))
        )
        items = {item.id: item for item in map(item_of, found)}
        decided = await _times(connection, {row.decision for row in rows if row.decision})
        names = await _names(connection, agency)
        own = await decisions_on_ones_own(connection, agencys_key(agency), parts.clock())
    flags = tuple(
        m.OwnFlag(
            id=row.id,
            kind=items[row.item].kind,
            post=items[row.item].post,
            comment="" if items[row.item].kind is ItemKind.POST else items[row.item].subject,
            reason=FlagReason(row.reason),
            words=row.words,
            by=names.get(row.member, ""),
            at=row.at,
            outcome=outcome_of(items[row.item].state, is_settled=bool(row.decision)),
            # A flag that was only counted is answered at once, by a decision of long ago.
            decided_at=max(decided[row.decision], row.at) if row.decision in decided else None,
        )
        for row in rows
    )
    return m.OwnFlags(flags, own)


async def _times(connection: AsyncConnection, ids: set[str]) -> dict[str, datetime]:
    table = t.moderation_decisions
    rows = await connection.execute(sa.select(table.c.id, table.c.at).where(table.c.id.in_(ids)))
    return {row.id: row.at for row in rows}


async def _names(connection: AsyncConnection, agency: str) -> dict[str, str]:
    bodies = await connection.scalars(sa.select(t.members.c.body).where(t.members.c.agency == agency))
    people = (msgspec.json.decode(body, type=Member) for body in bodies)
    return {member.id: f"{member.title} {member.name}" for member in people}


HANDLERS = (
    flag_post,
    flag_comment,
    flag_post_as_neighbour,
    flag_comment_as_neighbour,
    list_flags,
)
