"""Pictures for tests, made here: with a secret in every part that a file has room for, and files that are not what they say."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image, ImageCms

SECRETS = {
    name: f"{name}-4711-{name[::-1]}".encode()
    for name in (
        "OWNER", "SERIAL", "CAMERA", "REMARK", "THUMB", "XMP", "XMPMORE", "IPTC", "COMMENT", "PROFILE", "JFXX", "DUCKY",
        "CLAIM", "SECOND", "TRAILING", "TEXT", "PACKED", "FOREIGN", "PRIVATE",
    )
}  # fmt: skip
# 41 deg 52' 41.9837", as Exif writes it: three fractions.
GPS = struct.pack(">6I", 41, 1, 52, 1, 419_837, 10_000)


def pattern(width: int = 96, height: int = 64, mode: str = "RGB") -> Image.Image:
    """A picture no two corners of which are the same."""
    made = Image.new("RGB", (width, height), (200, 210, 220))
    made.paste((220, 20, 30), (0, 0, width // 2, height // 2))
    made.paste((20, 180, 40), (width // 2, 0, width, height // 2))
    made.paste((30, 40, 200), (0, height // 2, width // 2, height))
    return made.convert(mode)


def exif(orientation: int = 1) -> bytes:
    """An Exif block (TIFF) with owner, serial number, camera, remark, position and a thumbnail."""
    made = Image.Exif()
    made[0x0112] = orientation
    made[0x010F] = SECRETS["CAMERA"].decode()
    made[0x013B] = SECRETS["OWNER"].decode()
    inner = made.get_ifd(0x8769)
    inner[0xA430], inner[0xA431] = SECRETS["OWNER"].decode(), SECRETS["SERIAL"].decode()
    inner[0x9286] = b"ASCII\0\0\0" + SECRETS["REMARK"]
    place = made.get_ifd(0x8825)
    place[1], place[2] = "N", (41.0, 52.0, 41.9837)
    return made.tobytes().removeprefix(b"Exif\0\0") + b"THUMBNAIL" + SECRETS["THUMB"]


def profile() -> bytes:
    """A colour profile whose red and green are exchanged, and that names somebody."""
    raw = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = raw.replace(b"rXYZ", b"tmpX", 1).replace(b"gXYZ", b"rXYZ", 1).replace(b"tmpX", b"gXYZ", 1)
    grown = swapped + SECRETS["PROFILE"] + b"\0" * (-len(SECRETS["PROFILE"]) % 4)
    return struct.pack(">I", len(grown)) + grown[4:]


def segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def riff(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def encoded(image: Image.Image, kind: str, **more: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def jpeg(image: Image.Image | None = None, *, orientation: int = 1, icc: bool = True, **more: object) -> bytes:
    """A JPEG with a secret in every segment that can hold one, a second picture, and bytes after its end."""
    plain = encoded(image or pattern(), "JPEG", quality=95, subsampling=0, **more)
    s = SECRETS
    hidden = [
        segment(0xE0, b"JFXX\0\x10" + s["JFXX"]),
        segment(0xE1, b"Exif\0\0" + exif(orientation)),
        segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>" + s["XMP"] + b"</x:xmpmeta>"),
        segment(0xE1, b"http://ns.adobe.com/xmp/extension/\0" + s["XMPMORE"]),
        segment(0xE2, b"MPF\0" + s["SECOND"]),
        *([segment(0xE2, b"ICC_PROFILE\0\x01\x01" + profile())] if icc else []),
        segment(0xEB, b"JP" + s["CLAIM"]),
        segment(0xEC, b"Ducky" + s["DUCKY"]),
        segment(0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0" + s["IPTC"]),
        segment(0xFE, s["COMMENT"]),
    ]
    second = encoded(pattern(32, 32), "JPEG", comment=s["SECOND"])
    return plain[:2] + b"".join(hidden) + plain[2:] + second + b"\0\0\0\x18ftypmp42" + s["TRAILING"]


def png(image: Image.Image | None = None, *, orientation: int = 1, icc: bool = True) -> bytes:
    """A PNG with a secret in every chunk that can hold one, before and after its pixels, and bytes after its end."""
    plain, s = encoded(image or pattern(), "PNG"), SECRETS
    hidden = [
        *([chunk(b"iCCP", b"icc " + s["OWNER"] + b"\0\0" + zlib.compress(profile()))] if icc else []),
        chunk(b"tEXt", b"Comment\0" + s["TEXT"]),
        chunk(b"zTXt", b"Packed\0\0" + zlib.compress(s["PACKED"])),
        chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + s["XMP"]),
        chunk(b"eXIf", exif(orientation)),
        chunk(b"prVt", s["PRIVATE"]),
    ]
    end = plain.index(b"IEND") - 4
    late = chunk(b"tEXt", b"Late\0" + s["COMMENT"])
    return plain[:33] + b"".join(hidden) + plain[33:end] + late + plain[end:] + b"\0\0" + s["TRAILING"]


def webp(image: Image.Image | None = None, *, orientation: int = 1, icc: bool = True, lossless: bool = True) -> bytes:
    """A WebP with a secret in every chunk that can hold one, and bytes after its end."""
    made, s = image or pattern(), SECRETS
    plain = encoded(made, "WEBP", lossless=lossless, quality=95, exif=b"Exif\0\0" + exif(orientation), xmp=s["XMP"], **({"icc_profile": profile()} if icc else {}))  # fmt: skip
    grown = plain[12:] + riff(b"prVt", s["PRIVATE"])
    return b"RIFF" + struct.pack("<I", len(grown) + 4) + b"WEBP" + grown + b"\0\0" + s["TRAILING"]


def png_that_claims(width: int, height: int, *more: bytes) -> bytes:
    """A tiny PNG that claims a size."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(b"\0" * 1_000_000))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + pixels + chunk(b"IEND", b"")


def jpeg_that_claims(width: int, height: int) -> bytes:
    """A small JPEG whose header claims another size."""
    plain = bytearray(encoded(pattern(), "JPEG"))
    at = plain.index(b"\xff\xc0")
    plain[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(plain)


def webp_that_claims(width: int, height: int) -> bytes:
    """A small lossless WebP whose header claims another size, up to 16,384 a side."""
    plain = bytearray(encoded(pattern(), "WEBP", lossless=True))
    at = plain.index(b"VP8L") + 9
    (bits,) = struct.unpack_from("<I", plain, at)
    struct.pack_into("<I", plain, at, (bits & 0xF0000000) | (width - 1) | (height - 1) << 14)
    return bytes(plain)


def jpeg_of_many_scans(scans: int) -> bytes:
    """A progressive JPEG that says its last scan over and over: little to send, much to decode."""
    plain = encoded(pattern(512, 512), "JPEG", progressive=True)
    last = plain.rindex(b"\xff\xda")
    return plain[:last] + plain[last:-2] * scans + b"\xff\xd9"
