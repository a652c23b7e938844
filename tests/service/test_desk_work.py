"""The agency's own work on the feed: nobody overwrites a colleague, nothing is lost, no resident sees any of it."""

from __future__ import annotations

import re
from datetime import timedelta

import msgspec
import pytest

from console.contract import desk_work as w
from console.contract import endpoints as e
from console.contract.payloads import AuditPage
from console.domain.desk_work import (
    AddNote,
    Assign,
    CloseReason,
    DeskItem,
    DeskState,
    JudgeFine,
    LinkCase,
    See,
    SetState,
)
from console.domain.members import MemberId
from console.training.members import ORI, OTHER_ORI
from tests.service.conftest import World, run

CLOSE = SetState(DeskState.CLOSED, CloseReason.NO_ACTION)


async def post(world: World, title: str = "Bike gone") -> str:
    browser = await world.neighbour(world.ground.index.atlas.blocks[0].id)
    body = {"category": "crime", "title": title, "text": "Something happened on our street."}
    answer = await browser.post(e.WRITE_POST.path, json=body)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


async def items(world: World, as_: str = "officer", agency: str = ORI) -> dict[str, DeskItem]:
    answer = await world.call(e.LIST_DESK_ITEMS, as_, agency=agency)
    return {i.post: i for i in msgspec.json.decode(answer.content, type=w.DeskItems).items}


async def lines(world: World, post_id: str) -> tuple:
    answer = await world.call(e.LIST_DESK_LINES, "auditor", post_id=post_id)
    return msgspec.json.decode(answer.content, type=w.DeskLines).lines


def work(posts: dict[str, int], deed) -> w.DeskWork:
    return w.DeskWork(tuple(w.SeenItem(post_id, version) for post_id, version in posts.items()), deed)


async def act(world: World, as_: str, posts: dict[str, int], deed, key: str = "") -> tuple[int, str]:
    answer = await world.call(e.DO_DESK_WORK, as_, work(posts, deed), key=key)
    return answer.status_code, answer.json().get("code", "")


def test_a_post_is_opened_given_noted_linked_judged_and_closed_with_each_step_told(world: World) -> None:
    async def go() -> None:
        async with world:
            one = await post(world)
            colleague = MemberId(f"{ORI}-officer")
            deeds = [
                See(),
                Assign(colleague),
                AddNote("Called her."),
                LinkCase(" 2026-012-000431 "),
                JudgeFine(),
                CLOSE,
            ]
            for version, deed in enumerate(deeds):
                assert await act(world, "moderator", {one: version}, deed) == (200, "")
            item = (await items(world))[one]
            assert (item.version, item.state, item.closed_for) == (6, DeskState.CLOSED, CloseReason.NO_ACTION)
            assert item.assignee is not None
            assert item.assignee.name == "Officer Example One"
            assert item.case_number == "2026-012-000431"
            assert [note.text for note in item.notes] == ["Called her."]
            assert item.fine is not None
            told = await lines(world, one)
            assert [line.deed for line in told] == [
                "set_state",
                "judge_fine",
                "link_case",
                "add_note",
                "assign",
                "see",
            ]
            audit = msgspec.json.decode((await world.call(e.READ_AUDIT, "auditor")).content, type=AuditPage)
            said = [entry.action for entry in audit.entries]
            assert "desk_work.set_state.closed.no_action" in said
            assert not any("Called her" in entry.action + entry.subject for entry in audit.entries)

    run(go())


def test_of_two_who_act_on_the_same_version_the_second_is_told_and_nothing_is_overwritten(world: World) -> None:
    async def go() -> None:
        async with world:
            one = await post(world)
            assert await act(world, "moderator", {one: 0}, CLOSE) == (200, "")
            for deed in (SetState(DeskState.IN_WORK), Assign(None), LinkCase("2026-012-000431"), JudgeFine()):
                assert await act(world, "supervisor", {one: 0}, deed) == (409, "moved_on")
            # A note adds to what is there: it is kept whatever happened meanwhile.
            assert await act(world, "supervisor", {one: 0}, AddNote("Same man as last week?")) == (200, "")
            item = (await items(world))[one]
            assert item.state is DeskState.CLOSED
            assert [note.text for note in item.notes] == ["Same man as last week?"]

    run(go())


