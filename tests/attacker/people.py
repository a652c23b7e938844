"""Sequences of what people do around a decision: role changes, renames, twin accounts, lending, claims, haste.

Who is who is kept here, apart from the service: a self-approval is counted by the person, not by what the service thinks.
"""

from __future__ import annotations

import asyncio
import random
import secrets
from datetime import timedelta
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from console.contract import endpoints as e
from console.domain.members import Member, MemberId, Role
from console.domain.requests import Request, State
from console.service import store as t
from console.service.access import digest
from console.training.members import ORI
from tests.service.conftest import World
from tests.service.test_review import march

# Person -> accounts. Nobody but this file knows that "ann2" is Ann: the service has the badge.
PEOPLE = {"ann": ("ann", "ann2"), "bo": ("bo",), "cy": ("cy",), "di": ("di",)}
BADGES = {"ann": "7001", "bo": "7002", "cy": "7003", "di": "7004", "keeper": "7009"}
ROLES = (Role.OFFICER, Role.SUPERVISOR, Role.SUPERVISOR, Role.MODERATOR)
APPROVALS = ("approve", "endorse")


class Count(NamedTuple):
    """What came of the sequences."""

    sequences: int
    published: int
    self_approvals: int
    twice_by_one: int
    approved_by_two: int


class Precinct:
    """Accounts with open sessions, so that a sequence costs no password hash."""

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.chance = random.Random(seed)
        self.accounts = [name for names in PEOPLE.values() for name in names]
        self.tokens = {name: secrets.token_urlsafe(16) for name in (*self.accounts, "keeper")}
        self.person = {name: person for person, names in PEOPLE.items() for name in names} | {"keeper": "keeper"}
        self.case = 0

    async def open(self) -> None:
        """Make the accounts and sign them in."""
        async with self.world.parts.store.writing() as connection:
            for name in self.tokens:
                role = Role.ADMIN if name == "keeper" else Role.OFFICER
                body = msgspec.json.encode(self._member(name, role)).decode()
                values = {"id": name, "agency": ORI, "username": name, "password_hash": "-", "body": body}
                await connection.execute(sa.insert(t.members).values(**values))
                await connection.execute(
                    sa.insert(t.sessions).values(
                        token_hash=digest(self.tokens[name]),
                        member=name,
                        signed_in_at=self.world.now,
                        last_used_at=self.world.now,
                        expires_at=self.world.now + timedelta(hours=12),
                    )
                )

    def _member(self, name: str, role: Role, shown: str = "") -> Member:
        return Member(MemberId(name), ORI, shown or f"Example {name}", "Officer", BADGES[self.person[name]], role)

    async def do(self, name: str, endpoint: e.Endpoint, body: Any = None, **path: str) -> Any:
        """Call as an account."""
        url = endpoint.path
        for key, value in path.items():
            url = url.replace(f"{{{key}:str}}", value)
        headers = {"Authorization": f"Bearer {self.tokens[name]}", "Idempotency-Key": secrets.token_hex(16)}
        content = None if body is None else msgspec.json.encode(body)
        return await self.world.client.request(endpoint.method, url, headers=headers, content=content)

    async def change(self, name: str) -> None:
        """An administrator gives another role or name."""
        role = self.chance.choice(ROLES)
        member = self._member(name, role, self.chance.choice(("", "New Name", "Example bo")))
        async with self.world.parts.store.writing() as connection:
            await connection.execute(
                sa.update(t.members).where(t.members.c.id == name).values(body=msgspec.json.encode(member).decode())
            )

    async def sequence(self) -> str:
        """One request among restless people; answers its id, empty where none was made."""
        for name in self.accounts:
            await self.change(name)
        self.case += 1
        author = self.chance.choice(self.accounts)
        if self.chance.random() < 0.5:  # a lawful assembly there and then: two must approve
            await self.do("keeper", e.SAVE_GATHERINGS, {"gatherings": msgspec.to_builtins((march(self.world),))})
        else:
            await self.do("keeper", e.REMOVE_GATHERING, gathering_id="march")
        sealed = self.world.sealed(case_number=f"2026-012-{self.case:06}")
        sent = await self.do(author, e.SUBMIT_REQUEST, sealed)
        if sent.status_code != 200:
            return ""
        request_id, version = sent.json()["subject"], 1
        for _ in range(self.chance.randint(2, 7)):
            who, other = self.chance.choice(self.accounts), self.chance.choice(self.accounts)
            match self.chance.randrange(7):
                case 0:
                    await self.change(who)
                case 1 | 2:
                    until = self.world.now + timedelta(days=self.chance.randint(1, 30))
                    await self.do(who, e.LEND_DECIDING, {"delegate": other, "until": until})
                case 3:
                    await self.do(who, e.END_LENDING, member_id=other)
                case 4:
                    await self.do(who, e.CLAIM_REQUEST, {"take_over": True}, request_id=request_id)
                case _:
                    body = {"version": version, "because": "no_other_means"}
                    done = await self.do(who, e.APPROVE_REQUEST, body, request_id=request_id)
                    version = done.json()["version"] if done.status_code == 200 else version
        # At the end the author tries with every account, then everybody in turn, whatever became of roles.
        rest = self.chance.sample(self.accounts, len(self.accounts))
        for name in (*PEOPLE[self.person[author]], *rest, *rest):
            body = {"version": version, "because": "no_other_means"}
            done = await self.do(name, e.APPROVE_REQUEST, body, request_id=request_id)
            version = done.json()["version"] if done.status_code == 200 else version
        return request_id


async def run_sequences(world: World, count: int, seed: int) -> Count:
    """Play sequences, then look at every approval that was kept."""
    precinct = Precinct(world, seed)
    await precinct.open()
    made = [await precinct.sequence() for _ in range(count)]
    published = selves = twice = twos = 0
    async with world.parts.store.reading() as connection:
        from console.service.request_rows import load

        for request in await load(connection, t.requests.c.agency == ORI):
            if request.id not in made:
                continue
            published += request.state is State.PUBLISHED
            approvers = [line.actor_id for line in request.history if line.action in APPROVALS]
            people = [precinct.person[a] for a in approvers]
            selves += precinct.person[request.author.id] in people
            twice += len(people) != len(set(people))
            twos += len(people) == 2
    return Count(count, published, selves, twice, twos)


async def double_decisions(world: World, count: int) -> tuple[int, int]:
    """Two supervisors at the same moment, many times; answers how many had exactly one winner, and how many not."""
    await world.sign_in("supervisor")
    await world.sign_in("supervisor2")
    good = bad = 0
    for number in range(count):
        answer = await world.call(e.SUBMIT_REQUEST, "officer", world.sealed(case_number=f"2026-018-{number:06}"))
        request_id = answer.json()["subject"]
        first, second = await asyncio.gather(
            world.call(e.APPROVE_REQUEST, "supervisor", {"version": 1}, request_id=request_id),
            world.call(e.REJECT_REQUEST, "supervisor2", {"version": 1, "reason": "policy"}, request_id=request_id),
        )
        shown = await world.call(e.SHOW_REQUEST, "officer", request_id=request_id)
        request = msgspec.json.decode(shown.content, type=Request)
        ends = [line for line in request.history if line.action in {"approve", "reject"}]
        one_winner = sorted((first.status_code, second.status_code)) == [200, 409] and len(ends) == 1
        good, bad = good + one_winner, bad + (not one_winner)
    return good, bad
