"""The training city's stories: as many as promised, no two alike, fit to be shown with any street's name."""

from __future__ import annotations

import re
from collections import Counter
from string import Formatter

import pytest

from console.domain.feed import Category
from console.domain.words import lint
from console.training.stories import ALERT_STORIES, CLIP_REMARKS, STORIES, Story

EVERY = (*STORIES, *ALERT_STORIES)
NAMES = {"street": "W 18th St", "cross": "S Ashland Ave"}
UNWANTED = {"race_alone", "link", "immigration", "protest", "reproductive_health", "minor_pii", "victim_pii"}


def _texts(story: Story) -> tuple[str, ...]:
    return (story.title, story.text, *story.comments)


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


EVERY_TEXT = (*(text for story in EVERY for text in _texts(story)), *CLIP_REMARKS)


def test_as_many_of_each_category_as_promised() -> None:
    assert Counter(story.category for story in STORIES) == {
        Category.CRIME: 80,
        Category.SAFETY: 80,
        Category.LOST_AND_FOUND: 40,
        Category.MOMENT: 40,
    }
    assert [story.category for story in ALERT_STORIES] == [Category.ALERT] * 12
    assert len(CLIP_REMARKS) == 12


def test_no_text_is_said_twice() -> None:
    assert [text for text, times in Counter(EVERY_TEXT).items() if times > 1] == []


@pytest.mark.parametrize("story", EVERY, ids=lambda story: story.title)
def test_a_story_has_the_length_of_a_post(story: Story) -> None:
    assert 30 <= len(story.text) <= 400
    assert 3 <= len(story.title.format(**NAMES)) <= 80
    assert len(story.comments) <= 3
    assert all(5 <= len(comment) <= 160 for comment in story.comments)


def test_lengths_vary() -> None:
    lengths = [len(story.text) for story in STORIES]
    assert min(lengths) < 60
    assert max(lengths) > 300


def test_only_street_and_cross_are_filled_in() -> None:
    assert {name for text in EVERY_TEXT for name in _placeholders(text)} == {"street", "cross"}
    assert not any(_placeholders(text) for text in CLIP_REMARKS)
    assert not any(_placeholders(comment) for story in EVERY for comment in story.comments)


def test_about_half_name_a_street_and_about_half_are_answered() -> None:
    assert 0.4 <= sum(bool(_placeholders(s.title + s.text)) for s in STORIES) / len(STORIES) <= 0.6
    assert 0.4 <= sum(bool(s.comments) for s in STORIES) / len(STORIES) <= 0.6


def test_nothing_the_words_lint_objects_to() -> None:
    found = [(f.code, text) for text in EVERY_TEXT for f in lint(text.format(**NAMES)) if f.code in UNWANTED]
    assert found == []


def test_no_number_that_could_be_an_address_or_a_telephone() -> None:
    assert [text for text in EVERY_TEXT if re.search(r"\d{3}|\d[-. ]\d", text)] == []


def test_texts_are_tidy() -> None:
    assert [text for text in EVERY_TEXT if text != " ".join(text.split()) or "|" in text] == []
