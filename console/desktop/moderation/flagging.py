"""The form with which an agency's member flags a post or a comment. It can be put into any room.

    form = FlagForm(context, post_id, comment_id="")     # the empty comment: the post itself
    form.sent.connect(...)       # the flag is at the service; carries the receipt's number
    form.refused.connect(...)    # carries what to say; the form stays, with what was typed
    form.cancelled.connect(...)

It makes the wish and gives it to the desk. It says nowhere whether somebody else flagged the same: that is not known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QWidget

from console.client.desk import NotSignedIn
from console.client.moderation import flag_wish
from console.client.outbox import OutboxState
from console.desktop.moderation.forms import TOO_LONG, bounded_box
from console.desktop.widgets import bind_keys, button, card, column, named, row, text_label
from console.domain.moderation import WORDS_MAX, FlagReason
from console.domain.moderation_words import EMERGENCY_NOTICE, FLAG_REASONS

if TYPE_CHECKING:
    from console.desktop.context import Context

_WHAT_IT_DOES = (
    "The service\u2019s neutral moderators look at it and decide. Your agency cannot hide, delete or rank what people "
    "write; a viewpoint is no reason."
)
_SENDING, _SENT = "Waiting to be sent\u2026", "Sent to the neutral moderators."


class FlagForm(QWidget):
    """One flag. See the module for how a room uses it."""

    sent = Signal(str)
    refused = Signal(str)
    cancelled = Signal()

    def __init__(self, context: Context, post_id: str, comment_id: str = "") -> None:
        super().__init__()
        self._context, self._post, self._comment = context, post_id, comment_id
        what = "comment" if comment_id else "post"
        layout = column(self, margins=0)
        layout.addWidget(text_label(f"Flag this {what}", "strong"))
        layout.addWidget(text_label(_WHAT_IT_DOES, "help"))
        self._group = QButtonGroup(self)
        self._choices: dict[FlagReason, QRadioButton] = {}
        for reason, words in FLAG_REASONS.items():
            made = QRadioButton(words.name)
            named(made, f"flag.{reason.value}", words.name)
            made.setAccessibleDescription(words.explains)
            self._group.addButton(made)
            self._choices[reason] = made
            explains = text_label(words.explains, "small")
            explains.setContentsMargins(28, 0, 0, 0)
            together = column(margins=0, spacing=0)
            together.addWidget(made)
            together.addWidget(explains)
            layout.addLayout(together)
        self._notice, inner = card("stop")
        inner.addWidget(text_label(EMERGENCY_NOTICE, "strong", name="flag.emergency_notice"))
        layout.addWidget(self._notice)
        self._words = bounded_box("flag.words", "More for the moderator", "More, if it helps the moderator (optional)")
        layout.addWidget(self._words)
        self._said = text_label("", "error", name="flag.said")
        layout.addWidget(self._said)
        self._send_button = button("Send", "flag.send", self._send, "primary")
        self._cancel = button("Cancel", "flag.cancel", self.cancelled.emit, "plain")
        layout.addLayout(row(self._send_button, self._cancel, None))
        bind_keys(self, {"Ctrl+Return": self._send, "Esc": self.cancelled.emit})
        self._group.buttonToggled.connect(self._judge)
        self._words.textChanged.connect(self._judge)
        self._judge()

    @property
    def reason(self) -> FlagReason | None:
        """The chosen reason."""
        return next((reason for reason, made in self._choices.items() if made.isChecked()), None)

    @property
    def is_typing(self) -> bool:
        """Whether the focus is in the form: the room's single keys are then letters."""
        focused = self.focusWidget()
        return focused is not None and focused.hasFocus()

    @property
    def about(self) -> tuple[str, str]:
        """The post, and the comment; the empty comment is the post itself."""
        return self._post, self._comment

    def words(self) -> str:
        """What is typed."""
        return self._words.toPlainText().strip()

    def set_words(self, words: str) -> None:
        """Go on from what was typed earlier."""
        self._words.setPlainText(words)

    def focus_first(self) -> None:
        """The first reason."""
        next(iter(self._choices.values())).setFocus()

    def _judge(self, *_: object) -> None:
        words = self._words.toPlainText().strip()
        self._notice.setVisible(self.reason is FlagReason.EMERGENCY)
        is_too_long = len(words) > WORDS_MAX
        self._tell(f"{TOO_LONG} These are {len(words)}." if is_too_long else "")
        self._send_button.setEnabled(self.reason is not None and not is_too_long)

    def _tell(self, words: str, kind: str = "error") -> None:
        self._said.setObjectName(kind)
        self._said.style().unpolish(self._said)
        self._said.style().polish(self._said)
        self._said.setText(words)
        self._said.setVisible(bool(words))

    def _send(self) -> None:
        reason = self.reason
        if reason is None or not self._send_button.isEnabled():
            return
        try:
            kept = self._context.desk.keep(
                flag_wish(self._post, self._comment, reason, self._words.toPlainText().strip())
            )
        except NotSignedIn as fault:
            words = str(fault) or "You are not signed in. Sign in again; nothing is lost."
            self._tell(words)
            self.refused.emit(words)
            return
        self._send_button.setEnabled(False)
        self._tell(_SENDING, "help")
        self._context.start(self._follow(kept.key))

    async def _follow(self, key: str) -> None:
        outcome = await self._context.desk.wait_for(key)
        if outcome.state is OutboxState.SENT:
            self._tell(_SENT, "good")
            self.sent.emit("" if outcome.receipt is None else outcome.receipt.number)
            return
        problem = outcome.problem
        words = outcome.last_error or "The service refused."
        if problem is not None:
            words = f"{problem.title} {problem.advice}".strip()
        self._send_button.setEnabled(True)
        self._tell(f"Not sent. {words}")
        self.refused.emit(words)
