"""Lists of things with ids, changed row by row, so that what is selected and read stays where it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from console.domain.feed import Post

Index = QModelIndex | QPersistentModelIndex
THING_ROLE = int(Qt.ItemDataRole.UserRole) + 1
ID_ROLE = THING_ROLE + 1
_NOWHERE = QModelIndex()


class Kept(Protocol):
    """Something with an id and a name."""

    @property
    def id(self) -> str:
        """What it is known by."""
        ...


T = TypeVar("T", bound=Kept)


class RowsModel(QAbstractListModel):
    """Rows of things with ids; `show_rows` makes the fewest changes."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[Any] = []

    def name_of(self, thing: Any) -> str:
        """What a screen reader says of a row."""
        return str(thing.id)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """How many rows there are."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A row by role: the thing itself, its id, or its name."""
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        thing = self._rows[index.row()]
        if role == THING_ROLE:
            return thing
        if role == ID_ROLE:
            return str(thing.id)
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return self.name_of(thing)
        return None

    def row_of(self, thing_id: str) -> int:
        """The row with an id; -1 where there is none."""
        return next((n for n, thing in enumerate(self._rows) if thing.id == thing_id), -1)

    def thing(self, row: int) -> Any | None:
        """The thing in a row; None outside."""
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def rows(self) -> tuple[Any, ...]:
        """Everything in its order."""
        return tuple(self._rows)

    def show_rows(self, wanted: Sequence[Kept]) -> None:
        """Become `wanted` (each id once): remove, move, insert and change rows; never a reset."""
        self._remove_all_but({thing.id for thing in wanted})
        known = {thing.id for thing in self._rows}
        row = 0
        while row < len(wanted):
            if wanted[row].id not in known:
                end = row
                while end < len(wanted) and wanted[end].id not in known:
                    end += 1
                self.beginInsertRows(_NOWHERE, row, end - 1)
                self._rows[row:row] = wanted[row:end]
                self.endInsertRows()
                row = end
                continue
            if self._rows[row].id != wanted[row].id:
                self._move(self.row_of(wanted[row].id), row)
            if self._rows[row] != wanted[row]:
                self._rows[row] = wanted[row]
                at = self.index(row)
                self.dataChanged.emit(at, at)
            row += 1

    def _remove_all_but(self, kept: set[str]) -> None:
        row = len(self._rows) - 1
        while row >= 0:
            if self._rows[row].id in kept:
                row -= 1
                continue
            last = row
            while row > 0 and self._rows[row - 1].id not in kept:
                row -= 1
            self.beginRemoveRows(_NOWHERE, row, last)
            del self._rows[row : last + 1]
            self.endRemoveRows()
            row -= 1

    def _move(self, source: int, target: int) -> None:
        self.beginMoveRows(_NOWHERE, source, source, _NOWHERE, target)
        self._rows.insert(target, self._rows.pop(source))
        self.endMoveRows()


class PostModel(RowsModel):
    """The posts of the feed."""

    def name_of(self, thing: Any) -> str:
        """The post's title and place."""
        post: Post = thing
        return f"{post.title}, {post.place_name}"

    def show_posts(self, posts: tuple[Post, ...]) -> None:
        """Show these posts in this order."""
        self.show_rows(posts)
