"""The service's store: tables (SQLAlchemy Core) on SQLite or PostgreSQL, and transactions on both.

Promises: an acknowledged write is on the disk (SQLite WAL with synchronous FULL; FINDINGS: NORMAL loses them); a write
transaction takes the write lock at its start, so that what it read is still true when it commits.
Bodies are the domain's own Structs as JSON: no mapping layer.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from console.service.readings import PostgresReader, SqliteReader

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from sqlalchemy.engine import Dialect

    from console.service.readings import Made, Reading

# One lock for all writers on PostgreSQL: the audit chain is one line. 0x504F5243 is "PORC".
WRITE_LOCK = 0x504F5243


class Moment(sa.types.TypeDecorator[datetime]):
    """An aware UTC time, kept as whole microseconds since 1970: the same on both engines, and sortable."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """Refuses a time without a zone: it would be somebody's local time."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            message = "a time without a zone"
            raise ValueError(message)
        since = value.astimezone(UTC) - _EPOCH
        return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        """The time, aware."""
        del dialect
        return (
            None
            if value is None
            else datetime.fromtimestamp(value // 1_000_000, UTC).replace(microsecond=value % 1_000_000)
        )


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _table(name: str, *columns: sa.Column[Any] | sa.Index | sa.UniqueConstraint) -> sa.Table:
    return sa.Table(name, metadata, *columns)


def _text(name: str, **more: Any) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, **more)


