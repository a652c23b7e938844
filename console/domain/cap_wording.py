"""The words of CAP's codes, in English: title, reason and next step, and the names of its code lists.

Codes live in `cap_rules`, words only here; a test proves that each has all three.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.domain.cap import CapCategory, CapCertainty, CapMessageType, CapResponseType, CapSeverity, CapUrgency
from console.domain.wording import Words

if TYPE_CHECKING:
    from console.domain.cap import CapTrouble

_ASK = "Ask whoever runs the alerting system to mend it, or write the alert here."

TROUBLES: dict[str, Words] = {
    code: Words(*row)
    for code, row in {
        "cap_empty": ("The file is empty", "It holds no message.", "Export the alert again and choose that file."),
        "cap_too_large": (
            "The message is too large",
            "It has {given}; at most {limit} are read.",
            "Leave attachments out: CAP can link to them instead.",
        ),
        "cap_too_deep": (
            "The message is nested too deep",
            "A CAP message has five levels; this has more than {limit}.",
            _ASK,
        ),
        "cap_doctype": (
            "The message declares a document type or entities",
            "They can reach for other files and are never used by CAP.",
            _ASK,
        ),
        "cap_not_xml": (
            "This is not an XML file that can be read",
            "It breaks off, or is written in another way, near line {line}.",
            "Export the alert again as CAP 1.2 (XML).",
        ),
        "cap_other_version": (
            "This is CAP {given}",
            "Only CAP 1.2 is read: older versions leave out what neighbors need.",
            "Export the alert as CAP 1.2.",
        ),
        "cap_not_cap": (
            "This is XML, but not a CAP message",
            "It begins with \u201c{given}\u201d.",
            "Choose the alert itself, not a feed or a list of alerts.",
        ),
        "cap_schema": (
            "The message does not keep to CAP\u2019s form at {where}",
            "Something is missing there, stands twice, or is out of order. What may follow: {expected}.",
            _ASK,
        ),
        "cap_value": (
            "\u201c{given}\u201d at {where} is not in CAP\u2019s form",
            "Another system could not read it either.",
            _ASK,
        ),
        "cap_code_unknown": (
            "\u201c{given}\u201d is not one of CAP\u2019s words for {where}",
            "Each system must understand the same words.",
            _ASK,
        ),
        "cap_time_shape": (
            "The time \u201c{given}\u201d at {where} cannot be read",
            "CAP writes times as 2026-06-10T15:00:00-05:00; UTC ends in -00:00, never in Z.",
            _ASK,
        ),
        "cap_shape": (
            "\u201c{given}\u201d at {where} is not a shape on the map",
            "CAP writes \u201clatitude,longitude\u201d pairs, and after a circle\u2019s center its radius in km.",
            _ASK,
        ),
        "cap_reference_shape": (
            "\u201c{given}\u201d does not name an earlier message",
            "CAP writes \u201csender,identifier,sent\u201d.",
            _ASK,
        ),
        "cap_id_missing": ("{where} is missing", "Nobody could refer to the message.", "Give it."),
        "cap_id_characters": (
            "{where} has a character that is not allowed",
            "Spaces, commas, < and & would break references to the message.",
            "Leave them out.",
        ),
        "cap_time_offset": (
            "The time at {where} has no usable offset",
            "Without whole minutes from UTC, up to 14 hours, readers would show another time.",
            "Give the time with its zone.",
        ),
        "cap_time_fraction": (
            "The time at {where} has a fraction of a second",
            "CAP\u2019s times end at the second.",
            "Leave the fraction out.",
        ),
        "cap_time_year": ("The year at {where} cannot be right", "It is too far away.", "Check the date."),
        "cap_character": (
            "The text at {where} has a character that cannot be sent",
            "XML has no way to write it.",
            "Delete it, or type the sentence anew.",
        ),
        "cap_restriction_missing": (
            "No rule for a restricted message",
            "A restricted message must say how it is restricted.",
            "Say it, or make the message public.",
        ),
        "cap_addresses_missing": (
            "No addresses for a private message",
            "A private message must say whom it is for.",
            "Give them, or make the message public.",
        ),
        "cap_entry_empty": ("{where} is empty", "CAP gives an empty entry no meaning.", "Fill it, or leave it out."),
        "cap_quote": (
            "An entry at {where} has a quotation mark",
            "CAP sets entries with spaces in quotation marks and has no way to write one inside.",
            "Leave it out.",
        ),
        "cap_references_missing": (
            "No reference to the earlier message",
            "A message of the kind {kind} is about an earlier one and must name it.",
            "Choose the alert that it is about.",
        ),
        "cap_reference_itself": ("The message refers to itself", "It can only be about an earlier one.", _ASK),
        "cap_reference_later": (
            "The message refers to a later one",
            "What it is about was sent after it.",
            "Check the times of both.",
        ),
        "cap_reference_twice": ("An earlier message is named twice", "Once is enough.", "Leave one out."),
        "cap_language": (
            "The language at {where} is not a language code",
            "It must be like en-US or es-US (BCP 47).",
            "Mend the code.",
        ),
        "cap_category_missing": ("No category", "Each part of a message must say what it is about.", "Choose one."),
        "cap_event_missing": ("No event", "Each part of a message must name the event.", "Name it in a few words."),
        "cap_expires_before_sent": (
            "The alert ends before it was sent",
            "Nobody would see it.",
            "Choose a later end.",
        ),
        "cap_expires_before_begin": (
            "The alert ends before it begins",
            "There is no time in it.",
            "Exchange begin and end, or check the dates.",
        ),
        "cap_link": (
            "The link at {where} cannot be used",
            "It must be a whole address that begins with https:// or http://.",
            "Give the whole address, or leave it out.",
        ),
        "cap_media_type": (
            "The kind of file at {where} is not known",
            "It must be like image/jpeg.",
            "Mend it.",
        ),
        "cap_size": ("The size at {where} is less than nothing", "It counts bytes.", "Mend it, or leave it out."),
        "cap_digest": (
            "The digest at {where} has another form",
            "CAP asks for SHA-1 in 40 hexadecimal digits.",
            "Mend it, or leave it out.",
        ),
        "cap_place": (
            "A place at {where} is not on the globe",
            "CAP writes the latitude first, up to 90, then the longitude, up to 180.",
            "Check whether they were exchanged.",
        ),
        "cap_radius": (
            "The circle at {where} has no usable radius",
            "It is given in kilometers, from 0 to 20,038.",
            "Check the number.",
        ),
        "cap_height": ("The height at {where} is no number", "It is given in feet.", "Mend it, or leave it out."),
        "cap_ceiling": (
            "The ceiling at {where} has no altitude below it",
            "A ceiling is the upper end of a range that begins at an altitude.",
            "Give the altitude, or leave the ceiling out.",
        ),
        "cap_polygon_short": (
            "The polygon at {where} has {given} points",
            "A ring has at least {limit}, the last one being the first again.",
            "Draw the area again.",
        ),
        "cap_polygon_open": (
            "The polygon at {where} is not closed",
            "Its last point must be its first again.",
            "Draw the area again, or close it.",
        ),
    }.items()
}

MESSAGE_TYPES: dict[CapMessageType, str] = {
    CapMessageType.ALERT: "New alert",
    CapMessageType.UPDATE: "Update",
    CapMessageType.CANCEL: "Canceled",
    CapMessageType.ACK: "Received",
    CapMessageType.ERROR: "Refused",
}

CATEGORIES: dict[CapCategory, str] = {
    CapCategory.GEO: "Earthquake or landslide",
    CapCategory.MET: "Weather and flood",
    CapCategory.SAFETY: "Public safety",
    CapCategory.SECURITY: "Police and security",
    CapCategory.RESCUE: "Search and rescue",
    CapCategory.FIRE: "Fire",
    CapCategory.HEALTH: "Health",
    CapCategory.ENV: "Pollution",
    CapCategory.TRANSPORT: "Traffic and transport",
    CapCategory.INFRA: "Power, water, telephone",
    CapCategory.CBRNE: "Hazardous material",
    CapCategory.OTHER: "Something else",
}

RESPONSES: dict[CapResponseType, str] = {
    CapResponseType.SHELTER: "Take shelter",
    CapResponseType.EVACUATE: "Leave the area",
    CapResponseType.PREPARE: "Prepare",
    CapResponseType.EXECUTE: "Do what was planned",
    CapResponseType.AVOID: "Stay away",
    CapResponseType.MONITOR: "Watch for news",
    CapResponseType.ASSESS: "Judge for yourself",
    CapResponseType.ALL_CLEAR: "The danger is over",
    CapResponseType.NONE: "Nothing to do",
}

URGENCIES: dict[CapUrgency, str] = {
    CapUrgency.IMMEDIATE: "Act now",
    CapUrgency.EXPECTED: "Act within the hour",
    CapUrgency.FUTURE: "Act soon",
    CapUrgency.PAST: "No longer needed",
    CapUrgency.UNKNOWN: "Not known",
}

SEVERITIES: dict[CapSeverity, str] = {
    CapSeverity.EXTREME: "Extraordinary threat to life or property",
    CapSeverity.SEVERE: "Significant threat to life or property",
    CapSeverity.MODERATE: "Possible threat to life or property",
    CapSeverity.MINOR: "Little or no threat to life or property",
    CapSeverity.UNKNOWN: "Not known",
}

CERTAINTIES: dict[CapCertainty, str] = {
    CapCertainty.OBSERVED: "It has happened or is happening",
    CapCertainty.LIKELY: "More likely than not",
    CapCertainty.POSSIBLE: "Possible, but not likely",
    CapCertainty.UNLIKELY: "Not expected",
    CapCertainty.UNKNOWN: "Not known",
}


def trouble_words(trouble: CapTrouble) -> Words:
    """The words of a trouble with its place and figures filled in; KeyError for a code that does not exist."""
    words, blanks = TROUBLES[trouble.code], {"where": trouble.where or "the message", **trouble.figures}
    return Words(*(text.format_map(_Blanks(blanks)) for text in (words.title, words.reason, words.next_step)))


class _Blanks(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "\u2026"
