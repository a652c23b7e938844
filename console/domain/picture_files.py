"""A walk through a picture file: its size, its turn, its colours, where it ends, and the parts that its pixels need.

Promises: pure and total, bounded by the file's length; nothing is decoded. Every part that is not named here is left
out of `Anatomy.bare`, so that no decoder ever sees it.
"""

from __future__ import annotations

import re
import struct
import zlib
from typing import TYPE_CHECKING

import msgspec

from console.domain.pictures import (
    BYTES_MAX,
    PIXELS_MAX,
    PROFILE_MAX,
    SIDE_MAX,
    Anatomy,
    PictureKind,
    PictureTrouble,
    is_two_things,
    orientation_of,
    sniffed,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

SCANS_MAX = 64
"""Scans of a progressive JPEG: each is work over the whole picture."""


class _No(Exception):  # noqa: N818 - an expected "no" on its way out of a walk
    def __init__(self, trouble: PictureTrouble) -> None:
        super().__init__(trouble)
        self.trouble = trouble


class _Parts(msgspec.Struct):
    """What a walk collects."""

    size: tuple[int, int] = (0, 0)
    exif: bytes = b""
    profile: bytes = b""
    bare: list[bytes] = []
    end: int = 0

    def set_size(self, width: int, height: int) -> None:
        """The size in pixels; a file that says it twice is broken."""
        if self.size != (0, 0):
            raise _No(PictureTrouble.BROKEN)
        self.size = (width, height)


def examine(untrusted: bytes, *, bytes_max: int = BYTES_MAX, pixels_max: int = PIXELS_MAX) -> Anatomy | PictureTrouble:
    """What a file is made of, or why it is not taken."""
    try:
        return _examined(untrusted, bytes_max, pixels_max)
    except _No as no:
        return no.trouble
    except (IndexError, struct.error):
        return PictureTrouble.BREAKS_OFF


def _examined(untrusted: bytes, bytes_max: int, pixels_max: int) -> Anatomy:
    if not untrusted:
        raise _No(PictureTrouble.EMPTY)
    if len(untrusted) > bytes_max:
        raise _No(PictureTrouble.TOO_LARGE)
    kind = sniffed(untrusted)
    if isinstance(kind, PictureTrouble):
        raise _No(kind)
    walk = {PictureKind.JPEG: _walk_jpeg, PictureKind.PNG: _walk_png, PictureKind.WEBP: _walk_webp}[kind]
    parts = walk(untrusted)
    width, height = parts.size
    if width < 1 or height < 1:
        raise _No(PictureTrouble.BROKEN)
    if width > SIDE_MAX or height > SIDE_MAX or width * height > pixels_max:
        raise _No(PictureTrouble.TOO_MANY_PIXELS)
    if is_two_things(untrusted, parts.end):
        raise _No(PictureTrouble.TWO_THINGS)
    profile = parts.profile if len(parts.profile) <= PROFILE_MAX else b""
    return Anatomy(kind, width, height, orientation_of(parts.exif), profile, b"".join(parts.bare))


# -- JPEG ------------------------------------------------------------------------------------------------------------

_MARK = 0xFF
_SOI, _EOI, _SOS, _APP1, _APP2, _ADOBE = 0xD8, 0xD9, 0xDA, 0xE1, 0xE2, 0xEE
_FRAMES = frozenset({0xC0, 0xC1, 0xC2})  # baseline, extended, progressive
_TABLES = frozenset({0xDB, 0xC4, 0xDD})  # quantisation, Huffman, restart interval
# Lossless, hierarchical and arithmetic frames, a height said later, and a picture within the picture.
_UNUSUAL = frozenset({0xC3, 0xC5, 0xC6, 0xC7, 0xC8, 0xC9, 0xCA, 0xCB, 0xCC, 0xCD, 0xCE, 0xCF, 0xDC, 0xDE, 0xDF, _SOI})
_BODILESS = frozenset({0x00, 0x01, *range(0xD0, 0xD8)})
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")


def _walk_jpeg(data: bytes) -> _Parts:
    parts, scans = _Parts(bare=[b"\xff\xd8"]), 0
    icc: dict[int, bytes] = {}
    for marker, body in _segments(data, parts):
        scans += marker == _SOS
        if marker in _UNUSUAL or scans > SCANS_MAX:
            raise _No(PictureTrouble.BROKEN)
        if marker in _FRAMES:
            bits, height, width = struct.unpack_from(">BHH", body, 4)
            if bits != 8:  # noqa: PLR2004 - what cameras and phones write
                raise _No(PictureTrouble.BROKEN)
            parts.set_size(width, height)
        if marker == _APP1 and body[4:10] == b"Exif\0\0":
            parts.exif = parts.exif or body[10:]
        if marker == _APP2 and body[4:16] == b"ICC_PROFILE\0":
            icc[body[16]] = body[18:]
        if marker in _FRAMES | _TABLES | {_SOS} or (marker == _ADOBE and body[4:9] == b"Adobe"):
            parts.bare.append(body)
    if not scans:
        raise _No(PictureTrouble.BROKEN)
    parts.bare.append(b"\xff\xd9")
    parts.profile = b"".join(icc[n] for n in sorted(icc))
    return parts


def _segments(data: bytes, parts: _Parts) -> Iterator[tuple[int, bytes]]:
    """Each segment of a JPEG between its start and its end: marker and bytes; a scan with its data."""
    at = 2
    while True:
        while data[at] == data[at + 1] == _MARK:  # fill bytes
            at += 1
        marker = data[at + 1]
        if data[at] != _MARK or marker in _BODILESS:
            raise _No(PictureTrouble.BROKEN)
        if marker == _EOI:
            parts.end = at + 2
            return
        (length,) = struct.unpack_from(">H", data, at + 2)
        stop = at + 2 + length
        if length < 2 or stop > len(data):  # noqa: PLR2004 - its own two bytes
            raise _No(PictureTrouble.BREAKS_OFF)
        if marker == _SOS:
            found = _NEXT_MARKER.search(data, stop)
            if found is None:
                raise _No(PictureTrouble.BREAKS_OFF)
            stop = found.start()
        yield marker, data[at:stop]
        at = stop


# -- PNG -------------------------------------------------------------------------------------------------------------

_PNG_HEAD = 8
_PIXEL_CHUNKS = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
_FRAME_CHUNKS = frozenset({b"acTL", b"fcTL", b"fdAT"})


def _walk_png(data: bytes) -> _Parts:
    parts, seen = _Parts(bare=[data[:_PNG_HEAD]]), set[bytes]()
    for name, body, whole in _png_chunks(data, parts):
        if name in _FRAME_CHUNKS:
            raise _No(PictureTrouble.ANIMATED)
        if not seen and name != b"IHDR":
            raise _No(PictureTrouble.BROKEN)
        seen.add(name)
        if name == b"IHDR":
            parts.set_size(*struct.unpack_from(">II", body))
        if name == b"eXIf":
            parts.exif = parts.exif or body
        if name == b"iCCP":
            parts.profile = parts.profile or _inflated(body.partition(b"\0")[2][1:])
        if name in _PIXEL_CHUNKS:
            parts.bare.append(whole)
    if b"IDAT" not in seen:
        raise _No(PictureTrouble.BROKEN)
    return parts


def _png_chunks(data: bytes, parts: _Parts) -> Iterator[tuple[bytes, bytes, bytes]]:
    at, name = _PNG_HEAD, b""
    while name != b"IEND":
        length, name = struct.unpack_from(">I4s", data, at)
        stop = at + 12 + length
        if stop > len(data):
            raise _No(PictureTrouble.BREAKS_OFF)
        yield name, data[at + 8 : at + 8 + length], data[at:stop]
        at = stop
    parts.end = at


def _inflated(packed: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, PROFILE_MAX)
    except zlib.error:
        return b""


# -- WebP ------------------------------------------------------------------------------------------------------------

_HAS_ALPHA = 0x10


def _walk_webp(data: bytes) -> _Parts:
    parts, canvas = _Parts(), (0, 0)
    for name, body, whole in _webp_chunks(data, parts):
        match name:
            case b"ANIM" | b"ANMF":
                raise _No(PictureTrouble.ANIMATED)
            case b"VP8X":
                canvas = (1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little"))
            case b"VP8 ":
                parts.set_size(*_size_vp8(body))
            case b"VP8L":
                parts.set_size(*_size_vp8l(body))
            case b"EXIF":
                parts.exif = parts.exif or body.removeprefix(b"Exif\0\0")
            case b"ICCP":
                parts.profile = parts.profile or body
        if name in (b"VP8 ", b"VP8L", b"ALPH"):
            parts.bare.append(whole)
    if parts.size == (0, 0) or canvas not in ((0, 0), parts.size):
        raise _No(PictureTrouble.BROKEN)
    parts.bare = _bare_webp(parts)
    return parts


def _bare_webp(parts: _Parts) -> list[bytes]:
    inner = b"".join(parts.bare)
    if any(chunk.startswith(b"ALPH") for chunk in parts.bare):
        width, height = ((side - 1).to_bytes(3, "little") for side in parts.size)
        inner = struct.pack("<4sIB3x", b"VP8X", 10, _HAS_ALPHA) + width + height + inner
    return [struct.pack("<4sI", b"RIFF", 4 + len(inner)), b"WEBP", inner]


def _webp_chunks(data: bytes, parts: _Parts) -> Iterator[tuple[bytes, bytes, bytes]]:
    (riff,) = struct.unpack_from("<I", data, 4)
    parts.end = 8 + riff + riff % 2
    if parts.end > len(data):
        raise _No(PictureTrouble.BREAKS_OFF)
    at = 12
    while at < parts.end:
        name, length = struct.unpack_from("<4sI", data, at)
        stop = at + 8 + length + length % 2
        if stop > parts.end:
            raise _No(PictureTrouble.BREAKS_OFF)
        yield name, data[at + 8 : at + 8 + length], data[at:stop]
        at = stop


def _size_vp8(body: bytes) -> tuple[int, int]:
    if body[3:6] != b"\x9d\x01\x2a":
        raise _No(PictureTrouble.BROKEN)
    width, height = struct.unpack_from("<HH", body, 6)
    return width & 0x3FFF, height & 0x3FFF


def _size_vp8l(body: bytes) -> tuple[int, int]:
    if body[:1] != b"\x2f":
        raise _No(PictureTrouble.BROKEN)
    (bits,) = struct.unpack_from("<I", body, 1)
    return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
