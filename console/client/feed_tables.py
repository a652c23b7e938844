"""The feed's tables in the vault: posts by a number that goes up with time, their words without a second copy of them.

Promises: a post and its words come, change and go together, in the caller's transaction. What goes is taken out of the
index at once (FTS5's secure delete), not only marked. The number `n` of a post is its time in microseconds, one more
where that is taken; it never changes while the post is kept, so that "newest first" is an index's own order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from console.domain.feed import Post, Visibility
from console.domain.feed_filter import cell_of, micros
from console.domain.feed_query import is_answered
from console.domain.feed_words import FTS5_TOKENS, VERSION, fts5_text, thread_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

SCHEMA: tuple[str, ...] = (
    """CREATE TABLE feed_posts (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, at INTEGER NOT NULL,
       category TEXT NOT NULL, lat REAL NOT NULL, lon REAL NOT NULL, cell INTEGER NOT NULL, block TEXT NOT NULL,
       answered INTEGER NOT NULL, comments INTEGER NOT NULL, speakers TEXT NOT NULL,
       changed INTEGER NOT NULL) STRICT""",
    "CREATE INDEX feed_posts_by_cell ON feed_posts (cell, n)",
    "CREATE INDEX feed_posts_by_category ON feed_posts (category, n)",
    "CREATE INDEX feed_posts_by_answered ON feed_posts (answered, n)",
    "CREATE INDEX feed_posts_by_comments ON feed_posts (comments, n)",
    "CREATE TABLE feed_bodies (n INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT",
    "CREATE TABLE feed_unread (n INTEGER PRIMARY KEY) STRICT",
    f"""CREATE VIRTUAL TABLE feed_words USING fts5 (words, place_name, content = '',
        tokenize = "{FTS5_TOKENS}", prefix = '1 2 3 4')""",
    "INSERT INTO feed_words (feed_words, rank) VALUES ('secure-delete', 1)",
    "CREATE TABLE feed_state (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
)


def upgrade(do: Callable[..., Any]) -> None:
    """Make the tables, and take over what the vault's former form kept."""
    for step in SCHEMA:
        do(step)
    for (body,) in do("SELECT body FROM posts ORDER BY at, id").fetchall():
        keep_post(do, msgspec.json.decode(body, type=Post))
    do("DROP TABLE posts_words")
    do("DROP TABLE posts")
    set_state(do, "words", VERSION)


def refresh_words(do: Callable[..., Any]) -> None:
    """Make the index anew where it was made by another definition of words; some minutes for a million posts."""
    if get_state(do, "words") == VERSION:
        return
    do("INSERT INTO feed_words (feed_words) VALUES ('delete-all')")
    for (n,) in do("SELECT n FROM feed_bodies ORDER BY n").fetchall():
        body = do("SELECT body FROM feed_bodies WHERE n = ?", (n,)).fetchone()[0]
        _add_words(do, n, msgspec.json.decode(body, type=Post))
    set_state(do, "words", VERSION)


def get_state(do: Callable[..., Any], name: str) -> str:
    """A value of the copy's own; empty where it was never set."""
    row = do("SELECT value FROM feed_state WHERE name = ?", (name,)).fetchone()
    return "" if row is None else str(row[0])


def set_state(do: Callable[..., Any], name: str, value: str) -> None:
    """Set a value of the copy's own."""
    do(
        "INSERT INTO feed_state VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, value),
    )


def keep_post(do: Callable[..., Any], post: Post) -> int | None:
    """Keep a post in place of its earlier form; answers its number, None where nothing changed.

    An earlier form than the one that is kept changes nothing. A removed post is dropped.
    """
    if post.visibility is Visibility.REMOVED:
        return drop_post(do, post.id)
    body = msgspec.json.encode(post)
    row = do("SELECT n, changed, at FROM feed_posts WHERE id = ?", (post.id,)).fetchone()
    if row is not None:
        kept = do("SELECT body FROM feed_bodies WHERE n = ?", (row[0],)).fetchone()[0]
        if row[1] > post.changed or bytes(kept) == body:
            return None
        is_new = do("SELECT 1 FROM feed_unread WHERE n = ?", (row[0],)).fetchone() is not None
        _drop(do, row[0], kept)
        n = int(row[0]) if row[2] == micros(post.at) else _number(do, micros(post.at))
    else:
        is_new = do("DELETE FROM read_posts WHERE id = ? RETURNING id", (post.id,)).fetchone() is None
        n = _number(do, micros(post.at))
    do(
        "INSERT INTO feed_posts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            n,
            post.id,
            micros(post.at),
            post.category.value,
            post.place.lat,
            post.place.lon,
            cell_of(post.place.lat, post.place.lon),
            post.block,
            int(is_answered(post)),
            len(post.comments),
            "".join(f"\n{c.author}" for c in post.comments if c.official),
            post.changed,
        ),
    )
    do("INSERT INTO feed_bodies VALUES (?, ?)", (n, body))
    if is_new:
        do("INSERT INTO feed_unread VALUES (?)", (n,))
    _add_words(do, n, post)
    return n


