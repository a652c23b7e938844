"""What IT cannot do: put a neutral moderator into an agency, or an agency's people at the neutral desk."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa

from console.cli import service_main
from console.domain.members import NEUTRAL_DESK, Ori
from console.domain.places import Point
from console.domain.policy import Agency
from console.service import store as t
from console.service.store import open_store, sqlite_url

PASSWORD = "correct horse battery"


def _member(folder: Path, agency: str, role: str, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))
    named = ("--username", "seven", "--name", "Example Seven", "--title", "Moderator", "--role", role)
    return service_main(["member", "--folder", str(folder), "--agency", agency, *named])


def _agencies_of_members(folder: Path) -> list[str]:
    async def read() -> list[str]:
        store = open_store(sqlite_url(folder / "service.sqlite"))
        async with store.reading() as connection:
            found = list(await connection.scalars(sa.select(t.members.c.agency)))
        await store.close()
        return found

    return asyncio.run(read())


def test_a_neutral_moderator_is_added_to_the_desk_and_to_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert service_main(["migrate", "--folder", str(tmp_path)]) == 0
    assert _member(tmp_path, "ZZ0000001", "neutral_moderator", monkeypatch) == 1
    assert "of no agency" in capsys.readouterr().err
    assert _member(tmp_path, NEUTRAL_DESK, "supervisor", monkeypatch) == 1
    assert _agencies_of_members(tmp_path) == []
    assert _member(tmp_path, NEUTRAL_DESK, "neutral_moderator", monkeypatch) == 0
    assert _agencies_of_members(tmp_path) == [NEUTRAL_DESK]


def test_the_desk_cannot_be_enrolled_as_an_agency(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert service_main(["migrate", "--folder", str(tmp_path)]) == 0
    agency = Agency(Ori(NEUTRAL_DESK), "Nobody", "UTC", "", Point(0.0, 0.0), (), (), ())
    file = tmp_path / "agency.json"
    file.write_bytes(msgspec.json.encode(agency))
    assert service_main(["enrol", "--folder", str(tmp_path), str(file)]) == 1
    assert "no agency" in capsys.readouterr().err
