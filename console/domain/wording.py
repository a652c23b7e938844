"""The words of every code, in English: title, reason and next step. Codes live in the domain, words only here.

A test proves that each code has all three, and that no figure is left unfilled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from console.domain.requests import Action, Outcome, RejectReason, State

if TYPE_CHECKING:
    from collections.abc import Mapping

    from console.domain.checks import Verdict


class Words(msgspec.Struct, frozen=True):
    """What a person reads: what is the matter, why it matters, what to do now."""

    title: str
    reason: str
    next_step: str


FINDINGS: dict[str, Words] = {
    code: Words(*row)
    for code, row in {
        "case_number_missing": ("No case number yet", "A request must belong to a case.", "Enter it as in {example}."),
        "case_number_shape": (
            "{given} is not a case number of your agency",
            "It does not fit the agency's pattern.",
            "Check it against {example}.",
        ),
        "case_number_year": (
            "The year {given} does not fit",
            "A case number cannot be newer than {now}.",
            "Check the year in the number.",
        ),
        "case_number_precinct": (
            "Precinct {given} is not one of yours",
            "The number names a precinct that the agency does not have.",
            "Check the precinct in the number.",
        ),
        "case_number_is_incident": (
            "{given} is an incident number",
            "A request needs a case, not only a call for service.",
            "Open a case, then enter its number as in {example}.",
        ),
        "case_used_up": (
            "This case has had its {allowed} requests",
            "More would ask the same people again and again.",
            "Use what has come, or speak with your supervisor about other means.",
        ),
        "case_too_soon": (
            "Too soon for a second request",
            "A case's second request comes at least {hours} h after the first.",
            "Send it after {at}; the draft is kept.",
        ),
        "repeat_reason_missing": (
            "Why a second request?",
            "This case has asked before; the approver needs the reason.",
            "Say in a sentence what is new.",
        ),
        "offence_missing": (
            "No offence yet",
            "\u201cInvestigation\u201d is not a reason to ask for recordings.",
            "Choose the NIBRS offence; search it by words such as \u201cporch\u201d.",
        ),
        "offence_unknown": (
            "{given} is no NIBRS offence",
            "Only listed offences can be asked about.",
            "Choose one from the list.",
        ),
        "occurred_at_missing": (
            "When did it happen?",
            "The time window is judged against it.",
            "Enter date and time; an estimate will do.",
        ),
        "occurred_in_future": ("The incident lies in the future", "{at} has not come yet.", "Check date and time."),
        "place_missing": (
            "Where did it happen?",
            "A request must be based on the incident's place.",
            "Click the place on the map or choose a street.",
        ),
        "place_outside": (
            "The place is outside your jurisdiction",
            "A request may not leave it.",
            "Choose a place inside the blue line, or ask the neighbouring agency.",
        ),
        "window_missing": (
            "No time window yet",
            "Neighbours are asked about one stretch of time.",
            "Set when it begins and ends.",
        ),
        "window_reversed": (
            "The window ends before it begins",
            "There is no time in it.",
            "Exchange begin and end, or check the dates.",
        ),
        "window_too_short": (
            "{given} is too short",
            "Clocks of cameras differ; less than {limit} misses them.",
            "Widen the window to at least {limit}.",
        ),
        "window_too_long": (
            "{given} is too long",
            "At most {limit} may be asked for.",
            "Narrow the window to what the case needs.",
        ),
        "window_in_future": (
            "The window reaches into the future",
            "Only what has been recorded can be asked for.",
            "End it now or earlier.",
        ),
        "window_too_old": (
            "The window begins too long ago",
            "At most {days} days back may be asked for.",
            "Choose a later beginning.",
        ),
        "window_misses_incident": (
            "The incident is not in the window",
            "This can be right, for example for a way to or from the place.",
            "Check that it is meant.",
        ),
        "area_missing": (
            "No area yet",
            "Only homes in one small area are asked.",
            "Draw around the incident; it snaps to whole blocks.",
        ),
        "area_not_blocks": (
            "The area is not made of your blocks",
            "Only whole blocks can be asked, so that nobody is singled out.",
            "Draw the area again.",
        ),
        "atlas_changed": (
            "The map of blocks has changed",
            "The area was drawn on an older version.",
            "Draw the area again.",
        ),
        "area_too_small": (
            "{given} sq mi is too small",
            "Below {limit} sq mi, single homes stand out.",
            "Draw a larger area.",
        ),
        "area_too_large": ("{given} sq mi is too large", "At most {limit} sq mi may be asked.", "Draw a smaller area."),
        "block_homes": (
            "A block holds too few homes",
            "Every block must hold at least {limit}.",
            "Leave that block out.",
        ),
        "homes_too_few": (
            "Too few homes: {given}",
            "An area must hold at least {limit}, so that a clip cannot be traced to a home.",
            "Widen the area; a fitting circle is offered.",
        ),
        "homes_many": (
            "Many homes: {given}",
            "Above {limit} the approver must confirm that it is proportionate.",
            "Narrow the area if the case allows.",
        ),
        "anchor_far": (
            "The area is {given} m from the incident",
            "It may lie at most {limit} m away.",
            "Draw it at the incident, or check the incident's place.",
        ),
        "anchor_reason_missing": (
            "Why {given} m from the incident?",
            "An area beside the incident needs a reason.",
            "Say in a sentence why recordings there can help.",
        ),
        "title_missing": (
            "No title yet",
            "It is the first thing that neighbours read.",
            "Write {low} to {high} characters.",
        ),
        "title_too_short": (
            "The title is too short",
            "{given} characters do not tell what is asked.",
            "Write at least {limit}.",
        ),
        "title_too_long": (
            "The title is too long",
            "{given} characters; at most {limit} are shown.",
            "Move the details into the text.",
        ),
        "text_missing": (
            "No text yet",
            "Neighbours decide by what you tell them.",
            "Write {low} to {high} characters.",
        ),
        "text_too_short": (
            "The text is too short",
            "{given} characters do not tell enough to decide.",
            "Write at least {limit}.",
        ),
        "text_too_long": ("The text is too long", "{given} characters; at most {limit} are read.", "Shorten it."),
        "race_alone": (
            "A person described by race alone: \u201c{words}\u201d",
            "It makes neighbours suspect people who did nothing.",
            "Give at least two other features first, such as clothing or build, or leave the person out.",
        ),
        "pressure": (
            "This reads like pressure: \u201c{words}\u201d",
            "Sharing is voluntary; nobody may be made to feel otherwise.",
            "Ask plainly, for example: \u201cRecordings may help. Sharing is your choice.\u201d",
        ),
        "victim_pii": (
            "A victim's personal data: \u201c{words}\u201d",
            "A victim is not named to the neighbourhood.",
            "Say \u201ca resident\u201d instead.",
        ),
        "minor_pii": (
            "A minor's personal data: \u201c{words}\u201d",
            "A minor is never named or placed.",
            "Say \u201ca child\u201d or \u201ca young person\u201d instead.",
        ),
        "vague_reason": (
            "Too vague: \u201c{words}\u201d",
            "Neighbours are owed the reason.",
            "Say what happened, where and when.",
        ),
        "link": (
            "A link: \u201c{words}\u201d",
            "Links lead people away and can be forged.",
            "Leave it out; give the official contact in its own field.",
        ),
        "immigration": (
            "Immigration: \u201c{words}\u201d",
            "Porchlight is not used for immigration enforcement.",
            "This request cannot be made here.",
        ),
        "protest": (
            "A lawful assembly: \u201c{words}\u201d",
            "Recordings of protest are not asked for.",
            "Name the offence and its place without the assembly; else it cannot be made here.",
        ),
        "reproductive_health": (
            "Reproductive health: \u201c{words}\u201d",
            "Porchlight is not used for this.",
            "This request cannot be made here.",
        ),
        "announcement": (
            "An announcement: \u201c{words}\u201d",
            "A request asks for recordings and nothing else.",
            "Publish an alert instead.",
        ),
        "contact_missing": (
            "No contact yet",
            "Neighbours must be able to reach you by an official way.",
            "Enter your address at {domain} or the agency's telephone.",
        ),
        "contact_not_official": (
            "This is not an official contact",
            "Only the agency's own mail domain or telephone is shown to neighbours.",
            "Use your address at {domain}.",
        ),
    }.items()
}

LIMITS: dict[str, str] = {
    "case_number": "Case number",
    "offence": "Offence",
    "incident": "Incident",
    "window": "Time window",
    "area": "Area",
    "homes": "Homes",
    "anchor": "At the incident",
    "words": "Words",
    "contact": "Contact",
}

MET: dict[str, str] = {
    "case_number_met": "{given} fits {agency}\u2019s pattern",
    "offence_met": "{code} {name}",
    "incident_met": "Time given, place inside your jurisdiction",
    "window_met": "{given}; 15 min to 12 h may be asked",
    "area_met": "{given} sq mi, like a circle of {radius} m",
    "homes_met": "{given} in {blocks} blocks of at least 20",
    "anchor_met": "The area holds the incident\u2019s place, or says why not",
    "words_met": "Nothing that a rule objects to",
    "contact_met": "An official contact",
}

STATES: dict[State, str] = {
    State.PENDING: "Pending",
    State.RETURNED: "Returned",
    State.REJECTED: "Rejected",
    State.WITHDRAWN: "Withdrawn",
    State.APPROVED: "Approved",
    State.PUBLISHED: "Published",
    State.EXPIRED: "Expired",
    State.RESOLVED: "Resolved",
}

ACTIONS: dict[str, str] = {
    "submit": "Submitted",
    Action.RESUBMIT: "Sent again",
    Action.WITHDRAW: "Withdrawn",
    Action.RETURN: "Returned with comments",
    Action.REJECT: "Rejected",
    Action.APPROVE: "Approved",
    Action.PUBLISH: "Published",
    Action.ADD_ADDENDUM: "Addendum",
    Action.RESOLVE: "Resolved",
    Action.EXPIRE: "Expired",
}

REJECT_REASONS: dict[RejectReason, str] = {
    RejectReason.TOO_WIDE: "Wider or longer than the case needs",
    RejectReason.NOT_NECESSARY: "Recordings would not help the case",
    RejectReason.OTHER_MEANS: "Milder means have not been tried",
    RejectReason.WRONG_CASE: "Case or offence do not fit",
    RejectReason.WORDING: "The words are not fit for neighbours",
    RejectReason.POLICY: "Against the agency\u2019s policy",
}

OUTCOMES: dict[Outcome, str] = {
    Outcome.ARREST: "An arrest was made",
    Outcome.LEAD: "A useful lead",
    Outcome.NO_HELP: "Recordings did not help",
    Outcome.UNFOUNDED: "The incident was unfounded",
    Outcome.OTHER_SOURCE: "Solved by other means",
}


def words_for(code: str, figures: Mapping[str, str] | None = None) -> Words:
    """The words of a finding's code with its figures filled in; KeyError for a code that does not exist."""
    words, figures = FINDINGS[code], figures or {}
    return Words(_fill(words.title, figures), _fill(words.reason, figures), _fill(words.next_step, figures))


def verdict_words(verdict: Verdict) -> tuple[str, str]:
    """A limit's title and its detail, for the panel."""
    title = LIMITS[verdict.limit]
    if verdict.code in MET:
        return title, _fill(MET[verdict.code], verdict.figures)
    words = words_for(verdict.code, verdict.figures)
    return title, words.title if verdict.met is None else f"{words.title}. {words.next_step}"


class _Figures(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "\u2026"


def _fill(text: str, figures: Mapping[str, str]) -> str:
    return text.format_map(_Figures(figures))