def test_what_one_did_oneself_or_a_colleague_only_opened_is_no_reason_to_refuse(world: World) -> None:
    async def go() -> None:
        async with world:
            one = await post(world)
            # As an outbox sends them that was cut off meanwhile: all made on the version that was seen at first.
            assert await act(world, "moderator", {one: 0}, SetState(DeskState.IN_WORK)) == (200, "")
            assert await act(world, "moderator", {one: 0}, LinkCase("2026-012-000431")) == (200, "")
            said = await world.call(e.COMMENT_ON_POST, "moderator", {"text": "Please call us."}, post_id=one)
            assert said.status_code == 200
            assert await act(world, "supervisor", {one: 3}, AddNote("Thank you.")) == (200, "")
            assert await act(world, "moderator", {one: 0}, CLOSE) == (200, "")
            assert await act(world, "supervisor", {one: 3}, SetState(DeskState.IN_WORK)) == (409, "moved_on")
            two = await post(world, "Another")
            assert await act(world, "supervisor", {two: 0}, See()) == (200, "")
            assert await act(world, "moderator", {two: 0}, CLOSE) == (200, "")

    run(go())


def test_a_deed_on_several_is_done_on_all_or_on_none(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            ids = [await post(world, f"Post {n}") for n in range(5)]
            await act(world, "supervisor", {ids[3]: 0}, SetState(DeskState.IN_WORK))
            answer = await world.call(e.DO_DESK_WORK, "moderator", work(dict.fromkeys(ids, 0), CLOSE))
            assert answer.status_code == 409
            assert "1 of these 5" in answer.json()["title"]
            assert [i.state for i in (await items(world)).values()] == [DeskState.IN_WORK]
            assert await act(world, "moderator", dict.fromkeys(ids, 0) | {ids[3]: 1}, CLOSE) == (200, "")
            assert {i.state for i in (await items(world)).values()} == {DeskState.CLOSED}

    run(go())


def test_what_was_just_done_is_undone_by_its_key_and_older_things_for_thirty_days(world: World) -> None:
    async def go() -> None:
        async with world:
            ids = [await post(world, f"Post {n}") for n in range(3)]
            key = "k" * 32
            assert await act(world, "moderator", dict.fromkeys(ids, 0), CLOSE, key) == (200, "")
            theirs = await world.call(e.UNDO_DESK_WORK, "supervisor", w.DeskUndo(key))
            assert theirs.status_code == 404, "another's key undoes nothing"
            assert (await world.call(e.UNDO_DESK_WORK, "moderator", w.DeskUndo(key))).status_code == 200
            assert {i.state for i in (await items(world)).values()} == {DeskState.NEW}
            again = await world.call(e.UNDO_DESK_WORK, "moderator", w.DeskUndo(key))
            assert (again.status_code, again.json()["code"]) == (409, "moved_on")
            await act(world, "moderator", {ids[0]: 2}, AddNote("A note."))
            await act(world, "moderator", {ids[0]: 3}, CLOSE)
            closed, noted = (await lines(world, ids[0]))[:2]
            await world.sign_in("supervisor")
            world.now += timedelta(days=29)
            world._tokens.clear()
            back = w.DeskRevert((noted.number,))
            assert (await world.call(e.REVERT_DESK_WORK, "supervisor", back)).status_code == 200
            assert (await items(world))[ids[0]].notes == ()
            world.now += timedelta(days=2)
            world._tokens.clear()
            late = await world.call(e.REVERT_DESK_WORK, "supervisor", w.DeskRevert((closed.number,)))
            assert (late.status_code, late.json()["code"]) == (409, "too_late_to_revert")

    run(go())


def test_a_line_is_not_taken_back_over_what_a_colleague_did_since(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            one = await post(world)
            await act(world, "moderator", {one: 0}, CLOSE)
            line = (await lines(world, one))[0]
            await act(world, "supervisor", {one: 1}, SetState(DeskState.IN_WORK))
            answer = await world.call(e.REVERT_DESK_WORK, "moderator", w.DeskRevert((line.number,)))
            assert (answer.status_code, answer.json()["code"]) == (409, "moved_on")
            assert (await items(world))[one].state is DeskState.IN_WORK

    run(go())


def test_whoever_works_on_a_post_is_seen_and_a_second_answer_is_stopped(world: World) -> None:
    async def go() -> None:
        async with world:
            one = await post(world)
            assert (await world.call(e.CLAIM_POST, "officer", {}, post_id=one)).status_code == 200
            item = (await items(world, "moderator"))[one]
            assert item.claim is not None
            assert item.claim.name == "Officer Example One"
            second = await world.call(e.CLAIM_POST, "moderator", {}, post_id=one)
            assert (second.status_code, second.json()["code"]) == (409, "claimed")
            for call in (
                world.call(e.COMMENT_ON_POST, "moderator", {"text": "Please call us."}, post_id=one),
                world.call(e.DO_DESK_WORK, "moderator", work({one: 0}, CLOSE)),
            ):
                answer = await call
                assert (answer.status_code, answer.json()["code"]) == (409, "claimed")
                assert "Officer Example One" in answer.json()["title"]
            taken = await world.call(e.CLAIM_POST, "moderator", {"take_over": True}, post_id=one)
            assert taken.status_code == 200
            said = await world.call(e.COMMENT_ON_POST, "moderator", {"text": "Please call us."}, post_id=one)
            assert said.status_code == 200
            world.now += timedelta(minutes=6)
            assert (await world.call(e.CLAIM_POST, "officer", {}, post_id=one)).status_code == 200
            assert (await world.call(e.RELEASE_POST, "officer", post_id=one)).status_code == 200
            assert (await items(world))[one].claim is None

    run(go())


def test_a_comment_can_be_changed_for_a_minute_and_only_corrected_afterwards(world: World) -> None:
    async def go() -> None:
        async with world:
            browser = await world.neighbour(world.ground.index.atlas.blocks[0].id)
            body = {"category": "crime", "title": "Bike gone", "text": "It was blue."}
            one = (await browser.post(e.WRITE_POST.path, json=body)).json()["id"]

            async def page() -> str:
                return (await browser.get("/n", headers={"Accept": "text/html"})).text

            said = await world.call(e.COMMENT_ON_POST, "moderator", {"text": "We will call tomorow."}, post_id=one)
            mine = said.json()["subject"]
            assert "tomorow" not in await page(), "only the agency sees it yet"
            path = {"post_id": one, "comment_id": mine}
            other = await world.call(e.EDIT_COMMENT, "officer", {"text": "No."}, **path)
            assert (other.status_code, other.json()["code"]) == (403, "not_yours")
            assert (await world.call(e.EDIT_COMMENT, "moderator", {"text": "We call you."}, **path)).status_code == 200
            early = await world.call(e.COMMENT_ON_POST, "moderator", {"text": "x", "corrects": mine}, post_id=one)
            assert early.status_code == 400
            world.now += timedelta(seconds=61)
            assert "We call you." in await page()
            for call in (
                world.call(e.EDIT_COMMENT, "moderator", {"text": "No."}, **path),
                world.call(e.WITHDRAW_COMMENT, "moderator", **path),
            ):
                answer = await call
                assert (answer.status_code, answer.json()["code"]) == (409, "comment_public")
            right = {"text": "We call on Monday.", "corrects": mine}
            assert (await world.call(e.COMMENT_ON_POST, "moderator", right, post_id=one)).status_code == 200
            world.now += timedelta(seconds=61)
            shown = await page()
            assert "We call you." in shown, "what was said stays"
            assert "Correction" in shown

    run(go())


def test_a_comment_taken_back_in_time_was_never_seen_and_the_post_is_unanswered_again(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            one = await post(world)
            said = await world.call(e.COMMENT_ON_POST, "moderator", {"text": "Wrong post."}, post_id=one)
            path = {"post_id": one, "comment_id": said.json()["subject"]}
            assert (await world.call(e.WITHDRAW_COMMENT, "moderator", **path)).status_code == 200
            feed = (await world.call(e.READ_FEED, "officer")).json()["posts"][0]
            assert (feed["comments"], feed["answered"]) == ([], False)
            assert (await items(world))[one].state is DeskState.NEW, "it is still to be looked at"
            assert [line.deed for line in await lines(world, one)] == ["revert", "answer"]

    run(go())


@pytest.mark.parametrize("judged", [False, True])
def test_a_neighbors_comment_brings_an_answered_post_back_unless_it_was_judged_fine(
    sqlite_world: World, judged: bool
) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            one = await post(world)
            if judged:
                await act(world, "moderator", {one: 0}, JudgeFine())
            await act(world, "moderator", {one: int(judged)}, CLOSE)
            browser = await world.neighbour(world.ground.index.atlas.blocks[3].id)
            path = e.COMMENT_AS_NEIGHBOUR.path.replace("{post_id:str}", one)
            assert (await browser.post(path, json={"text": "Mine too."})).status_code == 200
            state = (await items(world))[one].state
            assert state is (DeskState.CLOSED if judged else DeskState.NEW)

    run(go())


def test_what_is_not_possible_is_refused_with_a_reason(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            one = await post(world)
            refused = [
                (SetState(DeskState.CLOSED), 422, "reason_missing"),
                (Assign(MemberId(f"{ORI}-auditor")), 422, "not_a_desk_member"),
                (Assign(MemberId(f"{OTHER_ORI}-officer")), 422, "not_a_desk_member"),
                (Assign(MemberId("\0")), 422, "not_a_desk_member"),
                (LinkCase("I2026-0000001"), 422, "case_number_unfit"),
            ]
            for deed, status, code in refused:
                assert await act(world, "moderator", {one: 0}, deed) == (status, code), deed
            assert await act(world, "moderator", {"no-such-post": 0}, See()) == (404, "not_found")
            theirs = await world.call(e.DO_DESK_WORK, "moderator", work({one: 0}, See()), agency=OTHER_ORI)
            assert (theirs.status_code, theirs.json()["code"]) == (404, "not_found")
            assert await items(world) == {}
            assert await items(world, agency=OTHER_ORI) == {}

    run(go())


def test_no_resident_sees_anything_of_the_desk(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            browser = await world.neighbour(world.ground.index.atlas.blocks[0].id)
            one = await post(world)

            async def page() -> str:
                shown = (await browser.get("/n", headers={"Accept": "text/html"})).text
                return re.sub(r'nonce="[^"]+"', "", shown)

            before = await page()
            for version, deed in enumerate(
                (Assign(MemberId(f"{ORI}-officer")), AddNote("desk-secret"), LinkCase("2026-012-000431"), CLOSE)
            ):
                await act(world, "moderator", {one: version}, deed)
            await world.call(e.CLAIM_POST, "officer", {}, post_id=one)
            assert await page() == before
            public = (await world.client.get(f"/agencies/{ORI}", headers={"Accept": "text/html"})).text
            assert "desk-secret" not in public

    run(go())


def test_items_come_in_the_order_in_which_they_changed_page_by_page(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            ids = [await post(world, f"Post {n}") for n in range(7)]
            await act(world, "moderator", dict.fromkeys(ids, 0), See())
            headers = await world.sign_in("officer")
            seen: list[str] = []
            after = ""
            for _ in range(4):
                url = f"{e.LIST_DESK_ITEMS.path}?limit=3&after={after}"
                page = msgspec.json.decode((await world.client.get(url, headers=headers)).content, type=w.DeskItems)
                seen += [item.post for item in page.items]
                after = page.after or after
            assert page.after is None, "there is an end"
            assert sorted(seen) == sorted(ids)
            await act(world, "moderator", {ids[2]: 1}, CLOSE)
            url = f"{e.LIST_DESK_ITEMS.path}?after={after}"
            page = msgspec.json.decode((await world.client.get(url, headers=headers)).content, type=w.DeskItems)
            assert [item.post for item in page.items] == [ids[2]]
            for bad in ("x.y", "-1.x", "9" * 30):
                answer = await world.client.get(f"{e.LIST_DESK_ITEMS.path}?after={bad}", headers=headers)
                assert answer.status_code == 400

    run(go())


def test_replies_are_kept_by_the_agency_and_a_mistyped_placeholder_is_said(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            body = {"id": "r1", "name": "Please report it", "english": "Thank you, {neighbor}.", "spanish": "Gracias."}
            assert (await world.call(e.SAVE_REPLY, "moderator", body)).status_code == 200
            bad = await world.call(e.SAVE_REPLY, "moderator", body | {"english": "Hello {nieghbor}"})
            assert "{nieghbor}" in bad.json()["title"]
            profile = (await world.call(e.SHOW_AGENCY, "officer")).json()
            assert [r["name"] for r in profile["replies"]] == ["Please report it"]
            assert (await world.call(e.REMOVE_REPLY, "supervisor", reply_id="r1")).status_code == 200
            assert (await world.call(e.SHOW_AGENCY, "officer")).json()["replies"] == []

    run(go())


def test_an_old_line_is_not_taken_back_over_a_later_one_that_led_to_the_same(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            one = await post(world)
            await act(world, "moderator", {one: 0}, CLOSE)
            first = (await lines(world, one))[0]
            await act(world, "supervisor", {one: 1}, SetState(DeskState.IN_WORK))
            await act(world, "supervisor", {one: 2}, CLOSE)
            answer = await world.call(e.REVERT_DESK_WORK, "moderator", w.DeskRevert((first.number,)))
            assert (answer.status_code, answer.json()["code"]) == (409, "moved_on")
            assert (await items(world))[one].state is DeskState.CLOSED

    run(go())


def test_two_answers_taken_back_leave_no_post_answered(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            one = await post(world)
            said = [
                (await world.call(e.COMMENT_ON_POST, "moderator", {"text": text}, post_id=one)).json()["subject"]
                for text in ("Yes.", "No.")
            ]
            for comment_id in said:
                path = {"post_id": one, "comment_id": comment_id}
                assert (await world.call(e.WITHDRAW_COMMENT, "moderator", **path)).status_code == 200
            assert (await items(world))[one].state is DeskState.NEW

    run(go())


def test_a_note_is_taken_whoever_works_on_the_post_and_needs_words(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            one = await post(world)
            await world.call(e.CLAIM_POST, "officer", {}, post_id=one)
            assert await act(world, "moderator", {one: 0}, AddNote("Same man?")) == (200, "")
            assert await act(world, "moderator", {one: 0}, AddNote("   ")) == (400, "malformed")

    run(go())
