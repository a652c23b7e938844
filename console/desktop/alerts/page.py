"""The alerts room: the list at the left; what is written or read beside it."""

from __future__ import annotations

import secrets
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QPlainTextEdit, QStackedWidget

from console.client import alerts as wishes
from console.client.desk import Changed, Connection
from console.client.outbox import OutboxState
from console.contract.problems import Problem
from console.desktop.alerts.composer import Composer
from console.desktop.alerts.importing import CapImporter, ImportPane, notes_of
from console.desktop.alerts.listing import Listing
from console.desktop.alerts.reading import Reading
from console.desktop.alerts.thumbs import Thumbs
from console.desktop.context import Page
from console.desktop.requests.timefield import rounded
from console.desktop.widgets import bind_keys, text_label
from console.domain.alert_lanes import sent_words
from console.domain.alert_words import finding_line
from console.domain.alerts import WRITERS, Alert, AlertAction, AlertDraft, MessageKind, newest

if TYPE_CHECKING:
    from collections.abc import Callable

    from console.client.outbox import OutboxRow
    from console.client.wishes import Wish
    from console.desktop.context import Context
    from console.domain.alert_cap_import import CapImport

_WATCHED = frozenset({Changed.ALERTS, Changed.CONNECTION, Changed.AGENCY})
_USUAL_LENGTH = timedelta(hours=12)
WORDS_EMPTY = "Choose an alert on the left, or write a new one (N)."
WORDS_OFFLINE = "The service cannot be reached. Drafts are kept here; alerts appear when it can be again."
WORDS_SENDING = "On its way\u2026 It is kept here and goes out as soon as the service answers."


