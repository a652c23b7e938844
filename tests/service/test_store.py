"""The store on both engines: migrations, durability, times."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from console.domain.members import NEUTRAL_DESK
from console.service import store as t
from console.service.migrate import differences, migrate
from console.service.store import open_store
from tests.service.conftest import run


def test_migrations_make_what_the_program_expects(database: str) -> None:
    async def go() -> None:
        store = open_store(database)
        await migrate(store)
        await migrate(store)
        assert await differences(store) == []
        await store.close()

    run(go())


def test_sqlite_is_set_to_lose_nothing(tmp_path) -> None:
    async def go() -> None:
        store = open_store(f"sqlite+aiosqlite:///{tmp_path / 's.sqlite'}")
        async with store.reading() as connection:
            assert await connection.scalar(sa.text("PRAGMA journal_mode")) == "wal"
            assert await connection.scalar(sa.text("PRAGMA synchronous")) == 2
        await store.close()

    run(go())


def test_a_failed_write_leaves_nothing(database: str) -> None:
    async def go() -> None:
        store = open_store(database)
        await migrate(store)

        async def fail() -> None:
            async with store.writing() as connection:
                await connection.execute(sa.insert(t.agencies).values(ori="X", body="{}"))
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await fail()
        async with store.reading() as connection:
            assert list(await connection.scalars(sa.select(t.agencies.c.ori))) == [NEUTRAL_DESK]
        await store.close()

    run(go())


def test_times_come_back_to_the_microsecond_and_without_a_zone_are_refused(database: str) -> None:
    at = datetime(2026, 11, 1, 6, 30, 0, 123457, tzinfo=UTC)

    async def go() -> None:
        store = open_store(database)
        await migrate(store)
        values = {"actor": "a", "key": "k", "endpoint": "e", "body_hash": "h", "answer": "{}"}
        async with store.writing() as connection:
            await connection.execute(sa.insert(t.idempotency).values(at=at, **values))
        async with store.reading() as connection:
            assert await connection.scalar(sa.select(t.idempotency.c.at)) == at

        async def local() -> None:
            async with store.writing() as connection:
                await connection.execute(sa.insert(t.idempotency).values(at=at.replace(tzinfo=None), **values))

        with pytest.raises(sa.exc.StatementError):
            await local()
        await store.close()

    run(go())
