"""One post with its thread, as text: what was removed says so, what is not public yet says until when."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from console.client.desk_work import COMMENT_ENDPOINTS, said_in
from console.client.outbox import OutboxState
from console.contract import endpoints as e
from console.desktop.feed.delegate import TONES
from console.desktop.widgets import button, card, chip, clear, column, line, row, text_label
from console.domain.feed import CATEGORY_NAMES, Visibility
from console.domain.members import speaks_as

if TYPE_CHECKING:
    from collections.abc import Sequence

    from console.client.outbox import OutboxRow
    from console.desktop.context import Context
    from console.domain.feed import Comment, Post

_EVERY_MS = 1_000
REMOVED = "Removed by the service's neutral moderators. Its text is not shown to anybody."
LIMITED = "Limited by the service's neutral moderators: neighbors see it behind a notice."


class Thread(QWidget):
    """Shows a post. Intents: `change`, `take_back` (one's own, not public yet), `correct`, `flag` (a comment)."""

    change = Signal(object)
    take_back = Signal(object)
    correct = Signal(object)
    flag = Signal(object)
    put_back = Signal(object)
    let_go = Signal(object)
    """A refused answer (an OutboxRow) is to be written on, or to be forgotten."""

    def __init__(self, context: Context, *, with_acts: bool) -> None:
        super().__init__()
        self._context = context
        self._with_acts = with_acts
        self._post: Post | None = None
        self._waiting: tuple[OutboxRow, ...] = ()
        self._pending: list[tuple[QLabel, Comment]] = []
        self._body: QVBoxLayout = column(self, margins=0)
        self._clock = QTimer(self)
        self._clock.setInterval(_EVERY_MS)
        self._clock.timeout.connect(self._tick)

    def show_post(self, post: Post) -> None:
        """Show a post, anew only where it changed."""
        if post != self._post:
            if self._post is None or self._post.id != post.id:
                self._waiting = ()
            self._post = post
            self.fill()

    def show_outbox(self, outbox: Sequence[OutboxRow]) -> None:
        """Show what the member has said here and what is not sent, or was refused; anew only where that changed."""
        here = "" if self._post is None else self._post.id
        unsent = tuple(
            row
            for row in outbox
            if row.endpoint in COMMENT_ENDPOINTS and row.subject == here and row.state is not OutboxState.SENT
        )
        if [(row.key, row.state) for row in unsent] != [(row.key, row.state) for row in self._waiting]:
            self._waiting = unsent
            self.fill()

    def fill(self) -> None:
        """Put it all there again."""
        post = self._post
        if post is None:
            return
        clear(self._body)
        self._pending.clear()
        self._clock.stop()
        place = text_label(f"{post.place_name} \u00b7 {post.author}", "small")
        head = row(chip(CATEGORY_NAMES[post.category], TONES.get(post.category, "")), place)
        head.setStretch(1, 1)
        self._body.addLayout(head)
        removed = post.visibility is Visibility.REMOVED
        self._body.addWidget(text_label("Removed" if removed else post.title, "section"))
        self._body.addWidget(text_label(self._context.local(post.at), "small"))
        if post.visibility is not Visibility.PUBLIC:
            self._body.addWidget(text_label(REMOVED if removed else LIMITED, "help", name="feed.visibility"))
        if not removed:
            self._body.addWidget(text_label(post.text, name="feed.text"))
        self._body.addWidget(line())
        if post.comments_closed:
            self._body.addWidget(text_label(f"Comments are closed: {post.comments_closed}", "help"))
        heading = f"Comments ({len(post.comments)})" if post.comments else "No comments yet."
        self._body.addWidget(text_label(heading, "strong" if post.comments else "help"))
        for comment in post.comments:
            self._body.addWidget(self._comment(comment))
        for row_ in self._waiting:
            self._body.addWidget(self._unsent(row_))
        if self._pending:
            self._clock.start()

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
        if comment.corrects:
            head.addWidget(chip("Correction", "waiting"))
        head.addStretch(1)
        head.addWidget(text_label(self._context.ago(comment.at), "small", wrap=False))
        session = self._context.desk.session
        may = session is not None and session.member.role in e.COMMENT_ON_POST.who
        if self._with_acts and may and not comment.official and comment.visibility is Visibility.PUBLIC:
            flag = button("Flag", "feed.flag_comment", partial(self.flag.emit, comment), "plain")
            flag.setAccessibleName(f"Flag the comment by {comment.author}")
            head.addWidget(flag)
        layout.addLayout(head)
        removed = comment.visibility is Visibility.REMOVED
        layout.addWidget(text_label(REMOVED if removed else comment.text, "help" if removed else ""))
        if self._with_acts and comment.official and not removed:
            layout.addLayout(self._acts(comment))
        return frame

    def _unsent(self, unsent: OutboxRow) -> QWidget:
        """An answer that waits for the service, or that it refused: its words are here until the member decides."""
        is_refused = unsent.state is OutboxState.REFUSED
        frame, layout = card("stop" if is_refused else "card")
        words = "Not sent" if is_refused else "Waiting to be sent"
        layout.addLayout(
            row(text_label("Your answer", "strong"), chip(words, "stop" if is_refused else "waiting"), None)
        )
        layout.addWidget(text_label(said_in(unsent) or unsent.title, name="feed.unsent"))
        if is_refused:
            why = unsent.last_error if unsent.problem is None else f"{unsent.problem.title} {unsent.problem.advice}"
            layout.addWidget(text_label(why.strip(), "help", name="feed.refused"))
            back = button("Put back", "feed.put_back", partial(self.put_back.emit, unsent))
            away = button("Let go", "feed.let_go", partial(self.let_go.emit, unsent), "plain")
            layout.addLayout(row(back, away, None))
        return frame

    def _acts(self, comment: Comment) -> QVBoxLayout:
        """What may be done about a comment, under it."""
        acts = column(margins=0)
        session = self._context.desk.session
        member = None if session is None else session.member
        if member is None or member.role not in e.COMMENT_ON_POST.who:
            return acts
        if self._waits(comment):
            said = text_label(self._left(comment), "help", name="feed.pending")
            self._pending.append((said, comment))
            acts.addWidget(said)
            if comment.author.startswith(speaks_as(member)):
                change = button("Change", "feed.change", partial(self.change.emit, comment))
                back = button("Take back", "feed.take_back", partial(self.take_back.emit, comment))
                acts.addLayout(row(change, back, None))
        elif comment.author.endswith(f", {self._context.agency.name}"):
            acts.addLayout(row(button("Correct", "feed.correct", partial(self.correct.emit, comment), "plain"), None))
        return acts

    def last_pending(self) -> QWidget | None:
        """What stands under the newest comment that only the agency sees yet; None where there is none."""
        return self._pending[-1][0].parentWidget() if self._pending else None

    def _waits(self, comment: Comment) -> bool:
        return comment.public_at is not None and comment.public_at > self._context.clock()

    def _left(self, comment: Comment) -> str:
        assert comment.public_at is not None  # noqa: S101 - asked by the caller
        seconds = max(0, round((comment.public_at - self._context.clock()).total_seconds()))
        return f"Only your agency sees this yet. Public in {seconds} s."

    def _tick(self) -> None:
        """Count down; when one has become public its buttons go."""
        if any(not self._waits(comment) for _, comment in self._pending):
            self.fill()
            return
        for said, comment in self._pending:
            said.setText(self._left(comment))
