"""Alerts' pictures between the workstation and the service: sent once however often it is tried, fetched whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.client.gateway import ProblemRaised
from console.contract import endpoints as e
from console.contract.problems import problem
from console.domain.pictures import BYTES_MAX

if TYPE_CHECKING:
    from console.client.gateway import Gateway
    from console.domain.pictures import PictureId


async def fetch_picture(gateway: Gateway, picture_id: PictureId | str) -> bytes:
    """A picture's bytes, which are not to be trusted; ProblemRaised, Unreachable."""
    untrusted = bytearray()
    async with gateway.fetch(e.ALERT_PICTURE, path={"picture_id": picture_id}) as fetched:
        async for untrusted_chunk in fetched.chunks():
            untrusted += untrusted_chunk
            if len(untrusted) > BYTES_MAX:
                raise ProblemRaised(problem("too_large"))
    return bytes(untrusted)
