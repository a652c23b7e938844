"""The last page: what the approver, a neighbour and the public will see, what stands in the way, who may approve."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from console.client.outbox import OutboxState
from console.desktop.requests.area_parts import area_words
from console.desktop.requests.neighbour_card import NeighbourCard, author_words
from console.desktop.requests.step import Findings, SideBySide, StepPage, finding_text
from console.desktop.widgets import button, card, clear, column, row, text_label
from console.domain import offences
from console.domain.checks import sq_mi
from console.domain.drafts import step_of
from console.domain.requests import is_same_person
from console.domain.wizard_text import PUBLIC, grouped, public_lines, window_words

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
_NAMES = ("Case number", "Offense", "When", "Where", "Time window", "Area", "Reasons", "Title", "Text", "Contact")


class SendStep(StepPage):
    """The draft in full."""

    wanted_step = Signal(str)
    """A finding's page is asked for."""

    def __init__(self, context: Context, change: Callable[..., None]) -> None:
        super().__init__(context, change)
        self._shown: Findings = ()
        self._ways: list[QPushButton] = []
        self._sent: list[QPushButton] = []
        layout = column(self, margins=24, spacing=16)
        self._outcome: QVBoxLayout = column(margins=0)
        layout.addLayout(self._outcome)
        self._findings: QVBoxLayout = column(margins=0)
        layout.addLayout(self._findings)
        self._sides = sides = SideBySide()
        left, right = column(margins=0), column(margins=0)
        left.addWidget(text_label("What the approver sees", "section"))
        self._values = {name: text_label("", name=f"wizard.full.{name}") for name in _NAMES}
        left.addLayout(_form(self._values))
        left.addSpacing(8)
        left.addWidget(text_label("Who may approve", "section"))
        self._approvers = text_label("", "help", name="wizard.approvers")
        left.addWidget(self._approvers)
        left.addStretch(1)
        self._seen = NeighbourCard(context, "wizard.seen")
        right.addWidget(self._seen)
        right.addSpacing(8)
        right.addWidget(text_label("What becomes public", "section"))
        self._public = {name: text_label("", name=f"wizard.public.{name}") for name in PUBLIC}
        right.addLayout(_form(self._public))
        right.addStretch(1)
        sides.addLayout(left, 1)
        sides.addLayout(right, 1)
        layout.addLayout(sides)
        layout.addStretch(1)

    def stops(self) -> tuple[QWidget, ...]:
        """Where Tab stops: the request that was sent, the way to each finding's page."""
        return (*self._sent, *self._ways)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where there is little room, the neighbour's side comes below."""
        self._sides.fit(self.width())
        super().resizeEvent(event)

    def show_state(self, draft: Draft, findings: Findings, *, tried: bool) -> None:
        """After each change."""
        super().show_state(draft, findings, tried=tried)
        for name, words in zip(_NAMES, self._in_full(draft), strict=True):
            self._values[name].setText(words or "\u2013")
        self._seen.show_draft(draft)
        area = draft.area
        words = ""
        if area is not None and not area.is_empty and not self.context.ground.unknown(area):
            words = f"{sq_mi(self.context.ground.area_m2(area))} sq mi, its outline on a map"
        author = f"{author_words(self.context)}, {self.context.agency.name}".lstrip(", ")
        for name, said in public_lines(draft, self.context.agency, author, words, self.context.clock()):
            self._public[name].setText(said)
        if findings != self._shown:
            self._shown = findings
            clear(self._findings)
            self._ways.clear()
            for heading, mine in grouped(findings):
                self._findings.addWidget(text_label(heading, "section"))
                self._list(mine, self._findings)
        self._approvers.setText(self._who_approves(findings))

    def show_row(self, sent: OutboxRow | None) -> None:
        """Say how the sending stands; only a row that is SENT has a receipt."""
        clear(self._outcome)
        self._sent.clear()
        if sent is None:
            return
        if sent.state is OutboxState.SENT and sent.receipt is not None:
            frame, layout = card("card")
            layout.addWidget(text_label(f"Receipt {sent.receipt.number}", "title", name="wizard.receipt"))
            layout.addWidget(text_label(f"Received by the service {self.context.local(sent.receipt.at)}.", "help"))
            show = button("Show the request", "wizard.show_request", partial(self._show, sent.receipt.subject))
            self._sent.append(show)
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
        self._sent.clear()
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
            self._ways.append(go)
            inner = row(words, go)
            inner.setStretch(0, 1)
            holder.setLayout(inner)
            layout.addWidget(holder)

    def _in_full(self, draft: Draft) -> tuple[str, ...]:
        local, ground = self.context.local, self.context.ground
        offence = offences.BY_CODE.get(draft.offence)
        window = window_words(draft, self.context.agency)
        area = ""
        if draft.area is not None and not ground.unknown(draft.area):
            area = area_words(draft.area, ground)
        place = draft.place
        where = "" if place is None else f"{draft.place_name} ({place.lat:.5f}, {place.lon:.5f})".strip()
        reasons = "; ".join(reason for reason in (draft.repeat_reason, draft.anchor_reason) if reason)
        named = f"{offence.code} {offence.name}" if offence is not None else draft.offence
        at = "" if draft.occurred_at is None else local(draft.occurred_at, "%a %d %b %H:%M %Z")
        return (draft.case_number, named, at, where, window, area, reasons, draft.title, draft.text, draft.contact)

    def _who_approves(self, findings: Findings) -> str:
        desk = self.context.desk
        session = desk.session
        known = desk.profile.supervisors if desk.profile is not None else ()
        others = [s for s in known if session is None or not is_same_person(s, session.member)]
        needed = 2 if any(f.code == "assembly_overlap" for f in findings) else 1
        if not others:
            return "Nobody but you may approve in this agency: a second supervisor is needed."
        names = ", ".join(f"{s.title} {s.name}" for s in others)
        if needed == 1:
            return f"Nothing reaches a neighbor before another person approves. May approve: {names}."
        short = "" if len(others) >= needed else " Your agency has only one: another supervisor is needed first."
        return f"It meets a lawful assembly: two of these must approve, one after the other. {names}.{short}"


def _form(values: dict[str, QLabel]) -> QGridLayout:
    """Names and values; a form layout cuts the second line of a wrapped value."""
    form = QGridLayout()
    form.setColumnStretch(1, 1)
    form.setHorizontalSpacing(16)
    form.setVerticalSpacing(8)
    for place, (name, value) in enumerate(values.items()):
        form.addWidget(text_label(name, "muted", wrap=False), place, 0, Qt.AlignmentFlag.AlignTop)
        form.addWidget(value, place, 1)
    return form
