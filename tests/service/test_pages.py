"""The pages: what people wrote stays words, nothing comes from elsewhere, and a neighbour can answer."""

from __future__ import annotations

import json
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import jinja2
import msgspec
import pytest
from msgspec.structs import replace

from console.contract import endpoints
from console.contract.payloads import AgencyCard, NewPost, PublishedRequest
from console.contract.problems import Problem, problem
from console.domain.feed import Category, Comment, Post, PostId
from console.domain.places import Point
from console.domain.requests import Outcome, RequestId, State
from console.maps.style import TOKENS
from console.service.pages import (
    NeighbourView,
    Pages,
    RequestCard,
    content_security_policy,
    day,
    hour,
    moment,
    path_part,
    since,
    window,
)

RESOURCES = Path(__file__).parents[2] / "resources"
ASSETS = RESOURCES / "pages" / "assets"
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chromium-browser")
NONCE = "bm9uY2Utb2YtdGhpcy10ZXN0"
NOW = datetime(2025, 11, 22, 19, 0, tzinfo=UTC)
CHICAGO = ZoneInfo("America/Chicago")
HOSTILE = (
    "\"'><img src=x onerror=alert(1)><script>alert(1)</script></title></textarea>{{ 7*7 }}"
    "<a href='https://evil.example/'>"
)
ABOUT_CODE = re.compile(r"""(?:src|href|action|formaction|data|srcset|poster)\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)

AGENCY = AgencyCard(
    ori="ILTRN0000",
    name="Lakeside Police Department",
    station=Point(41.88, -87.63),
    joined_on="2025-11-03",
    opens="08:00",
    closes="18:30",
)
REQUEST = PublishedRequest(
    id=RequestId("r1"),
    number="PL-7K3M9QXT",
    state=State.PUBLISHED,
    agency_name=AGENCY.name,
    asked_by="Ofc. Example One, Property Crimes",
    offence="220",
    title="Were your cameras on near W 18th St?",
    text="A home was broken into. Recordings of the street or the alley may help.\nSharing is your choice.",
    contact="desk@lakeside.example",
    case_number="2025-018-000431",
    begins=NOW - timedelta(hours=30),
    ends=NOW - timedelta(hours=28),
    near="W 18th St and S Wood St",
    outline={"type": "Polygon", "coordinates": []},
    published_at=NOW - timedelta(hours=5),
    expires_at=NOW + timedelta(days=13),
    addenda=("The car was grey.",),
)
POST = Post(
    id=PostId("p1"),
    category=Category.LOST_AND_FOUND,
    title="Found a bicycle",
    text="It stands by the fence.",
    author="Neighbor #4",
    block="8a2664c1a2dffff",
    place=Point(41.88, -87.63),
    place_name="Near S Wood St",
    at=NOW - timedelta(minutes=40),
    comments=(
        Comment("c1", "Neighbor #9", official=False, text="It is not mine.", at=NOW - timedelta(minutes=9)),
        Comment("c2", "Sgt. Example Two", official=True, text="We will pick it up.", at=NOW),
    ),
)


def _view(*cards: RequestCard, announcement: bool = True, opted_out: bool = False) -> NeighbourView:
    return NeighbourView(
        agency=AGENCY,
        announcement=announcement,
        opted_out=opted_out,
        requests=cards or (RequestCard(REQUEST),),
        posts=(POST,),
        now=NOW,
        time_zone="America/Chicago",
    )


@pytest.fixture(scope="module")
def pages() -> Pages:
    return Pages(RESOURCES)


class _Read(HTMLParser):
    """What a browser makes of a page: tags with attributes, and the words between them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data

    def ids(self) -> list[str]:
        return [attrs["id"] or "" for _, attrs in self.tags if "id" in attrs]

    def classed(self, name: str) -> list[dict[str, str | None]]:
        return [attrs for _, attrs in self.tags if name in (attrs.get("class") or "").split()]


def _every_page(pages: Pages, words: str | None = None) -> dict[str, str]:
    """Each page; with `words`, these stand wherever somebody else's words can."""
    agency, request, post, refusal = AGENCY, REQUEST, POST, problem("not_found")
    if words is not None:
        agency = AgencyCard(words, words, AGENCY.station, words, words, words)
        request = PublishedRequest(
            id=RequestId(words), number=words, state=words, agency_name=words, asked_by=words, offence=words,
            title=words, text=words, contact=words, case_number=words, begins=REQUEST.begins,
            ends=REQUEST.ends, near=words, outline={"type": words}, published_at=NOW,
            expires_at=REQUEST.expires_at, addenda=(words,), outcome=words,
        )  # fmt: skip
        comment = Comment(words, words, official=True, text=words, at=NOW)
        post = Post(PostId(words), Category.CRIME, words, words, words, words, POST.place, words, NOW, (comment,))
        refusal = Problem(words, 404, words, words)
    published = replace(request, state=State.PUBLISHED)
    view = replace(_view(RequestCard(published), RequestCard(request, "shared", 2)), agency=agency, posts=(post,))
    return {
        "neighbour": pages.neighbour(view, NONCE),
        "neighbour with nothing": pages.neighbour(replace(view, requests=(), posts=(), announcement=False), NONCE),
        "neighbour, opted out": pages.neighbour(replace(view, opted_out=True), NONCE),
        "signed out": pages.signed_out(),
        "front": pages.front((agency,), NONCE),
        "front with nobody": pages.front((), NONCE),
        "agency": pages.agency(agency, (published, request), "America/Chicago", NONCE),
        "agency without requests": pages.agency(agency, (), "America/Chicago", NONCE),
        "problem": pages.problem(refusal),
    }


def test_hostile_words_add_nothing_to_any_page(pages: Pages) -> None:
    tame, hostile = _every_page(pages, "tame"), _every_page(pages, HOSTILE)
    shape = {name: [tag for tag, _ in _Read(page).tags] for name, page in tame.items()}
    for name, page in hostile.items():
        read = _Read(page)
        assert [tag for tag, _ in read.tags] == shape[name], name
        attributes = {key for _, attrs in read.tags for key in attrs}
        assert not {key for key in attributes if key.startswith("on") or key == "style"}, name
        assert "49" not in page, name
    assert HOSTILE in _Read(hostile["neighbour"]).words


def test_hostile_ids_stay_one_part_of_an_address(pages: Pages) -> None:
    request = RequestCard(replace(REQUEST, id=RequestId("../../n/opt-out?x#y")))
    read = _Read(pages.neighbour(_view(request), NONCE))
    (article,) = read.classed("request")
    assert article["data-share"] == "/n/requests/..%2F..%2Fn%2Fopt-out%3Fx%23y/clips"
    assert path_part("..") == "%2E%2E"
    assert "/" not in path_part("\\/..")


def test_no_page_holds_a_script_a_style_or_another_host(pages: Pages) -> None:
    for name, page in _every_page(pages).items():
        assert "https:" not in page, name
        assert "http:" not in page, name
        assert "<style" not in page, name
        assert "javascript:" not in page, name
        read = _Read(page)
        for tag, attrs in read.tags:
            assert "style" not in attrs, (name, tag)
            assert not [key for key in attrs if key.startswith("on")], (name, tag)
        assert re.findall(r"<script[^>]*>(?!</script>)", page) == [], name
        for address in ABOUT_CODE.findall(page):
            assert address.startswith(("/", "#")), (name, address)
            assert not address.startswith("//"), (name, address)


def test_assets_ask_no_other_host_and_write_no_markup() -> None:
    for path in ASSETS.iterdir():
        text = path.read_text("utf-8").replace('xmlns="http://www.w3.org/2000/svg"', "")
        assert "//" not in re.sub(r"(?m)(^|\s)//.*$", "", text), path.name
        markup = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|Function\("
        assert not re.search(markup, text), path.name
    for path in (RESOURCES / "pages").glob("*.html"):
        text = path.read_text("utf-8")
        assert not re.search(r"\|\s*safe|autoescape|Markup", text), path.name


def test_style_takes_its_colours_from_the_tokens(pages: Pages) -> None:
    style = (ASSETS / "pages.css").read_text("utf-8")
    assert not re.search(r"#[0-9a-fA-F]{3,8}\b(?=[;\s,)])|rgba?\(|hsla?\(", style)
    tokens = pages.tokens_css()
    made = set(re.findall(r"--([\w-]+):", tokens)) | set(re.findall(r"--([\w-]+):", style))
    assert set(re.findall(r"var\(--([\w-]+)\)", style)) <= made
    light, dark = tokens.split("@media (prefers-color-scheme:dark)")
    assert f"--on-accent:{TOKENS['day']['on_accent']};" in light
    assert f"--on-accent:{TOKENS['night']['on_accent']};" in dark


def _contrast(first: str, second: str) -> float:
    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["day", "night"])
def test_every_pair_of_colours_can_be_read(theme: str) -> None:
    tokens = {**TOKENS["day" if theme == "day" else "night"], "on_rail": TOKENS["night"]["text"]}
    for words, ground in (
        *((words, "background") for words in ("text", "muted", "accent", "good", "stop")),
        *((words, "surface") for words in ("text", "muted", "accent", "good", "stop")),
        *(("good", "good_ground"), ("stop", "stop_ground"), ("waiting", "waiting_ground")),
        *(("on_accent", "accent"), ("on_rail", "rail")),
    ):
        assert _contrast(tokens[words], tokens[ground]) >= 4.5, (words, ground)
    assert _contrast(tokens["lamp"], tokens["rail"]) >= 3.0


def test_a_blank_without_a_value_is_an_error(pages: Pages) -> None:
    with pytest.raises(jinja2.UndefinedError):
        pages._render("problem.html", "")
    with pytest.raises(jinja2.UndefinedError):
        pages._render("agency.html", NONCE, agency=AGENCY, requests=(object(),), zone=CHICAGO)


def test_neighbours_page_bears_the_agreed_names(pages: Pages) -> None:
    read = _Read(pages.neighbour(_view(), NONCE))
    assert {"opt-out", "announcement", "put-away"} <= set(read.ids())
    (request,) = read.classed("request")
    assert request["data-id"] == "r1"
    (files,) = read.classed("share-files")
    assert files["type"] == "file"
    assert "multiple" in files
    for name in ("share-send", "share-status", "decline", "declined-note"):
        assert len(read.classed(name)) == 1, name


def test_every_control_has_a_label_and_every_id_is_one(pages: Pages) -> None:
    for name, page in _every_page(pages).items():
        read = _Read(page)
        ids = read.ids()
        assert len(ids) == len(set(ids)), name
        labelled = {attrs.get("for") for tag, attrs in read.tags if tag == "label"}
        for tag, attrs in read.tags:
            if tag in {"input", "select", "textarea"}:
                assert attrs.get("id") in labelled, (name, attrs)
            if tag == "iframe":
                assert attrs.get("title"), name
            for key in ("aria-labelledby", "aria-describedby", "aria-controls", "for"):
                assert attrs.get(key) is None or attrs[key] in ids, (name, key, attrs[key])


def test_neighbours_page_says_who_asks_what_for_and_what_sharing_reveals(pages: Pages) -> None:
    words = re.sub(r"\s+", " ", _Read(pages.neighbour(_view(), NONCE)).words)
    for said in (
        "Lakeside Police Department has joined Porchlight",
        "November 3, 2025",
        "8:00 AM to 6:30 PM, local time: not monitored round the clock; in an emergency call 911.",
        "Ofc. Example One, Property Crimes, Lakeside Police Department",
        "Burglary / breaking and entering (220)",
        "2025-018-000431",
        "Friday, November 21, 2025, 7:00 AM to 9:00 AM CST",
        "W 18th St and S Wood St",
        "The car was grey.",
        "sounds and voices",
        "a house number",
        "your name, your address, your account",
        "Nobody learns that you were asked, or that you declined.",
        "only your block",
        "40 minutes ago",
        "Public safety",
    ):
        assert said in words, said


def test_announcement_is_told_once_and_the_emergency_number_always(pages: Pages) -> None:
    page = pages.neighbour(_view(announcement=False), NONCE)
    assert 'id="announcement"' not in page
    for every in _every_page(pages).values():
        assert "call 911" in every


def test_opted_out_page_holds_no_request(pages: Pages) -> None:
    page = pages.neighbour(_view(opted_out=True), NONCE)
    assert REQUEST.title not in page
    assert "You have turned video requests off" in page


@pytest.mark.parametrize(
    "closed",
    [replace(REQUEST, expires_at=NOW), replace(REQUEST, state=State.RESOLVED, outcome=Outcome.LEAD)],
)
def test_closed_request_cannot_be_answered(pages: Pages, closed: PublishedRequest) -> None:
    read = _Read(pages.neighbour(_view(RequestCard(closed)), NONCE))
    assert not read.classed("share-files")
    assert not read.classed("decline")
    assert "Nothing more can be shared." in read.words


@pytest.mark.parametrize(("answered", "hidden"), [("", True), ("declined", False)])
def test_a_declined_request_can_be_reconsidered(pages: Pages, answered: str, *, hidden: bool) -> None:
    card = RequestCard(REQUEST, "declined" if answered else "")
    read = _Read(pages.neighbour(_view(card), NONCE))
    assert ("hidden" in read.classed("declined-note")[0]) is hidden
    assert ("hidden" in read.classed("deciding")[0]) is not hidden
    assert read.classed("reconsider")


def test_public_pages_tell_all_that_was_asked(pages: Pages) -> None:
    resolved = replace(REQUEST, state=State.RESOLVED, outcome=Outcome.ARREST)
    page = pages.agency(AGENCY, (resolved,), "America/Chicago", NONCE)
    for said in (
        REQUEST.case_number,
        "Resolved",
        "An arrest was made.",
        "The car was grey.",
        "/published/r1/map",
    ):
        assert said in page
    assert "who declined" in page
    front = pages.front((AGENCY, replace(AGENCY, ori="NBTRN0000", name="Älder County Sheriff")), NONCE)
    assert front.index("/agencies/ILTRN0000") < front.index("/agencies/NBTRN0000")
    assert "Illinois" in front
    assert "Nebraska" in front


def test_paths_are_those_of_the_table(pages: Pages) -> None:
    page = pages.neighbour(_view(), NONCE)
    script = (ASSETS / "pages.js").read_text("utf-8")
    for row in (endpoints.SHARE_CLIP, endpoints.DECLINE, endpoints.NEIGHBOUR_MAP):
        assert f'"{row.path.replace("{request_id:str}", "r1")}"' in page
    assert f'"{endpoints.COMMENT_AS_NEIGHBOUR.path.replace("{post_id:str}", "p1")}"' in page
    for row in (endpoints.SET_OPT_OUT, endpoints.SEE_ANNOUNCEMENT, endpoints.WRITE_POST):
        assert f'"{row.path}"' in script
    read = _Read(page)
    fields = {attrs.get("name") for tag, attrs in read.tags if tag in {"input", "select", "textarea"}}
    assert set(NewPost.__struct_fields__) <= fields


def test_policy_of_a_page_and_of_a_map() -> None:
    page = content_security_policy(NONCE, frames=False)
    assert "default-src 'none'" in page
    assert "script-src 'self';" in page
    assert "style-src 'self';" in page
    assert "frame-src 'self'" in page
    assert "frame-ancestors 'none'" in page
    framed = content_security_policy(NONCE, frames=True)
    assert f"script-src 'self' 'nonce-{NONCE}';" in framed
    assert "frame-src 'none'" in framed
    assert "frame-ancestors 'self'" in framed
    for policy in (page, framed):
        assert "unsafe" not in policy
        assert "http" not in policy
        assert "form-action 'none'" in policy
        assert "base-uri 'none'" in policy
    with pytest.raises(ValueError, match="nonce"):
        content_security_policy("x'; script-src *", frames=False)


def test_times_are_told_in_the_agencys_zone() -> None:
    assert moment(NOW, CHICAGO) == "Saturday, November 22, 2025, 1:00 PM CST"
    midnight = datetime(2025, 11, 22, 6, 0, tzinfo=UTC)
    assert window(midnight - timedelta(hours=1), midnight, CHICAGO) == (
        "Friday, November 21, 2025, 11:00 PM to Saturday, November 22, 2025, 12:00 AM CST"
    )
    clocks_back = datetime(2025, 11, 2, 6, 30, tzinfo=UTC)
    assert window(clocks_back, clocks_back + timedelta(hours=1), CHICAGO) == (
        "Sunday, November 2, 2025, 1:30 AM CDT to 1:30 AM CST"
    )
    assert since(NOW, NOW, CHICAGO) == "just now"
    assert since(NOW - timedelta(hours=1), NOW, CHICAGO) == "1 hour ago"
    assert since(NOW + timedelta(hours=1), NOW, CHICAGO).endswith("2:00 PM CST")
    assert (hour("00:05"), hour("12:00"), hour("24:00"), hour("late")) == (
        "12:05 AM",
        "12:00 PM",
        "12:00 AM",
        "late",
    )
    assert (day("2025-11-03"), day("soon")) == ("November 3, 2025", "soon")
    with pytest.raises(ValueError, match="zone"):
        moment(NOW.replace(tzinfo=None), CHICAGO)


class _Site(ThreadingHTTPServer):
    """A stand-in for the service: it serves the pages and notes what the neighbour sends."""

    daemon_threads = True

    def __init__(self, pages: Pages) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.pages = pages
        self.opted_out = False
        self.posts: tuple[Post, ...] = (POST,)
        self.told: list[tuple[str, str, object]] = []
        self.go_on = threading.Event()
        self.refusals: list[Problem] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def sent(self, path: str) -> list[object]:
        return [body for _, to, body in self.told if to == path]


class _Answers(BaseHTTPRequestHandler):
    server: _Site

    def log_message(self, *_: object) -> None:
        """Silent."""

    def do_GET(self) -> None:
        site, path = self.server, self.path
        if path == "/n":
            self._page(site.pages.neighbour(replace(_view(opted_out=site.opted_out), posts=site.posts), NONCE))
        elif path == "/":
            others = tuple(replace(AGENCY, ori=f"NBTRN{n:04}", name=f"Plains County {n}") for n in range(3))
            self._page(site.pages.front((AGENCY, *others), NONCE))
        elif path == "/map":
            markers = "".join(
                f'<div class="leaflet-marker-icon" data-pl-id="{ori}">*</div>' for ori in ("ILTRN0000", "NBTRN0001")
            )
            link = '<a href="/agencies/ILTRN0000">Open</a>'
            self._page(f"<!doctype html><title>Map</title>{markers}{link}", frames=True)
        elif path.startswith("/agencies/"):
            self._page(site.pages.agency(AGENCY, (REQUEST,), "America/Chicago", NONCE))
        elif path.endswith("/map"):
            self._page("<!doctype html><title>Map</title><p>A small map", frames=True)
        elif path == "/assets/pages/tokens.css":
            self._answer(200, "text/css", site.pages.tokens_css().encode())
        elif path.startswith("/assets/pages/"):
            file = ASSETS / path.rsplit("/", 1)[1]
            kinds = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
            self._answer(200, kinds[file.suffix], file.read_bytes())
        else:
            self._answer(404, "text/plain", b"")

    def do_POST(self) -> None:
        self._write(json.loads(self._body()))

    def do_PUT(self) -> None:
        body = self._body()
        if not self.path.endswith("/clips"):
            self._write(json.loads(body))
            return
        self.server.go_on.wait(20)
        self.server.go_on.clear()
        self._write((unquote(self.headers["X-File-Name"]), self.headers["Content-Type"], body))

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers["Content-Length"]))

    def _write(self, body: object) -> None:
        site = self.server
        site.told.append((self.command, self.path, body))
        if site.refusals:
            refusal = site.refusals.pop(0)
            self._answer(refusal.status, "application/problem+json", msgspec.json.encode(refusal))
            return
        if isinstance(body, dict) and "opted_out" in body:
            site.opted_out = body["opted_out"]
        if self.path == "/n/posts" and isinstance(body, dict):
            post = replace(POST, id=PostId("p2"), title=body["title"], text=body["text"], comments=())
            site.posts = (post, *site.posts)
        self._answer(200, "application/json", b'{"ok":true}')

    def _page(self, page: str, *, frames: bool = False) -> None:
        policy = content_security_policy(NONCE, frames=frames)
        self._answer(200, "text/html; charset=utf-8", page.encode(), policy)

    def _answer(self, status: int, kind: str, body: bytes, policy: str = "default-src 'none'") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", policy)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def site(pages: Pages) -> Iterator[_Site]:
    server = _Site(pages)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server
    server.go_on.set()
    server.shutdown()
    thread.join()
    server.server_close()


