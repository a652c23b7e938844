"""A vault with a feed of a size, made once a machine and kept: `BENCH_FEED_FOLDER`, outside the repository."""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

from console.client.vault import Vault, open_vault
from console.domain.feed_words import VERSION
from tests.bench import feed_data

NAME = "bench"
_MADE_BY = f"3 {VERSION}"


class OneKey:
    """A keyring for a bench: the texts are invented."""

    def read(self, name: str) -> str | None:
        del name
        return "5" * 64

    def keep(self, name: str, secret: str) -> None:
        del name, secret


def vault(size: int) -> Vault:
    """The vault with so many posts, durable and encrypted as every other."""
    folder = feed_data.FOLDER / f"vault-{size}"
    mark = folder / "made"
    if not mark.exists() or mark.read_text() != _MADE_BY:
        for path in folder.glob("*"):
            path.unlink()
        made = open_vault(folder, NAME, OneKey())
        print(f"making a vault of {size:,} posts", file=sys.stderr, flush=True)
        posts = feed_data.posts(size)
        while some := list(itertools.islice(posts, 2_000)):
            made.feed().take(some, (), None)
        made.close()
        mark.write_text(_MADE_BY)
    return open_vault(folder, NAME, OneKey())


def file_of(size: int) -> Path:
    """Its file."""
    return next((feed_data.FOLDER / f"vault-{size}").glob("*.vault"))


if __name__ == "__main__":
    for each in feed_data.SIZES:
        vault(each).close()
