"""Two people, the claim, the calendar of assemblies: by role change, delegate, twin account or haste nobody gets around."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import msgspec
import sqlalchemy as sa

from console.contract import endpoints as e
from console.contract.payloads import AgencyProfile
from console.domain.assemblies import Gathering
from console.domain.fitting import middle_of
from console.domain.members import Member, MemberId, Role
from console.domain.requests import Request
from console.service import store as t
from console.training.members import ORI
from tests.service.conftest import World, run

APPROVE = {"version": 1}


def code_of(answer) -> str:
    return str(answer.json().get("code", ""))


async def change(world: World, username: str, **fields: object) -> None:
    """What an administrator does to a member."""
    async with world.parts.store.writing() as connection:
        where = sa.and_(t.members.c.username == username, t.members.c.agency == ORI)
        body = await connection.scalar(sa.select(t.members.c.body).where(where))
        changed = msgspec.structs.replace(msgspec.json.decode(body, type=Member), **fields)
        await connection.execute(sa.update(t.members).where(where).values(body=msgspec.json.encode(changed).decode()))


async def shown(world: World, request_id: str) -> Request:
    answer = await world.call(e.SHOW_REQUEST, "officer", request_id=request_id)
    return msgspec.json.decode(answer.content, type=Request)


def march(world: World, **changes: object) -> Gathering:
    draft = world.draft()
    assert draft.area is not None
    middle = middle_of(world.ground, draft.area)
    assert middle is not None
    gathering = Gathering(
        id="march",
        name="March for the library",
        points=(middle,),
        begins=world.now - timedelta(hours=3),
        ends=world.now - timedelta(hours=1),
    )
    return msgspec.structs.replace(gathering, **changes)


async def keep(world: World, *gatherings: Gathering) -> None:
    answer = await world.call(e.SAVE_GATHERINGS, "supervisor", {"gatherings": msgspec.to_builtins(gatherings)})
    assert answer.status_code == 200, answer.text


def test_an_author_who_was_made_a_supervisor_still_does_not_approve_the_own_request(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            request_id = await world.submit()
            await change(world, "officer", role=Role.SUPERVISOR, name="Another Name")
            answer = await world.call(e.APPROVE_REQUEST, "officer", APPROVE, request_id=request_id)
            assert (answer.status_code, code_of(answer)) == (403, "own_request")

    run(go())


def test_a_second_account_with_the_same_badge_is_the_same_person(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            request_id = await world.submit()
            await change(world, "supervisor", badge="0001")
            answer = await world.call(e.APPROVE_REQUEST, "supervisor", APPROVE, request_id=request_id)
            assert code_of(answer) == "own_request"

    run(go())


def test_deciding_can_be_lent_but_not_on_the_lenders_or_ones_own_requests(world: World) -> None:
    async def go() -> None:
        async with world:
            delegate = MemberId(f"{ORI}-officer")
            theirs = (await world.call(e.SUBMIT_REQUEST, "supervisor", world.sealed())).json()["subject"]
            own = await world.submit(case_number="2026-018-000001")
            third = await world.call(e.SUBMIT_REQUEST, "supervisor2", world.sealed(case_number="2026-018-000002"))
            others = third.json()["subject"]
            body = {"delegate": delegate, "until": world.now + timedelta(days=2)}
            refused = await world.call(e.APPROVE_REQUEST, "officer", APPROVE, request_id=others)
            assert code_of(refused) == "forbidden"
            assert (await world.call(e.LEND_DECIDING, "supervisor", body)).status_code == 200
            profile = msgspec.json.decode((await world.call(e.SHOW_AGENCY, "officer")).content, type=AgencyProfile)
            assert [(d.delegator.name, d.delegate.id) for d in profile.delegations] == [("Example Two", delegate)]
            for request_id in (theirs, own):
                answer = await world.call(e.APPROVE_REQUEST, "officer", APPROVE, request_id=request_id)
                assert code_of(answer) == "own_request"
            done = await world.call(e.APPROVE_REQUEST, "officer", APPROVE, request_id=others)
            assert done.json()["state"] == "published"
            line = next(step for step in (await shown(world, others)).history if step.action == "approve")
            assert (line.actor, line.acting_for) == ("Officer Example One", "Sergeant Example Two")
            ended = await world.call(e.END_LENDING, "supervisor", member_id=delegate)
            assert ended.status_code == 200
            after = await world.call(e.CLAIM_REQUEST, "officer", {}, request_id=theirs)
            assert code_of(after) == "forbidden"

    run(go())


def test_lending_ends_by_itself_and_with_the_lenders_role_and_is_refused_to_others(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            delegate = MemberId(f"{ORI}-officer")
            for who, days in (
                (f"{ORI}-auditor", 2),
                (f"{ORI}-supervisor", 2),
                ("nobody", 2),
                (delegate, 31),
                (delegate, -1),
            ):
                body = {"delegate": who, "until": world.now + timedelta(days=days)}
                assert code_of(await world.call(e.LEND_DECIDING, "supervisor", body)) == "not_a_colleague", (who, days)
            request_id = (await world.call(e.SUBMIT_REQUEST, "supervisor2", world.sealed())).json()["subject"]
            body = {"delegate": delegate, "until": world.now + timedelta(days=1)}
            assert (await world.call(e.LEND_DECIDING, "supervisor", body)).status_code == 200
            await change(world, "supervisor", role=Role.OFFICER)
            assert code_of(await world.call(e.CLAIM_REQUEST, "officer", {}, request_id=request_id)) == "forbidden"
            await change(world, "supervisor", role=Role.SUPERVISOR)
            assert (await world.call(e.CLAIM_REQUEST, "officer", {}, request_id=request_id)).status_code == 200
            world.now += timedelta(days=1)
            world._tokens.clear()
            assert code_of(await world.call(e.CLAIM_REQUEST, "officer", {}, request_id=request_id)) == "forbidden"

    run(go())


def test_where_an_assembly_is_met_two_others_approve_and_the_public_is_told(world: World) -> None:
    async def go() -> None:
        async with world:
            await keep(world, march(world))
            request_id = await world.submit()
            first = await world.call(e.APPROVE_REQUEST, "supervisor", APPROVE, request_id=request_id)
            assert first.json()["state"] == "endorsed"
            again = await world.call(e.APPROVE_REQUEST, "supervisor", {"version": 2}, request_id=request_id)
            assert (again.status_code, code_of(again)) == (403, "second_needed")
            second = await world.call(e.APPROVE_REQUEST, "supervisor2", {"version": 2}, request_id=request_id)
            assert second.json()["state"] == "published"
            public = await world.call(e.LIST_PUBLISHED, None, ori=ORI)
            assert "March for the library" in public.json()["requests"][0]["notes"][0]
            page = await world.client.get(f"/agencies/{ORI}", headers={"Accept": "text/html"})
            assert "March for the library" in page.text

    run(go())


def test_taking_the_assembly_off_the_calendar_does_not_spare_the_second_approval(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            await keep(world, march(world))
            request_id = await world.submit()
            gone = await world.call(e.REMOVE_GATHERING, "supervisor", gathering_id="march")
            assert gone.status_code == 200
            first = await world.call(e.APPROVE_REQUEST, "supervisor", APPROVE, request_id=request_id)
            assert first.json()["state"] == "endorsed"

    run(go())


def test_an_assembly_that_became_known_after_submission_counts_and_one_beside_it_does_not(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            request_id = await world.submit()
            beside = march(world, id="beside", begins=world.now - timedelta(hours=1), ends=world.now)
            away = msgspec.structs.replace(
                march(world, id="away"), points=(msgspec.structs.replace(world.place(), lat=world.place().lat + 0.05),)
            )
            await keep(world, beside, away)
            other = await world.submit(
                case_number="2026-018-000077",
                begins=world.now - timedelta(hours=4),
                ends=world.now - timedelta(hours=2),
            )
            done = await world.call(e.APPROVE_REQUEST, "supervisor", APPROVE, request_id=other)
            assert done.json()["state"] == "published"
            await keep(world, march(world))
            first = await world.call(e.APPROVE_REQUEST, "supervisor", APPROVE, request_id=request_id)
            assert first.json()["state"] == "endorsed"

    run(go())


def test_a_claim_keeps_others_from_deciding_until_it_expires_or_is_taken_over(world: World) -> None:
    async def go() -> None:
        async with world:
            request_id = await world.submit()
            claim = await world.call(e.CLAIM_REQUEST, "supervisor", {}, request_id=request_id)
            assert claim.json()["name"] == "Sergeant Example Two"
            assert (await shown(world, request_id)).claim is not None
            blocked = await world.call(e.APPROVE_REQUEST, "supervisor2", APPROVE, request_id=request_id)
            assert (blocked.status_code, code_of(blocked)) == (409, "claimed")
            assert code_of(await world.call(e.CLAIM_REQUEST, "supervisor2", {}, request_id=request_id)) == "claimed"
            taken = await world.call(e.CLAIM_REQUEST, "supervisor2", {"take_over": True}, request_id=request_id)
            assert taken.status_code == 200
            assert (
                code_of(await world.call(e.APPROVE_REQUEST, "supervisor", APPROVE, request_id=request_id)) == "claimed"
            )
            await world.call(e.RELEASE_REQUEST, "supervisor", request_id=request_id)  # not theirs: nothing happens
            world.now += timedelta(minutes=5)
            world._tokens.clear()
            done = await world.call(e.APPROVE_REQUEST, "supervisor", APPROVE, request_id=request_id)
            assert done.json()["state"] == "published"

    run(go())


def test_above_the_homes_limit_only_a_coded_reason_gets_it_through(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            request_id = await world.submit()
            async with world.parts.store.writing() as connection:
                body = await connection.scalar(sa.select(t.agencies.c.body).where(t.agencies.c.ori == ORI))
                raw = msgspec.json.decode(body)
                raw["limits"]["homes_confirm_above"] = 60
                await connection.execute(
                    sa.update(t.agencies).where(t.agencies.c.ori == ORI).values(body=msgspec.json.encode(raw).decode())
                )
            bare = await world.call(e.APPROVE_REQUEST, "supervisor", APPROVE, request_id=request_id)
            assert [f["code"] for f in bare.json()["findings"]] == ["homes_many"]
            body = {"version": 1, "because": "serious_harm"}
            done = await world.call(e.APPROVE_REQUEST, "supervisor", body, request_id=request_id)
            assert done.json()["state"] == "published"
            line = next(step for step in (await shown(world, request_id)).history if step.action == "approve")
            assert line.reason == "Somebody was seriously harmed or is in danger"

    run(go())


def test_of_many_decisions_at_once_exactly_one_wins(world: World) -> None:
    async def go() -> None:
        async with world:
            await world.sign_in("supervisor")
            await world.sign_in("supervisor2")
            for number in range(12):
                request_id = await world.submit(case_number=f"2026-018-{number:06}")
                reject = {"version": 1, "reason": "too_wide"}
                back = {"version": 1, "comments": [{"field": "text", "text": "Shorter."}]}
                answers = await asyncio.gather(
                    world.call(e.APPROVE_REQUEST, "supervisor", APPROVE, request_id=request_id),
                    world.call(e.REJECT_REQUEST, "supervisor2", reject, request_id=request_id),
                    world.call(e.RETURN_REQUEST, "supervisor2", back, request_id=request_id),
                    world.call(
                        e.WITHDRAW_REQUEST, "officer", {"version": 1, "reason": "mistake"}, request_id=request_id
                    ),
                )
                assert sorted(a.status_code for a in answers) == [200, 409, 409, 409], number

    run(go())


def test_a_resubmission_shows_what_it_was_before(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            request_id = await world.submit()
            back = {"version": 1, "comments": [{"field": "title", "text": "Plainer, please."}]}
            await world.call(e.RETURN_REQUEST, "supervisor", back, request_id=request_id)
            mended = world.draft(title="A plainer title for neighbors")
            body = {"version": 2, "draft": msgspec.to_builtins(mended), "sealed_at": world.now}
            await world.call(e.RESUBMIT_REQUEST, "officer", body, request_id=request_id)
            request = await shown(world, request_id)
            assert request.before is not None
            assert (request.before.title, request.draft.title) == (world.draft().title, mended.title)

    run(go())


def test_a_pending_request_keeps_the_atlas_that_it_was_made_on(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            request_id = await world.submit()
            async with world.parts.store.writing() as connection:
                body = await connection.scalar(sa.select(t.agencies.c.body).where(t.agencies.c.ori == ORI))
                raw = msgspec.json.decode(body)
                raw["atlas_version"] = "lakeside-next"
                await connection.execute(
                    sa.update(t.agencies).where(t.agencies.c.ori == ORI).values(body=msgspec.json.encode(raw).decode())
                )
            world.parts.grounds["lakeside-next"] = _renamed(world)
            late = await world.call(e.SUBMIT_REQUEST, "officer", world.sealed(case_number="2026-018-000009"))
            assert "atlas_changed" in {f["code"] for f in late.json()["findings"]}
            done = await world.call(e.APPROVE_REQUEST, "supervisor", APPROVE, request_id=request_id)
            assert done.json()["state"] == "published", done.text

    run(go())


def _renamed(world: World):
    from console.domain.atlas import AtlasIndex
    from console.domain.ground import Ground

    return Ground(AtlasIndex(msgspec.structs.replace(world.ground.index.atlas, version="lakeside-next")))


def test_a_second_request_of_the_case_does_not_hide_an_assembly_from_the_approval_of_the_first(
    sqlite_world: World,
) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            first = await world.submit()
            world.now += timedelta(hours=25)
            world._tokens.clear()
            later = {"begins": world.now - timedelta(hours=3), "ends": world.now - timedelta(hours=1)}
            await world.submit(repeat_reason="A witness came forward.", **later)
            # The first one's approval is judged beside the second; the assembly became known in between.
            met = march(world, begins=world.now - timedelta(hours=28), ends=world.now - timedelta(hours=27))
            await keep(world, met)
            answer = await world.call(e.APPROVE_REQUEST, "supervisor", APPROVE, request_id=first)
            assert answer.json()["state"] == "endorsed", answer.text

    run(go())


async def lend(world: World, username: str, *delegates: str) -> None:
    for delegate in delegates:
        body = {"delegate": f"{ORI}-{delegate}", "until": world.now + timedelta(days=1)}
        assert (await world.call(e.LEND_DECIDING, username, body)).status_code == 200


def test_the_second_approval_is_neither_a_twin_accounts_nor_of_the_same_lender(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            await keep(world, march(world))
            await change(world, "supervisor2", badge="0002")  # the badge of "supervisor"
            twin = await world.submit()
            first = await world.call(e.APPROVE_REQUEST, "supervisor", APPROVE, request_id=twin)
            assert first.json()["state"] == "endorsed"
            second = await world.call(e.APPROVE_REQUEST, "supervisor2", {"version": 2}, request_id=twin)
            assert code_of(second) == "second_needed"
            await change(world, "supervisor2", badge="0003")
            await change(world, "moderator", role=Role.OFFICER)
            await lend(world, "supervisor", "officer", "moderator")
            theirs = await world.call(e.SUBMIT_REQUEST, "supervisor2", world.sealed(case_number="2026-018-000021"))
            request_id = theirs.json()["subject"]
            endorsed = await world.call(e.APPROVE_REQUEST, "officer", APPROVE, request_id=request_id)
            assert endorsed.json()["state"] == "endorsed"
            for who in ("moderator", "supervisor"):
                again = await world.call(e.APPROVE_REQUEST, who, {"version": 2}, request_id=request_id)
                assert code_of(again) == "second_needed", who

    run(go())


def test_a_resubmission_still_meets_the_assembly_that_was_taken_off_meanwhile(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            await keep(world, march(world))
            request_id = await world.submit()
            back = {"version": 1, "comments": [{"field": "title", "text": "Plainer, please."}]}
            await world.call(e.RETURN_REQUEST, "supervisor", back, request_id=request_id)
            await world.call(e.REMOVE_GATHERING, "supervisor", gathering_id="march")
            body = {"version": 2, "draft": msgspec.to_builtins(world.draft()), "sealed_at": world.now}
            assert (await world.call(e.RESUBMIT_REQUEST, "officer", body, request_id=request_id)).status_code == 200
            first = await world.call(e.APPROVE_REQUEST, "supervisor", {"version": 3}, request_id=request_id)
            assert first.json()["state"] == "endorsed"

    run(go())


def test_two_requests_of_a_case_never_go_out_within_a_day(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            one = await world.submit()
            world.now += timedelta(hours=24)
            world._tokens.clear()
            two = await world.submit(repeat_reason="A witness came forward.")
            assert (await world.call(e.APPROVE_REQUEST, "supervisor", APPROVE, request_id=one)).status_code == 200
            soon = await world.call(e.APPROVE_REQUEST, "supervisor", APPROVE, request_id=two)
            assert [f["code"] for f in soon.json()["findings"]] == ["case_too_soon"]
            # A returned request that takes another case's number asks for that case from then on.
            third = await world.submit(case_number="2026-018-000033")
            back = {"version": 1, "comments": [{"field": "case_number", "text": "The other case."}]}
            await world.call(e.RETURN_REQUEST, "supervisor", back, request_id=third)
            world.now += timedelta(hours=25)
            world._tokens.clear()
            moved = world.draft(case_number="2026-018-000034")
            body = {"version": 2, "draft": msgspec.to_builtins(moved), "sealed_at": world.now}
            assert (await world.call(e.RESUBMIT_REQUEST, "officer", body, request_id=third)).status_code == 200
            again = world.sealed(case_number="2026-018-000034", repeat_reason="A witness came forward.")
            refused = await world.call(e.SUBMIT_REQUEST, "officer", again)
            assert "case_too_soon" in {f["code"] for f in refused.json()["findings"]}

    run(go())


def test_who_may_not_decide_may_not_claim(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            own = (await world.call(e.SUBMIT_REQUEST, "supervisor", world.sealed())).json()["subject"]
            taken = await world.call(e.CLAIM_REQUEST, "supervisor", {"take_over": True}, request_id=own)
            assert code_of(taken) == "own_request"
            done = await world.publish(case_number="2026-018-000044")
            assert code_of(await world.call(e.CLAIM_REQUEST, "supervisor", {}, request_id=done)) == "wrong_state"

    run(go())


def test_an_odd_calendar_is_refused_and_a_change_of_it_is_audited(world: World) -> None:
    async def go() -> None:
        async with world:
            place = world.place()
            far = msgspec.structs.replace(place, lat=place.lat + 1)
            odd = [
                {"begins": "0001-01-01T00:00:00Z"},
                {"ends": "9999-12-31T23:59:59-12:00"},
                {"points": []},
                {"points": msgspec.to_builtins([place, far, place])},
                {"id": ".."},
                {"id": "a/b"},
                {"id": "m\x00"},
            ]
            for changes in odd:
                body = {"gatherings": [msgspec.to_builtins(march(world)) | changes]}
                answer = await world.call(e.SAVE_GATHERINGS, "supervisor", body)
                assert answer.status_code == 400, (changes, answer.text)
            await keep(world, march(world))
            await keep(world, march(world, name="Another march"))
            page = (await world.call(e.READ_AUDIT, "auditor")).json()["entries"]
            lines = [line["subject"] for line in page if line["action"] == "calendar_changed"]
            assert lines[0].startswith("1 kept, 1 of them replaced, sha256 ")

    run(go())
