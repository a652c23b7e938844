"""The feed's copy: it finds what the definition finds, pages without gaps, forgets what goes, loses nothing else."""

from __future__ import annotations

import threading
from datetime import UTC, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlcipher3 import dbapi2 as sqlcipher

from console.client import vault as vaults
from console.client.feed_copy import FeedCopy, FeedLimits, Interrupted, SyncState
from console.client.vault import Vault, open_vault
from console.domain.areas import Circle
from console.domain.feed import Post, PostId, Visibility
from console.domain.feed_filter import FeedFilter, Sort, is_found
from console.domain.feed_query import FeedQuery, read_query
from tests.client.client_fakes import MemorySecrets, make_draft, make_post
from tests.client.feed_fakes import CENTRE, NOW, feeds, filters, typed
from tests.client.test_client_vault import row

NAME = "IL0000000 m-1"
EVERYTHING = FeedFilter()
ANY = FeedQuery()


def order(sort: Sort, post: Post) -> object:
    if sort is Sort.OLDEST:
        return post.at
    return (-len(post.comments), -post.at.timestamp()) if sort is Sort.MOST_COMMENTS else -post.at.timestamp()


def all_pages(copy: FeedCopy, query: FeedQuery, chosen: FeedFilter, limit: int) -> list[Post]:
    found, after = [], None
    while True:
        page = copy.page(query, chosen, after, limit)
        found += page.posts
        if page.cursor is None:
            return found
        after = page.cursor


def is_indexed(vault: Vault, word: str) -> bool:
    """Whether a word can be found in the index's own blocks, searched or not."""
    return any(
        word.encode() in bytes(block) for (block,) in vault._connection.execute("SELECT block FROM feed_words_data")
    )


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(feeds, typed, filters, st.frozensets(st.integers(0, 11)), st.integers(1, 5))
def test_the_copy_finds_what_the_definition_finds_in_its_order(posts, text, chosen, read, limit) -> None:
    vault = open_vault(Path("/nowhere"), NAME, None)
    query = read_query(text, UTC)
    vault.feed().take(posts, (), None)
    opened = {f"p{n}" for n in read}
    vault.mark_read(opened, NOW)
    wanted = {p.id for p in posts if is_found(query, chosen, p, is_unread=p.id not in opened)}
    found = all_pages(vault.feed(), query, chosen, limit)
    assert {p.id for p in found} == wanted
    assert len(found) == len(wanted), "nothing comes twice"
    assert found == sorted(found, key=lambda p: order(chosen.sort, p))
    assert vault.feed().count(query, chosen) == len(wanted)
    numbers = vault.feed().keys(query, chosen, None, 100).numbers
    assert [p.id for p in map(vault.feed().rows(numbers).get, numbers) if p] == [p.id for p in found]
    every = vault.feed().keys(ANY, EVERYTHING, None, 100).numbers
    assert vault.feed().among(query, chosen, every) == set(numbers)
    unread = {p.id for p in posts if p.id in wanted and p.id not in opened}
    assert vault.feed().unread(query, chosen) == len(unread)
    vault.close()


def test_unread_and_opened_at_once_is_nothing() -> None:
    vault = open_vault(Path("/nowhere"), NAME, None)
    vault.feed().take([make_post(1), make_post(2)], (), None)
    vault.mark_read(["post-0001"], NOW)
    assert vault.feed().page(read_query("is:unread", UTC), FeedFilter(unread=False), None, 5).posts == ()
    vault.close()


def test_a_text_of_100_kilobytes_is_kept_and_found(tmp_path: Path) -> None:
    vault = open_vault(tmp_path, NAME, MemorySecrets())
    long = make_post(1, "needle " + "x" * 100_000 + " " + "hay " * 20_000)
    vault.feed().take([long], (), None)
    for text, found in (("needle", 1), ("x" * 64, 1), ("hay", 1), ('"hay hay"', 1), ("absent", 0)):
        assert vault.feed().count(read_query(text, UTC), EVERYTHING) == found
    vault.forget_post(long.id)
    assert not is_indexed(vault, "needle")
    vault.close()


