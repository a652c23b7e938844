"""The training city's alerts: sent through the service's own rules, in the past, so that they are real ones.

One is in force with an update, some are over or called off, one is scheduled, and one waits for a second member.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec
import sqlalchemy as sa

from console.domain.alert_checks import lies_inside
from console.domain.alerts import (
    USUAL,
    AlertDraft,
    AlertKind,
    Everywhere,
    Level,
    MessageKind,
    Spot,
    Where,
    newest,
)
from console.domain.areas import Circle
from console.service import store as t
from console.service.access import agency_of
from console.service.alert_publishing import end_alert
from console.service.alert_rows import load_alert, measured
from console.service.alerts import keep_alert
from console.service.feed import add_comment, alias
from console.service.parts import mint_id
from console.service.writes import Transaction
from console.training.city import middle_of, names_of
from console.training.members import MEMBERS, ORI
from console.training.stories import ALERT_STORIES

if TYPE_CHECKING:
    from console.domain.ground import Ground
    from console.domain.members import Member
    from console.domain.places import Point
    from console.service.parts import Parts
    from console.training.stories import Story

_AROUND_M = 260.0
_DAY = 24.0


class Later(msgspec.Struct, frozen=True):
    """What is said later: so many hours after the alert. Without words it says what its story says."""

    hours: float
    message: MessageKind
    title: str = ""
    text: str = ""


class Plan(msgspec.Struct, frozen=True):
    """How one story is told: its age in hours (below zero: scheduled), how long it lasts, and what is said later."""

    kind: AlertKind
    age_h: float
    lasts_h: float
    by: str = "moderator"
    level: Level | None = None
    where: str = "spot"
    first: tuple[str, str] = ("", "")
    spanish: tuple[str, str] = ("", "")
    later: tuple[Later, ...] = ()


_CLEAR, _UPDATE = MessageKind.CANCEL, MessageKind.UPDATE
PLANS: tuple[Plan, ...] = (
    Plan(AlertKind.CRIME, 9, 3 * _DAY, "supervisor"),
    Plan(AlertKind.SAFETY, 4, 10, level=Level.MINOR, where="circle"),
    Plan(
        AlertKind.MISSING_PERSON,
        5 * _DAY,
        2 * _DAY,
        "supervisor2",
        where="circle",
        first=(
            "Missing older adult near {street}",
            (
                "We are looking for an older adult who left home on foot near {cross} and may be confused. Gray coat, "
                "red scarf, walks with a cane. Please look in your yard and garage, and call 911 if you see them."
            ),
        ),
        later=(Later(6, _CLEAR),),
    ),
    Plan(AlertKind.CRIME, 2 * _DAY, 4 * _DAY, where="circle"),
    Plan(
        AlertKind.SAFETY,
        8 * _DAY,
        _DAY,
        "supervisor",
        first=(
            "Gas leak on {street}",
            (
                "The gas company and the fire department are working on a leak near {cross}. Please stay away from the "
                "block; if you live there, leave now and keep doors open behind you."
            ),
        ),
        spanish=(
            "Fuga de gas en {street}",
            (
                "La compañía de gas y los bomberos trabajan en una fuga cerca de {cross}. No se acerque a la cuadra; "
                "si vive allí, salga ahora y deje las puertas abiertas."
            ),
        ),
        later=(
            Later(
                1,
                _UPDATE,
                "Gas leak: the street is empty now",
                (
                    "Everybody has left the buildings. The gas company is closing the "
                    "main. It will take about two hours."
                ),
            ),
            Later(4, _CLEAR),
        ),
    ),
    Plan(
        AlertKind.CRIME,
        6 * _DAY,
        12 * _DAY,
        later=(
            Later(
                2 * _DAY,
                _UPDATE,
                "Catalytic converters: a fourth theft",
                (
                    "A fourth theft was reported last night, at about three. The advice stays "
                    "the same: a lit place or a garage."
                ),
            ),
        ),
    ),
    Plan(
        AlertKind.SAFETY,
        12 * _DAY,
        14,
        level=Level.SEVERE,
        where="everywhere",
        spanish=(
            "Hielo en calles y puentes",
            (
                "La lluvia se congela en el suelo esta noche. Los puentes están "
                "resbaladizos. Si su viaje puede esperar, espere."
            ),
        ),
    ),
    Plan(AlertKind.CRIME, 20, 5 * _DAY, where="circle"),
    Plan(AlertKind.COMMUNITY, -30, 2 * _DAY, level=Level.MINOR),
    Plan(
        AlertKind.SAFETY,
        3 * _DAY,
        _DAY,
        "supervisor2",
        first=(
            "Garage fire on {street}",
            (
                "Firefighters are at a garage fire near {cross}. Please keep the alley free "
                "and the windows on that side closed."
            ),
        ),
        later=(Later(2, _CLEAR),),
    ),
    Plan(AlertKind.COMMUNITY, 1, 6 * _DAY, "officer", level=Level.MINOR),
    Plan(
        AlertKind.CRIME,
        3,
        3 * _DAY,
        where="everywhere",
        spanish=(
            "Estafa por teléfono con nuestro nombre",
            (
                "Alguien llama diciendo ser la policía y pide dinero. Nunca pedimos dinero por "
                "teléfono. Cuelgue y avise a sus mayores."
            ),
        ),
        later=(
            Later(
                1.5,
                _UPDATE,
                "Phone scam: they now send text messages",
                ("The same people now send text messages that ask for gift cards. We never do. Do not answer them."),
            ),
        ),
    ),
)


async def send_alerts(parts: Parts, now: datetime, seed: int = 1) -> int:
    """Send the city's alerts where there are none yet; returns how many."""
    async with parts.store.reading() as connection:
        known = await connection.scalar(sa.select(sa.func.count()).where(t.alerts.c.agency == ORI))
        agency = await agency_of(connection, ORI)
        people = list(await connection.scalars(sa.select(t.neighbours.c.id).order_by(t.neighbours.c.id).limit(400)))
    if known:
        return 0
    ground = parts.ground(agency.atlas_version)
    dice = random.Random(seed)  # noqa: S311 - a believable city, not a secret
    blocks = sorted(ground.index.atlas.blocks, key=lambda b: b.id)
    for plan, story in zip(PLANS, ALERT_STORIES, strict=True):
        block = dice.choices(blocks, [b.homes for b in blocks])[0].id
        await _tell(parts, plan, story, block, ground, now, dice, people)
    return len(PLANS)


