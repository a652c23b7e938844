"""Brings a store's tables to the version of this program. Never loses rows: every step is a migration."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext

from console.service.feed_index import index_missing
from console.service.store import metadata

if TYPE_CHECKING:
    import sqlalchemy as sa

    from console.service.store import Store


def config(connection: sa.Connection) -> Config:
    """Alembic's settings, without a file."""
    found = Config()
    found.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    found.attributes["connection"] = connection
    return found


def _upgrade(connection: sa.Connection) -> None:
    command.upgrade(config(connection), "head")


def _differences(connection: sa.Connection) -> list[object]:
    # The index of words is each engine's own, made by migration 0007; SQLite keeps it in several tables.
    return list(compare_metadata(MigrationContext.configure(connection, opts={"include_name": _is_compared}), metadata))


def _is_compared(name: str | None, kind: str, _parents: object) -> bool:
    return kind != "table" or not (name or "").startswith("feed_words")


async def migrate(store: Store) -> None:
    """Upgrade to the newest version, and bring the index of the feed's words up to date."""
    async with store.engine.begin() as connection:
        await connection.run_sync(_upgrade)
    await index_missing(store)


async def differences(store: Store) -> list[object]:
    """Where the tables differ from what the program expects; empty after `migrate`."""
    async with store.engine.connect() as connection:
        return await connection.run_sync(_differences)
