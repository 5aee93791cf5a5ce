"""Who waits for whom: a milestone cannot be done before its predecessors.

What it waits for is all that it and those before it still need of each team. A team's curve for the largest of these numbers
holds for the rest too, for its days are the same days: so milestones that share teams, and predecessors that are reached on
several ways, are counted once, exactly. Teams are taken to be independent: their curves are multiplied, which is the
distribution of a maximum (C. E. Clark, The Greatest of a Finite Set of Random Variables, Operations Research 9, 1961).

A launch waits for the end of its freeze window, and what comes after it waits with it: what a predecessor needs of a team is
looked up on the day before the window then. Of two such days of one team the less probable counts, which within a window is
the most that their joint probability can be; everywhere else it is that probability.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial, reduce

import numpy as np
from msgspec import Struct

from pmosync.compute.chain import Order
from pmosync.compute.forecast.axis import Axis, place, released, thawed
from pmosync.compute.forecast.given import Pending
from pmosync.compute.forecast.pace import P50, Floats, Wholes
from pmosync.compute.forecast.paced import Paced
from pmosync.compute.forecast.sharing import Needs

Held = tuple[int, ...]
"""The calendars whose freeze windows something has to let pass, in their order, each by its number."""

Marks = Mapping[Held, int]
"""How many items a team has to deliver, by the windows that have to pass after that."""


class Joint(Struct, frozen=True):
    """What several milestones need of each team, and P(all of it is over) along the axis."""

    marks: Mapping[str, Marks]
    curve: Floats


class Curve(Struct, frozen=True):
    """Along the axis: P(its ``own`` work is done), P(``ready``: that of its predecessors too) and P(``out``: its freeze window
    has let it out); else the last two are the same.
    """

    own: Floats
    ready: Floats
    out: Floats


class Graph(Struct, frozen=True):
    """The milestones ``before`` each one, in an order in which these come first, the pace of their teams, and by calendar when
    its windows let a launch out.
    """

    along: Axis
    before: Mapping[str, tuple[str, ...]]
    pending: Mapping[str, Pending]
    lanes: Mapping[str, Paced]
    windows: Mapping[int, Wholes]

    def window(self, code: str) -> Held:
        """The calendar for whose windows a milestone waits."""
        each = self.pending[code]
        return (id(each.calendar),) if each.launch and each.calendar.freezes else ()


def before(order: Order, pending: Mapping[str, Pending]) -> Mapping[str, tuple[str, ...]]:
    """The predecessors of each milestone, in the order of the graph: none that is in a circle with it."""
    return {code: tuple(sorted({*order.free(code, pending[code].predecessors)})) for code in order.codes}


def windows(along: Axis, pending: Iterable[Pending]) -> Mapping[int, Wholes]:
    """When each calendar on which something is launched lets it out."""
    found = {id(each.calendar): each.calendar for each in pending if each.launch and each.calendar.freezes}
    return {number: released(along, calendar) for number, calendar in found.items()}


def curves(graph: Graph, own: Mapping[str, Needs], floors: Mapping[str, Floats]) -> Mapping[str, Curve]:
    """The curve of every milestone, its predecessors among them; one of ``floors`` is not done before that curve is."""
    joints, found = dict[str, Joint](), dict[str, Curve]()
    for code, others in graph.before.items():
        mine = alone(graph, own[code])
        waits = (held(graph, joints[other], graph.window(other)) for other in others)
        joints[code] = reduce(partial(together, graph), waits, mine)
        ends = [found[other].out for other in others if floors or graph.windows]
        ready = reduce(np.minimum, [*ends, *([floors[code]] if code in floors else [])], joints[code].curve)
        found[code] = Curve(mine.curve, ready, let_out(graph, ready, graph.window(code)))
    return found


def alone(graph: Graph, own: Needs) -> Joint:
    """What a milestone needs for itself: teams that do not wait for each other."""
    return multiplied(graph, {team: {(): items} for team, items in own.items()})


def multiplied(graph: Graph, marks: Mapping[str, Marks]) -> Joint:
    """P(each team has delivered what is needed of it)."""
    each = [team_curve(graph, team, mine) for team, mine in marks.items()]
    return Joint(marks, reduce(np.multiply, each) if each else np.ones(graph.along.days))


def together(graph: Graph, one: Joint, other: Joint) -> Joint:
    """What both need: of each team the larger number. Only the teams of which more is needed are multiplied anew."""
    base, more = (one, other) if len(one.marks) >= len(other.marks) else (other, one)
    raised = {
        team: higher(base.marks.get(team, {}), marks)
        for team, marks in more.marks.items()
        if exceeds(marks, base.marks.get(team, {}))
    }
    factors = (_factor(graph, team, base.marks.get(team), marks) for team, marks in raised.items())
    return Joint({**base.marks, **raised}, reduce(np.multiply, factors, base.curve)) if raised else base


def exceeds(marks: Marks, known: Marks) -> bool:
    """Whether any of these numbers is larger than the known one."""
    return any(items > known.get(many, -1) for many, items in marks.items())


def higher(one: Marks, other: Marks) -> Marks:
    """The larger of both numbers."""
    return {many: max(one.get(many, 0), other.get(many, 0)) for many in {**one, **other}}


def _factor(graph: Graph, team: str, before: Marks | None, now: Marks) -> Floats:
    """By how much a probability falls when more is needed of a team; 0 stays 0."""
    curve = team_curve(graph, team, now)
    if before is None:
        return curve
    known = team_curve(graph, team, before)
    return np.divide(curve, known, out=np.zeros(len(curve)), where=known > 0)


def team_curve(graph: Graph, team: str, marks: Marks) -> Floats:
    """P(a team has delivered so much in time for the windows that follow)."""
    return reduce(np.minimum, (let_out(graph, graph.lanes[team].curve(items), many) for many, items in marks.items()))


def held(graph: Graph, before: Joint, window: Held) -> Joint:
    """A predecessor for those who come after the windows for which it waits."""
    if not window:
        return before
    return multiplied(graph, {team: _after(marks, window) for team, marks in before.marks.items()})


def _after(marks: Marks, window: Held) -> Marks:
    later = ((many if window[0] in many else (*many, *window), items) for many, items in marks.items())
    return reduce(higher, ({many: items} for many, items in later))


def let_out(graph: Graph, curve: Floats, many: Held) -> Floats:
    """The curve of what waits for these windows, one after the other."""
    for number in many:
        curve = thawed(curve, graph.windows[number])
    return curve


def driver(graph: Graph, code: str, found: Mapping[str, Curve]) -> str:
    """The predecessor for which a milestone waits: the latest by its P50, if later than its own work; else none ("")."""
    ends = {other: place(found[other].out, P50) for other in graph.before[code]}
    latest = max(ends, key=lambda other: ends[other], default="")
    return latest if latest and ends[latest] > place(found[code].own, P50) else ""
