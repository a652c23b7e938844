"""What every test may use."""

from __future__ import annotations

import importlib.abc
import os
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
WITHOUT_QT = os.environ.get("PORCHLIGHT_TEST_WITHOUT_QT") == "1"


class _NoQt(importlib.abc.MetaPathFinder):
    """Makes the screen's packages look as though they were not installed."""

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"PySide6", "shiboken6", "qasync", "qtawesome", "qtpy"}:
            message = f"{name} is not installed in this run"
            raise ModuleNotFoundError(message, name=name)


if WITHOUT_QT:
    sys.meta_path.insert(0, _NoQt())


@pytest.fixture(scope="session")
def chicago_pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Chicago pack, built by the recipe (`make pack` keeps it up to date)."""
    from console.training import chicago

    out = PROJECT / "build" / "atlas" / "chicago"
    chicago.build(PROJECT / "build" / "atlas" / "downloads", out, lambda _text, _share: None)
    return out


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real files for tests; never committed. A test that needs them is skipped where they are absent."""
    found = PROJECT.parent / "shared" / "data"
    if not found.is_dir():
        pytest.skip("the shared data folder is absent: real clips and boundaries cannot be tried")
    return found


@pytest.fixture(scope="session")
def real_clip(shared_data: Path) -> Path:
    """A real clip that bears a position."""
    return shared_data / "video" / "iphone6_with-gps.mov"
