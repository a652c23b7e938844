"""The attacker program in small; in full it is `python -m tests.attacker`."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.domain.atlas import AtlasIndex
from console.domain.ground import Ground
from console.service.atlas import read_pack
from console.service.check_command import agency_for
from console.training.members import training_agency
from tests.attacker.limit_cases import run_cases
from tests.attacker.narrowing import Attacker
from tests.attacker.people import double_decisions, run_sequences
from tests.service.conftest import World, run

CONTACT = "one@lakeside.example.org"


def test_no_series_of_requests_leaves_fewer_than_twenty_homes(chicago_pack: Path) -> None:
    ground = Ground(AtlasIndex(read_pack(chicago_pack).atlas))
    attacker = Attacker(ground, training_agency(ground.index.atlas, "2026-01-05"), seed=3)
    results = [attacker.series() for _ in range(150)]
    assert min(r.homes_left for r in results) >= 20
    assert sum(r.forged_passed for r in results) == 0
    assert sum(r.passed for r in results) > 1_000, "the attacker must get somewhere"


def test_on_new_york_neither(new_york_ground: Ground) -> None:
    attacker = Attacker(new_york_ground, agency_for(new_york_ground, CONTACT), seed=5)
    results = [attacker.series() for _ in range(150)]
    assert min(r.homes_left for r in results) >= 20
    assert sum(r.forged_passed for r in results) == 0


def test_the_attacker_would_notice_a_block_that_is_too_small(chicago_pack: Path) -> None:
    import msgspec

    atlas = read_pack(chicago_pack).atlas
    small = tuple(msgspec.structs.replace(block, homes=min(block.homes, 12)) for block in atlas.blocks)
    ground = Ground(AtlasIndex(msgspec.structs.replace(atlas, blocks=small)))
    limits = msgspec.structs.replace(training_agency(atlas, "2026-01-05").limits, block_homes_min=1)
    agency = msgspec.structs.replace(training_agency(atlas, "2026-01-05"), limits=limits)
    attacker = Attacker(ground, agency, seed=3)
    assert min(attacker.series().homes_left for _ in range(60)) < 20


def test_whatever_people_do_nobody_approves_the_own_request(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            count = await run_sequences(world, 60, seed=11)
            assert (count.self_approvals, count.twice_by_one) == (0, 0)
            assert count.approved_by_two > 2, "assemblies must have been met"
            assert count.published > 10, "some must get through, or nothing was tried"

    run(go())


def test_double_decisions_have_one_winner(world: World) -> None:
    async def go() -> None:
        async with world:
            assert await double_decisions(world, 20) == (20, 0)

    run(go())


def test_one_unit_beside_a_limit_nothing_is_published(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            count = await run_cases(world, 80, seed=7)
            assert (count.out_of_policy, count.refused_inside) == (0, 0)
            assert count.published > 20
            assert count.refused > 20

    run(go())


@pytest.fixture(scope="module")
def new_york_ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    """Precincts 9 and 114 with their real lots."""
    from console.cli import service_main

    data = Path(__file__).parents[3] / "shared" / "data"
    boundary = data / "boundaries" / "nypd_precincts_77_wgs84_derived.geojson.gz"
    homes = data / "density" / "nyc_residential_lots_pct_9_114.csv.gz"
    if not boundary.exists() or not homes.exists():
        pytest.skip("the shared data are not here: New York is tried where they are")
    out = tmp_path_factory.mktemp("new-york") / "pack"
    assert service_main(["atlas", "build", str(out), "--boundary", str(boundary), "--homes", str(homes)]) == 0
    return Ground(AtlasIndex(read_pack(out).atlas))
