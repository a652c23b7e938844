"""A field for date and time on the agency's clock, whatever the workstation's zone, and the two odd hours of a year."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate, QDateTime, QTime, QTimeZone, Signal
from PySide6.QtWidgets import QComboBox, QDateTimeEdit, QWidget

from console.desktop.widgets import column, named, row, text_label
from console.domain import times

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_UTC = QTimeZone(QTimeZone.Initialization.UTC)
_EDIT_WIDTH = 164


class TimeField(QWidget):
    """Date and time; where an hour comes twice it asks which one, where it was skipped it says so."""

    entered = Signal()

    def __init__(self, name: str, title: str, zone: ZoneInfo) -> None:
        super().__init__()
        self._zone = zone
        self.edit = QDateTimeEdit()
        self.edit.setTimeZone(_UTC)  # so that no hour of the agency's is skipped by the workstation's own clock change
        self.edit.setDisplayFormat("yyyy-MM-dd HH:mm")
        self.edit.setCalendarPopup(True)
        self.edit.setMinimumWidth(_EDIT_WIDTH)
        named(self.edit, name, f"{title}, year month day hour minute")
        self.which = QComboBox()
        self.which.addItems(["first time", "second time"])
        named(self.which, f"{name}_which", f"{title}: this hour came twice, which one?")
        self.zone_name = text_label("", "muted", name=f"{name}_zone", wrap=False)
        self.trouble = text_label("", "error", name=f"{name}_trouble")
        layout = column(self, margins=0, spacing=4)
        layout.addLayout(row(self.edit, self.zone_name, None))
        layout.addLayout(row(self.which, None))
        layout.addWidget(self.trouble)
        self.setFocusProxy(self.edit)
        self.edit.dateTimeChanged.connect(self._changed)
        self.which.currentIndexChanged.connect(self._changed)
        self._show_clock()

    def value(self) -> datetime | None:
        """The entered time, aware UTC; None where the agency's clocks skipped it."""
        local = self._local()
        if not times.exists(local, self._zone):
            return None
        return times.to_utc(local, self._zone, second=self.which.currentIndex() == 1)

    def show_time(self, at: datetime) -> None:
        """Show an aware time, without saying that it was entered."""
        local = at.astimezone(self._zone)
        blocked = [widget.blockSignals(True) for widget in (self.edit, self.which)]
        date, clock = QDate(local.year, local.month, local.day), QTime(local.hour, local.minute)
        self.edit.setDateTime(QDateTime(date, clock, _UTC))
        self.which.setCurrentIndex(local.fold)
        for widget, was in zip((self.edit, self.which), blocked, strict=True):
            widget.blockSignals(was)
        self._show_clock()

    def _local(self) -> datetime:
        date, clock = self.edit.date(), self.edit.time()
        return datetime(date.year(), date.month(), date.day(), clock.hour(), clock.minute())  # noqa: DTZ001 - wall clock

    def _changed(self) -> None:
        self._show_clock()
        self.entered.emit()

    def _show_clock(self) -> None:
        local = self._local()
        is_there, is_twice = times.exists(local, self._zone), times.is_twice(local, self._zone)
        if not is_twice and self.which.currentIndex():
            blocked = self.which.blockSignals(True)
            self.which.setCurrentIndex(0)
            self.which.blockSignals(blocked)
        self.which.setVisible(is_twice)
        at = times.to_utc(local, self._zone, second=self.which.currentIndex() == 1).astimezone(self._zone)
        self.zone_name.setText(at.tzname() or "")
        self.trouble.setVisible(not is_there)
        if not is_there:
            self.trouble.setText(
                f"\u2715 {local:%H:%M} was not on the clocks of that day: they went forward. "
                f"Enter {at:%H:%M}, or a time before the change."
            )


def rounded(at: datetime) -> datetime:
    """A time as a field can show it: whole minutes, UTC."""
    return at.astimezone(UTC).replace(second=0, microsecond=0)
