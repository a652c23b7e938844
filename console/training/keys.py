"""What is made from the secret of a training city's start: passwords and links. Cheap to import: the console does."""

from __future__ import annotations

import hashlib
import hmac

from console.contract import endpoints as e


def password_of(secret: str, username: str) -> str:
    """A member's training password, made from the secret of this start."""
    return hmac.new(secret.encode(), f"member {username}".encode(), hashlib.sha256).hexdigest()[:24]


def link_token(secret: str, neighbour: str) -> str:
    """The training link of a neighbour, by id."""
    return hmac.new(secret.encode(), f"neighbour {neighbour}".encode(), hashlib.sha256).hexdigest()


def resident_of(block: str) -> str:
    """The neighbour of a block whom no program plays: a person may open their link in a browser."""
    return f"resident-{block}"


def resident_link(base_url: str, secret: str, block: str) -> str:
    """The training link of a block's resident."""
    return base_url + e.OPEN_LINK.path.replace("{token:str}", link_token(secret, resident_of(block)))
