"""Calendars that other programs export: every occurrence in its place and hour, every loss said, nothing raised."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.client.calendars import Places, clean, read_calendar, read_csv, read_icalendar, read_point
from console.contract.payloads import Gatherings
from console.domain.atlas import AtlasIndex
from console.domain.ground import Ground
from console.domain.places import Point, distance_m
from console.service.atlas import read_pack

NOW = datetime(2026, 10, 20, 17, 0, tzinfo=UTC)
ZONE = ZoneInfo("America/Chicago")
CORNER = Point(lat=41.88203, lon=-87.6278)  # State & Madison

GOOGLE = """BEGIN:VCALENDAR
PRODID:-//Google Inc//Google Calendar 70.9054//EN
VERSION:2.0
CALSCALE:GREGORIAN
METHOD:PUBLISH
X-WR-CALNAME:City permits
X-WR-TIMEZONE:America/Chicago
BEGIN:VTIMEZONE
TZID:America/Chicago
X-LIC-LOCATION:America/Chicago
BEGIN:DAYLIGHT
TZOFFSETFROM:-0600
TZOFFSETTO:-0500
TZNAME:CDT
DTSTART:19700308T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:-0500
TZOFFSETTO:-0600
TZNAME:CST
DTSTART:19701101T020000
RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
DTSTART;TZID=America/Chicago:20261021T180000
DTEND;TZID=America/Chicago:20261021T200000
RRULE:FREQ=WEEKLY;COUNT=4;BYDAY=WE
EXDATE;TZID=America/Chicago:20261028T180000
DTSTAMP:20261019T120000Z
UID:1abc@google.com
LOCATION:State & Madison\\, Chicago\\, IL 60602\\, USA
SEQUENCE:0
STATUS:CONFIRMED
SUMMARY:Weekly vigil\\, downtown
TRANSP:OPAQUE
END:VEVENT
END:VCALENDAR
"""

OUTLOOK = """BEGIN:VCALENDAR
PRODID:-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN
VERSION:2.0
METHOD:PUBLISH
X-MS-OLK-FORCEINSPECTOROPEN:TRUE
BEGIN:VTIMEZONE
TZID:Central Standard Time
BEGIN:STANDARD
DTSTART:16011104T020000
RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11
TZOFFSETFROM:-0500
TZOFFSETTO:-0600
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010311T020000
RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3
TZOFFSETFROM:-0600
TZOFFSETTO:-0500
END:DAYLIGHT
END:VTIMEZONE
BEGIN:VEVENT
CLASS:PUBLIC
CREATED:20261001T150000Z
DESCRIPTION:A long description that Outlook folds onto a second line because
  it is longer than seventy-five octets\\n
DTEND;TZID="Central Standard Time":20261107T150000
DTSTART;TZID="Central Standard Time":20261107T120000
LOCATION:Daley Plaza\\, 50 W Washington St
SUMMARY;LANGUAGE=en-us:Rally at Daley
  Plaza
UID:040000008200E00074C5B7101A82E00800000000
X-MICROSOFT-CDO-BUSYSTATUS:BUSY
BEGIN:VALARM
TRIGGER:-PT15M
ACTION:DISPLAY
DESCRIPTION:Reminder
END:VALARM
END:VEVENT
END:VCALENDAR
"""

APPLE = """BEGIN:VCALENDAR
CALSCALE:GREGORIAN
PRODID:-//Apple Inc.//macOS 14.5//EN
VERSION:2.0
BEGIN:VEVENT
UID:5C3F2A10-9F2E-4D52-8F0B-0B8B5D9D7C11
DTSTART;VALUE=DATE:20261101
DTEND;VALUE=DATE:20261102
SUMMARY:Day of remembrance
LOCATION:Federal Plaza
X-APPLE-STRUCTURED-LOCATION;VALUE=URI;X-APPLE-RADIUS=70;X-TITLE="Federal
 Plaza":geo:41.878600,-87.630000
X-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture(scope="module")
def ground(chicago_pack):
    return Ground(AtlasIndex(read_pack(chicago_pack).atlas))


