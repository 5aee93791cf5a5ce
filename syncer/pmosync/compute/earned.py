"""Earned schedule: how far along the plan the delivered effort is, told in time instead of effort.

After W. Lipke, "Schedule is Different", The Measurable News, March and Summer 2003; names as in PMI's Practice Standard for
Earned Value Management. A period is whatever the planned values are told by; ``figures`` takes working days.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date

from msgspec import Struct

from pmosync.compute.workdays import Calendar

LONGEST = 2500
"""wd (ten years) that a plan may span: a due date in another century is a typing slip, and planned nothing."""
DIGITS = 6
"""Of a sum of estimates: what was added up in another order is the same effort."""


class Effort(Struct, frozen=True):
    """One item of a plan: its estimate (hours or points, as its site counts), the day it was planned for, and the day on
    which it was delivered (None: it is not).
    """

    estimate: float
    planned: date
    delivered: date | None = None


class Earned(Struct, frozen=True, kw_only=True):
    """Where a plan stands; effort in the unit of the estimates, time in wd.

    ``budget`` is all planned effort (BAC), ``planned`` what should be delivered by today (PV), ``earned`` what is (EV).
    ``duration`` is the planned duration (PD), ``elapsed`` the actual time (AT), ``schedule`` the earned schedule (ES),
    ``variance`` SV(t) (negative = behind), ``index`` SPI(t) and ``estimate`` IEAC(t), the duration to be expected at that
    pace; None where nothing has been earned, or no time has gone by.
    """

    budget: float
    planned: float
    earned: float
    duration: int
    elapsed: int
    schedule: float
    variance: float
    index: float | None = None
    estimate: float | None = None


def earned_schedule(planned: Sequence[float], earned: float) -> float:
    """ES = N + (EV - PV(N)) / (PV(N+1) - PV(N)), N being the last period whose planned value is earned.

    ``planned`` are the cumulative planned values at the ends of periods 1, 2 …; before them lies 0. When all is earned, ES is
    the period in which the plan ends. Lipke 2003.
    """
    if not planned or earned >= planned[-1]:
        return float(duration(planned))
    whole = bisect_right(planned, earned)
    before = planned[whole - 1] if whole else 0.0
    return whole + max(earned - before, 0.0) / (planned[whole] - before)


def duration(planned: Sequence[float]) -> int:
    """PD: the period in which the last of the planned value falls due."""
    return next((at + 1 for at, value in enumerate(planned) if value >= planned[-1]), 0)


def figures(planned: Sequence[float], earned: float, elapsed: int) -> Earned:
    """All figures after ``elapsed`` periods: SV(t) = ES - AT, SPI(t) = ES / AT, IEAC(t) = PD / SPI(t). Lipke 2003."""
    schedule, length = earned_schedule(planned, earned), duration(planned)
    index = schedule / elapsed if elapsed > 0 else None
    reached = min(elapsed, len(planned))
    return Earned(
        budget=planned[-1] if planned else 0.0,
        planned=planned[reached - 1] if reached > 0 else 0.0,
        earned=earned,
        duration=length,
        elapsed=elapsed,
        schedule=schedule,
        variance=schedule - elapsed,
        index=index,
        estimate=length / index if index else None,
    )


def standing(items: Iterable[Effort], begins: date, today: date, calendar: Calendar) -> Earned | None:
    """Where a plan that ``begins`` on a day stands at the end of ``today``; None where no effort was planned behind its
    beginning. Once all is delivered, time stands still on the last delivery.
    """
    counted = [item for item in items if item.estimate > 0 and _period(item.planned, begins, calendar) <= LONGEST]
    if not counted:
        return None
    delivered = [item for item in counted if item.delivered is not None and item.delivered <= today]
    ends = [item.delivered for item in delivered if item.delivered is not None]
    at = max(ends) if len(ends) == len(counted) else today
    earned = round(sum(item.estimate for item in delivered), DIGITS)
    return figures(_planned(counted, begins, calendar), earned, max(calendar.between(begins, at) + 1, 0))


def _planned(items: Sequence[Effort], begins: date, calendar: Calendar) -> list[float]:
    """The cumulative planned value at the end of each working day from the first one on."""
    due = [0.0] * max(_period(item.planned, begins, calendar) for item in items)
    for item in items:
        due[_period(item.planned, begins, calendar) - 1] += item.estimate
    total, found = 0.0, []
    for value in due:
        total += value
        found.append(round(total, DIGITS))
    return found


def _period(day: date, begins: date, calendar: Calendar) -> int:
    """The working day of the plan on which a day counts, from 1; what was due before the plan began is due at its start."""
    return max(calendar.between(begins, day) + 1, 1)
