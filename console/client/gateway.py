"""The gateway: the one way from the console to the service.

Promises: it calls only what stands in the table of endpoints; the token lives in memory and goes nowhere but into the
Authorization header; whatever comes back is untrusted until msgspec has decoded it. It never follows a redirect, never
asks the environment for a proxy or a .netrc, and never speaks plain HTTP beyond this machine.

    GatewayError
    +-- Unreachable         no answer, too late, or the service says that it is busy
    |   +-- Unintelligible  something answered, but not as the service does
    +-- ProblemRaised       a refusal, where it cannot be returned as a value
"""

from __future__ import annotations

import re
import urllib.parse
from contextlib import asynccontextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import httpx
import msgspec
import stamina

from console.contract.endpoints import Party
from console.contract.problems import Problem, problem

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator, Mapping

    from console.contract.endpoints import Endpoint

TRIES = 3
ANSWER_BYTES_MAX = 32 * 1024 * 1024
CHUNK_BYTES = 256 * 1024

_TIMES = httpx.Timeout(connect=5.0, read=20.0, write=30.0, pool=5.0)
_NOTHING: Mapping[str, str] = MappingProxyType({})
_BLANK = re.compile(r"\{(\w+):(\w+)\}")
_AWAY = frozenset({502, 503, 504})
_TOO_LARGE = 413
_REFUSALS_FROM = 400
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class GatewayError(Exception):
    """The service could not do that."""

    def __str__(self) -> str:
        return " ".join((type(self).__doc__ or "").split())


class Unreachable(GatewayError):  # noqa: N818 - says what happened
    """The service cannot be reached right now. Nothing is lost: what you have sent is kept and goes out by itself."""


class Unintelligible(Unreachable):
    """Something answered, but not as the service does. Check the network, for example a sign-in page of a Wi-Fi."""


class ProblemRaised(GatewayError):  # noqa: N818 - says what happened
    """The service refused."""

    def __init__(self, raised: Problem) -> None:
        super().__init__()
        self.problem = raised

    def __str__(self) -> str:
        return f"{self.problem.title} {self.problem.advice}".strip()


class Fetched:
    """Bytes that are still arriving. Neither headers nor bytes are to be trusted."""

    def __init__(self, untrusted_response: httpx.Response) -> None:
        self._untrusted_response = untrusted_response
        self.headers: Mapping[str, str] = untrusted_response.headers

    async def chunks(self) -> AsyncIterator[bytes]:
        """The bytes as they come; raises Unreachable where they stop too early."""
        try:
            async for untrusted_chunk in self._untrusted_response.aiter_bytes(CHUNK_BYTES):
                yield untrusted_chunk
        except httpx.HTTPError as fault:
            raise Unreachable from fault


