"""What every test of the screen may use."""

from __future__ import annotations

import os
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest

from tests.desktop.window_fakes import lakeside, square_ground

HERE = Path(__file__).parent
# What the off-screen platform says of every window, and the web engine of a machine without a graphics card.
_OFFSCREEN = pytest.mark.qt_log_ignore(
    "This plugin does not support propagateSizeHints",
    "This plugin does not support createPlatformVulkanInstance",
    "QVulkanInstance: Failed to initialize Vulkan",
    "QRhiGles2: Failed to create",
    "Failed to create RHI for backend: OpenGL",
    "GBM is not supported with the current configuration",
    "GPUInfo not initialized on GpuInfoUpdate",
)


@pytest.fixture
def agency():
    """A small agency; folders that need a whole city have their own."""
    return lakeside()


@pytest.fixture
def ground():
    """Its ground, one square."""
    return square_ground()


def pytest_collection_modifyitems(items):
    """Every other Qt line of WARNING or above fails the test (`packaging/run_tests.py`)."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(_OFFSCREEN)
