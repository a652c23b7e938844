"""A web engine for tests: off-screen, our scheme registered before any application exists."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
if hasattr(os, "geteuid") and os.geteuid() == 0:
    # Chromium's sandbox refuses to run as root; a shipped build refuses to run with this set.
    os.environ["QTWEBENGINE_DISABLE_SANDBOX"] = "1"

from console.desktop.map.scheme import register_scheme

register_scheme()

if TYPE_CHECKING:
    from collections.abc import Iterator

    from console.desktop.map.view import MapEngine

ASSETS = Path(__file__).parents[3] / "resources" / "web" / "dist"


@pytest.fixture
def assets() -> Path:
    """The built map page."""
    if not (ASSETS / "map.js").exists():
        pytest.fail("resources/web/dist is missing: run `npm ci && npm run build` in resources/web")
    return ASSETS


@pytest.fixture
def engine(qapp: object, assets: Path) -> Iterator[MapEngine]:
    """Makes panes without streets; takes them down in order."""
    from console.desktop.map.view import MapEngine

    made = MapEngine(assets)
    yield made
    made.shutdown()
