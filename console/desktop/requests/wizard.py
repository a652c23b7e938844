"""The wizard of a video request: a function of its draft. What comes next and what is missing, the domain decides.

Promises: what was entered is kept, also when going back, leaving or closing; Enter alone never sends; "Receipt" is
shown only for a row that the service's signature made SENT.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QStackedWidget, QWidget

from console.client.desk import DraftOnItsWay, NotSignedIn
from console.client.outbox import OutboxState, sent_draft
from console.desktop.context import Page
from console.desktop.requests.limits import LimitsPanel
from console.desktop.requests.steps_area import AreaStep
from console.desktop.requests.steps_incident import IncidentStep
from console.desktop.requests.steps_send import STEP_NAMES, SendStep
from console.desktop.requests.steps_window import WindowStep
from console.desktop.requests.steps_words import WordsStep
from console.desktop.widgets import button, column, line, row, scrolling, text_label
from console.domain.checks import panel
from console.domain.drafts import STEPS, Step, first_open_step, is_done, missing, next_step, previous_step
from console.domain.requests import State

if TYPE_CHECKING:
    from console.client.desk import Changed
    from console.client.outbox import OutboxRow
    from console.desktop.context import Context
    from console.desktop.requests.step import Findings, StepPage
    from console.domain.drafts import Draft
    from console.domain.requests import Request

SAVE_AFTER_MS = 400
_NARROW = 1_040  # below this the sides give way to the entries
_SIDES, _NARROW_SIDES = (212, 300), (184, 212)

_HEADINGS: dict[Step, tuple[str, str]] = {
    Step.INCIDENT: ("What happened?", "The case, the offence, and where and when it happened."),
    Step.WINDOW: ("Which time?", "Neighbors are asked for recordings of this stretch of time only."),
    Step.AREA: (
        "Which area?",
        "Draw around the incident. The area snaps to blocks of at least 20 homes, so that nobody is singled out.",
    ),
    Step.WORDS: ("What will neighbors read?", "Say what happened, where and when, and what to look for."),
    Step.SEND: ("Check and send", "Everything as the approver will see it. A published request cannot be edited."),
}


class SendButton(QPushButton):
    """A button that Enter does not press, whatever the desktop's habit."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave Enter alone; Space presses."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            event.ignore()
        else:
            super().keyPressEvent(event)


