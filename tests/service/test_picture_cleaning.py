"""Pictures made anew: nothing but pixels comes through, whatever a file holds, claims or hides."""

from __future__ import annotations

import hashlib
import io
import random
import re
import struct
import time
import zipfile
import zlib

import pytest
from PIL import Image, ImageOps

from console.domain.picture_files import examine
from console.domain.picture_wording import PICTURE_TROUBLES
from console.domain.pictures import (
    BYTES_MAX,
    PIXELS_MAX,
    SIDE_KEPT_MAX,
    Anatomy,
    PictureKind,
    PictureTrouble,
    fitted,
    orientation_of,
)
from console.service.picture_cleaning import CleanPicture, clean_picture
from tests.service import picture_files as f

MADE = {
    "JPEG": f.jpeg(),
    "progressive JPEG": f.jpeg(progressive=True),
    "PNG": f.png(),
    "PNG with alpha": f.png(f.pattern(mode="RGBA")),
    "WebP": f.webp(),
    "lossy WebP": f.webp(lossless=False),
    "WebP with alpha": f.webp(f.pattern(mode="RGBA")),
}


def _clean(untrusted: bytes) -> CleanPicture:
    made = clean_picture(untrusted)
    assert isinstance(made, CleanPicture), made
    return made


def _opened(made: CleanPicture) -> Image.Image:
    return Image.open(io.BytesIO(made.content))


def _near(one: tuple[int, ...], other: tuple[int, ...], most: int = 12) -> bool:
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) <= most


@pytest.mark.parametrize("name", MADE)
def test_no_secret_of_any_part_comes_through(name: str) -> None:
    untrusted = MADE[name]
    borne = {key for key, secret in f.SECRETS.items() if secret in untrusted}
    assert {"OWNER", "SERIAL", "REMARK", "THUMB", "XMP", "TRAILING"} <= borne, "the test's own file must bear them"
    assert f.GPS in untrusted or struct.pack("<6I", *struct.unpack(">6I", f.GPS)) in untrusted
    made = _clean(untrusted)
    for key, secret in f.SECRETS.items():
        for form in (secret, secret[::-1], secret.decode().encode("utf-16-le"), secret.lower()):
            assert form not in made.content, key
    for order in ("<", ">"):
        assert struct.pack(f"{order}4I", 41, 1, 52, 1) not in made.content
    assert made.sha256 == hashlib.sha256(made.content).hexdigest()


