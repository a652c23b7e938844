"""Every code has its words, and every blank is filled."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from console.domain import wording
from console.domain.findings import Field
from console.domain.requests import (
    Action,
    CaseCheck,
    Outcome,
    ProportionateReason,
    RejectReason,
    State,
    WithdrawReason,
)
from console.domain.words import lint

SOURCE = Path(wording.__file__).parent


def _codes_in_the_source() -> set[str]:
    text = "".join((SOURCE / name).read_text() for name in ("checks.py", "case_numbers.py", "words.py"))
    found = set(re.findall(r'(?:_no|Finding)\(\s*"([a-z_]+)"', text))
    found |= set(re.findall(r'"(case_number_[a-z_]+)"', text)) - {"case_number_met"}
    found |= {
        "area_missing",
        "area_not_blocks",
        "area_not_drawn",
        "atlas_changed",
        "area_nothing",
        "area_flat",
        "area_crossed",
        "area_too_detailed",
        "area_too_small",
        "area_too_large",
    }
    found |= {"placeholder_left", "place_revealed", "case_not_known", "homes_nowhere", "area_enlarge", "malformed"}
    found |= {f"{name}_{end}" for name in ("title", "text") for end in ("missing", "too_short", "too_long")}
    return (
        found
        | {"pressure", "link", "immigration", "protest", "reproductive_health", "announcement", "vague_reason"}
        | {
            "minor_pii",
            "victim_pii",
            "race_alone",
        }
    )


def test_every_code_has_title_reason_and_next_step_and_no_words_are_left_over() -> None:
    assert _codes_in_the_source() == set(wording.FINDINGS)
    for code, words in wording.FINDINGS.items():
        assert words.title, code
        assert words.reason.endswith((".", "\u201d")), code
        assert words.next_step.endswith((".", "\u201d")), code


def test_every_state_action_reason_and_outcome_has_a_name() -> None:
    assert set(wording.STATES) == set(State)
    assert set(Action) < set(wording.ACTIONS)
    assert set(wording.REJECT_REASONS) == set(RejectReason)
    assert set(wording.OUTCOMES) == set(Outcome)
    assert set(wording.PROPORTIONATE_REASONS) == set(ProportionateReason)
    assert set(wording.WITHDRAW_REASONS) == set(WithdrawReason)
    assert set(wording.CASE_CHECKS) == set(CaseCheck)
    assert len(set(Field)) == len(Field)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("We look for a black male near the park.", "race_alone"),
        ("You must share your footage.", "pressure"),
        ("See https://video.example.org for more.", "link"),
        ("Part of an immigration matter.", "immigration"),
        ("Footage of the protest on State Street.", "protest"),
        ("Anybody seen near the abortion clinic.", "reproductive_health"),
        ("Join us for a community meeting.", "announcement"),
        ("For an ongoing investigation.", "vague_reason"),
        ("The victim, Mrs. Sample, was at home.", "victim_pii"),
        ("A boy named Sam, 12 years old, was hurt.", "minor_pii"),
    ],
)
def test_each_rule_finds_what_it_is_for_and_says_where(text: str, code: str) -> None:
    found = [f for f in lint(text) if f.code == code]
    assert found
    assert 0 <= found[0].start < found[0].end <= len(text)


@pytest.mark.parametrize(
    "text",
    [
        "A home was broken into between 3 and 5 pm. Recordings of the street may help. Sharing is your choice.",
        "We look for a tall white man in a red jacket with a backpack.",
        "A black sedan left towards Western Avenue.",
        "The white van had a broken tail light.",
        "A green bicycle was taken from a back porch on a quiet street.",
    ],
)
def test_ordinary_texts_are_left_alone(text: str) -> None:
    assert lint(text) == ()
