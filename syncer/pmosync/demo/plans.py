"""Every milestone as it is planned: its days, its size, its owner."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from functools import cache

from msgspec import Struct

from pmosync.demo.cast import BY_DEPARTMENT, DEPARTMENTS
from pmosync.demo.days import BEFORE, day_of, release_day
from pmosync.demo.portfolio import PROJECTS, ProjectPlan
from pmosync.demo.promises import LINES, Fate

QUIET_BEFORE = 30
"""Days by which work on a milestone that falls silent began earlier than elsewhere."""


class MilestonePlan(Struct, frozen=True):
    """One milestone of the story: its code (ours) and its key in events; days are counted from the first sync.

    ``due`` is the day promised first, ``end`` the day at which it arrives in the end; ``size`` counts its items.
    """

    code: str
    key: str
    project: ProjectPlan
    title: str
    fate: Fate
    level: str
    place: int
    start: int
    due: int
    end: int
    size: int
    owner: str
    form: str

    @property
    def due_date(self) -> date | None:
        """The date typed at first; None for an undated one."""
        return None if self.fate is Fate.UNDATED else day_of(self.due)

    @property
    def is_last(self) -> bool:
        """Whether it is its project's last."""
        return self.place == len(LINES[self.project.code]) - 1


@cache
def milestones(seed: int) -> tuple[MilestonePlan, ...]:
    """Every milestone, project by project, in order of date."""
    return tuple(plan for project in PROJECTS for plan in _milestones(project, seed))


def _milestones(project: ProjectPlan, seed: int) -> Iterator[MilestonePlan]:
    chance = random.Random(f"{seed}/{project.code}/dates")
    team = BY_DEPARTMENT[DEPARTMENTS[project.department]]
    for place, line in enumerate(LINES[project.code]):
        code = f"{project.code}-M{place + 1:02d}"
        due = line.week * 7
        yield MilestonePlan(
            code=code,
            key=f"ms:{code}",
            project=project,
            title=line.title,
            fate=line.fate,
            level="committee" if line.level == "c" else "tracked",
            place=place,
            start=max(due - chance.randint(38, 56) - (QUIET_BEFORE if line.fate is Fate.QUIET else 0), -BEFORE + 4),
            due=due,
            end=release_day(due - line.weeks * 7 if line.fate is Fate.EARLY else due + line.weeks * 7),
            size=chance.randint(38, 66),
            owner=chance.choice(team).key,
            form="milestone" if project.system == "gitlab" else "version",
        )
