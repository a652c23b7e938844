"""One clip: where it is from, its hash and custody trail, playing it, exporting it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTemporaryDir, QTimer
from PySide6.QtWidgets import QFormLayout, QLabel, QLineEdit, QProgressBar, QScrollArea, QVBoxLayout, QWidget

from console.client.clips import ClipError
from console.client.desk import NotSignedIn
from console.client.gateway import Unreachable
from console.contract.problems import Problem
from console.desktop.evidence.player import ClipPlayer
from console.desktop.widgets import button, clear, column, line, named, row, text_label

if TYPE_CHECKING:
    from collections.abc import Iterable

    from console.desktop.context import Context
    from console.domain.evidence import Clip, CustodyEntry

_KB, _MB = 1_000, 1_000_000
_LAID_OUT_MS = 150


def size_words(size: int) -> str:
    """A size as people say it."""
    return f"{size / _MB:.1f} MB" if size >= _MB else f"{max(1, round(size / _KB))} kB"


def length_words(seconds: float) -> str:
    """A length as "0:42"."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"


def claim_words(context: Context, clip: Clip) -> str:
    """What the file says of its time; it proves nothing."""
    if clip.claimed_at is None:
        return "The file claims no time"
    return f"The file says it was recorded {context.local(clip.claimed_at, '%a %d %b %Y %H:%M:%S')} (not proved)"


def said(fault: Exception) -> str:
    """An error in words."""
    return str(fault) or (type(fault).__doc__ or "").split("\n", 1)[0]


