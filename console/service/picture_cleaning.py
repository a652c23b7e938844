"""A stranger's picture, decoded under limits and made anew from its pixels.

Promises: what comes out is a JPEG in sRGB, upright, opaque, at most 2,048 pixels a side, that holds what its pixels
need and nothing else. Two walls: the decoder is given only the parts that pixels are made of (`domain/picture_files`),
and the encoder only pixels. Whatever a decoder says of hostile bytes is a coded refusal, never an exception.
Not read: HEIC and AVIF. What decodes HEIC is under the LGPL; phones save JPEG when asked.
"""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING

import msgspec
from PIL import Image, ImageCms
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.WebPImagePlugin import WebPImageFile

from console.domain.picture_files import examine
from console.domain.pictures import SIDE_KEPT_MAX, Anatomy, PictureKind, PictureTrouble, fitted

if TYPE_CHECKING:
    from PIL.ImageFile import ImageFile

QUALITY = 88
PAPER = (255, 255, 255)
"""What shows through where a picture is transparent."""
_OPENERS: dict[PictureKind, type[ImageFile]] = {
    PictureKind.JPEG: JpegImageFile,
    PictureKind.PNG: PngImageFile,
    PictureKind.WEBP: WebPImageFile,
}
# Exif's ways to turn a picture, by what is done to make it upright.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class CleanPicture(msgspec.Struct, frozen=True):
    """A picture made anew: JPEG bytes, size in pixels, SHA-256 in hex."""

    content: bytes
    width: int
    height: int
    sha256: str


def clean_picture(untrusted: bytes) -> CleanPicture | PictureTrouble:
    """The picture in a file, made anew, or why it is not taken. Takes up to a second and 300 MB: not for a loop."""
    anatomy = examine(untrusted)
    if isinstance(anatomy, PictureTrouble):
        return anatomy
    try:
        pixels = _pixels(anatomy)
    except Exception:  # noqa: BLE001 - whatever a decoder raises at hostile bytes means the same
        return PictureTrouble.BROKEN
    if pixels is None:
        return PictureTrouble.BROKEN
    out = io.BytesIO()
    pixels.save(out, "JPEG", quality=QUALITY, subsampling=0, optimize=True)
    content = out.getvalue()
    return CleanPicture(content, pixels.width, pixels.height, hashlib.sha256(content).hexdigest())


def _pixels(anatomy: Anatomy) -> Image.Image | None:
    """The upright pixels in sRGB, in an image that remembers nothing of its file; None where sizes disagree."""
    with _OPENERS[anatomy.kind](io.BytesIO(anatomy.bare)) as opened:
        if opened.size != (anatomy.width, anatomy.height) or getattr(opened, "n_frames", 1) != 1:
            return None
        if anatomy.kind is PictureKind.JPEG:
            opened.draft(None, (SIDE_KEPT_MAX, SIDE_KEPT_MAX))  # decoded smaller where it is far too large
        opened.load()
        plain = _opaque(opened)
    small = plain.resize(fitted(anatomy.width, anatomy.height), Image.Resampling.LANCZOS)
    rgb = _in_srgb(small, anatomy.profile)
    turn = _TURNS.get(anatomy.orientation)
    upright = rgb if turn is None else rgb.transpose(turn)
    return Image.frombytes("RGB", upright.size, upright.tobytes())


def _opaque(image: Image.Image) -> Image.Image:
    """In a mode that can be resized and converted (L, RGB or CMYK), on white where it was transparent."""
    if image.mode.startswith("I"):  # gray of 16 bits: converting would cut off, not scale
        return image.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    if image.has_transparency_data:
        layers = image.convert("RGBA")
        paper = Image.new("RGB", image.size, PAPER)
        paper.paste(layers, mask=layers.getchannel("A"))
        return paper
    return image if image.mode in {"L", "RGB", "CMYK"} else image.convert("RGB")


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    if profile:
        try:
            given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            made = ImageCms.profileToProfile(image, given, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            made = None  # a profile that is none, or for another kind of picture: read as sRGB, as browsers do
        if made is not None:
            return made
    return image.convert("RGB")
