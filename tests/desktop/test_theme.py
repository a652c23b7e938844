"""The colours: text 4.5:1, controls and focus rings 3:1, by day and by night; every picture that the style names is there."""

from __future__ import annotations

import os
import re
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest

from console.desktop.shell.window import BADGE_GROUND, BADGE_WORDS
from console.desktop.theme import TOKENS, chosen_ground, contrast, control_line, style_sheet

THEMES = ("day", "night")


@pytest.mark.parametrize("theme", THEMES)
def test_text_can_be_read(theme):
    t = TOKENS[theme]
    for words in ("text", "muted", "accent", "waiting", "good", "stop"):
        for ground in ("background", "surface", "raised"):
            assert contrast(t[words], t[ground]) >= 4.5, (words, ground)
    for tone in ("waiting", "good", "stop"):
        assert contrast(t[tone], t[f"{tone}_ground"]) >= 4.5, tone
    for words in ("text", "muted", "accent"):
        assert contrast(t[words], chosen_ground(theme)) >= 4.5, words
    assert contrast(t["on_accent"], t["accent"]) >= 4.5
    assert contrast("#C8D2E0", t["rail"]) >= 4.5
    assert contrast(BADGE_WORDS, BADGE_GROUND) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
def test_controls_and_focus_rings_can_be_seen(theme):
    t = TOKENS[theme]
    for ground in ("surface", "background"):
        assert contrast(control_line(theme), t[ground]) >= 3, ground
        assert contrast(t["accent"], t[ground]) >= 3, ground
    assert contrast(t["lamp"], t["rail"]) >= 3


@pytest.mark.parametrize("theme", THEMES)
def test_every_picture_of_the_style_is_there(theme):
    named = re.findall(r'url\("([^"]+)"\)', style_sheet(theme))
    assert named
    assert all(Path(picture).is_file() for picture in named)


@pytest.mark.parametrize("theme", THEMES)
def test_qt_understands_the_style(theme, qtbot, qtlog):
    from PySide6.QtWidgets import QWidget

    widget = QWidget()
    qtbot.addWidget(widget)
    widget.setStyleSheet(style_sheet(theme))
    widget.ensurePolished()
    assert [r.message for r in qtlog.records if "parse" in r.message.lower()] == []


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
