"""The words of a post as every index keeps them, and the one definition of which posts a search finds.

Promises: an index (SQLite's FTS5, PostgreSQL's tsvector) is given words that were already folded here, so that both
find what `has_words` finds, whatever an engine thinks of accents, scripts or signs. What a moderator removed has no
words. A query is turned into an engine's own language here and nowhere else; no text makes that raise, and nothing
of it is read as an operator.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from console.domain.feed import Visibility
from console.domain.feed_query import folded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from console.domain.feed import Post
    from console.domain.feed_query import FeedQuery

WORDS_MAX = 12_000
"""How many words of a thread are kept, from its beginning: PostgreSQL counts places up to 16,383."""
REPEATS_MAX = 250
"""How often one word is kept: PostgreSQL holds 256 places of a word in one text."""
LETTERS_MAX = 64
EVERY = "\ue001"
"""The word that every text has, so that "all without these" is a search like another. Never part of a typed word."""
GAP = "\ue000"
"""What stands between two texts and in place of what was too much: no phrase reaches across it."""
VERSION = f"1 {unicodedata.unidata_version}"
"""By what the words were made; an index made by another has to be made anew."""


def thread_words(post: Post) -> tuple[list[str], list[str]]:
    """The words of a post and its thread in order, beginning with EVERY, and the words of its place.

    Both are empty for a post that was removed; a removed comment has no words.
    """
    if post.visibility is Visibility.REMOVED:
        return [], []
    said = (c.text for c in post.comments if c.visibility is not Visibility.REMOVED)
    return words_of((post.title, post.text, *said)), place_words(post.place_name)


def words_of(texts: Iterable[str]) -> list[str]:
    """The words of several texts, EVERY first and a GAP before each text."""
    made, often = [EVERY], dict[str, int]()
    for text in texts:
        made.append(GAP)
        for word in folded(text):
            if len(made) >= WORDS_MAX:
                return made
            clipped = word[:LETTERS_MAX]
            often[clipped] = often.get(clipped, 0) + 1
            made.append(clipped if often[clipped] <= REPEATS_MAX else GAP)
    return made


def place_words(place_name: str) -> list[str]:
    """The words of a place's name."""
    return [GAP, *(word[:LETTERS_MAX] for word in folded(place_name)[:100])]


def has_words(query: FeedQuery, post: Post) -> bool:
    """Whether a search finds a post by its words: what every index must agree with."""
    words, place = thread_words(post)
    if not words:
        return False
    everywhere = (words, place)
    return (
        all(any(_begins(text, word) for text in everywhere) for word in _clip(query.words))
        and all(any(_follows(text, _clip(phrase)) for text in everywhere) for phrase in query.phrases)
        and all(_begins(place, word) for word in _clip(query.places))
        and not any(
            any(_begins(t, _clip(term)[0]) if len(term) == 1 else _follows(t, _clip(term)) for t in everywhere)
            for term in query.without
        )
    )


def fts5_match(query: FeedQuery) -> str:
    """A query's words for an FTS5 table with the columns `words` and `place_name`; empty where it looks for none."""
    if not query.has_words():
        return ""
    wanted = [f'"{word}"*' for word in _clip(query.words)]
    wanted += [f'"{" ".join(_clip(phrase))}"' for phrase in query.phrases]
    wanted += [f'place_name : "{place}"*' for place in _clip(query.places)]
    chosen = " AND ".join(f"({term})" for term in wanted) or f'"{EVERY}"'
    without = " OR ".join(f'"{" ".join(_clip(term))}"' + ("*" if len(term) == 1 else "") for term in query.without)
    return f"({chosen}) NOT ({without})" if without else chosen


def tsquery(query: FeedQuery) -> str:
    """A query's words as PostgreSQL's tsquery, to be cast from text; empty where it looks for none."""
    wanted = [f"'{word}':*" for word in _clip(query.words)]
    wanted += [_phrase(phrase) for phrase in query.phrases]
    wanted += [f"'{place}':*A" for place in _clip(query.places)]
    wanted += [f"!(('{_clip(t)[0]}':*))" if len(t) == 1 else f"!{_phrase(t)}" for t in query.without]
    return " & ".join(wanted)


def tsvector(words: list[str], place: list[str]) -> str:
    """Words as PostgreSQL's tsvector, to be cast from text; a place's words bear the weight A."""
    places: dict[str, list[str]] = {}
    for at, word in enumerate(words, 1):
        if word not in {GAP, EVERY}:
            places.setdefault(word, []).append(str(at))
    for at, word in enumerate(place, len(words) + 2):
        if word != GAP:
            places.setdefault(word, []).append(f"{at}A")
    return " ".join(f"'{word}':{','.join(where)}" for word, where in places.items())


def fts5_text(words: list[str]) -> str:
    """Words as the text that FTS5 takes apart again, at its spaces."""
    return " ".join(words)


FTS5_TOKENS = "ascii tokenchars _"
"""FTS5's tokenizer that leaves such words whole."""


def _clip(words: Iterable[str]) -> list[str]:
    return [word[:LETTERS_MAX] for word in words]


def _phrase(words: tuple[str, ...]) -> str:
    return "(" + " <-> ".join(f"'{word}'" for word in _clip(words)) + ")"


def _begins(text: list[str], word: str) -> bool:
    return any(known.startswith(word) for known in text)


def _follows(text: list[str], phrase: list[str]) -> bool:
    width = len(phrase)
    return any(text[at : at + width] == phrase for at in range(len(text) - width + 1))
