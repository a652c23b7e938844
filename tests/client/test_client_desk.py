"""The desk: nothing is said to be sent without a receipt, nothing is lost, and the service wins."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import logging
from contextlib import asynccontextmanager, suppress
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from console.client import agency as wishes
from console.client.clips import ClipDamaged, ClipError, ClipRefused
from console.client.desk import Changed, Connection, Desk, DraftOnItsWay, NotSignedIn
from console.client.gateway import Gateway, Unreachable
from console.client.outbox import OutboxState
from console.client.vault import open_vault
from console.client.verify import verify_export
from console.contract import endpoints as e
from console.contract import events
from console.contract.problems import Problem
from console.domain.assemblies import Gathering, GatheringId
from console.domain.desk_work import DeskItem, DeskState
from console.domain.feed import PostId
from console.domain.feed_query import read_query
from console.domain.findings import blocking
from console.domain.members import Role
from console.domain.requests import FieldComment, Outcome, ProportionateReason, RejectReason, State, WithdrawReason
from console.domain.templates import Template, TemplateId
from tests.client.client_fakes import (
    AGENCY,
    CENTRE,
    NOW,
    PASSWORD,
    TOKEN,
    URL,
    FakeService,
    MemorySecrets,
    Minted,
    make_clip,
    make_draft,
    make_ground,
    make_post,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

    from console.domain.evidence import Clip

GROUND = make_ground()


class Office:
    """A desk at a fake service, and what it told its screen."""

    def __init__(self, folder: Path, secrets: MemorySecrets | None, service: FakeService, mint: Minted) -> None:
        self.service = service
        self.gateway = Gateway(URL, transport=service.transport())
        self.desk = Desk(
            self.gateway,
            lambda name: open_vault(folder, name, secrets),
            GROUND,
            lambda: NOW,
            mint,
            pause=self._pause,
        )
        self.told: list[Changed] = []
        self.pauses = 0
        self._changed = asyncio.Condition()
        self.desk.on_changed = self._note

    def _note(self, what: Changed) -> None:
        self.told.append(what)

    async def _pause(self, _seconds: float) -> None:
        self.pauses += 1
        await asyncio.sleep(0)

    async def until(self, reached: Callable[[], bool]) -> None:
        """Let the loop turn until something is so."""
        async with asyncio.timeout(10):
            while not reached():
                await asyncio.sleep(0)

    async def sign_in(self) -> Any:
        return await self.desk.sign_in(AGENCY.ori, "alex", PASSWORD)

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Signed in, with `run` running and everything loaded."""
        assert not isinstance(await self.sign_in(), Problem)
        running = asyncio.create_task(self.desk.run())
        try:
            await self.until(lambda: running.done() or self.desk.connection is Connection.CONNECTED)
            yield
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running

    async def leave(self) -> None:
        self.desk.close()
        await self.gateway.aclose()


@pytest.fixture
def office(tmp_path: Path) -> Callable[..., None]:
    """Run a story in a fresh office; told twice with the same secrets, the second is after a restart."""
    secrets, mint = MemorySecrets(), Minted()
    kept: dict[str, FakeService] = {}

    def tell(story: Callable[[Office], Awaitable[None]], *, role: Role = Role.SUPERVISOR, durable: bool = True) -> None:
        async def go() -> None:
            service = FakeService(role)
            if "service" in kept:  # the service goes on where it was; only its loop is new
                before = kept["service"]
                service.requests, service.receipts, service.effects = before.requests, before.receipts, before.effects
            kept["service"] = service
            here = Office(tmp_path / "vaults", secrets if durable else None, service, mint)
            try:
                await story(here)
            finally:
                await here.leave()

        asyncio.run(go())

    return tell


Tell = Any


def test_nobody_who_holds_the_desk_holds_the_token(office: Tell, caplog: pytest.LogCaptureFixture, capsys: Any) -> None:
    async def story(here: Office) -> None:
        session = await here.sign_in()
        assert here.gateway.token == TOKEN
        shown = f"{session!r}{here.desk.session!r}{vars(here.desk)!r}{here.gateway!r}"
        assert TOKEN not in shown
        assert here.desk.profile is not None
        await here.desk.sign_out()
        assert here.gateway.token is None
        assert here.desk.session is None
        assert not here.service.signed_in

    with caplog.at_level(logging.DEBUG):
        office(story)
    printed = capsys.readouterr()
    for secret in (TOKEN, PASSWORD):
        assert secret not in caplog.text + printed.out + printed.err


