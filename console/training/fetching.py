"""What the atlas recipes share: packages pinned by hash, and the hash of a recipe.

Promises: nothing is used that is not what a lock file pins; what was fetched before is not fetched again; a
finished pack of the very same recipe is recognised.

RecipeError
  a pinned package cannot be fetched, or does not hold what the recipe expects
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from console.service.atlas import PackError, read_manifest, read_pack
from console.training.npm import npm_environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


class RecipeError(Exception):
    """The training city could not be built."""


def hash_of(files: Iterable[Path]) -> str:
    """SHA-256, in hex, of files' contents in this order; line ends do not count."""
    whole = hashlib.sha256()
    for path in files:
        whole.update(hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).digest())
    return whole.hexdigest()


def is_built(out: Path, recipe: str) -> bool:
    """Whether `out` holds a whole pack that this very recipe has built."""
    try:
        if read_manifest(out).recipe != recipe:
            return False
        read_pack(out)
    except PackError:
        return False
    return True


def fetch_wheel(lock: Path, package: str, downloads: Path) -> Path:
    """Fetch the wheel of a package that a lock file pins, unless it is there already; answers where it lies."""
    pinned = set(re.findall(r"--hash=sha256:([0-9a-f]{64})", lock.read_text("utf-8")))
    downloads.mkdir(parents=True, exist_ok=True)
    if (wheel := _pinned_wheel(downloads, package, pinned)) is None:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes"]
        call([*pip, "--only-binary", ":all:", "--dest", str(downloads), "-r", str(lock)], downloads)
        wheel = _pinned_wheel(downloads, package, pinned)
    if wheel is None:
        raise RecipeError(f"pip fetched no wheel with the hash that {lock} pins.")
    return wheel


def call(command: Sequence[str], folder: Path) -> None:
    """Run a fetching command in a folder; RecipeError with its last words when it fails."""
    done = subprocess.run(  # noqa: S603 - the words are our own
        command, cwd=folder, env=npm_environment(), capture_output=True, text=True, check=False
    )
    if done.returncode:
        said = "\n".join((done.stderr or done.stdout).splitlines()[-5:])
        raise RecipeError(f"{' '.join(command[:4])} ... failed. Check the network and build again.\n{said}")


def run_recipe(
    build: Callable[[Path, Path, Callable[[str, float], None]], None], module: str, arguments: Sequence[str]
) -> int:
    """A recipe's command line: build the pack in the folder named first, keeping downloads in the second.

    Without a second folder the downloads lie beside the pack. Answers the exit status.
    """
    if len(arguments) not in {1, 2}:
        sys.stderr.write(f"usage: python -m {module} OUT [DOWNLOADS]\n")
        return 2
    out = Path(arguments[0])
    downloads = Path(arguments[1]) if len(arguments) > 1 else out.parent / "downloads"

    def say(step: str, done: float) -> None:
        sys.stdout.write(f"{done:4.0%}  {step}\n")
        sys.stdout.flush()

    try:
        build(downloads.resolve(), out.resolve(), say)
    except (RecipeError, PackError) as error:
        sys.stderr.write(f"{type(error).__doc__} {error}\n")
        return 1
    return 0


def _pinned_wheel(downloads: Path, package: str, pinned: set[str]) -> Path | None:
    for wheel in sorted(downloads.glob(f"{package}-*.whl")):
        if hashlib.sha256(wheel.read_bytes()).hexdigest() in pinned:
            return wheel
    return None
