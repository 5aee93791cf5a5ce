"""What can be said of a milestone by itself, before its predecessors and successors are known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from pmosync.compute import dates, levels, observed
from pmosync.compute.baseline import Baselines, baselines
from pmosync.compute.case import Case
from pmosync.compute.dates import Evidence
from pmosync.compute.done import Completion, completion
from pmosync.compute.people import Owner, People, owner
from pmosync.compute.policy import Policy, Tolerance
from pmosync.compute.target import Target, target, withdrawn
from pmosync.model import WorkItem


class Draft(Struct, frozen=True, kw_only=True):
    """A case with its owner, target, completion, baselines and evidence. ``items`` are its open items."""

    case: Case
    items: tuple[WorkItem, ...] = ()
    owner: Owner
    target: Target
    done: Completion
    baselines: Baselines
    evidence: Evidence
    tolerance: Tolerance

    @property
    def reference(self) -> date | None:
        """What the milestone is judged against: its current baseline; without one, the first target seen."""
        return self.baselines.current.day if self.baselines.current else first_target(self.target)


def draft(case: Case, items: Sequence[WorkItem], known: dates.Named, people: People, policy: Policy) -> Draft:
    """Everything one milestone says for itself."""
    own, found = owner(case, people), target(case)
    done = completion(case, items, policy)
    promised = baselines(case, found, done, policy)
    evidence = Evidence(
        target=found.winner,
        rollup=dates.rollup(case, items, policy),
        items=dates.blockers(case, items, known),
        forecast=dates.forecast(case, own.person, policy),
        withdrawn=withdrawn(case, found) if promised.current else None,
    )
    end = promised.current.day if promised.current else first_target(found)
    return Draft(
        case=case,
        items=tuple(items),
        owner=own,
        target=found,
        done=done,
        baselines=promised,
        evidence=evidence,
        tolerance=levels.tolerance(case.project, length(case, end), policy),
    )


def in_series(drafts: Mapping[str, Draft], policy: Policy) -> Mapping[str, Draft]:
    """The drafts, with the planned length of those that know no start counted from the previous one of their series."""
    series: dict[tuple[str, str], list[Draft]] = {}
    for each in drafts.values():
        if each.case.row is not None and each.case.row.type and each.reference is not None:
            series.setdefault((each.case.milestone.project, each.case.row.type), []).append(each)
    found = dict(drafts)
    for members in series.values():
        ordered = sorted(members, key=lambda each: (each.reference or date.min, each.case.code))
        for before, each in pairwise(ordered):
            if length(each.case, each.reference) is None and before.reference and each.reference:
                planned = each.case.clock.calendar.between(before.reference, each.reference)
                tolerance = levels.tolerance(each.case.project, planned, policy)
                found[each.case.code] = replace(each, tolerance=tolerance)
    return found


def first_target(found: Target) -> date | None:
    """The first target we saw, whichever source it came from; else the one in force."""
    seen = next(filter(None, (observed.day(each.new) for each in found.moves)), None)
    return seen or (found.winner.day if found.winner else None)


def length(case: Case, end: date | None) -> int | None:
    """Planned wd from the start date, else from commitment, to ``end``; None if either is unknown."""
    starts = [tie.source.start for tie in case.dated_ties() if tie.source.start]
    start = starts[0] if starts else case.project.committed_on if case.project else None
    return case.clock.calendar.between(start, end) if start and end else None
