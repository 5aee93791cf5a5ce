"""Invented sites: milestones begun week after week, with slips that follow a rule."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from pmosync.compute.forecast.record import Count, Deliveries, Journey, Record
from pmosync.compute.workdays import Calendar

MONDAY = date(2024, 1, 1)
WEEK = Calendar("week")
PLANNED = 28
"""Calendar days that each milestone is planned to take."""

ITEMS = 12


def after(days: int) -> date:
    """A day, counted from the first Monday."""
    return MONDAY + timedelta(days=days)


def journey(
    number: int,
    slip: int,
    *,
    project: str = "PAY",
    kind: str = "delivery",
    until: date | None = None,
    even: bool = False,
) -> Journey:
    """A milestone begun in week ``number`` with 12 items. All but the last are delivered in equal steps up to the planned
    day, or the end if that is earlier, and the last one at the end: nothing tells the slip before. ``even``: in equal
    steps up to the end. Of one that has not ended by ``until`` nothing later is known.
    """
    start, end = after(7 * number), after(7 * number + PLANNED + slip)
    pace = (end - start).days if even else min(PLANNED, (end - start).days)
    days = [start + timedelta(days=round(step * pace / (ITEMS - 1))) for step in range(ITEMS - 1)]
    days.append(end)
    counts = tuple(Count(day, ITEMS, 0, done) for done, day in enumerate(days, 1))
    return Journey(
        code=f"{project}-M{number:03}",
        project=project,
        kind=kind,
        team=project,
        plans=((start, start + timedelta(days=PLANNED)),),
        counts=tuple(count for count in counts if until is None or count.day <= until),
        completed=end if until is None or end <= until else None,
    )


def site(
    count: int, slip: Callable[[int], int], *, project: str = "PAY", until: int | None = None, even: bool = False
) -> Record:
    """A site of one project with ``count`` milestones, known until ``until`` days after its begin (None: to the end)."""
    as_of = after(7 * count + 400 if until is None else until)
    journeys = tuple(journey(number, slip(number), project=project, until=as_of, even=even) for number in range(count))
    begun = tuple(each for each in journeys if each.counts)
    done = sorted(day for each in begun for day in each.days)
    return Record(
        as_of=as_of, journeys=begun, teams={project: Deliveries(WEEK, tuple(done))}, calendars={project: WEEK}
    )


def irregular(number: int) -> int:
    """Slips from -3 to 23 days in no order, most of them small: the squares of a walk round a prime."""
    return (number * 37 % 101) ** 2 // 380 - 3
