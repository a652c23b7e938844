"""What the feed desk lists: a list of the desk, a search and filters, as one question to the feed's copy."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QPushButton

from console.client.desk import NotSignedIn
from console.client.feed_copy import COUNTED_MAX, Interrupted
from console.desktop.feed.paged import PagedPosts
from console.desktop.overview.filters import mark_active
from console.desktop.widgets import named
from console.domain import saved_filters
from console.domain.desk_work import VIEW_NAMES, View, ids_of
from console.domain.districts import drawn_districts
from console.domain.feed import CATEGORY_NAMES, Category
from console.domain.feed_filter import FeedFilter, Sort
from console.domain.feed_query import FeedQuery, read_query
from console.domain.overview import PRESET_LENGTHS, Preset
from console.domain.saved_filters import SavedFilter

if TYPE_CHECKING:
    from datetime import datetime

    from console.client.feed_copy import FeedCopy
    from console.desktop.context import Context
    from console.domain.areas import Circle, Polygon
    from console.domain.feed import Post

SAVED_SETTING = "feed.saved"
COUNTS_MOST = 999
_PLACE_PX = 90
_SORT_NAMES = {Sort.NEWEST: "Newest first", Sort.OLDEST: "Oldest first", Sort.MOST_COMMENTS: "Most comments first"}


class Listing(QObject):
    """The question, its answer as a model, and the counts beside the lists. `asked`: it is another question."""

    asked = Signal()
    counted = Signal()

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self.view = View.INBOX
        self.query = FeedQuery()
        self._categories: frozenset[Category] = frozenset()
        self._time = Preset.ALL
        self._area: tuple[str, Circle | Polygon] | None = None
        self._sort = Sort.NEWEST
        self._count: int | None = None
        self._counts: dict[View, str] = {}
        self._of_saved: dict[str, str] = {}
        self._ids: dict[View, tuple[frozenset[str], bool]] = {}
        self._question = 0
        self._is_counting = self._count_again = False
        self._copy: FeedCopy = context.desk.feed.another()
        self._counter: FeedCopy = context.desk.feed.another()
        self.model = PagedPosts(self._copy, context.start)
        self.model.counted.connect(self._note_count)
        self._stop = context.desk.listen_to_feed(self._take)

    def close(self) -> None:
        """Give back what is held of the copy."""
        self._stop()
        self._counter.interrupt()
        self.model.close()
        for copy in (self._copy, self._counter):
            copy.close()

    # The question

    def search(self, words: str) -> None:
        """Look for other words."""
        self.query = read_query(words, self._context.zone())
        self.ask()

    def ask(self) -> None:
        """Ask for what is wanted now."""
        self._count = None
        self._question += 1
        self.model.ask(self.query, self._filter(self.view))
        self.count_lists()
        self.asked.emit()

    def desk_changed(self) -> None:
        """Where posts stand has changed: what belongs into this list has, too."""
        self._ids.clear()
        wanted = self._filter(self.view)
        if (wanted.ids, wanted.without_ids) != (self.model.chosen.ids, self.model.chosen.without_ids):
            self.model.chosen = wanted
            self.model.take(frozenset())
        self.count_lists()

    def _filter(self, view: View) -> FeedFilter:
        """What is asked now."""
        return msgspec.structs.replace(self.chosen_by(self.as_filter("", "", view)), sort=self._sort)

    def chosen_by(self, saved: SavedFilter) -> FeedFilter:
        """A saved filter as of now. Which posts a list holds is worked out once for each change at the desk."""
        if saved.view not in self._ids:
            self._ids[saved.view] = list_ids(self._context, saved.view)
        return chosen_by(saved, self._ids[saved.view], self._context.clock())

    def as_filter(self, name: str, words: str, view: View | None = None) -> SavedFilter:
        """What is asked now, as it can be saved."""
        place, area = self._area or ("", None)
        return SavedFilter(name, words, view or self.view, False, self._categories, self._time, place, area)

    def take_filter(self, saved: SavedFilter) -> None:
        """Ask what a filter says; `search` with its words then asks it."""
        self.view = saved.view
        self._categories, self._time = saved.categories, saved.time
        self._area = None if saved.area is None else (saved.place, saved.area)
        self._show_buttons()

    def filter_words(self) -> str:
        """What is asked, in a few words, as a name for it."""
        parts = [CATEGORY_NAMES[category] for category in sorted(self._categories)]
        parts += [] if self._time is Preset.ALL else [self._time.value]
        parts += [] if self._area is None else [self._area[0]]
        return ", ".join(parts) or self.view_name()

    def is_filtered(self) -> bool:
        """Whether something beside the list and the words holds posts back."""
        return bool(self._categories) or self._time is not Preset.ALL or self._area is not None

    def view_name(self) -> str:
        """The list's own name."""
        return VIEW_NAMES[self.view]

    def post(self, post_id: str) -> Post | None:
        """A post of the copy by its id."""
        with suppress(NotSignedIn):
            return self._context.desk.feed.post(post_id)
        return None

    def _take(self, numbers: frozenset[int]) -> None:
        self.model.take(numbers)
        self.count_lists()

    # Counts

    def count_words(self) -> str:
        """How many posts fit, for people."""
        if self._count is None:
            return "Looking\u2026"
        return f"{COUNTED_MAX:,}+" if self._count > COUNTED_MAX else f"{self._count:,}"

    def counts(self) -> dict[View, str]:
        """How many posts each list holds."""
        return self._counts

    def count_of(self, saved: SavedFilter) -> str:
        """How many posts a saved filter finds."""
        return self._of_saved.get(saved.name, "")

    def _note_count(self, count: int) -> None:
        self._count = count
        self.counted.emit()

    def count_lists(self) -> None:
        """Count the lists and saved filters anew, off the screen's thread; once more where asked meanwhile."""
        if self._is_counting:
            self._count_again = True
            return
        self._is_counting = True
        self._context.start(self._count_lists())

    async def _count_lists(self) -> None:
        try:
            while True:
                self._count_again = False
                views = {view: (FeedQuery(), self.chosen_by(SavedFilter("", view=view))) for view in View}
                zone = self._context.zone()
                saved = {one.name: (read_query(one.words, zone), self.chosen_by(one)) for one in self.saved()}
                question, this = self._question, (self.model.query, self.model.chosen)
                found = await self.model.look(partial(_count, self._counter, (*views.values(), *saved.values())))
                count = await self.model.look(partial(self._counter.count, *this, COUNTED_MAX))
                if question == self._question:
                    self._count = count
                self._counts = dict(zip(views, found[: len(views)], strict=True))
                self._of_saved = dict(zip(saved, found[len(views) :], strict=True))
                if not self._count_again:
                    break
        except Interrupted:
            return
        finally:
            self._is_counting = False
        self.counted.emit()

    # Saved filters

    def saved(self) -> tuple[SavedFilter, ...]:
        """The member's own."""
        with suppress(NotSignedIn):
            return saved_filters.read(self._context.desk.setting(SAVED_SETTING))
        return ()

    def keep(self, filters: tuple[SavedFilter, ...]) -> None:
        """Keep other ones."""
        with suppress(NotSignedIn):
            self._context.desk.keep_setting(SAVED_SETTING, saved_filters.write(filters))
        self.count_lists()

    # The buttons above the list

    def make_buttons(self) -> tuple[QPushButton, ...]:
        """Kind, time, place and order."""
        self._kinds: dict[Category, QAction] = {}
        self._kind = _menu("Kind", "room.kind")
        for category in Category:
            action = self._kind.menu().addAction(CATEGORY_NAMES[category])
            action.setCheckable(True)
            action.toggled.connect(partial(self._turn_category, category))
            self._kinds[category] = action
        self._when = _menu("Time", "room.time")
        for preset in Preset:
            words = "Any time" if preset is Preset.ALL else f"The last {preset.value}"
            self._when.menu().addAction(words, partial(self._want_time, preset))
        self._where = _menu("Place", "room.place")
        menu = self._where.menu()
        menu.addAction("The whole jurisdiction", partial(self.want_area, None))
        menu.addSeparator()
        for name, area in drawn_districts(self._context.ground.index.atlas.districts):
            menu.addAction(name.replace("&", "&&"), partial(self.want_area, (name, area)))
        self._order = _menu("Order", "room.order")
        for sort, words in _SORT_NAMES.items():
            self._order.menu().addAction(words, partial(self._want_order, sort))
        return self._kind, self._when, self._where, self._order

    def _show_buttons(self) -> None:
        """What the buttons say, and which of them hold something back."""
        for category, action in self._kinds.items():
            blocked = action.blockSignals(True)
            action.setChecked(category in self._categories)
            action.blockSignals(blocked)
        self._kind.setText(f"Kind \u00b7 {len(self._categories)}" if self._categories else "Kind")
        mark_active(self._kind, active=bool(self._categories))
        self._when.setText("Time" if self._time is Preset.ALL else self._time.value)
        mark_active(self._when, active=self._time is not Preset.ALL)
        place = "" if self._area is None else self._area[0]
        words = self._where.fontMetrics().elidedText(place, Qt.TextElideMode.ElideRight, _PLACE_PX)
        self._where.setText(words or "Place")
        self._where.setToolTip(place)
        mark_active(self._where, active=self._area is not None)
        mark_active(self._order, active=self._sort is not Sort.NEWEST)

    def _turn_category(self, category: Category, on: bool) -> None:  # noqa: FBT001 - the signal's
        self._categories = self._categories | {category} if on else self._categories - {category}
        self._ask_again()

    def _want_time(self, preset: Preset) -> None:
        self._time = preset
        self._ask_again()

    def want_area(self, area: tuple[str, Circle | Polygon] | None) -> None:
        """Only posts of a place, given with its name: a district, or what was drawn on the map."""
        self._area = area
        self._ask_again()

    def _want_order(self, sort: Sort) -> None:
        self._sort = sort
        self._ask_again()

    def _ask_again(self) -> None:
        self._show_buttons()
        self.ask()


