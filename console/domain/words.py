"""The words lint: what a request may not say, with the span it is about.

The promise: plain patterns that can be read, argued with and tested; pure, linear in the length of the text, and
undeterred by capitals, curly quotes, hidden characters or letters spaced apart. Sources: Ring RFA (no pressure, no
announcements), Nextdoor (race alone), EFF on LAPD 2020 (protest), ACLU on audit logs (vague reasons). The vocabulary
stands in `word_rules.py` and `word_people.py`, the reading in `word_folding.py`; here is how they are applied.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import islice

import msgspec

from console.domain import word_people as people
from console.domain import word_rules as rules
from console.domain.word_folding import FoldedText, Span, fold

# How many findings of a kind are worth telling, and how many possible names are worth judging: no text takes long.
MOST = 50
MOST_NAMES_JUDGED = 100


class WordsFinding(msgspec.Struct, frozen=True):
    """A rule's code and the characters [start, end) it is about."""

    code: str
    start: int
    end: int


def lint(text: str) -> tuple[WordsFinding, ...]:
    """What the rules find in `text`, in order of place; overlapping spans of a code are one finding."""
    read = fold(text)
    if not read.low:
        return ()
    spans = {"link": _links(read), "race_alone": _race_alone(read)}
    if _WORD.search(read.low):
        _add_worded(read, spans)
    found = [
        WordsFinding(code, read.origin[start], read.origin[end - 1] + 1)
        for code, some in spans.items()
        for start, end in _merged(some)
    ]
    return tuple(sorted(found, key=lambda f: (f.start, f.code)))


_WORD = re.compile(r"[a-z]{3}|\d{3}[- ]\d\d[- ]\d{4}")


def _add_worded(read: FoldedText, spans: dict[str, list[Span]]) -> None:
    """The findings that need a word: without one of three letters there are none, however long the text."""
    named = list(islice(_names(read), MOST))
    homes = _homes(read)
    spans["pressure"] = _pressure(read)
    spans["immigration"] = _spans(rules.IMMIGRATION, read.low) + _ice(read)
    spans["protest"] = _marches(read)
    spans["reproductive_health"] = _spans(rules.REPRODUCTIVE, read.low)
    spans["minor_pii"] = _minor(read, named, homes)
    spans["victim_pii"] = _victim(read, named) + homes
    event = _event(read)
    spans["announcement"] = _announcement(read, event=event, told=any(spans.values()))
    if spans["announcement"] and not event:
        spans["victim_pii"] = []
    elif not event:
        spans["vague_reason"] = _vague(read)


# --- Spans ------------------------------------------------------------------------------------------------------


def _spans(pattern: re.Pattern[str], text: str) -> list[Span]:
    return [m.span() for m in islice(pattern.finditer(text), MOST) if m.end() > m.start()]


def _merged(spans: list[Span]) -> list[Span]:
    """Overlapping spans made one."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


# --- The simple codes -------------------------------------------------------------------------------------------


def _links(read: FoldedText) -> list[Span]:
    found = []
    for start, end in _spans(rules.LINK, read.low):
        trimmed = len(read.low[start:end].rstrip(".,;:!?)'\" ")) + start
        found.append((start, max(trimmed, start + 1)))
    return found + _spans(rules.LINKED, read.low)


def _pressure(read: FoldedText) -> list[Span]:
    """What presses; a robber's words to a clerk press nobody else."""
    found = _spans(rules.PRESSES, read.low) + [m.span(1) for m in islice(rules.ORDERED.finditer(read.low), MOST)]
    for start, end in _spans(rules.OBLIGES, read.low):
        if not rules.NEGATED.search(read.low[max(0, start - 30) : start]):
            found.append((start, end))
    return [
        (start, end)
        for start, end in found
        if not rules.SPOKEN.search(read.low[max(read.sentence(start)[0], start - 90) : start])
    ]


def _ice(read: FoldedText) -> list[Span]:
    """The agency by its capitals, which say nothing in a text of capitals."""
    return _spans(rules.ICE, read.folded) if read.cased else []


def _marches(read: FoldedText) -> list[Span]:
    """Protests; "the March burglary" is a month where case can tell."""
    return [
        (start, end)
        for start, end in _spans(rules.PROTEST, read.low)
        if not (read.cased and read.folded[start:end].startswith(("the March", "The March", "this March", "a March")))
    ]


