"""The outbox: what a member has decided, on its way to the service.

Promises: a row is in the vault before any network; it bears one idempotency key for its whole life and goes out with
the very same bytes on each try; it is SENT only when the service's signature on the receipt verifies. Rows about one
subject go out in their order. Sources: STYLE (server truth plus pending), DESIGN 4, RFC 8032.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec
import structlog
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from console.client.gateway import Unreachable
from console.contract.endpoints import ENDPOINTS
from console.contract.payloads import Receipt
from console.contract.problems import Problem
from console.domain.drafts import Draft

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from console.client.gateway import Gateway
    from console.client.vault import Vault
    from console.contract.endpoints import Endpoint

PAUSE_FIRST_S = 0.2
PAUSE_LAST_S = 10.0
FAULTS_MAX = 5

_NOT_SIGNED_IN = 401
_TOO_MANY = 429
_FAULTS_FROM = 500

NOT_GENUINE = Problem(
    "receipt_not_genuine",
    0,
    "The receipt does not bear the service's signature.",
    "Do not rely on it. Tell your administrator, and look in the list whether it has arrived.",
)

_log = structlog.get_logger(__name__)


class OutboxState(StrEnum):
    """Where a row stands. There is no "probably sent"."""

    WAITING = "waiting"
    SENT = "sent"
    REFUSED = "refused"


class OutboxRow(msgspec.Struct, frozen=True):
    """One write. `body` is its JSON; `subject` the id of the draft, request or post; `last_error` is for people."""

    key: str
    endpoint: str
    path: dict[str, str]
    body: bytes
    title: str
    subject: str
    created_at: datetime
    state: OutboxState = OutboxState.WAITING
    receipt: Receipt | None = None
    problem: Problem | None = None
    attempts: int = 0
    last_error: str = ""

    def __repr__(self) -> str:
        return f"OutboxRow({self.key!r}, {self.endpoint!r}, {self.state.value!r}, attempts={self.attempts})"


class UnusableKey(Exception):  # noqa: N818 - says what happened
    """The service's receipt key cannot be read."""


def receipt_verifier(receipt_key: str) -> Ed25519PublicKey:
    """The service's public key from its base64; UnusableKey where it is none."""
    try:
        return Ed25519PublicKey.from_public_bytes(base64.b64decode(receipt_key, validate=True))
    except (ValueError, binascii.Error) as fault:
        raise UnusableKey from fault


def is_genuine(receipt: Receipt, row_key: str, endpoint: str, verifier: Ed25519PublicKey) -> bool:
    """Whether the service signed this receipt, and for this very write."""
    if receipt.key != row_key or receipt.endpoint != endpoint:
        return False
    signed = msgspec.msgpack.encode(msgspec.structs.replace(receipt, signature=""))
    try:
        verifier.verify(base64.b64decode(receipt.signature, validate=True), signed)
    except (InvalidSignature, ValueError, binascii.Error):
        return False
    return True


def endpoints_by_name() -> dict[str, Endpoint]:
    """The table of endpoints, by name."""
    return {endpoint.name: endpoint for endpoint in ENDPOINTS}


class Sender:
    """Takes the rows of one vault to the service until it is cancelled.

    `settled` gets each row after it has changed in the vault; `signed_out` is called when the sign-in has ended,
    after which the sender rests until it is woken.
    """

    def __init__(
        self,
        gateway: Gateway,
        vault: Vault,
        verifier: Ed25519PublicKey,
        *,
        settled: Callable[[OutboxRow], None],
        signed_out: Callable[[], None],
        pause: Callable[[float], Awaitable[None]],
    ) -> None:
        self._gateway = gateway
        self._vault = vault
        self._verifier = verifier
        self._settled = settled
        self._signed_out = signed_out
        self._pause = pause
        self._endpoints: Mapping[str, Endpoint] = endpoints_by_name()
        self._faults: dict[str, int] = {}
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """There is something new to send, or the service is back."""
        self._woken.set()

    async def run(self) -> None:
        """Send what waits, in order, again and again with a growing pause, until cancelled."""
        pause_s = PAUSE_FIRST_S
        while True:
            self._woken.clear()
            if await self.send_waiting():
                pause_s = PAUSE_FIRST_S
                await self._woken.wait()
            else:
                await first_of(self._woken.wait(), self._pause(pause_s))
                pause_s = min(pause_s * 2, PAUSE_LAST_S)

    async def send_waiting(self) -> bool:
        """Try each waiting row once; False where something is left to try again."""
        held_up: set[str] = set()
        for row in self._vault.rows():
            if row.state is not OutboxState.WAITING or row.subject in held_up:
                continue
            try:
                after = await self._sent(row)
            except Unreachable as fault:
                self._keep(row, msgspec.structs.replace(row, attempts=row.attempts + 1, last_error=str(fault)))
                return False
            self._keep(row, after)
            if after.state is OutboxState.WAITING:
                held_up.add(row.subject)
                if after.problem is not None and after.problem.status == _NOT_SIGNED_IN:
                    self._signed_out()
                    return True
        return not held_up

    async def _sent(self, row: OutboxRow) -> OutboxRow:
        answer = await self._gateway.call(
            self._endpoints[row.endpoint], body=row.body or None, path=row.path, key=row.key
        )
        attempts = row.attempts + 1
        if isinstance(answer, Receipt):
            if is_genuine(answer, row.key, row.endpoint, self._verifier):
                return msgspec.structs.replace(
                    row, state=OutboxState.SENT, receipt=answer, problem=None, attempts=attempts, last_error=""
                )
            refusal: Problem = NOT_GENUINE
        else:
            refusal = answer
        return msgspec.structs.replace(
            row,
            state=OutboxState.WAITING if self._may_pass(row.key, refusal) else OutboxState.REFUSED,
            problem=refusal,
            attempts=attempts,
            last_error=refusal.title,
        )

    def _may_pass(self, key: str, refusal: Problem) -> bool:
        """Whether a later try with the same key may go better."""
        if refusal.status in {_NOT_SIGNED_IN, _TOO_MANY}:
            return True
        if refusal is NOT_GENUINE or refusal.status >= _FAULTS_FROM:
            self._faults[key] = self._faults.get(key, 0) + 1
            return self._faults[key] < FAULTS_MAX
        return False

    def _keep(self, before: OutboxRow, after: OutboxRow) -> None:
        if after.state is OutboxState.SENT:
            self._vault.finish_row(after, carried_draft(after))
        else:
            self._vault.update_row(after)
        if after.state is not OutboxState.WAITING:
            self._faults.pop(after.key, None)
        code = after.problem.code if after.problem is not None else ""
        _log.info("outbox_row", endpoint=before.endpoint, state=after.state.value, attempts=after.attempts, code=code)
        self._settled(after)


class _Identified(msgspec.Struct, frozen=True):
    id: str


class _WithDraftId(msgspec.Struct, frozen=True):
    draft: _Identified | None = None


class _WithDraft(msgspec.Struct, frozen=True):
    draft: Draft | None = None


def sent_draft(row: OutboxRow) -> str | None:
    """The id of the draft that a row carries, if it carries one."""
    if not row.body:
        return None
    draft = msgspec.json.decode(row.body, type=_WithDraftId).draft
    return None if draft is None else draft.id


def carried_draft(row: OutboxRow) -> Draft | None:
    """The draft that a row carries; None for a decision, a write without a body, or a draft of a newer program."""
    try:
        return msgspec.json.decode(row.body, type=_WithDraft).draft if row.body else None
    except msgspec.MsgspecError:
        return None


async def first_of(*waits: Awaitable[object]) -> None:
    """Wait for the first of several, then cancel the others."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
