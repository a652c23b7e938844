"""Bodies and answers of moderation: flags, the neutral moderators' queue, decisions, appeals and public counts.

What an agency gets holds no other's flag, no neighbour and no id by which an author could be matched. What a neutral
moderator gets names agencies, counts neighbours, and names authors only as their thread does.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

from console.contract.payloads import Version
from console.domain.feed import Category, Visibility
from console.domain.moderation import (
    WORDS_MAX,
    Act,
    FlagOutcome,
    FlagReason,
    ItemId,
    ItemKind,
    ItemState,
    Lane,
    Reason,
)
from console.domain.requests import Claim

FlagWords = Annotated[str, msgspec.Meta(max_length=WORDS_MAX)]
AppealWords = Annotated[str, msgspec.Meta(min_length=3, max_length=2_000)]


class _Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class NewFlag(_Body, frozen=True):
    """A flag with a coded reason, and words if they help the moderator."""

    reason: FlagReason
    words: FlagWords = ""


class OwnFlag(msgspec.Struct, frozen=True):
    """A flag of one's own agency and what became of it; nothing of whoever else flagged the same."""

    id: str
    kind: ItemKind
    post: str
    comment: str
    reason: FlagReason
    words: str
    by: str
    at: datetime
    outcome: FlagOutcome
    decided_at: datetime | None = None


class DecisionOnYours(msgspec.Struct, frozen=True):
    """A decision on what one wrote: what, why, until when an appeal may come, and what became of one.

    `told` is the whole in words but for the date; the text that was removed is not in it. `appeal` is "", "open",
    "upheld" or "overturned"; `is_in_force` is whether it still holds.
    """

    id: str
    kind: ItemKind
    post: str
    comment: str
    act: Act
    reason: Reason
    words: str
    written_at: datetime
    place_name: str
    category: Category
    decided_at: datetime
    appeal_until: datetime
    can_appeal: bool
    is_in_force: bool
    appeal: str = ""
    appeal_answer: str = ""


class OwnFlags(msgspec.Struct, frozen=True):
    """An agency's flags, newest first, and the decisions on its own official comments."""

    flags: tuple[OwnFlag, ...]
    decisions: tuple[DecisionOnYours, ...] = ()


class NewAppeal(_Body, frozen=True):
    """The author of something that was limited or removed asks another moderator to look at it."""

    words: AppealWords


class Deciding(_Body, frozen=True):
    """A decision on an item as it was seen: its version, and the number of the newest flag that was on the screen.

    A flag that came later is not settled by it.
    """

    version: Version
    act: Act
    reason: Reason
    words: FlagWords = ""
    flags_seen: Annotated[int, msgspec.Meta(ge=0, le=2**53)] = 0


class QueueItem(msgspec.Struct, frozen=True):
    """One row of the queue. `agencies` have flagged it, by name; of neighbours only how many is said."""

    id: ItemId
    kind: ItemKind
    state: ItemState
    lane: Lane
    version: int
    agency: str
    agency_name: str
    time_zone: str
    title: str
    reasons: tuple[FlagReason, ...]
    agencies: tuple[str, ...]
    neighbours: int
    since: datetime
    claim: Claim | None = None
    act: Act | None = None
    by: str = ""


class Queue(msgspec.Struct, frozen=True):
    """What waits and what was decided in the last 30 days; `as_of_event` numbers the event that it stands for."""

    items: tuple[QueueItem, ...]
    as_of_event: int


class AgencyFlag(msgspec.Struct, frozen=True):
    """What an agency said with its flag."""

    agency_name: str
    words: str
    at: datetime


class MergedFlag(msgspec.Struct, frozen=True):
    """All flags of one reason. `neighbour_words` are in no order that tells who or when."""

    reason: FlagReason
    is_open: bool
    agencies: tuple[AgencyFlag, ...]
    neighbours: int
    neighbour_words: tuple[str, ...]
    first_at: datetime


class DecisionLine(msgspec.Struct, frozen=True):
    """A decision as it stands in a history; it bears no id of item, thread or author."""

    act: Act
    reason: Reason
    words: str
    by: str
    at: datetime


class EarlierOfAuthor(msgspec.Struct, frozen=True):
    """A decision on something else that the same author wrote: what and when, and nothing that finds it again."""

    kind: ItemKind
    act: Act
    reason: Reason
    at: datetime


class ThreadLine(msgspec.Struct, frozen=True):
    """A comment of the thread as context; `is_it` marks what the item is about."""

    author: str
    official: bool
    text: str
    at: datetime
    visibility: Visibility
    is_it: bool


class AppealLine(msgspec.Struct, frozen=True):
    """What an author says against a decision, and what was answered."""

    words: str
    at: datetime
    is_open: bool
    may_decide: bool


class ItemView(msgspec.Struct, frozen=True):
    """An item with all that a decision needs. `facts` are a held thing's, as name and value."""

    item: QueueItem
    title: str
    text: str
    author: str
    at: datetime
    place_name: str
    category: Category | None
    visibility: Visibility
    post_title: str
    post_text: str
    thread: tuple[ThreadLine, ...]
    flags: tuple[MergedFlag, ...]
    flags_seen: int
    history: tuple[DecisionLine, ...]
    by_author: tuple[EarlierOfAuthor, ...]
    acts: tuple[Act, ...]
    appeal: AppealLine | None = None
    restorable_until: datetime | None = None
    facts: tuple[tuple[str, str], ...] = ()


class AgencyCount(msgspec.Struct, frozen=True):
    """What an agency flagged, by reason and by outcome, and what was decided in its jurisdiction."""

    ori: str
    name: str
    flags: dict[FlagReason, int]
    outcomes: dict[FlagOutcome, int]
    decisions: dict[Act, dict[Reason, int]]


class ModerationCounts(msgspec.Struct, frozen=True):
    """The public count, by reason and by agency; flags of neighbours are not counted in it."""

    agencies: tuple[AgencyCount, ...]
