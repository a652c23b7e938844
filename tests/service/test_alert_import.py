"""A CAP file over the wire: read for who may write alerts, answered as a draft, refused with reasons; nothing is kept."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta

import httpx
import msgspec
import pytest
import sqlalchemy as sa

from console.contract import endpoints as e
from console.contract.alert_cap import CAP_BYTES_MAX, CapFile
from console.domain.alert_cap_import import CapImport
from console.domain.alert_checks import check_alert
from console.domain.alert_import_words import import_line
from console.domain.alerts import MessageKind
from console.domain.areas import Polygon
from console.domain.cap import CapMessageType, refers_to
from console.domain.findings import blocking
from console.domain.policy import Agency
from console.service import store as t
from console.service.cap import read_cap, write_cap
from console.training.members import ORI, OTHER_ORI
from tests.domain.test_cap import MESSAGE
from tests.hostile import hostile_texts
from tests.service.alert_help import follow_up, send, show
from tests.service.conftest import World, run

XML = write_cap(MESSAGE).decode()


async def _import(world: World, xml: str = XML, as_: str = "officer", agency: str = ORI) -> httpx.Response:
    return await world.call(e.IMPORT_CAP, as_, CapFile(xml), agency=agency)


async def _draft(world: World, xml: str = XML) -> CapImport:
    answer = await _import(world, xml)
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=CapImport)


async def _given_out(world: World, alert_id: str) -> str:
    identifier = (await show(world, alert_id)).messages[-1].identifier
    return (await world.call(e.ALERT_CAP, None, ori=ORI, identifier=identifier)).text


def test_what_is_given_out_can_be_read_back_and_nothing_is_kept(world: World) -> None:
    async def go() -> None:
        async with world:
            alert = await send(world)
            found = await _draft(world, await _given_out(world, alert))
            draft = (await show(world, alert)).draft
            assert (found.draft.title, found.draft.text) == (draft.title, draft.text)
            assert (found.draft.title_es, found.draft.text_es) == (draft.title_es, draft.text_es)
            assert [note.code for note in found.notes] == ["import_exercise"]
            async with world.parts.store.reading() as connection:
                assert await connection.scalar(sa.select(sa.func.count()).select_from(t.alerts)) == 1
                assert "import_cap" not in (await connection.scalars(sa.select(t.audit.c.action))).all()

    run(go())


def test_an_update_is_about_what_the_agency_itself_published(world: World) -> None:
    async def go() -> None:
        async with world:
            alert = await send(world)
            world.now += timedelta(minutes=1)
            await follow_up(world, alert)
            said = read_cap((await _given_out(world, alert)).encode())
            later = msgspec.structs.replace(
                said, identifier="other-1", message_type=CapMessageType.UPDATE, references=(refers_to(said),)
            )
            xml = write_cap(later).decode()
            found = await _draft(world, xml)
            assert (found.draft.message, found.draft.refers_to) == (MessageKind.UPDATE, alert)
            theirs = await _import(world, xml, agency=OTHER_ORI)
            assert [f["code"] for f in theirs.json()["findings"]] == ["import_reference_unknown"]
            forged = msgspec.structs.replace(refers_to(said), sender="somebody@example.org")
            by_other = write_cap(msgspec.structs.replace(later, references=(forged,))).decode()
            assert (await _import(world, by_other)).json()["findings"][0]["code"] == "import_reference_unknown"
            cancel = msgspec.structs.replace(later, message_type=CapMessageType.CANCEL)
            await follow_up(world, alert, MessageKind.CANCEL)
            over = await _import(world, write_cap(cancel).decode())
            assert [f["code"] for f in over.json()["findings"]] == ["import_reference_over"]

    run(go())


def test_an_area_outside_the_jurisdiction_is_taken_and_said_by_the_check(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            alert = await send(world)
            said = read_cap((await _given_out(world, alert)).encode())
            ring = tuple(msgspec.structs.replace(p, lat=p.lat + 5) for p in said.infos[0].areas[0].polygons[0])
            area = msgspec.structs.replace(said.infos[0].areas[0], polygons=(ring,))
            away = msgspec.structs.replace(said, infos=(msgspec.structs.replace(said.infos[0], areas=(area,)),))
            found = await _draft(world, write_cap(away).decode())
            assert found.draft.where == Polygon(tuple((p.lon, p.lat) for p in ring))
            async with world.parts.store.reading() as connection:
                body = await connection.scalar(sa.select(t.agencies.c.body).where(t.agencies.c.ori == ORI))
            agency = msgspec.json.decode(body, type=Agency)
            stops = blocking(check_alert(found.draft, agency, world.ground, world.now))
            assert {stop.code for stop in stops} == {"alert_outside"}

    run(go())


REFUSED = {
    "cap_empty": " ",
    "cap_not_xml": "<alert",
    "cap_not_cap": "<feed/>",
    "cap_doctype": XML.replace("<alert", '<!DOCTYPE alert [<!ENTITY x SYSTEM "file:///etc/passwd">]><alert', 1),
    "cap_time_shape": XML.replace("<sent>2026", "<sent>x2026"),
    "cap_expires_before_sent": XML.replace("<sent>2026", "<sent>2027"),
    "import_scope": XML.replace("<scope>Public</scope>", "<scope>Restricted</scope><restriction>us</restriction>"),
    "cap_too_large": XML.replace("</alert>", " " * (CAP_BYTES_MAX - len(XML) - 100) + "\u00e9" * 100 + "</alert>"),
}


@pytest.mark.parametrize("code", REFUSED)
def test_each_refusal_has_words_and_a_next_step(sqlite_world: World, code: str) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            answer = await _import(world, REFUSED[code])
            problem = answer.json()
            assert (answer.status_code, problem["code"]) == (422, "cap_refused"), answer.text
            (finding,) = problem["findings"]
            assert finding["code"] == code
            line = import_line(code, finding["figures"]["where"], finding["figures"])
            assert line.endswith(".")
            assert "{" not in line
            assert problem["title"] in line

    run(go())


def test_an_encoding_that_the_file_named_does_not_matter_any_more(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            for head in ('<?xml version="1.0" encoding="UTF-16"?>', "\ufeff", ""):
                assert (await _draft(world, head + XML.partition("?>")[2])).draft.title

    run(go())


def test_hostile_texts_are_words_and_nothing_else(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            for hostile in hostile_texts(120, long_every=60):
                for xml in (hostile.text, XML.replace("</event>", f"</event><note>{hostile.text}</note>")):
                    answer = await _import(world, xml)
                    assert answer.status_code in {200, 400, 422}, (hostile.kind, answer.text[:200])

    run(go())


def test_reading_the_largest_holds_up_nobody(sqlite_world: World) -> None:
    area = "<area><areaDesc>x</areaDesc></area>"
    many = XML.replace("</info>", area * ((CAP_BYTES_MAX - len(XML)) // len(area) - 1) + "</info>")

    async def go() -> None:
        async with sqlite_world as world:
            await world.sign_in("officer")
            await _import(world)  # the schema is made on first use
            sent = {asyncio.create_task(_import(world, many)) for _ in range(4)}
            longest, pending = 0.0, set(sent)
            while pending:
                began = time.perf_counter()
                assert (await world.call(e.HEALTH, None)).status_code == 200
                _, pending = await asyncio.wait(pending, timeout=0.01)
                longest = max(longest, time.perf_counter() - began)
            assert {task.result().status_code for task in sent} <= {200, 422}
            assert longest < 3.0  # seconds, on a machine that others use too

    run(go())
