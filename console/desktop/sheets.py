"""Maps and records on paper and in files: a picture with title, time and credit, as PNG or PDF; a record with its map.

Promises: a picture shows what the map showed, its scale, legend and credit included; texts are written as they are,
never as markup; a file is whole or not there.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QMarginsF, QRectF, QSaveFile, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QFileDialog, QWidget

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_INK, _MUTED, _PAPER = QColor("#17202C"), QColor("#5A6676"), QColor("#FFFFFF")
_HEAD_PX, _FOOT_PX, _MARGIN_PX = 58, 30, 16
_DPI: Final = 144
_A_PAGE_MM: Final = 12.0


class NotSaved(Exception):  # noqa: N818 - says what happened
    """The file could not be written. Choose another folder, or free some space."""


WORDS_NO_PICTURE: Final = "The map is not drawn yet, so there is no picture. Try again when it is."


def trouble_of(write: Callable[[], None], path: Path) -> str:
    """Write a file; what to say where that failed, empty where it is there."""
    try:
        write()
    except NotSaved as error:
        return f"Not saved: {path.name}. {(error.__doc__ or '').strip()}"
    return ""


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
    file = _opened(path)
    if not whole.save(file, "PNG") or not file.commit():  # type: ignore[call-overload]
        raise NotSaved


def save_pdf(whole: QImage, path: Path, title: str) -> None:
    """Write a picture as one page, letter across or upright as it fits better; NotSaved."""
    file = _opened(path)
    wide = whole.width() >= whole.height()
    writer = _writer(file, title, QPageLayout.Orientation.Landscape if wide else QPageLayout.Orientation.Portrait)
    painter = QPainter(writer)
    room = painter.viewport()
    share = min(room.width() / whole.width(), room.height() / whole.height())
    painter.drawImage(QRectF(0, 0, whole.width() * share, whole.height() * share), whole)
    painter.end()
    if not file.commit():
        raise NotSaved


def save_record(picture: QImage, path: Path, title: str, parts: Sequence[tuple[str, str]]) -> None:
    """Write a record: its title, the map, then each part's name and text, on as many pages as it takes; NotSaved."""
    file = _opened(path)
    writer = _writer(file, title, QPageLayout.Orientation.Portrait)
    document = QTextDocument()
    document.documentLayout().setPaintDevice(writer)
    document.setPageSize(QSizeF(writer.width(), writer.height()))
    # The writer's pixels are of its own resolution: the picture fills the width.
    share = writer.width() / max(1, picture.width())
    wide = picture.scaled(
        writer.width(), round(picture.height() * share), mode=Qt.TransformationMode.SmoothTransformation
    )
    wide.setDevicePixelRatio(1.0)
    cursor = QTextCursor(document)
    cursor.insertText(title, _letters(15, bold=True))
    cursor.insertBlock(_spaced(6))
    cursor.insertImage(wide)
    for name, words in parts:
        cursor.insertBlock(_spaced(7))
        cursor.insertText(name, _letters(8, bold=True))
        for line in words.splitlines() or [""]:
            cursor.insertBlock(_spaced(0))
            cursor.insertText(line, _letters(10))
    document.print_(writer)
    if not file.commit():
        raise NotSaved


def _letters(points: int, *, bold: bool = False) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setFontPointSize(points)
    made.setFontWeight(QFont.Weight.Bold if bold else QFont.Weight.Normal)
    made.setForeground(_INK)
    return made


def _spaced(before_px: int) -> QTextBlockFormat:
    made = QTextBlockFormat()
    made.setTopMargin(before_px * _DPI / 72)
    return made


def _opened(path: Path) -> QSaveFile:
    file = QSaveFile(str(path))
    if not file.open(QSaveFile.OpenModeFlag.WriteOnly):
        raise NotSaved
    return file


def _writer(file: QSaveFile, title: str, orientation: QPageLayout.Orientation) -> QPdfWriter:
    writer = QPdfWriter(file)
    writer.setTitle(title)
    writer.setCreator("Porchlight")
    writer.setResolution(_DPI)
    margins = QMarginsF(_A_PAGE_MM, _A_PAGE_MM, _A_PAGE_MM, _A_PAGE_MM)
    letter = QPageSize(QPageSize.PageSizeId.Letter)
    writer.setPageLayout(QPageLayout(letter, orientation, margins, QPageLayout.Unit.Millimeter))
    return writer


def save_bytes(content: bytes, path: Path) -> None:
    """Write a file; NotSaved."""
    file = _opened(path)
    if file.write(content) != len(content) or not file.commit():
        raise NotSaved


def ask_where(parent: QWidget, title: str, name: str, kind_words: str, then: Callable[[Path], None]) -> None:
    """Ask for a file to write; `then` is called with it, or never. The dialog goes with its parent."""
    dialog = QFileDialog(parent, title, str(Path.home() / name), kind_words)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(Path(name).suffix.lstrip("."))
    dialog.fileSelected.connect(lambda chosen: then(Path(chosen)))
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
