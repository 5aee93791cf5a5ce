"""The exact forecast agrees with a simulation of the same model."""

from __future__ import annotations

import os
import random
from collections.abc import Mapping
from datetime import date, timedelta
from math import ceil

import pytest
from tests.pmosync.compute.forecast.simulated import Days, Simulation, percentile, share

from pmosync.compute.forecast import sharing
from pmosync.compute.forecast.given import Part, Pending, Team
from pmosync.compute.forecast.outlook import outlooks
from pmosync.compute.forecast.withheld import Bounds
from pmosync.compute.workdays import Calendar, Freeze

CASES = 200 if os.environ.get("PMOSYNC_SOAK") else 3
TRIALS, DAYS = 100_000, 150
TODAY = date(2026, 3, 4)
END = TODAY + timedelta(days=DAYS + 1)
ERROR = 0.005
"""Three standard errors of a probability near 0.5 over so many trials."""

BOUNDS = Bounds(active=1, items=0, days=DAYS)
HOLIDAYS = Calendar(
    "holidays",
    off=tuple(date(2026, 5, day).toordinal() for day in (1, 4, 5)),
    on=(date(2026, 5, 9).toordinal(),),
    freezes=(Freeze(date(2026, 4, 20), date(2026, 4, 28), "freeze"),),
)
CALENDARS = (Calendar("week"), HOLIDAYS, Calendar("Gulf", week=(True, True, True, True, False, False, True)))


def case(seed: int) -> tuple[list[Team], list[Pending]]:
    """One to four teams, two to six milestones on them, some of which wait for others."""
    dice = random.Random(seed)
    teams = [Team(f"T{each}", _counts(dice), dice.choice(CALENDARS)) for each in range(dice.randint(1, 4))]
    codes = [f"M{number}" for number in range(dice.randint(2, 6))]
    pending: list[Pending] = []
    for number, code in enumerate(codes):
        mine = dice.sample(teams, dice.randint(1, min(2, len(teams))))
        earlier = [each.code for each in pending]
        pending.append(
            Pending(
                code=code,
                parts=tuple(Part(each.code, dice.randint(1, 30), dice.choice((0.2, 0.3, 0.5, 1.0))) for each in mine),
                calendar=dice.choice(CALENDARS),
                launch=dice.random() < 0.3,
                predecessors=tuple(dice.sample(earlier, min(len(earlier), dice.choice((0, 1, 2))))),
                key=dice.random() < 0.7,
                delivered=dice.randint(0, 20),
                growth=dice.choice((1.0, 1.0, 1.3)),
                by=TODAY + timedelta(days=dice.randint(1, DAYS // 2)),
                baseline=TODAY + timedelta(days=dice.randint(1, DAYS)) if number % 2 else None,
                asked=tuple(TODAY + timedelta(days=day) for day in (10, 25, 47, 90)),
            )
        )
    return teams, pending


def _counts(dice: random.Random) -> tuple[int, ...]:
    return (2, *(dice.choice((0, 0, 0, 1, 1, 2, 3, 5, 9)) for _ in range(dice.randint(10, 60))))


def more(each: Pending) -> float:
    """By how much the open part of a milestone still grows."""
    left = sum(part.open for part in each.parts)
    return ((each.delivered + left) * each.growth - each.delivered) / left


def drawn(
    simulation: Simulation, teams: list[Team], pending: list[Pending]
) -> tuple[Mapping[str, Days], Mapping[str, Days]]:
    """When each milestone is out in each trial: by the observed split, and by strict priority."""
    queues: dict[tuple[str, str], Days] = {}
    for team in teams:
        mine = [
            (each, part) for each in sorted(pending, key=sharing.turn) for part in each.parts if part.team == team.code
        ]
        ended = simulation.queued(team.code, [ceil(part.open * more(each) - 1e-6) for each, part in mine])
        queues |= {(each.code, team.code): days for (each, _), days in zip(mine, ended, strict=True)}
    split: dict[str, Days] = {}
    first: dict[str, Days] = {}
    for each in pending:
        for found, parts in (
            (split, [simulation.split(part, part.open * more(each)) for part in each.parts]),
            (first, [queues[each.code, part.team] for part in each.parts]),
        ):
            found[each.code] = simulation.out(each, parts, [found[code] for code in each.predecessors])
    return split, first


def agrees(found: date | None, ended: Days, level: float, calendar: Calendar) -> bool:
    """Whether a date is within 1 wd of the simulated one. Where the curve lies flat at the level, as before the end of a
    freeze, a draw more or less decides between its two ends: both are right.
    """
    early, late = (percentile(ended, level + error, DAYS) for error in (-ERROR, ERROR))
    return calendar.between(_date(early), found or END) >= -1 and calendar.between(found or END, _date(late)) >= -1


def _date(ahead: int | None) -> date:
    return END if ahead is None else TODAY + timedelta(days=ahead)


@pytest.mark.parametrize("seed", range(CASES))
def test_the_forecast_is_what_a_simulation_finds(seed: int) -> None:
    """P50 and P85 within 1 wd, probabilities within 0.01 of 100,000 trials, with shared teams, calendars, freezes, growth and
    predecessors; likely and safe scope as the trials have it.
    """
    teams, pending = case(seed)
    found = outlooks(teams, pending, TODAY, BOUNDS)
    simulation = Simulation(teams, TODAY, DAYS, TRIALS, seed)
    split, first = drawn(simulation, teams, pending)
    for each in pending:
        said = found.of[each.code]
        assert said.withheld == ()
        assert agrees(said.p50, split[each.code], 0.5, each.calendar)
        assert agrees(said.p85, split[each.code], 0.85, each.calendar)
        for day, chance in zip(each.asked, said.chances, strict=True):
            assert chance == pytest.approx(min(share(split[each.code], (day - TODAY).days), 0.95), abs=0.01)
        assert said.delivered is not None
        there = simulation.delivered(each, each.by or TODAY)
        assert (
            share(-there, -said.delivered.likely) >= 0.5 - ERROR > share(-there, -said.delivered.likely - 1) - 2 * ERROR
        )
        assert share(-there, -said.delivered.safe) >= 0.85 - ERROR > share(-there, -said.delivered.safe - 1) - 2 * ERROR
        if said.first is not None:
            assert agrees(said.first.p50, first[each.code], 0.5, each.calendar)
            assert agrees(said.first.p85, first[each.code], 0.85, each.calendar)
