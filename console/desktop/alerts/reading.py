"""An alert that was sent: all of it, who wrote it, what became of it, and what this member may do next."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget
from shapely.geometry import shape

from console.client import alerts as wishes
from console.desktop.alerts.parts import STATE_TONES, AlertCard, TextBox
from console.desktop.geojson import collection, feature
from console.desktop.widgets import button, card, chip, clear, column, named, row, scrolling, text_label
from console.domain.alert_words import ALERT_ACTIONS, CERTAINTIES, MESSAGES, URGENCIES, state_words
from console.domain.alerts import Alert, AlertAction, AlertState, MessageKind, alert_actions
from console.domain.areas import box_of
from console.domain.members import identified
from console.domain.requests import is_same_person

if TYPE_CHECKING:
    from collections.abc import Callable

    from console.client.wishes import Wish
    from console.desktop.alerts.thumbs import Thumbs
    from console.desktop.context import Context
    from console.desktop.map.view import MapPane

_SIDE_WIDTH = 400
_ACTS: tuple[tuple[AlertAction, str, str], ...] = (
    (AlertAction.APPROVE, "Approve", "primary"),
    (AlertAction.RETURN, "Return with a comment", ""),
    (AlertAction.RESUBMIT, "Mend it", "primary"),
    (AlertAction.FOLLOW_UP, "Write an update", "primary"),
    (AlertAction.CANCEL, "All clear", ""),
    (AlertAction.CLOSE_COMMENTS, "Close comments", ""),
    (AlertAction.OPEN_COMMENTS, "Open comments", ""),
    (AlertAction.WITHDRAW, "Withdraw", "stop"),
)


class Reading(QWidget):
    """`wished` carries a Wish; `approve_wanted` the password; `mend`, `update` and `all_clear` the alert."""

    wished = Signal(object)
    approve_wanted = Signal(object, str)
    mend = Signal(object)
    update_wanted = Signal(object)
    all_clear = Signal(object)

    def __init__(self, context: Context, thumbs: Thumbs) -> None:
        super().__init__()
        self._context = context
        self._alert: Alert | None = None
        content = QWidget()
        content.setObjectName("surface")
        layout = column(content, margins=20, spacing=8)
        self.state = chip("")
        self.state.setProperty("testName", "alerts.state")
        self.number = text_label("", "small", wrap=False)
        layout.addLayout(row(self.state, self.number, None))
        self.who = text_label("", "help", name="alerts.who")
        layout.addWidget(self.who)
        self.card = AlertCard(thumbs)
        layout.addWidget(self.card)
        self.more = text_label("", "small", name="alerts.more")
        layout.addWidget(self.more)
        self._closed_frame, inside = card("notice")
        self.closed = text_label("", name="alerts.closed")
        inside.addWidget(self.closed)
        layout.addWidget(self._closed_frame)
        self._acts = column(margins=0)
        layout.addLayout(self._acts)
        self._form = column(margins=0)
        layout.addLayout(self._form)
        self.said = text_label("", "help", name="alerts.result")
        layout.addWidget(self.said)
        self._later = column(margins=0)
        layout.addLayout(self._later)
        layout.addStretch(1)
        side = QWidget()
        side.setObjectName("sidepanel")
        side.setFixedWidth(_SIDE_WIDTH)
        self._mapped = column(side, margins=12)
        self._mapped.addWidget(text_label("What neighbors see as its area", "strong", wrap=False))
        self._pane: MapPane | None = None
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(scrolling(content), 1)
        outer.addWidget(side)

    # What is shown

    @property
    def alert(self) -> Alert | None:
        """The alert that is read."""
        return self._alert

    def show_alert(self, alert: Alert) -> None:
        """Show an alert as the service last said it; a form that is open stays where it is the same version."""
        before, self._alert = self._alert, alert
        context, member = self._context, self._context.desk.session
        self.state.setText(state_words(alert))
        self.state.setProperty("tone", STATE_TONES.get(alert.state, ""))
        self.state.style().unpolish(self.state)
        self.state.style().polish(self.state)
        self.number.setText(alert.number)
        is_mine = member is not None and is_same_person(alert.author, member.member)
        approver = "" if alert.approver is None else f" {alert.approver.title} {alert.approver.name} approved it."
        mine = " You wrote this; another member approves it." if is_mine and alert.state is AlertState.PENDING else ""
        self.who.setText(
            f"Written by {alert.author.title} {alert.author.name}, {context.local(alert.submitted_at)}.{approver}{mine}"
        )
        place = alert.messages[0].place_name if alert.messages else ""
        begins = alert.messages[0].begins if alert.messages else alert.draft.begins
        said = msgspec.structs.replace(alert.draft, begins=begins, ends=alert.ends_at)
        self.card.show_draft(said, identified(alert.author, context.agency.name), context, place)
        if before is None or before.id != alert.id or self._pane is None:
            self._show_area(alert)
        draft = alert.draft
        when = "" if draft.send_at is None else f" To be sent {context.local(draft.send_at)}."
        self.more.setText(
            f"How soon to act: {URGENCIES[draft.urgency].lower()}. "
            f"How sure: {CERTAINTIES[draft.certainty].lower()}. Ends {context.local(alert.ends_at)}.{when}"
        )
        self.closed.setText(f"Comments are closed for all: {alert.comments_closed}")
        self._closed_frame.setVisible(bool(alert.comments_closed))
        self._show_later(alert)
        if before is None or (before.id, before.version) != (alert.id, alert.version):
            clear(self._form)
            if before is None or before.id != alert.id:
                self.say("")
        self._show_acts()

    def retheme(self) -> None:
        """The theme changed."""
        if self._pane is not None:
            self._pane.set_theme(self._context.theme())

    def _show_area(self, alert: Alert) -> None:
        """The alert's area on the map, which is made when it is first seen."""
        if self._pane is None:
            if not self.isVisible():
                return
            self._pane = self._context.new_pane("Area of the alert")
            self._mapped.addWidget(self._pane, 1)
        if not alert.outline:
            self._pane.clear_layer("area")
            return
        self._pane.set_layer("area", collection([feature("area", alert.outline)]))
        self._pane.fit(box_of(shape(alert.outline)))

    def say(self, words: str) -> None:
        """Say how an act fares."""
        self.said.setText(words)
        self.said.setVisible(bool(words))

    def open_act(self, action: AlertAction) -> None:
        """Do as a button of this act, where it is offered; for the keyboard."""
        if action in self._offered():
            self._act(action)

    def _offered(self) -> tuple[AlertAction, ...]:
        alert, session = self._alert, self._context.desk.session
        if alert is None or session is None:
            return ()
        is_mine = is_same_person(alert.author, session.member)
        may = set(alert_actions(alert.state, session.member.role, is_author=is_mine))
        if AlertAction.FOLLOW_UP in may:
            may.add(AlertAction.CANCEL)  # an all-clear is a message to it, too
        if not alert.is_first:
            may -= {AlertAction.FOLLOW_UP, AlertAction.CANCEL}
        may -= {AlertAction.OPEN_COMMENTS if not alert.comments_closed else AlertAction.CLOSE_COMMENTS}
        if not alert.post:
            may -= {AlertAction.OPEN_COMMENTS, AlertAction.CLOSE_COMMENTS}
        return tuple(action for action, _, _ in _ACTS if action in may)

    def _show_acts(self) -> None:
        clear(self._acts)
        offered = self._offered()
        made = [
            button(words, f"alerts.act_{action.value}", partial(self._act, action), kind)
            for action, words, kind in _ACTS
            if action in offered
        ]
        if made:
            self._acts.addLayout(row(*made[:4], None))
        if made[4:]:
            self._acts.addLayout(row(*made[4:], None))

    def _show_later(self, alert: Alert) -> None:
        clear(self._later)
        for message in alert.messages[1:]:
            frame, inside = card()
            kind = MESSAGES[message.message]
            inside.addWidget(text_label(f"{kind}, {self._context.local(message.sent)}, {message.author}", "small"))
            inside.addWidget(text_label(message.title, "strong", name="alerts.later_title"))
            inside.addWidget(text_label(message.text))
            for text in (message.title_es, message.text_es):
                if text:
                    inside.addWidget(text_label(text))
            self._later.addWidget(frame)
        self._later.addWidget(text_label("History", "strong"))
        for step in alert.history:
            why = f": {step.reason}" if step.reason else ""
            words = ALERT_ACTIONS.get(step.action, step.action)
            self._later.addWidget(
                text_label(f"{self._context.local(step.at)}  {words} by {step.actor}{why}", "small", name="alerts.step")
            )

    # What is done

    def _act(self, action: AlertAction) -> None:
        alert = self._alert
        if alert is None:
            return
        clear(self._form)
        match action:
            case AlertAction.APPROVE:
                self._ask_password()
            case AlertAction.RETURN:
                self._ask_words("Your comment for the author", "Return", lambda said: wishes.return_(alert, said))
            case AlertAction.CLOSE_COMMENTS:
                words = "The public reason, which everybody reads in place of the comments"
                self._ask_words(words, "Close comments", lambda said: wishes.close_comments(alert, said))
            case AlertAction.WITHDRAW:
                words = "Why it is taken back (for its history)"
                self._ask_words(words, "Withdraw", lambda said: wishes.withdraw(alert, said), may_be_empty=True)
            case AlertAction.OPEN_COMMENTS:
                self.wished.emit(wishes.open_comments(alert))
            case AlertAction.RESUBMIT:
                self.mend.emit(alert)
            case AlertAction.FOLLOW_UP:
                self.update_wanted.emit(alert)
            case AlertAction.CANCEL:
                self.all_clear.emit(alert)
            case _:
                pass

    def _ask_password(self) -> None:
        alert, session = self._alert, self._context.desk.session
        mine = None if session is None else session.member.id
        known = next((m.password for m in self._context.training if m.member.id == mine), "")
        field = QLineEdit(known)
        field.setEchoMode(QLineEdit.EchoMode.Password)
        named(field, "alerts.password", "Your password")
        out = "at its time" if alert is not None and alert.draft.send_at is not None else "at once"
        is_update = alert is not None and alert.draft.message is not MessageKind.ALERT
        what = "message" if is_update else "alert"
        self._form.addWidget(text_label(f"The {what} goes out {out}, and cannot be edited afterwards.", "help"))
        self._form.addWidget(text_label("Your password, to show that it is you", "small"))
        self._form.addWidget(field)
        go = button(
            "Approve", "alerts.confirm_approve", lambda: self.approve_wanted.emit(alert, field.text()), "primary"
        )
        field.returnPressed.connect(go.click)
        self._form.addLayout(row(go, button("Cancel", "alerts.cancel", partial(clear, self._form), "plain"), None))
        field.setFocus()

    def _ask_words(self, words: str, verb: str, made: Callable[[str], Wish], *, may_be_empty: bool = False) -> None:
        box = TextBox("alerts.words", words, 72)
        self._form.addWidget(text_label(words, "small"))
        self._form.addWidget(box)

        def confirm() -> None:
            said = box.toPlainText().strip()
            if said or may_be_empty:
                self.wished.emit(made(said))

        go = button(verb, "alerts.confirm", confirm, "primary")
        self._form.addLayout(row(go, button("Cancel", "alerts.cancel", partial(clear, self._form), "plain"), None))
        box.setFocus()

    def close_form(self) -> None:
        """What was asked is done."""
        clear(self._form)
