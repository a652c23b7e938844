"""The training city: a service filled with invented people, whose neighbours are played by this program.

Promises: it listens on loopback only, under a secret of this start; it holds no real person; neighbours post, comment,
share, decline and opt out through the service's own pages, like anybody.
"""

from __future__ import annotations

import asyncio
import random
import secrets
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import h3
import httpx
import msgspec
import sqlalchemy as sa

from console.contract import endpoints as e
from console.contract.moderation import NewFlag
from console.contract.payloads import Choice, NewComment, NewPost, OptOut
from console.domain.assemblies import Gathering, GatheringId
from console.domain.moderation import FlagReason
from console.domain.places import Point
from console.domain.policy import Agency
from console.service import store as t
from console.service.access import digest, hash_password
from console.service.feed import alias
from console.service.feed_index import index_posts
from console.service.flags import About, Flagger, keep_flag
from console.service.neighbours import NewNeighbour, enrol
from console.service.parts import mint_id
from console.training.agency_settings import ASSEMBLIES, REPLIES, TEMPLATES
from console.training.keys import link_token, password_of, resident_of
from console.training.members import MEMBERS, NEUTRAL_MEMBERS, ORI, training_agency
from console.training.process import Pace
from console.training.stories import ALERT_STORIES, STORIES, Story

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sqlalchemy.ext.asyncio import AsyncConnection

    from console.domain.ground import Ground
    from console.service.store import Store

NEIGHBOURS = 400
POSTS = 320
DAYS_OF_POSTS = 21
PEOPLE = (*MEMBERS, *NEUTRAL_MEMBERS)
# What is flagged when the city is filled: why, in what words, and whether the agency flags it too.
FLAGS: tuple[tuple[FlagReason, str, bool], ...] = (
    (FlagReason.EMERGENCY, "I think somebody is hurt there right now.", False),
    (FlagReason.PERSONAL_DATA, "There is a telephone number in it.", True),
    (FlagReason.RACE_PROFILING, "", False),
    (FlagReason.SPAM, "I have read the same three times this week.", True),
    (FlagReason.DOXXING, "It says which house he lives in.", False),
)
FLAGS_ONE_IN = 4


def _played(number: int) -> str:
    return f"played-{number:05d}"


class Seeded(msgspec.Struct, frozen=True):
    """What a filled city offers: the blocks of its neighbours, by number."""

    blocks: tuple[str, ...]


async def fill(store: Store, ground: Ground, secret: str, now: datetime, seed: int = 1) -> Seeded:
    """Make agency, members, neighbours and posts in an empty store; in a filled one only passwords and links anew."""
    dice = random.Random(seed)  # noqa: S311 - a believable city, not a secret
    hashes = [await hash_password(password_of(secret, m.username)) for m in PEOPLE]
    async with store.writing() as connection:
        known = await connection.scalar(sa.select(t.agencies.c.ori).where(t.agencies.c.ori == ORI))
        if known is not None:
            return await _renew(connection, ground, secret, hashes)
        agency = training_agency(ground.index.atlas, (now - timedelta(days=30)).date().isoformat())
        await connection.execute(
            sa.insert(t.agencies).values(ori=agency.ori, body=msgspec.json.encode(agency).decode())
        )
        await _keep_members(connection, hashes)
        blocks = _where_people_live(ground, dice)
        ids = [_played(n) for n in range(len(blocks))]
        played = list(zip(ids, blocks, strict=True))
        residents = [(resident_of(b.id), b.id) for b in ground.index.atlas.blocks]
        people = [NewNeighbour(who, ORI, block, link_token(secret, who)) for who, block in played + residents]
        await enrol(connection, people)
        await _write_posts(connection, ground, played, now, dice)
        await _flag_some(connection, played, now, dice)
        await _keep_agencys_own(connection, ground, agency, now)
    return Seeded(tuple(blocks))


async def _keep_members(connection: AsyncConnection, hashes: Sequence[str]) -> None:
    """The agency's people and the service's moderators, whatever an earlier version had kept of them."""
    await connection.execute(sa.delete(t.members).where(t.members.c.id.in_([m.member.id for m in PEOPLE])))
    rows = [
        {
            "id": m.member.id,
            "agency": m.member.agency,
            "username": m.username,
            "password_hash": kept,
            "body": msgspec.json.encode(m.member).decode(),
        }
        for m, kept in zip(PEOPLE, hashes, strict=True)
    ]
    await connection.execute(sa.insert(t.members), rows)


