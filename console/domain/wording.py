"""The words of every code, in English: title, reason and next step. Codes live in the domain, words only here.

A test proves that each code has all three, and that no figure is left unfilled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from console.domain.requests import (
    Action,
    CaseCheck,
    Outcome,
    ProportionateReason,
    RejectReason,
    State,
    WithdrawReason,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from console.domain.panel import Verdict


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
            "No offense yet",
            "\u201cInvestigation\u201d is not a reason to ask for recordings.",
            "Choose the NIBRS offense; search it by words such as \u201cporch\u201d.",
        ),
        "offence_unknown": (
            "{given} is no NIBRS offense",
            "Only listed offenses can be asked about.",
            "Choose one from the list.",
        ),
        "offence_forbidden": (
            "{given} is not asked about here",
            "Immigration is not enforced with Porchlight, and \u201call other offenses\u201d is no reason.",
            "Choose the offense itself from the list.",
        ),
        "occurred_at_missing": (
            "When did it happen?",
            "The time window is judged against it.",
            "Enter date and time; an estimate will do.",
        ),
        "time_out_of_range": (
            "This time cannot be right",
            "It lies outside the years that a request can be about.",
            "Check the year.",
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
            "Choose a place inside the blue line, or ask the neighboring agency.",
        ),
        "place_name_too_long": (
            "The name of the place is too long",
            "{given} characters; at most {limit} are shown.",
            "Name the street only.",
        ),
        "window_missing": (
            "No time window yet",
            "Neighbors are asked about one stretch of time.",
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
        "area_nothing": (
            "What was drawn holds no block of your jurisdiction",
            "It lies outside the blue line, or covers less than half of any block.",
            "Draw it larger, around the incident.",
        ),
        "area_crossed": (
            "The drawn line crosses itself",
            "What is inside and what is outside cannot be told.",
            "Draw it again without crossing the line.",
        ),
        "area_too_detailed": (
            "The drawn line has too many corners",
            "It snaps to blocks anyway; so many corners only cost time.",
            "Draw it again with fewer corners.",
        ),
        "area_not_drawn": (
            "The area is not what was drawn",
            "Only the blocks that the drawing covers can be asked.",
            "Draw the area again.",
        ),
        "area_scattered": (
            "The area is in several places",
            "A request asks one neighborhood; blocks far apart would be several requests.",
            "Draw one area at the incident.",
        ),
        "area_flat": (
            "What was drawn has no area",
            "All its corners lie on one line, or it has no size.",
            "Draw around the incident.",
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
        "homes_nowhere": (
            "No area here holds enough homes",
            "Even {limit} sq mi around it do not, so that a clip could be traced to a home.",
            "Publish an alert instead: it asks everybody and points at nobody.",
        ),
        "area_enlarge": (
            "The smallest enlargement that passes: {how}",
            "It measures {size} sq mi.",
            "Take it, or draw a wider area yourself.",
        ),
        "malformed": (
            "This could not be read",
            "It is not in the form that is expected here: {why}.",
            "Mend it and check again.",
        ),
        "homes_many": (
            "Many homes: {given}",
            "Above {limit} the approver must confirm that it is proportionate.",
            "Narrow the area if the case allows.",
        ),
        "assembly_overlap": (
            "A lawful assembly: {name}, {begins} to {ends}",
            "The area and the window meet it. A second supervisor must approve, and the public page says so.",
            "Choose a window or an area without it, if the case allows.",
        ),
        "asked_before": (
            "Some of these homes were asked before: {count} in {days} days",
            "The approver sees each of these requests.",
            "Ask again only for what is new.",
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
            "It is the first thing that neighbors read.",
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
            "Neighbors decide by what you tell them.",
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
            "It makes neighbors suspect people who did nothing.",
            "Give at least two other features first, such as clothing or build, or leave the person out.",
        ),
        "pressure": (
            "This reads like pressure: \u201c{words}\u201d",
            "Sharing is voluntary; nobody may be made to feel otherwise.",
            "Ask plainly, for example: \u201cRecordings may help. Sharing is your choice.\u201d",
        ),
        "victim_pii": (
            "A victim's personal data: \u201c{words}\u201d",
            "A victim is not named to the neighborhood.",
            "Say \u201ca resident\u201d instead.",
        ),
        "minor_pii": (
            "A minor's personal data: \u201c{words}\u201d",
            "A minor is never named or placed.",
            "Say \u201ca child\u201d or \u201ca young person\u201d instead.",
        ),
        "vague_reason": (
            "Too vague: \u201c{words}\u201d",
            "Neighbors are owed the reason.",
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
            "Name the offense and its place without the assembly; else it cannot be made here.",
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
        "hidden_characters": (
            "A character that cannot be seen ({code})",
            "Hidden characters can turn words around or hide them from readers.",
            "Delete it, or type the sentence anew.",
        ),
        "placeholder_left": (
            "A blank of the template is not filled: \u201c{words}\u201d",
            "Neighbors would read the blank.",
            "Write what belongs there.",
        ),
        "place_revealed": (
            "The exact place of a sensitive offense: \u201c{words}\u201d",
            "Whoever reads it could know who was harmed.",
            "Leave the address out; the area is enough.",
        ),
        "case_not_known": (
            "{given} is not in your agency\u2019s records",
            "The records system answered that it has no such case.",
            "Check the number; a case opened just now may take some minutes to appear.",
        ),
        "contact_missing": (
            "No contact yet",
            "Neighbors must be able to reach you by an official way.",
            "Enter your address at {domain} or the agency's telephone.",
        ),
        "contact_not_official": (
            "This is not an official contact",
            "Only the agency's own mail domain or telephone is shown to neighbors.",
            "Use your address at {domain}.",
        ),
    }.items()
}

LIMITS: dict[str, str] = {
    "case_number": "Case number",
    "offence": "Offense",
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
    "window_met": "{given}; {low} to {high} may be asked",
    "area_met": "{given} sq mi, like a circle of {radius} m",
    "homes_met": "{given} in {blocks} blocks of at least {each}",
    "anchor_met": "The area holds the incident\u2019s place, or says why not",
    "words_met": "Nothing that a rule objects to",
    "contact_met": "An official contact",
}

STATES: dict[State, str] = {
    State.PENDING: "Pending",
    State.ENDORSED: "Second approval",
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
    Action.ENDORSE: "Approved first, a second approval is needed",
    Action.APPROVE: "Approved",
    Action.PUBLISH: "Published",
    Action.REFUSE: "Returned by the service\u2019s neutral moderators before publication",
    Action.ADD_ADDENDUM: "Addendum",
    Action.RESOLVE: "Resolved",
    Action.EXPIRE: "Expired",
}

REJECT_REASONS: dict[RejectReason, str] = {
    RejectReason.TOO_WIDE: "Wider or longer than the case needs",
    RejectReason.NOT_NECESSARY: "Recordings would not help the case",
    RejectReason.OTHER_MEANS: "Milder means have not been tried",
    RejectReason.WRONG_CASE: "Case or offense does not fit",
    RejectReason.WORDING: "The words are not fit for neighbors",
    RejectReason.POLICY: "Against the agency\u2019s policy",
}

PROPORTIONATE_REASONS: dict[ProportionateReason, str] = {
    ProportionateReason.SERIOUS_HARM: "Somebody was seriously harmed or is in danger",
    ProportionateReason.DENSE_HOUSING: "Large buildings: no smaller area holds the incident",
    ProportionateReason.ROUTE_UNKNOWN: "The way taken is not known, and milder means were tried",
    ProportionateReason.NO_OTHER_MEANS: "No other means are left",
}

WITHDRAW_REASONS: dict[WithdrawReason, str] = {
    WithdrawReason.SOLVED: "The case is solved",
    WithdrawReason.MISTAKE: "It was a mistake",
    WithdrawReason.OTHER_MEANS: "Recordings were found by other means",
    WithdrawReason.NO_LONGER_NEEDED: "It is no longer needed",
}

CASE_CHECKS: dict[CaseCheck, str] = {
    CaseCheck.VERIFIED: "Found in your agency\u2019s records",
    CaseCheck.NOT_KNOWN: "Not in your agency\u2019s records",
    CaseCheck.NOT_VERIFIED: "Not verified: your agency\u2019s records system did not answer",
}

ASSEMBLY_NOTE = (
    "A lawful assembly was on the agency\u2019s calendar in this place and time ({name}, {begins} to {ends}). "
    "Two supervisors approved the request knowing of it. Recordings of the assembly itself are not asked for."
)

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
    if verdict.confirm:
        return title, f"{closed(words.title)} {words.reason}"
    return title, words.title if verdict.met is None else f"{closed(words.title)} {words.next_step}"


def closed(sentence: str) -> str:
    """A title as a sentence: with a full stop where it has no mark of its own."""
    return sentence if sentence.endswith(("?", ".", "!")) else f"{sentence}."


class _Figures(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "\u2026"


def _fill(text: str, figures: Mapping[str, str]) -> str:
    return text.format_map(_Figures(figures))
