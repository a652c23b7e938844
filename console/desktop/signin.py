"""The first pages of the window: what is being prepared, and who signs in."""

from __future__ import annotations

from functools import partial

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLineEdit, QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from console.desktop.widgets import button, card, clear, lamp, named, text_label
from console.domain.members import NEUTRAL_DESK, Member, Role


class TrainingMember(msgspec.Struct, frozen=True):
    """A training member to sign in as; the password is made from the secret of this start."""

    username: str
    password: str
    member: Member
    says: str

    def __repr__(self) -> str:
        """Without the password."""
        return f"TrainingMember({self.username!r})"


ROLE_NAMES = {
    Role.OFFICER: "Officer",
    Role.SUPERVISOR: "Supervisor",
    Role.MODERATOR: "Moderator",
    Role.AUDITOR: "Auditor",
    Role.ADMIN: "Administrator",
    Role.NEUTRAL_MODERATOR: "Neutral moderator",
}
_COLUMNS, _CARD_WIDTH, _GAP = 3, 264, 16
_ERROR_WIDTH = 320


class Opening(QWidget):
    """What is being prepared, in words and as a bar."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("welcome")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        layout = QVBoxLayout(self)
        layout.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout.setSpacing(16)
        layout.addWidget(lamp(), alignment=Qt.AlignmentFlag.AlignHCenter)
        self._words = text_label("Opening Porchlight\u2026", "section", wrap=False)
        self._bar = QProgressBar()
        self._bar.setRange(0, 1000)
        self._bar.setFixedWidth(360)
        self._bar.setAccessibleName("Progress")
        self._advice = text_label("", "error")
        self._advice.setFixedWidth(360)
        for widget in (self._words, self._bar, self._advice):
            layout.addWidget(widget, alignment=Qt.AlignmentFlag.AlignHCenter)

    def show_progress(self, text: str, share: float) -> None:
        """A step and how far it is, 0 to 1."""
        self._words.setText(text + ("\u2026" if share < 1 else ""))
        self._bar.setValue(int(share * 1000))

    def show_failure(self, title: str, advice: str) -> None:
        """It did not work, and what to do."""
        self._words.setText(title)
        self._bar.hide()
        self._advice.setText(advice)


class SignIn(QWidget):
    """Pick a training member, or give name and password."""

    wanted = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("welcome")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        outer = QVBoxLayout(self)
        outer.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._body = QVBoxLayout()
        self._body.setSpacing(16)
        outer.addStretch(1)
        outer.addLayout(self._body)
        self._error = text_label("", "error", name="signin.error")
        self._error.setMinimumWidth(_ERROR_WIDTH)
        outer.addStretch(1)
        self._username = QLineEdit()
        self._password = QLineEdit()

    def offer(self, training: tuple[TrainingMember, ...]) -> None:
        """Show the picker in training, else the form."""
        self._body.removeWidget(self._error)
        self._error.setParent(self)
        clear(self._body)
        self._error.setText("")
        self._error.hide()
        if training:
            self._offer_training(training)
        else:
            self._offer_form()

    def show_error(self, text: str) -> None:
        """Why it did not work, above the names: they may fill the window."""
        self._error.setText(text)
        self._error.setVisible(bool(text))
        self.setEnabled(True)
        if self._password.isVisible():
            self._password.setFocus()

    def _offer_training(self, training: tuple[TrainingMember, ...]) -> None:
        self._body.addWidget(lamp())
        self._body.addWidget(text_label("Who are you today?", "title"))
        self._body.addWidget(self._error)
        words = (
            "This is training: an invented city on this computer. Nobody here is real and nothing leaves this machine."
        )
        self._body.addWidget(text_label(words, "help"))
        holder = QWidget()
        holder.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(_GAP)
        self._add_people(grid, tuple(one for one in training if one.member.agency != NEUTRAL_DESK))
        services = tuple(one for one in training if one.member.agency == NEUTRAL_DESK)
        if services:
            grid.addWidget(text_label("The service", "section"), grid.rowCount(), 0, 1, _COLUMNS)
            self._add_people(grid, services)
        self._body.addWidget(holder)

    def _add_people(self, grid: QGridLayout, people: tuple[TrainingMember, ...]) -> None:
        first = grid.rowCount()
        for number, person in enumerate(people):
            grid.addWidget(self._person(person), first + number // _COLUMNS, number % _COLUMNS)

    def _person(self, person: TrainingMember) -> QFrame:
        frame, layout = card()
        frame.setFixedWidth(_CARD_WIDTH)
        layout.addWidget(text_label(f"{person.member.title} {person.member.name}", "strong"))
        layout.addWidget(text_label(ROLE_NAMES[person.member.role], "small"))
        layout.addWidget(text_label(person.says, "help"))
        layout.addStretch(1)
        sign_in = button(
            f"Sign in as {person.member.title.lower()}",
            f"signin.{person.username}",
            partial(self._choose, person.username, person.password),
        )
        layout.addWidget(sign_in)
        return frame

    def _offer_form(self) -> None:
        self._body.addWidget(lamp())
        self._body.addWidget(text_label("Sign in", "title"))
        self._body.addWidget(self._error)
        self._username, self._password = QLineEdit(), QLineEdit()
        self._password.setEchoMode(QLineEdit.EchoMode.Password)
        for label, field, name in (
            ("User name", self._username, "signin.username"),
            ("Password", self._password, "signin.password"),
        ):
            self._body.addWidget(text_label(label))
            named(field, name, label)
            field.setFixedWidth(320)
            self._body.addWidget(field)
            field.returnPressed.connect(self._send)
        self._body.addWidget(button("Sign in", "signin.send", self._send, "primary"))
        self._username.setFocus()

    def _send(self) -> None:
        if not self._username.text().strip() or not self._password.text():
            self.show_error("Enter your user name and your password.")
            return
        self._choose(self._username.text().strip(), self._password.text())
        self._password.clear()

    def _choose(self, username: str, password: str) -> None:
        self._error.hide()
        self.setEnabled(False)
        self.wanted.emit(username, password)
