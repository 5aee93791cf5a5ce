"""Who waits for whom, at any depth and in circles."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st
from tests.effort import calls

from pmosync.compute.assess import assess
from pmosync.compute.chain import order
from pmosync.compute.policy import Policy
from pmosync.model import Snapshot

if TYPE_CHECKING:
    from tests.pmosync.compute.conftest import Story

CODES = [f"M{number}" for number in range(8)]
GRAPHS = st.dictionaries(st.sampled_from(CODES), st.lists(st.sampled_from([*CODES, "X"]), max_size=4), max_size=8)


def reaches(graph: dict[str, list[str]], start: str) -> set[str]:
    """Everything ``start`` waits for, directly or not."""
    seen: set[str] = set()
    todo = list(graph.get(start, []))
    while todo:
        code = todo.pop()
        if code in graph and code not in seen:
            seen.add(code)
            todo += graph[code]
    return seen


@given(GRAPHS)
def test_predecessors_come_first(graph: dict[str, list[str]]) -> None:
    """Every code comes once, after all that it waits for; those in a circle with it are left out."""
    found = order(graph)
    assert sorted(found.codes) == sorted(graph)
    at = {code: place for place, code in enumerate(found.codes)}
    for code, others in graph.items():
        for other in found.free(code, others):
            assert at[other] < at[code]


@given(GRAPHS)
def test_circles_are_exactly_those_who_wait_for_themselves(graph: dict[str, list[str]]) -> None:
    """A cycle is reported once, with all its members and nobody else."""
    found = order(graph)
    members = [code for cycle in found.cycles for code in cycle]
    assert sorted(members) == sorted(code for code in graph if code in reaches(graph, code))
    assert len(members) == len(set(members))


def test_depth_10000() -> None:
    """Dependencies 10,000 deep are followed without recursion."""
    graph = {f"M{number:05}": [f"M{number + 1:05}"] for number in range(10_000)}
    assert order(graph).codes[0] == "M09999"
    ring = {**graph, "M09999": ["M00000"]}
    assert len(order(ring).cycles[0]) == 10_000


def test_a_deep_chain_is_assessed(story: Story) -> None:
    """A chain of many milestones passes the last one's date on to the first."""
    for number in range(300):
        story.typed(f"PAY-M{number:03}", target=date(2026, 5, 20), depends_on=(f"PAY-M{number + 1:03}",))
    story.typed("PAY-M300", target=date(2026, 9, 1))
    verdict = story.assessed()
    assert verdict.expected is not None
    assert verdict.expected.day == date(2026, 9, 1)


def waiting(stories: type[Story], count: int) -> Snapshot:
    """Milestones in one long chain, each tenth of which also waits for the one before it: circles of two on the way."""
    story = stories(Policy())
    for number in range(count):
        others = [f"PAY-M{number + 1:05}"] + ([f"PAY-M{number - 1:05}"] if number % 10 == 0 else [])
        story.typed(f"PAY-M{number:05}", target=date(2026, 5, 20), depends_on=tuple(others))
    return story.snapshot()


def test_depth_costs_nothing(stories: type[Story]) -> None:
    """Twice as many milestones in a chain with circles are at most little more than twice the work to assess: ten thousand are
    as quick, each, as a few.
    """
    told = [waiting(stories, count) for count in (200, 400)]
    assess(told[0], Policy(), told[0].as_of)  # holidays are read once
    few, many = (calls(partial(assess, each, Policy(), each.as_of)) for each in told)
    assert many < 2.2 * few
