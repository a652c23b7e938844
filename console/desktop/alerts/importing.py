"""Importing a CAP file: chosen in a dialog, read by the service, opened as a draft; a refusal says why."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from console.client.cap_files import read_cap_file
from console.client.gateway import Unreachable
from console.contract import endpoints as e
from console.contract.alert_cap import CapFile
from console.contract.problems import Problem
from console.desktop.widgets import button, card, column, row, text_label
from console.domain.alert_import_words import import_line
from console.domain.cap import CapTrouble

if TYPE_CHECKING:
    from console.desktop.context import Context
    from console.domain.alert_cap_import import CapImport

OFFLINE = "The service cannot be reached. Nothing was lost: choose the file again when it can be."


class CapImporter(QObject):
    """`opened` carries a CapImport; `begun` says that a file is read; `refused` carries its name and why, in words."""

    opened = Signal(object)
    begun = Signal()
    refused = Signal(str, str)

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self._context, self._over = context, parent
        self._dialog: QFileDialog | None = None

    def choose(self) -> None:
        """Ask for a file."""
        if self._dialog is None:
            self._dialog = QFileDialog(self._over.window(), "Import a CAP file")
            self._dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
            self._dialog.setNameFilters(["CAP messages (*.xml *.cap)", "All files (*)"])
            self._dialog.fileSelected.connect(self.take)
        self._dialog.open()

    def take(self, path: str) -> None:
        """Have a file read."""
        self.begun.emit()
        self._context.start(self._read(Path(path)))

    async def _read(self, path: Path) -> None:
        text = await asyncio.to_thread(read_cap_file, path)
        if isinstance(text, CapTrouble):
            self._refuse(path, (import_line(text.code, text.where, text.figures),))
            return
        try:
            answer: CapImport | Problem = await self._context.desk.ask(e.IMPORT_CAP, body=CapFile(text))
        except Unreachable:
            self._refuse(path, (OFFLINE,))
            return
        if isinstance(answer, Problem):
            found = [import_line(f.code, f.figures.get("where", ""), f.figures) for f in answer.findings]
            self._refuse(path, tuple(found) or (f"{answer.title} {answer.advice}".strip(),))
            return
        self.opened.emit(answer)

    def _refuse(self, path: Path, lines: tuple[str, ...]) -> None:
        self.refused.emit(path.name, "\n\n".join(lines))


class ImportPane(QWidget):
    """That a file is being read, or why it was not opened, with a way to choose another."""

    def __init__(self, importer: CapImporter) -> None:
        super().__init__()
        layout = column(self, margins=32)
        frame, inside = card("notice")
        frame.setMaximumWidth(640)
        self._head = text_label("", "section", name="alerts.import_head")
        self._why = text_label("", name="alerts.import_why")
        self._another = button("Choose another file\u2026", "alerts.import_another", importer.choose)
        inside.addWidget(self._head)
        inside.addWidget(self._why)
        inside.addLayout(row(self._another, None))
        layout.addWidget(frame)
        layout.addStretch(1)

    def show_reading(self) -> None:
        """A file is being read."""
        self._show("Reading the file\u2026", "")

    def show_refusal(self, name: str, why: str) -> None:
        """A file was not opened."""
        self._show(f"Not imported: {name}", why)

    def _show(self, head: str, why: str) -> None:
        self._head.setText(head)
        self._why.setText(why)
        self._why.setVisible(bool(why))
        self._another.setVisible(bool(why))


def notes_of(found: CapImport) -> str:
    """What the author of an imported draft has to know, a line each."""
    head = "Imported from CAP. Nothing is sent before you send it; check each field."
    lines = (import_line(note.code, note.where, note.figures) for note in found.notes)
    return "\n".join((head, *(f"\u2022 {said}" for said in lines)))
