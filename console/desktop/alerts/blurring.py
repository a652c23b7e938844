"""Covering faces and number plates in a picture, before it is added to an alert.

Promises: what is under a cover is gone before the picture leaves this program (`domain/blurring.py`); every act can be
done with the keyboard and taken back; when nothing was covered, it is asked once more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QDialog, QSizePolicy, QVBoxLayout, QWidget

from console.desktop.alerts.picture_opening import Opened, image_of, saved
from console.desktop.widgets import button, card, column, named, row, text_label
from console.domain.blurring import Cell, Cover, Covering, cells, mosaic
from console.domain.wizard_undo import Undo

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

WHAT_TO_COVER = "Cover faces and license plates that are not what the alert is about"
HOW = "Drag over them. What is covered cannot be brought back by anybody."
KEYS = (
    "Without a mouse: N makes a cover, arrows move it, Shift and arrows change its size, Delete removes it, "
    "Tab goes to the next, Ctrl+Z takes back."
)
NOTHING_COVERED = "Nothing is covered"
REALLY = "Is there no face and no license plate in this picture, or is each of them what the alert is about?"
STEP, STEP_LARGE = 4, 24
"""How far a key moves an edge, in pixels of the picture; further while the key is held."""
# On any picture, dark or bright, one of the two can be seen.
_EDGE, _EDGE_UNDER, _CHOSEN = QColor("#FFFFFF"), QColor("#101820"), QColor("#FFC24B")
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class Canvas(QWidget):
    """The picture, fitted into the room there is, and its covers as they will be."""

    changed = Signal()

    def __init__(self, opened: Opened) -> None:
        super().__init__()
        self.covering = Covering(opened.width, opened.height)
        self._opened = opened
        self._image: QImage = image_of(opened)
        self._fitted = QPixmap()
        self._undo: Undo[Covering] = Undo()
        self._cells: dict[Cover, tuple[Cell, ...]] = {}
        self._from: tuple[int, int] | None = None
        self._to: tuple[int, int] = (0, 0)
        self._grabbed: tuple[Covering, int, int] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setMinimumSize(240, 160)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        named(self, "blur.canvas", "The picture and its covers")
        self._describe()

    @property
    def can_undo(self) -> bool:
        """Whether an act can be taken back."""
        return self._undo.can_undo

    def sizeHint(self) -> QSize:
        """As large as a window lets it be."""
        return QSize(960, 640)

    def set_covering(self, after: Covering) -> None:
        """Take a new state; what changes a cover can be taken back."""
        if after == self.covering:
            return
        if after.covers != self.covering.covers:
            self._undo.changed_from(self.covering)
        self._show(after)

    def take_back(self) -> None:
        """The state before the last act."""
        if self._undo.can_undo:
            self._show(self._undo.undo(self.covering))

    def _show(self, covering: Covering) -> None:
        self.covering = covering
        kept = {cover: self._cells.get(cover) for cover in covering.covers}
        self._cells = {
            cover: found or cells(self._opened.pixels, self._opened.width, cover) for cover, found in kept.items()
        }
        self._describe()
        self.update()
        self.changed.emit()

    def _describe(self) -> None:
        covering = self.covering
        if covering.cover is None:
            said = f"{len(covering.covers)} covers" if covering.covers else "No covers yet. Press N to make one."
        else:
            c = covering.cover
            said = (
                f"Cover {covering.chosen + 1} of {len(covering.covers)}: {c.left} from the left, {c.top} from the top, "
                f"{c.width} wide, {c.height} high, of {covering.width} by {covering.height}"
            )
        self.setAccessibleDescription(said)

    # -- where things are --------------------------------------------------------------------------------------------

    def shown(self) -> QRectF:
        """Where the picture is on the widget: as large as fits, in the middle, never larger than it is."""
        scale = min(self.width() / self._image.width(), self.height() / self._image.height(), 1.0)
        width, height = self._image.width() * scale, self._image.height() * scale
        return QRectF((self.width() - width) / 2, (self.height() - height) / 2, width, height)

    def _pixel(self, at: QPointF) -> tuple[int, int]:
        shown = self.shown()
        scale = self._image.width() / shown.width()
        return round((at.x() - shown.left()) * scale), round((at.y() - shown.top()) * scale)

    def _on_widget(self, place: Cover) -> QRect:
        shown = self.shown()
        scale = shown.width() / self._image.width()
        left, top = shown.left() + place.left * scale, shown.top() + place.top * scale
        right, bottom = left + place.width * scale, top + place.height * scale
        return QRect(round(left), round(top), round(right) - round(left), round(bottom) - round(top))

    # -- painting ----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """The picture with its covers; the chosen one has a marked edge."""
        del event
        painter = QPainter(self)
        shown = self.shown()
        painter.drawPixmap(shown.topLeft(), self._picture(shown))
        for cover in self.covering.covers:
            for cell in self._cells[cover]:
                painter.fillRect(self._on_widget(cell.place), QColor(*cell.shade))
        for cover in self.covering.covers:
            self._edge(painter, self._on_widget(cover), chosen=cover is self.covering.cover)
        if self._from is not None:
            corners = Cover(*self._from, 0, 0), Cover(*self._to, 0, 0)
            drawn = QRect(self._on_widget(corners[0]).topLeft(), self._on_widget(corners[1]).topLeft()).normalized()
            painter.fillRect(drawn, QColor(16, 24, 32, 150))
            self._edge(painter, drawn, chosen=True)
        painter.end()

    def _edge(self, painter: QPainter, place: QRect, *, chosen: bool) -> None:
        within = place.adjusted(0, 0, -1, -1)
        painter.setPen(QPen(_EDGE_UNDER, 5 if chosen else 3))
        painter.drawRect(within)
        focused = chosen and (self.hasFocus() or self._from is not None)
        painter.setPen(QPen(_CHOSEN if focused else _EDGE, 3 if chosen else 1))
        painter.drawRect(within)

    def _picture(self, shown: QRectF) -> QPixmap:
        ratio = self.devicePixelRatioF()
        wanted = QSize(max(1, round(shown.width() * ratio)), max(1, round(shown.height() * ratio)))
        if self._fitted.size() != wanted:
            self._fitted = QPixmap.fromImage(
                self._image.scaled(
                    wanted, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
                )
            )
        self._fitted.setDevicePixelRatio(ratio)
        return self._fitted

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit anew."""
        super().resizeEvent(event)
        self.update()

    # -- mouse -------------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a cover, or take hold of one."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        x, y = self._pixel(event.position())
        there = self.covering.chosen_at(x, y)
        if there is None:
            self._from = self._to = (x, y)
        else:
            self._grabbed = (there, x, y)
            self.set_covering(there)
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw the cover, or move the one that is held."""
        if self._from is not None:
            self._to = self._pixel(event.position())
            self.update()
        elif self._grabbed is not None:
            there, from_x, from_y = self._grabbed
            x, y = self._pixel(event.position())
            self._show(there.moved(x - from_x, y - from_y))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The cover is there, or where it was moved to."""
        x, y = self._pixel(event.position())
        if self._from is not None:
            begun, self._from = self._from, None
            self.set_covering(self.covering.added(*begun, x, y))
        elif self._grabbed is not None:
            (there, from_x, from_y), self._grabbed = self._grabbed, None
            self.covering = there  # what it moved through is not to be taken back step by step
            self.set_covering(there.moved(x - from_x, y - from_y))
        self.update()

    # -- keyboard ----------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Everything that the mouse can do."""
        key = Qt.Key(event.key())
        step = STEP_LARGE if event.isAutoRepeat() else STEP
        if key in _ARROWS and self.covering.cover is not None:
            across, down = (step * n for n in _ARROWS[key])
            is_size = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            change = self.covering.resized if is_size else self.covering.moved
            self.set_covering(change(across, down))
        elif key in {Qt.Key.Key_N, Qt.Key.Key_Insert}:
            self.set_covering(self.covering.added_in_the_middle())
        elif key in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
            self.set_covering(self.covering.removed())
        elif key == Qt.Key.Key_Z and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.take_back()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002, FBT001 - Qt's own names
        """Tab goes from cover to cover, and on after the last."""
        after = self.covering.next_chosen(1 if next else -1)
        if after is None:
            return super().focusNextPrevChild(next)
        self.set_covering(after)
        return True

    def changeEvent(self, event: QEvent) -> None:
        """Another screen may have other pixels."""
        if event.type() is QEvent.Type.DevicePixelRatioChange:
            self.update()
        super().changeEvent(event)


