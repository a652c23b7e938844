"""A virtual display with one console on it, and hands: xdotool for mouse and keys, `import` for pictures."""

from __future__ import annotations

import json
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

PROJECT = Path(__file__).parents[2]


class TourFailed(AssertionError):  # noqa: N818 - says what happened
    """A step did not hold."""


class Walk(Protocol):
    """A tour: it runs step by step, counts what held, and leaves nothing running."""

    held: int

    def run(self) -> None:
        """All steps, or TourFailed."""

    def end(self) -> None:
        """Leave nothing running."""


def walk(folder_name: str, title: str, made: Callable[[Path, Path], Walk]) -> int:
    """Walk a tour with a folder of its own and pictures in `build`; the exit status."""
    shots = PROJECT / "build" / folder_name
    shutil.rmtree(shots, ignore_errors=True)
    shots.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix=f"porchlight-{folder_name}-") as folder:
        tour = made(Path(folder), shots)
        try:
            tour.run()
        except TourFailed as error:
            print(f"  \u2715 {error}", flush=True)
            return 1
        finally:
            tour.end()
    print(f"{title} is over: {tour.held} things were seen. Pictures: {shots.relative_to(PROJECT)}/", flush=True)
    return 0


class Screen:
    """One workstation: its own X display, its own console process."""

    def __init__(
        self, name: str, size: str, home: Path, shots: Path, *arguments: str, inside: tuple[str, ...] = ()
    ) -> None:
        """`inside` is a command that the console is started by, such as one that takes the network away."""
        self.name, self.shots = name, shots
        self._inside = inside
        reading, writing = os.pipe()
        self._x = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{size}x24", "-nolisten", "tcp"],
            pass_fds=(writing,),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(writing)
        with os.fdopen(reading) as pipe:
            number = pipe.readline().strip()
        if not number:
            raise TourFailed("the virtual display did not start")
        self.environment = {
            **os.environ,
            "DISPLAY": f":{number}",
            "QT_QPA_PLATFORM": "xcb",
            "QTWEBENGINE_DISABLE_SANDBOX": "1",
            "PYTHONFAULTHANDLER": "1",
            "PYTHONPATH": str(PROJECT),
        }
        self.log = shots / f"{name}.log"
        self._arguments = ["--folder", str(home), *arguments]
        self._size = size
        self.start()

    def start(self) -> None:
        """Start the console on this display."""
        self._answers: queue.Queue[dict[str, Any]] = queue.Queue()
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [*self._inside, sys.executable, "-m", "tests.tour.watched", *self._arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=self.environment,
                cwd=PROJECT,
            )
        threading.Thread(target=self._read, args=(self.process,), daemon=True).start()
        width, height = self._size.split("x")
        self._until(lambda: self._window() is not None, 60, "the console's window")
        self._xdotool("windowmove", str(self._window()), "0", "0")
        self._xdotool("windowsize", str(self._window()), width, height)
        self._xdotool("windowfocus", str(self._window()))

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("WATCHED "):
                self._answers.put(json.loads(line.removeprefix("WATCHED ")))

    def _window(self) -> str | None:
        found = subprocess.run(
            ["xdotool", "search", "--onlyvisible", "--name", "^Porchlight$"],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        ).stdout.split()
        return found[-1] if found else None

    def _xdotool(self, *words: str) -> None:
        subprocess.run(["xdotool", *words], env=self.environment, check=False, capture_output=True)

    def tell(self, name: str) -> dict[str, Any]:
        """Where a widget is and what it shows."""
        if self.process.poll() is not None:
            raise TourFailed(f"the {self.name}'s console ended with status {self.process.returncode}; see {self.log}")
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({"name": name}) + "\n")
        self.process.stdin.flush()
        try:
            return self._answers.get(timeout=30)
        except queue.Empty:
            raise TourFailed(f"the {self.name}'s console did not answer for 30 s") from None

    def _until(self, holds: Any, seconds: float, what: str) -> None:
        end = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > end:
                if hasattr(self, "process"):
                    self.shot("failed")
                raise TourFailed(f"{self.name}: waited {seconds:.0f} s for {what}")
            time.sleep(0.05)

    def wait(self, name: str, seconds: float = 20, holds: Any = None) -> dict[str, Any]:
        """Until a widget is seen (and `holds` of what it tells)."""
        last: dict[str, Any] = {}

        def seen() -> bool:
            last.clear()
            last.update(self.tell(name))
            return bool(last["found"]) and last["width"] > 0 and last["height"] > 0 and (holds is None or holds(last))

        self._until(seen, seconds, f"{name} ({last.get('text', '')!r})")
        return last

    def click(self, name: str, *, at: tuple[float, float] = (0.5, 0.5), seconds: float = 20) -> None:
        """Click a widget that stands still, at a part of its width and height."""
        before: list[tuple[Any, ...]] = []

        def still(found: dict[str, Any]) -> bool:
            place = tuple(found[part] for part in ("x", "y", "width", "height"))
            before.append(place)
            return bool(found["enabled"]) and before[-4:] == [place] * 4

        spot = self.wait(name, seconds, still)
        x, y = spot["x"] + spot["width"] * at[0], spot["y"] + spot["height"] * at[1]
        self._xdotool("mousemove", f"{x:.0f}", f"{y:.0f}")
        time.sleep(0.1)
        self._xdotool("click", "1")
        time.sleep(0.15)

    def point(self, name: str, at: tuple[float, float] = (0.5, 0.5)) -> None:
        """Bring the mouse over a part of a widget."""
        spot = self.wait(name)
        x, y = spot["x"] + spot["width"] * at[0], spot["y"] + spot["height"] * at[1]
        self._xdotool("mousemove", f"{x:.0f}", f"{y:.0f}")
        time.sleep(0.15)

    def wheel(self, name: str, steps: int, at: tuple[float, float] = (0.5, 0.5)) -> None:
        """Turn the wheel over a widget: up where `steps` is positive."""
        self.point(name, at)
        for _ in range(abs(steps)):
            self._xdotool("click", "4" if steps > 0 else "5")
            time.sleep(0.12)
        time.sleep(0.6)

    def scroll_to(self, name: str, over: str) -> None:
        """Turn the wheel over a widget until another is seen."""
        spot = self.wait(over)
        self._xdotool("mousemove", str(spot["x"] + spot["width"] // 2), str(spot["y"] + spot["height"] // 2))
        for _ in range(40):
            found = self.tell(name)
            if found["found"] and found["height"] >= 20:
                return
            self._xdotool("click", "5")
            time.sleep(0.1)
        raise TourFailed(f"{self.name}: {name} cannot be scrolled to")

    def drag(self, name: str, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Press, move in steps, release."""
        spot = self.wait(name)

        def place(part: tuple[float, float]) -> tuple[str, str]:
            return (
                f"{spot['x'] + spot['width'] * part[0]:.0f}",
                f"{spot['y'] + spot['height'] * part[1]:.0f}",
            )

        self._xdotool("mousemove", *place(start))
        time.sleep(0.2)
        self._xdotool("mousedown", "1")
        for step in range(1, 13):
            share = step / 12
            part = (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)
            self._xdotool("mousemove", *place(part))
            time.sleep(0.06)
        self._xdotool("mouseup", "1")
        time.sleep(0.4)

    def type(self, text: str, delay_ms: int = 12) -> None:
        """Type into what has the focus, a key each `delay_ms`."""
        self._xdotool("type", "--delay", str(delay_ms), text)
        time.sleep(0.2)

    def keys(self, *keys: str) -> None:
        """Press keys one after another."""
        for key in keys:
            self._xdotool("key", key)
            time.sleep(0.1)

    def enter(self, name: str, text: str) -> None:
        """Click a field, replace what is in it, and check that it is there."""
        self.click(name)
        self.keys("ctrl+a")
        self.type(text)
        self.wait(name, 10, lambda found: text in found["text"])

    def shot(self, name: str) -> Path:
        """A picture of the whole screen."""
        path = self.shots / f"{name}-{self.name}.png"
        subprocess.run(["import", "-window", "root", str(path)], env=self.environment, check=False)
        return path

    def kill(self) -> None:
        """kill -9: nothing is said to the console."""
        self.process.kill()
        self.process.wait(20)

    def close(self) -> int:
        """Leave with Ctrl+Q; the console's exit status."""
        status = self.process.poll()
        if status is None:
            self._xdotool("windowfocus", str(self._window()))
            self.keys("ctrl+q")
            try:
                status = self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                status = -9
        return status

    def end(self) -> None:
        """Whatever happens, leave nothing running."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(20)
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()
        self._x.terminate()
        self._x.wait(20)
