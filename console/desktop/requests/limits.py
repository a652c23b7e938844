"""The panel of limits: each as met, not met or not yet decided, by shape and word; below it the meter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from console.desktop.requests.meter import MeterPanel
from console.desktop.widgets import column, scrolling, text_label
from console.domain.wording import LIMITS, verdict_words

if TYPE_CHECKING:
    from console.desktop.context import Context
    from console.domain.panel import Verdict

_MARKS = {True: ("\u2713", "met", "good"), False: ("\u2715", "not met", "error"), None: ("\u25cb", "open", "muted")}

_TO_CONFIRM = ("!", "to confirm", "strong")


class LimitsPanel(QWidget):
    """Nine limits, always in the same order, so that the eye finds them again."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName("sidepanel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(300)
        self._rows: dict[str, tuple[QLabel, QLabel, QLabel]] = {}
        outer = column(self, margins=0, spacing=0)
        body = QWidget()
        layout = column(body, margins=16, spacing=8)
        layout.addWidget(text_label("Limits", "section"))
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        for place, limit in enumerate(LIMITS):
            mark = text_label("\u25cb", "muted", wrap=False)
            title = text_label(LIMITS[limit], "strong")
            detail = text_label("", "small", name=f"limits.{limit}")
            grid.addWidget(mark, place * 3, 0)
            grid.addWidget(title, place * 3, 1)
            grid.addWidget(detail, place * 3 + 1, 1)
            grid.setRowMinimumHeight(place * 3 + 2, 4)
            self._rows[limit] = (mark, title, detail)
        layout.addLayout(grid)
        self.meter = MeterPanel(context)
        layout.addWidget(self.meter)
        layout.addStretch(1)
        outer.addWidget(scrolling(body))

    def show_verdicts(self, verdicts: tuple[Verdict, ...]) -> None:
        """Show how each limit stands."""
        for verdict in verdicts:
            row = self._rows.get(verdict.limit)
            if row is None:
                continue
            mark, title, detail = row
            sign, word, kind = _TO_CONFIRM if verdict.confirm else _MARKS[verdict.met]
            name, words = verdict_words(verdict)
            mark.setText(sign)
            if mark.objectName() != kind:
                mark.setObjectName(kind)
                mark.style().polish(mark)
            title.setText(name)
            detail.setText(words if verdict.met is None else f"{word.capitalize()}: {words}")
            detail.setAccessibleName(f"{name}, {word}: {words}")
