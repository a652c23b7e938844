"""What waits for a supervisor: the queue, its filters and their counts. No Qt here."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from console.domain.requests import WAITS, Action, Request, State

if TYPE_CHECKING:
    from collections.abc import Callable

OPEN = WAITS


class Sort(StrEnum):
    """The filters of the queue, in the order of their chips."""

    ALL = "all"
    NEW = "new"
    RESUBMITTED = "resubmitted"
    SECOND = "second"
    MINE = "mine"


SORTS: dict[Sort, str] = {
    Sort.ALL: "All",
    Sort.NEW: "New",
    Sort.RESUBMITTED: "Resubmitted",
    Sort.SECOND: "Second approval",
    Sort.MINE: "Mine to decide",
}


def title_of(request: Request) -> str:
    """What a list calls a request."""
    return request.draft.title or request.draft.place_name or request.number


def waiting(requests: tuple[Request, ...]) -> tuple[Request, ...]:
    """Those that wait for a decision, oldest first."""
    return tuple(sorted((r for r in requests if r.state in OPEN), key=lambda r: (r.submitted_at, r.id)))


def is_again(request: Request) -> bool:
    """Whether it was returned and sent again."""
    return any(step.action == Action.RESUBMIT for step in request.history)


def sort_words(request: Request) -> tuple[str, str]:
    """The chip of a request in the queue, and its tone."""
    if request.state is State.ENDORSED:
        return SORTS[Sort.SECOND], "good"
    return (SORTS[Sort.RESUBMITTED], "waiting") if is_again(request) else (SORTS[Sort.NEW], "")


def belongs(request: Request, sort: Sort, may_approve: Callable[[Request], bool]) -> bool:
    """Whether a request belongs under a filter."""
    match sort:
        case Sort.ALL:
            return True
        case Sort.NEW:
            return request.state is State.PENDING and not is_again(request)
        case Sort.RESUBMITTED:
            return request.state is State.PENDING and is_again(request)
        case Sort.SECOND:
            return request.state is State.ENDORSED
        case Sort.MINE:
            return may_approve(request)


def counts(queue: tuple[Request, ...], may_approve: Callable[[Request], bool]) -> dict[Sort, int]:
    """How many belong under each filter."""
    return {sort: sum(1 for r in queue if belongs(r, sort, may_approve)) for sort in Sort}


def has_words(request: Request, untrusted_words: str) -> bool:
    """Whether each typed word is in its number, case, title or author."""
    draft, author = request.draft, request.author
    where = " ".join((request.number, draft.case_number, title_of(request), author.title, author.name)).casefold()
    return all(word in where for word in untrusted_words.casefold().split())
