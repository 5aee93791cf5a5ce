"""How scope grew in comparable milestones."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pmosync.compute.forecast.growth import MOST, Closed, Grown, factor, grown, past, usual
from pmosync.compute.forecast.record import Count, Journey

GREW = [Closed((0.0, 0.1, 0.4, 0.8), (2, 3, 4, 4 + more)) for more in (0, 1, 2, 3, 4)]
START = date(2026, 1, 5)
PLAN = START + timedelta(days=100)


def after(days: int) -> date:
    """So many days after the first delivery, which are as many hundredths of the way."""
    return START + timedelta(days=days)


def journey(code: str, *counts: tuple[int, int, int], ended: int | None = 100, **fields: str) -> Journey:
    """A journey by (day, joined, removed) since its first delivery, all delivered when it ended."""
    told = [Count(date.min, counts[0][1]), Count(START, counts[0][1], 0, 1)]
    told += [Count(after(day), joined, removed, 1) for day, joined, removed in counts]
    told += [Count(after(ended), counts[-1][1], counts[-1][2], counts[-1][1] - counts[-1][2])] if ended else []
    own = {"project": "PAY", "kind": "product", **fields}
    completed = after(ended) if ended else None
    return Journey(code=code, plans=((date.min, PLAN),), counts=tuple(told), completed=completed, **own)


def doubled(count: int, project: str = "PAY", kind: str = "product") -> list[Journey]:
    """Milestones of ten items that became twenty behind the half of their way."""
    counts = (1, 10, 0), (60, 20, 0)
    return [journey(f"C{number}", *counts, project=project, kind=kind) for number in range(count)]


OPEN = journey("M", (1, 12, 0), ended=None)


def test_the_median_of_comparable_milestones_tells_what_is_not_seen_yet() -> None:
    """At half of their way five milestones knew 4 of their 4, 5, 6, 7, 8 items: scope is multiplied by 1.5 from there on."""
    assert factor(GREW, 0.5) == 1.5
    assert factor(GREW, 0.9) == 1.0
    assert factor(GREW, 0.05) == 3.0


def test_few_comparable_milestones_say_nothing() -> None:
    """Under five of them, or where they had no scope by then, nothing is added and no scope is usual."""
    assert (factor(GREW[:4], 0.5), usual(GREW[:4])) == (1.0, None)
    assert factor([Closed((0.9,), (1,))] * 9, 0.5) == 1.0
    assert factor([], 0.5) == 1.0


def test_the_usual_scope_is_the_median() -> None:
    """Comparable scope is the median of what closed milestones came to."""
    assert usual(GREW) == 6.0


@pytest.mark.parametrize(("day", "more"), [(30, 2.0), (59, 2.0), (60, 1.0), (150, 1.0)])
def test_an_open_milestone_grows_as_closed_ones_did_from_there_on(day: int, more: float) -> None:
    """What is not seen yet hangs on how far it has come: behind the day on which the others had grown nothing comes any more."""
    assert grown(OPEN, past(doubled(5)), after(day)) == Grown(more, 20.0, 5)


def test_the_nearest_closed_milestones_are_compared() -> None:
    """Those of the project if they are five, else of its kind, else of the site; four of a site say nothing."""
    own, kind = doubled(5), [journey(f"K{number}", (1, 10, 0), project="OPS") for number in range(5)]
    assert grown(OPEN, past([*own, *kind]), after(30)).factor == 2.0
    assert grown(OPEN, past([*own[1:], *kind]), after(30)).factor == 1.0
    assert grown(OPEN, past(doubled(5, project="OPS", kind="other")), after(30)).factor == 2.0
    assert grown(OPEN, past(own[1:]), after(30)) == Grown()


def test_exchanged_scope_is_no_growth() -> None:
    """Ten items leave when ten others come: the scope was ten and is ten."""
    known = past([journey(f"C{number}", (1, 10, 0), (60, 20, 10)) for number in range(5)])
    assert grown(OPEN, known, after(30)) == Grown(1.0, 10.0, 5)


def test_what_joined_behind_the_end_is_no_growth() -> None:
    """A closed milestone into which somebody files items a month later had grown by none of them."""
    late = [
        Journey(**{name: getattr(each, name) for name in each.__struct_fields__} | {"counts": (*each.counts, more)})
        for each in (journey(f"C{number}", (1, 10, 0)) for number in range(5))
        for more in [Count(after(130), 40, 0, 40)]
    ]
    assert grown(OPEN, past(late), after(30)) == Grown(1.0, 10.0, 5)


def test_what_cannot_be_compared_does_not_grow() -> None:
    """An open milestone of nine items, or without a delivery, has no way that could be compared; what is usual is told."""
    small = journey("M", (1, 9, 0), ended=None)
    unbegun = Journey(code="M", project="PAY", kind="product", plans=((date.min, PLAN),), counts=(Count(START, 20),))
    for each in (small, unbegun):
        assert grown(each, past(doubled(5)), after(30)) == Grown(1.0, 20.0, 5)


def test_the_last_ones_count() -> None:
    """Of a site with many closed milestones the last fifty are compared: how it worked years ago is not how it works."""
    old = [journey(f"A{number:03}", (1, 10, 0), ended=90) for number in range(2 * MOST)]
    assert grown(OPEN, past([*old, *doubled(MOST)]), after(30)) == Grown(2.0, 20.0, MOST)


@given(st.lists(st.lists(st.integers(1, 50), min_size=1, max_size=6), max_size=12), st.floats(0, 3))
def test_growth_is_never_less_than_one(scopes: list[list[int]], elapsed: float) -> None:
    """Whatever milestones did, the scope of the next one is not foretold to shrink."""
    told = [Closed(tuple(place / 4 for place in range(len(each))), tuple(each)) for each in scopes]
    assert factor(told, elapsed) >= 1.0
