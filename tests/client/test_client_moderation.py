"""Moderation without a screen: a neutral moderator's queue is followed live, flags and decisions are wishes."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from console.client.desk import Changed, Connection
from console.client.gateway import Unreachable
from console.client.moderation import (
    MODERATION_ENDPOINTS,
    appeal_wish,
    claim_item,
    decide_wish,
    flag_wish,
    own_flags,
    read_item,
    release_item,
)
from console.client.outbox import OutboxState
from console.contract import endpoints as e
from console.contract import events
from console.contract import moderation as m
from console.contract.payloads import Accepted
from console.domain.feed import Visibility
from console.domain.members import Role
from console.domain.moderation import REASONS_OF, Act, FlagReason, ItemId, ItemKind, ItemState, Lane, Reason
from console.domain.requests import Claim
from tests.client.client_fakes import NOW
from tests.client.test_client_desk import Office, Tell, office  # noqa: F401 - a fixture

ITEM = m.QueueItem(
    id=ItemId("item-1"),
    kind=ItemKind.POST,
    state=ItemState.FLAGGED,
    lane=Lane.FLAGS,
    version=3,
    agency="IL0000000",
    agency_name="Faketown Police",
    time_zone="America/Chicago",
    title="Post 1",
    reasons=(FlagReason.SPAM,),
    agencies=(),
    neighbours=1,
    since=NOW,
)
VIEW = m.ItemView(
    item=ITEM,
    title="Post 1",
    text="Words",
    author="Neighbor #1",
    at=NOW,
    place_name="",
    category=None,
    visibility=Visibility.PUBLIC,
    post_title="Post 1",
    post_text="Words",
    thread=(),
    flags=(),
    flags_seen=9,
    history=(),
    by_author=(),
    acts=(Act.KEEP,),
)


def test_a_neutral_moderators_console_keeps_its_queue_and_follows_its_own_events(office: Tell) -> None:  # noqa: F811 - the fixture
    async def story(here: Office) -> None:
        async with here.at_work():
            assert here.desk.queue == ()
            here.service.queue.append(ITEM)
            await here.service.tell(events.ModerationChanged("item-1"))
            await here.until(lambda: here.desk.queue == (ITEM,))
            assert Changed.MODERATION in here.told
            asked = len(here.service.calls(e.LIST_QUEUE))
            row = here.desk.keep(decide_wish(VIEW, Act.KEEP, Reason.WITHIN_RULES))
            assert (await here.desk.wait_for(row.key)).state is OutboxState.SENT
            await here.until(lambda: len(here.service.calls(e.LIST_QUEUE)) > asked)
            for endpoint in (e.LIST_REQUESTS, e.READ_FEED, e.SHOW_REQUEST):
                assert here.service.calls(endpoint) == []

    office(story, role=Role.NEUTRAL_MODERATOR)


def test_a_slower_moderators_queue_is_read_anew(office: Tell) -> None:  # noqa: F811 - the fixture
    async def story(here: Office) -> None:
        async with here.at_work():
            here.service.refusals["decide_item"] = "moved_on"
            asked = len(here.service.calls(e.LIST_QUEUE))
            row = here.desk.keep(decide_wish(VIEW, Act.REMOVE, Reason.THREAT))
            settled = await here.desk.wait_for(row.key)
            assert (settled.state, settled.problem.code) == (OutboxState.REFUSED, "moved_on")
            await here.until(lambda: len(here.service.calls(e.LIST_QUEUE)) > asked)

    office(story, role=Role.NEUTRAL_MODERATOR)


def test_an_agencys_console_hears_that_its_flags_were_decided_and_asks_for_no_queue(office: Tell) -> None:  # noqa: F811 - the fixture
    async def story(here: Office) -> None:
        async with here.at_work():
            await here.until(lambda: here.desk.connection is Connection.CONNECTED)
            here.told.clear()
            await here.service.tell(events.ModerationChanged())
            await here.until(lambda: Changed.MODERATION in here.told)
            assert here.service.calls(e.LIST_QUEUE) == []

    office(story, role=Role.MODERATOR)


@pytest.mark.parametrize("act", list(REASONS_OF))
def test_each_decision_goes_to_its_endpoint_with_what_was_seen(act: Act) -> None:
    wish = decide_wish(VIEW, act, REASONS_OF[act][0], "  Words. ")
    expected = {
        Act.RESTORE: e.RESTORE_ITEM,
        Act.REOPEN: e.RESTORE_ITEM,
        Act.UPHOLD: e.DECIDE_APPEAL,
        Act.OVERTURN: e.DECIDE_APPEAL,
    }
    assert wish.endpoint is expected.get(act, e.DECIDE_ITEM)
    assert wish.body == m.Deciding(3, act, REASONS_OF[act][0], "Words.", 9)
    assert (wish.path, wish.subject) == ({"item_id": "item-1"}, "item-1")
    assert wish.endpoint.name in MODERATION_ENDPOINTS
    assert msgspec.json.decode(msgspec.json.encode(wish.body), type=m.Deciding) == wish.body


def test_flags_and_appeals_are_wishes_about_what_they_are_about() -> None:
    post = flag_wish("post-1", "", FlagReason.THREAT, " See the end. ")
    assert (post.endpoint, post.path, post.subject) == (e.FLAG_POST, {"post_id": "post-1"}, "post-1")
    assert post.body == m.NewFlag(FlagReason.THREAT, "See the end.")
    comment = flag_wish("post-1", "comment-1", FlagReason.SPAM)
    assert (comment.endpoint, comment.subject) == (e.FLAG_COMMENT, "comment-1")
    assert comment.path == {"post_id": "post-1", "comment_id": "comment-1"}
    appeal = appeal_wish("decision-1", "It is ours.")
    assert (appeal.endpoint, appeal.path) == (e.APPEAL_AS_AGENCY, {"decision_id": "decision-1"})


class _Asked:
    """A desk that answers what it is told to and notes what it was asked."""

    def __init__(self, answer: object) -> None:
        self.answer, self.asked = answer, []

    async def ask(self, endpoint: e.Endpoint, **parts: object) -> object:
        self.asked.append((endpoint, parts))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def test_what_is_read_is_asked_by_its_row_of_the_table() -> None:
    async def go() -> None:
        reading = _Asked(VIEW)
        assert await read_item(reading, "item-1") is VIEW
        assert reading.asked == [(e.SHOW_ITEM, {"path": {"item_id": "item-1"}})]
        flags = m.OwnFlags(())
        assert await own_flags(_Asked(flags)) is flags
        claim = Claim("m-1", "Moderator", NOW)
        claiming = _Asked(claim)
        assert await claim_item(claiming, "item-1", take_over=True) is claim
        assert claiming.asked[0][1]["body"].take_over
        releasing = _Asked(Accepted())
        await release_item(releasing, "item-1")
        assert releasing.asked[0][0] is e.RELEASE_ITEM
        await release_item(_Asked(Unreachable()), "item-1")  # others see it end by itself

    asyncio.run(go())
