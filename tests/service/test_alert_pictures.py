"""Pictures with alerts: public with the alert and no earlier, nobody else's, on the pages and in CAP, swept when unused."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import httpx
import msgspec
import pytest
import sqlalchemy as sa

from console.client.alert_pictures import fetch_picture
from console.client.gateway import Gateway, ProblemRaised
from console.contract import alerts as c
from console.contract import endpoints as e
from console.contract.pictures import KeptPicture
from console.domain import cap
from console.domain.alerts import AlertState, MessageKind
from console.service import store as t
from console.service.alert_pictures import sweep_unused
from console.service.cap import read_cap
from console.training.members import ORI, OTHER_ORI
from tests.service import picture_files as f
from tests.service.alert_help import draft, follow_up, later, send, show, state
from tests.service.conftest import World, run


async def _add(world: World, content: bytes = b"", agency: str = ORI) -> KeptPicture:
    answer = await world.call(e.ADD_ALERT_PICTURE, "supervisor", content or f.jpeg(), agency=agency)
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=KeptPicture)


async def _seen(world: World, picture_id: str) -> int:
    return (await world.call(e.PUBLIC_PICTURE, None, picture_id=picture_id)).status_code


def test_a_picture_is_public_with_its_alert_and_no_earlier(world: World) -> None:
    async def go() -> None:
        async with world:
            kept = await _add(world)
            assert await _seen(world, kept.id) == 404
            waiting = await send(world, "officer", pictures=(kept.id,))
            assert await _seen(world, kept.id) == 404, "it waits for a second member"
            answer = await world.call(e.APPROVE_ALERT, "supervisor", c.AlertApproval(1), alert_id=waiting)
            assert answer.status_code == 200, answer.text
            assert await state(world, waiting) is AlertState.PUBLISHED
            assert await _seen(world, kept.id) == 200
            named_only_in_words = await _add(world, f.png())
            await send(world, text=f'The picture "{named_only_in_words.id}" is not shown to anybody here.')
            assert await _seen(world, named_only_in_words.id) == 404

    run(go())


def test_a_picture_that_came_with_the_mended_alert_is_public_too(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            alert = await send(world, "officer")
            answer = await world.call(e.RETURN_ALERT, "supervisor", c.AlertReturn(1, "Add a picture."), alert_id=alert)
            assert answer.status_code == 200, answer.text
            world.now += timedelta(minutes=5)
            kept = await _add(world)
            body = c.AlertResubmission(2, draft(world, pictures=(kept.id,)), world.now)
            answer = await world.call(e.RESUBMIT_ALERT, "officer", body, alert_id=alert)
            assert answer.status_code == 200, answer.text
            answer = await world.call(e.APPROVE_ALERT, "supervisor", c.AlertApproval(3), alert_id=alert)
            assert answer.status_code == 200, answer.text
            assert await _seen(world, kept.id) == 200

    run(go())


def test_another_agencys_picture_cannot_be_named_nor_one_that_is_gone(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            theirs = await _add(world, agency=OTHER_ORI)
            for picture in (theirs.id, "no-such-picture"):
                body = c.SealedAlert(draft(world, pictures=(picture,)), world.now)
                answer = await world.call(e.SUBMIT_ALERT, "supervisor", body)
                assert answer.status_code == 422, answer.text
                assert [found["code"] for found in answer.json()["findings"]] == ["alert_picture_gone"]
            assert await _seen(world, theirs.id) == 404

    run(go())


def test_pages_and_cap_show_the_pictures_and_an_update_only_its_new_ones(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            first, second = await _add(world), await _add(world, f.png())
            alert = await send(world, pictures=(first.id,))
            world.now += timedelta(minutes=1)
            await follow_up(world, alert, pictures=(first.id, second.id))
            page = (await world.client.get(f"/agencies/{ORI}")).text
            browser = await world.neighbour(world.ground.index.atlas.blocks[0].id)
            mine = (await browser.get("/n", headers={"Accept": "text/html"})).text
            for html in (page, mine):
                for kept in (first, second):
                    assert html.count(f'<img src="/pictures/{kept.id}"') == 1
                assert 'alt="Picture 1 of 1 with “Gas leak near the park”"' in html
            said = (await show(world, alert)).messages[-1]
            answer = await world.call(e.ALERT_CAP, None, ori=ORI, identifier=said.identifier)
            message = read_cap(answer.content)
            assert isinstance(message, cap.CapMessage)
            resources = message.infos[0].resources
            assert [(r.media_type, r.size, r.digest) for r in resources] == [
                ("image/jpeg", kept.size, "") for kept in (first, second)
            ]
            for resource in resources:
                shown = await world.client.get(resource.uri)
                assert (shown.status_code, len(shown.content)) == (200, resource.size)
            await follow_up(world, alert, MessageKind.CANCEL)
            assert await _seen(world, first.id) == 200, "what was published stays"

    run(go())


def test_the_consoles_way_to_the_service_carries_pictures_whole_and_once(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            transport = httpx.ASGITransport(world.app, raise_app_exceptions=False)
            gateway = Gateway("http://127.0.0.1", transport=transport)
            gateway.token = (await world.sign_in("officer"))["Authorization"].removeprefix("Bearer ")
            key = "a-key-of-this-test"
            kept = [await gateway.call(e.ADD_ALERT_PICTURE, body=f.jpeg(), key=key) for _ in range(2)]
            assert kept[0] == kept[1]
            content = await fetch_picture(gateway, kept[0].id)
            assert hashlib.sha256(content).hexdigest() == kept[0].sha256
            with pytest.raises(ProblemRaised, match="nothing here"):
                await fetch_picture(gateway, "no-such-picture")
            await gateway.aclose()

    run(go())


def test_what_no_alert_needs_is_swept_after_seven_days(world: World) -> None:
    async def go() -> None:
        async with world:
            names = ("published", "waiting", "withdrawn", "unused")
            kept = {name: await _add(world, f.jpeg(f.pattern(40 + n, 40))) for n, name in enumerate(names)}
            await send(world, pictures=(kept["published"].id,), ends=world.now + timedelta(days=20))
            await send(world, "officer", pictures=(kept["waiting"].id,), ends=world.now + timedelta(days=20))
            gone = await send(world, "officer", pictures=(kept["withdrawn"].id,))
            answer = await world.call(e.WITHDRAW_ALERT, "officer", c.AlertWithdrawal(1), alert_id=gone)
            assert answer.status_code == 200, answer.text
            assert await sweep_unused(world.parts) == 0
            later(world, timedelta(days=7, minutes=1))
            assert await sweep_unused(world.parts) == 2
            async with world.parts.store.reading() as connection:
                left = set(await connection.scalars(sa.select(t.pictures.c.id)))
            assert left == {kept["published"].id, kept["waiting"].id}

    run(go())
