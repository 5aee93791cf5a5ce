"""The demo's story: twelve weeks before the first sync and twelve after it, as neutral events. Equal seeds tell equal
stories.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import count

from msgspec import Struct

from pmosync.demo.cast import BY_DEPARTMENT, CAST, DEPARTMENTS
from pmosync.demo.portfolio import PROJECTS, THINGS, TITLES, VERBS, Fate, ProjectPlan
from pmosync.emulation.events import (
    Event,
    ItemAssigned,
    ItemCreated,
    ItemDated,
    ItemMoves,
    ItemStatus,
    MergeRequestMerged,
    MergeRequestOpened,
    MergeRequestReviewed,
    MilestoneCloses,
    MilestoneDated,
    MilestoneOpens,
    MilestoneRenamed,
    MilestoneReopens,
    PersonJoins,
    ProjectOpens,
    SprintClosed,
    SprintOpened,
    SprintStarted,
    Stage,
)

# A Thursday: teams release on Thursdays, and the sync comes on the evening of that day.
FIRST_SYNC = date(2026, 8, 20)
SYNC_HOUR = 11
WEEKS = 12
BEFORE = 84
AFTER = WEEKS * 7
ITEMS = 49
MERGE_SHARE = 0.56


class MilestonePlan(Struct, frozen=True):
    """One milestone of the story: its code (ours), its key in events, days counted from the first sync."""

    code: str
    key: str
    project: ProjectPlan
    title: str
    fate: Fate
    start: int
    due: int
    owner: str
    form: str

    @property
    def due_date(self) -> date | None:
        """The date typed at first; None for an undated one."""
        return None if self.fate is Fate.UNDATED else day_of(self.due)


def day_of(day: int) -> date:
    """The date of a story day; day 0 is the first sync."""
    return FIRST_SYNC + timedelta(days=day)


def moment(day: int, hour: int = 3, minute: int = 0) -> datetime:
    """A UTC instant on a story day (hour 3 is 11:00 in Shanghai)."""
    return datetime.combine(day_of(day), time(hour, minute), tzinfo=UTC)


def milestones(seed: int) -> tuple[MilestonePlan, ...]:
    """All milestones of all projects, in order of project and date."""
    return tuple(plan for project in PROJECTS for plan in _milestones(project, seed))


def story(seed: int) -> tuple[Event, ...]:
    """Every event of the systems (people typing into the sheet apart), in order of time."""
    events: list[Event] = [*_people(), *_projects()]
    for project in PROJECTS:
        chance = random.Random(f"{seed}/{project.code}")
        teller = _Teller(project, chance)
        for plan in _milestones(project, seed):
            events += teller.milestone(plan)
        events += _sprints(project)
    limit = moment(AFTER, SYNC_HOUR)
    return tuple(sorted((event for event in events if event.at < limit), key=lambda event: event.at))


def _milestones(project: ProjectPlan, seed: int) -> Iterator[MilestonePlan]:
    chance = random.Random(f"{seed}/{project.code}/dates")
    form = "milestone" if project.system == "gitlab" else "version"
    step = 165 / (len(project.fates) - 1)
    team = BY_DEPARTMENT[DEPARTMENTS[project.department]]
    for place, fate in enumerate(project.fates):
        due = _release_day(round(-37 + place * step) + chance.randint(-3, 3))
        title = f"{project.code} {place + 1} {TITLES[place * len(TITLES) // len(project.fates)]}"
        code = f"{project.code}-M{place + 1:02d}"
        start = max(due - 48, -BEFORE + 4)
        yield MilestonePlan(code, f"ms:{code}", project, title, fate, start, due, chance.choice(team).key, form)


def _release_day(day: int) -> int:
    """The next Thursday on or after a story day."""
    return day + (3 - day_of(day).weekday()) % 7


def _workday(day: int) -> int:
    """Story day moved forward off a weekend."""
    while day_of(day).weekday() >= 5:
        day += 1
    return day


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


class _Teller:
    """Tells one project's days: numbers its items and merge requests, and draws from the project's own chance."""

    def __init__(self, project: ProjectPlan, chance: random.Random) -> None:
        self.project = project
        self.chance = chance
        self.team = BY_DEPARTMENT[DEPARTMENTS[project.department]]
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
        for number in range(ITEMS + (14 if plan.fate is Fate.CREEPING else 0)):
            done = self._done_day(plan, number)
            last = max(last, done)
            yield from self._item(plan, number, done)
        yield from _dates(plan)
        yield from _closing(plan, last)

    def _done_day(self, plan: MilestonePlan, number: int) -> int:
        """The story day on which an item is finished; beyond the story's end it stays open."""
        share = (number % ITEMS) / ITEMS
        planned = plan.start + 4 + round(share * (plan.due - plan.start - 7)) + self.chance.randint(-2, 2)
        match plan.fate:
            case Fate.EARLY:
                day = plan.start + 4 + round((planned - plan.start) * 0.75)
            case Fate.CREEPING:
                day = planned + round(share * 14) + (12 if number >= ITEMS else 0)
            case Fate.STUCK:
                day = planned if share < 0.45 else AFTER + 60
            case Fate.REPLANNED | Fate.REBASED:
                day = planned + round(share * 18)
            case Fate.CANCELLED:
                day = planned if share < 0.3 else AFTER + 60
            case _:
                day = min(planned, plan.due - 1)
        return _workday(max(day, plan.start + 1))

    def _item(self, plan: MilestonePlan, number: int, done: int) -> Iterator[Event]:
        chance, team = self.chance, self.team
        serial = next(self.items)
        gitlab = self.project.system == "gitlab"
        key = f"{self.project.repository}#{serial}" if gitlab else f"{self.project.code}-{serial}"
        born = max(plan.start - chance.randint(0, 18), -BEFORE + 2)
        if number >= ITEMS:
            born = max(plan.start + 20 + chance.randint(0, 15), born)
        who = chance.choice(team).key if chance.random() > 0.04 else ""
        due = day_of(min(done + chance.randint(0, 3), plan.due)) if chance.random() < 0.85 else None
        title = f"{chance.choice(VERBS)} {chance.choice(THINGS)}"
        restricted = self.project.code in ("RISK", "MEMB") and serial % 120 == 7
        yield ItemCreated(
            at=moment(born, 1 + chance.randint(0, 7), chance.randint(0, 59)),
            by=chance.choice(team).key,
            system=self.project.system,
            key=key,
            project=self.project.repository if gitlab else self.project.code,
            title=title if not restricted else f"渗透测试发现 {title}",
            kind=chance.choices(("story", "task", "bug", "subtask"), (5, 3, 3, 1))[0] if not gitlab else "task",
            milestone=plan.key,
            assignee=who,
            due=due,
            estimate=float(chance.choice((4, 8, 16, 24))),
            restricted=restricted,
        )
        yield from self._work(key, title, who, max(born + 1, done - chance.randint(2, 7)), done, number)

    def _work(self, key: str, title: str, who: str, begun: int, done: int, number: int) -> Iterator[Event]:
        """Doing, review with a merge request, done: at most until the story ends."""
        chance = self.chance
        who = who or chance.choice(self.team).key
        minute = chance.randint(0, 55)
        done = max(done, begun + 2)
        yield ItemMoves(at=moment(begun, 2, minute), by=who, key=key, to=Stage.DOING)
        if number % 29 == 11:
            yield ItemAssigned(at=moment(begun + 1, 6, minute), by=who, key=key, to=chance.choice(self.team).key)
        if number % 31 == 17 and done < AFTER:
            yield ItemDated(at=moment(begun + 1, 7, minute), by=who, key=key, due=day_of(done + 1))
        if key == "VAULT-100":
            yield ItemStatus(at=moment(begun + 1, 8), by=who, key=key, status="等待第三方")
        if chance.random() < MERGE_SHARE:
            yield from self._request(key, title, who, max(begun + 1, done - 2), done, minute)
        if number % 23 == 5:
            yield ItemMoves(at=moment(done, 8, minute), by=who, key=key, to=Stage.DROPPED)
        else:
            yield ItemMoves(at=moment(done, 8, minute), by=who, key=key, to=Stage.DONE)

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


