"""The vault: what survives, what cannot be read, and what happens without a keyring."""

from __future__ import annotations

import stat
import subprocess
import sys
import threading
from datetime import UTC, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.client.outbox import OutboxRow, OutboxState
from console.client.vault import KeptDraft, Vault, file_name, open_vault
from console.contract.payloads import Receipt
from console.contract.problems import problem
from console.domain.feed_query import read_query
from tests.client.client_fakes import NOW, MemorySecrets, make_draft, make_post

if TYPE_CHECKING:
    from collections.abc import Callable

NAME = "IL0000000 m-1"


def row(key: str = "k1", **fields: object) -> OutboxRow:
    made = OutboxRow(key, "submit_request", {"a": "b"}, b"{}", "Submit: it", "draft-1", NOW)
    return msgspec.structs.replace(made, **fields)


def with_vault(act: Callable[[Vault], object], folder: Path, secrets: MemorySecrets | None) -> object:
    vault = open_vault(folder, NAME, secrets)
    try:
        return act(vault)
    finally:
        vault.close()


def test_what_was_written_is_there_after_reopening(tmp_path: Path) -> None:
    secrets = MemorySecrets()
    draft, post = make_draft(), make_post(1)
    receipt = Receipt("N-1", "submit_request", "k2", "request-1", "pending", 1, NOW, "sig")

    def write(vault: Vault) -> None:
        vault.save_draft(draft, NOW)
        vault.set_setting("size", "1")
        vault.add_row(row("k1"))
        vault.add_row(row("k2"))
        vault.update_row(row("k2", state=OutboxState.SENT, receipt=receipt, attempts=2))
        vault.keep_posts([post])

    def read(vault: Vault) -> object:
        return vault.durable, vault.drafts(), vault.get_setting("size"), vault.rows(), vault.posts(10), vault.set_aside

    with_vault(write, tmp_path, secrets)
    assert with_vault(read, tmp_path, secrets) == (
        True,
        (KeptDraft(draft, NOW),),
        "1",
        (row("k1"), row("k2", state=OutboxState.SENT, receipt=receipt, attempts=2)),
        (post,),
        None,
    )


def test_no_word_of_a_draft_can_be_found_in_the_files(tmp_path: Path) -> None:
    secrets = MemorySecrets()
    vault = open_vault(tmp_path, NAME, secrets)
    try:
        vault.save_draft(make_draft(text="The murderer wears yellow galoshes, said the witness."), NOW)
        vault.keep_posts([make_post(1, "yellow galoshes seen")])
        open_files = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    finally:
        vault.close()
    closed_files = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert len(closed_files) > 4_096
    for content in (open_files, closed_files):
        assert b"galoshes" not in content
        assert b"SQLite format" not in content
        assert next(iter(secrets.kept.values())).encode() not in content
    mode = (tmp_path / file_name(NAME)).stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_a_file_that_the_key_does_not_open_is_put_aside_whole_and_said(tmp_path: Path) -> None:
    with_vault(lambda vault: vault.save_draft(make_draft(), NOW), tmp_path, MemorySecrets())
    before = (tmp_path / file_name(NAME)).read_bytes()
    aside, drafts = with_vault(lambda vault: (vault.set_aside, vault.drafts()), tmp_path, MemorySecrets())  # type: ignore[misc]
    assert drafts == ()
    assert aside.read_bytes() == before


def test_without_a_keyring_nothing_touches_the_disk(tmp_path: Path) -> None:
    def write(vault: Vault) -> object:
        vault.save_draft(make_draft(), NOW)
        return vault.durable, len(vault.drafts())

    assert with_vault(write, tmp_path / "vaults", None) == (False, 1)
    assert not (tmp_path / "vaults").exists()


