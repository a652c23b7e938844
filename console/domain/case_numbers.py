"""Case numbers against the agency's own masks: year and precinct parts are checked, not only the shape."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from console.domain.policy import CaseMask

_PARTS = {"Y": r"\d", "P": r"\d", "N": r"\d", "A": r"[A-Z]"}
_RUN = re.compile(r"(\\.|Y+|P+|N+|A+|[^YPNA\\]+)")
EARLIEST_YEAR = 1970
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_UNSEEN = re.compile(
    "[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
)


def tidy(text: str) -> str:
    """The number as an officer means it: pasted spaces, unseen characters, dashes, widths and case evened out."""
    plain = unicodedata.normalize("NFKC", text)
    return re.sub(r"\s+", "", _DASHES.sub("-", _UNSEEN.sub("", plain))).upper()


@lru_cache(maxsize=256)
def pattern_of(mask: CaseMask) -> re.Pattern[str]:
    """The mask as a pattern with groups `year` and `precinct` where it has these parts."""
    seen: set[str] = set()
    parts: list[str] = []
    for run in _RUN.findall(mask.mask):
        letter = run[0]
        if letter not in _PARTS:
            parts.append(re.escape(run.removeprefix("\\")))
            continue
        body = f"{_PARTS[letter]}{{{len(run)}}}"
        name = {"Y": "year", "P": "precinct"}.get(letter)
        if name and name not in seen:
            seen.add(name)
            body = f"(?P<{name}>{body})"
        parts.append(body)
    return re.compile("".join(parts), re.ASCII)


def example_of(mask: CaseMask, year: int) -> str:
    """A made-up number that fits, for the help under the field."""
    precinct = mask.precincts[0] if mask.precincts else "018"

    def fill(match: re.Match[str]) -> str:
        run = match.group()
        digits = "000431" if len(run) == 6 else "0" * max(0, len(run) - 3) + "431"[-len(run) :]  # noqa: PLR2004 - a usual length
        return {
            "Y": str(year)[-len(run) :],
            "P": precinct[-len(run) :].rjust(len(run), "0"),
            "N": digits,
            "A": "ABCDEFGH"[: len(run)],
        }.get(run[0], run.removeprefix("\\"))

    return _RUN.sub(fill, mask.mask)


def judge(text: str, masks: Iterable[CaseMask], year_now: int) -> tuple[str, dict[str, str]] | None:
    """None where `text` is a case number of the agency; else a finding's code and figures."""
    number = tidy(text)
    masks = tuple(masks)
    example = example_of(next((m for m in masks if m.kind == "case"), masks[0]), year_now) if masks else ""
    if not number:
        return "case_number_missing", {"example": example}
    nearest: tuple[str, dict[str, str]] = ("case_number_shape", {"given": number[:40], "example": example})
    for mask in masks:
        match = pattern_of(mask).fullmatch(number)
        if match is None:
            continue
        parts = match.groupdict()
        year = parts.get("year")
        if year is not None and not _year_fits(year, year_now):
            nearest = ("case_number_year", {"given": year, "now": str(year_now)})
            continue
        precinct = parts.get("precinct")
        if precinct is not None and mask.precincts and precinct not in mask.precincts:
            nearest = ("case_number_precinct", {"given": precinct})
            continue
        if mask.kind != "case":
            nearest = ("case_number_is_incident", {"given": number, "example": example})
            continue
        return None
    return nearest


def _year_fits(year: str, year_now: int) -> bool:
    full = int(year)
    if len(year) != 4:  # noqa: PLR2004 - four digits of a year
        full += (year_now // 100) * 100
        full -= 100 if full > year_now else 0  # "98" is of the century before
    return EARLIEST_YEAR <= full <= year_now
