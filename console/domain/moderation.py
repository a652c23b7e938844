"""Moderation: what may be flagged, what the service's neutral moderators may decide, and the one table of states.

An agency can flag and never hide, delete or rank; no reason names a viewpoint. What is limited or removed can be
appealed once, within 20 days, and another moderator decides. What was removed can be restored for 30 days.
Visibility follows from the state and from nothing else. Source: the issue "The feed desk"; FixMyStreet's moderation
(a reason, the original kept, the author told).
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

import msgspec

from console.domain.feed import Visibility

ItemId = NewType("ItemId", str)
DecisionId = NewType("DecisionId", str)

APPEAL_WITHIN = timedelta(days=20)
RESTORABLE_FOR = timedelta(days=30)
WORDS_MAX = 500


class FlagReason(StrEnum):
    """Why something is flagged. None names a viewpoint: what somebody thinks is no reason."""

    PERSONAL_DATA = "personal_data"
    THREAT = "threat"
    RACE_PROFILING = "race_profiling"
    DOXXING = "doxxing"
    SPAM = "spam"
    EMERGENCY = "emergency"


class ItemKind(StrEnum):
    """What the neutral moderators decide on: what people wrote, and what an agency is about to publish."""

    POST = "post"
    COMMENT = "comment"
    REQUEST = "request"
    ALERT = "alert"


class ItemState(StrEnum):
    """Where an item stands."""

    FLAGGED = "flagged"
    KEPT = "kept"
    LIMITED = "limited"
    LIMITED_FLAGGED = "limited_flagged"
    LIMITED_APPEALED = "limited_appealed"
    REMOVED = "removed"
    REMOVED_APPEALED = "removed_appealed"
    ERASED = "erased"
    HELD = "held"
    PUBLISHED = "published"
    REFUSED = "refused"
    LIFTED = "lifted"


class Act(StrEnum):
    """What can be done to an item."""

    FLAG = "flag"
    KEEP = "keep"
    LIMIT = "limit"
    REMOVE = "remove"
    RESTORE = "restore"
    REOPEN = "reopen"
    APPEAL = "appeal"
    UPHOLD = "uphold"
    OVERTURN = "overturn"
    ERASE = "erase"
    HOLD = "hold"
    PUBLISH = "publish"
    REFUSE = "refuse"
    LIFT = "lift"


class Reason(StrEnum):
    """Why a moderator decided as they did."""

    PERSONAL_DATA = "personal_data"
    THREAT = "threat"
    RACE_PROFILING = "race_profiling"
    DOXXING = "doxxing"
    SPAM = "spam"
    WITHIN_RULES = "within_rules"
    EMERGENCY_PASSED_ON = "emergency_passed_on"
    MISTAKE = "mistake"
    STANDS = "stands"
    WORDING = "wording"
    PURPOSE = "purpose"


class By(StrEnum):
    """Who takes a step."""

    ANYBODY = "anybody"  # who sees it: an agency's member or a neighbour
    MODERATOR = "moderator"
    ANOTHER_MODERATOR = "another_moderator"  # not the one whose decision is appealed
    AUTHOR = "author"
    SERVICE = "service"


class Rule(msgspec.Struct, frozen=True):
    """One line of the table."""

    before: ItemState
    act: Act
    after: ItemState
    by: By


_S, _A = ItemState, Act

RULES: tuple[Rule, ...] = (
    Rule(_S.FLAGGED, _A.FLAG, _S.FLAGGED, By.ANYBODY),
    Rule(_S.FLAGGED, _A.KEEP, _S.KEPT, By.MODERATOR),
    Rule(_S.FLAGGED, _A.LIMIT, _S.LIMITED, By.MODERATOR),
    Rule(_S.FLAGGED, _A.REMOVE, _S.REMOVED, By.MODERATOR),
    Rule(_S.KEPT, _A.FLAG, _S.FLAGGED, By.ANYBODY),
    Rule(_S.KEPT, _A.REOPEN, _S.FLAGGED, By.MODERATOR),
    Rule(_S.LIMITED, _A.FLAG, _S.LIMITED_FLAGGED, By.ANYBODY),
    Rule(_S.LIMITED, _A.RESTORE, _S.KEPT, By.MODERATOR),
    Rule(_S.LIMITED, _A.APPEAL, _S.LIMITED_APPEALED, By.AUTHOR),
    Rule(_S.LIMITED_FLAGGED, _A.FLAG, _S.LIMITED_FLAGGED, By.ANYBODY),
    Rule(_S.LIMITED_FLAGGED, _A.KEEP, _S.LIMITED, By.MODERATOR),
    Rule(_S.LIMITED_FLAGGED, _A.LIMIT, _S.LIMITED, By.MODERATOR),
    Rule(_S.LIMITED_FLAGGED, _A.REMOVE, _S.REMOVED, By.MODERATOR),
    Rule(_S.LIMITED_FLAGGED, _A.APPEAL, _S.LIMITED_APPEALED, By.AUTHOR),
    Rule(_S.LIMITED_APPEALED, _A.FLAG, _S.LIMITED_APPEALED, By.ANYBODY),
    Rule(_S.LIMITED_APPEALED, _A.UPHOLD, _S.LIMITED, By.ANOTHER_MODERATOR),
    Rule(_S.LIMITED_APPEALED, _A.OVERTURN, _S.KEPT, By.ANOTHER_MODERATOR),
    Rule(_S.REMOVED, _A.RESTORE, _S.KEPT, By.MODERATOR),
    Rule(_S.REMOVED, _A.APPEAL, _S.REMOVED_APPEALED, By.AUTHOR),
    Rule(_S.REMOVED, _A.ERASE, _S.ERASED, By.SERVICE),
    Rule(_S.REMOVED_APPEALED, _A.UPHOLD, _S.REMOVED, By.ANOTHER_MODERATOR),
    Rule(_S.REMOVED_APPEALED, _A.OVERTURN, _S.KEPT, By.ANOTHER_MODERATOR),
    Rule(_S.HELD, _A.PUBLISH, _S.PUBLISHED, By.MODERATOR),
    Rule(_S.HELD, _A.REFUSE, _S.REFUSED, By.MODERATOR),
    Rule(_S.HELD, _A.LIFT, _S.LIFTED, By.SERVICE),
    Rule(_S.REFUSED, _A.HOLD, _S.HELD, By.SERVICE),
    Rule(_S.LIFTED, _A.HOLD, _S.HELD, By.SERVICE),
)
_BY_STEP = {(rule.before, rule.act): rule for rule in RULES}

VISIBLE_AS: dict[ItemState, Visibility] = {
    _S.FLAGGED: Visibility.PUBLIC,
    _S.KEPT: Visibility.PUBLIC,
    _S.LIMITED: Visibility.LIMITED,
    _S.LIMITED_FLAGGED: Visibility.LIMITED,
    _S.LIMITED_APPEALED: Visibility.LIMITED,
    _S.REMOVED: Visibility.REMOVED,
    _S.REMOVED_APPEALED: Visibility.REMOVED,
    _S.ERASED: Visibility.REMOVED,
}
"""What is seen of a post or comment in a state; what is held is not published, and so is not seen at all."""

REASONS_OF: dict[Act, tuple[Reason, ...]] = {
    _A.KEEP: (Reason.WITHIN_RULES, Reason.EMERGENCY_PASSED_ON),
    _A.LIMIT: (Reason.PERSONAL_DATA, Reason.THREAT, Reason.RACE_PROFILING, Reason.DOXXING, Reason.SPAM),
    _A.REMOVE: (Reason.PERSONAL_DATA, Reason.THREAT, Reason.RACE_PROFILING, Reason.DOXXING, Reason.SPAM),
    _A.RESTORE: (Reason.MISTAKE, Reason.WITHIN_RULES),
    _A.REOPEN: (Reason.MISTAKE,),
    _A.UPHOLD: (Reason.STANDS,),
    _A.OVERTURN: (Reason.MISTAKE, Reason.WITHIN_RULES),
    _A.PUBLISH: (Reason.WITHIN_RULES,),
    _A.REFUSE: (Reason.WORDING, Reason.PERSONAL_DATA, Reason.RACE_PROFILING, Reason.PURPOSE),
}
"""The acts of a moderator, each with the coded reasons that it may have; the first is offered first."""

APPEALABLE = frozenset({_A.LIMIT, _A.REMOVE})
WAITING = frozenset(
    {_S.FLAGGED, _S.LIMITED_FLAGGED, _S.LIMITED_APPEALED, _S.REMOVED_APPEALED, _S.HELD},
)


class Refusal(StrEnum):
    """Why a step may not be taken."""

    WRONG_STATE = "wrong_state"
    WRONG_REASON = "wrong_reason"
    NOT_THEIRS = "not_theirs"
    OWN_DECISION = "own_decision"
    APPEALED_BEFORE = "appealed_before"
    TOO_LATE = "too_late"
    FINAL = "final"


class Standing(msgspec.Struct, frozen=True):
    """What a step depends on beside the state.

    `by` is who acts; `decided_at` (UTC) is when the limit or removal in force was decided, `is_decider` whether the
    actor decided it, `was_appealed` whether it was appealed, `was_overturned` whether an appeal put the item back.
    """

    by: By
    now: datetime
    decided_at: datetime | None = None
    is_decider: bool = False
    was_appealed: bool = False
    was_overturned: bool = False


_MODERATORS = frozenset({By.MODERATOR, By.ANOTHER_MODERATOR})


def after(state: ItemState, act: Act, standing: Standing) -> ItemState | Refusal:  # noqa: PLR0911 - an answer a line
    """The state that an act leads to, or why it may not be taken."""
    rule = _BY_STEP.get((state, act))
    if rule is None:
        return Refusal.WRONG_STATE
    if rule.by is not standing.by and not {rule.by, standing.by} <= _MODERATORS:
        return Refusal.NOT_THEIRS
    if rule.by is By.ANOTHER_MODERATOR and standing.is_decider:
        return Refusal.OWN_DECISION
    passed = timedelta() if standing.decided_at is None else standing.now - standing.decided_at
    match act:
        case Act.APPEAL if standing.was_appealed:
            return Refusal.APPEALED_BEFORE
        case Act.APPEAL if passed > APPEAL_WITHIN:
            return Refusal.TOO_LATE
        case Act.RESTORE if state is ItemState.REMOVED and passed > RESTORABLE_FOR:
            return Refusal.TOO_LATE
        case Act.ERASE if passed <= RESTORABLE_FOR:
            return Refusal.WRONG_STATE
        case Act.REOPEN if standing.was_overturned:
            return Refusal.FINAL
        case _:
            return rule.after


def acts_open_to(state: ItemState, standing: Standing) -> tuple[Act, ...]:
    """What a moderator may do next, for the screen's buttons; the service judges again."""
    return tuple(act for act in REASONS_OF if isinstance(after(state, act, standing), ItemState))


