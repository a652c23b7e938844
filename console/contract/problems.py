"""Problems: every refusal of the service, with a code, a sentence and what to do next (after RFC 9457)."""

from __future__ import annotations

from http import HTTPStatus

import msgspec

from console.domain.findings import Finding
from console.domain.picture_wording import PICTURE_TROUBLES


class Problem(msgspec.Struct, frozen=True):
    """A refusal: `code` is stable, `title` says what happened, `advice` what to do; findings where a check refused."""

    code: str
    status: int
    title: str
    advice: str = ""
    findings: tuple[Finding, ...] = ()


class ProblemKind(msgspec.Struct, frozen=True):
    """A row of the table of problems."""

    status: HTTPStatus
    title: str
    advice: str


PROBLEMS: dict[str, ProblemKind] = {
    code: ProblemKind(status, title, advice)
    for code, status, title, advice in (
        (
            "malformed",
            HTTPStatus.BAD_REQUEST,
            "The service could not read what was sent.",
            "Check the entries and send again.",
        ),
        (
            "not_signed_in",
            HTTPStatus.UNAUTHORIZED,
            "You are not signed in, or your sign-in has ended.",
            "Sign in again; nothing is lost.",
        ),
        (
            "wrong_credentials",
            HTTPStatus.UNAUTHORIZED,
            "The name or the password is not right.",
            "Try again, or ask your administrator.",
        ),
        (
            "too_many_attempts",
            HTTPStatus.TOO_MANY_REQUESTS,
            "Too many tries to sign in.",
            "Wait a minute and try again.",
        ),
        (
            "fresh_sign_in_needed",
            HTTPStatus.FORBIDDEN,
            "This decision asks for a fresh sign-in.",
            "Confirm that it is you, then decide again.",
        ),
        ("forbidden", HTTPStatus.FORBIDDEN, "Your role may not do this.", "Ask somebody whose role it is."),
        (
            "own_request",
            HTTPStatus.FORBIDDEN,
            "The author of a request never decides on it.",
            "Another supervisor has to decide.",
        ),
        (
            "second_needed",
            HTTPStatus.FORBIDDEN,
            "You approved this request first; the second approval is another's.",
            "Another supervisor has to approve.",
        ),
        (
            "claimed",
            HTTPStatus.CONFLICT,
            "Somebody else is deciding on this request.",
            "Wait until they are done, or take it over.",
        ),
        (
            "not_a_colleague",
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "Deciding can be lent to an officer or supervisor of your own agency, for at most 30 days.",
            "Choose a colleague and a day within the next 30.",
        ),
        ("not_yours", HTTPStatus.FORBIDDEN, "Only the author of this request may do that.", "Ask its author."),
        (
            "wrong_origin",
            HTTPStatus.FORBIDDEN,
            "This did not come from Porchlight's own page.",
            "Open the page again and try there.",
        ),
        (
            "not_found",
            HTTPStatus.NOT_FOUND,
            "There is nothing here by that name.",
            "It may belong to another agency or be gone. Go back to the list.",
        ),
        (
            "method_not_allowed",
            HTTPStatus.METHOD_NOT_ALLOWED,
            "That cannot be done here.",
            "Go back and try from the page.",
        ),
        (
            "moved_on",
            HTTPStatus.CONFLICT,
            "Somebody else has decided since you opened this.",
            "Look at what happened, then decide again if it is still needed.",
        ),
        (
            "wrong_state",
            HTTPStatus.CONFLICT,
            "The request is no longer in a state where that can be done.",
            "Look at its history.",
        ),
        (
            "key_reused",
            HTTPStatus.CONFLICT,
            "This key was already used for something else.",
            "Send it again as a new request.",
        ),
        (
            "key_missing",
            HTTPStatus.BAD_REQUEST,
            "A write needs an Idempotency-Key of 16 to 64 letters and digits.",
            "Update the program that sent this.",
        ),
        (
            "too_large",
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            "That is more than the service takes.",
            "Send something smaller.",
        ),
        (
            "unsupported_media",
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "The service takes JSON here.",
            "Send application/json.",
        ),
        (
            "no_video",
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "This file holds no video that can be read.",
            "Choose the recording itself: mp4, mov, mkv, webm or avi.",
        ),
        (
            "empty_file",
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "This file is empty.",
            "Choose another file, or download it from the camera again.",
        ),
        (
            "refused",
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "The request does not keep the limits.",
            "Mend what is listed and send again.",
        ),
        (
            "closed",
            HTTPStatus.CONFLICT,
            "This request is closed; nothing more can be shared.",
            "Thank you all the same.",
        ),
        # Alerts
        (
            "alert_refused",
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "The alert cannot go out as it is.",
            "Mend what is listed and send it again.",
        ),
        (
            "cap_refused",
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "This CAP message cannot be opened as an alert.",
            "See what is listed; the alert can also be written here.",
        ),
        (
            "own_alert",
            HTTPStatus.FORBIDDEN,
            "The author of an alert never approves it.",
            "Another supervisor or press officer has to.",
        ),
        (
            "not_your_alert",
            HTTPStatus.FORBIDDEN,
            "Only the author of this alert may do that.",
            "Ask its author.",
        ),
        (
            "alert_moved",
            HTTPStatus.CONFLICT,
            "The alert is no longer in a state where that can be done.",
            "Look at its history.",
        ),
        (
            "comments_closed",
            HTTPStatus.CONFLICT,
            "The agency has closed the comments on this alert.",
            "Nothing was posted. You can write a post of your own.",
        ),
        ("opted_out", HTTPStatus.CONFLICT, "You have turned requests off.", "Turn them on again if you want to share."),
        (
            "reason_missing",
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "Closing a post asks for a reason.",
            "Choose a reason and close it again.",
        ),
        (
            "too_late_to_revert",
            HTTPStatus.CONFLICT,
            "This is longer ago than 30 days and can no longer be taken back.",
            "Do the opposite instead; the history keeps both.",
        ),
        (
            "comment_public",
            HTTPStatus.CONFLICT,
            "This comment is public: it can no longer be changed or taken back.",
            "Add a correction; it stands beside the comment for everybody.",
        ),
        (
            "not_a_desk_member",
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "A post can be given to an officer, supervisor or moderator of your own agency.",
            "Choose a colleague from the list.",
        ),
        (
            "case_number_unfit",
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "This is not a case number of your agency.",
            "Check the number against the form that is shown beside the field.",
        ),
        # Moderation
        (
            "wrong_desk",
            HTTPStatus.FORBIDDEN,
            "This account is set up in the wrong place.",
            "Neutral moderators are of no agency. Ask your administrator to set the account up anew.",
        ),
        (
            "removed",
            HTTPStatus.CONFLICT,
            "This was removed by the service\u2019s neutral moderators.",
            "Nothing more can be added to it.",
        ),
        (
            "limited",
            HTTPStatus.CONFLICT,
            "This post was limited by the service\u2019s neutral moderators.",
            "It can be read, but the public can no longer comment on it.",
        ),
        (
            "own_decision",
            HTTPStatus.FORBIDDEN,
            "You took the decision that is appealed.",
            "Another neutral moderator has to decide the appeal.",
        ),
        (
            "wrong_reason",
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "This reason does not go with this decision.",
            "Choose one of the reasons that are offered for it.",
        ),
        (
            "appealed_before",
            HTTPStatus.CONFLICT,
            "This decision was appealed already.",
            "What the other moderator decides, or decided, stands on this page.",
        ),
        (
            "appeal_too_late",
            HTTPStatus.CONFLICT,
            "The time for this has passed.",
            "An appeal can come within 20 days of a decision; what was removed can be restored for 30.",
        ),
        (
            "appeal_decided",
            HTTPStatus.CONFLICT,
            "An appeal decided that this is shown.",
            "It comes back to the queue when it is flagged for something new.",
        ),
        ("busy", HTTPStatus.SERVICE_UNAVAILABLE, "The service is busy.", "It is tried again by itself."),
        (
            "internal",
            HTTPStatus.INTERNAL_SERVER_ERROR,
            "Something went wrong in the service; it was noted.",
            "Try again; if it stays, tell your administrator the time.",
        ),
    )
}


# Why a picture is not taken; its words stand with its codes in the domain.
PROBLEMS.update(
    (trouble.value, ProblemKind(HTTPStatus.UNPROCESSABLE_ENTITY, f"{words.title} {words.reason}", words.next_step))
    for trouble, words in PICTURE_TROUBLES.items()
)


def problem(code: str, *, findings: tuple[Finding, ...] = (), title: str = "") -> Problem:
    """The problem of a code, as it is sent."""
    kind = PROBLEMS[code]
    return Problem(code, int(kind.status), title or kind.title, kind.advice, findings)
