"""What the rooms of the window are given: values and ways to act, built once by `app.run_console`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QWidget

from console.desktop.city import City

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from pathlib import Path

    from console.client.desk import Changed, Desk
    from console.desktop.map.view import MapPane
    from console.desktop.signin import TrainingMember
    from console.desktop.theme import Theme
    from console.domain.areas import Circle, Polygon
    from console.domain.drafts import Draft
    from console.domain.ground import Ground
    from console.domain.policy import Agency


@dataclass(frozen=True)
class Context:
    """The room's surroundings.

    `start` runs a coroutine in the window's task group and shows a failure in the status bar. `new_pane(title)` makes
    a map of the jurisdiction with its layers `jurisdiction` and `districts` already set. `open_wizard(draft)`,
    `open_request(id)`, `open_post(id)` and `open_feed_at(name, area)` turn the window's page. `say` puts a sentence in
    the status bar. `atlases` are all that can be looked at, the agency's own first.
    """

    desk: Desk
    ground: Ground
    agency: Agency
    clock: Callable[[], datetime]
    theme: Callable[[], Theme]
    start: Callable[[Coroutine[Any, Any, None]], None]
    new_pane: Callable[[str], MapPane]
    open_wizard: Callable[[Draft], None]
    open_request: Callable[[str], None]
    say: Callable[[str], None]
    training: tuple[TrainingMember, ...]
    evidence_folder: Path
    atlases: tuple[City, ...] = ()
    open_post: Callable[[str], None] = lambda _post_id: None
    open_feed_at: Callable[[str, Circle | Polygon], None] = lambda _name, _area: None

    @cached_property
    def cities(self) -> tuple[City, ...]:
        """The atlases that can be looked at, the agency's own first."""
        return self.atlases or (City(self.ground),)

    def local(self, at: datetime | None, form: str = "%a %d %b %H:%M") -> str:
        """A time in the agency's own zone; a dash where there is none."""
        return "\u2013" if at is None else at.astimezone(ZoneInfo(self.agency.time_zone)).strftime(form)

    def zone(self) -> ZoneInfo:
        """The agency's time zone."""
        return ZoneInfo(self.agency.time_zone)

    def ago(self, at: datetime) -> str:
        """How long ago, in words."""
        seconds = max(0, int((self.clock() - at.astimezone(UTC)).total_seconds()))
        for unit, size in (("d", 86_400), ("h", 3_600), ("min", 60)):
            if seconds >= size:
                return f"{seconds // size} {unit}"
        return "now"


class Page(QWidget):
    """A page of the window. `refresh` is called with what changed; `entered` when it is shown."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.setObjectName("page")

    def refresh(self, changed: Changed) -> None:
        """Show what the desk now knows."""

    def entered(self) -> None:
        """The page is on the screen."""

    def left(self) -> None:
        """Another page is shown; keep what was typed."""

    def retheme(self) -> None:
        """The theme changed."""

    def shut(self) -> None:
        """The sign-in or the program ends: stop what plays, delete what was fetched."""
