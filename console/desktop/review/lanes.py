"""One line of time for a request and those before it: a lane each, the incident marked."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.desktop.feed.delegate import one_line
from console.desktop.theme import colour
from console.desktop.widgets import named

if TYPE_CHECKING:
    from console.desktop.context import Context

LANES_MAX = 8
_HEAD, _LANE, _FOOT, _PAD = 22, 24, 22, 8
_NAMES = 128
_BAR_LEAST = 4.0
_STEPS = tuple(timedelta(minutes=m) for m in (15, 30, 60, 120, 180, 360, 720, 1_440, 2_880, 10_080, 20_160, 40_320))
_LABEL_PX = 76
_DAY = timedelta(days=1)
NEAR = timedelta(hours=36)


class Lane(msgspec.Struct, frozen=True):
    """One window of time. `tone` is a colour of the theme; the first lane is the request that is read."""

    id: str
    name: str
    begins: datetime
    ends: datetime
    tone: str
    says: str = ""


class Lanes(QWidget):
    """Paints the lanes. A click on an earlier one emits `opened`; keys have the list beside."""

    opened = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._lanes: tuple[Lane, ...] = ()
        self._incident: datetime | None = None
        self._marked = ""
        self._from = self._to = context.clock()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        named(self, "review.lanes", "Time line")
        self.show_lanes((), None)

    def show_lanes(self, lanes: tuple[Lane, ...], incident: datetime | None) -> None:
        """Show the windows from the earliest to the latest of them."""
        self._lanes, self._incident = lanes[:LANES_MAX], incident
        points = [at for lane in self._lanes if self.is_near(lane) for at in (lane.begins, lane.ends)]
        if points:
            points += [incident] if incident and self._reaches(incident, incident) else []
            spare = max((max(points) - min(points)) * 0.06, timedelta(minutes=20))
            self._from, self._to = min(points) - spare, max(points) + spare
        self.setFixedHeight(_HEAD + _LANE * max(1, len(self._lanes)) + _FOOT)
        local = self._context.local
        told = [f"{one.name}: {local(one.begins)} to {local(one.ends)}{one.says and ', ' + one.says}" for one in lanes]
        self.setAccessibleDescription(". ".join(told))
        self.update()

    def is_near(self, lane: Lane) -> bool:
        """Whether a lane is drawn to scale; one that lies days away is said at the edge, or all would be slivers."""
        return self._reaches(lane.begins, lane.ends)

    def _reaches(self, begins: datetime, ends: datetime) -> bool:
        read = self._lanes[0]
        return begins <= read.ends + NEAR and ends >= read.begins - NEAR

    def mark(self, lane_id: str) -> None:
        """Mark the lane that the list beside stands on."""
        self._marked = lane_id
        self.update()

    def x_of(self, at: datetime) -> float:
        """Where a time stands."""
        names = self._names_px()
        return names + (at - self._from) / (self._to - self._from) * (self.width() - names - _PAD)

    def lane_at(self, y: float) -> Lane | None:
        """The lane at a height; None beside all."""
        at = int((y - _HEAD) // _LANE)
        return self._lanes[at] if 0 <= at < len(self._lanes) else None

    def _names_px(self) -> int:
        return min(_NAMES, self.width() // 3)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say what the lane is; show that it can be opened."""
        lane = self.lane_at(event.position().y())
        is_earlier = lane is not None and lane is not self._lanes[0]
        self.setCursor(Qt.CursorShape.PointingHandCursor if is_earlier else Qt.CursorShape.ArrowCursor)
        self.setToolTip("" if lane is None else one_line(f"{lane.name} {lane.says}").replace("<", "‹"))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Open an earlier request."""
        lane = self.lane_at(event.position().y())
        is_left = event.button() == Qt.MouseButton.LeftButton
        if is_left and lane is not None and lane is not self._lanes[0]:
            self.opened.emit(lane.id)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw hours, lanes and incident."""
        if not self._lanes:
            return
        theme = self._context.theme()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = self.font()
        font.setPixelSize(11)
        painter.setFont(font)
        bottom = _HEAD + _LANE * len(self._lanes)
        self._draw_hours(painter, colour(theme, "line"), colour(theme, "muted"), bottom)
        for n, lane in enumerate(self._lanes):
            self._draw_lane(painter, lane, float(_HEAD + n * _LANE), is_read=n == 0)
        if self._incident is not None and self._from <= self._incident <= self._to:
            x = self.x_of(self._incident)
            painter.setPen(QPen(colour(theme, "stop"), 2))
            painter.drawLine(int(x), _HEAD - 4, int(x), bottom)
            left = min(max(0.0, x - 40), self.width() - 80.0)
            painter.drawText(QRectF(left, 2, 80, 16), Qt.AlignmentFlag.AlignCenter, "Incident")
        painter.end()

    def _draw_hours(self, painter: QPainter, line: QColor, muted: QColor, bottom: int) -> None:
        zone = self._context.zone()
        room = max(1, (self.width() - self._names_px()) // _LABEL_PX)
        step = next((s for s in _STEPS if (self._to - self._from) / s <= room), _STEPS[-1])
        at = self._from.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
        form = "%d %b" if step >= _DAY else "%H:%M" if (self._to - self._from) < _DAY else "%d %b %H:%M"
        while at < self._to:
            if at >= self._from:
                x = self.x_of(at)
                painter.setPen(QPen(line, 1))
                painter.drawLine(int(x), _HEAD, int(x), bottom)
                if x + _LABEL_PX / 2 <= self.width():
                    painter.setPen(muted)
                    box = QRectF(x - _LABEL_PX / 2, bottom + 2, _LABEL_PX, 16)
                    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, at.strftime(form))
            at += step

    def _draw_lane(self, painter: QPainter, lane: Lane, top: float, *, is_read: bool) -> None:
        theme = self._context.theme()
        names = self._names_px()
        if lane.id == self._marked:
            ground = QColor(colour(theme, "accent"))
            ground.setAlpha(28)
            painter.fillRect(QRectF(0, top, self.width(), _LANE), ground)
        painter.setPen(colour(theme, "text" if is_read else "muted"))
        words = QFontMetrics(painter.font()).elidedText(one_line(lane.name), Qt.TextElideMode.ElideRight, names - _PAD)
        vertical = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(QRectF(0, top, names - _PAD, _LANE), vertical, words)
        fill = QColor(colour(theme, lane.tone))
        if not self.is_near(lane):
            is_before = lane.begins < self._from
            when = self._context.local(lane.begins)
            painter.setPen(fill)
            side = Qt.AlignmentFlag.AlignLeft if is_before else Qt.AlignmentFlag.AlignRight
            box = QRectF(names, top, self.width() - names - _PAD, _LANE)
            said = f"\u2190 {when}" if is_before else f"{when} \u2192"
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | side, said)
            return
        left, right = self.x_of(lane.begins), self.x_of(lane.ends)
        bar = QRectF(left, top + 5, max(_BAR_LEAST, right - left), _LANE - 10)
        painter.setPen(QPen(fill, 1.5))
        fill.setAlpha(150 if is_read else 60)
        painter.setBrush(fill)
        painter.drawRoundedRect(bar, 2, 2)