def _member(username: str) -> Member:
    return next(m.member for m in MEMBERS if m.username == username)


def _where(plan: Plan, here: Point, ground: Ground) -> Where:
    if plan.where == "everywhere":
        return Everywhere()
    circle = Circle(here, _AROUND_M)
    return circle if plan.where == "circle" and lies_inside(circle, ground) else Spot(here)


async def _tell(
    parts: Parts,
    plan: Plan,
    story: Story,
    block: str,
    ground: Ground,
    now: datetime,
    dice: random.Random,
    people: list[str],
) -> None:
    names, told = names_of(ground, block), (story.title, story.text)
    title, text = (words.format(**names) for words in (plan.first if plan.first[0] else told))
    title_es, text_es = (words.format(**names) for words in plan.spanish)
    usual = USUAL[plan.kind]
    at = now - timedelta(hours=max(0.0, plan.age_h))
    send_at = now - timedelta(hours=plan.age_h) if plan.age_h < 0 else None
    draft = AlertDraft(
        mint_id(),
        kind=plan.kind,
        level=plan.level or usual[0],
        urgency=usual[1],
        certainty=usual[2],
        title=title,
        text=text,
        title_es=title_es,
        text_es=text_es,
        where=_where(plan, middle_of(ground, block), ground),
        ends=(send_at or at) + timedelta(hours=plan.lasts_h),
        send_at=send_at,
    )
    first_id = mint_id()
    await _keep(parts, draft, first_id, at, plan.by, ground)
    for later in plan.later:
        words = (later.title, later.text) if later.title else tuple(part.format(**names) for part in told)
        await _keep_later(parts, first_id, later, words, at + timedelta(hours=later.hours), plan.by, ground)
    if plan.age_h > 0 and plan.by != "officer":
        await _comment(parts, first_id, story, at, now, dice, people)
    async with parts.store.writing() as connection:
        over = await load_alert(connection, ORI, first_id)
        if over.ends_at <= now and over.state.value == "published":
            await end_alert(Transaction(parts, connection, ORI, over.ends_at), first_id)


async def _keep(parts: Parts, draft: AlertDraft, alert_id: str, at: datetime, by: str, ground: Ground) -> None:
    async with parts.store.writing() as connection:
        known = measured(draft, await agency_of(connection, ORI), ground, at)
        tx = Transaction(parts, connection, ORI, at)
        await keep_alert(tx, _member(by), draft, alert_id, known, None)


async def _keep_later(
    parts: Parts, first_id: str, later: Later, words: tuple[str, ...], at: datetime, by: str, ground: Ground
) -> None:
    async with parts.store.writing() as connection:
        first = await load_alert(connection, ORI, first_id)
        fields = {"title": words[0], "text": words[1], "title_es": "", "text_es": ""}
        draft = msgspec.structs.replace(newest(first), id=mint_id(), message=later.message, **fields)
        known = measured(draft, await agency_of(connection, ORI), ground, at)
        await keep_alert(Transaction(parts, connection, ORI, at), _member(by), draft, mint_id(), known, first)


async def _comment(
    parts: Parts, first_id: str, story: Story, at: datetime, now: datetime, dice: random.Random, people: list[str]
) -> None:
    """What neighbours said to it."""
    async with parts.store.writing() as connection:
        alert = await load_alert(connection, ORI, first_id)
        for number, said in enumerate(story.comments if people else ()):
            when = min(now, at + timedelta(minutes=9 + 21 * number))
            who = dice.choice(people)
            name = f"Neighbor #{await alias(connection, f'post:{alert.post}', who)}"
            tx = Transaction(parts, connection, ORI, when)
            await add_comment(tx, alert.post, name, said, official=False, neighbour=who)
