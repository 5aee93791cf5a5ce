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
from functools import reduce

import numpy as np
from msgspec import Struct

from pmosync.compute.chain import Order
from pmosync.compute.forecast.axis import Axis, place, released, thawed
from pmosync.compute.forecast.given import Pending
from pmosync.compute.forecast.pace import Floats, Wholes
from pmosync.compute.forecast.paced import Paced
from pmosync.compute.forecast.sharing import Needs

HALF = 0.5

Held = tuple[int, ...]
"""The calendars whose freeze windows something has to let pass, in their order, each by its number."""

Waits = Mapping[tuple[str, Held], int]
"""How many items each team has to deliver until a milestone and all it waits for are done, by the windows that follow."""


class Curve(Struct, frozen=True):
    """P(ready) and P(out) along the axis: a launch is ready before its freeze window lets it out; else they are the same."""

    ready: Floats
    out: Floats


class Graph(Struct, frozen=True):
    """The milestones in their order, the pace of their teams, and by calendar when its windows let a launch out."""

    along: Axis
    order: Order
    pending: Mapping[str, Pending]
    lanes: Mapping[str, Paced]
    windows: Mapping[int, Wholes]

    def before(self, code: str) -> tuple[str, ...]:
        """The predecessors of a milestone: none in a circle with it."""
        return self.order.free(code, self.pending[code].predecessors)

    def window(self, code: str) -> Held:
        """The calendar for whose windows a milestone waits."""
        each = self.pending[code]
        return (id(each.calendar),) if each.launch and each.calendar.freezes else ()


def windows(along: Axis, pending: Iterable[Pending]) -> Mapping[int, Wholes]:
    """When each calendar on which something is launched lets it out."""
    found = {id(each.calendar): each.calendar for each in pending if each.launch and each.calendar.freezes}
    return {number: released(along, calendar) for number, calendar in found.items()}


def waits(graph: Graph, own: Mapping[str, Needs]) -> Mapping[str, Waits]:
    """What is needed of each team until a milestone and all that it waits for are done."""
    found: dict[str, Waits] = {}
    for code in graph.order.codes:
        before = (held(found[other], graph.window(other)) for other in graph.before(code))
        found[code] = reduce(larger, before, alone(own[code]))
    return found


def alone(own: Needs) -> Waits:
    """What a milestone needs for itself."""
    return {(team, ()): items for team, items in own.items()}


def held(before: Waits, window: Held) -> Waits:
    """What a predecessor needs, for those who come after the windows for which it waits."""
    if not window:
        return before
    return {(team, many if window[0] in many else (*many, *window)): items for (team, many), items in before.items()}


def larger(one: Waits, other: Waits) -> Waits:
    """The larger need of each team: the very mapping that has more of them where the other raises none."""
    base, more = (one, other) if len(one) >= len(other) else (other, one)
    raised = {key: items for key, items in more.items() if items > base.get(key, -1)}
    return {**base, **raised} if raised else base


def curves(graph: Graph, own: Mapping[str, Needs], floors: Mapping[str, Floats]) -> Mapping[str, Curve]:
    """The curve of every milestone, its predecessors among them; one of ``floors`` is not done before that curve is."""
    needs, found, made = waits(graph, own), dict[str, Curve](), dict[int, Floats]()
    for code in graph.order.codes:
        mine = needs[code]
        if id(mine) not in made:
            made[id(mine)] = multiplied(graph, mine)
        bounds = [*(found[other].out for other in graph.before(code)), *([floors[code]] if code in floors else [])]
        ready = reduce(np.minimum, bounds, made[id(mine)])
        found[code] = Curve(ready, let_out(graph, ready, graph.window(code)))
    return found


def multiplied(graph: Graph, needs: Waits) -> Floats:
    """P(each team has delivered what is needed of it) along the axis: teams that do not wait for each other."""
    teams: dict[str, Floats] = {}
    for (team, many), items in needs.items():
        curve = let_out(graph, graph.lanes[team].curve(items), many)
        teams[team] = np.minimum(teams[team], curve) if team in teams else curve
    return reduce(np.multiply, teams.values(), np.ones(graph.along.days))


def let_out(graph: Graph, curve: Floats, many: Held) -> Floats:
    """The curve of what waits for these windows, one after the other."""
    return reduce(lambda found, number: thawed(found, graph.windows[number]), many, curve)


def driver(graph: Graph, code: str, own: Needs, found: Mapping[str, Curve]) -> str:
    """The predecessor for which a milestone waits: the latest by its P50, if later than its own work; else none ("")."""
    before = sorted(graph.before(code))
    if not before:
        return ""
    latest = max(before, key=lambda other: place(found[other].out, HALF))
    return latest if place(found[latest].out, HALF) > place(multiplied(graph, alone(own)), HALF) else ""
