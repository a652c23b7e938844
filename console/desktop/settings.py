"""Settings: how it looks, the training city's neighbours, and signing out."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import QTime, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QButtonGroup, QFrame, QLineEdit, QRadioButton, QTimeEdit, QWidget

from console.client.desk import Changed, NotSignedIn
from console.contract import endpoints as e
from console.desktop.context import Context, Page
from console.desktop.feed.notices import QUIET_SETTING, quiet_hours
from console.desktop.widgets import button, card, clear, column, named, row, scrolling, text_label
from console.domain.requests import State
from console.domain.saved_filters import QuietHours

if TYPE_CHECKING:
    from collections.abc import Callable

THEMES = {"system": "As the system", "day": "Day", "night": "Night"}


class SettingsPage(Page):
    """One short page."""

    theme_wanted = Signal(str)
    sign_out_wanted = Signal()

    def __init__(self, context: Context, wanted: str, neighbour_link: Callable[[str], str] | None) -> None:
        super().__init__(context)
        self._neighbour_link = neighbour_link
        content = QWidget()
        layout = column(content, margins=24, spacing=16)
        layout.addWidget(text_label("Settings", "title"))
        looks, inner = card()
        inner.addWidget(text_label("How it looks", "section"))
        self._group = QButtonGroup(self)
        for name, text in THEMES.items():
            choice = QRadioButton(text)
            named(choice, f"settings.theme_{name}", text)
            choice.setChecked(name == wanted)
            choice.setProperty("theme", name)
            self._group.addButton(choice)
            inner.addWidget(choice)
        self._group.buttonClicked.connect(self._choose)
        layout.addWidget(looks)
        if neighbour_link is not None:
            training, self._links = card()
            layout.addWidget(training)
            self._show_links()
        if context.desk.session is not None and context.desk.session.member.role in e.READ_FEED.who:
            layout.addWidget(QuietCard(context))
        who, inner = card()
        inner.addWidget(text_label("Signed in", "section"))
        session = context.desk.session
        if session is not None:
            name = f"{session.member.title} {session.member.name}"
            inner.addWidget(text_label(f"{name}. Drafts stay on this workstation when you sign out.", "help"))
        inner.addLayout(row(button("Sign out", "settings.sign_out", self.sign_out_wanted.emit), None))
        layout.addWidget(who)
        layout.addStretch(1)
        outer = column(self, margins=0)
        outer.addWidget(scrolling(content))

    def refresh(self, changed: Changed) -> None:
        """A published request brings a neighbour's link."""
        if changed is Changed.REQUESTS and self._neighbour_link is not None:
            self._show_links()

    def _choose(self, choice: QRadioButton) -> None:
        self.theme_wanted.emit(choice.property("theme"))

    def _show_links(self) -> None:
        assert self._neighbour_link is not None  # noqa: S101 - only called in training
        clear(self._links)
        self._links.addWidget(text_label("Training: be a neighbor", "section"))
        words = (
            "Open a neighbor\u2019s page in your browser and answer a published request as somebody who lives there."
        )
        self._links.addWidget(text_label(words, "help"))
        asked = [r for r in self.context.desk.requests if r.state is State.PUBLISHED and r.draft.area is not None]
        if not asked:
            self._links.addWidget(
                text_label("No request is published yet. Once a supervisor approves one, it is here.")
            )
        for request in asked[:5]:
            assert request.draft.area is not None  # noqa: S101 - filtered above
            link = self._neighbour_link(request.draft.area.blocks[0])
            field = QLineEdit(link)
            field.setReadOnly(True)
            field.setCursorPosition(0)
            named(field, "settings.link", f"Link of a neighbor asked by {request.number}")
            self._links.addWidget(text_label(f"{request.number} \u00b7 {request.draft.title}", "strong"))
            opener = button("Open in the browser", "settings.open_link", _Opener(link))
            self._links.addLayout(row(field, opener))


class QuietCard(QFrame):
    """When a member is not told of new posts."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName("card")
        self._context = context
        layout = column(self, margins=16)
        layout.addWidget(text_label("Notifications", "section"))
        words = (
            "You are told of new posts only in saved filters for which you asked it (Feed, right-click a filter), at "
            "most once a minute, and not in quiet hours: then they stand in the morning\u2019s summary."
        )
        layout.addWidget(text_label(words, "help"))
        quiet = quiet_hours(context)
        self._begins, self._ends = QTimeEdit(), QTimeEdit()
        for field, name, at in ((self._begins, "Quiet from", quiet.begins), (self._ends, "Quiet until", quiet.ends)):
            field.setDisplayFormat("HH:mm")
            field.setTime(QTime.fromString(at, "HH:mm"))
            named(field, f"settings.{name.lower().replace(' ', '_')}", name)
            field.timeChanged.connect(self._keep)
        layout.addLayout(
            row(text_label("Quiet from", wrap=False), self._begins, text_label("until", wrap=False), self._ends, None)
        )
        layout.addWidget(text_label("The same time twice means never quiet.", "help"))

    def _keep(self) -> None:
        hours = QuietHours(self._begins.time().toString("HH:mm"), self._ends.time().toString("HH:mm"))
        with suppress(NotSignedIn):
            self._context.desk.keep_setting(QUIET_SETTING, msgspec.json.encode(hours).decode())


class _Opener:
    """Opens one link of our own making."""

    def __init__(self, link: str) -> None:
        self._link = link

    def __call__(self) -> None:
        QDesktopServices.openUrl(QUrl(self._link))
