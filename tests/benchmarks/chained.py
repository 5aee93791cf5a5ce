"""How long the dates of many milestones take that wait for each other, in one chain and in circles."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime

from pmosync.compute.assess import drafted
from pmosync.compute.calendars import clocks
from pmosync.compute.case import cases
from pmosync.compute.outcome import outcomes
from pmosync.compute.people import people
from pmosync.compute.policy import Policy
from pmosync.model import Milestone, MilestoneRow, Place, Plan, ProjectRow, Snapshot
from tests.benchmarks.figures import RUNS, Figure

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
CIRCLE, MOST = 10, 1.0
"""Every which milestone also waits for the one before it, and the seconds that all of them may take."""


def figures(count: int) -> Iterator[Figure]:
    """The dates of so many milestones in a chain, each tenth in a circle of two."""
    snapshot = _chain(count)
    times = clocks((), snapshot.plan.projects, Policy(), NOW)
    drafts = drafted(snapshot, cases(snapshot, times, NOW), people(()), Policy())
    seconds = _spent(lambda: outcomes(drafts))
    yield Figure(
        f"dates of {count:,} milestones, each waiting for the next, {count // CIRCLE:,} circles",
        seconds,
        "s",
        goal=f"≤ {MOST:g} s",
        met=seconds <= MOST,
    )


def _spent(work: Callable[[], object]) -> float:
    found = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        work()
        found.append(time.perf_counter() - begun)
    return sorted(found)[RUNS // 2]


def _chain(count: int) -> Snapshot:
    rows = tuple(_row(number) for number in range(count))
    return Snapshot(
        as_of=NOW,
        plan=Plan(projects=(ProjectRow(place=_place("PAY"), code="PAY"),), milestones=rows),
        milestones=tuple(Milestone(code=row.code, project="PAY", name=row.code, appeared=NOW) for row in rows),
    )


def _row(number: int) -> MilestoneRow:
    others = [number + 1, *([number - 1] if number % CIRCLE == 0 and number else [])]
    return MilestoneRow(
        place=_place(_code(number)),
        code=_code(number),
        project="PAY",
        target=date(2026, 5, 20),
        depends_on=tuple(map(_code, others)),
    )


def _code(number: int) -> str:
    return f"PAY-M{number:05}"


def _place(code: str) -> Place:
    return Place("plan", "Plan", 2, code, {})
