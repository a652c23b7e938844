"""The words of moderation, in English: names, explanations, and what the author is told. Codes live in `moderation`.

A test proves that each code has its words.
"""

from __future__ import annotations

import msgspec

from console.domain.moderation import Act, FlagOutcome, FlagReason, ItemKind, ItemState, Lane, Reason


class ReasonWords(msgspec.Struct, frozen=True):
    """A reason's name, and a sentence that says when it is the right one."""

    name: str
    explains: str


FLAG_REASONS: dict[FlagReason, ReasonWords] = {
    FlagReason.EMERGENCY: ReasonWords(
        "Somebody is in danger", "Somebody may be hurt or in danger now. Call 911 first: nobody here can send help."
    ),
    FlagReason.THREAT: ReasonWords("A threat", "It says that somebody will be hurt, or calls on others to do it."),
    FlagReason.DOXXING: ReasonWords(
        "Exposes somebody", "It tells where a person lives, works or goes so that others find them."
    ),
    FlagReason.PERSONAL_DATA: ReasonWords(
        "Personal data", "It shows a name with a telephone number, a plate, a document or the like."
    ),
    FlagReason.RACE_PROFILING: ReasonWords(
        "Profiling by race", "It makes somebody a suspect by race or origin, and not by what they did."
    ),
    FlagReason.SPAM: ReasonWords("Advertising or repeated", "It sells something, or says the same again and again."),
}
"""The reasons of a flag, in the order in which they are offered."""

EMERGENCY_NOTICE = "Is somebody in danger? Call 911 first. Porchlight is not monitored round the clock."

REASONS: dict[Reason, ReasonWords] = {
    Reason.PERSONAL_DATA: ReasonWords("Personal data", "it shows somebody\u2019s personal data"),
    Reason.THREAT: ReasonWords("A threat", "it threatens somebody or calls for violence"),
    Reason.RACE_PROFILING: ReasonWords(
        "Profiling by race", "it makes somebody a suspect by race or origin and not by what they did"
    ),
    Reason.DOXXING: ReasonWords("Exposes somebody", "it tells where a person can be found"),
    Reason.SPAM: ReasonWords("Advertising or repeated", "it is advertising, or says the same again and again"),
    Reason.WITHIN_RULES: ReasonWords("Within the rules", "it keeps the rules"),
    Reason.EMERGENCY_PASSED_ON: ReasonWords(
        "Emergency: 911 was called", "help was called, and the words themselves keep the rules"
    ),
    Reason.MISTAKE: ReasonWords("A mistake", "the earlier decision was a mistake"),
    Reason.STANDS: ReasonWords("The decision stands", "another moderator looked at it and came to the same"),
    Reason.WORDING: ReasonWords("The words", "its words are not fit for neighbors"),
    Reason.PURPOSE: ReasonWords("The purpose", "it is for something that Porchlight is not used for"),
}
"""`explains` completes a sentence that begins with "because"."""

KINDS: dict[ItemKind, str] = {
    ItemKind.POST: "Post",
    ItemKind.COMMENT: "Comment",
    ItemKind.REQUEST: "Video request",
    ItemKind.ALERT: "Alert",
}

ACTS: dict[Act, str] = {
    Act.FLAG: "Flag",
    Act.KEEP: "Keep",
    Act.LIMIT: "Limit",
    Act.REMOVE: "Remove",
    Act.RESTORE: "Restore",
    Act.REOPEN: "Look again",
    Act.APPEAL: "Appeal",
    Act.UPHOLD: "Uphold",
    Act.OVERTURN: "Overturn",
    Act.ERASE: "Erase",
    Act.HOLD: "Hold",
    Act.PUBLISH: "Publish",
    Act.REFUSE: "Refuse",
    Act.LIFT: "Withdraw",
}

