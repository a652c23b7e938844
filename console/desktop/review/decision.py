"""The decision on a request: the limits, who may decide, and the three ways to decide, inline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.client.desk import NotSignedIn
from console.client.gateway import Unreachable
from console.client.outbox import OutboxState
from console.contract.problems import Problem
from console.desktop.review.forms import ApproveForm, RejectForm, ReturnForm
from console.desktop.widgets import button, clear, column, line, row, scrolling, text_label
from console.domain import checks, wording
from console.domain.findings import Finding
from console.domain.members import Role
from console.domain.requests import Action, State, actions_open_to

if TYPE_CHECKING:
    from console.client.outbox import OutboxRow
    from console.desktop.context import Context
    from console.domain.checks import Verdict
    from console.domain.requests import FieldComment, RejectReason, Request

_MOVED_ON = frozenset({"moved_on", "wrong_state", "not_found"})
_DONE = {
    Action.APPROVE: "Approved. It is now public and asked of the neighbors.",
    Action.RETURN: "Returned. The author reads your comments and can send it again.",
    Action.REJECT: "Rejected. The author reads the reason; nobody was asked.",
}
_WIDTH = 300
_MARKS = {True: "✓", False: "✕", None: "○"}
_SAID = {True: "met", False: "not met", None: "not yet decided"}


def newest_step(context: Context, request: Request) -> str:
    """The newest line of a request's history, in words."""
    if not request.history:
        return ""
    step = max(request.history, key=lambda t: t.at)
    words = wording.ACTIONS.get(step.action, step.action)
    return f"{words} by {step.actor}, {context.local(step.at)}" if step.actor else words


