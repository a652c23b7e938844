"""The room of requests: drafts, what waits to be sent, and the agency's requests, with one of them in full beside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QListWidget, QListWidgetItem, QStackedWidget, QWidget

from console.client.alerts import ALERT_ENDPOINTS
from console.client.desk import Changed, NotSignedIn
from console.client.desk_work import COMMENT_ENDPOINTS, DESK_ENDPOINTS
from console.client.moderation import MODERATION_ENDPOINTS
from console.client.outbox import OutboxState, sent_draft
from console.contract import endpoints as e
from console.desktop.context import Page
from console.desktop.requests.reminder import ReminderCard
from console.desktop.requests.show import RequestView
from console.desktop.requests.step import finding_text
from console.desktop.widgets import button, clear, column, named, row, text_label
from console.domain import templates, wizard_list, wording
from console.domain.drafts import name_of
from console.domain.findings import blocking
from console.domain.requests import State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from console.client.outbox import OutboxRow
    from console.client.vault import KeptDraft
    from console.desktop.context import Context
    from console.domain.requests import Request
    from console.domain.templates import Template

# What is shown where it was done: at the feed desk, in the alerts room, at the neutral desk.
_ELSEWHERE = COMMENT_ENDPOINTS | DESK_ENDPOINTS | MODERATION_ENDPOINTS | ALERT_ENDPOINTS
_KEY = Qt.ItemDataRole.UserRole
_ORDER = (
    State.RETURNED,
    State.PENDING,
    State.APPROVED,
    State.PUBLISHED,
    State.RESOLVED,
    State.EXPIRED,
    State.REJECTED,
    State.WITHDRAWN,
)
_WATCHED = frozenset({Changed.REQUESTS, Changed.OUTBOX, Changed.DRAFTS, Changed.AGENCY, Changed.SIGNED_OUT})
WORDS_EMPTY = "No requests yet. A request asks the neighbors of one small area for recordings of one stretch of time."


class RequestsPage(Page):
    """The list at the left, what is chosen at the right."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._chosen = ("", "")
        self._stale = True
        self._known: tuple[Template, ...] = ()
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._make_side())
        outer.addWidget(self._make_right(), 1)
        shortcut = QShortcut(QKeySequence("Ctrl+N"), self)
        shortcut.activated.connect(self._new_request)  # wherever in the window the focus is
        self._fill()

    def _make_side(self) -> QWidget:
        side = QWidget()
        side.setObjectName("side")
        side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        side.setFixedWidth(360)
        layout = column(side, margins=0, spacing=0)
        layout.setContentsMargins(0, 0, 1, 0)  # the hairline
        head = QWidget()
        top = column(head, margins=16)
        self._new = button("New video request", "requests.new", self._new_request, "primary")
        self._new.setToolTip("Ctrl+N")
        self._begin = QComboBox()
        named(self._begin, "requests.template", "What a new request begins with")
        top.addLayout(row(text_label("Requests", "section", wrap=False), None, self._new))
        self._begin_label = text_label("Begin with", "muted", wrap=False)
        begin = row(self._begin_label, self._begin)
        begin.setStretch(1, 1)
        top.addLayout(begin)
        self._reminder = ReminderCard(self.context.open_request)
        top.addWidget(self._reminder)
        layout.addWidget(head)
        self._list = QListWidget()
        self._list.setWordWrap(True)
        named(self._list, "requests.list", "Drafts and requests")
        self._list.currentItemChanged.connect(self._choose)
        self._list.itemActivated.connect(self._activate)
        layout.addWidget(self._list, 1)
        return side

    def _make_right(self) -> QWidget:
        self._stack = QStackedWidget()
        self._note = QWidget()
        self._note_layout = column(self._note, margins=24)
        self._view = RequestView(self.context)
        self._view.mend.connect(self._mend)
        self._again = button("Begin a new one like this", "requests.again", self._new_like_this)
        self._right = QWidget()
        right = column(self._right, margins=0, spacing=0)
        right.addWidget(self._view, 1)
        bar = column(margins=12)
        bar.setContentsMargins(24, 12, 24, 12)
        bar.addLayout(row(self._again, None))
        right.addLayout(bar)
        self._stack.addWidget(self._note)
        self._stack.addWidget(self._right)
        return self._stack

    # -- the page ----------------------------------------------------------------------------------------

    def refresh(self, changed: Changed) -> None:
        """Show what the desk now knows; while out of sight, later."""
        if changed in _WATCHED:
            self._stale = True
            if self.isVisible():
                self._fill()

    def entered(self) -> None:
        """The page is on the screen: another window may have changed the drafts."""
        self.context.desk.read_drafts()
        self._fill()
        (self._list if self._list.count() or not self._may_author() else self._new).setFocus()

    def retheme(self) -> None:
        """The theme changed."""
        self._view.retheme()

    def show_request(self, request_id: str) -> None:
        """Choose a request; one that is not loaded yet is shown when it comes."""
        self._chosen = ("request", request_id)
        self._fill()

    def _may_author(self) -> bool:
        session = self.context.desk.session
        return session is not None and session.member.role in e.SUBMIT_REQUEST.who

    # -- the list ----------------------------------------------------------------------------------------

    def _fill(self) -> None:
        self._stale = False
        self._new.setVisible(self._may_author())
        self._show_begin()
        self._reminder.show_ending(self._ending())
        blocked = self._list.blockSignals(True)
        self._list.clear()
        for heading, entries in (
            ("Drafts", self._drafts()),
            ("On the way", self._rows()),
            ("Requests", self._requests()),
        ):
            self._add_group(heading, list(entries))
        if self._list.currentItem() is None and self._chosen == ("", ""):
            self._choose_first()
        self._list.blockSignals(blocked)
        self._show_chosen()

    def _show_begin(self) -> None:
        """What a new request may begin with: nothing, or a template of the agency."""
        profile, chosen = self.context.desk.profile, self._begin.currentData()
        known = profile.templates if profile is not None else ()
        if known != self._known or not self._begin.count():
            self._known = known
            self._begin.clear()
            self._begin.addItem("an empty form", "")
            for template in known:
                self._begin.addItem(template.name, str(template.id))
            self._begin.setCurrentIndex(max(0, self._begin.findData(chosen)))
        for widget in (self._begin, self._begin_label):
            widget.setVisible(bool(known) and self._may_author())

    def _ending(self) -> tuple[tuple[str, str], ...]:
        """The member's own published requests that end soon: id and words."""
        desk, now = self.context.desk, self.context.clock()
        if desk.session is None:
            return ()
        return tuple(
            (str(request.id), f"Ends in {wizard_list.left_words(ends - now)}: {_short(request.draft.title)}")
            for request, ends in wizard_list.ending_soon(desk.requests, desk.session.member, now)
        )

    def _choose_first(self) -> None:
        """Show the first entry rather than an empty side."""
        for place in range(self._list.count()):
            data = self._list.item(place).data(_KEY)
            if data is not None:
                self._chosen = (str(data[0]), str(data[1]))
                self._list.setCurrentRow(place)
                return

    def _add_group(self, heading: str, entries: list[tuple[str, str, str]]) -> None:
        if not entries:
            return
        title = QListWidgetItem(f"{heading} ({len(entries)})")
        title.setFlags(Qt.ItemFlag.NoItemFlags)
        self._list.addItem(title)
        for kind, key, words in entries:
            item = QListWidgetItem(words)
            item.setData(_KEY, (kind, key))
            item.setSizeHint(QSize(0, 18 * (words.count("\n") + 1) + 18))
            self._list.addItem(item)
            if (kind, key) == self._chosen:
                self._list.setCurrentItem(item)

    def _drafts(self) -> Iterator[tuple[str, str, str]]:
        desk = self.context.desk
        on_way = {sent_draft(r) for r in desk.outbox if r.state is OutboxState.WAITING}
        for kept in sorted(desk.drafts, key=lambda k: k.saved_at, reverse=True):
            if kept.draft.id in on_way:
                continue
            stops = blocking(desk.findings(kept.draft)) if desk.profile is not None else ()
            ago = self.context.ago(kept.saved_at)
            age = "just now" if ago == "now" else f"{ago} ago"
            words = f"\u270e Draft, {age}, {wizard_list.missing_words(stops)}"
            yield "draft", kept.draft.id, f"{_short(name_of(kept.draft))}\n{words}"

    def _rows(self) -> Iterator[tuple[str, str, str]]:
        for sent in self.context.desk.outbox:
            if sent.endpoint in _ELSEWHERE:
                continue
            if sent.state is OutboxState.WAITING:
                yield "row", sent.key, f"{_short(sent.title)}\n\u231b Waiting to be sent"
            elif sent.state is OutboxState.REFUSED:
                yield "row", sent.key, f"{_short(sent.title)}\n\u2715 Refused: {_short(sent.last_error)}"

    def _requests(self) -> Iterator[tuple[str, str, str]]:
        for state in _ORDER:
            for request in self.context.desk.requests:
                if request.state is state:
                    ago = self.context.ago(request.submitted_at)
                    words = f"{wording.STATES[state]} \u00b7 {request.number} \u00b7 {ago}"
                    yield "request", request.id, f"{_short(request.draft.title)}\n{words}"

    # -- what is chosen ----------------------------------------------------------------------------------

    def _choose(self, item: QListWidgetItem | None, _before: QListWidgetItem | None = None) -> None:
        data = item.data(_KEY) if item is not None else None
        if data is not None:
            self._chosen = (str(data[0]), str(data[1]))
            self._show_chosen()

    def _activate(self, item: QListWidgetItem) -> None:
        self._choose(item)
        if self._chosen[0] == "draft":
            self._continue()

    def _show_chosen(self) -> None:
        kind, key = self._chosen
        desk = self.context.desk
        request = next((r for r in desk.requests if kind == "request" and r.id == key), None)
        self._again.setVisible(request is not None and self._may_author())
        if request is not None:
            self._view.show_request(request)
            self._stack.setCurrentWidget(self._right)
            return
        clear(self._note_layout)
        draft = next((k for k in desk.drafts if kind == "draft" and k.draft.id == key), None)
        sent = next((r for r in desk.outbox if kind == "row" and r.key == key), None)
        if draft is not None:
            self._show_draft(draft)
        elif sent is not None:
            self._show_row(sent)
        elif kind == "request":
            self._note_layout.addWidget(text_label("Loading the request\u2026", "help"))
        elif self._list.count():
            self._note_layout.addWidget(text_label("Choose a draft or a request at the left.", "help"))
        else:
            self._show_empty()
        self._note_layout.addStretch(1)
        self._stack.setCurrentWidget(self._note)

    def _show_empty(self) -> None:
        self._note_layout.addWidget(text_label(WORDS_EMPTY, name="requests.empty"))
        if self._may_author():
            self._note_layout.addWidget(text_label("Begin with New video request (Ctrl+N).", "help"))

    def _show_draft(self, kept: KeptDraft) -> None:
        self._note_layout.addWidget(text_label(name_of(kept.draft), "title"))
        saved = self.context.local(kept.saved_at)
        self._note_layout.addWidget(text_label(f"Draft, saved {saved}. Only you can see it.", "help"))
        if self.context.desk.profile is not None:
            for finding in blocking(self.context.desk.findings(kept.draft)):
                self._note_layout.addWidget(text_label(finding_text(finding)))
        go_on = button("Go on with it", "requests.continue", self._continue, "primary")
        throw = button("Delete draft", "requests.delete_draft", self._delete, "stop")
        self._note_layout.addLayout(row(go_on, throw, None))

    def _show_row(self, sent: OutboxRow) -> None:
        self._note_layout.addWidget(text_label(sent.title, "title"))
        if sent.state is OutboxState.WAITING:
            words = f"Waiting to be sent since {self.context.local(sent.created_at)}. It goes out by itself."
            self._note_layout.addWidget(text_label(words))
            if sent.last_error:
                self._note_layout.addWidget(text_label(f"Last try: {sent.last_error}", "help"))
            return
        if sent.state is OutboxState.SENT:
            number = sent.receipt.number if sent.receipt is not None else ""
            self._note_layout.addWidget(text_label(f"Receipt {number}", name="requests.receipt"))
            return
        self._note_layout.addWidget(text_label(f"\u2715 Refused: {sent.last_error}", "strong"))
        if sent.problem is not None:
            self._note_layout.addWidget(text_label(sent.problem.advice))
            for finding in sent.problem.findings:
                self._note_layout.addWidget(text_label(finding_text(finding)))
        gone = button("Take off the list", "requests.dismiss", self._dismiss)
        self._note_layout.addLayout(row(gone, None))

    # -- what the officer does ---------------------------------------------------------------------------

    def _new_request(self) -> None:
        if not self._may_author():
            return
        context, profile = self.context, self.context.desk.profile
        draft = context.desk.new_draft()
        known = profile.templates if profile is not None else ()
        template = next((t for t in known if t.id == self._begin.currentData()), None)
        if template is not None:
            draft = templates.apply(template, draft, context.ground, context.zone(), context.clock())
        context.open_wizard(draft)

    def _new_like_this(self) -> None:
        request = next((r for r in self.context.desk.requests if r.id == self._chosen[1]), None)
        if request is not None and self._may_author():
            self.context.open_wizard(templates.from_request(request, self.context.desk.new_draft()))

    def _continue(self) -> None:
        kept = next((k for k in self.context.desk.drafts if k.draft.id == self._chosen[1]), None)
        if kept is not None:
            self.context.open_wizard(kept.draft)

    def _mend(self, request: Request) -> None:
        kept = next((k.draft for k in self.context.desk.drafts if k.draft.id == request.draft.id), request.draft)
        self.context.open_wizard(kept)

    def _delete(self) -> None:
        if self._chosen[0] == "draft":
            self._act(self.context.desk.delete_draft)

    def _dismiss(self) -> None:
        if self._chosen[0] == "row":
            self._act(self.context.desk.dismiss)

    def _act(self, act: Callable[[str], None]) -> None:
        key = self._chosen[1]
        self._chosen = ("", "")
        try:
            act(key)
        except NotSignedIn as fault:
            self.context.say(type(fault).__doc__ or "You are not signed in.")
        self._fill()


def _short(text: str, most: int = 60) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= most else f"{one_line[: most - 1]}\u2026"
