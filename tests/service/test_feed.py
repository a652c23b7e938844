"""The feed: coarse places, numbers that cannot be matched, official comments under a name."""

from __future__ import annotations

import h3
import msgspec

from console.contract import endpoints as e
from console.contract.payloads import FeedPage
from console.service.feed import alias
from tests.service.conftest import World, run


async def _feed(world: World, query: str = "") -> FeedPage:
    headers = await world.sign_in("officer")
    answer = await world.client.get(e.READ_FEED.path + query, headers=headers)
    return msgspec.json.decode(answer.content, type=FeedPage)


async def _post(browser, title: str, text: str = "Something happened on our street.") -> str:
    answer = await browser.post(e.WRITE_POST.path, json={"category": "crime", "title": title, "text": text})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


def test_a_post_shows_a_cells_centre_of_its_block_and_a_number_of_this_thread(world: World) -> None:
    async def go() -> None:
        async with world:
            block = world.ground.index.atlas.blocks[0]
            browser = await world.neighbour(block.id)
            for number in range(12):
                await _post(browser, f"Post {number}")
            page = await _feed(world)
            assert page.total == 12
            centres = {h3.cell_to_latlng(cell) for cell in block.cells}
            assert {(p.place.lat, p.place.lon) for p in page.posts} <= centres
            assert len({p.author for p in page.posts}) > 6, "one number for all threads could be matched"

    run(go())


def test_numbers_are_random_stable_within_a_thread_and_never_shared(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world, world.parts.store.writing() as connection:
            numbers = [await alias(connection, "t", f"n{i}") for i in range(300)]
            assert len(set(numbers)) == 300
            assert numbers != sorted(numbers)
            assert await alias(connection, "t", "n7") == numbers[7]

    run(go())


def test_pages_go_on_where_they_ended_and_search_takes_signs_as_they_are(world: World) -> None:
    async def go() -> None:
        async with world:
            browser = await world.neighbour(world.ground.index.atlas.blocks[0].id)
            for number in range(7):
                await _post(browser, f"Bicycle {number}" if number % 2 else f"100% wool_{number}")
            first = await _feed(world, "?limit=4")
            second = await _feed(world, f"?limit=4&before={first.before}")
            assert len({p.id for p in first.posts + second.posts}) == 7
            assert second.before is None
            assert len((await _feed(world, "?text=bicycle")).posts) == 3
            assert len((await _feed(world, "?text=100%25")).posts) == 4
            assert len((await _feed(world, "?text=wool_2")).posts) == 1
            assert (await _feed(world, "?text=%27%20OR%201%3D1--")).posts == ()

    run(go())


def test_a_member_answers_under_name_and_agency(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            browser = await world.neighbour(world.ground.index.atlas.blocks[0].id)
            post_id = await _post(browser, "Bike gone")
            said = await world.call(e.COMMENT_ON_POST, "moderator", {"text": "Please call us."}, post_id=post_id)
            assert said.status_code == 200
            path = e.COMMENT_AS_NEIGHBOUR.path.replace("{post_id:str}", post_id)
            assert (await browser.post(path, json={"text": "Thanks!"})).status_code == 200
            post = (await _feed(world)).posts[0]
            assert post.answered
            official, plain = post.comments
            assert official.author == "Press Officer Example Four, badge 0004, Lakeside Police"
            assert official.official
            assert plain.author == post.author

    run(go())
