"""Undo and redo of one value: what was before, what comes again. A new entry forgets what was taken back."""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T")
STEPS_KEPT = 200


class Undo(Generic[T]):
    """The states before the present one, and those that were taken back."""

    def __init__(self) -> None:
        self._before: list[T] = []
        self._after: list[T] = []

    @property
    def can_undo(self) -> bool:
        """Whether there is something to take back."""
        return bool(self._before)

    @property
    def can_redo(self) -> bool:
        """Whether something was taken back."""
        return bool(self._after)

    def changed_from(self, state: T) -> None:
        """Keep the state that an entry is about to replace."""
        self._before.append(state)
        del self._before[:-STEPS_KEPT]
        self._after.clear()

    def undo(self, present: T) -> T:
        """The state before; the present one can come again. IndexError where there is none."""
        state = self._before.pop()
        self._after.append(present)
        return state

    def redo(self, present: T) -> T:
        """The state that was taken back last. IndexError where there is none."""
        state = self._after.pop()
        self._before.append(present)
        return state

    def clear(self) -> None:
        """Forget all: another draft was opened."""
        self._before.clear()
        self._after.clear()
