"""The window: rail, top bar, pages, status bar. It shows values and says what was chosen; it decides nothing."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import qtawesome
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QColor, QFontMetricsF, QKeySequence, QPainter, QPaintEvent, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QMainWindow,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from console.desktop.widgets import chip, lamp, line, text_label

if TYPE_CHECKING:
    from console.domain.members import Member

RAIL = {
    "map": ("Map", "ph.map-trifold"),
    "feed": ("Feed", "ph.chat-circle-text"),
    "requests": ("Requests", "ph.pencil-line"),
    "review": ("Review", "ph.check-square"),
    "alerts": ("Alerts", "ph.megaphone"),
    "evidence": ("Evidence", "ph.film-strip"),
    "moderation": ("Moderation", "ph.scales"),
    "agency": ("Agency", "ph.buildings"),
    "settings": ("Settings", "ph.gear"),
}


BADGE_GROUND, BADGE_WORDS = "#F2A33A", "#14233B"  # the lamp on the rail, the same by day and night
_BADGE_HEIGHT = 15.0
_BADGE_MOST = 99


class RailButton(QToolButton):
    """A room of the rail, with a count on its icon."""

    def __init__(self) -> None:
        super().__init__()
        self.number = 0

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the badge over the button."""
        super().paintEvent(event)
        if not self.number:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = self.font()
        font.setPixelSize(10)
        font.setBold(True)
        painter.setFont(font)
        text = str(self.number) if self.number <= _BADGE_MOST else f"{_BADGE_MOST}+"
        width = max(_BADGE_HEIGHT + 4, QFontMetricsF(font).horizontalAdvance(text) + 10)
        box = QRectF(min(self.width() / 2 + 4, self.width() - width - 2), 3, width, _BADGE_HEIGHT)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(BADGE_GROUND))
        painter.drawRoundedRect(box, _BADGE_HEIGHT / 2, _BADGE_HEIGHT / 2)
        painter.setPen(QColor(BADGE_WORDS))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


class Rail(QWidget):
    """The rail: only the rooms that the role may use, with counts."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(72)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2, 10, 2, 10)
        layout.setSpacing(4)
        layout.addWidget(lamp(), alignment=Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(8)
        self._group = QButtonGroup(self)
        self.buttons: dict[str, RailButton] = {}
        for number, (name, (text, icon)) in enumerate(RAIL.items(), 1):
            if name == "settings":
                layout.addStretch(1)
            made = RailButton()
            made.setObjectName("rail")
            made.setProperty("testName", f"rail.{name}")
            made.setAccessibleName(text)
            made.setToolTip(f"{text} (Ctrl+{number})")
            made.setText(text)
            made.setIcon(qtawesome.icon(icon, color="#C8D2E0", color_on="#FFFFFF"))
            made.setIconSize(QSize(20, 20))
            made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
            made.setCheckable(True)
            made.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            made.setFixedHeight(58)
            made.clicked.connect(partial(self.chosen.emit, name))
            self._group.addButton(made)
            self.buttons[name] = made
            layout.addWidget(made)

    def allow(self, names: frozenset[str]) -> None:
        """Show only these rooms."""
        for name, made in self.buttons.items():
            made.setVisible(name in names)

    def mark(self, name: str) -> None:
        """The room that is open."""
        self.buttons[name].setChecked(True)

    def count(self, name: str, number: int) -> None:
        """A room's badge; 0 takes it away. The number is said to a screen reader too."""
        text, made = RAIL[name][0], self.buttons[name]
        made.number = number
        made.setAccessibleName(f"{text}, {number} waiting" if number else text)
        made.update()


class TopBar(QWidget):
    """Agency, connection, time to lock, and who is signed in (whose name and title others will see)."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("topbar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(48)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 0, 16, 0)
        layout.setSpacing(16)
        self.agency = text_label("", "section", wrap=False)
        self.connection = chip("Connecting")
        self.connection.setProperty("testName", "top.connection")
        self.lock = chip("")
        self.member = text_label("", "strong", wrap=False)
        self.role = text_label("", "small", wrap=False)
        who = QVBoxLayout()
        who.setSpacing(1)
        who.addStretch(1)
        who.addWidget(self.member, alignment=Qt.AlignmentFlag.AlignRight)
        who.addWidget(self.role, alignment=Qt.AlignmentFlag.AlignRight)
        who.addStretch(1)
        layout.addWidget(self.agency)
        layout.addStretch(1)
        layout.addWidget(self.connection)
        layout.addWidget(self.lock)
        layout.addLayout(who)

    def show_member(self, agency: str, member: Member) -> None:
        """Who is here."""
        self.agency.setText(agency)
        self.member.setText(f"{member.title} {member.name}")
        badge = f" \u00b7 badge {member.badge}" if member.badge else ""
        self.role.setText(f"{member.role.value.replace('_', ' ').capitalize()}{badge}")

    def show_connection(self, text: str, tone: str) -> None:
        """Connected, connecting or offline."""
        self.connection.setText(text)
        self.connection.setProperty("tone", tone)
        self.connection.style().unpolish(self.connection)
        self.connection.style().polish(self.connection)


class StatusBar(QWidget):
    """What waits to be sent, how fresh the feed is, when posts are read."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("statusbar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(28)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 0, 14, 0)
        layout.setSpacing(24)
        self.outbox = text_label("Nothing waiting to be sent", "small", wrap=False)
        self.outbox.setProperty("testName", "status.outbox")
        self.fresh = text_label("", "small", wrap=False)
        self.said = text_label("", "small", wrap=False)
        self.hours = text_label("", "small", wrap=False)
        self.said.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        layout.addWidget(self.outbox)
        layout.addWidget(self.fresh)
        layout.addWidget(self.said, 1)
        layout.addWidget(self.hours)


class Window(QMainWindow):
    """The one window. `closing` is told once; the root then cleans up and lets it go."""

    closing = Signal()
    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("Porchlight")
        self.setMinimumSize(960, 600)
        self.resize(1366, 768)
        self.first = QStackedWidget()  # opening and sign-in
        self.rail, self.top, self.status = Rail(), TopBar(), StatusBar()
        self.pages = QStackedWidget()
        self.names: dict[str, QWidget] = {}
        frame = QWidget()
        outer = QHBoxLayout(frame)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.rail)
        inner = QVBoxLayout()
        inner.setSpacing(0)
        inner.addWidget(self.top)
        inner.addWidget(self.pages, 1)
        inner.addWidget(line())
        inner.addWidget(self.status)
        outer.addLayout(inner, 1)
        self.frame = frame
        self._all = QStackedWidget()
        self._all.addWidget(self.first)
        self._all.addWidget(frame)
        self.setCentralWidget(self._all)
        self.rail.chosen.connect(self.chosen)
        leave = QShortcut(QKeySequence("Ctrl+Q"), self)
        leave.activated.connect(self.close)
        for number, name in enumerate(RAIL, 1):
            shortcut = QShortcut(QKeySequence(f"Ctrl+{number}"), self)
            shortcut.activated.connect(partial(self._choose_if_allowed, name))

    def _choose_if_allowed(self, name: str) -> None:
        if self.rail.buttons[name].isVisible():
            self.chosen.emit(name)

    def show_first(self, page: QWidget) -> None:
        """A page without the frame."""
        if self.first.indexOf(page) < 0:
            self.first.addWidget(page)
        self.first.setCurrentWidget(page)
        self._all.setCurrentWidget(self.first)

    def show_frame(self) -> None:
        """The frame with its pages."""
        self._all.setCurrentWidget(self.frame)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep the window until the root has cleaned up."""
        event.ignore()
        self.closing.emit()
