"""What the agency asked before: per case, per area and per officer, and how two requests overlap.

Source: Ring RFA (two a case), ACLU on audit logs; the approver sees what the same people were asked before.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from console.domain.case_numbers import tidy
from console.domain.members import MemberId
from console.domain.requests import EarlierRequest, Request, State

NOT_COUNTED = frozenset({State.REJECTED, State.WITHDRAWN})
LOOK_BACK = timedelta(days=90)


class Overlap(msgspec.Struct, frozen=True):
    """How an earlier request meets this one: shared blocks, shared time, same case, same author."""

    id: str
    blocks: int
    span: timedelta
    same_case: bool
    same_author: bool

    @property
    def is_any(self) -> bool:
        """Whether the approver should see it."""
        return bool(self.blocks) or bool(self.span) or self.same_case


def of_case(history: tuple[EarlierRequest, ...], case_number: str) -> tuple[EarlierRequest, ...]:
    """The requests that count for a case: neither rejected nor withdrawn."""
    number = tidy(case_number)
    return tuple(e for e in history if e.state not in NOT_COUNTED and tidy(e.case_number) == number)


def of_area(
    history: tuple[EarlierRequest, ...], blocks: tuple[str, ...], since: datetime
) -> tuple[EarlierRequest, ...]:
    """The requests that were published since a time and asked at least one of these blocks."""
    asked = frozenset(blocks)
    return tuple(
        e for e in history if e.published_at is not None and e.published_at >= since and not asked.isdisjoint(e.blocks)
    )


def of_author(history: tuple[EarlierRequest, ...], author: MemberId, since: datetime) -> tuple[EarlierRequest, ...]:
    """The requests that a member wrote since a time."""
    return tuple(e for e in history if e.author == author and e.submitted_at >= since)


def overlaps(request: Request, others: tuple[Request, ...]) -> tuple[Overlap, ...]:
    """How each other request of the agency meets this one, those that do, the nearest in kind first."""
    found = [_overlap(request, other) for other in others if other.id != request.id]
    met = [o for o in found if o.is_any]
    return tuple(sorted(met, key=lambda o: (not o.same_case, -o.blocks, -o.span, o.id)))


def _overlap(request: Request, other: Request) -> Overlap:
    mine, theirs = request.draft, other.draft
    blocks = 0
    if mine.area is not None and theirs.area is not None:
        blocks = len(set(mine.area.blocks) & set(theirs.area.blocks))
    span = timedelta()
    if mine.begins and mine.ends and theirs.begins and theirs.ends:
        span = max(timedelta(), min(mine.ends, theirs.ends) - max(mine.begins, theirs.begins))
    return Overlap(
        id=str(other.id),
        blocks=blocks,
        span=span,
        same_case=tidy(mine.case_number) == tidy(theirs.case_number) and bool(mine.case_number),
        same_author=request.author.id == other.author.id,
    )


def earlier_of(request: Request) -> EarlierRequest:
    """A request as the check needs it."""
    draft = request.draft
    return EarlierRequest(
        id=str(request.id),
        case_number=draft.case_number,
        state=request.state,
        submitted_at=request.submitted_at,
        author=request.author.id,
        blocks=draft.area.blocks if draft.area is not None else (),
        begins=draft.begins,
        ends=draft.ends,
        published_at=request.published_at,
    )
