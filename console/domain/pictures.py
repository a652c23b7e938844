"""Pictures: which are taken, how large they may be, and what else a file may be.

Promises: pure and total, whatever the bytes. The walk through a file that finds its parts is in `picture_files`, the
words of each refusal in `picture_wording`. Sources: ISO 10918-1 annex B (JPEG), PNG third edition, RFC 9649 (WebP),
Exif 2.32 section 4.6.
"""

from __future__ import annotations

import re
import struct
from enum import StrEnum
from typing import NewType

import msgspec

PictureId = NewType("PictureId", str)

BYTES_MAX = 20 * 1024**2
PIXELS_MAX = 25_000_000
SIDE_MAX = 16_384
SIDE_KEPT_MAX = 2_048
"""The longer side of a kept picture, in pixels, at most."""
PROFILE_MAX = 4 * 1024**2
UPRIGHT = 1


class PictureKind(StrEnum):
    """The kinds that are read."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"


class PictureTrouble(StrEnum):
    """Why a picture is not taken."""

    EMPTY = "picture_empty"
    TOO_LARGE = "picture_too_large"
    TOO_MANY_PIXELS = "picture_too_many_pixels"
    BREAKS_OFF = "picture_breaks_off"
    BROKEN = "picture_broken"
    ANIMATED = "picture_animated"
    DRAWING = "picture_drawing"
    PHONE_FORMAT = "picture_phone_format"
    OTHER_KIND = "picture_other_kind"
    NO_PICTURE = "picture_none"
    TWO_THINGS = "picture_two_things"


class Anatomy(msgspec.Struct, frozen=True):
    """A picture's parts: size in stored pixels, how it is turned (Exif 1 to 8), its colour profile, its bare bytes."""

    kind: PictureKind
    width: int
    height: int
    orientation: int
    profile: bytes
    bare: bytes


_FIRST_BYTES: tuple[tuple[re.Pattern[bytes], PictureKind | PictureTrouble], ...] = tuple(
    (re.compile(pattern, re.DOTALL | re.IGNORECASE if b"svg" in pattern else re.DOTALL), kind)
    for pattern, kind in (
        (rb"\xff\xd8\xff", PictureKind.JPEG),
        (rb"\x89PNG\r\n\x1a\n", PictureKind.PNG),
        (rb"RIFF....WEBP", PictureKind.WEBP),
        (rb".*(?:<svg[\s>]|<!doctype\s+svg)", PictureTrouble.DRAWING),
        (rb"....ftyp.{0,56}(?:hei[cxms]|hevc|mif1|msf1|avi[fs])", PictureTrouble.PHONE_FORMAT),
        (rb"GIF8", PictureTrouble.ANIMATED),
        (rb"....ftyp|II\*\0|MM\0\*|BM|%PDF-|8BPS|\0\0\x01\0|\xff\x0a|\0\0\0\x0cj", PictureTrouble.OTHER_KIND),
    )
)


def sniffed(untrusted: bytes) -> PictureKind | PictureTrouble:
    """The kind of a file by its first bytes; its name and what the sender says of it count for nothing."""
    head = untrusted[:1_024]
    for pattern, kind in _FIRST_BYTES:
        if pattern.match(head):
            return kind
    return PictureTrouble.NO_PICTURE


def fitted(width: int, height: int, most: int = SIDE_KEPT_MAX) -> tuple[int, int]:
    """The size of a picture whose longer side is at most `most`; never larger than it was, never without pixels."""
    longer = max(width, height)
    if longer <= most:
        return width, height
    return max(1, round(width * most / longer)), max(1, round(height * most / longer))


# -- what else a file may be -----------------------------------------------------------------------------------------

_MARKUP = re.compile(rb"<script|<html|<!doctype|<svg|<\?php|<iframe|<body|javascript:", re.IGNORECASE)
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"Rar!", b"7z\xbc\xaf", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"PK", b"%PDF")
_ZIP_END = 65_557
"""Bytes from a file's end within which a ZIP has its end record."""


def is_two_things(untrusted: bytes, end: int) -> bool:
    """Whether a picture that ends at `end` is also a document, an archive, a program or a page to other programs.

    What phones append to a picture (a short film, a second lens) is none of these: it is cut off in silence.
    """
    after = untrusted[end:]
    if after.lstrip(b"\0\r\n\t ").startswith(_PROGRAMS) or b"%PDF-" in untrusted[:1_024]:
        return True
    if _MARKUP.search(untrusted[:1_024]) or _MARKUP.search(after[:1_024]) or _MARKUP.search(after[-1_024:]):
        return True
    return b"PK\x05\x06" in untrusted[-_ZIP_END:] and (b"PK\x01\x02" in untrusted or b"PK\x03\x04" in untrusted)


def orientation_of(exif: bytes) -> int:
    """How a picture is turned, 1 to 8, by the first directory of its Exif block; upright where that cannot be read."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(exif[:4])
    if order is None:
        return UPRIGHT
    try:
        (at,) = struct.unpack_from(f"{order}I", exif, 4)
        (count,) = struct.unpack_from(f"{order}H", exif, at)
        for n in range(min(count, 512)):
            tag, kind, values, value = struct.unpack_from(f"{order}HHIH", exif, at + 2 + 12 * n)
            if (tag, kind, values) == (0x0112, 3, 1):
                return value if 1 <= value <= 8 else UPRIGHT  # noqa: PLR2004 - the standard's eight
    except struct.error:
        pass
    return UPRIGHT
