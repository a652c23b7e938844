"""The check: one pure function that says what is wrong with a draft (DESIGN 2).

The wizard calls it on every change, the outbox before it seals, the service again with its own policy and clock.
A refusal is computed from public facts only (homes, boundary, the agency's own earlier requests), never from who is
enrolled or has a camera.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec

from console.domain import case_numbers, offences, words
from console.domain.areas import homes_band
from console.domain.findings import Field, Finding, Severity
from console.domain.places import M2_PER_SQ_MI, radius_of_same_circle_m
from console.domain.requests import EarlierRequest, State

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from console.domain.areas import Ground
    from console.domain.drafts import Draft
    from console.domain.policy import Agency

REASON_MIN = 10
_NOT_COUNTED = frozenset({State.REJECTED, State.WITHDRAWN})
_MAIL = re.compile(r"[A-Za-z0-9._%+-]+@([A-Za-z0-9.-]+\.[A-Za-z]{2,})")


class Verdict(msgspec.Struct, frozen=True):
    """One limit as a panel shows it: met, not met, or not yet decided; `code` names its words."""

    limit: str
    met: bool | None
    code: str
    figures: dict[str, str] = {}


def check(
    draft: Draft, agency: Agency, ground: Ground, history: tuple[EarlierRequest, ...], now: datetime
) -> tuple[Finding, ...]:
    """Everything that stands against the draft at `now` (aware), blocking first, then in the wizard's order.

    `history` is the agency's own earlier requests, this one not among them.
    """
    found = [
        *_case(draft, agency, history, now),
        *_offence(draft),
        *_incident(draft, agency, ground, now),
        *_window(draft, agency, now),
        *_area(draft, agency, ground),
        *_words(draft, agency),
        *_contact(draft, agency),
    ]
    weight = {Severity.BLOCKS: 0, Severity.CONFIRM: 1, Severity.ADVICE: 2}
    return tuple(sorted(found, key=lambda f: weight[f.severity]))


def _no(code: str, field: Field, **figures: str) -> Finding:
    return Finding(code, Severity.BLOCKS, field, figures)


def _case(draft: Draft, agency: Agency, history: tuple[EarlierRequest, ...], now: datetime) -> Iterator[Finding]:
    local = now.astimezone(ZoneInfo(agency.time_zone))
    refusal = case_numbers.judge(draft.case_number, agency.case_masks, local.year)
    if refusal is not None:
        yield Finding(refusal[0], Severity.BLOCKS, Field.CASE_NUMBER, refusal[1])
        return
    number = case_numbers.tidy(draft.case_number)
    earlier = [e for e in history if case_numbers.tidy(e.case_number) == number and e.state not in _NOT_COUNTED]
    if not earlier:
        return
    limits = agency.limits
    if len(earlier) >= limits.requests_per_case:
        yield _no("case_used_up", Field.CASE_NUMBER, count=str(len(earlier)), allowed=str(limits.requests_per_case))
        return
    again_from = max(e.submitted_at for e in earlier) + timedelta(hours=limits.second_after_hours)
    if now < again_from:
        yield _no(
            "case_too_soon", Field.CASE_NUMBER, hours=str(limits.second_after_hours), at=_clock(again_from, agency)
        )
    if len(draft.repeat_reason.strip()) < REASON_MIN:
        yield _no("repeat_reason_missing", Field.REPEAT_REASON)


def _offence(draft: Draft) -> Iterator[Finding]:
    if not draft.offence:
        yield _no("offence_missing", Field.OFFENCE)
    elif draft.offence not in offences.BY_CODE:
        yield _no("offence_unknown", Field.OFFENCE, given=draft.offence[:12])


def _incident(draft: Draft, agency: Agency, ground: Ground, now: datetime) -> Iterator[Finding]:
    if draft.occurred_at is None:
        yield _no("occurred_at_missing", Field.OCCURRED_AT)
    elif draft.occurred_at > now:
        yield _no("occurred_in_future", Field.OCCURRED_AT, at=_clock(draft.occurred_at, agency))
    if draft.place is None:
        yield _no("place_missing", Field.PLACE)
    elif not ground.index.contains(draft.place):
        yield _no("place_outside", Field.PLACE)


def _window(draft: Draft, agency: Agency, now: datetime) -> Iterator[Finding]:
    begins, ends, limits = draft.begins, draft.ends, agency.limits
    if begins is None or ends is None:
        yield _no("window_missing", Field.WINDOW)
        return
    if ends <= begins:
        yield _no("window_reversed", Field.WINDOW)
        return
    length = ends - begins
    if length < limits.window_min:
        yield _no("window_too_short", Field.WINDOW, given=span_words(length), limit=span_words(limits.window_min))
    if length > limits.window_max:
        yield _no("window_too_long", Field.WINDOW, given=span_words(length), limit=span_words(limits.window_max))
    if ends > now:
        yield _no("window_in_future", Field.WINDOW)
    if begins < now - timedelta(days=limits.look_back_days):
        yield _no("window_too_old", Field.WINDOW, days=str(limits.look_back_days))
    if draft.occurred_at is not None and not begins <= draft.occurred_at <= ends:
        yield Finding("window_misses_incident", Severity.ADVICE, Field.WINDOW)


def _area(draft: Draft, agency: Agency, ground: Ground) -> Iterator[Finding]:
    area, limits = draft.area, agency.limits
    if area is None or not (area.blocks or area.open_cells):
        yield _no("area_missing", Field.AREA)
        return
    if area.atlas_version != ground.version:
        yield _no("atlas_changed", Field.AREA)
        return
    if ground.unknown(area):
        yield _no("area_not_blocks", Field.AREA)
        return
    size_m2, homes = ground.area_m2(area), ground.homes(area)
    figures = {"given": sq_mi(size_m2), "radius": f"{radius_of_same_circle_m(size_m2):.0f}"}
    if size_m2 < limits.area_min_m2:
        yield _no("area_too_small", Field.AREA, limit=sq_mi(limits.area_min_m2), **figures)
    if size_m2 > limits.area_max_m2:
        yield _no("area_too_large", Field.AREA, limit=sq_mi(limits.area_max_m2), **figures)
    if any(ground.index.block(b).homes < limits.block_homes_min for b in area.blocks):
        yield _no("block_homes", Field.AREA, limit=str(limits.block_homes_min))
    if homes < limits.homes_min:
        yield _no("homes_too_few", Field.AREA, limit=str(limits.homes_min), given=homes_band(homes))
    elif homes > limits.homes_confirm_above:
        yield Finding(
            "homes_many",
            Severity.CONFIRM,
            Field.AREA,
            {"limit": f"{limits.homes_confirm_above:,}", "given": homes_band(homes)},
        )
    yield from _anchor(draft, agency, ground)


def _anchor(draft: Draft, agency: Agency, ground: Ground) -> Iterator[Finding]:
    """The incident's place lies in the area, or near it with a reason."""
    area, limits = draft.area, agency.limits
    if draft.place is not None and area is not None:
        away_m = ground.distance_m(area, draft.place)
        if away_m > limits.anchor_max_m:
            yield _no("anchor_far", Field.AREA, given=f"{away_m:.0f}", limit=f"{limits.anchor_max_m:.0f}")
        elif away_m > 0 and len(draft.anchor_reason.strip()) < REASON_MIN:
            yield _no("anchor_reason_missing", Field.ANCHOR_REASON, given=f"{max(1.0, away_m):.0f}")