def test_a_keyring_that_fails_never_costs_the_key_that_it_holds(tmp_path: Path) -> None:
    from console.client.vault import SecretStoreFailed

    class Silent(MemorySecrets):
        def read(self, name: str) -> str | None:
            raise SecretStoreFailed

    secrets, silent = MemorySecrets(), Silent()
    with_vault(lambda vault: vault.save_draft(make_draft(), NOW), tmp_path, secrets)
    silent.kept = secrets.kept
    kept_before = dict(secrets.kept)
    assert with_vault(lambda vault: vault.durable, tmp_path, silent) is False
    assert secrets.kept == kept_before
    assert len(with_vault(lambda vault: vault.drafts(), tmp_path, secrets)) == 1  # type: ignore[arg-type]


def test_a_keyring_that_forgets_is_not_trusted_with_a_file(tmp_path: Path) -> None:
    class Forgetful(MemorySecrets):
        def keep(self, name: str, secret: str) -> None:
            del name, secret

    assert with_vault(lambda vault: vault.durable, tmp_path, Forgetful()) is False
    assert list(tmp_path.iterdir()) == []


def test_a_vault_of_a_newer_program_is_left_alone(tmp_path: Path) -> None:
    secrets = MemorySecrets()
    with_vault(lambda vault: vault._connection.execute("PRAGMA user_version = 99"), tmp_path, secrets)
    assert with_vault(lambda vault: (vault.durable, vault.set_aside), tmp_path, secrets) == (False, None)
    assert [path.name for path in tmp_path.iterdir()] == [file_name(NAME)]


def test_a_sent_row_and_its_draft_go_together_and_stay_sent(tmp_path: Path) -> None:
    def act(vault: Vault) -> object:
        vault.save_draft(make_draft(), NOW)
        vault.add_row(row())
        vault.finish_row(row(state=OutboxState.SENT, attempts=1), make_draft())
        vault.update_row(row(state=OutboxState.REFUSED, problem=problem("moved_on")))
        vault.forget_row("k1")
        return vault.drafts(), [kept.state for kept in vault.rows()]

    assert with_vault(act, tmp_path, MemorySecrets()) == ((), [OutboxState.SENT])


def test_a_write_that_fails_half_way_leaves_nothing_and_the_next_one_works(tmp_path: Path) -> None:
    def act(vault: Vault) -> object:
        with pytest.raises(AttributeError):
            vault.keep_posts([make_post(1), None])  # type: ignore[list-item]
        before = vault.posts(10)
        vault.keep_posts([make_post(2)])
        return before, vault.posts(10)

    assert with_vault(act, tmp_path, MemorySecrets()) == ((), (make_post(2),))


def test_old_sent_rows_are_forgotten_and_waiting_ones_never() -> None:
    vault = open_vault(None, NAME, None)  # type: ignore[arg-type]
    vault.add_row(row("old", created_at=NOW - timedelta(days=90)))
    vault.add_row(row("sent", created_at=NOW - timedelta(days=90)))
    vault.update_row(row("sent", state=OutboxState.SENT))
    vault.forget_sent(NOW)
    vault.forget_row("old")
    assert [kept.key for kept in vault.rows()] == ["old"]
    vault.close()


@given(st.text())
def test_any_words_can_be_searched(text: str) -> None:
    vault = open_vault(None, NAME, None)  # type: ignore[arg-type]
    try:
        vault.keep_posts([make_post(1, "A grey van on Lake Street"), make_post(2, "A lost cat")])
        vault.find_posts(read_query(text, UTC), 10)
        assert [post.id for post in vault.find_posts(read_query("VAN lak", UTC), 10)] == ["post-0001"]
    finally:
        vault.close()


def test_a_changed_post_is_kept_once_and_found_by_its_new_words() -> None:
    vault = open_vault(None, NAME, None)  # type: ignore[arg-type]
    vault.keep_posts([make_post(1, "old words")])
    vault.keep_posts([make_post(1, "fresh ones")])
    assert vault.find_posts(read_query("old", UTC), 10) == ()
    assert vault.find_posts(read_query("fresh", UTC), 10) == vault.posts(10) == (make_post(1, "fresh ones"),)
    vault.forget_post("post-0001")
    assert vault.posts(10) == vault.find_posts(read_query("fresh", UTC), 10) == ()
    vault.close()


