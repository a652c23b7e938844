"""The life of a request: every cell of state x action x role x authorship."""

from __future__ import annotations

import itertools

import pytest

from console.domain.members import Role
from console.domain.requests import RULES, Action, Authorship, Refusal, State, actions_open_to, after

ENDS = {State.REJECTED, State.WITHDRAWN, State.EXPIRED, State.RESOLVED}


@pytest.mark.parametrize(("state", "action"), list(itertools.product(State, Action)))
def test_every_cell_follows_the_table_and_nothing_else(state: State, action: Action) -> None:
    rules = [r for r in RULES if (r.before, r.action) == (state, action)]
    assert len(rules) <= 1
    for role, is_author, first in itertools.product([*Role, None], [True, False], [True, False]):
        found = after(state, action, role, is_author=is_author, approved_first=first)
        if not rules:
            assert found is Refusal.WRONG_STATE
            continue
        rule = rules[0]
        allowed = role is None if rule.authorship is Authorship.SERVICE else role in rule.roles
        if rule.authorship is Authorship.AUTHOR:
            allowed = allowed and is_author
        if rule.authorship in {Authorship.NOT_AUTHOR, Authorship.NEITHER}:
            allowed = allowed and not is_author
        if rule.authorship is Authorship.NEITHER:
            allowed = allowed and not first
        assert (found is rule.after) == allowed


def test_the_author_never_decides_in_any_role_and_state() -> None:
    for state, role in itertools.product(State, Role):
        open_to = actions_open_to(state, role, is_author=True)
        assert not {Action.APPROVE, Action.ENDORSE, Action.RETURN, Action.REJECT} & set(open_to)


def test_what_has_ended_stays_as_it_is() -> None:
    for state, role, is_author in itertools.product(ENDS, Role, [True, False]):
        assert actions_open_to(state, role, is_author=is_author) == ()


def test_a_published_request_can_only_get_words_and_an_end() -> None:
    assert {r.action for r in RULES if r.before is State.PUBLISHED} == {
        Action.ADD_ADDENDUM,
        Action.RESOLVE,
        Action.EXPIRE,
    }
