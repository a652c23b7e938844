"""What played neighbours share is real video, made once."""

from __future__ import annotations

import asyncio
from pathlib import Path

from console.service.clips import probe
from console.training.recordings import PICTURES, make_recordings


def test_recordings_are_video_and_made_once(tmp_path: Path) -> None:
    made = make_recordings(tmp_path)
    assert len(made) == len(PICTURES)
    times = [path.stat().st_mtime_ns for path in made]
    assert make_recordings(tmp_path) == made
    assert [path.stat().st_mtime_ns for path in made] == times
    for path in made:
        found = asyncio.run(probe(path))
        assert found is not None
        assert found.seconds > 3
