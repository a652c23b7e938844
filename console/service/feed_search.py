"""Searching the feed: words, kinds, time and place, newest first, page by page, on both engines alike.

FINDINGS: no single index wins. A search walks newest first, through the index of words where there are words, through
time where there are none, and ends as soon as the page is full; a time window is a stretch of either. A small area
begins with the few posts of its cells. Places are checked exactly afterwards. Nothing counts, nothing skips (OFFSET).
What a moderator removed is not found.
"""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from litestar import MediaType, Response
from litestar.params import FromQuery, QueryParameter
from shapely import intersects_xy
from shapely.geometry import shape as shape_of

from console.contract import endpoints as e
from console.contract import payloads as p
from console.domain.areas import Circle, Polygon, box_of, drawing_trouble
from console.domain.feed import Category, Visibility
from console.domain.feed_filter import Box, FeedFilter, box_around, cells_over, micros, outline_of
from console.domain.feed_query import LENGTH_MAX, read_query
from console.domain.feed_words import fts5_match, tsquery
from console.domain.times import zone_of
from console.service.access import member_let_in, note_use, reading_of_agency
from console.service.feed_rows import LAT, LON, page_rows, page_sql, posts_of_threads
from console.service.parts import refuse
from console.service.readings import Asked
from console.service.requests import Call, parts_of
from console.service.routing import serves

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely import Geometry

    from console.domain.feed import Post
    from console.domain.feed_query import FeedQuery
    from console.service.access import LastUse
    from console.service.parts import Parts
    from console.service.readings import Reading
    from console.service.store import Store

PAGE_MAX = 500
FEW = 400
"""Up to so many posts of a small area are looked at one by one."""
_SLACK = 10_000_000
# SQLite 3.40 left to itself looks through the whole time window for each post that bears the words.
_SQLITE_WALK = "feed_words w CROSS JOIN posts p INDEXED BY ix_posts_n ON p.n = w.rowid"
_STRETCH = 60 * 86_400_000_000
"""Microseconds: an area is looked for among the newest posts first, where it mostly fills a page."""
_SOME = 5
"""Where the newest stretch has so many, the others are not worth looking for by cells."""
_SIDE_MAX = 90.0
# PostgreSQL would rather begin with all posts that bear the words; a query of its own is not turned into a join.
_POSTGRES_EACH = "(SELECT w.words @@ CAST(:match AS tsquery) FROM feed_words w WHERE w.n = p.n)"
_PORTION_MAX = 4_000
_TOTAL = "(SELECT posts FROM feed_counts WHERE agency = :agency)"
_EVERYTHING = read_query("", UTC)
_NUMBER_DIGITS = 18
Text = Annotated[str, QueryParameter(max_length=LENGTH_MAX)]
Place = Annotated[str, QueryParameter(max_length=20_000)]


@serves(e.READ_FEED, lets_in=True)
async def read_feed(  # noqa: PLR0913, PLR0917 - one for each part of the query
    request: Call,
    text: Text = "",
    category: FromQuery[list[Category] | None] = None,
    since: FromQuery[datetime | None] = None,
    until: FromQuery[datetime | None] = None,
    answered: FromQuery[bool | None] = None,
    box: Place = "",
    near: Place = "",
    area: Place = "",
    district: Annotated[str, QueryParameter(max_length=200)] = "",
    before: Annotated[str | None, QueryParameter(max_length=100)] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=PAGE_MAX)] = 50,
) -> Response[Any]:
    """A page of the feed, newest first.

    `text` is what a member types (words, phrases, -words, operators). `box` is south,west,north,east; `near` is
    latitude,longitude,metres; `area` is a ring of longitude,latitude,longitude,latitude and so on; `district` a name.
    """
    parts, now = parts_of(request), parts_of(request).clock()
    cursor = _at_cursor(before)
    chosen = FeedFilter(
        categories=frozenset(category or ()),
        since=_aware(since),
        until=_aware(until),
        answered=answered,
        box=_box(box),
        area=_area(near, area),
    )

    def page() -> Reading[tuple[LastUse, bytes]]:
        use = yield from member_let_in(request, e.READ_FEED, now)
        agency, query, where = use.signed_in.member.agency, _EVERYTHING, chosen
        if text or district:
            enrolled = yield from reading_of_agency(agency)
            query = read_query(text, zone_of(enrolled.time_zone))
            if district:
                where = msgspec.structs.replace(chosen, box=_district(parts, enrolled.atlas_version, district))
        rows, total, after = yield from _found(parts.store.is_sqlite, agency, query, where, cursor, limit)
        # Encoded where it was read, so that the loop is free for others.
        return use, msgspec.json.encode(p.FeedPage(posts_of_threads(rows), total, after))

    use, body = await parts.store.read(page())
    await note_use(parts, use, now)
    return Response(body, media_type=MediaType.JSON)


