"""Checking an export: whole, or said what is wrong, without ever leaving the folder."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from typing import TYPE_CHECKING

import httpx
import msgspec
import pytest

from console.client.clips import export_clips
from console.client.gateway import Gateway
from console.client.verify import MANIFEST, SUMS, sum_of, sums_text, verify_export
from console.contract.payloads import ClipRecord
from console.domain.evidence import Manifest
from tests.client.client_fakes import NOW, make_clip

if TYPE_CHECKING:
    from pathlib import Path

CONTENT = b"a recording"


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """An export of two clips."""

    async def go() -> Path:
        gateway = Gateway(
            "https://service.test", transport=httpx.MockTransport(lambda _: httpx.Response(200, content=CONTENT))
        )
        records = tuple(ClipRecord(make_clip(n, CONTENT), make_clip(n, CONTENT).request, "2025-1", ()) for n in (1, 2))
        try:
            return await export_clips(
                gateway, records, tmp_path / "out", agency="PD", exported_by="Alex", exported_at=NOW
            )
        finally:
            await gateway.aclose()

    return asyncio.run(go())


def faults(folder: Path) -> dict[str, str]:
    return {file.file: file.why for file in verify_export(folder) if not file.ok}


def rewrite(folder: Path, **fields: object) -> None:
    """Another manifest, with sums that agree with it."""
    manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    changed = msgspec.structs.replace(manifest, **fields)
    (folder / MANIFEST).write_bytes(msgspec.json.encode(changed))
    sums = {**{e.file: e.sha256 for e in changed.entries}, MANIFEST: sum_of(folder / MANIFEST)}
    (folder / SUMS).write_text(sums_text(sums))


def entry_named(folder: Path, name: str) -> tuple[object, ...]:
    manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    return (msgspec.structs.replace(manifest.entries[0], file=name), manifest.entries[1])


def first_file(folder: Path) -> Path:
    return next(path for path in sorted(folder.iterdir()) if path.name.startswith("001"))


def test_an_untouched_export_is_whole(export: Path) -> None:
    assert faults(export) == {}
    assert len(verify_export(export)) == 4
    assert [path.name for path in export.parent.iterdir()] == [export.name]


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="sha256sum is not installed")
def test_sha256sum_agrees(export: Path) -> None:
    subprocess.run(["sha256sum", "--check", "--strict", SUMS], cwd=export, check=True, capture_output=True)


def test_a_changed_byte_is_found(export: Path) -> None:
    first_file(export).write_bytes(b"A recording")
    assert faults(export) == {first_file(export).name: "Its content is not the one of the manifest."}


def test_a_longer_file_is_found(export: Path) -> None:
    first_file(export).write_bytes(CONTENT + b"!")
    assert "size" in faults(export)[first_file(export).name]


def test_a_missing_file_is_found(export: Path) -> None:
    gone = first_file(export)
    gone.unlink()
    assert faults(export) == {gone.name: "It is missing."}


def test_an_extra_file_and_an_extra_folder_are_found(export: Path) -> None:
    (export / "003.mp4").write_bytes(b"")
    (export / "more").mkdir()
    assert set(faults(export)) == {"003.mp4", "more"}


def test_a_changed_manifest_no_longer_agrees_with_its_sums(export: Path) -> None:
    path = export / MANIFEST
    path.write_bytes(path.read_bytes().replace(b"Alex", b"Eve "))
    assert set(faults(export)) == {SUMS}


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "..", "a/../../secret", "..\\secret", "CON", "", "a\0b"])
def test_a_name_that_leads_out_of_the_folder_is_refused_unopened(export: Path, name: str) -> None:
    (export.parent / "secret").write_bytes(CONTENT)
    rewrite(export, entries=entry_named(export, name))
    found = {file.file: file.why for file in verify_export(export) if not file.ok}
    assert "outside this folder" in found[name]


def test_a_link_is_not_followed(export: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_bytes(CONTENT)
    first_file(export).unlink()
    (export / "001-R-2025-0001-Neighbor-1.mp4").symlink_to(tmp_path / "elsewhere")
    assert faults(export)["001-R-2025-0001-Neighbor-1.mp4"] == "It is not a plain file."


def test_a_name_given_twice_is_refused_whatever_its_case(export: Path) -> None:
    manifest = msgspec.json.decode((export / MANIFEST).read_bytes(), type=Manifest)
    rewrite(export, entries=entry_named(export, manifest.entries[1].file.upper()))
    assert "The manifest names it twice." in faults(export).values()


@pytest.mark.parametrize("content", [None, b"", b"{}", b"[" * 100_000, b"\xff"])
def test_without_a_manifest_nothing_is_said_to_be_whole(export: Path, content: bytes | None) -> None:
    if content is None:
        (export / MANIFEST).unlink()
    else:
        (export / MANIFEST).write_bytes(content)
    assert set(faults(export)) == {MANIFEST}


def test_a_manifest_of_a_newer_program_is_said_to_be_that(export: Path) -> None:
    rewrite(export, version=2)
    assert faults(export) == {MANIFEST: "It was written by a newer Porchlight."}


def test_a_folder_that_is_not_there_has_no_manifest(tmp_path: Path) -> None:
    assert faults(tmp_path / "nowhere") == {MANIFEST: "It is missing."}


def test_missing_sums_are_said(export: Path) -> None:
    (export / SUMS).unlink()
    assert faults(export) == {SUMS: "It is missing."}
