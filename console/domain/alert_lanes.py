"""Where an alert stands in its agency's list, and what sending it will do, for the screen; the service judges again."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from console.domain.alerts import Alert, AlertDraft, AlertState, Level, MessageKind, needs_second

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from console.domain.members import Role
    from console.domain.policy import Agency


class Lane(StrEnum):
    """The parts of the list, in their order."""

    DRAFTS = "drafts"
    WAITING = "waiting"
    SCHEDULED = "scheduled"
    IN_FORCE = "in_force"
    OVER = "over"


LANES: dict[Lane, str] = {
    Lane.DRAFTS: "Drafts",
    Lane.WAITING: "Waiting",
    Lane.SCHEDULED: "Scheduled",
    Lane.IN_FORCE: "In force",
    Lane.OVER: "Over",
}
_LANE_OF: dict[AlertState, Lane] = {
    AlertState.PENDING: Lane.WAITING,
    AlertState.RETURNED: Lane.WAITING,
    AlertState.HELD: Lane.WAITING,
    AlertState.SCHEDULED: Lane.SCHEDULED,
    AlertState.PUBLISHED: Lane.IN_FORCE,
    AlertState.WITHDRAWN: Lane.OVER,
    AlertState.REFUSED: Lane.OVER,
    AlertState.ENDED: Lane.OVER,
    AlertState.CANCELLED: Lane.OVER,
}


def lane_of(thing: Alert | AlertDraft) -> Lane:
    """The part of the list in which a message or a draft stands."""
    return Lane.DRAFTS if isinstance(thing, AlertDraft) else _LANE_OF[thing.state]


def listed(drafts: Iterable[AlertDraft], alerts: Iterable[Alert]) -> tuple[Alert | AlertDraft, ...]:
    """What is listed, lane by lane: an update or all-clear that is out is read in its alert, and not on its own.

    The draft of a returned message is that message.
    """
    shown = [alert for alert in alerts if alert.is_first or not alert.is_out]
    known = {alert.draft.id for alert in shown}
    things: list[Alert | AlertDraft] = [*(draft for draft in drafts if draft.id not in known), *shown]
    order = list(Lane)
    return tuple(sorted(things, key=lambda thing: order.index(lane_of(thing))))


def waiting_for(alerts: Iterable[Alert]) -> int:
    """How many messages wait for a second member."""
    return sum(1 for alert in alerts if alert.state is AlertState.PENDING)


def send_words(draft: AlertDraft, role: Role, agency: Agency, now: datetime) -> str:
    """What the button that sends a draft says."""
    if needs_second(role, agency):
        return "Send for approval"
    if draft.send_at is not None and draft.send_at > now:
        return "Schedule"
    return {
        MessageKind.ALERT: "Send now",
        MessageKind.UPDATE: "Send the update",
        MessageKind.CANCEL: "Send the all-clear",
    }[draft.message]


def confirm_words(draft: AlertDraft, button: str) -> str:
    """What is said before a message goes to everybody at once; empty where it still waits for a person or a time."""
    if not button.startswith("Send now") or draft.level not in {Level.EXTREME, Level.SEVERE}:
        return ""
    return (
        "This goes to everybody at once, as something grave. Look at the area and at the words once more, then press "
        f"\u201c{button}\u201d again."
    )


def sent_words(state: str) -> str:
    """What became of a message that was sent."""
    return {
        AlertState.PENDING.value: "Sent for approval. Another member reads it before it goes out.",
        AlertState.HELD.value: "Sent. The service's neutral moderators read it before it goes out.",
        AlertState.SCHEDULED.value: "Scheduled. It goes out by itself at its time.",
        AlertState.PUBLISHED.value: "Published. Neighbors and the public see it now.",
        AlertState.CANCELLED.value: "Published. The alert is called off.",
        AlertState.ENDED.value: "Not sent: its end came first, or the alert that it refers to is over.",
    }.get(state, "The service has it.")