class Gateway:
    """Calls endpoints of one service."""

    def __init__(
        self,
        base_url: str,
        *,
        ssl_context: ssl.SSLContext | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        url = httpx.URL(base_url)
        if transport is None and url.scheme != "https" and not (url.scheme == "http" and url.host in _LOOPBACK):
            raise ValueError("the service's address must begin with https://")
        self.base_url = str(url).rstrip("/")
        self._token: str | None = None
        self._client = httpx.AsyncClient(
            base_url=self.base_url,
            verify=True if ssl_context is None else ssl_context,
            transport=transport,
            timeout=_TIMES,
            follow_redirects=False,
            trust_env=False,
        )

    def __repr__(self) -> str:
        return f"Gateway({self.base_url!r})"

    @property
    def token(self) -> str | None:
        """The bearer token of the sign-in; in memory only."""
        return self._token

    @token.setter
    def token(self, token: str | None) -> None:
        self._token = token

    async def call(
        self,
        endpoint: Endpoint,
        *,
        body: msgspec.Struct | bytes | None = None,
        path: Mapping[str, str] = _NOTHING,
        query: Mapping[str, str] = _NOTHING,
        key: str | None = None,
    ) -> Any | Problem:
        """Call an endpoint; answers its decoded `answer` or a Problem, raises Unreachable.

        A body given as bytes is sent as it is (JSON). Only what may be repeated is tried again: a GET, or a write
        with a key.
        """
        content = msgspec.json.encode(body) if isinstance(body, msgspec.Struct) else body
        headers = self._headers(endpoint)
        if content is not None:
            headers["Content-Type"] = "application/json"
        if key is not None:
            headers["Idempotency-Key"] = key
        url = fill(endpoint.path, path)
        tries = TRIES if endpoint.method == "GET" or key is not None else 1
        async for attempt in stamina.retry_context(
            on=_worth_another_try, attempts=tries, wait_initial=0.2, wait_max=2.0, wait_jitter=0.3
        ):
            with attempt:
                request = self._client.build_request(
                    endpoint.method, url, params=dict(query) or None, headers=headers, content=content
                )
                return await self._answer(endpoint, request)
        raise Unreachable  # pragma: no cover - the context raises on its last try

    @asynccontextmanager
    async def fetch(
        self,
        endpoint: Endpoint,
        *,
        path: Mapping[str, str] = _NOTHING,
        headers: Mapping[str, str] = _NOTHING,
        read_timeout_s: float | None = None,
    ) -> AsyncIterator[Fetched]:
        """Open a stream of bytes; raises ProblemRaised where the service refuses, Unreachable where it is away."""
        opened = self.stream(endpoint, path=path, headers=headers, read_timeout_s=read_timeout_s)
        async with opened as untrusted_response:
            yield Fetched(untrusted_response)

    @asynccontextmanager
    async def stream(
        self,
        endpoint: Endpoint,
        *,
        path: Mapping[str, str] = _NOTHING,
        headers: Mapping[str, str] = _NOTHING,
        read_timeout_s: float | None = None,
    ) -> AsyncIterator[httpx.Response]:
        """As `fetch`, giving the response itself, for `live`."""
        timeout = _TIMES if read_timeout_s is None else httpx.Timeout(_TIMES.connect, read=read_timeout_s)
        request = self._client.build_request(
            endpoint.method, fill(endpoint.path, path), headers={**self._headers(endpoint), **headers}, timeout=timeout
        )
        untrusted_response = await self._send(request)
        try:
            if untrusted_response.status_code != httpx.codes.OK:
                refusal = _refusal(untrusted_response.status_code, await _read(untrusted_response))
                raise ProblemRaised(refusal)
            yield untrusted_response
        finally:
            await untrusted_response.aclose()

    async def aclose(self) -> None:
        """Close the connections and forget the token."""
        self._token = None
        await self._client.aclose()

    def _headers(self, endpoint: Endpoint) -> dict[str, str]:
        headers = {"Accept": "application/json"}
        if self._token is not None and endpoint.who != {Party.PUBLIC}:
            headers["Authorization"] = f"Bearer {self._token}"
        return headers

    async def _send(self, request: httpx.Request) -> httpx.Response:
        try:
            return await self._client.send(request, stream=True)
        except httpx.HTTPError as fault:
            raise Unreachable from fault

    async def _answer(self, endpoint: Endpoint, request: httpx.Request) -> Any | Problem:
        untrusted_response = await self._send(request)
        try:
            untrusted_body = await _read(untrusted_response)
        finally:
            await untrusted_response.aclose()
        if not untrusted_response.is_success:
            return _refusal(untrusted_response.status_code, untrusted_body)
        return None if endpoint.answer is None else _decode(untrusted_body, endpoint.answer)


def fill(template: str, values: Mapping[str, str]) -> str:
    """A path with its blanks filled; a value can never leave its own part of the path. ValueError, KeyError."""

    def filled(blank: re.Match[str]) -> str:
        value = values[blank.group(1)]
        if value in {"", ".", ".."}:
            raise ValueError("not a part of a path")
        return urllib.parse.quote(value, safe="")

    return _BLANK.sub(filled, template)


def _worth_another_try(fault: Exception) -> bool:
    return isinstance(fault, Unreachable) and not isinstance(fault, Unintelligible)


async def _read(untrusted_response: httpx.Response) -> bytes:
    untrusted_body = bytearray()
    try:
        async for untrusted_chunk in untrusted_response.aiter_bytes():
            untrusted_body += untrusted_chunk
            if len(untrusted_body) > ANSWER_BYTES_MAX:
                raise Unintelligible
    except httpx.HTTPError as fault:
        raise Unreachable from fault
    return bytes(untrusted_body)


def _refusal(status: int, untrusted_body: bytes) -> Problem:
    if status in _AWAY:
        raise Unreachable
    if status < _REFUSALS_FROM:
        raise Unintelligible
    try:
        refusal: Problem = _decode(untrusted_body, Problem)
    except Unintelligible:
        if status == _TOO_LARGE:  # a proxy before the service says this without our words
            return problem("too_large")
        raise
    return msgspec.structs.replace(refusal, status=status)


def _decode(untrusted_body: bytes, kind: Any) -> Any:
    try:
        return msgspec.json.decode(untrusted_body, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as fault:
        raise Unintelligible from fault
