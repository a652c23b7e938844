"""Alerts' pictures over the wire: kept once, shown to the agency, to everybody only with a published alert."""

from __future__ import annotations

import asyncio
import hashlib
import time
from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest
import sqlalchemy as sa

from console.contract import endpoints as e
from console.contract.pictures import KeptPicture
from console.domain.picture_wording import PICTURE_TROUBLES
from console.domain.pictures import BYTES_MAX, PictureTrouble
from console.service import store as t
from console.service.pictures import AT_ONCE, WAITING_MAX, sweep
from console.training.members import OTHER_ORI
from tests.service import picture_files as f
from tests.service.conftest import World, run
from tests.service.test_picture_cleaning import REFUSED

HEADERS = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "default-src 'none'; sandbox"}


async def _add(world: World, content: bytes = b"", username: str = "officer", key: str = "") -> KeptPicture:
    answer = await world.call(e.ADD_ALERT_PICTURE, username, content or f.jpeg(), key=key)
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=KeptPicture)


def _files(world: World) -> list[str]:
    return sorted(path.name for path in (world.settings.folder / "pictures").iterdir())


def test_a_picture_is_kept_clean_with_its_sum_and_a_receipt(world: World) -> None:
    async def go() -> None:
        async with world:
            kept = await _add(world)
            assert (kept.width, kept.height) == (96, 64)
            assert (kept.receipt.subject, kept.receipt.endpoint) == (kept.id, "add_alert_picture")
            for username in ("officer", "supervisor", "moderator", "auditor"):
                answer = await world.call(e.ALERT_PICTURE, username, picture_id=kept.id)
                assert answer.status_code == 200, username
                assert answer.headers["content-type"] == "image/jpeg"
                assert HEADERS.items() <= {name: answer.headers.get(name) for name in HEADERS}.items()
                assert answer.headers["cache-control"] == "private, no-store"
                assert hashlib.sha256(answer.content).hexdigest() == kept.sha256
                assert len(answer.content) == kept.size
            for name, secret in f.SECRETS.items():
                assert secret not in answer.content, name
            on_disk = (world.settings.folder / "pictures" / f"{kept.id}.jpg").read_bytes()
            assert on_disk == answer.content, "what was sent is not kept"
            async with world.parts.store.reading() as connection:
                actions = (await connection.scalars(sa.select(t.audit.c.action))).all()
            assert actions.count("add_alert_picture") == 1

    run(go())


def test_a_repeated_key_keeps_one_picture_and_another_picture_under_it_is_refused(world: World) -> None:
    async def go() -> None:
        async with world:
            key = "a-key-of-this-test"
            first, second = await _add(world, key=key), await _add(world, key=key)
            assert first == second
            assert _files(world) == [f"{first.id}.jpg"]
            other = await world.call(e.ADD_ALERT_PICTURE, "officer", f.png(f.pattern(50, 50)), key=key)
            assert (other.status_code, other.json()["code"]) == (409, "key_reused")
            assert _files(world) == [f"{first.id}.jpg"]

    run(go())


