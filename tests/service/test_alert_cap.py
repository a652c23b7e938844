"""Alerts for other systems: every published message is valid CAP 1.2, and the feed has them all and costs little."""

from __future__ import annotations

from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
import xmlschema
from hypothesis import given, settings
from msgspec.structs import replace

from console.contract import endpoints as e
from console.domain import cap as c
from console.domain.alert_cap import to_cap
from console.domain.alerts import AlertKind, AlertMessage, Certainty, Level, MessageKind, Urgency
from console.domain.cap_rules import troubles
from console.service.cap import SCHEMA, read_cap, write_cap
from console.training.members import ORI
from tests.domain.alert_examples import SENT, SQUARE, messages
from tests.service.alert_help import follow_up, send, show
from tests.service.conftest import World, run

XSD = xmlschema.XMLSchema10(SCHEMA.read_text(encoding="ascii"), allow="none")
A = "{http://www.w3.org/2005/Atom}"
PAGE = "https://porchlight.example.org/agencies/ZZ0000001#alert-a1"
PICTURE = c.CapResource("Picture 1 of 1", "image/jpeg", 1_000, "https://porchlight.example.org/pictures/p1")


@settings(max_examples=300, deadline=None)
@given(messages())
def test_every_published_message_is_valid_cap_whatever_it_says(message: AlertMessage) -> None:
    made = to_cap(message, PAGE, (PICTURE,))
    assert troubles(made) == ()
    written = write_cap(made)
    assert XSD.is_valid(ET.fromstring(written))
    assert read_cap(written) == made or _is_blank(made)


def _is_blank(made: c.CapMessage) -> bool:
    """What is only white space may be read back otherwise: CAP gives it no meaning."""
    return any(not text.strip() for i in made.infos for text in (i.headline, i.description, i.sender_name))


def test_a_message_says_in_cap_what_it_says_to_neighbours() -> None:
    message = AlertMessage(
        identifier="porchlight-ZZ0000001-PL-2", sender="ZZ0000001@lakeside.example.org", sent=SENT,
        message=MessageKind.ALERT, references=(), alert="a1", record="a1", agency="ZZ0000001", agency_name="Lakeside",
        author="Sergeant Example Two, badge 0002, Lakeside Police", kind=AlertKind.MISSING_PERSON, level=Level.SEVERE,
        urgency=Urgency.IMMEDIATE, certainty=Certainty.OBSERVED, title="Missing from the marina", text="A man of 81.",
        title_es="Desaparecido", text_es="Un hombre de 81 años.", place_name="Marina", outline=SQUARE,
        begins=SENT, ends=SENT + timedelta(hours=3, microseconds=5),
    )  # fmt: skip
    made = to_cap(message, PAGE)
    assert made.status is c.CapStatus.EXERCISE, "a training agency alarms nobody"
    assert to_cap(replace(message, agency="IL0160000")).status is c.CapStatus.ACTUAL
    english, spanish = made.infos
    assert (english.language, spanish.language) == ("en-US", "es-US")
    assert (english.event, spanish.event) == ("Missing person", "Persona desaparecida")
    assert (english.headline, spanish.headline) == (message.title, message.title_es)
    assert english.categories == (c.CapCategory.RESCUE,)
    assert english.expires == SENT + timedelta(hours=3, seconds=1), "never earlier than it was said"
    ring = english.areas[0].polygons[0]
    assert ring[0] == ring[-1]
    assert (ring[0].lat, ring[0].lon) == (41.8, -87.7)
    over = to_cap(replace(message, message=MessageKind.CANCEL, begins=message.ends + timedelta(days=1)))
    assert over.infos[0].responses == (c.CapResponseType.ALL_CLEAR,)
    assert over.infos[0].onset is None


