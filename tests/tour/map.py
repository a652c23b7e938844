"""The map as an officer uses it all day, with real mouse, wheel and keys, and with the network pulled where that may be.

`python -m tests.tour.map`: every step is printed with what was seen; the exit status is 0 only if every step held.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psutil

from tests.tour.screen import Screen, TourFailed, walk

# A network of its own with nothing in it but this machine itself.
ALONE = ("unshare", "--net", "--", "sh", "-c", 'ip link set lo up && exec "$@"', "sh")


def may_be_alone() -> bool:
    """Whether a process may be given a network of its own here."""
    if shutil.which("unshare") is None or shutil.which("ip") is None:
        return False
    return subprocess.run([*ALONE, "true"], capture_output=True, check=False).returncode == 0


class MapTour:
    """One officer, one map."""

    def __init__(self, folder: Path, shots: Path) -> None:
        self.folder, self.shots, self.held = folder, shots, 0
        self.alone = may_be_alone()
        arguments = ("--as", "officer", "--theme", "day", "--pace", "3600")
        inside = ALONE if self.alone else ()
        self.screen = Screen("map", "1366x768", folder / "console", shots, *arguments, inside=inside)

    def saw(self, holds: Any, what: str) -> None:
        """It held, or the tour fails."""
        if not holds:
            self.screen.shot("failed")
            raise TourFailed(what)
        self.held += 1
        print(f"  \u2713 {what}", flush=True)

    def view(self, holds: Any = None) -> list[float]:
        """South, west, north, east and zoom, once they hold."""
        found: list[float] = self.screen.wait("MapPane", 20, lambda f: f["view"] and (not holds or holds(f["view"])))[
            "view"
        ]
        return found

    def settled(self, holds: Any = None) -> list[float]:
        """The view, once it has not changed for a while: on a busy machine a wheel turns on after the hand."""
        last, since = self.view(holds), time.monotonic()
        while time.monotonic() - since < 1.5:
            time.sleep(0.2)
            now = self.view()
            if now != last:
                last, since = now, time.monotonic()
        return last

    def run(self) -> None:
        """All steps, in order."""
        network = (
            "without any network" if self.alone else "with the network as it is: a namespace is not permitted here"
        )
        print(f"The map, {network}")
        screen = self.screen
        drawn = screen.wait("MapPane", 90, lambda f: f["drawn"] > 5)["drawn"]
        screen.wait("feed.count", 30, lambda f: f["text"][:1].isdigit())
        time.sleep(2)
        self.saw(drawn, f"streets, outlines and places are drawn: {drawn} paths")
        self.mouse_and_wheel()
        self.finding()
        self.choosing()
        self.keyboard_alone()
        self.saving()
        self.killed()
        self.nobody_was_called()

    def mouse_and_wheel(self) -> None:
        before = self.view()
        self.screen.wheel("MapPane", 4, (0.5, 0.45))
        near = self.settled(lambda v: v[4] > before[4] + 0.4)
        self.saw(near[4] > before[4], f"the wheel goes nearer: zoom {before[4]:.2f} to {near[4]:.2f}")
        self.screen.drag("MapPane", (0.6, 0.45), (0.35, 0.55))
        moved = self.settled(lambda v: abs(v[1] - near[1]) > 4e-3)
        self.saw(moved[1] > near[1], "dragging moves the map under the hand")
        self.screen.keys("alt+Left")
        back = self.view(lambda v: abs(v[1] - near[1]) < 1.5e-3)
        self.saw(abs(back[4] - near[4]) < 0.1, "Alt+Left goes back to the view before")
        self.screen.shot("1-near")

    def finding(self) -> None:
        screen = self.screen
        screen.keys("ctrl+k")
        screen.type("halsted & 18th", 30)
        screen.wait("map.found", 10, lambda f: "Halsted" in f["text"])
        screen.shot("2-found")
        screen.keys("Return")
        view = self.view(lambda v: v[4] >= 15.9 and v[0] < 41.858 < v[2] and v[1] < -87.646 < v[3])
        self.saw(view, "Ctrl+K, \u201chalsted & 18th\u201d, Enter: the map is there")
        screen.keys("ctrl+k")
        screen.keys("ctrl+a")
        screen.type("zzyzx", 20)
        said = screen.wait("map.find_said", 10, lambda f: f["text"])["text"]
        self.saw("Check the spelling" in said, f"nothing found says: {said}")
        screen.keys("Escape", "ctrl+a", "Delete")
        screen.keys("alt+Home")
        self.view(lambda v: v[4] < 13)

    def choosing(self) -> None:
        screen = self.screen
        everything = screen.wait("feed.count")["text"]
        screen.click("time.week")
        week = screen.wait("feed.count", 10, lambda f: " of " in f["text"])["text"]
        self.saw(week != everything, f"the last 7 days: {week}")
        screen.drag("time.histogram", (0.5, 0.5), (0.75, 0.5))
        words = screen.wait("time.words", 10, lambda f: "\u2013" in f["text"])["text"]
        self.saw(words, f"the brush chooses: {words}")
        screen.shot("3-brushed")
        screen.click("time.all")
        screen.wait("feed.count", 10, lambda f: f["text"] == everything)
        self.saw(everything, "and all again")

    def keyboard_alone(self) -> None:
        screen = self.screen
        # Into the map, to its first mark, and what is there is listed or opened.
        screen.click("MapPane", at=(0.02, 0.02))
        screen.keys("plus", "plus", "plus", "plus")
        near = self.settled(lambda v: v[4] > 12.5)
        screen.keys("Right", "Right")
        self.saw(self.view(lambda v: v[1] > near[1]), "arrow keys move the map, + goes nearer")
        opened = False
        for _ in range(8):
            screen.keys("Tab", "Return")
            time.sleep(0.5)
            opened = screen.tell("feed.only")["found"] or screen.tell("feed.text")["found"]
            if opened:
                break
        self.saw(opened, "Tab comes to a place on the map, Enter opens or lists what is there")
        screen.shot("4-listed")
        screen.click("map.side_list")
        screen.keys("Down", "Down")
        listed = screen.wait("onmap.list", 10, lambda f: "station" in f["text"])["text"].splitlines()
        self.saw(len(listed) > 1, f"the list beside says: {listed[0]}")
        screen.shot("5-list")

    def saving(self) -> None:
        screen = self.screen
        out = self.folder / "out"
        out.mkdir()
        for steps, name in ((1, "view.png"), (2, "view.pdf"), (3, "chosen.geojson"), (4, "chosen.csv")):
            screen.click("map.save")
            time.sleep(0.4)
            screen.keys(*["Down"] * steps, "Return")
            time.sleep(1.0)
            screen.keys("ctrl+a")
            screen.type(str(out / name), 5)
            screen.keys("Return")
            end = time.monotonic() + 15
            while not (out / name).exists() and time.monotonic() < end:
                time.sleep(0.2)
            self.saw((out / name).exists(), f"saved by keys: {name}, {(out / name).stat().st_size:,} bytes")
        rows = list(csv.reader((out / "chosen.csv").read_text("utf-8-sig").splitlines()))
        features = json.loads((out / "chosen.geojson").read_bytes())["features"]
        self.saw(
            len(rows) - 1 == len(features) > 100, f"the table and the GeoJSON hold the same {len(features)} things"
        )
        shutil.copy(out / "view.png", self.shots / "6-saved.png")

    def killed(self) -> None:
        before = self.settled()
        engine = [
            p for p in psutil.Process(self.screen.process.pid).children(recursive=True) if "WebEngine" in p.name()
        ]
        # A renderer is forked by a process that waits for that: its parent is one of the engine's own.
        renderers = [p for p in engine if (above := p.parent()) is not None and "WebEngine" in above.name()]
        self.saw(renderers, f"the page's process is there ({len(renderers)})")
        for renderer in renderers:
            renderer.kill()
        self.screen.wait("MapPane", 20, lambda f: "The map stopped" in f["labels"])
        self.saw(True, "killed, it says: The map stopped. Drawing it again")
        self.screen.wait("MapPane", 30, lambda f: "The map stopped" not in f["labels"])
        after = self.settled()
        same = abs(after[4] - before[4]) < 0.01 and abs(after[0] - before[0]) < 1e-3
        self.saw(same, "and comes back by itself to the same view")
        self.screen.shot("7-again")

    def nobody_was_called(self) -> None:
        """No process of the console has ever a connection that leaves this machine."""
        tree = [psutil.Process(self.screen.process.pid)]
        tree += tree[0].children(recursive=True)
        away = [c.raddr.ip for p in tree for c in p.net_connections() if c.raddr and not c.raddr.ip.startswith("127.")]
        self.saw(not away, "no connection left this machine")
        self.saw(self.screen.close() == 0, "the console ended with status 0")

    def end(self) -> None:
        """Leave nothing running."""
        self.screen.end()
        for process in psutil.process_iter(["cmdline"]):
            words = process.info["cmdline"] or []
            if "training-service" in words:
                try:
                    files = Path(f"/proc/{process.pid}/fd")
                    if any(str(self.folder) in str(f.readlink()) for f in files.iterdir()):
                        process.send_signal(signal.SIGKILL)
                except (OSError, psutil.Error):
                    continue


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    sys.exit(walk("tour-map", "The map's tour", MapTour))