def test_a_wrong_password_is_a_value_and_no_service_is_unreachable(office: Tell) -> None:
    async def story(here: Office) -> None:
        refusal = await here.desk.sign_in(AGENCY.ori, "alex", "wrong")
        assert isinstance(refusal, Problem)
        assert refusal.code == "wrong_credentials"
        here.service.away = True
        with pytest.raises(Unreachable):
            await here.sign_in()
        with pytest.raises(NotSignedIn):
            here.desk.save_draft(make_draft())

    office(story)


def test_a_changed_receipt_key_is_refused_and_said(office: Tell) -> None:
    async def first(here: Office) -> None:
        await here.sign_in()

    async def second(here: Office) -> None:
        here.service.key = Ed25519PrivateKey.generate()
        refusal = await here.sign_in()
        assert isinstance(refusal, Problem)
        assert refusal.code == "receipt_key_changed"
        assert here.desk.session is None
        assert here.gateway.token is None

    office(first)
    office(second)


def test_a_draft_survives_a_restart_and_not_without_a_keyring(office: Tell) -> None:
    async def write(here: Office) -> None:
        await here.sign_in()
        here.desk.save_draft(here.desk.new_draft(title="Half a title"))
        assert Changed.DRAFTS in here.told

    async def read(here: Office) -> None:
        await here.sign_in()
        assert here.desk.durable
        assert [kept.draft.title for kept in here.desk.drafts] == ["Half a title"]
        here.desk.delete_draft(here.desk.drafts[0].draft.id)
        assert here.desk.drafts == ()

    async def volatile(here: Office) -> None:
        await here.sign_in()
        assert not here.desk.durable
        here.desk.save_draft(make_draft())
        assert len(here.desk.drafts) == 1

    office(write)
    office(read)
    office(volatile, durable=False)


def test_the_row_is_in_the_vault_before_any_network(office: Tell, tmp_path: Path) -> None:
    async def story(here: Office) -> None:
        stored: list[int] = []

        def look(request: httpx.Request) -> None:
            if request.method == "POST" and request.url.path == "/v1/requests":
                vault = here.desk._vault
                assert vault is not None
                stored.append(sum(row.key == request.headers["Idempotency-Key"] for row in vault.rows()))

        here.service.before_answer = look
        async with here.at_work():
            await here.desk.wait_for(here.desk.submit(make_draft()).key)
        assert stored == [1]

    office(story)


def test_sent_once_though_the_first_answers_were_lost(office: Tell) -> None:
    async def story(here: Office) -> None:
        here.service.lost_answers = 5
        async with here.at_work():
            row = here.desk.submit(make_draft())
            assert row.state is OutboxState.WAITING
            done = await here.desk.wait_for(row.key)
            assert done.state is OutboxState.SENT
            assert done.receipt is not None
            assert done.receipt.key == row.key
            assert [kept.draft.id for kept in here.desk.drafts] == []
            await here.until(lambda: len(here.desk.requests) == 1)
        assert here.service.effects == [("submit_request", "request-1")]
        sent = here.service.calls(e.SUBMIT_REQUEST)
        assert len(sent) == 6
        assert len({(request.headers["Idempotency-Key"], request.content) for request in sent}) == 1

    office(story)


def test_what_was_decided_while_away_goes_out_after_a_restart_once(office: Tell) -> None:
    keys: list[str] = []

    async def before(here: Office) -> None:
        await here.sign_in()
        here.service.lost_answers = 3
        keys.append(here.desk.submit(make_draft()).key)
        sender = here.desk._sender
        assert sender is not None
        assert not await sender.send_waiting()  # the service has it, the answer is lost; then the power goes
        assert [kept.draft.id for kept in here.desk.drafts] == ["draft-1"]

    async def after(here: Office) -> None:
        async with here.at_work():
            assert (await here.desk.wait_for(keys[0])).state is OutboxState.SENT
            assert here.desk.drafts == ()
        assert here.service.effects == [("submit_request", "request-1")]

    office(before)
    office(after)


