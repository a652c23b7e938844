"""The training agency's own templates pass the rules that they are there to keep."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest

from console.domain.atlas import AtlasIndex
from console.domain.checks import check
from console.domain.drafts import Draft, DraftId
from console.domain.findings import blocking
from console.domain.ground import Ground
from console.domain.places import Point
from console.domain.templates import Template, apply
from console.service.atlas import read_pack
from console.training.agency_settings import TEMPLATES
from console.training.members import training_agency

NOW = datetime(2026, 6, 10, 20, 0, tzinfo=UTC)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda t: t.name)
def test_a_template_makes_a_lawful_request(chicago_pack: Path, template: Template) -> None:
    ground = Ground(AtlasIndex(read_pack(chicago_pack).atlas))
    agency = training_agency(ground.index.atlas, "2026-01-05")
    draft = Draft(
        DraftId("d"),
        case_number="2026-012-000431",
        occurred_at=NOW - timedelta(hours=5),
        place=Point(41.8525, -87.6745),
        place_name="Near W 18th St",
        contact="one@lakeside.example.org",
    )
    filled = apply(template, draft, ground, ZoneInfo("America/Chicago"), NOW)
    assert blocking(check(filled, agency, ground, (), NOW)) == ()
    assert msgspec.convert(msgspec.to_builtins(template), type=Template) == template
