"""What an agency says in the feed: comments by identified public safety users.

Promises: name, title, badge and agency stand with each; for a minute only the agency sees it and its author may change
it or take it back; afterwards it can only be corrected, visibly; one who answers while a colleague works on the post is
told so and nothing is published.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa
from litestar.params import FromPath, JSONBody

from console.contract import desk_work as w
from console.contract import endpoints as e
from console.contract import payloads as p
from console.contract.events import PostChanged
from console.domain.desk_work import NotDone, answered, reverted
from console.domain.members import identified
from console.service import store as t
from console.service.access import agency_of
from console.service.desk_rows import items_of, keep_items, lines_where, note_line, person, unclaimed
from console.service.feed import add_comment, touch
from console.service.parts import refuse
from console.service.requests import Call, Key, parts_of, signed_in
from console.service.routing import serves
from console.service.writes import Effect, Transaction, write

if TYPE_CHECKING:
    from typing import Any

    from console.domain.members import Member


ANSWERS_MAX = 50


async def answer(tx: Transaction, member: Member, post_id: str, data: w.OfficialComment, key: str) -> Effect:
    """Keep a comment in the agency's name; the post is answered at the desk."""
    agency = await agency_of(tx.connection, tx.agency)
    known = await items_of(tx.connection, tx.agency, [post_id])
    unclaimed(known, member, tx.now)
    if data.corrects:
        first = await _own_agencys(tx, post_id, data.corrects)
        if first.public_at is not None and first.public_at > tx.now:
            raise refuse("malformed", title="This comment is not public yet: change it instead of correcting it.")
    comment_id = await add_comment(
        tx,
        post_id,
        identified(member, agency.name),
        data.text,
        official=True,
        member=member.id,
        public_at=tx.now + timedelta(seconds=agency.comment_edit_seconds),
        corrects=data.corrects,
    )
    before = known[post_id]
    after = answered(before)
    await note_line(tx, before, after, "answer", person(member), key=key)
    await keep_items(tx, [after])
    return Effect(comment_id, "published")


async def _own_agencys(tx: Transaction, post_id: str, comment_id: str) -> sa.Row[Any]:
    """A comment of the agency's members on a post of its jurisdiction. not_found."""
    comments, posts = t.comments.c, t.posts.c
    query = (
        sa.select(t.comments)
        .join(t.posts, posts.id == comments.post)
        .where(comments.id == comment_id, posts.id == post_id, posts.agency == tx.agency, comments.official)
    )
    found = (await tx.connection.execute(query)).first()
    if found is None:
        raise refuse("not_found")
    return found


async def _still_private(tx: Transaction, member: Member, post_id: str, comment_id: str) -> None:
    found = await _own_agencys(tx, post_id, comment_id)
    if found.member != member.id:
        raise refuse("not_yours", title="Only who wrote this comment may do that.")
    if found.public_at is None or found.public_at <= tx.now:
        raise refuse("comment_public")


async def _unanswered(tx: Transaction, member: Member, post_id: str) -> None:
    """The only answer was taken back: the post stands where it stood before, unless somebody has moved it since."""
    lines = t.desk_lines.c
    mine = sa.and_(lines.agency == tx.agency, lines.post == post_id, lines.deed == "answer", lines.reverted_by == 0)
    known = (await items_of(tx.connection, tx.agency, [post_id]))[post_id]
    for line in await lines_where(tx.connection, mine, ANSWERS_MAX):  # a second answer's line changed nothing
        back = reverted(known, line, tx.now)
        if not isinstance(back, NotDone):
            number = await note_line(tx, known, back, "revert", person(member), reverts=line.number)
            await tx.connection.execute(
                sa.update(t.desk_lines).where(lines.number == line.number).values(reverted_by=number)
            )
            await keep_items(tx, [back])
            return


@serves(e.COMMENT_ON_POST)
async def comment_on_post(
    request: Call, post_id: FromPath[str], data: JSONBody[w.OfficialComment], key: Key = None
) -> p.Receipt:
    """As an identified public safety user: name, title, badge and agency are shown with it."""
    member = signed_in(request).member
    return await write(
        parts_of(request),
        member,
        e.COMMENT_ON_POST,
        key,
        data,
        post_id,
        lambda tx: answer(tx, member, post_id, data, key or ""),
    )


@serves(e.EDIT_COMMENT)
async def edit_comment(
    request: Call, post_id: FromPath[str], comment_id: FromPath[str], data: JSONBody[w.OfficialComment], key: Key = None
) -> p.Receipt:
    """By its author, before it is public; it becomes public when it would have."""
    member = signed_in(request).member

    async def effect(tx: Transaction) -> Effect:
        await _still_private(tx, member, post_id, comment_id)
        await tx.connection.execute(sa.update(t.comments).where(t.comments.c.id == comment_id).values(text=data.text))
        await touch(tx, post_id, PostChanged(post_id))
        return Effect(comment_id, "published")

    return await write(parts_of(request), member, e.EDIT_COMMENT, key, data, f"{post_id}/{comment_id}", effect)


@serves(e.WITHDRAW_COMMENT)
async def withdraw_comment(
    request: Call, post_id: FromPath[str], comment_id: FromPath[str], key: Key = None
) -> p.Receipt:
    """By its author, before it is public: nobody has read it, and nothing of it stays."""
    member = signed_in(request).member

    async def effect(tx: Transaction) -> Effect:
        await _still_private(tx, member, post_id, comment_id)
        await tx.connection.execute(sa.delete(t.comments).where(t.comments.c.id == comment_id))
        rest = sa.select(sa.func.count()).where(t.comments.c.post == post_id, t.comments.c.official)
        if not await tx.connection.scalar(rest):
            await tx.connection.execute(sa.update(t.posts).where(t.posts.c.id == post_id).values(answered=False))
            await _unanswered(tx, member, post_id)
        await touch(tx, post_id, PostChanged(post_id))
        return Effect(comment_id, "withdrawn")

    return await write(parts_of(request), member, e.WITHDRAW_COMMENT, key, None, f"{post_id}/{comment_id}", effect)


HANDLERS = (comment_on_post, edit_comment, withdraw_comment)