@pytest.mark.parametrize("name", MADE)
def test_what_comes_out_has_only_the_segments_that_pixels_need(name: str) -> None:
    content = _clean(MADE[name]).content
    at, markers = 2, []
    while content[at + 1] != 0xDA:
        (length,) = struct.unpack_from(">H", content, at + 2)
        markers.append(content[at + 1])
        if content[at + 1] == 0xE0:
            assert content[at + 4 : at + 9] == b"JFIF\0"
            assert length == 16, "no thumbnail"
        at += 2 + length
    assert set(markers) == {0xE0, 0xDB, 0xC0, 0xC4}
    assert content.endswith(b"\xff\xd9")
    assert not re.search(rb"\xff[^\x00\xd0-\xd7]", content[at + 12 : -2]), "one scan, and nothing after it"
    again = _opened(_clean(MADE[name]))
    assert not again.getexif()
    assert set(again.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi"}


@pytest.mark.parametrize("name", MADE)
def test_the_decoder_is_given_nothing_but_pixels(name: str) -> None:
    anatomy = examine(MADE[name])
    assert isinstance(anatomy, Anatomy)
    for key, secret in f.SECRETS.items():
        assert secret not in anatomy.bare, key
    Image.open(io.BytesIO(anatomy.bare)).load()


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("make", [f.jpeg, f.png, f.webp])
def test_every_turn_is_applied(make, orientation: int) -> None:
    made = _opened(_clean(make(orientation=orientation, icc=False)))
    holder = io.BytesIO()
    tag = Image.Exif()
    tag[0x0112] = orientation
    f.pattern().save(holder, "PNG", exif=tag)
    expected = ImageOps.exif_transpose(Image.open(holder))
    assert made.size == expected.size
    for x in (4, expected.width - 5):
        for y in (4, expected.height - 5):
            assert _near(made.getpixel((x, y)), expected.getpixel((x, y))), (x, y)


@pytest.mark.parametrize("make", [f.jpeg, f.png, f.webp])
def test_colours_of_another_profile_become_srgb(make) -> None:
    red, green = (220, 20, 30), (20, 180, 40)
    plain, swapped = _opened(_clean(make(icc=False))), _opened(_clean(make(icc=True)))
    assert _near(plain.getpixel((10, 10)), red)
    assert _near(plain.getpixel((80, 10)), green)
    assert _near(swapped.getpixel((10, 10)), (20, 220, 30), 40), "red of that profile is our green"
    assert "icc_profile" not in swapped.info


def test_a_profile_that_is_none_is_read_as_srgb() -> None:
    broken = f.encoded(f.pattern(), "JPEG", icc_profile=b"no profile at all")
    assert _near(_opened(_clean(broken)).getpixel((10, 10)), (220, 20, 30))


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (Image.new("L", (20, 20), 90), (90, 90, 90)),
        (Image.new("1", (20, 20), 1), (255, 255, 255)),
        (Image.new("LA", (20, 20), (90, 0)), (255, 255, 255)),
        (Image.new("RGBA", (20, 20), (0, 0, 0, 128)), (127, 127, 127)),
        (Image.new("I;16", (20, 20), 0x8080), (128, 128, 128)),
        (Image.new("RGB", (20, 20), (0, 102, 204)).convert("P"), (0, 102, 204)),
    ],
    ids=lambda given: given.mode if isinstance(given, Image.Image) else "",
)
def test_every_kind_of_pixel_is_kept_sane(image: Image.Image, expected: tuple[int, ...]) -> None:
    assert _near(_opened(_clean(f.encoded(image, "PNG"))).getpixel((10, 10)), expected, 14)


def test_printers_colours_become_screens_colours() -> None:
    made = _opened(_clean(f.encoded(f.pattern(mode="CMYK"), "JPEG", quality=95)))
    assert made.mode == "RGB"
    assert _near(made.getpixel((10, 10)), (220, 20, 30), 30)


@pytest.mark.parametrize("size", [(4_000, 3_000), (2_049, 10), (10_000, 20), (1, 1), (2_048, 2_048), (31, 5_000)])
def test_no_side_is_longer_than_is_kept(size: tuple[int, int]) -> None:
    made = _clean(f.encoded(f.pattern(*size), "JPEG"))
    assert (made.width, made.height) == fitted(*size) == _opened(made).size
    assert max(made.width, made.height) == min(SIDE_KEPT_MAX, max(size))


def test_what_was_cleaned_stays_as_it_is_when_cleaned_again() -> None:
    once = _clean(f.jpeg())
    again = _clean(once.content)
    assert (again.width, again.height) == (once.width, once.height)


# -- refusals ----------------------------------------------------------------------------------------------------------


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("Main.class", b"\xca\xfe\xba\xbe")
    return out.getvalue()


