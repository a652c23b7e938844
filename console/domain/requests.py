"""The life of a video request, as one table.

`draft -> pending -> (returned -> pending)* | rejected | withdrawn -> approved -> published -> expired | resolved`
(DESIGN 4), with `endorsed` between pending and approved where two must approve (ADR 0005). Nothing but this table says
who may take which step; a published request is never edited or deleted.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import NewType

import msgspec

from console.domain.drafts import Draft
from console.domain.members import Member, MemberId, Ori, Role
from console.domain.places import Geometry

RequestId = NewType("RequestId", str)


class State(StrEnum):
    """Where a request stands."""

    PENDING = "pending"
    ENDORSED = "endorsed"
    RETURNED = "returned"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    APPROVED = "approved"
    PUBLISHED = "published"
    EXPIRED = "expired"
    RESOLVED = "resolved"


# The states in which somebody has to decide.
WAITS = frozenset({State.PENDING, State.ENDORSED})


class Action(StrEnum):
    """What can be done to a request."""

    RESUBMIT = "resubmit"
    WITHDRAW = "withdraw"
    RETURN = "return"
    REJECT = "reject"
    ENDORSE = "endorse"
    APPROVE = "approve"
    PUBLISH = "publish"
    REFUSE = "refuse"
    ADD_ADDENDUM = "add_addendum"
    RESOLVE = "resolve"
    EXPIRE = "expire"


class Authorship(StrEnum):
    """What the actor has to do with the request."""

    AUTHOR = "author"
    NOT_AUTHOR = "not_author"
    NEITHER = "neither"  # neither the author nor who approved first
    ANYONE = "anyone"
    SERVICE = "service"


class Rule(msgspec.Struct, frozen=True):
    """One line of the table."""

    before: State
    action: Action
    after: State
    roles: frozenset[Role]
    authorship: Authorship


_AUTHORS = frozenset({Role.OFFICER, Role.SUPERVISOR})
_DECIDERS = frozenset({Role.SUPERVISOR})
_NOBODY: frozenset[Role] = frozenset()

RULES: tuple[Rule, ...] = (
    Rule(State.PENDING, Action.WITHDRAW, State.WITHDRAWN, _AUTHORS, Authorship.AUTHOR),
    Rule(State.PENDING, Action.RETURN, State.RETURNED, _DECIDERS, Authorship.NOT_AUTHOR),
    Rule(State.PENDING, Action.REJECT, State.REJECTED, _DECIDERS, Authorship.NOT_AUTHOR),
    Rule(State.PENDING, Action.APPROVE, State.APPROVED, _DECIDERS, Authorship.NOT_AUTHOR),
    Rule(State.PENDING, Action.ENDORSE, State.ENDORSED, _DECIDERS, Authorship.NOT_AUTHOR),
    Rule(State.ENDORSED, Action.WITHDRAW, State.WITHDRAWN, _AUTHORS, Authorship.AUTHOR),
    Rule(State.ENDORSED, Action.RETURN, State.RETURNED, _DECIDERS, Authorship.NOT_AUTHOR),
    Rule(State.ENDORSED, Action.REJECT, State.REJECTED, _DECIDERS, Authorship.NOT_AUTHOR),
    Rule(State.ENDORSED, Action.APPROVE, State.APPROVED, _DECIDERS, Authorship.NEITHER),
    Rule(State.RETURNED, Action.RESUBMIT, State.PENDING, _AUTHORS, Authorship.AUTHOR),
    Rule(State.RETURNED, Action.WITHDRAW, State.WITHDRAWN, _AUTHORS, Authorship.AUTHOR),
    Rule(State.APPROVED, Action.PUBLISH, State.PUBLISHED, _NOBODY, Authorship.SERVICE),
    # Where the service holds requests before publication, its neutral moderators publish or refuse (`moderation`).
    Rule(State.APPROVED, Action.REFUSE, State.RETURNED, _NOBODY, Authorship.SERVICE),
    Rule(State.APPROVED, Action.WITHDRAW, State.WITHDRAWN, _AUTHORS, Authorship.AUTHOR),
    Rule(State.PUBLISHED, Action.ADD_ADDENDUM, State.PUBLISHED, _AUTHORS, Authorship.ANYONE),
    Rule(State.PUBLISHED, Action.RESOLVE, State.RESOLVED, _AUTHORS, Authorship.ANYONE),
    Rule(State.PUBLISHED, Action.EXPIRE, State.EXPIRED, _NOBODY, Authorship.SERVICE),
)
_BY_STEP = {(rule.before, rule.action): rule for rule in RULES}


class Refusal(StrEnum):
    """Why a step may not be taken."""

    WRONG_STATE = "wrong_state"
    WRONG_ROLE = "wrong_role"
    OWN_REQUEST = "own_request"
    SECOND_NEEDED = "second_needed"
    NOT_YOURS = "not_yours"


def after(  # noqa: PLR0911 - one answer a line
    state: State, action: Action, role: Role | None, *, is_author: bool, approved_first: bool = False
) -> State | Refusal:
    """The state that an action leads to, or why it may not be taken; `role` None is the service itself.

    `approved_first`: the actor gave the first of two approvals.
    """
    rule = _BY_STEP.get((state, action))
    if rule is None:
        return Refusal.WRONG_STATE
    if rule.authorship is Authorship.SERVICE:
        return rule.after if role is None else Refusal.WRONG_ROLE
    if role is None or role not in rule.roles:
        return Refusal.WRONG_ROLE
    if rule.authorship in {Authorship.NOT_AUTHOR, Authorship.NEITHER} and is_author:
        return Refusal.OWN_REQUEST
    if rule.authorship is Authorship.NEITHER and approved_first:
        return Refusal.SECOND_NEEDED
    if rule.authorship is Authorship.AUTHOR and not is_author:
        return Refusal.NOT_YOURS
    return rule.after


def actions_open_to(state: State, role: Role, *, is_author: bool, approved_first: bool = False) -> tuple[Action, ...]:
    """What this member may do next, for the screen's buttons; the service judges again."""
    return tuple(
        a
        for a in Action
        if isinstance(after(state, a, role, is_author=is_author, approved_first=approved_first), State)
    )


