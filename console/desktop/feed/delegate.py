"""Paints a list's item: chip, meta line, age, bold title, two lines of text. It draws text as it is, never markup."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from console.desktop.feed.model import THING_ROLE
from console.desktop.theme import colour
from console.domain.feed import CATEGORY_NAMES, Category
from console.domain.feed_query import FeedQuery, highlights

if TYPE_CHECKING:
    from collections.abc import Callable

    from console.desktop.context import Context
    from console.desktop.theme import Theme
    from console.domain.feed import Post

TONES: dict[Category, str] = {Category.CRIME: "stop", Category.SAFETY: "waiting", Category.MOMENT: "good"}
_PAD, _GAP, _BAR = 16, 8, 3
_DOT, _MARK_ALPHA = 3.5, 120
_SMALL, _BASE = 11, 13
# More than two lines of the widest list hold, even of narrow letters.
_PAINTED_MAX = 1_000


NOTHING_SOUGHT = FeedQuery()


@dataclass(frozen=True)
class Card:
    """What one item says. `tone` is good, waiting, stop or empty."""

    title: str
    chip: str = ""
    tone: str = ""
    meta: str = ""
    age: str = ""
    text: str = ""
    lines: int = 2
    is_unread: bool = False
    query: FeedQuery = NOTHING_SOUGHT


def one_line(untrusted_text: str) -> str:
    """A text without line breaks and control characters, for painting; of a long one no more than lines can show."""
    shown = untrusted_text[:_PAINTED_MAX]
    if not shown.isprintable():
        shown = "".join(c if c.isprintable() else " " for c in shown)
    return " ".join(shown.split())


class CardDelegate(QStyledItemDelegate):
    """Paints a thing as the `Card` that `card_of` makes of it."""

    def __init__(self, theme: Callable[[], Theme], card_of: Callable[[Any], Card]) -> None:
        super().__init__()
        self._theme = theme
        self._card_of = card_of

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """One height for all, so that long lists stay quick; less where there is no text."""
        small, base = self._metrics(option)
        thing = index.data(THING_ROLE)
        card = None if thing is None else self._card_of(thing)
        lines = card.lines if card is not None and card.text else 0
        return QSize(200, 12 + small.height() + 6 + 4 + base.height() + 2 + lines * base.lineSpacing() + 12)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one item."""
        thing = index.data(THING_ROLE)
        if thing is None:
            return
        card, theme = self._card_of(thing), self._theme()
        area: QRect = option.rect
        state = option.state
        painter.save()
        painter.setClipRect(area)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if bool(state & QStyle.StateFlag.State_Selected):
            ground = QColor(colour(theme, "accent"))
            ground.setAlpha(28)
            painter.fillRect(area, ground)
            painter.fillRect(QRect(area.left(), area.top(), _BAR, area.height()), colour(theme, "accent"))
        elif bool(state & QStyle.StateFlag.State_HasFocus):  # current, and not chosen
            painter.fillRect(QRect(area.left(), area.top(), _BAR, area.height()), colour(theme, "muted"))
        elif bool(state & QStyle.StateFlag.State_MouseOver):
            ground = QColor(colour(theme, "accent"))
            ground.setAlpha(12)
            painter.fillRect(area, ground)
        painter.setPen(QPen(colour(theme, "line"), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        self._words(painter, option, area.adjusted(_PAD, 12, -_PAD, -12), card, theme)
        painter.restore()

    def _words(self, painter: QPainter, option: QStyleOptionViewItem, area: QRect, card: Card, theme: Theme) -> None:
        small, base = self._metrics(option)
        plain = QFont(option.font)
        plain.setPixelSize(_BASE)
        tiny = QFont(plain)
        tiny.setPixelSize(_SMALL)
        head = QRect(area.left(), area.top(), area.width(), small.height() + 6)
        painter.setFont(tiny)
        left, right = self._chip(painter, head, small, card, theme), head.right()
        vertical = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(colour(theme, "muted"))
        if card.age:
            painter.drawText(head, vertical | Qt.AlignmentFlag.AlignRight, card.age)
            right -= small.horizontalAdvance(card.age) + _GAP
        room = max(0, right - left)
        meta = small.elidedText(one_line(card.meta), Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(left, head.top(), room, head.height()), vertical | Qt.AlignmentFlag.AlignLeft, meta)
        bold = QFont(plain)
        bold.setWeight(QFont.Weight.DemiBold)
        painter.setFont(bold)
        painter.setPen(colour(theme, "text"))
        y = head.bottom() + 4
        whole = one_line(card.title)
        title = QFontMetrics(bold).elidedText(whole, Qt.TextElideMode.ElideRight, area.width())
        mark = QColor(colour(theme, "lamp"))
        mark.setAlpha(_MARK_ALPHA)
        here = QRectF(area.left(), y, area.width(), base.height())
        _some_lines(painter, bold, title, here, 1, _marks(card.query, title, mark))
        if card.is_unread:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour(theme, "accent"))
            painter.drawEllipse(QPointF(area.left() - _PAD / 2, y + base.height() / 2), _DOT, _DOT)
        if card.text:
            painter.setPen(colour(theme, "muted"))
            text = one_line(card.text)
            below = QRectF(area.left(), y + base.height() + 2, area.width(), area.height())
            _some_lines(painter, plain, text, below, card.lines, _marks(card.query, text, mark))

    def _chip(self, painter: QPainter, head: QRect, small: QFontMetrics, card: Card, theme: Theme) -> int:
        if not card.chip:
            return head.left()
        width = small.horizontalAdvance(card.chip) + 16
        box = QRect(head.left(), head.top(), width, head.height())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour(theme, f"{card.tone}_ground" if card.tone else "background"))
        painter.drawRoundedRect(box, head.height() / 2, head.height() / 2)
        painter.setPen(colour(theme, card.tone or "muted"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, card.chip)
        return box.right() + _GAP

    @staticmethod
    def _metrics(option: QStyleOptionViewItem) -> tuple[QFontMetrics, QFontMetrics]:
        small, base = QFont(option.font), QFont(option.font)
        small.setPixelSize(_SMALL)
        base.setPixelSize(_BASE)
        return QFontMetrics(small), QFontMetrics(base)


def _marks(query: FeedQuery, text: str, colour_: QColor) -> list[QTextLayout.FormatRange]:
    """Where a text fits the search, as a layout takes it: counted in UTF-16, as Qt counts."""
    made = []
    for start, end in highlights(query, text):
        found = QTextLayout.FormatRange()
        found.start = len(text[:start].encode("utf-16-le")) // 2
        found.length = len(text[start:end].encode("utf-16-le")) // 2
        look = QTextCharFormat()
        look.setBackground(colour_)
        found.format = look
        made.append(found)
    return made


def _some_lines(
    painter: QPainter, font: QFont, text: str, area: QRectF, lines: int, marks: list[QTextLayout.FormatRange]
) -> None:
    layout = QTextLayout(text, font)
    layout.setFormats(marks)
    wrap = QTextOption()
    wrap.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(wrap)
    metrics = QFontMetrics(font)
    layout.beginLayout()
    y = area.top()
    for n in range(lines):
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(area.width())
        rest = text[line.textStart() :]
        if n == lines - 1 and len(rest) > line.textLength() and lines > 1:
            rest = metrics.elidedText(rest, Qt.TextElideMode.ElideRight, int(area.width()))
            painter.setFont(font)
            painter.drawText(QPointF(area.left(), y + metrics.ascent()), rest)
            break
        line.draw(painter, QPointF(area.left(), y - line.y()))
        y += metrics.lineSpacing()
    layout.endLayout()


def post_card(context: Context, query: Callable[[], FeedQuery]) -> Callable[[Post], Card]:
    """How a post reads in the list, with what the search found in it."""

    def card(post: Post) -> Card:
        return Card(
            title=post.title,
            chip=CATEGORY_NAMES[post.category],
            tone=TONES.get(post.category, ""),
            meta=" · ".join(part for part in (post.place_name, post.author) if part),
            age=context.ago(post.at),
            text=post.text,
            is_unread=context.desk.is_unread(post.id),
            query=query(),
        )

    return card
