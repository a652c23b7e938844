"""Two windows, offers, marks, templates, the two odd hours of a year, the last page and the case look-up."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import msgspec
import pytest
from PySide6.QtCore import QDateTime, Qt

from console.client.gateway import Unreachable
from console.client.vault import KeptDraft
from console.desktop.requests.wizard import WizardPage
from console.desktop.widgets import find
from console.domain import areas
from console.domain.assemblies import Gathering
from console.domain.drafts import Step
from console.domain.requests import FieldComment, State, Transition
from console.domain.templates import Template
from tests.desktop.requests.conftest import NOW
from tests.desktop.requests.test_wizard import HERE, click, full

PARCEL = Template(
    id="t1",
    name="Parcel theft",
    offence="23D",
    title="Parcel taken near {place}",
    text="On {date} a parcel was taken near {place}. Recordings of {begins} to {ends} may help.",
    minutes_before=30,
    minutes_after=30,
    radius_m=300.0,
)


@pytest.fixture
def now(context):
    return context.clock()


@pytest.fixture
def wizard(qtbot, context):
    page = WizardPage(context)
    qtbot.addWidget(page)
    page.resize(1290, 690)
    page.show()
    return page


# Two windows


def test_a_draft_that_another_window_changed_is_not_written_over(qtbot, wizard, desk, now):
    mine = full(desk, now)
    desk.drafts = (KeptDraft(mine, now, 3),)
    wizard.open(mine)
    desk.saved_elsewhere(msgspec.structs.replace(mine, title="The other window's title"))
    find(wizard, "wizard.title").setText("Parcel taken, my words")
    wizard.left()
    assert desk.saved == []
    assert "changed in another window" in find(wizard, "wizard.conflict").text()
    assert find(wizard, "wizard.conflict").isVisible()
    assert not find(wizard, "wizard.send").isEnabled()
    click(qtbot, wizard, "wizard.keep_copy")
    assert not find(wizard, "wizard.conflict").isVisible()
    kept = {k.draft.id: k for k in desk.drafts}
    assert kept[mine.id].draft.title == "The other window's title"
    assert wizard.draft.id != mine.id
    assert kept[wizard.draft.id].draft.title == "Parcel taken, my words"
    find(wizard, "wizard.title").setText("Parcel taken, my words again")
    wizard.left()
    assert desk.saved[-1].title == "Parcel taken, my words again"


def test_the_other_windows_draft_can_be_opened_and_mine_is_kept(qtbot, wizard, desk, now, context):
    mine = full(desk, now)
    desk.drafts = (KeptDraft(mine, now, 1),)
    wizard.open(mine)
    desk.saved_elsewhere(msgspec.structs.replace(mine, title="The other window's title"))
    find(wizard, "wizard.title").setText("Parcel taken, my words")
    wizard.left()
    click(qtbot, wizard, "wizard.open_other")
    assert wizard.draft.title == "The other window's title"
    assert find(wizard, "wizard.title").text() == "The other window's title"
    assert {k.draft.title for k in desk.drafts} == {"The other window's title", "Parcel taken, my words"}
    assert "copy" in context.said[-1]


def test_it_says_so_on_entering_and_does_not_send_over_the_other(qtbot, wizard, desk, now):
    mine = full(desk, now)
    desk.drafts = (KeptDraft(mine, now, 1),)
    wizard.open(mine)
    desk.saved_elsewhere(msgspec.structs.replace(mine, title="The other window's title"))
    qtbot.keyClick(wizard, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert desk.outbox == ()
    assert find(wizard, "wizard.conflict").isVisible()
    wizard.open(desk.drafts[0].draft)
    assert not find(wizard, "wizard.conflict").isVisible()


def test_a_draft_that_is_gone_offers_only_the_copy(wizard, desk, now):
    mine = full(desk, now)
    desk.drafts = (KeptDraft(mine, now, 1),)
    wizard.open(mine)
    desk.drafts = ()
    wizard.entered()
    assert find(wizard, "wizard.keep_copy").isVisible()
    assert not find(wizard, "wizard.open_other").isVisible()


# Area


def test_the_smallest_enlargement_is_drawn_and_taken(qtbot, wizard, desk, now, context):
    tiny = areas.Circle(HERE, 110.0)
    wizard.open(full(desk, now, drawing=tiny, area=desk.ground.snap(tiny)))
    pane = next(p for p in context.panes if p.title == "Area")
    offer = find(wizard, "wizard.take_offer")
    qtbot.waitUntil(offer.isVisible)
    assert "dashed on the map" in find(wizard, "wizard.offer").text()
    assert pane.layer("offer")["features"]
    click(qtbot, wizard, "wizard.take_offer")
    assert set(desk.ground.snap(tiny).blocks) <= set(wizard.draft.area.blocks)
    assert find(wizard, "limits.area").text().startswith("Met")
    qtbot.waitUntil(lambda: pane.said[-1] == ("clear_layer", "offer") or not offer.isVisible())
    qtbot.keyClick(wizard._area_step, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert wizard.draft.drawing == tiny


def test_where_nothing_passes_it_points_to_an_alert(qtbot, wizard, desk, now, monkeypatch):
    monkeypatch.setattr("console.domain.fitting.enlarged", lambda *_: None)
    tiny = areas.Circle(HERE, 110.0)
    wizard.open(full(desk, now, drawing=tiny, area=desk.ground.snap(tiny)))
    words = find(wizard, "wizard.offer")
    qtbot.waitUntil(words.isVisible)
    assert "Publish an alert instead" in words.text()
    assert not find(wizard, "wizard.take_offer").isVisible()


@pytest.mark.parametrize(
    "text",
    [
        "41.8560,-87.6790; 41.8560,-87.6700; 41.8490,-87.6700; 41.8490,-87.6790",
        "POLYGON((-87.6790 41.8560, -87.6700 41.8560, -87.6700 41.8490, -87.6790 41.8490, -87.6790 41.8560))",
        '{"type":"Polygon","coordinates":[[[-87.679,41.856],[-87.67,41.856],[-87.67,41.849],[-87.679,41.849]]]}',
    ],
)
def test_a_shape_is_pasted(qtbot, wizard, desk, now, text):
    wizard.open(full(desk, now, drawing=None, area=None))
    find(wizard, "wizard.paste").setText(text)
    click(qtbot, wizard, "wizard.use_paste")
    assert isinstance(wizard.draft.drawing, areas.Polygon)
    assert wizard.draft.drawing.ring[0] == (-87.679, 41.856)
    assert wizard.draft.area.blocks


@pytest.mark.parametrize("text", ["hello", "41.85,-87.67; 41.86,-87.67", "POLYGON((1 2))", '{"type":"Point"}'])
def test_a_shape_that_cannot_be_read_says_what_to_paste(qtbot, wizard, desk, now, text):
    wizard.open(full(desk, now, drawing=None, area=None))
    find(wizard, "wizard.paste").setText(text)
    click(qtbot, wizard, "wizard.use_paste")
    assert wizard.draft.drawing is None
    assert find(wizard, "wizard.drawing_trouble").isVisible()
    assert find(wizard, "wizard.paste").text() == text


def test_an_address_is_a_circle(qtbot, wizard, desk, now):
    wizard.open(full(desk, now, drawing=None, area=None))
    find(wizard, "wizard.paste").setText("Halsted & 18th")
    click(qtbot, wizard, "wizard.use_paste")
    assert isinstance(wizard.draft.drawing, areas.Circle)
    assert wizard.draft.drawing.radius_m == 300.0


# The meter


def test_the_meter_says_what_is_asked_and_offers_less(qtbot, wizard, desk, now):
    wide = areas.Circle(HERE, 500.0)
    wizard.open(full(desk, now, drawing=wide, area=desk.ground.snap(wide)))
    assert find(wizard, "meter.homes").text().endswith("homes")
    assert " h could come" in find(wizard, "meter.footage").text()
    assert "of the jurisdiction" in find(wizard, "meter.share").text()
    assert find(wizard, "meter.since").text() == "3 h ago"
    take = find(wizard, "meter.take_area")
    qtbot.waitUntil(take.isVisible)
    before = desk.ground.area_m2(wizard.draft.area)
    take.click()
    assert desk.ground.area_m2(wizard.draft.area) < before
    assert not take.isVisible()
    find(wizard, "meter.take_window").click()
    assert wizard.draft.ends - wizard.draft.begins == timedelta(minutes=15)
    assert wizard.draft.begins <= wizard.draft.occurred_at <= wizard.draft.ends
    assert not find(wizard, "meter.take_window").isVisible()


def test_an_assembly_is_named_and_needs_a_second_approver(wizard, desk, now):
    march = Gathering(
        id="g1", name="Street market", points=(HERE,), begins=now - timedelta(hours=5), ends=now - timedelta(hours=1)
    )
    desk.profile.gatherings = (march,)
    wizard.open(full(desk, now))
    assert "Street market" in find(wizard, "meter.gatherings").text()
    assert "second approver" in find(wizard, "meter.gatherings").text()
    words = find(wizard, "wizard.approvers").text()
    assert "two of these must approve" in words
    assert "only one" in words


# Words


def test_a_rules_words_are_underlined_behind_an_emoji(wizard, desk, now):
    text = "\U0001f4e6\U0001f4e6 A parcel is gone. You must share what you have, all of it."
    wizard.open(full(desk, now, title="\U0001f4e6 you must help now", text=text))
    field = find(wizard, "wizard.text")
    assert field.marked() == ("You must",) or field.marked()[0].startswith("You must")
    (mark,) = field.marks
    assert mark.start == text.index("You must") + 2  # two emoji are two units each
    assert "Sharing is voluntary" in mark.words
    title = find(wizard, "wizard.title")
    assert title.marks[0].start == 3
    title.setText("Parcel taken from a porch")
    assert title.marks == ()
    assert title.text() == wizard.draft.title == "Parcel taken from a porch"


# Templates


def test_a_template_fills_what_is_empty_as_facts_come_and_is_taken_off(qtbot, wizard, desk, now):
    desk.profile.templates = (PARCEL,)
    wizard.open(desk.new_draft(case_number="2026-018-000431", contact="one@lakeside.example"))
    combo = find(wizard, "wizard.template")
    combo.setCurrentIndex(1)
    combo.activated.emit(1)
    assert wizard.draft.offence == "23D"
    assert "{place}" in wizard.draft.text
    wizard._change(occurred_at=now - timedelta(hours=3), place=HERE, place_name="Near W 18th St")
    click(qtbot, wizard, "wizard.next")
    assert wizard.draft.ends - wizard.draft.begins == timedelta(hours=1)
    assert wizard.draft.area.blocks
    assert wizard.draft.title == "Parcel taken near W 18th St"
    assert "{" not in wizard.draft.text
    assert find(wizard, "wizard.title").text() == "Parcel taken near W 18th St"
    find(wizard, "wizard.title").setText("")
    click(qtbot, wizard, "wizard.next")
    assert wizard.draft.title == ""
    find(wizard, "wizard.title").setText("Parcel taken, my own words")
    combo.setCurrentIndex(0)
    combo.activated.emit(0)
    assert (wizard.draft.offence, wizard.draft.text, wizard.draft.area) == ("", "", None)
    assert wizard.draft.title == "Parcel taken, my own words"
    assert wizard.draft.place == HERE


def test_the_last_contact_is_remembered(wizard, desk, now):
    author = desk.session.member
    older = SimpleNamespace(author=author, submitted_at=now, draft=full(desk, now, contact="new@lakeside.example"))
    desk.requests = (older,)
    wizard.open(desk.new_draft())
    assert wizard.draft.contact == "new@lakeside.example"
    wizard.left()
    assert desk.saved == []


# The window


def set_local(field, text):
    field.setDateTime(QDateTime.fromString(text + "Z", Qt.DateFormat.ISODate))


def test_an_hour_that_comes_twice_asks_which(wizard, desk):
    wizard.open(desk.new_draft(occurred_at=datetime(2026, 11, 1, 8, 0, tzinfo=UTC)))
    wizard._turn_to(Step.WINDOW)
    set_local(find(wizard, "wizard.begins"), "2026-11-01T01:30:00")
    which = find(wizard, "wizard.begins_which")
    assert which.isVisible()
    assert wizard.draft.begins == datetime(2026, 11, 1, 7, 30, tzinfo=UTC)  # it stood in the second one before
    assert find(wizard, "wizard.begins_zone").text() == "CST"
    which.setCurrentIndex(0)
    assert wizard.draft.begins == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    assert find(wizard, "wizard.begins_zone").text() == "CDT"


def test_an_hour_that_was_skipped_says_so(wizard, desk):
    wizard.open(desk.new_draft())
    set_local(find(wizard, "wizard.occurred_at"), "2026-03-08T02:30:00")
    trouble = find(wizard, "wizard.occurred_at_trouble")
    assert "Enter 03:30" in trouble.text()
    assert trouble.isVisible()
    assert wizard.draft.occurred_at is None
    set_local(find(wizard, "wizard.occurred_at"), "2026-03-08T03:30:00")
    assert wizard.draft.occurred_at == datetime(2026, 3, 8, 8, 30, tzinfo=UTC)
    assert not trouble.isVisible()


def test_an_overnight_window_shows_both_dates_and_is_moved_whole(qtbot, wizard, desk):
    midnight = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
    wizard.open(
        desk.new_draft(occurred_at=midnight, begins=midnight - timedelta(hours=1), ends=midnight + timedelta(hours=1))
    )
    wizard._turn_to(Step.WINDOW)
    words = find(wizard, "wizard.length").text()
    assert words == "Thu 19 Nov 23:00 CST to Fri 20 Nov 01:00 CST (2 h, overnight)"
    line = find(wizard, "wizard.timeline")
    middle = int(line.x_of(midnight))
    point = line.rect().center().__class__
    qtbot.mousePress(line, Qt.MouseButton.LeftButton, pos=point(middle, 40))
    qtbot.mouseMove(line, point(middle + 60, 40))
    qtbot.mouseRelease(line, Qt.MouseButton.LeftButton, pos=point(middle + 60, 40))
    assert wizard.draft.begins > midnight - timedelta(hours=1)
    assert wizard.draft.ends - wizard.draft.begins == timedelta(hours=2)
    moved = wizard.draft.begins
    qtbot.keyClick(line, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    assert wizard.draft.begins == moved - timedelta(minutes=5)
    assert wizard.draft.ends - wizard.draft.begins == timedelta(hours=2)


# The last page


def test_the_last_page_shows_what_becomes_public(wizard, desk, now):
    wizard.open(full(desk, now))
    assert find(wizard, "wizard.public.Case number").text() == "2026-018-000431"
    assert find(wizard, "wizard.public.Your name and title").text() == "Ofc. Example One, Lakeside Police"
    assert "Fri 04 Dec" in find(wizard, "wizard.public.Open until").text()
    assert "never an address" in find(wizard, "wizard.public.Place").text()
    assert find(wizard, "wizard.seen_title").text() == "Parcel taken from a porch"
    assert "CST" in find(wizard, "wizard.seen_facts").text()


def test_the_place_of_a_sensitive_offence_is_not_named(wizard, desk, now):
    wizard.open(full(desk, now, offence="11A"))
    assert "sensitive" in find(wizard, "wizard.public.Place").text()


def test_findings_are_grouped_by_weight_with_a_way_to_each(qtbot, wizard, desk, now):
    late = now - timedelta(hours=12)
    wizard.open(full(desk, now, title="", begins=late, ends=late + timedelta(hours=1)))
    click(qtbot, wizard, "wizard.step_send")
    for name in ("wizard.go.title_missing", "wizard.go.window_misses_incident"):
        assert find(wizard, name).isVisible()


def test_a_screen_reader_hears_what_is_wrong_with_a_field(wizard, desk):
    wizard.open(desk.new_draft(case_number="12"))
    case = find(wizard, "wizard.case_number")
    assert "is not a case number" in case.accessibleDescription()
    case.setText("2026-018-000431")
    assert case.accessibleDescription() == ""


# The case look-up


def asked(context, desk, wizard, number):
    find(wizard, "wizard.case_number").setText(number)
    find(wizard, "wizard.case_number").editingFinished.emit()


@pytest.mark.parametrize(
    ("answer", "words"),
    [("verified", "\u2713 Found in"), ("not_known", "\u2715 Not in"), (Unreachable(), "\u24d8 Not verified")],
)
def test_the_agencys_records_are_asked(wizard, desk, context, answer, words):
    object.__setattr__(context, "agency", msgspec.structs.replace(context.agency, records_url="https://records.test"))
    desk.case_answers["2026-018-000431"] = answer
    wizard.open(desk.new_draft())
    asked(context, desk, wizard, "2026-018-00043")
    assert context.coroutines == []
    asked(context, desk, wizard, "2026-018-000431")
    label = find(wizard, "wizard.case_check")
    assert "Asking" in label.text()
    asyncio.run(context.coroutines.pop())
    assert label.text().startswith(words)
    asked(context, desk, wizard, "2026-018-000431")
    assert context.coroutines == []


def test_a_stale_answer_about_a_case_is_not_shown(wizard, desk, context):
    object.__setattr__(context, "agency", msgspec.structs.replace(context.agency, records_url="https://records.test"))
    desk.case_answers["2026-018-000431"] = "verified"
    wizard.open(desk.new_draft())
    asked(context, desk, wizard, "2026-018-000431")
    find(wizard, "wizard.case_number").setText("2026-018-000432")
    asyncio.run(context.coroutines.pop())
    assert not find(wizard, "wizard.case_check").isVisible()


def test_without_a_records_system_nobody_is_asked(wizard, desk, context):
    wizard.open(desk.new_draft())
    asked(context, desk, wizard, "2026-018-000431")
    assert context.coroutines == []


def test_what_the_supervisor_asks_for_stands_on_the_page_it_is_about(qtbot, wizard, desk):
    draft = full(desk, NOW)
    comments = (FieldComment("title", "Plainer, please."), FieldComment("window", "One hour is enough."))
    history = (Transition("return", "pending", "returned", 2, "Sergeant Example Two", NOW, comments=comments),)
    request = SimpleNamespace(
        id="r1",
        number="PL-1",
        draft=draft,
        state=State.RETURNED,
        history=history,
        version=2,
        submitted_at=NOW,
        author=desk.session.member,
    )
    desk.requests = (request,)
    wizard.open(draft)
    for step, words in (
        (Step.INCIDENT, ""),
        (Step.WINDOW, "Sergeant Example Two asks:\nWindow: One hour is enough."),
        (Step.WORDS, "Sergeant Example Two asks:\nTitle: Plainer, please."),
        (Step.SEND, "Sergeant Example Two asks:\nTitle: Plainer, please.\nWindow: One hour is enough."),
    ):
        find(wizard, f"wizard.step_{step}").click()
        bar = find(wizard, "wizard.comments")
        assert bar.parentWidget().isHidden() == (not words), step
        assert not words or bar.text() == words
    wizard.open(desk.new_draft())
    assert find(wizard, "wizard.comments").parentWidget().isHidden()
