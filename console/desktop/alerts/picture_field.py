"""The pictures of a draft: chosen, covered, sent, shown, taken away.

Promises: what a member covered is kept in memory until the service has it: a lost connection loses neither draft nor
picture; trying again never adds it twice; what arrives goes to the draft that it was chosen for, whatever is open then.
"""

from __future__ import annotations

import asyncio
import secrets
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QFileDialog, QWidget

from console.client.gateway import Unreachable
from console.contract.problems import Problem
from console.desktop.alerts.blurring import BlurDialog
from console.desktop.alerts.picture_opening import BYTES_MAX, Opened, open_picture
from console.desktop.alerts.thumbs import Thumbs, framed, small
from console.desktop.widgets import button, clear, column, row, text_label
from console.domain.alerts import PICTURES_MAX
from console.domain.picture_wording import PICTURE_TROUBLES
from console.domain.pictures import PictureTrouble

if TYPE_CHECKING:
    from console.desktop.context import Context

OFFLINE = "Not added yet: the service cannot be reached. The picture is kept here while the program runs."
UNREADABLE = "The file cannot be read. Choose it again."
SENDING = "Being added\u2026"
HOW = "JPEG, PNG or WebP. Where, when and with what it was taken is removed; cover faces and plates before it is added."
_HEIGHT = 84


class Waiting:
    """A covered picture that the service does not have yet, under the one key that it is sent with."""

    def __init__(self, draft_id: str, jpeg: bytes) -> None:
        self.draft_id, self.jpeg = draft_id, jpeg
        self.key = secrets.token_hex(16)
        self.image = QImage()
        self.said = SENDING
        self.is_busy = False


class PictureField(QWidget):
    """`added` carries the id of a draft and of a picture that is the draft's now; `removed` one that no longer is."""

    added = Signal(str, str)
    removed = Signal(str)

    def __init__(self, context: Context, thumbs: Thumbs) -> None:
        super().__init__()
        self._context, self._thumbs = context, thumbs
        self._draft_id = ""
        self._ids: tuple[str, ...] = ()
        self._waiting: list[Waiting] = []
        self._dialog: QFileDialog | None = None
        layout = column(self, margins=0, spacing=6)
        self.add = button("Add a picture\u2026", "alerts.add_picture", self.choose)
        layout.addLayout(row(text_label("Pictures", "strong", wrap=False), None, self.add))
        layout.addWidget(text_label(HOW, "help"))
        self._rows = column(margins=0, spacing=6)
        layout.addLayout(self._rows)
        self.said = text_label("", "error", name="alerts.picture_said")
        self.said.hide()
        layout.addWidget(self.said)
        thumbs.arrived.connect(self._arrived, Qt.ConnectionType.QueuedConnection)

    # What is shown

    def show_draft(self, draft_id: str, ids: tuple[str, ...]) -> None:
        """Show the pictures of a draft."""
        if draft_id != self._draft_id:
            self._say("")
        if (draft_id, ids) != (self._draft_id, self._ids):
            self._draft_id, self._ids = draft_id, ids
            self._paint()

    def waiting(self, draft_id: str) -> int:
        """How many pictures of a draft the service does not have yet."""
        return sum(1 for one in self._waiting if one.draft_id == draft_id)

    def forget(self, draft_id: str) -> None:
        """A draft is discarded, and what waited to be added to it with it."""
        self._waiting = [one for one in self._waiting if one.draft_id != draft_id]

    def _say(self, words: str) -> None:
        self.said.setText(words)
        self.said.setVisible(bool(words))

    def _arrived(self, picture_id: str) -> None:
        if picture_id in self._ids:
            self._paint()

    def _paint(self) -> None:
        found = [self._thumbs.picture(picture_id) for picture_id in self._ids]
        clear(self._rows)
        mine = [one for one in self._waiting if one.draft_id == self._draft_id]
        count = len(self._ids) + len(mine)
        for number, (picture_id, pixmap) in enumerate(zip(self._ids, found, strict=True), 1):
            shown = framed(pixmap, f"Picture {number} of {count}", f"alerts.picture_{number}", _HEIGHT)
            remove = button("Remove", f"alerts.remove_picture_{number}", partial(self.removed.emit, picture_id))
            remove.setAccessibleName(f"Remove picture {number}")
            self._rows.addLayout(row(shown, remove, None))
        for number, one in enumerate(mine, len(self._ids) + 1):
            covered = None if one.image.isNull() else QPixmap.fromImage(one.image)
            shown = framed(covered, f"Picture {number} of {count}, not added yet", f"alerts.picture_{number}", _HEIGHT)
            words = text_label(one.said, "small", name=f"alerts.picture_state_{number}")
            again = button("Try again", f"alerts.try_picture_{number}", partial(self._try, one))
            drop = button("Remove", f"alerts.remove_picture_{number}", partial(self._drop, one))
            for made in (again, drop):
                made.setEnabled(not one.is_busy)
            line = row(shown, words, again, drop)
            line.setStretch(1, 1)
            self._rows.addLayout(line)
        self.add.setEnabled(count < PICTURES_MAX)
        self.add.setToolTip("" if count < PICTURES_MAX else f"At most {PICTURES_MAX} pictures")

    # What is chosen

    def choose(self) -> None:
        """Ask for a file."""
        if self._dialog is None:
            self._dialog = QFileDialog(self.window(), "Add a picture")
            self._dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
            self._dialog.setNameFilters(["Pictures (*.jpg *.jpeg *.png *.webp)", "All files (*)"])
            self._dialog.fileSelected.connect(self.take)
        self._dialog.open()

    def take(self, path: str) -> None:
        """Open a file for covering."""
        self._say("")
        self._context.start(self._open(Path(path), self._draft_id))

    async def _open(self, path: Path, draft_id: str) -> None:
        found = await asyncio.to_thread(_opened, path)
        if found is None:
            self._say(UNREADABLE)
            return
        if isinstance(found, PictureTrouble):
            words = PICTURE_TROUBLES[found]
            self._say(f"{path.name}: {words.title} {words.reason} {words.next_step}")
            return
        dialog = BlurDialog(found, self.window())
        dialog.done_with.connect(partial(self.send, draft_id))
        dialog.open()

    def send(self, draft_id: str, jpeg: bytes) -> None:
        """Send a covered picture for a draft."""
        one = Waiting(draft_id, jpeg)
        self._waiting.append(one)
        self._try(one)

    def _try(self, one: Waiting) -> None:
        if one.is_busy or one not in self._waiting:
            return
        one.is_busy, one.said = True, SENDING
        self._paint()
        self._context.start(self._add(one))

    def _drop(self, one: Waiting) -> None:
        if one in self._waiting:
            self._waiting.remove(one)
        self._paint()

    async def _add(self, one: Waiting) -> None:
        try:
            if one.image.isNull():
                one.image = await asyncio.to_thread(small, one.jpeg)
            answer = await self._context.desk.add_picture(one.jpeg, one.key)
        except Unreachable:
            one.said = OFFLINE
        else:
            if not isinstance(answer, Problem):
                self._waiting = [other for other in self._waiting if other is not one]
                self._thumbs.keep(answer.id, one.image)
                self.added.emit(one.draft_id, answer.id)
                self._paint()
                return
            one.said = f"Not added. {answer.title} {answer.advice}".strip()
        finally:
            one.is_busy = False
        self._paint()


def _opened(path: Path) -> Opened | PictureTrouble | None:
    try:
        with path.open("rb") as file:
            untrusted = file.read(BYTES_MAX + 1)
    except OSError:
        return None
    return open_picture(untrusted)
