"""The table of endpoints: method, path, body, answer, who may, and whose.

The client calls through it, the service routes through it, the authorisation tests are generated from it. A handler
without an entry, or an entry without a handler, fails the build.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import msgspec

from console.contract import alerts as a
from console.contract import desk_work as w
from console.contract import moderation as m
from console.contract import payloads as p
from console.contract.alert_cap import CapFile
from console.contract.feed import FeedChanges
from console.contract.pictures import KeptPicture
from console.domain.alert_cap_import import CapImport
from console.domain.alerts import SENDERS, WRITERS, Alert
from console.domain.desk_work import PostClaim
from console.domain.members import Role
from console.domain.replies import Reply
from console.domain.requests import Claim, Request
from console.domain.templates import Template


class Party(StrEnum):
    """Who is not a member of an agency."""

    PUBLIC = "public"
    NEIGHBOUR = "neighbour"


class Whose(StrEnum):
    """What the caller may reach of it."""

    ANYONES = "anyones"
    OWN_AGENCY = "own_agency"
    OWN = "own"
    OWN_BLOCK = "own_block"


class Kind(StrEnum):
    """What comes back."""

    JSON = "json"
    PAGE = "page"
    BYTES = "bytes"
    EVENTS = "events"


class Endpoint(msgspec.Struct, frozen=True):
    """One row. `body` and `answer` are Struct types; `writes` asks for an Idempotency-Key of members.

    `lendable`: a member to whom one of `who` has lent deciding may call it too.
    """

    name: str
    method: str
    path: str
    who: frozenset[Role | Party]
    whose: Whose
    summary: str
    body: Any = None
    answer: Any = None
    kind: Kind = Kind.JSON
    writes: bool = False
    lendable: bool = False


_AUTHORS = frozenset({Role.OFFICER, Role.SUPERVISOR})
_DECIDERS = frozenset({Role.SUPERVISOR})
_KEEPERS = frozenset({Role.SUPERVISOR, Role.ADMIN})
_REPLY_KEEPERS = frozenset({Role.SUPERVISOR, Role.MODERATOR, Role.ADMIN})
_READERS = frozenset({Role.OFFICER, Role.SUPERVISOR, Role.MODERATOR, Role.AUDITOR})
_SPEAKERS = frozenset({Role.OFFICER, Role.SUPERVISOR, Role.MODERATOR})
_MEMBERS = frozenset(Role)
_NEUTRAL = frozenset({Role.NEUTRAL_MODERATOR})
_PUBLIC = frozenset({Party.PUBLIC})
_NEIGHBOUR = frozenset({Party.NEIGHBOUR})
_OWN = Whose.OWN_AGENCY

HEALTH = Endpoint("health", "GET", "/health", _PUBLIC, Whose.ANYONES, "The service is up", answer=p.Health)
SIGN_IN = Endpoint(
    "sign_in", "POST", "/v1/sessions", _PUBLIC, Whose.ANYONES, "Sign a member in", p.Credentials, p.Session
)
CONFIRM_SIGN_IN = Endpoint(
    "confirm_sign_in",
    "POST",
    "/v1/sessions/confirmation",
    _MEMBERS,
    Whose.OWN,
    "Fresh sign-in",
    p.Confirmation,
    p.Confirmed,
)
SIGN_OUT = Endpoint("sign_out", "DELETE", "/v1/sessions", _MEMBERS, Whose.OWN, "End the sign-in", answer=p.Accepted)
SHOW_AGENCY = Endpoint(
    "show_agency", "GET", "/v1/agency", _MEMBERS, _OWN, "The member's agency and its limits", answer=p.AgencyProfile
)

LIST_REQUESTS = Endpoint(
    "list_requests", "GET", "/v1/requests", _READERS, _OWN, "The agency's requests", answer=p.Requests
)
SHOW_REQUEST = Endpoint(
    "show_request", "GET", "/v1/requests/{request_id:str}", _READERS, _OWN, "One request", answer=Request
)
SUBMIT_REQUEST = Endpoint(
    "submit_request",
    "POST",
    "/v1/requests",
    _AUTHORS,
    _OWN,
    "Submit a request",
    p.SealedRequest,
    p.Receipt,
    writes=True,
)
RESUBMIT_REQUEST = Endpoint(
    "resubmit_request",
    "POST",
    "/v1/requests/{request_id:str}/resubmission",
    _AUTHORS,
    Whose.OWN,
    "Send a returned request again",
    p.Resubmission,
    p.Receipt,
    writes=True,
)
WITHDRAW_REQUEST = Endpoint(
    "withdraw_request",
    "POST",
    "/v1/requests/{request_id:str}/withdrawal",
    _AUTHORS,
    Whose.OWN,
    "Withdraw a request",
    p.Withdrawal,
    p.Receipt,
    writes=True,
)
APPROVE_REQUEST = Endpoint(
    "approve_request",
    "POST",
    "/v1/requests/{request_id:str}/approval",
    _DECIDERS,
    _OWN,
    "Approve a request",
    p.Approval,
    p.Receipt,
    writes=True,
    lendable=True,
)
RETURN_REQUEST = Endpoint(
    "return_request",
    "POST",
    "/v1/requests/{request_id:str}/return",
    _DECIDERS,
    _OWN,
    "Return a request with comments",
    p.Return,
    p.Receipt,
    writes=True,
    lendable=True,
)
REJECT_REQUEST = Endpoint(
    "reject_request",
    "POST",
    "/v1/requests/{request_id:str}/rejection",
    _DECIDERS,
    _OWN,
    "Reject a request",
    p.Rejection,
    p.Receipt,
    writes=True,
    lendable=True,
)
CLAIM_REQUEST = Endpoint(
    "claim_request",
    "POST",
    "/v1/requests/{request_id:str}/claim",
    _DECIDERS,
    _OWN,
    "Say that one is deciding on a request",
    p.Claiming,
    Claim,
    lendable=True,
)
RELEASE_REQUEST = Endpoint(
    "release_request",
    "DELETE",
    "/v1/requests/{request_id:str}/claim",
    _DECIDERS,
    Whose.OWN,
    "Say that one is no longer deciding",
    answer=p.Accepted,
    lendable=True,
)
ADD_ADDENDUM = Endpoint(
    "add_addendum",
    "POST",
    "/v1/requests/{request_id:str}/addenda",
    _AUTHORS,
    _OWN,
    "Add words to a published request",
    p.NewAddendum,
    p.Receipt,
    writes=True,
)
RESOLVE_REQUEST = Endpoint(
    "resolve_request",
    "POST",
    "/v1/requests/{request_id:str}/resolution",
    _AUTHORS,
    _OWN,
    "End a published request with an outcome",
    p.Resolution,
    p.Receipt,
    writes=True,
)

SAVE_GATHERINGS = Endpoint(
    "save_gatherings",
    "PUT",
    "/v1/agency/gatherings",
    _KEEPERS,
    _OWN,
    "Keep lawful assemblies on the agency's calendar",
    p.Gatherings,
    p.Receipt,
    writes=True,
)
REMOVE_GATHERING = Endpoint(
    "remove_gathering",
    "DELETE",
    "/v1/agency/gatherings/{gathering_id:str}",
    _KEEPERS,
    _OWN,
    "Take an assembly off the calendar",
    answer=p.Receipt,
    writes=True,
)
SAVE_TEMPLATE = Endpoint(
    "save_template",
    "PUT",
    "/v1/agency/templates",
    _KEEPERS,
    _OWN,
    "Keep a template of requests",
    Template,
    p.Receipt,
    writes=True,
)
REMOVE_TEMPLATE = Endpoint(
    "remove_template",
    "DELETE",
    "/v1/agency/templates/{template_id:str}",
    _KEEPERS,
    _OWN,
    "Take a template away",
    answer=p.Receipt,
    writes=True,
)
LEND_DECIDING = Endpoint(
    "lend_deciding",
    "POST",
    "/v1/delegations",
    _DECIDERS,
    Whose.OWN,
    "Let another member decide in one's place",
    p.NewDelegation,
    p.Receipt,
    writes=True,
)
END_LENDING = Endpoint(
    "end_lending",
    "DELETE",
    "/v1/delegations/{member_id:str}",
    _DECIDERS,
    Whose.OWN,
    "Take deciding back",
    answer=p.Receipt,
    writes=True,
)
CHECK_CASE = Endpoint(
    "check_case",
    "POST",
    "/v1/case-checks",
    _AUTHORS,
    _OWN,
    "Look a case number up in the agency's records",
    p.CaseQuestion,
    p.CaseAnswer,
)

READ_FEED = Endpoint("read_feed", "GET", "/v1/feed", _READERS, _OWN, "A page of the feed", answer=p.FeedPage)
READ_CHANGES = Endpoint(
    "read_changes",
    "GET",
    "/v1/feed/changes",
    _READERS,
    _OWN,
    "What changed in the feed since a number",
    answer=FeedChanges,
)
COMMENT_ON_POST = Endpoint(
    "comment_on_post",
    "POST",
    "/v1/posts/{post_id:str}/comments",
    _SPEAKERS,
    _OWN,
    "Comment as the agency",
    w.OfficialComment,
    p.Receipt,
    writes=True,
)
EDIT_COMMENT = Endpoint(
    "edit_comment",
    "PUT",
    "/v1/posts/{post_id:str}/comments/{comment_id:str}",
    _SPEAKERS,
    Whose.OWN,
    "Change one's own comment before it is public",
    w.OfficialComment,
    p.Receipt,
    writes=True,
)
WITHDRAW_COMMENT = Endpoint(
    "withdraw_comment",
    "DELETE",
    "/v1/posts/{post_id:str}/comments/{comment_id:str}",
    _SPEAKERS,
    Whose.OWN,
    "Take one's own comment back before it is public",
    answer=p.Receipt,
    writes=True,
)

# The agency's own work on the feed, which no resident sees

LIST_DESK_ITEMS = Endpoint(
    "list_desk_items", "GET", "/v1/desk", _READERS, _OWN, "Where posts stand at the agency's desk", answer=w.DeskItems
)
DO_DESK_WORK = Endpoint(
    "do_desk_work",
    "POST",
    "/v1/desk",
    _SPEAKERS,
    _OWN,
    "State, assignment, note, case or judgement, on one post or several",
    w.DeskWork,
    p.Receipt,
    writes=True,
)
UNDO_DESK_WORK = Endpoint(
    "undo_desk_work",
    "POST",
    "/v1/desk/undo",
    _SPEAKERS,
    Whose.OWN,
    "Take back one's own last deed",
    w.DeskUndo,
    p.Receipt,
    writes=True,
)
REVERT_DESK_WORK = Endpoint(
    "revert_desk_work",
    "POST",
    "/v1/desk/reversal",
    _SPEAKERS,
    _OWN,
    "Take back lines of the desk's history",
    w.DeskRevert,
    p.Receipt,
    writes=True,
)
LIST_DESK_LINES = Endpoint(
    "list_desk_lines",
    "GET",
    "/v1/desk/{post_id:str}/history",
    _READERS,
    _OWN,
    "What the agency did about a post",
    answer=w.DeskLines,
)
CLAIM_POST = Endpoint(
    "claim_post",
    "POST",
    "/v1/desk/{post_id:str}/claim",
    _SPEAKERS,
    _OWN,
    "Say that one is working on a post",
    p.Claiming,
    PostClaim,
)
RELEASE_POST = Endpoint(
    "release_post",
    "DELETE",
    "/v1/desk/{post_id:str}/claim",
    _SPEAKERS,
    Whose.OWN,
    "Say that one is no longer working on a post",
    answer=p.Accepted,
)
SAVE_REPLY = Endpoint(
    "save_reply", "PUT", "/v1/agency/replies", _REPLY_KEEPERS, _OWN, "Keep a reply", Reply, p.Receipt, writes=True
)
REMOVE_REPLY = Endpoint(
    "remove_reply",
    "DELETE",
    "/v1/agency/replies/{reply_id:str}",
    _REPLY_KEEPERS,
    _OWN,
    "Take a reply away",
    answer=p.Receipt,
    writes=True,
)

LIST_CLIPS = Endpoint("list_clips", "GET", "/v1/clips", _AUTHORS, _OWN, "The agency's evidence", answer=p.Clips)
SHOW_CLIP = Endpoint(
    "show_clip", "GET", "/v1/clips/{clip_id:str}", _AUTHORS, _OWN, "One clip and its custody", answer=p.ClipRecord
)
FETCH_CLIP = Endpoint(
    "fetch_clip", "GET", "/v1/clips/{clip_id:str}/content", _AUTHORS, _OWN, "A clip's bytes", kind=Kind.BYTES
)
EXPORT_CLIPS = Endpoint(
    "export_clips",
    "POST",
    "/v1/exports",
    _AUTHORS,
    _OWN,
    "Note an export in the custody trail",
    p.Export,
    p.Receipt,
    writes=True,
)
# Alerts' pictures (contract/pictures.py).
ADD_ALERT_PICTURE = Endpoint(
    "add_alert_picture",
    "PUT",
    "/v1/pictures",
    _SPEAKERS,
    _OWN,
    "Add a picture for an alert (the body is the file)",
    answer=KeptPicture,
    writes=True,
)
ALERT_PICTURE = Endpoint(
    "alert_picture",
    "GET",
    "/v1/pictures/{picture_id:str}",
    _READERS,
    _OWN,
    "A picture that the agency added",
    kind=Kind.BYTES,
)
PUBLIC_PICTURE = Endpoint(
    "public_picture",
    "GET",
    "/pictures/{picture_id:str}",
    _PUBLIC,
    Whose.ANYONES,
    "A picture of a published alert",
    kind=Kind.BYTES,
)

FOLLOW_EVENTS = Endpoint(
    "follow_events", "GET", "/v1/events", _READERS | _NEUTRAL, _OWN, "Live events (server-sent)", kind=Kind.EVENTS
)
READ_AUDIT = Endpoint(
    "read_audit", "GET", "/v1/audit", frozenset({Role.AUDITOR}), _OWN, "The agency's audit log", answer=p.AuditPage
)

LIST_AGENCIES = Endpoint(
    "list_agencies", "GET", "/v1/agencies", _PUBLIC, Whose.ANYONES, "The active agencies", answer=p.Agencies
)
LIST_PUBLISHED = Endpoint(
    "list_published",
    "GET",
    "/v1/agencies/{ori:str}/requests",
    _PUBLIC,
    Whose.ANYONES,
    "An agency's published requests, in full",
    answer=p.PublishedRequests,
)

OPEN_LINK = Endpoint(
    "open_link", "GET", "/n/link/{token:str}", _PUBLIC, Whose.ANYONES, "A neighbour signs in by a link", kind=Kind.PAGE
)
NEIGHBOUR_PAGE = Endpoint(
    "neighbour_page", "GET", "/n", _PUBLIC, Whose.OWN_BLOCK, "The neighbour's page", kind=Kind.PAGE
)
NEIGHBOUR_MAP = Endpoint(
    "neighbour_map",
    "GET",
    "/n/requests/{request_id:str}/map",
    _NEIGHBOUR,
    Whose.OWN_BLOCK,
    "A request's small map",
    kind=Kind.PAGE,
)
DECLINE = Endpoint(
    "decline",
    "POST",
    "/n/requests/{request_id:str}/decline",
    _NEIGHBOUR,
    Whose.OWN_BLOCK,
    "Decline a request",
    p.Choice,
    p.Accepted,
)
SHARE_CLIP = Endpoint(
    "share_clip",
    "PUT",
    "/n/requests/{request_id:str}/clips",
    _NEIGHBOUR,
    Whose.OWN_BLOCK,
    "Share a recording (the body is the file)",
    answer=p.Shared,
)
SET_OPT_OUT = Endpoint(
    "set_opt_out", "PUT", "/n/opt-out", _NEIGHBOUR, Whose.OWN, "Turn all requests off or on", p.OptOut, p.Accepted
)
SEE_ANNOUNCEMENT = Endpoint(
    "see_announcement",
    "POST",
    "/n/announcement",
    _NEIGHBOUR,
    Whose.OWN,
    "Put the announcement away",
    p.Choice,
    p.Accepted,
)
WRITE_POST = Endpoint(
    "write_post", "POST", "/n/posts", _NEIGHBOUR, Whose.OWN_BLOCK, "Write a post", p.NewPost, p.Posted
)
COMMENT_AS_NEIGHBOUR = Endpoint(
    "comment_as_neighbour",
    "POST",
    "/n/posts/{post_id:str}/comments",
    _NEIGHBOUR,
    Whose.ANYONES,
    "Comment on a post",
    p.NewComment,
    p.Posted,
)

FRONT_PAGE = Endpoint("front_page", "GET", "/", _PUBLIC, Whose.ANYONES, "The Active Agency Map", kind=Kind.PAGE)
AGENCY_MAP = Endpoint("agency_map", "GET", "/map", _PUBLIC, Whose.ANYONES, "The map document", kind=Kind.PAGE)
AGENCY_PAGE = Endpoint(
    "agency_page", "GET", "/agencies/{ori:str}", _PUBLIC, Whose.ANYONES, "An agency's public page", kind=Kind.PAGE
)
REQUEST_MAP = Endpoint(
    "request_map",
    "GET",
    "/published/{request_id:str}/map",
    _PUBLIC,
    Whose.ANYONES,
    "A published request's map",
    kind=Kind.PAGE,
)
ASSET = Endpoint("asset", "GET", "/assets/{path:path}", _PUBLIC, Whose.ANYONES, "Styles and scripts", kind=Kind.BYTES)
TILE = Endpoint(
    "tile",
    "GET",
    "/tiles/{atlas:str}/{z:int}/{x:int}/{y:int}",
    _PUBLIC,
    Whose.ANYONES,
    "A street tile",
    kind=Kind.BYTES,
)

# Flags and the service's neutral moderators

FLAG_POST = Endpoint(
    "flag_post",
    "POST",
    "/v1/posts/{post_id:str}/flags",
    _SPEAKERS,
    _OWN,
    "Flag a post to the neutral moderators",
    m.NewFlag,
    p.Receipt,
    writes=True,
)
FLAG_COMMENT = Endpoint(
    "flag_comment",
    "POST",
    "/v1/posts/{post_id:str}/comments/{comment_id:str}/flags",
    _SPEAKERS,
    _OWN,
    "Flag a comment to the neutral moderators",
    m.NewFlag,
    p.Receipt,
    writes=True,
)
LIST_FLAGS = Endpoint(
    "list_flags", "GET", "/v1/flags", _READERS, _OWN, "The agency's own flags and their outcome", answer=m.OwnFlags
)
APPEAL_AS_AGENCY = Endpoint(
    "appeal_as_agency",
    "POST",
    "/v1/moderation-decisions/{decision_id:str}/appeal",
    _SPEAKERS,
    _OWN,
    "Appeal a decision on the agency's own comment",
    m.NewAppeal,
    p.Receipt,
    writes=True,
)
LIST_QUEUE = Endpoint(
    "list_queue", "GET", "/v1/moderation", _NEUTRAL, Whose.ANYONES, "The neutral moderators' queue", answer=m.Queue
)
SHOW_ITEM = Endpoint(
    "show_item",
    "GET",
    "/v1/moderation/{item_id:str}",
    _NEUTRAL,
    Whose.ANYONES,
    "One item with its context",
    answer=m.ItemView,
)
CLAIM_ITEM = Endpoint(
    "claim_item",
    "POST",
    "/v1/moderation/{item_id:str}/claim",
    _NEUTRAL,
    Whose.ANYONES,
    "Say that one is deciding on an item",
    p.Claiming,
    Claim,
)
RELEASE_ITEM = Endpoint(
    "release_item",
    "DELETE",
    "/v1/moderation/{item_id:str}/claim",
    _NEUTRAL,
    Whose.OWN,
    "Say that one is no longer deciding on an item",
    answer=p.Accepted,
)
DECIDE_ITEM = Endpoint(
    "decide_item",
    "POST",
    "/v1/moderation/{item_id:str}/decision",
    _NEUTRAL,
    Whose.ANYONES,
    "Keep, limit or remove; publish or refuse what is held",
    m.Deciding,
    p.Receipt,
    writes=True,
)
RESTORE_ITEM = Endpoint(
    "restore_item",
    "POST",
    "/v1/moderation/{item_id:str}/restoration",
    _NEUTRAL,
    Whose.ANYONES,
    "Take a decision back",
    m.Deciding,
    p.Receipt,
    writes=True,
)
DECIDE_APPEAL = Endpoint(
    "decide_appeal",
    "POST",
    "/v1/moderation/{item_id:str}/appeal-decision",
    _NEUTRAL,
    Whose.ANYONES,
    "Decide the appeal of another moderator's decision",
    m.Deciding,
    p.Receipt,
    writes=True,
)
FLAG_POST_AS_NEIGHBOUR = Endpoint(
    "flag_post_as_neighbour",
    "POST",
    "/n/posts/{post_id:str}/flags",
    _NEIGHBOUR,
    Whose.ANYONES,
    "Report a post",
    m.NewFlag,
    p.Accepted,
)
FLAG_COMMENT_AS_NEIGHBOUR = Endpoint(
    "flag_comment_as_neighbour",
    "POST",
    "/n/posts/{post_id:str}/comments/{comment_id:str}/flags",
    _NEIGHBOUR,
    Whose.ANYONES,
    "Report a comment",
    m.NewFlag,
    p.Accepted,
)
APPEAL_AS_NEIGHBOUR = Endpoint(
    "appeal_as_neighbour",
    "POST",
    "/n/moderation-decisions/{decision_id:str}/appeal",
    _NEIGHBOUR,
    Whose.OWN,
    "Appeal a decision on what one wrote",
    m.NewAppeal,
    p.Accepted,
)
MODERATION_COUNTS = Endpoint(
    "moderation_counts",
    "GET",
    "/v1/moderation-counts",
    _PUBLIC,
    Whose.ANYONES,
    "How much was flagged and decided, by reason and by agency",
    answer=m.ModerationCounts,
)

# Alerts. Whoever answers the feed may write one: an officer knows first. It speaks for the agency to everybody, so an
# officer's waits for a supervisor or the press officer, and only these close comments.

LIST_ALERTS = Endpoint("list_alerts", "GET", "/v1/alerts", _READERS, _OWN, "The agency's alerts", answer=a.Alerts)
SHOW_ALERT = Endpoint("show_alert", "GET", "/v1/alerts/{alert_id:str}", _READERS, _OWN, "One alert", answer=Alert)
SUBMIT_ALERT = Endpoint(
    "submit_alert", "POST", "/v1/alerts", WRITERS, _OWN, "Send an alert", a.SealedAlert, p.Receipt, writes=True
)
IMPORT_CAP = Endpoint(
    "import_cap",
    "POST",
    "/v1/alerts/cap",
    WRITERS,
    _OWN,
    "Read a CAP 1.2 message as the draft of an alert; nothing is kept or sent",
    CapFile,
    CapImport,
)
UPDATE_ALERT = Endpoint(
    "update_alert",
    "POST",
    "/v1/alerts/{alert_id:str}/updates",
    WRITERS,
    _OWN,
    "Send an update of a published alert",
    a.FollowUp,
    p.Receipt,
    writes=True,
)
CANCEL_ALERT = Endpoint(
    "cancel_alert",
    "POST",
    "/v1/alerts/{alert_id:str}/all-clear",
    WRITERS,
    _OWN,
    "Call a published alert off",
    a.FollowUp,
    p.Receipt,
    writes=True,
)
RESUBMIT_ALERT = Endpoint(
    "resubmit_alert",
    "POST",
    "/v1/alerts/{alert_id:str}/resubmission",
    WRITERS,
    Whose.OWN,
    "Send a returned alert again",
    a.AlertResubmission,
    p.Receipt,
    writes=True,
)
WITHDRAW_ALERT = Endpoint(
    "withdraw_alert",
    "POST",
    "/v1/alerts/{alert_id:str}/withdrawal",
    WRITERS,
    _OWN,
    "Take an alert back that is not out yet",
    a.AlertWithdrawal,
    p.Receipt,
    writes=True,
)
APPROVE_ALERT = Endpoint(
    "approve_alert",
    "POST",
    "/v1/alerts/{alert_id:str}/approval",
    SENDERS,
    _OWN,
    "Let an alert go out",
    a.AlertApproval,
    p.Receipt,
    writes=True,
)
RETURN_ALERT = Endpoint(
    "return_alert",
    "POST",
    "/v1/alerts/{alert_id:str}/return",
    SENDERS,
    _OWN,
    "Return an alert with a comment",
    a.AlertReturn,
    p.Receipt,
    writes=True,
)
CLOSE_COMMENTS = Endpoint(
    "close_comments",
    "POST",
    "/v1/alerts/{alert_id:str}/comments-closing",
    SENDERS,
    _OWN,
    "Close the comments on the agency's own alert",
    a.CommentsClosing,
    p.Receipt,
    writes=True,
)
OPEN_COMMENTS = Endpoint(
    "open_comments",
    "POST",
    "/v1/alerts/{alert_id:str}/comments-opening",
    SENDERS,
    _OWN,
    "Open the comments on the agency's own alert again",
    a.CommentsOpening,
    p.Receipt,
    writes=True,
)
LIST_PUBLISHED_ALERTS = Endpoint(
    "list_published_alerts",
    "GET",
    "/v1/agencies/{ori:str}/alerts",
    _PUBLIC,
    Whose.ANYONES,
    "An agency's published alerts, in full",
    answer=a.PublishedAlerts,
)
# Alerts as CAP 1.2 (service/alert_cap.py).
ALERT_FEED = Endpoint(
    "alert_feed",
    "GET",
    "/agencies/{ori:str}/alerts/feed",
    _PUBLIC,
    Whose.ANYONES,
    "An agency's published messages as an Atom feed",
    kind=Kind.BYTES,
)
ALERT_CAP = Endpoint(
    "alert_cap",
    "GET",
    "/agencies/{ori:str}/alerts/{identifier:str}/cap",
    _PUBLIC,
    Whose.ANYONES,
    "A published message of an alert as CAP 1.2",
    kind=Kind.BYTES,
)

ENDPOINTS: tuple[Endpoint, ...] = tuple(row for row in globals().copy().values() if isinstance(row, Endpoint))
