"""One post with its thread, and the box with which a member answers under their own name."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from console.client.desk import NotSignedIn
from console.client.outbox import OutboxState
from console.contract import endpoints as e
from console.desktop.feed.delegate import TONES
from console.desktop.widgets import button, card, chip, clear, column, line, named, row, scrolling, text_label
from console.domain.answering import before_answering
from console.domain.feed import CATEGORY_NAMES

if TYPE_CHECKING:
    from console.desktop.context import Context
    from console.domain.feed import Comment, Post


_SEND, _SEND_ALL_THE_SAME = "Send", "Send all the same"
_KEPT = "answer."
_KEEP_AFTER_MS = 400


class PostDetail(QWidget):
    """A post in full. What was typed is kept per post."""

    back = Signal()
    ask_near = Signal(object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._post: Post | None = None
        self._typed: dict[str, str] = {}
        self._unkept: set[str] = set()
        self._keep_soon = QTimer(self)
        self._keep_soon.setSingleShot(True)
        self._keep_soon.setInterval(_KEEP_AFTER_MS)
        self._keep_soon.timeout.connect(self.keep)
        outer = column(self, margins=0, spacing=0)
        head = column(margins=8)
        head.addLayout(row(button("← Feed", "feed.back", self.back.emit, "plain"), None))
        outer.addLayout(head)
        body = QWidget()
        self._body = column(body, margins=16)
        outer.addWidget(scrolling(body), 1)
        outer.addWidget(line())
        outer.addWidget(self._make_answering())

    def _make_answering(self) -> QWidget:
        foot = QWidget()
        layout = column(foot)
        self._ask = button("Ask for video near here", "feed.ask", self._ask_near)
        layout.addWidget(self._ask)
        self._as = text_label("", "help", name="feed.answer_as")
        self._answer = QPlainTextEdit()
        self._answer.setTabChangesFocus(True)
        self._answer.setFixedHeight(72)
        self._answer.setPlaceholderText("Answer for everyone who reads this post")
        named(self._answer, "feed.answer", "Your answer")
        self._send = button(_SEND, "feed.send", self._send_answer, "primary")
        # What is said before an answer goes out; sending needs another press once it stands there.
        self._warning, inner = card("notice")
        self._warned = text_label("", name="feed.warning")
        inner.addWidget(self._warned)
        self._warning.hide()
        self._warned_of: tuple[str, ...] = ()
        self._answer.textChanged.connect(self._note_typed)
        self._said = text_label("", "help", name="feed.said")
        for widget in (self._as, self._answer, self._warning):
            layout.addWidget(widget)
        layout.addLayout(row(self._send, None))
        layout.addWidget(self._said)
        return foot

    @property
    def post(self) -> Post | None:
        """The post that is shown."""
        return self._post

    def show_post(self, post: Post) -> None:
        """Show a post; what is typed for it stays."""
        before, self._post = self._post, post
        if before is None or before.id != post.id:
            self._said.setText("")
            self._warn(())
            self._answer.setPlainText(self._kept(post.id))
        if before != post:
            self._fill(post)
        self._judge()

    def _fill(self, post: Post) -> None:
        clear(self._body)
        place = text_label(f"{post.place_name} · {post.author}", "small")
        head = row(chip(CATEGORY_NAMES[post.category], TONES.get(post.category, "")), place)
        head.setStretch(1, 1)
        self._body.addLayout(head)
        self._body.addWidget(text_label(post.title, "section"))
        self._body.addWidget(text_label(self._context.local(post.at), "small"))
        self._body.addWidget(text_label(post.text, name="feed.text"))
        self._body.addWidget(line())
        heading = f"Comments ({len(post.comments)})" if post.comments else "No comments yet."
        self._body.addWidget(text_label(heading, "strong" if post.comments else "help"))
        for comment in post.comments:
            self._body.addWidget(self._comment(comment))
        self._body.addStretch(1)

    def _comment(self, comment: Comment) -> QWidget:
        if comment.official:
            frame, layout = card()
        else:
            frame = QWidget()  # type: ignore[assignment]
            layout = QVBoxLayout(frame)
            layout.setContentsMargins(0, 4, 0, 4)
        head = row(text_label(comment.author, "strong"), spacing=8)
        if comment.official:
            head.addWidget(chip("Official", "good"))
        head.addStretch(1)
        head.addWidget(text_label(self._context.ago(comment.at), "small", wrap=False))
        layout.addLayout(head)
        layout.addWidget(text_label(comment.text))
        return frame

    def _judge(self) -> None:
        session = self._context.desk.session
        member = None if session is None else session.member
        may_answer = member is not None and member.role in e.COMMENT_ON_POST.who
        for widget in (self._as, self._answer, self._send):
            widget.setVisible(may_answer)
        self._ask.setVisible(member is not None and member.role in e.SUBMIT_REQUEST.who)
        if member is not None:
            self._as.setText(f"You answer as {member.title} {member.name}, {self._context.agency.name}")
        self._send.setEnabled(bool(self._answer.toPlainText().strip()))

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

    def _warn(self, said: tuple[str, ...]) -> None:
        self._warned_of = said
        self._warned.setText("\n\n".join(said))
        self._warning.setVisible(bool(said))
        self._send.setText(_SEND_ALL_THE_SAME if said else _SEND)

    def _note_typed(self) -> None:
        if self._post is not None and self._answer.toPlainText() != self._typed.get(self._post.id, ""):
            self._typed[self._post.id] = self._answer.toPlainText()
            self._unkept.add(self._post.id)
            self._keep_soon.start()
            self._warn(())
        self._send.setEnabled(bool(self._answer.toPlainText().strip()))

    def _ask_near(self) -> None:
        if self._post is not None:
            self.ask_near.emit(self._post)

    def _send_answer(self) -> None:
        text = self._answer.toPlainText().strip()
        if self._post is None or not text:
            return
        said = before_answering(self._post, text)
        if said != self._warned_of:
            self._warn(said)
            if said:
                return
        try:
            sent = self._context.desk.comment(self._post.id, text)
        except NotSignedIn as fault:
            self._said.setText(str(fault) or "You are not signed in. Sign in again; nothing is lost.")
            return
        self._answer.setPlainText("")
        self._warn(())
        self.keep()
        self._said.setText("Waiting to be sent.")
        self._context.start(self._follow(self._post.id, sent.key, text))

    async def _follow(self, post_id: str, key: str, text: str) -> None:
        outcome = await self._context.desk.wait_for(key)
        words = "Sent."
        if outcome.state is OutboxState.REFUSED:
            refusal = outcome.problem
            words = f"Not sent. {refusal.title} {refusal.advice}" if refusal else f"Not sent. {outcome.last_error}"
            if not self._typed.get(post_id):
                self._typed[post_id] = text
                if self._post is not None and self._post.id == post_id:
                    self._answer.setPlainText(text)
        if self._post is not None and self._post.id == post_id:
            self._said.setText(words)
        else:
            self._context.say(words)
