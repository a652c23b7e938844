"""Findings: what the check has to say about a draft. An expected "no" is a value with a code, not an exception."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Severity(StrEnum):
    """How much a finding weighs."""

    BLOCKS = "blocks"
    CONFIRM = "confirm"
    ADVICE = "advice"


class Field(StrEnum):
    """The entry of a draft that a finding is about."""

    CASE_NUMBER = "case_number"
    OFFENCE = "offence"
    OCCURRED_AT = "occurred_at"
    PLACE = "place"
    WINDOW = "window"
    AREA = "area"
    TITLE = "title"
    TEXT = "text"
    CONTACT = "contact"
    REPEAT_REASON = "repeat_reason"
    ANCHOR_REASON = "anchor_reason"
    # Of an alert
    LEVEL = "level"
    TITLE_ES = "title_es"
    TEXT_ES = "text_es"
    ENDS = "ends"
    SEND_AT = "send_at"
    PICTURES = "pictures"
    FILE = "file"


class Finding(msgspec.Struct, frozen=True):
    """One thing that the check found; `figures` fill the blanks of its words, `span` underlines text."""

    code: str
    severity: Severity
    field: Field
    figures: dict[str, str] = {}
    span: tuple[int, int] | None = None


def blocking(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """Those findings with which a request may not be sent."""
    return tuple(f for f in findings if f.severity is Severity.BLOCKS)
