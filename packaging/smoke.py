"""Starts the bundle as on a fresh machine, waits for its first map, and rejects any surprise.

`python3 packaging/smoke.py dist/porchlight/porchlight`. Needs nothing but Python; Xvfb where there is no display.
"""

from __future__ import annotations

import contextlib
import os
import queue
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

LIMIT_S = 120.0
GONE_S = 30.0
LEAST_PATHS = 20
MAP_DRAWN = re.compile(r"map drawn: (\d+) paths")

# Every other line that the program may print, with the reason; matched from its first to its last character.
CHROMIUM = r"\[\d+:\d+:\d{4}/\d{6}\.\d+:ERROR:[\w./]+/"
ALLOWED = tuple(
    re.compile(line)
    for line in (
        # A fresh home has no keyring: drafts are kept in memory, and the log says so.
        r'\{"event": "vault_in_memory", "level": "warning", "timestamp": "[0-9T:.Z-]+", "why": "no_keyring"\}',
        # Root cannot have Chromium's sandbox: we turned it off ourselves, for this start only (see `environment`).
        r"Sandboxing disabled by user\.",
        # A virtual display has no graphics card: Qt and the web engine look for Vulkan, then draw in software.
        r"Failed to load vulkan: Cannot load library vulkan: vulkan: cannot open shared object file: [\w ]+",
        r"initInstance: No Vulkan library available",
        r"Failed to create platform Vulkan instance",
        r"Unable to detect GPU vendor for device: Mesa/X\.org llvmpipe .*",
        # A container has no D-Bus: the web engine asks it for power and network states only.
        CHROMIUM + r"bus\.cc:\d+\] Failed to connect to the bus: .*",
        # The window closes at the first map, while the web engine is still setting up its drawing.
        CHROMIUM + r"command_buffer_proxy_impl\.cc:\d+\] ContextResult::kTransientFailure: Failed to send \S+\.",
    )
)


class Surprise(Exception):  # noqa: N818 - its text is the message
    """What went wrong, in its text."""


def main() -> int:
    """One start; 0 when nothing surprised."""
    if len(sys.argv) != 2:  # noqa: PLR2004
        print("usage: smoke.py BUNDLE_EXE", file=sys.stderr)
        return 2
    program = Path(sys.argv[1]).resolve()
    if not program.is_file():
        print(f"{program} is missing. Run `make bundle`, then try again.", file=sys.stderr)
        return 2
    try:
        with tempfile.TemporaryDirectory(prefix="porchlight-smoke-") as scratch, display() as shown:
            smoke(program, Path(scratch), shown)
    except Surprise as surprise:
        print(f"FAILED: {surprise}", file=sys.stderr)
        return 1
    size = sum(f.stat().st_size for f in program.parent.rglob("*") if f.is_file() and not f.is_symlink())
    print(f"bundle: {size / 2**20:.0f} MiB")
    return 0


def smoke(program: Path, scratch: Path, shown: dict[str, str]) -> None:
    """Start, watch, and see it leave; a Surprise where anything is not as it must be."""
    before = set(processes_of(program.parent))
    started = time.monotonic()
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    process = subprocess.Popen(
        [str(program), "--smoke", "--folder", str(scratch / "console")],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment(scratch, shown),
        cwd=scratch,
        start_new_session=True,
    )
    reader = threading.Thread(target=read, args=(process, lines, started), daemon=True)
    reader.start()
    try:
        status = process.wait(LIMIT_S)
        print(f"closed after {time.monotonic() - started:.1f} s with status {status}")
    except subprocess.TimeoutExpired:
        status = None
    finally:
        if process.poll() is None:
            process.kill()
        # The training service writes to the same standard error until it ends: it is listened to as well.
        left = leave(program.parent, before)
    reader.join(5)
    heard = [lines.get() for _ in range(lines.qsize())]
    judge(heard, status)
    if left:
        raise Surprise(f"still running {GONE_S:.0f} s after the console had closed: {', '.join(left)}")


