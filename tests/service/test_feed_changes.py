"""What changed in the feed: every change comes, in order, page by page; what was removed comes as an id."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from console.contract import endpoints as e
from console.contract.events import PostChanged
from console.contract.feed import FeedChanges
from console.domain.feed import Visibility
from console.service import store as t
from console.service.feed import touch
from console.service.writes import Transaction
from console.training.members import ORI, OTHER_ORI
from tests.service.conftest import World, run


async def changes(world: World, after: int = 0, id_: str = "", limit: int = 500, agency: str = ORI) -> FeedChanges:
    headers = await world.sign_in("officer", agency)
    params = {"after": after, "id": id_, "limit": limit}
    answer = await world.client.get(e.READ_CHANGES.path, params=params, headers=headers)
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=FeedChanges)


async def write_posts(world: World, count: int) -> list[str]:
    browser = await world.neighbour(world.ground.index.atlas.blocks[0].id)
    ids = []
    for n in range(count):
        body = {"category": "crime", "title": f"Post {n}", "text": "Something happened."}
        ids.append((await browser.post(e.WRITE_POST.path, json=body)).json()["id"])
    return ids


def test_every_change_comes_once_in_order_page_by_page(world: World) -> None:
    async def go() -> None:
        async with world:
            ids = await write_posts(world, 7)
            await world.call(e.COMMENT_ON_POST, "officer", {"text": "Thank you, we are looking."}, post_id=ids[2])
            seen, after, last, pages = [], 0, "", 0
            while True:
                page = await changes(world, after, last, 3)
                seen += [post.id for post in page.posts]
                after, last, pages = page.after, page.id, pages + 1
                if not page.more:
                    break
            assert seen == [*ids[:2], *ids[3:], ids[2]]
            assert (page.total, page.latest, pages) == (7, page.after, 3)
            assert page.posts[-1].comments[0].text == "Thank you, we are looking."
            assert (await changes(world, after, last)).posts == ()
            assert (await changes(world, agency=OTHER_ORI)).total == 0

    run(go())


def test_what_was_removed_comes_without_a_word_of_it(world: World) -> None:
    async def go() -> None:
        async with world:
            ids = await write_posts(world, 2)
            said = await world.call(e.COMMENT_ON_POST, "officer", {"text": "a secret"}, post_id=ids[0])
            before = await changes(world)
            async with world.parts.store.writing() as connection:
                gone = Visibility.REMOVED.value
                await connection.execute(sa.update(t.posts).where(t.posts.c.id == ids[1]).values(visibility=gone))
                await connection.execute(
                    sa.update(t.comments).where(t.comments.c.id == said.json()["subject"]).values(visibility=gone)
                )
                tx = Transaction(world.parts, connection, ORI, world.now)
                for post_id in ids:
                    await touch(tx, post_id, PostChanged(post_id))
            after = await changes(world, before.after, before.id)
            assert after.removed == (ids[1],)
            assert [(c.visibility, c.text) for c in after.posts[0].comments] == [(Visibility.REMOVED, "")]

    run(go())


def test_a_place_that_is_none_is_refused(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            headers = await world.sign_in("officer")
            for query in ("after=-1", "after=x", "id=%00", "limit=0", "limit=501", f"after={2**80}", "id=" + "a" * 65):
                answer = await world.client.get(f"{e.READ_CHANGES.path}?{query}", headers=headers)
                assert answer.status_code == 400, query

    run(go())
