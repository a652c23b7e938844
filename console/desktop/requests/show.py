"""One request in full: state, facts, words, history, and what this member may do next."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import shapely
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget
from shapely.geometry import shape as shape_of

from console.client.desk import NotSignedIn
from console.client.outbox import OutboxState
from console.desktop.geojson import collection, feature
from console.desktop.requests.facts import facts_of, record_of
from console.desktop.requests.step import show_place
from console.desktop.review.history_view import HistoryView
from console.desktop.review.sections import STATE_TONES
from console.desktop.sheets import WORDS_NO_PICTURE, ask_where, save_record, trouble_of
from console.desktop.widgets import button, card, chip, clear, column, line, named, row, scrolling, text_label
from console.domain import wording
from console.domain.areas import box_of
from console.domain.requests import Action, Outcome, State, WithdrawReason, actions_open_to, is_same_person
from console.domain.times import span_words

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtGui import QImage

    from console.client.outbox import OutboxRow
    from console.desktop.context import Context
    from console.desktop.map.view import MapPane
    from console.domain.requests import Request

ADDENDUM_MAX = 2_000
REMIND_BEFORE = timedelta(days=2)


class RequestView(QWidget):
    """Shows one request; entries of its actions are kept while only what is shown changes."""

    mend = Signal(object)
    """A returned request is to be opened in the wizard."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._request: Request | None = None
        self._pane: MapPane | None = None
        self._shown: tuple[object, ...] = ()
        outer = column(self, margins=0, spacing=0)
        body = QWidget()
        layout = column(body, margins=24, spacing=16)
        self._facts: QVBoxLayout = column(margins=0)
        self._map: QVBoxLayout = column(margins=0)
        self._actions: QVBoxLayout = column(margins=0)
        self._history = HistoryView(context)
        for part in (self._facts, self._actions, self._map):
            layout.addLayout(part)
        record = button("Save the record with its map (PDF)\u2026", "request.record", self._ask_for_record)
        layout.addLayout(row(record, None))
        layout.addWidget(line())
        layout.addWidget(self._history)
        layout.addStretch(1)
        outer.addWidget(scrolling(body))
        self._addendum = QPlainTextEdit()
        self._outcome = QComboBox()
        self._why = QComboBox()
        self._reason = QLineEdit()

    def show_request(self, request: Request) -> None:
        """Show a request, or how it stands now."""
        waiting = tuple(r for r in self._context.desk.outbox if r.subject == request.id and r.state != OutboxState.SENT)
        if (request, waiting) == self._shown:
            return
        other = self._request is None or self._request.id != request.id
        kept = ("", "", "") if other else (self._addendum.toPlainText(), self._reason.text(), self._why.currentData())
        self._shown, self._request = (request, waiting), request
        self._show_facts(request, waiting)
        self._show_actions(request, waiting)
        self._addendum.setPlainText(kept[0])
        self._reason.setText(kept[1])
        self._why.setCurrentIndex(max(0, self._why.findData(kept[2])))
        self._history.show_request(request)
        self._show_on_map(request)

    def retheme(self) -> None:
        """The theme changed."""
        if self._pane is not None:
            self._pane.set_theme(self._context.theme())

    def _show_facts(self, request: Request, waiting: tuple[OutboxRow, ...]) -> None:
        clear(self._facts)
        draft, local = request.draft, self._context.local
        state = chip(wording.STATES[request.state], STATE_TONES.get(request.state, ""))
        self._facts.addLayout(row(state, text_label(request.number, "mono", name="request.number", wrap=False), None))
        self._facts.addWidget(text_label(draft.title, "title", name="request.title"))
        for one in waiting:
            refused = one.state is OutboxState.REFUSED
            frame, layout = card("stop" if refused else "notice")
            words = f"\u2715 Not sent: {one.last_error}" if refused else "Waiting to be sent\u2026"
            layout.addWidget(text_label(f"{one.title}. {words}"))
            self._facts.addWidget(frame)
        reminder = self._reminder(request)
        if reminder:
            frame, layout = card("notice")
            layout.addWidget(text_label(reminder, name="request.reminder"))
            self._facts.addWidget(frame)
        self._facts.addWidget(text_label(draft.text, name="request.text"))
        for note in request.public_notes:
            frame, layout = card()
            layout.addWidget(text_label("Public note", "small"))
            layout.addWidget(text_label(note, name="request.public_note"))
            self._facts.addWidget(frame)
        for added in request.addenda:
            self._facts.addWidget(text_label(f"Added {local(added.at)}: {added.text}"))
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        for name, words in facts_of(self._context, request):
            if words:
                form.addRow(text_label(name, "muted", wrap=False), text_label(words))
        holder = QWidget()
        form.setContentsMargins(0, 0, 0, 0)
        holder.setLayout(form)
        self._facts.addWidget(holder)

    def _is_mine(self, request: Request) -> bool:
        session = self._context.desk.session
        return session is not None and is_same_person(request.author, session.member)

    def _reminder(self, request: Request) -> str:
        """What the author is told of a request that soon ends; empty where it does not."""
        ends = request.expires_at
        if request.state is not State.PUBLISHED or ends is None or not self._is_mine(request):
            return ""
        left = ends - self._context.clock()
        if not timedelta() < left <= REMIND_BEFORE:
            return ""
        when = f"{self._context.local(ends)}, in {span_words(left)}"
        return f"This request ends {when}. Resolve it if the case is done, or add what neighbors should still know."

    # -- what may be done --------------------------------------------------------------------------------

    def _show_actions(self, request: Request, waiting: tuple[OutboxRow, ...]) -> None:
        clear(self._actions)
        for old in (self._addendum, self._outcome, self._why, self._reason):
            old.deleteLater()
        self._addendum, self._reason = QPlainTextEdit(self), QLineEdit(self)
        self._outcome, self._why = QComboBox(self), QComboBox(self)
        for unused in (self._addendum, self._outcome, self._why, self._reason):
            unused.hide()
        session = self._context.desk.session
        if session is None or any(r.state is OutboxState.WAITING for r in waiting):
            return
        member = session.member
        for action in actions_open_to(request.state, member.role, is_author=self._is_mine(request)):
            maker: dict[Action, Callable[[], None]] = {
                Action.RESUBMIT: self._offer_mend,
                Action.WITHDRAW: self._offer_withdraw,
                Action.ADD_ADDENDUM: self._offer_addendum,
                Action.RESOLVE: self._offer_resolve,
            }
            if action in maker:
                maker[action]()

    def _offer_mend(self) -> None:
        made = button("Mend and send again", "request.mend", self._mend_clicked, "primary")
        self._actions.addLayout(row(made, None))

    def _offer_withdraw(self) -> None:
        named(self._why, "request.withdraw_because", "Why it is withdrawn")
        self._why.addItem("Choose why", "")
        for reason, words in wording.WITHDRAW_REASONS.items():
            self._why.addItem(words, reason.value)
        self._why.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._why.setMinimumContentsLength(24)
        self._why.show()
        named(self._reason, "request.withdraw_reason", "More about the reason for withdrawing")
        self._reason.setPlaceholderText("More, if wanted (kept in the history)")
        self._reason.setMaxLength(500)
        self._reason.show()
        made = button("Withdraw", "request.withdraw", self._withdraw, "stop")
        self._actions.addLayout(row(self._why, self._reason, made))

    def _offer_addendum(self) -> None:
        named(self._addendum, "request.addendum", "Addendum")
        self._addendum.setPlaceholderText("A published request is not edited; add what neighbors should know now")
        self._addendum.setFixedHeight(72)
        self._addendum.setTabChangesFocus(True)
        self._addendum.show()
        self._actions.addWidget(self._addendum)
        made = button("Add to the request", "request.add_addendum", self._add_addendum)
        self._actions.addLayout(row(None, made))

    def _offer_resolve(self) -> None:
        named(self._outcome, "request.outcome", "Outcome")
        self._outcome.addItem("Choose an outcome", "")
        for outcome, words in wording.OUTCOMES.items():
            self._outcome.addItem(words, outcome.value)
        self._outcome.show()
        made = button("Resolve", "request.resolve", self._resolve)
        self._actions.addLayout(row(self._outcome, made, None))

    def _mend_clicked(self) -> None:
        if self._request is not None:
            self.mend.emit(self._request)

    def _withdraw(self) -> None:
        why = str(self._why.currentData() or "")
        if not why:
            self._context.say("Choose first why it is withdrawn.")
        elif self._request is not None:
            text = self._reason.text().strip()
            self._decide(partial(self._context.desk.withdraw, self._request, WithdrawReason(why), text))

    def _add_addendum(self) -> None:
        text = self._addendum.toPlainText().strip()
        if not text or len(text) > ADDENDUM_MAX:
            self._context.say(f"An addendum has 1 to {ADDENDUM_MAX:,} characters.")
        elif self._request is not None and self._decide(partial(self._context.desk.add_addendum, self._request, text)):
            self._addendum.clear()

    def _resolve(self) -> None:
        outcome = str(self._outcome.currentData() or "")
        if not outcome:
            self._context.say("Choose an outcome first.")
        elif self._request is not None:
            self._decide(partial(self._context.desk.resolve, self._request, Outcome(outcome)))

    def _decide(self, act: Callable[[], OutboxRow]) -> bool:
        try:
            sent = act()
        except NotSignedIn as fault:
            self._context.say(type(fault).__doc__ or "You are not signed in.")
            return False
        self._context.say(f"{sent.title}: waiting to be sent\u2026")
        return True

    # -- the map -----------------------------------------------------------------------------------------

    def _show_on_map(self, request: Request) -> None:
        if self._pane is None:
            self._pane = self._context.new_pane("Area of the request")
            self._pane.setMinimumHeight(260)
            self._map.addWidget(self._pane)
        self._pane.set_layer("area", collection([feature("area", request.outline)]))
        show_place(self._pane, request.draft.place)
        outline: shapely.Geometry = shape_of(request.outline)
        if not outline.is_empty:
            self._pane.fit(box_of(outline))

    # -- the record --------------------------------------------------------------------------------------

    def _ask_for_record(self) -> None:
        if self._request is not None:
            name = f"{self._request.number}.pdf"
            ask_where(self, "Save the record", name, "Record (*.pdf)", partial(self.save_record, self._request))

    def save_record(self, request: Request, path: Path) -> None:
        """Write a request with a picture of its area; the outcome is said."""

        def write(picture: QImage) -> None:
            title = f"{request.number}: {request.draft.title}"
            record = partial(save_record, picture, path, title, record_of(self._context, request))
            self._context.say(trouble_of(record, path) or f"The record of {request.number} is saved as {path.name}.")

        if self._pane is None or not self._pane.take_picture(write):
            self._context.say(WORDS_NO_PICTURE)
