"""What the features of a boundary are called.

Promises: a column that names every feature differently is preferred to one that does not; a whole number is
"1", never "1.0"; a feature without a name gets one ("Area 1") and that is told. Pure.

Refused
  no_column
"""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from console.service.atlas_problems import Problem, Refused, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_NAME_COLUMNS = ("name", "names", "label", "area_name", "namelsad", "title")
_KINDS = (
    "precinct",
    "beat",
    "district",
    "dist",
    "pct",
    "sector",
    "division",
    "ward",
    "community",
    "boro",
    "zone",
    "area",
)
_LONGEST = 80
_NEARLY = 0.9
# What measures a feature or counts rows says nothing about its name.
_NO_NAME = re.compile(
    r"^(fid|id|gid|oid|ogc_fid|objectid.*|globalid|_.*|:.*|index)$|(shape|st)_?_?(area|len|leng|length)"
    r"|perimeter|sq_?(mi|km|ft|m)|acres|hectares|^(area|length|width|height|visibility|draworder|tessellate|extrude)$"
    r"|(created|edited|updated|modified|date|time)",
    re.IGNORECASE,
)


def name_features(
    columns: Mapping[str, Sequence[Any]], count: int, wanted: str | None
) -> tuple[list[str], list[Problem]]:
    """The name of each of `count` features, and what is told about them; Refused when `wanted` is no column."""
    column = _wanted(columns, wanted) if wanted else _chosen(columns, count)
    names = [_text(value) for value in columns[column]] if column is not None else [""] * count
    taken, problems, number = set(names), [], 0
    for index, name in enumerate(names):
        if name:
            continue
        number += 1
        while f"Area {number}" in taken:
            number += 1
        names[index] = f"Area {number}"
        why = f"column {column} is empty there" if column is not None else "no column holds names"
        text = f"Feature {index + 1} has no name ({why}): it is called Area {number}. Pass --name-column to choose."
        problems.append(Problem("named", names[index], text))
    for name, times in Counter(names).items():
        if times > 1:
            text = f"{times} features are called {name!r}: they become one district. Pass --name-column if wrong."
            problems.append(Problem("duplicate_name", name, text))
    return names, problems


def _wanted(columns: Mapping[str, Sequence[Any]], wanted: str) -> str:
    for column in columns:
        if column.strip().lower() == wanted.strip().lower():
            return column
    raise Refused("no_column", f"There is no column {wanted!r}. Give --name-column one of: {listed(columns, 20)}.")


def _chosen(columns: Mapping[str, Sequence[Any]], count: int) -> str | None:
    usual = sorted((c for c in columns if c.strip().lower() in _NAME_COLUMNS), key=_usual_rank)
    kinds = list(_of_a_kind(columns))
    for column in [*usual, *kinds]:
        if _tells_apart(columns[column], count):
            return column
    # Beats of an airport may share a number: a column that nearly tells features apart is still their name.
    best = max(kinds, key=lambda column: _share_told_apart(columns[column]), default=None)
    if best is not None and _share_told_apart(columns[best]) > _NEARLY:
        return best
    for column in usual:
        if any(map(_text, columns[column])) and (count == 1 or len(set(map(_text, columns[column]))) > 1):
            return column
    if count > 1:
        for column, values in columns.items():
            if not _NO_NAME.search(column) and _tells_apart(values, count):
                return column
    return next((c for c in kinds if any(map(_text, columns[c]))), None)


def _usual_rank(column: str) -> int:
    return _NAME_COLUMNS.index(column.strip().lower())


def _of_a_kind(columns: Mapping[str, Sequence[Any]]) -> Iterator[str]:
    for kind in _KINDS:
        for column in columns:
            if kind in column.lower() and not _NO_NAME.search(column):
                yield column


def _tells_apart(values: Sequence[Any], count: int) -> bool:
    texts = [_text(value) for value in values]
    whole = all(not isinstance(value, float) or value.is_integer() for value in values)
    return whole and all(texts) and len(set(texts)) == count


def _share_told_apart(values: Sequence[Any]) -> float:
    return len({_text(value) for value in values} - {""}) / max(1, len(values))


def _text(value: Any) -> str:
    if value is None or isinstance(value, (dict, list, bool, bytes)):
        return ""
    if isinstance(value, float):
        if not math.isfinite(value):
            return ""
        value = int(value) if value.is_integer() else value
    text = " ".join(str(value).replace("\xa0", " ").split())
    text = "".join(letter for letter in text if letter.isprintable())
    text = re.sub(r"^(-?\d+)\.0+$", r"\1", text)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
