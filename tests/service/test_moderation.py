"""Flags are merged, decisions change what is seen and nothing else does, and nothing is lost when two decide at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from console.contract import endpoints as e
from console.domain.feed import Visibility
from console.domain.moderation import Act, FlagOutcome, FlagReason, ItemState, Lane, Reason
from console.service import store as t
from console.service.moderation import erase_due
from console.training.members import OTHER_ORI
from tests.service import moderation_world as w
from tests.service.conftest import World, run


def test_flags_are_merged_per_item_and_agencies_are_named_and_neighbours_counted(world: World) -> None:
    async def go() -> None:
        async with world:
            author, other, third = [await w.neighbour(world, n) for n in range(3)]
            post_id = await w.write(author)
            assert (await w.flag(world, post_id, "spam", words="Third time today.")).status_code == 200
            assert (await w.flag(world, post_id, "spam", as_="moderator")).status_code == 200
            for browser, reason in ((other, "spam"), (third, "threat"), (third, "threat")):
                assert (await w.report(browser, post_id, reason, words="Look")).json() == {"ok": True}
            (item,) = await w.queue(world)
            assert (item.lane, item.version) == (Lane.FLAGS, 1)
            assert set(item.reasons) == {FlagReason.SPAM, FlagReason.THREAT}
            assert (item.agencies, item.neighbours) == (("Lakeside Police",), 2)
            seen = await w.view(world)
            spam = next(f for f in seen.flags if f.reason is FlagReason.SPAM)
            assert [f.words for f in spam.agencies] == ["Third time today.", ""]
            assert (spam.neighbours, spam.neighbour_words) == (1, ("Look",))
            assert seen.text == w.SECRET
            assert (await w.feed(world))[0].visibility is Visibility.PUBLIC, "a flag changes nothing of what is seen"

    run(go())


def test_an_emergency_stands_before_all_then_the_oldest(world: World) -> None:
    async def go() -> None:
        async with world:
            author, other = await w.neighbour(world, 0), await w.neighbour(world, 1)
            ids = []
            for number, reason in enumerate(("spam", "threat", "emergency")):
                ids.append(await w.write(author, f"Post {number}"))
                world.now += timedelta(minutes=1)
                await w.report(other, ids[-1], reason)
            rows = sorted(await w.queue(world), key=lambda row: (list(Lane).index(row.lane), row.since))
            assert [row.title for row in rows] == ["Post 2", "Post 0", "Post 1"]
            assert rows[0].lane is Lane.EMERGENCY

    run(go())


def test_removed_words_are_kept_back_and_restored_whole(world: World) -> None:
    async def go() -> None:
        async with world:
            author, other = await w.neighbour(world, 0), await w.neighbour(world, 1)
            post_id = await w.write(author)
            await w.report(other, post_id)
            removed = await w.decided(world, Act.REMOVE, words="Please leave numbers out.")
            assert (removed.item.state, removed.text) == (ItemState.REMOVED, w.SECRET)
            assert removed.restorable_until is not None
            assert await w.feed(world) == (), "an agency's feed and its copies hold nothing of it"
            assert await w.feed(world, "?text=Zebrafinch") == ()
            assert await w.feed(world, "?text=Quagmire") == ()
            assert (await w.comment(other, post_id)).json()["code"] == "removed"
            back = await w.decided(world, Act.RESTORE, "neutral2", removed.item.id)
            assert [line.act for line in back.history] == [Act.REMOVE, Act.RESTORE]
            (post,) = await w.feed(world)
            assert (post.title, post.text, post.visibility) == (w.SECRET_TITLE, w.SECRET, Visibility.PUBLIC)
            assert (await w.comment(other, post_id)).status_code == 200

    run(go())


def test_a_limited_post_takes_no_comments_of_the_public_and_still_the_agencys(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            author = await w.neighbour(world, 0)
            post_id = await w.write(author)
            await w.flag(world, post_id)
            await w.decided(world, Act.LIMIT)
            assert (await w.comment(author, post_id)).json()["code"] == "limited"
            said = await world.call(e.COMMENT_ON_POST, "officer", {"text": "Call us."}, post_id=post_id)
            assert said.status_code == 200
            (post,) = await w.feed(world)
            assert (post.visibility, post.text) == (Visibility.LIMITED, w.SECRET)

    run(go())


def test_a_comment_is_judged_by_itself_also_an_agencys_own(world: World) -> None:
    async def go() -> None:
        async with world:
            author, other = await w.neighbour(world, 0), await w.neighbour(world, 1)
            post_id = await w.write(author, "Bicycle gone", "It was blue.")
            said = await world.call(e.COMMENT_ON_POST, "moderator", {"text": w.SECRET}, post_id=post_id)
            comment_id = said.json()["subject"]
            early = await w.report(other, post_id, "personal_data", comment_id)
            assert early.status_code == 404, "nobody can flag what only the agency sees yet"
            world.now += timedelta(seconds=61)
            assert (await w.report(other, post_id, "personal_data", comment_id)).status_code == 200
            seen = await w.view(world)
            assert [line.is_it for line in seen.thread] == [True]
            assert (seen.post_title, seen.text) == ("Bicycle gone", w.SECRET)
            await w.decided(world, Act.REMOVE)
            (post,) = await w.feed(world)
            assert (post.title, post.visibility) == ("Bicycle gone", Visibility.PUBLIC)
            assert (post.comments[0].text, post.comments[0].visibility) == ("", Visibility.REMOVED)
            (told,) = (await w.own_flags(world, "moderator")).decisions
            assert (told.comment, told.can_appeal) == (comment_id, True)
            body = {"words": "It is our own line."}
            done = await world.call(e.APPEAL_AS_AGENCY, "moderator", body, decision_id=told.id)
            assert done.status_code == 200, done.text
            others = await world.call(e.APPEAL_AS_AGENCY, "moderator", body, agency=OTHER_ORI, decision_id=told.id)
            assert others.status_code == 404
            assert (await w.queue(world))[0].lane is Lane.APPEALS

    run(go())


def test_what_was_judged_fine_does_not_come_back_but_a_new_reason_or_a_changed_text_does(world: World) -> None:
    async def go() -> None:
        async with world:
            author, other, third = [await w.neighbour(world, n) for n in range(3)]
            post_id = await w.write(author)
            await w.report(other, post_id, "spam")
            kept = await w.decided(world, Act.KEEP)
            for browser in (author, third):
                assert (await w.report(browser, post_id, "spam")).json() == {"ok": True}
            again = await w.view(world, kept.item.id)
            assert (again.item.lane, again.item.version) == (Lane.DECIDED, kept.item.version)
            assert next(f for f in again.flags).neighbours == 3, "they are counted"
            await w.report(third, post_id, "threat")
            assert (await w.view(world, kept.item.id)).item.lane is Lane.FLAGS
            await w.decided(world, Act.KEEP, item_id=kept.item.id)
            async with world.parts.store.writing() as connection:
                await connection.execute(sa.update(t.posts).values(text="Changed."))
            await w.report(third, post_id, "threat")
            assert (await w.view(world, kept.item.id)).item.lane is Lane.FLAGS

    run(go())


def test_a_flag_that_came_while_somebody_was_deciding_is_not_settled_by_it(world: World) -> None:
    async def go() -> None:
        async with world:
            author, other = await w.neighbour(world, 0), await w.neighbour(world, 1)
            post_id = await w.write(author)
            await w.flag(world, post_id, "spam")
            seen = await w.view(world)
            await w.report(other, post_id, "emergency", words="He is on the roof.")
            assert (await w.decide(world, seen, Act.KEEP)).status_code == 200
            after = await w.view(world, seen.item.id)
            assert (after.item.state, after.item.lane) == (ItemState.FLAGGED, Lane.EMERGENCY)
            assert [f.is_open for f in after.flags] == [False, True]
            (flag,) = (await w.own_flags(world)).flags
            assert flag.outcome is FlagOutcome.KEPT

    run(go())


@pytest.mark.parametrize("act", [Act.UPHOLD, Act.OVERTURN])
def test_a_flag_that_came_while_an_appeal_was_decided_waits_for_its_own_decision(sqlite_world: World, act: Act) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            author, other = await w.neighbour(world, 0), await w.neighbour(world, 1)
            post_id = await w.write(author)
            await w.report(other, post_id, "spam")
            await w.decided(world, Act.LIMIT)
            assert (await w.appeal(author, await w.standing(world))).status_code == 200
            seen = await w.view(world, as_="neutral2")
            await w.report(other, post_id, "emergency")
            assert (await w.decide(world, seen, act, "neutral2")).status_code == 200
            after = await w.view(world)
            again = ItemState.LIMITED_FLAGGED if act is Act.UPHOLD else ItemState.FLAGGED
            assert (after.item.state, after.item.lane) == (again, Lane.EMERGENCY)
            await w.decided(world, Act.KEEP)
            for reason in ("spam", "emergency"):
                await w.report(author, post_id, reason)
            assert (await w.view(world)).item.lane is Lane.DECIDED, "both were judged"

    run(go())


def test_an_appeal_is_decided_by_another_moderator_once_and_in_time(world: World) -> None:
    async def go() -> None:
        async with world:
            author, other = await w.neighbour(world, 0), await w.neighbour(world, 1)
            await w.report(other, await w.write(author))
            await w.decided(world, Act.REMOVE)
            decision = await w.standing(world)
            assert (await w.appeal(other, decision)).status_code == 404, "another's is unknown"
            assert (await w.appeal(author, decision)).json() == {"ok": True}
            assert (await w.appeal(author, decision)).json()["code"] == "appealed_before"
            seen = await w.view(world)
            assert seen.acts == ()
            assert seen.appeal is not None
            assert seen.appeal.words == "It is my own number."
            refused = await w.decide(world, seen, Act.OVERTURN)
            assert (refused.status_code, refused.json()["code"]) == (403, "own_decision")
            back = await w.decided(world, Act.OVERTURN, "neutral2")
            assert back.item.state is ItemState.KEPT
            assert (await w.feed(world))[0].text == w.SECRET
            reopened = await w.decide(world, back, Act.REOPEN)
            assert reopened.json()["code"] == "appeal_decided"

    run(go())


def test_an_appeal_that_is_upheld_leaves_it_removed_and_is_the_last(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            author, other = await w.neighbour(world, 0), await w.neighbour(world, 1)
            await w.report(other, await w.write(author))
            await w.decided(world, Act.REMOVE)
            decision = await w.standing(world)
            world.now += timedelta(days=19, hours=23)
            assert (await w.appeal(author, decision)).status_code == 200
            world.now += timedelta(days=20)
            world.forget_sign_ins()
            await erase_due(world.parts)
            upheld = await w.decided(world, Act.UPHOLD, "neutral2", words="A number is a number.")
            assert upheld.item.state is ItemState.REMOVED
            assert (await w.appeal(author, decision)).json()["code"] == "appealed_before"

    run(go())


def test_after_twenty_days_it_is_too_late_to_appeal_and_after_thirty_to_restore(world: World) -> None:
    async def go() -> None:
        async with world:
            author, other = await w.neighbour(world, 0), await w.neighbour(world, 1)
            post_id = await w.write(author)
            await w.report(other, post_id, words="Quagmire again")
            removed = await w.decided(world, Act.REMOVE, words="Quagmire out")
            decision = await w.standing(world)
            world.now += timedelta(days=20, seconds=1)
            assert (await w.appeal(author, decision)).json()["code"] == "appeal_too_late"
            world.now += timedelta(days=9, hours=23)
            assert await erase_due(world.parts) == 0
            world.now += timedelta(hours=2)
            world.forget_sign_ins()
            late = await w.decide(world, removed, Act.RESTORE)
            assert late.json()["code"] == "appeal_too_late"
            assert await erase_due(world.parts) == 1
            assert await erase_due(world.parts) == 0
            await w.report(author, post_id, "spam")
            async with world.parts.store.reading() as connection:
                for table in t.metadata.tables.values():
                    for row in await connection.execute(sa.select(table)):
                        assert "Quagmire" not in str(row), table.name
                        assert "Zebrafinch" not in str(row), table.name

    run(go())


def test_a_reason_must_go_with_the_decision_and_a_decision_with_its_endpoint(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            await w.flag(world, await w.write(await w.neighbour(world, 0)))
            seen = await w.view(world)
            assert (await w.decide(world, seen, Act.REMOVE, reason=Reason.WITHIN_RULES)).json()[
                "code"
            ] == "wrong_reason"
            body = {"version": 1, "act": "restore", "reason": "mistake"}
            answer = await world.call(e.DECIDE_ITEM, "neutral", body, item_id=seen.item.id)
            assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
            assert (await w.view(world)).item.version == 1

    run(go())


async def _ready(world: World, act: Act) -> tuple[str, str]:
    """An item on which an act can be taken, and by whom."""
    author = await w.neighbour(world, 0)
    if act in {Act.PUBLISH, Act.REFUSE}:
        await world.publish()
        return str((await w.queue(world))[0].id), "neutral"
    await w.flag(world, await w.write(author))
    item_id = str((await w.queue(world))[0].id)
    if act in {Act.RESTORE, Act.UPHOLD, Act.OVERTURN}:
        await w.decided(world, Act.REMOVE)
    if act is Act.REOPEN:
        await w.decided(world, Act.KEEP)
    if act in {Act.UPHOLD, Act.OVERTURN}:
        assert (await w.appeal(author, await w.standing(world))).status_code == 200
        return item_id, "neutral2"
    return item_id, "neutral"


RIVALS = {
    Act.KEEP: Act.REMOVE,
    Act.LIMIT: Act.KEEP,
    Act.REMOVE: Act.LIMIT,
    Act.RESTORE: Act.RESTORE,
    Act.REOPEN: Act.REOPEN,
    Act.UPHOLD: Act.OVERTURN,
    Act.OVERTURN: Act.UPHOLD,
    Act.PUBLISH: Act.REFUSE,
    Act.REFUSE: Act.PUBLISH,
}


@pytest.mark.parametrize("act", list(RIVALS))
def test_when_two_decide_at_once_the_slower_is_told_what_was_decided_and_nothing_is_lost(
    world: World, act: Act
) -> None:
    async def go() -> None:
        from console.domain.moderation import ItemKind

        object.__setattr__(world.parts, "holds", frozenset({ItemKind.REQUEST}))
        async with world:
            item_id, who = await _ready(world, act)
            slow = await w.view(world, item_id, who)
            before = len(slow.history)
            first = await w.decide(world, slow, RIVALS[act], who)
            assert first.status_code == 200, first.text
            quick = await w.view(world, item_id)
            second = await w.decide(world, slow, act, "neutral" if who == "neutral2" else "neutral2")
            assert (second.status_code, second.json()["code"]) == (409, "moved_on"), second.text
            now = await w.view(world, item_id)
            assert now == quick
            assert [line.act for line in now.history[before:]] == [RIVALS[act]]
            if RIVALS[act] is not Act.REOPEN:
                assert second.json()["title"].startswith("Decided since you started: ")
                assert "Example" in second.json()["title"]

    run(go())


def test_a_claim_is_shown_holds_others_off_expires_and_can_be_taken_over(world: World) -> None:
    async def go() -> None:
        async with world:
            await w.flag(world, await w.write(await w.neighbour(world, 0)))
            seen = await w.view(world)
            item_id = seen.item.id
            mine = await world.call(e.CLAIM_ITEM, "neutral", {}, item_id=item_id)
            assert mine.status_code == 200
            assert (await w.queue(world))[0].claim.name == "Moderator Example Seven"
            for answer in (
                await world.call(e.CLAIM_ITEM, "neutral2", {}, item_id=item_id),
                await w.decide(world, seen, Act.KEEP, "neutral2"),
            ):
                assert (answer.status_code, answer.json()["code"]) == (409, "claimed")
                assert answer.json()["title"] == "Moderator Example Seven is deciding on this."
            world.now += timedelta(minutes=5, seconds=1)
            assert (await w.queue(world))[0].claim is None
            assert (await world.call(e.CLAIM_ITEM, "neutral2", {}, item_id=item_id)).status_code == 200
            taken = await world.call(e.CLAIM_ITEM, "neutral", {"take_over": True}, item_id=item_id)
            assert taken.status_code == 200
            assert (await world.call(e.RELEASE_ITEM, "neutral2", item_id=item_id)).json() == {"ok": True}
            assert (await w.queue(world))[0].claim.name == "Moderator Example Seven"
            assert (await w.decide(world, seen, Act.KEEP)).status_code == 200
            assert (await w.queue(world))[0].claim is None

    run(go())


def test_a_decision_that_is_sent_twice_is_taken_once(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            await w.flag(world, await w.write(await w.neighbour(world, 0)))
            seen = await w.view(world)
            body = {"version": 1, "act": "limit", "reason": "threat", "flags_seen": seen.flags_seen}
            answers = [
                await world.call(e.DECIDE_ITEM, "neutral", body, key="k" * 32, item_id=seen.item.id) for _ in range(2)
            ]
            assert answers[0].status_code == 200
            assert answers[0].content == answers[1].content
            assert len((await w.view(world)).history) == 1

    run(go())


def test_another_agency_cannot_flag_what_is_not_in_its_jurisdiction(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            author = await w.neighbour(world, 0)
            post_id = await w.write(author)
            assert (await w.comment(author, post_id)).status_code == 200
            comment_id = (await w.feed(world))[0].comments[0].id
            theirs = await w.flag(world, post_id, agency=OTHER_ORI)
            nobodys = await w.flag(world, "nothing", agency=OTHER_ORI)
            assert theirs.status_code == nobodys.status_code == 404
            assert theirs.content == nobodys.content
            stranger = await w.neighbour(world, 0, OTHER_ORI)
            assert (await w.report(stranger, post_id)).status_code == 404
            assert (await w.flag(world, "nothing", comment_id=comment_id)).status_code == 404
            assert (await w.flag(world, post_id, comment_id="nothing")).status_code == 404
            assert await w.queue(world) == ()

    run(go())


def test_the_neutral_desk_and_the_agency_whose_post_changed_are_told_and_nobody_else(world: World) -> None:
    async def go() -> None:
        async with world:
            author = await w.neighbour(world, 0)
            post_id = await w.write(author)
            await w.flag(world, post_id)
            await w.decided(world, Act.REMOVE)
            async with world.parts.store.reading() as connection:
                rows = (await connection.execute(sa.select(t.events).order_by(t.events.c.number))).all()
                changed = await connection.scalar(sa.select(t.posts.c.changed))
            told = [(row.agency, row.body.split('"')[3]) for row in rows]
            assert told == [
                ("ZZ0000001", "post_published"),
                ("NEUTRAL00", "moderation_changed"),
                ("ZZ0000001", "post_changed"),
                ("ZZ0000001", "moderation_changed"),
                ("NEUTRAL00", "moderation_changed"),
            ] or sorted(told[2:]) == sorted(
                [
                    ("ZZ0000001", "post_changed"),
                    ("ZZ0000001", "moderation_changed"),
                    ("NEUTRAL00", "moderation_changed"),
                ]
            )
            assert changed == next(row.number for row in rows if "post_changed" in row.body)
            mine = [row.body for row in rows if row.agency == "ZZ0000001" and "moderation" in row.body]
            assert all('"item":""' in body for body in mine), "an agency is told no item"

    run(go())