async def _flag_some(
    connection: AsyncConnection, people: list[tuple[str, str]], now: datetime, dice: random.Random
) -> None:
    """A few flags, so that a neutral moderator finds something to decide."""
    newest = sa.select(t.posts.c.id).where(t.posts.c.neighbour != "").order_by(t.posts.c.at.desc()).limit(60)
    posts = dice.sample(list(await connection.scalars(newest)), len(FLAGS))
    for number, (post, (reason, words, by_agency)) in enumerate(zip(posts, FLAGS, strict=True)):
        at = now - timedelta(minutes=9 + 17 * number)
        await keep_flag(
            connection, ORI, About(post), NewFlag(reason, words), Flagger(neighbour=dice.choice(people)[0]), at
        )
        if by_agency:
            who = Flagger(ORI, MEMBERS[3].member.id)
            await keep_flag(connection, ORI, About(post), NewFlag(reason), who, at + timedelta(minutes=4))


async def _keep_agencys_own(connection: AsyncConnection, ground: Ground, agency: Agency, now: datetime) -> None:
    """Two assemblies on the calendar, one over and one to come, and the templates."""
    middle = agency.station
    monday = (now - timedelta(days=now.weekday())).replace(hour=23, minute=0, second=0, microsecond=0)
    for number, (name, days, hours) in enumerate(ASSEMBLIES):
        begins = monday + timedelta(days=days)
        place = middle_of(ground, ground.index.home_block(h3.latlng_to_cell(middle.lat, middle.lon, 10)))
        gathering = Gathering(
            GatheringId(f"training-{number}"), name, (place,), begins, begins + timedelta(hours=hours)
        )
        body = msgspec.json.encode(gathering).decode()
        await connection.execute(
            sa.insert(t.gatherings).values(agency=ORI, id=gathering.id, ends=gathering.ends, body=body)
        )
    for template in TEMPLATES:
        body = msgspec.json.encode(template).decode()
        await connection.execute(sa.insert(t.templates).values(agency=ORI, id=template.id, body=body))
    for reply in REPLIES:
        body = msgspec.json.encode(reply).decode()
        await connection.execute(sa.insert(t.replies).values(agency=ORI, id=reply.id, body=body))


async def _follow_the_atlas(connection: AsyncConnection, ground: Ground) -> None:
    """After an update of Porchlight the city may have another version: the agency and its neighbours move to it."""
    kept = await connection.scalar(sa.select(t.agencies.c.body).where(t.agencies.c.ori == ORI))
    before = msgspec.json.decode(kept or "{}", type=Agency)
    if before.atlas_version == ground.version:
        return
    agency = training_agency(ground.index.atlas, before.joined_on)
    await connection.execute(
        sa.update(t.agencies).where(t.agencies.c.ori == ORI).values(body=msgspec.json.encode(agency).decode())
    )
    for block in list(await connection.scalars(sa.select(t.neighbours.c.block).distinct())):
        if not ground.knows_block(block):
            home = ground.index.home_block(block)
            await connection.execute(sa.update(t.neighbours).where(t.neighbours.c.block == block).values(block=home))


async def _renew(connection: AsyncConnection, ground: Ground, secret: str, hashes: Sequence[str]) -> Seeded:
    await _follow_the_atlas(connection, ground)
    await _keep_members(connection, hashes)
    await connection.execute(sa.delete(t.sessions))
    rows = (await connection.execute(sa.select(t.neighbours.c.id, t.neighbours.c.block))).all()
    await connection.execute(
        sa.update(t.neighbours)
        .where(t.neighbours.c.id == sa.bindparam("who"))
        .values(link_hash=sa.bindparam("link"), cookie_hash=None),
        [{"who": row.id, "link": digest(link_token(secret, row.id))} for row in rows],
    )
    return Seeded(tuple(row.block for row in sorted(rows) if row.id.startswith("played-")))