def _announcement(read: FoldedText, *, event: bool, told: bool) -> list[Span]:
    """Invitations and news; where an event is told of or asked about, such words only name the place."""
    asks = _asks(read)
    if event and asks:
        return _spans(rules.INVITES, read.low)
    if asks:
        return _spans(rules.INVITES, read.low) + _spans(rules.OCCASION, read.low)
    if event and rules.HAPPENED.search(read.low):
        return _spans(rules.PRAISE, read.low)
    found = [span for pattern in (rules.ANNOUNCED, rules.OCCASION, rules.PRAISE) for span in _spans(pattern, read.low)]
    if not event:
        found += _spans(rules.GATHERING, read.low)
    if found or event or told or any(pattern.search(read.low) for pattern in _NO_NEWS):
        return found
    return _spans(rules.NEWS, read.low)


_NO_NEWS = (people.SOMEBODY, rules.RECORDING, rules.SEARCHING, rules.VAGUE)


def _event(read: FoldedText) -> bool:
    """Whether an offence or event is told of, and not only what might be."""
    told = rules.EVENT.search(read.low) is not None
    return told and rules.EVENT.search(rules.NO_EVENT.sub(" ; ", read.low)) is not None


def _asks(read: FoldedText) -> bool:
    asks = "?" in read.low or rules.ASKING.search(read.low) is not None
    return asks and rules.RECORDING.search(read.low) is not None


def _vague(read: FoldedText) -> list[Span]:
    """A reason that names no event, or a request for recordings with no reason at all."""
    found = _spans(rules.VAGUE, read.low)
    if not found and rules.ACTED.search(read.low):
        return []
    if not found and _asks(read) and not rules.PAST.search(read.low):
        found = _spans(rules.RECORDING, read.low)[:1]
    return found or _spans(rules.SEARCHING, read.low)[:1]


# --- Race alone -------------------------------------------------------------------------------------------------


def _race_alone(read: FoldedText) -> list[Span]:
    """A person described by race with fewer than two other features in the same or a neighbouring sentence."""
    found = _spans(people.RACE_OF_PERSON, read.low) if people.RACE_NAMED.search(read.low) else []
    found += _spans(people.RACE_CODE, read.folded)
    counted: dict[int, int] = {}
    alone = []
    for start, end in _merged(found):
        number = bisect_right(read.ends, start)
        if number not in counted:
            counted[number] = _features(read, number)
        if counted[number] < people.MIN_FEATURES:
            alone.append((start, end))
    return alone


def _features(read: FoldedText, number: int) -> int:
    """How many features of a person the sentences around sentence `number` name."""
    start = read.ends[number - 2] if number > 1 else 0
    end = read.ends[min(number + 1, len(read.ends) - 1)]
    window = people.LOOT.sub(" ", read.low[start:end])
    seen: set[str] = set()
    for kind, pattern in people.FEATURES:
        seen.update(kind or m.group() for m in pattern.finditer(window))
    return len(seen)


# --- Names ------------------------------------------------------------------------------------------------------

_TOKEN = re.compile(r"[A-Za-z](?:[A-Za-z]|'(?!s\b|S\b)|-(?=[A-Za-z]))*")
_PARTICLES = frozenset(("de", "la", "del", "van", "von", "der", "bin", "al", "el", "dos", "da", "di", "st", "le", "mc"))
_REACH = 80
_CALLED = re.compile(r"(?:named|called|name is|name:|identified as|daughter|son|little|old|girl|boy)[ ,:]*$")
_OLD = re.compile(r"\b(?:old man|old lady|ol' man|widow|farmer) $")


_STREET_BEFORE = re.compile(r"[A-Z0-9][\w']* D[Rr]$")


_TEACHER_AFTER = re.compile(r"'s? (?:class|classroom|homeroom|room|grade|students|pupils)\b")


class _Name(msgspec.Struct, frozen=True):
    """A person's name and whether it is a suspect's or a missing person's, and whether a minor's."""

    start: int
    end: int
    minor: bool
    victim: bool


def _names(read: FoldedText) -> Iterator[_Name]:
    """Names of people who are neither officers nor suspects, found by their form and by what stands around them."""
    tokens = list(_TOKEN.finditer(read.folded))
    missing = people.MISSING.search(read.low) is not None
    at = judged = 0
    while at < len(tokens) and judged < MOST_NAMES_JUDGED:
        titled = tokens[at].group().lower() in people.TITLE and not _STREET_BEFORE.search(
            read.folded[max(0, tokens[at].start() - 20) : tokens[at].end()]
        )
        last = _name_end(read, tokens, at + titled)
        if last is None:
            at += 1
            continue
        judged += 1
        found = _judged(read, tokens[at], tokens[last], tokens[at + titled], last - at - titled + 1, missing=missing)
        if found is not None:
            yield found
        at = last + 1 if found is not None else at + 1


