"""The claim lock: others see who is deciding, for as long as that is so.

Promises: a request that is decided on is claimed; one that is only looked at, after two seconds; the claim is renewed
while it is on the screen and given back when it is left. Nothing here decides: the service keeps the claims.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout

from console.client.desk import Connection
from console.client.gateway import Unreachable
from console.contract.problems import Problem
from console.desktop.review.rights import claim_of_other, standing
from console.desktop.widgets import button, text_label

if TYPE_CHECKING:
    from console.desktop.context import Context
    from console.domain.requests import Claim, Request

DWELL_MS = 2_000
RENEW_MS = 120_000
_TIMER_MAX_MS = 3_600_000


class Claims(QObject):
    """Holds at most one claim: that on the request on the screen."""

    changed = Signal()
    """What `other`, `mine` or `trouble` say has changed."""

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._request: Request | None = None
        self._held = ""
        self.mine: Claim | None = None
        self.trouble = ""
        self.is_refused = False
        self._dwell, self._renew, self._expiry = QTimer(self), QTimer(self), QTimer(self)
        self._dwell.setSingleShot(True)
        self._dwell.setInterval(DWELL_MS)
        self._dwell.timeout.connect(self.stay)
        self._renew.setInterval(RENEW_MS)
        self._renew.timeout.connect(self.renew)
        self._expiry.setSingleShot(True)
        self._expiry.timeout.connect(self._expired)

    @property
    def other(self) -> Claim | None:
        """Somebody else's claim on what is shown."""
        return claim_of_other(self._context, self._request)

    @property
    def is_blocked(self) -> bool:
        """Whether somebody else decides now."""
        return self.is_refused or self.other is not None

    def watch(self, request: Request | None) -> None:
        """A request is on the screen, or is there in a newer form, or none is."""
        is_same = request is not None and self._request is not None and request.id == self._request.id
        if not is_same:
            self.leave()
        before, self._request = self._request, request
        if request is None:
            return
        if self.is_refused and request != before:  # the service has said more since
            self.is_refused, self.trouble = False, ""
        if self.other is not None:  # the service's word: it was taken over, or never was ours
            self._forget()
            self.is_refused, self.trouble = False, ""
            left = self.other.until - self._context.clock()
            self._expiry.start(max(1, min(_TIMER_MAX_MS, round(left.total_seconds() * 1_000) + 250)))
        elif not standing(self._context, request).actions:
            self._dwell.stop()
            self.leave_claim()
        elif not (self._held or self._dwell.isActive() or self.is_refused):
            if self._context.desk.connection is Connection.CONNECTED:
                self.trouble = ""
            self._dwell.start()
        self.changed.emit()

    def stay(self) -> None:
        """Claim what has been looked at for a while, unless somebody else decides."""
        self.take()

    def take(self, *, take_over: bool = False) -> None:
        """Claim what is shown."""
        request = self._request
        if request is None or not standing(self._context, request).actions:
            return
        if take_over or not (self._held == request.id or self.other is not None):
            self._dwell.stop()
            self._context.start(self._claim(request, take_over=take_over))

    def renew(self) -> None:
        """Say that it is still being decided on."""
        request = self._request
        if request is not None and self._held == request.id:
            self._context.start(self._claim(request, take_over=False))

    def leave_claim(self) -> None:
        """Give the claim back."""
        held = self._held
        self._forget()
        if held:
            self._context.start(self._context.desk.release(held))

    def leave(self) -> None:
        """What was shown is left."""
        self._dwell.stop()
        self._expiry.stop()
        self.leave_claim()
        self._request = None
        self.is_refused, self.trouble = False, ""
        self.changed.emit()

    def decided(self, request_id: str) -> None:
        """The decision was taken: the service has ended the claim with it."""
        if self._held == request_id:
            self._forget()
            self.changed.emit()

    def _forget(self) -> None:
        self._renew.stop()
        self._held, self.mine = "", None

    def _expired(self) -> None:
        if self._request is not None and self.other is None and not self._held:
            self._dwell.start()
        self.changed.emit()

    async def _claim(self, request: Request, *, take_over: bool) -> None:
        try:
            answer = await self._context.desk.claim(request, take_over=take_over)
        except Unreachable:
            if self._request is not None and self._request.id == request.id:
                self.trouble = "The service cannot be reached: others do not see that you are deciding."
                self.changed.emit()
            return
        if self._request is None or self._request.id != request.id:
            if not isinstance(answer, Problem):  # left while the answer was on its way
                await self._context.desk.release(request.id)
            return
        if isinstance(answer, Problem):
            self._forget()
            self.is_refused = answer.code == "claimed"
            self.trouble = f"{answer.title} {answer.advice}".strip()
        else:
            self._held, self.mine = request.id, answer
            self.is_refused, self.trouble = False, ""
            if request.claim is not None and request.claim.member != answer.member:
                self._request = msgspec.structs.replace(request, claim=None)
            self._renew.start()
        self.changed.emit()


class ClaimBar(QFrame):
    """Says who else is deciding, until when, and offers to take over."""

    def __init__(self, context: Context, claims: Claims) -> None:
        super().__init__()
        self._context, self._claims = context, claims
        self.setObjectName("notice")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 8, 8, 8)
        self._words = text_label("", name="review.claim")
        self._take = button("Take over", "review.take_over", self._take_over)
        layout.addWidget(self._words, 1)
        layout.addWidget(self._take)
        claims.changed.connect(self.tell)
        self.tell()

    def tell(self) -> None:
        """Show who decides now; hidden where nobody else does."""
        other = self._claims.other
        words = self._claims.trouble
        if other is not None:
            words = f"{other.name} is deciding on this, until {self._context.local(other.until, '%H:%M')}."
        self._words.setText(words)
        self._take.setVisible(self._claims.is_blocked)
        self.setVisible(bool(words))

    def _take_over(self) -> None:
        self._claims.take(take_over=True)
