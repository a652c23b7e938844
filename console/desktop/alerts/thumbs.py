"""Alerts' pictures as small images: each fetched once, decoded beside the loop, kept while the room is open."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from console.client.gateway import GatewayError
from console.desktop.alerts.picture_opening import image_of, open_picture
from console.desktop.flow import FlowLayout
from console.desktop.widgets import clear, text_label
from console.domain.pictures import PictureTrouble

if TYPE_CHECKING:
    from console.desktop.context import Context

SIDE_MAX = 640
KEPT_MAX = 200


class Thumbs(QObject):
    """`arrived` carries the id of a picture that can be shown now, or that cannot be had."""

    arrived = Signal(str)

    def __init__(self, context: Context, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._known: dict[str, QPixmap] = {}
        self._asked: set[str] = set()

    def picture(self, picture_id: str) -> QPixmap | None:
        """A picture, at most 640 a side; None while it is not there, an empty one where it cannot be had."""
        if picture_id not in self._known and picture_id not in self._asked:
            self._asked.add(picture_id)
            self._context.start(self._fetch(picture_id))
        return self._known.get(picture_id)

    def keep(self, picture_id: str, image: QImage) -> None:
        """Know a picture that was just added."""
        while len(self._known) >= KEPT_MAX:
            self._known.pop(next(iter(self._known)))
        self._known[picture_id] = QPixmap.fromImage(image)
        self._asked.discard(picture_id)
        self.arrived.emit(picture_id)

    def forget_failures(self) -> None:
        """Ask anew for what could not be had."""
        for picture_id in [known for known, pixmap in self._known.items() if pixmap.isNull()]:
            del self._known[picture_id]

    async def _fetch(self, picture_id: str) -> None:
        try:
            untrusted = await self._context.desk.fetch_picture(picture_id)
            image = await asyncio.to_thread(small, untrusted)
        except GatewayError:
            image = QImage()
        self.keep(picture_id, image)


def small(untrusted: bytes) -> QImage:
    """A picture's file as an image of at most 640 a side; an empty one for what is no picture. Not for a slot."""
    opened = open_picture(untrusted)
    if isinstance(opened, PictureTrouble):
        return QImage()
    image = image_of(opened)
    if max(image.width(), image.height()) <= SIDE_MAX:
        return image
    return image.scaled(
        QSize(SIDE_MAX, SIDE_MAX), Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    )


def framed(pixmap: QPixmap | None, said: str, name: str, height: int) -> QLabel:
    """A picture in a label, `height` pixels high; words where there is none yet, or none to be had."""
    if pixmap is None or pixmap.isNull():
        words = "Loading\u2026" if pixmap is None else "The picture cannot be loaded now"
        label = text_label(words, "small")
        label.setFixedWidth(120)
    else:
        label = QLabel()
        ratio = label.devicePixelRatioF()
        fitted = pixmap.scaledToHeight(round(height * ratio), Qt.TransformationMode.SmoothTransformation)
        fitted.setDevicePixelRatio(ratio)
        label.setPixmap(fitted)
    label.setProperty("testName", name)
    label.setAccessibleName(said)
    label.setToolTip(said)
    return label


class PictureStrip(QWidget):
    """The pictures of an alert side by side, as readers see them."""

    def __init__(self, thumbs: Thumbs, height: int = 110) -> None:
        super().__init__()
        self._thumbs, self._height = thumbs, height
        self._ids: tuple[str, ...] = ()
        self._flow = FlowLayout(self, 6)
        thumbs.arrived.connect(self._arrived, Qt.ConnectionType.QueuedConnection)
        self.hide()

    def show_pictures(self, ids: tuple[str, ...]) -> None:
        """Show these, in this order."""
        if ids != self._ids:
            self._ids = ids
            self._paint()

    def _arrived(self, picture_id: str) -> None:
        if picture_id in self._ids:
            self._paint()

    def _paint(self) -> None:
        found = [self._thumbs.picture(picture_id) for picture_id in self._ids]
        clear(self._flow)
        for number, pixmap in enumerate(found, 1):
            label = framed(pixmap, f"Picture {number} of {len(found)}", f"alerts.seen_picture_{number}", self._height)
            self._flow.addWidget(label)
            label.show()
        self.setVisible(bool(self._ids))
        self.updateGeometry()
