"""The calendar of assemblies: what is coming and what was, one by hand, many from a file."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QStackedWidget, QWidget

from console.client.agency import remove_gathering, save_gatherings
from console.client.calendars import Places
from console.desktop.agency.assembly_form import AssemblyForm
from console.desktop.agency.importing import ImportBar, Preview, batches
from console.desktop.agency.keeping import Asking, Section
from console.desktop.widgets import button, card, column, named, scrolling, text_label

if TYPE_CHECKING:
    from console.client.calendars import CalendarRead
    from console.desktop.agency.keeping import Outcomes
    from console.desktop.context import Context
    from console.domain.assemblies import Gathering

WORDS = (
    "A request whose blocks and time meet an assembly needs two approvals, and says so publicly. The calendar is for "
    "that alone: it lists lawful gatherings, never people."
)
EMPTY = (
    "No assemblies on the calendar. Add one by hand, or import the calendar of permits that your city keeps: "
    "a request can only be held against what is here."
)
_NARROW, _SIDE_WIDTHS = 900, (308, 384)


class AssembliesSection(Section):
    """The list at the left, or what a file holds; entering and importing at the right."""

    def __init__(self, context: Context, outcomes: Outcomes) -> None:
        super().__init__(context, outcomes)
        self._chosen = ""
        layout = column(self, margins=24)
        layout.addWidget(text_label("Assemblies", "title"))
        layout.addWidget(text_label(WORDS, "help"))
        layout.addSpacing(8)
        sides = QHBoxLayout()
        sides.setSpacing(24)
        layout.addLayout(sides, 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._make_list())
        self._preview = Preview(self.words)
        self._preview.saved.connect(self._save_read)
        self._preview.left.connect(self._leave_preview)
        self._stack.addWidget(self._preview)
        sides.addWidget(self._stack, 1)
        side = QWidget()
        right = column(side, margins=0, spacing=16)
        right.setContentsMargins(0, 0, 12, 0)  # the scroll bar's
        frame, inner = card()
        self._form = AssemblyForm(context, Places(context.ground))
        self._form.wanted.connect(self._save_one)
        inner.addWidget(self._form)
        right.addWidget(frame)
        frame, inner = card()
        self._import = ImportBar(context)
        self._import.read.connect(self._show_read)
        inner.addWidget(self._import)
        right.addWidget(frame)
        right.addStretch(1)
        self._side = scrolling(side)
        sides.addWidget(self._side)
        self.show_now()

    def _make_list(self) -> QWidget:
        made = QWidget()
        left = column(made, margins=0)
        self._empty = text_label(EMPTY, "help", name="agency.assemblies_empty")
        left.addWidget(self._empty)
        self._list = QListWidget()
        self._list.setMinimumHeight(200)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        named(self._list, "agency.assembly_list", "Assemblies")
        self._list.currentItemChanged.connect(self._choose)
        left.addWidget(self._list, 1)
        self._change = button("Change", "agency.assembly_change", self._change_it)
        self._remove = Asking("Remove", "agency.assembly_remove", self._change)
        self._remove.confirmed.connect(self._remove_it)
        left.addWidget(self._remove)
        self._room = QWidget()  # keeps the words at the top while there is no list
        left.addWidget(self._room, 1)
        return made

    def focus_first(self) -> None:
        """Type a name."""
        self._form.focus_first()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the forms give way."""
        super().resizeEvent(event)
        self._side.setFixedWidth(_SIDE_WIDTHS[self.width() >= _NARROW])

    # What is shown

    def show_now(self) -> None:
        """The list anew; the forms, a question and a preview stay."""
        now = self.context.clock()
        known = self._known()
        coming = sorted((g for g in known if g.ends > now), key=lambda g: (g.begins, g.id))
        recent = sorted((g for g in known if g.ends <= now), key=lambda g: (g.begins, g.id), reverse=True)
        blocked = self._list.blockSignals(True)
        self._list.clear()
        for heading, group in (("Coming", coming), ("Recent", recent)):
            if group:
                title = QListWidgetItem(f"{heading} ({len(group):,})")
                title.setFlags(Qt.ItemFlag.NoItemFlags)
                title.setFont(_strong(self))
                self._list.addItem(title)
            for gathering in group:
                item = QListWidgetItem(self.words(gathering))
                item.setData(Qt.ItemDataRole.UserRole, gathering.id)
                item.setSizeHint(QSize(0, 72))
                self._list.addItem(item)
                if gathering.id == self._chosen:
                    self._list.setCurrentItem(item)
        self._list.blockSignals(blocked)
        self._empty.setVisible(not known)
        self._list.setVisible(bool(known))
        self._room.setVisible(not known)
        self._show_chosen()

    def words(self, gathering: Gathering) -> str:
        """An assembly in three lines: name, when, where."""
        begins, ends = (at.astimezone(self.context.zone()) for at in (gathering.begins, gathering.ends))
        until = ends.strftime("%H:%M" if ends.date() == begins.date() else "%a %b %d %H:%M")
        when = f"{begins.strftime('%a %b %d, %Y %H:%M')} \u2013 {until} {ends.tzname()}"
        return f"{gathering.name}\n{when}\n{self._where(gathering)} \u00b7 {gathering.around_m:,.0f} m around"

    def _where(self, gathering: Gathering) -> str:
        middle = gathering.points[len(gathering.points) // 2]
        street = self.context.ground.index.nearest_street(middle)
        if len(gathering.points) > 1:
            return f"Along {street.name}" if street is not None else f"A route of {len(gathering.points)} points"
        return f"Near {street.name}" if street is not None else f"{middle.lat:.5f}, {middle.lon:.5f}"

    def _known(self) -> tuple[Gathering, ...]:
        profile = self.context.desk.profile
        return () if profile is None else profile.gatherings

    def _current(self) -> Gathering | None:
        return next((g for g in self._known() if g.id == self._chosen), None)

    def _choose(self, item: QListWidgetItem | None, _before: QListWidgetItem | None = None) -> None:
        found = None if item is None else item.data(Qt.ItemDataRole.UserRole)
        if found is not None:
            self._chosen = str(found)
            self._show_chosen()

    def _show_chosen(self) -> None:
        current = self._current()
        question = ""
        if current is not None:
            question = f"Remove {current.name}? Requests that met it already go on to need two approvals."
        self._remove.ask_about(question)
        self._remove.setVisible(bool(self._known()))
        self._change.setEnabled(current is not None)

    # What is wanted

    def _save_one(self, gathering: Gathering) -> None:
        self._form.focus_first()  # the button is about to be disabled, and would hand the keyboard to the rail
        self.outcomes.keep(save_gatherings((gathering,)), partial(self._form.saved, gathering))

    def _change_it(self) -> None:
        current = self._current()
        if current is None:
            return
        first = current.points[0]
        place = f"{first.lat:.5f}, {first.lon:.5f}" if len(current.points) == 1 else self._where(current)
        self._form.change(current, place)

    def _remove_it(self) -> None:
        current = self._current()
        if current is not None:
            self.outcomes.keep(remove_gathering(current))

    def _show_read(self, name: str, read: CalendarRead) -> None:
        self._preview.show_read(name, read, frozenset(g.id for g in self._known()))
        self._stack.setCurrentWidget(self._preview)

    def _save_read(self, gatherings: tuple[Gathering, ...]) -> None:
        kept = [self.outcomes.keep(save_gatherings(part)) for part in batches(gatherings)]
        if all(kept):
            self._leave_preview()

    def _leave_preview(self) -> None:
        self._stack.setCurrentIndex(0)
        self._list.setFocus()


def _strong(widget: QWidget) -> QFont:
    font = QFont(widget.font())
    font.setBold(True)
    return font
