"""What is chosen on the map: one selection for feed, layers and exports; links, history, bearings, rows."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.areas import Circle, Polygon
from console.domain.bearings import bearing_deg, distance_words, from_station, wind
from console.domain.feed import Category, Comment, Post
from console.domain.map_link import MapLink, MapView, read_link, write_link
from console.domain.overview import (
    Preset,
    Selection,
    Shown,
    Span,
    Viewer,
    bars_extent,
    histogram,
    keeps_request,
    kept_posts,
    preset_span,
)
from console.domain.places import Point, distance_m
from console.domain.requests import State
from console.domain.sheet import as_csv, as_geojson, entry_of_post, entry_of_request
from console.domain.view_history import VIEWS_KEPT, ViewHistory
from tests.request_fakes import AUTHOR, request

NOW = datetime(2026, 5, 4, 15, 0, tzinfo=UTC)
STATION = Point(41.85, -87.66)
ME = Viewer(AUTHOR.id, "Officer Example One,")
ZONE = ZoneInfo("America/Chicago")


def post(n: int = 1, category: Category = Category.CRIME, **fields) -> Post:
    made = {
        "id": f"p{n}", "category": category, "title": f"Title {n}", "text": "Words", "author": "Neighbor #4",
        "block": "b", "place": Point(41.86, -87.65), "place_name": "Near W 18th St", "at": NOW - timedelta(hours=n),
    }  # fmt: skip
    return Post(**{**made, **fields})


def keeps_post(selection: Selection, one: Post, viewer: Viewer) -> bool:
    return kept_posts(selection, (one,), viewer) == (one,)


def test_without_a_choice_everything_is_kept():
    assert keeps_post(Selection(), post(), ME)
    assert all(
        keeps_request(Selection(), request(1, state), ME) for state in (State.PENDING, State.PUBLISHED, State.EXPIRED)
    )
    assert Selection().is_everything()


@pytest.mark.parametrize("state", [State.REJECTED, State.WITHDRAWN])
def test_what_was_refused_or_taken_back_is_not_on_the_map(state):
    assert not keeps_request(Selection(), request(1, state), ME)


def test_a_category_keeps_its_own_posts_and_says_nothing_of_requests():
    chosen = Selection(categories=frozenset({Category.SAFETY}))
    assert not keeps_post(chosen, post(), ME)
    assert keeps_post(chosen, post(category=Category.SAFETY), ME)
    assert keeps_request(chosen, request(1), ME)


def test_mine_are_my_requests_and_the_posts_that_i_answered():
    chosen = Selection(mine=True)
    answer = Comment("c", "Officer Example One, Lakeside Police", official=True, text="Thank you", at=NOW)
    pretender = Comment("c", "Officer Example One, Lakeside Police", official=False, text="Hm", at=NOW)
    assert not keeps_post(chosen, post(), ME)
    assert keeps_post(chosen, post(comments=(answer,)), ME)
    assert not keeps_post(chosen, post(comments=(pretender,)), ME)
    assert keeps_request(chosen, request(1), ME)
    assert not keeps_request(chosen, request(1), Viewer("somebody", "Sgt. Else,"))


def test_a_state_keeps_what_is_drawn_as_it():
    chosen = Selection(states=frozenset({Shown.PENDING}))
    assert [s for s in State if keeps_request(chosen, request(1, s), ME)] == [
        State.PENDING,
        State.ENDORSED,
        State.RETURNED,
        State.APPROVED,
    ]


def test_an_area_keeps_what_lies_in_it_or_touches_it():
    near = Selection(area=Circle(Point(41.86, -87.65), 200.0))
    assert keeps_post(near, post(), ME)
    assert not keeps_post(near, post(place=Point(41.9, -87.65)), ME)
    assert keeps_request(Selection(area=Circle(Point(41.84, -87.64), 200.0)), request(1), ME)
    assert not keeps_request(Selection(area=Circle(Point(10.0, 10.0), 200.0)), request(1), ME)
    flat = Selection(area=Polygon(((1.0, 1.0), (1.0, 1.0), (1.0, 1.0))))
    assert keeps_post(flat, post(), ME), "a drawing that cannot be measured holds nothing back"


def test_a_preset_is_open_at_its_end_so_that_what_comes_in_is_shown():
    span = preset_span(Preset.DAY, NOW)
    assert span == Span(since=NOW - timedelta(hours=24))
    assert span.holds(NOW + timedelta(minutes=5))
    assert preset_span(Preset.ALL, NOW) == Span()


@given(st.lists(st.integers(-10, 40), max_size=60), st.integers(1, 60))
def test_a_histogram_counts_each_time_inside_once(hours, bins):
    span = Span(NOW - timedelta(hours=30), NOW)
    times = [NOW - timedelta(hours=h) for h in hours]
    counts = histogram(times, span, bins)
    assert len(counts) == bins
    assert sum(counts) == sum(span.holds(at) for at in times)


def test_a_histogram_of_no_span_is_refused():
    for span in (Span(), Span(NOW, NOW), Span(NOW, NOW - timedelta(hours=1))):
        with pytest.raises(ValueError, match="span"):
            histogram([], span, 4)


@given(st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)), st.integers(1, 4_000))
def test_bars_end_at_midnight_and_noon_and_stay_there_while_the_clock_goes_on(now, hours):
    extent = bars_extent(now - timedelta(hours=hours), now, 60, ZONE)
    assert extent.holds(now)
    assert extent.since < now
    assert extent.until - now <= timedelta(hours=13), "with the hour that a change of clocks may add"
    end = extent.until.astimezone(ZONE)
    assert (end.hour, end.minute) in {(0, 0), (12, 0)}
    width = (extent.until - extent.since) / 60
    assert width % timedelta(hours=12) == timedelta()
    again = bars_extent(now - timedelta(hours=hours), now + timedelta(seconds=1), 60, ZONE)
    assert again.until == extent.until or now + timedelta(seconds=1) >= extent.until


SELECTIONS = st.builds(
    Selection,
    span=st.builds(
        Span,
        since=st.none() | st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
        until=st.none() | st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    ),
    categories=st.frozensets(st.sampled_from(Category)),
    states=st.frozensets(st.sampled_from(Shown)),
    mine=st.booleans(),
    area=st.none()
    | st.builds(
        Circle,
        centre=st.builds(Point, lat=st.just(41.85), lon=st.just(-87.66)),
        radius_m=st.integers(1, 20_000).map(float),
    )
    | st.just(Polygon(((-87.7, 41.8), (-87.6, 41.8), (-87.6, 41.9)))),
)


@given(st.floats(-90, 90), st.floats(-180, 180), st.floats(0, 24), SELECTIONS)
def test_a_link_reads_back_as_it_was_written(lat, lon, zoom, selection):
    whole = {name: at and at.replace(microsecond=0) for name, at in msgspec.structs.asdict(selection.span).items()}
    selection = msgspec.structs.replace(selection, span=Span(**whole))
    found = read_link(write_link(MapLink(MapView(lat, lon, zoom), selection)))
    assert found is not None
    assert found.selection == selection
    assert found.view.lat == pytest.approx(lat, abs=1e-5)
    assert found.view.lon == pytest.approx(lon, abs=1e-5)
    assert found.view.zoom == pytest.approx(zoom, abs=0.01)


@given(st.text(max_size=80))
def test_any_other_text_is_no_link(text):
    assert read_link(text) is None
    assert read_link("porchlight:map?" + text) is None or "at=" in text


@pytest.mark.parametrize(
    "tail",
    [
        "at=91,0,10", "at=0,181,10", "at=nan,0,10", "at=1,2", "at=1,2,3,4", "at=1,2,99", "kinds=crime", "at=1,2,3&kinds=x",
        "at=1,2,3&circle=1,2", "at=1,2,3&circle=95,2,30", "at=1,2,3&circle=1,2,0", "at=1,2,3&ring=1,2,3", "at=1,2,3&ring=1,2,3,4",
        "at=1,2,3&ring=0,0,0,1,99,0", "at=1,2,3&circle=a,b,c", "at=1,2,3&since=yesterday", "at=1,2,3&more=1", "at=1e999,2,3", "at=1,2,3&states=%00",
    ],
)  # fmt: skip
def test_a_link_that_was_tampered_with_is_none(tail):
    assert read_link("porchlight:map?" + tail) is None


def test_views_go_back_and_forward_and_a_new_one_forgets_what_lay_ahead():
    history = ViewHistory()
    views = [MapView(41.0 + n, -87.0, 12.0) for n in range(3)]
    for view in views:
        history.went_to(view)
        history.went_to(view)
    assert (history.back(), history.back(), history.back()) == (views[1], views[0], None)
    assert history.forward() == views[1]
    history.went_to(MapView(50.0, 8.0, 10.0))
    assert not history.can_go_forward
    assert history.back() == views[1]


def test_no_more_views_are_kept_than_said():
    history = ViewHistory()
    for n in range(VIEWS_KEPT + 20):
        history.went_to(MapView(n / 10, 0.0, 12.0))
    steps = 0
    while history.back() is not None:
        steps += 1
    assert steps == VIEWS_KEPT - 1


@pytest.mark.parametrize(
    ("place", "words"),
    [(Point(41.86, -87.66), "north"), (Point(41.85, -87.64), "east"), (Point(41.84, -87.66), "south"),
     (Point(41.85, -87.68), "west"), (Point(41.86, -87.6466), "northeast")],
)  # fmt: skip
def test_the_wind_is_told(place, words):
    assert wind(STATION, place) == words


def test_bearings_go_round_the_date_line_the_short_way():
    assert bearing_deg(Point(0, 179.9), Point(0, -179.9)) == pytest.approx(90, abs=0.1)


def test_distances_are_in_both_measures():
    assert distance_words(0) == "0 ft (0 m)"
    assert distance_words(1300) == "0.8 mi (1.3 km)"
    assert distance_words(100) == "330 ft (100 m)"
    assert from_station(STATION, STATION) == "at the station"
    assert from_station(STATION, Point(41.86, -87.66)) == "0.7 mi (1.1 km) north of the station"


def test_a_row_tells_a_blocks_middle_and_nothing_finer():
    entry = entry_of_post(post(), STATION)
    assert (entry.place, entry.kind) == (Point(41.86, -87.65), "Crime")
    assert entry.away_m == distance_m(STATION, Point(41.86, -87.65))
    assert "northeast of the station" in entry.spoken
    lost = entry_of_post(post(place=Point(0.0, 0.0)), STATION)
    assert (lost.place, lost.geometry, lost.away) == (None, None, "place not known")


def test_a_request_is_told_by_its_area_and_case():
    entry = entry_of_request(request(1, State.PUBLISHED), STATION)
    assert (entry.kind, entry.case_number, entry.state) == ("Published request", "2026-018-000431", "published")
    assert entry.geometry["type"] == "Polygon"


@pytest.mark.parametrize("title", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\n=1", " =1+1"])
def test_no_cell_of_the_table_is_run(title):
    text = as_csv([entry_of_post(post(title=title), STATION)], ZONE)
    row = list(csv.reader(io.StringIO(text)))[1]
    assert row[1].startswith("'")
    assert not any(cell[:1] in {"=", "+", "@", "\t"} for cell in row)
    assert float(row[6]) == -87.65, "a longitude stays a number"


def test_the_table_and_the_geojson_tell_the_same_things():
    entries = [entry_of_post(post(n, title=f'A "quoted", title {n}\u202e'), STATION) for n in (1, 2)]
    entries.append(entry_of_request(request(1), STATION))
    rows = list(csv.DictReader(io.StringIO(as_csv(entries, ZONE))))
    features = json.loads(as_geojson(entries, ZONE))["features"]
    assert [row["kind"] for row in rows] == [f["properties"]["kind"] for f in features]
    assert rows[0]["time"] == "2026-05-04T09:00-05:00"
    assert features[0]["geometry"] == {"type": "Point", "coordinates": [-87.65, 41.86]}
    assert "\u202e" not in rows[0]["title"]
    assert features[2]["properties"]["case_number"] == "2026-018-000431"
