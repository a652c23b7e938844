"""Clips: streamed in from a neighbour, cleaned of everything that tells where or whose, streamed out to the agency.

Promises: never whole in memory; what the agency gets has video and audio streams only, without metadata, position,
serial number, device, owner, data tracks, subtitles, chapters, cover art or SEI user data (FINDINGS: the usual ways
leave some of it behind); a recording acknowledged to a neighbour survives a crash and is cleaned after the restart.
Not removed, and said to the neighbour: a voice, a house number in the picture, an overlay.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import imageio_ffmpeg
import msgspec
import obstore
import sqlalchemy as sa
from litestar.params import FromPath, HeaderParameter, JSONBody
from litestar.response import Stream
from obstore.store import LocalStore

from console.contract import endpoints as e
from console.contract import payloads as p
from console.contract.events import ClipArrived
from console.domain.drafts import Draft
from console.domain.evidence import Clip, ClipId, ClipState, CustodyEntry
from console.domain.requests import RequestId
from console.service import store as t
from console.service.feed import alias
from console.service.parts import Parts, mint_id, refuse
from console.service.request_rows import load_one
from console.service.requests import Call, Key, parts_of, signed_in
from console.service.routing import serves
from console.service.writes import Effect, Transaction, write

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from console.service.access import Neighbour

CLIP_SIZE_MAX = 2 * 1024**3
PROBE_SECONDS_MAX = 30.0
CLEAN_SECONDS_MAX = 1_800.0
CHUNK = 256 * 1024

_SEI_FILTER = {"h264": "filter_units=remove_types=6", "hevc": "filter_units=remove_types=39|40"}
_VIDEO = re.compile(r"Stream #\S+.*?: Video: (\w+)")
_LENGTH = re.compile(r"Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)")
_CREATED = re.compile(r"creation_time\s*:\s*(\S+)")


class Probe(msgspec.Struct, frozen=True):
    """What ffmpeg says of a file: its codec, its length in seconds, and the time that it claims."""

    codec: str
    seconds: float
    claimed_at: datetime | None


async def _ffmpeg(*arguments: str, seconds: float) -> tuple[int, str]:
    """Run ffmpeg on a hostile file: bounded in time, no protocol but files, no input from us."""
    process = await asyncio.create_subprocess_exec(
        imageio_ffmpeg.get_ffmpeg_exe(),
        "-hide_banner",
        "-nostdin",
        "-protocol_whitelist",
        "file",
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        _, said = await asyncio.wait_for(process.communicate(), seconds)
    except (TimeoutError, asyncio.CancelledError):
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        raise
    return process.returncode or 0, said.decode(errors="replace")[-20_000:]


async def probe(path: Path) -> Probe | None:
    """What a file is; None where it holds no video that can be decoded."""
    try:
        code, said = await _ffmpeg(
            "-i", f"file:{path}", "-map", "0:V:0", "-frames:v", "1", "-f", "null", "-", seconds=PROBE_SECONDS_MAX
        )
    except TimeoutError:
        return None
    video = _VIDEO.search(said)
    if code or video is None:
        return None
    length = _LENGTH.search(said)
    seconds = int(length[1]) * 3_600 + int(length[2]) * 60 + float(length[3]) if length else 0.0
    return Probe(video[1], seconds, _claimed(said))


def _claimed(said: str) -> datetime | None:
    found = _CREATED.search(said)
    if found is None:
        return None
    try:
        at = datetime.fromisoformat(found[1])
    except ValueError:
        return None
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return at if at.year > 1970 else None  # noqa: PLR2004 - 1904 and 1970 mean that the clock was never set


async def clean(source: Path, target: Path, codec: str) -> bool:
    """Write a copy of `source` that bears nothing but pictures and sound; False where that fails."""
    streams = ("-i", f"file:{source}", "-map", "0:V:0", "-map", "0:a?", "-dn", "-sn", "-map_chapters", "-1")
    bare: tuple[str, ...] = (
        "-map_metadata",
        "-1",
        "-map_metadata:s",
        "-1",
        "-fflags",
        "+bitexact",
        "-flags:v",
        "+bitexact",
    )
    bare += ("-flags:a", "+bitexact", "-movflags", "+faststart", "-f", "mp4", "-y")
    ways: list[tuple[str, ...]] = []
    if codec in _SEI_FILTER:
        ways.append(("-c:v", "copy", "-bsf:v", _SEI_FILTER[codec], "-c:a", "aac"))
    ways.append(("-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-pix_fmt", "yuv420p", "-c:a", "aac"))
    ways[-1] += ("-bsf:v", _SEI_FILTER["h264"])  # the encoder's own SEI names its settings
    for way in ways:
        code, _ = await _ffmpeg(*streams, *way, *bare, f"file:{target}", seconds=CLEAN_SECONDS_MAX)
        if code == 0 and await probe(target) is not None:
            return True
    return False


class ClipShelf:
    """Where recordings are: an inbox on this disk until they are cleaned, then an object store."""

    def __init__(self, folder: Path) -> None:
        self.inbox = folder / "inbox"
        shelf = folder / "shelf"
        for made in (self.inbox, shelf):
            made.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._shelf = LocalStore(prefix=str(shelf), automatic_cleanup=True)
        self.waiting = asyncio.Event()

    async def keep(self, clip_id: str, path: Path) -> tuple[str, int]:
        """Put a cleaned file on the shelf; its SHA-256 and size."""
        digest, size = hashlib.sha256(), 0
        writer = obstore.open_writer_async(self._shelf, f"{clip_id}.mp4")
        async with writer as out:
            with path.open("rb") as source:
                while chunk := await asyncio.to_thread(source.read, CHUNK):
                    digest.update(chunk)
                    size += len(chunk)
                    await out.write(chunk)
        return digest.hexdigest(), size

    async def chunks(self, clip_id: str) -> AsyncIterator[bytes]:
        """A cleaned clip, piece by piece."""
        found = await obstore.get_async(self._shelf, f"{clip_id}.mp4")
        async for chunk in found.stream(min_chunk_size=CHUNK):
            yield bytes(chunk)


async def receive(shelf: ClipShelf, clip_id: str, stream: AsyncIterator[bytes]) -> tuple[Path, int, str]:
    """Write an upload to the inbox, flushed to the disk; refused while it runs where it grows too large."""
    path = shelf.inbox / clip_id
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("xb") as out:
            async for chunk in stream:
                size += len(chunk)
                if size > CLIP_SIZE_MAX:
                    raise refuse("too_large")  # noqa: TRY301 - undone below
                digest.update(chunk)
                await asyncio.to_thread(out.write, chunk)
            out.flush()
            await asyncio.to_thread(os.fsync, out.fileno())
        if size == 0:
            raise refuse("empty_file")  # noqa: TRY301 - undone below
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path, size, digest.hexdigest()


@serves(e.SHARE_CLIP, request_max_body_size=CLIP_SIZE_MAX + 1)
async def share_clip(
    request: Call,
    request_id: FromPath[str],
    file_name: Annotated[str, HeaderParameter(name="X-File-Name", max_length=1_000)] = "",
) -> p.Shared:
    """A neighbour shares one recording; "kept" is said once it is on the disk and known to be video."""
    parts, neighbour = parts_of(request), request.state.caller
    await open_request_for(parts, neighbour, request_id)
    clip_id = mint_id()
    path, size, sha256 = await receive(parts.shelf, clip_id, request.stream())
    try:
        found = await probe(path)
        if found is None:
            raise refuse("no_video")  # noqa: TRY301 - undone below
        del file_name  # a name may tell whose or where: it is never kept
        await _enter(parts, neighbour, request_id, clip_id, found)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    parts.shelf.waiting.set()
    return p.Shared(ClipId(clip_id), size, sha256)


async def open_request_for(parts: Parts, neighbour: Neighbour, request_id: str) -> str:
    """The agency of a published request that asks this neighbour's block; anything else is unknown."""
    query = (
        sa.select(t.requests.c.agency, t.requests.c.state, t.requests.c.draft)
        .join(t.request_blocks, t.request_blocks.c.request == t.requests.c.id)
        .where(
            t.requests.c.id == request_id,
            t.request_blocks.c.block.in_(parts.names_of(neighbour.block)),
            t.requests.c.published_at.is_not(None),
        )
    )
    async with parts.store.reading() as connection:
        row = (await connection.execute(query)).first()
    if row is None or not parts.asks(msgspec.json.decode(row.draft, type=Draft).area, neighbour.block):
        raise refuse("not_found")
    if row.state != "published":
        raise refuse("closed")
    if neighbour.opted_out:
        raise refuse("opted_out")
    return str(row.agency)


