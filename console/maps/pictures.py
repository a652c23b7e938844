"""An agency's own tile server, as IT writes it down for a workstation: which atlas, which address, which hosts.

Promises: only https, only hosts of the allow-list, an address with zoom, column and row and nothing else in braces; any
other file is refused in words. Never: a request.

    TilesFileUnusable
"""

from __future__ import annotations

import re
from typing import Annotated, Final
from urllib.parse import urlsplit

import msgspec

HOSTS_MAX: Final = 20
_HOST: Final = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+")
_BLANKS: Final = {"z", "x", "y"}
Zoom = Annotated[int, msgspec.Meta(ge=0, le=22)]


class TilesFileUnusable(Exception):  # noqa: N818 - says what is wrong
    """The file of tile servers cannot be used. Correct it, or start without it: outlines are shown then."""

    def __init__(self, why: str) -> None:
        super().__init__(f"{why} {self.__doc__}")


class PictureServer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the pictures of one atlas come from. `url` as `https://tiles.example.org/{z}/{x}/{y}.png`."""

    url: Annotated[str, msgspec.Meta(max_length=500)]
    attribution: Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
    min_zoom: Zoom = 0
    max_zoom: Zoom = 19

    def address(self, zoom: int, column: int, row: int) -> str:
        """The address of one picture."""
        return self.url.replace("{z}", str(zoom)).replace("{x}", str(column)).replace("{y}", str(row))


class TilesFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What IT allows: the hosts, and the server of each atlas by the atlas's name."""

    allowed_hosts: Annotated[tuple[str, ...], msgspec.Meta(min_length=1, max_length=HOSTS_MAX)]
    atlases: dict[str, PictureServer]


def read_tiles_file(untrusted_content: bytes) -> TilesFile:
    """Read and check such a file (JSON); TilesFileUnusable."""
    try:
        file = msgspec.json.decode(untrusted_content, type=TilesFile)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise TilesFileUnusable(f"It is not as expected: {error}.") from error
    for host in file.allowed_hosts:
        if not _HOST.fullmatch(host):
            raise TilesFileUnusable(f"{host!r} is no host name in small letters.")
    for name, server in file.atlases.items():
        why = _wrong(server, file.allowed_hosts)
        if why:
            raise TilesFileUnusable(f"The tile server of {name!r} {why}.")
    return file


def is_allowed(address: str, allowed_hosts: tuple[str, ...]) -> bool:
    """Whether an address may be fetched from: https, a listed host, the usual port, no name and password."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    return (
        parts.scheme == "https"
        and (parts.hostname or "") in allowed_hosts
        and port in {None, 443}
        and parts.username is None
        and parts.password is None
    )


def _wrong(server: PictureServer, allowed_hosts: tuple[str, ...]) -> str:
    blanks = re.findall(r"\{([^{}]*)\}", server.url)
    if sorted(blanks) != sorted(_BLANKS):
        return "must hold {z}, {x} and {y} once each, and no other blank"
    if "{" in server.url.partition("://")[2].partition("/")[0]:
        return "must not have a blank in its host"
    if not is_allowed(server.address(0, 0, 0), allowed_hosts):
        return "must be https on a host of allowed_hosts"
    if server.min_zoom > server.max_zoom:
        return "has a min_zoom above its max_zoom"
    return ""
