"""The bridge's messages: what the page says is parsed or refused, never believed."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from console.maps import messages
from console.maps.messages import (
    MAX_PAGE_MESSAGE_BYTES,
    BridgeCode,
    BridgeProblem,
    Circle,
    Drawing,
    Drawn,
    Picked,
    PlacePicked,
    PointsPicked,
    Polygon,
    Ready,
    SetLayer,
    Switched,
    ViewChanged,
    decode_page_message,
    encode_console_message,
)

TYPESCRIPT = Path(__file__).parents[2] / "resources" / "web" / "src" / "messages.ts"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ({"type": "ready", "v": 1}, Ready()),
        ({"type": "drawn", "v": 1, "paths": 12, "tiles": 30}, Drawn(12, 30)),
        ({"type": "picked", "v": 1, "layer": "blocks", "feature_id": "8a26"}, Picked("blocks", "8a26")),
        ({"type": "place_picked", "v": 1, "lat": 41.5, "lon": -87.5}, PlacePicked(41.5, -87.5)),
        (
            {
                "type": "drawing",
                "v": 1,
                "final": True,
                "geometry": {"shape": "circle", "lat": 1, "lon": 2, "radius_m": 3},
            },
            Drawing(Circle(1.0, 2.0, 3.0), final=True),
        ),
        (
            {
                "type": "drawing",
                "v": 1,
                "final": False,
                "geometry": {"shape": "polygon", "ring": [[0, 0], [1, 0], [1, 1]]},
            },
            Drawing(Polygon(((0.0, 0.0), (1.0, 0.0), (1.0, 1.0))), final=False),
        ),
        (
            {"type": "points_picked", "v": 1, "layer": "posts", "version": 3, "rows": [0, 7], "total": 9},
            PointsPicked("posts", 3, (0, 7), 9),
        ),
        (
            {"type": "switched", "v": 1, "what": "requests:closed", "visible": False},
            Switched("requests:closed", visible=False),
        ),
        (
            {"type": "view_changed", "v": 1, "south": 1, "west": 2, "north": 3, "east": 4, "zoom": 13.25},
            ViewChanged(1.0, 2.0, 3.0, 4.0, 13.25),
        ),
    ],
)
def test_what_the_page_may_say_is_understood(said: dict[str, Any], meant: msgspec.Struct) -> None:
    assert decode_page_message(json.dumps(said)) == meant


@pytest.mark.parametrize(
    "untrusted_text",
    [
        "",
        "null",
        "[]",
        "{",
        '{"type":"open_file","v":1}',
        '{"type":"ready","v":2}',
        '{"type":"ready","v":1,"more":1}',
        '{"type":"set_theme","v":1,"theme":"day"}',
        '{"type":"place_picked","v":1,"lat":NaN,"lon":0}',
        '{"type":"place_picked","v":1,"lat":1e999,"lon":0}',
        '{"type":"place_picked","v":1,"lat":91,"lon":0}',
        '{"type":"place_picked","v":1,"lat":"41","lon":0}',
        '{"type":"place_picked","v":1,"lat":null,"lon":0}',
        '{"type":"picked","v":1,"layer":"secrets","feature_id":"a"}',
        '{"type":"picked","v":1,"layer":"posts","feature_id":""}',
        '{"type":"drawn","v":1,"paths":-1,"tiles":0}',
        '{"type":"points_picked","v":1,"layer":"posts","version":1,"rows":[],"total":1}',
        '{"type":"points_picked","v":1,"layer":"blocks","version":1,"rows":[1],"total":1}',
        '{"type":"points_picked","v":1,"layer":"posts","version":1,"rows":[-1],"total":1}',
        '{"type":"points_picked","v":1,"layer":"posts","version":1,"rows":[2000000],"total":1}',
        '{"type":"points_picked","v":1,"layer":"posts","version":1,"rows":[' + "1," * 1000 + '1],"total":1001}',
        '{"type":"switched","v":1,"what":"jurisdiction","visible":false}',
        '{"type":"drawing","v":1,"final":true,"geometry":{"shape":"circle","lat":0,"lon":0,"radius_m":0}}',
        '{"type":"drawing","v":1,"final":true,"geometry":{"shape":"polygon","ring":[[0,0],[1,1]]}}',
        '{"type":"drawing","v":1,"final":true,"geometry":{"shape":"polygon","ring":[[0,0],[1,1],[1]]}}',
        "[" * 20_000,
        "\ud800",
    ],
)
def test_what_the_page_may_not_say_is_refused(untrusted_text: str) -> None:
    refused = decode_page_message(untrusted_text)
    assert isinstance(refused, BridgeProblem)
    assert refused.code is BridgeCode.NOT_UNDERSTOOD


def test_a_message_over_the_limit_is_refused_before_it_is_parsed() -> None:
    refused = decode_page_message('{"type":"ready","v":1}' + " " * MAX_PAGE_MESSAGE_BYTES)
    assert isinstance(refused, BridgeProblem)
    assert refused.code is BridgeCode.TOO_LONG


def test_a_view_upside_down_is_refused() -> None:
    refused = decode_page_message('{"type":"view_changed","v":1,"south":3,"west":2,"north":1,"east":4,"zoom":13}')
    assert isinstance(refused, BridgeProblem)
    assert refused.code is BridgeCode.UPSIDE_DOWN


def test_a_problem_never_repeats_what_was_said() -> None:
    assert b"secret" not in msgspec.json.encode(decode_page_message('{"type":"secret words"}'))


def test_a_message_to_the_page_carries_its_type_and_version() -> None:
    sent = json.loads(encode_console_message(SetLayer("area", {"type": "FeatureCollection", "features": []})))
    assert (sent["type"], sent["v"], sent["name"]) == ("set_layer", 1, "area")


def _spoken() -> dict[str, set[str]]:
    """The messages of the TypeScript side, with the names of their fields."""
    text = TYPESCRIPT.read_text()
    lines = re.findall(
        r'^  \| \{ type: "(\w+)"(.*)\}', text[: text.index("/** From the page to its worker")], re.MULTILINE
    )
    return {tag: set(re.findall(r"(\w+)\??: ", fields)) for tag, fields in lines}


def test_both_sides_know_the_same_messages_with_the_same_fields() -> None:
    unions = (*messages.PageMessage.__args__, *messages.ConsoleMessage.__args__)
    assert _spoken() == {
        struct.__struct_config__.tag: {name for name in struct.__struct_fields__ if name != "v"} for struct in unions
    }


@pytest.mark.parametrize(
    ("name", "literal"),
    [
        ("FEATURES", messages.FeaturesName),
        ("POINTS", messages.PointsName),
        ("OUTLINES", messages.OutlinesName),
        ("SWITCHES", messages.SwitchName),
    ],
)
def test_both_sides_know_the_same_names(name: str, literal: Any) -> None:
    found = re.search(rf"export const {name} = \[(.*?)\] as const", TYPESCRIPT.read_text(), re.DOTALL)
    assert found
    assert tuple(re.findall(r'"([\w:]+)"', found[1])) == get_args(literal)


def test_both_sides_pick_as_many_rows() -> None:
    assert f"export const PICKED_ROWS_MAX = {messages.PICKED_ROWS_MAX};" in TYPESCRIPT.read_text()
