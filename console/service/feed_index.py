"""The index of the feed: by which number a post stands in time, in which cell, and the words of its thread.

Promises: it is written in the transaction of the change itself (`service.feed.touch`), so that a search never finds
what is not so; what a moderator removed has no words in it. The number goes up with time, one more where it is taken,
so that "newest first" is an index's own order; a post keeps it for ever. Both engines are given words that were folded
by `domain.feed_words`, and so find the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from console.domain.feed_filter import cell_of, micros
from console.domain.feed_words import fts5_text, thread_words, tsvector
from console.service import store as t
from console.service.feed_rows import posts_of_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from console.domain.feed import Post
    from console.service.store import Store

AT_ONCE = 500

_SQLITE_DROP = sa.text("DELETE FROM feed_words WHERE rowid = :n")
_SQLITE_ADD = sa.text(
    "INSERT INTO feed_words (rowid, agency, words, place_name) VALUES (:n, :agency, :words, :place_name)"
)
_POSTGRES_ADD = sa.text(
    "INSERT INTO feed_words (n, agency, words) VALUES (:n, :agency, CAST(:words AS tsvector)) "
    "ON CONFLICT (n) DO UPDATE SET words = excluded.words"
)


async def index_posts(connection: AsyncConnection, post_ids: Sequence[str]) -> None:
    """Bring the index up to date for some posts, in the caller's transaction."""
    for start in range(0, len(post_ids), AT_ONCE):
        some = post_ids[start : start + AT_ONCE]
        await _index(connection, some)


async def index_missing(store: Store) -> None:
    """Index what is not yet: posts of before the index, a few hundred in one transaction."""
    while True:
        async with store.writing() as connection:
            query = sa.select(t.posts.c.id).where(t.posts.c.n.is_(None)).limit(AT_ONCE)
            missing = list(await connection.scalars(query))
            await index_posts(connection, missing)
        if len(missing) < AT_ONCE:
            return


async def total_of(connection: AsyncConnection, agency: str) -> int:
    """How many posts an agency has."""
    return int(await connection.scalar(sa.select(t.feed_counts.c.posts).where(t.feed_counts.c.agency == agency)) or 0)


async def _index(connection: AsyncConnection, post_ids: Sequence[str]) -> None:
    query = sa.select(t.posts).where(t.posts.c.id.in_(post_ids)).order_by(t.posts.c.at, t.posts.c.id)
    rows = (await connection.execute(query)).all()
    posts = await posts_of_rows(connection, rows)
    numbers = {row.id: row.n for row in rows}
    fresh = [(row, post) for row, post in zip(rows, posts, strict=True) if row.n is None]
    if fresh:
        numbers |= await _number(connection, [post for _, post in fresh])
        await connection.execute(
            sa.update(t.posts).where(t.posts.c.id == sa.bindparam("post")),
            [
                {"post": post.id, "n": numbers[post.id], "cell": cell_of(post.place.lat, post.place.lon)}
                for _, post in fresh
            ],
        )
        await _count(connection, [row.agency for row, _ in fresh])
    values = [_words(connection, numbers[row.id], row.agency, post) for row, post in zip(rows, posts, strict=True)]
    if not values:
        return
    if connection.dialect.name == "sqlite":
        await connection.execute(_SQLITE_DROP, [{"n": value["n"]} for value in values])
        await connection.execute(_SQLITE_ADD, values)
    else:
        await connection.execute(_POSTGRES_ADD, values)


def _words(connection: AsyncConnection, n: int, agency: str, post: Post) -> dict[str, Any]:
    words, place = thread_words(post)
    if connection.dialect.name == "sqlite":
        return {"n": n, "agency": agency, "words": fts5_text(words), "place_name": fts5_text(place)}
    return {"n": n, "agency": agency, "words": tsvector(words, place)}


async def _number(connection: AsyncConnection, posts: Iterable[Post]) -> dict[str, int]:
    """The first free number from each post's time on; the posts are in their order in time."""
    given: dict[str, int] = {}
    taken: set[int] = set()
    for post in posts:
        n = micros(post.at)
        while n in taken or await connection.scalar(sa.select(t.posts.c.id).where(t.posts.c.n == n)) is not None:
            n += 1
        taken.add(n)
        given[post.id] = n
    return given


async def _count(connection: AsyncConnection, agencies: Sequence[str]) -> None:
    for agency in set(agencies):
        more = agencies.count(agency)
        added = await connection.execute(
            sa.update(t.feed_counts).where(t.feed_counts.c.agency == agency).values(posts=t.feed_counts.c.posts + more)
        )
        if not added.rowcount:
            await connection.execute(sa.insert(t.feed_counts).values(agency=agency, posts=more))