async def search(
    store: Store, agency: str, query: FeedQuery, chosen: FeedFilter, before: int | None, limit: int
) -> tuple[tuple[Post, ...], str | None]:
    """The newest posts that are found, below a number; and where to go on, None at the end.

    What a member has opened is not known here: `unread`, `ids` and `mine` are the console's own.
    """
    rows, _, after = await store.read(_found(store.is_sqlite, agency, query, chosen, before, limit))
    return posts_of_threads(rows), after


def _found(
    is_sqlite: bool,  # noqa: FBT001 - of two engines
    agency: str,
    query: FeedQuery,
    chosen: FeedFilter,
    before: int | None,
    limit: int,
) -> Reading[tuple[list[Sequence[Any]], int, str | None]]:
    """The rows of a page, how many posts the agency has, and where to go on."""
    looked = Looked(is_sqlite, agency, query, chosen)
    shape = None if chosen.area is None else outline_of(chosen.area)
    low, few, total = looked.low, None, None
    if looked.match or shape is not None or looked.is_near:
        looked.is_most, newest = yield from _standing(agency, looked.top(before))
        if shape is not None or looked.is_near:
            low = max(low, newest - _STRETCH)
    portion = limit if shape is None else _portion(shape, limit, is_round=looked.is_round)
    found: list[Sequence[Any]] = []
    while True:
        answer = yield Asked(looked.sql(few), looked.values(few, before, low, portion))
        rows, counted = page_rows(answer, is_sqlite=is_sqlite)
        total = counted if total is None else total
        found.extend(rows if shape is None else _inside(shape, rows))
        if len(found) >= limit or (len(rows) < portion and low == looked.low):
            break
        if len(rows) == portion:
            before, portion = rows[-1][0], min(2 * portion, _PORTION_MAX)
        else:  # the newest stretch has too few: by the cells, where those hold few; else on and on
            before, low = low, looked.low
            if len(found) >= _SOME:
                continue
            looked.is_near = False
            few = yield from _few(agency, chosen, looked, before, is_sqlite=is_sqlite)
    if total is None:
        total = (yield Asked(f"SELECT {_TOTAL}", {"agency": agency}))[0][0]
    found = found[:limit]
    return found, total or 0, f"{found[-1][0]}.{found[-1][1]}" if len(found) == limit else None


def _standing(agency: str, top: int) -> Reading[tuple[bool, int]]:
    """Whether most posts of the service are this agency's, and the number of its newest post below another.

    Where most are, its name among the words would only be in the way.
    """
    newest = "(SELECT max(n) FROM posts WHERE agency = :agency AND n < :top)"
    asked = f"SELECT {_TOTAL}, (SELECT sum(posts) FROM feed_counts), {newest}"  # noqa: S608 - our own words
    ((mine, every, last),) = yield Asked(asked, {"agency": agency, "top": top})
    return 2 * (mine or 0) >= (every or 0), last or 0


def _portion(shape: Geometry, limit: int, *, is_round: bool) -> int:
    """How many posts of what is looked through around a shape mostly hold a page of the shape's own."""
    west, south, east, north = shape.bounds
    around = (east - west) * (north - south) * (math.pi / 4 if is_round else 1.0)
    fill = shape.area / around if around else 1.0
    return min(4 * limit, int(1.02 * limit / fill) + 1 if is_round else int(1.2 * limit / max(fill, 0.25)) + 4)


def _inside(shape: Geometry, rows: Sequence[Sequence[Any]]) -> list[Sequence[Any]]:
    """The rows whose place lies in a shape, its edge included: as `in_area`, for many at once."""
    held = intersects_xy(shape, [row[LON] for row in rows], [row[LAT] for row in rows])
    return [row for row, is_inside in zip(rows, held, strict=True) if is_inside]