async def _enter(parts: Parts, neighbour: Neighbour, request_id: str, clip_id: str, found: Probe) -> None:
    agency = await open_request_for(parts, neighbour, request_id)
    async with parts.store.writing() as connection:
        now = parts.clock()
        await connection.execute(
            sa.insert(t.clips).values(
                id=clip_id,
                request=request_id,
                agency=agency,
                neighbour=neighbour.id,
                state=ClipState.CLEANING.value,
                body=msgspec.json.encode(found).decode(),
                received_at=now,
            )
        )
        await _answer(connection, neighbour.id, request_id, "shared")


async def _answer(connection: Any, neighbour: str, request_id: str, answer: str) -> None:
    where = sa.and_(t.answers.c.neighbour == neighbour, t.answers.c.request == request_id)
    await connection.execute(sa.delete(t.answers).where(where))
    await connection.execute(sa.insert(t.answers).values(neighbour=neighbour, request=request_id, answer=answer))


async def clean_waiting(parts: Parts) -> int:
    """Clean what is in the inbox and hand it to the agency; returns how many became ready."""
    async with parts.store.reading() as connection:
        rows = (
            await connection.execute(
                sa.select(t.clips).where(t.clips.c.state == ClipState.CLEANING.value).order_by(t.clips.c.received_at)
            )
        ).all()
    ready = 0
    for row in rows:
        source = parts.shelf.inbox / row.id
        target = parts.shelf.inbox / f"{row.id}.clean.mp4"
        found = msgspec.json.decode(row.body, type=Probe)
        try:
            ok = source.exists() and await clean(source, target, found.codec)
        except TimeoutError:
            ok = False
        if ok:
            sha256, size = await parts.shelf.keep(row.id, target)
            await _hand_over(parts, row, found, sha256, size)
            ready += 1
        else:
            async with parts.store.writing() as connection:
                await connection.execute(
                    sa.update(t.clips).where(t.clips.c.id == row.id).values(state=ClipState.UNREADABLE.value)
                )
        target.unlink(missing_ok=True)
        source.unlink(missing_ok=True)
    return ready


