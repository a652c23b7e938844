"""The composer: an alert, an update or an all-clear is written here, with what stands against it beside each field.

Promises: every change is in the vault before the next one; nothing goes out but by its button; the check is the
domain's, and the service judges again.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from console.desktop.alerts.parts import AlertCard, FieldNote, TextBox, choice
from console.desktop.alerts.picture_field import PictureField
from console.desktop.alerts.where import WhereField
from console.desktop.requests.timefield import TimeField, rounded
from console.desktop.widgets import button, card, column, line, named, row, scrolling, text_label
from console.domain.alert_checks import check_alert
from console.domain.alert_lanes import confirm_words, send_words
from console.domain.alert_words import CERTAINTIES, KINDS, LEVELS, URGENCIES
from console.domain.alerts import (
    Alert,
    AlertDraft,
    AlertKind,
    Certainty,
    Level,
    MessageKind,
    Urgency,
    of_kind,
)
from console.domain.findings import Field, blocking
from console.domain.hours import hours_words, opens_next, reads_now
from console.domain.members import identified
from console.domain.times import clock_words

if TYPE_CHECKING:
    from console.desktop.alerts.thumbs import Thumbs
    from console.desktop.context import Context

_LENGTHS = (("2 h", 2), ("12 h", 12), ("24 h", 24), ("3 days", 72))
_HEADS = {
    MessageKind.ALERT: "New alert",
    MessageKind.UPDATE: "Update",
    MessageKind.CANCEL: "All-clear",
}
_SIDE_WIDTH = 400


class Composer(QWidget):
    """`changed` carries the draft at every entry; `wanted` one that is to be sent; `discarded` one to be forgotten."""

    changed = Signal(object)
    wanted = Signal(object)
    discarded = Signal(object)

    def __init__(self, context: Context, thumbs: Thumbs) -> None:
        super().__init__()
        self._context, self._thumbs = context, thumbs
        self._draft = AlertDraft("none")
        self._first: Alert | None = None
        self._loading = False
        self._tried = False
        self._confirmed: AlertDraft | None = None
        self._mapped = QVBoxLayout()
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        left = QWidget()
        outer = column(left, margins=0, spacing=0)
        form = QWidget()
        form.setObjectName("surface")
        self._form = column(form, margins=20, spacing=6)
        self._add_head()
        self._add_kind()
        self._add_words()
        self._add_times()
        self._form.addStretch(1)
        self._scroll = scrolling(form)
        outer.addWidget(self._scroll, 1)
        outer.addWidget(line())
        outer.addWidget(self._make_bar())
        whole.addWidget(left, 1)
        self._body, self._side = form, self._make_side()
        whole.addWidget(self._side)

    # What it is made of

    def _add_head(self) -> None:
        self.head = text_label("", "title", name="alerts.head")
        self.after_hours = text_label("", name="alerts.after_hours")
        self._hours_frame, inside = card("notice")
        inside.addWidget(self.after_hours)
        self._about = text_label("", "help", name="alerts.about")
        self._note = text_label("", name="alerts.note")
        self._note_frame, inside = card("notice")
        inside.addWidget(self._note)
        for widget in (self.head, self._note_frame, self._hours_frame, self._about):
            self._form.addWidget(widget)

    def _label(self, text: str, field: QWidget) -> None:
        label = text_label(text, "strong", wrap=False)
        label.setBuddy(field)
        self._form.addSpacing(4)
        self._form.addWidget(label)

    def _add_kind(self) -> None:
        self.kind = choice("alerts.kind", "Kind of alert", KINDS)
        self.level = choice("alerts.level", "Severity", {level: words[0] for level, words in LEVELS.items()})
        self.urgency = choice("alerts.urgency", "How soon to act", URGENCIES)
        self.certainty = choice("alerts.certainty", "How sure it is", CERTAINTIES)
        self._level_says = text_label("", "help", name="alerts.level_says")
        self._level_note = FieldNote("alerts.level", Field.LEVEL)
        self._label("Kind and severity", self.kind)
        self._form.addLayout(row(self.kind, self.level))
        self._form.addWidget(self._level_says)
        self._form.addWidget(self._level_note)
        self._form.addLayout(row(self.urgency, self.certainty))
        self.kind.currentIndexChanged.connect(self._kind_chosen)
        for box, name, words in (
            (self.level, "level", Level),
            (self.urgency, "urgency", Urgency),
            (self.certainty, "certainty", Certainty),
        ):
            box.currentIndexChanged.connect(partial(self._box_chosen, box, name, words))

    def _add_words(self) -> None:
        self.title = QLineEdit()
        self.title_es = QLineEdit()
        self.text = TextBox("alerts.text", "Text in English", 92)
        self.text_es = TextBox("alerts.text_es", "Text in Spanish", 92)
        named(self.title, "alerts.title", "Title in English")
        named(self.title_es, "alerts.title_es", "Title in Spanish")
        self._notes = [
            FieldNote("alerts.title", Field.TITLE),
            FieldNote("alerts.text", Field.TEXT),
            FieldNote("alerts.title_es", Field.TITLE_ES),
            FieldNote("alerts.text_es", Field.TEXT_ES),
        ]
        for (text, field), note in zip(
            (
                ("Title", self.title),
                ("What happened, and what to do", self.text),
                ("Title in Spanish", self.title_es),
                ("Text in Spanish", self.text_es),
            ),
            self._notes,
            strict=True,
        ):
            self._label(text, field)
            self._form.addWidget(field)
            self._form.addWidget(note)
        for name, edit in (("title", self.title), ("title_es", self.title_es)):
            edit.textChanged.connect(partial(self._typed, name))
        for name, box in (("text", self.text), ("text_es", self.text_es)):
            box.textChanged.connect(partial(self._box_typed, name, box))
        self.pictures = PictureField(self._context, self._thumbs)
        self.pictures.removed.connect(self._picture_removed)
        self._picture_note = FieldNote("alerts.pictures", Field.PICTURES)
        self._form.addSpacing(4)
        self._form.addWidget(self.pictures)
        self._form.addWidget(self._picture_note)

    def _add_times(self) -> None:
        zone = self._context.zone()
        self.begins_now = QCheckBox("Begins when it is sent")
        self.begins = TimeField("alerts.begins", "Begins", zone)
        self.ends = TimeField("alerts.ends", "Ends", zone)
        self.send_later = QCheckBox("Send it later")
        self.send_at = TimeField("alerts.send_at", "Send at", zone)
        named(self.begins_now, "alerts.begins_now", "Begins when it is sent")
        named(self.send_later, "alerts.send_later", "Send it later")
        self._times = QWidget()
        inside = column(self._times, margins=0, spacing=6)
        presets = [button(words, f"alerts.length_{hours}", partial(self._last, hours)) for words, hours in _LENGTHS]
        inside.addWidget(text_label("Begins and ends", "strong", wrap=False))
        inside.addLayout(row(self.begins_now, self.begins, None))
        inside.addLayout(row(text_label("Ends", wrap=False), self.ends, None))
        inside.addLayout(row(text_label("Lasts", wrap=False), *presets, None))
        self._form.addSpacing(4)
        self._form.addWidget(self._times)
        self._form.addLayout(row(self.send_later, self.send_at, None))
        self._time_note = FieldNote("alerts.times", Field.WINDOW, Field.ENDS, Field.SEND_AT)
        self._form.addWidget(self._time_note)
        self.begins_now.toggled.connect(self._begins_turned)
        self.send_later.toggled.connect(self._later_turned)
        self.begins.entered.connect(lambda: self._enter(begins=self.begins.value()))
        self.ends.entered.connect(lambda: self._enter(ends=self.ends.value()))
        self.send_at.entered.connect(lambda: self._enter(send_at=self.send_at.value()))

    def _make_side(self) -> QWidget:
        side = QWidget()
        side.setObjectName("sidepanel")
        side.setFixedWidth(_SIDE_WIDTH)
        layout = column(side, margins=12, spacing=8)
        self.where = WhereField(self._context)
        self.where.chosen.connect(self._where_chosen)
        self._place_note = FieldNote("alerts.place", Field.PLACE, Field.AREA)
        self.place_name = QLineEdit()
        self.place_name.setPlaceholderText("The place's name, if not its nearest street")
        named(self.place_name, "alerts.place_name", "The place's name")
        self.place_name.textChanged.connect(partial(self._typed, "place_name"))
        layout.addWidget(text_label("Where", "strong", wrap=False))
        layout.addWidget(self.where)
        layout.addLayout(self._mapped, 3)
        layout.addWidget(self.place_name)
        layout.addWidget(self._place_note)
        self.as_neighbour = button("For neighbors", "alerts.as_neighbour", partial(self._show_as, public=False))
        self.as_public = button("For the public", "alerts.as_public", partial(self._show_as, public=True))
        for made in (self.as_neighbour, self.as_public):
            made.setCheckable(True)
            made.setObjectName("segment")
            made.setMinimumWidth(128)  # the chosen one is bold
        layout.addLayout(row(self.as_neighbour, self.as_public, None))
        self.card = AlertCard(self._thumbs)
        self._seen = text_label("", "small", name="alerts.seen_as")
        preview = QWidget()
        below = column(preview, margins=0)
        below.addWidget(self.card)
        below.addWidget(self._seen)
        below.addStretch(1)
        layout.addWidget(scrolling(preview), 2)
        self._show_as(public=False)
        return side

    def _make_bar(self) -> QWidget:
        bar = QWidget()
        layout = column(bar, margins=12, spacing=6)
        self.said = text_label("", "help", name="alerts.said")
        self.send = button("Send now", "alerts.send", self._want, "primary")
        self.discard = button("Discard draft", "alerts.discard", lambda: self.discarded.emit(self._draft), "plain")
        layout.addWidget(self.said)
        layout.addLayout(row(self.send, self.discard, None))
        return bar

    # What is shown

    @property
    def draft(self) -> AlertDraft:
        """What is being written."""
        return self._draft

    def load(self, draft: AlertDraft, first: Alert | None, note: str = "") -> None:
        """Open a draft; `first` is the alert that it refers to, `note` what its author has to know of it."""
        self._note.setText(note)
        self._note_frame.setVisible(bool(note))
        self._draft, self._first, self._tried = draft, first, False
        self._loading = True
        try:
            self._fill(draft)
        finally:
            self._loading = False
        self.say("")
        self.shown()
        self._judge(fly=True)
        self._scroll.verticalScrollBar().setValue(0)

    def shown(self) -> None:
        """Make the map when it is first seen."""
        if self.where.pane is None and self.isVisible():
            pane = self.where.make_map()
            pane.setMinimumHeight(160)
            self._mapped.addWidget(pane)
            self.where.show_where(self._draft, fly=True)
        self._show_hours()

    def say(self, words: str, *, busy: bool = False) -> None:
        """Say how sending fares; while `busy` it can be neither changed nor sent again."""
        for part in (self._body, self._side):
            part.setEnabled(not busy)
        self.discard.setEnabled(not busy)
        self.said.setText(words)
        self.said.setVisible(bool(words))
        self.send.setEnabled(not busy)

    def retheme(self) -> None:
        """The theme changed."""
        if self.where.pane is not None:
            self.where.pane.set_theme(self._context.theme())

    def _fill(self, draft: AlertDraft) -> None:
        self.head.setText(_HEADS[draft.message])
        about = (
            ""
            if self._first is None
            else f"It refers to \u201c{self._first.draft.title}\u201d, which stays as it was said."
        )
        self._about.setText(about)
        self._about.setVisible(bool(about))
        for box, value in (
            (self.kind, draft.kind),
            (self.level, draft.level),
            (self.urgency, draft.urgency),
            (self.certainty, draft.certainty),
        ):
            box.setCurrentIndex(box.findData(value.value))
        self.kind.setEnabled(draft.message is MessageKind.ALERT)
        self._times.setVisible(draft.message is not MessageKind.CANCEL)
        for edit, text in (
            (self.title, draft.title),
            (self.title_es, draft.title_es),
            (self.place_name, draft.place_name),
        ):
            edit.setText(text)
        self.text.setPlainText(draft.text)
        self.text_es.setPlainText(draft.text_es)
        now = rounded(self._context.clock())
        self.begins_now.setChecked(draft.begins is None)
        self.begins.setVisible(draft.begins is not None)
        self.begins.show_time(draft.begins or now)
        self.ends.show_time(draft.ends or now + timedelta(hours=12))
        self.send_later.setChecked(draft.send_at is not None)
        self.send_at.setVisible(draft.send_at is not None)
        self.send_at.show_time(draft.send_at or now + timedelta(hours=1))

    def _show_hours(self) -> None:
        agency, zone, now = self._context.agency, self._context.zone(), self._context.clock()
        opens = opens_next(agency.reading_hours, zone, now)
        reads = reads_now(agency.reading_hours, zone, now)
        again = "" if opens is None else f" Answers are read again from {clock_words(opens, zone)}."
        self.after_hours.setText(
            f"It is after hours: nobody reads answers now. Your agency reads posts {hours_words(agency.reading_hours)}."
            f"{again} Neighbors are told to call 911 in an emergency."
        )
        self._hours_frame.setVisible(not reads)

    def _show_as(self, *, public: bool) -> None:
        self.as_public.setChecked(public)
        self.as_neighbour.setChecked(not public)
        self._seen.setText(
            "On the agency's page, for everybody, with its updates and its all-clear. It stays there when it is over."
            if public
            else "Above the posts of everybody in the city, with its updates, and comments below it."
        )

    def _judge(self, *, fly: bool = False) -> None:
        draft, context = self._draft, self._context
        session = context.desk.session
        findings = check_alert(draft, context.agency, context.ground, context.clock(), first=self._first)
        self.pictures.show_draft(draft.id, draft.pictures)
        for note in (*self._notes, self._level_note, self._time_note, self._place_note, self._picture_note):
            note.show_findings(findings, tried=self._tried)
        self._level_says.setText(LEVELS[draft.level][1])
        self.where.show_where(draft, fly=fly)
        if session is not None:
            self.card.show_draft(draft, identified(session.member, context.agency.name), context)
            self.send.setText(send_words(draft, session.member.role, context.agency, context.clock()))
            self.send.setAccessibleName(self.send.text())

    # What is entered

    def _enter(self, **fields: Any) -> None:
        if self._loading:
            return
        self._draft = msgspec.structs.replace(self._draft, **fields)
        self.changed.emit(self._draft)
        self.say("")
        self._judge(fly="where" in fields)

    def _kind_chosen(self) -> None:
        if self._loading:
            return
        self._draft = of_kind(self._draft, AlertKind(self.kind.currentData()))
        self._loading = True
        for box, value in (
            (self.level, self._draft.level),
            (self.urgency, self._draft.urgency),
            (self.certainty, self._draft.certainty),
        ):
            box.setCurrentIndex(box.findData(value.value))
        self._loading = False
        self._enter()

    def _box_chosen(self, box: Any, name: str, words: Any, _index: int) -> None:
        self._enter(**{name: words(box.currentData())})

    def _typed(self, name: str, text: str) -> None:
        self._enter(**{name: text})

    def _box_typed(self, name: str, box: TextBox) -> None:
        self._enter(**{name: box.toPlainText()})

    def _where_chosen(self, where: object) -> None:
        self._enter(where=where)

    def add_picture(self, picture_id: str) -> None:
        """The service has a picture for what is being written."""
        if picture_id not in self._draft.pictures:
            self._enter(pictures=(*self._draft.pictures, picture_id))

    def _picture_removed(self, picture_id: str) -> None:
        self._enter(pictures=tuple(kept for kept in self._draft.pictures if kept != picture_id))

    def _begins_turned(self, now: bool) -> None:  # noqa: FBT001 - Qt's signature
        self.begins.setVisible(not now)
        self._enter(begins=None if now else self.begins.value())

    def _later_turned(self, later: bool) -> None:  # noqa: FBT001 - Qt's signature
        self.send_at.setVisible(later)
        self._enter(send_at=self.send_at.value() if later else None)

    def _last(self, hours: int) -> None:
        begins = max(self._draft.send_at or self._context.clock(), self._draft.begins or self._context.clock())
        ends = rounded(begins + timedelta(hours=hours))
        self.ends.show_time(ends)
        self._enter(ends=ends)

    def _want(self) -> None:
        context = self._context
        self._tried = True
        self._judge()
        stops = blocking(check_alert(self._draft, context.agency, context.ground, context.clock(), first=self._first))
        if stops:
            count = "One thing stands" if len(stops) == 1 else f"{len(stops)} things stand"
            self.say(f"Not sent. {count} against it; each is said at its field.")
            self._focus(stops[0].field)
            return
        if self.pictures.waiting(self._draft.id):
            self.say("Not sent. A picture is not added yet: try again, or remove it.")
            self.pictures.add.setFocus()
            return
        told = confirm_words(self._draft, self.send.text())
        if told and self._confirmed != self._draft:
            self._confirmed = self._draft
            self.say(told)
            return
        self.wanted.emit(self._draft)

    def _focus(self, field: Field) -> None:
        fields: dict[Field, QWidget] = {
            Field.TITLE: self.title,
            Field.TEXT: self.text,
            Field.TITLE_ES: self.title_es,
            Field.TEXT_ES: self.text_es,
            Field.PLACE: self.where.typed,
            Field.AREA: self.where.typed,
            Field.WINDOW: self.begins.edit,
            Field.ENDS: self.ends.edit,
            Field.SEND_AT: self.send_at.edit,
            Field.PICTURES: self.pictures.add,
        }
        fields.get(field, self.title).setFocus()
