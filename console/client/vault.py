"""The vault: what a member has on this workstation, encrypted (SQLCipher, AES-256), one file a member.

Promises: each write is its own committed transaction (`synchronous=FULL`), so that a power cut loses nothing that was
acknowledged; the key is in the operating system's keyring and never in a file; without a keyring everything stays in
memory and `durable` says so. A file that the key does not open is put aside, never deleted.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets as random_source
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec
import structlog
from sqlcipher3 import dbapi2 as sqlcipher

from console.client import feed_tables
from console.client.feed_copy import FeedCopy
from console.client.outbox import OutboxRow, OutboxState
from console.client.secret_store import KeyringStore, SecretStore, SecretStoreFailed, find_secret_store
from console.contract.payloads import Receipt
from console.contract.problems import Problem
from console.domain.desk_work import DeskItem
from console.domain.drafts import Draft
from console.domain.evidence import safe_name
from console.domain.feed import Post
from console.domain.feed_filter import FeedFilter
from console.domain.feed_query import FeedQuery

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from console.client.feed_copy import Opened

__all__ = [
    "DraftChangedElsewhere",
    "KeptDraft",
    "KeyringStore",
    "SecretStore",
    "SecretStoreFailed",
    "Vault",
    "find_secret_store",
    "open_vault",
]

DESK_CURSOR = "desk_cursor"
READ_MAX = 20_000
_KEY_HEX = re.compile(r"[0-9a-f]{64}")

# Each entry brings the schema one version further; PRAGMA user_version is how many were applied.
_SCHEMA: tuple[tuple[str | Callable[..., None], ...], ...] = (
    (
        "CREATE TABLE drafts (id TEXT PRIMARY KEY, body BLOB NOT NULL, saved_at TEXT NOT NULL) STRICT",
        "CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
        """CREATE TABLE outbox (place INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE,
           endpoint TEXT NOT NULL, path BLOB NOT NULL, body BLOB NOT NULL, title TEXT NOT NULL, subject TEXT NOT NULL,
           created_at TEXT NOT NULL, state TEXT NOT NULL, receipt BLOB, problem BLOB, attempts INTEGER NOT NULL,
           last_error TEXT NOT NULL) STRICT""",
        """CREATE TABLE posts (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, at TEXT NOT NULL,
           body BLOB NOT NULL) STRICT""",
        "CREATE INDEX posts_by_time ON posts (at DESC, id DESC)",
        "CREATE VIRTUAL TABLE posts_words USING fts5 (title, text, place_name)",
    ),
    ("ALTER TABLE drafts ADD COLUMN revision INTEGER NOT NULL DEFAULT 1",),
    ("CREATE TABLE read_posts (id TEXT PRIMARY KEY, read_at TEXT NOT NULL) STRICT, WITHOUT ROWID",),
    ("CREATE TABLE desk_items (post TEXT PRIMARY KEY, body BLOB NOT NULL) STRICT",),
    (feed_tables.upgrade,),
)
_OUTBOX_COLUMNS = "key, endpoint, path, body, title, subject, created_at, state, receipt, problem, attempts, last_error"

_log = structlog.get_logger(__name__)


class KeptDraft(msgspec.Struct, frozen=True):
    """A draft, when it was saved (UTC), and how often: a window that saw another revision must not write over it."""

    draft: Draft
    saved_at: datetime
    revision: int = 1


class DraftChangedElsewhere(Exception):  # noqa: N818 - says what happened
    """This draft was changed in another window. Nothing was overwritten: yours can be kept as a copy."""


class Vault:
    """One member's drafts, settings, outbox and posts. Synchronous, quick, safe to use from several threads."""

    def __init__(
        self,
        connection: Any,
        *,
        durable: bool,
        set_aside: Path | None = None,
        open_beside: Callable[[], Any] | None = None,
    ) -> None:
        self.durable = durable
        self.set_aside = set_aside
        self._connection = connection
        self._lock = threading.RLock()
        self._one_writer = threading.RLock()
        self._open_beside = open_beside
        self._feed: FeedCopy | None = None

    def __repr__(self) -> str:
        return f"Vault(durable={self.durable})"

    def close(self) -> None:
        """Close the file; once more does nothing."""
        if self._feed is not None:
            self._feed.close()
        with self._one_writer, self._lock:
            self._connection.close()

    # Drafts

    def save_draft(self, draft: Draft, at: datetime, seen: int | None = None) -> int:
        """Keep a draft, in place of its earlier form; answers its revision.

        With `seen` (0: it was never saved) only in place of that very revision, else DraftChangedElsewhere.
        """
        with self._write() as do:
            row = do("SELECT revision FROM drafts WHERE id = ?", (draft.id,)).fetchone()
            kept = 0 if row is None else int(row[0])
            if seen is not None and kept != seen:
                raise DraftChangedElsewhere
            do(
                "INSERT INTO drafts (id, body, saved_at, revision) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE "
                "SET body = excluded.body, saved_at = excluded.saved_at, revision = excluded.revision",
                (draft.id, msgspec.json.encode(draft), _stamp(at), kept + 1),
            )
        return kept + 1

    def drafts(self) -> tuple[KeptDraft, ...]:
        """The drafts, last saved first. One from a newer Porchlight stays in the vault but is not shown."""
        kept = []
        for body, saved_at, revision in self._read(
            "SELECT body, saved_at, revision FROM drafts ORDER BY saved_at DESC, id"
        ):
            try:
                draft = msgspec.json.decode(body, type=Draft)
                kept.append(KeptDraft(draft, datetime.fromisoformat(saved_at), int(revision)))
            except msgspec.MsgspecError:
                _log.warning("draft_not_readable")
        return tuple(kept)

    def delete_draft(self, draft_id: str) -> None:
        """Forget a draft; nothing happens where there is none."""
        with self._write() as do:
            do("DELETE FROM drafts WHERE id = ?", (draft_id,))

    # Settings

    def get_setting(self, name: str) -> str | None:
        """A setting's value, None where it was never set."""
        rows = self._read("SELECT value FROM settings WHERE name = ?", (name,))
        return rows[0][0] if rows else None

    def set_setting(self, name: str, value: str) -> None:
        """Set a setting."""
        with self._write() as do:
            do(
                "INSERT INTO settings VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (name, value),
            )

    # Outbox

    def add_row(self, row: OutboxRow) -> None:
        """Put a new row into the outbox; its key must be new."""
        marks = ", ".join("?" * 12)
        with self._write() as do:
            do(f"INSERT INTO outbox ({_OUTBOX_COLUMNS}) VALUES ({marks})", _row_values(row))  # noqa: S608 - our own names

    def update_row(self, row: OutboxRow) -> None:
        """Put down how a row fared. A row that was forgotten meanwhile stays forgotten; a SENT one stays SENT."""
        with self._write() as do:
            self._update(do, row)

    def finish_row(self, row: OutboxRow, draft: Draft | None) -> None:
        """Put down that a row is SENT and forget the draft that it carried, both or neither.

        A draft that another window has changed since stays: what was typed there is nowhere else.
        """
        with self._write() as do:
            self._update(do, row)
            if draft is not None:
                do("DELETE FROM drafts WHERE id = ? AND body = ?", (draft.id, msgspec.json.encode(draft)))

    def rows(self) -> tuple[OutboxRow, ...]:
        """The outbox, oldest first."""
        select = f"SELECT {_OUTBOX_COLUMNS} FROM outbox ORDER BY place"  # noqa: S608 - our own names
        return tuple(_row_of(values) for values in self._read(select))

    def forget_row(self, key: str) -> None:
        """Forget a row that was refused; a waiting one is kept."""
        with self._write() as do:
            do("DELETE FROM outbox WHERE key = ? AND state = ?", (key, OutboxState.REFUSED.value))

    def forget_sent(self, before: datetime) -> None:
        """Forget the rows that were sent and are older than this."""
        with self._write() as do:
            do("DELETE FROM outbox WHERE state = ? AND created_at < ?", (OutboxState.SENT.value, _stamp(before)))

    # Posts

    def feed(self) -> FeedCopy:
        """The feed's copy in this vault, for a screen that pages through it and for what keeps it in step."""
        with self._lock:
            if self._feed is None:
                is_shared = self._open_beside is None
                self._feed = FeedCopy(self._opened_beside, self._one_writer, is_shared=is_shared)
            return self._feed

    def keep_posts(self, posts: Iterable[Post]) -> None:
        """Keep posts for reading and searching while the service is away; an unchanged one costs a look-up."""
        with self._write() as do:
            for post in posts:
                feed_tables.keep_post(do, post)

    def forget_post(self, post_id: str) -> None:
        """Forget a post that the service no longer shows."""
        with self._write() as do:
            feed_tables.drop_post(do, post_id)

    def posts(self, limit: int) -> tuple[Post, ...]:
        """The newest posts that are kept."""
        return feed_tables.posts_of(
            b for (b,) in self._read("SELECT body FROM feed_bodies ORDER BY n DESC LIMIT ?", (limit,))
        )

    def find_posts(self, query: FeedQuery, limit: int) -> tuple[Post, ...]:
        """The newest kept posts that a query finds, by its words and its operators."""
        return self.feed().page(query, FeedFilter(), None, limit).posts

    def read_posts(self) -> frozenset[str]:
        """The ids of the posts that the member has opened. Many, where much was read: ask `is_read` for one."""
        return frozenset(
            row[0]
            for row in self._read(
                "SELECT id FROM read_posts UNION SELECT id FROM feed_posts WHERE n NOT IN (SELECT n FROM feed_unread)"
            )
        )

    def is_read(self, post_id: str) -> bool:
        """Whether the member has opened a post."""
        asked = (
            "SELECT 1 FROM feed_posts p WHERE p.id = ? AND NOT EXISTS (SELECT 1 FROM feed_unread u WHERE u.n = p.n) "
            "UNION ALL SELECT 1 FROM read_posts WHERE id = ?"
        )
        return bool(self._read(asked, (post_id, post_id)))

    def mark_read(self, post_ids: Iterable[str], at: datetime) -> None:
        """Note that posts were opened, also such as are not kept yet."""
        with self._write() as do:
            feed_tables.mark_read(do, post_ids, _stamp(at), READ_MAX)

    def mark_unread(self, post_id: str) -> None:
        """Forget that a post was opened."""
        with self._write() as do:
            feed_tables.mark_unread(do, post_id)

    # The agency's desk

    def desk_items(self) -> dict[str, DeskItem]:
        """Where posts stood at the agency's desk when the service last said so, by post."""
        items = (msgspec.json.decode(body, type=DeskItem) for (body,) in self._read("SELECT body FROM desk_items"))
        return {item.post: item for item in items}

    def keep_desk_items(self, items: Iterable[DeskItem], cursor: str) -> None:
        """Keep items, and up to where the service's list was read: both or neither."""
        with self._write() as do:
            for item in items:
                do(
                    "INSERT INTO desk_items VALUES (?, ?) ON CONFLICT (post) DO UPDATE SET body = excluded.body",
                    (item.post, msgspec.json.encode(item)),
                )
            do(
                "INSERT INTO settings VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (DESK_CURSOR, cursor),
            )

    def forget_desk_items(self) -> None:
        """Forget them, and up to where the service's list was read."""
        with self._write() as do:
            do("DELETE FROM desk_items")
            do("DELETE FROM settings WHERE name = ?", (DESK_CURSOR,))

    # Inside

    def _update(self, do: Callable[..., Any], row: OutboxRow) -> None:
        _, _, _, _, _, _, _, state, receipt, problem, attempts, last_error = _row_values(row)
        do(
            "UPDATE outbox SET state = ?, receipt = ?, problem = ?, attempts = ?, last_error = ? "
            "WHERE key = ? AND state <> ?",
            (state, receipt, problem, attempts, last_error, row.key, OutboxState.SENT.value),
        )

    def _opened_beside(self) -> Opened:
        """One more connection to the same file, with a lock of its own; in memory there is only the one."""
        if self._open_beside is None:
            return self._connection, self._lock
        return self._open_beside(), threading.RLock()

    def _read(self, select: str, values: tuple[object, ...] = ()) -> list[Any]:
        with self._lock:
            rows: list[Any] = self._connection.execute(select, values).fetchall()
            return rows

    @contextmanager
    def _write(self) -> Iterator[Callable[..., Any]]:
        with self._one_writer, self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection.execute
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # SQLite itself rolls back where the disk is full
                    self._connection.execute("ROLLBACK")
                raise


