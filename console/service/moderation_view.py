"""One item as a neutral moderator reads it: the thread, all flags merged, earlier decisions, and what is held."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

import msgspec
import sqlalchemy as sa
from litestar.params import FromPath

from console.contract import endpoints as e
from console.contract import moderation as m
from console.domain.feed import Category, Visibility
from console.domain.moderation import (
    RESTORABLE_FOR,
    By,
    FlagReason,
    ItemKind,
    ItemState,
    acts_open_to,
)
from console.service import publication
from console.service import store as t
from console.service.alert_publishing import show_held_alert
from console.service.moderation_rows import (
    Item,
    Written,
    agencies_by_ori,
    decisions_on,
    earlier_of_author,
    flags_on,
    line_of,
    load_item,
    queue_items,
    standing_of,
    written_comments,
    written_posts,
)
from console.service.requests import Call, parts_of, signed_in
from console.service.routing import serves

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy.ext.asyncio import AsyncConnection

    from console.domain.moderation import Act, Standing
    from console.domain.policy import Agency

# What a moderator reads of a held thing, by kind: the agency and the id to title, text, author, time, place and facts.
SHOW: dict[ItemKind, Callable[[AsyncConnection, str, str], Awaitable[publication.HeldThing]]] = {
    ItemKind.REQUEST: publication.show_held,
    ItemKind.ALERT: show_held_alert,
}
_NOTHING = Written("", "", "", publication.LONG_AGO)


@serves(e.SHOW_ITEM)
async def show_item(request: Call, item_id: FromPath[str]) -> m.ItemView:
    """All that a decision needs, on one page."""
    parts, who = parts_of(request), signed_in(request).member
    now = parts.clock()
    async with parts.store.reading() as connection:
        item = await load_item(connection, item_id)
        row = (await queue_items(connection, t.moderation_items.c.id == item_id, now))[0]
        standing = await standing_of(connection, item, By.MODERATOR, now, who)
        flags = (await flags_on(connection, [item_id])).get(item_id, [])
        history = (await decisions_on(connection, [item_id])).get(item_id, [])
        acts = acts_open_to(item.state, standing)
        base = m.ItemView(
            item=row,
            title="",
            text="",
            author="",
            at=item.since,
            place_name="",
            category=None,
            visibility=Visibility.PUBLIC,
            post_title="",
            post_text="",
            thread=(),
            flags=merged(flags, await agencies_by_ori(connection)),
            flags_seen=max((flag.number for flag in flags), default=0),
            history=tuple(line_of(line) for line in history),
            by_author=await earlier_of_author(connection, item),
            acts=acts,
            appeal=await _appeal(connection, item, acts),
            restorable_until=_restorable_until(item, standing),
        )
        if item.kind in SHOW:
            return _with_held(base, await SHOW[item.kind](connection, item.agency, item.subject))
        return await _with_thread(connection, item, base)


def _restorable_until(item: Item, standing: Standing) -> Any:
    if item.state is not ItemState.REMOVED or standing.decided_at is None:
        return None
    return standing.decided_at + RESTORABLE_FOR


def _with_held(base: m.ItemView, held: publication.HeldThing) -> m.ItemView:
    return msgspec.structs.replace(
        base,
        title=held.title,
        text=held.text,
        author=held.author,
        at=held.at,
        place_name=held.place_name,
        facts=held.facts,
    )


async def _with_thread(connection: AsyncConnection, item: Item, base: m.ItemView) -> m.ItemView:
    post = (await written_posts(connection, [item.post])).get(item.post, _NOTHING)
    about = post
    if item.kind is ItemKind.COMMENT:
        about = (await written_comments(connection, [item.subject])).get(item.subject, _NOTHING)
    query = sa.select(t.comments).where(t.comments.c.post == item.post).order_by(t.comments.c.at, t.comments.c.id)
    thread = tuple(
        m.ThreadLine(c.author, c.official, c.text, c.at, Visibility(c.visibility), c.id == item.subject)
        for c in await connection.execute(query)
    )
    return msgspec.structs.replace(
        base,
        title=about.title,
        text=about.text,
        author=about.author,
        at=about.at,
        place_name=about.place_name,
        category=Category(about.category) if about.category else None,
        visibility=Visibility(about.visibility),
        post_title=post.title,
        post_text=post.text,
        thread=thread,
    )


def merged(flags: Iterable[sa.Row[Any]], agencies: Mapping[str, Agency]) -> tuple[m.MergedFlag, ...]:
    """All flags by reason. The words of neighbours stand in the order of the alphabet, which tells nothing."""
    by_reason: dict[FlagReason, list[sa.Row[Any]]] = {}
    for flag in flags:
        by_reason.setdefault(FlagReason(flag.reason), []).append(flag)
    return tuple(
        m.MergedFlag(
            reason=reason,
            is_open=any(not flag.decision for flag in same),
            agencies=tuple(
                m.AgencyFlag(agencies[flag.agency].name, flag.words, flag.at)
                for flag in same
                if flag.agency in agencies
            ),
            neighbours=len({flag.neighbour for flag in same if flag.neighbour}),
            neighbour_words=tuple(sorted({flag.words for flag in same if flag.neighbour and flag.words})),
            first_at=min(flag.at for flag in same),
        )
        for reason, same in sorted(by_reason.items(), key=lambda one: list(FlagReason).index(one[0]))
    )


async def _appeal(connection: AsyncConnection, item: Item, acts: tuple[Act, ...]) -> m.AppealLine | None:
    query = sa.select(t.appeals).where(t.appeals.c.item == item.id).order_by(t.appeals.c.at.desc()).limit(1)
    row = (await connection.execute(query)).first()
    if row is None:
        return None
    is_open = item.state in {ItemState.LIMITED_APPEALED, ItemState.REMOVED_APPEALED}
    return m.AppealLine(row.words, row.at, is_open, is_open and bool(acts))


HANDLERS = (show_item,)
