"""Import of a calendar: choose a file, see what was read and what was not, then save."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QLineEdit, QListWidget, QListWidgetItem, QPlainTextEdit, QWidget

from console.client.calendars import FILE_BYTES_MAX, CalendarProblem, CalendarRead, read_calendar
from console.desktop.widgets import button, column, named, row, text_label

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from console.desktop.context import Context
    from console.domain.assemblies import Gathering

BATCH_BYTES_MAX = 1_500_000  # the service takes 2 MB at once
_SHOWN_MOST, _PROBLEMS_HEIGHT_MAX = 200, 240


def read_file(path: Path, context: Context) -> CalendarRead:
    """Read a file; one that cannot be opened is a problem like any other."""
    try:
        with path.open("rb") as file:
            untrusted = file.read(FILE_BYTES_MAX + 1)
    except (OSError, ValueError):
        said = "The file cannot be opened. Look whether it is still there and whether you may read it."
        return CalendarRead((), (CalendarProblem("File", said, left_out=True),))
    return read_calendar(path.name, untrusted, context.ground, context.zone(), context.clock())


def batches(gatherings: tuple[Gathering, ...]) -> Iterator[tuple[Gathering, ...]]:
    """Assemblies in parts that the service takes at once."""
    part: list[Gathering] = []
    size = 0
    for gathering in gatherings:
        length = len(msgspec.json.encode(gathering)) + 1
        if part and size + length > BATCH_BYTES_MAX:
            yield tuple(part)
            part, size = [], 0
        part.append(gathering)
        size += length
    if part:
        yield tuple(part)


def counts(read: CalendarRead, known: frozenset[str]) -> str:
    """What a file holds, in figures."""
    said = f"{len(read.gatherings):,} read, {read.left_out:,} left out"
    again = sum(1 for gathering in read.gatherings if gathering.id in known)
    return f"{said}; {again:,} of them replace what is on the calendar" if again else said


class ImportBar(QWidget):
    """The button, the field of a path, and what is being done."""

    read = Signal(str, object)
    """A file's name and its CalendarRead."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._dialog: QFileDialog | None = None
        layout = column(self, margins=0)
        layout.addWidget(text_label("Import a calendar", "section"))
        words = (
            "iCalendar (.ics) of Google, Outlook or Apple, or a CSV table: name, begins, ends, place or lat and lon."
        )
        layout.addWidget(text_label(words, "help"))
        layout.addLayout(row(button("Choose a file\u2026", "agency.import_choose", self._choose), None))
        self._path = QLineEdit()
        self._path.setPlaceholderText("Or type the path of a file")
        named(self._path, "agency.import_path", "Path of a file")
        self._path.returnPressed.connect(self._read_typed)
        self._go = button("Read it", "agency.import_read", self._read_typed)
        layout.addLayout(row(self._path, self._go))
        self._said = text_label("", "help", name="agency.import_said")
        self._said.hide()
        layout.addWidget(self._said)

    def _choose(self) -> None:
        if self._dialog is None:
            self._dialog = QFileDialog(self.window(), "Import a calendar")
            self._dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
            self._dialog.setNameFilters(["Calendars (*.ics *.csv *.txt)", "All files (*)"])
            self._dialog.fileSelected.connect(self._take)
        self._dialog.open()

    def _take(self, path: str) -> None:
        self._path.setText(path)
        self._read_typed()

    def _read_typed(self) -> None:
        path = self._path.text().strip().strip('"')
        if path:
            self._said.setText("Reading the file\u2026")
            self._said.show()
            self._context.start(self._read(Path(path).expanduser()))

    async def _read(self, path: Path) -> None:
        try:
            found = await asyncio.to_thread(read_file, path, self._context)
        finally:
            self._said.hide()
        self.read.emit(path.name, found)


class Preview(QWidget):
    """What was read, before anything is saved."""

    saved = Signal(object)
    left = Signal()

    def __init__(self, words: Callable[[Gathering], str]) -> None:
        super().__init__()
        self._words = words
        self._read = CalendarRead()
        layout = column(self, margins=0)
        self._heading = text_label("", "section", name="agency.preview_file")
        self._counts = text_label("", "strong", name="agency.preview_counts")
        layout.addWidget(self._heading)
        layout.addWidget(self._counts)
        self._save = button("Save", "agency.preview_save", self._want, "primary")
        self._leave = button("Do not import", "agency.preview_leave", self.left.emit)
        layout.addLayout(row(self._save, self._leave, None))
        self._problems_title = text_label("", "strong")
        layout.addWidget(self._problems_title)
        self._problems = QPlainTextEdit()
        self._problems.setReadOnly(True)
        self._problems.setTabChangesFocus(True)
        named(self._problems, "agency.preview_problems", "What was left out or guessed")
        layout.addWidget(self._problems, 2)
        self._found_title = text_label("What will be on the calendar", "strong")
        layout.addWidget(self._found_title)
        self._found = QListWidget()
        named(self._found, "agency.preview_found", "Assemblies that were read")
        layout.addWidget(self._found, 3)
        self._problems.setMinimumHeight(96)
        self._problems.setMaximumHeight(_PROBLEMS_HEIGHT_MAX)
        self._found.setMinimumHeight(120)
        self._found.setUniformItemSizes(True)
        self._found.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_read(self, name: str, read: CalendarRead, known: frozenset[str]) -> None:
        """Show a file's content."""
        self._read = read
        self._heading.setText(name)
        self._counts.setText(f"{counts(read, known)}. Nothing is saved yet.")
        many = len(read.gatherings)
        self._save.setText(f"Save {many:,} assembl{'y' if many == 1 else 'ies'}")
        self._save.setEnabled(bool(many))
        ordered = sorted(read.problems, key=lambda problem: not problem.left_out)
        self._problems.setPlainText("\n".join(_told(problem) for problem in ordered))
        self._problems_title.setText("Left out or guessed")
        for widget in (self._problems, self._problems_title):
            widget.setVisible(bool(read.problems))
        self._found.clear()
        for gathering in read.gatherings[:_SHOWN_MOST]:
            self._found.addItem(QListWidgetItem(self._words(gathering)))
        if many > _SHOWN_MOST:
            self._found.addItem(QListWidgetItem(f"And {many - _SHOWN_MOST:,} more"))
        self._found.setVisible(bool(many))
        self._found_title.setVisible(bool(many))
        (self._save if many else self._leave).setFocus()

    def _want(self) -> None:
        self.saved.emit(self._read.gatherings)


def _told(problem: CalendarProblem) -> str:
    mark = "\u2715 Left out" if problem.left_out else "Kept"
    return f"{mark}, {problem.where}: {problem.text}"
