"""Why a milestone has no baseline: which condition of the freeze by itself is missing, or the day on which it will be met."""

from __future__ import annotations

from pmosync.compute import baseline
from pmosync.compute.assessment import Reason
from pmosync.compute.draft import Draft
from pmosync.compute.policy import Policy
from pmosync.compute.reasons import evidence
from pmosync.model import State


def unfrozen(draft: Draft, policy: Policy) -> Reason:
    """What a milestone without baseline waits for, the most basic condition first; a decision can set one at any time."""
    case = draft.case
    if draft.done.history_unknown:
        return evidence("found_done")
    if case.life.state is not State.ACTIVE:
        return evidence("freezes_active", state=str(case.life.state))
    freezes = baseline.freeze_day(case, policy)
    if freezes is None:
        return evidence("freezes_committed", project=case.project.code if case.project else None)
    if draft.done.actual is not None and draft.done.actual < freezes:
        return evidence("ended_before", day=freezes)
    if case.today < freezes:
        return evidence("freezes_on", day=freezes)
    return evidence("ended_undated" if draft.done.done else "freezes_dated")
