"""Canned replies, as the agency keeps them: usual answers in English and Spanish."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from console.client.desk_work import remove_reply, save_reply
from console.desktop.agency.keeping import add_field
from console.desktop.agency.kept import KeptSection
from console.desktop.widgets import column, named, text_label
from console.domain.replies import LANGUAGE_NAMES, PLACEHOLDERS, Reply, ReplyId, unknown
from console.domain.wording import words_for
from console.domain.words import lint

if TYPE_CHECKING:
    from console.client.wishes import Wish

NAME_LENGTH_MAX, TEXT_LENGTH_MAX, _TEXT_HEIGHT = 80, 2_000, 112
PLACEHOLDER_WORDS = (
    "{neighbor}, {place}, {agency}, {name}, {telephone}, {opens} and {closes} are filled in when a member takes the "
    "reply. Everything can be changed before it is sent."
)


class ReplyForm(QWidget):
    """The entries; `changed` after each."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        layout = column(self, margins=0)
        layout.setContentsMargins(0, 0, 12, 0)  # the scroll bar's
        self._name = QLineEdit()
        self._name.setMaxLength(NAME_LENGTH_MAX)
        named(self._name, "agency.reply_name", "Name of the reply")
        self._name.textChanged.connect(self._enter)
        add_field(layout, "Name, as your colleagues look for it", self._name)
        self._english, self._english_said = self._words("agency.reply_english", "English")
        self._spanish, self._spanish_said = self._words("agency.reply_spanish", "Spanish")
        add_field(layout, "English", self._english, self._english_said)
        add_field(layout, "Espa\u00f1ol", self._spanish, self._spanish_said)
        layout.addWidget(text_label(PLACEHOLDER_WORDS, "help"))
        layout.addStretch(1)
        self.show_kept(Reply(ReplyId("new"), ""))

    def _words(self, name: str, title: str) -> tuple[QPlainTextEdit, QWidget]:
        made = QPlainTextEdit()
        made.setTabChangesFocus(True)
        made.setFixedHeight(_TEXT_HEIGHT)
        named(made, name, f"Words in {title}")
        made.textChanged.connect(self._enter)
        return made, text_label("", "error", name=f"{name}_note")

    def show_kept(self, kept: Reply) -> None:
        """Put a reply into the entries."""
        blocked = self.blockSignals(True)
        self._name.setText(kept.name)
        self._english.setPlainText(kept.english)
        self._spanish.setPlainText(kept.spanish)
        self.blockSignals(blocked)
        self._enter()

    def entered(self, ident: ReplyId) -> Reply:
        """What was entered; its name may be empty, which the service would refuse."""
        return Reply(
            id=ident,
            name=" ".join(self._name.text().split()),
            english=self._english.toPlainText().strip(),
            spanish=self._spanish.toPlainText().strip(),
        )

    def stops(self) -> str:
        """What is to be mended before it can be saved."""
        english, spanish = self._english.toPlainText(), self._spanish.toPlainText()
        if max(len(english), len(spanish)) > TEXT_LENGTH_MAX:
            return f"A reply has at most {TEXT_LENGTH_MAX:,} characters in each language."
        if unknown(english + spanish):
            return "Take out or mend the placeholder that is not known, then save."
        if not (english.strip() or spanish.strip()):
            return "Write it in English or in Spanish to save it."
        return ""

    def focus_first(self) -> None:
        """Type the name."""
        self._name.setFocus()

    def _enter(self) -> None:
        for said, words in ((self._english_said, self._english), (self._spanish_said, self._spanish)):
            objections = _objections(words.toPlainText())
            said.setText("\n".join(objections))  # type: ignore[attr-defined]
            said.setVisible(bool(objections))
        self.changed.emit()


def _objections(text: str) -> tuple[str, ...]:
    known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
    said = [f"\u2715 {{{name}}} is not filled in by anything. Use {known}." for name in unknown(text)]
    for found in lint(text):
        words = words_for(found.code, {"words": text[found.start : found.end][:60]})
        said.append(f"! {words.title}. {words.next_step}")
    return tuple(dict.fromkeys(said))


class RepliesSection(KeptSection):
    """The replies."""

    noun = "reply"
    title = "Replies"
    words = "Usual answers of your agency. A member takes one into an answer, reads it, changes it and sends it."
    empty = "No replies yet. Fill in the form and save it: your colleagues find it under Replies beside each answer."

    def make_form(self) -> ReplyForm:
        """Its form."""
        return ReplyForm()

    def blank(self, ident: str) -> Reply:
        """A new one."""
        return Reply(ReplyId(ident), "")

    def known(self) -> tuple[Reply, ...]:
        """The agency's own."""
        profile = self.context.desk.profile
        return () if profile is None else profile.replies

    def about(self, kept: Reply) -> str:
        """Its languages."""
        return " and ".join(LANGUAGE_NAMES[language] for language in kept.languages())

    def save_wish(self, kept: Reply) -> Wish:
        """How it is saved."""
        return save_reply(kept)

    def remove_wish(self, kept: Reply) -> Wish:
        """How it is removed."""
        return remove_reply(kept)

    def if_removed(self, kept: Reply) -> str:
        """What removing it asks."""
        return f"Remove {kept.name}? Answers begun from it stay as they are."
