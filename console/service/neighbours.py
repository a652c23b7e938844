"""What a neighbour does in a browser: see, share, decline, opt out, write. Of it, only a shared clip reaches an agency.

Neighbours pull: a request is matched by block when the page asks, so nobody is ever "notified" and nothing is counted.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

import msgspec
import sqlalchemy as sa
from litestar import Response
from litestar.datastructures import Cookie
from litestar.params import FromPath, JSONBody
from litestar.response import Redirect

from console.contract import endpoints as e
from console.contract import payloads as p
from console.domain.feed import PostId
from console.domain.requests import State
from console.service import store as t
from console.service.access import COOKIE, Neighbour, agency_of, digest
from console.service.agencies import PUBLIC_STATES, card, publish
from console.service.alert_publishing import public_form, published_alerts
from console.service.appeals import decisions_on_ones_own
from console.service.clips import open_request_for
from console.service.feed import load_posts, posts_by_id
from console.service.moderation_rows import neighbours_key
from console.service.pages import AlertCard, NeighbourView, RequestCard
from console.service.parts import Parts, refuse
from console.service.request_rows import load
from console.service.requests import Call, parts_of
from console.service.routing import serves
from console.service.web import page, request_map

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

POSTS_SHOWN = 20


class NewNeighbour(msgspec.Struct, frozen=True):
    """A neighbour to be enrolled, and the token of the link that signs them in."""

    id: str
    agency: str
    block: str
    link_token: str


async def enrol(connection: AsyncConnection, neighbours: list[NewNeighbour]) -> None:
    """Keep neighbours: a block and the hash of a link, nothing else."""
    if neighbours:
        await connection.execute(
            sa.insert(t.neighbours),
            [
                {
                    "id": n.id,
                    "agency": n.agency,
                    "block": n.block,
                    "link_hash": digest(n.link_token),
                    "cookie_hash": None,
                    "opted_out": False,
                    "announcement_seen": False,
                }
                for n in neighbours
            ],
        )


@serves(e.OPEN_LINK)
async def open_link(request: Call, token: FromPath[str]) -> Response[Any]:
    """A link signs its neighbour in on this browser; the cookie is out of reach of scripts and other sites."""
    parts = parts_of(request)
    cookie = secrets.token_urlsafe(32)
    async with parts.store.writing() as connection:
        result = await connection.execute(
            sa.update(t.neighbours).where(t.neighbours.c.link_hash == digest(token)).values(cookie_hash=digest(cookie))
        )
    if result.rowcount != 1:
        raise refuse("not_found")
    answer: Response[Any] = Redirect(e.NEIGHBOUR_PAGE.path)
    answer.set_cookie(
        Cookie(
            key=COOKIE,
            value=cookie,
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
            path="/n",
            max_age=30 * 86_400,
        )
    )
    return answer


async def _asked(parts: Parts, neighbour: Neighbour) -> tuple[RequestCard, ...]:
    """The published requests that ask this neighbour's block, unless the neighbour has turned them off."""
    if neighbour.opted_out:
        return ()
    here = sa.select(t.request_blocks.c.request).where(t.request_blocks.c.block.in_(parts.names_of(neighbour.block)))
    where = sa.and_(t.requests.c.id.in_(here), t.requests.c.state == State.PUBLISHED.value)
    async with parts.store.reading() as connection:
        agency = await agency_of(connection, neighbour.agency)
        found = await load(connection, where)
        answered = {
            row.request: row.answer
            for row in await connection.execute(sa.select(t.answers).where(t.answers.c.neighbour == neighbour.id))
        }
        shared = sa.select(t.clips.c.request, sa.func.count().label("files"))
        files = {
            row.request: row.files
            for row in await connection.execute(
                shared.where(t.clips.c.neighbour == neighbour.id).group_by(t.clips.c.request)
            )
        }
    return tuple(
        RequestCard(publish(request, agency), answered.get(request.id, ""), files.get(request.id, 0))
        for request in found
        if parts.asks(request.draft.area, neighbour.block)
    )


