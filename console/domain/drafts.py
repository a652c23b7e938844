"""A draft, and the wizard that is a function of it.

Which step comes next, what is missing and where a finding belongs are decided here, without a window.
A draft never leaves its author's vault until it is sealed.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NewType

import msgspec

from console.domain.areas import Area, Drawing
from console.domain.findings import Field, Finding, blocking
from console.domain.places import Point
from console.domain.times import Aware

DraftId = NewType("DraftId", str)

TITLE_LENGTH_MAX = 200
TEXT_LENGTH_MAX = 10_000


class Draft(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What an officer has entered so far. Times are aware UTC; empty text and None mean "not yet"."""

    id: DraftId
    case_number: str = ""
    offence: str = ""
    occurred_at: Aware | None = None
    place: Point | None = None
    place_name: str = ""
    begins: Aware | None = None
    ends: Aware | None = None
    drawing: Drawing | None = None
    area: Area | None = None
    anchor_reason: str = ""
    repeat_reason: str = ""
    proportionate: bool = False
    title: str = ""
    text: str = ""
    contact: str = ""
    from_post: str = ""


class Step(StrEnum):
    """The pages of the wizard, in their order."""

    INCIDENT = "incident"
    WINDOW = "window"
    AREA = "area"
    WORDS = "words"
    SEND = "send"


STEPS: tuple[Step, ...] = tuple(Step)

_FIELDS: dict[Step, frozenset[Field]] = {
    Step.INCIDENT: frozenset({Field.CASE_NUMBER, Field.OFFENCE, Field.OCCURRED_AT, Field.PLACE, Field.REPEAT_REASON}),
    Step.WINDOW: frozenset({Field.WINDOW}),
    Step.AREA: frozenset({Field.AREA, Field.ANCHOR_REASON}),
    Step.WORDS: frozenset({Field.TITLE, Field.TEXT, Field.CONTACT}),
    Step.SEND: frozenset(),
}


def step_of(field: Field) -> Step:
    """The page on which a field is entered; the last one for a field that is not a request's."""
    return next((step for step, fields in _FIELDS.items() if field in fields), Step.SEND)


def missing(step: Step, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """What still stands in the way on one page; on the last page, everything."""
    stops = blocking(findings)
    if step is Step.SEND:
        return stops
    return tuple(f for f in stops if f.field in _FIELDS[step])


def is_done(step: Step, findings: tuple[Finding, ...]) -> bool:
    """Whether a page has all that it needs."""
    return not missing(step, findings)


def next_step(step: Step) -> Step | None:
    """The page after; None on the last."""
    place = STEPS.index(step)
    return STEPS[place + 1] if place + 1 < len(STEPS) else None


def previous_step(step: Step) -> Step | None:
    """The page before; None on the first."""
    place = STEPS.index(step)
    return STEPS[place - 1] if place else None


def first_open_step(findings: tuple[Finding, ...]) -> Step:
    """The page to open a kept draft on: the first with something missing, else the last."""
    return next((step for step in STEPS if not is_done(step, findings)), Step.SEND)


def comments_on(step: Step, comments: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """Of comments (field, text) those that are about one page; on the last page, and of unknown fields, all."""
    here = {field.value for field in _FIELDS[step]}
    elsewhere = {field.value for fields in _FIELDS.values() for field in fields} - here
    return tuple((field, text) for field, text in comments if step is Step.SEND or field not in elsewhere)


def name_of(draft: Draft) -> str:
    """What a list calls the draft."""
    return draft.title or draft.place_name or draft.case_number or "Untitled request"
