"""Publication of a request: at its approval, or after a neutral moderator has looked at it; and its refusal.

The limits are judged once more at the moment of publication, however long it was held.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from console.domain import requests as r
from console.domain import wording
from console.domain.assemblies import Gathering
from console.domain.case_numbers import tidy
from console.domain.checks import sq_mi
from console.domain.findings import Field, Finding, Severity, blocking
from console.domain.moderation import Reason
from console.domain.moderation_words import REASONS
from console.domain.offences import BY_CODE
from console.domain.times import clock_words, span_words, zone_of
from console.service.access import agency_of
from console.service.parts import refuse
from console.service.request_rows import Judged, judge, line_of, load_one, move, noted_assemblies
from console.service.writes import Effect, Transaction

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from console.domain.policy import Agency

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
# A request that was sent first and is approved second was not asked for a reason when it was sent.
_JUDGED_BEFORE = frozenset({"repeat_reason_missing"})


class HeldThing(msgspec.Struct, frozen=True):
    """What a moderator reads of something that is held; `facts` are names and values in words."""

    title: str
    text: str
    author: str
    at: datetime
    place_name: str = ""
    facts: tuple[tuple[str, str], ...] = ()


async def judge_standing(tx: Transaction, agency: Agency, request: r.Request) -> Judged:
    """The limits now, on the atlas that the request was made on, with the assemblies that it meets or met.

    Of the case's other requests those count that were published: two that waited together do not go out together.
    """
    draft = request.draft
    version = agency.atlas_version if draft.area is None else draft.area.atlas_version
    ground = tx.parts.grounds.get(version)
    if ground is None:  # IT started the service without the atlas that this request was made on
        raise refuse("refused", findings=(Finding("atlas_changed", Severity.BLOCKS, Field.AREA),))
    noted = await noted_assemblies(tx, str(request.id))
    judged = await judge(tx, draft, agency, ground, without=str(request.id), noted=noted, approving=True)
    stops = tuple(f for f in blocking(judged.findings) if f.code not in _JUDGED_BEFORE)
    if stops:
        raise refuse("refused", findings=stops)
    return Judged(judged.findings, tuple({g.id: g for g in (*noted, *judged.met)}.values()))


def notes_of(met: tuple[Gathering, ...], agency: Agency) -> str:
    """The public notes of the assemblies that a request meets, as they are kept."""
    zone = zone_of(agency.time_zone)
    notes = tuple(
        wording.ASSEMBLY_NOTE.format(name=g.name, begins=clock_words(g.begins, zone), ends=clock_words(g.ends, zone))
        for g in met
    )
    return msgspec.json.encode(notes).decode()


async def publish(tx: Transaction, approved: r.Request, agency: Agency) -> Effect:
    """Publish an approved request: from here on it is public and asked of its blocks."""
    after = r.after(approved.state, r.Action.PUBLISH, None, is_author=False)
    if isinstance(after, r.Refusal):
        raise refuse("moved_on")
    published = line_of(approved, r.Action.PUBLISH, after, tx.now, None)
    changes = {"published_at": tx.now, "expires_at": tx.now + timedelta(days=agency.limits.open_days)}
    return await move(tx, approved, published, changes)


async def publish_held(tx: Transaction, request_id: str) -> Effect:
    """Publish a request that was held, where the limits still allow it; `tx` is its agency's."""
    agency = await agency_of(tx.connection, tx.agency)
    request = await load_one(tx.connection, tx.agency, request_id)
    await judge_standing(tx, agency, request)
    return await publish(tx, request, agency)


async def refuse_held(tx: Transaction, request_id: str, words: str) -> Effect:
    """Return a request that was held to its author, with the reason in its history; `tx` is its agency's."""
    request = await load_one(tx.connection, tx.agency, request_id)
    after = r.after(request.state, r.Action.REFUSE, None, is_author=False)
    if isinstance(after, r.Refusal):
        raise refuse("moved_on")
    return await move(tx, request, line_of(request, r.Action.REFUSE, after, tx.now, None, reason=words))


def refusal_words(reason: Reason, words: str) -> str:
    """The reason of a refusal, as it stands in a request's history."""
    return ". ".join(part for part in (REASONS[reason].name, words.strip()) if part)


async def show_held(connection: AsyncConnection, agency_ori: str, request_id: str) -> HeldThing:
    """A held request with the facts that a moderator judges by."""
    agency = await agency_of(connection, agency_ori)
    request = await load_one(connection, agency_ori, request_id)
    draft, zone = request.draft, zone_of(agency.time_zone)
    offence = BY_CODE.get(draft.offence)
    window = ""
    if draft.begins is not None and draft.ends is not None:
        length = span_words(draft.ends - draft.begins)
        window = f"{clock_words(draft.begins, zone)} to {clock_words(draft.ends, zone)} ({length})"
    approved = next((s.actor for s in reversed(request.history) if s.action == r.Action.APPROVE), "")
    facts = (
        ("Request", request.number),
        ("Case", tidy(draft.case_number)),
        ("Offense", draft.offence if offence is None else f"{offence.name} ({offence.code})"),
        ("Recordings from", window),
        ("Area", f"{sq_mi(request.area_m2)} sq mi, {request.homes}"),
        ("Contact", draft.contact),
        ("Approved by", approved),
        *(("Public note", note) for note in request.public_notes),
    )
    return HeldThing(
        draft.title,
        draft.text,
        f"{request.author.title} {request.author.name}, {agency.name}",
        request.submitted_at,
        draft.place_name,
        tuple((name, value) for name, value in facts if value),
    )
