"""Desk work as a value: every deed can be told and taken back, and never over what somebody did since."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.desk_work import (
    CLOSE_REASONS,
    LINE_WORDS,
    REVERSIBLE_FOR,
    STATE_NAMES,
    VIEW_NAMES,
    AddNote,
    Assign,
    CloseReason,
    DeskItem,
    DeskLine,
    DeskState,
    JudgeFine,
    LinkCase,
    NotDone,
    Person,
    See,
    SetState,
    View,
    answered,
    changed_fields,
    done,
    ids_of,
    is_in,
    is_judged_fine,
    line_words,
    reverted,
    spoken_to,
    words_digest,
)
from console.domain.feed import Category, Post, PostId
from console.domain.members import MemberId
from console.domain.places import Point

NOW = datetime(2026, 5, 4, 15, 0, tzinfo=UTC)
ME, OTHER = Person(MemberId("m1"), "Officer Example One"), Person(MemberId("m2"), "Sergeant Example Two")
POST = Post(
    PostId("p"), Category.CRIME, "Title", "Text.", "Neighbor #4", "b", Point(41.8, -87.6), "Near W 18th St", NOW
)

deeds = st.one_of(
    st.just(See()),
    st.builds(SetState, st.sampled_from(DeskState), st.sampled_from(CloseReason)),
    st.builds(Assign, st.sampled_from([MemberId("m2"), None])),
    st.builds(AddNote, st.text(min_size=1, max_size=20)),
    st.builds(LinkCase, st.sampled_from(["", "2026-012-000431"])),
    st.builds(JudgeFine, st.booleans()),
)


def do(item: DeskItem, deed, n: int = 0, at: datetime = NOW) -> DeskItem | NotDone:
    colleague = OTHER if isinstance(deed, Assign) and deed.to is not None else None
    return done(item, deed, ME, at, colleague=colleague, words=words_digest(POST), note_id=f"n{n}")


def line_of(before: DeskItem, after: DeskItem, at: datetime = NOW) -> DeskLine:
    was, now = changed_fields(before, after)
    line = DeskLine(1, POST.id, "set_state", ME, at, was, now)
    return msgspec.json.decode(msgspec.json.encode(line), type=DeskLine)  # as the store gives it back


@given(st.lists(deeds, max_size=12))
def test_what_was_done_last_can_be_taken_back_and_then_all_is_as_it_was(some) -> None:
    item = DeskItem(POST.id)
    for n, deed in enumerate(some):
        after = do(item, deed, n)
        if isinstance(after, NotDone):
            continue
        back = reverted(after, line_of(item, after), NOW)
        assert isinstance(back, DeskItem)
        assert msgspec.structs.replace(back, version=0) == msgspec.structs.replace(item, version=0)
        assert back.version == after.version + 1, "taking back is a deed too"
        item = after


@given(deeds, deeds)
def test_an_older_line_is_taken_back_only_where_nothing_of_it_changed_since(first, second) -> None:
    start = DeskItem(POST.id)
    one = do(start, first, 1)
    if isinstance(one, NotDone):
        return
    two = do(one, second, 2)
    if isinstance(two, NotDone):
        return
    line = line_of(start, one)
    back = reverted(two, line, NOW)
    touched = set(line.before) & set(line_of(one, two).before) - {"notes"}
    if touched:
        assert back is NotDone.MOVED_ON
    else:
        assert isinstance(back, DeskItem)


def test_a_line_is_taken_back_once_and_for_thirty_days() -> None:
    start = DeskItem(POST.id)
    closed = do(start, SetState(DeskState.CLOSED, CloseReason.SETTLED))
    assert isinstance(closed, DeskItem)
    line = line_of(start, closed)
    assert isinstance(reverted(closed, line, NOW + REVERSIBLE_FOR), DeskItem)
    assert reverted(closed, line, NOW + REVERSIBLE_FOR + timedelta(seconds=1)) is NotDone.TOO_OLD
    assert reverted(closed, msgspec.structs.replace(line, reverted_by=9), NOW) is NotDone.MOVED_ON


def test_closing_asks_for_a_reason_and_leaving_a_state_forgets_it() -> None:
    assert do(DeskItem(POST.id), SetState(DeskState.CLOSED)) is NotDone.REASON_MISSING
    closed = do(DeskItem(POST.id), SetState(DeskState.CLOSED, CloseReason.DUPLICATE))
    assert isinstance(closed, DeskItem)
    again = do(closed, SetState(DeskState.IN_WORK))
    assert isinstance(again, DeskItem)
    assert (again.state, again.closed_for) == (DeskState.IN_WORK, None)
    assert do(again, SetState(DeskState.IN_WORK)) is NotDone.NOTHING_TO_DO


def test_what_was_judged_fine_stays_so_until_its_words_change() -> None:
    item = do(DeskItem(POST.id), JudgeFine())
    assert isinstance(item, DeskItem)
    assert is_judged_fine(item, POST)
    other = msgspec.structs.replace(POST, text="Other words.")
    assert not is_judged_fine(item, other)
    closed = answered(item)
    assert spoken_to(closed, POST) is None
    back = spoken_to(closed, other)
    assert back is not None
    assert back.state is DeskState.NEW
    assert spoken_to(DeskItem(POST.id, state=DeskState.IN_WORK), POST) is None


@given(st.lists(st.tuples(st.sampled_from(DeskState), st.sampled_from([None, ME, OTHER])), max_size=8))
def test_a_list_told_by_ids_is_the_list(states) -> None:
    known = {f"p{n}": DeskItem(PostId(f"p{n}"), 1, state, assignee=who) for n, (state, who) in enumerate(states)}
    everything = [*known, "untouched"]
    for view in View:
        ids, are_in = ids_of(view, known.values(), ME.id)
        shown = {post for post in everything if (post in ids) is are_in}
        meant = {post for post in everything if is_in(view, known.get(post, DeskItem(PostId(post))), ME.id)}
        assert shown == meant, view


def test_every_code_has_its_words() -> None:
    assert set(STATE_NAMES) == set(DeskState)
    assert set(CLOSE_REASONS) == set(CloseReason)
    assert set(VIEW_NAMES) == set(View)
    tags = {deed.__struct_config__.tag for deed in (See, SetState, Assign, AddNote, LinkCase, JudgeFine)}
    assert tags | {"answer", "spoken_to", "revert"} == set(LINE_WORDS)


@pytest.mark.parametrize(
    ("deed", "after", "words"),
    [
        ("set_state", {"state": "closed", "closed_for": "duplicate"}, "set it to closed: the same as another post."),
        ("assign", {"assignee": {"id": "m2", "name": "Sergeant Example Two"}}, "gave it to Sergeant Example Two."),
        ("assign", {"assignee": None}, "took it from whose it was."),
        ("link_case", {"case_number": "2026-012-000431"}, "linked it to 2026-012-000431."),
        ("link_case", {"case_number": ""}, "unlinked it from its case."),
        ("judge_fine", {"fine": None}, "took back that its words are fine."),
        ("add_note", {"notes": ["n"]}, "added a note."),
    ],
)
def test_a_line_is_told_in_words(deed, after, words) -> None:
    assert line_words(DeskLine(1, POST.id, deed, ME, NOW, {}, after)) == f"Officer Example One {words}"
    assert line_words(DeskLine(1, POST.id, "spoken_to", None, NOW)) == "A neighbor commented; it is new again."


def test_a_note_that_was_taken_back_can_be_brought_back_whole() -> None:
    start = DeskItem(POST.id)
    noted = do(start, AddNote("Called her."))
    assert isinstance(noted, DeskItem)
    back = reverted(noted, line_of(start, noted), NOW)
    assert isinstance(back, DeskItem)
    assert back.notes == ()
    again = reverted(back, line_of(noted, back), NOW)
    assert isinstance(again, DeskItem)
    assert [note.text for note in again.notes] == ["Called her."]
