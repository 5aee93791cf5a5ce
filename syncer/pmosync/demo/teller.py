"""Tells one project's days: its milestones, their items, and the merge requests that carry them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import count

from pmosync.demo import fates
from pmosync.demo.cast import BY_DEPARTMENT, DEPARTMENTS
from pmosync.demo.days import AFTER, BEFORE, NEVER, day_of, moment
from pmosync.demo.fates import ItemPlan
from pmosync.demo.plans import MilestonePlan
from pmosync.demo.portfolio import COMMON, THINGS, VERBS, ProjectPlan
from pmosync.demo.promises import Fate
from pmosync.emulation.events import (
    Event,
    ItemAssigned,
    ItemCreated,
    ItemDated,
    ItemMoves,
    ItemPlanned,
    ItemStatus,
    MergeRequestMerged,
    MergeRequestOpened,
    MergeRequestReviewed,
    MilestoneOpens,
    Stage,
)

MERGE_SHARE = 0.6
WAITING, WAITS = "等待第三方", frozenset({"COUP-M05"})
"""A status that somebody added to the workflow and nobody mapped, and the milestones with items that stay there."""


class Teller:
    """Numbers a project's items and merge requests, and draws from the project's own chance."""

    def __init__(self, project: ProjectPlan, seed: int) -> None:
        self.project = project
        self.chance = random.Random(f"{seed}/{project.code}")
        self.team = BY_DEPARTMENT[DEPARTMENTS[project.department]]
        self.things = (*THINGS[project.program], *COMMON)
        self.items = count(1)
        self.requests = count(1)

    def milestone(self, plan: MilestonePlan) -> Iterator[Event]:
        """The milestone itself, its dates, and all of its items."""
        home = self.project.repository if plan.form == "milestone" else self.project.code
        yield MilestoneOpens(
            at=moment(max(plan.start - 25, -BEFORE + 1), 5),
            by=plan.owner,
            system=self.project.system,
            key=plan.key,
            project=home,
            title=plan.title,
            form=plan.form,
            due=plan.due_date,
            start=day_of(plan.start),
            owner=plan.owner,
        )
        last = plan.start
        for number in range(plan.size):
            fare = fates.item(plan, number, self.chance)
            last = max(last, fare.done)
            yield from self._item(plan, number, fare)
        yield from fates.dates(plan)
        yield from fates.closing(plan, last)

    def _item(self, plan: MilestonePlan, number: int, fare: ItemPlan) -> Iterator[Event]:
        chance, gitlab = self.chance, self.project.system == "gitlab"
        serial = next(self.items)
        home = self.project.repository if gitlab else self.project.code
        key = f"{home}#{serial}" if gitlab else f"{home}-{serial}"
        who = chance.choice(self.team).key if chance.random() > 0.04 else ""
        title = f"{chance.choice(VERBS)} {chance.choice(self.things)}"
        restricted = self.project.code in ("RISK", "MEMB") and serial % 120 == 7
        kind = chance.choices(("story", "task", "bug", "subtask"), (5, 3, 3, 1))[0]
        dated = chance.random() < (0.97 if plan.fate is Fate.TRAILING else 0.88)
        yield ItemCreated(
            at=moment(self._born(plan), 1 + chance.randint(0, 7), chance.randint(0, 59)),
            by=chance.choice(self.team).key,
            system=self.project.system,
            key=key,
            project=home,
            title=f"渗透测试发现 {title}" if restricted else title,
            kind="task" if gitlab else kind,
            milestone=plan.key,
            assignee=who,
            due=day_of(fare.due) if dated else None,
            estimate=float(chance.choice((4, 8, 16, 24))),
            restricted=restricted,
        )
        yield from self._work(plan, key, title, who or chance.choice(self.team).key, number, fare)

    def _born(self, plan: MilestonePlan) -> int:
        """Before the day on which work starts, at whatever hour: an item is there before it moves."""
        return max(plan.start - self.chance.randint(1, 19), -BEFORE + 2)

    def _work(
        self, plan: MilestonePlan, key: str, title: str, who: str, number: int, fare: ItemPlan
    ) -> Iterator[Event]:
        """Doing, review with a merge request, done; what never ends is begun now and then."""
        chance, minute = self.chance, self.chance.randint(0, 55)
        if fare.done >= NEVER:
            yield from self._stalled(plan, key, who, number, fare)
            return
        if plan.code in WAITS and number % 17 == 3:
            yield ItemStatus(at=moment(plan.start + 3, 6), by=who, key=key, status=WAITING)
            return
        begun = max(plan.start, fare.done - chance.randint(2, 7))
        done = max(fare.done, begun + 2)
        if fare.removed:
            yield ItemPlanned(at=moment(done, 8, minute), by=who, key=key, milestone="")
            return
        if fare.dropped:
            yield ItemMoves(at=moment(done, 8, minute), by=who, key=key, to=Stage.DROPPED)
            return
        yield ItemMoves(at=moment(begun, 2, minute), by=who, key=key, to=Stage.DOING)
        if number % 29 == 11:
            yield ItemAssigned(at=moment(begun + 1, 6, minute), by=who, key=key, to=chance.choice(self.team).key)
        if number % 31 == 17 and done < AFTER:
            yield ItemDated(at=moment(begun + 1, 7, minute), by=who, key=key, due=day_of(done + 1))
        if chance.random() < MERGE_SHARE:
            yield from self._request(key, title, who, max(begun + 1, done - 2), done, minute)
        yield ItemMoves(at=moment(done, 8, minute), by=who, key=key, to=Stage.DONE)

    def _stalled(self, plan: MilestonePlan, key: str, who: str, number: int, fare: ItemPlan) -> Iterator[Event]:
        """Begun now and then, never ended."""
        if plan.fate is Fate.QUIET or number % 3:
            return
        yield ItemMoves(at=moment(fare.due, 2, number % 60), by=who, key=key, to=Stage.DOING)

    def _request(self, item: str, title: str, who: str, opened: int, merged: int, minute: int) -> Iterator[Event]:
        chance = self.chance
        key = f"{self.project.repository}!{next(self.requests)}"
        reviewer = chance.choice([member.key for member in self.team if member.key != who])
        slug = item.replace("/", "-").replace("#", "-").lower()
        yield MergeRequestOpened(
            at=moment(opened, 4, minute),
            by=who,
            system="gitlab",
            key=key,
            project=self.project.repository,
            title=f"{item.rpartition('/')[2]} {title}",
            branch=f"feature/{slug}",
            author=who,
            reviewers=(reviewer,),
            items=(item,),
        )
        yield ItemMoves(at=moment(opened, 4, minute + 1), by=who, key=item, to=Stage.REVIEW)
        if chance.random() < 0.97:
            yield MergeRequestReviewed(at=moment(merged, 2, minute), by=reviewer, key=key, approved=True)
            yield MergeRequestMerged(at=moment(merged, 6, minute), by=reviewer, key=key)
