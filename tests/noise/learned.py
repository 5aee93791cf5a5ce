"""What a site has learned: the record of its closed milestones, and the champion of the tournament among them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import numpy as np

from pmosync.compute.forecast.kept import text_of
from pmosync.compute.forecast.record import Count, Deliveries, Journey, Record
from pmosync.compute.forecast.tournament import competed
from pmosync.compute.workdays import Calendar
from tests.noise.drawn import BEGINS, Work

LONG_AGO, LATELY = 1100, 300
"""Days before the lives begin between which the works of the record began."""


def champion(works: Sequence[Work], chance: np.random.Generator, calendar: Calendar) -> str:
    """The forecaster that publishes after these works, as a store keeps it; those that are still open teach nothing yet."""
    begun = [calendar.on_or_after(BEGINS - timedelta(days=int(chance.integers(LATELY, LONG_AGO)))) for _ in works]
    over = [
        (work, first) for work, first in zip(works, begun, strict=True) if calendar.add(first, work.takes - 1) < BEGINS
    ]
    record = Record(
        as_of=BEGINS,
        journeys=tuple(_journey(work, first, calendar) for work, first in over),
        teams={work.code: Deliveries(calendar, tuple(_days(work, first, calendar))) for work, first in over},
        calendars={work.project: calendar for work, _ in over},
    )
    return text_of(competed(record))


def _journey(work: Work, first: date, calendar: Calendar) -> Journey:
    """How a work went that began on a day: all of its scope was there."""
    numbers = [number for number in range(1, work.takes + 1) if work.days[number - 1]]
    counts = [Count(calendar.add(first, n - 1), work.items, 0, work.delivered(n)) for n in numbers]
    return Journey(
        code=work.code,
        project=work.project,
        plans=((date.min, calendar.add(first, work.length)),),
        counts=(Count(date.min, work.items), *counts),
        kind="delivery",
        team=work.code,
        completed=calendar.add(first, work.takes - 1),
    )


def _days(work: Work, first: date, calendar: Calendar) -> Iterator[date]:
    """The day of each delivery of the team, from its record before the work to the last item."""
    for number in range(1 - len(work.before), work.takes + 1):
        yield from [calendar.add(first, number - 1)] * work.on(number)
