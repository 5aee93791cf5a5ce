"""A portfolio in which a given part of the milestones is Red, put there by chance: how many programs turn Red with them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from itertools import product

import numpy as np
from msgspec import Struct

from pmosync.compute.assess import assess
from pmosync.compute.assessment import Letter
from pmosync.compute.policy import Policy
from pmosync.compute.workdays import Calendar
from pmosync.model import (
    Baseline,
    Control,
    Level,
    Milestone,
    MilestoneRow,
    Place,
    Plan,
    ProgramRow,
    ProjectRow,
    Snapshot,
)
from tests.noise.drawn import BEGINS

PROGRAMS, KEY, PART_TIME = 50, 3, 1
"""Programs of four projects, of which three are key, as in the demo."""
MILESTONES, COMMITTEE, APART = 6, 2, 20
"""Milestones of a project, one each so many working days, as in the demo: the last of them are the committee's, the very last
is the final one. Each project has come some way along.
"""
RED, LATE = 0.08, 12
"""The part of the milestones that is Red, and by how many working days these are expected late: more than any tolerance."""


class Portfolio(Struct, frozen=True):
    """The part of all milestones and of all programs that is shown Red."""

    milestones: float
    programs: float


def portfolio(chance: np.random.Generator, calendar: Calendar, policy: Policy) -> Portfolio:
    """One portfolio with its Red milestones drawn by chance, assessed once."""
    now = datetime.combine(BEGINS, time(10), UTC)
    said = assess(_snapshot(chance, calendar, now), policy, now)
    return Portfolio(
        milestones=float(np.mean([each.rag.shown is Letter.RED for each in said.milestones])),
        programs=float(np.mean([each.rag.shown is Letter.RED for each in said.programs])),
    )


def _snapshot(chance: np.random.Generator, calendar: Calendar, now: datetime) -> Snapshot:
    """Milestones that live in the plan alone, each with a baseline; exactly so many of them are late."""
    programs = [f"PG{number:02}" for number in range(PROGRAMS)]
    projects = [f"{program}X{number}" for program, number in product(programs, range(KEY + PART_TIME))]
    places = [(code, at) for code in projects for at in range(int(chance.integers(MILESTONES)), MILESTONES)]
    red = set(chance.choice(len(places), round(RED * len(places)), replace=False).tolist())
    first = dict(reversed(places))
    dues = {place: _due(calendar, place[1] - first[place[0]], chance) for place in places}
    rows = [
        _row(project, at, calendar.add(dues[project, at], LATE if number in red else 0))
        for number, (project, at) in enumerate(places)
    ]
    bases = {row.code: _baseline(row.code, due, now) for row, due in zip(rows, dues.values(), strict=True)}
    return Snapshot(
        as_of=now,
        plan=Plan(
            programs=tuple(ProgramRow(place=_place(code), code=code) for code in programs),
            projects=tuple(_project(code) for code in projects),
            milestones=tuple(rows),
        ),
        milestones=tuple(Milestone(code=r.code, project=r.project, name=r.code, appeared=now) for r in rows),
        baselines={code: (base,) for code, base in bases.items()},
    )


def _due(calendar: Calendar, ahead: int, chance: np.random.Generator) -> date:
    """The day of the project's next milestone but ``ahead``: not so near that somebody had to have moved it."""
    return calendar.add(BEGINS, APART * ahead + int(chance.integers(1, APART + 1)))


def _project(code: str) -> ProjectRow:
    control = Control.KEY if int(code[-1]) < KEY else Control.PART_TIME
    return ProjectRow(
        place=_place(code), code=code, program=code[:4], control=control, manager="Li", committed_on=BEGINS
    )


def _row(project: str, at: int, target: date) -> MilestoneRow:
    committee = at >= MILESTONES - COMMITTEE
    return MilestoneRow(
        place=_place(project),
        code=f"{project}-M{at:02}",
        project=project,
        level=Level.COMMITTEE if committee else Level.TRACKED,
        type="final" if at == MILESTONES - 1 else "",
        owner="Li",
        target=target,
    )


def _baseline(code: str, due: date, now: datetime) -> Baseline:
    return Baseline(code=code, version=1, day=due, frozen=now, reason="auto")


def _place(code: str) -> Place:
    return Place("plan", "Plan", 2, code, {})
