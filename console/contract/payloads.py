"""Bodies and answers that are not themselves things of the domain."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

from console.domain.assemblies import Gathering
from console.domain.drafts import Draft
from console.domain.evidence import Clip, ClipId, CustodyEntry
from console.domain.feed import Category, Post
from console.domain.members import Member, MemberId
from console.domain.places import Geometry, Point
from console.domain.policy import Agency
from console.domain.replies import Reply
from console.domain.requests import (
    FieldComment,
    Outcome,
    ProportionateReason,
    RejectReason,
    Request,
    RequestId,
    WithdrawReason,
)
from console.domain.templates import Template
from console.domain.times import Aware

Text = Annotated[str, msgspec.Meta(max_length=2_000)]
ShortText = Annotated[str, msgspec.Meta(max_length=200)]
Version = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]


class _Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    pass


class Credentials(_Body, frozen=True):
    """A member signs in with the agency's ORI, a user name and a password."""

    agency: ShortText
    username: ShortText
    password: Annotated[str, msgspec.Meta(max_length=1_024)]


class Confirmation(_Body, frozen=True):
    """A signed-in member shows again that it is them."""

    password: Annotated[str, msgspec.Meta(max_length=1_024)]


class Session(msgspec.Struct, frozen=True):
    """A sign-in. The token lives in memory only; `receipt_key` is the service's Ed25519 public key, base64."""

    token: str
    member: Member
    signed_in_at: datetime
    expires_at: datetime
    receipt_key: str


class Confirmed(msgspec.Struct, frozen=True):
    """When the fresh sign-in happened."""

    signed_in_at: datetime


class SealedRequest(_Body, frozen=True):
    """A draft as its author sent it; sealed when the key was minted."""

    draft: Draft
    sealed_at: Aware


class Resubmission(_Body, frozen=True):
    """A returned request, mended."""

    version: Version
    draft: Draft
    sealed_at: Aware


class Approval(_Body, frozen=True):
    """An approval; `because` is the coded reason for which a request above the homes limit is proportionate.

    Where two must approve, the first approval endorses and the second approves.
    """

    version: Version
    because: ProportionateReason | None = None
    reason: Text = ""


class Withdrawal(_Body, frozen=True):
    """A coded withdrawal by the author."""

    version: Version
    reason: WithdrawReason
    text: Text = ""


class Claiming(_Body, frozen=True):
    """A member begins, or goes on, to decide on a request; `take_over` takes it from another."""

    take_over: bool = False


class Return(_Body, frozen=True):
    """A request goes back with a comment on at least one field."""

    version: Version
    comments: Annotated[tuple[FieldComment, ...], msgspec.Meta(min_length=1, max_length=20)]


class Rejection(_Body, frozen=True):
    """A coded rejection."""

    version: Version
    reason: RejectReason
    text: Text = ""


class NewAddendum(_Body, frozen=True):
    """Words added to a published request."""

    version: Version
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=2_000)]


class Resolution(_Body, frozen=True):
    """A coded outcome."""

    version: Version
    outcome: Outcome


class Receipt(msgspec.Struct, frozen=True):
    """The service's signed answer to a write.

    `signature` is Ed25519 over the MessagePack of the receipt with an empty signature, base64.
    """

    number: str
    endpoint: str
    key: str
    subject: str
    state: str
    version: int
    at: datetime
    signature: str = ""


class Requests(msgspec.Struct, frozen=True):
    """The agency's requests, newest first."""

    requests: tuple[Request, ...]
    as_of_event: int


class FeedPage(msgspec.Struct, frozen=True):
    """A page of posts, newest first; `before` asks for the next page, None at the end."""

    posts: tuple[Post, ...]
    total: int
    before: str | None = None


class NewComment(_Body, frozen=True):
    """A comment on a post."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=2_000)]


class NewPost(_Body, frozen=True):
    """A neighbour's post; its place is always the neighbour's block."""

    category: Category
    title: Annotated[str, msgspec.Meta(min_length=3, max_length=120)]
    text: Annotated[str, msgspec.Meta(min_length=3, max_length=2_000)]


class Posted(msgspec.Struct, frozen=True):
    """The id under which something was kept."""

    id: str


class Clips(msgspec.Struct, frozen=True):
    """The agency's evidence, newest first."""

    clips: tuple[Clip, ...]


