"""A CAP message of an agency's own alerting system, read for a member and answered as a draft.

Promises: reading keeps nothing and sends nothing; it never holds up the event loop, and at most two are read at once;
no file and no address is opened, whatever the message names; an update or an all-clear is taken only where it names
what this agency itself has published.
"""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

import sqlalchemy as sa
from litestar.params import JSONBody

from console.contract import endpoints as e
from console.contract.alert_cap import CAP_BYTES_MAX, CapFile
from console.domain.alert_cap_import import CapImport, from_cap, import_troubles
from console.domain.alert_import_words import import_words
from console.domain.alerts import Alert
from console.domain.cap import CapMessage, CapReference, CapTrouble
from console.domain.cap_rules import troubles
from console.domain.findings import Field, Finding, Severity
from console.service import store as t
from console.service.alert_rows import load_alerts
from console.service.cap import read_cap
from console.service.parts import ProblemRaised, mint_id, refuse
from console.service.requests import Call, parts_of, signed_in
from console.service.routing import serves

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from console.service.parts import Parts

# As JSON a text may be six times as long; what comes in files of text is rarely twice.
BODY_MAX = 3 * CAP_BYTES_MAX
REFERENCES_MAX = 100
# A text has no encoding any more, whatever its file said of itself.
_DECLARATION = re.compile(r"\A\ufeff?\s*<\?xml\s[^>?]*\?>")


@serves(e.IMPORT_CAP, request_max_body_size=BODY_MAX)
async def import_cap(request: Call, data: JSONBody[CapFile]) -> CapImport:
    """The draft that a CAP message asks for, or everything that stands against it."""
    message = await _read(parts_of(request), data.xml)
    async with parts_of(request).store.reading() as connection:
        named = await _named(connection, signed_in(request).member.agency, message.references)
        if stops := import_troubles(message, named):
            raise _refusal(stops)
        first = named[0] if named and message.references else None
        last = None
        if first is not None and first.messages:
            records = await load_alerts(connection, t.alerts.c.id == first.messages[-1].record)
            last = records[0] if records else None
    return from_cap(message, mint_id(), first, last)


async def _read(parts: Parts, untrusted_text: str) -> CapMessage:
    untrusted = _DECLARATION.sub("", untrusted_text.removeprefix("\ufeff")).encode("utf-8", "replace")
    if len(untrusted) > CAP_BYTES_MAX:
        figures = {"given": f"{len(untrusted) // 1024:,} KiB", "limit": f"{CAP_BYTES_MAX // 1024} KiB"}
        raise _refusal((CapTrouble("cap_too_large", "", figures),))
    async with parts.cap_turns:
        found = await asyncio.to_thread(read_cap, untrusted)
    if isinstance(found, CapTrouble):
        raise _refusal((found,))
    if stops := troubles(found):
        raise _refusal(stops)
    return found


async def _named(connection: AsyncConnection, agency: str, references: tuple[CapReference, ...]) -> tuple[Alert, ...]:
    """The agency's own published alerts whose messages are named, by sender and identifier."""
    names = {(reference.identifier, reference.sender) for reference in references[:REFERENCES_MAX]}
    said = t.alert_messages.c
    ids = sa.select(said.alert).where(said.identifier.in_([identifier for identifier, _ in names]))
    found = await load_alerts(connection, sa.and_(t.alerts.c.agency == agency, t.alerts.c.id.in_(ids)))
    return tuple(alert for alert in found if any((m.identifier, m.sender) in names for m in alert.messages))


def _refusal(stops: tuple[CapTrouble, ...]) -> ProblemRaised:
    findings = tuple(
        Finding(stop.code, Severity.BLOCKS, Field.FILE, {**stop.figures, "where": stop.where}) for stop in stops
    )
    said = import_words(stops[0].code, stops[0].where, stops[0].figures)
    return refuse("cap_refused", findings=findings, title=said.title)


HANDLERS = (import_cap,)
