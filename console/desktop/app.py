"""The console's root: makes the window, owns the one task group, and takes everything down in order.

Promises: the window is painted before anything slow begins; closing it ends every task, then the maps, then the
loop, with exit status 0; nothing typed is lost.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

from console.client.desk import Changed, Desk
from console.client.desk_work import COMMENT_ENDPOINTS
from console.client.gateway import Unreachable
from console.client.live import ConnectionState
from console.client.outbox import OutboxState
from console.contract import endpoints as e
from console.contract.payloads import Session
from console.contract.problems import Problem
from console.desktop import theme as looks
from console.desktop.city import City
from console.desktop.context import Context, Page
from console.desktop.shell.window import Window
from console.desktop.signin import Opening, SignIn, TrainingMember
from console.domain.alert_lanes import waiting_for
from console.domain.ground import Ground
from console.domain.hours import reads_now
from console.domain.members import NEUTRAL_DESK, Role
from console.domain.moderation import Lane
from console.domain.requests import WAITS

if TYPE_CHECKING:
    from console.desktop.feed.notices import Notices
    from console.desktop.feed.room import FeedRoom
    from console.desktop.map.streets import StreetMap
    from console.desktop.map.view import MapEngine, MapPane
    from console.desktop.requests.list import RequestsPage
    from console.desktop.requests.wizard import WizardPage
    from console.domain.areas import Circle, Polygon
    from console.domain.drafts import Draft
    from console.domain.policy import Agency
    from console.domain.saved_filters import Notice

log = structlog.get_logger("porchlight.console")
LOCK_AFTER_S = 600
LOCK_CHECK_MS = 15_000
SAID_FOR_MS = 20_000

Progress = Callable[[str, float], None]

_ROOMS = {
    "map": e.READ_FEED.who,
    "feed": e.READ_FEED.who,
    "requests": e.LIST_REQUESTS.who,
    "review": e.APPROVE_REQUEST.who,
    "alerts": e.LIST_ALERTS.who,
    "evidence": e.LIST_CLIPS.who,
    "agency": e.SAVE_GATHERINGS.who | e.SAVE_REPLY.who,
    "moderation": e.LIST_QUEUE.who,
    "settings": frozenset(Role),
}
# The room that is open after a sign-in: the first of these that the role may use.
_FIRST = ("map", "moderation", "settings")
_MAP_STARTS_MS = 400
WAITS_TO_BE_SENT = "waiting to be sent\u2026"
_CONNECTIONS = {
    ConnectionState.CONNECTED: ("\u25cf Connected", "good"),
    ConnectionState.CONNECTING: ("\u25cb Connecting\u2026", "waiting"),
    ConnectionState.OFFLINE: ("\u25cb Offline: kept here", "stop"),
}


@dataclass(frozen=True)
class Connected:
    """A service that can be signed in to."""

    desk: Desk
    ground: Ground
    agency: str
    training: tuple[TrainingMember, ...] = ()
    neighbour_link: Callable[[str], str] | None = None
    keep: Callable[[], Awaitable[None]] | None = None
    end: Callable[[], Awaitable[None]] | None = None
    atlases: tuple[City, ...] = ()


@dataclass(frozen=True)
class ConsoleParts:
    """What `cli` hands over. `connect` may be slow: it tells its progress and runs behind the painted window."""

    connect: Callable[[Progress], Awaitable[Connected]]
    make_engine: Callable[[StreetMap | None], MapEngine]
    clock: Callable[[], datetime]
    theme: str
    sign_in_as: str
    evidence_folder: Path
    on_first_map: Callable[[int], None] | None = None
    ready: Callable[[Window], None] | None = None


class _Idle(QObject):
    """Counts since the last key, click or wheel.

    It watches the native window only: a filter on the whole application crashes in PySide 6.11.3 when the web engine
    makes its first objects (a wrapper is asked for while the object is still being constructed).
    """

    def __init__(self) -> None:
        super().__init__()
        self.seconds = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Start anew at every sign of a person."""
        del watched
        if event.type() in {QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel}:
            self.seconds = 0
        return False


@dataclass
class _Signed:
    """What lives as long as a sign-in."""

    context: Context
    pages: dict[str, Page] = field(default_factory=dict)
    wizard: WizardPage | None = None
    panes: list[MapPane] = field(default_factory=list)
    notices: Notices | None = None
    running: asyncio.Task[None] | None = None


