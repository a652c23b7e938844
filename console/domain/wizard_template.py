"""A template on a draft: put on again as facts come, taken off without a trace of it.

Promises: only what was empty is filled; taking it off gives back each field that the officer has not changed since.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from console.domain import templates
from console.domain.templates import Template

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from console.domain.drafts import Draft
    from console.domain.ground import Ground

_FIELDS = ("offence", "begins", "ends", "drawing", "area", "title", "text")


class Worn(msgspec.Struct, frozen=True):
    """A template that was put on: what each field was before, and what it was given."""

    template: Template
    before: dict[str, Any] = {}
    given: dict[str, Any] = {}


def put_on(worn: Worn, draft: Draft, ground: Ground, zone: ZoneInfo, now: datetime) -> tuple[Draft, Worn]:
    """The draft with what the template can fill now; blanks that could not be filled before are filled too."""
    filled = templates.apply(worn.template, draft, ground, zone, now)
    own = {name: getattr(draft, name) for name, value in worn.given.items() if getattr(draft, name) != value}
    filled = msgspec.structs.replace(filled, **own)  # what the officer has emptied stays empty
    filled = msgspec.structs.replace(
        filled, title=templates.fill(filled.title, filled, zone), text=templates.fill(filled.text, filled, zone)
    )
    changed = {name for name in _FIELDS if getattr(filled, name) != getattr(draft, name)}
    before = {**{name: getattr(draft, name) for name in changed}, **worn.before}
    given = {**worn.given, **{name: getattr(filled, name) for name in changed}}
    return filled, Worn(worn.template, before, given)


def take_off(worn: Worn, draft: Draft) -> Draft:
    """The draft as it was before, but for what the officer has entered since."""
    back = {name: worn.before[name] for name, value in worn.given.items() if getattr(draft, name) == value}
    return msgspec.structs.replace(draft, **back)


def template_of(draft: Draft, known: tuple[Template, ...]) -> Template | None:
    """The template with whose unfilled words a draft begins; None where it begins with none."""
    for template in known:
        if (draft.title, draft.text) == (template.title, template.text) and (template.title or template.text):
            return template
    return None