@serves(e.NEIGHBOUR_PAGE)
async def neighbour_page(request: Call) -> Response[str]:
    """The neighbour's page, or how to get a link."""
    parts, neighbour = parts_of(request), request.state.caller
    if neighbour is None:
        return page(lambda _nonce: parts.pages.signed_out(), frames=False)
    cards = await _asked(parts, neighbour)
    async with parts.store.reading() as connection:
        agency = await agency_of(connection, neighbour.agency)
        posts = await load_posts(connection, neighbour.agency, limit=POSTS_SHOWN, public_at=parts.clock())
        decisions = await decisions_on_ones_own(connection, neighbours_key(neighbour.id), parts.clock())
        in_force = await published_alerts(connection, neighbour.agency, in_force=True)
        ids = [alert.post for alert in in_force]
        threads = await posts_by_id(connection, neighbour.agency, ids, parts.clock())
    spoken = {post.id: post for post in threads}
    view = NeighbourView(
        agency=card(agency),
        announcement=not neighbour.announcement_seen,
        opted_out=neighbour.opted_out,
        requests=cards,
        posts=tuple(post for post in posts if post.id not in spoken),
        now=parts.clock(),
        time_zone=agency.time_zone,
        decisions=decisions,
        alerts=tuple(AlertCard(public_form(alert), spoken.get(PostId(alert.post))) for alert in in_force),
    )
    return page(lambda nonce: parts.pages.neighbour(view, nonce), frames=False)


@serves(e.NEIGHBOUR_MAP)
async def neighbour_map(request: Call, request_id: FromPath[str]) -> Response[str]:
    """A request's small map, for a neighbour in its blocks."""
    parts, neighbour = parts_of(request), request.state.caller
    await open_request_for(parts, neighbour, request_id)
    return await _map(parts, request_id)


@serves(e.REQUEST_MAP)
async def published_map(request: Call, request_id: FromPath[str]) -> Response[str]:
    """A published request's small map, for everybody."""
    return await _map(parts_of(request), request_id)


async def _map(parts: Parts, request_id: str) -> Response[str]:
    where = sa.and_(t.requests.c.id == request_id, t.requests.c.state.in_(PUBLIC_STATES))
    async with parts.store.reading() as connection:
        found = await load(connection, where)
        if not found:
            raise refuse("not_found")
        agency = await agency_of(connection, found[0].agency)
    return request_map(parts, agency, publish(found[0], agency))


@serves(e.DECLINE)
async def decline(request: Call, request_id: FromPath[str], data: JSONBody[p.Choice]) -> p.Accepted:
    """The neighbour's own note, so that the page stops asking; no agency, event, count or log learns of it."""
    parts, neighbour = parts_of(request), request.state.caller
    await open_request_for(parts, neighbour, request_id)
    where = sa.and_(t.answers.c.neighbour == neighbour.id, t.answers.c.request == request_id)
    async with parts.store.writing() as connection:
        known = await connection.scalar(sa.select(t.answers.c.answer).where(where))
        if known is None and not data.seen_only:
            await connection.execute(
                sa.insert(t.answers).values(neighbour=neighbour.id, request=request_id, answer="declined")
            )
    return p.Accepted()


@serves(e.SET_OPT_OUT)
async def set_opt_out(request: Call, data: JSONBody[p.OptOut]) -> p.Accepted:
    """One switch for all future requests; it can be switched back."""
    await _change(parts_of(request), request.state.caller, opted_out=data.opted_out)
    return p.Accepted()


@serves(e.SEE_ANNOUNCEMENT)
async def see_announcement(request: Call, data: JSONBody[p.Choice]) -> p.Accepted:
    """The announcement was read and is put away."""
    del data
    await _change(parts_of(request), request.state.caller, announcement_seen=True)
    return p.Accepted()


async def _change(parts: Parts, neighbour: Neighbour, **values: bool) -> None:
    async with parts.store.writing() as connection:
        await connection.execute(sa.update(t.neighbours).where(t.neighbours.c.id == neighbour.id).values(**values))


HANDLERS = (
    open_link,
    neighbour_page,
    neighbour_map,
    published_map,
    decline,
    set_opt_out,
    see_announcement,
)
