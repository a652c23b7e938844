"""Texts as they are compared: in the feed's search, in the finder, by a street's name."""

from __future__ import annotations

import unicodedata


def fold(text: str) -> str:
    """A text without case and accents, as the full-text index compares it."""
    if text.isascii():  # most are, and it is ten times quicker
        return text.lower()
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)).casefold()
