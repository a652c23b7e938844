"""CAP on the wire: valid by the OASIS schema, the same after reading back, and read from strangers without harm."""

from __future__ import annotations

import hashlib
import random
import socket
import threading
import time
import tracemalloc
from datetime import UTC, datetime, timedelta, timezone

import pytest
import xmlschema
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from console.domain import cap as c
from console.domain.cap_rules import troubles
from console.domain.cap_wording import trouble_words
from console.domain.places import Point
from console.service.cap import ELEMENTS_MAX, SCHEMA, SIZE_MAX, read_cap, write_cap
from tests.hostile import hostile_texts

# -- messages, invented ----------------------------------------------------------------------------------------------

XML_TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")) | st.sampled_from("\t\n\r<>&\"']\u202e\u200b"),
    max_size=60,
)
FILLED = XML_TEXT.filter(lambda text: bool(text.strip()))
ENTRY = FILLED.filter(lambda text: '"' not in text)
ID = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp"), exclude_characters=",<&"),
    min_size=1,
    max_size=30,
)
ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
LINKS = st.sampled_from(
    ["https://example.org/a?b=c&d=%20#e", "http://lakeside.example.org", "https://example.org:8443/~x"]
)
PLACES = st.builds(Point, st.floats(-90, 90), st.floats(-180, 180))
VALUES = st.lists(st.builds(c.CapValue, FILLED, XML_TEXT), max_size=2).map(tuple)


def _times(first: datetime, last: datetime) -> st.SearchStrategy[datetime]:
    return st.datetimes(first, last, timezones=ZONES).map(c.whole_second)


def _tuples(of: st.SearchStrategy, most: int = 2, least: int = 0) -> st.SearchStrategy:
    return st.lists(of, min_size=least, max_size=most).map(tuple)


RINGS = st.lists(PLACES, min_size=3, max_size=8).map(lambda points: (*points, points[0]))


@st.composite
def areas(draw: st.DrawFn) -> c.CapArea:
    low = draw(st.none() | st.floats(-1e6, 1e6))
    high = None if low is None else draw(st.none() | st.floats(low, 2e6))
    circles = st.builds(c.CapCircle, PLACES, st.floats(0, 20_038))
    return c.CapArea(draw(FILLED), draw(_tuples(RINGS)), draw(_tuples(circles)), draw(VALUES), low, high)


RESOURCES = st.builds(
    c.CapResource,
    description=FILLED,
    media_type=st.sampled_from(["image/jpeg", "application/vnd.example+xml"]),
    size=st.none() | st.integers(0, 10**18),
    uri=st.just("") | LINKS,
    inline=XML_TEXT,
    digest=st.just("") | st.binary(max_size=8).map(lambda data: hashlib.sha1(data).hexdigest()),
)
INFOS = st.builds(
    c.CapInfo,
    event=FILLED,
    categories=_tuples(st.sampled_from(c.CapCategory), 3, 1),
    urgency=st.sampled_from(c.CapUrgency),
    severity=st.sampled_from(c.CapSeverity),
    certainty=st.sampled_from(c.CapCertainty),
    language=st.sampled_from(["en-US", "es-US", "zh-Hant", "pl"]),
    responses=_tuples(st.sampled_from(c.CapResponseType)),
    audience=XML_TEXT,
    event_codes=VALUES,
    effective=st.none() | _times(datetime(2000, 1, 1), datetime(2000, 12, 1)),
    onset=st.none() | _times(datetime(2000, 1, 1), datetime(2000, 12, 1)),
    expires=st.none() | _times(datetime(2001, 1, 3), datetime(2002, 1, 1)),
    sender_name=XML_TEXT,
    headline=XML_TEXT,
    description=XML_TEXT,
    instruction=XML_TEXT,
    web=st.just("") | LINKS,
    contact=XML_TEXT,
    parameters=VALUES,
    resources=_tuples(RESOURCES),
    areas=_tuples(areas()),
)
REFERENCES = st.lists(
    st.builds(c.CapReference, ID, ID, _times(datetime(1999, 1, 1), datetime(1999, 12, 1))),
    max_size=3,
    unique_by=lambda r: (r.sender, r.identifier),
).map(tuple)


