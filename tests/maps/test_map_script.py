"""The map page's own script: its unit tests, run by Node."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[2]


def test_the_scripts_own_tests_pass() -> None:
    ran = subprocess.run(
        [sys.executable, str(PROJECT / "packaging" / "npm.py"), "run", "--silent", "test"],
        cwd=PROJECT / "resources" / "web",
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "fail 0" in ran.stdout
    assert "pass 0" not in ran.stdout
