"""What crosses the network about alerts' pictures."""

from __future__ import annotations

import msgspec

from console.contract.payloads import Receipt
from console.domain.pictures import PictureId


class KeptPicture(msgspec.Struct, frozen=True):
    """A picture arrived, was made anew and is kept: size in bytes, width and height in pixels, SHA-256 in hex."""

    id: PictureId
    size: int
    sha256: str
    width: int
    height: int
    receipt: Receipt
