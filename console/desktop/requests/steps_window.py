"""The second page: which stretch of time neighbours are asked about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from console.desktop.requests.step import Findings, Note, StepPage, field_label, set_time, time_edit, time_of
from console.desktop.requests.timeline import TimeLine
from console.desktop.widgets import button, column, row, text_label
from console.domain.checks import span_words
from console.domain.findings import Field

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
            text_label("Drag the edges, or use the arrow keys for the begin and Shift with them for the end.", "help")
        )
        self._begins = time_edit("wizard.begins", "Begins")
        self._ends = time_edit("wizard.ends", "Ends")
        self._begins.dateTimeChanged.connect(self._typed)
        self._ends.dateTimeChanged.connect(self._typed)
        begins, ends = field_label("Begins", self._begins), field_label("Ends", self._ends)
        layout.addLayout(row(begins, self._begins, ends, self._ends, None))
        self._presets = [
            button(words, f"wizard.{name}", partial(self._preset, before, after))
            for name, words, before, after in _PRESETS
        ]
        layout.addLayout(row(*self._presets, None))
        self._length = text_label("", "strong", name="wizard.length")
        layout.addWidget(self._length)
        layout.addWidget(text_label(f"Times are in {context.agency.time_zone}.", "small"))
        self._note = Note(Field.WINDOW)
        layout.addWidget(self._note)
        layout.addStretch(1)

    def fill(self, draft: Draft) -> None:
        """Set the widgets."""
        now = self.context.clock()
        set_time(self._begins, draft.begins or now - _HOUR, self.context.zone())
        set_time(self._ends, draft.ends or now, self.context.zone())

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
        for edit, at in ((self._begins, draft.begins), (self._ends, draft.ends)):
            if at is not None and time_of(edit, self.context.zone()) != at:
                set_time(edit, at, self.context.zone())
        self._line.show_window(draft.occurred_at, draft.begins, draft.ends)
        for preset in self._presets:
            preset.setEnabled(draft.occurred_at is not None)
        self._length.setText(_length(draft))
        self._note.show_findings(findings, tried=tried)

    def _typed(self) -> None:
        zone = self.context.zone()
        self.entered_value(begins=time_of(self._begins, zone), ends=time_of(self._ends, zone))

    def _preset(self, before: timedelta, after: timedelta) -> None:
        at = self._draft.occurred_at if self._draft is not None else None
        if at is None:
            return
        now = self.context.clock().astimezone(UTC).replace(second=0, microsecond=0)
        begins, ends = at - before, at + after
        self._set(begins, min(ends, now) if begins < now else ends)

    def _set(self, begins: datetime, ends: datetime) -> None:
        self.entered_value(begins=begins.astimezone(UTC), ends=ends.astimezone(UTC))


def _length(draft: Draft) -> str:
    if draft.begins is None or draft.ends is None or draft.ends <= draft.begins:
        return "No window yet"
    return f"{span_words(draft.ends - draft.begins)} long"
