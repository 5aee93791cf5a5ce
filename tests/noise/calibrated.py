"""What a site's own record makes of a forecast: how often what was called likely came true."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from pmosync.compute.forecast import pace
from tests.noise.drawn import Work

ACTIVE = 5
"""Days with a delivery below which a team's pace says nothing."""
STEP, BINS = 5, 12
"""Every how many working days the record has a forecast, and into how many equal parts these are sorted."""
BEYOND = 30
"""Working days behind the day asked for to which the median of the pace is looked for."""

Floats = npt.NDArray[np.float64]


class Record(Struct, frozen=True):
    """How often a milestone was done in time that the pace had called so likely: ``often`` at ``said``, in between by a line."""

    said: Floats
    often: Floats

    def corrected(self, chance: float) -> float:
        """A likelihood as the record knows it."""
        return float(np.interp(chance, self.said, self.often))


class Ahead(Struct, frozen=True):
    """What the pace says on a day: P(done within so many working days), uncorrected, and the working days of its median."""

    chance: float
    median: int | None


def ahead(work: Work, day: int, within: int, beyond: int = 0) -> Ahead | None:
    """The pace of the team on that working day of the work; None where the team delivered on too few days. A median later
    than ``within`` and ``beyond`` working days is not looked for.
    """
    counts = work.record(day)
    if np.count_nonzero(counts) < ACTIVE:
        return None
    curve = pace.done_by(counts, 1.0, work.items - work.delivered(day), max(within, 1) + beyond)
    return Ahead(float(curve[within - 1]) if within > 0 else 0.0, pace.quantile(curve, 0.5))


def recorded(works: Sequence[Work], grace: int) -> Record:
    """The record of works that are over: each forecast of being done by the promised day and ``grace`` wd, and what came."""
    said, came = [], []
    for work in works:
        for day in range(STEP, min(work.takes, work.length), STEP):
            found = ahead(work, day, work.length + 1 + grace - day)
            if found is not None:
                said.append(found.chance)
                came.append(work.late <= grace)
    order = np.argsort(said, kind="stable")
    parts = np.array_split(order, BINS)
    means = np.array([np.asarray(said)[part].mean() for part in parts])
    often = np.array([np.asarray(came)[part].mean() for part in parts])
    return Record(means, np.maximum.accumulate(often))