class Looked:
    """One search as each engine's SQL: the newest numbers with their places."""

    def __init__(self, is_sqlite: bool, agency: str, query: FeedQuery, chosen: FeedFilter) -> None:  # noqa: FBT001 - of two engines
        self._is_sqlite = is_sqlite
        self._agency = agency
        self.match = fts5_match(query) if is_sqlite else tsquery(query)
        # The agency's name is no word of a post; holding each search to the other columns costs a quarter of it.
        terms = (*query.words, *(word for phrase in (*query.phrases, *query.without) for word in phrase))
        self._names_agency = any(word in agency.lower() for word in terms)
        self.is_most = False
        self.is_round = False
        self.is_near = not is_sqlite and (chosen.area is not None or chosen.box is not None)
        self._where: list[str] = []
        self._values: dict[str, Any] = {"agency": agency}
        since = max((micros(at) for at in (query.since, chosen.since) if at is not None), default=None)
        until = min((micros(at) for at in (query.until, chosen.until) if at is not None), default=None)
        self._since, self._until, self.low = since, until, since or 0
        self._conditions(query, chosen)

    def sql(self, few: list[int] | None) -> str:
        """The statement."""
        words, number = "", "p.n"
        if few is not None:
            tables = "posts p"
            here = ["p.n IN (SELECT value FROM json_each(:few))" if self._is_sqlite else "p.n = ANY(:few)"]
            if self.match:
                words = (
                    "p.n IN (SELECT rowid FROM feed_words WHERE feed_words MATCH :match "
                    "AND rowid >= :low AND rowid <= :high)"
                    if self._is_sqlite
                    else _POSTGRES_EACH
                )
        elif self.match and self._is_sqlite:
            tables, number, here = _SQLITE_WALK, "w.rowid", []
            words = "w.feed_words MATCH :match"
        elif self.match and self.is_near:
            tables, here, words = "posts p", [], _POSTGRES_EACH
        elif self.match:
            tables, number, here = "feed_words w JOIN posts p ON p.n = w.n", "w.n", ["w.agency = :agency"]
            words = "w.words @@ CAST(:match AS tsquery)"
        else:
            tables, here = "posts p", []
        where = [*here, *([words] if words else []), f"{number} < :before", f"{number} >= :since", *self._where]
        chosen = f"FROM {tables} WHERE {' AND '.join(where)} ORDER BY {number} DESC LIMIT :limit"
        return page_sql(chosen, _TOTAL, is_sqlite=self._is_sqlite)

    def top(self, before: int | None) -> int:
        """Below which number is looked."""
        top = 2**62 if self._until is None else self._until + _SLACK
        return min(top, before or top)

    def values(self, few: list[int] | None, before: int | None, low: int, limit: int) -> dict[str, Any]:
        """What it is asked with: numbers below `before`, from `low` on."""
        made = self._values | {"before": self.top(before), "since": low, "limit": limit}
        if few is not None:
            made |= {"low": min(few, default=0), "high": max(few, default=0)} if self.match and self._is_sqlite else {}
            made["few"] = msgspec.json.encode(few).decode() if self._is_sqlite else few
        if self.match:
            made["match"] = self.match
            if self._is_sqlite:
                if self._names_agency:
                    made["match"] = f"- agency : ({self.match})"
                if few is None and not self.is_most:
                    mine = self._agency.replace('"', '""')
                    made["match"] = f'({made["match"]}) AND agency : "{mine}"'
        return made

    def _conditions(self, query: FeedQuery, chosen: FeedFilter) -> None:
        add, values = self._where.append, self._values
        add("p.agency = :agency")
        add(f"p.visibility <> '{Visibility.REMOVED.value}'")
        if self._since is not None:
            add("p.at >= :at_since")
            values["at_since"] = self._since
        if self._until is not None:
            add("p.at < :at_until")
            values["at_until"] = self._until
        for which, asked in (("q", query), ("f", chosen)):
            names = {f"{which}{k}": c.value for k, c in enumerate(sorted(asked.categories))}
            if names:
                add(f"p.category IN ({', '.join(f':{name}' for name in names)})")
                values.update(names)
            if asked.answered is not None:
                add(f"p.answered = :{which}_answered")
                values[f"{which}_answered"] = asked.answered
        around = None if chosen.area is None else box_around(chosen.area)
        for which, box in (("b", chosen.box), ("a", around)):
            if box is not None:
                add(f"p.lat BETWEEN :{which}_south AND :{which}_north")
                sign = "AND" if box.west <= box.east else "OR"
                add(f"(p.lon >= :{which}_west {sign} p.lon <= :{which}_east)")
                values |= {f"{which}_{name}": getattr(box, name) for name in ("south", "west", "north", "east")}
        if isinstance(chosen.area, Circle) and around is not None:
            self._round(around)

    def _round(self, around: Box) -> None:
        """Within the ellipse on whose line all corners of a circle's outline lie: less to look at than in its box."""
        up, side = (around.north - around.south) / 2, (around.east - around.west) / 2
        if not (up > 0 and 0 < side < _SIDE_MAX):
            return  # cut at the 180th meridian
        self.is_round = True
        north, east = "((p.lat - :c_lat) / :c_up)", "((p.lon - :c_lon) / :c_side)"
        self._where.append(f"{north} * {north} + {east} * {east} <= 1.000000001")
        self._values |= {"c_lat": around.south + up, "c_lon": around.west + side, "c_up": up, "c_side": side}


