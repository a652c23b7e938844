"""What the list of requests says of drafts and of requests that end soon."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from console.domain.requests import State, is_same_person
from console.domain.wording import words_for

if TYPE_CHECKING:
    from datetime import datetime

    from console.domain.findings import Finding
    from console.domain.members import Member
    from console.domain.requests import Request

SOON = timedelta(days=2)


def missing_words(stops: tuple[Finding, ...]) -> str:
    """How many points are open, and the first of them: "3 to do: No title yet"."""
    if not stops:
        return "ready to send"
    try:
        first = words_for(stops[0].code, stops[0].figures).title
    except KeyError:
        first = stops[0].code
    return f"{len(stops)} to do: {first}"


def ending_soon(requests: tuple[Request, ...], member: Member, now: datetime) -> tuple[tuple[Request, datetime], ...]:
    """The member's own published requests that end within two days, the next first, each with its end."""
    found = [
        (request, request.expires_at)
        for request in requests
        if request.state is State.PUBLISHED
        and request.expires_at is not None
        and is_same_person(request.author, member)
        and now < request.expires_at <= now + SOON
    ]
    return tuple(sorted(found, key=lambda pair: (pair[1], pair[0].id)))


def left_words(left: timedelta) -> str:
    """How long something still lasts: "1 d", "5 h", "12 min"."""
    minutes = int(left.total_seconds() // 60)
    if minutes >= 24 * 60:
        return f"{minutes // (24 * 60)} d"
    return f"{minutes // 60} h" if minutes >= 60 else f"{max(1, minutes)} min"  # noqa: PLR2004 - an hour