def test_the_feed_leads_to_every_message_and_each_is_valid(world: World) -> None:
    async def go() -> None:
        async with world:
            empty = ET.fromstring((await world.call(e.ALERT_FEED, None, ori=ORI)).content)
            assert empty.findall(f"{A}entry") == []
            first = await send(world)
            world.now += timedelta(minutes=1)
            await follow_up(world, first)
            world.now += timedelta(minutes=1)
            await follow_up(world, first, MessageKind.CANCEL)
            waiting = await send(world, "officer")
            answer = await world.call(e.ALERT_FEED, None, ori=ORI)
            assert answer.headers["content-type"].startswith("application/atom+xml")
            entries = ET.fromstring(answer.content).findall(f"{A}entry")
            said = (await show(world, first)).messages
            assert len(entries) == 3, "what waits is not given out"
            assert [entry.findtext(f"{A}title") for entry in entries] == [
                "All-clear: The leak is smaller now",
                "Update: The leak is smaller now",
                "Gas leak near the park",
            ]
            assert waiting not in answer.text
            found = []
            for entry in entries:
                assert (entry.findtext(f"{A}id") or "").startswith("tag:lakeside.example.org,2026-06-10:porchlight-")
                links = {link.get("type"): link.get("href") for link in entry.findall(f"{A}link")}
                assert links["text/html"] == f"http://service.test/agencies/{ORI}#alert-{first}"
                cap = await world.client.get(links["application/cap+xml"])
                assert cap.headers["content-type"].startswith("application/cap+xml")
                assert XSD.is_valid(ET.fromstring(cap.content))
                message = read_cap(cap.content)
                assert isinstance(message, c.CapMessage)
                assert troubles(message) == ()
                found.append(message)
            assert [m.identifier for m in found] == [m.identifier for m in reversed(said)]
            assert [m.message_type for m in found] == ["Cancel", "Update", "Alert"]
            assert [r.identifier for r in found[0].references] == [m.identifier for m in said[:2]]

    run(go())


def test_who_asks_again_with_what_they_have_gets_nothing_twice(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            await send(world)
            path = e.ALERT_FEED.path.replace("{ori:str}", ORI)
            first = await world.client.get(path)
            again = await world.client.get(path, headers={"If-None-Match": first.headers["etag"]})
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["etag"] == first.headers["etag"]
            await send(world, title="Another leak by the park")
            changed = await world.client.get(path, headers={"If-None-Match": first.headers["etag"]})
            assert changed.status_code == 200
            assert changed.headers["cache-control"] == "public, max-age=30"

    run(go())


@pytest.mark.parametrize("host", ["evil<x>", "a b", "x/y", 'evil.example.org" x'])
def test_a_host_that_is_none_makes_no_link(sqlite_world: World, host: str) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            path = e.ALERT_FEED.path.replace("{ori:str}", ORI)
            answer = await world.client.get(path, headers={"Host": host})
            assert host not in answer.text
            assert answer.status_code in {200, 400}

    run(go())


def test_another_agencys_message_and_an_unknown_one_look_the_same(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            first = await send(world)
            identifier = (await show(world, first)).messages[0].identifier
            theirs = await world.call(e.ALERT_CAP, None, ori="ZZ0000002", identifier=identifier)
            nobodys = await world.call(e.ALERT_CAP, None, ori=ORI, identifier="nothing")
            assert (theirs.status_code, nobodys.status_code) == (404, 404)
            assert theirs.content == nobodys.content
            for ori in ("NEUTRAL00", "XX0000000"):
                assert (await world.call(e.ALERT_FEED, None, ori=ori)).status_code == 404

    run(go())


def test_the_public_page_leads_to_the_feed(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            alert = await send(world)
            page = (await world.client.get(f"/agencies/{ORI}")).text
            feed = f"/agencies/{ORI}/alerts/feed"
            assert page.count(f'href="{feed}"') == 2
            assert '<link rel="alternate" type="application/atom+xml"' in page
            assert f'id="alert-{alert}"' in page

    run(go())
