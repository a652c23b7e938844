"""Alerts' pictures: taken from members, made anew, shown to the agency and, once an alert with it is public, to all.

Promises: what a member sent is never kept, only the picture made anew from its pixels; decoding never holds up the
event loop, and at most two pictures are decoded at once; a picture of no published alert is unknown to everybody else.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import obstore
import sqlalchemy as sa
from litestar.params import FromPath
from litestar.response import Response
from obstore.store import LocalStore

from console.contract import endpoints as e
from console.contract.pictures import KeptPicture
from console.domain.pictures import BYTES_MAX, PictureId, PictureTrouble
from console.service import store as t
from console.service.parts import mint_id, refuse
from console.service.picture_cleaning import CleanPicture, clean_picture
from console.service.requests import Call, Key, parts_of, signed_in
from console.service.routing import serves
from console.service.writes import Effect, Transaction, write

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy.ext.asyncio import AsyncConnection

    from console.service.parts import Parts

MEDIA_TYPE = "image/jpeg"
AT_ONCE = 2
WAITING_MAX = 16
# A page or a program opened from here could do nothing, were a picture ever taken for one.
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
}


class PictureShelf:
    """Where pictures are, as objects, and the two threads that make them anew."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._shelf = LocalStore(prefix=str(folder), automatic_cleanup=True)
        self._workers = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="pictures")
        self._waiting = 0

    async def clean(self, untrusted: bytes) -> CleanPicture:
        """A picture made anew; refused with a reason, or as busy where too many wait."""
        if self._waiting >= WAITING_MAX:
            raise refuse("busy")
        self._waiting += 1
        try:
            found = await asyncio.get_running_loop().run_in_executor(self._workers, clean_picture, untrusted)
        finally:
            self._waiting -= 1
        if isinstance(found, PictureTrouble):
            raise refuse(found.value)
        return found

    async def keep(self, picture_id: str, content: bytes) -> None:
        """Put a clean picture on the shelf."""
        await obstore.put_async(self._shelf, f"{picture_id}.jpg", content)

    async def fetch(self, picture_id: str) -> bytes:
        """A picture's bytes."""
        found = await obstore.get_async(self._shelf, f"{picture_id}.jpg")
        return bytes(await found.bytes_async())

    async def remove(self, picture_id: str) -> None:
        """Take a picture from the shelf."""
        await obstore.delete_async(self._shelf, f"{picture_id}.jpg")

    def close(self) -> None:
        """Let the threads go; what they are at is finished and dropped."""
        self._workers.shutdown(wait=False, cancel_futures=True)


@serves(e.ADD_ALERT_PICTURE, request_max_body_size=BYTES_MAX + 1)
async def add_alert_picture(request: Call, key: Key = None) -> KeptPicture:
    """A member's picture, made anew; a repeated key answers with the picture that was kept first."""
    parts, member = parts_of(request), signed_in(request).member
    made = await parts.pictures.clean(await request.body())
    picture_id = mint_id()

    async def effect(tx: Transaction) -> Effect:
        await tx.connection.execute(
            sa.insert(t.pictures).values(
                id=picture_id,
                agency=tx.agency,
                member=member.id,
                sha256=made.sha256,
                size=len(made.content),
                width=made.width,
                height=made.height,
                received_at=tx.now,
            )
        )
        return Effect(picture_id, "kept")

    # On the shelf first: a row without its picture would be a promise broken, a picture without a row is only swept up.
    await parts.pictures.keep(picture_id, made.content)
    try:
        receipt = await write(parts, member, e.ADD_ALERT_PICTURE, key, made.sha256, "", effect)
    except BaseException:
        await parts.pictures.remove(picture_id)
        raise
    if receipt.subject != picture_id:
        await parts.pictures.remove(picture_id)
    async with parts.store.reading() as connection:
        row = await _row(connection, receipt.subject)
    return KeptPicture(PictureId(row.id), row.size, row.sha256, row.width, row.height, receipt)


@serves(e.ALERT_PICTURE, media_type=MEDIA_TYPE)
async def alert_picture(request: Call, picture_id: FromPath[str]) -> Response[bytes]:
    """A picture's bytes, for the agency whose member added it."""
    parts, agency = parts_of(request), signed_in(request).member.agency
    async with parts.store.reading() as connection:
        row = await _row(connection, picture_id)
    if row.agency != agency:
        raise refuse("not_found")
    return await _shown(parts, row, "private, no-store")


@serves(e.PUBLIC_PICTURE, media_type=MEDIA_TYPE)
async def public_picture(request: Call, picture_id: FromPath[str]) -> Response[bytes]:
    """A picture's bytes, for everybody, once an alert that uses it is published."""
    parts = parts_of(request)
    async with parts.store.reading() as connection:
        row = await _row(connection, picture_id)
        if not await parts.may_be_seen(connection, picture_id):
            raise refuse("not_found")
    return await _shown(parts, row, "public, max-age=300")


async def sweep(parts: Parts, before: datetime, is_used: Callable[[AsyncConnection, str], Awaitable[bool]]) -> int:
    """Remove the pictures that came before a time and that no alert uses; returns how many."""
    removed: list[str] = []
    async with parts.store.writing() as connection:
        old = await connection.scalars(sa.select(t.pictures.c.id).where(t.pictures.c.received_at < before))
        for picture_id in old.all():
            if not await is_used(connection, picture_id):
                await connection.execute(sa.delete(t.pictures).where(t.pictures.c.id == picture_id))
                removed.append(picture_id)
    for picture_id in removed:
        await parts.pictures.remove(picture_id)
    return len(removed)


async def _row(connection: AsyncConnection, picture_id: str) -> sa.Row[tuple[str, ...]]:
    row = (await connection.execute(sa.select(t.pictures).where(t.pictures.c.id == picture_id))).first()
    if row is None:
        raise refuse("not_found")
    return row


async def _shown(parts: Parts, row: sa.Row[tuple[str, ...]], caching: str) -> Response[bytes]:
    headers = {**_HEADERS, "Cache-Control": caching, "X-Content-SHA256": str(row.sha256)}
    return Response(await parts.pictures.fetch(row.id), media_type=MEDIA_TYPE, headers=headers)


HANDLERS = (add_alert_picture, alert_picture, public_picture)
