"""The lanes of the neutral moderators' queue: what belongs where, in which order, and how a row reads. No Qt here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.domain.moderation import ItemKind, Lane
from console.domain.moderation_words import DONE, FLAG_REASONS, KINDS, STATES

if TYPE_CHECKING:
    from console.contract.moderation import QueueItem

_ORDER = {lane: place for place, lane in enumerate(Lane)}
TONES: dict[Lane, str] = {
    Lane.EMERGENCY: "stop",
    Lane.FLAGS: "waiting",
    Lane.APPEALS: "waiting",
    Lane.PUBLICATION: "good",
    Lane.DECIDED: "",
}
CHIPS: dict[Lane, str] = {
    Lane.EMERGENCY: "Emergency",
    Lane.FLAGS: "Flagged",
    Lane.APPEALS: "Appeal",
    Lane.PUBLICATION: "Before publication",
    Lane.DECIDED: "Decided",
}


def in_order(items: tuple[QueueItem, ...]) -> tuple[QueueItem, ...]:
    """Lane by lane; in a lane the oldest first, but of what is decided the newest."""

    def place(item: QueueItem) -> tuple[int, float, str]:
        at = item.since.timestamp()
        return _ORDER[item.lane], -at if item.lane is Lane.DECIDED else at, item.id

    return tuple(sorted(items, key=place))


def of_lane(items: tuple[QueueItem, ...], lane: Lane | None) -> tuple[QueueItem, ...]:
    """The items of a lane in their order; with None all that waits."""
    if lane is None:
        return in_order(tuple(item for item in items if item.lane is not Lane.DECIDED))
    return in_order(tuple(item for item in items if item.lane is lane))


def waiting_count(items: tuple[QueueItem, ...]) -> int:
    """How many wait for a decision."""
    return sum(1 for item in items if item.lane is not Lane.DECIDED)


def chip_of(item: QueueItem) -> str:
    """The chip of a row: where it waits, or what was decided."""
    if item.lane is not Lane.DECIDED:
        return CHIPS[item.lane]
    return STATES[item.state]


def why_words(item: QueueItem) -> str:
    """Why it is in the queue, on one line."""
    if item.kind in {ItemKind.REQUEST, ItemKind.ALERT}:
        return item.agency_name
    return ", ".join(FLAG_REASONS[reason].name for reason in item.reasons)


def by_whom(item: QueueItem) -> str:
    """Who brought it: agencies by name, neighbours by number."""
    told = list(item.agencies)
    if item.neighbours:
        told.append("1 neighbor" if item.neighbours == 1 else f"{item.neighbours} neighbors")
    return ", ".join(told)


def since_words(item: QueueItem) -> str:
    """What happened last to a decided item."""
    if item.act is None:
        return ""
    return f"{DONE[item.act]} by {item.by}"


def kind_words(item: QueueItem) -> str:
    """A kind of thing in an agency's area."""
    return f"{KINDS[item.kind]} · {item.agency_name}"
