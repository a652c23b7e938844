"""Alerts as neighbours and the public see them: in force above the posts, in both languages, and nothing but text."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from console.contract import endpoints as e
from console.contract.alerts import PublishedAlert
from console.domain.alerts import AlertKind, AlertMessage, Level, MessageKind, MessageReference
from console.domain.feed import Category, Comment, PostId
from console.service.pages import AlertCard, Pages
from console.training.members import ORI
from tests.service.alert_help import draft, follow_up, later, send, show
from tests.service.conftest import World, run
from tests.service.test_pages import (
    AGENCY,
    HOSTILE,
    NONCE,
    NOW,
    POST,
    REQUEST,
    _browse,
    _Read,
    _Site,
    _view,
    pages,
    site,
)

__all__ = ["pages", "site"]
ZONE = ZoneInfo("America/Chicago")


def message(kind: MessageKind = MessageKind.ALERT, words: str | None = None, **fields: Any) -> AlertMessage:
    made = AlertMessage(
        identifier="x-1", sender="x@example.org", sent=NOW, message=kind, references=(), alert="a1", record="a1",
        agency=AGENCY.ori, agency_name=AGENCY.name, author="Sergeant Example Two, badge 0002, Lakeside Police",
        kind=AlertKind.SAFETY, level=Level.SEVERE, urgency="immediate", certainty="observed",
        title="Gas leak near the park", text="Please stay inside.\nKeep the windows closed.",
        title_es="Fuga de gas", text_es="Quédese en casa.", place_name="Near S Wood St", outline={},
        begins=NOW, ends=NOW + timedelta(hours=3),
    )  # fmt: skip
    if words is not None:
        made = replace(
            made, title=words, text=words, title_es=words, text_es=words, place_name=words, author=words,
            identifier=words, references=(MessageReference(words, words, NOW),),
        )  # fmt: skip
    return replace(made, **fields)


def published(ident: str = "a1", *messages: AlertMessage, **fields: Any) -> PublishedAlert:
    made = PublishedAlert(ident, f"PL-{ident}", "published", NOW, NOW + timedelta(hours=3), messages or (message(),))
    return replace(made, **fields)


def thread(**fields: Any) -> AlertCard:
    said = (message(), message(MessageKind.UPDATE, title="Smaller now", text="You can open the windows again."))
    comments = (
        Comment("c1", "Sergeant", official=True, text="Update: Smaller now\nYou can open the windows again.", at=NOW),
        Comment("c2", "Neighbor #9", official=False, text="Thank you.", at=NOW),
    )
    post = replace(POST, id=PostId("p9"), category=Category.ALERT, comments=comments, **fields)
    return AlertCard(published("a1", *said, comments_closed=post.comments_closed), post)


class WithAlerts:
    """The real pages, with alerts on them."""

    def __init__(self, real: Pages, cards: tuple[AlertCard, ...]) -> None:
        self._real, self._cards = real, cards

    def neighbour(self, view: Any, nonce: str) -> str:
        return self._real.neighbour(replace(view, alerts=self._cards), nonce)

    def agency(self, card: Any, requests: Any, time_zone: str, nonce: str) -> str:
        past = published(
            "a2", message(title="Road closed"), message(MessageKind.CANCEL, title="Open again"), state="cancelled"
        )
        alerts = (*(card.alert for card in self._cards), past)
        return self._real.agency(card, requests, time_zone, nonce, alerts=alerts, now=NOW)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


def test_hostile_words_in_an_alert_add_nothing_to_a_page(pages: Pages) -> None:
    def both(words: str) -> tuple[str, str]:
        said = (
            message(words=words),
            message(MessageKind.UPDATE, words=words),
            message(MessageKind.CANCEL, words=words),
        )
        alert = published("a1", *said, comments_closed=words)
        post = replace(POST, comments_closed=words, title=words)
        view = replace(_view(), alerts=(AlertCard(alert, post),))
        gone = replace(alert, state="ended")
        return pages.neighbour(view, NONCE), pages.agency(
            AGENCY, (REQUEST,), "America/Chicago", NONCE, alerts=(alert, gone), now=NOW
        )

    for tame, hostile in zip(both("tame"), both(HOSTILE), strict=True):
        read = _Read(hostile)
        assert [tag for tag, _ in read.tags] == [tag for tag, _ in _Read(tame).tags]
        assert not {key for _, attrs in read.tags for key in attrs if key.startswith("on") or key == "style"}
        assert "https:" not in tame
        assert HOSTILE in read.words


def test_the_worst_stands_first_and_each_language_is_named(pages: Pages) -> None:
    minor = published("minor", message(level=Level.MINOR, title="Minor matter", sent=NOW + timedelta(hours=1)))
    severe = published("severe", message(title="Severe matter"))
    view = replace(_view(), alerts=(AlertCard(minor), AlertCard(severe)))
    page = pages.neighbour(view, NONCE)
    assert page.index("Severe matter") < page.index("Minor matter") < page.index("Found a bicycle")
    assert {attrs["lang"] for _, attrs in _Read(page).tags if "lang" in attrs} == {"en", "es"}


def test_the_banner_says_whether_somebody_reads_now(pages: Pages) -> None:
    at_noon = NOW.astimezone(ZONE).replace(hour=12)
    at_night = at_noon.replace(hour=23)
    by_day = pages.neighbour(replace(_view(), now=at_noon), NONCE)
    by_night = pages.neighbour(replace(_view(), now=at_night), NONCE)
    assert "Now it is after hours" not in by_day
    assert "reads posts 8:00 AM to 6:30 PM" in by_day
    assert "Now it is after hours: in an emergency call 911." in by_night
    assert "It reads again" in by_night
    public = pages.agency(AGENCY, (), "America/Chicago", NONCE, now=at_night)
    assert "Now it is after hours" in public


def test_in_a_browser_an_alert_is_read_and_commented_on(site: _Site) -> None:
    site.pages = WithAlerts(site.pages, (thread(),))  # type: ignore[assignment]

    def wander(page: Any, expect: Any) -> None:
        alert = page.locator("#alert-list .alert")
        expect(alert).to_have_count(1)
        expect(alert.locator("[lang=es]").first).to_contain_text("Fuga de gas")
        expect(alert.locator(".later li")).to_have_count(1)
        expect(alert.locator(".comments li")).to_have_count(1)
        assert alert.bounding_box()["y"] < page.locator(".post[data-id=p1]").bounding_box()["y"]
        alert.locator(".commenting summary").click()
        alert.locator("textarea").fill("Is the school open?")
        alert.locator("button[type=submit]").click()
        expect(alert.locator(".status")).to_contain_text("Your comment was posted")

    _browse(site, "/n", wander)
    assert site.sent("/n/posts/p9/comments") == [{"text": "Is the school open?"}]


def test_in_a_browser_closed_comments_say_why_and_offer_no_form(site: _Site) -> None:
    closed = thread(comments_closed="The search is over; please call the desk.")
    site.pages = WithAlerts(site.pages, (closed,))  # type: ignore[assignment]

    def wander(page: Any, expect: Any) -> None:
        alert = page.locator("#alert-list .alert")
        expect(alert.locator(".closed-note")).to_contain_text("The search is over; please call the desk.")
        expect(alert.locator("textarea")).to_have_count(0)
        other = page.locator(".post[data-id=p1]")
        other.locator(".commenting summary").click()
        other.locator("textarea").fill("Whose is it?")
        other.locator("button[type=submit]").click()
        expect(other.locator(".status")).to_contain_text("Your comment was posted")

    _browse(site, "/n", wander)


@pytest.mark.parametrize("width", [390, 1366])
def test_in_a_browser_the_public_page_has_what_is_in_force_and_what_is_over(site: _Site, width: int) -> None:
    site.pages = WithAlerts(site.pages, (thread(),))  # type: ignore[assignment]

    def wander(page: Any, expect: Any) -> None:
        expect(page.locator("#alerts .alert")).to_have_count(1)
        past = page.locator(".past .alert")
        expect(past).to_contain_text("All clear")
        expect(past.locator(".later li")).to_contain_text("Open again")
        expect(page.locator("form, button")).to_have_count(0)

    _browse(site, f"/agencies/{ORI}", wander, width=width)


def test_the_service_puts_an_alert_on_both_pages_and_takes_it_down_when_it_is_over(world: World) -> None:
    async def go() -> None:
        async with world:
            alert_id = await send(world)
            await follow_up(world, alert_id)
            await send(world, "officer", title="This one waits for approval")
            browser = await world.neighbour(world.ground.index.atlas.blocks[0].id)
            mine = _Read((await browser.get(e.NEIGHBOUR_PAGE.path)).text)
            assert mine.words.count("Gas leak near the park") == 3, (
                "as a title, and for the screen reader at Comment and at Report"
            )
            assert mine.words.count("The leak is smaller now") == 1
            public_path = e.AGENCY_PAGE.path.replace("{ori:str}", ORI)
            public = _Read((await world.client.get(public_path)).text)
            assert "The leak is smaller now" in public.words
            assert "waits for approval" not in mine.words + public.words
            await follow_up(
                world, alert_id, MessageKind.CANCEL, title="All clear now", text="The leak is closed. Thank you."
            )
            page = (await browser.get(e.NEIGHBOUR_PAGE.path)).text
            assert not _Read(page).classed("alert")
            assert "All clear now" in page, "it stays in the thread"
            public = (await world.client.get(public_path)).text
            assert "No alert is in force" in public
            assert "All clear now" in public
            later(world, timedelta(hours=1))
            assert (await show(world, alert_id)).messages[0].title == draft(world).title

    run(go())
