"""What statuses of the past meant: by the mapping's tables, and by what the system itself makes of the same status today."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from pmosync.mapping.spec import StatusRow, Workflow
from pmosync.mapping.standing import Standing, judge
from pmosync.mapping.text import fold
from pmosync.model import Category, Outcome, WorkItem

T = TypeVar("T")
Kind = tuple[str, str]
"""Connection and kind of record."""


class Tables:
    """Judges the statuses of one kind of record as the mapping judges its records; equal words are judged once.

    A changelog does not tell the system's own category of a status. What any item in that status is told to be stands for
    it; a status that no table and no item knows is unmapped, as it is of a record.
    """

    def __init__(self, workflow: Workflow) -> None:
        self.workflow = workflow
        self._judged: dict[tuple[str, str, str, bool, bool], Standing] = {}

    def judge(
        self, status: str, group: str, resolution: str = "", dropped: bool = False, moved: bool = False
    ) -> Standing:
        """Where an item with these words stood. ``group`` is the state beside a status label, else the status itself."""
        told = status, group, resolution, dropped, moved
        found = self._judged.get(told)
        if found is None:
            found = self._judged[told] = judge(self.workflow, *told)
        return found


def tables(
    workflows: Mapping[Kind, Workflow], items: Iterable[WorkItem], earlier: Iterable[WorkItem] = ()
) -> dict[Kind, Tables]:
    """The tables of each kind of item: the mapping's workflow where one is given, with what ``items`` teach. What they do
    not know is learned from ``earlier`` versions of them: those were judged by the mapping of then.
    """
    worn, once = _worn(items), _worn(earlier)
    for kind, seen in worn.items():
        if kind in once:
            seen.statuses = once[kind].statuses | seen.statuses
            seen.ends = once[kind].ends | seen.ends
    return {kind: Tables(_taught(workflows.get(kind), seen)) for kind, seen in worn.items()}


def _worn(items: Iterable[WorkItem]) -> dict[Kind, Worn]:
    found: dict[Kind, Worn] = {}
    for item in items:
        found.setdefault((item.ref.connection, item.ref.kind), Worn({}, {})).take(item)
    return found


class Worn(Struct):
    """How often each status was seen to mean what, and each pair of status and resolution to end how; all folded."""

    statuses: dict[str, Counter[StatusRow]]
    ends: dict[tuple[str, str], Counter[Outcome]]

    def take(self, item: WorkItem) -> None:
        """Count one item."""
        if item.category is Category.UNMAPPED:
            return
        status = fold(item.status)
        self.statuses.setdefault(status, Counter())[StatusRow(item.category, item.stage)] += 1
        if item.category is Category.DONE:
            self.ends.setdefault((status, fold(item.resolution)), Counter())[item.outcome] += 1


def _taught(workflow: Workflow | None, worn: Worn) -> Workflow:
    """The workflow as it reads a status alone. Where labels tell the status, its own tables know all of them."""
    learned = {status: _most(rows) for status, rows in worn.statuses.items()}
    if workflow is None:
        return _guided(learned, worn.ends)
    return workflow if workflow.label_prefix else replace(workflow, groups=learned)


def _guided(rows: Mapping[str, StatusRow], ends: Mapping[tuple[str, str], Counter[Outcome]]) -> Workflow:
    """Tables of a connection whose mapping is gone: a status that ends work undelivered without a resolution says so
    itself, every other one leaves it to the resolution.
    """
    dead = {
        status for (status, resolution), seen in ends.items() if not resolution and _most(seen) is Outcome.UNDELIVERED
    }
    outcomes: dict[str, Counter[Outcome]] = {}
    for (status, resolution), seen in ends.items():
        if status not in dead:
            outcomes.setdefault(resolution, Counter()).update(seen)
    return Workflow(
        status=(),
        statuses={
            status: replace(row, outcome=Outcome.UNDELIVERED) if status in dead else row for status, row in rows.items()
        },
        resolutions={word: _most(seen) for word, seen in outcomes.items()},
    )


def _most(counted: Counter[T]) -> T:
    """What was seen most often; of two the one that sorts first, so that the order of the items does not matter."""
    return min(counted.items(), key=lambda pair: (-pair[1], str(pair[0])))[0]
