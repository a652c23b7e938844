"""What is amiss with the files an atlas is made from, as values.

Promises: every problem says what was found and what to do next, and whether the file can be used in spite of
it. `Refused` never leaves the readers: they answer it as a blocking problem.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable

# A file that unpacks to more than this is no boundary and no list of homes of one city.
MAX_BYTES = 2**30


class Problem(msgspec.Struct, frozen=True):
    """One thing that is amiss; `feature` is empty when it concerns the whole file, `blocks` when it stops IT."""

    code: str
    feature: str
    text: str
    blocks: bool = False


class Refused(Exception):  # noqa: N818 - an expected "no" on its way to becoming a value
    """The file cannot be used; `problem` says why."""

    def __init__(self, code: str, text: str, feature: str = "") -> None:
        """Refuse with a code, a text for IT and perhaps the feature it is about."""
        super().__init__(text)
        self.problem = Problem(code, feature, text, blocks=True)


def blocking(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Those of the problems that stop the work."""
    return tuple(problem for problem in problems if problem.blocks)


def listed(values: Iterable[object], most: int = 8) -> str:
    """Values as a list for people, shortened after `most`: "a, b and 3 more"."""
    words = [str(value) for value in values]
    if len(words) <= most:
        return ", ".join(words)
    return f"{', '.join(words[:most])} and {len(words) - most:,} more"
