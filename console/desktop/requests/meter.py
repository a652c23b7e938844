"""The meter beside the wizard: how much the draft would ask, in words, and the least that still holds the incident."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QWidget

from console.desktop.widgets import button, column, line, text_label
from console.domain import meter
from console.domain.checks import sq_mi
from console.domain.times import span_words
from console.domain.wizard_meter import (
    footage_words,
    gatherings_words,
    homes_words,
    share_words,
    since_words,
)

if TYPE_CHECKING:
    from console.desktop.context import Context
    from console.domain.drafts import Draft
    from console.domain.meter import Smallest

LEAST_AFTER_MS = 300


class MeterPanel(QWidget):
    """Figures of public data only: homes as a band, never devices or people."""

    area_wanted = Signal(object)
    """The circle that was offered."""
    window_wanted = Signal(object, object)
    """The begin and end that were offered, aware."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._draft: Draft | None = None
        self._least: Smallest | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(LEAST_AFTER_MS)
        self._timer.timeout.connect(self._look_for_least)
        layout = column(self, margins=0, spacing=4)
        layout.addWidget(line())
        layout.addSpacing(8)
        layout.addWidget(text_label("Proportion", "section"))
        self._grid = QGridLayout()
        self._grid.setColumnStretch(1, 1)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        layout.addLayout(self._grid)
        self._homes = self._add("Homes", "meter.homes")
        self._footage = self._add("Footage", "meter.footage")
        self._share = self._add("Share", "meter.share")
        self._since = self._add("Incident", "meter.since")
        self._gathering_title = text_label("! Lawful assembly", "strong")
        self._gatherings = text_label("", "small", name="meter.gatherings")
        self._least_title = text_label("", "small", name="meter.least")
        self._least_area = button("Take this area", "meter.take_area", self._take_area)
        self._least_window = button("Take this window", "meter.take_window", self._take_window)
        for widget in (
            self._gathering_title,
            self._gatherings,
            self._least_title,
            self._least_area,
            self._least_window,
        ):
            layout.addWidget(widget)
            widget.hide()

    def _add(self, title: str, name: str) -> QLabel:
        label = text_label("", "small", name=name)
        place = self._grid.rowCount()
        self._grid.addWidget(text_label(title, "muted", wrap=False), place, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(label, place, 1, Qt.AlignmentFlag.AlignTop)
        return label

    def stops(self) -> tuple[QPushButton, ...]:
        """Where Tab stops."""
        return (self._least_area, self._least_window)

    def show_draft(self, draft: Draft) -> None:
        """Measure a draft now, and look for less after a moment's rest."""
        profile, now = self._context.desk.profile, self._context.clock()
        gatherings = profile.gatherings if profile is not None else ()
        found = meter.measure(draft, self._context.ground, gatherings, now)
        self._homes.setText(homes_words(found))
        self._footage.setText(footage_words(found))
        self._share.setText(share_words(found))
        self._since.setText(since_words(found.since_incident))
        words = gatherings_words(found)
        self._gatherings.setText(words)
        for label in (self._gathering_title, self._gatherings):
            label.setVisible(bool(words))
        same = self._draft is not None and (self._draft.place, self._draft.occurred_at) == (
            draft.place,
            draft.occurred_at,
        )
        self._draft = draft
        if same and self._least is not None:
            self._show_least(draft, self._least)
        else:
            self._least = None
            self._timer.start()

    def _look_for_least(self) -> None:
        if self._draft is not None:
            context = self._context
            self._least = meter.smallest(self._draft, context.agency, context.ground, context.clock())
            self._show_least(self._draft, self._least)

    def _show_least(self, draft: Draft, least: Smallest) -> None:
        """Offer only what is less than what is asked now."""
        ground = self._context.ground
        area = draft.area
        asked_m2 = None
        if area is not None and not area.is_empty and not ground.unknown(area):
            asked_m2 = ground.area_m2(area)
        offers_area = least.circle is not None and (asked_m2 is None or least.area_m2 < asked_m2)
        self._least_area.setVisible(offers_area)
        offers_window = False
        if least.window is not None:
            begins, ends = least.window
            asked = draft.ends - draft.begins if draft.begins is not None and draft.ends is not None else None
            offers_window = asked is None or ends - begins < asked
        self._least_window.setVisible(offers_window)
        parts = []
        if offers_area:
            parts.append(f"{sq_mi(least.area_m2)} sq mi with {least.homes}")
        if offers_window and least.window is not None:
            begins, ends = least.window
            local = self._context.local
            parts.append(f"{span_words(ends - begins)}, {local(begins, '%H:%M')} to {local(ends, '%H:%M')}")
        self._least_title.setText(f"The least that still holds the incident: {'; '.join(parts)}.")
        self._least_title.setVisible(bool(parts))

    def _take_area(self) -> None:
        if self._least is not None and self._least.circle is not None:
            self.area_wanted.emit(self._least.circle)

    def _take_window(self) -> None:
        if self._least is not None and self._least.window is not None:
            self.window_wanted.emit(*self._least.window)
