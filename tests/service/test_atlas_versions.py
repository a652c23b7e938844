"""A changed boundary makes a new atlas version: open requests keep theirs, and neighbours are asked by both."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from console.contract import endpoints as e
from console.domain.areas import Picked
from console.domain.atlas import AtlasIndex
from console.domain.blocks import Block
from console.domain.ground import Ground
from console.service import store as t
from console.training.members import ORI
from tests.service.conftest import World, run


def merged(world: World, kept: str, joined: str) -> Ground:
    """The next version of the ground, in which two blocks are one."""
    atlas = world.ground.index.atlas
    one, other = world.ground.index.block(kept), world.ground.index.block(joined)
    cells = tuple(sorted({*one.cells, *other.cells}))
    both = Block(min(cells), cells, one.homes + other.homes)
    blocks = (*(b for b in atlas.blocks if b.id not in {kept, joined}), both)
    changed = msgspec.structs.replace(
        atlas, version="next", blocks=tuple(sorted(blocks, key=lambda b: b.id)), stray_cells={}
    )
    return Ground(AtlasIndex(changed))


def test_an_open_request_keeps_its_version_and_a_new_one_takes_the_next(sqlite_world: World) -> None:
    async def go() -> None:
        async with sqlite_world as world:
            draft = world.draft()
            assert draft.area is not None
            inside = draft.area.blocks[0]
            outside = next(b.id for b in world.ground.index.atlas.blocks if b.id not in draft.area.blocks)
            asked = await world.neighbour(inside)
            beside = await world.neighbour(outside)
            request_id = await world.publish()
            following = merged(world, inside, outside)
            world.parts.grounds["next"] = following
            async with world.parts.store.writing() as connection:
                body = await connection.scalar(sa.select(t.agencies.c.body).where(t.agencies.c.ori == ORI))
                raw = msgspec.json.decode(body) | {"atlas_version": "next"}
                await connection.execute(
                    sa.update(t.agencies).where(t.agencies.c.ori == ORI).values(body=msgspec.json.encode(raw).decode())
                )
            title = draft.title
            page = {"Accept": "text/html"}
            assert title in (await asked.get(e.NEIGHBOUR_PAGE.path, headers=page)).text
            assert title not in (await beside.get(e.NEIGHBOUR_PAGE.path, headers=page)).text
            decline = e.DECLINE.path.replace("{request_id:str}", request_id)
            assert (await asked.post(decline, json={})).status_code == 200
            assert (await beside.post(decline, json={})).status_code == 404
            # In the next version the two are one block: both are asked.
            area = following.made(following.index.home_block(b) for b in draft.area.blocks)
            later = await world.call(
                e.SUBMIT_REQUEST,
                "officer",
                world.sealed(
                    case_number="2026-018-000002", area=area, drawing=Picked(area.blocks), title="A second title here"
                ),
            )
            assert later.status_code == 200, later.text
            await world.call(e.APPROVE_REQUEST, "supervisor", {"version": 1}, request_id=later.json()["subject"])
            for browser in (asked, beside):
                assert "A second title here" in (await browser.get(e.NEIGHBOUR_PAGE.path, headers=page)).text

    run(go())
