"""The attacker plays against the same world as the service's own tests."""

from __future__ import annotations

from tests.service.conftest import database, ground, password_hash, postgres, sqlite_world, world

__all__ = ["database", "ground", "password_hash", "postgres", "sqlite_world", "world"]