def _words(draft: Draft, agency: Agency) -> Iterator[Finding]:
    limits = agency.limits
    for field, text, low, high, name in (
        (Field.TITLE, draft.title.strip(), limits.title_min, limits.title_max, "title"),
        (Field.TEXT, draft.text.strip(), limits.text_min, limits.text_max, "text"),
    ):
        if not text:
            yield _no(f"{name}_missing", field, low=str(low), high=f"{high:,}")
        elif len(text) < low:
            yield _no(f"{name}_too_short", field, given=str(len(text)), limit=str(low))
        elif len(text) > high:
            yield _no(f"{name}_too_long", field, given=f"{len(text):,}", limit=f"{high:,}")
    for field, text in ((Field.TITLE, draft.title), (Field.TEXT, draft.text)):
        for found in words.lint(text):
            yield Finding(
                found.code,
                Severity.BLOCKS,
                field,
                {"words": text[found.start : found.end][:80]},
                (found.start, found.end),
            )


def _contact(draft: Draft, agency: Agency) -> Iterator[Finding]:
    contact = draft.contact.strip()
    if not contact:
        yield _no("contact_missing", Field.CONTACT, domain=agency.mail_domains[0] if agency.mail_domains else "")
        return
    mail = _MAIL.fullmatch(contact)
    if mail is not None and mail.group(1).lower() in agency.mail_domains:
        return
    digits = re.sub(r"\D", "", contact)
    if len(digits) >= 10 and any(digits.endswith(re.sub(r"\D", "", t)[-10:]) for t in agency.telephones):  # noqa: PLR2004 - a US number
        return
    yield _no("contact_not_official", Field.CONTACT, domain=agency.mail_domains[0] if agency.mail_domains else "")


