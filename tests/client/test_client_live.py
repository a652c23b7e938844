"""The live stream: resumed where it broke off, patient, and deaf to what it does not know."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING

import httpx
import msgspec
import pytest

from console.client.gateway import Gateway, ProblemRaised
from console.client.live import ConnectionState, Live
from console.contract.events import ClipArrived, NumberedEvent, PostPublished
from console.contract.problems import problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

POST = b'data: {"type":"post_published","post":"p"}\n'


def followed(
    responses: Iterator[httpx.Response | Exception], until: Callable[[list[object]], bool]
) -> tuple[list[object], list[str], list[float]]:
    """What a stream yields until then, the ids that it resumed from and the pauses that it took."""
    seen: list[object] = []
    asked: list[str] = []
    pauses: list[float] = []

    def handler(request: httpx.Request) -> httpx.Response:
        asked.append(request.headers["Last-Event-ID"])
        response = next(responses)
        if isinstance(response, Exception):
            raise response
        return response

    async def pause(seconds: float) -> None:
        pauses.append(seconds)

    async def go() -> None:
        gateway = Gateway("https://service.test", transport=httpx.MockTransport(handler))
        try:
            async with aclosing(Live(gateway, 7, pause=pause, spread=lambda: 0.5).follow()) as stream:
                async for item in stream:
                    seen.append(item)
                    if until(seen):
                        return
        finally:
            await gateway.aclose()

    asyncio.run(go())
    return seen, asked, pauses


def stream(content: bytes) -> httpx.Response:
    return httpx.Response(200, headers={"Content-Type": "text/event-stream"}, content=content)


def test_it_resumes_after_the_last_event_that_it_saw() -> None:
    first = b': welcome\n\nid: 8\ndata: {"type":"clip_arrived","clip":"c","request":"r"}\n\n: still here\n\n'
    seen, asked, _ = followed(iter([stream(first), stream(b"id: 9\n" + POST + b"\n")]), lambda seen: len(seen) == 6)
    assert seen == [
        ConnectionState.CONNECTING,
        ConnectionState.CONNECTED,
        NumberedEvent(8, ClipArrived("c", "r")),
        ConnectionState.CONNECTING,
        ConnectionState.CONNECTED,
        NumberedEvent(9, PostPublished("p")),
    ]
    assert asked == ["7", "8"]


def test_it_comes_back_ever_more_slowly_and_at_most_ten_seconds_later() -> None:
    _, _, pauses = followed((httpx.ConnectError("away") for _ in range(20)), lambda seen: len(seen) == 10)
    assert pauses == [0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10.0, 10.0]


def test_an_event_resets_the_pause_and_an_empty_stream_does_not() -> None:
    answers = [httpx.ConnectError("away"), stream(b""), stream(b"id: 8\n" + POST + b"\n"), httpx.ConnectError("away")]
    _, _, pauses = followed(iter([*answers, httpx.ConnectError("away")]), lambda seen: len(seen) == 9)
    assert pauses == [0.2, 0.4, 0.2, 0.4]


@pytest.mark.parametrize("data", [b"{}", b"nonsense", b'{"type":"from_the_future"}', b'{"type":"post_published"}'])
def test_an_unknown_event_is_passed_over_and_not_asked_for_again(data: bytes) -> None:
    first = b"id: 8\ndata: " + data + b"\n\n"
    _, asked, _ = followed(iter([stream(first), stream(b"")]), lambda seen: len(seen) == 5)
    assert asked == ["7", "8"]


@pytest.mark.parametrize("number", [b"-1", b"x", b"1e9", "٣".encode(), b""])
def test_a_number_that_is_none_is_not_resumed_from(number: bytes) -> None:
    _, asked, _ = followed(iter([stream(b"id: " + number + b"\n" + POST + b"\n"), stream(b"")]), lambda s: len(s) == 5)
    assert asked == ["7", "7"]


def test_a_page_that_is_no_stream_is_not_read_as_one() -> None:
    page = httpx.Response(200, headers={"Content-Type": "text/html"}, content=b"id: 8\n" + POST + b"\n")
    seen, asked, _ = followed(iter([page, stream(b"")]), lambda seen: len(seen) == 4)
    assert not any(isinstance(item, NumberedEvent) for item in seen)
    assert asked == ["7", "7"]


def test_a_stream_that_breaks_in_the_middle_is_asked_for_again() -> None:
    class Broken(httpx.AsyncByteStream):
        async def __aiter__(self):  # type: ignore[no-untyped-def]
            yield b"id: 8\n" + POST + b"\nid: 9\nda"
            raise httpx.ReadError("cut")

    broken = httpx.Response(200, headers={"Content-Type": "text/event-stream"}, stream=Broken())
    _, asked, _ = followed(iter([broken, stream(b"")]), lambda seen: len(seen) == 5)
    assert asked == ["7", "8"]


def test_a_sign_in_that_has_ended_ends_it() -> None:
    refusal = httpx.Response(401, content=msgspec.json.encode(problem("not_signed_in")))
    with pytest.raises(ProblemRaised):
        followed(iter([refusal]), lambda _: False)
