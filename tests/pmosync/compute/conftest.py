"""A small vocabulary for stories about assessments: days pass, dates move, people type, and each day is assessed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from pmosync.compute import marks
from pmosync.compute.assess import assess
from pmosync.compute.assessment import Assessment, MilestoneVerdict, ProgramVerdict, ProjectVerdict
from pmosync.compute.attention import stretches
from pmosync.compute.calendars import clocks
from pmosync.compute.policy import Policy
from pmosync.compute.workdays import Calendar
from pmosync.model import (
    AttentionAnswerRow,
    Baseline,
    Binding,
    CalendarRow,
    Colour,
    DecisionRow,
    DecisionType,
    Delivery,
    Freshness,
    Level,
    MergeRequest,
    Milestone,
    MilestoneRow,
    Move,
    Observation,
    Outcome,
    Place,
    Plan,
    Problem,
    ProgramRow,
    Progress,
    ProjectRow,
    Report,
    ReportTextRow,
    Role,
    Snapshot,
    SourceMilestone,
    Stretch,
    WorkItem,
)
from pmosync.raw import Ref
from pmosync.store.history import COLOUR_DAYS

MONDAY = date(2026, 3, 2)
"""The stories begin on a Monday with no Chinese holiday within five weeks."""


class Story:
    """A world of one project (PAY, committed long ago) whose days are told one after the other."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.today = MONDAY
        self.projects: dict[str, ProjectRow] = {}
        self.rows: dict[str, MilestoneRow] = {}
        self.milestones: dict[str, Milestone] = {}
        self.sources: dict[Ref, SourceMilestone] = {}
        self.bindings: list[Binding] = []
        self.decisions: list[DecisionRow] = []
        self.observations: dict[str, list[Observation]] = {}
        self.baselines: dict[str, list[Baseline]] = {}
        self.colours: dict[str, dict[date, Colour]] = {}
        self.progress: dict[str, Progress] = {}
        self.moves: dict[str, tuple[Move, ...]] = {}
        self.reports: dict[str, tuple[Report, ...]] = {}
        self.fates: dict[str, Outcome] = {}
        self.read: dict[str, datetime] = {}
        self.noted: dict[str, Stretch] = {}
        self.typings: list[tuple[str, datetime, AttentionAnswerRow | ReportTextRow]] = []
        self.items: list[WorkItem] = []
        self.serves: dict[Ref, tuple[str, ...]] = {}
        self.deliveries: list[Delivery] = []
        self.requests: list[MergeRequest] = []
        self.champion = ""
        self.plan: dict[str, tuple[Any, ...]] = {}
        self.good: dict[str, datetime] = {}
        self.failed: set[str] = set()
        self.problems: tuple[Problem, ...] = ()
        self.last = Assessment(as_of=self.now, today=self.today, policy=policy)
        self.project("PAY")

    @property
    def now(self) -> datetime:
        """Ten in the morning in Shanghai."""
        return datetime(self.today.year, self.today.month, self.today.day, 2, tzinfo=UTC)

    def project(self, code: str, **fields: Any) -> None:
        """A project of the register, key and committed a year ago unless told otherwise."""
        given = {"manager": "Li", "committed_on": date(2025, 3, 3), **fields}
        self.projects[code] = ProjectRow(place=self.place("Projects", code), code=code, **given)

    def program(self, code: str, parent: str = "", level: str = "program") -> None:
        """A program, or a portfolio."""
        row = ProgramRow(place=self.place("Programs", code), code=code, parent=parent, level=level)
        self.plan["programs"] = (*self.plan.get("programs", ()), row)

    def version(self, code: str, target: date | None = None, **fields: Any) -> Ref:
        """A milestone bound to a Jira version with that release date."""
        return self.source(code, "version", target, **fields)

    def source(self, code: str, form: str, target: date | None = None, **fields: Any) -> Ref:
        """A milestone bound to one more source; ``leading``, ``role`` and ``connection`` belong to the binding."""
        leading, role = fields.pop("leading", False), fields.pop("role", Role.BOTH)
        ref = Ref(fields.pop("connection", "jira"), form, f"{code}.{len(self.bindings)}")
        self.known(code)
        source = SourceMilestone(ref=ref, title=f"{form} {code}", form=form, target=target, **fields)
        self.sources[ref] = source
        self.bindings.append(Binding(code=code, ref=ref, since=self.now, leading=leading, role=role))
        self._see(str(ref), "target", "", iso(target), first=True)
        self._see(str(ref), "closed", "", "true" if source.closed else "false", first=True)
        return ref

    def typed(self, code: str, **fields: Any) -> None:
        """Somebody fills cells of a milestone's row (committee level unless told otherwise)."""
        self.known(code)
        old = self.rows.get(code) or MilestoneRow(
            place=self.place("Milestone inputs", code),
            code=code,
            project=self.milestones[code].project,
            level=Level.COMMITTEE,
        )
        new, first = replace(old, **fields), code not in self.rows
        for field, name in (("target", "plan"), ("forecast", "forecast"), ("actual", "actual"), ("wish", "wish")):
            before, after = getattr(old, field), getattr(new, field)
            if first or before != after:
                self._see(code, name, "" if first else iso(before), iso(after), first=first)
        self.rows[code] = new

    def known(self, code: str) -> None:
        """A milestone appears, if it has not before."""
        project = code.partition("-")[0]
        self.milestones.setdefault(
            code, Milestone(code=code, project=project, name=f"name of {code}", appeared=self.now)
        )

    def moved(self, ref: Ref, target: date | None) -> None:
        """Somebody changes the date in the source."""
        self._see(str(ref), "target", iso(self.sources[ref].target), iso(target))
        self.sources[ref] = replace(self.sources[ref], target=target)

    def closed(self, ref: Ref, closed: bool = True) -> None:
        """The source is released or closed, or re-opened."""
        self._see(str(ref), "closed", "false" if closed else "true", "true" if closed else "false")
        self.sources[ref] = replace(self.sources[ref], closed=closed)

    def scope(self, code: str, **fields: Any) -> None:
        """What is counted of a milestone's items; moved today unless told otherwise; what left did so within the hour."""
        left = (self.now + timedelta(hours=1),) * fields.get("removed", 0)
        self.progress[code] = Progress(**{"moved": self.now, "removed_at": left, **fields})

    def ends(self, days: Mapping[date, int]) -> tuple[datetime, ...]:
        """Items that ended at noon (in Shanghai) of these days, oldest first."""
        return tuple(
            datetime(day.year, day.month, day.day, 4, tzinfo=UTC) for day in sorted(days) for _ in range(days[day])
        )

    def item(self, code: str, key: str, **fields: Any) -> None:
        """An open item of a milestone."""
        ref = Ref("jira", "issue", key)
        self.items.append(WorkItem(ref=ref, key=key, title=key, **fields))
        self.serves[ref] = (code,) if code else ()

    def delivered(self, days: Mapping[date, int], *codes: str, **fields: Any) -> None:
        """So many items of these milestones were delivered at noon of these days, by the team of the source's project."""
        for at in self.ends(days):
            ref = Ref("jira", "issue", f"done-{len(self.deliveries)}")
            self.deliveries.append(Delivery(ref=ref, codes=codes, at=at, **fields))

    def ledger(self, field: str, code: str = "PAY-M01") -> tuple[Move, ...]:
        """The ledger's rows of one date, without the opening one."""
        return tuple(move for move in self.moves.get(code, ()) if move.field == field and not move.opening)

    def decide(self, number: str, kind: DecisionType | None, *codes: str, **fields: Any) -> None:
        """A row in Decisions, taken today unless told otherwise."""
        given = {"day": self.today, "reason": "because", **fields}
        self.decisions.append(
            DecisionRow(place=self.place("Decisions", number), number=number, type=kind, codes=codes, **given)
        )

    def calendar(self, kind: str, first: date, last: date | None = None, applies_to: str = "") -> None:
        """A row in Calendar."""
        row = CalendarRow(
            place=self.place("Calendar", kind), kind=kind, first=first, last=last, applies_to=applies_to, words=kind
        )
        self.plan["calendar"] = (*self.plan.get("calendar", ()), row)

    def on(self, day: date) -> MilestoneVerdict:
        """The day's assessment, and the verdict on the first milestone."""
        self.today = day
        return self.assessed()

    def until(self, day: date, step: int = 1) -> MilestoneVerdict:
        """Assess every day (or every ``step`` days) from tomorrow on; the verdict of the last."""
        while self.today + timedelta(days=step) <= day:
            self.on(self.today + timedelta(days=step))
        return self.on(day)

    def assessed(self) -> MilestoneVerdict:
        """Assess now; the verdict on the first milestone."""
        self.assess()
        return self.last.milestones[0]

    def assess(self) -> None:
        """Assess now, and keep what the store would keep."""
        self.last = assess(self.snapshot(), self.policy, self.now)
        for base in self.last.new_baselines:
            self.baselines.setdefault(base.code, []).append(base)
        self.moves, self.reports = dict(self.last.moves), dict(self.last.reports)
        self._note(stretches(self.last.concerns))
        self.read = dict.fromkeys(self.good, self.now)
        for colour in self.last.colours:
            self.colours.setdefault(colour.code, {})[colour.day] = colour

    def of(self, code: str) -> MilestoneVerdict:
        """The last verdict on a milestone."""
        return next(each for each in self.last.milestones if each.milestone.code == code)

    def of_project(self, code: str = "PAY") -> ProjectVerdict:
        """The last verdict on a project."""
        return next(each for each in self.last.projects if each.row.code == code)

    def of_program(self, code: str) -> ProgramVerdict:
        """The last verdict on a program or portfolio."""
        return next(each for each in (*self.last.programs, *self.last.portfolios) if each.row.code == code)

    def rules(self) -> set[str]:
        """The rules of the last findings."""
        return {each.rule for each in self.last.findings}

    def snapshot(self) -> Snapshot:
        """What the store would tell now."""
        connections = sorted({ref.connection for ref in self.sources} | {"plan"})
        plan = Plan(
            projects=tuple(self.projects.values()),
            milestones=tuple(self.rows.values()),
            decisions=tuple(self.decisions),
            **self.plan,
        )
        return Snapshot(
            as_of=self.now,
            plan=plan,
            milestones=tuple(self.milestones.values()),
            bindings=tuple(self.bindings),
            sources=self.sources,
            progress=self.progress,
            items=tuple(self.items),
            item_codes=self.serves,
            observations={of: tuple(each) for of, each in self.observations.items()},
            baselines={code: tuple(each) for code, each in self.baselines.items()},
            colours={code: tuple(each.values())[-COLOUR_DAYS:] for code, each in self.colours.items()},
            freshness=tuple(self._freshness(name) for name in connections),
            problems=self.problems,
            deliveries=tuple(sorted(self.deliveries, key=lambda each: each.at)),
            merge_requests=tuple(self.requests),
            champion=self.champion,
            moves=self.moves,
            reports=self.reports,
            fates=self.fates,
            read=self.read,
            noted=tuple(self.noted.values()),
            marked=self._marks(plan),
        )

    def place(self, tab: str, code: str) -> Place:
        """Where a row stands."""
        return Place("plan", tab, 2, code, {})

    def _freshness(self, name: str) -> Freshness:
        state = "failed" if name in self.failed else "ok"
        if state == "ok":
            self.good[name] = self.now
        return Freshness(connection=name, title=name.title(), state=state, good=self.good.get(name))

    def _marks(self, plan: Plan) -> Mapping[str, datetime]:
        """Since when each answer and each sent report says what it does, as the store would tell of their rows."""
        rows: tuple[AttentionAnswerRow | ReportTextRow, ...] = (*plan.answers, *plan.texts)
        self.typings += [(marks.name(row), self.now, row) for row in rows]
        return marks.since(self.typings)

    def _note(self, told: Mapping[str, datetime]) -> None:
        """Concerns that stand, and the end of those that do no longer."""
        for name, stretch in self.noted.items():
            if name not in told and stretch.until is None:
                self.noted[name] = replace(stretch, until=self.now)
        self.noted |= {name: Stretch(finding=name, since=since) for name, since in told.items()}

    def _see(self, of: str, field: str, old: str, new: str, first: bool = False) -> None:
        seen = Observation(of=of, field=field, old=old, new=new, seen=self.now, first=first)
        self.observations.setdefault(of, []).append(seen)


def iso(day: date | None) -> str:
    """A day as observations hold it."""
    return day.isoformat() if day else ""


def keys(verdict: MilestoneVerdict | ProjectVerdict | ProgramVerdict) -> list[str]:
    """The keys of a verdict's reasons."""
    return [why.key for why in verdict.rag.reasons]


@pytest.fixture
def story() -> Story:
    """A new story under the default rules."""
    return Story(Policy())


@pytest.fixture(scope="session")
def stories() -> type[Story]:
    """The vocabulary itself, for tests that tell many stories."""
    return Story


@pytest.fixture(scope="session")
def china() -> Calendar:
    """The calendar of China as of 2026."""
    return clocks((), (), Policy(), datetime(2026, 3, 2, tzinfo=UTC)).default.calendar