class ClipRecord(msgspec.Struct, frozen=True):
    """One clip with the request it answers and its custody trail."""

    clip: Clip
    request: RequestId
    case_number: str
    custody: tuple[CustodyEntry, ...]


class Export(_Body, frozen=True):
    """An export of clips to a folder on the workstation, for the custody trail."""

    clips: Annotated[tuple[ClipId, ...], msgspec.Meta(min_length=1, max_length=500)]
    reason: Text = ""


class Choice(_Body, frozen=True):
    """A neighbour's answer to a request that is not sharing."""

    seen_only: bool = False


class OptOut(_Body, frozen=True):
    """A neighbour turns all requests off, or on again."""

    opted_out: bool


class Accepted(msgspec.Struct, frozen=True):
    """It was kept. The same answer whatever was chosen."""

    ok: bool = True


class Shared(msgspec.Struct, frozen=True):
    """A recording arrived at the service and is being cleaned."""

    id: ClipId
    size: int
    sha256: str


class AgencyCard(msgspec.Struct, frozen=True):
    """What the public sees of an agency."""

    ori: str
    name: str
    station: Point
    joined_on: str
    opens: str
    closes: str


class Agencies(msgspec.Struct, frozen=True):
    """The active agencies."""

    agencies: tuple[AgencyCard, ...]


class PublishedRequest(msgspec.Struct, frozen=True):
    """A request as the public and the asked neighbours see it, in full."""

    id: RequestId
    number: str
    state: str
    agency_name: str
    asked_by: str
    offence: str
    title: str
    text: str
    contact: str
    case_number: str
    begins: datetime
    ends: datetime
    near: str
    outline: Geometry
    published_at: datetime
    expires_at: datetime
    addenda: tuple[str, ...] = ()
    outcome: str = ""
    notes: tuple[str, ...] = ()


class PublishedRequests(msgspec.Struct, frozen=True):
    """An agency's published requests, newest first."""

    requests: tuple[PublishedRequest, ...]


class Health(msgspec.Struct, frozen=True):
    """The service is up."""

    ok: bool
    version: str


class AuditEntry(msgspec.Struct, frozen=True):
    """One line of the audit log; `hash` chains it to the one before."""

    number: int
    actor: str
    action: str
    subject: str
    at: datetime
    hash: str


class AuditPage(msgspec.Struct, frozen=True):
    """Audit entries of the agency, newest first."""

    entries: tuple[AuditEntry, ...]


class Delegation(msgspec.Struct, frozen=True):
    """A supervisor lets another member decide in the supervisor's place, until a time."""

    delegator: Member
    delegate: Member
    until: datetime


class AgencyProfile(msgspec.Struct, frozen=True):
    """The agency as its own members see it: policy, masks, hours, calendar of assemblies, templates, delegations.

    `colleagues` are the members to whom deciding can be lent, `desk` those to whom a post can be given; a gathering
    that is long over is left out.
    """

    agency: Agency
    supervisors: tuple[Member, ...]
    colleagues: tuple[Member, ...] = ()
    desk: tuple[Member, ...] = ()
    gatherings: tuple[Gathering, ...] = ()
    templates: tuple[Template, ...] = ()
    replies: tuple[Reply, ...] = ()
    delegations: tuple[Delegation, ...] = ()


class Gatherings(_Body, frozen=True):
    """Gatherings for the calendar; one with the id of a known one replaces it."""

    gatherings: Annotated[tuple[Gathering, ...], msgspec.Meta(min_length=1, max_length=2_000)]


class NewDelegation(_Body, frozen=True):
    """Deciding is lent to a member, at most for 30 days."""

    delegate: MemberId
    until: Aware


class CaseQuestion(_Body, frozen=True):
    """A case number to look up in the agency's own records system."""

    case_number: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]


class CaseAnswer(msgspec.Struct, frozen=True):
    """What the records system said; empty where the agency has none connected."""

    result: str
