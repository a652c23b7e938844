"""What crosses the network when a CAP message is imported. The answer is `domain.alert_cap_import.CapImport`."""

from __future__ import annotations

from typing import Annotated

import msgspec

CAP_BYTES_MAX = 256 * 1024


class CapFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A CAP 1.2 message as its file holds it, as text: at most 256 KiB in UTF-8."""

    xml: Annotated[str, msgspec.Meta(max_length=CAP_BYTES_MAX)]
