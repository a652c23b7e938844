"""A picture file opened on the workstation: upright RGB pixels without anything else, at most 2,048 a side.

Qt's decoder is given only the parts that pixels are made of (`domain/picture_files`), so that no metadata can reach
what is saved; what is saved is made from pixels alone.
"""

from __future__ import annotations

import msgspec
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QColor, QColorSpace, QImage, QImageReader, QPainter, QTransform

from console.domain.blurring import CHANNELS
from console.domain.picture_files import examine
from console.domain.pictures import Anatomy, PictureTrouble, fitted

BYTES_MAX = 60 * 1024**2
PIXELS_MAX = 50_000_000
"""What phones take today; it is made smaller before it leaves."""
QUALITY = 90
# Exif's ways to turn a picture: mirrored first, then turned clockwise by degrees.
_TURNS = {2: (True, 0), 3: (False, 180), 4: (True, 180), 5: (True, 270), 6: (False, 90), 7: (True, 90), 8: (False, 270)}


class Opened(msgspec.Struct, frozen=True):
    """A picture's pixels: RGB bytes, row by row without padding."""

    pixels: bytes
    width: int
    height: int


def open_picture(untrusted: bytes) -> Opened | PictureTrouble:
    """The picture in a file, or why it is not taken. Up to a second for the largest: not for a slot."""
    anatomy = examine(untrusted, bytes_max=BYTES_MAX, pixels_max=PIXELS_MAX)
    if isinstance(anatomy, PictureTrouble):
        return anatomy
    image = _decoded(anatomy)
    if image.isNull():
        return PictureTrouble.BROKEN
    turn = _TURNS.get(anatomy.orientation)
    if turn is not None:
        mirrored, degrees = turn
        image = image.flipped(Qt.Orientation.Horizontal) if mirrored else image
        image = image.transformed(QTransform().rotate(degrees))
    return opened_from(image)


def opened_from(image: QImage) -> Opened:
    """The pixels of an image, on white where it is transparent."""
    paper = QImage(image.size(), QImage.Format.Format_RGB888)
    paper.fill(QColor("white"))
    painter = QPainter(paper)
    painter.drawImage(0, 0, image)
    painter.end()
    line, stride, raw = paper.width() * CHANNELS, paper.bytesPerLine(), bytes(paper.constBits())
    rows = (raw[n * stride : n * stride + line] for n in range(paper.height()))
    return Opened(b"".join(rows), paper.width(), paper.height())


def image_of(opened: Opened) -> QImage:
    """Pixels as an image that owns them and knows nothing else."""
    stride = opened.width * CHANNELS
    return QImage(opened.pixels, opened.width, opened.height, stride, QImage.Format.Format_RGB888).copy()


def saved(opened: Opened) -> bytes:
    """Pixels as JPEG, without metadata."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not image_of(opened).save(buffer, "JPEG", QUALITY):  # type: ignore[call-overload]
        raise OSError("no JPEG could be written")
    return bytes(buffer.data().data())


def _decoded(anatomy: Anatomy) -> QImage:
    buffer = QBuffer()
    buffer.setData(QByteArray(anatomy.bare))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(anatomy.kind.value.encode()))
    reader.setAutoDetectImageFormat(False)
    reader.setScaledSize(QSize(*fitted(anatomy.width, anatomy.height)))
    image = reader.read()
    space = QColorSpace.fromIccProfile(QByteArray(anatomy.profile)) if anatomy.profile else QColorSpace()
    if not image.isNull() and space.isValid():
        image.setColorSpace(space)
        turned = image.convertedToColorSpace(QColorSpace(QColorSpace.NamedColorSpace.SRgb))
        image = image if turned.isNull() else turned
    return image
