"""What is said before an answer goes out in the agency's name."""

from __future__ import annotations

import pytest

from console.domain.answering import ABOUT_THE_POST, before_answering, describes_by_race_alone
from tests.domain.test_overview import post


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("A black male was walking down the alley.", True),
        ("Black male, about 20, red jacket, blue jeans and a limp, ran north.", False),
        ("A black sedan drove off.", False),
        ("Somebody took my bike.", False),
    ],
)
def test_a_post_that_describes_by_race_alone_is_known(text, alone):
    assert describes_by_race_alone(post(text=text)) is alone
    assert before_answering(post(text=text), "Thank you.") == ((ABOUT_THE_POST,) if alone else ())


def test_each_rule_is_said_once_with_what_to_do():
    said = before_answering(post(text="Light out."), "See https://a.example/x and https://b.example/y")
    assert len(said) == 1
    assert said[0].startswith("A link")
    assert "Leave it out" in said[0]
