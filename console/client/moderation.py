"""Moderation without a screen: flags of an agency's members, and a neutral moderator's decisions, as wishes.

A wish goes through the outbox like every write; what is only read is asked of the service when it is looked at.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol

from console.client.gateway import Unreachable
from console.client.wishes import Wish
from console.contract import endpoints as e
from console.contract import moderation as m
from console.contract import payloads as p
from console.contract.problems import Problem
from console.domain.moderation import Act, FlagReason, Reason
from console.domain.moderation_words import ACTS, FLAG_REASONS

if TYPE_CHECKING:
    from console.domain.requests import Claim

MODERATION_ENDPOINTS = frozenset(
    row.name
    for row in (
        e.FLAG_POST,
        e.FLAG_COMMENT,
        e.APPEAL_AS_AGENCY,
        e.DECIDE_ITEM,
        e.RESTORE_ITEM,
        e.DECIDE_APPEAL,
    )
)
"""The writes after which what is flagged has to be asked for again."""

_RESTORATIONS = frozenset({Act.RESTORE, Act.REOPEN})
_APPEALS = frozenset({Act.UPHOLD, Act.OVERTURN})


class Asks(Protocol):
    """A desk, as far as this needs one."""

    async def ask(self, endpoint: e.Endpoint, **parts: Any) -> Any | Problem:
        """What the service answers to a question that keeps nothing. Unreachable."""
        ...


def flag_wish(post_id: str, comment_id: str, reason: FlagReason, words: str = "") -> Wish:
    """Flag a post, or with a comment's id that comment of it."""
    path = {"post_id": str(post_id)} | ({"comment_id": comment_id} if comment_id else {})
    return Wish(
        e.FLAG_COMMENT if comment_id else e.FLAG_POST,
        f"Flag: {FLAG_REASONS[reason].name}",
        m.NewFlag(reason, words.strip()),
        path,
        subject=comment_id or str(post_id),
    )


def appeal_wish(decision_id: str, words: str) -> Wish:
    """Appeal a decision on an official comment of one's own agency."""
    path = {"decision_id": decision_id}
    return Wish(e.APPEAL_AS_AGENCY, "Appeal", m.NewAppeal(words.strip()), path, subject=decision_id)


def decide_wish(view: m.ItemView, act: Act, reason: Reason, words: str = "") -> Wish:
    """Decide on an item as it was read; whoever was quicker is told by the service, and nothing is lost."""
    row = e.RESTORE_ITEM if act in _RESTORATIONS else e.DECIDE_APPEAL if act in _APPEALS else e.DECIDE_ITEM
    body = m.Deciding(view.item.version, act, reason, words.strip(), view.flags_seen)
    return Wish(row, f"{ACTS[act]}: {view.item.title}", body, {"item_id": str(view.item.id)}, subject=str(view.item.id))


async def read_item(desk: Asks, item_id: str) -> m.ItemView | Problem:
    """An item with its context. Unreachable."""
    answer: m.ItemView | Problem = await desk.ask(e.SHOW_ITEM, path={"item_id": item_id})
    return answer


async def own_flags(desk: Asks) -> m.OwnFlags | Problem:
    """The agency's own flags with their outcome, and decisions on its own comments. Unreachable."""
    answer: m.OwnFlags | Problem = await desk.ask(e.LIST_FLAGS)
    return answer


async def claim_item(desk: Asks, item_id: str, *, take_over: bool = False) -> Claim | Problem:
    """Say that the member is deciding on an item, or still is. Unreachable."""
    answer: Claim | Problem = await desk.ask(e.CLAIM_ITEM, path={"item_id": item_id}, body=p.Claiming(take_over))
    return answer


async def release_item(desk: Asks, item_id: str) -> None:
    """Say that the member is no longer deciding; nothing happens where the service is away."""
    with suppress(Unreachable):
        await desk.ask(e.RELEASE_ITEM, path={"item_id": item_id})
