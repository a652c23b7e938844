"""The frame: only the rooms of a role, counts that are said, one closing, sign-in that shows text as text."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit

from console.desktop.app import _ROOMS
from console.desktop.shell.window import RAIL, Window
from console.desktop.signin import Opening, SignIn, TrainingMember
from console.desktop.widgets import find, text_label
from console.domain.members import NEUTRAL_DESK, Role
from tests.desktop.window_fakes import PASSWORD, member

HOSTILE = "<b>x</b><img src='file:///etc/passwd'>"


@pytest.fixture
def window(qtbot):
    made = Window()
    qtbot.addWidget(made)
    made.show_frame()
    made.show()
    yield made
    made.hide()


@pytest.mark.parametrize(
    ("role", "rooms"),
    [
        (Role.OFFICER, {"map", "feed", "requests", "alerts", "evidence", "settings"}),
        (Role.SUPERVISOR, {"map", "feed", "requests", "review", "alerts", "evidence", "agency", "settings"}),
        (Role.MODERATOR, {"map", "feed", "requests", "alerts", "agency", "settings"}),
        (Role.AUDITOR, {"map", "feed", "requests", "alerts", "settings"}),
        (Role.ADMIN, {"agency", "settings"}),
        (Role.NEUTRAL_MODERATOR, {"moderation", "settings"}),
    ],
)
def test_the_rail_shows_what_the_endpoint_table_gives_a_role(window, role, rooms):
    window.rail.allow(frozenset(name for name, who in _ROOMS.items() if role in who))
    assert {name for name in RAIL if window.rail.buttons[name].isVisible()} == rooms


def test_a_count_is_painted_and_said(window):
    window.rail.allow(frozenset(RAIL))
    made = window.rail.buttons["review"]
    before = made.grab().toImage()
    window.rail.count("review", 3)
    assert made.grab().toImage() != before
    assert made.accessibleName() == "Review, 3 waiting"
    window.rail.count("review", 0)
    assert made.accessibleName() == "Review"
    assert made.grab().toImage() == before


def test_every_room_can_be_clicked_and_is_named(window, qtbot):
    window.rail.allow(frozenset(RAIL))
    chosen = []
    window.chosen.connect(chosen.append)
    for name in RAIL:
        made = find(window, f"rail.{name}")
        assert made.accessibleName()
        qtbot.mouseClick(made, Qt.MouseButton.LeftButton)
    assert chosen == list(RAIL)


def test_closing_is_told_and_left_to_the_root(window):
    told = []
    window.closing.connect(lambda: told.append(True))
    assert not window.close()
    assert window.isVisible()
    assert told == [True]


def test_the_member_and_the_agency_are_plain_text(window):
    window.top.show_member(HOSTILE, member(name=HOSTILE))
    for label in window.findChildren(QLabel):
        assert label.textFormat() == Qt.TextFormat.PlainText or label.objectName() == "lamp"
    assert HOSTILE in window.top.member.text()


def test_a_word_of_any_length_does_not_push_the_page(qtbot):
    label = text_label("a" * 2_000)
    qtbot.addWidget(label)
    assert label.minimumSizeHint().width() < 400
    assert label.text() == "a" * 2_000


@pytest.fixture
def sign_in(qtbot):
    made = SignIn()
    qtbot.addWidget(made)
    made.wanted_ones = []
    made.wanted.connect(lambda *given: made.wanted_ones.append(given))
    made.show()
    return made


def test_training_offers_people_to_pick(sign_in, qtbot):
    sign_in.offer((TrainingMember("officer", PASSWORD, member(name=HOSTILE), HOSTILE),))
    assert any(label.text() == HOSTILE for label in sign_in.findChildren(QLabel))
    qtbot.mouseClick(find(sign_in, "signin.officer"), Qt.MouseButton.LeftButton)
    assert sign_in.wanted_ones == [("officer", PASSWORD)]
    assert PASSWORD not in repr(TrainingMember("officer", PASSWORD, member(), ""))


def test_the_services_moderators_stand_under_a_heading_of_their_own(sign_in, qtbot):
    neutral = replace(member(Role.NEUTRAL_MODERATOR, "n1"), agency=NEUTRAL_DESK)
    people = (TrainingMember("officer", PASSWORD, member(), ""), TrainingMember("neutral", PASSWORD, neutral, ""))
    sign_in.offer(people)
    assert "The service" in {label.text() for label in sign_in.findChildren(QLabel)}
    qtbot.mouseClick(find(sign_in, "signin.neutral"), Qt.MouseButton.LeftButton)
    assert sign_in.wanted_ones == [("neutral", PASSWORD)]


def test_the_form_wants_both_and_forgets_the_password(sign_in, qtbot):
    sign_in.offer(())
    name, word = find(sign_in, "signin.username"), find(sign_in, "signin.password")
    assert word.echoMode() is QLineEdit.EchoMode.Password
    qtbot.mouseClick(find(sign_in, "signin.send"), Qt.MouseButton.LeftButton)
    assert sign_in.wanted_ones == []
    assert any("Enter your user name" in label.text() for label in sign_in.findChildren(QLabel))
    qtbot.keyClicks(name, "one")
    qtbot.keyClicks(word, "secret")
    word.returnPressed.emit()  # a key would be released on a field that is then disabled: Qt warns
    assert sign_in.wanted_ones == [("one", "secret")]
    assert word.text() == ""


def test_a_refused_sign_in_can_be_tried_again(sign_in, qtbot):
    sign_in.offer((TrainingMember("officer", PASSWORD, member(), ""),))
    qtbot.mouseClick(find(sign_in, "signin.officer"), Qt.MouseButton.LeftButton)
    sign_in.show_error("The name or the password is not right.")
    assert sign_in.isEnabled()
    qtbot.mouseClick(find(sign_in, "signin.officer"), Qt.MouseButton.LeftButton)
    assert len(sign_in.wanted_ones) == 2


def test_opening_says_each_step_and_a_failure(qtbot):
    opening = Opening()
    qtbot.addWidget(opening)
    opening.show_progress("Building the city", 0.5)
    opening.show_failure("Porchlight could not start.", "Try again.")
    said = [label.text() for label in opening.findChildren(QLabel)]
    assert "Porchlight could not start." in said
    assert "Try again." in said
