"""Templates: the list, and one of them in its form."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QWidget

from console.client.agency import remove_template, save_template
from console.desktop.agency.keeping import Asking, Section
from console.desktop.agency.template_form import TemplateForm
from console.desktop.widgets import button, card, column, named, row, scrolling, text_label
from console.domain import offences
from console.domain.templates import Template, TemplateId

if TYPE_CHECKING:
    from collections.abc import Callable

    from console.desktop.agency.keeping import Outcomes
    from console.desktop.context import Context

WORDS = (
    "A template fills in what an officer has left empty: the offense, the words, the window and the circle. It "
    "overwrites nothing, and the check looks at every request as before."
)
EMPTY = "No templates yet. Fill in the form and save it: your colleagues find it when they begin a request."
_NARROW, _LIST_WIDTHS = 900, (216, 320)


class TemplatesSection(Section):
    """The list at the left, the form at the right."""

    def __init__(
        self, context: Context, outcomes: Outcomes, mint: Callable[[], str] = lambda: uuid.uuid4().hex
    ) -> None:
        super().__init__(context, outcomes)
        self._mint = mint
        self._ident = self._new_ident = TemplateId(mint())
        self._loaded = Template(self._ident, "")
        self._typed: dict[TemplateId, Template] = {}  # what was typed into a template and not saved yet
        layout = column(self, margins=24)
        layout.addWidget(text_label("Templates", "title"))
        layout.addWidget(text_label(WORDS, "help"))
        layout.addSpacing(8)
        sides = QHBoxLayout()
        sides.setSpacing(24)
        layout.addLayout(sides, 1)
        self._left = QWidget()
        left = column(self._left, margins=0)
        self._empty = text_label(EMPTY, "help", name="agency.templates_empty")
        left.addWidget(self._empty)
        self._list = QListWidget()
        self._list.setMinimumHeight(160)
        named(self._list, "agency.template_list", "Templates")
        self._list.currentItemChanged.connect(self._choose)
        left.addWidget(self._list, 1)
        self._room = QWidget()  # keeps the words at the top while there is no list
        left.addWidget(self._room, 1)
        left.addLayout(row(button("New template", "agency.template_new", self._begin_new), None))
        sides.addWidget(self._left)
        frame, inner = card()
        self._heading = text_label("New template", "section", name="agency.template_heading")
        inner.addWidget(self._heading)
        self._form = TemplateForm()
        self._form.changed.connect(self._judge)
        inner.addWidget(scrolling(self._form), 1)
        self._trouble = text_label("", "help", name="agency.template_trouble")
        inner.addWidget(self._trouble)
        self._save_button = button("Save template", "agency.template_save", self._save, "primary")
        self._remove = Asking("Remove template", "agency.template_remove", self._save_button)
        self._remove.confirmed.connect(self._remove_it)
        inner.addWidget(self._remove)
        sides.addWidget(frame, 1)
        self.show_now()

    def focus_first(self) -> None:
        """Type the name."""
        self._form.focus_first()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the list gives way."""
        super().resizeEvent(event)
        self._left.setFixedWidth(_LIST_WIDTHS[self.width() >= _NARROW])

    def show_now(self) -> None:
        """The list anew; the form keeps what was typed."""
        known, current = self._known(), self._current()
        if current is not None and current != self._loaded and self._form.entered(self._ident) == self._loaded:
            self._form.show_template(current)
        self._loaded = current or self._loaded
        blocked = self._list.blockSignals(True)
        self._list.clear()
        for template in known:
            offence = offences.BY_CODE.get(template.offence)
            about = "Any offense" if offence is None else f"{offence.code} {offence.name}"
            item = QListWidgetItem(f"{template.name}\n{about}")
            item.setData(Qt.ItemDataRole.UserRole, template.id)
            item.setSizeHint(QSize(0, 54))
            item.setToolTip(template.title)
            self._list.addItem(item)
            if template.id == self._ident:
                self._list.setCurrentItem(item)
        self._list.blockSignals(blocked)
        self._empty.setVisible(not known)
        self._list.setVisible(bool(known))
        self._room.setVisible(not known)
        self._judge()

    def _known(self) -> tuple[Template, ...]:
        profile = self.context.desk.profile
        return () if profile is None else profile.templates

    def _current(self) -> Template | None:
        return next((one for one in self._known() if one.id == self._ident), None)

    def _choose(self, item: QListWidgetItem | None, _before: QListWidgetItem | None = None) -> None:
        found = None if item is None else item.data(Qt.ItemDataRole.UserRole)
        template = next((one for one in self._known() if one.id == found), None)
        if template is not None and template.id != self._ident:
            self._turn_to(template)

    def _begin_new(self) -> None:
        if any(one.id == self._new_ident for one in self._known()):
            self._new_ident = TemplateId(self._mint())
        self._list.setCurrentRow(-1)
        self._turn_to(Template(self._new_ident, ""))
        self._form.focus_first()

    def _turn_to(self, template: Template) -> None:
        entered = self._form.entered(self._ident)
        if entered != self._loaded:
            self._typed[self._ident] = entered
        self._ident, self._loaded = template.id, template
        self._form.show_template(self._typed.pop(template.id, template))

    def _judge(self) -> None:
        current, entered = self._current(), self._form.entered(self._ident)
        if not entered.name:
            said = "Give it a name to save it."
        elif self._form.stops():
            said = "Take out or mend the placeholder that is not known, then save."
        elif entered == current:
            said = "Nothing has been changed."
        else:
            said = ""
        self._trouble.setText(said)
        self._trouble.setVisible(bool(said))
        self._save_button.setEnabled(not said)
        self._heading.setText("New template" if current is None else current.name)
        question = "" if current is None else f"Remove {current.name}? Requests begun from it stay as they are."
        self._remove.ask_about(question)
        self._remove.first.setVisible(current is not None and not self._remove.is_asking)

    def _save(self) -> None:
        entered = self._form.entered(self._ident)
        self._form.focus_first()  # the button is about to be disabled, and would hand the keyboard to the rail
        self.outcomes.keep(save_template(entered))

    def _remove_it(self) -> None:
        current = self._current()
        if current is not None:
            self.outcomes.keep(remove_template(current))
