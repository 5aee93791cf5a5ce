"""The record of a site, from what is said of its milestones, how their scope went, and the items that it ever had."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain

from msgspec import Struct

from pmosync.compute.assessment import Assessment, MilestoneVerdict
from pmosync.compute.baseline import stored
from pmosync.compute.calendars import Clock, Clocks
from pmosync.compute.forecast.record import Count, Deliveries, Journey, Record, quiet_end
from pmosync.compute.past.burnup import ScopeDay
from pmosync.model import Baseline, Outcome, Progress, State, WorkItem
from pmosync.raw import Ref

CLOSED = frozenset({State.DONE, State.PARTIAL})
"""What ended in another way, was never begun or stands still tells nothing of how long work takes."""

Counts = Mapping[str, Sequence[Count]]
"""How the scope of each milestone went, by code."""


def record(
    assessment: Assessment,
    counts: Counts,
    baselines: Mapping[str, Sequence[Baseline]],
    items: Iterable[WorkItem],
    clocks: Clocks,
    delivered: Iterable[WorkItem] | None = None,
) -> Record:
    """The record as of an assessment, of the milestones that have ``counts``; ``items`` are all that ever were, or all that
    ever served these, and then ``delivered`` are those that the pace of teams is taken from.
    """
    known = tuple(items)
    crews = _crews(known, _ties(assessment.milestones))
    kinds = {each.row.code: each.row.kind.value for each in assessment.projects}
    found = (
        journey(each, counts[code], promised(each, baselines.get(code, ()), clocks), kinds, crews)
        for each in assessment.milestones
        if (code := each.milestone.code) in counts
    )
    told = tuple(each for each in found if each is not None)
    return Record(
        as_of=assessment.today,
        journeys=told,
        teams=teams(known if delivered is None else delivered, told, clocks),
        calendars={each.project: clocks.of(each.project).calendar for each in told},
    )


def journey(
    verdict: MilestoneVerdict,
    counts: Sequence[Count],
    plans: tuple[tuple[date, date], ...],
    kinds: Mapping[str, str],
    crews: Mapping[str, str],
) -> Journey | None:
    """A milestone's journey; None of what tells nothing: without a date, paused, cancelled, replaced, or done nobody knows
    when. ``kinds`` are those of projects, ``crews`` who works for a milestone.
    """
    completed = ended(verdict, counts) if verdict.state in CLOSED else None
    if not plans or (completed is None and verdict.state is not State.ACTIVE):
        return None
    return Journey(
        code=verdict.milestone.code,
        project=verdict.project,
        kind=kinds.get(verdict.project, ""),
        team=crews.get(verdict.milestone.code, ""),
        plans=plans,
        counts=tuple(counts),
        completed=completed,
    )


def promised(verdict: MilestoneVerdict, baselines: Sequence[Baseline], clocks: Clocks) -> tuple[tuple[date, date], ...]:
    """What was promised and since when: the baselines, a later correction of a version behind it; without any the first target
    seen, which is what an open one is judged against, too.
    """
    clock, known = clocks.of(verdict.project), stored(baselines)
    if known:
        return tuple((clock.day(each.frozen), each.day) for each in known)
    first = verdict.first_target or (verdict.target.day if verdict.target else None)
    return ((date.min, first),) if first else ()


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


# ---------------------------------------------------------------- scope


def by_history(days: Iterable[ScopeDay]) -> Counts:
    """How scope went by the rebuilt histories, milestone by milestone."""
    found: dict[str, list[Count]] = defaultdict(list)
    for day in days:
        joined = day.initial + day.added + day.backfilled
        found[day.code].append(Count(day.day, joined, day.removed, day.delivered))
    return found


def by_progress(progress: Progress, clock: Clock) -> tuple[Count, ...]:
    """How scope went by what is counted at each sync; what has no day of its own was there from the beginning. What had been
    delivered before it joined was delivered on the day it joined: of the deliveries these are taken to be the first ones.
    """
    joined = (*progress.added_at, *progress.backfilled_at)
    left = (*progress.removed_at, *progress.undelivered_at)
    ever = progress.total + progress.undelivered + progress.removed
    delivered = (*progress.delivered_at[len(progress.backfilled_at) :], *progress.backfilled_at)
    instants = (joined, left, delivered)
    turns = [Counter(map(clock.day, each)) for each in instants]
    return tuple(_summed(turns, ever - len(joined)))


def _summed(turns: Sequence[Counter[date]], initial: int) -> Iterator[Count]:
    """The counts from the beginning and from each day on which something joined, was removed or was delivered."""
    sums = [max(initial, 0), 0, 0]
    for day in (date.min, *sorted(set(chain.from_iterable(turns)))):
        sums = [before + turn[day] for before, turn in zip(sums, turns, strict=True)]
        yield Count(day, *sums)


# ---------------------------------------------------------------- who delivers


class Ties(Struct, frozen=True):
    """Which milestones of ours an item serves: the codes by connection and id of the source things bound to them."""

    codes: Mapping[tuple[str, str], tuple[str, ...]]

    def of(self, item: WorkItem) -> Iterator[str]:
        """The codes of an item, by its milestones and its parent."""
        names = [(ref.connection, ref.id) for ref in item.milestones]
        for name in (*names, (item.ref.connection, item.parent)):
            yield from self.codes.get(name, ())


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


def teams(items: Iterable[WorkItem], journeys: Sequence[Journey], clocks: Clocks) -> Mapping[str, Deliveries]:
    """The teams that the journeys name, with all that they delivered; their days are those of the first project they serve."""
    homes = {each.team: clocks.of(each.project) for each in reversed(journeys)}
    days: dict[str, list[date]] = defaultdict(list)
    for item in items:
        name = crew(item)
        if item.level == 0 and item.outcome is Outcome.DELIVERED and item.resolved is not None and name in homes:
            days[name].append(homes[name].day(item.resolved))
    return {name: Deliveries(homes[name].calendar, tuple(sorted(found))) for name, found in sorted(days.items())}
