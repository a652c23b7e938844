"""The live stream of a console."""

from __future__ import annotations

from typing import Annotated

from litestar.params import HeaderParameter
from litestar.response import Stream

from console.contract import endpoints as e
from console.service.access import member_of_token
from console.service.requests import Call, parts_of, signed_in
from console.service.routing import serves


@serves(e.FOLLOW_EVENTS, media_type="text/event-stream")
async def follow_events(
    request: Call, last: Annotated[int | None, HeaderParameter(name="Last-Event-ID", ge=0)] = None
) -> Stream:
    """What changed in the member's agency, from the last event seen; ends with the sign-in."""
    parts, caller = parts_of(request), signed_in(request)
    _, _, token = request.headers["authorization"].partition(" ")

    async def still_welcome() -> bool:
        now = await member_of_token(parts, token)
        return now is not None and now.member.role in e.FOLLOW_EVENTS.who

    stream = parts.live.follow(parts.store, caller.member.agency, last, still_welcome)
    return Stream(stream, media_type="text/event-stream", headers={"Cache-Control": "no-store"})


HANDLERS = (follow_events,)
