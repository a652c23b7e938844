"""A list whose current row is somebody's choice: the focus that arrives or rows that come and go choose nothing."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QListView

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtGui import QFocusEvent


class QuietList(QListView):
    """The list. While `is_quiet`, a change of the current row was made by Qt, not by a person."""

    is_quiet = False

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Take the focus without choosing a row, which Qt would do in an untouched list."""
        untouched = not self.currentIndex().isValid()
        with self.quietly():
            super().focusInEvent(event)
            if untouched:
                self.selectionModel().clear()

    @contextmanager
    def quietly(self) -> Iterator[None]:
        """While rows come and go: Qt moves the current row when its own is taken away."""
        before, self.is_quiet = self.is_quiet, True
        try:
            yield
        finally:
            self.is_quiet = before
