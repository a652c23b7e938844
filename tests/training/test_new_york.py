"""The second city's pack: New York's real precincts, counts of homes, and no streets."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from console.domain.blocks import MINIMUM_HOMES
from console.service.atlas import Pack, read_manifest, read_pack
from console.service.atlas_build import Words, build_atlas
from console.service.boundaries import read_boundary
from console.service.homes import read_homes
from console.training import new_york
from console.training.fetching import RecipeError, fetch_wheel

PROJECT = Path(__file__).parents[2]
DOWNLOADS = PROJECT / "build" / "atlas" / "downloads"


@pytest.fixture(scope="module")
def pack_folder() -> Path:
    folder = PROJECT / "build" / "atlas" / "new_york"
    if not folder.is_dir() or not list(DOWNLOADS.glob("councilcount-*.whl")):
        pytest.skip("the New York pack is not built here (make pack-ny builds it)")
    # What stands there may be of an older recipe; with the wheel at hand this takes seconds.
    new_york.build(DOWNLOADS, folder, lambda _text, _share: None)
    return folder


@pytest.fixture(scope="module")
def pack(pack_folder: Path) -> Pack:
    return read_pack(pack_folder)


def test_it_has_77_precincts_with_their_people(pack: Pack) -> None:
    districts = pack.atlas.districts
    assert len(districts) == new_york.PRECINCTS
    assert [district.name for district in districts[:3]] == ["1", "5", "6"]
    assert 8_000_000 < sum(district.population for district in districts) < 9_000_000
    assert sum(len(district.geometry["coordinates"]) for district in districts) == 234


def test_every_block_holds_twenty_homes_and_nearly_all_homes_have_a_block(pack: Pack) -> None:
    homes = [block.homes for block in pack.atlas.blocks]
    assert min(homes) >= MINIMUM_HOMES
    assert len(homes) > 25_000
    assert sum(homes) > 3_650_000
    assert len(pack.atlas.stray_cells) < 100


def test_it_says_that_it_has_no_streets_and_whose_its_data_are(pack: Pack, pack_folder: Path) -> None:
    assert pack.atlas.streets == ()
    assert "No streets" in pack.atlas.homes_note
    assert pack.atlas.time_zone == "America/New_York"
    assert "training" in pack.atlas.name
    assert all(source.licence for source in read_manifest(pack_folder).sources)


def test_a_pack_of_this_very_recipe_is_left_as_it_is(pack_folder: Path, tmp_path: Path) -> None:
    said: list[tuple[str, float]] = []
    new_york.build(tmp_path / "no-downloads", pack_folder, lambda step, done: said.append((step, done)))
    assert said == [("the atlas pack is up to date", 1.0)]


def test_the_precincts_are_read_in_feet_and_making_the_atlas_takes_no_longer_than_reading(
    pack_folder: Path, tmp_path: Path
) -> None:
    wheel = fetch_wheel(new_york.RESOURCES / "requirements.lock", "councilcount", DOWNLOADS)
    outlines, lots = (new_york._unpacked(wheel, name, tmp_path) for name in (new_york._BOUNDARY, new_york._HOMES))
    start = time.process_time()
    read, homes = read_boundary(outlines), read_homes(lots)
    reading = time.process_time() - start
    atlas, report = build_atlas(read, homes, Words(name="New York", time_zone="America/New_York"))
    making = time.process_time() - start - reading
    assert atlas is not None
    # Twice the reading for the whole, with room for a busy machine.
    assert making < 1.5 * reading, f"reading {reading:.1f} s, making {making:.1f} s"
    assert (report.rows_outside, len(homes.lat)) == (0, new_york.LOTS)
    assert (read.crs, len(read.features), read.problems) == ("EPSG:2263", 77, ())
    assert (sum(f.parts for f in read.features), sum(f.holes for f in read.features)) == (234, 1)


def test_the_lock_file_names_no_registry() -> None:
    pins = (new_york.RESOURCES / "requirements.lock").read_text("utf-8")
    assert "--hash=sha256:" in pins
    assert "://" not in pins


def test_a_wheel_that_is_not_the_pinned_one_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "councilcount-0.11.4-py3-none-any.whl").write_bytes(b"something else")
    monkeypatch.setattr("console.training.fetching.call", lambda _command, _folder: None)
    with pytest.raises(RecipeError, match="no wheel with the hash"):
        fetch_wheel(new_york.RESOURCES / "requirements.lock", "councilcount", tmp_path)


def test_a_wrong_command_line_is_status_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert new_york.main([]) == 2
    assert "console.training.new_york OUT" in capsys.readouterr().err
