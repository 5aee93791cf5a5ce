"""Who waits for whom: distributions over the graph of predecessors, exactly."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.effort import calls
from tests.pmosync.compute.forecast.site import MONDAY, STEADY, WEEK, pending, team

from pmosync.compute.forecast.axis import axis
from pmosync.compute.forecast.chained import Graph, alone, together
from pmosync.compute.forecast.given import Pending, Team
from pmosync.compute.forecast.outlook import Outlooks, outlooks
from pmosync.compute.forecast.paced import paced
from pmosync.compute.forecast.withheld import Bounds
from pmosync.compute.workdays import Calendar, Freeze

BOUNDS = Bounds(active=1, items=0, days=120)
TUESDAY = MONDAY + timedelta(days=1)
COIN = (0, 1)
GRAPHS = st.dictionaries(st.sampled_from("ABCDEF"), st.lists(st.sampled_from("ABCDEFX"), max_size=3), max_size=6)


def ahead(teams: Iterable[Team], *all_pending: Pending) -> Outlooks:
    """The outlooks on the Monday, with little evidence asked for."""
    return outlooks(teams, all_pending, MONDAY, BOUNDS)


@pytest.mark.parametrize(("teams", "chances"), [(1, 2), (2, 4), (3, 8), (7, 128)])
def test_each_team_halves_the_chance(teams: int, chances: int) -> None:
    """Parallel teams are multiplied curves. Published: where each team is in time with one half, two are with 1 in 4, three
    with 1 in 8, seven with 1 in 128 (T. Magennis, Solving the Hairy Problem of Team Dependencies, Agile 2015).
    """
    codes = [f"T{number}" for number in range(teams)]
    found = ahead(
        [team(code, COIN) for code in codes],
        pending("A", *((code, 1, 1.0) for code in codes), asked=(TUESDAY,)),
    ).of["A"]
    assert found.chances[0] == pytest.approx(1 / chances, abs=1e-15)
    assert found.several is (teams > 1)


def test_the_same_holds_for_predecessors_on_other_teams() -> None:
    """Nothing ends before its predecessors: with three of them and a part of its own the chance is 1 in 16."""
    waits = [pending(code, (code, 1, 1.0)) for code in "BCD"]
    found = ahead(
        [team(code, COIN) for code in "ABCD"],
        pending("A", ("A", 1, 1.0), predecessors=("B", "C", "D"), asked=(TUESDAY,)),
        *waits,
    ).of["A"]
    assert found.chances[0] == pytest.approx(1 / 16, abs=1e-15)


def test_a_predecessor_on_two_ways_is_counted_once() -> None:
    """A waits for B and C, both wait for D: four coins, not five."""
    found = ahead(
        [team(code, COIN) for code in "ABCD"],
        pending("A", ("A", 1, 1.0), predecessors=("B", "C"), asked=(TUESDAY,)),
        pending("B", ("B", 1, 1.0), predecessors=("D",)),
        pending("C", ("C", 1, 1.0), predecessors=("D",)),
        pending("D", ("D", 1, 1.0)),
    ).of["A"]
    assert found.chances[0] == pytest.approx(1 / 16, abs=1e-15)


def test_milestones_of_one_team_have_the_same_days() -> None:
    """A team's good day is good for all: two milestones with half of it each are done together, not with 1 in 4."""
    found = ahead(
        [team("T", (0, 2))],
        pending("A", ("T", 1, 0.5), predecessors=("B",), asked=(TUESDAY,)),
        pending("B", ("T", 1, 0.5)),
    ).of["A"]
    assert found.chances == (0.5,)


def test_who_needs_nothing_more_shares_the_very_curve() -> None:
    """A milestone that asks no more of any team than its predecessor is computed with it, not again."""
    lanes = {code: paced(team(code), {3, 5}, np.arange(1, 61)) for code in "TU"}
    graph = Graph(axis(MONDAY, 60), {}, {}, lanes, {})
    before, mine = (alone(graph, needs) for needs in ({"T": 5, "U": 3}, {"T": 3}))
    assert together(graph, mine, before) is before
    assert together(graph, alone(graph, {"T": 3, "U": 3}), mine).marks == {"T": {(): 3}, "U": {(): 3}}


