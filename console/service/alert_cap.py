"""An agency's alerts for other alerting systems: each message as CAP 1.2, all of them as an Atom feed.

Promises: what is given out is what was published, nothing of drafts and of what waits; whoever asks again with the
mark of what they have is answered without it (RFC 9110, 13.1.2). Source: OASIS CAP 1.2; RFC 4287; RFC 4151 (tag).
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote

import msgspec
import sqlalchemy as sa
from litestar.params import FromPath
from litestar.response import Response

from console import __version__
from console.contract import endpoints as e
from console.domain.alert_cap import ENGLISH, to_cap
from console.domain.alert_words import KINDS, MESSAGES
from console.domain.alerts import AlertMessage, MessageKind
from console.domain.cap import MEDIA_TYPE, CapResource, xml_text
from console.domain.members import NEUTRAL_DESK
from console.service import store as t
from console.service.access import agency_of
from console.service.atom import ATOM_MEDIA_TYPE, AtomEntry, AtomFeed, write_atom
from console.service.cap import write_cap
from console.service.parts import refuse
from console.service.pictures import MEDIA_TYPE as PICTURE_TYPE
from console.service.requests import Call, parts_of
from console.service.routing import serves

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from console.domain.policy import Agency

ENTRIES_MAX = 500
"""The newest messages of a feed; each is small, and nobody's past is longer than its pages."""
FRESH_S = 30
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": f"public, max-age={FRESH_S}",
}
_ADDRESS = re.compile(r"https?://(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?", re.ASCII)


def base_of(request: Call) -> str:
    """How the public reaches the service, without a slash at its end: as it was set up, else as this caller came."""
    given = parts_of(request).public_url or str(request.base_url)
    base = given.rstrip("/")
    if not _ADDRESS.fullmatch(base):
        raise refuse("malformed")  # a Host header that is no host
    return base


def _part(text: str) -> str:
    return quote(text, safe="")


def cap_link(base: str, message: AlertMessage) -> str:
    """Where a message is as CAP."""
    return f"{base}/agencies/{_part(message.agency)}/alerts/{_part(message.identifier)}/cap"


def page_link(base: str, message: AlertMessage) -> str:
    """Where people read the alert of a message."""
    return f"{base}/agencies/{_part(message.agency)}#alert-{_part(message.alert)}"


async def load_messages(
    connection: AsyncConnection, ori: str, *also: sa.ColumnElement[bool], limit: int | None = None
) -> tuple[AlertMessage, ...]:
    """What an agency published, newest first."""
    c, messages = t.alerts.c, t.alert_messages.c
    query = (
        sa.select(messages.body)
        .join(t.alerts, c.id == messages.record)
        .where(c.agency == ori, *also)
        .order_by(c.published_at.desc(), messages.place.desc(), messages.identifier)
        .limit(limit)
    )
    return tuple(msgspec.json.decode(body, type=AlertMessage) for body in await connection.scalars(query))


@serves(e.ALERT_CAP, media_type=MEDIA_TYPE)
async def alert_cap(request: Call, ori: FromPath[str], identifier: FromPath[str]) -> Response[bytes]:
    """A message by its identifier, with links to its pictures."""
    base = base_of(request)
    async with parts_of(request).store.reading() as connection:
        found = await load_messages(connection, ori, t.alert_messages.c.identifier == identifier)
        if not found:
            raise refuse("not_found")
        pictures = await _resources(connection, base, found[0])
    content = write_cap(to_cap(found[0], page_link(base, found[0]), pictures))
    mark = _mark(content)
    return _unchanged(mark, MEDIA_TYPE) if _is_known(request, mark) else _answered(content, mark, MEDIA_TYPE)


@serves(e.ALERT_FEED, media_type=ATOM_MEDIA_TYPE)
async def alert_feed(request: Call, ori: FromPath[str]) -> Response[bytes]:
    """The newest messages of an agency: alerts, updates and all-clears."""
    base = base_of(request)
    if ori == NEUTRAL_DESK:
        raise refuse("not_found")
    async with parts_of(request).store.reading() as connection:
        agency = await agency_of(connection, ori)
        mark = await _mark_of_feed(connection, base, agency)
        if _is_known(request, mark):
            return _unchanged(mark, ATOM_MEDIA_TYPE)
        found = await load_messages(connection, ori, limit=ENTRIES_MAX)
    return _answered(write_atom(_feed(base, agency, found), _entries(base, found)), mark, ATOM_MEDIA_TYPE)


