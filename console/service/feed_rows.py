"""Posts with their threads from the rows of the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import sqlalchemy as sa

from console.domain.feed import Category, Comment, Post, PostId, Visibility
from console.domain.places import Point
from console.service import store as t
from console.service.readings import time_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection


_POST = ("id", "category", "title", "text", "author", "block", "place_name", "at", "answered", "visibility",
         "comments_closed", "alert", "changed")  # fmt: skip
_SAID = "c.id, c.author, c.official, c.text, c.at, c.visibility, c.public_at, c.corrects"
_REMOVED = Visibility.REMOVED.value
_CATEGORIES = {kind.value: kind for kind in Category}
_VISIBILITIES = {kind.value: kind for kind in Visibility}
# SQLite's JSON keeps 15 digits of a number, a float has 17: two whole numbers give it back to the last bit.
LAT, LON = 15, 16
_WHOLE, _REST = 2.0**24, 2.0**53
_EXACT = (
    f"CAST(p.{{0}} * {_WHOLE} AS INTEGER), "
    f"CAST((p.{{0}} * {_WHOLE} - CAST(p.{{0}} * {_WHOLE} AS INTEGER)) * {_REST} AS INTEGER)"
)
_Said = tuple[str, str, bool | int, str, int, str, int | None, str]
_Line = tuple[int, str, str, str, str, str, str, str, int, int, str, str, str, int, int, int, int, int]
_thread_lines = msgspec.json.Decoder(list[_Said])
_lines = msgspec.json.Decoder(list[tuple[_Line, list[_Said]]])


def page_sql(chosen: str, total: str, *, is_sqlite: bool) -> str:
    """The statement for posts with their whole threads, and one figure `total`; `chosen` is from FROM on, of `posts p`.

    On SQLite all is one row of JSON: each row more is a turn more at the interpreter's lock.
    """
    columns = f"p.n, {', '.join(f'p.{name}' for name in _POST)}"
    if is_sqlite:
        # Put together as text: what a scalar query made would be parsed anew to stand inside of other JSON.
        thread = f"(SELECT '[' || group_concat(json_array({_SAID})) || ']' FROM comments c WHERE c.post = p.id)"  # noqa: S608 - our own words
        post = f"json_array({columns}, {_EXACT.format('lat')}, {_EXACT.format('lon')})"
        line = f"'[' || {post} || ',' || coalesce({thread}, '[]') || ']'"
        return f"SELECT {total}, '[' || group_concat(line) || ']' FROM (SELECT {line} AS line {chosen})"  # noqa: S608 - our own words
    thread = f"(SELECT CAST(json_agg(json_build_array({_SAID})) AS TEXT) FROM comments c WHERE c.post = p.id)"  # noqa: S608 - our own words
    return f"SELECT {columns}, {thread}, p.lat, p.lon, {total} {chosen}"


def page_rows(answer: Sequence[Sequence[Any]], *, is_sqlite: bool) -> tuple[Sequence[Sequence[Any]], int | None]:
    """What `page_sql` answered: rows for `posts_of_threads` (n, id, …, at LAT and LON the place), and the figure.

    On PostgreSQL there is no figure where there are no rows.
    """
    if is_sqlite:
        ((total, untold),) = answer
        lines = _lines.decode(untold) if untold else []
        return [
            (*line[:14], said, (line[14] + line[15] / _REST) / _WHOLE, (line[16] + line[17] / _REST) / _WHOLE)
            for line, said in lines
        ], total
    return answer, answer[0][-1] if answer else None


def posts_of_threads(rows: Iterable[Sequence[Any]]) -> tuple[Post, ...]:
    """Posts with their threads from rows of `page_rows`, in their order; as `posts_of_rows` makes them."""
    return tuple(
        Post(
            row[1],
            _CATEGORIES[row[2]],
            "" if row[10] == _REMOVED else row[3],
            "" if row[10] == _REMOVED else row[4],
            row[5],
            row[6],
            Point(row[LAT], row[LON]),
            row[7],
            time_of(row[8]),
            _thread(row[14]) if row[14] else (),
            bool(row[9]),
            _VISIBILITIES[row[10]],
            row[11],
            row[12],
            row[13],
        )
        for row in rows
    )


def _thread(said: str | list[_Said]) -> tuple[Comment, ...]:
    lines = _thread_lines.decode(said) if isinstance(said, str) else said
    if len(lines) > 1:
        lines.sort(key=_when)
    return tuple(
        Comment(
            id_,
            author,
            bool(official),
            "" if visibility == _REMOVED else text,
            time_of(at),
            _VISIBILITIES[visibility],
            None if public_at is None else time_of(public_at),
            corrects,
        )
        for id_, author, official, text, at, visibility, public_at, corrects in lines
    )


def _when(said: _Said) -> int:
    return said[4]


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
