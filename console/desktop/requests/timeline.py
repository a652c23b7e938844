"""A line of time: the incident marked, the window and its edges to be moved by hand or by keys."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.desktop.theme import colour
from console.desktop.widgets import named

if TYPE_CHECKING:
    from console.desktop.context import Context

STEP = timedelta(minutes=5)
_MARGIN = 16
_HANDLE = 10
_LEAST = timedelta(hours=6)


class TimeLine(QWidget):
    """Arrow keys move the begin, Shift and arrow keys the end, Ctrl and arrow keys both, by five minutes."""

    moved = Signal(object, object)
    """The new begin and end, aware."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._incident: datetime | None = None
        self._begins: datetime | None = None
        self._ends: datetime | None = None
        self._from = context.clock() - _LEAST
        self._to = context.clock()
        self._held = ""
        self._held_at = context.clock()
        self.setFixedHeight(96)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        named(self, "wizard.timeline", "Time window: arrow keys move the begin, with Shift the end, with Ctrl both")

    def show_window(self, incident: datetime | None, begins: datetime | None, ends: datetime | None) -> None:
        """Show a window; the scale stays while a handle is held."""
        self._incident, self._begins, self._ends = incident, begins, ends
        if not self._held:
            points = [p for p in (incident, begins, ends) if p is not None] or [self._context.clock()]
            low, high = min(points), max(points)
            spare = max(_LEAST - (high - low), (high - low) / 3, timedelta(hours=2)) / 2
            self._from, self._to = low - spare, high + spare
        self.update()

    def x_of(self, at: datetime) -> float:
        """Where a time stands."""
        share = (at - self._from) / (self._to - self._from)
        return _MARGIN + share * (self.width() - 2 * _MARGIN)

    def _time_at(self, x: float) -> datetime:
        share = min(1.0, max(0.0, (x - _MARGIN) / max(1, self.width() - 2 * _MARGIN)))
        minutes = round(share * (self._to - self._from).total_seconds() / 60)
        at = (self._from + timedelta(minutes=minutes)).replace(second=0, microsecond=0)
        return at - timedelta(minutes=at.minute % 5)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw hours, window, handles and incident."""
        theme = self._context.theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle, muted = 38.0, colour(theme, "muted")
        if self._begins is not None and self._ends is not None and self._begins < self._ends:
            left, right = self.x_of(self._begins), self.x_of(self._ends)
            fill = colour(theme, "accent")
            fill.setAlpha(70)
            painter.fillRect(QRectF(left, middle - 14, right - left, 28), fill)
        painter.setPen(QPen(muted, 1))
        painter.drawLine(_MARGIN, int(middle), self.width() - _MARGIN, int(middle))
        self._paint_hours(painter, middle)
        painter.setPen(QPen(colour(theme, "accent"), 4))
        for edge in (self._begins, self._ends):
            if edge is not None:
                x = self.x_of(edge)
                painter.drawLine(int(x), int(middle) - 16, int(x), int(middle) + 16)
        if self._incident is not None:
            x = self.x_of(self._incident)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour(theme, "stop"))
            painter.drawEllipse(QRectF(x - 6, middle - 6, 12, 12))
            painter.setPen(colour(theme, "text"))
            painter.drawText(QRectF(x - 40, 2, 80, 18), Qt.AlignmentFlag.AlignCenter, "Incident")
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(colour(theme, "accent"), 2))
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 7, 7)
        painter.end()

    def _paint_hours(self, painter: QPainter, middle: float) -> None:
        """Hours of the agency's clock, and the date where a day begins."""
        zone = self._context.zone()
        hours = max(1, int((self._to - self._from).total_seconds() // 3600 * 70 // max(70, self.width()) + 1))
        at = self._from.astimezone(UTC).replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        day = None
        while at < self._to:
            x, local = self.x_of(at), at.astimezone(zone)
            painter.drawLine(int(x), int(middle) - 4, int(x), int(middle) + 4)
            box = QRectF(x - 40, middle + 18, 80, 18)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, local.strftime("%H:%M"))
            if local.date() != day:
                day = local.date()
                painter.drawText(box.translated(0, 18), Qt.AlignmentFlag.AlignCenter, local.strftime("%a %d %b"))
            at += timedelta(hours=hours)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the handle at hand, or the whole window between them."""
        x = event.position().x()
        if self._begins is None or self._ends is None:
            return
        self._held = self._part_at(x)
        self._held_at = self._time_at(x)
        if self._held != "both":
            self._move(self._time_at(x))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move what is held; else show what can be taken here."""
        x = event.position().x()
        if self._held:
            self._move(self._time_at(x))
        elif self._begins is not None:
            both = self._part_at(x) == "both"
            self.setCursor(Qt.CursorShape.SizeAllCursor if both else Qt.CursorShape.SizeHorCursor)

    def _part_at(self, x: float) -> str:
        if self._begins is None or self._ends is None:
            return ""
        left, right = self.x_of(self._begins), self.x_of(self._ends)
        if left + _HANDLE < x < right - _HANDLE:
            return "both"
        return "begins" if abs(left - x) <= abs(right - x) else "ends"

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Let go."""
        self._held = ""
        self.show_window(self._incident, self._begins, self._ends)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrow keys."""
        way = {Qt.Key.Key_Left: -STEP, Qt.Key.Key_Right: STEP}.get(Qt.Key(event.key()))
        alt = event.modifiers() & Qt.KeyboardModifier.AltModifier
        if way is None or alt or self._begins is None or self._ends is None:
            super().keyPressEvent(event)
            return
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._set(self._begins, self._ends + way)
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._set(self._begins + way, self._ends + way)
        else:
            self._set(self._begins + way, self._ends)

    def _move(self, at: datetime) -> None:
        if self._begins is None or self._ends is None:
            return
        if self._held == "both":
            by = at - self._held_at
            self._held_at = at
            self._set(self._begins + by, self._ends + by)
        elif self._held == "begins":
            self._set(at, self._ends)
        else:
            self._set(self._begins, at)

    def _set(self, begins: datetime, ends: datetime) -> None:
        if begins < ends:
            self._begins, self._ends = begins, ends
            self.update()
            self.moved.emit(begins, ends)
