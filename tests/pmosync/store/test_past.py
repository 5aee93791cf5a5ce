"""The past does not change: what is asked of a past moment is answered as it was then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from pmosync.model import Baseline, Change, Colour, MilestoneRow, Place, Plan, Problem, Snapshot
from pmosync.raw import Ref

if TYPE_CHECKING:
    from tests.pmosync.store.conftest import Desk

DAYS = st.none() | st.dates(date(2026, 2, 20), date(2026, 3, 20))
NUMBERS = st.integers(1, 4)


def sees_version(number: int, target: date | None, closed: bool) -> Callable[[Desk], Any]:
    """The source shows a version so."""
    return lambda desk: desk.show(desk.version(number, target, closed=closed))


def sees_item(number: int, versions: set[int], delivered: date | None, due: date | None) -> Callable[[Desk], Any]:
    """The source shows an item so, with one entry of its history."""

    def show(desk: Desk) -> None:
        item = desk.item(number, *versions, delivered=delivered, due=due, updated=desk.now)
        ref = Ref("jira", "change", f"{number}-{desk.day}")
        entry = Change(ref=ref, of=item.ref, field="due", at=desk.now - timedelta(hours=1))
        problems = (Problem(rule="no-owner", place=item.key, message="nobody"),) if due else ()
        desk.show(item, changes=(entry,), problems=problems)

    return show


def hides(number: int) -> Callable[[Desk], Any]:
    """An item is not visible any more, since the day before."""
    return lambda desk: desk.store.hide(desk.run, [desk.item(number).ref], desk.at(desk.day - 1))


def retires(number: int) -> Callable[[Desk], Any]:
    """An item is deleted for sure."""
    return lambda desk: desk.store.retire(desk.run, [desk.item(number).ref], desk.now)


def types(code: str, target: date | None) -> Callable[[Desk], Any]:
    """Somebody types a milestone row."""
    place = Place("sheet", "Milestone inputs", 2, code)
    return lambda desk: desk.show(MilestoneRow(place=place, code=code, project="PAY", target=target))


def binds(which: int) -> Callable[[Desk], Any]:
    """Identity runs, with the project bound or not."""

    def bind(desk: Desk) -> None:
        seen = desk.store.plan(desk.now).milestones
        bindings = desk.plan.bindings[: which % 2]
        desk.bind(Plan(projects=desk.plan.projects, milestones=seen, bindings=bindings))

    return bind


def keeps(number: int, day: date | None, letter: str) -> Callable[[Desk], Any]:
    """An assessment is kept."""

    def keep(desk: Desk) -> None:
        code = f"PAY-M0{number}"
        colour = Colour(code=code, day=desk.now.date(), computed=letter, shown=letter)
        frozen = [Baseline(code=code, version=1, day=day, frozen=desk.now)] if day else []
        desk.store.keep(desk.run, frozen, [colour], desk.now)
        desk.store.reached(desk.run, "jira", "Jira", "ok" if day else "failed", desk.now)

    return keep


STEPS = st.one_of(
    st.builds(sees_version, NUMBERS, DAYS, st.booleans()),
    st.builds(sees_item, NUMBERS, st.sets(NUMBERS, max_size=2), DAYS, DAYS),
    st.builds(hides, NUMBERS),
    st.builds(retires, NUMBERS),
    st.builds(types, st.sampled_from(["PAY-M01", "pay-m09"]), DAYS),
    st.builds(binds, NUMBERS),
    st.builds(keeps, NUMBERS, DAYS, st.sampled_from("RAG")),
)


# Every step is a transaction that waits for the disk: a quarter of the usual number of stories is what a test may take.
@settings(max_examples=min(settings().max_examples // 4, 200))
@given(story=st.lists(st.lists(STEPS, max_size=4), min_size=1, max_size=4))
def test_past_moments(fresh: Callable[[], Desk], story: list[list[Callable[[Desk], Any]]]) -> None:
    """After any story, the snapshot of each day's end equals the one taken on that day."""
    desk = fresh()
    taken: list[Snapshot] = []
    for steps in story:
        for step in steps:
            step(desk)
        taken.append(desk.snapshot())
        desk.tomorrow()
    for day, then in enumerate(taken):
        assert desk.snapshot(day) == then
    assert desk.store.check() == ()
    desk.store.close()


def test_deterministic(desk: Desk) -> None:
    """The same moment asked twice gives the same bytes."""
    desk.show(desk.version(1), desk.version(2), *(desk.item(n, 1, 2) for n in range(9)))
    desk.bind()
    assert msgspec.json.encode(desk.snapshot().item_codes.get(desk.item(1).ref)) == b'["PAY-M01","PAY-M02"]'
    assert desk.snapshot() == desk.snapshot()


def test_version_replaced_at_the_moment(desk: Desk) -> None:
    """At the very moment of a change only the new version stands, and the old one just before it."""
    desk.show(desk.version(1), desk.item(1, 1))
    desk.bind()
    desk.tomorrow()
    desk.show(desk.item(1, 1, due=date(2026, 4, 1)))
    assert len(list(desk.store.export("work_item", desk.now))) == 1
    assert desk.snapshot().progress["PAY-M01"].dated_open == 1
    just_before = desk.store.snapshot(desk.now - timedelta(microseconds=1))
    assert just_before.progress["PAY-M01"].dated_open == 0
    assert just_before.progress["PAY-M01"].total == 1


def test_binding_that_ended_later(desk: Desk) -> None:
    """A binding that ends later stood without an end before, and is not told any more afterwards."""
    desk.show(desk.version(1))
    desk.bind()
    then = desk.snapshot().bindings
    assert {binding.until for binding in then} == {None}
    desk.tomorrow()
    desk.bind(Plan(projects=desk.plan.projects))
    assert desk.snapshot(0).bindings == then
    assert desk.snapshot().bindings == ()


def test_clock_set_back(desk: Desk) -> None:
    """A sync whose clock lies before the last one's keeps the order of versions: no version ends before it begins."""
    desk.tomorrow(2)
    desk.show(desk.item(1, title="first"))
    desk.tomorrow(-1)
    desk.show(desk.item(1, title="second"), updated=desk.at(3))
    assert list(desk.store.export("work_item", desk.at(1))) == []
    assert list(desk.store.export("work_item", desk.at(2))) == [desk.item(1, title="second")]
