"""A thousand hostile posts and comments on the neighbor's page in a real browser: shown as words, nothing asked or run."""

from __future__ import annotations

import secrets

import pytest
import sqlalchemy as sa

from console.contract import endpoints as e
from console.service import neighbours
from console.service import store as t
from console.training.members import ORI
from tests.hostile import ADDRESSES, hostile_texts
from tests.service.conftest import World, run
from tests.service.test_pages import CHROMIUM

COUNT = 1_000
SITE = "http://service.test"


async def _page(world: World, monkeypatch: pytest.MonkeyPatch) -> tuple[str, dict[str, str], list[str]]:
    """The page with all of them, its headers, and the marks that it must show."""
    monkeypatch.setattr(neighbours, "POSTS_SHOWN", COUNT)
    block = world.ground.index.atlas.blocks[0]
    lat, lon = world.place().lat, world.place().lon
    # As the service keeps them: what cannot be sent to it (NUL, more than 2,000 characters) does not come this far.
    texts = [(h.mark, h.text.replace("\0", "")[:2_000]) for h in hostile_texts(COUNT)]
    posts = [
        {
            "id": f"p{n}", "agency": ORI, "category": "crime", "author": text[:60], "block": block.id,
            "title": text[:120] or "x", "text": text, "place_name": text[:80], "lat": lat, "lon": lon,
            "at": world.now, "answered": False,
        }
        for n, (_, text) in enumerate(texts)
    ]  # fmt: skip
    comments = [
        {
            "id": secrets.token_hex(8),
            "post": f"p{n}",
            "author": text[:60],
            "official": False,
            "text": text,
            "at": world.now,
        }
        for n, (_, text) in enumerate(texts)
        if n % 5 == 0
    ]
    async with world.parts.store.writing() as connection:
        await connection.execute(sa.insert(t.posts), posts)
        await connection.execute(sa.insert(t.comments), comments)
    browser = await world.neighbour(block.id)
    answer = await browser.get(e.NEIGHBOUR_PAGE.path, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    marks = [mark for mark, text in texts if mark in text]
    return answer.text, dict(answer.headers), marks


@pytest.mark.timeout(200)
def test_a_thousand_hostile_posts_are_words_on_the_neighbors_page(
    sqlite_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")

    async def go() -> tuple[str, dict[str, str], list[str]]:
        async with sqlite_world as world:
            return await _page(world, monkeypatch)

    html, headers, marks = run(go())
    assert len(marks) > COUNT * 0.9
    asked: list[str] = []
    with sync.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            page = browser.new_page()

            def answer(route) -> None:
                asked.append(route.request.url)
                if route.request.url == f"{SITE}/n":
                    policy = {k: v for k, v in headers.items() if k.lower().startswith(("content-", "x-", "referrer"))}
                    kept = {k: v for k, v in policy.items() if k.lower() not in {"content-length", "content-encoding"}}
                    route.fulfill(status=200, headers=kept, body=html)
                else:
                    route.fulfill(status=404, body="")

            page.route("**/*", answer)
            page.goto(f"{SITE}/n")
            page.wait_for_timeout(1_500)
            shown = page.evaluate("document.body.textContent")
            ran = page.evaluate("typeof window.hostile")
            posts = page.locator("article.post").count()
            inside = page.evaluate(
                "[...document.querySelectorAll('#post-list script, #post-list img, #post-list iframe, #post-list object,"
                " #post-list embed, #post-list svg, #post-list style, #post-list meta, #post-list base')].length"
            )
        finally:
            browser.close()
    assert posts == COUNT
    assert ran == "undefined"
    assert inside == 0, "no element of theirs came to be"
    assert [url for url in asked if any(address in url for address in ADDRESSES)] == []
    assert {url for url in asked if not url.startswith(SITE)} == set()
    assert [mark for mark in marks if mark not in shown] == []
