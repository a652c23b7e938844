"""Desk work: what an agency notes and does about a post, and what no resident ever sees.

Promises: it never touches the post; every deed makes a line that says who, when, what was and what is; a line can be
taken back for 30 days, unless what it changed has been changed again since. What somebody judged fine stays so until
its words change. Sources: issue "The feed desk"; FixMyStreet's and Discourse's queues for what moderators expect.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, assert_never

import msgspec

from console.domain.feed import PostId
from console.domain.members import MemberId

if TYPE_CHECKING:
    from collections.abc import Iterable

    from console.domain.feed import Post

REVERSIBLE_FOR = timedelta(days=30)
CLAIM_LENGTH = timedelta(minutes=5)
AT_ONCE_MAX = 200
NOTE_MAX = 1_000


class DeskState(StrEnum):
    """Where a post stands at the agency's desk."""

    NEW = "new"
    SEEN = "seen"
    IN_WORK = "in_work"
    ANSWERED = "answered"
    CLOSED = "closed"


STATE_NAMES: dict[DeskState, str] = {
    DeskState.NEW: "New",
    DeskState.SEEN: "Seen",
    DeskState.IN_WORK: "In work",
    DeskState.ANSWERED: "Answered",
    DeskState.CLOSED: "Closed",
}
OPEN_STATES = frozenset({DeskState.NEW, DeskState.SEEN, DeskState.IN_WORK})


class CloseReason(StrEnum):
    """Why a post is closed; coded, so that the audit log can say it."""

    NO_ACTION = "no_action"
    SETTLED = "settled"
    DUPLICATE = "duplicate"
    REACHED = "reached"
    ELSEWHERE = "elsewhere"


CLOSE_REASONS: dict[CloseReason, str] = {
    CloseReason.NO_ACTION: "Nothing to do for the agency",
    CloseReason.SETTLED: "It is settled",
    CloseReason.DUPLICATE: "The same as another post",
    CloseReason.REACHED: "Dealt with by telephone or in person",
    CloseReason.ELSEWHERE: "Another office's matter",
}


class Person(msgspec.Struct, frozen=True):
    """A member as colleagues read them: "Officer Example One"."""

    id: MemberId
    name: str


class PostClaim(msgspec.Struct, frozen=True):
    """Who works on a post just now, and until when this holds by itself."""

    member: MemberId
    name: str
    until: datetime


class Note(msgspec.Struct, frozen=True):
    """Words for colleagues."""

    id: str
    by: Person
    at: datetime
    text: str


class Fine(msgspec.Struct, frozen=True):
    """Somebody looked at these very words and found nothing wrong with them."""

    by: Person
    at: datetime
    words: str  # the digest of what was judged


class DeskItem(msgspec.Struct, frozen=True):
    """A post at the agency's desk. `version` counts deeds, `changed` is the event by which it last changed."""

    post: PostId
    version: int = 0
    state: DeskState = DeskState.NEW
    closed_for: CloseReason | None = None
    assignee: Person | None = None
    case_number: str = ""
    fine: Fine | None = None
    notes: tuple[Note, ...] = ()
    claim: PostClaim | None = None
    changed: int = 0

    def claim_at(self, now: datetime) -> PostClaim | None:
        """The claim, where it still holds."""
        return self.claim if self.claim is not None and self.claim.until > now else None


class _Deed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class See(_Deed, frozen=True, tag="see"):
    """Somebody opened it."""


class SetState(_Deed, frozen=True, tag="set_state"):
    """It stands somewhere else; closing asks for a reason."""

    state: DeskState
    because: CloseReason | None = None


class Assign(_Deed, frozen=True, tag="assign"):
    """It is a colleague's; None: nobody's."""

    to: MemberId | None = None


