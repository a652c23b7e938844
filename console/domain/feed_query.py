"""What is typed into the feed's search box, read as a query: words, phrases, and operators.

    bike "back porch" -dog kind:crime at:halsted after:2026-11-01 before:2026-11-20 is:unanswered

Promises: no text makes it raise; what cannot be understood is taken as words and said in `trouble`, so that nobody
believes in a filter that was not applied. Words begin words ("bik" finds "bike"), phrases are found as they stand.
Days are the agency's own.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, tzinfo
from typing import TYPE_CHECKING

import msgspec

from console.domain.comparing import fold
from console.domain.feed import CATEGORY_NAMES, Category

if TYPE_CHECKING:
    from collections.abc import Sequence

    from console.domain.feed import Post

LENGTH_MAX = 300
TERMS_MAX = 24
_PART = re.compile(r'(?P<minus>-)?(?:(?P<name>[a-z]{2,8}):)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))', re.IGNORECASE)
_WORD = re.compile(r"\w+")
_IS = frozenset({"answered", "unanswered", "unread"})
OPERATORS = ("kind:", "at:", "after:", "before:", "is:")
HELP = (
    "Words, \u201cexact phrases\u201d and -words to leave out. Also kind:crime, at:halsted, after:2026-11-01, "
    "before:2026-11-20, is:unanswered, is:unread."
)


class FeedQuery(msgspec.Struct, frozen=True):
    """A query. `phrases` are words that follow one another; times are aware UTC, `until` not included."""

    words: tuple[str, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    without: tuple[tuple[str, ...], ...] = ()
    places: tuple[str, ...] = ()
    categories: frozenset[Category] = frozenset()
    since: datetime | None = None
    until: datetime | None = None
    answered: bool | None = None
    unread: bool = False
    trouble: str = ""

    def has_words(self) -> bool:
        """Whether texts have to be looked through."""
        return bool(self.words or self.phrases or self.without or self.places)

    def is_empty(self) -> bool:
        """Whether it asks for nothing."""
        return msgspec.structs.replace(self, trouble="") == FeedQuery()


def read_query(untrusted_text: str, zone: tzinfo) -> FeedQuery:
    """The query that a text is."""
    words: list[str] = []
    phrases: list[tuple[str, ...]] = []
    without: list[tuple[str, ...]] = []
    places: list[str] = []
    categories: set[Category] = set()
    times: dict[str, datetime] = {}
    states: set[str] = set()
    troubles: list[str] = []
    for part in list(_PART.finditer(untrusted_text[:LENGTH_MAX]))[:TERMS_MAX]:
        name, value = (part["name"] or "").lower(), part["phrase"] if part["phrase"] is not None else part["word"]
        terms = tuple(folded(value))
        match name:
            case "kind" if found := _categories(value):
                categories |= found
            case "at" if terms:
                places += terms
            case "after" | "before" if (day := _day(value)) is not None:
                times[name] = _beginning(day, zone)
            case "is" if value.lower() in _IS:
                states.add(value.lower())
            case "kind" | "at" | "after" | "before" | "is":
                troubles.append(_trouble(name, value))
            case _:
                # "note: x" and "10:30" are words like any other.
                terms = (*folded(name), *terms)
                if part["minus"] and terms:
                    without.append(terms)
                elif part["phrase"] is not None and terms:
                    phrases.append(terms)
                else:
                    words += terms
    return FeedQuery(
        words=tuple(dict.fromkeys(words)),
        phrases=tuple(dict.fromkeys(phrases)),
        without=tuple(dict.fromkeys(without)),
        places=tuple(dict.fromkeys(places)),
        categories=frozenset(categories),
        since=times.get("after"),
        until=times.get("before"),
        answered=None if len(states & {"answered", "unanswered"}) != 1 else "answered" in states,
        unread="unread" in states,
        trouble=" ".join(troubles),
    )


def keeps(query: FeedQuery, post: Post, *, is_unread: bool) -> bool:
    """Whether a post fits the operators of a query; its words are looked up elsewhere."""
    if query.categories and post.category not in query.categories:
        return False
    if (query.since is not None and post.at < query.since) or (query.until is not None and post.at >= query.until):
        return False
    if query.answered is not None and is_answered(post) is not query.answered:
        return False
    return is_unread or not query.unread


def highlights(query: FeedQuery, text: str) -> tuple[tuple[int, int], ...]:
    """Where a text fits the query's words: beginnings and ends in code points, in order, never overlapping."""
    terms = [*((word,) for word in query.words), *query.phrases]
    if not terms:
        return ()
    spans = [(found.start(), found.end(), fold(found.group())) for found in _WORD.finditer(text)]
    marked: list[tuple[int, int]] = []
    for at, (start, _, _) in enumerate(spans):
        for term in terms:
            here = spans[at : at + len(term)]
            *firsts, last = term
            if len(here) < len(term) or [w for _, _, w in here[:-1]] != firsts:
                continue
            whole = len(term) > 1 or term in query.phrases
            if here[-1][2] == last:
                marked.append((start, here[-1][1]))
            elif not whole and here[-1][2].startswith(last):
                marked.append((start, min(here[-1][1], start + len(last))))
    return _joined(marked)


def folded(text: str) -> list[str]:
    """The words of a text as they are compared."""
    return _WORD.findall(fold(text))


def _joined(marked: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    made: list[tuple[int, int]] = []
    for start, end in sorted(marked):
        if made and start < made[-1][1]:
            made[-1] = (made[-1][0], max(end, made[-1][1]))
        else:
            made.append((start, end))
    return tuple(made)


def is_answered(post: Post) -> bool:
    """Whether a member has answered a post in the agency's name."""
    return post.answered or any(comment.official for comment in post.comments)


def _categories(value: str) -> set[Category]:
    asked = fold(value).replace("_", " ")
    if not asked:
        return set()
    return {
        c for c in Category if fold(CATEGORY_NAMES[c]).startswith(asked) or c.value.replace("_", " ").startswith(asked)
    }


def _day(value: str) -> date | None:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2100 else None  # noqa: PLR2004 - a feed's own time


def _beginning(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def _trouble(name: str, value: str) -> str:
    shown = value[:20]
    if name in {"after", "before"}:
        return f"{name}:{shown} is no day; type it as {name}:2026-11-01."
    if name == "kind":
        return f"kind:{shown} is not known; try crime, safety, lost, moment or alert."
    if name == "is":
        return f"is:{shown} is not known; try unanswered, answered or unread."
    return "Type a street after at: as in at:halsted."
