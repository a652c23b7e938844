"""What changed since the version that was returned: each entry before and now, with the comment that asked for it."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextEdit, QVBoxLayout, QWidget

from console.desktop.review.history_view import actor_words, field_name
from console.desktop.theme import colour
from console.desktop.widgets import card, clear, column, named, text_label
from console.domain import diffs
from console.domain.findings import Field
from console.domain.requests import Action

if TYPE_CHECKING:
    from console.desktop.context import Context
    from console.desktop.theme import Theme
    from console.domain.diffs import Change
    from console.domain.requests import FieldComment, Request

_WORDED = frozenset({Field.TITLE, Field.TEXT, Field.ANCHOR_REASON, Field.REPEAT_REASON})
_EDGES = 6
_WORDS = re.compile(r"(\S+)(\s*)")


class Piece(StrEnum):
    """What became of some words."""

    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


def word_diff(before: str, now: str) -> tuple[tuple[Piece, str], ...]:
    """Two texts as one, word by word; the kept and added pieces together say `now`."""
    was, is_ = _WORDS.findall(before), _WORDS.findall(now)
    match = SequenceMatcher(None, [w for w, _ in was], [w for w, _ in is_], autojunk=False)
    pieces: list[tuple[Piece, str]] = []
    for tag, a, b, c, d in match.get_opcodes():
        if tag == "equal":
            pieces.append((Piece.KEPT, _joined(is_[c:d])))
            continue
        if b > a:
            pieces.append((Piece.REMOVED, _joined(was[a:b])))
        if d > c:
            pieces.append((Piece.ADDED, _joined(is_[c:d])))
    return tuple(pieces)


def _joined(words: list[tuple[str, str]]) -> str:
    return "".join(word + (space or " ") for word, space in words)


def asked_of(request: Request) -> tuple[str, tuple[FieldComment, ...]]:
    """The id or name of who returned it last, and the comments."""
    returned = [t for t in request.history if t.action == Action.RETURN]
    if not returned:
        return "", ()
    last = max(returned, key=lambda t: t.version)
    return last.actor, last.comments


def _qt_length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2  # Qt counts UTF-16


class DiffText(QTextEdit):
    """Plain text to read: what was removed is struck through, what was added underlined. Never markup."""

    def __init__(self, pieces: tuple[tuple[Piece, str], ...], theme: Theme, name: str, accessible: str) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setAcceptRichText(False)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        ring = colour(theme, "accent").name()
        self.setStyleSheet(
            "QTextEdit { border: none; padding: 2px; background: transparent; }"
            f"QTextEdit:focus {{ border: 2px solid {ring}; padding: 0; }}"
        )
        self.document().setDocumentMargin(0)
        self.setPlainText("".join(text for _, text in pieces))
        cursor, at = self.textCursor(), 0
        for piece, text in pieces:
            form = QTextCharFormat()
            if piece is Piece.REMOVED:
                form.setFontStrikeOut(True)
                form.setForeground(colour(theme, "stop"))
            elif piece is Piece.ADDED:
                form.setFontUnderline(True)
                form.setForeground(colour(theme, "good"))
            cursor.setPosition(at)
            cursor.setPosition(at + _qt_length(text.rstrip()), QTextCursor.MoveMode.KeepAnchor)
            at += _qt_length(text)
            cursor.mergeCharFormat(form)
        named(self, name, accessible)
        told = {Piece.REMOVED: "removed: ", Piece.ADDED: "added: "}
        changed = [told[piece] + text.strip() for piece, text in pieces if piece in told]
        self.setAccessibleDescription("; ".join(changed))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As high as the text."""
        super().resizeEvent(event)
        self._fit()

    def sizeHint(self) -> QSize:
        """As high as the text."""
        return QSize(200, self._height())

    def _height(self) -> int:
        return int(self.document().size().height()) + _EDGES

    def _fit(self) -> None:
        if self.height() != self._height():
            self.setFixedHeight(self._height())


class ChangesView(QWidget):
    """The changes of a resubmission; hidden where there was no version before."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._changes: QVBoxLayout = column(self, margins=0)
        named(self, "review.changes", "Changed since it was returned")

    def show_request(self, request: Request) -> None:
        """Compare with what was returned."""
        clear(self._changes)
        self.setVisible(request.before is not None)
        if request.before is None:
            return
        who, comments = self._asked(request)
        found = diffs.changes(request.before, request.draft, self._context.zone())
        self._changes.addWidget(text_label("Changed since it was returned", "section"))
        for change in found:
            mine = tuple(c for c in comments if c.field == change.field)
            self._changes.addWidget(self._change(change, who, mine))
        changed = {str(change.field) for change in found}
        for comment in comments:
            if comment.field not in changed:
                frame, layout = card("notice")
                layout.addWidget(text_label(f"{field_name(comment.field)}: not changed", "strong"))
                layout.addWidget(text_label(f"{who} asked: {comment.text}"))
                self._changes.addWidget(frame)
        if not found:
            self._changes.addWidget(text_label("Nothing was changed.", name="review.unchanged"))

    def _asked(self, request: Request) -> tuple[str, tuple[FieldComment, ...]]:
        who, comments = asked_of(request)
        step = next((t for t in reversed(request.history) if t.actor == who and t.action == Action.RETURN), None)
        session = self._context.desk.session
        if step is None:
            return who, comments
        is_mine = session is not None and session.member.id in {step.actor_id, step.actor}
        return "You" if is_mine else actor_words(self._context, request, step), comments

    def _change(self, change: Change, who: str, comments: tuple[FieldComment, ...]) -> QFrame:
        frame, layout = card()
        layout.setSpacing(4)
        layout.addWidget(text_label(field_name(change.field), "strong"))
        for comment in comments:
            layout.addWidget(text_label(f"{who} asked: {comment.text}", "help"))
        name, accessible = f"review.change_{change.field.value}", f"{field_name(change.field)}, before and now"
        theme = self._context.theme()
        if change.field in _WORDED:
            layout.addWidget(DiffText(word_diff(change.before, change.now), theme, name, accessible))
            return frame
        pieces = (
            (Piece.REMOVED, change.before or "nothing"),
            (Piece.KEPT, "\n"),
            (Piece.ADDED, change.now or "nothing"),
        )
        layout.addWidget(DiffText(pieces, theme, name, accessible))
        return frame
