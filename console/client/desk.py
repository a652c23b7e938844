"""The desk: what a signed-in member sees and does, without a screen.

Promises: an action only writes an outbox row and returns; what is shown is what the service said, plus what still
waits. After a row was sent, and after each event, the service is asked again: it always wins. Nobody who holds the
desk holds the token: it stays in the gateway. All of it runs on the loop's own thread.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing, suppress
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, assert_never

import msgspec

from console.client import alert_pictures
from console.client import clips as evidence
from console.client.agency import AGENCY_ENDPOINTS
from console.client.alerts import ALERT_ENDPOINTS
from console.client.desk_work import COMMENT_ENDPOINTS, DESK_ENDPOINTS
from console.client.feed_sync import DAYS_SETTING, FeedSync, limits_of
from console.client.gateway import ProblemRaised, Unintelligible, Unreachable
from console.client.live import ConnectionState, Live
from console.client.moderation import MODERATION_ENDPOINTS
from console.client.outbox import (
    NOT_GENUINE,
    OutboxRow,
    OutboxState,
    Sender,
    UnusableKey,
    is_genuine,
    receipt_verifier,
    sent_draft,
)
from console.client.replica import Part, Replica
from console.contract import endpoints as e
from console.contract import events
from console.contract import payloads as p
from console.contract.desk_work import OfficialComment
from console.contract.problems import Problem, problem
from console.domain.checks import check
from console.domain.desk_work import DeskItem
from console.domain.drafts import Draft, DraftId, name_of
from console.domain.feed import PostId
from console.domain.findings import blocking
from console.domain.history import earlier_of
from console.domain.members import Member, Role
from console.domain.requests import is_same_person

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping
    from datetime import datetime
    from pathlib import Path

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    from console.client.feed_copy import FeedCopy
    from console.client.gateway import Gateway
    from console.client.vault import KeptDraft, Vault
    from console.client.wishes import Wish
    from console.contract.moderation import QueueItem
    from console.contract.pictures import KeptPicture
    from console.domain.alerts import Alert
    from console.domain.evidence import Clip, ClipId
    from console.domain.feed import Post
    from console.domain.feed_filter import FeedFilter
    from console.domain.feed_query import FeedQuery
    from console.domain.findings import Finding
    from console.domain.ground import Ground
    from console.domain.requests import (
        Claim,
        EarlierRequest,
        FieldComment,
        Outcome,
        ProportionateReason,
        RejectReason,
        Request,
        WithdrawReason,
    )

Connection = ConnectionState

SENT_KEPT = timedelta(days=30)
POSTS_FOUND_MAX = 1_000
_NOT_SIGNED_IN = 401

RECEIPT_KEY_CHANGED = Problem(
    "receipt_key_changed",
    0,
    "The service now signs its receipts with another key.",
    "You were not signed in. Ask your administrator whether this is meant before you go on.",
)
_MOVED_ON = frozenset({"moved_on", "wrong_state", "alert_moved", "not_found"})


class Changed(StrEnum):
    """What the screen has to read again."""

    REQUESTS = "requests"
    POSTS = "posts"
    CLIPS = "clips"
    DESK = "desk"
    OUTBOX = "outbox"
    DRAFTS = "drafts"
    CONNECTION = "connection"
    AGENCY = "agency"
    MODERATION = "moderation"
    ALERTS = "alerts"
    SIGNED_OUT = "signed_out"


class NotSignedIn(Exception):  # noqa: N818 - says what happened
    """You are not signed in. Sign in again; nothing is lost."""


class DraftOnItsWay(Exception):  # noqa: N818 - says what happened
    """An earlier form of this request is on its way to the service. Wait for its receipt."""


class Desk:
    """One member at one service. See the module for what it promises."""

    def __init__(
        self,
        gateway: Gateway,
        open_vault: Callable[[str], Vault],
        ground: Ground,
        clock: Callable[[], datetime],
        mint: Callable[[], str],
        *,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.on_changed: Callable[[Changed], None] = lambda _what: None
        self.session: p.Session | None = None
        self.profile: p.AgencyProfile | None = None
        self.connection = Connection.CONNECTING
        self.outbox: tuple[OutboxRow, ...] = ()
        self.drafts: tuple[KeptDraft, ...] = ()
        self._gateway = gateway
        self._open_vault = open_vault
        self._ground = ground
        self._clock = clock
        self._mint = mint
        self._pause = pause
        self._vault: Vault | None = None
        self._vault_name = ""
        self._session_only: tuple[str, Vault] | None = None
        self._closing = False
        self._verifier: Ed25519PublicKey | None = None
        self._replica: Replica | None = None
        self._sender: Sender | None = None
        self._live: Live | None = None
        self._numbered: asyncio.Future[int] | None = None
        self._ended = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._read: dict[str, bool] = {}
        self._feed_sync: FeedSync | None = None
        self._feed_listeners: list[Callable[[frozenset[int]], None]] = []
        self._waiting: dict[str, asyncio.Future[OutboxRow]] = {}

    # What the screen reads

    @property
    def durable(self) -> bool:
        """Whether drafts outlive the program: False without a keyring."""
        return self._vault is not None and self._vault.durable

    @property
    def set_aside(self) -> Path | None:
        """An older vault file that the key did not open and that was put aside at this sign-in."""
        return None if self._vault is None else self._vault.set_aside

    @property
    def refreshed_at(self) -> datetime | None:
        """When the service last answered a load (UTC)."""
        return None if self._replica is None else self._replica.refreshed_at

    @property
    def requests(self) -> tuple[Request, ...]:
        """The agency's requests as the service last showed them, newest first."""
        return () if self._replica is None else self._replica.requests

    @property
    def posts(self) -> tuple[Post, ...]:
        """The pages of the feed that were loaded, newest first."""
        return () if self._replica is None else self._replica.posts

    @property
    def clips(self) -> tuple[Clip, ...]:
        """The agency's evidence, newest first."""
        return () if self._replica is None else self._replica.clips

    @property
    def queue(self) -> tuple[QueueItem, ...]:
        """The neutral moderators' queue, as the service last showed it; empty for everybody else."""
        return () if self._replica is None else self._replica.queue

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """The agency's alerts and what refers to them, newest first."""
        return () if self._replica is None else self._replica.alerts

    # Signing in and out

    async def sign_in(self, agency: str, username: str, password: str) -> p.Session | Problem:
        """Sign in, open the member's vault, load the agency. The Session that is answered bears no token.

        Unreachable; a service whose receipt key is not the one first seen is a Problem.
        """
        untrusted_session = await self._gateway.call(e.SIGN_IN, body=p.Credentials(agency, username, password))
        if isinstance(untrusted_session, Problem):
            return untrusted_session
        session: p.Session = untrusted_session
        try:
            verifier = receipt_verifier(session.receipt_key)
        except UnusableKey as fault:
            raise Unintelligible from fault
        await self._stop()
        name = f"{session.member.agency} {session.member.id}"
        if self._vault is None or name != self._vault_name:
            self._leave()
            self._vault, self._vault_name = await asyncio.to_thread(self._vault_of, name), name
        self._gateway.token = session.token
        try:
            refusal = await self._introduce(self._vault, session)
        except BaseException:
            self._leave()
            raise
        if refusal is not None:
            self._leave()
            return refusal
        self.session = msgspec.structs.replace(session, token="")
        self._verifier = verifier
        self._read = {}
        self._set_up(self._vault, session, verifier)
        for what in (Changed.DRAFTS, Changed.OUTBOX, Changed.POSTS):
            self.on_changed(what)
        return self.session

    async def confirm(self, password: str) -> p.Confirmed | Problem:
        """Show again that it is them: a fresh sign-in for a decision. Unreachable."""
        answer: p.Confirmed | Problem = await self._call(e.CONFIRM_SIGN_IN, body=p.Confirmation(password))
        if isinstance(answer, p.Confirmed) and self.session is not None:
            self.session = msgspec.structs.replace(self.session, signed_in_at=answer.signed_in_at)
        return answer

    async def sign_out(self) -> None:
        """End the sign-in, here in any case, at the service if it can be reached; close the vault."""
        if self._gateway.token is not None:
            with suppress(Unreachable):
                await self._gateway.call(e.SIGN_OUT)
        await self._stop()
        self._leave()
        self.on_changed(Changed.SIGNED_OUT)

    def close(self) -> None:
        """Close the vault without telling the service, for the program's end; `run` must have ended before."""
        self._closing = True
        self._leave()
        if self._session_only is not None:
            self._session_only[1].close()
            self._session_only = None

    async def run(self) -> None:
        """Keep up with the service until cancelled or signed out; the root starts it after each sign-in."""
        replica, sender, ended = self._replica, self._sender, self._ended
        if self.session is None or replica is None or sender is None:
            raise NotSignedIn
        if not self._idle.is_set():
            raise RuntimeError("the desk runs already")
        self._idle.clear()
        replica.mark_all()
        try:
            async with asyncio.TaskGroup() as group:
                works = [replica.run(), sender.run(), self._follow()]
                if self._feed_sync is not None:
                    works.append(self._feed_sync.run())
                tasks = [group.create_task(work) for work in works]
                await ended.wait()
                for task in tasks:
                    task.cancel()
        finally:
            self._idle.set()

    # Drafts and the check

    def new_draft(self, **fields: Any) -> Draft:
        """A new draft; it is in the vault from its first `save_draft`."""
        return Draft(id=DraftId(self._mint()), **fields)

    def save_draft(self, draft: Draft, seen: int | None = None) -> int:
        """Keep a draft: it is on the disk when this returns its revision. Works also after the sign-in has ended.

        With `seen`, the revision that the window opened (0: a new one), DraftChangedElsewhere where another window has
        saved meanwhile.
        """
        vault = self._opened()
        try:
            return vault.save_draft(draft, self._clock(), seen)
        finally:
            self._drafts_changed(vault)

    def read_drafts(self) -> None:
        """Look into the vault again: another window of this workstation may have changed it."""
        if self._vault is not None:
            self._drafts_changed(self._vault)

    def delete_draft(self, draft_id: str) -> None:
        """Forget a draft."""
        vault = self._opened()
        vault.delete_draft(draft_id)
        self._drafts_changed(vault)

    def earlier_requests(self, without: str = "") -> tuple[EarlierRequest, ...]:
        """The agency's requests as the check needs them, leaving out the request with the id `without`."""
        return tuple(earlier_of(r) for r in self.requests if r.id != without)

    def findings(self, draft: Draft) -> tuple[Finding, ...]:
        """What the check says now; a returned request's draft is not held against itself. NotSignedIn."""
        if self.profile is None:
            raise NotSignedIn
        itself = next((r.id for r in self.requests if r.draft.id == draft.id), "")
        earlier = self.earlier_requests(itself)
        return check(draft, self.profile.agency, self._ground, earlier, self._clock(), self.profile.gatherings)

    async def check_case(self, case_number: str) -> p.CaseAnswer | Problem:
        """What the agency's own records system says of a case number. Unreachable."""
        answer: p.CaseAnswer | Problem = await self._call(e.CHECK_CASE, body=p.CaseQuestion(case_number))
        return answer

    # Deciding; each answers its outbox row at once

    def submit(self, draft: Draft) -> OutboxRow:
        """Seal a draft and send it. A draft that the check blocks becomes a refused row; DraftOnItsWay."""
        body = p.SealedRequest(draft, self._clock())
        return self._send_draft(e.SUBMIT_REQUEST, body, draft, path={}, title="Submit", subject=draft.id)

    def resubmit(self, request: Request, draft: Draft) -> OutboxRow:
        """Send a returned request again, mended. As `submit`."""
        body = p.Resubmission(request.version, draft, self._clock())
        path = {"request_id": request.id}
        return self._send_draft(e.RESUBMIT_REQUEST, body, draft, path=path, title="Resubmit", subject=request.id)

    def lenders(self) -> tuple[Member, ...]:
        """Who has lent the member their deciding, while it holds; nobody where none is signed in."""
        if self.session is None or self.profile is None:
            return ()
        mine, now = self.session.member.id, self._clock()
        return tuple(d.delegator for d in self.profile.delegations if d.delegate.id == mine and d.until > now)

    def may_decide(self) -> bool:
        """Whether the member decides on requests: by role, or because a supervisor lent it."""
        if self.session is None:
            return False
        return self.session.member.role in e.APPROVE_REQUEST.who or bool(self.lenders())

    def deciding_role(self) -> Role | None:
        """The role by which the member decides: a supervisor's where one lent it, else the member's own."""
        if self.session is None:
            return None
        return Role.SUPERVISOR if self.may_decide() else self.session.member.role

    def is_authors(self, request: Request) -> bool:
        """Whether the member wrote the request, or decides by leave of who wrote it: then another must decide."""
        if self.session is None:
            return False
        return any(is_same_person(request.author, person) for person in (self.session.member, *self.lenders()))

    async def claim(self, request: Request, *, take_over: bool = False) -> Claim | Problem:
        """Say that the member is deciding on a request, or still is. Unreachable."""
        answer: Claim | Problem = await self._call(
            e.CLAIM_REQUEST, body=p.Claiming(take_over), path={"request_id": request.id}
        )
        return answer

    async def release(self, request_id: str) -> None:
        """Say that the member is no longer deciding; nothing happens where the service is away."""
        with suppress(Unreachable):
            await self._call(e.RELEASE_REQUEST, path={"request_id": request_id})

    def approve(self, request: Request, because: ProportionateReason | None = None) -> OutboxRow:
        """Approve a request; `because` says why one above the homes limit is proportionate."""
        return self._decide(e.APPROVE_REQUEST, p.Approval(request.version, because), request, "Approve")

    def return_(self, request: Request, comments: tuple[FieldComment, ...]) -> OutboxRow:
        """Return a request with comments on its fields, at least one."""
        return self._decide(e.RETURN_REQUEST, p.Return(request.version, tuple(comments)), request, "Return")

    def reject(self, request: Request, reason: RejectReason, text: str) -> OutboxRow:
        """Reject a request for a coded reason."""
        return self._decide(e.REJECT_REQUEST, p.Rejection(request.version, reason, text), request, "Reject")

    def withdraw(self, request: Request, reason: WithdrawReason, text: str = "") -> OutboxRow:
        """Withdraw the member's own request, for a coded reason."""
        return self._decide(e.WITHDRAW_REQUEST, p.Withdrawal(request.version, reason, text), request, "Withdraw")

    def add_addendum(self, request: Request, text: str) -> OutboxRow:
        """Add words to a published request."""
        return self._decide(e.ADD_ADDENDUM, p.NewAddendum(request.version, text), request, "Add to")

    def resolve(self, request: Request, outcome: Outcome) -> OutboxRow:
        """End a published request with a coded outcome."""
        return self._decide(e.RESOLVE_REQUEST, p.Resolution(request.version, outcome), request, "Resolve")

    def comment(self, post_id: PostId | str, text: str, corrects: str = "") -> OutboxRow:
        """Comment on a post, as the agency; `corrects` is the id of an earlier comment that this one puts right."""
        title = next((post.title for post in self.posts if post.id == post_id), "a post")
        path, body = {"post_id": post_id}, OfficialComment(text, corrects)
        return self._enqueue(e.COMMENT_ON_POST, body, path=path, title=f"Comment on {title}", subject=post_id)

    def dismiss(self, key: str) -> None:
        """Forget a refused row; the draft of a refused submission stays."""
        vault = self._opened()
        vault.forget_row(key)
        self._outbox_changed(vault)

    async def wait_for(self, key: str) -> OutboxRow:
        """The row once it is SENT or REFUSED; KeyError where there is none. Cancelled by a sign-out."""
        row = next((known for known in self.outbox if known.key == key), None)
        if row is None:
            raise KeyError(key)
        if row.state is not OutboxState.WAITING:
            return row
        settled = self._waiting.setdefault(key, asyncio.get_running_loop().create_future())
        return await asyncio.shield(settled)

    def keep(self, wish: Wish) -> OutboxRow:
        """Put a wish into the outbox: what it answers is the row, at once. NotSignedIn."""
        return self._enqueue(wish.endpoint, wish.body, path=wish.path, title=wish.title, subject=wish.subject)

    async def tell(self, wish: Wish) -> p.Receipt | Problem:
        """Do a write at once, without the outbox: for what may be lost, as that a post was opened. Unreachable."""
        answer: p.Receipt | Problem = await self._call(wish.endpoint, body=wish.body, path=wish.path, key=self._mint())
        return answer

    async def ask(self, endpoint: e.Endpoint, **parts: Any) -> Any | Problem:
        """What the service answers to a question that keeps nothing (`gateway.call`). Unreachable."""
        return await self._call(endpoint, **parts)

    # Alerts' pictures

    async def add_picture(self, picture: bytes, key: str) -> KeptPicture | Problem:
        """Have the service keep a picture for an alert; the same key never adds it twice. Unreachable."""
        answer: KeptPicture | Problem = await self._call(e.ADD_ALERT_PICTURE, body=picture, key=key)
        return answer

    async def fetch_picture(self, picture_id: str) -> bytes:
        """The bytes of a picture that the agency added, not to be trusted. ProblemRaised, Unreachable."""
        return await alert_pictures.fetch_picture(self._gateway, picture_id)

    # The feed

    async def load_older_posts(self) -> bool:
        """Load one more page of the feed; False where there is no more. Unreachable."""
        return self._replica is not None and await self._replica.load_older_posts()

    def find_posts(self, query: FeedQuery) -> tuple[Post, ...]:
        """The kept posts that a query finds, newest first, also while the service is away."""
        return self._opened().find_posts(query, POSTS_FOUND_MAX)

    @property
    def feed(self) -> FeedCopy:
        """The feed's copy on this workstation: pages, counts, marks. NotSignedIn."""
        return self._opened().feed()

    @property
    def feed_sync(self) -> FeedSync | None:
        """What keeps the copy in step, for saying how far it is; None where the member has no feed."""
        return self._feed_sync

    def listen_to_feed(self, listener: Callable[[frozenset[int]], None]) -> Callable[[], None]:
        """Have a listener called, on the loop, with the numbers of posts that came, changed or went in the copy.

        No numbers: everything may be different. Answers how to stop.
        """
        self._feed_listeners.append(listener)
        return lambda: self._feed_listeners.remove(listener)

    def is_unread(self, post_id: str) -> bool:
        """Whether the member has not opened a post yet, on this workstation."""
        known = self._read.get(post_id)
        if known is None:
            if len(self._read) >= POSTS_FOUND_MAX:
                self._read.clear()
            known = self._read[post_id] = self._vault is not None and self._vault.is_read(post_id)
        return not known

    def mark_read(self, post_ids: Iterable[str]) -> None:
        """Note that posts were opened."""
        fresh = [post_id for post_id in post_ids if self.is_unread(post_id)]
        if fresh:
            self._opened().mark_read(fresh, self._clock())
            self._read.clear()

    def mark_unread(self, post_id: str) -> None:
        """Have a post count as not opened."""
        self._opened().mark_unread(post_id)
        self._read.pop(post_id, None)

    async def mark_all_read(self, query: FeedQuery, chosen: FeedFilter) -> int:
        """Note of all posts that a query and a filter find that they were opened; answers of how many."""
        marked = await asyncio.to_thread(self.feed.mark_all_read, query, chosen)
        self._feed_changed(frozenset())
        return marked

    def desk_item(self, post_id: str) -> DeskItem:
        """Where a post stands at the agency's desk; one that nobody touched is new."""
        known = None if self._replica is None else self._replica.desk_items.get(post_id)
        return known or DeskItem(PostId(post_id))

    @property
    def desk_items(self) -> Mapping[str, DeskItem]:
        """The posts that the agency has worked on, by id."""
        return {} if self._replica is None else self._replica.desk_items

    # Settings of the member on this workstation

    def setting(self, name: str) -> str | None:
        """A setting's value; None where it was never set. NotSignedIn."""
        return self._opened().get_setting(name)

    def keep_setting(self, name: str, value: str) -> None:
        """Keep a setting. NotSignedIn."""
        self._opened().set_setting(name, value)

    # Evidence

    async def fetch_clip(self, clip: Clip, target: Path, progress: Callable[[int, int], None]) -> None:
        """Fetch a clip's bytes into a file; ClipError (nothing is left at `target` then), Unreachable."""
        try:
            await evidence.fetch_clip(self._gateway, clip, target, progress)
        except evidence.ClipRefused as fault:
            self._notice(fault.problem)
            raise

    async def clip_record(self, clip_id: ClipId | str) -> p.ClipRecord | Problem:
        """A clip with its custody trail. Unreachable."""
        answer: p.ClipRecord | Problem = await self._call(e.SHOW_CLIP, path={"clip_id": clip_id})
        return answer

    async def export(self, clip_ids: tuple[ClipId, ...], folder: Path, reason: str) -> Path:
        """Export clips into a new folder inside `folder` and answer it; the custody trail is told first.

        ClipError, Unreachable: then nothing is left in `folder`.
        """
        if self.session is None or self.profile is None:
            raise NotSignedIn
        at, key = self._clock(), self._mint()
        receipt = await self._call(e.EXPORT_CLIPS, body=p.Export(tuple(clip_ids), reason), key=key)
        if isinstance(receipt, Problem):
            raise evidence.ClipRefused(receipt)
        if self._verifier is None or not is_genuine(receipt, key, e.EXPORT_CLIPS.name, self._verifier):
            raise evidence.ClipRefused(NOT_GENUINE)
        records = []
        for clip_id in clip_ids:
            record = await self.clip_record(clip_id)
            if isinstance(record, Problem):
                raise evidence.ClipRefused(record)
            records.append(record)
        return await evidence.export_clips(
            self._gateway,
            tuple(records),
            folder,
            agency=self.profile.agency.name,
            exported_by=self.session.member.name,
            exported_at=at,
        )

    # Inside, signing in and out

    async def _introduce(self, vault: Vault, session: p.Session) -> Problem | None:
        pin = f"receipt_key {self._gateway.base_url}"
        pinned = vault.get_setting(pin)
        if pinned is not None and pinned != session.receipt_key:
            with suppress(Unreachable):
                await self._gateway.call(e.SIGN_OUT)
            return RECEIPT_KEY_CHANGED
        profile = await self._gateway.call(e.SHOW_AGENCY)
        if isinstance(profile, Problem):
            return profile
        if pinned is None:
            vault.set_setting(pin, session.receipt_key)
        vault.forget_sent(self._clock() - SENT_KEPT)
        self.profile = profile
        return None

    def _set_up(self, vault: Vault, session: p.Session, verifier: Ed25519PublicKey) -> None:
        self._ended.set()
        self._ended = asyncio.Event()
        self._numbered = asyncio.get_running_loop().create_future()
        self._live = None
        self.connection = Connection.CONNECTING
        self.drafts, self.outbox = vault.drafts(), vault.rows()
        before = self._replica
        self._replica = Replica(
            self._gateway,
            session.member.role,
            vault,
            self._clock,
            changed=self._part_changed,
            reached=self._reached,
            numbered=self._events_stand_at,
            signed_out=self._sign_in_ended,
            pause=self._pause,
        )
        if before is not None:  # the same member came back: the screen does not go blank
            self._replica.requests, self._replica.clips = before.requests, before.clips
            self._replica.alerts = before.alerts
            self._replica.queue = before.queue
        self._feed_sync = None
        if session.member.role in e.READ_CHANGES.who:
            self._feed_sync = FeedSync(
                self._gateway,
                vault.feed(),
                self._clock,
                limits_of(vault.get_setting(DAYS_SETTING), durable=vault.durable),
                changed=self._feed_changed,
                signed_out=self._sign_in_ended,
                pause=self._pause,
            )
        self._sender = Sender(
            self._gateway,
            vault,
            verifier,
            settled=self._row_settled,
            signed_out=self._sign_in_ended,
            pause=self._pause,
        )

    async def _stop(self) -> None:
        """End `run`, so that nothing writes into a vault that is being closed."""
        self._ended.set()
        await self._idle.wait()

    def _leave(self) -> None:
        """Forget everything of the sign-in, on the screen and in memory; what is in the vault stays there."""
        self._ended.set()
        self._gateway.token = None
        for settled in self._waiting.values():
            settled.cancel()
        self._waiting.clear()
        vault, name = self._vault, self._vault_name
        self._vault, self._vault_name = None, ""
        self.session = self.profile = self._verifier = None
        self._replica = self._sender = self._live = self._feed_sync = None
        self._read = {}
        self.outbox, self.drafts = (), ()
        self.connection = Connection.CONNECTING
        if vault is None:
            return
        if vault.durable or self._closing:
            vault.close()
        else:  # what is kept for this session only outlives a lock, until another member signs in
            self._session_only = (name, vault)

    def _vault_of(self, name: str) -> Vault:
        kept, self._session_only = self._session_only, None
        if kept is not None:
            if kept[0] == name:
                return kept[1]
            kept[1].close()
        return self._open_vault(name)

    def _sign_in_ended(self) -> None:
        """The service no longer knows the sign-in: the vault stays open, so that a draft in hand is still saved."""
        if self.session is None:
            return
        self._ended.set()
        self._gateway.token = None
        self.session = None
        self.on_changed(Changed.SIGNED_OUT)

    # Inside, following the service

    async def _follow(self) -> None:
        role = None if self.session is None else self.session.member.role
        if self._numbered is None or role is None or role not in e.FOLLOW_EVENTS.who:
            return
        self._live = live = Live(self._gateway, await self._numbered, pause=self._pause)
        was_connected = False
        async with aclosing(live.follow()) as stream:
            try:
                async for item in stream:
                    if isinstance(item, ConnectionState):
                        self._connection_is(item)
                        if item is ConnectionState.CONNECTED:
                            self._connected_again(again=was_connected)
                            was_connected = True
                    else:
                        self._take(item.event)
            except ProblemRaised:
                self._sign_in_ended()

    def _connected_again(self, *, again: bool) -> None:
        if self._sender is not None:
            self._sender.wake()
        if again and self._replica is not None:
            self._replica.mark_all()
            self._mark_feed()

    def _mark_feed(self) -> None:
        if self._feed_sync is not None:
            self._feed_sync.mark()

    def _feed_changed(self, numbers: frozenset[int]) -> None:
        self._read.clear()
        for listener in tuple(self._feed_listeners):
            listener(numbers)

    def _take(self, event: events.Event) -> None:
        replica = self._replica
        if replica is None:
            return
        if isinstance(event, events.RequestChanged):
            known = replica.request(event.request)
            if known is not None and known.version >= event.version and known.state == event.state:
                return
        replica.mark(*_part_of_event(event))
        if isinstance(event, events.PostPublished | events.PostChanged):
            self._mark_feed()

    def _events_stand_at(self, number: int) -> None:
        if self._numbered is not None and not self._numbered.done():
            self._numbered.set_result(number)
        if self._live is not None:
            self._live.last = min(self._live.last, number)  # a restored service counts from an earlier number

    def _reached(self, answered: bool) -> None:  # noqa: FBT001 - a callback
        follows = self.session is not None and self.session.member.role in e.FOLLOW_EVENTS.who
        if not answered and self._live is None:
            self._connection_is(Connection.OFFLINE)
        elif answered and not follows:
            self._connection_is(Connection.CONNECTED)

    def _connection_is(self, connection: ConnectionState) -> None:
        # Between tries it stays offline, so that the screen does not flicker.
        if connection is self.connection or (
            connection is Connection.CONNECTING and self.connection is Connection.OFFLINE
        ):
            return
        self.connection = connection
        self.on_changed(Changed.CONNECTION)

    def _part_changed(self, part: Part) -> None:
        match part:
            case Part.REQUESTS | Part.REQUEST:
                self.on_changed(Changed.REQUESTS)
            case Part.POSTS:
                self.on_changed(Changed.POSTS)
            case Part.CLIPS:
                self.on_changed(Changed.CLIPS)
            case Part.DESK:
                self.on_changed(Changed.DESK)
            case Part.MODERATION:
                self.on_changed(Changed.MODERATION)
            case Part.ALERTS:
                self.on_changed(Changed.ALERTS)
            case Part.AGENCY:
                if self._replica is not None and self._replica.profile is not None:
                    self.profile = self._replica.profile
                self.on_changed(Changed.AGENCY)
            case _:
                assert_never(part)

    # Inside, the outbox

    def _send_draft(
        self,
        endpoint: e.Endpoint,
        body: p.SealedRequest | p.Resubmission,
        draft: Draft,
        *,
        path: Mapping[str, str],
        title: str,
        subject: str,
    ) -> OutboxRow:
        for row in self.outbox:
            if row.state is OutboxState.WAITING and sent_draft(row) == draft.id:
                if msgspec.json.decode(row.body, type=type(body)).draft == draft:
                    return row
                raise DraftOnItsWay
        stops = blocking(self.findings(draft))
        self._opened().save_draft(draft, self._clock())
        self._drafts_changed(self._opened())
        refusal = problem("refused", findings=stops) if stops else None
        return self._enqueue(
            endpoint, body, path=path, title=f"{title}: {name_of(draft)}", subject=subject, refusal=refusal
        )

    def _decide(self, endpoint: e.Endpoint, body: msgspec.Struct, request: Request, verb: str) -> OutboxRow:
        return self._enqueue(
            endpoint, body, path={"request_id": request.id}, title=f"{verb} {request.number}", subject=request.id
        )

    def _enqueue(
        self,
        endpoint: e.Endpoint,
        body: msgspec.Struct | None,
        *,
        path: Mapping[str, str],
        title: str,
        subject: str,
        refusal: Problem | None = None,
    ) -> OutboxRow:
        vault, content = self._opened(), b"" if body is None else msgspec.json.encode(body)
        known = self.outbox
        if endpoint.name in DESK_ENDPOINTS:  # close, undo, close are three decisions: only the last is one twice
            known = tuple(row for row in known if row.state is OutboxState.WAITING and row.subject == subject)[-1:]
        for row in known:  # the same decision twice is one decision
            same = (row.endpoint, row.path, row.body) == (endpoint.name, dict(path), content)
            if same and row.state is OutboxState.WAITING:
                return row
        row = OutboxRow(
            key=self._mint(),
            endpoint=endpoint.name,
            path=dict(path),
            body=content,
            title=title,
            subject=subject,
            created_at=self._clock(),
            state=OutboxState.WAITING if refusal is None else OutboxState.REFUSED,
            problem=refusal,
            last_error="" if refusal is None else refusal.title,
        )
        vault.add_row(row)
        self._outbox_changed(vault)
        if self._sender is not None:
            self._sender.wake()
        return row

    def _row_settled(self, row: OutboxRow) -> None:
        vault, replica = self._vault, self._replica
        if vault is None or replica is None:
            return
        self._outbox_changed(vault)
        if row.state is OutboxState.SENT and sent_draft(row) is not None:
            self._drafts_changed(vault)
        moved_on = row.problem is not None and row.problem.code in _MOVED_ON
        part = _part_of(row) if row.state is OutboxState.SENT or moved_on else None
        if part is not None:
            replica.mark(*part)
        if row.state is not OutboxState.WAITING:
            settled = self._waiting.pop(row.key, None)
            if settled is not None and not settled.done():
                settled.set_result(row)

    def _outbox_changed(self, vault: Vault) -> None:
        self.outbox = vault.rows()
        self.on_changed(Changed.OUTBOX)

    def _drafts_changed(self, vault: Vault) -> None:
        self.drafts = vault.drafts()
        self.on_changed(Changed.DRAFTS)

    def _opened(self) -> Vault:
        if self._vault is None:
            raise NotSignedIn
        return self._vault

    async def _call(self, endpoint: e.Endpoint, **parts: Any) -> Any | Problem:
        answer = await self._gateway.call(endpoint, **parts)
        if isinstance(answer, Problem):
            self._notice(answer)
        return answer

    def _notice(self, refusal: Problem) -> None:
        if refusal.code == "not_signed_in":
            self._sign_in_ended()


