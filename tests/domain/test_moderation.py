"""Moderation: every cell of the table, what comes back and what does not, and words for every code."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain import moderation as m
from console.domain import moderation_words as words
from console.domain.feed import Visibility
from console.domain.moderation import Act, By, FlagReason, ItemKind, ItemState, Judged, Reason, Refusal, Standing

NOW = datetime(2026, 6, 10, 20, 0, tzinfo=UTC)
STEPS = {(rule.before, rule.act): rule for rule in m.RULES}
MODERATION = {By.MODERATOR, By.ANOTHER_MODERATOR}
BYS = (By.ANYBODY, By.MODERATOR, By.AUTHOR, By.SERVICE)


def _standing(by: By, days: float = 0, **more: bool) -> Standing:
    return Standing(by, NOW, NOW - timedelta(days=days), **more)


@pytest.mark.parametrize(("state", "act"), list(itertools.product(ItemState, Act)))
def test_every_cell_follows_the_table_and_nothing_else(state: ItemState, act: Act) -> None:
    rule = STEPS.get((state, act))
    days = 31 if act is Act.ERASE else 1
    for by, is_decider in itertools.product(BYS, [True, False]):
        found = m.after(state, act, _standing(by, days, is_decider=is_decider))
        if rule is None:
            assert found is Refusal.WRONG_STATE
            continue
        allowed = by is rule.by or (by is By.MODERATOR and rule.by in MODERATION)
        if rule.by is By.ANOTHER_MODERATOR:
            allowed = allowed and not is_decider
        assert (found is rule.after) == allowed, (state, act, by, is_decider)


def test_the_table_has_one_line_for_a_step() -> None:
    assert len(STEPS) == len(m.RULES)


def test_nobody_but_a_neutral_moderator_changes_what_is_seen() -> None:
    for rule in m.RULES:
        before, then = m.VISIBLE_AS.get(rule.before), m.VISIBLE_AS.get(rule.after)
        if before is not None and before is not then:
            assert rule.by in MODERATION, rule


def test_who_decided_never_decides_the_appeal() -> None:
    for state in (ItemState.LIMITED_APPEALED, ItemState.REMOVED_APPEALED):
        for act in (Act.UPHOLD, Act.OVERTURN):
            assert m.after(state, act, _standing(By.MODERATOR, 1, is_decider=True)) is Refusal.OWN_DECISION
        assert m.acts_open_to(state, _standing(By.MODERATOR, 1, is_decider=True)) == ()


@pytest.mark.parametrize("state", [ItemState.LIMITED, ItemState.LIMITED_FLAGGED, ItemState.REMOVED])
def test_an_appeal_is_once_and_within_twenty_days(state: ItemState) -> None:
    assert isinstance(m.after(state, Act.APPEAL, _standing(By.AUTHOR, 20)), ItemState)
    assert m.after(state, Act.APPEAL, _standing(By.AUTHOR, 20.001)) is Refusal.TOO_LATE
    assert m.after(state, Act.APPEAL, _standing(By.AUTHOR, 1, was_appealed=True)) is Refusal.APPEALED_BEFORE


def test_what_was_removed_is_restorable_for_thirty_days_and_not_erased_before() -> None:
    removed = ItemState.REMOVED
    assert m.after(removed, Act.RESTORE, _standing(By.MODERATOR, 30)) is ItemState.KEPT
    assert m.after(removed, Act.ERASE, _standing(By.SERVICE, 30)) is Refusal.WRONG_STATE
    assert m.after(removed, Act.RESTORE, _standing(By.MODERATOR, 30.001)) is Refusal.TOO_LATE
    assert m.after(removed, Act.ERASE, _standing(By.SERVICE, 30.001)) is ItemState.ERASED
    assert m.after(ItemState.REMOVED_APPEALED, Act.ERASE, _standing(By.SERVICE, 90)) is Refusal.WRONG_STATE
    assert not [rule for rule in m.RULES if rule.before is ItemState.ERASED]


def test_what_an_appeal_put_back_is_not_opened_again_without_a_flag() -> None:
    assert m.after(ItemState.KEPT, Act.REOPEN, _standing(By.MODERATOR)) is ItemState.FLAGGED
    assert m.after(ItemState.KEPT, Act.REOPEN, _standing(By.MODERATOR, was_overturned=True)) is Refusal.FINAL


STATES, REASONS, TEXTS = st.sampled_from(ItemState), st.sampled_from(FlagReason), st.sampled_from(["a", "b"])


@given(st.sets(REASONS), REASONS, TEXTS, TEXTS, STATES)
def test_what_was_judged_comes_back_for_a_new_reason_or_a_changed_text_only(
    reasons: set[FlagReason], reason: FlagReason, then: str, now: str, state: ItemState
) -> None:
    judged = m.judged_with(Judged(), frozenset(reasons), then)
    found = m.comes_back(state, judged, reason, now)
    if state not in {ItemState.KEPT, ItemState.LIMITED}:
        assert not found
    else:
        assert found == (reason not in reasons or then != now)


@given(st.lists(st.tuples(st.sets(REASONS), TEXTS), min_size=1, max_size=8))
def test_what_is_judged_adds_up_on_one_text_and_starts_anew_on_another(told: list[tuple[set[FlagReason], str]]) -> None:
    judged = Judged()
    for reasons, text in told:
        before, judged = judged, m.judged_with(judged, frozenset(reasons), text)
        assert frozenset(reasons) <= judged.reasons
        assert judged.text == text
        assert (before.reasons <= judged.reasons) or before.text != text


@given(st.lists(st.tuples(st.sampled_from(Act), st.sampled_from(BYS), st.booleans()), max_size=30))
def test_whatever_is_tried_in_whatever_order_the_table_holds(tried: list[tuple[Act, By, bool]]) -> None:
    state, appealed = ItemState.FLAGGED, False
    for act, by, is_decider in tried:
        found = m.after(state, act, _standing(by, 1, is_decider=is_decider, was_appealed=appealed))
        if isinstance(found, Refusal):
            continue
        assert found not in {ItemState.HELD, ItemState.PUBLISHED, ItemState.REFUSED}, "what is written is not held"
        if m.VISIBLE_AS[found] is not m.VISIBLE_AS[state]:
            assert by is By.MODERATOR
        if act is Act.APPEAL:
            assert not appealed
            appealed = True
        if act in m.APPEALABLE:
            appealed = False
        state = found


@pytest.mark.parametrize("text", ["", "a"])
def test_a_text_has_one_fingerprint_and_its_parts_do_not_run_together(text: str) -> None:
    assert m.fingerprint(text) == m.fingerprint(text)
    assert m.fingerprint("ab", "c") != m.fingerprint("a", "bc")


def test_lanes_put_danger_first_and_what_is_decided_last() -> None:
    danger = frozenset({FlagReason.EMERGENCY, FlagReason.SPAM})
    assert m.lane_of(ItemState.FLAGGED, danger) is m.Lane.EMERGENCY
    assert m.lane_of(ItemState.LIMITED_FLAGGED, frozenset({FlagReason.SPAM})) is m.Lane.FLAGS
    assert m.lane_of(ItemState.REMOVED_APPEALED, frozenset()) is m.Lane.APPEALS
    assert m.lane_of(ItemState.HELD, frozenset()) is m.Lane.PUBLICATION
    for state in ItemState:
        assert (m.lane_of(state, danger) is m.Lane.DECIDED) == (state not in m.WAITING)


def test_who_flagged_learns_what_is_seen_and_nothing_of_an_appeal() -> None:
    assert m.outcome_of(ItemState.REMOVED_APPEALED, is_settled=True) is m.FlagOutcome.REMOVED
    assert m.outcome_of(ItemState.REMOVED, is_settled=True) is m.FlagOutcome.REMOVED
    assert m.outcome_of(ItemState.FLAGGED, is_settled=False) is m.FlagOutcome.WAITING
    assert m.outcome_of(ItemState.KEPT, is_settled=True) is m.FlagOutcome.KEPT


def test_every_code_has_its_words() -> None:
    assert set(words.FLAG_REASONS) == set(FlagReason)
    assert set(words.REASONS) == set(Reason)
    assert set(words.KINDS) == set(ItemKind)
    assert set(words.ACTS) == set(words.DONE) == set(Act)
    assert set(words.WHAT_IT_DOES) == set(m.REASONS_OF)
    assert set(words.STATES) == set(ItemState)
    assert set(words.LANES) == set(m.Lane)
    assert set(words.OUTCOMES) == set(m.FlagOutcome)
    for kind in (words.FLAG_REASONS, words.REASONS):
        assert all(one.name and one.explains for one in kind.values())
    assert set(VISIBLE) == {Visibility.PUBLIC, Visibility.LIMITED, Visibility.REMOVED}


VISIBLE = m.VISIBLE_AS.values()


@pytest.mark.parametrize("act", list(m.REASONS_OF))
def test_the_author_is_told_what_and_why_and_how_to_appeal(act: Act) -> None:
    for kind, reason in itertools.product(ItemKind, m.REASONS_OF[act]):
        told = words.told_to_author(kind, act, reason, " Some words. ", "June 30")
        if act in {Act.KEEP, Act.REOPEN}:
            assert told == words.UNTOLD
            continue
        assert words.REASONS[reason].explains in told
        assert words.KINDS[kind].lower() in told
        assert "Some words." in told
        assert ("until June 30" in told) == (act in m.APPEALABLE)


def test_no_reason_names_a_viewpoint() -> None:
    said = " ".join(f"{r} {w.name} {w.explains}" for r, w in words.FLAG_REASONS.items()).lower()
    for viewpoint in ("politic", "opinion", "criticism", "protest", "religio", "offensive", "police", "misinformation"):
        assert viewpoint not in said
