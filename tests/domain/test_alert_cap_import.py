"""A CAP message becomes a draft that says the same, or is refused for a reason; what is left out is said."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from console.domain import alert_cap_import, alert_import_words
from console.domain import cap as c
from console.domain.alert_cap import to_cap
from console.domain.alert_cap_import import from_cap, import_troubles
from console.domain.alert_import_words import import_line, import_words
from console.domain.alerts import Alert, AlertKind, AlertMessage, AlertState, MessageKind, Spot
from console.domain.areas import Circle, Polygon
from console.domain.places import Point
from tests.domain.alert_examples import SENT, SQUARE, TWO, messages
from tests.domain.test_alerts import published
from tests.domain.test_cap import AREA, EARLIER, INFO, MESSAGE

ALERT = replace(published(), id="a1")
RING = (Point(41.9, -87.7), Point(41.9, -87.6), Point(41.8, -87.6), Point(41.9, -87.7))


def _first(state: AlertState = AlertState.PUBLISHED) -> Alert:
    return replace(ALERT, state=state)


def _said(text: str) -> str:
    return c.xml_text(text).strip()


@settings(max_examples=200, deadline=None)
@given(messages())
def test_what_was_given_out_as_cap_comes_back_as_the_same_draft(message: AlertMessage) -> None:
    first = None if message.message is MessageKind.ALERT else _first()
    made = to_cap(message)
    assert import_troubles(made, () if first is None else (first,)) == ()
    draft = from_cap(made, "d9", first).draft
    assert (draft.id, draft.message, draft.refers_to) == ("d9", message.message, "" if first is None else "a1")
    assert (draft.level, draft.urgency, draft.certainty) == (message.level, message.urgency, message.certainty)
    assert draft.title == _said(message.title) or not _said(message.title)
    assert draft.text == _said(message.text)
    if message.title_es or message.text_es:
        assert draft.title_es == _said(message.title_es) or not _said(message.title_es)
        assert draft.text_es == _said(message.text_es)
    else:
        assert (draft.title_es, draft.text_es) == ("", "")
    assert draft.place_name == _said(message.place_name) or not _said(message.place_name)
    if first is None:
        assert draft.kind is message.kind
        assert draft.ends is not None
        assert timedelta(0) <= draft.ends - message.ends < timedelta(seconds=1)
        began = draft.begins or message.sent
        assert timedelta(0) <= message.begins - began < timedelta(seconds=1)
    if message.outline is SQUARE:
        assert draft.where == Polygon(tuple(tuple(at) for at in SQUARE["coordinates"][0]))


@settings(max_examples=100, deadline=None)
@given(messages())
def test_a_draft_given_out_again_says_what_it_said(message: AlertMessage) -> None:
    once = from_cap(to_cap(message), "d9", _first()).draft
    says = replace(
        message, title=once.title, text=once.text, title_es=once.title_es, text_es=once.text_es, kind=once.kind
    )
    again = from_cap(to_cap(says), "d9", _first()).draft
    assert (again.title, again.text, again.title_es, again.text_es) == (
        once.title,
        once.text,
        once.title_es,
        once.text_es,
    )


REFUSED: dict[str, tuple[c.CapMessage, tuple[Alert, ...]]] = {
    "import_status": (replace(MESSAGE, status=c.CapStatus.DRAFT), ()),
    "import_scope": (replace(MESSAGE, scope=c.CapScope.RESTRICTED, restriction="staff"), ()),
    "import_kind": (replace(MESSAGE, message_type=c.CapMessageType.ACK, references=(EARLIER,)), ()),
    "import_reference_unknown": (
        replace(MESSAGE, message_type=c.CapMessageType.UPDATE, references=(EARLIER,)),
        (),
    ),
    "import_reference_many": (
        replace(MESSAGE, message_type=c.CapMessageType.CANCEL, references=(EARLIER,)),
        (_first(), replace(ALERT, id="a2")),
    ),
    "import_reference_over": (
        replace(MESSAGE, message_type=c.CapMessageType.UPDATE, references=(EARLIER,)),
        (_first(AlertState.ENDED),),
    ),
    "import_no_info": (replace(MESSAGE, infos=()), ()),
    "import_language": (replace(MESSAGE, infos=(replace(INFO, language="pl"),)), ()),
}


@pytest.mark.parametrize("code", REFUSED)
def test_each_refusal_names_what_is_wrong_and_nothing_else(code: str) -> None:
    message, firsts = REFUSED[code]
    stops = import_troubles(message, firsts)
    assert [stop.code for stop in stops] == [code]
    line = import_line(stops[0].code, stops[0].where, stops[0].figures)
    assert "\u2026" not in line
    assert "{" not in line


SHAPES = {
    "a circle": (c.CapArea("x", (), (c.CapCircle(Point(41.9, -87.6), 1.5),)), Circle(Point(41.9, -87.6), 1_500.0), ""),
    "a point": (c.CapArea("x", (), (c.CapCircle(Point(41.9, -87.6), 0),)), Spot(Point(41.9, -87.6)), ""),
    "the same ring twice": (c.CapArea("x", (RING, RING)), Polygon(tuple((p.lon, p.lat) for p in RING)), ""),
    "only a code": (c.CapArea("x", geocodes=(c.CapValue("SAME", "017031"),)), None, "import_area_by_code"),
}


@pytest.mark.parametrize("name", SHAPES)
def test_a_shape_stays_what_it_was(name: str) -> None:
    area, where, note = SHAPES[name]
    found = from_cap(replace(MESSAGE, infos=(replace(INFO, areas=(area,)),)), "d9")
    assert found.draft.where == where
    assert (note in {n.code for n in found.notes}) == bool(note)


def test_several_shapes_become_one_around_all_of_them_and_it_is_said() -> None:
    found = from_cap(replace(MESSAGE, infos=(replace(INFO, areas=(AREA,)),)), "d9")
    assert isinstance(found.draft.where, Polygon)
    two = from_cap(to_cap(_two_areas()), "d9")
    assert isinstance(two.draft.where, Polygon)
    assert {note.code: note.figures for note in two.notes}["import_area_joined"] == {"given": "2"}
    touching = tuple((Point(p.lat, p.lon), Point(p.lat, p.lon + 0.1), Point(p.lat + 0.1, p.lon)) for p in RING[:1])
    half = (*touching[0], touching[0][0])
    other = (touching[0][1], touching[0][2], Point(touching[0][2].lat, touching[0][1].lon), touching[0][1])
    joined = from_cap(replace(MESSAGE, infos=(replace(INFO, areas=(c.CapArea("x", (half, other)),)),)), "d9")
    assert "import_area_joined" not in {note.code for note in joined.notes}


def _two_areas() -> AlertMessage:
    said = published().messages[0]
    return replace(said, outline=TWO, sent=SENT, begins=SENT, ends=SENT + timedelta(hours=2))


def test_a_cancellation_without_words_says_all_clear_of_the_first() -> None:
    cancel = replace(MESSAGE, message_type=c.CapMessageType.CANCEL, references=(EARLIER,), infos=(), note="Found safe.")
    found = from_cap(cancel, "d9", _first())
    assert found.draft.message is MessageKind.CANCEL
    assert (found.draft.title, found.draft.text) == (f"All clear: {ALERT.draft.title}", "Found safe.")


def test_exercise_and_test_are_told_apart_and_what_is_left_out_is_said() -> None:
    info = replace(INFO, event="Tornado", contact="Dispatch", resources=(c.CapResource("Map", "image/png"),))
    polish = replace(INFO, language="pl")
    for status in (c.CapStatus.EXERCISE, c.CapStatus.TEST, c.CapStatus.ACTUAL):
        found = from_cap(replace(MESSAGE, status=status, infos=(info, polish, INFO)), "d9")
        assert found.status is status
        notes = {note.code for note in found.notes}
        marked = {"import_exercise", "import_test"} & notes
        assert marked == (set() if status is c.CapStatus.ACTUAL else {f"import_{status.value.lower()}"})
        assert notes >= {
            "import_event",
            "import_resources",
            "import_left_out",
            "import_languages",
            "import_more_infos",
        }
        for note in found.notes:
            assert "\u2026" not in import_line(note.code, note.where, note.figures)
    assert from_cap(replace(MESSAGE, infos=(replace(info, event="AMBER Alert"),)), "d9").draft.kind is (
        AlertKind.MISSING_PERSON
    )


def test_every_code_has_words_and_no_words_are_left_over() -> None:
    source = Path(alert_cap_import.__file__).read_text()
    codes = set(re.findall(r'CapTrouble\(\s*"(import_[a-z_]+)"', source)) | {"import_exercise", "import_test"}
    codes |= {"import_unreadable", "import_encoding"}  # of client/cap_files.py
    assert codes == set(alert_import_words.REFUSALS) | set(alert_import_words.NOTES)
    for words in (*alert_import_words.REFUSALS.values(), *alert_import_words.NOTES.values()):
        assert words.title
        assert words.reason or words.next_step
    assert import_words("cap_empty").next_step
    assert import_words("of_a_newer_service").title == "of_a_newer_service"
