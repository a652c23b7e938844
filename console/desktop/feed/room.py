"""The feed desk: every post of the jurisdiction, what the agency does about it, by mouse or by keys alone.

Promises: what is being read does not move; nothing that was typed is lost; no act here hides, deletes or ranks what a
resident wrote.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHBoxLayout,
    QLineEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from console.client import desk_work as wishes
from console.client.desk import Changed, Connection, NotSignedIn
from console.client.desk_work import said_in
from console.contract import endpoints as e
from console.desktop.context import Page
from console.desktop.feed.answering import Answering
from console.desktop.feed.delegate import Card, CardDelegate, post_card
from console.desktop.feed.desk_bar import DeskBar, DeskNotes, state_words
from console.desktop.feed.keys import help_text
from console.desktop.feed.listing import Listing
from console.desktop.feed.model import THING_ROLE
from console.desktop.feed.own_flags import FlagsPage
from console.desktop.feed.still_list import StillList
from console.desktop.feed.summary import Summary
from console.desktop.feed.thread import Thread
from console.desktop.feed.views import Views
from console.desktop.feed.working import PostClaims, Working
from console.desktop.flow import FlowLayout
from console.desktop.moderation.flagging import FlagForm
from console.desktop.widgets import bind_keys, button, card, column, keep_ages, line, named, row, scrolling, text_label
from console.domain.desk_work import AT_ONCE_MAX, DeskItem, DeskState, View, is_judged_fine
from console.domain.feed_query import HELP, LENGTH_MAX
from console.domain.saved_filters import NAME_MAX, SavedFilter, name_trouble
from console.domain.templates import from_post

if TYPE_CHECKING:
    from console.client.outbox import OutboxRow
    from console.desktop.context import Context
    from console.domain.areas import Circle, Polygon
    from console.domain.feed import Comment, Post

_SEARCH_AFTER_MS = 150
_LAID_OUT_MS = 50
_LINE_PX = 32
_LISTS = ((1_700, 460), (1_100, 372), (0, 300))


class FeedRoom(Page):
    """Lists at the left, the posts of one beside them, the post in full with all acts at the right."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.working = Working(context, self)
        self.claims = PostClaims(context, self)
        self.listing = Listing(context, self)
        self._post: Post | None = None
        self._saved_name = self._wanted = ""
        self._flag: QWidget | None = None
        self._flag_form: FlagForm | None = None
        self._flag_words: dict[tuple[str, str], str] = {}
        self._has_answered = self._is_choosing = False
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        self._views = Views()
        whole.addWidget(self._views)
        self._middle = self._make_list()
        whole.addWidget(self._middle)
        whole.addWidget(self._make_post(), 1)
        self._connect()
        bind_keys(self, {
            "J": self.go_down, "K": self.go_up, "X": self.turn_chosen, "C": self._bar.claim, "E": self._bar.ask_close,
            "A": self._bar.assign_to_me, "R": self._answering.focus_text, "N": self._notes.focus_note,
            "F": self.flag_post, "Z": self.working.undo, "U": self.turn_unread, "/": self._search.setFocus,
            "?": self.turn_help, "Escape": self._escape,
        })  # fmt: skip
        keep_ages(self._list)
        self._show_view(View.INBOX)

    # -- the room's parts ------------------------------------------------------------------------------------

    def _make_list(self) -> QWidget:
        side = QWidget()
        side.setObjectName("surface")
        side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        layout = column(side, margins=0, spacing=0)
        head = column(margins=12)
        self._search = QLineEdit()
        self._search.setPlaceholderText("Search the feed  /")
        self._search.setMaxLength(LENGTH_MAX)
        self._search.setToolTip(HELP)
        self._search.setAccessibleDescription(HELP)
        self._search.setClearButtonEnabled(True)
        named(self._search, "room.search", "Search the feed")
        self._filters = self.listing.make_buttons()
        self._count = text_label("", "help", name="room.count", wrap=False)
        self._count.setMinimumHeight(_LINE_PX)
        self._new = button("", "room.new", self._show_held)
        self._new.hide()
        self._trouble = text_label("", "help", name="room.trouble")
        self._offline = text_label("", "help", name="room.offline")
        head.addWidget(self._search)
        head.addLayout(FlowLayout(spacing=6, widgets=(*self._filters, self._count)))
        for widget in (self._trouble, self._new, self._offline):
            head.addWidget(widget)
        layout.addLayout(head)
        layout.addWidget(line())
        self._empty = text_label("", "help", name="room.empty")
        self._empty.setContentsMargins(16, 12, 16, 12)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._list = StillList()
        named(self._list, "room.list", "Posts")
        # Before the view hears of it: a row that goes takes nobody's choice along, and opens no other post.
        self.listing.model.rowsAboutToBeRemoved.connect(self._rows_go)
        self._list.setModel(self.listing.model)
        self.listing.model.rowsRemoved.connect(self._rows_went)
        self._list.setItemDelegate(CardDelegate(self.context.theme, self._card_of()))
        self._list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        layout.addWidget(self._empty, 1)
        layout.addWidget(self._list, 1)
        self._bottom, inner = card()
        self._said = text_label("", name="room.said")
        self._undo = button("Undo  Z", "room.undo", self.working.undo)
        foot = row(self._said, self._undo)
        foot.setStretch(0, 1)
        inner.addLayout(foot)
        self._bottom.hide()
        layout.addWidget(self._bottom)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SEARCH_AFTER_MS)
        return side

    def _make_post(self) -> QWidget:
        self._stack = QStackedWidget()
        first = QWidget()
        inside = column(first, margins=32)
        self._summary = Summary(self.context)
        inside.addWidget(self._summary)
        hint = text_label("Choose a post: J and K go through the list, ? shows all keys.", "help", name="room.hint")
        inside.addWidget(hint)
        inside.addStretch(1)
        self._stack.addWidget(first)
        pane = QWidget()
        outer = QVBoxLayout(pane)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        head = QWidget()
        bar = column(head, margins=16, spacing=8)
        self._bar = DeskBar(self.context, self.working, self.claims)
        bar.addWidget(self._bar)
        outer.addWidget(head)
        outer.addWidget(line())
        body = QWidget()
        inner = column(body, margins=16)
        self._thread = Thread(self.context, with_acts=True)
        self._flag_space: QVBoxLayout = column(margins=0)
        self._notes = DeskNotes(self.context, self.working)
        inner.addLayout(self._flag_space)
        inner.addWidget(self._thread)
        inner.addSpacing(8)
        inner.addWidget(self._notes)
        inner.addStretch(1)
        self._scroll = scrolling(body)
        outer.addWidget(self._scroll, 1)
        outer.addWidget(line())
        foot = QWidget()
        below = column(foot)
        self._ask = button("Ask for video near here", "room.ask", self._ask_near, "plain")
        self._answering = Answering(self.context, self._ask)
        below.addWidget(self._answering)
        self._foot = foot
        outer.addWidget(foot)
        self._stack.addWidget(pane)
        self._stack.addWidget(self._make_help())
        self._flags_page = FlagsPage(self.context)
        self._flags_page.open_wanted.connect(self.show_post)
        self._flags_page.loaded.connect(self._bar.note_flags)
        self._stack.addWidget(self._flags_page)
        return self._stack

    def _make_help(self) -> QWidget:
        help_page = QWidget()
        helped = column(help_page, margins=32)
        helped.addWidget(text_label("Keys of the feed desk", "section"))
        helped.addWidget(text_label(help_text(), "mono", name="room.help"))
        helped.addLayout(row(button("Close", "room.help_close", self.turn_help), None))
        helped.addStretch(1)
        return help_page

    def _connect(self) -> None:
        self._views.view_chosen.connect(self._show_view)
        self._views.filter_chosen.connect(self._show_filter)
        self._views.save_wanted.connect(self._save_filter)
        self._views.flags_wanted.connect(self.show_flags)
        self._views.named_filter.connect(self._keep_filter)
        self._views.notify_turned.connect(self._turn_notify)
        self._views.removed.connect(self._remove_filter)
        self._search.textChanged.connect(self._soon.start)
        self._soon.timeout.connect(self._searched)
        self.listing.asked.connect(self._show_asked)
        self.listing.counted.connect(self._say_state)
        self.listing.counted.connect(self._summary.enter)
        self.listing.model.answered.connect(self._answered)
        self.listing.model.held_changed.connect(self._say_state)
        self._list.selectionModel().selectionChanged.connect(self._selected)
        self._list.selectionModel().currentChanged.connect(self._current_changed)
        self._list.clicked.connect(self._open_index)
        self._list.activated.connect(self._open_index)
        self._list.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.working.said.connect(self._say)
        self._bar.flag_wanted.connect(self.flag_post)
        self._bar.closed.connect(self._go_on)
        self._thread.change.connect(self._answering.change)
        self._thread.correct.connect(self._answering.correct)
        self._thread.take_back.connect(self._take_back)
        self._thread.flag.connect(self.flag_comment)
        self._thread.put_back.connect(self._put_back)
        self._thread.let_go.connect(self._let_go)
        self._answering.began.connect(self._claim_quietly)
        self._answering.sent.connect(self._answered_one)
        self.claims.changed.connect(self._show_desk)
        self._summary.view_wanted.connect(self._show_view)

    def _card_of(self) -> partial[Card]:
        plain = post_card(self.context, lambda: self.listing.query)

        def card_of(post: Post) -> Card:
            made, item = plain(post), self.context.desk.desk_item(post.id)
            if item.state is DeskState.NEW and item.claim is None:
                return made
            claim = item.claim_at(self.context.clock())
            who = "" if item.assignee is None else f", {item.assignee.name}"
            said = f"{claim.name} is on it" if claim is not None else f"{state_words(item)}{who}"
            return Card(**{**vars(made), "meta": f"{said} \u00b7 {made.meta}"})

        return partial(card_of)

    # -- what is shown ---------------------------------------------------------------------------------------

    def refresh(self, changed: Changed) -> None:
        """Show what changed; the post that is being read stays."""
        if changed is Changed.SIGNED_OUT:
            self._post = None
            self._stack.setCurrentIndex(0)
        if changed in {Changed.POSTS, Changed.DESK, Changed.SIGNED_OUT}:
            self.listing.desk_changed()
            self._list.viewport().update()
            self._say_state()
            self._show_open()
        if changed is Changed.OUTBOX and self._post is not None:
            self._thread.show_outbox(self.context.desk.outbox)
        if changed is Changed.MODERATION:
            self._load_flags()
        if changed in {Changed.CONNECTION, Changed.AGENCY}:
            self._say_state()
            self._show_open()

    def entered(self) -> None:
        """Let the keys work; the morning's summary is shown once a day."""
        self._summary.enter()
        self._load_flags()
        self._list.setFocus()

    def left(self) -> None:
        """Another room: what was typed is kept, nobody works here."""
        self._answering.keep()
        self._notes.keep()
        self.claims.leave()

    def shut(self) -> None:
        """The sign-in ends."""
        self.claims.leave()
        self.listing.close()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the list gives way."""
        super().resizeEvent(event)
        self._middle.setFixedWidth(next(width for least, width in _LISTS if self.width() >= least))

    def retheme(self) -> None:
        """Paint in the theme."""
        self._list.viewport().update()
        self._thread.fill()

    def _show_view(self, view: View) -> None:
        """A list, whole: the search and the filters above it are cleared."""
        self._show_filter(SavedFilter("", view=view))

    def _show_filter(self, saved: SavedFilter) -> None:
        self._saved_name = saved.name
        self.listing.take_filter(saved)
        self._search.setText(saved.words)
        self._searched()

    def _searched(self) -> None:
        self._soon.stop()
        self.listing.search(self._search.text().strip())

    def _show_asked(self) -> None:
        self._views.mark(self.listing.view, self._saved_name)
        self._say_state()

    def _answered(self) -> None:
        """The first page is there: what had to be opened is opened."""
        wanted, self._wanted = self._wanted, ""
        at = self.listing.model.row_of(wanted) if wanted else -1
        if at >= 0:
            self._list.setCurrentIndex(self.listing.model.index(at))
        self._say_state()
        self._selected()

    def _show_held(self) -> None:
        self.listing.model.show_held()
        self._list.scrollToTop()

    def _say_state(self) -> None:
        listing, desk = self.listing, self.context.desk
        self._count.setText(listing.count_words())
        self._trouble.setText(listing.query.trouble)
        self._trouble.setVisible(bool(listing.query.trouble))
        held = listing.model.held
        self._new.setText(f"{held} new")
        self._new.setAccessibleName(f"Show {held} new posts")
        self._new.setVisible(bool(held))
        is_empty = listing.model.rowCount() == 0
        self._empty.setVisible(is_empty)
        self._list.setVisible(not is_empty)
        self._empty.setText(self._empty_words())
        at = desk.refreshed_at
        since = f" It is as it was at {self.context.local(at, '%H:%M')}." if at is not None else ""
        self._offline.setText(f"The service cannot be reached. Read, search and decide: it is sent later.{since}")
        self._offline.setVisible(desk.connection is Connection.OFFLINE)
        self._views.show_counts(listing.counts())
        self._views.show_filters(listing.saved(), listing.count_of)

    def _empty_words(self) -> str:
        if self._search.text().strip() or self.listing.is_filtered():
            return "No post fits. Search with fewer words, or clear the search and the filters above."
        if self.context.desk.connection is Connection.CONNECTING:
            return "Loading the feed\u2026"
        if self.listing.view is View.INBOX:
            return "Nothing is left to look at. What neighbors write appears here by itself; Everything holds the rest."
        if self.listing.view is View.MINE:
            return "Nothing is in your hands. Press A on a post to take it."
        return "No post is in this list yet."

    # -- moving and opening ----------------------------------------------------------------------------------

    def go_down(self) -> None:
        """Open the next post."""
        self._go(1)

    def go_up(self) -> None:
        """Open the post before."""
        self._go(-1)

    def _go(self, step: int) -> None:
        count = self.listing.model.rowCount()
        if count:
            now = self._list.currentIndex()
            # Where the row of the open post went, the current one is the next already.
            went = now.isValid() and not self._is_choosing and not self._list.selectionModel().isSelected(now)
            target = max(0, min(count - 1, now.row() + (0 if went and step > 0 else step))) if now.isValid() else 0
            index = self.listing.model.index(target)
            if self._is_choosing:  # what is chosen stays so
                self._list.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
                self._list.scrollTo(index)
            else:
                self._list.setCurrentIndex(index)
            self._open_index(index)

    def _rows_go(self) -> None:
        self._list.is_quiet = True

    def _rows_went(self) -> None:
        self._list.is_quiet = False

    def _go_on(self) -> None:
        """The open post was closed: on to the next, as who works through a list expects."""
        self.go_down()

    def show_area(self, name: str, area: Circle | Polygon) -> None:
        """Everything of a place, such as one that was drawn on the map."""
        self._show_filter(SavedFilter("", view=View.ALL, place=name, area=area))

    def show_post(self, post_id: str) -> None:
        """Open a post by its id, for the map."""
        at = self.listing.model.row_of(post_id)
        if at >= 0:
            index = self.listing.model.index(at)
            self._list.setCurrentIndex(index)
            self._open_index(index)
            return
        post = self.listing.post(post_id)
        if post is None:
            self._say("This post is not on this workstation, or was removed.", can_undo=False)
            return
        self._open(post)
        self._wanted = post_id
        self._show_view(View.ALL)

    def _current_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        if not self._list.is_quiet and current.isValid():
            self._open_index(current)

    def _open_index(self, index: QModelIndex) -> None:
        post = index.data(THING_ROLE)
        if post is not None and (self._post is None or self._post.id != post.id):
            self._open(post)
        elif post is not None:
            self._stack.setCurrentIndex(1)

    def _open(self, post: Post) -> None:
        """Open a post, which is to have read it."""
        self.claims.look_away()
        self._end_flag()
        self._post = post
        self._scroll.verticalScrollBar().setValue(0)
        with suppress(NotSignedIn):
            self.context.desk.mark_read([post.id])
        session = self.context.desk.session
        if session is not None and session.member.role in e.DO_DESK_WORK.who:
            self.working.see(self.context.desk.desk_item(post.id))
        self._stack.setCurrentIndex(1)
        self._show_open()

    def _show_open(self) -> None:
        """The post that is open, as it is now."""
        if self._post is None:
            return
        self._post = self.listing.post(self._post.id) or self._post
        self._thread.show_post(self._post)
        self._thread.show_outbox(self.context.desk.outbox)
        if self._has_answered and self._thread.last_pending() is not None:
            self._has_answered = False
            QTimer.singleShot(_LAID_OUT_MS, self, self._show_mine)
        self._answering.show_post(self._post)
        self._notes.show_item(self.context.desk.desk_item(self._post.id))
        session = self.context.desk.session
        self._ask.setVisible(session is not None and session.member.role in e.SUBMIT_REQUEST.who)
        self._show_desk()

    def _show_mine(self) -> None:
        """The answer that was just sent, with what can still be done about it."""
        mine = self._thread.last_pending()
        if mine is not None:
            self._scroll.ensureWidgetVisible(mine)

    def _show_desk(self) -> None:
        self._bar.show_items(self._chosen(), self._post)

    def _chosen(self) -> tuple[DeskItem, ...]:
        """The posts that an act is about: those that are chosen in the list, else the one that is open."""
        # One more than what an act takes: it then says so, and no list of thousands is read for it.
        rows = self._list.selectionModel().selectedIndexes()[: AT_ONCE_MAX + 1]
        posts = [post for index in rows if (post := index.data(THING_ROLE)) is not None]
        if len(posts) <= 1 and self._post is not None and not (self._is_choosing and posts):
            posts = [self._post]
        return tuple(self.context.desk.desk_item(post.id) for post in posts)

    def _selected(self, _on: QItemSelection | None = None, _off: QItemSelection | None = None) -> None:
        self._show_desk()

    def turn_chosen(self) -> None:
        """The current post is chosen beside others, or no longer; from the first on, J and K choose nothing."""
        current = self._list.currentIndex()
        if not current.isValid():
            return
        flag = QItemSelectionModel.SelectionFlag
        self._list.selectionModel().select(current, flag.Toggle if self._is_choosing else flag.Select)
        self._is_choosing = True
        self._selected()

    def end_choosing(self) -> None:
        """One post at a time again."""
        if self._is_choosing:
            self._is_choosing = False
            current = self._list.currentIndex()
            flag = QItemSelectionModel.SelectionFlag
            self._list.selectionModel().select(current, flag.ClearAndSelect)
            self._selected()

    def turn_unread(self) -> None:
        """The open post counts as unread again, or as read."""
        if self._post is None:
            return
        with suppress(NotSignedIn):
            if self.context.desk.is_unread(self._post.id):
                self.context.desk.mark_read([self._post.id])
            else:
                self.context.desk.mark_unread(self._post.id)
        self._list.viewport().update()

    def turn_help(self) -> None:
        """Show the keys, or put them away."""
        is_shown = self._stack.currentIndex() == 2  # noqa: PLR2004 - the page of the keys
        self._stack.setCurrentIndex((1 if self._post is not None else 0) if is_shown else 2)

    def _load_flags(self) -> None:
        session = self.context.desk.session
        if session is not None and session.member.role in e.LIST_FLAGS.who:
            self._flags_page.load()

    def show_flags(self) -> None:
        """What became of the agency's own flags, beside the list."""
        self._stack.setCurrentWidget(self._flags_page)
        self._flags_page.load()

    def _escape(self) -> None:
        self.end_choosing()
        if self._stack.currentIndex() == 2:  # noqa: PLR2004 - the page of the keys
            self.turn_help()
        self._end_flag()
        self._list.setFocus()

    def _scrolled(self, value: int) -> None:
        self.listing.model.is_reading = value > 0
        if value == 0 and self.listing.model.held:
            self.listing.model.show_held()

    # -- acts ------------------------------------------------------------------------------------------------

    def _say(self, words: str, can_undo: bool) -> None:  # noqa: FBT001 - the signal's
        self._said.setText(words)
        self._undo.setVisible(can_undo)
        self._bottom.setVisible(bool(words))
        if can_undo:
            self.end_choosing()
        QTimer.singleShot(_LAID_OUT_MS, self, self._keep_focus)

    def _keep_focus(self) -> None:
        """A button that an act took away does not hand the keyboard to the rail."""
        focused = QApplication.focusWidget()
        if self.isVisible() and (focused is None or not self.isAncestorOf(focused)):
            self._list.setFocus()

    def _claim_quietly(self) -> None:
        """Who types an answer works on the post: a colleague sees it before writing the same."""
        if self._post is not None and self.claims.other(self.context.desk.desk_item(self._post.id)) is None:
            self.claims.take(self._post.id)

    def _put_back(self, row_: OutboxRow) -> None:
        self._answering.put_back(said_in(row_))
        self._let_go(row_)

    def _let_go(self, row_: OutboxRow) -> None:
        with suppress(NotSignedIn):
            self.context.desk.dismiss(row_.key)

    def _answered_one(self) -> None:
        self._has_answered = True
        self.claims.leave()

    def _take_back(self, comment: Comment) -> None:
        if self._post is not None:
            self.working.keep(wishes.withdraw(self._post, comment), "The comment is taken back; nobody has read it.")

    def _ask_near(self) -> None:
        if self._post is not None:
            self.context.open_wizard(from_post(self._post, self.context.desk.new_draft()))

    def flag_post(self) -> None:
        """Offer the form with which the open post is flagged to the neutral moderators."""
        if self._post is not None:
            item = self.context.desk.desk_item(self._post.id)
            if item.fine is not None and is_judged_fine(item, self._post):
                when = self.context.local(item.fine.at, "%d %b")
                self._say(f"{item.fine.by.name} judged these words fine on {when}.", can_undo=False)
            self._offer_flag(self._post.id, "")

    def flag_comment(self, comment: Comment) -> None:
        """The same for a comment."""
        if self._post is not None:
            self._offer_flag(self._post.id, comment.id)

    def _offer_flag(self, post_id: str, comment_id: str) -> None:
        session = self.context.desk.session
        if session is None or session.member.role not in e.FLAG_POST.who:
            return
        self._end_flag()
        form = FlagForm(self.context, post_id, comment_id)
        form.set_words(self._flag_words.pop((post_id, comment_id), ""))
        self._flag_form = form
        form.cancelled.connect(self._end_flag)
        form.sent.connect(self._flagged)
        self._flag, inner = card()
        inner.addWidget(form)
        self._flag_space.addWidget(self._flag)
        self._foot.hide()  # the form needs the height
        self._scroll.verticalScrollBar().setValue(0)
        form.focus_first()

    def _flagged(self, number: str) -> None:
        if self._flag_form is not None:
            self._flag_form.set_words("")
        self._end_flag()
        receipt = f" Receipt {number}." if number else ""
        self._load_flags()
        self._say(f"Flagged. The neutral moderators decide.{receipt}", can_undo=False)

    def _end_flag(self) -> None:
        flag, self._flag = self._flag, None
        form, self._flag_form = self._flag_form, None
        if form is not None and form.words():
            self._flag_words[form.about] = form.words()
        self._foot.show()
        if flag is not None:
            self._flag_space.removeWidget(flag)
            flag.hide()
            flag.deleteLater()

    # -- saved filters ---------------------------------------------------------------------------------------

    def _save_filter(self) -> None:
        """Ask for a name, beside the button."""
        suggested = self._search.text().strip() or self.listing.filter_words()
        self._views.ask_name(suggested[:NAME_MAX])

    def _keep_filter(self, name: str) -> None:
        trouble = name_trouble(name, self.listing.saved())
        if trouble:
            self._views.ask_name(name, trouble)
            return
        made = self.listing.as_filter(name.strip(), self._search.text().strip())
        self.listing.keep((*self.listing.saved(), made))
        self._saved_name = made.name
        self._say_state()
        self._views.mark(self.listing.view, made.name)
        self._say(f"Saved as \u201c{made.name}\u201d. The bell beside it tells you of new posts.", can_undo=False)

    def _turn_notify(self, saved: SavedFilter) -> None:
        turned = msgspec.structs.replace(saved, notify=not saved.notify)
        self.listing.keep(tuple(turned if one.name == saved.name else one for one in self.listing.saved()))
        self._say_state()
        self._views.mark(self.listing.view, self._saved_name)
        told = "You are told of new posts in" if turned.notify else "You are no longer told of new posts in"
        self._say(f"{told} \u201c{saved.name}\u201d.", can_undo=False)

    def _remove_filter(self, saved: SavedFilter) -> None:
        self.listing.keep(tuple(one for one in self.listing.saved() if one.name != saved.name))
        self._say_state()
