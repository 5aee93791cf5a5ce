"""What can be said of a milestone by itself, before its predecessors and successors are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from pmosync.compute import dates, levels, observed, spans
from pmosync.compute.baseline import Baselines, baselines
from pmosync.compute.cadence import promised
from pmosync.compute.case import Case
from pmosync.compute.dates import Evidence
from pmosync.compute.done import Completion, completion
from pmosync.compute.people import Owner, People, owner
from pmosync.compute.policy import Policy, Tolerance
from pmosync.compute.target import Target, target, withdrawn
from pmosync.model import Promise, WorkItem


class Plan(Struct, frozen=True):
    """The planned length: ``wd`` from the day it ``begins`` to the one it is judged against; None = unknown."""

    begins: date | None = None
    wd: int | None = None


class Draft(Struct, frozen=True, kw_only=True):
    """A case with its owner, target, completion, baselines and evidence, and what it promises: all its scope, or a day.
    ``items`` are its open items.
    """

    case: Case
    items: tuple[WorkItem, ...] = ()
    owner: Owner
    target: Target
    done: Completion
    baselines: Baselines
    evidence: Evidence
    tolerance: Tolerance
    plan: Plan = Plan()
    promise: Promise = Promise.SCOPE

    @property
    def reference(self) -> date | None:
        """What the milestone is judged against: its current baseline; without one, the first target seen."""
        return self.baselines.current.day if self.baselines.current else first_target(self.target)

    @property
    def met_until(self) -> date | None:
        """The last day on which it is kept; a calendar that changed since the last assessment does not move it."""
        return spans.met_until(self.case, self.reference) if self.reference else None


def draft(case: Case, items: Sequence[WorkItem], known: dates.Named, people: People, policy: Policy) -> Draft:
    """Everything one milestone says for itself."""
    own, found = owner(case, people), target(case)
    done = completion(case, items, policy)
    bases = baselines(case, found, done, policy)
    evidence = Evidence(
        target=found.winner,
        rollup=dates.rollup(case, items, policy),
        items=dates.blockers(case, items, known),
        forecast=dates.forecast(case, own.person, policy),
        withdrawn=withdrawn(case, found) if bases.current else None,
        launch=levels.is_launch(case.row, done.when),
    )
    return Draft(
        case=case,
        items=tuple(items),
        owner=own,
        target=found,
        done=done,
        baselines=bases,
        evidence=evidence,
        tolerance=levels.tolerance(case.project, None, policy),
    )


def planned(drafts: Mapping[str, Draft], policy: Policy) -> Mapping[str, Draft]:
    """The drafts with what they promise, their planned lengths and the tolerances that follow: from the start date, else from
    commitment, else from the previous one of the series.
    """
    series = _series(drafts)
    before = {code: day for members in series.values() for (day, _), (_, code) in pairwise(members)}
    found = {}
    for code, each in drafts.items():
        plan = length(each.case, _begins(each.case) or before.get(code), each.reference)
        found[code] = replace(
            each,
            plan=plan,
            tolerance=levels.tolerance(each.case.project, plan.wd, policy),
            promise=promised(each.case, (day for day, _ in series.get(_name(each.case), ()))),
        )
    return found


Name = tuple[str, str]
"""Of a series: its project and its type."""


def _series(drafts: Mapping[str, Draft]) -> Mapping[Name, Sequence[tuple[date, str]]]:
    """The milestones of each series with what they are judged against, in order."""
    found: dict[Name, list[tuple[date, str]]] = {}
    for each in drafts.values():
        if _name(each.case)[1] and each.reference is not None:
            found.setdefault(_name(each.case), []).append((each.reference, each.case.code))
    return {name: sorted(members) for name, members in found.items()}


def _name(case: Case) -> Name:
    return case.milestone.project, case.row.type if case.row is not None else ""


def first_target(found: Target) -> date | None:
    """The first target we saw, whichever source it came from; else the one in force."""
    seen = next(filter(None, (observed.day(each.new) for each in found.moves)), None)
    return seen or (found.winner.day if found.winner else None)


def length(case: Case, begins: date | None, end: date | None) -> Plan:
    """The plan from ``begins`` to ``end``; a calendar that changed since the last assessment does not stretch it."""
    last = case.last
    if last is not None and last.length is not None and (last.begins, last.due) == (begins, end):
        return Plan(begins, last.length)
    return Plan(begins, case.clock.calendar.between(begins, end) if begins and end else None)


def _begins(case: Case) -> date | None:
    starts = [tie.source.start for tie in case.dated_ties() if tie.source.start]
    return starts[0] if starts else case.project.committed_on if case.project else None
