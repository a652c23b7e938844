"""What the service's handlers are given: built once by `app.build`, handed down, never reached for."""

from __future__ import annotations

import asyncio
import base64
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from console.contract.problems import Problem, problem
from console.maps.outlines import simplified

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy.ext.asyncio import AsyncConnection

    from console.contract.payloads import Receipt
    from console.domain.areas import Area
    from console.domain.findings import Finding
    from console.domain.ground import Ground
    from console.domain.moderation import ItemKind
    from console.domain.places import Geometry
    from console.service.clips import ClipShelf
    from console.service.live import Live
    from console.service.pages import Pages
    from console.service.pictures import PictureShelf
    from console.service.records import Records
    from console.service.store import Store


# The public map of agencies is for finding one's city: its outlines are true to the pixel up to here.
AGENCY_MAP_ZOOM = 15


class ProblemRaised(Exception):  # noqa: N818 - it carries an expected "no" out of a transaction
    """A refusal on its way to the caller; whatever the transaction did is undone."""

    def __init__(self, refusal: Problem) -> None:
        super().__init__(refusal.code)
        self.problem = refusal


def refuse(code: str, *, findings: tuple[Finding, ...] = (), title: str = "") -> ProblemRaised:
    """The exception for a problem's code."""
    return ProblemRaised(problem(code, findings=findings, title=title))


class Signer:
    """Signs receipts with the service's Ed25519 key."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    @classmethod
    def at(cls, path: Path) -> Signer:
        """The key in a file that only its owner reads; made when there is none."""
        if not path.exists():
            raw = Ed25519PrivateKey.generate().private_bytes_raw()
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            path.write_bytes(raw)
        return cls(Ed25519PrivateKey.from_private_bytes(path.read_bytes()))

    @property
    def public_key(self) -> str:
        """The public key, base64 of its 32 bytes."""
        raw = self._key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        return base64.b64encode(raw).decode()

    def sign(self, receipt: Receipt) -> Receipt:
        """The receipt with its signature over everything else."""
        bare = msgspec.structs.replace(receipt, signature="")
        signature = self._key.sign(msgspec.msgpack.encode(bare))
        return msgspec.structs.replace(receipt, signature=base64.b64encode(signature).decode())


_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def mint_id() -> str:
    """An id that cannot be guessed and tells no order."""
    return secrets.token_hex(12)


def mint_number() -> str:
    """A number for people: no letters that look like digits, no order."""
    return "PL-" + "".join(secrets.choice(_ALPHABET) for _ in range(8))


@dataclass(frozen=True)
class Parts:
    """The service's parts."""

    store: Store
    clock: Callable[[], datetime]
    signer: Signer
    grounds: dict[str, Ground]
    shelf: ClipShelf
    live: Live
    pages: Pages
    resources: Path
    basemaps: dict[str, Path]
    records: Records
    pictures: PictureShelf
    may_be_seen: Callable[[AsyncConnection, str], Awaitable[bool]]
    attempts: dict[str, list[float]] = field(default_factory=dict)
    holds: frozenset[ItemKind] = frozenset()
    """What a neutral moderator looks at before it is published: the service's policy."""
    public_url: str = ""
    """How the public reaches the service; empty where it was not said."""
    cap_turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))
    """How many CAP messages are read at once, beside the loop."""
    outlines: dict[str, Geometry] = field(default_factory=dict)

    async def public_outline(self, version: str) -> Geometry:
        """A jurisdiction as the public map of agencies draws it; made once, off the loop: anybody may ask for it."""
        if version not in self.outlines:
            whole = self.grounds[version].index.atlas.jurisdiction
            self.outlines[version] = await asyncio.to_thread(simplified, whole, AGENCY_MAP_ZOOM)
        return self.outlines[version]

    def names_of(self, block: str) -> frozenset[str]:
        """A neighbour's block as each atlas version that is held calls it: open requests keep the version of theirs."""
        found = (ground.index.block_there(block) for ground in self.grounds.values())
        return frozenset({block, *(name for name in found if name is not None)})

    def asks(self, area: Area | None, block: str) -> bool:
        """Whether an area asks a neighbour's block, by the atlas version that the area was made on."""
        if area is None:
            return False
        ground = self.grounds.get(area.atlas_version)
        name = block if ground is None else ground.index.block_there(block)
        return name in area.blocks

    def ground(self, version: str) -> Ground:
        """The atlas of a version; `not_found` where the service does not hold it."""
        ground = self.grounds.get(version)
        if ground is None:
            raise refuse("not_found")
        return ground
