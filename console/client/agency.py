"""What an agency keeps for its own work, as wishes that the desk puts into the outbox."""

from __future__ import annotations

from datetime import datetime

from console.client.wishes import Wish
from console.contract import endpoints as e
from console.contract import payloads as p
from console.domain.assemblies import Gathering
from console.domain.members import Member
from console.domain.templates import Template

AGENCY_ENDPOINTS = frozenset(
    row.name
    for row in (
        e.SAVE_GATHERINGS,
        e.REMOVE_GATHERING,
        e.SAVE_TEMPLATE,
        e.REMOVE_TEMPLATE,
        e.LEND_DECIDING,
        e.END_LENDING,
        e.SAVE_REPLY,
        e.REMOVE_REPLY,
    )
)


def save_gatherings(gatherings: tuple[Gathering, ...]) -> Wish:
    """Keep assemblies; those with known ids are replaced."""
    count = f"{len(gatherings)} assembl{'y' if len(gatherings) == 1 else 'ies'}"
    return Wish(e.SAVE_GATHERINGS, f"Keep {count}", p.Gatherings(gatherings))


def remove_gathering(gathering: Gathering) -> Wish:
    """Take an assembly off the calendar."""
    return Wish(e.REMOVE_GATHERING, f"Remove {gathering.name}", path={"gathering_id": gathering.id})


def save_template(template: Template) -> Wish:
    """Keep a template."""
    return Wish(e.SAVE_TEMPLATE, f"Keep the template {template.name}", template)


def remove_template(template: Template) -> Wish:
    """Take a template away."""
    return Wish(e.REMOVE_TEMPLATE, f"Remove the template {template.name}", path={"template_id": template.id})


def lend_deciding(member: Member, until: datetime) -> Wish:
    """Let a colleague decide in one's place until a time."""
    return Wish(e.LEND_DECIDING, f"Lend deciding to {member.name}", p.NewDelegation(member.id, until))


def end_lending(member: Member) -> Wish:
    """Take deciding back."""
    return Wish(e.END_LENDING, f"Take deciding back from {member.name}", path={"member_id": member.id})
