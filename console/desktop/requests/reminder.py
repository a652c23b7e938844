"""The card that reminds an officer of their own requests that end soon."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.desktop.widgets import button, card, clear, column, row, text_label

if TYPE_CHECKING:
    from collections.abc import Callable

_SHOWN = 3


class ReminderCard(QWidget):
    """At most three requests, each with a button that opens it; hidden where none ends soon."""

    def __init__(self, open_request: Callable[[str], None]) -> None:
        super().__init__()
        self._open = open_request
        self._ending: tuple[tuple[str, str], ...] = ()
        frame, layout = card("notice")
        self._rows: QVBoxLayout = column(margins=0, spacing=4)
        layout.addLayout(self._rows)
        column(self, margins=0).addWidget(frame)
        self.hide()

    def show_ending(self, ending: tuple[tuple[str, str], ...]) -> None:
        """Show requests by id and words."""
        if ending == self._ending:
            return
        self._ending = ending
        clear(self._rows)
        for request_id, words in ending[:_SHOWN]:
            holder = QWidget()
            label = text_label(words, "strong", name=f"requests.ends.{request_id}")
            show = button("Open", f"requests.open.{request_id}", partial(self._show, request_id))
            show.setAccessibleName(f"Open: {words}")
            line = row(label, show)
            line.setStretch(0, 1)
            holder.setLayout(line)
            self._rows.addWidget(holder)
        if len(ending) > _SHOWN:
            self._rows.addWidget(text_label(f"and {len(ending) - _SHOWN} more", "small"))
        self.setVisible(bool(ending))

    def _show(self, request_id: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - Qt's signature
        self._open(request_id)
