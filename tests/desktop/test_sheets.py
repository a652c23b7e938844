"""Sheets and records: whole files or none, text as it is, the picture inside."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtPdf import QPdfDocument

from console.desktop.context import Context
from console.desktop.requests.facts import record_of
from console.desktop.requests.show import RequestView
from console.desktop.sheets import NotSaved, save_bytes, save_pdf, save_png, save_record, sheet
from console.domain.requests import State
from tests.desktop.window_fakes import FakeDesk, StubPane, lakeside, square_ground
from tests.request_fakes import NOW, draft, request, step

HOSTILE = "<img src='file:///etc/passwd'><b>x</b> {{ 7 }} &amp; <script>alert(1)</script>"


@pytest.fixture
def picture(qapp) -> QImage:
    made = QImage(640, 320, QImage.Format.Format_RGB32)
    made.fill(QColor("#336699"))
    return made


def pages(path) -> list[str]:
    document = QPdfDocument()
    assert document.load(str(path)) == QPdfDocument.Error.None_
    return [document.getAllText(n).text() for n in range(document.pageCount())]


def test_a_record_tells_its_parts_as_they_are(picture, tmp_path):
    save_record(picture, tmp_path / "r.pdf", "PL-1: Porch", [("Text", HOSTILE), ("History", "one\ntwo")])
    (text,) = pages(tmp_path / "r.pdf")
    flat = " ".join(text.split())
    assert "PL-1: Porch" in flat
    assert "<script>alert(1)</script>" in flat
    assert "file:///etc/passwd" in flat
    assert "root:" not in flat


def test_a_long_record_takes_more_pages(picture, tmp_path):
    save_record(picture, tmp_path / "r.pdf", "PL-1", [("Text", "A line of words.\n" * 200)])
    assert len(pages(tmp_path / "r.pdf")) > 2


def test_the_picture_is_on_the_page(picture, tmp_path):
    save_record(picture, tmp_path / "r.pdf", "PL-1", [("Text", "Words")])
    document = QPdfDocument()
    document.load(str(tmp_path / "r.pdf"))
    shown = document.render(0, document.pagePointSize(0).toSize())
    blue = QColor("#336699")
    found = sum(
        abs(shown.pixelColor(x, y).blue() - blue.blue()) < 8 and abs(shown.pixelColor(x, y).red() - blue.red()) < 8
        for x in range(0, shown.width(), 8)
        for y in range(0, shown.height(), 8)
    )
    assert found > 400


def test_a_sheet_has_head_and_foot_at_any_scale(picture, tmp_path):
    picture.setDevicePixelRatio(2.0)
    whole = sheet(picture, "Title " * 80, "Line", "Foot")
    assert whole.devicePixelRatio() == 2.0
    assert (whole.width(), whole.height()) == (640, 320 + 2 * 88)
    save_pdf(whole, tmp_path / "s.pdf", "Title")
    assert len(pages(tmp_path / "s.pdf")) == 1


@pytest.mark.parametrize("save", ["png", "pdf", "bytes", "record"])
def test_a_file_that_cannot_be_written_is_said_and_none_is_left(picture, tmp_path, save):
    path = tmp_path / "missing" / "a"
    with pytest.raises(NotSaved):
        {
            "png": lambda: save_png(picture, path),
            "pdf": lambda: save_pdf(picture, path, "T"),
            "bytes": lambda: save_bytes(b"x", path),
            "record": lambda: save_record(picture, path, "T", []),
        }[save]()
    assert list(tmp_path.iterdir()) == []


def test_a_request_saves_its_record_with_its_map(qtbot, picture, tmp_path):
    desk, said, panes = FakeDesk(lakeside()), [], []

    def new_pane(title):
        panes.append(StubPane(title))
        panes[-1].picture = picture
        return panes[-1]

    context = Context(
        desk=desk, ground=square_ground(), agency=lakeside(), clock=lambda: NOW, theme=lambda: "day",
        start=lambda c: c.close(), new_pane=new_pane, open_wizard=lambda _d: None, open_request=lambda _i: None,
        say=said.append, training=(), evidence_folder=tmp_path,
    )  # fmt: skip
    desk.session = SimpleNamespace(member=request(1).author)
    history = (step("submit", "", "pending", 1), step("approve", "pending", "approved", 2))
    one = request(1, State.PUBLISHED, asks=draft(1, text=HOSTILE), history=history)
    view = RequestView(context)
    qtbot.addWidget(view)
    view.show_request(one)
    view.save_record(one, tmp_path / "r.pdf")
    text = " ".join(" ".join(pages(tmp_path / "r.pdf")).split())
    for words in ("R-1: Burglary 1", "2026-018-000431", "Approved", "Published", "<b>x</b>"):
        assert words in text
    assert said[-1] == "The record of R-1 is saved as r.pdf."
    assert dict(record_of(context, one))["History"].count("\n") == 1
