"""The words lint: how often it is right, where it points, and that no text upsets it."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.words import lint

LABELLED = Path(__file__).parents[1] / "words"


class Labelled(msgspec.Struct, frozen=True):
    text: str
    codes: list[str]


class Score(msgspec.Struct):
    right: Counter[str]
    false: Counter[str]
    missed: Counter[str]
    lines: list[str]

    def rates(self, codes: set[str]) -> tuple[float, float]:
        right, false, missed = (sum(c[code] for code in codes) for c in (self.right, self.false, self.missed))
        return right / max(1, right + false), right / max(1, right + missed)

    def told(self) -> str:
        codes = sorted({*self.right, *self.false, *self.missed})
        table = [f"{code:22} P {self.rates({code})[0]:.3f} R {self.rates({code})[1]:.3f}" for code in codes]
        return "\n".join(["", *table, *self.lines])


def _score(name: str) -> Score:
    score = Score(Counter(), Counter(), Counter(), [])
    for line in (LABELLED / name).read_bytes().splitlines():
        labelled = msgspec.json.decode(line, type=Labelled)
        found, meant = {f.code for f in lint(labelled.text)}, set(labelled.codes)
        score.right.update(found & meant)
        score.false.update(found - meant)
        score.missed.update(meant - found)
        score.lines += [f"false {code}: {labelled.text}" for code in sorted(found - meant)]
        score.lines += [f"missed {code}: {labelled.text}" for code in sorted(meant - found)]
    return score


@pytest.mark.parametrize("name", ["tuned.jsonl", "held_out.jsonl", "more.jsonl"])
def test_precision_and_recall_on_the_tuned_texts(name: str) -> None:
    score = _score(name)
    precision, recall = score.rates({*score.right, *score.false, *score.missed})
    assert precision >= 0.97, score.told()
    assert recall >= 0.95, score.told()


@pytest.mark.parametrize(
    ("name", "precision_min", "recall_min"), [("final.jsonl", 0.88, 0.78), ("blind.jsonl", 0.92, 0.92)]
)
def test_what_nobody_tuned_to_gets_no_worse(name: str, precision_min: float, recall_min: float) -> None:
    """The goal is 0.95 and 0.90; these floors are what was measured (tests/words/README.md). Prints only rates."""
    score = _score(name)
    precision, recall = score.rates({*score.right, *score.false, *score.missed})
    assert (precision >= precision_min, recall >= recall_min) == (True, True), f"{precision:.3f}, {recall:.3f}"


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("The burglar was a Hispanic man, seen on Oak.", "race_alone", "Hispanic man"),
        ("B/M left the shop on foot after the theft.", "race_alone", "B/M"),
        ("Two Asian teens took a bike from the rack.", "race_alone", "Asian teens"),
        ("You must share the clip of the robbery.", "pressure", "You must share"),
        ("Y0u  must\nshare the clip of the robbery.", "pressure", "Y0u  must\nshare"),
        ("Y\u200bou mu\u200bst share the clip of the robbery.", "pressure", "Y\u200bou mu\u200bst share"),
        ("Send the clip of the crash or else.", "pressure", "or else"),
        ("If you\u2019ve nothing to hide, the clip of the fight helps.", "pressure", "nothing to hide"),
        ("Maria Lopez's car was stolen on Dale Ave.", "victim_pii", "Maria Lopez"),
        ("The homeowner, Mr. Smith, reported a burglary.", "victim_pii", "Mr. Smith"),
        ("A burglary at 1432 N Maple Ave on Monday.", "victim_pii", "1432 N Maple Ave"),
        ("The victim's cell is 312-555-0188; her purse was stolen.", "victim_pii", "312-555-0188"),
        ("Witness Jos\u00e9 Muestra saw the crash on 5th.", "victim_pii", "Jos\u00e9 Muestra"),
        ("Our daughter Emma, 9, was hit by a van.", "minor_pii", "Emma"),
        ("A pupil of St. Mockery School was robbed.", "minor_pii", "St. Mockery School"),
        ("Video for an ongoing investigation.", "vague_reason", "an ongoing investigation"),
        ("Did you see any suspicious people last night?", "vague_reason", "suspicious people"),
        ("Clips of the theft go to example[.]org please.", "link", "example[.]org"),
        ("Clips of the theft go to h t t p s : / / x.org", "link", "h t t p s : / / x.org"),
        ("Clips of the theft go to example dot com please.", "link", "example dot com"),
        ("The thief is undocumented.", "immigration", "undocumented"),
        ("A window was smashed at the protest on State.", "protest", "protest"),
        ("The robbed woman is pregnant.", "reproductive_health", "pregnant"),
        ("Join us for ice cream in the park.", "announcement", "Join us"),
        ("SAVE THE DATE: MAY 4", "announcement", "SAVE THE DATE"),
    ],
)
def test_a_finding_points_at_the_words(text: str, code: str, words: str) -> None:
    assert [text[f.start : f.end] for f in lint(text) if f.code == code] == [words]


@pytest.mark.parametrize(
    "text",
    [
        "Two white vans and a black pickup were used in the theft of a trailer from the 400 block of Hill.",
        "Det. Maria Lopez asks for video of the carjacking at 5th and Elm. Call 555-0142.",
        "Anyone who witnessed the crash can call the tip line at 555-0100 or e-mail tips@townpd.example.",
        "If you do not have a camera, you may ignore this message about the burglary on Elm.",
        "Sharing is never mandatory and you are under no obligation. A car was stolen in the 500 block of Birch.",
        "The clerk complied with the robber, who must have fled through the alley. Video from 2 AM would help.",
        "The community meeting room at the library was burgled overnight. Please check your cameras.",
        "Stolen: a black men's mountain bike and a white women's bicycle, from a garage on 9th.",
        "Black ice, a strike to the head, a chain link fence, a Visa card: all part of the robbery on March 14.",
        "Suspect James Faker, DOB 1/2/1990, is wanted for burglary.",
        "W/M/35 5-10 180 brn hair blu jeans, stole a bike from Elm St.",
        "Two boys, about 10, were threatened by a man in a white van near Lincoln Elementary School.",
    ],
)
def test_ordinary_texts_are_clean(text: str) -> None:
    assert lint(text) == ()


@pytest.mark.parametrize(
    ("piece", "codes"),
    [
        ("a ", set()),
        ("B/", set()),
        ("1", set()),
        ("the ", set()),
        ("'", set()),
        ("-", set()),
        ("a.", set()),
        ("victim,,,,: ", set()),
        ("if you do not ", set()),
        ("www.", {"link"}),
        ("you must ", {"pressure"}),
        ("black male ", {"race_alone"}),
        ("John Smith ", {"victim_pii"}),
        ("12 Oak St ", {"victim_pii"}),
        ("x.y.", set()),
        ("a-", set()),
        ("victim hiv ", {"victim_pii"}),
        ("Mr. Smith ", {"victim_pii"}),
    ],
)
def test_long_repetitions_are_read_to_the_end(piece: str, codes: set[str]) -> None:
    # A pattern that tried every way to divide these would not be done within the time a test has.
    assert {f.code for f in lint((piece * 10_000)[:10_000])} == codes


TEMPTING = "the victim Emma , . you must share B/M black male 9 www. \u200b \u00df \u0130 https:// 14 Oak St QR ICE"


@given(st.text(max_size=300) | st.lists(st.sampled_from(TEMPTING.split())).map(" ".join))
def test_spans_lie_inside_the_text_in_order(text: str) -> None:
    found = lint(text)
    assert all(0 <= f.start < f.end <= len(text) for f in found)
    assert list(found) == sorted(found, key=lambda f: (f.start, f.code))
    for code in {f.code for f in found}:
        own = [f for f in found if f.code == code]
        assert all(one.end <= other.start for one, other in pairwise(own))
