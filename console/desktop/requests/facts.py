"""A request's facts in words, for its page and for its record on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.desktop.review.history_view import step_words
from console.desktop.review.sections import case_check_words
from console.domain import offences, wording
from console.domain.checks import sq_mi
from console.domain.times import span_words

if TYPE_CHECKING:
    from console.desktop.context import Context
    from console.domain.requests import Request


def facts_of(context: Context, request: Request) -> tuple[tuple[str, str], ...]:
    """Names and words, in the order of the page; words are empty where there is nothing to tell."""
    draft, local = request.draft, context.local
    offence = offences.BY_CODE.get(draft.offence)
    window = f"{local(draft.begins)} to {local(draft.ends)}"
    if draft.begins is not None and draft.ends is not None:
        window = f"{window} ({span_words(draft.ends - draft.begins)})"
    area = f"{sq_mi(request.area_m2)} sq mi \u00b7 like a circle of {request.radius_m:.0f} m \u00b7 {request.homes}"
    outcomes = {o.value: words for o, words in wording.OUTCOMES.items()}
    return (
        ("Case", draft.case_number),
        ("Records", case_check_words(request.case_check)),
        ("Offense", f"{offence.code} {offence.name}" if offence is not None else draft.offence),
        ("Incident", f"{local(draft.occurred_at)} {draft.place_name}"),
        ("Time window", window),
        ("Area", area),
        ("Contact", draft.contact),
        ("Author", f"{request.author.title} {request.author.name}"),
        ("Submitted", local(request.submitted_at)),
        ("Published", local(request.published_at) if request.published_at else ""),
        ("Open until", local(request.expires_at) if request.expires_at else ""),
        ("Outcome", outcomes.get(request.outcome, request.outcome)),
    )


def record_of(context: Context, request: Request) -> tuple[tuple[str, str], ...]:
    """Everything that a record on paper tells: state, text, facts, notes, addenda, and each step with its time."""
    full = "%Y-%m-%d %H:%M %Z"
    steps = "\n".join(
        f"{context.local(step.at, full)}: {step_words(context, request, step)}" for step in request.history
    )
    parts = (
        ("State", wording.STATES[request.state]),
        ("Text", request.draft.text),
        *facts_of(context, request),
        *(("Public note", note) for note in request.public_notes),
        *((f"Added {context.local(added.at, full)}", added.text) for added in request.addenda),
        ("History", steps),
        ("Saved", context.local(context.clock(), full)),
    )
    return tuple((name, words) for name, words in parts if words)
