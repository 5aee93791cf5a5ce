"""What is promised: a day with its probability, or by a day so much of the scope."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce

import numpy as np
from msgspec import Struct

from pmosync.compute.forecast.given import Part, Pending
from pmosync.compute.forecast.pace import NEVER, P50, P85, ROUNDING, SLACK, Floats, Total, Wholes, at_least
from pmosync.compute.forecast.sharing import undone

CERTAIN = 0.95
"""No forecast is surer: a probability of 0.95 is said as "> 95 %"."""


class Delivered(Struct, frozen=True):
    """Items delivered by the promised day: ``likely`` (at least so many with 50 %), ``safe`` (85 %), of the ``committed``."""

    likely: int
    safe: int
    committed: int

    @property
    def part(self) -> float:
        """The likely part of what was committed, 0 to 1; 1 where nothing was."""
        return min(self.likely / self.committed, 1.0) if self.committed > 0 else 1.0


def capped(probability: float) -> float:
    """A probability as it may be said: never more than 0.95."""
    return min(probability, CERTAIN)


def delivered(pending: Pending, totals: Mapping[str, Total]) -> Delivered:
    """What is delivered of a milestone when each of its teams has delivered what ``totals`` say."""
    likely, safe = quantiles(pending, totals, (P50, P85))
    return Delivered(likely, safe, pending.scope if pending.committed is None else pending.committed)


def quantiles(pending: Pending, totals: Mapping[str, Total], surely: Sequence[float]) -> tuple[int, ...]:
    """The most items that are delivered with at least each of these probabilities, those done today among them."""
    mass = reduce(np.convolve, [parted(part, totals[part.team]) for part in undone(pending)], np.ones(1))
    above = np.cumsum(mass[::-1])
    return tuple(
        pending.delivered + len(mass) - 1 - min(int(np.searchsorted(above, level - ROUNDING)), len(mass) - 1)
        for level in surely
    )


def parted(part: Part, total: Total) -> Floats:
    """P(the milestone has got k items of the team's total), k = 0 … all that are open."""
    reached = np.append(at_least(total, thresholds(part)), 0.0)
    return -np.diff(reached)


def thresholds(part: Part) -> Wholes:
    """How many items the team has to deliver until 0, 1, … all open ones are of the milestone: ``pace.needed`` of each."""
    items = np.arange(max(part.open, 0) + 1)
    if not part.share > 0:
        return np.where(items > 0, NEVER, 0)
    return np.ceil(np.minimum(items / max(min(part.share, 1.0), 1 / NEVER), NEVER) - SLACK).astype(np.int64)
