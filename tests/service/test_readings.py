"""Readings: the shortest way to the store keeps the promises of the long one."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

import asyncpg
import msgspec
import pytest
import sqlalchemy as sa

from console.contract import endpoints as e
from console.domain.members import Member, Role
from console.service import store as t
from console.service.migrate import migrate
from console.service.readings import Asked, Reading, numbered
from console.service.store import open_store
from console.training.members import ORI
from tests.service.conftest import World, run


def asked(sql: str, **values: object) -> Reading[Sequence[Any]]:
    return (yield Asked(sql, values))


def test_names_become_numbers_in_their_order_and_one_name_one_number() -> None:
    assert numbered("a = :b AND c < :d OR e = :b") == ("a = $1 AND c < $2 OR e = $1", ("b", "d"))


def test_a_reading_has_its_values_bound_and_its_failure_leaves_the_way_open(database: str) -> None:
    async def go() -> None:
        store = open_store(database)
        await migrate(store)
        spiteful = "'; DROP TABLE posts; --"
        for _ in range(40):  # more often than there are connections
            with pytest.raises((sqlite3.Error, asyncpg.PostgresError)):
                await store.read(asked("SELECT nothing FROM nowhere"))
        assert [tuple(row) for row in await store.read(asked("SELECT CAST(:said AS TEXT)", said=spiteful))] == [
            (spiteful,)
        ]
        assert (await store.read(asked("SELECT count(*) FROM posts")))[0][0] == 0
        await store.close()

    run(go())


def test_a_reading_cannot_write(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            with pytest.raises(sqlite3.OperationalError, match="readonly"):
                await world.parts.store.read(asked("DELETE FROM posts"))

    run(go())


def test_the_feed_knows_a_sign_in_and_a_role_as_they_are_at_each_call(world: World) -> None:
    async def go() -> None:
        async with world:
            headers = await world.sign_in("officer")

            async def status(authorization: str = "") -> int:
                sent = {"Authorization": authorization} if authorization else headers
                return int((await world.client.get(e.READ_FEED.path, headers=sent)).status_code)

            async def become(**changes: object) -> None:
                async with world.parts.store.writing() as connection:
                    mine = (t.members.c.username == "officer", t.members.c.agency == ORI)
                    query = sa.select(t.members).where(*mine)
                    row = (await connection.execute(query)).first()
                    assert row is not None
                    body = msgspec.structs.replace(msgspec.json.decode(row.body, type=Member), **changes)
                    changed = sa.update(t.members).where(t.members.c.id == row.id)
                    await connection.execute(changed.values(body=msgspec.json.encode(body).decode()))

            assert await status() == 200
            assert await status("Bearer ") == 401
            assert await status("Basic abc") == 401
            await become(role=Role.NEUTRAL_MODERATOR)
            assert await status() == 403
            await become(role=Role.OFFICER)
            assert await status() == 200
            async with world.parts.store.writing() as connection:
                await connection.execute(sa.delete(t.sessions))
            assert await status() == 401

    run(go())
