"""CAP's rules that no schema can say: each is tried on a message that breaks it and no other."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from console.domain import cap as c
from console.domain import cap_rules, cap_wording
from console.domain.cap_rules import troubles
from console.domain.places import Point

SENT = datetime(2026, 6, 10, 20, 0, tzinfo=UTC)
RING = (Point(41.9, -87.7), Point(41.9, -87.6), Point(41.8, -87.6), Point(41.9, -87.7))
AREA = c.CapArea("Lakeside, near the marina", (RING,), (c.CapCircle(Point(41.85, -87.65), 1.5),))
INFO = c.CapInfo(
    event="Missing person",
    categories=(c.CapCategory.RESCUE,),
    urgency=c.CapUrgency.IMMEDIATE,
    severity=c.CapSeverity.SEVERE,
    certainty=c.CapCertainty.OBSERVED,
    expires=SENT + timedelta(hours=6),
    web="https://lakeside.example.org/alerts/1?lang=en#top",
    areas=(AREA,),
)
MESSAGE = c.CapMessage(
    identifier="lakeside-2026-0001",
    sender="alerts@lakeside.example.org",
    sent=SENT,
    status=c.CapStatus.ACTUAL,
    message_type=c.CapMessageType.ALERT,
    scope=c.CapScope.PUBLIC,
    infos=(INFO,),
)
EARLIER = c.CapReference("alerts@lakeside.example.org", "lakeside-2026-0000", SENT - timedelta(hours=1))


def _codes(message: c.CapMessage) -> set[str]:
    return {trouble.code for trouble in troubles(message)}


def _info(**changes: Any) -> c.CapMessage:
    return replace(MESSAGE, infos=(replace(INFO, **changes),))


def _area(**changes: Any) -> c.CapMessage:
    return _info(areas=(replace(AREA, **changes),))


def _resource(**changes: Any) -> c.CapMessage:
    return _info(resources=(replace(c.CapResource("A picture", "image/jpeg"), **changes),))


def test_a_message_that_keeps_the_rules_has_no_troubles() -> None:
    assert troubles(MESSAGE) == ()
    assert troubles(replace(MESSAGE, message_type=c.CapMessageType.CANCEL, references=(EARLIER,))) == ()
    whole = c.CapResource("A picture", "image/jpeg", 1_000, "https://example.org/p.jpg", "", "a" * 40)
    assert troubles(_info(resources=(whole,))) == ()


BROKEN: dict[str, c.CapMessage] = {
    "cap_id_missing": replace(MESSAGE, identifier=""),
    "cap_id_characters": replace(MESSAGE, sender="alerts at lakeside"),
    "cap_time_offset": replace(MESSAGE, sent=SENT.astimezone(timezone(timedelta(seconds=-18_030)))),
    "cap_time_fraction": replace(MESSAGE, sent=SENT.replace(microsecond=1)),
    "cap_time_year": replace(MESSAGE, sent=SENT.replace(year=1_200)),
    "cap_character": _info(description="a\0b"),
    "cap_restriction_missing": replace(MESSAGE, scope=c.CapScope.RESTRICTED, restriction=" "),
    "cap_addresses_missing": replace(MESSAGE, scope=c.CapScope.PRIVATE),
    "cap_entry_empty": replace(MESSAGE, codes=("",)),
    "cap_quote": replace(MESSAGE, incidents=('the "Elm" fire',)),
    "cap_references_missing": replace(MESSAGE, message_type=c.CapMessageType.UPDATE),
    "cap_reference_itself": replace(MESSAGE, references=(c.refers_to(MESSAGE),)),
    "cap_reference_later": replace(MESSAGE, references=(replace(EARLIER, sent=SENT + timedelta(seconds=1)),)),
    "cap_reference_twice": replace(MESSAGE, references=(EARLIER, EARLIER)),
    "cap_language": _info(language="English"),
    "cap_category_missing": _info(categories=()),
    "cap_event_missing": _info(event=" \n"),
    "cap_expires_before_sent": _info(expires=SENT),
    "cap_expires_before_begin": _info(onset=SENT + timedelta(hours=7)),
    "cap_link": _info(web="javascript:alert(1)"),
    "cap_media_type": _resource(media_type="picture"),
    "cap_size": _resource(size=-1),
    "cap_digest": _resource(digest="a" * 64),
    "cap_place": _area(polygons=((Point(-87.7, 41.9), Point(-97, 41.8), Point(-87, 41.8), Point(-87.7, 41.9)),)),
    "cap_radius": _area(circles=(c.CapCircle(Point(41, -87), float("nan")),)),
    "cap_height": _area(altitude_ft=float("inf")),
    "cap_ceiling": _area(ceiling_ft=100.0),
    "cap_polygon_short": _area(polygons=(RING[:2] + RING[-1:],)),
    "cap_polygon_open": _area(polygons=((*RING[:-1], Point(41.7, -87.7)),)),
}


@pytest.mark.parametrize("code", BROKEN)
def test_each_rule_finds_what_breaks_it_and_no_other_rule_does(code: str) -> None:
    assert _codes(BROKEN[code]) == {code}


def test_every_rule_is_tried_and_every_code_has_its_words() -> None:
    assert set(BROKEN) == set(cap_rules.RULES)
    assert set(cap_wording.TROUBLES) == cap_rules.codes()
    for code, words in cap_wording.TROUBLES.items():
        assert words.title, code
        assert words.reason.endswith("."), code
        assert words.next_step.endswith("."), code


def test_no_figure_of_a_rule_stays_unfilled() -> None:
    for message in BROKEN.values():
        for trouble in troubles(message):
            assert "\u2026" not in "".join(
                (words := cap_wording.trouble_words(trouble)).title + words.reason + words.next_step
            )


def test_every_word_of_caps_lists_has_a_name() -> None:
    assert set(cap_wording.MESSAGE_TYPES) == set(c.CapMessageType)
    assert set(cap_wording.CATEGORIES) == set(c.CapCategory)
    assert set(cap_wording.RESPONSES) == set(c.CapResponseType)
    assert set(cap_wording.URGENCIES) == set(c.CapUrgency)
    assert set(cap_wording.SEVERITIES) == set(c.CapSeverity)
    assert set(cap_wording.CERTAINTIES) == set(c.CapCertainty)


@pytest.mark.parametrize("kind", [k for k in c.CapMessageType if k is not c.CapMessageType.ALERT])
def test_whatever_is_about_an_earlier_message_names_it(kind: c.CapMessageType) -> None:
    assert _codes(replace(MESSAGE, message_type=kind)) == {"cap_references_missing"}
    assert _codes(replace(MESSAGE, message_type=kind, references=(EARLIER,))) == set()


@pytest.mark.parametrize("given", ["en", "en-US", "es-US", "zh-Hant-TW", "de-CH-1996", "x-lakeside", "es-419"])
def test_language_codes_of_bcp_47_pass(given: str) -> None:
    assert _codes(_info(language=given)) == set()


@pytest.mark.parametrize("given", ["", "en_US", "e", "en-", "english language", "123", "en-US-", "es-US\n"])
def test_what_is_no_language_code_is_found(given: str) -> None:
    assert _codes(_info(language=given)) == {"cap_language"}


@pytest.mark.parametrize(
    "given",
    ["javascript:alert(1)", "file:///etc/passwd", "//host/share", "\\\\host\\share", "https://", "https://a b", "data:,x",
     "https://example.org/\u202e", "https://example.org/\n", 'https://example.org/"><script>'],
)  # fmt: skip
def test_a_link_that_is_none_is_found_wherever_it_stands(given: str) -> None:
    assert _codes(_info(web=given)) == {"cap_link"}
    assert _codes(_resource(uri=given)) == {"cap_link"}


@pytest.mark.parametrize("bad", ["a b", "a,b", "a<b", "a&b", "a\tb", "a\0b", "a\u00a0b", "a\ud800"])
def test_no_character_may_break_a_reference(bad: str) -> None:
    assert _codes(replace(MESSAGE, identifier=bad)) == {"cap_id_characters"}
    assert _codes(replace(MESSAGE, references=(replace(EARLIER, identifier=bad),))) == {"cap_id_characters"}


def test_text_for_xml_keeps_everything_that_xml_can_carry() -> None:
    kept = "a\t\n\r<b>&\u202e\u200b\ufeff\U0001f600\x7f\x85 \ue000\ufffd"
    assert c.xml_text(kept) == kept
    assert c.xml_text("\0a\x1b[31mb\x0b\x0c\ud800\udfff\ufffe\uffffc") == "a[31mbc"


def test_the_rules_read_no_clock_no_file_and_no_xml() -> None:
    for module in (c, cap_rules, cap_wording):
        source = Path(str(module.__file__)).read_text(encoding="utf-8")
        assert not re.search(r"\bimport (?:xml|os|pathlib|time|socket)\b|\.now\(|\bopen\(", source)