def drop_post(do: Callable[..., Any], post_id: str) -> int | None:
    """Forget a post and its words; answers the number that it had, None where it was not kept."""
    row = do("SELECT n FROM feed_posts WHERE id = ?", (post_id,)).fetchone()
    if row is None:
        return None
    n = int(row[0])
    _drop(do, n, do("SELECT body FROM feed_bodies WHERE n = ?", (n,)).fetchone()[0])
    return n


def drop_oldest(do: Callable[..., Any], before: int, most: int) -> list[int]:
    """Forget the oldest posts whose number is below `before`, at most so many at once; answers their numbers."""
    rows = do(
        "SELECT n, body FROM feed_bodies WHERE n < ? ORDER BY n LIMIT ?",
        (before, most),
    ).fetchall()
    for n, body in rows:
        _drop(do, n, body)
    return [int(n) for n, _ in rows]


def clear(do: Callable[..., Any], most: int = 20_000) -> None:
    """Forget all posts and how far the copy was in step; which of the newest were opened stays known."""
    do(
        "INSERT OR IGNORE INTO read_posts SELECT id, strftime('%Y-%m-%dT%H:%M:%f', at / 1000000, 'unixepoch') "
        "FROM feed_posts WHERE n NOT IN (SELECT n FROM feed_unread) ORDER BY n DESC LIMIT ?",
        (most,),
    )
    do("INSERT INTO feed_words (feed_words) VALUES ('delete-all')")
    for table in ("feed_posts", "feed_bodies", "feed_unread"):
        do(f"DELETE FROM {table}")  # noqa: S608 - our own names
    do("DELETE FROM feed_state WHERE name = 'sync'")


def mark_read(do: Callable[..., Any], post_ids: Iterable[str], at: str, most: int) -> None:
    """Note that posts were opened, also such as are not kept yet."""
    for post_id in post_ids:
        row = do("SELECT n FROM feed_posts WHERE id = ?", (post_id,)).fetchone()
        if row is not None:
            do("DELETE FROM feed_unread WHERE n = ?", (row[0],))
        else:
            do("INSERT INTO read_posts VALUES (?, ?) ON CONFLICT (id) DO NOTHING", (post_id, at))
    do(
        "DELETE FROM read_posts WHERE id IN (SELECT id FROM read_posts ORDER BY read_at DESC LIMIT -1 OFFSET ?)",
        (most,),
    )


def mark_unread(do: Callable[..., Any], post_id: str) -> None:
    """Forget that a post was opened."""
    do("DELETE FROM read_posts WHERE id = ?", (post_id,))
    do("INSERT OR IGNORE INTO feed_unread SELECT n FROM feed_posts WHERE id = ?", (post_id,))


def posts_of(bodies: Iterable[Any]) -> tuple[Post, ...]:
    """Posts from their kept form."""
    return tuple(msgspec.json.decode(body, type=Post) for body in bodies)


def _number(do: Callable[..., Any], at: int) -> int:
    """The first free number from a time on."""
    n = at
    while True:
        taken: Sequence[Any] = do("SELECT n FROM feed_posts WHERE n >= ? ORDER BY n LIMIT 1000", (n,)).fetchall()
        for (used,) in taken:
            if used != n:
                return n
            n += 1
        if len(taken) < 1_000:  # noqa: PLR2004 - the limit above
            return n


def _drop(do: Callable[..., Any], n: int, body: Any) -> None:
    words, place = thread_words(msgspec.json.decode(body, type=Post))
    do(
        "INSERT INTO feed_words (feed_words, rowid, words, place_name) VALUES ('delete', ?, ?, ?)",
        (n, fts5_text(words), fts5_text(place)),
    )
    for table in ("feed_posts", "feed_bodies", "feed_unread"):
        do(f"DELETE FROM {table} WHERE n = ?", (n,))  # noqa: S608 - our own names


def _add_words(do: Callable[..., Any], n: int, post: Post) -> None:
    words, place = thread_words(post)
    do(
        "INSERT INTO feed_words (rowid, words, place_name) VALUES (?, ?, ?)",
        (n, fts5_text(words), fts5_text(place)),
    )