def _few(agency: str, chosen: FeedFilter, looked: Looked, before: int, *, is_sqlite: bool) -> Reading[list[int] | None]:
    """The numbers of the posts of a small area, where they are few; None where they are many, or it is not small."""
    cells = () if chosen.area is None else cells_over(chosen.area)
    if not cells:
        return None
    here = "IN (SELECT value FROM json_each(:cells))" if is_sqlite else "= ANY(CAST(:cells AS BIGINT[]))"
    values = {
        "agency": agency,
        "cells": msgspec.json.encode(cells).decode() if is_sqlite else list(cells),
        "since": looked.low,
        "before": before,
        "most": FEW + 1,
    }
    rows = yield Asked(
        f"SELECT n FROM posts WHERE agency = :agency AND cell {here} AND n >= :since AND n < :before LIMIT :most",  # noqa: S608 - our own words, values bound
        values,
    )
    return [row[0] for row in rows] if len(rows) <= FEW else None


def _at_cursor(untrusted: str | None) -> int | None:
    if untrusted is None:
        return None
    number, _, _ = untrusted.partition(".")
    if not (number.isascii() and number.isdigit() and len(number) <= _NUMBER_DIGITS):
        raise refuse("malformed")
    return int(number)


def _aware(untrusted: datetime | None) -> datetime | None:
    if untrusted is not None and untrusted.tzinfo is None:
        raise refuse("malformed")
    return untrusted


def _figures(untrusted: str) -> list[float]:
    try:
        found = [float(part) for part in untrusted.split(",")] if untrusted else []
    except ValueError:
        raise refuse("malformed") from None
    if not all(math.isfinite(figure) for figure in found):
        raise refuse("malformed")
    return found


def _box(untrusted: str) -> Box | None:
    match _figures(untrusted):
        case []:
            return None
        case [south, west, north, east] if -90 <= south <= north <= 90 and all(-180 <= x <= 180 for x in (west, east)):  # noqa: PLR2004 - the globe
            return Box(south, west, north, east)
        case _:
            raise refuse("malformed")


def _area(untrusted_near: str, untrusted_ring: str) -> Circle | Polygon | None:
    near, ring = _figures(untrusted_near), _figures(untrusted_ring)
    if not near and not ring:
        return None
    if (near and len(near) != 3) or len(ring) % 2 or (near and ring):  # noqa: PLR2004 - place and radius
        raise refuse("malformed")
    try:
        drawn = (
            msgspec.convert({"type": "circle", "centre": {"lat": near[0], "lon": near[1]}, "radius_m": near[2]}, Circle)
            if near
            else msgspec.convert({"type": "polygon", "ring": list(zip(ring[::2], ring[1::2], strict=True))}, Polygon)
        )
    except msgspec.ValidationError:
        raise refuse("malformed") from None
    if drawing_trouble(drawn):
        raise refuse("malformed")
    return drawn


def _district(parts: Parts, atlas_version: str, untrusted_name: str) -> Box:
    for district in parts.ground(atlas_version).index.atlas.districts:
        if district.name == untrusted_name:
            return Box(*box_of(shape_of(district.geometry)))
    raise refuse("malformed")


HANDLERS = (read_feed,)
