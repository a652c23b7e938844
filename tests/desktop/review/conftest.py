"""The panel of limits has its own tests; here one line of it is enough."""

from __future__ import annotations

import pytest

from console.desktop.review import decision
from console.domain.panel import Verdict


@pytest.fixture(autouse=True)
def limits(monkeypatch):
    monkeypatch.setattr(decision.panel, "panel", lambda *_: (Verdict("contact", True, "contact_met"),))
