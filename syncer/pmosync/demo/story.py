"""The demo's story: twelve weeks before the first sync and twelve after it, as neutral events. Equal seeds tell equal
stories.
"""

from __future__ import annotations

from collections.abc import Iterator

from pmosync.demo.cast import CAST
from pmosync.demo.days import AFTER, BEFORE, SYNC_HOUR, day_of, moment
from pmosync.demo.plans import MilestonePlan, milestones
from pmosync.demo.portfolio import PROJECTS, ProjectPlan
from pmosync.demo.promises import Fate
from pmosync.demo.teller import Teller
from pmosync.emulation.events import (
    Event,
    MilestoneOpens,
    PersonJoins,
    ProjectOpens,
    SprintClosed,
    SprintOpened,
    SprintStarted,
)

TWIN = ("IM", 7)
"""A disputed milestone has a twin: a version of this Jira project, and the days by which that one is later."""


def story(seed: int) -> tuple[Event, ...]:
    """Every event of the systems (people typing into the sheet apart), in order of time."""
    events: list[Event] = [*_people(), *_projects()]
    for project in PROJECTS:
        teller = Teller(project, seed)
        for plan in milestones(seed):
            if plan.project is project:
                events += teller.milestone(plan)
        events += _sprints(project)
    events += [_twin(plan) for plan in milestones(seed) if plan.fate is Fate.DISPUTED]
    limit = moment(AFTER, SYNC_HOUR)
    return tuple(sorted((event for event in events if event.at < limit), key=lambda event: event.at))


def _people() -> Iterator[Event]:
    for member in CAST:
        yield PersonJoins(
            at=moment(-BEFORE), key=member.key, name=member.name, email=member.email, department=member.department
        )


def _projects() -> Iterator[Event]:
    for project in PROJECTS:
        yield ProjectOpens(at=moment(-BEFORE, 4), system="gitlab", key=project.repository, name=project.name)
        if project.system == "jira":
            yield ProjectOpens(at=moment(-BEFORE, 4), system="jira", key=project.code, name=project.name)


def _sprints(project: ProjectPlan) -> Iterator[Event]:
    """Fortnightly sprints of key Jira projects; every third one is closed late, as real ones are."""
    if project.system != "jira" or project.control != "key":
        return
    for number, first in enumerate(range(-BEFORE + 6, AFTER, 14)):
        key = f"sprint:{project.code}:{number}"
        yield SprintOpened(
            at=moment(first - 2),
            system="jira",
            key=key,
            project=project.code,
            title=f"{project.code} Sprint {number + 1}",
            start=day_of(first),
            end=day_of(first + 11),
        )
        yield SprintStarted(at=moment(first), key=key)
        yield SprintClosed(at=moment(first + 11 + (3 if number % 3 == 2 else 0)), key=key)


def _twin(plan: MilestonePlan) -> Event:
    """The other project's version of the same promise, with a date of its own."""
    return MilestoneOpens(
        at=moment(max(plan.start - 20, -BEFORE + 1), 6),
        by=plan.owner,
        system="jira",
        key=f"{plan.key}:twin",
        project=TWIN[0],
        title=plan.title,
        form="version",
        due=day_of(plan.due + TWIN[1]),
    )
