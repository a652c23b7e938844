"""The wizard's frame: the steps at the left, the page in the middle, the limits at the right, and its keyboard.

Promises: Enter in a field goes to the next one, or on where the page is complete; it never sends. Tab follows the eye.
"""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QScrollArea, QStackedWidget, QWidget

from console.desktop.context import Page
from console.desktop.requests.conflict import ConflictBar
from console.desktop.requests.limits import LimitsPanel
from console.desktop.requests.step import finding_text
from console.desktop.requests.steps_send import STEP_NAMES
from console.desktop.widgets import button, card, column, line, row, scrolling, text_label
from console.domain.drafts import STEPS, Step, is_done, missing, next_step, previous_step, step_of

if TYPE_CHECKING:
    from console.desktop.context import Context
    from console.desktop.requests.step import Findings, StepPage

_NARROW = 1_040  # below this the sides give way to the entries
_SIDES, _NARROW_SIDES = (212, 300), (184, 212)
_ENTER = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
_PLAIN = frozenset({Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier})

_HEADINGS: dict[Step, tuple[str, str]] = {
    Step.INCIDENT: ("What happened?", "The case, the offense, and where and when it happened."),
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


class WizardFrame(Page):
    """Five pages and the ways between them; what they mean, the wizard decides."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._pages: dict[Step, StepPage] = self._make_pages()
        self._findings: Findings = ()
        self._step = Step.INCIDENT
        self._tried: set[Step] = set()
        self._conflict = False
        self._told: dict[Step, tuple[QWidget, ...]] = {}
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._make_steps())
        outer.addWidget(self._make_middle(), 1)
        self._limits = LimitsPanel(context)
        outer.addWidget(self._limits)
        for keys, act in (
            ("Alt+Left", self._back),
            ("Ctrl+Return", self._forward),
            ("Ctrl+Enter", self._forward),
            ("Esc", self._escape),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    # -- what the wizard decides -------------------------------------------------------------------------

    def _make_pages(self) -> dict[Step, StepPage]:
        raise NotImplementedError

    def _frozen(self) -> bool:
        """Whether the draft is on its way or has arrived: then it is not edited any more."""
        raise NotImplementedError

    def _turn_to(self, step: Step) -> None:
        raise NotImplementedError

    def _recheck(self) -> None:
        raise NotImplementedError

    def _escape(self) -> None:
        raise NotImplementedError

    def _send(self) -> None:
        raise NotImplementedError

    def _keep_copy(self) -> None:
        raise NotImplementedError

    def _open_other(self) -> None:
        raise NotImplementedError

    # -- what it is made of ------------------------------------------------------------------------------

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
        self._conflict_bar = ConflictBar(self._keep_copy, self._open_other)
        layout.addWidget(self._conflict_bar)
        self._asked_card, asked = card("notice")
        self._asked = text_label("", name="wizard.comments")
        asked.addWidget(self._asked)
        self._asked_card.hide()
        layout.addWidget(self._asked_card)
        self._stack = QStackedWidget()
        self._frames: dict[Step, QScrollArea] = {step: scrolling(page) for step, page in self._pages.items()}
        for frame in self._frames.values():
            self._stack.addWidget(frame)
        self._frames[Step.SEND].setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._frames[Step.SEND].setAccessibleName("The request in full; arrow keys scroll")
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

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the sides give way."""
        super().resizeEvent(event)
        steps, limits = _NARROW_SIDES if self.width() < _NARROW else _SIDES
        self._side.setFixedWidth(steps)
        self._limits.setFixedWidth(limits)

    # -- the ways between the pages ----------------------------------------------------------------------

    def _show_page(self, step: Step) -> None:
        heading, words = _HEADINGS[step]
        self._heading.setText(heading)
        self._help.setText(words)
        self._stack.setCurrentWidget(self._frames[step])

    def _tell_fields(self) -> None:
        """Say to screen readers what stands against each field."""
        for step, page in self._pages.items():
            said: dict[QWidget, str] = {}
            for finding in self._findings:
                field = page.field_of(finding.field) if step_of(finding.field) is step else None
                if field is not None:
                    said[field] = f"{said.get(field, '')} {finding_text(finding)}".strip()
            for field in {*self._told.get(step, ()), *said}:
                field.setAccessibleDescription(said.get(field, ""))
            self._told[step] = tuple(said)

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
        ready = not self._frozen() and not self._conflict and not missing(Step.SEND, self._findings)
        self._send_button.setEnabled(ready)
        for offer in self._limits.meter.stops():
            offer.setEnabled(not self._frozen())
        self._back_button.setEnabled(not self._frozen() and previous_step(self._step) is not None)

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

    # -- the keyboard ------------------------------------------------------------------------------------

    def _focus_first(self) -> None:
        """The first field; on a page that was left with something missing, the first that misses it."""
        page, stops = self._pages[self._step], missing(self._step, self._findings)
        field = page.first_field
        if self._step is Step.SEND:
            field = next(iter(page.stops()), None) if stops or self._frozen() else None
        elif self._step in self._tried and stops:
            field = page.field_of(stops[0].field)
        target = field if field is not None else self._frames[self._step]  # there arrow keys scroll
        target.setFocus(Qt.FocusReason.TabFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter in a field of one line goes on; it never sends."""
        if event.key() in _ENTER and event.modifiers() in _PLAIN:
            self._enter(self.focusWidget())
            event.accept()
        else:
            super().keyPressEvent(event)

    def _enter(self, focus: QWidget | None) -> None:
        if isinstance(focus, SendButton) or self._frozen():
            return
        if isinstance(focus, QPushButton):
            focus.click()
            return
        page = self._pages[self._step]
        if focus is None or not page.isAncestorOf(focus) or self._step is Step.SEND or page.accept(focus):
            return
        after = page.field_after(focus)
        if is_done(self._step, self._findings):
            self._next()
        elif after is not None:
            after.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self._tried.add(self._step)
            self._recheck()
            self._focus_first()

    def _order_tabs(self) -> None:
        """Tab follows the eye: steps, the page, its bar, the meter."""
        chain: list[QWidget] = [*self._step_buttons.values(), *self._conflict_bar.stops()]
        if self._step is Step.SEND:
            chain.append(self._frames[Step.SEND])
        chain += self._pages[self._step].stops()
        chain += [self._back_button, self._next_button, self._send_button, *self._limits.meter.stops()]
        for before, after in pairwise(chain):
            self.setTabOrder(before, after)
