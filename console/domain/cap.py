"""A CAP message as data: what other alerting systems write and read (OASIS Common Alerting Protocol 1.2, 1 July 2010).

Promises: the code lists are closed; every time is aware; a polygon is a ring of points, latitude first on the wire.
What a schema cannot say is in `cap_rules.troubles`, the words of each code in `cap_wording`, XML in `service/cap.py`.
An empty text or tuple means that the element is not there: CAP gives an empty element no meaning of its own.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

import msgspec

from console.domain.places import Point
from console.domain.times import Aware

if TYPE_CHECKING:
    from datetime import datetime

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
MEDIA_TYPE = "application/cap+xml"
DEFAULT_LANGUAGE = "en-US"
# What XML 1.0 cannot carry, escaped or not (section 2.2, production Char).
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class CapStatus(StrEnum):
    """How a message is to be handled."""

    ACTUAL = "Actual"
    EXERCISE = "Exercise"
    SYSTEM = "System"
    TEST = "Test"
    DRAFT = "Draft"


class CapMessageType(StrEnum):
    """What a message is: the first of its kind, or about earlier ones."""

    ALERT = "Alert"
    UPDATE = "Update"
    CANCEL = "Cancel"
    ACK = "Ack"
    ERROR = "Error"


class CapScope(StrEnum):
    """Whom a message is meant for."""

    PUBLIC = "Public"
    RESTRICTED = "Restricted"
    PRIVATE = "Private"


class CapCategory(StrEnum):
    """What kind of event a message is about."""

    GEO = "Geo"
    MET = "Met"
    SAFETY = "Safety"
    SECURITY = "Security"
    RESCUE = "Rescue"
    FIRE = "Fire"
    HEALTH = "Health"
    ENV = "Env"
    TRANSPORT = "Transport"
    INFRA = "Infra"
    CBRNE = "CBRNE"
    OTHER = "Other"


class CapResponseType(StrEnum):
    """What readers are asked to do."""

    SHELTER = "Shelter"
    EVACUATE = "Evacuate"
    PREPARE = "Prepare"
    EXECUTE = "Execute"
    AVOID = "Avoid"
    MONITOR = "Monitor"
    ASSESS = "Assess"
    ALL_CLEAR = "AllClear"
    NONE = "None"


class CapUrgency(StrEnum):
    """How soon readers should act."""

    IMMEDIATE = "Immediate"
    EXPECTED = "Expected"
    FUTURE = "Future"
    PAST = "Past"
    UNKNOWN = "Unknown"


class CapSeverity(StrEnum):
    """How much is at stake."""

    EXTREME = "Extreme"
    SEVERE = "Severe"
    MODERATE = "Moderate"
    MINOR = "Minor"
    UNKNOWN = "Unknown"


class CapCertainty(StrEnum):
    """How sure it is."""

    OBSERVED = "Observed"
    LIKELY = "Likely"
    POSSIBLE = "Possible"
    UNLIKELY = "Unlikely"
    UNKNOWN = "Unknown"


class CapValue(msgspec.Struct, frozen=True):
    """A named value: an event code, a parameter, a geocode."""

    name: str
    value: str


class CapCircle(msgspec.Struct, frozen=True):
    """A circle on the ground; its radius is in kilometres."""

    centre: Point
    radius_km: float


class CapArea(msgspec.Struct, frozen=True):
    """Where: a description, and shapes whose union is meant. A ring ends at its first point; heights are in feet."""

    description: str
    polygons: tuple[tuple[Point, ...], ...] = ()
    circles: tuple[CapCircle, ...] = ()
    geocodes: tuple[CapValue, ...] = ()
    altitude_ft: float | None = None
    ceiling_ft: float | None = None


class CapResource(msgspec.Struct, frozen=True):
    """A file that belongs to a message: `size` in bytes, `digest` the SHA-1 in hex, as the standard asks."""

    description: str
    media_type: str
    size: int | None = None
    uri: str = ""
    inline: str = ""
    digest: str = ""


class CapInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What happened and what to do, in one language. Times that are not given are the message's own."""

    event: str
    categories: tuple[CapCategory, ...]
    urgency: CapUrgency
    severity: CapSeverity
    certainty: CapCertainty
    language: str = DEFAULT_LANGUAGE
    responses: tuple[CapResponseType, ...] = ()
    audience: str = ""
    event_codes: tuple[CapValue, ...] = ()
    effective: Aware | None = None
    onset: Aware | None = None
    expires: Aware | None = None
    sender_name: str = ""
    headline: str = ""
    description: str = ""
    instruction: str = ""
    web: str = ""
    contact: str = ""
    parameters: tuple[CapValue, ...] = ()
    resources: tuple[CapResource, ...] = ()
    areas: tuple[CapArea, ...] = ()


class CapReference(msgspec.Struct, frozen=True):
    """An earlier message, by what identifies it: on the wire "sender,identifier,sent"."""

    sender: str
    identifier: str
    sent: Aware


class CapMessage(msgspec.Struct, frozen=True, kw_only=True):
    """One CAP alert, update, cancellation, acknowledgement or error."""

    identifier: str
    sender: str
    sent: Aware
    status: CapStatus
    message_type: CapMessageType
    scope: CapScope
    source: str = ""
    restriction: str = ""
    addresses: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    note: str = ""
    references: tuple[CapReference, ...] = ()
    incidents: tuple[str, ...] = ()
    infos: tuple[CapInfo, ...] = ()


class CapTrouble(msgspec.Struct, frozen=True):
    """What is wrong with a message: a code, the path of the element, and figures for the blanks of the words."""

    code: str
    where: str = ""
    figures: dict[str, str] = {}


def refers_to(message: CapMessage) -> CapReference:
    """How a later message refers to this one."""
    return CapReference(message.sender, message.identifier, message.sent)


def whole_second(at: datetime) -> datetime:
    """A time as CAP can carry it: without fractions of a second."""
    return at.replace(microsecond=0)


def xml_text(text: str) -> str:
    """A text without what XML cannot carry: control characters, lone surrogates, U+FFFE and U+FFFF are left out."""
    return _NOT_XML.sub("", text)


def is_xml_text(text: str) -> bool:
    """Whether XML 1.0 can carry a text."""
    return _NOT_XML.search(text) is None
