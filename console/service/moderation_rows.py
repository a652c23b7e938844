"""Items of moderation as rows: found by what they are about, and read whole for the queue.

Only the neutral moderators' handlers read what is made here; authors are known by a key that never leaves the service.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec
import sqlalchemy as sa

from console.contract import moderation as m
from console.domain.alerts import AlertDraft
from console.domain.drafts import Draft
from console.domain.members import NEUTRAL_DESK, Member
from console.domain.moderation import (
    WAITING,
    Act,
    By,
    DecisionId,
    FlagReason,
    ItemId,
    ItemKind,
    ItemState,
    Judged,
    Reason,
    Standing,
    fingerprint,
    lane_of,
)
from console.domain.policy import Agency
from console.domain.requests import is_same_person
from console.service import store as t
from console.service.parts import refuse
from console.service.request_rows import claims_on

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

DECIDED_SHOWN = timedelta(days=30)
QUEUE_MAX = 500
TITLE_MAX = 120


class Item(msgspec.Struct, frozen=True):
    """A row of `moderation_items`; `standing` is the limit or removal in force."""

    id: ItemId
    kind: ItemKind
    subject: str
    post: str
    agency: str
    author: str
    state: ItemState
    version: int
    since: datetime
    judged: Judged
    standing: str


def item_of(row: sa.Row[Any]) -> Item:
    """A row as it is worked with."""
    return Item(
        ItemId(row.id),
        ItemKind(row.kind),
        row.subject,
        row.post,
        row.agency,
        row.author,
        ItemState(row.state),
        row.version,
        row.since,
        msgspec.json.decode(row.judged, type=Judged),
        row.standing,
    )


async def load_item(connection: AsyncConnection, item_id: str) -> Item:
    """An item by its id; `not_found`."""
    row = (await connection.execute(sa.select(t.moderation_items).where(t.moderation_items.c.id == item_id))).first()
    if row is None:
        raise refuse("not_found")
    return item_of(row)


async def item_about(connection: AsyncConnection, kind: ItemKind, subject: str) -> Item | None:
    """The item that is about something; None where nobody has flagged or held it."""
    where = sa.and_(t.moderation_items.c.kind == kind.value, t.moderation_items.c.subject == subject)
    row = (await connection.execute(sa.select(t.moderation_items).where(where))).first()
    return None if row is None else item_of(row)


def neighbours_key(neighbour: str) -> str:
    """By what an author who is a neighbour is known in here."""
    return f"neighbour:{neighbour}" if neighbour else ""


def agencys_key(ori: str) -> str:
    """By what an agency is known as the author of its official comments and posts."""
    return f"agency:{ori}"


class Written(msgspec.Struct, frozen=True):
    """What an item is about, with its original words, whatever is let be seen of it."""

    title: str
    text: str
    author: str
    at: datetime
    place_name: str = ""
    category: str = ""
    visibility: str = "public"
    author_key: str = ""
    post: str = ""

    @property
    def fingerprint(self) -> str:
        """By what its text is known."""
        return fingerprint(self.title, self.text)


async def written_posts(connection: AsyncConnection, ids: Iterable[str]) -> dict[str, Written]:
    """Posts by id, as they were written."""
    wanted = list(ids)
    if not wanted:
        return {}
    rows = await connection.execute(sa.select(t.posts).where(t.posts.c.id.in_(wanted)))
    return {
        row.id: Written(
            row.title,
            row.text,
            row.author,
            row.at,
            row.place_name,
            row.category,
            row.visibility,
            neighbours_key(row.neighbour) or agencys_key(row.agency),
            row.id,
        )
        for row in rows
    }


async def written_comments(connection: AsyncConnection, ids: Iterable[str]) -> dict[str, Written]:
    """Comments by id, as they were written."""
    wanted = list(ids)
    if not wanted:
        return {}
    query = sa.select(
        t.comments, t.posts.c.place_name, t.posts.c.category, t.posts.c.agency.label("jurisdiction")
    ).join(t.posts, t.posts.c.id == t.comments.c.post)
    rows = await connection.execute(query.where(t.comments.c.id.in_(wanted)))
    return {
        row.id: Written(
            "",
            row.text,
            row.author,
            row.at,
            row.place_name,
            row.category,
            row.visibility,
            neighbours_key(row.neighbour) or agencys_key(row.jurisdiction),
            row.post,
        )
        for row in rows
    }


async def agencies_by_ori(connection: AsyncConnection) -> dict[str, Agency]:
    """The enrolled agencies; the neutral desk is none."""
    bodies = await connection.scalars(sa.select(t.agencies.c.body).where(t.agencies.c.ori != NEUTRAL_DESK))
    found = (msgspec.json.decode(body, type=Agency) for body in bodies)
    return {agency.ori: agency for agency in found}


async def flags_on(connection: AsyncConnection, ids: Sequence[str]) -> dict[str, list[sa.Row[Any]]]:
    """The flags on items, in their order."""
    found: dict[str, list[sa.Row[Any]]] = {}
    if ids:
        query = sa.select(t.flags).where(t.flags.c.item.in_(ids)).order_by(t.flags.c.number)
        for row in await connection.execute(query):
            found.setdefault(row.item, []).append(row)
    return found


def open_reasons(flags: Iterable[sa.Row[Any]]) -> frozenset[FlagReason]:
    """The reasons that nobody has judged yet."""
    return frozenset(FlagReason(flag.reason) for flag in flags if not flag.decision)


async def decisions_on(connection: AsyncConnection, ids: Sequence[str]) -> dict[str, list[sa.Row[Any]]]:
    """The decisions on items, the first first."""
    found: dict[str, list[sa.Row[Any]]] = {}
    if ids:
        table = t.moderation_decisions
        for row in await connection.execute(sa.select(table).where(table.c.item.in_(ids)).order_by(table.c.number)):
            found.setdefault(row.item, []).append(row)
    return found


async def standing_of(connection: AsyncConnection, item: Item, by: By, now: datetime, who: Member | None) -> Standing:
    """What a step on an item depends on, for who takes it."""
    table = t.moderation_decisions
    last = await connection.scalar(
        sa.select(table.c.act).where(table.c.item == item.id).order_by(table.c.number.desc()).limit(1)
    )
    force = (await connection.execute(sa.select(table).where(table.c.id == item.standing))).first()
    appealed = await connection.scalar(sa.select(t.appeals.c.decision).where(t.appeals.c.decision == item.standing))
    return Standing(
        by,
        now,
        decided_at=None if force is None else force.at,
        is_decider=force is not None and who is not None and await _is_same(connection, force.member, who),
        was_appealed=appealed is not None,
        was_overturned=last == Act.OVERTURN.value,
    )


async def _is_same(connection: AsyncConnection, member_id: str, who: Member) -> bool:
    body = await connection.scalar(sa.select(t.members.c.body).where(t.members.c.id == member_id))
    return member_id == who.id or (body is not None and is_same_person(msgspec.json.decode(body, type=Member), who))


# The queue


def one_line(text: str, most: int = TITLE_MAX) -> str:
    """The beginning of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}\u2026"


