"""An alert's life is one table, and its check lets nothing through that has no end, no place or hurts somebody."""

from __future__ import annotations

import itertools
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain import alert_checks, alert_words
from console.domain.alert_checks import alert_shape, check_alert, closing_findings
from console.domain.alerts import (
    ALERT_RULES,
    LENGTH_MAX,
    SENDERS,
    USUAL,
    WRITERS,
    Alert,
    AlertAction,
    AlertDraft,
    AlertKind,
    AlertMessage,
    AlertRefusal,
    AlertState,
    Certainty,
    Everywhere,
    Level,
    MessageKind,
    Spot,
    Urgency,
    alert_actions,
    alert_after,
    by_weight,
    needs_second,
    newest,
    of_kind,
    state_when_allowed,
)
from console.domain.areas import Circle, Polygon
from console.domain.findings import Severity, blocking
from console.domain.members import Member, MemberId, Ori, Role, identified
from console.domain.places import Point
from tests.client.client_fakes import AGENCY, CENTRE, make_ground

NOW = datetime(2026, 6, 10, 20, 0, tzinfo=UTC)
GROUND = make_ground()
AUTHOR = Member(MemberId("m2"), Ori("IL0000000"), "Example Two", "Sergeant", "0002", Role.SUPERVISOR)
GOOD = AlertDraft(
    "d1",
    title="Gas leak on Lake Street",
    text="Firefighters are working on a gas leak. Please stay inside and keep the windows closed.",
    title_es="Fuga de gas en Lake Street",
    text_es="Los bomberos trabajan en una fuga de gas. Quédese en casa con las ventanas cerradas.",
    where=Spot(CENTRE),
    ends=NOW + timedelta(hours=3),
)


def codes(draft: AlertDraft, **more) -> set[str]:
    return {f.code for f in check_alert(draft, AGENCY, GROUND, NOW, **more)}


def changed(**fields) -> AlertDraft:
    return msgspec.structs.replace(GOOD, **fields)


def published(draft: AlertDraft = GOOD, at: datetime = NOW - timedelta(days=2)) -> Alert:
    said = AlertMessage(
        identifier="x-1", sender="x@example.org", sent=at, message=MessageKind.ALERT, references=(), alert="a1",
        record="a1", agency=AGENCY.ori, agency_name=AGENCY.name, author="Sergeant Example Two", kind=draft.kind,
        level=draft.level, urgency=draft.urgency, certainty=draft.certainty, title=draft.title, text=draft.text,
        title_es=draft.title_es, text_es=draft.text_es, place_name="", outline={}, begins=at, ends=draft.ends,
    )  # fmt: skip
    return Alert(
        id="a1", number="PL-1", version=2, state=AlertState.PUBLISHED, agency=AGENCY.ori, author=AUTHOR, draft=draft,
        outline={}, submitted_at=at, ends_at=draft.ends, published_at=at, messages=(said,),
    )  # fmt: skip


# The table


def test_every_step_is_a_row_and_everything_else_is_refused() -> None:
    rows = {(rule.before, rule.action): rule for rule in ALERT_RULES}
    assert len(rows) == len(ALERT_RULES)
    for state, action, role, is_author in itertools.product(AlertState, AlertAction, [None, *Role], [True, False]):
        came = alert_after(state, action, role, is_author=is_author)
        rule = rows.get((state, action))
        if rule is None:
            assert came is AlertRefusal.WRONG_STATE
        elif isinstance(came, AlertState):
            assert came is rule.after
            assert (role is None) == (not rule.roles)


@pytest.mark.parametrize("role", SENDERS)
def test_the_author_never_approves_or_returns(role: Role) -> None:
    for action in (AlertAction.APPROVE, AlertAction.RETURN):
        mine = alert_after(AlertState.PENDING, action, role, is_author=True)
        assert mine is AlertRefusal.OWN_ALERT
        assert isinstance(alert_after(AlertState.PENDING, action, role, is_author=False), AlertState)


def test_only_the_service_publishes_ends_and_calls_off_and_nothing_leaves_an_end() -> None:
    by_service = {AlertAction.PUBLISH, AlertAction.END, AlertAction.CANCEL, AlertAction.RELEASE, AlertAction.REFUSE}
    assert all(not rule.roles for rule in ALERT_RULES if rule.action in by_service)
    final = {AlertState.WITHDRAWN, AlertState.REFUSED}
    assert not [rule for rule in ALERT_RULES if rule.before in final]
    over = {AlertState.ENDED, AlertState.CANCELLED}
    assert all(rule.after is rule.before for rule in ALERT_RULES if rule.before in over)


