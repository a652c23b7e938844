"""What is malformed, too large, reversed, unknown or stale: a problem with a code and a sentence, nothing half-stored."""

from __future__ import annotations

import msgspec
import pytest
import sqlalchemy as sa

from console.contract import endpoints as e
from console.contract.problems import PROBLEMS, Problem
from console.domain.places import Point
from console.service import store as t
from tests.service.conftest import World, run

BAD_BODIES = {
    "not JSON": b"{",
    "empty": b"",
    "an array": b"[]",
    "an unknown field": b'{"draft": {"id": "x", "surprise": 1}, "sealed_at": "2026-06-10T20:00:00Z"}',
    "a wrong type": b'{"draft": {"id": 7}, "sealed_at": "2026-06-10T20:00:00Z"}',
    "NaN": b'{"draft": {"id": "x", "place": {"lat": NaN, "lon": 0}}, "sealed_at": "2026-06-10T20:00:00Z"}',
    "off the globe": b'{"draft": {"id": "x", "place": {"lat": 91, "lon": 0}}, "sealed_at": "2026-06-10T20:00:00Z"}',
    "a huge number": b'{"draft": {"id": "x", "place": {"lat": 1e999, "lon": 0}}, "sealed_at": "2026-06-10T20:00:00Z"}',
    "no zone": b'{"draft": {"id": "x", "begins": "2026-06-10T20:00:00"}, "sealed_at": "2026-06-10T20:00:00Z"}',
    "deep": b'{"draft": ' + b"[" * 50_000 + b"]" * 50_000 + b"}",
    "not UTF-8": b'{"draft": {"id": "\xff\xfe"}}',
}


@pytest.mark.parametrize("name", BAD_BODIES)
def test_a_malformed_body_gets_a_problem_and_keeps_nothing(sqlite_world: World, name: str) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            answer = await world.call(e.SUBMIT_REQUEST, "officer", BAD_BODIES[name])
            assert 400 <= answer.status_code < 500, answer.text
            refusal = msgspec.json.decode(answer.content, type=Problem)
            assert refusal.title
            assert refusal.advice
            async with world.parts.store.reading() as connection:
                assert await connection.scalar(sa.select(sa.func.count()).select_from(t.requests)) == 0

    run(go())


def test_ten_megabytes_are_refused(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            answer = await world.call(e.SUBMIT_REQUEST, "officer", b'{"draft": "' + b"x" * 10_000_000 + b'"}')
            assert (answer.status_code, answer.json()["code"]) == (413, "too_large")

    run(go())


def test_a_place_outside_or_at_null_island_is_refused(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            for place in (Point(0, 0), Point(40.7, -74.0), Point(-90, 180)):
                answer = await world.call(e.SUBMIT_REQUEST, "officer", world.sealed(place=place))
                assert "place_outside" in {f["code"] for f in answer.json()["findings"]}

    run(go())


def test_unknown_ids_and_stale_versions_are_told_apart(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            unknown = await world.call(e.APPROVE_REQUEST, "supervisor", {"version": 1}, request_id="../../etc/passwd")
            assert unknown.status_code == 404
            request_id = await world.submit()
            stale = await world.call(e.APPROVE_REQUEST, "supervisor", {"version": 7}, request_id=request_id)
            assert (stale.status_code, stale.json()["code"]) == (409, "moved_on")

    run(go())


@pytest.mark.parametrize("key", ["", "short", "x" * 65, "space in the key here", "ключ-ключ-ключ-ключ"])
def test_a_write_without_a_proper_key_is_refused(sqlite_world: World, key: str) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            headers = {k: v.encode() for k, v in (await world.sign_in("officer")).items()}
            if key:
                headers["Idempotency-Key"] = key.encode()
            body = msgspec.json.encode(world.sealed())
            answer = await world.client.post(
                e.SUBMIT_REQUEST.path, headers={**headers, "Content-Type": b"application/json"}, content=body
            )
            assert answer.status_code == 400
            assert answer.json()["code"] in {"key_missing", "malformed"}

    run(go())


@pytest.mark.parametrize(
    "query", ["?limit=0", "?limit=999999", "?before=x", "?before=99999999999999999.a", "?category=zzz"]
)
def test_a_wrong_query_is_a_problem_not_a_failure(sqlite_world: World, query: str) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            headers = await world.sign_in("officer")
            answer = await world.client.get(e.READ_FEED.path + query, headers=headers)
            assert answer.status_code in {200, 400}, answer.text

    run(go())


def test_what_does_not_exist_is_said_in_words_to_a_person_and_as_json_to_a_program(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            page = await world.client.get("/nothing-here", headers={"Accept": "text/html"})
            assert page.status_code == 404
            assert "text/html" in page.headers["content-type"]
            plain = await world.client.get("/nothing-here")
            assert plain.json()["code"] == "not_found"
            for path in ("/assets/../pyproject.toml", "/assets/pages/../../pages/front.html", "/assets/%2e%2e/x"):
                assert (await world.client.get(path)).status_code == 404

    run(go())


def test_every_problem_has_a_title_and_what_to_do() -> None:
    for code, kind in PROBLEMS.items():
        assert kind.title.endswith("."), code
        assert kind.advice.endswith("."), code