# Flags


def fingerprint(*parts: str) -> str:
    """What a text is known by when it is asked whether it has changed since it was judged."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


class Judged(msgspec.Struct, frozen=True):
    """What was judged fine, or judged and limited: these reasons, on the text with this fingerprint."""

    reasons: frozenset[FlagReason] = frozenset()
    text: str = ""


def comes_back(state: ItemState, judged: Judged, reason: FlagReason, text: str) -> bool:
    """Whether a flag brings an item back to the queue: not for what was judged on unchanged text."""
    if state not in {ItemState.KEPT, ItemState.LIMITED}:
        return False
    return text != judged.text or reason not in judged.reasons


def judged_with(before: Judged, reasons: frozenset[FlagReason], text: str) -> Judged:
    """What is judged after a decision on these reasons; what was judged of another text counts no more."""
    kept = before.reasons if before.text == text else frozenset()
    return Judged(kept | reasons, text)


class FlagOutcome(StrEnum):
    """What became of a flag, as those who made it are told."""

    WAITING = "waiting"
    KEPT = "kept"
    LIMITED = "limited"
    REMOVED = "removed"


def outcome_of(state: ItemState, *, is_settled: bool) -> FlagOutcome:
    """What who flagged is told: nothing of other flags, nor of an appeal until it is decided."""
    if not is_settled:
        return FlagOutcome.WAITING
    seen = VISIBLE_AS.get(state, Visibility.PUBLIC)
    return {
        Visibility.PUBLIC: FlagOutcome.KEPT,
        Visibility.LIMITED: FlagOutcome.LIMITED,
        Visibility.REMOVED: FlagOutcome.REMOVED,
    }[seen]


class Lane(StrEnum):
    """The lanes of the queue, in their order."""

    EMERGENCY = "emergency"
    FLAGS = "flags"
    APPEALS = "appeals"
    PUBLICATION = "publication"
    DECIDED = "decided"


def lane_of(state: ItemState, reasons: frozenset[FlagReason]) -> Lane:
    """The lane of an item; `reasons` are those of its flags that nobody has judged yet."""
    if state not in WAITING:
        return Lane.DECIDED
    if state is ItemState.HELD:
        return Lane.PUBLICATION
    if FlagReason.EMERGENCY in reasons:
        return Lane.EMERGENCY
    return Lane.APPEALS if state in {ItemState.LIMITED_APPEALED, ItemState.REMOVED_APPEALED} else Lane.FLAGS
