"""Bodies and answers of the agency's own work on the feed."""

from __future__ import annotations

from typing import Annotated

import msgspec

from console.domain.desk_work import AT_ONCE_MAX, Deed, DeskItem, DeskLine
from console.domain.feed import PostId

_Id = Annotated[PostId, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
_Number = Annotated[int, msgspec.Meta(ge=1, le=2**53)]


class SeenItem(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A post and the version of its desk item that the member acts on; 0: the desk knew nothing of it."""

    post: _Id
    version: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 0


class DeskWork(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One deed on one post or on several: done on all of them or, where one has moved on, on none."""

    items: Annotated[tuple[SeenItem, ...], msgspec.Meta(min_length=1, max_length=AT_ONCE_MAX)]
    deed: Deed


class DeskRevert(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Lines of the desk's history to take back, newest first, all or none."""

    lines: Annotated[tuple[_Number, ...], msgspec.Meta(min_length=1, max_length=AT_ONCE_MAX)]


class DeskUndo(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Take back what the write with this key did."""

    key: Annotated[str, msgspec.Meta(min_length=16, max_length=64)]


class DeskItems(msgspec.Struct, frozen=True):
    """Items in the order in which they last changed; `after` asks for the rest, None at the end."""

    items: tuple[DeskItem, ...]
    after: str | None = None


class DeskLines(msgspec.Struct, frozen=True):
    """Lines of the desk's history, newest first."""

    lines: tuple[DeskLine, ...]


class OfficialComment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A comment as the agency; `corrects` is the id of an earlier one of the agency that it puts right."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=2_000)]
    corrects: Annotated[str, msgspec.Meta(max_length=64)] = ""
