"""The last page: everything in full, what still stands in the way, who may approve, and what became of it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from console.client.outbox import OutboxState
from console.desktop.requests.step import Findings, StepPage, finding_text
from console.desktop.requests.steps_area import area_words
from console.desktop.widgets import button, card, clear, column, line, row, text_label
from console.domain import offences
from console.domain.checks import span_words
from console.domain.drafts import step_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from console.client.outbox import OutboxRow
    from console.desktop.context import Context
    from console.domain.drafts import Draft

STEP_NAMES = {
    "incident": "Incident",
    "window": "Time window",
    "area": "Area",
    "words": "Words",
    "send": "Check and send",
}
_NAMES = ("Case number", "Offence", "When", "Where", "Time window", "Area", "Reasons", "Title", "Text", "Contact")


class SendStep(StepPage):
    """The draft in full."""

    wanted_step = Signal(str)
    """A finding's page is asked for."""

    def __init__(self, context: Context, change: Callable[..., None]) -> None:
        super().__init__(context, change)
        layout = column(self, margins=24, spacing=16)
        self._outcome: QVBoxLayout = column(margins=0)
        layout.addLayout(self._outcome)
        self._findings: QVBoxLayout = column(margins=0)
        layout.addLayout(self._findings)
        form = QGridLayout()  # a form layout cuts the second line of a wrapped value
        form.setColumnStretch(1, 1)
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(8)
        self._values = {name: text_label("", name=f"wizard.full.{name}") for name in _NAMES}
        for place, (name, value) in enumerate(self._values.items()):
            form.addWidget(text_label(name, "muted", wrap=False), place, 0, Qt.AlignmentFlag.AlignTop)
            form.addWidget(value, place, 1)
        layout.addLayout(form)
        layout.addWidget(line())
        self._approvers = text_label("", "help", name="wizard.approvers")
        layout.addWidget(self._approvers)
        layout.addStretch(1)

    def show_state(self, draft: Draft, findings: Findings, *, tried: bool) -> None:
        """After each change."""
        super().show_state(draft, findings, tried=tried)
        for name, words in zip(_NAMES, self._in_full(draft), strict=True):
            self._values[name].setText(words or "\u2013")
        clear(self._findings)
        if findings:
            self._findings.addWidget(text_label("Before it can be approved", "section"))
        self._list(findings, self._findings)
        self._approvers.setText(self._who_approves())

    def show_row(self, sent: OutboxRow | None) -> None:
        """Say how the sending stands; only a row that is SENT has a receipt."""
        clear(self._outcome)
        if sent is None:
            return
        if sent.state is OutboxState.SENT and sent.receipt is not None:
            frame, layout = card("card")
            layout.addWidget(text_label(f"Receipt {sent.receipt.number}", "title", name="wizard.receipt"))
            layout.addWidget(text_label(f"Received by the service {self.context.local(sent.receipt.at)}.", "help"))
            show = button("Show the request", "wizard.show_request", partial(self._show, sent.receipt.subject))
            layout.addLayout(row(show, None))
        elif sent.state is OutboxState.REFUSED:
            frame, layout = card("stop")
            problem = sent.problem
            title = problem.title if problem is not None else sent.last_error
            layout.addWidget(text_label(f"\u2715 Not sent: {title}", "strong", name="wizard.refusal"))
            layout.addWidget(text_label(problem.advice if problem is not None else ""))
            self._list(problem.findings if problem is not None else (), layout)
        else:
            frame, layout = card("notice")
            layout.addWidget(text_label("Waiting to be sent\u2026", "strong", name="wizard.waiting"))
            layout.addWidget(
                text_label("It is kept and goes out by itself. You may leave this page; it is in the list.", "help")
            )
        self._outcome.addWidget(frame)

    def say(self, words: str) -> None:
        """Say why nothing was sent."""
        clear(self._outcome)
        frame, layout = card("stop")
        layout.addWidget(text_label(words, name="wizard.refusal"))
        self._outcome.addWidget(frame)

    def _show(self, request_id: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - Qt's signature
        self.context.open_request(request_id)

    def _go(self, step: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - Qt's signature
        self.wanted_step.emit(step)

    def _list(self, findings: Findings, layout: QVBoxLayout) -> None:
        for finding in findings:
            step = step_of(finding.field)
            holder = QWidget()
            words = text_label(finding_text(finding))
            go = button(
                f"Go to {STEP_NAMES[step]}", f"wizard.go.{finding.code}", partial(self._go, step.value), "plain"
            )
            inner = row(words, go)
            inner.setStretch(0, 1)
            holder.setLayout(inner)
            layout.addWidget(holder)

    def _in_full(self, draft: Draft) -> tuple[str, ...]:
        local, ground = self.context.local, self.context.ground
        offence = offences.BY_CODE.get(draft.offence)
        window = ""
        if draft.begins is not None and draft.ends is not None:
            window = f"{local(draft.begins)} to {local(draft.ends)} ({span_words(draft.ends - draft.begins)})"
        area = ""
        if draft.area is not None and not ground.unknown(draft.area):
            area = area_words(draft.area, ground)
        place = draft.place
        where = "" if place is None else f"{draft.place_name} ({place.lat:.5f}, {place.lon:.5f})".strip()
        reasons = "; ".join(reason for reason in (draft.repeat_reason, draft.anchor_reason) if reason)
        named = f"{offence.code} {offence.name}" if offence is not None else draft.offence
        at = local(draft.occurred_at)
        return (draft.case_number, named, at, where, window, area, reasons, draft.title, draft.text, draft.contact)

    def _who_approves(self) -> str:
        desk = self.context.desk
        own = desk.session.member.id if desk.session is not None else ""
        others = [s for s in desk.profile.supervisors if s.id != own] if desk.profile is not None else []
        if not others:
            return "Nobody but you may approve in this agency: a second supervisor is needed."
        names = ", ".join(f"{s.title} {s.name}" for s in others)
        return f"Nothing reaches a neighbor before another person approves. May approve: {names}."
