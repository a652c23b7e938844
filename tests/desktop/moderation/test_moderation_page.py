"""The neutral moderators' room: lanes, keys, what the author will be told, and calm words where somebody was quicker."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QLabel

from console.client.desk import Changed, Connection
from console.client.outbox import OutboxState
from console.contract import endpoints as e
from console.contract import moderation as m
from console.contract.problems import problem
from console.desktop import widgets
from console.desktop.moderation.decision import KEYS
from console.desktop.moderation.lanes import chip_of
from console.domain.feed import Visibility
from console.domain.moderation import (
    REASONS_OF,
    Act,
    By,
    FlagReason,
    ItemKind,
    ItemState,
    Lane,
    Reason,
    Standing,
    acts_open_to,
)
from tests.desktop.moderation.moderation_fakes import ME, OTHER, FakeDesk, claimed, item, line, make, view
from tests.request_fakes import NOW

HOSTILE = "<b>x</b><img src='file:///etc/passwd'>"


def find(page, name):
    """The widget with a name, after a turn of the loop: what was taken away is gone, what is new is shown."""
    _turn()
    return widgets.find(page, name)


def _turn() -> None:
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QApplication.sendPostedEvents()


def _said(page) -> str:
    _turn()
    return "\n".join(label.text() for label in page.findChildren(QLabel) if label.isVisibleTo(page))


def _focus(qtbot, page):
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.queue.focus_list()


def _refuse(desk, code, title=""):
    desk.outcome = SimpleNamespace(
        state=OutboxState.REFUSED, receipt=None, problem=problem(code, title=title), last_error=""
    )


def test_emergencies_come_first_then_lane_by_lane_the_oldest(qtbot):
    rows = (
        item(1, ItemState.KEPT, Lane.DECIDED, act=Act.KEEP, by="Moderator Example Seven"),
        item(2, ItemState.HELD, Lane.PUBLICATION, kind=ItemKind.REQUEST),
        item(3, ItemState.REMOVED_APPEALED, Lane.APPEALS),
        item(4),
        item(9),
        item(5, lane=Lane.EMERGENCY, reasons=(FlagReason.EMERGENCY,)),
    )
    page = make(qtbot, FakeDesk(*rows))
    assert [row.id for row in page.queue.model.rows()] == ["i5", "i9", "i4", "i3", "i2"]
    assert find(page, "moderation.title").text() == "Post 5"
    assert find(page, "moderation.count").text() == "5 waiting"
    page.queue.choose_lane(Lane.DECIDED)
    assert [row.id for row in page.queue.model.rows()] == ["i1"]
    assert find(page, "moderation.lane_appeals").text() == "Appeals 1"


def test_an_emergency_asks_for_911_first(qtbot):
    page = make(qtbot, FakeDesk(item(1, lane=Lane.EMERGENCY, reasons=(FlagReason.EMERGENCY,))))
    assert "Call 911 first" in find(page, "moderation.emergency").text()


def test_the_keys_go_through_the_list_and_open_each_decision(qtbot):
    page = make(qtbot, FakeDesk(item(2), item(1)))
    _focus(qtbot, page)
    qtbot.keyClick(page.queue.list, Qt.Key.Key_J)
    assert find(page, "moderation.title").text() == "Post 1"
    qtbot.keyClick(page.queue.list, Qt.Key.Key_K)
    assert find(page, "moderation.title").text() == "Post 2"
    for act in (Act.KEEP, Act.LIMIT, Act.REMOVE):
        assert find(page, f"moderation.{act.value}").text().endswith(f"   {KEYS[act]}")
    qtbot.keyClick(page.queue.list, Qt.Key.Key_3)
    assert find(page, "moderation.confirm").text() == "Remove"


@pytest.mark.parametrize("state", list(ItemState))
def test_no_two_open_decisions_share_a_key(state):
    for standing in (Standing(By.MODERATOR, NOW, NOW), Standing(By.MODERATOR, NOW, NOW, is_decider=True)):
        open_to = acts_open_to(state, standing)
        assert len({KEYS[act] for act in open_to}) == len(open_to)
    assert set(KEYS) == set(REASONS_OF)


def test_a_letter_or_figure_in_the_form_is_no_decision(qtbot):
    page = make(qtbot, FakeDesk(item(2), item(1)))
    _focus(qtbot, page)
    page.decision.open(Act.REMOVE)
    words = find(page, "moderation.words")
    words.setFocus()
    qtbot.keyClicks(words, "jk1u")
    assert words.toPlainText() == "jk1u"
    assert find(page, "moderation.title").text() == "Post 2"


def test_a_decision_needs_no_mouse(qtbot):
    desk = FakeDesk(item(1))
    page = make(qtbot, desk)
    _focus(qtbot, page)
    qtbot.keyClick(page.queue.list, Qt.Key.Key_2)
    first = find(page, "moderation.reason_personal_data")
    assert first.hasFocus()
    qtbot.keyClick(first, Qt.Key.Key_Escape)
    assert find(page, "moderation.limit").isVisible()
    assert page.queue.list.hasFocus(), "the keys are the list's again"
    qtbot.keyClick(page.queue.list, Qt.Key.Key_2)
    qtbot.keyClick(find(page, "moderation.reason_personal_data"), Qt.Key.Key_Space)
    qtbot.keyClick(
        find(page, "moderation.reason_personal_data"), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier
    )
    assert [wish.body.act for wish in desk.kept] == [Act.LIMIT]
    assert page.queue.list.hasFocus()


def test_the_author_is_shown_as_they_will_be_told_and_the_decision_carries_what_was_seen(qtbot):
    desk = FakeDesk(item(1, version=4))
    page = make(qtbot, desk)
    page.decision.open(Act.REMOVE)
    go = find(page, "moderation.confirm")
    assert not go.isEnabled()
    find(page, "moderation.reason_doxxing").setChecked(True)
    find(page, "moderation.words").setPlainText("Please no addresses.")
    told = find(page, "moderation.told").text()
    assert "removed your post, because it tells where a person can be found." in told
    assert "Please no addresses." in told
    assert "You can appeal once, within 20 days." in told
    desk.outcome.receipt.state = "removed"
    go.click()
    (wish,) = desk.kept
    assert wish.endpoint is e.DECIDE_ITEM
    assert wish.path == {"item_id": "i1"}
    assert wish.body == m.Deciding(4, Act.REMOVE, Reason.DOXXING, "Please no addresses.", 7)
    assert find(page, "moderation.result").text() == "Removed. Receipt PL-1."


def test_keeping_tells_the_author_nothing_and_too_many_words_are_not_sent(qtbot):
    page = make(qtbot, FakeDesk(item(1)))
    page.decision.open(Act.KEEP)
    find(page, "moderation.reason_within_rules").setChecked(True)
    assert find(page, "moderation.told").text().startswith("The author is told nothing")
    assert not find(page, "moderation.words").isVisible()
    page.decision.open(Act.LIMIT)
    find(page, "moderation.reason_spam").setChecked(True)
    find(page, "moderation.words").setPlainText("x" * 501)
    assert not find(page, "moderation.confirm").isEnabled()


def test_a_removal_can_be_undone_from_where_it_was_decided(qtbot):
    desk = FakeDesk(item(1))
    page = make(qtbot, desk)
    removed = item(1, ItemState.REMOVED, Lane.DECIDED, version=2, act=Act.REMOVE, by="Moderator Example Seven")
    desk.change(removed, history=(line(Act.REMOVE, ME),), restorable_until=NOW + timedelta(days=30))
    page.refresh(Changed.MODERATION)
    assert "They can be restored until" in _said(page)
    _focus(qtbot, page)
    qtbot.keyClick(page.queue.list, Qt.Key.Key_U)
    find(page, "moderation.reason_mistake").setChecked(True)
    find(page, "moderation.confirm").click()
    (wish,) = desk.kept
    assert (wish.endpoint, wish.body.act, wish.body.version) == (e.RESTORE_ITEM, Act.RESTORE, 2)


def test_what_was_decided_since_is_said_calmly_and_what_was_typed_stays(qtbot):
    desk = FakeDesk(item(1))
    page = make(qtbot, desk)
    page.decision.open(Act.LIMIT)
    find(page, "moderation.words").setPlainText("Half a sentence")
    limited = item(1, ItemState.LIMITED_FLAGGED, version=2)
    desk.change(limited, history=(line(Act.LIMIT),))
    page.refresh(Changed.MODERATION)
    assert find(page, "moderation.since").text() == "Decided since you started: limited by Moderator Example Eight."
    assert find(page, "moderation.remove").isVisible()
    page.decision.open(Act.REMOVE)
    assert find(page, "moderation.words").toPlainText() == "Half a sentence"


def test_who_was_slower_reads_what_the_service_says_and_the_item_is_read_anew(qtbot):
    desk = FakeDesk(item(1))
    page = make(qtbot, desk)
    _refuse(desk, "moved_on", "Decided since you started: kept by Moderator Example Eight.")
    page.decision.open(Act.REMOVE)
    find(page, "moderation.reason_threat").setChecked(True)
    find(page, "moderation.words").setPlainText("Typed with care")
    asked = len(desk.asked)
    find(page, "moderation.confirm").click()
    assert (
        find(page, "moderation.since").text().startswith("Decided since you started: kept by Moderator Example Eight.")
    )
    assert find(page, "moderation.error").text() == ""
    assert ("show_item", "i1") in desk.asked[asked:]
    page.decision.open(Act.REMOVE)
    assert find(page, "moderation.words").toPlainText() == "Typed with care"


def test_any_other_refusal_leaves_the_form_open(qtbot):
    desk = FakeDesk(item(1))
    page = make(qtbot, desk)
    _refuse(desk, "claimed")
    page.decision.open(Act.KEEP)
    find(page, "moderation.reason_within_rules").setChecked(True)
    find(page, "moderation.confirm").click()
    assert "Wait until they are done" in find(page, "moderation.error").text()
    assert find(page, "moderation.confirm").isEnabled()


def test_somebody_elses_claim_is_shown_and_can_be_taken_over(qtbot):
    desk = FakeDesk(claimed(item(1)))
    page = make(qtbot, desk)
    assert "Moderator Example Eight is deciding on this" in find(page, "moderation.who").text()
    assert not find(page, "moderation.keep").isEnabled()
    page.decision.open(Act.KEEP)
    with pytest.raises(LookupError):
        find(page, "moderation.confirm")
    find(page, "moderation.take_over").click()
    assert ("claim_item", "i1") in desk.asked


def test_what_is_decided_on_is_claimed_and_given_back(qtbot):
    desk = FakeDesk(item(2), item(1))
    page = make(qtbot, desk)
    page.decision.open(Act.KEEP)
    assert ("claim_item", "i2") in desk.asked
    assert find(page, "moderation.who").text().startswith("Others see that you are deciding")
    page.go_down()
    assert ("release_item", "i2") in desk.asked


def test_who_decided_has_no_buttons_for_the_appeal(qtbot):
    appealed = item(1, ItemState.REMOVED_APPEALED, Lane.APPEALS)
    told = m.AppealLine("It is my own number.", NOW, is_open=True, may_decide=False)
    page = make(qtbot, FakeDesk(appealed, views=(view(appealed, acts=(), appeal=told),)))
    assert "another moderator decides" in find(page, "moderation.who").text()
    assert find(page, "moderation.appeal").text() == "It is my own number."
    with pytest.raises(LookupError):
        find(page, "moderation.uphold")


def test_an_appeal_goes_to_its_own_endpoint(qtbot):
    appealed = item(1, ItemState.LIMITED_APPEALED, Lane.APPEALS)
    desk = FakeDesk(appealed)
    page = make(qtbot, desk)
    page.decision.press("2")
    find(page, "moderation.reason_mistake").setChecked(True)
    assert "show your post again" in find(page, "moderation.told").text()
    find(page, "moderation.confirm").click()
    assert desk.kept[0].endpoint is e.DECIDE_APPEAL


def test_what_is_held_is_published_or_refused_with_its_facts_on_the_screen(qtbot):
    held = item(1, ItemState.HELD, Lane.PUBLICATION, kind=ItemKind.REQUEST)
    desk = FakeDesk(held, views=(view(held, facts=(("Case", "2026-012-000431"),), category=None),))
    page = make(qtbot, desk)
    assert "2026-012-000431" in _said(page)
    page.decision.press("2")
    find(page, "moderation.reason_purpose").setChecked(True)
    assert "returned your video request before it was published" in find(page, "moderation.told").text()
    find(page, "moderation.confirm").click()
    assert (desk.kept[0].endpoint, desk.kept[0].body.act) == (e.DECIDE_ITEM, Act.REFUSE)


def test_context_flags_and_earlier_decisions_stand_on_the_page(qtbot):
    row = item(1, kind=ItemKind.COMMENT)
    flags = (
        m.MergedFlag(
            FlagReason.THREAT,
            is_open=True,
            agencies=(m.AgencyFlag("Riverside Police", "Read the end.", NOW),),
            neighbours=2,
            neighbour_words=("He means it",),
            first_at=NOW,
        ),
    )
    thread = (
        m.ThreadLine("Neighbor #9", official=False, text="First.", at=NOW, visibility=Visibility.PUBLIC, is_it=False),
        m.ThreadLine("Neighbor #4", official=False, text="Second.", at=NOW, visibility=Visibility.LIMITED, is_it=True),
    )
    past = (m.EarlierOfAuthor(ItemKind.POST, Act.LIMIT, Reason.SPAM, NOW),)
    seen = view(
        row, title="", post_title="Bicycle gone", thread=thread, flags=flags, by_author=past, history=(line(Act.KEEP),)
    )
    page = make(qtbot, FakeDesk(row, views=(seen,)))
    said = _said(page)
    for words in (
        "Comment on “Bicycle gone”",
        "Riverside Police: “Read the end.”",
        "2 neighbors: “He means it”",
        "This is it",
        "Kept by Moderator Example Eight",
        "Post: limited, Advertising or repeated",
    ):
        assert words in said, words


def test_hostile_words_are_plain_text(qtbot):
    row = item(1, title=HOSTILE, agency_name=HOSTILE)
    page = make(qtbot, FakeDesk(row, views=(view(row, text=HOSTILE, author=HOSTILE),)))
    assert HOSTILE in _said(page)
    for label in page.findChildren(QLabel):
        assert label.textFormat() == Qt.TextFormat.PlainText


def test_nothing_waits_and_what_to_do_next(qtbot):
    decided = item(1, ItemState.KEPT, Lane.DECIDED, act=Act.KEEP, by=OTHER.name)
    page = make(qtbot, FakeDesk(decided))
    assert find(page, "moderation.empty").text().startswith("Nothing waits for a decision.")
    find(page, "moderation.show_decided").click()
    assert find(page, "moderation.title").text() == "Post 1"
    assert chip_of(decided) == "Kept"
    away = FakeDesk()
    away.connection = Connection.OFFLINE
    page = make(qtbot, away)
    assert "cannot be reached" in find(page, "moderation.empty").text()
    assert not find(page, "moderation.show_decided").isVisible()


def test_what_came_back_by_itself_is_said(qtbot):
    desk = FakeDesk(item(1))
    page = make(qtbot, desk)
    desk.outcome.receipt.state = "flagged"
    page.decision.open(Act.KEEP)
    find(page, "moderation.reason_within_rules").setChecked(True)
    find(page, "moderation.confirm").click()
    assert "flagged for something new meanwhile" in find(page, "moderation.result").text()


def test_an_answer_that_comes_late_does_not_take_the_screen(qtbot):
    desk = FakeDesk(item(2), item(1))
    page = make(qtbot, desk)
    late = replace(desk.views["i1"], title="Late")
    page._wanted = "i2"
    desk.views["i1"] = late
    page.context.start(page._read("i1"))
    assert find(page, "moderation.title").text() == "Post 2"
