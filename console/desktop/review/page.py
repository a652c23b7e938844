"""Review: what waits for a supervisor's decision, oldest first, with all that the decision needs on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely.geometry
from PySide6.QtCore import QItemSelectionModel, QModelIndex, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QListView, QStackedWidget, QVBoxLayout, QWidget

from console.client.desk import Changed, Connection
from console.desktop.context import Page
from console.desktop.feed.delegate import Card, CardDelegate
from console.desktop.feed.model import THING_ROLE, RowsModel
from console.desktop.review.decision import DecisionPanel
from console.desktop.widgets import (
    bind_keys,
    card,
    chip,
    clear,
    column,
    keep_ages,
    line,
    named,
    row,
    scrolling,
    text_label,
)
from console.domain import offences, wording
from console.domain.case_numbers import tidy
from console.domain.checks import span_words, sq_mi
from console.domain.requests import Action, State

if TYPE_CHECKING:
    from console.desktop.context import Context
    from console.domain.requests import Request

_NARROW = 1_040  # below this the sides give way to the request
_SIDES, _NARROW_SIDES = (280, 300), (200, 240)
_TONES = {State.PENDING: "waiting", State.APPROVED: "good", State.PUBLISHED: "good", State.REJECTED: "stop"}
_MARGIN_DEG = 0.0015


def title_of(request: Request) -> str:
    """What a list calls a request."""
    return request.draft.title or request.draft.place_name or request.number


class RequestsModel(RowsModel):
    """The requests that wait."""

    def name_of(self, thing: Request) -> str:
        """The title and the number."""
        return f"{title_of(thing)}, {thing.number}"


class ReviewPage(Page):
    """The review of requests."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.model = RequestsModel()
        self._request: Request | None = None
        self._is_quiet = False
        self._mapped: tuple[str, int, str] | None = None
        self._pane = context.new_pane("Request")
        self.decision = DecisionPanel(context)
        whole = QHBoxLayout()
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._make_list())
        whole.addWidget(self._make_middle(), 1)
        whole.addWidget(self.decision)
        self._filled = QWidget()
        self._filled.setLayout(whole)
        self._empty = text_label("", "help", name="review.empty")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._filled)
        column(self, margins=0, spacing=0).addWidget(self._stack)
        keys = {"J": self.go_down, "K": self.go_up}
        decisions = {"A": self.decision.open_approve, "R": self.decision.open_return, "X": self.decision.open_reject}
        bind_keys(self, {**keys, **decisions})
        keep_ages(self._list)
        self._reload()

    def _make_list(self) -> QWidget:
        side = QWidget()
        side.setObjectName("steps")
        side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._side = side
        layout = column(side, margins=0, spacing=0)
        head = column(margins=16)
        self._count = text_label("", "help", name="review.count", wrap=False)
        head.addLayout(row(text_label("Pending", "section"), None, self._count))
        layout.addLayout(head)
        self._list = QListView()
        named(self._list, "review.list", "Requests that wait")
        self._list.setModel(self.model)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._delegate = CardDelegate(self.context.theme, self._card)
        self._list.setItemDelegate(self._delegate)
        self._list.selectionModel().currentChanged.connect(self._current_changed)
        self._list.clicked.connect(self._clicked)
        layout.addWidget(self._list, 1)
        return side

    def _make_middle(self) -> QWidget:
        middle = QWidget()
        layout = column(middle, margins=0, spacing=0)
        head = column(margins=16)
        self._title = text_label("", "section", name="review.title")
        self._chip = chip("", "waiting")
        self._by = text_label("", "help")
        head.addLayout(row(self._title, self._chip, None))
        head.addWidget(self._by)
        layout.addLayout(head)
        self._pane.setMinimumHeight(200)
        layout.addWidget(self._pane, 3)
        layout.addWidget(line())
        below = QWidget()
        words = column(below)
        self._facts = QHBoxLayout()
        self._facts.setSpacing(24)
        words.addLayout(self._facts)
        words.addWidget(text_label("What neighbors will read", "small"))
        frame, inner = card()
        self._read_title = text_label("", "strong", name="review.read_title")
        self._read_text = text_label("", name="review.read_text")
        self._read_contact = text_label("", "small")
        for widget in (self._read_title, self._read_text, self._read_contact):
            inner.addWidget(widget)
        words.addWidget(frame)
        self._reasons = text_label("", "help", name="review.reasons")
        words.addWidget(self._reasons)
        words.addStretch(1)
        layout.addWidget(scrolling(below), 2)
        return middle

    def _card(self, request: Request) -> Card:
        draft = request.draft
        again = any(step.action == Action.RESUBMIT for step in request.history)
        length = "" if draft.begins is None or draft.ends is None else span_words(draft.ends - draft.begins)
        parts = (draft.case_number, length, f"{sq_mi(request.area_m2)} sq mi")
        return Card(
            title=title_of(request),
            chip="Resubmitted" if again else "New",
            tone="waiting" if again else "",
            age=self.context.ago(request.submitted_at),
            text=" · ".join(part for part in parts if part),
            lines=1,
        )

    # What is shown

    def waiting_count(self) -> int:
        """How many requests wait for a decision, for the badge."""
        return len(self._pending())

    def refresh(self, changed: Changed) -> None:
        """Show what waits now; the request being read stays."""
        if changed in {Changed.REQUESTS, Changed.SIGNED_OUT, Changed.CONNECTION}:
            self._reload()

    def entered(self) -> None:
        """Look again and let the keys work."""
        self._reload()
        self._list.setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the sides give way."""
        super().resizeEvent(event)
        listed, decision = _NARROW_SIDES if self.width() < _NARROW else _SIDES
        self._side.setFixedWidth(listed)
        self.decision.setFixedWidth(decision)

    def retheme(self) -> None:
        """Paint in the theme."""
        self._pane.set_theme(self.context.theme())
        self._list.viewport().update()

    def _pending(self) -> tuple[Request, ...]:
        waiting = (r for r in self.context.desk.requests if r.state is State.PENDING)
        return tuple(sorted(waiting, key=lambda r: r.submitted_at))

    def _reload(self) -> None:
        pending = self._pending()
        shown = self._request
        self._is_quiet = True  # what is shown changes by hand only
        self.model.show_rows(pending)
        self._is_quiet = False
        oldest = f", oldest {self.context.ago(pending[0].submitted_at)}" if pending else ""
        self._count.setText(f"{len(pending)}{oldest}")
        fresh = None
        if shown is not None and self.context.desk.session is not None:
            fresh = next((r for r in self.context.desk.requests if r.id == shown.id), shown)
        if fresh is None and pending:
            fresh = pending[0]
        self._show(fresh)
        self._say_empty()

    def _say_empty(self) -> None:
        if self._request is not None:
            self._stack.setCurrentIndex(1)
            return
        if self.context.desk.connection is Connection.OFFLINE:
            words = "The service cannot be reached. What waits for review appears here when it can be again."
        else:
            words = "Nothing waits for review. A request that an officer sends appears here by itself."
        self._empty.setText(words)
        self._stack.setCurrentIndex(0)

    def _show(self, request: Request | None) -> None:
        self._request = request
        self.decision.show_request(request)
        if request is None:
            return
        self._mark_current(request)
        returned = sum(1 for step in request.history if step.action == Action.RETURN)
        times = {0: "", 1: ", returned once"}.get(returned, f", returned {returned} times")
        self._title.setText(title_of(request))
        self._chip.setText(wording.STATES[request.state])
        self._chip.setProperty("tone", _TONES.get(request.state, ""))
        self._chip.style().polish(self._chip)
        self._by.setText(f"{request.number} by {request.author.title} {request.author.name}{times}")
        self._show_facts(request)
        draft = request.draft
        self._read_title.setText(draft.title)
        self._read_text.setText(draft.text)
        self._read_contact.setText(f"Contact: {draft.contact}")
        reasons = [("Why not at the incident", draft.anchor_reason), ("Why a second request", draft.repeat_reason)]
        self._reasons.setText("\n".join(f"{label}: {text}" for label, text in reasons if text))
        self._reasons.setVisible(bool(self._reasons.text()))
        self._show_map(request)

    def _mark_current(self, request: Request) -> None:
        selection, at = self._list.selectionModel(), self.model.row_of(request.id)
        self._is_quiet = True
        if at >= 0:
            selection.setCurrentIndex(self.model.index(at), QItemSelectionModel.SelectionFlag.ClearAndSelect)
        else:
            selection.clear()
        self._is_quiet = False

    def _show_facts(self, request: Request) -> None:
        clear(self._facts)
        draft, context = request.draft, self.context
        offence = offences.BY_CODE.get(draft.offence)
        earlier = [
            r
            for r in context.desk.requests
            if r.id != request.id and tidy(r.draft.case_number) == tidy(draft.case_number)
        ]
        begins, ends = context.local(draft.begins), context.local(draft.ends, "%H:%M")
        if (
            draft.begins
            and draft.ends
            and draft.begins.astimezone(context.zone()).date() != draft.ends.astimezone(context.zone()).date()
        ):
            ends = context.local(draft.ends)
        told = ", ".join(f"{r.number} {wording.STATES[r.state].lower()}" for r in earlier)
        for label, text in (
            ("Window", f"{begins}–{ends}"),
            ("Area", f"{sq_mi(request.area_m2)} sq mi"),
            ("Homes", request.homes),
            ("Offence", f"{draft.offence} {offence.name if offence else ''}".strip()),
            ("Earlier for this case", told or "none"),
        ):
            fact = QVBoxLayout()
            fact.setSpacing(0)
            fact.addWidget(text_label(label, "small"))
            fact.addWidget(text_label(text))
            fact.addStretch(1)
            self._facts.addLayout(fact)

    def _show_map(self, request: Request) -> None:
        mapped = (str(request.id), request.version, request.state.value)
        if mapped == self._mapped:
            return
        is_new_place = self._mapped is None or self._mapped[:2] != mapped[:2]
        self._mapped = mapped
        area = {
            "type": "Feature",
            "id": request.id,
            "geometry": request.outline,
            "properties": {"id": request.id, "state": request.state.value, "title": title_of(request)},
        }
        self._pane.set_layer("requests", {"type": "FeatureCollection", "features": [area]})
        place = request.draft.place
        if place is None:
            self._pane.clear_layer("incident")
        else:
            point = {"type": "Point", "coordinates": [place.lon, place.lat]}
            incident = {"type": "Feature", "id": "incident", "geometry": point, "properties": {"id": "incident"}}
            self._pane.set_layer("incident", {"type": "FeatureCollection", "features": [incident]})
        if is_new_place:
            west, south, east, north = shapely.geometry.shape(request.outline).bounds
            self._pane.fit(
                (south - _MARGIN_DEG, west - _MARGIN_DEG, north + _MARGIN_DEG, east + _MARGIN_DEG),
            )

    # Moving

    def show_id(self, request_id: str) -> None:
        """Show a request by its id, for the search and the map."""
        found = next((r for r in self.context.desk.requests if r.id == request_id), None)
        if found is not None and not self.decision.busy:
            self._show(found)
            self._say_empty()

    def go_down(self) -> None:
        """The next request."""
        self._go(1)

    def go_up(self) -> None:
        """The request before."""
        self._go(-1)

    def _go(self, step: int) -> None:
        now = self._list.currentIndex()
        target = max(0, min(self.model.rowCount() - 1, now.row() + step)) if now.isValid() else 0
        thing = self.model.thing(target)
        if thing is not None and not self.decision.busy:
            self._show(thing)
            self._list.scrollTo(self.model.index(target))

    def _current_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        if not self._is_quiet:
            self._clicked(current)

    def _clicked(self, index: QModelIndex) -> None:
        request: Request | None = index.data(THING_ROLE) if index.isValid() else None
        if self._request is not None and self.decision.busy:
            self._mark_current(self._request)
        elif request is not None and (self._request is None or request.id != self._request.id):
            self._show(request)
