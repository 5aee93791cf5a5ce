"""Coarse dates: a month, quarter or half-year that somebody typed means the last working day of it, by the project's calendar."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from pmosync.compute.calendars import Clocks
from pmosync.compute.workdays import Calendar
from pmosync.mapping.text import fold
from pmosync.model import MilestoneRow, Observation, Plan, Snapshot

OBSERVED: Mapping[str, str] = {"target": "plan", "forecast": "forecast", "actual": "actual", "wish": "wish"}
"""The dates of a milestone's row that may be coarse, and the field under which their moves are observed."""

T = TypeVar("T", bound=Struct)


def is_coarse(row: object, field: str) -> bool:
    """Whether the row's date of that field was typed as a month, quarter or half-year."""
    return bool(getattr(row, f"{field}_coarse", False))


def settled(snapshot: Snapshot, clocks: Clocks) -> Snapshot:
    """The snapshot with every coarse date, and what was observed of it, on its last working day."""
    homes = {each.code: each.project for each in snapshot.milestones}
    plan = in_working_days(snapshot.plan, homes, clocks)
    if plan == snapshot.plan:
        return snapshot
    observations = dict(snapshot.observations)
    for old, new in zip(snapshot.plan.milestones, plan.milestones, strict=True):
        if old != new:
            observations[old.code] = tuple(_observed(each, old, new) for each in observations.get(old.code, ()))
    return replace(snapshot, plan=plan, observations=observations)


def in_working_days(plan: Plan, homes: Mapping[str, str], clocks: Clocks) -> Plan:
    """The plan with every coarse date on the last working day of its span. ``homes`` tells the projects of milestones; a
    decision on several goes by the calendar of the first.
    """
    projects = {fold(code): code for code in clocks.projects}
    known = {fold(row.code): row.project for row in plan.milestones if row.project}
    known |= {fold(code): project for code, project in homes.items() if project}

    def calendar(code: str) -> Calendar:
        home = fold(known.get(fold(code), code))
        return clocks.of(projects.get(home, "")).calendar

    return replace(
        plan,
        milestones=tuple(_settled(row, tuple(OBSERVED), calendar(row.code)) for row in plan.milestones),
        decisions=tuple(_settled(row, ("new_date",), calendar(next(iter(row.codes), ""))) for row in plan.decisions),
    )


def _settled(row: T, fields: tuple[str, ...], calendar: Calendar) -> T:
    """The row itself where nothing of it is coarse."""
    days = {field: day for field in fields if is_coarse(row, field) and (day := getattr(row, field)) is not None}
    return replace(row, **{field: calendar.on_or_before(day) for field, day in days.items()}) if days else row


def _observed(seen: Observation, old: MilestoneRow, new: MilestoneRow) -> Observation:
    """A move from or to a day that the row holds, in the words of the settled row."""
    field = next((field for field, name in OBSERVED.items() if name == seen.field), "")
    before, after = (getattr(row, field, None) for row in (old, new))
    if before == after or not isinstance(before, date) or not isinstance(after, date):
        return seen
    moved = {before.isoformat(): after.isoformat()}
    return replace(seen, old=moved.get(seen.old, seen.old), new=moved.get(seen.new, seen.new))
