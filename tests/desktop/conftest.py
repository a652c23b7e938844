"""What every test of the screen may use."""

from __future__ import annotations

import os
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest

HERE = Path(__file__).parent
# The off-screen platform says this whenever a widget is a window of its own; it says nothing about us.
_OFFSCREEN = pytest.mark.qt_log_ignore("This plugin does not support propagateSizeHints")


def pytest_collection_modifyitems(items):
    """Every other Qt line of WARNING or above fails the test (`packaging/run_tests.py`)."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(_OFFSCREEN)
