"""A service's store with a feed of a size, on SQLite and PostgreSQL, made once a machine and kept in BENCH_FEED_FOLDER."""

from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
import sqlalchemy as sa

from console.domain.feed import Post
from console.domain.feed_filter import cell_of, micros
from console.domain.feed_words import VERSION, fts5_text, thread_words, tsvector
from console.domain.members import Member, MemberId, Ori, Role
from console.domain.places import Point
from console.domain.policy import Agency, CaseMask
from console.service import store as t
from console.service.access import digest
from console.service.app import now_utc
from console.service.migrate import migrate
from console.service.store import open_store, sqlite_url
from tests.bench import feed_data

AGENCY = "IL0160000"
TOKEN = "a-token-of-the-bench"
_MADE_BY = f"2 {VERSION}"
_POSTS = ("id", "agency", "category", "author", "block", "title", "text", "place_name", "lat", "lon", "at", "answered",
          "changed", "n", "cell")  # fmt: skip
_COMMENTS = ("id", "post", "author", "official", "text", "at")


def _rows(size: int) -> Iterator[tuple[Post, int, tuple[Any, ...], list[tuple[Any, ...]]]]:
    used = 0
    for post in feed_data.posts(size):
        n = used = max(micros(post.at), used + 1)
        row = (post.id, AGENCY, post.category.value, post.author, post.block, post.title, post.text, post.place_name,
               post.place.lat, post.place.lon, micros(post.at), post.answered, 0, n,
               cell_of(post.place.lat, post.place.lon))  # fmt: skip
        said = [(f"{post.id}-{k}", post.id, c.author, False, c.text, micros(c.at)) for k, c in enumerate(post.comments)]
        yield post, n, row, said


async def _begin(url: str) -> None:
    """Tables, an agency, a member who is signed in."""
    store = open_store(url)
    await migrate(store)
    agency = Agency(Ori(AGENCY), "Lakeside Police", "America/Chicago", "bench", Point(40.7, -73.9),
                    (CaseMask("YYYY-NNNNNN"),), ("lakeside.example.org",), ())  # fmt: skip
    member = Member(MemberId("bench"), Ori(AGENCY), "Example One", "Officer", "1", Role.OFFICER)
    async with store.writing() as connection:
        for table, values in (
            (t.agencies, {"ori": AGENCY, "body": msgspec.json.encode(agency).decode()}),
            (t.members, {"id": "bench", "agency": AGENCY, "username": "bench", "password_hash": "",
                         "body": msgspec.json.encode(member).decode()}),
        ):  # fmt: skip
            await connection.execute(sa.insert(table).values(values))
    await store.close()


async def sign_in(url: str) -> None:
    """Have the token be good for a day from now."""
    store, now = open_store(url), now_utc()
    async with store.writing() as connection:
        await connection.execute(sa.delete(t.sessions))
        values = {"token_hash": digest(TOKEN), "member": "bench", "signed_in_at": now, "last_used_at": now}
        await connection.execute(sa.insert(t.sessions).values(values | {"expires_at": now + timedelta(days=1)}))
    await store.close()


def sqlite_store(size: int) -> str:
    """The URL of a SQLite store with so many posts."""
    path = feed_data.FOLDER / f"service-{size}.sqlite"
    mark = path.with_suffix(".made")
    if not mark.exists() or mark.read_text() != _MADE_BY:
        path.parent.mkdir(parents=True, exist_ok=True)
        for old in path.parent.glob(f"{path.name}*"):
            old.unlink()
        print(f"making a SQLite store of {size:,} posts", file=sys.stderr, flush=True)
        asyncio.run(_begin(sqlite_url(path)))
        raw = sqlite3.connect(path, isolation_level=None)
        raw.execute("PRAGMA synchronous=OFF")
        raw.execute("BEGIN")
        post_marks, comment_marks = ",".join("?" * len(_POSTS)), ",".join("?" * len(_COMMENTS))
        for post, n, row, said in _rows(size):
            raw.execute(f"INSERT INTO posts ({','.join(_POSTS)}) VALUES ({post_marks})", row)
            raw.executemany(f"INSERT INTO comments ({','.join(_COMMENTS)}) VALUES ({comment_marks})", said)
            words, place = thread_words(post)
            raw.execute(
                "INSERT INTO feed_words (rowid, agency, words, place_name) VALUES (?, ?, ?, ?)",
                (n, AGENCY, fts5_text(words), fts5_text(place)),
            )
        raw.execute("INSERT INTO feed_counts VALUES (?, ?)", (AGENCY, size))
        raw.execute("COMMIT")
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        raw.close()
        mark.write_text(_MADE_BY)
    return sqlite_url(path)


