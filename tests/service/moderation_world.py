"""What the tests of moderation do again and again: write, flag, read the queue, decide."""

from __future__ import annotations

from typing import Any

import httpx
import msgspec

from console.contract import endpoints as e
from console.contract import moderation as m
from console.contract.payloads import FeedPage
from console.domain.feed import Post
from console.domain.moderation import Act, FlagReason, Reason
from console.training.members import ORI
from tests.service.conftest import World

SECRET_TITLE = "Zebrafinch on the porch"
SECRET = "Quagmire telephone 555 0147 belongs to somebody."


async def neighbour(world: World, number: int = 0, agency: str = ORI) -> httpx.AsyncClient:
    return await world.neighbour(world.ground.index.atlas.blocks[number].id, agency)


async def write(browser: httpx.AsyncClient, title: str = SECRET_TITLE, text: str = SECRET) -> str:
    answer = await browser.post(e.WRITE_POST.path, json={"category": "crime", "title": title, "text": text})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


def at(row: e.Endpoint, **path: str) -> str:
    url = row.path
    for name, value in path.items():
        url = url.replace(f"{{{name}:str}}", value)
    return url


async def comment(browser: httpx.AsyncClient, post_id: str, text: str = SECRET) -> httpx.Response:
    return await browser.post(at(e.COMMENT_AS_NEIGHBOUR, post_id=post_id), json={"text": text})


async def report(
    browser: httpx.AsyncClient, post_id: str, reason: str = "threat", comment_id: str = "", words: str = ""
):
    row = e.FLAG_COMMENT_AS_NEIGHBOUR if comment_id else e.FLAG_POST_AS_NEIGHBOUR
    path = at(row, post_id=post_id, comment_id=comment_id)
    return await browser.post(path, json={"reason": reason, "words": words})


async def flag(
    world: World, post_id: str, reason: str = "spam", *, as_: str = "officer", **more: Any
) -> httpx.Response:
    words, agency = more.pop("words", ""), more.pop("agency", ORI)
    row = e.FLAG_COMMENT if more.get("comment_id") else e.FLAG_POST
    body = m.NewFlag(FlagReason(reason), words)
    return await world.call(row, as_, body, agency=agency, post_id=post_id, **more)


async def queue(world: World) -> tuple[m.QueueItem, ...]:
    answer = await world.call(e.LIST_QUEUE, "neutral")
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=m.Queue).items


async def view(world: World, item_id: str = "", as_: str = "neutral") -> m.ItemView:
    answer = await world.call(e.SHOW_ITEM, as_, item_id=item_id or (await queue(world))[0].id)
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=m.ItemView)


ROWS = {
    Act.RESTORE: e.RESTORE_ITEM,
    Act.REOPEN: e.RESTORE_ITEM,
    Act.UPHOLD: e.DECIDE_APPEAL,
    Act.OVERTURN: e.DECIDE_APPEAL,
}
USUAL = {
    Act.KEEP: Reason.WITHIN_RULES,
    Act.LIMIT: Reason.THREAT,
    Act.REMOVE: Reason.PERSONAL_DATA,
    Act.RESTORE: Reason.MISTAKE,
    Act.REOPEN: Reason.MISTAKE,
    Act.UPHOLD: Reason.STANDS,
    Act.OVERTURN: Reason.MISTAKE,
    Act.PUBLISH: Reason.WITHIN_RULES,
    Act.REFUSE: Reason.WORDING,
}


async def decide(
    world: World, seen: m.ItemView, act: Act, as_: str = "neutral", *, reason: Reason | None = None, words: str = ""
) -> httpx.Response:
    body = m.Deciding(seen.item.version, act, reason or USUAL[act], words, seen.flags_seen)
    return await world.call(ROWS.get(act, e.DECIDE_ITEM), as_, body, item_id=seen.item.id)


async def decided(world: World, act: Act, as_: str = "neutral", item_id: str = "", **more: Any) -> m.ItemView:
    """The item after a decision that must be taken."""
    seen = await view(world, item_id, as_)
    answer = await decide(world, seen, act, as_, **more)
    assert answer.status_code == 200, answer.text
    return await view(world, seen.item.id, as_)


async def appeal(browser: httpx.AsyncClient, decision_id: str, words: str = "It is my own number.") -> httpx.Response:
    return await browser.post(at(e.APPEAL_AS_NEIGHBOUR, decision_id=decision_id), json={"words": words})


async def feed(world: World, query: str = "", agency: str = ORI) -> tuple[Post, ...]:
    headers = await world.sign_in("officer", agency)
    answer = await world.client.get(e.READ_FEED.path + query, headers=headers)
    return msgspec.json.decode(answer.content, type=FeedPage).posts


async def own_flags(world: World, as_: str = "officer", agency: str = ORI) -> m.OwnFlags:
    answer = await world.call(e.LIST_FLAGS, as_, agency=agency)
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=m.OwnFlags)


async def standing(world: World) -> str:
    """The decision in force on the only item: authors find its id on their page."""
    import sqlalchemy as sa

    from console.service import store as t

    async with world.parts.store.reading() as connection:
        return str(await connection.scalar(sa.select(t.moderation_items.c.standing)))
