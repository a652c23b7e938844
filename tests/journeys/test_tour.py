"""The whole way with real processes: the tour, as a test."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]


@pytest.mark.journey
@pytest.mark.timeout(600)
def test_an_officer_asks_a_supervisor_approves_a_neighbour_shares_and_a_clip_arrives(chicago_pack: Path) -> None:
    for tool in ("Xvfb", "xdotool", "import", "chromium"):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed: `make system` installs it")
    done = subprocess.run(
        [sys.executable, "-m", "tests.tour"], cwd=PROJECT, capture_output=True, text=True, timeout=580, check=False
    )
    assert done.returncode == 0, done.stdout[-4_000:] + done.stderr[-2_000:]


@pytest.mark.journey
@pytest.mark.timeout(600)
def test_the_map_is_used_all_day_with_mouse_wheel_and_keys_and_the_network_pulled(chicago_pack: Path) -> None:
    for tool in ("Xvfb", "xdotool", "import"):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed: `make system` installs it")
    done = subprocess.run(
        [sys.executable, "-m", "tests.tour.map"], cwd=PROJECT, capture_output=True, text=True, timeout=400, check=False
    )
    assert done.returncode == 0, done.stdout[-4_000:] + done.stderr[-2_000:]


@pytest.mark.journey
@pytest.mark.timeout(600)
def test_the_feed_desk_is_worked_with_keys_answers_closes_undoes_and_flags(chicago_pack: Path) -> None:
    for tool in ("Xvfb", "xdotool", "import"):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not installed: `make system` installs it")
    done = subprocess.run(
        [sys.executable, "-m", "tests.tour.feed"], cwd=PROJECT, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout[-4_000:] + done.stderr[-2_000:]
