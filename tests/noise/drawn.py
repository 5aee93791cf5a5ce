"""Milestones drawn by chance: a team's days deliver negative-binomial numbers of items, and plans have a buffer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from pmosync.compute.workdays import Calendar

BEGINS = date(2026, 3, 2)
BUFFER = 0.2
"""At its team's mean pace the work of a plan takes 1 / 1.2 of its length."""
CLUSTERED = 1.0
"""The size of the negative binomial distribution: a day's variance is its mean and, divided by this, its mean squared."""
WINDOW = 60
"""Working days of a team's record: the last twelve weeks."""
PLANNED, ITEMS = (30, 90), (12, 60)
"""Planned lengths in working days and numbers of items, equally likely."""
NOMINAL, SLOW = (1.0, 1.0), (0.5, 0.85)
"""Which part of the planned pace a team has."""

Counts = npt.NDArray[np.int64]


class Work(Struct, frozen=True):
    """A milestone's work: promised for ``due``, ``items`` of them, and the numbers that its team delivers each working day,
    ``before`` it began and from then on (``days``).
    """

    code: str
    due: date
    length: int
    items: int
    before: Counts
    days: Counts

    @property
    def project(self) -> str:
        """The project that it is all there is of."""
        return self.code.partition("-")[0]

    @property
    def takes(self) -> int:
        """The number of the working day, from 1, on which the last item is delivered."""
        return int(np.searchsorted(np.cumsum(self.days), self.items)) + 1

    @property
    def late(self) -> int:
        """Working days from the promised day to the one of the last item; negative: early."""
        return self.takes - 1 - self.length

    def delivered(self, day: int) -> int:
        """How many of its items are delivered by the end of a working day."""
        return min(int(self.days[:day].sum()), self.items)

    def on(self, day: int) -> int:
        """What its team delivered on a working day; 0 and below are those before it began."""
        return int(self.days[day - 1] if day > 0 else self.before[day - 1])


def drawn(chance: np.random.Generator, calendar: Calendar, letter: str, pace: tuple[float, float]) -> Iterator[Work]:
    """Work without an end: each time a plan with a buffer, and a team of that part of the planned pace. Half of the teams that
    are slow have been so before, the others become so when the work begins.
    """
    number = 0
    while True:
        number += 1
        length, items = int(chance.integers(*PLANNED)), int(chance.integers(*ITEMS))
        mean, part = items * (1 + BUFFER) / length, chance.uniform(*pace)
        earlier = part if chance.random() < 0.5 else 1.0
        yield Work(
            code=f"{letter}{number:03}-M01",
            due=calendar.add(BEGINS, length),
            length=length,
            items=items,
            before=_days(chance, mean * earlier, WINDOW),
            days=_days(chance, mean * part, 6 * length),
        )


def _days(chance: np.random.Generator, mean: float, count: int) -> Counts:
    return chance.negative_binomial(CLUSTERED, CLUSTERED / (CLUSTERED + mean), count)