async def _post_titles(connection: AsyncConnection, ids: list[str]) -> dict[str, str]:
    return {key: one_line(w.title or w.text) for key, w in (await written_posts(connection, ids)).items()}


async def _comment_titles(connection: AsyncConnection, ids: list[str]) -> dict[str, str]:
    return {key: one_line(w.text) for key, w in (await written_comments(connection, ids)).items()}


async def _request_titles(connection: AsyncConnection, ids: list[str]) -> dict[str, str]:
    rows = await connection.execute(sa.select(t.requests.c.id, t.requests.c.draft).where(t.requests.c.id.in_(ids)))
    return {row.id: one_line(msgspec.json.decode(row.draft, type=Draft).title) for row in rows}


async def _alert_titles(connection: AsyncConnection, ids: list[str]) -> dict[str, str]:
    rows = await connection.execute(sa.select(t.alerts.c.id, t.alerts.c.draft).where(t.alerts.c.id.in_(ids)))
    return {row.id: one_line(msgspec.json.decode(row.draft, type=AlertDraft).title) for row in rows}


# What a row of the queue says of things of a kind, by their ids.
TITLES: dict[ItemKind, Callable[[AsyncConnection, list[str]], Awaitable[dict[str, str]]]] = {
    ItemKind.POST: _post_titles,
    ItemKind.COMMENT: _comment_titles,
    ItemKind.REQUEST: _request_titles,
    ItemKind.ALERT: _alert_titles,
}