class ClipDetails(QWidget):
    """One clip."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._clip: Clip | None = None
        self._files: QTemporaryDir | None = None
        self._file: Path | None = None
        self._turn = 0
        layout = column(self, margins=24)
        self._title = text_label("", "title", name="evidence.title")
        self._request = text_label("", "help", name="evidence.request")
        layout.addWidget(self._title)
        layout.addLayout(row(self._request, button("Open the request", "evidence.open", self._open, "plain"), None))
        self._player = ClipPlayer()
        self._play = button("Play", "evidence.play", self._start_play, "primary")
        self._progress = QProgressBar()
        named(self._progress, "evidence.progress", "Fetching the recording")
        self._progress.hide()
        self._play_said = text_label("", "help", name="evidence.play_said")
        layout.addWidget(self._player)
        layout.addLayout(row(self._play, None))
        layout.addWidget(self._play_said)
        layout.addWidget(self._progress)
        layout.addWidget(line())
        layout.addLayout(self._make_facts())
        layout.addWidget(line())
        layout.addWidget(text_label("Who has handled it", "section"))
        self._custody = QVBoxLayout()
        self._custody.setSpacing(4)
        layout.addLayout(self._custody)
        layout.addWidget(line())
        self._make_export(layout)
        layout.addStretch(1)

    def _make_facts(self) -> QFormLayout:
        form = QFormLayout()
        form.setHorizontalSpacing(24)
        self._facts: dict[str, QLabel] = {}
        for key, label in (
            ("from", "From"),
            ("claim", "Recorded"),
            ("received", "Received"),
            ("size", "Size"),
            ("length", "Length"),
            ("note", "Their note"),
            ("sha256", "SHA-256"),
        ):
            value = text_label("", "mono" if key == "sha256" else "", name=f"evidence.{key}")
            self._facts[key] = value
            form.addRow(text_label(label, "small", wrap=False), value)
        mono = self._facts["sha256"]
        mono.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        return form

    def _make_export(self, layout: QVBoxLayout) -> None:
        layout.addWidget(text_label("Export", "section"))
        words = "A new folder with the file, a manifest and its sums is made there. The export is in the custody trail."
        layout.addWidget(text_label(words, "help"))
        self._folder = QLineEdit(str(self._context.evidence_folder))
        named(self._folder, "evidence.folder", "Folder to export to")
        self._reason = QLineEdit()
        self._reason.setMaxLength(500)
        self._reason.setPlaceholderText("Reason, for the custody trail (optional)")
        named(self._reason, "evidence.reason", "Reason of the export")
        self._export = button("Export", "evidence.export", self._start_export)
        self._exported = text_label("", name="evidence.exported")
        self._exported.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._export_error = text_label("", "error", name="evidence.export_error")
        for widget in (self._folder, self._reason):
            layout.addWidget(widget)
        layout.addLayout(row(self._export, None))
        layout.addWidget(self._exported)
        layout.addWidget(self._export_error)

    @property
    def clip(self) -> Clip | None:
        """The clip that is shown."""
        return self._clip

    def show_clip(self, clip: Clip) -> None:
        """Show a clip; another one than before stops what plays and deletes its file."""
        is_other = self._clip is None or self._clip.id != clip.id
        self._clip = clip
        request = next((r for r in self._context.desk.requests if r.id == clip.request), None)
        case = "" if request is None else f" · case {request.draft.case_number} · {request.draft.title}"
        self._title.setText(f"{clip.from_whom}, {clip.request_number}")
        self._request.setText(f"For request {clip.request_number}{case}")
        for key, words in (
            ("from", clip.from_whom),
            ("claim", claim_words(self._context, clip)),
            ("received", self._context.local(clip.received_at, "%a %d %b %Y %H:%M:%S")),
            ("size", f"{size_words(clip.size)} ({clip.size:,} bytes)"),
            ("length", length_words(clip.seconds)),
            ("note", clip.note or "–"),
            ("sha256", clip.sha256),
        ):
            self._facts[key].setText(words)
        if is_other:
            self.forget_files()
            self._exported.setText("")
            self._export_error.setText("")
            self._show_custody((), "Loading the custody trail…")
        self._context.start(self._load_record(clip))

    def forget_files(self) -> None:
        """Stop playing and delete what was fetched to play it."""
        self._turn += 1
        self._player.stop()
        self._file = None
        if self._files is not None:
            self._files.remove()
            self._files = None
        self._progress.hide()
        self._play_said.setText("")
        self._play.setEnabled(True)
        self._play.show()

    def forget(self) -> None:
        """Nobody is signed in: show nothing and keep nothing."""
        self.forget_files()
        self._clip = None

    def _open(self) -> None:
        if self._clip is not None:
            self._context.open_request(self._clip.request)

    # Custody

    async def _load_record(self, clip: Clip) -> None:
        try:
            record = await self._context.desk.clip_record(clip.id)
        except (Unreachable, NotSignedIn) as fault:
            self._if_shown(clip, (), said(fault))
            return
        if isinstance(record, Problem):
            self._if_shown(clip, (), f"{record.title} {record.advice}".strip())
        else:
            self._if_shown(clip, record.custody, "Nobody has handled it yet.")

    def _if_shown(self, clip: Clip, custody: Iterable[CustodyEntry], otherwise: str) -> None:
        if self._clip is not None and self._clip.id == clip.id:
            self._show_custody(tuple(custody), otherwise)

    def _show_custody(self, custody: tuple[CustodyEntry, ...], otherwise: str) -> None:
        clear(self._custody)
        if not custody:
            self._custody.addWidget(text_label(otherwise, "help", name="evidence.custody_state"))
        for entry in custody:
            when = text_label(self._context.local(entry.at, "%d %b %H:%M:%S"), "small", wrap=False)
            when.setFixedWidth(110)
            what = " · ".join(part for part in (entry.action.replace("_", " "), entry.actor, entry.detail) if part)
            words = text_label(what, name="evidence.custody")
            holder = QWidget()
            holder.setLayout(row(when, words))
            holder_layout = holder.layout()
            if holder_layout is not None:
                holder_layout.setContentsMargins(0, 0, 0, 0)
            self._custody.addWidget(holder)

    # Playing

    def _start_play(self) -> None:
        if self._clip is None:
            return
        if self._file is not None:
            self._play.hide()
            self._player.play(self._file)
            return
        self._play.setEnabled(False)
        self._play_said.setText("Fetching the recording…")
        self._progress.setRange(0, 0)
        self._progress.show()
        self._context.start(self._fetch_and_play(self._clip, self._turn))

    async def _fetch_and_play(self, clip: Clip, turn: int) -> None:
        files = QTemporaryDir()
        if not files.isValid():
            self._end_fetch(turn, "There is no room on the disk to play it. Free some, then try again.")
            return
        target = Path(files.path()) / "recording"

        def progress(done: int, whole: int) -> None:
            if turn == self._turn:
                self._progress.setRange(0, 1_000)
                self._progress.setValue(round(done * 1_000 / max(1, whole)))

        try:
            await self._context.desk.fetch_clip(clip, target, progress)
        except (ClipError, Unreachable, NotSignedIn) as fault:
            self._end_fetch(turn, said(fault))
            return
        if turn != self._turn:
            return
        self._files, self._file = files, target
        self._end_fetch(turn, "")
        self._play.hide()
        self._player.play(target)
        await self._load_record(clip)

    def _end_fetch(self, turn: int, words: str) -> None:
        if turn == self._turn:
            self._progress.hide()
            self._play.setEnabled(True)
            self._play_said.setText(words)

    # Exporting

    def _start_export(self) -> None:
        folder = self._folder.text().strip()
        self._exported.setText("")
        self._export_error.setText("")
        if self._clip is None:
            return
        folder = os.path.expanduser(folder)  # noqa: PTH111 - Path's raises for an unknown user
        if not folder or not Path(folder).is_absolute():
            self._export_error.setText("Enter a whole path, beginning at the root.")
            return
        self._export.setEnabled(False)
        self._exported.setText("Exporting…")
        self._context.start(self._run_export(self._clip, Path(folder), self._reason.text().strip()))

    async def _run_export(self, clip: Clip, folder: Path, reason: str) -> None:
        words, fault_words = "", ""
        try:
            made = await self._context.desk.export((clip.id,), folder, reason)
            words = f"Exported to {made}. Check it any time: porchlight verify {made}"
        except (ClipError, Unreachable, NotSignedIn) as fault:
            fault_words = said(fault)
        finally:
            self._export.setEnabled(True)
        if self._clip is not None and self._clip.id == clip.id:
            self._exported.setText(words)
            self._export_error.setText(fault_words)
            await self._load_record(clip)
            self._show_result()
            # Once more when the custody trail, which has grown, is laid out.
            QTimer.singleShot(_LAID_OUT_MS, self, self._show_result)
        else:
            self._context.say(words or fault_words)

    def _show_result(self) -> None:
        """Bring what was said of the export into view: the page grows while it is written."""
        above = self.parentWidget()
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        if isinstance(above, QScrollArea):
            self.adjustSize()
            shown = self._exported if self._exported.text() else self._export_error
            above.ensureWidgetVisible(shown)
