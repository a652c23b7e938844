"""Alerts: what an agency tells the neighbourhood, as one table of states and as messages that are never edited.

`draft -> pending -> (returned -> pending)* | withdrawn -> (held ->) scheduled -> published -> ended | cancelled`, with
`refused` where the service's neutral moderators say no. What was published stays as it was said: an update and an
all-clear ("cancel") are messages of their own that refer to the first, take the same way, and move the first's state.
Source: DESIGN 1 and 2, CAP 1.2 (whose words severity, urgency, certainty and msgType are).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, NewType

import msgspec

from console.domain.areas import Circle, Polygon
from console.domain.members import Member, Ori, Role
from console.domain.places import Geometry, Point
from console.domain.times import Aware

if TYPE_CHECKING:
    from console.domain.policy import Agency

AlertId = NewType("AlertId", str)

LENGTH_MAX = timedelta(days=30)
TITLE_MIN, TITLE_MAX = 5, 120
TEXT_MIN, TEXT_MAX = 20, 2_000
PLACE_NAME_MAX = 120
PICTURES_MAX = 6
REASON_MIN, REASON_MAX = 10, 300


class AlertKind(StrEnum):
    """What an alert is about."""

    CRIME = "crime"
    SAFETY = "safety"
    MISSING_PERSON = "missing_person"
    COMMUNITY = "community"
    MOMENT = "moment"


class Level(StrEnum):
    """CAP's severity, the worst first."""

    EXTREME = "extreme"
    SEVERE = "severe"
    MODERATE = "moderate"
    MINOR = "minor"
    UNKNOWN = "unknown"


class Urgency(StrEnum):
    """CAP's urgency: how soon somebody should act."""

    IMMEDIATE = "immediate"
    EXPECTED = "expected"
    FUTURE = "future"
    PAST = "past"
    UNKNOWN = "unknown"


class Certainty(StrEnum):
    """CAP's certainty: how sure the agency is."""

    OBSERVED = "observed"
    LIKELY = "likely"
    POSSIBLE = "possible"
    UNLIKELY = "unlikely"
    UNKNOWN = "unknown"


class MessageKind(StrEnum):
    """CAP's msgType: a first message, one that takes its place, one that calls it off."""

    ALERT = "alert"
    UPDATE = "update"
    CANCEL = "cancel"


USUAL: dict[AlertKind, tuple[Level, Urgency, Certainty]] = {
    AlertKind.CRIME: (Level.MODERATE, Urgency.EXPECTED, Certainty.OBSERVED),
    AlertKind.SAFETY: (Level.SEVERE, Urgency.IMMEDIATE, Certainty.OBSERVED),
    AlertKind.MISSING_PERSON: (Level.SEVERE, Urgency.IMMEDIATE, Certainty.OBSERVED),
    AlertKind.COMMUNITY: (Level.MINOR, Urgency.FUTURE, Certainty.LIKELY),
    AlertKind.MOMENT: (Level.MINOR, Urgency.UNKNOWN, Certainty.OBSERVED),
}
"""What a kind of alert usually is; its author may say otherwise."""


class Spot(msgspec.Struct, frozen=True, tag="spot", forbid_unknown_fields=True):
    """A place. The public sees its block, not the point: it may be somebody's home."""

    at: Point


class Everywhere(msgspec.Struct, frozen=True, tag="everywhere", forbid_unknown_fields=True):
    """The agency's whole jurisdiction."""


Where = Spot | Circle | Polygon | Everywhere
PictureId = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


