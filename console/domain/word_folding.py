"""A text folded for the words lint: plain letters, single spaces, and where each character came from.

Hidden characters, look-alike letters, digits for letters and letters spaced apart are undone here, so that the rules
can be written plainly; nothing else is changed, and `origin` leads every finding back to the text as it was typed.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right

import msgspec

Span = tuple[int, int]

# How far from a word its sentence is read; a text without full stops would else be read again for each of its words.
_SIGHT = 400
_SAME = str.maketrans(
    "\u2018\u2019\u02bc`\u00b4\u2032\u201c\u201d\u2033\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2044",
    "''''''\"\"\"-------/",
)
_CYRILLIC = str.maketrans(
    "\u0430\u0441\u0435\u043e\u0440\u0445\u0443\u0456\u0458\u0455"
    "\u0410\u0412\u0421\u0415\u041d\u041a\u041c\u041e\u0420\u0422\u0425",
    "aceopxyijsABCEHKMOPTX",
)
_SPACED = re.compile(r"(?<!\S)[^\W\d_](?: [^\W\d_]){3,}(?: [:/.](?: ?[:/.])*)?(?!\S)")
_DIGIT_LETTER = {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "$": "s"}
_ELL_BEFORE = "bcfgpsBCFGPS"
_SENTENCE_END = re.compile(r"[.!?]+['\")]*(?= +[A-Z0-9\"'(])")
_ABBREVIATED = re.compile(
    r"(?:^|[ (])(?:st|ave|rd|blvd|mr|mrs|ms|dr|approx|apx|no|det|ofc|sgt|lt|capt|susp|unk|vic|compl|comp|wit|veh|hwy|"
    r"mt|ft|jr|sr|vs|e\.g|i\.e|[a-z])$"
)


class FoldedText(msgspec.Struct, frozen=True):
    """A text folded for matching, the same in lower case, where each character came from, and its sentences."""

    folded: str
    low: str
    origin: tuple[int, ...]
    ends: tuple[int, ...]
    cased: bool

    def sentence(self, place: int) -> Span:
        """The sentence `place` lies in, as far as it is worth looking."""
        number = bisect_right(self.ends, place)
        start, end = (self.ends[number - 1] if number else 0), self.ends[min(number, len(self.ends) - 1)]
        return max(start, place - _SIGHT), min(end, place + _SIGHT)


def fold(text: str) -> FoldedText:
    """Hidden characters out, look-alikes to plain ones, white space to one space, each with its place in `text`."""
    letters: list[str] = []
    origin: list[int] = []
    for place, raw in enumerate(text):
        for char in _plain(raw):
            if char == " " and (not letters or letters[-1] == " "):
                continue
            letters.append(char)
            origin.append(place)
    folded = _without_digits("".join(letters))
    folded, origin = _joined(folded, origin)
    ends = [m.end() for m in _SENTENCE_END.finditer(folded) if not _abbreviated(folded, m)]
    upper = sum(c.isupper() for c in folded)
    lower = sum(c.islower() for c in folded)
    cased = 0 < upper < lower
    return FoldedText(folded, folded.lower(), tuple(origin), (*ends, len(folded)), cased)


def _plain(char: str) -> str:
    """A character as plain ASCII where it has one, and nothing for a hidden one."""
    if char.isascii():
        return " " if char.isspace() or char < " " else char
    if char.isspace():
        return " "
    if unicodedata.category(char) in {"Cf", "Mn", "Cc"}:
        return ""
    folded = unicodedata.normalize("NFKD", char.translate(_SAME).translate(_CYRILLIC))
    return "".join(" " if c.isspace() else c for c in folded if unicodedata.category(c) != "Mn" and len(c.lower()) == 1)


def _abbreviated(folded: str, end: re.Match[str]) -> bool:
    """Whether a full stop belongs to an abbreviation."""
    return end.group() == "." and _ABBREVIATED.search(folded[max(0, end.start() - 8) : end.start()].lower()) is not None


def _without_digits(folded: str) -> str:
    """Digits that stand for letters inside a word ("y0u") read as those letters."""

    def letter(match: re.Match[str]) -> str:
        if match.group() == "1" and match.string[match.start() - 1] in _ELL_BEFORE:
            return "l"
        return _DIGIT_LETTER[match.group()]

    return re.sub(r"(?<=[A-Za-z])[01345$](?=[a-z])|(?<=[A-Z])[01345$](?=[A-Z]{2})", letter, folded)


def _joined(folded: str, origin: list[int]) -> tuple[str, list[int]]:
    """Letters spaced apart ("h t t p s : / /") drawn together."""
    gone = {
        place
        for match in _SPACED.finditer(folded)
        for place in range(match.start(), match.end())
        if folded[place] == " "
    }
    if not gone:
        return folded, origin
    kept = [place for place in range(len(folded)) if place not in gone]
    return "".join(folded[place] for place in kept), [origin[place] for place in kept]
