"""The street map's file: read when it is whole, said in plain words when it is not."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import pytest
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from console.maps.tiles import Basemap, BasemapDamaged, BasemapError, BasemapForeign, BasemapMissing, BasemapOtherSchema

if TYPE_CHECKING:
    from pathlib import Path

TILE = b"a vector tile, in truth" * 20


def _write(
    path: Path,
    *,
    compression: Compression = Compression.GZIP,
    kind: TileType = TileType.MVT,
    data: bytes | None = None,
    attribution: str = '&copy; <a href="https://example.org">Map makers</a>',
    layers: object = ("road", "road_label", "water"),
) -> Path:
    with path.open("wb") as file:
        writer: Any = Writer(file)  # type: ignore[no-untyped-call]
        packed = gzip.compress(TILE, mtime=0) if compression is Compression.GZIP else TILE
        for x in (2099, 2100):
            writer.write_tile(zxy_to_tileid(13, x, 3045), data if data is not None else packed)
        writer.finalize(
            {
                "tile_type": kind,
                "tile_compression": compression,
                "min_lon_e7": -878000000,
                "min_lat_e7": 417000000,
                "max_lon_e7": -875000000,
                "max_lat_e7": 419000000,
                "center_zoom": 13,
                "center_lon_e7": -876000000,
                "center_lat_e7": 418000000,
            },
            {
                "attribution": attribution,
                "vector_layers": [{"id": name} for name in layers] if isinstance(layers, tuple) else layers,
            },
        )
    return path


@pytest.mark.parametrize("compression", [Compression.GZIP, Compression.NONE])
def test_a_tile_comes_back_decompressed(tmp_path: Path, compression: Compression) -> None:
    with Basemap(_write(tmp_path / "b.pmtiles", compression=compression)) as basemap:
        assert basemap.tile(13, 2099, 3045) == TILE
        assert (basemap.min_zoom, basemap.max_zoom) == (13, 13)
        assert basemap.bounds == (41.7, -87.8, 41.9, -87.5)


@pytest.mark.parametrize("zxy", [(13, 1, 1), (12, 1049, 1522), (14, 4198, 6090), (13, -1, 0), (13, 9000, 0)])
def test_where_there_is_no_tile_there_is_none(tmp_path: Path, zxy: tuple[int, int, int]) -> None:
    with Basemap(_write(tmp_path / "b.pmtiles")) as basemap:
        assert basemap.tile(*zxy) is None


def test_the_credit_is_plain_words(tmp_path: Path) -> None:
    with Basemap(_write(tmp_path / "b.pmtiles")) as basemap:
        assert basemap.attribution == "© Map makers"
    with Basemap(_write(tmp_path / "c.pmtiles", attribution="&lt;script&gt;x<script")) as basemap:
        assert "<" not in basemap.attribution


def test_a_file_that_is_not_there_is_missing(tmp_path: Path) -> None:
    with pytest.raises(BasemapMissing) as refused:
        Basemap(tmp_path / "none.pmtiles")
    assert refused.value.advice == "This city's pack has no street map. Outlines are shown instead."


@pytest.mark.parametrize("kept", [0, 5, 126, 127, 140, 200, -1])
def test_a_file_cut_short_is_damaged(tmp_path: Path, kept: int) -> None:
    whole = _write(tmp_path / "whole.pmtiles").read_bytes()
    cut = tmp_path / "cut.pmtiles"
    cut.write_bytes(whole[:kept])
    with pytest.raises(BasemapDamaged):
        Basemap(cut)


def test_another_kind_of_file_is_foreign(tmp_path: Path) -> None:
    other = tmp_path / "other.pmtiles"
    other.write_bytes(b"SQLite format 3\x00" + bytes(500))
    with pytest.raises(BasemapForeign):
        Basemap(other)
    with pytest.raises(BasemapForeign):
        Basemap(_write(tmp_path / "png.pmtiles", kind=TileType.PNG))


def test_a_damaged_tile_is_said_to_be_damaged(tmp_path: Path) -> None:
    with (
        Basemap(_write(tmp_path / "b.pmtiles", data=b"\x1f\x8bnot gzip")) as basemap,
        pytest.raises(BasemapDamaged),
    ):
        basemap.tile(13, 2099, 3045)


def test_a_tile_that_would_fill_the_memory_is_refused(tmp_path: Path) -> None:
    bomb = gzip.compress(bytes(20 * 1024 * 1024))
    with Basemap(_write(tmp_path / "b.pmtiles", data=bomb)) as basemap, pytest.raises(BasemapDamaged):
        basemap.tile(13, 2099, 3045)


def test_any_flipped_byte_is_read_or_refused_in_our_words(tmp_path: Path) -> None:
    whole = _write(tmp_path / "whole.pmtiles").read_bytes()
    spoilt = tmp_path / "spoilt.pmtiles"
    for place in range(len(whole)):
        spoilt.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        try:
            with Basemap(spoilt) as basemap:
                basemap.tile(13, 2099, 3045)
        except BasemapError as refused:
            assert refused.advice.endswith(".")  # noqa: PT017 - refused or read: both are right


def test_the_packs_own_street_map_is_read(chicago_pack: Path) -> None:
    with Basemap(chicago_pack / "basemap.pmtiles") as basemap:
        south, west, north, east = basemap.bounds
        assert south < 41.85 < north
        assert west < -87.65 < east
        assert basemap.tile(basemap.max_zoom, 2100, 3045)
        assert "OpenStreetMap" in basemap.attribution


def test_the_schema_is_told_by_the_files_own_list_of_layers(tmp_path: Path) -> None:
    with Basemap(_write(tmp_path / "a.pmtiles")) as basemap:
        assert basemap.schema == "streets"
    with Basemap(_write(tmp_path / "b.pmtiles", layers=("earth", "roads", "water", "places"))) as basemap:
        assert basemap.schema == "protomaps"


@pytest.mark.parametrize(
    "layers", [(), ("transportation", "water"), None, "roads", [1, None, {"id": 3}], {"id": "roads"}]
)
def test_tiles_of_another_schema_are_not_drawn_as_nothing_but_said(tmp_path: Path, layers: object) -> None:
    with pytest.raises(BasemapOtherSchema) as told:
        Basemap(_write(tmp_path / "c.pmtiles", layers=layers))
    assert "Protomaps" in told.value.advice
    assert "Outlines are shown" in told.value.advice


def test_a_file_of_a_later_version_is_said(tmp_path: Path) -> None:
    path = _write(tmp_path / "d.pmtiles")
    whole = bytearray(path.read_bytes())
    whole[7] = 4
    path.write_bytes(whole)
    with pytest.raises(BasemapForeign):
        Basemap(path)


@pytest.mark.parametrize("kept", [0, 3, 126, 127, 200])
def test_a_file_cut_anywhere_is_damaged(tmp_path: Path, kept: int) -> None:
    path = _write(tmp_path / "e.pmtiles")
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(BasemapDamaged):
        Basemap(path)