def has_postgres() -> bool:
    """Whether it is installed; said where it is not."""
    found = any(Path("/usr/lib/postgresql").glob("*/bin"))
    if not found:
        print("PostgreSQL is not installed: measured on SQLite only", file=sys.stderr)
    return found


@contextmanager
def postgres_store(size: int) -> Iterator[str]:
    """The URL of a PostgreSQL store with so many posts, on a server of this run."""
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    folder = feed_data.FOLDER / f"postgres-{size}"
    mark = folder / "made"
    as_user: list[str] = []
    feed_data.FOLDER.mkdir(parents=True, exist_ok=True)
    feed_data.FOLDER.chmod(0o755)
    fresh = not mark.exists() or mark.read_text() != _MADE_BY
    if fresh:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    if os.geteuid() == 0:
        os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
        as_user = ["runuser", "-u", "postgres", "--"]
    if fresh:
        initdb = [*as_user, binaries[-1] / "initdb", "-D", folder / "data", "-U", "bench", "-A", "trust", "-E", "UTF8"]
        subprocess.run(initdb, check=True, capture_output=True, cwd="/")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = ["-c", "listen_addresses=127.0.0.1", "-p", str(port), "-k", str(folder), "-c", "shared_buffers=1GB",
               "-c", "max_wal_size=8GB", "-c", "jit=off"]  # fmt: skip
    server = subprocess.Popen(
        [*as_user, binaries[-1] / "postgres", "-D", folder / "data", *options],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/",
    )  # fmt: skip
    url = f"postgresql://bench@127.0.0.1:{port}/postgres"
    try:
        _wait(url)
        if fresh:
            print(f"making a PostgreSQL store of {size:,} posts", file=sys.stderr, flush=True)
            asyncio.run(_fill_postgres(url, size))
            mark.write_text(_MADE_BY)
        yield url
    finally:
        server.terminate()
        server.wait(60)


async def _fill_postgres(url: str, size: int) -> None:
    await _begin(url)
    raw = await asyncpg.connect(url)
    await raw.execute("CREATE TEMP TABLE made (n BIGINT, agency TEXT, words TEXT)")
    posts: list[Any] = []
    comments: list[Any] = []
    words: list[Any] = []

    async def put() -> None:
        await raw.copy_records_to_table("posts", records=posts, columns=_POSTS)
        await raw.copy_records_to_table("comments", records=comments, columns=_COMMENTS)
        await raw.copy_records_to_table("made", records=words, columns=("n", "agency", "words"))
        await raw.execute("INSERT INTO feed_words SELECT n, agency, words::tsvector FROM made")
        await raw.execute("TRUNCATE made")
        for some in (posts, comments, words):
            some.clear()

    for post, n, row, said in _rows(size):
        posts.append(row)
        comments += said
        words.append((n, AGENCY, tsvector(*thread_words(post))))
        if len(posts) == 5_000:
            await put()
    await put()
    await raw.execute("INSERT INTO feed_counts VALUES ($1, $2)", AGENCY, size)
    await raw.execute("VACUUM ANALYZE")
    await raw.close()


def _wait(url: str) -> None:
    async def answers() -> bool:
        with suppress(OSError, asyncpg.PostgresError):
            connection = await asyncpg.connect(url)
            await connection.close()
            return True
        return False

    until = time.monotonic() + 60
    while not asyncio.run(answers()):
        if time.monotonic() > until:
            raise RuntimeError("PostgreSQL did not start")
        time.sleep(0.2)


if __name__ == "__main__":
    for each in feed_data.SIZES:
        sqlite_store(each)
        if has_postgres():
            with postgres_store(each):
                pass
