"""What was, rebuilt from the systems' own entries for ``export``: histories of items and of milestones."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from msgspec import Struct

from pmosync import wiring
from pmosync.cli import said
from pmosync.cli.opened import Records
from pmosync.compute import edited
from pmosync.compute.baseline import stored
from pmosync.compute.calendars import Clocks, clocks
from pmosync.compute.homes import plan_at_home
from pmosync.compute.past import items
from pmosync.compute.past.burnup import Course, ScopeDay, milestone_history
from pmosync.compute.past.effort import Promised, earned_days
from pmosync.engine import past
from pmosync.model import Baseline, Milestone


def item_history(records: Records, moment: datetime) -> Iterator[Struct]:
    """One line for each value that a field of an item had, as known at a moment."""
    return items.history(_rebuilt(records, moment))


def milestones_history(records: Records, moment: datetime) -> Iterator[ScopeDay]:
    """One line for each milestone and day on which its scope or its delivery changed, as known at a moment."""
    return milestone_history(_rebuilt(records, moment), _courses(records, moment))


def earned_schedule(records: Records, moment: datetime) -> Iterator[Struct]:
    """Earned-schedule figures of each milestone with a baseline and planned effort, as known at a moment."""
    return earned_days(_rebuilt(records, moment), _promises(records, moment))


def calendar_changes(records: Records, moment: datetime) -> Iterator[Struct]:
    """What was edited of calendars, as known at a moment."""
    kept = records.store.versions("calendar", moment)
    return edited.changes((each.since, each.body) for each in kept)


KINDS: Mapping[str, Callable[[Records, datetime], Iterator[Struct]]] = {
    "item_history": item_history,
    "milestone_history": milestones_history,
    "earned_schedule": earned_schedule,
    "calendar_change": calendar_changes,
}


def _rebuilt(records: Records, moment: datetime) -> items.Records:
    return past.rebuilt(records.store, wiring.workflows(records.configuration), moment)


def _courses(records: Records, moment: datetime) -> Iterator[Course]:
    return past.courses(records.store, _clocks(records, moment), moment)


def _promises(records: Records, moment: datetime) -> Iterator[Promised]:
    """Every milestone of ours with the promise in force at the moment. Its plan begins as its sources say, else when its
    project was committed, else with the promise.
    """
    plan = plan_at_home(records.store.plan(moment), [])
    clock = _clocks(records, moment)
    committed = {row.code: row.committed_on for row in plan.projects}
    homes = {one.code: one.project for one in records.store.export("milestone", moment) if isinstance(one, Milestone)}
    kept = [one for one in records.store.export("baseline", moment) if isinstance(one, Baseline)]
    current = {one.code: one for one in stored(kept)}
    for course in _courses(records, moment):
        base, project = current.get(course.code), homes[course.code]
        if base is not None:
            made = clock.of(project).day(base.frozen)
            begins = course.start or committed.get(project) or made
            yield Promised(course.code, course.refs, clock.of(project), begins, base.frozen)


def _clocks(records: Records, moment: datetime) -> Clocks:
    """Each project's days, by the plan and the rules of the moment."""
    plan = plan_at_home(records.store.plan(moment), [])
    return clocks(plan.calendar, plan.projects, said.rules(records, moment), moment, said.calendars(records, moment))
