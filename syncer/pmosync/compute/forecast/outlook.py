"""The pace forecast of every open milestone: teams and what is left in, dates and probabilities out. wd = working days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from msgspec import Struct

from pmosync.compute import chain
from pmosync.compute.assessment import Spoke
from pmosync.compute.forecast import chained, sharing
from pmosync.compute.forecast.axis import Axis, axis, chance, elapsed, reached, since
from pmosync.compute.forecast.chained import Curve, Graph
from pmosync.compute.forecast.fan import distances, fan
from pmosync.compute.forecast.given import NOBODY, Pending, Team
from pmosync.compute.forecast.pace import P50, P85
from pmosync.compute.forecast.paced import Paced, paced
from pmosync.compute.forecast.promised import Delivered, capped, delivered
from pmosync.compute.forecast.sharing import Needs
from pmosync.compute.forecast.withheld import UNSERVED, Bounds, Withheld, withheld
from pmosync.compute.workdays import Calendar

BOUNDS = Bounds()

Scene = Mapping[str, Curve]
"""The curves of all milestones by one way to share the teams."""


class Turn(Struct, frozen=True):
    """What strict priority would say: P50 and P85 if ``leader``, the first one on the shared team, is served first."""

    leader: str
    p50: date | None
    p85: date | None


class Outlook(Struct, frozen=True, kw_only=True):
    """What pace says of one milestone; None beyond the days looked ahead. Nothing where it is ``withheld``, with its reasons.

    ``chances`` are the probabilities to be done by the end of each day asked for, at most 0.95. ``several``: more than one
    team works on it, and multiplying their curves is optimistic. ``via`` is the predecessor it waits for, ``freeze`` the
    windows that move its P50. ``first`` is the second figure where it shares a team; ``delivered`` how much is done by the
    day of a ``date`` promise, ``fan`` by the end of each day of its fan.
    """

    code: str
    withheld: tuple[Withheld, ...] = ()
    p50: date | None = None
    p85: date | None = None
    chances: tuple[float, ...] = ()
    several: bool = False
    via: str = ""
    freeze: str = ""
    first: Turn | None = None
    delivered: Delivered | None = None
    fan: tuple[Spoke, ...] = ()

    def apart(self, calendar: Calendar) -> int | None:
        """wd from the P50 by the observed split to that by strict priority, signed; None where either is missing."""
        if self.first is None or self.p50 is None or self.first.p50 is None:
            return None
        return calendar.between(self.p50, self.first.p50)


class Outlooks(Struct, frozen=True):
    """Every outlook by code, and the circles of milestones that wait for themselves, each once."""

    of: Mapping[str, Outlook]
    cycles: tuple[tuple[str, ...], ...] = ()

    def chain(self, code: str) -> tuple[str, ...]:
        """The milestones for which one waits, the next one first: each is the reason for the date of the one before."""
        found = []
        while code in self.of and (code := self.of[code].via):
            found.append(code)
        return tuple(found)


class Ahead(Struct, frozen=True):
    """All that the outlooks of one day have in common."""

    graph: Graph
    silent: Mapping[str, tuple[Withheld, ...]]
    leaders: Mapping[str, Pending]

    @property
    def along(self) -> Axis:
        """The days looked ahead."""
        return self.graph.along


def outlooks(teams: Iterable[Team], pending: Iterable[Pending], today: date, bounds: Bounds = BOUNDS) -> Outlooks:
    """The pace forecast of every milestone, by its code. Linear in milestones and items; equal inputs give equal answers."""
    by_code = {each.code: each for each in sorted(pending, key=lambda each: each.code)}
    named = {each.code: each for each in teams}
    silent = {code: withheld(each, named, today, bounds) for code, each in by_code.items()}
    owns = _split(by_code, silent), _queued(by_code, silent)
    order = chain.order({code: each.predecessors for code, each in by_code.items()})
    graph = _graph(by_code, chained.before(order, by_code), named, owns, axis(today, bounds.days))
    ahead = Ahead(graph, silent, sharing.leaders(by_code.values()))
    split, queued = (_scene(ahead, own) for own in owns)
    return Outlooks({code: _outlook(code, ahead, split, queued) for code in by_code}, order.cycles)


def _graph(
    pending: Mapping[str, Pending],
    before: Mapping[str, tuple[str, ...]],
    teams: Mapping[str, Team],
    owns: Sequence[Mapping[str, Needs]],
    along: Axis,
) -> Graph:
    lanes = _lanes(teams, pending, owns, along)
    return Graph(along, before, pending, lanes, chained.windows(along, pending.values()))


def _split(pending: Mapping[str, Pending], silent: Mapping[str, tuple[Withheld, ...]]) -> Mapping[str, Needs]:
    return {code: {} if silent[code] else sharing.split(each) for code, each in pending.items()}


def _queued(pending: Mapping[str, Pending], silent: Mapping[str, tuple[Withheld, ...]]) -> Mapping[str, Needs]:
    found = sharing.queued(pending.values())
    return {code: {} if _untold(silent[code]) else found[code] for code in pending}


def _untold(reasons: Sequence[Withheld]) -> bool:
    """Whether strict priority says nothing either: who has not been served yet may well go first."""
    return any(each.rule != UNSERVED for each in reasons)


def _lanes(
    teams: Mapping[str, Team], pending: Mapping[str, Pending], owns: Sequence[Mapping[str, Needs]], along: Axis
) -> Mapping[str, Paced]:
    """The pace of each team that is needed, for all numbers of items and days that anybody asks of it."""
    wanted, days = _wanted(owns), _days(pending.values(), along)
    mine = {code: teams.get(code, NOBODY) for code in sorted(wanted)}
    calendars = {id(each.calendar): each.calendar for each in mine.values()}
    passed = {key: elapsed(along, calendar) for key, calendar in calendars.items()}
    return {
        code: paced(each, wanted[code], passed[id(each.calendar)], days.get(code, ())) for code, each in mine.items()
    }


def _wanted(owns: Iterable[Mapping[str, Needs]]) -> Mapping[str, set[int]]:
    """All numbers of items that anybody asks of a team."""
    found: dict[str, set[int]] = {}
    for needs in (each for own in owns for each in own.values()):
        for team, items in needs.items():
            found.setdefault(team, set()).add(items)
    return found


def _days(pending: Iterable[Pending], along: Axis) -> Mapping[str, set[int]]:
    """The days ahead by which something of a team's is promised, and those of its fans."""
    found: dict[str, set[int]] = {}
    for each in pending:
        days = {*distances(each, along), *([_by(along, each.by)] if each.by else [])}
        for part in each.parts if days else ():
            found.setdefault(part.team, set()).update(days)
    return found


