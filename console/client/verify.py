"""Checks an export of evidence against its manifest, offline and without an account.

Promises: reads only plain files that lie directly in the folder; never follows a link, and never opens a name that
leads elsewhere. It shows that the folder is whole and unchanged since the export, not who made it.
"""

from __future__ import annotations

import hashlib
import stat
from typing import TYPE_CHECKING

import msgspec

from console.domain.evidence import Manifest, ManifestEntry, safe_name

if TYPE_CHECKING:
    from pathlib import Path

MANIFEST = "manifest.json"
SUMS = "SHA256SUMS"
MANIFEST_VERSION = 1
MANIFEST_BYTES_MAX = 16 * 1024 * 1024
_BLOCK_BYTES = 1024 * 1024


class VerifiedFile(msgspec.Struct, frozen=True):
    """A file of the export; `why` says what is wrong where it is not `ok`."""

    file: str
    ok: bool
    why: str = ""


def verify_export(folder: Path) -> tuple[VerifiedFile, ...]:
    """Each file of an export with what is wrong with it: the manifest first, files that do not belong last."""
    manifest = _manifest(folder)
    if isinstance(manifest, str):
        return (VerifiedFile(MANIFEST, ok=False, why=manifest),)
    seen: set[str] = {MANIFEST.casefold(), SUMS.casefold()}
    found = [VerifiedFile(MANIFEST, ok=True)]
    sums_fault = _sums_fault(folder, manifest)
    found.append(VerifiedFile(SUMS, ok=not sums_fault, why=sums_fault))
    for entry in manifest.entries:
        if entry.file.casefold() in seen:
            why = "The manifest names it twice."
        elif safe_name(entry.file) != entry.file:
            why = "The manifest names a file outside this folder; it was not opened."
        else:
            why = _fault(folder / entry.file, entry)
        seen.add(entry.file.casefold())
        found.append(VerifiedFile(entry.file, ok=not why, why=why))
    named = {MANIFEST, SUMS} | {entry.file for entry in manifest.entries}
    found.extend(
        VerifiedFile(path.name, ok=False, why="The manifest does not name it.")
        for path in sorted(folder.iterdir())
        if path.name not in named
    )
    return tuple(found)


def sum_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal; OSError."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()


def _manifest(folder: Path) -> Manifest | str:
    path = folder / MANIFEST
    fault = _not_plain(path)
    if fault:
        return fault
    try:
        if path.stat().st_size > MANIFEST_BYTES_MAX:
            return "It is too large to be a manifest."
        manifest = msgspec.json.decode(path.read_bytes(), type=Manifest)
    except OSError:
        return "It cannot be read."
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return "It is not a manifest."
    if manifest.version != MANIFEST_VERSION:
        return "It was written by a newer Porchlight."
    return manifest


def _fault(path: Path, entry: ManifestEntry) -> str:
    fault = _not_plain(path)
    if fault:
        return fault
    try:
        if path.stat().st_size != entry.size:
            return "Its size is not the one of the manifest."
        if sum_of(path) != entry.sha256:
            return "Its content is not the one of the manifest."
    except OSError:
        return "It cannot be read."
    return ""


def _not_plain(path: Path) -> str:
    try:
        mode = path.lstat().st_mode
    except (OSError, ValueError):
        return "It is missing."
    return "" if stat.S_ISREG(mode) else "It is not a plain file."


def _sums_fault(folder: Path, manifest: Manifest) -> str:
    path = folder / SUMS
    fault = _not_plain(path)
    if fault:
        return fault
    try:
        expected = sums_text({**{e.file: e.sha256 for e in manifest.entries}, MANIFEST: sum_of(folder / MANIFEST)})
        if path.stat().st_size > MANIFEST_BYTES_MAX:
            return "It is too large."
        same = path.read_bytes().split() == expected.encode().split()
    except OSError:
        return "It cannot be read."
    return "" if same else "It does not agree with the manifest."


def sums_text(sums: dict[str, str]) -> str:
    """The text of a SHA256SUMS file, as `sha256sum --check` reads it."""
    return "".join(f"{digest}  {name}\n" for name, digest in sums.items())
