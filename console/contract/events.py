"""Live events: what a console is told while it is open. Small and without content: the console asks for the rest.

No event tells how many neighbours were asked, saw, declined or opted out.
"""

from __future__ import annotations

import msgspec


class RequestChanged(msgspec.Struct, frozen=True, tag="request_changed"):
    """A request of the agency has a new version or state."""

    request: str
    version: int
    state: str


class ClipArrived(msgspec.Struct, frozen=True, tag="clip_arrived"):
    """A neighbour shared a clip, and it is ready."""

    clip: str
    request: str


class PostPublished(msgspec.Struct, frozen=True, tag="post_published"):
    """A post is new in the feed."""

    post: str


class PostChanged(msgspec.Struct, frozen=True, tag="post_changed"):
    """A post has a new comment."""

    post: str


class DeskChanged(msgspec.Struct, frozen=True, tag="desk_changed"):
    """Where posts stand at the agency's desk has changed."""


class RequestClaimed(msgspec.Struct, frozen=True, tag="request_claimed"):
    """Somebody began or stopped deciding on a request; `by` is a member's name, empty where nobody is."""

    request: str
    by: str


class AgencyChanged(msgspec.Struct, frozen=True, tag="agency_changed"):
    """The agency's calendar, templates or delegations changed."""


class AlertChanged(msgspec.Struct, frozen=True, tag="alert_changed"):
    """An alert of the agency is new, or has a new version or state."""

    alert: str


class ModerationChanged(msgspec.Struct, frozen=True, tag="moderation_changed"):
    """To the neutral desk: an item of its queue changed. To an agency, without an item: its own flags were decided."""

    item: str = ""


Event = (
    RequestChanged
    | RequestClaimed
    | AgencyChanged
    | ClipArrived
    | PostPublished
    | PostChanged
    | DeskChanged
    | ModerationChanged
    | AlertChanged
)


class NumberedEvent(msgspec.Struct, frozen=True):
    """An event with the number by which a console resumes (Last-Event-ID)."""

    number: int
    event: Event
