"""Public pages and maps: what everybody may see, under a strict policy."""

from __future__ import annotations

from console.contract import endpoints as e
from tests.service.conftest import World, run

HTML = {"Accept": "text/html"}


def test_everybody_sees_the_map_the_agency_and_its_requests_in_full(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            request_id = await world.publish()
            front = await world.client.get("/", headers=HTML)
            assert "Lakeside Police" in front.text
            page = await world.client.get("/agencies/ZZ0000001", headers=HTML)
            for words in ("Were your cameras on this afternoon?", "2026-012-000431", "Burglary"):
                assert words in page.text
            for answer in (front, page):
                policy = answer.headers["content-security-policy"]
                assert "default-src 'none'" in policy
                assert "unsafe" not in policy
            for path in ("/map", f"/published/{request_id}/map"):
                document = await world.client.get(path, headers=HTML)
                assert document.status_code == 200
                assert "frame-ancestors 'self'" in document.headers["content-security-policy"]
            assert (await world.client.get("/published/none/map", headers=HTML)).status_code == 404

    run(go())


def test_what_is_pending_is_not_public(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            request_id = await world.submit()
            listed = await world.client.get(e.LIST_PUBLISHED.path.replace("{ori:str}", "ZZ0000001"))
            assert listed.json() == {"requests": []}
            assert (await world.client.get(f"/published/{request_id}/map")).status_code == 404

    run(go())


def test_a_sensitive_offence_hides_where_it_was(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            await world.publish(offence="11A", place_name="Near W 18th St")
            page = await world.client.get("/agencies/ZZ0000001", headers=HTML)
            assert "18th" not in page.text

    run(go())


def test_tiles_are_served_and_empty_where_there_are_none(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            atlas = world.ground.version
            assert len((await world.client.get(f"/tiles/{atlas}/13/2100/3044")).content) > 1_000
            empty = await world.client.get(f"/tiles/{atlas}/13/1/1")
            assert (empty.status_code, empty.content) == (200, b"")
            for wrong in (
                f"/tiles/{atlas}/13/8192/1",
                f"/tiles/{atlas}/40/1/1",
                f"/tiles/{atlas}/13/-1/1",
                "/tiles/other/13/2100/3044",
            ):
                assert (await world.client.get(wrong)).status_code in {400, 404}

    run(go())
