"""The box with which a member answers under their own name: new answers, changes within the minute, corrections.

Promises: before anything is sent the member reads under which name it stands; what was typed is kept per post, also
over a restart; a text with an unfilled placeholder is not sent; a refusal gives the words back.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QPlainTextEdit, QPushButton, QWidget

from console.client import desk_work as wishes
from console.client.desk import NotSignedIn
from console.client.outbox import OutboxRow, OutboxState
from console.contract import endpoints as e
from console.desktop.widgets import button, card, column, named, row, text_label
from console.domain.answering import before_answering
from console.domain.members import identified
from console.domain.replies import LANGUAGE_NAMES, Language, Reply, fill, unfilled

if TYPE_CHECKING:
    from console.desktop.context import Context
    from console.domain.feed import Comment, Post

_SEND, _SEND_ALL_THE_SAME = "Send", "Send all the same"
_KEPT = "answer."
_KEEP_AFTER_MS = 400
_TEXT_MAX = 2_000


class Answering(QWidget):
    """Answers a post. `began` says that somebody types; `sent` that an answer is on its way."""

    began = Signal()
    sent = Signal()

    def __init__(self, context: Context, beside: QWidget | None = None) -> None:
        super().__init__()
        self._context = context
        self._post: Post | None = None
        self._changing: Comment | None = None
        self._corrects: Comment | None = None
        self._typed: dict[str, str] = {}
        self._unkept: set[str] = set()
        self._keep_soon = QTimer(self)
        self._keep_soon.setSingleShot(True)
        self._keep_soon.setInterval(_KEEP_AFTER_MS)
        self._keep_soon.timeout.connect(self.keep)
        layout = column(self, margins=0)
        self._as = text_label("", "help", name="feed.answer_as")
        self._mode, mode = card("notice")
        self._mode_words = text_label("", name="feed.answer_mode")
        mode.addLayout(row(self._mode_words, button("Leave it", "feed.answer_plain", self.answer_anew, "plain")))
        self._answer = QPlainTextEdit()
        self._answer.setTabChangesFocus(True)
        self._answer.setFixedHeight(72)
        self._answer.setPlaceholderText("Answer for everyone who reads this post")
        named(self._answer, "feed.answer", "Your answer")
        self._send = button(_SEND, "feed.send", self._send_answer, "primary")
        QShortcut(
            QKeySequence("Ctrl+Return"), self, self._send_answer, context=Qt.ShortcutContext.WidgetWithChildrenShortcut
        )
        self._replies = QPushButton("Replies")
        self._replies.setAutoDefault(False)
        named(self._replies, "feed.replies", "Replies that your agency keeps")
        self._replies.setMenu(QMenu(self._replies))
        # What is said before an answer goes out; sending needs another press once it stands there.
        self._warning, inner = card("notice")
        self._warned = text_label("", name="feed.warning")
        inner.addWidget(self._warned)
        self._warned_of: tuple[str, ...] = ()
        self._answer.textChanged.connect(self._note_typed)
        self._said = text_label("", "help", name="feed.said")
        for widget in (self._as, self._mode, self._answer, self._warning):
            layout.addWidget(widget)
        foot = row(self._send, self._replies, None)
        if beside is not None:
            foot.addWidget(beside)
        layout.addLayout(foot)
        layout.addWidget(self._said)
        for hidden in (self._mode, self._warning, self._said):
            hidden.hide()

    def show_post(self, post: Post) -> None:
        """Answer this post; what was typed for it stays."""
        before, self._post = self._post, post
        if before is None or before.id != post.id:
            self._tell("")
            self._leave_mode()
            self._warn(())
            self._answer.setPlainText(self._kept(post.id))
        self._judge()

    def focus_text(self) -> None:
        """Let somebody type."""
        if self._answer.isVisible():
            self._answer.setFocus()

    # Changing and correcting

    def change(self, comment: Comment) -> None:
        """Change one's own comment that is not public yet."""
        self._begin(comment.text, changing=comment)
        self._mode_words.setText("You change your comment. It becomes public when it would have.")

    def correct(self, comment: Comment) -> None:
        """Put right what the agency said; both stay readable."""
        self._begin("", corrects=comment)
        self._mode_words.setText(
            "You correct an earlier comment of your agency. What was said stays; your correction refers to it."
        )

    def _begin(self, text: str, *, changing: Comment | None = None, corrects: Comment | None = None) -> None:
        self._leave_mode()
        self.keep()
        self._changing, self._corrects = changing, corrects
        self._mode.show()
        self._answer.setPlainText(self._kept(self._name) or text)
        self._answer.setFocus()
        self._warn(())

    @property
    def _name(self) -> str:
        """Under what is kept what is typed now: the post, or the comment that is changed or corrected."""
        comment = self._changing or self._corrects
        post_id = "" if self._post is None else self._post.id
        return post_id if comment is None else f"{post_id}.{comment.id}"

    def put_back(self, text: str) -> None:
        """Words that were not sent: to be written on, after what is typed already."""
        self.answer_anew()
        typed = self._answer.toPlainText().strip()
        self._answer.setPlainText(f"{typed}\n{text}" if typed else text)
        self._answer.setFocus()

    def answer_anew(self) -> None:
        """Leave the change or the correction; what was typed as an answer comes back."""
        if self._changing is None and self._corrects is None:
            return
        self._leave_mode()
        self._answer.setPlainText("" if self._post is None else self._kept(self._post.id))

    def _leave_mode(self) -> None:
        self._changing = self._corrects = None
        self._mode.hide()

    # What is typed

    def _judge(self) -> None:
        session, profile = self._context.desk.session, self._context.desk.profile
        member = None if session is None else session.member
        self.setVisible(member is not None and member.role in e.COMMENT_ON_POST.who)
        if member is None:
            return
        agency = self._context.agency
        minute = f" It can be changed for {agency.comment_edit_seconds} seconds." if agency.comment_edit_seconds else ""
        self._as.setText(f"You answer as {identified(member, agency.name)}. Everybody reads this name.{minute}")
        self._fill_replies(() if profile is None else profile.replies)
        self._send.setEnabled(bool(self._answer.toPlainText().strip()))

    def _fill_replies(self, replies: tuple[Reply, ...]) -> None:
        menu = self._replies.menu()
        menu.clear()
        for reply in replies:
            spoken = reply.languages()
            for language in spoken:
                words = f"{reply.name} \u00b7 {LANGUAGE_NAMES[language]}" if len(spoken) > 1 else reply.name
                menu.addAction(words.replace("&", "&&"), partial(self._put_reply, reply, language))
        if not replies:
            menu.addAction("No replies are kept yet. Supervisors keep them under Agency.").setEnabled(False)

    def _put_reply(self, reply: Reply, language: Language) -> None:
        session = self._context.desk.session
        if self._post is None or session is None:
            return
        words = fill(reply.words(language), self._post, self._context.agency, session.member)
        self._answer.insertPlainText(words)
        self._answer.setFocus()

    def _kept(self, post_id: str) -> str:
        """What was typed for a post and not sent, also before the program was started anew."""
        if post_id not in self._typed:
            with suppress(NotSignedIn):
                self._typed[post_id] = self._context.desk.setting(_KEPT + post_id) or ""
        return self._typed.get(post_id, "")

    def keep(self) -> None:
        """Keep what is typed on the disk; called a moment after the last key, and when the page is left."""
        self._keep_soon.stop()
        for post_id in tuple(self._unkept):
            with suppress(NotSignedIn):
                self._context.desk.keep_setting(_KEPT + post_id, self._typed.get(post_id, ""))
                self._unkept.discard(post_id)

    def _tell(self, words: str) -> None:
        self._said.setText(words)
        self._said.setVisible(bool(words))

    def _warn(self, said: tuple[str, ...]) -> None:
        self._warned_of = said
        self._warned.setText("\n\n".join(said))
        self._warning.setVisible(bool(said))
        self._send.setText(_SEND_ALL_THE_SAME if said else _SEND)

    def _note_typed(self) -> None:
        text, name = self._answer.toPlainText(), self._name
        self._send.setEnabled(bool(text.strip()))
        if name and text != self._typed.get(name, ""):
            self._typed[name] = text
            self._unkept.add(name)
            self._keep_soon.start()
            self._warn(())
            if text.strip() and self._changing is None and self._corrects is None:
                self.began.emit()

    # Sending

    def _send_answer(self) -> None:
        text = self._answer.toPlainText().strip()
        if self._post is None or not text:
            return
        trouble = self._trouble(text)
        if trouble:
            self._tell(trouble)
            return
        said = before_answering(self._post, text)
        if said != self._warned_of:
            self._warn(said)
            if said:
                return
        try:
            sent = self._put_out(self._post, text)
        except NotSignedIn as fault:
            self._tell(str(fault) or "You are not signed in. Sign in again; nothing is lost.")
            return
        changed = self._changing is not None
        self._answer.setPlainText("")
        self.keep()
        self.answer_anew()
        self._warn(())
        self._tell("Waiting to be sent.")
        self._context.start(self._follow(self._post.id, sent.key, text, changed=changed))
        self.sent.emit()

    def _trouble(self, text: str) -> str:
        if len(text) > _TEXT_MAX:
            return f"This is {len(text) - _TEXT_MAX:,} characters too long; {_TEXT_MAX:,} fit."
        left = unfilled(text)
        return f"Fill in {{{left[0]}}} before you send it." if left else ""

    def _put_out(self, post: Post, text: str) -> OutboxRow:
        desk = self._context.desk
        if self._changing is not None:
            return desk.keep(wishes.edit(post, self._changing, text))
        return desk.comment(post.id, text, "" if self._corrects is None else self._corrects.id)

    async def _follow(self, post_id: str, key: str, text: str, *, changed: bool) -> None:
        outcome = await self._context.desk.wait_for(key)
        words = "Changed." if changed else "Sent."
        if outcome.state is OutboxState.REFUSED:
            refusal = outcome.problem
            words = f"Not sent. {refusal.title} {refusal.advice}" if refusal else f"Not sent. {outcome.last_error}"
            is_free = self._post is not None and self._name == post_id and not self._answer.toPlainText().strip()
            if is_free and not changed:  # else its words stay in the thread, to be put back
                with suppress(NotSignedIn):
                    self._context.desk.dismiss(key)
                self._answer.setPlainText(text)
        if self._post is not None and self._post.id == post_id:
            self._tell(words)
        else:
            self._context.say(words)