def _name_end(read: FoldedText, tokens: list[re.Match[str]], first: int) -> int | None:
    """The last token of what might be a name beginning with token `first`."""
    if first >= len(tokens) or not _may_be_name(read, tokens[first]):
        return None
    last = first
    for number in range(first + 1, min(first + 4, len(tokens))):
        between = read.folded[tokens[number - 1].end() : tokens[number].start()]
        initial = len(tokens[number - 1].group()) == 1
        if between != " " and not (initial and between in {". ", "."}):
            break
        word = tokens[number].group()
        if word.lower() in _PARTICLES and number + 1 < len(tokens) and _may_be_name(read, tokens[number + 1]):
            continue
        if len(word) == 1 and word.isupper() and number + 1 < len(tokens) and _may_be_name(read, tokens[number + 1]):
            continue
        if not _may_be_name(read, tokens[number]):
            break
        last = number
        if not read.cased and last > first:
            break
    return last


def _may_be_name(read: FoldedText, token: re.Match[str]) -> bool:
    word = token.group()
    initial = len(word) == 1 and word.isupper() and read.folded[token.end() : token.end() + 1] == "."
    if word.lower() in people.NOT_NAMES and not initial:
        return False
    if not read.cased:
        return True
    return word[0].isupper() and (len(word) == 1 or not word.isupper() or word.lower() in people.FIRST_NAMES)


def _judged(
    read: FoldedText, first: re.Match[str], last: re.Match[str], given: re.Match[str], count: int, *, missing: bool
) -> _Name | None:
    """The person these words name, if they name one who is neither an officer nor a contact."""
    start, end = first.start(), last.end()
    titled = given is not first
    head = given.group().lower()
    begin, stop = read.sentence(start)
    before = read.low[max(begin, start - _REACH) : start]
    after = read.low[end : max(stop, end)][:_REACH]
    known = head in people.FIRST_NAMES or head.split("-")[0] in people.FIRST_NAMES
    if not _is_person(read, before, after, known=known, count=count, titled=titled, head=head):
        return None
    text = read.low[start:end]
    if (
        (people.PLACE_AFTER.search(after) and not people.PRIVATE_AFTER.search(after))
        or " ".join(text.split()[:2]) in people.BRANDS
        or _placed(text)
    ):
        return None
    if people.RANK_BEFORE.search(before) or people.OFFICER_AFTER.search(after) or _TEACHER_AFTER.match(after):
        return None
    role = people.ROLE_BEFORE.search(before) is not None
    if people.CONTACT_BEFORE.search(before) and not role and not (known and count == 1):
        return None
    minor = bool(people.MINOR_BEFORE.search(before) or people.MINOR_AFTER.search(after))
    suspect = not role and bool(people.SUSPECT_BEFORE.search(before) or people.SUSPECT_AFTER.search(after))
    return _Name(start, end, minor=minor, victim=role or not (suspect or missing))


def _placed(text: str) -> bool:
    """Whether the last word of a supposed name is a street's or a firm's."""
    return " " in text and people.PLACE_AFTER.search(" " + text.rsplit(" ", 1)[1]) is not None


def _is_person(read: FoldedText, before: str, after: str, *, known: bool, count: int, titled: bool, head: str) -> bool:
    """Whether the form of a name or its surroundings make it a person's."""
    called_up = people.CONTACT_BEFORE.search(before) is not None and people.PHONE_NEXT.search(after) is not None
    if titled or (known and ((count > 1 and read.cased) or called_up)):
        return True
    role = people.ROLE_BEFORE.search(before) is not None
    young = people.MINOR_BEFORE.search(before) is not None
    told = role or young or people.MINOR_AFTER.search(after) is not None
    said = told or people.NAMED_BEFORE.search(before) is not None or people.PRIVATE_AFTER.search(after) is not None
    given = people.GIVEN_AFTER.match(after)
    if role and given is not None and given.group(1) in people.FIRST_NAMES:
        return True
    if known:
        return said or count > 1 or (not read.cased and people.MISSING.search(before) is not None)
    if not read.cased:
        listed = people.LISTED_AFTER.search(after) is not None or before.endswith((": ", "- ", "named "))
        return count > 1 and (role or young) and listed
    if count > 1:
        return told or (said and not before.endswith("for ")) or people.SAID_AFTER.search(after) is not None
    called = (told and _CALLED.search(before) is not None) or _OLD.search(before) is not None
    return len(head) > 1 and called


# --- Minors, victims, their homes -------------------------------------------------------------------------------


