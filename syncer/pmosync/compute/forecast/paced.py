"""One team's pace along the axis: computed once for all milestones that it serves."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from msgspec import Struct

from pmosync.compute.forecast.axis import laid
from pmosync.compute.forecast.given import Team
from pmosync.compute.forecast.pace import Floats, Total, Wholes, walked

ALL = Total(2**62, np.ones(1))
"""The total of a team that has delivered for certain whatever is wanted of it."""

NOTHING = Total(0, np.ones(1))
"""The total of a team that has had no day yet."""


class Paced(Struct, frozen=True):
    """``curves[at[k]]`` is P(the team has delivered k items) along the axis; ``totals`` by day are the distributions of what
    it has delivered by then.
    """

    at: dict[int, int]
    curves: Floats
    totals: dict[int, Total]

    def curve(self, items: int) -> Floats:
        """P(the team has delivered so many items) along the axis. KeyError if that was not asked for."""
        found: Floats = self.curves[self.at[items]]
        return found

    def total(self, ahead: int) -> Total:
        """What it has delivered so many days after today (0: nothing yet). KeyError if that was not asked for."""
        return self.totals[ahead] if ahead else NOTHING


def paced(team: Team, wanted: Collection[int], passed: Wholes, days: Collection[int] = ()) -> Paced:
    """The team's curves for each ``wanted`` number of items along an axis whose days have ``passed`` so many of its wd, and
    its totals by some ``days`` of the axis (1 = tomorrow).
    """
    numbers = sorted(set(wanted))
    by_day = {ahead: int(passed[ahead - 1]) for ahead in days if 0 < ahead <= len(passed)}
    horizon = int(np.max(passed, initial=0))
    curves, totals = walked(team.counts, np.array(numbers, np.int64), horizon, frozenset(by_day.values()))
    kept = {ahead: totals.get(wd, ALL) if wd else NOTHING for ahead, wd in by_day.items()}
    return Paced({items: at for at, items in enumerate(numbers)}, laid(curves, passed), kept)