class BlurEditor(QWidget):
    """A picture whose faces and plates are to be covered, with what to do in words."""

    done = Signal(bytes)
    """The picture as JPEG, made from its pixels, with what is covered gone."""
    cancelled = Signal()

    def __init__(self, opened: Opened) -> None:
        super().__init__()
        self.setObjectName("page")
        self._opened = opened
        layout = column(self, margins=24, spacing=12)
        layout.addWidget(text_label(WHAT_TO_COVER, "title"))
        layout.addWidget(text_label(HOW))
        self.canvas = Canvas(opened)
        self.canvas.changed.connect(self._judge)
        layout.addWidget(self.canvas, 1)
        layout.addWidget(text_label(KEYS, "help"))
        self._asked, inside = card("notice")
        inside.addWidget(text_label(NOTHING_COVERED, "strong"))
        inside.addWidget(text_label(REALLY, name="blur.really"))
        sure = button("Use it as it is", "blur.sure", self._finish)
        self._back = button("Go back and cover", "blur.back", self._go_back)
        inside.addLayout(row(self._back, sure, None))
        self._asked.hide()
        layout.addWidget(self._asked)
        self._undo = button("Undo", "blur.undo", self.canvas.take_back)
        self._remove = button("Remove cover", "blur.remove", self._remove_cover)
        self._count = text_label("", "muted", name="blur.count")
        self._use = button("Use this picture", "blur.use", self._ask, "primary")
        cancel = button("Cancel", "blur.cancel", self.cancelled.emit)
        layout.addLayout(row(self._undo, self._remove, self._count, None, cancel, self._use))
        self._judge()
        self.canvas.setFocus()

    def _judge(self) -> None:
        covering = self.canvas.covering
        self._undo.setEnabled(self.canvas.can_undo)
        self._remove.setEnabled(covering.cover is not None)
        count = len(covering.covers)
        self._count.setText("1 cover" if count == 1 else f"{count} covers" if count else "")
        if count:
            self._asked.hide()
            self._use.setEnabled(True)

    def _remove_cover(self) -> None:
        self.canvas.set_covering(self.canvas.covering.removed())
        self.canvas.setFocus()

    def _ask(self) -> None:
        if self.canvas.covering.covers:
            self._finish()
            return
        self._asked.show()
        self._use.setEnabled(False)
        self._back.setFocus()  # the milder answer

    def _go_back(self) -> None:
        self._asked.hide()
        self._use.setEnabled(True)
        self.canvas.setFocus()

    def _finish(self) -> None:
        o = self._opened
        hidden = mosaic(o.pixels, o.width, self.canvas.covering.covers)
        self.done.emit(saved(Opened(hidden, o.width, o.height)))


class BlurDialog(QDialog):
    """The editor in a window of its own; opened with `open()`, never `exec()`."""

    done_with = Signal(bytes)
    """The picture as JPEG; not told when the member cancels."""

    def __init__(self, opened: Opened, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Cover faces and license plates")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.editor = BlurEditor(opened)
        layout.addWidget(self.editor)
        self.editor.done.connect(self._end)
        self.editor.cancelled.connect(self.reject)
        self.resize(1_040, 800)

    def _end(self, picture: bytes) -> None:
        self.done_with.emit(picture)
        self.accept()
