"""The list of an agency's alerts: lanes with their counts, and what is in them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QWidget

from console.desktop.alerts.parts import STATE_TONES
from console.desktop.feed.delegate import Card, CardDelegate
from console.desktop.feed.model import THING_ROLE, RowsModel
from console.desktop.flow import FlowLayout
from console.desktop.lists import QuietList
from console.desktop.widgets import button, column, keep_ages, named, row, text_label
from console.domain.alert_lanes import LANES, Lane, lane_of, listed
from console.domain.alert_words import KINDS, LEVELS, MESSAGES, state_words
from console.domain.alerts import Alert, AlertDraft, MessageKind

if TYPE_CHECKING:
    from console.desktop.context import Context

Thing = Alert | AlertDraft
_CHIPS = "QPushButton { padding: 2px 8px; min-height: 16px; font-size: 11px; border-radius: 11px; }"
_EMPTY = {
    None: "No alerts yet. Write the first with \u201cNew alert\u201d (N).",
    Lane.DRAFTS: "No drafts. \u201cNew alert\u201d (N) begins one.",
    Lane.WAITING: "Nothing waits for approval.",
    Lane.SCHEDULED: "Nothing is scheduled. Choose \u201cSend it later\u201d when you write an alert.",
    Lane.IN_FORCE: "No alert is in force.",
    Lane.OVER: "Nothing is over yet. Ended alerts stay here.",
}


class AlertsModel(RowsModel):
    """The alerts and drafts."""

    def name_of(self, thing: Thing) -> str:
        """Where it stands, and its title."""
        draft = thing if isinstance(thing, AlertDraft) else thing.draft
        return f"{LANES[lane_of(thing)]}: {draft.title or 'without a title'}"


class Listing(QWidget):
    """`chosen` carries an Alert or an AlertDraft; `new_wanted` asks for a new one, `import_wanted` for a file."""

    chosen = Signal(object)
    new_wanted = Signal()
    import_wanted = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._things: tuple[Thing, ...] = ()
        self.lane: Lane | None = None
        self.setObjectName("side")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(270)
        layout = column(self, margins=0, spacing=0)
        head = QWidget()
        inside = column(head)
        self.new = button("New alert", "alerts.new", self.new_wanted.emit, "primary")
        self.new.setToolTip("N")
        inside.addLayout(row(text_label("Alerts", "section", wrap=False), None, self.new))
        self.import_cap = button("Import CAP\u2026", "alerts.import", self.import_wanted.emit)
        self.import_cap.setToolTip("Open an alert of your own alerting system (CAP 1.2) as a draft")
        inside.addLayout(row(None, self.import_cap))
        chips = QWidget()
        chips.setStyleSheet(_CHIPS)
        flow = FlowLayout(chips)
        group = QButtonGroup(self)
        self.chips = {}
        for lane in (None, *Lane):
            name = "all" if lane is None else lane.value
            made = button("", f"alerts.lane_{name}", partial(self.choose_lane, lane))
            made.setCheckable(True)
            made.setChecked(lane is None)
            group.addButton(made)
            flow.addWidget(made)
            self.chips[lane] = made
        self._flow = flow
        inside.addWidget(chips)
        layout.addWidget(head)
        self.none_here = text_label("", "help", name="alerts.none_here")
        self.none_here.setContentsMargins(16, 0, 16, 8)
        layout.addWidget(self.none_here)
        self.model = AlertsModel()
        self.list = QuietList()
        named(self.list, "alerts.list", "The agency's alerts")
        self.list.setModel(self.model)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._delegate = CardDelegate(context.theme, self._card)
        self.list.setItemDelegate(self._delegate)
        self.list.selectionModel().currentChanged.connect(self._current_changed)
        self.list.clicked.connect(self._clicked)
        keep_ages(self.list)
        layout.addWidget(self.list, 1)

    def show_things(self, drafts: tuple[AlertDraft, ...], alerts: tuple[Alert, ...]) -> None:
        """Show what there is now, in the chosen lane."""
        self._things = listed(drafts, alerts)
        for lane, made in self.chips.items():
            count = sum(1 for thing in self._things if lane is None or lane_of(thing) is lane)
            words = "All" if lane is None else LANES[lane]
            made.setText(f"{words} {count}")
            made.setAccessibleName(f"{words}, {count}")
        self._flow.invalidate()
        shown = [thing for thing in self._things if self.lane is None or lane_of(thing) is self.lane]
        with self.list.quietly():
            self.model.show_rows(shown)
        self.none_here.setText(_EMPTY[self.lane])
        self.none_here.setVisible(not shown)

    def choose_lane(self, lane: Lane | None) -> None:
        """Show one lane only."""
        self.lane = lane
        self.chips[lane].setChecked(True)
        drafts = tuple(thing for thing in self._things if isinstance(thing, AlertDraft))
        self.show_things(drafts, tuple(thing for thing in self._things if isinstance(thing, Alert)))

    def mark(self, thing_id: str) -> None:
        """Mark what is open; nothing where it is not in the list."""
        at = self.model.row_of(thing_id)
        with self.list.quietly():
            selection = self.list.selectionModel()
            if at >= 0:
                selection.setCurrentIndex(self.model.index(at), QItemSelectionModel.SelectionFlag.ClearAndSelect)
            else:
                selection.clear()

    def beside(self, step: int) -> Thing | None:
        """The thing so many rows further; the first where none is marked."""
        now = self.list.currentIndex()
        at = max(0, min(self.model.rowCount() - 1, now.row() + step)) if now.isValid() else 0
        found: Thing | None = self.model.thing(at)
        return found

    def paint_anew(self) -> None:
        """The theme or an age is another."""
        self.list.viewport().update()

    def _card(self, thing: Thing) -> Card:
        draft = thing if isinstance(thing, AlertDraft) else thing.draft
        kind = KINDS[draft.kind] if draft.message is MessageKind.ALERT else MESSAGES[draft.message]
        return Card(
            title=draft.title.strip() or "Without a title",
            chip="Draft" if isinstance(thing, AlertDraft) else state_words(thing),
            tone="" if isinstance(thing, AlertDraft) else STATE_TONES.get(thing.state, ""),
            meta=f"{kind}, {LEVELS[draft.level][0].lower()}",
            age="" if isinstance(thing, AlertDraft) else self._context.ago(thing.submitted_at),
            text=draft.text,
            lines=1,
        )

    def _current_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        if not self.list.is_quiet:
            self._clicked(current)

    def _clicked(self, index: QModelIndex) -> None:
        thing = index.data(THING_ROLE) if index.isValid() else None
        if thing is not None:
            self.chosen.emit(thing)
