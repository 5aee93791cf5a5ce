"""One milestone with everything known of it, gathered once from a snapshot: what each question of an assessment is asked of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import replace

from pmosync.compute import levels, lifecycle
from pmosync.compute.calendars import Clock, Clocks
from pmosync.compute.lifecycle import Life
from pmosync.compute.rebind import joined
from pmosync.model import (
    Baseline,
    Binding,
    Colour,
    DecisionRow,
    Former,
    Level,
    Milestone,
    MilestoneRow,
    Observation,
    Progress,
    ProjectRow,
    Role,
    Snapshot,
    SourceMilestone,
    WorkItem,
)

NOTHING = Progress()


class Tie(Struct, frozen=True):
    """A binding in force and the source milestone at its end."""

    binding: Binding
    source: SourceMilestone


class Case(Struct, frozen=True, kw_only=True):
    """A milestone, its rows, sources, decisions and history.

    ``colours`` are those of earlier days; ``ties`` have the leading ones first. ``confirmed``: on that day the project's manager
    looked at what is said of it and found it right.
    """

    milestone: Milestone
    clock: Clock
    now: datetime
    project: ProjectRow | None = None
    program: str = ""
    portfolio: str = ""
    row: MilestoneRow | None = None
    level: Level = Level.TEAM
    life: Life = Life()
    decisions: tuple[DecisionRow, ...] = ()
    ties: tuple[Tie, ...] = ()
    progress: Progress = NOTHING
    told: tuple[Observation, ...] = ()
    histories: Mapping[str, tuple[Observation, ...]] = {}
    baselines: tuple[Baseline, ...] = ()
    colours: tuple[Colour, ...] = ()
    confirmed: date | None = None

    @property
    def code(self) -> str:
        """The milestone's code."""
        return self.milestone.code

    @property
    def today(self) -> date:
        """Today in the project's time zone."""
        return self.clock.today

    @property
    def last(self) -> Colour | None:
        """What the last assessment before today said."""
        return self.colours[-1] if self.colours else None

    def dated_ties(self) -> tuple[Tie, ...]:
        """The ties that lend the milestone its dates."""
        return tuple(tie for tie in self.ties if tie.binding.role is not Role.SCOPE)

    def history(self, tie: Tie, field: str) -> tuple[Observation, ...]:
        """What was seen of a source's field, oldest first."""
        return tuple(each for each in self.histories.get(str(tie.source.ref), ()) if each.field == field)

    def said(self, field: str) -> tuple[Observation, ...]:
        """What was seen of a field of the milestone's own row, oldest first."""
        return tuple(each for each in self.told if each.field == field)


def cases(snapshot: Snapshot, clocks: Clocks, now: datetime) -> tuple[Case, ...]:
    """A case for every milestone, by code."""
    rows = {row.code: row for row in snapshot.plan.milestones}
    projects = {row.code: row for row in snapshot.plan.projects}
    parents = {row.code: row.parent for row in snapshot.plan.programs if row.level == "program"}
    milestones = {each.code for each in snapshot.milestones}
    decided = lifecycle.by_code(lifecycle.effective(snapshot.plan.decisions, milestones))
    tied, former = ties(snapshot), {(each.code, each.ref): each for each in snapshot.former}
    confirmed = {row.code: row.confirmed_on for row in snapshot.plan.notes}
    found = []
    for milestone in sorted(snapshot.milestones, key=lambda each: each.code):
        row = rows.get(milestone.code)
        project = projects.get(milestone.project or (row.project if row else ""))
        clock = clocks.of(project.code if project else "")
        code, own = milestone.code, decided.get(milestone.code, ())
        mine = tied.get(code, ())
        program = project.program if project else ""
        found.append(
            Case(
                milestone=milestone,
                clock=clock,
                now=now,
                project=project,
                program=program,
                portfolio=parents.get(program, "") or (project.portfolio if project else ""),
                row=row,
                level=levels.level(row, any(not tie.binding.found for tie in mine)),
                life=lifecycle.life(own, decided.get(project.code, ()) if project else (), project, code, clock.today),
                decisions=lifecycle.in_force(own, clock.today),
                ties=mine,
                progress=snapshot.progress.get(code, NOTHING),
                told=snapshot.observations.get(code, ()),
                histories={
                    str(tie.source.ref): _history(snapshot, tie, former.get((code, tie.source.ref))) for tie in mine
                },
                baselines=snapshot.baselines.get(code, ()),
                colours=earlier(snapshot.colours.get(code, ()), clock.today),
                confirmed=_past(confirmed.get(project.code) if project else None, clock.today),
            )
        )
    return tuple(found)


def _past(day: date | None, today: date) -> date | None:
    """A day that has come; nobody has confirmed anything on one that has not."""
    return day if day is not None and day <= today else None


def _history(snapshot: Snapshot, tie: Tie, former: Former | None) -> tuple[Observation, ...]:
    """What was seen of a tie's source, and before it of those that it goes on from."""
    own = snapshot.observations.get(str(tie.source.ref), ())
    return own if former is None else joined(former, snapshot.observations)


def unnamed(case: Case, items: Iterable[WorkItem]) -> Case:
    """The case without the key of a restricted item behind its latest date."""
    latest = case.progress.latest_due
    if latest is None or not any(item.restricted and item.key == latest[1] for item in items):
        return case
    return replace(case, progress=replace(case.progress, latest_due=(latest[0], "")))


def ties(snapshot: Snapshot) -> Mapping[str, tuple[Tie, ...]]:
    """The bindings in force to source milestones, by code; leading ones first, then by ref. One that goes on from another
    source began with that one.
    """
    found: dict[str, list[Tie]] = {}
    begun = {(each.code, each.ref): each.since for each in snapshot.former}
    for binding in snapshot.bindings:
        source = snapshot.sources.get(binding.ref)
        if (
            source is not None
            and binding.since <= snapshot.as_of
            and (binding.until is None or binding.until > snapshot.as_of)
        ):
            since = begun.get((binding.code, binding.ref), binding.since)
            found.setdefault(binding.code, []).append(Tie(replace(binding, since=since), source))
    return {
        code: tuple(sorted(each, key=lambda tie: (not tie.binding.leading, tie.source.ref)))
        for code, each in found.items()
    }


def earlier(colours: Iterable[Colour], today: date) -> tuple[Colour, ...]:
    """The colours of days before today: a second assessment on one day must say the same as the first."""
    return tuple(colour for colour in colours if colour.day < today)
