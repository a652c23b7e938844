"""Searching the feed on both engines: each finds what the one definition finds, and the same as the other."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, timedelta

import msgspec
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings

from console.contract import endpoints as e
from console.contract.events import PostChanged
from console.contract.payloads import FeedPage
from console.domain.feed import Post, Visibility
from console.domain.feed_filter import FeedFilter, Sort, is_found
from console.domain.feed_query import read_query
from console.service import store as t
from console.service.feed import posts_by_id, touch
from console.service.feed_index import index_missing, index_posts, total_of
from console.service.feed_search import search
from console.service.migrate import migrate
from console.service.store import Store, open_store
from console.service.writes import Transaction
from console.training.members import ORI
from tests.client.feed_fakes import feeds, filters, typed
from tests.service.conftest import NOW, World, run
from tests.service.test_feed_changes import write_posts


async def put(store: Store, posts: Sequence[Post], agency: str = ORI) -> None:
    async with store.writing() as connection:
        for post in posts:
            row = {
                k: getattr(post, k) for k in ("id", "author", "block", "title", "text", "place_name", "at", "answered")
            }
            row |= {"category": post.category.value, "visibility": post.visibility.value, "agency": agency}
            row |= {"lat": post.place.lat, "lon": post.place.lon, "neighbour": ""}
            row = {k: v.replace("\0", "") if isinstance(v, str) else v for k, v in row.items()}
            await connection.execute(sa.insert(t.posts).values(row))
            for k, said in enumerate(post.comments):
                values = {"author": said.author, "official": said.official, "text": said.text.replace("\0", "")}
                values |= {"id": f"{post.id}-{k}", "post": post.id, "at": said.at, "visibility": said.visibility.value}
                await connection.execute(sa.insert(t.comments).values(values))
        await index_posts(connection, [post.id for post in posts])


def in_order(post: Post) -> Post:
    """The post with its comments of one time in one order."""
    return msgspec.structs.replace(post, comments=tuple(sorted(post.comments, key=lambda c: (c.at, c.id))))


async def all_pages(store: Store, text: str, chosen: FeedFilter, limit: int = 3) -> list[Post]:
    found: list[Post] = []
    before = None
    while True:
        posts, after = await search(store, ORI, read_query(text, UTC), chosen, before, limit)
        found += posts
        if after is None:
            return found
        before = int(after.partition(".")[0])


def test_both_engines_find_what_the_definition_finds(database: str) -> None:
    loop = asyncio.new_event_loop()
    store = open_store(database)
    loop.run_until_complete(migrate(store))

    async def compare(posts: list[Post], text: str, chosen: FeedFilter) -> None:
        async with store.writing() as connection:
            for table in ("posts", "comments", "feed_counts", "feed_words"):
                await connection.execute(sa.text(f"DELETE FROM {table}"))
        await put(store, posts)
        # What a member opened, and the desk's own states, are not known to the service; it is always newest first.
        chosen = msgspec.structs.replace(
            chosen, unread=None, ids=None, without_ids=frozenset(), mine="", sort=Sort.NEWEST
        )
        # An answer counts where the service noted it: `add_comment` does so for an official one.
        seen = [
            msgspec.structs.replace(
                post, comments=tuple(msgspec.structs.replace(c, official=False) for c in post.comments)
            )
            for post in posts
        ]
        query = read_query(text, UTC)
        wanted = {p.id for p in seen if is_found(query, chosen, p, is_unread=True)}
        found = await all_pages(store, text, chosen)
        assert {post.id for post in found} == wanted
        assert len(found) == len(wanted)
        assert [post.at for post in found] == sorted((post.at for post in found), reverse=True)
        async with store.reading() as connection:
            kept = {post.id: post for post in await posts_by_id(connection, ORI, list(wanted))}
        assert [in_order(post) for post in found] == [in_order(kept[post.id]) for post in found], "to the last bit"

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(feeds, typed, filters)
    def tried(posts, text, chosen) -> None:
        loop.run_until_complete(compare(posts, text, chosen))

    try:
        tried()
    finally:
        loop.run_until_complete(store.close())
        loop.close()


async def ask(world: World, **query: object) -> list[str]:
    headers = await world.sign_in("officer")
    answer = await world.client.get(e.READ_FEED.path, params=query, headers=headers)
    assert answer.status_code == 200, answer.text
    return [post.title for post in msgspec.json.decode(answer.content, type=FeedPage).posts]


def test_every_part_of_the_query_narrows(world: World) -> None:
    async def go() -> None:
        async with world:
            blocks = world.ground.index.atlas.blocks
            near, far = await world.neighbour(blocks[0].id), await world.neighbour(blocks[-1].id)
            for n, (who, kind) in enumerate(((near, "crime"), (near, "moment"), (far, "safety"))):
                world.now += timedelta(hours=1)
                body = {"category": kind, "title": f"Post {n}", "text": f"A café story number {n}"}
                assert (await who.post(e.WRITE_POST.path, json=body)).status_code == 200
            posts = (await world.client.get(e.READ_FEED.path, headers=await world.sign_in("officer"))).json()["posts"]
            await world.call(e.COMMENT_ON_POST, "officer", {"text": "We saw the zebra"}, post_id=posts[1]["id"])
            place = posts[2]["place"]
            lat, lon = place["lat"], place["lon"]
            assert await ask(world, text="CAFE") == ["Post 2", "Post 1", "Post 0"]
            assert await ask(world, text="zebra") == ["Post 1"], "words of the thread are found"
            assert await ask(world, text="caf -zebra") == ["Post 2", "Post 0"]
            assert await ask(world, text='"story number 2"') == ["Post 2"]
            assert await ask(world, text="kind:safety") == ["Post 2"]
            assert await ask(world, category=["crime", "moment"]) == ["Post 1", "Post 0"]
            assert await ask(world, category="crime") == ["Post 0"]
            assert await ask(world, answered="true") == ["Post 1"]
            assert await ask(world, since=(NOW + timedelta(hours=2)).isoformat()) == ["Post 2", "Post 1"]
            assert await ask(world, until=(NOW + timedelta(hours=2)).isoformat()) == ["Post 0"]
            assert await ask(world, near=f"{lat},{lon},300") == ["Post 1", "Post 0"]
            assert await ask(world, near=f"{lat},{lon},300", text="number 0") == ["Post 0"]
            assert await ask(world, box=f"{lat - 0.001},{lon - 0.001},{lat + 0.001},{lon + 0.001}") == [
                "Post 1",
                "Post 0",
            ]
            ring = f"{lon - 0.01},{lat - 0.01},{lon + 0.01},{lat - 0.01},{lon},{lat + 0.01}"
            assert await ask(world, area=ring) == ["Post 1", "Post 0"]
            inside = [await ask(world, district=d.name) for d in world.ground.index.atlas.districts]
            assert {title for found in inside for title in found} == {"Post 0", "Post 1", "Post 2"}

    run(go())


def test_what_was_removed_is_not_found_and_what_was_removed_of_a_thread_neither(world: World) -> None:
    async def go() -> None:
        async with world:
            post_id, other = await write_posts(world, 2)
            said = await world.call(e.COMMENT_ON_POST, "officer", {"text": "zebra"}, post_id=other)
            assert len(await ask(world, text="something")) == 2
            async with world.parts.store.writing() as connection:
                gone = Visibility.REMOVED.value
                await connection.execute(sa.update(t.posts).where(t.posts.c.id == post_id).values(visibility=gone))
                comment = t.comments.c.id == said.json()["subject"]
                await connection.execute(sa.update(t.comments).where(comment).values(visibility=gone))
                tx = Transaction(world.parts, connection, ORI, world.now)
                for touched in (post_id, other):
                    await touch(tx, touched, PostChanged(touched))
            assert await ask(world, text="something") == ["Post 1"]
            assert await ask(world) == ["Post 1"]
            assert await ask(world, text="zebra") == []
            async with world.parts.store.reading() as connection:
                column = "words" if connection.dialect.name == "sqlite" else "words::text"
                kept = (await connection.execute(sa.text(f"SELECT {column} FROM feed_words"))).scalars().all()
            assert not any("zebra" in words for words in kept)

    run(go())


def test_posts_of_before_the_index_are_found_after_a_start(database: str) -> None:
    async def go() -> None:
        store = open_store(database)
        await migrate(store)
        from tests.client.client_fakes import make_post

        await put(store, [make_post(n, "former words") for n in range(20)])
        async with store.writing() as connection:
            for statement in (
                "UPDATE posts SET n = NULL, cell = NULL",
                "DELETE FROM feed_words",
                "DELETE FROM feed_counts",
            ):
                await connection.execute(sa.text(statement))
        await index_missing(store)
        assert len(await all_pages(store, "former", FeedFilter(), 50)) == 20
        async with store.reading() as connection:
            assert await total_of(connection, ORI) == 20
        await store.close()

    run(go())


def test_another_agencys_posts_are_not_found_by_their_words(database: str) -> None:
    async def go() -> None:
        store = open_store(database)
        await migrate(store)
        from tests.client.client_fakes import make_post

        await put(store, [make_post(n, "shared words") for n in range(5)])
        await put(store, [make_post(n, "shared words") for n in range(5, 9)], "ZZ0000009")
        assert {p.id for p in await all_pages(store, "shared", FeedFilter())} == {f"post-{n:04}" for n in range(5)}
        assert {p.id for p in await all_pages(store, "-absent", FeedFilter())} == {f"post-{n:04}" for n in range(5)}
        for text in (ORI, ORI[:2], f'"{ORI}"'):
            assert not await all_pages(store, text, FeedFilter()), "an agency's name is no word of its posts"
        assert len(await all_pages(store, f"shared -{ORI}", FeedFilter())) == 5
        await put(store, [make_post(n, "shared words") for n in range(20, 40)], "ZZ0000009")
        assert len(await all_pages(store, "shared", FeedFilter())) == 5, "nor where most posts are another's"
        assert not await all_pages(store, ORI, FeedFilter())
        await store.close()

    run(go())


def test_places_and_times_that_are_none_are_refused(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            headers = await world.sign_in("officer")
            for query in (
                "box=1,2,3", "box=a,b,c,d", "box=50,0,40,1", "box=nan,0,1,1", "near=1,2", "near=1,2,-5", "near=91,0,100",
                "near=1,2,inf", "area=1,2,3", "area=0,0,1,1,2,2", "near=1,2,3&area=0,0,1,0,1,1", "district=Nowhere",
                "since=2026-01-01T00:00:00", "category=robbery", "before=x.y", "before=" + "9" * 30, "limit=501",
            ):  # fmt: skip
                answer = await world.client.get(f"{e.READ_FEED.path}?{query}", headers=headers)
                assert answer.status_code == 400, (query, answer.text)

    run(go())