class WizardPage(Page):
    """Five pages, the steps at the left, the limits at the right."""

    closed = Signal()
    """The officer goes back to the list; the draft is kept."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._draft: Draft | None = None
        self._returned: Request | None = None
        self._row: OutboxRow | None = None
        self._findings: Findings = ()
        self._step = Step.INCIDENT
        self._tried: set[Step] = set()
        self._unsaved = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SAVE_AFTER_MS)
        self._timer.timeout.connect(self._save)

        self._send_step = SendStep(context, self._change)
        self._send_step.wanted_step.connect(self._go_to)
        self._pages: dict[Step, StepPage] = {
            Step.INCIDENT: IncidentStep(context, self._change),
            Step.WINDOW: WindowStep(context, self._change),
            Step.AREA: AreaStep(context, self._change),
            Step.WORDS: WordsStep(context, self._change),
            Step.SEND: self._send_step,
        }
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._make_steps())
        outer.addWidget(self._make_middle(), 1)
        self._limits = LimitsPanel()
        outer.addWidget(self._limits)
        for keys, act in (
            ("Alt+Left", self._back),
            ("Ctrl+Return", self._forward),
            ("Ctrl+Enter", self._forward),
            ("Esc", self._leave),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def _make_steps(self) -> QWidget:
        side = QWidget()
        side.setObjectName("steps")
        side.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._side = side
        layout = column(side, margins=16, spacing=8)
        self._title = text_label("New video request", "section")
        layout.addWidget(self._title)
        self._step_buttons: dict[Step, QPushButton] = {}
        for step in STEPS:
            made = button(STEP_NAMES[step], f"wizard.step_{step}", partial(self._step_clicked, step))
            made.setCheckable(True)
            made.setStyleSheet("QPushButton { text-align: left; }")
            self._step_buttons[step] = made
            layout.addWidget(made)
        layout.addSpacing(16)
        self._saved = text_label("", "small", name="wizard.saved")
        layout.addWidget(self._saved)
        layout.addStretch(1)
        return side

    def _make_middle(self) -> QWidget:
        middle = QWidget()
        layout = column(middle, margins=0, spacing=0)
        head = QWidget()
        top = column(head, margins=16, spacing=4)
        top.setContentsMargins(24, 16, 24, 16)
        self._heading = text_label("", "title", name="wizard.heading")
        self._help = text_label("", "help")
        top.addWidget(self._heading)
        top.addWidget(self._help)
        layout.addWidget(head)
        layout.addWidget(line())
        self._stack = QStackedWidget()
        self._frames: dict[Step, QScrollArea] = {step: scrolling(page) for step, page in self._pages.items()}
        for frame in self._frames.values():
            self._stack.addWidget(frame)
        layout.addWidget(self._stack, 1)
        layout.addWidget(line())
        bar = QWidget()
        bottom = column(bar, margins=16)
        bottom.setContentsMargins(24, 16, 24, 16)
        self._back_button = button("Back", "wizard.back", self._back)
        self._next_button = button("", "wizard.next", self._forward, "primary")
        self._next_button.clicked.disconnect()
        self._next_button.clicked.connect(self._next)
        self._send_button = SendButton("Send for review")
        self._send_button.setObjectName("primary")
        self._send_button.setAutoDefault(False)
        self._send_button.setProperty("testName", "wizard.send")
        self._send_button.setAccessibleName("Send for review")
        self._send_button.clicked.connect(self._send)
        hint = text_label("Ctrl Enter", "small", wrap=False)
        bottom.addLayout(row(self._back_button, None, hint, self._next_button, self._send_button))
        layout.addWidget(bar)
        return middle

    # -- opening and leaving -----------------------------------------------------------------------------

    def open(self, draft: Draft, returned: Request | None = None) -> None:
        """Open a draft on the first page with something missing; `returned` is the request that it mends.

        A draft of a request that stands returned mends that request also without being told.
        """
        self._save()
        if returned is None:
            of_it = (r for r in self.context.desk.requests if r.draft.id == draft.id and r.state is State.RETURNED)
            returned = next(of_it, None)
        self._draft, self._returned, self._row = draft, returned, None
        self._tried, self._unsaved = set(), False
        self._title.setText("New video request" if returned is None else f"Mend {returned.number}")
        kept = next((k.saved_at for k in self.context.desk.drafts if k.draft.id == draft.id), None)
        self._say_saved(f"Draft saved {self.context.local(kept, '%H:%M:%S')}" if kept is not None else "")
        for page in self._pages.values():
            page.load(draft)
        self._send_step.show_row(None)
        self._recheck()
        self._turn_to(first_open_step(self._findings))
        waiting = (r for r in self.context.desk.outbox if r.state is OutboxState.WAITING and sent_draft(r) == draft.id)
        known = next(waiting, None)
        if known is not None:
            self._watch(known)

    def entered(self) -> None:
        """The page is on the screen."""
        self._pages[self._step].shown()
        self._focus_first()

    def left(self) -> None:
        """Keep what was typed."""
        self._save()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the sides give way."""
        super().resizeEvent(event)
        steps, limits = _NARROW_SIDES if self.width() < _NARROW else _SIDES
        self._side.setFixedWidth(steps)
        self._limits.setFixedWidth(limits)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Keep what was typed."""
        self._save()
        super().closeEvent(event)

    def refresh(self, changed: Changed) -> None:
        """What others did may change what the check says."""
        if changed.value in {"requests", "connection"} and self._draft is not None and self._row is None:
            self._recheck()

    def retheme(self) -> None:
        """The theme changed."""
        for page in self._pages.values():
            page.retheme()

    def _leave(self) -> None:
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
        for step, page in self._pages.items():
            page.show_state(draft, self._findings, tried=step in self._tried)
        self._show_steps()

    def _save(self) -> None:
        self._timer.stop()
        if self._draft is None or not self._unsaved or self._frozen():
            return
        try:
            self.context.desk.save_draft(self._draft)
        except NotSignedIn:
            self._saved.setText("Not saved: you are not signed in. Sign in again; this page stays as it is.")
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

    # -- the pages ---------------------------------------------------------------------------------------

    def _show_steps(self) -> None:
        for place, (step, made) in enumerate(self._step_buttons.items(), start=1):
            done = step is not Step.SEND and is_done(step, self._findings)
            stopped = not done and step in self._tried and step is not Step.SEND
            mark = "\u2713" if done else "\u2715" if stopped else str(place)
            made.setText(f"{mark}   {STEP_NAMES[step]}")
            made.setAccessibleName(f"Step {place}, {STEP_NAMES[step]}, {'done' if done else 'open'}")
            made.setChecked(step is self._step)
            made.setEnabled(not self._frozen() or step is Step.SEND)
        after = next_step(self._step)
        self._next_button.setVisible(after is not None)
        self._next_button.setText(f"Next: {STEP_NAMES[after].lower()}" if after is not None else "")
        self._send_button.setVisible(after is None)
        self._send_button.setEnabled(not self._frozen() and not missing(Step.SEND, self._findings))
        self._back_button.setEnabled(not self._frozen() and previous_step(self._step) is not None)

    def _turn_to(self, step: Step) -> None:
        self._save()
        self._step = step
        heading, words = _HEADINGS[step]
        self._heading.setText(heading)
        self._help.setText(words)
        self._stack.setCurrentWidget(self._frames[step])
        if self.isVisible():
            self._pages[step].shown()
            self._focus_first()
        self._recheck()

    def _focus_first(self) -> None:
        first = self._pages[self._step].first_field
        (first if first is not None else self._stack).setFocus()

    def _step_clicked(self, step: Step, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - Qt's signature
        self._go_to(step.value)

    def _go_to(self, step: str) -> None:
        self._tried.add(self._step)
        self._turn_to(Step(step))

    def _back(self) -> None:
        before = previous_step(self._step)
        if before is not None and not self._frozen():
            self._turn_to(before)

    def _next(self) -> None:
        after = next_step(self._step)
        if after is not None:
            self._go_to(after.value)

    def _forward(self) -> None:
        """Ctrl Enter: the next page, or send on the last."""
        if self._step is Step.SEND:
            self._send()
        else:
            self._next()

    # -- sending -----------------------------------------------------------------------------------------

    def _send(self) -> None:
        draft, desk = self._draft, self.context.desk
        if draft is None or self._frozen() or missing(Step.SEND, self._findings):
            return
        self._save()
        try:
            sent = desk.submit(draft) if self._returned is None else desk.resubmit(self._returned, draft)
        except (DraftOnItsWay, NotSignedIn) as fault:
            self._send_step.say(f"\u2715 Not sent. {type(fault).__doc__ or ''}")
            return
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
