"""A request's own history, newest first: when, what, who, for whom, why, with which comments, as which version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.desktop.widgets import clear, column, named, row, text_label
from console.domain import wording
from console.domain.findings import Field

if TYPE_CHECKING:
    from console.desktop.context import Context
    from console.domain.requests import Request, Transition

FIELDS: dict[str, str] = {
    Field.CASE_NUMBER: "Case number",
    Field.OFFENCE: "Offence",
    Field.OCCURRED_AT: "Time of the incident",
    Field.PLACE: "Place of the incident",
    Field.WINDOW: "Time window",
    Field.AREA: "Area",
    Field.TITLE: "Title",
    Field.TEXT: "Text",
    Field.CONTACT: "Contact",
    Field.REPEAT_REASON: "Why a second request",
    Field.ANCHOR_REASON: "Why not at the incident",
}
_CODED: dict[str, str] = {
    str(code): words
    for table in (wording.REJECT_REASONS, wording.PROPORTIONATE_REASONS, wording.WITHDRAW_REASONS, wording.OUTCOMES)
    for code, words in table.items()
}


def field_name(field: str) -> str:
    """What a field is called; one of a newer service by its own name."""
    return FIELDS.get(field) or field.replace("_", " ").capitalize()


def reason_words(reason: str) -> str:
    """A reason in words; older rows hold its code."""
    return _CODED.get(reason, reason)


def actor_words(context: Context, request: Request, step: Transition) -> str:
    """Who took a step; older rows hold an id."""
    desk = context.desk
    people = {} if desk.profile is None else {str(m.id): m for m in desk.profile.supervisors}
    people[str(request.author.id)] = request.author
    if desk.session is not None:
        people[str(desk.session.member.id)] = desk.session.member
    known = people.get(step.actor)
    return f"{known.title} {known.name}" if known is not None else step.actor


def step_words(context: Context, request: Request, step: Transition) -> str:
    """A step in one line, without its comments."""
    done, comma, more = wording.ACTIONS.get(step.action, step.action).partition(", ")
    words = f"{done} by {actor_words(context, request, step)}"
    if step.acting_for:
        words = f"{words} for {step.acting_for}"
    words = f"{words}{comma}{more}"
    return f"{words}: {reason_words(step.reason)}" if step.reason else words


class HistoryView(QWidget):
    """The history of one request, each step with its comments."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._steps: QVBoxLayout = column(self, margins=0, spacing=4)
        named(self, "history", "History of the request")

    def show_request(self, request: Request) -> None:
        """Show all steps of a request."""
        clear(self._steps)
        self._steps.addWidget(text_label("History", "section"))
        if not request.history:
            self._steps.addWidget(text_label("Nothing has happened to it yet.", "help"))
        for step in sorted(request.history, key=lambda t: (t.version, t.at), reverse=True):
            when = text_label(self._context.local(step.at), "small", wrap=False)
            version = text_label(f"version {step.version}", "small", wrap=False)
            self._steps.addSpacing(4)
            self._steps.addLayout(row(when, None, version))
            self._steps.addWidget(text_label(step_words(self._context, request, step)))
            for comment in step.comments:
                said = text_label(f"{field_name(comment.field)}: {comment.text}", "help")
                said.setContentsMargins(16, 0, 0, 0)
                self._steps.addWidget(said)
