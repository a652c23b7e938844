"""What reading any calendar file has in common: its bounds, what was taken of it, and what stands against it.

What was left out and what was guessed is said, 200 things at most. No more than 2,000 assemblies are taken, and none
from outside the window of time. The same parts always identify the same assembly.
"""

from __future__ import annotations

import hashlib
import unicodedata
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from console.client.calendar_places import Places
from console.domain.assemblies import Gathering, GatheringId
from console.domain.times import exists, is_twice, to_utc

if TYPE_CHECKING:
    from collections.abc import Iterable
    from zoneinfo import ZoneInfo

    from console.domain.ground import Ground
    from console.domain.places import Point

FILE_BYTES_MAX = 2 * 1024 * 1024
GATHERINGS_MAX = 2_000
PROBLEMS_MAX, PROBLEMS_END = 200, 2_000
NAME_LENGTH_MAX = 200
BACK, AHEAD = timedelta(days=60), timedelta(days=400)
USUAL_LENGTH = timedelta(hours=4)
LONG = timedelta(days=14)

NO_PLACE = "has no place that is on the map. Add GEO:41.88;-87.63, coordinates, or a crossing such as State & Madison"


class CalendarProblem(msgspec.Struct, frozen=True):
    """What stands against a line or an event, and what to do; `left_out` where it is not among what was read."""

    where: str
    text: str
    left_out: bool = False


class CalendarRead(msgspec.Struct, frozen=True):
    """What a file holds, by beginning, and what was found wrong with it; `left_out` counts, also what is not listed."""

    gatherings: tuple[Gathering, ...] = ()
    problems: tuple[CalendarProblem, ...] = ()
    left_out: int = 0


class Reading:
    """What was read so far; it takes what is usable and says the rest."""

    def __init__(self, ground: Ground, zone: ZoneInfo, now: datetime) -> None:
        self.places, self.zone = Places(ground), zone
        self.first, self.last = now - BACK, now + AHEAD
        self.problems: list[CalendarProblem] = []
        self._found: dict[str, Gathering] = {}
        self._over = 0
        self._mark = 0

    def begin(self) -> None:
        """The next event or line: what is guessed of it need not be said once it is left out."""
        self._mark = len(self.problems)

    @property
    def is_full(self) -> bool:
        """Whether as many were taken as a file may hold."""
        return len(self._found) >= GATHERINGS_MAX

    @property
    def is_at_end(self) -> bool:
        """Whether reading on is of no use."""
        return self.is_full or len(self.problems) >= PROBLEMS_END

    def say(self, where: str, text: str, *, left_out: bool = False) -> None:
        """Say what is wrong and what to do, once; left out, nothing else is said of this event or line."""
        said = CalendarProblem(clean(where)[0][:80], f"{text}.", left_out)
        if left_out:
            del self.problems[self._mark :]
        if said not in self.problems[-20:]:
            self.problems.append(said)

    def name(self, where: str, untrusted_name: str) -> str:
        """A name that can be shown, never empty; what had to be done to it is said."""
        name, was_cut = clean(untrusted_name)
        if was_cut:
            self.say(where, f"Its name was shortened to {NAME_LENGTH_MAX} characters")
        if not name:
            self.say(where, "It has no name and is called Assembly. Give it a name to tell it from others")
        return name or "Assembly"

    def utc(self, where: str, local: datetime) -> datetime:
        """A wall-clock time of the agency's as UTC; the two odd hours of the year are said."""
        if not exists(local, self.zone):
            shown = to_utc(local, self.zone).astimezone(self.zone)
            self.say(where, f"{local:%b %d %H:%M} is skipped as the clocks go forward; it is read as {shown:%H:%M}")
        elif is_twice(local, self.zone):
            self.say(where, f"{local:%b %d %H:%M} comes twice as the clocks go back; the first is meant")
        return to_utc(local, self.zone)

    def place(self, where: str, name: str, untrusted_places: Iterable[str]) -> tuple[Point, ...]:
        """The first place that is found in some texts; none, and left out, where there is none."""
        for text in untrusted_places:
            found = self.places.find(text)
            if found is not None:
                if found.name.startswith("all of "):
                    self.say(where, f"It is placed along {found.name}. Add coordinates or a crossing to be exact")
                return found.points
        self.say(where, f"{name} {NO_PLACE}", left_out=True)
        return ()

    def take(self, where: str, gathering: Gathering, *, repeats: bool = False) -> bool:
        """Keep one; False where it is out of time."""
        if gathering.ends <= self.first or gathering.begins >= self.last:
            self._over += not repeats
            return False
        if not self.is_full or gathering.id in self._found:
            self._found[gathering.id] = gathering
        if gathering.ends - gathering.begins > LONG:
            self.say(
                where, f"{gathering.name} goes on for {(gathering.ends - gathering.begins).days} days. Check its end"
            )
        return True

    def in_place(self, where: str, name: str, points: tuple[Point, ...], around_m: float) -> bool:
        """Whether it concerns the jurisdiction; left out where it does not."""
        if self.places.is_outside(points, around_m):
            self.say(
                where, f"{name} is outside your jurisdiction. West of Greenwich a longitude is negative", left_out=True
            )
            return False
        return True

    def answer(self) -> CalendarRead:
        """What was read, by beginning, with what is said of the whole file first."""
        left_out = self._over + sum(1 for problem in self.problems if problem.left_out)
        if self.is_full:
            said = f"There are {GATHERINGS_MAX:,} assemblies or more; the rest is left out. Import a shorter time"
            self.problems.insert(0, CalendarProblem("File", f"{said}.", left_out=True))
        elif len(self.problems) >= PROBLEMS_END:
            said = (
                f"{PROBLEMS_END:,} things are wrong with it; the rest was not read. Mend the first and import it again"
            )
            self.problems.insert(0, CalendarProblem("File", f"{said}.", left_out=True))
        if self._over:
            many = "1 assembly is" if self._over == 1 else f"{self._over:,} assemblies are"
            said = f"{many} over for {BACK.days} days or more than {AHEAD.days} days ahead: not needed on the calendar."
            self.problems.insert(0, CalendarProblem("File", said, left_out=True))
        if not self._found and not self.problems:
            self.problems.append(CalendarProblem("File", "It holds no events. Export the calendar again with them."))
        told = self.problems
        if len(told) > PROBLEMS_MAX:
            rest = len(told) - PROBLEMS_MAX
            told = [*told[:PROBLEMS_MAX], CalendarProblem("File", f"And {rest:,} more of the same kinds.")]
        found = sorted(self._found.values(), key=lambda g: (g.begins, g.id))
        return CalendarRead(tuple(found), tuple(told), left_out)


