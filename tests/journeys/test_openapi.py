"""schemathesis over the OpenAPI document of a real service process: no 5xx, nothing undocumented."""

from __future__ import annotations

import asyncio
import secrets
import sys
from pathlib import Path

import httpx
import pytest

from console.contract import endpoints as e
from console.domain.members import NEUTRAL_DESK
from console.training import process
from console.training.keys import password_of
from console.training.members import ORI
from tests.service.conftest import RESOURCES

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
# Signing in is bounded to six tries a minute, and signing out would end the run.
LEFT_OUT = "/v1/sessions"


@pytest.mark.journey
@pytest.mark.parametrize("member", ["supervisor", "auditor", "neutral"])
def test_whatever_is_sent_the_service_answers_as_documented(tmp_path: Path, chicago_pack: Path, member: str) -> None:
    async def go() -> None:
        secret = secrets.token_hex(16)
        order = process.Order(str(tmp_path), str(RESOURCES), str(chicago_pack), secret, (), process.Pace(3_600.0))
        command = [sys.executable, "-m", "console", "training-service"]
        running = await process.start(order, command, lambda _text, _share: None)
        keeping = asyncio.create_task(process.keep_alive(tmp_path))
        try:
            async with httpx.AsyncClient(base_url=running.base_url) as client:
                agency = NEUTRAL_DESK if member == "neutral" else ORI
                body = {"agency": agency, "username": member, "password": password_of(secret, member)}
                token = (await client.post(e.SIGN_IN.path, json=body)).json()["token"]
            tried = await asyncio.create_subprocess_exec(
                str(Path(sys.executable).with_name("schemathesis")),
                *("run", f"{running.base_url}/schema/openapi.json", "--checks", CHECKS, "--no-color"),
                *("--max-examples", "6", "--seed", "1", "--exclude-path-regex", LEFT_OUT),
                *("-H", f"Authorization: Bearer {token}", "-H", f"Idempotency-Key: {secrets.token_hex(16)}"),
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                cwd=tmp_path,
            )
            said, _ = await tried.communicate()
        finally:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)
        text = said.decode(errors="replace")
        assert tried.returncode == 0, text[-6_000:]
        assert "generated" in text

    asyncio.run(go())
