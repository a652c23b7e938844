"""Bodies and answers about alerts."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

from console.contract.payloads import Version
from console.domain.alerts import Alert, AlertDraft, AlertId, AlertMessage
from console.domain.times import Aware

Said = Annotated[str, msgspec.Meta(min_length=1, max_length=2_000)]


class _Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class SealedAlert(_Body, frozen=True):
    """An alert as its author sent it; sealed when the key was minted."""

    draft: AlertDraft
    sealed_at: Aware


class FollowUp(_Body, frozen=True):
    """An update or an all-clear; `version` is that of the first message, as its author saw it."""

    version: Version
    draft: AlertDraft
    sealed_at: Aware


class AlertResubmission(_Body, frozen=True):
    """A returned message, mended."""

    version: Version
    draft: AlertDraft
    sealed_at: Aware


class AlertApproval(_Body, frozen=True):
    """A second member lets a message go out."""

    version: Version


class AlertReturn(_Body, frozen=True):
    """A message goes back to its author with a comment."""

    version: Version
    comment: Said


class AlertWithdrawal(_Body, frozen=True):
    """A message that is not out yet is taken back."""

    version: Version
    reason: Annotated[str, msgspec.Meta(max_length=2_000)] = ""


class CommentsClosing(_Body, frozen=True):
    """The comments on the agency's own alert are closed for all, for a reason that everybody reads."""

    version: Version
    reason: Said


class CommentsOpening(_Body, frozen=True):
    """The comments on the agency's own alert are opened again."""

    version: Version


class Alerts(msgspec.Struct, frozen=True):
    """The agency's messages: all in which something can still happen, and the newest others; newest first."""

    alerts: tuple[Alert, ...]


class PublishedAlert(msgspec.Struct, frozen=True):
    """An alert as everybody sees it: what was said, the first message first, and how it stands.

    `comments_closed` is the public reason; empty where comments are open.
    """

    id: AlertId
    number: str
    state: str
    published_at: datetime
    ends_at: datetime
    messages: tuple[AlertMessage, ...]
    comments_closed: str = ""


class PublishedAlerts(msgspec.Struct, frozen=True):
    """An agency's published alerts: those in force, and the newest of those that are over; newest first."""

    alerts: tuple[PublishedAlert, ...]
