"""The menu that saves what the map shows: a picture, a page, or the selection as data."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from console.desktop.sheets import WORDS_NO_PICTURE, ask_where, save_bytes, save_pdf, save_png, sheet, trouble_of
from console.domain.sheet import as_csv, as_geojson

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtGui import QImage
    from PySide6.QtWidgets import QMenu

    from console.desktop.context import Context
    from console.desktop.overview.page import MapPage

_FILTERS = {
    "png": "Picture (*.png)",
    "pdf": "Page (*.pdf)",
    "geojson": "GeoJSON (*.geojson)",
    "csv": "Table (*.csv)",
}


class Saving:
    """Asks where, then writes. `describe` gives a sheet's title and the line below it."""

    def __init__(self, page: MapPage, context: Context, describe: Callable[[], tuple[str, str]]) -> None:
        self._page = page
        self._context = context
        self._describe = describe

    def fill(self, menu: QMenu, copy_link: Callable[[], None]) -> None:
        """Put the ways to save into a menu."""
        menu.addAction("This view as a picture (PNG)\u2026", partial(self.ask, "png"))
        menu.addAction("This view as a page (PDF)\u2026", partial(self.ask, "pdf"))
        menu.addSeparator()
        menu.addAction("Everything that is chosen, as GeoJSON\u2026", partial(self.ask, "geojson"))
        menu.addAction("Everything that is chosen, as a table (CSV)\u2026", partial(self.ask, "csv"))
        menu.addSeparator()
        menu.addAction("Copy a link to this view", copy_link)

    def ask(self, kind: str) -> None:
        """Ask for a file; nothing is written before a name was given."""
        stamp = self._context.clock().astimezone(self._context.zone()).strftime("%Y-%m-%d-%H%M")
        ask_where(self._page, "Save the map", f"map-{stamp}.{kind}", _FILTERS[kind], partial(self.save, kind))

    def save(self, kind: str, path: Path) -> None:
        """Write what the map shows; the outcome is said."""
        if kind in {"png", "pdf"}:
            pane = self._page.pane
            if pane is None or not pane.take_picture(partial(self._save_picture, kind, path)):
                self._context.say(WORDS_NO_PICTURE)
            return
        entries = self._page.seen.entries()
        zone = self._context.zone()
        content = as_geojson(entries, zone) if kind == "geojson" else as_csv(entries, zone).encode("utf-8-sig")
        self._write(partial(save_bytes, content, path), path, f"{len(entries):,} posts, alerts and requests")

    def _save_picture(self, kind: str, path: Path, picture: QImage) -> None:
        title, line = self._describe()
        zone = self._context.local(self._context.clock(), "%Z")
        foot = f"Times are {zone}. Posts stand at the middle of their block, never at a home. Made with Porchlight."
        whole = sheet(picture, title, line, foot)
        write = partial(save_png, whole, path) if kind == "png" else partial(save_pdf, whole, path, title)
        self._write(write, path, "The map")

    def _write(self, write: Callable[[], None], path: Path, what: str) -> None:
        self._context.say(trouble_of(write, path) or f"{what} saved as {path.name}.")
