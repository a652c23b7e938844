"""A thousand hostile posts through every place of the console that shows a neighbor's words: nothing is opened or run."""

from __future__ import annotations

import ctypes
import json
import os
import struct
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QImage
from PySide6.QtWidgets import QLabel, QToolTip

from console.client.desk import Changed
from console.desktop.feed.answering import Answering
from console.desktop.feed.listing import SAVED_SETTING
from console.desktop.feed.model import THING_ROLE
from console.desktop.feed.notices import QUIET_SETTING, Notices
from console.desktop.feed.room import FeedRoom
from console.desktop.sheets import save_record
from console.desktop.widgets import find
from console.domain import saved_filters
from console.domain.feed import Comment, Post
from console.domain.places import Point
from console.domain.saved_filters import QuietHours, SavedFilter
from console.domain.sheet import as_csv, as_geojson, entry_of_post
from tests.client.client_fakes import NOW, make_post
from tests.desktop.feed.test_room import Desk, context_of
from tests.hostile import ADDRESSES, FILE, hostile_texts

COUNT = 1_000
IN_OPEN, IN_ACCESS = 0x20, 0x01


class Trap:
    """A file that the hostile texts name; every opening of it by this process is noticed (inotify)."""

    def __init__(self) -> None:
        self.path = Path("/tmp") / FILE
        self.path.write_bytes(b"\x89PNG\r\n\x1a\n")
        libc = ctypes.CDLL(None, use_errno=True)
        self._fd = libc.inotify_init1(os.O_NONBLOCK)
        libc.inotify_add_watch(self._fd, str(self.path).encode(), IN_OPEN | IN_ACCESS)

    def opened(self) -> int:
        try:
            return len(os.read(self._fd, 65_536)) // struct.calcsize("iIII")
        except BlockingIOError:
            return 0

    def close(self) -> None:
        os.close(self._fd)
        self.path.unlink()


@pytest.fixture
def trap():
    made = Trap()
    with made.path.open("rb"):
        pass
    assert made.opened(), "the trap itself must be able to notice"
    yield made
    made.close()


@pytest.fixture
def asked(monkeypatch):
    """The addresses that somebody asked the desktop to open."""
    addresses: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: addresses.append(QUrl(url).toString()) or True)
    return addresses


def hostile_posts() -> list[Post]:
    made = []
    for n, hostile in enumerate(hostile_texts(COUNT)):
        comment = Comment(f"c{n}", hostile.text[:200], False, hostile.text, NOW)
        made.append(
            msgspec.structs.replace(
                make_post(n + 1),
                title=hostile.text[:300],
                text=hostile.text,
                author=hostile.text[:60],
                place_name=hostile.text[:80],
                comments=(comment,) if n % 7 == 0 else (),
            )
        )
    return made


def process() -> None:
    QCoreApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def desk(qapp, tmp_path):
    made = Desk(tmp_path)
    made.put(*hostile_posts())
    yield made
    made.settle()
    made.vault.close()
    made.loop.close()


@pytest.mark.timeout(280)
def test_a_thousand_hostile_posts_open_nothing_and_run_nothing(desk, qtbot, trap, asked, tmp_path, caplog):
    room = FeedRoom(context_of(desk))
    qtbot.addWidget(room)
    room.resize(1290, 690)
    room.show()
    find(room, "feed.view.all").click()
    desk.settle()
    model, view = room.listing.model, find(room, "room.list")
    while model.canFetchMore(model.index(-1)):
        model.fetchMore(model.index(-1))
        desk.settle()
    assert model.rowCount() == COUNT
    seen = set()
    for row in range(COUNT):
        index = model.index(row)
        post = index.data(THING_ROLE)
        seen.add(post.id)
        view.setCurrentIndex(index)  # opens it: thread, title, comments, answering box
        QToolTip.showText(view.mapToGlobal(view.rect().center()), view.toolTip())
        if row % 25 == 0:
            process()
            room.grab()  # paints list and page
            assert all(label.textFormat().name == "PlainText" for label in room.findChildren(QLabel))
    process()
    assert len(seen) == COUNT
    # A search made of each text raises nothing and leaves the list usable.
    for hostile in hostile_texts(60):
        find(room, "room.search").setText(hostile.text[:300])
        room._searched()
        desk.settle()
    find(room, "room.search").setText("")
    room._searched()
    desk.settle()
    room.refresh(Changed.POSTS)
    # The clipboard carries text only.
    label = next(label for label in room.findChildren(QLabel) if label.property("testName") == "feed.text")
    QGuiApplication.clipboard().setText(label.text())
    assert not QGuiApplication.clipboard().mimeData().hasHtml()
    room.shut()
    desk.settle()
    process()
    assert trap.opened() == 0
    assert asked == []
    assert not [r for r in caplog.records if "hostile-" in r.getMessage()], "no neighbor's words in a log"


def test_no_notification_bears_a_neighbors_words(desk, qapp, trap):
    desk.settings[QUIET_SETTING] = msgspec.json.encode(QuietHours("00:00", "00:00")).decode()
    desk.settings[SAVED_SETTING] = saved_filters.write((SavedFilter("All", "", notify=True),))
    said = []
    notices = Notices(context_of(desk), said.append)
    fresh = [msgspec.structs.replace(post, at=NOW.replace(year=NOW.year + 1)) for post in hostile_posts()[:50]]
    desk.put(*(msgspec.structs.replace(post, id=f"new-{n}") for n, post in enumerate(fresh)))
    notices.look()
    desk.settle()
    assert [notice.title for notice in said] == ["All: 50 new posts"]
    assert not any("hostile-" in notice.title + notice.text for notice in said)
    notices.shut()
    assert trap.opened() == 0


def test_files_that_are_saved_hold_the_words_as_words(qapp, tmp_path, trap):
    posts = [post for post in hostile_posts() if len(post.text) <= 5_000]
    zone = NOW.tzinfo
    entries = [entry_of_post(post, Point(41.85, -87.66)) for post in posts]
    table = as_csv(entries, zone)
    rows = table.splitlines()
    assert all(not cell.lstrip("\ufeff").startswith(("=", "+", "-", "@", "\t", "\r")) for cell in rows)
    assert len(json.loads(as_geojson(entries, zone))["features"]) == len(entries)
    picture = QImage(200, 100, QImage.Format.Format_RGB32)
    for n, post in enumerate(posts[:40]):
        target = tmp_path / f"{n}.pdf"
        save_record(picture, target, post.title, (("Title", post.title), ("Text", post.text), ("From", post.author)))
        content = target.read_bytes()
        assert content.startswith(b"%PDF")
        assert b"/URI" not in content, "no link in a record"
        assert not any(address.encode() in content for address in ADDRESSES if "/Launch" in content.decode("latin-1"))
    assert trap.opened() == 0


def test_a_hostile_text_in_the_answering_box_stays_text(desk, qtbot, trap):
    box = Answering(context_of(desk))
    qtbot.addWidget(box)
    box.show()
    box.show_post(make_post(1))
    answer = find(box, "feed.answer")
    for hostile in hostile_texts(200, long_every=0):
        answer.setPlainText(hostile.text)
    process()
    assert trap.opened() == 0
