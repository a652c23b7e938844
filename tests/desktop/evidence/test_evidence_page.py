"""Evidence: what a clip is, its hash, its custody; what was fetched to play is deleted."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

from PySide6.QtCore import Qt

from console.client.clips import ClipDamaged
from console.client.desk import Changed, Connection
from console.desktop.context import Context
from console.desktop.evidence.page import EvidencePage
from console.desktop.widgets import find
from console.domain.evidence import Clip, CustodyEntry

NOW = datetime(2026, 5, 4, 15, 0, tzinfo=UTC)


def clip(n: int, claimed=None) -> Clip:
    return Clip(f"c{n}", "r1", "R-1", f"Neighbor #{n}", f"{n:064x}", 2_500_000, 42.0, claimed, NOW - timedelta(hours=n))


class FakeDesk:
    def __init__(self, clips=()):
        self.clips = tuple(clips)
        self.requests = ()
        self.connection = Connection.CONNECTED
        self.fetched: list[Path] = []
        self.damaged = False
        self.exported = []

    async def clip_record(self, clip_id):
        entry = CustodyEntry(clip_id, "received", "service", NOW, "<b>plain</b>")
        return SimpleNamespace(custody=(entry,), case_number="2026-1")

    async def fetch_clip(self, clip, target, progress):
        if self.damaged:
            raise ClipDamaged
        progress(1, 2)
        target.write_bytes(b"bytes")
        self.fetched.append(target)

    async def export(self, clips, folder, reason):
        self.exported.append((clips, folder, reason))
        return folder / "made"


def make(qtbot, desk, tmp_path) -> EvidencePage:
    page = EvidencePage(
        Context(
            desk=desk,
            ground=None,
            agency=SimpleNamespace(name="Lakeside", time_zone="America/Chicago"),
            clock=lambda: NOW,
            theme=lambda: "day",
            start=asyncio.run,
            new_pane=lambda _t: None,
            open_wizard=lambda _d: None,
            open_request=lambda _i: None,
            say=lambda _t: None,
            training=(),
            evidence_folder=tmp_path,
        )
    )
    qtbot.addWidget(page)
    page.resize(1290, 700)
    page.show()
    page.grab()
    return page


def test_the_newest_clip_is_shown_with_its_hash_and_custody(qtbot, tmp_path):
    page = make(qtbot, FakeDesk([clip(3), clip(1, NOW)]), tmp_path)
    assert [c.id for c in page.model.rows()] == ["c1", "c3"]
    mono = find(page, "evidence.sha256")
    assert mono.text() == f"{1:064x}"
    assert mono.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse
    assert find(page, "evidence.claim").text().endswith("(not proved)")
    assert "<b>plain</b>" in find(page, "evidence.custody").text()
    page.go_down()
    assert find(page, "evidence.claim").text() == "The file claims no time"


def test_what_was_fetched_to_play_is_deleted(qtbot, tmp_path, monkeypatch):
    desk = FakeDesk([clip(1), clip(2)])
    page = make(qtbot, desk, tmp_path)
    played = []
    monkeypatch.setattr(page._details._player, "play", played.append)
    find(page, "evidence.play").click()
    assert played == desk.fetched
    assert played[0].exists()
    page.go_down()
    assert not played[0].parent.exists()
    find(page, "evidence.play").click()
    page.refresh(Changed.SIGNED_OUT)
    assert not played[1].parent.exists()


def test_a_damaged_recording_is_said(qtbot, tmp_path):
    desk = FakeDesk([clip(1)])
    desk.damaged = True
    page = make(qtbot, desk, tmp_path)
    find(page, "evidence.play").click()
    assert "thrown away" in find(page, "evidence.play_said").text()
    assert find(page, "evidence.play").isEnabled()


def test_export_says_where_and_how_to_check(qtbot, tmp_path):
    desk = FakeDesk([clip(1)])
    page = make(qtbot, desk, tmp_path)
    find(page, "evidence.export").click()
    made = tmp_path / "made"
    words = f"Exported to {made}. Check it any time: porchlight verify {made}"
    assert find(page, "evidence.exported").text() == words
    assert desk.exported == [(("c1",), tmp_path, "")]
    find(page, "evidence.folder").setText("somewhere")
    find(page, "evidence.export").click()
    assert "whole path" in find(page, "evidence.export_error").text()


def test_no_clips_yet(qtbot, tmp_path):
    page = make(qtbot, FakeDesk(), tmp_path)
    assert find(page, "evidence.empty").text().startswith("No clips yet. When a neighbor shares")