def ics(*events, head=""):
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//y//EN", *head.splitlines()]
    for event in events:
        lines += ["BEGIN:VEVENT", *event.splitlines(), "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def event(start="20261107T180000Z", *more, uid="u1", geo="GEO:41.88203;-87.6278"):
    return "\n".join(part for part in (f"UID:{uid}", "SUMMARY:March", f"DTSTART:{start}", geo, *more) if part)


@pytest.fixture
def read(ground):
    return lambda *events, **more: read_icalendar(ics(*events, **more), ground, ZONE, NOW)


@pytest.fixture
def table(ground):
    return lambda text: read_csv(text if isinstance(text, bytes) else text.encode(), ground, ZONE, NOW)


def said(read_calendar_):
    return " ".join(f"{p.where}: {p.text}" for p in read_calendar_.problems)


def local(at):
    return at.astimezone(ZONE).strftime("%m-%d %H:%M")


# What Google, Outlook and Apple write


def test_a_weekly_series_of_google_keeps_its_wall_clock_across_the_change_of_clocks(ground):
    found = read_calendar("a.ics", GOOGLE.replace("\n", "\r\n").encode(), ground, ZONE, NOW)
    assert [local(g.begins) for g in found.gatherings] == ["10-21 18:00", "11-04 18:00", "11-11 18:00"]
    assert [g.begins.hour for g in found.gatherings] == [23, 0, 0]
    assert {g.ends - g.begins for g in found.gatherings} == {timedelta(hours=2)}
    assert found.gatherings[0].name == "Weekly vigil, downtown"
    assert distance_m(found.gatherings[0].points[0], CORNER) < 40
    assert found.problems == ()


def test_an_event_of_outlook_has_its_windows_zone_and_its_folded_lines(ground):
    found = read_calendar("a.ics", OUTLOOK.encode(), ground, ZONE, NOW)
    (one,) = found.gatherings
    assert (one.name, local(one.begins), local(one.ends)) == ("Rally at Daley Plaza", "11-07 12:00", "11-07 15:00")
    assert len(one.points) > 1
    assert "placed along all of W Washington St" in said(found)
    assert not found.problems[0].left_out


def test_an_all_day_event_of_apple_is_its_local_day_of_25_hours_where_the_map_says(ground):
    (one,) = read_calendar("a.ics", APPLE.encode(), ground, ZONE, NOW).gatherings
    assert (local(one.begins), local(one.ends)) == ("11-01 00:00", "11-02 00:00")
    assert one.ends - one.begins == timedelta(hours=25)
    assert one.points == (Point(lat=41.8786, lon=-87.63),)


# Times


def test_utc_is_utc_and_floating_is_the_agencys_own(read):
    found = read(event("20261107T180000Z", uid="z"), event("20261107T180000", uid="f")).gatherings
    assert [local(g.begins) for g in found] == ["11-07 12:00", "11-07 18:00"]


def test_an_unknown_zone_is_read_in_the_agencys_and_said(read):
    one = f"UID:1\nSUMMARY:March\nDTSTART;TZID=Bogus/Zone:20261107T180000\nDURATION:PT1H\nGEO:{41.88203};-87.6278"
    found = read(one)
    assert local(found.gatherings[0].begins) == "11-07 18:00"
    assert "time zone Bogus/Zone is not known" in said(found)


def test_a_duration_stands_for_an_end_and_neither_for_four_hours(read):
    found = read(event("20261107T180000Z", "DURATION:PT90M", uid="1"), event("20261108T180000Z", uid="2"))
    assert [g.ends - g.begins for g in found.gatherings] == [timedelta(minutes=90), timedelta(hours=4)]
    assert "4 hours are assumed" in said(found)
    assert not any(p.left_out for p in found.problems)


def test_an_end_before_the_begin_is_left_out_and_said(read):
    found = read(event("20261107T180000Z", "DTEND:20261107T170000Z"))
    assert found.gatherings == ()
    assert "ends before it begins" in said(found)


def test_several_whole_days_end_at_the_last_midnight(read):
    one = "UID:1\nSUMMARY:Camp\nDTSTART;VALUE=DATE:20261106\nDTEND;VALUE=DATE:20261109\nGEO:41.88203;-87.6278"
    (camp,) = read(one).gatherings
    assert (local(camp.begins), local(camp.ends)) == ("11-06 00:00", "11-09 00:00")


def test_a_whole_day_without_an_end_is_one_day(read):
    (one,) = read("UID:1\nSUMMARY:Day\nDTSTART;VALUE=DATE:20261106\nGEO:41.88203;-87.6278").gatherings
    assert one.ends - one.begins == timedelta(days=1)


def test_a_floating_time_that_the_clocks_skip_is_said(read):
    found = read(event("20270314T023000", "DURATION:PT1H"))
    assert local(found.gatherings[0].begins) == "03-14 03:30"
    assert "is skipped as the clocks go forward" in said(found)


# Repetitions


def test_a_series_without_end_is_written_out_for_400_days(read):
    found = read(event("20200101T180000Z", "RRULE:FREQ=DAILY"))
    assert 455 <= len(found.gatherings) <= 462
    assert found.gatherings[0].ends > NOW - timedelta(days=60)
    assert found.gatherings[-1].begins <= NOW + timedelta(days=400)


def test_until_ends_a_series(read):
    found = read(event("20261107T180000Z", "RRULE:FREQ=WEEKLY;UNTIL=20261121T180000Z", "DURATION:PT1H"))
    assert [local(g.begins) for g in found.gatherings] == ["11-07 12:00", "11-14 12:00", "11-21 12:00"]


def test_until_as_a_day_includes_that_day(read):
    found = read(event("20261107T180000", "RRULE:FREQ=DAILY;UNTIL=20261109", "DURATION:PT1H"))
    assert len(found.gatherings) == 3


def test_added_dates_and_left_out_dates(read):
    found = read(
        event("20261107T180000Z", "RDATE:20261110T190000Z,20261112T190000Z", "EXDATE:20261110T190000Z", "DURATION:PT1H")
    )
    assert [local(g.begins) for g in found.gatherings] == ["11-07 12:00", "11-12 13:00"]


def test_one_evening_of_a_series_that_was_moved_replaces_that_evening(read):
    series = event("20261107T180000Z", "RRULE:FREQ=WEEKLY;COUNT=3", "DURATION:PT1H")
    moved = event("20261115T200000Z", "RECURRENCE-ID:20261114T180000Z", "DURATION:PT1H")
    found = read(series, moved).gatherings
    assert [local(g.begins) for g in found] == ["11-07 12:00", "11-15 14:00", "11-21 12:00"]
    assert len({g.id for g in found}) == 3


def test_one_cancelled_evening_leaves_the_series(read):
    series = event("20261107T180000Z", "RRULE:FREQ=WEEKLY;COUNT=3", "DURATION:PT1H")
    off = event("20261114T180000Z", "RECURRENCE-ID:20261114T180000Z", "STATUS:CANCELLED")
    found = read(series, off)
    assert len(found.gatherings) == 2
    assert "is cancelled" in said(found)


def test_2000_are_the_most_and_more_is_said(read):
    found = read(event("20261021T000000Z", "RRULE:FREQ=DAILY;BYHOUR=0,3,6,9,12,15,18,21", "DURATION:PT1H"))
    assert len(found.gatherings) == 2_000
    assert "2,000 assemblies or more" in said(found)


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=SECONDLY",
        "FREQ=MONTHLY;BYSETPOS=300;BYDAY=MO",
        "FREQ=YEARLY;INTERVAL=0",
    ],
)
def test_a_rule_that_never_or_always_holds_ends_soon(read, rule):
    assert len(read(event("20261107T180000Z", f"RRULE:{rule}")).gatherings) <= 1