Wander = Callable[[Any, Any], None]


def _browse(site: _Site, path: str, wander: Wander, *, script: bool = True, width: int = 390) -> None:
    """Open a page in Chromium and walk on it; a complaint of the browser fails the test."""
    sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    arguments = ["--no-sandbox", "--disable-quic", "--disable-background-networking"]
    complaints: list[str] = []
    with sync.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        try:
            context = browser.new_context(viewport={"width": width, "height": 844}, java_script_enabled=script)
            context.set_default_timeout(15_000)
            page = context.new_page()
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
            page.goto(site.address + path)
            wander(page, sync.expect)
            wide = page.evaluate("document.documentElement.scrollWidth") if script else width
        finally:
            browser.close()
    # A refusal and the font that this stand-in does not have are reported by the browser too.
    assert [words for words in complaints if "Failed to load resource" not in words] == []
    assert wide <= width


def test_neighbour_shares_two_recordings_and_loses_nothing_when_one_is_refused(site: _Site) -> None:
    def wander(page: Any, expect: Any) -> None:
        request = page.locator(".request[data-id=r1]")
        request.locator(".share-send").click()
        expect(request.locator(".share-status")).to_contain_text("Choose at least one")
        request.locator(".share-files").set_input_files(
            [
                {"name": "Tür <1>.mp4", "mimeType": "video/mp4", "buffer": b"first" * 4000},
                {"name": "notes.mkv", "mimeType": "", "buffer": b"second"},
            ]
        )
        expect(request.locator(".share-list li")).to_have_count(2)
        site.refusals = []
        request.locator(".share-send").click()
        bar = request.get_by_role("progressbar", name="Sending Tür <1>.mp4")
        expect(bar).to_be_visible()
        expect(request.locator(".share-status")).to_contain_text("Sending 1 of 2")
        site.go_on.set()
        expect(request.get_by_role("progressbar", name="Sending notes.mkv")).to_be_visible()
        site.refusals = [problem("no_video")]
        site.go_on.set()
        status = request.locator(".share-status")
        expect(status).to_contain_text("notes.mkv was not shared. This file holds no video that can be read.")
        expect(status).to_contain_text("Choose the recording itself")
        expect(status).to_contain_text("1 recording was shared")
        expect(request.locator(".decline")).to_be_hidden()
        request.get_by_role("button", name="Try again: notes.mkv").click()
        site.go_on.set()
        expect(status).to_contain_text("2 recordings were shared")
        expect(request.locator(".shared-note")).to_contain_text("You shared 2 recordings.")
        expect(request.locator("progress:visible")).to_have_count(0)

    _browse(site, "/n", wander)
    sent = site.sent("/n/requests/r1/clips")
    assert sent[0] == ("Tür <1>.mp4", "video/mp4", b"first" * 4000)
    assert [name for name, _, _ in sent[1:]] == ["notes.mkv", "notes.mkv"]  # type: ignore[misc,has-type]