PLAIN = {kind: f.encoded(f.pattern(), kind) for kind in ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "ICO")}
FRAMES = [f.pattern(), f.pattern(mode="L").convert("RGB")]
T = PictureTrouble
REFUSED: dict[str, tuple[bytes, PictureTrouble]] = {
    "nothing": (b"", T.EMPTY),
    "a text": (b"IMG_0001.jpg", T.NO_PICTURE),
    "noise": (random.Random(1).randbytes(4_000), T.NO_PICTURE),
    "one byte too many": (PLAIN["PNG"] + b"\0" * (BYTES_MAX + 1 - len(PLAIN["PNG"])), T.TOO_LARGE),
    "a GIF": (PLAIN["GIF"], T.ANIMATED),
    "a TIFF": (PLAIN["TIFF"], T.OTHER_KIND),
    "a BMP": (PLAIN["BMP"], T.OTHER_KIND),
    "an icon": (PLAIN["ICO"], T.OTHER_KIND),
    "a PDF": (b"%PDF-1.7\n", T.OTHER_KIND),
    "a film": (b"\0\0\0\x18ftypmp42" + b"\0" * 200, T.OTHER_KIND),
    "HEIC": (b"\0\0\0\x24ftypheic\0\0\0\0mif1heic" + b"\0" * 200, T.PHONE_FORMAT),
    "AVIF": (b"\0\0\0\x1cftypavif\0\0\0\0mif1" + b"\0" * 200, T.PHONE_FORMAT),
    "SVG": (b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', T.DRAWING),
    "SVG with a mark": (b"\xef\xbb\xbf  <SVG>", T.DRAWING),
    "animated PNG": (f.encoded(FRAMES[0], "PNG", save_all=True, append_images=FRAMES[1:]), T.ANIMATED),
    "animated WebP": (f.encoded(FRAMES[0], "WEBP", save_all=True, append_images=FRAMES[1:]), T.ANIMATED),
    "PNG of 900 megapixels": (f.png_that_claims(30_000, 30_000), T.TOO_MANY_PIXELS),
    "PNG of the largest size": (f.png_that_claims(2**31 - 1, 2**31 - 1), T.TOO_MANY_PIXELS),
    "PNG without height": (f.png_that_claims(100, 0), T.BROKEN),
    "PNG of a line": (f.png_that_claims(16_385, 1), T.TOO_MANY_PIXELS),
    "PNG one pixel too many": (f.png_that_claims(PIXELS_MAX // 5_000, 5_001), T.TOO_MANY_PIXELS),
    "JPEG of 4,290 megapixels": (f.jpeg_that_claims(65_500, 65_500), T.TOO_MANY_PIXELS),
    "JPEG without height": (f.jpeg_that_claims(100, 0), T.BROKEN),
    "JPEG of 5,000 scans": (f.jpeg_of_many_scans(5_000), T.BROKEN),
    "WebP of 268 megapixels": (f.webp_that_claims(16_384, 16_384), T.TOO_MANY_PIXELS),
    "two frames in a JPEG": (PLAIN["JPEG"][:-2] + PLAIN["JPEG"][2:], T.BROKEN),
    "JPEG broken off in its head": (PLAIN["JPEG"][:200], T.BREAKS_OFF),
    "JPEG broken off in its pixels": (PLAIN["JPEG"][:-40], T.BREAKS_OFF),
    "JPEG without its end": (PLAIN["JPEG"][:-2], T.BREAKS_OFF),
    "PNG broken off": (PLAIN["PNG"][:-20], T.BREAKS_OFF),
    "WebP broken off": (PLAIN["WEBP"][:-20], T.BREAKS_OFF),
    "PNG without pixels": (b"\x89PNG\r\n\x1a\n" + PLAIN["PNG"][8:33] + f.chunk(b"IEND", b""), T.BROKEN),
    "PNG of broken pixels": (b"\x89PNG\r\n\x1a\n" + PLAIN["PNG"][8:33] + f.chunk(b"IDAT", b"x" * 99) + f.chunk(b"IEND", b""), T.BROKEN),
    "picture and archive": (PLAIN["JPEG"] + _zip(), T.TWO_THINGS),
    "picture and archive, hidden in a comment": (PLAIN["JPEG"][:2] + f.segment(0xFE, _zip()) + PLAIN["JPEG"][2:], T.TWO_THINGS),
    "picture and page": (PLAIN["PNG"] + b"<html><script>alert(1)</script>", T.TWO_THINGS),
    "picture and page, in a comment": (PLAIN["JPEG"][:2] + f.segment(0xFE, b"<ScRiPt src=//evil>") + PLAIN["JPEG"][2:], T.TWO_THINGS),
    "picture and PDF": (PLAIN["JPEG"][:2] + f.segment(0xFE, b"\n%PDF-1.7\n") + PLAIN["JPEG"][2:], T.TWO_THINGS),
    "picture and program": (PLAIN["WEBP"] + b"MZ\x90\0" + b"\0" * 400, T.TWO_THINGS),
    "picture and shell script": (PLAIN["PNG"] + b"\n#!/bin/sh\nid\n", T.TWO_THINGS),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_taken_is_refused_with_a_reason(name: str) -> None:
    untrusted, trouble = REFUSED[name]
    assert clean_picture(untrusted) is trouble


def test_every_reason_has_its_words_and_is_tried() -> None:
    assert set(PICTURE_TROUBLES) == set(PictureTrouble) == {trouble for _, trouble in REFUSED.values()}
    for words in PICTURE_TROUBLES.values():
        assert all(text.endswith(".") for text in (words.title, words.reason, words.next_step))


def test_bombs_cost_neither_time_nor_memory() -> None:
    packed = zlib.compress(b"\0" * 300_000_000, 9)
    bombs = [
        f.png_that_claims(96, 64, f.chunk(b"zTXt", b"x\0\0" + packed), f.chunk(b"iCCP", b"x\0\0" + packed)),
        f.png_that_claims(96, 64, f.chunk(b"iTXt", b"x\0\x01\0\0\0" + packed)),
        *(REFUSED[name][0] for name in REFUSED if "megapixels" in name or "scans" in name),
    ]
    import resource

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    for bomb in bombs:
        clean_picture(bomb)
    assert time.perf_counter() - began < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WebP", "progressive JPEG"])
def test_two_hundred_mutated_files_are_taken_or_refused_and_never_crash(kind: str) -> None:
    chance, outcomes = random.Random(kind), set()
    for _ in range(200):
        mutated = bytearray(MADE[kind])
        for _ in range(chance.randint(1, 8)):
            at = chance.randrange(len(mutated))
            match chance.randrange(4):
                case 0:
                    mutated[at] = chance.randrange(256)
                case 1:
                    del mutated[at : at + chance.randint(1, 60)]
                case 2:
                    mutated[at:at] = chance.randbytes(chance.randint(1, 60))
                case _:
                    del mutated[at + chance.randint(0, 2_000) :]
        made = clean_picture(bytes(mutated))
        outcomes.add(type(made))
        if isinstance(made, CleanPicture):
            assert max(made.width, made.height) <= SIDE_KEPT_MAX
            assert not [secret for secret in f.SECRETS.values() if secret in made.content]
    assert outcomes == {CleanPicture, PictureTrouble}


def test_the_walk_is_total() -> None:
    chance = random.Random(7)
    heads = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x20\x03\0\0WEBP", b"\xff\xd8\xff\xe1")
    for _ in range(3_000):
        examine(chance.choice(heads) + chance.randbytes(chance.randint(0, 900)))
    for kind in ("JPEG", "PNG", "WebP"):
        for end in range(0, len(MADE[kind]), 7):
            found = examine(MADE[kind][:end])
            assert isinstance(found, PictureTrouble | Anatomy)


@pytest.mark.parametrize(
    "exif",
    [b"", b"II*\0", b"II*\0\xff\xff\xff\xff", b"MM\0*\0\0\0\x08\xff\xff", b"XX*\0", b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x63\0\0\0"],
)  # fmt: skip
def test_a_turn_that_cannot_be_read_is_none(exif: bytes) -> None:
    assert orientation_of(exif) == 1


def test_kinds_are_told_by_bytes() -> None:
    kinds = {"JPEG": PictureKind.JPEG, "PNG": PictureKind.PNG, "WEBP": PictureKind.WEBP}
    for name, kind in kinds.items():
        anatomy = examine(PLAIN[name])
        assert isinstance(anatomy, Anatomy)
        assert (anatomy.kind, anatomy.width, anatomy.height) == (kind, 96, 64)