async def run_console(parts: ConsoleParts) -> int:
    """Show the console until its window is closed; returns the exit status."""
    root = _Root(parts)
    try:
        async with asyncio.TaskGroup() as group:
            await root.run(group)
    finally:
        root.take_down()
    return 0


class _Root:
    """The one owner of window, tasks and maps."""

    def __init__(self, parts: ConsoleParts) -> None:
        self._parts = parts
        app = QApplication.instance()
        assert isinstance(app, QApplication)  # noqa: S101 - made by `run_app`
        self._app = app
        self._wanted_theme = parts.theme
        self._theme = looks.resolve(parts.theme)
        looks.apply(app, self._theme)
        self._closed = asyncio.Event()
        self._engine: MapEngine | None = None
        self._connected: Connected | None = None
        self._signed: _Signed | None = None
        self._group: asyncio.TaskGroup | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._tray: QSystemTrayIcon | None = None
        self._idle = _Idle()
        self._lock_timer = QTimer()
        self._lock_timer.setInterval(LOCK_CHECK_MS)
        self._lock_timer.timeout.connect(self._count_idle)
        self.window = Window()
        self._unsaid = QTimer()
        self._unsaid.setSingleShot(True)
        self._unsaid.setInterval(SAID_FOR_MS)
        self._unsaid.timeout.connect(partial(self.window.status.said.setText, ""))
        self._opening, self._sign_in = Opening(), SignIn()
        self._sign_in.wanted.connect(self._want_sign_in)
        self.window.chosen.connect(self.show_room)
        self.window.closing.connect(self._closed.set)

    async def run(self, group: asyncio.TaskGroup) -> None:
        """Open, connect, sign in, and stay until the window closes."""
        self._group = group
        self.window.show_first(self._opening)
        self.window.show()
        if self._parts.ready is not None:
            self._parts.ready(self.window)
        self._start(self._connect())
        await self._closed.wait()
        for page in self._pages():
            page.left()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._connected is not None and self._connected.desk.session is not None:
            try:
                async with asyncio.timeout(2):
                    await self._connected.desk.sign_out()
            except (Unreachable, TimeoutError):
                log.info("sign_out_not_told")
        if self._connected is not None and self._connected.end is not None:
            await self._connected.end()

    def take_down(self) -> None:
        """Maps first, then their engine, then the window (FINDINGS: any other order crashes at exit)."""
        self._lock_timer.stop()
        self._unsaid.stop()
        self._drop_sign_in()
        if self._engine is not None:
            self._engine.shutdown()
        if self._connected is not None:
            self._connected.desk.close()
        self.window.hide()
        self.window.deleteLater()

    # -- tasks -----------------------------------------------------------------------------------------------------

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        if self._group is None or self._closed.is_set():
            work.close()
            return
        task = self._group.create_task(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Unreachable as error:
            self._say(str(error) or (Unreachable.__doc__ or ""))
        except Exception as error:  # noqa: BLE001 - a bug in one room must not close the window
            log.error("task_failed", error=type(error).__name__)  # noqa: TRY400 - a traceback may quote what was typed
            self._say(getattr(error, "advice", "") or "Something went wrong here; it was noted. Try it once more.")

    def _say(self, text: str) -> None:
        self.window.status.said.setText(" ".join(text.split()))
        self._unsaid.start()

    # -- connecting and signing in ---------------------------------------------------------------------------------

    async def _connect(self) -> None:
        await asyncio.sleep(0)  # the window paints first
        try:
            self._connected = await self._parts.connect(self._opening.show_progress)
        except Exception as error:  # noqa: BLE001 - whatever it is, the window says it
            log.error("connect_failed", error=type(error).__name__)  # noqa: TRY400
            self._opening.show_failure("Porchlight could not start.", str(error) or (type(error).__doc__ or "").strip())
            return
        if self._connected.keep is not None:
            self._start(_as_coroutine(self._connected.keep))
        self._connected.desk.on_changed = self._changed
        self._offer_sign_in()
        wanted = next((m for m in self._connected.training if m.username == self._parts.sign_in_as), None)
        if wanted is not None:
            self._want_sign_in(wanted.username, wanted.password)

    def _offer_sign_in(self) -> None:
        assert self._connected is not None  # noqa: S101 - after `connect`
        self._sign_in.setEnabled(True)
        self._sign_in.offer(self._connected.training)
        self.window.show_first(self._sign_in)

    def _want_sign_in(self, username: str, password: str) -> None:
        self._start(self._do_sign_in(username, password))

    async def _do_sign_in(self, username: str, password: str) -> None:
        assert self._connected is not None  # noqa: S101 - after `connect`
        desk = self._connected.desk
        try:
            answer = await desk.sign_in(self._agency_of(username), username, password)
        except Unreachable as error:
            self._sign_in.show_error(str(error) or (Unreachable.__doc__ or ""))
            return
        if isinstance(answer, Problem):
            self._sign_in.show_error(f"{answer.title} {answer.advice}")
            return
        self._build(answer)

    def _agency_of(self, username: str) -> str:
        """Where somebody signs in: in training also the service's own moderators can, who are of no agency."""
        assert self._connected is not None  # noqa: S101 - after `connect`
        people = (one.member for one in self._connected.training if one.username == username)
        return next((member.agency for member in people), self._connected.agency)

    def _build(self, session: Session) -> None:
        assert self._connected is not None  # noqa: S101 - after `connect`
        desk = self._connected.desk
        assert desk.profile is not None  # noqa: S101 - `sign_in` loads it
        agency = desk.profile.agency
        context = Context(
            desk=desk,
            ground=self._connected.ground,
            agency=agency,
            clock=self._parts.clock,
            theme=lambda: self._theme,
            start=self._start,
            new_pane=self._new_pane,
            open_wizard=self._open_wizard,
            open_request=self._open_request,
            open_post=self._open_post,
            open_feed_at=self._open_feed_at,
            say=self._say,
            training=self._connected.training,
            evidence_folder=self._parts.evidence_folder,
            atlases=self._connected.atlases,
        )
        self._signed = _Signed(context)
        allowed = self._allow_rooms(desk)
        training = " \u00b7 training" if self._connected.training else ""
        self.window.top.show_member(agency.name + training, session.member)
        self._show_hours()
        self._idle.seconds = 0
        self._watch()
        self._lock_timer.start()
        self._count_idle()
        self.window.show_frame()
        for what in Changed:
            if what is not Changed.SIGNED_OUT:
                self._changed(what)
        self.show_room(next(name for name in _FIRST if name in allowed))
        self._start(desk.run())
        self._announce(context)
        if not desk.durable:
            self._say("This computer offers no keyring: drafts are kept for this session only.")

    def _announce(self, context: Context) -> None:
        """From now on the member is told of new posts in the filters that they chose."""
        session = context.desk.session
        if self._signed is not None and session is not None and session.member.role in e.READ_FEED.who:
            from console.desktop.feed.notices import Notices  # noqa: PLC0415 - after the window is there

            self._signed.notices = Notices(context, self._notify)

    def _notify(self, notice: Notice) -> None:
        """By the desktop's own notifications where it has them, and in the status bar."""
        self._say(f"{notice.title}. {notice.text}")
        if self._tray is None and QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages():
            self._tray = QSystemTrayIcon(self.window.windowIcon(), self.window)
            self._tray.setToolTip("Porchlight")
            self._tray.activated.connect(self.window.activateWindow)
            self._tray.messageClicked.connect(partial(self.show_room, "feed"))
        if self._tray is not None:
            self._tray.show()
            self._tray.showMessage(notice.title, notice.text, self.window.windowIcon())
        else:
            self._app.alert(self.window)

    # -- rooms -----------------------------------------------------------------------------------------------------

    def _pages(self) -> list[Page]:
        return [] if self._signed is None else list(self._signed.pages.values())

    def show_room(self, name: str) -> None:
        """Turn to a room, making it on its first visit."""
        if self._signed is None:
            return
        page = self._room(name)
        before = self.window.pages.currentWidget()
        if isinstance(before, Page) and before is not page:
            before.left()
        self.window.pages.setCurrentWidget(page)
        if name in self.window.rail.buttons:
            self.window.rail.mark(name)
        page.entered()
        focused = self._app.focusWidget()
        if focused is not None and page.isAncestorOf(focused):
            QTimer.singleShot(_MAP_STARTS_MS, focused, partial(self._give_back_focus, page, focused))

    def _give_back_focus(self, page: Page, focused: QWidget) -> None:
        # WORKAROUND(Qt 6.11): a web view that starts in a page may push the focus out, to the rail or nowhere.
        now = self._app.focusWidget()
        lost = now is None or self.window.rail.isAncestorOf(now)
        if lost and self.window.pages.currentWidget() is page and focused.isVisible():
            focused.setFocus()

    def _room(self, name: str) -> Page:
        assert self._signed is not None  # noqa: S101 - asked by callers
        page = self._signed.pages.get(name)
        if page is None:
            page = self._make_room(name)
            self._signed.pages[name] = page
            self.window.pages.addWidget(page)
            for what in Changed:
                if what is not Changed.SIGNED_OUT:
                    page.refresh(what)
        return page

    def _make_room(self, name: str) -> Page:  # noqa: PLR0911 - one for each room
        # Rooms are imported when they are first opened: the window must not wait for them.
        assert self._signed is not None  # noqa: S101 - asked by callers
        assert self._connected is not None  # noqa: S101
        context = self._signed.context
        match name:
            case "map":
                from console.desktop.overview.page import MapPage  # noqa: PLC0415

                return MapPage(context)
            case "feed":
                from console.desktop.feed.room import FeedRoom  # noqa: PLC0415

                return FeedRoom(context)
            case "requests":
                from console.desktop.requests.list import RequestsPage  # noqa: PLC0415

                return RequestsPage(context)
            case "wizard":
                from console.desktop.requests.wizard import WizardPage  # noqa: PLC0415

                wizard = WizardPage(context)
                wizard.closed.connect(self._leave_wizard)
                return wizard
            case "review":
                from console.desktop.review.page import ReviewPage  # noqa: PLC0415

                return ReviewPage(context)
            case "alerts":
                from console.desktop.alerts.page import AlertsPage  # noqa: PLC0415

                return AlertsPage(context)
            case "evidence":
                from console.desktop.evidence.page import EvidencePage  # noqa: PLC0415

                return EvidencePage(context)
            case "agency":
                from console.desktop.agency.page import AgencyPage  # noqa: PLC0415

                return AgencyPage(context)
            case "moderation":
                from console.desktop.moderation.page import ModerationPage  # noqa: PLC0415

                return ModerationPage(context)
            case _:
                from console.desktop.settings import SettingsPage  # noqa: PLC0415

                page = SettingsPage(context, self._wanted_theme, self._connected.neighbour_link)
                page.theme_wanted.connect(self._want_theme)
                page.sign_out_wanted.connect(self._lock)
                return page

    def _open_wizard(self, draft: Draft) -> None:
        page: WizardPage = self._room("wizard")  # type: ignore[assignment]
        page.open(draft)
        self.show_room("wizard")
        self.window.rail.mark("requests")

    def _leave_wizard(self) -> None:
        self.show_room("requests")

    def _open_request(self, request_id: str) -> None:
        page: RequestsPage = self._room("requests")  # type: ignore[assignment]
        self.show_room("requests")
        page.show_request(request_id)

    def _open_post(self, post_id: str) -> None:
        page: FeedRoom = self._room("feed")  # type: ignore[assignment]
        self.show_room("feed")
        page.show_post(post_id)

    def _open_feed_at(self, name: str, area: Circle | Polygon) -> None:
        page: FeedRoom = self._room("feed")  # type: ignore[assignment]
        self.show_room("feed")
        page.show_area(name, area)

    def _new_pane(self, title: str) -> MapPane:
        assert self._signed is not None  # noqa: S101 - rooms exist only while signed in
        if self._engine is None:
            self._engine = self._parts.make_engine(self._signed.context.cities[0].streets)
        city = self._signed.context.cities[0]
        pane = self._engine.pane(title=title, bounds=city.bounds, theme=self._theme)
        pane.set_outlines("jurisdiction", city.jurisdiction)
        if city.districts.ids():
            pane.set_outlines("districts", city.districts)
        if not self._signed.panes and self._parts.on_first_map is not None:
            pane.drawn.connect(self._parts.on_first_map)
        self._signed.panes.append(pane)
        return pane

    # -- what changed ----------------------------------------------------------------------------------------------

    def _changed(self, what: Changed) -> None:
        if self._signed is None:
            return
        if what is Changed.SIGNED_OUT:
            for page in self._pages():
                page.left()  # the vault is still open: what was typed last is kept
            self._drop_sign_in()
            self._offer_sign_in()
            self._sign_in.show_error("Your sign-in has ended. Sign in again; nothing is lost.")
            return
        self._show_status(self._signed.context.desk)
        if what is Changed.OUTBOX and self.window.status.said.text().endswith(WAITS_TO_BE_SENT):
            self.window.status.said.clear()
        for page in self._pages():
            page.refresh(what)
        if what is Changed.AGENCY:
            self._allow_rooms(self._signed.context.desk)
        if what in {Changed.REQUESTS, Changed.CLIPS, Changed.MODERATION, Changed.ALERTS}:
            self._show_counts(self._signed.context.desk)

    def _show_status(self, desk: Desk) -> None:
        waiting = [r for r in desk.outbox if r.state is OutboxState.WAITING]
        status = self.window.status
        if waiting:
            more = f" and {len(waiting) - 1} more" if len(waiting) > 1 else ""
            status.outbox.setText(f"Waiting to be sent: {waiting[0].title}{more}")
        else:
            status.outbox.setText("Nothing waiting to be sent")
        refused = [r for r in desk.outbox if r.state is OutboxState.REFUSED and r.endpoint in COMMENT_ENDPOINTS]
        if refused:  # also one that was refused while nobody was signed in
            status.outbox.setText(f"{status.outbox.text()} \u00b7 not sent: {refused[-1].title}")
        text, tone = _CONNECTIONS[desk.connection]
        self.window.top.show_connection(text, tone)
        if desk.refreshed_at is not None and self._signed is not None:
            when = self._signed.context.local(desk.refreshed_at, "%H:%M:%S")
            fresh = desk.connection is ConnectionState.CONNECTED
            status.fresh.setText(f"Feed up to date, {when}" if fresh else f"Feed as of {when}")

    def _show_hours(self) -> None:
        """Whether the agency reads posts now, on its own clock."""
        if self._signed is None:
            return
        context = self._signed.context
        is_open = reads_now(context.agency.reading_hours, context.zone(), context.clock())
        self.window.status.hours.setText(_hours_words(context.agency, is_open=is_open))

    def _allow_rooms(self, desk: Desk) -> frozenset[str]:
        """The rooms of the role; the review also for whom a supervisor has lent deciding, as long as it lasts."""
        role = None if desk.session is None else desk.session.member.role
        allowed = frozenset(name for name, who in _ROOMS.items() if role in who)
        allowed |= {"review"} if desk.may_decide() else frozenset()
        self.window.rail.allow(allowed)
        return allowed

    def _show_counts(self, desk: Desk) -> None:
        waiting = sum(1 for r in desk.requests if r.state in WAITS)
        self.window.rail.count("review", waiting)
        self.window.rail.count("alerts", waiting_for(desk.alerts))
        self.window.rail.count("evidence", len(desk.clips))
        self.window.rail.count("moderation", sum(1 for item in desk.queue if item.lane is not Lane.DECIDED))

    # -- theme, lock, sign-out ---------------------------------------------------------------------------------------

    def _want_theme(self, wanted: str) -> None:
        self._wanted_theme = wanted
        self._theme = looks.resolve(wanted)
        looks.apply(self._app, self._theme)
        if self._signed is not None:
            for pane in self._signed.panes:
                pane.set_theme(self._theme)
        for page in self._pages():
            page.retheme()

    def _count_idle(self) -> None:
        if self._signed is None:
            return
        self._show_hours()
        self._watch()  # the first map makes the native window anew, without its filter
        left = max(0, LOCK_AFTER_S - self._idle.seconds)
        self.window.top.lock.setText(f"Locks in {max(1, left // 60)} min")
        self._idle.seconds += LOCK_CHECK_MS // 1_000
        if left == 0:
            self._lock()

    def _lock(self) -> None:
        self._start(self._sign_out())

    async def _sign_out(self) -> None:
        assert self._connected is not None  # noqa: S101 - only while signed in
        for page in self._pages():
            page.left()
        self._drop_sign_in()
        await self._connected.desk.sign_out()
        self._offer_sign_in()

    def _watch(self) -> None:
        native = self.window.windowHandle()
        if native is not None:
            native.installEventFilter(self._idle)

    def _drop_sign_in(self) -> None:
        signed, self._signed = self._signed, None
        if signed is None:
            return
        self._lock_timer.stop()
        if signed.notices is not None:
            signed.notices.shut()
        for pane in signed.panes:
            pane.shutdown()
        for page in signed.pages.values():
            self.window.pages.removeWidget(page)
            page.shut()
            _delete(page)


def _hours_words(agency: Agency, *, is_open: bool) -> str:
    told = "In an emergency neighbors are told to call 911."
    if agency.ori == NEUTRAL_DESK:
        return told
    hours = agency.reading_hours
    now = "" if is_open else " It is after hours."
    return f"Feed is read {hours.opens}\u2013{hours.closes}.{now} {told}"


def _delete(widget: QWidget) -> None:
    widget.hide()
    widget.setParent(None)
    widget.deleteLater()


async def _as_coroutine(work: Callable[[], Awaitable[None]]) -> None:
    await work()