def test_the_chain_is_named() -> None:
    """Who waits for whom is told, milestone by milestone, up to the one that waits for nobody; of two the later one."""
    found = ahead(
        [team("T"), team("U")],
        pending("A", ("T", 1, 1.0), predecessors=("B", "C")),
        pending("B", ("T", 2, 1.0)),
        pending("C", ("T", 3, 1.0), predecessors=("D",)),
        pending("D", ("U", 40, 1.0)),
    )
    assert found.chain("A") == ("C", "D")
    assert found.of["A"].p50 == found.of["D"].p50
    assert (found.chain("D"), found.chain("B"), found.chain("X")) == ((), (), ())


def test_who_is_later_itself_waits_for_nobody() -> None:
    """A predecessor that is done before is no reason for the date."""
    found = ahead([team()], pending("A", ("T", 9, 1.0), predecessors=("B",)), pending("B", ("T", 3, 1.0)))
    assert found.of["A"].via == ""


def test_a_circle_is_told_once_and_waits_for_nobody_in_it() -> None:
    """Those who wait for each other are reported once, and each goes by its own work."""
    found = ahead(
        [team()],
        pending("A", ("T", 9, 1.0), predecessors=("B",)),
        pending("B", ("T", 3, 1.0), predecessors=("A",)),
        pending("C", ("T", 1, 1.0), predecessors=("A",)),
    )
    assert found.cycles == (("A", "B"),)
    alone = ahead([team()], pending("B", ("T", 3, 1.0)))
    assert found.of["B"].p50 == alone.of["B"].p50
    assert found.of["C"].via == "A"


def test_without_a_pace_successors_wait_for_the_expected_date() -> None:
    """Where a predecessor has no pace its expected date holds for those who wait; without one nothing does."""
    later = MONDAY + timedelta(days=44)
    after = pending("A", ("T", 3, 1.0), predecessors=("B",))
    silent = pending("B", ("X", 9, 1.0), expected=later)
    found = ahead([team()], after, silent)
    assert (found.of["A"].p50, found.of["A"].via) == (later, "B")
    free = ahead([team()], after, pending("B", ("X", 9, 1.0)))
    assert free.of["A"].p50 == ahead([team()], pending("A", ("T", 3, 1.0))).of["A"].p50


def test_what_waits_for_a_launch_waits_for_its_freeze() -> None:
    """A launch that a window holds up holds up those behind it, whatever they have done by then."""
    frozen = Calendar("frozen", freezes=(Freeze(TUESDAY, MONDAY + timedelta(days=11), "618"),))
    first = pending("B", ("T", 3, 1.0), launch=True, calendar=frozen)
    found = ahead([team()], first, pending("A", ("T", 3, 1.0), predecessors=("B",)), pending("C", ("T", 3, 1.0)))
    assert (found.of["B"].p50, found.of["B"].freeze) == (MONDAY + timedelta(days=14), "618")
    assert (found.of["A"].p50, found.of["A"].freeze, found.of["A"].via) == (found.of["B"].p50, "", "B")
    assert found.of["C"].p50 == MONDAY + timedelta(days=2)


def test_behind_a_window_the_same_days_count_for_both() -> None:
    """After the freeze a milestone of the same team needs what it needs, as if the launch had not been: its days are the same."""
    frozen = Calendar("frozen", freezes=(Freeze(MONDAY + timedelta(days=2), MONDAY + timedelta(days=4), "618"),))
    days = tuple(MONDAY + timedelta(days=n) for n in (7, 8, 9, 14))
    launch = pending("B", ("T", 3, 1.0), launch=True, calendar=frozen)
    again = pending("C", ("T", 4, 1.0), launch=True, calendar=frozen, predecessors=("B",))
    found = ahead([team()], launch, again, pending("A", ("T", 9, 1.0), predecessors=("C",), asked=days))
    alone = ahead([team()], pending("A", ("T", 9, 1.0), asked=days))
    assert list(found.of["A"].chances) == pytest.approx(list(alone.of["A"].chances), abs=1e-12)


