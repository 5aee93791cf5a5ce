"""On whose line a risk stands: that of the project or program that it names, else that of its milestone's project."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from pmosync.compute.assessment import Assessment, MilestoneVerdict
from pmosync.mapping.text import fold
from pmosync.model import Plan, RiskRow

Homes = Mapping[str, str]
"""Folded code → the code of the line on which what names it stands: a project, program or portfolio is its own line, a
milestone stands on its project's.
"""


def homes(told: Assessment) -> Homes:
    """The homes by what an assessment judges."""
    above = (each.row.code for each in (*told.portfolios, *told.programs))
    return _homes((*above, *(each.row.code for each in told.projects)), told.milestones)


def line(risk: RiskRow, known: Homes) -> str:
    """The code of the line on which a risk stands; "" where it names nothing that is known. Where it names a project and
    another one's milestone, its own word counts.
    """
    return known.get(fold(risk.project)) or known.get(fold(risk.milestone), "")


def by_line(plan: Plan, milestones: Iterable[MilestoneVerdict] = ()) -> Mapping[str, Sequence[RiskRow]]:
    """The risks of a plan by the code of their line, in the order of its rows. Those of ``milestones`` that are not given
    stand on none.
    """
    above = (row.code for row in plan.programs)
    known = _homes((*above, *(row.code for row in plan.projects)), milestones)
    found: defaultdict[str, list[RiskRow]] = defaultdict(list)
    for risk in plan.risks:
        found[line(risk, known)].append(risk)
    return found


def _homes(lines: Iterable[str], milestones: Iterable[MilestoneVerdict]) -> Homes:
    below = {fold(each.milestone.code): each.project for each in milestones}
    return {**below, **{fold(code): code for code in lines}}
