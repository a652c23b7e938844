"""What changed between the version that was returned and the one that came back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from console.domain.findings import Field
from console.domain.times import clock_words, span_words

if TYPE_CHECKING:
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from console.domain.drafts import Draft


class Change(msgspec.Struct, frozen=True):
    """One entry that differs: what it said before and what it says now."""

    field: Field
    before: str
    now: str


def changes(before: Draft, now: Draft, zone: ZoneInfo) -> tuple[Change, ...]:
    """The entries that differ, in the wizard's order; times in the agency's zone, areas by their blocks."""
    pairs = (
        (Field.CASE_NUMBER, before.case_number, now.case_number),
        (Field.REPEAT_REASON, before.repeat_reason, now.repeat_reason),
        (Field.OFFENCE, before.offence, now.offence),
        (Field.OCCURRED_AT, _at(before.occurred_at, zone), _at(now.occurred_at, zone)),
        (Field.PLACE, _place(before), _place(now)),
        (Field.WINDOW, _window(before, zone), _window(now, zone)),
        (Field.AREA, _area(before, now), _area(now, before)),
        (Field.ANCHOR_REASON, before.anchor_reason, now.anchor_reason),
        (Field.TITLE, before.title, now.title),
        (Field.TEXT, before.text, now.text),
        (Field.CONTACT, before.contact, now.contact),
    )
    return tuple(Change(field, was, is_) for field, was, is_ in pairs if was != is_)


def _at(at: datetime | None, zone: ZoneInfo) -> str:
    return "" if at is None else clock_words(at, zone)


def _place(draft: Draft) -> str:
    if draft.place is None:
        return ""
    return f"{draft.place_name} ({draft.place.lat:.5f}, {draft.place.lon:.5f})".strip()


def _window(draft: Draft, zone: ZoneInfo) -> str:
    if draft.begins is None or draft.ends is None:
        return ""
    return f"{_at(draft.begins, zone)} to {_at(draft.ends, zone)} ({span_words(draft.ends - draft.begins)})"


def _area(draft: Draft, other: Draft) -> str:
    if draft.area is None:
        return ""
    mine = set(draft.area.blocks) | set(draft.area.open_cells)
    theirs = set() if other.area is None else set(other.area.blocks) | set(other.area.open_cells)
    only = len(mine - theirs)
    parts = "block" if len(draft.area.blocks) == 1 else "blocks"
    return f"{len(draft.area.blocks)} {parts}" + (f", {only} of its parts not in the other" if only else "")
