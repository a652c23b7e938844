"""A CAP file of an agency's alerting system, read on the workstation as text; what it says the service judges."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from console.contract.alert_cap import CAP_BYTES_MAX
from console.domain.cap import CapTrouble

if TYPE_CHECKING:
    from pathlib import Path

_READ_MAX = 2 * CAP_BYTES_MAX + 4
"""A file in UTF-16 has two bytes where UTF-8 mostly has one."""
_ENCODING = re.compile(rb"""\A\s*<\?xml[^>?]*\sencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_TAKEN = frozenset({"utf-8", "utf8", "us-ascii", "iso-8859-1", "iso-8859-15", "windows-1252"})


def read_cap_file(path: Path) -> str | CapTrouble:
    """The text of a file, or why it cannot be read. Not for a slot: a disk can be slow."""
    try:
        with path.open("rb") as file:
            untrusted = file.read(_READ_MAX + 1)
    except OSError:
        return CapTrouble("import_unreadable")
    return cap_text(untrusted)


def cap_text(untrusted: bytes) -> str | CapTrouble:
    """The text in the bytes of an XML file, by its byte order mark or the encoding that it names."""
    encoding = _encoding_of(untrusted)
    if encoding is None:
        return CapTrouble("import_encoding")
    try:
        text = untrusted.decode(encoding)
    except UnicodeDecodeError:
        return CapTrouble("import_encoding")
    size = len(text.encode())
    if size > CAP_BYTES_MAX:
        figures = {"given": f"{size // 1024:,} KiB or more", "limit": f"{CAP_BYTES_MAX // 1024} KiB"}
        return CapTrouble("cap_too_large", "", figures)
    return text


def _encoding_of(untrusted: bytes) -> str | None:
    if untrusted.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    named = _ENCODING.match(untrusted)
    if named is None or untrusted.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    name = named[1].decode().lower()
    return name if name in _TAKEN else None
