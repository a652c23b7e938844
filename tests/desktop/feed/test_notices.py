"""A member is told of what they chose, grouped, and not in quiet hours."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from console.desktop.feed.listing import SAVED_SETTING
from console.desktop.feed.notices import QUIET_SETTING, Notices
from console.domain import saved_filters
from console.domain.saved_filters import QuietHours, SavedFilter
from tests.client.client_fakes import NOW, make_post
from tests.desktop.feed.test_room import Desk, context_of


@pytest.fixture
def desk(qapp, tmp_path):
    made = Desk(tmp_path)
    made.settings[QUIET_SETTING] = msgspec.json.encode(QuietHours("00:00", "00:00")).decode()
    yield made
    made.settle()
    made.vault.close()
    made.loop.close()


def young(n: int, title: str = "Bike gone"):
    return msgspec.structs.replace(make_post(n), title=title, text="Words.", at=NOW + timedelta(minutes=n))


def told(desk: Desk, *filters: SavedFilter):
    desk.settings[SAVED_SETTING] = saved_filters.write(filters)
    said = []
    notices = Notices(context_of(desk), said.append)
    return notices, said


def test_several_posts_are_one_notification_and_only_of_filters_that_were_chosen(desk):
    notices, said = told(desk, SavedFilter("Bikes", "bike", notify=True), SavedFilter("Cats", "cat"))
    desk.put(young(1), young(2), young(3, "Cat found"))
    assert notices._soon.isActive(), "what comes within a minute is told together"
    notices.look()
    desk.settle()
    assert [notice.title for notice in said] == ["Bikes: 2 new posts"]
    notices.look()
    desk.settle()
    assert len(said) == 1, "once"
    notices.shut()


def test_an_older_post_that_only_came_into_the_copy_is_no_news(desk):
    notices, said = told(desk, SavedFilter("Bikes", "bike", notify=True))
    desk.put(msgspec.structs.replace(young(1), at=NOW - timedelta(days=2)))
    notices.look()
    desk.settle()
    assert said == []
    notices.shut()


def test_nothing_is_told_in_quiet_hours(desk):
    local = NOW.astimezone(context_of(desk).zone())
    hours = QuietHours(f"{local.hour:02}:00", f"{(local.hour + 1) % 24:02}:00")
    desk.settings[QUIET_SETTING] = msgspec.json.encode(hours).decode()
    notices, said = told(desk, SavedFilter("Bikes", "bike", notify=True))
    desk.put(young(1))
    notices.look()
    desk.settle()
    assert said == []
    notices.shut()
