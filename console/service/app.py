"""The service as one application: parts, routes from the table, problems, jobs."""

from __future__ import annotations

import asyncio
import contextlib
import os
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import structlog
from litestar import Litestar, Request, Response
from litestar.channels import ChannelsPlugin
from litestar.channels.backends.memory import MemoryChannelsBackend
from litestar.datastructures import State
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.spec import Components, SecurityScheme
from litestar.serialization import encode_json, get_serializer

from console import __version__
from console.contract.problems import Problem, problem
from console.domain.atlas import AtlasIndex
from console.domain.ground import Ground
from console.domain.moderation import ItemKind
from console.service import (
    agencies,
    agency_settings,
    alert_cap,
    alert_import,
    alerts,
    appeals,
    clips,
    desk_work,
    events,
    feed,
    feed_changes,
    feed_search,
    flags,
    moderation,
    moderation_public,
    moderation_view,
    neighbours,
    official,
    pictures,
    replies,
    requests,
    review,
    web,
)
from console.service.alert_pictures import is_in_published, sweep_unused
from console.service.alert_publishing import run_due
from console.service.atlas import read_pack
from console.service.clips import ClipShelf, clean_waiting
from console.service.live import Live
from console.service.pages import Pages
from console.service.parts import Parts, ProblemRaised, Signer
from console.service.pictures import PictureShelf
from console.service.records import Records
from console.service.requests import expire_due
from console.service.routing import unmatched
from console.service.store import Store, open_store, sqlite_url

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

log = structlog.get_logger("porchlight.service")
HANDLERS = (
    *agencies.HANDLERS,
    *requests.HANDLERS,
    *review.HANDLERS,
    *agency_settings.HANDLERS,
    *feed.HANDLERS,
    *official.HANDLERS,
    *desk_work.HANDLERS,
    *replies.HANDLERS,
    *feed_changes.HANDLERS,
    *feed_search.HANDLERS,
    *flags.HANDLERS,
    *appeals.HANDLERS,
    *moderation.HANDLERS,
    *moderation_view.HANDLERS,
    *moderation_public.HANDLERS,
    *alerts.HANDLERS,
    *alert_cap.HANDLERS,
    *alert_import.HANDLERS,
    *clips.HANDLERS,
    *pictures.HANDLERS,
    *events.HANDLERS,
    *neighbours.HANDLERS,
    *web.HANDLERS,
)
EXPIRY_EVERY_S = 30.0
ALERTS_EVERY_S = 5.0
SWEEP_EVERY_S = 3_600.0
RECORDS_TOKEN = "PORCHLIGHT_RECORDS_TOKEN_"  # noqa: S105 - the name of a variable
_CODES = {
    HTTPStatus.BAD_REQUEST: "malformed",
    HTTPStatus.NOT_FOUND: "not_found",
    HTTPStatus.METHOD_NOT_ALLOWED: "method_not_allowed",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "too_large",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "unsupported_media",
    HTTPStatus.UNPROCESSABLE_ENTITY: "malformed",
}


# What the service does by itself, and how often: each by itself, so that one that fails holds up no other.
JOBS: tuple[tuple[Callable[[Parts], Awaitable[object]], float], ...] = (
    (expire_due, EXPIRY_EVERY_S),
    (moderation.erase_due, EXPIRY_EVERY_S),
    (run_due, ALERTS_EVERY_S),
    (sweep_unused, SWEEP_EVERY_S),
)


class Settings(msgspec.Struct, frozen=True):
    """Where the service keeps its things: a folder, a database URL (SQLite in the folder by default), atlas packs.

    `holds` is what a neutral moderator looks at before it is published: requests, alerts. `public_url` is how the
    public reaches the service, for links in what other programs keep; empty: as each of them came.
    """

    folder: Path
    resources: Path
    packs: tuple[Path, ...] = ()
    database: str = ""
    holds: frozenset[ItemKind] = frozenset()
    public_url: str = ""

    @property
    def database_url(self) -> str:
        """The store's address."""
        return self.database or sqlite_url(self.folder / "service.sqlite")


def now_utc() -> datetime:
    """The service's clock."""
    return datetime.now(UTC)


