"""What this member may do with a request now, and why not. The service judges again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from console.desktop.review.waiting import OPEN
from console.domain import wording
from console.domain.members import Role
from console.domain.requests import Action, Claim, Request, State, actions_open_to, is_same_person

if TYPE_CHECKING:
    from console.desktop.context import Context

DECISIONS = (Action.APPROVE, Action.RETURN, Action.REJECT)


class Standing(msgspec.Struct, frozen=True):
    """Which decisions are open to the member, and the line that says why or why not."""

    actions: frozenset[Action] = frozenset()
    words: str = ""


def standing(context: Context, request: Request | None) -> Standing:  # noqa: PLR0911 - one answer a line
    """What the member may decide on a request; nothing where there is none or nobody is signed in."""
    desk = context.desk
    role = desk.deciding_role()
    if request is None or desk.session is None or role is None:
        return Standing()
    is_author, was_first = desk.is_authors(request), _approved_first(context, request)
    open_now = actions_open_to(request.state, role, is_author=is_author, approved_first=was_first)
    actions = frozenset(a for a in DECISIONS if a in open_now)
    if request.state not in OPEN:
        step = newest_step(context, request) or wording.STATES[request.state]
        return Standing(actions, f"No longer waiting: {step}.")
    if is_author and is_same_person(request.author, desk.session.member):
        return Standing(actions, "You wrote this; another supervisor decides.")
    if is_author:
        return Standing(actions, "You decide for its author; another supervisor decides.")
    if role is not Role.SUPERVISOR:
        return Standing(actions, "Only a supervisor decides.")
    if was_first:
        return Standing(actions, "You approved first; another supervisor has to approve.")
    if request.state is State.ENDORSED:
        return Standing(actions, f"✓ {first_approver(request)} approved first; yours is the second approval")
    return Standing(actions, "✓ You are not the author")


def may_approve(context: Context, request: Request) -> bool:
    """Whether the approval of a request is open to the member."""
    return Action.APPROVE in standing(context, request).actions


def first_approver(request: Request) -> str:
    """Who gave the first of two approvals, as the history names them."""
    steps = (t for t in reversed(request.history) if t.action == Action.ENDORSE)
    return next((t.actor for t in steps), "Another supervisor")


def claim_of_other(context: Context, request: Request | None) -> Claim | None:
    """Somebody else's claim on a request, while it lasts."""
    session = context.desk.session
    if request is None or request.claim is None or session is None:
        return None
    is_others = request.claim.member != session.member.id and request.claim.until > context.clock()
    return request.claim if is_others else None


def newest_step(context: Context, request: Request) -> str:
    """The newest line of a request's history, in words."""
    if not request.history:
        return ""
    step = max(request.history, key=lambda t: (t.at, t.version))
    words = wording.ACTIONS.get(step.action, step.action)
    return f"{words} by {step.actor}, {context.local(step.at)}" if step.actor else words


def _approved_first(context: Context, request: Request) -> bool:
    desk, first = context.desk, set(request.approved_first_ids)
    if not first or desk.session is None:
        return False
    return bool(first & {desk.session.member.id, *(lender.id for lender in desk.lenders())})