def test_a_series_that_is_over_is_said(read):
    found = read(event("20240101T180000Z", "RRULE:FREQ=WEEKLY;COUNT=3"))
    assert found.gatherings == ()
    assert "does not take place" in said(found)


def test_what_is_long_over_is_counted_not_listed(read):
    found = read(*(event("20240101T180000Z", "DURATION:PT1H", uid=str(n)) for n in range(5)))
    assert [p.text[:20] for p in found.problems] == ["5 assemblies are over"[:20]]
    assert found.left_out == 5


def test_the_same_file_twice_gives_the_same_ids(ground):
    once, again = (read_calendar("a.ics", GOOGLE.encode(), ground, ZONE, NOW) for _ in range(2))
    later = read_calendar("a.ics", GOOGLE.encode(), ground, ZONE, NOW + timedelta(hours=5))
    assert once == again
    assert {g.id for g in once.gatherings} == {g.id for g in later.gatherings}


# Places


@pytest.mark.parametrize(
    "text",
    ["State & Madison", "Corner of State St and Madison St", "Federal Center, State St and Madison St Chicago IL 60602",
     "Rally at State & Madison", "N State St @ W Madison St", "41.88203, -87.6278",
     "geo:41.88203,-87.6278", "41.88203\u00b0 N, 87.6278\u00b0 W", "Block party (41.88203, -87.62780)"],
)  # fmt: skip
def test_a_place_as_people_write_it(ground, text):
    found = Places(ground).find(text)
    assert found is not None
    assert len(found.points) == 1
    assert distance_m(found.points[0], CORNER) < 40