def _dates(plan: MilestonePlan) -> Iterator[Event]:
    """How the typed date of a milestone wanders."""
    moves: Sequence[tuple[int, int]] = ()
    match plan.fate:
        case Fate.CREEPING:
            moves = ((plan.due - 16, 5), (plan.due - 6, 10), (plan.due + 2, 18))
        case Fate.REPLANNED:
            moves = ((plan.due - 20, 16),)
        case Fate.REBASED:
            moves = ((plan.due - 24, 17),)
        case Fate.RENAMED:
            yield MilestoneRenamed(at=moment(plan.due - 30, 7), by=plan.owner, key=plan.key, title=f"{plan.title} (v2)")
    for day, later in moves:
        yield MilestoneDated(
            at=moment(day, 7, 30), by=plan.owner, key=plan.key, due=day_of(_release_day(plan.due + later))
        )


def _closing(plan: MilestonePlan, last: int) -> Iterator[Event]:
    """Released or closed the day after the last item, but not before its day; undone once where fate says so."""
    if plan.fate in (Fate.STUCK, Fate.CANCELLED):
        return
    day = _release_day(last + 1 if plan.fate in (Fate.EARLY, Fate.UNDATED) else max(last + 1, plan.due))
    yield MilestoneCloses(at=moment(day, 9), by=plan.owner, key=plan.key, on=day_of(day))
    if plan.fate is Fate.REOPENED:
        yield MilestoneReopens(at=moment(day + 4, 9), by=plan.owner, key=plan.key)
        yield MilestoneCloses(at=moment(day + 14, 9), by=plan.owner, key=plan.key, on=day_of(day + 14))
