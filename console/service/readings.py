"""Readings: what is asked most of the store, on the shortest way to it.

A reading is a generator: it yields a statement with its values, is sent the rows, and returns what it made of them. It
knows neither threads nor the loop, so that one definition serves both engines: on SQLite the whole of it runs in one
hop to a thread that has a plain connection of its own; on PostgreSQL each statement goes through asyncpg itself, on a
connection of the store's own pool. Promises: a reading sees one state of the store on SQLite, writes nothing, and has
its values bound: a statement is made of our own words only.
"""

from __future__ import annotations

import asyncio
import functools
import re
import sqlite3
import threading
from collections.abc import Generator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.ext.asyncio import AsyncEngine

THREADS = 4
"""More do not read faster: what is made of the rows holds the interpreter's lock."""
_STATEMENTS_KEPT = 256
_CACHE_KIB = 16_384
_NAME = re.compile(r":([a-z_]\w*)")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Made = TypeVar("Made")


class Asked(NamedTuple):
    """One statement with its values by name, written `:name`."""

    sql: str
    values: Mapping[str, Any]


Reading = Generator[Asked, Sequence[Any], Made]
"""What yields statements, is sent their rows, and returns what it made."""


class SqliteReader:
    """A few threads, each with a connection that cannot write."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="reading")
        self._own = threading.local()
        self._opened: list[sqlite3.Connection] = []

    async def read(self, reading: Reading[Made]) -> Made:
        """What a reading returns; its own exceptions come out as they are."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._run, reading)

    async def close(self) -> None:
        """End the threads, close their connections."""
        await asyncio.to_thread(self._threads.shutdown)
        for connection in self._opened:
            connection.close()
        self._opened.clear()

    def _run(self, reading: Reading[Made]) -> Made:
        connection = self._connection()
        connection.execute("BEGIN")
        try:
            return _driven(reading, lambda asked: connection.execute(asked.sql, asked.values).fetchall())
        finally:
            connection.execute("COMMIT")

    def _connection(self) -> sqlite3.Connection:
        known: sqlite3.Connection | None = getattr(self._own, "connection", None)
        if known is None:
            known = sqlite3.connect(
                self._path,
                timeout=10,
                isolation_level=None,
                check_same_thread=False,  # closed by another, when all threads have ended
                cached_statements=_STATEMENTS_KEPT,
            )
            for pragma in ("query_only=ON", f"cache_size=-{_CACHE_KIB}"):
                known.execute(f"PRAGMA {pragma}")
            self._own.connection = known
            self._opened.append(known)
        return known


class PostgresReader:
    """The store's own connections, asked without a layer between."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def read(self, reading: Reading[Made]) -> Made:
        """What a reading returns; its own exceptions come out as they are."""
        pooled = await self._engine.raw_connection()
        try:
            plain: Any = pooled.driver_connection
            asked = next(reading)
            while True:
                sql, names = numbered(asked.sql)
                rows = await plain.fetch(sql, *(asked.values[name] for name in names))
                asked = reading.send(rows)
        except StopIteration as done:
            made: Made = done.value
            return made
        finally:
            pooled.close()

    async def close(self) -> None:
        """Nothing of its own is open."""


def _driven(reading: Reading[Made], rows_of: Callable[[Asked], Sequence[Any]]) -> Made:
    try:
        asked = next(reading)
        while True:
            asked = reading.send(rows_of(asked))
    except StopIteration as done:
        made: Made = done.value
        return made


@functools.lru_cache(maxsize=1_024)
def numbered(sql: str) -> tuple[str, tuple[str, ...]]:
    """A statement with `$1` for `:name` and so on, as asyncpg takes it; and the names in that order."""
    names: list[str] = []

    def number(found: re.Match[str]) -> str:
        if found[1] not in names:
            names.append(found[1])
        return f"${names.index(found[1]) + 1}"

    return _NAME.sub(number, sql), tuple(names)


def time_of(micros: int) -> datetime:
    """The aware time that a `store.Moment` is kept as."""
    return _EPOCH + timedelta(microseconds=micros)
