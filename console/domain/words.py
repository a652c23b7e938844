# ruff: noqa: E501 - a pattern is read in one piece
"""The words lint: what a request may not say, with the span it is about.

Rules are plain patterns: they can be read, argued with and tested. Sources: Ring RFA (no pressure, no announcements),
Nextdoor (race alone), EFF on LAPD 2020 (protest), ACLU on audit logs (vague reasons).
"""

from __future__ import annotations

import re

import msgspec


class WordsFinding(msgspec.Struct, frozen=True):
    """A rule's code and the characters [start, end) it is about."""

    code: str
    start: int
    end: int


_RACE = (
    r"(?:black|white|hispanic|latino|latina|asian|african[- ]american|caucasian|arab|middle[- ]eastern|"
    r"native american|indian|mexican|puerto rican|jewish|muslim)"
)
_PERSON = (
    r"(?:males?|females?|man|men|woman|women|guys?|kids?|boys?|girls?|person|people|suspects?|individuals?|youths?|"
    r"teens?|teenagers?|juveniles?)"
)
_RACE_PERSON = re.compile(rf"\b(?:dark[- ]skinned|light[- ]skinned|{_RACE})\s+(?:\w+\s+)?{_PERSON}\b", re.IGNORECASE)
_FEATURES = re.compile(
    r"\b(?:wear(?:ing|s)?|jacket|hoodie|coat|shirt|jeans|trousers|pants|shorts|hat|cap|mask|glasses|backpack|bag|shoes|"
    r"sneakers|boots|gloves|tattoos?|scar|beard|moustache|mustache|limp(?:ing)?|hair|bald|braids|dreadlocks|tall|short|"
    r"heavy[- ]?set|slim|thin|build|feet|inches|years? old|\d+ to \d+ years|aged?|bicycle|bike|scooter|sedan|suv|van|"
    r"pickup|truck|plate|carrying|accent|umbrella|uniform|vest)\b|\b\d'\s?\d+",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^.!?\n]+")
MIN_FEATURES = 2

_SIMPLE: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "pressure",
        re.compile(
            r"\byou must\b|\bor else\b|\brequired by law\b|\bmandatory\b|\bfailure to (?:share|respond|comply)\b|"
            r"\byou (?:are|will be) (?:required|obliged|ordered)\b|\bwe will (?:come|visit|find out)\b|"
            r"\b(?:obstruct|obstruction)\w*\b|\bsubpoena\w*\b|\bwe know (?:you|that you|who)\b|\bno excuse\b|"
            r"\blast chance\b|\bcomply\b",
            re.IGNORECASE,
        ),
    ),
    (
        "link",
        re.compile(r"\bhttps?://\S+|\bwww\.\S+|\b[\w-]+\.(?:com|org|net|info|gov|io|ly|me)(?:/\S*)\b", re.IGNORECASE),
    ),
    (
        "immigration",
        re.compile(
            r"\bimmigration\b|\bundocumented\b|\billegal (?:alien|immigrant)s?\b|\bdeport\w*\b|\bvisa status\b|"
            r"\bI\.?C\.?E\.? (?:agents?|raid|detainer|operation)\b|\bborder patrol\b|\bgreen card\b",
            re.IGNORECASE,
        ),
    ),
    (
        "protest",
        re.compile(
            r"\bprotest(?:s|ers?|ing)?\b|\bdemonstrat(?:ion|ions|ors?)\b|\bpicket(?:s|ing|ers)?\b|\brally\b|"
            r"\bmarch(?:ers)\b|\bvigil\b|\bactivists?\b|\bstrikers?\b",
            re.IGNORECASE,
        ),
    ),
    (
        "reproductive_health",
        re.compile(
            r"\babortions?\b|\babortifacients?\b|\bplanned parenthood\b|\bpregnan(?:cy|t)\b|\bmiscarriages?\b",
            re.IGNORECASE,
        ),
    ),
    (
        "announcement",
        re.compile(
            r"\bjoin us (?:for|at)\b|\bcommunity meeting\b|\bopen house\b|\bnational night out\b|\bcoffee with a cop\b|"
            r"\bwe are hiring\b|\bfundraiser\b|\bsave the date\b",
            re.IGNORECASE,
        ),
    ),
    (
        "vague_reason",
        re.compile(
            r"\bongoing investigation\b|\bfor investigat(?:ive|ion) purposes\b|\bsuspicious (?:person|people|activity)\b|"
            r"\bgeneral (?:investigation|surveillance)\b|\banything (?:suspicious|unusual)\b|\bany and all\b",
            re.IGNORECASE,
        ),
    ),
    (
        "minor_pii",
        re.compile(
            r"\b(?:named?|called|identified as)\s+(?-i:[A-Z][a-z]+)[^.!?\n]{0,40}\b(?:aged?\s+(?:[1-9]|1[0-7])\b|"
            r"(?:[1-9]|1[0-7])[- ]years?[- ]old\b)|\b(?:[1-9]|1[0-7])[- ]years?[- ]old\b[^.!?\n]{0,30}\b(?:named|called)\s+"
            r"(?-i:[A-Z][a-z]+)|\b(?:student|pupil) at\s+(?-i:[A-Z])\w+",
            re.IGNORECASE,
        ),
    ),
    (
        "victim_pii",
        re.compile(
            r"\b(?:victim|complainant|owner|resident)(?:'s name)?(?:,)?\s+(?:is |was |named |called )?"
            r"(?-i:(?:Mr|Mrs|Ms|Dr)\.?\s+[A-Z][a-z]+|[A-Z][a-z]+\s+[A-Z][a-z]+)|"
            r"\b(?:born|DOB|date of birth)\b[: ]|\b\d{3}-\d{2}-\d{4}\b|"
            r"\b(?:victim|complainant|owner|resident)\b[^.!?\n]{0,40}\b(?:lives|resides) at\b",
            re.IGNORECASE,
        ),
    ),
)


def lint(text: str) -> tuple[WordsFinding, ...]:
    """What the rules find in `text`, in order of place; at most one finding a rule and span."""
    found = [WordsFinding(code, m.start(), m.end()) for code, pattern in _SIMPLE for m in pattern.finditer(text)]
    found.extend(_race_alone(text))
    return tuple(sorted(found, key=lambda f: (f.start, f.code)))


def _race_alone(text: str) -> list[WordsFinding]:
    """A person described by race with fewer than two other features in the same sentence or the next."""
    sentences = [(m.start(), m.end()) for m in _SENTENCE.finditer(text)]
    found: list[WordsFinding] = []
    for position, (start, end) in enumerate(sentences):
        reach = sentences[min(position + 1, len(sentences) - 1)][1]
        features = {m.group().lower() for m in _FEATURES.finditer(text, start, reach)}
        if len(features) < MIN_FEATURES:
            found.extend(
                WordsFinding("race_alone", m.start(), m.end()) for m in _RACE_PERSON.finditer(text, start, end)
            )
    return found
