"""Alerts on the workstation: as wishes that the desk puts into the outbox, and the drafts that are kept in the vault.

Promises: a draft is on the disk when `AlertDrafts.keep` returns, encrypted as everything in the vault, and stays there
until the service has shown that it holds the message.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from console.client.outbox import OutboxRow, OutboxState
from console.client.wishes import Wish
from console.contract import alerts as c
from console.contract import endpoints as e
from console.domain.alerts import Alert, AlertDraft, AlertState, MessageKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

ALERT_ENDPOINTS = frozenset(
    row.name
    for row in (
        e.SUBMIT_ALERT,
        e.UPDATE_ALERT,
        e.CANCEL_ALERT,
        e.RESUBMIT_ALERT,
        e.WITHDRAW_ALERT,
        e.APPROVE_ALERT,
        e.RETURN_ALERT,
        e.CLOSE_COMMENTS,
        e.OPEN_COMMENTS,
    )
)
_SETTING = "alert_drafts"


def _called(draft: AlertDraft) -> str:
    return draft.title.strip()[:60] or "an alert without a title"


def send_alert(draft: AlertDraft, at: datetime, first: Alert | None = None) -> Wish:
    """Send a message: a first one, or an update or all-clear of `first`, which is the alert as the member saw it."""
    if first is None:
        return Wish(e.SUBMIT_ALERT, f"Alert: {_called(draft)}", c.SealedAlert(draft, at), subject=f"alert {draft.id}")
    is_clear = draft.message is MessageKind.CANCEL
    endpoint, verb = (e.CANCEL_ALERT, "All-clear") if is_clear else (e.UPDATE_ALERT, "Update")
    body = c.FollowUp(first.version, draft, at)
    return Wish(endpoint, f"{verb}: {_called(draft)}", body, {"alert_id": first.id}, first.id)


def send_again(alert: Alert, draft: AlertDraft, at: datetime) -> Wish:
    """Send a returned message again, mended."""
    body = c.AlertResubmission(alert.version, draft, at)
    return _about(alert, e.RESUBMIT_ALERT, "Send again", body)


def approve(alert: Alert) -> Wish:
    """Let another's message go out."""
    return _about(alert, e.APPROVE_ALERT, "Approve", c.AlertApproval(alert.version))


def return_(alert: Alert, comment: str) -> Wish:
    """Give a message back to its author."""
    return _about(alert, e.RETURN_ALERT, "Return", c.AlertReturn(alert.version, comment))


def withdraw(alert: Alert, reason: str = "") -> Wish:
    """Take a message back that is not out yet."""
    return _about(alert, e.WITHDRAW_ALERT, "Withdraw", c.AlertWithdrawal(alert.version, reason))


def close_comments(alert: Alert, reason: str) -> Wish:
    """Close the comments for all, for a public reason."""
    return _about(alert, e.CLOSE_COMMENTS, "Close comments on", c.CommentsClosing(alert.version, reason))


def open_comments(alert: Alert) -> Wish:
    """Open the comments again."""
    return _about(alert, e.OPEN_COMMENTS, "Open comments on", c.CommentsOpening(alert.version))


def _about(alert: Alert, endpoint: e.Endpoint, verb: str, body: msgspec.Struct) -> Wish:
    return Wish(endpoint, f"{verb} {_called(alert.draft)}", body, {"alert_id": alert.id}, alert.id)


def on_its_way(outbox: Iterable[OutboxRow]) -> frozenset[str]:
    """The ids of the drafts that wait in the outbox: they are not sent again, also after the program began anew."""
    found = set()
    for row in outbox:
        body = _CARRIES.get(row.endpoint)
        if body is not None and row.state is OutboxState.WAITING:
            found.add(msgspec.json.decode(row.body, type=body).draft.id)
    return frozenset(found)


_CARRIES = {row.name: row.body for row in (e.SUBMIT_ALERT, e.UPDATE_ALERT, e.CANCEL_ALERT, e.RESUBMIT_ALERT)}


class AlertDrafts:
    """The drafts of alerts in a member's vault, last changed first; `read` and `keep` are a setting's."""

    def __init__(self, read: Callable[[str], str | None], keep: Callable[[str, str], None]) -> None:
        self._read, self._keep = read, keep

    def all(self) -> tuple[AlertDraft, ...]:
        """Every draft; none where what is kept is of another Porchlight and cannot be read."""
        try:
            return msgspec.json.decode(self._read(_SETTING) or "[]", type=tuple[AlertDraft, ...])
        except msgspec.MsgspecError:
            return ()

    def keep(self, draft: AlertDraft) -> None:
        """Keep a draft, in place of its earlier form."""
        self._put((draft, *(known for known in self.all() if known.id != draft.id)))

    def forget(self, draft_id: str) -> None:
        """Forget a draft; nothing happens where there is none."""
        left = tuple(known for known in self.all() if known.id != draft_id)
        if left != self.all():
            self._put(left)

    def forget_sent(self, alerts: tuple[Alert, ...]) -> None:
        """Forget the drafts that the service holds; one that came back for mending stays."""
        held = {alert.draft.id for alert in alerts if alert.state is not AlertState.RETURNED}
        for draft in self.all():
            if draft.id in held:
                self.forget(draft.id)

    def _put(self, drafts: tuple[AlertDraft, ...]) -> None:
        self._keep(_SETTING, msgspec.json.encode(drafts).decode())
