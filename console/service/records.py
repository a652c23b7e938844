"""The agency's own records system, asked whether it knows a case number.

IT names an HTTP endpoint (`records_url` of the agency, the token in the service's environment). What it answers is one
of three: known, not known, or not verified. A system that cannot be reached neither passes nor blocks anything.

GET {records_url}?case_number=NUMBER is answered by 200 with {"known": true or false}, or by 404 for a case that does
not exist. No redirect is followed, and nothing but the case number is sent.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import httpx
import msgspec
import structlog

from console.domain.requests import CaseCheck

if TYPE_CHECKING:
    from collections.abc import Mapping

    from console.domain.policy import Agency

TIMEOUT_S = 3.0
ANSWER_MAX_BYTES = 64 * 1024
log = structlog.get_logger("porchlight.records")


class _Answer(msgspec.Struct, frozen=True):
    known: bool


class Records:
    """How records systems are asked; `tokens` are bearer tokens by ORI: no agency's goes to another's system."""

    def __init__(self, tokens: Mapping[str, str] | None = None) -> None:
        self._tokens = dict(tokens or {})

    def __repr__(self) -> str:
        return "Records()"

    async def ask(self, url: str, case_number: str, ori: str = "") -> CaseCheck:
        """What the system at `url` says of a case number."""
        token = self._tokens.get(ori, "")
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            async with (
                asyncio.timeout(TIMEOUT_S),
                httpx.AsyncClient(timeout=TIMEOUT_S, follow_redirects=False, trust_env=False) as client,
                client.stream("GET", url, params={"case_number": case_number}, headers=headers) as answer,
            ):
                if answer.status_code == httpx.codes.NOT_FOUND:
                    return CaseCheck.NOT_KNOWN
                if answer.status_code != httpx.codes.OK:
                    return self._unanswered(str(answer.status_code))
                untrusted = b""
                async for part in answer.aiter_bytes():
                    untrusted += part
                    if len(untrusted) > ANSWER_MAX_BYTES:
                        return self._unanswered("too long")
            known = msgspec.json.decode(untrusted, type=_Answer).known
        except (TimeoutError, httpx.HTTPError, httpx.InvalidURL, msgspec.MsgspecError, UnicodeDecodeError) as error:
            return self._unanswered(type(error).__name__)
        return CaseCheck.VERIFIED if known else CaseCheck.NOT_KNOWN

    def _unanswered(self, why: str) -> CaseCheck:
        log.warning("records_not_answered", why=why)
        return CaseCheck.NOT_VERIFIED


async def look_up(records: Records, agency: Agency, case_number: str) -> str:
    """What the agency's records say of a case number; empty where no system is connected."""
    if not agency.records_url or not case_number:
        return ""
    return (await records.ask(agency.records_url, case_number, agency.ori)).value
