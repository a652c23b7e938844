"""The map on paper and in files: a picture with title, time and credit, as PNG or PDF; the selection as GeoJSON or CSV.

Promises: the picture shows what the map showed, its scale, legend and credit included; a file is whole or not there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QMarginsF, QRectF, QSaveFile, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPageLayout, QPageSize, QPainter, QPdfWriter

if TYPE_CHECKING:
    from pathlib import Path

_INK, _MUTED, _PAPER = QColor("#17202C"), QColor("#5A6676"), QColor("#FFFFFF")
_HEAD_PX, _FOOT_PX, _MARGIN_PX = 58, 30, 16
_DPI: Final = 144
_A_PAGE_MM: Final = 12.0


class NotSaved(Exception):  # noqa: N818 - says what happened
    """The file could not be written. Choose another folder, or free some space."""


def sheet(picture: QImage, title: str, line: str, foot: str) -> QImage:
    """The picture between a head (title, and a line of what and when) and a foot."""
    ratio = picture.devicePixelRatio()
    width = picture.width() / ratio
    height = picture.height() / ratio
    whole = QImage(round(width * ratio), round((height + _HEAD_PX + _FOOT_PX) * ratio), QImage.Format.Format_RGB32)
    whole.setDevicePixelRatio(ratio)
    whole.fill(_PAPER)
    painter = QPainter(whole)
    _head(painter, QRectF(0, 0, width, _HEAD_PX), title, line)
    painter.drawImage(QRectF(0, _HEAD_PX, width, height), picture)
    _text(painter, QRectF(_MARGIN_PX, _HEAD_PX + height, width - 2 * _MARGIN_PX, _FOOT_PX), foot, 11, _MUTED)
    painter.end()
    return whole


def _head(painter: QPainter, area: QRectF, title: str, line: str) -> None:
    inner = area.adjusted(_MARGIN_PX, 8, -_MARGIN_PX, -6)
    half = inner.height() / 2
    _text(painter, QRectF(inner.left(), inner.top(), inner.width(), half), title, 16, _INK, bold=True)
    _text(painter, QRectF(inner.left(), inner.top() + half, inner.width(), half), line, 12, _MUTED)


def _text(painter: QPainter, area: QRectF, words: str, px: int, ink: QColor, *, bold: bool = False) -> None:
    font = QFont(painter.font())
    font.setPixelSize(px)
    font.setBold(bold)
    painter.setFont(font)
    painter.setPen(ink)
    plain = QFontMetricsF(font).elidedText(words, Qt.TextElideMode.ElideRight, area.width())
    painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, plain)


def save_png(whole: QImage, path: Path) -> None:
    """Write a picture; NotSaved."""
    file = QSaveFile(str(path))
    if not file.open(QSaveFile.OpenModeFlag.WriteOnly) or not whole.save(file, "PNG") or not file.commit():  # type: ignore[call-overload]
        raise NotSaved


def save_pdf(whole: QImage, path: Path, title: str) -> None:
    """Write a picture as one page, letter across or upright as it fits better; NotSaved."""
    file = QSaveFile(str(path))
    if not file.open(QSaveFile.OpenModeFlag.WriteOnly):
        raise NotSaved
    writer = QPdfWriter(file)
    writer.setTitle(title)
    writer.setCreator("Porchlight")
    writer.setResolution(_DPI)
    wide = whole.width() >= whole.height()
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.Letter),
            QPageLayout.Orientation.Landscape if wide else QPageLayout.Orientation.Portrait,
            QMarginsF(_A_PAGE_MM, _A_PAGE_MM, _A_PAGE_MM, _A_PAGE_MM),
            QPageLayout.Unit.Millimeter,
        )
    )
    painter = QPainter(writer)
    room = painter.viewport()
    share = min(room.width() / whole.width(), room.height() / whole.height())
    painter.drawImage(QRectF(0, 0, whole.width() * share, whole.height() * share), whole)
    painter.end()
    if not file.commit():
        raise NotSaved


def save_bytes(content: bytes, path: Path) -> None:
    """Write a file; NotSaved."""
    file = QSaveFile(str(path))
    if not file.open(QSaveFile.OpenModeFlag.WriteOnly) or file.write(content) != len(content) or not file.commit():
        raise NotSaved
