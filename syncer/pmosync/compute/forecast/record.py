"""The record: the journeys of milestones, as far as forecasts learn from them. Days are those of the milestone's project."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from math import ceil

import numpy as np
from msgspec import Struct

from pmosync.compute.forecast.pace import Wholes
from pmosync.compute.workdays import Calendar

WEEKS = 12
"""Weeks of a team's past that its pace is taken from."""

LEAST_ITEMS = 10
"""A milestone of fewer items is no evidence: one item more or less decides its date."""

SHORTEST, LONGEST = 10, 365
"""Calendar days that a comparable milestone was planned to take."""

LATEST = 180
"""Calendar days behind its plan after which a milestone counts as forgotten, not as late."""

MOST, QUIET = 0.8, 28
"""Where nobody says when it ended: the last delivery before ``QUIET`` calendar days without one, once ``MOST`` is delivered."""


class Count(Struct, frozen=True, gc=False):
    """A milestone at the end of a day, in level-0 items since its beginning: how many ``joined``, how many were ``removed``
    (left, or ended undelivered), and how many were ``delivered``.
    """

    day: date
    joined: int = 0
    removed: int = 0
    delivered: int = 0

    @property
    def scope(self) -> int:
        """The items it holds, delivered ones among them."""
        return self.joined - self.removed

    @property
    def left(self) -> int:
        """The items that are still to be delivered."""
        return max(self.scope - self.delivered, 0)


class Deliveries(Struct, frozen=True, dict=True):
    """What a team delivered: the days, sorted, one an item, and the calendar on which it works."""

    calendar: Calendar
    days: tuple[date, ...] = ()

    @cached_property
    def positions(self) -> Wholes:
        """The working day of each delivery; one on a day off counts on the next working day."""
        return np.array([self.calendar.position(day) for day in self.days], dtype=np.int64)

    def recent(self, day: date) -> Wholes:
        """What each working day of the last weeks delivered, ``day`` included, zeros too."""
        first = self.calendar.position(day - timedelta(weeks=WEEKS) + timedelta(days=1))
        after = self.calendar.position(day + timedelta(days=1))
        low, high = np.searchsorted(self.positions, (first, after))
        return np.bincount(self.positions[low:high] - first, minlength=max(after - first, 0))


class Journey(Struct, frozen=True, kw_only=True, dict=True):
    """One milestone from its first delivery on.

    ``plans``: the promised day with the day since which it was promised, oldest first; the first one holds from the
    beginning. ``counts`` stand for the days on which something changed, oldest first. ``completed`` is None while it is
    open. ``kind`` is what the project is for; ``team`` names who delivers, in the record.
    """

    code: str
    project: str
    plans: tuple[tuple[date, date], ...]
    counts: tuple[Count, ...]
    kind: str = ""
    team: str = ""
    completed: date | None = None

    @cached_property
    def days(self) -> tuple[date, ...]:
        """The days of the counts."""
        return tuple(count.day for count in self.counts)

    @cached_property
    def start(self) -> date | None:
        """The day of the first delivery: before it nothing tells how it goes."""
        return next((count.day for count in self.counts if count.delivered > 0), None)

    def at(self, day: date) -> Count:
        """The milestone at the end of a day."""
        place = bisect_right(self.days, day)
        return self.counts[place - 1] if place else Count(day)

    def plan(self, day: date) -> date:
        """The day that was promised, as it stood on ``day``."""
        return next((promised for since, promised in reversed(self.plans) if since <= day), self.plans[0][1])


class Record(Struct, frozen=True, kw_only=True):
    """All journeys known at the end of ``as_of``, closed and open; the teams by name; and the projects' calendars by code."""

    as_of: date
    journeys: tuple[Journey, ...] = ()
    teams: Mapping[str, Deliveries] = {}
    calendars: Mapping[str, Calendar] = {}


def comparable(journey: Journey) -> bool:
    """Whether forecasts may learn from it, or be judged by it: big enough, planned for neither days nor years, not
    forgotten. An open one is taken by the scope that it has.
    """
    if journey.start is None:
        return False
    last, plan = journey.counts[-1], journey.plans[0][1]
    items = last.scope if journey.completed is None else last.delivered
    late = (journey.completed - plan).days if journey.completed else 0
    return items >= LEAST_ITEMS and SHORTEST <= (plan - journey.start).days <= LONGEST and late <= LATEST


def quiet_end(delivered: Sequence[date]) -> date | None:
    """When a milestone ended of which nobody says so, by the sorted days of its deliveries; None without any."""
    if not delivered:
        return None
    first = max(ceil(MOST * len(delivered)) - 1, 0)
    for end, after in pairwise(delivered[first:]):
        if (after - end).days > QUIET:
            return end
    return delivered[-1]
