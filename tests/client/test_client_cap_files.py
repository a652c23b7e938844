"""CAP files as they lie on a disk: text by their byte order mark or by the encoding that they name."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.client.cap_files import cap_text, read_cap_file
from console.contract.alert_cap import CAP_BYTES_MAX
from console.domain.alert_import_words import import_line
from console.domain.cap import CapTrouble

TEXT = '<?xml version="1.0" encoding="{}"?><alert>Qu\u00e9dese</alert>'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_letters_come_through_in_the_encodings_that_files_have(encoding: str) -> None:
    said = TEXT.format("utf-8" if encoding == "utf-8-sig" else encoding)
    assert cap_text(said.encode(encoding)) == said


@pytest.mark.parametrize(
    "untrusted", [b"\xff\xfe\x00", b"\x80\x81", TEXT.format("utf-7").encode(), b"\xfe\xff\xd8\x00"]
)
def test_what_is_no_text_is_refused_with_words(untrusted: bytes) -> None:
    found = cap_text(untrusted)
    assert found == CapTrouble("import_encoding")
    assert import_line("import_encoding").endswith("UTF-8.")


def test_what_is_too_large_or_gone_is_refused_with_words(tmp_path: Path) -> None:
    large = tmp_path / "large.xml"
    large.write_bytes(b" " * (CAP_BYTES_MAX + 1))
    found = read_cap_file(large)
    assert isinstance(found, CapTrouble)
    assert found.code == "cap_too_large"
    assert read_cap_file(tmp_path / "gone.xml") == CapTrouble("import_unreadable")
    assert read_cap_file(tmp_path) == CapTrouble("import_unreadable")