def open_vault(
    folder: Path,
    name: str,
    secrets: SecretStore | None,
    *,
    mint_key: Callable[[], str] = lambda: random_source.token_hex(32),
) -> Vault:
    """The vault of a member name, in a file in `folder`; in memory where no keyring keeps its key.

    It may take some seconds where the keyring is slow: call it in a thread.
    """
    if secrets is None:
        return _in_memory("no_keyring")
    path = folder / file_name(name)
    try:
        key = _key(f"vault {path.stem}", secrets, mint_key)
    except SecretStoreFailed:
        return _in_memory("keyring_failed")
    set_aside = None
    try:
        _make_private(path)
        try:
            connection = _connected(path, key)
        except _NotOurs:
            set_aside = _put_aside(path)
            _make_private(path)
            connection = _connected(path, key)
    except (OSError, sqlcipher.Error, _NotOurs):
        return _in_memory("file_failed")
    if connection is None:
        return _in_memory("file_is_newer")
    return Vault(connection, durable=True, set_aside=set_aside, open_beside=lambda: _opened(path, key))


def file_name(name: str) -> str:
    """A safe file name for a member name: two names never share one."""
    return f"{safe_name(name)[:40]}-{hashlib.sha256(name.encode()).hexdigest()[:16]}.vault"


class _NotOurs(Exception):  # noqa: N818 - says what happened
    """The key does not open the file."""


