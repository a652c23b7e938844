"""Runs npm with our arguments, in this folder."""

from __future__ import annotations

import subprocess
import sys

from console.training.npm import NpmMissing, npm_command, npm_environment


def main() -> int:
    """Npm's exit status."""
    try:
        return subprocess.run([*npm_command(), *sys.argv[1:]], env=npm_environment(), check=False).returncode
    except NpmMissing as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