class AddNote(_Deed, frozen=True, tag="add_note"):
    """Words for colleagues."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=NOTE_MAX)]


class LinkCase(_Deed, frozen=True, tag="link_case"):
    """It belongs to a case; empty: to none."""

    case_number: Annotated[str, msgspec.Meta(max_length=60)] = ""


class JudgeFine(_Deed, frozen=True, tag="judge_fine"):
    """Its words are fine; or that is taken back."""

    fine: bool = True


Deed = See | SetState | Assign | AddNote | LinkCase | JudgeFine


def tag_of(deed: Deed | type[Deed]) -> str:
    """The name of a kind of deed, as it stands in histories and logs."""
    return str(deed.__struct_config__.tag)


class DeskLine(msgspec.Struct, frozen=True):
    """One line of a post's history at the desk. `by` None: the service itself.

    `before` and `after` hold just the fields that were changed, by name; `reverts` is the number of the line that this
    one took back.
    """

    number: int
    post: PostId
    deed: str
    by: Person | None
    at: datetime
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    reverts: int = 0
    reverted_by: int = 0


class NotDone(StrEnum):
    """Why a deed may not be done."""

    NOTHING_TO_DO = "nothing_to_do"
    REASON_MISSING = "reason_missing"
    MOVED_ON = "moved_on"
    TOO_OLD = "too_old"
    CLAIMED = "claimed"


_FIELDS = ("state", "closed_for", "assignee", "case_number", "fine")


def words_digest(post: Post) -> str:
    """What "these very words" are, for a judgement that must not outlive them."""
    return hashlib.sha256(f"{post.title}\0{post.text}".encode()).hexdigest()[:32]


def is_judged_fine(item: DeskItem, post: Post) -> bool:
    """Whether the post's words were judged fine, and still are the same."""
    return item.fine is not None and item.fine.words == words_digest(post)


def done(
    item: DeskItem, deed: Deed, by: Person, at: datetime, *, colleague: Person | None, words: str, note_id: str
) -> DeskItem | NotDone:
    """The item after a deed; `colleague` is the member of an `Assign`, `words` the digest of a `JudgeFine`."""
    change = _change(item, deed, by, at, colleague=colleague, words=words, note_id=note_id)
    if isinstance(change, NotDone):
        return change
    after = msgspec.structs.replace(item, version=item.version + 1, **change)
    return NotDone.NOTHING_TO_DO if msgspec.structs.replace(after, version=item.version) == item else after


def _change(  # noqa: PLR0911 - one deed a line
    item: DeskItem, deed: Deed, by: Person, at: datetime, *, colleague: Person | None, words: str, note_id: str
) -> dict[str, Any] | NotDone:
    match deed:
        case See():
            return {"state": DeskState.SEEN} if item.state is DeskState.NEW else NotDone.NOTHING_TO_DO
        case SetState(DeskState.CLOSED, None):
            return NotDone.REASON_MISSING
        case SetState(DeskState.CLOSED as state, because):
            return {"state": state, "closed_for": because}
        case SetState(state):
            return {"state": state, "closed_for": None}
        case Assign():
            taken = DeskState.IN_WORK if colleague is not None and item.state in OPEN_STATES else item.state
            return {"assignee": colleague, "state": taken}
        case AddNote(text):
            return {"notes": (*item.notes, Note(note_id, by, at, text.strip()))}
        case LinkCase(number):
            return {"case_number": number}
        case JudgeFine(fine):
            return {"fine": Fine(by, at, words) if fine else None}
        case _:
            assert_never(deed)


def answered(item: DeskItem) -> DeskItem:
    """After a member's answer."""
    return msgspec.structs.replace(item, version=item.version + 1, state=DeskState.ANSWERED, closed_for=None)


def spoken_to(item: DeskItem, post: Post) -> DeskItem | None:
    """After a neighbour's comment: what was answered or closed is new again, unless it was judged fine; else None."""
    if item.state not in {DeskState.ANSWERED, DeskState.CLOSED} or is_judged_fine(item, post):
        return None
    return msgspec.structs.replace(item, version=item.version + 1, state=DeskState.NEW, closed_for=None)


