"""The feed desk on the screen: keys do what the buttons say, what is typed stays, a colleague's work is seen."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from console.client.desk import Changed, Connection
from console.client.outbox import OutboxState
from console.client.vault import open_vault
from console.contract.moderation import OwnFlags
from console.contract.problems import problem
from console.desktop.context import Context
from console.desktop.feed.keys import KEYS
from console.desktop.feed.room import FeedRoom
from console.desktop.widgets import find
from console.domain.desk_work import (
    Assign,
    CloseReason,
    DeskItem,
    DeskState,
    JudgeFine,
    Person,
    PostClaim,
    See,
    SetState,
)
from console.domain.feed import Category, Comment
from console.domain.members import MemberId, Role
from console.domain.replies import Reply
from tests.client.client_fakes import NOW, MemorySecrets, make_post
from tests.desktop.window_fakes import lakeside, member, square_ground

HOSTILE = "<b>x</b><img src='file:///etc/passwd'>\u202e & <script>alert(1)</script>"


class Desk:
    """A vault with posts, and an outbox that the test settles."""

    def __init__(self, folder: Path, role: Role = Role.OFFICER) -> None:
        self.vault = open_vault(folder, "m", MemorySecrets())
        self.feed = self.vault.feed()
        self.feed.take((), (), msgspec.structs.replace(self.feed.state(), is_filled=True))
        self.loop = asyncio.new_event_loop()
        self.tasks = []
        self.session = SimpleNamespace(member=member(role))
        self.profile = SimpleNamespace(replies=(), desk=(member(), member(ident="m2", name="Example Two")))
        self.connection, self.refreshed_at = Connection.CONNECTED, NOW
        self.posts = self.outbox = ()
        self.desk_items, self.kept, self.told, self.asked = {}, [], [], []
        self.settings = {}
        self.refusal = None
        self.listeners = []

    def start(self, work) -> None:
        self.tasks.append(self.loop.create_task(work))

    def settle(self) -> None:
        while self.tasks:
            self.loop.run_until_complete(asyncio.gather(*self.tasks))
            self.tasks = [task for task in self.tasks if not task.done()]

    def put(self, *posts) -> None:
        numbers = self.feed.take(posts, (), None)
        for listener in tuple(self.listeners):
            listener(numbers)
        self.settle()

    def listen_to_feed(self, listener):
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener)

    def desk_item(self, post_id):
        return self.desk_items.get(post_id) or DeskItem(post_id)

    def is_unread(self, post_id):
        return not self.vault.is_read(post_id)

    def mark_read(self, post_ids):
        self.vault.mark_read(post_ids, NOW)

    def mark_unread(self, post_id):
        self.vault.mark_unread(post_id)

    def setting(self, name):
        return self.settings.get(name)

    def keep_setting(self, name, value):
        self.settings[name] = value

    def keep(self, wish):
        self.kept.append(wish)
        return SimpleNamespace(key=f"key-{len(self.kept)}")

    def comment(self, post_id, text, corrects=""):
        self.kept.append((post_id, text, corrects))
        return SimpleNamespace(key=f"key-{len(self.kept)}")

    async def wait_for(self, key):
        state = OutboxState.SENT if self.refusal is None else OutboxState.REFUSED
        return SimpleNamespace(state=state, problem=self.refusal, last_error="", receipt=None)

    async def tell(self, wish):
        self.told.append(wish)

    async def ask(self, endpoint, **parts):
        if endpoint.name != "list_flags":
            self.asked.append((endpoint.name, parts))
        if endpoint.name == "claim_post":
            post_id = parts["path"]["post_id"]
            claim = PostClaim(self.session.member.id, "Officer Example One", NOW + timedelta(minutes=5))
            self.desk_items[post_id] = msgspec.structs.replace(self.desk_item(post_id), claim=claim)
            return claim
        return OwnFlags(()) if endpoint.name == "list_flags" else None


def context_of(desk: Desk) -> Context:
    return Context(
        desk=desk, ground=square_ground(), agency=lakeside(), clock=lambda: NOW, theme=lambda: "day", start=desk.start,
        new_pane=lambda _title: None, open_wizard=lambda _d: None, open_request=lambda _i: None, say=lambda _t: None,
        training=(), evidence_folder=Path("/tmp"),
    )  # fmt: skip


@pytest.fixture
def desk(qapp, tmp_path):
    made = Desk(tmp_path)
    made.put(*(make_post(n) for n in range(1, 9)))
    yield made
    made.settle()
    made.vault.close()
    made.loop.close()


@pytest.fixture
def room(desk, qtbot):
    made = FeedRoom(context_of(desk))
    qtbot.addWidget(made)
    made.resize(1290, 690)
    made.show()
    made.entered()
    desk.settle()
    yield made
    made.shut()
    desk.settle()


def press(room, qtbot, *keys) -> None:
    for key in keys:
        qtbot.keyClick(find(room, "room.list"), key)


def texts(room, name: str) -> list[str]:
    QApplication.processEvents()
    shown = (label for label in room.findChildren(QLabel) if label.isVisibleTo(room))
    return [label.text() for label in shown if label.property("testName") == name]


def test_keys_go_through_the_list_open_and_note_as_seen(room, desk, qtbot):
    press(room, qtbot, Qt.Key.Key_J, Qt.Key.Key_J)
    desk.settle()
    assert texts(room, "feed.text") == [make_post(7).text]
    assert [type(wish.body.deed) for wish in desk.told] == [See, See]
    press(room, qtbot, Qt.Key.Key_K)
    assert texts(room, "feed.text")[-1] == make_post(8).text
    assert not desk.is_unread("post-0008")


def test_every_key_of_the_help_is_bound(room):
    from PySide6.QtGui import QShortcut

    bound = {shortcut.key().toString() for shortcut in room.findChildren(QShortcut)}
    named = {"Escape": "Esc"}
    assert {named.get(key, key) for key, _ in KEYS} - {"Return"} <= bound


def test_an_act_is_on_what_was_seen_and_can_be_undone_for_ten_seconds(room, desk, qtbot):
    desk.desk_items["post-0008"] = DeskItem("post-0008", version=3, state=DeskState.SEEN)
    press(room, qtbot, Qt.Key.Key_J, Qt.Key.Key_A)
    wish = desk.kept[-1]
    assert wish.body.items[0].version == 3
    assert wish.body.deed == Assign(MemberId("m1"))
    assert texts(room, "room.said") == ["Given to you."]
    assert find(room, "room.undo").isVisible()
    press(room, qtbot, Qt.Key.Key_Z)
    desk.settle()
    assert desk.kept[-1].body.key == "key-1"
    press(room, qtbot, Qt.Key.Key_Z)
    assert "Nothing to undo" in texts(room, "room.said")[0]


def test_several_are_chosen_with_x_and_closed_together(room, desk, qtbot):
    press(room, qtbot, Qt.Key.Key_J, Qt.Key.Key_X, Qt.Key.Key_J, Qt.Key.Key_X, Qt.Key.Key_J, Qt.Key.Key_J, Qt.Key.Key_X)
    model = find(room, "room.list").selectionModel()
    assert {index.row() for index in model.selectedIndexes()} == {0, 1, 3}
    assert texts(room, "desk.who") == ["3 posts chosen"]
    press(room, qtbot, Qt.Key.Key_X, Qt.Key.Key_K, Qt.Key.Key_X)
    assert {index.row() for index in model.selectedIndexes()} == {0, 1, 2}, "X leaves one out again"
    find(room, "desk.close").menu().actions()[0].trigger()
    wish = desk.kept[-1]
    assert {item.post for item in wish.body.items} == {"post-0008", "post-0007", "post-0006"}
    assert wish.body.deed == SetState(DeskState.CLOSED, CloseReason.NO_ACTION)
    assert texts(room, "room.said") == ["Closed: 3 posts."]


def test_a_refusal_says_what_happened_and_offers_no_undo(room, desk, qtbot):
    desk.refusal = problem("moved_on", title="Somebody else has worked on this post since you opened it.")
    press(room, qtbot, Qt.Key.Key_J)
    find(room, "desk.fine").click()
    desk.settle()
    assert desk.kept[-1].body.deed == JudgeFine()
    assert "Somebody else has worked on this post" in texts(room, "room.said")[0]
    assert not find(room, "room.undo").isVisible()


def test_lists_hold_what_the_desk_says_and_follow_it(room, desk, qtbot):
    assert room.listing.model.rowCount() == 8
    me = Person(MemberId("m1"), "Officer Example One")
    desk.desk_items = {
        "post-0003": DeskItem("post-0003", 1, DeskState.CLOSED, CloseReason.SETTLED),
        "post-0004": DeskItem("post-0004", 1, DeskState.IN_WORK, assignee=me),
    }
    room.refresh(Changed.DESK)
    desk.settle()
    assert room.listing.model.rowCount() == 6
    find(room, "feed.view.mine").click()
    desk.settle()
    assert [room.listing.model.thing(row).id for row in range(room.listing.model.rowCount())] == ["post-0004"]
    assert find(room, "feed.view.closed").accessibleName() == "Closed, 1"
    assert find(room, "feed.view.all").accessibleName() == "Everything, 8"


def test_who_types_an_answer_claims_the_post_and_gives_it_back_when_leaving_it(room, desk, qtbot):
    press(room, qtbot, Qt.Key.Key_J)
    desk.settle()
    find(room, "feed.answer").setPlainText("Please call us.")
    desk.settle()
    assert [name for name, _ in desk.asked] == ["claim_post"]
    press(room, qtbot, Qt.Key.Key_J)
    desk.settle()
    assert [name for name, _ in desk.asked] == ["claim_post", "release_post"]
    press(room, qtbot, Qt.Key.Key_K)
    assert find(room, "feed.answer").toPlainText() == "Please call us."


def test_a_colleague_who_works_on_a_post_is_named_and_can_be_relieved(room, desk, qtbot):
    claim = PostClaim(MemberId("m2"), "Sergeant Example Two", NOW + timedelta(minutes=3))
    desk.desk_items["post-0008"] = DeskItem("post-0008", claim=claim)
    press(room, qtbot, Qt.Key.Key_J)
    assert texts(room, "desk.claimed")[0].startswith("Sergeant Example Two is working on this, until")
    assert not find(room, "desk.claim").isEnabled()
    find(room, "desk.take_over").click()
    desk.settle()
    assert desk.asked[-1][1]["body"].take_over


def test_a_reply_is_put_in_with_its_blanks_filled_and_none_is_sent_with_one_left(room, desk, qtbot):
    words = "Thank you, {neighbor}. Call {telephone}."
    desk.profile.replies = (Reply("r", "Thanks", words, "Gracias, {neighbor}."),)
    press(room, qtbot, Qt.Key.Key_J)
    room.refresh(Changed.AGENCY)
    menu = find(room, "feed.replies").menu()
    assert [action.text() for action in menu.actions()] == ["Thanks \u00b7 English", "Thanks \u00b7 Español"]
    menu.actions()[0].trigger()
    answer = find(room, "feed.answer")
    assert answer.toPlainText() == f"Thank you, {make_post(8).author}. Call {{telephone}}."
    find(room, "feed.send").click()
    assert "Fill in {telephone}" in texts(room, "feed.said")[0]
    assert not [kept for kept in desk.kept if isinstance(kept, tuple)]


def test_ones_own_comment_can_be_changed_while_it_is_the_agencys_alone_and_corrected_later(room, desk, qtbot):
    mine = "Officer Example One, badge 0001, Lakeside Police"
    young = Comment("c1", mine, True, "We call tomorow.", NOW, public_at=NOW + timedelta(seconds=40))
    old = Comment("c2", mine, True, "We called.", NOW - timedelta(hours=2), public_at=NOW - timedelta(hours=1))
    desk.put(msgspec.structs.replace(make_post(8), comments=(old, young)))
    press(room, qtbot, Qt.Key.Key_J)
    assert texts(room, "feed.pending") == ["Only your agency sees this yet. Public in 40 s."]
    find(room, "feed.answer").setPlainText("A new answer, half typed")
    find(room, "feed.change").click()
    assert find(room, "feed.answer").toPlainText() == "We call tomorow."
    find(room, "feed.answer").setPlainText("We call tomorrow.")
    find(room, "feed.send").click()
    assert desk.kept[-1].endpoint.name == "edit_comment"
    assert find(room, "feed.answer").toPlainText() == "A new answer, half typed"
    find(room, "feed.correct").click()
    find(room, "feed.answer").setPlainText("We did not reach her.")
    find(room, "feed.send").click()
    assert desk.kept[-1] == ("post-0008", "We did not reach her.", "c2")
    find(room, "feed.take_back").click()
    assert desk.kept[-1].endpoint.name == "withdraw_comment"


def test_new_posts_wait_while_somebody_reads(room, desk, qtbot):
    desk.put(*(make_post(n) for n in range(9, 60)))
    bar = find(room, "room.list").verticalScrollBar()
    bar.setValue(300)
    desk.put(*(make_post(n) for n in range(60, 64)))
    assert find(room, "room.new").text() == "4 new"
    top = find(room, "room.list").indexAt(find(room, "room.list").rect().center()).row()
    find(room, "room.new").click()
    desk.settle()
    assert not find(room, "room.new").isVisible()
    assert top >= 0


def test_a_saved_filter_keeps_all_that_was_asked_and_is_shown_again(room, desk, qtbot):
    find(room, "room.search").setText(make_post(3).title)
    next(a for a in find(room, "room.kind").menu().actions() if a.text() == "Crime").trigger()
    room._searched()
    desk.settle()
    found = room.listing.model.rowCount()
    find(room, "feed.save_filter").click()
    assert find(room, "feed.filter_name").text() == make_post(3).title[:40]
    find(room, "feed.filter_name").setText("Doors")
    find(room, "feed.filter_keep").click()
    desk.settle()
    saved = room.listing.saved()
    assert [(one.name, one.words, one.categories) for one in saved] == [("Doors", make_post(3).title, {Category.CRIME})]
    find(room, "feed.view.inbox").click()
    desk.settle()
    assert find(room, "room.kind").text() == "Kind", "a list is shown whole"
    find(room, "feed.saved.Doors").click()
    desk.settle()
    assert room.listing.model.rowCount() == found
    assert find(room, "room.kind").text().endswith("1")
    assert find(room, "feed.saved.Doors").accessibleName() == f"Doors, {found or 'none'}"
    find(room, "feed.save_filter").click()
    find(room, "feed.filter_name").setText("doors")
    find(room, "feed.filter_keep").click()
    assert "already" in texts(room, "feed.filter_trouble")[0]


def test_what_waits_to_be_sent_is_seen_in_the_thread(room, desk, qtbot):
    from console.client.outbox import OutboxRow

    press(room, qtbot, Qt.Key.Key_J)
    body = msgspec.json.encode({"text": "We have seen this."})
    desk.outbox = (OutboxRow("k", "comment_on_post", {"post_id": "post-0008"}, body, "t", "post-0008", NOW),)
    room.refresh(Changed.OUTBOX)
    assert texts(room, "feed.unsent") == ["We have seen this."]
    desk.outbox = ()
    room.refresh(Changed.OUTBOX)
    assert texts(room, "feed.unsent") == []


def test_a_claim_that_was_asked_for_stays_while_others_are_read(room, desk, qtbot):
    press(room, qtbot, Qt.Key.Key_J, Qt.Key.Key_C)
    desk.settle()
    room.refresh(Changed.DESK)
    assert "you are working on it" in texts(room, "desk.who")[0]
    press(room, qtbot, Qt.Key.Key_J, Qt.Key.Key_K)
    desk.settle()
    assert [name for name, _ in desk.asked] == ["claim_post"]
    press(room, qtbot, Qt.Key.Key_C)
    desk.settle()
    assert [name for name, _ in desk.asked] == ["claim_post", "release_post"]


def test_an_auditor_reads_and_can_do_nothing(desk, qtbot):
    desk.session = SimpleNamespace(member=member(Role.AUDITOR))
    room = FeedRoom(context_of(desk))
    qtbot.addWidget(room)
    room.show()
    desk.settle()
    press(room, qtbot, Qt.Key.Key_J)
    desk.settle()
    for name in ("desk.claim", "desk.close", "desk.flag", "feed.send", "desk.add_note"):
        assert not find(room, name).isVisible(), name
    assert desk.told == []
    room.shut()
    desk.settle()


def test_hostile_text_is_shown_as_text(room, desk, qtbot):
    comment = Comment("c", HOSTILE, False, HOSTILE, NOW)
    desk.put(msgspec.structs.replace(make_post(8), title=HOSTILE, text=HOSTILE, author=HOSTILE, comments=(comment,)))
    press(room, qtbot, Qt.Key.Key_J)
    room.grab()
    assert texts(room, "feed.text") == [HOSTILE]
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in room.findChildren(QLabel))


def test_the_mornings_summary_is_shown_once_a_day(desk, qtbot):
    desk.put(*(msgspec.structs.replace(make_post(n), at=NOW - timedelta(hours=n - 19)) for n in (20, 21, 22)))
    room = FeedRoom(context_of(desk))
    qtbot.addWidget(room)
    room.show()
    room.entered()
    desk.settle()
    assert texts(room, "summary.line")[0].startswith("3 new posts since")
    find(room, "summary.done").click()
    room.shut()
    desk.settle()
    again = FeedRoom(context_of(desk))
    qtbot.addWidget(again)
    again.show()
    again.entered()
    desk.settle()
    assert texts(again, "summary.line") == []
    again.shut()
    desk.settle()


def test_f_offers_the_form_with_which_a_post_is_flagged_and_nothing_that_hides_it(room, desk, qtbot):
    press(room, qtbot, Qt.Key.Key_J, Qt.Key.Key_F)
    find(room, "flag.threat").click()
    find(room, "flag.send").click()
    desk.settle()
    assert desk.kept[-1].endpoint.name == "flag_post"
    assert desk.kept[-1].path == {"post_id": "post-0008"}
    assert "Flagged" in texts(room, "room.said")[0]


def test_a_comment_is_flagged_by_itself(room, desk, qtbot):
    comment = Comment("c1", "Neighbor #9", False, "I know where you live.", NOW)
    desk.put(msgspec.structs.replace(make_post(8), comments=(comment,)))
    press(room, qtbot, Qt.Key.Key_J)
    find(room, "feed.flag_comment").click()
    find(room, "flag.personal_data").click()
    find(room, "flag.send").click()
    desk.settle()
    assert desk.kept[-1].path == {"post_id": "post-0008", "comment_id": "c1"}


def test_a_post_that_leaves_the_list_stays_open_while_it_is_read(room, desk, qtbot):
    press(room, qtbot, Qt.Key.Key_J, Qt.Key.Key_J)
    desk.desk_items["post-0007"] = DeskItem("post-0007", 1, DeskState.ANSWERED)
    room.refresh(Changed.DESK)
    desk.settle()
    assert room.listing.model.row_of("post-0007") == -1
    assert texts(room, "feed.text") == [make_post(7).text], "a colleague's act opens no other post"
    press(room, qtbot, Qt.Key.Key_J)
    assert texts(room, "feed.text") == [make_post(6).text], "and none is skipped"


def test_closing_the_open_post_goes_on_to_the_next(room, desk, qtbot):
    press(room, qtbot, Qt.Key.Key_J)
    find(room, "desk.close").menu().actions()[1].trigger()
    assert desk.kept[-1].body.items[0].post == "post-0008"
    assert texts(room, "feed.text") == [make_post(7).text]


def test_what_became_of_ones_flags_is_shown_and_a_decision_on_ones_own_comment_appealed(room, desk, qtbot):
    from console.contract.moderation import DecisionOnYours, OwnFlag
    from console.domain.feed import Category
    from console.domain.moderation import Act, FlagOutcome, FlagReason, ItemKind, Reason

    flag = OwnFlag(
        "f", ItemKind.POST, "post-0003", "", FlagReason.THREAT, HOSTILE, "Officer One", NOW, FlagOutcome.KEPT, NOW
    )
    decision = DecisionOnYours(
        "d", ItemKind.COMMENT, "post-0003", "c", Act.REMOVE, Reason.PERSONAL_DATA, "", NOW, "Near W 18th St",
        Category.CRIME, NOW, NOW + timedelta(days=20), can_appeal=True, is_in_force=True,
    )  # fmt: skip
    answers = [OwnFlags(()), OwnFlags((flag,), (decision,)), problem("busy")]

    async def ask(endpoint, **parts):
        return answers.pop(0)

    desk.ask = ask
    find(room, "feed.flags").click()
    desk.settle()
    assert "flagged nothing yet" in texts(room, "flags.said")[0]
    room.refresh(Changed.MODERATION)
    desk.settle()
    assert "removed your comment" in texts(room, "flags.told")[0]
    assert HOSTILE in [label.text() for label in room.findChildren(QLabel)]
    find(room, "flags.appeal").click()
    assert "Say why" in texts(room, "flags.said")[0]
    find(room, "flags.appeal_words").setPlainText("It is our own line.")
    find(room, "flags.appeal").click()
    desk.settle()
    assert desk.kept[-1].path == {"decision_id": "d"}
    find(room, "flags.open").click()
    desk.settle()
    assert texts(room, "feed.text") == [make_post(3).text]
    assert "flagged by your agency: looked at, and kept" in texts(room, "desk.who")[0]


def test_a_place_drawn_on_the_map_is_a_filter_of_the_desk(room, desk, qtbot):
    from console.domain.areas import Circle
    from console.domain.places import Point

    here = make_post(3).place
    desk.put(msgspec.structs.replace(make_post(30), place=Point(here.lat + 0.2, here.lon)))
    room.show_area("Drawn on the map", Circle(here, 500.0))
    desk.settle()
    shown = {room.listing.model.thing(row).id for row in range(room.listing.model.rowCount())}
    assert "post-0030" not in shown
    assert "post-0003" in shown
    assert find(room, "room.place").toolTip() == "Drawn on the map"


def test_a_refused_answer_stays_in_its_thread_until_it_is_put_back_or_let_go(room, desk, qtbot):
    from console.client.outbox import OutboxRow

    press(room, qtbot, Qt.Key.Key_J)
    body = msgspec.json.encode({"text": "We have seen this."})
    refusal = problem("claimed", title="Sergeant Example Two is working on this post.")
    desk.outbox = (
        OutboxRow(
            "k", "comment_on_post", {}, body, "t", "post-0008", NOW, OutboxState.REFUSED, problem=refusal
        ),
    )  # fmt: skip
    desk.dismissed = []
    desk.dismiss = desk.dismissed.append
    room.refresh(Changed.OUTBOX)
    assert texts(room, "feed.unsent") == ["We have seen this."]
    assert "Sergeant Example Two" in texts(room, "feed.refused")[0]
    find(room, "feed.answer").setPlainText("Half an answer.")
    find(room, "feed.put_back").click()
    assert find(room, "feed.answer").toPlainText() == "Half an answer.\nWe have seen this."
    assert desk.dismissed == ["k"]


def test_a_note_is_kept_with_its_post_and_given_back_where_it_was_refused(room, desk, qtbot):
    press(room, qtbot, Qt.Key.Key_J)
    find(room, "desk.note").setPlainText("Half a note")
    press(room, qtbot, Qt.Key.Key_J)
    assert find(room, "desk.note").toPlainText() == ""
    press(room, qtbot, Qt.Key.Key_K)
    assert find(room, "desk.note").toPlainText() == "Half a note"
    desk.refusal = problem("busy")
    find(room, "desk.add_note").click()
    assert find(room, "desk.note").toPlainText() == ""
    desk.settle()
    assert find(room, "desk.note").toPlainText() == "Half a note"


def test_what_is_typed_into_a_correction_comes_back_with_it(room, desk, qtbot):
    old = Comment("c2", "Officer Example One, badge 0001, Lakeside Police", True, "We called.", NOW)
    desk.put(msgspec.structs.replace(make_post(8), comments=(old,)))
    press(room, qtbot, Qt.Key.Key_J)
    find(room, "feed.correct").click()
    find(room, "feed.answer").setPlainText("We did not")
    press(room, qtbot, Qt.Key.Key_J)
    find(room, "room.list").setFocus()
    press(room, qtbot, Qt.Key.Key_K)
    assert find(room, "feed.answer").toPlainText() == ""
    QApplication.processEvents()
    find(room._thread, "feed.correct").click()
    assert find(room, "feed.answer").toPlainText() == "We did not"


def test_a_claim_that_lands_when_the_post_was_left_is_given_back(room, desk, qtbot):
    press(room, qtbot, Qt.Key.Key_J)
    find(room, "feed.answer").setPlainText("a")
    find(room, "feed.answer").setPlainText("ab")
    press(room, qtbot, Qt.Key.Key_J)
    desk.settle()
    assert [name for name, _ in desk.asked] == ["claim_post", "release_post"], "asked once, and given back"


def test_flag_words_are_there_again(room, desk, qtbot):
    press(room, qtbot, Qt.Key.Key_J, Qt.Key.Key_F)
    find(room, "flag.words").setPlainText("It names a child.")
    room._open(make_post(3))
    room._open(make_post(8))
    room.flag_post()
    assert find(room._flag, "flag.words").toPlainText() == "It names a child."
