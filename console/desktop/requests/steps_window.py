"""The second page: which stretch of time neighbours are asked about."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from console.desktop.requests.step import Findings, Note, StepPage, field_label
from console.desktop.requests.timefield import TimeField, rounded
from console.desktop.requests.timeline import TimeLine
from console.desktop.widgets import button, column, row, text_label
from console.domain.findings import Field
from console.domain.wizard_text import window_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from console.desktop.context import Context
    from console.domain.drafts import Draft

_HOUR = timedelta(hours=1)
_PRESETS = (
    ("preset_30", "30 min around", _HOUR / 4, _HOUR / 4),
    ("preset_2h_before", "2 h before", 2 * _HOUR, timedelta()),
    ("preset_1h", "1 h before and after", _HOUR, _HOUR),
)


class WindowStep(StepPage):
    """Begin and end, as a line, as fields and by presets."""

    def __init__(self, context: Context, change: Callable[..., None]) -> None:
        super().__init__(context, change)
        layout = column(self, margins=24, spacing=8)
        self.first_field = self._line = TimeLine(context)
        self._line.moved.connect(self._set)
        layout.addWidget(self._line)
        layout.addWidget(
            text_label(
                "Drag the edges or the whole window. Arrow keys move the begin, with Shift the end, with Ctrl both.",
                "help",
            )
        )
        layout.addSpacing(8)
        self._begins = TimeField("wizard.begins", "Begins", context.zone())
        self._ends = TimeField("wizard.ends", "Ends", context.zone())
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(4)
        for place, (words, field) in enumerate((("Begins", self._begins), ("Ends", self._ends))):
            field.entered.connect(self._typed)
            grid.addWidget(field_label(words, field.edit), 0, place)
            grid.addWidget(field, 1, place, Qt.AlignmentFlag.AlignTop)
        grid.setColumnStretch(2, 1)
        layout.addLayout(grid)
        self._presets = [
            button(words, f"wizard.{name}", partial(self._preset, before, after))
            for name, words, before, after in _PRESETS
        ]
        layout.addLayout(row(*self._presets, None))
        self._length = text_label("", "strong", name="wizard.length")
        layout.addWidget(self._length)
        layout.addWidget(text_label(f"Times are on the clocks of {context.agency.time_zone}.", "small"))
        self._note = Note(Field.WINDOW)
        layout.addWidget(self._note)
        layout.addStretch(1)

    # -- the keyboard ------------------------------------------------------------------------------------

    def fields(self) -> tuple[QWidget, ...]:
        """Where Enter leads."""
        return (self._line, self._begins, self._ends)

    def stops(self) -> tuple[QWidget, ...]:
        """Where Tab stops."""
        ends = (self._begins.edit, self._begins.which, self._ends.edit, self._ends.which)
        return (self._line, *ends, *self._presets)

    def field_of(self, field: Field) -> QWidget | None:  # noqa: ARG002 - there is one
        """Where the window is typed."""
        return self._begins.edit

    # -- what the wizard asks ----------------------------------------------------------------------------

    def fill(self, draft: Draft) -> None:
        """Set the widgets."""
        now = self.context.clock()
        self._begins.show_time(draft.begins or now - _HOUR)
        self._ends.show_time(draft.ends or now)

    def shown(self) -> None:
        """Start at one hour before and after where nothing was entered yet."""
        draft = self._draft
        if draft is not None and draft.occurred_at is not None and draft.begins is None and draft.ends is None:
            self._preset(_HOUR, _HOUR)

    def retheme(self) -> None:
        """The theme changed."""
        self._line.update()

    def show_state(self, draft: Draft, findings: Findings, *, tried: bool) -> None:
        """After each change."""
        super().show_state(draft, findings, tried=tried)
        for field, at in ((self._begins, draft.begins), (self._ends, draft.ends)):
            if at is not None and field.value() != rounded(at):
                field.show_time(at)
        self._line.show_window(draft.occurred_at, draft.begins, draft.ends)
        for preset in self._presets:
            preset.setEnabled(draft.occurred_at is not None)
        words = window_words(draft, self.context.agency)
        self._length.setText(words if words and not _is_empty(draft) else "No window yet")
        self._note.show_findings(findings, tried=tried)

    # -- what the officer enters -------------------------------------------------------------------------

    def _typed(self) -> None:
        self.entered_value(begins=self._begins.value(), ends=self._ends.value())

    def _preset(self, before: timedelta, after: timedelta) -> None:
        at = self._draft.occurred_at if self._draft is not None else None
        if at is None:
            return
        now = rounded(self.context.clock())
        begins, ends = at - before, at + after
        self._set(begins, min(ends, now) if begins < now else ends)

    def _set(self, begins: datetime, ends: datetime) -> None:
        self.entered_value(begins=rounded(begins), ends=rounded(ends))


def _is_empty(draft: Draft) -> bool:
    return draft.begins is None or draft.ends is None or draft.ends <= draft.begins
