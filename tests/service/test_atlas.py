"""Atlas packs: read whole or refused in words; and look-ups in the atlas they hold."""

from __future__ import annotations

import hashlib
from pathlib import Path

import h3
import msgspec
import pytest

from console.domain.atlas import Atlas, AtlasIndex, District, Street, nearest_block
from console.domain.blocks import Block
from console.domain.places import Point
from console.service.atlas import (
    ATLAS_FILE,
    BASEMAP_FILE,
    MANIFEST_FILE,
    Manifest,
    PackedFile,
    PackError,
    Source,
    read_manifest,
    read_pack,
    write_pack,
)

HERE = h3.latlng_to_cell(41.88, -87.63, 10)
BESIDE = h3.grid_ring(HERE, 1)[0]
NEAR = h3.grid_ring(HERE, 4)[0]
SQUARE = {
    "type": "MultiPolygon",
    "coordinates": [[[[-87.7, 41.8], [-87.6, 41.8], [-87.6, 41.9], [-87.7, 41.9], [-87.7, 41.8]]]],
}
SOURCES = (Source(name="a survey", version="1", licence="CC0-1.0", provides="everything"),)


@pytest.fixture
def atlas() -> Atlas:
    return Atlas(
        version="test-1",
        name="Test Police",
        time_zone="America/Chicago",
        attribution="© nobody",
        homes_note="Invented.",
        jurisdiction=SQUARE,
        districts=(District(name="Centre", population=100, geometry=SQUARE),),
        blocks=(Block(id=HERE, cells=(HERE,), homes=40),),
        open_cells=(BESIDE,),
        streets=(
            Street(name="W Long St", points=(Point(lat=41.85, lon=-87.69), Point(lat=41.85, lon=-87.61))),
            Street(name="N Short St", points=(Point(lat=41.88, lon=-87.63),)),
        ),
        stray_cells={NEAR: HERE},
    )


@pytest.fixture
def pack(tmp_path: Path, atlas: Atlas) -> Path:
    folder = tmp_path / "packs" / "city"
    write_pack(folder, atlas, b"tiles", SOURCES, recipe="abc")
    return folder


def test_a_pack_reads_back_as_it_was_written(pack: Path, atlas: Atlas) -> None:
    read = read_pack(pack)
    assert read.atlas == atlas
    assert read.basemap == pack / BASEMAP_FILE
    assert read.basemap.read_bytes() == b"tiles"
    manifest = read_manifest(pack)
    assert (manifest.version, manifest.recipe, manifest.sources) == ("test-1", "abc", SOURCES)


def test_a_pack_may_have_no_basemap(tmp_path: Path, atlas: Atlas) -> None:
    write_pack(tmp_path / "city", atlas, None, SOURCES)
    assert read_pack(tmp_path / "city").basemap is None


def test_writing_again_replaces_the_pack_and_leaves_nothing_beside_it(pack: Path, atlas: Atlas) -> None:
    newer = msgspec.structs.replace(atlas, version="test-2")
    write_pack(pack, newer, None, SOURCES)
    assert read_pack(pack).atlas == newer
    assert [path.name for path in pack.parent.iterdir()] == ["city"]
    assert not (pack / BASEMAP_FILE).exists()


@pytest.mark.parametrize("name", [ATLAS_FILE, BASEMAP_FILE])
def test_a_changed_file_is_refused_with_words(pack: Path, name: str) -> None:
    content = bytearray((pack / name).read_bytes())
    content[-1] ^= 1
    (pack / name).write_bytes(content)
    with pytest.raises(PackError, match=rf"{name}.* was changed after it was built\. Build the atlas pack again"):
        read_pack(pack)


@pytest.mark.parametrize("name", [ATLAS_FILE, BASEMAP_FILE])
def test_a_truncated_file_is_refused_with_words(pack: Path, name: str) -> None:
    (pack / name).write_bytes((pack / name).read_bytes()[:-3])
    with pytest.raises(PackError, match=rf"{name} has .* bytes, its manifest says .* damaged"):
        read_pack(pack)


@pytest.mark.parametrize("name", [ATLAS_FILE, BASEMAP_FILE])
def test_a_missing_file_is_refused_with_words(pack: Path, name: str) -> None:
    (pack / name).unlink()
    with pytest.raises(PackError, match=f"{name} is missing"):
        read_pack(pack)


def test_a_folder_without_a_manifest_is_no_pack(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="There is no atlas pack"):
        read_pack(tmp_path / "nothing")


@pytest.mark.parametrize("untrusted_manifest", [b"", b"{", b"[]", b"\xff\xfe", b'{"format": 1}'])
def test_a_damaged_manifest_is_refused_with_words(pack: Path, untrusted_manifest: bytes) -> None:
    (pack / MANIFEST_FILE).write_bytes(untrusted_manifest)
    with pytest.raises(PackError, match="is damaged"):
        read_pack(pack)


@pytest.mark.parametrize("cut", [1, 100, 500])
def test_truncated_json_that_the_manifest_vouches_for_is_still_refused(pack: Path, cut: int) -> None:
    content = (pack / ATLAS_FILE).read_bytes()[:-cut]
    vouch_for(pack, ATLAS_FILE, content)
    with pytest.raises(PackError, match="is not an atlas"):
        read_pack(pack)


