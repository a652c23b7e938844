"""Pictures in the composer: opened, covered, sent once, kept while the line is cut, shown as readers see them."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from msgspec.structs import replace
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from console.client.gateway import Unreachable
from console.contract.problems import problem
from console.desktop.alerts.blurring import BlurDialog
from console.desktop.alerts.picture_opening import Opened, open_picture, saved
from console.desktop.widgets import find as find_now
from console.domain.alerts import PICTURES_MAX
from tests.desktop.alerts.alert_fakes import FakeDesk, alert, good, make, send
from tests.service import picture_files as f

JPEG = saved(Opened(bytes(range(256)) * 3 * 16, 64, 64))


def find(root, name):
    """What is there once the loop has turned: rows are made anew when a picture arrives."""
    QCoreApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return find_now(root, name)


class PictureDesk(FakeDesk):
    def __init__(self, *more, **fields):
        super().__init__(*more, **fields)
        self.sent, self.away, self.refusal, self.fetched = [], False, None, []

    async def add_picture(self, picture, key):
        self.sent.append((picture, key))
        if self.away:
            raise Unreachable
        return self.refusal or SimpleNamespace(id=f"p{len({k for _, k in self.sent})}")

    async def fetch_picture(self, picture_id):
        self.fetched.append(picture_id)
        if self.away:
            raise Unreachable
        return JPEG


def test_a_file_is_opened_for_covering_and_what_was_covered_is_sent(qtbot, tmp_path):
    file = tmp_path / "photo.jpg"
    file.write_bytes(f.jpeg())
    desk = PictureDesk()
    page = make(qtbot, desk)
    page._begin(good(place_name="Marina"))
    page.composer.pictures.take(str(file))
    (dialog,) = [w for w in QApplication.topLevelWidgets() if isinstance(w, BlurDialog) and w.isVisible()]
    find(dialog, "blur.canvas").set_covering(dialog.editor.canvas.covering.added(10, 10, 40, 40))
    find(dialog, "blur.use").click()
    ((picture, _),) = desk.sent
    assert isinstance(open_picture(picture), Opened)
    for name, secret in f.SECRETS.items():
        assert secret not in picture, name
    assert page.composer.draft.pictures == ("p1",)
    assert page.drafts.all()[0].pictures == ("p1",)
    assert not find(page, "alerts.picture_1").pixmap().isNull()
    assert not find(page.composer.card, "alerts.seen_picture_1").pixmap().isNull(), "the preview shows it"
    assert desk.fetched == [], "what was just sent is not fetched again"


@pytest.mark.parametrize("content", [b"", b"<svg/>", b"GIF89a", f.jpeg()[:300]])
def test_a_file_that_is_no_picture_is_refused_in_words(qtbot, tmp_path, content):
    file = tmp_path / "photo.jpg"
    file.write_bytes(content)
    page = make(qtbot, PictureDesk())
    page._begin(good())
    page.composer.pictures.take(str(file))
    said = find(page, "alerts.picture_said")
    assert said.isVisible()
    assert said.text().startswith("photo.jpg: ")
    page.composer.pictures.take(str(tmp_path / "gone.jpg"))
    assert "cannot be read" in said.text()


def test_a_lost_connection_loses_neither_draft_nor_picture(qtbot):
    desk = PictureDesk()
    desk.away = True
    page = make(qtbot, desk)
    page._begin(good())
    page.composer.pictures.send("d1", JPEG)
    assert "cannot be reached" in find(page, "alerts.picture_state_1").text()
    assert page.composer.draft.pictures == ()
    send(page)
    assert desk.wishes == [], "an alert does not go out without the picture that it was given"
    assert "not added yet" in find(page, "alerts.said").text()
    page.show_thing(good("d2"))
    page.show_thing(page.drafts.all()[0])
    assert "cannot be reached" in find(page, "alerts.picture_state_1").text(), "it is still there"
    desk.away = False
    find(page, "alerts.try_picture_1").click()
    assert page.composer.draft.pictures == ("p1",)
    assert len({key for _, key in desk.sent}) == 1, "tried again under the same key"
    send(page)
    assert desk.wishes[0].body.draft.pictures == ("p1",)


def test_a_refusal_is_said_and_the_picture_can_be_taken_away(qtbot):
    desk = PictureDesk()
    desk.refusal = problem("picture_broken")
    page = make(qtbot, desk)
    page._begin(good())
    page.composer.pictures.send("d1", JPEG)
    assert find(page, "alerts.picture_state_1").text().startswith("Not added. ")
    find(page, "alerts.remove_picture_1").click()
    assert page.composer.pictures.waiting("d1") == 0
    send(page)
    assert len(desk.wishes) == 1


def test_what_arrives_goes_to_the_draft_that_it_was_chosen_for(qtbot):
    page = make(qtbot, PictureDesk())
    page._begin(good("d1"))
    page._begin(good("d2"))
    page.composer.pictures.send("d1", JPEG)
    assert page.composer.draft.pictures == ()
    assert {d.id: d.pictures for d in page.drafts.all()} == {"d1": ("p1",), "d2": ()}
    page.composer.pictures.send("discarded", JPEG)
    assert {d.id for d in page.drafts.all()} == {"d1", "d2"}


def test_a_discarded_draft_takes_its_waiting_pictures_with_it(qtbot):
    desk = PictureDesk()
    desk.away = True
    page = make(qtbot, desk)
    page._begin(good())
    page.composer.pictures.send("d1", JPEG)
    find(page, "alerts.discard").click()
    assert page.composer.pictures.waiting("d1") == 0
    assert page.drafts.all() == ()


def test_pictures_are_removed_and_no_more_than_fit_are_taken(qtbot):
    desk = PictureDesk()
    page = make(qtbot, desk)
    page._begin(good(pictures=tuple(f"x{n}" for n in range(PICTURES_MAX))))
    assert desk.fetched == [f"x{n}" for n in range(PICTURES_MAX)]
    assert not find(page, "alerts.add_picture").isEnabled()
    find(page, "alerts.remove_picture_1").click()
    assert page.composer.draft.pictures == tuple(f"x{n}" for n in range(1, PICTURES_MAX))
    assert find(page, "alerts.add_picture").isEnabled()


def test_a_read_alert_shows_its_pictures_and_says_when_it_cannot(qtbot):
    desk = PictureDesk()
    shown = alert("a1", draft=good("d-a1", pictures=("x1", "x2")))
    desk.alerts = (shown,)
    page = make(qtbot, desk)
    page.show_thing(shown)
    assert not find(page.reading.card, "alerts.seen_picture_2").pixmap().isNull()
    desk.away = True
    page.show_thing(replace(shown, id="a2", draft=good("d-a2", pictures=("x3",))))
    assert "cannot be loaded" in find(page.reading.card, "alerts.seen_picture_1").text()