class AlertsPage(Page):
    """The alerts of the agency."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.drafts = wishes.AlertDrafts(context.desk.setting, context.desk.keep_setting)
        self._open = ""
        self._last_said = ""
        self._notes: dict[str, str] = {}
        self.listing = Listing(context)
        self.thumbs = Thumbs(context, self)
        self.composer = Composer(context, self.thumbs)
        self.reading = Reading(context, self.thumbs)
        self._empty = text_label(WORDS_EMPTY, "help", name="alerts.empty")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget()
        self.importer = CapImporter(context, self)
        self._import_pane = ImportPane(self.importer)
        for widget in (self._empty, self.composer, self.reading, self._import_pane):
            self._stack.addWidget(widget)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.listing)
        whole.addWidget(self._stack, 1)
        self.listing.chosen.connect(self.show_thing)
        self.listing.new_wanted.connect(self.begin)
        self.listing.import_wanted.connect(self.importer.choose)
        self.importer.opened.connect(self._take_import)
        self.importer.begun.connect(self._show_reading)
        self.importer.refused.connect(self._show_refusal)
        self.composer.changed.connect(self._keep)
        self.composer.pictures.added.connect(self._picture_added)
        self.composer.wanted.connect(self._send)
        self.composer.discarded.connect(self._discard)
        self.reading.wished.connect(self._do)
        self.reading.approve_wanted.connect(self._approve)
        self.reading.mend.connect(self._mend)
        self.reading.update_wanted.connect(partial(self._follow, message=MessageKind.UPDATE))
        self.reading.all_clear.connect(partial(self._follow, message=MessageKind.CANCEL))
        keys: dict[str, Callable[[], None]] = {
            "N": self.begin,
            "J": partial(self._go, 1),
            "K": partial(self._go, -1),
            "A": partial(self.reading.open_act, AlertAction.APPROVE),
            "R": partial(self.reading.open_act, AlertAction.RETURN),
            "U": partial(self.reading.open_act, AlertAction.FOLLOW_UP),
        }
        bind_keys(self, {key: partial(self._unless_typing, act) for key, act in keys.items()})
        self._reload()

    # What is shown

    def refresh(self, changed: Changed) -> None:
        """Show what the service says now; what is being written stays."""
        if changed in _WATCHED:
            self._reload()

    def entered(self) -> None:
        """The page is on the screen: the map may be made."""
        self._reload()
        if self._stack.currentWidget() is self.composer:
            self.composer.shown()

    def retheme(self) -> None:
        """Paint in the theme."""
        self.composer.retheme()
        self.reading.retheme()
        self.listing.paint_anew()

    def _reload(self) -> None:
        desk = self.context.desk
        if desk.session is None:
            return
        self.drafts.forget_sent(desk.alerts)
        may_write = desk.session.member.role in WRITERS
        self.listing.new.setEnabled(may_write)
        self.listing.import_cap.setEnabled(may_write)
        self.listing.show_things(self.drafts.all(), desk.alerts)
        self.listing.mark(self._open)
        said = WORDS_OFFLINE if desk.connection is Connection.OFFLINE else WORDS_EMPTY
        self._empty.setText(self._last_said or said)
        shown = self._alert(self._open)
        if shown is not None and self._stack.currentWidget() is not self.composer:
            self.reading.show_alert(shown)

    def _alert(self, alert_id: str) -> Alert | None:
        return next((alert for alert in self.context.desk.alerts if alert.id == alert_id), None)

    def show_thing(self, thing: Alert | AlertDraft) -> None:
        """Open an alert to be read, or a draft to be written on."""
        self._open, self._last_said = thing.id, ""
        self.thumbs.forget_failures()
        self.listing.mark(thing.id)
        if isinstance(thing, AlertDraft):
            self._stack.setCurrentWidget(self.composer)
            self.composer.load(thing, self._alert(thing.refers_to), self._notes.get(thing.id, ""))
            if thing.id in wishes.on_its_way(self.context.desk.outbox):
                self.composer.say(WORDS_SENDING, busy=True)
        else:
            self._stack.setCurrentWidget(self.reading)
            self.reading.show_alert(thing)

    def begin(self) -> None:
        """A new alert, which ends after twelve hours unless its author says otherwise."""
        session = self.context.desk.session
        if session is not None and session.member.role in WRITERS:
            self._begin(AlertDraft(secrets.token_hex(12), ends=rounded(self.context.clock() + _USUAL_LENGTH)))
            self.composer.title.setFocus()

    def _begin(self, draft: AlertDraft) -> None:
        self._keep(draft)
        self.show_thing(draft)

    def _take_import(self, found: CapImport) -> None:
        draft = found.draft
        self._notes[draft.id] = notes_of(found)
        self._begin(draft)
        self.composer.title.setFocus()

    def _show_reading(self) -> None:
        self._open = self._last_said = ""
        self._import_pane.show_reading()
        self._stack.setCurrentWidget(self._import_pane)
        self._reload()

    def _show_refusal(self, name: str, why: str) -> None:
        self._import_pane.show_refusal(name, why)
        self._stack.setCurrentWidget(self._import_pane)

    def _follow(self, alert: Alert, message: MessageKind) -> None:
        last = self._alert(alert.messages[-1].record) if alert.messages else None
        draft = msgspec.structs.replace(newest(alert, last), id=secrets.token_hex(12), message=message)
        if message is MessageKind.CANCEL:
            draft = msgspec.structs.replace(
                draft, title=f"All clear: {draft.title}"[:120], text="", title_es="", text_es=""
            )
        self._begin(draft)
        self.composer.text.setFocus()

    def _mend(self, alert: Alert) -> None:
        kept = next((draft for draft in self.drafts.all() if draft.id == alert.draft.id), alert.draft)
        self._keep(kept)
        self._open = alert.id
        self._stack.setCurrentWidget(self.composer)
        self.composer.load(kept, self._alert(kept.refers_to))
        comment = alert.history[-1]
        self.composer.say(f"Returned by {comment.actor}: {comment.reason}")

    def _keep(self, draft: AlertDraft) -> None:
        self.drafts.keep(draft)
        self.listing.show_things(self.drafts.all(), self.context.desk.alerts)
        self.listing.mark(self._open)

    def _picture_added(self, draft_id: str, picture_id: str) -> None:
        draft = next((known for known in self.drafts.all() if known.id == draft_id), None)
        if draft is None:
            return  # discarded meanwhile: the service sweeps up what no alert names
        if self.composer.draft.id == draft_id:
            self.composer.add_picture(picture_id)
        elif picture_id not in draft.pictures:
            self.drafts.keep(msgspec.structs.replace(draft, pictures=(*draft.pictures, picture_id)))

    def _discard(self, draft: AlertDraft) -> None:
        self.drafts.forget(draft.id)
        self.composer.pictures.forget(draft.id)
        self._notes.pop(draft.id, None)
        self._open = self._last_said = ""
        self._stack.setCurrentWidget(self._empty)
        self._reload()

    def _go(self, step: int) -> None:
        thing = self.listing.beside(step)
        if thing is not None:
            self.show_thing(thing)

    def _unless_typing(self, act: Callable[[], None]) -> None:
        focus = QApplication.focusWidget()
        if not isinstance(focus, QLineEdit | QPlainTextEdit):
            act()

    # What is done

    def _send(self, draft: AlertDraft) -> None:
        if draft.id in wishes.on_its_way(self.context.desk.outbox):
            self.composer.say(WORDS_SENDING, busy=True)
            return
        now = self.context.clock()
        returned = next((alert for alert in self.context.desk.alerts if alert.draft.id == draft.id), None)
        if returned is not None:
            wish = wishes.send_again(returned, draft, now)
        else:
            wish = wishes.send_alert(draft, now, self._alert(draft.refers_to))
        self.composer.say(WORDS_SENDING, busy=True)
        row = self.context.desk.keep(wish)
        self.context.start(self._settle_draft(row.key, draft))

    async def _settle_draft(self, key: str, draft: AlertDraft) -> None:
        row = await self.context.desk.wait_for(key)
        if row.state is not OutboxState.SENT or row.receipt is None:
            if self.composer.draft.id == draft.id:
                self.composer.say(_trouble(row))
            return
        self.drafts.forget(draft.id)
        said = f"{sent_words(row.receipt.state)} Receipt {row.receipt.number}."
        self.context.say(said)
        if self.composer.draft.id == draft.id and self._stack.currentWidget() is self.composer:
            self._open = row.receipt.subject if draft.message is MessageKind.ALERT else draft.refers_to
            self._stack.setCurrentWidget(self._empty)
            shown = self._alert(self._open)
            self._last_said = said
            if shown is not None:
                self.show_thing(shown)
                self.reading.say(said)
        self._reload()

    def _do(self, wish: Wish) -> None:
        self.reading.say(WORDS_SENDING)
        row = self.context.desk.keep(wish)
        self.context.start(self._settle(row.key))

    async def _settle(self, key: str) -> None:
        row = await self.context.desk.wait_for(key)
        if row.state is OutboxState.SENT and row.receipt is not None:
            self.reading.close_form()
            self.reading.say(f"Done. Receipt {row.receipt.number}.")
        else:
            self.reading.say(_trouble(row))

    def _approve(self, alert: Alert, password: str) -> None:
        self.reading.say(WORDS_SENDING)
        self.context.start(self._approving(alert, password))

    async def _approving(self, alert: Alert, password: str) -> None:
        answer = await self.context.desk.confirm(password)
        if isinstance(answer, Problem):
            self.reading.say(f"{answer.title} {answer.advice}")
            return
        row = await self.context.desk.wait_for(self.context.desk.keep(wishes.approve(alert)).key)
        if row.state is OutboxState.SENT and row.receipt is not None:
            self.reading.close_form()
            self.reading.say(f"Approved. {sent_words(row.receipt.state)} Receipt {row.receipt.number}.")
        else:
            self.reading.say(_trouble(row))


def _trouble(row: OutboxRow) -> str:
    """Why a row was refused, with what to do."""
    problem = row.problem
    if problem is None:
        return row.last_error or "It was not sent. Try again."
    lines = [finding_line(found) for found in problem.findings]
    return "\n".join((f"{problem.title} {problem.advice}".strip(), *lines))
