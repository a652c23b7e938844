"""Recordings that played neighbours share: drawn by ffmpeg, plainly synthetic, made once in the training folder."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import imageio_ffmpeg

if TYPE_CHECKING:
    from pathlib import Path

# Test pictures of ffmpeg's own (lavfi): nobody could take them for a street.
PICTURES = (
    "testsrc2=duration=8:size=640x360:rate=15",
    "smptehdbars=duration=6:size=640x360:rate=15",
    "testsrc=duration=12:size=480x270:rate=12",
)
SECONDS_MAX = 60


def make_recordings(folder: Path) -> tuple[Path, ...]:
    """The recordings of a folder, made where they are missing; one that cannot be made is left out."""
    folder.mkdir(parents=True, exist_ok=True)
    found = []
    for number, picture in enumerate(PICTURES):
        path = folder / f"recording-{number}.mp4"
        if not path.exists():
            half = path.with_suffix(".half.mp4")
            command = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error", "-f", "lavfi", "-i", picture]
            made = subprocess.run([*command, "-y", str(half)], check=False, timeout=SECONDS_MAX)  # noqa: S603
            if made.returncode:
                continue
            half.replace(path)
        found.append(path)
    return tuple(found)
