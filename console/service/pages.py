"""The service's pages: the neighbour's page, the public pages, and the policy that they are served under.

Promises: every word of a neighbour, a member or an agency is escaped; a page holds no script and no style of
its own and names no other host; a blank without a value is an error, never an empty place. Reading works
without script. Never: a clock, a network, a file but the templates.
Source: the Content Security Policy, level 3; DESIGN 2 and 3.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import quote
from zoneinfo import ZoneInfo

import jinja2
import msgspec

from console.contract.alerts import PublishedAlert
from console.contract.moderation import AgencyCount, DecisionOnYours
from console.contract.payloads import AgencyCard, PublishedRequest
from console.domain.alert_words import ALERT_STATES, LEVELS, MESSAGES, thread_note
from console.domain.alert_words import KINDS as ALERT_KINDS
from console.domain.alerts import AlertState, Level, by_weight
from console.domain.feed import CATEGORY_NAMES, Category, Post
from console.domain.hours import hour_words, opens_next, reads_now
from console.domain.moderation_words import (
    DONE,
    EMERGENCY_NOTICE,
    FLAG_REASONS,
    KINDS,
    LIMITED_NOTICE,
    REASONS,
    REMOVED_STUB,
    told_to_author,
)
from console.domain.moderation_words import OUTCOMES as FLAG_OUTCOMES
from console.domain.offences import BY_CODE
from console.domain.policy import ReadingHours
from console.domain.requests import Outcome, State
from console.maps.style import TOKENS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from console.contract.problems import Problem

_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NONCE: Final = re.compile(r"[A-Za-z0-9+/_=-]{16,128}")
_NOON: Final = 12

_STATES: Final[Mapping[str, str]] = {
    State.PUBLISHED: "Open",
    State.EXPIRED: "Ended",
    State.RESOLVED: "Resolved",
}
_OUTCOMES: Final[Mapping[str, str]] = {
    Outcome.ARREST: "An arrest was made.",
    Outcome.LEAD: "It led to something that helps the case.",
    Outcome.NO_HELP: "It did not help the case.",
    Outcome.UNFOUNDED: "Nothing unlawful had happened.",
    Outcome.OTHER_SOURCE: "The case was helped from another source.",
}
_LEVEL_TONES: Final[Mapping[Level, str]] = {
    Level.EXTREME: "stop",
    Level.SEVERE: "stop",
    Level.MODERATE: "amber",
    Level.MINOR: "",
    Level.UNKNOWN: "",
}
_POST_CATEGORIES: Final = tuple((c.value, CATEGORY_NAMES[c]) for c in Category if c is not Category.ALERT)

# An ORI begins with its state. These are the postal codes, but for Nebraska, which is NB (NCIC code manual).
_PLACES: Final[Mapping[str, str]] = {
    pair[:2]: pair[3:]
    for pair in (
        *("AL Alabama", "AK Alaska", "AZ Arizona", "AR Arkansas", "CA California", "CO Colorado"),
        *("CT Connecticut", "DE Delaware", "DC District of Columbia", "FL Florida", "GA Georgia", "GU Guam"),
        *("HI Hawaii", "ID Idaho", "IL Illinois", "IN Indiana", "IA Iowa", "KS Kansas", "KY Kentucky"),
        *("LA Louisiana", "ME Maine", "MD Maryland", "MA Massachusetts", "MI Michigan", "MN Minnesota"),
        *("MS Mississippi", "MO Missouri", "MT Montana", "NB Nebraska", "NE Nebraska", "NV Nevada"),
        *("NH New Hampshire", "NJ New Jersey", "NM New Mexico", "NY New York", "NC North Carolina"),
        *("ND North Dakota", "OH Ohio", "OK Oklahoma", "OR Oregon", "PA Pennsylvania", "PR Puerto Rico"),
        *("RI Rhode Island", "SC South Carolina", "SD South Dakota", "TN Tennessee", "TX Texas", "UT Utah"),
        *("VT Vermont", "VA Virginia", "WA Washington", "WV West Virginia", "WI Wisconsin", "WY Wyoming"),
    )
}


class RequestCard(msgspec.Struct, frozen=True):
    """A request of the neighbour's block, with what this neighbour answered."""

    published: PublishedRequest
    answered: Literal["", "declined", "shared"] = ""
    shared_files: int = 0


class AlertCard(msgspec.Struct, frozen=True):
    """An alert in force on the neighbour's page, with its thread where it is found."""

    alert: PublishedAlert
    post: Post | None = None

    @property
    def told(self) -> tuple[str, ...]:
        """The comments that only say again what stands in the alert: its updates."""
        return tuple(thread_note(message) for message in self.alert.messages[1:])