@st.composite
def messages(draw: st.DrawFn) -> c.CapMessage:
    references = draw(REFERENCES)
    made = c.CapMessage(
        identifier=draw(ID),
        sender=draw(ID),
        sent=draw(_times(datetime(2000, 1, 1), datetime(2000, 12, 1))),
        status=draw(st.sampled_from(c.CapStatus)),
        message_type=draw(st.sampled_from(c.CapMessageType)) if references else c.CapMessageType.ALERT,
        scope=draw(st.sampled_from(c.CapScope)),
        source=draw(XML_TEXT),
        restriction=draw(FILLED),
        addresses=draw(_tuples(ENTRY, 3, 1)),
        codes=draw(_tuples(FILLED)),
        note=draw(XML_TEXT),
        references=references,
        incidents=draw(_tuples(ENTRY)),
        infos=draw(_tuples(INFOS)),
    )
    return made if not troubles(made) else replace(made, references=(), message_type=c.CapMessageType.ALERT)


SENT = datetime(2026, 6, 10, 20, 0, tzinfo=UTC)
MISSING = c.CapMessage(
    identifier="lakeside-2026-0001",
    sender="alerts@lakeside.example.org",
    sent=SENT,
    status=c.CapStatus.ACTUAL,
    message_type=c.CapMessageType.ALERT,
    scope=c.CapScope.PUBLIC,
    infos=(
        c.CapInfo(
            event="Missing person",
            categories=(c.CapCategory.RESCUE,),
            urgency=c.CapUrgency.IMMEDIATE,
            severity=c.CapSeverity.SEVERE,
            certainty=c.CapCertainty.OBSERVED,
            responses=(c.CapResponseType.MONITOR,),
            expires=SENT + timedelta(hours=12),
            sender_name="Lakeside Police",
            headline="Missing from the marina since noon",
            description="A man of 81 in a gray coat, \u201cout for a walk\u201d.\r\n<b>Call</b> & tell us.",
            event_codes=(c.CapValue("SAME", "MEP"),),
            areas=(c.CapArea("Lakeside", ((Point(41.9, -87.7), Point(41.9, -87.6), Point(41.8, -87.6), Point(41.9, -87.7)),)),),
        ),
    ),
)  # fmt: skip
WRITTEN = write_cap(MISSING)


OFFICIAL = xmlschema.XMLSchema10(str(SCHEMA))


# -- writing ---------------------------------------------------------------------------------------------------------


def test_the_schema_is_the_one_that_oasis_published() -> None:
    assert (
        hashlib.sha256(SCHEMA.read_bytes()).hexdigest()
        == "b7798ef25868b068c97b268bda02d067c7d4ba9373adc5638bf37105804ee723"
    )
    assert b"Copyright OASIS Open 2010 All Rights Reserved" in SCHEMA.read_bytes()
    assert "this section are included" in (SCHEMA.parent / "NOTICE.txt").read_text().replace("\n    ", " ")


@settings(max_examples=300, deadline=None)
@given(messages())
def test_what_is_written_is_valid_and_reads_back_as_it_was(message: c.CapMessage) -> None:
    assert troubles(message) == ()
    written = write_cap(message)
    assert not list(OFFICIAL.iter_errors(written.decode()))
    assert read_cap(written) == message
    assert written.decode("utf-8").startswith('<?xml version="1.0" encoding="UTF-8"?>\n<alert xmlns="urn:oasis:')


def test_a_thousand_hostile_texts_come_through_as_text() -> None:
    for hostile in hostile_texts(1_000):
        text = c.xml_text(hostile.text)
        is_long = len(text) > 10_000  # once is enough: a message has a size limit
        info = replace(MISSING.infos[0], description=text, headline="" if is_long else text)
        message = replace(MISSING, note="" if is_long else text, infos=(info,))
        assert read_cap(write_cap(message)) == message, hostile.kind


def test_update_and_all_clear_refer_to_the_first_and_validate() -> None:
    update = replace(
        MISSING,
        identifier="lakeside-2026-0002",
        sent=SENT + timedelta(hours=1),
        message_type=c.CapMessageType.UPDATE,
        references=(c.refers_to(MISSING),),
    )
    clear = replace(
        update,
        identifier="lakeside-2026-0003",
        sent=SENT + timedelta(hours=2),
        message_type=c.CapMessageType.CANCEL,
        references=(c.refers_to(MISSING), c.refers_to(update)),
    )
    for message in (MISSING, update, clear):
        written = write_cap(message)
        OFFICIAL.validate(written.decode())
        assert read_cap(written) == message
    first, second = "lakeside-2026-0001,2026-06-10T20:00:00-00:00", "lakeside-2026-0002,2026-06-10T21:00:00-00:00"
    expected = f"<references>alerts@lakeside.example.org,{first} alerts@lakeside.example.org,{second}</references>"
    assert expected in write_cap(clear).decode()


