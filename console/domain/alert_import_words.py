"""The words of what stands against importing a CAP message, and of what its author has to know. Words only here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.domain.cap import CapTrouble
from console.domain.cap_wording import TROUBLES, trouble_words
from console.domain.wording import Words, closed

if TYPE_CHECKING:
    from collections.abc import Mapping

REFUSALS: dict[str, Words] = {
    code: Words(*row)
    for code, row in {
        "import_unreadable": (
            "The file cannot be read",
            "It is gone, or you may not read it.",
            "Choose it again, or export the alert anew.",
        ),
        "import_encoding": (
            "The letters of this file cannot be told",
            "It is in an encoding that XML files rarely have, or is not text.",
            "Export the alert again as UTF-8.",
        ),
        "import_status": (
            "This message is marked {given}",
            "Only messages for the public (Actual) and exercises or tests are opened.",
            "Choose the alert itself.",
        ),
        "import_scope": (
            "This message is not for the public: its scope is {given}",
            "What is posted here is read by everybody.",
            "Ask whoever sent it whether it may be made public, and export it as Public.",
        ),
        "import_kind": (
            "This is no alert but a message between systems ({given})",
            "It tells another system that a message arrived, or did not.",
            "Choose the alert, its update or its cancellation.",
        ),
        "import_reference_unknown": (
            "It is about an alert that your agency has not published here",
            "An update or an all-clear goes to everybody who saw the first message.",
            "Open the alert that it is about and write the update there, or import the first message.",
        ),
        "import_reference_many": (
            "It is about {given} alerts at once",
            "An update or an all-clear is about one.",
            "Write one for each of them, with U in the alert.",
        ),
        "import_reference_over": (
            "The alert that it is about is over: \u201c{given}\u201d",
            "What is over takes no more updates.",
            "Write a new alert if there is something to say.",
        ),
        "import_no_info": (
            "The message says nothing",
            "It has no text in any language.",
            "Export the alert with its text.",
        ),
        "import_language": (
            "The message is neither in English nor in Spanish",
            "It is in: {given}.",
            "Have it translated, or write the alert here.",
        ),
    }.items()
}
NOTES: dict[str, Words] = {
    code: Words(*row)
    for code, row in {
        "import_exercise": (
            "The message is marked as an EXERCISE",
            "Sent from here, neighbors read it as a real alert.",
            "Discard it, or say in its words that it is an exercise.",
        ),
        "import_test": (
            "The message is marked as a TEST",
            "Sent from here, neighbors read it as a real alert.",
            "Discard it when you have seen that it arrives.",
        ),
        "import_languages": ("Left out: the text in {given}", "Alerts are in English and Spanish.", ""),
        "import_more_infos": (
            "The message has more than one text in a language",
            "The first was taken.",
            "Read the others in your alerting system.",
        ),
        "import_resources": (
            "Left out: attached files and links to files ({given})",
            "No address in the message is opened.",
            "Add pictures below.",
        ),
        "import_left_out": ("Left out: {given}", "An alert has no field for it.", "Say it in the text if needed."),
        "import_area_joined": (
            "The message has {given} areas apart",
            "An alert has one: what is drawn goes around all of them.",
            "Draw it closer if too many people would be told.",
        ),
        "import_area_by_code": (
            "The area is named by code only ({given})",
            "Codes are not drawn here.",
            "Draw the area on the map.",
        ),
        "import_event": (
            "The event \u201c{given}\u201d was taken as {kind}",
            "",
            "Choose another kind if that is wrong.",
        ),
    }.items()
}


def import_words(code: str, where: str = "", figures: Mapping[str, str] | None = None) -> Words:
    """The words of a refusal or a note with its figures filled in; a code of a newer service as it is."""
    known = REFUSALS.get(code) or NOTES.get(code)
    if known is None:
        if code not in TROUBLES:
            return Words(code, "", "")
        return trouble_words(CapTrouble(code, where, dict(figures or {})))
    blanks = _Blanks(figures or {})
    return Words(*(text.format_map(blanks) for text in (known.title, known.reason, known.next_step)))


def import_line(code: str, where: str = "", figures: Mapping[str, str] | None = None) -> str:
    """As `import_words`, in a line."""
    said = import_words(code, where, figures)
    return " ".join(part for part in (closed(said.title), said.reason, said.next_step) if part)


class _Blanks(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "\u2026"