class Reading(msgspec.Struct, frozen=True):
    """Whether the agency reads posts now, and when it does again."""

    now: bool
    again: datetime | None
    zone: ZoneInfo


class NeighbourView(msgspec.Struct, frozen=True):
    """What one neighbour's page shows; `announcement` is whether the agency's joining is still to be told."""

    agency: AgencyCard
    announcement: bool
    opted_out: bool
    requests: tuple[RequestCard, ...]
    posts: tuple[Post, ...]
    now: datetime
    time_zone: str
    decisions: tuple[DecisionOnYours, ...] = ()
    alerts: tuple[AlertCard, ...] = ()


class Pages:
    """Renders the pages from the templates in `resources`/pages.

    The assets in resources/pages/assets are served under /assets/pages, with `tokens_css` as tokens.css.
    """

    def __init__(self, resources: Path) -> None:
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(resources / "pages"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters.update(
            path_part=path_part,
            day=day,
            hour=hour,
            offence=_offence,
            state=_state,
            outcome=_outcome,
            place=_place,
            category=CATEGORY_NAMES.__getitem__,
            alert_kind=ALERT_KINDS.__getitem__,
            alert_state=lambda state: ALERT_STATES[AlertState(state)],
            message_kind=MESSAGES.__getitem__,
            level=lambda level: LEVELS[level][0],
            level_tone=_LEVEL_TONES.__getitem__,
            item_kind=lambda kind: KINDS[kind].lower(),
            flag_reason=lambda reason: FLAG_REASONS[reason].name,
            flag_outcome=FLAG_OUTCOMES.__getitem__,
            done=DONE.__getitem__,
            decision_reason=lambda reason: REASONS[reason].name,
        )
        self._templates.globals.update(
            window=window,
            moment=moment,
            since=since,
            told=_told,
            removed_stub=REMOVED_STUB,
            limited_notice=LIMITED_NOTICE,
            emergency_notice=EMERGENCY_NOTICE,
            flag_reasons=tuple((code.value, words.name, words.explains) for code, words in FLAG_REASONS.items()),
        )

    def neighbour(self, view: NeighbourView, nonce: str) -> str:
        """The neighbour's page. Requests are left out altogether for a neighbour who turned them off."""
        open_ids = {
            card.published.id
            for card in view.requests
            if card.published.state == State.PUBLISHED and card.published.expires_at > view.now
        }
        return self._render(
            "neighbour.html",
            nonce,
            view=view,
            agency=view.agency,
            zone=ZoneInfo(view.time_zone),
            reading=_reading(view.agency, view.time_zone, view.now),
            alerts=sorted(view.alerts, key=lambda card: _weight(card.alert)),
            open_ids=open_ids,
            categories=_POST_CATEGORIES,
        )

    def signed_out(self) -> str:
        """The neighbour's page for somebody who came without a link: nobody's data."""
        return self._render("signed_out.html", "")

    def front(self, agencies: tuple[AgencyCard, ...], nonce: str, counts: tuple[AgencyCount, ...] = ()) -> str:
        """The Active Agency Map. The search hides the map's agencies too: their feature ids are ORIs."""
        ordered = sorted(agencies, key=lambda card: (card.name.casefold(), card.ori))
        flagged = {count.ori: sum(count.flags.values()) for count in counts}
        return self._render("front.html", nonce, agencies=ordered, flagged=flagged)

    def agency(
        self,
        card: AgencyCard,
        requests: tuple[PublishedRequest, ...],
        time_zone: str,
        nonce: str,
        count: AgencyCount | None = None,
        *,
        alerts: tuple[PublishedAlert, ...] = (),
        now: datetime | None = None,
    ) -> str:
        """An agency's public page: its alerts, its published requests in full in the order given, what it flagged."""
        return self._render(
            "agency.html",
            nonce,
            agency=card,
            requests=requests,
            zone=ZoneInfo(time_zone),
            count=count,
            reading=None if now is None else _reading(card, time_zone, now),
            alerts=sorted(alerts, key=_weight),
            past=[alert for alert in alerts if alert.state != AlertState.PUBLISHED],
        )

    def problem(self, problem: Problem) -> str:
        """A refusal as a page, for a browser that asked for one."""
        return self._render("problem.html", "", problem=problem)

    def tokens_css(self) -> str:
        """The colours as custom properties: by day, and by night where the system is dark.

        The rail is dark in both, so its words take the night's colour in both.
        """
        day_tokens, night_tokens = (
            "".join(
                f"--{name.replace('_', '-')}:{colour};"
                for name, colour in (*TOKENS[theme].items(), ("on_rail", TOKENS["night"]["text"]))
            )
            for theme in ("day", "night")
        )
        return f":root{{{day_tokens}}}\n@media (prefers-color-scheme:dark){{:root{{{night_tokens}}}}}\n"

    def _render(self, template: str, nonce: str, **blanks: object) -> str:
        return self._templates.get_template(template).render(nonce=nonce and _checked(nonce), **blanks)


def content_security_policy(nonce: str, *, frames: bool) -> str:
    """The policy header of a page or, with `frames`, of a map that our own pages show in a frame.

    A page runs and wears nothing but files of this host, and cannot be framed. A map may also run what bears
    its nonce, and can be framed by this host only. Raises ValueError for a weak nonce.
    """
    allowed = f"'self' 'nonce-{_checked(nonce)}'"
    own = allowed if frames else "'self'"
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {own}",
            f"style-src {own}",
            "img-src 'self' data:",
            "font-src 'self'",
            "connect-src 'self'",
            # The preview of a recording that was chosen, before anything is sent.
            "media-src 'none'" if frames else "media-src blob:",
            "frame-src 'none'" if frames else "frame-src 'self'",
            "form-action 'none'",
            "base-uri 'none'",
            "frame-ancestors 'self'" if frames else "frame-ancestors 'none'",
        )
    )


