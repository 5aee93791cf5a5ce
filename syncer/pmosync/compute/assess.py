"""The assessment: a snapshot and the rules in, every verdict out. Equal inputs give equal answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from msgspec.structs import replace

from pmosync.compute import (
    asides,
    attention,
    baseline,
    checks,
    coarse,
    foresight,
    fresh,
    ledger,
    lifecycle,
    rag,
    register,
    since,
    turns,
    worklist,
)
from pmosync.compute.addressed import addressed, owners_of
from pmosync.compute.assessment import Assessment, MilestoneVerdict, ProgramVerdict, ProjectVerdict
from pmosync.compute.calendars import Clocks, clocks
from pmosync.compute.case import Case, cases, unnamed
from pmosync.compute.chain import Order
from pmosync.compute.contradictions import contradictions
from pmosync.compute.dates import blocking, period
from pmosync.compute.draft import Draft, draft, planned
from pmosync.compute.outcome import Outcome, outcomes
from pmosync.compute.people import People, people
from pmosync.compute.policy import Policy
from pmosync.compute.reported import contradicted
from pmosync.compute.signs import UNFORESEEN, Foreseen
from pmosync.compute.spelling import spelled
from pmosync.compute.veil import veiled
from pmosync.compute.verdict import Judged, judged
from pmosync.compute.workdays import Calendar
from pmosync.model import Colour, Problem, RiskRow, Snapshot, State, WorkItem

Foresee = Callable[[Mapping[str, Draft], Mapping[str, Outcome]], Mapping[str, Foreseen]]
"""What a forecast says of milestones, by code, from their drafts and outcomes; it need not know all of them."""


def assess(
    snapshot: Snapshot,
    policy: Policy,
    now: datetime,
    foresee: Foresee | None = None,
    kept: Mapping[str, Calendar] = {},
) -> Assessment:
    """All verdicts at ``now`` (UTC) from what was known at ``snapshot.as_of``, and what the store must keep of them.

    ``foresee`` takes the place of the forecast from the snapshot: the noise of the rules is measured under known ones.
    ``kept`` are the calendars of a past moment, as in ``calendars.clocks``.
    """
    faults, policy = rag.faults(policy.colours), replace(policy, colours=rag.usable(policy.colours))
    snapshot = veiled(spelled(snapshot))
    times = clocks(snapshot.plan.calendar, snapshot.plan.projects, policy, now, kept)
    snapshot = coarse.settled(snapshot, times)
    who = people(snapshot.plan.people)
    drafts = drafted(snapshot, cases(snapshot, times, now), who, policy)
    ahead = foresight.ahead(snapshot, drafts, times)
    told = foresight.calibrated(ahead, drafts)
    drafts = foresight.expecting(drafts, told)
    ends, order = outcomes(drafts)
    seen = (foresee or partial(foresight.foreseen, ahead, told, times))(drafts, ends)
    found = _judged(snapshot, drafts, ends, seen, policy)
    verdicts = tuple(each.verdict for each in found if not left(each.verdict, drafts, policy))
    projects = register.projects(snapshot, verdicts, times, who, policy)
    programs = register.programs(snapshot.plan.programs, projects, snapshot, times, policy)
    portfolios = register.portfolios(snapshot.plan.programs, programs, projects, snapshot, times, policy)
    book = ledger.written(snapshot, drafts, ends, order, verdicts, who, policy)
    owners = owners_of(snapshot, verdicts, projects, (*programs, *portfolios), who)
    said = (
        *faults,
        *_findings(snapshot, drafts, ends, order, verdicts, times, who, policy),
        *asides.problems(snapshot.plan, {*drafts, *(each.row.code for each in projects)}, book.moves),
        *asides.untimely(snapshot.plan, times, policy),
    )
    return Assessment(
        as_of=snapshot.as_of,
        today=times.default.today,
        policy=policy,
        kept=kept,
        portfolios=portfolios,
        programs=programs,
        projects=projects,
        milestones=verdicts,
        items=worklist.worklist(snapshot, {each.milestone.code: each for each in verdicts}, times, policy),
        risks=tuple(sorted(snapshot.plan.risks, key=lambda row: (row.project, row.id))),
        findings=since.dated(
            tuple(addressed(checks.canonical(said), owners, who)),
            snapshot.standing,
            now,
        ),
        secrets=worklist.secrets(snapshot),
        freshness=tuple(sorted(snapshot.freshness, key=lambda each: each.connection)),
        calendars=tuple(sorted({each.calendar.name for each in (times.default, *times.projects.values())})),
        provisional=checks.of_calendars(verdicts, times),
        new_baselines=tuple(new for code in sorted(drafts) for new in drafts[code].baselines.new),
        contradictions=(
            *contradictions(snapshot, drafts, ends, who),
            *contradicted(projects),
            *turns.contradicted(drafts, seen),
        ),
        concerns=attention.concerns(
            verdicts,
            projects,
            times,
            attention.noted(snapshot.noted),
            snapshot.plan.answers,
            snapshot.marked,
            now,
        ),
        moves=book.moves,
        reports=book.reports,
        forecaster=ahead.record,
        unforecast=ahead.unforecast,
        new_moves=book.new_moves,
        new_reports=book.new_reports,
        past=snapshot.colours,
        marked=snapshot.marked,
        yesterday=times.default.calendar.on_or_before(times.default.today - timedelta(days=1)),
        colours=_colours(found, projects, (*programs, *portfolios), times),
    )


def drafted(snapshot: Snapshot, found: Sequence[Case], who: People, policy: Policy) -> Mapping[str, Draft]:
    """A draft of every milestone, by code, with the promises that successors inherit."""
    of, known = _by_code(snapshot), blocking(snapshot.items)
    masked = (unnamed(case, of.get(case.code, ())) for case in found)
    drafts = {case.code: draft(case, of.get(case.code, ()), known, who, policy) for case in masked}
    for decision, origin, heir in baseline.successors({case.code: case for case in found}):
        own = baseline.inherited(decision, drafts[heir].baselines, drafts[origin].baselines, drafts[heir].case)
        drafts[heir] = replace(drafts[heir], baselines=own)
    return planned(drafts, policy)


def _by_code(snapshot: Snapshot) -> Mapping[str, Sequence[WorkItem]]:
    """The items of each milestone, in the order of their refs."""
    of: dict[str, list[WorkItem]] = {}
    for item in snapshot.items:
        for code in snapshot.item_codes.get(item.ref, ()):
            of.setdefault(code, []).append(item)
    return {code: sorted(items, key=lambda each: each.ref) for code, items in of.items()}


def left(verdict: MilestoneVerdict, drafts: Mapping[str, Draft], policy: Policy) -> bool:
    """Whether a cancelled milestone has left: it stays for one report after the decision."""
    case = drafts[verdict.milestone.code].case
    if verdict.state is not State.CANCELLED or case.life.since is None:
        return False
    return case.clock.calendar.between(case.life.since, case.today) > period(case, policy)


def _judged(
    snapshot: Snapshot,
    drafts: Mapping[str, Draft],
    ends: Mapping[str, Outcome],
    seen: Mapping[str, Foreseen],
    policy: Policy,
) -> tuple[Judged, ...]:
    freshness = {each.connection: each for each in snapshot.freshness}
    risks: dict[str, list[RiskRow]] = {}
    for risk in snapshot.plan.risks:
        risks.setdefault(risk.milestone, []).append(risk)
    return tuple(
        judged(
            each,
            ends[code],
            fresh.facts(each, freshness, policy),
            risks.get(code, ()),
            snapshot.gone,
            policy,
            seen.get(code, UNFORESEEN),
        )
        for code, each in sorted(drafts.items())
    )


def _findings(
    snapshot: Snapshot,
    drafts: Mapping[str, Draft],
    ends: Mapping[str, Outcome],
    order: Order,
    verdicts: Sequence[MilestoneVerdict],
    times: Clocks,
    who: People,
    policy: Policy,
) -> Iterator[Problem]:
    rows = {row.code: row for row in snapshot.plan.projects}
    ours = frozenset(
        {*drafts, *rows, *(row.code for row in snapshot.plan.programs), *(row.code for row in snapshot.plan.milestones)}
    )
    yield from checks.folded(snapshot)
    yield from checks.of_sources(snapshot.freshness)
    yield from times.problems
    yield from lifecycle.problems(snapshot.plan.decisions, ours, drafts)
    yield from checks.of_plan(snapshot, who, ours, policy)
    yield from checks.of_decisions(snapshot, times, policy)
    yield from checks.of_items(snapshot)
    yield from checks.of_chain(order, drafts)
    yield from checks.of_verdicts(verdicts, rows, policy)
    for code, each in drafts.items():
        yield from checks.of_milestone(each, ends[code], policy)


def _colours(
    found: Sequence[Judged], projects: Sequence[ProjectVerdict], above: Sequence[ProgramVerdict], times: Clocks
) -> tuple[Colour, ...]:
    """One colour a code and day: of milestones, projects, programs and portfolios, by code."""
    own = [each.colour for each in found]
    hidden = frozenset(each.verdict.milestone.code for each in found if each.verdict.restricted)
    rolled = [register.kept(each.row.code, each.rag, times.of(each.row.code).today, hidden) for each in projects]
    rolled += [register.kept(each.row.code, each.rag, times.default.today, hidden) for each in above]
    return tuple(sorted((*own, *rolled), key=lambda each: each.code))
