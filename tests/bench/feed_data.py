"""A feed of any size for the benches: the training city's stories taken apart and put together anew.

Places and hours are those of `../shared/data/incidents` where that folder is there (said on stderr where it is not), each
place moved to the middle of its block's cell, as the service does. The same number makes the same post in every run.
"""

from __future__ import annotations

import csv
import functools
import os
import random
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import h3

from console.domain.feed import Category, Comment, Post, PostId
from console.domain.places import Point
from console.training.stories import STORIES

END = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
YEAR = timedelta(days=365)
CENTRE = Point(40.7128, -73.9500)
SIZES = tuple(int(n) for n in os.environ.get("BENCH_FEED_SIZES", "10000,100000,1000000").split(","))
FOLDER = Path(os.environ.get("BENCH_FEED_FOLDER", "/tmp/porchlight-bench-feed"))
_INCIDENTS = Path(__file__).parents[3] / "shared" / "data" / "incidents" / "nypd_shootings_2021.csv"
_STREETS = ("Halsted", "Ashland", "Damen", "Racine", "Loomis", "Throop", "Morgan", "Peoria", "Sangamon", "Wolcott",
            "Hoyne", "Leavitt", "Oakley", "Western", "Blue Island", "Cermak", "Cullerton", "Archer", "Canal", "Union")  # fmt: skip


@functools.cache
def incidents() -> tuple[tuple[Point, int], ...]:
    """Places and seconds of the day."""
    if not _INCIDENTS.exists():
        print("the shared incidents are absent: places are drawn around one centre", file=sys.stderr)
        dice = random.Random(7)
        return tuple(
            (Point(CENTRE.lat + dice.gauss(0, 0.06), CENTRE.lon + dice.gauss(0, 0.08)), dice.randrange(86_400))
            for _ in range(2_000)
        )
    found = []
    with _INCIDENTS.open(newline="") as lines:
        for row in csv.DictReader(lines):
            try:
                hours, minutes, seconds = (int(part) for part in row["OCCUR_TIME"].split(":"))
                place = Point(float(row["Latitude"]), float(row["Longitude"]))
            except ValueError:
                continue
            found.append((place, hours * 3_600 + minutes * 60 + seconds))
    return tuple(found)


@functools.cache
def _sentences() -> tuple[str, ...]:
    made = {part for story in STORIES for part in re.split(r"(?<=[.!?]) +", story.text)}
    return tuple(sorted(made))


@functools.lru_cache(maxsize=200_000)
def _middle(cell: str) -> Point:
    return Point(*h3.cell_to_latlng(cell))


def post(n: int, size: int, *, changed: int = 0) -> Post:
    """The n-th post of a feed of this size, the oldest first; they are spread over a year."""
    dice = random.Random(n)
    story = STORIES[dice.randrange(len(STORIES))]
    place, second = incidents()[dice.randrange(len(incidents()))]
    cell = h3.latlng_to_cell(place.lat + dice.gauss(0, 0.01), place.lon + dice.gauss(0, 0.013), 10)
    street = _STREETS[min(int(dice.expovariate(0.25)), len(_STREETS) - 1)]
    words = " ".join(dice.choice(_sentences()) for _ in range(dice.randint(2, 5)))
    at = END - YEAR + (n + dice.random()) * (YEAR / size) + timedelta(microseconds=second % 999)
    comments = tuple(
        Comment(
            f"c{n}-{k}", f"Neighbor #{dice.randint(1, 900)}", official=False, text=text, at=at + timedelta(hours=k + 1)
        )
        for k, text in enumerate(story.comments[: dice.randrange(3)])
    )
    return Post(
        id=PostId(f"{n:016x}{dice.getrandbits(64):016x}"),
        category=Category(story.category),
        title=story.title.format(street=street, cross="W 18th St"),
        text=words.replace("{street}", f"S {street} Ave").replace("{cross}", "W 18th St"),
        author=f"Neighbor #{dice.randint(1, 900)}",
        block=cell,
        place=_middle(cell),
        place_name=f"Near S {street} Ave",
        at=at,
        comments=comments,
        answered=dice.random() < 0.1,
        changed=changed,
    )


def posts(size: int) -> Iterator[Post]:
    """The whole feed, the oldest first."""
    return (post(n, size) for n in range(size))
