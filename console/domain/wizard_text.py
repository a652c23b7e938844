"""What a rule underlines, in the units of the screen, and what a neighbour and the public will read."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec

from console.domain import offences
from console.domain.findings import Field, Finding, Severity
from console.domain.times import clock_words, span_words, zone_of
from console.domain.wording import words_for

if TYPE_CHECKING:
    from datetime import datetime

    from console.domain.drafts import Draft
    from console.domain.policy import Agency

NOT_YET = "not given yet"
PUBLIC = (
    "Case number",
    "Offense",
    "Place",
    "Area",
    "Time window",
    "Title and text",
    "Contact",
    "Your name and title",
    "Open until",
    "Later",
)


class Mark(msgspec.Struct, frozen=True):
    """A stretch of text that a rule objects to, in UTF-16 units as Qt counts, and why."""

    start: int
    length: int
    words: str


def utf16(text: str, span: tuple[int, int]) -> tuple[int, int]:
    """A span of characters as begin and length in UTF-16 units; an emoji is two."""
    start, end = span

    def units(part: str) -> int:
        return sum(2 if ord(letter) > 0xFFFF else 1 for letter in part)  # noqa: PLR2004 - the basic plane's end

    return units(text[:start]), units(text[start:end])


def marks(text: str, field: Field, findings: tuple[Finding, ...]) -> tuple[Mark, ...]:
    """What is to be underlined in a field's text, each with the rule's reason and a better wording."""
    return tuple(
        Mark(*utf16(text, finding.span), why(finding))
        for finding in findings
        if finding.field is field and finding.span is not None
    )


def why(finding: Finding) -> str:
    """A finding in full: what, why, and what to write instead; a code of a newer service as it is."""
    try:
        words = words_for(finding.code, finding.figures)
    except KeyError:
        return finding.code
    stop = "" if words.title.endswith("?") else "."
    return f"{words.title}{stop} {words.reason} {words.next_step}"


def grouped(findings: tuple[Finding, ...]) -> tuple[tuple[str, tuple[Finding, ...]], ...]:
    """Findings by weight, with a heading each; a weight without findings is left out."""
    headings = (
        (Severity.BLOCKS, "Must be mended before it can be sent"),
        (Severity.CONFIRM, "The approver must confirm"),
        (Severity.ADVICE, "Good to know"),
    )
    found = []
    for severity, heading in headings:
        mine = tuple(f for f in findings if f.severity is severity)
        if mine:
            found.append((heading, mine))
    return tuple(found)


def window_words(draft: Draft, agency: Agency) -> str:
    """A window as people read it: both dates where it goes over midnight, the zone's name, the length."""
    begins, ends = draft.begins, draft.ends
    if begins is None or ends is None:
        return ""
    zone = zone_of(agency.time_zone)
    first, last = begins.astimezone(zone), ends.astimezone(zone)
    if ends <= begins:
        return f"{clock_words(begins, zone)} to {clock_words(ends, zone)}"
    if first.date() == last.date() and first.tzname() == last.tzname():
        text = f"{first:%a %d %b %H:%M} to {last:%H:%M %Z}"
    else:
        text = f"{clock_words(begins, zone)} to {clock_words(ends, zone)}"
    night = ", overnight" if first.date() != last.date() else ""
    return f"{text} ({span_words(ends - begins)}{night})"


def public_lines(draft: Draft, agency: Agency, author: str, area: str, now: datetime) -> tuple[tuple[str, str], ...]:
    """What everybody will be able to read once it is published, line by line."""
    offence = offences.BY_CODE.get(draft.offence)
    zone = zone_of(agency.time_zone)
    until = clock_words(now + timedelta(days=agency.limits.open_days), zone)
    sensitive = offence is not None and offence.sensitive
    said = (
        draft.case_number,
        offence.name if offence is not None else "",
        "not named: the offense is sensitive" if sensitive else "the outline of the area, never an address",
        area,
        window_words(draft, agency),
        "as on the card" if draft.title and draft.text else "",
        draft.contact,
        author,
        f"{until}, if it is approved now ({agency.limits.open_days} days)",
        "addenda, and the outcome when you resolve it",
    )
    return tuple((name, words or NOT_YET) for name, words in zip(PUBLIC, said, strict=True))