def changed_fields(before: DeskItem, after: DeskItem) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a deed changed, as it was and as it is; a note by its id."""
    names = [name for name in _FIELDS if getattr(before, name) != getattr(after, name)]
    was = {name: msgspec.to_builtins(getattr(before, name)) for name in names}
    now = {name: msgspec.to_builtins(getattr(after, name)) for name in names}
    if before.notes != after.notes:  # what went and what came, whole: taking back must be able to bring it back
        was["notes"] = msgspec.to_builtins(tuple(note for note in before.notes if note not in after.notes))
        now["notes"] = msgspec.to_builtins(tuple(note for note in after.notes if note not in before.notes))
    return was, now


def reverted(item: DeskItem, line: DeskLine, now: datetime) -> DeskItem | NotDone:
    """The item without what a line did, where nothing of that has changed since and it is not too long ago."""
    if line.reverted_by or not line.before:
        return NotDone.MOVED_ON
    if now - line.at > REVERSIBLE_FOR:
        return NotDone.TOO_OLD
    change: dict[str, Any] = {}
    for name, was in line.before.items():
        if name == "notes":
            went, came = _notes(was), _notes(line.after[name])
            known = {note.id for note in item.notes}
            if not {note.id for note in came} <= known or {note.id for note in went} & known:
                return NotDone.MOVED_ON
            stay = (*(note for note in item.notes if note not in came), *went)
            change[name] = tuple(sorted(stay, key=lambda note: (note.at, note.id)))
            continue
        if name not in _FIELDS or msgspec.to_builtins(getattr(item, name)) != line.after.get(name):
            return NotDone.MOVED_ON
        change[name] = msgspec.convert(was, _TYPES[name])
    return msgspec.structs.replace(item, version=item.version + 1, **change)


def _notes(kept: Any) -> tuple[Note, ...]:
    return msgspec.convert(kept, tuple[Note, ...])


def overlap(one: DeskLine, other: DeskLine) -> bool:
    """Whether two lines changed the same field; a note is added beside others and changes none."""
    return bool((set(one.after) & set(other.after)) - {"notes"})


_TYPES: dict[str, Any] = {
    "state": DeskState,
    "closed_for": CloseReason | None,
    "assignee": Person | None,
    "case_number": str,
    "fine": Fine | None,
}


class View(StrEnum):
    """The desk's lists."""

    INBOX = "inbox"
    MINE = "mine"
    UNANSWERED = "unanswered"
    ANSWERED = "answered"
    CLOSED = "closed"
    ALL = "all"


VIEW_NAMES: dict[View, str] = {
    View.INBOX: "To look at",
    View.MINE: "Mine",
    View.UNANSWERED: "Unanswered",
    View.ANSWERED: "Answered",
    View.CLOSED: "Closed",
    View.ALL: "Everything",
}


def is_in(view: View, item: DeskItem, me: str) -> bool:
    """Whether a post of which this is the item belongs into a list of the member `me`."""
    match view:
        case View.INBOX:
            return item.state in {DeskState.NEW, DeskState.SEEN}
        case View.MINE:
            return item.assignee is not None and item.assignee.id == me and item.state in OPEN_STATES
        case View.UNANSWERED:
            return item.state in OPEN_STATES
        case View.ANSWERED:
            return item.state is DeskState.ANSWERED
        case View.CLOSED:
            return item.state is DeskState.CLOSED
        case View.ALL:
            return True
        case _:
            assert_never(view)


def ids_of(view: View, items: Iterable[DeskItem], me: str) -> tuple[frozenset[str], bool]:
    """A list as post ids, and whether they are those in it (True) or those left out of it (False).

    A post that the desk knows nothing of is new; so the lists that hold new posts are told by what they leave out.
    """
    untouched = is_in(view, DeskItem(PostId("")), me)
    return frozenset(item.post for item in items if is_in(view, item, me) is not untouched), not untouched


LINE_WORDS: dict[str, str] = {
    "see": "opened it first",
    "set_state": "set it to {state}",
    "assign": "gave it to {assignee}",
    "add_note": "added a note",
    "link_case": "linked it to {case_number}",
    "judge_fine": "judged its words fine",
    "answer": "answered",
    "spoken_to": "A neighbor commented; it is new again",
    "revert": "took back an earlier step",
}


def line_words(line: DeskLine) -> str:
    """A line for people, who it was included."""
    after = line.after
    assignee = after.get("assignee")
    said = LINE_WORDS[line.deed]
    if line.deed == "assign" and assignee is None:
        said = "took it from whose it was"
    elif line.deed == "link_case" and not after.get("case_number"):
        said = "unlinked it from its case"
    elif line.deed == "judge_fine" and after.get("fine") is None:
        said = "took back that its words are fine"
    state = after.get("state")
    said = said.format(
        state="" if state is None else STATE_NAMES[DeskState(state)].lower(),
        assignee="" if assignee is None else assignee["name"],
        case_number=after.get("case_number", ""),
    )
    because = after.get("closed_for")
    if line.deed == "set_state" and because is not None:
        said += f": {CLOSE_REASONS[CloseReason(because)].lower()}"
    return f"{line.by.name} {said}." if line.by is not None else f"{said}."
