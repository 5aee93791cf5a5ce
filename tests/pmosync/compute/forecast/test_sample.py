"""The choice of milestones that a very large site is learned from."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pmosync.compute.assessment import Dated, Letter, MilestoneVerdict, Rag
from pmosync.compute.forecast.sample import BEFORE, reaches_back, sampled, size
from pmosync.model import Milestone, Progress, State

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
DAY = date(2026, 1, 5)


def verdict(number: int, items: int, **given: Any) -> MilestoneVerdict:
    """A milestone of so many items with a target."""
    code = f"PAY-M{number:02}"
    return MilestoneVerdict(
        milestone=Milestone(code=code, project="PAY", name=code, appeared=NOON),
        project="PAY",
        target=given.pop("target", Dated(DAY, "version")),
        rag=Rag(shown=Letter.GREEN, computed=Letter.GREEN),
        progress=Progress(total=items, delivered_at=given.pop("delivered_at", ())),
        **given,
    )


def ended(number: int, items: int, days: int) -> MilestoneVerdict:
    """One that ended so many days behind the first."""
    return verdict(number, items, state=State.DONE, actual=Dated(DAY + timedelta(days=days), "actual"))


def codes(found: tuple[MilestoneVerdict, ...]) -> list[str]:
    """Their codes."""
    return [each.milestone.code for each in found]


def test_the_newest_that_ended_are_taken_until_the_items_are_used_up() -> None:
    """Of five milestones of 40 items, three fit into 130; the oldest are left out, in whatever order they are told."""
    told = [ended(number, 40, days) for number, days in ((1, 10), (2, 50), (3, 30), (4, 20), (5, 40))]
    assert codes(sampled(told, 130)) == ["PAY-M02", "PAY-M05", "PAY-M03"]
    assert sampled(reversed(told), 130) == sampled(told, 130)


def test_one_that_does_not_fit_is_passed_over() -> None:
    """A giant among them hides no others."""
    assert codes(sampled([ended(1, 1_000, 50), ended(2, 40, 40)], 100)) == ["PAY-M02"]


def test_what_is_under_way_takes_half_at_most() -> None:
    """What is open speaks too: without it the punctual ones would speak alone. It leaves as much to what ended."""
    told = [verdict(number, 20) for number in range(10)] + [ended(number, 20, number) for number in range(20, 30)]
    found = sampled(told, 200)
    assert sum(size(each) for each in found if each.actual is None) == 100
    assert [each.milestone.code for each in found if each.actual] == [f"PAY-M{number}" for number in range(29, 24, -1)]


def test_what_tells_nothing_takes_nothing() -> None:
    """Too few items, no promise, paused, or done nobody knows when."""
    told = [
        ended(1, 9, 0),
        verdict(2, 40, target=None),
        verdict(3, 40, state=State.PAUSED),
        verdict(4, 40, state=State.DONE),
    ]
    assert sampled(told, 1_000) == ()


def test_how_far_back_teams_are_looked_at() -> None:
    """Twelve weeks, and one, before the first delivery of any of them."""
    first = NOON - timedelta(days=300)
    told = [verdict(1, 20, delivered_at=(NOON,)), verdict(2, 20, delivered_at=(first, NOON)), verdict(3, 20)]
    assert reaches_back(told, NOON) == first - BEFORE
    assert reaches_back(told[2:], NOON) == NOON - BEFORE


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 400), st.booleans()), max_size=40), st.integers(0, 3_000))
def test_never_more_than_the_bound(told: list[tuple[int, int, bool]], most: int) -> None:
    """Whatever there is; and where all of what tells anything fits, nothing of it is left out."""
    made = [
        verdict(number, items) if under_way else ended(number, items, days)
        for number, (items, days, under_way) in enumerate(told)
    ]
    found = sampled(made, most)
    assert sum(map(size, found)) <= most
    assert len({each.milestone.code for each in found}) == len(found)
    telling = [each for each in made if size(each) >= 10]
    assert len(sampled(telling, 2 * sum(map(size, telling)))) == len(telling)
