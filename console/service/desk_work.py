"""The agency's own work on the feed: states, assignments, notes, cases, judgements, claims; and taking them back.

Promises: no deed touches a post or is seen by a resident; a deed on several posts is done on all or on none; one that
was made on an earlier version is refused and nothing is overwritten; every deed has its line in the audit log.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec
import sqlalchemy as sa
from litestar.params import FromPath, JSONBody, QueryParameter

from console.contract import desk_work as w
from console.contract import endpoints as e
from console.contract import payloads as p
from console.domain.case_numbers import judge, tidy
from console.domain.desk_work import (
    CLAIM_LENGTH,
    AddNote,
    Assign,
    Deed,
    DeskItem,
    JudgeFine,
    LinkCase,
    NotDone,
    Person,
    PostClaim,
    SetState,
    done,
    overlap,
    reverted,
    tag_of,
    words_digest,
)
from console.domain.members import Member
from console.domain.times import zone_of
from console.service import store as t
from console.service.access import agency_of
from console.service.desk_rows import items_of, keep_items, lines_where, note_line, person, unclaimed, worked_on_since
from console.service.feed import posts_by_id
from console.service.parts import mint_id, refuse
from console.service.requests import Call, Key, parts_of, signed_in
from console.service.routing import serves
from console.service.writes import Effect, Transaction, write

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

PAGE = 1_000
LINES = 200
_REFUSALS = {
    NotDone.REASON_MISSING: "reason_missing",
    NotDone.MOVED_ON: "moved_on",
    NotDone.TOO_OLD: "too_late_to_revert",
    NotDone.CLAIMED: "claimed",
}


def _audited(deed: Deed) -> str:
    """The deed with its coded reason; free text never goes in."""
    said = f"desk_work.{tag_of(deed)}"
    if isinstance(deed, SetState):
        said += f".{deed.state.value}" + ("" if deed.because is None else f".{deed.because.value}")
    elif isinstance(deed, JudgeFine) and not deed.fine:
        said += ".taken_back"
    return said


async def _colleague(connection: AsyncConnection, agency: str, deed: Deed) -> Person | None:
    if not isinstance(deed, Assign) or deed.to is None:
        return None
    mine = sa.and_(t.members.c.id == deed.to, t.members.c.agency == agency)
    body = None if "\0" in deed.to else await connection.scalar(sa.select(t.members.c.body).where(mine))
    member = None if body is None else msgspec.json.decode(body, type=Member)
    if member is None or member.role not in e.DO_DESK_WORK.who:
        raise refuse("not_a_desk_member")
    return person(member)


async def _sound(tx: Transaction, deed: Deed) -> Deed:
    """The deed with its case number tidied. case_number_unfit."""
    if not isinstance(deed, LinkCase) or not deed.case_number.strip():
        return deed if not isinstance(deed, LinkCase) else LinkCase("")
    agency = await agency_of(tx.connection, tx.agency)
    year = tx.now.astimezone(zone_of(agency.time_zone)).year
    if judge(deed.case_number, agency.case_masks, year) is not None:
        raise refuse("case_number_unfit")
    return LinkCase(tidy(deed.case_number))


async def work(tx: Transaction, member: Member, data: w.DeskWork, key: str) -> Effect:
    """Do a deed on all posts that are named, or on none."""
    seen: dict[str, int] = {item.post: item.version for item in data.items}
    known = await items_of(tx.connection, tx.agency, seen)
    if isinstance(data.deed, AddNote):
        if not data.deed.text.strip():
            raise refuse("malformed", title="A note needs words.")
    else:  # a note overwrites nothing: it is taken whoever works on the post
        unclaimed(known, member, tx.now)
    deed, colleague = await _sound(tx, data.deed), await _colleague(tx.connection, tx.agency, data.deed)
    words: dict[str, str] = {}
    if isinstance(deed, JudgeFine):
        posts = await posts_by_id(tx.connection, tx.agency, list(seen))
        words = {post.id: words_digest(post) for post in posts}
    if _is_about_a_state(deed):
        moved = await worked_on_since(tx.connection, tx.agency, seen, member.id)
        if moved:
            raise refuse("moved_on", title=_moved(len(moved), len(known)))
    after = []
    for post, before in known.items():
        item = done(
            before, deed, person(member), tx.now, colleague=colleague, words=words.get(post, ""), note_id=mint_id()
        )
        if item is NotDone.NOTHING_TO_DO:
            continue
        if isinstance(item, NotDone):
            raise refuse(_REFUSALS[item])
        await note_line(tx, before, item, tag_of(deed), person(member), key=key)
        await tx.audit(member.id, _audited(deed), post)
        after.append(item)
    if after:
        await keep_items(tx, after)
    subject = data.items[0].post if len(data.items) == 1 else f"{len(data.items)} posts"
    return Effect(subject, after[0].state.value if len(after) == 1 else "", max((i.version for i in after), default=0))


def _is_about_a_state(deed: Deed) -> bool:
    """Notes are added to, and opening is opening: they cannot overwrite what somebody else did."""
    return isinstance(deed, SetState | Assign | LinkCase | JudgeFine)


def _moved(moved: int, posts: int) -> str:
    if posts == 1:
        return "Somebody else has worked on this post since you opened it."
    return f"Somebody else has worked on {moved} of these {posts} posts since you looked; none was changed."


async def take_back(tx: Transaction, member: Member, where: sa.ColumnElement[bool]) -> Effect:
    """Take back the lines of the history that are meant, newest first, all or none."""
    lines = await lines_where(tx.connection, sa.and_(t.desk_lines.c.agency == tx.agency, where), LINES)
    if not lines:
        raise refuse("not_found")
    known = await items_of(tx.connection, tx.agency, [line.post for line in lines])
    unclaimed(known, member, tx.now)
    meant = {line.number for line in lines}
    after: dict[str, DeskItem] = {}
    for line in lines:
        since = sa.and_(
            t.desk_lines.c.agency == tx.agency,
            t.desk_lines.c.post == line.post,
            t.desk_lines.c.number > line.number,
            t.desk_lines.c.reverted_by == 0,
            t.desk_lines.c.deed != "revert",
        )
        later = await lines_where(tx.connection, since, LINES)
        if any(overlap(line, one) for one in later if one.number not in meant):
            raise refuse("moved_on", title="It has changed again since.")
        before = after.get(line.post, known[line.post])
        item = reverted(before, line, tx.now)
        if isinstance(item, NotDone):
            raise refuse(_REFUSALS[item], title="" if item is NotDone.TOO_OLD else "It has changed again since.")
        number = await note_line(tx, before, item, "revert", person(member), reverts=line.number)
        await tx.connection.execute(
            sa.update(t.desk_lines).where(t.desk_lines.c.number == line.number).values(reverted_by=number)
        )
        await tx.audit(member.id, "desk_work.revert", line.post)
        after[line.post] = item
    await keep_items(tx, after.values())
    return Effect(lines[0].post if len(after) == 1 else f"{len(after)} posts")


# Handlers


@serves(e.LIST_DESK_ITEMS)
async def list_desk_items(
    request: Call,
    after: Annotated[str, QueryParameter(max_length=100)] = "",
    limit: Annotated[int, QueryParameter(ge=1, le=PAGE)] = PAGE,
) -> w.DeskItems:
    """Items that changed after a cursor, in the order in which they changed."""
    agency, table = signed_in(request).member.agency, t.desk_items.c
    number, _, post = after.partition(".")
    if after and not (number.isascii() and number.isdigit() and len(number) < 18):  # noqa: PLR2004 - 63 bits
        raise refuse("malformed")
    query = sa.select(t.desk_items).where(table.agency == agency)
    if after:
        query = query.where(sa.tuple_(table.changed, table.post) > sa.tuple_(sa.literal(int(number)), sa.literal(post)))
    async with parts_of(request).store.reading() as connection:
        rows = (await connection.execute(query.order_by(table.changed, table.post).limit(limit))).all()
    items = tuple(msgspec.json.decode(row.body, type=DeskItem) for row in rows)
    return w.DeskItems(items, f"{rows[-1].changed}.{rows[-1].post}" if rows else None)


@serves(e.DO_DESK_WORK)
async def do_desk_work(request: Call, data: JSONBody[w.DeskWork], key: Key = None) -> p.Receipt:
    """On the versions that the member has seen."""
    member = signed_in(request).member
    return await write(
        parts_of(request), member, e.DO_DESK_WORK, key, data, "", lambda tx: work(tx, member, data, key or "")
    )


@serves(e.UNDO_DESK_WORK)
async def undo_desk_work(request: Call, data: JSONBody[w.DeskUndo], key: Key = None) -> p.Receipt:
    """One's own, by the key that it was sent with."""
    member = signed_in(request).member
    mine = sa.and_(t.desk_lines.c.member == member.id, t.desk_lines.c.key == data.key)
    return await write(
        parts_of(request), member, e.UNDO_DESK_WORK, key, data, "", lambda tx: take_back(tx, member, mine)
    )