def test_neighbour_declines_and_reconsiders(site: _Site) -> None:
    def wander(page: Any, expect: Any) -> None:
        site.refusals = [problem("closed")]
        page.locator(".decline").click()
        expect(page.locator(".share-status")).to_contain_text("This request is closed")
        page.locator(".decline").click()
        expect(page.locator(".declined-note")).to_be_visible()
        expect(page.locator(".declined-note")).to_be_focused()
        expect(page.locator(".share-send")).to_be_hidden()
        page.locator(".reconsider").click()
        expect(page.locator(".share-send")).to_be_visible()
        expect(page.locator(".declined-note")).to_be_hidden()

    _browse(site, "/n", wander, width=360)
    assert site.sent("/n/requests/r1/decline") == [{"seen_only": False}] * 2


def test_neighbour_turns_requests_off_and_back_by_keyboard(site: _Site) -> None:
    def wander(page: Any, expect: Any) -> None:
        page.locator("#opt-out").focus()
        page.keyboard.press("Space")
        expect(page.locator("#opt-out-status")).to_have_text("Video requests are off.")
        expect(page.locator(".request")).to_be_hidden()
        page.reload()
        expect(page.locator("#opt-out")).to_be_checked()
        expect(page.locator(".request")).to_have_count(0)
        page.locator("#opt-out").uncheck()
        expect(page.locator(".request")).to_be_visible()
        page.locator(".decline").click()
        expect(page.locator(".declined-note")).to_be_visible()
        site.refusals = [problem("busy")]
        page.locator("#opt-out").click()
        expect(page.locator("#opt-out-status")).to_contain_text("The service is busy.")
        expect(page.locator("#opt-out")).not_to_be_checked()

    _browse(site, "/n", wander)
    assert site.sent("/n/opt-out") == [{"opted_out": on} for on in (True, False, True)]