def build(settings: Settings, clock: Callable[[], datetime] = now_utc) -> Litestar:
    """The application over a migrated store."""
    missing, strange = unmatched(HANDLERS)
    if missing or strange:
        message = f"endpoints without a handler: {sorted(missing)}; handlers without an endpoint: {sorted(strange)}"
        raise RuntimeError(message)
    settings.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    channels = ChannelsPlugin(MemoryChannelsBackend(), arbitrary_channels_allowed=True, subscriber_max_backlog=10_000)
    parts = assemble(settings, open_store(settings.database_url), channels, clock)

    @asynccontextmanager
    async def running(_app: Litestar) -> AsyncIterator[None]:
        jobs = [
            asyncio.create_task(_clean_forever(parts)),
            *(asyncio.create_task(_again_and_again(work, parts, every_s)) for work, every_s in JOBS),
        ]
        try:
            yield
        finally:
            for job in jobs:
                job.cancel()
            await asyncio.gather(*jobs, return_exceptions=True)
            parts.pictures.close()
            await parts.store.close()

    return Litestar(
        route_handlers=list(HANDLERS),
        plugins=[channels],
        lifespan=[running],
        state=State({"parts": parts}),
        exception_handlers={ProblemRaised: _refused, HTTPException: _http, Exception: _failed},
        openapi_config=_openapi_config(),
        debug=False,
    )


def _openapi_config() -> OpenAPIConfig:
    return OpenAPIConfig(
        title="Porchlight service",
        version=__version__,
        path="/schema",
        components=Components(security_schemes={"member": SecurityScheme(type="http", scheme="bearer")}),
    )


def openapi() -> bytes:
    """The OpenAPI document as JSON, from the same types that the service decodes by; needs no store."""
    app = Litestar(route_handlers=list(HANDLERS), openapi_config=_openapi_config())
    return encode_json(app.openapi_schema.to_schema(), serializer=get_serializer(app.type_encoders))


def assemble(settings: Settings, store: Store, channels: ChannelsPlugin, clock: Callable[[], datetime]) -> Parts:
    """The service's parts from its settings."""
    packs = [read_pack(path) for path in settings.packs]
    return Parts(
        store=store,
        clock=clock,
        signer=Signer.at(settings.folder / "receipt.key"),
        grounds={pack.atlas.version: Ground(AtlasIndex(pack.atlas)) for pack in packs},
        shelf=ClipShelf(settings.folder / "clips"),
        live=Live(channels),
        pictures=PictureShelf(settings.folder / "pictures"),
        may_be_seen=is_in_published,
        pages=Pages(settings.resources),
        resources=settings.resources,
        records=Records(
            {
                name.removeprefix(RECORDS_TOKEN): token
                for name, token in os.environ.items()
                if name.startswith(RECORDS_TOKEN)
            }
        ),
        basemaps={pack.atlas.version: pack.basemap for pack in packs if pack.basemap is not None},
        holds=settings.holds,
        public_url=settings.public_url,
    )


def _answer(request: Request[Any, Any, Any], refusal: Problem) -> Response[Any]:
    parts: Parts = request.app.state.parts
    wants_page = "text/html" in request.headers.get("accept", "") and request.method == "GET"
    if wants_page:
        return web.page(lambda _nonce: parts.pages.problem(refusal), frames=False, status=refusal.status)
    return Response(
        msgspec.json.encode(refusal),
        status_code=refusal.status,
        media_type="application/problem+json",
        headers=web.PAGE_HEADERS,
    )


def _refused(request: Request[Any, Any, Any], error: ProblemRaised) -> Response[Any]:
    return _answer(request, error.problem)


def _http(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    status = HTTPStatus(error.status_code)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _failed(request, error)
    return _answer(request, problem(_CODES.get(status, "malformed")))


def _failed(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    # By allow-list: the kind of error and where, never its message, which may quote what a person wrote.
    where = _place_of(error)
    if isinstance(error, (UnicodeDecodeError, RecursionError)) and where.startswith("decode_json"):
        return _answer(request, problem("malformed"))  # not UTF-8, or nested past any sense
    log.error(
        "handler_failed", error=type(error).__name__, where=where, path=str(request.scope.get("path_template", ""))
    )
    return _answer(request, problem("internal"))


def _place_of(error: Exception) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return ""
    code = trace.tb_frame.f_code
    return f"{getattr(code, 'co_qualname', code.co_name)}:{trace.tb_lineno}"


def _note_failure(event: str, error: Exception) -> None:
    log.error(event, error=type(error).__name__, where=_place_of(error))


async def _clean_forever(parts: Parts) -> None:
    while True:
        parts.shelf.waiting.clear()
        try:
            await clean_waiting(parts)
        except Exception as error:  # noqa: BLE001 - one bad clip must not end the job
            _note_failure("cleaning_failed", error)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(parts.shelf.waiting.wait(), EXPIRY_EVERY_S)


async def _again_and_again(work: Callable[[Parts], Awaitable[object]], parts: Parts, every_s: float) -> None:
    """Do some work of the service's own for ever; what failed is tried again at the next turn."""
    while True:
        try:
            await work(parts)
        except Exception as error:  # noqa: BLE001 - one bad turn must not end the job
            _note_failure(f"{work.__name__}_failed", error)
        await asyncio.sleep(every_s)