def test_an_officer_writes_and_another_sends() -> None:
    assert needs_second(Role.OFFICER, AGENCY)
    assert not needs_second(Role.SUPERVISOR, AGENCY)
    strict = msgspec.structs.replace(AGENCY, alert_needs_second=True)
    assert all(needs_second(role, strict) for role in WRITERS)
    assert AlertAction.APPROVE not in alert_actions(AlertState.PENDING, Role.OFFICER, is_author=False)
    assert AlertAction.FOLLOW_UP in alert_actions(AlertState.PUBLISHED, Role.OFFICER, is_author=False)
    assert alert_actions(AlertState.PUBLISHED, Role.AUDITOR, is_author=False) == ()


def test_an_all_clear_is_never_held() -> None:
    assert state_when_allowed(MessageKind.UPDATE, holds=True) is AlertState.HELD
    assert state_when_allowed(MessageKind.CANCEL, holds=True) is AlertState.SCHEDULED
    assert state_when_allowed(MessageKind.ALERT, holds=False) is AlertState.SCHEDULED


def test_a_kind_brings_what_is_usual_unless_its_author_had_said_otherwise() -> None:
    assert set(USUAL) == set(AlertKind)
    now = of_kind(AlertDraft("d"), AlertKind.MOMENT)
    assert (now.level, now.urgency, now.certainty) == USUAL[AlertKind.MOMENT]
    mine = msgspec.structs.replace(now, level=Level.SEVERE)
    assert of_kind(mine, AlertKind.CRIME).level is Level.SEVERE


def test_an_update_begins_with_what_was_said_last_and_refers_to_the_first() -> None:
    draft = newest(published())
    assert (draft.message, draft.refers_to, draft.title) == (MessageKind.UPDATE, "a1", GOOD.title)


def test_an_update_goes_on_from_the_place_that_was_drawn_last() -> None:
    circle = Circle(CENTRE, 200)
    moved = published(changed(where=circle))
    assert newest(published(), moved).where == circle


def test_a_threads_note_says_what_it_is_once() -> None:
    said = published().messages[0]
    clear = msgspec.structs.replace(said, message=MessageKind.CANCEL)
    assert alert_words.thread_note(clear).startswith(f"All clear: {GOOD.title}\n")
    titled = msgspec.structs.replace(clear, title="All clear: the leak is closed")
    assert alert_words.thread_note(titled).startswith("All clear: the leak is closed\n")


def test_who_speaks_is_named_with_title_badge_and_agency() -> None:
    assert identified(AUTHOR, "Lakeside Police") == "Sergeant Example Two, badge 0002, Lakeside Police"
    assert identified(msgspec.structs.replace(AUTHOR, badge=""), "X") == "Sergeant Example Two, X"


def test_the_worst_stands_first_and_among_equals_the_newest() -> None:
    later = NOW + timedelta(hours=1)
    keys = [by_weight(Level.MINOR, later), by_weight(Level.EXTREME, NOW), by_weight(Level.EXTREME, later)]
    assert sorted(keys) == [keys[2], keys[1], keys[0]]


# The check


