"""The agency and the ground of the map page's tests; the fakes are in window_fakes."""

from __future__ import annotations

import pytest

from tests.desktop.window_fakes import lakeside, square_ground


@pytest.fixture
def agency():
    return lakeside()


@pytest.fixture
def ground():
    return square_ground()
