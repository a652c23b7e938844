"""Importing CAP in the alerts room: a draft with what its author has to know, or why not; nothing is sent by itself."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from console.client.gateway import Unreachable
from console.contract import endpoints as e
from console.contract.problems import problem
from console.desktop.widgets import find
from console.domain import cap as c
from console.domain.alert_cap_import import from_cap
from console.domain.findings import Field, Finding, Severity
from console.service.cap import write_cap
from tests.desktop.alerts.alert_fakes import OFFICER, FakeDesk, make
from tests.domain.test_cap import MESSAGE


class AskedDesk(FakeDesk):
    def __init__(self, answer=None, **more):
        super().__init__(**more)
        self.answer, self.asked = answer, []

    async def ask(self, endpoint, **parts):
        self.asked.append((endpoint, parts))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def file(tmp_path):
    made = tmp_path / "alert.xml"
    made.write_bytes(write_cap(MESSAGE))
    return made


def test_a_message_opens_as_a_draft_and_says_what_it_is(qtbot, file):
    found = from_cap(replace(MESSAGE, status=c.CapStatus.EXERCISE), "d7")
    desk = AskedDesk(found)
    page = make(qtbot, desk)
    page.importer.take(str(file))
    ((endpoint, parts),) = desk.asked
    assert endpoint is e.IMPORT_CAP
    assert parts["body"].xml == file.read_text()
    assert page.composer.draft == found.draft
    assert page.drafts.all() == (found.draft,)
    assert "EXERCISE" in find(page, "alerts.note").text()
    assert find(page, "alerts.note").isVisible()
    assert desk.wishes == [], "nothing is sent by itself"
    page.begin()
    assert not find(page, "alerts.note").isVisible()
    page.show_thing(found.draft)
    assert "EXERCISE" in find(page, "alerts.note").text(), "it is said again when the draft is opened again"


def test_a_refusal_is_said_in_words_and_nothing_is_opened(qtbot, file):
    stop = Finding("cap_time_shape", Severity.BLOCKS, Field.FILE, {"where": "sent", "given": "<b>x</b>"})
    page = make(qtbot, AskedDesk(problem("cap_refused", findings=(stop,))))
    page.importer.take(str(file))
    said = find(page, "alerts.import_why")
    assert said.isVisible()
    assert find(page, "alerts.import_head").text() == "Not imported: alert.xml"
    assert "<b>x</b>" in said.text()
    assert find(page, "alerts.import_another").isVisible()
    assert page.drafts.all() == ()


def test_without_the_service_it_says_so(qtbot, file, tmp_path):
    page = make(qtbot, AskedDesk(Unreachable()))
    page.importer.take(str(file))
    assert "cannot be reached" in find(page, "alerts.import_why").text()
    page.importer.take(str(tmp_path / "gone.xml"))
    assert "cannot be read" in find(page, "alerts.import_why").text()


def test_strange_times_of_a_message_are_shown_and_said_not_crashed_on(qtbot, file):
    info = replace(MESSAGE.infos[0], expires=MESSAGE.sent.replace(year=9998), onset=MESSAGE.sent.replace(year=1900))
    found = from_cap(replace(MESSAGE, infos=(info,)), "d8")
    page = make(qtbot, AskedDesk(found))
    page.importer.take(str(file))
    assert page.composer.draft == found.draft
    assert "cannot be right" in find(page, "alerts.times_stops").text()


def test_only_who_writes_alerts_may_import(qtbot):
    page = make(qtbot, AskedDesk(member=replace(OFFICER, role="auditor")))
    assert not find(page, "alerts.import").isEnabled()
