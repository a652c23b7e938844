"""Wishes: writes that a room of the window wants, as values that the desk puts into the outbox."""

from __future__ import annotations

from typing import Any

import msgspec

from console.contract.endpoints import Endpoint


class Wish(msgspec.Struct, frozen=True):
    """A write: where it goes, with what, what a list calls it, and the id of what it is about.

    Wishes about one subject reach the service in their order.
    """

    endpoint: Endpoint
    title: str
    body: Any = None
    path: dict[str, str] = {}
    subject: str = "agency"
