"""How scope grew in comparable milestones that are closed: what is not seen yet of an open one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from statistics import median

from msgspec import Struct

LEAST = 5
"""Fewer comparable milestones say nothing of the next one."""


class Closed(Struct, frozen=True):
    """A closed milestone: at which part of its way (0 = start, 1 = planned end) each item of its final scope had joined,
    sorted.
    """

    joined: tuple[float, ...]

    def seen(self, elapsed: float) -> int:
        """How many of its items were known by then."""
        return bisect_right(self.joined, elapsed)


def factor(comparable: Sequence[Closed], elapsed: float) -> float:
    """What the scope known at that part of the way was multiplied by until the end: the median of comparable milestones.

    1 where too few of them had any scope by then; never less, for what leaves the scope leaves by a decision.
    """
    found = [len(each.joined) / seen for each in comparable if (seen := each.seen(elapsed))]
    return median(found) if len(found) >= LEAST else 1.0


def usual(comparable: Sequence[Closed]) -> float | None:
    """The median final scope of comparable milestones, in items; None if there are too few."""
    return float(median(len(each.joined) for each in comparable)) if len(comparable) >= LEAST else None
