"""Entries in which a rule's objections are underlined, with the reason as a tooltip."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QEvent, QPoint
from PySide6.QtGui import QHelpEvent, QInputMethodEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QTextEdit, QToolTip

if TYPE_CHECKING:
    from PySide6.QtGui import QColor

    from console.domain.wizard_text import Mark


def _wave(colour: QColor) -> QTextCharFormat:
    wave = QTextCharFormat()
    wave.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
    wave.setUnderlineColor(colour)
    return wave


def _words_at(marks: tuple[Mark, ...], place: int) -> str:
    return "\n".join(m.words for m in marks if m.start <= place <= m.start + m.length)


class MarkedText(QPlainTextEdit):
    """A text of several lines."""

    def __init__(self) -> None:
        super().__init__()
        self.marks: tuple[Mark, ...] = ()

    def show_marks(self, marks: tuple[Mark, ...], colour: QColor) -> None:
        """Underline stretches of the text."""
        self.marks = marks
        shown = []
        last = self.document().characterCount() - 1
        for mark in marks:
            if mark.start + mark.length > last:
                continue  # the text has changed since
            cursor = QTextCursor(self.document())
            cursor.setPosition(mark.start)
            cursor.setPosition(mark.start + mark.length, QTextCursor.MoveMode.KeepAnchor)
            selection = QTextEdit.ExtraSelection()
            selection.cursor, selection.format = cursor, _wave(colour)
            shown.append(selection)
        self.setExtraSelections(shown)

    def marked(self) -> tuple[str, ...]:
        """The stretches that are underlined."""
        return tuple(s.cursor.selectedText() for s in self.extraSelections())

    def viewportEvent(self, event: QEvent) -> bool:
        """The reason, over an underlined stretch."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._tell(event.pos(), event.globalPos())
            return True
        return super().viewportEvent(event)

    def _tell(self, at: QPoint, on_screen: QPoint) -> None:
        words = _words_at(self.marks, self.cursorForPosition(at).position())
        QToolTip.showText(on_screen, words, self) if words else QToolTip.hideText()


class MarkedLine(QLineEdit):
    """A text of one line."""

    def __init__(self) -> None:
        super().__init__()
        self.marks: tuple[Mark, ...] = ()

    def show_marks(self, marks: tuple[Mark, ...], colour: QColor) -> None:
        """Underline stretches of the text."""
        if not marks and not self.marks:
            return
        self.marks = marks
        # WORKAROUND(Qt 6, no formats for a line edit): an input method may format the text that is there already.
        kind = QInputMethodEvent.AttributeType.TextFormat
        at = self.cursorPosition()
        wanted = [QInputMethodEvent.Attribute(kind, m.start - at, m.length, _wave(colour)) for m in marks]
        QCoreApplication.sendEvent(self, QInputMethodEvent("", wanted))

    def event(self, event: QEvent) -> bool:
        """The reason, over an underlined stretch."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self.marks:
            words = _words_at(self.marks, self.cursorPositionAt(event.pos()))
            QToolTip.showText(event.globalPos(), words, self) if words else QToolTip.hideText()
            return True
        return super().event(event)
