"""Alerts: who may send them, what becomes of them, and that nothing published is ever edited."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import msgspec
import pytest
import sqlalchemy as sa

from console.contract import alerts as c
from console.contract import endpoints as e
from console.contract.payloads import FeedPage
from console.contract.problems import Problem
from console.domain.alerts import AlertState, Everywhere, MessageKind, Spot
from console.domain.areas import Circle
from console.domain.feed import Category
from console.domain.moderation import Act, ItemKind, Lane, Reason
from console.domain.places import Point
from console.service import store as t
from console.service.alert_publishing import run_due
from console.service.app import build
from console.training.members import ORI, OTHER_ORI
from tests.service import moderation_world as w
from tests.service.alert_help import change_agency, draft, follow, follow_up, later, send, show, state
from tests.service.conftest import World, run

HOUR = timedelta(hours=1)


async def feed(world: World) -> FeedPage:
    answer = await world.client.get(e.READ_FEED.path, headers=await world.sign_in("officer"))
    return msgspec.json.decode(answer.content, type=FeedPage)


async def public(world: World) -> tuple[c.PublishedAlert, ...]:
    answer = await world.call(e.LIST_PUBLISHED_ALERTS, ori=ORI)
    return msgspec.json.decode(answer.content, type=c.PublishedAlerts).alerts


async def told(world: World) -> list[str]:
    async with world.parts.store.reading() as connection:
        bodies = await connection.scalars(sa.select(t.events.c.body).where(t.events.c.agency == ORI))
        return [msgspec.json.decode(body)["type"] for body in bodies]


def test_a_supervisors_alert_is_published_at_once_and_seen_in_the_feed(world: World) -> None:
    async def go() -> None:
        async with world:
            alert_id = await send(world)
            alert = await show(world, alert_id)
            assert alert.state is AlertState.PUBLISHED
            assert [s.action for s in alert.history] == ["submit", "publish"]
            (post,) = (await feed(world)).posts
            assert (post.category, post.alert, post.id) == (Category.ALERT, alert_id, alert.post)
            assert post.author == "Sergeant Example Two, badge 0002, Lakeside Police"
            assert post.place != world.place(), "a place may be a home: its block is shown"
            (seen,) = await public(world)
            (said,) = seen.messages
            assert said.message is MessageKind.ALERT
            assert said.references == ()
            assert said.sent == world.now.replace(microsecond=0)
            assert said.place_name.startswith("Near ")
            assert {"alert_changed", "post_published"} <= set(await told(world))

    run(go())


def test_an_officers_alert_waits_and_its_author_cannot_let_it_out(world: World) -> None:
    async def go() -> None:
        async with world:
            alert_id = await send(world, "officer")
            assert await state(world, alert_id) is AlertState.PENDING
            assert await public(world) == ()
            assert (await feed(world)).posts == ()
            mine = await world.call(e.APPROVE_ALERT, "officer", {"version": 1}, alert_id=alert_id)
            assert (mine.status_code, mine.json()["code"]) == (403, "forbidden")
            done = await world.call(e.APPROVE_ALERT, "moderator", {"version": 1}, alert_id=alert_id)
            assert done.json()["state"] == "published"
            alert = await show(world, alert_id)
            assert alert.approver is not None
            assert alert.approver.name == "Example Four"

    run(go())


def test_where_the_agency_wants_two_the_author_never_approves_also_with_the_same_badge(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            await change_agency(world, alert_needs_second=True)
            alert_id = await send(world)
            mine = await world.call(e.APPROVE_ALERT, "supervisor", {"version": 1}, alert_id=alert_id)
            assert (mine.status_code, mine.json()["code"]) == (403, "own_alert")
            async with world.parts.store.writing() as connection:
                body = await connection.scalar(
                    sa.select(t.members.c.body).where(t.members.c.id == f"{ORI}-supervisor2")
                )
                twin = body.replace('"0003"', '"0002"')
                await connection.execute(
                    sa.update(t.members).where(t.members.c.id == f"{ORI}-supervisor2").values(body=twin)
                )
            again = await world.call(e.APPROVE_ALERT, "supervisor2", {"version": 1}, alert_id=alert_id)
            assert again.json()["code"] == "own_alert"
            world.now += timedelta(minutes=6)
            stale = await world.call(e.APPROVE_ALERT, "moderator", {"version": 1}, alert_id=alert_id)
            assert stale.status_code == 200, "moderator signed in just now"

    run(go())


def test_an_approval_asks_for_a_fresh_sign_in(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            await world.sign_in("moderator")
            alert_id = await send(world, "officer")
            world.now += timedelta(minutes=6)
            answer = await world.call(e.APPROVE_ALERT, "moderator", {"version": 1}, alert_id=alert_id)
            assert answer.json()["code"] == "fresh_sign_in_needed"

    run(go())


def test_two_approvers_at_once_one_decides_and_the_other_is_told(world: World) -> None:
    async def go() -> None:
        async with world:
            alert_id = await send(world, "officer")
            for name in ("supervisor", "moderator"):
                await world.sign_in(name)
            answers = await asyncio.gather(
                world.call(e.APPROVE_ALERT, "supervisor", {"version": 1}, alert_id=alert_id),
                world.call(e.APPROVE_ALERT, "moderator", {"version": 1}, alert_id=alert_id),
            )
            assert sorted(a.status_code for a in answers) == [200, 409]
            assert next(a for a in answers if a.status_code == 409).json()["code"] == "moved_on"
            assert len((await feed(world)).posts) == 1

    run(go())


def test_a_returned_alert_is_mended_by_its_author_and_waits_again(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            alert_id = await send(world, "officer")
            body = {"version": 1, "comment": "Say which park."}
            assert (await world.call(e.RETURN_ALERT, "supervisor", body, alert_id=alert_id)).status_code == 200
            alert = await show(world, alert_id)
            assert alert.history[-1].reason == "Say which park."
            mended = msgspec.structs.replace(alert.draft, title="Gas leak near Lake Park")
            again = c.AlertResubmission(2, mended, world.now)
            strange = await world.call(e.RESUBMIT_ALERT, "supervisor", again, alert_id=alert_id)
            assert strange.json()["code"] == "not_your_alert"
            assert (await world.call(e.RESUBMIT_ALERT, "officer", again, alert_id=alert_id)).status_code == 200
            assert (await world.call(e.APPROVE_ALERT, "supervisor", {"version": 3}, alert_id=alert_id)).is_success
            assert (await feed(world)).posts[0].title == "Gas leak near Lake Park"

    run(go())


def test_what_waits_can_be_taken_back_and_what_is_out_cannot(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            waits = await send(world, "officer")
            assert (await world.call(e.WITHDRAW_ALERT, "officer", {"version": 1}, alert_id=waits)).is_success
            planned = await send(world, send_at=world.now + HOUR)
            assert await state(world, planned) is AlertState.SCHEDULED
            assert (await world.call(e.WITHDRAW_ALERT, "moderator", {"version": 1}, alert_id=planned)).is_success
            later(world, 2 * HOUR)
            assert await run_due(world.parts) == 0
            out = await send(world)
            answer = await world.call(e.WITHDRAW_ALERT, "supervisor", {"version": 2}, alert_id=out)
            assert (answer.status_code, answer.json()["code"]) == (409, "alert_moved")

    run(go())


def test_an_update_refers_to_what_was_said_moves_the_end_and_edits_nothing(world: World) -> None:
    async def go() -> None:
        async with world:
            alert_id = await send(world)
            first = (await show(world, alert_id)).messages[0]
            later(world, HOUR)
            ends = world.now + 5 * HOUR
            update_id = await follow_up(world, alert_id, ends=ends)
            later(world, HOUR)
            await follow_up(world, alert_id, title="Still working on it", ends=ends)
            alert = await show(world, alert_id)
            assert alert.messages[0] == first
            assert alert.ends_at == ends
            assert [m.message for m in alert.messages] == [MessageKind.ALERT, MessageKind.UPDATE, MessageKind.UPDATE]
            assert [r.identifier for r in alert.messages[2].references] == [m.identifier for m in alert.messages[:2]]
            assert alert.messages[1].record == update_id
            (post,) = (await feed(world)).posts
            assert (post.title, post.text) == (first.title, first.text)
            assert [said.official for said in post.comments] == [True, True]
            assert post.comments[0].text.startswith("Update: The leak is smaller now")

    run(go())


def test_an_all_clear_calls_everything_off_and_nothing_follows_it(world: World) -> None:
    async def go() -> None:
        async with world:
            alert_id = await send(world)
            update_id = await follow_up(world, alert_id)
            waiting = await follow_up(world, alert_id, as_="officer", title="Another word from the scene")
            seen = await show(world, alert_id)
            clear_id = await follow_up(
                world, alert_id, MessageKind.CANCEL, title="All clear", text="The leak is closed. Thank you all."
            )
            for one in (alert_id, update_id, clear_id):
                assert await state(world, one) is AlertState.CANCELLED
            late = await show(world, waiting)
            assert (late.state, late.published_at) == (AlertState.ENDED, None)
            stale = c.FollowUp(seen.version, follow(seen, MessageKind.UPDATE, title="Too late now"), world.now)
            answer = await world.call(e.UPDATE_ALERT, "supervisor", stale, alert_id=alert_id)
            assert (answer.status_code, answer.json()["code"]) == (409, "moved_on")
            now = await show(world, alert_id)
            fresh = c.FollowUp(now.version, follow(now, MessageKind.UPDATE, title="Too late now"), world.now)
            answer = await world.call(e.UPDATE_ALERT, "supervisor", fresh, alert_id=alert_id)
            assert (answer.status_code, answer.json()["code"]) == (409, "alert_moved")
            (seen_by_all,) = await public(world)
            assert (seen_by_all.state, len(seen_by_all.messages)) == ("cancelled", 3)

    run(go())


def test_two_updates_at_once_the_second_author_reads_the_first_ones_words(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            alert_id = await send(world)
            seen = await show(world, alert_id)
            bodies = [
                c.FollowUp(seen.version, follow(seen, MessageKind.UPDATE, title=f"Update number {n}"), world.now)
                for n in "12"
            ]
            first = await world.call(e.UPDATE_ALERT, "supervisor", bodies[0], alert_id=alert_id)
            second = await world.call(e.UPDATE_ALERT, "moderator", bodies[1], alert_id=alert_id)
            assert (first.status_code, second.json()["code"]) == (200, "moved_on")

    run(go())


def test_a_scheduled_alert_goes_out_and_ends_by_the_clock_over_a_restart(world: World) -> None:
    async def go() -> None:
        async with world:
            alert_id = await send(world, send_at=world.now + HOUR)
            assert await run_due(world.parts) == 0
            assert await public(world) == ()
            later(world, HOUR)
            again = build(world.settings, lambda: world.now)  # the service was restarted meanwhile
            parts = again.state.parts
            parts.grounds.clear()
            parts.grounds[world.ground.version] = world.ground
            async with again.lifespan():
                await run_due(parts)
                assert await state(world, alert_id) is AlertState.PUBLISHED
                later(world, 2 * HOUR)
                await run_due(parts)
                assert await run_due(parts) == 0
            assert await state(world, alert_id) is AlertState.ENDED
            (post,) = (await feed(world)).posts
            assert post.comments[-1].text.startswith("This alert has ended")
            async with world.parts.store.reading() as connection:
                lines = set(await connection.scalars(sa.select(t.audit.c.action).where(t.audit.c.actor == "service")))
            assert lines == {"publish_alert", "end_alert"}

    run(go())


def test_what_cannot_go_out_keeps_nothing_and_holds_up_nobody(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            stuck = await send(world, send_at=world.now + HOUR)
            ends = await send(world, ends=world.now + HOUR)
            later(world, HOUR)
            world.parts.grounds.clear()  # the service was started without the agency's atlas
            await run_due(world.parts)
            assert await state(world, stuck) is AlertState.SCHEDULED
            assert await state(world, ends) is AlertState.ENDED
            async with world.parts.store.reading() as connection:
                said = list(await connection.scalars(sa.select(t.alert_messages.c.record)))
            assert said == [ends]
            world.parts.grounds[world.ground.version] = world.ground
            await run_due(world.parts)
            assert await state(world, stuck) is AlertState.PUBLISHED

    run(go())


def test_what_nobody_approved_before_its_end_is_never_sent(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            alert_id = await send(world, "officer")
            later(world, 4 * HOUR)
            assert await run_due(world.parts) == 1
            alert = await show(world, alert_id)
            assert (alert.state, alert.published_at) == (AlertState.ENDED, None)
            assert await public(world) == ()
            assert (await feed(world)).posts == ()

    run(go())


def test_held_alerts_wait_for_the_neutral_moderators_whose_word_is_the_only_way(world: World) -> None:
    async def go() -> None:
        async with world:
            object.__setattr__(world.parts, "holds", frozenset({ItemKind.ALERT}))
            kept, gone, back = [
                await send(world, title=title) for title in ("Gas leak here", "Another matter", "A third matter")
            ]
            assert await state(world, kept) is AlertState.HELD
            assert await run_due(world.parts) == 0
            assert await public(world) == ()
            held = {item.title: item for item in await w.queue(world)}
            assert {item.lane for item in held.values()} == {Lane.PUBLICATION}
            withdrawn = {"version": (await show(world, back)).version}
            assert (await world.call(e.WITHDRAW_ALERT, "moderator", withdrawn, alert_id=back)).status_code == 200
            waiting = [item for item in await w.queue(world) if item.lane is Lane.PUBLICATION]
            assert len(waiting) == 2, "what was taken back waits for nobody"
            for title, act, reason in (
                ("Gas leak here", Act.PUBLISH, Reason.WITHIN_RULES),
                ("Another matter", Act.REFUSE, Reason.PERSONAL_DATA),
            ):
                seen = await w.view(world, held[title].id)
                assert (seen.title, dict(seen.facts)["Severity"]) == (title, "Severe")
                done = await w.decide(world, seen, act, reason=reason)
                assert done.status_code == 200, done.text
            assert [a.id for a in await public(world)] == [kept]
            assert (await show(world, gone)).state is AlertState.REFUSED
            assert (await show(world, gone)).history[-1].reason
            await follow_up(world, kept, MessageKind.CANCEL, title="All clear", text="The leak is closed. Thank you.")
            assert await state(world, kept) is AlertState.CANCELLED, "an all-clear is never held"

    run(go())


def test_closed_comments_refuse_everybody_with_the_public_reason_but_not_the_alert_itself(world: World) -> None:
    async def go() -> None:
        async with world:
            alert_id = await send(world)
            alert = await show(world, alert_id)
            browser = await world.neighbour(world.ground.index.atlas.blocks[0].id)
            path = e.COMMENT_AS_NEIGHBOUR.path.replace("{post_id:str}", alert.post)
            assert (await browser.post(path, json={"text": "Thank you"})).status_code == 200
            reason = "The search is over; please call the desk with what you know."
            body = {"version": alert.version, "reason": reason}
            officer = await world.call(e.CLOSE_COMMENTS, "officer", body, alert_id=alert_id)
            assert officer.status_code == 403
            assert (await world.call(e.CLOSE_COMMENTS, "moderator", body, alert_id=alert_id)).is_success
            said = await browser.post(path, json={"text": "But I saw it"})
            assert (said.status_code, said.json()["code"]) == (409, "comments_closed")
            assert reason in said.json()["title"]
            official = await world.call(e.COMMENT_ON_POST, "officer", {"text": "Hello"}, post_id=alert.post)
            assert official.json()["code"] == "comments_closed"
            (post,) = (await feed(world)).posts
            assert (post.comments_closed, len(post.comments)) == (reason, 1), "what was said stays"
            await follow_up(world, alert_id)
            (post,) = (await feed(world)).posts
            assert len(post.comments) == 2
            now = await show(world, alert_id)
            assert now.comments_closed == reason
            await world.call(e.OPEN_COMMENTS, "moderator", {"version": now.version}, alert_id=alert_id)
            assert (await browser.post(path, json={"text": "Thank you again"})).status_code == 200

    run(go())


def test_a_members_own_post_cannot_be_closed_and_neither_can_a_neighbours(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            browser = await world.neighbour(world.ground.index.atlas.blocks[0].id)
            made = {"category": "crime", "title": "Bike gone", "text": "It was blue."}
            post_id = (await browser.post(e.WRITE_POST.path, json=made)).json()["id"]
            body = {"version": 1, "reason": "Because we do not like it"}
            answer = await world.call(e.CLOSE_COMMENTS, "supervisor", body, alert_id=post_id)
            assert answer.status_code == 404

    run(go())


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"ends": None}, "alert_end_missing"),
        ({"text": "We look for a black male near the park tonight."}, "alert_race_alone"),
        ({"where": Spot(Point(0, 0))}, "alert_outside"),
        ({"where": Circle(Point(40.7, -74.0), 500)}, "alert_outside"),
        ({"title": "<script>alert(1)</script>\u202e"}, "alert_hidden"),
        ({"title_es": "Fuga\u200bde gas"}, "alert_hidden"),
        ({"text": "word " * 20_000}, "alert_text_long"),
        ({"title": "x\x00y title"}, "alert_hidden"),
    ],
)
def test_what_the_check_blocks_is_refused_and_nothing_is_kept(sqlite_world: World, changes: dict, code: str) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            answer = await world.call(e.SUBMIT_ALERT, "supervisor", c.SealedAlert(draft(world, **changes), world.now))
            refusal = msgspec.json.decode(answer.content, type=Problem)
            assert (answer.status_code, refusal.code) == (422, "alert_refused")
            assert code in {f.code for f in refusal.findings}
            assert (await world.call(e.LIST_ALERTS, "officer")).json() == {"alerts": []}

    run(go())


@pytest.mark.parametrize(
    "body",
    [b"{", b"{}", b'{"draft": {"id": ""}, "sealed_at": "2026-06-10T20:00:00Z"}', b'{"draft": {"id": "x", "kind": "war"}}',
     b'{"draft": {"id": "x", "ends": "2026-06-10T20:00:00"}, "sealed_at": "2026-06-10T20:00:00Z"}',
     b'{"draft": {"id": "x", "where": {"type": "picked", "blocks": []}}, "sealed_at": "2026-06-10T20:00:00Z"}',
     b'{"draft": {"id": "x", "pictures": ["../../etc/passwd"]}, "sealed_at": "2026-06-10T20:00:00Z"}'],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_what_to_do(sqlite_world: World, body: bytes) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            answer = await world.call(e.SUBMIT_ALERT, "supervisor", body)
            assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
            assert answer.json()["advice"]

    run(go())


def test_html_and_100_kb_travel_as_plain_text_or_not_at_all(world: World) -> None:
    async def go() -> None:
        async with world:
            hostile = "<img src=x onerror=alert(1)> \u2028 '\" {{7*7}} =SUM(A1:A9) ' OR 1=1--"
            alert_id = await send(
                world, title=hostile[:100], text=hostile * 4, place_name="<b>Here</b>", where=Everywhere()
            )
            (post,) = (await feed(world)).posts
            assert (post.title, post.place_name) == (hostile[:100], "<b>Here</b>")
            long = {"version": 2, "reason": "x" * 100_000}
            assert (await world.call(e.CLOSE_COMMENTS, "supervisor", long, alert_id=alert_id)).status_code == 400
            body = b'{"draft": "' + b"x" * 300_000 + b'"}'
            assert (await world.call(e.SUBMIT_ALERT, "supervisor", body)).status_code == 413

    run(go())


def test_a_repeated_key_sends_once(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            body = c.SealedAlert(draft(world), world.now)
            answers = [await world.call(e.SUBMIT_ALERT, "supervisor", body, key="k" * 20) for _ in range(2)]
            assert answers[0].content == answers[1].content
            assert len(await public(world)) == 1

    run(go())


def test_another_agencys_alert_is_as_unknown_as_none(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            waits, out = await send(world, "officer"), await send(world)
            alert = await show(world, out)
            up = c.FollowUp(alert.version, follow(alert, MessageKind.UPDATE, title="Something else"), world.now)
            bodies = {
                e.SHOW_ALERT: None, e.APPROVE_ALERT: {"version": 1}, e.RETURN_ALERT: {"version": 1, "comment": "x"},
                e.WITHDRAW_ALERT: {"version": 1}, e.CLOSE_COMMENTS: {"version": 2, "reason": "Because it is so."},
                e.OPEN_COMMENTS: {"version": 2}, e.UPDATE_ALERT: up,
            }  # fmt: skip
            for row, body in bodies.items():
                for alert_id in (waits, out) if row is not e.UPDATE_ALERT else (out,):
                    answer = await world.call(row, "supervisor", body, agency=OTHER_ORI, alert_id=alert_id)
                    assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), row.name
            assert (await world.call(e.LIST_ALERTS, "officer", agency=OTHER_ORI)).json() == {"alerts": []}
            assert (await world.call(e.LIST_PUBLISHED_ALERTS, ori=OTHER_ORI)).json() == {"alerts": []}

    run(go())


def test_the_audit_log_has_every_act_and_no_words(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            alert_id = await send(world, "officer")
            await world.call(e.APPROVE_ALERT, "supervisor", {"version": 1}, alert_id=alert_id)
            await follow_up(world, alert_id)
            lines = (await world.call(e.READ_AUDIT, "auditor")).json()["entries"]
            assert {"submit_alert", "approve_alert", "update_alert"} <= {line["action"] for line in lines}
            assert "leak" not in str(lines)

    run(go())
