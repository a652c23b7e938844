"""The attacker program in full: `python -m tests.attacker` (make attack).

Prints a JSON line a measure. Exit status 1 where the rules gave way.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
import time
from pathlib import Path

from console.domain.atlas import AtlasIndex
from console.domain.ground import Ground
from console.service.access import hash_password
from console.service.atlas import read_pack
from console.service.check_command import agency_for
from console.service.store import sqlite_url
from tests.attacker.limit_cases import run_cases
from tests.attacker.narrowing import Attacker
from tests.attacker.people import double_decisions, run_sequences
from tests.service.conftest import PASSWORD, World

BUILD = Path(__file__).parents[2] / "build" / "atlas"
SEQUENCES_A_WORLD = 250


def say(name: str, **figures: object) -> None:
    """One line."""
    print(json.dumps({"name": name, **figures}), flush=True)


def narrow(pack: Path, series: int, seed: int) -> bool:
    """Series of requests against the real rules."""
    ground = Ground(AtlasIndex(read_pack(pack).atlas))
    attacker = Attacker(ground, agency_for(ground, "one@lakeside.example.org"), seed)
    began = time.perf_counter()
    results = [attacker.series() for _ in range(series)]
    least = min(r.homes_left for r in results)
    forged = sum(r.forged_passed for r in results)
    say(
        f"narrowing on {pack.name}",
        series=series,
        passed=sum(r.passed for r in results),
        refused=sum(r.refused for r in results),
        forged_passed=forged,
        least_homes_left=least,
        seconds=round(time.perf_counter() - began, 1),
    )
    return least >= 20 and forged == 0


async def in_worlds(sequences: int, decisions: int, cases: int, seed: int) -> bool:
    """The service, in worlds of a few hundred requests each."""

    pack = BUILD / "chicago"
    ground = Ground(AtlasIndex(read_pack(pack).atlas))
    password = await hash_password(PASSWORD)
    good = True
    with tempfile.TemporaryDirectory() as folder:
        made = 0

        def world() -> World:
            nonlocal made
            made += 1
            home = Path(folder) / str(made)
            home.mkdir()
            return World(home, sqlite_url(home / "store.sqlite"), pack, ground, password)

        totals = [0, 0, 0, 0, 0]
        for number in range(0, sequences, SEQUENCES_A_WORLD):
            async with world() as here:
                count = await run_sequences(here, min(SEQUENCES_A_WORLD, sequences - number), seed + number)
                totals = [a + b for a, b in zip(totals, count, strict=True)]
        say(
            "people",
            sequences=totals[0],
            published=totals[1],
            self_approvals=totals[2],
            twice_by_one=totals[3],
            by_two=totals[4],
        )
        good &= totals[2] == totals[3] == 0
        winners = losers = 0
        for number in range(0, decisions, SEQUENCES_A_WORLD):
            async with world() as here:
                one, other = await double_decisions(here, min(SEQUENCES_A_WORLD, decisions - number))
                winners, losers = winners + one, losers + other
        say("double decisions", one_winner=winners, otherwise=losers)
        good &= losers == 0
        tried = [0, 0, 0, 0, 0]
        for number in range(0, cases, SEQUENCES_A_WORLD):
            async with world() as here:
                found = await run_cases(here, min(SEQUENCES_A_WORLD, cases - number), seed + number)
                tried = [a + b for a, b in zip(tried, found, strict=True)]
        say(
            "limit cases",
            cases=tried[0],
            published=tried[1],
            refused=tried[2],
            out_of_policy=tried[3],
            refused_inside=tried[4],
        )
        good &= tried[3] == tried[4] == 0
    return good


def main() -> int:
    """All of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.attacker", description=__doc__)
    parser.add_argument("--pack", type=Path, default=BUILD / "new_york")
    parser.add_argument("--series", type=int, default=10_000)
    parser.add_argument("--sequences", type=int, default=10_000)
    parser.add_argument("--decisions", type=int, default=500)
    parser.add_argument("--cases", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    good = narrow(options.pack, options.series, options.seed)
    good &= asyncio.run(in_worlds(options.sequences, options.decisions, options.cases, options.seed))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
