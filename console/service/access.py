"""Who is calling: members by a bearer token, neighbours by a cookie, checked against the table of endpoints.

Tokens are random, kept only as SHA-256, and ended by sign-out, by half an hour without use, or after twelve hours.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

import msgspec
import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error

from console.contract.endpoints import Endpoint, Party
from console.domain.members import Member, Role
from console.domain.policy import Agency
from console.service import store as t
from console.service.parts import Parts, refuse
from console.service.readings import Asked, time_of

if TYPE_CHECKING:
    from litestar.connection import ASGIConnection
    from sqlalchemy.ext.asyncio import AsyncConnection

    from console.service.readings import Reading

COOKIE = "porchlight_neighbour"
SESSION_LENGTH = timedelta(hours=12)
IDLE_LENGTH = timedelta(minutes=30)
USE_NOTED_EVERY = timedelta(minutes=1)
ATTEMPTS_A_MINUTE = 6
# What a name that does not exist is checked against, so that it takes as long as one that does.
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHRzb21lc2FsdA$kN1bU0pZ1kTq6yq8Hq0cUo0g5f8mV6gBvGm7yZp0j3s"
_hasher = PasswordHasher()
_MEMBER = msgspec.json.Decoder(Member)
_SIGN_IN = (
    "SELECT s.signed_in_at, s.last_used_at, s.expires_at, m.body FROM sessions s "
    "JOIN members m ON m.id = s.member WHERE s.token_hash = :token_hash"
)


@dataclass(frozen=True)
class SignedIn:
    """A member with the sign-in that the call came by."""

    member: Member
    token_hash: str
    signed_in_at: datetime
    expires_at: datetime
    acting_for: tuple[Member, ...] = ()


class LastUse(NamedTuple):
    """A sign-in, and when it was used before this call."""

    signed_in: SignedIn
    at: datetime


@dataclass(frozen=True)
class Neighbour:
    """A neighbour, known to the service by a block and nothing else."""

    id: str
    agency: str
    block: str
    opted_out: bool
    announcement_seen: bool


def digest(token: str) -> str:
    """How a token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


async def hash_password(password: str) -> str:
    """An argon2id hash, made off the event loop."""
    return await asyncio.to_thread(_hasher.hash, password)


async def password_fits(password_hash: str | None, password: str) -> bool:
    """Whether a password fits; as slow for a member that does not exist."""
    try:
        return await asyncio.to_thread(_hasher.verify, password_hash or _NOBODY, password)
    except Argon2Error:
        return False


def count_attempt(parts: Parts, name: str) -> None:
    """Refuse a seventh try to sign in within a minute."""
    now = parts.clock().timestamp()
    recent = [at for at in parts.attempts.get(name, []) if now - at < 60]  # noqa: PLR2004 - a minute
    if len(recent) >= ATTEMPTS_A_MINUTE:
        raise refuse("too_many_attempts")
    if len(parts.attempts) > 10_000:  # noqa: PLR2004 - a bound, so that made-up names cannot fill the memory
        parts.attempts.clear()
    parts.attempts[name] = [*recent, now]


async def open_session(parts: Parts, connection: AsyncConnection, member: Member) -> tuple[str, SignedIn]:
    """A new token for a member, and what is kept of it."""
    token, now = secrets.token_urlsafe(32), parts.clock()
    signed_in = SignedIn(member, digest(token), now, now + SESSION_LENGTH)
    await connection.execute(
        sa.insert(t.sessions).values(
            token_hash=signed_in.token_hash,
            member=member.id,
            signed_in_at=now,
            last_used_at=now,
            expires_at=signed_in.expires_at,
        )
    )
    return token, signed_in


async def member_of_token(parts: Parts, untrusted_token: str) -> SignedIn | None:
    """The sign-in of a token; None where it is unknown or has ended. The role is read anew on every call."""
    now = parts.clock()
    found = await parts.store.read(sign_in_of(untrusted_token, now))
    if found is None:
        return None
    await note_use(parts, found, now)
    return found.signed_in


def sign_in_of(untrusted_token: str, now: datetime) -> Reading[LastUse | None]:
    """The reading of a token's sign-in; None where it is unknown or has ended."""
    token_hash = digest(untrusted_token)
    rows = yield Asked(_SIGN_IN, {"token_hash": token_hash})
    if not rows:
        return None
    signed_in_at, last_used_at, expires_at, body = rows[0]
    last_used, expires = time_of(last_used_at), time_of(expires_at)
    if expires <= now or now - last_used > IDLE_LENGTH:
        return None
    return LastUse(SignedIn(_MEMBER.decode(body), token_hash, time_of(signed_in_at), expires), last_used)


