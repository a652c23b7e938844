"""Atlas packs on disk: a folder with `atlas.json`, `manifest.json` and perhaps `basemap.pmtiles`.

Promises: a pack is read whole or refused; every file is checked against the manifest's SHA-256; a pack
appears under its name only when it is complete. Never reaches the network.

PackError
  the folder is missing, half-built, altered, of another format, or breaks a promise about blocks
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from console.domain.atlas import Atlas, atlas_faults

if TYPE_CHECKING:
    from collections.abc import Iterable

FORMAT = 1
ATLAS_FILE = "atlas.json"
BASEMAP_FILE = "basemap.pmtiles"
MANIFEST_FILE = "manifest.json"
_REBUILD = "Build the atlas pack again, or copy it again from its installer."


class PackError(Exception):
    """The atlas pack cannot be used."""


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a part of a pack comes from, and under which licence."""

    name: str
    version: str
    licence: str
    provides: str


class PackedFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a file of a pack must be: its SHA-256 in hex and its size in bytes."""

    sha256: str
    size: int


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a pack consists of; `recipe` is the hash of what built it, empty when unknown."""

    format: int
    version: str
    recipe: str
    sources: tuple[Source, ...]
    files: dict[str, PackedFile]


class Pack(msgspec.Struct, frozen=True):
    """A pack that has been read: its atlas, and where its basemap lies if it has one."""

    atlas: Atlas
    basemap: Path | None


def write_pack(
    folder: Path, atlas: Atlas, basemap_bytes: bytes | None, sources: Iterable[Source], *, recipe: str = ""
) -> None:
    """Write a pack, replacing one that stands in `folder`; a reader sees the old pack or the new one.

    PackError when the atlas breaks a promise about blocks; OSError when the disk refuses.
    """
    _refuse_faults(folder, atlas)
    contents = {ATLAS_FILE: msgspec.json.encode(atlas)}
    if basemap_bytes is not None:
        contents[BASEMAP_FILE] = basemap_bytes
    manifest = Manifest(
        format=FORMAT,
        version=atlas.version,
        recipe=recipe,
        sources=tuple(sources),
        files={name: _described(content) for name, content in contents.items()},
    )
    folder.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        built, replaced = unfinished / "built", unfinished / "replaced"
        built.mkdir()
        for name, content in contents.items():
            (built / name).write_bytes(content)
        (built / MANIFEST_FILE).write_bytes(msgspec.json.format(msgspec.json.encode(manifest)) + b"\n")
        if folder.exists():
            folder.rename(replaced)
        try:
            built.rename(folder)
        except OSError:
            if replaced.exists():
                replaced.rename(folder)
            raise
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def read_manifest(folder: Path) -> Manifest:
    """Read what a pack says about itself without checking its files; PackError when that is unusable."""
    path = folder / MANIFEST_FILE
    try:
        untrusted_manifest = path.read_bytes()
    except FileNotFoundError as error:
        raise PackError(f"There is no atlas pack in {folder}: it has no {MANIFEST_FILE}. {_REBUILD}") from error
    except OSError as error:
        raise PackError(f"{path} cannot be read ({error.strerror}). Check who may read it.") from error
    try:
        manifest = msgspec.json.decode(untrusted_manifest, type=Manifest)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise PackError(f"{path} is damaged ({error}). {_REBUILD}") from error
    if manifest.format != FORMAT:
        raise PackError(f"{path} is of pack format {manifest.format}, this program reads {FORMAT}: use another pack.")
    return manifest


def read_pack(folder: Path) -> Pack:
    """Read a pack and check every file of it against its manifest; PackError when anything is amiss."""
    manifest = read_manifest(folder)
    unknown = sorted(set(manifest.files) - {ATLAS_FILE, BASEMAP_FILE})
    if unknown or ATLAS_FILE not in manifest.files:
        what = f"lists {unknown[0]!r}, which no pack has" if unknown else f"does not list {ATLAS_FILE}"
        raise PackError(f"{folder / MANIFEST_FILE} {what}. {_REBUILD}")
    contents = {name: _checked(folder / name, expected) for name, expected in manifest.files.items()}
    try:
        atlas = msgspec.json.decode(contents[ATLAS_FILE], type=Atlas)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise PackError(f"{folder / ATLAS_FILE} is not an atlas ({error}). {_REBUILD}") from error
    if atlas.version != manifest.version:
        raise PackError(f"{folder} says version {manifest.version!r}, its atlas says {atlas.version!r}. {_REBUILD}")
    _refuse_faults(folder, atlas)
    return Pack(atlas=atlas, basemap=folder / BASEMAP_FILE if BASEMAP_FILE in contents else None)


def _described(content: bytes) -> PackedFile:
    return PackedFile(sha256=hashlib.sha256(content).hexdigest(), size=len(content))


def _checked(path: Path, expected: PackedFile) -> bytes:
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise PackError(f"{path} is missing from the atlas pack. {_REBUILD}") from error
    except OSError as error:
        raise PackError(f"{path} cannot be read ({error.strerror}). Check who may read it.") from error
    if len(content) != expected.size:
        raise PackError(f"{path} has {len(content):,} bytes, its manifest says {expected.size:,}: damaged. {_REBUILD}")
    if _described(content) != expected:
        raise PackError(f"{path} is not what its manifest says: it was changed after it was built. {_REBUILD}")
    return content


def _refuse_faults(folder: Path, atlas: Atlas) -> None:
    faults = atlas_faults(atlas)
    if faults:
        raise PackError(f"The atlas for {folder} breaks a promise: {'; '.join(faults)}. {_REBUILD}")
