"""A desk without a service, a map without a web engine, and a square city: for the window's and the map page's tests."""

from __future__ import annotations

import asyncio
import functools
import os
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from console.client.desk import Connection
from console.client.vault import open_vault
from console.contract.payloads import Session
from console.contract.problems import problem
from console.domain.desk_work import DeskItem
from console.domain.drafts import Draft, DraftId
from console.domain.feed import Category, Post
from console.domain.members import Member, Role
from console.domain.places import Point
from console.domain.policy import Agency, CaseMask

NOW = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
SQUARE = {"type": "Polygon", "coordinates": [[[-88, 41], [-87, 41], [-87, 42], [-88, 42], [-88, 41]]]}
PASSWORD = "a training password"


_TOLD = {
    "set_layer", "set_points", "select_points", "set_outlines", "clear_layer", "show_layer", "set_theme", "fly_to", "fit",
    "highlight", "set_drawing", "clear_drawing", "set_tool", "light", "shutdown", "set_readout", "change_city",
}  # fmt: skip


class StubPane(QWidget):
    """What a map takes and says."""

    ready = Signal()
    drawn = Signal(int)
    picked = Signal(str, str)
    places_picked = Signal(str, object, int)
    place_picked = Signal(float, float)
    switched = Signal(str, bool)
    again = Signal()
    drawing = Signal(object, bool)
    view_changed = Signal(object)

    def __init__(self, title=""):
        super().__init__()
        self.title = title
        self.told = []

    def tell(self, *words):
        self.told.append(words)

    def __getattr__(self, name):
        if name in _TOLD:
            return lambda *args: self.told.append((name, *args))
        raise AttributeError(name)

    def is_shown(self, name):
        shown = [said[2] for said in self.told if said[:2] == ("show_layer", name)]
        return shown[-1] if shown else name != "blocks"

    def take_picture(self, taken):
        taken(self.picture)
        return True

    def last(self, word, name):
        """What was said last of something: set_layer, set_points, select_points."""
        return next(said[2] for said in reversed(self.told) if said[:2] == (word, name))

    def layer(self, name):
        return self.last("set_layer", name)

    def ids(self, name):
        """The ids of the places that are shown."""
        points = self.last("set_points", name)
        kept = next(
            (said for said in reversed(self.told) if said[0] in {"set_points", "select_points"} and said[1] == name),
            None,
        )
        rows = kept[2] if kept[0] == "select_points" else None
        return [row.id for n, row in enumerate(points.rows) if rows is None or n in rows]


class StubEngine:
    """Makes stub panes; remembers that it was taken down."""

    def __init__(self):
        self.panes = []
        self.is_down = False

    def pane(self, *, title, bounds, theme):
        self.panes.append(StubPane(title))
        return self.panes[-1]

    def shutdown(self):
        self.is_down = True


def member(role=Role.OFFICER, ident="m1", name="Example One", title="Officer"):
    return Member(id=ident, agency="ILCPD0000", name=name, title=title, badge="0001", role=role)


def post(ident="p1", category=Category.CRIME):
    return Post(
        id=ident, category=category, title=f"Title of {ident}", text="Words.", author="Neighbor #4", block="b",
        place=Point(41.85, -87.66), place_name="Near W 18th St", at=NOW,
    )  # fmt: skip


class FakeShelf:
    """The posts and settings of a desk, kept in memory."""

    def __init__(self):
        self.posts = ()
        self.settings = {}
        self.read = set()
        self.outbox = ()
        self.desk_items = {}

    @functools.cached_property
    def feed(self):
        """A copy of the feed without posts, in memory."""
        return open_vault(Path(), "nobody", None).feed()

    def listen_to_feed(self, listener):
        return lambda: None

    def desk_item(self, post_id):
        return self.desk_items.get(post_id) or DeskItem(post_id)

    def setting(self, name):
        return self.settings.get(name)

    def keep_setting(self, name, value):
        self.settings[name] = value

    def find_posts(self, query):
        return tuple(p for p in self.posts if all(w in (p.title + " " + p.text).lower() for w in query.words))

    def is_unread(self, post_id):
        return post_id not in self.read

    def mark_read(self, post_ids):
        self.read |= set(post_ids)

    def mark_unread(self, post_id):
        self.read.discard(post_id)

    async def load_older_posts(self):
        return False


class FakeDesk(FakeShelf):
    """Holds values and keeps what was wanted of it."""

    def __init__(self, agency, role=Role.OFFICER):
        super().__init__()
        self.on_changed = lambda _what: None
        self._agency, self._role = agency, role
        self.session = self.profile = self.refreshed_at = None
        self.connection = Connection.CONNECTED
        self.durable = True
        self.requests = self.clips = self.outbox = self.drafts = self.queue = self.alerts = ()
        self.called = []

    def may_decide(self):
        return self._role is Role.SUPERVISOR

    async def sign_in(self, agency, username, password):
        self.called.append(("sign_in", agency, username))
        await asyncio.sleep(0)
        if password != PASSWORD:
            return problem("wrong_credentials")
        self.session = Session("t", member(self._role), NOW, NOW, "")
        self.profile = SimpleNamespace(agency=self._agency, supervisors=(), delegations=(), gatherings=(), templates=())
        return self.session

    async def sign_out(self):
        self.called.append(("sign_out",))
        self.session = None

    async def run(self):
        try:
            await asyncio.Event().wait()
        finally:
            self.called.append(("run ended",))

    def close(self):
        self.called.append(("close",))

    def new_draft(self, **fields):
        return Draft(id=DraftId("d1"), **fields)

    def findings(self, draft):
        return ()


def lakeside():
    """An agency."""
    return Agency(
        ori="ILCPD0000",
        name="Lakeside Police",
        time_zone="America/Chicago",
        atlas_version="1",
        station=Point(41.85, -87.66),
        case_masks=(CaseMask("YYYY-PPP-NNNNNN"),),
        mail_domains=("lakeside.example",),
        telephones=(),
    )


def square_ground():
    """An atlas of one square, without streets and blocks."""
    atlas = SimpleNamespace(name="Lakeside", jurisdiction=SQUARE, districts=(), blocks=(), streets=())
    index = SimpleNamespace(
        atlas=atlas,
        contains=lambda place: 41 <= place.lat <= 42 and -88 <= place.lon <= -87,
        nearest_street=lambda _place: SimpleNamespace(name="W 18th St"),
    )
    return SimpleNamespace(
        index=index,
        version="1",
        streets=SimpleNamespace(called=lambda _t: [], beginning=lambda _t, _n: [], sounding_like=lambda _t, _n: []),
    )
