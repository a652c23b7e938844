"""Runs the tests: first those that may not know Qt, with PySide6 out of reach, then all, in random order."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

# What Qt says of a machine without a graphics card or a desktop; anything else at WARNING fails the test.
QT_MAY_SAY = (
    r"^This plugin does not support ",
    r"^QRhiGles2: Failed to create ",
    r"^Failed to create RHI for backend: OpenGL",
    r"^QVulkanInstance: Failed to initialize Vulkan",
    r"^GBM is not supported with the current configuration",
    r"^GPUInfo not initialized on GpuInfoUpdate",
)
CORE = ["tests/domain", "tests/contract", "tests/client", "tests/maps", "tests/service"]


def main() -> int:
    """Both runs; the exit status of the first that fails."""
    environment = dict(os.environ)
    environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    environment.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")  # root cannot have Chromium's sandbox; tests only
    environment.setdefault("PYTHONFAULTHANDLER", "1")
    core = {**environment, "PORCHLIGHT_TEST_WITHOUT_QT": "1"}
    print("— the rooms that may not know Qt, without it —", flush=True)
    code = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:pytest-qt",
            *[c for c in CORE if Path(c).is_dir()],
            *sys.argv[1:],
        ],
        env=core,
        check=False,
    ).returncode
    if code:
        return code
    print("— everything else —", flush=True)
    qt = ["-o", "qt_log_level_fail=WARNING", "-o", "qt_log_ignore=" + "\n".join(QT_MAY_SAY)]
    ignored = [f"--ignore={c}" for c in CORE]
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *qt, *ignored, *sys.argv[1:]],
        env=environment,
        check=False,
    ).returncode


if __name__ == "__main__":
    sys.exit(main())
