"""What the tests of the client share: no waiting between tries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import stamina

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def no_waiting() -> Iterator[None]:
    """Let stamina try again at once, as often as the code says."""
    with stamina.set_testing(True, attempts=10, cap=True):
        yield
