"""What the wizard's five pages have in common: they show a draft and say what was entered; they decide nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QLabel, QVBoxLayout, QWidget

from console.desktop.geojson import collection, feature
from console.desktop.widgets import text_label
from console.domain import wording
from console.domain.findings import Finding, Severity
from console.domain.wizard_text import why

if TYPE_CHECKING:
    from collections.abc import Callable

    from console.desktop.context import Context
    from console.desktop.map.view import MapPane
    from console.domain.drafts import Draft
    from console.domain.findings import Field
    from console.domain.places import Point

Findings = tuple[Finding, ...]


class StepPage(QWidget):
    """One page. `change(**fields)` is the wizard's; it is silent while a draft is being put into the widgets."""

    refill_wanted = Signal(object)
    """A dict of fields that the wizard is to enter and to show on every page."""

    def __init__(self, context: Context, change: Callable[..., None]) -> None:
        super().__init__()
        self.context = context
        self._change_draft = change
        self._loading = False
        self._draft: Draft | None = None
        self.first_field: QWidget | None = None

    def load(self, draft: Draft) -> None:
        """Put a draft that was opened into the widgets."""
        self._draft = draft
        self._loading = True
        try:
            self.fill(draft)
        finally:
            self._loading = False

    def fill(self, draft: Draft) -> None:
        """Set the widgets; what they emit meanwhile is not an entry."""

    def show_state(self, draft: Draft, findings: Findings, *, tried: bool) -> None:  # noqa: ARG002 - for the pages
        """After each change. `tried` is True once the officer wanted to go on from this page."""
        self._draft = draft

    def shown(self) -> None:
        """The page is the one that is seen."""

    def retheme(self) -> None:
        """The theme changed."""

    def entered_value(self, **fields: Any) -> None:
        """Hand an entry to the wizard."""
        if not self._loading and self._draft is not None:
            self._change_draft(**fields)

    # -- the keyboard ------------------------------------------------------------------------------------

    def fields(self) -> tuple[QWidget, ...]:
        """What is entered on the page, in reading order: where Enter leads."""
        return ()

    def stops(self) -> tuple[QWidget, ...]:
        """Where Tab stops, in reading order."""
        return self.fields()

    def field_of(self, field: Field) -> QWidget | None:  # noqa: ARG002 - for the pages
        """The widget in which a field is entered."""
        return self.first_field

    def accept(self, focus: QWidget | None) -> bool:  # noqa: ARG002 - for the pages
        """Enter was pressed: take what the field shows; True where the officer should see that first."""
        return False

    def escape(self) -> bool:
        """Esc was pressed: end what is half done; False where there is nothing and the page may be left."""
        return False

    def field_after(self, focus: QWidget | None) -> QWidget | None:
        """The next field that can be entered; None after the last."""
        seen = False
        for field in self.fields():
            if seen and field.isVisible() and field.isEnabled():
                return field
            if focus is not None and (field is focus or field.isAncestorOf(focus)):
                seen = True
        return None


class SideBySide(QBoxLayout):
    """Two halves beside each other, below each other where there is little room."""

    def __init__(self, parent: QWidget | None = None, *, spacing: int = 24, narrow: int = 620) -> None:
        super().__init__(QBoxLayout.Direction.LeftToRight)
        if parent is not None:
            parent.setLayout(self)
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(spacing)
        self._narrow = narrow

    def fit(self, width: int) -> None:
        """The room has this width now."""
        ways = QBoxLayout.Direction
        self.setDirection(ways.LeftToRight if width >= self._narrow else ways.TopToBottom)


class Note(QLabel):
    """The findings of a field, under the field."""

    def __init__(self, *fields: Field, in_full: bool = False) -> None:
        super().__init__()
        self._fields = frozenset(fields)
        self._in_full = in_full
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setObjectName("error")
        self.hide()

    def show_findings(self, findings: Findings, *, tried: bool) -> None:
        """Say what stands against the field; that nothing was entered yet only once it was `tried`."""
        mine = [f for f in findings if f.field in self._fields and (tried or not f.code.endswith("_missing"))]
        self.setText("\n".join(finding_text(f, in_full=self._in_full) for f in mine))
        self.setVisible(bool(mine))


def finding_text(finding: Finding, *, in_full: bool = False) -> str:
    """A finding in a line, with its mark, `in_full` with its reason; a code of a newer service as it is."""
    mark = {Severity.BLOCKS: "\u2715", Severity.CONFIRM: "!", Severity.ADVICE: "\u24d8"}[finding.severity]
    if in_full:
        return f"{mark} {why(finding)}"
    try:
        words = wording.words_for(finding.code, finding.figures)
    except KeyError:
        return f"{mark} {finding.code}"
    stop = "" if words.title.endswith("?") else "."
    return f"{mark} {words.title}{stop} {words.next_step}"


def field_label(text: str, buddy: QWidget) -> QLabel:
    """The label of a field."""
    label = text_label(text, "strong", wrap=False)
    label.setBuddy(buddy)
    return label


def add_field(layout: QVBoxLayout, title: str, field: QWidget, *below: QWidget) -> None:
    """A label, its field, and help or findings below."""
    layout.addWidget(field_label(title, field))
    layout.addWidget(field)
    for widget in below:
        layout.addWidget(widget)
    layout.addSpacing(8)


def show_place(pane: MapPane, place: Point | None) -> None:
    """Mark the incident on a map."""
    at = None if place is None else {"type": "Point", "coordinates": [place.lon, place.lat]}
    pane.set_layer("incident", collection([] if at is None else [feature("incident", at)]))
