"""What a fate does to a milestone: when its items end, how its typed date wanders, when it is closed."""

from __future__ import annotations

import random
from collections.abc import Iterator

from msgspec import Struct

from pmosync.demo.days import AFTER, NEVER, day_of, moment, release_day, workday
from pmosync.demo.plans import MilestonePlan
from pmosync.demo.promises import Fate
from pmosync.emulation.events import Event, MilestoneCloses, MilestoneDated, MilestoneRenamed, MilestoneReopens

CANCELLED_ON = 14
CUT_ON = 58
SILENT_FROM = AFTER - 40
PAUSES = {"LAST": (28, 56), "FLEET": (63, NEVER)}
"""Story days on which a project rests, from the one to the day before the other."""

UNFINISHED = frozenset({Fate.STUCK, Fate.CANCELLED, Fate.SPLIT})


class ItemPlan(Struct, frozen=True):
    """When an item is ``due`` and ``done`` (story days; beyond the story's end it stays open), and if it is not done but
    ``dropped``, or ``removed`` from its milestone.
    """

    due: int
    done: int
    dropped: bool = False
    removed: bool = False


def item(plan: MilestonePlan, number: int, chance: random.Random) -> ItemPlan:
    """How item ``number`` of a milestone fares."""
    share = number / plan.size
    first = min(_paced(plan, share, plan.due) + chance.randint(-2, 2), plan.due - 1)
    last = _paced(plan, share, plan.end) + chance.randint(-2, 2)
    due = min(max(first, plan.start + 1) + chance.randint(0, 3), plan.due)
    done, dropped, removed = first, number % 23 == 5, plan.fate is Fate.CUT and share > 0.68
    match plan.fate:
        case Fate.CREEPING | Fate.REPLANNED | Fate.REBASED | Fate.FORECAST | Fate.EARLY | Fate.REOPENED:
            done = last
        case Fate.TRAILING if share > 0.8:
            done, due = last + 2, max(last + 2, plan.due)
        case Fate.FROZEN if share > 0.9:
            done = NEVER
        case Fate.STUCK if share > 0.45:
            done = NEVER
        case Fate.QUIET if first > SILENT_FROM:
            done = NEVER
        case Fate.CUT if removed:
            done = CUT_ON + number % 5
        case Fate.CANCELLED if share > 0.3:
            done, dropped = CANCELLED_ON, True
    return ItemPlan(due, workday(max(_rested(plan, done), plan.start + 1)), dropped, removed)


def dates(plan: MilestonePlan) -> Iterator[Event]:
    """How the typed date of a milestone wanders."""
    if plan.fate is Fate.RENAMED:
        yield MilestoneRenamed(at=moment(plan.due - 9, 7), by=plan.owner, key=plan.key, title=f"{plan.title} (v2)")
    for day, target in _moves(plan):
        yield MilestoneDated(at=moment(day, 7, 30), by=plan.owner, key=plan.key, due=day_of(target))


def closing(plan: MilestonePlan, last: int) -> Iterator[Event]:
    """Released or closed the day after the last item, but not before its day; undone where fate says so."""
    if plan.fate in UNFINISHED:
        return
    if plan.fate is Fate.REOPENED:
        yield MilestoneCloses(at=moment(plan.due, 9), by=plan.owner, key=plan.key, on=day_of(plan.due))
        yield MilestoneReopens(at=moment(plan.due + 4, 9), by=plan.owner, key=plan.key)
    at_will = plan.fate in {Fate.EARLY, Fate.UNDATED}
    day = release_day(last + 1 if at_will else max(last + 1, plan.end))
    yield MilestoneCloses(at=moment(day, 9), by=plan.owner, key=plan.key, on=day_of(day))


def _moves(plan: MilestonePlan) -> Iterator[tuple[int, int]]:
    """The story day of each move, and the day typed."""
    weeks = (plan.end - plan.due) // 7
    match plan.fate:
        case Fate.CREEPING:
            steps = range(1, weeks + 1)
            yield from ((plan.due - 16 + 8 * step, release_day(plan.due + 7 * step)) for step in steps)
        case Fate.REPLANNED | Fate.REBASED:
            yield plan.due - 20, plan.end


def _paced(plan: MilestonePlan, share: float, end: int) -> int:
    """The day on which a share of the work is done, if the milestone ends on ``end``."""
    return plan.start + 4 + round(share * (end - plan.start - 7))


def _rested(plan: MilestonePlan, day: int) -> int:
    """Work that falls into a pause of the project is done after it."""
    first, until = PAUSES.get(plan.project.code, (NEVER, NEVER))
    return min(day - first + until, NEVER) if first <= day < until else day