async def _hand_over(parts: Parts, row: Any, found: Probe, sha256: str, size: int) -> None:
    async with parts.store.writing() as connection:
        tx = Transaction(parts, connection, row.agency, parts.clock())
        number = await connection.scalar(sa.select(t.requests.c.number).where(t.requests.c.id == row.request))
        who = await alias(connection, f"request:{row.request}", row.neighbour)
        clip = Clip(
            id=row.id,
            request=RequestId(row.request),
            request_number=str(number),
            from_whom=f"Neighbor #{who}",
            sha256=sha256,
            size=size,
            seconds=found.seconds,
            claimed_at=found.claimed_at,
            received_at=tx.now,
        )
        await connection.execute(
            sa.update(t.clips)
            .where(t.clips.c.id == row.id)
            .values(state=ClipState.READY.value, body=msgspec.json.encode(clip).decode(), received_at=tx.now)
        )
        await _note(connection, CustodyEntry(clip.id, "received", "Porchlight service", tx.now, f"sha256 {sha256}"))
        await tx.audit("service", "receive_clip", clip.id)
        await tx.tell(ClipArrived(clip.id, row.request))
    parts.live.tell(row.agency, tx.told)


async def _note(connection: Any, entry: CustodyEntry) -> None:
    await connection.execute(sa.insert(t.custody).values(clip=entry.clip, body=msgspec.json.encode(entry).decode()))


