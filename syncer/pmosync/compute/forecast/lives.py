"""The record of a site, from what is said of its milestones, the history of their scope, and the items that it ever had."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from msgspec import Struct

from pmosync.compute.assessment import Assessment, MilestoneVerdict
from pmosync.compute.calendars import Clock, Clocks
from pmosync.compute.forecast.record import Count, Deliveries, Life, Record, quiet_end
from pmosync.compute.past.burnup import ScopeDay
from pmosync.model import Baseline, Outcome, State, WorkItem
from pmosync.raw import Ref

OPEN = frozenset({State.ACTIVE})
CLOSED = frozenset({State.DONE, State.PARTIAL})
"""What ended in another way, was never begun or stands still tells nothing of how long work takes."""


class Ties(Struct, frozen=True):
    """Which milestones of ours an item serves: the codes by connection and id of the source things bound to them."""

    codes: Mapping[tuple[str, str], tuple[str, ...]]

    def of(self, item: WorkItem) -> Iterator[str]:
        """The codes of an item, by its milestones and its parent."""
        names = [(ref.connection, ref.id) for ref in item.milestones]
        for name in (*names, (item.ref.connection, item.parent)):
            yield from self.codes.get(name, ())


def record(
    assessment: Assessment,
    days: Iterable[ScopeDay],
    baselines: Mapping[str, Sequence[Baseline]],
    items: Iterable[WorkItem],
    clocks: Clocks,
) -> Record:
    """The record as of an assessment. ``days`` are the histories of the milestones' scope, ``items`` all that ever were."""
    known = tuple(items)
    crews = _crews(known, _ties(assessment.milestones))
    histories: dict[str, list[ScopeDay]] = defaultdict(list)
    for day in days:
        histories[day.code].append(day)
    kinds = {each.row.code: each.row.kind.value for each in assessment.projects}
    found = (
        life(
            verdict,
            histories[verdict.milestone.code],
            baselines.get(verdict.milestone.code, ()),
            clocks.of(verdict.project),
            kinds.get(verdict.project, ""),
            crews.get(verdict.milestone.code, ""),
        )
        for verdict in assessment.milestones
        if verdict.milestone.code in histories
    )
    lives = tuple(each for each in found if each is not None)
    projects = {each.project for each in lives}
    return Record(
        as_of=assessment.today,
        lives=lives,
        teams=teams(known, lives, clocks),
        calendars={project: clocks.of(project).calendar for project in sorted(projects)},
    )


def life(
    verdict: MilestoneVerdict,
    days: Sequence[ScopeDay],
    baselines: Sequence[Baseline],
    clock: Clock,
    kind: str,
    team: str,
) -> Life | None:
    """A milestone's life; None of what tells nothing: without a date, paused, cancelled, replaced, or done nobody knows when."""
    counts = tuple(Count(day.day, day.initial + day.added + day.backfilled, day.removed, day.delivered) for day in days)
    promised, completed = plans(verdict, baselines, clock), ended(verdict, counts)
    closed = verdict.state in CLOSED and completed is not None
    if not promised or not (closed or verdict.state in OPEN):
        return None
    return Life(
        code=verdict.milestone.code,
        project=verdict.project,
        kind=kind,
        team=team,
        plans=promised,
        counts=counts,
        completed=completed if closed else None,
    )


def plans(verdict: MilestoneVerdict, baselines: Sequence[Baseline], clock: Clock) -> tuple[tuple[date, date], ...]:
    """What was promised and since when: the baselines as they were frozen; without any the target, as last known."""
    frozen = sorted(baselines, key=lambda each: each.frozen)
    if frozen:
        return tuple((clock.day(each.frozen), each.day) for each in frozen)
    return ((date.min, verdict.target.day),) if verdict.target else ()


def ended(verdict: MilestoneVerdict, counts: Sequence[Count]) -> date | None:
    """The actual day. Where it is only an estimate, the last delivery before the milestone fell quiet: an estimate is
    never before the date in the source, and would keep every promise.
    """
    if verdict.actual is None:
        return None
    return quiet_end(delivered(counts)) if verdict.actual_estimated else verdict.actual.day


def delivered(counts: Sequence[Count]) -> list[date]:
    """The days of the deliveries, one an item."""
    found: list[date] = []
    for count in counts:
        found += [count.day] * (count.delivered - len(found))
    return found


def _ties(verdicts: Iterable[MilestoneVerdict]) -> Ties:
    codes: dict[tuple[str, str], tuple[str, ...]] = defaultdict(tuple)
    for verdict in verdicts:
        for ref in verdict.sources:
            codes[_name(ref)] += (verdict.milestone.code,)
    return Ties(codes)


def _name(ref: Ref) -> tuple[str, str]:
    return ref.connection, ref.id


def _crews(items: Iterable[WorkItem], ties: Ties) -> Mapping[str, str]:
    """Who works for each milestone: the team of most of its items; of equal ones the first by name."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for item in items:
        if item.level == 0:
            for code in ties.of(item):
                counts[code][crew(item)] += 1
    return {code: min(found, key=lambda name: (-found[name], name)) for code, found in counts.items()}


def crew(item: WorkItem) -> str:
    """Whose pace an item is delivered at: its team's, else that of the project in which it lives."""
    return item.team or f"{item.ref.connection}:{item.container}"


def teams(items: Iterable[WorkItem], lives: Sequence[Life], clocks: Clocks) -> Mapping[str, Deliveries]:
    """The teams that the lives name, with all that they delivered; their days are those of the first project they serve."""
    homes = {life.team: clocks.of(life.project) for life in reversed(lives)}
    days: dict[str, list[date]] = defaultdict(list)
    for item in items:
        name = crew(item)
        if item.level == 0 and item.outcome is Outcome.DELIVERED and item.resolved is not None and name in homes:
            days[name].append(homes[name].day(item.resolved))
    return {name: Deliveries(homes[name].calendar, tuple(sorted(found))) for name, found in sorted(days.items())}
