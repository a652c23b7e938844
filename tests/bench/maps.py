"""M1 to M3 of the goals, and what a filter, a live post and a long boundary cost, each beside a limit of this run."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench.boundary import PRECINCTS
from tests.bench.map_layers import INCIDENTS

if TYPE_CHECKING:
    from collections.abc import Callable

PROJECT = Path(__file__).parents[2]
GOALS = {1_000: 1.5, 10_000: 2.0, 100_000: 3.0}
FRAME_MS = 1_000 / 60


def measured(environment: dict[str, str], module: str, *words: str) -> dict[str, Any]:
    """One run of a measuring program; an error where it tells nothing: without its limit a figure is worthless."""
    ran = subprocess.run(
        [sys.executable, "-m", f"tests.bench.{module}", *words],
        env=environment,
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        timeout=300,
        check=False,
    )
    for line in ran.stdout.splitlines():
        if line.startswith("BENCH "):
            found: dict[str, Any] = json.loads(line.removeprefix("BENCH "))
            return found
    raise RuntimeError(f"{module} {words} measured nothing: {ran.stdout[-300:]}")


def run(report: Callable[..., None], environment: dict[str, str], runs: int) -> None:
    """Everything about the map; runs of the measure and its limit take turns."""
    if not INCIDENTS.exists() or not PRECINCTS.exists():
        print(
            json.dumps({"name": "M1 to M3", "skipped": "the shared incidents or boundaries are not here"}), flush=True
        )
        return
    empty: list[dict[str, Any]] = []
    ours: dict[int, list[dict[str, Any]]] = {count: [] for count in GOALS}
    others: dict[str, list[dict[str, Any]]] = {"fast": [], "supercluster": []}
    for _ in range(runs):
        empty.append(measured(environment, "map_layers", "empty", "0"))
        for count in GOALS:
            ours[count].append(measured(environment, "map_layers", "ours", str(count)))
        for variant, found in others.items():
            found.append(measured(environment, "map_layers", variant, "100000"))
    cluster = measured(environment, "map_layers", "cluster", "10000")

    def column(found: list[dict[str, Any]], name: str) -> list[float]:
        return [one[name] for one in found]

    for count, goal in GOALS.items():
        report(
            f"M1 first paint, {count:,} incidents",
            column(ours[count], "paint_ms"),
            column(empty, "paint_ms"),
            "ms",
            goal,
        )
    for variant, found in others.items():
        name = {"fast": "FastMarkerCluster", "supercluster": "plain supercluster"}[variant]
        report(
            f"M1 first paint, 100,000, over {name}",
            column(ours[100_000], "paint_ms"),
            column(found, "paint_ms"),
            "ms",
            1.0,
        )
    report(
        "M1 first paint, 10,000, over MarkerCluster", column(ours[10_000], "paint_ms"), [cluster["paint_ms"]], "ms", 1.0
    )
    for what, goal in (("drag", 1.0), ("zoom", 1.1)):
        frames = [ms for one in ours[100_000] for ms in one[what]]
        bare = [ms for one in empty for ms in one[what]]
        report(f"M2 {what} frame, 100,000", frames, bare, "ms", goal)
        tail = sorted(frames)[round(0.95 * len(frames)) - 1]
        report(f"M2 {what} frame p95, 100,000", [tail], [2 * FRAME_MS], "ms", 1.01)
    report("M3 page heap, 100,000", column(ours[100_000], "heap_mib"), column(others["fast"], "heap_mib"), "MiB", 0.5)
    report(
        "M3 memory of all processes, 100,000",
        column(ours[100_000], "pss_mib"),
        column(others["fast"], "pss_mib"),
        "MiB",
        1.0,
    )
    report("filter of 100,000 to all repainted", column(ours[100_000], "filter_ms"), column(empty, "paint_ms"), "ms")
    report(
        "one live post among 100,000 to its pixel", column(ours[100_000], "live_ms"), column(empty, "paint_ms"), "ms"
    )
    outlines = [
        (measured(environment, "boundary", "ours"), measured(environment, "boundary", "bare")) for _ in range(runs)
    ]
    for zoom in ("city", "street"):
        report(
            f"99,369 corners drawn at {zoom} zoom",
            [statistics.median(one[f"{zoom}_ms"]) for one, _ in outlines],
            [statistics.median(other[f"{zoom}_ms"]) for _, other in outlines],
            "ms",
        )
        sent = [float(one[f"{zoom}_bytes"]) for one, _ in outlines]
        report(f"99,369 corners sent for {zoom} zoom", sent, [float(outlines[0][1][f"{zoom}_bytes"])], "bytes")
