"""The entries of the first page that know more than a line of text: case number, offence, place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QListWidget, QListWidgetItem, QWidget

from console.client.gateway import Unreachable
from console.contract.problems import Problem
from console.desktop.widgets import column, named, text_label
from console.domain import case_numbers, offences
from console.domain.requests import CaseCheck
from console.domain.wording import CASE_CHECKS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from console.desktop.context import Context

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_MARKS = {CaseCheck.VERIFIED: "\u2713", CaseCheck.NOT_KNOWN: "\u2715", CaseCheck.NOT_VERIFIED: "\u24d8"}
_KINDS = {CaseCheck.VERIFIED: "good", CaseCheck.NOT_KNOWN: "error", CaseCheck.NOT_VERIFIED: "help"}


class CaseEdit(QLineEdit):
    """A case number: what is pasted with spaces around it is trimmed."""

    typed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setMaxLength(60)
        named(self, "wizard.case_number", "Case number")
        self.textChanged.connect(self._trim)

    def _trim(self, text: str) -> None:
        trimmed = text.strip().strip("\u200b\ufeff")
        if trimmed != text:
            self.setText(trimmed)  # comes back here without the spaces
        else:
            self.typed.emit(text)


class CaseRecords(QWidget):
    """What the agency's own records say of the case number: asked on leaving the field, never in the way."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._asked = ""
        self._label = text_label("", "help", name="wizard.case_check")
        column(self, margins=0).addWidget(self._label)
        self.hide()

    def forget(self, number: str) -> None:
        """The number changed: what was said of another one no longer counts."""
        if case_numbers.tidy(number) != self._asked:
            self._asked = ""
            self.hide()

    def ask(self, number: str) -> None:
        """Ask about a number that fits the agency's form, once."""
        agency = self._context.agency
        number = case_numbers.tidy(number)
        year = self._context.clock().astimezone(self._context.zone()).year
        if not agency.records_url or not number or number == self._asked:
            return
        if case_numbers.judge(number, agency.case_masks, year) is not None:
            return
        self._asked = number
        self._say("Asking your agency\u2019s records\u2026", "help")
        self._context.start(self._look_up(number))

    async def _look_up(self, number: str) -> None:
        try:
            answer = await self._context.desk.check_case(number)
        except Unreachable:
            said = CaseCheck.NOT_VERIFIED
        else:
            known = not isinstance(answer, Problem) and answer.result in set(CaseCheck)
            said = CaseCheck(answer.result) if known and not isinstance(answer, Problem) else CaseCheck.NOT_VERIFIED
        if number == self._asked:  # else another number was typed meanwhile
            self._say(f"{_MARKS[said]} {CASE_CHECKS[said]}", _KINDS[said])

    def _say(self, words: str, kind: str) -> None:
        self._label.setText(words)
        self._label.setObjectName(kind)
        self._label.style().polish(self._label)
        self.show()


class _OffenceList(QListWidget):
    def focusInEvent(self, event: QFocusEvent) -> None:
        """Coming in by Tab chooses nothing."""
        blocked = self.blockSignals(True)
        model = self.selectionModel()
        was = model.blockSignals(True)
        super().focusInEvent(event)
        model.blockSignals(was)
        self.blockSignals(blocked)


class OffenceField(QWidget):
    """Typing filters, Up and Down move in the list while the focus stays, Enter picks."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._code = ""
        layout = column(self, margins=0, spacing=4)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search by code or words, such as porch")
        named(self.search, "wizard.offence_search", "Search offenses: Up and Down choose, Enter takes the first")
        self.search.textChanged.connect(self._fill)
        self.search.installEventFilter(self)
        self.list = _OffenceList()
        self.list.setFixedHeight(116)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        named(self.list, "wizard.offence", "Offense")
        self.list.currentItemChanged.connect(self._picked)
        self._said = text_label("", "strong", name="wizard.offence_chosen")
        for widget in (self.search, self.list, self._said):
            layout.addWidget(widget)
        self.setFocusProxy(self.search)
        self._fill("")

    def show_code(self, code: str) -> None:
        """Show what is chosen."""
        self._code = code
        offence = offences.BY_CODE.get(code)
        self._said.setText(f"Chosen: {offence.code} {offence.name}" if offence else "None chosen yet")

    def reset(self, code: str) -> None:
        """Begin with another draft."""
        self.show_code(code)
        blocked = self.search.blockSignals(True)
        self.search.clear()
        self.search.blockSignals(blocked)
        self._fill("")

    def pick_first(self) -> None:
        """Enter in the search: the match that is marked, else the first one."""
        if self.search.text().strip() and self.list.currentRow() < 0 and self.list.count():
            self.list.setCurrentRow(0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and Down in the search move in the list."""
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            way = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
            if way and self.list.count():
                row = max(0, min(self.list.count() - 1, self.list.currentRow() + way))
                self.list.setCurrentRow(row)
                return True
        return super().eventFilter(watched, event)

    def _fill(self, text: str) -> None:
        blocked = self.list.blockSignals(True)
        self.list.clear()
        for offence in offences.search(text):
            item = QListWidgetItem(f"{offence.code}  {offence.name}")
            item.setData(Qt.ItemDataRole.UserRole, offence.code)
            self.list.addItem(item)
            if offence.code == self._code:
                self.list.setCurrentItem(item)
        if not self.list.count():
            nothing = QListWidgetItem("No offense with these words. Try a code or another word.")
            nothing.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(nothing)
        self.list.blockSignals(blocked)

    def _picked(self, item: QListWidgetItem | None, _before: QListWidgetItem | None = None) -> None:
        code = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        if code is not None:
            self.chosen.emit(str(code))


class PlaceEdit(QLineEdit):
    """A place in words: Enter looks it up and stays; Enter once more goes on."""

    asked = Signal(str)

    def __init__(self, streets: Iterable[str]) -> None:
        super().__init__()
        self._answered = ""
        self.setMaxLength(200)
        self.setPlaceholderText("Street, crossing (Halsted & 18th) or coordinates")
        named(self, "wizard.street", "Where: a street, a crossing or coordinates")
        completer = QCompleter(sorted(set(streets)), self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.setCompleter(completer)

    def forget(self) -> None:
        """What was answered no longer counts: the next Enter asks again."""
        self._answered = ""

    def empty(self) -> None:
        """Take the words away without saying so: the place was chosen on the map."""
        blocked = self.blockSignals(True)
        self.clear()
        self.blockSignals(blocked)
        self._answered = ""

    def close_list(self) -> bool:
        """Close the list of streets; False where it is not open."""
        completer = self.completer()
        popup = completer.popup() if completer is not None else None
        if popup is None or not popup.isVisible():
            return False
        popup.hide()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter on words that were not looked up yet looks them up."""
        plain = event.modifiers() in {Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier}
        if event.key() in _ENTER and plain and self._is_new():
            self.close_list()  # it would swallow the next click
            self._ask()
            event.accept()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving the field looks the words up, too."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason and self._is_new():
            self._ask()

    def _is_new(self) -> bool:
        return bool(self.text().strip()) and self.text() != self._answered

    def _ask(self) -> None:
        self._answered = self.text()
        self.asked.emit(self.text())