def _in_memory(why: str) -> Vault:
    _log.warning("vault_in_memory", why=why)
    return Vault(_connected(":memory:", None), durable=False)


def _key(name: str, secrets: SecretStore, mint_key: Callable[[], str]) -> str:
    """The kept key, or a new one that the store has shown that it keeps. SecretStoreFailed."""
    key = secrets.read(name)
    if key is None:
        secrets.keep(name, mint_key())
        key = secrets.read(name)
    if key is None or not _KEY_HEX.fullmatch(key):
        raise SecretStoreFailed
    return key


def _make_private(path: Path) -> None:
    """Make folder and file so that only this user can read them."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))


def _put_aside(path: Path) -> Path:
    """Rename a file that the key does not open, with what SQLite keeps beside it."""
    n = 1
    while (aside := path.with_name(f"{path.stem}.unreadable-{n}.vault")).exists():
        n += 1
    for ending in ("-wal", "-shm", ""):
        part = path.with_name(path.name + ending)
        if part.exists():
            part.rename(aside.with_name(aside.name + ending))
    _log.warning("vault_put_aside")
    return aside


def _connected(path: Path | str, key: str | None) -> Any:
    """A connection with the newest schema; None where the file's schema is newer than this program."""
    connection = _opened(path, key)
    try:
        known = _bring_up(connection)
    except BaseException:
        connection.close()
        raise
    if not known:
        connection.close()
        return None
    return connection