def test_several_threads_may_write_at_once(tmp_path: Path) -> None:
    def act(vault: Vault) -> object:
        threads = [
            threading.Thread(target=lambda n=n: vault.save_draft(make_draft(f"d{n}"), NOW))  # type: ignore[misc]
            for n in range(20)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return len(vault.drafts())

    assert with_vault(act, tmp_path, MemorySecrets()) == 20


@given(st.text(), st.text())
def test_a_file_name_is_only_a_name_and_no_two_members_share_one(a: str, b: str) -> None:
    try:
        names = file_name(a), file_name(b)
    except UnicodeEncodeError:
        return
    assert all("/" not in name and "\\" not in name and len(name) < 80 for name in names)
    assert (names[0] == names[1]) == (a == b)


_KILLED = """
import os, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from tests.client.client_fakes import NOW, MemorySecrets, make_draft
from console.client.vault import open_vault
secrets = MemorySecrets()
vault = open_vault(Path(sys.argv[1]), "IL0000000 m-1", secrets)
for n in range(1000):
    vault.save_draft(make_draft(f"d{n}"), NOW)
    print(n, *secrets.kept.items(), flush=True)
"""


def test_kill_9_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    here = str(Path(__file__).parents[2])
    with subprocess.Popen(
        [sys.executable, "-c", _KILLED, str(tmp_path), here], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(25)]
        process.kill()
        process.wait()
    number, rest = lines[-1].split(" ", 1)
    name, key = eval(rest)
    secrets = MemorySecrets()
    secrets.keep(name, key)
    drafts = with_vault(lambda vault: {kept.draft.id for kept in vault.drafts()}, tmp_path, secrets)
    assert drafts >= {f"d{n}" for n in range(int(number) + 1)}  # type: ignore[operator]


FEED = (
    ("Bike taken from the back porch", "Green bike, the dog barked."),
    ("Back of the porch painted", "The bike stands there."),
    ("Dog found", "A brown dog, no collar."),
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("bike", {0, 1}),
        ('"back porch"', {0}),
        ("bike -dog", {1}),
        ("-bike", {2}),
        ("dog bik", {0}),
        ('"no collar" OR NEAR(x) *', set()),
        ('" ) AND (', set()),
        ("after:2000-01-01 dog", {0, 2}),
        ("before:2000-01-01", set()),
        ("kind:safety", set()),
        ("is:unread", {0, 1, 2}),
    ],
)
def test_a_query_finds_what_it_says(tmp_path: Path, text: str, found: set[int]) -> None:
    posts = [msgspec.structs.replace(make_post(n), title=title, text=words) for n, (title, words) in enumerate(FEED)]

    def act(vault: Vault) -> object:
        vault.keep_posts(posts)
        return {post.id for post in vault.find_posts(read_query(text, UTC), 10)}

    assert with_vault(act, tmp_path, MemorySecrets()) == {posts[n].id for n in found}


def test_what_was_opened_is_read_until_it_is_marked_otherwise(tmp_path: Path) -> None:
    secrets, posts = MemorySecrets(), [make_post(n, f"post {n}") for n in range(3)]

    def act(vault: Vault) -> object:
        vault.keep_posts(posts)
        vault.mark_read([posts[0].id, posts[1].id, posts[0].id], NOW)
        before = vault.read_posts()
        unread = [post.id for post in vault.find_posts(read_query("is:unread", UTC), 10)]
        vault.mark_unread(posts[0].id)
        return before, unread

    assert with_vault(act, tmp_path, secrets) == ({posts[0].id, posts[1].id}, [posts[2].id])
    assert with_vault(lambda vault: vault.read_posts(), tmp_path, secrets) == {posts[1].id}
