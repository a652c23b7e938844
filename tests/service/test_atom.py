"""The Atom feed: each element that RFC 4287 asks for, whatever the texts hold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from console.domain.cap import xml_text
from console.service.atom import AtomEntry, AtomFeed, write_atom

A = "{http://www.w3.org/2005/Atom}"
AT = datetime(2026, 6, 10, 15, 0, 0, 123_456, tzinfo=timezone(timedelta(hours=-5)))
FEED = AtomFeed(
    id="https://service.example.org/agencies/ZZ0000001/alerts",
    title="Alerts of Lakeside Police",
    author="Lakeside Police",
    updated=AT,
    self_link="https://service.example.org/agencies/ZZ0000001/alerts.atom",
    page_link="https://service.example.org/agencies/ZZ0000001",
)
ENTRY = AtomEntry(
    id="urn:porchlight:alert:lakeside-2026-0001",
    title="Missing from the marina",
    summary="A man of 81 <b>in a gray coat</b> & hat.",
    published=AT,
    updated=AT + timedelta(minutes=5),
    cap_link="https://service.example.org/alerts/1.cap?lang=en&v=2",
    page_link="https://service.example.org/alerts/1",
    language="en-US",
)


def _read(feed: AtomFeed, *entries: AtomEntry) -> ET.Element:
    return ET.fromstring(write_atom(feed, entries))


def _links(node: ET.Element) -> set[tuple[str | None, ...]]:
    return {tuple(link.get(name) for name in ("rel", "type", "href")) for link in node.findall(f"{A}link")}


def test_a_feed_has_all_that_the_standard_asks_for() -> None:
    root = _read(FEED, ENTRY)
    assert root.tag == f"{A}feed"
    for name in ("id", "title", "updated"):
        assert len(root.findall(f"{A}{name}")) == 1, name
    assert root.findtext(f"{A}id") == FEED.id
    assert root.findtext(f"{A}updated") == "2026-06-10T20:00:00Z"
    assert root.findtext(f"{A}author/{A}name") == "Lakeside Police"
    assert _links(root) == {
        ("self", "application/atom+xml", FEED.self_link),
        ("alternate", "text/html", FEED.page_link),
    }


def test_an_entry_has_all_that_the_standard_asks_for_and_leads_to_its_cap_message() -> None:
    (entry,) = _read(FEED, ENTRY).findall(f"{A}entry")
    for name in ("id", "title", "updated", "published", "summary"):
        assert len(entry.findall(f"{A}{name}")) == 1, name
    assert entry.findtext(f"{A}id") == ENTRY.id
    assert entry.findtext(f"{A}updated") == "2026-06-10T20:05:00Z"
    assert _links(entry) == {
        ("alternate", "application/cap+xml", ENTRY.cap_link),
        ("alternate", "text/html", ENTRY.page_link),
    }
    summary = entry.find(f"{A}summary")
    assert summary is not None
    assert (summary.get("type"), summary.text, list(summary)) == ("text", ENTRY.summary, [])


def test_an_empty_feed_is_a_feed() -> None:
    root = _read(replace(FEED, page_link="", subtitle="None now"))
    assert root.findall(f"{A}entry") == []
    assert root.findtext(f"{A}subtitle") == "None now"


def test_entries_stand_in_the_order_given() -> None:
    entries = tuple(replace(ENTRY, id=f"urn:x:{n}", published=AT.astimezone(UTC)) for n in range(5))
    assert [e.findtext(f"{A}id") for e in _read(FEED, *entries).findall(f"{A}entry")] == [e.id for e in entries]


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(), min_size=1).filter(lambda text: bool(xml_text(text).strip())))
def test_any_text_stays_text(text: str) -> None:
    (entry,) = _read(replace(FEED, title=text), replace(ENTRY, title=text, summary=text)).findall(f"{A}entry")
    assert entry.findtext(f"{A}title") == entry.findtext(f"{A}summary") == xml_text(text)
    assert len(entry) == 7


@pytest.mark.parametrize("bad", ["", "alert 1", "//x", "javascript:alert(1)\n", "no-scheme"])
def test_what_is_no_id_is_never_written(bad: str) -> None:
    with pytest.raises(ValueError, match="id for Atom"):
        write_atom(FEED, (replace(ENTRY, id=bad),))


@pytest.mark.parametrize("bad", ["", "javascript:alert(1)", "file:///etc/passwd", "/alerts/1", 'https://x/"><script>'])
def test_what_is_no_link_is_never_written(bad: str) -> None:
    with pytest.raises(ValueError, match="link"):
        write_atom(FEED, (replace(ENTRY, cap_link=bad),))


def test_no_id_stands_twice_and_no_title_is_empty() -> None:
    with pytest.raises(ValueError, match="twice"):
        write_atom(FEED, (ENTRY, ENTRY))
    with pytest.raises(ValueError, match="empty"):
        write_atom(FEED, (replace(ENTRY, title=" \0"),))