def test_a_street_alone_is_a_route_along_it(ground):
    found = Places(ground).find("W Madison Street")
    assert found is not None
    street = next(s for s in ground.index.atlas.streets if s.name == "W Madison St")
    assert 1 < len(found.points) <= 200
    assert max(p.lon for p in found.points) == max(p.lon for p in street.points)
    assert max(abs(p.lat - 41.8815) for p in found.points) < 0.002


@pytest.mark.parametrize("text", ["", "Zoom", "Lincoln", "Grant Park", "State & State", "99, 200", "& / @ and"])
def test_no_place_is_no_place(ground, text):
    assert Places(ground).find(text) is None


def test_an_event_without_a_place_is_left_out_with_what_to_do(read):
    found = read(event(geo="LOCATION:Room 4"))
    assert found.gatherings == ()
    assert "GEO:41.88;-87.63" in said(found)
    assert found.problems[-1].left_out


def test_outside_the_jurisdiction_is_left_out_and_nearby_is_not(read, ground):
    found = read(event(geo="GEO:40.71;-74.0"))
    assert found.gatherings == ()
    assert "outside your jurisdiction" in said(found)


def test_of_what_is_left_out_only_that_is_said(read):
    found = read(event(geo="LOCATION:Room 4"), event(uid="u2"))
    assert [(p.where, p.left_out) for p in found.problems] == [("u1", True), ("u2", False)]


def test_a_forgotten_minus_is_explained(read):
    assert "a longitude is negative" in said(read(event(geo="GEO:41.88;87.63")))


def test_coordinates_only():
    assert read_point("41.88;-87.63") == Point(lat=41.88, lon=-87.63)
    assert read_point("41.88") is None
    assert read_point("nan, nan") is None


# Names


def test_names_lose_what_would_turn_the_screen_and_what_is_too_long(read):
    found = read(event().replace("SUMMARY:March", "SUMMARY:\u202eevil\u0007 " + "x" * 500))
    (one,) = found.gatherings
    assert one.name.startswith("evil xxx")
    assert len(one.name) == 200
    assert "shortened to 200 characters" in said(found)


def test_an_event_without_a_name_is_called_assembly(read):
    found = read(event().replace("SUMMARY:March\n", ""))
    assert found.gatherings[0].name == "Assembly"
    assert "has no name" in said(found)


def test_a_clean_name():
    assert clean("a\u00a0b\r\nc") == ("a b c", False)


# Files that are no calendar


