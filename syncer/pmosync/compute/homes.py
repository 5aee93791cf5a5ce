"""Which row counts where the settings file and a sheet both have one for the same thing: the file is its home."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import datetime
from typing import TypeVar

from msgspec import Struct, structs

from pmosync.compute.changes import row_name
from pmosync.mapping.told import values
from pmosync.model import (
    BindingRow,
    CalendarRow,
    MilestoneRow,
    Observation,
    Plan,
    PlanRow,
    Problem,
    ReportTextRow,
    Snapshot,
)

SETTINGS = "settings"
"""Connection of rows that the settings file declares."""

Row = TypeVar("Row", bound=PlanRow)


class Course(Struct, frozen=True):
    """How the history of milestone rows goes, by folded code: ``since`` when several sheets have the code, so that no edit
    counts; ``before`` are the connections that the settings name no more and that had the row before, oldest first.
    """

    since: Mapping[str, datetime] = {}
    before: Mapping[str, tuple[str, ...]] = {}


def at_home(snapshot: Snapshot) -> Snapshot:
    """The snapshot with one row a thing: those of the settings file where it has them; rows set aside become problems."""
    problems: list[Problem] = []
    plan = plan_at_home(snapshot.plan, problems)
    return structs.replace(snapshot, plan=plan, problems=(*snapshot.problems, *problems))


def plan_at_home(plan: Plan, problems: list[Problem]) -> Plan:
    """The plan with one row a thing; what was set aside is added to ``problems``."""
    kept = {
        section: _kept(getattr(plan, section), _identity, problems)
        for section in Plan.__struct_fields__
        if any(row.place.connection == SETTINGS for row in getattr(plan, section))
    }
    return structs.replace(plan, **kept)


def connections_of(plan: Plan) -> frozenset[str]:
    """The connections that have rows in the plan."""
    return frozenset(row.place.connection for section in Plan.__struct_fields__ for row in getattr(plan, section))


def told_at_home(
    observations: Mapping[str, tuple[Observation, ...]], plan: Plan, course: Course = Course()
) -> dict[str, tuple[Observation, ...]]:
    """Observations with those of each milestone row in force under its code too: of two rows with one code only the
    moves of the one that counts are its history, along its ``course``.
    """
    mine = {row.code.strip().casefold(): row for row in sorted(plan_at_home(plan, []).milestones, key=_order)}
    told = {row.code: _along(course, code, row, observations) for code, row in mine.items()}
    return {**observations, **{code: moves for code, moves in told.items() if moves}}


def _along(
    course: Course, code: str, row: MilestoneRow, observations: Mapping[str, tuple[Observation, ...]]
) -> tuple[Observation, ...]:
    """The moves of a row behind those of the rows that were it before, all told as its own."""
    moves: tuple[Observation, ...] = ()
    for sheet in course.before.get(code, ()):
        moves = _joined(moves, observations.get(row_name(sheet, code), ()))
    own, end = row_name(row.place.connection, code), course.since.get(code)
    former = tuple(structs.replace(move, of=own) for move in moves)
    moves = _joined(former, observations.get(own, ()))
    return moves if end is None else tuple(move for move in moves if move.seen < end)


def _joined(before: tuple[Observation, ...], after: tuple[Observation, ...]) -> tuple[Observation, ...]:
    """Two histories as one: what the second says first is a move from the last word of the first, or none."""
    last = {move.field: move.new for move in before}
    met = [
        structs.replace(move, old=last[move.field], first=False) if move.first and move.field in last else move
        for move in after
    ]
    return (*before, *(move for move in met if move.old != move.new or move.first))


def _order(row: PlanRow) -> tuple[str, str, int]:
    return row.place.connection, row.place.tab, row.place.row


def _identity(row: PlanRow) -> Hashable:
    match row:
        case BindingRow():
            return (row.code.casefold(), row.system, row.scope)
        case CalendarRow():
            return (row.kind, row.first, row.last, row.applies_to)
        case ReportTextRow():
            return (row.project.casefold(), row.period.casefold())
        case _:
            return _name(row).casefold()


def _name(row: PlanRow) -> str:
    """What people call a row: its code, number, id or key."""
    return next(str(getattr(row, field)) for field in ("code", "number", "id", "key", "project") if hasattr(row, field))


def _kept(rows: Iterable[Row], identity: Callable[[Row], Hashable], problems: list[Problem]) -> tuple[Row, ...]:
    given = tuple(rows)
    homes = {identity(row): row for row in given if row.place.connection == SETTINGS}
    aside = [row for row in given if row.place.connection != SETTINGS and identity(row) in homes]
    problems += [_problem(row, homes[identity(row)]) for row in aside]
    return tuple(row for row in given if row not in aside)


def _problem(row: PlanRow, home: PlanRow) -> Problem:
    name = row.place.code or "this row"
    there = next(iter(home.place.addresses.values()), "")
    return Problem(
        rule="declared-in-settings",
        place=next(iter(row.place.addresses.values()), f"{row.place.tab} row {row.place.row}"),
        message=f"{name} is declared in {there or 'the settings file'}; this row has no effect",
        remedy="change it there, or take it out of the settings file and keep the row",
        code=name,
        values=values(code=row.place.code, home=there),
    )
