"""The committee's weekly cut: made by the first sync at or after its time, and kept as history."""

from __future__ import annotations

from pmosync.compute.assessment import Assessment
from pmosync.compute.calendars import clocks
from pmosync.compute.coarse import in_working_days
from pmosync.compute.committee import frozen
from pmosync.compute.cuts import is_due, last_due
from pmosync.engine.house import House
from pmosync.model import Plan, Run


def cut(house: House, run: Run, assessment: Assessment, plan: Plan) -> None:
    """Make the cut that is due, if one is. The very first is made at once: a committee that meets tomorrow has its page."""
    last = house.store.cut(run.started)
    if not is_due(run.started, last, house.schedule):
        return
    times = clocks(plan.calendar, plan.projects, house.policy, run.started)
    homes = {each.milestone.code: each.project for each in assessment.milestones}
    due = last_due(run.started, house.schedule) if last else run.started
    settled = in_working_days(plan, homes, times)
    house.store.keep_cut(run, frozen(assessment, settled, times, last, due, house.schedule))
