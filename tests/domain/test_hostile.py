"""The hostile texts that journeys use: as many as promised, the same each time, and harmless to the machine."""

from __future__ import annotations

import re

from console.domain.cap import is_xml_text, xml_text
from tests.hostile import ADDRESSES, LONG, hostile_texts


def test_the_same_seed_gives_the_same_thousand() -> None:
    one, other = hostile_texts(1_000), hostile_texts(1_000)
    assert one == other
    assert len({hostile.text for hostile in one}) == 1_000
    assert hostile_texts(1_000, seed=6) != one


def test_each_carries_its_mark_and_every_kind_comes() -> None:
    made = hostile_texts(1_000)
    assert len({hostile.mark for hostile in made}) == 1_000
    assert all(hostile.mark in hostile.text for hostile in made)
    assert len({hostile.kind for hostile in made}) >= 70
    assert sum(len(hostile.text) == LONG for hostile in made) == 10
    assert {hostile.text[0] for hostile in made} >= set("=+-@\t\r<\"'\x1b{$")


def test_every_host_is_one_that_a_test_can_watch() -> None:
    for hostile in hostile_texts(1_000):
        for host in re.findall(r"(?:https?:|ftp:|smb:)?//([\w.-]+\.[a-z]+)", hostile.text):
            assert host in ADDRESSES, hostile.kind


def test_every_one_can_be_stored_and_sent() -> None:
    for hostile in hostile_texts(1_000):
        assert hostile.text.encode().decode() == hostile.text
        assert is_xml_text(xml_text(hostile.text))
