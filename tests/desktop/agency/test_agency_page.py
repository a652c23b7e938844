"""The agency's page: nothing is saved unseen, nothing typed is lost, and every end of a save is said."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import msgspec
import pytest
from PySide6.QtCore import QDate, QDateTime, QTime
from PySide6.QtWidgets import QLabel

from console.client.calendars import Places
from console.client.desk import Changed, Connection
from console.desktop.agency.importing import batches
from console.desktop.agency.page import AgencyPage
from console.desktop.agency.template_form import objections
from console.desktop.app import _Root, _Signed
from console.desktop.widgets import find
from console.domain.areas import Circle
from console.domain.assemblies import met_by
from console.domain.members import Role
from console.domain.places import Point

from .conftest import HERE, NOW, gathering, know, lent, member, template

CSV = "name,begins,ends,place\nMarch,2026-11-07 18:00,2026-11-07 20:00,State & Madison\nTalk,2026-11-08 18:00,,Zoom\n"


def run(context):
    """Let what was begun come to its end."""

    async def all_of_it():
        while context.coroutines:
            await context.coroutines.pop(0)

    asyncio.run(all_of_it())


def text(page, name):
    return find(page, name).text()


def set_clock(page, name, *when):
    edit = find(page, name)
    edit.setDateTime(QDateTime(QDate(*when[:3]), QTime(*when[3:]), edit.timeZone()))


def fill_assembly(page, place="State & Madison"):
    find(page, "agency.assembly_name").setText("March for libraries")
    find(page, "agency.assembly_place").setText(place)
    set_clock(page, "agency.assembly_begins", 2026, 11, 7, 18, 0)
    set_clock(page, "agency.assembly_ends", 2026, 11, 7, 20, 0)


def shown(page):
    return [w.text() for w in page.findChildren(QLabel) if w.isVisible()]


# Assemblies


def test_an_empty_calendar_says_what_it_is_for_and_how_to_fill_it(page):
    assert "Add one by hand, or import" in text(page, "agency.assemblies_empty")
    assert any("needs two approvals, and says so publicly" in said for said in shown(page))


def test_an_assembly_by_hand_is_kept_and_its_receipt_is_shown(page, desk, context):
    assert not find(page, "agency.assembly_save").isEnabled()
    fill_assembly(page)
    assert "State St & Madison St" in text(page, "agency.assembly_found")
    find(page, "agency.assembly_save").click()
    assert "waiting to be sent" in text(page, "agency.waiting")
    (wish,) = desk.kept
    (kept,) = wish.body.gatherings
    assert (kept.name, kept.around_m) == ("March for libraries", 250)
    assert kept.begins == datetime(2026, 11, 8, 0, 0, tzinfo=UTC)
    run(context)
    assert "Saved. Receipt PL-7" in text(page, "agency.saved")
    assert text(page, "agency.assembly_name") == ""


def test_a_refused_assembly_says_why_and_stays_typed(page, desk, context):
    desk.settle = "forbidden"
    fill_assembly(page)
    find(page, "agency.assembly_save").click()
    run(context)
    said = text(page, "agency.refused")
    assert desk.outbox[0].problem.advice in said
    assert text(page, "agency.assembly_name") == "March for libraries"
    find(page, "agency.dismiss").click()
    assert desk.outbox == ()


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("Zoom", "No such place"),
        ("40.71, -74.0", "outside your jurisdiction"),
        ("41.88, 87.63", "a longitude is negative"),
    ],
)
def test_a_place_that_does_not_fit_is_said_and_cannot_be_saved(page, place, words):
    fill_assembly(page, place)
    assert words in text(page, "agency.assembly_found") + text(page, "agency.assembly_trouble")
    assert not find(page, "agency.assembly_save").isEnabled()


def test_an_end_before_its_begin_is_said(page):
    fill_assembly(page)
    set_clock(page, "agency.assembly_ends", 2026, 11, 7, 17, 0)
    assert "ends before it begins" in text(page, "agency.assembly_trouble")
    assert not find(page, "agency.assembly_save").isEnabled()


def test_the_list_says_when_with_the_zone_and_where(page, desk):
    know(desk, gatherings=[gathering(), gathering("g2", "Past", days=-2)])
    page.refresh(Changed.AGENCY)
    shown_list = find(page, "agency.assembly_list")
    words = [shown_list.item(n).text() for n in range(shown_list.count())]
    assert words[0] == "Coming (1)"
    assert words[1].startswith("Vigil\nFri Oct 23, 2026 15:00 \u2013 17:00 CDT\nNear ")
    assert words[1].endswith("250 m around")
    assert words[2] == "Recent (1)"


def test_removing_asks_in_its_place_first(page, desk, context):
    know(desk, gatherings=[gathering()])
    page.refresh(Changed.AGENCY)
    assert not find(page, "agency.assembly_remove").isEnabled()
    find(page, "agency.assembly_list").setCurrentRow(1)
    find(page, "agency.assembly_remove").click()
    assert desk.kept == []
    assert "go on to need two approvals" in text(page, "agency.assembly_remove_question")
    find(page, "agency.assembly_remove_no").click()
    assert desk.kept == []
    find(page, "agency.assembly_remove").click()
    find(page, "agency.assembly_remove_yes").click()
    assert desk.kept[0].path == {"gathering_id": "g1"}
    run(context)


def test_changing_an_assembly_replaces_it_and_keeps_its_route(page, desk, context):
    route = (HERE, Point(41.8830, -87.6278), Point(41.8850, -87.6278))
    know(desk, gatherings=[gathering(points=route)])
    page.refresh(Changed.AGENCY)
    find(page, "agency.assembly_list").setCurrentRow(1)
    find(page, "agency.assembly_change").click()
    find(page, "agency.assembly_name").setText("Vigil, moved")
    find(page, "agency.assembly_save").click()
    (kept,) = desk.kept[0].body.gatherings
    assert (kept.id, kept.name, kept.points) == ("g1", "Vigil, moved", route)
    run(context)


def test_what_is_typed_stays_when_the_calendar_comes_anew(page, desk):
    fill_assembly(page)
    know(desk, gatherings=[gathering()], templates=[template()], delegations=[lent()])
    for what in Changed:
        page.refresh(what)
    assert text(page, "agency.assembly_name") == "March for libraries"
    assert text(page, "agency.assembly_place") == "State & Madison"
    assert find(page, "agency.assembly_save").isEnabled()


# Import


@pytest.fixture
def file(tmp_path):
    made = tmp_path / "permits.csv"
    made.write_text(CSV, encoding="utf-8")
    return made


def read(page, context, path):
    find(page, "agency.import_path").setText(str(path))
    find(page, "agency.import_read").click()
    run(context)


def test_a_file_is_shown_before_anything_is_saved(page, desk, context, file):
    read(page, context, file)
    assert desk.kept == []
    assert text(page, "agency.preview_counts") == "1 read, 1 left out. Nothing is saved yet."
    problems = find(page, "agency.preview_problems").toPlainText()
    assert "Left out, Line 3: Talk has no place" in problems
    assert "State & Madison" in problems
    find(page, "agency.preview_save").click()
    (kept,) = desk.kept[0].body.gatherings
    assert kept.name == "March"
    run(context)
    assert "PL-7" in text(page, "agency.saved")
    assert find(page, "agency.preview_save").isVisible() is False


def test_a_second_import_says_what_it_replaces(page, desk, context, file):
    read(page, context, file)
    find(page, "agency.preview_save").click()
    know(desk, gatherings=desk.kept[0].body.gatherings)
    run(context)
    read(page, context, file)
    assert "1 of them replace" in text(page, "agency.preview_counts")


def test_a_preview_can_be_left_and_survives_a_refresh(page, desk, context, file):
    read(page, context, file)
    page.refresh(Changed.AGENCY)
    assert find(page, "agency.preview_save").isVisible()
    find(page, "agency.preview_leave").click()
    assert not find(page, "agency.preview_save").isVisible()
    assert desk.kept == []


@pytest.mark.parametrize("name", ["absent.ics", "."])
def test_a_file_that_cannot_be_opened_is_said(page, context, tmp_path, name):
    read(page, context, tmp_path / name)
    assert "cannot be opened" in find(page, "agency.preview_problems").toPlainText()
    assert not find(page, "agency.preview_save").isEnabled()


def test_a_large_calendar_goes_in_parts_that_the_service_takes():
    route = tuple(Point(41.88 + n / 100_000, -87.62 - n / 100_000) for n in range(200))
    many = tuple(gathering(f"g{n}", points=route) for n in range(400))
    parts = list(batches(many))
    assert sum(parts, ()) == many
    assert len(parts) > 1
    assert all(len(msgspec.json.encode(part)) < 2 * 1024 * 1024 for part in parts)


def test_an_imported_street_meets_an_area_on_it(ground, context, page, desk, tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("name,begins,ends,place\nParade,2026-11-07 18:00,2026-11-07 20:00,W 18th St\n", encoding="utf-8")
    read(page, context, file)
    find(page, "agency.preview_save").click()
    (kept,) = desk.kept[0].body.gatherings
    area = ground.snap(Circle(Point(41.8577, -87.6613), 250))
    assert met_by((kept,), ground, area, kept.begins, kept.ends) == (kept,)
    assert Places(ground).find("W 18th St").points == kept.points
    run(context)


# Templates


def test_a_template_is_written_and_kept(page, desk, context):
    find(page, "agency.templates").click()
    assert "No templates yet" in text(page, "agency.templates_empty")
    assert not find(page, "agency.template_save").isEnabled()
    find(page, "agency.template_name").setText("Porch theft")
    find(page, "agency.offence_search").setText("porch")
    find(page, "agency.offence").setCurrentRow(0)
    find(page, "agency.template_title").setText("Parcel taken from a porch near {place}")
    find(page, "agency.template_text").setPlainText("On {date} between {begins} and {ends} somebody took a parcel.")
    find(page, "agency.template_radius").setValue(200)
    find(page, "agency.template_save").click()
    kept = desk.kept[0].body
    assert (kept.name, kept.offence, kept.radius_m, kept.minutes_before) == ("Porch theft", "23D", 200.0, 60)
    run(context)
    assert "PL-7" in text(page, "agency.saved")
    know(desk, templates=[kept])
    page.refresh(Changed.AGENCY)
    assert text(page, "agency.template_heading") == "Porch theft"
    assert text(page, "agency.template_trouble") == "Nothing has been changed."


def test_an_offence_can_be_taken_off_a_template(page, desk):
    know(desk, templates=[template(offence="23D")])
    page.refresh(Changed.AGENCY)
    find(page, "agency.templates").click()
    find(page, "agency.template_list").setCurrentRow(0)
    assert text(page, "agency.offence_chosen") == "Chosen: 23D Theft from building"
    find(page, "agency.offence_any").click()
    assert text(page, "agency.offence_chosen") == "Chosen: any offense"
    find(page, "agency.template_save").click()
    assert desk.kept[0].body.offence == ""
    find(page, "agency.offence_search").setText("zzz")
    assert "Try fewer" in text(page, "agency.offence_chosen")


def test_words_that_a_request_may_not_say_are_said_at_the_template(page):
    find(page, "agency.templates").click()
    find(page, "agency.template_text").setPlainText("You must share. Seen at {street}.")
    said = text(page, "agency.template_text_note")
    assert "\u201cYou must share\u201d" in said
    assert "{street} is not filled in by anything" in said
    find(page, "agency.template_name").setText("x")
    assert not find(page, "agency.template_save").isEnabled()
    assert objections("At {place} on {date}") == ()


def test_another_template_does_not_lose_what_was_typed_into_the_first(page, desk):
    know(desk, templates=[template(), template("t2", name="Hit and run")])
    page.refresh(Changed.AGENCY)
    find(page, "agency.templates").click()
    chosen = find(page, "agency.template_list")
    chosen.setCurrentRow(0)
    find(page, "agency.template_title").setText("Half a title")
    chosen.setCurrentRow(1)
    assert text(page, "agency.template_title") == ""
    chosen.setCurrentRow(0)
    assert text(page, "agency.template_title") == "Half a title"


def test_what_somebody_else_changed_comes_into_an_untouched_form_only(page, desk):
    know(desk, templates=[template()])
    page.refresh(Changed.AGENCY)
    find(page, "agency.template_list").setCurrentRow(0)
    know(desk, templates=[template(title="Theirs")])
    page.refresh(Changed.AGENCY)
    assert text(page, "agency.template_title") == "Theirs"
    find(page, "agency.template_title").setText("Mine")
    know(desk, templates=[template(title="Theirs again")])
    page.refresh(Changed.AGENCY)
    assert text(page, "agency.template_title") == "Mine"


def test_removing_a_template_asks_first(page, desk, context):
    know(desk, templates=[template()])
    page.refresh(Changed.AGENCY)
    find(page, "agency.templates").click()
    find(page, "agency.template_list").setCurrentRow(0)
    find(page, "agency.template_remove").click()
    find(page, "agency.template_remove_yes").click()
    assert desk.kept[0].path == {"template_id": "t1"}
    run(context)


# Deciding


def test_deciding_is_lent_to_a_colleague_until_the_end_of_a_day(page, desk, context):
    find(page, "agency.deciding").click()
    assert any("Nobody decides on the lender\u2019s own requests" in said for said in shown(page))
    who, until = find(page, "agency.colleague"), find(page, "agency.until")
    assert who.count() == 2  # nobody lends to themselves
    assert not find(page, "agency.lend").isEnabled()
    who.setCurrentIndex(1)
    until.setDate(QDate(2026, 10, 25))
    find(page, "agency.lend").click()
    wish = desk.kept[0]
    assert (wish.body.delegate, wish.body.until) == ("m2", datetime(2026, 10, 26, 5, 0, tzinfo=UTC))
    run(context)
    assert who.currentIndex() == 0


def test_the_end_of_a_day_is_called_so(page, desk):
    midnight = datetime(2026, 10, 26, 5, 0, tzinfo=UTC)
    know(desk, delegations=[msgspec.structs.replace(lent(), until=midnight)])
    page.refresh(Changed.AGENCY)
    find(page, "agency.deciding").click()
    assert text(page, "agency.lent_until") == "until the end of Sun Oct 25"


def test_thirty_days_are_the_most(page, desk, context):
    until = find(page, "agency.until")
    until.setDate(QDate(2030, 1, 1))
    find(page, "agency.colleague").setCurrentIndex(1)
    find(page, "agency.lend").click()
    assert NOW + timedelta(days=28) < desk.kept[0].body.until <= NOW + timedelta(days=30)
    desk.settle = "not_a_colleague"
    run(context)
    assert "at most 30 days" in text(page, "agency.refused")
    assert find(page, "agency.colleague").currentIndex() == 1


def test_what_is_lent_can_be_taken_back(page, desk, context):
    know(desk, delegations=[lent()])
    page.refresh(Changed.AGENCY)
    assert text(page, "agency.lent") == "You \u2192 Sgt. Example Two"
    find(page, "agency.deciding").click()
    assert text(page, "agency.lent_until") == "until Fri Oct 23 15:00"
    find(page, "agency.end_lending").click()
    assert desk.kept[0].path == {"member_id": "m2"}
    run(context)


def test_an_administrator_sees_that_only_supervisors_lend(page, desk):
    desk.session.member = member(role=Role.ADMIN)
    page.refresh(Changed.AGENCY)
    find(page, "agency.deciding").click()
    assert not find(page, "agency.lend").isVisible()
    assert find(page, "agency.lend_not_yours").isVisible()


# The page


def test_the_window_makes_the_room(context, qtbot):
    root = _Root.__new__(_Root)
    root._signed, root._connected = _Signed(context), SimpleNamespace()
    made = root._make_room("agency")
    qtbot.addWidget(made)
    assert isinstance(made, AgencyPage)


def test_offline_is_said_and_what_is_saved_waits(page, desk, context):
    desk.connection = Connection.OFFLINE
    page.refresh(Changed.CONNECTION)
    assert "waits here and goes out by itself" in text(page, "agency.offline")
    fill_assembly(page)
    find(page, "agency.assembly_save").click()
    assert "waiting to be sent" in text(page, "agency.waiting")


def test_names_from_elsewhere_are_shown_as_text(page, desk):
    know(desk, gatherings=[gathering(name="<b>x</b>")], templates=[template(name="<img src=x>")])
    page.refresh(Changed.AGENCY)
    find(page, "agency.assembly_list").setCurrentRow(1)
    find(page, "agency.assembly_remove").click()
    assert text(page, "agency.assembly_remove_question").startswith("Remove <b>x</b>?")


@pytest.mark.parametrize("name", ["assemblies", "templates", "deciding"])
@pytest.mark.parametrize("width", [888, 1294, 1848])
def test_each_section_fits_its_width(page, name, width):
    page.resize(width, 692)
    find(page, f"agency.{name}").click()
    page.grab()
    section = page.sections[name]
    assert section.width() <= page._stack.width()
    assert section.minimumSizeHint().width() <= page._stack.width()
