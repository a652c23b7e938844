"""The panel of limits: each as met, not met with its first finding, or not yet decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from console.domain import case_numbers, offences
from console.domain.areas import homes_band
from console.domain.checks import sq_mi
from console.domain.findings import Field, Finding, Severity
from console.domain.places import radius_of_same_circle_m
from console.domain.times import span_words

if TYPE_CHECKING:
    from console.domain.drafts import Draft
    from console.domain.ground import Ground
    from console.domain.policy import Agency


class Verdict(msgspec.Struct, frozen=True):
    """One limit as a panel shows it: met, not met, or not yet decided; `code` names its words."""

    limit: str
    met: bool | None
    code: str
    figures: dict[str, str] = {}
    confirm: bool = False  # met, and yet somebody has to confirm it


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
# Nothing more can be said of an area that cannot be measured.
_UNMEASURED = frozenset(
    {
        "area_nothing",
        "area_crossed",
        "area_flat",
        "area_too_detailed",
        "area_not_drawn",
        "area_not_blocks",
        "atlas_changed",
    }
)
_AREA_CODES = {
    "area": frozenset({"area_too_small", "area_too_large", "area_scattered", *_UNMEASURED}),
    "homes": frozenset({"block_homes", "homes_too_few", "homes_many"}),
    "anchor": frozenset({"anchor_far", "anchor_reason_missing"}),
}


def panel(draft: Draft, agency: Agency, ground: Ground, findings: tuple[Finding, ...]) -> tuple[Verdict, ...]:
    """Each limit as met, not met with its first finding, or not yet decided, in the wizard's order."""
    verdicts = []
    for limit, fields, undecided in _PANEL:
        if limit in {"homes", "anchor"}:
            undecided = undecided | _UNMEASURED  # noqa: PLW2901 - of this limit only
        mine = [f for f in findings if f.field in fields or f.code in undecided]
        if limit in _AREA_CODES:
            mine = [f for f in mine if f.code in _AREA_CODES[limit] or f.code in undecided]
        unentered = next((f for f in mine if f.code in undecided), None)
        weighing = [f for f in mine if f.severity is not Severity.ADVICE and f.code not in undecided]
        stop = next((f for f in weighing if f.severity is Severity.BLOCKS), None)
        confirm = next(iter(weighing), None)
        if stop is not None:
            verdicts.append(Verdict(limit, met=False, code=stop.code, figures=stop.figures))
        elif confirm is not None:
            verdicts.append(Verdict(limit, met=True, code=confirm.code, figures=confirm.figures, confirm=True))
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
            low, high = span_words(agency.limits.window_min), span_words(agency.limits.window_max)
            return {"given": span_words(draft.ends - draft.begins), "low": low, "high": high}
        case "area" if draft.area is not None:
            size_m2 = ground.area_m2(draft.area)
            return {"given": sq_mi(size_m2), "radius": f"{radius_of_same_circle_m(size_m2):.0f}"}
        case "homes" if draft.area is not None:
            return {
                "given": homes_band(ground.homes(draft.area)),
                "blocks": str(len(draft.area.blocks)),
                "each": str(agency.limits.block_homes_min),
            }
        case _:
            return {}
