"""The life of a request at the service, on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
import base64
from datetime import timedelta

import msgspec
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from console.contract import endpoints as e
from console.contract.payloads import AuditPage, Receipt, Requests
from console.domain.areas import Picked
from console.domain.requests import State
from console.service import store as t
from console.service.requests import expire_due
from console.training.members import OTHER_ORI
from tests.service.conftest import PASSWORD, World, run


def test_a_request_is_pending_with_a_receipt_that_the_service_signed(world: World) -> None:
    async def go() -> None:
        async with world:
            answer = await world.call(e.SUBMIT_REQUEST, "officer", world.sealed())
            receipt = msgspec.json.decode(answer.content, type=Receipt)
            key = Ed25519PublicKey.from_public_bytes(base64.b64decode(world.parts.signer.public_key))
            bare = msgspec.structs.replace(receipt, signature="")
            key.verify(base64.b64decode(receipt.signature), msgspec.msgpack.encode(bare))
            assert receipt.state == "pending"
            listed = await world.call(e.LIST_REQUESTS, "supervisor")
            found = msgspec.json.decode(listed.content, type=Requests).requests
            assert [r.state for r in found] == [State.PENDING]
            assert found[0].number == receipt.number

    run(go())


def test_a_key_sent_twice_is_one_request_and_one_receipt(world: World) -> None:
    async def go() -> None:
        async with world:
            sealed, key = world.sealed(), "k" * 32
            answers = await asyncio.gather(
                *(world.call(e.SUBMIT_REQUEST, "officer", sealed, key=key) for _ in range(6))
            )
            assert {a.status_code for a in answers} == {200}
            assert len({a.content for a in answers}) == 1
            assert len((await world.call(e.LIST_REQUESTS, "officer")).json()["requests"]) == 1
            other = await world.call(e.SUBMIT_REQUEST, "officer", world.sealed(title="Another title here"), key=key)
            assert (other.status_code, other.json()["code"]) == (409, "key_reused")

    run(go())


def test_the_author_never_approves_whatever_the_client_sends(world: World) -> None:
    async def go() -> None:
        async with world:
            answer = await world.call(e.SUBMIT_REQUEST, "supervisor", world.sealed())
            request_id = answer.json()["subject"]
            own = await world.call(e.APPROVE_REQUEST, "supervisor", {"version": 1}, request_id=request_id)
            assert (own.status_code, own.json()["code"]) == (403, "own_request")
            other = await world.call(e.APPROVE_REQUEST, "supervisor2", {"version": 1}, request_id=request_id)
            assert other.json()["state"] == "published"

    run(go())


def test_two_supervisors_at_once_one_wins_and_the_other_is_told(world: World) -> None:
    async def go() -> None:
        async with world:
            request_id = await world.submit()
            await world.sign_in("supervisor")
            await world.sign_in("supervisor2")
            first, second = await asyncio.gather(
                world.call(e.APPROVE_REQUEST, "supervisor", {"version": 1}, request_id=request_id),
                world.call(
                    e.REJECT_REQUEST, "supervisor2", {"version": 1, "reason": "too_wide"}, request_id=request_id
                ),
            )
            codes = sorted((first.status_code, second.status_code))
            assert codes == [200, 409]
            loser = first if first.status_code == 409 else second
            assert loser.json()["code"] == "moved_on"

    run(go())


def test_approval_asks_for_a_fresh_sign_in(sqlite_world: World) -> None:
    async def go() -> None:
        world = sqlite_world
        async with world:
            request_id = await world.submit()
            await world.sign_in("supervisor")
            world.now += timedelta(minutes=6)
            stale = await world.call(e.APPROVE_REQUEST, "supervisor", {"version": 1}, request_id=request_id)
            assert stale.json()["code"] == "fresh_sign_in_needed"
            wrong = await world.call(e.CONFIRM_SIGN_IN, "supervisor", {"password": "not it"})
            assert wrong.json()["code"] == "wrong_credentials"
            await world.call(e.CONFIRM_SIGN_IN, "supervisor", {"password": PASSWORD})
            fresh = await world.call(e.APPROVE_REQUEST, "supervisor", {"version": 1}, request_id=request_id)
            assert fresh.json()["state"] == "published"

    run(go())


def test_returned_mended_sent_again_and_the_history_says_so(sqlite_world: World) -> None:
    async def go() -> None:
        world = sqlite_world
        async with world:
            request_id = await world.submit()
            comments = [{"field": "window", "text": "Narrow it, please."}]
            returned = await world.call(
                e.RETURN_REQUEST, "supervisor", {"version": 1, "comments": comments}, request_id=request_id
            )
            assert returned.json()["state"] == "returned"
            draft = world.draft(begins=world.now - timedelta(hours=3, minutes=30))
            body = {"version": 2, "draft": msgspec.to_builtins(draft), "sealed_at": world.now}
            again = await world.call(e.RESUBMIT_REQUEST, "officer", body, request_id=request_id)
            assert again.json()["state"] == "pending"
            shown = (await world.call(e.SHOW_REQUEST, "officer", request_id=request_id)).json()
            assert [h["action"] for h in shown["history"]] == ["submit", "return", "resubmit"]
            assert shown["history"][1]["comments"] == comments

    run(go())


def test_a_published_request_takes_addenda_and_an_outcome_and_nothing_else(sqlite_world: World) -> None:
    async def go() -> None:
        world = sqlite_world
        async with world:
            request_id = await world.publish()
            added = await world.call(
                e.ADD_ADDENDUM, "officer", {"version": 3, "text": "The bicycle was found."}, request_id=request_id
            )
            assert added.json()["version"] == 4
            withdrawn = await world.call(
                e.WITHDRAW_REQUEST, "officer", {"version": 4, "reason": "mistake"}, request_id=request_id
            )
            assert (withdrawn.status_code, withdrawn.json()["code"]) == (409, "wrong_state")
            ended = await world.call(
                e.RESOLVE_REQUEST, "officer", {"version": 4, "outcome": "lead"}, request_id=request_id
            )
            assert ended.json()["state"] == "resolved"

    run(go())


def test_it_expires_by_the_services_clock(world: World) -> None:
    async def go() -> None:
        async with world:
            request_id = await world.publish()
            assert await expire_due(world.parts) == 0
            world.now += timedelta(days=14)
            assert await expire_due(world.parts) == 1
            assert await expire_due(world.parts) == 0
            world._tokens.clear()
            shown = await world.call(e.SHOW_REQUEST, "officer", request_id=request_id)
            assert shown.json()["state"] == "expired"

    run(go())


def test_what_breaks_a_limit_is_refused_with_findings_and_nothing_is_kept(sqlite_world: World) -> None:
    async def go() -> None:
        world = sqlite_world
        async with world:
            now = world.now
            cases = {
                "window_in_future": {"ends": now + timedelta(minutes=1)},
                "window_too_long": {"begins": now - timedelta(hours=14, minutes=1)},
                "window_reversed": {"begins": now - timedelta(hours=2), "ends": now - timedelta(hours=3)},
                "case_number_shape": {"case_number": "12345"},
                "offence_missing": {"offence": ""},
                "area_missing": {"area": None},
                "contact_not_official": {"contact": "me@mail.example.org"},
                "pressure": {"text": "You must share what your camera saw this afternoon, or else."},
            }
            for code, changes in cases.items():
                answer = await world.call(e.SUBMIT_REQUEST, "officer", world.sealed(**changes))
                assert answer.status_code == 422, (code, answer.text)
                assert code in {f["code"] for f in answer.json()["findings"]}, code
            async with world.parts.store.reading() as connection:
                assert await connection.scalar(sa.select(sa.func.count()).select_from(t.requests)) == 0
                assert await connection.scalar(sa.select(sa.func.count()).select_from(t.idempotency)) == 0

    run(go())


def test_an_area_of_made_up_or_foreign_blocks_is_refused(sqlite_world: World) -> None:
    async def go() -> None:
        world = sqlite_world
        async with world:
            area = world.draft().area
            assert area is not None
            for blocks in (("8a0000000000fff",), area.blocks + area.blocks[:1], ("../../x",)):
                strange = msgspec.structs.replace(area, blocks=tuple(blocks))
                answer = await world.call(e.SUBMIT_REQUEST, "officer", world.sealed(area=strange))
                assert answer.status_code == 422
                assert "area_not_blocks" in {f["code"] for f in answer.json()["findings"]}

    run(go())


def test_a_case_has_two_requests_the_second_a_day_later_with_a_reason(sqlite_world: World) -> None:
    async def go() -> None:
        world = sqlite_world
        async with world:
            await world.submit()
            soon = await world.call(e.SUBMIT_REQUEST, "officer", world.sealed(repeat_reason="A witness came forward."))
            assert "case_too_soon" in {f["code"] for f in soon.json()["findings"]}
            world.now += timedelta(hours=24)
            world._tokens.clear()
            bare = await world.call(e.SUBMIT_REQUEST, "officer", world.sealed())
            assert "repeat_reason_missing" in {f["code"] for f in bare.json()["findings"]}
            await world.submit(repeat_reason="A witness came forward.")
            world.now += timedelta(hours=25)
            world._tokens.clear()
            third = await world.call(e.SUBMIT_REQUEST, "officer", world.sealed(repeat_reason="Another witness came."))
            assert "case_used_up" in {f["code"] for f in third.json()["findings"]}

    run(go())


def test_the_audit_log_is_a_chain_that_its_auditor_reads(sqlite_world: World) -> None:
    async def go() -> None:
        world = sqlite_world
        async with world:
            request_id = await world.publish()
            page = msgspec.json.decode((await world.call(e.READ_AUDIT, "auditor")).content, type=AuditPage)
            actions = [entry.action for entry in page.entries]
            assert {"submit_request", "approve_request", "sign_in"} <= set(actions)
            assert request_id in {entry.subject for entry in page.entries}
            assert len({entry.hash for entry in page.entries}) == len(page.entries)
            other = await world.call(e.READ_AUDIT, "auditor", agency=OTHER_ORI)
            assert request_id not in other.text

    run(go())


def test_open_cells_elsewhere_do_not_make_an_area_larger_or_nearer(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            area = world.draft().area
            assert area is not None
            block, away = area.blocks[:1], world.ground.index.atlas.open_cells[:6]
            forged = msgspec.structs.replace(area, blocks=block, open_cells=tuple(sorted(away)))
            far = max(world.ground.index.atlas.blocks, key=lambda b: abs(int(b.id, 16) - int(block[0], 16))).id
            both = Picked(tuple(sorted((*area.blocks, far))))
            for changes in (
                {"area": forged, "drawing": None},
                {"area": forged},
                {"area": forged, "drawing": Picked(block)},
                {"area": world.ground.snap(both), "drawing": both},
            ):
                answer = await world.call(e.SUBMIT_REQUEST, "officer", world.sealed(**changes))
                codes = {f["code"] for f in answer.json()["findings"]}
                assert codes & {"area_not_drawn", "area_scattered"}, codes

    run(go())


def test_what_is_published_beside_the_words_is_read_too(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            cases = [
                ({"place_name": "You must answer, or else! See http://www.example.org/x"}, {"pressure", "link"}),
                ({"place_name": "A" * 121}, {"place_name_too_long"}),
                ({"place_name": "Near\u202e W 18th St"}, {"hidden_characters"}),
                ({"contact": "You must call http://www.example.org +1 312 555 0100"}, {"contact_not_official"}),
                ({"occurred_at": "9999-12-31T23:59:59-12:00"}, {"time_out_of_range"}),
                ({"occurred_at": "0001-01-01T00:00:00Z"}, {"time_out_of_range"}),
                ({"begins": "0001-01-01T00:00:00Z"}, {"time_out_of_range"}),
            ]
            for changes, codes in cases:
                sealed = msgspec.to_builtins(world.sealed())
                sealed["draft"] |= changes
                answer = await world.call(e.SUBMIT_REQUEST, "officer", sealed)
                assert answer.status_code == 422, (changes, answer.text)
                assert codes <= {f["code"] for f in answer.json()["findings"]}, changes
            request_id = await world.publish(case_number=" 2026\u2011012\u2011000431\u200b")
            bad = {"version": 3, "text": "You must tell us who the black man is. www.example.org"}
            refused = await world.call(e.ADD_ADDENDUM, "officer", bad, request_id=request_id)
            assert {"pressure", "race_alone", "link"} <= {f["code"] for f in refused.json()["findings"]}
            good = {"version": 3, "text": "The bicycle was found. Thank you."}
            assert (await world.call(e.ADD_ADDENDUM, "officer", good, request_id=request_id)).status_code == 200
            public = (await world.call(e.LIST_PUBLISHED, None, ori="ZZ0000001")).json()["requests"][0]
            assert public["case_number"] == "2026-012-000431"

    run(go())


def test_a_tangled_drawing_is_refused_at_once(sqlite_world: World) -> None:
    """Mending it took minutes; it is only looked at."""

    async def go() -> None:
        async with sqlite_world as world:
            import random

            chance = random.Random(1)
            for corners in (400, 4_000):
                ring = [[-87.6 + chance.random() * 0.01, 41.8 + chance.random() * 0.01] for _ in range(corners)]
                sealed = msgspec.to_builtins(world.sealed())
                sealed["draft"]["drawing"] = {"type": "polygon", "ring": ring}
                answer = await world.call(e.SUBMIT_REQUEST, "officer", sealed)
                codes = {f["code"] for f in answer.json()["findings"]}
                assert codes & {"area_crossed", "area_too_detailed"}, codes

    run(go())


def test_characters_that_the_store_cannot_hold_are_no_fault_of_the_service(world: World) -> None:
    async def go() -> None:
        async with world:
            answer = await world.call(e.SUBMIT_REQUEST, "officer", world.sealed(case_number="2026-012-000431\x00"))
            assert answer.status_code == 200, answer.text
            assert (await world.call(e.SHOW_REQUEST, "officer", request_id="a%00b")).status_code == 404
            until = world.now + timedelta(days=1)
            lent = await world.call(e.LEND_DECIDING, "supervisor", {"delegate": "a\x00", "until": until})
            assert lent.json()["code"] == "not_a_colleague"

    run(go())
