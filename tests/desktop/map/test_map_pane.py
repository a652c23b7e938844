"""The map pane: it draws, it obeys, it lets nothing in or out, and it ends cleanly."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from typing import TYPE_CHECKING, Any

import psutil
import pytest
from PySide6.QtCore import QBuffer, QTimer, QUrl
from PySide6.QtGui import QImage
from PySide6.QtWebEngineCore import QWebEnginePage, QWebEngineUrlScheme

from console.desktop.map.profile import MapWebPage
from console.desktop.map.scheme import SCHEME, register_scheme
from console.desktop.map.streets import StreetMap, street_map_of
from console.desktop.map.view import WORDS_AGAIN, WORDS_DRAWING, WORDS_NOT_INSTALLED, MapEngine, MapPane
from console.maps.messages import BridgeProblem, Circle, KindWords, ViewChanged
from console.maps.outlines import Outlines
from console.maps.points import PointRow, Points
from tests.desktop.map.quiet import NO_GRAPHICS_CARD

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from console.maps.style import Theme

pytestmark = NO_GRAPHICS_CARD
WAIT_MS = 20_000
BOX = (41.80, -87.72, 41.90, -87.60)


def _square(south: float, west: float, size: float) -> dict[str, Any]:
    north, east = south + size, west + size
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def _collection(*geometries: dict[str, Any], **properties: str) -> dict[str, Any]:
    features = [
        {"type": "Feature", "id": f"f{i}", "properties": properties, "geometry": geometry}
        for i, geometry in enumerate(geometries)
    ]
    return {"type": "FeatureCollection", "features": features}


JURISDICTION = _collection(_square(41.81, -87.71, 0.08))
POST = {"type": "Point", "coordinates": [-87.66, 41.85]}
KINDS = (KindWords("Crime", "crime", "stop"), KindWords("Safety", "safety", "waiting"))


def _points(*titles: str, lat: float | None = 41.85, lon: float | None = -87.66) -> Points:
    return Points((PointRow(f"p{n}", lat, lon, n % 2, title) for n, title in enumerate(titles)), KINDS)


def _shown(qtbot: QtBot, engine: MapEngine, *, paths: int = 1) -> MapPane:
    pane = engine.pane(title="Test map", bounds=BOX)
    qtbot.addWidget(pane)
    pane.resize(800, 600)
    pane.set_layer("jurisdiction", JURISDICTION)
    with qtbot.waitSignal(pane.drawn, timeout=WAIT_MS, check_params_cb=lambda n: n >= paths):
        pane.show()
    return pane


def _asked(qtbot: QtBot, pane: MapPane, script: str) -> Any:
    answers: list[Any] = []
    page = _page(pane)
    page.runJavaScript(script, 0, answers.append)
    qtbot.waitUntil(lambda: bool(answers), timeout=WAIT_MS)
    return answers[0]


def _page(pane: MapPane) -> QWebEnginePage:
    page = pane.findChild(QWebEnginePage)
    assert page is not None
    return page


def test_the_scheme_is_known_and_registering_twice_is_harmless() -> None:
    register_scheme()
    assert not QWebEngineUrlScheme.schemeByName(SCHEME).name().isEmpty()


def test_the_web_engine_starts_on_first_show_only(qtbot: QtBot, engine: MapEngine) -> None:
    pane = engine.pane(title="Test map", bounds=BOX)
    qtbot.addWidget(pane)
    pane.set_layer("jurisdiction", JURISDICTION)
    pane.set_tool("circle")
    assert pane.findChild(QWebEnginePage) is None
    assert pane.cover_words() == WORDS_DRAWING


def test_what_was_asked_before_the_map_was_ready_is_drawn(qtbot: QtBot, engine: MapEngine) -> None:
    pane = _shown(qtbot, engine, paths=2)
    assert pane.cover_words() == ""
    with qtbot.waitSignal(pane.drawn, timeout=WAIT_MS, check_params_cb=lambda n: n >= 5):
        pane.set_layer("requests", _collection(*[_square(41.83, -87.7 + i / 50, 0.01) for i in range(3)]))
    with qtbot.waitSignal(pane.drawn, timeout=WAIT_MS, check_params_cb=lambda n: n == 2):
        pane.clear_layer("requests")


def test_the_page_keeps_its_own_policy(qtbot: QtBot, engine: MapEngine) -> None:
    pane = engine.pane(title="Test map", bounds=BOX)
    qtbot.addWidget(pane)
    pane.resize(800, 600)
    pane.set_outlines("districts", Outlines({"North": _square(41.82, -87.7, 0.05)}))
    pane.set_points("posts", _points("Bike taken"))
    pane.set_tool("polygon")
    said: list[str] = []
    with qtbot.waitSignal(pane.drawn, timeout=WAIT_MS, check_params_cb=lambda n: n == 2):
        pane.show()
        page = _page(pane)
        assert isinstance(page, MapWebPage)
        page.said.connect(said.append)
    pane.set_theme("night")
    qtbot.waitUntil(lambda: _asked(qtbot, pane, "document.documentElement.dataset.theme") == "night", timeout=WAIT_MS)
    assert said == []


def test_blocks_are_picked_with_their_tool(qtbot: QtBot, engine: MapEngine) -> None:
    pane = _shown(qtbot, engine)
    pane.fit((41.84, -87.67, 41.86, -87.65))
    pane.show_layer("blocks", True)
    with qtbot.waitSignal(pane.drawn, timeout=WAIT_MS, check_params_cb=lambda n: n == 3):
        pane.set_layer("blocks", _collection(_square(41.845, -87.665, 0.01)))
    pane.set_tool("blocks")
    qtbot.waitUntil(lambda: _asked(qtbot, pane, "document.querySelector('.pl-cross') !== null"), timeout=WAIT_MS)
    with qtbot.waitSignal(pane.picked, timeout=WAIT_MS) as told:
        _asked(
            qtbot,
            pane,
            "".join(_press(kind, 400, 300) for kind in ("mousemove", "mousedown", "mouseup", "click")) + "1",
        )
    assert told.args == ["blocks", "f0"]


def test_streets_are_drawn_from_the_pack(qtbot: QtBot, qapp: object, assets: Path, chicago_pack: Path) -> None:
    streets = street_map_of(chicago_pack / "basemap.pmtiles")
    assert streets.basemap is not None
    with streets.basemap:
        engine = MapEngine(assets, streets)
        try:
            pane = _shown(qtbot, engine)
            tiles = "document.querySelectorAll('canvas.leaflet-tile-loaded').length"
            qtbot.waitUntil(lambda: _asked(qtbot, pane, tiles) > 0, timeout=WAIT_MS)
        finally:
            engine.shutdown()


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/x",
        "http://127.0.0.1:9/x",
        "file:///etc/hostname",
        "porchlight://map/pane/0123456789abcdef",
    ],
)
def test_a_request_from_the_page_is_refused(qtbot: QtBot, engine: MapEngine, address: str) -> None:
    pane = _shown(qtbot, engine)
    _asked(qtbot, pane, f"window.out=''; fetch('{address}').then(()=>out='came',()=>out='refused'); 1")
    qtbot.waitUntil(lambda: bool(_asked(qtbot, pane, "window.out")), timeout=WAIT_MS)
    assert _asked(qtbot, pane, "window.out") == "refused"


def test_no_path_leads_out_of_the_assets(qtbot: QtBot, engine: MapEngine) -> None:
    pane = _shown(qtbot, engine)
    for path in (
        "assets/../../package.json",
        "assets/%2e%2e/%2e%2e/package.json",
        "assets/..%2fpackage.json",
    ):
        _asked(
            qtbot,
            pane,
            f"window.out=''; var s=document.createElement('img'); s.onload=()=>out='came';"
            f" s.onerror=()=>out='refused'; s.src='porchlight://map/{path}'; 1",
        )
        qtbot.waitUntil(lambda: bool(_asked(qtbot, pane, "window.out")), timeout=WAIT_MS)
        assert _asked(qtbot, pane, "window.out") == "refused"


def test_the_page_cannot_be_led_away_or_open_a_window(qtbot: QtBot, engine: MapEngine) -> None:
    pane = _shown(qtbot, engine)
    home = _page(pane).url()
    opened = _asked(qtbot, pane, "location.href='https://example.org/'; window.open('https://example.org/') === null")
    assert opened is True
    assert _asked(qtbot, pane, "document.readyState") == "complete"
    assert _page(pane).url() == home


def test_hostile_words_run_no_script(qtbot: QtBot, engine: MapEngine) -> None:
    words = '</script><img src=x onerror="window.hurt=1"><script>window.hurt=1</script>'
    pane = _shown(qtbot, engine)
    hostile = _collection(POST, title=words, name=words, category=words, text=words, href="javascript:window.hurt=1")
    with qtbot.waitSignal(pane.drawn, timeout=WAIT_MS, check_params_cb=lambda n: n >= 4):
        pane.set_points("posts", _points(words))
        pane.set_layer("agencies", hostile)
        districts = Outlines({words: _square(41.82, -87.7, 0.05)}, names={words: words})
        pane.set_outlines("districts", districts)
    pane.set_readout(words)
    titled = "document.querySelector('.pl-posts').getAttribute('aria-label').includes('onerror')"
    qtbot.waitUntil(lambda: _asked(qtbot, pane, titled), timeout=WAIT_MS)
    # Bring out every tooltip and popup.
    _asked(
        qtbot,
        pane,
        "for (const d of document.querySelectorAll('.pl-dot')) {"
        " d.dispatchEvent(new MouseEvent('mouseover', {bubbles: true})); d.click(); } 1",
    )
    qtbot.waitUntil(lambda: _asked(qtbot, pane, "document.body.innerText.includes('onerror')"), timeout=WAIT_MS)
    assert _asked(qtbot, pane, "window.hurt === undefined && document.querySelector('img[src=x]') === null") is True
    assert _asked(qtbot, pane, "document.querySelector('.pl-popup a') === null") is True


def test_a_click_on_a_post_is_told_to_the_console(qtbot: QtBot, engine: MapEngine) -> None:
    pane = _shown(qtbot, engine)
    with qtbot.waitSignal(pane.drawn, timeout=WAIT_MS, check_params_cb=lambda n: n == 3):
        pane.set_points("posts", _points("Bike taken"))
    with qtbot.waitSignal(pane.places_picked, timeout=WAIT_MS) as told:
        _asked(qtbot, pane, "document.querySelector('.pl-posts').click(); 1")
    assert told.args == ["posts", ("p0",), 1]


def _press(kind: str, x: int, y: int) -> str:
    return (
        f"(document.elementFromPoint({x},{y})).dispatchEvent(new MouseEvent('{kind}',"
        f"{{bubbles:true,cancelable:true,clientX:{x},clientY:{y},button:0,view:window}}));"
    )


@pytest.mark.parametrize(
    "moves",
    [
        [
            ("mousemove", 300, 300),
            ("mousedown", 300, 300),
            ("mousemove", 340, 300),
            ("mousemove", 380, 300),
            ("mouseup", 380, 300),
        ],
        [("mousemove", 300, 300), ("click", 300, 300), ("mousemove", 380, 300), ("click", 380, 300)],
    ],
    ids=["by dragging", "click, move, click"],
)
def test_a_circle_is_drawn(qtbot: QtBot, engine: MapEngine, moves: list[tuple[str, int, int]]) -> None:
    pane = _shown(qtbot, engine)
    pane.set_tool("circle")
    qtbot.waitUntil(
        lambda: _asked(qtbot, pane, "document.querySelector('.geoman-draw-cursor') !== null"), timeout=WAIT_MS
    )
    last: Callable[[object, bool], bool] = lambda _shape, final: final  # noqa: E731
    with qtbot.waitSignal(pane.drawing, timeout=WAIT_MS, check_params_cb=last) as told:
        _asked(qtbot, pane, "".join(_press(*move) for move in moves) + "1")
    circle = told.args[0]
    assert isinstance(circle, Circle)
    assert circle.radius_m > 100
    assert BOX[0] < circle.lat < BOX[2]
    pane.clear_drawing()
    qtbot.waitUntil(
        lambda: _asked(qtbot, pane, "document.querySelector('.geoman-draw-cursor') !== null"), timeout=WAIT_MS
    )


def test_a_shape_that_was_typed_can_be_taken_hold_of(qtbot: QtBot, engine: MapEngine) -> None:
    pane = _shown(qtbot, engine)
    pane.fit((41.84, -87.67, 41.86, -87.65))
    told: list[object] = []
    pane.drawing.connect(lambda geometry, final: told.append((geometry, final)))
    typed = Circle(lat=41.85, lon=-87.66, radius_m=400.0)
    pane.set_drawing(typed)
    handles = "document.querySelectorAll('.marker-icon').length"
    qtbot.waitUntil(lambda: _asked(qtbot, pane, handles) > 0, timeout=WAIT_MS)
    assert told == [], "the console is not told what it said itself"
    # Beside the middle, where the handle is: inside the shape.
    steps = [("mousemove", 430, 320), ("mousedown", 430, 320), ("mousemove", 470, 330), ("mousemove", 510, 340)]
    for step in (*steps, ("mouseup", 510, 340)):
        _asked(qtbot, pane, _press(*step) + "1")
    qtbot.waitUntil(lambda: bool(told) and told[-1][1], timeout=WAIT_MS)  # type: ignore[index]
    moved = told[-1][0]  # type: ignore[index]
    assert isinstance(moved, Circle)
    assert moved.lon > typed.lon
    assert moved.lat < typed.lat
    assert moved.radius_m == pytest.approx(typed.radius_m)
    pane.clear_drawing()
    qtbot.waitUntil(lambda: _asked(qtbot, pane, handles) == 0, timeout=WAIT_MS)


def test_a_place_is_picked_with_its_tool(qtbot: QtBot, engine: MapEngine) -> None:
    pane = _shown(qtbot, engine)
    pane.set_tool("place")
    qtbot.waitUntil(lambda: _asked(qtbot, pane, "document.querySelector('.pl-cross') !== null"), timeout=WAIT_MS)
    with qtbot.waitSignal(pane.place_picked, timeout=WAIT_MS) as told:
        _asked(qtbot, pane, _press("click", 400, 300) + "1")
    assert told.args == [pytest.approx(41.85, abs=0.01), pytest.approx(-87.66, abs=0.01)]


def test_the_view_follows_and_is_told(qtbot: QtBot, engine: MapEngine) -> None:
    pane = _shown(qtbot, engine)
    near: Callable[[ViewChanged], bool] = lambda view: view.zoom == 16  # noqa: E731
    with qtbot.waitSignal(pane.view_changed, timeout=WAIT_MS, check_params_cb=near) as told:
        pane.fly_to(41.86, -87.65, 16)
    assert told.args[0].south < 41.86 < told.args[0].north


def test_a_lie_on_the_bridge_is_refused(qtbot: QtBot, engine: MapEngine) -> None:
    pane = _shown(qtbot, engine)
    with qtbot.waitSignal(pane.problem, timeout=WAIT_MS) as told:
        _asked(
            qtbot,
            pane,
            'new QWebChannel(qt.webChannelTransport, c => c.objects.bridge.receive(\'{"type":"open_file"}\')); 1',
        )
    assert isinstance(told.args[0], BridgeProblem)


def test_a_page_that_dies_is_drawn_again_with_its_layers(qtbot: QtBot, engine: MapEngine) -> None:
    pane = _shown(qtbot, engine)
    with qtbot.waitSignal(pane.drawn, timeout=WAIT_MS, check_params_cb=lambda n: n == 3):
        pane.set_points("posts", _points("Bike taken"))
    again: list[int] = []
    pane.again.connect(lambda: again.append(1))
    with qtbot.waitSignal(pane.drawn, timeout=WAIT_MS, check_params_cb=lambda n: n == 3):
        _page(pane).setUrl(QUrl("chrome://crash"))
        _page(pane).renderProcessTerminated.emit(
            QWebEnginePage.RenderProcessTerminationStatus.CrashedTerminationStatus, 1
        )
        assert pane.cover_words() == WORDS_AGAIN
    assert pane.cover_words() == ""
    assert again == [1], "it is said once"


def test_a_cluster_lists_its_places_and_says_its_kinds(qtbot: QtBot, engine: MapEngine) -> None:
    pane = _shown(qtbot, engine)
    with qtbot.waitSignal(pane.drawn, timeout=WAIT_MS, check_params_cb=lambda n: n == 3):
        pane.set_points("posts", _points(*["Bike taken"] * 5))
    label = _asked(qtbot, pane, "document.querySelector('.pl-posts').getAttribute('aria-label')")
    assert label == "5 here: 3 crime, 2 safety. Enter lists them."
    with qtbot.waitSignal(pane.places_picked, timeout=WAIT_MS) as told:
        _asked(qtbot, pane, "document.querySelector('.pl-posts').click(); 1")
    layer, ids, total = told.args
    assert (layer, set(ids), total) == ("posts", {"p0", "p1", "p2", "p3", "p4"}, 5)


@pytest.mark.parametrize("key", ["Enter", " "])
def test_a_place_is_chosen_by_keys_too(qtbot: QtBot, engine: MapEngine, key: str) -> None:
    pane = _shown(qtbot, engine)
    with qtbot.waitSignal(pane.drawn, timeout=WAIT_MS, check_params_cb=lambda n: n == 3):
        pane.set_points("posts", _points("Bike taken"))
    with qtbot.waitSignal(pane.places_picked, timeout=WAIT_MS) as told:
        _asked(
            qtbot,
            pane,
            "const m = document.querySelector('.pl-posts'); m.focus();"
            f"m.dispatchEvent(new KeyboardEvent('keydown', {{key: '{key}', bubbles: true}})); 1",
        )
    assert told.args[1] == ("p0",)


def test_a_cluster_that_stays_answers_for_the_newest_places(qtbot: QtBot, engine: MapEngine) -> None:
    pane = _shown(qtbot, engine)
    with qtbot.waitSignal(pane.drawn, timeout=WAIT_MS, check_params_cb=lambda n: n == 3):
        pane.set_points("posts", _points(*"abcde"))
    _asked(qtbot, pane, "window.kept = document.querySelector('.pl-posts'); kept.focus(); 1")
    far = PointRow("far", 41.82, -87.70, 0, "Far")
    with qtbot.waitSignal(pane.drawn, timeout=WAIT_MS, check_params_cb=lambda n: n == 4):
        pane.set_points("posts", Points([far, *_points(*"abcde").rows], KINDS))
    assert _asked(qtbot, pane, "kept.isConnected && document.activeElement === kept") is True
    with qtbot.waitSignal(pane.places_picked, timeout=WAIT_MS) as told:
        _asked(qtbot, pane, "kept.click(); 1")
    assert set(told.args[1]) == {"p0", "p1", "p2", "p3", "p4"}


def test_a_single_place_keeps_the_focus_when_others_come(qtbot: QtBot, engine: MapEngine) -> None:
    pane = _shown(qtbot, engine)
    with qtbot.waitSignal(pane.drawn, timeout=WAIT_MS, check_params_cb=lambda n: n == 3):
        pane.set_points("posts", _points("Bike taken"))
    _asked(qtbot, pane, "window.kept = document.querySelector('.pl-posts'); kept.focus(); 1")
    far = PointRow("far", 41.82, -87.70, 0, "Far")
    with qtbot.waitSignal(pane.drawn, timeout=WAIT_MS, check_params_cb=lambda n: n == 4):
        pane.set_points("posts", Points([far, *_points("Bike taken").rows], KINDS))
    named = "document.activeElement === kept && kept.getAttribute('aria-label') === 'Crime: Bike taken'"
    qtbot.waitUntil(lambda: _asked(qtbot, pane, named), timeout=WAIT_MS)
    with qtbot.waitSignal(pane.places_picked, timeout=WAIT_MS) as told:
        _asked(qtbot, pane, "kept.click(); 1")
    assert told.args[1] == ("p0",)


def test_posts_of_one_block_are_a_cluster_at_every_zoom(qtbot: QtBot, engine: MapEngine) -> None:
    pane = _shown(qtbot, engine)
    pane.set_points("posts", _points(*"abc"))
    near: Callable[[ViewChanged], bool] = lambda view: view.zoom == 19  # noqa: E731
    with qtbot.waitSignal(pane.view_changed, timeout=WAIT_MS, check_params_cb=near):
        pane.fly_to(41.85, -87.66, 19)
    marks = "[...document.querySelectorAll('.pl-posts .pl-count')].map((m) => m.textContent).join()"
    qtbot.waitUntil(lambda: _asked(qtbot, pane, marks) == "3", timeout=WAIT_MS)


def test_a_hundred_thousand_places_at_one_spot_are_one_mark(qtbot: QtBot, engine: MapEngine) -> None:
    pane = _shown(qtbot, engine)
    with qtbot.waitSignal(pane.drawn, timeout=WAIT_MS, check_params_cb=lambda n: n == 3):
        pane.set_points("posts", _points(*["t"] * 100_000))
    with qtbot.waitSignal(pane.places_picked, timeout=WAIT_MS) as told:
        _asked(qtbot, pane, "document.querySelector('.pl-posts').click(); 1")
    assert (len(told.args[1]), told.args[2]) == (1_000, 100_000)


@pytest.mark.parametrize(
    "place", [(None, None), (0.0, 0.0), (float("nan"), -87.0), (91.0, -87.0), (41.0, float("inf"))]
)
def test_a_place_that_cannot_be_is_not_drawn_and_keeps_the_others_rows(
    qtbot: QtBot, engine: MapEngine, place: tuple[float | None, float | None]
) -> None:
    pane = _shown(qtbot, engine)
    rows = [PointRow("lost", *place, 0, "Lost"), PointRow("here", 41.85, -87.66, 1, "Here")]
    with qtbot.waitSignal(pane.drawn, timeout=WAIT_MS, check_params_cb=lambda n: n == 3):
        pane.set_points("posts", Points(rows, KINDS))
    with qtbot.waitSignal(pane.places_picked, timeout=WAIT_MS) as told:
        _asked(qtbot, pane, "document.querySelector('.pl-posts').click(); 1")
    assert told.args[1] == ("here",)


def test_a_selection_hides_the_others_and_the_legend_counts(qtbot: QtBot, engine: MapEngine) -> None:
    pane = _shown(qtbot, engine)
    pane.set_points("posts", _points("a", "b", "c"), rows=[1])
    number = "document.querySelector('.pl-legend .pl-number').textContent"
    with qtbot.waitSignal(pane.drawn, timeout=WAIT_MS, check_params_cb=lambda n: n == 3):
        pass
    assert _asked(qtbot, pane, number) == "1"
    pane.select_points("posts", None)
    qtbot.waitUntil(lambda: _asked(qtbot, pane, number) == "3", timeout=WAIT_MS)


def test_a_title_of_ten_thousand_letters_is_cut(qtbot: QtBot, engine: MapEngine) -> None:
    pane = _shown(qtbot, engine)
    pane.set_points("posts", _points("x" * 10_000))
    length = "document.querySelector('.pl-posts')?.getAttribute('aria-label').length ?? 0"
    qtbot.waitUntil(lambda: _asked(qtbot, pane, length) > 100, timeout=WAIT_MS)
    assert _asked(qtbot, pane, length) < 140


def test_the_legend_switches_and_a_page_made_anew_keeps_it(qtbot: QtBot, engine: MapEngine) -> None:
    pane = _shown(qtbot, engine)
    pane.set_outlines("districts", Outlines({"North": _square(41.82, -87.7, 0.05)}))
    tick = "document.querySelector('[data-what=districts]')"
    qtbot.waitUntil(lambda: _asked(qtbot, pane, f"{tick} !== null"), timeout=WAIT_MS)
    with qtbot.waitSignal(pane.switched, timeout=WAIT_MS) as told:
        _asked(qtbot, pane, f"{tick}.click(); 1")
    assert told.args == ["districts", False]
    with qtbot.waitSignal(pane.ready, timeout=WAIT_MS):
        _page(pane).setUrl(QUrl(_page(pane).url()))
    qtbot.waitUntil(lambda: _asked(qtbot, pane, f"{tick}?.checked") is False, timeout=WAIT_MS)


def test_a_long_boundary_is_sent_for_the_view_only(qtbot: QtBot, engine: MapEngine) -> None:
    step = 0.08 / 25_000
    south = [[-87.71 + n * step, 41.81 + (n % 2) * 1e-6] for n in range(25_000)]
    ring = [*south, [-87.63, 41.89], [-87.71, 41.89], south[0]]
    pane = engine.pane(title="Test map", bounds=BOX)
    qtbot.addWidget(pane)
    pane.resize(800, 600)
    pane.set_outlines("jurisdiction", Outlines({"j": {"type": "Polygon", "coordinates": [ring]}}))
    with qtbot.waitSignal(pane.drawn, timeout=WAIT_MS, check_params_cb=lambda n: n == 2):
        pane.show()
    corners = "document.querySelector('.leaflet-porchlight-jurisdiction-pane path:last-child').getAttribute('d').split('L').length"
    assert _asked(qtbot, pane, corners) < 20


@pytest.mark.parametrize(
    "geometry", [None, {}, {"type": "Polygon", "coordinates": []}, {"type": "Point", "coordinates": [0, 1]}]
)
def test_a_boundary_of_nothing_leaves_the_map_whole(qtbot: QtBot, engine: MapEngine, geometry: Any) -> None:
    pane = engine.pane(title="Test map", bounds=BOX)
    qtbot.addWidget(pane)
    pane.resize(800, 600)
    pane.set_outlines("jurisdiction", Outlines({"j": geometry}))
    with qtbot.waitSignal(pane.drawn, timeout=WAIT_MS):
        pane.show()
    assert pane.cover_words() == ""


def test_a_picture_is_taken_by_day_also_at_night(qtbot: QtBot, engine: MapEngine) -> None:
    pane = _shown(qtbot, engine)
    pane.set_theme("night")
    theme = "document.documentElement.dataset.theme"
    qtbot.waitUntil(lambda: _asked(qtbot, pane, theme) == "night", timeout=WAIT_MS)
    pictures: list[QImage] = []
    assert pane.take_picture(pictures.append)
    qtbot.waitUntil(lambda: bool(pictures), timeout=WAIT_MS)
    # Inside the jurisdiction, where the ground is plain.
    assert pictures[0].pixelColor(400, 250).lightness() > 200
    qtbot.waitUntil(lambda: _asked(qtbot, pane, theme) == "night", timeout=WAIT_MS)


def test_a_legend_keeps_its_rows_when_nothing_is_chosen(qtbot: QtBot, engine: MapEngine) -> None:
    pane = _shown(qtbot, engine)
    pane.set_points("posts", _points("a", "b"))
    rows = "[...document.querySelectorAll('.pl-legend .pl-number')].map((n) => n.textContent).join()"
    qtbot.waitUntil(lambda: _asked(qtbot, pane, rows) == "2,1,1", timeout=WAIT_MS)
    pane.select_points("posts", [])
    qtbot.waitUntil(lambda: _asked(qtbot, pane, rows) == "0,0,0", timeout=WAIT_MS)


def test_a_picture_shows_the_map_without_its_buttons(qtbot: QtBot, engine: MapEngine) -> None:
    pane = _shown(qtbot, engine)
    pictures: list[QImage] = []
    assert pane.take_picture(pictures.append) is True
    assert pane.take_picture(pictures.append) is False, "one at a time"
    qtbot.waitUntil(lambda: bool(pictures), timeout=WAIT_MS)
    assert pictures[0].size() == pane.size()
    hidden = "getComputedStyle(document.querySelector('.leaflet-control-zoom')).display"
    qtbot.waitUntil(lambda: _asked(qtbot, pane, hidden) == "block", timeout=WAIT_MS)


def test_another_city_is_shown_without_a_restart(qtbot: QtBot, engine: MapEngine, chicago_pack: Path) -> None:
    pane = _shown(qtbot, engine)
    streets = street_map_of(chicago_pack / "basemap.pmtiles")
    tiles = "document.querySelectorAll('canvas.leaflet-tile-loaded').length"
    assert _asked(qtbot, pane, tiles) == 0
    assert streets.basemap is not None
    with streets.basemap:
        pane.change_city((41.85, -87.70, 41.90, -87.62), streets)
        qtbot.waitUntil(lambda: pane.cover_words() == "" and _asked(qtbot, pane, tiles) > 0, timeout=WAIT_MS)


def test_a_page_may_fetch_no_layer_of_another_page(qtbot: QtBot, engine: MapEngine) -> None:
    one, other = _shown(qtbot, engine), _shown(qtbot, engine)
    one.set_points("posts", _points("Bike taken"))
    theirs = _asked(qtbot, one, "JSON.parse(document.getElementById('porchlight-map-config').textContent).layersUrl")
    for path in (f"{theirs}/posts/1/points", f"{theirs}/posts/99/words/0", f"{theirs}/homes/1/points"):
        _asked(qtbot, other, f"window.out=''; fetch('{path}').then(()=>out='came',()=>out='refused'); 1")
        qtbot.waitUntil(lambda: bool(_asked(qtbot, other, "window.out")), timeout=WAIT_MS)
        assert _asked(qtbot, other, "window.out") == "refused"


def test_without_its_parts_the_map_says_so(qtbot: QtBot, qapp: object, tmp_path: Path) -> None:
    engine = MapEngine(tmp_path)
    pane = engine.pane(title="Test map", bounds=BOX)
    qtbot.addWidget(pane)
    pane.show()
    assert pane.cover_words() == WORDS_NOT_INSTALLED
    engine.shutdown()


def test_a_program_that_showed_a_map_ends_with_status_zero(assets: Path) -> None:
    program = textwrap.dedent(
        """
        import sys
        from pathlib import Path
        from console.desktop.map.scheme import register_scheme
        register_scheme()
        from PySide6.QtWidgets import QApplication
        from console.desktop.map.view import MapEngine
        app = QApplication([])
        engine = MapEngine(Path(sys.argv[1]))
        panes = [engine.pane(title="Map", bounds=(41.8, -87.7, 41.9, -87.6)) for _ in range(2)]
        left = set(panes)
        def drawn(pane):
            left.discard(pane)
            if not left:
                app.quit()
        for pane in panes:
            pane.drawn.connect(lambda _n, pane=pane: drawn(pane))
            pane.show()
        app.exec()
        engine.shutdown()
        """
    )
    ended = subprocess.run([sys.executable, "-c", program, str(assets)], env=os.environ.copy(), timeout=60, check=False)
    assert ended.returncode == 0


def test_an_agencys_own_pictures_are_shown_and_a_missing_one_is_no_harm(
    qtbot: QtBot, qapp: object, assets: Path
) -> None:
    tile = QImage(256, 256, QImage.Format.Format_RGB32)
    tile.fill(0x336699)
    written = QBuffer()
    written.open(QBuffer.OpenModeFlag.WriteOnly)
    tile.save(written, "PNG")  # type: ignore[call-overload]
    png = bytes(written.data().data())
    asked: list[tuple[int, int, int]] = []

    def fetch(place: tuple[int, int, int], answer: Callable[[bytes | None, str], None]) -> Callable[[], object]:
        asked.append(place)
        # Some later, some never there: as a network is.
        QTimer.singleShot(20, lambda: answer(None if place[1] % 5 == 0 else png, "image/png"))
        return lambda: None

    engine = MapEngine(assets, StreetMap(schema="raster", max_zoom=14, attribution="Example City GIS", fetch=fetch))
    try:
        pane = _shown(qtbot, engine)
        loaded = "document.querySelectorAll('img.leaflet-tile-loaded').length"
        qtbot.waitUntil(lambda: _asked(qtbot, pane, loaded) > 3, timeout=WAIT_MS)
        assert all(z <= 14 for z, _, _ in asked)
        assert _asked(qtbot, pane, "document.querySelector('.pl-credit').textContent") == "Example City GIS"
        pane.set_theme("night")
        qtbot.waitUntil(
            lambda: _asked(qtbot, pane, "document.querySelector('.pl-raster-night') !== null"), timeout=WAIT_MS
        )
    finally:
        engine.shutdown()


@pytest.mark.parametrize("theme", ["day", "night"])
def test_the_page_passes_axe(qtbot: QtBot, engine: MapEngine, assets: Path, theme: Theme) -> None:
    pane = _shown(qtbot, engine)
    pane.set_theme(theme)
    pane.set_outlines("districts", Outlines({"North": _square(41.82, -87.7, 0.05)}, names={"North": "North"}))
    rows = [PointRow(f"p{n}", 41.83 + n / 300, -87.69 + n / 300, n % 2, f"Title {n}") for n in range(12)]
    pane.set_points("posts", Points(rows, KINDS))
    pane.set_layer("requests", _collection(_square(41.84, -87.68, 0.02), state="pending", title="Burglary"))
    pane.set_layer("incident", _collection(POST, title="The incident"))
    pane.show_layer("blocks", False)
    pane.set_readout("0.12 sq mi · 300 homes")
    with qtbot.waitSignal(pane.drawn, timeout=WAIT_MS):
        pane.light(41.85, -87.66)
        pane.fit((41.83, -87.70, 41.87, -87.65))
    axe = assets.parent / "node_modules" / "axe-core" / "axe.min.js"
    _asked(qtbot, pane, axe.read_text() + "; 1")
    _asked(qtbot, pane, "window.out=''; axe.run().then((r) => { window.out = JSON.stringify(r); }); 1")
    qtbot.waitUntil(lambda: bool(_asked(qtbot, pane, "window.out")), timeout=WAIT_MS)
    found = json.loads(_asked(qtbot, pane, "window.out"))
    broken = [f"{v['id']}: {n['html'][:200]}" for v in found["violations"] for n in v["nodes"]]
    assert not broken, "\n".join(broken)
    assert len(found["passes"]) > 10


def test_a_renderer_that_is_killed_comes_back_with_the_same_view_and_says_so(qtbot: QtBot, engine: MapEngine) -> None:
    pane = _shown(qtbot, engine)
    pane.set_points("posts", _points("Bike taken"))
    near: Callable[[ViewChanged], bool] = lambda view: view.zoom == 15  # noqa: E731
    with qtbot.waitSignal(pane.view_changed, timeout=WAIT_MS, check_params_cb=near) as told:
        pane.fly_to(41.851, -87.661, 15)
    before: ViewChanged = told.args[0]
    renderer = psutil.Process(_page(pane).renderProcessPid())
    with qtbot.waitSignals([pane.again, pane.drawn], timeout=WAIT_MS):
        renderer.kill()
        qtbot.waitUntil(lambda: pane.cover_words() == WORDS_AGAIN, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: pane.cover_words() == "", timeout=WAIT_MS)
    zoom, lat = json.loads(_asked(qtbot, pane, "(() => { const m = window[Object.keys(window).find((k) => k.startsWith('map_'))];"
                       " return JSON.stringify([m.getZoom(), m.getCenter().lat]); })()"))  # fmt: skip
    assert zoom == before.zoom
    assert lat == pytest.approx(41.851, abs=2e-5)
    assert _asked(qtbot, pane, "document.querySelectorAll('.pl-posts').length") == 1


def test_a_map_of_400_pixels_keeps_its_credit_and_folds_its_legend(qtbot: QtBot, engine: MapEngine) -> None:
    pane = engine.pane(title="Test map", bounds=BOX)
    qtbot.addWidget(pane)
    pane.resize(400, 320)
    pane.set_points("posts", _points("a", "b"))
    pane.set_layer("jurisdiction", JURISDICTION)
    with qtbot.waitSignal(pane.drawn, timeout=WAIT_MS, check_params_cb=lambda n: n >= 2):
        pane.show()
    assert _asked(qtbot, pane, "document.querySelector('.pl-fold').getAttribute('aria-expanded')") == "false"
    outside = """JSON.stringify([...document.querySelectorAll('.leaflet-control')].filter((c) => {
        const b = c.getBoundingClientRect(); return b.width && (b.left < 0 || b.right > innerWidth || b.top < 0 || b.bottom > innerHeight);
    }).map((c) => c.className))"""
    assert json.loads(_asked(qtbot, pane, outside)) == []
    _asked(qtbot, pane, "document.querySelector('.pl-fold').click(); 1")
    assert _asked(qtbot, pane, "document.querySelector('.pl-rows').hidden") is False


def test_a_tile_that_is_no_longer_wanted_is_not_fetched_on(qtbot: QtBot, qapp: object, assets: Path) -> None:
    stopped: list[tuple[int, int, int]] = []
    asked: list[tuple[int, int, int]] = []

    held: list[object] = []

    def fetch(place: tuple[int, int, int], answer: Callable[[bytes | None, str], None]) -> Callable[[], object]:
        asked.append(place)
        held.append(answer)  # as a fetch under way does
        return lambda: stopped.append(place)

    engine = MapEngine(assets, StreetMap(schema="raster", max_zoom=19, attribution="Example City GIS", fetch=fetch))
    try:
        pane = _shown(qtbot, engine)
        qtbot.waitUntil(lambda: len(asked) > 2, timeout=WAIT_MS)
        before = len(asked)
        pane.fly_to(41.85, -87.66, 18)
        qtbot.waitUntil(lambda: len(asked) > before and bool(stopped), timeout=WAIT_MS)
    finally:
        engine.shutdown()