def test_a_good_alert_has_nothing_against_it() -> None:
    assert check_alert(GOOD, AGENCY, GROUND, NOW) == ()


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"title": ""}, "alert_title_missing"),
        ({"title": "Hey"}, "alert_title_short"),
        ({"title": "x" * 121}, "alert_title_long"),
        ({"text": " "}, "alert_text_missing"),
        ({"text": "Too short."}, "alert_text_short"),
        ({"text": "word " * 20_000}, "alert_text_long"),
        ({"title_es": ""}, "alert_spanish_half"),
        ({"text_es": ""}, "alert_spanish_half"),
        ({"text_es": "x" * 2_001}, "alert_spanish_long"),
        ({"text": GOOD.text + " See https://example.org."}, "alert_link"),
        ({"text_es": "Vea https://example.org ahora mismo."}, "alert_link"),
        ({"text": "We look for a black male near the park tonight."}, "alert_race_alone"),
        ({"text": GOOD.text + "\u202e"}, "alert_hidden"),
        ({"title_es": "Fuga\u200b de gas"}, "alert_hidden"),
        ({"place_name": "Near\x1b[31m Lake"}, "alert_hidden"),
        ({"place_name": "x" * 121}, "alert_place_name_long"),
        ({"where": None}, "alert_where_missing"),
        ({"where": Spot(Point(0, 0))}, "alert_outside"),
        ({"where": Circle(CENTRE, 5_000)}, "alert_outside"),
        ({"where": Circle(CENTRE, -1)}, "alert_shape"),
        ({"where": Polygon(((0, 0), (1, 1), (0, 1), (1, 0)))}, "alert_shape"),
        ({"ends": None}, "alert_end_missing"),
        ({"ends": NOW}, "alert_end_past"),
        ({"begins": NOW + timedelta(hours=4)}, "alert_end_first"),
        ({"ends": NOW + LENGTH_MAX + timedelta(seconds=1)}, "alert_end_far"),
        ({"begins": NOW - timedelta(days=31)}, "alert_begin_past"),
        ({"send_at": NOW - timedelta(hours=1)}, "alert_send_past"),
        ({"send_at": NOW + timedelta(hours=3)}, "alert_send_after_end"),
        ({"send_at": NOW + timedelta(days=31)}, "alert_send_far"),
        ({"ends": datetime(9999, 1, 1, tzinfo=UTC)}, "alert_time_strange"),
        ({"pictures": tuple("abcdefg")}, "alert_pictures_many"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_found_and_blocks(fields: dict, code: str) -> None:
    found = check_alert(changed(**fields), AGENCY, GROUND, NOW)
    assert code in {f.code for f in blocking(found)}


def test_spanish_missing_is_advice_and_so_is_a_missing_childs_name() -> None:
    found = check_alert(changed(title_es="", text_es=""), AGENCY, GROUND, NOW)
    assert [(f.code, f.severity) for f in found] == [("alert_spanish_missing", Severity.ADVICE)]
    named = "Seven-year-old Timothy Example was last seen on Lake Street. He is 7 years old."
    minor = check_alert(changed(text=named), AGENCY, GROUND, NOW)
    assert "alert_minor_pii" in {f.code for f in blocking(minor)}
    missing = check_alert(changed(text=named, kind=AlertKind.MISSING_PERSON), AGENCY, GROUND, NOW)
    assert not blocking(missing)
    assert "alert_missing_named" in {f.code for f in missing}


def test_a_danger_may_be_spoken_of_plainly_and_extreme_is_asked_about() -> None:
    text = "You must leave the building now. Walk east, away from the smoke."
    assert not blocking(check_alert(changed(text=text), AGENCY, GROUND, NOW))
    assert "alert_pressure" in {
        f.code for f in blocking(check_alert(changed(text=text, kind=AlertKind.CRIME), AGENCY, GROUND, NOW))
    }
    assert "alert_extreme" in codes(changed(level=Level.EXTREME))
    assert "alert_moment_severe" in codes(changed(kind=AlertKind.MOMENT))


def test_an_update_says_something_new_and_cannot_stretch_an_alert_past_thirty_days() -> None:
    first = published()
    again = msgspec.structs.replace(newest(first), id="d2")
    assert "alert_update_same" in codes(again, first=first)
    longer = msgspec.structs.replace(again, ends=NOW + timedelta(days=29))
    assert codes(longer, first=first) == {"alert_end_far"}
    assert not codes(msgspec.structs.replace(again, ends=NOW + timedelta(days=27)), first=first)


def test_an_all_clear_needs_words_but_no_end() -> None:
    clear = changed(message=MessageKind.CANCEL, refers_to="a1", ends=None)
    assert not codes(clear, first=published())
    assert "alert_text_missing" in codes(msgspec.structs.replace(clear, text=""), first=published())


def test_a_time_to_send_that_came_meanwhile_is_no_fault_at_an_approval() -> None:
    late = changed(send_at=NOW - timedelta(hours=1))
    assert not blocking(check_alert(late, AGENCY, GROUND, NOW, sending=False))


@given(
    begins=st.none() | st.integers(-50 * 24, 50 * 24),
    ends=st.integers(-50 * 24, 50 * 24),
    sends=st.none() | st.integers(-50 * 24, 50 * 24),
)
def test_whatever_the_times_what_passes_has_an_end_ahead_within_thirty_days(begins, ends, sends) -> None:
    def at(hours):
        return None if hours is None else NOW + timedelta(hours=hours)

    draft = changed(begins=at(begins), ends=at(ends), send_at=at(sends))
    if blocking(check_alert(draft, AGENCY, GROUND, NOW)):
        return
    out = max(NOW, draft.send_at or NOW)
    assert out < draft.ends <= out + LENGTH_MAX
    assert draft.begins is None or draft.begins < draft.ends


@given(lat=st.floats(-0.02, 0.02), lon=st.floats(-0.02, 0.02), radius=st.floats(50, 1_500))
def test_a_circle_passes_only_where_the_city_holds_it(lat: float, lon: float, radius: float) -> None:
    circle = Circle(Point(CENTRE.lat + lat, CENTRE.lon + lon), radius)
    whole = GROUND.index.jurisdiction_shape
    passes = not blocking(check_alert(changed(where=circle), AGENCY, GROUND, NOW))
    from console.domain.areas import outline

    drawn = outline(circle)
    assert drawn is not None
    assert passes == (drawn.difference(whole).area <= alert_checks.OUTSIDE_SHARE * drawn.area)
    if passes:
        assert whole.buffer(1e-9).covers(alert_shape(circle, GROUND))


@given(text=st.text(max_size=400))
def test_no_text_breaks_the_check_and_hidden_characters_never_pass(text: str) -> None:
    for field in ("title", "text", "title_es", "text_es", "place_name"):
        stops = blocking(check_alert(changed(**{field: text}), AGENCY, GROUND, NOW))
        if any(letter in text for letter in "\u202e\u200b\x1b\x00"):
            assert "alert_hidden" in {f.code for f in stops}


def test_a_place_is_shown_as_its_block_and_everywhere_as_the_jurisdiction() -> None:
    block = alert_shape(Spot(CENTRE), GROUND)
    assert block.area < GROUND.index.jurisdiction_shape.area / 50
    assert alert_shape(Everywhere(), GROUND).area == pytest.approx(GROUND.index.jurisdiction_shape.area, rel=0.05)
    assert not codes(changed(where=Everywhere()))


def test_a_public_reason_is_a_sentence_without_a_link() -> None:
    assert [f.code for f in closing_findings("no")] == ["alert_reason_short"]
    assert [f.code for f in closing_findings("x" * 301)] == ["alert_reason_long"]
    assert [f.code for f in closing_findings("Because of this: https://example.org")] == ["alert_link"]
    assert closing_findings("The search is over; please call the desk with what you know.") == ()


# The words


def test_every_code_has_title_reason_and_next_step_and_no_words_are_left_over() -> None:
    source = Path(alert_checks.__file__).read_text()
    found = set(re.findall(r'"(alert_[a-z_]+)"', source))
    found |= {f"alert_{name}_{end}" for name in ("title", "text") for end in ("missing", "short", "long")}
    found |= {f"alert_{code}" for code in (*alert_checks._BLOCKING, "protest")}
    found.add("alert_picture_gone")  # of service/alert_pictures.py, which knows what is kept
    assert found == set(alert_words.ALERT_FINDINGS)
    for code, said in alert_words.ALERT_FINDINGS.items():
        assert said.title, code
        assert said.reason.endswith("."), code
        assert said.next_step.endswith("."), code


def test_no_figure_is_left_unfilled_and_every_name_is_there() -> None:
    drafts = [
        AlertDraft("d"),
        changed(title="Hey", text="x"),
        changed(title="x" * 121, text="x" * 2_001, text_es="x" * 2_001),
    ]
    drafts += [changed(ends=NOW), changed(ends=NOW + timedelta(days=40)), changed(send_at=NOW + timedelta(days=40))]
    drafts += [changed(text="Come to https://example.org\u202e", place_name="x" * 200, pictures=tuple("abcdefg"))]
    for draft in drafts:
        for found in check_alert(draft, AGENCY, GROUND, NOW):
            assert "\u2026" not in alert_words.finding_line(found), found
    assert set(alert_words.KINDS) == set(AlertKind)
    assert set(alert_words.LEVELS) == set(Level)
    assert set(alert_words.URGENCIES) == set(Urgency)
    assert set(alert_words.CERTAINTIES) == set(Certainty)
    assert set(alert_words.MESSAGES) == set(MessageKind)
    assert set(alert_words.ALERT_STATES) == set(AlertState)
    assert set(AlertAction) < set(alert_words.ALERT_ACTIONS)
    assert alert_words.alert_words("from_a_newer_service").title == "from_a_newer_service"
