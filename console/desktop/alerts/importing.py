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
from console.domain.alert_import_words import import_line
from console.domain.cap import CapTrouble

if TYPE_CHECKING:
    from console.desktop.context import Context
    from console.domain.alert_cap_import import CapImport

OFFLINE = "The service cannot be reached. Nothing was lost: choose the file again when it can be."


class CapImporter(QObject):
    """`opened` carries a CapImport; `said` what is being done, or why a file was not opened, in words."""

    opened = Signal(object)
    said = Signal(str)

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
        self.said.emit("Reading the file\u2026")
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
        self.said.emit("\n".join((f"Not imported: {path.name}", "", *lines)))


def notes_of(found: CapImport) -> str:
    """What the author of an imported draft has to know, a line each."""
    head = "Imported from CAP. Nothing is sent before you send it; check each field."
    return "\n".join((head, *(import_line(note.code, note.where, note.figures) for note in found.notes)))
