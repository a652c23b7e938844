"""An agency's alerts as an Atom feed, for other alerting systems and for readers (RFC 4287).

Promises: every element that the standard asks for is there; titles and summaries are plain text, whatever they hold;
ids are whole addresses or URNs that never change; each entry leads to its CAP message.
"""

from __future__ import annotations

import re
from datetime import UTC
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

import msgspec

from console.domain.cap import MEDIA_TYPE, xml_text
from console.domain.times import Aware

if TYPE_CHECKING:
    from datetime import datetime

ATOM_MEDIA_TYPE = "application/atom+xml"
_ID = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9._~%!$&'()*+,;=:@/?#\[\]-]+")
_LINK = re.compile(r"https?://[A-Za-z0-9._~%!$&'()*+,;=:@/?#\[\]-]+")


class AtomFeed(msgspec.Struct, frozen=True, kw_only=True):
    """A feed: `id` never changes; `self_link` is where it is fetched, `page_link` what people read instead."""

    id: str
    title: str
    author: str
    updated: Aware
    self_link: str
    page_link: str = ""
    subtitle: str = ""


class AtomEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One message of a feed: `cap_link` is its CAP message, `page_link` what people read instead."""

    id: str
    title: str
    summary: str
    published: Aware
    updated: Aware
    cap_link: str
    page_link: str = ""
    language: str = ""


def write_atom(feed: AtomFeed, entries: tuple[AtomEntry, ...]) -> bytes:
    """A feed as UTF-8 XML, entries in the order given.

    ValueError for an id that is no IRI or stands twice, for a link that is not http(s), and for an empty title.
    """
    ids = [feed.id, *(entry.id for entry in entries)]
    if bad := [given for given in ids if not _ID.fullmatch(given)]:
        raise ValueError(f"not an id for Atom: {bad[0]}")
    if len(set(ids)) != len(ids):
        raise ValueError("an id of Atom stands twice")
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        _element("id", feed.id),
        _title(feed.title),
        *([_text("subtitle", feed.subtitle)] if feed.subtitle else []),
        _element("updated", _time(feed.updated)),
        f"<author>{_element('name', _said(feed.author))}</author>",
        _link("self", ATOM_MEDIA_TYPE, feed.self_link),
        *([_link("alternate", "text/html", feed.page_link)] if feed.page_link else []),
        *(_entry(entry) for entry in entries),
        "</feed>",
        "",
    ]
    return "\n".join(lines).encode()


def _entry(entry: AtomEntry) -> str:
    parts = [
        _element("id", entry.id),
        _title(entry.title),
        _element("published", _time(entry.published)),
        _element("updated", _time(entry.updated)),
        _text("summary", entry.summary),
        _link("alternate", MEDIA_TYPE, entry.cap_link, entry.language),
        *([_link("alternate", "text/html", entry.page_link, entry.language)] if entry.page_link else []),
    ]
    return f"<entry>{''.join(parts)}</entry>"


def _title(text: str) -> str:
    return _text("title", _said(text))


def _said(text: str) -> str:
    if not xml_text(text).strip():
        raise ValueError("a title or author of Atom is empty")
    return text


def _text(name: str, text: str) -> str:
    return f'<{name} type="text">{_escaped(text)}</{name}>'


def _element(name: str, text: str) -> str:
    return f"<{name}>{_escaped(text)}</{name}>"


def _escaped(text: str) -> str:
    return escape(xml_text(text), {chr(13): "&#13;"})


def _link(relation: str, media_type: str, href: str, language: str = "") -> str:
    if not _LINK.fullmatch(href):
        raise ValueError("a link of Atom is a whole http or https address")
    tongue = f" hreflang={quoteattr(language)}" if language else ""
    return f"<link rel={quoteattr(relation)} type={quoteattr(media_type)} href={quoteattr(href)}{tongue}/>"


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
