"""The agency's page: the sections of the member's role at the left, one of them beside, what is on its way above it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QWidget

from console.client.desk import Changed
from console.contract import endpoints as e
from console.desktop.agency.assemblies import AssembliesSection
from console.desktop.agency.deciding import DecidingSection
from console.desktop.agency.keeping import Outcomes, Section
from console.desktop.agency.replies import RepliesSection
from console.desktop.agency.templates import TemplatesSection
from console.desktop.context import Page
from console.desktop.widgets import button, column, scrolling, text_label
from console.domain.members import Role

if TYPE_CHECKING:
    from console.desktop.context import Context

_SECTIONS: dict[str, tuple[str, type[Section], frozenset[Role | e.Party]]] = {
    "assemblies": ("Assemblies", AssembliesSection, e.SAVE_GATHERINGS.who),
    "templates": ("Templates", TemplatesSection, e.SAVE_TEMPLATE.who),
    "replies": ("Replies", RepliesSection, e.SAVE_REPLY.who),
    "deciding": ("Deciding", DecidingSection, e.SAVE_GATHERINGS.who),
}
_WATCHED = frozenset({Changed.AGENCY, Changed.OUTBOX, Changed.CONNECTION})
_NARROW, _SIDES = 1_000, (152, 200)


class AgencyPage(Page):
    """The calendar of assemblies, the templates, the replies, and who decides for whom."""

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self._side = QWidget()
        self._side.setObjectName("steps")
        left = column(self._side, margins=16)
        left.addWidget(text_label("Agency", "section"))
        self.outcomes = Outcomes(context)
        self.sections: dict[str, Section] = {}
        self._buttons: dict[str, QPushButton] = {}
        self._stack = QStackedWidget()
        session = context.desk.session
        role = None if session is None else session.member.role
        for name, (title, make, who) in _SECTIONS.items():
            if role is not None and role not in who:
                continue
            section = self.sections[name] = make(context, self.outcomes)
            self._stack.addWidget(scrolling(section) if section.scrolls else section)
            choice = self._buttons[name] = button(title, f"agency.{name}", partial(self.show_section, name))
            choice.setCheckable(True)
            choice.setAutoExclusive(True)
            left.addWidget(choice)
        left.addStretch(1)
        outer.addWidget(self._side)
        main = QWidget()
        right = column(main, margins=0, spacing=0)
        right.addWidget(self.outcomes)
        right.addWidget(self._stack, 1)
        outer.addWidget(main, 1)
        self.show_section(next(iter(self.sections)))

    def show_section(self, name: str) -> None:
        """Turn to a section."""
        self._buttons[name].setChecked(True)
        self._stack.setCurrentIndex(list(self.sections).index(name))
        self.sections[name].show_now()

    def refresh(self, changed: Changed) -> None:
        """Show what the desk now knows; what was typed stays."""
        if changed in _WATCHED:
            self.outcomes.show_now()
        if changed is Changed.AGENCY:
            for section in self.sections.values():
                section.show_now()

    def entered(self) -> None:
        """The page is on the screen."""
        self.outcomes.show_now()
        for section in self.sections.values():
            section.show_now()
        list(self._buttons.values())[self._stack.currentIndex()].setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the list of sections gives way."""
        super().resizeEvent(event)
        self._side.setFixedWidth(_SIDES[self.width() >= _NARROW])