def is_same_person(one: Member, other: Member) -> bool:
    """Whether two members are one person: the same account, or the same badge in the same agency."""
    return one.id == other.id or (one.agency == other.agency and bool(one.badge) and one.badge == other.badge)


class ProportionateReason(StrEnum):
    """Coded reasons for which a request above the homes limit is proportionate all the same."""

    SERIOUS_HARM = "serious_harm"
    DENSE_HOUSING = "dense_housing"
    ROUTE_UNKNOWN = "route_unknown"
    NO_OTHER_MEANS = "no_other_means"


class WithdrawReason(StrEnum):
    """Coded reasons of a withdrawal."""

    SOLVED = "solved"
    MISTAKE = "mistake"
    OTHER_MEANS = "other_means"
    NO_LONGER_NEEDED = "no_longer_needed"


class RejectReason(StrEnum):
    """Coded reasons of a rejection."""

    TOO_WIDE = "too_wide"
    NOT_NECESSARY = "not_necessary"
    OTHER_MEANS = "other_means"
    WRONG_CASE = "wrong_case"
    WORDING = "wording"
    POLICY = "policy"


class Outcome(StrEnum):
    """Coded outcomes of a resolved request."""

    ARREST = "arrest"
    LEAD = "lead"
    NO_HELP = "no_help"
    UNFOUNDED = "unfounded"
    OTHER_SOURCE = "other_source"


class FieldComment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A supervisor's comment on one field of a returned request."""

    field: str
    text: str


class Transition(msgspec.Struct, frozen=True):
    """One step of a request's history: from which state, to which, who (in words and by id), when (UTC), why.

    `acting_for` names the supervisor for whom a delegate decided.
    """

    action: str
    before: str
    after: str
    version: int
    actor: str
    at: datetime
    reason: str = ""
    comments: tuple[FieldComment, ...] = ()
    actor_id: str = ""
    acting_for: str = ""
    acting_for_ids: tuple[str, ...] = ()


class Claim(msgspec.Struct, frozen=True):
    """Who is deciding on a request now, and until when (UTC) if nothing more is heard."""

    member: MemberId
    name: str
    until: datetime


class Addendum(msgspec.Struct, frozen=True):
    """Words added to a published request; the request itself is never edited."""

    text: str
    author: str
    at: datetime


class Request(msgspec.Struct, frozen=True):
    """A request as its agency sees it. Areas in square metres, times aware UTC.

    It holds nothing about neighbours: not how many were asked, saw, declined or opted out (DESIGN 3).
    """

    id: RequestId
    number: str
    version: int
    state: State
    agency: Ori
    author: Member
    draft: Draft
    area_m2: float
    radius_m: float
    homes: str
    outline: Geometry
    submitted_at: datetime
    published_at: datetime | None = None
    expires_at: datetime | None = None
    history: tuple[Transition, ...] = ()
    addenda: tuple[Addendum, ...] = ()
    outcome: str = ""
    before: Draft | None = None  # what was returned, where this is a resubmission: for the diff
    claim: Claim | None = None
    case_check: str = ""  # what the agency's own records system said: see `CaseCheck`
    public_notes: tuple[str, ...] = ()

    @property
    def approved_first_ids(self) -> tuple[str, ...]:
        """Whose approval waits for a second, and in whose place it was given: none of them gives the second."""
        if self.state is not State.ENDORSED:
            return ()
        lines = (t for t in reversed(self.history) if t.action == Action.ENDORSE)
        return next(((t.actor_id, *t.acting_for_ids) for t in lines), ())


class CaseCheck(StrEnum):
    """What the agency's records system says of a case number; `not_verified` is neither a pass nor a block."""

    VERIFIED = "verified"
    NOT_KNOWN = "not_known"
    NOT_VERIFIED = "not_verified"


class EarlierRequest(msgspec.Struct, frozen=True):
    """What the check needs of the agency's own earlier requests."""

    id: str
    case_number: str
    state: State
    submitted_at: datetime
    author: MemberId
    blocks: tuple[str, ...] = ()
    begins: datetime | None = None
    ends: datetime | None = None
    published_at: datetime | None = None

    @property
    def asked_at(self) -> datetime:
        """When the case last asked: it was published, or else sent."""
        return self.submitted_at if self.published_at is None else max(self.submitted_at, self.published_at)
