"""Members: signed-in agency users, and what they may be.

A member acts under a real name and title, and never shares an account. Source: DESIGN 1, ADR 0002.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NewType

import msgspec

MemberId = NewType("MemberId", str)
Ori = NewType("Ori", str)

NEUTRAL_DESK = Ori("NEUTRAL00")
"""Where the service's own moderators sign in: shaped like an ORI, and no agency's."""


class Role(StrEnum):
    """What a member may do; the endpoint table says which role may call what."""

    OFFICER = "officer"
    SUPERVISOR = "supervisor"
    MODERATOR = "moderator"
    AUDITOR = "auditor"
    ADMIN = "admin"
    NEUTRAL_MODERATOR = "neutral_moderator"


class Member(msgspec.Struct, frozen=True):
    """A signed-in agency user, as others of the agency and (name, title) neighbours see them."""

    id: MemberId
    agency: Ori
    name: str
    title: str
    badge: str
    role: Role

    @property
    def is_at_home(self) -> bool:
        """Whether the role fits the place: neutral moderators are of no agency, and only they are of the desk."""
        return (self.role is Role.NEUTRAL_MODERATOR) == (self.agency == NEUTRAL_DESK)


def speaks_as(member: Member) -> str:
    """How a member is named under what they say in public, the agency aside: title, name and badge."""
    badge = f", badge {member.badge}" if member.badge else ""
    return f"{member.title} {member.name}{badge}"


def identified(member: Member, agency_name: str) -> str:
    """How everybody sees who speaks for an agency: as `speaks_as`, and the agency."""
    return f"{speaks_as(member)}, {agency_name}"
