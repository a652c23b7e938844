"""The feed desk as a press officer uses it, with real mouse and keys, on a real service.

`python -m tests.tour.feed`: every step is printed with what was seen; the exit status is 0 only if every step held.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

from tests.tour.screen import Screen, TourFailed, walk


class FeedTour:
    """One press officer, one desk."""

    def __init__(self, folder: Path, shots: Path) -> None:
        self.held = 0
        arguments = ("--as", "moderator", "--theme", "day", "--pace", "3600")
        self.screen = Screen("feed", "1366x768", folder / "console", shots, *arguments)

    def saw(self, holds: Any, what: str) -> None:
        """It held, or the tour fails."""
        if not holds:
            self.screen.shot("failed")
            raise TourFailed(what)
        self.held += 1
        print(f"  \u2713 {what}", flush=True)

    def text(self, name: str, holds: Any) -> str:
        """What a widget says, once it holds."""
        return str(self.screen.wait(name, 20, lambda f: holds(f["text"]))["text"])

    def run(self) -> None:
        """All steps, in order."""
        print("The feed desk")
        screen = self.screen
        screen.wait("rail.feed", 90)
        time.sleep(2)
        screen.click("rail.feed")
        count = self.text("room.count", lambda t: t.replace(",", "").isdigit() and int(t.replace(",", "")) > 250)
        self.saw(count, f"the whole feed is at the desk: {count} posts to look at")
        screen.keys("j")
        first = self.text("feed.text", bool)
        screen.keys("j")
        second = self.text("feed.text", lambda t: t != first)
        screen.keys("k")
        self.saw(self.text("feed.text", lambda t: t == first), "J and K go through the posts and open them")
        self.answer()
        self.close_and_undo()
        self.find(second)
        self.flag()

    def answer(self) -> None:
        """Answer under one's own name, and take it back within the minute."""
        screen = self.screen
        screen.keys("r")
        said = self.text("feed.answer_as", lambda t: "badge" in t)
        self.saw("Press Officer Example Four, badge 0004, Lakeside Police" in said, "before sending: under which name")
        screen.type("Thank you. Please call the station to make a report.")
        time.sleep(0.5)
        screen.click("feed.send")
        pending = self.text("feed.pending", lambda t: "Only your agency sees this yet" in t)
        self.saw(pending, f"the answer is the agency's alone at first: \u201c{pending}\u201d")
        screen.shot("answered")
        screen.click("feed.take_back")
        self.saw(self.text("room.said", lambda t: "taken back" in t), "it is taken back before anybody read it")

    def close_and_undo(self) -> None:
        """Close a post for a reason by keys, and undo it."""
        screen = self.screen
        screen.click("room.list")
        before = self.text("feed.text", bool)
        time.sleep(0.5)
        screen.keys("e")
        time.sleep(0.7)
        screen.keys("Down")
        screen.keys("Return")
        self.saw(self.text("room.said", lambda t: t.startswith("Closed")), "E closes the open post for a reason")
        after = self.text("feed.text", lambda t: t != before)
        self.saw(after, "and the next post is open")
        screen.keys("z")
        self.saw(self.text("room.said", lambda t: t.startswith("Undone")), "Z undoes it")

    def find(self, words: str) -> None:
        """Search, and see it found."""
        screen = self.screen
        wanted = max((w.strip(".,!?\u2019\u201d") for w in words.split()), key=len)
        screen.enter("room.search", wanted)
        few = self.text("room.count", lambda t: t.isdigit() and int(t) < 100)
        self.saw(few, f"a search over all of it: {few} with \u201c{wanted}\u201d")
        screen.shot("found")
        screen.keys("ctrl+a", "Delete")
        self.text("room.count", lambda t: t.replace(",", "").isdigit() and int(t.replace(",", "")) > 250)

    def flag(self) -> None:
        """Flag a post to the neutral moderators."""
        screen = self.screen
        screen.click("room.list")
        time.sleep(0.5)
        screen.keys("f")
        screen.wait("flag.spam", 10)
        screen.click("flag.spam")
        screen.shot("flagging")
        screen.scroll_to("flag.send", over="flag.spam")
        screen.click("flag.send")
        self.saw(self.text("room.said", lambda t: t.startswith("Flagged")), "a flag goes to the neutral moderators")

    def end(self) -> None:
        """Leave nothing running."""
        self.screen.end()


if __name__ == "__main__":
    sys.exit(walk("tour-feed", "The feed's tour", FeedTour))