def test_times_are_never_written_with_z_and_places_latitude_first() -> None:
    text = WRITTEN.decode()
    assert "<sent>2026-06-10T20:00:00-00:00</sent>" in text
    assert "<polygon>41.9,-87.7 41.9,-87.6 41.8,-87.6 41.9,-87.7</polygon>" in text
    chicago = replace(MISSING, sent=SENT.astimezone(timezone(timedelta(hours=-5))))
    assert "<sent>2026-06-10T15:00:00-05:00</sent>" in write_cap(chicago).decode()
    assert "00Z" not in text


def test_a_number_is_never_written_with_an_exponent() -> None:
    area = c.CapArea("x", (), (c.CapCircle(Point(1e-7, -1e-9), 5e-324),), (), 1e22, 1e300)
    message = replace(MISSING, infos=(replace(MISSING.infos[0], areas=(area,)),))
    written = write_cap(message)
    assert b"<circle>0.0000001,-0.000000001 0.000" in written
    assert read_cap(written) == message


def test_a_message_with_troubles_is_never_written() -> None:
    with pytest.raises(ValueError, match="cap_character at info"):
        write_cap(replace(MISSING, infos=(replace(MISSING.infos[0], headline="\0"),)))


# -- reading from strangers ------------------------------------------------------------------------------------------