async def _resources(connection: AsyncConnection, base: str, message: AlertMessage) -> tuple[CapResource, ...]:
    # Without a digest: CAP's is a SHA-1, which proves nothing any more; the picture's own answer bears its SHA-256.
    query = sa.select(t.pictures.c.id, t.pictures.c.size).where(t.pictures.c.id.in_(message.pictures))
    sizes = {row.id: row.size for row in await connection.execute(query)}
    count = len(message.pictures)
    return tuple(
        CapResource(
            description=f"Picture {number} of {count}",
            media_type=PICTURE_TYPE,
            size=sizes.get(picture),
            uri=f"{base}/pictures/{_part(picture)}",
        )
        for number, picture in enumerate(message.pictures, 1)
    )


def _feed(base: str, agency: Agency, messages: tuple[AlertMessage, ...]) -> AtomFeed:
    page = f"{base}/agencies/{_part(agency.ori)}"
    domain = agency.mail_domains[0] if agency.mail_domains else "alerts.invalid"
    # The name is kept from the agency's first day, and stays the same whatever is published.
    since = agency.joined_on or "2026-01-01"
    name = xml_text(agency.name).strip() or agency.ori
    return AtomFeed(
        id=f"tag:{domain},{since}:{_part(agency.ori)}/alerts",
        title=f"Alerts of {name}",
        author=name,
        updated=messages[0].sent if messages else _first_moment(since),
        self_link=f"{page}/alerts/feed",
        page_link=page,
        subtitle="Alerts, updates and all-clears, the newest first. Each leads to its CAP 1.2 message.",
    )


def _first_moment(day: str) -> datetime:
    try:
        return datetime.fromisoformat(day).replace(tzinfo=UTC)
    except ValueError:
        return datetime(2026, 1, 1, tzinfo=UTC)


def _entries(base: str, messages: tuple[AlertMessage, ...]) -> tuple[AtomEntry, ...]:
    return tuple(
        AtomEntry(
            id=f"tag:{message.sender.rpartition('@')[2]},{message.sent:%Y-%m-%d}:{_part(message.identifier)}",
            title=_title(message),
            summary=message.text,
            published=message.sent,
            updated=message.sent,
            cap_link=cap_link(base, message),
            page_link=page_link(base, message),
            language=ENGLISH,
        )
        for message in messages
    )


def _title(message: AlertMessage) -> str:
    said = xml_text(message.title).strip() or KINDS[message.kind]
    return said if message.message is MessageKind.ALERT else f"{MESSAGES[message.message]}: {said}"


def _mark(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


async def _mark_of_feed(connection: AsyncConnection, base: str, agency: Agency) -> str:
    """What a feed is made of, without making it: what was published stays as it was said, so count and newest tell."""
    c = t.alerts.c
    query = sa.select(sa.func.count(), sa.func.max(c.published_at)).where(
        c.agency == agency.ori, c.published_at.is_not(None)
    )
    count, newest = (await connection.execute(query)).one()
    return _mark(
        msgspec.json.encode((__version__, base, agency.name, agency.mail_domains, agency.joined_on, count, newest))
    )


def _is_known(request: Call, mark: str) -> bool:
    known = {given.strip().removeprefix("W/") for given in request.headers.get("if-none-match", "").split(",")}
    return bool(known & {mark, "*"})


def _unchanged(mark: str, media_type: str) -> Response[bytes]:
    headers = {**_HEADERS, "ETag": mark}
    return Response(b"", status_code=HTTPStatus.NOT_MODIFIED, media_type=media_type, headers=headers)


def _answered(content: bytes, mark: str, media_type: str) -> Response[bytes]:
    return Response(content, media_type=media_type, headers={**_HEADERS, "ETag": mark})


HANDLERS = (alert_feed, alert_cap)