_PARTS_OF = (
    (AGENCY_ENDPOINTS, Part.AGENCY),
    (ALERT_ENDPOINTS, Part.ALERTS),
    (MODERATION_ENDPOINTS, Part.MODERATION),
    (DESK_ENDPOINTS, Part.DESK),
)


def _part_of(row: OutboxRow) -> tuple[Part, str] | None:
    """What a settled row makes stale: the part, and the id of what is to be loaded."""
    for endpoints, part in _PARTS_OF:
        if row.endpoint in endpoints:
            return part, ""
    if row.endpoint in COMMENT_ENDPOINTS:
        return Part.POSTS, row.subject
    if row.endpoint != e.SUBMIT_REQUEST.name:
        return Part.REQUEST, row.subject
    return None if row.receipt is None else (Part.REQUEST, row.receipt.subject)


def _part_of_event(event: events.Event) -> tuple[Part, str]:  # noqa: PLR0911 - one for each event
    """What an event makes stale: the part, and the id of what is to be loaded."""
    match event:
        case events.RequestChanged(request) | events.RequestClaimed(request):
            return Part.REQUEST, request
        case events.AgencyChanged():
            return Part.AGENCY, ""
        case events.ClipArrived():
            return Part.CLIPS, ""
        case events.DeskChanged():
            return Part.DESK, ""
        case events.PostPublished():
            return Part.POSTS, ""
        case events.PostChanged(post):
            return Part.POSTS, post
        case events.AlertChanged():
            return Part.ALERTS, ""
        case events.ModerationChanged():
            return Part.MODERATION, ""
        case _:
            assert_never(event)
