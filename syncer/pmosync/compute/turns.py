"""Who goes first on a shared team: where that decides a date, people have to say, for no rule can."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pmosync.compute.assessment import Contradiction, Side
from pmosync.compute.draft import Draft
from pmosync.compute.signs import Foreseen

PRIORITY = "priority"
"""The kind of contradiction in which the team's split of the last weeks and the priorities of projects lead to other dates."""


def contradicted(drafts: Mapping[str, Draft], seen: Mapping[str, Foreseen]) -> Iterator[Contradiction]:
    """The milestones, by code, whose pace by strict priority is further from that by the observed split than the tolerance
    for Red, earlier or later: what was observed counts.
    """
    for code in sorted(seen):
        pace, draft = seen[code].pace, drafts[code]
        if pace is None or pace.p50 is None or pace.first is None:
            continue
        if abs(draft.case.clock.calendar.between(pace.p50, pace.first)) > draft.tolerance.red:
            split = Side("split", day=pace.p50)
            sides = (split, Side(PRIORITY, day=pace.first))
            project = draft.case.project.code if draft.case.project else ""
            yield Contradiction(kind=PRIORITY, code=code, project=project, sides=sides, counts=split, rule="split")
