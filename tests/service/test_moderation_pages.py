"""Reports, decisions and counts on the pages: words stay words, and a neighbour can report and appeal."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from console.contract import endpoints as e
from console.contract.moderation import AgencyCount, DecisionOnYours
from console.contract.problems import problem
from console.domain.feed import Category, Comment, Visibility
from console.domain.moderation import APPEAL_WITHIN, Act, FlagOutcome, FlagReason, ItemKind, Reason
from console.domain.moderation_words import FLAG_REASONS
from console.service.pages import Pages
from tests.service import test_pages as tp
from tests.service.test_pages import AGENCY, HOSTILE, NONCE, NOW, POST, RESOURCES, _browse, _Read, _Site, _view

DECISION = DecisionOnYours(
    id="d1",
    kind=ItemKind.POST,
    post="p9",
    comment="",
    act=Act.REMOVE,
    reason=Reason.PERSONAL_DATA,
    words="Please leave numbers out.",
    written_at=NOW - timedelta(days=2),
    place_name="Near S Wood St",
    category=Category.CRIME,
    decided_at=NOW - timedelta(days=1),
    appeal_until=NOW - timedelta(days=1) + APPEAL_WITHIN,
    can_appeal=True,
    is_in_force=True,
)
COUNT = AgencyCount(
    AGENCY.ori,
    AGENCY.name,
    {FlagReason.SPAM: 2, FlagReason.THREAT: 1},
    {FlagOutcome.KEPT: 2, FlagOutcome.REMOVED: 1},
    {Act.REMOVE: {Reason.THREAT: 1}},
)


@pytest.fixture(scope="module")
def pages() -> Pages:
    return Pages(RESOURCES)


def _words(page: str) -> str:
    return re.sub(r"\s+", " ", _Read(page).words)


def _neighbour(pages: Pages, *decisions: DecisionOnYours, **post: Any) -> str:
    return pages.neighbour(replace(_view(), decisions=decisions, posts=(replace(POST, **post),)), NONCE)


def test_what_was_removed_says_so_and_can_be_neither_answered_nor_reported(pages: Pages) -> None:
    gone = Comment("c9", "Neighbor #2", official=False, text="", at=NOW, visibility=Visibility.REMOVED)
    page = _neighbour(pages, visibility=Visibility.REMOVED, title="", text="", comments=(gone,))
    assert _words(page).count("Removed by Porchlight’s neutral moderators.") == 2
    read = _Read(page)
    assert not read.classed("write-comment")
    assert not read.classed("report")
    assert "Removed post" in read.words


def test_what_was_limited_is_behind_a_notice_and_takes_no_comments(pages: Pages) -> None:
    said = Comment("c9", "Neighbor #2", official=False, text="Limited words", at=NOW, visibility=Visibility.LIMITED)
    page = _neighbour(pages, visibility=Visibility.LIMITED, comments=(said,))
    read = _Read(page)
    assert len(read.classed("limited")) == 2
    assert not read.classed("write-comment")
    assert "It can no longer be commented on." in read.words
    before, _, behind = page.partition('<details class="limited">')
    assert POST.title not in before.partition('id="post-list"')[2]
    assert POST.title in behind


def test_reports_go_where_the_table_says_and_offer_every_reason(pages: Pages) -> None:
    page = _neighbour(pages)
    paths = {attrs["data-path"] for attrs in _Read(page).classed("report")}
    post = e.FLAG_POST_AS_NEIGHBOUR.path.replace("{post_id:str}", "p1")
    comment = e.FLAG_COMMENT_AS_NEIGHBOUR.path.replace("{post_id:str}", "p1")
    assert paths == {post, *(comment.replace("{comment_id:str}", c.id) for c in POST.comments)}
    offered = [a["value"] for tag, a in _Read(page).tags if tag == "input" and a.get("type") == "radio"]
    assert offered == [reason.value for reason in FLAG_REASONS]


def test_the_author_is_told_what_why_and_until_when_an_appeal_may_come(pages: Pages) -> None:
    page = _neighbour(pages, DECISION)
    words = _words(page)
    for said in (
        "Your post of Thursday, November 20, 2025",
        "who work for no police department, removed your post",
        "because it shows somebody’s personal data",
        "Please leave numbers out.",
        "until Thursday, December 11, 2025",
        "Another moderator then decides.",
    ):
        assert said in words, said
    (form,) = _Read(page).classed("appeal")
    assert form["data-path"] == e.APPEAL_AS_NEIGHBOUR.path.replace("{decision_id:str}", "d1")


@pytest.mark.parametrize(
    ("changes", "said", "may"),
    [
        ({"appeal": "open", "can_appeal": False}, "You appealed.", False),
        ({"appeal": "upheld", "can_appeal": False, "appeal_answer": "It is one."}, "stands. It is one.", False),
        ({"appeal": "overturned", "can_appeal": False, "is_in_force": False}, "is shown again.", False),
        ({"is_in_force": False, "can_appeal": False}, "no longer holds", False),
        ({"can_appeal": False}, "The time to appeal has passed.", False),
        ({}, "You can appeal once", True),
    ],
)
def test_what_became_of_a_decision_stands_there(pages: Pages, changes: dict, said: str, *, may: bool) -> None:
    page = _neighbour(pages, replace(DECISION, **changes))
    assert said in _words(page)
    assert ("Another moderator then decides." in _words(page)) is may
    assert bool(_Read(page).classed("appeal")) is may


def test_without_decisions_there_is_no_section(pages: Pages) -> None:
    assert 'id="decisions"' not in _neighbour(pages)


def test_hostile_words_add_nothing(pages: Pages) -> None:
    def shape(words: str) -> list[str]:
        said = [Comment(words, words, official=True, text=words, at=NOW, visibility=seen) for seen in Visibility]
        told = replace(
            DECISION, id=words, post=words, words=words, place_name=words, appeal="upheld", appeal_answer=words
        )
        page = _neighbour(pages, replace(DECISION, id=words, words=words), told, comments=tuple(said), title=words)
        count = replace(COUNT, ori=words, name=words)
        agency = pages.agency(AGENCY, (), "America/Chicago", NONCE, count)
        return [tag for html in (page, agency) for tag, _ in _Read(html).tags]

    assert shape(HOSTILE) == shape("tame")


def test_every_control_has_a_label_and_every_id_is_one(pages: Pages) -> None:
    read = _Read(_neighbour(pages, DECISION, replace(DECISION, id="d2")))
    ids = read.ids()
    assert len(ids) == len(set(ids))
    labelled = {attrs.get("for") for tag, attrs in read.tags if tag == "label"}
    for tag, attrs in read.tags:
        if tag in {"input", "select", "textarea"}:
            assert attrs.get("id") in labelled, attrs


def test_the_public_pages_tell_what_was_flagged_and_decided(pages: Pages) -> None:
    words = _words(pages.agency(AGENCY, (), "America/Chicago", NONCE, COUNT))
    for said in (
        "Advertising or repeated2",
        "A threat1",
        "Looked at, and kept2",
        "Removed: A threat1",
        "can never hide",
    ):
        assert said.replace(" ", "") in words.replace(" ", ""), said
    nothing = replace(COUNT, flags={}, outcomes={}, decisions={})
    assert "has flagged nothing" in _words(pages.agency(AGENCY, (), "America/Chicago", NONCE, nothing))
    assert "flagged 3 posts or comments" in _words(pages.front((AGENCY,), NONCE, (COUNT,)))


def test_a_neighbour_reports_in_a_browser_and_is_thanked(served: _Site) -> None:
    def wander(page: Any, expect: Any) -> None:
        post = page.locator(".post[data-id=p1]")
        post.locator(".report > summary").last.click()
        form = post.locator(".report form")
        form.get_by_role("button", name="Send report").click()
        expect(form.locator(".status")).to_contain_text("Choose what is wrong with it first.")
        expect(form.locator(".danger")).to_be_hidden()
        form.get_by_label("Somebody is in danger").check()
        expect(form.locator(".danger")).to_contain_text("Call 911 first")
        form.get_by_label("A threat").check()
        expect(form.locator(".danger")).to_be_hidden()
        form.get_by_label("More, if it helps").fill("<b>He says so</b>")
        served.refusals = [problem("busy")]
        form.get_by_role("button", name="Send report").click()
        expect(form.locator(".status")).to_contain_text("The service is busy.")
        form.get_by_role("button", name="Send report").click()
        thanks = post.locator(".report .note")
        expect(thanks).to_have_text("Thank you. The neutral moderators look at it.")
        expect(thanks).to_be_focused()
        post.locator(".report > summary").first.click()
        expect(post.locator(".report form")).to_have_count(1)

    _browse(served, "/n", wander, width=360)
    sent = {"reason": "threat", "words": "<b>He says so</b>"}
    assert served.sent("/n/posts/p1/flags") == [sent, sent]


def test_a_neighbour_appeals_in_a_browser_and_sees_that_it_came(
    served: _Site, pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = "/n/moderation-decisions/d1/appeal"

    def view(**more: Any) -> Any:
        told = [kept for kept in served.sent(path) if not served.refusals]
        now = replace(DECISION, appeal="open", can_appeal=False) if told else DECISION
        return replace(plain(**more), decisions=(now,))

    plain = tp._view
    monkeypatch.setattr(tp, "_view", view)

    def wander(page: Any, expect: Any) -> None:
        page.locator(".appealing > summary").click()
        page.get_by_label("Why it should be shown").fill("no")
        page.get_by_role("button", name="Send appeal").click()
        expect(page.locator(".appeal .status")).to_contain_text("at least 3 letters")
        page.get_by_label("Why it should be shown").fill("It is my own number.")
        page.get_by_role("button", name="Send appeal").click()
        expect(page.locator(".decision .note")).to_contain_text("You appealed.")
        expect(page.locator(".decision .note")).to_be_focused()
        expect(page.locator(".appeal")).to_have_count(0)

    _browse(served, "/n", wander)
    assert served.sent(path) == [{"words": "It is my own number."}]


@pytest.fixture
def served(pages: Pages) -> Iterator[_Site]:
    import threading

    server = _Site(pages)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server
    server.go_on.set()
    server.shutdown()
    thread.join()
    server.server_close()
