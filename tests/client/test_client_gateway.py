"""The gateway: what it sends, what it makes of answers, and what it tries again."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.client.gateway import Gateway, ProblemRaised, Unintelligible, Unreachable, fill
from console.contract import endpoints as e
from console.contract import payloads as p
from console.contract.problems import Problem, problem

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

URL = "https://service.test"
SECRET = "s3cr3t-t0ken"
KEY = "k" * 20
HEALTH = msgspec.json.encode(p.Health(ok=True, version="1"))


def asked(handler: Callable[[httpx.Request], httpx.Response], ask: Callable[[Gateway], Awaitable[object]]) -> object:
    async def go() -> object:
        gateway = Gateway(URL, transport=httpx.MockTransport(handler))
        gateway.token = SECRET
        try:
            return await ask(gateway)
        finally:
            await gateway.aclose()

    return asyncio.run(go())


def test_an_answer_is_decoded_to_the_type_of_the_table() -> None:
    answer = asked(lambda _: httpx.Response(200, content=HEALTH), lambda g: g.call(e.HEALTH))
    assert answer == p.Health(ok=True, version="1")


def test_a_refusal_is_a_value_with_the_status_that_it_came_with() -> None:
    body = msgspec.json.encode(msgspec.structs.replace(problem("forbidden"), status=200))
    answer = asked(lambda _: httpx.Response(403, content=body), lambda g: g.call(e.LIST_CLIPS))
    assert isinstance(answer, Problem)
    assert (answer.code, answer.status) == ("forbidden", 403)


def test_the_token_goes_only_to_endpoints_that_need_it_and_is_never_shown(caplog: pytest.LogCaptureFixture) -> None:
    seen: list[str | None] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers.get("Authorization"))
        return httpx.Response(403, content=msgspec.json.encode(problem("forbidden")))

    async def ask(gateway: Gateway) -> str:
        await gateway.call(e.HEALTH)
        await gateway.call(e.LIST_CLIPS)
        return repr(gateway)

    with caplog.at_level(logging.DEBUG):
        shown = asked(handler, ask)
    assert seen == [None, f"Bearer {SECRET}"]
    assert SECRET not in f"{shown}{caplog.text}"


def test_a_retry_keeps_the_key_and_the_bytes() -> None:
    seen: list[tuple[str, bytes]] = []

    def handler(request: httpx.Request) -> httpx.Response:
        seen.append((request.headers["Idempotency-Key"], request.content))
        if len(seen) < 3:
            raise httpx.ReadError("lost")
        return httpx.Response(200, content=msgspec.json.encode(p.Accepted()))

    endpoint = msgspec.structs.replace(e.COMMENT_ON_POST, answer=p.Accepted)
    call = asked(handler, lambda g: g.call(endpoint, body=p.NewComment("hello"), path={"post_id": "1"}, key=KEY))
    assert call == p.Accepted()
    assert seen == [(KEY, b'{"text":"hello"}')] * 3


@pytest.mark.parametrize(
    ("endpoint", "key", "tries"),
    [(e.LIST_CLIPS, None, 3), (e.SIGN_OUT, None, 1), (e.SUBMIT_REQUEST, KEY, 3), (e.SIGN_IN, None, 1)],
)
@pytest.mark.parametrize("status", [502, 503, 504, 0])
def test_only_what_may_be_repeated_is_tried_again(
    endpoint: e.Endpoint, key: str | None, tries: int, status: int
) -> None:
    count = 0

    def handler(_request: httpx.Request) -> httpx.Response:
        nonlocal count
        count += 1
        if not status:
            raise httpx.ConnectTimeout("late")
        return httpx.Response(status, content=msgspec.json.encode(problem("busy")))

    with pytest.raises(Unreachable, match="Nothing is lost"):
        asked(handler, lambda g: g.call(endpoint, key=key))
    assert count == tries


@pytest.mark.parametrize(
    "response",
    [
        httpx.Response(200, text="<html>Welcome to the hotel</html>"),
        httpx.Response(302, headers={"Location": "https://elsewhere.test/"}),
        httpx.Response(404, text="nginx"),
        httpx.Response(200, content=b"[" * 100_000),
        httpx.Response(200, content=b"\xff\xfe"),
    ],
)
def test_an_answer_that_is_not_the_services_is_unintelligible_and_tried_once(response: httpx.Response) -> None:
    count = 0

    def handler(_request: httpx.Request) -> httpx.Response:
        nonlocal count
        count += 1
        return response

    with pytest.raises(Unintelligible):
        asked(handler, lambda g: g.call(e.LIST_CLIPS))
    assert count == 1


def test_a_proxy_that_finds_the_body_too_large_is_a_refusal() -> None:
    answer = asked(lambda _: httpx.Response(413, text="nginx"), lambda g: g.call(e.LIST_CLIPS))
    assert answer == problem("too_large")


def test_an_endless_answer_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("console.client.gateway.ANSWER_BYTES_MAX", 1_000)
    with pytest.raises(Unintelligible):
        asked(lambda _: httpx.Response(200, content=b" " * 2_000), lambda g: g.call(e.LIST_CLIPS))


@given(st.text(min_size=1).filter(lambda text: text not in {".", ".."}))
def test_a_value_never_leaves_its_part_of_the_path(value: str) -> None:
    try:
        filled = fill(e.SHOW_REQUEST.path, {"request_id": value})
    except UnicodeEncodeError:
        return
    assert filled.count("/") == e.SHOW_REQUEST.path.count("/")
    assert not set(filled) & set("?#\\ ")


@pytest.mark.parametrize("value", ["", ".", ".."])
def test_a_value_that_is_a_way_up_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="not a part"):
        fill(e.SHOW_REQUEST.path, {"request_id": value})


def test_the_token_never_goes_in_the_clear_beyond_this_machine() -> None:
    with pytest.raises(ValueError, match="https"):
        Gateway("http://service.example")


def test_a_stream_hands_on_chunks_and_raises_a_refusal() -> None:
    async def ask(gateway: Gateway) -> bytes:
        async with gateway.fetch(e.FETCH_CLIP, path={"clip_id": "1"}) as fetched:
            return b"".join([chunk async for chunk in fetched.chunks()])

    assert asked(lambda _: httpx.Response(200, content=b"abc"), ask) == b"abc"
    body = msgspec.json.encode(problem("not_found"))
    with pytest.raises(ProblemRaised) as raised:
        asked(lambda _: httpx.Response(404, content=body), ask)
    assert raised.value.problem.code == "not_found"


def test_over_a_real_socket_the_first_answer_is_lost_and_the_second_try_bears_the_same_key() -> None:
    heads: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        await reader.readexactly(len(b'{"text":"hello"}'))
        heads.append(head)
        if len(heads) > 1:
            body = msgspec.json.encode(p.Accepted())
            writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        writer.close()
        await writer.wait_closed()

    async def go() -> object:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        gateway = Gateway(f"http://127.0.0.1:{port}")
        endpoint = msgspec.structs.replace(e.COMMENT_ON_POST, answer=p.Accepted)
        try:
            return await gateway.call(endpoint, body=p.NewComment("hello"), path={"post_id": "1"}, key=KEY)
        finally:
            await gateway.aclose()
            server.close()
            await server.wait_closed()

    assert asyncio.run(go()) == p.Accepted()
    assert len(heads) == 2
    assert all(f"idempotency-key: {KEY}".encode() in head.lower() for head in heads)


def test_nobody_listening_is_unreachable() -> None:
    async def go() -> None:
        server = await asyncio.start_server(lambda _r, w: w.close(), "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        server.close()
        await server.wait_closed()
        gateway = Gateway(f"http://127.0.0.1:{port}")
        try:
            await gateway.call(e.HEALTH)
        finally:
            await gateway.aclose()

    with pytest.raises(Unreachable):
        asyncio.run(go())