def test_a_manifest_cannot_point_out_of_its_folder(pack: Path) -> None:
    vouch_for(pack, "../secret.json", b"{}")
    with pytest.raises(PackError, match="which no pack has"):
        read_pack(pack)


def test_a_pack_of_another_format_is_refused_with_words(pack: Path) -> None:
    manifest = msgspec.structs.replace(read_manifest(pack), format=99)
    (pack / MANIFEST_FILE).write_bytes(msgspec.json.encode(manifest))
    with pytest.raises(PackError, match="format 99, this program reads 1"):
        read_pack(pack)


def test_a_pack_that_contradicts_its_version_is_refused(pack: Path) -> None:
    manifest = msgspec.structs.replace(read_manifest(pack), version="other")
    (pack / MANIFEST_FILE).write_bytes(msgspec.json.encode(manifest))
    with pytest.raises(PackError, match="says version 'other'"):
        read_pack(pack)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"blocks": (Block(HERE, (HERE,), 19),)}, "fewer than 20 homes"),
        ({"blocks": (Block(HERE, (HERE,), 40), Block(HERE, (HERE,), 40))}, "in two blocks"),
        ({"blocks": (Block("x", (HERE,), 40),), "stray_cells": {}}, "lowest cell"),
        ({"stray_cells": {"nonsense": HERE}}, "'nonsense' is not an H3 cell"),
        ({"stray_cells": {NEAR: BESIDE}}, "belongs to a block that is not in the atlas"),
    ],
)
def test_an_atlas_that_breaks_a_promise_is_neither_written_nor_read(
    pack: Path, atlas: Atlas, changes: dict[str, object], words: str
) -> None:
    broken = msgspec.structs.replace(atlas, **changes)
    with pytest.raises(PackError, match=words):
        write_pack(pack, broken, None, SOURCES)
    assert read_pack(pack).atlas == atlas
    vouch_for(pack, ATLAS_FILE, msgspec.json.encode(broken))
    with pytest.raises(PackError, match=words):
        read_pack(pack)


def test_a_failed_write_leaves_the_old_pack_in_place(pack: Path, atlas: Atlas, monkeypatch: pytest.MonkeyPatch) -> None:
    rename = Path.rename

    def refuse(self: Path, target: Path) -> Path:
        if self.name == "built":
            raise OSError("disk full")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(OSError, match="disk full"):
        write_pack(pack, msgspec.structs.replace(atlas, version="test-2"), None, SOURCES)
    assert read_pack(pack).atlas == atlas
    assert [path.name for path in pack.parent.iterdir()] == ["city"]


def test_a_home_belongs_to_its_own_block_or_to_the_nearest(atlas: Atlas) -> None:
    far = h3.latlng_to_cell(41.80, -87.50, 10)
    other = Block(id=far, cells=(far,), homes=25)
    index = AtlasIndex(msgspec.structs.replace(atlas, blocks=(*atlas.blocks, other)))
    assert index.block_of_cell == {HERE: HERE, NEAR: HERE, far: far}
    assert index.block(far) is other
    assert [index.home_block(cell) for cell in (HERE, NEAR, BESIDE)] == [HERE, HERE, HERE]
    assert index.home_block(h3.grid_ring(far, 2)[1]) == far
    assert index.home_block(h3.latlng_to_cell(40.0, -87.50, 10)) == far
    with pytest.raises(KeyError):
        index.block(BESIDE)
    with pytest.raises(ValueError, match="not an H3 cell"):
        index.home_block("nonsense")
    with pytest.raises(LookupError, match="no blocks"):
        nearest_block(HERE, {})


def test_a_place_is_in_the_jurisdiction_or_not(atlas: Atlas) -> None:
    index = AtlasIndex(atlas)
    assert index.contains(Point(lat=41.85, lon=-87.65))
    assert index.contains(Point(lat=41.80, lon=-87.65))  # on the edge
    assert not index.contains(Point(lat=41.79, lon=-87.65))


def test_the_nearest_street_is_nearest_on_the_ground(atlas: Atlas) -> None:
    index = AtlasIndex(atlas)
    nearest = index.nearest_street(Point(lat=41.8795, lon=-87.632))
    assert nearest is not None
    assert nearest.name == "N Short St"
    # 0.018 degrees east is nearer than 0.014 degrees north.
    east_or_north = (Point(lat=41.85, lon=-87.632), Point(lat=41.864, lon=-87.65))
    streets = tuple(
        Street(name=name, points=(place,)) for name, place in zip(("east", "north"), east_or_north, strict=True)
    )
    found = AtlasIndex(msgspec.structs.replace(atlas, streets=streets)).nearest_street(Point(lat=41.85, lon=-87.65))
    assert found is not None
    assert found.name == "east"


def test_an_atlas_without_streets_knows_no_nearest_street(atlas: Atlas) -> None:
    index = AtlasIndex(msgspec.structs.replace(atlas, streets=()))
    assert index.nearest_street(Point(lat=41.85, lon=-87.65)) is None


def vouch_for(pack: Path, name: str, content: bytes) -> None:
    """Put a file into a pack and let the manifest vouch for it."""
    path = pack / name
    path.write_bytes(content)
    manifest: Manifest = read_manifest(pack)
    entry = PackedFile(sha256=hashlib.sha256(content).hexdigest(), size=len(content))
    manifest = msgspec.structs.replace(manifest, files={**manifest.files, name: entry})
    (pack / MANIFEST_FILE).write_bytes(msgspec.json.encode(manifest))
