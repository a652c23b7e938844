"""The steps: an officer asks, a supervisor approves, a neighbour shares, a clip arrives; the public looks on."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import msgspec
from playwright.sync_api import Page, expect, sync_playwright

from tests.tour.screen import PROJECT, Screen, TourFailed

CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync"]  # fmt: skip
YEAR = time.strftime("%Y")
CASE = f"{YEAR}-012-000431"
TITLE = "Were your cameras on near the corner?"
TEXT = "A bicycle was taken from a back porch. Recordings of the street or alley may help. Sharing is your choice."


class Tour:
    """One run of the tour in folders of its own."""

    def __init__(self, folder: Path, shots: Path) -> None:
        self.folder, self.shots = folder, shots
        self.home = folder / "console"
        self.held = 0
        self.screens: list[Screen] = []
        self.figures: dict[str, float] = {}

    def run(self) -> None:
        """All steps, in order."""
        self.officer = self._screen("officer", "1366x768", "--as", "officer", "--theme", "day", "--pace", "3600")
        self.newcomer()
        self.ask()
        self.crash()
        self.send_while_the_service_is_away()
        self.review()
        self.neighbour()
        self.evidence()
        self.public()
        self.by_keys_alone()
        self.leave()

    def end(self) -> None:
        """Leave nothing running."""
        for screen in self.screens:
            screen.end()
        pid = self._service_pid()
        if pid is not None:
            os.kill(pid, signal.SIGCONT)
            os.kill(pid, signal.SIGKILL)

    def saw(self, what: str) -> None:
        """Print what was seen."""
        self.held += 1
        print(f"  ✓ {what}", flush=True)

    def step(self, title: str) -> None:
        """A heading."""
        print(title, flush=True)

    def check(self, holds: Any, what: str) -> None:
        """It held, or the tour fails."""
        if not holds:
            raise TourFailed(what)
        self.saw(what)

    def _screen(self, name: str, size: str, *arguments: str) -> Screen:
        screen = Screen(name, size, self.home, self.shots, *arguments)
        self.screens.append(screen)
        return screen

    def _service_pid(self) -> int | None:
        """The training service's process of this run, found by its folder's listening file."""
        found = subprocess.run(["pgrep", "-f", "console training-service"], capture_output=True, text=True, check=False)
        mine = str(self.folder)
        for pid in found.stdout.split():
            files = Path(f"/proc/{pid}/fd")
            try:
                if any(mine in str(f.readlink()) for f in files.iterdir()):
                    return int(pid)
            except OSError:
                continue
        return None

    # -- the steps -------------------------------------------------------------------------------------------------

    def newcomer(self) -> None:
        self.step("1. A newcomer opens the console in the training city")
        screen = self.officer
        found = screen.wait("MapPane", 90, lambda f: f["drawn"] > 0)
        self.saw(f"the map is drawn: {found['drawn']} paths")
        feed = screen.wait("feed.count", 30, lambda f: re.search(r"[1-9]", f["text"]))
        self.saw(f"the feed says: {feed['text']}")
        screen.wait("top.connection", 20, lambda f: "Connected" in f["text"])
        time.sleep(1.5)
        screen.shot("1-map")

    def ask(self) -> None:
        self.step("2. The officer asks for video, step by step")
        screen = self.officer
        screen.click("rail.requests")
        screen.click("requests.new")
        screen.enter("wizard.case_number", CASE)
        self.saw(f"case number typed: {CASE}")
        screen.enter("wizard.offence_search", "porch")
        screen.keys("Tab", "Down", "Up")
        screen.wait("wizard.offence_chosen", 10, lambda f: "Chosen" in f["text"])
        self.saw(screen.tell("wizard.offence_chosen")["text"])
        screen.click("wizard.use_time")
        screen.click("wizard.street")
        screen.type("W 18th St")
        screen.keys("Return")
        place = screen.wait("wizard.place", 10, lambda f: "18th" in f["text"])
        self.saw(f"the place: {place['text']}")
        screen.shot("2-incident")
        screen.click("wizard.next")
        screen.click("wizard.preset_1h")
        screen.wait("wizard.timeline")
        time.sleep(0.5)
        screen.shot("2-window")
        screen.click("wizard.next")
        pane = screen.wait("MapPane", 40, lambda f: f["drawn"] > 0)
        self.saw(f"the area's map is drawn: {pane['drawn']} paths")
        time.sleep(1.5)
        screen.click("wizard.tool_circle")
        time.sleep(0.3)
        screen.drag("MapPane", (0.5, 0.5), (0.5, 0.24))
        read = screen.wait("wizard.readout", 10, lambda f: "homes" in f["text"])
        self.saw(f"while drawing: {read['text']}")
        if not self._area_fits(screen):
            screen.click("wizard.fit")
            self._until_area_fits(screen)
            self.saw("the fitting circle that was offered: " + screen.tell("wizard.readout")["text"])
        time.sleep(1)
        screen.shot("2-area")
        screen.click("wizard.next")
        screen.enter("wizard.title", TITLE)
        screen.enter("wizard.text", TEXT)
        screen.enter("wizard.contact", "officer.one@lakeside.example.org")
        time.sleep(1.2)
        screen.shot("2-words")

    def _area_fits(self, screen: Screen) -> bool:
        words = screen.tell("LimitsPanel")["labels"]
        area = words.split("Area", 1)[-1].split("Words", 1)[0]
        return "too" not in area and "No area" not in area and "m from" not in area

    def _until_area_fits(self, screen: Screen) -> None:
        end = time.monotonic() + 10
        while not self._area_fits(screen):
            if time.monotonic() > end:
                raise TourFailed("the offered circle does not fit")
            time.sleep(0.1)

    def crash(self) -> None:
        self.step("   kill -9 of the console, and a new start")
        screen = self.officer
        screen.kill()
        screen.start()
        screen.wait("MapPane", 90, lambda f: f["drawn"] > 0)
        screen.click("rail.requests")
        screen.wait("requests.list", 10, lambda f: TITLE in f["text"] + f["labels"])
        screen.click("requests.list", at=(0.5, 0.04))
        screen.click("requests.continue")
        screen.click("wizard.step_words")
        kept = screen.wait("wizard.text", 10, lambda f: TEXT in f["text"])
        self.saw(f"the draft is there: “{kept['text'][:38]}…”")
        screen.click("wizard.step_incident")
        screen.wait("wizard.case_number", 10, lambda f: f["text"] == CASE)
        screen.click("wizard.step_send")
        time.sleep(0.8)
        screen.shot("2-send")

    def send_while_the_service_is_away(self) -> None:
        self.step("   the service is away while it is sent")
        screen = self.officer
        pid = self._service_pid()
        self.check(pid is not None, "the service runs in a process of its own")
        assert pid is not None
        self.supervisor = self._screen("supervisor", "1920x1080", "--as", "supervisor", "--theme", "night")
        self.supervisor.wait("MapPane", 90, lambda f: f["drawn"] > 0)
        self.supervisor.shot("1-map-night")
        self.supervisor.click("rail.review")
        self.supervisor.wait("review.empty", 20)
        os.kill(pid, signal.SIGSTOP)
        screen.click("wizard.send")
        waiting = screen.wait("status.outbox", 20, lambda f: "Waiting to be sent" in f["text"])
        self.saw(f"the status bar says: {waiting['text']}")
        found = screen.tell("wizard.receipt")
        self.check(not found["found"], "no receipt is shown while the service is silent")
        time.sleep(1)
        screen.shot("2-waiting")
        os.kill(pid, signal.SIGCONT)
        begun = time.monotonic()
        receipt = screen.wait("wizard.receipt", 60)
        self.figures["receipt_after_return_s"] = time.monotonic() - begun
        self.saw(f"the service is back and signed: {receipt['text']}")
        screen.wait("status.outbox", 20, lambda f: "Nothing" in f["text"])
        screen.shot("2-receipt")

    def review(self) -> None:
        self.step("3. The supervisor, in a second console, decides")
        screen = self.supervisor
        listed = screen.wait("review.count", 20, lambda f: "1" in f["text"])
        self.saw(f"it appeared without a refresh: {listed['text']}")
        self.check(self._how_often_pending() == 1, "it was sent once")
        screen.click("review.list", at=(0.5, 0.05))
        screen.wait("review.title", 10, lambda f: TITLE in f["text"])
        screen.wait("MapPane", 40, lambda f: f["drawn"] > 0)
        time.sleep(2)
        screen.shot("3-review")
        screen.keys("a")
        screen.click("review.confirm_approve")
        result = screen.wait("review.result", 20, lambda f: "pproved" in f["text"])
        self.saw(result["text"].splitlines()[0])
        screen.shot("3-approved")

    def _how_often_pending(self) -> int:
        return self.supervisor.tell("review.list")["text"].count(TITLE)

    def neighbour(self) -> None:
        self.step("4. A neighbor, in a browser, decides")
        screen = self.officer
        screen.click("rail.settings")
        link = screen.wait("settings.link", 20, lambda f: f["text"].startswith("http"))["text"]
        base = re.match(r"https?://[^/]+", link)
        assert base is not None
        self.base_url = base.group()
        clip = self._clip()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
            page = browser.new_page(viewport={"width": 1366, "height": 900})
            page.goto(link)
            expect(page.locator("#announcement")).to_be_visible()
            self.saw("the announcement, once: " + page.locator("#announcement").inner_text().split("\n")[0][:70])
            page.locator("#put-away").click()
            request = page.locator(".request").first
            expect(request).to_contain_text(TITLE)
            self.saw("the request is on the page, with who asks and what sharing would reveal")
            page.wait_for_timeout(2500)
            page.screenshot(path=self.shots / "4-neighbour.png", full_page=True)
            self._opt_out_and_back(page)
            request = page.locator(".request").first
            request.locator(".share-files").set_input_files([str(clip), str(PROJECT / "pyproject.toml")])
            request.locator(".share-send").click()
            page.wait_for_function("() => /no video/i.test(document.body.innerText)", timeout=60_000)
            self.saw("a file that is no video is refused in words; the recording was taken")
            page.screenshot(path=self.shots / "4-shared.png", full_page=True)
            browser.close()

    def _opt_out_and_back(self, page: Page) -> None:
        page.locator("#opt-out").check(force=True)
        page.wait_for_timeout(800)
        page.reload()
        expect(page.locator(".request")).to_have_count(0)
        page.locator("#opt-out").uncheck(force=True)
        page.wait_for_timeout(800)
        page.reload()
        expect(page.locator(".request").first).to_contain_text(TITLE)
        self.saw("opted out: no request; switched back: there it is")

    def _clip(self) -> Path:
        real = PROJECT.parent / "shared" / "data" / "video" / "iphone6_with-gps.mov"
        if real.exists():
            return real
        made = self.folder / "made.mp4"
        print("  (the real clips are absent: a made one is shared)", flush=True)
        subprocess.run(
            [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-f", "lavfi", "-i", "testsrc=duration=4", made],
            check=True,
        )
        return made

    def evidence(self) -> None:
        self.step("5. The clip arrives at the officer")
        screen = self.officer
        screen.click("rail.evidence")
        listed = screen.wait("evidence.list", 30, lambda f: "Neighbor #" in f["text"])
        self.saw("arrived live: " + listed["text"].splitlines()[0])
        screen.click("evidence.list", at=(0.5, 0.04))
        sha = screen.wait("evidence.sha256", 15, lambda f: len(f["text"].strip()) >= 64)
        self.saw(f"SHA-256 {sha['text'][:16]}…")
        screen.click("evidence.play")
        time.sleep(4)
        screen.shot("5-evidence")
        screen.scroll_to("evidence.export", "evidence.sha256")
        screen.enter("evidence.folder", str(self.folder / "export"))
        screen.click("evidence.export")
        screen.scroll_to("evidence.exported", "evidence.sha256")
        said = screen.wait("evidence.exported", 30, lambda f: "verify" in f["text"])
        self.saw(said["text"].splitlines()[0][:80])
        screen.shot("5-exported")
        folder = next(m.parent for m in (self.folder / "export").rglob("manifest.json"))
        verify = [sys.executable, "-m", "console", "verify", str(folder)]
        good = subprocess.run(verify, capture_output=True, text=True, check=False, cwd=PROJECT)
        self.check(good.returncode == 0, "porchlight verify: " + good.stdout.strip().splitlines()[-1])
        clip = next(folder.glob("*.mp4"))
        with clip.open("r+b") as file:
            file.seek(100)
            file.write(b"\x00\x01\x02")
        bad = subprocess.run(verify, capture_output=True, text=True, check=False, cwd=PROJECT)
        self.check(bad.returncode == 1, "after three bytes were changed: " + bad.stdout.strip().splitlines()[-1])

    def public(self) -> None:
        self.step("6. The public, without an account")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
            page = browser.new_page(viewport={"width": 1366, "height": 900})
            failures: list[str] = []
            page.on("pageerror", lambda error: failures.append(str(error)))
            page.on("request", lambda r: None if r.url.startswith((self.base_url, "data:")) else failures.append(r.url))
            page.goto(self.base_url + "/")
            page.wait_for_timeout(3000)
            frame = page.frame_locator("iframe").first
            paths = frame.locator("path").count()
            self.check(paths > 0 or frame.locator("canvas").count() > 0, "the Active Agency Map is drawn")
            expect(page.get_by_text("Lakeside Police").first).to_be_visible()
            page.screenshot(path=self.shots / "6-agency-map.png")
            page.goto(self.base_url + "/agencies/ZZ0000001")
            expect(page.get_by_text(TITLE).first).to_be_visible()
            expect(page.get_by_text(CASE).first).to_be_visible()
            page.wait_for_timeout(2500)
            page.screenshot(path=self.shots / "6-agency-page.png", full_page=True)
            self.check(
                not failures, f"the request is public in full; nothing else was loaded ({failures[:2] or 'clean'})"
            )
            browser.close()

    def by_keys_alone(self) -> None:
        """No widget is looked for: what is pressed is what a person would press, at the speed of a fair typist."""
        self.step("7. A second request, with the keyboard alone")
        screen = self.officer
        begun = time.monotonic()
        screen.keys("ctrl+3", "ctrl+n")
        screen.wait("wizard.case_number")
        words = (
            (f"{YEAR}-018-000077", "Return"),
            ("hit and run", "Return"),
            ("", "Return"),
            ("Halsted & 18th", "Return", "Return"),
            ("", "Return"),
            ("", "Return", "ctrl+Return"),
            ("Parked car hit at the corner", "Return"),
            (
                "A parked car was hit and the driver left. Recordings of the street may help. Sharing is your choice.",
                "Tab",
            ),
            ("officer.one@lakeside.example.org", "Return"),
        )
        for text, *keys in words:
            if text:
                screen.type(text, delay_ms=70)
            time.sleep(0.4)  # a person looks before going on
            screen.keys(*keys)
            time.sleep(0.3)
        screen.keys("Return", "Return")
        self.check(not screen.tell("wizard.receipt")["found"], "Enter alone does not send it")
        screen.shot("7-before-sending")
        screen.keys("ctrl+Return")
        receipt = screen.wait("wizard.receipt", 20)
        took = time.monotonic() - begun
        self.figures["keyboard_alone_s"] = took
        self.check(took < 60, f"from Ctrl+N to the receipt in {took:.0f} s: {receipt['text']}")
        screen.shot("7-sent")

    def leave(self) -> None:
        self.step("8. Everybody leaves")
        for screen in (self.supervisor, self.officer):
            status = screen.close()
            self.check(status == 0, f"the {screen.name}'s console ended with status {status}")
        time.sleep(0.2)


def figures(tour: Tour) -> bytes:
    """What the tour measured on the way."""
    return msgspec.json.encode(tour.figures)
