"""Covering faces: by mouse and by keys, taken back, asked once more, and nothing left of what was covered."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from console.desktop.alerts.blurring import WHAT_TO_COVER, BlurDialog, BlurEditor
from console.desktop.alerts.picture_opening import Opened, image_of, open_picture, opened_from, saved
from console.desktop.widgets import find
from console.domain.blurring import Cover
from tests.service import picture_files as f
from tests.service.test_picture_cleaning import MADE, REFUSED


def _opened(untrusted: bytes) -> Opened:
    opened = open_picture(untrusted)
    assert isinstance(opened, Opened), opened
    return opened


@pytest.fixture
def editor(qtbot):
    made = BlurEditor(_opened(f.encoded(f.pattern(800, 600), "PNG")))
    qtbot.addWidget(made)
    made.resize(1_000, 900)
    made.show()
    qtbot.waitExposed(made)
    made.canvas.setFocus()
    return made


def _drag(editor: BlurEditor, start: tuple[int, int], end: tuple[int, int]) -> None:
    shown, canvas = editor.canvas.shown(), editor.canvas
    scale = shown.width() / 800
    at = [QPoint(round(shown.left() + x * scale), round(shown.top() + y * scale)) for x, y in (start, end)]
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=at[0])
    QTest.mouseMove(canvas, at[1])
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=at[1])


def _covers(editor: BlurEditor) -> tuple[Cover, ...]:
    return editor.canvas.covering.covers


def _near(one: Cover, other: Cover) -> bool:
    pairs = ((one.left, other.left), (one.top, other.top), (one.width, other.width), (one.height, other.height))
    return all(abs(a - b) <= 3 for a, b in pairs)


@pytest.mark.parametrize("name", MADE)
def test_an_opened_and_saved_picture_has_no_secret_left(name):
    content = saved(_opened(MADE[name]))
    for key, secret in f.SECRETS.items():
        assert secret not in content, key
    assert not Image.open(io.BytesIO(content)).getexif()


# Here larger files are opened than the service takes: they are made smaller before they leave.
LARGER_HERE = {"one byte too many", "PNG one pixel too many"}


@pytest.mark.parametrize("name", [name for name in REFUSED if name not in LARGER_HERE])
def test_what_the_service_would_refuse_is_refused_before_it_is_shown(name):
    untrusted, trouble = REFUSED[name]
    assert open_picture(untrusted) is trouble


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_turn_is_applied(orientation):
    from PIL import ImageOps

    opened = _opened(f.png(orientation=orientation, icc=False))
    holder, tag = io.BytesIO(), Image.Exif()
    tag[0x0112] = orientation
    f.pattern().save(holder, "PNG", exif=tag)
    expected = ImageOps.exif_transpose(Image.open(holder))
    assert (opened.width, opened.height) == expected.size
    assert opened.pixels == expected.tobytes()


def test_a_large_picture_is_made_smaller_and_colours_become_srgb():
    opened = _opened(f.encoded(f.pattern(7_000, 5_000), "JPEG"))
    assert (opened.width, opened.height) == (2_048, 1_463)
    red, green, blue = _opened(f.jpeg()).pixels[:3]
    assert green - max(red, blue) > 60, "red of the file's own profile is our green"


def test_pixels_come_back_as_they_were():
    opened = _opened(f.encoded(f.pattern(31, 17), "PNG"))
    assert opened_from(image_of(opened)) == opened


def test_a_cover_drawn_with_the_mouse_replaces_what_is_under_it(editor, qtbot):
    _drag(editor, (100, 100), (300, 250))
    assert len(_covers(editor)) == 1
    assert _near(_covers(editor)[0], Cover(100, 100, 200, 150))
    with qtbot.waitSignal(editor.done) as told:
        find(editor, "blur.use").click()
    made = Image.open(io.BytesIO(told.args[0])).convert("RGB")
    assert made.size == (800, 600)
    assert len({made.getpixel((x, y)) for x in range(112, 140) for y in range(112, 130)}) == 1, "flat"
    red, green, blue = made.getpixel((20, 20))
    assert red - max(green, blue) > 140


def test_a_cover_is_moved_with_the_mouse_and_one_step_takes_it_back(editor):
    _drag(editor, (100, 100), (300, 250))
    before = _covers(editor)
    _drag(editor, (200, 150), (400, 350))
    assert len(_covers(editor)) == 1
    assert _near(_covers(editor)[0], Cover(300, 300, 200, 150))
    find(editor, "blur.undo").click()
    assert _covers(editor) == before
    find(editor, "blur.undo").click()
    assert _covers(editor) == ()
    assert not find(editor, "blur.undo").isEnabled()


def test_everything_can_be_done_with_keys(editor):
    canvas = editor.canvas
    QTest.keyClick(canvas, Qt.Key.Key_N)
    assert _covers(editor) == (Cover(300, 225, 200, 150),)
    QTest.keyClick(canvas, Qt.Key.Key_Left)
    QTest.keyClick(canvas, Qt.Key.Key_Down)
    QTest.keyClick(canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(canvas, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    assert _covers(editor) == (Cover(296, 229, 204, 146),)
    assert "Cover 1 of 1: 296 from the left" in canvas.accessibleDescription()
    QTest.keyClick(canvas, Qt.Key.Key_N)
    QTest.keyClick(canvas, Qt.Key.Key_Backtab)
    assert canvas.covering.chosen == 0
    assert canvas.hasFocus()
    QTest.keyClick(canvas, Qt.Key.Key_Tab)
    assert canvas.covering.chosen == 1
    QTest.keyClick(canvas, Qt.Key.Key_Tab)
    assert not canvas.hasFocus(), "after the last cover the focus goes on"
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_Delete)
    assert len(_covers(editor)) == 1
    QTest.keyClick(canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(_covers(editor)) == 2


def test_when_nothing_is_covered_it_is_asked_once_more(editor, qtbot):
    told = []
    editor.done.connect(told.append)
    find(editor, "blur.use").click()
    assert told == []
    assert find(editor, "blur.really").isVisible()
    find(editor, "blur.back").click()
    assert not find(editor, "blur.really").isVisible()
    find(editor, "blur.use").click()
    QTest.keyClick(editor.canvas, Qt.Key.Key_N)
    assert not find(editor, "blur.really").isVisible(), "a cover answers the question"
    find(editor, "blur.undo").click()
    find(editor, "blur.use").click()
    find(editor, "blur.sure").click()
    assert len(told) == 1


def test_it_says_in_words_what_to_cover(editor):
    from PySide6.QtWidgets import QLabel

    assert WHAT_TO_COVER in {label.text() for label in editor.findChildren(QLabel)}


def test_the_picture_fits_whatever_room_there_is(editor):
    for width, height in ((640, 560), (1_366, 768), (1_920, 1_080)):
        editor.resize(width, height)
        shown = editor.canvas.shown()
        assert editor.canvas.rect().toRectF().adjusted(-1, -1, 1, 1).contains(shown)
        assert shown.width() / shown.height() == pytest.approx(800 / 600, rel=0.01)
        assert shown.width() <= 800


def test_the_dialog_gives_the_picture_or_nothing(qtbot):
    opened = _opened(f.encoded(f.pattern(200, 100), "PNG"))
    for name, expected in (("blur.cancel", 0), ("blur.use", 1)):
        dialog = BlurDialog(opened)
        told, ended = [], []
        dialog.done_with.connect(told.append)
        dialog.finished.connect(ended.append)
        dialog.open()
        dialog.editor.canvas.set_covering(dialog.editor.canvas.covering.added_in_the_middle())
        find(dialog, name).click()
        assert (len(told), len(ended)) == (expected, 1)
