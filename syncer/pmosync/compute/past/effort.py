"""The effort that a promise was made of: what its items were estimated and due when it was made, and what is delivered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from msgspec import Struct

from pmosync.compute import observed
from pmosync.compute.calendars import Clock
from pmosync.compute.earned import Earned, Effort, standing
from pmosync.compute.past import items
from pmosync.compute.past.items import Lived, Records, frame_of
from pmosync.compute.past.spells import Spell
from pmosync.compute.past.told import NOTHING, Value
from pmosync.model import Outcome
from pmosync.raw import Ref

LEAST = 5
"""Items with an estimate and a due date below which there are no figures: of one item SPI(t) tells its day, and no pace."""


class Promised(Struct, frozen=True):
    """A milestone whose promise was made at an instant (``made``): the sources that lend it scope, the clock of its project
    and the day on which its plan begins.
    """

    code: str
    refs: tuple[Ref, ...]
    clock: Clock
    begins: date
    made: datetime


class EarnedDay(Struct, frozen=True, kw_only=True):
    """Earned-schedule figures of a milestone on a ``day``, named as in ``Earned``; ``counted`` of its ``items`` had an estimate
    and a due date when the promise was made, so that the figures are about them. ``ends`` is the day that IEAC(t) means.
    """

    code: str
    day: date
    items: int
    counted: int
    begins: date
    budget: float
    planned: float
    earned: float
    duration: int
    elapsed: int
    schedule: float
    variance: float
    index: float | None = None
    estimate: float | None = None
    ends: date | None = None


def earned_days(records: Records, promises: Iterable[Promised], least: int = LEAST) -> Iterator[EarnedDay]:
    """Where each promise stands today; no line for one of which fewer than ``least`` items had an estimate and a due date."""
    there = _by_milestone(records.items)
    for promise in promises:
        own = _of(there, promise.refs)
        planned = [effort for lived in own if (effort := _effort(records, lived, promise)) is not None]
        enough = planned if len(planned) >= least else ()
        found = standing(enough, promise.begins, promise.clock.today, promise.clock.calendar)
        if found is not None:
            yield _day(promise, len(own), len(planned), found)


def _by_milestone(items: Iterable[Lived]) -> Mapping[Ref, Sequence[Lived]]:
    """The level-0 items that are there, by each of their milestones."""
    found: dict[Ref, list[Lived]] = {}
    for lived in items:
        for ref in dict.fromkeys(lived.item.milestones) if lived.ended is None and lived.item.level == 0 else ():
            found.setdefault(ref, []).append(lived)
    return found


def _of(there: Mapping[Ref, Sequence[Lived]], refs: Iterable[Ref]) -> Sequence[Lived]:
    """The items of these milestones; what belongs to several of them once."""
    return tuple({lived.item.ref: lived for ref in refs for lived in there.get(ref, ())}.values())


def _day(promise: Promised, items: int, counted: int, found: Earned) -> EarnedDay:
    ends = None if found.estimate is None else promise.clock.calendar.add(promise.begins, round(found.estimate) - 1)
    told: dict[str, Any] = {name: _rounded(getattr(found, name)) for name in Earned.__struct_fields__}
    return EarnedDay(
        code=promise.code,
        day=promise.clock.today,
        items=items,
        counted=counted,
        begins=promise.begins,
        ends=ends,
        **told,
    )


def _rounded(value: float | None) -> float | None:
    return round(value, 4) if isinstance(value, float) else value


def _effort(records: Records, lived: Lived, promise: Promised) -> Effort | None:
    """What an item was planned for when the promise was made; None if it had no estimate or no due date then, or was
    dropped since: then it is no effort of this promise any more.
    """
    item, told = lived.item, records.told.get(lived.item.ref, {})
    frame = frame_of(records, lived, told)
    due = observed.day(_then(items.dues(records, item, told, frame), promise.made).words)
    estimate = _then(items.estimates(records, item, told, frame), promise.made).words
    if due is None or not estimate or item.outcome is Outcome.UNDELIVERED:
        return None
    return Effort(float(estimate), due, _delivered(records, lived, promise.clock))


def _then(spells: Sequence[Spell[Value]], at: datetime) -> Value:
    """The value at an instant; within a gap the last one that is known, and nothing before the item was there."""
    known = [spell.value for spell in spells if spell.since <= at and spell.value is not None]
    return known[-1] if known else NOTHING


def _delivered(records: Records, lived: Lived, clock: Clock) -> date | None:
    """The day on which an item was delivered: as the system tells, else when it came into the status that says so."""
    item, told = lived.item, records.told.get(lived.item.ref, {})
    if item.outcome is not Outcome.DELIVERED:
        return None
    if item.resolved is not None:
        return clock.day(item.resolved)
    return clock.day(items.standing(records, item, told, frame_of(records, lived, told))[-1].since)
