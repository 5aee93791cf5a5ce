"""What one assessment adds to the ledger, and the ledger with it: each milestone's rows and its reports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TypeVar

from msgspec import Struct

from pmosync.compute.assessment import Dated, MilestoneVerdict
from pmosync.compute.chain import Order
from pmosync.compute.dates import period
from pmosync.compute.draft import Draft
from pmosync.compute.ledger.causes import Comparison, causes, explained, summed, telescoped, with_rest
from pmosync.compute.ledger.periods import is_due
from pmosync.compute.ledger.planned import expected, planned
from pmosync.compute.ledger.promised import opening
from pmosync.compute.ledger.reviews import since, waiting
from pmosync.compute.ledger.typed import EXPECTED, Told, typed
from pmosync.compute.outcome import Outcome, predecessors
from pmosync.compute.people import People
from pmosync.compute.policy import Policy
from pmosync.compute.workdays import Calendar
from pmosync.model import Cause, Level, MergeRequest, Move, Planned, Report, Snapshot, State
from pmosync.raw import Ref

T = TypeVar("T")


class Ledger(Struct, frozen=True, kw_only=True):
    """Rows and reports by code, kept and new ones, oldest first; ``new_moves`` and ``new_reports`` are to be kept."""

    moves: Mapping[str, tuple[Move, ...]] = {}
    reports: Mapping[str, tuple[Report, ...]] = {}
    new_moves: tuple[Move, ...] = ()
    new_reports: tuple[Report, ...] = ()


def written(
    snapshot: Snapshot,
    drafts: Mapping[str, Draft],
    ends: Mapping[str, Outcome],
    order: Order,
    verdicts: Sequence[MilestoneVerdict],
    people: People,
    policy: Policy,
) -> Ledger:
    """The ledger behind this assessment. Team-level milestones that are not listed have none."""
    moves: dict[str, tuple[Move, ...]] = {}
    reports: dict[str, tuple[Report, ...]] = {}
    reviews = waiting(snapshot)
    for verdict in verdicts:
        code = verdict.milestone.code
        if verdict.level is not Level.TEAM or policy.team_listed:
            told = _told(snapshot, drafts[code], ends[code], people)
            reports[code] = reported(snapshot.reports.get(code, ()), verdict, told, policy)
            before = predecessors(drafts[code], ends, order)
            moves[code] = (*typed(told), *_expected(snapshot, told, before, reports[code], reviews, policy))
    return Ledger(
        moves=_joined(snapshot.moves, moves),
        reports=_joined(snapshot.reports, reports),
        new_moves=tuple(move for code in sorted(moves) for move in moves[code]),
        new_reports=tuple(report for code in sorted(reports) for report in reports[code]),
    )


def reported(kept: Sequence[Report], verdict: MilestoneVerdict, told: Told, policy: Policy) -> tuple[Report, ...]:
    """Today's report where one is due; none of what is cancelled, and one of what has ended."""
    case, last = told.case, kept[-1] if kept else None
    if verdict.state is State.CANCELLED or (last is not None and last.ended and told.outcome.actual):
        return ()
    if not is_due(case.today, last.day if last else None, period(case, policy), case.clock.calendar):
        return ()
    day = told.outcome.ends
    baseline = verdict.current.day if verdict.current else None
    held, step, net = stepped(kept, day, case.clock.calendar, baseline)
    return (
        Report(
            code=case.code,
            day=case.today,
            expected=day,
            held=held,
            baseline=baseline,
            slip=verdict.slip,
            step=step,
            net=net,
            ended=told.outcome.actual is not None,
            scope=case.progress.total,
            delivered=case.progress.delivered,
        ),
    )


def stepped(
    kept: Sequence[Report], day: date | None, calendar: Calendar, baseline: date | None = None
) -> tuple[date | None, int, int]:
    """Of a report that expects ``day``: the date that it holds in place of none, its step and its net move in wd. A gap is
    stepped over: the date behind it is held against the last one before it. The net move begins at the ``baseline``.
    """
    before = next((known for each in reversed(kept) if (known := each.expected or each.held)), None)
    step = calendar.between(before, day) if before and day else 0
    held = before if day is None else None
    if any(each.baseline and each.expected for each in kept):
        return held, step, kept[-1].net + step
    return held, step, calendar.between(baseline, day) if baseline and day else 0