def _minor(read: FoldedText, named: list[_Name], homes: list[Span]) -> list[Span]:
    found = [(n.start, n.end) for n in named if n.minor]
    found += [span for span in homes if _near_minor(read, span)]
    pupils = islice(people.PUPIL.finditer(read.folded), MOST) if people.SCHOOL.search(read.low) else ()
    for match in pupils:
        group = match.lastgroup or "school"
        words = _school(match.group(group).split(), cased=read.cased)
        if len(words) > 1 or group == "school3":
            found.append((match.end(group) - len(" ".join(words)), match.end(group)))
    if people.STRONG_MINOR.search(read.low):
        found += _spans(people.PHOTO, read.low)
    return found


def _school(words: list[str], *, cased: bool) -> list[str]:
    """The name of a school without the words that lead to it; nothing where they say it is only near."""
    while words and (words[0].lower() in people.NOT_A_SCHOOL or (cased and words[0][0].islower())):
        if words[0].lower() not in people.TO_A_SCHOOL:
            return []
        words = words[1:]
    return words


def _near_minor(read: FoldedText, span: Span) -> bool:
    """Whether a home is a minor's: one is named in the same sentence."""
    begin, stop = read.sentence(span[0])
    near = read.low[max(begin, span[0] - 120) : span[0]] + " ; " + read.low[span[1] : min(stop, span[1] + 120)]
    return people.STRONG_MINOR.search(near) is not None


_FLAT = re.compile(r"\b(?:apt|apartment|unit)\b|#")
_FIRM = re.compile(r"[A-Z]\w+'s? [A-Z]\w+,? (?:at )?$")


def _homes(read: FoldedText) -> list[Span]:
    """Numbered homes; a place open to the public or a suspect's is none."""
    found = []
    for match in islice(people.ADDRESS.finditer(read.low), MOST):
        begin, stop = read.sentence(match.start())
        ahead = read.folded[max(begin, match.start() - 45) : match.start()]
        rest = (
            read.low[max(begin, match.start() - 80) : match.start()]
            + " ; "
            + read.low[match.end() : min(stop, match.end() + 80)]
        )
        near = ahead.lower() + " ; " + read.low[match.end() : match.end() + 30]
        private = people.HOME_WORD.search(rest) or _FLAT.search(match.group())
        if not private and (people.PUBLIC_PLACE.search(near) or _FIRM.search(ahead)):
            continue
        if people.SUSPECTS_HOME.search(read.low[max(begin, match.start() - 80) : match.end()]):
            continue
        found.append(match.span())
    return found


_FAMILY = re.compile(r"\b[Tt]he ([A-Z][a-z]+)(?:'s|s')? (?:family|residence|household)\b")


def _victim(read: FoldedText, named: list[_Name]) -> list[Span]:
    found = [(n.start, n.end) for n in named if n.victim]
    found += [
        m.span(1) for m in islice(_FAMILY.finditer(read.folded), MOST) if m.group(1).lower() not in people.NOT_NAMES
    ]
    for match in islice(people.PHONE.finditer(read.low), MOST):
        begin = read.sentence(read.sentence(match.start())[0] - 1)[
            0
        ]  # whose line it is may stand in the sentence before
        if not people.NOT_PRIVATE_LINE.search(read.low[max(0, begin) : match.end()]):
            found.append(match.span("number" if match.group("number") else "listed"))
    for span in _spans(people.IDENTITY_NUMBER, read.low):
        begin, stop = read.sentence(span[0])
        before = read.low[begin : span[0]]
        suspect = people.SUSPECT_BEFORE.search(before[-60:]) or people.WANTED.search(read.low, span[1], stop)
        if not suspect or people.A_ROLE.search(before):
            found.append(span)
    return found + _private_details(read, named)


def _private_details(read: FoldedText, named: list[_Name]) -> list[Span]:
    """Health and working place of a person who is named or called the victim in the same sentence."""
    found = []
    roles = () if people.MISSING.search(read.low) else islice(people.A_ROLE.finditer(read.low), MOST)
    for match in roles:  # who is searched for is described by what helps to find them
        begin, stop = read.sentence(match.start())
        stop = min(stop, match.end() + 160)
        begin = max(begin, match.start() - 60)
        found += [m.span() for m in people.PRIVATE_DETAIL.finditer(read.low, begin, stop)]
        for work in people.WORK_DETAIL.finditer(read.folded, match.end(), stop):
            found.append(work.span())
    for name in named:
        if name.victim:
            stop = min(read.sentence(name.start)[1], name.end + 100)
            found += [m.span() for m in people.PRIVATE_DETAIL.finditer(read.low, name.end, stop)]
    return found