DONE: dict[Act, str] = {
    Act.FLAG: "Flagged",
    Act.KEEP: "Kept",
    Act.LIMIT: "Limited",
    Act.REMOVE: "Removed",
    Act.RESTORE: "Restored",
    Act.REOPEN: "Opened again",
    Act.APPEAL: "Appealed",
    Act.UPHOLD: "Appeal decided: it stands",
    Act.OVERTURN: "Appeal decided: shown again",
    Act.ERASE: "Original text erased",
    Act.HOLD: "Held before publication",
    Act.PUBLISH: "Published",
    Act.REFUSE: "Refused before publication",
    Act.LIFT: "Withdrawn by its author",
}

WHAT_IT_DOES: dict[Act, str] = {
    Act.KEEP: "It stays as it is. The same reason on the same words does not bring it back.",
    Act.LIMIT: "It is shown behind a notice, and the public can no longer comment on it.",
    Act.REMOVE: "Nobody sees its words any more. It can be restored for 30 days; then they are erased.",
    Act.RESTORE: "It is shown again as it was.",
    Act.REOPEN: "It goes back to the queue, to be decided anew.",
    Act.UPHOLD: "The first decision stands. The author is told.",
    Act.OVERTURN: "It is shown again as it was. The author is told.",
    Act.PUBLISH: "It is published at once.",
    Act.REFUSE: "It goes back to its author with the reason, and can be sent again.",
}

STATES: dict[ItemState, str] = {
    ItemState.FLAGGED: "Flagged",
    ItemState.KEPT: "Kept",
    ItemState.LIMITED: "Limited",
    ItemState.LIMITED_FLAGGED: "Limited, flagged again",
    ItemState.LIMITED_APPEALED: "Limited, appealed",
    ItemState.REMOVED: "Removed",
    ItemState.REMOVED_APPEALED: "Removed, appealed",
    ItemState.ERASED: "Removed and erased",
    ItemState.HELD: "Awaits publication",
    ItemState.PUBLISHED: "Published",
    ItemState.REFUSED: "Refused",
    ItemState.LIFTED: "Withdrawn",
}

LANES: dict[Lane, str] = {
    Lane.EMERGENCY: "Emergency",
    Lane.FLAGS: "Flags",
    Lane.APPEALS: "Appeals",
    Lane.PUBLICATION: "Before publication",
    Lane.DECIDED: "Decided",
}

OUTCOMES: dict[FlagOutcome, str] = {
    FlagOutcome.WAITING: "Waits for a neutral moderator",
    FlagOutcome.KEPT: "Looked at, and kept",
    FlagOutcome.LIMITED: "Limited: shown behind a notice",
    FlagOutcome.REMOVED: "Removed",
}

REMOVED_STUB = "Removed by Porchlight\u2019s neutral moderators."
LIMITED_NOTICE = "Limited by Porchlight\u2019s neutral moderators. Open it to read it all the same."

_WHO = "Porchlight\u2019s neutral moderators, who work for no police department,"
_VERBS: dict[Act, str] = {
    Act.LIMIT: "now show your {what} behind a notice",
    Act.REMOVE: "removed your {what}",
    Act.RESTORE: "show your {what} again",
    Act.UPHOLD: "looked at your appeal: the decision on your {what} stands",
    Act.OVERTURN: "looked at your appeal and show your {what} again",
    Act.PUBLISH: "published your {what}",
    Act.REFUSE: "returned your {what} before it was published",
}
UNTOLD = "The author is told nothing: nothing of theirs has changed."


def told_to_author(
    kind: ItemKind, act: Act, reason: Reason, words: str = "", until: str = "", *, may_appeal: bool = True
) -> str:
    """What the author of an item reads of a decision; `until` says in words when an appeal must be in."""
    if act not in _VERBS:
        return UNTOLD
    what = KINDS[kind].lower()
    said = [f"{_WHO} {_VERBS[act].format(what=what)}, because {REASONS[reason].explains}."]
    if words.strip():
        said.append(words.strip())
    if may_appeal and act in {Act.LIMIT, Act.REMOVE}:
        by = f"until {until}" if until else "within 20 days"
        said.append(f"You can appeal once, {by}. Another moderator then decides.")
    return " ".join(said)
