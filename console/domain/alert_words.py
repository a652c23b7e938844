"""The words of alerts, in English: of every finding's code, and of every kind, level and state. Words only here.

A test proves that each code has title, reason and next step, and that no figure is left unfilled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.domain.alerts import (
    AlertAction,
    AlertKind,
    AlertState,
    Certainty,
    Level,
    MessageKind,
    Urgency,
)
from console.domain.wording import Words, closed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from console.domain.alerts import Alert, AlertMessage
    from console.domain.findings import Finding

ALERT_FINDINGS: dict[str, Words] = {
    code: Words(*row)
    for code, row in {
        "alert_title_missing": (
            "No title yet",
            "It is what people see first.",
            "Say what is the matter in a few words.",
        ),
        "alert_title_short": (
            "The title is too short",
            "{given} characters say little; at least {limit} are needed.",
            "Say what and where.",
        ),
        "alert_title_long": (
            "The title is too long",
            "{given} characters; at most {limit} are shown on a telephone.",
            "Move the rest into the text.",
        ),
        "alert_text_missing": ("No text yet", "People need to know what to do.", "Say what happened and what to do."),
        "alert_text_short": (
            "The text is too short",
            "{given} characters; at least {limit} are needed.",
            "Say what happened, where, and what people should do.",
        ),
        "alert_text_long": (
            "The text is too long",
            "{given} characters; at most {limit} are sent.",
            "Keep what people need now; the rest can follow in an update.",
        ),
        "alert_spanish_missing": (
            "No Spanish yet",
            "Some neighbors read Spanish only.",
            "Add title and text in Spanish, or send it in English now and add Spanish in an update.",
        ),
        "alert_spanish_half": (
            "Half of the Spanish is missing",
            "A title without its text, or a text without its title, confuses.",
            "Fill in both, or leave both empty.",
        ),
        "alert_spanish_long": (
            "The Spanish is too long",
            "{given} characters; at most {limit} are sent.",
            "Shorten it as the English.",
        ),
        "alert_update_same": (
            "This says nothing new",
            "Words, place, severity and end are those of the message before.",
            "Change what has changed, or leave the alert as it is.",
        ),
        "alert_extreme": (
            "Extreme is the highest severity",
            "It stands for an extraordinary threat to life or property.",
            "Keep it only where that is so; else choose severe.",
        ),
        "alert_moment_severe": (
            "A neighborly moment is rarely urgent",
            "A severity above minor puts it above warnings.",
            "Choose minor, or another kind of alert.",
        ),
        "alert_race_alone": (
            "A person described by race alone: \u201c{words}\u201d",
            "It makes neighbors suspect people who did nothing, with the agency's weight.",
            "Give at least two other features first, such as clothing or build, or leave the person out.",
        ),
        "alert_victim_pii": (
            "A victim's personal data: \u201c{words}\u201d",
            "A victim is not named to the neighborhood.",
            "Say \u201ca resident\u201d and leave the address out.",
        ),
        "alert_minor_pii": (
            "A minor's personal data: \u201c{words}\u201d",
            "A minor is not named or placed, but for a missing person.",
            "Say \u201ca child\u201d, or choose the kind Missing person.",
        ),
        "alert_missing_named": (
            "A person is named: \u201c{words}\u201d",
            "What is published stays with that person; a child's name more than anybody's.",
            "Keep it only where the family agrees and it helps to find them.",
        ),
        "alert_pressure": (
            "This reads like pressure: \u201c{words}\u201d",
            "People act on what they understand, not on threats.",
            "Say what to do and why, plainly.",
        ),
        "alert_link": (
            "A link: \u201c{words}\u201d",
            "Links can be forged, and an alert is where people would fall for it.",
            "Leave it out; say where to find out more in words.",
        ),
        "alert_immigration": (
            "Immigration: \u201c{words}\u201d",
            "Porchlight is not used for immigration enforcement.",
            "This cannot be sent here.",
        ),
        "alert_reproductive_health": (
            "Reproductive health: \u201c{words}\u201d",
            "Porchlight is not used for this.",
            "This cannot be sent here.",
        ),
        "alert_protest": (
            "A lawful assembly: \u201c{words}\u201d",
            "An alert is not there to judge who gathers or why.",
            "Say only what people need, such as which streets are closed.",
        ),
        "alert_hidden": (
            "A character that cannot be seen ({code})",
            "Hidden characters can turn words around or hide them from readers.",
            "Delete it, or type the sentence anew.",
        ),
        "alert_place_name_long": (
            "The name of the place is too long",
            "At most {limit} characters are shown.",
            "Name the street or the park only.",
        ),
        "alert_where_missing": (
            "No place yet",
            "An alert tells people whether it is about them.",
            "Click a place on the map, draw an area, or choose the whole city.",
        ),
        "alert_outside": (
            "This lies outside your jurisdiction",
            "An alert may not leave it.",
            "Draw it inside the blue line, or ask the neighboring agency.",
        ),
        "alert_shape": (
            "This area cannot be measured",
            "It is flat, crosses itself, or has too many corners.",
            "Draw it anew.",
        ),
        "alert_time_strange": (
            "This time cannot be right",
            "It lies outside the years that an alert can be about.",
            "Check the year.",
        ),
        "alert_end_missing": (
            "No end yet",
            "An alert that never ends teaches people to look past alerts.",
            "Choose when it is over; an update can move it.",
        ),
        "alert_end_past": ("The end is past", "{at} is over.", "Choose a later end."),
        "alert_end_first": ("It ends before it begins", "Then nobody would see it.", "Mend one of the two times."),
        "alert_end_far": (
            "The end is too far away",
            "An alert lasts at most {days} days, until {at}.",
            "Choose an earlier end; post anew if it is still needed then.",
        ),
        "alert_begin_past": (
            "It begins too long ago",
            "An alert is about now; at most {days} days back.",
            "Choose a later beginning, or leave it at \u201cwhen it is sent\u201d.",
        ),
        "alert_send_past": (
            "The time to send it is past",
            "{at} is over.",
            "Choose \u201cnow\u201d, or a later time.",
        ),
        "alert_send_far": (
            "The time to send it is too far away",
            "An alert can wait at most {days} days.",
            "Choose an earlier time.",
        ),
        "alert_send_after_end": (
            "It would be sent after its end",
            "It ends at {at}.",
            "Choose an earlier time to send it, or a later end.",
        ),
        "alert_pictures_many": ("Too many pictures", "At most {limit} are shown.", "Take some away."),
        "alert_picture_gone": (
            "A picture is no longer kept: {given}",
            "Pictures of no alert are removed after 7 days.",
            "Remove it and add it again.",
        ),
        "alert_reason_short": (
            "The public reason is too short",
            "Neighbors read it in place of their comments; at least {limit} characters.",
            "Say in a sentence why comments are closed.",
        ),
        "alert_reason_long": (
            "The public reason is too long",
            "At most {limit} characters are shown.",
            "Say it in a sentence.",
        ),
    }.items()
}

KINDS: dict[AlertKind, str] = {
    AlertKind.CRIME: "Crime",
    AlertKind.SAFETY: "Safety",
    AlertKind.MISSING_PERSON: "Missing person",
    AlertKind.COMMUNITY: "Community",
    AlertKind.MOMENT: "Neighborly moment",
}

LEVELS: dict[Level, tuple[str, str]] = {
    Level.EXTREME: ("Extreme", "An extraordinary threat to life or property: act at once."),
    Level.SEVERE: ("Severe", "A significant threat to life or property: be ready to act."),
    Level.MODERATE: ("Moderate", "A possible threat to life or property: take care."),
    Level.MINOR: ("Minor", "Little or no threat: good to know."),
    Level.UNKNOWN: ("Not known yet", "Nobody can say yet how bad it is."),
}

URGENCIES: dict[Urgency, str] = {
    Urgency.IMMEDIATE: "Act now",
    Urgency.EXPECTED: "Act within the hour",
    Urgency.FUTURE: "Act later",
    Urgency.PAST: "Nothing to do any more",
    Urgency.UNKNOWN: "Not known",
}

CERTAINTIES: dict[Certainty, str] = {
    Certainty.OBSERVED: "It is happening or has happened",
    Certainty.LIKELY: "More likely than not",
    Certainty.POSSIBLE: "Possible, not likely",
    Certainty.UNLIKELY: "Unlikely",
    Certainty.UNKNOWN: "Not known",
}

MESSAGES: dict[MessageKind, str] = {
    MessageKind.ALERT: "Alert",
    MessageKind.UPDATE: "Update",
    MessageKind.CANCEL: "All-clear",
}

ALERT_STATES: dict[AlertState, str] = {
    AlertState.PENDING: "Waits for approval",
    AlertState.RETURNED: "Returned",
    AlertState.WITHDRAWN: "Withdrawn",
    AlertState.HELD: "With the neutral moderators",
    AlertState.REFUSED: "Refused by the neutral moderators",
    AlertState.SCHEDULED: "Scheduled",
    AlertState.PUBLISHED: "In force",
    AlertState.ENDED: "Ended",
    AlertState.CANCELLED: "All clear",
}

ALERT_ACTIONS: dict[str, str] = {
    "submit": "Sent",
    AlertAction.RESUBMIT: "Sent again",
    AlertAction.WITHDRAW: "Withdrawn",
    AlertAction.RETURN: "Returned with a comment",
    AlertAction.APPROVE: "Approved",
    AlertAction.RELEASE: "Let through by the neutral moderators",
    AlertAction.REFUSE: "Refused by the neutral moderators",
    AlertAction.PUBLISH: "Published",
    AlertAction.FOLLOW_UP: "A message was written to it",
    AlertAction.UPDATE: "Update published",
    AlertAction.CANCEL: "All-clear published",
    AlertAction.CLOSE_COMMENTS: "Comments closed",
    AlertAction.OPEN_COMMENTS: "Comments opened",
    AlertAction.END: "Ended",
}

NEVER_SENT = "Its end came before it was published."
CALLED_OFF = "The alert that it refers to was over."
ENDED_NOTE = "This alert has ended: {at}."


def alert_words(code: str, figures: Mapping[str, str] | None = None) -> Words:
    """The words of a finding's code with its figures filled in; a code of a newer service as it is."""
    known = ALERT_FINDINGS.get(code)
    if known is None:
        return Words(code, "", "")
    blanks = _Figures(figures or {})
    return Words(*(text.format_map(blanks) for text in (known.title, known.reason, known.next_step)))


def thread_note(message: AlertMessage) -> str:
    """What an update or an all-clear says in the thread of the first message's post."""
    kind, title = MESSAGES[message.message], message.title
    head = (
        title if title.casefold().startswith((kind.casefold(), "all clear")) else f"{_SAID[message.message]}: {title}"
    )
    return f"{head}\n{message.text}"


_SAID = {MessageKind.ALERT: "Alert", MessageKind.UPDATE: "Update", MessageKind.CANCEL: "All clear"}


def finding_line(finding: Finding) -> str:
    """A finding in a line: what, why, what to do."""
    said = alert_words(finding.code, finding.figures)
    return " ".join(part for part in (closed(said.title), said.reason, said.next_step) if part)


def state_words(alert: Alert) -> str:
    """Where a message stands; one that ended without having been published says so."""
    if alert.state is AlertState.ENDED and not alert.is_out:
        return "Never sent"
    return ALERT_STATES[alert.state]


class _Figures(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "\u2026"