def test_a_receipt_with_a_wrong_signature_is_never_sent(office: Tell) -> None:
    async def story(here: Office) -> None:
        here.service.forged = True
        async with here.at_work():
            done = await here.desk.wait_for(here.desk.submit(make_draft()).key)
            assert done.state is OutboxState.REFUSED
            assert done.receipt is None
            assert done.problem is not None
            assert done.problem.code == "receipt_not_genuine"
            assert len(here.desk.drafts) == 1

    office(story)


@pytest.mark.parametrize("fields", [{"key": "other-key-other-key"}, {"endpoint": "approve_request"}])
def test_a_genuine_receipt_for_something_else_is_not_sent(office: Tell, fields: dict[str, str]) -> None:
    async def story(here: Office) -> None:
        service = here.service
        honest = service.sign
        service.sign = lambda receipt: honest(msgspec.structs.replace(receipt, **fields))  # type: ignore[method-assign]
        async with here.at_work():
            assert (await here.desk.wait_for(here.desk.submit(make_draft()).key)).state is OutboxState.REFUSED

    office(story)


def test_a_draft_that_the_check_blocks_never_reaches_the_network(office: Tell) -> None:
    async def story(here: Office) -> None:
        async with here.at_work():
            assert blocking(here.desk.findings(make_draft())) == ()
            row = here.desk.submit(make_draft(text="Too short"))
            assert row.state is OutboxState.REFUSED
            assert row.problem is not None
            assert [finding.code for finding in row.problem.findings] == ["text_too_short"]
            assert await here.desk.wait_for(row.key) == row
            here.desk.dismiss(row.key)
            assert here.desk.outbox == ()
            assert len(here.desk.drafts) == 1
        assert here.service.calls(e.SUBMIT_REQUEST) == []

    office(story)


def test_a_refusal_keeps_the_draft_and_a_waiting_row_cannot_be_dismissed(office: Tell) -> None:
    async def story(here: Office) -> None:
        here.service.refusals["submit_request"] = "refused"
        await here.sign_in()
        row = here.desk.submit(make_draft())
        here.desk.dismiss(row.key)
        assert here.desk.outbox == (row,)
        async with here.at_work():
            assert (await here.desk.wait_for(row.key)).state is OutboxState.REFUSED
            assert len(here.desk.drafts) == 1

    office(story)


def test_a_service_that_fails_is_asked_again_and_at_last_believed(office: Tell) -> None:
    async def story(here: Office) -> None:
        here.service.refusals["submit_request"] = "internal"
        async with here.at_work():
            done = await here.desk.wait_for(here.desk.submit(make_draft()).key)
            assert (done.state, done.attempts) == (OutboxState.REFUSED, 5)

    office(story)


def test_the_same_submission_twice_is_one_and_a_changed_one_waits(office: Tell) -> None:
    async def story(here: Office) -> None:
        await here.sign_in()
        row = here.desk.submit(make_draft())
        assert here.desk.submit(make_draft()) == row
        with pytest.raises(DraftOnItsWay):
            here.desk.submit(make_draft(title="Parcel theft on Lake Street, again"))
        assert len(here.desk.outbox) == 1

    office(story)


def test_each_decision_goes_to_its_endpoint_with_the_version_that_was_seen(office: Tell) -> None:
    async def story(here: Office) -> None:
        request = here.service.add_request(make_draft())
        desk = here.desk
        async with here.at_work():
            rows = [
                desk.return_(request, (FieldComment("title", "shorter"),)),
                desk.reject(request, RejectReason.TOO_WIDE, "too wide"),
                desk.withdraw(request, WithdrawReason.SOLVED, "found"),
                desk.add_addendum(request, "more"),
                desk.resolve(request, Outcome.LEAD),
                desk.resubmit(request, make_draft()),
                desk.approve(request, ProportionateReason.SERIOUS_HARM),
            ]
            assert desk.approve(request, ProportionateReason.SERIOUS_HARM) == rows[-1]  # a double click
            for row in rows:
                assert (await desk.wait_for(row.key)).state is OutboxState.SENT
            await here.until(lambda: desk.requests[0].state is State.APPROVED)
        assert [name for name, _ in here.service.effects] == [
            "return_request",
            "reject_request",
            "withdraw_request",
            "add_addendum",
            "resolve_request",
            "resubmit_request",
            "approve_request",
        ]
        assert all(b'"version":1' in here.service.calls(x)[0].content for x in (e.RETURN_REQUEST, e.APPROVE_REQUEST))

    office(story)


