"""Removed words are nowhere outside the neutral desk; an agency learns neither who flagged nor who wrote."""

from __future__ import annotations

import msgspec

from console.contract import endpoints as e
from console.contract.endpoints import ENDPOINTS, Kind
from console.domain.members import Role
from console.domain.moderation import Act, FlagOutcome
from console.training.members import OTHER_ORI
from tests.service import moderation_world as w
from tests.service.conftest import World, run

AGENCY = ("officer", "supervisor", "moderator", "auditor", "admin")
HTML = {"Accept": "text/html"}


async def _all_answers(world: World, post_id: str, browsers) -> dict[tuple[str, str], bytes]:
    """Every answer that an agency, the public or these neighbours can get by asking."""
    found = {}
    path = {"ori": "ZZ0000001", "post_id": post_id}
    for row in ENDPOINTS:
        if row.method != "GET" or row.kind not in {Kind.JSON, Kind.PAGE} or "{token" in row.path:
            continue
        members = any(isinstance(who, Role) for who in row.who)
        for user in AGENCY if members else ("",):
            named = {name: value for name, value in path.items() if f"{{{name}:str}}" in row.path}
            answer = await world.call(row, user or None, **named)
            found[row.name, user] = answer.content
    for number, browser in enumerate(browsers):
        found["neighbour_page", str(number)] = (await browser.get("/n", headers=HTML)).content
    for query in ("?text=Quagmire", "?text=Zebrafinch", "?limit=200"):
        headers = await world.sign_in("officer")
        found["read_feed" + query, "officer"] = (
            await world.client.get(e.READ_FEED.path + query, headers=headers)
        ).content
    return found


def test_removed_words_are_in_nothing_that_an_agency_a_neighbour_or_the_public_gets(world: World) -> None:
    async def go() -> None:
        async with world:
            author, other = await w.neighbour(world, 0), await w.neighbour(world, 1)
            post_id = await w.write(author)
            second = await w.write(other, "Bicycle gone", "It was blue.")
            await w.comment(author, second)
            comment_id = next(p for p in await w.feed(world) if p.id == second).comments[0].id
            before = await _all_answers(world, post_id, (author, other))
            assert any(b"Quagmire" in content for content in before.values())
            await w.flag(world, post_id, "personal_data")
            await w.report(other, second, "personal_data", comment_id)
            for row in await w.queue(world):
                await w.decided(world, Act.REMOVE, item_id=row.id)
            after = await _all_answers(world, post_id, (author, other))
            for where, content in after.items():
                assert b"Quagmire" not in content, where
                assert b"Zebrafinch" not in content, where
            assert b"Removed by" in after["neighbour_page", "1"]

    run(go())


def test_an_agency_cannot_tell_that_somebody_else_flagged(world: World) -> None:
    async def go() -> None:
        async with world:
            author, other = await w.neighbour(world, 0), await w.neighbour(world, 1)
            first, second = await w.write(author, "Post 1"), await w.write(author, "Post 2")
            await w.flag(world, first, "threat")
            await w.flag(world, second, "threat")
            before = msgspec.json.encode((await w.own_flags(world)).flags)
            feed = await w.feed(world)
            for reason in ("threat", "spam", "emergency"):
                await w.report(other, second, reason, words="A neighbor says so")
            assert msgspec.json.encode((await w.own_flags(world)).flags) == before
            assert await w.feed(world) == feed
            theirs = await w.own_flags(world, agency=OTHER_ORI)
            assert theirs.flags == ()
            for row in await w.queue(world):
                await w.decided(world, Act.KEEP, item_id=row.id)
            one, two = (await w.own_flags(world)).flags
            assert one.outcome is two.outcome is FlagOutcome.KEPT
            answers = await _all_answers(world, first, ())
            for where, content in answers.items():
                assert b"A neighbor says so" not in content, where
                assert b'"emergency"' not in content, where

    run(go())


def test_the_moderator_learns_what_an_author_did_before_and_nothing_that_finds_it(world: World) -> None:
    async def go() -> None:
        async with world:
            author = await w.neighbour(world, 0)
            ids = [await w.write(author, f"Post {n}") for n in range(2)]
            numbers = {post.author for post in await w.feed(world)}
            await w.flag(world, ids[0])
            first = await w.decided(world, Act.LIMIT)
            await w.flag(world, ids[1])
            item = next(row for row in await w.queue(world) if row.id != first.item.id)
            answer = await world.call(e.SHOW_ITEM, "neutral", item_id=item.id)
            seen = await w.view(world, item.id)
            assert [(line.kind, line.act) for line in seen.by_author] == [("post", Act.LIMIT)]
            others = {ids[0], str(first.item.id)} | (numbers - {seen.author})
            for known in others:
                assert known.encode() not in answer.content
            for secret in (b"n-", b"neighbour:"):
                assert secret not in answer.content

    run(go())


def test_a_neighbour_gets_the_same_answer_whatever_becomes_of_a_report(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            author, other = await w.neighbour(world, 0), await w.neighbour(world, 1)
            post_id = await w.write(author)
            answers = [await w.report(other, post_id, "spam") for _ in range(2)]
            await w.decided(world, Act.KEEP)
            answers.append(await w.report(other, post_id, "spam"))
            answers.append(await w.report(other, post_id, "threat"))
            await w.decided(world, Act.REMOVE)
            answers.append(await w.report(other, post_id, "doxxing"))
            answers.append(await w.report(author, post_id, "doxxing"))
            assert {(a.status_code, a.content) for a in answers} == {(200, b'{"ok":true}')}

    run(go())


def test_the_public_count_tells_what_agencies_flagged_and_nothing_of_neighbours(world: World) -> None:
    async def go() -> None:
        async with world:
            author, other = await w.neighbour(world, 0), await w.neighbour(world, 1)
            ids = [await w.write(author, f"Post {n}") for n in range(3)]
            await w.flag(world, ids[0], "personal_data")
            await w.flag(world, ids[1], "spam")
            await w.report(other, ids[2], "threat")
            rows = {row.title: row for row in await w.queue(world)}
            await w.decided(world, Act.REMOVE, item_id=rows["Post 0"].id)
            await w.decided(world, Act.KEEP, item_id=rows["Post 2"].id)
            lakeside, riverside = (await world.call(e.MODERATION_COUNTS)).json()["agencies"]
            assert lakeside["flags"] == {"personal_data": 1, "spam": 1}
            assert lakeside["outcomes"] == {"removed": 1, "waiting": 1}
            assert lakeside["decisions"] == {"remove": {"personal_data": 1}}
            assert (riverside["flags"], riverside["decisions"]) == ({}, {})

    run(go())
