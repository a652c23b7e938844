"""The form of a template: what may be left open, and what the rules say of its words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QListWidget, QListWidgetItem, QPlainTextEdit, QWidget

from console.desktop.agency.keeping import add_field, figure, label_for
from console.desktop.widgets import button, column, named, row, text_label
from console.domain import offences
from console.domain.drafts import TEXT_LENGTH_MAX, TITLE_LENGTH_MAX
from console.domain.templates import PLACEHOLDERS, Template, TemplateId
from console.domain.wording import words_for
from console.domain.words import lint

if TYPE_CHECKING:
    from PySide6.QtWidgets import QVBoxLayout

NAME_LENGTH_MAX, MINUTES_MAX, RADIUS_MAX_M = 80, 12 * 60, 1_000
PLACEHOLDER_WORDS = (
    "{place}, {date}, {begins} and {ends} are filled in from each request: its street, the day of the incident, and "
    "the times of its window. Everything can be changed in the request."
)
_BRACES = re.compile(r"\{([^{}]*)\}")
_OFFENCES_HEIGHT, _TEXT_HEIGHT = 116, 128


def objections(text: str) -> tuple[str, ...]:
    """What the rules of words and placeholders say of a title or a text."""
    unknown = sorted({name for name in _BRACES.findall(text) if name not in PLACEHOLDERS})
    known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
    said = [f"\u2715 {{{name[:40]}}} is not filled in by anything. Use {known}." for name in unknown]
    for finding in dict.fromkeys((f.code, text[f.start : f.end]) for f in lint(text)):
        code, found = finding
        words = words_for(code, {"words": found[:60]})
        quoted = "" if found[:60] in words.title else f"\u201c{found[:60]}\u201d: "
        said.append(f"! {quoted}{words.title}. {words.next_step}")
    return tuple(said)


class TemplateForm(QWidget):
    """The entries; `changed` after each."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._offence = ""
        layout = column(self, margins=0)
        layout.setContentsMargins(0, 0, 12, 0)  # the scroll bar's
        self._name = QLineEdit()
        self._name.setMaxLength(NAME_LENGTH_MAX)
        named(self._name, "agency.template_name", "Name of the template")
        self._name.textChanged.connect(self._enter)
        add_field(layout, "Name, as your colleagues look for it", self._name)
        self._add_offence(layout)
        self._title = QLineEdit()
        self._title.setMaxLength(TITLE_LENGTH_MAX)
        named(self._title, "agency.template_title", "Title")
        self._title.textChanged.connect(self._enter)
        self._title_said = text_label("", "error", name="agency.template_title_note")
        add_field(layout, "Title", self._title, self._title_said)
        self._text = QPlainTextEdit()
        self._text.setTabChangesFocus(True)
        self._text.setFixedHeight(_TEXT_HEIGHT)
        named(self._text, "agency.template_text", "Text")
        self._text.textChanged.connect(self._enter)
        self._text_said = text_label("", "error", name="agency.template_text_note")
        add_field(layout, "Text", self._text, text_label(PLACEHOLDER_WORDS, "help"), self._text_said)
        self._before = figure("agency.template_before", "Minutes before the incident", MINUTES_MAX, " min before", 15)
        self._after = figure("agency.template_after", "Minutes after the incident", MINUTES_MAX, " min after", 15)
        self._radius = figure("agency.template_radius", "Radius in meters", RADIUS_MAX_M, " m", 25)
        self._radius.setSpecialValueText("not drawn")
        for field in (self._before, self._after, self._radius):
            field.valueChanged.connect(self._enter)
        layout.addWidget(label_for("Window around the incident", self._before))
        layout.addLayout(row(self._before, self._after, None))
        layout.addWidget(label_for("Circle around the place", self._radius))
        layout.addLayout(row(self._radius, None))
        layout.addStretch(1)
        self.show_kept(Template(TemplateId("new"), ""))

    def _add_offence(self, layout: QVBoxLayout) -> None:
        self._search = QLineEdit()
        self._search.setPlaceholderText("Search by code or words, such as porch")
        named(self._search, "agency.offence_search", "Search offences")
        self._search.textChanged.connect(self._fill_offences)
        self._offences = QListWidget()
        self._offences.setFixedHeight(_OFFENCES_HEIGHT)
        self._offences.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        named(self._offences, "agency.offence", "Offence")
        self._offences.currentItemChanged.connect(self._offence_chosen)
        self._chosen: QLabel = text_label("", "help", name="agency.offence_chosen", wrap=False)
        self._any = button("Any offense", "agency.offence_any", self._choose_any, "plain")
        add_field(layout, "Offense (NIBRS)", self._search, self._offences)
        layout.addLayout(row(self._chosen, self._any, None))

    def show_kept(self, template: Template) -> None:
        """Put a template into the entries."""
        blocked = self.blockSignals(True)
        self._name.setText(template.name)
        self._offence = template.offence
        self._search.clear()
        self._fill_offences("")
        self._title.setText(template.title)
        self._text.setPlainText(template.text)
        self._before.setValue(template.minutes_before)
        self._after.setValue(template.minutes_after)
        self._radius.setValue(round(template.radius_m))
        self.blockSignals(blocked)
        self._enter()

    def entered(self, ident: TemplateId) -> Template:
        """What was entered; its name may be empty, which the service would refuse."""
        return Template(
            id=ident,
            name=" ".join(self._name.text().split()),
            offence=self._offence,
            title=self._title.text().strip(),
            text=self._text.toPlainText().strip()[:TEXT_LENGTH_MAX],
            minutes_before=self._before.value(),
            minutes_after=self._after.value(),
            radius_m=float(self._radius.value()),
        )

    def stops(self) -> str:
        """What is to be mended before it can be saved: a placeholder that nothing fills in."""
        words = f"{self._title.text()} {self._text.toPlainText()}"
        is_strange = any(name not in PLACEHOLDERS for name in _BRACES.findall(words))
        return "Take out or mend the placeholder that is not known, then save." if is_strange else ""

    def focus_first(self) -> None:
        """Type the name."""
        self._name.setFocus()

    def _enter(self) -> None:
        for label, text in ((self._title_said, self._title.text()), (self._text_said, self._text.toPlainText())):
            said = objections(text)
            label.setText("\n".join(said))
            label.setVisible(bool(said))
        self.changed.emit()

    def _fill_offences(self, text: str) -> None:
        blocked = self._offences.blockSignals(True)
        self._offences.clear()
        for offence in offences.search(text) if text.strip() else ():
            item = QListWidgetItem(f"{offence.code}  {offence.name}")
            item.setData(Qt.ItemDataRole.UserRole, offence.code)
            self._offences.addItem(item)
            if offence.code == self._offence:
                self._offences.setCurrentItem(item)
        self._offences.blockSignals(blocked)
        self._offences.setVisible(bool(text.strip()))
        self._say_offence()

    def _offence_chosen(self, item: QListWidgetItem | None, _before: QListWidgetItem | None) -> None:
        if item is not None:
            self._offence = str(item.data(Qt.ItemDataRole.UserRole))
            self._say_offence()
            self._enter()

    def _choose_any(self) -> None:
        self._offence = ""
        self._search.clear()
        self._say_offence()
        self._enter()

    def _say_offence(self) -> None:
        chosen = offences.BY_CODE.get(self._offence)
        self._any.setVisible(chosen is not None)
        if chosen is not None:
            self._chosen.setText(f"Chosen: {chosen.code} {chosen.name}")
        elif self._search.text().strip() and not self._offences.count():
            self._chosen.setText("No offense has these words. Try fewer of them.")
        else:
            self._chosen.setText("Chosen: any offense")
