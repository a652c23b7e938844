"""Templates: words and figures that an agency keeps for an offence, so that a lawful request is quickly written.

A template fills what is empty and overwrites nothing. `{place}`, `{date}`, `{begins}` and `{ends}` in its words stand
for the draft's own facts; one that cannot be filled stays and the check says so.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, NewType

import msgspec

from console.domain.areas import Circle
from console.domain.drafts import TEXT_LENGTH_MAX, TITLE_LENGTH_MAX, Draft

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from console.domain.feed import Post
    from console.domain.ground import Ground
    from console.domain.requests import Request

TemplateId = NewType("TemplateId", str)
PLACEHOLDERS = ("place", "date", "begins", "ends")
_Minutes = Annotated[int, msgspec.Meta(ge=0, le=12 * 60)]


TemplateKey = Annotated[TemplateId, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_@:.-]{0,99}$")]


class Template(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an agency keeps for an offence; the window lies around the incident, the circle is drawn around it."""

    id: TemplateKey
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
    offence: Annotated[str, msgspec.Meta(max_length=8)] = ""
    title: Annotated[str, msgspec.Meta(max_length=TITLE_LENGTH_MAX)] = ""
    text: Annotated[str, msgspec.Meta(max_length=TEXT_LENGTH_MAX)] = ""
    minutes_before: _Minutes = 60
    minutes_after: _Minutes = 60
    radius_m: Annotated[float, msgspec.Meta(ge=0, le=1_000)] = 0.0


def apply(template: Template, draft: Draft, ground: Ground, zone: ZoneInfo, now: datetime) -> Draft:
    """The draft with what the template says where it was empty."""
    fields: dict[str, Any] = {}
    if not draft.offence and template.offence:
        fields["offence"] = template.offence
    if draft.begins is None and draft.ends is None and draft.occurred_at is not None:
        begins = draft.occurred_at - timedelta(minutes=template.minutes_before)
        ends = min(now, draft.occurred_at + timedelta(minutes=template.minutes_after))
        if begins < ends:
            fields |= {"begins": begins, "ends": ends}
    if draft.area is None and draft.place is not None and template.radius_m > 0:
        circle = Circle(draft.place, template.radius_m)
        fields |= {"drawing": circle, "area": ground.snap(circle)}
    filled = msgspec.structs.replace(draft, **fields)
    if not draft.title.strip():
        filled = msgspec.structs.replace(filled, title=fill(template.title, filled, zone))
    if not draft.text.strip():
        filled = msgspec.structs.replace(filled, text=fill(template.text, filled, zone))
    return filled


def fill(words: str, draft: Draft, zone: ZoneInfo) -> str:
    """Words with the draft's own facts in the place of placeholders; what is not known yet stays in its braces."""

    def local(at: datetime | None, form: str) -> str:
        return "" if at is None else at.astimezone(zone).strftime(form)

    known = {
        "place": draft.place_name.removeprefix("Near "),
        "date": local(draft.occurred_at, "%A, %B %d"),
        "begins": local(draft.begins, "%H:%M"),
        "ends": local(draft.ends, "%H:%M"),
    }
    for name, fact in known.items():
        if fact:
            words = words.replace(f"{{{name}}}", fact)
    return words


def from_request(request: Request, draft: Draft) -> Draft:
    """A new draft that begins as an earlier request did: everything but its times and its reasons."""
    old = request.draft
    return msgspec.structs.replace(
        draft,
        case_number=old.case_number,
        offence=old.offence,
        place=old.place,
        place_name=old.place_name,
        drawing=old.drawing,
        area=old.area,
        title=old.title,
        text=old.text,
        contact=old.contact,
    )


def from_post(post: Post, draft: Draft) -> Draft:
    """A new draft about what a post tells: its coarse place and time, never its words or its author."""
    return msgspec.structs.replace(
        draft, from_post=post.id, place=post.place, place_name=post.place_name, occurred_at=post.at
    )