@serves(e.REVERT_DESK_WORK)
async def revert_desk_work(request: Call, data: JSONBody[w.DeskRevert], key: Key = None) -> p.Receipt:
    """Anybody's of the agency, for 30 days."""
    member = signed_in(request).member

    async def effect(tx: Transaction) -> Effect:
        meant = t.desk_lines.c.number.in_(data.lines)
        found = await lines_where(tx.connection, sa.and_(t.desk_lines.c.agency == tx.agency, meant), LINES)
        if len(found) != len(set(data.lines)):
            raise refuse("not_found")
        return await take_back(tx, member, meant)

    return await write(parts_of(request), member, e.REVERT_DESK_WORK, key, data, "", effect)


@serves(e.LIST_DESK_LINES)
async def list_desk_lines(request: Call, post_id: FromPath[str]) -> w.DeskLines:
    """Newest first."""
    agency = signed_in(request).member.agency
    async with parts_of(request).store.reading() as connection:
        await items_of(connection, agency, [post_id])
        mine = sa.and_(t.desk_lines.c.agency == agency, t.desk_lines.c.post == post_id)
        return w.DeskLines(await lines_where(connection, mine, LINES))


@serves(e.CLAIM_POST)
async def claim_post(request: Call, post_id: FromPath[str], data: JSONBody[p.Claiming]) -> PostClaim:
    """Begin or go on; another's claim stands until it expires or is taken over."""
    parts, member = parts_of(request), signed_in(request).member
    now = parts.clock()
    async with parts.store.writing() as connection:
        tx = Transaction(parts, connection, member.agency, now)
        item = (await items_of(connection, member.agency, [post_id]))[post_id]
        held = item.claim_at(now)
        if held is not None and held.member != member.id and not data.take_over:
            raise refuse("claimed", title=f"{held.name} is working on this post.")
        claim = PostClaim(member.id, person(member).name, now + CLAIM_LENGTH)
        await keep_items(tx, [msgspec.structs.replace(item, claim=claim)])
        if held is None or held.member != member.id:
            await tx.audit(member.id, e.CLAIM_POST.name, post_id)
    parts.live.tell(member.agency, tx.told)
    return claim


@serves(e.RELEASE_POST)
async def release_post(request: Call, post_id: FromPath[str]) -> p.Accepted:
    """Nothing happens where one did not hold it."""
    parts, member = parts_of(request), signed_in(request).member
    async with parts.store.writing() as connection:
        tx = Transaction(parts, connection, member.agency, parts.clock())
        item = (await items_of(connection, member.agency, [post_id]))[post_id]
        if item.claim is not None and item.claim.member == member.id:
            await keep_items(tx, [msgspec.structs.replace(item, claim=None)])
    parts.live.tell(member.agency, tx.told)
    return p.Accepted()


HANDLERS = (
    list_desk_items,
    do_desk_work,
    undo_desk_work,
    revert_desk_work,
    list_desk_lines,
    claim_post,
    release_post,
)