agencies = _table("agencies", _text("ori", primary_key=True), _text("body"))
members = _table(
    "members",
    _text("id", primary_key=True),
    _text("agency", index=True),
    _text("username"),
    _text("password_hash"),
    _text("body"),
    sa.UniqueConstraint("agency", "username"),
)
sessions = _table(
    "sessions",
    _text("token_hash", primary_key=True),
    _text("member"),
    sa.Column("signed_in_at", Moment, nullable=False),
    sa.Column("last_used_at", Moment, nullable=False),
    sa.Column("expires_at", Moment, nullable=False),
)
neighbours = _table(
    "neighbours",
    _text("id", primary_key=True),
    _text("agency"),
    _text("block", index=True),
    _text("link_hash", unique=True),
    sa.Column("cookie_hash", sa.Text, unique=True),
    sa.Column("opted_out", sa.Boolean, nullable=False),
    sa.Column("announcement_seen", sa.Boolean, nullable=False),
)
requests = _table(
    "requests",
    _text("id", primary_key=True),
    _text("number", unique=True),
    _text("agency", index=True),
    _text("author"),
    _text("case_number", index=True),
    _text("state", index=True),
    sa.Column("version", sa.Integer, nullable=False),
    _text("draft"),
    sa.Column("area_m2", sa.Float, nullable=False),
    sa.Column("homes", sa.Integer, nullable=False),
    _text("outline"),
    sa.Column("submitted_at", Moment, nullable=False),
    sa.Column("published_at", Moment),
    sa.Column("expires_at", Moment, index=True),
    _text("outcome"),
    sa.Column("before_draft", sa.Text),
    _text("case_check", server_default=""),
    _text("assemblies", server_default="[]"),
    _text("public_notes", server_default="[]"),
)
claims = _table(
    "claims",
    _text("request", primary_key=True),
    _text("member"),
    _text("name"),
    sa.Column("until", Moment, nullable=False),
)
gatherings = _table(
    "gatherings",
    _text("agency", primary_key=True),
    _text("id", primary_key=True),
    sa.Column("ends", Moment, nullable=False),
    _text("body"),
    sa.Index("ix_gatherings_agency_ends", "agency", "ends"),
)
templates = _table(
    "templates",
    _text("agency", primary_key=True),
    _text("id", primary_key=True),
    _text("body"),
)
delegations = _table(
    "delegations",
    _text("delegator", primary_key=True),
    _text("delegate", primary_key=True),
    _text("agency", index=True),
    sa.Column("until", Moment, nullable=False),
)
request_blocks = _table(
    "request_blocks",
    _text("block", primary_key=True),
    _text("request", primary_key=True),
)
transitions = _table(
    "transitions",
    _text("request", primary_key=True),
    sa.Column("step", sa.Integer, primary_key=True),
    _text("body"),
)
addenda = _table(
    "addenda",
    _text("request", primary_key=True),
    sa.Column("step", sa.Integer, primary_key=True),
    _text("body"),
)
answers = _table(
    "answers",
    _text("neighbour", primary_key=True),
    _text("request", primary_key=True),
    _text("answer"),
)
aliases = _table(
    "aliases",
    _text("thread", primary_key=True),
    _text("neighbour", primary_key=True),
    sa.Column("number", sa.Integer, nullable=False),
    sa.UniqueConstraint("thread", "number"),
)
clips = _table(
    "clips",
    _text("id", primary_key=True),
    _text("request", index=True),
    _text("agency", index=True),
    _text("neighbour"),
    _text("state", index=True),
    _text("body"),
    sa.Column("received_at", Moment, nullable=False),
)
# What members added for alerts (service/pictures.py); the pictures themselves are on a shelf.
pictures = _table(
    "pictures",
    _text("id", primary_key=True),
    _text("agency", index=True),
    _text("member"),
    _text("sha256"),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("width", sa.Integer, nullable=False),
    sa.Column("height", sa.Integer, nullable=False),
    sa.Column("received_at", Moment, nullable=False, index=True),
)
custody = _table(
    "custody",
    sa.Column("number", _NUMBER, primary_key=True, autoincrement=True),
    _text("clip", index=True),
    _text("body"),
)
posts = _table(
    "posts",
    _text("id", primary_key=True),
    _text("agency"),
    _text("category"),
    _text("author"),
    _text("neighbour", server_default=""),
    _text("block"),
    _text("title"),
    _text("text"),
    _text("place_name"),
    sa.Column("lat", sa.Float, nullable=False),
    sa.Column("lon", sa.Float, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("answered", sa.Boolean, nullable=False),
    _text("visibility", server_default="public"),
    _text("comments_closed", server_default=""),
    _text("alert", server_default=""),
    sa.Column("changed", sa.BigInteger, nullable=False, server_default="0"),
    # What the feed is searched by; set by `service.feed_index`, and so are the words, which no table here shows.
    sa.Column("n", sa.BigInteger),
    sa.Column("cell", sa.BigInteger),
    sa.Index("ix_posts_n", "n", "agency", "at", "category", "answered", "visibility", "lat", "lon"),
    sa.Index("ix_posts_agency_n", "agency", "n", "at", "category", "answered", "visibility", "lat", "lon"),
    sa.Index("ix_posts_agency_cell_n", "agency", "cell", "n"),
    sa.Index("ix_posts_agency_at", "agency", "at", "id"),
    sa.Index("ix_posts_agency_changed", "agency", "changed", "id"),
)
feed_counts = _table(
    "feed_counts", _text("agency", primary_key=True), sa.Column("posts", sa.BigInteger, nullable=False)
)
comments = _table(
    "comments",
    _text("id", primary_key=True),
    _text("post", index=True),
    _text("author"),
    sa.Column("official", sa.Boolean, nullable=False),
    _text("text"),
    sa.Column("at", Moment, nullable=False),
    _text("visibility", server_default="public"),
    sa.Column("public_at", Moment),
    _text("corrects", server_default=""),
    _text("member", server_default=""),
    _text("neighbour", server_default=""),
)
desk_items = _table(
    "desk_items",
    _text("agency", primary_key=True),
    _text("post", primary_key=True),
    sa.Column("changed", sa.BigInteger, nullable=False),
    _text("body"),
    sa.Index("ix_desk_items_agency_changed", "agency", "changed", "post"),
)
desk_lines = _table(
    "desk_lines",
    sa.Column("number", _NUMBER, primary_key=True, autoincrement=True),
    _text("agency"),
    _text("post"),
    _text("member"),
    _text("key"),
    _text("deed"),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("reverted_by", sa.BigInteger, nullable=False, server_default="0"),
    _text("body"),
    sa.Index("ix_desk_lines_agency_post", "agency", "post", "number"),
    sa.Index("ix_desk_lines_member_key", "member", "key"),
)
replies = _table(
    "replies",
    _text("agency", primary_key=True),
    _text("id", primary_key=True),
    _text("body"),
)
# Moderation: what was flagged or is held, by whom it was flagged, what was decided, and what was appealed.
moderation_items = _table(
    "moderation_items",
    _text("id", primary_key=True),
    _text("kind"),
    _text("subject"),
    _text("post"),
    _text("agency", index=True),
    _text("author"),
    _text("state", index=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("since", Moment, nullable=False),
    _text("judged"),
    _text("standing"),
    sa.UniqueConstraint("kind", "subject"),
    sa.Index("ix_moderation_items_author", "author"),
)
flags = _table(
    "flags",
    sa.Column("number", _NUMBER, primary_key=True, autoincrement=True),
    _text("id", unique=True),
    _text("item", index=True),
    _text("reason"),
    _text("words"),
    _text("agency", index=True),
    _text("member"),
    _text("neighbour"),
    _text("text"),
    sa.Column("at", Moment, nullable=False),
    _text("decision"),
)
moderation_decisions = _table(
    "moderation_decisions",
    sa.Column("number", _NUMBER, primary_key=True, autoincrement=True),
    _text("id", unique=True),
    _text("item", index=True),
    _text("act"),
    _text("reason"),
    _text("words"),
    _text("member"),
    _text("name"),
    sa.Column("at", Moment, nullable=False),
)
appeals = _table(
    "appeals",
    _text("decision", primary_key=True),
    _text("item", index=True),
    _text("words"),
    sa.Column("at", Moment, nullable=False),
    _text("outcome"),
    _text("answer"),
    sa.Column("decided_at", Moment),
)
alerts = _table(
    "alerts",
    _text("id", primary_key=True),
    _text("number", unique=True),
    _text("agency"),
    _text("author"),
    _text("approver", server_default=""),
    _text("state"),
    sa.Column("version", sa.Integer, nullable=False),
    _text("message"),
    _text("refers_to", server_default="", index=True),
    _text("draft"),
    _text("outline"),
    _text("place_name"),
    sa.Column("submitted_at", Moment, nullable=False),
    sa.Column("send_at", Moment),
    sa.Column("ends_at", Moment, nullable=False),
    sa.Column("published_at", Moment),
    _text("post", server_default=""),
    sa.Index("ix_alerts_agency_state", "agency", "state", "submitted_at"),
    sa.Index("ix_alerts_state_ends", "state", "ends_at"),
)
alert_steps = _table(
    "alert_steps",
    _text("alert", primary_key=True),
    sa.Column("step", sa.Integer, primary_key=True),
    _text("body"),
)
alert_messages = _table(
    "alert_messages",
    _text("alert", primary_key=True),
    sa.Column("place", sa.Integer, primary_key=True),
    _text("identifier", unique=True),
    _text("record", unique=True),
    _text("body"),
)
events = _table(
    "events",
    sa.Column("number", _NUMBER, primary_key=True, autoincrement=True),
    _text("agency"),
    _text("body"),
    sa.Index("ix_events_agency_number", "agency", "number"),
)
audit = _table(
    "audit",
    sa.Column("number", _NUMBER, primary_key=True, autoincrement=True),
    _text("agency", index=True),
    _text("actor"),
    _text("action"),
    _text("subject"),
    sa.Column("at", Moment, nullable=False),
    _text("hash"),
)
idempotency = _table(
    "idempotency",
    _text("actor", primary_key=True),
    _text("key", primary_key=True),
    _text("endpoint"),
    _text("body_hash"),
    _text("answer"),
    sa.Column("at", Moment, nullable=False),
)


class Store:
    """An engine, and transactions on it."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self._sqlite = engine.dialect.name == "sqlite"
        self._reader = SqliteReader(engine.url.database or "") if self._sqlite else PostgresReader(engine)
        self._one_writer = asyncio.Lock()

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a SQLite file; else it is PostgreSQL."""
        return self._sqlite

    async def read(self, reading: Reading[Made]) -> Made:
        """What a reading returns, on the shortest way to the store; see `service.readings`."""
        return await self._reader.read(reading)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection for reading; nothing that it does is kept."""
        async with self.engine.connect() as connection:
            yield connection

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that holds the write lock from its start; committed at the end, undone on any exception."""
        if not self._sqlite:
            async with self.engine.begin() as connection:
                await connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": WRITE_LOCK})
                yield connection
            return
        async with self._one_writer, self.engine.connect() as plain:
            connection = await plain.execution_options(porchlight_writes=True)
            async with connection.begin():
                yield connection

    async def close(self) -> None:
        """Give all connections back."""
        await self._reader.close()
        await self.engine.dispose()


def sqlite_url(path: Path) -> str:
    """The URL of a SQLite file."""
    return f"sqlite+aiosqlite:///{path}"


def open_store(url: str) -> Store:
    """A store at `sqlite+aiosqlite:///FILE` or `postgresql+asyncpg://…`; tables come from the migrations."""
    if url.startswith("postgresql://"):
        url = url.replace("postgresql://", "postgresql+asyncpg://", 1)
    engine = create_async_engine(url, pool_size=16, max_overflow=0, hide_parameters=True)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        sa.event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return Store(engine)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver's own BEGIN is deferred: we say ours below
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("porchlight_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
