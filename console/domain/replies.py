"""Canned replies: an agency's own words for usual answers, in English and Spanish.

Promises: a placeholder that cannot be filled stays in its braces, and an answer with one left is not sent; nothing of
a neighbour but the number of this thread goes in.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, NewType

import msgspec

if TYPE_CHECKING:
    from console.domain.feed import Post
    from console.domain.members import Member
    from console.domain.policy import Agency

ReplyId = NewType("ReplyId", str)
ReplyKey = Annotated[ReplyId, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9_@:.-]{0,99}$")]
_Words = Annotated[str, msgspec.Meta(max_length=2_000)]
PLACEHOLDERS = ("neighbor", "place", "agency", "name", "telephone", "opens", "closes")
_LEFT = re.compile(r"\{(\w{1,20})\}")


class Language(StrEnum):
    """The languages that replies are kept in."""

    ENGLISH = "en"
    SPANISH = "es"


LANGUAGE_NAMES: dict[Language, str] = {Language.ENGLISH: "English", Language.SPANISH: "Español"}


class Reply(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A reply that the agency keeps; a language without words is not offered."""

    id: ReplyKey
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
    english: _Words = ""
    spanish: _Words = ""

    def words(self, language: Language) -> str:
        """Its words in a language; empty where it has none."""
        return self.spanish if language is Language.SPANISH else self.english

    def languages(self) -> tuple[Language, ...]:
        """The languages that it has words in."""
        return tuple(language for language in Language if self.words(language).strip())


def fill(words: str, post: Post, agency: Agency, member: Member) -> str:
    """Words with what is known in the place of placeholders."""
    known = {
        "neighbor": post.author if post.author.startswith("Neighbor #") else "",
        "place": post.place_name.removeprefix("Near "),
        "agency": agency.name,
        "name": f"{member.title} {member.name}",
        "telephone": next(iter(agency.telephones), ""),
        "opens": agency.reading_hours.opens,
        "closes": agency.reading_hours.closes,
    }
    return _LEFT.sub(lambda found: known.get(found[1]) or found[0], words)


def unfilled(text: str) -> tuple[str, ...]:
    """The placeholders of ours that stand in a text still."""
    return tuple(dict.fromkeys(name for name in _LEFT.findall(text) if name in PLACEHOLDERS))


def unknown(words: str) -> tuple[str, ...]:
    """What stands in braces and is no placeholder, so that a typing error is said when a reply is kept."""
    return tuple(dict.fromkeys(name for name in _LEFT.findall(words) if name not in PLACEHOLDERS))
