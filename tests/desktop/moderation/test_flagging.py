"""The flag form: coded reasons with their explanation, 911 first, and nothing typed is lost."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from PySide6.QtWidgets import QLabel

from console.client.desk import NotSignedIn
from console.client.outbox import OutboxState
from console.contract import endpoints as e
from console.contract.problems import problem
from console.desktop.moderation.flagging import FlagForm
from console.desktop.widgets import find
from console.domain.moderation import FlagReason
from console.domain.moderation_words import FLAG_REASONS
from tests.desktop.moderation.moderation_fakes import FakeDesk, context_of


@pytest.fixture
def desk():
    return FakeDesk()


def _form(qtbot, desk, comment=""):
    form = FlagForm(context_of(desk), "p1", comment)
    form.told = []
    form.sent.connect(lambda number: form.told.append(("sent", number)))
    form.refused.connect(lambda words: form.told.append(("refused", words)))
    qtbot.addWidget(form)
    form.show()
    return form


def test_every_reason_is_offered_with_a_line_of_explanation(qtbot, desk):
    form = _form(qtbot, desk)
    said = {label.text() for label in form.findChildren(QLabel)}
    for reason in FlagReason:
        assert find(form, f"flag.{reason.value}").text() == FLAG_REASONS[reason].name
        assert FLAG_REASONS[reason].explains in said
    assert not find(form, "flag.send").isEnabled()


@pytest.mark.parametrize(
    ("comment", "row", "path"),
    [
        ("", e.FLAG_POST, {"post_id": "p1"}),
        ("c1", e.FLAG_COMMENT, {"post_id": "p1", "comment_id": "c1"}),
    ],
)
def test_it_makes_the_wish_and_says_that_it_was_sent(qtbot, desk, comment, row, path):
    form = _form(qtbot, desk, comment)
    find(form, "flag.threat").setChecked(True)
    find(form, "flag.words").setPlainText("  Read the end. ")
    find(form, "flag.send").click()
    (wish,) = desk.kept
    assert (wish.endpoint, wish.path) == (row, path)
    assert (wish.body.reason, wish.body.words) == (FlagReason.THREAT, "Read the end.")
    assert form.told == [("sent", "PL-1")]
    assert not find(form, "flag.send").isEnabled(), "one flag is one flag"


def test_an_emergency_says_911_first(qtbot, desk):
    form = _form(qtbot, desk)
    assert not find(form, "flag.emergency_notice").isVisible()
    find(form, "flag.emergency").setChecked(True)
    assert find(form, "flag.emergency_notice").isVisible()
    assert "Call 911 first" in find(form, "flag.emergency_notice").text()
    find(form, "flag.spam").setChecked(True)
    assert not find(form, "flag.emergency_notice").isVisible()


def test_a_refusal_is_said_and_what_was_typed_stays(qtbot, desk):
    desk.outcome = SimpleNamespace(state=OutboxState.REFUSED, receipt=None, problem=problem("not_found"), last_error="")
    form = _form(qtbot, desk)
    find(form, "flag.spam").setChecked(True)
    find(form, "flag.words").setPlainText("Third time.")
    find(form, "flag.send").click()
    assert form.told[0][0] == "refused"
    assert find(form, "flag.said").text().startswith("Not sent. There is nothing here by that name.")
    assert find(form, "flag.words").toPlainText() == "Third time."
    assert find(form, "flag.send").isEnabled()


def test_without_a_sign_in_it_says_so(qtbot, desk):
    def keep(_wish):
        raise NotSignedIn

    desk.keep = keep
    form = _form(qtbot, desk)
    find(form, "flag.spam").setChecked(True)
    find(form, "flag.send").click()
    assert "Sign in again" in find(form, "flag.said").text()


def test_too_many_words_are_not_sent(qtbot, desk):
    form = _form(qtbot, desk)
    find(form, "flag.spam").setChecked(True)
    find(form, "flag.words").setPlainText("x" * 501)
    assert not find(form, "flag.send").isEnabled()
    assert "These are 501" in find(form, "flag.said").text()