async def note_use(parts: Parts, found: LastUse, now: datetime) -> None:
    """Keep that a sign-in was used, once a minute at the most."""
    if now - found.at > USE_NOTED_EVERY:
        used = t.sessions.c.token_hash == found.signed_in.token_hash
        async with parts.store.writing() as connection:
            await connection.execute(sa.update(t.sessions).where(used).values(last_used_at=now))


async def neighbour_of_cookie(parts: Parts, untrusted_cookie: str | None) -> Neighbour | None:
    """The neighbour of a cookie, or None."""
    if not untrusted_cookie:
        return None
    async with parts.store.reading() as connection:
        row = (
            await connection.execute(
                sa.select(t.neighbours).where(t.neighbours.c.cookie_hash == digest(untrusted_cookie))
            )
        ).first()
    if row is None:
        return None
    return Neighbour(row.id, row.agency, row.block, row.opted_out, row.announcement_seen)


async def let_in(
    parts: Parts, connection: ASGIConnection[Any, Any, Any, Any], endpoint: Endpoint
) -> SignedIn | Neighbour | None:
    """The caller, where the table lets them in; else a refusal. Knows no path: only the row of the table."""
    if any("\0" in str(part) for part in connection.path_params.values()):
        raise refuse("not_found")  # no name holds it, and PostgreSQL takes none
    roles = {who for who in endpoint.who if isinstance(who, Role)}
    if roles:
        signed_in = _at_home(await member_of_token(parts, _token_of(connection)))
        if endpoint.lendable:
            async with parts.store.reading() as reading:
                lenders = await lenders_of(reading, signed_in.member, roles, parts.clock())
            signed_in = replace(signed_in, acting_for=lenders)
        if signed_in.member.role not in roles and not signed_in.acting_for:
            raise refuse("forbidden")
        return signed_in
    neighbour = await neighbour_of_cookie(parts, connection.cookies.get(COOKIE))
    if Party.NEIGHBOUR in endpoint.who:
        if neighbour is None:
            raise refuse("not_signed_in")
        if endpoint.method != "GET" and not _same_origin(connection):
            raise refuse("wrong_origin")
    return neighbour


def member_let_in(
    connection: ASGIConnection[Any, Any, Any, Any], endpoint: Endpoint, now: datetime
) -> Reading[LastUse]:
    """The member who calls, where the table lets them in; else a refusal: `let_in` as the first part of a reading.

    For rows for members alone that nobody lends. Who takes it calls `note_use` when the reading has ended.
    """
    found = yield from sign_in_of(_token_of(connection), now)
    signed_in = _at_home(None if found is None else found.signed_in)
    if found is None or signed_in.member.role not in endpoint.who:
        raise refuse("forbidden")
    return found


def _token_of(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    scheme, _, token = connection.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else ""


def _at_home(signed_in: SignedIn | None) -> SignedIn:
    if signed_in is None:
        raise refuse("not_signed_in")
    if not signed_in.member.is_at_home:
        raise refuse("wrong_desk")
    return signed_in


async def lenders_of(
    connection: AsyncConnection, member: Member, roles: set[Role], now: datetime
) -> tuple[Member, ...]:
    """Those of one of these roles who have lent this member their deciding, as things stand."""
    if member.role not in {Role.OFFICER, Role.SUPERVISOR}:
        return ()
    query = (
        sa.select(t.members.c.body)
        .join(t.delegations, t.delegations.c.delegator == t.members.c.id)
        .where(t.delegations.c.delegate == member.id, t.delegations.c.until > now)
        .where(t.members.c.agency == member.agency)
    )
    found = [msgspec.json.decode(body, type=Member) for body in await connection.scalars(query)]
    return tuple(m for m in found if m.role in roles)


def _same_origin(connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    """A neighbour's write must come from our own page (beside the cookie's SameSite)."""
    origin = connection.headers.get("origin", "")
    return bool(origin) and urlsplit(origin).netloc == connection.headers.get("host", "")


def reading_of_agency(ori: str) -> Reading[Agency]:
    """An enrolled agency, as a part of a reading."""
    rows = yield Asked("SELECT body FROM agencies WHERE ori = :ori", {"ori": ori})
    if not rows:
        raise refuse("not_found")
    return msgspec.json.decode(rows[0][0], type=Agency)


async def agency_of(connection: AsyncConnection, ori: str) -> Agency:
    """An enrolled agency."""
    body = await connection.scalar(sa.select(t.agencies.c.body).where(t.agencies.c.ori == ori))
    if body is None:
        raise refuse("not_found")
    return msgspec.json.decode(body, type=Agency)