def test_nobody_else_sees_a_picture_until_an_alert_with_it_is_published(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            kept = await _add(world)
            nothing = await world.call(e.PUBLIC_PICTURE, None, picture_id="no-such-picture")
            for answer in (
                await world.call(e.PUBLIC_PICTURE, None, picture_id=kept.id),
                await world.call(e.PUBLIC_PICTURE, "officer", picture_id=kept.id),
                await world.call(e.ALERT_PICTURE, "officer", agency=OTHER_ORI, picture_id=kept.id),
            ):
                assert answer.status_code == 404
                assert answer.content == nothing.content

            async def only_this(_connection: object, picture_id: str) -> bool:
                return picture_id == kept.id

            world.app.state.parts = replace(world.parts, may_be_seen=only_this)
            shown = await world.call(e.PUBLIC_PICTURE, None, picture_id=kept.id)
            assert shown.status_code == 200
            assert shown.headers["cache-control"] == "public, max-age=300"
            assert HEADERS.items() <= {name: shown.headers.get(name) for name in HEADERS}.items()
            assert hashlib.sha256(shown.content).hexdigest() == kept.sha256
            another = await _add(world, f.png())
            assert (await world.call(e.PUBLIC_PICTURE, None, picture_id=another.id)).status_code == 404

    run(go())


def test_each_refusal_says_why_and_what_to_do_and_keeps_nothing(sqlite_world: World) -> None:
    one_each = {trouble: content for content, trouble in REFUSED.values() if len(content) <= BYTES_MAX}

    async def go() -> None:
        async with sqlite_world as world:
            assert set(one_each) == set(PictureTrouble) - {PictureTrouble.TOO_LARGE}
            for trouble, content in one_each.items():
                answer = await world.call(e.ADD_ALERT_PICTURE, "officer", content)
                assert (answer.status_code, answer.json()["code"]) == (422, trouble.value)
                assert answer.json()["advice"] == PICTURE_TROUBLES[trouble].next_step
            large = await world.call(e.ADD_ALERT_PICTURE, "officer", b"\xff\xd8\xff" + b"\0" * (BYTES_MAX + 9))
            assert (large.status_code, large.json()["code"]) == (413, "too_large")
            assert _files(world) == []
            async with world.parts.store.reading() as connection:
                assert await connection.scalar(sa.select(sa.func.count()).select_from(t.pictures)) == 0
                assert "add_alert_picture" not in (await connection.scalars(sa.select(t.audit.c.action))).all()

    run(go())


def test_without_a_key_nothing_is_kept(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            headers = await world.sign_in("officer")
            answer = await world.client.put(e.ADD_ALERT_PICTURE.path, content=f.jpeg(), headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (400, "key_missing")
            assert _files(world) == []

    run(go())


@pytest.mark.parametrize("username", ["auditor", "admin", "neutral"])
def test_who_may_not_speak_for_the_agency_adds_no_picture(sqlite_world: World, username: str) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            answer = await world.call(e.ADD_ALERT_PICTURE, username, f.jpeg())
            assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")

    run(go())


def test_large_pictures_hold_up_nobody_and_too_many_at_once_are_told_to_wait(sqlite_world: World) -> None:
    large = f.encoded(f.pattern(4_800, 4_800), "PNG", compress_level=1)

    async def go() -> None:
        async with sqlite_world as world:
            await world.sign_in("officer")
            sent = [
                asyncio.create_task(world.call(e.ADD_ALERT_PICTURE, "officer", large)) for _ in range(WAITING_MAX + 4)
            ]
            longest, pending = 0.0, set(sent)
            while pending:
                began = time.perf_counter()
                assert (await world.call(e.HEALTH, None)).status_code == 200
                _, pending = await asyncio.wait(pending, timeout=0.01)
                longest = max(longest, time.perf_counter() - began)
            codes = [task.result().status_code for task in sent]
            assert codes.count(200) >= WAITING_MAX, codes
            assert codes.count(503) >= 1, codes
            assert set(codes) == {200, 503}
            assert longest < 1.0
            assert world.parts.pictures._workers._max_workers == AT_ONCE

    run(go())


def test_pictures_of_no_alert_are_swept_up(world: World) -> None:
    async def go() -> None:
        async with world:
            used, unused = await _add(world, f.jpeg()), await _add(world, f.png())
            world.now += timedelta(days=8)
            world._tokens.clear()
            fresh = await _add(world, f.webp())

            async def is_used(_connection: object, picture_id: str) -> bool:
                return picture_id == used.id

            assert await sweep(world.parts, world.now - timedelta(days=7), is_used) == 1
            assert _files(world) == sorted(f"{kept.id}.jpg" for kept in (used, fresh))
            assert (await world.call(e.ALERT_PICTURE, "officer", picture_id=unused.id)).status_code == 404
            assert (await world.call(e.ALERT_PICTURE, "officer", picture_id=used.id)).status_code == 200

    run(go())