def test_neighbour_puts_the_announcement_away_and_writes(site: _Site) -> None:
    def wander(page: Any, expect: Any) -> None:
        page.locator("#put-away").click()
        expect(page.locator("#announcement")).to_have_count(0)
        page.locator(".post .commenting > summary").click()
        page.get_by_label("Your comment").fill("half a com")
        page.locator("#write-post button").click()
        expect(page.locator("#write-post .status")).to_contain_text("Title: at least 3 letters.")
        page.locator("#post-category").select_option("safety")
        page.get_by_label("Title").fill("<b>Lamp out</b>")
        page.get_by_label("What happened").fill("The street lamp is dark.")
        site.refusals = [problem("malformed")]
        page.locator("#write-post button").click()
        expect(page.locator("#write-post .status")).to_contain_text("could not read")
        expect(page.get_by_label("Title")).to_have_value("<b>Lamp out</b>")
        page.locator("#write-post button").click()
        expect(page.locator(".post h3").first).to_have_text("<b>Lamp out</b>")
        comment = page.locator(".post[data-id=p1] .write-comment textarea")
        expect(comment).to_have_value("half a com")
        comment.fill("whole")
        page.locator(".post[data-id=p1] .write-comment button").click()
        expect(page.locator(".post[data-id=p1] .write-comment .status")).to_have_text("Your comment was posted.")
        expect(comment).to_have_value("")

    _browse(site, "/n", wander)
    assert site.sent("/n/announcement") == [{"seen_only": True}]
    lamp = {"category": "safety", "title": "<b>Lamp out</b>", "text": "The street lamp is dark."}
    assert site.sent("/n/posts") == [lamp, lamp]
    assert site.sent("/n/posts/p1/comments") == [{"text": "whole"}]


