"""A street map in the Protomaps schema is drawn: land, water and streets, in the colours of the theme.

The tiles are made here in the documented schema: no real extract is at hand where the tests run.
"""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import mapbox_vector_tile
import pytest
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer
from PySide6.QtGui import QColor

from console.desktop.map.streets import street_map_of
from console.desktop.map.view import MapEngine
from console.maps.style import STREETS
from tests.desktop.map.quiet import NO_GRAPHICS_CARD

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from console.maps.style import Theme

pytestmark = NO_GRAPHICS_CARD
Z, X, Y = 13, 2101, 3044
EXTENT = 4096


def _box(west: int, south: int, east: int, north: int) -> dict[str, Any]:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def _tile() -> bytes:
    """Left a park, right water, between them a highway and a named street."""
    layers = [
        {"name": "earth", "features": [{"geometry": _box(0, 0, EXTENT, EXTENT), "properties": {"kind": "earth"}}]},
        {"name": "landuse", "features": [{"geometry": _box(0, 0, 1400, EXTENT), "properties": {"kind": "park"}}]},
        {"name": "water", "features": [{"geometry": _box(2700, 0, EXTENT, EXTENT), "properties": {"kind": "lake"}}]},
        {
            "name": "roads",
            "features": [
                {
                    "geometry": {"type": "LineString", "coordinates": [[1800, 0], [1800, EXTENT]]},
                    "properties": {"kind": "highway", "name": "Example Expy"},
                },
                {
                    "geometry": {"type": "LineString", "coordinates": [[2300, 0], [2300, EXTENT]]},
                    "properties": {"kind": "major_road", "name": "Example Ave"},
                },
            ],
        },
    ]
    made: bytes = mapbox_vector_tile.encode(layers, default_options={"extents": EXTENT})
    return made


@pytest.fixture
def extract(tmp_path: Path) -> Path:
    path = tmp_path / "county.pmtiles"
    with path.open("wb") as file:
        writer: Any = Writer(file)  # type: ignore[no-untyped-call]
        for x in (X - 1, X, X + 1):
            for y in (Y - 1, Y, Y + 1):
                writer.write_tile(zxy_to_tileid(Z, x, y), gzip.compress(_tile(), mtime=0))
        header = {
            "tile_type": TileType.MVT, "tile_compression": Compression.GZIP, "min_lon_e7": -878000000,
            "min_lat_e7": 417000000, "max_lon_e7": -875000000, "max_lat_e7": 419000000, "center_zoom": 13,
            "center_lon_e7": -876000000, "center_lat_e7": 418000000,
        }  # fmt: skip
        layers = [{"id": name} for name in ("earth", "landuse", "water", "roads")]
        writer.finalize(header, {"attribution": "Map makers", "vector_layers": layers})
    return path


def _is_near(colour: QColor, wanted: str) -> bool:
    other = QColor(wanted)
    parts = (colour.red() - other.red(), colour.green() - other.green(), colour.blue() - other.blue())
    return max(abs(p) for p in parts) <= 6


@pytest.mark.parametrize("theme", ["day", "night"])
def test_land_water_and_streets_are_drawn(
    qtbot: QtBot, qapp: object, assets: Path, extract: Path, theme: Theme
) -> None:
    streets = street_map_of(extract)
    assert streets.schema == "protomaps"
    assert streets.basemap is not None
    with streets.basemap:
        engine = MapEngine(assets, streets)
        try:
            west, east = X / 2**Z * 360 - 180, (X + 1) / 2**Z * 360 - 180
            pane = engine.pane(title="County", bounds=(41.85, west, 41.87, east), theme=theme)
            qtbot.addWidget(pane)
            pane.resize(800, 600)
            with qtbot.waitSignal(pane.drawn, timeout=20_000):
                pane.show()

            def found() -> dict[str, int]:
                picture = pane.grab().toImage()
                pixels = [picture.pixelColor(x, y) for x in range(800) for y in range(25, 600, 60)]
                wanted = ("park", "water", "motorway", "road_major")
                return {name: sum(_is_near(p, STREETS[theme][name]) for p in pixels) for name in wanted}

            def is_drawn() -> bool:
                counts = found()
                return counts["park"] > 500 and counts["water"] > 500 and min(counts.values()) > 3

            qtbot.waitUntil(is_drawn, timeout=20_000)
        finally:
            engine.shutdown()
