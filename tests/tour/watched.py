"""A console like any other, that tells on its standard output where its widgets are and what they show.

It is given no way to act: the tour clicks and types through the X server, as a person does.
"""

from __future__ import annotations

import json
import sys
import threading
from typing import Any

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from console.cli import main


class Watcher(QObject):
    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.asked.connect(self.answer)

    def listen(self) -> None:
        for line in sys.stdin:
            self.asked.emit(line)

    def answer(self, line: str) -> None:
        question = json.loads(line)
        name = question["name"]
        found: dict[str, Any] = {"found": False}
        for widget in self._all():
            if (name == widget.property("testName") or name == type(widget).__name__) and widget.isVisible():
                found = self._tell(widget)
                break
        print("WATCHED " + json.dumps(found), flush=True)

    def _all(self) -> list[QWidget]:
        return [
            w for top in QApplication.topLevelWidgets() if top.isVisible() for w in [top, *top.findChildren(QWidget)]
        ]

    def _tell(self, widget: QWidget) -> dict[str, Any]:
        corner = widget.mapToGlobal(QPoint(0, 0))
        seen = widget.rect()
        above = widget.parentWidget()
        while above is not None:  # what a scroll area hides cannot be clicked
            seen &= above.rect().translated(widget.mapFrom(above, QPoint(0, 0)))
            above = None if above.isWindow() else above.parentWidget()
        text = ""
        if isinstance(widget, QLabel | QLineEdit):
            text = widget.text()
        elif isinstance(widget, QPlainTextEdit):
            text = widget.toPlainText()
        elif isinstance(widget, QComboBox):
            text = widget.currentText()
        elif isinstance(widget, QAbstractSpinBox):
            text = widget.text()
        elif isinstance(widget, QAbstractItemView):
            model = widget.model()
            text = "\n".join(str(model.index(r, 0).data() or "") for r in range(min(20, model.rowCount())))
        elif hasattr(widget, "text"):
            text = widget.text()
        labels = [w.text() for w in widget.findChildren(QLabel) if w.isVisible()]
        return {
            "found": True,
            "x": corner.x() + seen.x(),
            "y": corner.y() + seen.y(),
            "width": seen.width(),
            "height": seen.height(),
            "enabled": widget.isEnabled(),
            "focus": widget.hasFocus(),
            "text": text,
            "labels": "\n".join(labels),
            "drawn": getattr(widget, "_tour_drawn", 0),
            "view": getattr(widget, "_tour_view", []),
        }


def watch(window: QWidget) -> None:
    watcher = Watcher()
    watcher.setParent(window)
    from console.desktop.map import view

    started = view.MapPane.__init__

    def counted(pane, *arguments, **named):
        started(pane, *arguments, **named)
        pane._tour_drawn = 0
        pane.drawn.connect(lambda paths: setattr(pane, "_tour_drawn", paths))
        pane.view_changed.connect(lambda v: setattr(pane, "_tour_view", [v.south, v.west, v.north, v.east, v.zoom]))

    view.MapPane.__init__ = counted
    threading.Thread(target=watcher.listen, daemon=True).start()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], ready=watch))
