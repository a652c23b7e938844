"""`porchlight-service check` and `words` as IT calls them: real processes, real files."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from console.service.atlas import read_pack

NOW = "2026-06-10T15:00-05:00"
PLACE = [-87.6745, 41.8525]
REQUEST: dict[str, Any] = {
    "case_number": " 2026-012-000431\u00a0",
    "offence": "220",
    "incident": {"at": "2026-06-10T12:00", "place": PLACE},
    "window": {"begins": "2026-06-10T11:00-05:00", "ends": "2026-06-10T18:00+00:00"},
    "area": {"center": PLACE, "radius_m": 300},
    "title": "Were your cameras on at noon?",
    "text": "A home was broken into at noon. Recordings of the street may help. Sharing is your choice.",
    "contact": "one@lakeside.example.org",
}
AROUND = [[-87.678, 41.850], [-87.671, 41.850], [-87.671, 41.855], [-87.678, 41.855], [-87.678, 41.850]]


def service(*arguments: str, text: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from console.cli import service_main; raise SystemExit(service_main())"]
    return subprocess.run([*command, *arguments], input=text, capture_output=True, text=True, check=False)


def checked(folder: Path, pack: Path, changes: dict[str, Any], *more: str) -> tuple[int, dict[str, dict[str, str]]]:
    file = folder / "request.json"
    file.write_text(json.dumps({k: v for k, v in (REQUEST | changes).items() if v is not None}))
    done = service("check", str(file), "--atlas", str(pack), "--json", "--now", NOW, *more)
    found = json.loads(done.stdout)
    assert all(set(f) == {"code", "severity", "field", "text"} for f in found)
    return done.returncode, {f["code"]: f for f in found}


def test_a_lawful_request_may_be_sent(tmp_path: Path, chicago_pack: Path) -> None:
    for area in (
        REQUEST["area"],
        {"type": "Polygon", "coordinates": [AROUND]},
        {"type": "Feature", "properties": {}, "geometry": {"type": "MultiPolygon", "coordinates": [[AROUND]]}},
    ):
        status, found = checked(tmp_path, chicago_pack, {"area": area})
        assert (status, {f["severity"] for f in found.values()} <= {"confirm", "advice"}) == (0, True), found


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"case_number": "12"}, "case_number_shape", "case_number"),
        ({"case_number": None}, "case_number_missing", "case_number"),
        ({"offence": "investigation"}, "offence_unknown", "offence"),
        ({"incident": {"at": "2026-06-11T12:00", "place": PLACE}}, "occurred_in_future", "occurred_at"),
        ({"incident": {"at": "2026-06-10T12:00", "place": [-80.0, 41.0]}}, "place_outside", "place"),
        ({"incident": {"at": "noon", "place": PLACE}}, "malformed", "occurred_at"),
        ({"incident": {"at": "2026-06-10T12:00", "place": [400, 41.0]}}, "malformed", "place"),
        (
            {"window": {"begins": "2026-06-10T02:59-05:00", "ends": "2026-06-10T15:00-05:00"}},
            "window_too_long",
            "window",
        ),
        (
            {"window": {"begins": "2026-06-10T14:46-05:00", "ends": "2026-06-10T15:00-05:00"}},
            "window_too_short",
            "window",
        ),
        (
            {"window": {"begins": "2026-06-10T14:00-05:00", "ends": "2026-06-10T15:01-05:00"}},
            "window_in_future",
            "window",
        ),
        (
            {"window": {"begins": "2026-04-26T14:59-05:00", "ends": "2026-04-26T16:00-05:00"}},
            "window_too_old",
            "window",
        ),
        ({"window": {"begins": "2026-03-08T02:30", "ends": "2026-03-08T04:00"}}, "malformed", "window"),
        ({"window": None}, "window_missing", "window"),
        ({"area": {"center": PLACE, "radius_m": 1_000}}, "area_too_large", "area"),
        ({"area": {"center": PLACE, "radius_m": 60}}, "area_too_small", "area"),
        ({"area": {"center": PLACE, "radius_m": -1}}, "area_flat", "area"),
        ({"area": {"center": PLACE, "radius_m": "far"}}, "malformed", "area"),
        (
            {"area": {"type": "Polygon", "coordinates": [[AROUND[0], AROUND[2], AROUND[1], AROUND[3]]]}},
            "area_crossed",
            "area",
        ),
        ({"area": {"type": "Polygon", "coordinates": [[AROUND[0], AROUND[1], AROUND[0]]]}}, "area_flat", "area"),
        ({"area": {"type": "Point", "coordinates": PLACE}}, "malformed", "area"),
        ({"area": {"center": [-87.66, 41.88], "radius_m": 300}}, "anchor_far", "area"),
        ({"title": "Short"}, "title_too_short", "title"),
        ({"text": "You must share what your cameras saw, or else we come by."}, "pressure", "text"),
        ({"contact": "somebody@gmail.com"}, "contact_not_official", "contact"),
    ],
)
def test_what_breaks_a_limit_is_said_with_its_field(
    tmp_path: Path, chicago_pack: Path, changes: dict[str, Any], code: str, field: str
) -> None:
    status, found = checked(tmp_path, chicago_pack, changes)
    assert status == 1
    assert code in found, found
    assert (found[code]["field"], found[code]["severity"]) == (field, "blocks")
    assert "\u2026" not in found[code]["text"], "a blank was left"


def test_earlier_requests_and_the_calendar_count(tmp_path: Path, chicago_pack: Path) -> None:
    earlier = tmp_path / "earlier.json"
    earlier.write_text(json.dumps([{"case_number": "2026-012-000431", "submitted_at": "2026-06-10T10:00"}]))
    status, found = checked(tmp_path, chicago_pack, {}, "--earlier", str(earlier))
    assert (status, "case_too_soon" in found, "repeat_reason_missing" in found) == (1, True, True)
    calendar = tmp_path / "calendar.csv"
    calendar.write_text(f"name,begins,ends,lat,lon\nMarch,2026-06-10 11:30,2026-06-10 12:30,{PLACE[1]},{PLACE[0]}\n")
    status, found = checked(tmp_path, chicago_pack, {}, "--calendar", str(calendar))
    assert (status, found["assembly_overlap"]["severity"]) == (0, "confirm")


def test_a_file_or_an_atlas_that_cannot_be_read_is_said_and_no_traceback(tmp_path: Path, chicago_pack: Path) -> None:
    file = tmp_path / "request.json"
    for content in ("", "[]", "{", '{"title": "\ud83d"}'.encode("utf-8", "surrogatepass").decode("latin-1")):
        file.write_text(content, "latin-1")
        done = service("check", str(file), "--atlas", str(chicago_pack), "--json")
        assert done.returncode == 2, content
        assert "Traceback" not in done.stderr
    file.write_text(json.dumps(REQUEST))
    done = service("check", str(file), "--atlas", str(tmp_path / "nothing"), "--json")
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert "no atlas pack" in done.stderr


def test_without_an_agency_it_judges_in_the_atlas_own_time_zone(chicago_pack: Path) -> None:
    assert read_pack(chicago_pack).atlas.time_zone == "America/Chicago"


def test_words_answers_a_list_a_line_with_span_reason_and_suggestion() -> None:
    done = service("words", "--json", text="You must share it.\n\nA \U0001f6b2 was taken. See www.example.org now.\n")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, [len(line) for line in lines]) == (0, [1, 0, 1])
    assert set(lines[0][0]) == {"code", "span", "reason", "suggestion"}
    assert (lines[2][0]["code"], lines[2][0]["span"][0]) == ("link", 19)