def test_what_a_moderator_removed_leaves_the_copy_and_its_index(tmp_path: Path) -> None:
    vault = open_vault(tmp_path, NAME, MemorySecrets())
    others = [make_post(n, "ordinary words here") for n in range(2, 200)]
    vault.feed().take([*others, make_post(1, "zebrafish")], (), None)
    assert is_indexed(vault, "zebrafish")
    gone = msgspec.structs.replace(make_post(1, ""), visibility=Visibility.REMOVED, changed=7)
    assert vault.feed().take([gone], (), None)
    assert not is_indexed(vault, "zebrafish")
    assert vault.feed().post("post-0001") is None
    assert vault.feed().count(ANY, EVERYTHING) == 198
    vault.feed().take((), ["post-0002"], None)
    assert vault.feed().count(ANY, EVERYTHING) == 197
    vault.close()


def test_an_earlier_form_never_replaces_a_later_one() -> None:
    vault = open_vault(Path("/nowhere"), NAME, None)
    later = msgspec.structs.replace(make_post(1, "later"), changed=9)
    vault.feed().take([later], (), None)
    assert vault.feed().take([make_post(1, "earlier")], (), None) == frozenset()
    assert vault.feed().post("post-0001") == later
    vault.close()


def test_posts_of_the_same_moment_are_all_kept_and_paged() -> None:
    vault = open_vault(Path("/nowhere"), NAME, None)
    same = [msgspec.structs.replace(make_post(n), at=NOW) for n in range(2_500)]
    vault.feed().take(same, (), None)
    assert {p.id for p in all_pages(vault.feed(), ANY, EVERYTHING, 400)} == {p.id for p in same}
    assert vault.feed().count(ANY, FeedFilter(since=NOW, until=NOW + timedelta(microseconds=1))) == 2_500
    assert vault.feed().count(ANY, FeedFilter(until=NOW)) == 0
    vault.close()


def test_limits_of_age_count_and_size_drop_the_oldest(tmp_path: Path) -> None:
    vault = open_vault(tmp_path, NAME, MemorySecrets())
    copy = vault.feed()
    copy.take([make_post(n, "some words") for n in range(1_000)], (), None)

    def drop(limits: FeedLimits) -> list[str]:
        while copy.drop_beyond(limits, make_post(1_000).at):
            pass
        return [p.id for p in all_pages(copy, ANY, EVERYTHING, 500)]

    assert len(drop(FeedLimits(age=timedelta(minutes=900)))) == 900
    kept = drop(FeedLimits(posts=300))
    assert (len(kept), kept[-1]) == (300, "post-0700")
    assert len(drop(FeedLimits())) == 300, "within the limits nothing goes"
    assert drop(FeedLimits(bytes=1)) == []
    vault.close()


def test_marks_are_set_for_all_that_is_found_and_outlive_the_program(tmp_path: Path) -> None:
    secrets = MemorySecrets()
    vault = open_vault(tmp_path, NAME, secrets)
    vault.mark_read(["post-0003", "not-here-yet"], NOW)
    vault.feed().take([make_post(n, "bike" if n % 2 else "dog") for n in range(100)], (), None)
    assert vault.feed().unread(ANY, EVERYTHING) == 99
    assert vault.feed().mark_all_read(read_query("bike", UTC), EVERYTHING) == 49
    vault.mark_unread("post-0005")
    vault.close()
    vault = open_vault(tmp_path, NAME, secrets)
    assert vault.feed().unread(ANY, EVERYTHING) == 51
    assert vault.is_read("post-0003")
    assert not vault.is_read("post-0005")
    assert vault.is_read("not-here-yet")
    changed = msgspec.structs.replace(make_post(7, "bike seen again"), changed=3)
    vault.feed().take([changed], (), None)
    assert vault.is_read("post-0007"), "a new comment does not make what was read unread"
    vault.close()


def test_counting_ends_at_its_bound() -> None:
    vault = open_vault(Path("/nowhere"), NAME, None)
    vault.feed().take([make_post(n) for n in range(50)], (), None)
    assert vault.feed().count(ANY, EVERYTHING, most=10) == 11
    vault.close()


def test_a_small_area_and_a_large_one_find_the_same_places() -> None:
    vault = open_vault(Path("/nowhere"), NAME, None)
    near = make_post(1)
    far = msgspec.structs.replace(make_post(2), place=msgspec.structs.replace(CENTRE, lat=42.2))
    vault.feed().take([near, far], (), None)
    for radius in (100.0, 5_000.0, 20_000.0):
        assert [p.id for p in vault.feed().page(ANY, FeedFilter(area=Circle(CENTRE, radius)), None, 10).posts] == [
            near.id
        ]
    vault.close()


