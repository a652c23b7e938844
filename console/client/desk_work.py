"""The agency's own work on the feed, as wishes for the outbox; claims, which are not kept, are asked for at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from console.client.wishes import Wish
from console.contract import desk_work as w
from console.contract import endpoints as e
from console.contract import payloads as p
from console.contract.problems import Problem
from console.domain.desk_work import Deed, DeskItem, DeskLine, PostClaim

if TYPE_CHECKING:
    from collections.abc import Sequence

    from console.client.desk import Desk
    from console.client.outbox import OutboxRow
    from console.domain.feed import Comment, Post
    from console.domain.replies import Reply

DESK_ENDPOINTS = frozenset(row.name for row in (e.DO_DESK_WORK, e.UNDO_DESK_WORK, e.REVERT_DESK_WORK))
COMMENT_ENDPOINTS = frozenset(row.name for row in (e.COMMENT_ON_POST, e.EDIT_COMMENT, e.WITHDRAW_COMMENT))


def do(items: Sequence[DeskItem], deed: Deed, title: str) -> Wish:
    """A deed on posts, on the versions that the member has seen."""
    seen = tuple(w.SeenItem(item.post, item.version) for item in items)
    return Wish(e.DO_DESK_WORK, title, w.DeskWork(seen, deed), subject="desk")


def undo(key: str, title: str) -> Wish:
    """Take back what the row with this key did."""
    return Wish(e.UNDO_DESK_WORK, f"Undo: {title}", w.DeskUndo(key), subject="desk")


def take_back(line: DeskLine) -> Wish:
    """Take back a line of a post's history."""
    return Wish(e.REVERT_DESK_WORK, "Take back a step", w.DeskRevert((line.number,)), subject="desk")


def edit(post: Post, comment: Comment, text: str) -> Wish:
    """Change one's own comment before it is public."""
    path = {"post_id": post.id, "comment_id": comment.id}
    return Wish(e.EDIT_COMMENT, f"Change a comment on {post.title}", w.OfficialComment(text), path, post.id)


def withdraw(post: Post, comment: Comment) -> Wish:
    """Take one's own comment back before it is public."""
    path = {"post_id": post.id, "comment_id": comment.id}
    return Wish(e.WITHDRAW_COMMENT, f"Take back a comment on {post.title}", None, path, post.id)


def save_reply(reply: Reply) -> Wish:
    """Keep a canned reply."""
    return Wish(e.SAVE_REPLY, f"Keep the reply {reply.name}", reply)


def remove_reply(reply: Reply) -> Wish:
    """Take a canned reply away."""
    return Wish(e.REMOVE_REPLY, f"Remove the reply {reply.name}", path={"reply_id": reply.id})


async def claim(desk: Desk, post_id: str, *, take_over: bool = False) -> PostClaim | Problem:
    """Say that the member works on a post, or still does. Unreachable."""
    answer: PostClaim | Problem = await desk.ask(e.CLAIM_POST, body=p.Claiming(take_over), path={"post_id": post_id})
    return answer


async def release(desk: Desk, post_id: str) -> None:
    """Say that the member no longer does. Unreachable."""
    await desk.ask(e.RELEASE_POST, path={"post_id": post_id})


async def lines(desk: Desk, post_id: str) -> tuple[DeskLine, ...] | Problem:
    """What the agency did about a post, newest first. Unreachable."""
    answer: w.DeskLines | Problem = await desk.ask(e.LIST_DESK_LINES, path={"post_id": post_id})
    return answer if isinstance(answer, Problem) else answer.lines


def said_in(row: OutboxRow) -> str:
    """The words of an answer that a row carries; empty where it carries none."""
    try:
        return msgspec.json.decode(row.body, type=w.OfficialComment).text
    except msgspec.MsgspecError:
        return ""
