"""How scope grew in comparable milestones that are closed: what is not seen yet of an open one."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from statistics import median

from msgspec import Struct

from pmosync.compute.forecast.record import Journey, comparable

LEAST, MOST = 5, 50
"""Fewer comparable milestones say nothing of the next one; more than the last so many say nothing new."""


class Closed(Struct, frozen=True):
    """A closed milestone: at which parts of its way (0 = first delivery, 1 = planned end) its scope changed, sorted, and to
    how many items.
    """

    at: tuple[float, ...]
    scope: tuple[int, ...]

    @property
    def final(self) -> int:
        """Its scope in the end, in items."""
        return self.scope[-1] if self.scope else 0

    def seen(self, elapsed: float) -> int:
        """How many items it held by then."""
        place = bisect_right(self.at, elapsed)
        return self.scope[place - 1] if place else 0


class Grown(Struct, frozen=True):
    """What comparable milestones say of an open one: its scope is multiplied by ``factor`` until its end, and comes ``usual``ly
    to so many items (None: nobody knows), by ``count`` closed ones.
    """

    factor: float = 1.0
    usual: float | None = None
    count: int = 0


class Past(Struct, frozen=True):
    """The last closed milestones of each project, of each kind of project, and of the whole site."""

    projects: Mapping[str, Sequence[Closed]]
    kinds: Mapping[str, Sequence[Closed]]
    site: Sequence[Closed] = ()

    @property
    def tells(self) -> bool:
        """Whether these are enough to say anything of any milestone."""
        return len(self.site) >= LEAST

    def near(self, project: str, kind: str) -> Sequence[Closed]:
        """The nearest ones that are enough: of the project, else of its kind, else of the site; none if these are too few."""
        near = (self.projects.get(project, ()), self.kinds.get(kind, ()) if kind else (), self.site)
        return next((each for each in near if len(each) >= LEAST), ())


def past(journeys: Iterable[Journey]) -> Past:
    """What the closed ones among these journeys tell; one that was forgotten, tiny or planned for years is compared to none."""
    projects, kinds = defaultdict[str, list[Closed]](list), defaultdict[str, list[Closed]](list)
    site: list[Closed] = []
    for journey in sorted(journeys, key=lambda each: (each.completed or date.min, each.code), reverse=True):
        if journey.completed is not None and comparable(journey):
            told = closed(journey, journey.completed)
            for known in (projects[journey.project], kinds[journey.kind], site):
                known += [told] if len(known) < MOST else []
    return Past(projects, kinds, site)


def closed(journey: Journey, completed: date) -> Closed:
    """A comparable journey as parts of its way; what joined or left after its end is not its growth."""
    counts = [count for count in journey.counts if count.day <= completed]
    return Closed(tuple(way(journey, count.day) for count in counts), tuple(count.scope for count in counts))


def way(journey: Journey, day: date) -> float:
    """Which part of its way a comparable journey has come by a day, by the first day promised; 0 until its first delivery."""
    start, plan = journey.start or day, journey.plans[0][1]
    return max((day - start).days / (plan - start).days, 0.0) if plan > start else 0.0


def grown(journey: Journey, known: Past, today: date) -> Grown:
    """What is not seen yet of an open milestone; before its first delivery, or if it cannot be compared, no growth is told."""
    near = known.near(journey.project, journey.kind)
    more = factor(near, way(journey, today)) if comparable(journey) else 1.0
    return Grown(more, usual(near), len(near))


def factor(comparable: Sequence[Closed], elapsed: float) -> float:
    """What the scope known at that part of the way was multiplied by until the end: the median of comparable milestones.

    1 where too few of them had any scope by then; never less, for what leaves the scope leaves by a decision.
    """
    found = [each.final / seen for each in comparable if (seen := each.seen(elapsed)) > 0]
    return max(median(found), 1.0) if len(found) >= LEAST else 1.0


def usual(comparable: Sequence[Closed]) -> float | None:
    """The median final scope of comparable milestones, in items; None if there are too few."""
    return float(median(each.final for each in comparable)) if len(comparable) >= LEAST else None