def judge(heard: list[str], status: int | None) -> None:
    """A Surprise, unless the map was drawn, the end was good and every line is known."""
    surprising = [
        line
        for line in heard
        if line and not MAP_DRAWN.fullmatch(line) and not any(allowed.fullmatch(line) for allowed in ALLOWED)
    ]
    for line in surprising:
        print(f"unexpected: {line}", file=sys.stderr)
    paths = [int(drawn[1]) for line in heard if (drawn := MAP_DRAWN.fullmatch(line))]
    if status is None:
        raise Surprise(f"not closed after {LIMIT_S:.0f} s; the map was {'drawn' if paths else 'not drawn'}")
    if len(paths) != 1:
        raise Surprise(f"{len(paths)} lines say that the map was drawn; one is expected (exit status {status})")
    if paths[0] < LEAST_PATHS:
        raise Surprise(f"the map had {paths[0]} paths; at least {LEAST_PATHS} are expected")
    if status != 0:
        raise Surprise(f"exit status {status}")
    if surprising:
        raise Surprise(f"{len(surprising)} lines that nobody expected")


def read(process: subprocess.Popen[bytes], lines: queue.SimpleQueue[str], started: float) -> None:
    """Hand over every line until all writers are gone; the map's line is shown with its time."""
    with contextlib.suppress(ValueError, OSError):
        for raw in process.stdout or ():
            line = raw.decode(errors="replace").rstrip("\r\n")
            if MAP_DRAWN.fullmatch(line):
                print(f"{line} after {time.monotonic() - started:.1f} s", flush=True)
            lines.put(line)


def environment(scratch: Path, shown: dict[str, str]) -> dict[str, str]:
    """A fresh user's: an empty home, and nothing of ours."""
    home = scratch / "home"
    runtime = scratch / "runtime"
    home.mkdir()
    runtime.mkdir(mode=0o700)
    made = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "XDG_RUNTIME_DIR": str(runtime),
        "TMPDIR": str(scratch),
        **shown,
    }
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        made["QTWEBENGINE_DISABLE_SANDBOX"] = "1"  # root cannot have Chromium's sandbox
    return made


@contextlib.contextmanager
def display() -> Iterator[dict[str, str]]:
    """The display that there is, or a virtual one of our own."""
    if not sys.platform.startswith("linux"):
        yield {}
        return
    if os.environ.get("DISPLAY"):
        yield {name: os.environ[name] for name in ("DISPLAY", "XAUTHORITY") if name in os.environ}
        return
    server = shutil.which("Xvfb")
    if server is None:
        raise Surprise("there is no display and no Xvfb (Debian: apt install xvfb)")
    reading, writing = os.pipe()
    with subprocess.Popen(
        [server, "-displayfd", str(writing), "-screen", "0", "1600x1000x24", "-nolisten", "tcp", "-noreset"],
        pass_fds=(writing,),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as x:
        os.close(writing)
        try:
            with os.fdopen(reading) as answer:
                number = answer.readline().strip()
            if not number:
                raise Surprise("Xvfb did not start")
            yield {"DISPLAY": f":{number}"}
        finally:
            x.terminate()


def processes_of(bundle: Path) -> dict[int, str]:
    """The running processes whose program lies in the bundle, by number."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            program = (entry / "exe").readlink()
            if program.is_relative_to(bundle):
                found[int(entry.name)] = (entry / "cmdline").read_text(errors="replace").replace("\0", " ").strip()
    return {number: said for number, said in found.items() if said}  # a zombie has no command line


def leave(bundle: Path, before: set[int]) -> list[str]:
    """Wait until none of the bundle's processes runs; ends those that stay, and names them."""
    if not Path("/proc/self/exe").exists():
        print("no /proc here: what stays running was not looked at")
        return []
    since = time.monotonic()
    while left := {n: said for n, said in processes_of(bundle).items() if n not in before}:
        if time.monotonic() - since > GONE_S:
            for number in left:
                with contextlib.suppress(OSError):
                    os.kill(number, signal.SIGKILL)
            return [f"{number} ({said[:80]})" for number, said in left.items()]
        time.sleep(0.25)
    print(f"last process gone {time.monotonic() - since:.1f} s later")
    return []


if __name__ == "__main__":
    sys.exit(main())
