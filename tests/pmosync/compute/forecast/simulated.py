"""The same model by drawing: days of the teams one by one, milestones that finish on them. Slow, and written apart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from pmosync.compute.forecast.given import Part, Pending, Team

Days = NDArray[np.int64]
"""On which day after today something is done, by trial; one behind the last day if it is not."""


class Simulation:
    """So many trials of the days ahead; ``split`` shares teams as observed, else they serve one milestone after the other."""

    def __init__(self, teams: Sequence[Team], today: date, days: int, trials: int, seed: int) -> None:
        self.today, self.days, self.trials = today, days, trials
        dice = np.random.default_rng(seed)
        self.dates = {
            each.code: [n for n in range(1, days + 1) if each.calendar.works(today + timedelta(days=n))]
            for each in teams
        }
        self.drawn = {
            each.code: dice.choice(np.array(each.counts, np.int32), (trials, len(self.dates[each.code])))
            for each in teams
        }
        self.totals = {code: np.cumsum(drawn, axis=1) for code, drawn in self.drawn.items()}

    def split(self, part: Part, items: float) -> Days:
        """When the milestone's share of the team's deliveries comes to so many items."""
        return self._first(part.team, self.totals[part.team] * part.share > items - 1e-6)

    def delivered(self, each: Pending, day: date) -> Days:
        """How many items of the milestone are there by the end of a day."""
        found = np.full(self.trials, each.delivered)
        for part in each.parts:
            days = sum(self.today + timedelta(days=ahead) <= day for ahead in self.dates[part.team])
            total = self.totals[part.team][:, days - 1] if days else np.zeros(self.trials)
            found += np.minimum(np.floor(total * part.share + 1e-6), part.open).astype(np.int64)
        return found

    def queued(self, team: str, items: Sequence[int]) -> list[Days]:
        """When each of the milestones is done whose items the team delivers in this order, day by day."""
        left = np.tile(np.array(items), (self.trials, 1))
        ended = np.full((self.trials, len(items)), self.days + 1)
        for place, day in enumerate(self.dates[team]):
            capacity = self.drawn[team][:, place].copy()
            for at in range(len(items)):
                taken = np.minimum(capacity, left[:, at])
                left[:, at] -= taken
                capacity -= taken
                ended[(left[:, at] == 0) & (ended[:, at] > self.days), at] = day
        return [ended[:, at] for at in range(len(items))]

    def out(self, each: Pending, parts: Sequence[Days], before: Sequence[Days]) -> Days:
        """When a milestone is out, given its parts and its predecessors."""
        ready = np.maximum.reduce([*parts, *before])
        return self._released(each)[ready] if each.launch else ready

    def _released(self, each: Pending) -> Days:
        moved = [each.calendar.thaw(self.today + timedelta(days=n))[0] for n in range(self.days + 1)]
        return np.array([min((day - self.today).days, self.days + 1) for day in moved] + [self.days + 1])

    def _first(self, team: str, reached: NDArray[np.bool_]) -> Days:
        days = np.array([*self.dates[team], self.days + 1])
        return days[np.where(reached.any(axis=1), reached.argmax(axis=1), len(days) - 1)]


def share(ended: Days, ahead: int) -> float:
    """How many of the trials are over by that day."""
    return float(np.mean(ended <= ahead))


def percentile(ended: Days, level: float, days: int) -> int | None:
    """The first day by which so many of the trials are over."""
    return next((day for day in range(1, days + 1) if share(ended, day) >= level), None)