def _by(along: Axis, day: date | None) -> int:
    """How many days ahead the day of a promise lies, within the axis: 0 once it has come."""
    return min(along.ahead(day), along.days) if day else 0


def _scene(ahead: Ahead, own: Mapping[str, Needs]) -> Scene:
    """The curves that follow from what each milestone needs; where that is not known, successors wait for its expected date."""
    floors = {
        code: since(ahead.along, each.expected)
        for code, each in ahead.graph.pending.items()
        if each.expected is not None and ahead.silent[code] and not own[code]
    }
    return chained.curves(ahead.graph, own, floors)


def _outlook(code: str, ahead: Ahead, split: Scene, queued: Scene) -> Outlook:
    """What is said of one milestone."""
    each, silent, along, curve = ahead.graph.pending[code], ahead.silent[code], ahead.along, split[code]
    via, first = chained.driver(ahead.graph, code, split), _first(code, ahead, queued)
    if silent:
        return Outlook(code=code, withheld=silent, via=via, first=first)
    return Outlook(
        code=code,
        p50=reached(along, curve.out, P50),
        p85=reached(along, curve.out, P85),
        chances=tuple(capped(chance(along, curve.out, day)) for day in each.asked),
        several=len({part.team for part in sharing.undone(each)}) > 1,
        via=via,
        freeze=_freeze(each, along, curve) if ahead.graph.window(code) else "",
        first=first,
        delivered=_delivered(each, ahead),
        fan=fan(each, ahead.graph.lanes, along),
    )


def _first(code: str, ahead: Ahead, queued: Scene) -> Turn | None:
    """The second figure, where a team of the milestone serves others too."""
    leader = sharing.leader(ahead.graph.pending[code], ahead.leaders)
    if leader is None or _untold(ahead.silent[code]):
        return None
    curve = queued[code].out
    return Turn(leader.code, reached(ahead.along, curve, P50), reached(ahead.along, curve, P85))


def _freeze(pending: Pending, along: Axis, curve: Curve) -> str:
    """The words of the freeze windows that keep a launch from the day on which it is likely to be ready."""
    ready = reached(along, curve.ready, P50)
    moved = ready is not None and ready != reached(along, curve.out, P50)
    return pending.calendar.thaw(ready)[1] if ready is not None and moved else ""


def _delivered(pending: Pending, ahead: Ahead) -> Delivered | None:
    if pending.by is None:
        return None
    day = _by(ahead.along, pending.by)
    return delivered(
        pending, {part.team: ahead.graph.lanes[part.team].total(day) for part in pending.parts if part.open > 0}
    )