def clean(untrusted_text: str) -> tuple[str, bool]:
    """A text in one line without control and direction characters, 200 characters at most; whether it was cut."""
    seen = untrusted_text[: 10 * NAME_LENGTH_MAX]
    text = "".join(" " if c.isspace() else c for c in seen if c.isspace() or unicodedata.category(c)[0] != "C")
    text = " ".join(text.split())
    return text[:NAME_LENGTH_MAX].strip(), len(text) > NAME_LENGTH_MAX


def identified(*parts: str) -> GatheringId:
    """The id that these parts always give."""
    return GatheringId(f"cal-{hashlib.sha256(chr(10).join(parts).encode('utf-8', 'replace')).hexdigest()[:24]}")


def refused(text: str) -> CalendarRead:
    """The answer to a file of which nothing was read."""
    return CalendarRead((), (CalendarProblem("File", text, left_out=True),))


def fault_of(untrusted: bytes) -> str:
    """Why a file is none of ours at all; empty where it may be."""
    if not untrusted.strip():
        return "The file is empty. Export the calendar again and choose that file."
    if len(untrusted) > FILE_BYTES_MAX:
        return "The file is larger than 2 MB. Export a shorter stretch of time."
    if untrusted.startswith(b"PK\x03\x04"):
        return "This is a workbook or an archive. In Excel, save it as CSV; in Google Calendar, unpack it first."
    if untrusted.startswith(b"%PDF"):
        return "This is a PDF. Export the calendar as iCalendar (.ics) or CSV."
    if b"\x00" in untrusted and not untrusted.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "This is not a calendar. Choose an iCalendar (.ics) or CSV file."
    return ""


def decoded(untrusted: bytes) -> str:
    """Bytes as text: UTF-16 or UTF-8 by their mark, else UTF-8, else as Windows writes in the West."""
    if untrusted.startswith((b"\xff\xfe", b"\xfe\xff")):
        return untrusted.decode("utf-16", "replace")
    try:
        return untrusted.decode("utf-8-sig")
    except UnicodeDecodeError:
        return untrusted.decode("cp1252", "replace")
