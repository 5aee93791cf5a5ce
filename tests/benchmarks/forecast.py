"""The pace forecast of a large portfolio, beside a simulation of the same in plain loops."""

from __future__ import annotations

import random
import time
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import accumulate
from statistics import median

from pmosync.compute.forecast import sharing
from pmosync.compute.forecast.given import Part, Pending, Team
from pmosync.compute.forecast.outlook import outlooks
from pmosync.compute.workdays import Calendar
from tests.benchmarks.figures import RUNS, Figure, goal

TODAY = date(2026, 3, 2)
WEEKS, DAYS = 12, 400
SECONDS, TIMES = 3.0, 50.0
TRIALS, SAMPLED = 10_000, 20


def figures(milestones: int = 2_000, teams: int = 60, items: int = 200_000) -> Iterator[Figure]:
    """All milestones of a portfolio, half of them, and so many trials in plain loops."""
    all_teams, pending = portfolio(milestones, teams, items)
    whole = taken(all_teams, pending)
    half = taken(all_teams, pending[: milestones // 2])
    plain = simulated(all_teams, pending, SAMPLED) * TRIALS / SAMPLED
    name = f"pace of {milestones:,} milestones, {teams} teams, {items:,} open items, {DAYS} days ahead"
    yield Figure(name, whole, "s", goal=f"≤ {SECONDS:g} s", met=whole <= SECONDS)
    yield goal(f"  beside {TRIALS:,} trials in plain loops", whole, "s", plain, plain / whole, TIMES)
    yield Figure(f"  {milestones // 2:,} of these milestones", half, "s", whole, whole / half)


def portfolio(milestones: int, teams: int, items: int) -> tuple[Sequence[Team], Sequence[Pending]]:
    """Teams that deliver about all of it within the days ahead; every other milestone waits for one or two before it."""
    dice = random.Random(4)
    pace = 1.2 * items / teams / DAYS
    calendar = Calendar("CN", off=_holidays())
    found = [Team(f"T{each:02}", tuple(_day(dice, pace) for _ in range(WEEKS * 5)), calendar) for each in range(teams)]
    share = teams / milestones
    return found, [
        _pending(dice, number, [each.code for each in found], items // milestones, share, calendar)
        for number in range(milestones)
    ]


def _holidays() -> tuple[int, ...]:
    return tuple(date(2026, 10, day).toordinal() for day in (1, 2, 5, 6, 7))


def _day(dice: random.Random, pace: float) -> int:
    """A day's items: on every third nothing, on the others up to three times the pace."""
    return 0 if dice.random() < 1 / 3 else round(dice.uniform(0, 3 * pace))


def _pending(
    dice: random.Random, number: int, teams: list[str], items: int, share: float, calendar: Calendar
) -> Pending:
    mine = dice.sample(teams, dice.choice((1, 1, 2, 3)))
    return Pending(
        code=f"M{number:04}",
        parts=tuple(Part(team, items // len(mine), share / len(mine)) for team in mine),
        calendar=calendar,
        predecessors=tuple(f"M{dice.randrange(number):04}" for _ in range(dice.choice((0, 0, 1, 2))) if number),
        baseline=TODAY + timedelta(days=dice.randrange(DAYS)),
        delivered=items // 2,
        asked=(TODAY + timedelta(days=100), TODAY + timedelta(days=107)),
    )


def taken(teams: Sequence[Team], pending: Sequence[Pending]) -> float:
    """Seconds for all outlooks, the median of several."""
    return median(_timed(teams, pending) for _ in range(RUNS))


def _timed(teams: Sequence[Team], pending: Sequence[Pending]) -> float:
    begun = time.perf_counter()
    outlooks(teams, pending, TODAY)
    return time.perf_counter() - begun


def simulated(teams: Sequence[Team], pending: Sequence[Pending], trials: int) -> float:
    """Seconds for so many trials: each team's days are drawn once a trial, and every milestone looks up when it is done."""
    own = [(sharing.split(each), each) for each in pending]
    queued = sharing.queued(pending)
    begun = time.perf_counter()
    for _ in range(trials):
        totals = {each.code: list(accumulate(random.choices(each.counts, k=DAYS))) for each in teams}
        ends: dict[str, tuple[int, int]] = {}
        for needs, each in own:
            before = [ends[code] for code in each.predecessors]
            split = max(bisect_left(totals[team], items) for team, items in needs.items())
            first = max(bisect_left(totals[team], items) for team, items in queued[each.code].items())
            ends[each.code] = max([split, *(one for one, _ in before)]), max([first, *(one for _, one in before)])
    return time.perf_counter() - begun
