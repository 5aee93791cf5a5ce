"""The whole assessment of a large portfolio: what a sync decides between reading and writing."""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from statistics import median

from pmosync.cli.main import COLLECTING
from pmosync.compute.assess import assess
from pmosync.compute.policy import Policy
from pmosync.model import (
    Baseline,
    Category,
    Delivery,
    Freshness,
    Level,
    Milestone,
    MilestoneRow,
    Place,
    Plan,
    Progress,
    ProjectRow,
    Snapshot,
    WorkItem,
)
from pmosync.raw import Ref
from tests.benchmarks.figures import RUNS, Figure

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
TODAY, PROMISED = NOW.date(), NOW - timedelta(days=120)
SECONDS, STRAIGHT = 3.0, 2.6
"""All of it may take so long; twice the portfolio so many times as long: straight, but for the moods of the machine."""

WEEKS, PACE, COMMITTEE = 12, 20, 5
"""Weeks of deliveries, of each team so many a week; milestones that each project shows to the committee."""

CATEGORIES = (Category.TODO, Category.TODO, Category.TODO, Category.DOING, Category.UNMAPPED)


def figures(milestones: int = 2_000, teams: int = 60, items: int = 200_000) -> Iterator[Figure]:
    """A portfolio; one of half the milestones and items; one of all milestones and half the items."""
    whole = taken(portfolio(milestones, teams, items))
    half, thin = taken(portfolio(milestones // 2, teams, items // 2)), taken(portfolio(milestones, teams, items // 2))
    name = f"assessment of {milestones:,} milestones, {teams} teams, {items:,} open items"
    yield Figure(name, whole, "s", goal=f"≤ {SECONDS:g} s", met=whole <= SECONDS)
    ratio = whole / half
    yield Figure("  half of the milestones and items", half, "s", whole, ratio, f"≤ {STRAIGHT:g}", ratio <= STRAIGHT)
    yield Figure("  half of the items", thin, "s", whole, whole / thin)


def taken(snapshot: Snapshot) -> float:
    """Seconds for the assessment, the median of several."""
    return median(_timed(snapshot) for _ in range(RUNS))


def _timed(snapshot: Snapshot) -> float:
    """Memory is collected as rarely as in a run of pmosync."""
    usual = gc.get_threshold()
    gc.set_threshold(*COLLECTING)
    begun = time.perf_counter()
    assess(snapshot, Policy(), NOW)
    seconds = time.perf_counter() - begun
    gc.set_threshold(*usual)
    return seconds


def portfolio(milestones: int, teams: int, items: int) -> Snapshot:
    """A project for each team, with its part of the milestones; each of these has been promised, and every other one waits
    for one or two before it.
    """
    dice = random.Random(5)
    codes = [_code(number, teams) for number in range(milestones)]
    work = tuple(_item(dice, number, number % milestones % teams) for number in range(items))
    serves = {each.ref: (codes[number % milestones],) for number, each in enumerate(work)}
    rows = tuple(_row(dice, number, codes, teams) for number in range(milestones))
    return Snapshot(
        as_of=NOW,
        plan=Plan(projects=tuple(map(_project, range(teams))), milestones=rows),
        milestones=tuple(Milestone(code=code, project=code[:3], name=code, appeared=PROMISED) for code in codes),
        baselines={row.code: (Baseline(code=row.code, version=1, day=_day(row), frozen=PROMISED),) for row in rows},
        items=work,
        item_codes=serves,
        progress=_progress(work, serves),
        deliveries=tuple(_deliveries(dice, codes, teams)),
        freshness=(Freshness(connection="jira", title="Jira", state="ok", good=NOW, tried=NOW, records=items),),
    )


def _code(number: int, teams: int) -> str:
    return f"P{number % teams:02}-M{number // teams:05}"


def _day(row: MilestoneRow) -> date:
    return row.target or TODAY


def _project(number: int) -> ProjectRow:
    code = f"P{number:02}"
    return ProjectRow(place=_place("Projects", code), code=code, manager="Li Na", committed_on=PROMISED.date())


def _row(dice: random.Random, number: int, codes: list[str], teams: int) -> MilestoneRow:
    code = codes[number]
    before = {codes[dice.randrange(number)] for _ in range(dice.choice((0, 0, 1, 2))) if number}
    return MilestoneRow(
        place=_place("Milestone inputs", code),
        code=code,
        project=code[:3],
        target=TODAY + timedelta(days=dice.randrange(5, 400)),
        level=Level.COMMITTEE if number // teams < COMMITTEE else Level.TRACKED,
        depends_on=tuple(sorted(before)),
    )


def _item(dice: random.Random, number: int, team: int) -> WorkItem:
    """One of ten is nobody's, every other one has no date, one of five bears a status that the mapping does not know."""
    return WorkItem(
        ref=Ref("jira", "issue", str(number)),
        key=f"P{team:02}-{number}",
        title=f"Item {number}",
        status="Open",
        category=dice.choice(CATEGORIES),
        owner="" if dice.random() < 0.1 else f"person-{number % 400}",
        due=TODAY + timedelta(days=dice.randrange(-10, 300)) if dice.random() < 0.5 else None,
        updated=NOW - timedelta(days=dice.randrange(40)),
        team=f"T{team:02}",
    )


def _progress(work: tuple[WorkItem, ...], serves: Mapping[Ref, tuple[str, ...]]) -> Mapping[str, Progress]:
    """Half as many as are open of each milestone are delivered."""
    counted: dict[str, list[WorkItem]] = {}
    for item in work:
        counted.setdefault(serves[item.ref][0], []).append(item)
    return {code: _counted(own) for code, own in counted.items()}


def _counted(own: list[WorkItem]) -> Progress:
    done, dated = len(own) // 2, [(item.due, item.key) for item in own if item.due]
    return Progress(
        total=len(own) + done,
        open=len(own),
        delivered=done,
        started=sum(item.category is Category.DOING for item in own),
        dated_open=len(dated),
        latest_due=max(dated, default=None),
        delivered_at=tuple(sorted(NOW - timedelta(days=1 + number % 100) for number in range(done))),
        moved=NOW - timedelta(days=1),
    )


def _deliveries(dice: random.Random, codes: list[str], teams: int) -> Iterator[Delivery]:
    """What the teams delivered, oldest first, for milestones of their own projects."""
    own = [codes[team::teams] for team in range(teams)]
    for number in range(WEEKS * PACE * teams):
        age = WEEKS * 7 * (1 - number / (WEEKS * PACE * teams))
        team = number % teams
        yield Delivery(
            ref=Ref("jira", "issue", f"done-{number}"),
            team=f"T{team:02}",
            codes=(dice.choice(own[team]),),
            at=NOW - timedelta(days=age),
        )


def _place(tab: str, code: str) -> Place:
    return Place("plan", tab, 2, code, {})
