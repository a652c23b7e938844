"""A small city, a service that keeps its promises (or breaks one when told to), and a keyring in a dictionary."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import h3
import httpx
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from console.contract import endpoints as e
from console.contract import events
from console.contract import payloads as p
from console.contract.alerts import Alerts
from console.contract.desk_work import DeskItems
from console.contract.feed import FeedChanges
from console.contract.moderation import Queue, QueueItem
from console.contract.problems import problem
from console.domain.alerts import Alert
from console.domain.areas import Area, Picked
from console.domain.atlas import Atlas, AtlasIndex
from console.domain.blocks import Block
from console.domain.desk_work import DeskItem
from console.domain.drafts import Draft, DraftId
from console.domain.evidence import Clip, ClipId, CustodyEntry
from console.domain.feed import Category, Post, PostId, Visibility
from console.domain.ground import Ground
from console.domain.members import Member, MemberId, Ori, Role
from console.domain.offences import OFFENCES
from console.domain.places import Point
from console.domain.policy import Agency, CaseMask
from console.domain.requests import Request, RequestId, State

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

NOW = datetime(2025, 6, 10, 15, 0, tzinfo=UTC)
CENTRE = Point(41.88, -87.70)
TOKEN = "token-that-nobody-may-see"
PASSWORD = "correct horse battery staple"
URL = "https://service.test"


def make_ground() -> Ground:
    """A round city of 91 blocks with 25 homes each."""
    cells = h3.grid_disk(h3.latlng_to_cell(CENTRE.lat, CENTRE.lon, 10), 5)
    shape = h3.cells_to_h3shape(cells).__geo_interface__
    atlas = Atlas(
        version="fake-1",
        name="Faketown",
        time_zone="America/Chicago",
        attribution="",
        homes_note="",
        jurisdiction={"type": "MultiPolygon", "coordinates": [shape["coordinates"]]},
        districts=(),
        blocks=tuple(Block(cell, (cell,), 25) for cell in sorted(cells)),
        open_cells=(),
        streets=(),
        stray_cells={},
    )
    return Ground(AtlasIndex(atlas))


def make_draft(draft_id: str = "draft-1", **fields: Any) -> Draft:
    """A draft with which nothing is wrong."""
    cells = h3.grid_disk(h3.latlng_to_cell(CENTRE.lat, CENTRE.lon, 10), 2)
    return msgspec.structs.replace(
        Draft(
            id=DraftId(draft_id),
            case_number="2025-000123",
            offence=OFFENCES[-1].code,
            occurred_at=NOW - timedelta(hours=20),
            place=CENTRE,
            place_name="Lake Street",
            begins=NOW - timedelta(hours=21),
            ends=NOW - timedelta(hours=19),
            drawing=Picked(tuple(sorted(cells))),
            area=Area("fake-1", tuple(sorted(cells))),
            title="Parcel theft on Lake Street",
            text="A grey van without plates stopped in front of several porches. Did your camera see it?",
            contact="desk@pd.example.gov",
        ),
        **fields,
    )


AGENCY = Agency(
    ori=Ori("IL0000000"),
    name="Faketown Police",
    time_zone="America/Chicago",
    atlas_version="fake-1",
    station=CENTRE,
    case_masks=(CaseMask("YYYY-NNNNNN"),),
    mail_domains=("pd.example.gov",),
    telephones=(),
)


def make_post(number: int, text: str = "Somebody tried my door") -> Post:
    """The post with this number; higher is newer."""
    at = NOW - timedelta(days=30) + timedelta(minutes=number)
    post_id = PostId(f"post-{number:04}")
    return Post(post_id, Category.CRIME, f"Post {number}", text, "Neighbor #3", "b", CENTRE, "Lake", at)


def make_clip(number: int, content: bytes) -> Clip:
    """A clip whose bytes are these."""
    return Clip(
        id=ClipId(f"clip-{number}"),
        request=RequestId("request-1"),
        request_number="R-2025-0001",
        from_whom=f"Neighbor #{number}",
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        seconds=1.0,
        claimed_at=None,
        received_at=NOW,
    )


class MemorySecrets:
    """A keyring in a dictionary."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def read(self, name: str) -> str | None:
        return self.kept.get(name)

    def keep(self, name: str, secret: str) -> None:
        self.kept[name] = secret