def test_search_finds_agencies_by_place_on_the_list_and_on_the_map(site: _Site) -> None:
    def wander(page: Any, expect: Any) -> None:
        expect(page.locator("#found-count")).to_have_text("4 agencies")
        markers = page.frame_locator("#agency-map").locator(".leaflet-marker-icon")
        expect(markers.locator("visible=true")).to_have_count(2)
        page.get_by_label("Find an agency").fill("nebraska 1")
        expect(page.locator("#found-count")).to_have_text("1 agency")
        expect(page.locator("[data-ori=ILTRN0000]")).to_be_hidden()
        expect(page.frame_locator("#agency-map").locator("[data-pl-id=ILTRN0000]")).to_be_hidden()
        page.keyboard.press("Enter")
        expect(page.locator("[data-ori=NBTRN0001] a")).to_be_focused()
        page.get_by_label("Find an agency").fill("atlantis")
        expect(page.locator("#found-none")).to_be_visible()
        page.frame_locator("#agency-map").get_by_text("Open").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(AGENCY.name)
        assert page.url.endswith("/agencies/ILTRN0000")

    _browse(site, "/", wander, width=1366)


def test_neighbours_page_can_be_read_without_script(site: _Site) -> None:
    def wander(page: Any, expect: Any) -> None:
        expect(page.get_by_text(REQUEST.title)).to_be_visible()
        expect(page.get_by_text("turn JavaScript on")).to_be_visible()
        expect(page.locator(".share-send")).to_be_hidden()

    _browse(site, "/n", wander, script=False)
