"""The decision on an item: who is deciding, a key for each decision, and calm words where somebody was quicker."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QVBoxLayout, QWidget

from console.client.desk import NotSignedIn
from console.client.moderation import decide_wish
from console.client.outbox import OutboxState
from console.desktop.moderation.forms import DecisionForm
from console.desktop.theme import colour
from console.desktop.widgets import button, card, clear, column, row, scrolling, text_label
from console.domain.moderation import Act, ItemState
from console.domain.moderation_words import ACTS, DONE, STATES

if TYPE_CHECKING:
    from console.client.outbox import OutboxRow
    from console.contract.moderation import ItemView
    from console.desktop.context import Context
    from console.desktop.moderation.claims import ItemClaims
    from console.domain.moderation import Reason

KEYS: dict[Act, str] = {
    Act.KEEP: "1",
    Act.LIMIT: "2",
    Act.REMOVE: "3",
    Act.UPHOLD: "1",
    Act.OVERTURN: "2",
    Act.PUBLISH: "1",
    Act.REFUSE: "2",
    Act.RESTORE: "U",
    Act.REOPEN: "U",
}
"""One key a decision; those that are never open together share one."""

_KINDS = {Act.REMOVE: "stop", Act.REFUSE: "stop"}
_UNDO = {Act.RESTORE: "Undo: restore", Act.REOPEN: "Undo: look again"}
# Neither answer to an appeal is the usual one, and nothing is undone by habit.
_UNWEIGHTED = frozenset({*_UNDO, Act.UPHOLD, Act.OVERTURN})
_MOVED_ON = frozenset({"moved_on", "wrong_state"})


class DecisionSide(QWidget):
    """Decides on one item. `decided` carries its id when the service has answered."""

    decided = Signal(str)
    form_left = Signal()
    """The form was closed by what the moderator did: the keys are the list's again."""

    def __init__(self, context: Context, claims: ItemClaims) -> None:
        super().__init__()
        self._context, self._claims = context, claims
        self._view: ItemView | None = None
        self._form: DecisionForm | None = None
        self._busy = False
        self._typed: dict[str, str] = {}  # words for an author whose item was then left
        self.setObjectName("sidepanel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        inside = QWidget()
        body = column(inside)
        body.addWidget(text_label("Decision", "section"))
        self._who = text_label("", "help", name="moderation.who")
        body.addWidget(self._who)
        self._take = button("Take over", "moderation.take_over", self._take_over)
        body.addLayout(row(self._take, None))
        self._since, since = card("notice")
        self._since_words = text_label("", name="moderation.since")
        since.addWidget(self._since_words)
        body.addWidget(self._since)
        self._form_place = QVBoxLayout()
        body.addLayout(self._form_place)
        self._result = text_label("", "good", name="moderation.result")
        self._error = text_label("", "error", name="moderation.error")
        body.addWidget(self._result)
        body.addWidget(self._error)
        body.addStretch(1)
        self._scroll = scrolling(inside)
        outer = column(self, margins=0, spacing=0)
        outer.addWidget(self._scroll, 1)
        self._foot = QWidget()
        self._buttons = column(self._foot)
        outer.addWidget(self._foot)
        self._by_act: dict[Act, QPushButton] = {}
        claims.changed.connect(self._show_who)
        self._say(self._result, "")
        self._say(self._error, "")
        self._say_since("")
        self.show_view(None)

    @property
    def busy(self) -> bool:
        """Whether a decision is on its way."""
        return self._busy

    @property
    def is_typing(self) -> bool:
        """Whether the focus is in the form: single keys are then not decisions."""
        focused = QApplication.focusWidget()
        return self._form is not None and focused is not None and self._form.isAncestorOf(focused)

    def show_view(self, view: ItemView | None) -> None:
        """Show an item; where it was decided meanwhile, say what was decided and keep what was typed."""
        before, self._view = self._view, view
        is_same = before is not None and view is not None and before.item.id == view.item.id
        if not is_same:
            self._keep_typed(before)
            self.close_form()
            for label in (self._result, self._error):
                self._say(label, "")
            self._say_since("")
        elif before is not None and view is not None and before.item.version != view.item.version:
            if self._form is not None and not self._busy:
                self._keep_typed(before)
                self.close_form()
                self._say_since(_since_words(view))
            elif not self._busy and not self._result.text():
                self._say_since(_since_words(view))
        self._show_buttons()
        self._show_who()

    def _keep_typed(self, view: ItemView | None) -> None:
        if view is not None and self._form is not None and self._form.words:
            self._typed[view.item.id] = self._form.words

    def retheme(self) -> None:
        """Paint in the theme."""
        self._show_buttons()
        self._show_who()

    # The buttons and the form

    def _show_buttons(self) -> None:
        clear(self._buttons)
        self._by_act = {}
        acts = () if self._view is None else self._view.acts
        for place, act in enumerate(acts):
            kind = _KINDS.get(act, "primary" if place == 0 and act not in _UNWEIGHTED else "")
            name = _UNDO.get(act, ACTS[act])
            made = button(f"{name}   {KEYS[act]}", f"moderation.{act.value}", partial(self.open, act), kind)
            muted = colour(self._context.theme(), "muted").name()
            made.setStyleSheet(f"QPushButton:disabled {{ color: {muted}; }}")  # what cannot be pressed is not red
            self._buttons.addWidget(made)
            self._by_act[act] = made
        self._foot.setVisible(bool(acts) and self._form is None)

    def press(self, key: str) -> None:
        """A key: the decision that it stands for, where it is open."""
        act = next((act for act in self._by_act if KEYS[act] == key), None)
        if act is not None and self._form is None:
            self.open(act)

    def open(self, act: Act) -> None:
        """Ask for the reason."""
        view = self._view
        if view is None or act not in view.acts or self._busy or self._claims.other is not None:
            return
        self.close_form()
        self._say(self._result, "")
        self._say(self._error, "")
        self._say_since("")
        form = DecisionForm(view.item.kind, act, self._typed.pop(view.item.id, ""))
        form.confirmed.connect(self._send)
        form.cancelled.connect(self._cancel)
        self._form = form
        self._form_place.addWidget(form)
        form.show()
        self._foot.hide()
        form.focus_first()
        self._claims.take()

    def _cancel(self) -> None:
        self._keep_typed(self._view)
        self.close_form()
        self.form_left.emit()

    def close_form(self) -> None:
        """Back to the buttons."""
        form, self._form = self._form, None
        if form is not None:
            form.hide()
            self._form_place.removeWidget(form)
            form.deleteLater()
        self._foot.setVisible(bool(self._by_act))

    # Who is deciding

    def _show_who(self) -> None:
        other, mine = self._claims.other, self._claims.mine
        if other is not None:
            words = f"{other.name} is deciding on this, until {self._context.local(other.until, '%H:%M %Z')}."
        elif mine is not None:
            words = f"Others see that you are deciding, until {self._context.local(mine.until, '%H:%M %Z')}."
        else:
            words = self._claims.trouble or self._standing_words()
        self._say(self._who, words)
        self._take.setVisible(other is not None)
        for made in self._by_act.values():
            made.setEnabled(other is None and not self._busy)
        if self._form is not None:
            self._form.setEnabled(other is None and not self._busy)

    def _standing_words(self) -> str:
        view = self._view
        if view is None:
            return "Choose something on the left."
        if view.appeal is not None and view.appeal.is_open and not view.acts:
            return "You took the decision that is appealed; another moderator decides."
        if not view.acts:
            return f"{STATES[view.item.state]}. Nothing more is to be decided here."
        return "J and K go to the next and the one before."

    def _take_over(self) -> None:
        self._claims.take(take_over=True)

    # Deciding

    def _send(self, act: Act, reason: Reason, words: str) -> None:
        view = self._view
        if view is None:
            return
        self._busy = True
        self._show_who()
        self._context.start(self._follow(view, act, reason, words))

    async def _follow(self, view: ItemView, act: Act, reason: Reason, words: str) -> None:
        try:
            sent = self._context.desk.keep(decide_wish(view, act, reason, words))
            self._say(self._result, "On its way to the service\u2026")
            outcome = await self._context.desk.wait_for(sent.key)
        except NotSignedIn as fault:
            self._say(self._result, "")
            self._say(self._error, str(fault) or (type(fault).__doc__ or ""))
            return
        finally:
            self._busy = False
            self._show_who()
        self._say(self._result, "")
        if outcome.state is OutboxState.SENT:
            self._sent(view, act, outcome)
        else:
            self._refused(view, words, outcome)
        self.decided.emit(view.item.id)

    def _is_shown(self, view: ItemView) -> bool:
        return self._view is not None and self._view.item.id == view.item.id

    def _sent(self, view: ItemView, act: Act, outcome: OutboxRow) -> None:
        receipt = "" if outcome.receipt is None else f" Receipt {outcome.receipt.number}."
        words = f"{DONE[act]}.{receipt}"
        if outcome.receipt is not None and outcome.receipt.state in _CAME_BACK and act is not Act.REOPEN:
            words = f"{words} It was flagged for something new meanwhile, and waits for that."
        if not self._is_shown(view):
            self._context.say(f"{view.item.title}: {words}")
            return
        self._claims.decided()
        self.close_form()
        self.form_left.emit()
        self._say(self._result, words)

    def _refused(self, view: ItemView, words: str, outcome: OutboxRow) -> None:
        if words:
            self._typed[view.item.id] = words
        problem = outcome.problem
        said = outcome.last_error or "The service refused."
        if problem is not None:
            said = f"{problem.title} {problem.advice}".strip()
        if not self._is_shown(view):
            self._context.say(f"{view.item.title}: {said}")
        elif problem is not None and problem.code in _MOVED_ON:
            self.close_form()
            self.form_left.emit()
            self._say_since(said)
        else:
            self._say(self._error, said)

    def _say_since(self, words: str) -> None:
        self._since_words.setText(words)
        self._since.setVisible(bool(words))

    @staticmethod
    def _say(label: QLabel, words: str) -> None:
        label.setText(words)
        label.setVisible(bool(words))


_CAME_BACK = frozenset({ItemState.FLAGGED.value, ItemState.LIMITED_FLAGGED.value})


def _since_words(view: ItemView) -> str:
    """What was decided while the item was on the screen."""
    if not view.history:
        return "This has changed since you started. Look at it again."
    last = view.history[-1]
    if view.appeal is not None and view.appeal.is_open:
        return "The author has appealed since you started."
    return f"Decided since you started: {DONE[last.act].lower()} by {last.by}."