def test_a_decision_that_came_too_late_is_refused_and_the_service_wins(office: Tell) -> None:
    async def story(here: Office) -> None:
        request = here.service.add_request(make_draft())
        here.service.refusals["approve_request"] = "moved_on"
        async with here.at_work():
            await here.until(lambda: len(here.desk.requests) == 1)
            here.service.requests[request.id] = msgspec.structs.replace(request, version=2, state=State.REJECTED)
            done = await here.desk.wait_for(here.desk.approve(request).key)
            assert done.state is OutboxState.REFUSED
            await here.until(lambda: here.desk.requests[0].state is State.REJECTED)

    office(story)


def test_an_event_loads_the_request_again_and_one_already_seen_does_not(office: Tell) -> None:
    async def story(here: Office) -> None:
        request = here.service.add_request(make_draft())
        async with here.at_work():
            await here.until(lambda: len(here.desk.requests) == 1)
            await here.service.tell(events.RequestChanged(request.id, 1, "pending"))
            here.service.requests[request.id] = msgspec.structs.replace(request, version=2, state=State.PUBLISHED)
            await here.service.tell(events.RequestChanged(request.id, 2, "published"))
            await here.until(lambda: here.desk.requests[0].state is State.PUBLISHED)
            assert len(here.service.calls(e.SHOW_REQUEST)) == 1
            del here.service.requests[request.id]
            await here.service.tell(events.RequestChanged(request.id, 3, "resolved"))
            await here.until(lambda: here.desk.requests == ())
            assert here.desk.refreshed_at == NOW

    office(story)


def test_after_a_break_it_resumes_and_loads_everything_again(office: Tell) -> None:
    async def story(here: Office) -> None:
        async with here.at_work():
            await here.service.tell(events.PostPublished("p"))
            await here.until(lambda: here.desk._live is not None and here.desk._live.last == 1)
            here.service.away = True
            await here.service.cut()
            await here.until(lambda: here.desk.connection is Connection.OFFLINE)
            here.service.add_request(make_draft())
            here.service.away = False
            await here.until(lambda: len(here.desk.requests) == 1)
            assert here.desk.connection is Connection.CONNECTED
        assert here.service.calls(e.FOLLOW_EVENTS)[-1].headers["Last-Event-ID"] == "1"
        assert Changed.CONNECTION in here.told

    office(story)


def test_the_feed_grows_shows_changes_and_loses_what_was_taken_down(office: Tell) -> None:
    async def story(here: Office) -> None:
        service, desk = here.service, here.desk
        service.posts = [make_post(n) for n in range(320)]
        async with here.at_work():
            await here.until(lambda: len(desk.posts) == 200)
            assert desk.posts[0].id == "post-0319"
            assert await desk.load_older_posts()
            assert await desk.load_older_posts()
            assert not await desk.load_older_posts()
            assert [post.id for post in desk.posts] == [f"post-{n:04}" for n in reversed(range(320))]
            service.posts = [post for post in service.posts if post.id != "post-0310"] + [make_post(400, "Zebra loose")]
            await service.tell(events.PostPublished("post-0400"))
            await here.until(lambda: desk.posts[0].id == "post-0400")
            assert "post-0310" not in {post.id for post in desk.posts}
            assert len(desk.posts) == 320
            service.posts[170] = make_post(170, "It was a fox")
            await service.tell(events.PostChanged("post-0170"))
            await here.until(lambda: desk.find_posts(read_query("fox", UTC)) != ())
            assert len(desk.posts) == 320
            assert [post.id for post in desk.find_posts(read_query("zeb", UTC))] == ["post-0400"]
            done = await desk.wait_for(desk.comment("post-0400", "We are on our way").key)
            assert done.title == "Comment on Post 400"

    async def later(here: Office) -> None:
        await here.sign_in()
        assert here.desk.posts[0].id == "post-0400"  # from the vault, before the service was asked

    office(story)
    office(later)


