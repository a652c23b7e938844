"""The limits from desk to desk, with a real service process: calendar, two approvals, claim, lending, return, end."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from console.client import agency as keeping
from console.client.calendars import read_calendar
from console.client.desk import Desk
from console.client.gateway import Gateway
from console.client.outbox import OutboxRow, OutboxState
from console.client.vault import open_vault
from console.domain.atlas import AtlasIndex
from console.domain.diffs import changes
from console.domain.drafts import Draft
from console.domain.findings import Field
from console.domain.fitting import middle_of
from console.domain.ground import Ground
from console.domain.history import overlaps
from console.domain.requests import Claim, FieldComment, Outcome, Request, State, WithdrawReason
from console.domain.times import zone_of
from console.service.app import now_utc
from console.service.atlas import read_pack
from console.training import process
from console.training.keys import password_of
from console.training.members import ORI
from tests.journeys.test_outbox_and_service import COMMAND, _Now, _order
from tests.service.conftest import World

pytestmark = pytest.mark.journey
NAMES = ("officer", "supervisor", "supervisor2")


@asynccontextmanager
async def city(folder: Path, pack: Path, ground: Ground) -> AsyncIterator[tuple[str, dict[str, Desk]]]:
    """A training service in its own process, and a desk of each member, signed in and following."""
    running = await process.start(_order(folder, pack), COMMAND, lambda _text, _share: None)
    alive = asyncio.create_task(process.keep_alive(folder))
    desks: dict[str, Desk] = {}
    gateways = []
    runs = []
    for name in NAMES:
        gateway = Gateway(running.base_url)
        desk = Desk(
            gateway,
            lambda vault, name=name: open_vault(folder / name, vault, None),
            ground,
            now_utc,
            lambda: secrets.token_hex(16),
        )
        answer = await desk.sign_in(ORI, name, password_of(running.secret, name))
        assert not hasattr(answer, "code"), answer
        desks[name] = desk
        gateways.append(gateway)
        runs.append(asyncio.create_task(desk.run()))
    try:
        yield running.base_url, desks
    finally:
        for desk in desks.values():
            await desk.sign_out()
        await asyncio.wait(runs, timeout=10)
        for desk, gateway in zip(desks.values(), gateways, strict=True):
            desk.close()
            await gateway.aclose()
        alive.cancel()
        await asyncio.gather(alive, return_exceptions=True)


async def until(holds: Callable[[], Any]) -> Any:
    """What `holds` answers once it is something."""
    async with asyncio.timeout(15):
        while not (found := holds()):
            await asyncio.sleep(0.01)
    return found


async def sent(desk: Desk, row: OutboxRow) -> OutboxRow:
    """The row, settled as sent."""
    settled = await desk.wait_for(row.key)
    assert settled.state is OutboxState.SENT, settled.problem
    return settled


def seen(desk: Desk, draft: Draft, state: State) -> Callable[[], Request | None]:
    """The request of a draft, once the desk shows it in a state."""
    return lambda: next((r for r in desk.requests if r.draft.id == draft.id and r.state is state), None)


def test_the_limits_hold_from_desk_to_desk(tmp_path: Path, chicago_pack: Path) -> None:
    ground = Ground(AtlasIndex(read_pack(chicago_pack).atlas))

    def draft(number: int, **fields: Any) -> Draft:
        case = f"{now_utc().year}-012-{number:06}"
        return World.draft(_Now(ground), id=f"journey-{number}", case_number=case, **fields)  # type: ignore[arg-type]

    async def assembly(url: str, desks: dict[str, Desk]) -> None:
        officer, first, second = (desks[name] for name in NAMES)
        plain = draft(1)
        assert plain.area is not None
        middle = middle_of(ground, plain.area)
        assert middle is not None
        assert plain.begins is not None
        begins, ends = (f"{at:%Y%m%dT%H%M%SZ}" for at in (plain.begins, plain.begins + timedelta(hours=1)))
        calendar = (
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//EN\r\nBEGIN:VEVENT\r\nUID:march@example.org\r\n"
            f"DTSTART:{begins}\r\nDTEND:{ends}\r\nSUMMARY:March for the library\r\nGEO:{middle.lat};{middle.lon}\r\n"
            "END:VEVENT\r\nEND:VCALENDAR\r\n"
        )
        read = read_calendar("march.ics", calendar.encode(), ground, zone_of("America/Chicago"), now_utc())
        assert [g.name for g in read.gatherings] == ["March for the library"], (read.problems, calendar)
        await sent(first, first.keep(keeping.save_gatherings(read.gatherings)))
        await until(lambda: officer.profile and any("March" in g.name for g in officer.profile.gatherings))
        assert "assembly_overlap" in {f.code for f in officer.findings(plain)}, "the wizard says so before it is sent"
        await sent(officer, officer.submit(plain))
        request = await until(seen(first, plain, State.PENDING))
        await sent(first, first.approve(request))
        endorsed = await until(seen(second, plain, State.ENDORSED))
        again = await first.wait_for(first.approve(endorsed).key)
        assert again.problem is not None
        assert again.problem.code == "second_needed"
        await sent(second, second.approve(endorsed))
        published = await until(seen(officer, plain, State.PUBLISHED))
        async with httpx.AsyncClient(base_url=url) as public:
            page = await public.get(f"/agencies/{ORI}", headers={"Accept": "text/html"})
        assert "March for the library" in page.text
        await sent(officer, officer.add_addendum(published, "The bicycle was found. Thank you."))
        fresh = await until(lambda: next((r for r in officer.requests if r.id == published.id and r.addenda), None))
        await sent(officer, officer.resolve(fresh, Outcome.LEAD))
        ended = await until(seen(second, plain, State.RESOLVED))
        assert [t.action for t in ended.history] == [
            "submit",
            "endorse",
            "approve",
            "publish",
            "add_addendum",
            "resolve",
        ]
        assert all(t.actor and t.at for t in ended.history)

    async def claim_and_return(desks: dict[str, Desk]) -> None:
        officer, first, second = (desks[name] for name in NAMES)
        later = {"begins": now_utc() - timedelta(days=2, hours=3), "ends": now_utc() - timedelta(days=2, hours=1)}
        other = draft(2, occurred_at=now_utc() - timedelta(days=2, hours=2), **later)
        await sent(officer, officer.submit(other))
        request = await until(seen(first, other, State.PENDING))
        assert {o.id for o in overlaps(request, first.requests)} == {
            r.id for r in first.requests if r.draft.id != other.id
        }
        claim = await first.claim(request)
        assert isinstance(claim, Claim)
        await until(lambda: next((r for r in second.requests if r.id == request.id and r.claim is not None), None))
        refused = await second.wait_for(second.approve(request).key)
        assert refused.problem is not None
        assert refused.problem.code == "claimed"
        comment = FieldComment(Field.TITLE.value, "Plainer, please.")
        await sent(first, first.return_(request, (comment,)))
        returned = await until(seen(officer, other, State.RETURNED))
        mended = msgspec.structs.replace(other, title="A plainer title for the neighbors")
        await sent(officer, officer.resubmit(returned, mended))
        again = await until(seen(second, other, State.PENDING))
        assert again.before is not None
        assert [c.field for c in changes(again.before, again.draft, zone_of("America/Chicago"))] == [Field.TITLE]
        await sent(officer, officer.withdraw(again, WithdrawReason.SOLVED, "It was found."))
        gone = await until(seen(first, other, State.WITHDRAWN))
        assert gone.history[-1].reason == "The case is solved. It was found."

    async def lending(desks: dict[str, Desk]) -> None:
        officer, first, second = (desks[name] for name in NAMES)
        later = {"begins": now_utc() - timedelta(days=3, hours=3), "ends": now_utc() - timedelta(days=3, hours=1)}
        by_second = draft(3, occurred_at=now_utc() - timedelta(days=3, hours=2), **later)
        await sent(second, second.submit(by_second))
        assert not officer.may_decide()
        assert officer.session is not None
        lent = keeping.lend_deciding(officer.session.member, now_utc() + timedelta(days=1))
        await sent(first, first.keep(lent))
        await until(officer.may_decide)
        request = await until(seen(officer, by_second, State.PENDING))
        await sent(officer, officer.approve(request))
        done = await until(seen(first, by_second, State.PUBLISHED))
        assert next(t.acting_for for t in done.history if t.action == "approve").endswith("Example Two")

    async def go() -> None:
        async with city(tmp_path, chicago_pack, ground) as (url, desks):
            await assembly(url, desks)
            await claim_and_return(desks)
            await lending(desks)

    asyncio.run(go())


def test_a_draft_in_two_windows_is_never_overwritten(tmp_path: Path) -> None:
    """Two consoles of one member on one workstation share the vault's file."""
    from console.client.vault import DraftChangedElsewhere
    from tests.client.test_client_vault import MemorySecrets

    keyring = MemorySecrets()
    one, two = (open_vault(tmp_path, "officer", keyring) for _ in range(2))
    at = now_utc()
    first = one.save_draft(Draft(id="d", title="The first words"), at, 0)  # type: ignore[arg-type]
    kept = two.drafts()[0]
    assert kept.revision == first
    two.save_draft(msgspec.structs.replace(kept.draft, title="Words of the second window"), at, kept.revision)
    with pytest.raises(DraftChangedElsewhere):
        one.save_draft(Draft(id="d", title="The first words, longer"), at, first)  # type: ignore[arg-type]
    assert [k.draft.title for k in one.drafts()] == ["Words of the second window"]
    one.close()
    two.close()
