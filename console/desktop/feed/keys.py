"""The keys of the feed desk, in one place for the shortcuts, the help and the test that both are whole."""

from __future__ import annotations

from typing import Final

KEYS: Final[tuple[tuple[str, str], ...]] = (
    ("J", "The next post"),
    ("K", "The post before"),
    ("Return", "Open the post"),
    ("X", "Choose the post, then go on with J and X: acts are then on all that are chosen"),
    ("Escape", "Leave choosing; back to the list"),
    ("C", "Work on it, so that colleagues see it; or stop"),
    ("E", "Close it, for a reason"),
    ("A", "Give it to me"),
    ("R", "Answer"),
    ("Ctrl+Return", "Send the answer"),
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