def _checked(nonce: str) -> str:
    if not _NONCE.fullmatch(nonce):
        message = "a nonce is 16 to 128 characters of base64"
        raise ValueError(message)
    return nonce


def _reading(card: AgencyCard, time_zone: str, now: datetime) -> Reading:
    zone, hours = ZoneInfo(time_zone), ReadingHours(card.opens, card.closes)
    return Reading(reads_now(hours, zone, now), opens_next(hours, zone, now), zone)


def _weight(alert: PublishedAlert) -> tuple[int, float]:
    return by_weight(alert.messages[-1].level, alert.messages[-1].sent)


def path_part(text: str) -> str:
    """One part of an address, which cannot end the part or climb out of it."""
    return quote(text, safe="") if text.strip(".") else quote(text, safe="").replace(".", "%2E")


def day(text: str) -> str:
    """A date such as 2025-11-22 in words; what is no date stays as it is."""
    try:
        return _date(date.fromisoformat(text))
    except ValueError:
        return text


def hour(text: str) -> str:
    """A 24-hour local time such as 08:00 as 8:00 AM; what is no time stays as it is."""
    return hour_words(text)


def moment(at: datetime, zone: ZoneInfo) -> str:
    """A time in the agency's zone, with its day and the zone's name."""
    local = _local(at, zone)
    return f"{_weekday(local)}, {_time(local)} {local.tzname()}"


def window(begins: datetime, ends: datetime, zone: ZoneInfo) -> str:
    """A window in the agency's zone: the day once where it is one day, the zone once where it is one."""
    first, last = _local(begins, zone), _local(ends, zone)
    first_zone = "" if first.tzname() == last.tzname() else f" {first.tzname()}"
    last_day = "" if first.date() == last.date() else f"{_weekday(last)}, "
    return f"{_weekday(first)}, {_time(first)}{first_zone} to {last_day}{_time(last)} {last.tzname()}"


def since(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """How long ago, within a day; else the day and time."""
    passed = now - at
    if timedelta(0) <= passed < timedelta(minutes=1):
        return "just now"
    if timedelta(0) < passed < timedelta(hours=1):
        return _count(passed // timedelta(minutes=1), "minute")
    if timedelta(0) < passed < timedelta(days=1):
        return _count(passed // timedelta(hours=1), "hour")
    return moment(at, zone)


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'} ago"


def _local(at: datetime, zone: ZoneInfo) -> datetime:
    if at.tzinfo is None:
        message = "a time without a zone"
        raise ValueError(message)
    return at.astimezone(zone)


def _weekday(at: datetime) -> str:
    return f"{_DAYS[at.weekday()]}, {_date(at)}"


def _date(at: date) -> str:
    return f"{_MONTHS[at.month - 1]} {at.day}, {at.year}"


def _time(at: datetime) -> str:
    return _clock(at.hour, at.minute)


def _clock(hours: int, minutes: int) -> str:
    return f"{hours % _NOON or _NOON}:{minutes:02d} {'AM' if hours < _NOON else 'PM'}"


def _told(decision: DecisionOnYours, zone: ZoneInfo) -> str:
    until = moment(decision.appeal_until, zone)
    may = decision.can_appeal
    return told_to_author(decision.kind, decision.act, decision.reason, decision.words, until, may_appeal=may)


def _offence(text: str) -> str:
    known = BY_CODE.get(text)
    return f"{known.name} ({known.code})" if known else text


def _state(text: str) -> str:
    return _STATES.get(text, text)


def _outcome(text: str) -> str:
    return _OUTCOMES.get(text, text)


def _place(card: AgencyCard) -> str:
    return _PLACES.get(card.ori[:2].upper(), "")
