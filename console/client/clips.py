"""Evidence on the workstation: a clip's bytes, and an export that anyone can check.

Promises: a file bears its name only when its SHA-256 is the one that the service keeps; an export is noted in the
custody trail before its first byte is written; nothing that exists is ever overwritten.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
from typing import TYPE_CHECKING

import msgspec

from console.client.gateway import ProblemRaised
from console.client.verify import MANIFEST, MANIFEST_VERSION, SUMS, sum_of, sums_text
from console.contract.endpoints import FETCH_CLIP
from console.domain.evidence import Clip, Manifest, ManifestEntry, safe_name

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from console.client.gateway import Gateway
    from console.contract.payloads import ClipRecord
    from console.contract.problems import Problem

_ENDINGS = {
    "video/mp4": ".mp4",
    "video/quicktime": ".mov",
    "video/webm": ".webm",
    "video/x-matroska": ".mkv",
    "video/x-msvideo": ".avi",
}


class ClipError(Exception):
    """The recording could not be fetched."""

    def __str__(self) -> str:
        return " ".join((type(self).__doc__ or "").split())


class ClipDamaged(ClipError):  # noqa: N818 - says what happened
    """What arrived is not the recording that the service keeps. It was thrown away; fetch it again."""


class ClipNotWritten(ClipError):  # noqa: N818 - says what happened
    """The recording could not be written. Check that there is room on the disk and that you may write there."""


class ClipRefused(ClipError):  # noqa: N818 - says what happened
    """The service refused."""

    def __init__(self, problem: Problem) -> None:
        super().__init__()
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.problem.title} {self.problem.advice}".strip()


async def fetch_clip(gateway: Gateway, clip: Clip, target: Path, progress: Callable[[int, int], None]) -> str:
    """Fetch a clip's bytes into `target` and answer the ending for its kind of video.

    `progress` gets bytes so far and in all. ClipError, Unreachable; then there is no `target`.
    """
    part = target.with_name(target.name + ".part")
    try:
        ending = await _fetch(gateway, clip, part, progress)
        await asyncio.to_thread(part.replace, target)
    except OSError as fault:
        raise ClipNotWritten from fault
    finally:
        part.unlink(missing_ok=True)
    return ending


async def _fetch(gateway: Gateway, clip: Clip, part: Path, progress: Callable[[int, int], None]) -> str:
    digest = hashlib.sha256()
    size = 0
    progress(0, clip.size)
    try:
        async with gateway.fetch(FETCH_CLIP, path={"clip_id": clip.id}) as fetched:
            untrusted_kind = fetched.headers.get("content-type", "").partition(";")[0].strip().lower()
            with part.open("wb") as file:
                async for untrusted_chunk in fetched.chunks():
                    size += len(untrusted_chunk)
                    if size > clip.size:
                        raise ClipDamaged
                    digest.update(untrusted_chunk)
                    file.write(untrusted_chunk)
                    progress(size, clip.size)
                file.flush()
                await asyncio.to_thread(os.fsync, file.fileno())
    except ProblemRaised as fault:
        raise ClipRefused(fault.problem) from fault
    if size != clip.size or digest.hexdigest() != clip.sha256:
        raise ClipDamaged
    return _ENDINGS.get(untrusted_kind, ".mp4")


async def export_clips(
    gateway: Gateway,
    records: tuple[ClipRecord, ...],
    folder: Path,
    *,
    agency: str,
    exported_by: str,
    exported_at: datetime,
) -> Path:
    """Write clips with manifest and sums into a new folder inside `folder`; ClipError, Unreachable.

    While it is being written the new folder's name ends in `.partial`; where it fails, that is removed.
    """
    try:
        partial, final = _new_folder(folder, exported_at)
    except OSError as fault:
        raise ClipNotWritten from fault
    try:
        entries = [await _export(gateway, record, n, partial) for n, record in enumerate(records, 1)]
        custody = tuple(line for record in records for line in record.custody)
        manifest = Manifest(MANIFEST_VERSION, agency, exported_by, exported_at, tuple(entries), custody)
        await asyncio.to_thread(_finish, partial, final, manifest)
    except OSError as fault:
        raise ClipNotWritten from fault
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return final


async def _export(gateway: Gateway, record: ClipRecord, n: int, partial: Path) -> ManifestEntry:
    clip = record.clip
    raw = partial / f"{n:03d}"
    ending = await fetch_clip(gateway, clip, raw, lambda _done, _whole: None)
    words = f"{n:03d} {clip.request_number} {clip.from_whom}".replace("/", "-")
    name = safe_name("-".join(words.replace("#", "").split())[:70] + ending)
    raw.rename(partial / name)
    return ManifestEntry(
        file=name,
        sha256=clip.sha256,
        size=clip.size,
        clip=clip.id,
        from_whom=clip.from_whom,
        request_number=clip.request_number,
        case_number=record.case_number,
        claimed_at=clip.claimed_at,
        received_at=clip.received_at,
    )


def _new_folder(folder: Path, at: datetime) -> tuple[Path, Path]:
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"Porchlight-export-{at:%Y%m%d-%H%M%S}Z"
    n = 1
    while True:
        final = folder / (stem if n == 1 else f"{stem}-{n}")
        partial = final.with_name(final.name + ".partial")
        if not final.exists():
            try:
                partial.mkdir(mode=0o700)
            except FileExistsError:
                pass
            else:
                return partial, final
        n += 1


def _finish(partial: Path, final: Path, manifest: Manifest) -> None:
    _write(partial / MANIFEST, msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n")
    sums = {**{entry.file: entry.sha256 for entry in manifest.entries}, MANIFEST: sum_of(partial / MANIFEST)}
    _write(partial / SUMS, sums_text(sums).encode())
    if final.exists():
        raise FileExistsError(final.name)
    partial.rename(final)


def _write(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
