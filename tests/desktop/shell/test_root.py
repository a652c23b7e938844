"""The root: painted first, signed in, and taken down in order with exit status 0."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
import qasync
import shiboken6
from msgspec.structs import replace

from console.client.desk import Changed
from console.client.gateway import Unreachable
from console.desktop.app import Connected, ConsoleParts, run_console
from console.desktop.signin import TrainingMember
from console.desktop.widgets import find
from console.domain.members import NEUTRAL_DESK, Role
from tests.desktop.window_fakes import NOW, PASSWORD, FakeDesk, StubEngine, member


@pytest.fixture
def drive(qapp, agency, ground, tmp_path):
    """Run the console while `script(window, desk)` acts as the person; returns what is left."""
    sheet, palette = qapp.styleSheet(), qapp.palette()
    kept = []

    def run(script, *, sign_in_as="officer", connect=None, password=PASSWORD, durable=True):
        desk, engine = FakeDesk(agency), StubEngine()
        desk.durable = durable
        person = TrainingMember("officer", password, member(), "Asks.")

        async def usual(progress):
            progress("Opening", 0.5)
            await asyncio.sleep(0)
            return Connected(desk, ground, "ILCPD0000", (person,))

        async def main():
            windows = []
            parts = ConsoleParts(
                connect=connect or usual, make_engine=lambda _streets: engine, clock=lambda: NOW, theme="day",
                sign_in_as=sign_in_as, evidence_folder=tmp_path, ready=windows.append,
            )  # fmt: skip
            task = asyncio.ensure_future(run_console(parts))
            await until(lambda: windows)
            kept.append(windows[0])
            try:
                await script(windows[0], desk)
            finally:
                windows[0].close()
                status = await task
            return status

        def loop():
            made = qasync.QEventLoop(qapp)
            made.set_default_executor(ThreadPoolExecutor(1))
            return made

        with asyncio.Runner(loop_factory=loop) as runner:
            status = runner.run(asyncio.wait_for(main(), 30))
        return SimpleNamespace(status=status, desk=desk, engine=engine)

    yield run
    qapp.setStyleSheet(sheet)
    qapp.setPalette(palette)
    for window in kept:
        if shiboken6.isValid(window):
            shiboken6.delete(window)


async def until(holds):
    for _ in range(1_000):
        if holds():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not come")


def is_framed(window):
    return window.frame.isVisible()


def test_closing_ends_the_work_signs_out_and_takes_the_maps_down(drive):
    async def script(window, desk):
        await until(lambda: is_framed(window))
        await asyncio.sleep(0.05)

    left = drive(script)
    assert left.status == 0
    assert left.engine.is_down
    assert left.engine.panes[0].told[-1] == ("shutdown",) or not shiboken6.isValid(left.engine.panes[0])
    assert [c[0] for c in left.desk.called] == ["sign_in", "run ended", "sign_out", "close"]


def test_the_window_can_be_closed_before_anybody_signs_in(drive):
    async def script(window, desk):
        await until(lambda: window.first.count() == 2)

    left = drive(script, sign_in_as="")
    assert left.status == 0
    assert left.desk.called == [("close",)]
    assert left.engine.panes == []


def test_a_wrong_password_is_said_and_nothing_opens(drive):
    async def script(window, desk):
        await until(lambda: desk.called)
        await asyncio.sleep(0.05)
        assert not is_framed(window)
        said = window.first.currentWidget()._error.text()
        assert said == "The name or the password is not right. Try again, or ask your administrator."

    assert drive(script, password="wrong").status == 0


def test_what_cannot_be_connected_is_said_with_its_reason(drive):
    async def connect(progress):
        raise Unreachable

    async def script(window, desk):
        opening = window.first.currentWidget()
        await until(lambda: opening._words.text() == "Porchlight could not start.")
        assert opening._advice.text()

    assert drive(script, connect=connect).status == 0


def test_an_ended_sign_in_leads_back_to_signing_in(drive):
    async def script(window, desk):
        await until(lambda: is_framed(window))
        desk.on_changed(Changed.SIGNED_OUT)
        await asyncio.sleep(0.05)
        assert not is_framed(window)
        assert "nothing is lost" in window.first.currentWidget()._error.text()
        find(window, "signin.officer").click()
        await until(lambda: is_framed(window))

    assert drive(script).status == 0


def test_signing_out_in_the_settings_leads_back_to_signing_in(drive):
    async def script(window, desk):
        await until(lambda: is_framed(window))
        find(window, "rail.settings").click()
        find(window, "settings.theme_night").click()
        find(window, "settings.sign_out").click()
        await until(lambda: not is_framed(window))
        assert ("sign_out",) in desk.called

    assert drive(script).status == 0


def test_without_a_keyring_the_status_bar_says_so(drive):
    async def script(window, desk):
        await until(lambda: is_framed(window))
        assert "keyring" in window.status.said.text()
        assert window.status.hours.text().endswith("call 911.")

    assert drive(script, durable=False).status == 0


def test_a_neutral_moderator_signs_in_at_the_desk_and_lands_in_the_only_room(drive, agency, ground):
    neutral = replace(member(Role.NEUTRAL_MODERATOR, "n1", "Example Seven", "Moderator"), agency=NEUTRAL_DESK)
    mine = FakeDesk(replace(agency, ori=NEUTRAL_DESK, name="Porchlight neutral moderators"), Role.NEUTRAL_MODERATOR)
    person = TrainingMember("neutral", PASSWORD, neutral, "Decides.")

    async def connect(_progress):
        await asyncio.sleep(0)
        return Connected(mine, ground, agency.ori, (person,))

    async def script(window, _desk):
        await until(lambda: is_framed(window))
        assert window.rail.buttons["moderation"].isChecked()
        shown = {name for name, made in window.rail.buttons.items() if made.isVisible()}
        assert shown == {"moderation", "settings"}
        assert find(window, "moderation.empty").text().startswith("Nothing waits")
        assert window.status.hours.text() == "In an emergency neighbors are told to call 911."

    assert drive(script, sign_in_as="neutral", connect=connect).status == 0
    assert ("sign_in", NEUTRAL_DESK, "neutral") in mine.called
