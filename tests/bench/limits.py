"""L1, L2 and R4: one full check per drag event, an atlas from its raw files, and the cells of an area among many rows."""

from __future__ import annotations

import asyncio
import csv
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import h3
import msgspec
import pyogrio
import shapely
import sqlalchemy as sa
from pyproj import Geod
from shapely.geometry import mapping
from shapely.geometry import shape as shape_of

from console.domain.areas import Circle, outline
from console.domain.atlas import AtlasIndex
from console.domain.checks import check
from console.domain.drafts import Draft, DraftId
from console.domain.ground import Ground
from console.domain.places import Point
from console.service import store as t
from console.service.atlas import read_pack
from console.service.check_command import agency_for
from console.service.migrate import migrate
from console.service.store import open_store, sqlite_url

PROJECT = Path(__file__).parents[2]
NEW_YORK = PROJECT / "build" / "atlas" / "new_york"
DATA = PROJECT.parent / "shared" / "data"
DRAGS = int(os.environ.get("BENCH_DRAGS", "400"))
ROWS = int(os.environ.get("BENCH_NEIGHBOURS", "1000000"))
NOW = datetime(2026, 6, 10, 20, 0, tzinfo=UTC)
Report = Callable[..., None]


def drag_events(report: Report) -> None:
    """L1: a circle dragged over precincts, snapped and checked whole, beside the geometry calls that it stands for."""
    ground = Ground(AtlasIndex(read_pack(NEW_YORK).atlas))
    agency = agency_for(ground, "one@lakeside.example.org")
    jurisdiction = shape_of(ground.index.atlas.jurisdiction)
    shapely.prepare(jurisdiction)
    homes_of = {cell: b.homes / len(b.cells) for b in ground.index.atlas.blocks for cell in b.cells}
    geod = Geod(ellps="WGS84")
    chance = random.Random(1)
    starts = [chance.choice(ground.index.atlas.blocks).id for _ in range(DRAGS // 20)]
    path = []
    for start in starts:
        lat, lon = h3.cell_to_latlng(start)
        path += [Circle(Point(lat=lat + k * 0.00012, lon=lon + k * 0.00009), 420.0) for k in range(20)]
    base = Draft(
        DraftId("d"),
        case_number="2026-018-000431",
        offence="220",
        occurred_at=NOW - timedelta(hours=3),
        begins=NOW - timedelta(hours=4),
        ends=NOW - timedelta(hours=2),
        title="Were your cameras on?",
        text="A home was broken into this afternoon. Recordings of the street may help us.",
        contact="one@lakeside.example.org",
        place=path[0].centre,
    )

    def ours(circle: Circle) -> None:
        area = ground.snap(circle)
        draft = msgspec.structs.replace(base, drawing=circle, area=area, place=circle.centre)
        check(draft, agency, ground, (), NOW)

    def raw(circle: Circle) -> None:
        shape = outline(circle)
        assert shape is not None
        cells = h3.geo_to_cells(mapping(shape), 10)
        geod.geometry_area_perimeter(shape)
        jurisdiction.contains(shape)
        sum(homes_of.get(cell, 0) for cell in cells)

    for circle in path:  # made once and kept: the pieces of the cells
        ours(circle)
    ground._snapped.clear()  # what was drawn is not: each event draws another circle
    ground._shapes.clear()
    timed: dict[str, list[float]] = {"ours": [], "raw": []}
    for circle in path:
        for name, work in (("ours", ours), ("raw", raw)):
            begun = time.perf_counter()
            work(circle)
            timed[name].append((time.perf_counter() - begun) * 1e6)
    report("L1 full check per drag event", timed["ours"], timed["raw"], "us", 1.25)
    report("L1 share of a frame", [value / 16_667 for value in timed["ours"]], [0.03], "of 16.7 ms", 1.0)


def atlas_of_new_york(report: Report) -> None:
    """L2: from the package's own files where they are, else from the shared ones; the limit is reading them."""
    from console.service.atlas_build import Words, build_atlas
    from console.service.boundaries import read_boundary
    from console.service.homes import read_homes
    from console.training import new_york
    from console.training.fetching import fetch_wheel

    wheel = fetch_wheel(
        new_york.RESOURCES / "requirements.lock", "councilcount", PROJECT / "build" / "atlas" / "downloads"
    )
    words = Words(
        name=new_york.AGENCY,
        time_zone=new_york.TIME_ZONE,
        attribution=new_york.ATTRIBUTION,
        homes_source=new_york.HOMES_SOURCE,
    )
    built, read = [], []
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(wheel) as archive:
        boundary, lots = (Path(archive.extract(name, folder)) for name in (new_york._BOUNDARY, new_york._HOMES))
        for _ in range(3):
            begun = time.perf_counter()
            made, _ = build_atlas(read_boundary(boundary), read_homes(lots), words)
            assert made is not None
            built.append(time.perf_counter() - begun)
            begun = time.perf_counter()
            pyogrio.raw.read(boundary)
            with lots.open(newline="") as lines:
                rows = [
                    (float(r["latitude"]), float(r["longitude"]), float(r["unitsres"])) for r in csv.DictReader(lines)
                ]
            assert len(rows) >= new_york.LOTS
            read.append(time.perf_counter() - begun)
    report("L2 atlas of New York from its raw files", built, read, "s", 2.0)


async def cells_among_rows(report: Report) -> None:
    """R4: how many neighbours belong to the ~600 cells of an area, through the store and by the raw statement."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "r4.sqlite"
        store = open_store(sqlite_url(path))
        await migrate(store)
        base = h3.latlng_to_cell(40.73, -73.95, 10)
        cells = sorted(h3.grid_disk(base, 110))
        raw = sqlite3.connect(path, isolation_level=None)
        raw.execute("PRAGMA synchronous=OFF")
        raw.execute("BEGIN")
        raw.executemany(
            "INSERT INTO neighbours (id, agency, block, link_hash, opted_out, announcement_seen) VALUES (?,?,?,?,0,1)",
            ((f"n{k}", "ZZ0000001", cells[k * 7919 % len(cells)], f"h{k}") for k in range(ROWS)),
        )
        raw.execute("COMMIT")
        chance = random.Random(2)
        ours, limit = [], []
        count = sa.func.count().label("n")
        for _ in range(200):
            asked = sorted(h3.grid_disk(chance.choice(cells), 13))[:600]
            begun = time.perf_counter()
            async with store.reading() as connection:
                query = sa.select(t.neighbours.c.block, count).where(t.neighbours.c.block.in_(asked))
                (await connection.execute(query.group_by(t.neighbours.c.block))).all()
            ours.append((time.perf_counter() - begun) * 1_000)
            marks = ",".join("?" * len(asked))
            begun = time.perf_counter()
            raw.execute(
                f"SELECT block, count(*) FROM neighbours WHERE block IN ({marks}) GROUP BY block", asked
            ).fetchall()
            limit.append((time.perf_counter() - begun) * 1_000)
        raw.close()
        await store.close()
    report(f"R4 neighbours of 600 cells among {ROWS:,}", ours, limit, "ms", 1.5)
    worst = [sorted(values)[int(0.99 * len(values)) - 1] for values in (ours, limit)]
    report(f"R4 the same, p99 of {len(ours)}", [worst[0]], [worst[1]], "ms", 1.5)


def blocks_drawn(report: Report) -> None:
    """The blocks of a view of New York, from the list of blocks to pixels, beside plain Leaflet on a canvas."""
    from tests.bench.__main__ import Display

    with Display() as environment:
        timed = {}
        for mode in ("ours", "bare"):
            command = [sys.executable, "-m", "tests.bench.blocks_layer", *([mode] if mode == "bare" else [])]
            said = subprocess.run(
                command, capture_output=True, text=True, env=environment, cwd=PROJECT, timeout=120, check=False
            )
            timed[mode] = [float(line.split()[1]) for line in said.stdout.splitlines() if line.startswith("MS ")]
    report("Blocks layer drawn", timed["ours"], timed["bare"], "ms")


def run(report: Report) -> None:
    """All three; New York needs its pack (make pack-ny)."""
    if NEW_YORK.exists():
        drag_events(report)
        atlas_of_new_york(report)
        blocks_drawn(report)
    asyncio.run(cells_among_rows(report))


if __name__ == "__main__":
    from tests.bench.__main__ import report as say

    run(say)
