"""Clips: from a neighbour's real file to an agency's evidence, without position, device or owner."""

from __future__ import annotations

import asyncio
import hashlib
import subprocess
from pathlib import Path

import imageio_ffmpeg
import msgspec
import pytest

from console.contract import endpoints as e
from console.contract.payloads import ClipRecord, Clips
from console.service.clips import clean_waiting
from console.training.members import OTHER_ORI
from tests.service.conftest import World, run

SECRETS = (b"iPhone", b"Apple", b"com.apple.quicktime", b"\xa9xyz", b"+39", b"ISO6709", b"x264")


async def _share(world: World, browser, request_id: str, content: bytes, name: str = "clip.mov"):
    path = e.SHARE_CLIP.path.replace("{request_id:str}", request_id)
    return await browser.put(path, content=content, headers={"X-File-Name": name})


async def _asked(world: World, request_id: str):
    draft = (await world.call(e.SHOW_REQUEST, "officer", request_id=request_id)).json()["draft"]
    return await world.neighbour(draft["area"]["blocks"][0])


async def _ready(world: World) -> Clips:
    for _ in range(200):
        found = msgspec.json.decode((await world.call(e.LIST_CLIPS, "officer")).content, type=Clips)
        if found.clips:
            return found
        await asyncio.sleep(0.1)
    raise AssertionError("the clip never became ready")


def test_a_real_clip_arrives_clean_with_its_hash_and_custody(sqlite_world: World, real_clip: Path) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            request_id = await world.publish()
            browser = await _asked(world, request_id)
            original = real_clip.read_bytes()
            assert b"iPhone" in original
            shared = await _share(world, browser, request_id, original, "IMG ../../home of Jane.mov")
            assert shared.status_code == 200, shared.text
            assert shared.json()["sha256"] == hashlib.sha256(original).hexdigest()
            clip = (await _ready(world)).clips[0]
            assert clip.from_whom.startswith("Neighbor #")
            assert clip.claimed_at is not None
            fetched = await world.call(e.FETCH_CLIP, "officer", clip_id=clip.id)
            assert hashlib.sha256(fetched.content).hexdigest() == clip.sha256
            assert len(fetched.content) == clip.size
            for secret in SECRETS:
                assert secret not in fetched.content, secret
            record = msgspec.json.decode(
                (await world.call(e.SHOW_CLIP, "officer", clip_id=clip.id)).content, type=ClipRecord
            )
            assert [c.action for c in record.custody] == ["received", "fetched"]
            assert not list(world.parts.shelf.inbox.iterdir()), "the original must not stay"
            elsewhere = await world.call(e.FETCH_CLIP, "officer", clip_id=clip.id, agency=OTHER_ORI)
            assert elsewhere.status_code == 404

    run(go())


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"this is no video" * 5_000, "no_video"),
        (b"\x00\x00\x00\x18ftypmp42" + b"\0" * 5_000, "no_video"),
    ],
)
def test_what_is_no_video_is_refused_with_words_and_leaves_nothing(
    sqlite_world: World, content: bytes, code: str
) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            request_id = await world.publish()
            browser = await _asked(world, request_id)
            answer = await _share(world, browser, request_id, content, "porch.mp4")
            assert (answer.status_code, answer.json()["code"]) == (422, code)
            assert not list(world.parts.shelf.inbox.iterdir())
            assert await clean_waiting(world.parts) == 0

    run(go())


def test_every_place_where_metadata_hides_is_emptied(sqlite_world: World, tmp_path: Path) -> None:
    """Container atoms, a subtitle track, chapters, encoder SEI: written by ffmpeg into a file of our own."""
    text = tmp_path / "side.srt"
    text.write_text("1\n00:00:00,000 --> 00:00:01,000\nSERIAL-4711 at 41.88,-87.63\n", encoding="utf-8")
    made = tmp_path / "made.mp4"
    subprocess.run(
        [
            imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-f", "lavfi", "-i", "testsrc=duration=2:size=160x120:rate=10",
            "-i", text, "-map", "0", "-map", "1", "-c:v", "libx264", "-c:s", "mov_text",
            "-metadata", "location=+41.8800-087.6300/", "-metadata", "comment=SERIAL-4711", "-metadata", "artist=OWNER-JANE",
            "-metadata:s:v", "handler_name=DEVICE-X1", "-metadata", "creation_time=2026-06-10T18:00:00Z", made,
        ],
        check=True,
    )  # fmt: skip
    content = made.read_bytes()
    hidden = (b"SERIAL-4711", b"OWNER-JANE", b"41.88", b"x264 - core")
    assert all(secret in content for secret in hidden), "the test's own file must bear what is to be removed"

    async def go() -> None:
        async with sqlite_world as world:
            request_id = await world.publish()
            browser = await _asked(world, request_id)
            assert (await _share(world, browser, request_id, content)).status_code == 200
            clip = (await _ready(world)).clips[0]
            cleaned = (await world.call(e.FETCH_CLIP, "officer", clip_id=clip.id)).content
            for secret in (*hidden, b"DEVICE-X1", b"41.88"):
                assert secret not in cleaned, secret
            assert clip.claimed_at is not None

    run(go())


def test_a_neighbour_outside_the_blocks_can_neither_see_nor_share(sqlite_world: World, real_clip: Path) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            request_id = await world.publish()
            inside = await _asked(world, request_id)
            draft = (await world.call(e.SHOW_REQUEST, "officer", request_id=request_id)).json()["draft"]
            away = next(b.id for b in world.ground.index.atlas.blocks if b.id not in draft["area"]["blocks"])
            outside = await world.neighbour(away)
            html = {"Accept": "text/html"}
            assert draft["title"] in (await inside.get("/n", headers=html)).text
            assert draft["title"] not in (await outside.get("/n", headers=html)).text
            answer = await _share(world, outside, request_id, real_clip.read_bytes())
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
            await inside.put(e.SET_OPT_OUT.path, json={"opted_out": True})
            assert draft["title"] not in (await inside.get("/n", headers=html)).text
            await inside.put(e.SET_OPT_OUT.path, json={"opted_out": False})
            assert draft["title"] in (await inside.get("/n", headers=html)).text

    run(go())