async def _ready(connection: Any, agency: str, clip_id: str) -> Clip:
    body = await connection.scalar(
        sa.select(t.clips.c.body).where(
            t.clips.c.id == clip_id, t.clips.c.agency == agency, t.clips.c.state == ClipState.READY.value
        )
    )
    if body is None:
        raise refuse("not_found")
    return msgspec.json.decode(body, type=Clip)


@serves(e.LIST_CLIPS)
async def list_clips(request: Call) -> p.Clips:
    """The agency's evidence, newest first."""
    query = (
        sa.select(t.clips.c.body)
        .where(t.clips.c.agency == signed_in(request).member.agency, t.clips.c.state == ClipState.READY.value)
        .order_by(t.clips.c.received_at.desc(), t.clips.c.id)
    )
    async with parts_of(request).store.reading() as connection:
        bodies = await connection.scalars(query)
        return p.Clips(tuple(msgspec.json.decode(body, type=Clip) for body in bodies))


@serves(e.SHOW_CLIP)
async def show_clip(request: Call, clip_id: FromPath[str]) -> p.ClipRecord:
    """One clip with its custody trail."""
    agency = signed_in(request).member.agency
    async with parts_of(request).store.reading() as connection:
        clip = await _ready(connection, agency, clip_id)
        case = (await load_one(connection, agency, clip.request)).draft.case_number
        bodies = await connection.scalars(
            sa.select(t.custody.c.body).where(t.custody.c.clip == clip_id).order_by(t.custody.c.number)
        )
        trail = tuple(msgspec.json.decode(body, type=CustodyEntry) for body in bodies)
    return p.ClipRecord(clip, clip.request, case, trail)


@serves(e.FETCH_CLIP, media_type="video/mp4")
async def fetch_clip(request: Call, clip_id: FromPath[str]) -> Stream:
    """A clip's bytes; that it was fetched goes into its custody trail first."""
    parts, member = parts_of(request), signed_in(request).member
    async with parts.store.writing() as connection:
        clip = await _ready(connection, member.agency, clip_id)
        entry = CustodyEntry(clip.id, "fetched", f"{member.title} {member.name}", parts.clock())
        await _note(connection, entry)
        tx = Transaction(parts, connection, member.agency, entry.at)
        await tx.audit(member.id, e.FETCH_CLIP.name, clip.id)
    headers = {"Content-Length": str(clip.size), "X-Content-SHA256": clip.sha256, "Cache-Control": "no-store"}
    return Stream(parts.shelf.chunks(clip.id), media_type="video/mp4", headers=headers)


@serves(e.EXPORT_CLIPS)
async def export_clips(request: Call, data: JSONBody[p.Export], key: Key = None) -> p.Receipt:
    """An export to a workstation's folder, noted in each clip's custody trail before it happens."""
    member = signed_in(request).member

    async def effect(tx: Transaction) -> Effect:
        for clip_id in data.clips:
            clip = await _ready(tx.connection, tx.agency, clip_id)
            who = f"{member.title} {member.name}"
            await _note(tx.connection, CustodyEntry(clip.id, "exported", who, tx.now, data.reason))
        return Effect(",".join(data.clips)[:200], "exported")

    return await write(parts_of(request), member, e.EXPORT_CLIPS, key, data, "", effect)


HANDLERS = (share_clip, list_clips, show_clip, fetch_clip, export_clips)