AMPLIFIED = (
    b"""<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">"""
    + b"".join(f'<!ENTITY {chr(97 + n)} "{("&" + chr(96 + n) + ";") * 10}">'.encode() for n in range(1, 10))
    + b"]>"
)
PROLOGUE = b'<?xml version="1.0" encoding="UTF-8"?>\n'
BODY = WRITTEN.removeprefix(PROLOGUE)
REFUSED: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "cap_empty"),
    "space": (b" \n", "cap_empty"),
    "one byte too many": (b" " * (SIZE_MAX + 1 - len(BODY)) + BODY, "cap_too_large"),
    "no XML": (b"LAKESIDE POLICE: missing person", "cap_not_xml"),
    "breaks off": (WRITTEN[:-12], "cap_not_xml"),
    "two roots": (WRITTEN + BODY, "cap_not_xml"),
    "an undefined entity": (WRITTEN.replace(b"Lakeside Police", b"&lakeside;"), "cap_not_xml"),
    "a control character": (WRITTEN.replace(b"Lakeside Police", b"&#0;"), "cap_not_xml"),
    "broken UTF-8": (WRITTEN.replace(b"Lakeside Police", b"\xff\xfe"), "cap_not_xml"),
    "an encoding that is none": (WRITTEN.replace(b'"UTF-8"', b'"no-such"'), "cap_not_xml"),
    "an encoding that runs code elsewhere": (WRITTEN.replace(b'"UTF-8"', b'"idna"'), "cap_not_xml"),
    "UTF-7": (WRITTEN.replace(b'"UTF-8"', b'"UTF-7"'), "cap_not_xml"),
    "a document type": (PROLOGUE + b"<!DOCTYPE alert>" + BODY, "cap_doctype"),
    "a file as entity": (
        PROLOGUE + b'<!DOCTYPE alert [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + BODY.replace(b"Missing from", b"&x;"),
        "cap_doctype",
    ),
    "an address as document type": (PROLOGUE + b'<!DOCTYPE alert SYSTEM "http://127.0.0.1:9/x.dtd">' + BODY, "cap_doctype"),
    "a billion laughs": (PROLOGUE + AMPLIFIED + BODY.replace(b"Missing from", b"&j;"), "cap_doctype"),
    "CAP 1.1": (WRITTEN.replace(b"cap:1.2", b"cap:1.1"), "cap_other_version"),
    "CAP 1.0": (WRITTEN.replace(b"urn:oasis:names:tc:emergency:cap:1.2", b"http://www.incident.com/cap/1.0"), "cap_other_version"),
    "a feed": (b'<feed xmlns="http://www.w3.org/2005/Atom"/>', "cap_not_cap"),
    "no namespace": (WRITTEN.replace(b' xmlns="urn:oasis:names:tc:emergency:cap:1.2"', b""), "cap_not_cap"),
    "deep": (WRITTEN.replace(b"</alert>", b"<code>" * 30_000 + b"</code>" * 30_000 + b"</alert>"), "cap_too_deep"),
    "deep in another namespace": (
        WRITTEN.replace(b"</alert>", b'<x:a xmlns:x="urn:x">' + b"<x:a>" * 20_000 + b"</x:a>" * 20_001 + b"</alert>"),
        "cap_too_deep",
    ),
    "wide": (WRITTEN.replace(b"</alert>", b"<code/>" * (ELEMENTS_MAX + 1) + b"</alert>"), "cap_too_large"),
    "a word that CAP has not": (WRITTEN.replace(b">Severe<", b">Awful<"), "cap_code_unknown"),
    "a status missing": (WRITTEN.replace(b"<status>Actual</status>\n", b""), "cap_schema"),
    "an element too many": (WRITTEN.replace(b"</scope>", b"</scope><scope>Public</scope>"), "cap_schema"),
    "out of order": (WRITTEN.replace(b"<status>Actual</status>\n", b"").replace(b"</scope>", b"</scope><status>Actual</status>"), "cap_schema"),
    "a time in Z": (WRITTEN.replace(b"20:00:00-00:00</sent>", b"20:00:00Z</sent>"), "cap_time_shape"),
    "a time without offset": (WRITTEN.replace(b"20:00:00-00:00</sent>", b"20:00:00</sent>"), "cap_time_shape"),
    "a day that is none": (WRITTEN.replace(b"2026-06-10T20", b"2026-02-30T20"), "cap_time_shape"),
    "hour 24": (WRITTEN.replace(b"T20:00:00-00:00</sent>", b"T24:00:00-00:00</sent>"), "cap_time_shape"),
    "a polygon of words": (WRITTEN.replace(b"41.9,-87.6 ", b"41.9,here "), "cap_shape"),
    "places parted by spaces": (WRITTEN.replace(b"41.9,-87.6 ", b"41.9 -87.6 "), "cap_shape"),
    "no number": (WRITTEN.replace(b"41.9,-87.6 ", b"NaN,inf "), "cap_shape"),
    "a circle without radius": (WRITTEN.replace(b"</area>", b"<circle>41.9,-87.6</circle></area>"), "cap_shape"),
    "a reference of two parts": (WRITTEN.replace(b"</scope>", b"</scope><references>a,b</references>"), "cap_reference_shape"),
    "a reference without a time": (WRITTEN.replace(b"</scope>", b"</scope><references>a,b,c</references>"), "cap_time_shape"),
    "a size of 5,000 digits": (
        WRITTEN.replace(b"<area>", b"<resource><resourceDesc>x</resourceDesc><mimeType>x/y</mimeType><size>" + b"9" * 5_000 + b"</size></resource><area>"),
        "cap_value",
    ),
    "a language of two words": (WRITTEN.replace(b"en-US", b"en US"), "cap_value"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_refused_with_words(name: str) -> None:
    untrusted, code = REFUSED[name]
    found = read_cap(untrusted)
    assert isinstance(found, c.CapTrouble), found
    assert found.code == code
    words = trouble_words(found)
    assert all(words.__struct_fields__)
    assert len(words.title) < 300, "what is quoted of a file is bounded"


def test_neither_a_bomb_nor_a_file_of_the_largest_size_takes_time_or_memory() -> None:
    read_cap(WRITTEN)
    tracemalloc.start()
    began = time.perf_counter()
    for name in ("a billion laughs", "deep", "wide", "deep in another namespace", "one byte too many"):
        read_cap(REFUSED[name][0])
    took, (_, peak) = time.perf_counter() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert took < 5
    assert peak < 64 * 1024**2


def test_no_address_is_ever_asked_whatever_a_message_names() -> None:
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        host = f"http://127.0.0.1:{server.getsockname()[1]}".encode()

        def listen() -> None:
            try:
                while True:
                    connection, _ = server.accept()
                    asked.append(connection.recv(100))
                    connection.close()
            except TimeoutError:
                pass

        ear = threading.Thread(target=listen)
        ear.start()
        instance = (
            b'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:x '
            + host
            + b"/x.xsd urn:oasis:names:tc:emergency:cap:1.2 "
            + host
            + b'/cap.xsd" xsi:noNamespaceSchemaLocation="'
            + host
            + b'/n.xsd"'
        )
        include = b'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="' + host + b'/i"/>'
        hostile = WRITTEN.replace(b"<alert ", b"<alert " + instance + b" ").replace(b"</alert>", include + b"</alert>")
        hostile = hostile.replace(
            PROLOGUE, PROLOGUE + b'<?xml-stylesheet href="' + host + b'/s.xsl" type="text/xsl"?>\n'
        )
        assert read_cap(hostile) == MISSING
        doctype = PROLOGUE + b'<!DOCTYPE alert PUBLIC "x" "' + host + b'/d.dtd">' + BODY
        assert isinstance(read_cap(doctype), c.CapTrouble)
        ear.join()
    assert asked == []  # fmt: skip


def test_extensions_signatures_and_attributes_are_passed_over() -> None:
    signature = b"""<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo><Reference URI=""/></SignedInfo>
      <SignatureValue>AAAA</SignatureValue></Signature>"""
    extended = (
        WRITTEN.replace(b"</alert>", signature + b"</alert>")
        .replace(b"<info>", b'<x:note xmlns:x="urn:example:x">secret <x:deep/> words</x:note><info x="1">')
        .replace(b"Missing from", b'Missing<y:b xmlns:y="urn:y">!</y:b> from')
    )
    assert read_cap(extended) == MISSING


def test_other_systems_ways_of_writing_are_read() -> None:
    prefixed = (
        WRITTEN.replace(b"<", b"<cap:")
        .replace(b"<cap:/", b"</cap:")
        .replace(b"<cap:?", b"<?")
        .replace(b"xmlns=", b"xmlns:cap=")
    )
    assert read_cap(prefixed) == MISSING
    assert read_cap(WRITTEN.decode().replace("UTF-8", "UTF-16").encode("utf-16")) == MISSING
    indented = WRITTEN.replace(b"41.9,-87.7 41.9", b"\n      41.9,-87.7\n      41.9").replace(b"><", b">\n    <")
    assert read_cap(b"\xef\xbb\xbf" + indented) == MISSING
    assert read_cap(WRITTEN.replace(b"<language>en-US</language>", b"")) == MISSING, "en-US is the standard's default"
    plus = read_cap(WRITTEN.replace(b"20:00:00-00:00</sent>", b"20:00:00+00:00</sent>"))
    assert plus == MISSING
    quoted = read_cap(WRITTEN.replace(b"</scope>", b'</scope><incidents>one "the Elm fire"  three</incidents>'))
    assert isinstance(quoted, c.CapMessage)
    assert quoted.incidents == ("one", "the Elm fire", "three")


def test_what_the_schema_lets_pass_is_left_to_the_rules() -> None:
    swapped = read_cap(WRITTEN.replace(b"41.9,-87.7", b"-97.7,41.9"))
    assert isinstance(swapped, c.CapMessage)
    assert {t.code for t in troubles(swapped)} == {"cap_place"}
    ended = read_cap(WRITTEN.replace(b"<expires>2026-06-11T08", b"<expires>2026-06-10T08"))
    assert isinstance(ended, c.CapMessage)
    assert {t.code for t in troubles(ended)} == {"cap_expires_before_sent"}


def test_a_thousand_mutated_messages_are_read_or_refused() -> None:
    chance = random.Random(5)
    outcomes = {"read": 0, "refused": 0}
    for _ in range(1_000):
        mutated = bytearray(WRITTEN)
        for _ in range(chance.randint(1, 2)):
            at = chance.randrange(len(mutated))
            match chance.randrange(3):
                case 0:
                    mutated[at] = chance.randrange(256)
                case 1:
                    del mutated[at : at + chance.randint(1, 30)]
                case _:
                    mutated[at:at] = mutated[at : at + chance.randint(1, 30)]
        found = read_cap(bytes(mutated))
        if isinstance(found, c.CapMessage):
            troubles(found)
            outcomes["read"] += 1
        else:
            trouble_words(found)
            outcomes["refused"] += 1
    assert min(outcomes.values()) > 50, outcomes