def test_a_sign_in_that_ends_keeps_the_vault_open_and_the_outbox_waiting(office: Tell) -> None:
    async def story(here: Office) -> None:
        async with here.at_work():
            here.service.signed_in = False
            row = here.desk.submit(make_draft())
            await here.until(lambda: Changed.SIGNED_OUT in here.told)
            assert here.desk.session is None
            here.desk.save_draft(make_draft("draft-2"))
            assert here.desk.outbox[0].state is OutboxState.WAITING
        async with here.at_work():
            assert (await here.desk.wait_for(row.key)).state is OutboxState.SENT
            assert [kept.draft.id for kept in here.desk.drafts] == ["draft-2"]

    office(story)


def test_signing_out_while_at_work_ends_the_work_and_forgets_the_screen(office: Tell) -> None:
    async def story(here: Office) -> None:
        here.service.add_request(make_draft())
        await here.sign_in()
        running = asyncio.create_task(here.desk.run())
        await here.until(lambda: len(here.desk.requests) == 1)
        await here.desk.sign_out()
        await running
        assert (here.desk.requests, here.desk.outbox, here.desk.drafts) == ((), (), ())
        with pytest.raises(NotSignedIn):
            await here.desk.run()

    office(story)


def test_a_fresh_sign_in_is_noted(office: Tell) -> None:
    async def story(here: Office) -> None:
        await here.sign_in()
        confirmed = await here.desk.confirm(PASSWORD)
        assert not isinstance(confirmed, Problem)
        assert here.desk.session is not None
        assert here.desk.session.signed_in_at == confirmed.signed_in_at

    office(story)


@pytest.mark.parametrize("role", list(Role))
def test_each_role_asks_only_for_what_it_may(office: Tell, role: Role) -> None:
    async def story(here: Office) -> None:
        async with here.at_work():
            pass
        for endpoint in (e.LIST_REQUESTS, e.READ_FEED, e.LIST_CLIPS, e.LIST_QUEUE, e.FOLLOW_EVENTS):
            assert role in endpoint.who or here.service.calls(endpoint) == []

    office(story, role=role)


def test_a_returned_draft_is_not_held_against_itself(office: Tell) -> None:
    async def story(here: Office) -> None:
        mine = here.service.add_request(make_draft("mine"))
        async with here.at_work():
            await here.until(lambda: len(here.desk.requests) == 1)
            assert here.desk.earlier_requests(mine.id) == ()
            assert blocking(here.desk.findings(make_draft("mine"))) == ()
            assert "case_too_soon" in {finding.code for finding in here.desk.findings(make_draft("another"))}

    office(story)


def with_clips(service: FakeService, *contents: bytes) -> list[Clip]:
    for number, content in enumerate(contents, 1):
        clip = make_clip(number, content)
        service.clips[clip.id] = (clip, content)
    return [clip for clip, _ in service.clips.values()]


def test_a_clip_is_fetched_whole_or_not_at_all(office: Tell, tmp_path: Path) -> None:
    async def story(here: Office) -> None:
        await here.sign_in()
        (clip,) = with_clips(here.service, b"x" * 700_000)
        steps: list[tuple[int, int]] = []
        target = tmp_path / "clip"
        await here.desk.fetch_clip(clip, target, lambda done, whole: steps.append((done, whole)))
        assert hashlib.sha256(target.read_bytes()).hexdigest() == clip.sha256
        assert steps[0] == (0, 700_000)
        assert steps[-1] == (700_000, 700_000)
        for content in (b"y" * 700_000, b"x" * 699_999, b"x" * 700_001):
            here.service.clips[clip.id] = (clip, content)
            with pytest.raises(ClipDamaged, match="thrown away"):
                await here.desk.fetch_clip(clip, tmp_path / "other", lambda *_: None)
        here.service.refusals["fetch_clip"] = "not_found"
        with pytest.raises(ClipRefused):
            await here.desk.fetch_clip(clip, tmp_path / "other", lambda *_: None)
        here.service.away = True
        with pytest.raises(Unreachable):
            await here.desk.fetch_clip(clip, tmp_path / "other", lambda *_: None)
        here.service.away = False
        here.service.refusals.clear()
        with pytest.raises(ClipError):
            await here.desk.fetch_clip(clip, tmp_path / "no" / "folder", lambda *_: None)

    office(story)
    assert {path.name for path in tmp_path.iterdir()} == {"clip", "vaults"}


