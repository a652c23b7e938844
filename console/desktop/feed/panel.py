"""The feed beside the map: what neighbors wrote, newest first, and one post in full."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QStackedWidget, QWidget

from console.client.desk import Changed, Connection, NotSignedIn
from console.client.gateway import Unreachable
from console.desktop.context import Page
from console.desktop.feed.delegate import CardDelegate, post_card
from console.desktop.feed.detail import PostDetail
from console.desktop.feed.model import THING_ROLE, PostModel
from console.desktop.lists import QuietList
from console.desktop.widgets import bind_keys, button, column, keep_ages, named, row, text_label
from console.domain.feed_query import HELP, LENGTH_MAX, FeedQuery, read_query

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from console.desktop.context import Context
    from console.domain.feed import Post

_SEARCH_AFTER_MS = 150


class FeedPanel(Page):
    """The feed. `selected` says which post is current (or None), `ask_near` that video near one is wanted.

    `hovered` is the post under the pointer (or None); `shown_changed` that other posts fit the search or the selection.
    """

    selected = Signal(object)
    hovered = Signal(object)
    shown_changed = Signal()
    left_post = Signal()
    ask_near = Signal(object)

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.setObjectName("sidepanel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(300)
        self.setMaximumWidth(420)
        self.model = PostModel()
        self._choose: Callable[[Sequence[Post]], tuple[Post, ...]] = tuple
        self._searched: Sequence[Post] = ()
        self._fitting: tuple[Post, ...] = ()
        self._only: frozenset[str] | None = None
        self._held: tuple[Post, ...] = ()
        self._query = FeedQuery()
        self._loading = False
        self._stack = QStackedWidget()
        self._stack.setObjectName("surface")
        self._stack.addWidget(self._make_list())
        self._detail = PostDetail(context)
        self._detail.back.connect(self.leave_post)
        self._detail.ask_near.connect(self.ask_near)
        self._detail.work_on.connect(lambda post: context.open_post(post.id))
        self._stack.addWidget(self._detail)
        column(self, margins=0, spacing=0).addWidget(self._stack)
        bind_keys(self, {"J": self.go_down, "K": self.go_up, "U": self.turn_unread})
        self._escape = QShortcut(
            QKeySequence("Escape"), self, self.leave_post, context=Qt.ShortcutContext.WidgetWithChildrenShortcut
        )
        self._stack.currentChanged.connect(lambda page: self._escape.setEnabled(page == 1))
        self._escape.setEnabled(False)
        keep_ages(self._list)
        self.show_now()

    def _make_list(self) -> QWidget:
        page = QWidget()
        layout = column(page, margins=0, spacing=0)
        head = column(margins=16)
        self._count = text_label("", "help", name="feed.count", wrap=False)
        self._all_read = button("Mark all read", "feed.all_read", self.mark_all_read, "plain")
        head.addLayout(row(text_label("Feed", "section", wrap=False), self._all_read, None, self._count))
        self._search = self._make_search()
        self._only_words = text_label("", "strong", name="feed.only")
        self._only_end = button("Show all", "feed.only_end", self.end_only, "plain")
        self._only_row = QWidget()
        only = row(self._only_words, self._only_end)
        only.setStretch(0, 1)
        self._only_row.setLayout(only)
        self._only_row.hide()
        self._new = button("", "feed.new", self.show_held)
        self._new.hide()
        self._trouble = text_label("", "help", name="feed.trouble")
        self._trouble.hide()
        self._offline = text_label("", "help", name="feed.offline")
        for widget in (self._search, self._trouble, self._only_row, self._new, self._offline):
            head.addWidget(widget)
        layout.addLayout(head)
        self._empty = text_label("", "help", name="feed.empty")
        self._empty.setContentsMargins(16, 8, 16, 8)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._list = QuietList()
        named(self._list, "feed.list", "Posts")
        self._list.setModel(self.model)
        self._delegate = CardDelegate(self.context.theme, post_card(self.context, lambda: self._query))
        self._list.setItemDelegate(self._delegate)
        self._list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.selectionModel().currentChanged.connect(self._current_changed)
        self._list.clicked.connect(self._open_index)
        self._list.activated.connect(self._open_index)
        self._list.verticalScrollBar().valueChanged.connect(self._scrolled)
        layout.addWidget(self._empty, 1)
        layout.addWidget(self._list, 1)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_SEARCH_AFTER_MS)
        self._soon.timeout.connect(self.show_now)
        self._search.textChanged.connect(self._soon.start)
        self._list.setMouseTracking(True)
        self._list.entered.connect(self._hover)
        self._list.viewportEntered.connect(self._hover_nothing)
        return page

    def _make_search(self) -> QLineEdit:
        box = QLineEdit()
        box.setPlaceholderText("Search the feed")
        box.setMaxLength(LENGTH_MAX)
        box.setToolTip(HELP)
        box.setAccessibleDescription(HELP)
        box.setClearButtonEnabled(True)
        named(box, "feed.search", "Search the feed")
        return box

    # What is shown

    def refresh(self, changed: Changed) -> None:
        """Show new posts and the state of the connection."""
        if changed is Changed.SIGNED_OUT:
            self.show_list()
            self.show_now()
        elif changed is Changed.POSTS:
            self._take(self._wanted())
        elif changed is Changed.OUTBOX and self._detail.post is not None:
            self._detail.show_outbox()
        if changed in {Changed.CONNECTION, Changed.POSTS}:
            self._say_state()

    def entered(self) -> None:
        """Let the keys work."""
        if self._stack.currentIndex() == 0:
            self._list.setFocus()

    def left(self) -> None:
        """Another page is shown: what was typed is on the disk."""
        self._detail.keep()

    def retheme(self) -> None:
        """Paint again in the theme."""
        self._list.viewport().update()
        shown = self._detail.post
        if shown is not None:
            self._detail.show_post(shown)

    def set_selection(self, choose: Callable[[Sequence[Post]], tuple[Post, ...]]) -> None:
        """Show only posts that a selection chooses, as the map does."""
        self._choose = choose
        self._only = None
        self.show_now()

    def show_only(self, post_ids: tuple[str, ...], words: str) -> None:
        """List some posts, of one place on the map, until `end_only`; the map keeps its selection."""
        self._only = frozenset(post_ids)
        self._only_words.setText(words)
        self.show_list()
        self.show_now()

    def end_only(self) -> None:
        """List all again that fit."""
        self._only = None
        self.show_now()

    def fitting(self) -> tuple[Post, ...]:
        """The posts that fit search and selection: what the map shows too."""
        return self._fitting

    def searched(self) -> Sequence[Post]:
        """The posts that the words which were typed find, whatever is chosen; all that are known without any."""
        return self._searched

    def search_words(self) -> str:
        """The words that were typed."""
        return self._search.text().strip()

    def current(self) -> Post | None:
        """The post that was chosen last, where it is still listed."""
        index = self._list.currentIndex()
        return index.data(THING_ROLE) if index.isValid() else None

    def is_searched(self) -> bool:
        """Whether words were typed."""
        return bool(self.search_words())

    def show_now(self) -> None:
        """Show all that fits the search, also what was held back."""
        self._held = ()
        self._new.hide()
        with self._list.quietly():
            self.model.show_posts(self._wanted())
        self._refresh_detail()
        self._say_state()
        self.shown_changed.emit()

    def show_held(self) -> None:
        """Show the new posts and go to them."""
        self.show_now()
        self._list.scrollToTop()

    def _wanted(self) -> tuple[Post, ...]:
        """What is to be listed; looked up once for each change, and kept for who asks what fits."""
        self._query = read_query(self.search_words(), self.context.zone())
        self._trouble.setText(self._query.trouble)
        self._trouble.setVisible(bool(self._query.trouble))
        self._searched = self._find()
        self._fitting = self._choose(self._searched)
        return self._fitting if self._only is None else tuple(p for p in self._fitting if p.id in self._only)

    def _find(self) -> Sequence[Post]:
        if not self.is_searched():
            return self.context.desk.posts
        with suppress(NotSignedIn):
            return self.context.desk.find_posts(self._query)
        return ()

    def _take(self, wanted: tuple[Post, ...]) -> None:
        """Take changes over; new ones on top wait while somebody reads further down."""
        shown = {post.id for post in self.model.rows()}
        first = next((n for n, post in enumerate(wanted) if post.id in shown), len(wanted))
        is_reading = bool(shown) and self._list.verticalScrollBar().value() > 0
        self._held = wanted[:first] if is_reading and first < len(wanted) else ()
        with self._list.quietly():
            self.model.show_posts(wanted[len(self._held) :])
        self._new.setText(f"{len(self._held)} new")
        self._new.setAccessibleName(f"Show {len(self._held)} new posts")
        self._new.setVisible(bool(self._held))
        self._refresh_detail()

    def _say_state(self) -> None:
        count, known = self.model.rowCount(), len(self.context.desk.posts)
        unread = sum(self.context.desk.is_unread(post.id) for post in self.model.rows())
        words = f"{count:,}" if count == known else f"{count:,} of {known:,}"
        self._count.setText(f"{words} \u00b7 {unread:,} unread" if unread else words)
        self._all_read.setEnabled(bool(unread))
        self._only_row.setVisible(self._only is not None)
        self._empty.setVisible(count == 0)
        self._list.setVisible(count > 0)
        connection = self.context.desk.connection
        if self.is_searched():
            self._empty.setText("No post fits. Search with fewer words, or clear the search.")
        elif connection is Connection.CONNECTING:
            self._empty.setText("Loading the feed…")
        elif known:
            self._empty.setText(
                "No post is in this selection. Choose a longer time, or clear the filter above the map."
            )
        else:
            self._empty.setText("No posts yet. What neighbors in your jurisdiction write appears here by itself.")
        at = self.context.desk.refreshed_at
        since = f" It is as it was at {self.context.local(at, '%H:%M')}." if at is not None else ""
        self._offline.setText(f"The service cannot be reached. You can read and search what is here.{since}")
        self._offline.setVisible(connection is Connection.OFFLINE)

    # Moving and opening

    def go_down(self) -> None:
        """The next post."""
        self._go(1)

    def go_up(self) -> None:
        """The post before."""
        self._go(-1)

    def _go(self, step: int) -> None:
        count = self.model.rowCount()
        if count == 0:
            return
        now = self._list.currentIndex()
        target = max(0, min(count - 1, now.row() + step)) if now.isValid() else 0
        self._make_current(target)
        if self._stack.currentIndex() == 1:
            self._open_index(self.model.index(target))

    def _make_current(self, row_number: int) -> None:
        index = self.model.index(row_number)
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self._list.selectionModel().setCurrentIndex(index, flags)
        self._list.scrollTo(index)

    def select(self, post_id: str) -> None:
        """Make a post current and open it, as for a click on the map; one held back or hidden is opened as well."""
        if any(post.id == post_id for post in self._held):
            self.show_now()
        at = self.model.row_of(post_id)
        if at >= 0:
            self._make_current(at)
            self._open_index(self.model.index(at))
            return
        post = next((p for p in self.context.desk.posts if p.id == post_id), None)
        if post is not None:
            self._show(post)

    def leave_post(self) -> None:
        """Back from a post, to the list or to where it was opened from."""
        self.show_list()
        self.left_post.emit()

    def show_list(self) -> None:
        """Back from a post to the list."""
        self._stack.setCurrentIndex(0)
        self._list.setFocus()

    def _open_index(self, index: QModelIndex) -> None:
        post = index.data(THING_ROLE)
        if post is not None:
            self._show(post)

    def _show(self, post: Post) -> None:
        """Open a post, which is to have read it."""
        self._detail.show_post(post)
        self._stack.setCurrentIndex(1)
        with suppress(NotSignedIn):
            self.context.desk.mark_read([post.id])
        self._say_state()

    def mark_all_read(self) -> None:
        """All that is listed counts as read."""
        with suppress(NotSignedIn):
            self.context.desk.mark_read([post.id for post in self.model.rows()])
        self._list.viewport().update()
        self._say_state()

    def turn_unread(self) -> None:
        """The post that is current counts as unread again, or as read."""
        post = self._detail.post if self._stack.currentIndex() == 1 else self.current()
        if post is None:
            return
        with suppress(NotSignedIn):
            if self.context.desk.is_unread(post.id):
                self.context.desk.mark_read([post.id])
            else:
                self.context.desk.mark_unread(post.id)
        self._list.viewport().update()
        self._say_state()

    def _current_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        if not self._list.is_quiet:
            self.selected.emit(current.data(THING_ROLE) if current.isValid() else None)

    def _hover(self, index: QModelIndex) -> None:
        self.hovered.emit(index.data(THING_ROLE))

    def _hover_nothing(self) -> None:
        self.hovered.emit(None)

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer went elsewhere: nothing is under it."""
        super().leaveEvent(event)
        self.hovered.emit(None)

    def _refresh_detail(self) -> None:
        shown = self._detail.post
        fresh = None if shown is None else next((p for p in self.context.desk.posts if p.id == shown.id), None)
        if fresh is not None:
            self._detail.show_post(fresh)

    # Older posts

    def _scrolled(self, value: int) -> None:
        bar = self._list.verticalScrollBar()
        if value == 0 and self._held:
            self.show_now()
        elif value > 0 and value >= bar.maximum() and not self._loading and not self.is_searched():
            self._loading = True
            self.context.start(self._load_older())

    async def _load_older(self) -> None:
        try:
            with suppress(Unreachable):
                await self.context.desk.load_older_posts()
        finally:
            self._loading = False