class AlertDraft(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """What a member has entered so far; empty text and None mean "not yet".

    Times are aware UTC: `begins` None is from when it goes out, `send_at` None is as soon as it may. An update or a
    cancel refers to the first message of its alert.
    """

    id: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    kind: AlertKind = AlertKind.SAFETY
    level: Level = Level.SEVERE
    urgency: Urgency = Urgency.IMMEDIATE
    certainty: Certainty = Certainty.OBSERVED
    title: str = ""
    text: str = ""
    title_es: str = ""
    text_es: str = ""
    where: Where | None = None
    place_name: str = ""
    begins: Aware | None = None
    ends: Aware | None = None
    send_at: Aware | None = None
    pictures: tuple[PictureId, ...] = ()
    message: MessageKind = MessageKind.ALERT
    refers_to: str = ""


def of_kind(draft: AlertDraft, kind: AlertKind) -> AlertDraft:
    """The draft as another kind; severity, urgency and certainty follow unless its author had changed them."""
    level, urgency, certainty = USUAL[kind]
    if (draft.level, draft.urgency, draft.certainty) != USUAL[draft.kind]:
        return msgspec.structs.replace(draft, kind=kind)
    return msgspec.structs.replace(draft, kind=kind, level=level, urgency=urgency, certainty=certainty)


class AlertState(StrEnum):
    """Where a message stands."""

    PENDING = "pending"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    HELD = "held"
    REFUSED = "refused"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    ENDED = "ended"
    CANCELLED = "cancelled"


OPEN_STATES = frozenset(
    {AlertState.PENDING, AlertState.RETURNED, AlertState.HELD, AlertState.SCHEDULED, AlertState.PUBLISHED}
)
"""Those in which something can still happen to a message."""
OUT_STATES = frozenset({AlertState.PUBLISHED, AlertState.ENDED, AlertState.CANCELLED})
"""Those of what was published, where it has a time of publishing: the public's list."""


class AlertAction(StrEnum):
    """What can be done to a message."""

    RESUBMIT = "resubmit"
    WITHDRAW = "withdraw"
    RETURN = "return"
    APPROVE = "approve"
    RELEASE = "release"
    REFUSE = "refuse"
    PUBLISH = "publish"
    FOLLOW_UP = "follow_up"
    UPDATE = "update"
    CANCEL = "cancel"
    CLOSE_COMMENTS = "close_comments"
    OPEN_COMMENTS = "open_comments"
    END = "end"


class Actor(StrEnum):
    """What who acts has to do with the message."""

    AUTHOR = "author"
    NOT_AUTHOR = "not_author"
    ANYONE = "anyone"
    SERVICE = "service"


class AlertRule(msgspec.Struct, frozen=True):
    """One line of the table."""

    before: AlertState
    action: AlertAction
    after: AlertState
    roles: frozenset[Role]
    actor: Actor


WRITERS = frozenset({Role.OFFICER, Role.SUPERVISOR, Role.MODERATOR})
"""Who may write an alert and send it off."""
SENDERS = frozenset({Role.SUPERVISOR, Role.MODERATOR})
"""Whose own alert may go out without a second member, and who may approve another's."""
_NOBODY: frozenset[Role] = frozenset()
_S, _A = AlertState, AlertAction

ALERT_RULES: tuple[AlertRule, ...] = (
    AlertRule(_S.PENDING, _A.WITHDRAW, _S.WITHDRAWN, WRITERS, Actor.AUTHOR),
    AlertRule(_S.PENDING, _A.RETURN, _S.RETURNED, SENDERS, Actor.NOT_AUTHOR),
    AlertRule(_S.PENDING, _A.APPROVE, _S.SCHEDULED, SENDERS, Actor.NOT_AUTHOR),
    AlertRule(_S.PENDING, _A.END, _S.ENDED, _NOBODY, Actor.SERVICE),
    AlertRule(_S.RETURNED, _A.RESUBMIT, _S.PENDING, WRITERS, Actor.AUTHOR),
    AlertRule(_S.RETURNED, _A.WITHDRAW, _S.WITHDRAWN, WRITERS, Actor.AUTHOR),
    AlertRule(_S.RETURNED, _A.END, _S.ENDED, _NOBODY, Actor.SERVICE),
    AlertRule(_S.HELD, _A.RELEASE, _S.SCHEDULED, _NOBODY, Actor.SERVICE),
    AlertRule(_S.HELD, _A.REFUSE, _S.REFUSED, _NOBODY, Actor.SERVICE),
    AlertRule(_S.HELD, _A.WITHDRAW, _S.WITHDRAWN, SENDERS, Actor.ANYONE),
    AlertRule(_S.HELD, _A.END, _S.ENDED, _NOBODY, Actor.SERVICE),
    AlertRule(_S.SCHEDULED, _A.WITHDRAW, _S.WITHDRAWN, SENDERS, Actor.ANYONE),
    AlertRule(_S.SCHEDULED, _A.PUBLISH, _S.PUBLISHED, _NOBODY, Actor.SERVICE),
    AlertRule(_S.SCHEDULED, _A.END, _S.ENDED, _NOBODY, Actor.SERVICE),
    AlertRule(_S.PUBLISHED, _A.FOLLOW_UP, _S.PUBLISHED, WRITERS, Actor.ANYONE),
    AlertRule(_S.PUBLISHED, _A.UPDATE, _S.PUBLISHED, _NOBODY, Actor.SERVICE),
    AlertRule(_S.PUBLISHED, _A.CANCEL, _S.CANCELLED, _NOBODY, Actor.SERVICE),
    AlertRule(_S.PUBLISHED, _A.END, _S.ENDED, _NOBODY, Actor.SERVICE),
    AlertRule(_S.PUBLISHED, _A.CLOSE_COMMENTS, _S.PUBLISHED, SENDERS, Actor.ANYONE),
    AlertRule(_S.PUBLISHED, _A.OPEN_COMMENTS, _S.PUBLISHED, SENDERS, Actor.ANYONE),
    AlertRule(_S.ENDED, _A.CLOSE_COMMENTS, _S.ENDED, SENDERS, Actor.ANYONE),
    AlertRule(_S.ENDED, _A.OPEN_COMMENTS, _S.ENDED, SENDERS, Actor.ANYONE),
    AlertRule(_S.CANCELLED, _A.CLOSE_COMMENTS, _S.CANCELLED, SENDERS, Actor.ANYONE),
    AlertRule(_S.CANCELLED, _A.OPEN_COMMENTS, _S.CANCELLED, SENDERS, Actor.ANYONE),
)
_BY_STEP = {(rule.before, rule.action): rule for rule in ALERT_RULES}


class AlertRefusal(StrEnum):
    """Why a step may not be taken."""

    WRONG_STATE = "wrong_state"
    WRONG_ROLE = "wrong_role"
    OWN_ALERT = "own_alert"
    NOT_YOURS = "not_yours"


def alert_after(
    state: AlertState, action: AlertAction, role: Role | None, *, is_author: bool
) -> AlertState | AlertRefusal:
    """The state that an action leads to, or why it may not be taken; `role` None is the service itself."""
    rule = _BY_STEP.get((state, action))
    if rule is None:
        return AlertRefusal.WRONG_STATE
    if rule.actor is Actor.SERVICE:
        return rule.after if role is None else AlertRefusal.WRONG_ROLE
    if role is None or role not in rule.roles:
        return AlertRefusal.WRONG_ROLE
    if rule.actor is Actor.NOT_AUTHOR and is_author:
        return AlertRefusal.OWN_ALERT
    if rule.actor is Actor.AUTHOR and not is_author:
        return AlertRefusal.NOT_YOURS
    return rule.after


def alert_actions(state: AlertState, role: Role, *, is_author: bool) -> tuple[AlertAction, ...]:
    """What this member may do next, for the screen's buttons; the service judges again."""
    return tuple(
        action
        for action in AlertAction
        if isinstance(alert_after(state, action, role, is_author=is_author), AlertState)
    )


def needs_second(role: Role, agency: Agency) -> bool:
    """Whether a member's own alert waits for another: an officer's always, anybody's where the agency says so."""
    return role not in SENDERS or agency.alert_needs_second


def state_when_allowed(message: MessageKind, *, holds: bool) -> AlertState:
    """Where a message goes that nobody of the agency has to look at any more.

    Where the service `holds` alerts its neutral moderators see first what says something new, never an all-clear.
    """
    return AlertState.HELD if holds and message is not MessageKind.CANCEL else AlertState.SCHEDULED


class AlertStep(msgspec.Struct, frozen=True):
    """One step of a message's history: who (in words and by id), when (UTC), why."""

    action: str
    before: str
    after: str
    version: int
    actor: str
    at: datetime
    reason: str = ""
    actor_id: str = ""


class MessageReference(msgspec.Struct, frozen=True):
    """An earlier message, as CAP refers to it."""

    sender: str
    identifier: str
    sent: datetime


class AlertMessage(msgspec.Struct, frozen=True):
    """A message as it was published, and never changed afterwards: all that its CAP form needs.

    `sent` is a whole second, since CAP knows no parts of one; `references` are the alert's earlier messages, the first
    first. `outline` is what the public sees as the area, GeoJSON, longitude first. `alert` is the id of the first
    message, `record` that of the message itself.
    """

    identifier: str
    sender: str
    sent: datetime
    message: MessageKind
    references: tuple[MessageReference, ...]
    alert: AlertId
    record: AlertId
    agency: Ori
    agency_name: str
    author: str
    kind: AlertKind
    level: Level
    urgency: Urgency
    certainty: Certainty
    title: str
    text: str
    title_es: str
    text_es: str
    place_name: str
    outline: Geometry
    begins: datetime
    ends: datetime
    pictures: tuple[str, ...] = ()


class Alert(msgspec.Struct, frozen=True):
    """A message as its agency sees it. `ends_at` is when it ends now: an update may have moved it.

    `messages` are what was published of the alert, the first first; only a first message has them, and has a post.
    """

    id: AlertId
    number: str
    version: int
    state: AlertState
    agency: Ori
    author: Member
    draft: AlertDraft
    outline: Geometry
    submitted_at: datetime
    ends_at: datetime
    published_at: datetime | None = None
    approver: Member | None = None
    history: tuple[AlertStep, ...] = ()
    messages: tuple[AlertMessage, ...] = ()
    post: str = ""
    comments_closed: str = ""

    @property
    def is_first(self) -> bool:
        """Whether it is the first message of an alert."""
        return self.draft.message is MessageKind.ALERT

    @property
    def is_out(self) -> bool:
        """Whether the public has seen it."""
        return self.published_at is not None


def newest(alert: Alert, last: Alert | None = None) -> AlertDraft:
    """What an alert says now, as the draft of an update begins: its last message, referring to the first.

    `last` is the record of that message, where it is at hand: it knows the place as it was drawn.
    """
    said = alert.messages[-1] if alert.messages else None
    draft = alert.draft if last is None else msgspec.structs.replace(alert.draft, where=last.draft.where)
    if said is not None:
        draft = msgspec.structs.replace(
            draft,
            level=said.level,
            urgency=said.urgency,
            certainty=said.certainty,
            title=said.title,
            text=said.text,
            title_es=said.title_es,
            text_es=said.text_es,
            place_name=said.place_name,
            pictures=said.pictures,
        )
    return msgspec.structs.replace(
        draft, ends=alert.ends_at, send_at=None, message=MessageKind.UPDATE, refers_to=str(alert.id)
    )


_RANK = {level: number for number, level in enumerate(Level)}


def by_weight(level: Level, at: datetime) -> tuple[int, float]:
    """A key that sorts the worst first, and among equals the newest first."""
    return _RANK[level], -at.timestamp()
