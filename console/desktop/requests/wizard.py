"""The wizard of a video request: a function of its draft. What comes next and what is missing, the domain decides.

Promises: what was entered is kept, also when going back, leaving or closing; a draft that another window changed is
never written over; Enter alone never sends; "Receipt" is shown only for a row that the service's signature made SENT.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication

from console.client.desk import DraftOnItsWay, NotSignedIn
from console.client.outbox import OutboxState, sent_draft
from console.client.vault import DraftChangedElsewhere
from console.desktop.requests.frame import WizardFrame
from console.desktop.requests.steps_area import AreaStep
from console.desktop.requests.steps_incident import IncidentStep
from console.desktop.requests.steps_send import SendStep
from console.desktop.requests.steps_window import WindowStep
from console.desktop.requests.steps_words import WordsStep
from console.domain.drafts import Step, comments_on, first_open_step, missing
from console.domain.panel import panel
from console.domain.requests import Action, State, is_same_person
from console.domain.wizard_template import Worn, put_on, take_off, template_of

if TYPE_CHECKING:
    from datetime import datetime

    from console.client.desk import Changed
    from console.client.outbox import OutboxRow
    from console.desktop.context import Context
    from console.desktop.requests.step import StepPage
    from console.domain.areas import Circle
    from console.domain.drafts import Draft
    from console.domain.requests import Request

SAVE_AFTER_MS = 400


class WizardPage(WizardFrame):
    """Five pages, the steps at the left, the limits at the right."""

    closed = Signal()
    """The officer goes back to the list; the draft is kept."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._draft: Draft | None = None
        self._returned: Request | None = None
        self._row: OutboxRow | None = None
        self._unsaved = False
        self._seen = 0
        self._worn: Worn | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SAVE_AFTER_MS)
        self._timer.timeout.connect(self._save)
        self._limits.meter.area_wanted.connect(self._take_least_area)
        self._limits.meter.window_wanted.connect(self._take_least_window)

    def _make_pages(self) -> dict[Step, StepPage]:
        self._incident_step = IncidentStep(self.context, self._change)
        self._incident_step.refill_wanted.connect(self._refill)
        self._area_step = AreaStep(self.context, self._change)
        self._send_step = SendStep(self.context, self._change)
        self._send_step.wanted_step.connect(self._go_to)
        return {
            Step.INCIDENT: self._incident_step,
            Step.WINDOW: WindowStep(self.context, self._change),
            Step.AREA: self._area_step,
            Step.WORDS: WordsStep(self.context, self._change),
            Step.SEND: self._send_step,
        }

    # -- opening and leaving -----------------------------------------------------------------------------

    def open(self, draft: Draft, returned: Request | None = None) -> None:
        """Open a draft on the first page with something missing; `returned` is the request that it mends.

        A draft of a request that stands returned mends that request also without being told.
        """
        self._save()
        if returned is None:
            of_it = (r for r in self.context.desk.requests if r.draft.id == draft.id and r.state is State.RETURNED)
            returned = next(of_it, None)
        kept = next((k for k in self.context.desk.drafts if k.draft.id == draft.id), None)
        self._seen = 0 if kept is None else kept.revision
        if kept is None and not draft.contact:
            draft = msgspec.structs.replace(draft, contact=self._last_contact())
        self._draft, self._returned, self._row = draft, returned, None
        self._tried, self._unsaved = set(), False
        self._end_conflict()
        self._title.setText("New video request" if returned is None else f"Mend {returned.number}")
        saved = kept.saved_at if kept is not None else None
        self._say_saved(f"Draft saved {self.context.local(saved, '%H:%M:%S')}" if saved is not None else "")
        profile = self.context.desk.profile
        template = template_of(draft, profile.templates if profile is not None else ())
        self._worn = None if template is None else Worn(template)
        self._load_pages(draft)
        self._send_step.show_row(None)
        self._recheck()
        self._turn_to(first_open_step(self._findings))
        waiting = (r for r in self.context.desk.outbox if r.state is OutboxState.WAITING and sent_draft(r) == draft.id)
        known = next(waiting, None)
        if known is not None:
            self._watch(known)

    def _show_comments(self) -> None:
        """What the supervisor who returned it asks for on this page."""
        request = self._returned
        returned = None
        if request is not None:
            returned = next((t for t in reversed(request.history) if t.action == Action.RETURN), None)
        found = () if returned is None else tuple((c.field, c.text) for c in returned.comments)
        here = comments_on(self._step, found)
        if returned is not None and here:
            lines = [f"{field.replace('_', ' ').capitalize()}: {text}" for field, text in here]
            self._asked.setText("\n".join([f"{returned.actor} asks:", *lines]))
        self._asked_card.setVisible(bool(here))

    def _load_pages(self, draft: Draft) -> None:
        for page in self._pages.values():
            page.load(draft)
        self._incident_step.show_template(self._worn.template.id if self._worn is not None else "")

    def _last_contact(self) -> str:
        """The contact of the member's newest request: officers give the same one again."""
        session = self.context.desk.session
        if session is None:
            return ""
        mine = (r for r in self.context.desk.requests if is_same_person(r.author, session.member))
        newest = max(mine, key=lambda r: r.submitted_at, default=None)
        return newest.draft.contact if newest is not None else ""

    def entered(self) -> None:
        """The page is on the screen."""
        self._pages[self._step].shown()
        self._order_tabs()
        self._look_for_conflict()
        self._focus_first()

    def left(self) -> None:
        """Keep what was typed."""
        self._save()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep what was typed."""
        self._save()
        super().closeEvent(event)

    def refresh(self, changed: Changed) -> None:
        """What others did may change what the check says."""
        if changed.value in {"requests", "connection", "agency"} and self._draft is not None and self._row is None:
            self._recheck()

    def retheme(self) -> None:
        """The theme changed."""
        for page in self._pages.values():
            page.retheme()

    def _escape(self) -> None:
        """Esc: what is open or half done first, then back to the list; the draft is kept."""
        popup = QApplication.activePopupWidget()
        if popup is not None:
            popup.close()
        elif not self._pages[self._step].escape():
            self._save()
            self.closed.emit()

    # -- the draft ---------------------------------------------------------------------------------------

    @property
    def draft(self) -> Draft | None:
        """What has been entered so far."""
        return self._draft

    def _frozen(self) -> bool:
        """Whether the draft is on its way or has arrived: then it is not edited any more."""
        return self._row is not None and self._row.state is not OutboxState.REFUSED

    def _change(self, **fields: Any) -> None:
        if self._draft is None or self._frozen():
            return
        changed = msgspec.structs.replace(self._draft, **fields)
        if changed == self._draft:
            return
        self._draft, self._unsaved = changed, True
        self._recheck()
        self._timer.start()

    def _recheck(self) -> None:
        draft, desk = self._draft, self.context.desk
        if draft is None or desk.profile is None:
            return
        self._findings = desk.findings(draft)
        self._limits.show_verdicts(panel(draft, self.context.agency, self.context.ground, self._findings))
        self._limits.meter.show_draft(draft)
        for step, page in self._pages.items():
            page.show_state(draft, self._findings, tried=step in self._tried)
        self._tell_fields()
        self._show_steps()
        if self._step is Step.SEND:
            self._order_tabs()  # its buttons are as many as its findings

    def _save(self) -> None:
        self._timer.stop()
        if self._draft is None or not self._unsaved or self._frozen() or self._conflict:
            return
        try:
            self._seen = self.context.desk.save_draft(self._draft, self._seen)
        except NotSignedIn:
            self._saved.setText("Not saved: you are not signed in. Sign in again; this page stays as it is.")
            return
        except DraftChangedElsewhere:
            self._begin_conflict()
            return
        self._unsaved = False
        self._say_saved(f"Draft saved {self.context.local(self.context.clock(), '%H:%M:%S')}")

    def _say_saved(self, saved: str) -> None:
        if not self.context.desk.durable:
            self._saved.setText("Kept for this session only: this computer offers no keyring.")
        elif saved:
            self._saved.setText(f"{saved} on this workstation, encrypted. It stays if you close.")
        else:
            self._saved.setText("Saved as you type.")

    def _refill(self, wish: dict[str, str]) -> None:
        """Put a template on the draft, or take it off again."""
        draft, profile = self._draft, self.context.desk.profile
        if draft is None or profile is None or self._frozen():
            return
        if self._worn is not None:
            draft, self._worn = take_off(self._worn, draft), None
        template = next((t for t in profile.templates if t.id == wish["template"]), None)
        if template is not None:
            self._worn = Worn(template)
        self._enter_whole(draft)
        self._wear_template()

    def _wear_template(self) -> None:
        """Fill what the template can fill by now: its window needs a time, its circle a place."""
        if self._worn is None or self._draft is None or self._frozen():
            return
        context = self.context
        draft, self._worn = put_on(self._worn, self._draft, context.ground, context.zone(), context.clock())
        self._enter_whole(draft)

    def _enter_whole(self, draft: Draft) -> None:
        """Enter a draft as a whole and show it on every page."""
        if draft != self._draft:
            self._draft, self._unsaved = draft, True
            self._load_pages(draft)
            self._recheck()
            self._timer.start()

    def _take_least_area(self, circle: Circle) -> None:
        if not self._frozen():
            self._area_step.take_by_hand(circle)

    def _take_least_window(self, begins: datetime, ends: datetime) -> None:
        self._change(begins=begins, ends=ends)

    # -- two windows -------------------------------------------------------------------------------------

    def _look_for_conflict(self) -> bool:
        """Whether another window has saved this draft since it was opened here; then it says so."""
        draft = self._draft
        if draft is None or self._frozen() or self._conflict:
            return self._conflict
        self.context.desk.read_drafts()
        kept = next((k.revision for k in self.context.desk.drafts if k.draft.id == draft.id), 0)
        if kept != self._seen:
            self._begin_conflict()
        return self._conflict

    def _begin_conflict(self) -> None:
        self._conflict = True
        self._timer.stop()
        self._saved.setText("Not saved: another window changed this draft.")
        self._conflict_bar.say(other_is_there=self._other() is not None)
        self._show_steps()

    def _end_conflict(self) -> None:
        self._conflict = False
        self._conflict_bar.hide()

    def _other(self) -> Draft | None:
        draft = self._draft
        return (
            None if draft is None else next((k.draft for k in self.context.desk.drafts if k.draft.id == draft.id), None)
        )

    def _keep_copy(self) -> None:
        """Go on with what is here, as a draft of its own."""
        if self._draft is None:
            return
        copy = msgspec.structs.replace(self._draft, id=self.context.desk.new_draft().id)
        self._end_conflict()
        self._draft, self._seen, self._unsaved, self._returned = copy, 0, True, None
        self._title.setText("New video request (copy)")
        self._load_pages(copy)
        self._save()
        self._recheck()

    def _open_other(self) -> None:
        """Go on with what the other window saved; what is here is kept as a copy where it differs."""
        other, mine = self._other(), self._draft
        if other is None or mine is None:
            return
        if self._unsaved and mine != other:
            copy = msgspec.structs.replace(mine, id=self.context.desk.new_draft().id)
            try:
                self.context.desk.save_draft(copy, 0)
            except NotSignedIn:
                self._saved.setText("Not saved: you are not signed in. Sign in again; this page stays as it is.")
                return
            self.context.say("Yours is kept as a copy; it is in the list of drafts.")
        self._draft, self._unsaved = None, False
        self.open(other, self._returned)

    # -- the pages ---------------------------------------------------------------------------------------

    def _turn_to(self, step: Step) -> None:
        self._wear_template()
        self._save()
        self._step = step
        self._show_page(step)
        self._show_comments()
        self._recheck()
        if self.isVisible():
            self._pages[step].shown()
        self._order_tabs()
        if self.isVisible():
            self._focus_first()

    # -- sending -----------------------------------------------------------------------------------------

    def _send(self) -> None:
        draft, desk = self._draft, self.context.desk
        if draft is None or self._frozen() or missing(Step.SEND, self._findings):
            return
        self._save()
        if self._look_for_conflict():
            return
        try:
            sent = desk.submit(draft) if self._returned is None else desk.resubmit(self._returned, draft)
        except (DraftOnItsWay, NotSignedIn) as fault:
            self._send_step.say(f"\u2715 Not sent. {type(fault).__doc__ or ''}")
            return
        self._seen = next((k.revision for k in desk.drafts if k.draft.id == draft.id), self._seen)
        self._watch(sent)

    def _watch(self, sent: OutboxRow) -> None:
        self._row = sent
        self._turn_to(Step.SEND)
        self._send_step.show_row(sent)
        if sent.state is OutboxState.WAITING and self._draft is not None:
            self.context.start(self._follow(sent.key))

    async def _follow(self, key: str) -> None:
        row_now = await self.context.desk.wait_for(key)
        if self._row is not None and self._row.key == key:
            self._row = row_now
            self._unsaved = False
            self._send_step.show_row(row_now)
            self._recheck()
            if self.isVisible() and self._step is Step.SEND:
                self._focus_first()