def moved(old: Move, told: Told, new: Planned, causes: Sequence[Cause], wd: int) -> Move:
    """The row of an expected date that moved since ``old``."""
    case = told.case
    return Move(
        code=case.code,
        field=EXPECTED,
        day=case.today,
        seen=case.now,
        old=old.new,
        new=told.outcome.ends,
        wd=wd,
        causes=tuple(causes),
        planned=new,
        planning=told.promise is None,
        slip=told.late(told.outcome.ends),
    )


def _expected(
    snapshot: Snapshot,
    told: Told,
    before: Sequence[Dated],
    due: Sequence[Report],
    reviews: Mapping[Ref, MergeRequest],
    policy: Policy,
) -> tuple[Move, ...]:
    """The rows of the expected date: the one that opens what follows, and on a report day one if it moved enough since."""
    kept, day = told.of(EXPECTED), told.outcome.ends
    if day is None or told.outcome.actual is not None:
        return ()
    new = planned(told.draft, told.outcome, before)
    opened = opening(told, kept[-1] if kept else None, new, reported=bool(due))
    last = next((each for each in (*opened, *reversed(kept)) if each.planned is not None), None)
    wd = told.case.clock.calendar.between(last.new or day, day) if last is not None else 0
    if last is None or not due or abs(wd) < policy.ledger_move:
        return opened
    return (*opened, moved(last, told, new, why(snapshot, last, told, new, reviews, policy), wd))


def why(
    snapshot: Snapshot, last: Move, told: Told, new: Planned, reviews: Mapping[Ref, MergeRequest], policy: Policy
) -> tuple[Cause, ...]:
    """The causes of a move of the expected date since the row ``last``; ``reviews`` are the items that wait for theirs."""
    case, old = told.case, last.planned or new
    urls = {item.key: item.url for item in told.draft.items if item.url and not item.restricted}
    here = {str(item.ref) for item in told.draft.items}
    asked = _asked(told, reviews) if told.draft.evidence.rollup and told.draft.evidence.rollup.used else ()
    urls |= {each.key: each.url for _, each in asked}
    found = Comparison(old, new, snapshot.fates, urls, here, {str(ref): each.key for ref, each in asked})

    def follows(given: Planned) -> date | None:
        """The date of the day itself where the calendar was another one: that one is not there any more."""
        return expected(case, given, policy.rollup_share) if given.calendar == new.calendar else last.new

    between = case.clock.calendar.between
    total = between(last.new or case.today, told.outcome.ends or case.today)
    contributions = with_rest(summed(telescoped(old, found.steps(), follows, between)), total)
    overdue = bool(found.late) and told.outcome.ends == case.clock.calendar.after(case.today)
    return causes(found, explained(contributions, policy.ledger_cause), overdue=overdue)


def _asked(told: Told, reviews: Mapping[Ref, MergeRequest]) -> tuple[tuple[Ref, MergeRequest], ...]:
    """The children that have waited for their review since an earlier day: one that was asked for today has cost none."""
    case = told.case
    found = ((item.ref, reviews[item.ref]) for item in told.draft.items if item.ref in reviews)
    return tuple(
        (ref, each) for ref, each in found if (at := since(each)) is not None and case.clock.day(at) < case.today
    )


def _told(snapshot: Snapshot, draft: Draft, outcome: Outcome, people: People) -> Told:
    names = {tie.source.ref.connection for tie in draft.case.dated_ties()}
    names |= {draft.case.row.place.connection} if draft.case.row else set()
    read = _earliest(snapshot.read[name] for name in names if name in snapshot.read)
    return Told(draft, outcome, snapshot.moves.get(draft.case.code, ()), people, read)


def _earliest(instants: Iterable[datetime]) -> datetime | None:
    return min(instants, default=None)


def _joined(kept: Mapping[str, tuple[T, ...]], new: Mapping[str, tuple[T, ...]]) -> Mapping[str, tuple[T, ...]]:
    return {code: (*kept.get(code, ()), *new.get(code, ())) for code in sorted({*kept, *new})}
