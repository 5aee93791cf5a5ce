"""The days ahead, on which teams of different calendars meet: a curve of working days becomes one of dates.

A curve on the axis holds in place d - 1 the probability that something is over by the end of the d-th day after today.
Today itself is not counted: what it delivered is among the facts, what it will deliver still is not promised.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from msgspec import Struct

from pmosync.compute.forecast.pace import ROUNDING, Floats, Wholes
from pmosync.compute.workday_arrays import laid_out
from pmosync.compute.workdays import LAST_ORDINAL, Calendar, Freeze

DAYS_OFF = 31
"""No calendar has more days off in a row before a freeze window."""


class Axis(Struct, frozen=True):
    """The ``days`` after ``today``: calendar days, of which every calendar has its own working days."""

    today: date
    days: int

    def day(self, ahead: int) -> date:
        """The date so many days after today."""
        return self.today + timedelta(days=ahead)

    def ahead(self, day: date) -> int:
        """How many days after today a date lies; 0 if it is not ahead."""
        return max((day - self.today).days, 0)


def axis(today: date, days: int) -> Axis:
    """The axis of so many days; it ends before the calendar of dates does."""
    return Axis(today, max(0, min(days, LAST_ORDINAL - today.toordinal() - 1)))


def elapsed(along: Axis, calendar: Calendar) -> Wholes:
    """How many wd of the calendar are over by the end of each day of the axis."""
    if not along.days:
        return np.zeros(0, np.int64)
    numbers = laid_out(calendar, along.day(1), along.day(along.days + 1)).numbers
    return numbers[1:] - numbers[:1]


def laid(curves: Floats, passed: Wholes) -> Floats:
    """Curves by wd (row n - 1 = within n wd) as curves on the axis, one a row, whose days have ``passed`` so many wd; before
    the first wd none is over.
    """
    return np.ascontiguousarray(np.vstack([np.zeros(curves.shape[1]), curves])[passed].T)


def nth(calendar: Calendar, today: date, wd: int) -> date:
    """The date of the wd-th working day after today, as ``pace.quantile`` counts them."""
    return calendar.add(calendar.after(today), wd - 1)


def since(along: Axis, day: date) -> Floats:
    """The curve of what is certain to be over on ``day`` and not before."""
    curve = np.ones(along.days)
    curve[: max(along.ahead(day) - 1, 0)] = 0.0
    return curve


def reached(along: Axis, curve: Floats, level: float) -> date | None:
    """The first date by which the curve reaches ``level``; None if that lies beyond the axis."""
    ahead = place(curve, level)
    return along.day(ahead + 1) if ahead < len(curve) else None


def place(curve: Floats, level: float) -> int:
    """The first place of a curve at which it reaches ``level``; its length if it does not."""
    return int(curve.searchsorted(level - ROUNDING))


def chance(along: Axis, curve: Floats, day: date) -> float:
    """P(over by the end of ``day``): 0 if that is not ahead; beyond the axis at least what it is at its end."""
    ahead = min(along.ahead(day), len(curve))
    return float(curve[ahead - 1]) if ahead else 0.0


def thawed(curve: Floats, windows: Wholes) -> Floats:
    """The curve of a launch: what would fall into a freeze window is over only on the next allowed day (``released``)."""
    found: Floats = np.append(0.0, curve)[windows]
    return found


def released(along: Axis, calendar: Calendar) -> Wholes:
    """For each day of the axis the last one (1 = tomorrow; 0 = none) on which a launch could be ready to be out by then."""
    out = np.arange(1, along.days + 1)
    for freeze in calendar.freezes:
        for ahead in near(along, freeze):
            out[ahead - 1] = (calendar.thaw(along.day(ahead))[0] - along.today).days
    return np.searchsorted(np.maximum.accumulate(out), np.arange(1, along.days + 1), side="right")


def near(along: Axis, freeze: Freeze) -> range:
    """The days of the axis that a window may move: its own, and days off before it."""
    return range(max(1, along.ahead(freeze.first) - DAYS_OFF), min(along.days, along.ahead(freeze.last)) + 1)
