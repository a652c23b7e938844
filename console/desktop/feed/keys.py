"""The keys of the feed desk, in one place for the shortcuts, the help and the test that both are whole."""

from __future__ import annotations

from typing import Final

KEYS: Final[tuple[tuple[str, str], ...]] = (
    ("J", "The next post"),
    ("K", "The post before"),
    ("Return", "Open the post"),
    ("X", "Choose or leave out the post, for acts on several"),
    ("C", "Claim it, or give it back"),
    ("E", "Close it, for a reason"),
    ("A", "Give it to me"),
    ("R", "Answer"),
    ("N", "Note for colleagues"),
    ("F", "Flag it to the neutral moderators"),
    ("Z", "Undo, within ten seconds"),
    ("U", "Read or unread"),
    ("/", "Search"),
    ("?", "These keys"),
)


def help_text() -> str:
    """The keys as lines of text."""
    return "\n".join(f"{key}\t{words}" for key, words in KEYS)
