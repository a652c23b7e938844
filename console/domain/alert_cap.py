"""A published alert as a CAP 1.2 message, as other alerting systems read it.

Promises: whatever members wrote, the message has no troubles (`cap_rules`): what XML cannot carry is left out, an end
is never before its beginning. Each language is an info of its own. Source: OASIS CAP 1.2, section 3.2; its
Implementation Note on languages (RFC 5646 tags).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from console.domain import cap as c
from console.domain.alert_words import KINDS
from console.domain.alert_words_es import AREA_ES, KINDS_ES
from console.domain.alerts import AlertKind, MessageKind
from console.domain.cap_shapes import rings_of

if TYPE_CHECKING:
    from console.domain.alerts import AlertMessage

ENGLISH, SPANISH = c.DEFAULT_LANGUAGE, "es-US"
TRAINING = "ZZ"
"""How the ORIs of training agencies begin: no state does."""
AREA = "The area on the map"
CATEGORIES: dict[AlertKind, c.CapCategory] = {
    AlertKind.CRIME: c.CapCategory.SECURITY,
    AlertKind.SAFETY: c.CapCategory.SAFETY,
    AlertKind.MISSING_PERSON: c.CapCategory.RESCUE,
    AlertKind.COMMUNITY: c.CapCategory.OTHER,
    AlertKind.MOMENT: c.CapCategory.OTHER,
}
MESSAGE_TYPES: dict[MessageKind, c.CapMessageType] = {
    MessageKind.ALERT: c.CapMessageType.ALERT,
    MessageKind.UPDATE: c.CapMessageType.UPDATE,
    MessageKind.CANCEL: c.CapMessageType.CANCEL,
}


def to_cap(message: AlertMessage, page_link: str = "", resources: tuple[c.CapResource, ...] = ()) -> c.CapMessage:
    """A message as it was published. `page_link` is where people read it, a whole address; `resources` its pictures."""
    has_spanish = bool(message.title_es or message.text_es)
    return c.CapMessage(
        identifier=message.identifier,
        sender=message.sender,
        sent=message.sent,
        status=c.CapStatus.EXERCISE if message.agency.startswith(TRAINING) else c.CapStatus.ACTUAL,
        message_type=MESSAGE_TYPES[message.message],
        scope=c.CapScope.PUBLIC,
        references=tuple(c.CapReference(r.sender, r.identifier, r.sent) for r in message.references),
        infos=tuple(
            _info(message, language, page_link, resources)
            for language in (ENGLISH, SPANISH)
            if language == ENGLISH or has_spanish
        ),
    )


def _info(message: AlertMessage, language: str, page_link: str, resources: tuple[c.CapResource, ...]) -> c.CapInfo:
    is_english = language == ENGLISH
    title, text = (message.title, message.text) if is_english else (message.title_es, message.text_es)
    ends = _ceiling(message.ends)
    begins = c.whole_second(message.begins.astimezone(UTC))
    place = c.xml_text(message.place_name).strip() or (AREA if is_english else AREA_ES)
    return c.CapInfo(
        language=language,
        event=(KINDS if is_english else KINDS_ES)[message.kind],
        categories=(CATEGORIES[message.kind],),
        responses=(c.CapResponseType.ALL_CLEAR,) if message.message is MessageKind.CANCEL else (),
        urgency=c.CapUrgency(message.urgency.value.capitalize()),
        severity=c.CapSeverity(message.level.value.capitalize()),
        certainty=c.CapCertainty(message.certainty.value.capitalize()),
        effective=message.sent,
        # What is called off before it began has no beginning.
        onset=begins if begins < ends else None,
        expires=ends,
        sender_name=c.xml_text(message.author),
        headline=c.xml_text(title),
        description=c.xml_text(text),
        web=page_link,
        resources=resources,
        areas=(c.CapArea(place, rings_of(message.outline)),),
    )


def _ceiling(at: datetime) -> datetime:
    """The end in whole seconds, never earlier than it was said: in its last second an alert still has one to come."""
    whole = c.whole_second(at.astimezone(UTC))
    return whole if whole == at else whole + timedelta(seconds=1)