class DecisionPanel(QWidget):
    """Decides on one request. `decided` carries the request's id when the service has answered."""

    decided = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._request: Request | None = None
        self._busy = False
        self.setObjectName("sidepanel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(_WIDTH)
        inside = QWidget()
        body = column(inside)
        body.addWidget(text_label("Decision", "section"))
        self._limits = QVBoxLayout()
        self._limits.setSpacing(8)
        body.addLayout(self._limits)
        body.addWidget(line())
        self._who = text_label("", "strong", name="review.who")
        body.addWidget(self._who)
        self._form_place = QVBoxLayout()
        body.addLayout(self._form_place)
        self._result = text_label("", name="review.result")
        self._error = text_label("", "error", name="review.error")
        body.addWidget(self._result)
        body.addWidget(self._error)
        body.addStretch(1)
        outer = column(self, margins=0, spacing=0)
        outer.addWidget(scrolling(inside), 1)
        self._buttons = QWidget()
        foot = column(self._buttons)
        foot.addWidget(button("Approve…   A", "review.approve", self.open_approve, "primary"))
        foot.addWidget(button("Return with comments   R", "review.return", self.open_return))
        foot.addWidget(button("Reject…   X", "review.reject", self.open_reject, "stop"))
        outer.addWidget(self._buttons)
        self._form: ApproveForm | ReturnForm | RejectForm | None = None
        self.show_request(None)

    @property
    def busy(self) -> bool:
        """Whether a decision is on its way."""
        return self._busy

    def show_request(self, request: Request | None) -> None:
        """Show a request; a form that is open stays while the request is the same version."""
        before, self._request = self._request, request
        is_same = before is not None and request is not None and before.id == request.id
        if not is_same:
            self._result.setText("")
            self._error.setText("")
        is_same_version = is_same and before is not None and request is not None and before.version == request.version
        if self._form is not None and not self._busy and not (is_same_version and self._may_decide()):
            self.close_form()
        self._show_limits()
        self._show_who()

    def _findings(self, request: Request) -> tuple[Finding, ...]:
        context = self._context
        earlier = context.desk.earlier_requests(request.id)
        return checks.check(request.draft, context.agency, context.ground, earlier, context.clock())

    def _show_limits(self) -> None:
        clear(self._limits)
        if self._request is None:
            self._limits.addWidget(text_label("Choose a request on the left.", "help"))
            return
        draft, context = self._request.draft, self._context
        for verdict in checks.panel(draft, context.agency, context.ground, self._findings(self._request)):
            self._limits.addLayout(self._limit(verdict))

    @staticmethod
    def _limit(verdict: Verdict) -> QVBoxLayout:
        title, detail = wording.verdict_words(verdict)
        tone = {True: "good", False: "error", None: "help"}[verdict.met]
        mark = text_label(_MARKS[verdict.met], tone, wrap=False)
        mark.setFixedWidth(16)
        mark.setAccessibleName(f"{title}: {_SAID[verdict.met]}")
        layout = QVBoxLayout()
        layout.setSpacing(0)
        layout.addLayout(row(mark, text_label(title, "strong"), None))
        below = text_label(detail, "small")
        below.setContentsMargins(24, 0, 0, 0)
        layout.addWidget(below)
        return layout

    def _may_decide(self) -> bool:
        request, session = self._request, self._context.desk.session
        if request is None or session is None:
            return False
        is_author = request.author.id == session.member.id
        return Action.APPROVE in actions_open_to(request.state, session.member.role, is_author=is_author)

    def _show_who(self) -> None:
        request, session = self._request, self._context.desk.session
        words = ""
        if request is not None and session is not None:
            if request.state is not State.PENDING:
                words = f"No longer waiting: {newest_step(self._context, request) or wording.STATES[request.state]}."
            elif request.author.id == session.member.id:
                words = "You wrote this; another supervisor decides."
            elif session.member.role is not Role.SUPERVISOR:
                words = "Only a supervisor decides."
            else:
                words = "✓ You are not the author"
        self._who.setText(words)
        self._buttons.setVisible(self._may_decide() and self._form is None)

    # Forms

    def open_approve(self) -> None:
        """Ask for the password, and for the confirmation above the homes limit."""
        request, session = self._request, self._context.desk.session
        if request is None or session is None or not self._may_decide() or self._busy:
            return
        known = next((m.password for m in self._context.training if m.member.id == session.member.id), "")
        many = next((f for f in self._findings(request) if f.code == "homes_many"), None)
        self._open(ApproveForm(known, "" if many is None else wording.words_for(many.code, many.figures).title))

    def open_return(self) -> None:
        """Ask for comments."""
        if self._may_decide() and not self._busy:
            self._open(ReturnForm())

    def open_reject(self) -> None:
        """Ask for the reason."""
        if self._may_decide() and not self._busy:
            self._open(RejectForm())

    def _open(self, form: ApproveForm | ReturnForm | RejectForm) -> None:
        if isinstance(self._form, type(form)):
            self._form.focus_first()
            form.deleteLater()
            return
        self.close_form()
        self._result.setText("")
        self._error.setText("")
        self._form = form
        form.cancelled.connect(self.close_form)
        if isinstance(form, ApproveForm):
            form.confirmed.connect(self._approve)
        elif isinstance(form, ReturnForm):
            form.confirmed.connect(self._return)
        else:
            form.confirmed.connect(self._reject)
        self._form_place.addWidget(form)
        self._show_who()
        form.focus_first()

    def close_form(self) -> None:
        """Back to the three buttons."""
        form, self._form = self._form, None
        if form is not None:
            form.hide()
            self._form_place.removeWidget(form)
            form.deleteLater()
        self._error.setText("")
        self._show_who()

    # Deciding

    def _approve(self, password: str, proportionate: bool) -> None:  # noqa: FBT001 - a signal's slot
        if self._request is not None:
            self._begin()
            self._context.start(self._confirm_and_approve(self._request, password, proportionate=proportionate))

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
        self._error.setText("")
        if self._form is not None:
            self._form.setEnabled(False)

    def _end(self) -> None:
        self._busy = False
        if self._form is not None:
            self._form.setEnabled(True)
            if not self._may_decide():
                self.close_form()

    async def _confirm_and_approve(self, request: Request, password: str, *, proportionate: bool) -> None:
        try:
            answer = await self._context.desk.confirm(password)
            if isinstance(answer, Problem):
                self._error.setText(f"{answer.title} {answer.advice}".strip())
                return
            await self._follow(
                self._context.desk.approve(request, proportionate=proportionate), request, Action.APPROVE
            )
        except (Unreachable, NotSignedIn) as fault:
            self._error.setText(_said(fault))
        finally:
            self._end()

    async def _send_return(self, request: Request, comments: tuple[FieldComment, ...]) -> None:
        try:
            await self._follow(self._context.desk.return_(request, comments), request, Action.RETURN)
        except NotSignedIn as fault:
            self._error.setText(_said(fault))
        finally:
            self._end()

    async def _send_reject(self, request: Request, reason: RejectReason, text: str) -> None:
        try:
            await self._follow(self._context.desk.reject(request, reason, text), request, Action.REJECT)
        except NotSignedIn as fault:
            self._error.setText(_said(fault))
        finally:
            self._end()

    async def _follow(self, sent: OutboxRow, request: Request, action: Action) -> None:
        self._result.setText("On its way to the service…")
        outcome = await self._context.desk.wait_for(sent.key)
        self._result.setText("")
        if outcome.state is OutboxState.SENT:
            words = _DONE[action]
            if outcome.receipt is not None:
                words = f"{words} Receipt {outcome.receipt.number}."
            self._tell(request, words, is_good=True)
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
        (self._result if is_good else self._error).setText(words)


def _said(fault: Exception) -> str:
    return str(fault) or (type(fault).__doc__ or "").split("\n", 1)[0]
