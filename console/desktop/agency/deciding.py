"""Lending of deciding: a supervisor lets a colleague decide for a time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QDate
from PySide6.QtWidgets import QComboBox, QDateEdit

from console.client.agency import end_lending, lend_deciding
from console.contract import endpoints as e
from console.desktop.agency.keeping import Section, add_field, label_for
from console.desktop.widgets import button, card, clear, column, line, named, row, text_label
from console.domain.times import to_utc

if TYPE_CHECKING:
    from console.contract.payloads import Delegation
    from console.desktop.agency.keeping import Outcomes
    from console.desktop.context import Context
    from console.domain.members import Member

LENT_DAYS_MAX, LENT_DAYS_USUAL = 30, 7
WORDS = (
    "While you are away, a colleague can approve, return and reject in your place. Each decision bears the "
    "colleague\u2019s own name. Nobody decides on the lender\u2019s own requests through it, nor on requests of their "
    "own."
)
_WIDEST = 760


class DecidingSection(Section):
    """What is lent, and a form to lend."""

    scrolls = True

    def __init__(self, context: Context, outcomes: Outcomes) -> None:
        super().__init__(context, outcomes)
        self._colleagues: list[Member] = []
        layout = column(self, margins=24, spacing=16)
        layout.addWidget(text_label("Deciding", "title"))
        words = text_label(WORDS, "help")
        words.setMaximumWidth(_WIDEST)
        layout.addWidget(words)
        frame, self._lent = card()
        frame.setMaximumWidth(_WIDEST)
        layout.addWidget(frame)
        self._form, inner = card()
        self._form.setMaximumWidth(_WIDEST)
        inner.addWidget(text_label("Lend deciding", "section"))
        self._who = QComboBox()
        named(self._who, "agency.colleague", "Colleague")
        self._who.currentIndexChanged.connect(self._judge)
        add_field(inner, "To", self._who)
        self._until = QDateEdit()
        self._until.setCalendarPopup(True)
        self._until.setDisplayFormat("ddd MMM d, yyyy")
        self._until.setMinimumWidth(180)
        self._until.setDate(self._day(LENT_DAYS_USUAL))
        named(self._until, "agency.until", "Until the end of this day")
        inner.addWidget(label_for("Until the end of", self._until))
        inner.addLayout(row(self._until, None))
        inner.addWidget(text_label(f"At most {LENT_DAYS_MAX} days. You can take it back at any time.", "help"))
        self._trouble = text_label("", "help", name="agency.lend_trouble")
        inner.addWidget(self._trouble)
        self._go = button("Lend deciding", "agency.lend", self._lend, "primary")
        inner.addLayout(row(self._go, None))
        layout.addWidget(self._form)
        self._not_mine = text_label("Only supervisors decide, so only a supervisor can lend it.", "help")
        self._not_mine.setProperty("testName", "agency.lend_not_yours")
        layout.addWidget(self._not_mine)
        layout.addStretch(1)
        self.show_now()

    def focus_first(self) -> None:
        """Choose the colleague."""
        self._who.setFocus()

    def show_now(self) -> None:
        """Who lent to whom; the chosen colleague stays chosen."""
        profile, session = self.context.desk.profile, self.context.desk.session
        me = None if session is None else session.member
        may = me is not None and me.role in e.LEND_DECIDING.who
        self._form.setVisible(may)
        self._not_mine.setVisible(not may)
        self._until.setMinimumDate(self._day(0))
        self._until.setMaximumDate(self._day(LENT_DAYS_MAX - 1))
        colleagues = [] if profile is None else [m for m in profile.colleagues if me is None or m.id != me.id]
        if colleagues != self._colleagues:
            self._colleagues = colleagues
            chosen = self._who.currentData()
            self._who.clear()
            self._who.addItem("Choose a colleague", "")
            for member in colleagues:
                self._who.addItem(f"{member.title} {member.name}, {member.role.value}", member.id)
            self._who.setCurrentIndex(max(0, self._who.findData(chosen)))
        self._show_lent(() if profile is None else profile.delegations, "" if me is None else me.id)
        self._judge()

    def _show_lent(self, lent: tuple[Delegation, ...], mine: str) -> None:
        clear(self._lent)
        self._lent.addWidget(text_label("Lent now", "section"))
        now = self.context.clock()
        held = [one for one in lent if one.until > now]
        if not held:
            said = "Nobody has lent deciding. Lend it below before you are away, so that requests do not wait."
            self._lent.addWidget(text_label(said, "help", name="agency.lent_empty"))
        for number, one in enumerate(held):
            if number:
                self._lent.addWidget(line())
            by = "You" if one.delegator.id == mine else f"{one.delegator.title} {one.delegator.name}"
            to = "you" if one.delegate.id == mine else f"{one.delegate.title} {one.delegate.name}"
            names = text_label(f"{by} \u2192 {to}", "strong", name="agency.lent")
            until = text_label(self._until_words(one.until), "help", name="agency.lent_until", wrap=False)
            if one.delegator.id == mine:
                end = button("Take it back", "agency.end_lending", partial(self._end, one.delegate))
                end.setAccessibleName(f"Take deciding back from {one.delegate.name}")
                layout = row(names, until, end)
            else:
                layout = row(names, until)
            layout.setStretch(0, 1)
            self._lent.addLayout(layout)

    def _until_words(self, until: datetime) -> str:
        if until.astimezone(self.context.zone()).time() == time():
            return f"until the end of {self.context.local(until - timedelta(minutes=1), '%a %b %d')}"
        return f"until {self.context.local(until, '%a %b %d %H:%M')}"

    def _day(self, days: int) -> QDate:
        local = self.context.clock().astimezone(self.context.zone()) + timedelta(days=days)
        return QDate(local.year, local.month, local.day)

    def _until_utc(self) -> datetime:
        chosen = self._until.date()
        after = datetime.combine(date(chosen.year(), chosen.month(), chosen.day()) + timedelta(days=1), time())
        most = self.context.clock() + timedelta(days=LENT_DAYS_MAX)
        return min(to_utc(after, self.context.zone()), most).astimezone(UTC)

    def _judge(self) -> None:
        self._go.setEnabled(bool(self._who.currentData()))
        if not self._colleagues:
            said = "There is no other officer or supervisor yet. Your administrator can enrol one."
        else:
            said = "" if self._who.currentData() else "Choose a colleague to go on."
        self._trouble.setText(said)
        self._trouble.setVisible(bool(said))

    def _lend(self) -> None:
        member = next((m for m in self._colleagues if m.id == self._who.currentData()), None)
        if member is not None:
            self._who.setFocus()  # the button is about to be disabled, and would hand the keyboard to the rail
            self.outcomes.keep(lend_deciding(member, self._until_utc()), self._choose_none)

    def _choose_none(self) -> None:
        self._who.setCurrentIndex(0)

    def _end(self, member: Member) -> None:
        self.outcomes.keep(end_lending(member))
