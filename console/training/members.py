"""The training agency and its people: all plainly invented."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from console.domain.members import NEUTRAL_DESK, Member, MemberId, Ori, Role
from console.domain.places import Point
from console.domain.policy import Agency, CaseMask, ReadingHours

if TYPE_CHECKING:
    from console.domain.atlas import Atlas

ORI = Ori("ZZ0000001")
OTHER_ORI = Ori("ZZ0000002")


class TrainingMember(msgspec.Struct, frozen=True):
    """A member to sign in as, with what they can do in a sentence."""

    username: str
    member: Member
    says: str


def _member(username: str, name: str, title: str, badge: str, role: Role, says: str) -> TrainingMember:
    return TrainingMember(username, Member(MemberId(f"{ORI}-{username}"), ORI, name, title, badge, role), says)


MEMBERS: tuple[TrainingMember, ...] = (
    _member("officer", "Example One", "Officer", "0001", Role.OFFICER, "Asks for video, reads and answers the feed."),
    _member(
        "supervisor",
        "Example Two",
        "Sergeant",
        "0002",
        Role.SUPERVISOR,
        "Reviews requests: approves, returns, rejects.",
    ),
    _member("supervisor2", "Example Three", "Lieutenant", "0003", Role.SUPERVISOR, "A second supervisor."),
    _member("moderator", "Example Four", "Press Officer", "0004", Role.MODERATOR, "Reads and answers the feed."),
    _member("auditor", "Example Five", "Auditor", "0005", Role.AUDITOR, "Reads everything, changes nothing."),
    _member("admin", "Example Six", "Administrator", "0006", Role.ADMIN, "Keeps the agency's settings."),
)


def _neutral(username: str, name: str, says: str) -> TrainingMember:
    member = Member(MemberId(f"{NEUTRAL_DESK}-{username}"), NEUTRAL_DESK, name, "Moderator", "", Role.NEUTRAL_MODERATOR)
    return TrainingMember(username, member, says)


# Of the service and of no agency: who decided does not decide the appeal, so there are two.
NEUTRAL_MEMBERS: tuple[TrainingMember, ...] = (
    _neutral("neutral", "Example Seven", "Decides what is flagged, for no police department."),
    _neutral("neutral2", "Example Eight", "Decides the appeals of the first."),
)


def training_agency(atlas: Atlas, joined_on: str) -> Agency:
    """Lakeside Police, on the streets of an atlas; its station stands in the middle of the jurisdiction."""
    from shapely.geometry import shape  # noqa: PLC0415 - only the training service needs it here

    middle = shape(atlas.jurisdiction).representative_point()
    return Agency(
        ori=ORI,
        name="Lakeside Police",
        time_zone=atlas.time_zone,
        atlas_version=atlas.version,
        station=Point(lat=middle.y, lon=middle.x),
        case_masks=(
            CaseMask("YYYY-PPP-NNNNNN", "case", ("009", "010", "012", "018", "025")),
            CaseMask(r"I\NC-YYYY-NNNNNNN", "incident"),
        ),
        mail_domains=("lakeside.example.org",),
        telephones=("+1 312 555 0100",),
        reading_hours=ReadingHours("08:00", "18:00"),
        joined_on=joined_on,
    )