async def _titles(connection: AsyncConnection, items: Sequence[Item]) -> dict[str, str]:
    titles: dict[str, str] = {}
    for kind, read in TITLES.items():
        ids = [item.subject for item in items if item.kind is kind]
        if ids:
            titles |= await read(connection, ids)
    return titles


_POST, _COMMENT = ItemKind.POST, ItemKind.COMMENT


async def queue_items(
    connection: AsyncConnection, where: sa.ColumnElement[bool], now: datetime
) -> tuple[m.QueueItem, ...]:
    """Items as rows of the queue: emergencies first, then lane by lane the oldest; what is decided the newest first."""
    table = t.moderation_items
    query = sa.select(table).where(where)
    waiting = query.where(table.c.state.in_([s.value for s in WAITING])).order_by(table.c.since).limit(QUEUE_MAX)
    decided = query.where(table.c.state.not_in([s.value for s in WAITING])).order_by(table.c.since.desc())
    rows = [*(await connection.execute(waiting)), *(await connection.execute(decided.limit(QUEUE_MAX)))]
    items = [item_of(row) for row in rows]
    ids = [str(item.id) for item in items]
    titles, agencies = await _titles(connection, items), await agencies_by_ori(connection)
    flags, claims = await flags_on(connection, ids), await claims_on(connection, ids, now)
    decisions = await decisions_on(connection, ids)
    made = []
    for item in items:
        mine = flags.get(item.id, [])
        last = next(iter(reversed(decisions.get(item.id, []))), None)
        agency = agencies.get(item.agency)
        reasons = open_reasons(mine)
        lane = lane_of(item.state, reasons)
        counted = [flag for flag in mine if not flag.decision] or mine
        made.append(
            m.QueueItem(
                id=item.id,
                kind=item.kind,
                state=item.state,
                lane=lane,
                version=item.version,
                agency=item.agency,
                agency_name=item.agency if agency is None else agency.name,
                time_zone="UTC" if agency is None else agency.time_zone,
                title=titles.get(item.subject, "") or "The original words were erased",
                reasons=tuple(r for r in FlagReason if r in (reasons or {FlagReason(f.reason) for f in mine})),
                agencies=tuple(sorted({agencies[f.agency].name for f in counted if f.agency in agencies})),
                neighbours=len({f.neighbour for f in counted if f.neighbour}),
                since=item.since,
                claim=claims.get(item.id),
                act=None if last is None else Act(last.act),
                by="" if last is None else last.name,
            )
        )
    return tuple(made)


def line_of(row: sa.Row[Any]) -> m.DecisionLine:
    """A decision as it stands in a history."""
    return m.DecisionLine(Act(row.act), Reason(row.reason), row.words, row.name, row.at)


async def last_decision(connection: AsyncConnection, item_id: str) -> sa.Row[Any] | None:
    """The newest decision on an item."""
    table = t.moderation_decisions
    query = sa.select(table).where(table.c.item == item_id).order_by(table.c.number.desc()).limit(1)
    return (await connection.execute(query)).first()


async def earlier_of_author(connection: AsyncConnection, item: Item, most: int = 20) -> tuple[m.EarlierOfAuthor, ...]:
    """Decisions on other things of the same author, the newest first, with nothing that finds those things again."""
    if not item.author or item.kind not in {_POST, _COMMENT}:
        return ()
    items, decisions = t.moderation_items, t.moderation_decisions
    query = (
        sa.select(items.c.kind, decisions.c.act, decisions.c.reason, decisions.c.at)
        .join(items, items.c.id == decisions.c.item)
        .where(items.c.author == item.author, items.c.id != item.id)
        .order_by(decisions.c.number.desc())
        .limit(most)
    )
    return tuple(
        m.EarlierOfAuthor(ItemKind(row.kind), Act(row.act), Reason(row.reason), row.at)
        for row in await connection.execute(query)
    )


async def note_decision(
    connection: AsyncConnection,
    item_id: str,
    decision_id: str,
    act: Act,
    reason: Reason,
    words: str,
    who: Member,
    now: datetime,
) -> DecisionId:
    """Keep a decision in the item's history."""
    await connection.execute(
        sa.insert(t.moderation_decisions).values(
            id=decision_id,
            item=item_id,
            act=act.value,
            reason=reason.value,
            words=words,
            member=who.id,
            name=f"{who.title} {who.name}",
            at=now,
        )
    )
    return DecisionId(decision_id)
