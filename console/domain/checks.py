"""The check: one pure function that says what is wrong with a draft (DESIGN 2).

The wizard calls it on every change, the outbox before it seals, the service again with its own policy and clock.
A refusal is computed from public facts only (homes, boundary, the agency's own earlier requests and its calendar),
never from who is enrolled or has a camera.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from console.domain import assemblies, case_numbers, history, offences, words
from console.domain.areas import drawing_trouble, homes_band
from console.domain.findings import Field, Finding, Severity
from console.domain.places import M2_PER_SQ_MI, radius_of_same_circle_m
from console.domain.times import clock_words, is_usable, span_words, zone_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from console.domain.assemblies import Gathering
    from console.domain.drafts import Draft
    from console.domain.ground import Ground
    from console.domain.policy import Agency
    from console.domain.requests import EarlierRequest

REASON_MIN = 10
PLACE_NAME_MAX = 120
_WEIGHT = {Severity.BLOCKS: 0, Severity.CONFIRM: 1, Severity.ADVICE: 2}
_MAIL = re.compile(r"[A-Za-z0-9._%+-]+@([A-Za-z0-9.-]+\.[A-Za-z]{2,})")
_TELEPHONE = re.compile(r"\+?[\d\s().-]{7,25}")
_PLACEHOLDER = re.compile(r"\{[a-z_]+\}")
# A house number with its street, a block of a hundred, or coordinates: what a sensitive offence hides.
_ADDRESS = re.compile(
    r"\b\d{1,5}\s+(?:block\s+(?:of\s+)?|(?:[NSEW]\.?\s+)?"
    r"(?:(?!(?:[ap]m|of|the|and|in|on|at|to|from|by|near|along|people|men|women|or)\b)[\w'-]+\s+){1,3}"
    r"(?:st|street|ave|avenue|rd|road|blvd|boulevard|dr|drive|ln|lane|ct|court|pl|place|pkwy|parkway|ter|terrace|way)\b)"
    r"|-?\d{1,2}\.\d{3,}\s*,\s*-?\d{1,3}\.\d{3,}",
    re.IGNORECASE,
)


def check(
    draft: Draft,
    agency: Agency,
    ground: Ground,
    earlier: tuple[EarlierRequest, ...],
    now: datetime,
    gatherings: tuple[Gathering, ...] = (),
) -> tuple[Finding, ...]:
    """Everything that stands against the draft at `now` (aware), blocking first, then in the wizard's order.

    `earlier` is the agency's own earlier requests, this one not among them; `gatherings` is its calendar.
    """
    found = [
        *_case(draft, agency, earlier, now),
        *_offence(draft),
        *_incident(draft, agency, ground, now),
        *_window(draft, agency, now),
        *_area(draft, agency, ground),
        *_assemblies(draft, ground, gatherings, agency),
        *_asked_before(draft, ground, earlier, now),
        *_words(draft, agency),
        *_contact(draft, agency),
    ]
    return tuple(sorted(found, key=lambda f: _WEIGHT[f.severity]))


def _no(code: str, field: Field, **figures: str) -> Finding:
    return Finding(code, Severity.BLOCKS, field, figures)


def _case(draft: Draft, agency: Agency, before: tuple[EarlierRequest, ...], now: datetime) -> Iterator[Finding]:
    local = now.astimezone(zone_of(agency.time_zone))
    refusal = case_numbers.judge(draft.case_number, agency.case_masks, local.year)
    if refusal is not None:
        yield Finding(refusal[0], Severity.BLOCKS, Field.CASE_NUMBER, refusal[1])
        return
    earlier = history.of_case(before, draft.case_number)
    if not earlier:
        return
    limits = agency.limits
    if len(earlier) >= limits.requests_per_case:
        yield _no("case_used_up", Field.CASE_NUMBER, count=str(len(earlier)), allowed=str(limits.requests_per_case))
        return
    again_from = max(e.asked_at for e in earlier) + timedelta(hours=limits.second_after_hours)
    if now < again_from:
        yield _no(
            "case_too_soon", Field.CASE_NUMBER, hours=str(limits.second_after_hours), at=_clock(again_from, agency)
        )
    if len(draft.repeat_reason.strip()) < REASON_MIN:
        yield _no("repeat_reason_missing", Field.REPEAT_REASON)


def _offence(draft: Draft) -> Iterator[Finding]:
    if not draft.offence:
        yield _no("offence_missing", Field.OFFENCE)
    elif draft.offence in offences.FORBIDDEN:
        yield _no("offence_forbidden", Field.OFFENCE, given=draft.offence)
    elif draft.offence not in offences.BY_CODE:
        yield _no("offence_unknown", Field.OFFENCE, given=draft.offence[:12])


def _incident(draft: Draft, agency: Agency, ground: Ground, now: datetime) -> Iterator[Finding]:
    if draft.occurred_at is None:
        yield _no("occurred_at_missing", Field.OCCURRED_AT)
    elif not is_usable(draft.occurred_at):
        yield _no("time_out_of_range", Field.OCCURRED_AT)
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
    if not (is_usable(begins) and is_usable(ends)):
        yield _no("time_out_of_range", Field.WINDOW)
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


def _unmeasured(draft: Draft, ground: Ground) -> str:
    """Why an area cannot be measured; empty where it can."""
    area = draft.area
    trouble = drawing_trouble(draft.drawing) if draft.drawing is not None else ""
    if trouble:
        return trouble
    if area is None or area.is_empty:
        # What was drawn and holds nothing of the jurisdiction lies outside it, or is smaller than any block.
        return "area_missing" if area is None or draft.drawing is None else "area_nothing"
    if area.atlas_version != ground.version:
        return "atlas_changed"
    if ground.unknown(area):
        return "area_not_blocks"
    return "" if draft.drawing is not None and ground.snap(draft.drawing) == area else "area_not_drawn"


def _area(draft: Draft, agency: Agency, ground: Ground) -> Iterator[Finding]:
    area, limits = draft.area, agency.limits
    trouble = _unmeasured(draft, ground)
    if trouble or area is None:
        yield _no(trouble, Field.AREA)
        return
    size_m2, homes = ground.area_m2(area), ground.homes(area)
    if size_m2 <= 2 * limits.area_max_m2 and not ground.is_one_piece(area):
        yield _no("area_scattered", Field.AREA)
    radius = f"{radius_of_same_circle_m(size_m2):.0f}"
    for code, is_broken, limit_m2 in (
        ("area_too_small", size_m2 < limits.area_min_m2, limits.area_min_m2),
        ("area_too_large", size_m2 > limits.area_max_m2, limits.area_max_m2),
    ):
        if is_broken:
            given, limit = apart(size_m2, limit_m2)
            yield _no(code, Field.AREA, given=given, limit=limit, radius=radius)
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
        # A park or a river may lie in between, but no farther than a circle of the largest size would reach.
        homes_m = 0.0 if away_m else ground.nearest_block_m(area, draft.place)
        if homes_m > radius_of_same_circle_m(limits.area_max_m2):
            away_m = homes_m
        if away_m > limits.anchor_max_m:
            yield _no("anchor_far", Field.AREA, given=f"{away_m:.0f}", limit=f"{limits.anchor_max_m:.0f}")
        elif away_m > 0 and len(draft.anchor_reason.strip()) < REASON_MIN:
            yield _no("anchor_reason_missing", Field.ANCHOR_REASON, given=f"{max(1.0, away_m):.0f}")


def _assemblies(draft: Draft, ground: Ground, gatherings: tuple[Gathering, ...], agency: Agency) -> Iterator[Finding]:
    """Each gathering of the calendar that the blocks and the window meet."""
    area, begins, ends = draft.area, draft.begins, draft.ends
    if not gatherings or area is None or begins is None or ends is None or ends <= begins:
        return
    if area.atlas_version != ground.version or ground.unknown(area) or not (is_usable(begins) and is_usable(ends)):
        return
    zone = zone_of(agency.time_zone)
    for gathering in assemblies.met_by(gatherings, ground, area, begins, ends):
        figures = {
            "name": gathering.name,
            "begins": clock_words(gathering.begins, zone),
            "ends": clock_words(gathering.ends, zone),
        }
        yield Finding("assembly_overlap", Severity.CONFIRM, Field.WINDOW, figures)


def _asked_before(
    draft: Draft, ground: Ground, earlier: tuple[EarlierRequest, ...], now: datetime
) -> Iterator[Finding]:
    """How often these blocks were asked lately: the approver weighs it."""
    if draft.area is None or draft.area.atlas_version != ground.version:
        return
    asked = history.of_area(earlier, draft.area.blocks, now - history.LOOK_BACK)
    if asked:
        times = "once" if len(asked) == 1 else f"{len(asked)} times"
        figures = {"count": times, "days": str(history.LOOK_BACK.days)}
        yield Finding("asked_before", Severity.ADVICE, Field.AREA, figures)


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
    offence = offences.BY_CODE.get(draft.offence)
    sensitive = offence is not None and offence.sensitive
    for field, code, span in _spots(draft.title, draft.text, sensitive=sensitive):
        text = draft.title if field is Field.TITLE else draft.text
        yield Finding(code, Severity.BLOCKS, field, {"words": text[slice(*span)][:80]}, span)
    for field, text in ((Field.TITLE, draft.title), (Field.TEXT, draft.text), (Field.PLACE, draft.place_name)):
        yield from hidden(field, text)
    # The place's name is published too: it may be no second text.
    if len(draft.place_name) > PLACE_NAME_MAX:
        yield _no("place_name_too_long", Field.PLACE, given=f"{len(draft.place_name):,}", limit=str(PLACE_NAME_MAX))
    else:
        yield from added_words(draft.place_name, Field.PLACE, sensitive=sensitive)


def added_words(text: str, field: Field = Field.TEXT, *, sensitive: bool = False) -> tuple[Finding, ...]:
    """What stands against words that are published beside a request's own: a place's name, an addendum.

    They need no reason of their own, and may thank.
    """
    found = [
        Finding(code, Severity.BLOCKS, field, {"words": text[slice(*span)][:80]}, span)
        for _, code, span in _spots("", text, sensitive=sensitive)
        if code not in _OF_A_WHOLE_REQUEST
    ]
    return (*found, *hidden(field, text))


_OF_A_WHOLE_REQUEST = frozenset({"vague_reason", "announcement", "placeholder_left"})


def hidden(field: Field, text: str) -> Iterator[Finding]:
    """That a text holds a character that is not seen: a direction override, a zero-width space, a control."""
    at = next((at for at, letter in enumerate(text) if _is_hidden(letter)), None)
    if at is not None:
        yield Finding("hidden_characters", Severity.BLOCKS, field, {"code": f"U+{ord(text[at]):04X}"}, (at, at + 1))


@lru_cache(maxsize=64)
def _spots(title: str, text: str, *, sensitive: bool) -> tuple[tuple[Field, str, tuple[int, int]], ...]:
    """What the rules object to, in which field and where.

    Title and text are read as one: the text says what happened, and the title need not say it again. Kept, since the
    words stay the same while an area is drawn.
    """
    whole = f"{title}\n{text}"
    begins = len(title) + 1
    found = [(f.code, f.start, f.end) for f in words.lint(whole)]
    found += [("placeholder_left", *m.span()) for m in _PLACEHOLDER.finditer(whole)]
    if sensitive:
        found += [("place_revealed", *m.span()) for m in _ADDRESS.finditer(whole)]
    spots = []
    for code, start, end in found:
        if start < len(title):
            spots.append((Field.TITLE, code, (start, min(end, len(title)))))
        else:
            spots.append((Field.TEXT, code, (max(0, start - begins), end - begins)))
    return tuple(spots)


def _is_hidden(letter: str) -> bool:
    return unicodedata.category(letter) in {"Cc", "Cf", "Co"} and letter not in "\n\t\u00ad"


def _contact(draft: Draft, agency: Agency) -> Iterator[Finding]:
    contact = draft.contact.strip()
    domain = agency.mail_domains[0] if agency.mail_domains else "your agency\u2019s own domain"
    if not contact:
        yield _no("contact_missing", Field.CONTACT, domain=domain)
        return
    mail = _MAIL.fullmatch(contact)
    if mail is not None and mail.group(1).lower() in agency.mail_domains:
        return
    digits = re.sub(r"\D", "", contact)
    is_number = _TELEPHONE.fullmatch(contact) is not None
    if is_number and len(digits) >= 10 and any(digits.endswith(re.sub(r"\D", "", t)[-10:]) for t in agency.telephones):  # noqa: PLR2004 - a US number
        return
    yield _no("contact_not_official", Field.CONTACT, domain=domain)


def sq_mi(area_m2: float) -> str:
    """An area in square miles as people read it; three digits where two would hide the limit."""
    miles = area_m2 / M2_PER_SQ_MI
    return f"{miles:.3f}" if miles < 0.1 else f"{miles:.2f}"  # noqa: PLR2004 - rounding


def apart(given_m2: float, limit_m2: float) -> tuple[str, str]:
    """Two areas in square miles with as many digits as tell them apart, at most six."""
    if sq_mi(given_m2) != sq_mi(limit_m2):
        return sq_mi(given_m2), sq_mi(limit_m2)
    for digits in (3, 4, 5):
        given, limit = (f"{m2 / M2_PER_SQ_MI:.{digits}f}" for m2 in (given_m2, limit_m2))
        if given != limit:
            return given, limit
    return f"{given_m2 / M2_PER_SQ_MI:.6f}", f"{limit_m2 / M2_PER_SQ_MI:.6f}"


def _clock(at: datetime, agency: Agency) -> str:
    return clock_words(at, zone_of(agency.time_zone))
