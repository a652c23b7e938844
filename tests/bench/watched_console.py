"""The console, saying when its window is usable (rail, feed, status painted, keys taken) and its map drawn."""

import sys

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from console.cli import main


def watch(window: QWidget) -> None:
    said = set()
    timer = QTimer(window)
    timer.setInterval(5)

    def look() -> None:
        for widget in window.findChildren(QWidget):
            listed = widget.property("testName") == "feed.list" and widget.isVisible() and widget.model().rowCount() > 0
            if listed and "USABLE" not in said:
                said.add("USABLE")
                QTimer.singleShot(0, lambda: print("USABLE", flush=True))
            if type(widget).__name__ == "MapPane" and "hooked" not in said:
                said.add("hooked")
                widget.drawn.connect(lambda paths: print("DRAWN", paths, flush=True) if paths > 20 else None)
        if {"USABLE", "hooked"} <= said:
            timer.stop()

    timer.timeout.connect(look)
    timer.start()


sys.exit(main(["--folder", sys.argv[1], "--as", "officer", "--theme", "day", "--pace", "3600"], ready=watch))
