"""The time bar under the map: how much there was when, and a brush that chooses a stretch of it.

Promises: everything that the mouse can do the keyboard can do too; the stretch is said in words. It knows no posts:
it is given counts and says which span is wanted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QToolTip, QWidget

from console.desktop.theme import colour
from console.desktop.widgets import button, named, row, text_label
from console.domain.overview import Preset, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from console.desktop.theme import Theme

BARS = 60
_GAP = 2.0
_HIGHEST = 0.94
_WORDS_PX = 118


def preset_words(preset: Preset) -> str:
    """A preset, said."""
    return "All time" if preset is Preset.ALL else f"Last {preset.value}"


def time_words(preset: Preset | None, chosen: Span, say: Callable[[datetime], str]) -> str:
    """The time that is chosen, said: as its preset, or from when until when."""
    if preset is not None:
        return preset_words(preset)
    since = say(chosen.since) if chosen.since is not None else "the first"
    return f"{since} \u2013 {say(chosen.until) if chosen.until is not None else 'now'}"


class Histogram(QWidget):
    """Bars, and a brush over some of them. `brushed` says the first and the last bar; (-1, -1) is none."""

    brushed = Signal(int, int)
    brushing = Signal(int, int)
    """As `brushed`, while the hand still moves."""

    def __init__(self, theme: Callable[[], Theme]) -> None:
        super().__init__()
        self._theme = theme
        self._counts: tuple[int, ...] = (0,) * BARS
        self._first, self._last = 0, BARS - 1
        self._pressed: int | None = None
        self._says: Callable[[int], str] = lambda _bar: ""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(80, 34)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(38)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setToolTipDuration(4_000)

    def show_counts(self, counts: Sequence[int], first: int, last: int, says: Callable[[int], str]) -> None:
        """Show counts, the bars that are chosen, and how a bar is said."""
        self._counts, self._says = tuple(counts), says
        if self._pressed is None:
            self._first, self._last = first, last
        self.update()

    # Painting

    def _width(self) -> float:
        return self.width() / max(1, len(self._counts))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Bars from the ground; the chosen ones in the accent."""
        del event
        painter = QPainter(self)
        theme = self._theme()
        most, ground = max(self._counts, default=0) or 1, self.height() - 2.0
        step = self._width()
        quiet = QColor(colour(theme, "accent"))
        quiet.setAlpha(70)
        painter.setPen(Qt.PenStyle.NoPen)
        for bar, count in enumerate(self._counts):
            chosen = self._first <= bar <= self._last
            high = max(2.0 if count else 0.0, (ground - 2) * _HIGHEST * count / most)
            painter.setBrush(colour(theme, "accent") if chosen else quiet)
            painter.drawRect(QRectF(bar * step + _GAP / 2, ground - high, max(1.0, step - _GAP), high))
        painter.setPen(QPen(colour(theme, "line"), 1))
        painter.drawLine(QPointF(0, ground + 0.5), QPointF(self.width(), ground + 0.5))
        if (self._first, self._last) != (0, len(self._counts) - 1):
            painter.setPen(QPen(colour(theme, "accent"), 1.5))
            for edge in (self._first * step, (self._last + 1) * step):
                painter.drawLine(QPointF(edge, 0), QPointF(edge, ground))
        if self.hasFocus():
            painter.setPen(QPen(colour(theme, "accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    # Mouse

    def _bar_at(self, x: float) -> int:
        return max(0, min(len(self._counts) - 1, int(x / self._width())))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a brush."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = self._bar_at(event.position().x())
            self._first = self._last = self._pressed
            self.update()
            self.brushing.emit(self._first, self._last)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Stretch it."""
        if self._pressed is not None:
            bar = self._bar_at(event.position().x())
            self._first, self._last = sorted((self._pressed, bar))
            self.update()
            self.brushing.emit(self._first, self._last)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose it."""
        if event.button() == Qt.MouseButton.LeftButton and self._pressed is not None:
            self._pressed = None
            self.brushed.emit(self._first, self._last)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Take it away."""
        del event
        self._pressed = None
        self.brushed.emit(-1, -1)

    # Keyboard

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and Right move the brush, with Shift its end, with Ctrl its beginning; Escape takes it away."""
        step = {int(Qt.Key.Key_Left): -1, int(Qt.Key.Key_Right): 1}.get(event.key())
        if event.key() == Qt.Key.Key_Escape:
            self.brushed.emit(-1, -1)
        elif step is None:
            super().keyPressEvent(event)
        else:
            self._move(step, event.modifiers())

    def _move(self, step: int, modifiers: Qt.KeyboardModifier) -> None:
        first, last, end = self._first, self._last, len(self._counts) - 1
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            last = max(first, min(end, last + step))
        elif modifiers & Qt.KeyboardModifier.ControlModifier:
            first = max(0, min(last, first + step))
        elif first + step >= 0 and last + step <= end:
            first, last = first + step, last + step
        self._first, self._last = first, last
        self.update()
        self.brushed.emit(first, last)

    def event(self, event: QEvent) -> bool:
        """Say a bar where the pointer rests."""
        if isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self._says(self._bar_at(event.pos().x())), self)
            return True
        return super().event(event)


class TimeBar(QWidget):
    """Presets, the histogram and what is chosen in words. `wanted` carries a `Preset` or a `Span`."""

    wanted = Signal(object)

    def __init__(self, theme: Callable[[], Theme]) -> None:
        super().__init__()
        self.setObjectName("timebar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._extent = Span()
        self._group = QButtonGroup(self)
        self._group.setExclusive(False)
        self._presets = {}
        for preset in Preset:
            made = button(preset.value, f"time.{preset.name.lower()}", self._preset(preset), "segment")
            made.setCheckable(True)
            made.setAccessibleName(preset_words(preset))
            self._presets[preset] = made
        self.histogram = Histogram(theme)
        named(self.histogram, "time.histogram", "When it was")
        self.histogram.brushed.connect(self._brushed)
        self.histogram.brushing.connect(self._say_brushing)
        self._say: Callable[[datetime], str] = str
        # Of one width, whatever it says: the bars must not move under the hand.
        self._words = text_label("", "small", name="time.words")
        self._words.setFixedWidth(_WORDS_PX)
        layout = row(*self._presets.values(), spacing=2)
        layout.addSpacing(10)
        layout.addWidget(self.histogram, 1)
        layout.addSpacing(10)
        layout.addWidget(self._words)
        layout.setContentsMargins(12, 5, 12, 5)
        self.setLayout(layout)

    def _preset(self, preset: Preset) -> Callable[[], None]:
        return lambda: self.wanted.emit(preset)

    def show_times(
        self, counts: Sequence[int], extent: Span, chosen: Span, preset: Preset | None, say: Callable[[datetime], str]
    ) -> None:
        """Show what there was in `extent` (closed), and which part of it is chosen."""
        self._extent, self._say = extent, say
        for one, made in self._presets.items():
            made.setChecked(one is preset)
        first, last = 0, len(counts) - 1
        if chosen.since is not None:
            first = self._bar_of(chosen.since, len(counts))
        if chosen.until is not None:
            last = self._bar_of(chosen.until, len(counts), ends=True)

        def says(bar: int) -> str:
            start, end = self._edge(bar, len(counts)), self._edge(bar + 1, len(counts))
            if start is None or end is None:
                return ""
            return f"{say(start)} \u2013 {say(end)}: {counts[bar]:,} posts, alerts and requests"

        self.histogram.show_counts(counts, min(first, last), last, says)
        words = time_words(preset, chosen, say)
        self._show_words(words)
        self.histogram.setAccessibleName(
            f"Time: {words}. {sum(counts[first : last + 1]):,} of {sum(counts):,}. "
            "Left and Right move the chosen time, with Shift its end, with Control its beginning; Escape shows all."
        )

    def _show_words(self, words: str) -> None:
        self._words.setText(words.replace("\u2013 ", "\u2013\n"))  # two times stand on two lines

    def _bar_of(self, at: datetime, bars: int, *, ends: bool = False) -> int:
        since, until = self._extent.since, self._extent.until
        if since is None or until is None or until <= since:
            return 0
        place = (at - since) / (until - since) * bars
        return max(0, min(bars - 1, round(place) - 1 if ends else round(place)))

    def _edge(self, bar: int, bars: int) -> datetime | None:
        since, until = self._extent.since, self._extent.until
        return None if since is None or until is None else since + (until - since) * bar / bars

    def _say_brushing(self, first: int, last: int) -> None:
        start, end = self._edge(first, BARS), self._edge(last + 1, BARS)
        if start is not None and end is not None:
            self._show_words(time_words(None, Span(start, end), self._say))

    def _brushed(self, first: int, last: int) -> None:
        bars = BARS
        if first < 0 or (first == 0 and last == bars - 1):
            self.wanted.emit(Preset.ALL)
            return
        # The last bar goes on: what comes in is shown.
        until = None if last == bars - 1 else self._edge(last + 1, bars)
        self.wanted.emit(Span(self._edge(first, bars), until))

    def retheme(self) -> None:
        """Paint again in the theme."""
        self.histogram.update()
