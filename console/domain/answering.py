"""What a member should see before an answer goes out in the agency's name: about the post, and about the answer itself.

Promises: the rules are those of a request's words (`domain.words`); nothing is forbidden here, everything is said
first, since an official answer lends a post the agency's weight. Source: Nextdoor's rule on describing people.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.domain.wording import words_for
from console.domain.words import lint

if TYPE_CHECKING:
    from console.domain.feed import Post

ABOUT_THE_POST = (
    "This post describes somebody by race alone. An answer in the agency's name makes that description weigh more. "
    "Ask what the person did, wore or drove, or answer without the description."
)
_OF_THE_ANSWER = ("race_alone", "pressure", "victim_pii", "minor_pii", "link")


def describes_by_race_alone(post: Post) -> bool:
    """Whether a post describes a person by race with fewer than two other features."""
    return any(found.code == "race_alone" for found in lint(f"{post.title}. {post.text}"))


def before_answering(post: Post, answer: str) -> tuple[str, ...]:
    """What to say before an answer is sent, a sentence or two each; empty where there is nothing to say."""
    said = [ABOUT_THE_POST] if describes_by_race_alone(post) else []
    for code in _OF_THE_ANSWER:
        found = next((one for one in lint(answer) if one.code == code), None)
        if found is not None:
            words = words_for(code, {"words": answer[found.start : found.end]})
            said.append(f"{words.title}. {words.reason} {words.next_step}")
    return tuple(said)
