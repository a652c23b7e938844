"""The decision on a request: the limits, who may decide, and the three ways to decide, inline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget

from console.client.desk import NotSignedIn
from console.client.gateway import Unreachable
from console.client.outbox import OutboxState
from console.contract.problems import Problem
from console.desktop.review.forms import ApproveForm, RejectForm, ReturnForm
from console.desktop.review.rights import first_approver, newest_step, standing
from console.desktop.theme import colour
from console.desktop.widgets import button, clear, column, line, row, scrolling, text_label
from console.domain import panel, wording
from console.domain.findings import Finding, Severity
from console.domain.requests import Action, State

if TYPE_CHECKING:
    from console.client.outbox import OutboxRow
    from console.desktop.context import Context
    from console.desktop.review.claims import Claims
    from console.domain.panel import Verdict
    from console.domain.requests import FieldComment, ProportionateReason, RejectReason, Request

_MOVED_ON = frozenset({"moved_on", "wrong_state", "not_found"})
_DONE = {
    Action.APPROVE: "Approved. It is now public and asked of the neighbors.",
    Action.ENDORSE: "Approved first. Another supervisor has to approve before it becomes public.",
    Action.RETURN: "Returned. The author reads your comments and can send it again.",
    Action.REJECT: "Rejected. The author reads the reason; nobody was asked.",
}
_HELD = "Approved. The service\u2019s neutral moderators look at it before it is published."
_WIDTH = 300
_MARKS = {True: "✓", False: "✕", None: "○"}
_SAID = {True: "met", False: "not met", None: "not yet decided"}
_NOTE = "The request's public page will say that an assembly was on the calendar there."


class DecisionPanel(QWidget):
    """Decides on one request. `decided` carries the request's id when the service has answered."""

    decided = Signal(str)

    def __init__(self, context: Context, claims: Claims) -> None:
        super().__init__()
        self._context, self._claims = context, claims
        self._request: Request | None = None
        self._busy = False
        self._shown: tuple[object, ...] = ()
        self._kept: dict[str, tuple[FieldComment, ...]] = {}  # comments typed on a request that was then left
        self.setObjectName("sidepanel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(_WIDTH)
        inside = QWidget()
        body = column(inside)
        body.addWidget(text_label("Decision", "section"))
        self._who = text_label("", "strong", name="review.who")
        body.addWidget(self._who)
        self._mine = text_label("", "help", name="review.claim_mine")
        body.addWidget(self._mine)
        self._form_place = QVBoxLayout()
        body.addLayout(self._form_place)
        self._result = text_label("", name="review.result")
        self._error = text_label("", "error", name="review.error")
        body.addWidget(self._result)
        body.addWidget(self._error)
        body.addWidget(line())
        self._limits = QVBoxLayout()
        self._limits.setSpacing(8)
        body.addLayout(self._limits)
        body.addStretch(1)
        outer = column(self, margins=0, spacing=0)
        self._scroll = scrolling(inside)
        outer.addWidget(self._scroll, 1)
        self._buttons = QWidget()
        foot = column(self._buttons)
        self._by_action = {
            Action.APPROVE: button("Approve…   A", "review.approve", self.open_approve, "primary"),
            Action.RETURN: button("Return with comments   R", "review.return", self.open_return),
            Action.REJECT: button("Reject…   X", "review.reject", self.open_reject, "stop"),
        }
        for made in self._by_action.values():
            foot.addWidget(made)
        outer.addWidget(self._buttons)
        self._form: ApproveForm | ReturnForm | RejectForm | None = None
        claims.changed.connect(self._show_who)
        self.retheme()
        self.show_request(None)

    def retheme(self) -> None:
        """A button that cannot be pressed is not red."""
        muted = colour(self._context.theme(), "muted").name()
        self._by_action[Action.REJECT].setStyleSheet(f"QPushButton:disabled {{ color: {muted}; }}")

    @property
    def busy(self) -> bool:
        """Whether a decision is on its way."""
        return self._busy

    @property
    def is_typing(self) -> bool:
        """Whether the focus is in a form: single keys are then not decisions."""
        focused = QApplication.focusWidget()
        return self._form is not None and focused is not None and self._form.isAncestorOf(focused)

    def show_request(self, request: Request | None) -> None:
        """Show a request; a form that is open stays while the request is the same version."""
        before, self._request = self._request, request
        is_same = before is not None and request is not None and before.id == request.id
        if not is_same:
            self._say(self._result, "")
            self._say(self._error, "")
        is_same_version = is_same and before is not None and request is not None and before.version == request.version
        if (
            self._form is not None
            and not self._busy
            and not (is_same_version and standing(self._context, request).actions)
        ):
            if before is not None and isinstance(self._form, ReturnForm):
                self._kept[str(before.id)] = self._form.comments()
            self.close_form()
        self._show_limits()
        self._show_who()

    def _findings(self, request: Request) -> tuple[Finding, ...]:
        desk = self._context.desk
        return () if desk.session is None or desk.profile is None else desk.findings(request.draft)

    def _show_limits(self) -> None:
        request, context = self._request, self._context
        if request is None:
            clear(self._limits)
            self._limits.addWidget(text_label("Choose a request on the left.", "help"))
            self._shown = ()
            return
        found = self._findings(request)
        verdicts = panel.panel(request.draft, context.agency, context.ground, found)
        to_confirm = frozenset(f.code for f in found if f.severity is Severity.CONFIRM)
        if (verdicts, to_confirm) == self._shown:
            return
        self._shown = (verdicts, to_confirm)
        clear(self._limits)
        for verdict in verdicts:
            self._limits.addLayout(self._limit(verdict, is_to_confirm=verdict.code in to_confirm))

    @staticmethod
    def _limit(verdict: Verdict, *, is_to_confirm: bool) -> QVBoxLayout:
        title, detail = wording.verdict_words(verdict)
        tone = {True: "good", False: "error", None: "help"}[verdict.met]
        mark = text_label(
            "!" if is_to_confirm else _MARKS[verdict.met], "strong" if is_to_confirm else tone, wrap=False
        )
        mark.setFixedWidth(16)
        mark.setAccessibleName(f"{title}: {'to confirm' if is_to_confirm else _SAID[verdict.met]}")
        layout = QVBoxLayout()
        layout.setSpacing(0)
        layout.addLayout(row(mark, text_label(title, "strong"), None))
        below = text_label(detail, "small")
        below.setContentsMargins(24, 0, 0, 0)
        layout.addWidget(below)
        return layout

    def _may(self, action: Action) -> bool:
        """Whether the decision is open now: by the table, and nobody else is deciding."""
        is_open = action in standing(self._context, self._request).actions
        return is_open and not self._busy and not self._claims.is_blocked

    def _show_who(self) -> None:
        now, mine = standing(self._context, self._request), self._claims.mine
        self._who.setText(now.words)
        until = "" if mine is None else self._context.local(mine.until, "%H:%M")
        self._mine.setText(f"Others see that you are deciding, until {until}." if mine is not None else "")
        self._mine.setVisible(mine is not None)
        self._buttons.setVisible(bool(now.actions) and self._form is None)
        for action, made in self._by_action.items():
            made.setEnabled(action in now.actions and not self._claims.is_blocked)
        if self._form is not None:
            self._form.setEnabled(not self._busy and not self._claims.is_blocked)

    # Forms

    def open_approve(self) -> None:
        """Ask for the password; above the homes limit also for the reason; say which of two approvals it is."""
        request, session = self._request, self._context.desk.session
        if request is None or session is None or not self._may(Action.APPROVE):
            return
        known = next((m.password for m in self._context.training if m.member.id == session.member.id), "")
        found = self._findings(request)
        many = next((f for f in found if f.code == "homes_many"), None)
        words = "" if many is None else wording.words_for(many.code, many.figures).title
        self._open(ApproveForm(known, words, self._assembly_words(request, found)))

    def _assembly_words(self, request: Request, found: tuple[Finding, ...]) -> str:
        met = [wording.words_for(f.code, f.figures).title for f in found if f.code == "assembly_overlap"]
        titles = " ".join(f"{title}." for title in met)
        if request.state is State.ENDORSED:
            first = first_approver(request)
            return f"{titles} This is the second of two approvals; {first} approved first. {_NOTE}".strip()
        if met:
            return f"{titles} This is the first of two approvals: another supervisor has to approve after you. {_NOTE}"
        return ""

    def open_return(self) -> None:
        """Ask for comments."""
        request = self._request
        if request is not None and self._may(Action.RETURN):
            self._open(ReturnForm(self._kept.pop(str(request.id), ())))

    def open_reject(self) -> None:
        """Ask for the reason."""
        if self._may(Action.REJECT):
            self._open(RejectForm())

    def _open(self, form: ApproveForm | ReturnForm | RejectForm) -> None:
        if isinstance(self._form, type(form)):
            self._form.focus_first()
            form.deleteLater()
            return
        self.close_form()
        self._say(self._result, "")
        self._say(self._error, "")
        self._form = form
        form.cancelled.connect(self.close_form)
        if isinstance(form, ApproveForm):
            form.confirmed.connect(self._approve)
        elif isinstance(form, ReturnForm):
            form.confirmed.connect(self._return)
        else:
            form.confirmed.connect(self._reject)
        self._form_place.addWidget(form)
        form.show()  # else it is shown by the loop, after the focus was to go there
        self._show_who()
        self._scroll.verticalScrollBar().setValue(0)
        form.focus_first()
        self._claims.take()

    def close_form(self) -> None:
        """Back to the three buttons."""
        form, self._form = self._form, None
        if form is not None:
            form.hide()
            self._form_place.removeWidget(form)
            form.deleteLater()
        self._say(self._error, "")
        self._show_who()

    # Deciding

    def _approve(self, password: str, because: ProportionateReason | None) -> None:
        if self._request is not None:
            self._begin()
            self._context.start(self._confirm_and_approve(self._request, password, because))

    def _return(self, comments: tuple[FieldComment, ...]) -> None:
        if self._request is not None:
            self._begin()
            self._context.start(self._send_return(self._request, comments))

    def _reject(self, reason: RejectReason, text: str) -> None:
        if self._request is not None:
            self._begin()
            self._context.start(self._send_reject(self._request, reason, text))

    def _begin(self) -> None:
        self._busy = True
        self._say(self._error, "")
        if self._form is not None:
            self._form.setEnabled(False)

    def _end(self) -> None:
        self._busy = False
        if self._form is not None and not standing(self._context, self._request).actions:
            self.close_form()
        self._show_who()

    async def _confirm_and_approve(self, request: Request, password: str, because: ProportionateReason | None) -> None:
        try:
            answer = await self._context.desk.confirm(password)
            if isinstance(answer, Problem):
                self._say(self._error, f"{answer.title} {answer.advice}".strip())
                return
            is_first = request.state is State.PENDING and any(
                f.code == "assembly_overlap" for f in self._findings(request)
            )
            action = Action.ENDORSE if is_first else Action.APPROVE
            await self._follow(self._context.desk.approve(request, because), request, action)
        except (Unreachable, NotSignedIn) as fault:
            self._say(self._error, _said(fault))
        finally:
            self._end()

    async def _send_return(self, request: Request, comments: tuple[FieldComment, ...]) -> None:
        try:
            await self._follow(self._context.desk.return_(request, comments), request, Action.RETURN)
        except NotSignedIn as fault:
            self._say(self._error, _said(fault))
        finally:
            self._end()

    async def _send_reject(self, request: Request, reason: RejectReason, text: str) -> None:
        try:
            await self._follow(self._context.desk.reject(request, reason, text), request, Action.REJECT)
        except NotSignedIn as fault:
            self._say(self._error, _said(fault))
        finally:
            self._end()

    async def _follow(self, sent: OutboxRow, request: Request, action: Action) -> None:
        self._say(self._result, "On its way to the service…")
        outcome = await self._context.desk.wait_for(sent.key)
        self._say(self._result, "")
        if outcome.state is OutboxState.SENT:
            words = _DONE[action]
            if action is Action.APPROVE and outcome.receipt is not None and outcome.receipt.state == State.APPROVED:
                words = _HELD
            if outcome.receipt is not None:
                words = f"{words} Receipt {outcome.receipt.number}."
            self._tell(request, words, is_good=True)
            self._claims.decided(str(request.id))
            if self._request is not None and self._request.id == request.id:
                self.close_form()
        else:
            self._tell(request, self._refused(outcome, request), is_good=False)
        self.decided.emit(request.id)

    def _refused(self, outcome: OutboxRow, request: Request) -> str:
        if outcome.problem is None:
            return outcome.last_error or "The service refused."
        words = f"{outcome.problem.title} {outcome.problem.advice}".strip()
        if outcome.problem.code in _MOVED_ON:
            now = next((r for r in self._context.desk.requests if r.id == request.id), None)
            step = "" if now is None else newest_step(self._context, now)
            words = f"{words} Newest: {step}." if step else words
        return words

    def _tell(self, request: Request, words: str, *, is_good: bool) -> None:
        if self._request is None or self._request.id != request.id:
            self._context.say(f"{request.draft.title}: {words}")
            return
        self._say(self._result if is_good else self._error, words)

    @staticmethod
    def _say(label: QLabel, words: str) -> None:
        label.setText(words)
        label.setVisible(bool(words))


def _said(fault: Exception) -> str:
    return str(fault) or (type(fault).__doc__ or "").split("\n", 1)[0]