class Minted:
    """Ids in order: the same in each run."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> str:
        self.count += 1
        return f"minted{self.count:020}"


class EventStream(httpx.AsyncByteStream):
    """One console's stream of events, until the service cuts it."""

    def __init__(self, service: FakeService, last: int) -> None:
        self._service = service
        self._last = last

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"retry: 500\n\n: welcome\n\n"
        cuts = self._service.cuts
        while True:
            for number, event in self._service.events:
                if number > self._last:
                    self._last = number
                    yield b"id: %d\ndata: %s\n\n: still here\n\n" % (number, msgspec.json.encode(event))
            async with self._service.news:
                await self._service.news.wait_for(
                    lambda: self._service.cuts > cuts or any(n > self._last for n, _ in self._service.events)
                )
            if self._service.cuts > cuts:
                raise httpx.ReadError("cut")


class FakeService:
    """The service, in memory, behind httpx.MockTransport. Make it inside a running loop."""

    def __init__(self, role: Role = Role.SUPERVISOR) -> None:
        self.key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
        self.member = Member(MemberId("m-1"), AGENCY.ori, "Alex Officer", "Sergeant", "12", role)
        self.requests: dict[str, Request] = {}
        self.posts: list[Post] = []
        self.desk_items: list[DeskItem] = []
        self.clips: dict[str, tuple[Clip, bytes]] = {}
        self.queue: list[QueueItem] = []
        self.alerts: tuple[Alert, ...] = ()
        self.events: list[tuple[int, events.Event]] = []
        self.news = asyncio.Condition()
        self.cuts = 0
        self.away = False
        self.lost_answers = 0
        self.forged = False
        self.signed_in = True
        self.refusals: dict[str, str] = {}
        self.receipts: dict[str, p.Receipt] = {}
        self.effects: list[tuple[str, str]] = []
        self.log: list[httpx.Request] = []
        self.before_answer: Callable[[httpx.Request], None] = lambda _request: None

    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self.handle)

    def calls(self, endpoint: e.Endpoint) -> list[httpx.Request]:
        return [request for request in self.log if self._endpoint(request)[0] is endpoint]

    @property
    def receipt_key(self) -> str:
        return base64.b64encode(self.key.public_key().public_bytes_raw()).decode()

    def sign(self, receipt: p.Receipt) -> p.Receipt:
        signature = self.key.sign(msgspec.msgpack.encode(receipt))
        return msgspec.structs.replace(receipt, signature=base64.b64encode(signature).decode())

    async def tell(self, event: events.Event) -> None:
        async with self.news:
            self.events.append((len(self.events) + 1, event))
            self.news.notify_all()

    async def cut(self) -> None:
        async with self.news:
            self.cuts += 1
            self.news.notify_all()

    def _endpoint(self, request: httpx.Request) -> tuple[e.Endpoint, dict[str, str]]:
        for endpoint in e.ENDPOINTS:
            pattern = re.sub(r"\{(\w+):str\}", r"(?P<\1>[^/]+)", endpoint.path)
            match = re.fullmatch(pattern, request.url.path)
            if endpoint.method == request.method and match:
                return endpoint, match.groupdict()
        raise AssertionError(request.url.path)

    async def handle(self, request: httpx.Request) -> httpx.Response:
        self.log.append(request)
        if self.away:
            raise httpx.ConnectError("away")
        self.before_answer(request)
        endpoint, path = self._endpoint(request)
        if endpoint is not e.SIGN_IN:
            if not self.signed_in:
                return self._refuse("not_signed_in")
            assert request.headers["Authorization"] == f"Bearer {TOKEN}"
        if endpoint.name in self.refusals:
            return self._refuse(self.refusals[endpoint.name])
        if endpoint.writes:
            return self._write(endpoint, path, request)
        answer = self._read(endpoint, path, request)
        return answer if isinstance(answer, httpx.Response) else self._json(answer)

    def _json(self, answer: object, status: int = 200) -> httpx.Response:
        return httpx.Response(status, content=msgspec.json.encode(answer))

    def _refuse(self, code: str) -> httpx.Response:
        refusal = problem(code)
        return self._json(refusal, refusal.status)

    def _write(self, endpoint: e.Endpoint, path: dict[str, str], request: httpx.Request) -> httpx.Response:
        key = request.headers["Idempotency-Key"]
        body = None if endpoint.body is None else msgspec.json.decode(request.content, type=endpoint.body)
        if key not in self.receipts:
            subject = self._effect(endpoint, path, body)
            self.effects.append((endpoint.name, subject))
            self.receipts[key] = self.sign(p.Receipt("N-1", endpoint.name, key, subject, "pending", 1, NOW))
        if self.lost_answers:
            self.lost_answers -= 1
            raise httpx.ReadError("the answer was lost")
        receipt = self.receipts[key]
        return self._json(msgspec.structs.replace(receipt, number="N-2") if self.forged else receipt)

    def _effect(self, endpoint: e.Endpoint, path: dict[str, str], body: Any) -> str:
        if endpoint is e.SUBMIT_REQUEST:
            return self.add_request(body.draft).id
        if endpoint is e.APPROVE_REQUEST:
            known = self.requests[path["request_id"]]
            self.requests[known.id] = msgspec.structs.replace(known, version=2, state=State.APPROVED)
        return next(iter(path.values()), "export")

    def add_request(self, draft: Draft) -> Request:
        number = len(self.requests) + 1
        made = Request(
            id=RequestId(f"request-{number}"),
            number=f"R-2025-{number:04}",
            version=1,
            state=State.PENDING,
            agency=AGENCY.ori,
            author=self.member,
            draft=draft,
            area_m2=1.0,
            radius_m=1.0,
            homes="",
            outline={},
            submitted_at=NOW + timedelta(seconds=number),
        )
        self.requests[made.id] = made
        return made

    def _read(self, endpoint: e.Endpoint, path: dict[str, str], request: httpx.Request) -> object:  # noqa: PLR0911 - a table
        match endpoint:
            case e.SIGN_IN:
                if msgspec.json.decode(request.content, type=p.Credentials).password != PASSWORD:
                    return self._refuse("wrong_credentials")
                self.signed_in = True
                return p.Session(TOKEN, self.member, NOW, NOW + timedelta(hours=8), self.receipt_key)
            case e.CONFIRM_SIGN_IN:
                return p.Confirmed(NOW + timedelta(minutes=1))
            case e.SIGN_OUT:
                self.signed_in = False
                return p.Accepted()
            case e.SHOW_AGENCY:
                return p.AgencyProfile(AGENCY, ())
            case e.LIST_REQUESTS:
                return p.Requests(tuple(self.requests.values()), len(self.events))
            case e.LIST_QUEUE:
                return Queue(tuple(self.queue), len(self.events))
            case e.SHOW_REQUEST:
                return self.requests.get(path["request_id"]) or self._refuse("not_found")
            case e.READ_FEED:
                shown = [q for q in self.posts if q.visibility is not Visibility.REMOVED]
                newest_first = sorted(shown, key=lambda post: post.at, reverse=True)
                start = int(request.url.params.get("before", "0"))
                end = start + int(request.url.params["limit"])
                return p.FeedPage(
                    tuple(newest_first[start:end]), len(newest_first), str(end) if end < len(newest_first) else None
                )
            case e.LIST_DESK_ITEMS:
                number = int(request.url.params.get("after", "0.").partition(".")[0])
                fresh = tuple(item for item in self.desk_items if item.changed > number)
                return DeskItems(fresh, f"{fresh[-1].changed}.{fresh[-1].post}" if fresh else None)
            case e.READ_CHANGES:
                place = int(request.url.params["after"]), request.url.params["id"]
                fresh = sorted((q for q in self.posts if (q.changed, q.id) > place), key=lambda q: (q.changed, q.id))
                some = fresh[: int(request.url.params["limit"])]
                after, last = (some[-1].changed, some[-1].id) if some else place
                latest = max((q.changed for q in self.posts), default=0)
                seen = tuple(q for q in some if q.visibility is not Visibility.REMOVED)
                gone = tuple(q.id for q in some if q.visibility is Visibility.REMOVED)
                return FeedChanges(seen, gone, after, last, len(fresh) > len(some), latest, len(self.posts))
            case e.LIST_CLIPS:
                return p.Clips(tuple(clip for clip, _ in self.clips.values()))
            case e.LIST_ALERTS:
                return Alerts(self.alerts)
            case e.SHOW_CLIP:
                clip, _ = self.clips[path["clip_id"]]
                entry = CustodyEntry(clip.id, "received", "the service", NOW)
                return p.ClipRecord(clip, clip.request, "2025-000123", (entry,))
            case e.FETCH_CLIP:
                return httpx.Response(
                    200, content=self.clips[path["clip_id"]][1], headers={"Content-Type": "video/quicktime"}
                )
            case e.FOLLOW_EVENTS:
                return httpx.Response(
                    200,
                    headers={"Content-Type": "text/event-stream"},
                    stream=EventStream(self, int(request.headers["Last-Event-ID"])),
                )
        raise AssertionError(endpoint.name)
