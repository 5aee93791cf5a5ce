"""Which milestones have an input row, and in which sheet row it stands."""

from __future__ import annotations

from collections.abc import Mapping

from pmosync.dashboard.content import Content
from pmosync.dashboard.values import code_of
from pmosync.model import Level, MilestoneRow

INPUT = "milestone_inputs"


def milestone_codes(content: Content) -> tuple[tuple[str, str, MilestoneRow | None], ...]:
    """Code, project and plan row of every milestone that people steer or the plan names, grouped by project."""
    rows: dict[str, tuple[str, MilestoneRow | None]] = {row.code: (row.project, row) for row in content.plan.milestones}
    for verdict in content.assessment.milestones:
        if verdict.level is not Level.TEAM:
            rows.setdefault(verdict.milestone.code, (verdict.project, verdict.row))
    return tuple((code, *rows[code]) for code in sorted(rows, key=lambda code: (rows[code][0], code)))


def input_rows(content: Content) -> Mapping[str, int]:
    """Folded code → 1-based sheet row: as read; where the tab is about to be made, the row it will have."""
    read = content.found.rows.get(INPUT)
    if read is not None:
        return read
    return {code_of(code): place for place, (code, _, _) in enumerate(milestone_codes(content), 2)}