_PANEL: tuple[tuple[str, frozenset[Field], frozenset[str]], ...] = (
    # limit, the fields it needs, the codes that mean "not yet entered"
    ("case_number", frozenset({Field.CASE_NUMBER, Field.REPEAT_REASON}), frozenset({"case_number_missing"})),
    ("offence", frozenset({Field.OFFENCE}), frozenset({"offence_missing"})),
    ("incident", frozenset({Field.OCCURRED_AT, Field.PLACE}), frozenset({"occurred_at_missing", "place_missing"})),
    ("window", frozenset({Field.WINDOW}), frozenset({"window_missing"})),
    ("area", frozenset({Field.AREA}), frozenset({"area_missing"})),
    ("homes", frozenset({Field.AREA}), frozenset({"area_missing"})),
    ("anchor", frozenset({Field.AREA, Field.ANCHOR_REASON}), frozenset({"area_missing", "place_missing"})),
    ("words", frozenset({Field.TITLE, Field.TEXT}), frozenset({"title_missing", "text_missing"})),
    ("contact", frozenset({Field.CONTACT}), frozenset({"contact_missing"})),
)
_AREA_CODES = {
    "area": frozenset({"area_too_small", "area_too_large", "area_not_blocks", "atlas_changed"}),
    "homes": frozenset({"block_homes", "homes_too_few", "homes_many"}),
    "anchor": frozenset({"anchor_far", "anchor_reason_missing"}),
}


def panel(draft: Draft, agency: Agency, ground: Ground, findings: tuple[Finding, ...]) -> tuple[Verdict, ...]:
    """Each limit as met, not met with its first finding, or not yet decided, in the wizard's order."""
    verdicts = []
    for limit, fields, undecided in _PANEL:
        mine = [f for f in findings if f.field in fields or f.code in undecided]
        if limit in _AREA_CODES:
            mine = [f for f in mine if f.code in _AREA_CODES[limit] or f.code in undecided]
        unentered = next((f for f in mine if f.code in undecided), None)
        stop = next((f for f in mine if f.severity is not Severity.ADVICE and f.code not in undecided), None)
        if stop is not None:
            verdicts.append(Verdict(limit, met=False, code=stop.code, figures=stop.figures))
        elif unentered is not None:
            verdicts.append(Verdict(limit, met=None, code=unentered.code, figures=unentered.figures))
        else:
            verdicts.append(Verdict(limit, met=True, code=f"{limit}_met", figures=_met(limit, draft, agency, ground)))
    return tuple(verdicts)


def _met(limit: str, draft: Draft, agency: Agency, ground: Ground) -> dict[str, str]:
    match limit:
        case "case_number":
            return {"given": case_numbers.tidy(draft.case_number), "agency": agency.name}
        case "offence":
            return {"code": draft.offence, "name": offences.BY_CODE[draft.offence].name}
        case "window" if draft.begins is not None and draft.ends is not None:
            return {"given": span_words(draft.ends - draft.begins)}
        case "area" if draft.area is not None:
            size_m2 = ground.area_m2(draft.area)
            return {"given": sq_mi(size_m2), "radius": f"{radius_of_same_circle_m(size_m2):.0f}"}
        case "homes" if draft.area is not None:
            return {"given": homes_band(ground.homes(draft.area)), "blocks": str(len(draft.area.blocks))}
        case _:
            return {}


def sq_mi(area_m2: float) -> str:
    """An area in square miles as people read it; three digits where two would hide the limit."""
    miles = area_m2 / M2_PER_SQ_MI
    return f"{miles:.3f}" if miles < 0.1 else f"{miles:.2f}"  # noqa: PLR2004 - rounding


def span_words(length: timedelta) -> str:
    """A length of time as people say it: "2 h 30 min"."""
    minutes = int(length.total_seconds() // 60)
    hours, rest = divmod(minutes, 60)
    return " ".join(
        part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest or not hours else "") if part
    )


def _clock(at: datetime, agency: Agency) -> str:
    return at.astimezone(ZoneInfo(agency.time_zone)).strftime("%a %d %b %H:%M")
