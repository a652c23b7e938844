"""One item in the middle: its words, why it is here, the thread around it, and what was decided before."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.desktop.moderation.lanes import TONES, chip_of
from console.desktop.widgets import card, chip, clear, column, row, scrolling, text_label
from console.domain.feed import CATEGORY_NAMES, Visibility
from console.domain.moderation import ItemKind, ItemState, Lane
from console.domain.moderation_words import DONE, EMERGENCY_NOTICE, FLAG_REASONS, KINDS, REASONS, STATES

if TYPE_CHECKING:
    from datetime import datetime

    from console.contract.moderation import ItemView, MergedFlag, ThreadLine
    from console.desktop.context import Context

_FORM = "%a %d %b %H:%M %Z"
_SEEN = {Visibility.LIMITED: ("Limited", "waiting"), Visibility.REMOVED: ("Removed", "stop")}


class ItemReading(QWidget):
    """Shows an item; it decides nothing."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._view: ItemView | None = None
        inside = QWidget()
        self._body = column(inside, margins=24, spacing=16)
        self._scroll = scrolling(inside)
        column(self, margins=0, spacing=0).addWidget(self._scroll)

    def show_trouble(self, words: str) -> None:
        """Why nothing is shown, and what to do."""
        self._view = None
        clear(self._body)
        self._body.addWidget(text_label(words, "help", name="moderation.trouble"))
        self._body.addStretch(1)

    def show_view(self, view: ItemView) -> None:
        """Show an item; what is read does not jump where it is the same in a newer form."""
        before, self._view = self._view, view
        if before == view:
            return
        bar = self._scroll.verticalScrollBar()
        kept = bar.value() if before is not None and before.item.id == view.item.id else 0
        clear(self._body)
        self._head(view)
        self._words(view)
        if view.appeal is not None and view.appeal.is_open:
            self._appeal(view)
        if view.facts:
            self._facts(view)
        if view.flags:
            self._flags(view)
        if view.item.kind in {ItemKind.POST, ItemKind.COMMENT}:
            self._thread(view)
        self._earlier(view)
        self._body.addStretch(1)
        bar.setValue(kept)

    def _local(self, at: datetime) -> str:
        """A time in the zone of the agency in whose area it was written."""
        zone = "UTC" if self._view is None else self._view.item.time_zone
        return at.astimezone(ZoneInfo(zone)).strftime(_FORM)

    def _section(self, title: str) -> QVBoxLayout:
        layout = QVBoxLayout()
        layout.setSpacing(8)
        layout.addWidget(text_label(title, "section"))
        self._body.addLayout(layout)
        return layout

    def _head(self, view: ItemView) -> None:
        item = view.item
        kind = KINDS[item.kind]
        if view.category is not None:
            kind = f"{kind}, {CATEGORY_NAMES[view.category].lower()}"
        parts = (kind, item.agency_name, STATES[item.state] if item.lane is Lane.APPEALS else "")
        about = text_label(" · ".join(part for part in parts if part), "small", name="moderation.about")
        head = row(chip(chip_of(item), TONES[item.lane]), about)
        head.setStretch(1, 1)
        self._body.addLayout(head)
        title = view.title or (f"Comment on “{view.post_title}”" if view.post_title else KINDS[item.kind])
        self._body.addWidget(text_label(title, "title", name="moderation.title"))
        parts = (view.author, view.place_name, self._local(view.at))
        self._body.addWidget(text_label(" · ".join(part for part in parts if part), "small"))
        if item.lane is Lane.EMERGENCY:
            frame, inner = card("stop")
            inner.addWidget(text_label(EMERGENCY_NOTICE, "strong", name="moderation.emergency"))
            self._body.addWidget(frame)

    def _words(self, view: ItemView) -> None:
        frame, inner = card()
        erased = view.item.state is ItemState.ERASED
        words = "The original words were erased 30 days after the removal." if erased else view.text
        inner.addWidget(text_label(words, "help" if erased else "", name="moderation.text"))
        if view.restorable_until is not None:
            until = self._local(view.restorable_until)
            inner.addWidget(text_label(f"Nobody else sees these words. They can be restored until {until}.", "help"))
        self._body.addWidget(frame)

    def _appeal(self, view: ItemView) -> None:
        assert view.appeal is not None  # noqa: S101 - asked by the caller
        frame, inner = card("notice")
        inner.addWidget(text_label(f"The author appeals, {self._local(view.appeal.at)}", "strong"))
        inner.addWidget(text_label(view.appeal.words, name="moderation.appeal"))
        self._body.addWidget(frame)

    def _facts(self, view: ItemView) -> None:
        layout = self._section("What is asked")
        for name, value in view.facts:
            label = text_label(name, "small", wrap=False)
            label.setFixedWidth(120)
            line = row(label, text_label(value))
            line.setStretch(1, 1)
            layout.addLayout(line)

    def _flags(self, view: ItemView) -> None:
        layout = self._section("Flags")
        for merged in view.flags:
            layout.addWidget(self._flag(merged))

    def _flag(self, merged: MergedFlag) -> QWidget:
        frame, inner = card()
        head = row(text_label(FLAG_REASONS[merged.reason].name, "strong"), spacing=8)
        if not merged.is_open:
            head.addWidget(chip("Judged", "good"))
        head.addStretch(1)
        head.addWidget(text_label(f"first {self._local(merged.first_at)}", "small", wrap=False))
        inner.addLayout(head)
        for line in merged.agencies:
            words = f": “{line.words}”" if line.words else ""
            inner.addWidget(text_label(f"{line.agency_name}{words}"))
        if merged.neighbours:
            count = "1 neighbor" if merged.neighbours == 1 else f"{merged.neighbours} neighbors"
            said = "; ".join(f"“{words}”" for words in merged.neighbour_words)
            inner.addWidget(text_label(f"{count}{': ' + said if said else ''}"))
        return frame

    def _thread(self, view: ItemView) -> None:
        if view.item.kind is ItemKind.POST and not view.thread:
            return
        layout = self._section("Thread")
        if view.item.kind is ItemKind.COMMENT:
            layout.addWidget(text_label(view.post_title, "strong"))
            layout.addWidget(text_label(view.post_text))
        for line in view.thread:
            layout.addWidget(self._line(line))

    def _line(self, line: ThreadLine) -> QWidget:
        frame, inner = card("notice" if line.is_it else "surface")
        inner.setContentsMargins(12, 8, 12, 8)
        head = row(spacing=8)
        if line.is_it:
            head.addWidget(chip("This is it", "waiting"))
        if line.official:
            head.addWidget(chip("Official", "good"))
        if line.visibility in _SEEN:
            head.addWidget(chip(*_SEEN[line.visibility]))
        head.addWidget(text_label(line.author, "strong"), 1)
        head.addWidget(text_label(self._local(line.at), "small", wrap=False))
        inner.addLayout(head)
        inner.addWidget(text_label(line.text))
        return frame

    def _earlier(self, view: ItemView) -> None:
        if view.history:
            layout = self._section("Decisions on this")
            for line in reversed(view.history):
                said = f"{DONE[line.act]} by {line.by}, {self._local(line.at)}: {REASONS[line.reason].name}"
                layout.addWidget(text_label(f"{said}. {line.words}" if line.words else said))
        if view.by_author:
            layout = self._section("Earlier decisions on the same author")
            for past in view.by_author:
                when = self._local(past.at)
                layout.addWidget(
                    text_label(f"{KINDS[past.kind]}: {DONE[past.act].lower()}, {REASONS[past.reason].name}, {when}")
                )