def _opened(path: Path | str, key: str | None) -> Any:
    connection = sqlcipher.connect(str(path), timeout=5.0, isolation_level=None, check_same_thread=False)
    try:
        if key is not None:
            connection.execute(f"PRAGMA key = \"x'{key}'\"")  # 64 hexadecimal digits, checked by _key
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlcipher.DatabaseError as fault:
            if "not a database" in str(fault):
                raise _NotOurs from None
            raise
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "fullfsync = ON",
            "checkpoint_fullfsync = ON",
            "secure_delete = ON",
            "temp_store = MEMORY",  # else sorted rows could reach the disk in the clear
        ):
            connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        connection.close()
        raise
    return connection


def _bring_up(connection: Any) -> bool:
    connection.execute("BEGIN IMMEDIATE")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    for steps in _SCHEMA[version:]:
        for step in steps:
            if isinstance(step, str):
                connection.execute(step)
            else:
                step(connection.execute)
    if version < len(_SCHEMA):
        connection.execute(f"PRAGMA user_version = {len(_SCHEMA)}")
    if version <= len(_SCHEMA):
        feed_tables.refresh_words(connection.execute)
    connection.execute("COMMIT")
    return bool(version <= len(_SCHEMA))


def _stamp(at: datetime) -> str:
    """A time as text that sorts; ValueError for a time without a zone."""
    if at.tzinfo is None:
        raise ValueError("a time without a zone")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _row_values(row: OutboxRow) -> tuple[object, ...]:
    return (
        row.key,
        row.endpoint,
        msgspec.json.encode(row.path),
        row.body,
        row.title,
        row.subject,
        _stamp(row.created_at),
        row.state.value,
        None if row.receipt is None else msgspec.json.encode(row.receipt),
        None if row.problem is None else msgspec.json.encode(row.problem),
        row.attempts,
        row.last_error,
    )


def _row_of(values: tuple[Any, ...]) -> OutboxRow:
    key, endpoint, path, body, title, subject, created_at, state, receipt, problem, attempts, last_error = values
    return OutboxRow(
        key=key,
        endpoint=endpoint,
        path=msgspec.json.decode(path, type=dict[str, str]),
        body=body,
        title=title,
        subject=subject,
        created_at=datetime.fromisoformat(created_at),
        state=OutboxState(state),
        receipt=None if receipt is None else msgspec.json.decode(receipt, type=Receipt),
        problem=None if problem is None else msgspec.json.decode(problem, type=Problem),
        attempts=attempts,
        last_error=last_error,
    )