def test_a_question_that_is_given_up_says_so(tmp_path: Path) -> None:
    vault = open_vault(tmp_path, NAME, MemorySecrets())
    copy = vault.feed()
    copy.take([make_post(n, "words " * 20) for n in range(500)], (), None)
    started = threading.Event()
    with copy._asking.used():
        copy._asking._opened[0].create_function("slow", 0, lambda: started.set() or 1)
    given_up = []

    def ask() -> None:
        try:
            with copy._question(EVERYTHING) as do:
                do("WITH RECURSIVE c(x) AS (SELECT slow() UNION ALL SELECT x + 1 FROM c) SELECT max(x) FROM c", ())
        except Interrupted:
            given_up.append(True)

    asking = threading.Thread(target=ask)
    asking.start()
    assert started.wait(10)
    copy.interrupt()
    asking.join(10)
    assert given_up == [True]
    vault.close()


def test_a_vault_of_the_former_form_keeps_all_that_it_had(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = MemorySecrets()
    monkeypatch.setattr(vaults, "_SCHEMA", vaults._SCHEMA[:3])
    monkeypatch.setattr(vaults.feed_tables, "refresh_words", lambda _do: None)
    old = open_vault(tmp_path, NAME, secrets)
    old.save_draft(make_draft(), NOW)
    old.set_setting("size", "1")
    old.add_row(row())
    for n in range(30):
        post = make_post(n, f"former {n}")
        old._connection.execute(
            "INSERT INTO posts (id, at, body) VALUES (?, ?, ?)",
            (post.id, post.at.isoformat(timespec="microseconds"), msgspec.json.encode(post)),
        )
    old._connection.execute("INSERT INTO read_posts VALUES ('post-0004', '2026-01-01'), ('elsewhere', '2026-01-01')")
    old.close()
    monkeypatch.undo()
    new = open_vault(tmp_path, NAME, secrets)
    assert [d.draft for d in new.drafts()] == [make_draft()]
    assert (new.get_setting("size"), len(new.rows())) == ("1", 1)
    assert new.posts(100) == tuple(make_post(n, f"former {n}") for n in reversed(range(30)))
    assert new.read_posts() == {"post-0004", "elsewhere"}
    assert [p.id for p in new.feed().page(read_query('"former 7"', UTC), EVERYTHING, None, 5).posts] == ["post-0007"]
    assert new.feed().state() == SyncState(), "it is filled from the service as a new one is"
    new.close()


def test_an_index_made_by_another_definition_of_words_is_made_anew(tmp_path: Path) -> None:
    secrets = MemorySecrets()
    vault = open_vault(tmp_path, NAME, secrets)
    vault.feed().take([make_post(1, "unusual")], (), None)
    vault._connection.execute("INSERT INTO feed_words (feed_words) VALUES ('delete-all')")
    vault._connection.execute("UPDATE feed_state SET value = 'other' WHERE name = 'words'")
    vault.close()
    vault = open_vault(tmp_path, NAME, secrets)
    assert vault.feed().count(read_query("unusual", UTC), EVERYTHING) == 1
    vault.close()


def test_no_word_of_a_post_can_be_found_in_the_files(tmp_path: Path) -> None:
    vault = open_vault(tmp_path, NAME, MemorySecrets())
    vault.feed().take([make_post(n, "yellow galoshes") for n in range(50)], (), SyncState(changed=4))
    assert not any(b"galoshes" in path.read_bytes() for path in tmp_path.iterdir())
    vault.close()
    with pytest.raises(sqlcipher.ProgrammingError):
        vault.feed().page(ANY, EVERYTHING, None, 1)


def test_ids_that_are_not_kept_are_not_found() -> None:
    vault = open_vault(Path("/nowhere"), NAME, None)
    vault.feed().take([make_post(1)], (), None)
    only = FeedFilter(ids=frozenset({PostId("post-0001"), PostId("unknown")}))
    assert [p.id for p in vault.feed().page(ANY, only, None, 5).posts] == ["post-0001"]
    assert vault.feed().number_of("unknown") is None
    vault.close()
