"""`make tour`: every step is printed with what was seen; the exit status is 0 only if every step held."""

from __future__ import annotations

import os
import shutil
import sys

from tests.tour.screen import walk
from tests.tour.steps import Tour


def main() -> int:
    """Run the tour, inside a keyring session of its own where there is one."""
    if (
        os.environ.get("PORCHLIGHT_TOUR_INSIDE") != "1"
        and shutil.which("dbus-run-session")
        and shutil.which("gnome-keyring-daemon")
    ):
        os.environ["PORCHLIGHT_TOUR_INSIDE"] = "1"
        script = 'printf tour | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec "$@"'
        command = [
            "dbus-run-session",
            "--",
            "sh",
            "-c",
            script,
            "sh",
            sys.executable,
            "-m",
            "tests.tour",
            *sys.argv[1:],
        ]
        os.execvp(command[0], command)
    return walk("tour", "The tour", Tour)


if __name__ == "__main__":
    sys.exit(main())