def test_who_needs_more_of_the_same_team_is_as_if_alone() -> None:
    """A predecessor on the same team that needs less is contained: it takes nothing from the probability."""
    days = tuple(MONDAY + timedelta(days=n) for n in range(1, 12))
    after = pending("A", ("T", 9, 1.0), predecessors=("B",), asked=days)
    found = ahead([team("T"), team("U")], after, pending("B", ("T", 3, 1.0), ("U", 1, 1.0)))
    both = ahead([team("T"), team("U")], pending("A", ("T", 9, 1.0), ("U", 1, 1.0), asked=days))
    assert list(found.of["A"].chances) == pytest.approx(list(both.of["A"].chances), abs=1e-15)


def test_before_a_freeze_teams_are_still_multiplied() -> None:
    """In a window only what was out before it is out: one half for the launch, one half for what waits for it, 1 in 4."""
    frozen = Calendar("frozen", freezes=(Freeze(MONDAY + timedelta(days=2), MONDAY + timedelta(days=30), "618"),))
    found = ahead(
        [team("T", COIN), team("U", COIN)],
        pending("B", ("T", 1, 1.0), launch=True, calendar=frozen),
        pending("A", ("U", 1, 1.0), predecessors=("B",), asked=(TUESDAY, TUESDAY + timedelta(days=1))),
    ).of["A"]
    assert found.chances == (0.25, 0.375)


@given(GRAPHS, st.integers(0, 3))
def test_nothing_ends_before_what_it_waits_for(graph: dict[str, list[str]], seed: int) -> None:
    """In every graph each date is at or after those of all predecessors that are in no circle with it."""
    everybody = [
        pending(
            code,
            ("TU"[(at + seed) % 2], 3 + 7 * at * seed % 11, 0.5),
            predecessors=tuple(graph[code]),
            asked=tuple(MONDAY + timedelta(days=n) for n in (3, 9, 20)),
        )
        for at, code in enumerate(sorted(graph))
    ]
    found = ahead([team("T"), team("U", STEADY[:5])], *everybody)
    circles = [set(circle) for circle in found.cycles]
    for each in everybody:
        for other in set(each.predecessors) & set(graph):
            if not any({each.code, other} <= circle for circle in circles):
                assert _day(found.of[each.code].p50) >= _day(found.of[other].p50)
                mine, theirs = found.of[each.code].chances, _asked(found, other)
                assert all(one <= two + 1e-12 for one, two in zip(mine, theirs, strict=True))


def _asked(found: Outlooks, code: str) -> tuple[float, ...]:
    return found.of[code].chances


def _day(day: date | None) -> date:
    return day or date.max


def chained(depth: int, teams: int = 60, **more: Any) -> list[Pending]:
    """So many milestones over sixty teams, each of which waits for the one before."""
    return [
        pending(f"M{at:05}", (f"T{at % teams}", 1 + at % 7, 0.5), predecessors=(f"M{at - 1:05}",) if at else (), **more)
        for at in range(depth)
    ]


def test_depth_10000() -> None:
    """A chain of 10,000 milestones is followed to its end without recursion."""
    found = ahead([team(f"T{number}") for number in range(60)], *chained(10_000))
    assert found.of["M09999"].p50 == max(each.p50 for each in found.of.values() if each.p50)
    assert len(found.chain("M09999")) > 0


def test_a_chain_four_times_as_deep_is_four_times_the_work() -> None:
    """However many teams are behind a milestone, one that follows it asks only for its own."""
    teams = [team(f"T{number}") for number in range(60)]
    few, many = (calls(partial(ahead, teams, *chained(depth))) for depth in (500, 2_000))
    assert many <= 4.2 * few


def test_a_chain_of_launches_waits_for_its_windows_once() -> None:
    """However many launches wait for the same windows, these are passed once: four times as many are four times the work."""
    frozen = Calendar("frozen", freezes=(Freeze(TUESDAY, MONDAY + timedelta(days=11), "618"),))
    teams = [team(f"T{number}") for number in range(3)]
    few, many = (calls(partial(ahead, teams, *chained(depth, 3, launch=True, calendar=frozen))) for depth in (100, 400))
    assert many <= 4.2 * few


def test_a_ring_of_10000() -> None:
    """A circle of 10,000 is one circle."""
    ring = [*chained(10_000)[1:], pending("M00000", ("T0", 3, 1.0), predecessors=("M09999",), calendar=WEEK)]
    assert [len(circle) for circle in ahead([team("T0")], *ring).cycles] == [10_000]