def test_an_export_is_noted_first_verifies_and_overwrites_nothing(office: Tell, tmp_path: Path) -> None:
    async def story(here: Office) -> None:
        await here.sign_in()
        clips = with_clips(here.service, b"one", b"two")
        ids = tuple(clip.id for clip in clips)
        first = await here.desk.export(ids, tmp_path / "out", "for the prosecutor")
        second = await here.desk.export(ids, tmp_path / "out", "again")
        name = "Porchlight-export-20250610-150000Z"
        assert (first.name, second.name) == (name, f"{name}-2")
        for folder in (first, second):
            assert all(file.ok for file in verify_export(folder))
            assert {path.name for path in folder.iterdir()} == {
                "001-R-2025-0001-Neighbor-1.mov",
                "002-R-2025-0001-Neighbor-2.mov",
                "manifest.json",
                "SHA256SUMS",
            }
        paths = [request.url.path for request in here.service.log]
        assert paths.index("/v1/exports") < paths.index("/v1/clips/clip-1/content")

    office(story)


@pytest.mark.parametrize("how", ["refused", "forged", "damaged", "away"])
def test_an_export_that_fails_leaves_nothing(office: Tell, tmp_path: Path, how: str) -> None:
    async def story(here: Office) -> None:
        await here.sign_in()
        clips = with_clips(here.service, b"one", b"two")
        match how:
            case "refused":
                here.service.refusals["export_clips"] = "forbidden"
            case "forged":
                here.service.forged = True
            case "damaged":
                here.service.clips[clips[1].id] = (clips[1], b"TWO")
            case "away":
                here.service.away = True
        with pytest.raises((ClipError, Unreachable)):
            await here.desk.export(tuple(clip.id for clip in clips), tmp_path / "out", "")
        assert not (tmp_path / "out").exists() or list((tmp_path / "out").iterdir()) == []

    office(story)


def test_a_receipt_key_that_is_none_is_not_signed_in_with(office: Tell) -> None:
    async def story(here: Office) -> None:
        class Odd(FakeService):
            receipt_key = base64.b64encode(b"short").decode()  # type: ignore[assignment]

        here.service.__class__ = Odd
        with pytest.raises(Unreachable):
            await here.sign_in()
        assert here.gateway.token is None

    office(story)


def test_what_has_no_body_goes_out_like_any_other_write(office: Tell) -> None:
    """A calendar entry, a template and a delegation are taken away by DELETE."""

    async def story(here: Office) -> None:
        desk = here.desk
        async with here.at_work():
            assert desk.session is not None
            gathering = Gathering(GatheringId("g1"), "March", (CENTRE,), NOW, NOW + timedelta(hours=1))
            for wish in (
                wishes.remove_gathering(gathering),
                wishes.remove_template(Template(TemplateId("t1"), "A template")),
                wishes.end_lending(desk.session.member),
            ):
                row = await desk.wait_for(desk.keep(wish).key)
                assert row.state is OutboxState.SENT, (wish.title, row.problem)

    office(story)


def test_where_posts_stand_is_kept_and_forgotten_where_the_service_is_of_an_earlier_day(office: Tell) -> None:
    def at(version: int, number: int) -> Callable[[Office], Awaitable[None]]:
        async def story(here: Office) -> None:
            here.service.desk_items = [DeskItem(PostId("post-0001"), version, DeskState.SEEN, changed=number)]
            here.service.events = [(n + 1, events.DeskChanged()) for n in range(number)]
            async with here.at_work():
                await here.until(lambda: here.desk.desk_item("post-0001").version == version)

        return story

    office(at(3, 900))
    office(at(1, 10))