def list_ids(context: Context, view: View) -> tuple[frozenset[str], bool]:
    """The posts of a list of the desk, as `ids_of` tells them."""
    session = context.desk.session
    return ids_of(view, context.desk.desk_items.values(), "" if session is None else session.member.id)


def chosen_by(saved: SavedFilter, ids: tuple[frozenset[str], bool], now: datetime) -> FeedFilter:
    """What a saved filter asks of the copy; `ids` are those of its list."""
    posts, are_in = ids
    # The agency's own alerts are no work of this desk; they stand in the list of everything.
    kinds = frozenset(Category) - {Category.ALERT} if saved.view is not View.ALL else frozenset()
    length = PRESET_LENGTHS[saved.time]
    return FeedFilter(
        categories=saved.categories or kinds,
        since=None if length is None else now - length,
        area=saved.area,
        ids=posts if are_in else None,
        without_ids=frozenset() if are_in else posts,
    )


def _menu(words: str, name: str) -> QPushButton:
    made = QPushButton(words)
    made.setAutoDefault(False)
    named(made, name, words)
    made.setMenu(QMenu(made))
    return made


def _count(copy: FeedCopy, questions: tuple[tuple[FeedQuery, FeedFilter], ...]) -> tuple[str, ...]:
    made = []
    for query, chosen in questions:
        count = copy.count(query, chosen, COUNTS_MOST)
        made.append("" if not count else f"{COUNTS_MOST:,}+" if count > COUNTS_MOST else f"{count:,}")
    return tuple(made)
