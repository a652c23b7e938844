"""Evidence: clips that neighbours chose to share, with hashes and a custody trail.

A clip bears no position, serial number, device or owner (DESIGN 3). The manifest of an export lets anyone check
that the files are those that the service handed over.
"""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum
from typing import NewType

import msgspec

from console.domain.requests import RequestId

ClipId = NewType("ClipId", str)

NAME_LENGTH_MAX = 80


class ClipState(StrEnum):
    """Where a clip stands between the neighbour and the agency."""

    CLEANING = "cleaning"
    READY = "ready"
    UNREADABLE = "unreadable"


class Clip(msgspec.Struct, frozen=True):
    """A clip as its agency sees it; `claimed_at` is what the file said, not what is proved. Size in bytes."""

    id: ClipId
    request: RequestId
    request_number: str
    from_whom: str
    sha256: str
    size: int
    seconds: float
    claimed_at: datetime | None
    received_at: datetime
    note: str = ""


class CustodyEntry(msgspec.Struct, frozen=True):
    """One handling of a clip: what, by whom, when (UTC)."""

    clip: ClipId
    action: str
    actor: str
    at: datetime
    detail: str = ""


class ManifestEntry(msgspec.Struct, frozen=True):
    """One exported file: its name in the folder, its SHA-256 and size in bytes."""

    file: str
    sha256: str
    size: int
    clip: ClipId
    from_whom: str
    request_number: str
    case_number: str
    claimed_at: datetime | None
    received_at: datetime


class Manifest(msgspec.Struct, frozen=True):
    """What an export folder holds, who exported it and when."""

    version: int
    agency: str
    exported_by: str
    exported_at: datetime
    entries: tuple[ManifestEntry, ...]
    custody: tuple[CustodyEntry, ...] = ()


def safe_name(untrusted_name: str) -> str:
    """A file name that is only a name: no folder, no control or reserved character, not a device, not hidden."""
    name = untrusted_name.replace("\\", "/").rsplit("/", 1)[-1]
    name = re.sub(r"[^\w.\- ]", "_", name, flags=re.ASCII).strip(" .")[:NAME_LENGTH_MAX]
    stem = name.split(".", 1)[0].upper()
    if not name or stem in {"CON", "PRN", "AUX", "NUL"} or re.fullmatch(r"(COM|LPT)\d", stem):
        return f"clip_{name}" if name else "clip"
    return name