def _where_people_live(ground: Ground, dice: random.Random) -> list[str]:
    """Blocks of the played neighbours: many around a few centres, so that a request finds some, the rest anywhere."""
    blocks = sorted(ground.index.atlas.blocks, key=lambda b: b.id)
    weights = [b.homes for b in blocks]
    chosen = [b.id for b in dice.choices(blocks, weights, k=NEIGHBOURS // 2)]
    centres = dice.choices(blocks, weights, k=8)
    near: list[str] = []
    for centre in centres:
        for cell in h3.grid_disk(centre.id, 6):
            found = ground.index.block_of_cell.get(cell)
            if found is not None:
                near.append(found)
    return chosen + dice.choices(sorted(near), k=NEIGHBOURS - len(chosen))


async def _write_posts(
    connection: AsyncConnection,
    ground: Ground,
    people: list[tuple[str, str]],
    now: datetime,
    dice: random.Random,
) -> None:
    posts, comments = [], []
    # The agency's alerts are real ones: `training.alerts` sends them through the service.
    stories = [*STORIES, *dice.sample(STORIES, max(0, POSTS - len(STORIES) - len(ALERT_STORIES)))]
    ages = sorted(dice.random() ** 1.6 * DAYS_OF_POSTS * 86_400 for _ in stories)
    dice.shuffle(stories)
    for story, age in zip(stories, ages, strict=True):
        neighbour, block = dice.choice(people)
        at = now - timedelta(seconds=60 + age)
        row = _post_row(ground, story, block, at)
        number = await alias(connection, f"post:{row['id']}", neighbour)
        row["author"], row["neighbour"] = f"Neighbor #{number}", neighbour
        posts.append(row)
        for k, said in enumerate(story.comments):
            other = dice.choice(people)[0]
            who = await alias(connection, f"post:{row['id']}", other)
            when = min(now - timedelta(seconds=5), at + timedelta(minutes=7 + 23 * k + dice.randint(0, 15)))
            words = said.format(**names_of(ground, block))
            comments.append(_comment_row(str(row["id"]), f"Neighbor #{who}", other, words, when))
    await connection.execute(sa.insert(t.posts), posts)
    await connection.execute(sa.insert(t.comments), comments)
    await index_posts(connection, [str(row["id"]) for row in posts])


def _comment_row(post: str, author: str, neighbour: str, text: str, at: datetime) -> dict[str, object]:
    written = {"author": author, "neighbour": neighbour, "text": text, "at": at}
    return {"id": mint_id(), "post": post, "official": False, **written}


def middle_of(ground: Ground, block: str) -> Point:
    """The middle of a block: the center of one of its cells."""
    cells = ground.index.block(block).cells
    lat, lon = h3.cell_to_latlng(cells[len(cells) // 2])
    return Point(lat, lon)


def names_of(ground: Ground, block: str) -> dict[str, str]:
    """The nearest street, and one that is not far and another."""
    here = middle_of(ground, block)
    street = ground.index.nearest_street(here)
    name = street.name if street else "our street"
    for shift in (0.0015, -0.0015, 0.003, -0.003):
        other = ground.index.nearest_street(Point(here.lat + shift, here.lon + shift))
        if other is not None and other.name != name:
            return {"street": name, "cross": other.name}
    return {"street": name, "cross": "the next corner"}


def _post_row(ground: Ground, story: Story, block: str, at: datetime) -> dict[str, object]:
    names, here = names_of(ground, block), middle_of(ground, block)
    return {
        "id": mint_id(),
        "agency": ORI,
        "category": story.category.value,
        "block": block,
        "title": story.title.format(**names),
        "text": story.text.format(**names),
        "place_name": f"Near {names['street']}",
        "lat": here.lat,
        "lon": here.lon,
        "at": at,
        "answered": False,
    }


class Neighbourhood:
    """Plays the neighbours through the service's own pages."""

    def __init__(
        self, base_url: str, seeded: Seeded, ground: Ground, secret: str, pace: Pace, clips: Sequence[Path]
    ) -> None:
        self._base_url, self._seeded, self._ground = base_url, seeded, ground
        self._secret, self._pace, self._clips = secret, pace, tuple(clips)
        self._dice = random.Random(secrets.randbits(64))  # noqa: S311 - play
        self._settled: set[tuple[int, str]] = set()

    async def live(self) -> None:
        """Until cancelled: now and then somebody posts or comments, and those who are asked make up their minds."""
        while True:
            await asyncio.sleep(self._pace.seconds * self._dice.uniform(0.6, 1.4))
            try:
                await self._somebody_does_something()
            except (httpx.HTTPError, KeyError, ValueError):
                continue

    async def _somebody_does_something(self) -> None:
        number = self._dice.randrange(len(self._seeded.blocks))
        async with self._browser() as browser:
            if self._dice.random() < 0.5:  # noqa: PLR2004 - half of them write
                await self._write(browser, number)
        for asked in await self._asked_now():
            await self._decide(asked)

    def _browser(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            base_url=self._base_url, headers={"Origin": self._base_url}, follow_redirects=True, timeout=30
        )

    async def _sign_in(self, browser: httpx.AsyncClient, number: int) -> None:
        path = e.OPEN_LINK.path.replace("{token:str}", link_token(self._secret, _played(number)))
        (await browser.get(path)).raise_for_status()

    async def _write(self, browser: httpx.AsyncClient, number: int) -> None:
        await self._sign_in(browser, number)
        story = self._dice.choice(STORIES)
        names = names_of(self._ground, self._seeded.blocks[number])
        body = NewPost(story.category, story.title.format(**names)[:120], story.text.format(**names))
        answer = await browser.post(e.WRITE_POST.path, content=msgspec.json.encode(body), headers=_JSON)
        if answer.is_success and self._dice.randrange(FLAGS_ONE_IN) == 0:
            await self._report(answer.json()["id"])
        if answer.is_success and story.comments:
            post_id = answer.json()["id"]
            said = NewComment(story.comments[0].format(**names))
            other = self._dice.randrange(len(self._seeded.blocks))
            async with self._browser() as second:
                await self._sign_in(second, other)
                path = e.COMMENT_AS_NEIGHBOUR.path.replace("{post_id:str}", post_id)
                await second.post(path, content=msgspec.json.encode(said), headers=_JSON)

    async def _report(self, post_id: str) -> None:
        """Some neighbour objects to a post, rightly or not: that is for the neutral moderators to say."""
        reason = self._dice.choice([reason for reason in FlagReason if reason is not FlagReason.EMERGENCY])
        async with self._browser() as browser:
            await self._sign_in(browser, self._dice.randrange(len(self._seeded.blocks)))
            path = e.FLAG_POST_AS_NEIGHBOUR.path.replace("{post_id:str}", post_id)
            await browser.post(path, content=msgspec.json.encode(NewFlag(reason)), headers=_JSON)

    async def _asked_now(self) -> list[tuple[int, str]]:
        """Played neighbours whose block is asked by a published request and who have not made up their minds."""
        async with httpx.AsyncClient(base_url=self._base_url, timeout=30) as public:
            path = e.LIST_PUBLISHED.path.replace("{ori:str}", ORI)
            found = (await public.get(path)).raise_for_status().json()["requests"]
        from shapely.geometry import Point as Spot  # noqa: PLC0415 - only while there is a request
        from shapely.geometry import shape  # noqa: PLC0415

        asked = []
        for request in found:
            if request["state"] != "published":
                continue
            outline = shape(request["outline"])
            for number, block in enumerate(self._seeded.blocks):
                here = middle_of(self._ground, block)
                if (number, request["id"]) not in self._settled and outline.covers(Spot(here.lon, here.lat)):
                    asked.append((number, request["id"]))
        self._dice.shuffle(asked)
        return asked[:3]

    async def _decide(self, asked: tuple[int, str]) -> None:
        number, request_id = asked
        self._settled.add(asked)
        roll = self._dice.randrange(100)
        async with self._browser() as browser:
            await self._sign_in(browser, number)
            pace = self._pace
            if roll < pace.share_percent and self._clips:
                clip = self._dice.choice(self._clips)
                path = e.SHARE_CLIP.path.replace("{request_id:str}", request_id)
                content = await asyncio.to_thread(clip.read_bytes)
                await browser.put(path, content=content, headers={"X-File-Name": "recording.mp4"})
            elif roll < pace.share_percent + pace.decline_percent:
                path = e.DECLINE.path.replace("{request_id:str}", request_id)
                await browser.post(path, content=msgspec.json.encode(Choice()), headers=_JSON)
            elif roll < pace.share_percent + pace.decline_percent + pace.opt_out_percent:
                body = msgspec.json.encode(OptOut(opted_out=True))
                await browser.put(e.SET_OPT_OUT.path, content=body, headers=_JSON)


_JSON = {"Content-Type": "application/json"}


def training_now() -> datetime:
    """The city's clock is the machine's."""
    return datetime.now(UTC)