@pytest.mark.parametrize(
    ("untrusted", "words"),
    [
        (b"", "empty"), (b" \r\n", "empty"), (b"PK\x03\x04abc", "workbook"), (b"%PDF-1.7", "PDF"),
        (b"\x89PNG\x00\x00", "not a calendar"), (b"x" * (2 * 1024 * 1024 + 1), "larger than 2 MB"),
        (b"hello", "does not name the columns"), (b"<html><body>Sign in</body></html>", "does not name the columns"),
        (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "no events"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_calendar_is_one_clear_problem(ground, untrusted, words):
    found = read_calendar("x", untrusted, ground, ZONE, NOW)
    assert found.gatherings == ()
    (problem,) = found.problems
    assert words in problem.text


def test_one_broken_line_does_not_spoil_a_file(ground):
    raw = ics(event("20261107T180000Z", "DURATION:PT1H")).replace(b"SUMMARY", b"%%%%\r\nSUMMARY")
    assert len(read_icalendar(raw, ground, ZONE, NOW).gatherings) == 1


def test_one_broken_event_does_not_spoil_the_others(read):
    found = read("UID:b\nSUMMARY:Broken\nDTSTART:garbage", event())
    assert len(found.gatherings) == 1
    assert "no readable begin" in said(found)


# CSV


def test_a_table_with_coordinates_and_iso_times(table):
    found = table("name,begins,ends,lat,lon,radius_m\nMarch,2026-11-07 18:00,2026-11-07T20:00Z,41.88,-87.63,400\n")
    (one,) = table(
        "name,begins,ends,lat,lon,radius_m\nMarch,2026-11-07 12:00,2026-11-07T20:00Z,41.88,-87.63,400\n"
    ).gatherings
    assert found.gatherings == ()
    assert "Line 2: ends: it ends before it begins" in said(found)
    assert (local(one.begins), local(one.ends), one.around_m) == ("11-07 12:00", "11-07 14:00", 400)


def test_the_table_that_outlook_exports(table):
    found = table(
        b'\xef\xbb\xbf"Subject","Start Date","Start Time","End Date","End Time","All day event","Location"\r\n'
        b'"Rally","11/7/2026","6:00:00 PM","11/7/2026","9:30:00 PM","False","State & Madison, Chicago"\r\n'
    )
    (one,) = found.gatherings
    assert (local(one.begins), local(one.ends)) == ("11-07 18:00", "11-07 21:30")
    assert found.problems == ()


def test_semicolons_tabs_quotes_and_nbsp(table):
    for text in (
        'title;from;to;place\n"March; the long one";11/7/26 6 pm;11/7/26 8 p.m.;State\u00a0&\u00a0Madison\n',
        "Title\tFrom\tTo\tWhere\nMarch\t11/7/2026 18:00\t11/7/2026 20:00\tState & Madison\n",
    ):
        (one,) = table(text).gatherings
        assert (local(one.begins), local(one.ends)) == ("11-07 18:00", "11-07 20:00")


def test_utf_16_and_windows_1252_are_read(table):
    text = "name,date,time,lat,lng\nCaf\u00e9,2026-11-07,18:00,41.88,-87.63\n"
    for encoding in ("utf-16", "cp1252"):
        assert table(text.encode(encoding)).gatherings[0].name == "Caf\u00e9"


def test_an_evening_past_midnight_needs_no_second_date(table):
    (one,) = table("name,date,start,end,lat,lon\nNight,2026-11-07,10 PM,1 AM,41.88,-87.63\n").gatherings
    assert (local(one.begins), local(one.ends)) == ("11-07 22:00", "11-08 01:00")


def test_a_day_alone_is_the_whole_day(table):
    (one,) = table("name,date,lat,lon\nDay,2026-11-01,41.88,-87.63\n").gatherings
    assert one.ends - one.begins == timedelta(hours=25)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("A,28/11/2026 18:00,,41.88,-87.63,", "Line 2: begins: \u201c28/11/2026 18:00\u201d has no such month"),
        ("A,soon,,41.88,-87.63,", "Line 2: begins: \u201csoon\u201d is no date"),
        ("A,2026-02-30,,41.88,-87.63,", "Line 2: begins: \u201c2026-02-30\u201d is no date"),
        ("A,2026-11-28 25:00,,41.88,-87.63,", "Line 2: begins: \u201c25:00\u201d is no time of day"),
        ("A,,,41.88,-87.63,", "Line 2: begins: this field is empty"),
        ("A,2026-11-28 18:00,2026-11-28 19:00,41.88,-87.63,wide", "Line 2: radius: \u201cwide\u201d is no number"),
        ("A,2026-11-28 18:00,2026-11-28 19:00,41.88,-87.63,9000", "is too large"),
        ("A,2026-11-28 18:00,2026-11-28 19:00,here,there,", "Line 2: lat, lon: write degrees"),
        ("A,2026-11-28 18:00,,41.88,-87.63,", "Line 2: ends: it has no end"),
        ("A,2027-03-14 02:30,2027-03-14 05:00,41.88,-87.63,", "is skipped as the clocks go forward"),
        ("A,2026-11-01 01:30,2026-11-01 05:00,41.88,-87.63,", "comes twice as the clocks go back"),
    ],
)
def test_a_problem_names_its_line_its_field_and_the_fix(table, row, words):
    assert words in said(table(f"name,begins,ends,lat,lon,radius\n{row}\n"))


def test_a_second_import_of_a_table_replaces_the_first(table):
    text = "name,begins,ends,lat,lon\nA,2026-11-07 18:00,2026-11-07 19:00,41.88,-87.63\n"
    assert [g.id for g in table(text).gatherings] == [g.id for g in table(text + text.split("\n")[1]).gatherings]


def test_a_table_of_nothing_but_faults_is_not_read_to_its_end(table):
    found = table("name,begins,lat,lon\n" + "A,soon,41.88,-87.63\n" * 5_000)
    assert "the rest was not read" in found.problems[0].text
    assert len(found.problems) == 201
    assert found.left_out == 2_000


def test_a_file_is_read_by_what_it_holds(ground):
    assert read_calendar("wrong.csv", GOOGLE.encode(), ground, ZONE, NOW).gatherings
    assert read_calendar("x.txt", b"name,date,lat,lon\nA,2026-11-07,41.88,-87.63", ground, ZONE, NOW).gatherings


# Anything at all

_PIECES = st.sampled_from(
    [b"BEGIN:VCALENDAR\r\n", b"END:VCALENDAR\r\n", b"BEGIN:VEVENT\r\n", b"END:VEVENT\r\n", b"DTSTART:20261107T180000Z\r\n",
     b"DTSTART;VALUE=DATE:00010101\r\n", b"DTEND:99991231T235959Z\r\n", b"DURATION:P9999999D\r\n", b"DURATION:-PT1H\r\n",
     b"RRULE:FREQ=DAILY\r\n", b"RRULE:FREQ=YEARLY;BYDAY=5MO;COUNT=-1\r\n", b"RRULE:FREQ=WEEKLY;UNTIL=19000101\r\n",
     b"EXDATE;VALUE=DATE:20261108\r\n", b"RDATE;VALUE=PERIOD:20261108T180000Z/PT1H\r\n", b"GEO:41.88;-87.63\r\n",
     b"GEO:1e9;nan\r\n", b"LOCATION:State & Madison\r\n", b"SUMMARY:\xff\x00\r\n", b"RECURRENCE-ID:x\r\n", b"UID:a\r\n",
     b"DTSTART;TZID=../../etc:20261107T180000\r\n", b"name,begins,ends,lat,lon,place\n", b'"', b",", b"\n",
     b"A,2026-11-07 18:00,9999-12-31 23:00,41.88,-87.63,x\n", b"A,0001-01-01 00:00Z,0001-01-01 09:00+14:00,1,1,x\n"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(st.binary(max_size=300), st.lists(st.one_of(_PIECES, st.binary(max_size=6)), max_size=14).map(b"".join))
)
def test_no_bytes_raise(ground, untrusted):
    for wrapped in (untrusted, b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n" + untrusted + b"\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
                    b"name,begins,ends,lat,lon,place\n" + untrusted):  # fmt: skip
        for name in ("a.csv", "a.ics"):
            found = read_calendar(name, wrapped, ground, ZONE, NOW)
            assert all(g.begins < g.ends and g.name and g.points for g in found.gatherings)
            assert all(p.text for p in found.problems)
            if found.gatherings:
                body = msgspec.json.encode(Gatherings(found.gatherings))
                assert msgspec.json.decode(body, type=Gatherings).gatherings == found.gatherings
